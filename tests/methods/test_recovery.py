"""Service recovery: clocks, waits with open cases kept, the inbox, and what was saved."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from scipy.stats import t

from helpers.errors import NotEstimable
from helpers.methods import recovery
from helpers.methods.recovery.designs import columns_of, least_squares

DAY = pd.Timestamp("2026-06-30")
PROMISES = recovery.Promises.declared(48, 5, 20)
STEPS = ("created_at", "first_contact_at", "plan_at", "closed_at", "confirmed_at", "snoozed_until")


def sent(*rows: dict[str, object]) -> pd.DataFrame:
    """Tickets by what matters of each; times as text."""
    table = pd.DataFrame(
        [{"ticket_id": f"t{n}", "account_id": "a", "trigger": "complaint", **row}
         for n, row in enumerate(rows)],
    ).reindex(columns=["ticket_id", "account_id", "contact_id", "response_id", "trigger", "owner",
                       "root_cause", "reopened", *STEPS])  # fmt: skip
    return table.assign(**{name: pd.to_datetime(table[name]) for name in STEPS})


def found(*rows: dict[str, object], **more) -> recovery.Cases:
    return recovery.cases(sent(*rows), as_of=DAY, **more)


# Working time


def test_working_time_by_hand():
    """Friday 16:00 to Monday 10:00, open 9 to 17: an hour and an hour, a quarter of a day."""
    office = recovery.WorkingTime()
    friday, monday = pd.Timestamp("2026-06-26 16:00"), pd.Timestamp("2026-06-29 10:00")
    assert office.days([friday], [monday]) == pytest.approx([0.25])
    closed = recovery.WorkingTime(holidays=(date(2026, 6, 29),))
    assert closed.days([friday], [monday]) == pytest.approx([0.125])
    assert closed.due(pd.Series([friday]), 2)[0] == pd.Timestamp("2026-07-01")


def test_working_days_equal_days_where_the_client_never_closes():
    always = recovery.WorkingTime("1111111", 0, 24)
    start = pd.date_range("2026-01-01 03:00", periods=40, freq="37h")
    end = start + pd.Timedelta(hours=55)
    assert always.days(start, end) == pytest.approx(np.full(40, 55 / 24))


@pytest.mark.parametrize(
    ("week", "opens", "closes", "says"),
    [("0000000", 9, 17, "a working day"), ("11", 9, 17, "seven"), ("1111100", 17, 9, "begins")],
)
def test_a_week_that_cannot_be_is_refused(week, opens, closes, says):
    with pytest.raises(ValueError, match=says):
        recovery.WorkingTime(week, opens, closes)


def test_without_holidays_the_page_is_told():
    assert "no holidays" in recovery.WorkingTime().notes[0]
    assert recovery.WorkingTime(holidays=(date(2026, 12, 25),)).notes == ()


# Cases and clocks


def test_a_step_before_its_case_is_left_out_of_its_clock_and_counted():
    made = found(
        {"created_at": "2026-06-10", "first_contact_at": "2026-06-01", "closed_at": "2026-06-12"},
        {"created_at": "2026-06-10", "first_contact_at": "2026-06-11"},
    )
    waits = recovery.clocks(made, PROMISES)
    assert waits["first contact"]["ticket_id"].tolist() == ["t1"]
    assert waits["closed"]["ticket_id"].tolist() == ["t0", "t1"]
    assert any(note.startswith("1 cases have a step before") for note in made.notes)


def test_a_step_without_a_time_is_taken_with_the_next_one():
    made = found({"created_at": "2026-06-10", "closed_at": "2026-06-14"})
    assert made.table["first contact"].tolist() == [pd.Timestamp("2026-06-14")]
    assert "2 steps without a time" in made.notes[0]


def test_what_came_after_the_day_is_not_known_on_it():
    rows = sent(
        {"created_at": "2026-06-10", "closed_at": "2026-06-20"}, {"created_at": "2026-06-25"}
    )
    made = recovery.cases(rows, as_of=pd.Timestamp("2026-06-15"))
    assert made.base == 1
    assert len(made.open) == 1


def test_cases_of_accounts_that_are_not_listed_are_counted_and_not_called_about():
    made = found({"created_at": "2026-06-01"}, {"created_at": "2026-06-02", "account_id": "x"},
                 accounts=pd.Series(["a"]))  # fmt: skip
    assert made.base == 2
    assert "1 cases are of accounts that the list does not hold" in made.notes[0]
    rows = sent({"created_at": "2026-06-01"}, {"created_at": "2026-06-02", "account_id": "x"})
    box = recovery.inbox(rows, pd.DataFrame({"account_id": ["a"]}), as_of=DAY, promises=PROMISES,
                         found=made)  # fmt: skip
    assert box.table["account_id"].tolist() == ["a"]
    assert box.left_out == 1


def test_no_promise_is_said_so_and_nothing_is_late():
    assert "first contact, plan, closed" in recovery.Promises().notes[0]
    rows, made = sent({"created_at": "2024-06-01"}), found({"created_at": "2024-06-01"})
    box = recovery.inbox(rows, pd.DataFrame({"account_id": ["a"]}), as_of=DAY,
                         promises=recovery.Promises(), found=made)  # fmt: skip
    assert box.overdue.empty
    assert box.table["status"].tolist() == ["open"]


# Waits


def test_the_curve_is_kaplan_and_meiers_of_the_textbook():
    """Remission of leukaemia under 6-MP (Freireich and others 1963): at 10 weeks 0.7529, 23: 0.4482

    as in Kalbfleisch and Prentice (2002), 1.1 and 1.4.
    """
    weeks = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
    ended = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
    rows = pd.DataFrame({"days": np.array(weeks, float), "working_days": 1.0,
                         "done": np.array(ended, bool)})  # fmt: skip
    made = recovery.waiting({"closed": rows}, recovery.Promises(closed=10.0))
    row = made.table.iloc[0]
    assert row["kept"] == pytest.approx(1 - 0.7529, abs=5e-5)
    assert row["median"] == 23
    curve = made.curves.set_index("day")["share"]
    assert 1 - curve[23.0] == pytest.approx(0.4482, abs=5e-5)


def test_closed_cases_alone_flatter_where_slow_ones_are_open():
    rows = pd.DataFrame({"days": [1.0, 2.0, 90.0, 90.0, 90.0], "working_days": 1.0,
                         "done": [True, True, False, False, False]})  # fmt: skip
    row = recovery.waiting({"closed": rows}, PROMISES).table.iloc[0]
    assert row["finished"] == 1.5
    assert np.isnan(row["median"])
    assert row["low"] < row["kept"] < row["high"]


@pytest.mark.parametrize("done", [True, False])
@pytest.mark.parametrize("number", [1, 6])
def test_all_open_and_all_closed_and_one_case_have_a_share(done, number):
    closed = {"closed_at": "2026-06-03"} if done else {}
    made = found(*[{"created_at": "2026-06-01", **closed} for _ in range(number)])
    row = recovery.waiting(recovery.clocks(made, PROMISES), PROMISES).table.set_index("clock")
    assert row.loc["closed", "kept"] == float(done)
    assert 0 <= row.loc["closed", "low"] <= row.loc["closed", "high"] <= 1
    assert row.loc["closed", "high"] - row.loc["closed", "low"] > 0


def test_without_cases_each_part_says_so():
    made = recovery.cases(sent({"created_at": "2026-06-01"}).head(0), as_of=DAY)
    assert made.base == 0
    assert "no case was recorded" in made.notes[0]
    waits = recovery.clocks(made, PROMISES)
    with pytest.raises(NotEstimable, match="no case has a step"):
        recovery.waiting(waits, PROMISES)
    with pytest.raises(NotEstimable, match="send root_cause"):
        recovery.causes(made)
    with pytest.raises(NotEstimable, match="send reopened"):
        recovery.reopened(made)
    assert recovery.ageing(made)["cases"].sum() == 0
    assert recovery.owner_load(made, waits["first contact"], 2.0, since=DAY).empty
    box = recovery.inbox(sent({"created_at": "2026-06-01"}).head(0),
                         pd.DataFrame({"account_id": ["a"]}), as_of=DAY, promises=PROMISES,
                         found=made)  # fmt: skip
    assert box.table.empty


# Backlog and causes


def test_one_owner_carries_all_and_revenue_counts_once():
    made = found(*[{"created_at": day, "owner": "Ann"} for day in ("2026-06-01", "2026-06-29")])
    waits = recovery.clocks(made, PROMISES)["first contact"]
    load = recovery.owner_load(made, waits, 2.0, since=pd.Timestamp("2026-01-01"))
    assert load[["owner", "open", "oldest", "cases"]].values.tolist() == [["Ann", 2, 29, 2]]
    assert load["in_time"].isna().all()  # a share of few marks nobody
    assert recovery.under_alert(made.open["account_id"], pd.Series({"a": 7.0})) == 7.0


def test_an_owners_share_in_time_leaves_out_cases_that_can_still_be_kept():
    timely = [{"created_at": "2026-06-01", "first_contact_at": "2026-06-02"}] * 9
    late = [{"created_at": "2026-06-01", "first_contact_at": "2026-06-09"}] * 3
    made = found(
        *[{**row, "owner": "Ann"} for row in [*timely, *late, {"created_at": "2026-06-29"}]]
    )
    waits = recovery.clocks(made, PROMISES)["first contact"]
    load = recovery.owner_load(made, waits, 2.0, since=pd.Timestamp("2026-01-01"))
    assert load[["cases", "in_time"]].values.tolist() == [[13, 0.75]]


def test_rare_causes_are_joined_and_come_last():
    made = found(*[{"created_at": "2026-06-01", "root_cause": c} for c in ["x"] * 5 + ["y", "z"]])
    table = recovery.causes(made, smallest=3).table
    assert table["cause"].tolist() == ["x", "other"]
    assert table["running"].tolist() == pytest.approx([5 / 7, 1])


def test_revenue_under_a_cause_is_that_of_each_account_with_an_open_case_of_it_once():
    made = found(
        {"created_at": "2026-06-01", "account_id": "a", "root_cause": "x"},
        {"created_at": "2026-06-02", "account_id": "a", "root_cause": "x"},
        {"created_at": "2026-06-02", "account_id": "b", "root_cause": "x"},
        {"created_at": "2026-06-02", "account_id": "a", "root_cause": "y"},
        {"created_at": "2026-06-02", "account_id": "c", "root_cause": "y",
         "closed_at": "2026-06-03"},
    )  # fmt: skip
    table = recovery.causes(made, revenue=pd.Series({"a": 5.0, "b": 2.0, "c": 9.0})).table
    assert table.set_index("cause")["revenue"].to_dict() == {"x": 7.0, "y": 5.0}


# The inbox


def box(rows: pd.DataFrame, accounts: pd.DataFrame, **more) -> recovery.Inbox:
    made = recovery.cases(rows, as_of=DAY)
    return recovery.inbox(rows, accounts, as_of=DAY, promises=PROMISES, found=made, **more)


def test_alerts_of_one_account_are_one_and_the_most_money_comes_first():
    rows = sent(
        {"created_at": "2026-06-29", "account_id": "a"},
        {"created_at": "2026-06-01", "account_id": "a"},
        {"created_at": "2026-06-29", "account_id": "b"},
    )
    made = box(rows, pd.DataFrame({"account_id": ["a", "b"], "revenue": [1.0, 9.0]}),
               at_stake=pd.Series({"a": 1.0, "b": 9.0}))  # fmt: skip
    table = made.table[["account_id", "cases", "status", "ticket_ids"]].values.tolist()
    assert table == [["b", 1, "open", "t2"], ["a", 2, "overdue", "t1 t0"]]


def test_an_owner_sees_what_can_be_handled_and_nothing_is_lost():
    rows = sent(*[{"created_at": "2026-06-01", "account_id": n, "owner": "Ann"} for n in "abcd"])
    accounts = pd.DataFrame({"account_id": list("abcd"), "revenue": [4.0, 3.0, 2.0, 1.0]})
    made = box(rows, accounts, capacity=3)
    assert made.in_reach["account_id"].tolist() == ["a", "b", "c"]
    assert len(made.table) == 4
    assert len(made.overdue) == 4


def test_a_snoozed_case_stays_is_named_so_and_takes_no_place():
    rows = sent(
        {"created_at": "2026-06-01", "account_id": "a", "snoozed_until": "2026-07-10"},
        {"created_at": "2026-06-01", "account_id": "b", "snoozed_until": "2026-06-15"},
    )
    made = box(rows, pd.DataFrame({"account_id": ["a", "b"]}), capacity=1)
    states = made.table.set_index("account_id")["status"].to_dict()
    assert states == {"a": "snoozed", "b": "overdue"}
    assert made.in_reach["account_id"].tolist() == ["b"]


def test_person_and_reason_are_shown_only_of_those_who_agreed_whatever_raised_the_case():
    rows = sent(
        {"created_at": "2026-06-01", "account_id": "a", "contact_id": "p", "response_id": "r"},
        {"created_at": "2026-06-01", "account_id": "b", "contact_id": "q"},
        {"created_at": "2026-06-01", "account_id": "c", "contact_id": "s", "response_id": "u"},
    )
    made = box(rows, pd.DataFrame({"account_id": list("abc")}), agreed=pd.Series(["s"]))
    shown = made.table.set_index("account_id")[["person", "reason"]]
    assert shown.loc[["a", "b"]].isna().all().all()
    assert shown.loc["c"].tolist() == ["s", "complaint"]


def test_nobody_is_thanked_or_offered_anything_without_consent_or_while_a_case_is_open():
    told = pd.DataFrame({"account_id": list("abcd"), "contact_id": list("pqrs"),
                         "recommend": [10, 10, 10, 8], "interest": [1, 1, 0, 1]})  # fmt: skip
    people = pd.DataFrame({"contact_id": list("pqrs"), "consent_named": True,
                           "consent_followup": [True, True, True, True],
                           "consent_marketing": [True, False, False, True]})  # fmt: skip
    made = recovery.signals(told, people, question="recommend", high=9, interests=["interest"],
                            on=pd.Timestamp("2026-06-20"))  # fmt: skip
    assert made["kind"].tolist() == ["grow", "recognise", "recognise"]
    assert recovery.signals(told, None, question="recommend", high=9, on=DAY).empty
    unnamed = people.assign(consent_named=False)
    assert recovery.signals(told, unnamed, question="recommend", high=9, on=DAY).empty
    rows = sent({"created_at": "2026-06-29", "account_id": "b"})
    kinds = box(rows, pd.DataFrame({"account_id": list("abcd")}), signals=made).table
    assert sorted(kinds[["kind", "account_id"]].values.tolist()) == [
        ["grow", "a"], ["recognise", "c"], ["recover", "b"],
    ]  # fmt: skip
    assert (kinds.loc[kinds["kind"] != "recover", "status"] == "open").all()
    held = box(rows, pd.DataFrame({"account_id": list("abcd")}), signals=made, held=["a", "c"])
    assert sorted(held.table[["kind", "account_id"]].values.tolist()) == [
        ["recognise", "c"], ["recover", "b"],
    ]  # fmt: skip


def test_thanks_lapse():
    late = pd.DataFrame({"kind": ["recognise"], "account_id": ["a"], "contact_id": ["p"],
                         "since": [DAY - pd.Timedelta(days=61)], "reason": ["high"]})  # fmt: skip
    rows = sent({"created_at": "2026-06-29", "account_id": "b"})
    made = box(rows, pd.DataFrame({"account_id": ["a", "b"]}), signals=late)
    assert made.table["kind"].tolist() == ["recover"]


def test_accounts_without_a_risk_of_their_own_take_the_rate_of_the_others():
    risk = pd.DataFrame({"account_id": ["a", "b"], "at_risk": [10.0, 0.0]})
    made = recovery.stakes(pd.Series({"a": 50.0, "b": 50.0, "c": 30.0}), risk)
    assert made.to_dict() == {"a": 10.0, "b": 0.0, "c": 3.0}


def test_without_a_known_risk_nothing_is_at_stake_and_revenue_ranks():
    revenue = pd.Series({"a": 1.0, "b": 9.0})
    assert recovery.stakes(revenue, None).empty
    rows = sent(*[{"created_at": "2026-06-01", "account_id": n} for n in "ab"])
    listed = pd.DataFrame({"account_id": ["a", "b"], "revenue": [1.0, 9.0]})
    made = box(rows, listed, at_stake=recovery.stakes(revenue, None))
    assert made.table["account_id"].tolist() == ["b", "a"]
    assert made.table["at_stake"].isna().all()


# What was saved


def world(rng: np.random.Generator, people: int = 900, gain: float = 0.0) -> pd.DataFrame:
    """People whose first answer is partly luck; of the low ones some are contacted in time."""
    lasting, home = rng.normal(size=people), rng.integers(0, people // 2, people)
    lasting = 0.6 * rng.normal(size=people // 2)[home] + 0.8 * lasting
    before, after = (65 + 12 * lasting + rng.normal(0, 12, people) for _ in range(2))
    answer = np.clip(np.round(before / 10 + rng.normal(0, 0.8, people)), 0, 10)
    region = rng.integers(0, 3, people)
    alerted = answer <= 6
    timely = alerted & (rng.random(people) < 0.4 + 0.1 * region)
    after = after + gain * timely
    then = np.clip(np.round(after / 10 + rng.normal(0, 0.8, people)), 0, 10)
    return pd.DataFrame({
        "account_id": home, "region": region.astype(str), "score": before, "answer": answer,
        "score_after": after, "answer_after": then, "alerted": alerted,
        "in_time": np.where(alerted, timely.astype(object), None),
    })  # fmt: skip


def test_the_difference_is_that_of_least_squares_with_accounts_left_out_in_turn(rng):
    rows = world(rng)
    kept = rows[rows["alerted"]].assign(in_time=lambda t: t["in_time"].astype(float))
    held = columns_of(kept, ["score", "answer"], ["region"])
    x = np.column_stack([np.ones(len(kept)), kept["in_time"], held])
    fit = least_squares(x, kept[["score_after"]].to_numpy(), kept["account_id"])
    model = smf.ols("score_after ~ in_time + score + answer + C(region)", kept).fit()
    assert fit.whole[1, 0] == pytest.approx(model.params["in_time"], rel=1e-9)
    first = kept["account_id"].unique()[0]
    without = smf.ols(
        "score_after ~ in_time + score + answer + C(region)", kept[kept["account_id"] != first]
    ).fit()
    assert fit.without[0, 1, 0] == pytest.approx(without.params["in_time"], rel=1e-8)
    made = recovery.saved(rows, line=6, facts=["region"])
    assert made.leading["gain"] == pytest.approx(model.params["in_time"], rel=1e-9)
    freedom = kept.groupby("in_time")["account_id"].nunique().min() - 1
    away = made.leading["gain"] / fit.error(fit.without[:, 1, 0])
    assert made.p(made.leading, "gain") == pytest.approx(2 * t.sf(abs(away), freedom), rel=1e-6)
    assert (made.p(made.part("net")) < 0.05) == (np.prod(made.part("net")[["low", "high"]]) > 0)


def test_with_nothing_done_many_are_converted_and_nearly_all_would_have_been(rng):
    made = recovery.saved(world(rng, 6000), line=6, facts=["region"])
    assert made.verdict == "not clear"
    assert made.part("converted")["value"] > 0.25
    assert made.part("anyway")["value"] > 0.85


def test_a_large_gain_is_found_by_every_design(rng):
    made = recovery.saved(world(rng, 6000, 12.0), line=6, facts=["region"])
    assert made.verdict == "gains"
    for _, row in made.table.iterrows():
        assert row["low"] - 2 < 12 < row["high"] + 2
    assert made.part("net")["low"] > 0


def test_too_few_cases_are_refused_with_their_number(rng):
    few = world(rng, 60)
    with pytest.raises(NotEstimable, match=r"\d+ people contacted in time and \d+ not in time"):
        recovery.saved(few, line=6)


def test_where_the_line_raises_no_alert_the_threshold_says_nothing(rng):
    made = recovery.saved(world(rng, 3000), line=8.0)
    row = made.table.set_index("design").loc["threshold"]
    assert np.isnan(row["gain"])
    assert "hardly called more often" in row["reason"]


def test_reliability_moves_regression_to_the_mean_alone(rng):
    rows = world(rng, 2000, 6.0)
    one, other = (recovery.saved(rows, line=6, reliability=r) for r in (0.2, 0.9))
    assert one.leading["gain"] == other.leading["gain"]
    gains = [
        m.table.set_index("design").loc["regression to the mean", "gain"] for m in (one, other)
    ]
    assert gains[0] < gains[1]
    assert one.part("by_chance")["value"] > other.part("by_chance")["value"]


def test_the_next_answer_counts_and_not_a_later_one():
    answers = pd.DataFrame(
        {"contact_id": ["p", "p", "q", "q"], "account_id": "a", "wave": ["1", "3", "1", "2"],
         "answer": [3.0, 9.0, 3.0, 8.0], "score": [30.0, 90.0, 30.0, 80.0]},
        index=["r1", "r2", "r3", "r4"],
    )  # fmt: skip
    made = found(
        {"created_at": "2026-01-01", "first_contact_at": "2026-01-02", "response_id": "r3"}
    )
    rows = recovery.followed(answers, made, PROMISES, order=["1", "2", "3"])
    assert rows[["contact_id", "in_time"]].values.tolist() == [["q", True]]
    undeclared = recovery.followed(answers, made, recovery.Promises(), order=["1", "2", "3"])
    assert undeclared["in_time"].isna().all()
