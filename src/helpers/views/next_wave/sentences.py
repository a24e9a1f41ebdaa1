"""The sentences of the chapter on the next wave: whom to ask, how many, and what that gives."""

from __future__ import annotations

from collections.abc import Mapping

from helpers.results import Figure
from helpers.views.rendering.rules import all_that_fit, first_that_fits, paragraph
from helpers.views.rendering.verdicts import by_verdict

WHOM = by_verdict(
    "invited",
    {
        "part": "Invite {invited:value} of the {may_ask:value} people who may be asked, at "
        "{accounts_invited:value} accounts, on {day:value}.",
        "everyone": "Invite all {invited:value} people who may be asked on {day:value}, at "
        "{accounts_invited:value} accounts.",
    },
)
COME = by_verdict(
    "rate",
    {
        "observed": "If {rate:value} answer in full or in part, as in this wave, that gives",
        "assumed": "If {rate:value} answer, as the plan assumes, that gives",
    },
    untold="If everyone answers, that gives",
)
PRECISION = (
    "the {main_label} to within ± {main_margin:value} points.",
    "any share to within ± {share_margin:value} percentage points.",
)
FEW = (
    "Expect {answers:value} answers: the report shows no figure from fewer than "
    "{smallest_base:value}."
)
MISSED = by_verdict(
    "margin_wanted",
    {
        "reached": "",
        "missed": "That is everyone, and still short of the ± {margin_wanted:value} percentage "
        "points asked for.",
        "usual missed": "That is everyone: more cannot be had from this list, and the usual "
        "± {margin_wanted:value} percentage points are out of its reach.",
    },
)
CERTAIN = (
    "The {certain_accounts:value} largest accounts are always invited: they bring "
    "{certain_revenue:value} of the revenue of accounts that may be asked."
)
KNOWN = (
    "Expect {answers:value} answers.",
    "Any share of the people on the list will be known to within ± {share_margin:value} "
    "percentage points.",
    "The report speaks of customers like these rather than of this list alone, so its margin of "
    "the {main_label} will be about ± {report_margin:value} points.",
    "Colleagues who answer alike are allowed for (design effect {cluster_effect:value}).",
    "A change of the {main_label} by {change_seen:value} points or more since {this_wave:value} "
    "would show with a chance of {power:value}.",
    "With as many invitations as were sent in this wave ({asked_now:value}), the {main_label} "
    "would be known to within ± {margin_as_now:value} points.",
)
GROUPS = (
    "The plan speaks for all customers. Single groups will be known less well, least of all "
    "{widest_group:value}, whose {main_label} comes to within ± {widest_margin:value} points."
)
TOO_SHORT = "The list is too short for a survey: talk with everyone on it, or ask for more names."
WAVE = by_verdict(
    "change_invitations",
    {
        "within reach": "To see the {main_label} change by {change_wanted:value} points, invite "
        "{change_invitations:value} people in each wave.",
        "beyond": "A change of the {main_label} by {change_wanted:value} points cannot be seen "
        "with this list: it would take {change_invitations:value} invitations in each wave. Read "
        "small moves from wave to wave as noise.",
    },
)
RATE = by_verdict(
    "invited",
    {
        "everyone": "The whole list is asked already: only a higher response rate, or more names, "
        "would tell more.",
        "part": "A higher response rate gives the same margins from a shorter list.",
    },
)
LEFT_OUT = by_verdict(
    "left_out",
    {
        "some": "{left_out:value} of the {listed:value} people on the list may not be asked.",
        "none": "All {listed:value} people on the list may be asked.",
    },
)
UNREACHED = (
    "At {unreached_accounts:value} customer accounts nobody may be asked; they make "
    "{unreached_revenue:value} of revenue."
)
KEPT_OUT = by_verdict(
    "kept_out",
    {
        "some": "In this wave account teams kept out {kept_out:value} people "
        "({kept_out_share:value} of those drawn). The plan puts them back: whom a team wants left "
        "out it has to name, with a reason, before the list goes out.",
        "none": "Of the {kept_out:base} listed in this wave, none is recorded as kept out by an "
        "account team.",
    },
)
APPROVE = "Approve the list of {invited:value} people, and have it drawn up."
OUT_OF_REACH = by_verdict(
    "margin_wanted",
    {
        "missed": "A margin of ± {margin_wanted:value} percentage points is out of reach: the list "
        "is too short for it at this response rate.",
        "usual missed": "",
        "reached": "",
    },
)
NO_RATE = by_verdict(
    "rate",
    {"observed": "", "assumed": ""},
    untold="No response rate is known, so the plan takes everyone to answer.",
)
NOT_FOR = by_verdict(
    "unreached_revenue",
    {
        "much": "Nobody may be asked at {unreached_accounts:value} accounts with "
        "{unreached_revenue:value} of revenue: the plan cannot speak for them.",
        "little": "",
    },
)


def answer(figures: Mapping[str, Figure]) -> str:
    """Whom to invite, how many, and how well that lets one know the leading score."""
    return paragraph(WHOM(figures), _expect(figures))


def _few(figures: Mapping[str, Figure]) -> bool:
    return "answers" in figures and figures["answers"].verdict == "few"


def _expect(figures: Mapping[str, Figure]) -> str:
    if _few(figures):
        return FEW
    parts = (COME(figures), first_that_fits(figures, *PRECISION), MISSED(figures))
    return paragraph(*parts)


def certain(figures: Mapping[str, Figure]) -> str:
    """Which accounts are invited whatever chance says."""
    return all_that_fit(figures, CERTAIN)


def known(figures: Mapping[str, Figure]) -> str:
    """How well the next wave will know shares, the leading score and its change."""
    return all_that_fit(figures, *KNOWN)


def groups(figures: Mapping[str, Figure]) -> str:
    """How well single groups will be known."""
    return all_that_fit(figures, GROUPS)


def so_what(figures: Mapping[str, Figure]) -> str:
    """What more or fewer invitations would buy."""
    return TOO_SHORT if _few(figures) else paragraph(WAVE(figures), RATE(figures))


def left_out(figures: Mapping[str, Figure]) -> str:
    """Who may not be asked, and what account teams had to do with it."""
    parts = (LEFT_OUT(figures), all_that_fit(figures, UNREACHED), KEPT_OUT(figures))
    return paragraph(*parts)


def ask(figures: Mapping[str, Figure], due: str) -> dict[str, str]:
    """The call for action."""
    return {"what": all_that_fit(figures, APPROVE), "owner": "Research lead", "due": due}


def doubts(figures: Mapping[str, Figure]) -> tuple[str, ...]:
    """What does not fit."""
    return tuple(filter(None, (OUT_OF_REACH(figures), NO_RATE(figures), NOT_FOR(figures))))
