"""Ids that lead nowhere, or that look like others and are not."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from helpers.study.findings import Findings
from helpers.study.intake import Typed
from helpers.study.sameness import folded, told_apart

__all__ = ["check_links"]

SHOWN = 5
PARENTS = {
    "account_id": "accounts",
    "contact_id": "contacts",
    "response_id": "responses",
    "product_id": "products",
    "action_id": "actions",
}


def check_links(tables: Mapping[str, Typed], findings: Findings) -> None:
    """Ids that lead nowhere: listed, and an error where a near match shows a typing fault."""
    for name, typed in tables.items():
        for column, parent in PARENTS.items():
            if parent in tables and parent != name and column in typed.frame:
                _check_link(typed, tables[parent], column, findings)
    for typed in tables.values():
        if typed.table.key and typed.table.key[0].endswith("_id"):
            _check_alike(typed, findings)
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
        problem = f"is not in {list_name}, which has {told_apart(near.iloc[0])}{more}"
        advice = f"Write it as in {list_name}; keep ids as text so that zeros stay."
        seen = told_apart(ids[position])
        if seen != f"'{ids[position]}'":
            problem += f"; the one here is {seen}"
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
    squeezed = folded(text).replace(" ", "")
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
        problem = f"has {int(alike.sum())} ids that differ only in case, spaces, leading zeros"
        problem += (
            f" or signs that look alike, as {told_apart(first[0])} and {told_apart(first[1])}"
        )
        findings.warn(typed.raw.file, problem, "Check that they are different.", column=key)


def _check_silent_accounts(tables: Mapping[str, Typed], findings: Findings) -> None:
    if not {"accounts", "responses"} <= set(tables):
        return
    accounts, responses = tables["accounts"].frame, tables["responses"].frame
    if "account_id" not in responses or "account_id" not in accounts:
        return
    silent = ~accounts["account_id"].isin(responses["account_id"])
    findings.note("accounts", "accounts without a response in any wave", int(silent.sum()))
