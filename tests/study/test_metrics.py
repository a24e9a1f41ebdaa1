"""Metrics: days, counts and amounts, read as what they are and never as ratings."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.errors import InputFaults
from helpers.study import check_client, open_study

HEAD = "variable,text,role,label,scale_min,scale_max,missing_codes,direction,unit\n"
BOOK = HEAD + (
    "nps,Recommend?,recommend,Recommendation,0,10,,,\n"
    "wait,Days to delivery,metric,Delivery time,,,999,lower,days\n"
    "visits,Visits a year,metric,Visits,,,,higher,count\n"
    "spent,Spent a year,metric,Spending,,,,higher,amount\n"
)
ROWS = (
    "response_id,wave,account_id,nps,wait,visits,spent\n"
    "r1,2026H1,a1,8,12,3,1200.50\n"
    "r2,2026H1,a2,9,2.5,4,900\n"
    "r3,2026H1,a3,3,999,,-20\n"
    "r4,2025H2,a3,3,30,1,0\n"
)


def faults(client, book: str = BOOK, rows: str = ROWS, **keys: str) -> list[str]:
    files = {"codebook.csv": book, "responses.csv": rows}
    return [str(fault) for fault in check_client(client(files, **keys))]


def test_metrics_are_read_in_their_own_units_with_direction_and_unit(client):
    study = open_study(client({"codebook.csv": BOOK, "responses.csv": ROWS}))
    assert study.roles["metric"] == ("wait", "visits", "spent")
    assert study.metrics["wait"].tolist()[:2] == [12.0, 2.5]
    assert study.metrics["wait"].isna().tolist() == [False, False, True]
    assert len(study.metrics_of("all")) == 4
    told = {name: (m.direction, m.unit, m.sign, m.money) for name, m in study.measured.items()}
    assert told == {
        "wait": ("lower", "days", -1, False),
        "visits": ("higher", "count", 1, False),
        "spent": ("higher", "EUR", 1, True),
    }
    assert study.measured["spent"].written == "Spending (EUR)"
    assert not {"wait", "visits", "spent"} & set(study.scales)
    assert "wait" not in study.ratings


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (",lower,days", ",,days", "direction: is empty for wait"),
        (",lower,days", ",sideways,days", "is neither higher nor lower"),
        (",lower,days", ",lower,", "unit: is empty for wait"),
        (",higher,amount", ",higher,USD", "write `currency: USD` there"),
        ("Visits,,,,", "Visits,5,1,,", "is not below scale_max"),
    ],
)
def test_what_is_declared_of_a_metric_is_checked(client, old, new, said):
    found = faults(client, BOOK.replace(old, new))
    assert any(said in fault for fault in found), found


def test_an_amount_needs_the_currency_of_the_client(client):
    files = {
        "client.yml": "name: A\nas_of: 2026-06-30\nwave: 2026H1\n",
        "codebook.csv": BOOK, "responses.csv": ROWS,
    }  # fmt: skip
    said = [str(f) for f in check_client(client(files))]
    assert any("client.yml declares no currency" in fault for fault in said), said


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("8,12,3,", "8,-1,3,", "declare -1 under missing_codes"),
        ("8,12,3,", "8,two weeks,3,", "is not a number"),
        ("1200.50", '"1,200.50"', "formats: {responses: {thousands"),
        ("8,12,3,", '8,"12,5",3,', "write all of the file one way, as 12.5"),
        ("r1,2026H1,a1,8,12,3,1200.50", "r1,2026H1,a1,8,12,-4,1200", "is not 0 or more"),
    ],
)
def test_values_of_a_metric_that_cannot_be_meant_are_faults(client, old, new, said):
    found = faults(client, rows=ROWS.replace(old, new))
    assert any(said in fault for fault in found), found


def test_an_amount_may_be_below_nothing(client):
    assert not [f for f in faults(client) if "spent" in f]


def test_a_number_of_nines_far_above_the_rest_is_a_likely_code(client):
    rows = ROWS.replace(",3,1200.50", ",9999,1200").replace(",4,900", ",9999,900")
    assert any("declare 9999 under missing_codes" in f for f in faults(client, rows=rows))
    few = ROWS.replace(",3,1200.50", ",9999,1200")
    assert not any("9999" in f for f in faults(client, rows=few))


def test_thousands_read_as_points_are_warned_of(client):
    rows = ROWS.replace("1200.50", "1.200").replace(",900", ",3.900")
    assert any("three digits after the point" in f for f in faults(client, rows=rows))


def test_lower_on_a_rating_is_answered_with_reverse(client):
    book = BOOK.replace("Recommendation,0,10,,,", "Recommendation,0,10,,lower,")
    assert any("write yes under reverse" in f for f in faults(client, book))


def test_a_reversed_metric_is_told_to_use_its_direction(client):
    book = BOOK.replace("direction,unit\n", "direction,unit,reverse\n").replace(
        "lower,days\n", "lower,days,yes\n"
    )
    assert any("lower under direction" in f for f in faults(client, book))


def test_a_metric_of_the_accounts_is_joined_to_their_answers(client):
    rows = "response_id,wave,account_id,nps\nr1,2026H1,a1,8\nr2,2026H1,a2,9\nr3,2026H1,zz,3\n"
    files = {
        "codebook.csv": "".join(BOOK.splitlines(keepends=True)[:3]),
        "responses.csv": rows,
        "accounts.csv": "account_id,name,wait\na1,One,12\na2,Two,999\nzz,Three,4.5\n",
    }
    study = open_study(client(files))
    assert study.metrics["wait"].fillna(-1).tolist() == [12.0, -1.0, 4.5]


def test_words_in_a_metric_of_the_accounts_are_faults(client):
    files = {
        "codebook.csv": "".join(BOOK.splitlines(keepends=True)[:3]),
        "responses.csv": "response_id,wave,account_id,nps\nr1,2026H1,a1,8\n",
        "accounts.csv": "account_id,name,wait\na1,One,soon\n",
    }
    with pytest.raises(InputFaults, match="wait"):
        open_study(client(files))


def test_a_metric_keeps_its_place_where_no_row_has_it(client):
    rows = "\n".join(line.rsplit(",", 1)[0] + "," for line in ROWS.splitlines()[1:])
    study = open_study(
        client({"codebook.csv": BOOK, "responses.csv": ROWS.splitlines()[0] + "\n" + rows + "\n"})
    )
    assert study.metrics["spent"].isna().all()
    assert isinstance(study.metrics, pd.DataFrame)
