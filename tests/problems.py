"""Random portfolios with every kind of constraint, and their best sets by brute force."""

from __future__ import annotations

import itertools

import numpy as np

from helpers.methods.actions import Candidates, Gains, Limits, Options, Worth, lower_tail, rules

Floats = np.ndarray
FUNCTIONS = ("Sales", "Service", "Product")


def problem(
    rng: np.random.Generator,
    size: int,
    *,
    quarters: int = 1,
    draws: int = 20,
    drivers: int = 4,
    groups: int = 3,
) -> tuple[Worth, Limits]:
    """A portfolio with costs, effort, prerequisites, exclusions, losses and savings."""
    options = Options.of(_candidates(rng, size, quarters), quarters=quarters, horizon_years=2)
    effects = size + size // 3
    action = np.r_[np.arange(size), rng.integers(0, size, effects - size)]
    middle = np.abs(rng.normal(0.5, 0.2, effects)) * np.where(rng.random(effects) < 0.1, -0.3, 1)
    saves = rng.uniform(0, 60, size) * (rng.random(size) < 0.3)
    value = rng.normal(250, 150, (drivers, groups, 1)) + rng.normal(
        0, 120, (drivers, groups, draws)
    )
    gains = Gains(
        action=action,
        driver=rng.integers(0, drivers, effects),
        change=middle[:, None] * rng.uniform(0.3, 1.3, (effects, draws)),
        reach=rng.random((size, groups)) < 0.7,
        saving=np.repeat(saves[:, None], draws, axis=1),
    )
    worth = Worth(options, gains, value, rng.uniform(1, 3, drivers))
    budget = float(rng.uniform(0.15, 0.8) * options.spend.sum() / quarters)
    days = {name: float(rng.uniform(20, 120)) for name in FUNCTIONS}
    return worth, Limits(budget=budget, days=days)


def _candidates(rng: np.random.Generator, size: int, quarters: int) -> Candidates:
    requires = [frozenset[int]() for _ in range(size)]
    excludes = [frozenset[int]() for _ in range(size)]
    for later in range(1, size):
        if rng.random() < 0.2:
            requires[later] = frozenset({int(rng.integers(0, later))})
        other = int(rng.integers(0, later))
        if rng.random() < 0.15 and other not in requires[later]:
            excludes[later] = frozenset({other})
    return Candidates(
        names=tuple(f"A{i}" for i in range(size)),
        once=rng.uniform(0, 100, size),
        yearly=rng.uniform(0, 40, size),
        effort=rng.uniform(5, 100, size),
        function=tuple(FUNCTIONS[i] for i in rng.integers(0, len(FUNCTIONS), size)),
        months=rng.integers(1, 7, size).astype(float),
        earliest=rng.integers(0, quarters, size),
        requires=tuple(requires),
        excludes=tuple(excludes),
    )


def brute_force(worth: Worth, limits: Limits, objective: str, *, tail: float = 0.1) -> float:
    """The objective of the best set: every set that keeps the limits is valued."""
    options, rows = worth.options, rules(worth.options, limits)
    matrix = np.array([row.weights for row in rows])
    most = np.array([row.most for row in rows]) + 1e-9
    least = np.array([row.least for row in rows]) - 1e-9
    best = -np.inf
    for share in _sets(options):
        kept = ((share @ matrix.T <= most) & (share @ matrix.T >= least)).all(axis=1)
        for one in share[kept]:
            net = worth.of(one) - options.cost @ one
            best = max(best, lower_tail(net, tail)[0] if objective == "tail" else net.mean())
    return float(best)


def _sets(options: Options):
    """All sets of options with one start an action at most, a few thousand at once."""
    ways = [
        [-1, *np.flatnonzero(options.action == action)] for action in range(len(options.candidates))
    ]
    every = itertools.product(*ways)
    while block := list(itertools.islice(every, 5000)):
        picked = np.array(block)
        share = np.zeros((len(block), len(options) + 1))
        np.put_along_axis(share, picked, 1.0, axis=1)
        yield share[:, :-1]  # the last column stands for options that were not taken
