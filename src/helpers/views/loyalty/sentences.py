"""What the loyalty chapter says: how loyal the base is, and what changed."""

from __future__ import annotations

from collections.abc import Mapping

from helpers.results import Figure
from helpers.views.loyalty.sentences_change import DOUBT, MAIN, also
from helpers.views.rendering.rules import first_that_fits, paragraph, shown
from helpers.views.rendering.verdicts import by_verdict

SCORE = ("The {main_label} is {main}.", "Too few answered to say how loyal customers are.")
TOO_FEW = (
    "Segments need {people_needed:value} people with answers on both sides; {people_placed:value} "
    "gave them, so none are shown."
)
UNTOLD = "Who is truly loyal cannot be told: {sides}."
ALONE = by_verdict(
    "sides",
    {
        "two": "",
        "perhaps one": "",
        "one": "How customers feel and what they mean to do are one thing in these answers, so "
        "this score says what there is to say and segments tell little more.",
        "weak": UNTOLD,
        "against": UNTOLD,
        "unjudged": UNTOLD,
        "too few": TOO_FEW,
    },
)
LOYAL = (
    "{truly_loyal_true} of {truly_loyal_true:base} are truly loyal",
    "{truly_loyal} of {truly_loyal:base} are truly loyal (observed)",
)
OTHERS = by_verdict(
    "largest_share",
    {
        "clear": "; the largest other group is {largest_group}, {largest_share}.",
        "not clear": "; next come {largest_group}, {largest_share}, and {second_group}, "
        "{second_share}.",
    },
    untold=".",
)
MONEY = (
    "Accounts that are {largest_group} bring {largest_revenue} of the revenue of those that "
    "answered and are still customers, {largest_money:value} a year.",
)
TITLE = by_verdict(
    "sides",
    {
        "two": "",
        "perhaps one": "",
        "one": "Second to the score: one scale, divided twice",
        "weak": "Where answers fall; who is in which segment is largely chance",
        "against": "Where answers fall; who is in which segment is largely chance",
        "unjudged": "Where answers fall; whether segments are more than chance is not known",
        "too few": "",
    },
)


def answer(figures: Mapping[str, Figure]) -> str:
    """How loyal the base is, the largest other group, and what changed."""
    known = shown(figures)
    score, alone = first_that_fits(known, *SCORE), ALONE(known)
    change = (MAIN(known), also(known))
    loyal = "" if alone else first_that_fits(known, *LOYAL)
    if not loyal:
        return paragraph(score, alone, *change)
    return paragraph(loyal + OTHERS(known), *change)


def matrix_title(figures: Mapping[str, Figure]) -> str | None:
    """What stands over the matrix where it may not lead; ``None`` where it speaks for itself."""
    return TITLE(figures) or None


NO_SPLIT = "A score is known, a split into loyal and merely staying is not"
BETTER = (
    f"{NO_SPLIT}. Better questions on {{weak_axis}} come first; the segments on this page are of "
    "answers, not of customers."
)
OF_SATISFIED = (
    "{loyal_of_satisfied} are truly loyal (observed); {loyal_of_satisfied_lowest:value} to "
    "{loyal_of_satisfied_highest:value} with the line for satisfied an answer lower or higher."
)
GAP = by_verdict(
    "loyal_of_satisfied",
    {
        "fewer": (
            "Satisfied is not loyal: {satisfied} are satisfied ({satisfied_from}), and of them "
            f"{OF_SATISFIED}",
            f"Satisfied is not loyal: of those who are satisfied, {OF_SATISFIED}",
        ),
        "not clear": "",
    },
)
TRAPPED = (
    "Trapped customers say that they will stay, and are unhappy: a list of renewals calls them "
    "safe. Whether they leave more often is not shown here."
)
NOT_ASKED = (
    "Without questions both on how customers feel and on what they mean to do next, nobody can say "
    "who is loyal and who merely stays. Ask both next time."
)
WITHIN = "In the {decider_gap:base} where both answered, decision makers"
FLATTERED = by_verdict(
    "decider_gap",
    {
        "lower": f"{WITHIN} are less loyal than their own colleagues, a difference of "
        "{decider_gap} points on the loyalty index: the mean of such an account flatters it.",
        "higher": "",
        "not clear": "",
    },
)
SO_WHAT = by_verdict(
    "sides",
    {
        "two": "",
        "perhaps one": "",
        "one": "Follow the score and do not manage by segments: those on this page differ in how "
        "loyal people are, not in kind.",
        "weak": BETTER,
        "against": BETTER,
        "unjudged": f"{NO_SPLIT}: {{sides}}. The segments on this page are of answers, not of "
        "customers.",
        "too few": f"{NO_SPLIT}: nobody should be called loyal or Trapped on so few answers.",
    },
)


