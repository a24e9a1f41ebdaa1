"""The list of accounts to act on: what is open at each, what is done next, by whom, by when."""

from helpers.methods.account_list.contracts import contract_ends
from helpers.methods.account_list.listing import AccountList, account_list, on_hold, terms_first
from helpers.methods.account_list.next_actions import next_actions
from helpers.methods.account_list.open_items import (
    EVERYONE,
    addressed,
    open_promises,
    open_tickets,
)
from helpers.methods.account_list.pacing import PER_WEEK, weeks_later
from helpers.methods.account_list.profiles import drivers, history, people, quotes
from helpers.methods.account_list.rules import CONFLICTS, PITCHES, RULES, Rule

__all__ = [
    "CONFLICTS",
    "EVERYONE",
    "PER_WEEK",
    "PITCHES",
    "RULES",
    "AccountList",
    "Rule",
    "account_list",
    "addressed",
    "contract_ends",
    "drivers",
    "history",
    "next_actions",
    "on_hold",
    "open_promises",
    "open_tickets",
    "people",
    "quotes",
    "terms_first",
    "weeks_later",
]
