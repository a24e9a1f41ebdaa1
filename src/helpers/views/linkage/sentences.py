"""The words of the linkage chapter: does loyalty pay here, and how surely."""

from __future__ import annotations

from collections.abc import Mapping

from helpers.results import Figure
from helpers.views.rendering.rules import all_that_fit, first_that_fits

__all__ = ["answer", "ask", "doubts", "model", "so_what"]


def _sure(figures: Mapping[str, Figure]) -> bool:
    effect = figures.get("effect")
    return effect is not None and effect.low is not None and effect.low * (effect.high or 0) > 0


def answer(figures: Mapping[str, Figure]) -> str:
    """Whether the outcome differs with the score."""
    if _sure(figures):
        link = (
            "{per:value} points more of {score_label} go with a change of {effect} "
            "{effect_unit} in {outcome_label}, like compared with like."
        )
        if "adjusted_for" not in figures:
            link = (
                "{per:value} points more of {score_label} go with a change of {effect} "
                "{effect_unit} in {outcome_label}; nothing was adjusted for."
            )
    else:
        link = (
            "No reliable link: {per:value} points more of {score_label} go with a change of "
            "{effect} {effect_unit} in {outcome_label}, which may as well be none."
        )
    bands = first_that_fits(
        figures,
        "Of accounts in the lowest fifth of scores {low_band} {outcome_verb}, of those in the "
        "highest {high_band}.",
    )
    risk = first_that_fits(
        figures,
        "Within {horizon:value} months {risk_gross} of yearly revenue is expected to leave, "
        "{risk_share} of what the {risk_gross:base} that answered bring. {risk_excess} of it goes "
        "with scores below {reference:value}; the rest would be expected even there. That is the "
        "range of what to expect; with the luck of who leaves, the loss itself may be "
        "{risk_loss:interval}.",
        "Within {horizon:value} months {risk_gross} of yearly revenue is expected to leave, "
        "{risk_share} of what the {risk_gross:base} that answered bring. How much of it goes with "
        "low scores cannot be told.",
    )
    return " ".join(filter(None, (risk, bands, link)))


def so_what(figures: Mapping[str, Figure]) -> str:
    """What the link is worth, and what it is not."""
    excess = first_that_fits(
        figures,
        "The ten largest cases hold {top10_share:value} of the revenue at risk, so this is a list "
        "of names before it is a programme. Some are on it for their size alone: read the score "
        "beside the money.",
    )
    control = first_that_fits(
        figures,
        "A check failed: the same model finds that scores go with growth before the survey "
        "({failed_control}), which they cannot have caused. Something not adjusted for may lie "
        "behind both, so the true link may be weaker; that is why it is graded no better.",
        "A check held: against growth before the survey, which no score can have caused, the same "
        "model finds nothing ({control}).",
    )
    grade = first_that_fits(
        figures,
        "The score came first and the outcome later, so this is better than a same-day "
        "correlation, but it is not an experiment." if _lagged(figures) else
        "Score and outcome are not set apart in time here: read this as going together, never "
        "as cause.",
    )  # fmt: skip
    return " ".join(filter(None, (excess, control, grade)))


def _lagged(figures: Mapping[str, Figure]) -> bool:
    effect = figures.get("effect")
    return "failed_control" in figures or bool(effect and effect.grade in ("A", "B"))


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
    what = first_that_fits(
        figures,
        "Review the ten accounts with most revenue at risk with their owners; write a recovery "
        "plan where the score is low, not where only the account is large.",
        "Send revenue by account and month, so that the link can be put in money.",
    )
    if "risk_gross" not in figures:
        what = "Send revenue and end dates by account, so that the link can be put in money."
        return {"what": what, "owner": "Finance", "due": due}
    return {"what": what, "owner": "Head of sales", "due": due}


def doubts(figures: Mapping[str, Figure]) -> tuple[str, ...]:
    """What does not fit."""
    found = []
    if "failed_control" in figures:
        found.append(
            "A check failed: scores go with growth before the survey, which they cannot have "
            "caused. Something else may explain part of the link of loyalty and leaving."
        )
    if {"intend_kept", "doubt_kept"} <= set(figures):
        found.append(
            "Of those who said they would surely continue {intend_kept} did; of those who said "
            "they would not, {doubt_kept} stayed all the same."
        )
    return tuple(found)
