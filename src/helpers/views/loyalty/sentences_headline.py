"""The words that a loyalty page may lead with: the largest group, or one score alone."""

from __future__ import annotations

from collections.abc import Mapping

from helpers.results import Figure
from helpers.views.rendering.rules import first_that_fits

__all__ = ["ONE", "THEY", "TOO_FEW", "UNSURE", "others", "verdict", "why_alone"]

THEY = {
    "Accessible": "happy, but not set to stay",
    "Trapped": "likely to stay, unhappily",
    "High Risk": "neither happy nor set to stay",
}
ONE, UNSURE = "one thing", "perhaps one thing"  # verdicts on the two sides
TOO_FEW = (
    "Segments need {people_needed:value} people with answers on both sides; {people_placed:value} "
    "gave them, so none are shown."
)


def others(known: Mapping[str, Figure]) -> str:
    """The largest group that is not truly loyal, and what it brings."""
    first, second = (
        THEY.get(str(known[name].value), "") if name in known else ""
        for name in ("largest_group", "second_group")
    )
    group = first_that_fits(
        known,
        f"The largest other groups are {{largest_group}}, {{largest_share}}: {first}; and "
        f"{{second_group}}, {{second_share}}: {second}.",
        f"The largest other group is {{largest_group}}, {{largest_share}}: {first}.",
    )
    money = first_that_fits(
        known,
        "Accounts that are {largest_group} bring {largest_revenue} of the revenue we heard from, "
        "{largest_money:value} a year ({largest_revenue_how}); by other rules for placing an "
        "account, {largest_revenue_lowest:value} to {largest_revenue_highest:value}.",
        "Accounts that are {largest_group} bring {largest_revenue} of the revenue we heard from, "
        "{largest_money:value} a year ({largest_revenue_how}).",
    )
    return " ".join(filter(None, (group, money)))


def why_alone(figures: Mapping[str, Figure]) -> str:
    """Why one score stands alone, without segments beside it; empty where segments may lead.

    >>> why_alone({"axes_verdict": Figure("axes_verdict", "two things", unit="text")})
    ''
    """
    if "weak_axis" in figures:
        return (
            "Who is truly loyal cannot be told: the questions on "
            f"{figures['weak_axis'].value} do not hang together."
        )
    if "sides_unjudged" in figures:
        return f"Who is truly loyal cannot be told: {figures['sides_unjudged'].value}."
    if verdict(figures) == ONE:
        return (
            "How customers feel and what they mean to do are one thing in these answers, so this "
            "score says what there is to say and segments tell little more."
        )
    return ""


def verdict(figures: Mapping[str, Figure]) -> str:
    """What was found of the two sides: two things, one, or perhaps one; empty where unknown."""
    found = figures.get("axes_verdict")
    return "" if found is None else str(found.value)
