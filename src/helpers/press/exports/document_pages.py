"""On which page of the Word document each of its parts begins, whatever opens it.

Word lays pages out as it opens a file, so nobody knows them before, unless the file says so. Here
it does: a part that might not fit below the last one begins a page of its own. Texts are measured
in a font that is wider than those that they are shown in, so what fits here fits there. Where a
part may be longer than a page nothing is known of those after it, and no numbers are given.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Length
from docx.styles.style import ParagraphStyle
from docx.table import Table
from docx.text.paragraph import Paragraph

from helpers.press.exports.deck.lettering import LINE, POINTS, lines

__all__ = ["pages_of"]

LEADING = 1.15  # lines of the template, in heights of a line
BULLET = 18.0  # points that an item is set in
CELL_AROUND = 4.0  # points above and below a cell's text
EMU = 12_700  # to a point
SURE = 0.98  # of a page that is filled
SMALLEST = 0.6  # of a picture that is made smaller, of what it was
TEMPLATE = 11.0  # points of letters for which no style says anything
Block = Paragraph | Table


def pages_of(document: Document, titles: Collection[str], *, below: Collection[str]) -> list[int]:
    """Begin a page before each part that might not fit, and say on which page each heading is.

    Headings are those of the first level, and of the second under one of ``below``; a part goes
    from one to the next. The first begins a page after what is before it. Empty where a part that
    others follow may be longer than a page.

    Parameters
    ----------
    titles
        Headings of the first level that always begin a page.
    """
    room, width = _room(document) * SURE, _width(document)
    page, filled, known, found = 1, 0.0, True, []
    for number, (part, headings) in enumerate(_parts(document, below)):
        high = sum(_height(block, width) for block in part)
        if high > room:
            high -= _shrunk(part, high - room)
        known = known and filled <= room
        opening = part[0]
        fresh = not number or (isinstance(opening, Paragraph) and opening.text in titles)
        if fresh or filled + high > room:
            page, filled = page + 1, 0.0
            opening.paragraph_format.page_break_before = True
        filled += high
        found += [page] * headings
    return found if known else []


def _parts(document: Document, below: Collection[str]) -> Iterator[tuple[list[Any], int]]:
    """The parts from the first heading on, each with how many headings it has.

    A heading with nothing under it is of the part that follows it.
    """
    part: list[Block] = []
    headings, under = 0, ""
    for block in document.iter_inner_content():
        level = _level(block)
        under = block.text if level == 1 and isinstance(block, Paragraph) else under
        if level == 1 or (level == 2 and under in below):
            if len(part) > headings:
                yield part, headings
                part, headings = [], 0
            headings += 1
        part = [*part, block] if headings or part else []
    if part:
        yield part, headings


def _level(block: Block) -> int:
    name = str(block.style.name) if block.style is not None else ""
    known = isinstance(block, Paragraph) and name.startswith("Heading ")
    return int(name.removeprefix("Heading ")) if known else 0


def _room(document: Document) -> float:
    """Points of height for text on a page."""
    section = document.sections[0]
    return _points(section.page_height) - _points(section.top_margin, section.bottom_margin)


def _width(document: Document) -> float:
    section = document.sections[0]
    return _points(section.page_width) - _points(section.left_margin, section.right_margin)


def _points(*lengths: Length | None) -> float:
    return sum(int(length or 0) for length in lengths) / EMU


def _height(block: Block, width: float) -> float:
    return _of_table(block, width) if isinstance(block, Table) else _of_paragraph(block, width)


def _of_paragraph(paragraph: Paragraph, width: float) -> float:
    """Points that a paragraph takes, with the room above and below it."""
    around = _points(*(_styled(paragraph, name) for name in ("space_before", "space_after")))
    size = _size(paragraph)
    inset = BULLET if str(paragraph.style and paragraph.style.name).startswith("List") else 0.0
    bold = any(run.bold for run in paragraph.runs) or bool(_level(paragraph))
    text = paragraph.text
    many = lines(text, (width - inset) / POINTS, size, bold=bold) if text else 0
    sizes = [one.get("cy") for one in _extents(paragraph) if one.tag == qn("wp:extent")]
    pictured = sum(map(int, sizes)) / EMU
    return around + (pictured + many * size * LINE) * LEADING


def _extents(block: Block) -> list[Any]:
    """What says how large the pictures of a block are."""
    return [one for one in block._element.iter(qn("wp:extent"), qn("a:ext")) if one.get("cy")]


def _styled(paragraph: Paragraph, name: str) -> Length | None:
    """A length of a paragraph: its own, or that of its style or of those behind it."""
    own: Length | None = getattr(paragraph.paragraph_format, name)
    style = paragraph.style
    while own is None and isinstance(style, ParagraphStyle):
        own, style = getattr(style.paragraph_format, name), style.base_style
    return own


def _size(paragraph: Paragraph) -> float:
    """Points of a paragraph's letters."""
    sizes = [run.font.size for run in paragraph.runs if run.font.size is not None]
    style = paragraph.style
    while not sizes and isinstance(style, ParagraphStyle):
        sizes += [style.font.size] if style.font.size is not None else []
        style = style.base_style
    return float(sizes[0].pt) if sizes else TEMPLATE


def _of_table(table: Table, width: float) -> float:
    """Points that a table takes: of each row, its highest cell."""
    even = width / max(len(table.columns), 1)
    widths = [_points(column.width) or even for column in table.columns]
    return sum(
        max(_of_cell(cell, wide) for cell, wide in zip(row.cells, widths, strict=True))
        for row in table.rows
    )


def _of_cell(cell: Any, width: float) -> float:  # noqa: ANN401 - of python-docx
    inside = width - 2 * CELL_AROUND
    return sum(_of_paragraph(one, inside) for one in cell.paragraphs) + CELL_AROUND


def _shrunk(part: Sequence[Any], over: float) -> float:
    """Make the pictures of a part smaller by so many points in all, where they can be.

    How many points were won comes back.
    """
    found = [one for block in part for one in _extents(block)]
    high = sum(int(one.get("cy")) for one in found if one.tag == qn("wp:extent")) / EMU * LEADING
    if not high or (scale := 1 - over / high) < SMALLEST:
        return 0.0
    for one in found:
        for side in ("cx", "cy"):
            one.set(side, str(int(int(one.get(side)) * scale)))
    return over
