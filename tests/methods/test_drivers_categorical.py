"""Drivers of outcomes in categories: other programs' values, properties, recovery, refusals."""

from __future__ import annotations

from itertools import combinations, permutations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from designed import designed
from scipy import stats
from scipy.optimize import minimize
from statsmodels.miscmodels.ordinal_model import OrderedModel

from helpers.methods.drivers import (
    categorical,
    dominance,
    lattice,
    performance,
    priorities,
    relative_importance,
)
from helpers.methods.drivers.cumulative import fitted, passed, sorted_design
from helpers.methods.drivers.players import players_of
from helpers.methods.drivers.screening import screened
from helpers.methods.survey import SurveyDesign

DRIVERS = ["ease", "price", "speed"]


@pytest.fixture
def survey(rng):
    """400 respondents of about 120 accounts; ease counts twice as much as speed, price nothing."""
    x = rng.normal(size=(400, 3)) + 0.8 * rng.normal(size=(400, 1))
    latent = x @ [1.0, 0.0, 0.5] + rng.logistic(size=400)
    return {
        "ratings": pd.DataFrame(x, columns=DRIVERS),
        "latent": latent,
        "yes": pd.Series((latent > 0.4).astype(int)),
        "answer": pd.Series(np.digitize(latent, [-2.5, -1, 0, 1.5])),
        "weights": pd.Series(rng.integers(1, 4, size=400), dtype=float),
        "clusters": pd.Series(rng.integers(0, 120, size=400)),
    }


def parts(found):
    return found.table.set_index("driver")["r_squared"].to_dict()


def averaged(value, names):
    """Mean gain of each name over all orders of entry, from the value of every set."""
    sets = {
        frozenset(s): value(list(s)) for k in range(len(names) + 1) for s in combinations(names, k)
    }
    gains = dict.fromkeys(names, 0.0)
    orders = list(permutations(names))
    for order in orders:
        for place, name in enumerate(order):
            before = frozenset(order[:place])
            gains[name] += (sets[before | {name}] - sets[before]) / len(orders)
    return gains


# Values of other programs


def test_logit_shares_are_general_dominance_of_mcfadden(survey):
    """As R's domir and dominanceanalysis define it (r2.m), fits by statsmodels' Logit."""
    ratings, yes = survey["ratings"], survey["yes"]

    def height(names):
        design = sm.add_constant(ratings[names]) if names else np.ones(400)
        return sm.Logit(yes, design).fit(disp=0, tol=1e-12).llf

    expected = averaged(lambda names: 1 - height(names) / height([]), DRIVERS)
    found = relative_importance(ratings, yes, model="logit")
    assert parts(found) == pytest.approx(expected, rel=1e-8)
    assert found.r_squared == pytest.approx(1 - height(DRIVERS) / height([]), rel=1e-10)


def test_weighted_logit_agrees_with_statsmodels(survey):
    def deviance(names):
        design = sm.add_constant(survey["ratings"][names]) if names else np.ones(400)
        family = sm.families.Binomial()
        fit = sm.GLM(survey["yes"], design, family=family, freq_weights=survey["weights"])
        return fit.fit(tol=1e-13).deviance

    expected = averaged(lambda names: 1 - deviance(names) / deviance([]), DRIVERS)
    found = relative_importance(
        survey["ratings"],
        survey["yes"],
        design=SurveyDesign(survey["weights"]),
        model="logit",
    )
    assert parts(found) == pytest.approx(expected, rel=1e-8)


def test_ordered_shares_agree_with_statsmodels(survey):
    """OrderedModel, whose optimiser stops about 1e-6 from the maximum."""
    ratings, answer = survey["ratings"], survey["answer"]
    share = answer.value_counts(normalize=True)
    none = 400 * float((share * np.log(share)).sum())

    def r_squared(names):
        if not names:
            return 0.0
        fit = OrderedModel(answer, ratings[names], distr="logit").fit(method="newton", disp=0)
        return 1 - fit.llf / none

    found = relative_importance(ratings, answer, model="proportional_odds")
    assert parts(found) == pytest.approx(averaged(r_squared, DRIVERS), rel=1e-7)


def test_average_effect_of_weight_in_mtcars(shared):
    """R margins on glm(am ~ wt, binomial): average marginal effect of wt −0.3697578619."""
    cars = pd.read_csv(shared / "data/reference/mtcars.csv")
    found = relative_importance(cars[["wt"]], cars["am"], model="logit")
    assert found.table["effect"].iloc[0] == pytest.approx(-0.3697578619, rel=1e-8)


