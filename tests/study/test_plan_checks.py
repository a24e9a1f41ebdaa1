"""Lists of actions, effects and promises as clients type them: what cannot be meant is told."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.methods.actions.promises import promises
from helpers.study import check_client
from helpers.study.reached import reached, rule_problem

ACTIONS = {
    "action_id": ("A1", "A2"),
    "name": ("Status mails", "Named contact"),
    "function": ("Service", "Service"),
    "cost_once": ("10000", "20000"),
    "cost_year": ("3000", "9000"),
    "effort_days": ("80", "100"),
    "months": ("3", "4"),
    "earliest_quarter": ("2026Q3", "Q4 2026"),
    "requires": ("", "A1"),
    "excludes": ("", ""),
    "reach": ("all", "region == 'North'"),
    "adoption_low": ("0.5", "0.5"),
    "adoption_mid": ("0.6", "0.6"),
    "adoption_high": ("0.7", "0.7"),
}
EFFECTS = {
    "action_id": ("A1", "A2"),
    "driver": ("ease", "trouble"),
    "change_low": ("0.2", "0.2"),
    "change_mid": ("0.4", "0.4"),
    "change_high": ("0.6", "0.6"),
    "basis": ("pilot", "judgement"),
}
PROMISES = {
    "what": ("Reply in 2 days", "Named contact"),
    "audience": ("customers", "staff"),
    "promised_at": ("2025-10-01", "2025-10-01"),
    "due": ("2026-01-01", "2026-02-01"),
}
ACCOUNTS = "account_id,name,region\n007,Seven,North\n008,Eight,South\n009,Nine,South\n"


def as_csv(columns):
    return pd.DataFrame(columns).to_csv(index=False)


def told(client, actions=None, effects=None, made=None, **keys):
    files = {
        "accounts.csv": ACCOUNTS,
        "actions.csv": as_csv(ACTIONS | (actions or {})),
        "action_effects.csv": as_csv(EFFECTS | (effects or {})),
        "communications.csv": as_csv(PROMISES | (made or {})),
    }
    return [str(fault) for fault in check_client(client(files, **keys))]


def test_a_plan_that_can_be_meant_has_no_fault(client):
    assert told(client) == []


@pytest.mark.parametrize(
    ("column", "cells", "said"),
    [
        ("adoption_low", ("0.9", "0.5"), "row 1, column adoption_mid: '0.6' is below adoption_low"),
        ("adoption_high", ("0.7", "0.2"), "row 2, column adoption_high: '0.2' is below"),
        ("requires", ("A9", ""), "names A9, which is no action_id of the list. Known here: A1, A2"),
        ("requires", ("A1", ""), "row 1, column requires: 'A1' is the action itself. Take it out"),
        ("requires", ("Named contact", ""), "by its name. Write its id, A2"),
        ("requires", ("", "A1; A3"), "names A3, which is no action_id of the list. Known here: A"),
        ("requires", ("A2", "A1"), "goes round in a circle: A1 requires A2, which requires A1"),
        ("excludes", ("", "A7"), "row 2, column excludes: 'A7' names A7, which is no action_id"),
        ("earliest_quarter", ("", "Autumn"), "'Autumn' is not a quarter. Write it as 2026Q4"),
        ("earliest_quarter", ("10/2026", ""), "'10/2026' is not a quarter. Write it as 2026Q4"),
        ("reach", ("regoin == 'North'", ""), "no column of accounts. Did you mean region?"),
        ("reach", ("region == 'north'", ""), "which no region is. Did you mean North?"),
        ("reach", ("region in ('North', 'West')", ""), "asks for 'West', which no region is"),
        ("reach", ("large accounts", ""), "cannot be read as a rule. Write `all`, or compare"),
        ("reach", ("region in 5", ""), "cannot be read as a rule"),
        ("reach", ("region > 'A'", ""), "cannot be read as a rule"),
        ("adoption_mid", ("60", "0.6"), "is not from 0 to 1. It is a share: write 30 per cent as"),
    ],
)
def test_an_action_that_cannot_be_meant_is_told_with_its_row(client, column, cells, said):
    assert said in " | ".join(told(client, {column: cells}))


@pytest.mark.parametrize(
    ("column", "cells", "said"),
    [
        ("driver", ("eas", "trouble"), "'eas' is not a variable of codebook.csv. Write ease."),
        ("driver", ("Ease", "trouble"), "'Ease' is not a variable of codebook.csv. Write ease."),
        ("driver", ("speed of it", "trouble"), "Known here: ease, nps, trouble"),
        ("change_mid", ("0.7", "0.4"), "column change_high: '0.6' is below change_mid of its row"),
        ("change_high", ("12", "0.6"), "is more than the 10 points from 0 to 10 of its driver"),
        ("change_high", ("0.6", "5"), "row 2, column change_high: '5' is more than the 4 points"),
        ("change_mid", ("4%", "0.4"), "5 per cent of 0 to 10 are 0.5."),
    ],
)
def test_an_effect_that_cannot_be_meant_is_told_with_its_row(client, column, cells, said):
    assert said in " | ".join(told(client, effects={column: cells}))


def test_days_of_a_function_that_no_action_is_of_are_told(client):
    (found,) = told(client, parameters="{actions: {effort_days: {Servise: 400}}}")
    assert "effort_days: 'Servise' is the function of no action in actions.csv" in found
    assert "Did you mean Service?" in found


def test_promises_to_nobody_that_is_called_customers_are_told_of(client):
    (found,) = told(client, made={"audience": ("Kunden", "Vertrieb")})
    assert "is customers in no row" in found
    assert '{audience: {customers: ["Kunden", "Vertrieb"]}}' in found


def test_a_promise_that_was_due_before_it_was_made_is_told(client):
    (found,) = told(client, made={"due": ("2025-01-01", "2026-02-01")})
    assert "row 1, column due: '2025-01-01' lies before promised_at (2025-10-01)" in found


def test_benchmarks_out_of_order_are_told(client):
    rows = "nps,0-10,web,Panel,2025,-5,30,26,40,54,84\n"
    head = "metric,scale,mode,source,year,p10,p25,p50,p75,p90,n\n"
    faults = check_client(client({"benchmarks.csv": head + rows}))
    (found,) = [str(f) for f in faults if f.column != "mode"]
    assert "row 1, column p50: '26' is below p25 of its row" in found


def test_a_rule_may_be_about_any_table_it_is_given():
    accounts, people = pd.DataFrame({"tier": ["Key"]}), pd.DataFrame({"role": ["user"]})
    assert rule_problem("role == 'user' and tier != 'Key'", [accounts, people])[0] != ""
    assert rule_problem("role == 'user'", [accounts, people]) == ("", "")
    assert reached("tier in 5", accounts) is None


def test_a_promise_delivered_in_the_evening_of_its_day_is_kept():
    made = pd.DataFrame(
        {"what": ["a", "b", "c"], "audience": "customers",
         "promised_at": pd.to_datetime("2026-01-01"),
         "due": pd.to_datetime(["2026-03-31", "2026-03-31", "2026-07-31"]),
         "delivered_at": pd.to_datetime(["2026-03-31 18:30", "2026-04-01 00:10",
                                         "2026-06-30 17:00"])}
    )  # fmt: skip
    found = promises(made, as_of=pd.Timestamp("2026-06-30")).set_index("what")["status"]
    assert found.to_dict() == {"a": "kept", "b": "late", "c": "kept"}
