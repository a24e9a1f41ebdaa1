"""The account list as a table that is read, sorted and searched, and printed."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pandas as pd

from helpers.views.accounts.cells import (
    LATER,
    address,
    bar,
    day,
    number_of,
    segment_word,
    span_of,
    told,
    worth,
)
from helpers.views.rendering.numerals import count, decimal
from helpers.views.rendering.records import records

__all__ = ["listing"]

COLUMNS = (  # heading, and how the script sorts by it: text, or number with the largest first
    ("Account", "text"), ("Owner, sponsor", "text"), ("Contract ends", "text"),
    ("Open", "number"), ("Loyalty", "number"), ("Revenue", "number"), ("At risk", "number"),
    ("Treatment", "text"), ("Next action", "text"), ("Do not pitch", "text"),
)  # fmt: skip
LAST = "9999"  # what has no day sorts behind what has one
FILES = (
    '<p class="account-files">The whole list as <a href="../accounts/account_list.xlsx" download>'
    'an Excel workbook</a> or <a href="../accounts/account_list.csv" download>CSV</a>. '
    'Who could be offered what: <a href="leads.html">leads</a>.</p>'
)


def listing(table: pd.DataFrame, *, currency: str, paged: Collection[str], most: int) -> str:
    """The list as HTML that works without a script: every text escaped, headings with scopes.

    Parameters
    ----------
    table
        That of `AccountList`.
    paged
        Accounts that have a page of their own: their names are links.
    most
        Rows on the page; the files hold all.
    """
    shown = table.head(most)
    head = "".join(f'<th scope="col" data-kind="{kind}">{name}</th>' for name, kind in COLUMNS)
    pages = set(paged)
    body = "".join(_row(row, currency, pages) for row in records(shown))
    left = "" if len(shown) == len(table) else (
        f"The first {count(len(shown))} of {count(len(table))}; the files hold all. "
    )  # fmt: skip
    return (
        f'{FILES}<div class="account-tools"></div>'
        '<div class="table-scroll account-scroll" role="region" tabindex="0" '
        'aria-label="The account list"><table class="account-table"><caption>The account list, '
        "most urgent first</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        f'<p class="table-note">Base: {number_of(len(table), "customer")} on the day of the data. '
        f"{left}Loyalty: best estimate with its interval, of 100, only from "
        "people who agreed to be named; an empty cell is an account without such an answer. At "
        "risk: revenue expected to leave, and the part of it linked to the score.</p>"
    )


def _row(row: dict[str, Any], currency: str, paged: set[str]) -> str:
    cells = (
        (row["name"], _account(row, paged)),
        (told(row["owner"]) or "~", _two(told(row["owner"]), told(row["sponsor"]))),
        (day(row["contract_end"]) or LAST, day(row["contract_end"])),
        (row["tickets"], _open(row)),
        (row["loyalty"], _loyalty(row)),
        (row["revenue"], worth(row["revenue"], currency)),
        (row["at_risk"], _risk(row, currency)),
        (row["cell"] or "~", _two(told(row["cell"]), told(row["firmness"]))),
        (day(row["due"]) or LAST, _action(row)),
        ("", told(row["avoid"])),
    )
    head, *rest = cells
    inside = "".join(f"<td{_sort(key)}>{text}</td>" for key, text in rest)
    return f'<tr><th scope="row"{_sort(head[0])}>{head[1]}</th>{inside}</tr>'


def _sort(key: object) -> str:
    if isinstance(key, float):
        return "" if pd.isna(key) else f' data-sort="{key:.6g}"'
    return f' data-sort="{told(key)}"' if key != "" else ""


def _two(first: str, second: str) -> str:
    return f"{first}<small>{second}</small>" if second else first


def _account(row: dict[str, Any], paged: set[str]) -> str:
    name = told(row["name"])
    if row["account_id"] in paged:
        name = f'<a href="../accounts/{address(row["account_id"])}">{name}</a>'
    return _two(name, told(row["segment"]))


def _open(row: dict[str, Any]) -> str:
    late = f", {count(row['tickets_late'])} late" if row["tickets_late"] else ""
    tickets = number_of(row["tickets"], "ticket") + late if row["tickets"] else ""
    promises = number_of(row["promises"], "promise") if row["promises"] else ""
    return _two(tickets, promises)


def _loyalty(row: dict[str, Any]) -> str:
    if pd.isna(row["loyalty"]):
        return ""
    ends = span_of(max(row["low"], 0.0), min(row["high"], 100.0))
    shown = f"{decimal(row['loyalty'], 0)}{f' ({ends})' if ends else ''}"
    return f"{shown}{bar(row['loyalty'], row['low'], row['high'])}<small>{_word(row)}</small>"


def _word(row: dict[str, Any]) -> str:
    return told(segment_word(row))


def _risk(row: dict[str, Any], currency: str) -> str:
    if pd.isna(row["at_risk"]):
        return ""
    linked = "" if pd.isna(row["linked"]) else f"{worth(row['linked'], currency)} linked"
    return _two(worth(row["at_risk"], currency), linked)


def _action(row: dict[str, Any]) -> str:
    if pd.isna(row["due"]):
        later = f"{told(row['who'])}, {LATER}" if row["who"] else ""
        return _two(told(row["action"]), later)
    return f"{told(row['action'])}<small>{told(row['who'])}, by {day(row['due'])}</small>"
