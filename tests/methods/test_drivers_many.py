"""Many drivers: subsets gone through in blocks, orders of entry sampled, groups."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from designed import designed

from helpers.methods.drivers import clustered, division, lattice, moments, relative_importance
from helpers.methods.drivers.lattice import shapley, shapley_in_blocks, subset_r_squared
from helpers.methods.drivers.orders import sampled_shapley


def survey(rng, drivers, respondents=400):
    x = rng.normal(size=(respondents, drivers)) + rng.normal(size=(respondents, 1))
    outcome = x @ np.linspace(0, 1, drivers) + rng.normal(size=respondents) * 4
    return pd.DataFrame(x).add_prefix("d"), pd.Series(outcome)


def correlations(ratings, outcome):
    return np.corrcoef(np.column_stack((ratings, outcome)).T)[None]


@pytest.mark.parametrize("sizes", [(1,) * 9, (2, 1, 1, 3, 1, 1), (1, 1, 1, 1, 2, 3)])
def test_blocks_give_what_the_whole_lattice_gives(rng, monkeypatch, sizes):
    table = correlations(*survey(rng, 9))
    whole = shapley(subset_r_squared(table, sizes))
    monkeypatch.setattr(lattice, "MOST_PLAYERS", 4)
    assert shapley_in_blocks(table, sizes) == pytest.approx(whole, abs=1e-14)


def test_twenty_one_drivers_are_exact(rng):
    """The parts sum to R² by least squares, and no note speaks of sampled orders."""
    ratings, outcome = survey(rng, 21)
    found = relative_importance(ratings, outcome)
    assert not any("orders" in note for note in found.notes)
    design = np.column_stack((np.ones(400), ratings))
    fitted = design @ np.linalg.lstsq(design, outcome)[0]
    assert found.r_squared == pytest.approx(np.corrcoef(outcome, fitted)[0, 1] ** 2, abs=1e-12)


def test_beyond_twenty_five_drivers_orders_are_sampled_and_it_is_said(rng):
    ratings, outcome = survey(rng, 26)
    found = relative_importance(ratings, outcome, replicates=20)
    assert "26 drivers: shares are estimated from 2600 orders of entry" in found.notes[-1]
    design = np.column_stack((np.ones(400), ratings))
    fitted = design @ np.linalg.lstsq(design, outcome)[0]
    assert found.r_squared == pytest.approx(np.corrcoef(outcome, fitted)[0, 1] ** 2, abs=1e-8)
    assert np.isfinite(found.table[["low", "high", "top_1"]]).all(axis=None)


def test_sampled_orders_agree_with_every_order(rng):
    """Eight drivers both ways: within four of their own standard errors."""
    table = correlations(*survey(rng, 8, 300))
    exact = shapley(subset_r_squared(table))[0]
    sampled, error = sampled_shapley(table, (1,) * 8, 50)
    assert (np.abs(sampled[0] - exact) < 4 * error[0] + 1e-9).all()
    assert (error[0] < 0.002).all()


def test_intervals_from_sampled_orders_are_nearly_the_exact_ones(rng, monkeypatch):
    """Eight drivers, the same 400 replicates: ends within .01, and the note says so."""
    ratings, outcome = survey(rng, 8)
    exact = relative_importance(ratings, outcome, replicates=400)
    monkeypatch.setattr(division, "QUICK_LEAVES", 0)
    sampled = relative_importance(ratings, outcome, replicates=400)
    assert sampled.table["share"].tolist() == exact.table["share"].tolist()
    for end in ("low", "high"):
        assert sampled.table[end].tolist() == pytest.approx(exact.table[end].tolist(), abs=0.01)
    assert "shares are exact, their intervals are from 64 orders" in sampled.notes[-1]
    assert exact.notes == ()


def test_replicates_divide_the_same_whether_together_or_apart(rng, monkeypatch):
    ratings, outcome = survey(rng, 6)
    together = relative_importance(ratings, outcome, replicates=50).table
    monkeypatch.setattr(lattice, "AT_ONCE", 1)
    apart = relative_importance(ratings, outcome, replicates=50).table
    pd.testing.assert_frame_equal(together, apart, rtol=1e-10)


@pytest.mark.parametrize("missing", ["listwise", "imputed"])
def test_very_many_accounts_are_left_out_in_groups_and_errors_stay(rng, monkeypatch, missing):
    """400 accounts in some 200 groups: errors within a few points of those of each alone."""
    x = rng.normal(size=(1200, 3)) + 0.5 * rng.normal(size=(1200, 1))
    ratings = pd.DataFrame(x, columns=list("abc"))
    if missing == "imputed":
        ratings = ratings.mask(rng.random(x.shape) < 0.1)
    data = {
        "ratings": ratings, "outcome": pd.Series(x.sum(axis=1) + rng.normal(size=1200)),
        "clusters": rng.integers(0, 400, 1200), "missing": missing,
    }  # fmt: skip
    whole = relative_importance(**designed(data)).table
    monkeypatch.setattr(clustered, "MOST_NUMBERS", 200 * 16)
    monkeypatch.setattr(moments, "MOST_LEFT_OUT", 200)
    grouped = relative_importance(**designed(data)).table
    assert grouped["effect"].tolist() == pytest.approx(whole["effect"].tolist())
    wide = [(t["effect_high"] - t["effect_low"]).to_numpy() for t in (whole, grouped)]
    assert wide[1] == pytest.approx(wide[0], rel=0.15)
    assert (wide[1] != wide[0]).all()
