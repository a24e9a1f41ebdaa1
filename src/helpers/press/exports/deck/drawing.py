"""Slides as PowerPoint has them: boxes, tables, strips; each text measured before it is set."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import deepcopy
from typing import Any

from lxml import etree
from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import nsuri, qn
from pptx.util import Inches, Pt

from helpers.press.exports.deck.lettering import (
    BETWEEN,
    LINE,
    POINTS,
    fitted,
    lines,
    shortened,
    width,
)
from helpers.press.exports.deck.parts import Grid, Tile
from helpers.press.exports.deck.theme import FOOTER, Box

__all__ = ["Box", "add_grid", "add_strip", "add_text", "describe", "rows_held", "strip_height"]

INK, MUTED, RULE = (
    RGBColor(0x1D, 0x27, 0x33),
    RGBColor(0x5B, 0x66, 0x73),
    RGBColor(0xD9, 0xDE, 0xE5),
)
BAND, WHITE = RGBColor(0xF3, 0xF5, 0xF8), RGBColor(0xFF, 0xFF, 0xFF)
ACCENT = MSO_THEME_COLOR.ACCENT_2  # the client's colour, dark enough to be read
LETTERS = {"ink": INK, "muted": MUTED, "white": WHITE}
SIDE, ABOVE = 0.07, 0.045  # inches between a cell's edge and its text
MOST_LINES = 2  # of a cell
MOST_AIR = 0.16  # inches more of a row, where there is room
TABLE_SIZES = (14, 13, 12)
WIDEST_TILE = 3.2  # inches
TILE_GAP, TILE_SIDE = 0.18, 0.15  # inches: between tiles, and beside a text of one
TILE_SIZES = (13, 12)  # of what a tile is called
CALLED, UNDER_CALLED = 0.45, 1.33  # inches: of what it is called, and of what is below
SLACK = 0.02  # inches that rounding may take
LANGUAGE = "en-GB"
DECORATIVE = "http://schemas.microsoft.com/office/drawing/2017/decorative"


def describe(shape: Any, text: str) -> None:  # noqa: ANN401 - as of python-pptx
    """Give a shape its alternative text."""
    shape._element._nvXxPr.cNvPr.set("descr", text)


def add_text(
    shapes: Any,  # noqa: ANN401 - as of python-pptx
    box: Box, paragraphs: Sequence[str], *, sizes: Sequence[int] = (16, 15, 14), bold: bool = False,
    colour: str = "ink", bullets: bool = False, middle: bool = False, name: str = "Text",
) -> list[str]:  # fmt: skip
    """Put what fits of some paragraphs into a box; what was set comes back."""
    _, _, wide, tall = box
    indent = 0.2 if bullets else 0.0
    kept, size = fitted(paragraphs, wide - indent, tall, sizes=sizes, bold=bold)
    shape = shapes.add_textbox(*map(Inches, box))
    shape.name = name
    fill_frame(shape.text_frame, kept, size, bold=bold, colour=colour, indent=indent)
    shape.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE if middle else MSO_ANCHOR.TOP
    return kept


def fill_frame(
    frame: Any,  # noqa: ANN401 - as of python-pptx
    paragraphs: Sequence[str], size: float, *, bold: bool = False, colour: str = "ink",
    indent: float = 0.0, right: bool = False, margins: tuple[float, float] = (0.0, 0.0),
) -> None:  # fmt: skip
    """Set paragraphs into a frame, at a size that was measured to fit."""
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = Inches(margins[0])
    frame.margin_top = frame.margin_bottom = Inches(margins[1])
    for place, text in enumerate(paragraphs):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        paragraph.line_spacing = 1.0
        paragraph.space_before = Pt(BETWEEN * size) if place else Pt(0)
        paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
        if indent:
            _bullet(paragraph, indent)
        for part in text.split("\n")[:1] + [p for t in text.split("\n")[1:] for p in ("\v", t)]:
            if part == "\v":
                paragraph.add_line_break()
            else:
                _run(paragraph, part, size, bold=bold, colour=colour)


def _run(paragraph: Any, text: str, size: float, *, bold: bool, colour: str) -> None:  # noqa: ANN401 - as of python-pptx
    run = paragraph.add_run()
    run.text, run.font.size, run.font.bold = text, Pt(size), bold
    run.font.name = "+mn-lt"  # the theme's
    run._r.get_or_add_rPr().set("lang", LANGUAGE)
    if colour == "accent":
        run.font.color.theme_color = ACCENT
    else:
        run.font.color.rgb = LETTERS[colour]


def _bullet(paragraph: Any, indent: float) -> None:  # noqa: ANN401 - as of python-pptx
    properties = paragraph._p.get_or_add_pPr()
    properties.set("marL", str(Inches(indent)))
    properties.set("indent", str(-Inches(indent)))
    mark = properties.makeelement(qn("a:buChar"), {"char": "•"})
    properties.append(mark)


def add_strip(shapes: Any, box: Box, tiles: Sequence[Tile]) -> None:  # noqa: ANN401 - as of python-pptx
    """A strip of numbers side by side: what it is, large its value, small interval and base."""
    left, top, wide, tall = box
    each, called = _tile_width(tiles, wide), tall - UNDER_CALLED
    for place, tile in enumerate(tiles):
        at, inside = left + place * (each + TILE_GAP), each - 2 * TILE_SIDE
        plate = add_plate(shapes, (at, top, each, tall))
        plate.name = f"Behind {tile.key}"
        at, below = at + TILE_SIDE, top + 0.15 + called
        add_text(shapes, (at, top + 0.12, inside, called), [tile.label], sizes=TILE_SIZES,
                 colour="muted", name=f"Over {tile.key}")  # fmt: skip
        add_text(shapes, (at, below, inside, 0.55), [tile.value],
                 sizes=(30, 28, 26, 24, 22, 20), bold=True, colour="accent",
                 name=f"{tile.key}: value")  # fmt: skip
        for down, form, text in ((0.56, "interval", tile.below), (0.82, "base", tile.base)):
            if text:
                add_text(shapes, (at, below + down, inside, 0.26), [text], sizes=(13, 12),
                         colour="muted", name=f"{tile.key}: {form}")  # fmt: skip


def _tile_width(tiles: Sequence[Tile], wide: float) -> float:
    return min((wide - TILE_GAP * (len(tiles) - 1)) / len(tiles), WIDEST_TILE)


def strip_height(tiles: Sequence[Tile], wide: float) -> float:
    """Inches that a strip takes: what its tiles are called may need a third line."""
    inside = _tile_width(tiles, wide) - 2 * TILE_SIDE
    needed = max(min(lines(tile.label, inside, TILE_SIZES[-1]), 3) for tile in tiles)
    return UNDER_CALLED + max(CALLED, needed * LINE * TILE_SIZES[-1] / POINTS + SLACK)


def add_plate(shapes: Any, box: Box, *, accent: bool = False) -> Any:  # noqa: ANN401 - as of python-pptx
    """A quiet ground behind texts, or a bar in the client's colour."""
    plate = shapes.add_shape(MSO_SHAPE.RECTANGLE, *map(Inches, box))
    style = plate._element.find(qn("p:style"))  # a shadow, among others
    plate._element.remove(style)
    plate.line.fill.background()
    plate.fill.solid()
    if accent:
        plate.fill.fore_color.theme_color = MSO_THEME_COLOR.ACCENT_1
    else:
        plate.fill.fore_color.rgb = BAND
    _decorative(plate)
    return plate


