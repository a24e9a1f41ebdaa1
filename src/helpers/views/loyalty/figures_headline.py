"""What the loyalty page may lead with: whether the two sides can be relied on, and the groups."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import pandas as pd

from helpers.methods.loyalty import Axes, LoyaltyMatrix, Membership, RollUp
from helpers.methods.loyalty.segments import SEGMENTS
from helpers.results import Figure
from helpers.views.loyalty.declared import MEANINGS
from helpers.views.rendering.declared import by_name
from helpers.views.rendering.rules import quotable

BROAD = 0.5  # of all: an interval as wide says nothing that a page may lead with
FEEL_AND_MEAN = "how customers feel and what they mean to do"
JUDGED = {
    "two": "are two things in these answers",
    "perhaps one": "may be one thing in these answers",
    "one": "are one thing in these answers",
}
WAYS = {"chances": "corrected for measurement error", "account_mean": "observed"}


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


def sides(found: Axes | None, reason: str, scores: pd.DataFrame, needed: int) -> dict[str, Figure]:
    """Whether segments may be told from these answers, and why not where they may not.

    Parameters
    ----------
    found, reason
        What the questions of both sides were found to be, or why it could not be told.
    scores
        Each person's score on both sides.
    needed
        People with both that segments need.

    Examples
    --------
    >>> told = sides(None, "few", pd.DataFrame({"attitude": [50.0], "behaviour": [None]}), 30)
    >>> told["sides"].verdict, told["people_placed"].value
    ('too few', 0)
    """
    placed = int(scores.notna().all(axis=1).sum())
    clear = "unjudged" if found is None else found.verdict
    said = unjudged(found, reason) or f"{FEEL_AND_MEAN} {JUDGED[clear]}"
    return {
        "sides": Figure(
            "sides", said, unit="text", verdict="too few" if placed < needed else clear,
        ),
        "people_placed": Figure("people_placed", placed, unit="count",
                                label="people with answers on both sides"),
        "people_needed": Figure("people_needed", needed, unit="count",
                                label="people that segments need"),
    }  # fmt: skip


def line(step: float) -> dict[str, Figure]:
    """How far the line for loyal is moved to try it, in words.

    >>> line(0.5)["cut_step"].value, line(2)["cut_step"].value
    ('half a scale point', '2 scale points')
    """
    words_of = {0.5: "half a scale point", 1.0: "a scale point"}
    text = words_of.get(float(step), f"{step:g} scale points")
    return {f.name: f for f in quotable(cut_step=text)}


def largest(found: LoyaltyMatrix, chances: Membership | None = None) -> dict[str, Figure]:
    """The largest group that is not truly loyal, whether it clearly is the largest, and the next.

    Groups are ranked by shares corrected for measurement error, else as observed.

    Examples
    --------
    >>> from helpers.methods import loyalty
    >>> named = largest(loyalty.matrix([90] * 5 + [10] * 40, [90] * 20 + [10] * 25))
    >>> named["largest_group"].value, named["largest_share"].verdict
    ('High Risk', 'not clear')
    """
    base = found.base if chances is None else chances.base
    shares = {name: (chances or found).share(name) for name in SEGMENTS[1:]}
    first, second, *rest = sorted(shares, key=lambda n: (-shares[n]["value"], n != "Trapped"))
    others = max(shares[name]["high"] for name in (second, *rest))
    verdict = "clear" if shares[first]["low"] > others else "not clear"
    return _group("largest", first, shares[first], base, verdict) | _group(
        "second", second, shares[second], base
    )


def _group(
    place: str, segment: str, row: pd.Series, base: int, verdict: str = ""
) -> dict[str, Figure]:
    """A group by its name, what it means, and its share of people."""
    share = Figure.from_row(
        f"{place}_share", row, base=base, unit="share", grade="C",
        label=f"share of people: {segment}", verdict=verdict,
    )  # fmt: skip
    texts = {f"{place}_group": segment, f"{place}_meaning": MEANINGS[segment]}
    return by_name(share, *quotable(**texts))


def largest_money(found: RollUp, figures: Mapping[str, Figure], currency: str) -> dict[str, Figure]:
    """The revenue of the largest group, and the range over the rules.

    Nothing where it is withheld, or its interval is too broad to lead with.
    """
    if not currency or "largest_group" not in figures:
        return {}
    segment = str(figures["largest_group"].value)
    rows = found.segment_shares[
        (found.segment_shares["counted"] == "revenue")
        & (found.segment_shares["segment"] == segment)
    ]
    if rows.empty or not float(rows["high"].iloc[0] - rows["low"].iloc[0]) < BROAD:
        return {}
    row = rows.iloc[0]
    how = WAYS[str(row["way"])]
    label = f"revenue of accounts that are {segment}, {how}"
    counted = partial(Figure.from_row, row=row, base_unit="accounts", grade="C", label=label)
    ends = ("lowest", "highest")
    return by_name(
        counted("largest_revenue", unit="share"),
        counted("largest_money", factor=found.revenue, unit=f"money:{currency}"),
        *(counted(f"largest_revenue_{end}", columns=[end], unit="share") for end in ends
          if pd.notna(row[end])),
        *quotable(largest_revenue_how=how),
    )  # fmt: skip


def why_none(found: RollUp) -> str:
    """Why no account is singled out; empty where one is."""
    if found.unplaced:
        return f"no account is listed: {found.unplaced}"
    if not found.apart:
        return (
            "no account is listed: on these answers no account's loyalty is statistically "
            "distinguishable from the mean of all"
        )
    if found.singled_out.empty:
        return "no account is listed: none is more likely than not in a segment that is not loyal"
    return ""


def listed(found: RollUp) -> dict[str, Figure]:
    """How many accounts are singled out; who talks to which of them the account list says."""
    accounts = found.singled_out["account_id"]
    return by_name(
        Figure("listed_accounts", len(accounts), unit="count", base=found.base,
               base_unit="accounts",
               label="accounts more likely than not in a segment that is not loyal",
               verdict="none" if accounts.empty else "some")
    )  # fmt: skip
