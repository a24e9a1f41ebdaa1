"""What is done next at an account, as data: the first rule that fits it settles every conflict.

A rule fits where all its signs are true of the account. Signs are told in `listing`. The order
is that of urgency; what one chapter advises and another forbids is decided by it once, for the
whole report.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = [
    "AHEAD",
    "CONFLICTS",
    "DRIVER",
    "LEAD",
    "NOR_OFFER",
    "NOTHING",
    "NO_OFFER",
    "PITCHES",
    "PROMISE",
    "RENEWAL",
    "RULES",
    "Conflict",
    "Pitch",
    "Rule",
    "rule",
]

Who = Literal["owner", "sponsor", "ticket", "driver"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One next action: when it is the right one, what is done, by whom, within how many days."""

    name: str
    when: tuple[str, ...]  # signs that must all be true
    action: str
    who: Who
    days: int  # at most, from the day of the data; sooner where a contract ends before


@dataclass(frozen=True, slots=True)
class Pitch:
    """What is not offered to an account while signs of it are true."""

    when: tuple[str, ...]
    avoid: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two chapters that would have different things done with one account, and which gives way."""

    when: tuple[str, ...]
    says: str
    settled: str


NOTHING = "Normal service; nothing is pressing"
RULES = (
    Rule("uncontacted", ("first contact late",),
         "Call about the open ticket and say when it will be solved", "ticket", 1),
    Rule("repair before renewal", ("unhappy", "renewal near"),
         "Agree a repair plan before the contract ends", "sponsor", 30),
    Rule("late ticket", ("ticket late",), "Solve the open ticket or agree a new date", "ticket", 7),
    Rule("repair", ("cell: Protect & repair",), "Executive contact and a dated repair plan",
         "sponsor", 30),
    Rule("listen before growth", ("cell: Grow & leverage", "singled out"),
         "Ask what is wrong before any plan for growth", "owner", 30),
    Rule("keep before price", ("low value", "much at risk"),
         "Make the account safe first; leave prices for later", "owner", 30),
    Rule("late promise", ("own promise late",), "Keep the promise or tell a new date", "owner", 7),
    Rule("ask", ("singled out",), "Ask what would make it want to stay", "owner", 45),
    Rule("ticket in time", ("ticket open",), "Take the next step of the open ticket", "ticket", 20),
    Rule("renewal", ("renewal near",), "Open renewal talks", "owner", 60),
    Rule("loss", ("cell: Negative payoff",),
         "Find out why it loses money, then talk about scope and price", "owner", 90),
    Rule("grow", ("cell: Grow & leverage",), "Make a joint plan for growth; ask for a reference",
         "owner", 60),
    Rule("invest", ("cell: Invest",), "Offer a pilot project", "owner", 90),
    Rule("re-price", ("cell: Re-price or release",), "Move to standard terms", "owner", 90),
    Rule("hear", ("no answer", "large"),
         "Ask how things are going: no answer that may be shown", "owner", 60),
)  # fmt: skip
PITCHES = (
    Pitch(("unhappy",), "Any new offer, a price rise, a request for a reference"),
    Pitch(("low value", "much at risk"), "A price rise or new terms"),
    Pitch(("ticket open",), "A new offer while a ticket is open"),
    Pitch(("own promise late",), "A new offer while a promise is late"),
    Pitch(("cell: Negative payoff",), "A discount or extra service"),
    Pitch(("cell: Re-price or release",), "Work made to order"),
)
NO_OFFER = ("unhappy", "ticket open", "own promise late")  # any of them: nothing is offered now
TERMS_FIRST = ("Re-price or release", "Negative payoff")  # cells: price or scope before leads
NOR_OFFER = "any new offer"  # said beside what else is to be avoided there
CONFLICTS = (
    Conflict(("cell: Grow & leverage", "singled out"),
             "Value map: grow. Loyalty: likely not loyal.",
             "Listen first; no growth plan and no reference"),
    Conflict(("low value", "much at risk"),
             "Value map: change the terms. Linkage: much revenue at risk.",
             "Make it safe first; prices later"),
    Conflict(("cell: Maintain efficiently", "singled out"),
             "Value map: serve at low cost. Loyalty: likely not loyal.",
             "Ask once, then serve at low cost"),
)  # fmt: skip


def rule(name: str) -> Rule:
    """The rule of a name.

    >>> rule("repair").who
    'sponsor'
    """
    return next(one for one in RULES if one.name == name)


RENEWAL = rule("renewal")
# Of an account of which no rule asks anything, where its contract is talked about within so long.
AHEAD = Rule("renewal ahead", (), RENEWAL.action, "owner", 182)
PROMISE = Rule("promise", (), "Keep the promise", "owner", 30)  # of an account, not late yet
# What a page of an account adds to its next action; the day of a lead is the next Monday
# where it is among the first calls.
DRIVER = Rule("driver", (), "Ask what must improve", "driver", 45)
LEAD = Rule("lead", (), "Call", "owner", 30)
