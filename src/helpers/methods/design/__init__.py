"""Before fieldwork: whom to ask and how many.

Sizes for a margin or a change, allocation to strata, selection with known chances, the
rules for contacts, and the plan that puts them together.
"""

from __future__ import annotations

from helpers.methods.design.allocation import (
    TAKE_ALL,
    Allocation,
    TakeAll,
    allocate,
    take_all,
    variance_of_total,
)
from helpers.methods.design.changes import detectable_change, size_for_change
from helpers.methods.design.contact_rules import Eligibility, contact_rules
from helpers.methods.design.plan import SamplePlan, plan_sample
from helpers.methods.design.selection import (
    Selection,
    by_account,
    pps_systematic,
    simple_random,
    stratified,
    systematic,
)
from helpers.methods.design.sizes import (
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
    "Eligibility",
    "SamplePlan",
    "SampleSize",
    "Selection",
    "TakeAll",
    "allocate",
    "by_account",
    "cluster_design_effect",
    "contact_rules",
    "detectable_change",
    "margin_of",
    "plan_sample",
    "pps_systematic",
    "simple_random",
    "size_for_change",
    "size_for_margin",
    "size_for_mean",
    "sizes_by_segment",
    "stratified",
    "systematic",
    "take_all",
    "variance_of_total",
]
