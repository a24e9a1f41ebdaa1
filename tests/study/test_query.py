"""Queries over the client's own files, and over nothing else."""

from __future__ import annotations

import gzip
import time
from types import SimpleNamespace

import pytest

from helpers.study import check_client, open_study, opening
from helpers.study.readers import confined
from helpers.study.readers.query import files_read

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


@pytest.fixture(autouse=True)
def one_process(monkeypatch):
    """The process that reads goes on from test to test: to start one takes a while."""
    monkeypatch.setattr(opening, "confined", SimpleNamespace(close=lambda: None))


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


@pytest.mark.parametrize(
    "sql",
    [
        "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n",
        "SELECT count(*) FROM range(1000000) a, range(1000000) b, range(1000000) c",
        "SELECT sum(hash(x)) FROM range(1000000000000) t(x)",
        "SELECT max(md5(concat(a.x, b.x))) FROM range(1000000) a(x), range(1000000) b(x)",
    ],
)
def test_a_query_without_end_is_ended(client, monkeypatch, sql):
    monkeypatch.setattr(confined, "SECONDS", 1)
    start = time.monotonic()
    (found,) = messages(with_query(client, sql))
    assert found.startswith("responses.sql: takes longer than the 1 seconds")
    assert time.monotonic() - start < 10


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT array_agg(x::VARCHAR || 'a long text') AS l FROM range(1000000000) t(x)",
        "SELECT repeat('a', 4000000000) AS nps",
        "SELECT a.x, b.x AS y FROM range(100000) a(x), range(100000) b(x) ORDER BY hash(a.x + b.x)",
        "SELECT range(2000000000) AS nps",
    ],
)
def test_a_query_that_asks_for_all_memory_is_ended(client, monkeypatch, sql):
    monkeypatch.setattr(confined, "MEMORY", 500_000_000)
    (found,) = messages(with_query(client, sql))
    assert found.startswith("responses.sql: needs more than the ")
    assert "emory" in found or "too large" in found.lower() or "exceed" in found, found


@pytest.mark.parametrize(
    "where",
    ["'long.csv' = 'long.csv'", "'long.csv' NOT LIKE '%/%'", "length('long.csv') = 8"],
)
def test_a_text_that_equals_the_name_of_a_file_stays_that_text(client, where):
    sql = PIVOT.replace("GROUP BY", f"WHERE {where} GROUP BY")
    for keys in ({}, {"formats": "{responses: {encoding: cp1252}}"}):
        assert len(open_study(with_query(client, sql, **keys)).responses) == 2


@pytest.mark.parametrize(
    "name",
    ["'long.csv'", '"long.csv"', "'./long.csv'", "'*.csv'", "read_csv(['long.csv'])"],
)
def test_a_file_is_read_by_its_name_in_the_folder(client, name):
    sql = f"SELECT count(*)::VARCHAR AS response_id, 1 AS nps, 1 AS ease, 1 AS trouble FROM {name}"
    folder = with_query(client, sql)
    (folder / "codebook.csv").rename(folder / "codes.tsv")
    (folder / "client.yml").write_text(
        (folder / "client.yml").read_text() + "tables: {codebook: codes.tsv}\n"
        'formats: {codebook: {delimiter: ","}}\n'
    )
    assert open_study(folder).responses.index.to_list() == ["6"]


@pytest.mark.parametrize(
    ("sql", "files"),
    [
        ("SELECT * FROM 'a.csv' -- and not 'b.csv'", ["a.csv"]),
        ("/* 'b.csv' */ SELECT * FROM \"a.csv\"", ["a.csv"]),
        ("SELECT 'it''s a.csv' FROM '*.csv'", ["a.csv", "b.csv"]),
        ("SELECT * FROM 'a**.csv'", []),
    ],
)
def test_the_files_of_a_query_are_those_that_it_names(tmp_path, sql, files):
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text("x\n1\n")
    assert [path.name for path in files_read(sql, tmp_path)] == files


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT getenv('HOME') AS nps",
        "SELECT * FROM read_text('/proc/self/environ')",
        "SELECT * FROM glob('/*')",
        "SELECT * FROM folder",  # a name in the program that runs the query
        "SELECT * FROM sqlite_scan('a.db', 't')",
    ],
)
def test_a_query_learns_nothing_of_the_machine(client, sql):
    (found,) = messages(with_query(client, sql))
    assert found.startswith("responses.sql: failed")


