"""Ids that are those of another table but for zeros in front: told once, with what to declare."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from helpers.study.findings import Findings
from helpers.study.id_zeros import DROP, NUMBERED, POINT, bare_id, with_digits
from helpers.study.intake import Typed

__all__ = ["check_zeros", "spoilt_file"]

EXAMPLES = 3


@dataclass(frozen=True)
class _Other:
    """A table whose ids are those of the list but for zeros."""

    typed: Typed
    meant: pd.Series  # row: the id of the list


def check_zeros(
    column: str, source: Typed, others: Iterable[Typed], findings: Findings
) -> dict[str, pd.Index]:
    """Report ids that are those of a list but for zeros in front, all tables in one fault.

    A suspicion only, where the source is no list, and some ids are written as in it.

    Returns
    -------
    dict
        For each table the rows that were told of.
    """
    others = list(others)
    listed = source.frame[column]
    strays = [typed.frame[column][~typed.frame[column].isin(listed)].dropna() for typed in others]
    bare: dict[str, list[str]] = {}
    for text in map(str, listed.dropna().unique() if any(map(len, strays)) else ()):
        bare.setdefault(bare_id(text), []).append(text)
    found = [_Other(*pair) for pair in zip(others, (_meant(s, bare) for s in strays), strict=True)]
    found = [other for other in found if len(other.meant)]
    if found:
        _report(column, source, found, bare, findings)
    return {other.typed.table.name: other.meant.index for other in found}


def _meant(strays: pd.Series, bare: Mapping[str, list[str]]) -> pd.Series:
    """For each row whose id is not in the list the one that it is without zeros."""
    near = {}
    for text in strays.unique():
        same = bare.get(bare_id(text), [])
        if same and _zeros_differ(text, same[0]):
            near[text] = same[0]
    return strays.map(near, na_action="ignore").dropna()


def _zeros_differ(one: str, other: str) -> bool:
    """Whether zeros tell two ids apart, and not a point alone that a spreadsheet wrote."""
    return POINT.sub(r"\1", one) != POINT.sub(r"\1", other)


def _report(
    column: str,
    source: Typed,
    found: list[_Other],
    bare: Mapping[str, list[str]],
    findings: Findings,
) -> None:
    first = found[0]
    position = int(first.meant.index[0])
    file, row = first.typed.raw.where(position)
    sent, listed = str(first.typed.frame[column][position]), str(first.meant.iloc[0])
    ids = dict(pair for other in found for pair in _pairs(other, column).items())
    rows = sum(len(other.meant) for other in found)
    more = f", and {rows - 1:,} more like it" if rows > 1 else ""
    problem = f"is not in {source.raw.file}, which has {listed!r}{more}"
    if rows > 1:
        told = [f"{len(o.meant):,} rows of {o.typed.raw.file}" for o in found]
        some = ", ".join(f"{one} for {two}" for one, two in list(ids.items())[:EXAMPLES])
        left = f" and {len(ids) - EXAMPLES:,} more ids" if len(ids) > EXAMPLES else ""
        problem += f": without zeros in front they are the same ({'; '.join(told)}; {some}{left})"
    advice = _advice(column, source, found, bare, ids)
    partly = any(other.typed.frame[column].isin(source.frame[column]).any() for other in found)
    listing = source.table.key[:1] == (column,)
    report = findings.error if listing or not partly else findings.warn
    report(file, problem, advice, row=row, column=column, found=sent)


def _pairs(other: _Other, column: str) -> dict[str, str]:
    sent = other.typed.frame[column][other.meant.index]
    return dict(zip(sent.astype(str), other.meant.astype(str), strict=True))


def _advice(
    column: str,
    source: Typed,
    found: list[_Other],
    bare: Mapping[str, list[str]],
    ids: Mapping[str, str],
) -> str:
    """A declaration with which every id that was told of is one of the list, and one only."""
    file = source.raw.file
    twice = [texts for key, texts in bare.items() if len(texts) > 1 and key in map(bare_id, ids)]
    if twice:
        both = " and ".join(twice[0][:2])
        return f"{file} has {both}, so that nothing tells which is meant: write it as there."
    digits = _digits(source.frame[column], ids)
    spoilt = spoilt_file(ids, _files(found), file)
    again = f"export {spoilt} again with {column} as text" if spoilt else f"write it as in {file}"
    why = ": a spreadsheet read numbers in it" if spoilt else "; keep ids as text"
    if digits is None:
        return f"{again[:1].upper()}{again[1:]}{why}."
    sent, listed = next(iter(ids.items()))
    then = f"{sent} is then read as {with_digits(listed, digits)}"
    if digits == DROP:
        then = f"{listed} and {sent} are then read as {with_digits(listed, digits)}"
        if with_digits(listed, digits) == listed:
            then = f"{sent} is then read as {listed}"
    line = f"`leading_zeros: {{{column}: {digits}}}`"
    again = f"{again[:1].upper()}{again[1:]}{why}"
    return f"{again}; or declare {line} in client.yml: {then}, in every table."


def _files(found: list[_Other]) -> str:
    return " and ".join(dict.fromkeys(other.typed.raw.file for other in found))


def spoilt_file(ids: Mapping[str, str], file: str, list_name: str) -> str | None:
    """Which of two files a spreadsheet has spoilt, where it is plain of all ids that differ.

    Examples
    --------
    >>> spoilt_file({"7": "007"}, "money.csv", "accounts.csv")
    'money.csv'
    >>> spoilt_file({"A7": "A007"}, "money.csv", "accounts.csv") is None
    True
    """
    pairs = list(ids.items())
    for spoilt, whole in ((file, 0), (list_name, 1)):
        if all(_is_spoilt(pair[whole], pair[1 - whole]) for pair in pairs):
            return spoilt
    return None


def _is_spoilt(text: str, other: str) -> bool:
    """Whether a text is what a spreadsheet makes of another: without zeros, with a point."""
    whole = POINT.sub(r"\1", text) if POINT.fullmatch(text) else text
    return whole.isdecimal() and (whole != text or other.lstrip("0") == whole != other)


def _digits(listed: pd.Series, ids: Mapping[str, str]) -> str | None:
    """How many digits to declare: tried, and best so that the list stays as it is."""
    known = [str(text) for text in listed.dropna().unique()]
    padded = [n[2] for text in (*known, *ids) if (n := NUMBERED.fullmatch(text))]
    widths = sorted({len(number) for number in padded if number.startswith("0")})
    working = [digits for digits in (*map(str, widths), DROP) if _works(digits, known, ids)]
    kept = [digits for digits in working if all(with_digits(t, digits) == t for t in known)]
    return next(iter((*kept, *working)), None)


def _works(digits: str, known: list[str], ids: Mapping[str, str]) -> bool:
    written = {text: with_digits(text, digits) for text in known}
    if len(set(written.values())) != len(known):
        return False
    return all(with_digits(one, digits) == written[two] for one, two in ids.items())
