"""The tables of the drivers chapter, as they stand on the page."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd

from helpers.errors import NotEstimable
from helpers.methods import drivers
from helpers.methods.survey import SurveyDesign
from helpers.views.drivers.charts_shapes import looks_like
from helpers.views.drivers.figures_shapes import bend_where, reasons, whole
from helpers.views.rendering.naming import Labels, named, plain
from helpers.views.rendering.numerals import formatter
from helpers.views.rendering.rules import listed
from helpers.views.rendering.sentences import Sentence, show_folded
from helpers.views.rendering.tables import Column, Table, show

QUADRANTS = {
    "improve": "Improve", "keep up": "Keep up", "leave": "Leave", "hold": "Hold"
}  # fmt: skip
CELLS = {
    "both": "Both", "derived only": "Hidden", "stated only": "Said only", "neither": "Neither",
    "unclear": "Unclear",
}  # fmt: skip
DIFFERS = {True: "differs", False: "no difference shown"}
MOST_DOMINATED = 15  # drivers: every set of them is compared, which doubles with each


def _left_out(dropped: Labels, labels: Labels) -> str:
    """What a table leaves out and why, after its note."""
    why = "; ".join(reasons(dropped, labels))
    return f" Left out: {why}." if why else ""


def _labelled(table: pd.DataFrame, labels: Labels, **more: Any) -> pd.DataFrame:  # noqa: ANN401
    return table.assign(label=named(table["driver"], labels), **more)


def _estimate(name: str, heading: str, unit: str = "decimal2") -> dict[str, Column]:
    return {name: (heading, unit, f"{name}_low", f"{name}_high")}


def groups(
    table: pd.DataFrame, found: drivers.Ranking, *, outcome: str, counted: str
) -> Table | Sentence:
    """The same of groups of questions, as :func:`figures.rows` has them; nothing without groups."""
    if not found.grouped:
        return Sentence("", "")
    return ranked(
        table, found.importance, found.chosen, outcome=outcome, counted=counted, what="Groups"
    )


def ranked(
    table: pd.DataFrame, importance: drivers.Importance, chosen: drivers.Priorities, *,
    outcome: str, counted: str, what: str = "Drivers",
) -> Table:  # fmt: skip
    """Drivers by what lifting their low ratings is linked to, as :func:`figures.rows` has them."""
    by_scale = (
        " Scales differ in length: effects are of a tenth of each driver's own scale, means in "
        "its own points."
    )
    each = " Effect of a group: that of one point more on each of the questions in it." * (
        what == "Groups"
    )
    return show(
        table,
        caption=f"{what}, by what lifting low ratings is linked to",
        columns={
            "label": what[:-1],
            "mean": ("Mean rating", "decimal2"),
            "base": ("Answers", "count"),
            **_estimate("effect", f"Effect of a {'tenth' if chosen.by_scale else 'point'}"),
            "share": ("Share explained", "share", "low", "high"),
            "best": ("Chance of being the best", "share"),
            "regret": ("Loses against the best", "decimal2"),
        },
        note=f"Effects in points of {outcome}. Best: lifting no other driver's low ratings to the "
        "target is linked to more; loses: the points by which its own are expected to fall short "
        f"of that.{each} Base: {importance.base:,} {counted}. "
        f"{_explained(importance)}." + by_scale * chosen.by_scale,
    )


def _explained(found: drivers.Importance) -> str:
    """R² as it is and adjusted for the number of drivers; McFadden's is called so.

    >>> from types import SimpleNamespace
    >>> nan = float("nan")
    >>> _explained(SimpleNamespace(r_squared=0.41, adjusted=0.4, adjusted_low=nan,
    ...     adjusted_high=nan, always=()))
    'R² 0.41, 0.40 adjusted for the number of drivers'
    """
    if found.adjusted != found.adjusted:
        return f"McFadden's R² {found.r_squared:.2f}"
    held = " of drivers and ratings held constant" if found.always else ""
    ends = f" ({found.adjusted_low:.2f} to {found.adjusted_high:.2f})"
    interval = ends if found.adjusted_low == found.adjusted_low else ""
    return (
        f"R²{held} {found.r_squared:.2f}, {found.adjusted:.2f}{interval} adjusted for the number "
        "of drivers"
    )


def inside(found: drivers.Ranking, labels: Labels, *, outcome: str, counted: str) -> Sentence:
    """What each group explains, divided among its questions, folded; nothing without groups."""
    within = found.importance.within
    if within is None:
        return Sentence("", "")
    group = within["group"].map({name: labels.get(name, name) for name in within["group"]})
    order = {name: place for place, name in enumerate(found.importance.table["driver"])}
    sorted_by = within.assign(place=within["group"].map(order), group=group)
    return show_folded(
        "The questions of each group",
        _labelled(sorted_by.sort_values(["place", "share"], ascending=[True, False]), labels),
        caption="What each group explains, divided among its questions",
        columns={
            "group": "Group",
            "label": "Question",
            "share": ("Share explained", "share", "low", "high"),
        },
        note=f"Shares of what all drivers explain of {outcome}: groups enter the model whole, in "
        "every order, and within a group its questions do (Owen values). Base: "
        f"{found.importance.base:,} {counted}.",
    )


def raw(table: pd.DataFrame, chosen: drivers.Priorities) -> Table:
    """The same drivers, lowest rating first."""
    lowest = " Lowest is by the share of the way up each scale." if chosen.by_scale else ""
    return show(
        table.sort_values("rank_raw"),
        caption="The same drivers, lowest rating first",
        columns={
            "label": "Driver",
            **_estimate("mean", "Mean rating"),
            "rank_raw": ("Rank by lowest score", "count"),
            "rank_potential": ("Rank by what lifting it is linked to", "count"),
        },
        note="Lifting: all ratings below the target up to it." + lowest,
    )


def places(found: drivers.Positions, labels: Labels) -> Sentence:
    """Where each driver lies under each line, and whether that is firm; folded."""
    texts = [
        f"{QUADRANTS[quadrant]} ({chance:.0%})"
        for quadrant, chance in zip(found.table["quadrant"], found.table["chance"], strict=True)
    ]
    wide = found.table.assign(text=texts).pivot(index="driver", columns="crosshair", values="text")
    firm = found.summary.set_index("driver")["quadrant"]
    each = found.table.groupby("driver")["quadrant"].unique()
    under = [_under_all(firm[driver], each[driver]) for driver in wide.index]
    return show_folded(
        "Where each driver lies under other lines",
        _labelled(wide.reset_index(), labels, firm=under),
        caption="Where each driver lies, by where the performance line is drawn",
        columns={
            "label": "Driver",
            **{line: f"Line at the {line}" for line in found.table["crosshair"].unique()},
            "firm": "Under all",
        },
        note="In brackets: how often, in bootstrap samples of accounts. Important is more than an "
        f"equal share; a place is firm from {found.probability:.0%} under every line. Hold: rated "
        "well, with a small share; it may still be missed when it gets worse.",
    )


def _under_all(firm: str, places: Collection[str]) -> str:
    """A driver's place under all lines: firm, the same but not firm, or hanging on the line."""
    if firm in QUADRANTS:
        return QUADRANTS[firm]
    (place, *others) = places
    return "Depends on the line" if others else f"{QUADRANTS[place]}, not firm"


