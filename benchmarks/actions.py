"""A plan of two hundred candidates over a thousand futures: ours beside PuLP with CBC.

Run with ``python benchmarks/actions.py``; prints CPU seconds, worth and their ratios. PuLP is not
among what the handbook needs: ``pip install pulp`` beside it, else ours alone is timed. It solves
the same model written out: for each driver and part of the accounts, points on three segments
of falling worth, at the mean of all futures.
"""

from __future__ import annotations

import importlib
import resource
from time import process_time
from types import ModuleType

import numpy as np

from helpers.methods import actions
from helpers.methods.actions import Candidates, Gains, Limits, Options, Worth, rules

SIZE, DRAWS, DRIVERS, PARTS = 200, 1000, 8, 6
FUNCTIONS = ("Sales", "Service", "Product", "Operations")


def made(rng: np.random.Generator, draws: int) -> tuple[Worth, Limits]:
    """Candidates with costs, effort, prerequisites, exclusions and savings; four quarters."""
    requires = tuple(frozenset({i - 1}) if i % 9 == 8 else frozenset[int]() for i in range(SIZE))
    excludes = tuple(frozenset({i - 2}) if i % 13 == 12 else frozenset[int]() for i in range(SIZE))
    candidates = Candidates(
        tuple(f"A{i:03d}" for i in range(SIZE)), rng.uniform(10, 300, SIZE),
        rng.uniform(0, 100, SIZE), rng.uniform(5, 200, SIZE),
        tuple(FUNCTIONS[i] for i in rng.integers(0, len(FUNCTIONS), SIZE)),
        rng.integers(1, 10, SIZE).astype(float), rng.integers(0, 3, SIZE), requires, excludes,
    )  # fmt: skip
    options = Options.of(candidates, quarters=4, horizon_years=2, power=2)
    middle = rng.uniform(0.1, 0.9, SIZE)
    gains = Gains(
        np.arange(SIZE), rng.integers(0, DRIVERS, SIZE),
        middle[:, None] * rng.uniform(0.5, 1.5, (SIZE, draws)), rng.random((SIZE, PARTS)) < 0.7,
        np.repeat((rng.uniform(0, 100, SIZE) * (rng.random(SIZE) < 0.3))[:, None], draws, axis=1),
    )  # fmt: skip
    value = np.abs(rng.normal(150, 60, (DRIVERS, PARTS, 1)) * rng.uniform(0.5, 1.5, draws))
    worth = Worth(options, gains, value, np.full(DRIVERS, 3.0))
    return worth, Limits(budget=6_000, days=dict.fromkeys(FUNCTIONS, 700.0))


def averaged(worth: Worth) -> Worth:
    """One future in the place of all: their mean."""
    g = worth.gains
    mean = Gains(
        g.action, g.driver, g.change.mean(axis=1, keepdims=True), g.reach,
        g.saving.mean(axis=1, keepdims=True),
    )  # fmt: skip
    return Worth(worth.options, mean, worth.value.mean(axis=2, keepdims=True), worth.headroom)


def spent() -> float:
    """CPU seconds of this process and of those that it waited for."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return process_time() + children.ru_utime + children.ru_stime


def by_pulp(pulp: ModuleType, worth: Worth, limits: Limits) -> float:
    """The worth of the best set by PuLP with CBC, of one future."""
    options, g = worth.options, worth.gains
    model = pulp.LpProblem("plan", pulp.LpMaximize)
    take = [pulp.LpVariable(f"x{i}", cat="Binary") for i in range(len(options))]
    terms = []
    for driver in range(DRIVERS):
        room = worth.headroom[driver]
        for part in range(PARTS):
            edges = np.diff([0, *(edge * room for edge, _ in worth.full)])
            parts = [pulp.LpVariable(f"s{driver}_{part}_{k}", 0, edge)
                     for k, edge in enumerate(edges)]  # fmt: skip
            moved = [
                g.change[e, 0] * options.weight[o] * take[o]
                for e in np.flatnonzero(g.driver == driver) if g.reach[g.action[e], part]
                for o in np.flatnonzero(options.action == g.action[e])
            ]  # fmt: skip
            model += pulp.lpSum(parts) <= pulp.lpSum(moved)
            terms += [worth.value[driver, part, 0] * rate * piece
                      for piece, (_, rate) in zip(parts, worth.full, strict=True)]  # fmt: skip
    saved = g.saving[options.action, 0] * options.force - options.cost
    model += pulp.lpSum(terms) + pulp.lpSum(s * x for s, x in zip(saved, take, strict=True))
    for rule in rules(options, limits):
        used = pulp.lpSum(w * take[i] for i, w in enumerate(rule.weights) if w)
        if np.isfinite(rule.most):
            model += used <= rule.most
    model.solve(pulp.PULP_CBC_CMD(msg=False, gapRel=1e-6, timeLimit=300))
    return float(pulp.value(model.objective))


def main() -> None:
    worth, limits = made(np.random.default_rng(20260630), DRAWS)
    start = spent()
    plan = actions.best_portfolio(worth, limits)
    ours = spent() - start
    print(f"{SIZE} candidates, {len(worth.options)} options, {DRAWS:,} futures")
    print(f"ours, over all futures          {ours:7.2f} s   worth {plan.objective:,.1f}, "
          f"bound {plan.bound:,.1f}")  # fmt: skip
    one = averaged(worth)
    start = spent()
    alone = actions.best_portfolio(one, limits)
    single = spent() - start
    print(f"ours, at the mean future        {single:7.2f} s   worth {alone.objective:,.1f}")
    try:
        pulp = importlib.import_module("pulp")
    except ImportError:
        print("PuLP with CBC                   not there: pip install pulp")
        return
    start = spent()
    found = by_pulp(pulp, one, limits)
    peer = spent() - start
    print(f"PuLP with CBC, at the mean      {peer:7.2f} s   worth {found:,.1f}")
    print(f"ratio of seconds, ours to PuLP  {single / peer:7.2f}")
    print(f"difference of worth             {abs(found - alone.objective) / found:9.1e}")


if __name__ == "__main__":
    main()
