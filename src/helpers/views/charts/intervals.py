"""Values with their intervals: by row, over waves, or one alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from helpers.views.charts.chart import (
    ACCENT,
    INK,
    LINE,
    MUTED,
    SMALL,
    TEXT,
    Chart,
    clean,
    finite,
    is_narrow,
    plain_axes,
)  # fmt: skip
from helpers.views.charts.rows import (
    Rows,
    dot_with_interval,
    number_axis,
    reference_line,
    row_axes,
)  # fmt: skip
from helpers.views.numerals import MISSING, count, formatter, span

__all__ = ["interval_dots", "small_interval", "trend"]

WITHHELD = "withheld"
MOST_ROWS = 30


def interval_dots(
    table: pd.DataFrame,
    *,
    label: str,
    value: str,
    low: str,
    high: str,
    title: str,
    base: str | None = None,
    reference: float | None = None,
    reference_label: str = "",
    unit: str = "points",
    axis: str = "",
    alt: str | None = None,
    note: str = "",
    name: str = "interval_dots",
    limit: int = MOST_ROWS,
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
        As in :func:`helpers.views.numerals.formatter`.
    axis
        What the axis measures, with its unit.
    limit
        Most rows to draw; the caption says how many were left out.

    Raises
    ------
    ValueError
        If the table is empty or a column is not there.

    Examples
    --------
    >>> table = pd.DataFrame({"tier": ["Key", "Other"], "nps": [42.0, 18.5],
    ...                       "low": [30.0, 10.0], "high": [54.0, 27.0], "base": [80, 240]})
    >>> interval_dots(table, label="tier", value="nps", low="low", high="high", base="base",
    ...               title="Net promoter score by tier", axis="Net promoter score")
    Net promoter score by tier
    Net promoter score by tier: Key 42.0 (30.0 to 54.0); Other 18.5 (10.0 to 27.0). Bars are intervals.
    """
    require(table, label, value, low, high, *([base] if base else []))
    shown = table.head(limit)
    facts = [_fact(r, label, value, low, high, unit) for _, r in shown.iterrows()]

    def draw(figure: Figure, width: float) -> None:
        columns = [("value", [written(v, unit) for v in shown[value]])]
        if base:
            columns.append(("n", [count(v) for v in shown[base]]))
        if is_narrow(width) and base:
            columns[-1] = ("n", [f"n {count(v)}" for v in shown[base]])
        (ax,) = row_axes(figure, Rows([str(x) for x in shown[label]], columns), width)
        for row, (_, r) in enumerate(shown.iterrows()):
            dot_with_interval(ax, row, float(r[value]), float(r[low]), float(r[high]))
        named_line = reference_line(ax, reference, reference_label)
        number_axis(ax, unit, f"{axis}{named_line}", narrow=is_narrow(width))

    left_out = f" First {limit} of {len(table)} rows." if len(table) > limit else ""
    return Chart(
        draw,
        title,
        alt if alt is not None else f"{title}: {'; '.join(facts)}.",
        f"{note or 'Bars are intervals.'}{left_out}",
        name,
    )


def _fact(row: pd.Series, label: str, value: str, low: str, high: str, unit: str) -> str:
    return f"{clean(row[label])} {estimate(row[value], row[low], row[high], unit)}"


