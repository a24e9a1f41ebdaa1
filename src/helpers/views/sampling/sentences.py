"""The words of the sampling chapter: who was heard, and how sure that makes us."""

from __future__ import annotations

from collections.abc import Mapping

from helpers.results import Figure
from helpers.views.rendering.rules import all_that_fit, first_that_fits, shown

__all__ = [
    "answer",
    "ask",
    "compared",
    "counted",
    "doubts",
    "quality",
    "response",
    "so_what",
    "sure",
]

GOOD_COVERAGE = 0.8  # of revenue: the level that account programmes aim for
LOW_DECIDERS = 0.5  # of revenue: below it, users speak for buyers


def answer(figures: Mapping[str, Figure]) -> str:
    """Who was heard, as far as the client's tables can tell."""
    heard = first_that_fits(
        figures,
        "We heard from {accounts_answered:value} of {accounts_eligible:value} accounts, which "
        "bring {revenue_coverage:value} of revenue; a decision maker answered for "
        "{decider_coverage:value} of it.",
        "We heard from {accounts_answered:value} of {accounts_eligible:value} accounts, which "
        "bring {revenue_coverage:value} of revenue.",
        "We heard from {accounts_answered:value} of {accounts_eligible:value} accounts.",
        "{respondents:base} answered.",
    )
    sure = first_that_fits(
        figures,
        "Weighted to the customer base ({weighted_to}), they carry as much as "
        "{effective_base:value} answers drawn at random (the effective base).",
        "Nothing was sent to compare them with, so nobody can say whether they are like the rest.",
    )
    return f"{heard} {sure}"


def so_what(figures: Mapping[str, Figure]) -> str:
    """Whether the scores may be read as those of all customers."""
    deciders = figures.get("decider_heard")
    heard = None if deciders is None else deciders.value
    few = heard is not None and float(heard) < LOW_DECIDERS
    shift = first_that_fits(
        figures,
        "Weighting moves the {main_label} from {main_unweighted} to {main}: that is what asking "
        "and answering unevenly did to it.",
        "Weighting hardly changes the {main_label}: {main}, against {main_unmoved:value} as "
        "answered.",
        "The {main_label} is {main}; read it as the view of those who answered.",
    )
    voice = (
        "A decision maker was heard for only {decider_heard:value} of the revenue heard, so a good "
        "score here is no promise of a renewal."
        if few
        else ""
    )
    limit = (
        "Weights mend who was reached, by what the list knows. They cannot mend that unhappy "
        "customers may answer less."
    )
    return " ".join(filter(None, (shift, voice, limit)))


def ask(figures: Mapping[str, Figure], due: str) -> dict[str, str]:
    """The call for action."""
    known = shown(figures)
    what = all_that_fit(
        known,
        "Of the {top_accounts:value} largest accounts, {silent_top:value} gave no decision maker’s "
        "answer.",
        "Where one was asked and kept silent ({silent_asked:value}), let the account’s owner call.",
        "Where none was asked ({silent_unasked:value}), invite one.",
        "Where none is on the list ({silent_unnamed:value}), find out who decides.",
    ) or first_that_fits(
        known,
        "Ask more people from {thin_category}: each of their answers now has to count for "
        "{thin_factor:value}.",
        "Ask the same way next time: nobody had to be weighted up by much "
        "({weighting_base:value} answers’ worth of precision are left).",
        "Ask for the list of accounts and contacts, so that the next wave can be weighted and "
        "its coverage shown.",
    )
    return {"what": what, "owner": "Research lead", "due": due} if what else {}


def doubts(figures: Mapping[str, Figure]) -> tuple[str, ...]:
    """What does not fit."""
    found = []
    coverage = figures.get("revenue_coverage")
    if coverage and coverage.value is not None and float(coverage.value) < GOOD_COVERAGE:
        found.append(
            "Only {revenue_coverage:value} of revenue was heard from; the silent part may differ."
        )
    if "largest_gap" in figures:
        found.append(
            "Limited weights leave the sample up to {largest_gap:value} off the customer base in "
            "one category."
        )
    if "weighted_to" not in figures:
        found.append("No list of customers was sent: how far the answers stand for all is unknown.")
    return tuple(found)


def response(figures: Mapping[str, Figure]) -> str:
    """How many answered of those asked, by the standard definitions."""
    return all_that_fit(
        figures,
        "Of {response_rate:base} who were asked and may be eligible, {response_rate:value} "
        "completed the survey. That is the strictest of the standard response rates; taking "
        "{eligible_share:value} of the unknown as eligible, it is {response_rate_likely:value}.",
        "Counting as silent those who were kept out, it is {response_rate_drawn:value} of "
        "{response_rate_drawn:base}.",
        "Of {account_response_rate:base} asked, {account_response_rate:value} gave at least one "
        "answer.",
    )


def counted(figures: Mapping[str, Figure]) -> str:
    """The leading score by three ways of counting, and what the largest accounts make of it."""
    return all_that_fit(
        figures,
        "With one vote for each account that answered, the {main_label} is {main_by_accounts}.",
        "By revenue it is {main_by_revenue}: {top_accounts_number:value} accounts carry "
        "{top_accounts_share:value} of the weight in that figure, and without them it is "
        "{main_without_top}.",
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


def sure(figures: Mapping[str, Figure]) -> str:
    """How much wider the honest interval is than the textbook's."""
    return all_that_fit(
        figures,
        "A textbook formula would claim ± {margin_simple:value} for the {main_label}. The sample "
        "carries ± {margin_used:value}, {understated:value} times as much.",
    )


def quality(figures: Mapping[str, Figure]) -> str:
    """How many answers look careless, and what that does."""
    found = first_that_fits(
        figures,
        "{flagged:value} of {flagged:base} ({flagged_share:value}) have a sign of haste, of a "
        "repeat or of a straight line. None is left out.",
    )
    most = first_that_fits(
        figures, "The most that leaving one kind out would change the {main_label} is "
        "{flag_moves:value} ({flag}).",
    )  # fmt: skip
    return f"{found} {most}".strip()
