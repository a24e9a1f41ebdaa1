"""Parquet: every type comes to a value or to a fault that names its column."""

from __future__ import annotations

import datetime as dt
import decimal
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from helpers.study import check_client, open_study, opening

CODEBOOK = (
    "variable,text,role,label,scale_min,scale_max,reverse,missing_codes\n"
    "nps,Recommend?,recommend,Recommendation,0,10,,\n"
    "ease,Easy?,driver,Ease,0,10,,99\n"
    "trouble,Trouble?,driver,Trouble,1,5,yes,\n"
    "uses,Which?,segment,Uses,,,,\n"
)
IDS = [f"00{n}" for n in range(1, 4)]


@pytest.fixture(autouse=True)
def one_process(monkeypatch):
    """The process that reads goes on from test to test: to start one takes a while."""
    monkeypatch.setattr(opening, "confined", SimpleNamespace(close=lambda: None))


def errors(folder):
    return [str(fault) for fault in check_client(folder) if fault.severity == "error"]


@pytest.fixture
def responses(client):
    """Write responses.parquet with three answers, some columns given by the test."""

    def make(**columns):
        folder = client({"responses.csv": None, "codebook.csv": CODEBOOK})
        scores = {"nps": [9, 8, 7], "ease": [1, 2, 3], "trouble": [1, 2, 3]}
        sound = {"response_id": IDS, **scores, "uses": ["A", "B", "C"]}
        table = pa.table({name: pa.array(v) for name, v in {**sound, **columns}.items()})
        pq.write_table(table, folder / "responses.parquet")
        return folder

    return make


LISTS = [["A", "B"], [], ["C"]]


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        (pa.array(LISTS), ["A; B", None, "C"]),
        (pa.array(LISTS, pa.large_list(pa.string())), ["A; B", None, "C"]),
        (pa.array([["A", None], None, [None]]), ["A", None, None]),
        (pa.array([[1, 2], [3, 4], [5, 6]], pa.list_(pa.int64(), 2)), ["1; 2", "3; 4", "5; 6"]),
        (pa.array([[1.0, 2.5], [], [3.0]]), ["1; 2.5", None, "3"]),
        (pa.array(LISTS, pa.list_(pa.dictionary(pa.int8(), pa.string()))), ["A; B", None, "C"]),
    ],
)
def test_the_answers_of_a_list_are_one_text(responses, values, texts):
    study = open_study(responses(uses=values))
    assert study.responses["uses"].replace({np.nan: None}).to_list() == texts
    what = "responses: uses: lists written as one text, divided by ';'"
    assert any(str(note).startswith(what) for note in study.notes)


@pytest.mark.parametrize(
    ("values", "what"),
    [
        ([{"a": 1}, {"a": 2}, None], "records of several fields"),
        ([[["A"]], [[]], []], "lists of lists or of records"),
        ([[{"a": 1}], [], []], "lists of lists or of records"),
        (pa.array([[("k", 1)], [], None], pa.map_(pa.string(), pa.int8())), "pairs of key"),
    ],
)
def test_records_and_lists_of_lists_name_their_column(responses, values, what):
    (found,) = errors(responses(uses=values))
    assert found.startswith(f"responses.parquet, column uses: holds {what}")


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        (pa.array(["A", None, "B"]).dictionary_encode(), ["A", None, "B"]),
        (pa.array([b"A", None, "é".encode()]), ["A", None, "é"]),
        (pa.array([b"A", b"B", b"C"], pa.binary(1)), ["A", "B", "C"]),
        (pa.array([None, None, None]), [None, None, None]),
        (pa.array([decimal.Decimal(7), None, decimal.Decimal(8)]), ["7", None, "8"]),
        (pa.array([True, None, False]), ["True", None, "False"]),
        (pa.array([2**60 + 1, None, 7]), [str(2**60 + 1), None, "7"]),
        (pa.array([dt.date(2026, 1, 2), None, None]), ["2026-01-02", None, None]),
        (pa.array([dt.time(10, 30), None, None]), ["10:30:00", None, None]),
        (pa.array([9.0, None, 2.5], pa.float32()), ["9", None, "2.5"]),
    ],
)
def test_values_of_every_type_become_their_text(responses, values, texts):
    uses = open_study(responses(uses=values)).responses["uses"]
    assert uses.astype(object).replace({np.nan: None}).to_list() == texts


def test_bytes_that_are_no_text_name_their_column(responses):
    (found,) = errors(responses(uses=[b"\xff\xfe", b"A", None]))
    assert found.startswith("responses.parquet, column uses: holds bytes that are not text")


