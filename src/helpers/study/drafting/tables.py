"""Which of the handbook's tables a file is, told by its columns, and what must be declared."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd

from helpers.study.columns import Table
from helpers.study.drafting.export import Export, read_export
from helpers.study.drafting.guess import Guess
from helpers.study.drafting.keys import date_form, month_form
from helpers.study.drafting.total_rows import without_totals
from helpers.study.tables import TABLES
from helpers.study.translations import holder_by_name

__all__ = ["Recognised", "numbers_form", "recognise"]

SURVEY = "responses"
LIKENESS = 0.85
FEWEST = 2  # columns of a table that a file must have
DOUBTED = {"trigger": "what set the case off; if it is its cause, call it root_cause"}
MARKS = {"$": "$", "€": "€", "£": "£", "EUR": "EUR", "USD": "USD", "CHF": "CHF"}


@dataclass(frozen=True)
class Recognised:
    """A file, the table that it is, and the keys of its ``formats``."""

    export: Export
    table: Guess  # no value: none of the handbook's
    columns: dict[str, Guess] = field(default_factory=dict)  # ours: theirs, where they differ
    formats: dict[str, Guess] = field(default_factory=dict)
    last: date | None = None  # the last day that it has records of


def recognise(path: Path) -> Recognised:
    """Read a file and find the table with which it shares most columns.

    A table counts only where all columns that it needs are found. A file called like a table
    is that table, as in a client folder, whatever its columns are called.
    """
    export = without_totals(read_export(path, "accounts"))
    frame = pd.DataFrame({item.name: item.cells for item in export.items})
    stem = path.name.split(".")[0].casefold()
    scores: dict[str, tuple[int, dict[str, str]]] = {}
    called = stem in TABLES and stem != SURVEY
    for name, table in {stem: TABLES[stem]}.items() if called else TABLES.items():
        held = _holders(table, frame)
        enough = name != SURVEY and len(held) >= FEWEST and set(table.required) <= set(held)
        if called or enough:
            scores[name] = (len(held), held)
    if not scores:
        return Recognised(export, Guess("", False, "no table's columns are found in it"))
    best = max(scores, key=lambda name: scores[name][0])
    equal = [name for name in scores if scores[name][0] == scores[best][0] and name != best]
    held = scores[best][1]
    why = f"it has {', '.join(held.values())}" if held else "it is called so"
    sure = called or not equal
    columns = {ours: _sure_of(ours, theirs) for ours, theirs in held.items() if ours != theirs}
    forms = _forms(export, TABLES[best], held)
    last = _last(export, TABLES[best], held, forms)
    return Recognised(export, Guess(best, sure, why), columns, forms, last)


def _sure_of(ours: str, theirs: str) -> Guess:
    """A column under another name, marked where that name has a second meaning."""
    doubt = DOUBTED.get(ours, "")
    return Guess(theirs, not doubt, doubt)


def _holders(table: Table, frame: pd.DataFrame) -> dict[str, str]:
    """Our columns that a file has, under our name or its own."""
    held = {c.name: c.name for c in table.columns if c.name in frame}
    for column in sorted(table.columns, key=lambda c: not c.required):
        left = [name for name in frame.columns if name not in held.values()]
        if column.name in held or "*" in column.name:
            continue
        found = holder_by_name(column.name, table, frame, left, likeness=LIKENESS)
        if found is not None:
            held[column.name] = found
    return held


def _forms(export: Export, table: Table, held: dict[str, str]) -> dict[str, Guess]:
    """What the dates and numbers of a table need declared."""
    cells = {item.name: item.cells.dropna().astype(str) for item in export.items}
    forms = dict(export.declared)
    for ours, theirs in held.items():
        declared = table.column(ours)
        kind = declared.kind if declared else "text"
        if kind == "date" and "date" not in forms:
            form = date_form(cells[theirs])
            if form is not None and form.value:
                forms["date"] = form
        if kind == "period" and "date" not in forms:
            month = month_form(cells[theirs])
            if month is not None:
                forms["date"] = month
        if kind == "number":
            for key, guess in numbers_form(cells[theirs]).items():
                forms.setdefault(key, guess)
    return forms


def _last(
    export: Export, table: Table, held: dict[str, str], forms: dict[str, Guess]
) -> date | None:
    """The last month, or day in the past, that a table has records of."""
    form = forms["date"].value if "date" in forms else None
    found = []
    for ours, theirs in held.items():
        declared, item = table.column(ours), export.item(theirs)
        if item is None or declared is None or not (declared.kind == "period" or declared.past):
            continue
        cells = item.cells.dropna().drop_duplicates().astype(str)
        days = pd.to_datetime(cells, format=form or "ISO8601", errors="coerce").dropna()
        if len(days):
            month = pd.offsets.MonthEnd(0) if declared.kind == "period" else pd.Timedelta(0)
            found.append((days.max() + month).date())
    return max(found, default=None)


def numbers_form(cells: pd.Series) -> dict[str, Guess]:
    """The decimal sign, the thousands sign and the currency that numbers are written with.

    Examples
    --------
    >>> {k: str(v) for k, v in numbers_form(pd.Series(["1.234,50", "17,25"])).items()}
    {'decimal': ',', 'thousands': '.'}
    >>> {k: str(v) for k, v in numbers_form(pd.Series(["$1,234", "$99"])).items()}
    {'currency': '$', 'thousands': ',?'}
    """
    form: dict[str, Guess] = {}
    bare = cells.str.strip().str.removeprefix("(").str.removesuffix(")")
    for mark in MARKS:
        there = bare.str.contains(mark, regex=False)
        if there.any():
            form["currency"] = Guess(mark, True, f"it stands in {int(there.sum()):,} cells")
            bare = bare.str.replace(mark, "", regex=False).str.strip()
    comma = bare.str.fullmatch(r"-?[\d.' ]*\d,(\d{1,2}|\d{4,})")
    grouped = bare.str.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?")
    points = bare.str.fullmatch(r"-?\d{1,3}(\.\d{3})+(,\d+)?")
    if comma.any():
        form["decimal"] = Guess(",", True, f"as in {bare[comma].iloc[0]}")
        if points.any():
            form["thousands"] = Guess(".", True, f"as in {bare[points].iloc[0]}")
    elif grouped.any():
        sure = bool((grouped & bare.str.contains(r",.*[.,]")).any())
        form["thousands"] = Guess(",", sure, f"as in {bare[grouped].iloc[0]}")
    elif points.any() and not bare.str.fullmatch(r"-?\d*\.(\d{1,2}|\d{4,})").any():
        form["thousands"] = Guess(".", False, f"as in {bare[points].iloc[0]}")
    return form
