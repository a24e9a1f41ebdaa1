"""Raking and post-stratification, against R's survey package and what must hold."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.methods import survey, weighting
from helpers.methods.survey import SurveyDesign

PEOPLE = pd.DataFrame({"tier": list("AAAB"), "region": ["N", "S", "N", "S"]})
TIER = pd.Series({"A": 50, "B": 50})


@pytest.fixture(scope="module")
def schools(shared):
    """183 schools in 15 districts: apiclus1 of R's respondents package (Lumley 2010)."""
    return pd.read_csv(shared / "data" / "reference" / "apiclus1.csv")


@pytest.fixture
def respondents(rng):
    """600 respondents whose tiers and roles differ from the population's."""
    return pd.DataFrame(
        {
            "tier": rng.choice(list("ABC"), 600, p=[0.6, 0.3, 0.1]),
            "role": rng.choice(["decider", "user"], 600, p=[0.2, 0.8]),
            "base": rng.uniform(1, 4, 600),
        }
    )


MARGINS = {
    "tier": pd.Series({"A": 300, "B": 400, "C": 300}),
    "role": pd.Series({"decider": 450, "user": 550}),
}


def reached(weights, sample, name):
    return weights.values.groupby(sample[name]).sum() / weights.values.sum()


def test_raking_agrees_with_r_survey(schools):
    """R survey 4.5, rake() of apiclus1 to stype and sch.wide, to convergence."""
    margins = {
        "stype": pd.Series({"E": 4421, "H": 755, "M": 1018}),
        "sch.wide": pd.Series({"No": 1072, "Yes": 5122}),
    }
    found = weighting.rake(schools, margins)
    grossed = (found.values * 6194 / 183).round(6)
    counts = grossed.value_counts().sort_index()
    assert counts.index.tolist() == pytest.approx(
        [29.870675, 36.791025, 39.839236, 49.069072, 50.329401, 67.125529], abs=1e-6
    )
    assert counts.tolist() == [132, 17, 12, 8, 11, 3]
    assert found.design_effect == pytest.approx(1.051656696, rel=1e-9)
    assert found.effective_base == pytest.approx(174.0111586, rel=1e-9)
    assert survey.mean(schools.api00, SurveyDesign(weights=found.values)).value == pytest.approx(
        641.23032, abs=5e-6
    )
    total = survey.total(schools.enroll, SurveyDesign(weights=found.values * 6194 / 183))
    assert total.value == pytest.approx(3647280.1, abs=0.06)


def test_post_stratification_agrees_with_r_survey(schools):
    """R survey 4.5, postStratify() of apiclus1 by stype."""
    found = weighting.post_stratify(schools.stype, pd.Series({"E": 4421, "H": 755, "M": 1018}))
    assert survey.mean(schools.api00, SurveyDesign(weights=found.values)).value == pytest.approx(
        642.31079, abs=5e-6
    )
    total = survey.total(schools.enroll, SurveyDesign(weights=found.values * 6194 / 183))
    assert total.value == pytest.approx(3680892.9, abs=0.06)


def test_post_stratification_by_hand():
    """Three A and one B in the sample, even in the population: 2/3 and 2."""
    found = weighting.post_stratify(PEOPLE["tier"], TIER)
    assert found.values.tolist() == pytest.approx([2 / 3, 2 / 3, 2 / 3, 2])
    assert found.effective_base == pytest.approx(3)
    assert found.table["target_share"].tolist() == [0.5, 0.5]
    assert found.table["before_share"].tolist() == [0.75, 0.25]
    assert found.table["after_share"].tolist() == pytest.approx([0.5, 0.5])
    assert found.table["respondents"].tolist() == [3, 1]


def test_every_margin_is_met(respondents):
    found = weighting.rake(respondents, MARGINS, base=respondents["base"])
    for name, sizes in MARGINS.items():
        expected = (sizes / sizes.sum()).tolist()
        assert reached(found, respondents, name).loc[sizes.index].tolist() == pytest.approx(
            expected
        )
    assert found.converged
    assert found.largest_gap < 1e-9
    assert found.values.mean() == pytest.approx(1)


def test_raked_weights_are_base_weight_times_one_factor_a_category(respondents):
    """The form of Deming and Stephan: log(weight / base) is additive, so no interaction."""
    found = weighting.rake(respondents, MARGINS, base=respondents["base"])
    factor = np.log(found.values / respondents["base"])
    cell = factor.groupby([respondents["tier"], respondents["role"]]).agg(["mean", "std"])
    assert cell["std"].max() < 1e-12
    gap = cell["mean"].unstack()
    assert np.ptp(gap["user"] - gap["decider"]) < 1e-9


