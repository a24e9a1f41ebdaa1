"""The words of the linkage chapter: does loyalty pay here, and how well that is known."""

from __future__ import annotations

from collections.abc import Mapping

from helpers.results import Figure
from helpers.views.rendering.rules import first_that_fits, paragraph
from helpers.views.rendering.verdicts import by_verdict

CHANGE = (
    "{per:value} points more of {score_label} ({per_is}) are linked to a change of {effect} "
    "{effect_unit} in {outcome_label}"
)
CLEAR = (
    f"{CHANGE}, holding {{adjusted_for}} constant.",
    f"{CHANGE}; nothing was adjusted for.",
)
LINK = by_verdict(
    "effect",
    {
        "higher": CLEAR,
        "lower": CLEAR,
        "not clear": f"No reliable link: {CHANGE}, which may as well be none.",
    },
)
BANDS = (
    "{high_band} of the highest-scoring {band_name} of accounts {outcome_verb}, {low_band} of the "
    "lowest."
)
AT_RISK = (
    "{risk_gross} of the {revenue:value} a year at {risk_gross:base} that answered is likely to "
    "leave within {horizon:value} months."
)
BROUGHT = (
    "Revenue at risk is that of the {risk_gross:base} that answered and are still customers, no "
    "others: {risk_share} of it is expected to leave."
)
RISK = by_verdict(
    "risk_excess",
    {
        "clear": f"{BROUGHT} {{risk_excess}} of the loss is linked to scores below "
        "{reference:value}; the rest would be expected even there. {risk_gross} is "
        "what to expect; with good or bad luck in who leaves, what does leave may be anything "
        "from {risk_loss:interval}.",
        "not clear": f"{BROUGHT} How much of the loss is linked to low scores cannot be told.",
    },
)
SIZE = (
    "this is a list of names before it is a programme. Some are on it for their size alone: read "
    "the score beside the money."
)
NAMES = (
    "Of the revenue at risk at the {named_accounts:value} accounts that may be named, "
    f"{{named_top:value}} hold {{named_top_share:value}}: {SIZE}",
    f"The ten largest cases hold {{top10_share:value}} of the revenue at risk: {SIZE}",
)
CHECK = by_verdict(
    "control",
    {
        "failed": "A check failed: where spend had grown before the survey, scores had risen "
        "({control} more growth for {per:value} points). Growth may raise scores, so a part of "
        "the link may run the other way.",
        "held": "A check held: scores did not rise where spend had grown before the survey "
        "({control} of growth for {per:value} points), so growth does not seem to make the "
        "scores.",
    },
)
LAGGED = (
    "The score came first and the outcome later, so this is better than a same-day correlation, "
    "but it is not an experiment."
)
TOGETHER = (
    "Score and outcome are not set apart in time here: read this as an association, never as cause."
)
TOTAL = by_verdict(
    "level_last",
    {
        "differ": "Waves differ in how many leave, beyond chance: {level_last:value} would leave "
        "at the last wave's level.",
        "alike": "",
    },
)
DOUBT = by_verdict(
    "control",
    {
        "failed": "One check failed: scores had risen where spend had grown before the survey. A "
        "part of the link of loyalty and leaving may run the other way.",
        "held": "",
    },
)
NOISY = (
    "Scores from few people are noisy, and noise hides links. Corrected for measurement error, the "
    "change for {per:value} points is {corrected} {effect_unit}: use that for what better loyalty "
    "would be worth, the other for forecasts."
)
WORD_AND_ACT = (
    "Of those who said they would certainly continue {intend_kept} did; of those who said they "
    "would not, {doubt_kept} stayed all the same."
)
SEND = "Send revenue and end dates by account, so that the link can be put in money."
FORECAST = (
    "Take the expected loss of {risk_gross:value} into the forecast, after the owners of the ten "
    "largest cases have confirmed or corrected theirs."
)
PLAN = (
    "{level_last:if differ}Plan for a loss of {risk_gross} with all of its range, since past waves "
    "differ in how many left. The owners of the ten largest cases confirm or correct theirs first."
)
LOT = (
    "Before money goes into loyalty, try it: draw by lot half of the accounts that score low, do "
    "for them what is planned, and compare after {horizon:value} months who stayed. No link is "
    "shown here yet."
)
CAP = (
    "Cap what is spent to raise scores by group of accounts, at what one of them is worth over "
    "{return_years:value} years: {best_each:value} for one {best_group} account, "
    "{least_each:value} for one {least_group} account."
)
CAP_ALL = (
    "Cap what is spent to raise scores at {return_each:value} an account on average over "
    "{return_years:value} years."
)
COURSE = by_verdict(
    "risk_excess",
    {
        "clear": (
            f"{{return_all:if pays}}{PLAN} {CAP}",
            f"{{return_all:if pays}}{PLAN} {CAP_ALL}",
            PLAN,
            f"{{return_all:if pays}}{FORECAST} {CAP}",
            f"{{return_all:if pays}}{FORECAST} {CAP_ALL}",
            FORECAST,
        ),
        "not clear": (f"{PLAN} {LOT}", f"{FORECAST} {LOT}"),
    },
    untold=SEND,
)
NAMED_TITLE = (
    "Of the {named_accounts:value} accounts that may be named, {named_top:value} hold "
    "{named_top_share:value} of the revenue at risk"
)


def answer(figures: Mapping[str, Figure]) -> str:
    """The outcome by score, or that no link is clear, and the revenue at risk."""
    effect = figures.get("effect")
    clear = effect is not None and effect.verdict in ("higher", "lower")
    linked = (clear and first_that_fits(figures, BANDS)) or LINK(figures)
    return paragraph(linked, first_that_fits(figures, AT_RISK))


def so_what(figures: Mapping[str, Figure]) -> str:
    """What the link is worth, and what it is not."""
    effect = figures.get("effect")
    lagged = effect is not None and effect.grade in ("A", "B")
    told = LAGGED if lagged else TOGETHER
    return paragraph(RISK(figures), first_that_fits(figures, *NAMES), told)


def check(figures: Mapping[str, Figure]) -> str:
    """Whether growth before the survey may have made the scores."""
    return CHECK(figures)


def model(figures: Mapping[str, Figure]) -> str:
    """How much the outcome changes with the score, and what the model compares."""
    return paragraph(LINK(figures), first_that_fits(figures, NOISY))


def ask(figures: Mapping[str, Figure], due: str) -> dict[str, str]:
    """The call for action."""
    return {"what": COURSE(figures), "owner": "Finance", "due": due}


def named_title(figures: Mapping[str, Figure]) -> str:
    """What the chart of accounts by risk shows."""
    return first_that_fits(figures, NAMED_TITLE)


def doubts(figures: Mapping[str, Figure]) -> tuple[str, ...]:
    """What does not fit."""
    told = (TOTAL(figures), DOUBT(figures), first_that_fits(figures, WORD_AND_ACT))
    return tuple(filter(None, told))
