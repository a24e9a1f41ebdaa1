"""Intervals of calibrated weights, and of samples drawn in stages."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.methods import loyalty, survey, weighting
from helpers.methods.survey import SurveyDesign
from helpers.methods.survey.calibration import Cells

SCHOOLS = {"E": 4421, "H": 755, "M": 1018}
MARGINS = {"stype": pd.Series(SCHOOLS), "sch.wide": pd.Series({"No": 1072, "Yes": 5122})}


@pytest.fixture(scope="module")
def reference(shared):
    """Samples of California schools, from R's respondents package (Lumley 2010)."""
    folder = shared / "data" / "reference"
    return {name: pd.read_csv(folder / f"{name}.csv") for name in ("apiclus1", "apiclus2")}


@pytest.fixture
def respondents(rng):
    """400 respondents of 150 accounts, with a tier that explains much of their score."""
    account = rng.integers(150, size=400)
    tier = np.where(account % 3 == 0, "A", "B")
    role = rng.choice(["decider", "user"], 400, p=[0.3, 0.7])
    score = 5 + 3 * (tier == "A") + rng.normal(0, 1, 400) + rng.normal(0, 0.7, 150)[account]
    index = pd.Index([f"r{i}" for i in range(400)])
    return pd.DataFrame(
        {"account": account, "tier": tier, "role": role, "score": score}, index=index
    )


@pytest.fixture
def weights(respondents):
    return weighting.rake(
        respondents,
        {
            "tier": pd.Series({"A": 500, "B": 1500}),
            "role": pd.Series({"decider": 900, "user": 1100}),
        },
    )


def test_raked_estimates_agree_with_r_survey(reference):
    """R survey 4.5, rake() of apiclus1: mean 641.23032 (23.70362), total 3647280.1 (400603.26)."""
    data = reference["apiclus1"]
    found = weighting.rake(data, MARGINS, base=data.pw)
    design = {"weights": found, "clusters": data.dnum, "population": 757}
    mean, total = (
        survey.mean(data.api00, SurveyDesign(**design).linearised()),
        survey.total(data.enroll, SurveyDesign(**design).linearised()),
    )
    assert (mean.value, mean.standard_error) == pytest.approx((641.23032, 23.70362), abs=5e-6)
    assert total.value == pytest.approx(3647280.1, abs=0.06)
    assert total.standard_error == pytest.approx(400603.26, abs=0.005)


def test_post_stratified_estimates_agree_with_r_survey(reference):
    """R survey 4.5, postStratify() of apiclus1: 642.31079 (23.92049), 3680892.9 (406292.64)."""
    data = reference["apiclus1"]
    found = weighting.post_stratify(data.stype, pd.Series(SCHOOLS))
    design = {"weights": found, "clusters": data.dnum, "population": 757}
    mean, total = (
        survey.mean(data.api00, SurveyDesign(**design).linearised()),
        survey.total(data.enroll, SurveyDesign(**design).linearised()),
    )
    assert (mean.value, mean.standard_error) == pytest.approx((642.31079, 23.92049), abs=5e-6)
    assert total.value == pytest.approx(3680892.9, abs=0.06)
    assert total.standard_error == pytest.approx(406292.64, abs=0.005)


@pytest.mark.parametrize("weighted", [True, False])
def test_two_stages_agree_with_r_survey(reference, weighted):
    """R survey 4.5, apiclus2 (districts, then schools in them): 670.811808 (30.099027), deff
    6.25051; total of enroll, where six schools lack it, 2639272.9 (799637.77)."""
    data = reference["apiclus2"]
    design = {"clusters": data[["dnum", "snum"]], "population": data[["fpc1", "fpc2"]]}
    if weighted:
        design["weights"] = data.pw
    mean, total = (
        survey.mean(data.api00, SurveyDesign(**design).linearised()),
        survey.total(data.enroll, SurveyDesign(**design).linearised()),
    )
    assert mean.value == pytest.approx(670.811808, abs=5e-7)
    assert mean.standard_error == pytest.approx(30.099027, abs=5e-7)
    assert mean.design_effect == pytest.approx(6.25051, abs=5e-6)
    assert (total.value, total.standard_error) == pytest.approx((2639272.9, 799637.77), abs=0.05)
    assert total.base == 120


def test_a_second_stage_without_a_population_adds_nothing(respondents):
    """With an endless population of accounts their spread holds that of their people."""
    people = respondents.assign(person=np.arange(len(respondents)))
    staged = survey.mean(respondents.score, SurveyDesign(clusters=people[["account", "person"]]))
    assert staged.standard_error == pytest.approx(
        survey.mean(respondents.score, SurveyDesign(clusters=respondents.account)).standard_error
    )


def test_what_is_left_over_of_a_post_stratum_is_its_deviation():
    """Two cells: 1, 3 and 5, 6 leave ±1 and ±0.5."""
    cells = Cells(np.eye(2), np.array([0.5, 0.5]), np.array([0, 0, 1, 1]))
    found = cells.left_over(np.array([1.0, 3, 5, 6]), np.ones(4))
    assert found.tolist() == pytest.approx([-1, 1, -0.5, 0.5])


def test_margins_that_explain_answers_narrow_the_interval(respondents, weights):
    calibrated = survey.mean(
        respondents.score, SurveyDesign(weights=weights, clusters=respondents.account)
    )
    fixed = survey.mean(
        respondents.score, SurveyDesign(weights=weights.values, clusters=respondents.account)
    )
    assert calibrated.value == pytest.approx(fixed.value)
    assert calibrated.standard_error < 0.85 * fixed.standard_error


