"""The satisfied beside the truly loyal, and how far both depend on the line for satisfied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd
from numpy.typing import ArrayLike

from helpers.errors import NotEstimable
from helpers.methods import survey
from helpers.methods.loyalty.segments import CUTS, SEGMENTS, enough
from helpers.methods.survey import SurveyDesign
from helpers.methods.survey.columns import aligned
from helpers.methods.survey.estimates import Estimate

__all__ = ["Satisfied", "satisfied_and_loyal"]

SLACK = 1e-9  # a cut-off of a scale may fall short of an answer by rounding
FEWEST = 2  # people, for a share with an interval
NEARLY_ALL = 0.9  # of the satisfied, from which to be satisfied is as good as to be loyal
WEIGHTLESS = 1e-6  # share of all weight under which a group carries none


@dataclass(frozen=True)
class Satisfied:
    """Satisfied beside truly loyal, of the same people.

    ``table`` has a row for each: ``group`` (``satisfied``, ``truly_loyal``, ``both``,
    ``loyal_of_satisfied``), ``value`` (share, 0-1), ``low``, ``high``, ``base``.
    ``sensitivity`` has a row for each line tried: ``cut`` (0-100), ``satisfied`` and
    ``loyal_of_satisfied`` (missing where nobody is satisfied), ``declared``.
    """

    table: pd.DataFrame
    estimates: Mapping[str, Estimate]
    base: int
    sensitivity: pd.DataFrame = field(default_factory=pd.DataFrame)

    def __post_init__(self) -> None:
        shares = self.table.set_index("group")["value"]
        if shares["both"] > min(shares["satisfied"], shares["truly_loyal"]) + 1e-9:
            raise ValueError("more are both satisfied and truly loyal than are either")

    @property
    def verdict(self) -> str:
        """``fewer``: by every line tried, and beyond chance, not all of the satisfied are loyal."""
        most = max(self.range[1], self.estimates["loyal_of_satisfied"].high)
        return "fewer" if most < NEARLY_ALL else "not clear"

    @property
    def range(self) -> tuple[float, float]:
        """Lowest and highest share of the satisfied who are truly loyal, over the lines tried."""
        found = self.sensitivity["loyal_of_satisfied"]
        return float(found.min()), float(found.max())


def satisfied_and_loyal(
    satisfaction: ArrayLike,
    segment: pd.Series,
    design: SurveyDesign | None = None,
    *,
    cut: float = CUTS[0],
    others: Sequence[float] = (),
    smallest: int = FEWEST,
    confidence: float = 0.95,
) -> Satisfied:
    """Share of the satisfied beside that of the truly loyal, and how many are both.

    Parameters
    ----------
    satisfaction
        Satisfaction of each person, 0-100.
    segment
        The segment of each person, as `segments` gives it.
    design
        That of the respondents.
    cut
        The lowest answer that counts as satisfied.
    others
        Other lines to try, such as an answer higher and an answer lower.
    smallest
        Fewest people with a segment and an answer.

    Raises
    ------
    NotEstimable
        If nobody is satisfied, the satisfied carry no weight, or fewer people than
        ``smallest`` have both answers.

    Examples
    --------
    >>> people = pd.Series(["Truly Loyal", "Trapped", "Trapped", "High Risk"])
    >>> found = satisfied_and_loyal([100, 80, 90, 20], people)
    >>> found.table[["group", "value"]].values.tolist()[:2]
    [['satisfied', 0.75], ['truly_loyal', 0.25]]
    """
    whole = SurveyDesign() if design is None else design
    answers = whole.answers(satisfaction, "satisfaction")
    named = aligned(segment, answers, "segment")
    known = answers.notna() & named.notna()
    happy, mass = _happy(answers, cut, known), whole.weights_for(answers)
    loyal = (named == SEGMENTS[0]).astype(float).where(known)
    enough(int(known.sum()), max(smallest, FEWEST))
    _refuse_nobody(happy, mass, cut)
    groups = {
        "satisfied": happy,
        "truly_loyal": loyal,
        "both": happy * loyal,
        "loyal_of_satisfied": loyal.where(happy == 1),
    }
    found = {
        name: survey.proportion(values, whole, confidence=confidence)
        for name, values in groups.items()
    }
    rows = [
        {"group": name, "value": one.value, "low": one.low, "high": one.high, "base": one.base}
        for name, one in found.items()
    ]
    tried = _tried(answers, loyal, {cut, *others}, mass)
    return Satisfied(
        pd.DataFrame(rows), found, int(known.sum()), tried.assign(declared=tried["cut"] == cut)
    )


def _happy(answers: pd.Series, cut: float, known: pd.Series) -> pd.Series:
    return (answers >= cut - SLACK).astype(float).where(known)


def _tried(answers: pd.Series, loyal: pd.Series, cuts: set[float], mass: pd.Series) -> pd.DataFrame:
    """Share of the satisfied, and of them of the truly loyal, for each line."""
    known = loyal.notna()
    rows = []
    for cut in sorted(cuts):
        happy = mass * _happy(answers, cut, known)
        whole = float(happy.sum())
        among = float((happy * loyal).sum() / whole) if whole else None
        rows.append({"cut": float(cut), "satisfied": whole / float(mass[known].sum()),
                     "loyal_of_satisfied": among})  # fmt: skip
    return pd.DataFrame(rows).astype(float)


def _refuse_nobody(happy: pd.Series, mass: pd.Series, cut: float) -> None:
    """Refuse where nobody is satisfied, or those who are count for nothing."""
    if not happy.sum() > 0:
        raise NotEstimable(f"nobody answered {cut:g} or more of 100 on satisfaction")
    if mass[happy == 1].sum() < WEIGHTLESS * mass[happy.notna()].sum():
        raise NotEstimable(
            f"the {int(happy.sum())} people who answered {cut:g} or more of 100 on satisfaction "
            "have weights of nearly nothing; look at the weights in the sampling chapter"
        )
