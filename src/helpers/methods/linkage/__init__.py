"""Whether loyalty at one moment goes with what customers do afterwards, and what that is worth.

A score at a wave is set against outcomes in the months after it, never against
those of the same months, and adjusted for what was known before.
"""

from __future__ import annotations

from helpers.methods.linkage.backtest import Backtest, area_under_curve, backtest
from helpers.methods.linkage.counts import Ratio, count_ratio, leaving_ratio
from helpers.methods.linkage.delay import Delay, delay
from helpers.methods.linkage.keeping import RevenueKept, revenue_kept
from helpers.methods.linkage.kept import money_kept, yearly_money
from helpers.methods.linkage.lags import Lags, lag_curve, over_lags
from helpers.methods.linkage.leavers import (
    Leavers,
    customers_at_waves,
    holders,
    leavers,
    top_share,
    who_left,
)
from helpers.methods.linkage.levels import LossLevels, loss_levels
from helpers.methods.linkage.models import Link, link
from helpers.methods.linkage.outcomes import Outcomes, outcomes, spending
from helpers.methods.linkage.rates import (
    acts,
    intention_against_act,
    intention_over_lags,
    outcome_by_score,
)
from helpers.methods.linkage.returns import (
    ReturnOnLoyalty,
    margin_share,
    present_value,
    return_on_loyalty,
    returns_over,
)
from helpers.methods.linkage.risk import RevenueAtRisk, margin_at_risk, revenue_at_risk
from helpers.methods.linkage.rule_of_thumb import (
    RuleOfThumb,
    detractors,
    rule_of_answers,
    rule_of_thumb,
)
from helpers.methods.linkage.sales import share_by_rank
from helpers.methods.linkage.samples import LinkEstimate
from helpers.methods.linkage.sensitivity import Unseen, e_value, robustness_value, unseen
from helpers.methods.linkage.shape import Response, response
from helpers.methods.linkage.specifications import Specifications, adjustments, specifications
from helpers.methods.linkage.stating import Step, step
from helpers.methods.linkage.survival import GroupSurvival, Survival, survival, survival_by_group
from helpers.methods.linkage.wallet import Wallet, wallet
from helpers.methods.linkage.windows import TABLES, outcome_or_next, panel, panels
from helpers.methods.linkage.within import Within, repeated, within_accounts

__all__ = [
    "TABLES",
    "Backtest",
    "Delay",
    "GroupSurvival",
    "Lags",
    "Leavers",
    "Link",
    "LinkEstimate",
    "LossLevels",
    "Outcomes",
    "Ratio",
    "Response",
    "ReturnOnLoyalty",
    "RevenueAtRisk",
    "RevenueKept",
    "RuleOfThumb",
    "Specifications",
    "Step",
    "Survival",
    "Unseen",
    "Wallet",
    "Within",
    "acts",
    "adjustments",
    "area_under_curve",
    "backtest",
    "count_ratio",
    "customers_at_waves",
    "delay",
    "detractors",
    "e_value",
    "holders",
    "intention_against_act",
    "intention_over_lags",
    "lag_curve",
    "leavers",
    "leaving_ratio",
    "link",
    "loss_levels",
    "margin_at_risk",
    "margin_share",
    "money_kept",
    "outcome_by_score",
    "outcome_or_next",
    "outcomes",
    "over_lags",
    "panel",
    "panels",
    "present_value",
    "repeated",
    "response",
    "return_on_loyalty",
    "returns_over",
    "revenue_at_risk",
    "revenue_kept",
    "robustness_value",
    "rule_of_answers",
    "rule_of_thumb",
    "share_by_rank",
    "specifications",
    "spending",
    "step",
    "survival",
    "survival_by_group",
    "top_share",
    "unseen",
    "wallet",
    "who_left",
    "within_accounts",
    "yearly_money",
]
