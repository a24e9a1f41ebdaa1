"""Charts of who answered: response by role, revenue covered, and what weighting changed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from helpers.views.rendering.chart import Chart, Mark, clean, finite, is_narrow, key, plot
from helpers.views.rendering.intervals import interval_dots, require
from helpers.views.rendering.naming import of_group, plain
from helpers.views.rendering.numerals import count, decimal, formatter, percent
from helpers.views.rendering.palette import ACCENT, CONTRAST, INK, LINE, MUTED, PALE, SMALL, TEXT
from helpers.views.rendering.records import records
from helpers.views.rendering.rows import Rows, guides, number_axis, row_axes

if TYPE_CHECKING:
    from helpers.methods.sampling import Coverage
    from helpers.methods.scorecard import Scorecard
    from helpers.methods.weighting import Weights

KEY: tuple[Mark, ...] = (
    ("before", "o", {"color": CONTRAST, "markerfacecolor": "white"}),
    ("after", "o", {"color": ACCENT}),
    ("target", "|", {"color": INK, "markersize": 11, "markeredgewidth": 1.6}),
)


def response_by_role(table: pd.DataFrame, *, confidence: float = 0.95) -> Chart:
    """Draw the response rate of each role.

    Parameters
    ----------
    table
        As ``sampling.response_table`` returns it; the rows of the grouping ``role`` are drawn.
    """
    roles = table[table["grouping"] == "role"]
    return interval_dots(
        roles.assign(group=roles["group"].map(plain)), label="group", value="rate",
        base="invited", unit="share", title=lowest_title(roles),
        axis="Completed or partly, of those who may be eligible",
        note=f"Base: {int(roles['invited'].sum()):,} people asked. Lines: {confidence:.0%} "
        "intervals.",
    )  # fmt: skip


def lowest_title(groups: pd.DataFrame) -> str:
    """Name the group that answered least, where its interval clears the next.

    >>> groups = pd.DataFrame({"group": ["user", "buyer"], "rate": [0.6, 0.3],
    ...                        "low": [0.55, 0.25], "high": [0.65, 0.35]})
    >>> lowest_title(groups)
    'Fewest answers: buyer'
    """
    known = groups.dropna(subset=["rate"]).sort_values("rate")
    if len(known) > 1 and known["high"].iloc[0] < known["low"].iloc[1]:
        return f"Fewest answers: {plain(known['group'].iloc[0])}"
    return "No group answers clearly less than the others"


def score_by_weighting(found: Scorecard, *, confidence: float = 0.95) -> Chart:
    """Draw the score that leads the page under each weighting."""
    rows = found.table[found.table["measure"] == found.table["measure"].iloc[0]]
    first = rows.iloc[0]
    write = formatter(first["unit"])
    shown = [f"{write(row['value'])} {row['weighting']}" for row in records(rows)]
    return interval_dots(
        rows, label="weighting", base="base", unit=first["unit"],
        title=f"{first['label']}: {'; '.join(shown)}", axis=first["label"],
        note=f"Base: answers to this question. Lines: {confidence:.0%} intervals.",
    )  # fmt: skip


def coverage_curve(coverage: Coverage) -> Chart:
    """Draw how revenue gathers in the largest accounts, and how much of it answered.

    Parameters
    ----------
    coverage
        As ``sampling.coverage`` returns it, with revenue: its ``curve`` has one row an
        account, largest first, with cumulative ``account_share``, ``revenue_share`` and
        ``covered_share``.

    Raises
    ------
    ValueError
        If the accounts came without revenue.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> curve = pd.DataFrame({"account_share": [0.5, 1.0], "revenue_share": [0.8, 1.0],
    ...                       "covered_share": [0.8, 0.8]})
    >>> coverage_curve(SimpleNamespace(curve=curve, base=2)).title
    'Accounts that answered hold 80% of revenue'
    """
    curve = coverage.curve
    require(curve, "account_share", "revenue_share", "covered_share")
    if curve["revenue_share"].isna().all():
        raise ValueError("accounts have no revenue: send it in accounts.csv to see what is covered")
    answered = float(curve["covered_share"].iloc[-1])
    tenth, covered = (
        float(np.interp(0.1, curve["account_share"], curve[column]))
        for column in ("revenue_share", "covered_share")
    )
    told = np.isfinite(answered)
    found = f"Accounts that answered hold {percent(answered)} of revenue"
    largest = f"The largest tenth of accounts holds {percent(tenth)} of revenue"
    part = f"{found}. {largest}, of which {percent(covered / tenth if tenth else 0)} answered."
    return Chart(
        partial(_lorenz, curve=curve, told=told),
        found if told else largest,
        part if told else f"{largest}. What answered holds is withheld.",
        f"Base: {count(coverage.base)} accounts, largest first. "
        + "The gap between the lines is revenue of accounts without an answer." * bool(told),
        "coverage_curve",
    )


def _lorenz(figure: Figure, width: float, curve: pd.DataFrame, told: bool) -> None:
    narrow = is_narrow(width)
    ax = plot(figure, width, (2.9, 3.4))
    columns = ("account_share", "revenue_share", "covered_share")
    x, total, covered = (np.concatenate([[0.0], curve[column]]) for column in columns)
    if told:
        _answered(ax, x, covered, total)
    ax.plot(x, total, color=MUTED, linewidth=1.4, linestyle=(0, (5, 2)), zorder=3)
    ax.set(xlim=(0, 1), ylim=(0, 1.1))
    number_axis(ax, "share", "Accounts, largest first", narrow=narrow)
    number_axis(ax, "share", "Revenue, added up", narrow=narrow, axis="y")
    ax.set_ylim(0, 1.1)
    ax.text(0.97, 1.015, "all accounts", ha="right", va="bottom", fontsize=SMALL, color=MUTED)


def _answered(ax: Axes, x: np.ndarray, covered: np.ndarray, total: np.ndarray) -> None:
    """What accounts that answered hold, and the gap to the whole."""
    ax.fill_between(x, covered, total, color=LINE, alpha=0.6, linewidth=0, zorder=1)
    ax.fill_between(x, 0, covered, color=PALE, alpha=0.7, linewidth=0, zorder=1)
    ax.plot(x, covered, color=ACCENT, linewidth=2.2, zorder=3)
    answered = float(covered[-1])
    ax.text(0.97, answered / 2 if answered > 0.2 else answered + 0.05,
            f"answered: {percent(answered)} of revenue", ha="right", va="bottom",
            fontsize=TEXT, color=INK, weight="bold")  # fmt: skip


def weights_before_after(weights: Weights, counted: str = "respondents") -> Chart:
    """Draw each category's share before and after weighting, beside its target.

    Parameters
    ----------
    weights
        As ``weighting.rake`` returns it: its table has ``margin``, ``category``,
        ``target_share``, ``before_share``, ``after_share`` and ``respondents``.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> table = pd.DataFrame({"margin": ["tier"] * 2, "category": ["Key", "Other"],
    ...     "target_share": [0.2, 0.8], "before_share": [0.5, 0.5], "after_share": [0.2, 0.8],
    ...     "respondents": [50, 50]})
    >>> found = SimpleNamespace(table=table, design_effect=1.56, effective_base=64.1)
    >>> weights_before_after(found).title
    'Unequal weights alone leave 64 of 100 answers’ worth of precision'
    """
    columns = ("margin", "category", "target_share", "before_share", "after_share", "respondents")
    require(weights.table, *columns)
    table = weights.table.reset_index(drop=True)
    base = table.groupby("margin", sort=False)["respondents"].sum().max()
    moved = (table["before_share"] - table["target_share"]).abs().to_numpy()
    furthest = table.iloc[int(moved.argmax())]
    found = (
        f"Unequal weights alone leave {count(weights.effective_base)} of {count(base)} answers’ "
        "worth of precision"
    )
    return Chart(
        partial(_dumbbells, table=table),
        found,
        f"{found}. Furthest from its target before weighting: "
        f"{clean(plain(furthest['category']))}, "
        f"{percent(furthest['before_share'])} of answers against "
        f"{percent(furthest['target_share'])} of the people we want to speak for.",
        f"Base: {count(base)} {counted}; design effect {decimal(weights.design_effect, 2)}.",
        "weights_before_after",
    )


def _dumbbells(figure: Figure, width: float, table: pd.DataFrame) -> None:
    narrow = is_narrow(width)
    several = table["margin"].drop_duplicates().size > 1
    labels = [_category(r, several=several) for _, r in table.iterrows()]
    bases = [f"n {count(x)}" if narrow else count(x) for x in table["respondents"]]
    (ax,) = row_axes(figure, Rows(labels, [("n", bases)]), width)
    guides(ax, len(table))
    for row, (_, r) in enumerate(table.iterrows()):
        ax.plot([r["before_share"], r["after_share"]], [row, row], color=PALE, linewidth=3)
        ax.plot(r["target_share"], row, "|", color=INK, markersize=15, markeredgewidth=1.6)
        ax.plot(r["before_share"], row, "o", color=CONTRAST, markersize=6.5,
                markerfacecolor="white", markeredgewidth=1.6, clip_on=False)  # fmt: skip
        ax.plot(r["after_share"], row, "o", color=ACCENT, markersize=5.5, clip_on=False)
    shares = finite(table["before_share"], table["after_share"], table["target_share"])
    ax.set_xlim(0, shares.max() * 1.06)
    number_axis(ax, "share", "Share of respondents", narrow=narrow)
    key(ax, KEY, ncols=3)


def _category(row: pd.Series, *, several: bool) -> str:
    """A category as a reader would name it, with its margin where there are several."""
    return of_group(row["margin"], row["category"]) if several else plain(row["category"])