def test_order_of_margins_and_rows_does_not_matter(respondents, rng):
    found = weighting.rake(respondents, MARGINS).values
    turned = weighting.rake(respondents, dict(reversed(MARGINS.items()))).values
    mixed = weighting.rake(respondents.sample(frac=1, random_state=rng), MARGINS).values
    assert turned.to_numpy() == pytest.approx(found.to_numpy())
    assert mixed.loc[found.index].to_numpy() == pytest.approx(found.to_numpy())


def test_shares_and_counts_give_the_same_weights(respondents):
    shares = {name: sizes / sizes.sum() for name, sizes in MARGINS.items()}
    one = weighting.rake(respondents, MARGINS).values.to_numpy()
    assert weighting.rake(respondents, shares).values.to_numpy() == pytest.approx(one)


def test_percentages_rounded_to_whole_numbers_are_accepted(respondents):
    margins = {
        "tier": pd.Series({"A": 30.3, "B": 39.9, "C": 30.0}),  # 100.2
        "role": pd.Series({"decider": 45, "user": 55}),
    }
    assert weighting.rake(respondents, margins).converged


def test_categories_may_be_numbers_or_pandas_categories(respondents):
    coded = respondents.assign(
        tier=respondents["tier"].astype("category"), role=respondents["role"] == "user"
    )
    margins = {"tier": MARGINS["tier"], "role": pd.Series({False: 450, True: 550})}
    one = weighting.rake(respondents, MARGINS).values.to_numpy()
    assert weighting.rake(coded, margins).values.to_numpy() == pytest.approx(one)


def test_bounds_hold_and_margins_are_still_met(respondents):
    free = weighting.rake(respondents, MARGINS)
    limit = float(free.values.max()) * 0.95
    found = weighting.rake(respondents, MARGINS, bounds=(0.2, limit))
    assert found.values.max() <= limit + 1e-9
    assert found.values.min() >= 0.2 - 1e-9
    assert found.largest_gap < 1e-9
    assert found.design_effect < free.design_effect


def test_bounded_weights_have_the_form_of_truncated_raking(respondents):
    """Deville, Särndal and Sautory (1993): additive on the log scale between the bounds."""
    limit = float(weighting.rake(respondents, MARGINS).values.max()) * 0.9
    found = weighting.rake(respondents, MARGINS, bounds=(0.1, limit))
    cell = np.log(found.values).groupby([respondents["tier"], respondents["role"]]).mean()
    slope = (cell.xs("decider", level=1) - cell.xs("user", level=1)).sort_index()
    at_limit = np.isclose(np.exp(cell.xs("decider", level=1)), limit)
    assert at_limit.any()
    assert np.ptp(slope[~at_limit]) < 1e-8
    assert (slope[at_limit] < slope[~at_limit].mean()).all()


def test_a_trim_that_the_margins_allow_meets_both(respondents):
    free = weighting.rake(respondents, MARGINS)
    trim = float(free.values.max()) * 0.95
    found = weighting.rake(respondents, MARGINS, trim=trim)
    assert found.converged
    assert found.values.max() == pytest.approx(trim)
    assert found.largest_gap < 1e-9


def test_a_trim_out_of_reach_holds_and_says_so(respondents):
    found = weighting.rake(respondents, MARGINS, base=respondents["base"], trim=1.5)
    assert not found.converged
    assert found.values.max() <= 1.5 + 1e-9
    assert found.values.mean() == pytest.approx(1)
    before = (found.table["before_share"] - found.table["target_share"]).abs().max()
    assert 0 < found.largest_gap < before


def test_a_planted_selection_bias_is_removed(rng):
    """Response depends on tier alone: weighting to tier takes the bias away."""
    tier = rng.choice(list("AB"), 40_000)
    loyal = rng.normal(60, 10, 40_000) + 15 * (tier == "A")
    answers = rng.random(40_000) < np.where(tier == "A", 0.5, 0.2)
    sample = pd.DataFrame({"tier": tier[answers]})
    sizes = pd.Series(tier).value_counts()
    weights = weighting.rake(sample, {"tier": sizes}).values
    bias = loyal[answers].mean() - loyal.mean()
    left = np.average(loyal[answers], weights=weights) - loyal.mean()
    assert bias > 3
    assert abs(left) < 0.1 * bias