def test_clustered_effects_agree_with_statsmodels(survey):
    """Average marginal effects; their delta-method errors are a little longer than CR1's,
    as each of some hundred accounts is taken out with what it weighs."""
    ratings, clusters = survey["ratings"], survey["clusters"]
    found = relative_importance(
        ratings, survey["yes"], design=SurveyDesign(clusters=clusters), model="logit"
    )
    table = found.table.set_index("driver").loc[DRIVERS]
    fit = sm.Logit(survey["yes"], sm.add_constant(ratings)).fit(
        disp=0, cov_type="cluster", cov_kwds={"groups": clusters}, tol=1e-12
    )
    margins = fit.get_margeff(at="overall")
    assert table["effect"].to_numpy() == pytest.approx(margins.margeff, rel=1e-7)
    width = (table["effect_high"] - table["effect"]).to_numpy()
    error = width / stats.t.ppf(0.975, found.freedom[DRIVERS])
    assert (error > margins.margeff_se).all()
    assert error == pytest.approx(margins.margeff_se, rel=0.05)


def test_a_logit_worked_by_hand():
    """Two groups of ten, 2 and 8 in favour: ℓ = 20 (.8 ln .8 + .2 ln .2), ℓ0 = 20 ln ½."""
    ratings = pd.DataFrame({"ease": np.repeat([0.0, 1.0], 10)})
    yes = pd.Series([1] * 2 + [0] * 8 + [1] * 8 + [0] * 2)
    found = relative_importance(ratings, yes, model="logit")
    expected = 1 - (0.8 * np.log(0.8) + 0.2 * np.log(0.2)) / np.log(0.5)
    assert found.r_squared == pytest.approx(expected, rel=1e-12)
    assert found.table["effect"].iloc[0] == pytest.approx(0.16 * np.log(16), rel=1e-10)


def test_derivatives_are_those_of_the_likelihood(survey):
    """Central differences, five ordered answers, off the maximum."""
    design = sorted_design(
        survey["ratings"].to_numpy(), survey["answer"].to_numpy(), survey["weights"].to_numpy()
    )
    at = np.array([[-2.4, -0.9, 0.2, 1.4, 0.8, 0.1, 0.3]])
    nudges = 1e-5 * np.eye(7)
    rise = [
        (passed(design, at + e).log_likelihood - passed(design, at - e).log_likelihood)[0]
        for e in nudges
    ]
    bend = [
        (passed(design, at - e).gradient() - passed(design, at + e).gradient())[0] for e in nudges
    ]
    here = passed(design, at)
    assert here.gradient()[0] == pytest.approx(np.array(rise) / 2e-5, abs=1e-5)
    assert here.curvature()[0] == pytest.approx(np.array(bend) / 2e-5, abs=1e-5)
    scores = design.weights @ here.scores()
    assert scores == pytest.approx(here.gradient()[0], abs=1e-10)


# Properties


@pytest.mark.parametrize(("model", "outcome"), [("logit", "yes"), ("proportional_odds", "answer")])
def test_integer_weights_equal_repeated_rows(survey, model, outcome):
    times = survey["weights"].astype(int)
    weighted = relative_importance(
        survey["ratings"],
        survey[outcome],
        design=SurveyDesign(survey["weights"]),
        model=model,
    )
    repeated = relative_importance(
        survey["ratings"].loc[times.index.repeat(times)].reset_index(drop=True),
        survey[outcome].repeat(times).reset_index(drop=True),
        model=model,
    )
    columns = ["driver", "r_squared", "share", "effect"]
    pd.testing.assert_frame_equal(weighted.table[columns], repeated.table[columns], rtol=1e-9)


@pytest.mark.parametrize(("model", "outcome"), [("logit", "yes"), ("proportional_odds", "answer")])
def test_driver_order_does_not_matter_and_parts_sum(survey, model, outcome):
    options = {"clusters": survey["clusters"], "replicates": 40, "model": model}
    one, other = (
        relative_importance(survey["ratings"][names], survey[outcome], **designed(options))
        for names in (DRIVERS, DRIVERS[::-1])
    )
    pd.testing.assert_frame_equal(one.table, other.table, check_exact=True)
    assert one.table["r_squared"].sum() == pytest.approx(one.r_squared, abs=1e-12)
    assert (one.table["r_squared"] >= 0).all()


def test_two_ordered_answers_are_a_logit(survey):
    logit, ordered = (
        relative_importance(survey["ratings"], survey["yes"], model=m, replicates=40).table
        for m in ("logit", "proportional_odds")
    )
    pd.testing.assert_frame_equal(logit, ordered, rtol=1e-12)


def test_an_outcome_turned_round_turns_effects_only(survey):
    one, other = (
        relative_importance(survey["ratings"], y, model="proportional_odds").table
        for y in (survey["answer"], 4 - survey["answer"])
    )
    assert other["share"].tolist() == pytest.approx(one["share"].tolist(), rel=1e-9)
    assert other["effect"].tolist() == pytest.approx((-one["effect"]).tolist(), rel=1e-8)


