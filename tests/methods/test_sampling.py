"""Coverage and response rates, worked by hand."""

from __future__ import annotations

import time
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from helpers.methods import sampling, survey
from helpers.methods.survey import SurveyDesign

ENDED = (
    ["complete"] * 240
    + ["partial"] * 20
    + ["refusal"] * 50
    + ["breakoff"] * 10
    + ["noncontact"] * 250
    + ["other"] * 30
    + ["unknown"] * 180
    + ["bounce"] * 20
    + ["ineligible"] * 100
    + ["quarantined"] * 70
    + ["excluded"] * 30
)
LISTED = pd.DataFrame({"account_id": ["007", "a", "b", "c"], "revenue": [5.0, 60.0, 20.0, 15.0]})


def test_six_rates_by_hand():
    """AAPOR (2015), pages 52-53: I 240, P 20, R 60, NC 250, O 30, U 200, e = .5."""
    found = sampling.response_rates(ENDED, eligible_share=0.5)
    assert found.rr1 == 240 / 800
    assert found.rr2 == 260 / 800
    assert found.rr3 == 240 / 700
    assert found.rr4 == 260 / 700
    assert found.rr5 == 240 / 600
    assert found.rr6 == 260 / 600
    assert found.cooperation == 240 / 350
    assert found.contact == 350 / 800
    assert found.base == 800


def test_eligible_share_defaults_to_that_of_the_settled_cases():
    """600 eligible and 100 not among the settled: e = 6/7, and RR3 = 240 / (600 + 1200/7)."""
    found = sampling.response_rates(ENDED)
    assert found.eligible_share == pytest.approx(6 / 7)
    assert found.rr3 == pytest.approx(240 / (600 + 200 * 6 / 7))


def test_with_every_unknown_eligible_rr3_is_rr1_and_with_none_rr5():
    all_in = sampling.response_rates(ENDED, eligible_share=1)
    none_in = sampling.response_rates(ENDED, eligible_share=0)
    assert (all_in.rr3, all_in.rr4) == (all_in.rr1, all_in.rr2)
    assert (none_in.rr3, none_in.rr4) == (none_in.rr5, none_in.rr6)


def test_the_table_tells_each_rate_with_its_interval_and_meaning():
    found = sampling.response_rates(ENDED, eligible_share=0.5)
    table = found.table.set_index("rate")
    assert table.loc["rr1", "value"] == found.rr1
    assert tuple(table.loc["rr1", ["low", "high"]]) == survey.wilson(240, 800)
    assert (table["low"] <= table["value"]).all()
    assert table["meaning"].str.len().min() > 10


def test_every_case_is_counted_once():
    found = sampling.response_rates(ENDED)
    assert found.counts["count"].sum() == len(ENDED)
    assert found.counts.set_index("disposition").loc["bounce", "letter"] == "U"


def test_only_unknown_cases_leave_the_settled_rates_missing():
    found = sampling.response_rates(["unknown"] * 5)
    assert found.rr1 == 0
    assert np.isnan(found.rr5)
    assert np.isnan(found.table.set_index("rate").loc["rr5", "low"])


@pytest.mark.parametrize(
    ("ended", "options", "advice"),
    [
        (["complete", "Complete"], {}, "'Complete' is not a disposition; did you mean 'complete'"),
        (["finished!"], {}, "use one of complete, partial"),
        (["complete", None], {}, "write unknown"),
        (["excluded", "ineligible"], {}, "no case may be eligible"),
        ([], {}, "no case may be eligible"),
        (["complete"], {"eligible_share": 50}, "share from 0 to 1"),
    ],
)
def test_rate_refusals_say_what_to_do(ended, options, advice):
    with pytest.raises(ValueError, match=advice):
        sampling.response_rates(ended, **options)


def test_rates_by_group_are_those_of_each_group_alone():
    tier = np.where(np.arange(len(ENDED)) % 3 == 0, "A", "B")
    found = sampling.response_rates_by(ENDED, tier).set_index("group")
    alone = sampling.response_rates(pd.Series(ENDED)[tier == "A"])
    assert found.loc["A", "rate"] == pytest.approx(alone.rr2)
    assert found.loc["A", "invited"] == alone.base
    assert found["invited"].sum() == 800
    assert found["answered"].sum() == 260


