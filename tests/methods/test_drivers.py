"""Drivers: published values, properties that must hold, recovery and refusals."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from designed import designed
from scipy import stats

from helpers.methods.drivers import (
    Importance,
    dominance,
    dominance_of_correlations,
    importance_of_correlations,
    performance,
    priorities,
    relative_importance,
)
from helpers.methods.drivers.clustered import freedom
from helpers.methods.drivers.lattice import subset_r_squared
from helpers.methods.survey import SurveyDesign

CLOSE = {"rel": 1e-8, "abs": 1e-10}  # what two programs in double precision agree to

# Azen & Budescu (2003), Psychological Methods 8(2), 129-148: R² of each subset of x1…x4,
# from which their correlation table follows.
AZEN_BUDESCU = pd.DataFrame(
    [
        [1.0, 0.8, 0.1, 0.3, 0.6],
        [0.8, 1.0, 0.1, 0.1, 0.3],
        [0.1, 0.1, 1.0, 0.5, 0.4],
        [0.3, 0.1, 0.5, 1.0, 0.5],
        [0.6, 0.3, 0.4, 0.5, 1.0],
    ],
    index=["x1", "x2", "x3", "x4", "y"],
    columns=["x1", "x2", "x3", "x4", "y"],
)


@pytest.fixture
def survey(rng: np.random.Generator) -> dict[str, pd.DataFrame | pd.Series]:
    """300 respondents of 78 accounts; loyalty = 2 ease + 1 speed, price counts for nothing."""
    halo = rng.normal(size=(300, 1))
    answers = np.clip(np.round(6 + 1.2 * halo + rng.normal(size=(300, 3)) * 1.5), 0, 10)
    ratings = pd.DataFrame(answers, columns=["ease", "speed", "price"])
    loyalty = 2 * ratings["ease"] + ratings["speed"] + rng.normal(size=300) * 3
    return {
        "ratings": ratings,
        "outcome": loyalty.rename("loyalty"),
        "weights": pd.Series(rng.integers(1, 4, size=300), dtype=float),
        "clusters": pd.Series(rng.integers(0, 80, size=300)).map("a{:03d}".format),
    }


def parts(importance: Importance) -> pd.Series:
    return importance.table.set_index("driver")["r_squared"]


def agree(importance: Importance, expected: dict[str, float]) -> None:
    assert parts(importance).to_dict() == pytest.approx(expected, **CLOSE)


# Published values


def test_azen_and_budescu_correlations_divide_as_published():
    """R² .584352518 and general dominance by R dominanceanalysis and relaimpo 2.2-7."""
    found = importance_of_correlations(AZEN_BUDESCU, "y")
    assert found.r_squared == pytest.approx(0.584352518, rel=1e-8)
    agree(
        found,
        {"x1": 0.29217617768, "x2": 0.07586135151, "x3": 0.09491088042, "x4": 0.12140410837},
    )


def test_azen_and_budescu_relative_weights():
    """R rwa on the same correlation table."""
    agree(
        importance_of_correlations(AZEN_BUDESCU, "y", method="relative_weights"),
        {"x1": 0.29075902196, "x2": 0.07611980251, "x3": 0.09760614625, "x4": 0.11986754727},
    )


SWISS = ["Agriculture", "Examination", "Education", "Catholic", "Infant.Mortality"]
SWISS_VALUES = {  # R relaimpo 2.2-7 (lmg, genizi), weights 1…47
    "lmg": (0.05709122077, 0.17117302890, 0.26013467862, 0.10557015037, 0.11276592293),
    "relative_weights": (0.04841689581, 0.15470824981, 0.27196410465, 0.11468002995, 0.11696572138),
    "weighted": (0.08897257979, 0.14219785306, 0.37576532480, 0.05205963727, 0.05197589402),
}


@pytest.fixture(scope="session")
def swiss(shared: Path) -> pd.DataFrame:
    return pd.read_csv(shared / "data/reference/swiss.csv")


@pytest.mark.parametrize("method", ["lmg", "relative_weights"])
def test_swiss_agrees_with_relaimpo(swiss, method):
    found = relative_importance(swiss[SWISS], swiss["Fertility"], method=method)
    assert found.r_squared == pytest.approx(0.7067350016, rel=1e-9)
    agree(found, dict(zip(SWISS, SWISS_VALUES[method], strict=True)))


def test_weighted_swiss_agrees_with_relaimpo(swiss):
    found = relative_importance(
        swiss[SWISS], swiss["Fertility"], design=SurveyDesign(np.arange(1, 48))
    )
    assert found.r_squared == pytest.approx(0.7109712889, rel=1e-9)
    agree(found, dict(zip(SWISS, SWISS_VALUES["weighted"], strict=True)))


def test_grouped_swiss_agrees_with_relaimpo(swiss):
    groups = {"school": ["Education", "Examination"], "home": ["Catholic", "Infant.Mortality"]}
    agree(
        relative_importance(swiss[SWISS], swiss["Fertility"], groups=groups),
        {"school": 0.40296394798, "home": 0.23020365996, "Agriculture": 0.07356739365},
    )


def test_swiss_with_catholic_always_in_agrees_with_relaimpo(swiss):
    found = relative_importance(swiss[SWISS], swiss["Fertility"], always=["Catholic"])
    agree(
        found,
        {
            "Agriculture": 0.04021013277,
            "Examination": 0.10365085629,
            "Education": 0.25622307140,
            "Infant.Mortality": 0.09164743952,
        },
    )
    assert found.always_r_squared == pytest.approx(0.2150035016, rel=1e-8)


ATTITUDE = ["complaints", "privileges", "learning", "raises", "critical", "advance"]
ATTITUDE_VALUES = {  # R relaimpo 2.2-7
    "lmg": (
        0.370816194319,
        0.050903792972,
        0.155765990169,
        0.120345079404,
        0.006588722546,
        0.028182213122,
    ),
    "relative_weights": (
        0.362760199658,
        0.056002278779,
        0.163610910751,
        0.121780399688,
        0.008255466496,
        0.020192737159,
    ),
}


@pytest.mark.parametrize("method", ["lmg", "relative_weights"])
def test_attitude_agrees_with_relaimpo(shared, method):
    attitude = pd.read_csv(shared / "data/reference/attitude.csv")
    found = relative_importance(attitude[ATTITUDE], attitude["rating"], method=method)
    agree(found, dict(zip(ATTITUDE, ATTITUDE_VALUES[method], strict=True)))


def test_only_x1_dominates_completely_in_azen_and_budescu():
    found = dominance_of_correlations(AZEN_BUDESCU, "y")
    assert found.completely == (("x1", "x2"), ("x1", "x3"), ("x1", "x4"))
    assert found.table["general"].sum() == pytest.approx(0.584352518, rel=1e-8)


def test_subsets_have_the_r_squared_of_azen_and_budescu():
    """Their table 1: x1 .36, x2 .09, x1x2 .45, x3 .16, x1x3 .4768, x2x3 .2283, x3x4 .28."""
    r_squared = subset_r_squared(AZEN_BUDESCU.to_numpy()[None])[:, 0]
    expected = {1: 0.36, 2: 0.09, 3: 0.45, 4: 0.16, 5: 0.4767676768, 6: 0.2282828283, 8: 0.25}
    expected |= {9: 0.4725274725, 10: 0.3131313131, 12: 0.28}
    assert {k: r_squared[k] for k in expected} == pytest.approx(expected, rel=1e-9)


def test_subsets_of_many_drivers_match_least_squares_one_by_one(rng):
    """17 drivers and 3 matrices: wide enough that the lattice is worked through in parts."""
    x = rng.normal(size=(3, 200, 18)) + rng.normal(size=(3, 200, 1))
    tables = np.array([np.corrcoef(one.T) for one in x])
    r_squared = subset_r_squared(tables)
    for subset in rng.integers(1, 2**17, size=40):
        inside = [k for k in range(17) if subset >> k & 1]
        for one, table in enumerate(tables):
            slopes = np.linalg.solve(table[np.ix_(inside, inside)], table[inside, -1])
            assert r_squared[subset, one] == pytest.approx(table[inside, -1] @ slopes, abs=1e-12)


def test_swiss_first_and_last_agree_with_relaimpo(swiss):
    table = dominance(swiss[SWISS], swiss["Fertility"]).table.set_index("driver").loc[SWISS]
    first = (0.1246649099, 0.4171644705, 0.4406156467, 0.2150035016, 0.1735189273)
    last = (0.042869607125, 0.007387418515, 0.161962693077, 0.062372625827, 0.056945258732)
    assert table["alone"].tolist() == pytest.approx(first, rel=1e-9)
    assert table["last"].tolist() == pytest.approx(last, rel=1e-9)
    assert table["general"].tolist() == pytest.approx(SWISS_VALUES["lmg"], rel=1e-9)


def test_effect_intervals_agree_with_hc3(shared):
    """R sandwich HC3 on attitude: 0.1258836091, 0.1432576747, 0.1222805297; t with 26 df."""
    attitude = pd.read_csv(shared / "data/reference/attitude.csv")
    drivers = ["complaints", "learning", "privileges"]
    table = relative_importance(attitude[drivers], attitude["rating"]).table.set_index("driver")
    error = (table["effect_high"] - table["effect"]) / 2.0555294386428713
    expected = dict(zip(drivers, (0.1258836091, 0.1432576747, 0.1222805297), strict=True))
    assert error.to_dict() == pytest.approx(expected, rel=1e-8)


API = ["ell", "meals", "mobility", "col.grad", "full"]
API_VALUES = {  # R relaimpo on a svydesign, weights pw
    "lmg": (0.149279387645, 0.317646489740, 0.005041867827, 0.098432708354, 0.116491252863),
    "relative_weights": (
        0.154607227309,
        0.289946894534,
        0.005144206577,
        0.107432212600,
        0.129761165409,
    ),
}


@pytest.mark.parametrize("method", ["lmg", "relative_weights"])
def test_survey_weights_agree_with_r_survey(shared, method):
    schools = pd.read_csv(shared / "data/reference/apistrat.csv")
    found = relative_importance(
        schools[API], schools["api00"], design=SurveyDesign(schools["pw"]), method=method
    )
    agree(found, dict(zip(API, API_VALUES[method], strict=True)))


def test_clustered_effects_are_those_of_leaving_each_account_out(survey):
    """CR3: the jackknife of whole accounts, by one weighted least-squares fit without each."""
    import statsmodels.api as sm

    found = relative_importance(**designed(survey))
    table = found.table.set_index("driver")
    x, groups = sm.add_constant(survey["ratings"]), survey["clusters"]

    def slopes(there):
        fit = sm.WLS(survey["outcome"][there], x[there], weights=survey["weights"][there]).fit()
        return fit.params[table.index].to_numpy()

    whole, names = slopes(groups.notna()), groups.unique()
    moved = np.array([slopes(groups != name) for name in names]) - whole
    variance = (len(names) - 1) / len(names) * moved.T @ moved
    assert table["effect"].to_numpy() == pytest.approx(whole, rel=1e-9)
    assert found.covariance.loc[table.index, table.index].to_numpy() == pytest.approx(variance)
    half = (table["effect_high"] - table["effect"]).to_numpy()
    error = np.sqrt(np.diagonal(variance))
    assert stats.t.ppf(0.975, found.freedom[table.index]) * error == pytest.approx(half, rel=1e-6)


def test_degrees_of_freedom_are_satterthwaites_over_all_errors(rng):
    """Bell & McCaffrey (2002): from the matrix of all respondents, written out."""
    codes = np.repeat(np.arange(9), [60, 3, 3, 4, 5, 2, 3, 3, 4])
    x, w = rng.normal(size=(len(codes), 2)), rng.uniform(0.5, 2, len(codes))
    x -= np.average(x, axis=0, weights=w)
    design, contrast = np.column_stack([np.ones(len(x)), x]), np.array([0, 1.0, 0])
    hat = design @ np.linalg.inv((design * w[:, None]).T @ design) @ (design * w[:, None]).T
    rows = []
    for unit in range(9):
        others, own = codes != unit, codes == unit
        left = np.linalg.inv((design * w[:, None])[others].T @ design[others])
        rows.append((design * w[:, None])[own] @ left @ contrast @ (np.eye(len(x)) - hat)[own])
    spread = np.array(rows) @ np.array(rows).T
    by_hand = np.trace(spread) ** 2 / (spread**2).sum()
    assert freedom(x, w, codes, np.array([[1.0, 0]]))[0] == pytest.approx(by_hand, rel=1e-6)
    assert by_hand < 4  # of nine accounts one carries the most


# Properties


@pytest.mark.parametrize("method", ["lmg", "relative_weights"])
def test_parts_sum_to_r_squared(survey, method):
    found = relative_importance(survey["ratings"], survey["outcome"], method=method)
    design = np.column_stack((np.ones(300), survey["ratings"]))
    left = survey["outcome"] - design @ np.linalg.lstsq(design, survey["outcome"])[0]
    assert found.r_squared == pytest.approx(1 - left.var() / survey["outcome"].var())
    assert found.table["r_squared"].sum() == pytest.approx(found.r_squared, abs=1e-12)
    assert found.table["share"].sum() == pytest.approx(1, abs=1e-12)


def test_shares_are_the_mean_gain_over_every_order(survey):
    """The definition, worked through all six orders of three drivers by least squares."""
    from itertools import permutations

    ratings, outcome = survey["ratings"], survey["outcome"]

    def r_squared(names):
        if not names:
            return 0.0
        return np.corrcoef(outcome, _fitted(ratings[list(names)], outcome))[0, 1] ** 2

    gains = dict.fromkeys(ratings, 0.0)
    for order in permutations(ratings):
        for place, name in enumerate(order):
            gains[name] += (r_squared(order[: place + 1]) - r_squared(order[:place])) / 6
    assert parts(relative_importance(ratings, outcome)).to_dict() == pytest.approx(gains, abs=1e-12)


def _fitted(ratings, outcome):
    design = np.column_stack((np.ones(len(ratings)), ratings))
    return design @ np.linalg.lstsq(design, outcome)[0]


@pytest.mark.parametrize("missing", ["listwise", "pairwise"])
@pytest.mark.parametrize("method", ["lmg", "relative_weights"])
def test_integer_weights_equal_repeated_rows(survey, rng, method, missing):
    ratings = survey["ratings"].mask(rng.random((300, 3)) < 0.1)
    options = {"method": method, "missing": missing}
    weighted = relative_importance(
        ratings,
        survey["outcome"],
        design=SurveyDesign(survey["weights"]),
        **designed(options),
    )
    times = survey["weights"].astype(int)
    repeated = relative_importance(
        ratings.loc[ratings.index.repeat(times)].reset_index(drop=True),
        survey["outcome"].repeat(times).reset_index(drop=True),
        **designed(options),
    )
    columns = ["driver", "r_squared", "share", "effect"]
    pd.testing.assert_frame_equal(weighted.table[columns], repeated.table[columns], rtol=1e-10)


@pytest.mark.parametrize("missing", ["listwise", "pairwise"])
def test_driver_order_does_not_matter(survey, missing):
    def run(names):
        return relative_importance(
            **designed(survey | {"ratings": survey["ratings"][names]}),
            replicates=50,
            rng=np.random.default_rng(1),
            missing=missing,
        ).table

    one, other = run(["ease", "speed", "price"]), run(["price", "ease", "speed"])
    pd.testing.assert_frame_equal(one, other, rtol=1e-9)


def test_row_order_and_account_names_do_not_matter(survey, rng):
    order = rng.permutation(300)
    shuffled = {name: values.iloc[order] for name, values in survey.items()}
    options = {"replicates": 50}
    one = relative_importance(
        **designed(survey), **designed(options), rng=np.random.default_rng(1)
    ).table
    other = relative_importance(
        **designed(shuffled), **designed(options), rng=np.random.default_rng(1)
    ).table
    pd.testing.assert_frame_equal(one, other, rtol=1e-9)


def test_owen_values_add_up_to_their_groups(survey, rng):
    ratings = survey["ratings"].assign(staff=rng.normal(size=300), site=rng.normal(size=300))
    groups = {"service": ["ease", "staff", "site"], "offer": ["price", "speed"]}
    found = relative_importance(ratings, survey["outcome"], groups=groups)
    sums = found.within.groupby("group")["r_squared"].sum()
    assert sums.to_dict() == pytest.approx(parts(found).to_dict(), abs=1e-12)


def test_owen_values_of_one_group_are_the_ungrouped_shares(survey):
    one = relative_importance(
        survey["ratings"], survey["outcome"], groups={"all": list(survey["ratings"])}
    )
    alone = relative_importance(survey["ratings"], survey["outcome"])
    within = one.within.set_index("driver")["r_squared"]
    assert within.to_dict() == pytest.approx(parts(alone).to_dict(), abs=1e-12)


def test_a_group_effect_is_that_of_one_point_on_each_driver(survey):
    alone = relative_importance(**designed(survey)).table.set_index("driver")
    grouped = relative_importance(**designed(survey), groups={"service": ["ease", "speed"]}).table
    both = grouped.set_index("driver").loc["service"]
    assert both["effect"] == pytest.approx(alone.loc[["ease", "speed"], "effect"].sum())
    assert both["effect_low"] < both["effect"] < both["effect_high"]


def test_scale_of_a_driver_changes_its_effect_only(survey):
    ratings = survey["ratings"].assign(ease=survey["ratings"]["ease"] * 10 + 3)
    before = relative_importance(**designed(survey)).table.set_index("driver")
    after = relative_importance(**designed(survey | {"ratings": ratings})).table.set_index("driver")
    assert after["share"].to_dict() == pytest.approx(before["share"].to_dict(), abs=1e-12)
    assert after.loc["ease", "effect"] == pytest.approx(before.loc["ease", "effect"] / 10)


def test_pairwise_equals_listwise_when_nothing_is_missing(survey):
    options = {"replicates": 40}
    one = relative_importance(**designed(survey), **designed(options), rng=np.random.default_rng(1))
    other = relative_importance(
        **designed(survey), **designed(options), rng=np.random.default_rng(1), missing="pairwise"
    )
    columns = ["driver", "r_squared", "share", "low", "high", "effect", "top_1", "top_3"]
    pd.testing.assert_frame_equal(one.table[columns], other.table[columns], rtol=1e-9)


def test_same_seed_gives_the_same_numbers_to_the_last_bit(survey):
    one, other = (relative_importance(**designed(survey), replicates=100).table for _ in range(2))
    pd.testing.assert_frame_equal(one, other, check_exact=True)


def test_a_bootstrap_draws_whole_accounts(survey):
    """The replicate made of given counts equals the analysis of those accounts repeated."""
    from helpers.methods.drivers.moments import sample_moments
    from helpers.methods.drivers.screening import screened

    answers = screened(**designed(survey), missing="listwise")
    counts = np.random.default_rng(3).integers(0, 3, size=answers.units)
    correlations, _ = sample_moments(answers, "listwise").correlations(counts[None].astype(float))
    times = counts[answers.codes]
    z = np.column_stack((answers.ratings, answers.outcome))
    expected = np.cov(z.T, aweights=answers.weights * times)
    spread = np.sqrt(np.diagonal(expected))
    assert correlations[0] == pytest.approx(expected / np.outer(spread, spread), abs=1e-12)


def test_very_many_units_are_pooled_without_changing_the_intervals(survey, monkeypatch):
    """300 respondents drawn one by one, and as 100 random threes: widths within a quarter."""
    from helpers.methods.drivers import moments

    data = {"ratings": survey["ratings"], "outcome": survey["outcome"].sort_values()}
    options = {"replicates": 1000}
    alone = relative_importance(**designed(data), **designed(options)).table
    monkeypatch.setattr(moments, "MOST_UNITS", 100)
    pooled = relative_importance(**designed(data), **designed(options)).table
    assert pooled["share"].tolist() == pytest.approx(alone["share"].tolist(), abs=1e-12)
    ratio = (pooled["high"] - pooled["low"]) / (alone["high"] - alone["low"])
    assert ratio.between(0.75, 1.25).all()


def test_inputs_are_left_as_they_were(survey):
    before = {name: values.copy() for name, values in survey.items()}
    relative_importance(**designed(survey), replicates=20)
    for name, values in survey.items():
        assert values.equals(before[name])


# Recovery


def test_planted_effects_are_recovered(survey):
    """The one fixed survey, so at 99 %: a sound 95 % interval misses one truth in twenty."""
    found = relative_importance(**designed(survey), replicates=400, confidence=0.99)
    table = found.table.set_index("driver")
    assert list(table.index) == ["ease", "speed", "price"]
    for driver, truth in {"ease": 2, "speed": 1, "price": 0}.items():
        assert table.loc[driver, "effect_low"] < truth < table.loc[driver, "effect_high"]
    assert ((table["low"] < table["share"]) & (table["share"] < table["high"])).all()
    assert table.loc["ease", "top_1"] == 1
    assert (table["top_3"] == 1).all()
    assert (found.base, found.clusters, found.replicates) == (300, 78, 400)


def test_likeness_within_accounts_widens_the_intervals(rng):
    """Answers copied five times within an account carry no new information."""
    x = rng.normal(size=(60, 2))
    ratings = pd.DataFrame(np.repeat(x, 5, axis=0), columns=["ease", "speed"])
    outcome = pd.Series(np.repeat(x @ [1, 0.5] + rng.normal(size=60), 5))
    accounts = np.repeat(np.arange(60), 5)
    alone = relative_importance(ratings, outcome, replicates=400).table
    together = relative_importance(
        ratings, outcome, replicates=400, design=SurveyDesign(clusters=accounts)
    ).table
    for low, high in (("low", "high"), ("effect_low", "effect_high")):
        ratio = (together[high] - together[low]) / (alone[high] - alone[low])
        assert (ratio > 1.7).all()  # √5 = 2.24


def test_missing_at_random_answers_are_used_pairwise(survey, rng):
    ratings = survey["ratings"].mask(rng.random((300, 3)) < 0.2)
    listwise = relative_importance(ratings, survey["outcome"])
    pairwise = relative_importance(ratings, survey["outcome"], missing="pairwise", replicates=200)
    assert listwise.base < 0.6 * 300 < pairwise.base
    table = pairwise.table.set_index("driver")
    for driver, truth in {"ease": 2, "speed": 1, "price": 0}.items():
        assert table.loc[driver, "effect_low"] < truth < table.loc[driver, "effect_high"]
    assert "answered both questions" in pairwise.notes[-1]


# Refusals


def test_a_constant_driver_is_dropped_with_the_reason(survey):
    found = relative_importance(survey["ratings"].assign(price=7.0), survey["outcome"])
    assert found.dropped == {"price": "every answer is 7: nothing to compare"}
    assert set(found.table["driver"]) == {"ease", "speed"}


@pytest.mark.parametrize("missing", ["listwise", "pairwise"])
def test_an_all_missing_driver_is_dropped_and_costs_no_respondent(survey, missing):
    ratings = survey["ratings"].assign(price=np.nan)
    found = relative_importance(ratings, survey["outcome"], missing=missing)
    assert found.dropped == {"price": "no answers"}
    assert found.base == 300


@pytest.mark.parametrize("sign", [1, -1])
def test_of_two_identical_drivers_one_stays_whatever_their_order(survey, sign):
    ratings = survey["ratings"].assign(comfort=lambda f: sign * f["ease"])
    for names in (list(ratings), list(ratings)[::-1]):
        found = relative_importance(ratings[names], survey["outcome"])
        assert found.dropped == {
            "ease": "the same answers as 'comfort': the two cannot be told apart"
        }
        assert np.isfinite(found.table["effect"]).all()


def test_drivers_that_follow_from_others_get_shares_but_no_effects(survey):
    ratings = survey["ratings"].assign(total=lambda f: f["ease"] + f["speed"])
    found = relative_importance(ratings, survey["outcome"], replicates=50)
    table = found.table.set_index("driver")
    assert table.loc[["ease", "speed", "total"], "effect"].isna().all()
    assert np.isfinite(table.loc["price", "effect"])
    without = relative_importance(survey["ratings"], survey["outcome"])
    assert found.r_squared == pytest.approx(without.r_squared)
    assert "effects cannot be told apart" in found.notes[-1]


def test_nearly_collinear_drivers_keep_their_digits(survey, rng):
    """Condition about 2e7: the parts still sum to R² by least squares."""
    near = survey["ratings"]["ease"] + rng.normal(size=300) * 1e-3
    ratings = survey["ratings"].assign(near=near)
    found = relative_importance(ratings, survey["outcome"])
    fitted = _fitted(ratings, survey["outcome"])
    assert found.r_squared == pytest.approx(
        np.corrcoef(survey["outcome"], fitted)[0, 1] ** 2, rel=1e-9
    )


@pytest.mark.parametrize("missing", ["listwise", "pairwise", "imputed"])
def test_three_respondents_are_refused(survey, missing):
    few = {name: values.head(3) for name, values in survey.items()}
    with pytest.raises(ValueError, match=r"base too small: 3 usable respondents .* ask more"):
        relative_importance(**designed(few), missing=missing)


def test_one_account_that_carries_half_is_left_out_to_see(survey):
    """The shares without it are those of the other accounts alone."""
    half = survey | {"clusters": survey["clusters"].where(survey["ratings"].index >= 150, "a000")}
    found = relative_importance(**designed(half), replicates=20).dominant
    others = half["clusters"] != "a000"
    alone = relative_importance(**designed({name: values[others] for name, values in half.items()}))
    held = half["weights"].groupby(half["clusters"]).sum() / half["weights"].sum()
    assert found.held == pytest.approx(held["a000"])
    assert found.alike == pytest.approx(1 / (held**2).sum())
    shares = alone.table.set_index("driver")["share"].to_dict()
    assert dict(found.without) == pytest.approx(shares)
    assert relative_importance(**designed(survey), replicates=20).dominant is None


def test_a_constant_outcome_is_refused(survey):
    with pytest.raises(ValueError, match="every outcome is 5: there is nothing to explain"):
        relative_importance(survey["ratings"], survey["outcome"] * 0 + 5)


def test_one_account_is_refused(survey):
    with pytest.raises(ValueError, match="all 300 answers come from one account"):
        relative_importance(
            survey["ratings"], survey["outcome"], design=SurveyDesign(clusters=["a"] * 300)
        )


def test_respondents_without_an_account_are_refused(survey):
    clusters = survey["clusters"].mask(survey["clusters"] == "a003")
    with pytest.raises(ValueError, match=r"clusters: \d+ respondents have no account"):
        relative_importance(
            survey["ratings"], survey["outcome"], design=SurveyDesign(clusters=clusters)
        )


def test_one_respondent_an_account_is_the_same_as_no_accounts(survey):
    alone = relative_importance(survey["ratings"], survey["outcome"], replicates=30)
    each = relative_importance(
        survey["ratings"],
        survey["outcome"],
        design=SurveyDesign(clusters=np.arange(300)),
        replicates=30,
    )
    columns = ["driver", "share", "low", "high", "effect"]
    pd.testing.assert_frame_equal(alone.table[columns], each.table[columns])


def test_of_drivers_that_nobody_answered_together_the_less_answered_goes(survey):
    ratings = survey["ratings"].copy()
    ratings.loc[:139, "ease"] = np.nan
    ratings.loc[140:, "price"] = np.nan
    found = relative_importance(ratings, survey["outcome"], missing="pairwise")
    assert set(found.table["driver"]) == {"ease", "speed"}
    assert found.dropped == {"price": "answered together with 'ease' by 0 only, at least 10 needed"}


@pytest.mark.parametrize("missing", ["pairwise", "imputed"])
def test_one_question_that_few_were_asked_costs_no_analysis_of_the_others(survey, missing):
    """Fifteen rated it, as they did the speed; four of them rated the ease too."""
    ratings = survey["ratings"].assign(
        rare=survey["ratings"]["speed"].where(lambda x: x.index < 15)
    )
    ratings.loc[4:14, "ease"] = np.nan
    whole = relative_importance(ratings.drop(columns="rare"), survey["outcome"], missing=missing)
    found = relative_importance(ratings, survey["outcome"], missing=missing)
    assert list(found.dropped) == ["rare"]
    pd.testing.assert_frame_equal(found.table, whole.table)


def test_near_twins_get_shares_but_no_effects(survey, rng):
    twin = survey["ratings"]["ease"] + 1e-4 * rng.normal(size=300)
    found = relative_importance(survey["ratings"].assign(twin=twin), survey["outcome"])
    table = found.table.set_index("driver")
    assert table.loc[["ease", "twin"], "effect"].isna().all()
    assert table.loc["speed", "effect"] == pytest.approx(1, abs=0.4)
    assert "'ease', 'twin' follow from one another" in found.notes[-1]


def test_who_is_left_out_is_counted_by_reason(survey):
    ratings, outcome = survey["ratings"].copy(), survey["outcome"].copy()
    ratings.loc[:6] = np.nan
    outcome.loc[10:12] = np.nan
    weights = survey["weights"].mask(survey["weights"].index > 297, 0.0)
    found = relative_importance(ratings, outcome, design=SurveyDesign(weights), missing="imputed")
    assert found.notes[0] == (
        "288 of 300 used: 3 did not answer what is explained, 7 rated no driver, 2 have no weight"
    )
    assert found.rows.tolist() == [7, 8, 9, *range(13, 298)]


def test_r_squared_is_adjusted_with_an_interval_around_it(survey, rng):
    """1 − (1 − R²)(n − 1)/(n − k − 1), as statsmodels has it; of noise it is about nothing."""
    import statsmodels.api as sm

    found = relative_importance(survey["ratings"], survey["outcome"], replicates=200)
    fit = sm.OLS(survey["outcome"], sm.add_constant(survey["ratings"])).fit()
    assert found.adjusted == pytest.approx(fit.rsquared_adj)
    assert found.adjusted_low < found.adjusted < found.adjusted_high
    noise = relative_importance(survey["ratings"], pd.Series(rng.normal(size=300)), replicates=200)
    assert noise.adjusted_low < 0 < noise.r_squared


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"weights": -1.0}, "weights is negative for rows 0, 1, 2 and 297 more"),
        ({"confidence": 95}, "write 95 % as 0.95"),
        ({"replicates": -1}, "replicates is 0 for none"),
        ({"method": "banzhaf"}, "method is 'lmg' or 'relative_weights'"),
        ({"missing": "mean"}, "missing is 'listwise', 'pairwise' or 'imputed'"),
        ({"always": ["colour"]}, "no driver named 'colour'"),
        ({"groups": {"a": ["ease"], "b": ["ease"]}}, "'ease' is placed twice"),
        ({"always": ["ease", "speed", "price"]}, "every driver is always in"),
    ],
)
def test_a_wrong_option_says_what_to_give(survey, change, message):
    if "weights" in change:
        change = {"weights": survey["weights"] * change["weights"]}
    with pytest.raises(ValueError, match=message):
        relative_importance(**designed(survey | change))


def test_text_answers_are_refused(survey):
    ratings = survey["ratings"].assign(ease="good")
    with pytest.raises(ValueError, match="driver 'ease' holds text"):
        relative_importance(ratings, survey["outcome"])


def test_an_outcome_of_other_respondents_is_refused(survey):
    with pytest.raises(ValueError, match="outcome is not indexed as the ratings are"):
        relative_importance(survey["ratings"], survey["outcome"].rename(lambda i: i + 7))


def test_an_impossible_correlation_table_is_refused():
    table = AZEN_BUDESCU.copy()
    table.loc["x1", "x2"] = table.loc["x2", "x1"] = -0.8
    with pytest.raises(ValueError, match="no data can have this table"):
        importance_of_correlations(table, "y")


def test_an_importance_that_does_not_add_up_refuses_to_exist(survey):
    from dataclasses import replace

    with pytest.raises(ValueError, match=r"parts sum to 0\.\d+, R² is 0\.9"):
        replace(relative_importance(**designed(survey)), r_squared=0.9)


# Performance and priorities


def test_performance_of_a_hand_worked_case():
    """7 9 10 6: mean 8, variance 10/3, t(3) 3.182446 → 8 ± 2.905160; two of four at 9-10."""
    found = performance(pd.DataFrame({"ease": [7, 9, 10, 6]}), scale={"ease": (0, 10)})
    row = found.table.iloc[0]
    assert row["mean"] == 8
    assert row["high"] - 8 == pytest.approx(3.182446305 * np.sqrt(10 / 3 / 4))
    assert row["top_share"] == 0.5
    assert row["standard_deviation"] == pytest.approx(np.sqrt(10 / 3))


def test_performance_agrees_with_r_survey(shared):
    """apiclus1, mean of api00 644.169399, SE 23.542241 with 15 of 757 districts sampled."""
    schools = pd.read_csv(shared / "data/reference/apiclus1.csv")
    design = SurveyDesign(schools["pw"], clusters=schools["dnum"]).linearised()
    found = performance(schools[["api00"]], design=design)
    row = found.table.iloc[0]
    assert row["mean"] == pytest.approx(644.169399, abs=1e-6)
    corrected = (row["high"] - row["mean"]) / 2.1447866879 * np.sqrt(1 - 15 / 757)
    assert corrected == pytest.approx(23.542241, abs=1e-6)


def test_a_driver_with_one_answer_has_no_interval():
    ratings = pd.DataFrame({"ease": [7, 9, 10, 6], "speed": [5, np.nan, np.nan, np.nan]})
    found = performance(ratings)
    assert found.dropped == {"speed": "rated by 1: no interval can be given"}
    assert found.table.set_index("driver").loc["speed", "base"] == 1


def test_priorities_weigh_effect_by_what_is_within_reach(survey):
    scale = dict.fromkeys(survey["ratings"], (0, 10))
    found = priorities(
        relative_importance(**designed(survey), confidence=0.99),
        performance(survey["ratings"].assign(price=2.0, ease=9.5)),
        scale=scale,
    )
    table = found.table.set_index("driver")
    assert table.loc["ease", "potential"] == pytest.approx(table.loc["ease", "effect"] * 0.5)
    assert table.loc["speed", "potential"] == table.loc["speed", "effect"]
    assert (found.raw_first, found.agree) == ("price", False)
    assert found.first in ("ease", "speed")
    assert not table.loc["price", "clear"]


def test_no_priority_is_named_when_no_effect_is_clear(survey, rng):
    nothing = pd.Series(rng.normal(size=300))
    found = priorities(
        relative_importance(survey["ratings"], nothing),
        performance(survey["ratings"]),
        scale=dict.fromkeys(survey["ratings"], (0, 10)),
    )
    assert found.first is None
    assert not found.agree


def test_clear_effects_are_those_that_holm_keeps_and_none_that_is_not_clear_by_itself(survey, rng):
    """statsmodels' multipletests on the same p-values, some of them borderline: what goes with
    how effects vary together keeps no less than Holm's, but for the points it is worked out at."""
    from statsmodels.stats.multitest import multipletests

    x = pd.DataFrame(rng.normal(size=(300, 12))).add_prefix("d")
    outcome = x @ np.linspace(0, 0.25, 12) + rng.normal(size=300)
    found = relative_importance(x, outcome)
    scale = dict.fromkeys(x, (-5, 5))
    ranked = priorities(found, performance(x), scale=scale)
    clear = ranked.table.set_index("driver")["clear"]
    table = found.table.set_index("driver")
    above = table["effect_low"] > 0
    holm = pd.Series(multipletests(table["effect_p"], method="holm")[1], table.index)
    assert clear[holm[(holm <= 0.047) & above].index].all()
    assert not clear[table.index[(table["effect_p"] > 0.05) | ~above]].any()
    assert 0 < clear.sum() < 12
    bare = priorities(replace(found, covariance=None), performance(x), scale=scale)
    assert bare.p == pytest.approx(holm[table["effect"] > 0].min())
    assert found.table["effect_p"].min() <= ranked.p <= bare.p


def test_an_effect_below_zero_is_no_sign_of_a_driver_that_is_clear(survey, rng):
    outcome = pd.Series(rng.normal(size=300)) - survey["ratings"]["ease"]
    found = relative_importance(survey["ratings"][["ease"]], outcome)
    scale = {"ease": (0, 10)}
    assert priorities(found, performance(survey["ratings"][["ease"]]), scale=scale).p == 1.0


def test_a_scale_that_does_not_hold_the_mean_is_refused(survey):
    with pytest.raises(ValueError, match="outside its scale 0 to 5"):
        priorities(
            relative_importance(**designed(survey)),
            performance(survey["ratings"]),
            scale=dict.fromkeys(survey["ratings"], (0, 5)),
        )
