"""Estimates and their intervals, against published values and what must hold."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats as scipy_stats

from helpers.methods import survey
from helpers.methods.survey import SurveyDesign

PRINTED = 1e-8  # relative; the reference values are printed to about ten digits
ROUNDED_WEIGHTS = 5e-9  # pw is stored to ten digits in the published file


@pytest.fixture(scope="module")
def schools(shared):
    """California schools, from R's survey package (Lumley 2010): four samples of 6,194."""
    folder = shared / "data" / "reference"
    return {
        name: pd.read_csv(folder / f"{name}.csv") for name in ("apisrs", "apistrat", "apiclus1")
    }


def design_of(name, data):
    """The designs of R's ``?api``, finite populations given, errors by Taylor as in R."""
    parts = {
        "apisrs": {"weights": data.pw, "population": 6194},
        "apistrat": {"weights": data.pw, "strata": data.stype, "population": data.fpc},
        "apiclus1": {"weights": data.pw, "clusters": data.dnum, "population": 757},
    }[name]
    return SurveyDesign(**parts).linearised()


@pytest.fixture
def wave(rng):
    """40 accounts in two strata, one to five people each, unequal weights."""
    sizes = rng.integers(1, 6, 40)
    account = np.repeat(np.arange(40), sizes)
    return pd.DataFrame(
        {
            "account": account,
            "stratum": np.where(account < 15, "top", "tail"),
            "score": rng.normal(7, 1, len(account)) + rng.normal(0, 1, 40)[account],
            "weight": rng.uniform(0.5, 3, len(account)),
        }
    )


@pytest.mark.parametrize(
    ("name", "value", "error", "effect"),
    [
        ("apisrs", 656.585000, 9.249722, 1.0),
        ("apistrat", 662.2873632, 9.4089408, 1.20446),
        ("apiclus1", 644.169399, 23.542241, 9.34587),
    ],
)
def test_means_agree_with_r_survey(schools, name, value, error, effect):
    """R survey 4.5, svymean(~api00, deff=TRUE); values printed to 9, 7 and 6 digits."""
    data = schools[name]
    found = survey.mean(data.api00, design_of(name, data))
    assert found.value == pytest.approx(value, rel=PRINTED)
    assert found.standard_error == pytest.approx(error, rel=5e-8)
    assert found.design_effect == pytest.approx(effect, abs=5e-6)


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("apisrs", 3621074.3, 169519.65),
        ("apistrat", 3687177.5, 114641.72),
        ("apiclus1", 3404940.1, 932235.03),
    ],
)
def test_totals_agree_with_r_survey(schools, name, value, error):
    """R survey 4.5, svytotal(~enroll)."""
    data = schools[name]
    found = survey.total(data.enroll, design_of(name, data))
    assert found.value == pytest.approx(value, abs=0.05)
    assert found.standard_error == pytest.approx(error, abs=0.005)


def test_ratio_agrees_with_r_survey(schools):
    """R survey 4.5, svyratio(~api.stu, ~enroll) on apistrat."""
    data = schools["apistrat"]
    found = survey.ratio(data["api.stu"], data.enroll, design_of("apistrat", data))
    assert found.value == pytest.approx(0.8369568869, rel=PRINTED)
    assert found.standard_error == pytest.approx(0.007757103167, rel=PRINTED)


def test_logit_interval_agrees_with_r_survey(schools):
    """R survey 4.5, svyciprop(~I(sch.wide == "Yes"), method = "logit") on apiclus1."""
    data = schools["apiclus1"]
    found = survey.proportion(data["sch.wide"] == "Yes", design_of("apiclus1", data))
    assert found.value == pytest.approx(0.874317, abs=5e-7)
    assert found.low == pytest.approx(0.8237988924, rel=PRINTED)
    assert found.high == pytest.approx(0.911900077, rel=PRINTED)


def test_interval_is_students_t_with_clusters_less_strata(schools):
    """reference values: apiclus1 with 14 degrees of freedom, 593.676 to 694.663."""
    data = schools["apiclus1"]
    found = survey.mean(data.api00, design_of("apiclus1", data))
    assert found.degrees_of_freedom == 14
    assert (found.low, found.high) == pytest.approx((593.676, 694.663), abs=1e-3)


def test_stratum_sizes_stand_in_for_weights(schools):
    """R's svydesign takes the weights from the fpc where none are given."""
    data = schools["apistrat"]
    sizes = {"E": 4421, "H": 755, "M": 1018}
    found = survey.mean(data.api00, SurveyDesign(strata=data.stype, population=sizes))
    assert found.value == pytest.approx(662.2873632, rel=ROUNDED_WEIGHTS)


