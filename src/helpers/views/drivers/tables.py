"""The drivers chapter's charts and tables of its further analyses, as they stand on the page."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd

from helpers.errors import NotEstimable
from helpers.methods import drivers
from helpers.methods.drivers import (
    Asymmetry,
    Curves,
    Dominance,
    Importance,
    Joint,
    Positions,
    Potential,
    Priorities,
    Segments,
    Stated,
)
from helpers.methods.survey.disclosure import suppress
from helpers.views.drivers import charts_positions, charts_shapes
from helpers.views.drivers.charts_shapes import looks_like
from helpers.views.drivers.figures_shapes import bend_where, reasons
from helpers.views.rendering.chart import Chart
from helpers.views.rendering.naming import plain
from helpers.views.rendering.rules import listed
from helpers.views.rendering.sentences import Sentence, folded
from helpers.views.rendering.tables import Format, Table, show

SIDES = ("low", "high")
QUADRANTS = {
    "improve": "Improve", "keep up": "Keep up", "leave": "Leave", "hold": "Hold"
}  # fmt: skip
CELLS = {
    "both": "Both", "derived only": "Hidden", "stated only": "Said only", "neither": "Neither",
    "unclear": "Unclear",
}  # fmt: skip


MOST_DOMINATED = 15  # drivers: every set of them is compared, which doubles with each


def _left_out(dropped: Mapping[str, str], labels: Mapping[str, str]) -> str:
    """What a table leaves out and why, after its note."""
    why = "; ".join(reasons(dropped, labels))
    return f" Left out: {why}." if why else ""


def _labelled(table: pd.DataFrame, labels: Mapping[str, str]) -> pd.DataFrame:
    return table.assign(label=table["driver"].map(lambda name: labels.get(name, name)))


def ranked(
    table: pd.DataFrame, importance: Importance, chosen: Priorities, *, outcome: str, counted: str
) -> Table:
    """Drivers by the effect of a step within reach, as :func:`figures.rows` has them."""
    by_scale = (
        " Scales differ in length: effects are of a tenth of each driver's own scale, means in "
        "its own points."
    )
    return show(
        table,
        caption="Drivers, by the effect of a step within reach",
        columns={
            "label": ("Driver", "text"),
            "mean": ("Mean rating", "decimal2"),
            "base": ("Answers", "count"),
            "effect": ("Effect of a tenth" if chosen.by_scale else "Effect of a point", "decimal2"),
            "effect range": ("Interval", ("interval", "effect_low", "effect_high", "decimal2")),
            "share": ("Share explained", "share"),
            "range": ("Interval", ("interval", "low", "high", "share")),
            "top_1": ("Chance of the largest share", "share"),
        },
        note=f"Effects in points of {outcome}. Base: {importance.base:,} {counted}. "
        f"{_explained(importance)}." + (by_scale if chosen.by_scale else ""),
    )


def _explained(found: Importance) -> str:
    """R² as it is and adjusted for the number of drivers; McFadden's is called so.

    >>> from types import SimpleNamespace
    >>> nan = float("nan")
    >>> _explained(SimpleNamespace(r_squared=0.41, adjusted=0.4, adjusted_low=nan,
    ...     adjusted_high=nan, always=()))
    'R² 0.41, 0.40 adjusted for the number of drivers'
    """
    if found.adjusted != found.adjusted:
        return f"McFadden's R² {found.r_squared:.2f}"
    held = " of drivers and ratings held equal" if found.always else ""
    ends = f" ({found.adjusted_low:.2f} to {found.adjusted_high:.2f})"
    interval = ends if found.adjusted_low == found.adjusted_low else ""
    return (
        f"R²{held} {found.r_squared:.2f}, {found.adjusted:.2f}{interval} adjusted for the number "
        "of drivers"
    )


def raw(table: pd.DataFrame, chosen: Priorities) -> Table:
    """The same drivers, lowest rating first."""
    lowest = " Lowest is by the share of the way up each scale." if chosen.by_scale else ""
    return show(
        table.sort_values("rank_raw"),
        caption="The same drivers, lowest rating first",
        columns={
            "label": ("Driver", "text"),
            "mean": ("Mean rating", "decimal2"),
            "mean range": ("Interval", ("interval", "mean_low", "mean_high", "decimal2")),
            "rank_raw": ("Rank by lowest score", "count"),
            "rank_potential": ("Rank by the effect of a step", "count"),
        },
        note="A step is "
        + ("a tenth of the scale" if chosen.by_scale else "a point")
        + ", or what is left to the top of the scale where that is less."
        + lowest,
    )


def regions(
    found: Joint, labels: Mapping[str, str], *, outcome: str, confidence: float, counted: str
) -> Chart:
    """Importance against performance, with the region of both."""
    chart = charts_positions.importance_ellipses(
        found, labels, outcome_label=outcome, confidence=confidence
    )
    return chart.counting(counted)


def crosshairs(found: Positions, labels: Mapping[str, str]) -> Table:
    """Where each driver lies under each line, and whether that is firm."""
    wide = found.table.assign(
        text=found.table["quadrant"].map(QUADRANTS)
        + found.table["chance"].map(lambda chance: f" ({chance:.0%})")
    ).pivot(index="driver", columns="crosshair", values="text")
    lines = list(found.table["crosshair"].unique())
    firm = found.summary.set_index("driver")["quadrant"]
    places = found.table.groupby("driver")["quadrant"].unique()
    table = wide.reset_index().assign(
        firm=lambda t: [_under_all(firm[driver], places[driver]) for driver in t["driver"]]
    )
    return show(
        _labelled(table, labels),
        caption="Where each driver lies, by where the performance line is drawn",
        columns={
            "label": ("Driver", "text"),
            **{line: (f"Line at the {line}", "text") for line in lines},
            "firm": ("Under all", "text"),
        },
        note="In brackets: how often, in bootstrap samples of accounts. Important is more than an "
        f"equal share; a place is firm from {found.probability:.0%} under every line. Hold: rated "
        "well, with a small share; it may still be missed when it gets worse.",
    )


def places(found: Positions, labels: Mapping[str, str]) -> Sentence:
    """Where each driver lies under each line, folded."""
    return folded("Where each driver lies under other lines", crosshairs(found, labels))


def _under_all(firm: str, places: Collection[str]) -> str:
    """A driver's place under all lines: firm, the same but not firm, or hanging on the line."""
    if firm in QUADRANTS:
        return QUADRANTS[firm]
    (place, *others) = places
    return "Depends on the line" if others else f"{QUADRANTS[place]}, not firm"


