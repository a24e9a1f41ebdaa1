"""Rows that somebody wrote to try the survey or the system out, left in an export."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import compress

import numpy as np
import pandas as pd

from helpers.study.codebook import Codebook
from helpers.study.config import Config
from helpers.study.findings import Findings
from helpers.study.intake import Typed
from helpers.study.trials import as_line
from helpers.study.tryout_words import by_column

__all__ = ["without_tests"]

LISTS = ("accounts", "contacts")  # what is a test there makes one of all that names it
COMMENT = {"comments": ("text",)}
FEW, FEW_OF = 2, 0.2  # rows of a column: where more are called so, it is how they are called
SHOWN = 5
HURRIED = 10.0  # seconds, too few for anybody to read
TYPICAL = 60.0  # seconds, of half of the others: else it may be in minutes
OF_TYPICAL = 0.1  # and of what it took half of the others
FEWEST_ANSWERS = 5  # given in that time


def without_tests(
    tables: dict[str, Typed], codebook: Codebook, config: Config, findings: Findings
) -> None:
    """Warn of rows that seem to be tests, or leave them out where ``tests: drop`` says so."""
    tests: dict[str, set[str]] = {}
    for name in dict.fromkeys((*(n for n in LISTS if n in tables), *tables)):
        if config.format(name).tests == "keep":
            continue
        found = _found(tables[name], codebook, tests)
        rows = found.any(axis=1).to_numpy(dtype=bool)
        if not rows.any():
            continue
        if name in LISTS:
            key = tables[name].frame[tables[name].table.key[0]]
            tests[str(key.name)] = {str(one) for one in key[rows].dropna()}
        if config.format(name).tests == "drop":
            findings.note(name, "rows of tests dropped, as declared", int(rows.sum()))
            tables[name] = _without(tables[name], rows)
        else:
            _warn(tables[name], found, findings)


def _without(typed: Typed, rows: np.ndarray) -> Typed:
    frame = typed.frame[~rows].reset_index(drop=True)
    return replace(typed, frame=frame, raw=typed.raw.select(~rows))


def _found(typed: Typed, codebook: Codebook, tests: Mapping[str, set[str]]) -> pd.DataFrame:
    """For each row which of its cells seem to be of a test."""
    frame = typed.frame
    if not len(frame):
        return pd.DataFrame(index=frame.index)
    written = list(COMMENT.get(typed.table.name, ()))
    if typed.table.name == "responses":
        written += [q.variable for q in codebook.of("comment")]
    found = by_column(frame, typed.table.name, written)
    found = {name: rows for name, rows in found.items() if _few(rows, frame[name])}
    for name, ids in tests.items():
        if name in frame and name != (typed.table.key or ("",))[0]:
            found[name] = found.get(name, False) | frame[name].isin(ids)
    if typed.table.name == "responses" and (hurried := _hurried(frame, codebook)) is not None:
        found["duration_s"] = hurried
    return pd.DataFrame(found, index=frame.index)


def _few(rows: pd.Series, values: pd.Series) -> bool:
    return bool(rows.sum() <= max(FEW, FEW_OF * values.notna().sum()))


def _hurried(frame: pd.DataFrame, codebook: Codebook) -> pd.Series | None:
    """Questions that were all answered within seconds, as by whoever clicks a preview through."""
    asked = [q.variable for q in codebook.questions if q.scaled and q.variable in frame]
    if "duration_s" not in frame or frame["duration_s"].dtype.kind not in "fi":
        return None
    taken = frame["duration_s"]
    if not taken.median() >= TYPICAL:
        return None
    most = min(HURRIED, OF_TYPICAL * float(taken.median()))
    hurried = taken.between(0, most) & (frame[asked].notna().sum(axis=1) >= FEWEST_ANSWERS)
    return hurried if _few(hurried, taken) else None


def _warn(typed: Typed, found: pd.DataFrame, findings: Findings) -> None:
    places = np.flatnonzero(found.any(axis=1).to_numpy(dtype=bool))
    file, row = typed.raw.where(int(places[0]))
    column, cell = _cell(typed, found, int(places[0]))
    others = [
        f"{typed.raw.where(int(place))[1]} ({' '.join(_cell(typed, found, int(place)))})"
        for place in places[1:SHOWN]
    ]
    problem = "seems to be of a test"
    if others:
        problem += f"; so do row{'s' if len(others) > 1 else ''} {', '.join(others)}"
        problem += f" and {len(places) - SHOWN:,} more" if len(places) > SHOWN else ""
    line = as_line(typed.table.name, {"tests": "drop"})
    row_is = typed.table.row.split(" (")[0]
    advice = f"Each counts as {row_is}. If nobody stands behind them, declare {line}, and "
    advice += "such rows are left out, counted; if they are genuine, `tests: keep` there."
    findings.warn(file, problem, advice, row=row, column=column, found=cell)


def _cell(typed: Typed, found: pd.DataFrame, place: int) -> tuple[str, str]:
    """The first cell of a row that tells, by its column."""
    column = next(compress(map(str, found), found.iloc[place]))
    value = typed.frame[column].iloc[place]
    told = f"{value:g}" if isinstance(value, float) else " ".join(str(value).split())
    return column, told if len(told) <= 40 else told[:39] + "…"
