"""Charts of comments: themes by how many name them, and by group."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from helpers.views.rendering.chart import Chart, clean, finite, is_narrow, named, wrapped
from helpers.views.rendering.intervals import estimate, facts, listed, require, written
from helpers.views.rendering.naming import Labels
from helpers.views.rendering.numerals import count
from helpers.views.rendering.palette import MUTED, SMALL
from helpers.views.rendering.rows import (
    Rows,
    bar_with_interval,
    interval_rows,
    number_axis,
    row_axes,
)

if TYPE_CHECKING:
    from helpers.methods.comments import ThemeGroups, ThemeShares

MOST_GROUPS = 4  # panels beside each other


def theme_shares(
    found: ThemeShares,
    labels: Labels | None = None,
    *,
    title: str | None = None,
    respondents: str = "respondents",
) -> Chart:
    """Draw how many of those who commented name each theme, most named first.

    Parameters
    ----------
    found
        As ``comments.theme_shares`` returns it.
    labels
        Theme to the words a reader sees.
    respondents
        What the base counts.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> table = pd.DataFrame({"theme": ["late", "dear"], "value": [0.3, 0.1], "low": [0.2, 0.05],
    ...                       "high": [0.4, 0.2], "base": [90, 90], "may_lead": [True, False]})
    >>> chart = theme_shares(SimpleNamespace(table=table, base=90), {"late": "Delivery"})
    >>> chart.title, chart.alt
    ('Delivery is named most', 'Share of those who commented: Delivery 30% (20% to 40%); dear 10% (5% to 20%).')
    """  # noqa: E501 - one tuple, as it is printed
    table = found.table
    require(table, "theme", "value", "low", "high", "base", "may_lead")
    names = [named(x, labels) for x in table["theme"]]
    told = facts(table, "theme", unit="share", labels=labels)
    return Chart(
        partial(_shares, table=table, names=names),
        title or _leading(table, labels),
        f"Share of those who commented: {listed(told)}.",
        f"Base: {count(found.base)} {respondents} whose comments were read. Lines are intervals. "
        "A comment may name several themes, in praise or complaint.",
        "theme_shares",
    )


def _shares(figure: Figure, width: float, table: pd.DataFrame, names: list[str]) -> None:
    shares = [written(v, "share") for v in table["value"]]
    (ax,) = row_axes(figure, Rows(names, [("share", shares)]), width)
    _bars([ax], [table], narrow=is_narrow(width))
    number_axis(ax, "share", "Share of those who commented", narrow=is_narrow(width))


def _leading(table: pd.DataFrame, labels: Labels | None) -> str:
    """Name a first theme only where no other may be named most."""
    first = named(table["theme"].iloc[0], labels)
    if len(table) == 1:
        return f"How many name {first}"
    level = int(table["may_lead"].sum())
    if level == 1:
        return f"{first} is named most"
    return f"Of all who commented, no theme leads clearly: any of {count(level)} may be named most"


def theme_groups(
    found: ThemeGroups, labels: Labels | None = None, *, respondents: str = "respondents"
) -> Chart:
    """Draw how many of each group name each theme, one panel a group.

    Parameters
    ----------
    found
        As ``comments.theme_groups`` returns it; its first four groups are drawn.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> table = pd.DataFrame({"theme": ["late", "late"], "group": ["low", "high"],
    ...     "value": [0.4, 0.1], "low": [0.3, 0.05], "high": [0.5, 0.2], "base": [40, 50],
    ...     "apart": [True, True]})
    >>> theme_groups(SimpleNamespace(table=table, groups=("low", "high"))).alt
    'Share of each group naming a theme: late: low 40% (30% to 50%), high 10% (5% to 20%).'
    """
    table = found.table
    require(table, "theme", "group", "value", "low", "high", "base")
    names = list(found.groups[:MOST_GROUPS])
    themes = _by_first(table, names[0])
    wide = {name: table[table["group"] == name].set_index("theme").loc[themes] for name in names}
    return Chart(
        partial(_panels, themes=[named(x, labels) for x in themes], wide=wide),
        _apart_title(table),
        f"Share of each group naming a theme: {listed([_fact(t, wide, labels) for t in themes])}.",
        f"Base: {count(sum(int(wide[n]['base'].max()) for n in names))} {respondents} whose "
        "comments were read, n of each group under its panel. Lines are intervals.",
        "theme_groups",
    )


def _panels(
    figure: Figure, width: float, themes: list[str], wide: Mapping[str, pd.DataFrame]
) -> None:
    """One panel a group, all on one scale; on a phone the shares stand beside the theme."""
    narrow = is_narrow(width)
    columns = [("share", [written(v, "share") for v in rows["value"]]) for rows in wide.values()]
    if narrow:
        joined = [" · ".join(shares) for shares in zip(*(c[1] for c in columns), strict=True)]
        columns = [("shares, by panel", joined)]
    axes = row_axes(figure, Rows(themes, columns), width, panels=len(wide))
    room = width / len(wide) * (0.95 if narrow else 0.62)
    for ax, (name, rows) in zip(axes, wide.items(), strict=True):
        text = wrapped(figure, clean(name), room, size=SMALL)
        ax.set_xlabel(f"{text}\nn {count(rows['base'].max())}", fontsize=SMALL, color=MUTED)
    _bars(axes, [*wide.values()], narrow=narrow)
    _ticks(axes)


def _by_first(table: pd.DataFrame, group: str) -> list[str]:
    rows = table[table["group"] == group].sort_values("value", ascending=False, kind="stable")
    return [str(x) for x in rows["theme"]]


def _apart_title(table: pd.DataFrame) -> str:
    if "p" in table and table["p"].isna().all():
        return "Themes by group of customers"
    clear = int(table["apart"].fillna(False).astype(bool).sum())
    if not clear:
        return "No theme clearly sets a group apart"
    plural = "difference" if clear == 1 else "differences"
    return f"{count(clear)} clear {plural} between a group and the others"


def _fact(theme: str, wide: Mapping[str, pd.DataFrame], labels: Labels | None) -> str:
    parts = []
    for name, rows in wide.items():
        value, low, high = (float(rows[end].loc[theme]) for end in ("value", "low", "high"))
        parts.append(f"{name} {estimate(value, low, high, 'share')}")
    return f"{named(theme, labels)}: {', '.join(parts)}"


def _bars(axes: list[Axes], tables: list[pd.DataFrame], *, narrow: bool) -> None:
    """A bar a theme, all panels on one scale."""
    every = pd.concat(tables)
    known = finite(every["value"], every["high"])
    top = float(known.max()) if len(known) else 1.0
    for ax, table in zip(axes, tables, strict=True):
        interval_rows(ax, table, draw=bar_with_interval, height=0.34 if narrow else 0.5)
        ax.set_xlim(0, min(1.0, top * 1.06) or 1.0)


def _ticks(axes: list[Axes]) -> None:
    """Nothing, a half-way mark and no crowd: panels are small."""
    for ax in axes:
        end = ax.get_xlim()[1]
        step = next(s for s in (0.1, 0.2, 0.25, 0.5, 1.0) if end / s <= 4)
        places = np.arange(0, end + 1e-9, step)
        ax.set_xticks(places, [f"{100 * x:.0f}%" for x in places], fontsize=SMALL)
