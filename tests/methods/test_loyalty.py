"""Net promoter, top shares and account scores."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.methods import loyalty, survey
from helpers.methods.survey import SurveyDesign


def people_of(rng, accounts, icc, *, mean=70.0, sizes=(1, 2, 3, 5)):
    """Answers on a 0-100 index with a planted intraclass correlation."""
    truth = rng.normal(0, (100 * icc) ** 0.5, accounts)
    account = np.repeat(np.arange(accounts), rng.choice(sizes, accounts))
    noise = rng.normal(0, (100 * (1 - icc)) ** 0.5, len(account))
    return mean + truth, pd.DataFrame({"account": account, "score": mean + truth[account] + noise})


def test_net_promoter_by_hand():
    """45 promoters, 30 passives, 25 detractors: 20, with (p + d − (p − d)²) / (n − 1)."""
    scores = [10] * 20 + [9] * 25 + [8] * 20 + [7] * 10 + [6] * 15 + [0] * 10
    found = survey.net_promoter(scores)
    assert found.value == pytest.approx(20)
    assert found.standard_error == pytest.approx(100 * ((0.7 - 0.04) / 99) ** 0.5)


def test_net_promoter_of_the_airport_survey(shared):
    """SFO 2017: 39.8 unweighted, 40.4 with the airport's weight, n 2,746."""
    data = pd.read_csv(shared / "data" / "sfo" / "survey_2017.csv.gz", low_memory=False)
    score = data["NETPRO"].where(data["NETPRO"].between(0, 10))
    assert survey.net_promoter(score).base == 2746
    assert survey.net_promoter(score).value == pytest.approx(39.8, abs=0.05)
    weighted = survey.net_promoter(score, SurveyDesign(weights=data["WEIGHT"]))
    assert weighted.value == pytest.approx(40.4, abs=0.05)


def test_net_promoter_is_promoters_less_detractors(rng):
    scores = pd.Series(rng.integers(0, 11, 200))
    accounts = rng.integers(0, 50, 200)
    promoters = survey.proportion(scores >= 9, SurveyDesign(clusters=accounts)).value
    detractors = survey.proportion(scores <= 6, SurveyDesign(clusters=accounts)).value
    found = survey.net_promoter(scores, SurveyDesign(clusters=accounts))
    assert found.value == pytest.approx(100 * (promoters - detractors))


def test_net_promoter_stays_on_its_scale():
    assert survey.net_promoter([10] * 9 + [8]).high == 100


def test_top_share_counts_from_its_cut_off_and_leaves_gaps_out():
    found = loyalty.top_share([5, 4, 3, np.nan, 1], top=4)
    assert (found.value, found.base) == (0.5, 4)


@pytest.mark.parametrize("odd", [11, -1, 8.5, 99])
def test_answers_off_the_scale_are_refused(odd):
    with pytest.raises(ValueError, match="each person's own answer"):
        survey.net_promoter([9, 8, odd])


def test_shrinkage_by_hand():
    """Two people an account, means 80 and 60: within 8, between (400/2·2 − 8)/2 = 196."""
    found = loyalty.account_scores([82, 78, 62, 58], ["a", "a", "b", "b"])
    between, within = (400.0 - 8) / 2, 8.0
    assert found.icc == pytest.approx(between / (between + within))
    reliability = between / (between + within / 2)
    assert found.reliability == pytest.approx(reliability)
    assert found.table["shrunk"].tolist() == pytest.approx(
        [70 + 10 * reliability, 70 - 10 * reliability]
    )


def test_planted_intraclass_correlation_is_recovered(rng):
    _, people = people_of(rng, 4000, 0.35)
    found = loyalty.account_scores(people.score, people.account)
    assert found.icc == pytest.approx(0.35, abs=0.02)
    assert found.base == len(people)


def test_intervals_cover_the_accounts_truth(rng):
    truth, people = people_of(rng, 3000, 0.35)
    table = loyalty.account_scores(people.score, people.account).table
    covered = (table["low"] <= truth) & (truth <= table["high"])
    assert covered.mean() == pytest.approx(0.95, abs=0.015)


def test_shrunk_scores_are_nearer_the_truth_than_raw_ones(rng):
    truth, people = people_of(rng, 500, 0.35)
    table = loyalty.account_scores(people.score, people.account).table
    raw = ((table["score"] - truth) ** 2).mean()
    assert ((table["shrunk"] - truth) ** 2).mean() < 0.75 * raw