def test_cases_without_a_group_are_shown_as_such():
    found = sampling.response_rates_by(["complete", "refusal"], pd.Series(["A", None]))
    assert found["group"].tolist() == ["A", "not known"]


def test_coverage_by_hand():
    found = sampling.coverage(
        LISTED, invited=["a", "b", "007"], answered=["a", "007", "a"], deciders=["007"]
    )
    table = found.table.set_index("measure")
    assert table["accounts"].to_dict() == {
        "eligible": 4,
        "invited": 3,
        "answered": 2,
        "deciders": 1,
    }
    assert table.loc["answered", "account_share"] == 0.5
    assert table.loc["answered", "revenue"] == 65
    assert table.loc["deciders", "revenue_share"] == 0.05


def test_the_curve_runs_from_the_largest_account_to_all_of_them():
    curve = sampling.coverage(LISTED, answered=["a", "007"]).curve
    assert curve["revenue_share"].tolist() == pytest.approx([0.6, 0.8, 0.95, 1])
    assert curve["covered"].tolist() == [True, False, False, True]
    assert curve["covered_share"].tolist() == pytest.approx([0.6, 0.6, 0.6, 0.65])


def test_an_account_that_is_not_listed_is_named_and_not_matched():
    found = sampling.coverage(LISTED, answered=["7", "a"])
    assert found.unlisted == ("7",)
    assert found.table.set_index("measure").loc["answered", "accounts"] == 1


def test_coverage_of_twenty_thousand_accounts_takes_seconds():
    """Each account is looked up in the list once: the square of their number takes minutes."""
    ids = pd.Series([f"A{i:05}" for i in range(20_000)], dtype="string[pyarrow]")
    listed = pd.DataFrame({"account_id": ids, "revenue": 1.0})
    began = time.process_time()
    found = sampling.coverage(listed, answered=ids, smallest=10)
    assert time.process_time() - began < 20
    assert found.table["accounts"].tolist() == [20_000, 20_000]


def test_coverage_without_revenue_counts_accounts_alone():
    found = sampling.coverage(LISTED[["account_id"]], answered=["a"])
    assert found.table["account_share"].tolist() == [1, 0.25]
    assert found.table["revenue_share"].isna().all()
    assert found.curve["covered"].sum() == 1


def test_an_account_with_unknown_revenue_counts_as_none_and_is_said():
    listed = LISTED.assign(revenue=[np.nan, 60, 20, 20])
    found = sampling.coverage(listed, answered=["007", "a"])
    assert found.without_revenue == 1
    assert found.table.set_index("measure").loc["answered", "revenue_share"] == 0.6


@pytest.mark.parametrize(
    ("listed", "advice"),
    [
        (LISTED.iloc[:0], "list of accounts is empty"),
        (pd.concat([LISTED, LISTED.iloc[:1]]), "'007' is in the list more than once"),
        (LISTED.assign(revenue=-5.0), "negative revenue"),
    ],
)
def test_coverage_refusals_say_what_to_do(listed, advice):
    with pytest.raises(ValueError, match=advice):
        sampling.coverage(listed, answered=["a"])


HAND_WORKED = {  # AAPOR (2015), pages 52-53, with I 30, P 10, R 12, NC 6, O 2, U 40
    "rr1": "30 / ((30 + 10) + (12 + 6 + 2) + 40) = 30 / 100",
    "rr2": "(30 + 10) / 100",
    "rr3": "30 / ((30 + 10) + (12 + 6 + 2) + 0.75 × 40) = 30 / 90",
    "rr4": "(30 + 10) / 90",
    "rr5": "30 / ((30 + 10) + (12 + 6 + 2)) = 30 / 60",
    "rr6": "(30 + 10) / 60",
    "cooperation": "30 / ((30 + 10) + 12 + 2) = 30 / 54",
    "contact": "((30 + 10) + 12 + 2) / 100",
}
BY_HAND = {
    "rr1": Fraction(30, 100),
    "rr2": Fraction(40, 100),
    "rr3": Fraction(30, 90),
    "rr4": Fraction(40, 90),
    "rr5": Fraction(30, 60),
    "rr6": Fraction(40, 60),
    "cooperation": Fraction(30, 54),
    "contact": Fraction(54, 100),
}
TABLE = pd.Series(
    ["complete"] * 30 + ["partial"] * 10 + ["refusal"] * 9 + ["breakoff"] * 3
    + ["noncontact"] * 6 + ["other"] * 2 + ["unknown"] * 33 + ["bounce"] * 7
    + ["ineligible"] * 20 + ["excluded"] * 5 + ["quarantined"] * 5
)  # fmt: skip


