"""Rows that are the sum of others: a total that an export put below its rows, or above them."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.study.codebook import Codebook
from helpers.study.columns import Table
from helpers.study.config import Config, Format
from helpers.study.findings import Findings
from helpers.study.intake import Typed, take_in
from helpers.study.readers.raw import RawTable
from helpers.study.sameness import folded
from helpers.study.signs import holding
from helpers.study.trials import as_line

__all__ = ["take_in_records", "total_rows", "warn_of_totals"]

TABLES = ("accounts", "financials", "population", "contracts", "opportunities", "holdings",
          "responses", "contacts")  # fmt: skip
WORD = (
    r"(?:sub|zwischen|sous|grand|gesamt|general|overall)?[ -]?"
    r"(?:total(?:s|e|en|es|général|general)?|totaal|gesamt(?:summe|ergebnis|betrag)?|summe|sum"
    r"|insgesamt|somme|suma|soma|somma|итого|всего|合计|合計|总计|總計|小计|razem|yhteensä|toplam)"
)
AVERAGE = (
    r"(?:average|avg|mean|median|durchschnitt|mittel(?:wert)?|moyenne|media|média|promedio|"
    r"gemiddelde?|genomsnitt|gennemsnit|średnia|среднее|平均|ø)\.?"
)
TOTAL = re.compile(rf"(?:{WORD})(?: (?:général|general|generale|geral))?:?")
MEAN = re.compile(rf"(?:(?:grand|overall|gesamt)?[ -]?{AVERAGE})(?: (?:score|value|wert))?:?")
NAMED = re.compile(rf"(?:{WORD}:? .+|.+ {WORD})")  # a subtotal: of something
STEM = (  # one of these is part of every such word, or a letter that is not of ASCII
    "(?i:tot|sum|som|gesamt|razem|toplam|avg|average|mean|median|durchschnitt|mittel|moyenne"
    "|media|promedio|gemiddeld|genomsnitt|gennemsnit)|[^\x00-\x7f]"
)
PEOPLE = ("responses", "contacts")  # whose numbers are no amounts that anybody adds up
MOST = 500  # rows called totals that are compared with sums
FEWEST = 3  # other rows with a number, for a sum without a word to be none of chance


def take_in_records(
    raw: RawTable, table: Table, codebook: Codebook, config: Config, findings: Findings
) -> Typed:
    """Take a table in; without its rows of totals, counted, where ``totals: drop`` says so.

    They go before anything is checked: what a line of totals holds in a column of months or
    of ids is no fault of the client's.
    """
    if config.format(table.name).totals == "drop":
        first = take_in(raw, table, codebook, config, Findings())
        gone = _same_records(raw, first.raw.select(total_rows(first).to_numpy()))
        findings.note(table.name, "rows of totals dropped, as declared", int(gone.sum()))
        raw = raw.select(~gone) if gone.any() else raw
    return take_in(raw, table, codebook, config, findings)


def _same_records(raw: RawTable, some: RawTable) -> np.ndarray:
    """Which records of a table are among ``some`` of it."""
    files, records = raw.file_of.astype(np.int64), raw.record.astype(np.int64)
    wanted = some.file_of.astype(np.int64) << 40 | some.record.astype(np.int64)
    return np.isin(files << 40 | records, wanted)


def total_rows(typed: Typed) -> pd.Series:
    """Rows that are totals or averages, and those that are when these are gone."""
    found = _found(typed)[0] if _may_hold(typed) else pd.Series(False, index=typed.frame.index)
    while found.any():
        left = replace(typed, frame=typed.frame[~found])
        more = _found(left)[0] if _may_hold(left) else found & False
        if not more.any():
            break
        found |= more.reindex(found.index, fill_value=False)
    return found


def _may_hold(typed: Typed) -> bool:
    return typed.table.name in TABLES and len(typed.frame) > 1


def warn_of_totals(typed: Typed, form: Format, findings: Findings) -> None:
    """Warn of rows called a total or an average, or whose number is the sum of all others."""
    if not _may_hold(typed) or form.totals == "keep":
        return
    averages = _averages(typed)
    if averages.any():
        _warn_of_averages(typed, averages, findings)
        return
    found = total_rows(typed)
    if found.any():
        _warn(typed, found, _found(typed)[1], findings)


def _found(typed: Typed) -> tuple[pd.Series, pd.DataFrame]:
    """The rows that seem to be totals, and which of their numbers are sums."""
    frame, averages = typed.frame, _averages(typed)
    numbers = frame.select_dtypes("number")
    if averages.any():
        return averages, numbers.isna() & False
    called = pd.Series(False, index=frame.index)
    subtotals = pd.Series(False, index=frame.index)
    for name in frame.columns:
        if pd.api.types.is_string_dtype(frame[name].dtype) and (distinct := _likely(frame[name])):
            whole = [text for text, plain in distinct.items() if TOTAL.fullmatch(plain)]
            part = [text for text, plain in distinct.items() if NAMED.fullmatch(plain)]
            called |= frame[name].isin(whole)
            subtotals |= frame[name].isin(part)
    if typed.table.name in PEOPLE and not called.any():
        return called, numbers.iloc[:0].isna()
    sums = _sums(numbers, called, subtotals)
    key = typed.table.key[0] if typed.table.key else None
    in_key = called.copy()
    if key in frame and called.any():
        in_key[called] = _is_total(frame.loc[called, key])
    if typed.table.name in PEOPLE:  # whose answers nobody adds up, but a line called so
        return called & sums.any(axis=1), sums
    found = (called & (sums.any(axis=1) | in_key)) | (subtotals & sums.any(axis=1))
    return (found, sums) if found.any() else _at_the_ends(numbers)


def _averages(typed: Typed) -> pd.Series:
    """Rows whose key is "Average"; of people, "Total" as well."""
    people = typed.table.name in PEOPLE
    found = pd.Series(False, index=typed.frame.index)
    for name in _ids(typed):
        distinct = _likely(typed.frame[name])
        odd = [
            t for t, p in distinct.items() if MEAN.fullmatch(p) or (people and TOTAL.fullmatch(p))
        ]
        if odd:
            found |= typed.frame[name].isin(odd)
    return found


def _likely(cells: pd.Series) -> dict[str, str]:
    """Distinct texts that may be a word for a total or an average, each with its plain form."""
    likely = holding(cells, STEM)
    return {text: folded(text) for text in cells[likely].unique()} if likely.any() else {}


def _ids(typed: Typed) -> list[str]:
    return [str(name) for name in typed.frame if str(name).endswith("_id")]


def _warn_of_averages(typed: Typed, rows: pd.Series, findings: Findings) -> None:
    place = int(np.flatnonzero(rows.to_numpy())[0])
    file, row = typed.raw.where(place)
    called = next(n for n in _ids(typed) if not pd.isna(typed.frame[n].iloc[place]))
    findings.warn(
        file,
        "seems to be a line of totals or averages below the rows",
        _advice(typed),
        row=row,
        column=called,
        found=str(typed.frame[called].iloc[place]),
    )


def _is_total(values: pd.Series) -> pd.Series:
    return values.map(lambda text: bool(TOTAL.fullmatch(folded(text))), na_action="ignore").eq(True)


def _sums(numbers: pd.DataFrame, called: pd.Series, subtotals: pd.Series) -> pd.DataFrame:
    """Which numbers of the rows called totals are sums: of all others, or since the last one."""
    marked = called | subtotals
    found = np.zeros(numbers.shape, dtype=bool)
    if not marked.any():
        return pd.DataFrame(found, index=numbers.index, columns=numbers.columns)
    rows = numbers.where(~marked, 0.0).fillna(0.0)
    whole, running = rows.sum(), rows.cumsum()
    before = 0
    for place in map(int, np.flatnonzero(marked.to_numpy())[:MOST]):
        block = running.iloc[place] - (running.iloc[before - 1] if before else 0.0)
        for sums in (whole, block, running.iloc[place]):
            found[place] |= _equal(_floats(numbers.iloc[place]), _floats(sums))
        before = place + 1
    return pd.DataFrame(found, index=numbers.index, columns=numbers.columns)


def _equal(number: NDArray[np.float64], sums: NDArray[np.float64]) -> NDArray[np.bool_]:
    near = np.abs(number - sums) <= 1e-6 * np.abs(sums) + 0.011
    return np.asarray(~np.isnan(number) & (np.abs(sums) > 0) & near)


def _floats(numbers: pd.DataFrame | pd.Series) -> NDArray[np.float64]:
    return numbers.to_numpy(dtype=float, na_value=np.nan)


def _at_the_ends(numbers: pd.DataFrame) -> tuple[pd.Series, pd.DataFrame]:
    """A last or first row without such a word, all of whose amounts are sums of the others."""
    found = pd.Series(False, index=numbers.index)
    marks = pd.DataFrame(False, index=numbers.index, columns=numbers.columns)
    values, filled = _floats(numbers), _floats(numbers.fillna(0.0))
    sums, often = _floats(numbers.fillna(0.0).sum()), (filled != 0).sum(axis=0)
    for place in (len(numbers) - 1, 0):
        there = filled[place] != 0
        equal = _equal(values[place], sums - filled[place])
        if there.any() and equal[there].all() and (often[there] > FEWEST).all():
            found.iloc[place] = True
            marks.iloc[place] = equal
            break
    return found, marks


def _warn(typed: Typed, rows: pd.Series, sums: pd.DataFrame, findings: Findings) -> None:
    places = np.flatnonzero(rows.to_numpy())
    file, row = typed.raw.where(int(places[0]))
    columns = [str(name) for name in sums.columns if sums[name].iloc[places[0]]]
    others = ", ".join(str(typed.raw.where(int(place))[1]) for place in places[1:6])
    problem = "seems to be a total"
    if columns:
        value = typed.frame[columns[0]].iloc[places[0]]
        problem += f": its {columns[0]} ({value:.10g}) is the sum of other rows"
    if others:
        problem += f"; so do rows {others}" + (
            f" and {len(places) - 6:,} more" if len(places) > 6 else ""
        )
    findings.warn(file, problem, _advice(typed), row=row)


def _advice(typed: Typed) -> str:
    return (
        f"It counts as {typed.table.row}. If it is a total, declare "
        f"{as_line(typed.table.name, {'totals': 'drop'})}, and such rows are left out, counted; "
        "if not, `totals: keep` there."
    )
