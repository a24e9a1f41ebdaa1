"""Tables in PostgreSQL: the study of the files, and a fault in words for all that can go wrong."""

from __future__ import annotations

import json
import shutil
import threading
import time
from decimal import Decimal

import cluster as databases
import duckdb
import pandas as pd
import pytest

from helpers.errors import InputFaults
from helpers.press import manifest
from helpers.study import check_client, open_study, stored
from helpers.study.in_place import large, postgres, reading
from helpers.study.tables import TABLES

pytestmark = pytest.mark.databases
SECRETS = (databases.SECRET, databases.READERS_SECRET)
NAMES = ("financials", "contracts", "tickets", "ops_metrics")
KINDS = {"number": "numeric(18, 4)", "date": "timestamp", "period": "date", "yes_no": "boolean"}
MONTHLY = (
    "SELECT lpad((7 + g % 3)::text, 3, '0') AS account_id, "
    "(date '2024-07-01' + (g / 3) * interval '1 month')::date AS period, "
    "(1000 + g * 1.01)::numeric(18, 2) AS revenue FROM generate_series(0, 71) g"
)


@pytest.fixture(autouse=True)
def quiet(lasting_reader, monkeypatch):
    monkeypatch.setenv("HANDBOOK_STUDIES", "off")
    monkeypatch.setenv("PGPASSWORD", databases.SECRET)
    monkeypatch.delenv(stored.READING, raising=False)


@pytest.fixture(scope="module")
def cluster(project):
    with databases.started() as made:
        made.run(
            "CREATE SCHEMA sales",
            f"CREATE TABLE sales.monthly AS {MONTHLY} ORDER BY random()",
            "CREATE VIEW sales.umsatz AS SELECT account_id, period, revenue AS umsatz FROM "
            "sales.monthly",
            "CREATE VIEW sales.slow AS SELECT m.*, pg_sleep(0.05)::text AS slept FROM "
            "sales.monthly m",
            f"CREATE ROLE {databases.READER} LOGIN PASSWORD '{databases.READERS_SECRET}'",
            "ALTER ROLE reader SET default_transaction_read_only = on",
            "GRANT USAGE ON SCHEMA sales TO reader",
            "GRANT SELECT ON sales.monthly TO reader",
        )
        for name in NAMES:
            load(made, name, project / "data" / "northfield" / f"{name}.csv")
        yield made


def load(made, name, path):
    """A table of a file, its columns of their own kinds, its rows in no order."""
    texts = duckdb.read_csv(str(path), all_varchar=True).to_arrow_table()
    with made.asked() as cursor:
        cursor.adbc_ingest(f"raw_{name}", texts)
        kinds = {c.name: KINDS.get(c.kind, "text") for c in TABLES[name].columns}
        told = ", ".join(f'"{c}"::{kinds.get(c, "text")} AS "{c}"' for c in texts.column_names)
        cursor.execute(f"CREATE TABLE sales.{name} AS SELECT {told} FROM raw_{name} "
                       "ORDER BY random()")  # fmt: skip


@pytest.fixture
def at(client, cluster):
    """The small client with its financials at an address."""

    def make(table="sales.monthly", *, address=None, **options):
        address = cluster.address(table, **options) if address is None else address
        return client(tables=f'{{financials: "{address}"}}')

    return make


def errors(folder):
    """The errors of a folder, none of which may hold a secret."""
    faults = check_client(folder)
    for fault in faults:
        assert not any(secret in repr(fault) for secret in SECRETS)
    return [str(fault) for fault in faults if fault.severity == "error"]


def in_order(frame):
    names = [n for n in ("account_id", "contract_id", "ticket_id", "unit", "period", "metric")
             if n in frame]  # fmt: skip
    return frame.sort_values(names, ignore_index=True)


@pytest.mark.parametrize("limit", [0, 2_000_000])
def test_northfield_is_one_study_from_files_and_from_a_database(
    project, cluster, tmp_path, monkeypatch, limit
):
    monkeypatch.setattr(reading, "LARGE", limit)
    monkeypatch.setattr(reading, "SMALL_FILE", limit)
    home = project / "data" / "northfield"
    folder = tmp_path / "northfield"
    shutil.copytree(home, folder)
    lines = "".join(f"  {name}: {cluster.address('sales.' + name)}\n" for name in NAMES)
    for name in NAMES:
        (folder / f"{name}.csv").unlink()
    with (folder / "client.yml").open("a") as stream:
        stream.write(f"tables:\n{lines}")
    ours, theirs = open_study(folder), open_study(home)
    for name in NAMES:
        one, other = in_order(ours.table(name)), in_order(theirs.table(name))
        pd.testing.assert_frame_equal(
            one[list(other)], other, check_exact=True, check_dtype=False, obj=name
        )
    assert [str(w) for w in ours.warnings] == [str(w) for w in theirs.warnings]
    files = ours.counts.set_index("table").loc[list(NAMES), "file"].to_list()
    assert files == [f"sales.{name} (PostgreSQL)" for name in NAMES]


