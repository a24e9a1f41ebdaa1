"""What to improve first: importance, adjusted effects, performance and dominance of drivers."""

from __future__ import annotations

from helpers.methods.drivers.domination import Dominance, dominance
from helpers.methods.drivers.importance import Halo, Importance, relative_importance
from helpers.methods.drivers.priority import Priorities, priorities
from helpers.methods.drivers.published import (
    dominance_of_correlations,
    importance_of_correlations,
)
from helpers.methods.drivers.scores import Performance, performance

__all__ = [
    "Dominance",
    "Halo",
    "Importance",
    "Performance",
    "Priorities",
    "dominance",
    "dominance_of_correlations",
    "importance_of_correlations",
    "performance",
    "priorities",
    "relative_importance",
]
