"""The draft as files: ``codebook.csv`` and ``client.yml``, guesses marked with a ``?``."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence

from helpers.study.drafting.draft import Draft, Row
from helpers.study.drafting.guess import Guess
from helpers.study.drafting.tables import Recognised
from helpers.study.naming import in_yaml
from helpers.study.tables import TABLES

__all__ = ["as_client", "as_codebook", "declared_lines", "summary"]

COLUMNS = (
    "variable", "text", "role", "label", "scale_min", "scale_max", "reverse", "missing_codes",
    "function", "group", "direction", "unit", "asked_if", "reason",
)  # fmt: skip
SELDOM = ("direction", "unit", "asked_if")  # columns that are left out where no row fills them
HEAD = """\
# {title}: drafted from {file}. What stands behind `# ?` is a guess: correct it where it is
# wrong, then take the `# ?` away. `handbook check` lists all that are left, here and in
# codebook.csv. Every key is explained in book/client_folder.md.

"""
MORE = """
# currency: USD  # needed as soon as a table holds amounts
# policy: {smallest_base: {suppress: 10, test: 30}, consent: required}
# targets: {scores: {nps: 40}}
# brand: {logo: logo.svg, colour: "#0b5fff"}
"""
MOST_SEGMENTS = 4
MONEY = {"revenue", "total_spend", "value", "price"}  # columns of tables that may hold amounts
CURRENCIES = {"$": "USD", "€": "EUR", "£": "GBP", "EUR": "EUR", "USD": "USD", "CHF": "CHF"}
NAMED = re.compile(r"[$€£]|\b(?:EUR|USD|CHF)\b")  # in a column's name, as Umsatz (EUR)


def as_codebook(draft: Draft) -> str:
    """The text of ``codebook.csv``: questions first, then columns without a role."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    told = {n for row in draft.rows for n, guess in row.cells.items() if guess.told}
    columns = [name for name in COLUMNS if name not in SELDOM or name in told]
    writer.writerow(columns)
    unused = [row for row in draft.rows if row not in draft.used]
    for row in (*draft.used, *unused):
        writer.writerow(_cells(row, columns))
    return out.getvalue()


def _cells(row: Row, columns: Sequence[str]) -> list[str]:
    cells = {name: str(guess) for name, guess in row.cells.items()}
    plain = {"variable": row.variable, "text": row.text, "label": row.label, "reason": row.reason}
    return [{**cells, **plain}.get(name, "") for name in columns]


def as_client(
    draft: Draft,
    title: str,
    tables: Mapping[str, Guess] | None = None,
    others: Mapping[str, Recognised] | None = None,
) -> str:
    """The text of ``client.yml``.

    ``tables`` are files not called after their table; ``others`` the further tables.
    """
    keys = draft.keys
    lines = [HEAD.format(title=title, file=draft.export.path.name)]
    lines += [
        f"name: {in_yaml(title)}\n",
        _line("as_of", _last_day(draft, others or {})),
        _line("wave", keys.wave),
    ]
    if keys.wave_date.told:
        wave = _scalar(keys.wave.value or "2026H1")
        lines += ["waves:\n", _line(f"  {wave}", keys.wave_date)]
    lines += _tables(tables or {})
    lines += _formats(draft, others or {})
    lines += _currency(others or {})
    lines += _segments(draft)
    lines += _parameters(draft)
    return "".join([*lines, MORE])


def _last_day(draft: Draft, others: Mapping[str, Recognised]) -> Guess:
    """The day of the last answer, or a later one that another table has records of; marked."""
    told = draft.keys.as_of
    later = {f"{o.last}": table for table, o in others.items() if o.last is not None}
    day = max(later, default="")
    if not told.value or day <= told.value:
        return told
    return Guess(day, False, f"{later[day]} goes on until then; the last answer is of {told.value}")


def _line(key: str, guess: Guess, *, plain: bool = False) -> str:
    """One key: a mark and the reason behind it where it is not sure."""
    value = guess.value if plain or not guess.value else _scalar(guess.value)
    why = f" {guess.reason}" if guess.reason else ""
    if not guess.value:
        return f"{key}:  # to be filled in:{why}\n"
    return f"{key}: {value}{'' if guess.sure else f'  # ?{why}'}\n"


