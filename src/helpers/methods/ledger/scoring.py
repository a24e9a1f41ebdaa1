"""What came of what earlier runs predicted."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from scipy.stats import binom, norm

from helpers.methods.survey.estimates import clopper_pearson, wilson

__all__ = ["STATES", "Actual", "Scored", "independent", "interval_score", "scored", "subject"]

STATES = ("inside", "above", "below", "open", "not measured", "not delivered", "unknown",
          "reversed")  # fmt: skip
MEASURED = STATES[:3]
EFFECT = re.compile(r"effect of (.+) on (.+)")  # a claim about an action and a driver
FEW = 10.0  # independent numbers below which no verdict on the intervals is given
ROUNDING = 5e-5  # half of the last digit that a ledger is written with
SURE = 0.05  # chance of as few inside, were intervals right, below which they are too narrow
COLUMNS = ["claim_id", "wave", "metric", "predicted", "low", "high", "due", "actual",
           "actual_low", "actual_high", "base", "source", "state", "off", "score",
           "widths"]  # fmt: skip


@dataclass(frozen=True)
class Actual:
    """What was measured of a claim; no value with the reason where nothing was."""

    value: float = float("nan")
    low: float = float("nan")
    high: float = float("nan")
    base: int = 0
    state: str = "not measured"  # why there is no value

    @property
    def there(self) -> bool:
        """Whether anything was measured."""
        return bool(np.isfinite(self.value))


@dataclass(frozen=True)
class Scored:
    """Every row of the ledger with what came of it.

    ``table`` holds the claim, its actual value (``source``: measured or sent) with the actual's
    own interval, the ``state`` (one of ``STATES``), ``off`` (standard errors by which the actual
    lies above the prediction), ``score`` (the interval score, in the metric's unit, less is
    better) and ``widths`` (the same in widths of the interval: 1 where the actual is inside).
    """

    table: pd.DataFrame
    independent: float  # numbers that the measured rows amount to
    confidence: float
    averaged: float  # numbers of their own whose mean would stray as far as that of these rows

    def __post_init__(self) -> None:
        if not set(self.table["state"]) <= set(STATES):
            raise ValueError(f"states are {', '.join(STATES)}")

    @property
    def measured(self) -> pd.DataFrame:
        """Rows that are due and were measured."""
        return self.table[self.table["state"].isin(MEASURED)]

    @property
    def missed(self) -> pd.DataFrame:
        """Measured rows outside their interval, the farthest off first."""
        rows = self.measured[self.measured["state"] != "inside"]
        order = rows["off"].abs().sort_values(ascending=False, kind="stable").index
        return rows.loc[order]

    @property
    def inside(self) -> int:
        """Measured rows inside their interval."""
        return int((self.measured["state"] == "inside").sum())

    @property
    def coverage(self) -> tuple[float, float, float]:
        """Share inside with its interval, as many numbers as there are independent ones."""
        rows = self.measured
        share = self.inside / len(rows)
        number = min(self.independent, float(len(rows)))
        low, high = wilson(share * number, number, confidence=self.confidence)
        return share, min(low, share), max(high, share)

    @property
    def exact(self) -> tuple[float, float]:
        """Clopper and Pearson's interval of the same, were all rows independent."""
        low, high = clopper_pearson(self.inside, len(self.measured), confidence=self.confidence)
        return float(low), float(high)

    @property
    def bias(self) -> tuple[float, float]:
        """Mean of ``off``, and how far it strays by chance where predictions have no bias."""
        z = float(norm.ppf((1 + self.confidence) / 2))
        number = max(self.averaged, 1.0)
        return float(self.measured["off"].mean()), z / float(np.sqrt(number))

    @property
    def verdict(self) -> str:
        """``as promised``, ``too narrow`` or, of fewer independent numbers, ``too few``."""
        if self.independent < FEW:
            return "too few"
        number = round(min(self.independent, float(len(self.measured))))
        hits = round(self.inside / len(self.measured) * number)
        return "too narrow" if binom.cdf(hits, number, self.confidence) < SURE else "as promised"


