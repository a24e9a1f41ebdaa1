"""The account list: facts as they were sent, one action each, no day in the past."""

from __future__ import annotations

import csv
from collections import Counter
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers.methods import account_list, accounts
from helpers.methods.account_list import RULES

TODAY = pd.Timestamp("2026-06-30")  # a Tuesday
CELLS = ("Grow & leverage", "Protect & repair", "Re-price or release", "Negative payoff")
NORTHFIELD = Path(__file__).resolve().parents[2] / "data" / "northfield"


def listed(*ids: str, **columns: object) -> pd.DataFrame:
    named = {"name": [f"Firm {i}" for i in ids], "owner": "Ann", "sponsor": None, "revenue": 100.0}
    return pd.DataFrame({"account_id": list(ids), **named, **columns})


def placed(**cells: str) -> pd.DataFrame:
    return pd.DataFrame(
        {"account_id": list(cells), "cell": list(cells.values()), "loyalty": 60.0, "low": 50.0,
         "high": 70.0, "respondents": 2, "firmness": "firm"}
    )  # fmt: skip


def risk(**amounts: float) -> pd.DataFrame:
    return pd.DataFrame(
        {"account_id": list(amounts), "at_risk": list(amounts.values()), "excess": 1.0}
    )


def rows(frame: pd.DataFrame, **more: object) -> dict[str, pd.Series]:
    found = account_list.account_list(frame, as_of=TODAY, **more).table
    return {row["account_id"]: row for _, row in found.iterrows()}


def ends(**days: str) -> pd.Series:
    return pd.Series({name: pd.Timestamp(day) for name, day in days.items()})


def ticket(account: str, created: str, **dates: str) -> dict[str, object]:
    blank = {"first_contact_at": None, "plan_at": None, "closed_at": None, "owner": "Tim"}
    return {"ticket_id": f"t{created}", "account_id": account, "created_at": created, **blank,
            **dates}  # fmt: skip


def cases(*several: dict[str, object]) -> pd.DataFrame:
    frame = pd.DataFrame(list(several))
    days = [name for name in frame if str(name).endswith("_at")]
    frame[days] = frame[days].apply(pd.to_datetime)
    return account_list.open_tickets(
        frame, as_of=TODAY, first_contact_hours=48, plan_days=5, close_days=20
    )


def test_an_account_to_grow_that_is_likely_trapped_is_asked_first():
    trapped = pd.DataFrame({"account_id": ["a"], "segment": ["Trapped"]})
    found = rows(listed("a", "b"), placed=placed(a=CELLS[0], b=CELLS[0]), singled_out=trapped)
    assert found["a"]["rule"] == "listen before growth"
    assert "reference" in found["a"]["avoid"]
    assert "no reference" in found["a"]["settled"]
    assert (found["b"]["rule"], found["b"]["avoid"], found["b"]["conflict"]) == ("grow", "", "")


@pytest.mark.parametrize("cell", CELLS[2:])
def test_an_account_with_much_at_risk_is_made_safe_before_its_price_is_raised(cell):
    found = rows(listed("a", "b"), placed=placed(a=cell, b=cell), risk=risk(a=99.5, b=0.5))
    assert found["a"]["rule"] == "keep before price"
    assert found["a"]["avoid"] == "A price rise or new terms"
    assert found["b"]["rule"] in ("re-price", "loss")


@pytest.mark.parametrize("cell", CELLS)
def test_no_reference_is_asked_of_a_trapped_account_whatever_its_cell(cell):
    trapped = pd.DataFrame({"account_id": ["a"], "segment": ["Trapped"]})
    found = rows(listed("a"), placed=placed(a=cell), singled_out=trapped)["a"]
    assert "reference" in found["avoid"]
    assert "reference" not in found["action"]


