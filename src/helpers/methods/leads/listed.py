"""The leads of today: whom to call, about what, and which wait until the account is well again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.errors import NotEstimable
from helpers.methods.leads.naming import Known, Rule, leads_on, ownership
from helpers.methods.leads.rates import HitRates, hits_range
from helpers.methods.leads.sales import Sales
from helpers.methods.leads.worth import Priced, Worth, worth

__all__ = ["Leads", "todays_leads"]


@dataclass(frozen=True)
class Leads:
    """Leads to be sent and leads that wait, the most expected money first.

    Of the sent, those of accounts whose terms come first stand after all others.

    ``sent`` and ``held``: account_id, product_id, source, opportunity_id, contact_id, role, peers,
    price, chance, money, low, high. ``space``: group, product_id, share (of loyal accounts that
    own it), accounts, leads, and their money, low, high. ``hits``: how many of the sent are
    expected to come true, with the range. ``total``: expected money of all sent. ``withheld``:
    leads where nobody agreed.
    """

    sent: pd.DataFrame
    held: pd.DataFrame
    space: pd.DataFrame
    calls: pd.DataFrame  # account_id, leads, money, low, high: accounts to call, in their order
    hits: tuple[float, float, float] | None
    total: tuple[float, float, float] | None
    monday: tuple[float, float, float] | None  # expected money of the first calls
    first: int  # accounts called first
    agreed: bool  # whether anybody may be approached at all
    withheld: int

    def __post_init__(self) -> None:
        every = pd.concat([self.sent, self.held])
        what = every["product_id"].fillna(every["opportunity_id"])
        if every.assign(what=what).duplicated(["account_id", "what"]).any():
            raise ValueError("a lead is listed twice: its money would count twice")
        if set(self.sent["account_id"]) & set(self.held["account_id"]):
            raise ValueError("an account that waits is among those to call")

    @property
    def claimed(self) -> pd.Series:
        """Expected money of the leads that are sent, by account: what this line claims."""
        return self.sent.groupby("account_id")["money"].sum()


def todays_leads(
    sold: Sales,
    known: Known,
    rule: Rule,
    rates: HitRates,
    prices: Priced,
    *,
    people: pd.DataFrame,
    waiting: Collection[str],
    last: Collection[str] = (),
    everyone: Known,
    calls: int = 10,
    rng: np.random.Generator,
    confidence: float = 0.95,
    hits_confidence: float = 0.9,
) -> Leads:
    """Name today's leads with their expected money, and set apart those that wait.

    Parameters
    ----------
    known, everyone
        What is known of accounts where somebody agreed to offers, and of all: the second is only
        counted.
    people
        Whom to call, as `reachable` gives them.
    waiting
        Accounts that are offered nothing now.
    last
        Accounts whose terms are settled before anything is offered: called after all others,
        however much money their leads promise.
    calls
        Accounts called first.

    Raises
    ------
    NotEstimable
        Where no product is known of, so that nothing can be named.
    """
    if sold.products.empty and sold.offers.empty:
        raise NotEstimable("no product is known: send products, holdings or opportunities")
    named = _with_person(leads_on(sold, known, rule), people)
    found = worth(named, rates, prices, rng=rng, confidence=confidence)
    hold = named["account_id"].isin(list(waiting))
    ordered = _after_others(_best_first(found.table[~hold]), last)
    to_call = _after_others(found.by_account(~hold, confidence), last)
    early = to_call["account_id"].head(calls)
    likely = ordered["chance"].notna().any()
    space = _space(ownership(sold, known, rule), known, found, ~hold, confidence)
    return Leads(
        ordered, _best_first(found.table[hold]), space, to_call,
        hits_range(ordered, rates, rng=rng, confidence=hits_confidence) if likely else None,
        found.together(~hold, confidence),
        found.together(~hold & named["account_id"].isin(early), confidence), len(early),
        len(people) > 0,
        max(len(leads_on(sold, everyone, rule)) - len(named), 0),
    )  # fmt: skip


def _with_person(leads: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Who asked, else who would be called first at the account."""
    first = people.drop_duplicates("account_id").set_index("account_id")["contact_id"]
    who = leads["contact_id"].fillna(leads["account_id"].map(first).astype("str"))
    role = who.map(people.drop_duplicates("contact_id").set_index("contact_id")["role"])
    return leads.assign(contact_id=who, role=role)


def _best_first(leads: pd.DataFrame) -> pd.DataFrame:
    return leads.sort_values(
        ["money", "chance", "peers", "account_id", "product_id"],
        ascending=[False, False, False, True, True], na_position="last", ignore_index=True,
    )  # fmt: skip


def _after_others(rows: pd.DataFrame, last: Collection[str]) -> pd.DataFrame:
    """Rows in their order, those of the accounts to be called last at the end."""
    at_end = rows["account_id"].isin(list(last))
    return pd.concat([rows[~at_end], rows[at_end]], ignore_index=True)


def _space(
    shares: pd.DataFrame, known: Known, found: Worth, sent: pd.Series, confidence: float
) -> pd.DataFrame:
    """Who owns what among loyal accounts, with the leads that follow and their money."""
    leads, apart = found.table, set(shares["group"])
    groups = {} if known.groups is None else known.groups.astype(str).to_dict()
    of = leads["account_id"].map(groups).where(lambda group: group.isin(apart), "")
    white = sent & (leads["source"] == "white space")
    fields = [
        white & (of == group) & (leads["product_id"] == product)
        for group, product in zip(shares["group"], shares["product_id"], strict=True)
    ]
    nothing = (np.nan,) * 3
    money = [found.together(rows, confidence) or nothing for rows in fields]
    return shares.assign(
        leads=[int(rows.sum()) for rows in fields],
        **{name: [span[at] for span in money] for at, name in enumerate(("money", "low", "high"))},
    )
