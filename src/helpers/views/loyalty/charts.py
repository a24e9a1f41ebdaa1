"""Charts of the loyalty chapter: the matrix, each segment's share, and accounts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from helpers.methods.loyalty.segments import SEGMENTS
from helpers.views.loyalty.shares import CORRECTED, leading_shares
from helpers.views.rendering.chart import Chart, Mark, corners, dashed, is_narrow, key, plot
from helpers.views.rendering.intervals import estimate, listed, require, written
from helpers.views.rendering.numerals import count, percent
from helpers.views.rendering.palette import ACCENT, CONTRAST, INK, LINE, PALE, SMALL, TEXT
from helpers.views.rendering.records import records
from helpers.views.rendering.rows import Rows, dot_with_interval, guides, number_axis, row_axes
from helpers.views.rendering.rules import listed as joined

if TYPE_CHECKING:
    from helpers.methods.loyalty import LoyaltyMatrix, Membership, RollUp

WAYS = {"people": ("of people", "o", True), "accounts": ("of accounts", "s", False),
        "revenue": ("of revenue", "D", True)}  # fmt: skip
Shares = Mapping[tuple[str, str], Mapping[str, Any]]  # by way of counting and segment
FIELD = 25 / 3  # points of 100: the side of a field of the density
EDGE = 1.0  # points of 100: how far below a cut-off the line is drawn, so that no field is split
FEWEST = 3  # people: a field with fewer stays white
SEQUENTIAL = LinearSegmentedColormap.from_list("density", ["#ffffff", PALE, "#6f95c0"])


def loyalty_matrix(
    matrix: LoyaltyMatrix, chances: Membership | None = None, *, title: str | None = None
) -> Chart:
    """Draw where people stand on both axes, and the share of each quarter.

    Shading says where most people are; nobody is a point of their own.

    Parameters
    ----------
    matrix
        As ``loyalty.matrix`` returns it.
    chances
        As ``loyalty.membership`` returns it: shares are then corrected for measurement error.

    Examples
    --------
    >>> from helpers.methods import loyalty
    >>> found = loyalty.matrix([80, 90, 50, 40], [90, 80, 90, 20])
    >>> loyalty_matrix(found).title
    'Observed: Truly Loyal 50%, Accessible 0%, Trapped 25% and High Risk 25%'
    """
    rows = {name: (chances or matrix).share(name) for name in SEGMENTS}
    shares = joined([f"{name} {percent(row['value'])}" for name, row in rows.items()])
    found = shares if chances else f"Observed: {shares}"
    facts = [
        f"{name} {estimate(row['value'], row['low'], row['high'], 'share')}"
        for name, row in rows.items()
    ]
    how = f"Shares are {CORRECTED}; shading is where answers fall. " if chances else ""
    return Chart(
        partial(_quarters, people=matrix.people.dropna(), cuts=matrix.cuts, rows=rows),
        title or found,
        f"{found}. {listed(facts)}.",
        f"Base: {count(matrix.base)} respondents. {how}Fuller colour: more people; blank: fewer "
        f"than three. Lines: the cut-offs, {matrix.cuts[0]:g} of 100 on attitude and "
        f"{matrix.cuts[1]:g} on behaviour.",
        "loyalty_matrix",
    )


def _quarters(
    figure: Figure,
    width: float,
    people: pd.DataFrame,
    cuts: tuple[float, float],
    rows: Mapping[str, pd.Series],
) -> None:
    narrow = is_narrow(width)
    ax = plot(figure, width, (3.2, 4.0))
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
    names = (SEGMENTS[1], SEGMENTS[0], SEGMENTS[3], SEGMENTS[2])
    texts = [f"{name}\n{percent(rows[name]['value'])}" for name in names]
    corners(ax, texts, (0.015, 0.02), fontsize=TEXT, color=INK, weight="bold", zorder=5)


def _fields(cut: float) -> np.ndarray:
    """Edges of the fields along an axis: one lies just below the cut-off, none splits a score."""
    line = cut - EDGE
    down, up = int(np.ceil(line / FIELD + 1e-9)), int(np.ceil((100 - line) / FIELD + 1e-9))
    return np.asarray(line + FIELD * np.arange(-down, up + 1))


def segment_shares(
    matrix: LoyaltyMatrix, chances: Membership | None = None, rolled: RollUp | None = None
) -> Chart:
    """Draw each segment's share of people, of accounts and of revenue, with intervals.

    Parameters
    ----------
    matrix
        As ``loyalty.matrix`` returns it.
    chances, rolled
        As ``loyalty.membership`` and ``loyalty.roll_up`` return them: shares are then the ones
        that lead the page, corrected for measurement error where they can be.

    Examples
    --------
    >>> from helpers.methods import loyalty
    >>> found = loyalty.matrix([80, 90, 50, 40], [90, 80, 90, 20], accounts=list("aabc"))
    >>> segment_shares(found).title
    'High Risk: 25% of people and 33% of accounts (observed)'
    """
    shares = leading_shares(matrix, chances, rolled)
    ways = list(shares["counted"].unique())
    corrected = [WAYS[way][0] for way in shares.loc[shares["how"] == CORRECTED, "counted"].unique()]
    rows = {(row["counted"], row["segment"]): row for row in records(shares)}
    found = f"{_largest(rows, ways)}{'' if corrected else ' (observed)'}"
    facts = [_fact(rows, way, name) for name in SEGMENTS for way in ways]
    return Chart(
        partial(_shares, rows=rows, ways=ways), found, f"{found}: {listed(facts, most=12)}.",
        f"Base: {count(matrix.base)} respondents{_accounts(rolled)}. Lines are intervals."
        + f" Shares {joined(corrected)} are {CORRECTED}." * bool(corrected),
        "segment_shares",
    )  # fmt: skip


def _largest(rows: Shares, ways: list[str]) -> str:
    """What the largest group that is not truly loyal holds, of what may be told of it."""
    name = max(SEGMENTS[:0:-1], key=lambda segment: rows["people", segment]["value"])
    told = [(way, rows[way, name]["value"]) for way in ways]
    shares = [f"{percent(value)} {WAYS[way][0]}" for way, value in told if pd.notna(value)]
    return f"{name}: {joined(shares)}"


def _accounts(rolled: RollUp | None) -> str:
    return "" if rolled is None else f" in {count(rolled.base)} accounts"


def _fact(rows: Shares, way: str, segment: str) -> str:
    row = rows[way, segment]
    told = estimate(row["value"], row["low"], row["high"], "share")
    return f"{segment} {WAYS[way][0]} {told}"


def _shares(figure: Figure, width: float, rows: Shares, ways: list[str]) -> None:
    texts = [[written(rows[way, n]["value"], "share") for n in SEGMENTS] for way in ways]
    columns = list(zip([WAYS[way][0].removeprefix("of ") for way in ways], texts, strict=True))
    (ax,) = row_axes(figure, Rows(list(SEGMENTS), columns), width)
    guides(ax, len(SEGMENTS))
    offsets = np.linspace(-0.22, 0.22, len(ways)) if len(ways) > 1 else [0.0]
    for way, off in zip(ways, offsets, strict=True):
        _, marker, filled = WAYS[way]
        colour = CONTRAST if way == "revenue" else ACCENT
        for place, name in enumerate(SEGMENTS):
            one = rows[way, name]
            if pd.notna(one["value"]):
                dot_with_interval(ax, place + off, one["value"], one["low"], one["high"],
                                  marker=marker, filled=filled, colour=colour, size=5)  # fmt: skip
    ax.set_xlim(left=0)
    number_axis(ax, "share", "Share", narrow=is_narrow(width))
    if len(ways) > 1:
        key(ax, [_mark(way) for way in ways], ncols=3)


def _mark(way: str) -> Mark:
    """What the mark of a way of counting is."""
    name, marker, filled = WAYS[way]
    colour = CONTRAST if way == "revenue" else ACCENT
    return name, marker, {"color": colour, "markerfacecolor": colour if filled else "white"}


def account_scores(found: RollUp, *, title: str | None = None) -> Chart:
    """Draw every account's loyalty with its interval, lowest first, without names.

    Parameters
    ----------
    found
        As ``loyalty.roll_up`` returns it.
    """
    table = found.table.dropna(subset=["low", "high"]).sort_values("shrunken", kind="stable")
    require(table, "shrunken", "low", "high")
    middle = float(table["shrunken"].mean())
    below, above, alike = found.beside_mean
    said = (
        f"Accounts below the mean: {count(below)}; above: {count(above)}; not distinguishable from "
        f"it: {count(alike)}"
    )
    return Chart(
        partial(_account_lines, table=table, middle=middle),
        title or "Every account's loyalty, lowest first",
        f"{said}.",
        f"Base: {count(found.people)} people in {count(found.base)} accounts. Each line: an "
        "account's interval, its score drawn toward the mean as far as its few people leave doubt.",
        "account_scores",
    )  # fmt: skip


def _account_lines(figure: Figure, width: float, table: pd.DataFrame, middle: float) -> None:
    ax = plot(figure, width, (2.6, 2.6), grid="y")
    places = np.arange(len(table))
    low, high = table["low"].to_numpy(), table["high"].to_numpy()
    colours = np.select([high < middle, low > middle], [CONTRAST, ACCENT], LINE).tolist()
    ax.vlines(places, low, high, colors=colours, linewidth=1.0, zorder=2)
    ax.plot(places, table["shrunken"], color=INK, linewidth=1.6, zorder=3)
    dashed(ax, y=middle)
    ax.set_xticks([])
    ax.set_xlabel("Accounts, lowest first; dashed line: their mean", fontsize=SMALL)
    number_axis(ax, "index", "Loyalty, 0 to 100", narrow=is_narrow(width), axis="y")
