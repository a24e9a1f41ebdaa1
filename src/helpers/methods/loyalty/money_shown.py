"""Which revenue of accounts may be told, where few of them make it up."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from helpers.methods.loyalty.segment_shares import PLAIN
from helpers.methods.survey import disclosure

__all__ = ["marked", "range_of_rules", "shown_shares", "withheld_rules"]

STEP = 0.05  # of all revenue: to this the range over rules is widened where a part is withheld
ENDS = ["value", "low", "high"]


def withheld_rules(table: pd.DataFrame, rules: Sequence[str], smallest: int) -> pd.Series:
    """Whether the revenue of a rule's segment may not be told, by ``segment_<rule>`` and segment.

    Who is in a segment is what its people answered, and whoever has the ledger finds a few
    accounts by their sum. So neither the revenue of few accounts is told nor what differs by
    few between two rules; the mean of all people comes first. The last entry, ``differs`` and
    ``True``, is of the accounts whose segment depends on the rule.

    Examples
    --------
    >>> table = pd.DataFrame({"segment_x": ["Trapped"] * 30 + ["High Risk"] * 12,
    ...                       "segment_y": ["Trapped"] * 28 + ["High Risk"] * 14,
    ...                       "differs": [False] * 28 + [True] * 2 + [False] * 12})
    >>> away = withheld_rules(table, ["x", "y"], 10)
    >>> away[away].index.tolist()
    [('segment_y', 'High Risk'), ('segment_y', 'Trapped'), ('differs', 'True')]
    """
    order = sorted(rules, key=lambda rule: rule != PLAIN)
    groups = table[[f"segment_{rule}" for rule in order]].astype(object)
    groups["differs"] = table["differs"].map({True: "True"})
    cells = disclosure.protect(groups, smallest).cells
    return cells.set_index(["grouping", "group"])["withheld"]


def marked(shares: pd.DataFrame, away: pd.Series) -> pd.DataFrame:
    """The shares of each rule with ``withheld``, as `withheld_rules` says."""
    pairs = zip("segment_" + shares["rule"], shares["segment"], strict=True)
    return shares.assign(withheld=[bool(away.get(pair, False)) for pair in pairs])


def range_of_rules(parts: pd.DataFrame, smallest: int) -> tuple[float, float]:
    """The lowest and highest revenue share of a segment over the rules, without its parts.

    Parameters
    ----------
    parts
        A row for each rule: ``accounts``, ``revenue`` (share) and ``withheld``.
    smallest
        The fewest accounts whose revenue may be told. Where the lowest share is that of fewer,
        the range begins at 0; where the highest is, there is none. An end that is withheld for
        another reason is widened to the next twentieth.

    Examples
    --------
    >>> parts = pd.DataFrame({"accounts": [40, 42], "revenue": [0.31, 0.37],
    ...                       "withheld": [False, True]})
    >>> [round(end, 2) for end in range_of_rules(parts, 10)]
    [0.31, 0.4]
    """
    if parts["revenue"].isna().any():
        return float("nan"), float("nan")
    low, high = (parts.loc[parts["revenue"].agg(end)] for end in ("idxmin", "idxmax"))
    if 0 < high["accounts"] < smallest:
        return float("nan"), float("nan")
    lowest, highest = float(low["revenue"]), float(high["revenue"])
    if low["withheld"]:
        lowest = float(np.floor(lowest / STEP) * STEP) * (low["accounts"] >= smallest)
    if high["withheld"]:
        highest = float(min(np.ceil(highest / STEP) * STEP, 1.0))
    return lowest, highest


def shown_shares(divided: pd.DataFrame, shares: pd.DataFrame, smallest: int) -> pd.DataFrame:
    """How revenue divides, with what few accounts make up withheld, and marked so.

    ``shares`` are those of each rule before anything is taken out, with ``withheld``.
    """
    found = divided.assign(withheld=False)
    plain = shares[(shares["rule"] == PLAIN) & shares["withheld"]]["segment"]
    for place, row in found[found["counted"] == "revenue"].iterrows():
        parts = shares[shares["segment"] == row["segment"]]
        found.loc[place, ["lowest", "highest"]] = range_of_rules(parts, smallest)
        if row["way"] == PLAIN and row["segment"] in set(plain):
            found.loc[place, ENDS] = np.nan
            found.loc[place, "withheld"] = True
    return found
