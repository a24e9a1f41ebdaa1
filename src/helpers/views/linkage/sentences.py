"""The words of the linkage chapter: does loyalty pay here, and how surely."""

from __future__ import annotations

from collections.abc import Mapping

from helpers.results import Figure
from helpers.views.rendering.rules import all_that_fit, first_that_fits, paragraph
from helpers.views.rendering.verdicts import by_verdict

CHANGE = (
    "{per:value} points more of {score_label} go with a change of {effect} {effect_unit} in "
    "{outcome_label}"
)
CLEAR = (f"{CHANGE}, {{adjusted_for}} held equal.", f"{CHANGE}; nothing was adjusted for.")
LINK = by_verdict(
    "effect",
    {
        "higher": CLEAR,
        "lower": CLEAR,
        "not clear": f"No reliable link: {CHANGE}, which may as well be none.",
    },
)
BANDS = (
    "Of accounts in the lowest fifth of scores {low_band} {outcome_verb}, of those in the highest "
    "{high_band}."
)
AT_RISK = (
    "Within {horizon:value} months {risk_gross} of yearly revenue is expected to leave, "
    "{risk_share} of what the {risk_gross:base} that answered bring."
)
RISK = by_verdict(
    "risk_excess",
    {
        "clear": f"{AT_RISK} {{risk_excess}} of it is linked to scores below {{reference:value}}; "
        "the rest would be expected even there. That is the range of what to expect; with the "
        "luck of who leaves, the loss itself may be {risk_loss:interval}.",
        "not clear": f"{AT_RISK} How much of it is linked to low scores cannot be told.",
    },
)
NAMES = (
    "The ten largest cases hold {top10_share:value} of the revenue at risk, so this is a list of "
    "names before it is a programme. Some are on it for their size alone: read the score beside "
    "the money."
)
CHECK = by_verdict(
    "control",
    {
        "failed": "A check failed: the same model finds that scores also track growth before the "
        "survey ({control}), which they cannot have caused. Something not adjusted for may lie "
        "behind both, so the true link may be weaker; that is why it is graded no better.",
        "held": "A check held: against growth before the survey, which no score can have caused, "
        "the same model finds nothing ({control}).",
    },
)
LAGGED = (
    "The score came first and the outcome later, so this is better than a same-day correlation, "
    "but it is not an experiment."
)
TOGETHER = (
    "Score and outcome are not set apart in time here: read this as an association, never as cause."
)
DOUBT = by_verdict(
    "control",
    {
        "failed": "One check failed: scores also track growth before the survey, which they cannot "
        "have caused. Something else may explain part of the link of loyalty and leaving.",
        "held": "",
    },
)
WORD_AND_ACT = (
    "Of those who said they would certainly continue {intend_kept} did; of those who said they "
    "would not, {doubt_kept} stayed all the same."
)
FORECAST = (
    "Take the expected loss of {risk_gross:value} into the forecast, after the owners of the ten "
    "largest cases have confirmed or corrected theirs."
)
NAMED_TITLE = (
    "Of the {named_accounts:value} accounts that may be named, {named_top:value} hold "
    "{named_top_share:value} of the revenue at risk"
)
SEND = "Send revenue and end dates by account, so that the link can be put in money."


def answer(figures: Mapping[str, Figure]) -> str:
    """Revenue at risk, the outcome by score, and whether the two are linked."""
    parts = (RISK(figures), first_that_fits(figures, BANDS), LINK(figures))
    return paragraph(*parts)


def so_what(figures: Mapping[str, Figure]) -> str:
    """What the link is worth, and what it is not."""
    effect, check = figures.get("effect"), figures.get("control")
    failed = check is not None and check.verdict == "failed"
    lagged = failed or (effect is not None and effect.grade in ("A", "B"))
    parts = (first_that_fits(figures, NAMES), CHECK(figures), LAGGED if lagged else TOGETHER)
    return paragraph(*parts)


def model(figures: Mapping[str, Figure]) -> str:
    """What the model compares."""
    return all_that_fit(
        figures,
        "Adjusted for {adjusted_for}.",
        "Scores from few people are noisy, and noise hides links. With it taken out, the change "
        "for {per:value} points is {corrected} {effect_unit}: use that for what better loyalty "
        "would be worth, the other for forecasts.",
    )


def ask(figures: Mapping[str, Figure], due: str) -> dict[str, str]:
    """The call for action."""
    what = first_that_fits(figures, FORECAST)
    return {"what": what or SEND, "owner": "Finance", "due": due}


def named_title(figures: Mapping[str, Figure]) -> str:
    """What the chart of accounts by risk shows."""
    return first_that_fits(figures, NAMED_TITLE)


def doubts(figures: Mapping[str, Figure]) -> tuple[str, ...]:
    """What does not fit."""
    return tuple(filter(None, (DOUBT(figures), first_that_fits(figures, WORD_AND_ACT))))
