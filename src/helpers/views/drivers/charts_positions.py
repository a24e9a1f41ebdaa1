"""Charts of drivers in two directions: performance and importance, stated and derived."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse as Oval
from matplotlib.ticker import MaxNLocator

from helpers.views.drivers.charts_shapes import _base
from helpers.views.rendering.chart import (  # fmt: skip
    ACCENT,
    HALO,
    INK,
    MUTED,
    PALE,
    SMALL,
    Chart,
    finite,
    is_narrow,
    named,
    plain_axes,
)
from helpers.views.rendering.intervals import listed, require
from helpers.views.rendering.labels import key_below, place_labels
from helpers.views.rendering.numerals import decimal, percent
from helpers.views.rendering.rows import number_axis

if TYPE_CHECKING:
    from helpers.methods.drivers import Joint, Stated

DASHED = (0, (4, 3))
WHOLE = [1, 2, 5, 10]  # steps of shares that are whole per cents


def importance_ellipses(
    joint: Joint,
    labels: Mapping[str, str] | None = None,
    *,
    outcome_label: str = "loyalty",
    confidence: float = 0.95,
    title: str | None = None,
    alt: str | None = None,
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
    ...                         target={"ease": 8.0, "price": 8.0}, base=300, clusters=None)
    >>> importance_ellipses(found).title
    'What matters against how well it is done'
    """
    regions = joint.ellipses(confidence)
    names = [named(x, labels) for x in regions]
    facts = [
        f"{label} share {percent(oval.centre[1])}, mean {decimal(oval.centre[0], 2)}"
        for label, oval in zip(names, regions.values(), strict=True)
    ]
    points = np.array([oval.centre for oval in regions.values()])
    targets = set(joint.target.values())

    def plot(figure: Figure, ax: Axes, texts: list[str], *, narrow: bool, force: bool) -> bool:
        faint = np.vstack([_outline(oval) for oval in regions.values()])
        for oval in regions.values():
            ax.add_patch(_oval(oval))
        _limits(ax, faint, min_y=0.0)
        lines = [f"average {decimal(float(points[:, 0].mean()), 1)}"]
        _line(ax, x=float(points[:, 0].mean()))
        if len(targets) == 1 and (target := next(iter(targets))) < ax.get_xlim()[1] * 1.1:
            ax.set_xlim(right=max(ax.get_xlim()[1], target * 1.01))
            _line(ax, x=target)
            lines.append(f"target {decimal(target, 1)}")
        _line(ax, y=1 / len(points))
        number_axis(ax, "scale", f"Mean rating (dashed: {', '.join(lines)})", narrow=narrow)
        split = percent(1 / len(points), 1)
        number_axis(
            ax, "share", f"Share explained (dashed: {split} each)",
            narrow=narrow, axis="y",
        )  # fmt: skip
        ax.yaxis.set_major_locator(MaxNLocator(nbins=6, steps=WHOLE))
        ax.plot(points[:, 0], points[:, 1], "o", color=ACCENT, markersize=5, zorder=4)
        return place_labels(figure, ax, points, texts, force=force, faint=faint)

    return Chart(
        lambda figure, width: _named_or_numbered(figure, width, names, plot),
        title or "What matters against how well it is done",
        alt or f"Share of explained {outcome_label} and mean rating: {listed(facts, 14)}.",
        f"Base: {_base(joint)}. Ellipses: {confidence:.0%} regions of both together. Further up "
        "matters more; further left is done less well.",
        "importance_ellipses",
    )


def _oval(region) -> Oval:  # type: ignore[no-untyped-def]  # noqa: ANN001
    wide, tall = (2 * half for half in region.half_axes)
    return Oval(region.centre, wide, tall, angle=region.angle, facecolor=PALE, alpha=0.45,
                edgecolor=ACCENT, linewidth=0.8, zorder=2)  # fmt: skip


def _outline(region) -> np.ndarray:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """Points along an ellipse, which names had better not cover."""
    turn, around = np.radians(region.angle), np.linspace(0, 2 * np.pi, 40)
    a, b = region.half_axes
    x, y = a * np.cos(around), b * np.sin(around)
    return np.column_stack(
        [
            region.centre[0] + x * np.cos(turn) - y * np.sin(turn),
            region.centre[1] + x * np.sin(turn) + y * np.cos(turn),
        ]
    )


