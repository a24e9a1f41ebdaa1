"""Charts of what happened later: outcomes by score, intention against act, revenue at risk."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from helpers.methods.linkage.rates import edge_names
from helpers.views.linkage.figures_money import each
from helpers.views.rendering.chart import Chart, finite, is_narrow, named, plot, wrapped
from helpers.views.rendering.intervals import facts, interval_dots, listed, require, written
from helpers.views.rendering.naming import Labels
from helpers.views.rendering.numerals import count, money, percent
from helpers.views.rendering.palette import ACCENT, HALO, INK, MUTED, PALE, SMALL, TEXT
from helpers.views.rendering.rows import Rows, number_axis, row_axes
from helpers.views.rendering.sentences import Sentence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from helpers.methods.linkage import ReturnOnLoyalty, RevenueAtRisk

MOST_BANDS = 6  # beside each other
RATE = ("rate", "low", "high")


def outcome_by_score(
    table: pd.DataFrame,
    *,
    outcome_label: str,
    score_label: str = "Loyalty score",
    unit: str = "share",
) -> Chart:
    """Draw the later outcome of each band of scores over the band itself.

    Parameters
    ----------
    table
        As ``linkage.outcome_by_score`` returns it: ``band``, ``low_edge``, ``high_edge``,
        ``base``, ``rate``, ``low``, ``high``.
    outcome_label
        The outcome with its unit and delay: "Kept within 6 months".
    unit
        ``share`` for a rate, else the unit of the outcome.

    Examples
    --------
    >>> table = pd.DataFrame({"band": ["low", "high"], "low_edge": [0, 50],
    ...     "high_edge": [50, 100], "base": [80, 120], "rate": [0.7, 0.9],
    ...     "low": [0.6, 0.85], "high": [0.8, 0.95]})
    >>> outcome_by_score(table, outcome_label="Kept within 6 months").title
    'Kept within 6 months: 70% in the lowest band of scores, 90% in the highest'
    """
    require(table, "low_edge", "high_edge", "base", "rate", "low", "high")
    bands = table.sort_values("low_edge").reset_index(drop=True)
    edges = edge_names([*bands["low_edge"], bands["high_edge"].iloc[-1]])
    bands["band"] = [f"{low}–{high}" for low, high in pairwise(edges)]
    outcome = f"{outcome_label[:1].upper()}{outcome_label[1:]}"
    base = f"Base: {count(bands['base'].sum())}"
    if len(bands) > MOST_BANDS:  # than fit beside each other on a phone
        return interval_dots(
            bands.iloc[::-1], label="band", value="rate", base="base", unit=unit,
            title=f"{outcome} by band of {score_label.lower()}", axis=outcome_label,
            note=f"{base}. Lines: intervals.", name="outcome_by_score",
        )  # fmt: skip
    ends = [written(bands["rate"].iloc[i], unit) for i in (0, -1)]
    title = f"{outcome}: {ends[0]} in the lowest band of scores, {ends[1]} in the highest"
    if ends[0] == ends[1]:
        title = f"{outcome} by band of {score_label.lower()}"
    told = facts(bands.assign(band=bands["band"].str.replace("–", " to ")), "band", RATE, unit)
    return Chart(
        partial(_steps, bands=bands, unit=unit, outcome=outcome_label, score=score_label),
        title,
        f"{outcome} by band of {score_label.lower()}: {listed(told)}.",
        f"{base} accounts and waves. Vertical lines: intervals.",
        "outcome_by_score",
    )


def _steps(
    figure: Figure, width: float, bands: pd.DataFrame, unit: str, outcome: str, score: str
) -> None:
    """Bands at equal distances, whatever their width: narrow ones stay readable."""
    narrow = is_narrow(width)
    ax = plot(figure, width, (2.9, 3.2), grid="y")
    for place, (_, r) in enumerate(bands.iterrows()):
        _step(ax, place, r, unit, narrow=narrow)
    values = finite(bands["rate"], bands["low"], bands["high"])
    if len(values):
        room = 0.16 * (np.ptp(values) or 1.0)
        ax.set_ylim(values.min() - room, values.max() + room)
    number_axis(ax, unit, outcome, narrow=narrow, axis="y", room=0.6)
    ax.set_xlim(-0.5, len(bands) - 0.5)
    names = [f"{band}\nn {count(n)}" for band, n in zip(bands["band"], bands["base"], strict=True)]
    ax.set_xticks(range(len(bands)), names)
    ax.tick_params(axis="x", length=0)
    ax.set_xlabel(wrapped(figure, score, width * 0.8, size=SMALL))


def _step(ax: Axes, place: int, band: pd.Series, unit: str, *, narrow: bool) -> None:
    if pd.isna(band["rate"]):
        ax.text(place, 0.5, "withheld", transform=ax.get_xaxis_transform(), ha="center",
                fontsize=SMALL, color=MUTED, va="center")  # fmt: skip
        return
    ax.plot([place - 0.42, place + 0.42], [band["rate"]] * 2, color=PALE, linewidth=4)
    ax.plot([place, place], [band["low"], band["high"]], color=ACCENT, linewidth=1.8, zorder=3)
    ax.plot([place], [band["rate"]], "o", color=ACCENT, markersize=6, zorder=4)
    top = band["high"] if pd.notna(band["high"]) else band["rate"]
    ax.annotate(
        written(band["rate"], unit), (place, top), (0, 3), textcoords="offset points",
        ha="center", va="bottom", fontsize=SMALL if narrow else TEXT, color=INK,
        path_effects=HALO,
    )  # fmt: skip


def intention_act(table: pd.DataFrame, *, title: str | None = None) -> Chart:
    """Draw, for each stated intention, the share that later did so.

    Parameters
    ----------
    table
        As ``linkage.intention_against_act`` returns it: ``intention``, ``base``,
        ``share_kept``, ``low``, ``high``.

    Examples
    --------
    >>> table = pd.DataFrame({"intention": [4, 5], "base": [60, 90], "share_kept": [0.7, 0.9],
    ...                       "low": [0.6, 0.82], "high": [0.8, 0.95]})
    >>> intention_act(table).title
    'Of those who most strongly said they would, 90% did'
    """
    require(table, "intention", "base", "share_kept", "low", "high")
    ordered = table
    if pd.api.types.is_numeric_dtype(table["intention"]):
        ordered = table.sort_values("intention", ascending=False).assign(
            intention=lambda t: [f"answered {x:g}" for x in t["intention"]]
        )
    known = ordered["share_kept"].dropna()
    most = f"{written(known.iloc[0], 'share')} did" if len(known) else "too few to show"
    return interval_dots(
        ordered.reset_index(drop=True), label="intention", value="share_kept", base="base",
        title=title or f"Of those who most strongly said they would, {most}",
        unit="share", axis="Stayed, share of those who answered so", name="intention_act",
        note=f"Base: {count(table['base'].sum())} answers followed up. Lines: intervals.",
    )  # fmt: skip


def risk_concentration(
    risk: RevenueAtRisk | pd.DataFrame,
    names: Labels | None = None,
    *,
    currency: str = "USD",
    top: int = 10,
    title: str | None = None,
) -> Chart:
    """Draw the accounts that hold most of the revenue at risk, and all others together.

    Parameters
    ----------
    risk
        As ``linkage.revenue_at_risk`` returns it, or its table: ``account_id``,
        ``revenue``, ``probability``, ``at_risk``.
    names
        Account to name. Without it accounts stay anonymous, numbered by size of risk.
    top
        How many accounts stand alone.

    Examples
    --------
    >>> table = pd.DataFrame({"account_id": ["a", "b", "c"], "revenue": [100.0, 50.0, 50.0],
    ...                       "probability": [0.5, 0.4, 0.1], "at_risk": [50.0, 20.0, 5.0]})
    >>> risk_concentration(table, top=1).title
    '1 of 3 accounts holds 67% of the revenue at risk'
    """
    table = risk if isinstance(risk, pd.DataFrame) else risk.table
    require(table, "account_id", "revenue", "probability", "at_risk")
    ranked = table.sort_values(["at_risk", "account_id"], ascending=[False, True])
    head, rest = ranked.head(top), ranked.iloc[top:]
    total = float(ranked["at_risk"].sum())
    held = float(head["at_risk"].sum()) / total if total else 0.0
    found = (
        f"{len(head)} of {count(len(ranked))} accounts "
        f"{'holds' if len(head) == 1 else 'hold'} {percent(held)} of the revenue at risk"
    )
    ranks = enumerate(head["account_id"], start=1)
    labels = [f"Account {i}" if names is None else named(account, names) for i, account in ranks]
    first, rest_at_risk = head.iloc[0], float(rest["at_risk"].sum())
    return Chart(
        partial(_risk_bars, rows=head, labels=labels, currency=currency),
        title or found,
        f"{found}. First: {labels[0]}, {money(first['at_risk'], currency)} of "
        f"{money(first['revenue'], currency)}.",
        f"Base: {count(len(ranked))} accounts, {money(total, currency)} expected to be lost; the "
        f"{count(len(rest))} not shown hold {money(rest_at_risk, currency)}. "
        "Bars: revenue times the modelled probability of losing it.",
        "risk_concentration",
    )


def _risk_bars(
    figure: Figure, width: float, rows: pd.DataFrame, labels: list[str], currency: str
) -> None:
    narrow = is_narrow(width)
    columns = [
        ("at risk", [money(x, currency) for x in rows["at_risk"]]),
        ("of revenue", [f"{'of ' * narrow}{money(x, currency)}" for x in rows["revenue"]]),
    ]
    (ax,) = row_axes(figure, Rows(labels, columns), width)
    for row, at_risk in enumerate(rows["at_risk"]):
        ax.barh(row, at_risk, height=0.34 if narrow else 0.5, zorder=2, color=ACCENT)
    number_axis(ax, f"money:{currency}", f"Revenue at risk ({currency})", narrow=narrow)


def worth_of_one(
    found: Mapping[float, ReturnOnLoyalty], *, currency: str, title: str
) -> Chart | Sentence:
    """Draw what raising one account of each group is worth; nothing where there are no groups."""
    rows, years = each(found), max(found)
    if rows.empty:
        return Sentence("", "")
    return interval_dots(
        rows, label="group", value="each", base="accounts", unit=f"money:{currency}", title=title,
        axis=f"Worth of raising one account over {years:g} years ({currency})",
        note=f"Base: {count(rows['accounts'].sum())} accounts. Lines: intervals. Each is the most "
        "that raising one account of the group may cost.",
        name="worth_of_one",
    )  # fmt: skip
