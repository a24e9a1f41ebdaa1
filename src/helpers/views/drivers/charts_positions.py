"""Charts of drivers in two directions: performance and importance, stated and derived."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse as Oval
from matplotlib.ticker import MaxNLocator

from helpers.views.rendering.chart import (
    Chart,
    base_of,
    corners,
    dashed,
    finite,
    is_narrow,
    named,
    plain_axes,
)
from helpers.views.rendering.intervals import listed, require
from helpers.views.rendering.labels import key_below, place_labels
from helpers.views.rendering.naming import Labels
from helpers.views.rendering.numerals import decimal, percent
from helpers.views.rendering.palette import ACCENT, INK, MUTED, PALE, SMALL
from helpers.views.rendering.rows import number_axis

if TYPE_CHECKING:
    from helpers.methods.drivers import Joint, Stated
    from helpers.methods.drivers.joint import Ellipse

WHOLE = [1, 2, 5, 10]  # steps of shares that are whole per cents
MOST_FACTS = 14  # of an alternative text
FIELDS = ("hidden", "both", "neither", "said only")  # from the top left
Ground = Callable[..., np.ndarray]  # draws all but the dots; gives what names should not cover


def importance_ellipses(
    joint: Joint,
    labels: Labels | None = None,
    *,
    outcome: str = "loyalty",
    confidence: float = 0.95,
    counted: str = "respondents",
) -> Chart:
    """Draw importance against performance with the joint region of both.

    Lines stand at an equal split of importance, at the average rating, and at the target
    where all drivers share one; which side of them a driver lies on is a matter of the line,
    so each is named.

    Parameters
    ----------
    joint
        As ``drivers.joint`` returns it.
    confidence
        Of the ellipses.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> oval = SimpleNamespace(centre=(6.0, 0.7), half_axes=(0.3, 0.1), angle=0.0)
    >>> other = SimpleNamespace(centre=(7.0, 0.3), half_axes=(0.3, 0.1), angle=0.0)
    >>> found = SimpleNamespace(ellipses=lambda c: {"ease": oval, "price": other},
    ...                         aim={"ease": 8.0, "price": 8.0}, by_scale=False, base=300,
    ...                         clusters=None)
    >>> importance_ellipses(found).title
    'What matters against how well it is done'
    """
    regions = joint.ellipses(confidence)
    names = [named(x, labels) for x in regions]
    points = np.array([oval.centre for oval in regions.values()])
    rating = percent if joint.by_scale else partial(decimal, decimals=2)
    facts = [
        f"{label} share {percent(share)}, mean {rating(mean)}"
        for label, (mean, share) in zip(names, points, strict=True)
    ]
    ground = partial(_regions, regions=[*regions.values()], points=points, joint=joint)
    return Chart(
        partial(_named_dots, names=names, points=points, ground=ground),
        "What matters against how well it is done",
        f"Share of explained {outcome} and mean rating: {listed(facts, MOST_FACTS)}.",
        f"Base: {base_of(joint, counted)}. Ellipses: {confidence:.0%} regions of both together. "
        "Further up matters more; further left is done less well.",
        "importance_ellipses",
    )


def _regions(
    ax: Axes, regions: Sequence[Ellipse], points: np.ndarray, joint: Joint, *, narrow: bool
) -> np.ndarray:
    """The ellipses, and the lines at the average, the target and an equal split."""
    outlines = np.vstack([_outline(oval) for oval in regions])
    for oval in regions:
        ax.add_patch(_oval(oval))
    _limits(ax, outlines)
    ax.set_ylim(bottom=0.0)
    average, equal, targets = float(points[:, 0].mean()), 1 / len(points), {*joint.aim.values()}
    rating = percent if joint.by_scale else partial(decimal, decimals=1)
    lines = [f"average {rating(average)}"]
    dashed(ax, x=average)
    if len(targets) == 1 and (target := next(iter(targets))) < ax.get_xlim()[1] * 1.1:
        ax.set_xlim(right=max(ax.get_xlim()[1], target * 1.01))
        dashed(ax, x=target)
        lines.append(f"target {rating(target)}")
    dashed(ax, y=equal)
    what = "Mean rating, as a share of the way up its scale" if joint.by_scale else "Mean rating"
    unit = "share" if joint.by_scale else "scale"
    number_axis(ax, unit, f"{what} (dashed: {', '.join(lines)})", narrow=narrow)
    label = f"Share explained (dashed: {percent(equal, 1)} each)"
    number_axis(ax, "share", label, narrow=narrow, axis="y")
    return outlines


def _oval(region: Ellipse) -> Oval:
    wide, tall = (2 * half for half in region.half_axes)
    return Oval(region.centre, wide, tall, angle=region.angle, facecolor=PALE, alpha=0.45,
                edgecolor=ACCENT, linewidth=0.8, zorder=2)  # fmt: skip


def _outline(region: Ellipse) -> np.ndarray:
    """Points along an ellipse, which names had better not cover."""
    turn, around = np.radians(region.angle), np.linspace(0, 2 * np.pi, 40)
    a, b = region.half_axes
    x, y = a * np.cos(around), b * np.sin(around)
    along = region.centre[0] + x * np.cos(turn) - y * np.sin(turn)
    return np.column_stack([along, region.centre[1] + x * np.sin(turn) + y * np.cos(turn)])


def _limits(ax: Axes, points: np.ndarray) -> None:
    low, high = points.min(axis=0), points.max(axis=0)
    room = np.maximum(high - low, 1e-9) * 0.1
    ax.set_xlim(low[0] - room[0], high[0] + room[0])
    ax.set_ylim(low[1] - room[1], high[1] + room[1])


def _named_dots(
    figure: Figure, width: float, names: list[str], points: np.ndarray, ground: Ground
) -> None:
    """Names beside the dots; numbers and a key where they find no room."""

    def dots(ax: Axes, texts: list[str], *, force: bool) -> bool:
        plain_axes(ax, grid="both")
        faint = ground(ax, narrow=is_narrow(width))
        ax.yaxis.set_major_locator(MaxNLocator(nbins=6, steps=WHOLE))
        ax.plot(points[:, 0], points[:, 1], "o", color=ACCENT, markersize=5, zorder=4)
        return place_labels(figure, ax, points, texts, force=force, faint=faint)

    if not is_narrow(width):
        figure.set_size_inches(width, 4.6)
        if dots(figure.add_subplot(), names, force=False):
            return
        figure.clear()
    dots(key_below(figure, names, width), [str(i + 1) for i in range(len(names))], force=True)


def stated_derived(
    stated: Stated,
    labels: Labels | None = None,
    *,
    outcome: str = "loyalty",
    counted: str = "respondents",
) -> Chart:
    """Draw what customers say matters against what their loyalty depends on.

    Parameters
    ----------
    stated
        As ``drivers.stated_against_derived`` returns it.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> table = pd.DataFrame({"driver": ["ease", "price"], "stated": [-1.0, 1.0],
    ...     "stated_low": [-1.2, 0.8], "stated_high": [-0.8, 1.2], "derived": [0.7, 0.3],
    ...     "derived_low": [0.6, 0.2], "derived_high": [0.8, 0.4],
    ...     "cell": ["derived only", "stated only"]})
    >>> found = SimpleNamespace(table=table, stated_cut=0.0, derived_cut=0.5, derived="share",
    ...                         base=300, clusters=None, confidence=0.95)
    >>> stated_derived(found).title
    'What customers say matters against what loyalty depends on'
    """
    require(stated.table, "driver", "stated", "derived", "stated_low", "derived_low", "cell")
    table = stated.table.sort_values("driver")  # numbered as where importance meets ratings
    names = [named(x, labels) for x in table["driver"]]
    points = table[["stated", "derived"]].to_numpy(dtype=float)
    written = percent if stated.derived == "share" else decimal
    facts = [
        f"{label} stated {decimal(x, 1, signed=True)}, derived {written(y)}, {cell}"
        for label, (x, y), cell in zip(names, points, table["cell"], strict=True)
    ]
    ground = partial(_fields, table=table, stated=stated)
    return Chart(
        partial(_named_dots, names=names, points=points, ground=ground),
        f"What customers say matters against what {outcome} depends on",
        f"Stated and derived importance: {listed(facts, MOST_FACTS)}.",
        f"Base: {base_of(stated, counted)}. Crossed lines: {stated.confidence:.0%} intervals. "
        "Dashed: the average driver, and an equal split.",
        "stated_derived",
    )


def _fields(ax: Axes, table: pd.DataFrame, stated: Stated, *, narrow: bool) -> np.ndarray:
    """The crossed intervals over four named fields."""
    crosses = _crosses(ax, table)
    _limits(ax, np.vstack([crosses, [[stated.stated_cut, stated.derived_cut]]]))
    dashed(ax, x=stated.stated_cut, y=stated.derived_cut)
    corners(ax, FIELDS, fontsize=SMALL, color=MUTED, style="italic", zorder=1.5)
    ax.tick_params(labelcolor=INK)
    label = "Stated importance, against what the same people say of the average driver"
    number_axis(ax, "points", label, narrow=narrow)
    unit = "share" if stated.derived == "share" else "points"
    derived = "share of explained variance" if unit == "share" else "effect of a point"
    number_axis(ax, unit, f"Derived: {derived}", narrow=narrow, axis="y")
    return crosses


def _crosses(ax: Axes, table: pd.DataFrame) -> np.ndarray:
    steps = np.linspace(0, 1, 12)[:, None]
    lines = []
    for _, r in table.iterrows():
        ax.plot([r["stated_low"], r["stated_high"]], [r["derived"]] * 2, color=PALE, linewidth=1.4)
        ax.plot([r["stated"]] * 2, [r["derived_low"], r["derived_high"]], color=PALE, linewidth=1.4)
        across = np.array([[r["stated_low"], r["derived"]], [r["stated_high"], r["derived"]]])
        up = np.array([[r["stated"], r["derived_low"]], [r["stated"], r["derived_high"]]])
        lines += [ends[0] + steps * (ends[1] - ends[0]) for ends in (across, up)]
    points = np.vstack(lines)
    return points[np.isfinite(points).all(axis=1)] if len(finite(points)) else points