@pytest.mark.parametrize("rate", BY_HAND)
def test_the_hand_worked_table_gives_each_rate_exactly(rate):
    """e = 60 / (60 + 20) = .75: settled cases that are eligible, of all that are settled."""
    found = sampling.response_rates(TABLE)
    assert found.eligible_share == 0.75
    assert getattr(found, rate) == float(BY_HAND[rate]), HAND_WORKED[rate]
    assert found.table.set_index("rate").loc[rate, "value"] == float(BY_HAND[rate])


def test_people_kept_out_count_as_unknown_only_if_asked_for():
    """AAPOR code 3.11, no invitation sent: U is then 50, and RR1 30 / 110."""
    found = sampling.response_rates(TABLE, count_kept_out=True)
    assert found.rr1 == 30 / 110
    assert found.rr5 == 30 / 60
    assert found.base == 110
    assert found.counts.set_index("disposition").loc["excluded", "letter"] == "U"


def test_a_bounce_counts_like_silence_and_not_like_somebody_who_has_left():
    silent = sampling.response_rates(TABLE.replace("bounce", "unknown"))
    left = sampling.response_rates(TABLE.replace("bounce", "ineligible"))
    found = sampling.response_rates(TABLE)
    assert [getattr(silent, r) for r in BY_HAND] == [getattr(found, r) for r in BY_HAND]
    assert left.rr1 > found.rr1


def test_an_account_answered_if_any_of_its_people_did():
    ended = ["noncontact", "partial", "complete", "refusal", "unknown", "bounce", "excluded",
             "ineligible", "ineligible", "quarantined"]  # fmt: skip
    owner = ["a", "a", "a", "b", "b", "c", "c", "d", "e", "e"]
    found = sampling.account_dispositions(ended, owner)
    assert found.to_dict() == {
        "a": "complete", "b": "refusal", "c": "bounce", "d": "ineligible", "e": "ineligible",
    }  # fmt: skip
    rates = sampling.response_rates(found, eligible_share=1)
    assert (rates.base, rates.rr1) == (3, 1 / 3)


def test_accounts_answer_at_least_as_often_as_their_people_where_all_count():
    rng = np.random.default_rng(20260630)
    ended = pd.Series(rng.choice(["complete", "noncontact"], 500, p=[0.3, 0.7]))
    owner = pd.Series(rng.integers(0, 120, 500))
    people = sampling.response_rates(ended).rr1
    assert sampling.response_rates(sampling.account_dispositions(ended, owner)).rr1 > people


def test_people_without_an_account_are_not_among_the_rates_of_accounts():
    found = sampling.account_dispositions(["complete", "refusal"], pd.Series(["a", None]))
    assert found.to_dict() == {"a": "complete"}


def test_rates_by_wave_state_each_waves_own_eligible_share():
    waves = np.repeat(["W1", "W2"], [len(TABLE), len(ENDED)])
    both = pd.concat([TABLE, pd.Series(ENDED)], ignore_index=True)
    found = sampling.response_rates_by(both, waves).set_index("group")
    assert found["eligible_share"].tolist() == [0.75, pytest.approx(6 / 7)]
    for wave, alone in (("W1", TABLE), ("W2", ENDED)):
        rates = sampling.response_rates(alone)
        assert found.loc[wave, "rr1":"rr6"].tolist() == [
            getattr(rates, f"rr{n}") for n in range(1, 7)
        ]
    stated = sampling.response_rates_by(both, waves, eligible_share=0.5)
    assert stated["eligible_share"].tolist() == [0.5, 0.5]


def test_a_group_nobody_of_which_was_asked_has_no_rate():
    found = sampling.response_rates_by(["complete", "excluded"], ["A", "B"])
    assert found["group"].tolist() == ["A"]


