"""Offers, holdings and measures as sales systems export them."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.study import check_client, open_study

OFFERS = {
    "opportunity_id": ("O1", "O2", "O3"),
    "account_id": ("007", "008", "009"),
    "product_id": ("P1", "P1", "P2"),
    "created": ("2025-11-01",) * 3,
    "stage": ("Closed Won", "Closed Lost", "Negotiation"),
    "amount": ("100", "200", "300"),
    "closed": ("2026-02-01", "2026-03-01", ""),
    "won": ("yes", "no", ""),
}
PRODUCTS = "product_id,name,price,margin\nP1,Pump,1000,0.3\nP2,Valve,500,0.25\n"
HELD = "account_id,product_id,value\n007,P1,100\n008,P2,50\n"


def told(client, files=None, **columns):
    rows = pd.DataFrame(OFFERS | columns).to_csv(index=False)
    files = {"opportunities.csv": rows, "products.csv": PRODUCTS, **(files or {})}
    return [str(fault) for fault in check_client(client(files))]


def test_offers_and_holdings_that_can_be_meant_have_no_fault(client):
    assert told(client, {"holdings.csv": HELD}) == []
    assert told(client, won=("yes", "no", "no"), stage=("a", "b", "c"),
                closed=("2026-02-01", "2026-03-01", "2026-03-02")) == []  # fmt: skip


def test_an_open_offer_that_is_said_to_be_lost_is_an_error_whose_advice_mends_it(client):
    changed = {"won": ("true", "false", "false")}
    (found,) = told(client, **changed)
    assert "row 3, column won: 'no' says that it ended, and its stage, 'Negotiation'" in found
    line = found.split("declare `formats: ")[1].split("` in client.yml")[0]
    files = {"opportunities.csv": pd.DataFrame(OFFERS | changed).to_csv(index=False)}
    study = open_study(client({**files, "products.csv": PRODUCTS}, formats=line))
    assert study.table("opportunities")["won"].tolist()[0] is True
    assert study.table("opportunities")["won"].isna().tolist() == [False, True, True]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"won": ("no", "no", "")}, "row 1, column won: 'no' contradicts the stage of its row, 'C"),
        ({"won": ("yes", "no", "no"), "stage": ("a", "b", "c")}, "the offer counts as ended"),
        ({"won": ("", "", ""), "stage": ("a", "b", "c")}, "column closed: '2026-02-01' is"),
        ({"closed": ("2026-02-01", "2026-03-01", "2026-09-30")},
         "where the day is the one expected, leave it empty while the offer is open"),
    ],
)  # fmt: skip
def test_offers_that_are_neither_open_nor_ended_are_told(client, columns, said):
    (found,) = told(client, **columns)
    assert said in found


def test_what_is_owned_for_nothing_is_warned_of(client):
    (found,) = told(client, {"holdings.csv": HELD.replace(",50", ",0")})
    assert "holdings.csv, row 2, column value: '0' is a value of nothing" in found


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("0.25", "25", "row 2, column margin: '25' is not from -1 to 1. It is a share: write 30"),
        ("1000", "-1000", "row 1, column price: '-1000' is not at least 0"),
    ],
)
def test_a_margin_in_per_cent_and_a_price_below_nothing_are_errors(client, old, new, said):
    (found,) = told(client, {"products.csv": PRODUCTS.replace(old, new)})
    assert said in found


def test_a_margin_that_is_marked_as_per_cent_is_a_share(client):
    files = {"products.csv": PRODUCTS.replace("0.3", "30%").replace("0.25", "25%")}
    study = open_study(client(files, formats="{products: {percent: true}}"))
    assert study.table("products")["margin"].tolist() == [0.3, 0.25]


def test_names_in_the_place_of_ids_are_an_error_whose_advice_mends_it(client):
    files = {"holdings.csv": HELD.replace("P1", "Pump").replace("P2", "valve")}
    (found,) = told(client, files)
    assert "column product_id: 'Pump' is a name in products.csv, of 'P1', and no id" in found
    line = found.split("`formats: ")[1].split("` in client.yml")[0]
    study = open_study(client({**files, "products.csv": PRODUCTS}, formats=line))
    assert study.table("holdings")["product_id"].tolist() == ["P1", "P2"]


def test_a_name_that_two_have_says_no_id(client):
    files = {"products.csv": PRODUCTS.replace("Valve", "Pump"),
             "holdings.csv": HELD.replace("P1", "Pump")}  # fmt: skip
    (found,) = [text for text in told(client, files) if "of an earlier product" not in text]
    assert "ids that are not in products.csv: 'Pump'" in found


def test_a_measure_in_two_units_and_a_code_among_its_values_are_told(client):
    head = "account_id,period,metric,value,unit_of_measure\n"
    rows = "007,2026-01,wait,2,h\n008,2026-01,wait,90,min\n009,2026-01,wait,3,h\n"
    (found,) = [str(f) for f in check_client(client({"ops_metrics.csv": head + rows}))]
    assert "row 2, column unit_of_measure: 'min' is another unit" in found
    assert "wait is in 'h', 'min'" in found
    rows = "007,2026-01,wait,2,h\n008,2026-01,wait,999,h\n009,2026-01,wait,999,h\n"
    (found,) = [str(f) for f in check_client(client({"ops_metrics.csv": head + rows}))]
    assert "column value: '999' stands in 2 rows of wait" in found
    assert 'missing: {value: ["999"]}' in found