def test_cells_of_two_columns_are_found_by_name():
    sizes = pd.Series(
        [10, 30, 60], index=pd.MultiIndex.from_tuples([("N", "A"), ("S", "A"), ("S", "B")])
    )
    expected = [4 * 0.05, 4 * 0.3, 4 * 0.05, 4 * 0.6]
    by_order = weighting.post_stratify(PEOPLE[["region", "tier"]], sizes)
    named = sizes.rename_axis(["region", "tier"])
    by_name = weighting.post_stratify(PEOPLE[["tier", "region"]], named)
    assert by_order.values.tolist() == pytest.approx(expected)
    assert by_name.values.tolist() == pytest.approx(expected)
    assert by_order.table["category"].tolist() == ["N / A", "S / A", "S / B"]


def test_a_single_column_frame_is_a_series_of_cells():
    one = weighting.post_stratify(PEOPLE[["tier"]], TIER).values
    assert one.tolist() == weighting.post_stratify(PEOPLE["tier"], TIER).values.tolist()


def test_weights_keep_the_samples_row_labels_and_leave_it_alone(respondents):
    sample = respondents.set_index(pd.Index([f"r{i}" for i in respondents.index]))
    kept = sample.copy()
    found = weighting.rake(sample, MARGINS)
    pd.testing.assert_index_equal(found.values.index, sample.index)
    pd.testing.assert_frame_equal(sample, kept)


@pytest.mark.parametrize(
    ("margins", "advice"),
    [
        ({}, "give at least one margin"),
        ({"teir": TIER}, "did you mean 'tier'"),
        ({"tier": pd.Series({"A": 50})}, "1 respondents are in tier 'B'"),
        ({"tier": pd.Series({"A": 50, "B": 50, "C": 25})}, "merge it with a like category"),
        ({"tier": pd.Series({"A": 50, "B": 0})}, "1 respondents are in tier 'B'"),
        ({"tier": pd.Series({"A": 50, "B": -5})}, "the size -5"),
        ({"tier": pd.Series({"A": 50, "B": np.nan})}, "the size nan"),
        ({"tier": pd.Series([1, 2, 3], index=["A", "B", "A"])}, "gives 'A' twice"),
        ({"tier": pd.Series({"A": 0, "B": 0})}, "adds up to 0"),
        (
            {"tier": TIER, "region": pd.Series({"N": 30, "S": 60})},
            "region sums to 90, tier to 100; take both from one list",
        ),
    ],
)
def test_margins_that_cannot_be_met_are_refused(margins, advice):
    with pytest.raises(ValueError, match=advice):
        weighting.rake(PEOPLE, margins)


def test_margins_that_only_empty_cells_could_meet_are_refused():
    """Every B is in the south, so B cannot be half while the south is a fifth."""
    margins = {"tier": TIER, "region": pd.Series({"N": 80, "S": 20})}
    with pytest.raises(ValueError, match="merge small categories"):
        weighting.rake(PEOPLE, margins)


@pytest.mark.parametrize(
    ("options", "advice"),
    [
        ({"base": [1, 0, 1, 1]}, "base weights is zero for row"),
        ({"base": [1, np.nan, 1, 1]}, "base weights is missing for row"),
        ({"base": [1, 2]}, "give one for each value"),
        ({"bounds": (0.9, 1.1)}, "widen the bounds"),
        ({"bounds": (1.2, 3)}, "either side of 1"),
        ({"trim": 0.5}, "multiple of the mean weight above 1"),
    ],
)
def test_weights_and_limits_that_cannot_be_used_are_refused(options, advice):
    with pytest.raises(ValueError, match=advice):
        weighting.rake(PEOPLE, {"tier": TIER}, **options)


def test_respondents_without_a_category_are_refused():
    sample = pd.DataFrame({"tier": ["A", None, "B"]})
    with pytest.raises(ValueError, match="tier is missing for 1 of 3 respondents"):
        weighting.rake(sample, {"tier": TIER})


def test_an_empty_sample_is_refused():
    with pytest.raises(ValueError, match="nobody to weight"):
        weighting.rake(PEOPLE.iloc[:0], {"tier": TIER})


