"""The words of the linkage chapter: does loyalty pay here, and how surely."""

from __future__ import annotations

from collections.abc import Mapping

from helpers.results import Figure
from helpers.views.words.rules import all_that_fit, first_that_fits

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
        "{risk_share} of all.",
    )
    return " ".join(filter(None, (risk, bands, link)))


def so_what(figures: Mapping[str, Figure]) -> str:
    """What the link is worth, and what it is not."""
    excess = first_that_fits(
        figures,
        "Of the revenue at risk, {risk_excess} goes with scores below {reference:value}: that "
        "would be worth saving if the link holds. The ten largest cases hold {top10_share:value} "
        "of it, so this is a list of names before it is a programme.",
    )
    control = first_that_fits(
        figures,
        "A score cannot move the past: against growth before the survey the same model finds "
        "{control}.",
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
    return bool(effect and effect.grade in ("A", "B"))


def model(figures: Mapping[str, Figure]) -> str:
    """What the model compares."""
    return all_that_fit(
        figures,
        "Adjusted for {adjusted_for}.",
        "Scores from few people are noisy, and noise hides links. With it taken out, the change "
        "for {per:value} points is {corrected} {effect_unit}: use that for what better loyalty would be worth, "
        "the other for forecasts.",
    )


def ask(figures: Mapping[str, Figure], due: str) -> dict[str, str]:
    """The call for action."""
    what = first_that_fits(
        figures,
        "Give each of the ten accounts with most revenue at risk an owner and a dated recovery "
        "plan.",
        "Send revenue by account and month, so that the link can be put in money.",
    )
    if "risk_gross" not in figures:
        what = "Send revenue and end dates by account, so that the link can be put in money."
        return {"what": what, "owner": "Finance", "due": due}
    return {"what": what, "owner": "Head of sales", "due": due}


def doubts(figures: Mapping[str, Figure]) -> tuple[str, ...]:
    """What does not fit."""
    found = []
    control = figures.get("control")
    if control and control.low is not None and control.low * (control.high or 0) > 0:
        found.append(
            "The score also goes with growth before the survey ({control}), which it cannot have "
            "caused: something else is at work."
        )
    if "intend_kept" in figures:
        found.append(
            "Of those who said they would surely continue {intend_kept} did; of those who said "
            "they would not, {doubt_kept} stayed all the same."
        )
    return tuple(found)
