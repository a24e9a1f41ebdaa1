"""Links: published values, properties, planted truths and refusals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from numpy.testing import assert_allclose
from scipy.special import expit

from helpers.methods import linkage
from helpers.methods.linkage import fits, logit
from helpers.methods.survey.estimates import Estimate


def test_petersen_clustered_error_is_rs(shared):
    """reference.md, Linkage: R sandwich and Stata, clustered by firm."""
    data = pd.read_csv(shared / "data/reference/petersen.csv")
    found = linkage.link(data, "y", score="x", clusters="firm", per=1)
    assert_allclose(found.effect, 1.034833439, rtol=1e-9)
    assert_allclose(found.main.standard_error, 0.050595726, rtol=1e-8)
    assert (found.base, found.accounts) == (5000, 500)


def test_mtcars_logit_and_marginal_effect_are_rs(shared):
    """reference.md, Linkage: glm(am ~ wt + hp, binomial); the margin there is of am ~ wt."""
    cars = pd.read_csv(shared / "data/reference/mtcars.csv")
    found = linkage.link(cars, "am", score="wt", adjust=["hp"], clusters=None, per=1)
    assert found.kind == "logit"
    assert_allclose(found.adjusted.coefficient, -8.08347518244, rtol=1e-8)
    assert_allclose(found.adjusted.coefficient_error, 3.06867511305, rtol=1e-6)
    assert_allclose(found.unadjusted.effect, -0.3697578619, rtol=1e-8)


def test_attitude_hc3_errors_are_rs(shared):
    """reference.md, Linkage: HC3 of rating on complaints, learning, privileges."""
    data = pd.read_csv(shared / "data/reference/attitude.csv")
    expected = {"complaints": 0.1258836091, "learning": 0.1432576747, "privileges": 0.1222805297}
    for score, error in expected.items():
        others = [name for name in expected if name != score]
        found = linkage.link(data, "rating", score=score, adjust=others, clusters=None, per=1)
        assert_allclose(found.main.standard_error, error, rtol=1e-8)


def test_e_values_are_those_published():
    """VanderWeele & Ding (2017): RR 3.9 (1.8 to 8.7); a common outcome's odds ratio 0.86."""
    assert_allclose(linkage.e_value(3.9), 7.263034344, rtol=1e-9)
    assert_allclose(linkage.e_value(1.8), 3.0, rtol=1e-12)
    assert_allclose(linkage.e_value(0.86, of="odds"), 1.3689528611, rtol=1e-10)
    assert_allclose(linkage.e_value(0.99, of="odds"), 1.0761939453, rtol=1e-9)


def test_robustness_value_of_darfur_is_cinelli_and_hazletts():
    """sensemakr: t = 0.09731581928 / 0.02325654, 783 degrees of freedom, printed to 7 digits."""
    t = 0.09731581928 / 0.02325654
    assert_allclose(linkage.robustness_value(t, 783), 0.1387763539, rtol=2e-6)
    assert_allclose(linkage.robustness_value(t, 783, confidence=0.95), 0.07625796554, rtol=4e-6)


def test_wilson_of_ten_in_fifty_is_the_published_one():
    """Wilson (1927) as in reference.md: 0.1124375002 to 0.3303710593."""
    frame = pd.DataFrame({"score": np.linspace(40, 60, 50), "retained": [1.0] * 10 + [0.0] * 40})
    row = linkage.outcome_by_score(frame, "retained", bands=(0, 100), clusters=None).iloc[0]
    assert_allclose((row["low"], row["high"]), (0.1124375002, 0.3303710593), rtol=1e-9)


def test_the_adjusted_effect_equals_statsmodels_margins(past):
    found = linkage.link(past, "retained", adjust=["tenure_months"], per=10)
    matrix = sm.add_constant(past[["score", "tenure_months"]])
    codes = pd.factorize(past["account_id"])[0]
    model = sm.Logit(past["retained"], matrix).fit(
        disp=0, cov_type="cluster", cov_kwds={"groups": codes}
    )
    margins = model.get_margeff()
    assert_allclose(found.effect, 10 * margins.margeff[0], rtol=1e-7)
    assert_allclose(found.main.standard_error, 10 * margins.margeff_se[0], rtol=1e-6)
    assert_allclose(found.predict(past), model.predict(), rtol=1e-7)