def test_the_record_of_a_run_holds_digest_and_rows_but_no_host_user_or_secret(at, tmp_path):
    study = open_study(at())
    record = json.dumps(manifest.run_record(study, {}))
    assert "sales.monthly (PostgreSQL)" in record
    assert not any(text in record for text in (*SECRETS, "127.0.0.1", databases.USER))
    [inputs] = [i for i in json.loads(record)["inputs"] if i["table"] == "financials"]
    assert (inputs["rows_in"], inputs["rows_out"], len(inputs["sha256"])) == (72, 72, 64)


def test_the_digest_follows_the_content_and_not_the_order_of_rows(at, cluster):
    def digest():
        return open_study(at()).counts.set_index("table").loc["financials", "sha256"]

    first = digest()
    cluster.run("CREATE TABLE other AS SELECT * FROM sales.monthly ORDER BY random()",
                "TRUNCATE sales.monthly",
                "INSERT INTO sales.monthly SELECT * FROM other")  # fmt: skip
    assert digest() == first
    cent = "UPDATE sales.monthly SET revenue = revenue {} 0.01 WHERE period = '2025-01-01'"
    cluster.run(cent.format("+"))
    assert digest() != first
    cluster.run(cent.format("-"))
    assert digest() == first


def test_a_run_asks_once_and_a_new_reading_asks_anew(at, cluster, tmp_path, monkeypatch):
    monkeypatch.setenv("HANDBOOK_STUDIES", str(tmp_path / "kept"))
    folder = at()

    def total():
        return round(open_study(folder).table("financials")["revenue"].sum(), 2)

    before = total()
    change = "UPDATE sales.monthly SET revenue = revenue {} 100 WHERE period = '2025-01-01'"
    cluster.run(change.format("+"))
    assert total() == before + 300  # no run: what was kept may be old
    stored.read_once()
    within = total()
    cluster.run(change.format("-"))
    assert total() == within
    kept = [p for p in (tmp_path / "kept").rglob("*") if p.is_file()]
    assert kept
    assert not any(secret.encode() in p.read_bytes() for p in kept for secret in SECRETS)
    monkeypatch.delenv(stored.READING)
    assert total() == before


def test_money_is_added_up_in_the_database_to_the_cent(at, cluster, monkeypatch):
    cluster.run("DROP TABLE IF EXISTS sales.days",
                "CREATE TABLE sales.days AS SELECT '007'::text AS account_id, date '2026-05-01' + "
                "g % 31 AS period, 0.1::numeric AS revenue "
                "FROM generate_series(1, 10003) g")  # fmt: skip
    monkeypatch.setattr(reading, "LARGE", 0)
    folder = at("sales.days")
    with (folder / "client.yml").open("a") as stream:
        stream.write("duplicates: {financials: sum}\n")
    found = open_study(folder).table("financials")
    assert found["revenue"].to_list() == [float(Decimal("0.1") * 10_003)]