def test_cells_of_another_depth_are_refused():
    with pytest.raises(ValueError, match="a size for each combination"):
        weighting.post_stratify(PEOPLE, TIER)


def test_margins_that_part_are_named_with_the_empty_combination():
    margins = {
        "role": pd.Series({"user": 60, "decider": 40}),
        "tier": TIER,
        "region": pd.Series({"N": 80, "S": 20}),
    }
    sample = PEOPLE.assign(role=["user", "decider", "decider", "user"])
    with pytest.raises(ValueError, match=r"tier and region \(such as 'B' with 'N'\) are empty"):
        weighting.rake(sample, margins)


def test_bounds_that_are_too_tight_name_what_would_do(respondents):
    with pytest.raises(ValueError, match="the upper one has to be at least") as refused:
        weighting.rake(respondents, MARGINS, bounds=(0.3, 1.5))
    needed = float(str(refused.value).split("at least ")[1].split(")")[0])
    assert weighting.rake(respondents, MARGINS, bounds=(0.3, needed + 0.01)).converged


def test_a_lower_bound_that_leaves_no_room_is_named(respondents):
    with pytest.raises(ValueError, match="no upper bound will do"):
        weighting.rake(respondents, MARGINS, bounds=(0.99, 50))


def test_a_category_of_one_respondent_is_said():
    found = weighting.rake(PEOPLE, {"tier": TIER})
    assert found.notes == (
        "A single respondent stands for tier 'B', with 2.0 times the mean weight.",
    )


def test_respondents_whom_the_margins_weight_away_are_counted_in_a_note():
    """Nobody is B and x, so all of x is A: to the ten A with y next to nothing is left."""
    people = pd.DataFrame({"tier": list("AAB") * 10, "role": list("xyy") * 10})
    margins = {
        "tier": pd.Series({"A": 0.5, "B": 0.5}),
        "role": pd.Series({"x": 0.4997, "y": 0.5003}),
    }
    (note,) = weighting.rake(people, margins, trim=5).notes
    assert note.startswith("Respondents with next to no weight: 10.")
    assert weighting.rake(people, margins | {"role": pd.Series({"x": 0.4, "y": 0.6})}).notes == ()


def test_counts_give_the_population_and_shares_do_not(respondents):
    assert weighting.rake(respondents, MARGINS).population == 1000
    shares = {name: sizes / 10 for name, sizes in MARGINS.items()}
    assert np.isnan(weighting.rake(respondents, shares).population)


def test_columns_of_codes_text_and_categories_give_the_same_weights(respondents):
    """Each kind of column has its own quick way to the cells."""
    numbers = respondents.assign(
        tier=respondents["tier"].map({"A": -1, "B": 0, "C": 7}).astype("int8"),
        role=respondents["role"].map({"decider": 10_000, "user": 2_000_000}),
    )
    margins = {
        "tier": pd.Series({7: 300, -1: 300, 0: 400}),
        "role": pd.Series({10_000: 450, 2_000_000: 550}),
    }
    expected = weighting.rake(respondents, MARGINS, base=respondents["base"]).values.to_numpy()
    for sample, sizes in (
        (numbers, margins),
        (respondents.astype({"tier": "category", "role": object}), MARGINS),
        (numbers.astype({"tier": "Int64"}), margins),
    ):
        found = weighting.rake(sample, sizes, base=respondents["base"]).values
        assert found.to_numpy() == pytest.approx(expected)


def test_many_margins_with_many_categories_are_fitted(rng):
    """Twelve columns of ten categories: 10^12 combinations, of which 3,000 are there."""
    sample = pd.DataFrame(rng.integers(10, size=(3_000, 12))).add_prefix("m")
    sizes = pd.Series(np.linspace(0.8, 1.2, 10) / 10)
    found = weighting.rake(sample, dict.fromkeys(sample, sizes))
    assert found.converged
    assert found.largest_gap < 1e-9


def test_weights_are_those_of_fitting_row_by_row(respondents):
    """Deming and Stephan's rounds, written out over respondents."""
    weights = respondents["base"].to_numpy()
    for _ in range(200):
        for name, sizes in MARGINS.items():
            now = pd.Series(weights).groupby(respondents[name].to_numpy()).sum()
            weights = weights * respondents[name].map(sizes / now).to_numpy()
    found = weighting.rake(respondents, MARGINS, base=respondents["base"]).values
    assert found.to_numpy() == pytest.approx(weights / weights.mean(), rel=1e-10)
