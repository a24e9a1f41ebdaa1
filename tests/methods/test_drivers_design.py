"""Strata, a calibration and a finite population in the effects of drivers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t

from helpers.methods import survey
from helpers.methods.drivers import (
    asymmetry,
    compare_segments,
    performance,
    relative_importance,
    response_curves,
)
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


def seen_half(asked) -> tuple[SurveyDesign, SurveyDesign]:
    """Accounts of an endless population, and half of all there are."""
    firms = SurveyDesign(clusters=asked["firm"])
    return firms, firms.with_population(600.0).weighted_by(asked["outcome"] * 0 + 1)


def widths(table: pd.DataFrame, *names: str) -> np.ndarray:
    """Lengths of intervals, drivers in one order."""
    table = table.sort_values("driver")
    return np.concatenate([table[f"{n}_high"] - table[f"{n}_low"] for n in names])


def shape_widths(asked, design) -> np.ndarray:
    return widths(asymmetry(asked["ratings"], asked["outcome"], design).table, "contrast", "reward")


def curve_widths(asked, design) -> np.ndarray:
    return widths(response_curves(asked["ratings"], asked["outcome"], design).table, "below")


def share_widths(asked, design, **options) -> np.ndarray:
    found = relative_importance(
        asked["ratings"], asked["outcome"], design, replicates=400, **options
    )
    return (found.table["high"] - found.table["low"]).to_numpy()


@pytest.mark.parametrize("lengths", [shape_widths, curve_widths, share_widths])
def test_shapes_curves_and_shares_of_a_finite_population_are_surer(asked, lengths):
    """Of half of all accounts half of the variance is left."""
    endless, half = (lengths(asked, one) for one in seen_half(asked))
    assert half / endless == pytest.approx(np.sqrt(0.5), rel=0.02)


@pytest.mark.parametrize("part", ["strata", "calibration"])
@pytest.mark.parametrize("lengths", [shape_widths, curve_widths, share_widths])
def test_what_tiers_explain_narrows_shapes_curves_and_shares(asked, design, lengths, part):
    """The outcome and the slopes of it differ between tiers, which are known of everybody."""
    bare = design.without("strata", "calibration")
    one = design.without({"strata": "calibration", "calibration": "strata"}[part])
    ratio = lengths(asked, one) / lengths(asked, bare)
    assert ratio.max() < 1.002
    assert 0.5 < ratio.min() < 0.995


def test_a_few_accounts_count_by_the_whole_design_in_shares_too(asked):
    """Below fifty accounts shares have the jackknife on the logit scale, narrowed as well."""
    few = {name: part[:90] for name, part in asked.items()}
    firms = SurveyDesign(clusters=few["firm"])
    half = firms.with_population(60.0).weighted_by(few["outcome"] * 0 + 1)
    ratio = share_widths(few, half) / share_widths(few, firms)
    assert ((ratio > 0.68) & (ratio < 0.85)).all()


def test_shares_within_strata_are_as_sure_as_a_bootstrap_within_strata(asked, design):
    """Accounts drawn again within each tier, by hand."""
    one = design.without("calibration")
    found = relative_importance(asked["ratings"], asked["outcome"], one, replicates=1_000)
    rng, shares = np.random.default_rng(3), []
    w, rows = one.weights_of(), np.arange(900).reshape(300, 3)
    x, y = asked["ratings"].to_numpy(), asked["outcome"].to_numpy()
    for _ in range(500):
        firms = np.concatenate([rng.integers(0, 120, 120), rng.integers(120, 300, 180)])
        r = correlations(np.column_stack([x, y])[rows[firms].ravel()], w[rows[firms].ravel()])
        shares.append(general_dominance(r))
    spread = np.std(shares)
    table = found.table.set_index("driver").loc["ease"]
    assert (table["high"] - table["low"]) / 3.92 == pytest.approx(spread, rel=0.1)


def correlations(columns: np.ndarray, w: np.ndarray) -> np.ndarray:
    covariance = np.cov(columns.T, aweights=w)
    spread = np.sqrt(np.diag(covariance))
    return covariance / np.outer(spread, spread)


def general_dominance(r: np.ndarray) -> float:
    """The share of the first of two drivers."""
    whole = r[:2, 2] @ np.linalg.solve(r[:2, :2], r[:2, 2])
    return float((r[0, 2] ** 2 + whole - r[1, 2] ** 2) / 2 / whole)


def test_segments_of_a_finite_population_are_told_apart_the_more(asked):
    """Half of the variance is left, so that the test's statistic doubles."""
    half = asked["tier"].to_frame("tier")
    endless, finite = (
        compare_segments(asked["ratings"], asked["outcome"], half, one).tests.set_index("driver")
        for one in seen_half(asked)
    )
    ratio = finite["statistic"] / endless["statistic"].reindex(finite.index)
    assert ratio.to_numpy() == pytest.approx(2, rel=0.02)