def test_fewer_answers_are_drawn_further(rng):
    _, people = people_of(rng, 300, 0.35)
    table = loyalty.account_scores(people.score, people.account).table
    kept = (table["shrunk"] - 70).abs() / (table["score"] - 70).abs()
    by_size = kept.groupby(table["respondents"]).median()
    assert by_size.is_monotonic_increasing


def test_waves_keep_their_own_mean(rng):
    _, first = people_of(rng, 200, 0.4, mean=60)
    _, second = people_of(rng, 200, 0.4, mean=80)
    people = pd.concat([first, second], keys=["2025H2", "2026H1"], names=["wave"]).reset_index()
    found = loyalty.account_scores(people.score, people.account, by=people.wave)
    assert found.table.columns.tolist() == [
        "wave", "account_id", "score", "respondents", "shrunk", "low", "high",
        "reliability",
    ]  # fmt: skip
    means = found.table.groupby("wave")["shrunk"].mean()
    assert means["2025H2"] == pytest.approx(60, abs=2)
    assert means["2026H1"] == pytest.approx(80, abs=2)
    assert found.icc == pytest.approx(0.4, abs=0.1)


def test_unused_pandas_categories_make_no_rows():
    accounts = pd.Categorical(list("aabb"), categories=list("abcd"))
    assert len(loyalty.account_scores([1, 2, 5, 6], accounts).table) == 2


def test_weights_move_a_score_and_cost_reliability():
    scores, accounts = [90, 70, 50, 60, 70, 72, 40, 48, 80, 76], list("aabbccddee")
    plain = loyalty.account_scores(scores, accounts).table
    tilted = loyalty.account_scores(
        scores, accounts, design=SurveyDesign(weights=[3] + [1] * 9)
    ).table
    assert tilted["score"].tolist()[:2] == [85, 55]
    assert (tilted["high"] - tilted["low"])[0] > (plain["high"] - plain["low"])[0]


def test_one_respondent_an_account_is_said_and_not_shrunk():
    found = loyalty.account_scores([9, 7, 5], ["a", "b", "c"])
    assert found.table["shrunk"].tolist() == found.table["score"].tolist()
    assert found.table["low"].isna().all()
    assert np.isnan(found.reliability)
    assert "Too few accounts have two respondents" in found.notes[0]


def test_answers_that_are_all_the_same_have_no_spread_and_not_too_few_accounts():
    """0.1 forty times: the rounding of its means is no difference between accounts."""
    found = loyalty.account_scores([0.1] * 40, np.repeat(np.arange(13), 4)[:40])
    assert found.table["low"].isna().all()
    assert np.isnan(found.icc)
    assert found.notes[0].startswith("Every answer is the same")


def test_a_declared_correlation_shrinks_accounts_that_are_averages():
    """Averages of 100 people at icc .05: reliability 5 / 5.95 = 0.84."""
    found = loyalty.account_scores(
        [70, 80, 90], ["a", "b", "c"], respondents=[100, 100, 100], icc=0.05
    )
    assert found.reliability == pytest.approx(5 / 5.95)
    assert found.table["respondents"].tolist() == [100, 100, 100]
    assert found.base == 300


def test_accounts_that_differ_by_chance_alone_all_get_the_mean():
    found = loyalty.account_scores([1, 9, 9, 1, 1, 9], list("aabbcc"))
    assert found.icc == 0
    assert found.table["shrunk"].tolist() == pytest.approx([5, 5, 5])
    assert "no more than chance" in found.notes[0]


def test_answers_without_an_account_have_no_part_in_the_scores_of_accounts():
    known = loyalty.account_scores([9, 8, 2, 3], list("aabb"))
    found = loyalty.account_scores([9, 8, 2, 3, 1], ["a", "a", "b", "b", None])
    pd.testing.assert_frame_equal(found.table, known.table)
    assert found.base == 4
    assert found.notes[-1].startswith("1 answer has no known account")


@pytest.mark.parametrize(
    ("scores", "accounts", "options", "advice"),
    [
        ([9, 8], ["a", "a"], {}, "at least two accounts"),
        ([9, 8], ["a", "b"], {"icc": 1.5}, "between 0 and 1"),
        ([9, 8, 7], ["a", "b", "a"], {"confidence": 95}, "write 95 % as 0.95"),
        ([9, 8], ["a", "b"], {"respondents": [1, -1]}, "is negative for row 1"),
    ],
)
def test_account_refusals_say_what_to_do(scores, accounts, options, advice):
    with pytest.raises(ValueError, match=advice):
        loyalty.account_scores(scores, accounts, **options)
