"""How far a score could move if those who kept silent think otherwise.

No data of those who answered can tell what the others think. What can be said is how
different they would have to be for a conclusion to turn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.errors import NotEstimable
from helpers.methods.survey.estimates import Bounded

__all__ = ["Sensitivity", "nonresponse_range"]


@dataclass(frozen=True)
class Sensitivity:
    """The score of everybody, for each distance the silent may lie below.

    ``table`` has a row for each response rate and δ: ``rate`` (its name),
    ``response_rate``, ``delta`` (points lower; negative is higher), ``value`` with
    ``low`` and ``high``, and ``holds``, whether the stated conclusion still does.
    ``turning`` has for each response rate the δ at which the estimate meets the
    threshold, ``delta_value``, and at which the interval's near end does,
    ``delta_interval`` (past 0: it is not clear even if the silent are alike), and whether
    answers on the scale could lie so far off at all, ``possible``.
    ``bounds`` has for each rate the score if all the silent chose the lowest answer, or
    the highest. ``assumption`` says in a sentence what δ = 0 takes for granted.
    """

    table: pd.DataFrame
    turning: pd.DataFrame  # rate, response_rate, delta_value, delta_interval, possible
    bounds: pd.DataFrame  # rate, response_rate, lowest, highest
    threshold: float | None
    assumption: str
    base: int
    side: str = ""  # where the threshold lies from the score: below, above

    @property
    def verdict(self) -> str:
        """What the least favourable response rate says of reaching the threshold.

        ``reachable``, ``out of reach`` (no answers on the scale could lie so far off),
        ``not clear`` (the interval holds it even if the silent are alike), or empty where
        nobody is silent or there is no threshold.
        """
        turn = self.turning.iloc[-1]
        if np.isnan(turn["delta_value"]):
            return ""
        if turn["delta_value"] * turn["delta_interval"] <= 0:
            return "not clear"
        return "reachable" if turn["possible"] else "out of reach"


def nonresponse_range(
    answered: Bounded,
    response_rates: float | Mapping[str, float],
    *,
    deltas: Sequence[float],
    scale: tuple[float, float],
    threshold: float | None = None,
    weighted_to: Sequence[str] = (),
) -> Sensitivity:
    """Range of a score over how much lower those who did not answer are.

    With a share r answering, the score of everybody is that of those who answered less
    (1 − r) δ. In the words of pattern mixtures: those who answered and those who did
    not are two populations, the first is seen, and δ joins them.

    Parameters
    ----------
    answered
        The score of those who answered, weighted to the list where it is: δ is then a
        difference between people alike in what was weighted to.
    response_rates
        Share that answered; or several by name, such as RR1 and RR5.
    deltas
        Points of the score by which those who did not answer may be lower.
    scale
        Lowest and highest value of the score; the silent are never carried past it.
    threshold
        A conclusion is that the score is above (or below) this; the table says whether
        the interval still is.
    weighted_to
        Names of what the score is weighted to, for the statement.

    Raises
    ------
    NotEstimable
        For a score that is withheld.
    ValueError
        For a response rate that is not above 0 and at most 1, no δ, or a scale the score
        is not on.

    References
    ----------
    Rubin (1977), JASA 72, for the shift; Little (1993), JASA 88, for pattern mixtures;
    Manski (1989), Journal of Human Resources 24, for the bounds.

    Examples
    --------
    >>> from helpers.methods.survey.estimates import Estimate
    >>> nps = Estimate(30, 22, 38, 4, 400, 400, 1, 399, 0.95, 400)
    >>> found = nonresponse_range(nps, 0.4, deltas=[0, 20], scale=(-100, 100), threshold=0)
    >>> found.table[["delta", "value", "low", "holds"]].values.tolist()
    [[0.0, 30.0, 22.0, True], [20.0, 18.0, 10.0, True]]
    >>> found.turning[["delta_value", "delta_interval"]].round(1).values.tolist()
    [[50.0, 36.7]]
    """
    rates = response_rates if isinstance(response_rates, Mapping) else {"RR": response_rates}
    _check(answered, rates, deltas, scale)
    table = pd.DataFrame(
        [
            _shifted(answered, name, rate, float(delta), scale, threshold)
            for name, rate in rates.items()
            for delta in deltas
        ]
    )
    return Sensitivity(
        table=table,
        turning=pd.DataFrame(
            [_turning(answered, n, r, threshold, scale) for n, r in rates.items()]
        ),
        bounds=pd.DataFrame([_bounds(answered, n, r, scale) for n, r in rates.items()]),
        threshold=threshold,
        assumption=_assumption(weighted_to),
        base=answered.base,
        side=_side(answered, threshold),
    )


def _check(
    answered: Bounded,
    rates: Mapping[str, float],
    deltas: Sequence[float],
    scale: tuple[float, float],
) -> None:
    if pd.isna(answered.value):
        raise NotEstimable("the score of those who answered is withheld")
    for name, rate in rates.items():
        if not 0 < rate <= 1:
            raise ValueError(f"{name} is {rate}: a response rate is a share above 0, at most 1")
    if not rates or len(deltas) == 0 or not np.isfinite(np.asarray(deltas, dtype=float)).all():
        raise ValueError("give at least one response rate, and one δ that is a number of points")
    if not scale[0] <= answered.value <= scale[1]:
        raise ValueError(
            f"the score {answered.value:g} lies outside the scale {scale[0]:g} to {scale[1]:g}; "
            "give the lowest and highest value the score can take"
        )


def _side(answered: Bounded, threshold: float | None) -> str:
    if threshold is None:
        return ""
    return "below" if answered.value >= threshold else "above"


def _ends(answered: Bounded) -> tuple[float, float, float]:
    return answered.value, answered.low, answered.high


def _shifted(
    answered: Bounded,
    name: str,
    rate: float,
    delta: float,
    scale: tuple[float, float],
    threshold: float | None,
) -> dict[str, object]:
    value, low, high = (
        rate * limit + (1 - rate) * float(np.clip(limit - delta, *scale))
        for limit in (float(np.clip(end, *scale)) for end in _ends(answered))
    )
    row: dict[str, object] = {
        "rate": name, "response_rate": rate, "delta": delta,
        "value": value, "low": low, "high": high,
    }  # fmt: skip
    if threshold is not None:
        row["holds"] = low > threshold if answered.value > threshold else high < threshold
    return row


def _turning(
    answered: Bounded,
    name: str,
    rate: float,
    threshold: float | None,
    scale: tuple[float, float],
) -> dict[str, object]:
    row: dict[str, object] = {"rate": name, "response_rate": rate}
    silent = 1 - rate
    if threshold is None or silent == 0:
        return row | {"delta_value": np.nan, "delta_interval": np.nan, "possible": False}
    above = answered.value > threshold
    near = answered.low if above else answered.high
    room = answered.value - scale[0] if above else scale[1] - answered.value
    delta = (answered.value - threshold) / silent
    return row | {
        "delta_value": delta,
        "delta_interval": (near - threshold) / silent,
        "possible": abs(delta) <= room,
    }


def _bounds(
    answered: Bounded, name: str, rate: float, scale: tuple[float, float]
) -> dict[str, object]:
    seen = rate * answered.value
    lowest, highest = (seen + (1 - rate) * end for end in scale)
    return {"rate": name, "response_rate": rate, "lowest": lowest, "highest": highest}


def _assumption(weighted_to: Sequence[str]) -> str:
    """State what is assumed where δ is 0.

    >>> print(_assumption(["tier", "region"]))
    With δ = 0, people who did not answer think as those do who answered and are alike in tier
    and region. Nothing in the answers can show whether they do.
    """
    alike = ""
    if weighted_to:
        names = [*weighted_to]
        joined = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
        alike = f" and are alike in {joined}"
    return (
        f"With δ = 0, people who did not answer think as those do who answered{alike}. "
        "Nothing in the answers can show whether they do."
    )