def test_one_step_agrees_with_fitting_again_in_every_replicate(survey):
    """100 replicates both ways: shares correlate above .999 and spread alike to 3 %."""
    answers = screened(
        survey["ratings"], survey["answer"], SurveyDesign(clusters=survey["clusters"]), "listwise"
    )
    rng = np.random.default_rng(2)
    sample = next(
        categorical._samples(answers, players_of(answers.drivers), "proportional_odds", rng)
    )
    stepped = categorical._replicates(sample, answers, 100, np.random.default_rng(3))
    chance = np.full(answers.units, 1 / answers.units)
    counts = np.random.default_rng(3).multinomial(answers.units, chance, size=100)
    again = []
    for count in counts:
        weights = count[answers.codes].astype(float)
        rows = weights > 0
        design = sorted_design(
            answers.ratings[rows], answers.outcome[rows].astype(int), weights[rows]
        )
        game = fitted(design, sample.present).r_squared[1:, None]
        again.append(lattice.shapley(game)[0])
    shares = [p / p.sum(axis=1, keepdims=True) for p in (stepped, np.array(again))]
    for one, other in zip(shares[0].T, shares[1].T, strict=True):
        assert np.corrcoef(one, other)[0, 1] > 0.999
        assert one.std() / other.std() == pytest.approx(1, abs=0.03)


def test_groups_and_drivers_always_in_add_up(survey):
    options = {"model": "logit", "groups": {"service": ["ease", "speed"]}}
    grouped = relative_importance(survey["ratings"], survey["yes"], **designed(options))
    alone = relative_importance(survey["ratings"], survey["yes"], model="logit")
    assert set(grouped.table["driver"]) == {"service", "price"}
    assert grouped.r_squared == pytest.approx(alone.r_squared, rel=1e-10)
    held = relative_importance(survey["ratings"], survey["yes"], model="logit", always=["price"])
    first = relative_importance(survey["ratings"][["price"]], survey["yes"], model="logit")
    assert held.always_r_squared == pytest.approx(first.r_squared, rel=1e-8)
    assert held.r_squared == pytest.approx(alone.r_squared, rel=1e-10)


def test_dominance_of_a_logit_agrees_with_its_shares(survey):
    found = dominance(survey["ratings"], survey["yes"], model="logit")
    shares = relative_importance(survey["ratings"], survey["yes"], model="logit")
    general = found.table.set_index("driver")["general"].to_dict()
    assert general == pytest.approx(parts(shares), abs=1e-12)
    by_size = found.conditional.groupby("driver")["r_squared"].mean().to_dict()
    assert by_size == pytest.approx(general, abs=1e-12)
    assert ("ease", "price") in found.completely


# Recovery


def test_effects_are_those_of_the_true_probabilities(rng):
    """A million-respondent mean of the derivative, at 99 % on one fixed survey."""
    x = rng.normal(size=(3000, 2))
    chance = 1 / (1 + np.exp(-(x @ [1.0, 0.0] - 0.5)))
    yes = pd.Series((rng.random(3000) < chance).astype(int))
    ratings = pd.DataFrame(x, columns=["ease", "price"])
    found = relative_importance(ratings, yes, model="logit", confidence=0.99, replicates=200)
    table = found.table.set_index("driver")
    truth = {"ease": float((chance * (1 - chance)).mean()), "price": 0.0}
    for driver, effect in truth.items():
        assert table.loc[driver, "effect_low"] < effect < table.loc[driver, "effect_high"]
    assert table.loc["ease", "top_1"] == 1


def test_imputed_answers_give_nearly_what_complete_ones_do(survey, rng):
    ratings = survey["ratings"].mask(rng.random((400, 3)) < 0.15)
    whole = relative_importance(survey["ratings"], survey["yes"], model="logit", replicates=400)
    found = relative_importance(
        ratings, survey["yes"], model="logit", missing="imputed", replicates=400
    )
    one, other = (f.table.set_index("driver").loc[DRIVERS] for f in (whole, found))
    assert other["share"].to_numpy() == pytest.approx(one["share"].to_numpy(), abs=0.08)
    assert (
        (other["effect_high"] - other["effect_low"])
        .gt(one["effect_high"] - one["effect_low"])
        .all()
    )
    assert found.replicates == 400
    assert "20 imputations, pooled" in found.notes


def test_priorities_read_effects_on_the_chance_of_a_yes(survey):
    found = priorities(
        relative_importance(survey["ratings"], survey["yes"], model="logit"),
        performance(survey["ratings"]),
        scale=dict.fromkeys(DRIVERS, (-5, 5)),
    )
    assert found.first == "ease"
    assert 0 < found.table["potential"].iloc[0] < 0.3


# Refusals and hard cases


