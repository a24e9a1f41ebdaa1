"""The words of the recovery chapter: whom to call first, and what calls were worth."""

from __future__ import annotations

from collections.abc import Mapping

from helpers.results import Figure
from helpers.views.rendering.rules import first_that_fits, paragraph, shown
from helpers.views.rendering.verdicts import by_verdict

LATE = "{overdue:value} accounts are past what they were promised"
ONE = "One account is past what it was promised"
OPEN = "Open cases: {open_cases:value}, the oldest for {oldest:value} days."
NEXT = "By {next_day} {first_owner} calls {first_account} first; the list below names the others."
ANSWER = by_verdict(
    "overdue",
    {
        "some": (f"{LATE}, and bring {{overdue_money:value}} a year. {NEXT}",
                 f"{LATE}. {NEXT}",
                 f"{LATE}. Name today who calls {{first_account}}, which comes first."),
        "one": (f"{ONE}. By {{next_day}} {{first_owner}} calls {{first_account}}, which brings "
                "{overdue_money:value} a year.",
                f"{ONE}. By {{next_day}} {{first_owner}} calls {{first_account}}.",
                f"{ONE}. Name today who calls {{first_account}}."),
        "none": ("No customer is past a promise. {first_owner} takes the next step first, at "
                 "{first_account}; open cases: {open_cases:value}.",
                 "No customer is past a promise. Name who takes the next step at {first_account}; "
                 "open cases: {open_cases:value}.",
                 "No case is open, so nobody has to be called about one."),
        "undeclared": ("No promise is declared, so no call can be late. Declare targets, and begin "
                       "with {first_account}; open cases: {open_cases:value}.",
                       "No case is open, and no promise is declared."),
    },
    untold="No case was recorded up to the day of the data: there is nobody to call.",
)  # fmt: skip
WEEK = (
    "They are at {waiting:value} accounts, {overdue:value} of them past a promise. Owners have "
    "time for the next step at {calls:value} of these in a week."
)
BACKLOG = by_verdict(
    "overdue",
    {
        "some": (
            f"{OPEN} Their accounts bring {{open_money:value}} a year. {WEEK}",
            f"{OPEN} {WEEK}",
        ),
        "one": (f"{OPEN} Their accounts bring {{open_money:value}} a year.", OPEN),
        "none": (OPEN, ""),
        "undeclared": (OPEN, ""),
    },
)  # fmt: skip
REST = "Accounts whose case rests until an agreed day, and so is not overdue: {snoozed:value}."
HAPPY = (
    "Not every call is a repair. Accounts to thank for high answers: {thanks:value}; accounts that "
    "named an interest and agreed to be offered something: {offers:value}."
)
KEPT = by_verdict(
    "contact_kept",
    {
        "kept": "Within {contact_days:value} days {contact_kept} of customers were contacted: the "
        "goal of {goal:value} is met.",
        "missed": "Within {contact_days:value} days only {contact_kept} of customers were "
        "contacted; the goal is {goal:value}.",
        "not clear": "Within {contact_days:value} days {contact_kept} of customers were "
        "contacted, not statistically distinguishable from the goal of {goal:value}.",
    },
    untold="Whether first contacts come in time cannot be told: no promise of one is declared, or "
    "no case says when it was.",
)
WAIT_TITLE = (
    "{contact_kept:value} are contacted, and {close_kept:value} helped, within the promise",
    "{contact_kept:value} are contacted within the promise",
    "Half of customers are helped within {close_median:value} days",
    "How long customers wait",
)
CLOSING = (
    "Half of cases are closed after {close_median:value} days. Closed cases alone would say "
    "{close_finished:value}: the slow ones are still open.",
    "Half of cases are closed after {close_median:value} days.",
)
WORKING = (
    "By the calendar, the customer's clock, half are contacted after {contact_median:value} days; "
    "by working time after {contact_working:value}.",
)
AGAIN = "Of closed cases {reopened} were opened again."
CAUSES = (
    "{few_causes:value} of {causes:value} causes bring {few_share:value} of cases, most of "
    "all {top_cause}: {top_share}.",
)
FUNDED = "The page What to fund says which of them pays."
FEEDS = by_verdict(
    "cause_actions",
    {
        "some": (
            "The list of candidate actions holds {cause_actions:value} that work on {top_cause}; "
            f"{{cause_action}} is stated to change it most. {FUNDED}",
            f"The list of candidate actions holds {{cause_actions:value}} that work on "
            f"{{top_cause}}. {FUNDED}",
        ),
        "one": (
            "One candidate action works on {top_cause}: {cause_action}. Whether it pays, the page "
            "What to fund says.",
            "One candidate action works on {top_cause}. Whether it pays, the page What to fund "
            "says.",
        ),
        "none": "No candidate action works on {top_cause}: ask for one.",
    },
)
CAUSES_TITLE = (
    "{few_causes:value} of {causes:value} causes bring {few_share:value} of cases",
    "Why cases come",
)
RATE = (
    "Of {timely:value} people contacted in time, {converted:value} rose above the alert line by "
    "the next wave, but {anyway} of these would have come back anyway.",
    "Of {timely:value} people contacted in time, {converted:value} rose above the alert line by "
    "the next wave.",
)
WORTH = by_verdict(
    "recovery_gain",
    {
        "gains": "People contacted in time scored {recovery_gain} points more on {score_label} "
        "next time than comparable people who were not.",
        "loses": "On {score_label} people contacted in time scored {recovery_gain} points "
        "against comparable people next time: worse, not better. Look at what was said in those "
        "calls.",
        "not clear": "Beyond doing nothing, no gain is clear: {recovery_gain} points on "
        "{score_label} next to comparable people who were not contacted in time.",
    },
    untold="What contact in time was worth cannot be told yet: that takes enough people, contacted "
    "in time and not, who answered two waves in a row.",
)
NET = by_verdict(
    "net_saved",
    {
        "gains": "Net of these, {net_saved} percentage points more came back.",
        "loses": "Net of these, the difference is {net_saved} percentage points: fewer came back.",
        "not clear": "Net of these, the difference is {net_saved} percentage points: not clear.",
    },
)
DESIGN = "The comparison with {untimely:value} comparable people carries this sentence."
OTHERS = by_verdict(
    "agree",
    {
        "agree": (
            f"{DESIGN} On {{score_label}}, the step at the alert line gives {{gain_threshold}} "
            "points, regression to the mean {gain_mean}: neither contradicts it.",
            f"{DESIGN} Regression to the mean gives {{gain_mean}} points on {{score_label}}, "
            "which does not contradict it; the alert line tells nothing here.",
            f"{DESIGN} The other designs do not contradict it.",
        ),
        "differ": f"{DESIGN} Other designs say something else: the table shows them, and none of "
        "the numbers should be promised.",
        "alone": f"{DESIGN} No other design tells anything here.",
    },
)
WORTH_TITLE = by_verdict(
    "recovery_gain",
    {
        "gains": "Contacted in time: {recovery_gain:value} points on {score_label} beyond doing "
        "nothing",
        "loses": "Contacted in time: {recovery_gain:value} points on {score_label}, below "
        "comparable people",
        "not clear": "No clear gain beyond doing nothing",
    },
)
ASK = by_verdict(
    "overdue",
    {
        "some": "Have each owner take the next step at the {calls:value} accounts that can be "
        "reached this week and agree a dated plan; give to others those of the {overdue:value} "
        "past a promise that wait longer.",
        "one": "Make the call and agree a dated plan: the account past a promise is on the list.",
        "none": "",
        "undeclared": "Declare how soon customers are contacted, get a plan and a solution.",
    },
)
NO_LOT = (
    "{recovery_gain:if gains}Nobody was drawn by lot: those contacted in time may differ from the "
    "others in ways that no record holds.",
    "{recovery_gain:if not clear}Nobody was drawn by lot, and {timely:value} people are few: a "
    "gain may be there unseen.",
)
LEFT = "{left_out:value} open cases are of accounts that are no customers now, or not listed."