def _scalar(text: str) -> str:
    """Numbers stay texts: a wave called 2010 is in quotes."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return text
    return f'"{text}"' if text.isdigit() else in_yaml(text)


def _tables(tables: Mapping[str, Guess]) -> list[str]:
    if not tables:
        return []
    return ["tables:\n", *(_line(f"  {table}", file) for table, file in tables.items())]


def _formats(draft: Draft, others: Mapping[str, Recognised]) -> list[str]:
    keys = draft.keys
    declared = {**draft.export.declared, **({"date": keys.date} if keys.date.value else {})}
    columns = {ours: guess for ours, (theirs, guess) in keys.columns.items() if ours != theirs}
    found = {"responses": _format(declared, columns)}
    values = [line for row in draft.used for line in _values(row)]
    found["responses"] += ["    values:\n", *values] if values else []
    found |= {table: _format(other.formats, other.columns) for table, other in others.items()}
    written = [line for table, more in found.items() if more for line in (f"  {table}:\n", *more)]
    return ["formats:\n", *written] if written else []


def _format(declared: Mapping[str, Guess], columns: Mapping[str, Guess]) -> list[str]:
    lines = [_entry(key, guess) for key, guess in declared.items()]
    if columns:
        lines.append("    columns:\n")
        lines += [_line(f"      {ours}", guess) for ours, guess in columns.items()]
    return lines


def _entry(key: str, guess: Guess) -> str:
    quoted = key in ("date", "delimiter", "sheet", "decimal", "thousands", "currency")
    value = Guess(f'"{guess.value}"' if quoted else guess.value, guess.sure, guess.reason)
    return _line(f"    {key}", value, plain=True)


def declared_lines(declared: Mapping[str, Guess]) -> list[str]:
    """The lines under a table's ``formats``, guesses marked."""
    return [line.strip() for line in _format(declared, {})]


def _values(row: Row) -> list[str]:
    if not row.scale.values:
        return []
    pairs = []
    for number, words in row.scale.values.items():
        told = [in_yaml(word) for word in words]
        pairs.append(f"{number}: {told[0] if len(told) == 1 else '[' + ', '.join(told) + ']'}")
    line = f"      {in_yaml(row.variable)}: {{{', '.join(pairs)}}}"
    mark = "" if row.scale.sure else "  # ? see whether these are the right steps"
    return [f"{line}{mark}\n"]


def _currency(others: Mapping[str, Recognised]) -> list[str]:
    """The currency, where a table holds amounts; a guess by the sign in its cells or names."""
    amounts = [t for t, o in others.items() if TABLES[t].money or MONEY & {*o.columns}]
    signs = {o.formats["currency"].value for o in others.values() if "currency" in o.formats}
    if not amounts:
        return []
    where = "the cells have"
    if not signs:
        names = [name for t in amounts for name in _called(others[t])]
        signs = {sign for name in names for sign in NAMED.findall(name)}
        where = "a column's name has"
    if len(signs) != 1:
        why = f"{amounts[0]} holds amounts; write three capital letters, as USD"
        return [_line("currency", Guess("", False, why))]
    sign = signs.pop()
    return [_line("currency", Guess(CURRENCIES[sign], False, f"{where} {sign}"))]


def _called(other: Recognised) -> list[str]:
    """What the file calls the columns that we know under another name."""
    return [column.value for column in other.columns.values()]


def _segments(draft: Draft) -> list[str]:
    rows = [row for row in draft.used if row.role.value == "segment"]
    sure = [row.variable for row in rows if row.role.sure][:MOST_SEGMENTS]
    if sure:
        return [f"segments: [{', '.join(map(in_yaml, sure))}]\n"]
    likely = ", ".join(in_yaml(row.variable) for row in rows[:MOST_SEGMENTS])
    return [f"# segments: [{likely or 'region'}]  # groups to report by\n"]


def _parameters(draft: Draft) -> list[str]:
    """The drivers chapter's outcome, where attitudes and behaviours do not make one."""
    roles = {row.role.value: row for row in reversed(draft.used)}
    if {"attitude", "behaviour"} <= set(roles) or "driver" not in roles:
        return []
    outcome = roles.get("satisfaction") or roles.get("recommend")
    if outcome is None:
        return []
    alike = [row for row in draft.used if row.role.value == outcome.role.value]
    sure = outcome.role.sure and len(alike) == 1
    why = "its role is a guess" if len(alike) == 1 else f"one of {len(alike)} that ask for as much"
    named = Guess(f"{{outcome: {in_yaml(outcome.variable)}}}", sure, why)
    return ["parameters:\n", _line("  drivers", named, plain=True)]


def summary(draft: Draft) -> list[str]:
    """What was found, in a few lines for the terminal."""
    export = draft.export
    roles: dict[str, list[Row]] = {}
    for row in draft.rows:
        roles.setdefault(row.role.value, []).append(row)
    lines = [f"{export.path.name}: {export.rows:,} answers, {export.layout}"]
    for ours, (theirs, guess) in draft.keys.columns.items():
        lines.append(f"  {ours:<14} {theirs}{'' if guess.sure else '?'}")
    for role, rows in roles.items():
        names = ", ".join(row.variable + ("" if row.sure else "?") for row in rows[:8])
        lines.append(f"  {role:<14} {names}{f' and {len(rows) - 8} more' if len(rows) > 8 else ''}")
    return lines
