"""What to improve first: importance, adjusted effects, performance and dominance of drivers."""

from __future__ import annotations

from helpers.methods.drivers.importance import (
    Halo,
    Importance,
    importance_of_correlations,
    relative_importance,
)
from helpers.methods.drivers.priority import Priorities, priorities
from helpers.methods.drivers.scores import Performance, performance

__all__ = [
    "Halo",
    "Importance",
    "Performance",
    "Priorities",
    "importance_of_correlations",
    "performance",
    "priorities",
    "relative_importance",
]
