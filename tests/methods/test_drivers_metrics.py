"""Metrics as drivers: estimated beside ratings, in their own units, never as ratings."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.errors import NotEstimable
from helpers.methods import drivers
from helpers.methods.survey import SurveyDesign
from helpers.study.measured import Metric
from helpers.views.drivers.metrics import metrics as shown


def world(n: int = 600):
    """Loyalty from two ratings, less by half a point a day, more by 2 a visit; spending none."""
    rng = np.random.default_rng(4)
    ratings = pd.DataFrame(rng.integers(1, 11, (n, 2)).astype(float), columns=["ease", "speed"])
    told = pd.DataFrame({
        "days": rng.integers(1, 40, n).astype(float),
        "visits": rng.poisson(3, n).astype(float),
        "spent": rng.lognormal(9, 0.6, n),
    })  # fmt: skip
    outcome = 3 * ratings["ease"] + ratings["speed"] - 0.5 * told["days"] + 2 * told["visits"]
    return ratings, told, (outcome + rng.normal(size=n) * 4).rename("loyalty")


def test_effects_are_those_of_least_squares_with_all_ratings():
    ratings, told, outcome = world()
    found = drivers.metric_effects(ratings, told, outcome).table.set_index("driver")
    x = np.column_stack([np.ones(len(ratings)), ratings, told])
    slopes = np.linalg.lstsq(x, outcome, rcond=None)[0][3:]
    assert found.loc[list(told), "effect"].tolist() == pytest.approx(slopes.tolist(), abs=1e-9)
    assert found.loc["days", "usual"] == pytest.approx(slopes[0] * told["days"].std())


@pytest.mark.parametrize(("metric", "true"), [("days", -0.5), ("visits", 2.0), ("spent", 0.0)])
def test_planted_effects_lie_in_their_intervals(metric, true):
    ratings, told, outcome = world()
    row = drivers.metric_effects(ratings, told, outcome).table.set_index("driver").loc[metric]
    assert row["effect_low"] <= true <= row["effect_high"]


def test_the_largest_effect_of_a_usual_difference_comes_first():
    """Per unit, spending would be last whatever it does: a euro is little."""
    found = drivers.metric_effects(*world()).table
    assert found["driver"].tolist()[0] == "days"
    assert found["usual"].abs().is_monotonic_decreasing


def test_a_metric_that_is_the_outcome_is_none_of_its_drivers():
    ratings, told, _ = world()
    found = drivers.metric_effects(ratings, told, told["days"])
    assert "days" not in set(found.table["driver"])


def test_a_metric_that_never_varies_is_left_out_with_the_reason():
    ratings, told, outcome = world()
    found = drivers.metric_effects(ratings, told.assign(visits=3.0), outcome)
    assert "every answer is 3" in found.dropped["visits"]
    with pytest.raises(NotEstimable, match="every answer is 3"):
        drivers.metric_effects(ratings, told[["visits"]] * 0 + 3, outcome)


def test_weights_and_accounts_count():
    ratings, told, outcome = world()
    weights = pd.Series(np.where(np.arange(len(ratings)) % 2, 1.0, 3.0))
    design = SurveyDesign(weights, clusters=pd.Series(np.arange(len(ratings)) // 4))
    found = drivers.metric_effects(ratings, told, outcome, design).table.set_index("driver")
    root = weights.to_numpy() ** 0.5
    x = np.column_stack([np.ones(len(ratings)), ratings, told]) * root[:, None]
    slopes = np.linalg.lstsq(x, outcome * root, rcond=None)[0][3:]
    assert found.loc[list(told), "effect"].tolist() == pytest.approx(slopes.tolist(), abs=1e-9)


def test_the_table_names_unit_and_direction_and_reads_the_effect_by_them():
    found = drivers.metric_effects(*world())
    measured = {
        "days": Metric("days", "Delivery", "lower", "days"),
        "visits": Metric("visits", "Visits", "lower", "count"),
        "spent": Metric("spent", "Spending", "higher", "EUR", money=True),
    }
    text = shown(found, measured, {}, outcome="loyalty", counted="respondents").text()
    lines = {line.split("  ")[0]: line for line in text.splitlines()}
    assert "lower is better" in lines["Delivery (days)"]
    assert "better is linked to more" in lines["Delivery (days)"]
    assert "better is linked to less" in lines["Visits (number)"]
    assert "not clear" in lines["Spending (EUR)"]