def test_the_planted_slope_is_found_and_the_confounder_told(past):
    found = linkage.link(past, "retained", adjust=["tenure_months", "region"])
    truth = 0.8 / 15
    error = found.adjusted.coefficient_error
    assert abs(found.adjusted.coefficient - truth) < 2.5 * error
    assert found.unadjusted.coefficient > found.adjusted.coefficient
    assert found.grade == "B"
    assert found.table["estimate"].tolist() == ["unadjusted", "adjusted"]


def test_units_of_a_covariate_and_order_do_not_matter(past):
    one = linkage.link(past, "retained", adjust=["tenure_months", "region"])
    other = past.assign(tenure_months=past["tenure_months"] * 1e6).sample(frac=1, random_state=1)
    two = linkage.link(other, "retained", adjust=["region", "tenure_months"])
    assert_allclose([one.effect, one.low, one.high], [two.effect, two.low, two.high], rtol=1e-6)


def test_the_callers_frame_is_left_alone(past):
    before = past.copy()
    linkage.link(past, "retained", adjust=["tenure_months", "region"], reliability=0.8)
    pd.testing.assert_frame_equal(past, before)


def test_grade_b_needs_both_a_lag_and_an_adjustment(past):
    assert linkage.link(past, "retained").grade == "C"
    same_period = past.drop(columns="t0")
    assert linkage.link(same_period, "retained", adjust=["region"]).grade == "C"
    assert linkage.link(same_period, "retained", adjust=["region"], lagged=True).grade == "B"


def test_noise_is_taken_out_of_a_linear_slope(rng):
    """With one noisy column the corrected slope is the slope over the reliability, exactly."""
    true = rng.normal(60, 12, 3000)
    frame = pd.DataFrame({"account_id": range(3000), "score": true + rng.normal(0, 12, 3000)})
    frame["spend"] = 0.1 * true + rng.normal(0, 1, 3000)
    found = linkage.link(frame, "spend", reliability=0.5, per=1)
    assert_allclose(found.corrected.effect, found.effect / 0.5, rtol=1e-9)
    assert abs(found.corrected.effect - 0.1) < 2.5 * found.corrected.standard_error


def test_a_reliability_that_is_not_known_widens_the_corrected_interval(rng):
    """The slope over r: a doubt d of the log odds of r adds (slope / r · (1 − r) · d) squared."""
    true = rng.normal(60, 12, 400)
    frame = pd.DataFrame({"account_id": range(400), "score": true + rng.normal(0, 12, 400)})
    frame["spend"] = 0.1 * true + rng.normal(0, 1, 400)
    icc = Estimate(0.4, 0.3, 0.5, 0.048, 400, 400.0, 1.0, 399, 0.95, 400)
    known = linkage.link(frame, "spend", reliability=0.5, per=1).corrected
    found = linkage.link(frame, "spend", reliability=0.5, icc=icc, per=1).corrected
    added = found.standard_error**2 - known.standard_error**2
    assert_allclose(added, (known.effect * 0.5 * 0.048 / (0.4 * 0.6)) ** 2, rtol=0.03)
    assert found.effect == known.effect


def test_reliability_may_differ_by_account(rng):
    true = rng.normal(0, 1, 4000)
    people = rng.integers(1, 5, 4000)
    frame = pd.DataFrame(
        {"account_id": range(4000), "trust": people * 0.35 / (1 + 0.35 * (people - 1))}
    )
    frame["score"] = 60 + 10 * (
        true + np.sqrt((1 - frame["trust"]) / frame["trust"]) * rng.standard_normal(4000)
    )
    frame["retained"] = (rng.random(4000) < expit(1.5 + 0.8 * true)).astype(float)
    found = linkage.link(frame, "retained", reliability="trust")
    assert abs(found.corrected.coefficient * 10 - 0.8) < 0.12
    assert found.unadjusted.coefficient * 10 < 0.45


def test_a_negative_control_is_near_nothing_when_nothing_is_there(past):
    found = linkage.link(
        past, "retained", adjust=["tenure_months"], negative_control="growth_before"
    )
    assert found.negative_control.low < 0 < found.negative_control.high
    assert found.table["estimate"].tolist()[-1] == "negative control"


