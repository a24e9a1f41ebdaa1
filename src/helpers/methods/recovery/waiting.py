"""How long customers wait, open cases kept: closed ones alone would flatter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import norm
from statsmodels.duration.survfunc import SurvfuncRight
from statsmodels.stats.proportion import proportion_confint

from helpers.errors import NotEstimable
from helpers.methods.recovery.clocks import Promises

__all__ = ["Waiting", "waiting"]


@dataclass(frozen=True)
class Waiting:
    """What customers waited for each step.

    ``table`` holds clock, base, done, promise, kept, low, high (the share within the promise),
    median, median_low, median_high, ninety, finished (the median of finished cases alone),
    working_median, working_kept; days. ``curves`` holds clock, day, share, low, high: the share
    for whom the step was taken.
    """

    table: pd.DataFrame
    curves: pd.DataFrame
    confidence: float
    base: int

    def __post_init__(self) -> None:
        shares = self.curves[["low", "share", "high"]].to_numpy()
        if len(shares) and ((shares < -1e-9) | (shares > 1 + 1e-9)).any():
            raise ValueError("a share of cases lies outside 0 to 1")


def waiting(
    waits: Mapping[str, pd.DataFrame], promises: Promises, *, confidence: float = 0.95
) -> Waiting:
    """Kaplan and Meier's share of cases whose step was taken, by the days since they began.

    A case that still waits counts as waiting up to the day of the data. Intervals are those of
    the complementary log-log form; cases count alike, colleagues' cases as separate ones.

    Parameters
    ----------
    waits
        As `clocks` gives them. A clock that no case ever reached, and for which nothing was
        promised, is left out: it was not recorded.

    Raises
    ------
    NotEstimable
        Where no case has a clock.

    References
    ----------
    Kaplan and Meier (1958), Journal of the American Statistical Association 53; Kalbfleisch and
    Prentice (2002), The Statistical Analysis of Failure Time Data, 1.4.

    Examples
    --------
    >>> waits = {"closed": pd.DataFrame({"days": [1.0, 3.0, 4.0], "working_days": [1.0, 1.0, 2.0],
    ...                                  "done": [True, True, False]})}
    >>> found = waiting(waits, Promises(closed=2.0))
    >>> found.table[["kept", "median", "finished"]].round(2).values.tolist()
    [[0.33, 3.0, 2.0]]
    """
    used = {
        clock: rows for clock, rows in waits.items()
        if len(rows) and (rows["done"].any() or not np.isnan(promises.of(clock)))
    }  # fmt: skip
    if not used:
        raise NotEstimable("no case has a step with a time: send first_contact_at or closed_at")
    rows = [_row(clock, own, promises.of(clock), confidence) for clock, own in used.items()]
    curves = [_curve(own, confidence).assign(clock=clock) for clock, own in used.items()]
    base = max(len(own) for own in used.values())
    return Waiting(pd.DataFrame(rows), pd.concat(curves, ignore_index=True), confidence, base)


def _row(clock: str, rows: pd.DataFrame, promise: float, confidence: float) -> dict[str, object]:
    days = _survival(rows["days"], rows["done"])
    hours = _survival(rows["working_days"], rows["done"])
    kept, low, high = _taken(days, rows, promise, confidence)
    finished = rows.loc[rows["done"], "days"]
    ends = _median_ends(days, confidence)
    return {
        "clock": clock, "base": len(rows), "done": int(rows["done"].sum()),
        "promise": promise, "kept": kept, "low": low, "high": high,
        "median": _quantile(days, 0.5), "median_low": ends[0], "median_high": ends[1],
        "ninety": _quantile(days, 0.9),
        "finished": float(finished.median()) if len(finished) else np.nan,
        "working_median": _quantile(hours, 0.5),
        "working_kept": np.nan if np.isnan(promise) else 1 - _left(hours, promise)[0],
    }  # fmt: skip


def _survival(days: pd.Series, done: pd.Series) -> SurvfuncRight | None:
    """The curve of those still waiting; ``None`` where nobody's wait has ended."""
    if not done.any():
        return None
    return SurvfuncRight(np.maximum(days.to_numpy(float), 1e-9), done.to_numpy(int))


def _quantile(curve: SurvfuncRight | None, share: float) -> float:
    return float("nan") if curve is None else float(curve.quantile(share))


def _median_ends(curve: SurvfuncRight | None, confidence: float) -> tuple[float, float]:
    if curve is None or not np.isfinite(curve.quantile(0.5)):
        return float("nan"), float("nan")
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = curve.quantile_ci(0.5, alpha=1 - confidence, method="cloglog")
    return float(low), float(high)


def _left(curve: SurvfuncRight | None, day: float) -> tuple[float, float]:
    """The share that still waits after so many days, with its standard error."""
    if curve is None:
        return 1.0, 0.0
    place = int(np.searchsorted(curve.surv_times, day, side="right")) - 1
    if place < 0:
        return 1.0, 0.0
    return float(curve.surv_prob[place]), float(curve.surv_prob_se[place])


def _taken(
    curve: SurvfuncRight | None, rows: pd.DataFrame, day: float, confidence: float
) -> tuple[float, float, float]:
    if np.isnan(day):
        return (float("nan"),) * 3
    share, error = _left(curve, day)
    if 0 < share < 1:
        low, high = (float(end) for end in _ends(share, error, confidence))
        return 1 - share, 1 - high, 1 - low
    watched = int((rows["done"] | (rows["days"] >= day)).sum())
    if not watched:
        return (float("nan"),) * 3
    low, high = proportion_confint(
        round((1 - share) * watched), watched, 1 - confidence, method="beta"
    )
    return 1 - share, float(low), float(high)


def _ends(share: object, error: object, confidence: float) -> tuple[np.ndarray, np.ndarray]:
    """Complementary log-log interval of a share that still waits."""
    left, spread = np.asarray(share, float), np.asarray(error, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        reach = norm.ppf((1 + confidence) / 2) * spread / np.abs(left * np.log(left))
        low, high = left ** np.exp(reach), left ** np.exp(-reach)
    inside = (left > 0) & (left < 1)
    return np.where(inside, low, left), np.where(inside, high, left)


def _curve(rows: pd.DataFrame, confidence: float) -> pd.DataFrame:
    curve = _survival(rows["days"], rows["done"])
    last = float(rows["days"].max())
    if curve is None:
        return pd.DataFrame({"day": [0.0, last], "share": 0.0, "low": 0.0, "high": 0.0})
    low, high = _ends(curve.surv_prob, curve.surv_prob_se, confidence)
    made = pd.DataFrame(
        {"day": curve.surv_times, "share": 1 - curve.surv_prob, "low": 1 - high, "high": 1 - low}
    )
    ends = [{"day": 0.0, "share": 0.0, "low": 0.0, "high": 0.0},
            {**made.iloc[-1].to_dict(), "day": last}]  # fmt: skip
    return pd.concat([pd.DataFrame(ends[:1]), made, pd.DataFrame(ends[1:])], ignore_index=True)