@pytest.mark.parametrize(
    "sql", ["PRAGMA database_list", "LOAD httpfs", "CREATE TABLE t AS SELECT 1"]
)
def test_what_is_no_select_is_not_run(client, sql):
    assert "is not one SELECT" in messages(with_query(client, sql))[0]


def test_two_columns_of_one_name_in_a_result_are_named(client):
    (found,) = messages(with_query(client, "SELECT 1 AS nps, 2 AS nps FROM 'long.csv'"))
    assert found.startswith("responses.sql, column nps: names two columns")


def test_a_list_in_a_result_is_one_text_and_a_record_is_refused(client):
    more = ", list(answer ORDER BY answer) AS tier"
    sql = PIVOT.replace("AS trouble\n", f"AS trouble{more}\n")
    assert open_study(with_query(client, sql)).responses["tier"]["007"] == "1; 8; 9"
    sql = PIVOT.replace("AS trouble\n", "AS trouble, {'a': 1} AS tier\n")
    assert "column tier: holds records of several fields" in messages(with_query(client, sql))[0]


LATIN = "id,name,place\n007,Bäcker,Köln\n008,Bauer,Bonn\n"
READERS = {
    "a name": "SELECT * FROM 'firms.csv'",
    "a reader": "SELECT * FROM read_csv('firms.csv', types = {'id': 'VARCHAR'})",
    "a reader that finds out": "SELECT * FROM read_csv_auto( 'firms.csv', header = true)",
    "a name joined": "SELECT a.* FROM 'firms.csv' a JOIN 'firms.csv' b USING (id)",
}


@pytest.mark.parametrize("how", READERS)
@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-16"])
def test_a_text_that_is_not_utf_8_is_named_with_an_encoding_that_reads_it(client, how, encoding):
    text = LATIN + ("009,Wert € 5,Ulm\n" if encoding == "cp1252" else "")
    sql = f"SELECT id::VARCHAR AS account_id, name FROM ({READERS[how]})"
    files = {"accounts.sql": sql, "firms.csv": text.encode(encoding)}
    (said,) = messages(client(files))
    assert "reads firms.csv, which is not UTF-8" in said
    assert f"read as {encoding}, it holds 'Bäcker'" in said
    assert f"formats: {{accounts: {{encoding: {encoding}}}}}" in said
    found = open_study(client(files, formats=f"{{accounts: {{encoding: {encoding}}}}}")).accounts
    assert found["name"].iloc[0] == "Bäcker"
    within = f"read_csv('firms.csv', encoding='{encoding}')"
    assert (within in said) == (encoding != "cp1252")  # of which DuckDB's latin-1 loses the €
    if encoding != "cp1252" and how == "a name":
        folder = client({**files, "accounts.sql": sql.replace("'firms.csv'", within)})
        assert open_study(folder).accounts["name"].to_list() == found["name"].to_list()


def test_an_encoding_that_does_not_help_is_not_advised_within_the_query(client):
    sql = "SELECT id AS account_id, nome FROM 'firms.csv'"
    (said,) = messages(client({"accounts.sql": sql, "firms.csv": LATIN.encode("latin-1")}))
    assert "read_csv" not in said
    sql = "SELECT id AS account_id, name FROM 'firms.csv'"
    odd = LATIN.encode("latin-1") + b"009,\x81\x8d,Ulm\n"
    (said,) = messages(client({"accounts.sql": sql, "firms.csv": odd}))
    assert said.endswith("Save that file as UTF-8.")


def test_the_limits_of_a_query_say_how_much_and_what_to_do(client, monkeypatch):
    monkeypatch.setattr(confined, "SECONDS", 1.0)
    endless = "SELECT count(*) AS n FROM range(1000000) a, range(1000000) b WHERE a.range < b.range"
    (said,) = messages(client({"accounts.sql": endless}))
    assert "takes longer than the 1 seconds of the processor that a query may take" in said
    monkeypatch.undo()
    large = "SELECT range::VARCHAR AS account_id, repeat('x', 900) AS name FROM range(3000000)"
    (memory,) = messages(client({"accounts.sql": large}))
    assert "of memory it may take" in memory
    for message in (said, memory):
        for way in ("WHERE", "GROUP BY", "fewer columns", "accounts.parquet"):
            assert way in message
        assert "Mend the query" not in message


# Records that a query would leave out without a word

LIST = "account_id,name,region\n007,A,North\n008,B,South\n009,C,East\n010,D,West\n"
READ = "SELECT * FROM read_csv('list.csv', all_varchar = true{})"


