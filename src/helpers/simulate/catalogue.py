"""What each planted truth means, and which figure of the handbook should meet it."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase

import numpy as np

__all__ = ["CATALOGUE", "rows"]

# name (a * stands for a wave or a driver), chapter, figure of the handbook (or none), meaning
CATALOGUE: tuple[tuple[str, str, str | None, str], ...] = (
    ("nps", "sampling", "nps", "net promoter score had every eligible contact answered"),
    ("nps_bias", "sampling", None,
     "expected score of those who answer, unweighted, less everybody's"),
    ("nps_bias_weighted", "sampling", None,
     "what stays of it when answers are weighted to tier, region and role"),
    ("nps_20*", "sampling", None, "the score in that wave had every eligible contact answered"),
    ("nps_bias_20*", "sampling", None, "the same bias in that wave"),
    ("satisfaction_mean", "sampling", "satisfaction_mean",
     "mean satisfaction 1-10 had every eligible contact answered"),
    ("eligible_contacts", "sampling", None, "active, not opted out, last wave"),
    ("response_on_loyalty", "sampling", None,
     "logits of answering per standard deviation of one's loyalty; weights cannot mend it"),
    ("loyalty_mean", "sampling", "loyalty_index",
     "loyalty index 0-100 had every eligible contact answered"),
    ("loyalty_change", "loyalty", "loyalty_change", "change of that mean since the wave before"),
    ("nps_change", "loyalty", "nps_change", "had every eligible contact answered both times"),
    ("account_share", "loyalty", None,
     "share of the variance of true loyalty that lies between accounts"),
    ("icc", "loyalty", "icc",
     "account intraclass correlation of the loyalty index had everybody answered"),
    ("share_truly_loyal", "loyalty", "truly_loyal", "both axes 4 or more of 5, all eligible"),
    ("share_accessible", "loyalty", "accessible", "attitude 4 or more, behaviour less"),
    ("share_trapped", "loyalty", "trapped", "behaviour 4 or more, attitude less"),
    ("share_high_risk", "loyalty", "high_risk", "both axes less than 4"),
    ("effect_*", "drivers", "effect_*",
     "loyalty index points per rating point, the other drivers equal, had every eligible contact "
     "answered without a slip"),
    ("caused_*", "drivers", None,
     "the same by the rule that makes loyalty: nobody put right, nobody gone, no chance"),
    ("share_*", "drivers", "share_*",
     "Shapley (LMG) share of what drivers explain, had every eligible contact answered without a "
     "slip"),
    ("planted_*", "drivers", None,
     "standard deviations of loyalty per one of what the driver gains"),
    ("mean_*", "drivers", "mean_*", "mean rating 0-10 had every eligible contact answered"),
    ("halo", "drivers", "halo_correlation", "mean correlation between drivers"),
    ("strongest", "drivers", "largest_share", "driver with the largest share"),
    ("lowest_rated", "drivers", "lowest_rated", "what raw scores alone would have picked"),
    ("without_effect", "drivers", None, "drivers that move nothing"),
    ("floors", "drivers", None, "drivers that only matter when poor"),
    ("delighters", "drivers", None, "drivers that only matter when excellent"),
    ("churn_slope", "linkage", None,
     "logits of leaving within six months per standard deviation of an account's true loyalty"),
    ("retained_per_10", "linkage", "corrected",
     "percentage points of staying six months more per 10 points of an account's true index, "
     "tenure and size equal; observed scores show less"),
    ("growth_per_10", "linkage", None,
     "change of log revenue after the wave per 10 points of an account's true index"),
    ("revenue_at_risk", "linkage", None,
     "yearly revenue expected to leave within six months, all active accounts"),
    ("revenue_at_risk_scored", "linkage", "risk_gross",
     "the same, accounts that answered in the last wave"),
    ("revenue_at_risk_share", "linkage", None, "of the yearly revenue of all active accounts"),
    ("revenue_at_risk_scored_share", "linkage", "risk_share",
     "of the yearly revenue of accounts that answered"),
    ("risk_linked", "linkage", "risk_excess",
     "of that, what would stay were true loyalty nowhere below its upper quartile"),
    ("recovery_gain", "recovery", "recovery_gain",
     "index points that people put right in time gain by the next wave, beyond doing nothing"),
    ("interest_chance", "leads", "interest_rate",
     "share of ticked products bought in six months by accounts that did not own them; a tick "
     "itself moves nothing"),
    ("offer_chance", "leads", "offer_rate",
     "share of offers that accounts of a true index under 70 accept"),
    ("delivery_per_point_on_time", "operations", "slope_on_time_delivery",
     "rating points of delivery per percentage point on time"),
    ("support_per_hour_beyond_24", "operations", "beyond_first_response_hours",
     "rating points of technical support per hour of first response beyond 24"),
    ("support_per_handling_minute", "operations", "slope_handling_minutes",
     "rating points of technical support per minute of handling: shorter is worse"),
    ("sales_per_quote_hour", "operations", "slope_quote_hours",
     "rating points of the sales process per hour until a quote: an idle metric"),
    ("knee_hours", "operations", "knee_first_response_hours",
     "hours of first response up to which nothing is lost"),
    ("active_accounts", "value_map", None, "on the day of the data"),
    ("revenue_year", "value_map", None, "twelve months, active accounts"),
    ("revenue_gini", "value_map", None, "of active accounts' revenue"),
    ("negative_payoff", "value_map", None,
     "active accounts that cost more to serve than they leave as margin"),
    ("win_slope", "value_map", None,
     "logits of winning an offer per standard deviation of true loyalty"),
    ("gain_*", "actions", "gain_*",
     "margin kept and cost saved in two years were changes and adoption the middle ones"),
    ("overrated_*", "alignment", "gap_*", "rating points by which employees overrate it"),
    ("metrics_against_drivers", "alignment", None,
     "metrics whose pay direction works against customers"),
    ("promises_kept", "alignment", "promises_kept",
     "promises to customers delivered, of all that are due"),
    ("promises_told", "alignment", "promises_told",
     "delivered promises that customers were told of"),
)  # fmt: skip


def rows(values: Mapping[str, object]) -> list[dict[str, object]]:
    """Give each value its meaning: name, chapter, figure, truth, note.

    Examples
    --------
    >>> rows({"effect_delivery": 1.23456})[0]["figure"]
    'effect_delivery'
    """
    return [_row(name, value) for name, value in values.items()]


def _row(name: str, value: object) -> dict[str, object]:
    pattern, chapter, figure, note = next(c for c in CATALOGUE if fnmatchcase(name, c[0]))
    if figure is not None and pattern.endswith("*"):
        figure = figure[:-1] + name.removeprefix(pattern[:-1])
    if isinstance(value, float | np.floating):
        value = round(float(value), 4)
    return {"name": name, "chapter": chapter, "figure": figure, "truth": value, "note": note}