def _decorative(shape: Any) -> None:  # noqa: ANN401 - as of python-pptx
    """Say that a shape tells nothing, so that no reader aloud stops at it."""
    mark = etree.fromstring(
        f'<a:extLst xmlns:a="{nsuri("a")}"><a:ext uri="{{C183D7F6-B498-43B3-948B-1728B52AA6E4}}">'
        f'<adec:decorative xmlns:adec="{DECORATIVE}" val="1"/></a:ext></a:extLst>'
    )
    shape._element._nvXxPr.cNvPr.append(mark)


def rows_held(box: Box, grid: Grid) -> int:
    """How many rows of a table a box has room for, its total aside."""
    return len(_largest(grid, _widths(box, grid), box[3])[1]) - grid.total


def _widths(box: Box, grid: Grid) -> list[float]:
    """Inches of each column; none is narrower than the longest word of its heading."""
    share = box[2] / sum(column.width for column in grid.columns)
    wide = [column.width * share for column in grid.columns]
    least = [_word(column.heading, TABLE_SIZES[-1]) for column in grid.columns]
    short = sum(max(word - inches, 0.0) for word, inches in zip(least, wide, strict=True))
    spare = sum(max(inches - word, 0.0) for word, inches in zip(least, wide, strict=True))
    if not short or short > spare:
        return wide
    return [
        word if inches < word else inches - (inches - word) * short / spare
        for word, inches in zip(least, wide, strict=True)
    ]


