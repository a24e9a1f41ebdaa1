"""Who owns each driver, who is paid on it, and where the two part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from helpers.methods.alignment.paid import AGAINST, HELPS, Paid, same_function

__all__ = ["Coverage", "coverage"]

EFFECT = ["effect", "effect_low", "effect_high"]
QUESTION = ["driver", "function", "follow_up_owner", "decision"]
COLUMNS = [
    *QUESTION,
    "owner",
    *EFFECT,
    "base",
    "p_family",
    "matters",
    "paid_by",
    "paying",
    "share",
    "finding",
]


@dataclass(frozen=True)
class Coverage:
    """Each driver with its owner and with the functions that are paid on it.

    Attributes
    ----------
    table
        One row a driver, the strongest effect on loyalty first: ``driver``, ``function`` (that
        owns it), ``follow_up_owner``, ``decision`` (that it feeds), ``owner`` (the person),
        ``effect`` with its ends, ``base``, ``p_family`` (of the effect, corrected for looking at
        all drivers), ``matters`` (the effect is clear), ``paid_by``
        (functions with a metric that is meant for it), ``paying`` (how many), ``share`` (of the
        owner's pay that is on it), ``finding``: *no owner*, *nobody is paid*, *works against*,
        *both ways*, *paid elsewhere*, *across functions*, *paid*, or *pay not known*.
    """

    table: pd.DataFrame

    def of(self, *findings: str, matters: bool = False) -> pd.DataFrame:
        """Drivers with one of these findings; with ``matters`` only those with a clear effect."""
        rows = self.table[self.table["finding"].isin(findings)]
        return rows[rows["matters"]] if matters else rows


def coverage(
    questions: pd.DataFrame, found: Paid | None = None, effects: pd.DataFrame | None = None
) -> Coverage:
    """Set owners of drivers against functions that are paid on them.

    Parameters
    ----------
    questions
        One row a driver: ``driver``, ``function`` (that owns it), ``follow_up_owner``,
        ``decision``; the last three may be missing or empty.
    found
        What functions are paid on; without it that is not known of any driver.
    effects
        As the drivers chapter hands them on (``drivers``).

    Examples
    --------
    >>> questions = pd.DataFrame({"driver": ["speed", "price"], "function": ["Service", None]})
    >>> coverage(questions).table[["driver", "finding"]].values.tolist()
    [['speed', 'pay not known'], ['price', 'no owner']]
    """
    asked = questions.reindex(columns=QUESTION)
    asked = asked.assign(**{
        name: ["" if pd.isna(x) else str(x).strip() for x in asked[name]] for name in QUESTION
    })  # fmt: skip
    known = pd.DataFrame() if effects is None else effects
    strength = known.reindex(columns=["driver", *EFFECT, "base", "p_family", "clear"])
    rows = asked.merge(strength, on="driver", how="left")
    rows = rows.assign(matters=rows["clear"].eq(True))
    metrics = pd.DataFrame(columns=["driver", "function"]) if found is None else found.table
    made = [_line(row, metrics, found is not None) for row in rows.to_dict("records")]
    table = pd.DataFrame(made, columns=COLUMNS).astype({"matters": bool})
    order = table["effect"].where(table["effect"].notna(), -np.inf)
    return Coverage(table.loc[order.sort_values(ascending=False, kind="stable").index]
                    .reset_index(drop=True))  # fmt: skip


def _line(row: Mapping[Any, Any], metrics: pd.DataFrame, known: bool) -> dict[Any, Any]:
    """One driver with those who are paid on it."""
    on = metrics[(metrics["driver"] == row["driver"]) & (metrics["driver"] != "")]
    functions = list(dict.fromkeys(on["function"]))
    owner = same_function(row["function"])
    own = on[on["function"].map(same_function) == owner]
    return {
        **row,
        "owner": _person(row, metrics),
        "paid_by": ", ".join(functions),
        "paying": len(functions),
        "share": float(own["share"].sum()) if len(own) else 0.0,
        "finding": _finding(owner, functions, on, known),
    }


def _person(row: Mapping[Any, Any], metrics: pd.DataFrame) -> str:
    """Who answers for the driver: the owner of its function's metrics, else who follows it up."""
    mine = metrics["function"].map(same_function) == same_function(row["function"])
    people = [p for p in metrics[mine].get("owner", pd.Series(dtype=object)) if p]
    return people[0] if people and row["function"] else str(row["follow_up_owner"])


def _finding(owner: str, functions: list[str], on: pd.DataFrame, known: bool) -> str:
    if not functions:
        return "no owner" if not owner else "nobody is paid" if known else "pay not known"
    verdicts = set(on["verdict"])
    if AGAINST in verdicts:
        return "both ways" if HELPS in verdicts else "works against"
    if not owner:
        return "no owner"
    if owner not in map(same_function, functions):
        return "paid elsewhere"
    return "across functions" if len(functions) > 1 else "paid"
