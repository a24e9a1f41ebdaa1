"""What the name of a column says of its amounts: thousands, or another currency."""

from __future__ import annotations

import re

from helpers.study.config import Config
from helpers.study.currency_signs import KNOWN, SIGNS
from helpers.study.findings import Findings
from helpers.study.intake import Typed

__all__ = ["check_header_units"]

AMOUNTS = frozenset(
    (
        "revenue", "margin", "cost_to_serve", "value", "renewed_value", "amount", "total_spend",
        "price", "cost_once", "cost_year", "saving_year",
    )
)  # fmt: skip
MONEY = r"(?:€|\$|£|EUR|EURO?S?|USD|GBP|CHF|DOLLARS?)"
THOUSANDS = re.compile(
    rf"(?i)\b(?:in )?(?:thousands?|tausend|milliers?|miles|tsd)\b|(?<![^\W\d_])[kt] ?{MONEY}\b"
    rf"|(?<![^\W\d_])[kt] ?[€$£]|{MONEY} ?k\b|[€$£] ?k\b|'000s?\b|\b000s\b|{MONEY} ?000s?\b"
)
MILLIONS = re.compile(
    rf"(?i)\b(?:in )?(?:millions?|millionen|mio|mln)\b|(?<![^\W\d_])m ?(?:EUR|USD|GBP|CHF|[€$£])"
    rf"|{MONEY} ?(?:m|mn)\b"
)
CODE = re.compile(r"(?<![A-Za-z])[A-Z]{3}(?![A-Za-z])")


def check_header_units(typed: Typed, config: Config, findings: Findings) -> None:
    """Columns declared as amounts whose own names say that they are in another unit."""
    name = typed.table.name
    for ours, theirs in config.format(name).columns.items():
        if ours not in AMOUNTS or ours not in typed.frame:
            continue
        unit = next((u for u, said in _units() if said.search(theirs)), None)
        if unit is not None:
            problem = f"says that its amounts are in {unit}, and they are read as they stand"
            advice = (
                f"Bring them to whole {config.currency or 'units'}, in a query ({name}.sql), or "
                "rename the column in the file where they are whole already."
            )
            findings.error(typed.raw.file, problem, advice, column=ours, found=theirs)
        for code in _currencies(theirs):
            if config.currency and code != config.currency:
                problem = f"is not the currency of client.yml ({config.currency})"
                advice = f"Convert the amounts to {config.currency}, or write `currency: {code}`."
                findings.error(typed.raw.file, problem, advice, column=ours, found=theirs)


def _units() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return ("thousands", THOUSANDS), ("millions", MILLIONS)


def _currencies(name: str) -> list[str]:
    """Currencies that a name can only mean; the letters of a thousand before them go."""
    codes = [code for code in CODE.findall(name) if code in KNOWN]
    signs = [SIGNS[sign].split() for sign in SIGNS if len(sign) == 1 and sign in name]
    return [*codes, *(found[0] for found in signs if len(found) == 1)]
