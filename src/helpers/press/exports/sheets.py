"""The sheets of the workbook: what each is of, its columns, and its rows from what a run left."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from helpers.press import account_files, lead_files
from helpers.press.exports.source import Source
from helpers.press.spreadsheets import Columns
from helpers.results import ChapterResult
from helpers.views.rendering.owners import owner_of, owners

__all__ = ["Results", "Sheet", "sheets"]

Results = Mapping[str, ChapterResult]
ALERTS: Columns = {
    "rank": ("Rank", "place", 7),
    "account": ("Account", "text", 32),
    "account_id": ("Account id", "text", 12),
    "owner": ("Who calls", "text", 20),
    "kind": ("Kind", "text", 12),
    "step": ("Next step", "text", 14),
    "action": ("What to do", "text", 58),
    "person": ("Contact id", "text", 12),
    "reason": ("Why", "text", 24),
    "since": ("Since", "date", 12),
    "due": ("Due", "date", 12),
    "due_working": ("Due, working days", "date", 12),
    "days_late": ("Days late", "count", 9),
    "status": ("State", "text", 12),
    "at_stake": ("Money at stake", "money", 15),
    "revenue": ("Revenue, 12 months", "money", 16),
    "contract_end": ("Contract ends", "date", 14),
    "cases": ("Cases", "count", 8),
    "ticket_ids": ("Tickets", "text", 20),
    "snoozed_until": ("At rest until", "date", 13),
    "reach": ("When", "text", 12),
}
ACCOUNTS: Columns = {**account_files.COLUMNS, "owner": ("Account owner", "text", 20)}
CANDIDATES: Columns = {
    "action_id": ("Action id", "text", 10),
    "name": ("Action", "text", 38),
    "function": ("Function", "text", 14),
    "owner": ("Owner", "text", 24),
    "moves": ("Works mainly through", "text", 22),
    "spend": ("Cost over {planned}", "money", 14),
    "gain": ("Gain before costs, {horizon}", "gain", 15),
    "low": ("Gain, from", "gain", 14),
    "high": ("Gain, to", "gain", 14),
    "net": ("Gain after costs, {horizon}", "gain", 15),
    "positive": ("Chance it pays", "share", 10),
    "chosen": ("In the best plan of", "share", 11),
    "funded": ("In the plan", "text", 9),
    "starts": ("Starts", "text", 9),
    "needs": ("Needs first", "text", 12),
}
PLAN: Columns = {
    "action_id": ("Action id", "text", 10),
    "name": ("Action", "text", 38),
    "function": ("Function", "text", 14),
    "owner": ("Owner", "text", 24),
    "starts": ("Starts", "text", 9),
    "planned": ("Cost over {planned}", "money", 14),
    "adds": ("Adds to the plan, {horizon}", "gain", 15),
    "chosen": ("In the best plan of", "share", 11),
    "moves": ("Works mainly through", "text", 22),
}
DAYS: Columns = {
    "action_id": ("Action id", "text", 10),
    "action": ("Action", "text", 38),
    "function": ("Function", "text", 14),
    "owner": ("Owner", "text", 24),
    "diagnose": ("Diagnose by", "date", 12),
    "choose": ("Choose by", "date", 12),
    "build and try": ("Build and try by", "date", 12),
    "install": ("Install by", "date", 12),
    "in_force": ("In force by", "date", 12),
    "judged": ("Judged on", "date", 12),
    "indicator": ("Leading indicator", "text", 30),
    "rating": ("Rating now", "decimal", 9),
    "target": ("Target", "decimal", 9),
    "stop": ("Stop below a rise of", "decimal", 12),
    "cost": ("Cost over {planned}", "money", 14),
}


@dataclass(frozen=True)
class Sheet:
    """One sheet: what it holds, in a line, its columns and its rows."""

    name: str
    about: str
    columns: Columns
    rows: pd.DataFrame
    of: str  # the table that it is made from, as chapter.table


def sheets(source: Source, known: Results) -> tuple[list[Sheet], list[str]]:
    """The sheets that a run can fill, and a line for each that it cannot.

    Parameters
    ----------
    known
        What the chapters of the run handed on, by name.
    """
    made, missing = [], []
    for name, (of, about, columns, rows) in SHEETS.items():
        chapter, _, table = of.partition(".")
        result = known.get(chapter)
        found = None if result is None else result.tables.get(table)
        if found is None:
            missing.append(f"No sheet {name}: this run has nothing from the chapter on {chapter}.")
        elif found.empty:
            missing.append(f"No sheet {name}: the chapter on {chapter} found none.")
        else:
            told = rows(found, source).reset_index(drop=True)
            made.append(Sheet(name, about, _headed(columns, known, source, told), told, of))
    return made, missing


def _headed(columns: Columns, known: Results, source: Source, rows: pd.DataFrame) -> Columns:
    """Columns that the rows have anything in, with units in their headings."""
    plan = known["actions"].figures if "actions" in known else {}
    in_money = "plan" not in plan or plan["plan"].unit.startswith("money")
    words = {name: str(plan[name].value) if name in plan else "the time planned"
             for name in ("planned", "horizon")}  # fmt: skip
    made = {}
    for name, (heading, kind, width) in columns.items():
        if name not in rows or rows[name].isna().all():
            continue
        kind = ("money" if in_money else "decimal") if kind == "gain" else kind
        unit = {"money": source.study.currency, "share": "%"}.get(kind, "")
        made[name] = (heading.format(**words) + (f" ({unit})" if unit else ""), kind, width)
    return made


def _as_it_is(table: pd.DataFrame, source: Source) -> pd.DataFrame:
    return table


def _alerts(table: pd.DataFrame, source: Source) -> pd.DataFrame:
    reach = table["in_reach"].map({True: "this week", False: "later"})
    return table.assign(reach=reach).sort_values("rank", kind="stable")


def _owned(table: pd.DataFrame, source: Source) -> pd.DataFrame:
    known = owners(source.study)
    return table.assign(owner=[owner_of(function, known) for function in table["function"]])


def _candidates(table: pd.DataFrame, source: Source) -> pd.DataFrame:
    funded = table["funded"].astype(bool).map({True: "yes", False: "no"})
    return _owned(table, source).assign(funded=funded)


def _plan(table: pd.DataFrame, source: Source) -> pd.DataFrame:
    rows = table[table["funded"].astype(bool)]
    return _owned(rows.sort_values("chosen", ascending=False, kind="stable"), source)


def _days(table: pd.DataFrame, source: Source) -> pd.DataFrame:
    labels = source.study.labels
    indicator = [f"Rating of {labels.get(d, d)}" if d else "Cost saved" for d in table["driver"]]
    stop = table["stop"].where(table["stop"] > 0)
    return _owned(table, source).assign(indicator=indicator, stop=stop)


Rows = Callable[[pd.DataFrame, Source], pd.DataFrame]
SHEETS: Mapping[str, tuple[str, str, Columns, Rows]] = {
    "Accounts": ("accounts.accounts", "every account with owner, contract, what is at stake and "
                 "the next step", ACCOUNTS, _as_it_is),
    "Leads": ("leads.leads", "leads of people who agreed to offers, none of an account that waits",
              lead_files.COLUMNS, _as_it_is),
    "Plan": ("actions.candidates", "the actions to fund, surest first", PLAN, _plan),
    "Ninety days": ("actions.ninety_days", "what starts now: owner, days, indicator and stop rule",
                DAYS, _days),
    "Candidates": ("actions.candidates", "every candidate action by itself", CANDIDATES,
                   _candidates),
    "Alerts": ("recovery.inbox", "whom to call, thank or talk with, most money at stake first",
               ALERTS, _alerts),
}  # fmt: skip
