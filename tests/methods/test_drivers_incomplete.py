"""How sure an effect is where answers are missing, and how they are treated."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from designed import designed
from scipy import stats

from helpers.errors import NotEstimable
from helpers.methods.drivers import (
    missing_treatment,
    performance,
    priorities,
    relative_importance,
)
from helpers.methods.survey import SurveyDesign

DRIVERS = [f"d{k}" for k in range(7)]


@pytest.fixture
def small(rng):
    """106 people of some 50 accounts, ratings that move together, a sixth of them missing.

    Pairs of so few fit together badly: some replicates have hardly any inverse.
    """
    x = 1.5 * rng.normal(size=(106, 1)) + rng.normal(size=(106, 7))
    outcome = x @ [5.0, 4.0, 0, 0, 0, 0, 0] + 6 * rng.normal(size=106)
    return {
        "ratings": pd.DataFrame(x, columns=DRIVERS).mask(rng.random(x.shape) < 0.17),
        "outcome": pd.Series(outcome),
        "clusters": pd.Series(rng.integers(0, 53, size=106)),
    }


@pytest.mark.parametrize("missing", ["pairwise", "imputed"])
def test_errors_of_incomplete_answers_are_those_of_leaving_each_account_out(small, missing):
    """Estimated again without each account; imputed answers by one Newton step, so nearly."""
    found = relative_importance(**designed(small), missing=missing)
    names = list(found.table["driver"])
    whole = found.table["effect"].to_numpy()
    moved = []
    for account in small["clusters"].unique():
        rest = {name: values[small["clusters"] != account] for name, values in small.items()}
        table = relative_importance(**designed(rest), missing=missing).table.set_index("driver")
        moved.append(table.loc[names, "effect"].to_numpy() - whole)
    units = len(moved)
    error = np.sqrt((units - 1) / units * (np.array(moved) ** 2).sum(axis=0))
    half = (found.table["effect_high"] - found.table["effect"]).to_numpy()
    known = half / stats.t.ppf(0.975, found.freedom[names])
    assert known == pytest.approx(error, rel=1e-6 if missing == "pairwise" else 0.1)


@pytest.mark.parametrize("missing", ["pairwise", "imputed", "listwise"])
@pytest.mark.parametrize("confidence", [0.5, 0.8, 0.95])
def test_an_interval_clears_zero_exactly_where_its_p_value_says_so(small, missing, confidence):
    table = relative_importance(
        **designed(small), missing=missing, replicates=200, confidence=confidence
    ).table
    clears = (table["effect_low"] > 0) | (table["effect_high"] < 0)
    assert clears.tolist() == (table["effect_p"] < 1 - confidence).tolist()


def test_with_every_answer_there_it_agrees_with_the_sandwich(rng):
    """Both leave each account out, one in the regression, the other in its sums."""
    x = rng.normal(size=(900, 1)) + rng.normal(size=(900, 4))
    outcome = pd.Series(x @ [0.3, 0.2, 0.1, 0] + rng.normal(size=900) * 2)
    ratings, accounts = pd.DataFrame(x, columns=DRIVERS[:4]), rng.integers(0, 300, size=900)
    one, other = (
        relative_importance(
            ratings, outcome, design=SurveyDesign(clusters=accounts), missing=m
        ).table
        for m in ("listwise", "pairwise")
    )
    assert other["effect"].to_numpy() == pytest.approx(one["effect"].to_numpy(), rel=1e-8)
    wide = [t["effect_high"] - t["effect_low"] for t in (one, other)]
    assert wide[1].to_numpy() == pytest.approx(wide[0].to_numpy(), rel=1e-6)
    assert other["effect_p"].to_numpy() == pytest.approx(one["effect_p"].to_numpy(), rel=1e-4)


def test_clear_is_what_stands_after_correction_and_leaning_what_stands_only_before(small):
    found = relative_importance(**designed(small), missing="imputed", replicates=500)
    ranked = priorities(found, performance(small["ratings"]), scale=dict.fromkeys(DRIVERS, (-9, 9)))
    table = found.table.set_index("driver")
    above = set(table.index[table["effect_low"] > 0])
    assert set(ranked.clear) | set(ranked.leaning) == above
    assert not set(ranked.clear) & set(ranked.leaning)
    assert "d0" in ranked.clear
    assert ranked.first == ranked.clear[0]


def test_missing_answers_are_imputed_where_they_can_be(small):
    treated = missing_treatment(small["ratings"], small["outcome"])
    assert (treated.missing, treated.note) == ("imputed", "")


def test_answers_too_few_for_a_joint_model_are_used_in_pairs_and_that_is_said(rng):
    x = rng.normal(size=(40, 8))
    ratings = pd.DataFrame(x).add_prefix("d").mask(rng.random(x.shape) < 0.35)
    outcome = pd.Series(x[:, 0] + rng.normal(size=40))
    with pytest.raises(NotEstimable):
        relative_importance(ratings, outcome, missing="imputed")
    treated = missing_treatment(ratings, outcome)
    assert treated.missing == "pairwise"
    assert treated.note.startswith("missing answers are not imputed: ")
    found = relative_importance(ratings, outcome, missing=treated.missing, replicates=50)
    assert found.table["effect_low"].notna().all()


@pytest.mark.parametrize("asked", [{"missing": "listwise"}, {"model": "logit"}])
def test_what_was_asked_for_otherwise_is_left_as_it_is(small, asked):
    treated = missing_treatment(small["ratings"], small["outcome"], **designed(asked))
    assert treated.missing == asked.get("missing", "imputed")


def test_answers_that_carry_no_analysis_are_refused(small):
    with pytest.raises(NotEstimable, match="base too small"):
        missing_treatment(small["ratings"].iloc[:8], small["outcome"].iloc[:8])
