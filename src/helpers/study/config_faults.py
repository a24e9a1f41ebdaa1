"""What is wrong with a key of ``client.yml``, and what to type instead: in plain words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from fnmatch import fnmatchcase

from pydantic_core import ErrorDetails

from helpers.study.findings import Findings
from helpers.study.nearest import advice_for, nearest
from helpers.study.yaml_text import Place

__all__ = ["at_line", "report_key", "short"]

FILE = "client.yml"
DAY = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")
EXAMPLES = {  # of keys that hold others, or several texts
    "tables": "tables: {responses: survey.csv}",
    "tables.*": "tables: {financials: [2025.csv, 2026.csv]}",
    "formats": 'formats: {accounts: {decimal: ","}}',
    "formats.*.columns*": "columns: {account_id: Customer}",
    "formats.*.values*": "values: {role: {user: [Employee, Staff]}}",
    "formats.*.missing*": "missing: {revenue: [n/a]}",
    "formats.*.currency*": 'currency: ["€", EUR]',
    "formats.*": 'formats: {accounts: {decimal: ","}}',
    "numbers": 'numbers: {decimal: ","}',
    "numbers.currency*": 'currency: ["€", EUR]',
    "duplicates*": "duplicates: {contacts: last}",
    "leading_zeros*": "leading_zeros: {account_id: 4}",
    "collapse*": "collapse: {region: {North: [Nordics, Baltics]}}",
    "segments*": "segments: [tier, region]",
    "sources*": "sources: [Survey of May 2026]",
    "waves*": "waves: {2026H1: 2026-05-15}",
    "policy": "policy: {consent: required}",
    "policy.smallest_base": "smallest_base: {suppress: 10, test: 30}",
    "policy.employees": "employees: {numbers: 5, comments: 8}",
    "targets": "targets: {scores: {nps: 40}}",
    "targets.scores": "scores: {nps: 40, satisfaction_top: 0.6}",
    "brand": "brand: {logo: logo.svg}",
    "report": "report: {author: Reed & Partners, confidentiality: Confidential}",
    "parameters*": "parameters: {drivers: {replicates: 2000}}",
    "chapters*": "chapters: [drivers, linkage]",
    "name": "name: Acme Industrial",
    "wave": "wave: 2026H1",
    "as_of": "as_of: 2026-06-30",
    "previous_wave": "previous_wave: 2025H2",
    "currency": "currency: USD",
}
KINDS = {
    "dict_type": "It takes keys with their values",
    "model_type": "It takes keys with their values",
    "tuple_type": "It takes a text, or a list of texts",
    "string_type": "It takes one text",
    "bool_parsing": "Write true or false",
    "bool_type": "Write true or false",
    "int_parsing": "Write a whole number, as 3",
    "int_type": "Write a whole number, as 3",
    "int_from_float": "Write a whole number, as 3",
    "float_parsing": "Write a number, as 40 or 0.6",
    "float_type": "Write a number, as 40 or 0.6",
    "string_too_short": "Write at least one letter",
}
LIMITS = {
    "greater_than_equal": ("ge", "{:g} or more"),
    "greater_than": ("gt", "above {:g}"),
    "less_than_equal": ("le", "{:g} or less"),
    "less_than": ("lt", "below {:g}"),
}


def report_key(
    detail: ErrorDetails,
    place: Place,
    places: Mapping[Place, int],
    known: Sequence[str],
    findings: Findings,
) -> None:
    """Add the fault of one key; ``known`` are the keys that there are beside it."""
    name = ".".join(place)
    line = next((found for n in range(len(place), 0, -1) if (found := places.get(place[:n]))), None)
    if detail["type"] == "extra_forbidden":
        problem = "is not a key that the handbook knows" + at_line(line)
        findings.error(FILE, problem, _instead(place, known), column=name, found=place[-1])
    elif detail["type"] == "missing" or detail["input"] is None:
        example = _example(name)
        problem = (
            "is missing" if detail["type"] == "missing" else f"is not filled in{at_line(line)}"
        )
        findings.error(FILE, problem, f"Write `{example}`.", column=name)
    else:
        findings.error(
            FILE,
            "is not what this key takes" + at_line(line),
            f"{_date_meant(detail) or _expected(detail, name)}.",
            column=name,
            found=short(detail["input"]),
        )


def _instead(place: Place, known: Sequence[str]) -> str:
    if place[-1] == "<<":
        return "Merge keys are not read: write the keys out."
    return advice_for(place[-1], known)


def at_line(line: int | None) -> str:
    """The line as an ending of a message; nothing where it is not known.

    >>> at_line(3), at_line(None)
    (' (line 3)', '')
    """
    return f" (line {line})" if line else ""


def short(value: object) -> str:
    """A value in at most 60 characters.

    >>> short("x" * 70)[-3:]
    'xx…'
    """
    text = str(value)
    return text if len(text) <= 60 else text[:59] + "…"


def _date_meant(detail: ErrorDetails) -> str | None:
    """What to write instead of a date that is not ISO; ``None`` for other faults."""
    if not str(detail["type"]).startswith("date"):
        return None
    found = DAY.fullmatch(str(detail["input"]).strip())
    if found is None:
        return "Write a date as 2026-06-30"
    first, second, year = (int(part) for part in found.groups())
    orders = ((first, second), (second, first))
    meant = [f"{year}-{month:02}-{day:02}" for day, month in orders if _is_day(year, month, day)]
    return "Write " + " or ".join(dict.fromkeys(meant)) if meant else "Write a date as 2026-06-30"


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _example(name: str) -> str:
    """How a key is written, by the example of one; nested keys within those that hold them.

    Examples
    --------
    >>> _example("waves.2026H1"), _example("currency"), _example("description")
    ('waves: {2026H1: 2026-05-15}', 'currency: USD', 'description: a text')
    """
    found = next((EXAMPLES[like] for like in EXAMPLES if fnmatchcase(name, like)), None)
    return found or f"{name.rpartition('.')[2]}: a text"


def _expected(detail: ErrorDetails, name: str) -> str:
    message, kind = str(detail["msg"]), str(detail["type"])
    if "#[0-9a-fA-F]" in message:
        return 'Write a colour as "#0b5fff", in quotes'
    if "[A-Z]{3}" in message:
        return "Write a currency by its three capital letters, for example USD"
    if "svg|png" in message:
        return "Name an .svg, .png or .jpg file in the client folder"
    if kind == "value_error":
        return message.removeprefix("Value error, ")
    if kind == "literal_error":
        return _chosen(detail)
    if kind in KINDS:
        example = next((EXAMPLES[like] for like in EXAMPLES if fnmatchcase(name, like)), None)
        holds = kind in ("dict_type", "model_type", "tuple_type", "string_type")
        return KINDS[kind] + (f", as `{example}`" if example and holds else "")
    return _limited(detail) or re.sub(r"^(Input|String) should", "It should", message)


def _chosen(detail: ErrorDetails) -> str:
    words = str(detail.get("ctx", {}).get("expected", ""))
    meant = nearest(str(detail["input"]), re.findall(r"'([^']*)'", words))
    return (f"Did you mean {meant}? " if meant else "") + f"It takes {words}"


def _limited(detail: ErrorDetails) -> str | None:
    """The end of a number's range, in words."""
    context, kind = detail.get("ctx", {}), str(detail["type"])
    if kind not in LIMITS:
        return None
    key, said = LIMITS[kind]
    return f"Write a number, {said.format(context[key])}"
