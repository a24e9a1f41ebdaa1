"""The words of the sampling chapter: who answered, and how precise that makes the scores."""

from __future__ import annotations

from collections.abc import Mapping

from helpers.results import Figure
from helpers.views.rendering.rules import all_that_fit, first_that_fits, paragraph, shown
from helpers.views.rendering.verdicts import by_verdict

ANSWERED = "{accounts_answered:value} of {accounts_eligible:value} accounts answered"
REACHED = (
    f"{ANSWERED}; they bring {{revenue_coverage:value}} of revenue. Accounts with a decision "
    "maker’s answer bring {decider_coverage:value}.",
    f"{ANSWERED}; they bring {{revenue_coverage:value}} of revenue.",
    f"{ANSWERED}.",
    "{respondents:base} answered.",
)
WEIGHTED = (
    "Weighted to the customer base ({weighted_to}), the answers are as precise as "
    "{effective_base:value} drawn at random.",
    "No customer list was sent to weight the answers to, so how far they stand for all customers "
    "is unknown.",
)
SHIFT = by_verdict(
    "main_unweighted",
    {
        "moved": "Weighting moves the {main_label} from {main_unweighted} to {main}: some groups "
        "were asked or answered more than others.",
        "hardly moved": "Weighting hardly changes the {main_label}: {main}, against "
        "{main_unweighted:value} unweighted.",
    },
    untold="The {main_label} is {main}; read it as the view of those who answered.",
)
CORRECTED = (
    "Weights correct for who was reached, by what the list knows. They cannot correct for unhappy "
    "customers answering less."
)
LIMIT = by_verdict(
    "main_unweighted",
    {"moved": CORRECTED, "hardly moved": CORRECTED},
    untold="Nothing here corrects for who was reached, nor for unhappy customers answering less.",
)
DECIDERS = by_verdict(
    "decider_share",
    {
        "few": "Of the revenue of accounts that answered, only {decider_share:value} lies with "
        "accounts where a decision maker did, so a good score here is no promise of a renewal.",
        "most": "",
    },
)
LARGEST = (
    "{top_without:if some}Of the {top_accounts:value} largest accounts, {top_without:value} gave "
    "no decision maker’s answer.",
    "{top_asked:if some}Where one was asked and did not answer ({top_asked:value}), let the "
    "account’s owner call.",
    "{top_unasked:if some}Where none was asked ({top_unasked:value}), invite one.",
    "{top_unnamed:if some}Where none is on the list ({top_unnamed:value}), find out who decides.",
)
NEXT = (
    "{thin_factor:if thin}Ask more people from {thin_category}: each of their answers now has to "
    "count for {thin_factor:value}.",
    "Ask the same way next time: no group had to be weighted up by much, and "
    "{weighting_base:value} answers’ worth of precision are left.",
    "Ask for the list of accounts and contacts, so that the next wave can be weighted and its "
    "coverage shown.",
)
DOUBT_REVENUE = by_verdict(
    "revenue_coverage",
    {
        "low": "Accounts that answered bring only {revenue_coverage:value} of revenue; the others "
        "may differ.",
        "good": "",
    },
)
DOUBT_MARGINS = by_verdict(
    "largest_gap",
    {
        "off": "Limited weights leave the sample up to {largest_gap:value} off the customer base "
        "in one category.",
        "met": "",
    },
)
UNLISTED = "No list of customers was sent: how far the answers stand for all is unknown."
UNWEIGHTED = (
    "Nothing weights the answers to all customers: how far the answers stand for all is unknown."
)
TEXTBOOK = "A textbook formula would claim ± {margin_simple:value} for the {main_label}."
precise = by_verdict(
    "understated",
    {
        "wider": f"{TEXTBOOK} What the sample supports is ± {{margin_used:value}}, "
        "{understated:value} times as wide.",
        "narrower": f"{TEXTBOOK} The way the sample was drawn and weighted narrows that to "
        "± {margin_used:value}.",
        "alike": "The {main_label} is known to ± {margin_used:value}, as a textbook formula would "
        "have it.",
    },
)


def answer(figures: Mapping[str, Figure]) -> str:
    """Who answered, as far as the client's tables can tell."""
    return f"{first_that_fits(figures, *REACHED)} {first_that_fits(figures, *WEIGHTED)}"


def so_what(figures: Mapping[str, Figure]) -> str:
    """Whether the scores may be read as those of all customers."""
    return paragraph(SHIFT(figures), DECIDERS(figures), LIMIT(figures))


def ask(figures: Mapping[str, Figure], due: str) -> dict[str, str]:
    """The call for action."""
    known = shown(figures)
    what = all_that_fit(known, *LARGEST) or first_that_fits(known, *NEXT)
    return {"what": what, "owner": "Research lead", "due": due}


def doubts(figures: Mapping[str, Figure]) -> tuple[str, ...]:
    """What does not fit."""
    lists = UNWEIGHTED if "account_coverage" in figures else UNLISTED
    unknown = "" if "weighted_to" in figures else lists
    return tuple(filter(None, (DOUBT_REVENUE(figures), DOUBT_MARGINS(figures), unknown)))


def response(figures: Mapping[str, Figure]) -> str:
    """How many answered of those asked, by the standard definitions."""
    return all_that_fit(
        figures,
        "Of {response_rate:base} who were asked and may be eligible, {response_rate:value} "
        "completed the survey. That is the strictest of the standard response rates; taking "
        "{eligible_share:value} of the unknown as eligible, it is {response_rate_likely:value}.",
        "With people who were kept out counted as non-respondents, it is "
        "{response_rate_drawn:value} of {response_rate_drawn:base}.",
        "Of {account_response_rate:base} asked, {account_response_rate:value} gave at least one "
        "answer.",
    )


def counted(figures: Mapping[str, Figure]) -> str:
    """The leading score by three ways of counting, and what the largest accounts make of it."""
    return all_that_fit(
        figures,
        "With one vote for each account that answered, the {main_label} is {main_by_accounts}.",
        "By revenue it is {main_by_revenue}.",
        "{top_accounts_number:value} accounts carry {top_accounts_share:value} of the weight in "
        "that figure; without them it is {main_without_top}.",
        "These answer three questions: what people say, what the companies that answered say, and "
        "what the money says. None corrects another.",
    )


def compared(figures: Mapping[str, Figure]) -> str:
    """What the client's own weight does differently, in two sentences."""
    return all_that_fit(
        figures,
        "The client’s own weight moves the {main_label} by {own_weight_moves:value} against ours.",
        "Most of that comes through {own_weight_group} ({own_weight_group_moves:value}): an answer "
        "there counts {own_weight_mean:value} on average by the client’s weight, the most for "
        "{own_weight_at_largest:value} of {own_weight_mean:base} with {own_weight_largest:value}, "
        "and {our_weight_mean:value} by ours.",
    )


def quality(figures: Mapping[str, Figure]) -> str:
    """How many answers look careless, and what that does."""
    return all_that_fit(
        figures,
        "{flagged:value} of the {flagged:base} whose answers could be checked "
        "({flagged_share:value}) show a sign of carelessness. None is left out.",
        "Repeats of a person: {repeats:value} of {repeats:base}.",
        "Copies of another response: {copies:value} of {copies:base}.",
        "Haste: {hasty:value} of {hasty:base}.",
        "Straight lines: {straight_lines:value} of {straight_lines:base}; about "
        "{straight_by_chance:value} would be so in good faith, as answers hang together.",
        "Not checked: {unchecked}.",
        "The largest change of the {main_label} from leaving one kind out is {flag_moves:value} "
        "({flag}).",
    )