def estimate(value: float, low: float, high: float, unit: str) -> str:
    """A value with its interval in brackets, as alt texts write it.

    >>> estimate(0.21, 0.17, 0.25, "share"), estimate(float("nan"), 0, 1, "share")
    ('21% (17% to 25%)', 'withheld')
    """
    ends = span(low, high, unit)
    return written(value, unit) + (f" ({ends})" if ends != MISSING and not pd.isna(value) else "")


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
    note: str = "",
    name: str = "small_interval",
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
    'NPS: 40.4 (37.6 to 43.2) on a scale from −100.0 to 100.0.'
    """
    alt = f"{title}: {estimate(value, low, high, unit)} on a scale from {span(*domain, unit)}."
    if reference is not None:
        alt += f" {reference_label or 'Reference'}: {written(reference, unit)}."

    def draw(figure: Figure, width: float) -> None:
        figure.set_size_inches(width, 0.78)
        ax = figure.add_subplot()
        ax.set(xlim=domain, ylim=(-1, 1.9), yticks=[])
        plain_axes(ax)
        ax.grid(visible=False)
        ax.axhline(0, color=LINE, linewidth=5, zorder=1)
        if reference is not None:
            dot_with_interval(ax, 0, reference, np.nan, np.nan, colour=MUTED, marker="D",
                              filled=False, size=6)  # fmt: skip
        dot_with_interval(ax, 0, value, low, high, size=8)
        ends = formatter(unit)
        ax.set_xticks(list(domain), [_short(ends(x)) for x in domain])
        _inside(ax.text(value, 0.75, written(value, unit), ha="center", va="bottom",
                        fontsize=TEXT, weight="bold"), value, domain)  # fmt: skip

    return Chart(draw, title, alt, note, name, wide=NARROW_PICTURE, narrow=NARROW_PICTURE)


NARROW_PICTURE = 3.0  # inches


def _short(text: str) -> str:
    return text.removesuffix(".0").removesuffix(".00")


def _inside(label: object, value: float, domain: tuple[float, float]) -> None:
    place = (value - domain[0]) / (domain[1] - domain[0])
    side = "left" if place < 0.08 else "right" if place > 0.92 else "center"
    label.set_ha(side)  # type: ignore[attr-defined]


def trend(
    table: pd.DataFrame,
    *,
    title: str,
    unit: str = "points",
    axis: str = "",
    target: float | None = None,
    note: str = "",
    alt: str | None = None,
    wide: float = 7.2,
    name: str = "trend",
) -> Chart:
    """Draw a measure over waves, each with its interval and base.

    Parameters
    ----------
    table
        Columns ``wave``, ``value``, ``low``, ``high`` and ``base``, in order of time.
    target
        A declared target in the same unit.
    wide
        Width of the wide rendering in inches: 3.4 makes a small picture.

    Examples
    --------
    >>> table = pd.DataFrame({"wave": ["2025H2", "2026H1"], "value": [30.0, 34.0],
    ...                       "low": [25.0, 29.0], "high": [35.0, 39.0], "base": [400, 410]})
    >>> trend(table, title="Net promoter score", axis="Net promoter score").alt
    'Net promoter score: 2025H2 30.0 (25.0 to 35.0); 2026H1 34.0 (29.0 to 39.0).'
    """
    require(table, "wave", "value", "low", "high", "base")
    facts = [_fact(r, "wave", "value", "low", "high", unit) for _, r in table.iterrows()]

    def draw(figure: Figure, width: float) -> None:
        figure.set_size_inches(width, 2.3 if is_narrow(width) else 2.6)
        ax = figure.add_subplot()
        plain_axes(ax, grid="y")
        places = np.arange(len(table))
        ax.plot(places, table["value"], color=ACCENT, linewidth=1.0, alpha=0.6, zorder=1)
        for place, (_, r) in zip(places, table.iterrows(), strict=True):
            _upright(ax, place, float(r["value"]), float(r["low"]), float(r["high"]), unit)
        _wave_axis(ax, [clean(w) for w in table["wave"]], table["base"], narrow=is_narrow(width))
        _room(ax, finite(table["value"], table["low"], table["high"], target or np.nan))
        label = axis
        if target is not None:
            ax.axhline(target, color=MUTED, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)
            ax.set_xlabel(f"dashed line: target {formatter(unit)(target)}")
        number_axis(ax, unit, label, narrow=is_narrow(width), axis="y")

    text = alt if alt is not None else f"{title}: {'; '.join(facts)}."
    return Chart(draw, title, text, note, name, wide=wide, narrow=min(wide, 3.4))


def _upright(ax: object, place: float, value: float, low: float, high: float, unit: str) -> None:
    if not np.isfinite(value):
        return
    ax.plot([place, place], [low, high], color=ACCENT, linewidth=2.2, alpha=0.55)  # type: ignore[attr-defined]
    ax.plot([place], [value], "o", color=ACCENT, markersize=6)  # type: ignore[attr-defined]
    ax.annotate(  # type: ignore[attr-defined]
        formatter(unit)(value), (place, value), (7, 0), textcoords="offset points",
        va="center", fontsize=TEXT, color=INK,
    )  # fmt: skip


def _wave_axis(ax: object, waves: Sequence[str], bases: pd.Series, *, narrow: bool) -> None:
    every = max(1, int(np.ceil(len(waves) / (5 if narrow else 9))))
    last = len(waves) - 1
    shown = [i for i in range(len(waves)) if (last - i) % every == 0]
    names = [f"{waves[i]}\nn {count(bases.iloc[i])}" for i in shown]
    ax.set_xticks(shown, names, fontsize=SMALL)  # type: ignore[attr-defined]
    ax.set_xlim(-0.4, last + 0.75)  # type: ignore[attr-defined]


def _room(ax: object, values: np.ndarray) -> None:
    if len(values):
        spread = float(np.ptp(values)) or 1.0
        ax.set_ylim(values.min() - 0.12 * spread, values.max() + 0.12 * spread)  # type: ignore[attr-defined]
