"""Before fieldwork: whom to ask and how many.

Sizes for a margin or a change, allocation to strata, selection with known chances, the
rules for contacts, and the plan that puts them together.
"""

from __future__ import annotations

from helpers.methods.sample_design.allocation import (
    TAKE_ALL,
    Allocation,
    TakeAll,
    allocate,
    take_all,
    variance_of_total,
)
from helpers.methods.sample_design.alternatives import alternatives, divisions, size_ladder
from helpers.methods.sample_design.changes import (
    SinceWave,
    change_since,
    detectable_change,
    size_for_change,
)
from helpers.methods.sample_design.contact_rules import Eligibility, contact_rules
from helpers.methods.sample_design.drawing import Options
from helpers.methods.sample_design.expectations import leading_points, rates_by_group
from helpers.methods.sample_design.ground import ContactLimits, Lists
from helpers.methods.sample_design.plan import SamplePlan, Target, plan_sample
from helpers.methods.sample_design.prospects import (
    Prospects,
    change_to_expect,
    person_groups,
    prospects,
)
from helpers.methods.sample_design.selection import (
    Selection,
    by_account,
    pps_systematic,
    simple_random,
    stratified,
    systematic,
)
from helpers.methods.sample_design.settings import PlanSettings, plan_as_set
from helpers.methods.sample_design.sizes import (
    SampleSize,
    cluster_design_effect,
    margin_of,
    size_for_margin,
    size_for_mean,
    sizes_by_segment,
)

__all__ = [
    "TAKE_ALL",
    "Allocation",
    "ContactLimits",
    "Eligibility",
    "Lists",
    "Options",
    "PlanSettings",
    "Prospects",
    "SamplePlan",
    "SampleSize",
    "Selection",
    "SinceWave",
    "TakeAll",
    "Target",
    "allocate",
    "alternatives",
    "by_account",
    "change_since",
    "change_to_expect",
    "cluster_design_effect",
    "contact_rules",
    "detectable_change",
    "divisions",
    "leading_points",
    "margin_of",
    "person_groups",
    "plan_as_set",
    "plan_sample",
    "pps_systematic",
    "prospects",
    "rates_by_group",
    "simple_random",
    "size_for_change",
    "size_for_margin",
    "size_for_mean",
    "size_ladder",
    "sizes_by_segment",
    "stratified",
    "systematic",
    "take_all",
    "variance_of_total",
]
