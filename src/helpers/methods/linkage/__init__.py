"""Whether loyalty at one moment goes with what customers do afterwards, and what that is worth.

A score at a wave is set against outcomes in the months after it, never against
those of the same months, and adjusted for what was known before.
"""

from __future__ import annotations

from helpers.methods.linkage.backtest import Backtest, area_under_curve, backtest
from helpers.methods.linkage.lags import lag_curve
from helpers.methods.linkage.models import Link, link
from helpers.methods.linkage.rates import intention_against_act, outcome_by_score
from helpers.methods.linkage.returns import ReturnOnLoyalty, present_value, return_on_loyalty
from helpers.methods.linkage.risk import RevenueAtRisk, revenue_at_risk
from helpers.methods.linkage.rule_of_thumb import RuleOfThumb, rule_of_thumb
from helpers.methods.linkage.samples import LinkEstimate
from helpers.methods.linkage.sensitivity import e_value, robustness_value
from helpers.methods.linkage.stating import Step, step
from helpers.methods.linkage.windows import outcome_or_next, panel

__all__ = [
    "Backtest",
    "Link",
    "LinkEstimate",
    "ReturnOnLoyalty",
    "RevenueAtRisk",
    "RuleOfThumb",
    "Step",
    "area_under_curve",
    "backtest",
    "e_value",
    "intention_against_act",
    "lag_curve",
    "link",
    "outcome_by_score",
    "outcome_or_next",
    "panel",
    "present_value",
    "return_on_loyalty",
    "revenue_at_risk",
    "robustness_value",
    "rule_of_thumb",
    "step",
]
