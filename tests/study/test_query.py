"""Queries over the client's own files, and over nothing else."""

from __future__ import annotations

import gzip

import pytest

from helpers.study import check_client, open_study

LONG = (
    "id,question,answer\n007,nps,9\n007,ease,8\n007,trouble,1\n"
    "008,nps,3\n008,ease,99\n008,trouble,2\n"
)
PIVOT = """
WITH long AS (SELECT * FROM read_csv('long.csv', all_varchar = true))
SELECT id AS response_id, '2026H1' AS wave,
       max(answer) FILTER (question = 'nps') AS nps,
       max(answer) FILTER (question = 'ease') AS ease,
       max(answer) FILTER (question = 'trouble') AS trouble
FROM long GROUP BY id ORDER BY id
"""


def messages(folder):
    return [str(fault) for fault in check_client(folder) if fault.severity == "error"]


def with_query(client, sql, packed=None, **keys):
    files = {"responses.csv": None, "responses.sql": sql, "long.csv": LONG}
    return client({**files, "part/a.csv.gz": packed}, **keys)


def test_a_pivot_gives_responses_with_exact_ids_and_declared_codes(client):
    study = open_study(with_query(client, PIVOT))
    assert study.responses.index.to_list() == ["007", "008"]
    assert study.responses["ease"].isna().to_list() == [False, True]
    assert study.counts.iloc[0]["file"] == "responses.sql"


def test_the_hash_of_a_query_changes_with_the_files_it_reads(client):
    first = open_study(with_query(client, PIVOT)).counts.iloc[0]["sha256"]
    folder = with_query(client, PIVOT)
    (folder / "long.csv").write_text(LONG.replace("007,nps,9", "007,nps,8"))
    assert open_study(folder).counts.iloc[0]["sha256"] != first


def test_the_hash_covers_packed_files_globs_and_files_in_other_alphabets(client):
    hashes = []
    for label in ("Müller", "Möller"):
        packed = gzip.compress(f"name\n{label}\n".encode("cp1252"), mtime=0)
        sql = PIVOT.replace("FROM long G", "FROM long, (SELECT max(name) FROM 'part/*.csv.gz') G")
        folder = with_query(client, sql, formats="{responses: {encoding: cp1252}}", packed=packed)
        hashes.append(open_study(folder).counts.iloc[0]["sha256"])
    assert hashes[0] != hashes[1]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('../secret.txt')",
        "SELECT * FROM read_text('sub/../../secret.txt')",
        "SELECT * FROM 'https://example.org/x.csv'",
    ],
)
def test_a_query_cannot_read_outside_the_folder(client, sql):
    folder = with_query(client, sql)
    (folder.parent / "secret.txt").write_text("secret")
    (found,) = messages(folder)
    assert found.startswith("responses.sql: failed")


@pytest.mark.parametrize(
    "sql",
    [
        "COPY (SELECT 1) TO 'out.csv'",
        "SET enable_external_access = true; SELECT 1",
        "ATTACH 'x.duckdb'",
        "INSTALL httpfs",
        "",
    ],
)
def test_only_one_select_is_run(client, sql):
    folder = with_query(client, sql)
    (found,) = messages(folder)
    assert "is not one SELECT" in found
    assert not (folder / "out.csv").exists()


def test_a_link_that_leads_out_of_the_folder_is_refused(client):
    folder = with_query(client, PIVOT)
    (folder.parent / "secret.csv").write_text(LONG)
    (folder / "other.csv").symlink_to(folder.parent / "secret.csv")
    assert "other.csv links outside" in messages(folder)[0]


def test_ids_that_a_query_reads_as_numbers_are_refused(client):
    sql = PIVOT.replace("all_varchar = true", "").replace("SELECT *", "SELECT *", 1)
    folder = with_query(client, sql)
    (folder / "long.csv").write_text(LONG.replace("007", "7").replace("008", "8"))
    assert "leading zeros are lost" in messages(folder)[0]


def test_a_wrong_query_shows_the_reason_in_one_line(client):
    (found,) = messages(with_query(client, "SELECT nothing FROM 'long.csv'"))
    assert "nothing" in found and "\n" not in found