def penalty_reward(
    found: Asymmetry, labels: Mapping[str, str], *, outcome: str, counted: str
) -> Chart:
    """What low ratings cost and high ones bring."""
    return charts_shapes.penalty_reward(found, labels, outcome_label=outcome).counting(counted)


def shapes(found: Asymmetry, labels: Mapping[str, str], *, outcome: str, counted: str) -> Sentence:
    """Cut-offs, coefficients, index, chances and test behind the classes, folded."""
    table = show(
        _labelled(found.table, labels).assign(looks=looks_like(found.table)),
        caption="Penalty and reward behind the classes",
        columns={
            "label": ("Driver", "text"),
            "low_to": ("Low up to", "decimal0"),
            "n_low": ("Low", "count"),
            "high_from": ("High from", "decimal0"),
            "n_high": ("High", "count"),
            **_with_interval("penalty", "Penalty", "decimal2"),
            **_with_interval("reward", "Reward", "decimal2"),
            "index": ("Index", "decimal2"),
            "floor": ("Chance of floor", "share"),
            "delighter": ("Chance of delighter", "share"),
            "p_holm": ("p of low and high alike, corrected", "p"),
            "looks": ("Class", "text"),
        },
        note=f"Penalty and reward: points of {outcome} for each point that low, or high, ratings "
        "lie from the mean of the middle ones, holding the other drivers constant. Index from -1 "
        f"(penalty only) to 1 (reward only). A driver looks like a class from a chance of "
        f"{found.probability:.0%}, with a clear penalty or reward; it is clear where the test, "
        f"corrected for {len(found.table)} drivers (Holm), and its curve say so too. Base: "
        f"{found.base:,} {counted}." + _left_out(found.dropped, labels),
    )
    return folded("The cut-offs, chances and tests behind these classes", table)


