"""Charts of what happened later: outcomes by score, intention against act, revenue at risk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from helpers.views.rendering.chart import (  # fmt: skip
    ACCENT,
    HALO,
    INK,
    MUTED,
    PALE,
    SMALL,
    TEXT,
    Chart,
    clean,
    finite,
    is_narrow,
    named,
    plain_axes,
    wrapped,
)
from helpers.views.rendering.intervals import estimate, interval_dots, listed, require, written
from helpers.views.rendering.numerals import count, money, percent
from helpers.views.rendering.rows import Rows, number_axis, row_axes

if TYPE_CHECKING:
    from helpers.methods.linkage import RevenueAtRisk

MOST_BANDS = 6  # beside each other


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _edge(value: float) -> str:
    """The edge of a band of scores: no more digits than a reader can use.

    >>> _edge(64.58), _edge(2.364), _edge(100)
    ('65', '2.4', '100')
    """
    return f"{value:.0f}" if abs(value) >= 10 or value == round(value) else f"{value:.1f}"


def outcome_by_score(
    table: pd.DataFrame,
    *,
    outcome_label: str,
    score_label: str = "Loyalty score",
    unit: str = "share",
    title: str | None = None,
    alt: str | None = None,
    note: str = "",
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
    facts = [
        f"{_edge(r['low_edge'])} to {_edge(r['high_edge'])} "
        f"{estimate(r['rate'], r['low'], r['high'], unit)}"
        for _, r in bands.iterrows()
    ]
    ends = [written(bands["rate"].iloc[i], unit) for i in (0, -1)]

    if len(bands) > MOST_BANDS:
        return _bands_as_rows(bands, unit, outcome_label, score_label, title, alt, note)

    def draw(figure: Figure, width: float) -> None:
        _steps(figure, width, bands, unit, outcome_label, score_label)

    return Chart(
        draw,
        title
        or f"{_capital(outcome_label)}: {ends[0]} in the lowest band of scores, "
        f"{ends[1]} in the highest",
        alt or f"{_capital(outcome_label)} by band of {score_label.lower()}: {listed(facts)}.",
        note or f"Base: {count(bands['base'].sum())} accounts and waves. Upright lines: intervals.",
        "outcome_by_score",
    )


def _bands_as_rows(
    bands: pd.DataFrame, unit: str, outcome: str, score: str,
    title: str | None, alt: str | None, note: str,
) -> Chart:  # fmt: skip
    """More bands than fit beside each other on a phone stand under each other, highest first."""
    named_bands = bands.iloc[::-1].assign(
        band=[
            f"{_edge(r['low_edge'])}–{_edge(r['high_edge'])}"
            for _, r in bands.iloc[::-1].iterrows()
        ]
    )
    return interval_dots(
        named_bands, label="band", value="rate", low="low", high="high", base="base", unit=unit,
        title=title or f"{_capital(outcome)} by band of {score.lower()}", axis=outcome, alt=alt,
        note=note or f"Base: {count(bands['base'].sum())}. Lines: intervals.",
        name="outcome_by_score",
    )  # fmt: skip


def _steps(
    figure: Figure, width: float, bands: pd.DataFrame, unit: str, outcome: str, score: str
) -> None:
    """Bands at equal distances, whatever their width: narrow ones stay readable."""
    narrow = is_narrow(width)
    figure.set_size_inches(width, 2.9 if narrow else 3.2)
    ax = figure.add_subplot()
    plain_axes(ax, grid="y")
    for place, (_, r) in enumerate(bands.iterrows()):
        _step(ax, place, r, unit, narrow=narrow)
    values = finite(bands["rate"], bands["low"], bands["high"])
    if len(values):
        room = 0.16 * (np.ptp(values) or 1.0)
        ax.set_ylim(values.min() - room, values.max() + room)
    number_axis(ax, unit, outcome, narrow=narrow, axis="y", room=0.6)
    ax.set_xlim(-0.5, len(bands) - 0.5)
    ax.set_xticks(range(len(bands)), [_band_name(r) for _, r in bands.iterrows()])
    ax.tick_params(axis="x", length=0)
    ax.set_xlabel(wrapped(figure, score, width * 0.8, size=SMALL))


def _band_name(band: pd.Series) -> str:
    return f"{_edge(band['low_edge'])}–{_edge(band['high_edge'])}\nn {count(band['base'])}"


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


def intention_act(
    table: pd.DataFrame, *, act_label: str = "Stayed", title: str | None = None, note: str = ""
) -> Chart:
    """Draw, for each stated intention, the share that later did so.

    Parameters
    ----------
    table
        As ``linkage.intention_against_act`` returns it: ``intention``, ``base``,
        ``share_kept``, ``low``, ``high``.
    act_label
        What "doing so" was.

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
        ordered.reset_index(drop=True),
        label="intention", value="share_kept", low="low", high="high", base="base",
        title=title or f"Of those who most strongly said they would, {most}",
        unit="share", axis=f"{act_label}, share of those who answered so", name="intention_act",
        note=note or f"Base: {count(table['base'].sum())} answers followed up. Lines: intervals.",
    )  # fmt: skip


def risk_concentration(
    risk: RevenueAtRisk | pd.DataFrame,
    names: Mapping[str, str] | None = None,
    *,
    currency: str = "USD",
    top: int = 10,
    title: str | None = None,
    alt: str | None = None,
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
    rows = _risk_rows(head, names)

    def draw(figure: Figure, width: float) -> None:
        _risk_bars(figure, width, rows, currency)

    first = rows.iloc[0]
    return Chart(
        draw,
        title or found,
        alt
        or f"{found}. First: {first['label']}, {money(first['at_risk'], currency)} of "
        f"{money(first['revenue'], currency)}.",
        f"Base: {count(len(ranked))} accounts, {money(total, currency)} expected to be lost; the "
        f"{count(len(rest))} not shown hold {money(float(rest['at_risk'].sum()), currency)}. "
        "Bars: revenue times the modelled probability of losing it.",
        "risk_concentration",
    )


def _risk_rows(head: pd.DataFrame, names: Mapping[str, str] | None) -> pd.DataFrame:
    labels = [
        f"Account {rank}" if names is None else named(account, names)
        for rank, account in enumerate(head["account_id"], start=1)
    ]
    rows = head.assign(label=labels, single=True)[["label", "revenue", "at_risk", "single"]]
    return rows.reset_index(drop=True)


def _risk_bars(figure: Figure, width: float, rows: pd.DataFrame, currency: str) -> None:
    narrow = is_narrow(width)
    columns = [
        ("at risk", [money(x, currency) for x in rows["at_risk"]]),
        ("of revenue", [f"{'of ' * narrow}{money(x, currency)}" for x in rows["revenue"]]),
    ]
    (ax,) = row_axes(figure, Rows([clean(x) for x in rows["label"]], columns), width)
    for row, (_, r) in enumerate(rows.iterrows()):
        ax.barh(row, r["at_risk"], height=0.34 if narrow else 0.5, zorder=2,
                color=ACCENT if r["single"] else PALE)  # fmt: skip
    number_axis(ax, f"money:{currency}", f"Revenue at risk ({currency})", narrow=narrow)
