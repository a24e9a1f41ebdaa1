"""The deck as a file: each slide laid out, noted and signed, the same bytes from the same run."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

from pptx.util import Inches

from helpers.errors import refuse
from helpers.press.dated import dated_alike
from helpers.press.exports.checked import UNTRACED, check
from helpers.press.exports.deck.charts import add_chart, begin_of
from helpers.press.exports.deck.drawing import (
    add_footer,
    add_grid,
    add_plate,
    add_strip,
    add_text,
    fill_frame,
    rows_held,
    strip_height,
)
from helpers.press.exports.deck.lettering import SMALLEST, fitted, height
from helpers.press.exports.deck.logo import add_logo, logo_of
from helpers.press.exports.deck.notes import alternative, notes
from helpers.press.exports.deck.numbers import untraced
from helpers.press.exports.deck.parts import Bars, Grid, Slide
from helpers.press.exports.deck.quoting import Found
from helpers.press.exports.deck.reading import sentences
from helpers.press.exports.deck.story import story
from helpers.press.exports.deck.telling import DATED, dated, footer
from helpers.press.exports.deck.theme import HIGH, TITLE, WIDE, Box, empty_deck
from helpers.press.exports.source import Export, Source
from helpers.study import Study

__all__ = ["check_numbers", "deck", "make"]

LEFT, ACROSS = 0.6, 12.13  # inches: the margin, and the width between margins
TOP, FOOT = 1.55, 6.85  # inches: where pictures may begin, and the footer begins
ASKS = (0.62, 0.86, 1.1, 1.3)  # inches: heights of the ask, the first that holds it
LEADS, MOST_LEAD = (18, 17, 16, 15), 0.75  # letters of the line below the title; inches of it
MOST_POINTS = 4  # findings beside a picture
GAP, UNDER, LEAST = 0.3, 0.75, 0.3  # inches: between pictures, below a table, of any findings
ACROSS_PART = 0.55  # of the height, for the upper of two tables
OWNER = 3.1  # inches: width of who is asked
HEADING = 14  # points
MOST_COLUMNS = 7  # of a table across, from which no findings stand below it
SIGNED = ("author", "contact", "confidentiality")
MORE_TALL = 0.3  # inches of the line below
BOOK = "the workbook, sheet {}"


def make(source: Source) -> Export:
    """Make ``<client>.pptx`` from what the chapters handed on."""
    path, found = source.file("pptx"), Found(source.results)
    content = deck(source.study, found, workbook=source.file("xlsx").is_file())
    check_numbers(content, source, found)
    path.write_bytes(content)
    return Export((path,))


def check_numbers(content: bytes, source: Source, found: Found) -> None:
    """Refuse a deck that says a number which the results do not.

    Raises
    ------
    HandbookError
        Names slide, place and number.
    """
    name = source.file("pptx").name
    refuse([f"{name}, {line}" for line in untraced(content, found, source.study)], UNTRACED)
    check(sentences(content, name), source)


def deck(study: Study, found: Found, *, workbook: bool = False) -> bytes:
    """The deck of a run: the same results give the same bytes.

    Parameters
    ----------
    workbook
        Whether the workbook of the run was made, to which long lists then point.
    """
    made = empty_deck(study)
    layout, logo = made.slide_layouts[0], logo_of(study)
    _first(made.slides.add_slide(layout), study, logo)
    for slide in map(_pointing, story(found)) if workbook else story(found):
        drawn = made.slides.add_slide(layout)
        _titled(drawn, slide.title.text, study, logo)
        _filled(drawn.shapes, slide, study)
        _noted(drawn, notes(slide, found))
    buffer = io.BytesIO()
    made.save(buffer)
    return dated_alike(buffer.getvalue())


def _pointing(slide: Slide) -> Slide:
    """A slide whose tables say on which sheet of the workbook all their rows are."""
    shown = (
        replace(part, where=BOOK.format(part.sheet))
        if isinstance(part, Grid) and part.sheet else part for part in slide.shown
    )  # fmt: skip
    return replace(slide, shown=tuple(shown))


def _titled(drawn: Any, title: str, study: Study, logo: bytes | None) -> None:  # noqa: ANN401 - as of python-pptx
    """The finding as the slide's title, the client's bar and logo, the footer."""
    kept, size = fitted([title], TITLE[2], TITLE[3], sizes=(24, 22, 20, 18, 16), bold=True)
    fill_frame(drawn.shapes.title.text_frame, kept, size, bold=True)
    add_plate(drawn.shapes, (0.0, TITLE[1], 0.14, TITLE[3]), accent=True).name = "Bar"
    add_logo(drawn.shapes, study, logo, (WIDE - LEFT - 1.6, 0.5, 1.6, 0.5))
    add_footer(drawn, footer(study), 10.0)


def _first(drawn: Any, study: Study, logo: bytes | None) -> None:  # noqa: ANN401 - as of python-pptx
    """Whose report it is, of which wave and day, by whom, and who may read it."""
    holder = drawn.shapes.title
    add_plate(drawn.shapes, (0.0, 0.0, 0.35, HIGH), accent=True).name = "Bar"
    box = (1.1, 2.3, 10.8, 1.5)
    holder.left, holder.top, holder.width, holder.height = map(Inches, box)
    text = f"{study.name}: customer loyalty, and what to do about it"
    kept, size = fitted([text], box[2], box[3], sizes=(40, 36, 32, 28, 24), bold=True)
    fill_frame(holder.text_frame, kept, size, bold=True)
    add_text(drawn.shapes, (1.1, 3.95, 10.8, 0.5), [dated(study)],
             sizes=(20, 18, 16), colour="muted", name=DATED)  # fmt: skip
    signed = [text for name in SIGNED if (text := study.cover.get(name, ""))]
    if signed:
        add_text(drawn.shapes, (1.1, 5.5, 10.8, 1.1), signed, sizes=(14, 13, 12), colour="muted",
                 name="Author, contact and confidentiality")  # fmt: skip
    add_logo(drawn.shapes, study, logo, (1.1, 0.9, 3.4, 0.9))


def _filled(shapes: Any, slide: Slide, study: Study) -> None:  # noqa: ANN401 - as of python-pptx
    """Everything below the title, from the top down."""
    top, bottom = TOP, FOOT
    if slide.ask:
        bottom -= _asked(shapes, slide, bottom) + 0.15
    if slide.lead:
        texts = [one.text for one in slide.lead]
        tall = min(height(texts, ACROSS, LEADS[0]), MOST_LEAD)
        add_text(shapes, (LEFT, top, ACROSS, tall), texts, sizes=LEADS, name="Lead")
        top += tall + 0.15
    if slide.tiles:
        tall = strip_height(slide.tiles, ACROSS)
        add_strip(shapes, (LEFT, top, ACROSS, tall), slide.tiles)
        top += tall + 0.22
    _body(shapes, slide, (LEFT, top, ACROSS, bottom - top), study)


def _body(shapes: Any, slide: Slide, box: Box, study: Study) -> None:  # noqa: ANN401 - as of python-pptx
    """Pictures, and the sentences beside or below them."""
    pictures, rest = _places(slide, box)
    for part, place in zip(slide.shown, pictures, strict=True):
        _shown(shapes, part, place, study)
    _points(shapes, slide, rest, headed=rest[2] < box[2] or not pictures)


def _places(slide: Slide, box: Box) -> tuple[list[Box], Box]:
    """Where the pictures stand, and where the sentences."""
    left, top, wide, tall = box
    if not slide.shown:
        return [], box
    grids = [part for part in slide.shown if isinstance(part, Grid)]
    if len(slide.shown) == 2 and not grids:  # two charts side by side
        half, low = (wide - GAP) / 2, 1.3
        charts = [(left + place * (half + GAP), top, half, tall - low - 0.1) for place in (0, 1)]
        return charts, (left, top + tall - low, wide, low)
    if len(grids) == 2:  # a table across, a small one beside the sentences
        low = top + tall * ACROSS_PART
        return [(left, top, wide, low - top - GAP), (left, low, 5.9, top + tall - low)], (
            left + 6.3, low, wide - 6.3, top + tall - low)  # fmt: skip
    if len(slide.shown) == 2:  # a chart, a small table over the sentences
        low = top + 2.0
        return [(left, top, 6.7, tall), (left + 7.1, top, wide - 7.1, 1.8)], (
            left + 7.1, low, wide - 7.1, top + tall - low)  # fmt: skip
    if grids and grids[0].across:  # a table across
        low = UNDER if slide.points and len(grids[0].columns) < MOST_COLUMNS else 0.0
        return [(left, top, wide, tall - low)], (left, top + tall - low, wide, low)
    first = 5.9 if grids else 7.1
    return [(left, top, first, tall)], (left + first + 0.4, top, wide - first - 0.4, tall)


def _shown(shapes: Any, part: Bars | Grid, box: Box, study: Study) -> None:  # noqa: ANN401 - as of python-pptx
    """A picture or a table under its heading, its base below."""
    left, top, wide, tall = box
    besides = part.besides if isinstance(part, Grid) else ""
    heading = f"{part.heading}. {besides}" if besides else part.heading
    over = height([heading], wide, HEADING, bold=True) + 0.1
    add_text(shapes, (left, top, wide, over - 0.05), [heading], sizes=(HEADING, 13, 12),
             bold=True, colour="accent", name=f"Over: {part.heading}")  # fmt: skip
    under = height([part.note], wide, SMALLEST) + 0.08 if part.note else 0.0
    note, inside = part.note, (left, top + over, wide, tall - over - under)
    if isinstance(part, Bars) and part.dots and (begins := begin_of(part)):
        note = f"{part.note} {begins}"
        under = height([note], wide, SMALLEST) + 0.08
        inside = (left, top + over, wide, tall - over - under)
    if isinstance(part, Grid) and (left_out := _left_out(inside, part)):
        under = max(under, MORE_TALL)
        inside = (left, top + over, wide, tall - over - under)
        note = _left_out(inside, part) or left_out
    if isinstance(part, Bars):
        add_chart(shapes, part, inside, described=alternative(part), on=study.as_of)
    else:
        add_grid(shapes, inside, part, alternative(part))
    if note:
        add_text(shapes, (left, top + tall - under, wide, under), [note], sizes=(SMALLEST,),
                 colour="muted", name=f"Under: {part.heading}")  # fmt: skip


def _left_out(box: Box, grid: Grid) -> str:
    """How many rows of how many a box holds, and where all of them are; empty for all."""
    held = rows_held(box, grid)
    if held == (grid.of or len(grid.rows) - grid.total):
        return ""
    many = f"{held} of {grid.of}: all" if grid.of else "The first of them: all"
    return f"{many} are in {grid.where}."


def _points(shapes: Any, slide: Slide, box: Box, *, headed: bool) -> None:  # noqa: ANN401 - as of python-pptx
    """A few findings, the first ones where there is not room for all."""
    left, top, wide, tall = box
    if not slide.points or tall < LEAST:
        return
    if headed and slide.beside:
        add_text(shapes, (left, top, wide, 0.3), [slide.beside], sizes=(HEADING,), bold=True,
                 colour="accent", name=slide.beside)  # fmt: skip
        top, tall = top + 0.42, tall - 0.42
    add_text(shapes, (left, top, wide, tall), [one.text for one in slide.points[:MOST_POINTS]],
             sizes=(17, 16, 15, 14, 13, 12), bullets=True, name="Findings")  # fmt: skip


def _asked(shapes: Any, slide: Slide, bottom: float) -> float:  # noqa: ANN401 - as of python-pptx
    """What is asked, of whom and by when, on a quiet ground; its height comes back."""
    side = OWNER if slide.owner and slide.ask else 0.0
    wide = ACROSS - side - 0.5
    texts = [one.text for one in slide.ask]
    tall = next((t for t in ASKS if height([" ".join(texts)], wide, 14) <= t - 0.14), ASKS[-1])
    while len(texts) > 1 and height([" ".join(texts)], wide, SMALLEST) > tall - 0.14:
        texts.pop()
    top = bottom - tall
    add_plate(shapes, (LEFT, top, ACROSS, tall)).name = "Behind the ask"
    add_plate(shapes, (LEFT, top, 0.07, tall), accent=True).name = "Bar of the ask"
    if texts:
        add_text(shapes, (LEFT + 0.25, top + 0.07, wide, tall - 0.14), [" ".join(texts)],
                 sizes=(15, 14, 13, 12), middle=True, name="The ask")  # fmt: skip
    if slide.owner:
        at, room = (LEFT + ACROSS - side, side - 0.2) if side else (LEFT + 0.25, ACROSS - 0.5)
        owner = slide.owner if side else slide.owner.replace("\n", "  ·  ")
        add_text(shapes, (at, top + 0.07, room, tall - 0.14), [owner], sizes=(14, 13, 12),
                 bold=True, colour="accent", middle=True, name="Owner and day")  # fmt: skip
    return tall


def _noted(drawn: Any, lines: list[str]) -> None:  # noqa: ANN401 - as of python-pptx
    drawn.notes_slide.notes_text_frame.text = "\n".join(lines)