def _with_interval(name: str, heading: str, unit: str) -> dict[str, tuple[str, Format]]:
    low, high = (f"{name}_{side}" for side in SIDES)
    return {name: (heading, unit), f"{name} range": ("Interval", ("interval", low, high, unit))}


def curve_points(found: Curves, smallest: int) -> pd.DataFrame:
    """Points of the curves, with ratings that too few gave withheld."""
    return suppress(found.points, "base", smallest, ["adjusted", "base"], whole="driver")


def curves(
    found: Curves, labels: Mapping[str, str], *, smallest: int, outcome: str, counted: str
) -> Chart:
    """How the outcome goes along each driver."""
    points = curve_points(found, smallest)
    chart = charts_shapes.response_curves(found, labels, points=points, outcome_label=outcome)
    return chart.counting(counted)


def thresholds(found: Curves, labels: Mapping[str, str], *, outcome: str) -> Sentence:
    """Shape, threshold and slopes of each curve, folded."""
    where = [
        "–" if row["threshold"] != row["threshold"] else bend_where(row)
        for _, row in found.table.iterrows()
    ]
    table = show(
        _labelled(found.table, labels).assign(where=where),
        caption="Shape of each curve",
        columns={
            "label": ("Driver", "text"),
            "shape": ("Shape", "text"),
            "where": ("Bend at", "text"),
            **_with_interval("below", "A point below", "decimal2"),
            **_with_interval("above", "A point above", "decimal2"),
            "p_holm": ("p of a straight line, corrected", "p"),
            "base": ("Answers", "count"),
        },
        note=f"In points of {outcome}. Without a bend both slopes are that of one straight line, "
        "fitted with the curves of the others: to quote an effect, take that of the first table. "
        f"p is corrected for every rating tried and for {len(found.table)} drivers (Holm).",
    )
    return folded("Bends and slopes of every curve", table)


def stated(found: Stated, labels: Mapping[str, str], *, outcome: str, counted: str) -> Chart:
    """What customers say matters against what the outcome depends on."""
    return charts_positions.stated_derived(found, labels, outcome_label=outcome).counting(counted)


def stated_table(found: Stated, labels: Mapping[str, str], *, counted: str) -> Table:
    """Each driver's two kinds of importance, and its cell."""
    named = found.table.assign(place=found.table["cell"].map(CELLS))
    unit = "share" if found.derived == "share" else "decimal2"
    return show(
        _labelled(named, labels),
        caption="What customers say, and what their loyalty depends on",
        columns={
            "label": ("Driver", "text"),
            **_with_interval("stated", "Stated, against the average driver", "change"),
            **_with_interval("derived", "Derived share", unit),
            "place": ("Place", "text"),
        },
        note=f"Stated importance in points of a scale from 0 to 100. Base: {found.base:,} "
        f"{counted}. A place from a chance of {found.probability:.0%}.",
    )


