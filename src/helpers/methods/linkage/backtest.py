"""Would it have worked: a forecast made on the waves before, against what then happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy.special import expit, logit
from scipy.stats import beta, norm, rankdata

from helpers.errors import NotEstimable
from helpers.methods.linkage.models import link
from helpers.methods.survey import wilson

__all__ = ["Backtest", "area_under_curve", "backtest"]

TOP = 0.2  # of accounts, those with the highest chance of leaving
FEWEST = 5  # accounts that left, and that stayed


@dataclass(frozen=True)
class Backtest:
    """How a forecast of earlier waves did at the wave it did not know.

    ``auc`` is the chance that an account that left had been given a higher chance of leaving
    than one that stayed; 0.5 is a coin. ``ratio`` is the number that left over the number
    forecast. ``caught`` is the share of those that left among the fifth of accounts with the
    highest forecast, ``caught_revenue`` the share of the revenue that left.
    """

    wave: str
    base: int
    left: int
    expected: float
    auc: float
    auc_low: float
    auc_high: float
    ratio: float
    ratio_low: float
    ratio_high: float
    caught: float
    caught_low: float
    caught_high: float
    caught_revenue: float | None
    table: pd.DataFrame  # forecast (mean), observed, low, high, base: fifths by forecast

    @property
    def verdict(self) -> Literal["told apart", "not clear"]:
        """Whether the forecast told those that left from those that stayed beyond doubt."""
        return "told apart" if self.auc_low > 0.5 else "not clear"

    @property
    def level(self) -> Literal["right", "too few", "too many"]:
        """Whether as many left as forecast; ``too few`` were forecast, or ``too many``."""
        if self.ratio_low > 1:
            return "too few"
        return "too many" if self.ratio_high < 1 else "right"


def area_under_curve(
    forecast: np.ndarray, happened: np.ndarray, *, confidence: float = 0.95
) -> tuple[float, float, float]:
    """Area under the receiver operating characteristic curve, with its interval.

    The interval is made on the logit scale from the components of DeLong, DeLong and
    Clarke-Pearson (1988), Biometrics 44.

    Examples
    --------
    >>> area_under_curve(np.array([0.1, 0.4, 0.35, 0.8]), np.array([0, 0, 1, 1]))[0]
    0.75
    """
    yes = happened.astype(bool)
    ranks, high, low = rankdata(forecast), int(yes.sum()), int((~yes).sum())
    if not high or not low:
        raise NotEstimable("everybody did the same: nothing can be told apart")
    above = (ranks[yes] - rankdata(forecast[yes])) / low
    below = 1 - (ranks[~yes] - rankdata(forecast[~yes])) / high
    area = float(above.mean())
    error = np.sqrt(sum(np.var(part, ddof=1) / len(part) if len(part) > 1 else 0.25
                        for part in (above, below)))  # fmt: skip
    if not 0 < area < 1:
        return area, 0.0 if area == 0 else _least(high, low, confidence), 1.0
    reach = norm.ppf((1 + confidence) / 2) * error / (area * (1 - area))
    ends = expit(logit(area) + np.array([-reach, reach]))
    return area, float(ends[0]), float(ends[1])


def _least(high: int, low: int, confidence: float) -> float:
    """Lower end where all were told apart: as for a share of as many trials as the rarer."""
    return float(((1 - confidence) / 2) ** (1 / min(high, low)))


def backtest(
    panel: pd.DataFrame,
    outcome: str = "retained",
    *,
    lag_months: int,
    wave: str | None = None,
    revenue: str | None = "revenue_before",
    confidence: float = 0.95,
    adjust: Sequence[str] = (),
    reliability: float | str | None = None,
) -> Backtest:
    """Estimate the link on earlier waves, forecast a later one, and compare.

    Parameters
    ----------
    panel
        A row an account and wave, as ``panel`` makes it, with ``t0``, the date of its wave.
    outcome
        1 for an account that stayed, 0 for one that left.
    lag_months
        Months after the wave until its outcome is known.
    wave
        The wave to forecast; by default the last whose outcomes are known.
    revenue
        Column with each account's revenue at the wave, for the share of it that was caught.
    adjust, reliability
        As for ``link``.

    Raises
    ------
    NotEstimable
        Where there is no earlier wave whose outcomes were known by then, or too few left.

    Notes
    -----
    Only rows whose outcome was known at the date of the wave are learned from. The measured
    score enters, as it does in a forecast. The number that left is compared with the forecast as
    two Poisson counts are, since the forecast rests on counts as well: those that left before
    (Przyborowski and Wilenski 1940, Biometrika 31).
    """
    learned, tested = _parted(panel, outcome, wave, lag_months)
    made = link(learned, outcome, adjust=adjust, reliability=reliability)
    ready = tested.dropna(subset=[outcome, *made.design.needs])
    gone = 1 - ready[outcome].to_numpy(float)
    if min(gone.sum(), len(gone) - gone.sum()) < FEWEST:
        raise NotEstimable(
            f"{int(gone.sum())} of {len(gone)} accounts left after the wave that is forecast: "
            f"{FEWEST} that left and {FEWEST} that stayed are needed to judge a forecast"
        )
    forecast = 1 - expit(made.design.matrix(ready) @ made.coefficients.to_numpy())
    money = ready[revenue].to_numpy(float) if revenue and revenue in ready else None
    before = made.base - float(learned.dropna(subset=made.design.needs)[outcome].sum())
    return _compared(str(ready["wave"].iloc[0]), forecast, gone, money, before, confidence)


def _parted(
    panel: pd.DataFrame, outcome: str, wave: str | None, lag_months: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows whose outcome was known by the wave to forecast, and those of that wave."""
    known = panel[panel[outcome].notna()]
    if known.empty:
        raise NotEstimable(f"{outcome} is not known for any wave yet")
    dates = known.groupby("wave")["t0"].first().sort_values()
    last = wave or str(dates.index[-1])
    if last not in dates.index:
        raise NotEstimable(f"what happened after {last} is not known yet")
    by_then = known["t0"] + pd.DateOffset(months=lag_months) <= dates[last]
    if not by_then.any():
        raise NotEstimable(
            f"no earlier wave had its outcomes known by {last}: a forecast can be judged from "
            "the next wave on"
        )
    return known[by_then], known[known["wave"] == last]


