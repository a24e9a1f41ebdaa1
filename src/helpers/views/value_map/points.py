"""The map account by account: the table from whose rows, and from nothing else, it is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from helpers.views.rendering.numerals import count, decimal, money
from helpers.views.rendering.records import records

if TYPE_CHECKING:
    from helpers.methods.value_map import ValueMap

COLUMNS = ("Account", "Owner", "Segment", "Treatment", "How firm", "Strategic value",
           "Loyalty, best estimate", "Revenue, 12 months")  # fmt: skip
LABEL = "The map account by account"


class Place:
    """Where the press puts the accounts, once their pages are known."""

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        html = f'<section class="value-map" aria-label="{LABEL}"></section>'
        return {"text/html": html, "text/plain": LABEL}


def cuts(found: ValueMap) -> pd.DataFrame:
    """The cuts that part the map, to hand on with its accounts."""
    return pd.DataFrame({"value": [found.value_cut], "loyalty": [found.loyalty_cut]})


def points(
    table: pd.DataFrame,
    *,
    parted: tuple[float, float],
    currency: str,
    files: Mapping[str, str],
    most: int = 3000,
) -> str:
    """The accounts as a table that is read, and that the page's script draws the map from.

    Parameters
    ----------
    table
        ``account_id``, ``name``, ``cell``, ``firmness``, ``value``, ``loyalty`` and, where
        known, ``owner``, ``segment``, ``low``, ``high`` and ``revenue``: what may be shown of
        the accounts that may be named.
    parted
        Value, and loyalty, from which an account counts as valuable, and as loyal.
    currency
        ISO code of revenue.
    files
        The page of an account by its id, for those that have one: their names are links.
    most
        Accounts on the page at most, those with the most revenue.

    Examples
    --------
    >>> one = pd.DataFrame({"account_id": ["a"], "name": ["Mill & Co"], "cell": ["Invest"],
    ...     "firmness": ["firm"], "value": [40.04], "loyalty": [70.26], "revenue": [1e6]})
    >>> print(points(one, parted=(50, 70), currency="USD", files={"a": "a.html"}))
    <div class="account-tools map-tools">...<th scope="row"><a href="../accounts/a.html">Mill &amp;
    Co</a></th><td></td><td></td><td>Invest</td><td>firm</td><td data-at="40">40</td><td
    data-at="70.3">70</td><td data-at="1e+06">$1.0M</td></tr>...
    """
    known = table.reindex(columns=[*table.columns, *_absent(table)])
    ordered = known.sort_values(["revenue", "account_id"], ascending=[False, True])
    body = "".join(_row(row, currency, files) for row in records(ordered.head(most)))
    head = "".join(f'<th scope="col">{name}</th>' for name in COLUMNS)
    return (
        '<div class="account-tools map-tools"></div>'
        f'<div class="map-live" data-value="{parted[0]:g}" data-loyalty="{parted[1]:g}"></div>'
        '<details class="map-twin"><summary>The map as a table</summary>'
        '<div class="table-scroll map-scroll" role="region" tabindex="0" '
        'aria-label="The map as a table"><table class="map-table">'
        "<caption>Accounts by value and loyalty, largest revenue first</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div></details>"
        f'<p class="table-note">{_note(len(known), most)}</p>'
    )


def _absent(table: pd.DataFrame) -> list[str]:
    wanted = ("owner", "segment", "low", "high", "revenue")
    return [name for name in wanted if name not in table]


def _note(accounts: int, most: int) -> str:
    """How many accounts there are to see, and what their marks mean."""
    left = f" The {count(most)} with the most revenue are shown." if accounts > most else ""
    who = "account that may be named" if accounts == 1 else "accounts that may be named"
    return (
        f"Base: {count(accounts)} {who}.{left} Loyalty: best estimate with its interval, only "
        "from people who agreed to be named. Strategic value: payoff, potential and partnership. "
        "Dashed lines: where accounts begin to count as valuable, and as loyal."
    )


def _row(row: dict[str, Any], currency: str, files: Mapping[str, str]) -> str:
    name = _told(row["name"])
    if row["account_id"] in files:
        name = f'<a href="../accounts/{escape(files[row["account_id"]])}">{name}</a>'
    words = "".join(
        f"<td>{_told(row[key])}</td>" for key in ("owner", "segment", "cell", "firmness")
    )
    revenue = "" if pd.isna(row["revenue"]) else money(row["revenue"], currency)
    return (
        f'<tr><th scope="row">{name}</th>{words}'
        f"{_number(round(row['value'], 1), decimal(row['value'], 0))}"
        f"{_number(round(row['loyalty'], 1), _loyalty(row))}{_number(row['revenue'], revenue)}</tr>"
    )


def _loyalty(row: dict[str, Any]) -> str:
    """The best estimate and its interval within the scale."""
    at = decimal(row["loyalty"], 0)
    if pd.isna(row["low"]) or pd.isna(row["high"]):
        return at
    low, high = (decimal(end, 0) for end in (max(row["low"], 0.0), min(row["high"], 100.0)))
    return f"{at} ({low} to {high})"


def _number(value: float, written: str) -> str:
    """A cell with the place of its value on the map, to three digits."""
    return f'<td data-at="{value:.3g}">{written}</td>' if written else "<td></td>"


def _told(value: object) -> str:
    """A text, escaped; nothing where there is none."""
    if value is None or pd.isna(value):  # type: ignore[call-overload]
        return ""
    return escape(str(value).encode("utf-8", "replace").decode("utf-8"))