def potential(
    found: Potential, labels: Mapping[str, str], *, outcome: str, unit: str, counted: str
) -> Table:
    """Effect, reach and headroom, and what they make together."""
    written = "decimal1" if unit == "index" else "decimal2"
    bent = listed([labels.get(d, d) for d in found.table.loc[found.table["bent"], "driver"]])
    along = f" Effect of {bent}: along the curve, which bends, up to the target." if bent else ""
    return show(
        _labelled(found.table, labels),
        caption="What lifting everybody below the target up to it is linked to",
        columns={
            "label": ("Driver", "text"),
            "effect": ("Effect of a point", "decimal2"),
            "target": ("Target", "decimal0"),
            "reach": ("Ratings below it", "share"),
            "headroom": ("Points they lack", "decimal1"),
            "potential": ("Potential", written),
            "range": ("Interval", ("interval", "low", "high", written)),
            "first": ("Chance of the largest potential", "share"),
            "base": ("Answers", "count"),
        },
        note=f"Effect × ratings below × points they lack, in points of {outcome} over all "
        f"{counted}. Base: {found.base:,} {counted}. Largest first.{along}",
    )  # fmt: skip


def segment_tests(found: Segments, labels: Mapping[str, str]) -> Sentence:
    """Every test, corrected, folded."""
    table = show(
        _labelled(found.tests, labels).assign(
            by=found.tests["by"].map(lambda name: labels.get(name, plain(name))),
            found=found.tests["differs"].map({True: "differs", False: "no difference shown"}),
        ),
        caption="Does a driver matter alike in every segment?",
        columns={
            "label": ("Driver", "text"),
            "by": ("Segments by", "text"),
            "p": ("p", "p"),
            "p_holm": ("p, corrected", "p"),
            "seen": ("Would be seen from", "decimal2"),
            "found": ("Found", "text"),
        },
        note=f"{len(found.tests)} tests, corrected together (Holm). Smallest first. Would be seen "
        "from: the difference between one segment's effect of a point and the others' that the "
        "test finds four times in five." + _left_out(found.dropped, labels),
    )
    return folded("Every test", table)


def segment_effects(
    found: Segments, labels: Mapping[str, str], *, outcome: str, smallest: int
) -> Sentence:
    """Effects by segment with their own bases, folded."""
    kept = found.table[found.table["base"] >= smallest]
    table = show(
        _labelled(kept, labels).assign(
            by=kept["by"].map(lambda name: labels.get(name, plain(name))),
            segment=kept["segment"].map(plain),
        ),
        caption="Effect of a point, by segment",
        columns={
            "label": ("Driver", "text"),
            "by": ("Segments by", "text"),
            "segment": ("Segment", "text"),
            "effect": ("Effect of a point", "decimal2"),
            "range": ("Interval", ("interval", "low", "high", "decimal2")),
            "base": ("Base", "count"),
        },
        note=f"In points of {outcome}. Intervals are not corrected: the tests say what differs.",
    )
    return folded("Effects in every segment", table)


def dominated(ratings: pd.DataFrame, outcome: pd.Series, **options: Any) -> Dominance:  # noqa: ANN401
    """Dominance, where there are few enough drivers for every set of them."""
    if ratings.shape[1] - len(options.get("always", ())) > MOST_DOMINATED:
        raise NotEstimable(
            f"dominance compares every set of drivers: with {ratings.shape[1]} of them that takes "
            f"too long, with at most {MOST_DOMINATED} it does not"
        )
    return drivers.dominance(ratings, outcome, **options)


def dominance(found: Dominance, labels: Mapping[str, str]) -> Sentence:
    """General dominance and which drivers beat which, folded."""
    beaten = found.pairs.groupby("driver")[["complete", "conditional"]].sum()
    table = found.table.merge(beaten, left_on="driver", right_index=True, how="left")
    held = f", on top of {found.always_r_squared:.2f} by ratings held equal" if found.always else ""
    shown = show(
        _labelled(table, labels),
        caption="Dominance: what each driver adds to what is explained",
        columns={
            "label": ("Driver", "text"),
            "general": ("On average", "decimal3"),
            "alone": ("Alone", "decimal3"),
            "last": ("After all others", "decimal3"),
            "complete": ("Drivers it beats in every set", "count"),
            "conditional": ("At every size of set", "count"),
        },
        note=f"Gains in R² of a straight line ({found.r_squared:.2f} in all{held}). "
        f"Base: {found.base:,}.",
    )
    return folded("Dominance analysis, for those who ask", shown)
