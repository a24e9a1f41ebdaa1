"""Ids that lead nowhere, or that look like others and are not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import pandas as pd

from helpers.study.findings import Findings
from helpers.study.intake import Typed
from helpers.study.link_zeros import check_zeros, spoilt_file
from helpers.study.naming import values_line
from helpers.study.sameness import folded, told_apart, written
from helpers.study.signs import FEW

__all__ = ["check_links"]

SHOWN = 5
MOST_MERGED = 3  # ids of one name
NAMED = 12  # ids whose names are written into one line
POINT = re.compile(r"(?<=\d)\.0+$")  # which a spreadsheet writes behind a number
PLAIN = r"^[!-&(-\-/-~]+$"  # of ASCII, without spaces, points and apostrophes
PARENTS = {
    "account_id": "accounts",
    "contact_id": "contacts",
    "response_id": "responses",
    "product_id": "products",
    "action_id": "actions",
}


def check_links(tables: Mapping[str, Typed], findings: Findings) -> None:
    """Ids that lead nowhere: listed, and an error where a near match shows a typing fault."""
    told = _zeros_told(tables, findings)
    for name, typed in tables.items():
        for column, parent in PARENTS.items():
            if parent in tables and parent != name and column in typed.frame:
                _check_link(typed, tables[parent], column, told.get((name, column)), findings)
        if name != "responses" and "responses" in tables:
            for column, parent in PARENTS.items():
                fresh = parent not in tables and (name, column) not in told
                if fresh and column in typed.frame:
                    _check_without_list(typed, tables["responses"], column, findings)
    for typed, column in _ids_of_their_own(tables):
        _check_alike(typed, column, findings)
    if "accounts" in tables:
        _check_names(tables["accounts"], findings)
    _check_silent_accounts(tables, findings)


def _ids_of_their_own(tables: Mapping[str, Typed]) -> Iterator[tuple[Typed, str]]:
    """Columns with ids that are looked up nowhere else: of lists, and those without a list."""
    for typed in tables.values():
        if typed.table.key and typed.table.key[0].endswith("_id"):
            yield typed, typed.table.key[0]
    for column, parent in PARENTS.items():
        if "responses" in tables and parent not in tables:
            yield tables["responses"], column


def _zeros_told(tables: Mapping[str, Typed], findings: Findings) -> dict[tuple[str, str], pd.Index]:
    """Rows whose ids differ from those of the list by zeros, told once for all tables."""
    told = {}
    for column, parent in PARENTS.items():
        source = tables.get(parent, tables.get("responses"))
        if source is None or column not in source.frame:
            continue
        others = [t for t in tables.values() if t is not source and column in t.frame]
        for name, rows in check_zeros(column, source, others, findings).items():
            told[name, column] = rows
    return told


def _check_link(
    child: Typed, parent: Typed, column: str, told: pd.Index | None, findings: Findings
) -> None:
    if column not in parent.frame:
        return
    known = set(parent.frame[column].dropna())
    ids = child.frame[column]
    orphan = ids.notna() & ~ids.isin(known)
    if told is not None:
        orphan[told] = False
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
        advice = _advice(ids[near.index], near, file, list_name, column)
        seen = told_apart(ids[position])
        if seen != f"'{ids[position]}'":
            problem += f"; the one here is {seen}"
        findings.error(file, problem, advice, row=row, column=column, found=ids[position])
    unknown = ids[orphan].drop(index=near.index)
    unknown = unknown.drop(index=_report_names(child, parent, unknown, column, findings))
    if len(unknown):
        _report_unknown(child, unknown, column, list_name, findings)


def _report_names(
    child: Typed, parent: Typed, unknown: pd.Series, column: str, findings: Findings
) -> pd.Index:
    """Names in the place of ids: told with the ids they are of; their rows."""
    if "name" not in parent.frame or column not in parent.frame:
        return unknown.index[:0]
    listed = parent.frame[[column, "name"]].dropna()
    listed = listed[~listed["name"].map(_name).duplicated(keep=False)]
    of_name = dict(zip(listed["name"].map(_name), listed[column].astype(str), strict=True))
    ids = unknown.map(lambda text: of_name.get(_name(text)))
    found = ids.dropna()
    if found.empty:
        return found.index
    words: dict[str, list[str]] = {}
    for own, said in zip(found, unknown[found.index], strict=True):
        if str(said) not in words.setdefault(str(own), []):
            words[str(own)].append(str(said))
    file, row = child.raw.where(int(found.index[0]))
    more = f", and {len(found) - 1:,} more" if len(found) > 1 else ""
    problem = f"is a name in {parent.raw.file}, of {found.iloc[0]!r}, and no id{more}"
    advice = f"Write ids under {column}."
    if len(words) <= NAMED:
        pairs = ", ".join(
            f"{written(own)}: [{', '.join(written(said) for said in names)}]"
            for own, names in words.items()
        )
        line = values_line(child.table.name, column, pairs)
        advice += f" Or declare which id each name is: {line} in client.yml."
    said = str(unknown[found.index[0]])
    findings.error(file, problem, advice, row=row, column=column, found=said)
    return found.index


def _name(text: object) -> str:
    return folded(str(text)).strip()


def _check_without_list(typed: Typed, responses: Typed, column: str, findings: Findings) -> None:
    """Where no list of them was sent: ids that answers call otherwise, and none as they do."""
    if column not in responses.frame:
        return
    ids, known = typed.frame[column].dropna(), set(responses.frame[column].dropna())
    if ids.empty or ids.isin(known).any():
        return
    plain = {_plain(str(other)): other for other in known}
    near = ids.drop_duplicates().map(lambda value: plain.get(_plain(str(value)))).dropna()
    if len(near) * 2 > len(known) or len(near) * 2 > ids.nunique():
        sent, other = str(ids[near.index[0]]), near.iloc[0]
        file, row = typed.raw.where(int(near.index[0]))
        source = responses.raw.file
        problem = f"is {told_apart(other)} in {source}, and so are all ids: none can be joined"
        advice = _advice(ids[near.index], near, file, source, column)
        findings.error(file, problem, advice, row=row, column=column, found=sent)


def _advice(sent: pd.Series, listed: pd.Series, file: str, list_name: str, column: str) -> str:
    """To export the file again that a spreadsheet has spoilt, where it is plain which."""
    ids = dict(zip(sent.astype(str), listed.astype(str), strict=True))
    if spoilt := spoilt_file(ids, file, list_name):
        return f"Export {spoilt} again with {column} as text: a spreadsheet read numbers in it."
    return f"Write it as in {list_name}; keep ids as text so that zeros stay."


def _report_unknown(
    child: Typed, unknown: pd.Series, column: str, list_name: str, findings: Findings
) -> None:
    ids = child.frame[column].dropna()
    if len(unknown) == len(ids):
        _report_none(child, ids, column, list_name, findings)
        return
    shown = ", ".join(repr(v) for v in unknown.drop_duplicates().head(SHOWN))
    file, row = child.raw.where(int(unknown.index[0]))
    problem = f"has {len(unknown):,} rows with ids that are not in {list_name}: {shown}"
    findings.warn(file, problem, "They are kept; add them to the list.", row=row, column=column)


def _report_none(
    child: Typed, ids: pd.Series, column: str, list_name: str, findings: Findings
) -> None:
    """No row can be joined: what the list says counts for nothing."""
    shown = ", ".join(repr(v) for v in ids.drop_duplicates().head(SHOWN))
    file, row = child.raw.where(int(ids.index[0]))
    problem = f"has no id that is in {list_name} ({len(ids):,} rows, with {shown})"
    advice = f"Check that both call their rows by the same {column}: nothing can be joined."
    findings.warn(file, problem, advice, row=row, column=column)


def _ids_lost(parent: Typed) -> set[str]:
    """Ids that may stand in records that could not be read: no second fault for those."""
    return {cell.strip('" ') for line in parent.raw.lost for cell in line.split(",")}


def _plain(text: str) -> str:
    squeezed = POINT.sub("", folded(text).replace(" ", "").lstrip("'"))
    return squeezed.lstrip("0") or "0"


def _plain_ids(ids: pd.Series) -> pd.Series:
    """`_plain` of each; those of plain signs, nearly all of any list, at once."""
    if len(ids) <= FEW:
        return pd.Series([_plain(text) for text in ids.tolist()], index=ids.index, dtype="str")
    easy = ids.astype("str").str.contains(PLAIN).astype(bool)
    bare = ids[easy].astype("str").str.lower().str.lstrip("0").replace("", "0")
    return pd.concat([bare, ids[~easy].map(_plain).astype("str")]).reindex(ids.index)


def _check_alike(typed: Typed, key: str, findings: Findings) -> None:
    if key not in typed.frame:
        return
    ids = typed.frame[key].dropna().drop_duplicates()
    plain = _plain_ids(ids)
    alike = plain.duplicated(keep=False)
    if alike.any():
        first = ids[plain == plain[alike].iloc[0]].head(2).to_list()
        problem = f"has {int(alike.sum())} ids that differ only in case, spaces, leading zeros"
        problem += (
            f" or signs that look alike, as {told_apart(first[0])} and {told_apart(first[1])}"
        )
        findings.warn(typed.raw.file, problem, "Check that they are different.", column=key)


def _check_names(typed: Typed, findings: Findings) -> None:
    """Accounts of one name under two ids, as after a merger: each counts by itself."""
    if not {"account_id", "name"} <= set(typed.frame):
        return
    listed = typed.frame[["account_id", "name"]].dropna()
    names = listed["name"].map(_name)
    if not names.duplicated().any():
        return
    often = names.map(names.value_counts())
    twice = often.between(2, MOST_MERGED) & names.ne("")  # more are the branches of a chain
    if not twice.any() or twice.mean() > 1 / 2:  # names of which most are alike are no names
        return
    first = listed[names.eq(names[twice].iloc[0])]
    ids = ", ".join(repr(str(own)) for own in first["account_id"].head(SHOWN))
    file, row = typed.raw.where(int(typed.frame.index.get_indexer(first.index[1:2])[0]))
    others = int(names[twice].nunique()) - 1
    more = f", and {others:,} more names are of several accounts" if others else ""
    problem = f"is the name of {len(first)} accounts ({ids}){more}"
    advice = "Each counts by itself. If they are one, give them one account_id in every table."
    found = str(first["name"].iloc[0])
    findings.warn(file, problem, advice, row=row, column="name", found=found)


def _check_silent_accounts(tables: Mapping[str, Typed], findings: Findings) -> None:
    if not {"accounts", "responses"} <= set(tables):
        return
    accounts, responses = tables["accounts"].frame, tables["responses"].frame
    if "account_id" not in responses or "account_id" not in accounts:
        return
    silent = ~accounts["account_id"].isin(responses["account_id"].unique())
    findings.note("accounts", "accounts without a response in any wave", int(silent.sum()))
