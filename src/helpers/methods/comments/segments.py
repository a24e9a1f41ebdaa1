"""Which groups of customers name a theme more than the others do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.stats import t

from helpers.errors import NotEstimable
from helpers.methods import disclosure
from helpers.methods.columns import column
from helpers.methods.comments.coding import Coding
from helpers.methods.comments.correction import LinearShare, interval_of, linear_share, variance_of
from helpers.methods.comments.shares import codes_of, readable, weight_of
from helpers.methods.loyalty import SEGMENTS, axis_scores, segments
from helpers.methods.loyalty.segments import CUTS
from helpers.methods.nonresponse import holm

__all__ = ["ThemeGroups", "loyalty_groups", "recoded", "theme_groups"]

RECOMMENDING = ("Would not recommend (0 to 6)", "Undecided (7 and 8)", "Would recommend (9 and 10)")
HALVES = ("Less loyal", "More loyal")
PRIVATE = ("value", "low", "high", "counted", "difference", "difference_low", "difference_high",
           "p", "p_holm", "apart")  # fmt: skip


@dataclass(frozen=True)
class ThemeGroups:
    """Share of each group that names each theme, beside everybody else.

    ``table``: theme, group, value, low, high, counted, base, difference (from the rest,
    as a share), difference_low, difference_high, p, p_holm (over all pairs compared),
    apart (whether the difference is sure), withheld.
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


def recoded(groups: pd.Series, minimum: int) -> pd.Series:
    """Join groups that are too small to show with the next in order.

    Joining loses less than hiding: a small group hidden takes a large one with it, which
    would give it away by subtraction.

    Parameters
    ----------
    groups
        An ordered category a respondent who commented.
    minimum
        The fewest respondents a group may have.

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
    parts = [[c] for c in groups.cat.categories if (groups == c).any()]

    def size(part: list[str]) -> int:
        return int(groups.isin(part).sum())

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
    *,
    weights: pd.Series | None = None,
    minimum: int = 10,
    test: int = 30,
    confidence: float = 0.95,
) -> ThemeGroups:
    """Share of each group that names each theme, with what sets it apart from the rest.

    Differences are tested where both sides have ``test`` respondents, with Holm's
    correction over all of them. Groups under ``minimum`` are withheld, along with as many
    as would give them away by subtraction. Respondents without a label are in no group.

    Parameters
    ----------
    coding
        As :func:`coded` returns it.
    groups
        A label for each respondent, by response_id: a segment of the loyalty matrix, a
        tier, a region. An ordered category keeps its order.
    weights
        Of the respondents, by response_id.

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
    texts = labels.astype(object).where(labels.notna(), None)
    texts = texts.map(str, na_action="ignore")
    weight = weight_of(coding, weights)
    rows = [
        _row(coding, theme, name, texts, weight, test, confidence)
        for theme in readable(coding)
        for name in names
    ]
    table = pd.DataFrame(rows)
    table["p_holm"] = holm(table["p"])
    table["apart"] = table["p_holm"].le(1 - confidence).astype(object)
    shown = disclosure.suppress(table, "base", minimum, PRIVATE, whole="theme")
    return ThemeGroups(shown, names, int(here.notna().sum()))


def _ordered(labels: pd.Series) -> tuple[str, ...]:
    found = labels.dropna()
    if isinstance(labels.dtype, pd.CategoricalDtype):
        return tuple(str(c) for c in labels.cat.categories if (found == c).any())
    return tuple(sorted(found.astype(str).unique()))


def _row(
    coding: Coding, theme: str, name: str, labels: pd.Series, weights: pd.Series | None,
    test: int, confidence: float,
) -> dict[str, object]:  # fmt: skip
    hand, calls = codes_of(coding, theme)
    codes = coding.codes[theme]
    here, known = coding.current & (labels == name), coding.current & codes.notna()
    row: dict[str, object] = {"theme": theme, "group": name, "base": int((here & known).sum())}
    row |= dict.fromkeys(PRIVATE, np.nan)
    clusters = coding.clusters
    if clusters[here & known].nunique() < 2:
        return row
    found = linear_share(hand, calls, here, weights, clusters)
    made = interval_of(found, clusters, confidence)
    row |= {"value": made.value, "low": made.low, "high": made.high}
    row["counted"] = float(codes[here].sum())
    rest = coding.current & labels.notna() & (labels != name)
    if min((here & known).sum(), (rest & known).sum()) < test or clusters[rest].nunique() < 2:
        return row
    others = linear_share(hand, calls, rest, weights, clusters)
    return row | _difference(found, others, clusters, confidence)


def _difference(
    here: LinearShare, rest: LinearShare, clusters: pd.Series, confidence: float
) -> dict[str, object]:
    """Two shares that rest on the same calls, and perhaps on the same accounts."""
    value = here.value - rest.value
    error = variance_of(here.influence - rest.influence, clusters.index, clusters) ** 0.5
    freedom = here.design.units + rest.design.units - 2
    reach = float(t.ppf((1 + confidence) / 2, freedom)) * error
    p = float(2 * t.sf(abs(value) / error, freedom)) if error > 0 else np.nan
    return {
        "difference": value, "difference_low": value - reach, "difference_high": value + reach,
        "p": p,
    }  # fmt: skip
