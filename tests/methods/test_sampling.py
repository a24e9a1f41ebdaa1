"""Coverage and response rates, worked by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.methods import sampling, stats

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
    assert tuple(table.loc["rr1", ["low", "high"]]) == stats.wilson(240, 800)
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
