"""The seven principles of customer focus, the practices behind them, and what is evidence of each.

Evidence is a figure that another chapter handed on, or a count of the client's own tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from helpers.methods.accounts import live
from helpers.results import ChapterResult, Figure

PRINCIPLES = {
    "value": "Deliver value to customers",
    "long": "Long-term value before short-term results",
    "seniors": "Senior buy-in",
    "shared": "Share initiatives with employees, partners and customers",
    "emotions": "Measure emotions and loyalty too",
    "trained": "Train employees and contractors",
    "named": "Name the internal stakeholders and build support",
}
PRACTICES = {
    "sampling": "Gather feedback with proven sampling",
    "commit": "Commit to following up",
    "recover": "Recover service at once, with promises that bear a date",
    "drivers": "Set priorities by driver analysis, not by raw scores",
    "money": "Link feedback to revenue, retention, growth and cost",
    "planning": "Use it in account planning, by the value map",
    "tell": "Tell customers what was learned and done, and engage employees",
}
EVIDENCE = {  # measures that would be evidence of each, the strongest first
    "value": ("truly_loyal", "observed", "in_time"),
    "long": ("pay", "linked"),
    "seniors": ("sponsors",),
    "shared": ("told", "told_staff"),
    "emotions": ("emotions",),
    "trained": (),
    "named": ("owned", "metric_owners"),
    "sampling": ("deciders", "answered"),
    "commit": ("owned", "delivered"),
    "recover": ("in_time", "recovered"),
    "drivers": ("clear_drivers",),
    "money": ("effect", "linked"),
    "planning": ("firm",),
    "tell": ("told", "told_staff"),
}
HANDED_ON = {  # evidence that another chapter found: the chapter, and its figure
    "truly_loyal": ("loyalty", "truly_loyal_true"),
    "observed": ("loyalty", "truly_loyal"),
    "in_time": ("recovery", "contact_kept"),
    "recovered": ("recovery", "recovery_gain"),
    "linked": ("linkage", "risk_excess"),
    "effect": ("linkage", "effect"),
    "deciders": ("sampling", "decider_coverage"),
    "answered": ("sampling", "response_rate"),
    "clear_drivers": ("drivers", "clear_drivers"),
    "firm": ("value_map", "firm_share"),
}
OWN = {  # figures of this page
    "told": "promises_told", "told_staff": "staff_told", "delivered": "promises_kept",
    "pay": "helped",
}  # fmt: skip
WORDS = {
    "truly_loyal": "Respondents who are truly loyal, corrected for measurement error",
    "observed": "Respondents who are truly loyal, observed",
    "in_time": "Cases contacted within the promise",
    "recovered": "Points of loyalty gained beyond doing nothing by those contacted in time",
    "linked": "Yearly revenue at risk that is linked to low scores",
    "effect": "Higher retention of accounts with better scores, percentage points",
    "deciders": "Revenue with a decision maker's answer",
    "answered": "People asked who answered",
    "clear_drivers": "Drivers with a clear effect on loyalty",
    "firm": "Accounts placed firmly on the value map",
    "told": "Delivered promises that customers were told of",
    "told_staff": "Delivered promises to employees that they were told of",
    "delivered": "Promises to customers delivered, of those due",
    "pay": "Variable pay on metrics that a link shows to help customers",
    "sponsors": "Customers with an executive sponsor named",
    "emotions": "Questions on attitude and behaviour",
    "owned": "Questions with a decision and an owner",
    "metric_owners": "Metrics that functions are paid on, with an owner named",
}
SENT = {  # what would be evidence, where there is none
    "value": "send answers on attitude and behaviour, or tickets",
    "long": "send each function's metrics, or what accounts spend",
    "seniors": "name each account's sponsor in accounts",
    "shared": "send communications with the day each was told",
    "emotions": "ask for attitude and behaviour, not for satisfaction alone",
    "trained": "no table holds training; keep a list of who was trained in what",
    "named": "name each question's decision and owner",
    "sampling": "send invitations, accounts and contacts",
    "commit": "name each question's decision and owner, and send communications",
    "recover": "send tickets, and declare targets",
    "drivers": "ask for ratings of what customers get",
    "money": "send financials or contracts over time",
    "planning": "send accounts and financials",
    "tell": "send communications with the day each was told",
}


def wanted(names: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """The measures that would be evidence of each principle named."""
    return {key: EVIDENCE[key] for key in names}


def evidence(
    before: Mapping[str, ChapterResult],
    own: Mapping[str, Figure],
    sent: Mapping[str, pd.DataFrame],
    register: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
) -> pd.DataFrame:
    """Every piece of evidence that there is: measure, value, low, high, unit, base, base_unit.

    Parameters
    ----------
    before
        What the other chapters handed on.
    own
        The figures of this page.
    sent
        The client's tables.
    register
        As `focus.register` gives it.
    """
    found = {name: before[chapter].figures.get(figure) for name, (chapter, figure)
             in HANDED_ON.items() if chapter in before}  # fmt: skip
    found |= {name: own.get(figure) for name, figure in OWN.items()}
    told = {name: f for name, f in found.items() if f is not None and f.value is not None}
    if "truly_loyal" in told:
        told.pop("observed", None)  # the corrected share leads
    rows = [_row(name, figure) for name, figure in told.items()]
    columns = ["measure", "value", "low", "high", "unit", "base", "base_unit"]
    return pd.DataFrame([*rows, *_counted(sent, register, as_of)], columns=columns)


def _row(name: str, figure: Figure) -> dict[str, Any]:
    return {"measure": name, "value": figure.value, "low": figure.low, "high": figure.high,
            "unit": figure.unit, "base": figure.base, "base_unit": figure.base_unit}  # fmt: skip


def _counted(
    sent: Mapping[str, pd.DataFrame], register: pd.DataFrame, as_of: pd.Timestamp
) -> Iterator[dict[str, Any]]:
    """What the client's own tables say; shares of lists, which have no interval."""
    feelings = int(register["role"].isin(["attitude", "behaviour"]).sum())
    if feelings:
        yield {"measure": "emotions", "value": feelings, "unit": "count", "base": len(register),
               "base_unit": "questions"}  # fmt: skip
    owned = (register["decision"] != "") & (register["owner"] != "")
    if owned.any():
        yield _share("owned", owned, "questions")
    listed, metrics = sent.get("accounts"), sent.get("function_metrics")
    if listed is not None and "sponsor" in listed and listed["sponsor"].notna().any():
        yield _share("sponsors", live(listed, on=as_of)["sponsor"].notna(), "accounts")
    if metrics is not None and "owner" in metrics and metrics["owner"].notna().any():
        yield _share("metric_owners", metrics["owner"].notna(), "metrics")


def _share(name: str, rows: pd.Series, base_unit: str) -> dict[str, Any]:
    return {"measure": name, "value": float(rows.mean()), "unit": "share", "base": len(rows),
            "base_unit": base_unit}  # fmt: skip
