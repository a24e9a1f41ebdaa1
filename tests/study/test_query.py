"""``<table>.sql``: a query over the folder's own files, in any encoding, and nothing else."""

from __future__ import annotations

import gzip
from pathlib import Path

import pandas as pd
import pytest

from helpers.study.config import Format
from helpers.study.findings import Findings
from helpers.study.readers.query import read_query

EXPORT = "id,owner,paid\n007,Zoë’s café,€1\n008,Æsir,€2\n"


@pytest.fixture
def client(tmp_path: Path) -> Path:
    folder = tmp_path / "client"
    folder.mkdir()
    return folder


def read(client: Path, sql: str, **form: str) -> tuple[pd.DataFrame | None, list[str]]:
    query = client / "accounts.sql"
    query.write_text(sql, encoding="utf-8")
    findings = Findings()
    raw = read_query(query, query.name, client, Format(**form), findings)
    return None if raw is None else raw.frame, [str(fault) for fault in findings.faults]


def test_file_names_are_those_of_the_folder(client: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (client / "raw.csv").write_text(EXPORT, encoding="utf-8")
    monkeypatch.chdir(client.parent)
    frame, faults = read(client, "SELECT * FROM read_csv('raw.csv', all_varchar = true)")
    assert faults == []
    assert frame is not None
    assert list(frame["id"]) == ["007", "008"]


@pytest.mark.parametrize("name", ["raw.csv", "raw.csv.gz", "months/raw.csv.gz"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_declared_encoding_is_that_of_the_files_read(client: Path, name: str, mark: bytes) -> None:
    data = mark + EXPORT.encode("cp1252")
    (client / name).parent.mkdir(exist_ok=True)
    (client / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    sql = f"SELECT id AS account_id, owner FROM read_csv('{name}', all_varchar = true)"
    frame, faults = read(client, sql, encoding="cp1252")
    assert faults == []
    assert frame is not None
    assert frame["owner"][0] == "Zoë’s café"


def test_pattern_reads_every_file_it_fits(client: Path) -> None:
    for month in ("may", "june"):
        (client / f"{month}.csv.gz").write_bytes(gzip.compress(EXPORT.encode("cp1252")))
    sql = "SELECT count(*) AS n FROM read_csv('*.csv.gz', all_varchar = true)"
    frame, faults = read(client, sql, encoding="cp1252")
    assert faults == []
    assert frame is not None
    assert frame["n"][0] == 4


def test_text_of_another_encoding_is_a_fault_that_names_no_place(client: Path) -> None:
    (client / "raw.csv").write_bytes(EXPORT.encode("cp1252"))
    frame, faults = read(client, "SELECT * FROM read_csv('raw.csv', all_varchar = true)")
    assert frame is None
    assert len(faults) == 1
    assert str(client) not in faults[0]


def test_a_text_that_is_no_file_stays_as_it_is(client: Path) -> None:
    frame, faults = read(client, "SELECT 'no such.csv' AS name, 'it''s' AS words")
    assert faults == []
    assert frame is not None
    assert frame.iloc[0].to_list() == ["no such.csv", "it's"]


@pytest.mark.parametrize(
    "place", ["../secret.csv", "{outside}", "sub/../../secret.csv", "/etc/hostname"]
)
def test_files_elsewhere_cannot_be_read(client: Path, place: str) -> None:
    outside = client.parent / "secret.csv"
    outside.write_text(EXPORT, encoding="utf-8")
    place = place.replace("{outside}", str(outside))
    frame, faults = read(client, f"SELECT * FROM read_csv('{place}', all_varchar = true)")
    assert frame is None
    assert "Permission" in faults[0]


@pytest.mark.parametrize(
    "sql", ["SET enable_external_access = true", "COPY (SELECT 1) TO 'x.csv'", "SELECT 1; SELECT 2"]
)
def test_anything_but_one_select_is_refused(client: Path, sql: str) -> None:
    frame, faults = read(client, sql)
    assert frame is None
    assert "is not one SELECT" in faults[0]
    assert not (client / "x.csv").exists()