@pytest.mark.parametrize(
    "values",
    [
        pa.array([9, 8, 7], pa.uint8()),
        pa.array([9.0, 8.0, 7.0], pa.float16()),
        pa.array([decimal.Decimal(n) for n in (9, 8, 7)]),
        pa.array([decimal.Decimal(f"{n}.00") for n in (9, 8, 7)]),
        pa.array([9, 8, 7]).dictionary_encode(),
        pa.array(["9", "8", "7"]),
    ],
)
def test_numbers_of_every_type_are_numbers(responses, values):
    assert open_study(responses(nps=values)).responses["nps"].to_list() == [9.0, 8.0, 7.0]


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ([9.0, float("inf"), 7.0], "'inf' is not a number"),
        ([9.0, float("-inf"), 7.0], "'-inf' is not a number"),
        (["9", "1e999", "7"], "'1e999' is not a number"),
        (["9", "inf", "7"], "'inf' is not a number"),
        (["9", "NaN", "7"], "'NaN' is not a number"),
        ([dt.timedelta(days=1), None, None], "is not a number"),
        ([dt.time(1), None, None], "is not a number"),
        ([True, False, True], "are not a number"),
    ],
)
def test_what_is_no_number_is_no_answer(responses, values, found):
    assert any(found in one for one in errors(responses(nps=values)))


def test_not_a_number_is_missing_and_counted(responses):
    study = open_study(responses(nps=[9.0, float("nan"), None]))
    assert study.responses["nps"].isna().to_list() == [False, True, True]
    assert "responses: nps: not a number, read as missing (1)" in map(str, study.notes)


@pytest.mark.parametrize(
    ("values", "day"),
    [
        (pa.array([dt.datetime(2026, 5, 4, 10)] * 3, pa.timestamp("ns")), "2026-05-04"),
        (pa.array([dt.datetime(2026, 5, 4, 10)] * 3, pa.timestamp("s")), "2026-05-04"),
        (pa.array([dt.date(2026, 5, 4)] * 3, pa.date64()), "2026-05-04"),
        (pa.array([dt.datetime(2026, 5, 4)] * 3, pa.timestamp("us", "Asia/Tokyo")), "2026-05-04"),
    ],
)
def test_days_of_every_type_are_days(responses, values, day):
    days = open_study(responses(completed_at=values)).responses["completed_at"]
    assert days.dt.strftime("%Y-%m-%d").to_list() == [day] * 3


@pytest.mark.parametrize(
    "values",
    [
        pa.array([20_000, 6_591_213, None], pa.date32()),
        pa.array([0, 569_480_803_200, None], pa.timestamp("s")),
        pa.array([0, 2**31 - 1, None], pa.date32()),
        pa.array([0, -(2**62), None], pa.timestamp("us")),
    ],
)
def test_a_day_that_no_calendar_has_is_a_misfit_with_its_row(responses, values):
    (found,) = errors(responses(completed_at=values))
    assert found.startswith("responses.parquet, row 2, column completed_at: ")
    assert "is not a date" in found


def test_rows_named_by_a_column_keep_it(client):
    folder = client({"responses.csv": None, "codebook.csv": CODEBOOK})
    frame = pd.DataFrame({"response_id": IDS, "nps": [1, 2, 3], "ease": 1, "trouble": 1})
    frame["uses"] = "A"
    frame.set_index("response_id").to_parquet(folder / "responses.parquet")
    assert open_study(folder).responses.index.to_list() == IDS


def test_two_columns_of_one_name_are_named(responses):
    folder = responses()
    table = pq.read_table(folder / "responses.parquet")
    pq.write_table(table.append_column("ease", table["nps"]), folder / "responses.parquet")
    assert errors(folder) == [
        "responses.parquet, column ease: names two columns. Give each one name."
    ]


@pytest.mark.parametrize("share", [0.02, 0.3, 0.7, 0.99])
def test_a_truncated_file_is_one_fault(responses, share):
    path = responses() / "responses.parquet"
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    (found,) = errors(path.parent)
    assert found.startswith("responses.parquet: is not a Parquet file that can be read")


@pytest.mark.parametrize("seed", range(8))
def test_changed_bytes_make_no_crash(responses, seed):
    path = responses(uses=["A", "B", "C"]) / "responses.parquet"
    data = bytearray(path.read_bytes())
    rng = np.random.default_rng(seed)
    for place in rng.integers(4, len(data) - 4, size=20):
        data[place] = rng.integers(256)
    path.write_bytes(data)
    for found in errors(path.parent):
        assert "responses.parquet" in found


def test_a_text_without_a_letter_is_an_empty_cell(responses):
    folder = responses(account_id=["007", "", "  "], nps=["9", "", "8"])
    study = open_study(folder)
    assert study.responses["account_id"].fillna("none").to_list() == ["007", "none", "none"]
    assert study.responses["nps"].fillna(-1).to_list() == [9, -1, 8]
