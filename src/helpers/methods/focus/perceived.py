"""What customers see: whether they were asked, whether it was acted on, whether they were told."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from helpers.errors import NotEstimable
from helpers.methods.survey import Estimate, SurveyDesign, difference, mean

__all__ = ["by_told", "perceived"]

OF_PARTS: Mapping[str, str] = {"asked": "solicit", "acted": "act", "told": "tell"}
MIDDLE = 50.0  # of a scale from 0 to 100: above it somebody says that it was so


def perceived(
    answers: Mapping[str, pd.Series],
    design: SurveyDesign | None = None,
    *,
    weights: Mapping[str, float] | None = None,
    smallest: int = 2,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Mean answers to the three questions, and of people who answered all of them the whole.

    Parameters
    ----------
    answers
        ``asked``, ``acted`` and ``told``, those that were asked, from 0 (not at all) to 100.
    weights
        Of solicit, act and tell in the whole; those that are not named count 1.
    smallest
        Questions that fewer people answered are left out.

    Returns
    -------
    DataFrame
        part (solicit, act, tell, and ``perceived`` where all three were asked), value, low, high,
        base.

    Raises
    ------
    NotEstimable
        Where nobody was asked any of them, or too few answered.

    Examples
    --------
    >>> said = pd.Series([25.0, 50.0, 75.0])
    >>> found = perceived({"asked": said + 10, "acted": said, "told": said - 10})
    >>> found[["part", "value"]].values.tolist()
    [['solicit', 60.0], ['act', 50.0], ['tell', 40.0], ['perceived', 50.0]]
    """
    known = {part: answers[name].astype(float) for name, part in OF_PARTS.items()
             if name in answers and answers[name].notna().any()}  # fmt: skip
    if not known:
        raise NotEstimable(
            "no question asks customers whether they were asked, whether it was acted on and "
            "whether they were told: give three questions the roles asked, acted and told"
        )
    if len(known) == len(OF_PARTS):
        known["perceived"] = _whole(pd.DataFrame(known), weights or {})
    known = {part: said for part, said in known.items() if said.notna().sum() >= smallest}
    if not known:
        raise NotEstimable(
            f"fewer than {smallest} people said whether they were asked, whether it was acted on "
            "and whether they were told: too few to tell"
        )
    rows = [(part, mean(said, design, confidence=confidence).clipped(0, 100))
            for part, said in known.items()]  # fmt: skip
    return pd.DataFrame(
        [{"part": part, "value": e.value, "low": e.low, "high": e.high, "base": e.base}
         for part, e in rows]
    )  # fmt: skip


def _whole(said: pd.DataFrame, weights: Mapping[str, float]) -> pd.Series:
    weight = pd.Series({str(part): float(weights.get(str(part), 1.0)) for part in said})
    if not weight.sum() > 0:
        weight[:] = 1.0
    return (said * (weight / weight.sum())).sum(axis=1, skipna=False)


def by_told(
    acted: pd.Series,
    told: pd.Series,
    design: SurveyDesign | None = None,
    *,
    smallest: int = 2,
    confidence: float = 0.95,
) -> Estimate:
    """How much more those who say they were told see acted on, in points.

    Both are answers of the same people: a good mood lifts the one and the other.

    Raises
    ------
    NotEstimable
        Where one of the groups has fewer than ``smallest`` people.

    Examples
    --------
    >>> acted, told = pd.Series([20.0, 40, 60, 80]), pd.Series([0.0, 25, 75, 100])
    >>> by_told(acted, told).value
    40.0
    """
    rest, those = acted.where(told <= MIDDLE), acted.where(told > MIDDLE)
    few = int(min(rest.notna().sum(), those.notna().sum()))
    if few < smallest:
        raise NotEstimable(f"{few} people say that they were told, or that not: too few to compare")
    return difference(rest, those, design or SurveyDesign(), confidence=confidence)
