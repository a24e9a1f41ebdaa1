"""Tables in Spark: the study of the files, and a fault in words; where a server is named."""

from __future__ import annotations

import os
import shutil
import socket
from types import SimpleNamespace

import pandas as pd
import pytest

from helpers.study import check_client, open_study, opening
from helpers.study.in_place import reading
from helpers.study.tables import TABLES

SERVER = os.environ.get("HANDBOOK_SPARK", "")  # host:port of a Spark Connect server
pytestmark = [
    pytest.mark.databases,
    pytest.mark.skipif(not SERVER, reason="HANDBOOK_SPARK names no Spark Connect server"),
]
NAMES = ("financials", "contracts", "tickets", "ops_metrics")
KINDS = {"number": "decimal(18,4)", "date": "timestamp", "period": "date", "yes_no": "boolean"}
ORDER = ("account_id", "contract_id", "ticket_id", "unit", "period", "metric")


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    monkeypatch.setattr(opening, "confined", SimpleNamespace(close=lambda: None))
    monkeypatch.setenv("HANDBOOK_STUDIES", "off")


@pytest.fixture(scope="module")
def schema(project):
    """northfield's tables in Spark, their columns of their own kinds."""
    sessions = pytest.importorskip("pyspark.sql").SparkSession
    spark = sessions.builder.remote(f"sc://{SERVER}").getOrCreate()
    spark.sql("CREATE DATABASE IF NOT EXISTS handbook_tests")
    for name in NAMES:
        texts = pd.read_csv(project / "data" / "northfield" / f"{name}.csv", dtype=str)
        rows = spark.createDataFrame(texts.astype(object).where(texts.notna(), None))
        for column in TABLES[name].columns:
            if column.name in texts and column.kind in KINDS:
                rows = rows.withColumn(column.name, rows[column.name].cast(KINDS[column.kind]))
        rows.write.mode("overwrite").saveAsTable(f"handbook_tests.{name}")
    spark.stop()
    return "handbook_tests"


def in_spark(project, folder, addresses):
    shutil.copytree(project / "data" / "northfield", folder)
    lines = "".join(f"  {name}: {address}\n" for name, address in addresses.items())
    for name in addresses:
        (folder / f"{name}.csv").unlink()
    with (folder / "client.yml").open("a") as stream:
        stream.write(f"tables:\n{lines}")
    return folder


def in_order(frame):
    return frame.sort_values([name for name in ORDER if name in frame], ignore_index=True)


@pytest.mark.parametrize("limit", [0, 2_000_000])
def test_northfield_is_one_study_from_files_and_from_spark(
    project, schema, tmp_path, monkeypatch, limit
):
    monkeypatch.setattr(reading, "LARGE", limit)
    monkeypatch.setattr(reading, "SMALL_FILE", limit)
    addresses = {name: f"spark://{SERVER}/{schema}.{name}" for name in NAMES}
    ours = open_study(in_spark(project, tmp_path / "northfield", addresses))
    theirs = open_study(project / "data" / "northfield")
    for name in NAMES:
        one, other = in_order(ours.table(name)), in_order(theirs.table(name))
        pd.testing.assert_frame_equal(
            one[list(other)], other, check_exact=True, check_dtype=False, obj=name
        )
    assert [str(w) for w in ours.warnings] == [str(w) for w in theirs.warnings]


def test_a_table_that_spark_does_not_know_is_told(project, schema, tmp_path):
    address = {"financials": f"spark://{SERVER}/{schema}.nothing"}
    folder = in_spark(project, tmp_path / "northfield", address)
    [fault] = [str(f) for f in check_client(folder) if f.severity == "error"]
    assert "handbook_tests.nothing (Spark)' is no table that Spark knows" in fault
    assert SERVER not in fault


def test_a_server_that_does_not_answer_is_told_at_once(project, schema, tmp_path):
    with socket.socket() as held:  # a port that nobody listens at
        held.bind(("127.0.0.1", 0))
        address = {"financials": f"spark://127.0.0.1:{held.getsockname()[1]}/{schema}.financials"}
        folder = in_spark(project, tmp_path / "northfield", address)
        [fault] = [str(f) for f in check_client(folder) if f.severity == "error"]
    assert "cannot be read by Spark (ConnectionRefusedError)" in fault
