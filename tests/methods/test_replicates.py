"""The bootstrap that weights each draw anew."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.methods import survey, weighting
from helpers.methods.survey import SurveyDesign
from helpers.methods.weighting import proportional


@pytest.fixture
def people(rng):
    """900 respondents of 300 accounts; tier explains much of the score."""
    account = rng.integers(300, size=900)
    tier = np.where(account % 3 == 0, "A", "B")
    role = rng.choice(["decider", "user"], 900, p=[0.3, 0.7])
    score = 5 + 3 * (tier == "A") + rng.normal(0, 1, 900) + rng.normal(0, 0.7, 300)[account]
    return pd.DataFrame({"account": account, "tier": tier, "role": role, "score": score})


MARGINS = {
    "tier": pd.Series({"A": 500, "B": 1500}),
    "role": pd.Series({"decider": 900, "user": 1100}),
}


def made(people, how):
    return {
        "rake": lambda: weighting.rake(people, MARGINS),
        "base": lambda: weighting.rake(people, MARGINS, base=1 + people.account % 2),
        "post_stratify": lambda: weighting.post_stratify(people.tier, MARGINS["tier"]),
        "linear": lambda: weighting.calibrate(people, MARGINS),
        "bounded": lambda: weighting.rake(people, MARGINS, bounds=(0.3, 2.5)),
    }[how]()


@pytest.mark.parametrize("how", ["rake", "base", "post_stratify", "linear", "bounded"])
def test_replicates_spread_as_the_formula_says(people, how, rng):
    """Within 6 %: four standard errors of a spread from 2,000 replicates."""
    weights = made(people, how)
    draws = weighting.replicates(
        SurveyDesign(weights, clusters=people.account), count=2_000, rng=rng
    )
    found = draws.estimate(people.score)
    formula = survey.mean(people.score, SurveyDesign(weights=weights, clusters=people.account))
    assert found.value == pytest.approx(formula.value)
    assert found.standard_error == pytest.approx(formula.standard_error, rel=0.06)
    assert found.degrees_of_freedom == formula.degrees_of_freedom


def test_every_replicate_meets_the_margins(people, rng):
    weights = weighting.rake(people, MARGINS)
    draws = weighting.replicates(SurveyDesign(weights, clusters=people.account), count=150, rng=rng)
    rows = np.concatenate(list(draws.batches()))
    share = rows @ (people.tier == "A") / rows.sum(axis=1)
    assert share == pytest.approx(np.full(150, 0.25), abs=1e-8)
    assert (rows > 0).all()


def test_a_replicate_is_what_raking_its_base_weights_gives(people, rng):
    """The batch beside one call of `rake` for a draw."""
    weights = weighting.rake(people, MARGINS)
    draws = weighting.replicates(SurveyDesign(weights, clusters=people.account), count=100, rng=rng)
    row = next(draws.batches())[0]
    unit = draws.design.stages[0].unit
    alone = weighting.rake(people, MARGINS, base=draws.multipliers[unit, 0]).values
    assert row / row.mean() == pytest.approx(alone.to_numpy(), rel=1e-6)


def test_strata_seen_whole_do_not_vary(people, rng):
    stratum = np.where(people.account < 150, "top", "tail")
    sizes = {"top": people.account[stratum == "top"].nunique(), "tail": 10_000}
    design = SurveyDesign(
        np.ones(len(people)), strata=stratum, clusters=people.account, population=sizes
    )
    draws = weighting.replicates(design, count=200, rng=rng)
    top = people.score.where(stratum == "top")
    assert draws.mean(top).std() < 1e-12
    formula = survey.mean(people.score, design)
    assert draws.estimate(people.score).standard_error == pytest.approx(
        formula.standard_error, rel=0.2
    )


def test_a_statistic_without_a_formula_has_an_interval(people, rng):
    """A weighted median: its interval is wider than its like for the mean by about 1.25."""
    draws = weighting.replicates(
        SurveyDesign(weighting.rake(people, MARGINS), clusters=people.account), count=400, rng=rng
    )

    def median(answers, weights):
        order = np.argsort(answers)
        return float(answers[order][np.searchsorted(weights[order].cumsum(), weights.sum() / 2)])

    found = draws.estimate(people.score, statistic=median)
    assert found.low < found.value < found.high
    assert found.standard_error > draws.estimate(people.score).standard_error


def test_missing_answers_are_left_out_of_replicates(people, rng):
    draws = weighting.replicates(SurveyDesign(weighting.rake(people, MARGINS)), count=200, rng=rng)
    holes = people.score.where(people.role == "decider")
    found = draws.estimate(holes)
    assert found.base == (people.role == "decider").sum()
    by_hand = draws.of(
        lambda w: float(np.average(holes.dropna(), weights=w[holes.notna().to_numpy()]))
    )
    assert draws.mean(holes) == pytest.approx(by_hand)


def test_the_same_seed_gives_the_same_replicates(people):
    weights = weighting.rake(people, MARGINS)
    one, two = (
        weighting.replicates(SurveyDesign(weights), count=100, rng=np.random.default_rng(7)).mean(
            people.score
        )
        for _ in range(2)
    )
    assert (one == two).all()


def test_replicates_that_miss_the_margins_are_counted_and_left_out(people, rng, monkeypatch):
    monkeypatch.setattr(proportional, "REPLICATE_ROUNDS", 6)
    draws = weighting.replicates(
        SurveyDesign(weighting.rake(people.head(40), MARGINS)), count=1_000, rng=rng
    )
    assert draws.failed > 0
    assert draws.count + draws.failed == 1_000
    assert len(draws.mean(people.score.head(40))) == draws.count


@pytest.mark.parametrize(
    ("options", "advice"),
    [
        ({"strata": ["x", "x", "x", "y"]}, "merge each with a neighbour"),
        ({"clusters": pd.DataFrame({"a": [1, 1, 2, 2], "b": [1, 2, 3, 4]})}, "one stage"),
    ],
)
def test_draws_that_cannot_be_made_are_refused(options, advice, rng):
    with pytest.raises(ValueError, match=advice):
        weighting.replicates(SurveyDesign(np.ones(4), **options), rng=rng)


def test_few_replicates_are_refused(rng):
    with pytest.raises(ValueError, match="draw at least 100"):
        weighting.replicates(SurveyDesign(np.ones(4)), count=20, rng=rng)


def test_a_single_answer_has_no_interval(rng):
    draws = weighting.replicates(SurveyDesign(np.ones(4)), count=100, rng=rng)
    with pytest.raises(ValueError, match="base is too small: 1 answers"):
        draws.estimate([9, None, None, None])
