"""The words of the loyalty chapter: how loyal the base is, and what really changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from helpers.results import Figure
from helpers.views.loyalty.sentences_change import moved
from helpers.views.loyalty.sentences_headline import (
    ONE,
    TOO_FEW,
    UNSURE,
    others,
    verdict,
    why_alone,
)
from helpers.views.rendering.numerals import percent
from helpers.views.rendering.rules import all_that_fit, first_that_fits, shown

__all__ = [
    "MEANINGS", "WITHHELD", "against", "answer", "ask", "care", "differs", "doubts", "inner",
    "matrix_title", "measured", "rolled", "so_what", "worse_than",
]  # fmt: skip

WITHHELD = "withheld"
MEANINGS = {
    "Truly Loyal": "means to stay, and likes working with us",
    "Accessible": "likes us, but does not plan to stay",
    "Trapped": "will stay, unhappily",
    "High Risk": "does not mean to stay, and does not like it",
}
WITHIN = "Within {{{0}:base}}, where both were heard,"
ELSEWHERE = "; the table of groups sets all decision makers against everybody, in any account."
TRULY = "{truly_loyal_true} of customers are truly loyal, {truly_loyal:value} as answered"
SATISFIED = "{satisfied:value} are satisfied ({satisfied_from})"
FEW_LARGE = 0.4  # of the accounts, in equal ones: below it a few large ones speak for all
GOOD_RELIABILITY = 0.7  # from which groups may be compared
SMALL_SEGMENT = 0.1  # share: below it a segment has no numbers by group
LOWEST, HIGHEST = 0.1, 0.9  # of a benchmark: it tells nothing beyond


def answer(figures: Mapping[str, Figure], smallest: float) -> str:
    """How loyal the base is, beside how satisfied, the largest other group, and what changed."""
    known = shown(figures)
    score = first_that_fits(
        known,
        "The {main_label} is {main}.",
        "Too few answered to say how loyal customers are.",
    )
    change = moved(known, smallest)
    if "people_needed" in known:
        return " ".join(filter(None, (score, TOO_FEW, change)))
    reason = why_alone(known)
    if reason:
        return " ".join(filter(None, (score, reason, change)))
    loyal = first_that_fits(
        known,
        f"{TRULY}; {SATISFIED}.",
        f"{TRULY}.",
        f"As answered, {{truly_loyal}} of customers are truly loyal; {SATISFIED}.",
        "As answered, {truly_loyal} of customers are truly loyal.",
    )
    rest = others(known) if loyal else ""
    return " ".join(filter(None, (loyal or score, rest, change)))


def matrix_title(figures: Mapping[str, Figure]) -> str | None:
    """What stands over the matrix where it may not lead; ``None`` where it speaks for itself."""
    if "weak_axis" in figures:
        return "Where answers fall; who is in which segment is largely chance"
    if "sides_unjudged" in figures:
        return "Where answers fall; whether segments are more than chance is not known"
    if verdict(figures) == ONE:
        return "Second to the score: one scale, divided twice"
    return None


def so_what(figures: Mapping[str, Figure]) -> str:
    """What to make of it."""
    known = shown(figures)
    if "people_needed" in known:
        return (
            "A score is known, a split into loyal and merely staying is not: nobody should be "
            "called loyal or Trapped on so few answers."
        )
    if "weak_axis" in known:
        return (
            "A score is known, a split into loyal and merely staying is not. Better questions on "
            "{weak_axis} come first; the segments below are of answers, not of customers."
        )
    if "sides_unjudged" in known:
        return (
            "A score is known, a split into loyal and merely staying is not: {sides_unjudged}. The "
            "segments below are of answers, not of customers."
        )
    if verdict(known) == ONE:
        return (
            "Follow the score and do not manage by segments: those below differ in how loyal "
            "people are, not in kind."
        )
    gap = first_that_fits(
        known,
        *(
            ("Satisfied is not loyal: of those who are satisfied, {loyal_of_satisfied} are truly "
             "loyal as answered; {loyal_of_satisfied_lowest:value} to "
             "{loyal_of_satisfied_highest:value} with the line for satisfied an answer lower or "
             "higher.",)
            if "satisfied_apart" in known
            else ()
        ),
    )  # fmt: skip
    trap = (
        "Trapped customers say that they will stay, and are unhappy: a list of renewals calls "
        "them safe. Whether they leave more often is not shown here."
        if "trapped" in known
        else "Without questions both on how customers feel and on what they mean to do next, "
        "nobody can say who is loyal and who merely stays. Ask both next time."
    )
    voice = first_that_fits(
        known,
        "In {decider_lower:base}, where both were heard, decision makers are less loyal than their "
        "own colleagues, by {decider_lower} points: the mean of such an account flatters it.",
    )
    return " ".join(filter(None, (gap, trap, voice)))


def ask(figures: Mapping[str, Figure], due: str) -> dict[str, str]:
    """The call for action."""
    known = shown(figures)
    owner = "Research lead"
    if "weak_axis" in known:
        against = float(known["weak_alpha"].value or 0) <= 0 if "weak_alpha" in known else True
        check = (
            "Check whether a question on {weak_axis} was asked the other way round and is not "
            "marked so in the codebook. If none was, replace"
        )
        what = (
            f"{check if against else 'Replace'} the questions on {{weak_axis}} by two or three "
            "that ask one thing, such as staying, buying more and choosing us first."
        )
        return {"what": what, "owner": owner, "due": due}
    if "sides_unjudged" in known and "people_needed" not in known:
        what = (
            "Ask at least two questions on how customers feel and two on what they mean to do "
            "next, of everybody, so that segments can be told from chance."
        )
        return {"what": what, "owner": owner, "due": due}
    what = first_that_fits(
        known,
        "Widen the next wave: segments need {people_needed:value} people with answers on both "
        "sides.",
        "Talk to the accounts listed on this page ({listed_accounts:value}), {listed_order}: ask "
        "what would make them stay gladly, and write down what was promised.",
    )
    if not what and verdict(known) == ONE:
        what = (
            "Reword the questions on what customers mean to do next, so that they can differ from "
            "how customers feel: ask of renewing, buying more and choosing us first."
        )
    elif "trapped" in known and "people_needed" not in known:
        owner = "Head of accounts" if "rolled_accounts" in known else "Head of customer service"
    return {"what": what or _where_nobody_is_listed(known), "owner": owner, "due": due}


def _where_nobody_is_listed(known: Mapping[str, Figure]) -> str:
    return first_that_fits(
        known,
        *(
            (
                "Hear a second and third person in each account before one is called anything: "
                "{single_voice:value} of accounts were heard through one person.",
            )
            if "listed_none" in known
            else ()
        ),
        "Ask accounts for leave to name them, those that bring most of the {revenue_heard:value} a "
        "year first, and find out which are Trapped: about {trapped_accounts:value} of "
        "{rolled_accounts:value}.",
        "Ask the unhappy who stay what would make them stay gladly: {trapped_true:value} of "
        "customers are Trapped.",
        "Ask the unhappy who stay what would make them stay gladly: as answered, {trapped:value} "
        "of customers are Trapped.",
        "Put two questions on how customers feel and two on what they will do next into the next "
        "wave: without them nobody can tell loyal from merely satisfied.",
    )


def doubts(figures: Mapping[str, Figure]) -> tuple[str, ...]:
    """What does not fit, the gravest first; only what every figure named is known for."""
    known = shown(figures)
    sides = first_that_fits(
        known,
        "The questions on {weak_axis} have a reliability of {weak_alpha}: segments are of answers, "
        "not of customers.",
        "The questions on {weak_axis} do not rise and fall together: segments are of answers, not "
        "of customers.",
        *(
            ("Attitude and behaviour are {axes_verdict} in this survey, so segments rest on "
             "little: with chance removed they correlate at {axes_disattenuated}.",)
            if verdict(known) in (ONE, UNSURE)
            else ()
        ),
    )  # fmt: skip
    found = (
        sides,
        ""
        if {"weak_axis", "sides_unjudged"} & set(known)
        else first_that_fits(
            known,
            "With the line for loyal {cut_step} higher or lower, {truly_loyal_strict:value} or "
            "{truly_loyal_lenient:value} of customers would be truly loyal.",
        ),
        first_that_fits(
            known,
            "The segment of {rule_changes:value} of the {several_accounts:value} accounts heard "
            "through two people or more changes with the rule that turns people into accounts; "
            "they bring {rule_revenue:value} of the revenue heard.",
            "The segment of {rule_changes:value} of the {several_accounts:value} accounts heard "
            "through two people or more changes with the rule that turns people into accounts.",
        ),
        first_that_fits(
            known,
            "{moved:value} changed segment since {before_wave}; {moved_by_chance:value} would "
            "have without any true change.",
        ),
    )
    return tuple(filter(None, found))


def against(low: float, high: float, target: float, *, better: int = 1) -> str:
    """Where a score stands against its target, as far as its interval tells.

    >>> against(37.6, 43.2, 36.0), against(37.6, 43.2, 40.0)
    ('met', 'cannot be told')
    """
    beyond, short = (low >= target, high < target) if better > 0 else (high <= target, low > target)
    return "met" if beyond else "missed" if short else "cannot be told"


def worse_than(position: float) -> str:
    """A position among companies; a benchmark tells nothing beyond its outer tenths.

    >>> worse_than(0.475), worse_than(0.9), worse_than(0.1)
    ('48%', 'over 90%', 'under 10%')
    """
    if position >= HIGHEST:
        return f"over {percent(HIGHEST)}"
    return f"under {percent(LOWEST)}" if position <= LOWEST else percent(position)


def differs(row: Mapping[str, Any], digits: int = 1) -> str:
    """What may be said of a group: withheld, untested, or how it differs from the rest.

    An end of the interval that is written as 0, with so many ``digits``, does not lie beyond 0.
    """
    remark = str(row["remark"])
    if not row["tested"]:
        return remark
    low, high = (round(float(row[f"difference_{end}"]), digits) for end in ("low", "high"))
    word = "higher" if low > 0 else "lower" if high < 0 else "no clear difference"
    return f"{word}; {remark}" if remark else word


def measured(figures: Mapping[str, Figure]) -> str:
    """How far the two sides can be trusted, and whether they are two."""
    known = shown(figures)
    if "people_needed" in known:
        return TOO_FEW
    if "weak_axis" in known:
        how = first_that_fits(
            known,
            "do not hang together: their reliability is {weak_alpha}, of one at most.",
            "do not rise and fall together; check which of them are reversed.",
        )
        return (
            f"The questions on {{weak_axis}} {how} They do not tell customers apart, so no chances "
            "are given; read the segments as groups of answers, not of customers, and ask better "
            "questions next time."
        )
    if "sides_unjudged" in known:
        return (
            "These answers do not tell how sure each placing is: {sides_unjudged}. Read the "
            "segments as groups of answers, not of customers."
        )
    alphas = [known[n].value for n in ("alpha_attitude", "alpha_behaviour") if n in known]
    good = all(float(alpha or 0) >= GOOD_RELIABILITY for alpha in alphas)
    how = "well enough to compare customers" if good else "only loosely"
    found = all_that_fit(
        known,
        f"The questions hang together {how}: reliability {{alpha_attitude:value}} for attitude "
        "and {alpha_behaviour:value} for behaviour, of one at most.",
        "With chance removed the two sides correlate at {axes_disattenuated}: {axes_verdict}.",
        "{firm:value} of people sit in their segment with a chance of at least four in five; the "
        "others lie near a cut-off.",
        "Allowing for that, {truly_loyal_true} are truly loyal, {accessible_true} Accessible, "
        "{trapped_true} Trapped and {high_risk_true} at High Risk.",
    )
    return found or "These answers do not tell how sure each placing is."


def rolled(figures: Mapping[str, Figure]) -> str:
    """What hangs on the rule that turns people into accounts."""
    return all_that_fit(
        shown(figures),
        "Of the {several_accounts:value} accounts heard through two people or more, the segment of "
        "{rule_changes:value} changes with the rule.",
        "These {rule_changes:value} bring {rule_revenue:value} of the revenue heard.",
        "The two rules that agree least rank accounts alike at {rank_lowest}.",
        "{single_voice:value} of accounts were heard through one person, and an account's score "
        "has a reliability of {account_reliability:value}: read single accounts with care.",
        "Accounts with a decision maker at High Risk while their mean looks better: "
        "{decider_low:value}.",
        f"{WITHIN.format('decider_lower')} decision makers are less loyal than their own "
        f"colleagues, by {{decider_lower}} points{ELSEWHERE}",
        f"{WITHIN.format('decider_higher')} decision makers are more loyal than their own "
        f"colleagues, by {{decider_higher}} points{ELSEWHERE}",
        f"{WITHIN.format('decider_same')} decision makers and their colleagues do not differ "
        "reliably ({decider_same} points).",
    )


def care(figures: Mapping[str, Figure]) -> str:
    """Where the matrix rests on little: one thing, few large accounts, a small segment."""
    known = shown(figures)
    if "people_needed" in known:
        return "On so few answers no customer and no account is placed on this page."
    found = []
    if verdict(known) in (ONE, UNSURE):
        opening = "If they are one, people" if verdict(known) == UNSURE else "People"
        found.append(
            "The two sides are {axes_verdict} in these answers: with chance removed they correlate "
            f"at {{axes_disattenuated}}, of one at most. {opening} differ in how loyal they are, "
            "not in kind, and Trapped or Accessible is little more than a stray answer."
        )
    if "weak_axis" in known:
        found.append(
            "The questions on {weak_axis} do not hang together: who is in which segment is largely "
            "chance."
        )
    heard, alike = known.get("revenue_heard"), known.get("revenue_effective")
    if heard and alike and float(alike.value or 0) < FEW_LARGE * float(heard.base or 0):
        found.append(
            "Counted by revenue, few large accounts are most of the answer: it carries as much as "
            "{revenue_effective:value} accounts of equal size."
        )
    small = known.get("accessible")
    if small and float(small.value or 0) < SMALL_SEGMENT:
        found.append(
            "As answered, Accessible customers are {accessible} of all, too few to report by group."
        )
    found.append(
        "Segments follow declared questions and cut-offs, so compare them with our own earlier "
        "waves and with nobody else's."
    )
    return " ".join(text for text in found if first_that_fits(known, text))


def inner(figures: Mapping[str, Figure]) -> str:
    """The best group at home, as a benchmark."""
    if "best_group_score" not in shown(figures):
        return ""
    if "best_surely" in figures:
        return (
            "{best_group} scores highest, {best_group_score}, surely above the rest: the benchmark "
            "at home. What is done there that is not done elsewhere?"
        )
    return "{best_group} scores highest, {best_group_score}, but not surely above the rest."
