"""Calibration to totals of numbers and categories, base weights and trimming."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.methods import survey, weighting
from helpers.methods.survey import SurveyDesign

PEOPLE = pd.DataFrame({"tier": list("AAAB"), "seats": [4.0, 6, 5, 9]})
TIER = pd.Series({"A": 50, "B": 50})
SCHOOLS = {"E": 4421, "H": 755, "M": 1018}


@pytest.fixture(scope="module")
def schools(shared):
    """183 schools in 15 districts: apiclus1 of R's respondents package (Lumley 2010)."""
    return pd.read_csv(shared / "data" / "reference" / "apiclus1.csv")


@pytest.fixture
def respondents(rng):
    """500 respondents with a tier, a role, seats and unequal base weights."""
    tier = rng.choice(list("ABC"), 500, p=[0.6, 0.3, 0.1])
    return pd.DataFrame(
        {
            "tier": tier,
            "role": rng.choice(["decider", "user"], 500, p=[0.2, 0.8]),
            "seats": rng.gamma(4, 10, 500) + 20 * (tier == "A"),
            "base": rng.uniform(1, 4, 500),
        }
    )


TOTALS = {
    "tier": pd.Series({"A": 450, "B": 350, "C": 200}),
    "role": pd.Series({"decider": 300, "user": 700}),
    "seats": 46_000.0,
}


def test_regression_estimator_agrees_with_r_survey(schools):
    """R survey, ?calibrate: apiclus1 to stype and the total of api99; mean of api00 665.31
    (SE 3.4418), total of enroll 3638487 (385524)."""
    totals = {"stype": pd.Series(SCHOOLS), "api99": 3914069.0}
    found = weighting.calibrate(schools, totals)
    design = {"weights": found, "clusters": schools.dnum, "population": 757}
    mean = survey.mean(schools.api00, SurveyDesign(**design).linearised())
    total = survey.total(schools.enroll, SurveyDesign(**design).linearised())
    assert mean.value == pytest.approx(665.31, abs=0.005)
    assert mean.standard_error == pytest.approx(3.4418, abs=5e-5)
    assert total.value == pytest.approx(3638487, abs=0.5)
    assert total.standard_error == pytest.approx(385524, abs=0.5)


def test_regression_weights_by_hand():
    """One number, no categories: g = 1 + (x − x̄)(X̄ − x̄) / variance."""
    found = weighting.calibrate(PEOPLE[["seats"]], {"seats": 650.0}, population=100)
    centred = PEOPLE["seats"] - 6
    expected = 1 + centred * (6.5 - 6) / (centred**2).mean()
    assert found.values.tolist() == pytest.approx(expected.tolist())
    assert found.table.loc[0, ["target_share", "before_share"]].tolist() == [6.5, 6.0]


@pytest.mark.parametrize(
    ("method", "bounds"),
    [("linear", None), ("linear", (0.5, 2.5)), ("raking", None), ("raking", (0.5, 2.5)),
     ("logit", (0.4, 3))],
)  # fmt: skip
def test_every_total_is_met_within_the_bounds(respondents, method, bounds):
    found = weighting.calibrate(
        respondents, TOTALS, base=respondents["base"], method=method, bounds=bounds
    )
    weights = found.grossed
    for name in ("tier", "role"):
        sums = weights.groupby(respondents[name]).sum()
        assert sums.loc[TOTALS[name].index].tolist() == pytest.approx(TOTALS[name].tolist())
    assert weights @ respondents["seats"] == pytest.approx(46_000)
    factors = found.values / (respondents["base"] / respondents["base"].mean())
    low, high = bounds or (0, np.inf)
    assert factors.min() > low - 1e-9
    assert factors.max() < high + 1e-9
    assert found.table["after_share"].tolist() == pytest.approx(
        found.table["target_share"].tolist()
    )


def test_calibration_by_raking_is_raking(respondents):
    margins = {name: TOTALS[name] for name in ("tier", "role")}
    one = weighting.rake(respondents, margins, base=respondents["base"]).values
    other = weighting.calibrate(
        respondents, margins, base=respondents["base"], method="raking"
    ).values
    assert other.to_numpy() == pytest.approx(one.to_numpy(), rel=1e-9)


def test_bounded_calibration_by_raking_is_bounded_raking(respondents):
    margins = {name: TOTALS[name] for name in ("tier", "role")}
    bounds = (0.5, float(weighting.rake(respondents, margins).values.max()) * 0.95)
    one = weighting.rake(respondents, margins, bounds=bounds).values
    other = weighting.calibrate(respondents, margins, method="raking", bounds=bounds).values
    assert other.to_numpy() == pytest.approx(one.to_numpy(), rel=1e-7)


