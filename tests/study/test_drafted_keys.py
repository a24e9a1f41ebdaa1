"""Keys, dates and waves of a draft: each rule by one small case that only it decides."""

from __future__ import annotations

import pandas as pd
import pytest
from questions import export

from helpers.study.drafting.keys import date_form, find_keys, month_form

IDS = [f"r{n}" for n in range(90)]
DAYS = ["2026-05-01", "2026-05-02"] * 45
WRITTEN = ["30.04.2026", "29.04.2026"] * 45
MAY = [f"{n % 31 + 1:02}.05.{2000 + n // 31}" for n in range(200)]


@pytest.mark.parametrize(
    ("columns", "keys"),
    [
        ({"response_id": IDS, "Respondent ID": IDS}, {"response_id": "response_id"}),
        ({"Respondent ID": IDS}, {"response_id": "Respondent ID"}),
        ({"id": IDS}, {"response_id": "id?"}),
        ({"Respondent ID": [*IDS[1:], None]}, {}),
        ({"Date": DAYS}, {"completed_at": "Date"}),
        ({"Region": ["a", "b"] * 45, "Date": DAYS, "Empty": [None] * 90,
          "Size": ["1.5", "2.5"] * 45}, {"completed_at": "Date"}),
        ({"Period": DAYS}, {"wave": "Period?"}),
        ({"Sprache": ["de", "fr"] * 45}, {"language": "Sprache"}),
        ({"Weight": [1, 2, *["heavy"] * 88]}, {}),
        ({"Date": DAYS, "Visited": DAYS}, {"completed_at": "Date?"}),
        ({"End date": DAYS, "Submitted": DAYS}, {"completed_at": "End date?"}),
        ({"Please state - Wave": ["W1"] * 90}, {"wave": "Please state - Wave"}),
        ({"Weight": [-1, 1] * 45}, {}),
        ({"Weight": [0.5, 1] * 45}, {"weight": "Weight"}),
        ({"Customer": ["A"] * 90}, {}),
        ({"Customer": ["A", "B"] * 45}, {"account_id": "Customer?"}),
        ({"Customer ID": ["A"] * 90}, {"account_id": "Customer ID"}),
    ],
)  # fmt: skip
def test_a_column_is_a_key_by_its_name_and_a_mark_says_where_another_may_be_meant(columns, keys):
    found = find_keys(export(**columns, nps=[9, 3] * 45)).columns
    assert {ours: str(guess) for ours, (_, guess) in found.items()} == keys


@pytest.mark.parametrize(
    ("path", "columns", "told"),
    [
        ("a.csv", {"completed_at": DAYS}, ("2026H1?", "2026-05-02", "")),
        ("a.csv", {"started_at": ["2026-07-01T09:30"] * 90}, ("2026H2?", "2026-07-01", "")),
        ("a.csv", {"completed_at": WRITTEN}, ("2026H1?", "2026-04-30", "")),
        ("a_2010.csv", {"wave": ["W1"] * 90, "completed_at": DAYS}, ("W1", "2026-05-02", "")),
        ("a_2019-h2.csv", {}, ("2019H2?", "2019-12-31?", "2019-06-30?")),
        ("a_2010.csv", {"wave": ["2019 spring"] * 90}, ("2019 spring", "2019-12-31?",
                                                        "2019-06-30?")),
        ("a_2010.csv", {"wave": ["W1"] * 90}, ("W1", "2010-12-31?", "2010-06-30?")),
        ("a.csv", {}, ("?", "?", "?")),
    ],
)  # fmt: skip
def test_the_wave_and_its_day_are_those_of_the_answers_else_of_a_name(path, columns, told):
    found = find_keys(export(path, **columns, nps=[9, 3] * 45))
    assert (str(found.wave), str(found.as_of), str(found.wave_date)) == told


def test_the_form_to_declare_is_that_of_the_dates_that_need_one():
    written = {"completed_at": DAYS, "started_at": WRITTEN}
    assert str(find_keys(export(**written)).date) == "%d.%m.%Y"
    assert str(find_keys(export(completed_at=DAYS)).date) == ""


@pytest.mark.parametrize(
    ("cells", "form"),
    [
        ([], None),
        (["2026-01"] * 9, None),
        (DAYS, ""),
        (MAY, "%d.%m.%Y"),
        (["05/06/2026"], "%d/%m/%Y?"),
        ([*MAY, "Total"], "%d.%m.%Y?"),
        ([*MAY, *"abcd"], None),
        ([*MAY[:19], "Total"], None),
        (["Total", *"abcde", *MAY], None),
        (["soon"], None),
    ],
)
def test_a_few_cells_that_are_no_date_leave_a_mark_and_many_leave_no_form(cells, form):
    found = date_form(pd.Series(cells, dtype=object).astype(str))
    assert (None if found is None else str(found)) == form


@pytest.mark.parametrize(
    ("cells", "form"),
    [
        (["01/2026", "12/2025"], "%m/%Y"),
        (["2026-01", "2026-02-28"], None),
        (["31.12.2025", "31.01.2026"], "%d.%m.%Y"),
        (["soon"], None),
        ([*(f"2026-01-{n:02}" for n in range(1, 31)), "2026/01/31"], None),
    ],
)
def test_months_have_a_form_where_it_must_be_declared(cells, form):
    found = month_form(pd.Series(cells))
    assert (found and str(found)) == form