def test_intervals_of_rates_widen_where_colleagues_answer_together(rng):
    """Forty accounts of five who all answer or all do not: one answer each, as good as forty."""
    together = np.repeat(rng.random(40) < 0.5, 5)
    ended = pd.Series(np.where(together, "complete", "unknown"))
    accounts = np.repeat(np.arange(40), 5)
    plain = sampling.response_rates(ended).table.set_index("rate")
    clustered = sampling.response_rates(ended, SurveyDesign(clusters=accounts)).table.set_index(
        "rate"
    )
    as_one = survey.mean(together[::5].astype(float), SurveyDesign(clusters=range(40)))
    width = clustered.loc["rr1", "high"] - clustered.loc["rr1", "low"]
    assert width == pytest.approx(as_one.high - as_one.low)
    assert width > 2 * (plain.loc["rr1", "high"] - plain.loc["rr1", "low"])
    assert clustered["value"].tolist() == plain["value"].tolist()


@pytest.mark.parametrize(
    "rate", ["rr1", "rr2", "rr3", "rr4", "rr5", "rr6", "cooperation", "contact"]
)
def test_clustered_intervals_hold_the_rate_they_are_of(rng, rate):
    kinds = ["complete", "partial", "refusal", "noncontact", "unknown", "ineligible", "excluded"]
    ended = pd.Series(rng.choice(kinds, 400))
    found = sampling.response_rates(ended, SurveyDesign(clusters=rng.integers(0, 100, 400)))
    row = found.table.set_index("rate").loc[rate]
    assert row["low"] < row["value"] < row["high"]
    assert (row["low"] + row["high"]) / 2 == pytest.approx(row["value"])


def by_hand(ended: pd.Series, accounts: pd.Series) -> tuple[float, float]:
    """RR2 as a ratio of two totals, one group alone."""
    asked = ~ended.isin(["ineligible", "excluded"])
    came = ended[asked].isin(["complete", "partial"]).astype(float)
    ones = pd.Series(1.0, index=came.index)
    found = survey.ratio(came, ones, SurveyDesign(clusters=accounts[asked])).clipped(0, 1)
    return found.low, found.high


@pytest.mark.parametrize("largest", [1, 150], ids=["many accounts", "one dominates"])
def test_many_groups_at_once_have_the_intervals_of_each_alone(rng, largest):
    kinds = ["complete", "partial", "refusal", "noncontact", "unknown", "ineligible", "excluded"]
    ended = pd.Series(rng.choice(kinds, 600))
    accounts = pd.Series(np.maximum(rng.integers(0, 200, 600), largest))
    groups = pd.Series(rng.integers(0, 140, 600) % 7).astype(str)
    table = sampling.response_rates_by(ended, groups, SurveyDesign(clusters=accounts)).set_index(
        "group"
    )
    for name, row in table.iterrows():
        here = groups == name
        assert (row["low"], row["high"]) == pytest.approx(
            by_hand(ended[here], accounts[here]), abs=1e-12
        )


def test_a_group_of_one_account_has_the_interval_of_people():
    ended, one = ["complete", "refusal", "complete", "unknown"], ["A", "A", "B", "B"]
    found = sampling.response_rates_by(ended, one, SurveyDesign(clusters=["v", "v", "w", "x"]))
    alone = sampling.response_rates_by(ended, one)
    assert found.loc[0, ["low", "high"]].equals(alone.loc[0, ["low", "high"]])
    assert not found.loc[1, ["low", "high"]].equals(alone.loc[1, ["low", "high"]])


def test_a_case_without_an_account_is_refused():
    with pytest.raises(ValueError, match="clusters is missing for 1 of 2 cases"):
        sampling.response_rates(["complete", "refusal"], SurveyDesign(clusters=["a", None]))


