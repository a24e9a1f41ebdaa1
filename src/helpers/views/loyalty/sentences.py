"""What the loyalty chapter says: how loyal the base is, and what changed."""

from __future__ import annotations

from collections.abc import Mapping

from helpers.results import Figure
from helpers.views.loyalty.sentences_change import DOUBT, MAIN, also
from helpers.views.rendering.rules import all_that_fit, first_that_fits, paragraph, shown
from helpers.views.rendering.verdicts import by_verdict

__all__ = [
    "answer", "ask", "care", "doubts", "inner", "matrix_title", "measured", "rolled", "so_what",
]  # fmt: skip

FEW_LARGE = 0.4  # of the accounts, in equal ones: below it a few large ones speak for all
GOOD_RELIABILITY = 0.7  # from which groups may be compared
SMALL_SEGMENT = 0.1  # share: below it a segment has no numbers by group
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
SATISFIED = "{satisfied:value} are satisfied ({satisfied_from})"
LOYAL = (
    f"{{truly_loyal_true}} of customers are truly loyal; {SATISFIED}.",
    "{truly_loyal_true} of customers are truly loyal.",
    f"{{truly_loyal}} of customers are truly loyal (observed, not corrected); {SATISFIED}.",
    "{truly_loyal} of customers are truly loyal (observed, not corrected).",
)
OTHERS = by_verdict(
    "largest_share",
    {
        "clear": "The largest other group is {largest_group}, {largest_share}: {largest_meaning}.",
        "not clear": "The largest other groups are {largest_group}, {largest_share}: "
        "{largest_meaning}; and {second_group}, {second_share}: {second_meaning}.",
    },
)
MONEY = (
    "Accounts that are {largest_group} bring {largest_revenue} of the revenue of those that "
    "answered, {largest_money:value} a year.",
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
    """How loyal the base is, beside how satisfied, the largest other group, and what changed."""
    known = shown(figures)
    score, alone = first_that_fits(known, *SCORE), ALONE(known)
    change = (MAIN(known), also(known))
    loyal = "" if alone else first_that_fits(known, *LOYAL)
    if not loyal:
        return paragraph(score, alone, *change)
    return paragraph(loyal, OTHERS(known), first_that_fits(known, *MONEY), *change)


def matrix_title(figures: Mapping[str, Figure]) -> str | None:
    """What stands over the matrix where it may not lead; ``None`` where it speaks for itself."""
    return TITLE(figures) or None


NO_SPLIT = "A score is known, a split into loyal and merely staying is not"
BETTER = (
    f"{NO_SPLIT}. Better questions on {{weak_axis}} come first; the segments on this page are of "
    "answers, not of customers."
)
GAP = by_verdict(
    "loyal_of_satisfied",
    {
        "fewer": "Satisfied is not loyal: of those who are satisfied, {loyal_of_satisfied} are "
        "truly loyal (observed); {loyal_of_satisfied_lowest:value} to "
        "{loyal_of_satisfied_highest:value} with the line for satisfied an answer lower or higher.",
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
        "{decider_gap} points: the mean of such an account flatters it.",
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
    "{listed_accounts:if some}Talk to the accounts listed on this page ({listed_accounts:value}), "
    "{listed_order}: ask what would make them stay gladly, and write down what was promised."
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
        f"not marked so in the codebook. If none was, {REPLACE}",
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


CORRELATED = "corrected for measurement error they correlate at {axes_disattenuated}."
OF_ANSWERS = "segments are of answers, not of customers."
RELIABLE = (
    f"The questions on {{weak_axis}} have a reliability of {{weak_alpha}}: {OF_ANSWERS}",
    f"The questions on {{weak_axis}} do not rise and fall together: {OF_ANSWERS}",
)
DOUBT_OF_SIDES = by_verdict(
    "sides",
    {
        "two": "",
        "perhaps one": "Attitude and behaviour may be one thing in this survey, so segments rest "
        f"on little: {CORRELATED}",
        "one": "Attitude and behaviour are one thing in this survey, so segments rest on little: "
        f"{CORRELATED}",
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


NO_CHANCES = (
    "They do not tell customers apart, so no chances are given; read the segments as groups of "
    "answers, not of customers, and ask better questions next time."
)
ALPHAS = (
    "{alpha_attitude:value} for attitude and {alpha_behaviour:value} for behaviour, of one at most."
)
CORRECTED = "Corrected for measurement error the two sides correlate at {axes_disattenuated}: "
SIDES = by_verdict(
    "sides",
    {
        "two": f"{CORRECTED}they are two things.",
        "perhaps one": f"{CORRECTED}they may be one thing.",
        "one": f"{CORRECTED}they are one thing.",
        "weak": "The questions on {weak_axis} do not hang together: their reliability is "
        f"{{weak_alpha}}, of one at most. {NO_CHANCES}",
        "against": (
            "The questions on {weak_axis} do not hang together: their reliability is {weak_alpha}, "
            f"of one at most. {NO_CHANCES}",
            "The questions on {weak_axis} do not rise and fall together; check which of them are "
            f"reversed. {NO_CHANCES}",
        ),
        "unjudged": "These answers do not tell how certain each placing is: {sides}. Read the "
        "segments as groups of answers, not of customers.",
        "too few": TOO_FEW,
    },
)
PLACED = (
    "{firm:value} of people sit in their segment with a chance of at least four in five; the "
    "others lie near a cut-off.",
    "Corrected for that, {truly_loyal_true} are truly loyal, {accessible_true} Accessible, "
    "{trapped_true} Trapped and {high_risk_true} at High Risk.",
)


def measured(figures: Mapping[str, Figure]) -> str:
    """How far the two sides can be trusted, and whether they are two."""
    known = shown(figures)
    if "sides" in known and known["sides"].verdict in RESEARCH:
        return SIDES(known)
    found = paragraph(_together(known), SIDES(known), all_that_fit(known, *PLACED))
    return found or "These answers do not tell how certain each placing is."


def _together(known: Mapping[str, Figure]) -> str:
    """How well the questions of both sides hang together."""
    alphas = [known[n].value for n in ("alpha_attitude", "alpha_behaviour") if n in known]
    good = all(float(alpha or 0) >= GOOD_RELIABILITY for alpha in alphas)
    how = "well enough to compare customers" if good else "only loosely"
    return first_that_fits(known, f"The questions hang together {how}: reliability {ALPHAS}")


GAP_WITHIN = by_verdict(
    "decider_gap",
    {
        "lower": f"{WITHIN} are less loyal than their own colleagues, a difference of "
        "{decider_gap} points; the table of groups compares all decision makers with everybody "
        "else, in any account.",
        "higher": f"{WITHIN} are more loyal than their own colleagues, a difference of "
        "{decider_gap} points; the table of groups compares all decision makers with everybody "
        "else, in any account.",
        "not clear": f"{WITHIN} and their colleagues are not statistically distinguishable "
        "({decider_gap} points).",
    },
)
RULES = (
    "Of the {several_accounts:value} accounts with two or more respondents, the segment of "
    "{rule_changes:value} changes with the rule.",
    "These {rule_changes:value} bring {rule_revenue:value} of the revenue of accounts that "
    "answered.",
    "The share of {largest_group} in that revenue, {largest_revenue:value} "
    "({largest_revenue_how}), is {largest_revenue_lowest:value} to {largest_revenue_highest:value} "
    "by other rules.",
    "The two rules that agree least rank accounts alike at {rank_lowest}.",
    "{single_voice:value} of accounts have one respondent, and an account's score has a "
    "reliability of {account_reliability:value}: read single accounts with care.",
    "Accounts with a decision maker at High Risk while their mean looks better: "
    "{decider_low:value}.",
)


def rolled(figures: Mapping[str, Figure]) -> str:
    """What depends on the rule that turns people into accounts."""
    known = shown(figures)
    return paragraph(all_that_fit(known, *RULES), GAP_WITHIN(known))


IN_KIND = (
    "people differ in how loyal they are, not in kind, and Trapped or Accessible is little more "
    "than a stray answer."
)
AT = "in these answers: corrected for measurement error they correlate at {axes_disattenuated}"
CHANCE = (
    "The questions on {weak_axis} do not hang together: who is in which segment is largely chance."
)
CARE = by_verdict(
    "sides",
    {
        "two": "",
        "perhaps one": f"The two sides may be one thing {AT}, of one at most. "
        f"If they are one, {IN_KIND}",
        "one": f"The two sides are one thing {AT}, of one at most: {IN_KIND}",
        "weak": CHANCE,
        "against": CHANCE,
        "unjudged": "",
        "too few": "On so few answers no customer and no account is placed on this page.",
    },
)
FEW_ACCOUNTS = (
    "Counted by revenue, few large accounts are most of the answer: it carries as much as "
    "{revenue_effective:value} accounts of equal size."
)
SMALL = (
    "Accessible customers are {accessible_true} of all, too few to report by group.",
    "Accessible customers are {accessible} of all (observed), too few to report by group.",
)
OWN = (
    "Segments follow declared questions and cut-offs, so compare them with our own earlier waves "
    "and with nobody else's."
)


def care(figures: Mapping[str, Figure]) -> str:
    """Where the matrix rests on little: one thing, few large accounts, a small segment."""
    known = shown(figures)
    if "sides" in known and known["sides"].verdict == "too few":
        return CARE(known)
    revenue, alike = known.get("revenue_answered"), known.get("revenue_effective")
    few = revenue and alike and float(alike.value or 0) < FEW_LARGE * float(revenue.base or 0)
    small = "accessible" in known and float(known["accessible"].value or 0) < SMALL_SEGMENT
    return paragraph(
        CARE(known),
        first_that_fits(known, FEW_ACCOUNTS) if few else "",
        first_that_fits(known, *SMALL) if small else "",
        OWN,
    )


INNER = by_verdict(
    "best_group_score",
    {
        "above": "{best_group} scores highest, {best_group_score}, above the rest beyond chance: "
        "the benchmark at home. What is done there that is not done elsewhere?",
        "not clear": "{best_group} scores highest, {best_group_score}, but is not statistically "
        "distinguishable from the rest.",
    },
)


def inner(figures: Mapping[str, Figure]) -> str:
    """The best group at home, as a benchmark."""
    return INNER(shown(figures))
