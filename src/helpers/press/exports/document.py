"""The report as a Word document: the decision, the answers, the ninety days and the letters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import docx
import pandas as pd
from docx.document import Document
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

from helpers.press.exports.chapters import Chapter, chapters, trust_of
from helpers.press.exports.checked import CELLS, Known, Text, check
from helpers.press.exports.deck.quoting import told
from helpers.press.exports.document_contents import add_contents
from helpers.press.exports.document_pages import pages_of
from helpers.press.exports.document_style import (
    ANSWER,
    CONTENTS,
    QUESTION,
    TEXT_WIDTH,
    TRUST,
    add_findings,
    add_picture,
    add_table,
    dress,
)
from helpers.press.exports.pictures import Aspect, aspects, picture
from helpers.press.exports.source import Export, Source
from helpers.press.word_files import add_letter, empty, letter_styles, safe, saved
from helpers.results import ChapterResult
from helpers.study import Study
from helpers.views.rendering.numerals import formatter
from helpers.views.rendering.owners import owner_of, owners
from helpers.views.rendering.sentences import say

__all__ = ["document_texts", "make"]

SUMMARY, ACCOUNT = "executive", "account"
DO_NEXT = "Do next."
ASKED = {"owner": "Owner", "due": "By"}
FOUND = "What we found"
DAYS, LETTERS = "The first ninety days", "Letters to be sent"
DRAFTS = "Drafts, not yet sent: what stands in brackets is filled in by hand."
COVER = {"author": "Made by", "contact": "Contact", "confidentiality": "Confidentiality"}
BASE = re.compile(r"\bbase\b", re.IGNORECASE)  # a line without one tells nothing to trust by
FULL = 1700  # letters of notes, short lines for the most part, that fill a page
PHASES = ("diagnose", "choose", "build and try", "install")


def make(source: Source) -> Export:
    """Write ``<client>.docx``, and look whether all its numbers are those of the results.

    Raises
    ------
    HandbookError
        Where a number of it leads to none of the results.
    """
    known = Known(source)
    if SUMMARY not in known.results:
        return Export(missing="no Word document: this run has no executive summary")
    made = empty("Customer loyalty", source.study.name, source.study.as_of)
    dress(made, source.study)
    _cover(made, source.study)
    page = source.book / "notebooks" / f"{SUMMARY}.html"
    found = aspects(page) if page.is_file() else []
    _decision(made, known.results[SUMMARY], found, trust_of(source, SUMMARY))
    _answers(made, chapters(source, known.results))
    _ninety_days(made, known.results, source.study)
    _letters(made, known.results)
    pages = pages_of(made, (FOUND, LETTERS), below=(FOUND,))
    add_contents(made, CONTENTS, TEXT_WIDTH, whole=(FOUND,), pages=pages)
    path = source.file("docx")
    path.write_bytes(saved(made))
    check(document_texts(path, {DAYS: ("actions",)}), source, known)
    return Export((path,))


def _cover(made: Document, study: Study) -> None:
    made.add_paragraph(safe(f"{study.name}: customer loyalty"), style="Title")
    made.add_paragraph(safe(f"Wave {study.wave}, data as of {study.due(0)}"), style="Subtitle")
    lines = [f"{word}: {study.cover[key]}" for key, word in COVER.items() if key in study.cover]
    for line in lines:
        made.add_paragraph(safe(line), style=TRUST)


def _decision(made: Document, summary: ChapterResult, found: Sequence[Aspect], trust: str) -> None:
    """What is asked for, on which grounds, and what speaks against it."""
    made.add_heading("The decision", 1)
    made.add_paragraph(_said(summary.answer, summary), style=ANSWER)
    if found:
        add_findings(made, found)
    if summary.ask.get("what"):
        made.add_heading("The ask", 2)
        _ask(made, summary)
    if summary.doubts:
        made.add_heading("What does not fit", 2)
        for doubt in summary.doubts:
            made.add_paragraph(_said(doubt, summary), style="List Bullet")
    made.add_heading("How far to trust this", 2)
    made.add_paragraph(" ".join(filter(None, (_said(summary.so_what, summary), trust))))


def _said(template: str, result: ChapterResult) -> str:
    """A text without what points to a place on a page; why, where all of it is withheld."""
    whole = " ".join(part.text for part in told(template, result)) or say(template, result).text
    return safe(whole)


def _ask(made: Document, result: ChapterResult, opening: str = "") -> None:
    """The call for action, its owner and its day; nothing where nothing is asked."""
    if not result.ask.get("what"):
        return
    paragraph = made.add_paragraph()
    paragraph.add_run(f"{opening} " * bool(opening)).bold = True
    ends = (f"{word}: {result.ask[key]}." for key, word in ASKED.items() if result.ask.get(key))
    paragraph.add_run(safe(" ".join((_said(result.ask["what"], result), *ends))))


def _answers(made: Document, answered: list[Chapter]) -> None:
    """Each chapter's question and answer, what to make of it, and how far to trust it."""
    made.add_heading(FOUND, 1)
    for chapter in answered:
        result = chapter.result
        made.add_heading(safe(chapter.title), 2)
        if chapter.question:
            made.add_paragraph(safe(chapter.question), style=QUESTION)
        made.add_paragraph(_said(result.answer, result), style=ANSWER)
        if chapter.doubt:
            made.add_paragraph(safe(chapter.doubt), style=TRUST)
        if (shown := picture(chapter.page)) is not None:
            add_picture(made, shown)
        for text in filter(None, (_said(t, result) for t in (result.so_what, *result.doubts))):
            made.add_paragraph(text)
        _ask(made, result, DO_NEXT)
        if BASE.search(chapter.trust):
            made.add_paragraph(safe(chapter.trust), style=TRUST)


