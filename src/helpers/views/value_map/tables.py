"""The tables of the value map: its groups, and the accounts by name."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from helpers.methods.value_map import Coverage, Sensitivity, ValueMap
from helpers.views.rendering.naming import Labels
from helpers.views.rendering.numerals import percent
from helpers.views.rendering.sentences import Sentence, account_list
from helpers.views.rendering.tables import Column, Table, show
from helpers.views.value_map.figures import rounding

Columns = dict[str, Column]

DESERVES = pd.DataFrame(
    [
        ("Grow & leverage", "best people, joint plans; references from those whom the loyalty page "
         "does not single out", "named account manager, a business review each quarter",
         "an executive"),
        ("Protect & repair", "recovery plan with dates, no pitching", "executive contact within "
         "30 days, then the account manager each week until it is repaired", "an executive"),
        ("Invest", "pilot projects, room to grow before revenue shows it",
         "named owner, a review each half-year", "head of sales"),
        ("Maintain efficiently", "reliable self-service, light touch",
         "inside sales, a call each year", "none"),
        ("Re-price or release", "standard terms, price to cost, let go without drama",
         "inside sales, at renewal", "none"),
        ("Negative payoff", "find out why it loses, then renegotiate scope and price; where the "
         "score is low too, repair first", "owner with finance, until it pays", "finance"),
    ],
    columns=["cell", "service", "coverage", "sponsor"],
)  # fmt: skip
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
    """The cells that hold accounts."""
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
    return kept


def deserves(found: ValueMap, caps: Mapping[str, float]) -> Table:
    """What each group that holds accounts deserves, and what serving it may cost at most."""
    held = found.cells.loc[found.cells["accounts"] > 0, "cell"]
    rows = DESERVES[DESERVES["cell"].isin(held)]
    return show(
        rows.assign(cap=rows["cell"].map(caps)),
        caption="What each group deserves",
        columns={
            "cell": "Group",
            "service": "Service",
            "coverage": "Coverage",
            "sponsor": "Sponsor",
            "cap": ("Cost to serve, at most", "share"),
        },
        note="Cost to serve: share of an account's margin, declared for this report.",
    )


def coverage(made: Coverage) -> Table:
    """How far each group's service is from what it deserves."""
    held = made.table[made.table["accounts"] > 0]
    columns: Columns = {"cell": "Group", "accounts": ("Accounts", "count")}
    if held["unsponsored"].notna().any():
        columns["unsponsored"] = ("Without a sponsor", "count")
    if held["unowned"].notna().any():
        columns["unowned"] = ("Without an owner", "count")
    if held["costed"].any():
        columns |= {"cost_share": ("Cost to serve now", "share"), "cap": ("At most", "share"),
                    "over": ("Accounts over it", "count")}  # fmt: skip
    return show(
        held.drop(columns="withheld"),
        caption="Sponsors and cost to serve by group",
        columns=columns,
        note=f"Base: {made.base:,} accounts that may be named. Cost to serve: share of margin, "
        "last 12 months. Over: even if the costs booked on an account were lower by their likely "
        "error. Sponsors are asked of accounts to grow and to protect. A dash: not asked of the "
        "group, or of too few accounts to tell.",
    )


def over_cap(made: Coverage, names: Labels, currency: str) -> Table:
    """The accounts that cost most beyond their group's cap."""
    unit = f"money:{currency}"
    return show(
        made.over.assign(account=made.over["account_id"].map(names)),
        caption="Accounts that cost more to serve than their group allows",
        limit=MOST_AT_A_LOSS,
        columns={
            **NAME,
            "cell": "Group",
            "cost": ("Cost to serve", unit),
            "margin": ("Margin", unit),
            "excess": ("Cost beyond the cap", unit),
        },
        note="Largest cost beyond the cap first. What is done next at each: the account list.",
    )


def weights(tried: Sensitivity) -> Table:
    """How many accounts change group where one weight is moved."""
    return show(
        tried.table.assign(part=tried.table["part"].str.capitalize()),
        caption="The map with other weights",
        columns={
            "part": "Part",
            "declared": ("Weight declared", "decimal2"),
            "tried": ("Weight tried", "decimal2"),
            "moved": ("Accounts that change group", "count"),
            "moved_share": ("Share of accounts", "share"),
            "join": ("Join those to protect", "count"),
            "leave": ("Leave them", "count"),
        },
        note=f"Base: {tried.base:,} accounts that answered. One weight is moved at a time, the "
        "others in proportion; scores and costs as they are.",
    )


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