@pytest.mark.parametrize(
    "day", ["2026-06-30", "2026-07-01", "2026-07-05", "2026-07-13", "2026-08-15"]
)
@pytest.mark.parametrize("cell", CELLS)
def test_an_account_is_called_before_its_contract_ends_and_never_in_the_past(day, cell):
    end = pd.Timestamp(day)
    found = rows(listed("a"), placed=placed(a=cell), contract_ends=ends(a=day))["a"]
    assert found["due"] >= TODAY
    assert found["due"] < end or end == TODAY
    assert found["due"].day_of_week < 5


def test_talks_that_are_ahead_stand_on_the_list_and_days_follow_contracts():
    """From 90 days before the end on, within 60 days: never sooner than at one that ends before."""
    days = pd.date_range("2026-07-01", "2027-03-31", freq="D")
    ids = [f"a{n:03}" for n in range(len(days))]
    found = account_list.account_list(
        listed(*ids, owner=None), as_of=TODAY, contract_ends=pd.Series(days, ids)
    ).table.sort_values("account_id")
    asked = found[found["rule"] != ""]
    assert set(asked["rule"]) == {"renewal", "renewal ahead"}
    assert set(asked["action"]) == {"Open renewal talks"}
    assert asked["due"].is_monotonic_increasing
    assert (asked["due"] < asked["contract_end"]).all()
    assert asked["contract_end"].max() > pd.Timestamp("2027-01-15")
    assert (found.loc[found["rule"] == "", "action"] == "Normal service; nothing is pressing").all()