def answer(figures: Mapping[str, Figure]) -> str:
    """Whom to call first, and by when."""
    return ANSWER(shown(figures))


def backlog(figures: Mapping[str, Figure]) -> str:
    """What is open, at how much money."""
    known = shown(figures)
    rest = REST if "snoozed" in known and known["snoozed"].value else ""
    return paragraph(BACKLOG(known), rest)


def happy(figures: Mapping[str, Figure]) -> str:
    """Calls that are no repairs."""
    known = shown(figures)
    any_ = any(known[name].value for name in ("thanks", "offers") if name in known)
    return first_that_fits(known, HAPPY) if any_ else ""


def kept(figures: Mapping[str, Figure]) -> str:
    """Whether the promise of a first contact is kept."""
    return paragraph(KEPT(figures), first_that_fits(shown(figures), *CLOSING))


def wait_title(figures: Mapping[str, Figure]) -> str:
    """How long customers wait, as a title."""
    return first_that_fits(shown(figures), *WAIT_TITLE)


def working(figures: Mapping[str, Figure]) -> str:
    """Both clocks, and what came back."""
    known = shown(figures)
    return paragraph(first_that_fits(known, *WORKING), first_that_fits(known, AGAIN))


def causes(figures: Mapping[str, Figure]) -> str:
    """The few causes that bring most cases, and what is listed against the first."""
    known = shown(figures)
    return paragraph(first_that_fits(known, *CAUSES), FEEDS(known))


def causes_title(figures: Mapping[str, Figure]) -> str:
    """The same as a title."""
    return first_that_fits(shown(figures), *CAUSES_TITLE)


def worth(figures: Mapping[str, Figure]) -> str:
    """What contact in time was worth, beside what would have come anyway."""
    known = shown(figures)
    return paragraph(WORTH(known), first_that_fits(known, *RATE), NET(known))


def design(figures: Mapping[str, Figure]) -> str:
    """Which design carries the sentence, whether the others agree, and what none can rule out."""
    known = shown(figures)
    return paragraph(OTHERS(known), first_that_fits(known, *NO_LOT))


def worth_title(figures: Mapping[str, Figure]) -> str:
    """What contact in time was worth, as a title."""
    return WORTH_TITLE(shown(figures))


def so_what(figures: Mapping[str, Figure]) -> str:
    """The promise and the worth of keeping it, in two sentences."""
    known = shown(figures)
    told = KEPT(known) if "contact_kept" in known else ""
    return paragraph(told, WORTH(known))


def ask(figures: Mapping[str, Figure], due: str) -> dict[str, str]:
    """The call for action."""
    what = ASK(shown(figures))
    return {"what": what, "owner": "Head of service", "due": due} if what else {}


def doubts(figures: Mapping[str, Figure]) -> tuple[str, ...]:
    """What does not fit."""
    known = shown(figures)
    away = "left_out" in known and known["left_out"].value
    told = (first_that_fits(known, *NO_LOT), LEFT if away else "")
    return tuple(filter(None, told))
