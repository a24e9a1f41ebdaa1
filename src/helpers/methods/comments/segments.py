"""Which groups of customers name a theme more than the others do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from helpers.errors import NotEstimable
from helpers.methods.claims import OF_COMMENTS, level
from helpers.methods.comments.coding import Coding
from helpers.methods.comments.contrast import (
    accounts_of,
)
from helpers.methods.comments.shares import Reading
from helpers.methods.comments.sides import NUMBERS, PRIVATE, Sides
from helpers.methods.loyalty import SEGMENTS, axis_scores, segments
from helpers.methods.loyalty.segments import CUTS
from helpers.methods.nonresponse import holm
from helpers.methods.survey import SurveyDesign, disclosure
from helpers.methods.survey.columns import column

__all__ = [
    "ThemeGroups", "jointly", "loyalty_groups", "recoded", "theme_groupings", "theme_groups",
]  # fmt: skip

Ints = NDArray[np.intp]

RECOMMENDING = ("Would not recommend (0 to 6)", "Undecided (7 and 8)", "Would recommend (9 and 10)")
HALVES = ("Less loyal", "More loyal")


@dataclass(frozen=True)
class ThemeGroups:
    """Share of each group that names each theme, beside everybody else.

    ``table``: theme, group, value, low, high, counted, may_lead (whether it may be the theme
    that the group names most), base, difference (from the rest, as a share), difference_low,
    difference_high, p, p_holm (over all pairs compared), apart (whether the difference is
    sure), waves (how many speak in the difference), differs (1 where waves surely differ, so
    that this wave speaks alone), withheld.
    """

    table: pd.DataFrame
    groups: tuple[str, ...]  # in order
    base: int

    def __post_init__(self) -> None:
        shown = self.table[~self.table["withheld"]]
        if shown["value"].lt(0).any() or shown["value"].gt(1).any():
            raise ValueError("a share lies outside 0 to 1")

    @property
    def apart(self) -> pd.DataFrame:
        """Pairs of theme and group that surely differ from the rest, the largest first."""
        sure = self.table[self.table["apart"].fillna(False).astype(bool)]
        return sure.sort_values("difference", key=lambda d: -d.abs(), kind="stable")

    def of(self, group: str) -> pd.DataFrame:
        """A group's themes, most named first; those withheld last."""
        rows = self.table[self.table["group"] == group]
        return rows.sort_values("value", ascending=False, kind="stable")


def loyalty_groups(
    attitude: pd.DataFrame,
    behaviour: pd.DataFrame,
    loyalty: pd.Series,
    *,
    recommend: ArrayLike | None = None,
    scale: tuple[float, float] | None = None,
    cuts: tuple[float, float] = CUTS,
) -> pd.Series:
    """Sort respondents by loyalty, the least loyal first.

    By the segments of the loyalty matrix where both sides were asked; else by would they
    recommend, where that was asked from 0 to 10; else by a score, at the attitude's cut.

    Parameters
    ----------
    attitude, behaviour
        Answers of 0-100, one column a question; without columns where not asked.
    loyalty
        Scores of 0-100 that serve without either, on the same index.
    recommend, scale
        Answers to whether they would recommend, and both ends of their scale.
    cuts
        The lowest attitude and behaviour that count as high.

    Returns
    -------
    Series
        An ordered category a respondent; missing where not answered.

    Examples
    --------
    >>> nothing = pd.DataFrame(index=range(3))
    >>> loyalty_groups(nothing, nothing, pd.Series([50.0, 80.0, None])).tolist()
    ['Less loyal', 'More loyal', nan]
    """
    if len(attitude.columns) and len(behaviour.columns):
        found = segments(axis_scores(attitude), axis_scores(behaviour), cuts=cuts)
        return found.astype(pd.CategoricalDtype(list(SEGMENTS[::-1]), ordered=True))
    asked = recommend is not None and scale == (0, 10)
    scores = column(recommend if asked else loyalty)  # type: ignore[arg-type]
    edges = [-np.inf, 7.0, 9.0, np.inf] if asked else [-np.inf, cuts[0], np.inf]
    names = list(RECOMMENDING if asked else HALVES)
    return pd.cut(scores, edges, right=False, labels=names, ordered=True)


