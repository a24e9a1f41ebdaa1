"""Which leads would be named on a day, by source, from what was known on that day."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from helpers.methods import accounts, loyalty
from helpers.methods.leads.asks import ASKED, asked_in_comments, asked_in_items
from helpers.methods.leads.sales import PAIR, Sales

__all__ = [
    "LEAD",
    "SOURCES",
    "Known",
    "Rule",
    "known_at_waves",
    "known_on",
    "leads_on",
    "ownership",
]

SOURCES = ("offer", "comment", "interest", "white space")  # the first that names one counts
LEAD = ["account_id", "product_id", "source", "opportunity_id", "contact_id", "amount", "peers"]
AGAIN = 12  # months after a lost offer in which the product is no white space


@dataclass(frozen=True, slots=True)
class Rule:
    """What makes a lead.

    ``loyal``: the score, 0-100, from which an account counts as loyal, and below which its open
    offers are at risk. ``own``: share of loyal accounts like it that own a product, from which not
    owning it is white space. ``each``: products named an account, the most owned first.
    ``smallest``: loyal accounts of a group before it stands for itself.
    """

    loyal: float = 70.0
    own: float = 0.3
    each: int = 2
    smallest: int = 10


@dataclass(frozen=True)
class Known:
    """What was known of customers on a day.

    ``scores``: loyalty by account, of answers that may be named. ``there``: accounts that are
    customers and where somebody may be approached. ``groups``: the group of each account.
    ``ticked`` and ``wrote``: account_id, contact_id, product_id that people asked for.
    """

    on: pd.Timestamp
    scores: pd.Series
    there: Collection[str]
    groups: pd.Series | None = None
    ticked: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=ASKED, dtype="str"))
    wrote: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=ASKED, dtype="str"))


def known_on(
    on: pd.Timestamp,
    responses: pd.DataFrame,
    scores: pd.Series,
    listed: pd.DataFrame,
    people: pd.DataFrame,
    *,
    items: Mapping[str, str],
    texts: pd.DataFrame,
    products: pd.DataFrame,
    like: str = "segment",
) -> Known:
    """What was known on a day from the answers of one wave.

    Parameters
    ----------
    responses
        Of the wave: ``account_id``, ``contact_id`` and the questions about interest.
    scores
        Loyalty, 0-100, of the respondents who may be named.
    listed
        The list of accounts: ``account_id``, dates and the column that says what is ``like`` what.
    people
        Who may be approached: ``account_id`` and ``contact_id``.
    items
        The product of each question about interest.
    texts
        Comments: ``response_id``, ``text``.
    products
        ``product_id``, ``name``.
    """
    own = scores.reindex(scores.index.intersection(responses.index)).dropna()
    firms = responses.loc[own.index, "account_id"]
    made = loyalty.account_scores(own, firms).table if firms.notna().any() else None
    known = pd.Series(dtype=float) if made is None else made.set_index("account_id")["shrunk"]
    there = set(accounts.live(listed, on=on)["account_id"]) & set(people["account_id"])
    who = people["contact_id"].dropna()
    said = texts[texts["response_id"].isin(responses.index)]
    of = responses.reindex(columns=["account_id", "contact_id"]).loc[said["response_id"]]
    return Known(
        on, known, there,
        listed.set_index("account_id")[like] if like in listed else None,
        asked_in_items(responses, items, who),
        asked_in_comments(of.assign(text=said["text"].to_numpy()), products, who),
    )  # fmt: skip


def known_at_waves(
    days: Mapping[str, pd.Timestamp],
    responses: pd.DataFrame,
    scores: pd.Series,
    listed: pd.DataFrame,
    people: pd.DataFrame,
    **asked: Any,  # noqa: ANN401 - as of `known_on`
) -> dict[str, Known]:
    """The same on the day of each wave; waves without a day are left out."""
    dated = {wave: day for wave, day in days.items() if not pd.isna(day)}
    return {
        wave: known_on(day, responses[responses["wave"] == wave], scores, listed, people, **asked)
        for wave, day in dated.items()
    }


def leads_on(sold: Sales, known: Known, rule: Rule) -> pd.DataFrame:
    """The leads that would be named on a day, each account and product once.

    A product that is owned is no lead, and one that is on offer is only that offer. Where several
    sources name a product, the first counts: an open offer, a comment, a ticked interest, white
    space.

    Returns
    -------
    DataFrame
        account_id, product_id, source, opportunity_id, contact_id, amount, peers (share of loyal
        accounts like it that own the product).

    Examples
    --------
    >>> from helpers.methods.leads.sales import sales
    >>> owned = pd.DataFrame({"account_id": list("abc"), "product_id": ["p", "p", "q"]})
    >>> day = pd.Timestamp("2026-06-30")
    >>> known = Known(day, pd.Series(80.0, index=list("abc")), there=["c"])
    >>> leads_on(sales(owned, None, None), known, Rule(smallest=1))[["account_id", "product_id"]]
      account_id product_id
    0          c          p
    """
    offers = sold.open_offers(known.on)
    taken = pd.concat([sold.owned(known.on), offers[PAIR].dropna()])
    parts = [_at_risk(offers, known, rule)]
    for source, rows in (("comment", known.wrote), ("interest", known.ticked)):
        parts.append(_without(rows[rows["account_id"].isin(known.there)], taken, source))
    parts.append(_white_space(sold, known, rule, taken))
    found = pd.concat([_typed(part) for part in parts])
    product = found["product_id"].fillna(found["opportunity_id"])  # offers of no known product
    twice = found.assign(product=product).duplicated(["account_id", "product"])
    return found[~twice].reset_index(drop=True)


def _typed(rows: pd.DataFrame) -> pd.DataFrame:
    numbers = ("amount", "peers")
    return rows.reindex(columns=LEAD).astype({n: float if n in numbers else "str" for n in LEAD})


def _at_risk(offers: pd.DataFrame, known: Known, rule: Rule) -> pd.DataFrame:
    """Open offers at accounts that are not loyal; of several for one product the largest."""
    low = known.scores.index[known.scores < rule.loyal]
    rows = offers[offers["account_id"].isin(low) & offers["account_id"].isin(known.there)]
    return rows.assign(source="offer").sort_values("amount", ascending=False, kind="stable")


def _without(rows: pd.DataFrame, taken: pd.DataFrame, source: str) -> pd.DataFrame:
    """What is neither owned nor on offer, each account and product once."""
    pairs = pd.MultiIndex.from_frame(rows[PAIR])
    free = rows[~pairs.isin(pd.MultiIndex.from_frame(taken[PAIR]))]
    return free.drop_duplicates(PAIR).assign(source=source)


def ownership(sold: Sales, known: Known, rule: Rule) -> pd.DataFrame:
    """Share of loyal accounts that own each product, by group.

    Groups of fewer than ``rule.smallest`` loyal accounts are counted with all.

    Returns
    -------
    DataFrame
        group (empty: all loyal accounts), product_id, share, accounts (of the group); nothing
        where all loyal accounts together are fewer.
    """
    loyal = known.scores.index[known.scores >= rule.loyal]
    columns = ["group", "product_id", "share", "accounts"]
    if len(loyal) < rule.smallest or sold.products.empty:
        return pd.DataFrame(columns=columns)
    held = sold.owned(known.on)
    owns = pd.crosstab(held["account_id"], held["product_id"]).clip(upper=1)
    owns = owns.reindex(index=loyal, columns=sold.products["product_id"], fill_value=0)
    group = _group_of(known, loyal, rule.smallest)
    parts = {"": owns, **dict(iter(owns.groupby(group[group != ""])))}
    rows = [
        (name, pid, share, len(part))
        for name, part in parts.items() for pid, share in part.mean().items()
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _group_of(known: Known, loyal: pd.Index, smallest: int) -> pd.Series:
    """The group of each loyal account; empty where it has none that stands for itself."""
    if known.groups is None:
        return pd.Series("", index=loyal)
    group = known.groups.reindex(loyal).astype(object).fillna("").astype(str)
    counts = group.value_counts()
    return group.where(group.map(counts) >= smallest, "")


def _white_space(sold: Sales, known: Known, rule: Rule, taken: pd.DataFrame) -> pd.DataFrame:
    shares = ownership(sold, known, rule)
    loyal = known.scores.index[known.scores >= rule.loyal]
    if shares.empty:
        return pd.DataFrame(columns=LEAD)
    group = _group_of(known, loyal, rule.smallest).rename("group").rename_axis("account_id")
    reached = group[group.index.isin(known.there)].reset_index()
    rows = reached.merge(shares[shares["share"] >= rule.own], on="group")
    refused = sold.refused(known.on - pd.DateOffset(months=AGAIN), known.on)
    asked = pd.concat([known.ticked[PAIR], known.wrote[PAIR]])
    free = _without(rows, pd.concat([taken, refused, asked]), "white space")
    ordered = free.rename(columns={"share": "peers"}).sort_values(
        ["account_id", "peers", "product_id"], ascending=[True, False, True]
    )
    return ordered.groupby("account_id").head(rule.each).assign(amount=np.nan)