def test_overall_rating_of_the_airport_survey(shared):
    """Published by an independent dashboard: n 2,688, mean 4.064, top-2 82.07 %."""
    data = pd.read_csv(shared / "data" / "sfo" / "survey_2017.csv.gz", low_memory=False)
    rating = pd.to_numeric(data["Q7ALL"], errors="coerce")
    rating = rating.where(rating.between(1, 5))
    found = survey.mean(rating)
    assert found.base == 2688
    assert found.value == pytest.approx(4.064, abs=5e-4)
    top = survey.proportion((rating >= 4).where(rating.notna()))
    assert top.value == pytest.approx(0.8207, abs=5e-5)


def test_plain_mean_is_the_textbook_t_interval(rng):
    values = rng.normal(size=30)
    low, high = scipy_stats.t.interval(0.9, 29, values.mean(), scipy_stats.sem(values))
    found = survey.mean(values, confidence=0.9)
    assert (found.low, found.high) == pytest.approx((low, high))
    assert found.design_effect == pytest.approx(1)
    assert found.effective_base == pytest.approx(30)


def test_missing_answers_are_left_out(rng):
    values = pd.Series(rng.normal(size=20))
    holes = values.where(values.index % 4 > 0)
    assert survey.mean(holes) == survey.mean(holes.dropna())
    assert survey.mean(holes).base == 15


def test_scale_of_the_weights_does_not_matter(wave):
    one = survey.mean(wave.score, SurveyDesign(weights=wave.weight, clusters=wave.account))
    ten = survey.mean(wave.score, SurveyDesign(weights=10 * wave.weight, clusters=wave.account))
    assert one.value == pytest.approx(ten.value)
    assert one.standard_error == pytest.approx(ten.standard_error)


def test_integer_weights_equal_repeated_rows_of_one_account(wave):
    counts = wave.account % 3 + 1
    repeated = wave.loc[wave.index.repeat(counts)]
    weighted = survey.mean(wave.score, SurveyDesign(weights=counts, clusters=wave.account))
    copied = survey.mean(
        repeated.score.to_numpy(), SurveyDesign(clusters=repeated.account.to_numpy())
    )
    assert weighted.value == pytest.approx(copied.value)
    assert weighted.standard_error == pytest.approx(copied.standard_error)


def test_order_of_rows_does_not_matter(wave, rng):
    mixed = wave.sample(frac=1, random_state=rng)
    kept = survey.mean(wave.score, SurveyDesign(weights=wave.weight, clusters=wave.account))
    found = survey.mean(mixed.score, SurveyDesign(weights=mixed.weight, clusters=mixed.account))
    assert found.value == pytest.approx(kept.value)
    assert found.standard_error == pytest.approx(kept.standard_error)


def test_answers_that_agree_within_accounts_widen_the_interval(wave):
    clustered = survey.mean(wave.score, SurveyDesign(clusters=wave.account))
    assert clustered.design_effect > 1.2
    assert clustered.margin > survey.mean(wave.score).margin
    assert clustered.clusters == 40


def test_strata_that_differ_narrow_the_interval():
    values = np.r_[np.arange(10) / 10, 100 + np.arange(10) / 10]
    strata = ["low"] * 10 + ["high"] * 10
    assert survey.mean(values, SurveyDesign(strata=strata)).margin < survey.mean(values).margin / 50


def test_a_share_equals_the_mean_of_its_indicator(wave):
    says = wave.score > 7
    share = survey.proportion(says, SurveyDesign(weights=wave.weight, clusters=wave.account))
    mean = survey.mean(says, SurveyDesign(weights=wave.weight, clusters=wave.account))
    assert share.value == pytest.approx(mean.value)
    assert share.standard_error == pytest.approx(mean.standard_error)
    assert 0 < share.low < share.value < share.high < 1


@pytest.mark.parametrize("everyone", [True, False])
def test_a_share_of_all_or_none_still_has_an_interval(everyone):
    """Ten accounts, all alike: Wilson for 0 of 10 ends at 0.2775."""
    accounts = np.repeat(np.arange(10), 5)
    found = survey.proportion(np.full(50, everyone), SurveyDesign(clusters=accounts))
    assert found.high - found.low == pytest.approx(survey.wilson(0, 10)[1])
    assert survey.wilson(0, 10)[1] == pytest.approx(0.2775, abs=1e-4)


