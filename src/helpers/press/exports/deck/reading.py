"""What a deck says, read back from the file: for checks of its numbers and of its boxes."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from itertools import combinations
from typing import Any

from pptx import Presentation
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches

from helpers.press.exports.checked import Text
from helpers.press.exports.deck.drawing import BETWEEN
from helpers.press.exports.deck.lettering import LINE, POINTS, SMALLEST, lines
from helpers.press.exports.deck.telling import COUNTED

__all__ = ["overflowing", "sentences", "unreadable"]

ROUNDING = 0.03  # inches
GROUNDS = ("Behind", "Bar")  # what lies under texts
SENTENCES = ("Lead", "Findings", "The ask")
CHAPTER = re.compile(r"^([a-z_]+)\.[a-z0-9_]+: ", re.MULTILINE)


def overflowing(content: bytes) -> list[str]:
    """Every text of a deck that is taller than its box, every box over another or off its slide.

    Measured as :mod:`lettering` does, from the sizes that stand in the file.
    """
    deck = Presentation(io.BytesIO(content))
    found = []
    for number, slide in enumerate(deck.slides, start=1):
        for shape in slide.shapes:
            where = f"slide {number}, {shape.name}"
            right, bottom = shape.left + shape.width, shape.top + shape.height
            inside = right <= int(deck.slide_width or 0) and bottom <= int(deck.slide_height or 0)
            if min(shape.left, shape.top) < 0 or not inside:
                found.append(f"{where}: outside the slide")
            found += [f"{where}: {line}" for line in _too_tall(shape)]
        found += [f"slide {number}, {line}" for line in _one_over_another(slide.shapes)]
    return found


def _one_over_another(shapes: Any) -> Iterator[str]:  # noqa: ANN401 - as of python-pptx
    """Texts, charts, tables and pictures that lie over each other."""
    there = [
        (one.name, one.left, one.top, one.left + one.width, one.top + one.height)
        for one in shapes if not one.name.startswith(GROUNDS)
    ]  # fmt: skip
    for (name, *one), (under, *other) in combinations(there, 2):
        across = min(one[2], other[2]) - max(one[0], other[0])
        down = min(one[3], other[3]) - max(one[1], other[1])
        if min(across, down) > Inches(ROUNDING):
            yield f"{name}: lies over {under}"


def _too_tall(shape: Any) -> Iterator[str]:  # noqa: ANN401 - as of python-pptx
    if shape.has_text_frame and shape.text_frame.text:
        inches = _inside(shape.width, shape.text_frame)
        needed = _needed(shape.text_frame, inches)
        if needed > shape.height.inches + ROUNDING:
            yield f"{shape.text_frame.text[:40]!r} needs {needed:.2f} of {shape.height.inches:.2f}"
    if shape.has_table:
        for row in shape.table.rows:
            for cell, column in zip(row.cells, shape.table.columns, strict=True):
                inches = column.width.inches - cell.margin_left.inches - cell.margin_right.inches
                needed = _needed(cell.text_frame, inches)
                needed += cell.margin_top.inches + cell.margin_bottom.inches
                if needed > row.height.inches + ROUNDING:
                    yield f"the cell {cell.text_frame.text[:40]!r} needs {needed:.2f}"


def _inside(width: Emu, frame: Any) -> float:  # noqa: ANN401 - as of python-pptx
    return float(width.inches - frame.margin_left.inches - frame.margin_right.inches)


def _needed(frame: Any, inches: float) -> float:  # noqa: ANN401 - as of python-pptx
    """Inches that the paragraphs of a frame take."""
    tall = 0.0
    for place, paragraph in enumerate(frame.paragraphs):
        sizes = [run.font.size.pt for run in paragraph.runs if run.font.size] or [SMALLEST]
        indent = int((paragraph._p.pPr.get("marL") if paragraph._p.pPr is not None else 0) or 0)
        bold = any(run.font.bold for run in paragraph.runs)
        text = paragraph.text.replace("\v", "\n")
        many = lines(text, inches - Emu(indent).inches, max(sizes), bold=bold)
        tall += (many * LINE + (BETWEEN if place else 0)) * max(sizes) / POINTS
    return tall


def unreadable(content: bytes) -> list[str]:
    """Charts, tables and pictures without an alternative text, and letters that are too small."""
    found = []
    for number, slide in enumerate(Presentation(io.BytesIO(content)).slides, start=1):
        for shape in slide.shapes:
            where = f"slide {number}, {shape.name}"
            named = next(shape._element.iter(qn("p:cNvPr"))).get("descr", "")
            pictured = shape.has_chart or shape.has_table or shape.shape_type == 13
            if pictured and not named:
                found.append(f"{where}: no alternative text")
            if not (shape.is_placeholder and shape.placeholder_format.idx >= 10):
                small = [size for size in _sizes(shape) if size < SMALLEST]
                found += [f"{where}: letters of {size:g} points" for size in small[:1]]
    return found


def _sizes(shape: Any) -> Iterator[float]:  # noqa: ANN401 - as of python-pptx
    """Sizes of all letters of a shape, in points."""
    for tag in (qn("a:rPr"), qn("a:defRPr")):
        for run in shape._element.iter(tag):
            if run.get("sz"):
                yield int(run.get("sz")) / 100


def sentences(content: bytes, file: str) -> list[Text]:
    """The sentences of a deck, slide by slide, each of the chapters that its notes name.

    A title that counts the rows of its table is held against them by :mod:`numbers`.
    """
    said = []
    for number, slide in enumerate(Presentation(io.BytesIO(content)).slides, start=1):
        noted = slide.notes_slide.notes_text_frame.text if slide.has_notes_slide else ""
        of = tuple(dict.fromkeys(CHAPTER.findall(noted)))
        for shape in slide.shapes if of else ():
            if shape == slide.shapes.title or shape.name in SENTENCES:
                place = f"slide {number}, {shape.name}"
                said += [Text(file, place, one.text, of) for one in shape.text_frame.paragraphs
                         if not one.text.endswith(COUNTED)]  # fmt: skip
    return [one for one in said if one.text.strip()]
