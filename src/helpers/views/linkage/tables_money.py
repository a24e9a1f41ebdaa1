"""The tables of the linkage chapter that hold money, and how past forecasts did."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from helpers.methods.linkage import (
    Backtest,
    LossLevels,
    ReturnOnLoyalty,
    RevenueAtRisk,
    RuleOfThumb,
)
from helpers.views.linkage import figures_money
from helpers.views.linkage.figures_money import backtest_rows, fifths, horizons
from helpers.views.rendering.sentences import Sentence, show_folded
from helpers.views.rendering.tables import Table, show

COLUMNS = [
    "what", "a_year", "gross", "gross_low", "gross_high", "excess", "excess_low", "excess_high",
    "top10",
]  # fmt: skip


def at_risk(
    risk: RevenueAtRisk,
    margin: RevenueAtRisk | None,
    rule: RuleOfThumb | None,
    currency: str,
    months: int,
) -> Table:
    """Revenue and margin at risk, and the rule of thumb."""
    money = f"money:{currency}"
    told = "The rule of thumb is for a year, has no range and names no account. " if rule else ""
    return show(
        figures_money.at_risk(risk, margin, rule).reindex(columns=COLUMNS),
        caption=f"What is likely to leave within {months} months",
        columns={
            "what": "Of accounts with a score",
            "a_year": ("A year", money),
            "gross": ("Likely to leave", money, "gross_low", "gross_high"),
            "excess": ("Linked to low scores", money, "excess_low", "excess_high"),
            "top10": ("In the ten largest cases", "share"),
        },
        note=f"{told}Intervals: {risk.confidence:.0%}.",
    )


def levels(found: LossLevels, currency: str) -> Table | Sentence:
    """How many left after each wave, and today's loss at that level: folded where they agree."""
    columns: dict[str, Any] = {
        "wave": "After the wave",
        "base": ("Accounts", "count"),
        "left": ("Left", "count"),
        "expected": ("Expected by their scores", "decimal0"),
        "loss": ("Today's loss at that level", f"money:{currency}"),
    }
    caption = "How many left after each wave"
    note = f"Expected: by the link of all waves. Chance makes waves differ so in {found.p:.1%}."
    if found.verdict == "differ":
        return show(found.table, caption=caption, columns=columns, note=note)
    return show_folded(caption, found.table, caption=caption, columns=columns, note=note)


def returns(
    found: Mapping[float, ReturnOnLoyalty], *, currency: str, of: str, cost: float
) -> Table:
    """What raising all accounts, one, or a group is worth over one year and more."""
    rows, money, one = horizons(found), f"money:{currency}", next(iter(found.values()))
    years = [f"{one_horizon:g}" for one_horizon in found]
    paid = f"{cost:,.0f} {currency} an account deducted" if cost else "no cost deducted"
    return show(
        rows.assign(group=rows["group"].str.slice(0, 1).str.upper() + rows["group"].str.slice(1)),
        caption=f"What {one.points:g} points more would be worth, in {of}",
        columns={
            "group": "Raised",
            "accounts": ("Accounts", "count"),
            **{
                f"gain_{n}": (f"{n}\u00a0year{'s' * (n != '1')}", money, f"low_{n}", f"high_{n}")
                for n in years
            },
        },
        note="Of accounts with a score. Because more stay, if the link holds; present value at "
        f"{one.discount_rate:.0%} a year, {paid}. Evidence grade {one.grade}. Intervals: "
        f"{one.confidence:.0%}; where waves differ much in how many leave, a little less.",
    )


def backtest(found: Backtest, rule: RuleOfThumb | None, confidence: float) -> Table:
    """The forecast against what happened, for who decides on it."""
    return show(
        backtest_rows(found, rule),
        caption=f"Would it have worked? {found.wave}, forecast from the waves before",
        columns={
            "check": "Question",
            "found": ("Answer", "in unit", "low", "high"),
            "against": ("Pure chance, or exactly right", "in unit"),
        },
        note=f"{found.base:,} accounts, {found.left:,} of them left. Intervals: {confidence:.0%}.",
    )


def calibration(found: Backtest) -> Sentence:
    """Forecast and what happened by fifths, folded."""
    return show_folded(
        "Forecast against what happened, from the accounts named first to those named last",
        fifths(found),
        caption="Share of accounts that left, by fifth of the forecast",
        columns={
            "fifth": "Fifth of accounts",
            "forecast": ("Forecast", "share1"),
            "observed": ("Left", "share1", "low", "high"),
            "base": ("Accounts", "count"),
        },
    )
