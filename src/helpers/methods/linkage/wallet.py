"""Our share of what customers spend with all their suppliers: by rank, and as they declare it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from helpers.errors import NotEstimable
from helpers.methods.linkage.sales import share_by_rank
from helpers.methods.survey import mean
from helpers.methods.survey.estimates import Estimate

__all__ = ["Wallet", "wallet"]

SEVERAL = 0.4  # of customers with more than one supplier, from which the rule is for use
SUPPLIERS = 1.4  # or so many suppliers on average
LEAST = 10  # accounts with a rank


@dataclass(frozen=True)
class Wallet:
    """The share of wallet by the Wallet Allocation Rule, and the declared one beside it.

    ``difference`` is the rule's share less the declared one, of accounts with both. Both are
    ``None`` where too few accounts have both.
    """

    implied: Estimate
    declared: Estimate | None
    difference: Estimate | None
    suppliers: float  # on average
    several: float  # share with more than one

    @property
    def verdict(self) -> Literal["for use", "few suppliers"]:
        """Whether enough customers have several suppliers for the rule to say something."""
        enough = self.several >= SEVERAL or self.suppliers >= SUPPLIERS
        return "for use" if enough else "few suppliers"


def wallet(accounts: pd.DataFrame, *, confidence: float = 0.95) -> Wallet:
    """Shares of wallet that ranks imply, set against revenue over declared spend.

    Parameters
    ----------
    accounts
        ``supplier_rank`` (1 is the supplier liked best) and ``suppliers`` (how many are used),
        and, where known, ``revenue`` and ``total_spend`` a year.
    confidence
        Of the intervals.

    Raises
    ------
    NotEstimable
        Where ranks and numbers of suppliers were not sent, or for too few accounts.

    References
    ----------
    Keiningham, Aksoy, Buoye & Cooil (2011), Customer loyalty isn't enough, Harvard Business
    Review 89 (10).

    Examples
    --------
    >>> asked = pd.DataFrame({"supplier_rank": [1, 2] * 6, "suppliers": [2] * 12})
    >>> made = wallet(asked)
    >>> round(made.implied.value, 3), made.verdict, made.declared is None
    (0.5, 'for use', True)
    """
    if not {"supplier_rank", "suppliers"} <= set(accounts):
        raise NotEstimable("no account's rank of us among its suppliers was sent")
    ranked = accounts.dropna(subset=["supplier_rank", "suppliers"])
    if len(ranked) < LEAST:
        raise NotEstimable(
            f"{len(ranked)} accounts have a rank and a number of suppliers: {LEAST} are needed"
        )
    implied = share_by_rank(ranked["supplier_rank"], ranked["suppliers"])
    declared = _declared(ranked)
    both = declared is not None and declared.notna().sum() >= LEAST
    return Wallet(
        mean(implied, confidence=confidence),
        mean(declared, confidence=confidence) if both and declared is not None else None,
        mean(implied - declared, confidence=confidence) if both else None,
        float(ranked["suppliers"].mean()),
        float((ranked["suppliers"] > 1).mean()),
    )


def _declared(ranked: pd.DataFrame) -> pd.Series | None:
    """Revenue over what the account says it spends with everybody, at most all of it."""
    if not {"revenue", "total_spend"} <= set(ranked):
        return None
    spend = ranked["total_spend"].astype(float)
    return (ranked["revenue"] / spend.where(spend > 0)).clip(0, 1).replace(np.inf, np.nan)
