"""The tables of the value map: its groups, and the accounts by name."""

from __future__ import annotations

import pandas as pd

from helpers.methods.value_map import ValueMap
from helpers.views.rendering.naming import Labels
from helpers.views.rendering.numerals import percent
from helpers.views.rendering.sentences import Sentence, account_list
from helpers.views.rendering.tables import Column, Table, show
from helpers.views.value_map.figures import rounding

Columns = dict[str, Column]

SERVICE = {
    "Grow & leverage": "best people, executive sponsor, joint plans; references from those whom "
    "the loyalty page does not single out",
    "Protect & repair": "executive contact within 30 days, recovery plan, no pitching",
    "Invest": "named owner, pilot projects, room to grow before revenue shows it",
    "Maintain efficiently": "reliable self-service and inside sales, light touch",
    "Re-price or release": "standard terms, price to cost, let go without drama",
    "Negative payoff": "find out why it loses, then renegotiate scope and price; where the score "
    "is low too, repair first",
}
NAME: Columns = {"account": "Account"}
SCORE: Columns = {
    "loyalty": ("Loyalty, best estimate", "decimal0", "low", "high"),
    "respondents": ("Answers", "count"),
}
FIRM: Columns = {"firmness": "How firm"}
MOST_AT_A_LOSS = 10
SHRUNK = (
    "Loyalty is shrunk toward the mean of all accounts as far as few answers leave doubt; "
    "observed scores differ."
)


def groups(found: ValueMap, cells: pd.DataFrame, currency: str) -> Table:
    """The cells that hold accounts, with what each deserves."""
    return show(
        _held(cells),
        caption="Groups of accounts by value and loyalty",
        columns={
            "cell": "Group",
            "accounts": ("Accounts placed", "count"),
            "accounts_expected": ("Likely number", "count", "accounts_low", "accounts_high"),
            "revenue": ("Revenue, 12 months", f"money:{currency}"),
            "revenue_share": ("Share of revenue", "share"),
            "firm_share": ("Firmly placed", "share"),
            "service": "What it deserves",
        },
        note=f"Base: {found.base:,} accounts that answered. Loyal from {found.loyalty_cut:g}, "
        f"valuable from {found.value_cut:g}. Placed: by best estimates, which few answers draw to "
        f"the mean. Likely: with their noise, so the two differ.{_losses(found)}" + rounding(cells),
    )


def _losses(found: ValueMap) -> str:
    """What counts as a loss, where anything tells of losses."""
    if found.table["contribution"].isna().all():
        return ""
    return (
        f" Negative payoff: from a loss of {percent(found.losses.share)} of revenue on; accounts "
        f"with {percent(found.losses.large)} or more of all this revenue, and an even share, that "
        "score low stand under Protect & repair whatever they earn."
    )


def _held(cells: pd.DataFrame) -> pd.DataFrame:
    """The cells that hold accounts; no likely number where nothing moved."""
    kept = cells[cells["accounts"] > 0].copy()
    still = kept["accounts_low"] == kept["accounts_high"]
    kept.loc[still, ["accounts_low", "accounts_high", "accounts_expected"]] = None
    return kept.assign(service=[_service(cell) for cell in kept["cell"]])


def _service(cell: str) -> str:
    """What a cell deserves; each part of a joined one by its name."""
    if cell in SERVICE:
        return SERVICE[cell]
    return "; ".join(f"{name}: {text}" for name, text in SERVICE.items() if f"{name} (" in cell)


def named(
    found: ValueMap,
    names: Labels,
    lowest: float,
    highest: float,
    singled_out: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """The accounts by name, highest value first; intervals end where the scale does.

    ``segment`` holds the likely segment of those that the loyalty chapter singled out.
    """
    table = found.table.assign(account=found.table["account_id"].map(names), segment="")
    if singled_out is not None:
        called = singled_out.set_index("account_id")["segment"]
        table["segment"] = table["account_id"].map(called).fillna("")
    if "low" in table:
        table[["low", "high"]] = table[["low", "high"]].clip(lowest, highest)
    return table


def to_protect(table: pd.DataFrame, *, currency: str, most: int, people: int) -> Table:
    """Valuable accounts that are not loyal; ``people`` is how many agreed to be named."""
    return show(
        _of_cell(table, "Protect & repair", "revenue"),
        caption="Valuable accounts that are not loyal",
        limit=most,
        columns={**NAME, "revenue": _revenue(currency), **SCORE, **FIRM},
        note=f"{_only(people)}; accounts of others are not listed. {SHRUNK}",
    )


def on_the_list() -> Sentence:
    """Where the accounts stand by name."""
    return account_list("Every account by name: its group and how firm that is")


def at_a_loss(table: pd.DataFrame, found: ValueMap, *, currency: str) -> Table:
    """Accounts that lose more than counts, and how firmly that is known."""
    return show(
        _of_cell(table, "Negative payoff", "contribution").iloc[::-1],
        caption=f"Accounts that lose {percent(found.losses.share)} of their revenue or more",
        limit=MOST_AT_A_LOSS,
        columns={
            **NAME,
            "revenue": _revenue(currency),
            "contribution": ("Margin less cost to serve", f"money:{currency}"),
            "loyalty": ("Loyalty, best estimate", "decimal0"),
            **FIRM,
        },
        note=f"Base: {len(table):,} accounts that may be named. Largest loss first. How firm: "
        f"with costs booked on an account {percent(found.losses.cost_error)} off, as is likely.",
    )


def _of_cell(table: pd.DataFrame, cell: str, by: str) -> pd.DataFrame:
    """The accounts of one group, largest first."""
    return table[table["cell"] == cell].sort_values(by, ascending=False)


def _revenue(currency: str) -> tuple[str, str]:
    return "Revenue, 12 months", f"money:{currency}"


def _only(people: int) -> str:
    return f"Made only from the answers of {people:,} people who may be named"