def _word(heading: str, size: int) -> float:
    """Inches of a column that holds the longest word of its heading."""
    words = (width(word, size, bold=True) for word in heading.split())
    return max(words, default=0.0) + 2 * SIDE + SLACK


def add_grid(shapes: Any, box: Box, grid: Grid, described: str) -> None:  # noqa: ANN401 - as of python-pptx
    """Put a native table into a box: the rows that it holds, from the top."""
    left, top, wide, tall = box
    widths = _widths(box, grid)
    head, kept, size = _largest(grid, widths, tall)
    strong = [True, *(False for _ in kept[1:]), grid.total or not kept]
    heights = [_tall(row, widths, size, bold=bold)
               for row, bold in zip((head, *kept), strong, strict=False)]  # fmt: skip
    airy = max(min((tall - sum(heights)) / len(heights), MOST_AIR), 0.0)
    heights = [inches + airy for inches in heights]
    frame = shapes.add_table(
        len(kept) + 1, len(widths), Inches(left), Inches(top), Inches(wide), Inches(sum(heights))
    )
    frame.name = grid.heading
    frame._element.nvGraphicFramePr.cNvPr.set("descr", described)
    _plain(frame.table)
    for column, inches in zip(frame.table.columns, widths, strict=True):
        column.width = Inches(inches)
    for place, (row, inches) in enumerate(zip((head, *kept), heights, strict=True)):
        frame.table.rows[place].height = Inches(inches)
        cells = zip(frame.table.rows[place].cells, row, grid.columns, strict=True)
        for cell, text, column in cells:
            _set(cell, text, size, strong=strong[place], head=place == 0, right=column.number)


def _largest(
    grid: Grid, widths: Sequence[float], tall: float
) -> tuple[list[str], list[list[str]], int]:
    """Head and rows in the largest letters that cost no row, no word and no line."""
    plain = _in_letters(grid, widths, tall, TABLE_SIZES[-1])
    for size in TABLE_SIZES[:-1]:
        made = _in_letters(grid, widths, tall, size)
        whole = all(_word(column.heading, size) <= inches + SLACK
                    for column, inches in zip(grid.columns, widths, strict=True))  # fmt: skip
        if whole and made == plain:
            return made[0], made[1], size
    return plain[0], plain[1], TABLE_SIZES[-1]


def _in_letters(
    grid: Grid, widths: Sequence[float], tall: float, size: int
) -> tuple[list[str], list[list[str]], list[list[int]]]:
    """Head, rows that fit, and the lines of each cell, in letters of a size."""
    last = len(grid.rows) - 1 if grid.total else None
    head = _shortened([column.heading for column in grid.columns], widths, size, bold=True)
    rows = [
        _shortened(row, widths, size, bold=place == last) for place, row in enumerate(grid.rows)
    ]
    kept = _that_fit(head, rows, widths, tall, size, total=grid.total)
    return head, kept, [_lines(row, widths, size, bold=row is head) for row in (head, *kept)]