def test_linear_weights_are_the_nearest_in_squares(respondents, rng):
    """Any other weights that meet the totals lie further from the base weights."""
    found = weighting.calibrate(respondents, TOTALS, bounds=(0.01, 50)).values.to_numpy()
    free = weighting.calibrate(respondents, TOTALS).values.to_numpy()
    columns = np.column_stack(
        [pd.get_dummies(respondents[["tier", "role"]]).to_numpy(float), respondents["seats"]]
    )
    away = rng.normal(size=len(respondents))
    away -= columns @ np.linalg.lstsq(columns, away, rcond=None)[0]
    assert found == pytest.approx(free)
    assert np.sum((free - 1) ** 2) < np.sum((free + 0.01 * away - 1) ** 2)


def test_an_outcome_that_the_totals_explain_has_no_error_left(respondents):
    """The estimate of a fitted number is its known mean, so its interval is a point."""
    found = weighting.calibrate(respondents, TOTALS)
    seats = survey.mean(respondents["seats"], SurveyDesign(weights=found))
    assert seats.value == pytest.approx(46)
    assert seats.standard_error < 1e-9
    assert (
        survey.mean(respondents["seats"], SurveyDesign(weights=found.values)).standard_error > 0.5
    )


def test_a_planted_bias_that_rides_on_a_number_is_removed(rng):
    """Larger accounts answer more and are happier: a total of seats takes that away."""
    seats = rng.gamma(4, 10, 40_000)
    loyal = 40 + 0.3 * seats + rng.normal(0, 5, 40_000)
    answers = rng.random(40_000) < seats / 200
    sample = pd.DataFrame({"seats": seats[answers]})
    weights = weighting.calibrate(
        sample, {"seats": float(seats.sum())}, population=40_000, method="raking"
    ).values
    bias = loyal[answers].mean() - loyal.mean()
    left = np.average(loyal[answers], weights=weights) - loyal.mean()
    assert bias > 2
    assert abs(left) < 0.1 * bias


def test_shares_and_a_mean_serve_as_well_as_counts_and_a_total(respondents):
    one = weighting.calibrate(respondents, TOTALS).values.to_numpy()
    shares = {"tier": TOTALS["tier"] / 1000, "role": TOTALS["role"] / 1000, "seats": 46.0}
    assert weighting.calibrate(respondents, shares).values.to_numpy() == pytest.approx(one)


def test_negative_weights_are_refused_with_a_way_out():
    totals = {"tier": TIER, "seats": 1000.0}  # a mean of 10, where the heaviest has 9
    with pytest.raises(ValueError, match=r'weights of 0 or below .* use method="raking", or fewer'):
        weighting.calibrate(PEOPLE, totals)


def test_the_bounds_that_are_advised_do(respondents):
    totals = TOTALS | {"seats": 28_000.0}
    with pytest.raises(ValueError, match="weights of 0 or below") as refused:
        weighting.calibrate(respondents, totals)
    advised = str(refused.value).rsplit("bounds=", 1)[1].strip("()").split(", ")
    found = weighting.calibrate(respondents, totals, bounds=tuple(map(float, advised)))
    assert found.values.min() > 0


def test_bounds_out_of_reach_name_what_would_do(respondents):
    with pytest.raises(ValueError, match="the upper one has to be above") as refused:
        weighting.calibrate(respondents, TOTALS, bounds=(0.5, 1.2))
    needed = float(str(refused.value).split("above ")[1].split(")")[0])
    assert weighting.calibrate(respondents, TOTALS, bounds=(0.5, needed + 0.02)).converged


@pytest.mark.parametrize(
    ("totals", "options", "advice"),
    [
        ({}, {}, "give at least one total"),
        ({"seats": 650.0}, {}, "give population="),
        ({"seats": np.nan}, {"population": 100}, "the total of seats is nan"),
        ({"chairs": 650.0}, {"population": 100}, "no column 'chairs'"),
        ({"tier": TIER}, {"method": "ridge"}, "one of linear, raking, logit"),
        ({"tier": TIER}, {"method": "logit"}, "give them, such as"),
        ({"tier": TIER}, {"bounds": (0, 3)}, "weight people away"),
        ({"tier": TIER}, {"bounds": (1.5, 3)}, "either side of 1"),
        ({"tier": TIER}, {"base": [1, 1, 0, 1]}, "is zero for row"),
        ({"tier": TIER * 10}, {"population": 900}, "take both from one list"),
        ({"tier": TIER, "seats": 2_000.0}, {"method": "raking"}, "cannot be met"),
        ({"tier": pd.Series({"A": 50, "B": 40, "C": 10})}, {}, "nobody in the sample"),
    ],
)
def test_totals_that_cannot_be_used_are_refused(totals, options, advice):
    with pytest.raises(ValueError, match=advice):
        weighting.calibrate(PEOPLE, totals, **options)


@pytest.mark.parametrize(
    ("seats", "advice"), [([1, None, 2, 3], "seats is missing for 1 of 4"), ([0] * 4, "is 0 for")]
)
def test_numbers_that_cannot_be_used_are_refused(seats, advice):
    with pytest.raises(ValueError, match=advice):
        weighting.calibrate(PEOPLE.assign(seats=seats), {"tier": TIER, "seats": 9.0})


