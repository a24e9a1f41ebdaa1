"""What contact in time was worth beyond doing nothing: three designs, and the one that counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import norm

from helpers.errors import NotEstimable
from helpers.methods.claims import p_of_interval
from helpers.methods.recovery.designs import columns_of, interval, least_squares

__all__ = ["DESIGNS", "Saved", "saved"]

DESIGNS = ("comparable cases", "threshold", "regression to the mean")
COLUMNS = ["design", "gain", "low", "high", "base", "compared", "reason"]
STRONG = 3.0  # standard errors of the share contacted from which a threshold tells anything


@dataclass(frozen=True)
class Saved:
    """How much better people contacted in time answer next time than they would have anyway.

    ``table`` holds a row a design: gain, low, high (points of the score), base (people contacted
    in time), compared (people beside them), and the reason where the design says nothing.
    ``shares`` holds converted, expected, by_chance, net and anyway, each with value, low, high:
    the share of people contacted in time whose next answer is above the line, the share that
    would have been anyway, the same by the noise of answers alone, the difference, and the share
    of the converted that would have come back anyway. ``freedom`` is that of the comparison.
    """

    table: pd.DataFrame
    shares: pd.DataFrame
    carries: str  # the design that counts
    verdict: str  # gains, loses, not clear
    base: int
    confidence: float
    freedom: float

    def __post_init__(self) -> None:
        if self.carries not in set(self.table["design"]):
            raise ValueError(f"no design is called {self.carries!r}")
        parts = self.shares["value"]
        if not np.isclose(parts["converted"] - parts["expected"], parts["net"]):
            raise ValueError("converted less expected is not what is net")

    @property
    def leading(self) -> pd.Series:
        """The row of the design that counts."""
        return self.table[self.table["design"] == self.carries].iloc[0]

    @property
    def shown(self) -> pd.DataFrame:
        """The shares by name, as a table that can be stored."""
        return self.shares.rename_axis("share").reset_index()

    def part(self, name: str) -> pd.Series:
        """One of the shares with its interval, by its name."""
        return self.shares[self.shares.index == name].iloc[0]

    def p(self, row: pd.Series, value: str = "value") -> float:
        """Of a difference between comparable people: ``leading`` (its gain), or the part *net*."""
        return p_of_interval(
            *(float(row[name]) for name in (value, "low", "high")),
            confidence=self.confidence, degrees_of_freedom=self.freedom,
        )  # fmt: skip


def saved(
    rows: pd.DataFrame,
    *,
    line: float,
    facts: Sequence[str] = (),
    reliability: float | None = None,
    window: float = 4.0,
    smallest: int = 30,
    confidence: float = 0.95,
) -> Saved:
    """Compare the next answers of people contacted in time with what would have come anyway.

    A low answer is partly bad luck, so the next one is better whatever is done: what counts is
    the difference from comparable people who were not contacted in time, their first score,
    first answer and the facts held constant. The other designs stand beside it.

    Parameters
    ----------
    rows
        As `followed` gives them.
    line
        The highest answer that raises an alert.
    facts
        Columns that comparable people have alike.
    reliability
        The part of a score's distance from the mean that lasts, 0 to 1; as the scores of both
        waves of people without an alert tell it, if not given.
    window
        Answers on either side of the line that the threshold design looks at.
    smallest
        People needed on each side of a comparison.

    Raises
    ------
    NotEstimable
        Where too few were contacted in time, or too few were not.

    References
    ----------
    Bland and Altman (1994), BMJ 308 (regression to the mean); Imbens and Lemieux (2008), Journal
    of Econometrics 142 (thresholds).

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> rows = pd.DataFrame({"account_id": range(200), "answer": rng.integers(0, 7, 200),
    ...     "score": rng.normal(50, 10, 200), "alerted": True, "in_time": [True, False] * 100})
    >>> rows["score_after"] = 60 + 12.0 * rows["in_time"] + rng.normal(0, 10, 200)
    >>> rows["answer_after"] = rows["score_after"] / 10
    >>> found = saved(rows, line=6.0)
    >>> found.verdict, bool(abs(found.leading["gain"] - 12) < 4)
    ('gains', True)
    """
    alerted = rows[rows["alerted"] & rows["in_time"].notna()]
    alerted = alerted.assign(in_time=alerted["in_time"].astype(float))
    timely = int(alerted["in_time"].sum())
    others = len(alerted) - timely
    if min(timely, others) < smallest:
        raise NotEstimable(
            f"{timely} people contacted in time and {others} not in time answered the wave after; "
            f"what would have come anyway needs {smallest} of each"
        )
    freedom = max(1.0, float(alerted.groupby("in_time")["account_id"].nunique().min() - 1))
    compared, shares = _comparable(alerted, line, facts, freedom, confidence)
    steady = _lasting(rows) if reliability is None else float(reliability)
    parts = [compared, _threshold(rows, line, window, smallest, confidence),
             _to_the_mean(rows, alerted, steady, confidence)]  # fmt: skip
    table = pd.DataFrame(parts)[COLUMNS]
    shares.loc["by_chance"] = [_by_chance(rows, alerted, line, steady), np.nan, np.nan]
    low, high = float(table["low"].iloc[0]), float(table["high"].iloc[0])
    verdict = "gains" if low > 0 else "loses" if high < 0 else "not clear"
    return Saved(table, shares, DESIGNS[0], verdict, timely, confidence, freedom)


def _comparable(
    alerted: pd.DataFrame, line: float, facts: Sequence[str], freedom: float, confidence: float
) -> tuple[dict[str, object], pd.DataFrame]:
    """Those contacted in time against those who were not, what was known before held constant."""
    treated = alerted["in_time"].to_numpy(float)
    held = columns_of(alerted, ["score", "answer"], facts)
    x = np.column_stack([np.ones(len(treated)), treated, held])
    back = (alerted["answer_after"] > line).to_numpy(float)
    after = alerted["score_after"].to_numpy(float)
    fit = least_squares(x, np.column_stack([after, back]), alerted["account_id"])
    gain = interval(fit.whole[1, 0], fit.error(fit.without[:, 1, 0]), freedom, confidence)
    row = {**dict(zip(("gain", "low", "high"), gain, strict=True)), "design": DESIGNS[0],
           "base": int(treated.sum()), "compared": int((1 - treated).sum()),
           "reason": ""}  # fmt: skip
    timely = (alerted["in_time"] == 1).to_numpy()
    came = np.asarray(back[timely], float)[:, None]
    rate = least_squares(np.ones_like(came), came, alerted.loc[timely, "account_id"])
    converted = interval(rate.whole[0, 0], rate.error(rate.without[:, 0, 0]),
                         float(alerted.loc[timely, "account_id"].nunique() - 1),
                         confidence)  # fmt: skip
    net = interval(fit.whole[1, 1], fit.error(fit.without[:, 1, 1]), freedom, confidence)
    shares = {
        "converted": (converted[0], *map(_within, converted[1:])),
        "expected": (converted[0] - net[0], _within(converted[0] - net[2]),
                     _within(converted[0] - net[1])),
        "net": net,
        "anyway": _anyway(alerted, fit.without[:, 1, 1], converted[0], net[0], back, freedom,
                          confidence),
    }  # fmt: skip
    return row, pd.DataFrame.from_dict(shares, orient="index", columns=["value", "low", "high"])


def _within(share: float) -> float:
    return float(np.clip(share, 0, 1))


def _anyway(
    alerted: pd.DataFrame, nets: np.ndarray, converted: float, net: float, back: np.ndarray,
    freedom: float, confidence: float,
) -> tuple[float, float, float]:  # fmt: skip
    """Of those who came back, the share that would have anyway; an account left out in turn."""
    codes = pd.factorize(alerted["account_id"])[0]
    timely = alerted["in_time"].to_numpy(float)
    came = np.bincount(codes, back * timely)
    seen = np.bincount(codes, timely)
    rates = (came.sum() - came) / np.maximum(seen.sum() - seen, 1)
    if converted <= 0:
        return (float("nan"),) * 3
    ratios = 1 - nets / np.where(rates > 0, rates, np.nan)
    kept = ratios[np.isfinite(ratios)]
    error = float(np.sqrt((len(kept) - 1) / len(kept) * ((kept - kept.mean()) ** 2).sum()))
    value, low, high = interval(1 - net / converted, error, freedom, confidence)
    return _within(value), _within(low), _within(high)


def _threshold(
    rows: pd.DataFrame, line: float, window: float, smallest: int, confidence: float
) -> dict[str, object]:
    """Just below the line somebody calls, just above nobody does: the jump, by the share called.

    Straight lines on either side of the line; the answers are whole numbers, so what is left is
    the doubt that the lines are straight.
    """
    step = rows["answer"] - line
    near = rows[(step > -window) & (step <= window)]
    below = near["answer"] <= line
    empty = {"design": DESIGNS[1], "gain": np.nan, "low": np.nan, "high": np.nan,
             "base": int(below.sum()), "compared": int((~below).sum())}  # fmt: skip
    if min(below.sum(), (~below).sum()) < smallest or near["answer"].nunique() < 4:
        return {**empty, "reason": f"fewer than {smallest} people on one side of the line"}
    running = (near["answer"] - line - 0.5).to_numpy(float)
    under = below.to_numpy(float)
    x = np.column_stack(
        [np.ones(len(near)), under, running, running * under, near["score"] - near["score"].mean()]
    )
    called = (near["in_time"].fillna(False).astype(bool) & near["alerted"]).to_numpy(float)
    after = near["score_after"].to_numpy(float)
    fit = least_squares(x, np.column_stack([after, called]), near["account_id"])
    share = float(fit.whole[1, 1])
    if share <= STRONG * fit.error(fit.without[:, 1, 1]):
        return {**empty, "reason": "people just below the line were hardly called more often"}
    error = fit.error(fit.without[:, 1, 0] / fit.without[:, 1, 1])
    freedom = float(near.groupby(below)["account_id"].nunique().min() - 1)
    gain = interval(fit.whole[1, 0] / share, error, freedom, confidence)
    return {**empty, "gain": gain[0], "low": gain[1], "high": gain[2], "reason": ""}


def _lasting(rows: pd.DataFrame) -> float:
    """The part of a distance from the mean that lasts to the next wave, of people not alerted."""
    calm = rows[~rows["alerted"]]
    if len(calm) < 3 or calm["score"].std() == 0:
        return float("nan")
    slope = np.polyfit(calm["score"].astype(float), calm["score_after"].astype(float), 1)[0]
    return float(np.clip(slope, 0, 1))


def _to_the_mean(
    rows: pd.DataFrame, alerted: pd.DataFrame, lasting: float, confidence: float
) -> dict[str, object]:
    """The next score of those contacted in time against what noise alone gives back."""
    timely = alerted[alerted["in_time"] == 1]
    empty = {"design": DESIGNS[2], "gain": np.nan, "low": np.nan, "high": np.nan,
             "base": len(timely), "compared": len(rows)}  # fmt: skip
    if np.isnan(lasting):
        return {**empty, "reason": "how much of a score lasts is not known"}
    start, then = rows["score"].mean(), _untouched(rows)
    beyond = timely["score_after"] - (then + lasting * (timely["score"] - start))
    fit = least_squares(np.ones((len(timely), 1)), beyond.to_numpy(float)[:, None],
                        timely["account_id"])  # fmt: skip
    freedom = float(timely["account_id"].nunique() - 1)
    gain = interval(fit.whole[0, 0], fit.error(fit.without[:, 0, 0]), freedom, confidence)
    return {**empty, "gain": gain[0], "low": gain[1], "high": gain[2], "reason": ""}


def _untouched(rows: pd.DataFrame) -> float:
    """The mean next score had nobody been contacted in time: those contacted count as others."""
    helped = rows["in_time"].fillna(False).astype(bool)
    late = rows[rows["alerted"] & ~helped]
    after = rows["score_after"].mask(helped, late["score_after"].mean())
    return float(after.mean())


def _by_chance(rows: pd.DataFrame, alerted: pd.DataFrame, line: float, lasting: float) -> float:
    """Share that noise alone would carry over the line: normal answers, so much of them lasting."""
    if np.isnan(lasting):
        return float("nan")
    spread = float(rows["answer"].std())
    away = alerted.loc[alerted["in_time"] == 1, "answer"] - rows["answer"].mean()
    reach = spread * np.sqrt(max(1 - lasting**2, 1e-9))
    top = (line + 0.5 - (rows["answer_after"].mean() + lasting * away)) / reach
    return float(norm.sf(top.to_numpy(float)).mean())
