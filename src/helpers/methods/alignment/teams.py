"""Who of the staff is alike: people of one function in one unit, and whole functions."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from helpers.methods import survey
from helpers.methods.alignment.paid import same_function
from helpers.methods.survey import Estimate, SurveyDesign

__all__ = ["by_function", "difference_of", "mean_of", "teams_of"]

TWO = 2  # teams from which a spread between them is known


def teams_of(sent: pd.DataFrame) -> pd.Series:
    """The function and unit that each employee shares; whoever has no unit stands alone.

    >>> rows = pd.DataFrame({"function": ["Sales", "sales ", "Law"], "unit": ["North"] * 2 + [""]})
    >>> teams_of(rows).nunique(), teams_of(rows[["function"]]).nunique()
    (2, 3)
    """
    alone = _alone(sent.index)
    if "unit" not in sent:
        return alone
    unit = sent["unit"].astype("string").str.strip().fillna("")
    team = by_function(sent) + "/" + unit.str.casefold()
    return team.where(unit != "", alone).astype(object)


def by_function(sent: pd.DataFrame) -> pd.Series:
    """The function of each employee; those of whom it is not known are one.

    >>> by_function(pd.DataFrame({"function": ["Sales", "sales ", None]})).tolist()
    ['of sales', 'of sales', 'of ']
    """
    return pd.Series([f"of {same_function(f)}" for f in sent["function"]], sent.index, dtype=object)


def mean_of(answers: pd.Series, teams: pd.Series, confidence: float) -> Estimate:
    """Mean of the answers given, people of a team being alike; of one team, by its people.

    >>> given = pd.Series([3.0, 3.0, 5.0, 5.0])
    >>> alike = mean_of(given, pd.Series(["a", "a", "b", "b"]), 0.95)
    >>> alike.clusters, mean_of(given, pd.Series("a", given.index), 0.95).clusters
    (2, 4)
    """
    given = answers.dropna()
    return survey.mean(given, _designs([given], teams)[0], confidence=confidence)


def difference_of(
    before: pd.Series, after: pd.Series, teams: pd.Series, confidence: float
) -> Estimate:
    """Mean after less mean before; a team on both sides is one, and what it shares cancels.

    >>> given, team = pd.Series([3.0, 4.0, 4.0, 5.0]), pd.Series(["a", "b", "a", "b"])
    >>> found = difference_of(given[:2], given[2:], team, 0.95)
    >>> found.value, found.standard_error
    (1.0, 0.0)
    """
    sides = (before.dropna(), after.dropna())
    first, last = _designs(sides, teams)
    return survey.difference(*sides, (first, last), confidence=confidence)


def _designs(sides: Sequence[pd.Series], teams: pd.Series) -> list[SurveyDesign]:
    """Teams are clusters; of a side that is one team its people are; else a plain sample."""
    found = []
    for given in sides:
        team = teams.loc[given.index]
        found.append(team if team.nunique() >= TWO else _alone(given.index))
    if pd.concat(found).is_unique:
        return [SurveyDesign() for _ in sides]
    return [SurveyDesign(clusters=team) for team in found]


def _alone(index: pd.Index) -> pd.Series:
    return pd.Series([f"one {label}" for label in index], index=index, dtype=object)