def _limits(ax: Axes, points: np.ndarray, *, min_y: float | None = None) -> None:
    low, high = points.min(axis=0), points.max(axis=0)
    room = np.maximum(high - low, 1e-9) * 0.1
    ax.set_xlim(low[0] - room[0], high[0] + room[0])
    bottom = low[1] - room[1] if min_y is None else min_y
    ax.set_ylim(bottom, high[1] + room[1])


def _line(ax: Axes, *, x: float | None = None, y: float | None = None) -> None:
    draw, at = (ax.axvline, x) if x is not None else (ax.axhline, y)
    if at is not None:
        draw(at, color=MUTED, linewidth=0.9, linestyle=DASHED, zorder=1)


def _named_or_numbered(figure: Figure, width: float, names: list[str], plot) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """Names beside the dots; numbers and a key where they find no room."""
    if not is_narrow(width):
        figure.set_size_inches(width, 4.6)
        ax = figure.add_subplot()
        plain_axes(ax, grid="both")
        if plot(figure, ax, names, narrow=False, force=False):
            return
        figure.clear()
    ax = key_below(figure, names, width)
    plain_axes(ax, grid="both")
    numbers = [str(i) for i in range(1, len(names) + 1)]
    plot(figure, ax, numbers, narrow=is_narrow(width), force=True)


def stated_derived(
    stated: Stated,
    labels: Mapping[str, str] | None = None,
    *,
    outcome_label: str = "loyalty",
    title: str | None = None,
    alt: str | None = None,
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
    unit = "share" if stated.derived == "share" else "points"
    points = table[["stated", "derived"]].to_numpy(dtype=float)
    written = percent if unit == "share" else decimal
    facts = [
        f"{label} stated {decimal(x, 1, signed=True)}, derived {written(y)}, {cell}"
        for label, (x, y), cell in zip(names, points, table["cell"], strict=True)
    ]

    def plot(figure: Figure, ax: Axes, texts: list[str], *, narrow: bool, force: bool) -> bool:
        faint = _crosses(ax, table)
        _limits(ax, np.vstack([faint, [[stated.stated_cut, stated.derived_cut]]]))
        _line(ax, x=stated.stated_cut)
        _line(ax, y=stated.derived_cut)
        _corners(ax)
        label = "Stated importance, against what the same people say of the average driver"
        number_axis(ax, "points", label, narrow=narrow)
        derived = "Share of explained variance" if unit == "share" else "Effect of a point"
        number_axis(ax, unit, f"Derived: {derived.lower()}", narrow=narrow, axis="y")
        ax.yaxis.set_major_locator(MaxNLocator(nbins=6, steps=WHOLE))
        ax.plot(points[:, 0], points[:, 1], "o", color=ACCENT, markersize=5, zorder=4)
        return place_labels(figure, ax, points, texts, force=force, faint=faint)

    return Chart(
        lambda figure, width: _named_or_numbered(figure, width, names, plot),
        title or f"What customers say matters against what {outcome_label} depends on",
        alt or f"Stated and derived importance: {listed(facts, 14)}.",
        f"Base: {_base(stated)}. Crossed lines: {stated.confidence:.0%} intervals. Dashed: the "
        "average driver, and an equal split.",
        "stated_derived",
    )


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


def _corners(ax: Axes) -> None:
    """What the four fields mean."""
    for x, y, text in (
        (0.01, 0.99, "hidden"), (0.99, 0.99, "both"),
        (0.01, 0.01, "neither"), (0.99, 0.01, "said only"),
    ):  # fmt: skip
        ax.text(x, y, text, transform=ax.transAxes, fontsize=SMALL, color=MUTED, style="italic",
                ha="left" if x < 0.5 else "right", va="top" if y > 0.5 else "bottom",
                path_effects=HALO, zorder=1.5)  # fmt: skip
    ax.tick_params(labelcolor=INK)
