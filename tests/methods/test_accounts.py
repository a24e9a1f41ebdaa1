"""Accounts on a day: live ones, their money, and who may be named."""

from __future__ import annotations

import pandas as pd

from helpers.methods import accounts

DAY = pd.Timestamp("2026-06-30")


def test_an_account_is_live_from_its_start_to_the_day_before_its_end():
    listed = pd.DataFrame(
        {
            "account_id": ["new", "old", "gone", "here", "undated"],
            "start_date": pd.to_datetime(
                ["2026-07-01", "2020-01-01", "2020-01-01", "2026-06-30", None]
            ),
            "end_date": pd.to_datetime([None, "2026-07-01", "2026-06-30", None, None]),
        }
    )
    assert accounts.live(listed, on=DAY)["account_id"].tolist() == ["old", "here", "undated"]


def test_revenue_is_that_of_the_last_twelve_full_months():
    months = pd.date_range("2025-06-01", "2026-07-01", freq="MS")
    money = pd.DataFrame({"account_id": "a", "period": months, "revenue": 1.0})
    assert accounts.recent_revenue(money, until=DAY)["a"] == 12
    assert accounts.recent_revenue(money, until=pd.Timestamp("2026-06-29"))["a"] == 12


def test_credits_do_not_make_revenue_negative():
    money = pd.DataFrame(
        {"account_id": ["a"], "period": [pd.Timestamp("2026-05-01")], "revenue": [-5.0]}
    )
    listed = pd.DataFrame({"account_id": ["a", "b"]})
    found = accounts.with_revenue(listed, money, until=DAY)
    assert found["revenue"].tolist()[0] == 0
    assert pd.isna(found["revenue"].tolist()[1])


def test_months_of_revenue_go_before_the_figure_of_the_list():
    listed = pd.DataFrame({"account_id": ["a"], "revenue": [900.0]})
    month = pd.DataFrame(
        {"account_id": ["a"], "period": [pd.Timestamp("2026-05-01")], "revenue": [70.0]}
    )
    assert accounts.with_revenue(listed, month, until=DAY)["revenue"].tolist() == [70]
    assert accounts.with_revenue(listed, None, until=DAY)["revenue"].tolist() == [900]


def test_a_list_whose_revenue_is_empty_has_none():
    listed = pd.DataFrame({"account_id": ["a"], "revenue": [float("nan")]})
    assert "revenue" not in accounts.with_revenue(listed, None, until=DAY)


def test_an_answer_without_an_account_is_a_unit_of_its_own():
    answers = pd.DataFrame({"account_id": ["a", None, "a", None]}, index=["r1", "r2", "r3", "r4"])
    found = accounts.units(answers)
    assert found.nunique() == 3
    assert found["r1"] == found["r3"] == "a"
    assert answers["account_id"].isna().sum() == 2  # the caller's frame is as it was


def test_units_are_the_accounts_themselves_where_all_are_known():
    answers = pd.DataFrame({"account_id": ["a", "b"]})
    assert accounts.units(answers).equals(answers["account_id"])


def test_over_waves_a_person_without_an_account_stays_one_unit():
    answers = pd.DataFrame(
        {"account_id": ["a", None, None, None], "contact_id": ["p", "q", "q", None]},
        index=["r1", "r2", "r3", "r4"],
    )
    found = accounts.units(answers, by=["account_id", "contact_id"])
    assert found.tolist() == ["a", "q", "q", "r4, on its own"]


def test_answers_that_name_no_account_have_no_units():
    assert accounts.units(pd.DataFrame({"nps": [9, 3]})) is None
    assert accounts.units(pd.DataFrame({"account_id": [None, None]})) is None


def test_without_a_list_nobody_agreed_to_be_named():
    people = pd.DataFrame({"contact_id": ["a", "b", None]})
    assert not accounts.consenting(people, None, consent="required").any()
    assert accounts.consenting(people, None, consent="not_required").all()


def test_only_those_who_said_yes_may_be_named():
    people = pd.DataFrame({"contact_id": ["a", "b", "c", None]})
    contacts = pd.DataFrame({"contact_id": ["a", "b", "c"], "consent_named": [True, False, None]})
    agreed = accounts.consenting(people, contacts, consent="required")
    assert agreed.tolist() == [True, False, False, False]


def test_a_contact_without_an_id_agrees_for_nobody():
    """A row that names no one cannot give the consent of those who answered without a name."""
    people = pd.DataFrame({"contact_id": ["a", None, None]})
    contacts = pd.DataFrame({"contact_id": ["a", None], "consent_named": [True, True]})
    assert accounts.consenting(people, contacts, consent="required").tolist() == [
        True,
        False,
        False,
    ]


def test_roles_that_are_not_known_give_no_deciders():
    assert accounts.answered_by(pd.DataFrame({"account_id": ["a"]}), "decision_maker") is None


def test_customers_are_the_live_accounts_with_their_revenue_and_those_that_ended():
    listed = pd.DataFrame(
        {"account_id": ["a", "b"], "end_date": pd.to_datetime([None, "2026-01-31"])}
    )
    money = pd.DataFrame(
        {"account_id": ["a", "b"], "period": pd.Timestamp("2026-05-01"), "revenue": [5.0, 7.0]}
    )
    found = accounts.customers(listed, money, on=DAY)
    assert found.revenue.to_dict() == {"a": 5.0}
    assert found.ended == {"b"}
    named = pd.Series(["a", "b", None, "unlisted"])
    assert found.current(named).tolist()[0::3] == ["a", "unlisted"]
    assert found.current(named).isna().tolist() == [False, True, True, False]
    assert accounts.customers(listed, None, on=DAY).revenue is None


def test_without_a_list_of_accounts_nobody_is_known_to_have_left():
    found = accounts.customers(None, None, on=DAY)
    assert found.revenue is None
    assert found.current(pd.Series(["a"])).tolist() == ["a"]
