"""Charts of the loyalty chapter: the matrix, what a change is made of, moves, and accounts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, TwoSlopeNorm
from matplotlib.figure import Figure

from helpers.views.rendering.chart import (  # fmt: skip
    ACCENT,
    CONTRAST,
    HALO,
    INK,
    LINE,
    MUTED,
    PALE,
    SMALL,
    TEXT,
    Chart,
    is_narrow,
    plain_axes,
)
from helpers.views.rendering.intervals import WITHHELD, estimate, listed, require, written
from helpers.views.rendering.numerals import count, decimal, formatter, percent, span
from helpers.views.rendering.rows import (  # fmt: skip
    Rows,
    bar_with_interval,
    dot_with_interval,
    guides,
    number_axis,
    row_axes,
    zero_line,
)
from helpers.views.rendering.rules import listed as joined

if TYPE_CHECKING:
    from helpers.methods.loyalty import Change, LoyaltyMatrix, RollUp, Transitions

__all__ = ["account_scores", "change_parts", "loyalty_matrix", "segment_moves", "segment_shares"]

SEGMENTS = ("Truly Loyal", "Accessible", "Trapped", "High Risk")
WAYS = {"respondents": ("of people", "o", True), "accounts": ("of accounts", "s", False),
        "revenue": ("of revenue", "D", True)}  # fmt: skip
FIELD = 25 / 3  # points of 100: the side of a field of the density
EDGE = 1.0  # points of 100: how far below a cut-off the line is drawn, so that no field is split
FEWEST = 3  # people: a field with fewer stays white
DIVERGING = LinearSegmentedColormap.from_list("moves", [CONTRAST, "#ffffff", ACCENT])
SEQUENTIAL = LinearSegmentedColormap.from_list("density", ["#ffffff", PALE, "#6f95c0"])


def loyalty_matrix(
    matrix: LoyaltyMatrix, *, title: str | None = None, alt: str | None = None
) -> Chart:
    """Draw where people stand on both axes, and the share of each quarter.

    Shading says where most people are; nobody is a point of their own.

    Parameters
    ----------
    matrix
        As ``loyalty.matrix`` returns it.

    Examples
    --------
    >>> from helpers.methods import loyalty
    >>> found = loyalty.matrix([80, 90, 50, 40], [90, 80, 90, 20])
    >>> loyalty_matrix(found).title
    'As answered: Truly Loyal 50%, Accessible 0%, Trapped 25% and High Risk 25%'
    """
    people = matrix.people.dropna()
    rows = {name: matrix.share(name) for name in SEGMENTS}
    shares = [f"{name} {percent(row['value'])}" for name, row in rows.items()]
    found = f"As answered: {joined(shares)}"
    facts = [_share(name, row) for name, row in rows.items()]

    def draw(figure: Figure, width: float) -> None:
        _quarters(figure, width, people, matrix.cuts, rows)

    return Chart(
        draw,
        title or found,
        alt or f"{found}. {listed(facts)}.",
        f"Base: {count(matrix.base)} respondents. Darker: more people; white: fewer than three. "
        f"Lines: the cut-offs, {matrix.cuts[0]:g} of 100 on attitude and {matrix.cuts[1]:g} on "
        "behaviour.",
        "loyalty_matrix",
    )


def _share(name: str, row: pd.Series) -> str:
    return f"{name} {estimate(row['value'], row['low'], row['high'], 'share')}"


def _quarters(
    figure: Figure,
    width: float,
    people: pd.DataFrame,
    cuts: tuple[float, float],
    rows: Mapping[str, pd.Series],
) -> None:
    narrow = is_narrow(width)
    figure.set_size_inches(width, 3.2 if narrow else 4.0)
    ax = figure.add_subplot()
    plain_axes(ax, grid="both")
    ax.grid(visible=False)
    up, along = _fields(cuts[0]), _fields(cuts[1])
    density, _, _ = np.histogram2d(people["behaviour"], people["attitude"], bins=(along, up))
    shown = np.where(density < FEWEST, 0.0, density)
    ax.pcolormesh(along, up, np.sqrt(shown.T), cmap=SEQUENTIAL, vmin=0, zorder=1)
    ax.axvline(cuts[1] - EDGE, color=INK, linewidth=1.1, zorder=3)
    ax.axhline(cuts[0] - EDGE, color=INK, linewidth=1.1, zorder=3)
    number_axis(ax, "index", "Behaviour: means to stay and buy, 0 to 100", narrow=narrow)
    number_axis(ax, "index", "Attitude: how they feel, 0 to 100", narrow=narrow, axis="y")
    ax.set(xlim=(along[0], along[-1]), ylim=(up[0], up[-1]))
    _corner_labels(ax, rows)


def _fields(cut: float) -> np.ndarray:
    """Edges of the fields along an axis: one lies just below the cut-off, none splits a score."""
    line = cut - EDGE
    down, up = int(np.ceil(line / FIELD + 1e-9)), int(np.ceil((100 - line) / FIELD + 1e-9))
    return np.asarray(line + FIELD * np.arange(-down, up + 1))


def _corner_labels(ax: Axes, rows: Mapping[str, pd.Series]) -> None:
    top, bottom, right, left = (0.98, "top"), (0.02, "bottom"), (0.985, "right"), (0.015, "left")
    corners = zip(SEGMENTS, (right, left, right, left), (top, top, bottom, bottom), strict=True)
    for name, (x, side), (y, end) in corners:
        text = f"{name}\n{percent(rows[name]['value'])}"
        ax.text(x, y, text, transform=ax.transAxes, ha=side, va=end, fontsize=TEXT, color=INK,
                weight="bold", path_effects=HALO, zorder=5)  # fmt: skip


def segment_shares(
    matrix: LoyaltyMatrix, *, title: str | None = None, alt: str | None = None
) -> Chart:
    """Draw each segment's share of people, of accounts and of revenue, with intervals.

    Parameters
    ----------
    matrix
        As ``loyalty.matrix`` returns it.

    Examples
    --------
    >>> from helpers.methods import loyalty
    >>> found = loyalty.matrix([80, 90, 50, 40], [90, 80, 90, 20], accounts=list("aabc"))
    >>> segment_shares(found).title
    'As answered: each segment’s share of people and of accounts'
    """
    ways = list(matrix.table["estimand"].unique())
    names = [WAYS[way][0] for way in ways]
    found = f"As answered: each segment’s share {joined(names)}"
    facts = [
        f"{name} {WAYS[way][0]} "
        + (
            WITHHELD
            if pd.isna(row["value"])
            else estimate(row["value"], row["low"], row["high"], "share")
        )
        for name in SEGMENTS
        for way in ways
        for row in [matrix.share(name, way)]
    ]

    def draw(figure: Figure, width: float) -> None:
        texts = [
            [written(matrix.share(name, way)["value"], "share") for name in SEGMENTS]
            for way in ways
        ]
        columns = list(zip([w.removeprefix("of ") for w in names], texts, strict=True))
        (ax,) = row_axes(figure, Rows(list(SEGMENTS), columns), width)
        guides(ax, len(SEGMENTS))
        offsets = np.linspace(-0.22, 0.22, len(ways)) if len(ways) > 1 else [0.0]
        for way, off in zip(ways, offsets, strict=True):
            _, marker, filled = WAYS[way]
            colour = CONTRAST if way == "revenue" else ACCENT
            for row, name in enumerate(SEGMENTS):
                one = matrix.share(name, way)
                if pd.isna(one["value"]):
                    continue
                dot_with_interval(ax, row + off, one["value"], one["low"], one["high"],
                                  marker=marker, filled=filled, colour=colour, size=5)  # fmt: skip
        ax.set_xlim(left=0)
        number_axis(ax, "share", "Share", narrow=is_narrow(width))
        _way_marks(ax, ways)

    return Chart(
        draw, title or found, alt or f"{found}: {listed(facts, most=12)}.",
        f"Base: {count(matrix.base)} respondents. Lines are intervals. An account has one vote, "
        "which its people share. The ways answer different questions; none corrects another.",
        "segment_shares",
    )  # fmt: skip


def _way_marks(ax: Axes, ways: list[str]) -> None:
    handles = []
    for way in ways:
        name, marker, filled = WAYS[way]
        colour = CONTRAST if way == "revenue" else ACCENT
        handles += ax.plot([], [], marker, color=colour, label=name,
                           markerfacecolor=colour if filled else "white")  # fmt: skip
    if len(ways) > 1:
        ax.figure.legend(handles=handles, loc="outside lower center", ncols=3, frameon=False,
                         fontsize=SMALL, handletextpad=0.2)  # fmt: skip


def change_parts(
    change: Change,
    *,
    title: str,
    unit: str = "points",
    scale: float = 1.0,
    whole: tuple[float, float] | None = None,
    axis: str = "Points of the score",
    alt: str | None = None,
) -> Chart:
    """Draw what a change between two waves is made of; the parts add up to the last row.

    Parameters
    ----------
    change
        As ``loyalty.change`` returns it.
    title
        The finding, in words that its interval allows.
    unit
        How the parts are written.
    scale
        What they are multiplied by first: 100 for a share in percentage points.
    whole
        The interval of the whole change, where it is quoted with another than its own.

    Examples
    --------
    >>> from helpers.methods import loyalty
    >>> found = loyalty.change([8, 6, 2], [9, 6, 10], accounts=(list("abc"), list("abd")))
    >>> change_parts(found, title="No reliable change").name
    'change_parts'
    """
    parts = change.table[(change.table["accounts"] > 0) & ~change.table["withheld"]]
    away = int(change.table["withheld"].sum())
    low, high = whole or (change.low, change.high)
    last = pd.DataFrame([{"label": "The whole change", "value": change.value, "low": low,
                          "high": high}])  # fmt: skip
    rows = pd.concat([parts[["label", "value", "low", "high"]], last], ignore_index=True)
    rows[["value", "low", "high"]] *= scale
    facts = [f"{r['label']}: {_signed(r['value'], unit)} ({_between(r, unit)})"
             for _, r in rows.iterrows()]  # fmt: skip

    def draw(figure: Figure, width: float) -> None:
        texts = [_signed(v, unit) for v in rows["value"]]
        (ax,) = row_axes(figure, Rows(list(rows["label"]), [("change", texts)]), width)
        zero_line(ax)
        for place, (_, r) in enumerate(rows.iterrows()):
            bar_with_interval(ax, place, float(r["value"]), float(r["low"]), float(r["high"]))
        ax.axhline(len(rows) - 1.5, color=MUTED, linewidth=0.8)
        number_axis(ax, unit, axis, narrow=is_narrow(width))

    return Chart(
        draw, title, alt or f"{title}. {listed(facts)}.",
        f"Base: {count(change.base)} answers of both waves, from {count(change.accounts)} "
        f"accounts, {'weighted' if change.weighted else 'as answered'}. Lines are intervals of "
        f"each part alone{'; the last allows for all changes on the page' if whole else ''}."
        + f" Parts of few answers are withheld, with what gives them away: {away}." * bool(away),
        "change_parts",
    )  # fmt: skip


def _signed(value: float, unit: str) -> str:
    return decimal(value, 2 if unit == "scale" else 1, signed=True)


def _between(row: pd.Series, unit: str) -> str:
    return f"{_signed(row['low'], unit)} to {_signed(row['high'], unit)}"


def segment_moves(moves: Transitions, *, title: str | None = None, alt: str | None = None) -> Chart:
    """Draw moves between segments as seen less what no true change would bring.

    Parameters
    ----------
    moves
        As ``loyalty.transitions`` returns it.
    """
    table = moves.table
    excess = table.pivot_table(index="before", columns="now", values="excess")
    excess = excess.reindex(index=list(SEGMENTS), columns=list(SEGMENTS)) * 100
    seen = table.pivot_table(index="before", columns="now", values="observed")
    seen = seen.reindex(index=list(SEGMENTS), columns=list(SEGMENTS))
    sure = table[table["sure"].astype(bool)]
    bold = set(zip(sure["before"], sure["now"], strict=True))
    row = moves.measure("excess")
    found = (
        f"{percent(moves.measure('moved')['value'])} changed segment, "
        f"{percent(moves.measure('expected')['value'])} would have by chance"
    )

    def draw(figure: Figure, width: float) -> None:
        _heatmap(figure, width, excess, seen, bold)

    return Chart(
        draw, title or found,
        alt or f"{found}: an excess of {_signed(row['value'] * 100, 'points')} percentage points "
        f"({_signed(row['low'] * 100, 'points')} to {_signed(row['high'] * 100, 'points')}).",
        f"Base: {count(moves.base)} people placed in both waves, as answered. In each field: the "
        "share seen, and below it the percentage points beyond what no true change would bring; "
        "bold where that is beyond chance, all fields looked at together. Blue: more than no true "
        "change would bring; orange: fewer.",
        "segment_moves",
    )  # fmt: skip


def _heatmap(
    figure: Figure,
    width: float,
    excess: pd.DataFrame,
    seen: pd.DataFrame,
    bold: set[tuple[str, str]],
) -> None:
    narrow = is_narrow(width)
    figure.set_size_inches(width, 3.0 if narrow else 3.4)
    ax = figure.add_subplot()
    beyond, shares = excess.to_numpy(float), seen.to_numpy(float)
    most = max(float(np.abs(beyond).max()), 1e-9)
    ax.pcolormesh(beyond, cmap=DIVERGING, norm=TwoSlopeNorm(0, -most * 1.6, most * 1.6),
                  edgecolors="white", linewidth=1.5)  # fmt: skip
    ax.invert_yaxis()
    names = [name.replace(" ", "\n") for name in SEGMENTS] if narrow else list(SEGMENTS)
    places = np.arange(len(names)) + 0.5
    ax.set_xticks(places, names, fontsize=SMALL)
    ax.set_yticks(places, names, fontsize=SMALL)
    ax.tick_params(length=0)
    ax.xaxis.set_ticks_position("top")
    ax.xaxis.set_label_position("top")
    ax.set_xlabel("this wave")
    ax.set_ylabel("last wave")
    for side in ax.spines.values():
        side.set_visible(False)
    for i, before in enumerate(SEGMENTS):
        for j, now in enumerate(SEGMENTS):
            weight = "bold" if (before, now) in bold else "normal"
            text = f"{percent(shares[i, j])}\n{_signed(beyond[i, j], 'points')}"
            ax.text(j + 0.5, i + 0.5, text, ha="center", va="center", fontsize=SMALL, color=INK,
                    weight=weight, linespacing=1.2)  # fmt: skip


def account_scores(found: RollUp, *, title: str | None = None, alt: str | None = None) -> Chart:
    """Draw every account's loyalty with its interval, lowest first, without names.

    Parameters
    ----------
    found
        As ``loyalty.roll_up`` returns it.
    """
    table = found.table.dropna(subset=["low", "high"]).sort_values("shrunken", kind="stable")
    require(table, "shrunken", "low", "high")
    middle = float(table["shrunken"].mean())
    below, above = int((table["high"] < middle).sum()), int((table["low"] > middle).sum())
    written = (
        f"Of {count(len(table))} accounts, surely below the mean: {count(below)}; surely above: "
        f"{count(above)}; not told apart from it: {count(len(table) - below - above)}"
        if below + above
        else f"None of the {count(len(table))} accounts can be told apart from their mean"
    )

    def draw(figure: Figure, width: float) -> None:
        figure.set_size_inches(width, 2.6)
        ax = figure.add_subplot()
        plain_axes(ax, grid="y")
        places = np.arange(len(table))
        low, high = table["low"].to_numpy(), table["high"].to_numpy()
        colours = np.select([high < middle, low > middle], [CONTRAST, ACCENT], LINE).tolist()
        ax.vlines(places, low, high, colors=colours, linewidth=1.0, zorder=2)
        ax.plot(places, table["shrunken"], color=INK, linewidth=1.6, zorder=3)
        ax.axhline(middle, color=MUTED, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)
        ax.set_xticks([])
        ax.set_xlabel("Accounts, lowest first; dashed line: their mean", fontsize=SMALL)
        number_axis(ax, "index", "Loyalty, 0 to 100", narrow=is_narrow(width), axis="y")

    ends = span(float(table["shrunken"].iloc[0]), float(table["shrunken"].iloc[-1]), "index")
    return Chart(
        draw, title or written,
        alt or f"{written}. Scores run from {ends}, with a mean of {formatter('index')(middle)}.",
        f"Base: {count(found.people)} people in {count(found.base)} accounts. Each line: an "
        "account's interval, its score drawn toward the mean as far as its few people leave doubt.",
        "account_scores",
    )  # fmt: skip
