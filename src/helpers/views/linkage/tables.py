"""The tables of the linkage chapter."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from helpers.methods.linkage import Link, RevenueAtRisk
from helpers.views.linkage.figures import outcome_label
from helpers.views.rendering.numerals import formatter
from helpers.views.rendering.records import records
from helpers.views.rendering.tables import Table, show

ESTIMATES = {
    "unadjusted": "Unadjusted",
    "adjusted": "Adjusted",
    "corrected": "Corrected for measurement error",
    "negative control": "Check: growth before the survey (log ratio)",
}


def estimates(found: Link, unit: str, score_label: str) -> Table:
    """The link unadjusted, adjusted and corrected, and its check."""
    outcome = outcome_label(found.outcome)
    scale = "percentage points" if unit == "share" else "units"
    return show(
        estimate_rows(found, unit),
        caption=f"Change for {found.per:g} points more of {score_label.lower()}",
        columns={
            "estimate": ("Estimate", "text"),
            "shown": ("Change", "written"),
            "range": ("Interval", "written"),
            "base": ("Account surveys", "count"),
        },
        note=f"In {scale} of {outcome}; the check in its own unit. {found.accounts:,} accounts. "
        f"Intervals: {found.confidence:.0%}.",
    )


def estimate_rows(found: Link, unit: str) -> pd.DataFrame:
    """Each estimate of the link with a reader's name."""
    factor = 100.0 if unit == "share" else 1.0
    table = found.table.copy()
    scaled = table["estimate"] != "negative control"
    for column in ("effect", "low", "high"):
        table.loc[scaled, column] = table.loc[scaled, column] * factor
    written = [
        formatter("decimal1" if percent and unit == "share" else "decimal3") for percent in scaled
    ]
    rows = list(zip(written, records(table), strict=True))
    return table.assign(
        estimate=table["estimate"].map(ESTIMATES),
        shown=[write(row["effect"]) for write, row in rows],
        range=[f"{write(row['low'])} to {write(row['high'])}" for write, row in rows],
    )


def accounts_at_risk(
    found: RevenueAtRisk,
    names: Mapping[str, str],
    *,
    currency: str,
    months: int,
    most: int,
    people: int,
) -> Table:
    """The accounts where a low score puts most revenue at risk, by name.

    ``people`` is how many agreed to be named; only their answers are in it.
    """
    money = f"money:{currency}"
    listed = found.table.assign(account=found.table["account_id"].map(names))
    return show(
        listed,
        caption=f"The {most} accounts where a low score puts most revenue at risk",
        limit=most,
        sort="-excess",
        columns={
            "account": ("Account", "text"),
            "revenue": ("Revenue, 12 months", money),
            "score": ("Score, observed", "decimal0"),
            "probability": (f"Chance of leaving in {months} months", "share"),
            "at_risk": ("At risk", money),
            "excess": ("Of it, with the low score", money),
        },
        note=f"Made only from the answers of {people:,} people who may be named, in "
        f"{found.base:,} accounts.",
    )
