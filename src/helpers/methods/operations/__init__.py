"""Which internal measures move perception, and what meeting their targets is worth.

A metric of the months before a survey is set against the rating that it is to move, that
rating against loyalty, and loyalty against staying.
"""

from __future__ import annotations

from helpers.methods.operations.chain import Link, staircase
from helpers.methods.operations.effects import Effects, Pair, effects
from helpers.methods.operations.exposure import Exposures, exposures
from helpers.methods.operations.felt import felt
from helpers.methods.operations.knee import Knees, knees, tenths
from helpers.methods.operations.metrics import Metrics, metrics
from helpers.methods.operations.savings import Claim, Savings, beyond, claims, reconciled, savings
from helpers.methods.operations.worth import Worth, levels_now, missed, worth

__all__ = [
    "Claim",
    "Effects",
    "Exposures",
    "Knees",
    "Link",
    "Metrics",
    "Pair",
    "Savings",
    "Worth",
    "beyond",
    "claims",
    "effects",
    "exposures",
    "felt",
    "knees",
    "levels_now",
    "metrics",
    "missed",
    "reconciled",
    "savings",
    "staircase",
    "tenths",
    "worth",
]
