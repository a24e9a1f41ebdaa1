"""What an account's page asks for: the list's own action, and at most two more, none made up."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from helpers.methods import account_list, accounts

TODAY = pd.Timestamp("2026-06-30")  # a Tuesday
NORTHFIELD = Path(__file__).resolve().parents[2] / "data" / "northfield"


def listed(*ids: str, cell: str = "", ends: str = "", **more: object) -> pd.DataFrame:
    frame = pd.DataFrame({"account_id": list(ids), "owner": "Ann", "sponsor": "Sue",
                          "revenue": 100.0})  # fmt: skip
    placed = pd.DataFrame(
        {"account_id": list(ids), "cell": cell or "Maintain efficiently", "loyalty": 60.0,
         "low": 50.0, "high": 70.0, "respondents": 2, "firmness": "firm"}
    )  # fmt: skip
    known = pd.Series(pd.Timestamp(ends), list(ids)) if ends else None
    return account_list.account_list(
        frame, as_of=TODAY, placed=placed, contract_ends=known, **more
    ).table


def tickets(created: str, account: str = "a", **dates: str) -> pd.DataFrame:
    days = {name: [pd.Timestamp(day)] for name, day in dates.items()}
    sent = pd.DataFrame({"ticket_id": ["t"], "account_id": [account], "owner": ["Tim"],
                         "root_cause": ["delivery"], "created_at": [pd.Timestamp(created)],
                         **days})  # fmt: skip
    return account_list.open_tickets(
        sent, as_of=TODAY, first_contact_hours=48, plan_days=5, close_days=20
    )


def promised(what: str, due: str, to: str = "account", account: str = "a") -> pd.DataFrame:
    day = pd.Timestamp(due)
    return pd.DataFrame({"account_id": [account], "what": [what], "due": [day], "to": [to],
                         "since": [TODAY], "late": [day < TODAY]})  # fmt: skip


def rated(name: str, value: float, high: float, peers: float = 7.0, **more: object) -> dict:
    return {"account_id": "a", "driver": name, "label": name.title(), "value": value, "low": 0.0,
            "high": high, "peers": peers, "scale_min": 0.0, "scale_max": 10.0, "owner": "",
            **more}  # fmt: skip


def lead(product: str, money: float, account: str = "a") -> dict:
    return {"account_id": account, "product": product, "money": money}


def steps(table: pd.DataFrame, **more: object) -> list[tuple[str, str, str, str]]:
    found = account_list.next_actions(table, as_of=TODAY, **more)
    return [
        (row.kind, row.about, row.who, "" if pd.isna(row.due) else f"{row.due:%m-%d}")
        for row in found.itertuples()
    ]


def test_the_list_s_own_action_comes_first_and_the_others_by_day():
    """Grow within 60 days; the talk within 60 of 2 October, 90 before the end of December."""
    found = steps(
        listed("a", cell="Grow & leverage", ends="2026-12-31"),
        drivers=pd.DataFrame([rated("delivery", 4.0, 5.0, owner="Nora, Service")]),
        leads=pd.DataFrame([lead("Pump", 1.0), lead("Valve", 9.0)]),
        monday=["a"],
        most=4,
    )
    assert found == [
        ("list", "", "Ann", "08-28"), ("lead", "Valve", "Ann", "07-06"),
        ("driver", "Delivery", "Nora, Service", "08-14"), ("talk", "", "Ann", "12-01"),
    ]  # fmt: skip


def test_no_more_than_three_are_named_and_each_kind_once():
    found = steps(
        listed("a", cell="Invest", ends="2026-08-10"),
        promises=pd.concat([promised("A", "2026-07-20"), promised("B", "2026-07-10")]),
        drivers=pd.DataFrame([rated("price", 3.0, 5.0), rated("delivery", 2.0, 5.0)]),
        leads=pd.DataFrame([lead("Pump", 1.0)]),
    )
    assert [one[0] for one in found] == ["list", "promise", "lead"]
    assert found[1][1] == "B"


def test_a_case_is_not_said_twice_where_the_next_action_settles_it():
    late = tickets("2026-06-01")
    told = steps(listed("a", tickets=late), tickets=late)
    assert [one[0] for one in told] == ["list"]
    repair = listed("a", cell="Protect & repair", ends="2026-08-01", tickets=late)
    assert repair["rule"].item() == "uncontacted"
    planned = tickets("2026-06-01", first_contact_at="2026-06-02")
    repair = listed("a", cell="Protect & repair", ends="2026-08-01", tickets=planned)
    assert repair["rule"].item() == "repair before renewal"
    assert steps(repair, tickets=planned)[1:] == [("case", "delivery", "Tim", "07-07")]


def test_a_promise_to_everybody_is_nobody_s_next_action_and_one_that_is_late_has_a_new_day():
    table = listed("a")
    assert steps(table, promises=promised("A portal", "2026-07-20", to="all")) == []
    late = promised("A contact", "2026-06-01", to="group")
    assert steps(table, promises=late) == [("promise", "A contact", "Ann", "07-07")]


def test_only_a_driver_whose_whole_interval_is_below_others_is_asked_about():
    table = listed("a")
    near = pd.DataFrame([rated("price", 2.0, 7.1), rated("delivery", 6.5, 6.9)])
    assert [one[:3] for one in steps(table, drivers=near)] == [("driver", "Delivery", "Ann")]
    assert steps(table, drivers=near[:1]) == []


def test_a_distance_counts_on_its_own_scale():
    """Two of four points are further than three of ten."""
    both = pd.DataFrame(
        [rated("price", 4.0, 5.0), rated("ease", 2.0, 3.0, peers=4.0, scale_max=4.0)]
    )
    assert steps(listed("a"), drivers=both)[0][1] == "Ease"


def test_nothing_is_offered_to_an_account_on_hold():
    late = tickets("2026-06-01")
    for table in (listed("a", cell="Protect & repair"), listed("a", tickets=late)):
        assert table["held"].item()
        found = steps(table, leads=pd.DataFrame([lead("Pump", 1.0)]), monday=["a"])
        assert "lead" not in [one[0] for one in found]


def test_the_talk_about_a_contract_is_not_named_where_it_is_the_next_action_or_far_away():
    assert [one[0] for one in steps(listed("a", ends="2026-08-01"))] == ["list"]
    assert steps(listed("a", ends="2027-06-30")) == []
    assert steps(listed("a", ends="2026-12-31")) == [("list", "", "Ann", "12-01")]


def test_the_list_and_a_page_never_say_two_things_of_one_account():
    """What the list calls nothing pressing has no next action on its page either."""
    for day in pd.date_range("2026-07-01", "2027-09-30", freq="7D"):
        table = listed("a", ends=f"{day:%Y-%m-%d}")
        [*found] = steps(table)
        assert [one[0] for one in found] == (["list"] if table["rule"].item() else [])


def test_an_account_to_protect_has_its_sponsor_s_plan_beside_a_more_urgent_case():
    late = tickets("2026-06-01")
    table = listed("a", cell="Protect & repair", tickets=late)
    assert table["rule"].item() == "uncontacted"
    assert steps(table, tickets=late) == [
        ("list", "", "Tim", "07-01"), ("repair", "", "Sue", "07-30"),
    ]  # fmt: skip
    nobody = table.assign(sponsor=None)
    assert steps(nobody, tickets=late)[1] == ("repair", "", "Ann", "07-30")
    assert [one[0] for one in steps(listed("a", cell="Protect & repair"))] == ["list"]


def test_the_sponsor_s_plan_is_made_before_the_contract_ends():
    late = tickets("2026-06-01")
    table = listed("a", cell="Protect & repair", ends="2026-07-24", tickets=late)
    assert steps(table, tickets=late)[1] == ("repair", "", "Sue", "07-10")


def test_an_account_of_which_nothing_is_known_has_no_action():
    assert steps(listed("a")) == []


@pytest.fixture(scope="module")
def northfield() -> tuple[pd.DataFrame, pd.DataFrame]:
    """The facts of the demo client alone: accounts, contracts, cases, promises."""
    days = {"contracts": ["start", "end"], "communications": ["promised_at", "due", "delivered_at"],
            "tickets": ["created_at", "first_contact_at", "plan_at", "closed_at", "snoozed_until"],
            "accounts": ["start_date", "end_date"]}  # fmt: skip
    sent = {}
    for name, dates in days.items():
        head = pd.read_csv(NORTHFIELD / f"{name}.csv", nrows=0).columns
        sent[name] = pd.read_csv(NORTHFIELD / f"{name}.csv",
                                 parse_dates=[day for day in dates if day in head])  # fmt: skip
    live = accounts.live(sent["accounts"], on=TODAY)
    cases = account_list.open_tickets(
        sent["tickets"], as_of=TODAY, first_contact_hours=48, plan_days=5, close_days=20
    )
    promises = account_list.open_promises(sent["communications"], live, as_of=TODAY)
    renewed = sent["contracts"]["renewed"].eq("yes")
    contracts = sent["contracts"].assign(renewed=renewed)
    found = account_list.account_list(
        live, as_of=TODAY, tickets=cases, promises=promises,
        contract_ends=account_list.contract_ends(contracts, as_of=TODAY),
    ).table  # fmt: skip
    wanted = pd.DataFrame({"account_id": found["account_id"], "product": "Pump", "money": 1.0})
    return found, account_list.next_actions(
        found, as_of=TODAY, tickets=cases, promises=promises, leads=wanted
    )


def test_on_northfield_the_first_action_is_the_list_s_and_no_day_is_past(northfield):
    table, found = northfield
    own = found[found["kind"] == "list"].set_index("account_id")
    asked = table[table["rule"] != ""].set_index("account_id")
    columns = ["action", "who", "due"]
    pd.testing.assert_frame_equal(own[columns], asked[columns], check_dtype=False)
    assert (found.groupby("account_id").cumcount()[found["kind"] == "list"] == 0).all()
    assert 1 < found["account_id"].value_counts().max() <= 3
    assert (found["due"].dropna() > TODAY).all()
    assert not found.duplicated(["account_id", "kind"]).any()


def test_on_northfield_no_account_that_is_not_to_be_offered_anything_is_called_about_a_lead(
    northfield,
):
    table, found = northfield
    called = set(found.loc[found["kind"] == "lead", "account_id"])
    held = table.set_index("account_id")["held"].astype(bool)
    assert called
    assert not held[list(called)].any()
    assert held.any()
