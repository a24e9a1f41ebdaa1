"""Few accounts: each is left out in turn, and weights are fitted again without it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.methods import survey, weighting
from helpers.methods.survey import SurveyDesign
from helpers.methods.survey.jackknife import FEW, Leaving
from helpers.methods.survey.resolved import ResolvedDesign

SCHOOLS = pd.Series({"E": 4421, "H": 755, "M": 1018})
WIDE = pd.Series({"No": 1072, "Yes": 5122})


@pytest.fixture(scope="module")
def districts(shared):
    """183 schools in 15 districts: apiclus1 of R's survey package (Lumley 2010)."""
    return pd.read_csv(shared / "data" / "reference" / "apiclus1.csv")


@pytest.fixture
def customers(rng):
    """150 people of 30 accounts, unlike in size, in two tiers and two roles."""
    account = np.sort(rng.choice(30, 150, p=np.arange(1, 31) / 465))
    return pd.DataFrame(
        {
            "account": account,
            "tier": np.where(account % 3 == 0, "A", "B"),
            "role": rng.choice(["decider", "user"], 150),
            "score": rng.normal(7, 1, 150) + rng.normal(0, 1, 30)[account],
        }
    )


def error(weights, data):
    design = SurveyDesign(weights, clusters=data.dnum, population=757)
    return survey.mean(data.api00, design).standard_error


def test_plain_and_post_stratified_errors_are_those_of_r(districts):
    """R survey 4.5, JK1 of apiclus1: 26.32936; after postStratify() by stype 26.93454."""
    assert error(districts.pw, districts) == pytest.approx(26.32936, abs=5e-6)
    cells = weighting.post_stratify(districts.stype, SCHOOLS)
    assert error(cells, districts) == pytest.approx(26.93454, abs=5e-6)


def test_raked_errors_are_those_of_raking_each_replicate_to_convergence(districts):
    """Each district left out and the rest raked anew, by a call of `rake` for each."""
    margins = {"stype": SCHOOLS, "sch.wide": WIDE}
    means = []
    for district in districts.dnum.unique():
        left = districts[districts.dnum != district]
        weights = weighting.rake(left, margins).values
        means.append(np.average(left.api00, weights=weights))
    by_hand = 14 / 15 * (1 - 15 / 757) * ((means - np.mean(means)) ** 2).sum()
    found = error(weighting.rake(districts, margins), districts)
    assert found == pytest.approx(by_hand**0.5, rel=1e-8)


def test_raked_errors_are_those_of_r_where_raking_stops_as_r_does(districts):
    """R survey 4.5, rake() of the JK1 design: 26.87347. Its default stops at one school, which
    four rounds reach; to convergence it is 26.87398."""
    margins = {"stype": SCHOOLS, "sch.wide": WIDE}
    rows = ResolvedDesign.of(districts.api00, clusters=districts.dnum, population=757)
    leaving, means = Leaving(rows.stages[0], rows.whole, None), {4: [], None: []}
    for district in districts.dnum.unique():
        left = districts[districts.dnum != district]
        for rounds, found in means.items():
            weights = weighting.rake(left, margins, rounds=rounds)
            found.append(np.average(left.api00, weights=weights.values))
    for rounds, published in ((4, 26.87347), (None, 26.87398)):
        off = leaving.scaled(np.array(means[rounds]))
        assert (off @ off) ** 0.5 == pytest.approx(published, abs=5e-6)


def test_raking_that_ends_early_says_so_and_lets_an_interval_be_given(customers):
    margins = {
        "tier": pd.Series({"A": 0.2, "B": 0.8}),
        "role": pd.Series({"decider": 3, "user": 7}),
    }
    margins = {name: of / of.sum() for name, of in margins.items()}
    whole, early = (weighting.rake(customers, margins, rounds=n) for n in (None, 1))
    assert whole.converged
    assert not early.converged
    assert early.iterations == 1
    apart = [survey.mean(customers.score, SurveyDesign(one, clusters=customers.account))
             for one in (whole, early)]  # fmt: skip
    assert apart[1].standard_error == pytest.approx(apart[0].standard_error, rel=0.02)


@pytest.mark.parametrize("rounds", [0, -3])
def test_raking_goes_through_the_margins_at_least_once(customers, rounds):
    with pytest.raises(ValueError, match="from 1, not"):
        weighting.rake(customers, {"tier": pd.Series({"A": 1, "B": 1})}, rounds=rounds)


def left_out(people, statistic, margins):
    """A statistic without each account, by a call of `rake` for each."""
    found = []
    for account in people.account.unique():
        left = people[people.account != account]
        found.append(statistic(left, weighting.rake(left, margins).values))
    return np.array(found)


MARGINS = {
    "tier": pd.Series({"A": 500, "B": 1500}),
    "role": pd.Series({"decider": 900, "user": 1100}),
}


@pytest.mark.parametrize(
    ("estimate", "statistic"),
    [
        (
            lambda p, d: survey.mean(p.score, d),
            lambda p, w: np.average(p.score, weights=w),
        ),
        (
            lambda p, d: survey.proportion(p.score > 7, d),
            lambda p, w: np.average(p.score > 7, weights=w),
        ),
        (
            lambda p, d: survey.mean(p.score, d.where(p.role == "user")),
            lambda p, w: np.average(p.score, weights=w * (p.role == "user")),
        ),
        (
            lambda p, d: survey.ratio(p.score, p.score**2 + p.account, d),
            lambda p, w: (w @ p.score) / (w @ (p.score**2 + p.account)),
        ),
        (
            lambda p, d: survey.difference(
                p.score.where(p.role == "user"), p.score.where(p.role != "user"), d
            ),
            lambda p, w: (
                np.average(p.score, weights=w * (p.role != "user"))
                - np.average(p.score, weights=w * (p.role == "user"))
            ),
        ),
    ],
    ids=["mean", "share", "domain", "ratio", "difference"],
)
def test_every_estimate_is_raked_again_without_each_account(customers, estimate, statistic):
    design = SurveyDesign(weighting.rake(customers, MARGINS), clusters=customers.account)
    moved = left_out(customers, statistic, MARGINS)
    count = len(moved)
    by_hand = (count - 1) / count * ((moved - moved.mean()) ** 2).sum()
    assert estimate(customers, design).standard_error ** 2 == pytest.approx(by_hand, rel=1e-7)


