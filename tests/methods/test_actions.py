"""Which actions to fund: the best set, its limits, its frontier, and what it says of the rest."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from helpers.methods import actions
from helpers.methods.actions import Candidates, Gains, Infeasible, Limits, Options, Worth
from tests.problems import brute_force, problem


def small(
    *,
    once=(10.0, 10.0, 10.0),
    months=(1.0, 1.0, 1.0),
    change=(1.0, 1.0, 1.0),
    driver=(0, 0, 1),
    worth_a_point=(100.0, 40.0),
    quarters=1,
    requires=(),
    excludes=(),
    function=("Sales", "Sales", "Service"),
    saving=(0.0, 0.0, 0.0),
) -> Worth:
    """Three actions whose worth can be reckoned by hand: a horizon of 10 years, one draw."""
    size = len(once)
    candidates = Candidates(
        names=("first", "second", "third")[:size],
        once=np.array(once),
        yearly=np.zeros(size),
        effort=np.full(size, 30.0),
        function=function,
        months=np.array(months),
        earliest=np.zeros(size, dtype=int),
        requires=requires,
        excludes=excludes,
    )
    options = Options.of(candidates, quarters=quarters, horizon_years=10)
    gains = Gains(
        np.arange(size), np.array(driver), np.array(change)[:, None],
        np.ones((size, 1), dtype=bool), np.array(saving)[:, None],
    )  # fmt: skip
    value = np.array(worth_a_point)[:, None, None]
    return Worth(options, gains, value, headroom=np.array([3.0, 3.0]))


IN_FORCE = 1 - 1 / 120  # of the horizon, after a month's work


def test_two_actions_on_one_driver_are_worth_less_than_the_two_alone():
    worth = small()
    alone = worth.of(np.array([1.0, 0, 0]))[0]
    # a third of the headroom of 3 points counts in full, the next third by half
    assert alone == pytest.approx(100 * IN_FORCE)
    moved = 2 * IN_FORCE
    assert worth.of(np.array([1.0, 1, 0]))[0] == pytest.approx(100 * (1 + 0.5 * (moved - 1)))


def test_nothing_is_gained_beyond_the_end_of_the_scale():
    worth = small(change=(9.0, 1.0, 1.0))
    full = 100 * (1 + 0.5 + 0.25)
    assert worth.of(np.array([1.0, 0, 0]))[0] == pytest.approx(full)
    assert worth.of(np.array([1.0, 1, 0]))[0] == pytest.approx(full)


def test_losses_add_up_in_full():
    worth = small(change=(-2.0, 1.0, 1.0))
    assert worth.of(np.array([1.0, 0, 0]))[0] == pytest.approx(-200 * IN_FORCE)
    against = small(worth_a_point=(-100.0, 40.0), change=(2.5, 1.0, 1.0))
    assert against.of(np.array([1.0, 0, 0]))[0] == pytest.approx(-250 * IN_FORCE)


@pytest.mark.parametrize("seed", range(6))
def test_the_worth_of_sets_is_concave_and_its_planes_lie_above_it(seed):
    rng = np.random.default_rng(seed)
    worth, _ = problem(rng, 7, quarters=2)
    even = np.full(worth.draws, 1 / worth.draws)
    for _ in range(20):
        here, there = rng.random((2, len(worth.options)))
        money, slopes = worth.planes(here, even)
        flat = worth.saved(even)
        above = money.sum() + flat @ there + slopes.sum(axis=0) @ (there - here)
        assert above >= worth.of(there).mean() - 1e-9
        middle = worth.of((here + there) / 2).mean()
        assert middle >= (worth.of(here).mean() + worth.of(there).mean()) / 2 - 1e-9


@pytest.mark.parametrize("objective", ["mean", "tail"])
@pytest.mark.parametrize(("size", "quarters"), [(5, 1), (8, 1), (4, 2)])
def test_the_chosen_set_equals_brute_force(size, quarters, objective):
    rng = np.random.default_rng([size, quarters])
    for _ in range(3):
        worth, limits = problem(rng, size, quarters=quarters)
        plan = actions.best_portfolio(worth, limits, objective=objective)
        best = brute_force(worth, limits, objective)
        assert plan.finished
        assert plan.objective == pytest.approx(best, abs=1e-5 * max(1, abs(best)))
        assert not actions.broken(actions.rules(worth.options, limits), plan.share)


def test_an_action_that_costs_more_than_it_brings_is_not_funded_whatever_the_budget():
    plan = actions.best_portfolio(small(once=(500.0, 10.0, 10.0)), Limits())
    assert set(plan.starts) == {1, 2}
    assert plan.spend == 20


def test_a_budget_of_nothing_funds_nothing_and_is_no_error():
    plan = actions.best_portfolio(small(), Limits(budget=0))
    assert plan.starts == {}
    assert plan.objective == 0 == plan.spend


def test_days_of_a_function_are_counted_in_the_quarter_in_which_they_are_worked():
    worth = small(quarters=2)
    plan = actions.best_portfolio(worth, Limits(days={"Sales": 30}))
    assert sorted(plan.starts[a] for a in (0, 1)) == [0, 1]


def test_a_prerequisite_is_in_force_before_the_action_starts():
    needs = (frozenset({2}), frozenset(), frozenset())
    worth = small(requires=needs, months=(1.0, 1.0, 3.0), quarters=2)
    assert actions.best_portfolio(worth, Limits()).starts == {0: 1, 1: 0, 2: 0}
    within_one = small(requires=needs, months=(1.0, 1.0, 3.0), quarters=1)
    assert 0 not in actions.best_portfolio(within_one, Limits()).starts


def test_of_two_that_exclude_each_other_the_better_is_chosen():
    bars = (frozenset({1}), frozenset(), frozenset())
    worth = small(excludes=bars, change=(1.0, 1.5, 1.0))
    assert set(actions.best_portfolio(worth, Limits()).starts) == {1, 2}


@pytest.mark.parametrize(
    ("limits", "named"),
    [
        (Limits(budget=5, must=frozenset({0})), "the budget"),
        (Limits(days={"Sales": 10}, must=frozenset({0})), "the days of Sales"),
        (Limits(budget=25, days={"Service": 5}, must=frozenset({0, 2})), "the days of Service"),
        (Limits(must=frozenset({0, 1})), "prerequisites, exclusions"),
    ],
)
def test_a_plan_that_cannot_be_names_the_limit_that_would_have_to_give(limits, named):
    bars = (frozenset({1}), frozenset(), frozenset()) if limits.must == {0, 1} else ()
    with pytest.raises(Infeasible, match=f"first.*{named}"):
        actions.best_portfolio(small(excludes=bars), limits)


@pytest.mark.parametrize(
    "wrong", [{"budget": -1}, {"budget": float("nan")}, {"days": {"Sales": -3}}]
)
def test_limits_below_nothing_are_refused(wrong):
    with pytest.raises(ValueError, match="0 or more"):
        Limits(**wrong)


def test_a_tail_prefers_the_action_that_loses_least():
    worth = small()
    draws = np.linspace(-1, 3, 101)
    change = np.vstack([draws, np.full(101, 0.6), np.zeros(101)])
    gains = Gains(
        np.arange(3), np.array([0, 1, 1]), change, np.ones((3, 1), bool), np.zeros((3, 101))
    )
    value = np.repeat(worth.value, 101, axis=2)
    risky = Worth(worth.options, gains, value, np.array([9.0, 9.0]))
    limits = Limits(budget=10)
    assert set(actions.best_portfolio(risky, limits).starts) == {0}
    assert set(actions.best_portfolio(risky, limits, objective="tail").starts) == {1}


def test_the_frontier_never_falls_and_holds_the_declared_budget():
    worth, limits = problem(np.random.default_rng(8), 12, draws=50)
    found = actions.frontier(worth, limits, points=6)
    assert found.table["objective"].is_monotonic_increasing
    assert limits.budget in found.table["budget"].tolist()
    assert (found.table["spend"] <= found.table["budget"] + 1e-6).all()
    declared = found.plans[found.table["budget"].tolist().index(limits.budget)]
    assert declared.objective == pytest.approx(actions.best_portfolio(worth, limits).objective)


def test_each_action_left_out_says_what_keeps_it_out():
    bars = (frozenset(), frozenset({0}), frozenset())
    worth = small(excludes=bars, change=(2.0, 1.0, 1.0), once=(10.0, 10.0, 90.0))
    plan = actions.best_portfolio(worth, Limits(budget=50))
    found = actions.reasons(worth, Limits(budget=50), plan)
    assert found.table.loc[1, "breaks"] == "first excludes second"
    assert found.table.loc[2, "why"] == "loses"
    little = Limits(budget=15)
    short = actions.reasons(small(), little, actions.best_portfolio(small(), little))
    assert set(short.table["breaks"]) == {"the budget"}
    # points beyond the first count by half, and each spends 10: 50 less 10, against 40 less 10
    assert short.table["adds"].round().tolist() == [40, 30]
    assert short.next_best == 1


def test_an_action_goes_together_with_those_that_require_it():
    needs = (frozenset({2}), frozenset(), frozenset())
    worth = small(requires=needs, quarters=2, once=(10.0, 90.0, 10.0))
    plan = actions.best_portfolio(worth, Limits())
    assert set(plan.starts) == {0, 2}
    lost = actions.first_to_drop(worth, plan).set_index("action")
    assert lost.loc[2, "loses"] == pytest.approx(plan.objective)
    assert lost.loc[2, "frees"] == 20


def test_a_quarter_of_delay_loses_the_gains_of_that_quarter():
    worth = small()
    plan = actions.best_portfolio(worth, Limits(budget=10))
    assert actions.cost_of_delay(worth, plan)[0] == pytest.approx(100 * 3 / 120)


def test_an_action_that_is_right_in_every_future_is_chosen_in_all():
    rng = np.random.default_rng(3)
    worth = small(driver=(0, 1, 1))
    change = np.vstack([np.full(60, 1.0), rng.normal(0, 1, 60), np.full(60, -1.0)])
    gains = replace(worth.gains, change=change, saving=np.zeros((3, 60)))
    wide = Worth(worth.options, gains, np.repeat(worth.value, 60, axis=2), worth.headroom)
    share = actions.chosen_in(wide, Limits(), rng, futures=60)
    assert share[0] == 1 and share[2] == 0 and 0.2 < share[1] < 0.8


def test_twice_the_same_problem_gives_the_same_plan():
    first, second = (
        actions.best_portfolio(*problem(np.random.default_rng(5), 10, quarters=2)) for _ in range(2)
    )
    assert first.starts == second.starts
    assert np.array_equal(first.net, second.net)