def test_margins_that_explain_nothing_change_little(respondents, weights, rng):
    noise = rng.normal(size=len(respondents))
    calibrated = survey.mean(pd.Series(noise, respondents.index), SurveyDesign(weights=weights))
    fixed = survey.mean(pd.Series(noise, respondents.index), SurveyDesign(weights=weights.values))
    assert calibrated.standard_error == pytest.approx(fixed.standard_error, rel=0.03)


@pytest.mark.parametrize("where", ["score", "share", "nps"])
def test_order_of_rows_does_not_matter_to_calibrated_intervals(respondents, weights, rng, where):
    estimate = {
        "score": survey.mean,
        "share": lambda v, design: survey.proportion(v > 6, design),
        "nps": lambda v, design: survey.net_promoter(v.round().clip(0, 10), design),
    }[where]
    mixed = respondents.sample(frac=1, random_state=rng)
    one = estimate(respondents.score, SurveyDesign(weights=weights, clusters=respondents.account))
    other = estimate(mixed.score, SurveyDesign(weights=weights, clusters=mixed.account))
    assert (one.low, one.high) == pytest.approx((other.low, other.high))


def test_a_group_is_a_domain_of_the_whole_sample(respondents, weights):
    """As the ratio of two totals: the score of deciders, over the deciders."""
    decider = (respondents.role == "decider").astype(float)
    found = survey.by_group(
        survey.mean,
        respondents.score,
        respondents.role,
        SurveyDesign(weights=weights, clusters=respondents.account),
    ).set_index("group")
    ratio = survey.ratio(
        respondents.score * decider,
        decider,
        SurveyDesign(weights=weights, clusters=respondents.account),
    )
    assert found.loc["decider", "value"] == pytest.approx(ratio.value)
    assert found.loc["decider", "standard_error"] == pytest.approx(ratio.standard_error)
    assert found.loc["decider", "base"] == decider.sum()


def test_the_share_of_a_category_that_was_fitted_is_known(respondents, weights):
    found = survey.proportion(
        respondents.tier == "A", SurveyDesign(weights=weights, clusters=respondents.account)
    )
    assert found.value == pytest.approx(0.25)
    assert found.standard_error < 1e-9


def test_a_difference_of_calibrated_waves_adds_what_is_left_of_each(respondents, weights):
    later = respondents.assign(score=respondents.score + 1)
    apart = survey.difference(
        respondents.score,
        later.score,
        (SurveyDesign(weights=weights), SurveyDesign(weights=weights)),
    )
    one = survey.mean(respondents.score, SurveyDesign(weights=weights))
    assert apart.value == pytest.approx(1)
    assert apart.standard_error == pytest.approx(one.standard_error * 2**0.5, rel=1e-3)
    design = SurveyDesign(weights=weights, clusters=respondents.account)
    same = survey.difference(respondents.score, later.score, (design, design))
    assert same.standard_error < 1e-9
    assert same.base == 2 * len(respondents)


def test_missing_answers_leave_the_base_but_not_the_margins(respondents, weights):
    holes = respondents.score.where(respondents.role == "decider")
    found = survey.mean(holes, SurveyDesign(weights=weights, clusters=respondents.account))
    assert found.base == (respondents.role == "decider").sum()
    assert found.clusters == respondents.account[respondents.role == "decider"].nunique()
    plain = survey.mean(holes, SurveyDesign(weights=weights.values, clusters=respondents.account))
    assert found.value == pytest.approx(plain.value)


def test_account_scores_take_weights_of_either_kind(respondents, weights):
    one = loyalty.account_scores(
        respondents.score, respondents.account, design=SurveyDesign(weights=weights)
    )
    other = loyalty.account_scores(
        respondents.score, respondents.account, design=SurveyDesign(weights=weights.values)
    )
    pd.testing.assert_frame_equal(one.table, other.table)


def test_weights_that_miss_their_margins_are_taken_as_fixed(respondents):
    tight = weighting.rake(
        respondents,
        {"tier": pd.Series({"A": 1, "B": 9}), "role": pd.Series({"decider": 9, "user": 1})},
        trim=1.3,
    )
    assert tight.calibration is None
    assert survey.mean(respondents.score, SurveyDesign(weights=tight)) == survey.mean(
        respondents.score, SurveyDesign(weights=tight.values)
    )


def test_grossed_weights_add_up_to_the_population(weights):
    assert weights.population == 2000
    assert weights.grossed.sum() == pytest.approx(2000)


@pytest.mark.parametrize(
    ("sizes", "advice"),
    [({"A": 0.25, "B": 0.75}, "fit them to counts"), ({"A": 50, "B": 150}, "smaller than the")],
)
def test_a_total_needs_a_population_that_holds_the_sample(respondents, sizes, advice):
    found = weighting.post_stratify(respondents.tier, pd.Series(sizes))
    with pytest.raises(ValueError, match=advice):
        survey.total(respondents.score, SurveyDesign(weights=found))


def test_values_of_a_part_of_the_sample_are_a_domain_of_it(respondents, weights):
    part = respondents.score.head(100)
    whole = respondents.score.where(respondents.index.isin(part.index))
    design = SurveyDesign(weights=weights)
    assert survey.mean(part, design) == survey.mean(whole, design)


def test_stages_and_sizes_must_match(respondents):
    clusters = respondents[["account", "role"]]
    with pytest.raises(ValueError, match="1 columns for 2 stages"):
        survey.mean(respondents.score, SurveyDesign(clusters=clusters, population=500))


def test_a_single_person_seen_of_several_in_an_account_is_refused():
    frame = pd.DataFrame({"a": list("xxyy"), "p": [1, 2, 3, 3], "m": [9] * 4, "k": [4, 4, 4, 4]})
    with pytest.raises(ValueError, match="1 clusters hold a single unit"):
        survey.mean(
            [1, 2, 3, 4.0], SurveyDesign(clusters=frame[["a", "p"]], population=frame[["m", "k"]])
        )
