"""Rows that are the sum of others: a total that an export put below its rows, or above them."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from helpers.study.findings import Findings
from helpers.study.intake import Typed
from helpers.study.sameness import folded

__all__ = ["warn_of_totals"]

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
PEOPLE = ("responses", "contacts")  # whose numbers are no amounts that anybody adds up
MOST = 500  # rows called totals that are compared with sums
FEWEST = 3  # other rows with a number, for a sum without a word to be none of chance


def warn_of_totals(typed: Typed, findings: Findings) -> None:
    """Warn of rows called a total or an average, or whose number is the sum of all others."""
    frame = typed.frame
    if typed.table.name not in TABLES or len(frame) < 2:
        return
    if _warn_of_averages(typed, findings) or typed.table.name in PEOPLE:
        return
    numbers = frame.select_dtypes("number")
    called = pd.Series(False, index=frame.index)
    subtotals = pd.Series(False, index=frame.index)
    for name in frame.columns:
        if pd.api.types.is_string_dtype(frame[name].dtype):
            distinct = {text: folded(text) for text in frame[name].dropna().unique()}
            whole = [text for text, plain in distinct.items() if TOTAL.fullmatch(plain)]
            part = [text for text, plain in distinct.items() if NAMED.fullmatch(plain)]
            called |= frame[name].isin(whole)
            subtotals |= frame[name].isin(part)
    sums = _sums(numbers, called, subtotals)
    key = typed.table.key[0] if typed.table.key else None
    in_key = called & _is_total(frame[key]) if key in frame else called
    found = (called & (sums.any(axis=1) | in_key)) | (subtotals & sums.any(axis=1))
    if found.any():
        _warn(typed, found, sums, findings)
    else:
        _warn_of_ends(typed, numbers, findings)


def _warn_of_averages(typed: Typed, findings: Findings) -> bool:
    """Rows whose key is "Average"; of people, "Total" as well."""
    keys = [name for name in typed.frame if str(name).endswith("_id")]
    people = typed.table.name in PEOPLE
    found = pd.Series(False, index=typed.frame.index)
    for name in keys:
        distinct = {text: folded(text) for text in typed.frame[name].dropna().unique()}
        odd = [
            t for t, p in distinct.items() if MEAN.fullmatch(p) or (people and TOTAL.fullmatch(p))
        ]
        found |= typed.frame[name].isin(odd)
    for place in np.flatnonzero(found.to_numpy()):
        file, row = typed.raw.where(int(place))
        problem = "seems to be a line of totals or averages below the rows"
        advice = f"It counts as {typed.table.row}: take it out if it is one."
        called = next(n for n in keys if not pd.isna(typed.frame[n].iloc[place]))
        value = str(typed.frame[called].iloc[place])
        findings.warn(file, problem, advice, row=row, column=called, found=value)
        return True
    return False


def _is_total(values: pd.Series) -> pd.Series:
    return values.map(lambda text: bool(TOTAL.fullmatch(folded(text))), na_action="ignore").eq(True)


def _sums(numbers: pd.DataFrame, called: pd.Series, subtotals: pd.Series) -> pd.DataFrame:
    """Which numbers of the rows called totals are sums: of all others, or since the last one."""
    marked = called | subtotals
    found = np.zeros(numbers.shape, dtype=bool)
    rows = numbers.where(~marked, 0.0).fillna(0.0)
    whole, running = rows.sum(), rows.cumsum()
    before = 0
    for place in map(int, np.flatnonzero(marked.to_numpy())[:MOST]):
        block = running.iloc[place] - (running.iloc[before - 1] if before else 0.0)
        for sums in (whole, block, running.iloc[place]):
            found[place] |= _equal(numbers.iloc[place], sums).to_numpy()
        before = place + 1
    return pd.DataFrame(found, index=numbers.index, columns=numbers.columns)


def _equal(number: pd.Series, sums: pd.Series) -> pd.Series:
    return number.notna() & (sums.abs() > 0) & ((number - sums).abs() <= 1e-6 * sums.abs() + 0.011)


def _warn_of_ends(typed: Typed, numbers: pd.DataFrame, findings: Findings) -> None:
    """A last or first row without such a word, all of whose amounts are sums of the others."""
    sums = numbers.fillna(0.0).sum()
    for place in (len(numbers) - 1, 0):
        row = numbers.iloc[place]
        there = row.notna() & (row != 0)
        equal = _equal(row, sums - row.fillna(0.0))
        others = (numbers.drop(numbers.index[place]).fillna(0.0) != 0).sum()
        if there.any() and (equal | ~there).all() and (others[there] >= FEWEST).all():
            found = pd.Series(False, index=numbers.index)
            found.iloc[place] = True
            marks = pd.DataFrame(False, index=numbers.index, columns=numbers.columns)
            marks.iloc[place] = equal
            _warn(typed, found, marks, findings)
            return


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
        problem += f"; so do rows {others}" + (" and more" if len(places) > 6 else "")
    advice = f"It counts as {typed.table.row}: take it out if it is a total."
    findings.warn(file, problem, advice, row=row)
