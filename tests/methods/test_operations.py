"""Internal measures: hand-worked values, planted links and knees, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from numpy.testing import assert_allclose

from helpers.errors import NotEstimable
from helpers.methods import operations
from helpers.methods.operations.fitting import fitted, rows_for
from helpers.methods.survey import SurveyDesign

DATES = {"W1": pd.Timestamp("2025-05-15"), "W2": pd.Timestamp("2025-11-15"),
         "W3": pd.Timestamp("2026-05-15")}  # fmt: skip
JUNE = pd.Timestamp("2026-06-30")
NOBODY = SurveyDesign()


def lived_through(rng, *, accounts=80, slope=-0.3, lasting=0.0, knee=None):
    """Answers of three waves and the hours that accounts waited in the month before each."""
    usual = rng.normal(0, 1, accounts)
    rows, told = [], []
    for wave, date in DATES.items():
        hours = np.exp(np.log(20) + 0.4 * usual + 0.3 * rng.normal(0, 1, accounts))
        month = date.to_period("M").to_timestamp() - pd.DateOffset(months=1)
        rows.append(measured("wait_hours", month, hours, accounts))
        pull = np.maximum(hours - knee, 0) if knee else hours
        level = 8 + slope * pull + lasting * usual + rng.normal(0, 0.5, accounts)
        for _ in range(2):
            speed = level + rng.normal(0, 1, accounts)
            told.append(pd.DataFrame({"wave": wave, "account_id": ids(accounts), "speed": speed}))
    answers = pd.concat(told, ignore_index=True).set_axis([f"R{i}" for i in range(6 * accounts)])
    answers["region"] = answers["account_id"].str[-1]
    return answers, pd.concat(rows, ignore_index=True)


def ids(accounts):
    return [f"A{i:03d}" for i in range(accounts)]


def measured(metric, month, values, accounts, **more):
    table = {"account_id": ids(accounts), "period": month,
             "metric": metric, "value": values, "unit_of_measure": "hours"}  # fmt: skip
    return pd.DataFrame({**table, "target": 18.0, "cost_per_unit": 10.0, **more})


def paid(metric="wait_hours", direction="down", driver="speed"):
    return pd.DataFrame({"function": ["Service"], "metric": [metric], "direction": [direction],
                         "driver": [driver], "owner": ["Nora Castell"]})  # fmt: skip


def found_in(answers, sent, known=None, **adjust):
    read = operations.metrics(sent, known, drivers=["speed"])
    lived = operations.exposures(read, answers, DATES)
    design = SurveyDesign(clusters=answers["account_id"])
    return read, lived, operations.effects(answers[["speed"]], lived, read, design, **adjust)


def test_a_planted_link_is_found_and_its_target_pays(rng):
    read, _, found = found_in(*lived_through(rng), paid())
    row = found.top
    assert (row["metric"], row["rating"], row["verdict"]) == ("wait_hours", "speed", "pays")
    assert row["low"] < -0.3 < row["high"]
    assert row["gain"] > 0 and read.of("wait_hours")["owner"] == "Nora Castell"
    assert (found.grade, row["base"], row["keys"]) == ("C", 480, 80)


def test_a_target_the_wrong_way_works_against_customers(rng):
    _, _, found = found_in(*lived_through(rng), paid(direction="Up"))
    assert found.against == ["wait_hours"]
    assert found.top["gain"] < 0


def test_a_measure_of_unknown_direction_is_linked_and_has_no_target(rng):
    answers, sent = lived_through(rng)
    read, _, found = found_in(answers, sent, paid(direction="watch it"))
    assert found.top["verdict"] == "linked"
    now = operations.levels_now(read, until=JUNE, months=3)
    assert operations.missed(read, now).empty
    assert operations.savings(read, until=JUNE).table.empty


def test_an_account_that_has_left_misses_no_target(rng):
    read, _, _ = found_in(*lived_through(rng), paid())
    everybody = operations.levels_now(read, until=JUNE, months=3)
    first = str(everybody["key"].iloc[0])
    rest = operations.levels_now(read, until=JUNE, months=3, ended=[first])
    assert set(everybody["key"]) - set(rest["key"]) == {first}
    assert operations.missed(read, rest)["known"][0] == len(everybody) - 1


def test_what_the_analyst_declares_counts_before_what_functions_are_paid_on():
    sent = measured("wait_hours", pd.Timestamp("2026-04-01"), [1.0, 2.0], 2)
    for higher, lower, better in ((["Wait hours"], [], 1), ([], ["wait_hours"], -1)):
        read = operations.metrics(sent, paid(), drivers=[], higher=higher, lower=lower)
        assert read.of("wait_hours")["better"] == better


def test_two_functions_paid_in_opposite_directions_leave_it_unknown():
    sent = measured("wait_hours", pd.Timestamp("2026-04-01"), [1.0, 2.0], 2)
    both = pd.concat([paid(), paid(direction="up")])
    assert operations.metrics(sent, both, drivers=[]).of("wait_hours")["better"] == 0


def test_a_lasting_difference_between_accounts_is_not_taken_for_the_measure(rng):
    """Accounts that wait long are unhappy for another reason, ten times as strong."""
    _, _, found = found_in(*lived_through(rng, accounts=200, slope=-0.05, lasting=-2.0), paid())
    row = found.top
    assert row["used"] == "within" and row["differ_p"] < 0.01
    assert row["low"] < -0.05 < row["high"]
    assert row["between"] < -0.1
    assert found.grade == "B"


def test_with_one_wave_nothing_is_parted_and_the_link_stands(rng):
    answers, sent = lived_through(rng)
    only = answers["wave"] == "W3"
    _, _, found = found_in(answers[only], sent, paid())
    assert found.top["used"] == "pooled" and np.isnan(found.top["within"])


def test_months_of_the_survey_and_after_it_never_count(rng):
    answers, sent = lived_through(rng)
    late = sent.assign(period=sent["period"] + pd.DateOffset(months=1))
    late = late[late["period"] > "2026-01-01"]
    _, lived, found = found_in(answers, late, paid())
    assert found.table.empty and found.top is None
    assert found.why["wait_hours"].startswith("none of its months (2026-05 to 2026-05) lies")
    assert lived.values["wait_hours"].isna().all()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"unit_of_measure": ["hours", "minutes"] * 40}, "it is in hours and in minutes: send it"),
        ({"unit_of_measure": ["h", "%"] * 40}, "it is in % and in hours: send it in one unit"),
        ({"value": 24.0}, "it is 24 everywhere, so nothing can depend on it"),
        ({"account_id": ["A1", ""] * 40, "unit": ["", "North"] * 40}, "it is of accounts in some"),
    ],
)
def test_a_measure_that_cannot_be_used_says_why(change, why):
    sent = measured("wait", pd.Timestamp("2026-04-01"), np.arange(80.0), 80, **change)
    read = operations.metrics(sent, None, drivers=["speed"])
    assert read.summary["why"].iloc[0].startswith(why)
    assert read.usable == []


@pytest.mark.parametrize("other", ["Hours", "hrs", " H "])
def test_one_unit_in_two_spellings_is_one_unit(other):
    sent = measured("wait", pd.Timestamp("2026-04-01"), np.arange(4.0), 4)
    sent["unit_of_measure"] = ["hours", other] * 2
    assert operations.metrics(sent, None, drivers=[]).usable == ["wait"]


def test_one_measure_in_two_spellings_is_one_measure():
    sent = pd.concat([measured(name, pd.Timestamp("2026-04-01"), np.arange(4.0) + i, 4)
                      for i, name in enumerate(["Wait hours", "wait_hours"])])  # fmt: skip
    read = operations.metrics(sent, None, drivers=[])
    assert list(read.summary["metric"]) == ["Wait hours"]
    assert read.notes == ("4 rows of ops_metrics repeat a measure in a month: their mean counts",)
    assert read.table["value"].tolist() == [0.5, 1.5, 2.5, 3.5]


def test_rows_of_nobody_are_left_out_and_counted():
    sent = measured("wait", pd.Timestamp("2026-04-01"), [1.0, np.nan, 3.0, 4.0], 4)
    sent.loc[0, "account_id"] = ""
    read = operations.metrics(sent, None, drivers=[])
    assert len(read.table) == 2
    assert "2 rows of ops_metrics have no account and no unit" in read.notes[0]


def test_a_rating_that_was_not_asked_is_named():
    sent = measured("wait_hours", pd.Timestamp("2026-04-01"), [1.0, 2.0], 2)
    read = operations.metrics(sent, paid(driver="delivery"), drivers=["speed"])
    assert read.notes == ("wait hours is to move delivery (function_metrics), which no question "
                          "of this survey asks",)  # fmt: skip
    assert read.matched == {}


def test_measures_of_units_are_matched_by_the_column_that_names_them(rng):
    answers, sent = lived_through(rng)
    by_unit = sent.assign(unit=sent["account_id"].str[-1], account_id="")
    by_unit = by_unit.groupby(["unit", "period", "metric", "unit_of_measure"], as_index=False).mean(
        numeric_only=True
    )
    _, lived, found = found_in(answers, by_unit, paid())
    assert lived.unit_column == "region"
    assert found.table["keys"].tolist() == [10]
    few = by_unit[by_unit["unit"] < "4"]
    _, _, refused = found_in(answers, few, paid())
    assert refused.why["wait_hours"].startswith("only 4 accounts or units can be compared")


def test_units_that_no_column_names_are_said_to_be_so(rng):
    answers, sent = lived_through(rng)
    _, lived, _ = found_in(answers, sent.assign(unit="Plant " + sent["account_id"], account_id=""))
    assert lived.why == {"wait_hours": "no column of the answers names its units"}


def test_a_measure_without_a_rating_is_set_against_all_as_one_family(rng):
    answers, sent = lived_through(rng)
    answers["price"] = rng.normal(5, 1, len(answers))
    read = operations.metrics(sent, None, drivers=["speed", "price"])
    lived = operations.exposures(read, answers, DATES)
    found = operations.effects(answers[["speed", "price"]], lived, read, NOBODY)
    assert list(found.table["rating"]) == ["speed", "price"]
    p = found.table.set_index("rating")
    assert p.loc["speed", "p_family"] == pytest.approx(2 * p.loc["speed", "p"])
    assert "all were tried" in found.notes[0]


def test_one_measure_under_two_names_is_not_adjusted_for_itself(rng):
    answers, sent = lived_through(rng)
    twice = pd.concat([sent, sent.assign(metric="again")])
    both = pd.concat([paid(), paid(metric="again")])
    _, _, found = found_in(answers, twice, both)
    assert_allclose(*found.table["slope"])
    assert set(found.table["verdict"]) == {"pays"}


def small_rows(rng, clusters=40):
    index = pd.RangeIndex(clusters * 4)
    keys = pd.Series(np.repeat(np.arange(clusters), 4), index)
    x = pd.Series(rng.normal(0, 1, len(index)), index)
    wave = pd.DataFrame({"wave": np.tile(list("abcd"), clusters)}, index)
    y = 1 + 0.5 * x + rng.normal(0, 1, clusters)[keys] + rng.normal(0, 1, len(index))
    weights = pd.Series(rng.uniform(0.5, 2, len(index)), index)
    return y, x, keys, weights, wave


def test_the_slope_is_that_of_weighted_least_squares_and_its_error_near_the_sandwich(rng):
    y, x, keys, weights, wave = small_rows(rng)
    fit = fitted(made := rows_for(y, x, keys, weights, wave), made.metric[:, None])
    columns = np.column_stack([x, pd.get_dummies(wave["wave"]).astype(float)])
    peer = sm.WLS(y, columns, weights).fit(cov_type="cluster", cov_kwds={"groups": keys})
    assert fit.coefficients[0] == pytest.approx(peer.params.iloc[0], abs=1e-10)
    assert fit.covariance[0, 0] ** 0.5 == pytest.approx(peer.bse.iloc[0], rel=0.06)


def test_errors_are_those_of_leaving_each_account_out(rng):
    """By hand: the slope without each cluster, columns adjusted once."""
    y, x, keys, weights, wave = small_rows(rng, clusters=12)
    made = rows_for(y, x, keys, weights, wave)
    fit = fitted(made, made.metric[:, None])
    adjusted, outcome = made.adjusted(made.metric), made.adjusted(made.outcome)
    without = [
        adjusted[made.clusters != g] @ outcome[made.clusters != g]
        / (adjusted[made.clusters != g] @ adjusted[made.clusters != g])
        for g in range(12)
    ]  # fmt: skip
    by_hand = 11 / 12 * ((np.array(without) - fit.coefficients[0]) ** 2).sum()
    assert fit.covariance[0, 0] == pytest.approx(by_hand, rel=1e-10)


def test_what_one_account_alone_shows_is_refused(rng):
    y, x, keys, weights, wave = small_rows(rng)
    lone = pd.Series(np.where(keys == 3, x * 50, 0.01 * x), x.index)
    made = rows_for(y, lone, keys, weights, wave)
    with pytest.raises(NotEstimable, match="one account or unit holds most"):
        fitted(made, made.metric[:, None])


def test_a_planted_knee_is_found_where_it_is(rng):
    _, _, found = found_in(*lived_through(rng, accounts=200, slope=-0.15, knee=24), paid())
    bends = operations.knees(found.linked, rng=rng)
    row = bends.clear.iloc[0]
    assert row["verdict"] == "stops below"
    assert row["knee_low"] <= 24 <= row["knee_high"]
    assert abs(row["knee"] - 24) < 4
    points = operations.tenths(found, bends)
    assert points["base"].sum() == row["base"]
    assert (points["fitted"] - points["mean"]).abs().max() < 0.5


def test_a_straight_line_has_no_knee(rng):
    _, _, found = found_in(*lived_through(rng), paid())
    bends = operations.knees(found.linked, rng=rng)
    assert bends.clear.empty and bends.of("wait_hours", "speed") is None
    assert operations.tenths(found, bends).empty


def test_a_measure_of_few_values_is_not_asked_for_a_knee(rng):
    answers, sent = lived_through(rng)
    _, _, found = found_in(answers, sent.assign(value=sent["value"] // 25 * 25), paid())
    assert operations.knees(found.linked, rng=rng).table.empty


def test_a_line_cannot_bend_at_the_end_of_its_values(rng):
    """A fifth of all waits are the shortest there is: a bend there is the line itself."""
    answers, sent = lived_through(rng)
    floor = sent["value"].quantile(0.2)
    _, _, found = found_in(answers, sent.assign(value=sent["value"].clip(lower=floor)), paid())
    row = operations.knees(found.pairs, rng=rng).table.iloc[0]
    assert row["knee_low"] > floor
    assert np.isfinite(row[["below", "above", "knee_high"]].astype(float)).all()


def certain(value, per=1.0):
    return operations.Link(value, value, value, 100, per)


def worth_of(found, read, rng, revenue, **more):
    now = operations.levels_now(read, until=JUNE, months=3)
    asked = {
        "loyalty": {"speed": certain(2.0)},
        "staying": certain(0.05, 10.0),
        "keeping": certain(0.04, 10.0),
        "horizon": 6,
        **more,
    }
    bends = operations.knees((), rng=rng)
    return now, operations.worth(found, bends, read, now, revenue=revenue, rng=rng, **asked | more)


def test_what_a_target_is_worth_is_the_sum_of_its_accounts(rng):
    """Hours too many × slope × 2 points of loyalty × 0.4 % of revenue a point, not 0.5 % stays."""
    read, _, found = found_in(*lived_through(rng), paid())
    revenue = pd.Series(1000.0, index=ids(80))
    now, met = worth_of(found, read, rng, revenue)
    over = (now["value"] - 18).clip(lower=0)
    slope = found.top["slope"]
    row = met.table.iloc[0]
    assert (row["missing"], row["known"]) == ((over > 0).sum(), 80)
    assert row["rating_change"] == pytest.approx(-slope * over[over > 0].mean())
    assert row["loyalty_change"] == pytest.approx(2 * row["rating_change"])
    assert row["staying_change"] == pytest.approx(0.005 * row["loyalty_change"])
    assert row["money"] == pytest.approx(-slope * over.sum() * 2 * 0.004 * 1000)
    assert row["money_low"] < row["money"] < row["money_high"]
    assert met.total[0] == pytest.approx(met.of_accounts(revenue).sum())


def test_the_chain_ends_before_a_link_that_is_not_known(rng):
    read, _, found = found_in(*lived_through(rng), paid())
    _, without = worth_of(found, read, rng, None, loyalty={})
    assert without.table[["loyalty_change", "money"]].isna().all(axis=None)
    assert without.total is None
    _, half = worth_of(found, read, rng, None, staying=None)
    assert half.table["loyalty_change"].notna().all() and half.table["money"].isna().all()
    money = pd.Series(1000.0, index=ids(80))
    _, unkept = worth_of(found, read, rng, money, keeping=None, spending=certain(0.02, 10))
    assert unkept.table["money"].isna().all() and unkept.table["growth"].notna().all()
    steps = operations.staircase(found, loyalty={}, staying=None, rng=rng)
    assert steps["verdict"].tolist() == ["not known"]


def test_no_target_no_worth_and_no_cost_no_saving(rng):
    answers, sent = lived_through(rng)
    read, _, found = found_in(answers, sent.drop(columns=["target", "cost_per_unit"]), paid())
    _, met = worth_of(found, read, rng, None)
    assert met.table.empty
    assert operations.savings(read, until=JUNE).table.empty
    costless = operations.metrics(sent.drop(columns="cost_per_unit"), paid(), drivers=["speed"])
    assert operations.savings(costless, until=JUNE).total == 0


def test_money_that_is_not_its_accounts_sum_is_refused(rng):
    read, _, found = found_in(*lived_through(rng), paid())
    _, met = worth_of(found, read, rng, pd.Series(1000.0, index=ids(80)))
    with pytest.raises(ValueError, match="not its accounts' sum"):
        replace(met, by_key=met.by_key.head(3))


def test_each_step_of_the_staircase_carries_the_errors_before_it(rng):
    _, _, found = found_in(*lived_through(rng), paid())
    loose = operations.Link(2.0, 1.0, 3.0, 700)
    steps = operations.staircase(
        found, loyalty={"speed": loose}, staying=certain(0.04, 10), rng=rng
    )
    row = steps.iloc[0]
    assert row["loyalty"] == pytest.approx(2 * row["gain"])
    assert row["staying"] == pytest.approx(0.008 * row["gain"])
    assert row["verdict"] == "clear"
    first, second = ((row[f"{n}_high"] - row[f"{n}_low"]) / row[n] for n in ("gain", "loyalty"))
    assert second > first


def test_savings_count_what_falls_short_in_either_direction():
    month = pd.Timestamp("2026-04-01")
    on_time = measured("on_time", month, [90.0, 97.0], 2, target=95.0, cost_per_unit=4.0)
    minutes = measured("minutes", month, [33.0, 20.0], 2, target=30.0, cost_per_unit=2.0)
    old = measured("minutes", pd.Timestamp("2024-04-01"), [99.0, 99.0], 2, target=30.0)
    read = operations.metrics(pd.concat([on_time, minutes, old]), None, drivers=[],
                              higher=["on_time"], lower=["minutes"])  # fmt: skip
    saved = operations.savings(read, until=JUNE, against=["minutes"])
    table = saved.table.set_index("metric")
    assert table["units"].to_dict() == {"minutes": 3.0, "on_time": 5.0}
    assert table["saving"].to_dict() == {"minutes": 72.0, "on_time": 240.0}
    assert saved.total == 240.0


def test_a_target_of_years_ago_is_missed_by_nobody_now(rng):
    _, sent = lived_through(rng)
    read = operations.metrics(sent, paid(), drivers=["speed"])
    now = operations.levels_now(read, until=pd.Timestamp("2029-06-30"), months=3)
    assert now.empty and operations.missed(read, now).empty


def claim(name, line="retention", amount=10.0, accounts=None, part_of=""):
    held = None if accounts is None else pd.Series(amount / len(accounts), index=list(accounts))
    return operations.Claim(name, line, amount, held, part_of)


@pytest.mark.parametrize(
    ("claims", "message"),
    [
        ([claim("a", accounts="xy"), claim("b", accounts="yz")], "both count account y in retent"),
        ([claim("a", accounts="xy"), claim("b")], "it is not known of which accounts"),
        ([claim("a"), claim("b", amount=11.0, part_of="a")], "b is more than a"),
        ([claim("b", part_of="a")], "b is part of 'a', which is not claimed"),
        ([claim("a", "leads"), claim("b", part_of="a")], "which is not claimed in retention"),
        ([claim("a"), claim("a", "growth")], "two claims have one name"),
        ([claim("a", amount=30.0, accounts="x")], "account x is claimed beyond its revenue"),
        ([claim("a", amount=15.0, accounts="x"), claim("b", "growth", 15.0, "x")], "beyond its"),
        ([claim("a", accounts="q")], "account q is claimed beyond its revenue"),
    ],
)
def test_money_that_would_count_twice_is_refused(claims, message):
    revenue = pd.Series(20.0, index=list("xyz"))
    with pytest.raises(ValueError, match=message):
        operations.reconciled(claims, revenue)


def test_cost_is_a_line_of_its_own_and_parts_are_told_and_not_counted():
    claims = [claim("risk"), claim("met", amount=4.0, accounts="x", part_of="risk"),
              claim("lead", "leads", 5.0, "x"),
              claim("cost", "efficiency", 99.0, "x")]  # fmt: skip
    table = operations.reconciled(claims, pd.Series(20.0, index=list("xyz")))
    assert table.groupby("line")["counted"].sum().to_dict() == {
        "retention": 10.0, "growth": 0.0, "leads": 5.0, "efficiency": 99.0}  # fmt: skip
    assert table["part_of"].tolist() == ["", "risk", "", "", ""]


def test_what_the_chapter_claims_is_never_more_than_the_revenue_at_risk(rng):
    read, _, found = found_in(*lived_through(rng), paid())
    revenue = pd.Series(1000.0, index=ids(80))
    _, met = worth_of(found, read, rng, revenue)
    saved = operations.savings(read, until=JUNE)
    for at_risk, claimed in ((1e9, met.total[0]), (5.0, 5.0)):
        claims = operations.claims(met, saved, revenue, at_risk=at_risk)
        table = operations.reconciled(claims, revenue).set_index("name")
        assert table.loc["targets met", "amount"] == pytest.approx(claimed)
        assert table.loc["targets met", "counted"] == 0


def test_how_far_a_saving_varies_is_told_from_six_months_on():
    days = pd.date_range("2026-01-01", periods=6, freq="MS")
    spent = [33.0, 34.0, 31.0, 35.0, 32.0, 36.0]
    rows = [measured("minutes", day, [value], 1, target=30.0, cost_per_unit=1.0)
            for day, value in zip(days, spent, strict=True)]  # fmt: skip
    for months, told in ((6, True), (5, False)):
        read = operations.metrics(pd.concat(rows[-months:]), None, drivers=[], lower=["minutes"])
        line = operations.savings(read, until=JUNE).table.iloc[0]
        assert line["months"] == months
        assert line[["least", "most"]].notna().tolist() == [told, told]
    six = operations.metrics(pd.concat(rows), None, drivers=[], lower=["minutes"])
    line = operations.savings(six, until=JUNE).table.iloc[0]
    assert (line["least"], line["most"]) == (12.0, 72.0)


def test_on_target_and_rated_badly_is_a_share_of_each_side():
    """Twenty answers: ten on target, three of them at 5 or less; ten off, six of them."""
    answers = pd.DataFrame({"wave": "W3", "account_id": ids(20),
                            "speed": [5.0] * 3 + [9.0] * 7 + [2.0] * 6 + [8.0] * 4})  # fmt: skip
    values = [10.0] * 10 + [30.0] * 10
    sent = measured("wait_hours", pd.Timestamp("2026-04-01"), values, 20)
    read = operations.metrics(sent, paid(), drivers=["speed"])
    lived = operations.exposures(read, answers, DATES)
    row = operations.felt(answers[["speed"]], lived, read, NOBODY, {"speed": (0, 10)}).iloc[0]
    assert (row["on_target"], row["off_target"]) == (0.3, 0.6)
    assert (row["on_base"], row["off_base"]) == (10, 10)


def test_an_ended_account_saves_nothing_any_more():
    month = pd.Timestamp("2026-04-01")
    minutes = measured("minutes", month, [33.0, 40.0], 2, target=30.0, cost_per_unit=2.0)
    read = operations.metrics(minutes, None, drivers=[], lower=["minutes"])
    gone = minutes["account_id"].iloc[1]
    saved = operations.savings(read, until=JUNE, ended={gone})
    assert saved.table["units"].tolist() == [3.0]
    assert saved.total == 72.0
    assert operations.savings(read, until=JUNE, ended=set(minutes["account_id"])).table.empty


def grown(rng, **more):
    read, _, found = found_in(*lived_through(rng), paid())
    revenue = pd.Series(1000.0, index=ids(80))
    asked = {"spending": certain(0.02, 10)} | more
    return worth_of(found, read, rng, revenue, **asked)[1], revenue


def test_those_who_stay_spend_more_by_the_link_of_loyalty_with_spend(rng):
    met, revenue = grown(rng, stay=0.9)
    row = met.table.iloc[0]
    expected = row["loyalty_change"] * 0.002 * 0.9 * revenue.iloc[0] * row["missing"]
    assert row["growth"] == pytest.approx(expected)
    assert row["growth_low"] < row["growth"] < row["growth_high"]
    assert met.growth_of_accounts(revenue).sum() == pytest.approx(row["growth"])


def test_growth_is_a_line_of_its_own_and_nothing_without_a_link_with_spend(rng):
    met, revenue = grown(rng)
    saved = operations.savings(
        operations.metrics(measured("wait", JUNE, [1.0], 1), drivers=[]), until=JUNE
    )
    account = operations.reconciled(operations.claims(met, saved, revenue), revenue)
    lines = account.set_index("line")["counted"]
    assert lines["growth"] == pytest.approx(met.table["growth"].iloc[0])
    assert lines["retention"] == pytest.approx(met.table["money"].iloc[0])
    without, _ = grown(rng, spending=None)
    assert without.table["growth"].isna().all()
    none = operations.reconciled(operations.claims(without, saved, revenue), revenue)
    assert none.set_index("line")["counted"]["growth"] == 0


def test_kept_and_grown_revenue_of_an_account_is_no_more_than_all_of_it(rng):
    met, revenue = grown(rng, keeping=certain(9.0, 10))
    kept, more = met.of_accounts(revenue), met.growth_of_accounts(revenue)
    assert ((kept + more.reindex(kept.index).fillna(0)) <= revenue.reindex(kept.index)).all()
    saved = operations.savings(
        operations.metrics(measured("wait", JUNE, [1.0], 1), drivers=[]), until=JUNE
    )
    claims = operations.claims(met, saved, revenue)
    operations.reconciled(claims, revenue)  # which refuses accounts claimed beyond their revenue
