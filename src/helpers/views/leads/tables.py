"""The tables of the leads chapter, and the way to its files."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from helpers.methods.leads import Backtest, HitRates, Leads
from helpers.views.leads import figures
from helpers.views.leads.figures import SOURCE, unit
from helpers.views.rendering.sentences import Sentence, notes, show_folded
from helpers.views.rendering.tables import Column, Table, show

EVERY = "All"
FILES = (
    '<p class="account-files">All leads for the sales system: <a href="../leads/leads.xlsx" '
    'download>Excel workbook</a> or <a href="../leads/leads.csv" download>CSV</a>. What else is '
    'open at an account: <a href="accounts.html">the account list</a>.</p>'
)
SAID = "All leads for the sales system: Excel workbook or CSV. See the account list."


def calls(made: Leads, rows: pd.DataFrame, currency: str) -> Table | Sentence:
    """The first calls, most expected money first."""
    if made.sent.empty:
        return notes("No lead may be named.")
    columns: dict[str, Column] = {"name": "Account", "about": "About"}
    if made.total is not None:
        columns["money"] = ("Expected money", unit(currency), "low", "high")
    columns |= {"role": "Whom to call", "owner": "Owner", "why": "Why"}
    return show(
        figures.calls(made, rows), caption="The first calls", columns=columns,
        note=f"First {made.first:,} of {len(made.calls):,} accounts with a lead. Expected money: "
        "chance times the amount of the first purchase. Accounts whose terms come first, as the "
        "account list says (re-price, or an account that loses money), stand after all others.",
    )  # fmt: skip


def files(made: Leads) -> Sentence:
    """Where the files are, where there is anything in them."""
    return notes() if made.sent.empty else Sentence(FILES, SAID)


def sources(made: Leads, rates: HitRates, currency: str) -> Table:
    """What each source brings, by its past."""
    sent = made.sent.groupby("source").agg(leads_now=("account_id", "size"), money=("money", "sum"))
    rows = rates.table.merge(sent, on="source", how="outer").fillna({"leads_now": 0})
    rows = rows.assign(named=rows["source"].map(SOURCE), past=rows["leads"].fillna(0))
    rows = rows[(rows["past"] > 0) | (rows["leads_now"] > 0)]
    return show(
        rows.sort_values("source", key=lambda names: names.map([*SOURCE].index)),
        caption="Leads by source",
        columns={
            "named": "Source", "leads_now": ("Leads now", "count"),
            "chance": ("Chance", "share1", "low", "high"),
            "past": ("Leads of the past", "count"), "hits": ("Of them came true", "count"),
            "money": ("Expected money now", unit(currency)),
        },
        note=f"{rates.confidence:.0%} intervals; a source with a short past is drawn towards the "
        "others. White space: loyal accounts like it own the product, and it does not.",
    )  # fmt: skip


def tested(found: Backtest) -> Table | Sentence:
    """What was stated at earlier waves, and what came true."""
    if found.table.empty:
        return notes()
    return show(
        tried(found), caption="Stated at earlier waves, and what came true",
        columns={
            "wave": "Wave", "named": "Source", "leads": ("Leads", "count"),
            "expected": ("Stated", "decimal0", "low", "high"), "hits": ("Came true", "count"),
            "inside": "Inside the range",
        },
        note=f"{found.confidence:.0%} ranges, from what was known on the day of the wave alone.",
    )  # fmt: skip


def tried(found: Backtest) -> pd.DataFrame:
    """The same with sources in words."""
    told = {True: "inside", False: "outside"}
    return found.table.assign(
        named=found.table["source"].map(SOURCE).fillna(EVERY),
        inside=found.table["inside"].astype(bool).map(told),
    )


def waiting(rows: pd.DataFrame) -> Sentence:
    """Leads after recovery, folded: not to be called about now."""
    if rows.empty:
        return notes()
    return show_folded(
        f"Leads that wait for recovery ({len(rows):,})",
        rows,
        caption="After recovery: do not pitch now",
        columns={"name": "Account", "owner": "Owner", "product": "About", "short": "Why"},
        note="The account list says what comes first at each account.",
    )


def space(made: Leads, products: Mapping[str, str]) -> pd.DataFrame:
    """What loyal accounts own, by group, with products in words: rows for the files of results."""
    named = made.space["product_id"].map(products)
    group = made.space["group"].replace("", "All loyal accounts")
    label = named.astype(str) + ", " + group.astype(str)
    return made.space.assign(name=named, label=label)[
        ["label", "name", "group", "share", "accounts", "leads", "money", "low", "high"]
    ]