def due_weeks(found: account_list.AccountList) -> pd.Series:
    """Calls by person and week, the first week ending seven days after the day of the data."""
    known = found.table.dropna(subset=["due"])
    week = (-(-(known["due"] - TODAY).dt.days // 7) - 1).clip(lower=0)
    return known.groupby(["who", week]).size()


def test_nobody_has_more_calls_in_a_week_than_can_be_made_and_most_money_comes_first():
    ids = [f"a{i}" for i in range(12)]
    late = [ticket(i, "2026-06-20", owner=("Tim", "Eve")[int(i[1:]) % 2]) for i in ids]
    found = account_list.account_list(
        listed(*ids, revenue=[float(n) for n in range(12)]),
        as_of=TODAY,
        tickets=cases(*late),
        per_week=2,
    )
    assert (due_weeks(found) == 2).all()
    assert len(found.this_week) == 4
    assert found.this_week["account_id"].tolist() == ["a11", "a10", "a9", "a8"]
    assert found.table["waits"].tolist() == [0.0] * 4 + [1.0] * 4 + [2.0] * 4
    days = found.table["due"].unique().tolist()
    assert days == [pd.Timestamp(day) for day in ("2026-07-01", "2026-07-08", "2026-07-15")]


def test_no_call_waits_until_after_the_contract_has_ended():
    ids = [f"a{i}" for i in range(6)]
    late = cases(*[ticket(i, "2026-06-20") for i in ids])
    small_and_soon = {"a0": "2026-07-20", "a1": "2026-07-21", "a2": "2026-07-22"}
    found = account_list.account_list(
        listed(*ids, revenue=[1.0, 1.0, 1.0, 9.0, 9.0, 9.0]),
        as_of=TODAY,
        tickets=late,
        contract_ends=ends(**small_and_soon),
        per_week=1,
    )
    by = found.table.set_index("account_id")
    assert (by["due"] < by["contract_end"].fillna(pd.Timestamp("2100-01-01"))).all()
    assert set(small_and_soon) <= set(by.index[by["due"] < pd.Timestamp("2026-07-14")])


def test_an_account_without_an_answer_counts_by_its_revenue_at_the_rate_of_those_with_one():
    """At risk 2 of 200: of 900 without an answer 9 are expected, of 100 one."""
    late = cases(*[ticket(i, "2026-06-20") for i in "abc"])
    found = account_list.account_list(
        listed(*"abc", revenue=[200.0, 900.0, 100.0]),
        as_of=TODAY,
        tickets=late,
        risk=risk(a=2.0),
        per_week=1,
    )
    assert found.table["account_id"].tolist() == ["b", "a", "c"]


def test_what_finds_no_place_within_a_year_has_no_day_and_unnamed_people_no_limit():
    ids = [f"a{i:03}" for i in range(60)]
    cells = placed(**dict.fromkeys(ids, CELLS[1]))
    named = account_list.account_list(listed(*ids), as_of=TODAY, placed=cells, per_week=1)
    assert named.table["due"].isna().sum() == named.table["waits"].isna().sum() > 0
    nobody = account_list.account_list(
        listed(*ids, owner=None), as_of=TODAY, placed=cells, per_week=1
    )
    assert (nobody.table["waits"] == 0).all()
    with pytest.raises(ValueError, match="at least 1 call a week, not 0"):
        account_list.account_list(listed(*ids), as_of=TODAY, per_week=0)


def test_the_list_refuses_a_day_in_the_past():
    table = account_list.account_list(
        listed("a"), as_of=TODAY, contract_ends=ends(a="2026-07-20")
    ).table
    late = table.assign(due=TODAY - pd.Timedelta(days=1))
    with pytest.raises(ValueError, match="due on 2026-06-29, before"):
        account_list.AccountList(late, TODAY)


def test_a_contract_that_is_renewed_or_over_does_not_end():
    sent = pd.DataFrame(
        {"account_id": list("aabbc"), "renewed": [True, None, None, None, None],
         "end": pd.to_datetime(["2026-07-31", "2027-07-31", "2026-12-31", "2026-09-30",
                                "2026-06-29"])}
    )  # fmt: skip
    found = account_list.contract_ends(sent, as_of=TODAY)
    assert found.to_dict() == ends(a="2027-07-31", b="2026-09-30").to_dict()


def test_a_ticket_waits_for_its_next_step_by_the_promised_day():
    found = cases(
        ticket("a", "2026-06-20"),
        ticket("b", "2026-06-22", first_contact_at="2026-06-23"),
        ticket("c", "2026-06-23", first_contact_at="2026-06-24", plan_at="2026-06-25"),
        ticket("d", "2026-06-01", closed_at="2026-06-10"),
    )
    assert found["account_id"].tolist() == ["a", "b", "c"]
    assert found["step"].tolist() == ["first contact", "plan", "solution"]
    assert found["late"].tolist() == [True, True, False]
    assert found["due"].tolist()[1:] == [pd.Timestamp("2026-06-27"), pd.Timestamp("2026-07-13")]


def test_where_every_ticket_is_closed_none_is_open():
    done = cases(ticket("a", "2026-06-01", closed_at="2026-06-10"))
    assert done.empty
    found = rows(listed("a", "b"), tickets=done)
    assert [found[name]["tickets"] for name in "ab"] == [0, 0]
    assert {row["rule"] for row in found.values()} == {"hear"}


def test_a_ticket_that_rests_is_not_late_before_its_day_and_is_taken_up_then():
    """The inbox of the recovery chapter says the same: at rest, and not overdue."""
    until = pd.Timestamp("2026-07-09")
    found = cases(
        ticket("a", "2026-06-20", snoozed_until=until),
        ticket("b", "2026-06-20", snoozed_until=TODAY),
        ticket("c", "2026-06-20"),
    )
    assert found["late"].tolist() == [False, True, True]
    assert found["rests"].tolist()[0] == until
    assert found["rests"].isna().tolist() == [False, True, True]
    row = rows(listed("a"), tickets=found)["a"]
    assert (row["rule"], row["due"], row["tickets_late"]) == ("ticket in time", until, 0)


OFFERS = ("grow", "invest", "re-price")  # rules that ask something of an account


def test_nobody_unhappy_or_past_a_promise_is_pitched_whatever_else_is_true():
    """Every cell with every mix of an unhappy segment, a late or open ticket and a late promise."""
    cells = (*CELLS, "Invest", "Maintain efficiently")
    mixes = list(product(cells, (0, 1), ("", "late", "open"), (0, 1)))
    ids = [f"a{place}" for place in range(len(mixes))]
    day = {"late": "2026-06-01", "open": "2026-06-29"}
    of = dict(zip(ids, mixes, strict=True))
    asked = [ticket(i, day[mix[2]]) for i, mix in of.items() if mix[2]]
    unhappy = [i for i, mix in of.items() if mix[1]]
    told = [i for i, mix in of.items() if mix[3]]
    late = pd.DataFrame({"account_id": told, "what": "x", "late": True, "to": "account"})
    found = rows(
        listed(*ids), placed=placed(**{i: mix[0] for i, mix in of.items()}), tickets=cases(*asked),
        risk=risk(**dict.fromkeys(ids, 1.0)), promises=late,
        singled_out=pd.DataFrame({"account_id": unhappy, "segment": "Trapped"}),
    )  # fmt: skip
    for i, (cell, singled, case, promise) in of.items():
        row = found[i]
        wait = bool(singled or case or promise or cell == "Protect & repair")
        assert row["held"] == wait
        assert not wait or row["rule"] not in OFFERS
        assert wait == ("new offer" in row["avoid"])
    assert {row["rule"] for row in found.values()} >= {"grow", "invest", "keep before price"}


def test_a_ticket_that_nobody_called_about_goes_before_everything_else():
    found = rows(listed("a", "b"), placed=placed(a=CELLS[1], b=CELLS[1]),
                 tickets=cases(ticket("a", "2026-06-20")))  # fmt: skip
    assert (found["a"]["rule"], found["a"]["who"]) == ("uncontacted", "Tim")
    assert found["a"]["due"] == pd.Timestamp("2026-07-01")
    assert (found["b"]["rule"], found["b"]["who"]) == ("repair", "Ann")


def test_the_sponsor_is_asked_for_a_repair_where_there_is_one():
    found = rows(listed("a", sponsor=["Eve, CEO"]), placed=placed(a=CELLS[1]))
    assert found["a"]["who"] == "Eve, CEO"
    assert rows(listed("a", owner=[None]), placed=placed(a=CELLS[1]))["a"]["who"] == "to be named"


def test_a_promise_is_open_at_whom_it_was_made_to():
    sent = pd.DataFrame(
        {"what": ["all", "key", "one", "staff", "kept"],
         "audience": ["Customers", "KEY", "firm b", "employees", "customers"],
         "promised_at": pd.Timestamp("2026-01-01"),
         "due": pd.to_datetime(["2026-12-31", "2026-05-31", "2026-06-01", "2026-06-01", None]),
         "delivered_at": pd.to_datetime([None, None, None, None, "2026-02-01"])}
    )  # fmt: skip
    frame = listed("a", "b", tier=["Key", "Core"])
    found = account_list.open_promises(sent, frame, groups=["tier"], as_of=TODAY)
    by = found.groupby("account_id")["what"].agg(sorted).to_dict()
    assert by == {"a": ["all", "key"], "b": ["all", "one"]}
    done = rows(frame, promises=found)
    assert [done[i]["rule"] for i in "ab"] == ["late promise", "late promise"]
    assert [done[i]["promises"] for i in "ab"] == [2, 2]


def test_a_list_of_one_account_with_nothing_known_asks_for_nothing():
    found = account_list.account_list(pd.DataFrame({"account_id": ["007"]}), as_of=TODAY)
    [row] = found.table.to_dict("records")
    assert (row["name"], row["rule"], row["who"]) == ("007", "", "")
    assert pd.isna(row["due"])
    assert found.this_week.empty
    assert found.conflicts.empty


def test_tied_accounts_keep_the_order_of_their_names():
    frame = listed(*"dcab")
    cells = placed(a=CELLS[0], b=CELLS[0], c=CELLS[0], d=CELLS[0])
    found = account_list.account_list(frame, as_of=TODAY, placed=cells).table
    assert found["account_id"].tolist() == list("abcd")


def test_twenty_thousand_accounts_are_listed_at_once():
    rng, ids = np.random.default_rng(7), [f"A{i:05}" for i in range(20_000)]
    frame = listed(*ids, revenue=rng.lognormal(10, 1, len(ids)))
    cells = placed(**dict(zip(ids, rng.choice(CELLS, len(ids)), strict=True)))
    found = account_list.account_list(frame, as_of=TODAY, placed=cells).table
    assert len(found) == 20_000
    assert set(found["rule"]) <= {rule.name for rule in RULES}


def test_a_person_without_consent_looks_like_one_who_did_not_answer():
    contacts = pd.DataFrame(
        {"contact_id": list("pqrs"), "account_id": "a", "role": "user", "active": [1, 1, 1, 0]}
    ).astype({"active": bool})
    answers = pd.DataFrame({"contact_id": list("pq")}, index=["r1", "r2"])
    told = pd.Series([80.0, 20.0], index=answers.index)
    found = account_list.people(contacts, told, answers, told > 50)
    assert found["score"].dropna().tolist() == [80.0]
    assert found.iloc[1].equals(found.iloc[2].rename(1))
    assert "contact_id" not in found


def test_drivers_of_an_account_are_made_of_answers_that_may_be_named():
    rated = pd.DataFrame({"price": [4.0, 6.0, 8.0, 8.0, 1.0]})
    agreed = pd.Series([True, True, True, True, False])
    found = account_list.drivers(rated, pd.Series(list("aabbb")), agreed).set_index("account_id")
    assert found.loc["b", ["value", "peers", "answers"]].tolist() == [8.0, 5.0, 2]
    assert found.loc["a", "low"] < 5.0 < found.loc["a", "high"]


def sent(table: str) -> list[dict[str, str]]:
    with (NORTHFIELD / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_owners_sponsors_contract_ends_and_tickets_are_those_of_the_clients_folder():
    from helpers.study import open_study

    study = open_study("northfield")
    groups = [*study.segments, "segment"]
    found = rows(
        accounts.with_revenue(
            accounts.live(study.accounts, on=study.as_of), study.table("financials"),
            until=study.as_of,
        ),
        contract_ends=account_list.contract_ends(study.table("contracts"), as_of=study.as_of),
        tickets=account_list.open_tickets(study.table("tickets"), as_of=study.as_of),
        promises=account_list.open_promises(
            study.table("communications"), study.accounts, groups=groups, as_of=study.as_of
        ),
    )  # fmt: skip
    day = f"{study.as_of:%Y-%m-%d}"
    live = [a for a in sent("accounts") if not a["end_date"] or a["end_date"] > day]
    assert set(found) == {a["account_id"] for a in live}
    open_now = Counter(t["account_id"] for t in sent("tickets") if not t["closed_at"])
    ends_on: dict[str, str] = {}
    for contract in sent("contracts"):
        if contract["end"] >= day and contract["renewed"] != "yes":
            known = ends_on.setdefault(contract["account_id"], contract["end"])
            ends_on[contract["account_id"]] = min(known, contract["end"])
    for account in live:
        row = found[account["account_id"]]
        assert (row["owner"] or "", row["sponsor"] or "") == (account["owner"], account["sponsor"])
        assert row["tickets"] == open_now[account["account_id"]]
        end = "" if pd.isna(row["contract_end"]) else f"{row['contract_end']:%Y-%m-%d}"
        assert end == ends_on.get(account["account_id"], "")
        assert pd.isna(row["due"]) or row["due"] >= study.as_of
        assert not end or pd.isna(row["due"]) or f"{row['due']:%Y-%m-%d}" < end
    assert sum(open_now.values()) > 20


def test_no_hour_of_a_ticket_is_handed_on():
    """An alert stands some minutes after its answer: the minute would give the answer away."""
    sent = pd.DataFrame(
        {"account_id": ["A"], "ticket_id": ["T"], "created_at": ["2026-06-20 10:14"],
         "closed_at": [None]}
    )  # fmt: skip
    found = account_list.open_tickets(
        sent, as_of=pd.Timestamp("2026-06-30"), first_contact_hours=36
    )
    assert found[["since", "due"]].astype(str).values.tolist() == [["2026-06-20", "2026-06-21"]]
