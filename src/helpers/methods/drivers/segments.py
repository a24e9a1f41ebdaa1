"""Do drivers matter alike to all customers? Effects by segment, and tests of their difference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import chndtrinc
from scipy.stats import chi2

from helpers.errors import NotEstimable
from helpers.methods.claims import least
from helpers.methods.drivers.by_part import ByPart
from helpers.methods.drivers.redrawing import analysed, filled
from helpers.methods.drivers.screening import Answers, Missing
from helpers.methods.drivers.spread import between
from helpers.methods.multiplicity import holm
from helpers.methods.survey import SurveyDesign, disclosure

__all__ = ["Segments", "compare_segments"]

Array = NDArray[np.float64]

SMALLEST = 30  # respondents of a segment that is compared
FEWEST_CLUSTERS = 10  # accounts of one
NEAR = "differs from segments of another column by too few respondents: not compared"
MISSED = 0.2  # chance that a difference just large enough to be seen is missed all the same


@dataclass(frozen=True, slots=True)
class Segments:
    """Effects of drivers by segment, and whether they differ.

    ``tests``: ``by`` (the column that makes the segments), ``driver``, ``statistic``,
    ``df``, ``p``, ``p_holm`` (corrected for all tests made together), ``differs``, ``seen``
    (how far the effect in any one segment would have to lie from the others for the test to
    find it four times in five, the correction included), ``pooled`` (the effect over the
    segments) and ``spread`` (its standard deviation between them, less what chance brings),
    each with ``_low`` and ``_high``, not corrected; smallest p first. ``table``:
    ``by``, ``segment``, ``driver``, ``effect`` of a point in that segment with ``low`` and
    ``high`` (not corrected), ``base``, ``clusters``.
    """

    table: pd.DataFrame
    tests: pd.DataFrame
    base: int
    clusters: int | None
    confidence: float
    dropped: dict[str, str] = field(default_factory=dict)  # segments and columns left out: why

    @property
    def p(self) -> float | None:
        """The smallest corrected p."""
        return least(self.tests["p_holm"])

    def __post_init__(self) -> None:
        if (self.tests["p_holm"] < self.tests["p"] - 1e-12).any():
            raise ValueError("a corrected p value is below the one it corrects")

    @property
    def different(self) -> pd.DataFrame:
        """The tests that find a difference."""
        return self.tests[self.tests["differs"]].reset_index(drop=True)


def compare_segments(
    ratings: pd.DataFrame,
    outcome: pd.Series,
    segments: pd.DataFrame,
    design: SurveyDesign | None = None,
    *,
    always: Sequence[str] = (),
    smallest: int = SMALLEST,
    apart: int = 0,
    confidence: float = 0.95,
    missing: Missing = "listwise",
) -> Segments:
    """Test whether the effect of each driver differs between segments.

    One model for each column of segments: every driver with a slope of its own in
    every segment, and a level of each segment (in every wave, where there are several). A
    driver's slopes are tested to be alike, those of the other drivers left free, by a score
    test that is robust to likeness within accounts (Boos 1992), its residuals lifted by their
    leverage as in HC2 (MacKinnon & White 1985): it keeps its size where the usual Wald test,
    with this many coefficients, finds too much. All tests, over drivers and columns,
    are corrected together (Holm 1979).

    Not to find a difference is not to show that there is none: ``seen`` says what the test
    could have found, from its noncentral distribution (Cohen 1988, chapter 12, for the
    idea; the information is the score test's own).

    Parameters
    ----------
    ratings, outcome, design, always, missing
        As in :func:`relative_importance`. Unless ``"listwise"``, a rating that was not
        given is taken from the person's others by regression, which leaves slopes
        consistent where answers are missing at random given the ratings (Little 1992).
    segments
        One column a way to divide customers, indexed as ``ratings``.
    smallest
        Respondents that a segment needs; smaller ones, and those of fewer than ten
        accounts, are left out and named.
    apart
        Fewest respondents by which a segment of one column may differ from those of others;
        one that would give fewer away is left out and named.

    Raises
    ------
    NotEstimable
        Where no column has two segments that are large enough.
    ValueError
        As :func:`relative_importance`.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> rng = np.random.default_rng(1)
    >>> ratings = pd.DataFrame(rng.integers(0, 11, (400, 2)), columns=["ease", "speed"])
    >>> tier = pd.Series(["key", "core"] * 200, name="tier")
    >>> loyalty = ratings["speed"] + 3 * ratings["ease"] * (tier == "key") + rng.normal(size=400)
    >>> found = compare_segments(ratings, loyalty, tier.to_frame())
    >>> found.different[["by", "driver"]].values.tolist()
    [['tier', 'ease']]
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is a share: write 95 % as 0.95, not {confidence}")
    answers, rows = analysed(ratings, outcome, design, missing)
    answers = filled(answers)
    drivers = [k for k, name in enumerate(answers.drivers) if name not in always]
    dropped = dict(answers.dropped)
    tests, effects = [], []
    named = segments.reindex(rows).astype(object)
    safe = disclosure.protect(named.where(named.notna(), disclosure.UNKNOWN), apart)
    for by in segments.columns:
        labels = safe.groups[str(by)].where(lambda group: group != disclosure.UNKNOWN)
        kept, small = _large_enough(str(by), labels, answers, smallest)
        away = [name for name in kept if name in safe.withheld(str(by))]
        kept = [name for name in kept if name not in away]
        dropped |= small | {f"{by} {name}": NEAR for name in away}
        if len(kept) > 1:
            model = ByPart(answers, labels, kept)
            found = model.effects(drivers, confidence)
            spreads = _spreads(found, confidence)
            tests += [{"by": str(by)} | model.test(k) | spreads[answers.drivers[k]]
                      for k in drivers]  # fmt: skip
            effects += [{"by": str(by), "segment": row.pop("part")} | row for row in found]
    if not tests:
        raise NotEstimable(
            "no two segments are large enough to compare: each needs "
            f"{smallest} respondents of at least {FEWEST_CLUSTERS} accounts"
        )
    return Segments(
        pd.DataFrame(effects), _tested(tests, confidence), answers.base, answers.clusters,
        confidence, dropped,
    )  # fmt: skip


def _large_enough(
    by: str, labels: pd.Series, answers: Answers, smallest: int
) -> tuple[list[str], dict[str, str]]:
    """Segments to compare, and why others are left out."""
    kept, dropped = [], {}
    codes = pd.Series(answers.codes, index=labels.index)
    for name, group in codes.groupby(labels.astype("string")):
        accounts = group.nunique()
        if len(group) >= smallest and accounts >= FEWEST_CLUSTERS:
            kept.append(str(name))
        else:
            few = f"fewer than {smallest} respondents or {FEWEST_CLUSTERS} accounts: not compared"
            dropped[f"{by} {name}"] = few
    return kept, dropped


def _spreads(effects: list[dict[str, Any]], confidence: float) -> dict[str, dict[str, float]]:
    """By driver, the effect over the segments of one column and its spread between them."""
    of = pd.DataFrame([(row["driver"], row["effect"], row.pop("error")) for row in effects],
                      columns=["driver", "effect", "error"])  # fmt: skip
    return {
        str(driver): between(part["effect"].to_numpy(), part["error"].to_numpy(), confidence)
        for driver, part in of.groupby("driver", sort=False)
    }


def _tested(tests: Sequence[dict[str, object]], confidence: float) -> pd.DataFrame:
    table = pd.DataFrame(tests)
    table["p_holm"] = holm(table["p"].to_numpy(dtype=float))
    table["differs"] = table["p_holm"] <= 1 - confidence
    level = (1 - confidence) / len(table)
    table["seen"] = [
        _seen(*row, level)
        for row in zip(table["df"], table.pop("told"), table.pop("accounts"), strict=True)
    ]
    return table.sort_values(["p", "by", "driver"], ignore_index=True)


def _seen(df: float, told: Array, accounts: Array, level: float) -> float:
    """The difference of any one segment that a test of this level finds four times in five.

    A difference also widens the scores that the test sets it against, the more the fewer
    accounts its segment has; with too few, no difference is large enough (NaN).
    """
    needed = chndtrinc(chi2.isf(level, df), df, MISSED)
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = np.where(accounts > needed, needed / (1 - needed / accounts), np.nan)
        return float(np.sqrt(apart / told).max())
