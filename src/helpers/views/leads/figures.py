"""What the leads chapter may quote."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd

from helpers.methods.leads import Backtest, HitRates, Leads
from helpers.results import Figure
from helpers.views.rendering.days import in_words
from helpers.views.rendering.declared import by_name, declare
from helpers.views.rendering.naming import plain
from helpers.views.rendering.records import records
from helpers.views.rendering.rules import quotable
from helpers.views.rendering.verdicts import how_many

DECLARED = declare(
    "accounts", "calls", "others", "first", "by", "first_product", "money", "monday", "months",
    "hits", "held_accounts", "space_money", "space_share", "space_product", "space_group",
    "white_rate", "interest_rate", "offer_rate", "tested_wave", "tested_leads", "forecast",
    "unpriced",
    sent=("priced", "unpriced", "none", "nobody"),
    held=("some", "one", "none"),
    withheld=("some", "few", "none"),
    space=("group", "all"),
    tested=("inside", "fewer", "more"),
)  # fmt: skip

SOURCE = {
    "offer": "Open offer at risk", "comment": "Asked for in a comment",
    "interest": "Ticked in the survey", "white space": "White space",
}  # fmt: skip
SHORT = {
    "offer": "open offer at risk", "comment": "asked for", "interest": "ticked interest",
    "white space": "white space",
}  # fmt: skip
ABOUT = 2  # products of a call that are named
RATES = {"white space": "white_rate", "interest": "interest_rate", "offer": "offer_rate"}
LISTED = ["name", "account_id", "owner", "contact_id", "role", "product", "product_id", "source",
          "short", "opportunity_id", "peers", "price", "chance", "money", "low", "high",
          "margin"]  # fmt: skip
MONDAY, WEEK = 0, 7
Span = tuple[float, float, float] | None


def unit(currency: str) -> str:
    """In what money is written."""
    return f"money:{currency}" if currency else "decimal0"


def until_monday(as_of: pd.Timestamp) -> int:
    """Days from the day of the data to the next Monday.

    >>> until_monday(pd.Timestamp("2026-06-30")), until_monday(pd.Timestamp("2026-06-29"))
    (6, 7)
    """
    return WEEK - (as_of.day_of_week - MONDAY)


def found(
    made: Leads, rates: HitRates, names: Mapping[str, str], products: Mapping[str, str],
    *, currency: str, months: int, smallest: int, as_of: pd.Timestamp,
) -> dict[str, Figure]:  # fmt: skip
    """Whom to call, what that is expected to bring, and what waits."""
    base = int(rates.table["leads"].sum())
    counted = partial(Figure, unit="count", base_unit="leads")
    money = partial(_expected, unit=unit(currency), base=base)
    waiting = made.held["account_id"].nunique()
    figures = [
        counted("sent", len(made.sent), verdict=_kind(made), label="leads to call about"),
        counted("accounts", len(made.calls), label="accounts with a lead"),
        counted("calls", made.first, label="calls to make first"),
        counted("held", len(made.held), verdict=how_many(waiting),
                label="leads that wait until the account is well again"),
        counted("held_accounts", waiting, label="accounts whose leads wait"),
        counted("unpriced", int(made.sent["price"].isna().sum()), label="leads without a price"),
        Figure("months", months, unit="count", label="months in which a lead may come true"),
        *_withheld(made.withheld, smallest),
        *money("money", made.total, label="expected money of all leads"),
        *money("monday", made.monday, label="expected money of the first calls"),
        *_expected("hits", made.hits, unit="decimal0", base=base,
                   label="leads expected to come true"),
        *_first(made, names, products),
        *quotable(by=in_words(as_of.normalize() + pd.Timedelta(days=until_monday(as_of)))),
    ]  # fmt: skip
    return by_name(*figures)


def _kind(made: Leads) -> str:
    if made.sent.empty:
        return "none" if made.agreed else "nobody"
    return "unpriced" if made.total is None else "priced"


def _withheld(number: int, smallest: int) -> list[Figure]:
    """Leads that nobody may be named for; told in words alone where they are few."""
    if number >= smallest:
        return [Figure("withheld", number, unit="count", base_unit="leads", verdict="some",
                       label="leads where nobody agreed to offers")]  # fmt: skip
    return [Figure("withheld", "a few" if number else "none", unit="text",
                   verdict="few" if number else "none")]  # fmt: skip


def _expected(name: str, span: Span, **told: Any) -> list[Figure]:  # noqa: ANN401
    """What is expected, by the leads of the past; its range holds it."""
    if span is None:
        return []
    return [Figure(name, span[0], min(span), max(span), base_unit="leads of the past", grade="C",
                   **told)]  # fmt: skip


def _first(made: Leads, names: Mapping[str, str], products: Mapping[str, str]) -> list[Figure]:
    if made.sent.empty:
        return []
    account = made.calls["account_id"].iloc[0]
    lead = made.sent[made.sent["account_id"] == account].iloc[0]
    product = products.get(lead["product_id"], "")
    if lead["source"] == "offer":
        product = f"the open offer of {product}" if product else "its open offer"
    told = quotable(first=names.get(account, account), first_product=product)
    others = Figure("others", made.first - 1, unit="count", base_unit="calls",
                    label="further calls to make first")  # fmt: skip
    return [*told, *([others] if made.first > 1 else [])]


def space(
    made: Leads, rates: HitRates, products: Mapping[str, str], smallest: int, currency: str
) -> dict[str, Figure]:
    """The product that most loyal accounts of one group could be offered."""
    rows = made.space[(made.space["leads"] > 0) & (made.space["accounts"] >= smallest)]
    if rows.empty:
        return {}
    row = rows.sort_values(["leads", "share"], ascending=False, kind="stable").iloc[0]
    share = Figure("space_share", float(row["share"]), unit="share", base=int(row["accounts"]),
                   base_unit="accounts", label="loyal accounts like these that own it")  # fmt: skip
    product, group = products[row["product_id"]], str(row["group"])
    words = quotable(space_product=product, **({"space_group": group} if group else {}))
    span = None if pd.isna(row["money"]) else (row["money"], row["low"], row["high"])
    return by_name(
        Figure("space", int(row["leads"]), unit="count", verdict="group" if group else "all",
               base_unit="leads", label="loyal accounts that could be offered it"),
        share, *words,
        *_expected("space_money", span, unit=unit(currency), base=int(rates.table["leads"].sum()),
                   label="expected money of these leads"),
    )  # fmt: skip


def rates(found: HitRates) -> dict[str, Figure]:
    """How often leads of each source came true, where there are any of the past."""
    known = found.table[found.table["leads"] > 0]
    rows = {row["source"]: row for row in records(known)}
    return by_name(
        *(Figure.from_row(name, rows[source], ("chance", "low", "high"), base="leads",
                          unit="share1", base_unit="leads of the past", grade="C",
                          label=f"chance of a lead: {SOURCE[source].lower()}")
          for source, name in RATES.items() if source in rows)
    )  # fmt: skip


def tested(found: Backtest) -> dict[str, Figure]:
    """What was stated at the wave before, and what came true."""
    row = found.last
    if row is None:
        return {}
    verdict = "inside" if row["inside"] else "fewer" if row["hits"] < row["low"] else "more"
    counted = partial(Figure, unit="count", base_unit="leads")
    low, high = min(row["low"], row["expected"]), max(row["high"], row["expected"])
    return by_name(
        counted("tested", int(row["hits"]), verdict=verdict, label="leads that came true"),
        counted("tested_leads", int(row["leads"]), label="leads of the wave before"),
        Figure("forecast", float(row["expected"]), low, high, unit="decimal0",
               base=int(row["leads"]), base_unit="leads", label="leads stated to come true"),
        *quotable(tested_wave=str(row["wave"])),
    )  # fmt: skip


def listed(
    rows: pd.DataFrame, listed: pd.DataFrame | None, names: Mapping[str, str],
    products: pd.DataFrame,
) -> pd.DataFrame:  # fmt: skip
    """Leads with what accounts, people and products are called: rows of the page and the files."""
    what = products.set_index("product_id")
    known = pd.DataFrame({"account_id": [], "owner": []}) if listed is None else listed
    owners = known.drop_duplicates("account_id").set_index("account_id")["owner"]
    offer = "Offer " + rows["opportunity_id"].astype(object).fillna("").astype(str)
    share = rows["product_id"].map(what["margin"]).astype(float)
    return rows.assign(
        name=rows["account_id"].map(names).fillna(rows["account_id"]),
        owner=rows["account_id"].map(owners),
        role=rows["role"].map(plain, na_action="ignore"),
        product=rows["product_id"].map(what["name"]).fillna(offer),
        source=rows["source"].map(SOURCE), short=rows["source"].map(SHORT),
        margin=rows["money"] * share.where(share.abs() <= 1),
    )[LISTED].reset_index(drop=True)  # fmt: skip


def calls(made: Leads, rows: pd.DataFrame) -> pd.DataFrame:
    """The first calls, a row an account: who, about what, worth how much."""
    first = made.calls.head(made.first)
    of = dict(iter(rows.groupby("account_id", sort=False)))
    parts = [of[account] for account in first["account_id"]]
    best = pd.DataFrame([part.iloc[0] for part in parts], columns=rows.columns)
    return best[["account_id", "name", "owner", "role"]].reset_index(drop=True).assign(
        about=[_about(part) for part in parts],
        why=[", ".join(dict.fromkeys(part["short"].head(ABOUT))) for part in parts],
        **first[["money", "low", "high"]].reset_index(drop=True),
    )  # fmt: skip


def _about(part: pd.DataFrame) -> str:
    """The products of a call, the most expected money first."""
    named = list(dict.fromkeys(part["product"]))
    left = len(named) - ABOUT
    return ", ".join(named[:ABOUT]) + (f" and {left} more" if left > 0 else "")