def _compared(
    wave: str,
    forecast: np.ndarray,
    gone: np.ndarray,
    money: np.ndarray | None,
    before: float,
    confidence: float,
) -> Backtest:
    left, expected = int(gone.sum()), float(forecast.sum())
    ends = _ratio_of_counts(left, before, confidence) * before
    area, area_low, area_high = area_under_curve(forecast, gone, confidence=confidence)
    order = np.argsort(-forecast, kind="stable")
    first = order[: max(1, round(TOP * len(gone)))]
    caught_low, caught_high = wilson(gone[first].sum(), left, confidence=confidence)
    lost = None if money is None else float(np.nansum(money * gone))
    return Backtest(
        wave=wave, base=len(gone), left=left, expected=expected,
        auc=area, auc_low=area_low, auc_high=area_high,
        ratio=left / expected, ratio_low=ends[0] / expected, ratio_high=ends[1] / expected,
        caught=float(gone[first].sum() / left), caught_low=caught_low, caught_high=caught_high,
        caught_revenue=float(np.nansum((money * gone)[first]) / lost) if lost else None,
        table=_fifths(forecast, gone, order, confidence),
    )  # fmt: skip


def _ratio_of_counts(first: float, second: float, confidence: float) -> np.ndarray:
    """Ends of the ratio of two Poisson means, given their counts: exact, given the sum."""
    tail = (1 - confidence) / 2
    low = beta.ppf(tail, first, second + 1) if first else 0.0
    high = beta.ppf(1 - tail, first + 1, second)
    return np.array([low / (1 - low), high / (1 - high)])


def _fifths(
    forecast: np.ndarray, gone: np.ndarray, order: np.ndarray, confidence: float
) -> pd.DataFrame:
    """Forecast and what happened, by fifths of the forecast, the highest first."""
    rows = []
    for part in np.array_split(order, round(1 / TOP)):
        low, high = wilson(gone[part].sum(), len(part), confidence=confidence)
        rows.append((forecast[part].mean(), gone[part].mean(), low, high, len(part)))
    return pd.DataFrame(rows, columns=["forecast", "observed", "low", "high", "base"])
