"""The figures that the loyalty chapter may quote, and their verdicts."""

from __future__ import annotations

from helpers.methods.loyalty.decomposition import PARTS
from helpers.methods.loyalty.segments import KEYS
from helpers.views.rendering.declared import declare

MEANINGS = {
    "Truly Loyal": "happy, and set to stay",
    "Accessible": "happy, but not set to stay",
    "Trapped": "likely to stay, unhappily",
    "High Risk": "neither happy nor set to stay",
}

SCORES = {  # by measure: how the name of its change begins
    "nps": "nps",
    "recommend_mean": "recommend_mean",
    "satisfaction_mean": "satisfaction_mean",
    "satisfaction_top": "satisfaction_top",
    "loyalty_index": "loyalty",
    "effort_mean": "effort_mean",
    "attitude": "attitude",
    "behaviour": "behaviour",
}
CHANGED = ("rose", "fell", "beyond", "little", "none", "apart")
MOVED = ("rose", "fell", "beyond")  # than nothing; the others say that it is little or untold
CHANGES = {f"{name}_change": CHANGED for name in SCORES.values()}
SIDES = ("two", "perhaps one", "one", "weak", "against", "unjudged", "too few")

# What each part of the chapter may tell; without it, its figures have its reason.
AXES = (
    "alpha_attitude", "alpha_behaviour", "weak_axis", "weak_alpha",
    "axes_observed", "axes_disattenuated", "axes_htmt",
)  # fmt: skip
OBSERVED = (
    *(f"{key}{way}" for key in KEYS.values() for way in ("", "_accounts", "_revenue")),
    "truly_loyal_strict_observed", "truly_loyal_lenient_observed",
    "revenue_answered", "revenue_effective",
)  # fmt: skip
CORRECTED = (
    *(f"{key}_true" for key in KEYS.values()), "firm", "truly_loyal_strict", "truly_loyal_lenient",
)  # fmt: skip
SATISFIED = (
    "satisfied", "satisfied_from", "loyal_of_satisfied_lowest", "loyal_of_satisfied_highest",
)  # fmt: skip
ACCOUNTS = (
    "rolled_accounts", "several_accounts", "single_voice", "rule_changes", "rule_revenue",
    "accounts_trapped", "trapped_money", "decider_low", "account_reliability", "rank_lowest",
    "accounts_below", "accounts_above", "accounts_alike",
    "largest_revenue", "largest_money", "largest_revenue_how",
    "largest_revenue_lowest", "largest_revenue_highest",
)  # fmt: skip
MOVES = ("moved", "moved_by_chance", "moved_seen", "moved_placed")

DECLARED = declare(
    "main", "main_label", *SCORES, *(f"{name}_label" for name in SCORES),
    *AXES, *OBSERVED, *CORRECTED, *SATISFIED, *ACCOUNTS, *MOVES,
    "people_placed", "people_needed", "cut_step", "icc",
    "largest_group", "largest_meaning", "second_group", "second_meaning", "second_share",
    "before_wave", "first_wave", "last_wave",
    "main_change_unweighted", "whole_change_unweighted", "main_change_beyond", "change_matters",
    *(f"{name}_change_{part}" for name in ("loyalty", "nps", "main") for part in PARTS),
    "best_group", "benchmark_position", "benchmark_label", "benchmark_source",
    sides=SIDES,
    largest_share=("clear", "not clear"),
    loyal_of_satisfied=("fewer", "not clear"),
    decider_gap=("lower", "higher", "not clear"),
    listed_accounts=("some", "none"),
    main_change=CHANGED,
    main_change_chance=("rose", "fell"),
    whole_change=CHANGED,
    moved_excess=("more", "fewer", "not clear"),
    best_group_score=("above", "not clear"),
    kinds_apart=("some", "none"),
    **CHANGES,
).claiming(
    **dict.fromkeys(("main_change", "whole_change", *CHANGES), MOVED),
    decider_gap=("lower", "higher"),
    moved_excess=("more", "fewer"),
    best_group_score=("above",),
    kinds_apart=("some",),
)  # fmt: skip