def test_a_null_world_shows_no_link(past, rng):
    past["retained"] = (rng.random(len(past)) < 0.8).astype(float)
    found = linkage.link(past, "retained", adjust=["tenure_months"])
    assert found.low < 0 < found.high


def test_a_region_that_lost_nobody_is_fitted_and_said(past):
    past.loc[past["region"] == "West", "retained"] = 1.0
    found = linkage.link(past, "retained", adjust=["tenure_months", "region"])
    assert any("never varies for some values of region = West" in note for note in found.notes)
    assert np.isfinite([found.low, found.high]).all()
    usual = linkage.link(past[past["region"] != "West"], "retained", adjust=["tenure_months"])
    assert (
        abs(found.adjusted.coefficient - usual.adjusted.coefficient)
        < usual.adjusted.coefficient_error
    )


def test_a_score_that_splits_the_outcome_is_refused():
    frame = pd.DataFrame({"account_id": range(60), "score": np.arange(60.0)})
    frame["retained"] = (frame["score"] >= 20).astype(float)
    with pytest.raises(ValueError, match=r"splits the outcome without exception.*score band"):
        linkage.link(frame, "retained")


def test_columns_that_tell_every_outcome_are_refused(rng):
    frame = pd.DataFrame({"account_id": range(60), "score": rng.normal(60, 10, 60)})
    frame["retained"] = (rng.random(60) < 0.8).astype(float)
    frame["secret"] = frame["retained"] * 5 + rng.random(60)
    with pytest.raises(ValueError, match=r"together tell every outcome exactly.*Adjust for fewer"):
        linkage.link(frame, "retained", adjust=["secret"])


@pytest.mark.parametrize(
    ("change", "advice"),
    [
        ({"retained": 1.0}, "is 1 for every one of 800 rows.*longer lag"),
        ({"score": 70.0}, "score is 70 for every account"),
    ],
)
def test_what_never_varies_is_refused(past, change, advice):
    with pytest.raises(ValueError, match=advice):
        linkage.link(past.assign(**change), "retained")


def test_too_few_rows_accounts_or_cases_are_refused(past):
    with pytest.raises(ValueError, match="base too small: 19 rows"):
        linkage.link(past.head(19), "retained")
    with pytest.raises(ValueError, match="base too small: 3 accounts"):
        linkage.link(past.assign(account_id=np.arange(800) % 3), "retained")
    few = past.assign(retained=np.r_[np.zeros(4), np.ones(796)])
    with pytest.raises(ValueError, match=r"only 4 of 800 rows differ.*at least 5"):
        linkage.link(few, "retained")


def test_covariates_without_use_are_left_out_and_said(past):
    past["twice"] = 2 * past["tenure_months"] + 7
    past["same"] = "x"
    past["empty"] = np.nan
    found = linkage.link(
        past, "retained", adjust=["tenure_months", "twice", "same", "empty", "log_revenue"]
    )
    said = " | ".join(found.notes)
    for part in ("twice is left out: it repeats", "same is left out: it is the same",
                 "empty is left out: no account", "log_revenue is left out: the"):  # fmt: skip
        assert part in said
    assert found.adjust == ("tenure_months",)
    plain = linkage.link(past, "retained", adjust=["tenure_months"])
    assert_allclose(found.effect, plain.effect, rtol=1e-9)


def test_missing_covariates_leave_rows_out_of_every_estimate(past):
    past.loc[:99, "tenure_months"] = np.nan
    found = linkage.link(past, "retained", adjust=["tenure_months"])
    assert found.base == 700
    assert set(found.table["base"]) == {700}
    assert "100 of 800 rows are left out: no value for tenure_months" in found.notes


def test_a_score_that_covariates_determine_is_refused(past):
    past["copy"] = past["score"] / 10
    with pytest.raises(ValueError, match=r"fully determined by.*Take one of them out"):
        linkage.link(past, "retained", adjust=["copy"])


def test_names_that_are_not_there_are_refused_with_the_nearest(past):
    with pytest.raises(ValueError, match="did you mean 'tenure_months'"):
        linkage.link(past, "retained", adjust=["tenure_month"])
    with pytest.raises(ValueError, match=r"renewed.*needs contracts"):
        linkage.link(past, "renewed")


