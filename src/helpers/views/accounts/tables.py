"""The tables of the accounts chapter: the list, what settles conflicts, promises to everybody."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from helpers.methods.account_list import AccountList
from helpers.views.accounts.pages import paged
from helpers.views.rendering.naming import Labels
from helpers.views.rendering.owners import owner_of
from helpers.views.rendering.tables import Column, Table, show

__all__ = ["Listing", "conflicts", "drivers", "first_accounts", "of_pages", "promises"]


@dataclass(frozen=True)
class Listing:
    """The head of the list; the press puts the whole list in its place on the page."""

    table: Table

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        html = f'<section class="account-list">{self.table.html()}</section>'
        return {"text/html": html, "text/plain": self.table.text()}


def first_accounts(found: AccountList, currency: str, most: int) -> Listing:
    """The accounts whose action is due first."""
    table = found.table.assign(
        about=found.table["tickets"].map(lambda n: "" if n == 0 else f"{n}"),
    )
    money = f"money:{currency}" if currency else "count"
    columns: dict[str, Column] = {
        "name": "Account",
        "segment": "Segment",
        "owner": "Owner",
        "contract_end": ("Contract ends", "date"),
        "about": ("Open tickets", "written"),
        "loyalty": ("Loyalty, best estimate", "decimal0", "low", "high"),
        "revenue": ("Revenue, 12 months", money),
        "cell": "Treatment",
        "action": "Next action",
        "who": "Person",
        "due": ("By", "date"),
        "avoid": "Do not pitch",
    }
    return Listing(
        show(table, caption="The account list, most urgent first",
             columns=columns, limit=most)
    )  # fmt: skip


def conflicts(found: AccountList, currency: str) -> Table:
    """Where chapters would have different things done with an account, and what is done."""
    columns: dict[str, Column] = {
        "conflict": "What the chapters say",
        "settled": "What is done",
        "accounts": ("Accounts", "count"),
    }
    if currency and found.table["revenue"].notna().any():
        columns["revenue"] = ("Their revenue, 12 months", f"money:{currency}")
    return show(
        found.conflicts,
        caption="Conflicts, each settled by one rule",
        columns=columns,
        note=f"Base: {len(found.table):,} accounts.",
    )


def promises(open_promises: pd.DataFrame) -> Table:
    """Promises that are not kept yet, each once, with how many accounts wait for it."""
    grouped = open_promises.groupby(["what", "due"], dropna=False, sort=False)
    once = grouped.agg(accounts=("account_id", "size"), late=("late", "first")).reset_index()
    once["state"] = once["late"].map({True: "past its day", False: "open"})
    return show(
        once.sort_values(["due", "what"], na_position="last"),
        caption="Promises that are not kept yet",
        columns={"what": "What was promised", "due": ("By", "date"), "state": "State",
                 "accounts": ("Accounts that wait", "count")},
        note="Promises made to all customers count for each account.",
    )  # fmt: skip


def drivers(
    found: pd.DataFrame, labels: Labels, scales: Mapping[str, tuple[float, float]],
    function: Callable[[str], str], heads: Mapping[str, str],
) -> pd.DataFrame:  # fmt: skip
    """Drivers with what readers call them, the ends of their scales, and who owns each.

    ``function`` tells which owns a driver, ``heads`` the people who own a function; the owner is
    empty where the codebook names no function.
    """
    ends = found["driver"].map(lambda name: scales[name])
    functions = found["driver"].map(function).astype(object)
    return found.assign(
        label=found["driver"].map(lambda name: labels.get(name, name)),
        owner=[owner_of(one, heads) if one else "" for one in functions],
        scale_min=[float(low) for low, _ in ends],
        scale_max=[float(high) for _, high in ends],
    )


def of_pages(found: AccountList, *, share: float, most: int, rows: int) -> dict[str, pd.DataFrame]:
    """Which accounts have a page of their own, and how many rows of the list stand on its page."""
    accounts = paged(found.table, share=share, most=most)
    return {
        "pages": pd.DataFrame({"account_id": pd.Series(accounts, dtype="str")}),
        "rows": pd.DataFrame({"rows": [rows]}),
    }