WRONG = {
    "a wrong password": ({}, {"PGPASSWORD": "falsch"}, "does not let this user in", "PGPASSWORD"),
    "no password": ({}, {"PGPASSWORD": None}, "asks for a password, and PGPASSWORD is not set",
                    "never write it into a file"),
    "a variable that is not set": (
        {"options": "?password_env=FINANCE"}, {"FINANCE": None},
        "asks for a password, and FINANCE is not set", "environment",
    ),
    "a wrong password in a variable": (
        {"options": "?password_env=FINANCE"}, {"FINANCE": "falsch"},
        "does not let this user in", "the password in FINANCE",
    ),
    "nobody's name": ({"user": "nobody"}, {}, "does not let this user in", "Check the user"),
    "no such table": ({"table": "sales.yearly"}, {}, "has no table of this name", "schema"),
    "no such schema": ({"table": "market.monthly"}, {}, "has no table of this name", "schema"),
    "no such database": ({"address": "postgresql://boss@127.0.0.1:{port}/nothing/monthly"}, {},
                         "has no database of this name", "schema.table"),
    "a port where nobody listens": ({"address": "postgresql://boss@127.0.0.1:9/postgres/monthly"},
                                    {}, "cannot be reached", "host and port"),
    "a host that is not": ({"address": "postgresql://boss@no-such-host.invalid/a/monthly"},
                           {}, "cannot be reached", "host and port"),
    "a table that the user may not read": (
        {"table": "sales.tickets", "user": "reader"}, {"PGPASSWORD": databases.READERS_SECRET},
        "does not let this user read the table", "GRANT SELECT",
    ),
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("limit", [0, 2_000_000])
def test_what_goes_wrong_is_told_in_words_by_its_key(at, cluster, monkeypatch, wrong, limit):
    options, environment, problem, advice = WRONG[wrong]
    monkeypatch.setattr(reading, "LARGE", limit)
    for name, value in environment.items():
        monkeypatch.delenv(name, raising=False) if value is None else monkeypatch.setenv(
            name, value
        )
    if "address" in options:
        options = {"address": options["address"].replace("{port}", str(cluster.port))}
    [told] = errors(at(**options))
    assert told.startswith("client.yml, column tables.financials: ")
    assert problem in told
    assert advice in told
    assert "falsch" not in told


@pytest.mark.parametrize("limit", [0, 2_000_000])
def test_a_missing_column_is_told_with_the_one_that_it_may_be(at, monkeypatch, limit):
    monkeypatch.setattr(reading, "LARGE", limit)
    [told] = errors(at("sales.umsatz"))
    assert told.startswith("sales.umsatz (PostgreSQL), column revenue: is missing")
    assert "revenue: umsatz" in told


@pytest.mark.parametrize("limit", [0, 2_000_000])
@pytest.mark.parametrize("named", ["PGPASSWORD", "FINANCE"])
def test_somebody_who_may_only_read_can_read(at, monkeypatch, limit, named):
    monkeypatch.setattr(reading, "LARGE", limit)
    monkeypatch.delenv("PGPASSWORD")
    monkeypatch.setenv(named, databases.READERS_SECRET)
    options = "" if named == "PGPASSWORD" else f"?password_env={named}"
    study = open_study(at(user="reader", options=options))
    assert len(study.table("financials")) == 72


@pytest.mark.parametrize("limit", [0, 2_000_000])
def test_a_connection_that_is_lost_half_way_leaves_nothing_behind(
    at, cluster, tmp_path, monkeypatch, limit
):
    monkeypatch.setattr(reading, "LARGE", limit)
    monkeypatch.setenv("HANDBOOK_STUDIES", str(tmp_path / "kept"))
    folder = at("sales.slow")
    before = sorted(folder.rglob("*"))
    killed = threading.Event()

    def kill():
        active = ("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE "
                  "application_name = 'handbook' AND state = 'active'")  # fmt: skip
        for _ in range(200):
            with cluster.asked() as cursor:
                cursor.execute(active)
                if cursor.fetchone()[0]:
                    killed.set()
                    return
            time.sleep(0.05)

    asked = postgres.PostgresStore.answer

    def half_way(self, sql):  # the first answer has come, and the second is under way
        if "slept" in sql or "SELECT *" in sql:
            threading.Thread(target=kill).start()
        return asked(self, sql)

    monkeypatch.setattr(postgres.PostgresStore, "answer", half_way)
    if limit == 0:
        monkeypatch.setattr(
            large._Large, "answer",
            lambda self, _: half_way(self.store, "SELECT *, slept FROM sales.slow"),
        )  # fmt: skip
    with pytest.raises(InputFaults) as raised:
        open_study(folder)
    assert killed.wait(10)
    assert "broke the connection off. Nothing was kept of what it had sent" in str(raised.value)
    assert not any(secret in str(raised.value) for secret in SECRETS)
    assert raised.value.__cause__ is None
    assert sorted(folder.rglob("*")) == before
    assert not list((tmp_path / "kept").rglob("*.arrow"))


def test_no_secret_is_printed_by_a_command(at, handbook_in, tmp_path):
    for folder in (at(), at(user="nobody")):
        done = handbook_in(tmp_path, "check", folder)
        assert not any(secret in done.stdout + done.stderr for secret in SECRETS)
        assert "Traceback" not in done.stdout + done.stderr


def test_kinds_of_columns_that_are_no_values_are_left_out_and_named(at, cluster):
    cluster.run("CREATE OR REPLACE VIEW sales.odd AS SELECT *, '{1,2}'::int[] AS many, "
                "'{}'::jsonb AS deep FROM sales.monthly")  # fmt: skip
    study = open_study(at("sales.odd"))
    [note] = [n for n in study.notes if "no values" in n.what]
    assert ("many, deep" in note.what, note.count) == (True, 2)


def test_a_currency_of_the_database_is_refused_as_an_amount(at, cluster):
    cluster.run("CREATE OR REPLACE VIEW sales.dear AS SELECT account_id, period, revenue::money "
                "AS revenue FROM sales.monthly")  # fmt: skip
    found = errors(at("sales.dear"))
    assert any("column revenue: is of a kind that is no value" in text for text in found)


def test_ids_that_are_long_numbers_keep_every_digit(at, cluster):
    cluster.run("CREATE OR REPLACE VIEW sales.long AS SELECT 12345678901234567890::numeric(30) "
                "AS account_id, period, revenue FROM sales.monthly "
                "WHERE account_id = '007'")  # fmt: skip
    found = open_study(at("sales.long")).table("financials")["account_id"].unique().tolist()
    assert found == ["12345678901234567890"]
