"""The words of the alignment chapter: who is paid against customers, and what to change first."""

from __future__ import annotations

from collections.abc import Mapping

from helpers.results import Figure
from helpers.views.alignment import sentences_focus
from helpers.views.rendering.rules import first_that_fits, paragraph, shown
from helpers.views.rendering.verdicts import by_verdict

PAID = (
    "{conflict_share:value} of pay in {conflict_function} rewards moving {conflict_metric} "
    "{conflict_way}, where customers rate {conflict_driver} {conflict:value} (± {conflict:margin}) "
    "points lower."
)
AGAINST = (
    "{conflict_share:value} of pay in {conflict_function} rewards moving {conflict_metric} "
    "{conflict_way}, which works against customers: review that target first."
)
FIRST = "{conflict_owner} tries one team without it first"
NOBODY = "nobody is paid on {unpaid_driver}"
NEXT = (
    "Nobody is paid on {unpaid_driver}, which matters for loyalty. {unpaid_owner} puts it into "
    "the targets of {unpaid_function} first.",
    "Nobody is paid on {unpaid_driver}, which matters for loyalty: put it into targets first.",
    "Nobody owns {unowned_driver}, which matters for loyalty: name its owner first.",
    "{top_gap:if overrated}Staff overrate {top_gap_driver} by {top_gap:value} (± {top_gap:margin}) "
    "points: show them first what customers say.",
    "{top_gap:if underrated}Staff underrate {top_gap_driver} by {top_gap:value} (± "
    "{top_gap:margin}) points: show them first what customers say.",
)
NONE = "No metric in pay is shown to work against customers."
ANSWER = by_verdict(
    "conflicts",
    dict.fromkeys(
        ("some", "one"), (f"{PAID} {FIRST}; {NOBODY}.", f"{PAID} {FIRST}.",
                          f"{PAID} Name who tries one team without it.", AGAINST)
    ) | {"none": (*(f"{NONE} {text}" for text in NEXT[:3]), NEXT[3], NEXT[4],
                  "No conflict is shown between what functions are paid on and what customers "
                  "want: test the metrics that could not be told.")},
    untold=(*NEXT[2:], "What functions are paid on was not sent, and staff and customers do not "
            "differ clearly in what they say."),
)  # fmt: skip
SEEN = (
    "{conflict_share:value} of pay in {conflict_function} rewards moving {conflict_metric} "
    "{conflict_way}, against {conflict_driver}: {conflict_owner} tries one team without it first. "
    f"{sentences_focus.LIP_SERVICE}"
)
BOTH = (
    f"{SEEN}; {{letter_by:if asked}}the letter tells them what was delivered.",
    f"{SEEN}; {{untold_promises:if some}}{{first_teller}} tells them what was delivered.",
    f"{SEEN}; {{untold_promises:if one}}{{first_teller}} tells them what was delivered.",
    f"{SEEN}.",
)
COST = by_verdict(
    "cost",
    {
        "loses": (
            "Meeting the target of {conflict_metric} would avoid {conflict_saving:value} of cost a "
            "year and, if each link holds, lose {cost} of revenue over {cost_months:value} months. "
            "Cost is not revenue: one team tells which is more.",
            "Meeting the target of {conflict_metric} would, if each link holds, lose {cost} of "
            "revenue over {cost_months:value} months.",
        ),
        "not clear": "What meeting the target of {conflict_metric} costs in revenue cannot be told "
        "reliably.",
    },
)
SHARES = (
    "Functions counted alike, {helped:value} of variable pay is on metrics that a link shows to "
    "help customers, {opposed:value} on metrics that work against them."
)
MATRIX_TITLE = by_verdict(
    "conflicts",
    {
        "some": "{conflicts:value} of {metrics:value} metrics in pay work against customers",
        "one": "One of {metrics:value} metrics in pay works against customers",
        "none": "None of {metrics:value} metrics in pay is shown to work against customers",
    },
)
UNPAID = by_verdict(
    "unpaid",
    dict.fromkeys(
        ("some", "one"),
        (
            "Nobody is paid on {unpaid_driver}, though loyalty is {unpaid_effect} points higher "
            "for each point of it, other drivers held constant.",
            "Nobody is paid on {unpaid_driver}, though it matters for loyalty.",
        ),
    )
    | {"none": "Somebody is paid on every driver that matters for loyalty."},
)
UNOWNED = by_verdict(
    "unowned",
    {
        "some": "{unowned:value} drivers that matter have no owner, first {unowned_driver}.",
        "one": "{unowned_driver} matters and has no owner.",
        "none": "",
    },
)
ACROSS = by_verdict(
    "across",
    dict.fromkeys(
        ("some", "one"),
        (
            "{across_functions} are each paid on {across_driver}, apart from one another.",
            "Others than its owner are paid on {across_driver}.",
        ),
    )
    | {"none": ""},
)
UNTESTED = by_verdict(
    "untested",
    dict.fromkeys(
        ("some", "one"),
        (
            "{untested_function} is paid ({untested_share:value}) on {untested_metric}, meant for "
            "{untested_driver}: whether it helps or hurts customers is untested.",
            "",
        ),
    )
    | {"none": ""},
)
WEAKEST = "Of {employees:value} employees the lowest rating goes to {weakest_name}: {weakest}."
CHANGE = by_verdict(
    "change",
    {
        "higher": "Against the wave before, {change_name} is rated {change} points higher.",
        "lower": "Against the wave before, {change_name} is rated lower: {change} points.",
        "not clear": "Against the wave before, nothing changed clearly.",
    },
)
FACING = by_verdict(
    "facing",
    {
        "higher": "Those who meet customers rate {facing_name} {facing} points higher than others.",
        "lower": "Those who meet customers rate {facing_name} lower than others: {facing} points.",
        "not clear": "Those who meet customers and others do not differ clearly.",
    },
)
STAFF_TITLE = ("Inside, {weakest_name} is rated lowest: {weakest:value}", "What employees say")
SECOND = " and {next_gap_driver} by {next_gap}"
GAP = by_verdict(
    "top_gap",
    {
        "overrated": (
            f"Staff overrate {{top_gap_driver}} by {{top_gap}} rating points{SECOND}.",
            "Staff overrate {top_gap_driver} by {top_gap} rating points.",
        ),
        "underrated": "Staff underrate {top_gap_driver}: their guess is {top_gap} rating points "
        "from what customers say.",
        "not clear": "No guess of staff differs clearly from what customers say.",
    },
)
OWNERS = ("{top_gap:if overrated}The gap among its owners, {top_gap_owner}, is {owner_gap}.",)
GAP_TITLE = by_verdict(
    "top_gap",
    {
        "overrated": "Staff guess {top_guess:value} for {top_gap_driver}; customers say "
        "{top_mean:value}",
        "underrated": "Staff guess {top_guess:value} for {top_gap_driver}; customers say "
        "{top_mean:value}",
        "not clear": "No guess of staff differs clearly from what customers say",
    },
)
UNITS = by_verdict(
    "unit_link",
    {
        "higher": "Over {units:value} units, staff and customers rise together: correlation "
        "{unit_link}. An association, not a cause.",
        "lower": "Over {units:value} units, customers score lower where staff say more: "
        "correlation {unit_link}. An association, not a cause.",
        "not clear": "Over {units:value} units, staff and customers are not clearly associated: "
        "correlation {unit_link}.",
    },
)
ASK = by_verdict(
    "conflicts",
    dict.fromkeys(
        ("some", "one"),
        (
            "Take the target of {conflict_metric} off one team for a quarter, pay on the rating of "
            "{conflict_driver} there, and compare cost and rating",
        ),
    )
    | {
        "none": (
            "Put the rating of {unpaid_driver} into the targets of {unpaid_function}",
            "Name the owner of {unowned_driver}",
            "{top_gap:if overrated}Show staff what customers say of {top_gap_driver}",
            "Record by account the metrics that could not be tested",
        )
    },
    untold=(
        "Name the owner of {unowned_driver}",
        "{top_gap:if overrated}Show staff what customers say of {top_gap_driver}",
        "List what each function is paid on, with its weight, direction and owner",
    ),
)
BEHIND = "Pay weights are as declared; what managers praise and promote for is in no table."