@pytest.mark.parametrize("size", [600, 90], ids=["many accounts", "few accounts"])
def test_rates_are_as_sure_as_the_strata_that_accounts_were_drawn_in_make_them(rng, size):
    """Key accounts answer far more often: what strata explain is no error of the whole rate."""
    accounts = np.arange(size) // 3
    strata = np.where(accounts < accounts.max() / 2, "key", "core")
    ended = pd.Series(np.where(rng.random(size) < np.where(strata == "key", 0.9, 0.2),
                               "complete", "unknown"))  # fmt: skip
    design = SurveyDesign(strata=strata, clusters=accounts)
    came, one = (ended == "complete").astype(float), pd.Series(1.0, index=ended.index)
    for rates in (sampling.response_rates(ended, design).table.set_index("rate").loc["rr1"],
                  sampling.response_rates_by(ended, one, design).iloc[0]):  # fmt: skip
        by_hand = survey.ratio(came, one, design)
        assert (rates["low"], rates["high"]) == pytest.approx((by_hand.low, by_hand.high), rel=1e-3)
    half = pd.Series(np.where(np.arange(size) % 2, "odd", "even"))
    for name, row in sampling.response_rates_by(ended, half, design).set_index("group").iterrows():
        inside = design.where((half == name).to_numpy())
        by_hand = survey.ratio(came, one, inside)
        assert (row["low"], row["high"]) == pytest.approx((by_hand.low, by_hand.high), rel=0.02)


def test_a_stratum_of_which_one_account_was_asked_joins_another_for_rates():
    """Of the first stratum one account was asked and one kept out."""
    ended = ["complete", "excluded", "complete", "unknown", "complete", "unknown"]
    design = SurveyDesign(strata=list("xxyyzz"), clusters=list("abcdef"))
    found = sampling.response_rates(ended, design).table.set_index("rate").loc["rr1"]
    assert found["low"] <= found["value"] <= found["high"]
    assert found["low"] < found["high"]


def two_strata() -> tuple[pd.DataFrame, pd.DataFrame, pd.Series]:
    """Six people of three key accounts, asked whole; four of two core accounts of eight."""
    people = pd.DataFrame({"contact_id": list("abcdefghij"), "account_id": list("uuvvwwxxyy"),
                           "stratum": ["Key"] * 6 + ["Core"] * 4})  # fmt: skip
    asked = people.assign(inclusion_probability=[1.0] * 6 + [0.25] * 4)
    return people, asked, people["stratum"]


def test_a_stratum_asked_and_answered_whole_has_no_sampling_error():
    people, asked, strata = two_strata()
    size = sampling.finite_population(people, asked, strata=strata, clusters=people["account_id"])
    assert size.groupby(strata).first().to_dict() == {"Core": 8.0, "Key": 3.0}
    design = SurveyDesign([1.0] * 10, strata, people["account_id"], size)
    scores = pd.Series([1.0, 9, 4, 6, 2, 8, 3, 8, 5, 5])
    assert survey.mean(scores, design.where(strata == "Key")).standard_error == 0
    assert survey.mean(scores, design.where(strata == "Core")).standard_error > 0


def test_an_account_is_known_only_as_far_as_its_people_answered():
    """All three key accounts answer, by half of their people: half of the variance is left."""
    people, asked, strata = two_strata()
    seen = people.iloc[[0, 2, 4, 6, 7, 8, 9]]
    size = sampling.finite_population(
        seen, asked, strata=strata[seen.index], clusters=seen["account_id"]
    )
    assert size.groupby(strata[seen.index]).first().to_dict() == {"Core": 8.0, "Key": 6.0}


def test_a_merged_stratum_counts_everybody_on_the_list_of_both():
    people, asked, strata = two_strata()
    size = sampling.finite_population(
        people, asked, strata=strata.map(lambda _: "Core and Key"), clusters=people["account_id"]
    )
    assert size.unique().tolist() == [pytest.approx(5 * 22 / 10)]


@pytest.mark.parametrize(
    "change",
    [
        lambda asked: None,
        lambda asked: asked.drop(columns="inclusion_probability"),
        lambda asked: asked.assign(inclusion_probability=[None] + [0.5] * 9),
        lambda asked: asked.assign(inclusion_probability=0.0),
        lambda asked: asked.iloc[1:],
    ],
    ids=["nobody invited", "no chances", "a chance is missing", "no chance", "one not invited"],
)
def test_without_the_chance_of_everybody_the_list_has_no_size(change):
    people, asked, strata = two_strata()
    assert sampling.finite_population(people, change(asked), strata=strata) is None
