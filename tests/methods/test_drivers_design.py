"""Strata, a calibration and a finite population in the effects of drivers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t

from helpers.methods import survey
from helpers.methods.drivers import compare_segments, performance, relative_importance
from helpers.methods.survey import SurveyDesign
from helpers.methods.weighting import rake

DRIVERS = ["ease", "speed"]


@pytest.fixture
def asked() -> dict[str, pd.DataFrame | pd.Series]:
    """900 people of 300 accounts in two tiers that rate and stay differently."""
    rng = np.random.default_rng(21)
    index = pd.Index([f"r{i}" for i in range(900)])
    firm = np.repeat(np.arange(300), 3)
    tier = np.where(firm < 120, "key", "core")
    lift = np.where(tier == "key", 2.0, -1.0) + np.repeat(rng.normal(size=300), 3)
    ratings = pd.DataFrame(rng.normal(size=(900, 2)) + lift[:, None] / 3, index, DRIVERS)
    outcome = 2 * ratings["ease"] + ratings["speed"] + 2 * lift + rng.normal(size=900)
    return {
        "ratings": ratings,
        "outcome": outcome,
        "tier": pd.Series(tier, index),
        "firm": pd.Series(firm, index),
    }


@pytest.fixture
def design(asked) -> SurveyDesign:
    margins = {"tier": pd.Series({"key": 0.3, "core": 0.7})}
    return SurveyDesign(rake(asked["tier"].to_frame("tier"), margins), asked["tier"], asked["firm"])


def errors(found) -> np.ndarray:
    return np.sqrt(np.diag(found.covariance.loc[DRIVERS, DRIVERS]))


def linearised(asked, design) -> np.ndarray:
    """As R's svyglm: influences of the slopes, and the variance of their sum by the design."""
    x = np.column_stack([np.ones(900), asked["ratings"]])
    w, y = design.weights_of(), asked["outcome"].to_numpy()
    bread = np.linalg.inv(x.T @ (w[:, None] * x))
    residual = y - x @ (bread @ (x.T @ (w * y)))
    _, resolved = design.resolve(asked["outcome"])
    return np.sqrt(np.diag(resolved.covariance((x * (w * residual)[:, None]) @ bread)))[1:]


def by_hand(asked, design) -> np.ndarray:
    """Each account left out of the regression, its move centred in its stratum."""
    x = np.column_stack([np.ones(900), asked["ratings"]])
    root, y = np.sqrt(design.weights_of()), asked["outcome"].to_numpy()
    firm, moved = asked["firm"].to_numpy(), []
    for out in range(300):
        kept = firm != out
        slopes = np.linalg.lstsq(x[kept] * root[kept, None], y[kept] * root[kept], rcond=None)[0]
        moved.append(slopes[1:])
    moved = np.array(moved) * 299 / 300
    parts = [moved[:120], moved[120:]]
    return np.sqrt(sum(len(p) / (len(p) - 1) * ((p - p.mean(axis=0)) ** 2).sum(axis=0)
                       for p in parts))  # fmt: skip


@pytest.mark.parametrize("parts", [("strata",), ("calibration",), ("strata", "calibration")])
def test_effects_have_the_errors_of_linearisation_by_the_whole_design(asked, design, parts):
    """Of 300 alike accounts each is little of all: leaving one out is the linear influence."""
    without = [part for part in ("strata", "calibration") if part not in parts]
    one = design.without(*without)
    found = relative_importance(asked["ratings"], asked["outcome"], one)
    plain = relative_importance(asked["ratings"], asked["outcome"],
                                design.without("strata", "calibration"))  # fmt: skip
    assert errors(found) == pytest.approx(linearised(asked, one), rel=0.01)
    assert (errors(found) < 0.98 * errors(plain)).all()
    columns = ["driver", "r_squared", "share", "effect"]
    pd.testing.assert_frame_equal(found.table[columns], plain.table[columns], check_exact=True)


def test_within_strata_each_account_is_left_out(asked, design):
    found = relative_importance(asked["ratings"], asked["outcome"], design.without("calibration"))
    assert errors(found) == pytest.approx(by_hand(asked, design), rel=1e-6)
    table = found.table.set_index("driver").loc[DRIVERS]
    margin = t.ppf(0.975, found.freedom[DRIVERS]) * errors(found)
    assert (table["effect_high"] - table["effect"]).to_numpy() == pytest.approx(margin)
    assert (found.freedom <= 298).all()


