"""The report's lists as one Excel workbook: accounts, leads, actions and alerts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import xlsxwriter

from helpers.errors import refuse
from helpers.press.exports.cells import words_of, wrong_cells
from helpers.press.exports.checked import UNTRACED, Known, untraced_texts
from helpers.press.exports.sheets import Sheet, sheets
from helpers.press.exports.source import Export, Source
from helpers.press.spreadsheets import OPTIONS, ROWS, cell_text, styles, write_sheet
from helpers.study import Study

__all__ = ["make"]

FIRST = "About"


def make(source: Source) -> Export:
    """Write ``<client>.xlsx``; where the run has none of its sheets, say so.

    The first sheet says what the workbook is, links to the others, and says what the run lacks.
    No text runs as a formula, and the same results give the same bytes.

    Raises
    ------
    HandbookError
        Where a cell holds another number than the results.
    """
    known = Known(source)
    made, missing = sheets(source, known.results)
    if not made:
        return Export(missing="no Excel workbook: this run has no list of accounts, leads, "
                      "actions or alerts")  # fmt: skip
    study, path = source.study, source.file("xlsx")
    with xlsxwriter.Workbook(str(path), {**OPTIONS, "constant_memory": False}) as book:
        book.set_properties({"title": _title(study), "subject": study.name,
                             "created": study.as_of.to_pydatetime()})  # fmt: skip
        first, looks = book.add_worksheet(FIRST), styles(book)
        for sheet in made:
            write_sheet(book.add_worksheet(sheet.name), sheet.rows.head(ROWS - 1), sheet.columns,
                        looks)  # fmt: skip
        _write_first(book, first, study, made, missing)
    wrong = [*wrong_cells(path, made, known.results), *untraced_texts(words_of(path), known)]
    refuse(wrong, UNTRACED)
    return Export((path,))


def _title(study: Study) -> str:
    return cell_text(f"{study.name}: lists of the loyalty report")


def _write_first(
    book: Any, sheet: Any, study: Study, made: Sequence[Sheet], missing: Sequence[str]  # noqa: ANN401 - xlsxwriter has no types
) -> None:  # fmt: skip
    """What the workbook is, a link to each sheet, and what is missing."""
    ink = study.config.brand.ink
    looks = {
        "title": book.add_format({"bold": True, "font_size": 16, "font_color": ink}),
        "head": book.add_format({"bold": True, "bottom": 1}),
        "number": book.add_format({"bold": True, "bottom": 1, "align": "right"}),
        "link": book.add_format({"font_color": ink, "underline": 1}),
        "plain": book.add_format({"text_wrap": True, "valign": "top", "indent": 1}),
    }
    for place, width in enumerate((16, 10, 78)):
        sheet.set_column(place, place, width)
    sheet.hide_gridlines(2)
    sheet.write_string(0, 0, _title(study), looks["title"])
    sheet.write_string(1, 0, cell_text(_days_of(study)))
    for place, (heading, look) in enumerate((
        ("Sheet", "head"), ("Rows", "number"), ("  What it holds", "head"),
    )):  # fmt: skip
        sheet.write_string(3, place, heading, looks[look])
    for row, one in enumerate(made, start=4):
        sheet.write_url(row, 0, f"internal:'{one.name}'!A1", looks["link"], one.name)
        sheet.write_number(row, 1, len(one.rows))
        sheet.write_string(row, 2, one.about, looks["plain"])
    for row, line in enumerate((*missing, *_notes(study)), start=5 + len(made)):
        sheet.write_string(row, 0, cell_text(line))
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _days_of(study: Study) -> str:
    return f"Wave {study.wave}; data as of {study.written(study.as_of)}."


def _notes(study: Study) -> list[str]:
    """What a reader of any sheet has to know."""
    return [
        f"Money is in {study.currency}, as the results hold it: pages of the report round it.",
        "An empty cell is not known, or is withheld as it is on the pages.",
        "People are named where they agreed to be, as on the pages.",
    ]