def shapes(found: drivers.Asymmetry, labels: Labels, *, outcome: str, counted: str) -> Sentence:
    """Cut-offs, coefficients, index, chances and test behind the classes, folded."""
    return show_folded(
        "The cut-offs, chances and tests behind these classes",
        _labelled(found.table, labels, looks=looks_like(found.table)),
        caption="Penalty and reward behind the classes",
        columns={
            "label": "Driver",
            "low_to": ("Low up to", "decimal0"),
            "n_low": ("Low", "count"),
            "high_from": ("High from", "decimal0"),
            "n_high": ("High", "count"),
            **_estimate("penalty", "Penalty"),
            **_estimate("reward", "Reward"),
            "index": ("Index", "decimal2"),
            "floor": ("Chance of floor", "share"),
            "delighter": ("Chance of delighter", "share"),
            "p_holm": ("p of low and high alike, corrected", "p"),
            "looks": "Class",
        },
        note=f"Penalty and reward: points of {outcome} for each point that low, or high, ratings "
        "lie from the mean of the middle ones, holding the other drivers constant. Index from -1 "
        f"(penalty only) to 1 (reward only). A driver looks like a class from a chance of "
        f"{found.probability:.0%}, with a clear penalty or reward; it is clear where the test, "
        f"corrected for {len(found.table)} drivers (Holm), and its curve say so too. Base: "
        f"{found.base:,} {counted}." + _left_out(found.dropped, labels),
    )


