"""Each segment's share of people, of accounts and of revenue: the ones that lead the page."""

from __future__ import annotations

import pandas as pd

from helpers.methods.loyalty import LoyaltyMatrix, Membership, RollUp
from helpers.methods.loyalty.segments import SEGMENTS

CORRECTED, OBSERVED = "corrected for measurement error", "observed"
ENDS = ["value", "low", "high"]


def leading_shares(
    found: LoyaltyMatrix, chances: Membership | None = None, rolled: RollUp | None = None
) -> pd.DataFrame:
    """Shares corrected for measurement error where they can be, else as observed.

    Returns
    -------
    DataFrame
        A row for each way of counting and segment: ``counted`` (people, accounts, revenue),
        ``segment``, ``value``, ``low``, ``high`` (missing where withheld) and ``how``.

    Examples
    --------
    >>> from helpers.methods import loyalty
    >>> leading_shares(loyalty.matrix([80, 90, 50, 40], [90, 80, 90, 20]))["how"].unique().tolist()
    ['observed']
    """
    people = found.table[found.table["estimand"] == "respondents"] if chances is None else (
        chances.expected
    )  # fmt: skip
    how = OBSERVED if chances is None else CORRECTED
    parts = [people[["segment", *ENDS]].assign(counted="people", how=how)]
    if rolled is not None:
        parts += [
            _of_accounts(part) for _, part in rolled.segment_shares.groupby("counted", sort=False)
        ]
    else:
        votes = found.table[found.table["estimand"] != "respondents"]
        parts.append(votes[["segment", *ENDS]].assign(counted=votes["estimand"], how=OBSERVED))
    return pd.concat(parts, ignore_index=True)


def _of_accounts(part: pd.DataFrame) -> pd.DataFrame:
    """Shares of accounts or of their revenue; nothing where a segment has none."""
    if len(part) < len(SEGMENTS):
        return part.iloc[:0][["segment", *ENDS, "counted"]].assign(how="")
    how = CORRECTED if part["way"].iloc[0] == "chances" else OBSERVED
    return part[["segment", *ENDS, "counted"]].assign(how=how)