def test_drivers_that_tell_answers_apart_get_shares_but_no_effects(survey):
    yes = (survey["ratings"]["ease"] > 0.2).astype(int)
    found = relative_importance(survey["ratings"], yes, model="logit", replicates=20)
    assert found.r_squared == pytest.approx(1, abs=1e-8)
    assert found.table["effect"].isna().all()
    assert "tell the outcome's answers apart without fail" in " ".join(found.notes)


@pytest.mark.parametrize("respondents", [12, 20, 40])
def test_no_share_is_negative_where_few_answers_nearly_separate(survey, respondents):
    """Each subset's likelihood is the highest: by another optimiser, started elsewhere."""
    ratings = survey["ratings"].head(respondents)
    answer = survey["answer"].head(respondents)
    found = relative_importance(ratings, answer * 1.0, model="proportional_odds", replicates=20)
    assert (found.table["r_squared"] >= 0).all()
    codes = pd.factorize(answer, sort=True)[0]
    x = ((ratings - ratings.mean()) / ratings.std(ddof=0)).to_numpy()
    design = sorted_design(x, codes, np.ones(respondents))
    everything = fitted(design, np.ones((1, 3), dtype=bool)).log_likelihood[0]

    def lost(free):
        steps = np.concatenate((free[:1], np.exp(free[1 : design.cuts])))
        at = np.concatenate((steps.cumsum(), free[design.cuts :]))
        return -passed(design, at[None]).log_likelihood[0]

    start = np.concatenate(([-1.0], np.zeros(design.cuts - 1), np.zeros(3)))
    best = minimize(lost, start, method="BFGS", options={"maxiter": 2000}).fun
    assert everything >= -best - 1e-6


def test_no_driver_ever_lowers_the_likelihood():
    """100 small surveys with rounded ratings, odd weights, two to six answers, some separated."""
    rng = np.random.default_rng(0)
    present = (np.arange(8)[:, None] >> np.arange(3) & 1).astype(bool)
    for _ in range(100):
        base, answers = int(rng.integers(10, 60)), int(rng.integers(2, 7))
        x = np.round(rng.normal(size=(base, 3)) * 2) + rng.normal(size=(base, 1))
        latent = x @ rng.normal(size=3) * rng.choice([0.1, 1, 3]) + rng.logistic(size=base)
        codes = pd.factorize(pd.Series(pd.qcut(latent, answers, labels=False)), sort=True)[0]
        design = sorted_design(
            (x - x.mean(axis=0)) / x.std(axis=0), codes, rng.choice([0.1, 1.0, 3.0], size=base)
        )
        found = fitted(design, present).log_likelihood
        worst = max(
            found[s] - found[s | 1 << k] for s in range(8) for k in range(3) if not s >> k & 1
        )
        assert worst < 1e-6
        assert (found <= 0).all()


def test_drivers_that_follow_from_others_get_shares_but_no_effects(survey):
    ratings = survey["ratings"].assign(total=lambda f: f["ease"] + f["speed"])
    found = relative_importance(ratings, survey["yes"], model="logit", replicates=20)
    without = relative_importance(survey["ratings"], survey["yes"], model="logit")
    table = found.table.set_index("driver")
    assert table.loc[["ease", "speed", "total"], "effect"].isna().all()
    assert np.isfinite(table.loc["price", "effect"])
    assert found.r_squared == pytest.approx(without.r_squared, rel=1e-8)


def test_a_rare_answer_is_said(survey):
    rare = (survey["latent"] > np.sort(survey["latent"])[-15]).astype(int)
    found = relative_importance(survey["ratings"], pd.Series(rare), model="logit")
    assert "only 14 of 400 respondents gave the rarer answer" in " ".join(found.notes)


@pytest.mark.parametrize(
    ("outcome", "options", "message"),
    [
        ("answer", {"model": "logit"}, "5 different values, model='logit' takes two"),
        ("latent", {"model": "proportional_odds"}, "400 different values"),
        ("yes", {"model": "probit"}, "model is 'linear', 'logit' or 'proportional_odds'"),
        ("yes", {"model": "logit", "missing": "pairwise"}, "use 'imputed' with 'logit'"),
        ("yes", {"model": "logit", "method": "relative_weights"}, "is for model='linear'"),
    ],
)
def test_what_does_not_fit_is_refused(survey, outcome, options, message):
    with pytest.raises(ValueError, match=message):
        relative_importance(survey["ratings"], pd.Series(survey[outcome]), **designed(options))


def test_too_many_models_are_refused(rng):
    ratings = pd.DataFrame(rng.normal(size=(200, 20))).add_prefix("d")
    yes = pd.Series(rng.integers(0, 2, size=200))
    with pytest.raises(ValueError, match="20 drivers and 200 respondents need 2\\^20 models"):
        relative_importance(ratings, yes, model="logit")