def subject(metric: str, known: Mapping[str, str]) -> str:
    """What a claim is about: a score, or the driver that an action was to move; else its name.

    Examples
    --------
    >>> known = {"loyalty": "loyalty_index", "speed": "speed"}
    >>> subject("Loyalty ", known), subject("effect of A01 on speed", known), subject("x", known)
    ('loyalty_index', 'speed', 'x')
    """
    folded = " ".join(metric.split()).casefold()
    effect = EFFECT.fullmatch(metric)
    driver = known.get(effect[2].casefold(), metric) if effect else metric
    return known.get(folded, driver)


def interval_score(
    low: float, high: float, actual: float, *, confidence: float = 0.95
) -> float:  # fmt: skip
    """Score an interval: its width, and a penalty for how far the actual lies outside.

    References
    ----------
    Gneiting and Raftery (2007), Journal of the American Statistical Association 102, equation 43.

    Examples
    --------
    >>> interval_score(1, 3, 2), round(interval_score(1, 3, 3.5), 9)  # 2 + 2 / 0.05 x 0.5
    (2.0, 22.0)
    """
    outside = max(low - actual, 0.0) + max(actual - high, 0.0)
    return float(high - low + 2 / (1 - confidence) * outside)


def independent(together: pd.DataFrame) -> float:
    """How many independent numbers several metrics amount to, by how they go together.

    The squared sum of the eigenvalues of their correlations over the sum of their squares: for
    what is counted of them, as the share inside a range; not for their mean.

    References
    ----------
    Bretherton et al. (1999), Journal of Climate 12, 1990-2009.

    Examples
    --------
    >>> apart = pd.DataFrame({"a": [1, 1, -1, -1.0], "b": [1, -1, 1, -1.0]})
    >>> independent(apart), independent(apart[["a", "a"]].set_axis(["a", "b"], axis=1))
    (2.0, 1.0)
    """
    if together.shape[1] < 2:
        return float(together.shape[1])
    likeness = _likeness(together)
    return float(len(likeness) ** 2 / (likeness**2).sum())


def _likeness(together: pd.DataFrame) -> np.ndarray:
    likeness = together.corr().fillna(0.0).to_numpy(copy=True)
    np.fill_diagonal(likeness, 1.0)
    return likeness


def averaged(names: Sequence[str], together: pd.DataFrame) -> float:
    """How many independent numbers have a mean that strays as that of several metrics does.

    The squared number over the sum of their correlations, as the variance of a mean has it; a
    name twice is one number, and a name that is not known goes with no other.

    Parameters
    ----------
    names
        What each claim is about.
    together
        Answers to the metrics, a column each.

    Examples
    --------
    >>> apart = pd.DataFrame({"a": [1, 1, -1, -1.0], "b": [1, -1, 1, -1.0]})
    >>> averaged(["a", "b"], apart), averaged(["a", "a"], apart), averaged(["a", "x"], apart)
    (2.0, 1.0, 2.0)
    """
    known = [name for name in dict.fromkeys(names) if name in together]
    others = [name for name in dict.fromkeys(names) if name not in together]
    likeness = np.eye(len(known) + len(others))
    likeness[: len(known), : len(known)] = _likeness(together[known])
    place = {name: row for row, name in enumerate([*known, *others])}
    rows = [place[name] for name in names]
    total = float(likeness[np.ix_(rows, rows)].sum())
    return min(len(rows) ** 2 / total, float(len(rows))) if total > 0 else float(len(rows))