def answer(figures: Mapping[str, Figure]) -> str:
    """The clearest conflict and its owner, with lip service where that is clear."""
    known = shown(figures)
    inside = {"metrics", "employees"} & set(known)  # something of pay or staff was sent
    told = first_that_fits(known, *BOTH) or sentences_focus.answer(known)
    return told or ("" if inside else sentences_focus.tell(known)) or ANSWER(known)


def matrix_title(figures: Mapping[str, Figure]) -> str:
    """What the matrix shows."""
    return MATRIX_TITLE(figures)


def cost(figures: Mapping[str, Figure]) -> str:
    """What the conflict costs, and how much of pay helps customers."""
    known = shown(figures)
    return paragraph(COST(known), first_that_fits(known, SHARES))


def owners(figures: Mapping[str, Figure]) -> str:
    """Drivers that nobody is paid on, that nobody owns, and that several pull."""
    known = shown(figures)
    return paragraph(UNPAID(known), UNOWNED(known), ACROSS(known), UNTESTED(known))


def inside(figures: Mapping[str, Figure]) -> str:
    """What employees say, what changed, and who says it."""
    known = shown(figures)
    return paragraph(first_that_fits(known, WEAKEST), CHANGE(known), FACING(known))


def staff_title(figures: Mapping[str, Figure]) -> str:
    """What the chart of employees shows."""
    return first_that_fits(shown(figures), *STAFF_TITLE)


def guessed(figures: Mapping[str, Figure]) -> str:
    """What staff misjudge, and whether those do who own it."""
    known = shown(figures)
    return paragraph(GAP(known), first_that_fits(known, *OWNERS))


def gap_title(figures: Mapping[str, Figure]) -> str:
    """What the chart of guesses shows."""
    return GAP_TITLE(shown(figures))


def units(figures: Mapping[str, Figure]) -> str:
    """Whether units go together with their customers."""
    return UNITS(figures)


def so_what(figures: Mapping[str, Figure]) -> str:
    """The cost of the conflict, who is paid on nothing that matters, and what staff miss."""
    known = shown(figures)
    told = GAP(known) if "top_gap" in known else ""
    return paragraph(COST(known), UNPAID(known), told)


def ask(figures: Mapping[str, Figure], due: str) -> dict[str, str]:
    """The call for action, of who owns the metric or the driver, or else of who tells customers."""
    known = shown(figures)
    tell = sentences_focus.ask(known)
    by = str(known["letter_by"].value) if "letter_by" in known else due
    if tell and "metrics" not in known and "unpaid_driver" not in known:
        return {"what": tell, "owner": _teller(known), "due": by}
    names = ("conflict_owner", "conflict_function", "unpaid_owner", "unpaid_function")
    owner = next((str(known[name].value) for name in names if name in known), "Chief executive")
    return {"what": f"{ASK(known)}.", "owner": owner, "due": due}


def _teller(known: Mapping[str, Figure]) -> str:
    return str(known["first_teller"].value) if "first_teller" in known else "Chief executive"


def doubts(figures: Mapping[str, Figure]) -> tuple[str, ...]:
    """What does not fit."""
    known = shown(figures)
    return tuple(filter(None, (UNTESTED(known), BEHIND if "metrics" in known else "")))
