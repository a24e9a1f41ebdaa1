"""The words of the page on those who did not answer: how even, and what it could change."""

from __future__ import annotations

from collections.abc import Mapping

from helpers.results import Figure
from helpers.views.rendering.rules import all_that_fit, first_that_fits, shown

__all__ = [
    "afterwards",
    "answer",
    "ask",
    "doubts",
    "early",
    "even",
    "excluded",
    "limits",
    "so_what",
]


def answer(figures: Mapping[str, Figure]) -> str:
    """Who answers least, and how far the silence could reach."""
    uneven = first_that_fits(
        figures,
        "{response_rate:value} of {asked:base} completed the survey; fewest answer where "
        "{least_variable} is {least_group}: {least_rate}.",
        "{response_rate:value} of {asked:base} completed the survey; no group answers clearly less "
        "than the others.",
        "{answering:value} of those who are likely to be eligible answered.",
    )
    turn = first_that_fits(figures, _reach(figures))
    return f"{uneven} {turn}".strip() or "Who kept silent cannot be told from these data."


def _above(figures: Mapping[str, Figure]) -> bool:
    """Whether the score lies above the one that matters."""
    main, threshold = figures.get("main"), figures.get("threshold")
    if main is None or main.value is None or threshold is None:
        return True
    return float(main.value) >= float(threshold.value or 0)


def _reach(figures: Mapping[str, Figure]) -> str:
    """How far off the silent would have to be, or that it needs nothing, or cannot be."""
    if "unclear" in figures:
        return (
            "The {main_label} of {main} cannot be told from {threshold:value}, {threshold_is}, "
            "even if those who kept silent think as the others do."
        )
    if "impossible" in figures:
        return (
            f"No answers of the silent could make the {{main_label}} of {{main:value}} "
            f"{_turn(figures)} {{threshold:value}}, {{threshold_is}}."
        )
    return (
        f"The {{main_label}} of {{main:value}} would {_turn(figures)} {{threshold:value}}, "
        "{threshold_is}, only if those who kept silent scored {turning:value} points "
        f"{_side(figures)} people like them who answered."
    )


def _turn(figures: Mapping[str, Figure]) -> str:
    return "fall to" if _above(figures) else "reach"


def _side(figures: Mapping[str, Figure]) -> str:
    return "below" if _above(figures) else "above"


def so_what(figures: Mapping[str, Figure]) -> str:
    """Whether the score may be flattered by silence."""
    apart = figures.get("apart")
    if apart is not None and apart.value:
        records = (
            "Those who kept silent went on differently, also against like accounts: on “"
            "{apart_outcome}”, {apart_silent:value} against {apart_answered:value} of those with "
            "an answer. Weights to the list do not mend that."
        )
    else:
        records = first_that_fits(
            figures,
            "What became of {followed_accounts:base} ({followed:base}) does not set the silent "
            "clearly apart; that is no proof that they are alike.",
            "No record of what became of the silent was sent, so only the list speaks of them.",
        )
    return f"{records} Nothing in the answers can show what those think who gave none."


def early(figures: Mapping[str, Figure]) -> str:
    """Late respondents beside early ones."""
    return all_that_fit(
        figures,
        "People who answered more than {late_after:value} days after the invitation are often "
        "taken as nearest to those who never did. Their {main_label} less that of the early: "
        "{late_difference}.",
    )


def even(figures: Mapping[str, Figure]) -> str:
    """How even the response is, in one number and what it could do."""
    return all_that_fit(
        figures,
        "The evenness of the response (the R-indicator; one if all kinds of customers answer "
        "alike) is {r_indicator}. Unweighted, a mean could be off by {worst_bias:value} standard "
        "deviations of the answers for that reason, at most by {worst_bias_high:value}; "
        "weighting to the list takes out what the list can see, and nothing else.",
    )


def afterwards(figures: Mapping[str, Figure]) -> str:
    """How many records set the silent apart."""
    return all_that_fit(
        figures, "On {apart:value} of the records below do silent accounts surely differ, like "
        "compared with like, over {followed:base}.",
    )  # fmt: skip


def excluded(figures: Mapping[str, Figure]) -> str:
    """Whether those kept out would have scored low."""
    kept = first_that_fits(
        figures, "Account teams kept {kept_out:value} of {kept_out:base} out of the survey "
        "({kept_out_share:value}) in waves whose months are over.",
    )  # fmt: skip
    flattering, down, judged = (
        figures[name].value if name in figures else 0
        for name in ("flattering", "pointing_down", "judged")
    )
    if flattering:
        return f"{kept} They did worse on “{{flattering_outcome}}”: leaving them out flatters."
    if judged and down == judged:
        return (
            f"{kept} On all {{judged:value}} records their accounts are on the worse side, though "
            "too few were kept out to be sure of any."
        )
    return f"{kept} No record sets their accounts clearly below the others." if kept else ""


def limits(figures: Mapping[str, Figure]) -> str:
    """What would have to be true for the conclusion to turn."""
    return all_that_fit(
        figures,
        "{answering:value} of those drawn answered, those kept out counted as silent and each "
        f"person by the chance of being asked. A score of {{threshold:value}} for everybody needs "
        f"the silent to score {{turning:value}} points {_side(figures)} people like them; for the "
        "interval to reach it, {turning_sure:value} points are enough.",
    )


def ask(figures: Mapping[str, Figure], due: str) -> dict[str, str]:
    """The call for action."""
    flattering = figures.get("flattering")
    what = first_that_fits(
        shown(figures),
        *(
            ["Let nobody but the research lead take people off the list, and ask those kept out."]
            if flattering is not None and flattering.value
            else []
        ),
        "Ask people whose {least_variable} is {least_group} by a second channel: "
        "{least_rate:value} of them answer.",
        "Ring ten of those who kept silent and ask the leading question: it is the only look at "
        "them that there is.",
    )
    return {"what": what, "owner": "Research lead", "due": due}


def doubts(figures: Mapping[str, Figure]) -> tuple[str, ...]:
    """What does not fit."""
    found = []
    for name, line in (
        ("apart", "Accounts that kept silent differ afterwards on “{apart_outcome}”: the scores "
         "speak for those who answered."),
        ("flattering", "People kept out of the survey belong to accounts that did worse on "
         "“{flattering_outcome}”."),
    ):  # fmt: skip
        figure = figures.get(name)
        if figure is not None and figure.value:
            found.append(line)
    return tuple(found)