def _ninety_days(made: Document, known: Mapping[str, ChapterResult], study: Study) -> None:
    """What starts now: who does it, when it is in force and judged, and by which sign."""
    tables = known["actions"].tables if "actions" in known else {}
    days = tables.get("ninety_days")
    if days is None or days.empty:
        return
    made.add_heading(DAYS, 1)
    steps = [f"{phase} by {study.written(days[phase].iloc[0])}" for phase in PHASES]
    planned = known["actions"].figures.get("planned")
    over = f", {planned.value}" if planned is not None and planned.value else ""
    steps_line = made.add_paragraph(
        f"Each action below: {', '.join(steps)}. Cost: once and running."
    )
    steps_line.paragraph_format.keep_with_next = True
    cost = f"Cost{over}"
    head = ("Action", "Owner", "In force by", "Judged on", "Sign", "Now", "Target", cost)
    rows = [_day_row(row, study) for _, row in days.iterrows()]
    add_table(made, head, rows, (34, 26, 22, 22, 26, 11, 15, 18), numbers=(5, 6, 7))


def _day_row(row: pd.Series, study: Study) -> tuple[str, ...]:
    driver = row["driver"]
    rating, money = formatter("decimal1"), formatter(f"money:{study.currency}")
    return (
        row["action"], owner_of(row["function"], owners(study)),
        f"{row['in_force']:%Y-%m-%d}", f"{row['judged']:%Y-%m-%d}",
        f"Rating of {study.labels.get(driver, driver)}" if driver else "Cost saved",
        rating(row["rating"]), rating(row["target"]), money(row["cost"]),
    )  # fmt: skip


def _letters(made: Document, known: Mapping[str, ChapterResult]) -> None:
    """The letter to all customers and the notes to functions; short notes share a page."""
    letters = known["messages"].tables["letters"] if "messages" in known else pd.DataFrame()
    own = letters[letters["kind"] != ACCOUNT] if len(letters) else letters
    if own.empty:
        return
    made.add_heading(LETTERS, 1)
    made.add_paragraph(DRAFTS, style=TRUST)
    filled, before, styles = 0, "", letter_styles(made, below=2)
    for kind, text in zip(own["kind"].astype(str), own["text"].astype(str), strict=True):
        new_page = bool(filled) and (kind != before or filled + len(text) > FULL)
        filled, before = len(text) + (0 if new_page else filled), kind
        add_letter(made, text, styles, new_page=new_page)


def document_texts(
    path: Path, of: Mapping[str, tuple[str, ...]] = MappingProxyType({})
) -> Iterator[Text]:
    """Every text of a Word file, pictures and rows of tables too, each with the heading above it.

    Parameters
    ----------
    of
        Chapters whose numbers are under a heading; where none is named, they may be of any.

    Examples
    --------
    >>> import tempfile
    >>> made = docx.Document()
    >>> _ = made.add_heading("One", 1), made.add_paragraph("It is 7.")
    >>> file = Path(tempfile.mkdtemp()) / "a.docx"
    >>> made.save(str(file))
    >>> [tuple(text) for text in document_texts(file)][1]
    ('a.docx', 'under “One”, paragraph 1', 'It is 7.', ())
    """
    made, under, number = docx.Document(str(path)), "", 0
    for part in made.iter_inner_content():
        if not isinstance(part, Table) and _is_heading(part):
            under, number = part.text, 0
            yield Text(path.name, "heading", part.text)
            continue
        number += 1
        chapters, place = of.get(under, ()), f"under “{under}”, " if under else ""
        if isinstance(part, Table) and not list(part._tbl.iter(qn("w:tblHeader"))):
            for text in _of_cells(part):
                yield Text(path.name, f"{place}findings", text)
        elif isinstance(part, Table):
            for row, cells in enumerate(part.rows, start=1):
                line = CELLS.join(cell.text for cell in cells.cells)
                yield Text(path.name, f"{place}table, row {row}", line, chapters)
        else:
            text = part.text.partition("\t")[0] if _is_contents(part) else part.text
            yield Text(path.name, f"{place}paragraph {number}", text, chapters)
            for text in _pictured(part):
                yield Text(path.name, f"{place}picture", text)
    for section in made.sections:
        for name, edge in (("header", section.header), ("footer", section.footer)):
            yield Text(path.name, name, " ".join(p.text for p in edge.paragraphs))


def _of_cells(table: Table) -> Iterator[str]:
    """The texts of a table without a head, which only sets things side by side."""
    for part in (part for row in table.rows for cell in row.cells for part in cell.paragraphs):
        yield part.text
        yield from _pictured(part)


def _pictured(part: Paragraph) -> list[str]:
    """What the pictures of a paragraph show, in words."""
    return [shown.get("descr", "") for shown in part._p.iter(qn("wp:docPr"))]


def _is_contents(part: Paragraph) -> bool:
    return part.style is not None and part.style.name == CONTENTS


def _is_heading(part: Paragraph) -> bool:
    return part.style is not None and str(part.style.name).startswith(("Heading", "Title"))