def test_weights_read_from_a_table_are_fitted_again_as_those_just_made(customers):
    design = SurveyDesign(weighting.rake(customers, MARGINS), clusters=customers.account)
    stored = SurveyDesign.from_frame(design.to_frame())
    assert survey.mean(customers.score, stored) == survey.mean(customers.score, design)


def test_an_account_that_alone_has_a_category_leaves_an_error_all_the_same(customers):
    """Without it the two margins contradict each other."""
    only = customers.assign(tier=np.where(customers.account == 29, "A", "B"))
    design = SurveyDesign(weighting.rake(only, MARGINS), clusters=only.account)
    found = survey.mean(only.score, design)
    assert 0 < found.standard_error < 5
    assert np.isfinite([found.low, found.high]).all()


def test_waves_are_fitted_each_to_its_own_totals_again(customers):
    design = SurveyDesign(weighting.rake(customers, MARGINS), clusters=customers.account)
    later = customers.score + np.tile([0.0, 1.0], 75)
    found = survey.difference(customers.score, later, (design, design))
    moved = left_out(
        customers.assign(change=later - customers.score),
        lambda p, w: np.average(p.change, weights=w), MARGINS,
    )  # fmt: skip
    count = len(moved)
    by_hand = (count - 1) / count * ((moved - moved.mean()) ** 2).sum()
    assert found.standard_error**2 == pytest.approx(by_hand, rel=1e-7)


def test_a_stratum_stands_in_for_the_account_left_out_of_it(rng):
    """JKn by hand: those left in a stratum of n accounts count n / (n - 1)."""
    stratum = np.repeat(["key", "core"], [5, 11])
    weight, score = rng.uniform(1, 3, 16), rng.normal(size=16)
    moved = []
    for left in range(16):
        size = (stratum == stratum[left]).sum()
        w = weight * np.where(stratum == stratum[left], size / (size - 1), 1.0)
        w[left] = 0
        moved.append(np.average(score, weights=w))
    by_hand = 0.0
    for name, size in (("key", 5), ("core", 11)):
        part = np.array(moved)[stratum == name]
        by_hand += (size - 1) / size * ((part - part.mean()) ** 2).sum()
    found = survey.mean(score, SurveyDesign(weight, strata=stratum))
    assert found.standard_error**2 == pytest.approx(by_hand)


def test_degrees_of_freedom_are_those_of_the_smaller_side():
    """Satterthwaite for 12 of 310 accounts: little more than the 11 of the 12."""
    score = pd.Series(np.random.default_rng(4).normal(size=310))
    group = pd.Series(np.arange(310) < 12)
    found = survey.difference(
        score.where(~group), score.where(group), SurveyDesign(clusters=range(310))
    )
    assert 11 < found.degrees_of_freedom < 13


def test_degrees_of_freedom_are_bell_and_mccaffreys(rng):
    """The trace formula with whole matrices, for unequal weights and accounts."""
    account, weight = rng.integers(0, 12, 60), rng.lognormal(0, 1, 60)
    share = weight / weight.sum()
    moves = np.zeros((12, 60))
    for unit in range(12):
        own = (account == unit) * share
        moves[unit] = (own - own.sum() * share) / (1 - own.sum())
    moves -= moves.mean(axis=0)
    spread = moves @ moves.T
    by_hand = np.trace(spread) ** 2 / np.trace(spread @ spread)
    found = survey.mean(rng.normal(size=60), SurveyDesign(weight, clusters=account))
    assert found.degrees_of_freedom == pytest.approx(by_hand)


@pytest.mark.parametrize("accounts", [30, 200])
def test_linearised_errors_serve_from_fifty_effective_accounts_on(rng, accounts):
    account, score = np.repeat(np.arange(accounts), 2), rng.normal(size=2 * accounts)
    design = SurveyDesign(clusters=account)
    found, taylor = survey.mean(score, design), survey.mean(score, design.linearised())
    assert taylor.degrees_of_freedom == accounts - 1
    assert (found == taylor) is (accounts - 1 >= FEW)


def test_a_test_and_its_interval_agree_though_the_interval_leans(rng):
    for _ in range(40):
        score = np.where(rng.random(25) < 0.6, 10.0, rng.integers(0, 10, 25)) - 8
        found = survey.mean(score, SurveyDesign(rng.lognormal(0, 1, 25), clusters=range(25)))
        assert (found.p_value < 0.05) == (not found.low <= 0 <= found.high)


def test_an_interval_reaches_farther_to_the_side_of_the_tail():
    score = np.r_[np.full(15, 10.0), np.arange(10.0)]  # three in five at the ceiling
    found = survey.mean(score, SurveyDesign(clusters=range(25)))
    assert found.value - found.low > 1.2 * (found.high - found.value)


def test_a_side_from_one_account_is_not_compared():
    design = SurveyDesign(clusters=["a", "a", "b", "c"])
    with pytest.raises(ValueError, match="from a single account"):
        survey.difference([7, 8, None, None], [None, None, 5, 6], design)
