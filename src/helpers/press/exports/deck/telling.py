"""A chapter's findings as a slide, and how each chapter came to them."""

from __future__ import annotations

from collections.abc import Mapping

from helpers.press.exports.deck.parts import Bars, Grid, Slide
from helpers.press.exports.deck.quoting import headline, told
from helpers.results import ChapterResult
from helpers.study import Study

DATED = "Wave and day"  # the box of the first slide that says them
COUNTED = " now: installed by day ninety"  # ends a title that counts rows of its table

__all__ = ["ASKED", "COUNTED", "DATED", "METHODS", "chapter_slide", "dated", "footer", "owner_of"]

ASKED = "asks of the chapters"  # what the table of all that is asked is made from
METHODS: Mapping[str, str] = {
    "executive": "Every number is quoted from the chapter that computed it; nothing is computed "
    "again here.",
    "sampling": "Answers are weighted to the customer list; intervals follow the design of the "
    "survey: weights, strata and accounts.",
    "loyalty": "People are placed by attitude and behaviour; shares are corrected for measurement "
    "error where the questions allow it, and intervals follow the design of the survey.",
    "drivers": "A regression of loyalty on all ratings together, other drivers held constant; "
    "importance is each driver's part of what is explained. A link is no proof of a cause.",
    "comments": "Comments are sorted into themes and the shares corrected for the errors of the "
    "sorting, as found on comments coded by hand.",
    "linkage": "Scores come first and the outcome later, account by account, comparable accounts "
    "compared; this is no experiment.",
    "accounts": "The order is by money at stake and by what was promised; revenue at risk is the "
    "chance to leave, by score, times yearly revenue.",
    "recovery": "Clocks run from the opening of a case; shares are of recorded cases, with "
    "intervals for their number.",
    "operations": "Customers at the better quartile of an internal measure are compared with "
    "those at the worse, within and between accounts.",
    "actions": "Plans are solved over many futures drawn from the intervals of each link; the "
    "range of a benefit holds the uncertainty of every link.",
}


def chapter_slide(
    result: ChapterResult, shown: tuple[Bars | Grid, ...], *, beside: str = "What it means"
) -> Slide:
    """A chapter's slide: its answer as the title, what follows from it beside its picture."""
    title, rest = headline(result.answer, result)
    return Slide(
        title, (), shown, (), (*rest, *told(result.so_what, result)), beside,
        tuple(told(result.ask.get("what", ""), result)), owner_of(result),
        METHODS.get(result.chapter, ""),
    )  # fmt: skip


def owner_of(result: ChapterResult) -> str:
    """Who is asked, and by when."""
    who, when = result.ask.get("owner", ""), result.ask.get("due", "")
    return "\n".join(filter(None, (f"Owner: {who}" if who else "", f"By {when}" if when else "")))


def footer(study: Study) -> str:
    """What stands at the foot of each slide."""
    return f"{study.name}  ·  wave {study.wave}  ·  data as of {study.written(study.as_of)}"


def dated(study: Study) -> str:
    """Of which wave and day the first slide says the report is."""
    return f"Wave {study.wave}, data as of {study.written(study.as_of)}"
