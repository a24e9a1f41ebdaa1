"""The chosen set of actions is the best one, in problems with every kind of constraint."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.methods import actions
from tests.problems import brute_force, problem

pytestmark = pytest.mark.validity

# size and quarters of the problems, and how many of each: 200 in all
PROBLEMS = {(6, 1): 50, (9, 1): 50, (12, 1): 40, (15, 1): 6, (18, 1): 4, (4, 2): 25, (5, 3): 25}


def test_there_are_two_hundred_problems():
    assert sum(PROBLEMS.values()) == 200


@pytest.mark.parametrize(("size", "quarters"), PROBLEMS)
def test_the_chosen_set_equals_brute_force_and_breaks_no_limit(size, quarters):
    rng = np.random.default_rng([size, quarters, 7])
    for number in range(PROBLEMS[size, quarters]):
        worth, limits = problem(rng, size, quarters=quarters, draws=10)
        objective = ("mean", "tail")[number % 2]
        plan = actions.best_portfolio(worth, limits, objective=objective)
        best = brute_force(worth, limits, objective)
        assert plan.finished
        assert plan.objective == pytest.approx(best, abs=1e-5 * max(1.0, abs(best)))
        assert not actions.broken(actions.rules(worth.options, limits), plan.share)


def test_no_frontier_falls_and_none_breaks_a_limit():
    rng = np.random.default_rng(21)
    for _ in range(20):
        worth, limits = problem(rng, 12, quarters=2, draws=30)
        found = actions.frontier(worth, limits, points=6)
        assert (np.diff(found.table["objective"]) >= 0).all()
        for budget, plan in zip(found.table["budget"], found.plans, strict=True):
            rows = actions.rules(worth.options, actions.Limits(budget=budget, days=limits.days))
            assert not actions.broken(rows, plan.share)