def test_a_panel_difference_is_the_paired_test(rng):
    before = rng.normal(7, 2, 25)
    after = before + rng.normal(0.5, 0.5, 25)
    accounts = np.arange(25)
    found = survey.difference(
        before, after, (SurveyDesign(clusters=accounts), SurveyDesign(clusters=accounts))
    )
    paired = scipy_stats.ttest_rel(after, before)
    assert found.value / found.standard_error == pytest.approx(paired.statistic)
    assert found.degrees_of_freedom == paired.df
    low, high = paired.confidence_interval()
    leaned = found.value - found.low, found.high - found.value
    assert np.sqrt(leaned[0] * leaned[1]) == pytest.approx((high - low) / 2)
    assert (found.low > 0) == (found.p_value < 0.05)


def test_a_difference_within_rounding_is_none():
    """Means of 0.1 and of 0.1 three times over differ in the last bit; that is no difference."""
    found = survey.difference(
        [0.1] * 3, [0.1, 0.1], (SurveyDesign(weights=[1, 2, 3.3]), SurveyDesign(weights=[0.7, 0.3]))
    )
    assert (found.value, found.low, found.high) == (0.0, 0.0, 0.0)
    apart = survey.difference([0.1] * 3, [0.2] * 3)
    assert apart.low == apart.high == pytest.approx(0.1)


def test_an_independent_difference_adds_the_variances(rng):
    before, after = rng.normal(7, 2, 25), rng.normal(8, 1, 40)
    found = survey.difference(before, after)
    expected = survey.mean(before).standard_error ** 2 + survey.mean(after).standard_error ** 2
    assert found.standard_error**2 == pytest.approx(expected)
    assert found.degrees_of_freedom == 63


def test_a_stratified_difference_adds_the_stratified_variances(wave):
    other = wave.assign(score=wave.score + 1)
    found = survey.difference(
        wave.score,
        other.score,
        (SurveyDesign(strata=wave.stratum), SurveyDesign(strata=other.stratum)),
    )
    one = survey.mean(wave.score, SurveyDesign(strata=wave.stratum))
    assert found.value == pytest.approx(1)
    assert found.standard_error == pytest.approx(one.standard_error * 2**0.5)


def test_overlapping_accounts_sharpen_a_difference(wave):
    later = wave[wave.account > 8].assign(score=lambda d: d.score + 0.4)
    overlap = survey.difference(
        wave.score,
        later.score,
        (SurveyDesign(clusters=wave.account), SurveyDesign(clusters=later.account)),
    )
    apart = survey.difference(
        wave.score,
        later.score,
        (SurveyDesign(clusters=wave.account), SurveyDesign(clusters=later.account + 1000)),
    )
    assert overlap.value == pytest.approx(apart.value)
    assert overlap.standard_error < apart.standard_error


def test_groups_come_as_one_table_with_small_ones_left_open(wave):
    group = np.where(wave.account == 0, "alone", wave.stratum)
    found = survey.by_group(
        survey.mean,
        wave.score,
        group,
        SurveyDesign(clusters=wave.account),
        order=["top", "tail", "alone", "none"],
    ).set_index("group")
    top = wave[group == "top"]
    expected = survey.mean(top.score, SurveyDesign(clusters=top.account))
    assert found.loc["top", "value"] == pytest.approx(expected.value)
    assert found.loc["top", "low"] == pytest.approx(expected.low)
    assert np.isnan(found.loc["alone", "value"])
    assert found["base"].tolist() == [*((group == g).sum() for g in ("top", "tail", "alone")), 0]


def test_callers_data_is_left_alone(wave):
    kept = wave.copy()
    survey.mean(wave.score, SurveyDesign(weights=wave.weight, clusters=wave.account))
    survey.by_group(survey.mean, wave.score, wave.stratum)
    pd.testing.assert_frame_equal(wave, kept)


@pytest.mark.parametrize(
    ("call", "advice"),
    [
        (lambda: survey.mean([5]), "base is too small: 1 answers"),
        (lambda: survey.mean([np.nan, np.nan, 5]), "base is too small: 1 answers"),
        (lambda: survey.mean([]), "base is too small: 0 answers"),
        (
            lambda: survey.mean([5, 6, 7], SurveyDesign(clusters=["a", "a", "a"])),
            "more clusters than strata",
        ),
        (lambda: survey.mean([5, 6], confidence=95), "write 95 % as 0.95"),
        (lambda: survey.mean([5, 6, 7], SurveyDesign(population=2)), "smaller than the sample"),
        (lambda: survey.proportion([1, 2, 3]), "compare the answers with a cut-off first"),
        (lambda: survey.proportion([0, -1, 0]), "compare the answers with a cut-off first"),
        (lambda: survey.total([1, 2]), "weights that gross up"),
        (lambda: survey.ratio([1, 2], [1, -1]), "adds up to 0"),
        (lambda: survey.difference([1], [1, 2]), "1 answers before"),
    ],
)
def test_refusals_say_what_to_do(call, advice):
    with pytest.raises(ValueError, match=advice):
        call()
