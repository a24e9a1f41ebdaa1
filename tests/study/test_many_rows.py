"""What is looked at all at once, so that a million rows are read: the same as one by one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from helpers.study import links, stored, totals, tryout_words
from helpers.study.copies import copied_rows
from helpers.study.findings import Findings
from helpers.study.readers.arrow_frame import cells_as_frame
from helpers.study.sameness import folded
from helpers.study.sheet_errors import check_errors

TOTALS = (
    "Total", "SUB-TOTALS:", "Gesamtsumme", "Zwischensumme", "Insgesamt", "Somme", "suma", "Soma",
    "Somma", "ИТОГО", "всего", "合计", "總計", "razem", "Yhteensä",
    "Toplam", "ｔｏｔａｌ", "totaal",
    "Average", "avg.", "Mean score", "median", "Durchschnitt", "Mittelwert", "moyenne", "media",
    "média", "promedio", "gemiddeld", "Genomsnitt", "gennemsnit", "średnia", "среднее", "平均", "Ø",
    "Total of the south", "North total", "Grand  total",
)  # fmt: skip
TRIED = (
    "Test", "TESTER 2", "tst", "dummy", "asdfgh", "qwertz", "XXX", "zzz", "demo", "Fake Ltd",
    "placeholder", "essai", "prueba", "prova", "teszt", "тест", "测试",
    "テスト", "a@test.com",
    "ann@example.com", "ann@acme.invalid", "Testkunde", "this is a test!",
)  # fmt: skip
IDS = (
    "A01", "a1", "A-01", "007", "7", "7.0", "000", "0", " 7", "'7", "R 1", "r\u200b1", "Ａ１", "É1",
    "x.00", "10.0", "straße", "STRASSE", "K_1/2",
)  # fmt: skip


@pytest.mark.parametrize("word", TOTALS)
def test_no_word_for_a_total_is_passed_over(word):
    shapes = (totals.TOTAL, totals.MEAN, totals.NAMED)
    assert any(shape.fullmatch(folded(word)) for shape in shapes)
    assert totals._likely(pd.Series(["A01", word], dtype="str")) == {word: folded(word)}


@pytest.mark.parametrize("word", TRIED)
def test_no_word_of_a_test_is_passed_over(word):
    tells = [
        tell
        for tell in (
            tryout_words.is_test_id,
            tryout_words.is_test_name,
            tryout_words.is_test_comment,
            tryout_words.is_test_mail,
        )
        if tell(word)
    ]
    assert tells
    cells = pd.Series(["A01", word], dtype="str")
    assert all(tryout_words._likely(cells, tell).tolist() == [word] for tell in tells)


def test_ids_are_compared_all_at_once_as_they_are_one_by_one():
    found = links._plain_ids(pd.Series(IDS, dtype="str"))
    assert found.tolist() == [links._plain(one) for one in IDS]


def test_whole_numbers_with_gaps_are_short_floats_and_long_ids_stay_whole():
    cells = pa.table({
        "ease": pa.array([1, None, 10], pa.int8()),
        "account_id": pa.array([9007199254740993, None, 1], pa.int64()),
    })  # fmt: skip
    found = cells_as_frame(cells, "responses.parquet", "responses", Findings())
    assert found is not None
    assert found["ease"].dtype == np.float32
    assert found["account_id"].iloc[0] == 9007199254740993


def test_a_kept_table_is_read_without_a_copy_of_its_numbers(tmp_path):
    part = pd.DataFrame({"ease": [1.0, np.nan, 3.0], "name": ["a", None, "c"], "n": [1, 2, 3]})
    frame = pd.concat([part] * 40_000, ignore_index=True)
    stored._put(frame, tmp_path / "one.arrow")
    before = pa.total_allocated_bytes()
    found = stored._get(tmp_path / "one.arrow")
    assert pa.total_allocated_bytes() - before < 0.01 * frame["ease"].nbytes
    assert stored._alike(found, frame)
    assert not stored._alike(found, frame.assign(ease=frame["ease"].fillna(0.0)))
    pd.testing.assert_frame_equal(found, frame)


def test_copies_are_told_in_little_more_memory_than_the_answers_take():
    import tracemalloc

    rng = np.random.default_rng(1)
    said = pd.DataFrame(rng.integers(1, 11, (20_000, 60)).astype(float))
    tracemalloc.start()
    found = copied_rows(pd.concat([said, said.head(50)], ignore_index=True))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (found.tail(50) == np.arange(50)).all()
    assert (found.head(20_000) == -1).all()
    assert most < 2.5 * said.to_numpy().nbytes


def test_numbers_hold_no_error_of_a_spreadsheet():
    raw = type("Raw", (), {"frame": pd.DataFrame({"ease": [1.0, np.nan]})})
    findings = Findings()
    check_errors(raw, "ease", "responses", None, findings)  # type: ignore[arg-type]
    assert not findings.faults
