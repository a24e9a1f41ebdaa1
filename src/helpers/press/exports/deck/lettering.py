"""How much room a text takes: measured, so that none runs over the edge of its box.

Widths are those of DejaVu Sans, which comes with matplotlib and is wider than the fonts that a
deck is shown in: what fits here fits there.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from unicodedata import east_asian_width

from PIL import ImageFont

__all__ = ["LINE", "SMALLEST", "fitted", "height", "lines", "shortened", "width"]

SMALLEST = 12  # points: of any text in the body of a slide
LINE = 1.2  # of a line, in heights of its letters
BETWEEN = 0.4  # between two paragraphs, in heights of their letters
POINTS = 72.0  # an inch
MEASURED = 100  # points at which letters are measured


@cache
def _font(bold: bool) -> ImageFont.FreeTypeFont:
    found = find_spec("matplotlib")
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError("matplotlib, whose fonts measure texts, is not installed")
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    fonts = Path(found.submodule_search_locations[0], "mpl-data", "fonts", "ttf")
    return ImageFont.truetype(str(fonts / name), MEASURED)


@cache
def width(text: str, size: float, *, bold: bool = False) -> float:
    """Inches that a line takes; East Asian letters, which the font lacks, are squares.

    >>> round(width("Loyalty", 24), 2) < round(width("Loyalty", 24, bold=True), 2)
    True
    """
    wide = sum(east_asian_width(letter) in "WF" for letter in text)
    rest = "".join(letter for letter in text if east_asian_width(letter) not in "WF")
    return (float(_font(bold).getlength(rest)) / MEASURED + wide) * size / POINTS


def lines(text: str, inches: float, size: float, *, bold: bool = False) -> int:
    """How many lines a text takes in a box of so many inches, broken between words.

    >>> lines("one two three", 0.6, 12), lines("one\\ntwo", 5.0, 12), lines("", 5.0, 12)
    (3, 2, 1)
    """
    return sum(_broken(part, inches, size, bold) for part in text.split("\n"))


def _broken(text: str, inches: float, size: float, bold: bool) -> int:
    needed, line = 1, 0.0
    space = width(" ", size, bold=bold)
    for word in text.split(" "):
        wide = width(word, size, bold=bold)
        if line and line + space + wide > inches:
            needed, line = needed + 1, 0.0
        over = int(wide // inches) if wide > inches else 0  # a word longer than a line is cut
        needed, line = needed + over, (line + space if line else 0.0) + wide - over * inches
    return needed


def height(paragraphs: Sequence[str], inches: float, size: float, *, bold: bool = False) -> float:
    """Inches that paragraphs take one below the other.

    >>> round(height(["one", "two"], 5.0, 12), 2)
    0.47
    """
    taken = sum(lines(text, inches, size, bold=bold) for text in paragraphs) * LINE
    return (taken + BETWEEN * max(len(paragraphs) - 1, 0)) * size / POINTS


def shortened(text: str, inches: float, size: float, *, most: int = 1, bold: bool = False) -> str:
    """A text of at most so many lines, cut at a word with an ellipsis where it is longer.

    >>> shortened("Østmark Water S.A. de C.V.", 1.2, 12)
    'Østmark…'
    """
    if lines(text, inches, size, bold=bold) <= most:
        return text
    for end in range(len(text) - 1, 0, -1):
        cut = text[:end].rpartition(" ")[0] if " " in text[:end] else text[:end]
        if lines(f"{cut.rstrip(' ,;:(')}…", inches, size, bold=bold) <= most:
            return f"{cut.rstrip(' ,;:(')}…"
    return "…"


def fitted(
    paragraphs: Sequence[str], inches: float, tall: float, *, sizes: Sequence[int] = (16, 15, 14),
    bold: bool = False,
) -> tuple[list[str], int]:  # fmt: skip
    """The paragraphs that fit a box, and the size of their letters in points.

    The rule: the largest size at which all fit; where none does, the last paragraph is left out,
    and so on; the first alone may go down to the smallest size, and is then cut.

    Examples
    --------
    >>> fitted(["one two three", "four five six"], 1.0, 0.5)
    (['one two three'], 15)
    """
    for many in range(len(paragraphs), 0, -1):
        for size in sizes:
            if height(paragraphs[:many], inches, size, bold=bold) <= tall:
                return list(paragraphs[:many]), size
    for size in range(min(sizes), SMALLEST - 1, -1):
        if height(paragraphs[:1], inches, size, bold=bold) <= tall:
            return list(paragraphs[:1]), size
    room = max(int(tall * POINTS / (LINE * SMALLEST)), 1)
    cut = [shortened(text, inches, SMALLEST, most=room, bold=bold) for text in paragraphs[:1]]
    return cut, SMALLEST
