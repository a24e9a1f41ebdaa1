"""Chances of segments, and moves between waves beyond what answers alone would bring."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom, multivariate_normal

from helpers.errors import NotEstimable
from helpers.methods import loyalty
from helpers.methods.loyalty.account_chances import _both_above
from helpers.methods.loyalty.answering import NODES, AxisModel, answer_model
from helpers.methods.loyalty.membership import CHANCES
from helpers.methods.loyalty.segments import KEYS

LOADING, APART = 0.8, 0.7


def feelings(rng, people, apart=APART):
    like = rng.normal(size=people)
    return like, apart * like + np.sqrt(1 - apart**2) * rng.normal(size=people)


def asked(rng, feeling, questions, *, loading=LOADING, mean=3.9, spread=0.95):
    """Questions answered from 1 to 5, as 0-100."""
    noise = rng.normal(size=(len(feeling), questions))
    seen = mean + spread * (loading * feeling[:, None] + np.sqrt(1 - loading**2) * noise)
    return pd.DataFrame(np.clip(np.rint(seen), 1, 5) * 25 - 25)


@pytest.fixture
def answers(rng):
    like, stay = feelings(rng, 4000)
    return asked(rng, like, 4), asked(rng, stay, 3)


def test_planted_loadings_and_correlation_are_found(answers):
    """Four thousand people: standard errors of about .01."""
    model = answer_model(*answers)
    assert model.attitude.loadings == pytest.approx(LOADING, abs=0.03)
    assert model.behaviour.loadings == pytest.approx(LOADING, abs=0.03)
    assert model.correlation == pytest.approx(APART, abs=0.03)


@pytest.mark.parametrize("r", [-0.6, 0.0, 0.3, 0.9])
def test_both_above_their_means_is_sheppards_formula(r):
    """Sheppard (1899): 1/4 + asin(r) / 2π."""
    found = _both_above(np.zeros(1), np.zeros(1), np.array([r]))
    assert found[0] == pytest.approx(0.25 + np.arcsin(r) / (2 * np.pi), abs=1e-6)


def test_both_above_any_cut_is_scipys_bivariate_normal():
    cuts, r = np.array([0.4, -1.1]), 0.55
    expected = multivariate_normal([0, 0], [[1, r], [r, 1]]).cdf(-cuts)
    found = _both_above(cuts[:1], cuts[1:], np.array([r]))
    assert found[0] == pytest.approx(expected, abs=1e-6)


def test_scores_of_yes_and_no_questions_are_binomial():
    """Three alike questions: the chance of two yes or more at any standing."""
    one, cut = np.array([0.0, 100.0]), np.array([0.3])
    axis = AxisModel((one,) * 3, (cut,) * 3, np.full(3, 0.7))
    yes = axis.chances(0)[:, 1]
    assert axis.seen_above(60.0) == pytest.approx(binom.sf(1, 3, yes))
    assert axis.true_scores == pytest.approx(100 * yes)


def test_true_scores_rise_with_the_standing(answers):
    model = answer_model(*answers)
    assert (np.diff(model.attitude.true_scores) > 0).all()
    above = model.attitude.truly_above(75.0)
    assert above[0] == 0
    assert above[-1] == 1
    assert len(above) == len(NODES)


def test_those_who_answer_best_are_most_likely_truly_loyal(answers):
    attitude, behaviour = (part[:500] for part in answers)
    found = loyalty.membership(attitude, behaviour).table
    best = (attitude == 100).all(axis=1) & (behaviour == 100).all(axis=1)
    assert found.loc[best, "truly_loyal"].min() == found["truly_loyal"].max()
    assert found[list(CHANCES)].sum(axis=1).to_numpy() == pytest.approx(1)


def test_true_shares_are_the_chances_added_up_with_an_interval(answers):
    found = loyalty.membership(answers[0][:500], answers[1][:500])
    chances = found.table[list(KEYS.values())].mean()
    assert found.expected["value"].tolist() == pytest.approx(chances.tolist())
    assert (found.expected["low"] < found.expected["value"]).all()
    assert (found.expected["value"] < found.expected["high"]).all()


def test_clearer_questions_place_people_more_firmly(rng):
    like, stay = feelings(rng, 500)
    clear, dim = (
        loyalty.membership(asked(rng, like, 3, loading=r), asked(rng, stay, 3, loading=r))
        for r in (0.95, 0.6)
    )
    assert clear.firm.value > dim.firm.value + 0.1


def test_unanswered_questions_leave_more_doubt(answers):
    """Half of the people skip two of four questions; they alone are placed less firmly."""
    attitude, behaviour = answers[0][:400].copy(), answers[1][:400]
    attitude.iloc[::2, 2:] = np.nan
    found = loyalty.membership(attitude, behaviour).table[list(CHANCES)].max(axis=1)
    assert found[::2].mean() < found[1::2].mean() - 0.02


def test_averages_say_nothing_of_how_answers_scatter(rng):
    averages = pd.DataFrame(rng.uniform(0, 100, (300, 3)))
    with pytest.raises(NotEstimable, match="are averages"):
        loyalty.membership(averages, averages)


def test_a_question_that_all_answer_alike_is_refused(answers):
    with pytest.raises(NotEstimable, match="cannot tell people apart"):
        loyalty.membership(answers[0].assign(**{"0": 75.0}).iloc[:, -2:], answers[1])


def test_one_question_alone_is_refused(answers):
    with pytest.raises(NotEstimable, match="one question alone"):
        loyalty.membership(answers[0].iloc[:, :1], answers[1])


@pytest.fixture
def accounts(rng):
    of = np.repeat(np.arange(150), rng.integers(1, 7, 150))
    level = rng.multivariate_normal([75, 80], [[120, 80], [80, 100]], 150)
    seen = level[of] + rng.multivariate_normal([0, 0], [[200, 90], [90, 180]], len(of))
    return of, level, seen


def test_more_respondents_make_an_account_surer(accounts):
    of, _, seen = accounts
    found = loyalty.account_membership(seen[:, 0], seen[:, 1], of)
    surest = found.table[list(CHANCES)].max(axis=1)
    people = pd.Series(of).value_counts().sort_index()
    assert surest[people >= 5].mean() > surest[people == 1].mean() + 0.1


def test_accounts_chances_are_right_on_average(accounts):
    """The chances of 150 accounts add up to the number that truly are, within three errors."""
    of, level, seen = accounts
    found = loyalty.account_membership(seen[:, 0], seen[:, 1], of)
    truly = (loyalty.segments(level[:, 0], level[:, 1]) == "Truly Loyal").mean()
    chance = found.table["truly_loyal"]
    assert chance.mean() == pytest.approx(truly, abs=3 * (chance * (1 - chance)).mean() ** 0.5 / 12)


def test_one_respondent_an_account_cannot_tell_accounts_from_people(accounts):
    _, _, seen = accounts
    with pytest.raises(NotEstimable, match="too few accounts have two"):
        loyalty.account_membership(seen[:, 0], seen[:, 1], np.arange(len(seen)))


def test_no_true_change_moves_people_and_the_excess_is_none(rng):
    like, stay = feelings(rng, 1500)
    waves = [(asked(rng, like, 4), asked(rng, stay, 3)) for _ in range(2)]
    found = loyalty.transitions(*waves)
    assert found.measure("moved")["value"] > 0.2
    excess = found.measure("excess")
    assert excess["low"] < 0 < excess["high"]
    assert found.table["expected"].sum() == pytest.approx(1)


def test_a_change_of_feeling_is_an_excess(rng):
    first, second = feelings(rng, 1500), feelings(rng, 1500)
    found = loyalty.transitions(
        (asked(rng, first[0], 4), asked(rng, first[1], 3)),
        (asked(rng, second[0], 4), asked(rng, second[1], 3)),
    )
    assert found.measure("excess")["low"] > 0.1


def test_moves_expected_by_chance_are_the_same_both_ways(answers):
    found = loyalty.transitions((answers[0], answers[1]), (answers[0], answers[1]))
    wide = found.table.pivot_table(index="before", columns="now", values="expected").to_numpy()
    assert wide == pytest.approx(wide.T)
    assert found.measure("moved")["value"] == 0


def test_fields_with_few_people_have_no_interval(rng):
    like, stay = feelings(rng, 60, apart=0.95)
    waves = [(asked(rng, like, 4), asked(rng, stay, 3)) for _ in range(2)]
    found = loyalty.transitions(*waves)
    few = found.table["expected"] * found.base < 5
    assert few.any()
    assert found.table.loc[few, "low"].isna().all()


def test_too_few_seen_twice_are_refused(answers):
    part = [(answers[0][:20], answers[1][:20])] * 2
    with pytest.raises(NotEstimable, match="20 people"):
        loyalty.transitions(*part)


def test_a_person_in_a_wave_twice_is_refused_unless_made_one(answers):
    people = pd.Series(["p"] * 2 + [f"q{i}" for i in range(48)])
    parts = [part[:50] for part in answers]
    doubled = [part.set_axis(people, axis=0) for part in parts]
    with pytest.raises(ValueError, match="'p' has two rows"):
        loyalty.transitions(tuple(doubled), tuple(doubled))
    attitude, behaviour = loyalty.by_person(parts, people)
    assert attitude.index.is_unique
    assert attitude.loc["p"].tolist() == parts[0].iloc[1].tolist()
    assert len(behaviour) == 49


@pytest.mark.parametrize("r", [-0.999, -0.99, 0.95, 0.999])
def test_chances_hold_where_the_two_sides_all_but_agree(rng, r):
    """Against scipy's multivariate normal; a quadrature was off by up to three points there."""
    first, second = np.append(rng.normal(0, 2, (2, 40)), [[0.0, -1.0], [0.0, 0.0]], axis=1)
    normal = multivariate_normal([0, 0], [[1, r], [r, 1]])
    wanted = [normal.cdf([-h, -k]) for h, k in zip(first, second, strict=True)]
    found = _both_above(first, second, np.full(len(first), r))
    assert np.allclose(found, wanted, atol=1e-10, rtol=0)
