"""The words of the actions chapter: what to fund, what would change it, what is not known."""

from __future__ import annotations

from collections.abc import Mapping

from helpers.results import Figure
from helpers.views.rendering.rules import first_that_fits, paragraph, shown
from helpers.views.rendering.verdicts import by_verdict

BRINGS = "expected to bring {plan} {gain_of}"
SOME = "Fund {plan_names} for {plan_cost:value} over {planned}"
MANY = "Fund {first_action} and {others:value} more actions for {plan_cost:value} over {planned}"
LIKELY = "likely ({plan_chance:value}) but not certain to pay"
SURE = "if each link holds; chance of paying {plan_chance:value}"
LIKELY_POINTS = "likely ({plan_chance:value}) but not certain to gain any"
SURE_POINTS = "if each link holds; chance of any gain {plan_chance:value}"
FIRST = (
    "Begin with {first_action}: it costs {first_cost:value} over {planned}, the plan would lose "
    "most without it "
    "({first_adds:value}), and it is in the best plan of {first_chosen:value} of {futures:value} "
    "possible futures."
)
NOW = (
    "Fund {first_action} now, as the first step of the plan: {first_cost:value} of its "
    "{plan_cost:value} over {planned}. The rest follows as its owners report by day thirty."
)
LESS = (
    "{knee_cost:if below the plan}If less is to be spent, the best plan for {knee_cost:value} over "
    "{planned} is expected to bring {knee_gain:value} in place of {plan:value}."
)
COSTS = (
    "The plan costs {plan_cost:value} over {planned} and {plan_costs:value} over {horizon}; the "
    "{plan:value} is what is left after all of that."
)
DOUBTED: dict[str, str | tuple[str, ...]] = {
    "not clear": "Fund nothing on this evidence yet. The best plan, {first_action} first, may "
    "bring nothing: {plan} {gain_of}. Try that action with some customers before all.",
    "nothing": (
        "{budget:if zero}With a budget of {budget:value} nothing can be funded. The table "
        "ranks what money would buy first.",
        "Fund none of the {candidates:value} actions: none that the limits allow is expected "
        "to bring more than it costs.",
    ),
}
NO_PLAN = "No plan can be made of these actions. The page says why, and what would have to change."
ANSWER = by_verdict(
    "plan",
    {
        "pays": (f"{SOME}: {BRINGS}, {SURE}.", f"{MANY}: {BRINGS}, {SURE}."),
        "likely": (f"{SOME}: {BRINGS}, {LIKELY}.", f"{MANY}: {BRINGS}, {LIKELY}."),
        **DOUBTED,
    },
    untold=NO_PLAN,
)
ANSWER_IN_POINTS = by_verdict(
    "plan",
    {
        "pays": (f"{SOME}: {BRINGS}, {SURE_POINTS}.", f"{MANY}: {BRINGS}, {SURE_POINTS}."),
        "likely": (f"{SOME}: {BRINGS}, {LIKELY_POINTS}.", f"{MANY}: {BRINGS}, {LIKELY_POINTS}."),
        **DOUBTED,
    },
    untold=NO_PLAN,
)
PLANNED = by_verdict(
    "plan",
    {
        "pays": FIRST,
        "likely": FIRST,
        "not clear": "No effect is clear enough to ask for money: the plan is a guess at what to "
        "try first.",
        "nothing": "",
    },
)
NEXT = (
    "With more room, {next_best} comes next: {next_adds:value} more after costs, for "
    "{next_cost:value} over {planned}."
)
DROP = (
    "If money were short, {drop} would be the first to go: it frees {drop_frees:value} over "
    "{planned} and loses {drop_loses:value} after costs."
)
DELAY = by_verdict(
    "delay",
    {
        "costs": "Every quarter of delay costs {delay}.",
        "not clear": "What a quarter of delay costs cannot be told reliably.",
    },
)
FRONTIER = by_verdict(
    "frontier",
    {
        "bends": "The first {knee_cost:value} over {planned} bring most: {knee_gain:value} of the "
        "{frontier:value} that any budget could bring.",
        "even": "Money has no clear point at which it stops paying.",
    },
)
FRONTIER_TITLE = by_verdict(
    "frontier",
    {
        "bends": "The first {knee_cost:value} over {planned} bring {knee_gain:value} of the "
        "{frontier:value} within reach",
        "even": "What each budget is expected to bring",
    },
)
CANDIDATES = (
    "Actions that pay for themselves beyond doubt: {paying:value} of {candidates:value}",
    "What each action would bring",
)
IN_POINTS = "Actions that gain points beyond doubt: {paying:value} of {candidates:value}"
TIED = by_verdict(
    "tied",
    {
        "same": "Of {tied_names}, which the survey cannot tell apart, begin with {tied_driver}: "
        "{tied_action} is in the best plan of {tied_chosen:value} of futures.",
        "other": "Of {tied_names}, which the survey cannot tell apart, begin with {tied_driver}: "
        "{tied_action} is in the best plan of {tied_chosen:value} of futures. By ratings alone, "
        "costs left out, {begins} would come first.",
        "unfunded": "Of {tied_names}, which the survey cannot tell apart, none comes first: no "
        "action in the plan works mainly through them.",
        "one": "{tied_driver} is the one driver that comes first, as the drivers page says.",
        "none": "No driver has a clear effect, so none comes first.",
    },
)
DUE = (
    "Of {due:value} promises to customers that were due since wave {due_since}",
    "Of {due:value} promises to customers that were due",
)
PROMISES = by_verdict(
    "missed",
    {
        "some": tuple(
            f"{due}, {{kept:value}} were kept on time, {{late:value}} late, and {{missed:value}} "
            "missed: settle these before promising more."
            for due in DUE
        ),
        "none": tuple(
            f"{due}, {{kept:value}} were kept on time and {{late:value}} late; none was missed."
            for due in DUE
        ),
    },
)
UNFUNDED = by_verdict(
    "unfunded",
    {
        "due": "Promised to customers and not in the plan: {unfunded_names}. Tell them now what "
        "they will get instead and when, or fund these all the same and settle them.",
        "open": "Promised to customers and not in the plan: {unfunded_names}. Tell them before "
        "{unfunded_by} what they will get instead and when, or fund these all the same and settle "
        "them.",
        "none": "",
    },
)
UNDER = "accounts with one that is open bring {cause_money:value} a year"
CAME = "{cause_cases:value} cases came of it"
CAUSES = by_verdict(
    "cause_cases",
    {
        "unlisted": (
            f"No candidate action addresses {{cause}}: {CAME}, and {UNDER}. Ask for one before "
            "the plan is settled.",
            f"No candidate action addresses {{cause}}: {CAME}. Ask for one before the plan is "
            "settled.",
        ),
        "not funded": (
            f"The plan funds nothing against {{cause}}, though {CAME}, and {UNDER}: "
            "{cause_action} is listed against it and left out; the table above says why.",
            f"The plan funds nothing against {{cause}}, though {CAME}: {{cause_action}} is listed "
            "against it and left out; the table above says why.",
            f"The plan funds nothing against {{cause}}, though {CAME}.",
        ),
        "funded": (
            "Every cause of cases has an action in the plan. Against the commonest, {cause}, it "
            f"funds {{cause_action}}: {CAME}, and {UNDER}.",
            "Every cause of cases has an action in the plan. Against the commonest, {cause}, it "
            f"funds {{cause_action}}: {CAME}.",
        ),
    },
)
OTHER_CAUSES = by_verdict(
    "cause_cases",
    {
        "unlisted": ("Nor is there one against {cause_others}.", ""),
        "not funded": ("Nor does it fund anything against {cause_others}.", ""),
        "funded": "",
    },
)
ASK = by_verdict(
    "plan",
    {
        "pays": NOW,
        "likely": NOW,
        "not clear": "Try {first_action} with customers drawn by lot, and compare with the others "
        "before any money is asked for.",
        "nothing": "",
    },
)
NOTHING = (
    "{plan:if nothing}Ask the owners of the {candidates:value} actions for cheaper versions, or "
    "for a pilot that shows more than is stated."
)
UNMET = (
    "Promised, not in the plan: {unfunded_few}.",
    "{unfunded:value} promises to customers are not in the plan.",
)
AT_ODDS = by_verdict("unfunded", {"due": UNMET, "open": UNMET, "none": ""})
AGAIN = by_verdict(
    "again",
    {
        "some": "{again:value} actions to fund have a promise that was delivered: say what is new "
        "about each first.",
        "one": "{again_names} has a promise that was delivered: say what is new about it first.",
        "none": "",
    },
)
AGAIN_NAMED = (
    "To be funded, though something promised of it was delivered: {again_names}. Check that none "
    "of it is done."
)
STATED = (
    "{piloted:value} of {funded:value} funded actions rest on the client's own pilot; the other "
    "changes are stated, not shown."
)
STOPPED = by_verdict(
    "plan_gap",
    {
        "open": "The solver ran out of time: another plan could bring up to {plan_gap:value} more.",
        "closed": "",
    },
    untold="",
)
NO_BUDGET = "No budget was declared, so the plan holds all that is expected to pay."
LEFT = "{left_out:value} listed actions could not be reckoned with; the page says why."