def so_what(figures: Mapping[str, Figure]) -> str:
    """What to make of it."""
    known = shown(figures)
    trapped = TRAPPED if "trapped" in known else NOT_ASKED
    return SO_WHAT(known) or paragraph(GAP(known), trapped, FLATTERED(known))


REPLACE = (
    "replace the questions on {weak_axis} by two or three that ask one thing, such as staying, "
    "buying more and choosing us first."
)
LISTED = (
    "{listed_accounts:if some}Talk to the {listed_accounts:value} accounts that are more likely "
    "than not in a segment that is not loyal, in the order and by the people of the account list: "
    "ask what would make them stay gladly, and write down what was promised."
)
ASK_BY_SIDES = by_verdict(
    "sides",
    {
        "two": LISTED,
        "perhaps one": LISTED,
        "one": (
            LISTED,
            "Reword the questions on what customers mean to do next, so that they can differ from "
            "how customers feel: ask of renewing, buying more and choosing us first.",
        ),
        "weak": REPLACE[0].upper() + REPLACE[1:],
        "against": "Check whether a question on {weak_axis} was asked the other way round and is "
        f"not marked so in the list of questions. If none was, {REPLACE}",
        "unjudged": "Ask at least two questions on how customers feel and two on what they mean to "
        "do next, of everybody, so that segments can be told from chance.",
        "too few": "Widen the next wave: segments need {people_needed:value} people with answers "
        "on both sides.",
    },
)
NOBODY_LISTED = (
    "{listed_accounts:if none}Ask a second and third person in each account before one is called "
    "anything: {single_voice:value} of accounts have one respondent.",
    "Ask accounts for leave to name them, those that bring most of the {revenue_answered:value} a "
    "year first, and find out which are Trapped: about {accounts_trapped:value} of "
    "{rolled_accounts:value}.",
    "Ask the unhappy who stay what would make them stay gladly: {trapped_true:value} of customers "
    "are Trapped.",
    "Ask the unhappy who stay what would make them stay gladly: {trapped:value} of customers are "
    "Trapped (observed).",
    "Put two questions on how customers feel and two on what they will do next into the next "
    "wave: without them nobody can tell loyal from merely satisfied.",
)
RESEARCH = ("weak", "against", "unjudged", "too few")  # then questions or answers come first


def ask(figures: Mapping[str, Figure], due: str) -> dict[str, str]:
    """The call for action."""
    known = shown(figures)
    what = ASK_BY_SIDES(known)
    sides = known["sides"].verdict if "sides" in known else ""
    for_research = sides in RESEARCH or "trapped" not in known or (
        sides == "one" and bool(what) and "listed_accounts" not in what
    )  # fmt: skip
    managers = "Head of accounts" if "rolled_accounts" in known else "Head of customer service"
    return {
        "what": what or first_that_fits(known, *NOBODY_LISTED),
        "owner": "Research lead" if for_research else managers,
        "due": due,
    }


CORRELATED = " (correlation corrected for measurement error {axes_disattenuated})."
ON_LITTLE = "Segments rest on little: attitude and behaviour"
OF_ANSWERS = "segments are of answers, not of customers."
RELIABLE = (
    f"The questions on {{weak_axis}} have a reliability of {{weak_alpha}}: {OF_ANSWERS}",
    f"The questions on {{weak_axis}} do not rise and fall together: {OF_ANSWERS}",
)
DOUBT_OF_SIDES = by_verdict(
    "sides",
    {
        "two": "",
        "perhaps one": f"{ON_LITTLE} may be one thing{CORRELATED}",
        "one": f"{ON_LITTLE} are one thing{CORRELATED}",
        "weak": RELIABLE,
        "against": RELIABLE,
        "unjudged": "",
        "too few": "",
    },
)
DEPENDS = (
    "The segment of {rule_changes:value} of the {several_accounts:value} accounts with two or more "
    "respondents depends on the rule that turns people into accounts"
)
DOUBTS_OF_RULES = (
    f"{DEPENDS}; they bring {{rule_revenue:value}} of the revenue of accounts that answered.",
    f"{DEPENDS}.",
)
LINES = (
    "With the line for loyal {cut_step} higher or lower, {truly_loyal_strict:value} or "
    "{truly_loyal_lenient:value} of customers would be truly loyal.",
    "With the line for loyal {cut_step} higher or lower, {truly_loyal_strict_observed:value} or "
    "{truly_loyal_lenient_observed:value} of customers would be truly loyal (observed).",
)


def doubts(figures: Mapping[str, Figure]) -> tuple[str, ...]:
    """What does not fit, the gravest first; only what every figure named is known for."""
    known = shown(figures)
    sides = known["sides"].verdict if "sides" in known else ""
    found = (
        DOUBT_OF_SIDES(known),
        "" if sides in RESEARCH else first_that_fits(known, *LINES),
        first_that_fits(known, *DOUBTS_OF_RULES),
        first_that_fits(known, DOUBT),
    )
    return tuple(filter(None, found))