def test_base_weights_are_one_over_the_chance():
    found = weighting.base_weights(pd.Series([0.5, 1.0], index=["r1", "r2"]))
    assert found.to_dict() == {"r1": 2.0, "r2": 1.0}


@pytest.mark.parametrize(
    ("chances", "advice"),
    [
        ([0.5, 0.0], "leave them out"),
        ([0.5, 20], "write 20 % as 0.2"),
        ([0.5, None], "leave them out"),
    ],
)
def test_chances_that_cannot_be_are_refused(chances, advice):
    with pytest.raises(ValueError, match=advice):
        weighting.base_weights(chances)


def test_trimming_gives_the_excess_to_the_others(rng):
    """Nobody above the limit, the total kept, order kept, uncut weights in proportion."""
    given = pd.Series(rng.lognormal(0, 1, 400))
    found = weighting.trim(given, 3)
    assert found.values.max() <= 3 + 1e-9
    assert found.values.mean() == pytest.approx(1)
    uncut = found.values < 3 - 1e-6
    ratio = (found.values / given)[uncut]
    assert ratio.std() / ratio.mean() < 1e-9
    assert "weights were cut to 3" in found.notes[0]
    assert found.design_effect < survey.kish_design_effect(given)


def test_trimming_within_groups_keeps_their_totals(rng):
    given = pd.Series(rng.lognormal(0, 1, 400))
    tier = np.where(np.arange(400) < 100, "top", "tail")
    found = weighting.trim(given, 3, within=tier)
    before, after = (w.groupby(tier).sum() / w.sum() for w in (given, found.values))
    assert after.tolist() == pytest.approx(before.tolist())


def test_weights_under_the_limit_pass_unchanged():
    raked = weighting.rake(PEOPLE, {"tier": TIER})
    assert weighting.trim(raked, 4) is raked
    assert weighting.trim([1, 2, 3], 2).values.tolist() == pytest.approx([0.5, 1, 1.5])


@pytest.mark.parametrize(("smallest", "largest"), [(0.5, 3), (0.0, 2.5), (0.4, 10)])
def test_raked_weights_are_trimmed_at_both_ends_and_still_meet_their_margins(
    rng, smallest, largest
):
    people = pd.DataFrame(
        {
            "tier": rng.choice(list("ABC"), 500, p=[0.7, 0.2, 0.1]),
            "role": rng.choice(["d", "u"], 500),
        }
    )
    margins = {
        "tier": pd.Series({"A": 0.5, "B": 0.3, "C": 0.2}), "role": pd.Series({"d": 0.4, "u": 0.6})
    }  # fmt: skip
    raked = weighting.rake(people, margins, base=rng.lognormal(0, 0.7, 500))
    found = weighting.trim(raked, largest, smallest=smallest)
    assert raked.values.max() > largest or raked.values.min() < smallest
    assert found.values.between(smallest - 1e-6, largest + 1e-6).all()
    for name, sizes in margins.items():
        shares = found.values.groupby(people[name]).sum() / found.values.sum()
        assert shares.tolist() == pytest.approx(sizes.tolist(), abs=1e-8)
    assert found.largest_gap < 1e-8
    tier = (people.tier == "A").astype(float)
    assert survey.mean(tier, found.design).standard_error < 1e-6  # its share is known


def test_margins_out_of_reach_leave_trimmed_weights_as_fixed():
    sample = pd.DataFrame({"tier": list("AAAAAAAAAB")})
    raked = weighting.rake(sample, {"tier": pd.Series({"A": 0.5, "B": 0.5})})
    found = weighting.trim(raked, 2)
    assert found.calibration is None
    assert found.values.max() == pytest.approx(2)


def test_trimming_at_both_ends_keeps_the_total_and_proportions_between(rng):
    given = pd.Series(rng.lognormal(0, 1, 400))
    found = weighting.trim(given, 3, smallest=0.3)
    assert found.values.between(0.3 - 1e-9, 3 + 1e-9).all()
    assert found.values.mean() == pytest.approx(1)
    between = found.values.between(0.3 + 1e-6, 3 - 1e-6)
    ratio = (found.values / given)[between]
    assert ratio.std() / ratio.mean() < 1e-9
    assert "lifted to 0.3" in found.notes[1]


@pytest.mark.parametrize(
    ("weights", "options", "advice"),
    [
        ([1, 1], {"largest": 2, "smallest": 1}, "multiple of the mean weight below 1"),
        ([1, 2], {"largest": 1}, "multiple of the mean weight above 1"),
        ([1, 0], {"largest": 2}, "is zero for row"),
        ([1, 1, 1, 9], {"largest": 2, "within": list("aaab")}, "raise the limit, or join groups"),
    ],
)
def test_trims_that_cannot_be_are_refused(weights, options, advice):
    with pytest.raises(ValueError, match=advice):
        weighting.trim(weights, **options)
