"""Text to numbers and dates: only what was declared, never a silent missing value."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.study.config import Format
from helpers.study.misfits import misfit_advice
from helpers.study.values import as_dates, as_numbers, as_periods, as_text, as_yes_no


def numbers(text, **form):
    values, misfits = as_numbers(pd.Series([text], dtype=object), Format(**form))
    return None if misfits.iloc[0] else values.iloc[0]


@pytest.mark.parametrize(
    ("text", "form", "value"),
    [
        ("12", {}, 12),
        (" -1.5e3 ", {}, -1500),
        ("1,234", {}, None),
        ("€12", {}, None),
        ("(12)", {}, None),
        ("1_000", {}, None),
        ("nan", {}, None),
        ("inf", {}, None),
        ("0x10", {}, None),
        ("1,5", {"decimal": ","}, 1.5),
        ("1.5", {"decimal": ","}, None),
        ("1,234", {"thousands": ","}, 1234),
        ("1,23", {"thousands": ","}, None),
        ("12,34,567", {"thousands": ","}, None),
        ("€1.234,50", {"decimal": ",", "thousands": ".", "currency": "€"}, 1234.5),
        ("1.234,50 €", {"decimal": ",", "thousands": ".", "currency": "€"}, 1234.5),
        ("-$1,234", {"thousands": ",", "currency": "$"}, -1234),
        ("(1,234)", {"thousands": ",", "parentheses": True}, -1234),
        ("12.5 %", {"percent": True}, 12.5),
        ("1\u00a0234", {"thousands": " "}, 1234),
    ],
)
def test_numbers_are_read_as_declared_or_not_at_all(text, form, value):
    assert numbers(text, **form) == value


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_written_plainly_comes_back_exactly(number):
    assert numbers(repr(number)) == number


@given(st.text())
def test_text_is_never_changed(text):
    assert as_text(pd.Series([text], dtype=object)).iloc[0] == text


@pytest.mark.parametrize(
    ("text", "declared", "value"),
    [
        ("2026-06-30", None, "2026-06-30T00:00:00"),
        ("2026-06-30 14:05", None, "2026-06-30T14:05:00"),
        ("2026-06-30T14:05:10.5Z", None, "2026-06-30T14:05:10.500000"),
        ("2026-06-30T14:05:00+02:00", None, "2026-06-30T12:05:00"),
        ("30/06/2026", None, None),
        ("2026-02-30", None, None),
        ("20260630", None, None),
        ("46203", None, None),
        ("30.06.26", None, None),
        ("30/06/2026", "%d/%m/%Y", "2026-06-30T00:00:00"),
        ("2026-06-30", "%d/%m/%Y", None),
    ],
)
def test_dates_are_iso_or_of_the_one_declared_format(text, declared, value):
    dates, misfits = as_dates(pd.Series([text]), Format(date=declared))
    assert misfits.iloc[0] == (value is None)
    if value is not None:
        assert dates.iloc[0] == pd.Timestamp(value)


def test_the_time_of_a_declared_format_may_be_absent():
    raw = pd.Series(["31.12.2026 14:05:30", "31.12.2026 14:05", "31.12.2026", "31.12.2026 14"])
    dates, misfits = as_dates(raw, Format(date="%d.%m.%Y %H:%M:%S"))
    assert misfits.to_list() == [False, False, False, True]
    days = ["2026-12-31T14:05:30", "2026-12-31T14:05", "2026-12-31"]
    assert dates.iloc[:3].to_list() == [pd.Timestamp(day) for day in days]


def test_the_advised_date_format_reads_the_value():
    for text in ("31.12.2026 14:05", "12/31/2026 2:05:01PM", "31-12-2026T09:00", "31.12.2026"):
        advice = misfit_advice(pd.Series([text]), "date", "responses")
        form = advice.split('date: "')[1].split('"')[0]
        assert not as_dates(pd.Series([text]), Format(date=form))[1].any(), (text, form)


def test_empty_cells_are_missing_and_no_misfit():
    empty = pd.Series([None, None], dtype=object)
    for read in (lambda s: as_numbers(s, Format()), lambda s: as_dates(s, Format()), as_yes_no):
        values, misfits = read(empty)
        assert values.isna().all()
        assert not misfits.any()


def test_months_are_moved_to_their_first_day_and_counted():
    months, misfits, moved = as_periods(
        pd.Series(["2026-05", "2026-05-01", "2026-05-31", "x"]), Format()
    )
    assert months.iloc[:3].eq(pd.Timestamp("2026-05-01")).all()
    assert misfits.to_list() == [False, False, False, True]
    assert moved == 1


@pytest.mark.parametrize(
    ("texts", "kind", "says"),
    [
        (["1.234,50"], "number", 'decimal: ",", thousands: "."'),
        (["$1,234", "$5,678"], "number", 'thousands: ",", currency: "$"'),
        (["(1,234)"], "number", "parentheses: true"),
        (["12 %"], "number", "percent: true"),
        (["1,5"], "number", 'decimal: ","'),
        (["Not Available"], "number", 'missing: {"*": ["Not Available"]}'),
        (["31/12/2026"], "date", 'date: "%d/%m/%Y"'),
        (["12/31/2026"], "date", 'date: "%m/%d/%Y"'),
        (["31.12.2026"], "date", 'date: "%d.%m.%Y"'),
        (["31.12.2026 14:05"], "date", 'date: "%d.%m.%Y %H:%M"'),
        (["31.12.2026", "31.12.2026 9:05:30"], "date", 'date: "%d.%m.%Y %H:%M:%S"'),
        (["12/31/2026 2:05 PM"], "date", 'date: "%m/%d/%Y %I:%M %p"'),
        (["2026-12-31", "31/12/2026"], "date", "one way"),
        (["31.12.26"], "date", "Two-digit years"),
        (["1-May-26"], "date", "Two-digit years"),
        (["31.12.26 10:05"], "date", "Two-digit years"),
        (["46022"], "date", "Excel serial"),
        (["perhaps"], "yes_no", "Write yes or no"),
    ],
)
def test_the_advice_is_what_to_type(texts, kind, says):
    assert says in misfit_advice(pd.Series(texts), kind, "financials")


def test_the_advised_declaration_reads_the_value():
    for text in ("€1.234,50", "$1,234", "(1,234)", "12 %", "1,5", "CHF 1'234.50"):
        advice = misfit_advice(pd.Series([text]), "number", "financials")
        declared = advice.split("{financials: {")[1].split("}")[0]
        form = dict(part.split(": ") for part in declared.split(", "))
        plain = {k: v.strip('"') if v != "true" else True for k, v in form.items()}
        assert numbers(text, **plain) is not None, (text, advice)
