"""How the link changes with the months allowed for the outcome to show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit
from scipy.stats import t as student

from helpers.errors import NotEstimable
from helpers.methods.linkage.fits import Fit
from helpers.methods.linkage.samples import LinkEstimate, Question, Sample
from helpers.methods.linkage.windows import panels
from helpers.methods.solving import inverse
from helpers.methods.survey.simultaneous import correlations, simultaneous

__all__ = ["Lags", "lag_curve", "over_lags"]


@dataclass(frozen=True)
class Lags:
    """One link at several lags; where one cannot be estimated, why.

    ``table`` has ``lag_months, effect, low, high, band_low, band_high, p, base, note``.
    """

    table: pd.DataFrame
    each: float  # confidence of each interval alone that makes all of them hold together


def lag_curve(
    scores: pd.DataFrame,
    outcome: str,
    *,
    lags: Sequence[int] = (3, 6, 9, 12),
    accounts: pd.DataFrame | None = None,
    financials: pd.DataFrame | None = None,
    contracts: pd.DataFrame | None = None,
    wave_dates: Mapping[str, pd.Timestamp],
    as_of: pd.Timestamp,
    adjust: Sequence[str] = (),
    covariates: Sequence[str] = (),
    per: float = 10.0,
    confidence: float = 0.95,
    winsorise: float = 0.0,
) -> pd.DataFrame:
    """Estimate the same link once for each lag.

    The arguments are those of ``panel`` and ``link``; what comes back is that of ``over_lags``.

    Raises
    ------
    ValueError
        If no lag is given, or none can be estimated.

    Examples
    --------
    >>> rng = np.random.default_rng(4)
    >>> ids, left = [f"{i:03d}" for i in range(300)], pd.Timestamp("2025-04-01")
    >>> scores = pd.DataFrame({"wave": "W1", "account_id": ids, "score": rng.normal(60, 15, 300)})
    >>> gone = rng.random(300) < 0.4 - scores["score"] / 250
    >>> accounts = pd.DataFrame({"account_id": ids, "end_date": gone.map({True: left})})
    >>> lag_curve(scores, "retained", lags=(6, 24), accounts=accounts, as_of=pd.Timestamp(
    ...     "2025-12-31"), wave_dates={"W1": pd.Timestamp("2025-01-15")})[["lag_months", "base"]]
       lag_months  base
    0           6   300
    1          24     0
    """
    made = panels(
        scores, lags=lags, accounts=accounts, financials=financials, contracts=contracts,
        wave_dates=wave_dates, as_of=as_of, covariates=covariates,
    )  # fmt: skip
    return over_lags(
        made, outcome, adjust=adjust, per=per, confidence=confidence, winsorise=winsorise
    ).table


def over_lags(
    panels: Mapping[int, pd.DataFrame],
    outcome: str,
    *,
    score: str = "score",
    adjust: Sequence[str] = (),
    clusters: str = "account_id",
    per: float = 10.0,
    confidence: float = 0.95,
    winsorise: float = 0.0,
) -> Lags:
    """Estimate one link at several lags, with a band that holds all of them together.

    A longer lag waits for more outcomes but loses the waves whose window is not over, so
    each row has its own ``base``. The band is that of the largest of all |t|, drawn as the
    estimates go together (``survey.simultaneous``).

    Parameters
    ----------
    panels
        By months of lag, as ``panels`` makes them.

    Raises
    ------
    NotEstimable
        If the outcome belongs to a wave and has no lag, or no lag can be estimated.
    """
    if _of_waves(panels, outcome):
        raise NotEstimable(
            f"{outcome.replace('_', ' ')} was measured once a wave, so it has no months of lag"
        )
    ask = Question(outcome, score, "auto", clusters, per, confidence, winsorise)
    found: dict[int, tuple[LinkEstimate, Fit, Sample]] = {}
    notes: dict[int, str] = {}
    for lag, rows in panels.items():
        try:
            sample = ask.sample(rows, adjust, None)
            found[lag] = (*sample.estimate("adjusted", sample.full), sample)
        except ValueError as reason:
            notes[lag] = str(reason)
    if not found:
        lag, why = next(iter(notes.items()))
        raise NotEstimable(f"no lag can be estimated; at {lag} months: {why}")
    together = _together([(fit, sample) for _, fit, sample in found.values()])
    wide = simultaneous([e.p for e, _, _ in found.values()], together, confidence=confidence)
    table = [_row(lag, found.get(lag), wide.confidence, notes.get(lag, "")) for lag in panels]
    return Lags(pd.DataFrame(table), wide.confidence)


def _of_waves(panels: Mapping[int, pd.DataFrame], outcome: str) -> bool:
    """Whether an outcome is the same at every lag, as one that belongs to a wave is."""
    values = [rows[outcome] for rows in panels.values() if outcome in rows]
    return len(values) > 1 and all(values[0].equals(other) for other in values[1:])


def _row(
    lag: int, made: tuple[LinkEstimate, Fit, Sample] | None, confidence: float, note: str
) -> dict[str, object]:
    names = ("effect", "low", "high", "band_low", "band_high", "p")
    if made is None:
        return {"lag_months": lag, **dict.fromkeys(names, np.nan), "base": 0, "note": note}
    estimate, fit, _ = made
    reach = student.ppf((1 + confidence) / 2, fit.degrees_of_freedom) * estimate.standard_error
    ends = (estimate.effect, estimate.low, estimate.high, estimate.effect - reach,
            estimate.effect + reach, estimate.p)  # fmt: skip
    return {"lag_months": lag, **dict(zip(names, ends, strict=True)), "base": estimate.base,
            "note": note}  # fmt: skip


def _together(fits: Sequence[tuple[Fit, Sample]]) -> np.ndarray:
    """How the slopes go together, from what each account adds to each of them."""
    each = pd.concat([_influence(fit, sample) for fit, sample in fits], axis=1).fillna(0.0)
    return np.asarray(correlations(each.to_numpy()))


def _influence(fit: Fit, sample: Sample) -> pd.Series:
    matrix = sample.matrix
    line = matrix @ fit.coefficients
    likely = expit(line) if sample.kind == "logit" else line
    spread = likely * (1 - likely) if sample.kind == "logit" else np.ones(len(line))
    bread = inverse(matrix.T @ (matrix * spread[:, None]))
    moves = (matrix * (sample.target - likely)[:, None]) @ bread[:, 1]
    names = sample.rows.index if sample.groups is None else sample.groups.to_numpy()
    return pd.Series(moves).groupby(np.asarray(names)).sum()
