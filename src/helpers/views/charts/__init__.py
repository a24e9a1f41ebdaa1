"""Charts: each takes a result or a tidy frame and returns a :class:`Chart`.

A chart is drawn twice, for a page and for a phone, reads in greyscale, names its
units and its base, and carries its finding as text for who cannot see it.
"""

from __future__ import annotations

from helpers.views.charts.chart import Chart
from helpers.views.charts.comments import theme_groups, theme_shares
from helpers.views.charts.driver_positions import importance_ellipses, stated_derived
from helpers.views.charts.driver_shapes import penalty_reward, response_curves
from helpers.views.charts.drivers import (
    importance_and_effect,
    importance_bars,
    importance_performance,
)
from helpers.views.charts.intervals import interval_dots, small_interval, trend
from helpers.views.charts.linkage import intention_act, outcome_by_score, risk_concentration
from helpers.views.charts.loyalty import (
    account_scores,
    change_parts,
    loyalty_matrix,
    segment_moves,
    segment_shares,
)
from helpers.views.charts.next_wave import margin_by_invitations
from helpers.views.charts.nonresponse import silence_range
from helpers.views.charts.sampling import coverage_curve, weights_before_after
from helpers.views.charts.value import cells_bars, value_map

__all__ = [
    "Chart",
    "account_scores",
    "cells_bars",
    "change_parts",
    "coverage_curve",
    "importance_and_effect",
    "importance_bars",
    "importance_ellipses",
    "importance_performance",
    "intention_act",
    "interval_dots",
    "loyalty_matrix",
    "margin_by_invitations",
    "outcome_by_score",
    "penalty_reward",
    "response_curves",
    "risk_concentration",
    "segment_moves",
    "segment_shares",
    "silence_range",
    "small_interval",
    "stated_derived",
    "theme_groups",
    "theme_shares",
    "trend",
    "value_map",
    "weights_before_after",
]
