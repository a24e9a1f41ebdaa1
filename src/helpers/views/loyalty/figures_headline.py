"""What the loyalty page may quote first: the largest group, or why no group is named at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import pandas as pd

from helpers.methods.loyalty import Axes, LoyaltyMatrix, Membership, RollUp
from helpers.methods.loyalty.segments import SEGMENTS
from helpers.results import Figure
from helpers.views.loyalty import sentences_headline as words
from helpers.views.rendering.rules import quotable, shown

__all__ = ["BROAD", "alone", "largest", "line", "listed", "not_judged", "too_few", "unjudged",
           "why_none"]  # fmt: skip

BROAD = 0.5  # of all: an interval as wide says nothing that a page may lead with


def unjudged(found: Axes | None, reason: str = "") -> str:
    """Why segments, money and accounts may not be told from these questions; empty if they may.

    Examples
    --------
    >>> unjudged(None, "behaviour has 1 question; its reliability needs at least two")
    'how well the questions measure both sides is not known (behaviour has 1 question; ...)'
    """
    if found is None:
        return f"how well the questions measure both sides is not known ({reason})"
    return f"the questions on {found.weak} do not hang together" if found.weak else ""


def not_judged(reason: str) -> dict[str, Figure]:
    """Why the two sides cannot be relied on, for a sentence; nothing where they can."""
    return {f.name: f for f in quotable(sides_unjudged=reason)} if reason else {}


def line(step: float) -> dict[str, Figure]:
    """How far the line for loyal is moved to try it, in words.

    >>> line(0.5)["cut_step"].value, line(2)["cut_step"].value
    ('half a scale point', '2 scale points')
    """
    words_of = {0.5: "half a scale point", 1.0: "a scale point"}
    text = words_of.get(float(step), f"{step:g} scale points")
    return {f.name: f for f in quotable(cut_step=text)}


def largest(
    found: LoyaltyMatrix,
    chances: Membership | None = None,
    rolled: RollUp | None = None,
    currency: str = "",
) -> dict[str, Figure]:
    """The largest group that is not truly loyal; the next too, where none is surely the largest.

    Groups are ranked by how the base truly divides, where chances tell, else as answered.

    Examples
    --------
    >>> from helpers.methods import loyalty
    >>> named = largest(loyalty.matrix([90] * 5 + [10] * 40, [90] * 20 + [10] * 25))
    >>> named["largest_group"].value, "second_group" in named
    ('High Risk', True)
    """
    base = found.base if chances is None else chances.base
    shares = {name: (chances or found).share(name) for name in SEGMENTS[1:]}
    order = sorted(shares, key=lambda name: (-shares[name]["value"], name != "Trapped"))
    figures = _group("largest", order[0], shares[order[0]], base)
    figures |= _money(rolled, order[0], currency)
    if shares[order[0]]["low"] <= max(shares[name]["high"] for name in order[1:]):
        figures |= _group("second", order[1], shares[order[1]], base)
    return figures


def _group(place: str, segment: str, row: pd.Series, base: int) -> dict[str, Figure]:
    """A group by its name, what it means, and its share of people."""
    value, low, high = (float(row[end]) for end in ("value", "low", "high"))
    label = f"share of people: {segment}"
    share = Figure(f"{place}_share", value, low, high, "share", base, grade="C", label=label)
    texts = {f"{place}_group": segment, f"{place}_meaning": words.THEY[segment]}
    return {f.name: f for f in (share, *quotable(**texts))}


def _money(found: RollUp | None, segment: str, currency: str) -> dict[str, Figure]:
    """The revenue that a group holds, and the range over the rules; nothing where it is broad
    or withheld."""
    if found is None or not currency:
        return {}
    rows = found.held[(found.held["counted"] == "revenue") & (found.held["segment"] == segment)]
    if rows.empty or not float(rows["high"].iloc[0] - rows["low"].iloc[0]) < BROAD:
        return {}
    row, whole = rows.iloc[0], found.revenue
    how = "allowing for chance" if row["way"] == "chances" else "as answered"
    value, low, high = (float(row[end]) for end in ("value", "low", "high"))
    label = f"revenue of accounts that are {segment}, {how}"
    counted = partial(Figure, base=int(row["base"]), base_unit="accounts", grade="C", label=label)
    money = (value * whole, low * whole, high * whole)
    ends = {end: float(row[end]) for end in ("lowest", "highest") if pd.notna(row[end])}
    figures = (
        counted("largest_revenue", value, low, high, unit="share"),
        counted("largest_money", *money, unit=f"money:{currency}"),
        *(counted(f"largest_revenue_{end}", x, unit="share") for end, x in ends.items()),
        *quotable(largest_revenue_how=how),
    )
    return {f.name: f for f in figures}


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
    if found.unplaced:
        return f"no account is listed: {found.unplaced}"
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
    order = "the largest" if _known(accounts, revenue) else "the surest"
    at_risk = (found.singled_out["segment"] == "High Risk").any()
    order = f"those at High Risk first, then {order}" if at_risk else f"{order} first"
    count = Figure("listed_accounts", min(len(accounts), most), unit="count", base=found.base,
                   base_unit="accounts", label="accounts listed by name")  # fmt: skip
    return {f.name: f for f in (count, *quotable(listed_order=order))}


def _known(accounts: pd.Series, revenue: pd.Series | None) -> bool:
    return revenue is not None and bool(accounts.map(revenue).notna().any())