def recoded(groups: pd.Series, minimum: int, counting: pd.Series | None = None) -> pd.Series:
    """Join groups that are too small to show with the next in order.

    Joining loses less than hiding: a small group hidden takes a large one with it, which
    would give it away by subtraction.

    Parameters
    ----------
    groups
        An ordered category a respondent who commented.
    minimum
        The fewest respondents a group may have.
    counting
        Whose groups have to be so large, where ``groups`` holds others too: those of this wave.

    References
    ----------
    Hundepool and others (2012), Statistical Disclosure Control: global recoding.

    Examples
    --------
    >>> small = pd.Series(["low"] * 3 + ["mid"] + ["high"] * 4)
    >>> order = pd.CategoricalDtype(["low", "mid", "high"], ordered=True)
    >>> recoded(small.astype(order), 2).cat.categories.tolist()
    ['low', 'mid or high']
    """
    here = groups if counting is None else groups[counting]
    parts = [[c] for c in groups.cat.categories if (here == c).any()]

    def size(part: list[str]) -> int:
        return int(here.isin(part).sum())

    while len(parts) > 1 and min(map(size, parts)) < minimum:
        place = min(range(len(parts)), key=lambda i: size(parts[i]))
        start = min(place, len(parts) - 2)
        parts[start : start + 2] = [parts[start] + parts[start + 1]]
    names = {c: " or ".join(part) for part in parts for c in part}
    order = pd.CategoricalDtype(list(dict.fromkeys(names.values())), ordered=True)
    return groups.astype(object).map(names).astype(order)


def theme_groups(
    coding: Coding,
    groups: pd.Series,
    design: SurveyDesign | None = None,
    *,
    minimum: int = 10,
    away: Iterable[str] = (),
    test: int = 30,
    confidence: float = 0.95,
) -> ThemeGroups:
    """Share of each group that names each theme, with what sets it apart from the rest.

    Differences are tested where both sides have ``test`` respondents and, were they alike,
    would hold five who name the theme and five who do not; a score test, with Holm's
    correction over all of them. Groups under ``minimum`` are withheld, along with as many
    as would give them away by subtraction. Respondents without a label are in no group.

    Parameters
    ----------
    coding
        As :func:`coded` returns it.
    groups
        A label for each respondent, by response_id: a segment of the loyalty matrix, a
        tier, a region. An ordered category keeps its order. With labels of earlier waves too,
        and a design over waves, differences are taken from all waves where they agree, each
        about itself; shares stay those of this wave.
    design
        As for :func:`theme_shares`.
    away
        Groups to withhold as well, as other groups of the same people would give them away.

    Raises
    ------
    NotEstimable
        If no respondent who commented has a group.

    Examples
    --------
    >>> from helpers.methods.comments import coded, gathered, theme_frame
    >>> said = pd.DataFrame({"response_id": range(40), "question": "q",
    ...                      "text": ["Late!"] * 15 + ["ok"] * 25})
    >>> people = pd.DataFrame({"wave": "w"}, index=range(40))
    >>> frame = theme_frame(pd.DataFrame({"theme": ["late"], "words": ["late"]}))
    >>> made = coded(gathered(said, people, "w"), frame, rng=np.random.default_rng(1))
    >>> tiers = pd.Series(["A"] * 20 + ["B"] * 20)
    >>> theme_groups(made, tiers).table[["group", "value", "base"]].to_dict("records")
    [{'group': 'A', 'value': 0.75, 'base': 20}, {'group': 'B', 'value': 0.0, 'base': 20}]
    """
    labels = groups.reindex(coding.codes.index)
    here = labels[coding.current]
    if not here.notna().any():
        raise NotEstimable("no respondent who commented belongs to a group, so none is compared")
    names = _ordered(here)
    table = _compared(coding, names, labels, Reading.of(coding, design), test, confidence)
    table = _as_waves_agree(table, confidence)
    table["p_holm"] = holm(table["p"])
    table["apart"] = table["p_holm"].le(level(confidence, OF_COMMENTS)).astype(object)
    hidden = disclosure.suppress(table, "base", minimum, (), whole="theme")["withheld"]
    shown = disclosure.withhold(
        table, (hidden | table["group"].isin(list(away))).to_numpy(), PRIVATE
    )
    return ThemeGroups(shown, names, int(here.notna().sum()))


def _compared(
    coding: Coding, names: Sequence[str], labels: pd.Series, reading: Reading,
    test: int, confidence: float,
) -> pd.DataFrame:  # fmt: skip
    """A row for each theme and group, themes in the order of the frame."""
    texts = labels.astype(object).map(str, na_action="ignore")
    accounts = accounts_of(reading.clusters)
    placed, waves = coding.current & texts.notna(), _waves(coding, texts, reading)
    parts = [
        Sides(
            coding, reading, placed & (texts == name), placed & (texts != name), accounts,
            confidence, waves, (texts == name, texts.notna() & (texts != name)),
        ).table(name, test)
        for name in names
    ]  # fmt: skip
    order = {theme: place for place, theme in enumerate(reading.themes)}
    return pd.concat(parts).sort_values(
        "theme", key=lambda c: c.map(order), kind="stable", ignore_index=True
    )


