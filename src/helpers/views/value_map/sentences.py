"""The words of the value map: which relationships deserve what."""

from __future__ import annotations

from collections.abc import Mapping

from helpers.results import Figure
from helpers.views.rendering.rules import first_that_fits

__all__ = ["SERVICE", "answer", "ask", "doubts", "so_what"]

SERVICE = {
    "Grow & leverage": "best people, executive sponsor, joint plans, ask for references",
    "Protect & repair": "executive contact within 30 days, recovery plan, no pitching",
    "Invest": "named owner, pilot projects, room to grow before revenue shows it",
    "Maintain efficiently": "reliable self-service and inside sales, light touch",
    "Re-price or release": "standard terms, price to cost, let go without drama",
    "Negative payoff": "renegotiate scope and price before any further effort",
}


def answer(figures: Mapping[str, Figure]) -> str:
    """Where the money is safe and where it is not."""
    return first_that_fits(
        figures,
        "About {protect_likely_accounts} accounts worth {protect_likely_revenue} a year are high "
        "in value and low in loyalty: protect and repair these first. {protect_accounts:value} "
        "are the best guesses, {protect_firm:value} of them firm.",
        "{protect_accounts:value} accounts worth {protect_revenue:value} a year look high in value "
        "and low in loyalty, as far as these answers can tell.",
        "{protect_accounts:value} accounts look high in value and low in loyalty, as far as these "
        "answers can tell.",
        "{placed:value} accounts could be placed; none is high in value and low in loyalty.",
    )


def so_what(figures: Mapping[str, Figure]) -> str:
    """How firmly the accounts sit in their cells."""
    firm = first_that_fits(
        figures,
        "Scores rest on few people an account: {firm_share:value} of accounts keep their group in "
        "at least four of five redraws of noise and weights. Talk to the others before acting "
        "on the map. The ranges allow for the same noise.",
        "Nothing tells how far these scores are noise, so how firmly an account sits in its group "
        "is not known.",
    )
    loss = first_that_fits(
        figures,
        "{negative_accounts:value} accounts with {negative_revenue:value} of revenue cost more to "
        "serve than they leave as margin; they are listed below.",
        "{negative_accounts:value} accounts cost more to serve than they leave as margin.",
    )
    return " ".join(filter(None, (firm, _doubtful(figures), loss)))


def _doubtful(figures: Mapping[str, Figure]) -> str:
    """Accounts that the map calls loyal and the loyalty chapter does not."""
    doubtful = figures.get("grow_doubtful")
    if doubtful is None or not doubtful.value:
        return ""
    return (
        "{grow_doubtful:value} of the {grow_doubtful:base} to grow that may be named are more "
        "likely than not Trapped or at High Risk in the loyalty chapter, which looks at how they "
        "feel and at what they mean to do, each by itself: hear them before asking for "
        "references."
    )


def ask(figures: Mapping[str, Figure], due: str) -> dict[str, str]:
    """The call for action."""
    what = first_that_fits(
        figures,
        "Name an executive sponsor for each of the {protect_accounts:value} accounts to protect, "
        "largest first.",
    )
    return {"what": what, "owner": "Head of sales", "due": due} if what else {}


def doubts(figures: Mapping[str, Figure]) -> tuple[str, ...]:
    """What does not fit."""
    found = []
    if "unplaced" in figures and int(figures["unplaced"].value or 0) > 0:
        found.append(
            "{unplaced:value} accounts with {unplaced_revenue:value} of revenue are not on the "
            "map: they gave no answer, or nothing tells their value."
            if "unplaced_revenue" in figures
            else "{unplaced:value} accounts are not on the map: they gave no answer, or nothing "
            "tells their value."
        )
    firm = figures.get("firm_share")
    if firm and float(firm.value or 1) < 0.5:
        found.append("Fewer than half of the placements are firm ({firm_share:value}).")
    return tuple(found)
