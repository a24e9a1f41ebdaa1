"""What is said of single accounts, where accounts are few and their people much alike or little.

Accounts' mean attitude and behaviour are normal round 75 and 79 (cut-offs 75), people normal
round their account's; both correlate, at .79 between accounts and .5 within. Sizes are those
of a large client (313 accounts of one to six people) and of small ones (two people each).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.errors import NotEstimable
from helpers.methods import loyalty
from helpers.methods.loyalty.rollup import LIKELY
from helpers.methods.loyalty.segments import KEYS

pytestmark = pytest.mark.validity

ACROSS = np.array([[1.0, 0.73], [0.73, 0.85]])
INSIDE = np.array([[1.0, 0.47], [0.47, 0.9]])
VARIANCE = 320.0
SIZES = [(313, 0.36, 10), (60, 0.36, 25), (30, 0.36, 30), (40, 0.2, 50), (30, 0.2, 50)]
SIZES += [(60, 0.1, 50), (30, 0.1, 50)]


def world(rng, accounts, icc):
    """Where accounts truly stand, and the account and scores of everybody who answered."""
    truth = np.array([75, 79]) + rng.multivariate_normal([0, 0], VARIANCE * icc * ACROSS, accounts)
    each = rng.choice([1, 1, 1, 1, 2, 3, 4, 5, 6], accounts) if accounts > 100 else 2
    of = np.repeat(np.arange(accounts), each)
    off = rng.multivariate_normal([0, 0], VARIANCE * (1 - icc) * INSIDE, len(of))
    return truth, of, truth[of] + off


def covered(truth, of, seen):
    """Share of accounts whose interval holds their true loyalty."""
    table = loyalty.account_scores(seen.mean(axis=1), of).table
    true = truth.mean(axis=1)
    return float(((table["low"] <= true) & (true <= table["high"])).mean())


def placed(truth, of, seen, money):
    """Chances, whether they came true, and revenue's intervals; nothing where nobody is placed."""
    try:
        found = loyalty.account_membership(seen[:, 0], seen[:, 1], of, revenue=money)
    except NotEstimable:
        return None
    truly = loyalty.segments(truth[:, 0], truth[:, 1]).to_numpy()
    came = np.column_stack([truly == segment for segment in KEYS])
    held = came.T @ money.to_numpy() / money.sum()
    shares = found.expected
    inside = (shares["revenue_low"] <= held) & (held <= shares["revenue_high"])
    return found.table[list(KEYS.values())].to_numpy(float), came, float(inside.mean())


@pytest.fixture(scope="module")
def worlds():
    """For every size: coverage of intervals, chances with what came true, coverage of money."""
    rng = np.random.default_rng(20260705)
    found = {}
    for accounts, icc, count in SIZES:
        each = [world(rng, accounts, icc) for _ in range(count)]
        money = pd.Series(rng.lognormal(0, 1, accounts))
        some = [placed(*one, money) for one in each]
        found[accounts, icc] = (
            np.mean([covered(*one) for one in each]), [one for one in some if one is not None]
        )  # fmt: skip
    return found


def test_intervals_of_accounts_hold_the_truth_however_few_there_are(worlds):
    """At least 92 in 100 for every size and likeness."""
    held = {size: coverage for size, (coverage, _) in worlds.items()}
    assert min(held.values()) >= 0.92, held


def test_what_is_said_with_a_chance_of_nine_in_ten_comes_true(worlds):
    """Small clients together, and large ones: at least 85 in 100 said with .9 or more."""
    for names in ([s for s in worlds if s[0] > 100], [s for s in worlds if s[0] < 100]):
        pairs = [one[:2] for size in names for one in worlds[size][1]]
        said, came = (np.concatenate(part) for part in zip(*pairs, strict=True))
        sure = said >= 0.9
        assert sure.sum() > 100
        assert came[sure].mean() >= 0.85


def test_accounts_that_may_be_listed_are_more_likely_than_not_what_they_are_called(worlds):
    """Of those given a segment that is not loyal by the page's least chance, over half are it."""
    for names in ([s for s in worlds if s[0] > 100], [s for s in worlds if s[0] < 100]):
        called, loyal = [], []
        for said, came, _ in (one for size in names for one in worlds[size][1]):
            likely = said.argmax(axis=1)
            listed = (likely > 0) & (said.max(axis=1) >= LIKELY)
            called += came[listed, likely[listed]].tolist()
            loyal += came[listed, 0].tolist()
        assert np.mean(called) > 0.6
        assert np.mean(loyal) < 0.2


def test_where_people_of_an_account_are_hardly_alike_few_worlds_place_any(worlds):
    """At an intraclass correlation of .1 and 30 accounts of two, at most one world in five."""
    _, some = worlds[30, 0.1]
    assert len(some) / 50 <= 0.2
    assert len(worlds[313, 0.36][1]) == 10


def test_revenue_of_the_accounts_heard_is_held_by_its_interval(worlds):
    """Over all sizes: at least 92 in 100 of the segments' true shares of revenue."""
    inside = [one[2] for _, some in worlds.values() for one in some]
    assert np.mean(inside) >= 0.92