def scored(
    ledger: pd.DataFrame,
    actuals: Mapping[str, Actual],
    *,
    as_of: pd.Timestamp,
    together: pd.DataFrame | None = None,
    known: Mapping[str, str] | None = None,
    confidence: float = 0.95,
) -> Scored:
    """Hold each claim against what came.

    Parameters
    ----------
    ledger
        claim_id, wave, metric, predicted, low, high, due, actual.
    actuals
        By claim_id what was measured; an ``actual`` that was sent goes before it.
    as_of
        Claims that are due later stay open.
    together
        Answers to the metrics, a column each, that say how they move together; every claim
        counts as a number of its own if not given.
    known
        Names by which a column of ``together`` may be called, in small letters.

    Examples
    --------
    >>> rows = pd.DataFrame({"claim_id": ["a", "b"], "wave": "w1", "metric": ["ease", "nps"],
    ...     "predicted": [7.0, 30.0], "low": [6.5, 25.0], "high": [7.5, 35.0],
    ...     "due": pd.Timestamp("2026-05-31"), "actual": [7.2, None]})
    >>> found = scored(rows, {"b": Actual(20.0, 15.0, 25.0, 90)}, as_of=pd.Timestamp("2026-06-30"))
    >>> found.table["state"].tolist(), found.table["source"].tolist(), found.verdict
    (['inside', 'below'], ['sent', 'measured'], 'too few')
    """
    rows = [_scored(row, actuals, as_of, confidence) for _, row in ledger.iterrows()]
    table = pd.DataFrame(rows, columns=COLUMNS)
    came = table[table["state"].isin(MEASURED)]
    about = came["metric"].astype(str).map(partial(subject, known=known or {}))
    by_wave = [names for _, names in about.groupby(came["wave"].astype(str))]
    counted = sum(_numbers(names, together) for names in by_wave)
    return Scored(table, float(counted), confidence, _averaged(by_wave, together))


def _numbers(names: pd.Series, together: pd.DataFrame | None) -> float:
    """Independent numbers of a wave's claims: those of known metrics together, others one each."""
    if together is None:
        return float(len(names))
    known: Sequence[str] = [name for name in names.unique() if name in together]
    others = names[~names.isin(known)].nunique()
    return independent(together[list(known)]) + others


def _averaged(by_wave: Sequence[pd.Series], together: pd.DataFrame | None) -> float:
    """The same for the mean of all claims; those of different waves are apart."""
    rows = float(sum(map(len, by_wave)))
    if together is None or not rows:
        return rows
    spread = sum(len(names) ** 2 / averaged(names.tolist(), together) for names in by_wave)
    return rows**2 / spread


def _scored(
    row: pd.Series, actuals: Mapping[str, Actual], as_of: pd.Timestamp, confidence: float
) -> dict[str, object]:
    claim = {name: row.get(name) for name in COLUMNS[:8]}
    predicted, low, high = (float(row[name]) for name in ("predicted", "low", "high"))
    sent = row.get("actual")
    found = actuals.get(str(row["claim_id"]), Actual())
    source = "measured" if found.there else ""
    if sent is not None and pd.notna(sent):
        found, source = Actual(float(sent), float(sent), float(sent)), "sent"
    due = pd.isna(row.get("due")) or row["due"] <= as_of
    claim |= {"actual": np.nan, "actual_low": np.nan, "actual_high": np.nan, "base": 0,
              "source": "", "off": np.nan, "score": np.nan, "widths": np.nan}  # fmt: skip
    if not low <= high:
        return claim | {"state": "reversed"}
    if not due and source != "sent":
        return claim | {"state": "open"}
    if not found.there:
        return claim | {"state": found.state}
    edge = float(np.clip(found.value, low, high))
    came = edge if abs(found.value - edge) <= ROUNDING else found.value
    score = interval_score(low, high, came, confidence=confidence)
    one = (high - low) / (2 * float(norm.ppf((1 + confidence) / 2)))
    gap = found.value - predicted
    state = "above" if came > high else "below" if came < low else "inside"
    return claim | {
        "actual": found.value, "actual_low": found.low, "actual_high": found.high,
        "base": found.base, "source": source, "state": state,
        "off": gap / one if one > 0 else np.nan,
        "score": score, "widths": score / (high - low) if high > low else np.nan,
    }  # fmt: skip