def thresholds(found: drivers.Curves, labels: Labels, *, outcome: str) -> Sentence:
    """Shape, threshold and slopes of each curve, folded."""
    where = [
        "–" if row["threshold"] != row["threshold"] else bend_where(row)
        for _, row in found.table.iterrows()
    ]
    return show_folded(
        "Bends and slopes of every curve",
        _labelled(found.table, labels, where=where),
        caption="Shape of each curve",
        columns={
            "label": "Driver",
            "shape": "Shape",
            "where": "Bend at",
            **_estimate("below", "A point below"),
            **_estimate("above", "A point above"),
            "p_holm": ("p of a straight line, corrected", "p"),
            "base": ("Answers", "count"),
        },
        note=f"In points of {outcome}. Without a bend both slopes are that of one straight line, "
        "fitted with the curves of the others: to quote an effect, take that of the first table. "
        f"p is corrected for every rating tried and for {len(found.table)} drivers (Holm).",
    )


def stated_table(found: drivers.Stated, labels: Labels, *, counted: str) -> Table:
    """Each driver's two kinds of importance, and its cell."""
    unit = "share" if found.derived == "share" else "decimal2"
    return show(
        _labelled(found.table, labels, place=found.table["cell"].map(CELLS)),
        caption="What customers say, and what their loyalty depends on",
        columns={
            "label": "Driver",
            **_estimate("stated", "Stated, against the average driver", "change"),
            **_estimate("derived", "Derived share", unit),
            "place": "Place",
        },
        note=f"Stated importance in points of a scale from 0 to 100. Base: {found.base:,} "
        f"{counted}. A place from a chance of {found.probability:.0%}.",
    )


def potential(
    found: drivers.Potential, labels: Labels, *, outcome: str, unit: str, counted: str,
    steps: Mapping[str, float] | None = None,
) -> Table:  # fmt: skip
    """Effect, reach and headroom, and what they make together; in steps where scales differ."""
    written = "decimal1" if unit == "index" else "decimal2"
    table, tenths = found.table, bool(steps) and set((steps or {}).values()) != {1.0}
    bent = listed(named(table.loc[table["bent"], "driver"], labels))
    along = f" Effect of {bent}: along the curve, which bends, up to the target." if bent else ""
    if steps and tenths:
        step = table["driver"].map(steps)
        table = table.assign(effect=table["effect"] * step, headroom=table["headroom"] / step)
    return show(
        _labelled(table, labels),
        caption="What lifting everybody below the target up to it is linked to",
        columns={
            "label": "Driver",
            "effect": (f"Effect of a {'tenth of the scale' if tenths else 'point'}", "decimal2"),
            "target": ("Target", whole(*table["target"])),
            "reach": ("Ratings below it", "share"),
            "headroom": (f"{'Tenths' if tenths else 'Points'} they lack", "decimal1"),
            "potential": ("Potential", written, "low", "high"),
            "first": ("Chance of the largest potential", "share"),
            "base": ("Answers", "count"),
        },
        note=f"Effect × ratings below × {'tenths' if tenths else 'points'} they lack, in points of "
        f"{outcome} over all {counted}. Base: {found.base:,} {counted}. Largest first.{along}",
    )


