"""Values with their intervals: by row, over waves, or one alone."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from helpers.views.rendering.chart import Chart, clean, dashed, finite, is_narrow, named, plot
from helpers.views.rendering.naming import Labels
from helpers.views.rendering.numerals import MISSING, count, formatter, span
from helpers.views.rendering.palette import ACCENT, HALO, INK, LINE, MUTED, SMALL, TEXT
from helpers.views.rendering.rows import (  # fmt: skip
    Rows,
    guides,
    interval_rows,
    number_axis,
    reference_line,
    row_axes,
)

__all__ = [
    "estimate", "facts", "interval_dots", "listed", "require", "small_interval", "trend", "written",
]  # fmt: skip  # fmt: skip

WITHHELD = "withheld"
MOST_ROWS = 30


def interval_dots(
    table: pd.DataFrame,
    *,
    label: str,
    title: str,
    value: str = "value",
    low: str = "low",
    high: str = "high",
    base: str | None = None,
    reference: float | None = None,
    reference_label: str = "",
    unit: str = "points",
    axis: str = "",
    note: str = "",
    name: str = "interval_dots",
) -> Chart:
    """Draw one dot and interval a row, in the table's order.

    Parameters
    ----------
    table
        One row a group.
    label, value, low, high, base
        Columns: name of the group, its value, both ends of the interval, its base.
        A missing value shows as withheld.
    reference
        A value to compare with (the whole base, a target), in the same unit.
    unit
        As in :func:`helpers.views.rendering.numerals.formatter`.
    axis
        What the axis measures, with its unit.

    Raises
    ------
    ValueError
        If the table is empty or a column is not there.

    Examples
    --------
    >>> table = pd.DataFrame({"tier": ["Key", "Other"], "nps": [42.0, 18.5],
    ...                       "low": [30.0, 10.0], "high": [54.0, 27.0], "base": [80, 240]})
    >>> interval_dots(table, label="tier", value="nps", base="base", title="Score by tier",
    ...               axis="Net promoter score")
    Score by tier
    Score by tier: Key 42.0 (30.0 to 54.0); Other 18.5 (10.0 to 27.0). Lines are intervals.
    """
    require(table, label, value, low, high, *([base] if base else []))
    shown = table.head(MOST_ROWS)
    told = facts(shown, label, (value, low, high), unit)
    left_out = f" First {MOST_ROWS} of {len(table)} rows." if len(table) > MOST_ROWS else ""
    return Chart(
        partial(_dots, table=shown, label=label, columns=(value, low, high), base=base, unit=unit,
                axis=axis, reference=(reference, reference_label)),
        title,
        f"{title}: {listed(told)}.",
        f"{note or 'Lines are intervals.'}{left_out}",
        name,
    )  # fmt: skip


def _dots(
    figure: Figure, width: float, table: pd.DataFrame, label: str, columns: tuple[str, str, str],
    base: str | None, unit: str, axis: str, reference: tuple[float | None, str],
) -> None:  # fmt: skip
    texts = [("value", [written(v, unit) for v in table[columns[0]]])]
    if base:
        texts.append(("n", [f"{'n ' * is_narrow(width)}{count(v)}" for v in table[base]]))
    (ax,) = row_axes(figure, Rows([str(x) for x in table[label]], texts), width)
    guides(ax, len(table))
    interval_rows(ax, table, columns)
    number_axis(ax, unit, f"{axis}{reference_line(ax, *reference)}", narrow=is_narrow(width))


def facts(
    table: pd.DataFrame,
    label: str,
    columns: Sequence[str] = ("value", "low", "high"),
    unit: str = "points",
    labels: Labels | None = None,
) -> list[str]:
    """Each row by its name with its estimate, as alt texts list them.

    >>> facts(pd.DataFrame({"tier": ["Key"], "value": [4.0], "low": [3.0], "high": [5.0]}), "tier")
    ['Key 4.0 (3.0 to 5.0)']
    """
    rows = table[[label, *columns]].itertuples(index=False)
    return [
        f"{named(name, labels)} {estimate(value, low, high, unit)}"
        for name, value, low, high in rows
    ]


def estimate(value: float, low: float, high: float, unit: str) -> str:
    """A value with its interval in brackets, as alt texts write it.

    >>> estimate(0.21, 0.17, 0.25, "share"), estimate(float("nan"), 0, 1, "share")
    ('21% (17% to 25%)', 'withheld')
    """
    ends = span(low, high, unit)
    return written(value, unit) + (f" ({ends})" if ends != MISSING and not pd.isna(value) else "")


def listed(facts: Sequence[str], most: int = 8) -> str:
    """The first facts, and how many more the table beside the chart holds.

    >>> listed(["a 3", "b 2", "c 1"], most=2)
    'a 3; b 2; and 1 more'
    """
    more = len(facts) - most
    return "; ".join([*facts[:most], *([f"and {more} more"] if more > 0 else [])])


def written(value: float, unit: str) -> str:
    """A number in its unit, or that it is withheld."""
    return WITHHELD if pd.isna(value) else formatter(unit)(value)


def require(table: pd.DataFrame, *columns: str) -> None:
    """Refuse an empty table, or one without the columns that a chart draws."""
    absent = [column for column in columns if column not in table.columns]
    if absent:
        raise ValueError(
            f"the table has no column {', '.join(absent)}: it has {', '.join(map(str, table))}"
        )
    if table.empty:
        raise ValueError("nothing to draw: the table has no rows")


def small_interval(
    value: float,
    low: float,
    high: float,
    *,
    domain: tuple[float, float],
    unit: str,
    title: str,
    reference: float | None = None,
    reference_label: str = "",
) -> Chart:
    """Draw one value on its whole scale: a small picture for the executive page.

    Parameters
    ----------
    value, low, high
        The value and its interval.
    domain
        The scale's two ends, such as (−100, 100) or (0, 1).
    reference
        Last wave or the target, drawn as a hollow mark.

    Examples
    --------
    >>> small_interval(40.4, 37.6, 43.2, domain=(-100, 100), unit="points", title="NPS").alt
    'NPS: 40.4 (37.6 to 43.2).'
    """
    alt = f"{title}: {estimate(value, low, high, unit)}."
    compared = ""
    if reference is not None:
        compared = f"{reference_label or 'Reference'}: {written(reference, unit)}."
    diamond = f"Diamond: {compared[0].lower()}{compared[1:]}" if compared else ""
    scale = partial(_on_scale, ends=(value, low, high), domain=domain, unit=unit, at=reference)
    return Chart(
        scale, title, f"{alt} {compared}".strip(), diamond, "small_interval",
        wide=NARROW_PICTURE, narrow=NARROW_PICTURE,
    )  # fmt: skip


def _on_scale(
    figure: Figure, width: float, ends: tuple[float, float, float], domain: tuple[float, float],
    unit: str, at: float | None,
) -> None:  # fmt: skip
    ax = plot(figure, width, (0.78, 0.78), grid="x")
    ax.set(xlim=domain, ylim=(-1, 1.9), yticks=[])
    ax.grid(visible=False)
    _on_track(ax, *ends, at)
    ax.set_xticks(list(domain), [_short(formatter(unit)(x)) for x in domain])
    _number_over(ax, *ends, unit, domain)


def _on_track(ax: Axes, value: float, low: float, high: float, reference: float | None) -> None:
    """The whole scale pale, the interval dark on it, the value a white tick in the dark."""
    ax.axhline(0, color=LINE, linewidth=9, zorder=1)
    if np.isfinite(low) and np.isfinite(high):
        ax.plot([low, high], [0, 0], color=ACCENT, linewidth=9, zorder=2)
    if np.isfinite(value):
        ax.plot([value], [0], "o", color=ACCENT, markersize=6, markeredgecolor="white", zorder=3)
    if reference is not None:
        ax.plot([reference], [-0.05], "D", color=MUTED, markerfacecolor="white", markersize=5,
                zorder=4, clip_on=False)  # fmt: skip


def _number_over(
    ax: Axes, value: float, low: float, high: float, unit: str, domain: tuple[float, float]
) -> None:
    """Value and interval above the track, kept inside the picture."""
    known = np.isfinite(value)
    place = (value - domain[0]) / (domain[1] - domain[0]) if known else 0.5
    side = "left" if place < 0.25 else "right" if place > 0.75 else "center"
    at = {"left": 0.0, "right": 1.0, "center": place}[side]
    ax.text(at, 0.75, estimate(value, low, high, unit), transform=ax.transAxes,
            ha=side, va="center", fontsize=TEXT, color=INK, weight="bold")  # fmt: skip


NARROW_PICTURE = 3.0  # inches


def _short(text: str) -> str:
    return text.removesuffix(".0").removesuffix(".00")


def trend(
    table: pd.DataFrame,
    *,
    title: str,
    unit: str = "points",
    axis: str = "",
    target: float | None = None,
    note: str = "",
) -> Chart:
    """Draw a measure over waves, each with its interval and base.

    Parameters
    ----------
    table
        Columns ``wave``, ``value``, ``low``, ``high`` and ``base``, in order of time.
    target
        A declared target in the same unit.

    Examples
    --------
    >>> table = pd.DataFrame({"wave": ["2025H2", "2026H1"], "value": [30.0, 34.0],
    ...                       "low": [25.0, 29.0], "high": [35.0, 39.0], "base": [400, 410]})
    >>> trend(table, title="Net promoter score", axis="Net promoter score").alt
    'Net promoter score: 2025H2 30.0 (25.0 to 35.0); 2026H1 34.0 (29.0 to 39.0).'
    """
    require(table, "wave", "value", "low", "high", "base")

    def draw(figure: Figure, width: float) -> None:
        ax = plot(figure, width, (2.3, 2.6), grid="y")
        places = range(len(table))
        ax.plot(places, table["value"], color=ACCENT, linewidth=1.0, alpha=0.6, zorder=1)
        for place, (_, r) in zip(places, table.iterrows(), strict=True):
            _upright(ax, place, float(r["value"]), float(r["low"]), float(r["high"]), unit)
        _wave_axis(ax, [clean(w) for w in table["wave"]], table["base"], narrow=is_narrow(width))
        _room(ax, finite(table["value"], table["low"], table["high"], target or np.nan))
        if target is not None:
            dashed(ax, y=target)
            ax.set_xlabel(f"dashed line: target {formatter(unit)(target)}")
        number_axis(ax, unit, axis, narrow=is_narrow(width), axis="y")

    text = f"{title}: {listed(facts(table, 'wave', unit=unit))}."
    return Chart(draw, title, text, note, "trend")


def _upright(ax: Axes, place: float, value: float, low: float, high: float, unit: str) -> None:
    if not np.isfinite(value):
        return
    ax.plot([place, place], [low, high], color=ACCENT, linewidth=1.8, zorder=3)
    ax.plot([place], [value], "o", color=ACCENT, markersize=6, zorder=4)
    top = high if np.isfinite(high) else value
    ax.annotate(
        formatter(unit)(value), (place, top), (0, 3), textcoords="offset points",
        ha="center", va="bottom", fontsize=TEXT, color=INK, path_effects=HALO, zorder=5,
    )  # fmt: skip


def _wave_axis(ax: Axes, waves: Sequence[str], bases: pd.Series, *, narrow: bool) -> None:
    every = max(1, int(np.ceil(len(waves) / (5 if narrow else 9))))
    last = len(waves) - 1
    shown = [i for i in range(len(waves)) if (last - i) % every == 0]
    names = [f"{waves[i]}\nn {count(bases.iloc[i])}" for i in shown]
    ax.set_xticks(shown, names, fontsize=SMALL)
    ax.set_xlim(-0.45, last + 0.45)


def _room(ax: Axes, values: np.ndarray) -> None:
    if len(values):
        spread = float(np.ptp(values)) or 1.0
        ax.set_ylim(values.min() - 0.12 * spread, values.max() + 0.2 * spread)