@pytest.mark.parametrize(
    "option",
    [
        "ignore_errors = true",
        "ignore_errors := 1",
        "IGNORE_ERRORS=>TRUE",
        "store_rejects = true",
        "rejects_table = 'bad'",
        "strict_mode = false",
        "null_padding=true",
    ],
)
def test_an_option_that_drops_records_is_refused(client, option):
    folder = client({"accounts.sql": READ.format(f", {option}"), "list.csv": LIST})
    (found,) = messages(folder)
    assert found.startswith("accounts.sql: ") and "without a word. Take it out" in found


@pytest.mark.parametrize("clause", ["USING SAMPLE 3", "TABLESAMPLE reservoir(50%)"])
def test_so_is_a_sample(client, clause):
    folder = client({"accounts.sql": f"SELECT * FROM 'list.csv' {clause}", "list.csv": LIST})
    (found,) = messages(folder)
    assert "'SAMPLE' takes other rows each time" in found


@pytest.mark.parametrize(
    "sql",
    [
        READ.format(", ignore_errors = false, strict_mode = true"),
        READ.format("") + " -- ignore_errors = true would lose rows",
        READ.format("").replace("*", "*, 'ignore_errors = true' AS industry"),
    ],
)
def test_what_only_looks_like_it_is_no_option(client, sql):
    assert not messages(client({"accounts.sql": sql, "list.csv": LIST}))


@pytest.mark.parametrize("word", ["TRY_CAST(revenue AS DOUBLE)", "try(revenue::DOUBLE)"])
def test_a_conversion_that_may_fail_in_silence_is_warned_of(client, word):
    text = "account_id,name,revenue\n007,A,5\n008,B,n. a.\n009,C,7\n"
    sql = f"SELECT account_id, name, {word} AS revenue FROM read_csv('list.csv', all_varchar=true)"
    folder = client({"accounts.sql": sql, "list.csv": text})
    (found,) = [str(fault) for fault in check_client(folder) if fault.severity == "warning"]
    assert "reads what it cannot convert as empty" in found and "Use CAST" in found


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"008,B,South": '008,"B,South'}, "row 2, column name: '008,\"B,South…' opens a quotation"),
        ({"009,C,East": "009,C,East,9"}, "row 3: '009,C,East,9' has too many columns"),
        ({"009,C,East": "009,C"}, "row 3: '009,C' has too few columns"),
        ({"008,B,South": '008,"B"x,South'}, "row 2: '008,\"B\"x,South' has a quotation mark"),
    ],
)
@pytest.mark.parametrize(
    ("file", "mark", "option"),
    [
        ("list.csv", ",", ""),
        ("list.csv", ";", ""),
        ("list.txt", "|", ", delim = '|'"),
        ("list.csv.gz", ",", ""),
        ("list.csv", ",", ", skip = 1"),
    ],
)
def test_a_record_that_a_query_cannot_read_is_named(client, changed, says, file, mark, option):
    text = LIST
    for old, new in changed.items():
        text = text.replace(old, new)
        text, says = text.replace(",", mark), says.replace("'" + new, "'" + new.replace(",", mark))
    says = says.replace("B,South…", f"B{mark}South…")
    if "skip" in option:
        text = f"Customers\n{text}"
    data = gzip.compress(text.encode()) if file.endswith("gz") else text
    folder = client({"accounts.sql": READ.replace("list.csv", file).format(option), file: data})
    (found,) = messages(folder)
    assert found.startswith(f"{file}, {says}")


def test_rows_that_a_quotation_swallowed_are_warned_of(client):
    text = LIST.replace("008,B,", '008,"B,').replace("009,C,", '009,C",')
    folder = client({"accounts.sql": READ.format(""), "list.csv": text})
    found = [str(fault) for fault in check_client(folder)]
    assert any(
        "list.csv, row 2, column name: holds lines that look like records" in f for f in found
    )


@pytest.mark.parametrize(
    ("text", "option"),
    [
        (LIST.replace("B", '"B, and ""sons"""'), ""),
        ("Customers of 2026\n\n" + LIST, ", skip = 2"),
        (LIST.replace("B", '5" pipe'), ", quote = ''"),
        (LIST.replace("\n", "\r\n"), ""),
    ],
)
def test_a_sound_file_of_a_query_is_no_fault(client, text, option):
    folder = client({"accounts.sql": READ.format(option), "list.csv": text})
    assert not check_client(folder)
    assert len(open_study(folder).accounts) == 4
