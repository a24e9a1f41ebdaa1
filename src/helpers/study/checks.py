"""Faults that show only across rows or tables: keys, dates, waves, money."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from helpers.study.config import Config
from helpers.study.findings import Findings
from helpers.study.intake import Typed

__all__ = ["check_keys", "check_links", "check_money", "check_order"]

SHOWN = 5
PARENTS = {
    "account_id": "accounts",
    "contact_id": "contacts",
    "response_id": "responses",
    "product_id": "products",
    "action_id": "actions",
}


def check_keys(typed: Typed, config: Config, findings: Findings) -> Typed:
    """Rows that share a key are a fault, or settled as ``duplicates:`` declares."""
    key = [name for name in typed.table.key if name in typed.frame]
    needed = [name for name in key if typed.table.column(name) is not None]
    if not key or set(needed) & set(typed.table.required) != set(typed.table.required) & set(
        typed.table.key
    ):
        return typed
    typed = _settled(typed, key, _as_sent(typed, key), config, findings)
    if typed.table.name == "responses" and {"contact_id", "wave"} <= set(typed.frame):
        twice = ["wave", "contact_id"]
        sent = _as_sent(typed, twice) & typed.frame[twice].notna().all(axis=1)
        typed = _settled(typed, twice, sent, config, findings)
        _check_without_wave(typed, ~sent, findings)
    return typed


def _as_sent(typed: Typed, key: list[str]) -> pd.Series:
    """Rows whose key stands in the file: none of it unreadable, made up, or needed and empty."""
    frame, cells = typed.frame[key], typed.raw.frame
    sound = frame.notna().any(axis=1)
    for name in key:
        there = frame[name].notna().to_numpy()
        written = cells[name].notna().to_numpy() if name in cells else np.zeros(len(frame), bool)
        sound &= there == written
        if name in typed.table.required:
            sound &= there
    return sound


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
    typed: Typed, key: list[str], full: pd.Series, config: Config, findings: Findings
) -> Typed:
    name, frame = typed.table.name, typed.frame
    repeated = frame.duplicated(key, keep=False) & full
    if not repeated.any():
        return typed
    policy = config.duplicates.get(name)
    if policy is None:
        _report_repeated(typed, key, repeated, findings)
        later = frame.duplicated(key, keep="first") & full
        return _kept(typed, ~later)
    keep = {"first": "first", "last": "last"}.get(policy, False)
    drop = frame.duplicated(key, keep=keep) & full  # type: ignore[arg-type]
    what = f"rows that repeat {' + '.join(key)} dropped, policy `{policy}`"
    findings.note(name, what, int(drop.sum()))
    return _kept(typed, ~drop)


def _kept(typed: Typed, keep: pd.Series) -> Typed:
    frame = typed.frame[keep].reset_index(drop=True)
    return replace(typed, frame=frame, raw=typed.raw.select(keep.to_numpy()))


def _report_repeated(typed: Typed, key: list[str], repeated: pd.Series, findings: Findings) -> None:
    frame = typed.frame.loc[repeated, key]
    first = frame.iloc[0]
    rows = [int(row) for row in np.flatnonzero(repeated.to_numpy())]
    same = [r for r in rows if typed.frame.loc[r, key].equals(first)][:SHOWN]
    file, row = typed.raw.where(same[0])
    places = ", ".join(str(typed.raw.where(r)[1]) for r in same[1:])
    groups = len(frame.drop_duplicates())
    more = f"; {groups - 1:,} more like it" if groups > 1 else ""
    found = " + ".join(_text(value) for value in first)
    problem = f"is repeated in row {places}{more}"
    advice = (
        f"Keep one row each, or declare `duplicates: {{{typed.table.name}: first}}` "
        "(or last, or drop) in client.yml."
    )
    findings.error(file, problem, advice, row=row, column=" + ".join(key), found=found)


def _text(value: object) -> str:
    return str(value.date()) if isinstance(value, pd.Timestamp) else str(value)


def check_links(tables: Mapping[str, Typed], findings: Findings) -> None:
    """Ids that lead nowhere: listed, and an error where a near match shows a typing fault."""
    for name, typed in tables.items():
        for column, parent in PARENTS.items():
            if parent in tables and parent != name and column in typed.frame:
                _check_link(typed, tables[parent], column, findings)
    for name in ("accounts", "contacts"):
        if name in tables:
            _check_alike(tables[name], findings)
    _check_silent_accounts(tables, findings)


def _check_link(child: Typed, parent: Typed, column: str, findings: Findings) -> None:
    if column not in parent.frame:
        return
    known = set(parent.frame[column].dropna())
    ids = child.frame[column]
    orphan = ids.notna() & ~ids.isin(known)
    orphan &= ~ids.isin(_ids_lost(parent))
    if not orphan.any():
        return
    plain = {_plain(other): other for other in known}
    meant = ids[orphan].map(lambda value: plain.get(_plain(str(value))))
    near = meant.dropna()
    list_name = parent.raw.file
    if len(near):
        position = int(near.index[0])
        file, row = child.raw.where(position)
        more = f", and {len(near) - 1:,} more like it" if len(near) > 1 else ""
        problem = f"is not in {list_name}, which has {near.iloc[0]!r}{more}"
        advice = f"Write it as in {list_name}; keep ids as text so that zeros stay."
        findings.error(file, problem, advice, row=row, column=column, found=ids[position])
    unknown = ids[orphan].drop(index=near.index)
    if len(unknown):
        _report_unknown(child, unknown, column, list_name, findings)


def _report_unknown(
    child: Typed, unknown: pd.Series, column: str, list_name: str, findings: Findings
) -> None:
    shown = ", ".join(repr(v) for v in unknown.drop_duplicates().head(SHOWN))
    file, row = child.raw.where(int(unknown.index[0]))
    problem = f"has {len(unknown):,} rows with ids that are not in {list_name}: {shown}"
    findings.warn(file, problem, "They are kept; add them to the list.", row=row, column=column)


def _ids_lost(parent: Typed) -> set[str]:
    """Ids that may stand in records that could not be read: no second fault for those."""
    return {cell.strip('" ') for line in parent.raw.lost for cell in line.split(",")}


def _plain(text: str) -> str:
    squeezed = "".join(text.casefold().split())
    return squeezed.lstrip("0") or "0"


def _check_alike(typed: Typed, findings: Findings) -> None:
    key = typed.table.key[0]
    if key not in typed.frame:
        return
    ids = typed.frame[key].dropna().drop_duplicates()
    plain = ids.map(_plain)
    alike = plain.duplicated(keep=False)
    if alike.any():
        first = ids[plain == plain[alike].iloc[0]].head(2).to_list()
        problem = f"has {int(alike.sum())} ids that differ only in case, spaces or leading zeros"
        problem += f", as {first[0]!r} and {first[1]!r}"
        findings.warn(typed.raw.file, problem, "Check that they are different.", column=key)


def _check_silent_accounts(tables: Mapping[str, Typed], findings: Findings) -> None:
    if not {"accounts", "responses"} <= set(tables):
        return
    accounts, responses = tables["accounts"].frame, tables["responses"].frame
    if "account_id" not in responses or "account_id" not in accounts:
        return
    silent = ~accounts["account_id"].isin(responses["account_id"])
    findings.note("accounts", "accounts without a response in any wave", int(silent.sum()))


def check_order(typed: Typed, config: Config, findings: Findings) -> None:
    """Dates that end before they start, or lie after ``as_of``."""
    for start, end in typed.table.order:
        if not {start, end} <= set(typed.frame):
            continue
        wrong = typed.frame[end] < typed.frame[start]
        if wrong.any():
            position = int(np.flatnonzero(wrong)[0])
            file, row = typed.raw.where(position)
            first = _text(typed.frame[start].iloc[position])
            more = f", and {int(wrong.sum()) - 1:,} more" if wrong.sum() > 1 else ""
            problem = f"lies before {start} ({first}){more}"
            found = _text(typed.frame[end].iloc[position])
            advice = "Correct one of the two dates."
            findings.error(file, problem, advice, row=row, column=end, found=found)
    for column in typed.table.columns:
        if column.past and column.name in typed.frame:
            _check_past(typed, column.name, config, findings)


def _check_past(typed: Typed, column: str, config: Config, findings: Findings) -> None:
    if config.as_of.year >= 9999:
        return
    day_after = pd.Timestamp(config.as_of) + pd.Timedelta(days=1)
    future = typed.frame[column] >= day_after
    if future.any():
        position = int(np.flatnonzero(future)[0])
        file, row = typed.raw.where(position)
        more = f", and {int(future.sum()) - 1:,} more" if future.sum() > 1 else ""
        problem = f"lies after as_of ({config.as_of}){more}"
        found = _text(typed.frame[column].iloc[position])
        advice = "Correct it, or move as_of in client.yml."
        findings.error(file, problem, advice, row=row, column=column, found=found)


def check_money(tables: Mapping[str, Typed], config: Config, findings: Findings) -> None:
    """A declared currency, only one of them, and amounts that make sense."""
    with_money = [n for n in tables if _holds_money(tables[n])] if config.name else []
    if with_money and not config.currency:
        advice = f"Write `currency: USD`: {with_money[0]} holds amounts."
        findings.error("client.yml", "is missing", advice, column="currency")
    if "accounts" in tables and "revenue" in tables["accounts"].frame:
        _check_listed_revenue(tables["accounts"], "financials" in tables, findings)
    if "financials" in tables:
        _check_revenue(tables["financials"], tables.get("accounts"), findings)


def _holds_money(typed: Typed) -> bool:
    """Whether a table holds amounts: by what it is, or because a list brings its revenue."""
    return typed.table.money or (typed.table.name == "accounts" and "revenue" in typed.frame)


def _check_listed_revenue(typed: Typed, months_sent: bool, findings: Findings) -> None:
    revenue = typed.frame["revenue"]
    if months_sent:
        what = "revenue of the list not used: that of the months in financials is"
        findings.note("accounts", what, int(revenue.notna().sum()))
        return
    negative = revenue < 0
    if negative.any():
        file, row = typed.raw.where(int(np.flatnonzero(negative)[0]))
        problem = f"is negative in {int(negative.sum()):,} rows"
        findings.warn(file, problem, "They count as nought.", row=row, column="revenue")


def _check_revenue(typed: Typed, accounts: Typed | None, findings: Findings) -> None:
    frame, file = typed.frame, typed.raw.file
    if "currency" in frame and len(frame["currency"].dropna().unique()) > 1:
        found = ", ".join(sorted(frame["currency"].dropna().unique()))
        advice = "Convert all amounts to one and send that."
        problem = "are several currencies in one table"
        findings.error(file, problem, advice, column="currency", found=found)
    if not {"account_id", "period", "revenue"} <= set(frame):
        return
    negative = frame["revenue"] < 0
    if negative.any():
        row = typed.raw.where(int(np.flatnonzero(negative)[0]))[1]
        problem = f"is negative in {int(negative.sum()):,} rows"
        findings.warn(file, problem, "They are kept as credits.", row=row, column="revenue")
    if len(frame["period"].dropna().unique()) == 1:
        advice = "Linkage needs at least 12 months before and some after a wave."
        findings.warn(file, "holds one month only", advice, column="period")
    if accounts is not None and {"account_id", "start_date"} <= set(accounts.frame):
        start = accounts.frame.drop_duplicates("account_id").set_index("account_id")["start_date"]
        begun = frame["account_id"].map(start).dt.to_period("M").dt.to_timestamp()
        early = (frame["period"] < begun) & (frame["revenue"] > 0)
        if early.any():
            row = typed.raw.where(int(np.flatnonzero(early)[0]))[1]
            problem = f"comes before the account's start_date in {int(early.sum()):,} rows"
            findings.warn(file, problem, "They are kept; check both.", row=row, column="period")
