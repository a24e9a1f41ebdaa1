"""The words of the cycle chapter: what was predicted, what came, and whether to keep investing."""

from __future__ import annotations

from collections.abc import Mapping

from helpers.results import Figure
from helpers.views.rendering.rules import all_that_fit, first_that_fits, paragraph, shown
from helpers.views.rendering.verdicts import by_verdict

OF = "Of {due:value} predictions due, {inside:value} fell inside their ranges"
ANSWER = by_verdict(
    "missed",
    {
        "none": "All {due:value} predictions due fell inside their ranges.",
        "below": f"{OF}; {{missed_below}} came out lower.",
        "above": f"{OF}; {{missed_above}} came out higher.",
        "both": f"{OF}; {{missed_below}} came out lower, {{missed_above}} higher.",
    },
    untold="No earlier prediction can be scored yet. This run wrote {claims:value}: send "
    "the ledger back with the next wave, and they are scored.",
)
INVEST = by_verdict(
    "returned",
    {
        "rose": "{rose_names} rose after an action: keep investing there.",
        "fell": "{fell_names} fell although something promised on it was delivered: look there "
        "before new money is spent.",
        "mixed": "{rose_names} rose after an action, {fell_names} fell: move money with care.",
        "not clear": "No delivered action shows a clear rise yet: tie new money to a measured one.",
        "not measured": "",
    },
)  # fmt: skip
HELD = by_verdict(
    "inside",
    {
        "as promised": f"{OF}: {{coverage}}, with {{expected:value}} expected. The ranges hold "
        "what they promise.",
        "too narrow": f"{OF}: {{coverage}}, with {{expected:value}} expected. The ranges are too "
        "narrow: read those of this run as wider.",
        "too few": f"{OF}: {{coverage}}, with {{expected:value}} expected. Scores of one wave move "
        "together: these amount to about {independent:value} independent numbers, too few to "
        "judge the ranges.",
    },
)  # fmt: skip
BIAS = (
    "On average they were off by {bias:value} standard errors; chance alone gives up to "
    "{bias_chance:value} either way.",
)
WORST = ("{missed:if below}{worst} is farthest off.", "{missed:if above}{worst} is farthest off.",
         "{missed:if both}{worst} is farthest off.")  # fmt: skip
UNSCORED = "{unscored:value} cannot be scored: the table says why."
WAITING = "{waiting:value} of earlier runs are not due yet."
TITLE = by_verdict(
    "missed",
    {
        "none": "All {due:value} predictions due came true within their ranges",
        "below": "{inside:value} of {due:value} predictions came true; {missed_below} came out "
        "lower",
        "above": "{inside:value} of {due:value} predictions came true; {missed_above} came out "
        "higher",
        "both": "{inside:value} of {due:value} predictions came true",
    },
)
PREDICTED = (
    "This run wrote {claims:value} predictions. Those of scores are due at the next wave, about "
    "{due_day}. {acting:value} funded actions will work by then, and move the drivers that they "
    "are stated to move.",
    "This run wrote {claims:value} predictions. Those of scores are due at the next wave, about "
    "{due_day}.",
)
LEARNT = (
    "Their ranges hold the error of both samples and what scores drift between waves, here "
    "{drift:value} standard deviations of people, learnt from {steps:value} steps between waves "
    "and a prior.",
)
UNLEARNT = (
    "Their ranges hold the error of both samples and what scores drift between waves, taken as "
    "{drift:value} standard deviations of people: no two waves show it here yet.",
)
LOSS = (
    "A year's revenue of accounts that leave within its window is as likely to be above "
    "{lost_predicted} as below, luck included; “Does loyalty pay here?” gives what is expected on "
    "average.",
)
DONE = "Of the listed actions, {delivered:value} had a promise delivered"
LISTED = f"{DONE}, at {{spent:value}} in full"
NONE_ROSE = "No rating that they work on rose clearly; {fell_names} fell."
UNCLEAR = "None of the {ratings_tried:value} ratings compared changed clearly among those reached"
SPENT = by_verdict(
    "returned",
    {
        "rose": (
            f"{LISTED}. {{rose_names}} rose among those reached: worth {{came_back}}, if each "
            "link holds.",
            f"{LISTED}. {{rose_names}} rose among those reached.",
            f"{DONE}. {{rose_names}} rose among those reached.",
        ),
        "fell": (
            f"{LISTED}. {NONE_ROSE} No money is counted as returned.",
            f"{DONE}. {NONE_ROSE}",
        ),
        "mixed": (
            f"{LISTED}. Among those reached {{rose_names}} rose, worth {{came_back}} if each link "
            "holds, and {fell_names} fell.",
            f"{LISTED}. Among those reached {{rose_names}} rose and {{fell_names}} fell.",
            f"{DONE}. Among those reached {{rose_names}} rose and {{fell_names}} fell.",
        ),
        "not clear": (
            f"{LISTED}. {UNCLEAR}, so no money is counted as returned.",
            f"{DONE}. {UNCLEAR}.",
        ),
        "not measured": f"{DONE}, and none has both a wave before and a wave after it yet.",
    },
)
MEAN = (
    "{returned:if rose}Before and after is no proof: what was low by luck comes back by itself, "
    "and other things changed too.",
    "{returned:if mixed}Before and after is no proof: what was low by luck comes back by itself, "
    "and other things changed too.",
    "{returned:if fell}Before and after is no proof: it may have fallen further without the "
    "action.",
    "{returned:if not clear}Before and after is no proof either way: a rise may be there unseen.",
)
TOLD_ANSWERS = by_verdict(
    "told_answers",
    {
        "more": "People who said that they were told of changes answered the next wave more often, "
        "by {told_answers} percentage points.",
        "less": "People who said that they were told of changes answered the next wave less often: "
        "{told_answers} percentage points.",
        "not clear": "People who said that they were told of changes did not answer the next wave "
        "clearly more often: {told_answers} percentage points.",
    },
)
TOLD_ACTED = by_verdict(
    "told_acted",
    {
        "more": "They rated action higher next time, by {told_acted}.",
        "less": "They rated action lower next time: {told_acted}.",
        "not clear": "Nor did they rate action clearly otherwise next time: {told_acted}.",
    },
)
COMPARED = (
    "Comparable people were compared, earlier ratings held constant; nobody was told by lot, so "
    "this is an association.",
)
RING_TITLE = by_verdict(
    "response_change",
    {
        "rose": "The cycle turns: more answer than a wave ago",
        "fell": "The cycle slows: fewer answer than a wave ago",
        "not clear": "The cycle is not speeding up: no clear change in who answers",
    },
    untold="From asking to telling, in this client's own numbers",
)
ASK = (
    "{missed:if below}Send the ledger back with the next wave, and go through why {missed_below} "
    "came out lower.",
    "{missed:if above}Send the ledger back with the next wave, and go through why {missed_above} "
    "came out higher.",
    "{missed:if both}Send the ledger back with the next wave, and go through why {missed_below} "
    "and {missed_above} were misjudged.",
    "Send the ledger back with the next wave, so that it is scored, and review it every quarter.",
)
NOT_SCORED = "{unscored:value} predictions cannot be scored."
AGAIN = (
    "{fell_funded:if some}{fell_funded_names} fell after promised work was delivered; more is "
    "planned."
)
NO_LOT = "{returned:if fell}{fell_names} fell although an action on it was delivered."
FEW = "{inside:if too few}One wave says little about the ranges: its scores move together."


