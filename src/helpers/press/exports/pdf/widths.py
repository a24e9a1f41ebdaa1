"""How wide a table has to be on paper: its letters shrink, or its section lies across."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import html
from lxml.html import HtmlElement

__all__ = ["ACROSS", "CUT", "MOST_ROWS", "Column", "fit", "lines"]

ROOM, ROOM_ACROSS = 516.0, 762.0  # points of a line on A4 within its margins
SIZES = (8.5, 8.0, 7.5, 7.0)  # points of a table's letters, largest first
SMALLEST = 6.5  # of a page that lies across
LETTER = 0.56  # width of a digit by its height; most letters are narrower
GAP = 0.9  # room between two columns by the height of a letter
CROWDED, PAGE = 4.0, 60.0  # lines of a row that are many, where a table has more than a page
MOST_ROWS = 50  # of a list: the report's pages and files have the others
WHOLE_ROWS = 14  # of a table that is not parted between pages
ACROSS, CUT = "across", "cut-short"  # classes of what lies across, and of the line under a list


@dataclass(frozen=True)
class Column:
    """Letters of the longest word of a column, and of its longest cell."""

    word: int
    cell: int


def fit(table: HtmlElement) -> None:
    """Print a table as large as its page lets it be, its section across where it must be.

    Of a list only the first ``MOST_ROWS`` rows are kept, with a line that says so.
    """
    _shortened(table)
    columns, rows = _columns(table), len(table.xpath("./tbody/tr"))
    size = next((size for size in SIZES if _good(columns, rows, size)), None)
    if size is None:
        across = [size for size in (*SIZES, SMALLEST) if _least(columns, size) <= ROOM_ACROSS]
        size = max(across, default=SMALLEST)
        for section in table.xpath("ancestor::section[h2][1]"):
            section.set("class", f"{section.get('class', '')} {ACROSS}".strip())
    table.set("style", f"--size: {size}pt")
    if rows <= WHOLE_ROWS:
        table.set("class", f"{table.get('class', '')} short".strip())


def _good(columns: list[Column], rows: int, size: float) -> bool:
    high = lines(columns, size)
    return high > 0 and (high <= CROWDED or high * rows <= PAGE)


def lines(columns: list[Column], size: float, room: float = ROOM) -> float:
    """About how many lines the highest row has; 0 where a word would not fit.

    A browser gives each column its longest word, and shares what is left by what each would
    like to have beyond that.

    >>> lines([Column(10, 100), Column(4, 4)], 10.0)
    1.2
    >>> lines([Column(90, 100), Column(9, 9)], 10.0)
    0.0
    """
    least = _least(columns, size)
    if least > room:
        return 0.0
    letter = LETTER * size
    wish = letter * sum(c.cell - c.word for c in columns)
    part = min(1.0, (room - least) / wish) if wish else 1.0
    high = [c.cell / (c.word + (c.cell - c.word) * part) for c in columns if c.word]
    return round(max(high, default=1.0), 1)


def _least(columns: list[Column], size: float) -> float:
    return size * (LETTER * sum(c.word for c in columns) + GAP * (len(columns) - 1))


def _columns(table: HtmlElement) -> list[Column]:
    found: dict[int, Column] = {}
    for at, cell in _cells(table):
        words, whole = _words(cell)
        old = found.get(at, Column(0, 0))
        found[at] = Column(max(old.word, *map(len, words), 0), max(old.cell, whole))
    return [found[at] for at in sorted(found)]


def _cells(table: HtmlElement) -> Iterator[tuple[int, HtmlElement]]:
    """The cells of one column, each with the place of that column."""
    for row in table.iter("tr"):
        at = 0
        for cell in row:
            span = int(cell.get("colspan", 1))
            if span == 1:
                yield at, cell
            at += span


def _words(cell: HtmlElement) -> tuple[list[str], int]:
    """The words of a cell, where numbers and days are one; and letters of its longest line."""
    kept = {"number", "date"} & set(cell.get("class", "").split()) and cell.tag == "td"
    texts = [" ".join(text.split()) for text in cell.itertext()]
    if kept:
        return texts, max(map(len, texts), default=0)
    return [word for text in texts for word in text.split()], sum(map(len, texts))


def _shortened(table: HtmlElement) -> None:
    rows = table.xpath("./tbody/tr")
    for row in rows[MOST_ROWS:]:
        row.drop_tree()
    if len(rows) > MOST_ROWS:
        said = f"The first {MOST_ROWS} of {len(rows)} rows. The report on screen has them all."
        note = html.fragment_fromstring(f'<p class="table-note {CUT}">{said}</p>')
        holder = table.getparent()
        holder.insert(holder.index(table) + 1, note)
