"""One measure as respondents, accounts and revenue see it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.methods import survey, weighting
from helpers.methods.survey import SurveyDesign


@pytest.fixture
def people(rng):
    """120 accounts of one to five people; the large ones are less happy."""
    account = np.repeat(np.arange(120), rng.integers(1, 6, 120))
    leaning = rng.normal(0, 1, 120) - (np.arange(120) < 10)
    return pd.DataFrame(
        {"account": account, "score": 7 + leaning[account] + rng.normal(0, 1, len(account))}
    )


@pytest.fixture
def revenue():
    return pd.Series(np.where(np.arange(120) < 10, 900.0, 100.0), index=np.arange(120))


def test_three_ways_by_hand():
    """a answered 9, 9, 8 and b 4, c 5: people 7, accounts (8 2/3 + 4 + 5) / 3, revenue by 900,
    100, 100."""
    money = pd.Series({"a": 900.0, "b": 100.0, "c": 100.0})
    found = survey.estimands([9, 9, 8, 4, 5], list("aaabc"), money, top=1)
    values = found.table.set_index("estimand")["value"]
    means = 26 / 3, 4, 5
    assert values["respondents"] == pytest.approx(7)
    assert values["accounts"] == pytest.approx(sum(means) / 3)
    assert values["revenue"] == pytest.approx((900 * means[0] + 100 * 4 + 100 * 5) / 1100)
    assert found.top_share == pytest.approx(900 / 1100)
    assert found.without_top.value == pytest.approx(4.5)


def test_one_vote_an_account_is_the_plain_mean_of_their_means(people):
    found = survey.estimands(people.score, people.account).estimates["accounts"]
    plain = survey.mean(people.groupby("account").score.mean())
    assert found.value == pytest.approx(plain.value)
    assert found.standard_error == pytest.approx(plain.standard_error)
    assert (found.low, found.high) == pytest.approx((plain.low, plain.high))


def test_respondents_are_the_clustered_mean(people, revenue):
    found = survey.estimands(people.score, people.account, revenue)
    assert found.estimates["respondents"] == survey.mean(
        people.score, SurveyDesign(clusters=people.account)
    )


def test_calibrated_weights_reach_the_respondents(people):
    tier = pd.Series(np.where(people.account % 2 == 0, "A", "B"))
    weights = weighting.post_stratify(tier, pd.Series({"A": 700, "B": 300}))
    found = survey.estimands(
        people.score, people.account, design=SurveyDesign(weights=weights)
    ).estimates["respondents"]
    assert found == survey.mean(
        people.score, SurveyDesign(weights=weights, clusters=people.account)
    )


def test_the_jackknife_is_done_by_leaving_out_each_account(people, revenue):
    found = survey.estimands(people.score, people.account, revenue).estimates["revenue"]
    means = people.groupby("account").score.mean()
    left = [np.average(means.drop(a), weights=revenue.drop(a)) for a in means.index]
    by_hand = 119 / 120 * np.sum((np.array(left) - found.value) ** 2)
    assert found.standard_error**2 == pytest.approx(by_hand)


def test_effective_accounts_fall_with_concentration(people, revenue):
    table = survey.estimands(people.score, people.account, revenue).table.set_index("estimand")
    assert table.loc["accounts", "effective_accounts"] == pytest.approx(120)
    assert table.loc["revenue", "effective_accounts"] == pytest.approx(
        revenue.sum() ** 2 / (revenue**2).sum()
    )
    assert table.loc["revenue", "effective_base"] < table.loc["respondents", "effective_base"]


def test_equal_revenue_is_one_vote_each(people):
    found = survey.estimands(
        people.score, people.account, pd.Series(5.0, index=np.arange(120))
    ).estimates
    assert found["revenue"].value == pytest.approx(found["accounts"].value)
    assert found["revenue"].low == pytest.approx(found["accounts"].low)


def test_accounts_without_revenue_are_counted_and_left_out(people, revenue):
    found = survey.estimands(
        people.score, people.account, revenue.drop([3, 50]).replace(100.0, 50.0)
    )
    assert "2 of 120 accounts with an answer have no revenue" in found.notes[0]
    assert found.estimates["revenue"].clusters == 118


def test_without_revenue_there_are_two_ways(people):
    found = survey.estimands(people.score, people.account)
    assert found.table["estimand"].tolist() == ["respondents", "accounts"]
    assert np.isnan(found.top_share)
    assert found.without_top is None


def test_missing_answers_leave_their_account_out(people, revenue):
    holes = people.score.where(people.account > 0)
    accounts = people.account.astype(object).where(people.account > 0)
    found = survey.estimands(holes, accounts, revenue)
    assert found.estimates["accounts"].clusters == 119
    assert found.base == (people.account > 0).sum()


def test_answers_without_an_account_count_among_the_respondents_only():
    """a answered 9, 9, 8, b 4 and two whose account nobody knows 1 and 2."""
    scores, accounts = [9, 9, 8, 4, 1, 2], ["a", "a", "a", "b", None, None]
    money = pd.Series({"a": 900.0, "b": 100.0})
    found = survey.estimands(scores, accounts, money)
    alone = survey.mean(scores, SurveyDesign(clusters=["a", "a", "a", "b", "c", "d"]))
    assert found.estimates["respondents"] == alone
    assert found.estimates["accounts"].value == pytest.approx((26 / 3 + 4) / 2)
    assert found.estimates["revenue"].value == pytest.approx((900 * 26 / 3 + 400) / 1000)
    assert (found.base, found.estimates["accounts"].base) == (6, 4)
    assert "2 answers have no known account" in found.notes[0]


@pytest.mark.parametrize(
    ("call", "advice"),
    [
        (lambda: survey.estimands([1, 2], ["a", None]), "1 accounts"),
        (lambda: survey.estimands([1, 2], ["a", "a"]), "more clusters than strata|at least 2"),
        (lambda: survey.estimands([1, 2], ["a", "b"], pd.Series({"a": 1.0})), "1 accounts"),
        (
            lambda: survey.estimands([1, 2], ["a", "b"], pd.Series([1, 2], index=["a", "a"])),
            "twice",
        ),
        (lambda: survey.estimands([1, 2], ["a", "b"], confidence=95), "write 95 % as 0.95"),
    ],
)
def test_estimands_that_cannot_be_are_refused(call, advice):
    with pytest.raises(ValueError, match=advice):
        call()
