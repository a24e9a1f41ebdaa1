"""A raw table into a typed one: renamed, checked against its declaration, counted."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from helpers.study.codebook import Codebook, Question
from helpers.study.columns import Column, Table
from helpers.study.config import EVERY, Config, Format
from helpers.study.findings import Findings
from helpers.study.garbled import warn_of_garbled
from helpers.study.group_names import trimmed, warn_alike
from helpers.study.id_digits import check_digits, unquoted_ids, warn_of_cut_rows
from helpers.study.id_zeros import zeros_declared
from helpers.study.label_checks import check_labels
from helpers.study.margin_units import in_money
from helpers.study.misfits import misfit_advice, report_misfits
from helpers.study.naming import ALIKE, check_columns, renamed
from helpers.study.nearest import advice_for, nearest
from helpers.study.needed_cells import check_filled, warn_of_empty_ids
from helpers.study.readers.raw import RawTable
from helpers.study.sheet_errors import check_errors
from helpers.study.spellings import respelled, translated, values_advice
from helpers.study.value_labels import labelled, marks_advice, moved_by_one, words_advice
from helpers.study.values import as_dates, as_numbers, as_periods, as_text, as_yes_no, is_number

__all__ = ["Typed", "take_in"]

COUNTED = ("days", "count")  # units of which there are never fewer than none
NO_ANSWER = {-1, -2, -7, -8, -9, -77, -88, -98, -99, 77, 88, 97, 98, 99, 777, 888, 998, 999}


@dataclass(frozen=True)
class Typed:
    """A typed table and the raw one behind it, row by row in the same order."""

    table: Table
    frame: pd.DataFrame
    raw: RawTable


def take_in(
    raw: RawTable, table: Table, codebook: Codebook, config: Config, findings: Findings
) -> Typed:
    """Give every column its declared type; what does not fit is reported, not dropped."""
    form = config.format(table.name)
    _check_second_header(raw, findings)
    raw = renamed(raw, table, form, findings)
    raw = unquoted_ids(raw, table, findings)
    raw = zeros_declared(raw, table, config, findings)
    warn_of_garbled(raw, table.name, form, findings)
    check_labels(raw, table, codebook, form, findings)
    raw = labelled(raw, table, codebook, form)
    raw = translated(raw, table, form, findings)
    raw = _without_blanks(raw, table, findings)
    raw = _without_missing_texts(raw, table, form, findings)
    raw = _without_empty_rows(raw, table, form, findings)
    check_columns(raw, table, codebook, findings)
    columns = {
        name: trimmed(
            _column(raw, name, table, codebook, form, findings), name, table, codebook, findings
        )
        for name in raw.frame.columns
    }
    frame = pd.DataFrame(columns, index=raw.frame.index)
    for column, groups in config.collapse.items():
        if column in frame:
            frame[column] = _collapsed(frame[column], groups, table, findings)
    warn_alike(frame, raw, table, codebook, config, findings)
    frame = in_money(frame, raw, table.name, form, findings)
    return Typed(table, frame, raw)


def _check_second_header(raw: RawTable, findings: Findings) -> None:
    """Names of the columns among the rows of a sheet: a second table begins there."""
    if not raw.stored_types or len(raw.frame.columns) < 2 or raw.frame.empty:
        return
    names = [str(name).strip() for name in raw.frame.columns]
    first = as_text(raw.frame.iloc[:, 0])
    for place in np.flatnonzero(first.str.strip().eq(names[0])):
        cells = [str(cell).strip() for cell in raw.frame.iloc[int(place)]]
        if cells == names:
            file, row = raw.where(int(place))
            advice = "Keep one table to a sheet, or take out the rows between the two tables."
            findings.error(file, "repeats the header: another table begins", advice, row=row)
            return


def _without_blanks(raw: RawTable, table: Table, findings: Findings) -> RawTable:
    """Texts without a letter are empty cells, whatever the file's kind: an id of none is nobody's.

    Those of spaces are counted; that of no letter at all is how some files write an empty cell.
    """
    frame = raw.frame.copy(deep=False)
    for name, cells in raw.frame.items():
        if pd.api.types.is_numeric_dtype(cells.dtype) or cells.dtype.kind in "Mm":
            continue
        mixed = cells.dtype == object
        texts = cells.where(cells.map(lambda c: isinstance(c, str))) if mixed else cells
        blank = texts.astype("str").str.strip().eq("")
        if blank.any():
            frame[name] = cells.mask(blank, None)
            spaces = int((blank & texts.ne("")).sum())
            findings.note(table.name, f"{name}: cells of spaces alone read as empty", spaces)
    return replace(raw, frame=frame)


def _without_missing_texts(
    raw: RawTable, table: Table, form: Format, findings: Findings
) -> RawTable:
    if not form.missing:
        return raw
    frame = raw.frame.copy()
    _check_missing_names(raw, table, form, findings)
    for name in frame.columns:
        column = table.column(name)
        spared = column is not None and column.kind == "id"  # but where it is named itself
        texts = form.missing.get(name, ()) if spared else form.missing_in(name)
        if not texts:
            continue
        gone = as_text(frame[name]).str.strip().isin([text.strip() for text in texts])
        if gone.any():
            frame[name] = frame[name].mask(gone, None)
            findings.note(table.name, f"{name}: declared texts read as missing", int(gone.sum()))
    return replace(raw, frame=frame)


def _check_missing_names(raw: RawTable, table: Table, form: Format, findings: Findings) -> None:
    """Columns under ``missing`` that the table does not have."""
    there = [str(name) for name in raw.frame.columns]
    for name in form.missing:
        if name in (EVERY, *there):
            continue
        column = f"formats.{table.name}.missing.{name}"
        problem = f"is not a column of {raw.file}"
        findings.error("client.yml", problem, advice_for(name, there), column=column, found=name)


def _column(
    raw: RawTable,
    name: str,
    table: Table,
    codebook: Codebook,
    form: Format,
    findings: Findings,
) -> pd.Series:
    cells = raw.frame[name]
    question = codebook.get(name) if table.name in ("responses", "accounts") else None
    if table.name == "accounts" and question is not None and not question.measured:
        question = None  # of a company, only what was recorded
    declared = table.column(name)
    scaled = question is not None and question.numeric
    if not scaled and (declared is None or declared.kind in ("id", "text")):
        check_errors(raw, name, table.name, form, findings)
    if question is not None and declared is None:
        if question.measured:
            return _recorded(raw, question, table.name, form, findings)
        return _answers(raw, question, form, findings)
    if declared is None:
        return as_text(cells)
    if declared.kind == "id":
        if name.endswith("_id"):
            check_digits(raw, name, findings)
            warn_of_cut_rows(raw, name, findings)
        _check_stored_ids(raw, name, declared, findings)
        warn_of_empty_ids(cells, raw, declared, findings)
        return as_text(cells)
    if declared.kind == "text":
        return _texts(as_text(cells), raw, declared, table, findings)
    return _measured(cells, raw, name, declared, table, form, findings)


def _measured(
    cells: pd.Series,
    raw: RawTable,
    name: str,
    declared: Column,
    table: Table,
    form: Format,
    findings: Findings,
) -> pd.Series:
    if declared.kind == "yes_no":
        values, misfits = as_yes_no(cells)
    elif declared.kind == "date":
        values, misfits = as_dates(cells, form)
    elif declared.kind == "period":
        values, misfits, moved = as_periods(cells, form)
        findings.note(table.name, f"{name}: days moved to the first of their month", moved)
    else:
        values, misfits = as_numbers(cells, form, share=declared.is_share)
    if misfits.any():
        others = _others(raw, name, table)
        advice = misfit_advice(
            cells, declared.kind, table.name, form, others, share=declared.is_share
        )
        if table.name == "action_effects" and "percent: true" in advice:
            advice = "It is in points of the driver's scale: 5 per cent of 0 to 10 are 0.5."
        if declared.kind == "yes_no":
            advice += " " + values_advice(table.name, declared, cells[misfits])
        report_misfits(raw, misfits, name, declared.kind, advice, findings)
    if declared.kind == "number":
        _check_range(values, raw, name, declared, findings)
    if declared.required:
        check_filled(cells, raw, name, table, findings)
    return values


def _others(raw: RawTable, name: str, table: Table) -> list[tuple[pd.Series, str]]:
    """The other columns of the file that one declaration of how it is written holds for."""
    kinds = {other: table.column(other) for other in raw.frame.columns if other != name}
    return [(raw.frame[other], found.kind) for other, found in kinds.items() if found is not None]


def _without_empty_rows(raw: RawTable, table: Table, form: Format, findings: Findings) -> RawTable:
    needed = [name for name in table.required if name in raw.frame]
    if not form.drop_missing or not needed:
        return raw
    empty = raw.frame[needed].isna()
    names = ", ".join(name for name in needed if empty[name].any())
    gone = empty.any(axis=1).to_numpy()
    findings.note(table.name, f"rows without {names} dropped, as declared", int(gone.sum()))
    return raw.select(~gone) if gone.any() else raw


def _check_range(
    values: pd.Series, raw: RawTable, name: str, declared: Column, findings: Findings
) -> None:
    low = -np.inf if declared.low is None else declared.low
    high = np.inf if declared.high is None else declared.high
    outside = values.notna() & ~values.between(low, high)
    if outside.any():
        ends = f"from {low:g} to {high:g}" if np.isfinite(high) else f"at least {low:g}"
        advice = "Correct them."
        if declared.is_share:
            advice = "It is a share: write 30 per cent as 0.3."
        report_misfits(raw, outside, name, ends, advice, findings)


def _check_stored_ids(raw: RawTable, name: str, declared: Column, findings: Findings) -> None:
    if not raw.stored_types or not name.endswith("_id") or not _numeric(raw, name):
        return
    if raw.file.endswith(".sql"):
        advice = f"Read it as text in the query: types={{'{name}': 'VARCHAR'}} or all_varchar."
        findings.error(raw.file, "is a number: leading zeros are lost", advice, column=name)
    elif declared.required:
        advice = "Store it as text if its leading zeros matter."
        findings.warn(raw.file, "was stored as a number", advice, column=name)


def _numeric(raw: RawTable, name: str) -> bool:
    """Whether ids were stored as numbers; with gaps, whole numbers are objects."""
    cells = raw.frame[name]
    if raw.file.endswith((".sql", ".parquet")) and cells.dtype == object:
        return pd.api.types.infer_dtype(cells, skipna=True) in ("integer", "decimal")
    return pd.api.types.is_numeric_dtype(cells.dtype)


def _texts(
    values: pd.Series, raw: RawTable, declared: Column, table: Table, findings: Findings
) -> pd.Series:
    if declared.required:
        check_filled(values, raw, declared.name, table, findings)
    if declared.values:
        values = respelled(values, declared, table, findings)
        odd = values.notna() & ~values.isin(declared.values)
        if odd.any():
            meant = nearest(str(values[odd].iloc[0]), declared.values, likeness=ALIKE)
            advice = f"Did you mean {meant}? " if meant else ""
            advice += f"Use one of: {', '.join(declared.values)}. "
            advice += values_advice(table.name, declared, values[odd])
            report_misfits(raw, odd, declared.name, "one of the known values", advice, findings)
    return values


def _answers(raw: RawTable, question: Question, form: Format, findings: Findings) -> pd.Series:
    name, cells = question.variable, raw.frame[question.variable]
    if not question.scaled:
        _check_groups(raw, question, form, findings)
        return _coded_missing(as_text(cells), None, question, findings)
    values, misfits = as_numbers(cells, form)
    if misfits.any():
        misfits &= ~as_text(cells).isin(question.missing_codes)  # counted with the codes
    if misfits.any():
        unread = cells.mask(as_text(cells).isin(question.missing_codes), None)
        advice = (
            marks_advice(unread, question, form)
            or words_advice(unread, question)
            or misfit_advice(unread, "answer", "responses", form, ends=_ends(question))
        )
        report_misfits(raw, misfits, name, "number", advice, findings)
    if question.missing_codes:
        values = _coded_missing(as_text(cells), values, question, findings)
    outside = (values < question.low) | (values > question.high)
    if outside.any():
        _report_outside(raw, outside, values, question, findings)
    return values


def _ends(question: Question) -> tuple[float, float] | None:
    """The lowest and the highest answer, where the codebook gives both."""
    low, high = question.low, question.high
    return None if low is None or high is None else (low, high)


def _recorded(
    raw: RawTable, question: Question, table: str, form: Format, findings: Findings
) -> pd.Series:
    """The values of a metric, in the declared way of writing numbers."""
    cells = raw.frame[question.variable]
    values, misfits = as_numbers(cells, form)
    misfits &= ~as_text(cells).isin(question.missing_codes)
    if misfits.any():
        unread = cells.mask(as_text(cells).isin(question.missing_codes), None)
        advice = misfit_advice(unread, "number", table, form)
        report_misfits(raw, misfits, question.variable, "number", advice, findings)
    values = _coded_missing(as_text(cells), values, question, findings, table)
    low = 0.0 if question.low is None and question.unit in COUNTED else question.low
    under, over = values < (-np.inf if low is None else low), values > (question.high or np.inf)
    for rows, what in ((under, f"{low or 0:g} or more"), (over, f"{question.high or 0:g} or less")):
        if rows.any():
            code = f"{values[rows].iloc[0]:g}"
            advice = f"Correct it; if it means no value, declare {code} under missing_codes."
            report_misfits(raw, rows, question.variable, what, advice, findings)
    return values


def _check_groups(raw: RawTable, question: Question, form: Format, findings: Findings) -> None:
    """Codes of groups that lie outside the ends that the codebook gives them."""
    if question.low is None or question.high is None:
        return
    values, _ = as_numbers(raw.frame[question.variable], form)
    values = _coded_missing(as_text(raw.frame[question.variable]), values, question, Findings())
    outside = (values < question.low) | (values > question.high)
    if outside.any():
        _report_outside(raw, outside, values, question, findings)


def _coded_missing(
    texts: pd.Series,
    values: pd.Series | None,
    question: Question,
    findings: Findings,
    table: str = "responses",
) -> pd.Series:
    target = texts if values is None else values
    for code in question.missing_codes:
        gone = texts.eq(code).fillna(False).astype(bool)
        if values is not None and is_number(code):
            gone |= values.eq(float(code))
        if gone.any():
            what = f"{question.variable} = {code} read as missing"
            findings.note(table, what, int(gone.sum()))
            target = target.mask(gone)
    return target


def _report_outside(
    raw: RawTable,
    outside: pd.Series,
    values: pd.Series,
    question: Question,
    findings: Findings,
) -> None:
    """Codes that look like "no answer" and plain mistakes are two faults, not one."""
    ends = f"between {question.low:g} and {question.high:g}"
    found = values[outside].unique()
    if (question.low, question.high) == (0, 10) and set(found) == {11} and values.min() >= 1:
        advice = "The scale seems recorded as 1 to 11: take 1 away, or declare 11 as missing. "
        advice += f"To take it away, declare {moved_by_one(question)}."
        report_misfits(raw, outside, question.variable, ends, advice, findings)
        return
    codes = sorted(v for v in found if v in NO_ANSWER or v in ((question.high or 0) + 1, 0))
    coded = outside & values.isin(codes)
    told = ";".join(f"{code:g}" for code in codes)
    advice = f"If it means no answer, declare {told} under missing_codes in codebook.csv."
    for rows, what in ((coded, advice), (outside & ~coded, "Correct or recode the answers.")):
        if rows.any():
            report_misfits(raw, rows, question.variable, ends, what, findings)


def _collapsed(values: pd.Series, groups: object, table: Table, findings: Findings) -> pd.Series:
    pairs = groups.items() if hasattr(groups, "items") else ()
    names = {old: new for new, olds in pairs for old in olds}
    moved = values.isin(list(names))
    findings.note(table.name, f"{values.name}: categories joined as declared", int(moved.sum()))
    return values.replace(names)