def answer(figures: Mapping[str, Figure], reason: str = "") -> str:
    """What to fund, in a sentence; ``reason`` is why there is no plan."""
    if reason:
        return f"No plan can be made of these actions: {reason.rstrip('.')}."
    return ANSWER_IN_POINTS(figures) if _in_points(figures) else ANSWER(figures)


def candidates_title(figures: Mapping[str, Figure]) -> str:
    """How many actions pay for themselves, each looked at alone."""
    texts = (IN_POINTS, CANDIDATES[-1]) if _in_points(figures) else CANDIDATES
    return first_that_fits(shown(figures), *texts)


def planned(figures: Mapping[str, Figure]) -> str:
    """What to begin with, and how often it is chosen."""
    known = shown(figures)
    spent = first_that_fits(known, COSTS) if _in_money(known) else ""
    return paragraph(PLANNED(known), spent, first_that_fits(figures, "{in_points}"))


def _in_points(figures: Mapping[str, Figure]) -> bool:
    """Whether what a plan brings is no money, so that nothing can be said to pay."""
    plan = figures.get("plan")
    return plan is not None and not plan.unit.startswith("money")


def _in_money(known: Mapping[str, Figure]) -> bool:
    """Whether a plan is asked for, and what it brings is money."""
    plan = known.get("plan")
    asked = plan is not None and plan.verdict in ("pays", "likely")
    return asked and plan is not None and plan.unit.startswith("money")