def _shortened(
    row: Iterable[str], widths: Sequence[float], size: int, *, bold: bool = False
) -> list[str]:
    return [
        shortened(text, inches - 2 * SIDE, size, most=MOST_LINES, bold=bold)
        for text, inches in zip(row, widths, strict=True)
    ]


def _tall(row: Sequence[str], widths: Sequence[float], size: int, *, bold: bool = False) -> float:
    """Inches that a row of a table takes."""
    return max(_lines(row, widths, size, bold=bold)) * LINE * size / POINTS + 2 * ABOVE


def _lines(row: Sequence[str], widths: Sequence[float], size: int, *, bold: bool) -> list[int]:
    """Lines of each cell of a row."""
    return [
        lines(text, inches - 2 * SIDE, size, bold=bold)
        for text, inches in zip(row, widths, strict=True)
    ]


def _that_fit(
    head: Sequence[str], rows: list[list[str]], widths: Sequence[float], tall: float, size: int,
    *, total: bool,
) -> list[list[str]]:  # fmt: skip
    """The first rows that there is room for, and the total whatever else is left out."""
    last = rows[-1:] if total else []
    room = tall - sum(_tall(row, widths, size, bold=True) for row in (head, *last))
    kept: list[list[str]] = []
    for row in rows[: len(rows) - len(last)]:
        room -= _tall(row, widths, size)
        if room < -SLACK:
            break
        kept.append(row)
    return kept + last


def _plain(table: Any) -> None:  # noqa: ANN401 - as of python-pptx
    """No banding and no style but ours: a rule below each row."""
    properties = table._tbl.tblPr
    properties.set("bandRow", "0")
    properties.set("firstRow", "1")
    style = properties.find(qn("a:tableStyleId"))
    style.text = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # no style, no grid


def _set(cell: Any, text: str, size: int, *, strong: bool, head: bool, right: bool) -> None:  # noqa: ANN401 - as of python-pptx
    fill_frame(cell.text_frame, [text], size, bold=strong,
               colour="accent" if head else "ink", right=right)  # fmt: skip
    cell.margin_left = cell.margin_right = Inches(SIDE)
    cell.margin_top = cell.margin_bottom = Inches(ABOVE)
    cell.vertical_anchor = MSO_ANCHOR.BOTTOM if head else MSO_ANCHOR.MIDDLE
    properties = cell._tc.get_or_add_tcPr()
    for side in ("a:lnL", "a:lnR", "a:lnT", "a:lnB"):
        line = properties.makeelement(qn(side), {"w": "9525" if side == "a:lnB" else "0"})
        if side == "a:lnB":
            solid = line.makeelement(qn("a:solidFill"), {})
            colour = solid.makeelement(qn("a:srgbClr"), {"val": str(MUTED if head else RULE)})
            solid.append(colour)
            line.append(solid)
        else:
            line.append(line.makeelement(qn("a:noFill"), {}))
        properties.append(line)


def add_footer(slide: Any, text: str, wide: float) -> None:  # noqa: ANN401 - as of python-pptx
    """The layout's footer and page number, on a slide (python-pptx leaves them out)."""
    for holder in slide.slide_layout.placeholders:
        kind = holder.element.ph.get("type")
        if kind in ("ftr", "sldNum"):
            copied = deepcopy(holder.element)
            copied.nvSpPr.cNvPr.set("id", str(slide.shapes._spTree.max_shape_id + 1))
            slide.shapes._spTree.append(copied)
    for shape in slide.placeholders:
        if shape.element.ph.get("type") == "ftr":
            paragraph = shape.text_frame.paragraphs[0]
            paragraph.alignment = PP_ALIGN.LEFT
            shape.text_frame.margin_left = 0
            _run(paragraph, shortened(text, wide, FOOTER), FOOTER, bold=False, colour="muted")
