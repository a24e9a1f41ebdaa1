"""Groups and other companies: what was tested, how often, and how sure a position is."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from helpers.errors import NotEstimable
from helpers.methods import loyalty, survey
from helpers.methods.survey import SurveyDesign
from helpers.methods.survey.estimates import wilson

POLICY = SimpleNamespace(suppress=10, test=30, flag=100)


@pytest.fixture
def two(rng):
    """Two halves of 200, the one three points above the other."""
    half = np.repeat(["web", "phone"], 200)
    return pd.Series(rng.normal(70, 10, 400) + 3 * (half == "web")), pd.DataFrame({"mode": half})


def test_two_groups_are_one_comparison_told_from_both_sides(two):
    points, columns = two
    found = loyalty.breakdown(points, columns, POLICY)
    assert found.comparisons == 1
    table = found.table.set_index("group")
    one, other = table.loc["web"], table.loc["phone"]
    assert one["difference"] == pytest.approx(-other["difference"])
    assert (one["difference_low"], one["difference_high"]) == pytest.approx(
        (-other["difference_high"], -other["difference_low"])
    )
    plain = survey.difference(points[200:], points[:200])
    assert one["difference_low"] == pytest.approx(plain.low)
    assert one["p_adjusted"] == pytest.approx(other["p_adjusted"])


def test_a_third_group_makes_every_group_a_comparison(two):
    points, columns = two
    third = columns.assign(mode=np.where(np.arange(400) % 4 == 0, "paper", columns["mode"]))
    assert loyalty.breakdown(points, third, POLICY).comparisons == 3


def test_what_was_tested_is_said_of_every_group(two):
    points, columns = two
    columns["team"] = np.where(np.arange(400) < 385, "most", "few")
    columns["team"] = columns["team"].where(np.arange(400) < 399, None)
    table = loyalty.breakdown(points, columns, POLICY).table.set_index("group")
    tested = table["tested"].to_dict()
    assert tested == {"phone": True, "web": True, "few": False, "most or not known": False}
    assert table.loc["few", "remark"] == "too few to test"
    assert table.loc[~table["tested"], "difference"].isna().all()


def test_people_of_one_account_count_as_one_in_groups_and_in_tests(two):
    """Each answer given four times by one account: intervals twice as wide."""
    points, columns = two
    repeated = points[::4].repeat(4).set_axis(points.index)
    accounts = np.arange(400) // 4
    alone = loyalty.breakdown(repeated, columns, POLICY).table
    held = loyalty.breakdown(repeated, columns, POLICY, SurveyDesign(clusters=accounts)).table
    for low, high in (("low", "high"), ("difference_low", "difference_high")):
        wider = (held[high] - held[low]) / (alone[high] - alone[low])
        assert wider.between(1.9, 2.2).all()


def test_a_column_of_one_group_is_no_grouping(two):
    points, columns = two
    columns["country"] = "CH"
    columns.loc[:1, "mode"], points[:2] = "never answered", np.nan
    groups = loyalty.breakdown(points, columns, POLICY).table
    assert groups[["column", "group"]].values.tolist() == [["mode", "phone"], ["mode", "web"]]
    with pytest.raises(NotEstimable, match="two groups that answered"):
        loyalty.breakdown(points, columns[["country"]], POLICY)


def test_a_group_says_once_why_little_is_told_of_it(rng):
    """People of no known group are withheld to hide the few of B; a hundred are no small base."""
    regions = np.repeat(["A", "B", "not known"], [100, 5, 12])
    points = pd.Series(rng.normal(70, 10, 117))
    found = loyalty.breakdown(points, pd.DataFrame({"region": regions}), POLICY).table
    remarks = found.set_index("group")["remark"].to_dict()
    assert remarks == {"A": "too few to test", "B": "withheld", "not known": "withheld"}
    half = pd.DataFrame({"region": np.repeat(["A", "B"], [100, 99])})
    found = loyalty.breakdown(pd.Series(rng.normal(70, 10, 199)), half, POLICY).table
    assert found["remark"].tolist() == ["", "small base"]


@pytest.mark.parametrize("number", ["value", "low", "high", "shrunken", "difference"])
def test_a_result_that_shows_a_number_of_a_group_that_may_not_is_refused(two, number):
    points, columns = two
    columns["team"] = np.where(np.arange(400) < 395, "most", "few")
    found = loyalty.breakdown(points, columns, POLICY)
    table = found.table.assign(**{number: 1.0})
    reason = "not tested has a difference" if number == "difference" else "withheld shows a number"
    with pytest.raises(ValueError, match=reason):
        replace(found, table=table)


def test_a_group_whose_others_are_too_few_is_not_tested(two):
    points, columns = two
    columns["team"] = np.where(np.arange(400) < 380, "most", "few")
    table = loyalty.breakdown(points, columns, POLICY).table.set_index("group")
    assert table.loc[["most", "few"], "remark"].tolist() == ["too few to test"] * 2


def test_a_way_of_grouping_that_is_withheld_has_no_test_of_its_own(rng):
    """The pilot is the North but for three people: that it differs would tell of the three."""
    region = np.repeat(["North", "South", "East"], [50, 40, 40])
    pilot = np.where((region == "North") & (np.arange(130) > 2), "in", "out")
    points = pd.Series(rng.normal(70, 10, 130) + 9 * (region == "North"))
    found = loyalty.breakdown(points, pd.DataFrame({"region": region, "pilot": pilot}), POLICY)
    assert found.table.groupby("column")["withheld"].all().to_dict() == {
        "region": False,
        "pilot": True,
    }
    assert found.kinds["column"].tolist() == ["region"]


def test_people_of_whom_no_group_is_known_are_not_set_against_the_others(two):
    points, columns = two
    columns["mode"] = columns["mode"].where(np.arange(400) % 8 > 0, None)
    table = loyalty.breakdown(points, columns, POLICY).table.set_index("group")
    assert table["tested"].to_dict() == {"phone": True, "web": True, "not known": False}
    assert table.loc["not known", "remark"] == "not a group, so not tested"
    columns["mode"] = columns["mode"].where(columns["mode"] == "phone", None)
    alone = loyalty.breakdown(points, columns, POLICY).table.set_index("group")
    assert alone["difference"].notna().to_dict() == {"phone": True, "not known": False}


def test_a_group_of_one_account_is_not_tested(two):
    points, columns = two
    firms = SurveyDesign(clusters=np.where(columns["mode"] == "web", np.arange(400), -1))
    assert not loyalty.breakdown(points, columns, POLICY, firms).table["tested"].any()
    points[100:200] = np.nan  # the other accounts of the web did not answer
    firms = SurveyDesign(clusters=np.where(np.arange(400) < 100, -1, np.arange(400)))
    assert not loyalty.breakdown(points, columns, POLICY, firms).table["tested"].any()


def test_one_respondent_is_not_tested_whatever_the_policy(two):
    points, columns = two
    columns["team"] = np.where(np.arange(400) < 399, "most", "one")
    every = SimpleNamespace(suppress=1, test=1, flag=1)
    table = loyalty.breakdown(points, columns, every).table.set_index("group")
    assert table.loc[["most", "one"], "tested"].tolist() == [False, False]


def test_groups_that_all_answer_alike_do_not_differ_by_rounding():
    """Everyone answers 0.1; weighted means differ in the last bit."""
    columns = pd.DataFrame({"tier": np.repeat(list("ABC"), 40)})
    weights = pd.Series(np.linspace(0.5, 1.5, 120))
    whole = loyalty.breakdown(pd.Series([0.1] * 120), columns, POLICY, SurveyDesign(weights))
    assert whole.best is None
    found = whole.table
    assert (found[["difference", "difference_low", "difference_high"]] == 0).all(axis=None)
    assert (found["p_adjusted"] == 1).all()


def score(values):
    return SimpleNamespace(name="satisfaction_mean", label="Satisfaction", values=values, better=1,
                           asked=(1, 10), estimate=survey.mean)  # fmt: skip


def outside(**cells):
    row = {"metric": "satisfaction", "scale": "1-10", "mode": "web", "source": "panel",
           "year": 2025, "p10": 6.0, "p25": 7.0, "p50": 8.0, "p75": 8.5, "p90": 9.0,
           "n": 41}  # fmt: skip
    return pd.DataFrame([row | cells])


@pytest.fixture
def ours():
    return score(pd.Series([7.0, 9.0] * 100)), pd.Series(["web"] * 200)


def test_a_position_is_as_uncertain_as_its_companies_are_few(ours):
    """Mean 8 is the median: Wilson on 41 gives .5 ± .146, ours .5 ± .06 or so on top."""
    found = loyalty.compare([ours[0]], outside(), ours[1]).table.iloc[0]
    assert found["position"] == pytest.approx(0.5)
    low, high = wilson(20.5, 41)
    inside = survey.mean(ours[0].values)
    below = 0.5 - 0.25 * (8 - inside.low)  # from the middle, 1 point is a quarter of companies
    above = 0.5 + 0.5 * (inside.high - 8)
    assert found["position_low"] == pytest.approx(0.5 - np.hypot(0.5 - low, 0.5 - below))
    assert found["position_high"] == pytest.approx(0.5 + np.hypot(0.5 - high, 0.5 - above))
    many = loyalty.compare([ours[0]], outside(n=4_000), ours[1]).table.iloc[0]
    assert many["position_high"] - many["position_low"] < 0.2


@pytest.mark.parametrize(
    ("companies", "reason"), [(12, "it has 12 companies; 20 are needed"), (None, "does not say")]
)
def test_a_benchmark_of_few_companies_is_refused(ours, companies, reason):
    found = loyalty.compare([ours[0]], outside(n=companies), ours[1])
    assert found.table.empty
    assert reason in found.refused["reason"].iloc[0]
