"""Scores that are averages already: few completed surveys behind one draw it to the mean."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.methods import loyalty

TRUE, ANSWER = 5.0, 20.0  # standard deviations of accounts and of one answer


def published(accounts: int, seed: int, most: int = 0) -> pd.DataFrame:
    """One score an account with the completed surveys behind it, few behind many of them."""
    rng = np.random.default_rng(seed)
    behind = np.ceil(rng.lognormal(2.5, 1.3, accounts)).astype(int)
    behind = np.full(accounts, most) if most else behind
    true = 70 + TRUE * rng.normal(size=accounts)
    score = true + ANSWER * rng.normal(size=accounts) / behind**0.5
    names = [f"a{k:04d}" for k in range(accounts)]
    return pd.DataFrame({"account_id": names, "true": true, "score": score, "completes": behind})


def scored(told: pd.DataFrame, **options: object) -> loyalty.AccountScores:
    given = {"respondents": told["completes"], **options}
    return loyalty.account_scores(told["score"], told["account_id"], **given)


def test_scores_with_few_answers_behind_them_are_drawn_in_and_those_with_many_are_not():
    told = published(400, 3)
    found = scored(told).table
    moved = (found["shrunk"] - found["score"]).abs() / (found["score"] - 70).abs().clip(lower=0.5)
    few, many = told["completes"] <= 3, told["completes"] >= 200
    assert moved[few].median() > 0.6
    assert moved[many].median() < 0.15
    wide = found["high"] - found["low"]
    assert wide[few].min() > wide[many].max()


@pytest.mark.parametrize("accounts", [40, 150, 600])
def test_they_lie_nearer_the_truth_and_intervals_hold_it(accounts):
    """Simulated: the error is at most two thirds; 95 % intervals hold .92 to .98 of the true."""
    worlds = [published(accounts, seed) for seed in range(1_200 // accounts)]
    made = [scored(told).table.assign(true=told["true"]) for told in worlds]
    every = pd.concat(made)
    error = [((every[name] - every["true"]) ** 2).mean() ** 0.5 for name in ("score", "shrunk")]
    assert error[1] < 2 / 3 * error[0]
    held = every["true"].between(every["low"], every["high"]).mean()
    assert 0.92 < held < 0.98


def test_no_reliability_is_given_that_a_link_could_be_corrected_by():
    """Accounts with few answers may truly differ more: a link would then come out too large."""
    found = scored(published(400, 5))
    assert "reliability" not in found.table
    assert np.isnan(found.reliability)


@pytest.mark.parametrize("kind", ["alike", "few accounts"])
def test_where_numbers_behind_tell_nothing_scores_stand_as_they_are(kind):
    told = published(60, 2, most=50) if kind == "alike" else published(8, 2)
    found = scored(told)
    assert (found.table["shrunk"] == found.table["score"]).all()
    assert any("not drawn toward the mean" in note for note in found.notes)


def test_waves_have_means_of_their_own():
    told = pd.concat([published(200, 1), published(200, 2).assign(score=lambda t: t["score"] - 30)])
    told = told.reset_index(drop=True)
    wave = pd.Series(["one"] * 200 + ["two"] * 200, name="wave")
    found = scored(told, by=wave).table
    few = (found["respondents"] == 1) & (found["wave"] == "two")
    assert found.loc[few, "shrunk"].mean() == pytest.approx(40, abs=3)


def test_the_page_is_told_how_chance_was_read():
    assert any("few answers scatter" in note for note in scored(published(100, 1)).notes)