def changes(figures: Mapping[str, Figure]) -> str:
    """What would change the plan."""
    known = shown(figures)
    return paragraph(first_that_fits(known, NEXT), first_that_fits(known, DROP))


def frontier_title(figures: Mapping[str, Figure]) -> str:
    """Where money stops paying clearly, as a title."""
    return FRONTIER_TITLE(shown(figures))


def tied(figures: Mapping[str, Figure]) -> str:
    """Which of the tied drivers comes first."""
    return TIED(figures)


def promises(figures: Mapping[str, Figure]) -> str:
    """How the last promises stand."""
    return PROMISES(figures)


def unfunded(figures: Mapping[str, Figure]) -> str:
    """What was promised and is not funded, or is funded and was delivered already."""
    known = shown(figures)
    return paragraph(UNFUNDED(known), first_that_fits(known, AGAIN_NAMED))


def causes(figures: Mapping[str, Figure]) -> str:
    """Whether causes of cases have an action against them, and the commonest one that has none."""
    known = shown(figures)
    return paragraph(CAUSES(known), OTHER_CAUSES(known))


def so_what(figures: Mapping[str, Figure]) -> str:
    """What waiting costs, and where money stops paying clearly."""
    return paragraph(DELAY(shown(figures)), FRONTIER(shown(figures)))


def ask(figures: Mapping[str, Figure], due: str) -> dict[str, str]:
    """The call for action."""
    known = shown(figures)
    what = ASK(known) or first_that_fits(known, NOTHING)
    less = first_that_fits(known, LESS) if what == NOW else ""
    owner = str(known["owner"].value) if "owner" in known else "Sponsor of the plan"
    return {"what": paragraph(what, less), "owner": owner, "due": due} if what else {}


def doubts(figures: Mapping[str, Figure]) -> tuple[str, ...]:
    """What does not fit."""
    known = shown(figures)
    open_budget = NO_BUDGET if "plan_cost" in known and "budget" not in known else ""
    left = known.get("left_out")
    left_out = LEFT if left is not None and left.value else ""
    return tuple(
        filter(
            None,
            (
                AT_ODDS(known),
                AGAIN(known),
                STOPPED(known),
                first_that_fits(known, STATED),
                open_budget,
                left_out,
            ),
        )
    )
