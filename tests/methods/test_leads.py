"""Leads: who may be named, what is a lead, how often it comes true, what it is worth."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from helpers.errors import NotEstimable
from helpers.methods import account_list, leads, operations
from helpers.methods.leads.rates import _alike, _ends

DAY = pd.Timestamp("2026-06-30")
FIRMS = [f"A{i:02}" for i in range(20)]
LISTED = pd.DataFrame({"product_id": ["P1", "P2"], "name": ["Pump", "Audit"],
                       "price": [100.0, 1000.0], "margin": [0.3, 0.5]})  # fmt: skip


def owned(**of: list[str]) -> pd.DataFrame:
    rows = [(firm, pid) for pid, firms in of.items() for firm in firms]
    return pd.DataFrame(rows, columns=["account_id", "product_id"])


def offers(*rows: tuple, **more: object) -> pd.DataFrame:
    table = pd.DataFrame(
        rows, columns=["opportunity_id", "account_id", "product_id", "created", "closed", "won"]
    )
    table[["created", "closed"]] = table[["created", "closed"]].apply(pd.to_datetime)
    return table.assign(amount=500.0, **more)


def known(score: float = 80.0, firms: list[str] = FIRMS, **more: object) -> leads.Known:
    return leads.Known(DAY, pd.Series(score, index=firms), more.pop("there", firms), **more)


def asked(*rows: tuple[str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["account_id", "contact_id", "product_id"])


def past(source: str, hits: int, of: int, **more: object) -> pd.DataFrame:
    return pd.DataFrame({"source": source, "account_id": [f"{source}{i}" for i in range(of)],
                         "hit": np.arange(of) < hits, **more})  # fmt: skip


def today(sold: leads.Sales, at: leads.Known, before: pd.DataFrame, **more: object) -> leads.Leads:
    rng = np.random.default_rng(3)
    people = pd.DataFrame({"contact_id": [f"C{f}" for f in at.there],
                           "account_id": list(at.there), "role": "user"})  # fmt: skip
    asks = {"people": people, "waiting": (), "everyone": at, "rng": rng} | more
    return leads.todays_leads(sold, at, leads.Rule(), leads.hit_rates(before, rng=rng),
                              leads.priced(sold), **asks)  # fmt: skip


PEOPLE = pd.DataFrame(
    {"contact_id": ["yes", "no", "unknown", "gone", "out", None], "account_id": "a",
     "role": "user", "active": [True, True, True, False, True, True],
     "opt_out": [False, False, False, False, True, False],
     "consent_marketing": [True, False, None, True, True, True]}
)  # fmt: skip


def test_only_people_who_agreed_are_there_and_did_not_opt_out_are_called():
    assert leads.reachable(PEOPLE, consent="required")["contact_id"].tolist() == ["yes"]


def test_without_a_column_of_consent_nobody_agreed():
    people = PEOPLE.drop(columns="consent_marketing")
    assert leads.reachable(people, consent="required").empty
    assert len(leads.reachable(people, consent="not_required")) == 4
    nobody = leads.everybody(None, pd.DataFrame({"account_id": ["a"]}))
    assert leads.reachable(nobody, consent="required").empty


def test_those_who_asked_count_only_where_they_agreed():
    said = pd.DataFrame({"account_id": "a", "contact_id": ["yes", "no", None], "i": [1, 1, 1]})
    found = leads.asked_in_items(said, {"i": "P1"}, ["yes"])
    assert found.values.tolist() == [["a", "yes", "P1"]]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("We are interested in audits.", ["P2"]),
        ("Could you quote the pump? And please send an audit offer.", ["P1", "P2"]),
        ("Wir hätten gern ein Angebot für den Audit.", ["P2"]),
        ("The audit was fine. We would like better prices.", []),
        ("Your pumps are good.", []),
    ],
)
def test_a_comment_asks_where_one_sentence_names_a_product_and_asks(text, found):
    said = pd.DataFrame({"account_id": ["a"], "contact_id": ["c"], "text": [text]})
    assert leads.asked_in_comments(said, LISTED, ["c"])["product_id"].tolist() == found


def test_white_space_is_what_most_loyal_accounts_own_and_one_does_not():
    """19 of 20 own P1, 3 of 20 own P2: only P1 is above 30 %, and only A19 lacks it."""
    sold = leads.sales(owned(P1=FIRMS[:19], P2=FIRMS[:3]), LISTED, None)
    found = leads.leads_on(sold, known(), leads.Rule())
    assert found[["account_id", "product_id", "source", "peers"]].values.tolist() == [
        ["A19", "P1", "white space", 0.95]
    ]
    assert leads.leads_on(sold, known(60.0), leads.Rule()).empty  # nobody is loyal
    assert leads.leads_on(sold, known(there=["A01"]), leads.Rule()).empty  # nobody agreed there


def test_a_small_group_of_loyal_accounts_is_counted_with_all():
    """Nine of a group are under the smallest base of ten."""
    groups = pd.Series(["small"] * 9 + ["large"] * 11, index=FIRMS)
    sold = leads.sales(owned(P1=FIRMS[:9]), LISTED, None)
    found = leads.ownership(sold, known(groups=groups), leads.Rule())
    assert set(found["group"]) == {"", "large"}


def test_each_account_and_product_is_one_lead_under_the_first_source_that_names_it():
    at = known(60.0, ticked=asked(("A00", "c", "P1"), ("A00", "c", "P2"), ("A01", "d", "P2")),
               wrote=asked(("A00", "c", "P1")))  # fmt: skip
    sold = leads.sales(owned(P2=["A01"]), LISTED,
                       offers(("O1", "A00", "P2", "2026-06-01", None, None)))  # fmt: skip
    found = leads.leads_on(sold, at, leads.Rule())
    assert found[["product_id", "source"]].values.tolist() == [["P2", "offer"], ["P1", "comment"]]


def test_what_was_refused_within_a_year_is_no_white_space():
    def named(closed: str) -> int:
        lost = offers(("O1", "A19", "P1", "2024-01-01", closed, False))
        return len(leads.leads_on(leads.sales(owned(P1=FIRMS[:19]), LISTED, lost), known(),
                                  leads.Rule()))  # fmt: skip

    assert (named("2026-01-01"), named("2024-06-01")) == (0, 1)


def test_a_hit_is_a_purchase_within_the_months_and_a_stage_tells_who_won():
    held = owned(P1=FIRMS[:19]).assign(since=pd.Timestamp("2020-01-01"))
    rows = offers(("O1", "A19", "P1", "2026-07-10", "2026-08-01", None), stage="Closed won")
    sold = leads.sales(held, LISTED, rows)

    def hits(months: int) -> list[bool]:
        found = leads.came_true(sold, {"w": known()}, leads.Rule(), months=months,
                                as_of=pd.Timestamp("2027-06-30"))  # fmt: skip
        return found["hit"].tolist()

    assert (hits(1), hits(2)) == ([False], [True])


def test_waves_whose_time_is_not_over_teach_nothing():
    sold = leads.sales(owned(P1=FIRMS[:19]), LISTED, None)
    found = leads.came_true(sold, {"w": known()}, leads.Rule(), months=6, as_of=DAY)
    assert found.empty


def test_a_short_past_leans_on_the_others_and_a_long_one_stands_for_itself(rng):
    before = pd.concat([past("interest", 200, 2000), past("white space", 1, 2)])
    found = leads.hit_rates(before, rng=rng).table.set_index("source")
    assert found.loc["interest", "chance"] == pytest.approx(0.1, abs=0.01)
    assert 0.1 < found.loc["white space", "chance"] < 0.5
    assert found.loc["white space", "high"] > found.loc["interest", "high"]
    assert "offer" not in found.index  # a family without a past has no chance


def test_a_past_without_a_hit_still_leaves_a_chance(rng):
    found = leads.hit_rates(past("interest", 0, 100), rng=rng).table.set_index("source")
    assert 0 < found.loc["interest", "chance"] < 0.03


def test_leads_that_end_alike_by_hand():
    """Two accounts of two, one all hits and one none: between 1, within 0, so wholly alike."""
    alike = pd.DataFrame({"account_id": list("aabb"), "hit": [True, True, False, False]})
    assert _alike(alike) == pytest.approx(0.99)
    mixed = pd.DataFrame({"account_id": list("aabb"), "hit": [True, False, True, False]})
    assert _alike(mixed) == 0


def test_the_range_of_hits_is_the_binomial_one_where_the_chance_is_known(rng):
    rates = leads.hit_rates(past("interest", 100_000, 1_000_000), rng=rng)
    mean, low, high = leads.hits_range(past("interest", 0, 300), rates, rng=rng)
    assert mean == pytest.approx(30, abs=1)
    assert abs(low - binom.ppf(0.05, 300, 0.1)) <= 1  # 2,000 draws know an end to one hit
    assert abs(high - binom.ppf(0.95, 300, 0.1)) <= 1


def test_half_of_an_end_counts():
    """0, 1, 2, 3 equally often: at 50 % the ends are 1 and 2, each end cut in half."""
    assert _ends(np.array([0, 1, 2, 3]), 0.5) == (1, 2)


def test_what_is_stated_of_a_wave_rests_on_what_was_known_then():
    days = pd.to_datetime(["2025-01-01", "2025-07-01", "2026-01-01"])
    first = past("interest", 10, 100, wave="one", on=days[0], known_by=days[1])
    second = past("interest", 10, 100, wave="two", on=days[1], known_by=days[2])
    other = second.assign(hit=True)

    def stated(last: pd.DataFrame) -> list[float]:
        told = leads.backtest(pd.concat([first, last]).assign(named=True, learnt=True),
                              rng=np.random.default_rng(2))  # fmt: skip
        return told.last[["expected", "low", "high"]].tolist()

    assert stated(second) == stated(other)


def test_amounts_follow_the_price_and_what_the_account_pays_beside_it():
    """Every amount is double its price, so a product of 1000 brings 2000."""
    held = owned(P1=FIRMS).assign(value=200.0)
    at = known(ticked=asked(("A00", "c", "P2")))
    made = today(leads.sales(held, LISTED, None), at, past("interest", 5000, 10_000))
    lead = made.sent.iloc[0]
    assert lead["price"] == pytest.approx(2000, rel=1e-6)
    assert lead["money"] == pytest.approx(1000, rel=0.02)


def test_without_a_price_the_median_that_was_paid_counts_and_without_that_nothing():
    held = owned(P1=["A01", "A02", "A03"]).assign(value=[100.0, 300.0, 300.0])
    at = known(ticked=asked(("A09", "c", "P1"), ("A09", "c", "P2")))
    listed = LISTED.assign(price=np.nan)
    made = today(leads.sales(held, listed, None), at, past("interest", 10, 100))
    told = made.sent.set_index("product_id")
    assert told.loc["P1", "price"] > 0
    assert np.isnan(told.loc["P2", "price"])
    assert made.total[0] == pytest.approx(told.loc["P1", "money"])


def test_who_is_unhappy_has_a_ticket_or_waits_for_a_promise_waits_and_is_not_claimed():
    """The account list says who is offered nothing: A00 is unhappy, A01 has a ticket, A03 waits."""
    day = pd.Timestamp("2026-06-30")
    opened = pd.DataFrame({"ticket_id": ["t"], "account_id": ["A01"], "created_at": [day]})
    late = {"account_id": ["A03"], "what": "A visit", "late": True, "to": "account"}
    listed = account_list.account_list(
        pd.DataFrame({"account_id": FIRMS[:4]}), as_of=day, promises=pd.DataFrame(late),
        tickets=account_list.open_tickets(opened, as_of=day),
        singled_out=pd.DataFrame({"account_id": ["A00"], "segment": ["Trapped"]}),
    )  # fmt: skip
    at = known(ticked=asked(*((f, "c", "P1") for f in FIRMS[:4])))
    made = today(leads.sales(None, LISTED, None), at, past("interest", 10, 100),
                 waiting=account_list.on_hold(listed.table))  # fmt: skip
    assert made.sent["account_id"].tolist() == ["A02"]
    assert made.held["account_id"].tolist() == ["A00", "A01", "A03"]
    assert set(made.claimed.index) == {"A02"}


def test_accounts_whose_terms_come_first_are_called_after_all_others():
    """A00 is worth most, but the value map asks to re-price it: it stands last and is not first."""
    cells = {"account_id": ["A00", "A01"], "cell": ["Re-price or release", "Grow & leverage"]}
    at = known(ticked=asked(("A00", "c", "P2"), ("A01", "c", "P1"), ("A02", "c", "P1")))
    asks = {"calls": 1, "last": account_list.terms_first(pd.DataFrame(cells))}
    plain = today(leads.sales(None, LISTED, None), at, past("interest", 10, 100), calls=1)
    made = today(leads.sales(None, LISTED, None), at, past("interest", 10, 100), **asks)
    assert plain.calls["account_id"].iloc[0] == "A00"
    assert made.calls["account_id"].tolist() == ["A01", "A02", "A00"]
    assert made.sent["account_id"].tolist() == ["A01", "A02", "A00"]
    assert made.monday[0] < plain.monday[0]
    assert made.total == plain.total


def test_a_lead_that_is_listed_twice_is_refused():
    at = known(ticked=asked(("A00", "c", "P1")))
    made = today(leads.sales(None, LISTED, None), at, past("interest", 10, 100))
    twice = pd.concat([made.sent, made.sent])
    with pytest.raises(ValueError, match="count twice"):
        leads.Leads(twice, made.held, made.space, made.calls, None, None, None, 1, True, 0)


def test_money_of_leads_is_a_line_of_its_own_and_growth_counts_what_lies_beyond():
    growth = operations.beyond(pd.Series({"a": 50.0, "b": 20.0}), pd.Series({"a": 30.0}))
    expected = pd.Series({"a": 30.0, "c": 900.0})  # an account may buy more than it brings now
    made = [operations.Claim("spend more", "growth", float(growth.sum()), growth),
            operations.Claim("leads", "leads", 930.0, expected)]  # fmt: skip
    account = operations.reconciled(made, pd.Series({"a": 60.0, "b": 60.0, "c": 1.0}))
    counted = account.set_index("line")["counted"]
    assert (counted["growth"], counted["leads"]) == (40.0, 930.0)
    again = operations.Claim("offers", "leads", 10.0, pd.Series({"a": 10.0}))
    with pytest.raises(ValueError, match="both count account a in leads"):
        operations.reconciled([*made, again])


EMPTY = pd.DataFrame({"source": [], "account_id": [], "hit": []}).astype({"hit": bool})


def test_without_any_product_nothing_can_be_named():
    with pytest.raises(NotEstimable, match="send products, holdings or opportunities"):
        today(leads.sales(None, None, None), known(), EMPTY)


@pytest.mark.parametrize(
    "sold",
    [
        leads.sales(owned(P1=FIRMS[:19]), None, None),  # no products, no opportunities
        leads.sales(None, LISTED, None),  # no holdings, no opportunities
        leads.sales(owned(P1=["A00"]), LISTED.head(1), None),  # one product
        leads.sales(None, None, offers(("O1", "A00", None, "2026-06-01", None, None))),
    ],
)
def test_what_was_not_sent_leaves_the_other_sources(sold):
    at = known(60.0, ticked=asked(("A19", "c", "P1")))
    made = today(sold, at, past("interest", 10, 100))
    assert len(made.sent) in (1, 2)
    assert made.withheld == 0


def test_one_account_has_its_leads_and_no_white_space():
    at = known(80.0, ["A00"], ticked=asked(("A00", "c", "P1")))
    made = today(leads.sales(owned(P2=["A00"]), LISTED, None), at, past("interest", 10, 100))
    assert made.sent["source"].tolist() == ["interest"]
    assert made.space.empty


def test_without_a_past_leads_are_named_without_money():
    at = known(ticked=asked(("A00", "c", "P1")))
    made = today(leads.sales(None, LISTED, None), at, EMPTY)
    assert len(made.sent) == 1
    assert (made.total, made.hits) == (None, None)
    assert made.sent["chance"].isna().all()


def test_where_nobody_agreed_leads_are_counted_and_none_is_named():
    at = known(ticked=asked(("A00", "c", "P1")))
    nobody = known(there=[])
    made = today(leads.sales(None, LISTED, None), nobody, past("interest", 10, 100), everyone=at)
    assert made.sent.empty
    assert (made.withheld, made.agreed) == (1, False)


def test_twenty_thousand_accounts_are_named_and_priced():
    firms = [f"B{i}" for i in range(20_000)]
    sold = leads.sales(owned(P1=firms[:12_000], P2=firms[8_000:]), LISTED, None)
    made = today(sold, known(80.0, firms), past("white space", 50, 1000))
    assert len(made.sent) == 16_000  # 8,000 own no P1, 8,000 own no P2
    assert made.total[1] < made.total[0] < made.total[2]
