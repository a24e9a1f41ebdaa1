"""PostgreSQL: read-only, all queries of a table over one state of the database."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cached_property
from typing import Any
from urllib.parse import quote, urlencode

import pyarrow as pa
import pyarrow.compute as pc

from helpers.study.in_place.address import Address
from helpers.study.in_place.store import StoreFault

__all__ = ["PostgresStore", "explained"]

PATIENCE = "15"  # seconds until a server that does not answer is given up
CLIENT = "client.yml"
TYPES = {
    "int2": "int64", "int4": "int64", "int8": "int64", "float4": "float64", "float8": "float64",
    "numeric": "decimal", "bool": "boolean", "date": "date", "timestamp": "timestamp",
    "timestamptz": "timestamp", "text": "string", "varchar": "string", "bpchar": "string",
    "name": "string", "uuid": "uuid",
}  # fmt: skip
SETTING = "Set it in the environment of this command; never write it into a file."
REASONS: tuple[tuple[str, str, str], ...] = (  # SQLSTATE or words of libpq, problem, advice
    (r"28P01|28000|password authentication failed|no pg_hba", "does not let this user in",
     "Check the user in the address, and the password in {secret}."),
    (r"no password supplied", "asks for a password, and {secret} is not set", SETTING),
    (r"3D000|database .* does not exist", "has no database of this name",
     "Check the address: postgresql://user@host/database/schema.table."),
    (r"role .* does not exist", "knows no such user", "Check the user in the address."),
    (r"42P01|3F000", "has no table of this name",
     "Check schema and table in the address, and that this user may see them."),
    (r"42501", "does not let this user read the table",
     "Ask whoever keeps it for `GRANT SELECT` on it (and `USAGE` on its schema)."),
    (r"42703", "has lost a column while it was read", "Run it again."),
    (r"could not translate host name|Connection refused|timeout expired|No route|unreachable"
     r"|Is the server running|No such file or directory", "cannot be reached",
     "Check host and port in the address, and that this machine may connect to it."),
    (r"57014|statement timeout", "gave up: the query took longer than the server allows",
     "Ask for more time, or for an index on account_id."),
    (r"57P0|08\d\d\d|53300|terminating connection|closed the connection|connection not open"
     r"|Connection reset|SSL SYSCALL|EOF detected|too many", "broke the connection off",
     "Nothing was kept of what it had sent. Run it again; if that does not help, ask whoever "
     "keeps the database."),
    (r"22\w{3}|division by zero|invalid input", "holds values that cannot be computed with",
     "Look at the table's numbers and dates, or export it to Parquet."),
)  # fmt: skip


def explained(told: str, address: Address) -> StoreFault:
    """What a driver's words mean for a reader. None of the words themselves: they quote data.

    Examples
    --------
    >>> told = 'FATAL: password authentication failed for user "ann"'
    >>> print(explained(told, Address("PostgreSQL", "monthly")))
    does not let this user in. Check the user in the address, and the password in PGPASSWORD.
    """
    for words, problem, advice in REASONS:
        if re.search(words, told):
            said = {"secret": address.secret}
            return StoreFault(problem.format(**said), advice.format(**said))
    code = re.search(r"SQLSTATE: (\w{5})", told)
    problem = "cannot be read" + (f" (SQLSTATE {code[1]})" if code else "")
    return StoreFault(problem, "Try the same address with psql, or export the table to Parquet.")


class PostgresStore:
    """A table, or a view, of a PostgreSQL database."""

    dialect = "postgres"

    def __init__(self, address: Address) -> None:
        self.name, self.place = address.name, (address.schema, address.table)
        self._address = address
        self._connection: Any = None

    @cached_property
    def columns(self) -> Mapping[str, str]:
        """Each column and its type."""
        described = self._asked(f"SELECT * FROM {self._quoted} LIMIT 0").schema
        return {field.name: _type(field) for field in described}

    def answer(self, sql: str) -> pa.Table:
        """What a query gives, its numerics as whole numbers or as numbers with a point."""
        return plain_numbers(self._asked(sql))

    def close(self) -> None:
        """Let the connection go."""
        if self._connection is not None:
            with suppress(Exception):  # it may be lost already
                self._connection.close()
            self._connection = None

    @property
    def _quoted(self) -> str:
        return ".".join('"' + part.replace('"', '""') + '"' for part in self.place if part)

    def _asked(self, sql: str) -> pa.Table:
        with self._explaining():
            cursor = self._open().cursor()
            try:
                cursor.execute(sql)
                return cursor.fetch_arrow_table()
            finally:
                with suppress(Exception):
                    cursor.close()

    def _open(self) -> Any:  # noqa: ANN401 (the driver has no types)
        if self._connection is None:
            from adbc_driver_postgresql import dbapi

            self._connection = dbapi.connect(_with_secret(self._address), autocommit=False)
            with self._connection.cursor() as cursor:  # one state for all queries, nothing written
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        return self._connection

    @contextmanager
    def _explaining(self) -> Iterator[None]:
        from adbc_driver_postgresql import dbapi

        try:
            yield
        except (dbapi.Error, OSError, pa.ArrowException) as fault:
            told = f"{fault} SQLSTATE: {getattr(fault, 'sqlstate', '') or ''}"
        else:
            return
        raise explained(told, self._address)  # outside: the driver's words are not carried on


def _with_secret(address: Address) -> str:
    """The address that the driver is given, with a password of a named variable."""
    secret = ""
    if address.secret != "PGPASSWORD":
        if address.secret not in os.environ:
            raise StoreFault(f"asks for a password, and {address.secret} is not set", SETTING)
        secret = ":" + quote(os.environ[address.secret], safe="")
    user = f"{quote(address.user, safe='')}{secret}@" if address.user or secret else ""
    host = f"[{address.host}]" if ":" in address.host else address.host
    port = f":{address.port}" if address.port else ""
    options = {"connect_timeout": PATIENCE, "application_name": "handbook", **dict(address.options)}
    database = quote(address.database, safe="")
    return f"postgresql://{user}{host}{port}/{database}?{urlencode(options)}"


def _type(field: pa.Field) -> str:
    told = (field.metadata or {}).get(b"POSTGRESQL:type", b"").decode()
    if told in TYPES:
        return TYPES[told]
    return "string" if pa.types.is_string(field.type) else "unknown"


def plain_numbers(table: pa.Table) -> pa.Table:
    """The same with each numeric, which comes as text, as the number nearest to it."""
    for place, field in enumerate(table.schema):
        kind = field.type
        if not isinstance(kind, pa.BaseExtensionType):
            continue
        column = table.column(place)
        if kind.extension_name == "arrow.opaque" and kind.type_name == "numeric":
            texts = pa.chunked_array([c.storage for c in column.chunks], kind.storage_type)
            table = table.set_column(place, field.name, _numbers(texts))
    return table


def _numbers(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    try:
        return texts.cast(pa.int64())
    except pa.ArrowInvalid:
        pointed = pc.any(pc.match_substring_regex(texts, r"[^\d-]")).as_py()
    return texts.cast(pa.float64()) if pointed else texts  # ids too long for a number stay texts