def _waves(coding: Coding, texts: pd.Series, reading: Reading) -> list[NDArray[np.bool_]]:
    """Which comments are of each wave whose groups are known, the last one last."""
    of = reading.design.waves
    if of is None:
        return []
    of = of.reindex(coding.codes.index)
    last = of[coding.current].iloc[0]
    known = [wave for wave in of[texts.notna()].unique() if wave != last]
    return [(of == wave).to_numpy(bool) for wave in [*known, last]]


def _as_waves_agree(table: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """This wave's own difference where waves surely tell different ones (Holm over all pairs)."""
    if "p_waves" not in table:
        return table.assign(differs=np.nan)
    differs = holm(table["p_waves"]).le(1 - confidence)
    made = table.assign(differs=differs.astype(float).where(table["waves"].notna()))
    for name in NUMBERS:
        made[name] = made[name].mask(differs, made[f"own_{name}"])
    return made.drop(columns=["p_waves", *(f"own_{name}" for name in NUMBERS)])


def theme_groupings(
    coding: Coding,
    ways: Mapping[str, pd.Series],
    design: SurveyDesign | None = None,
    *,
    minimum: int = 10,
    test: int = 30,
    confidence: float = 0.95,
) -> dict[str, ThemeGroups]:
    """Share of each group that names each theme, for several ways of grouping the same people.

    What the ways give away together is withheld, those that come first kept; tests are
    corrected for all that is compared in any of them.

    Parameters
    ----------
    ways
        A label for each respondent, by response_id, for each way; the first matters most.
    design, minimum, test, confidence
        As for :func:`theme_groups`.
    """
    here = coding.codes.index[coding.current]
    named = {name: _or_unknown(way.reindex(here)) for name, way in ways.items()}
    safe = disclosure.protect(pd.DataFrame(named, index=here), minimum)
    found = {
        name: theme_groups(
            coding,
            _over(way, _renamed(way.reindex(here), safe.groups[name])),
            design,
            away=safe.withheld(name),
            minimum=minimum,
            test=test,
            confidence=confidence,
        )
        for name, way in ways.items()
    }
    return jointly(found, confidence=confidence)


def _or_unknown(labels: pd.Series) -> pd.Series:
    plain = labels.astype(object)
    return plain.where(labels.notna(), disclosure.UNKNOWN)


def _over(way: pd.Series, now: pd.Series) -> pd.Series:
    """This wave's labels as they may be shown, and those of earlier waves by the same names."""
    earlier = way.drop(now.index.intersection(way.index))
    shown = now.astype(object)
    joined = dict(zip(way.reindex(now.index).astype(object), shown, strict=True))
    named = earlier.astype(object).map(lambda label: joined.get(label, label))
    return pd.concat([named.where(earlier.notna(), None), shown]).astype(now.dtype)


def _renamed(labels: pd.Series, merged: pd.Series) -> pd.Series:
    """Labels after a few unknown were merged with a group, in their order if they have one."""
    named = merged.where(merged != disclosure.UNKNOWN)
    if not isinstance(labels.dtype, pd.CategoricalDtype):
        return named
    joined = dict(zip(labels.astype(object), merged, strict=True))
    names = [joined.get(name, name) for name in labels.cat.categories]
    return named.astype(pd.CategoricalDtype(list(dict.fromkeys(names)), ordered=True))


def jointly(
    found: Mapping[str, ThemeGroups], *, confidence: float = 0.95
) -> dict[str, ThemeGroups]:
    """Several ways of grouping the same people, corrected for all that is compared in any.

    Parameters
    ----------
    found
        As :func:`theme_groups` returns each.

    Examples
    --------
    >>> rows = pd.DataFrame({"theme": ["a", "b"], "group": "x", "value": 0.5, "difference": 0.2,
    ...                      "p": [0.03, 0.2], "withheld": False})
    >>> alone = ThemeGroups(rows, ("x",), 90)
    >>> both = jointly({"tier": alone, "region": alone})
    >>> both["region"].table["p_holm"].tolist()
    [0.12, 0.4]
    """
    p = pd.concat({name: groups.table["p"] for name, groups in found.items()})
    whole = holm(p)
    tables = {
        name: groups.table.assign(
            p_holm=whole[name], apart=whole[name].le(level(confidence, OF_COMMENTS)).astype(object)
        )
        for name, groups in found.items()
    }
    return {name: replace(groups, table=tables[name]) for name, groups in found.items()}


def _ordered(labels: pd.Series) -> tuple[str, ...]:
    found = labels.dropna()
    if isinstance(labels.dtype, pd.CategoricalDtype):
        return tuple(str(c) for c in labels.cat.categories if (found == c).any())
    return tuple(sorted(found.astype(str).unique()))
