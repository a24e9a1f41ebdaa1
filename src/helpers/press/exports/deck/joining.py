"""What a deck says once: sentences that repeat others, and slides that hold too little."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from helpers.press.exports.deck.parts import Bars, Grid, Said, Slide
from helpers.press.exports.deck.telling import ASKED
from helpers.press.spoken import numbers

__all__ = ["joined", "said_once"]

LONG = 4  # letters of a word that tells what a sentence is about
FEW = 4  # such words, below which sentences repeat each other only where they are the same
SHARED, AT_LEAST = 0.75, 0.5  # of the words of the shorter sentence, and of the longer
FEWEST = 7  # rows and findings of a slide that stands by itself


def said_once(slide: Slide) -> Slide:
    """A slide without findings that its title, its ask or another finding says already.

    >>> one = Said("No list of customers was sent: how far they stand for all is unknown.")
    >>> two = Said("No customer list was sent, so how far they stand for all is unknown.")
    >>> len(said_once(Slide(Said("7 answered"), points=(one, two))).points)
    1
    """
    said = [one.text for one in (slide.title, *slide.lead, *slide.ask)]
    kept: list[Said] = []
    for point in slide.points:
        if not any(_alike(point.text, other) for other in said):
            kept.append(point)
            said.append(point.text)
    return replace(slide, points=tuple(kept))


def _alike(one: str, other: str) -> bool:
    """Whether two sentences share most of their words, and all of their numbers."""
    mine, others = _words(one), _words(other)
    shared, sizes = len(mine & others), sorted((len(mine), len(others)))
    if _said(one) != _said(other) or sizes[0] < FEW:
        return one == other
    return shared >= SHARED * sizes[0] and shared >= AT_LEAST * sizes[1]


def _words(text: str) -> set[str]:
    """The longer words of a text, one and many alike."""
    letters = "".join(letter if letter.isalpha() else " " for letter in text.casefold())
    return {word.removesuffix("s") for word in letters.split() if len(word) >= LONG}


def _said(text: str) -> set[str]:
    return {one.text for one in numbers(text)}


def joined(slides: Sequence[Slide]) -> list[Slide]:
    """Slides of which none with few rows and findings follows one that has room for them.

    The room is below the table of all that is asked, on a slide that asks for nothing more: it
    then holds the smaller table and the findings as well, and keeps its title. A chart that sets
    nothing apart stands beside the chart before it, with its finding as a line below.
    """
    made: list[Slide] = []
    for slide in slides:
        if made and _items((slide,)) < FEWEST and _has_room(made[-1], slide):
            made[-1] = _both(made[-1], slide)
        elif made and slide.level and _one_chart(made[-1]) and _one_chart(slide):
            made[-1] = _side_by_side(made[-1], slide)
        else:
            made.append(slide)
    return made


def _items(slides: Iterable[Slide]) -> int:
    """How many rows of tables and findings there are."""
    return sum(
        len(slide.points) + sum(len(part.rows) for part in slide.shown if isinstance(part, Grid))
        for slide in slides
    )


def _has_room(first: Slide, second: Slide) -> bool:
    grids = [*first.shown, *second.shown]
    return (
        len(first.shown) == len(second.shown) == 1 and not (first.ask or first.points)
        and all(isinstance(part, Grid) for part in grids)
        and first.shown[0].source == ASKED and _items((first,)) < FEWEST
    )  # fmt: skip


def _both(first: Slide, second: Slide) -> Slide:
    """One slide of two: the second's ask stands in the table of the first."""
    return replace(
        first, shown=(*first.shown, *second.shown), points=second.points, beside=second.beside,
        quotes=(*first.quotes, *second.quotes), method=f"{first.method} {second.method}",
    )  # fmt: skip


def _one_chart(slide: Slide) -> bool:
    return len(slide.shown) == 1 and isinstance(slide.shown[0], Bars) and not slide.lead


def _side_by_side(first: Slide, second: Slide) -> Slide:
    """One slide of two charts: what the second found stands among the findings of the first."""
    found = replace(second.title, text=f"{second.title.text}.")
    points = (*first.points[:2], found, *second.points[:1], *first.points[2:])
    return replace(
        first, shown=(*first.shown, *second.shown), points=points,
        quotes=(*first.quotes, *second.quotes), method=f"{first.method} {second.method}",
    )  # fmt: skip