def test_of_a_finite_population_what_was_seen_is_certain(asked):
    firms = SurveyDesign(clusters=asked["firm"])
    endless, half = (
        relative_importance(asked["ratings"], asked["outcome"], one)
        for one in (firms, firms.with_population(600.0).weighted_by(asked["outcome"] * 0 + 1))
    )
    assert errors(half) == pytest.approx(errors(endless) * np.sqrt(0.5), rel=0.01)


@pytest.mark.parametrize("missing", ["imputed", "pairwise"])
def test_a_missing_answer_changes_no_error_by_much(asked, design, missing):
    """One rating of 1,800 is missing: the errors are those of complete answers."""
    holes = asked["ratings"].copy()
    holes.iloc[5, 0] = np.nan
    whole = relative_importance(asked["ratings"], asked["outcome"], design)
    found = relative_importance(holes, asked["outcome"], design, missing=missing)
    assert errors(found) == pytest.approx(errors(whole), rel=0.02)


@pytest.mark.parametrize("model", ["logit", "proportional_odds"])
def test_strata_and_a_calibration_count_in_effects_on_categories(asked, design, model):
    """A slope that differs between tiers, which strata explain; one stratum changes nothing."""
    sign = np.where(asked["tier"] == "key", -1.0, 1.0)
    score = asked["ratings"]["ease"] * sign - asked["ratings"]["speed"] * sign
    yes = (score + asked["outcome"] / 10 > 0).astype(float)
    bare = design.without("strata", "calibration")
    plain, found = (
        relative_importance(asked["ratings"], yes, one, model=model) for one in (bare, design)
    )
    assert (errors(found) < 0.97 * errors(plain)).all()
    together = SurveyDesign(bare.weights, bare.weights * 0, bare.clusters)
    same = relative_importance(asked["ratings"], yes, together, model=model)
    assert errors(same) == pytest.approx(errors(plain), rel=1e-3)


def test_a_domain_is_the_design_with_others_answers_missing(asked, design):
    inside = pd.Series(np.arange(900) % 2 == 0, asked["outcome"].index)
    one = relative_importance(asked["ratings"], asked["outcome"], design.where(inside))
    other = relative_importance(asked["ratings"], asked["outcome"].where(inside), design)
    pd.testing.assert_frame_equal(one.table, other.table, check_exact=True)
    part = relative_importance(asked["ratings"][inside], asked["outcome"][inside], design)
    pd.testing.assert_frame_equal(one.table, part.table, check_exact=True)


def test_segments_are_domains_of_the_design(asked, design):
    halves = pd.DataFrame({"half": np.where(np.arange(900) % 2 == 0, "a", "b")},
                          asked["outcome"].index)  # fmt: skip
    table = compare_segments(asked["ratings"], asked["outcome"], halves, design).table
    own = relative_importance(
        asked["ratings"], asked["outcome"], design.where(halves["half"] == "a")
    )
    first = table[table["segment"] == "a"].set_index("driver").loc[DRIVERS]
    alone = own.table.set_index("driver").loc[DRIVERS]
    for ours, theirs in (("effect", "effect"), ("low", "effect_low"), ("high", "effect_high")):
        assert first[ours].to_numpy() == pytest.approx(alone[theirs].to_numpy())


def test_performance_is_the_mean_by_the_design(asked, design):
    table = performance(asked["ratings"], design).table.set_index("driver")
    for name in DRIVERS:
        mean = survey.mean(asked["ratings"][name], design)
        assert tuple(table.loc[name, ["mean", "low", "high"]]) == pytest.approx(
            (mean.value, mean.low, mean.high)
        )


def test_without_weights_each_counts_by_what_it_stands_for(asked):
    """Sizes of strata alone say how much each weighs, in effects as in means."""
    sizes = asked["tier"].map({"key": 720.0, "core": 5400.0})
    bare = SurveyDesign(strata=asked["tier"], population=sizes)
    weighed = SurveyDesign(asked["tier"].map({"key": 2.0, "core": 10.0}), asked["tier"])
    one, other = (
        relative_importance(asked["ratings"], asked["outcome"], d) for d in (bare, weighed)
    )
    effects = [found.table.set_index("driver").loc[DRIVERS, "effect"] for found in (one, other)]
    assert effects[0].to_numpy() == pytest.approx(effects[1].to_numpy())
    assert performance(asked["ratings"], bare).table["mean"].to_numpy() == pytest.approx(
        [survey.mean(asked["ratings"][name], bare).value
         for name in performance(asked["ratings"], bare).table["driver"]]
    )  # fmt: skip
