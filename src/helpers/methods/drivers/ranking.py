"""Importance, performance and priorities together: of single drivers, or of groups of them.

Many questions about few subjects share what they tell, so that no single one stands out even
where a subject does. Groups of questions enter and leave the model as one (Owen 1977), and are
rated by the mean of their questions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from helpers.methods.drivers.deciding import Decision, decision
from helpers.methods.drivers.importance import Importance, relative_importance
from helpers.methods.drivers.priority import Priorities, priorities
from helpers.methods.drivers.scores import TARGET, Performance, performance
from helpers.methods.survey import SurveyDesign

__all__ = ["Ranking", "group_ratings", "grouped", "ranking"]

Scale = Mapping[str, tuple[float, float]]
Groups = Mapping[str, Sequence[str]]

WHOLE = (0.0, 1.0)  # the scale of a group whose questions have scales of several lengths


@dataclass(frozen=True, slots=True)
class Ranking:
    """Drivers, or groups of them, by what improving them is linked to.

    ``inside``: for the group to begin with, which of its questions to begin with; ``None``
    where the first is a single question, or drivers are not grouped.
    """

    importance: Importance
    rated: Performance
    chosen: Priorities
    inside: Decision | None = None

    @property
    def grouped(self) -> bool:
        """Whether several drivers stand together."""
        return self.importance.within is not None


def ranking(
    ratings: pd.DataFrame,
    outcome: pd.Series,
    design: SurveyDesign | None = None,
    *,
    scale: Scale,
    target: float | None = TARGET,
    confidence: float = 0.95,
    **options: Any,  # noqa: ANN401
) -> Ranking:
    """Rank drivers by effect times the points that customers are short of the target.

    Parameters
    ----------
    ratings, outcome, design, confidence
        As in :func:`relative_importance`, with what ``options`` it takes.
    scale, target
        As in :func:`performance`.

    Examples
    --------
    >>> import pandas as pd
    >>> ratings = pd.DataFrame({"ease": [1, 2, 3, 4, 5, 6] * 4, "speed": [2, 9, 4, 7] * 6})
    >>> loyalty = 3 * ratings["ease"] + ratings["speed"]
    >>> ranking(ratings, loyalty, scale=dict.fromkeys(ratings, (0, 10))).chosen.first
    'ease'
    """
    found = relative_importance(
        ratings, outcome, design, confidence=confidence, shrink=True, **options
    )
    shown = ratings.loc[_those(found), _others(ratings, found)]
    rated = performance(shown, design, scale=scale, target=target, confidence=confidence)
    return Ranking(found, rated, priorities(found, rated, scale=scale))


def grouped(
    single: Ranking,
    ratings: pd.DataFrame,
    outcome: pd.Series,
    design: SurveyDesign | None = None,
    *,
    groups: Groups,
    scale: Scale,
    target: float | None = TARGET,
    confidence: float = 0.95,
    **options: Any,  # noqa: ANN401
) -> Ranking:
    """Rank groups, and say where to begin within the first; of none, the single drivers' ranking.

    A group's potential is that of its drivers together: each lifted to its own target.

    Parameters
    ----------
    single
        The ranking of the same drivers one by one, from :func:`ranking`.
    ratings, outcome, design, scale, target, confidence
        As there, with the other options.
    groups
        Drivers that enter and leave as one, ``{"service": ["speed", "ease"]}``.

    Examples
    --------
    >>> import pandas as pd
    >>> ratings = pd.DataFrame({"ease": [1, 2, 3, 4, 5, 6] * 4, "speed": [2, 9, 4, 7] * 6})
    >>> ratings["price"] = [7, 5, 6] * 8
    >>> answers = ratings, 3 * ratings["ease"] + ratings["speed"]
    >>> scale = dict.fromkeys(ratings, (0, 10))
    >>> alone = ranking(*answers, scale=scale)
    >>> found = grouped(alone, *answers, groups={"service": ["ease", "speed"]}, scale=scale)
    >>> found.chosen.first, found.inside.first
    ('service', 'ease')
    >>> grouped(alone, *answers, groups={}, scale=scale) is alone
    True
    """
    shown = _others(ratings, single.importance)
    groups = {g: [m for m in those if m in shown] for g, those in groups.items()}
    if not any(len(those) > 1 for those in groups.values()):
        return single
    given, ends = group_ratings(ratings[shown], groups, scale)
    found = relative_importance(
        _of_one_scale(ratings, scale), outcome, design, groups=groups, confidence=confidence,
        shrink=True, **options,
    )  # fmt: skip
    rated = performance(
        given.loc[_those(found)], design, scale=ends, target=target, confidence=confidence
    )
    lifts = single.chosen.lifts
    players = {str(name): groups.get(str(name), [str(name)]) for name in given}
    of_groups = None if lifts is None else lifts.of_groups(players)
    chosen = priorities(found, rated, scale=ends, lifts=of_groups)
    return Ranking(found, rated, chosen, _inside(chosen, players, single, confidence))


def group_ratings(
    ratings: pd.DataFrame, groups: Groups, scale: Scale
) -> tuple[pd.DataFrame, Scale]:
    """The mean rating of each group by respondent, single drivers as they are, and the scales.

    Where the scales of grouped questions differ, all become shares of the way up.

    Examples
    --------
    >>> import pandas as pd
    >>> ratings = pd.DataFrame({"ease": [1, 3], "speed": [5, 10], "price": [2, 4]})
    >>> scale = {"ease": (1, 5), "speed": (0, 10), "price": (0, 10)}
    >>> found, ends = group_ratings(ratings, {"service": ["ease", "speed"]}, scale)
    >>> found.to_dict("list"), ends["service"]
    ({'service': [0.25, 0.75], 'price': [0.2, 0.4]}, (0.0, 1.0))
    """
    members = {name: [m for m in those if m in ratings] for name, those in groups.items()}
    members = {name: those for name, those in members.items() if those}
    if not members:
        return ratings, scale
    names = [str(name) for name in ratings]
    if len({scale[name] for name in names}) > 1:
        ratings, scale = _of_one_scale(ratings, scale), dict.fromkeys(names, WHOLE)
    group_of = {member: name for name, those in members.items() for member in those}
    players = list(dict.fromkeys(group_of.get(name, name) for name in names))
    found = {name: ratings[members.get(name, [name])].mean(axis=1) for name in players}
    ends = {name: scale[members.get(name, [name])[0]] for name in players}
    return pd.DataFrame(found, index=ratings.index), ends


def _of_one_scale(ratings: pd.DataFrame, scale: Scale) -> pd.DataFrame:
    """Ratings as shares of the way up their scales, where those differ."""
    ends = pd.DataFrame({str(name): scale[str(name)] for name in ratings}, dtype=float)
    if len(ends.T.drop_duplicates()) == 1:
        return ratings
    return (ratings - ends.iloc[0]) / (ends.iloc[1] - ends.iloc[0])


def _others(ratings: pd.DataFrame, found: Importance) -> list[str]:
    """The drivers that are not held constant."""
    return [str(name) for name in ratings if name not in found.always]


def _those(found: Importance) -> pd.Index:
    """Who was used and answered in the last wave: how good things are is read from them."""
    return pd.Index([]) if found.current is None else found.current


def _inside(
    chosen: Priorities, players: Groups, single: Ranking, confidence: float
) -> Decision | None:
    """Which question of the first group to begin with."""
    lifts, own = single.chosen.lifts, players.get(chosen.begin or "", ())
    if lifts is None or len(own) < 2:
        return None
    there = [name for name in lifts.names if name in own]
    clear = [name for name in single.chosen.clear if name in own]
    return decision(
        lifts.likely.only(there), among=clear, confidence=confidence, base=single.importance.base
    )