def answer(figures: Mapping[str, Figure]) -> str:
    """Of so many predictions so many came true, and what that asks for."""
    known = shown(figures)
    return paragraph(ANSWER(known), INVEST(known) if "missed" in known else "")


def held(figures: Mapping[str, Figure]) -> str:
    """How many came true, and what that says of the ranges."""
    known = shown(figures)
    if "inside" not in known:
        return ""
    counts = [text for name, text in (("unscored", UNSCORED), ("waiting", WAITING))
              if name in known and known[name].value]  # fmt: skip
    return paragraph(HELD(known), first_that_fits(known, *BIAS), first_that_fits(known, *WORST),
                     *counts)  # fmt: skip


def title(figures: Mapping[str, Figure]) -> str:
    """The same as a title."""
    return TITLE(shown(figures))


def predicted(figures: Mapping[str, Figure]) -> str:
    """What this run wrote down, and what its ranges hold."""
    known = shown(figures)
    seen = "steps" in known and known["steps"].value
    learnt = first_that_fits(known, *(LEARNT if seen else UNLEARNT))
    return paragraph(_made(known), learnt, first_that_fits(known, *LOSS))


def _made(known: Mapping[str, Figure]) -> str:
    """How many predictions this run wrote; funded actions only where there are any."""
    acts = [PREDICTED[0]] if "acting" in known and known["acting"].value else []
    return first_that_fits(known, *acts, PREDICTED[1])


def spent(figures: Mapping[str, Figure]) -> str:
    """What was spent, and what came back."""
    known = shown(figures)
    return paragraph(SPENT(known), first_that_fits(known, *MEAN))


def told(figures: Mapping[str, Figure]) -> str:
    """Whether telling goes with answering and with better ratings of action."""
    known = shown(figures)
    parts = (TOLD_ANSWERS(known), TOLD_ACTED(known))
    return paragraph(*parts, *(COMPARED if any(parts) else ()))


def ring_title(figures: Mapping[str, Figure]) -> str:
    """The virtuous cycle, as a title."""
    return RING_TITLE(shown(figures))


def so_what(figures: Mapping[str, Figure]) -> str:
    """Whether to trust the ranges, and whether to keep investing."""
    known = shown(figures)
    return paragraph(HELD(known), SPENT(known)) or _made(known)


def ask(figures: Mapping[str, Figure], due: str) -> dict[str, str]:
    """The call for action."""
    known = shown(figures)
    owner = known.get("review_owner")
    return {
        "what": first_that_fits(known, *ASK),
        "owner": "Sponsor of the survey" if owner is None else str(owner.value),
        "due": due,
    }


def doubts(figures: Mapping[str, Figure]) -> tuple[str, ...]:
    """What does not fit."""
    known = shown(figures)
    left = NOT_SCORED if "unscored" in known and known["unscored"].value else ""
    return tuple(
        filter(None, (first_that_fits(known, AGAIN, NO_LOT), left, all_that_fit(known, FEW)))
    )
