"""Addresses of tables in ``client.yml``: of which database, which table; never a password."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

__all__ = ["Address", "AddressProblem", "is_address", "read_address"]

SCHEME = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://")
KINDS = {
    "postgresql": "PostgreSQL", "postgres": "PostgreSQL", "duckdb": "DuckDB", "spark": "Spark",
}  # fmt: skip
FORM = "postgresql://user@host/database/schema.table"
DUCKDB = re.compile(r"(?P<file>.+?\.(?:duckdb|db|ddb))/(?P<table>[^/]+)", re.I)
SECRET = "password_env"  # the option that names the variable of the environment
OPTIONS = {SECRET, "host", "sslmode", "sslrootcert", "connect_timeout"}
VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
PASSWORDS = ("password", "passwd", "pwd", "passfile", "sslpassword", "secret", "token")


class AddressProblem(ValueError):
    """What is wrong with an address, and what to write instead; without a secret of it."""

    def __init__(self, problem: str, advice: str) -> None:
        self.problem, self.advice = problem, advice
        super().__init__(f"{problem}. {advice}")


@dataclass(frozen=True)
class Address:
    """Where a table lies. It knows the name of a variable with the password, never the password."""

    kind: str  # as it is printed: PostgreSQL, DuckDB, Spark
    table: str
    schema: str | None = None
    database: str = ""
    host: str = ""
    port: int | None = None
    user: str = ""
    secret: str = "PGPASSWORD"
    file: str = ""  # of a DuckDB database, in the client's folder
    options: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        """What to call the table on pages and in messages: no host, no user.

        Examples
        --------
        >>> read_address("postgresql://ann@db.example/finance/sales.monthly").name
        'sales.monthly (PostgreSQL)'
        """
        table = self.table if self.schema is None else f"{self.schema}.{self.table}"
        return f"{self.file}/{table}" if self.file else f"{table} ({self.kind})"


def is_address(text: str) -> bool:
    """Whether a text under ``tables:`` is an address and no path.

    Examples
    --------
    >>> is_address("postgresql://host/finance/monthly"), is_address("finance/*.parquet")
    (True, False)
    """
    return "://" in text


def read_address(text: str) -> Address:
    """The parts of an address.

    Raises
    ------
    AddressProblem
        Where it holds a password, or is none that can be read.

    Examples
    --------
    >>> read_address("duckdb://finance.duckdb/monthly").file
    'finance.duckdb'
    >>> read_address("postgresql://ann:x@host/finance/monthly")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    helpers.study.in_place.address.AddressProblem: holds a password...
    """
    found = SCHEME.match(text)
    scheme = found["scheme"].lower() if found else ""
    if scheme == "duckdb":
        return _of_duckdb(text.split("://", 1)[1])
    parts = _parts(text)
    _refuse_password(parts, text)
    if scheme not in KINDS:
        advice = f"Write {FORM}, or export the table to Parquet in the client folder and name that."
        raise AddressProblem("is an address of a kind that the handbook does not read", advice)
    try:
        port = parts.port
    except ValueError:
        raise AddressProblem("has a port that is no number", f"Write {FORM}.") from None
    options = _options(parts)
    database, schema, table = _table(parts.path, KINDS[scheme])
    return Address(
        KINDS[scheme],
        table,
        schema,
        database,
        parts.hostname or "",
        port,
        unquote(parts.username or ""),
        options.pop(SECRET, "PGPASSWORD"),
        options=tuple(options.items()),
    )


def _parts(text: str) -> SplitResult:
    try:
        return urlsplit(text)
    except ValueError:
        raise AddressProblem("is an address that cannot be read", f"Write {FORM}.") from None


def _refuse_password(parts: SplitResult, text: str) -> None:
    named = [key.lower() for key, _ in parse_qsl(parts.query, keep_blank_values=True)]
    hidden = "@" in text.split("://", 1)[1].rsplit("@", 1)[0]  # a password with an @ of its own
    if parts.password is not None or set(named) & set(PASSWORDS) or hidden:
        advice = (
            "Take it out, and change it if others may have seen the file. The password is read "
            f"from the environment: from PGPASSWORD, or the variable named by `?{SECRET}=NAME`."
        )
        raise AddressProblem("holds a password", advice)


def _options(parts: SplitResult) -> dict[str, str]:
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    odd = sorted(set(options) - OPTIONS)
    if odd:
        known = ", ".join(sorted(OPTIONS))
        raise AddressProblem(f"has the option {odd[0]!r}, which is none", f"Use {known}.")
    if not VARIABLE.fullmatch(options.get(SECRET, "PGPASSWORD")):
        advice = f"Write `?{SECRET}=FINANCE_PASSWORD`, and set that variable."
        raise AddressProblem(f"has a {SECRET} that is no name of a variable", advice)
    return options


def _table(path: str, kind: str) -> tuple[str, str | None, str]:
    """Database, schema and table: ``/database/schema.table``, its schema or database left out."""
    steps = [unquote(step) for step in path.split("/") if step]
    if len(steps) == 1:  # finance.monthly: one table of one database
        steps = steps[0].split(".", 1) if kind == "PostgreSQL" else ["", steps[0]]
    if len(steps) != 2 or not steps[1] or steps[1].count(".") > 1 or "\0" in path:
        raise AddressProblem("does not name one table", f"Write {FORM}.")
    database, place = steps
    schema, _, table = place.rpartition(".")
    return database, schema or None, table


def _of_duckdb(rest: str) -> Address:
    found = DUCKDB.fullmatch(rest)
    if found is None:
        advice = "Write duckdb://finance.duckdb/monthly: a file of the client folder, and a table."
        raise AddressProblem("does not name a file and one table of it", advice)
    if Path(found["file"]).is_absolute() or ".." in Path(found["file"]).parts:
        advice = "Put the file into the client folder and name it from there."
        raise AddressProblem("leads out of the client folder", advice)
    schema, _, table = found["table"].rpartition(".")
    return Address("DuckDB", table, schema or None, file=found["file"])
