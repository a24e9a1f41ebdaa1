"""Rows that share a key: a fault that says what else differs, or settled as declared."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from helpers.study.config import Config
from helpers.study.findings import Findings
from helpers.study.intake import Typed
from helpers.study.sameness import told_apart
from helpers.study.values import as_text

__all__ = ["check_keys"]

SHOWN = 5
MILLION = 1_000_000


def check_keys(typed: Typed, config: Config, findings: Findings) -> Typed:
    """Rows that share a key are a fault, or settled as ``duplicates:`` declares."""
    if typed.table.name == "population":
        return _population(typed, config, findings)
    key = [name for name in typed.table.key if name in typed.frame]
    needed = [name for name in key if typed.table.column(name) is not None]
    if not key or set(needed) & set(typed.table.required) != set(typed.table.required) & set(
        typed.table.key
    ):
        return typed
    typed = _settled(typed, typed.frame[key], _as_sent(typed, key), config, findings)
    if typed.table.name == "responses" and {"contact_id", "wave"} <= set(typed.frame):
        twice = ["wave", "contact_id"]
        sent = _as_sent(typed, twice) & typed.frame[twice].notna().all(axis=1)
        typed = _settled(typed, typed.frame[twice], sent, config, findings)
        _check_without_wave(typed, ~sent, findings)
    return typed


def _population(typed: Typed, config: Config, findings: Findings) -> Typed:
    """Cells as they were sent: categories that ``collapse`` joins may well come twice."""
    names = [name for name in typed.raw.frame.columns if name != "size"]
    if not names or "size" not in typed.frame:
        return typed
    cells = {name: as_text(typed.raw.frame[name]).str.strip() for name in names}
    key = pd.DataFrame(cells).set_axis(typed.frame.index)
    typed = _settled(typed, key, key.notna().any(axis=1), config, findings)
    _check_every_wave(typed, findings)
    return typed


def _check_every_wave(typed: Typed, findings: Findings) -> None:
    """A cell without a wave holds for all of them, so that one of a wave would count beside it."""
    names = [name for name in typed.raw.frame.columns if name not in ("size", "wave")]
    if "wave" not in typed.frame or not names:
        return
    cells = pd.DataFrame({name: as_text(typed.raw.frame[name]).str.strip() for name in names})
    always = typed.frame["wave"].isna().to_numpy()
    twice = cells.duplicated(keep=False).to_numpy() & cells.notna().any(axis=1).to_numpy()
    for place in np.flatnonzero(always & twice):
        same = cells.eq(cells.iloc[place]) | (cells.isna() & cells.iloc[place].isna())
        others = np.flatnonzero(same.all(axis=1).to_numpy() & ~always)
        if not len(others):
            continue
        file, row = typed.raw.where(int(place))
        wave = typed.frame["wave"].iloc[others[0]]
        problem = (
            f"has no wave, so that it counts in all of them, and row "
            f"{typed.raw.where(int(others[0]))[1]} is the same cell in {wave}"
        )
        advice = "Give each row its wave, or leave one of the two out."
        found = " + ".join(str(cell) for cell in cells.iloc[place].dropna())
        findings.error(file, problem, advice, row=row, column=" + ".join(names), found=found)
        return


def _as_sent(typed: Typed, key: list[str]) -> pd.Series:
    """Rows whose key stands in the file: none of it unreadable, made up, or needed and empty."""
    frame, cells = typed.frame, typed.raw.frame
    told = {name: frame[name].notna().to_numpy() for name in key}
    sound = np.any(list(told.values()), axis=0)
    for name, there in told.items():
        written = cells[name].notna().to_numpy() if name in cells else np.zeros(len(frame), bool)
        sound &= there == written
        if name in typed.table.required:
            sound &= there
    return pd.Series(sound, index=frame.index)


def _check_without_wave(typed: Typed, unsure: pd.Series, findings: Findings) -> None:
    """Contacts with several answers whose wave was made up: waves, or repeated answers?"""
    contacts = typed.frame["contact_id"]
    repeated = (
        unsure & contacts.notna() & typed.frame.duplicated(["wave", "contact_id"], keep=False)
    )
    if not repeated.any():
        return
    position = int(np.flatnonzero(repeated)[0])
    file, row = typed.raw.where(position)
    people, rows = contacts[repeated].nunique(), int(repeated.sum())
    problem = f"is one of {people:,} contacts with several rows ({rows:,} in all) without a wave"
    if people == 1:
        problem = f"has {rows:,} rows without a wave"
    advice = "All are kept: send their wave, or leave out the answers that are repeated."
    findings.warn(
        file, problem, advice, row=row, column="contact_id", found=_text(contacts.iloc[position])
    )


def _settled(
    typed: Typed, key: pd.DataFrame, full: pd.Series, config: Config, findings: Findings
) -> Typed:
    """Only rows with ``full`` keys can repeat one another."""
    name = typed.table.name
    repeated = key.duplicated(keep=False) & full
    if not repeated.any():
        return typed
    policy = config.duplicates.get(name)
    if policy is None:
        _report_repeated(typed, key, repeated, findings)
        later = key.duplicated(keep="first") & full
        return _kept(typed, ~later)
    if policy == "sum":
        what = "rows added up to one an account and month, policy `sum`"
        findings.note(name, what, int(repeated.sum()))
        return _summed(typed, key, full)
    keep = {"first": "first", "last": "last"}.get(policy, False)
    drop = key.duplicated(keep=keep) & full  # type: ignore[arg-type]
    what = f"rows that repeat {' + '.join(map(str, key.columns))} dropped, policy `{policy}`"
    findings.note(name, what, int(drop.sum()))
    return _kept(typed, ~drop)


def _summed(typed: Typed, key: pd.DataFrame, full: pd.Series) -> Typed:
    """The first row of each key, with the sums of its amounts, exact to a millionth."""
    names = [c.name for c in typed.table.columns if c.kind == "number" and c.name in typed.frame]
    parts = (typed.frame[names] * MILLION).round().astype("Int64")
    groups = key.groupby(list(key.columns), dropna=False).ngroup().mask(~full, -1)
    sums = parts.groupby(groups).transform("sum", min_count=1)
    exact = sums.astype("Float64").astype(float) / MILLION
    alone = ~(key.duplicated(keep=False) & full)
    frame = typed.frame.assign(**{n: typed.frame[n].where(alone, exact[n]) for n in names})
    return _kept(replace(typed, frame=frame), ~(key.duplicated(keep="first") & full))


def _kept(typed: Typed, keep: pd.Series) -> Typed:
    frame = typed.frame[keep].reset_index(drop=True)
    return replace(typed, frame=frame, raw=typed.raw.select(keep.to_numpy()))


def _report_repeated(
    typed: Typed, key: pd.DataFrame, repeated: pd.Series, findings: Findings
) -> None:
    frame = key[repeated]
    first = frame.iloc[0]
    groups = frame.groupby(list(frame.columns), dropna=False, sort=False).ngroup()
    rows = np.flatnonzero(repeated.to_numpy())
    same = [int(row) for row in rows[(groups == groups.iloc[0]).to_numpy()]][:SHOWN]
    file, row = typed.raw.where(same[0])
    places = ", ".join(str(typed.raw.where(r)[1]) for r in same[1:])
    count = int(groups.nunique())
    more = f"; {count - 1:,} more like it" if count > 1 else ""
    found = " + ".join(_text(value) for value in first if not pd.isna(value))
    problem = f"is repeated in row {places}{more}"
    advice = _advice(typed, rows, groups.to_numpy())
    findings.error(file, problem, advice, row=row, column=" + ".join(key.columns), found=found)


def _advice(typed: Typed, rows: np.ndarray, groups: np.ndarray) -> str:
    """To keep the first is advised where rows are the same throughout; else what differs."""
    cells = typed.raw.frame.iloc[rows].reset_index(drop=True)
    differing = [
        (str(name), group)
        for name in cells.columns
        if (group := _first_differing(cells[name], groups)) is not None
    ]
    if not differing:
        line = f"`duplicates: {{{typed.table.name}: first}}` in client.yml"
        return f"The rows are the same throughout: keep one of each, or declare {line}."
    told = []
    for name, group in differing[:3]:
        texts = as_text(cells[name][groups == group]).fillna("").drop_duplicates()
        told.append(f"{name} ({' and '.join(_shown(text) for text in texts.head(2))})")
    others = f" and {len(differing) - 3} other columns" if len(differing) > 3 else ""
    return f"They differ in {', '.join(told)}{others}: keep the row that is right, or mend the key."


def _first_differing(column: pd.Series, groups: np.ndarray) -> int | None:
    texts = as_text(column).fillna("").groupby(groups)
    several = texts.nunique()
    several = several[several > 1]
    return int(several.index[0]) if len(several) else None


def _shown(text: str) -> str:
    return told_apart(text if len(text) <= 40 else text[:39] + "…") if text else "nothing"


def _text(value: object) -> str:
    return str(value.date()) if isinstance(value, pd.Timestamp) else str(value)