def costs(
    found: drivers.Costed, labels: Labels, *, currency: str, outcome: str, counted: str
) -> Table:
    """Candidate actions by what they are linked to for their cost."""
    money = f"money:{currency}"
    left = [f"{name}: {why}" for name, why in found.left_out.items()]
    out = f" Left out: {'; '.join(left)}." if left else ""
    return show(
        _labelled(found.table, labels),
        caption="Listed actions, by what they are linked to for their cost",
        columns={
            "name": "Action",
            "label": "Driver",
            "cost": ("Cost, first year", money),
            "gain": ("Expected gain", "decimal2", "low", "high"),
            "positive": ("Chance of any gain", "share"),
            "for_cost": (f"Gain for {formatter(money)(found.money)}", "decimal2"),
        },
        note=f"Gain: effect × change × adoption × share reached, in points of {outcome} over all "
        f"{counted}. Cost: once, and of the first year; savings are not deducted.{out}",
    )


def _by(table: pd.DataFrame, labels: Labels) -> list[str]:
    return [labels.get(name, plain(name)) for name in table["by"]]


def segment_tests(found: drivers.Segments, labels: Labels) -> Sentence:
    """Every test, corrected, folded."""
    tests = found.tests
    return show_folded(
        "Every test",
        _labelled(tests, labels, by=_by(tests, labels), found=tests["differs"].map(DIFFERS)),
        caption="Does a driver matter alike in every segment?",
        columns={
            "label": "Driver",
            "by": "Segments by",
            "p": ("p", "p"),
            "p_holm": ("p, corrected", "p"),
            "pooled": ("Over all segments", "decimal2", "pooled_low", "pooled_high"),
            "spread": ("Spread between segments", "decimal2", "spread_low", "spread_high"),
            "seen": ("Would be seen from", "decimal2"),
            "found": "Found",
        },
        note=f"{len(tests)} tests, corrected together (Holm). Smallest first. Would be seen "
        "from: the difference between one segment's effect of a point and the others' that the "
        "test finds four times in five. Spread: the standard deviation of effects between "
        "segments that chance does not explain." + _left_out(found.dropped, labels),
    )


def segment_effects(
    found: drivers.Segments, labels: Labels, *, outcome: str, smallest: int
) -> Sentence:
    """Effects by segment with their own bases, folded."""
    kept = found.table[found.table["base"] >= smallest]
    return show_folded(
        "Effects in every segment",
        _labelled(kept, labels, by=_by(kept, labels), segment=kept["segment"].map(plain)),
        caption="Effect of a point, by segment",
        columns={
            "label": "Driver",
            "by": "Segments by",
            "segment": "Segment",
            "effect": ("Effect of a point", "decimal2", "low", "high"),
            "base": ("Base", "count"),
        },
        note=f"In points of {outcome}. Intervals are not corrected: the tests say what differs.",
    )


def dominated(
    ratings: pd.DataFrame,
    outcome: pd.Series,
    design: SurveyDesign | None = None,
    **options: Any,  # noqa: ANN401
) -> drivers.Dominance:
    """Dominance, where there are few enough drivers for every set of them."""
    if ratings.shape[1] - len(options.get("always", ())) > MOST_DOMINATED:
        raise NotEstimable(
            f"dominance compares every set of drivers: with {ratings.shape[1]} of them that takes "
            f"too long, with at most {MOST_DOMINATED} it does not"
        )
    return drivers.dominance(ratings, outcome, design, **options)


def dominance(found: drivers.Dominance, labels: Labels) -> Sentence:
    """General dominance and which drivers beat which, folded."""
    beaten = found.pairs.groupby("driver")[["complete", "conditional"]].sum()
    table = found.table.merge(beaten, left_on="driver", right_index=True, how="left")
    held = (
        f", on top of {found.always_r_squared:.2f} by ratings held constant" if found.always else ""
    )
    return show_folded(
        "Dominance analysis, for those who ask",
        _labelled(table, labels),
        caption="Dominance: what each driver adds to what is explained",
        columns={
            "label": "Driver",
            "general": ("On average", "decimal3"),
            "alone": ("Alone", "decimal3"),
            "last": ("After all others", "decimal3"),
            "complete": ("Drivers it beats in every set", "count"),
            "conditional": ("At every size of set", "count"),
        },
        note=f"Gains in R² of a straight line ({found.r_squared:.2f} in all{held}). "
        f"Base: {found.base:,}.",
    )
