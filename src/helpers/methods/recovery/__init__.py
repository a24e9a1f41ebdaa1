"""Service recovery: is the loop closed in time, what waits, and what was it worth."""

from helpers.methods.recovery.backlog import (
    OTHER,
    Causes,
    ageing,
    causes,
    owner_load,
    reopened,
    under_alert,
)
from helpers.methods.recovery.clocks import CLOCKS, Cases, Promises, cases, clocks, known_on
from helpers.methods.recovery.followed import followed
from helpers.methods.recovery.inbox import TO_BE_NAMED, Inbox, inbox, stakes
from helpers.methods.recovery.rules import RULES, Rule
from helpers.methods.recovery.saved import DESIGNS, Saved, saved
from helpers.methods.recovery.signals import named, signals
from helpers.methods.recovery.waiting import Waiting, waiting
from helpers.methods.recovery.working_time import WorkingTime

__all__ = [
    "CLOCKS",
    "DESIGNS",
    "OTHER",
    "RULES",
    "TO_BE_NAMED",
    "Cases",
    "Causes",
    "Inbox",
    "Promises",
    "Rule",
    "Saved",
    "Waiting",
    "WorkingTime",
    "ageing",
    "cases",
    "causes",
    "clocks",
    "followed",
    "inbox",
    "known_on",
    "named",
    "owner_load",
    "reopened",
    "saved",
    "signals",
    "stakes",
    "under_alert",
    "waiting",
]
