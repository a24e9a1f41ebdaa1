"""What can be read, and what was seen in one file: for people, without personal data."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from helpers.study.drafting.export import Export, Item, read_export
from helpers.study.drafting.guess import NOTHING, Guess
from helpers.study.drafting.keys import date_form
from helpers.study.drafting.tables import numbers_form
from helpers.study.drafting.wordings import PERSONAL
from helpers.study.readers.sources import ENDINGS
from helpers.study.tables import TABLES

__all__ = ["READABLE", "ColumnSeen", "columns_seen", "declarations", "file_seen"]

OFTEN = 5  # rows that hold a value, before it is shown: one of few may tell who answered
MOST = 40  # different values, before a text column is shown by its kind alone
AMOUNT = r"[-(]?\s*[A-Z€$£%]{0,3}\s*-?[\d.,'’ ]*\d\s*[A-Z€$£%]{0,3}\)?"
SHOWN = 4  # values shown
READABLE: tuple[tuple[str, str], ...] = (
    ("files", "a file named after its table, or named under `tables:`: " + ", ".join(ENDINGS)),
    ("surveys", "Qualtrics (one to three header rows, .csv, .tsv, .xlsx, .sav), SurveyMonkey "
     "(header_rows: 2), SPSS with its labels, and any table with one row a respondent"),
    ("encoding", "utf-8 unless declared, as `encoding: cp1252` or `utf-16`"),
    ("delimiter", "a comma (a tab in .tsv) unless declared, as `delimiter: \";\"` or `\"\\t\"`"),
    ("header", "row 1 unless declared: `header_row: 3`; `header_rows: 2` where questions stand "
     "above their parts"),
    ("sheet", "the only one, or the one named after its table, or `sheet: Answers`"),
    ("dates", "2026-06-30 and 2026-06 unless declared, as `date: \"%d/%m/%Y\"`"),
    ("numbers", "1234.5 unless declared: `decimal: \",\"`, `thousands: \".\"`, `currency: \"€\"`, "
     "`percent: true`, `parentheses: true` for negative amounts"),
    ("missing", "empty cells; other texts of a column as `missing: {revenue: [n/a, \"-\"]}`, of "
     "all as `missing: [n/a]`, codes of one question under missing_codes in codebook.csv"),
    ("totals", "rows that are the sum of others count, unless `totals: drop`"),
    ("columns", "our names; the file's own as `columns: {account_id: CustNo}`"),
    ("values", "our words; the file's own as `values: {opt_out: {yes: Ja, no: Nein}}`"),
)  # fmt: skip


@dataclass(frozen=True)
class ColumnSeen:
    """One column of a file: its kind, how full it is, its range, and values that are common."""

    name: str
    kind: str
    blank: int
    different: int
    shown: str


def file_seen(path: Path) -> Export:
    """Read any file as the handbook would, with what it finds about how it is written."""
    return read_export(path, _table_of(path))


def _table_of(path: Path) -> str:
    stem = path.name.split(".")[0].casefold()
    return stem if stem in TABLES else "responses"


def columns_seen(export: Export) -> list[ColumnSeen]:
    """Every column of a file, in order."""
    return [_seen(item) for item in export.items]


def _seen(item: Item) -> ColumnSeen:
    kind = _kind(item)
    blank = len(item.cells) - item.filled
    return ColumnSeen(item.name, kind, blank, len(item.counts), _shown(item, kind))


def _kind(item: Item) -> str:
    if not item.filled:
        return "empty"
    if PERSONAL.search(item.said):
        return "personal"
    if item.numeric:
        if item.cells.dropna().astype(str).str.match(r"0\d").any():
            return "ids with leading zeros"
        whole = bool((item.numbers.index.to_numpy() % 1 == 0).all())
        return "codes with labels" if item.labels else "whole numbers" if whole else "numbers"
    texts = item.cells.dropna().astype(str)
    if date_form(texts) is not None:
        return "dates"
    if texts.str.fullmatch(AMOUNT).mean() > 0.9:
        return "numbers as text"
    return "categories" if len(item.counts) <= MOST else "text"


def _shown(item: Item, kind: str) -> str:
    """A range or common values; nothing that could be one person's."""
    alone = len(item.counts) == item.filled > OFTEN and kind != "dates"  # as ids are
    if alone or kind in ("empty", "personal", "text", "ids with leading zeros"):
        return ""
    if kind in ("numbers", "whole numbers", "codes with labels"):
        ends = f"{item.numbers.index.min():g} to {item.numbers.index.max():g}"
        labels = [f"{code} {label}" for code, label in list(item.labels.items())[:SHOWN]]
        said = f"; no answer: {', '.join(item.silent)}" if item.silent else ""
        return ends + (f" ({', '.join(labels)})" if labels else "") + said
    if kind == "dates":
        form = date_form(item.cells.dropna().astype(str)) or NOTHING
        return f"as {form}" if form.value else "as 2026-06-30"
    common = item.counts[item.counts >= OFTEN].head(SHOWN)
    return ", ".join(f"{value} ({count:,})" for value, count in common.items())


def declarations(export: Export) -> dict[str, Guess]:
    """The keys under ``formats`` that the file needs, as far as its cells tell."""
    keys = dict(export.declared)
    for item in export.items:
        kind, texts = _kind(item), item.cells.dropna().astype(str)
        if kind == "dates" and "date" not in keys:
            form = date_form(texts)
            if form is not None and form.value:
                keys["date"] = form
        if kind == "numbers as text":
            for key, guess in numbers_form(texts).items():
                if key not in keys or (guess.sure and not keys[key].sure):
                    keys[key] = guess
    return keys
