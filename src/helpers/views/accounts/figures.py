"""The numbers of the account list that sentences may name."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

import pandas as pd

from helpers.methods.account_list import AccountList
from helpers.results import Figure
from helpers.views.rendering.declared import declare
from helpers.views.rendering.rules import listed as in_words

SOME = ("some", "none")
PLACES = ("first", "second", "third")
FEW = 2  # accounts that a sentence of the first page names
DECLARED = declare(
    "listed", "this_week_revenue", *PLACES, "unheard", "open_tickets",
    "per_week", "callers", "repair_names",
    waiting=SOME, this_week=SOME, late_tickets=SOME, conflicts=SOME, unowned=SOME,
)  # fmt: skip


def listed(found: AccountList, currency: str) -> list[Figure]:
    """How many accounts are called this week, what they bring, and who comes first."""
    table, week = found.table, found.this_week
    count = partial(Figure, unit="count", base=len(table), base_unit="accounts")
    late = int((table["tickets_late"] > 0).sum())
    conflicts = int((table["conflict"] != "").sum())
    unowned = int(table["owner"].isna().sum())
    figures = [
        count("listed", len(table), label="accounts on the account list"),
        count("this_week", len(week), label="accounts with an action due within seven days",
              verdict=_some(len(week))),
        count("unheard", int(table["loyalty"].isna().sum()),
              label="accounts without an answer that may be shown"),
        count("open_tickets", int(table["tickets"].sum()), label="open tickets on the list"),
        count("late_tickets", late, label="accounts with a ticket past its day",
              verdict=_some(late)),
        count("conflicts", conflicts, label="accounts that chapters would treat in two ways",
              verdict=_some(conflicts)),
        count("unowned", unowned, label="accounts without an owner", verdict=_some(unowned)),
    ]  # fmt: skip
    return [*figures, *_paced(found), *_first(week), *_repair(table), *_money(week, currency)]


def _paced(found: AccountList) -> list[Figure]:
    """How many people call this week, how many calls each, and how many wait for a later one."""
    waiting = found.table["waits"].ne(0)  # missing: no place within a year
    count = partial(Figure, unit="count")
    return [
        count("per_week", found.per_week, label="most calls of one person in a week"),
        count("callers", found.this_week["who"].nunique(), label="people who call this week"),
        count("waiting", int(waiting.sum()), base=len(found.table), base_unit="accounts",
              label="accounts that wait for a later week", verdict=_some(int(waiting.sum()))),
    ]  # fmt: skip


def _repair(table: pd.DataFrame) -> Iterable[Figure]:
    """The first valuable accounts that firmly score low, in the order of the list, by name."""
    firm = table[(table["cell"] == "Protect & repair") & (table["firmness"] == "firm")]
    if len(firm):
        names = [str(name) for name in firm["name"].head(FEW)]
        yield Figure("repair_names", in_words(names), unit="text",
                     label="the first valuable accounts that firmly score low")  # fmt: skip


def _some(number: int) -> str:
    return "some" if number else "none"


def _first(week: pd.DataFrame) -> Iterable[Figure]:
    """The first accounts to call, by name."""
    for place, name in zip(PLACES, week["name"], strict=False):
        yield Figure(place, str(name), unit="text")


def _money(week: pd.DataFrame, currency: str) -> list[Figure]:
    """What the accounts of this week bring; nothing where unknown."""
    if not currency or week["revenue"].isna().all():
        return []
    label = "yearly revenue of the accounts with an action due within seven days"
    return [Figure("this_week_revenue", float(week["revenue"].sum()), unit=f"money:{currency}",
                   base=len(week), base_unit="accounts", label=label)]  # fmt: skip
