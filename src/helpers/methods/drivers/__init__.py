"""What to improve first: importance, adjusted effects, performance and dominance of drivers."""

from __future__ import annotations

from helpers.methods.drivers.agreement import Agreement
from helpers.methods.drivers.asked import AmongAsked, Parted, among_asked, part_by_filters
from helpers.methods.drivers.asymmetry import Asymmetry, asymmetry
from helpers.methods.drivers.costs import Costed, for_their_cost
from helpers.methods.drivers.curves import Curves, response_curves
from helpers.methods.drivers.domination import Dominance, dominance
from helpers.methods.drivers.importance import Halo, Importance, relative_importance
from helpers.methods.drivers.joint import Joint, joint
from helpers.methods.drivers.likely import likely_effects
from helpers.methods.drivers.pool import Pool, pool_waves
from helpers.methods.drivers.position import Positions, positions
from helpers.methods.drivers.potential import Potential, improvement_potential
from helpers.methods.drivers.priority import Priorities, priorities
from helpers.methods.drivers.published import (
    dominance_of_correlations,
    importance_of_correlations,
)
from helpers.methods.drivers.ranking import Ranking, grouped, ranking
from helpers.methods.drivers.recorded import MetricEffects, metric_effects
from helpers.methods.drivers.scores import Performance, performance
from helpers.methods.drivers.segments import Segments, compare_segments
from helpers.methods.drivers.stated import Stated, stated_against_derived, stated_by_driver
from helpers.methods.drivers.thinning import Thinned, thinned
from helpers.methods.drivers.treatment import Treatment, missing_treatment

__all__ = [
    "Agreement",
    "AmongAsked",
    "Asymmetry",
    "Costed",
    "Curves",
    "Dominance",
    "Halo",
    "Importance",
    "Joint",
    "MetricEffects",
    "Parted",
    "Performance",
    "Pool",
    "Positions",
    "Potential",
    "Priorities",
    "Ranking",
    "Segments",
    "Stated",
    "Thinned",
    "Treatment",
    "among_asked",
    "asymmetry",
    "compare_segments",
    "dominance",
    "dominance_of_correlations",
    "for_their_cost",
    "grouped",
    "importance_of_correlations",
    "improvement_potential",
    "joint",
    "likely_effects",
    "metric_effects",
    "missing_treatment",
    "part_by_filters",
    "performance",
    "pool_waves",
    "positions",
    "priorities",
    "ranking",
    "relative_importance",
    "response_curves",
    "stated_against_derived",
    "stated_by_driver",
    "thinned",
]
