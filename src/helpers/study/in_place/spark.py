"""Spark, by Spark Connect: an extra, which needs ``pyspark[connect]``."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import pyarrow as pa

from helpers.study.in_place.address import Address
from helpers.study.in_place.store import StoreFault

__all__ = ["SparkStore"]

PORT = 15002  # of Spark Connect
PATIENCE = 10.0  # seconds for a server to answer at all
TRIES = 4  # of a call that a server did not answer: its own ten minutes are no error in words
NO_TABLE = "AnalysisException"

TYPES = {
    "tinyint": "int64", "smallint": "int64", "int": "int64", "bigint": "int64",
    "float": "float64", "double": "float64", "boolean": "boolean", "date": "date",
    "timestamp": "timestamp", "string": "string",
}  # fmt: skip


class SparkStore:
    """A table of a Spark catalogue, asked through Spark Connect."""

    dialect = "pyspark"

    def __init__(self, address: Address) -> None:
        self.name, self.place = address.name, (address.schema, address.table)
        self._address = address
        self._session: Any = None

    @cached_property
    def columns(self) -> Mapping[str, str]:
        """Each column and its type."""
        told = self._asked(lambda spark: spark.table(".".join(p for p in self.place if p)).dtypes)
        return {name: _type(kind) for name, kind in told}

    def answer(self, sql: str) -> pa.Table:
        """What a query gives."""
        table: pa.Table = self._asked(lambda spark: spark.sql(sql).toArrow())
        return table

    def close(self) -> None:
        """Let the session go."""
        if self._session is not None:
            self._session.stop()
            self._session = None

    def _asked(self, what: Any) -> Any:  # noqa: ANN401 (pyspark is optional)
        try:
            from pyspark.sql import SparkSession
        except ImportError:
            advice = "Install it with `pip install 'pyspark[connect]'`, or export to Parquet."
            raise StoreFault("needs Spark, which is not installed", advice) from None
        try:
            if self._session is None:
                self._session = self._opened(SparkSession)
            return what(self._session)
        except Exception as fault:
            told = type(fault).__name__
        if told == NO_TABLE:
            advice = "Name a table that the user of this server may read: schema.table."
            raise StoreFault("is no table that Spark knows", advice)
        advice = "Check the address, spark://host:port/schema.table, and that Spark Connect runs."
        raise StoreFault(f"cannot be read by Spark ({told})", advice)

    def _opened(self, sessions: Any) -> Any:  # noqa: ANN401 (pyspark is optional)
        """A session with a server that answers, and that is not asked for minutes if it stops."""
        from pyspark.sql.connect.client.retries import DefaultPolicy

        host, port = str(self._address.host), self._address.port or PORT
        socket.create_connection((host, port), timeout=PATIENCE).close()
        session = sessions.builder.remote(f"sc://{host}:{port}").getOrCreate()
        session.client.set_retry_policies([DefaultPolicy(max_retries=TRIES)])
        return session


def _type(told: str) -> str:
    if told.startswith("decimal"):
        return "int64" if told.endswith(",0)") else "decimal"
    return TYPES.get(told, "unknown")
