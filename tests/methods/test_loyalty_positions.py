"""Where accounts truly stand, with what few accounts leave open of how far they differ."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2

from helpers.errors import NotEstimable
from helpers.methods import loyalty
from helpers.methods.loyalty.positions import account_means, positions
from helpers.methods.loyalty.spreads import grouped, likely_spreads

CHANCES = ["truly_loyal", "accessible", "trapped", "high_risk"]


def people_of(rng, accounts, each, icc, *, scores=2):
    """Normal accounts of so many people: the people, and where accounts truly stand."""
    truth = rng.normal(75, 18 * np.sqrt(icc), (accounts, scores))
    of = np.repeat(np.arange(accounts), each)
    seen = truth[of] + rng.normal(0, 18 * np.sqrt(1 - icc), (len(of), scores))
    people = pd.DataFrame(seen, columns=["attitude", "behaviour"][:scores])
    return people.assign(account_id=of, weight=1.0), truth


def test_spreads_of_accounts_of_one_size_have_the_exact_posterior():
    """Means 9 apart squared, 3 within, size 2: 4·9/χ²₁₀ less half of 60·3/χ²₆₀, where positive."""
    accounts, inside, freedom, size = 13, 180.0, 60, 2.0
    mean = np.linspace(-1, 1, accounts)
    mean *= np.sqrt(36 / (mean**2).sum())
    rng = np.random.default_rng(1)
    between = 36 / chi2.rvs(accounts - 3, size=400_000, random_state=rng)
    between -= inside / chi2.rvs(freedom, size=400_000, random_state=rng) / size
    exact = np.sort(between[between > 0])
    groups = grouped(mean[:, None], np.full(accounts, size), np.zeros(accounts, int))
    found, _, weight = likely_spreads(groups, np.array([[inside]]), freedom, 256)
    order = np.argsort(found.ravel())
    reached = np.cumsum(weight[order])
    for part in (0.1, 0.5, 0.9):
        at = found.ravel()[order][np.searchsorted(reached, part)]
        assert np.searchsorted(exact, at) / len(exact) == pytest.approx(part, abs=0.03)


def test_the_same_answers_give_the_same_positions(rng):
    people, _ = people_of(rng, 30, 2, 0.3)
    one, other = (positions(account_means(people, ["attitude", "behaviour"])) for _ in range(2))
    assert (one.mean == other.mean).all()


def test_where_both_scores_are_one_accounts_are_still_placed(rng):
    people, _ = people_of(rng, 40, 3, 0.4, scores=1)
    people = people.assign(behaviour=people["attitude"])
    placed = positions(account_means(people, ["attitude", "behaviour"]))
    assert placed.mean[:, 0] == pytest.approx(placed.mean[:, 1], abs=0.2)


def test_few_accounts_widen_their_own_intervals(rng):
    """The same spreads and sizes: a tenth of the accounts leave more doubt about each."""
    people, _ = people_of(rng, 300, 2, 0.3, scores=1)
    few = people[people["account_id"] < 20]
    reach = [
        np.sqrt(positions(account_means(part, ["attitude"])).variance).mean()
        for part in (few, people)
    ]
    assert reach[0] > reach[1]


def test_intervals_do_not_take_the_spreads_as_known(rng):
    """Accounts that seem not to differ: known spreads would give an interval of no width."""
    people, _ = people_of(rng, 12, 2, 0.02, scores=1)
    people["attitude"] = np.tile([60.0, 80.0], 12)
    found = loyalty.account_scores(people["attitude"], people["account_id"])
    assert found.icc == 0
    assert (found.table["high"] - found.table["low"]).min() > 5


def test_three_accounts_have_scores_and_no_interval():
    found = loyalty.account_scores([80, 84, 50, 54, 60, 70], list("aabbcc"))
    assert found.table["low"].isna().all()
    assert any("too few to tell how far they differ" in note for note in found.notes)


def test_accounts_whose_people_are_no_more_alike_are_not_placed(rng):
    people, _ = people_of(rng, 60, 2, 0.0)
    with pytest.raises(NotEstimable, match="do not answer distinguishably more alike"):
        loyalty.account_membership(people["attitude"], people["behaviour"], people["account_id"])


def test_five_accounts_are_too_few_to_place_any(rng):
    people, _ = people_of(rng, 5, 8, 0.5)
    with pytest.raises(NotEstimable, match="5 accounts are too few"):
        loyalty.account_membership(people["attitude"], people["behaviour"], people["account_id"])


def test_equal_revenue_divides_as_the_accounts_do(rng):
    people, _ = people_of(rng, 50, 4, 0.5)
    columns = people["attitude"], people["behaviour"], people["account_id"]
    expected = loyalty.account_membership(*columns, revenue=pd.Series(7.0, range(50))).expected
    assert expected["revenue"].tolist() == pytest.approx(expected["value"].tolist())
    assert expected["revenue_low"].tolist() == pytest.approx(expected["low"].tolist())


def test_one_account_with_all_the_revenue_leaves_its_segment_open(rng):
    """Its chances are the shares; the interval is as wide as one account can make it."""
    people, _ = people_of(rng, 50, 2, 0.5)
    money = pd.Series(0.0, range(50))
    money[3] = 9.0
    columns = people["attitude"], people["behaviour"], people["account_id"]
    found = loyalty.account_membership(*columns, revenue=money)
    shares = found.expected["revenue"].tolist()
    assert shares == pytest.approx(found.table.loc[3, CHANCES].tolist())
    assert (found.expected["revenue_high"] - found.expected["revenue_low"]).max() > 0.5
