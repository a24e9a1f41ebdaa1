"""What the loyalty page may quote first: the largest group, or why no group is named at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from helpers.methods.loyalty import LoyaltyMatrix, RollUp
from helpers.methods.loyalty.segments import SEGMENTS
from helpers.results import Figure
from helpers.views.words import loyalty_headline as words
from helpers.views.words.rules import quotable, shown

__all__ = ["alone", "largest", "listed", "too_few", "why_none"]


def largest(found: LoyaltyMatrix, currency: str = "") -> dict[str, Figure]:
    """The largest group that is not truly loyal; the next too, where none is surely the largest.

    Examples
    --------
    >>> from helpers.methods import loyalty
    >>> named = largest(loyalty.matrix([90] * 5 + [10] * 40, [90] * 20 + [10] * 25))
    >>> named["largest_group"].value, "second_group" in named
    ('High Risk', True)
    """
    shares = {name: found.share(name) for name in SEGMENTS[1:]}
    order = sorted(shares, key=lambda name: (-shares[name]["value"], name != "Trapped"))
    figures = _group(found, "largest", order[0], currency)
    if shares[order[0]]["low"] <= max(shares[name]["high"] for name in order[1:]):
        figures |= _group(found, "second", order[1], currency)
    return figures


def _group(found: LoyaltyMatrix, place: str, segment: str, currency: str) -> dict[str, Figure]:
    """A group by its name, its share, and the revenue it holds where that is known."""
    share = _figure(f"{place}_share", found.share(segment), label=f"share of people: {segment}")
    texts = {f"{place}_group": segment, f"{place}_meaning": words.THEY[segment]}
    figures = [share, *quotable(**texts)]
    if currency and found.revenue > 0 and "revenue" in set(found.table["estimand"]):
        held = found.share(segment, "revenue")
        label = f"share of revenue: {segment}"
        figures += [
            _figure(f"{place}_revenue", held, label=label),
            _figure(f"{place}_money", held, found.revenue, f"money:{currency}", label=label),
        ]
    return {f.name: f for f in figures}


def _figure(
    name: str, row: pd.Series, scale: float = 1.0, unit: str = "share", *, label: str
) -> Figure:
    value, low, high = (float(row[end]) * scale for end in ("value", "low", "high"))
    return Figure(name, value, low, high, unit, int(row["base"]), grade="C", label=label)


def too_few(attitude: pd.Series, behaviour: pd.Series, smallest: int) -> dict[str, Figure]:
    """How many people could be placed, and how many it takes; nothing where they are enough.

    Examples
    --------
    >>> too_few(pd.Series([50.0, None]), pd.Series([50.0, 75.0]), 30)["people_placed"].value
    1
    """
    people = int((attitude.notna() & behaviour.notna()).sum())
    if people >= smallest:
        return {}
    return {
        "people_placed": Figure("people_placed", people, unit="count",
                                label="people with answers on both sides"),
        "people_needed": Figure("people_needed", smallest, unit="count",
                                label="people that segments need"),
    }  # fmt: skip


def alone(figures: Mapping[str, Figure]) -> dict[str, Figure]:
    """The leading score as what alone may be said, and why; nothing where segments may lead."""
    known = shown(figures)
    reason = words.why_alone(known)
    if reason and "main" in known:
        score = replace(known["main"], name="score_alone")
        return {f.name: f for f in (score, *quotable(alone_because=reason))}
    return {}


def why_none(found: RollUp) -> str:
    """Why no account is singled out; empty where one is."""
    if found.likely["chance"].isna().all():
        return "no account is listed: too few have two people who may be named"
    if not found.apart:
        return (
            "no account is listed: on these answers no account's loyalty surely differs from the "
            "mean of all"
        )
    if found.singled_out.empty:
        return "no account is listed: none is more likely than not in a segment that is not loyal"
    return ""


def listed(found: RollUp, most: int, revenue: pd.Series | None) -> dict[str, Figure]:
    """How many accounts are listed by name, and in which order."""
    accounts = found.singled_out["account_id"]
    if accounts.empty:
        return {f.name: f for f in quotable(listed_none=why_none(found))}
    order = "the largest first" if _known(accounts, revenue) else "the surest first"
    count = Figure("listed_accounts", min(len(accounts), most), unit="count", base=found.base,
                   base_unit="accounts", label="accounts listed by name")  # fmt: skip
    return {f.name: f for f in (count, *quotable(listed_order=order))}


def _known(accounts: pd.Series, revenue: pd.Series | None) -> bool:
    return revenue is not None and bool(accounts.map(revenue).notna().any())
