"""Whether pages and workbooks show a figure of fewer people than the policy allows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
from pathlib import Path

from lxml import html
from python_calamine import CalamineWorkbook

__all__ = ["small_bases"]

PEOPLE = ("respondents", "people", "answers", "persons", "respondent", "person", "answer")
GROUPS = {  # heads of columns that name a group of people or what they were asked,
    "Group", "Segment", "Industry", "Region", "Country", "Sector", "Tier", "Role", "Division",
    "Function", "Compared with", "Score",
}  # fmt: skip
COUNTS = {"Base", "Respondents", "Answers", "People", "n", "N", "Beside them"}  # count them,
TOLD = {  # and tell what they answered
    "Interval", "Mean", "Share", "Score", "Rating", "Median", "Net promoter score", "NPS", "Value",
    "Ours", "Gain",
}  # fmt: skip
SAID = re.compile(r"\d%?\s*\([^()]{0,60}?\bbase ([\d,]+) ([a-z]+)")  # a figure with its base
BASE = re.compile(r"\bbase ([\d,]+) ([a-z]+)")
WHOLE = re.compile(r"[\d,]+")
NUMBER = re.compile(r"\d")
WORKBOOK = "toplines/toplines.xlsx"
Row = Sequence[str]


def small_bases(folder: Path, smallest: int, employees: int = 0) -> list[str]:
    """Figures of fewer than ``smallest`` people that pages of a folder show, a line each.

    Looked at are figures in sentences, tables by group with a column that counts people, and
    every question's tables with their workbook; and tables with a column of employees, who are
    fewer than ``employees``. How many there are may always be said.
    """
    found: dict[str, None] = {}
    for path in sorted(folder.rglob("*.html")):
        name = path.relative_to(folder).as_posix()
        document = html.document_fromstring(
            path.read_bytes(), parser=html.HTMLParser(encoding="utf-8", huge_tree=True)
        )
        told_of = (*_tables(document, smallest), *_staff(document, employees))
        for told in (*_sentences(document, smallest), *told_of):
            found[f"{name} shows {told}"] = None
    for told in _workbook(folder / WORKBOOK, smallest):
        found[f"{WORKBOOK} shows {told}"] = None
    return list(found)


def _few(text: str, smallest: int) -> bool:
    """Whether a text is a count of people, of some and of too few."""
    return bool(WHOLE.fullmatch(text)) and 0 < int(text.replace(",", "") or 0) < smallest


def _sentences(document: html.HtmlElement, smallest: int) -> Iterator[str]:
    """Figures of sentences, each with its base beside it.

    That they are so many may be told, and what some of them answered may not: a number of people
    below its base is a share of them.
    """
    for span in document.xpath("//span[contains(@class, 'figure')][@title]"):
        base = BASE.search(span.get("title"))
        counted = base and base[2] in PEOPLE and _few(base[1], smallest)
        if base and counted and span.text_content().strip() != base[1]:
            yield f"a figure of {base[1]} {base[2]} ({span.get('data-figure', '')})"
    words = (document.text_content(), *document.xpath("//@alt"), *document.xpath("//@aria-label"))
    for text in words:
        for base in SAID.finditer(text):
            if base[2] in PEOPLE and _few(base[1], smallest):
                yield f"a figure of {base[1]} {base[2]} (in words)"


def _tables(document: html.HtmlElement, smallest: int) -> Iterator[str]:
    for table in document.xpath("//table[contains(@class, 'data-table')]"):
        caption = " ".join(table.xpath("string(./caption)").split())
        heads = [_text(cell) for cell in table.xpath("./thead/tr[last()]/th")]
        rows = [[_text(cell) for cell in row] for row in table.xpath("./tbody/tr")]
        base = BASE.search(caption)
        if base and base[2] in PEOPLE and _few(base[1], smallest) and _says(rows):
            yield f"answers of {base[1]} {base[2]} ({caption})"
        yield from (f"{told} ({caption})" for told in _columns(rows, smallest))
        yield from (f"{told} ({caption})" for told in _groups(heads, rows, smallest))


def _staff(document: html.HtmlElement, smallest: int) -> Iterator[str]:
    """Rows of tables that tell what too few employees answered."""
    for table in document.xpath("//table[contains(@class, 'data-table')][.//th='Employees']"):
        heads = [_text(cell) for cell in table.xpath("./thead/tr[last()]/th")]
        at = heads.index("Employees") if "Employees" in heads else 0
        for row in table.xpath("./tbody/tr"):
            cells = [_text(cell) for cell in row]
            others = [cell for place, cell in enumerate(cells) if place not in (0, at)]
            if at and _few(cells[at], smallest) and any(map(NUMBER.search, others)):
                yield f"a figure of {cells[at]} employees: {cells[0]}"


def _text(cell: html.HtmlElement) -> str:
    return " ".join(cell.text_content().split())


def _says(rows: Sequence[Row]) -> bool:
    return any(NUMBER.search(cell) for row in rows for cell in row[1:])


def _columns(rows: Sequence[Row], smallest: int) -> Iterator[str]:
    """Columns under a base that is too small and that still say something."""
    for bases in (row for row in rows if row and row[0].startswith("Base")):
        for place, base in enumerate(bases[1:], start=1):
            others = [row[place] for row in rows if row is not bases and place < len(row)]
            if _few(base, smallest) and any(NUMBER.search(cell) for cell in others):
                yield f"answers of {base} people"


def _groups(heads: Row, rows: Sequence[Row], smallest: int) -> Iterator[str]:
    """Rows of groups that are too small and that still tell what they answered."""
    counts = [at for at, head in enumerate(heads) if head in COUNTS]
    tells = [at for at, head in enumerate(heads) if head in TOLD]
    if not GROUPS.intersection(heads) or not counts:
        return
    for row in (row for row in rows if len(row) == len(heads)):
        few = next((row[at] for at in counts if _few(row[at], smallest)), None)
        if few and any(NUMBER.search(row[at]) for at in tells if at):
            yield f"a figure of {few} people: {row[0]}"


def _workbook(path: Path, smallest: int) -> Iterator[str]:
    """Questions of the workbook of every answer that stand under a base that is too small."""
    for name, rows in _sheets(path) if path.is_file() else ():
        for start, row in enumerate(rows):
            if row[0].startswith("Base"):
                block = list(takewhile(lambda row: row[0], rows[start:]))
                yield from (
                    f"{told} ({name}, row {start + 1})" for told in _columns(block, smallest)
                )


def _sheets(path: Path) -> Iterator[tuple[str, list[list[str]]]]:
    """The sheets of a workbook of ours: name, and rows of cells, empty where nothing stands."""
    book = CalamineWorkbook.from_path(path)
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        yield name, [[_written(cell) for cell in row] for row in rows]


def _written(cell: object) -> str:
    """A cell as a text: a count without the point that numbers of a workbook have.

    >>> _written(7.0), _written("Base"), _written("")
    ('7', 'Base', '')
    """
    return f"{cell:g}" if isinstance(cell, float) else str(cell)
