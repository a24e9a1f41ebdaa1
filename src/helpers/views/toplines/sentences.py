"""What the appendix of toplines says."""

from __future__ import annotations

from collections.abc import Mapping

from helpers.results import Figure
from helpers.views.rendering.rules import shown

CORRECTED = {
    "none": "Comparisons are not corrected for how many there are, so some letters are chance.",
    "bonferroni": "Comparisons of a row are corrected for their number (Bonferroni), banner by "
    "banner.",
    "holm": "Comparisons of a row are corrected for their number (Holm), banner by banner.",
}  # fmt: skip


def answer(figures: Mapping[str, Figure]) -> str:
    """What can be looked up here."""
    known = shown(figures)
    asked = known.get("asked")
    number = "{asked:value} question" + "s" * (asked is None or asked.value != 1)
    grouped = known.get("columns")
    if grouped is None or not grouped.value:
        return number + " of {respondents:base}, answer by answer."
    return number + (
        " of {respondents:base}, answer by answer, for all and in {columns:value} "
        "groups. Of {compared:value} comparisons of two groups {lettered:value} are clear."
    )


def withheld(figures: Mapping[str, Figure]) -> str:
    """How much is not shown."""
    told = (
        ("withheld", "Groups of too few answers, and what would give them away, are withheld: "
                     "{withheld:value} columns over all questions."),
        ("rare", "Answers that too few people gave are shown for all alone, not by group: "
                 "{rare:value} rows."),
    )  # fmt: skip
    known = shown(figures)
    said = [text for name, text in told if name in known and known[name].value]
    return " ".join(said) or "Nothing is withheld."


def reading(figures: Mapping[str, Figure], correction: str) -> str:
    """How letters are read."""
    return (
        "A letter beside a number names a group of the same banner that is clearly lower "
        "({confidence:value} confidence, by the survey's design). Standard errors of shares are in "
        "percentage points. "
    ) + CORRECTED[correction]


def so_what(figures: Mapping[str, Figure]) -> str:
    """What these tables are for."""
    return "The tables describe. Which differences matter is told in the chapters of the report."


def ask(figures: Mapping[str, Figure], due: str) -> dict[str, str]:
    """Nothing is asked of anybody here."""
    return {}


def doubts(figures: Mapping[str, Figure]) -> tuple[str, ...]:
    """What does not fit: nothing that a table of answers could tell."""
    return ()
