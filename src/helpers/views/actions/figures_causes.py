"""What the actions chapter may quote of the causes of cases and what is listed against them."""

from __future__ import annotations

import pandas as pd

from helpers.methods.actions import Considered, against_causes
from helpers.results import Figure
from helpers.views.rendering.declared import by_name
from helpers.views.rendering.naming import Labels, plain
from helpers.views.rendering.rules import listed, quotable


def against(found: Considered, causes: pd.DataFrame, effects: pd.DataFrame) -> pd.DataFrame:
    """Each cause of cases beside the actions listed against it, and those that are funded."""
    funded = [found.listed.ids[action] for action in found.decision.plan.starts]
    names = dict(zip(found.listed.ids, found.listed.candidates.names, strict=True))
    return against_causes(causes, effects, names=names, funded=funded)


def causes(
    found: Considered, causes: pd.DataFrame | None, effects: pd.DataFrame, labels: Labels,
    currency: str,
) -> dict[str, Figure]:  # fmt: skip
    """The commonest cause of cases that nothing is listed against, else funded, else of all."""
    table = None if causes is None else against(found, causes, effects)
    if table is None or table.empty:
        return {}
    unlisted, unmet = table[table["listed"] == 0], table[table["funded"] == 0]
    rows, verdict = next(
        (part, told)
        for part, told in ((unlisted, "unlisted"), (unmet, "not funded"), (table, "funded"))
        if len(part)
    )
    row = rows.iloc[0]
    words = {"cause": cause_name(row["cause"], labels), "cause_action": str(row["first"])}
    if verdict != "funded" and len(rows) > 1:
        words["cause_others"] = listed([cause_name(c, labels) for c in rows["cause"].iloc[1:]])
    label = f"yearly revenue of accounts with an open case of {words['cause']}"
    known = bool(currency) and "revenue" in row and row["revenue"] > 0
    return by_name(
        Figure("cause_cases", int(row["cases"]), unit="count", base_unit="cases", verdict=verdict,
               label=f"cases caused by {words['cause']}"),
        *([Figure("cause_money", float(row["revenue"]), unit=f"money:{currency}", label=label)]
          if known else []),
        *quotable(**{name: text for name, text in words.items() if text}),
    )  # fmt: skip


def cause_name(cause: object, labels: Labels) -> str:
    """A cause as readers call it.

    >>> cause_name("late_bill", {}), cause_name("delivery", {"delivery": "Delivery"})
    ('Late bill', 'Delivery')
    """
    return labels.get(str(cause), plain(cause).capitalize())
