"""SPSS files: dates as seconds since 1582, whatever somebody typed, and files that are broken."""

from __future__ import annotations

import random

import pandas as pd
import pyreadstat
import pytest

from helpers.study import check_client, open_study
from helpers.study.findings import Findings
from helpers.study.readers.spss import read_spss

START = pd.Timestamp("1582-10-14").to_datetime64().astype("datetime64[us]")
YEAR = 365.2425 * 86_400


@pytest.fixture
def spss(client):
    def make(seconds, form="DATETIME20", ending="sav"):
        folder = client({"responses.csv": None})
        frame = pd.DataFrame({"response_id": list("abcd")[: len(seconds)], "nps": 9.0})
        frame = frame.assign(ease=8.0, trouble=2.0, completed_at=seconds)
        path = folder / f"responses.{ending}"
        formats = {"completed_at": form}
        pyreadstat.write_sav(frame, str(path), variable_format=formats, compress=ending == "zsav")
        return folder

    return make


def seconds(day):
    return float((pd.Timestamp(day).to_datetime64().astype("datetime64[us]") - START)
                 / pd.Timedelta("1s").to_timedelta64())  # fmt: skip


@pytest.mark.parametrize("year", [20016, 99999, 10000, 1600, 1582, -5])
def test_a_year_that_no_calendar_holds_is_an_error_of_its_file_row_and_column(spss, year):
    folder = spss([seconds("2026-05-01"), (year - 1582.78 + 0.5) * YEAR])
    (found,) = [str(fault) for fault in check_client(folder) if fault.severity == "error"]
    assert found.startswith("responses.sav, row 2, column completed_at: 'year")
    assert str(year) in found


@pytest.mark.parametrize("form", ["DATETIME20", "DATE11", "ADATE10", "EDATE10", "SDATE10"])
@pytest.mark.parametrize("ending", ["sav", "zsav"])
def test_dates_of_every_format_are_read_and_missing_ones_stay_so(spss, form, ending):
    folder = spss([seconds("2026-05-01 10:05"), float("nan")], form, ending)
    days = open_study(folder).responses["completed_at"]
    assert days.iloc[0] == pd.Timestamp("2026-05-01 10:05")
    assert days.isna().to_list() == [False, True]


def test_broken_files_are_faults_and_never_the_end_of_the_program(spss, tmp_path):
    """About one in a hundred of such files ends the process that reads it."""
    sound = (spss([seconds("2026-05-01")] * 4, ending="zsav") / "responses.zsav").read_bytes()
    chance, told = random.Random(9), 0
    for number in range(150):
        broken = bytearray(sound)
        for _ in range(chance.choice((1, 2, 5, 20))):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        path = tmp_path / f"{number}.sav"
        path.write_bytes(broken[: chance.choice((len(broken), chance.randrange(len(broken))))])
        findings = Findings()
        raw = read_spss(path, path.name, "responses", findings)
        assert raw is not None or len(findings.errors) == 1
        told += raw is None
    assert told > 50