def test_options_that_mean_nothing_are_refused(past):
    with pytest.raises(ValueError, match="shrunk scores have their noise taken out"):
        linkage.link(past.assign(shrunk=past["score"]), "retained", score="shrunk", reliability=0.8)
    with pytest.raises(ValueError, match=r"above 0 and up to 1, found 1.4"):
        linkage.link(past, "retained", reliability=1.4)
    with pytest.raises(ValueError, match="check the reliability, or adjust for fewer"):
        linkage.link(past, "retained", adjust=["tenure_months"], reliability=0.2)
    with pytest.raises(ValueError, match=r"holds 0.5: use kind='linear'"):
        linkage.link(past.assign(retained=0.5 * past["retained"]), "retained", kind="logit")
    with pytest.raises(ValueError, match="too many to adjust for"):
        linkage.link(past, "retained", adjust=["account_id"])


def test_firth_equals_the_published_endometrial_pattern():
    """A 2x2 table: the penalty adds half to each cell (Heinze & Schemper 2002, section 2)."""
    x = np.repeat([0.0, 1.0], [10, 8])
    y = np.r_[np.ones(4), np.zeros(6), np.ones(8)]
    found = logit.firth(np.column_stack([np.ones(18), x]), y)
    assert_allclose(found[1], np.log(8.5 * 6.5 / (0.5 * 4.5)), rtol=1e-8)


def test_replicate_refits_equal_statsmodels_with_weights(past, rng):
    matrix = np.column_stack([np.ones(800), (past["score"] - 60) / 15])
    outcome = past["retained"].to_numpy()
    weights = rng.integers(0, 3, (3, 800)).astype(float)
    found = logit.refit(matrix, outcome, weights, np.zeros(2), rounds=30)
    for row, weight in zip(found, weights, strict=True):
        repeated = np.repeat(np.arange(800), weight.astype(int))
        model = sm.Logit(outcome[repeated], matrix[repeated]).fit(disp=0)
        assert_allclose(row, model.params, atol=1e-5)  # the guard moves them by less


def test_one_fit_is_the_same_with_singleton_clusters_and_none(past):
    first = past.head(400)
    matrix = np.column_stack([np.ones(400), first["score"]])
    target = first["score"].to_numpy() + first["growth_before"].to_numpy()
    alone = fits.fit_model(matrix, target, None, "linear", ("intercept", "score"))
    singles = fits.fit_model(matrix, target, first["account_id"], "linear", ("intercept", "score"))
    assert_allclose(alone.covariance, singles.covariance)


def test_numbers_that_are_none_are_refused(past):
    past["size"] = 1.0
    past.loc[:9, "size"] = 2.0
    past.loc[3, "size"] = np.inf
    with pytest.raises(ValueError, match="size has 'inf', which is no finite number"):
        linkage.link(past, "retained", adjust=["size"])
    with pytest.raises(ValueError, match="score has 'high', which is no finite number"):
        linkage.link(past.assign(score="high"), "retained")
    with pytest.raises(ValueError, match="retained cannot be adjusted for"):
        linkage.link(past, "retained", adjust=["retained"])


def test_columns_of_any_kind_can_be_adjusted_for(past):
    kinds = past.assign(
        region=past["region"].astype("category"),
        tenure_months=past["tenure_months"].round().astype("Int64"),
        key=past["score"] > 200,
        premium=(past["tenure_months"] > 60).astype("boolean"),
    )
    found = linkage.link(kinds, "retained", adjust=["region", "tenure_months", "key", "premium"])
    assert found.adjust == ("tenure_months", "region", "premium")
    assert np.isfinite(found.effect)


def test_a_control_that_is_not_there_is_skipped_if_computed_and_refused_if_named_wrongly(past):
    bare = past.drop(columns="growth_before")
    assert linkage.link(bare, "retained", negative_control="growth_before").negative_control is None
    with pytest.raises(ValueError, match="no column 'growht'"):
        linkage.link(past, "retained", negative_control="growht")
    thin = past.assign(growth_before=np.nan)
    found = linkage.link(thin, "retained", negative_control="growth_before")
    assert found.negative_control is None
    assert any(
        note.startswith("negative control not shown: base too small") for note in found.notes
    )
