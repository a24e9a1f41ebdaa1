"""DuckDB over Parquet files, or over one table of a DuckDB database, in the confined process."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from helpers.study.in_place.store import StoreFault
from helpers.study.readers import confined
from helpers.study.readers.duckdb_answers import ANSWER, SOURCE

__all__ = ["FILE", "ROW", "DuckDBStore"]

FILE, ROW = "_file", "file_row_number"  # of Parquet: where each row stands
SECONDS, BYTES_A_SECOND = 120.0, 10_000_000  # time that a file may take: more where it is larger
TYPES = (
    (r"(TINY|SMALL|BIG)?INT(EGER)?|UTINYINT|USMALLINT|UINTEGER|UBIGINT|HUGEINT", "int64"),
    (r"DECIMAL\(\d+,0\)", "int64"),
    (r"DECIMAL.*", "decimal"),
    (r"FLOAT|DOUBLE", "float64"),
    (r"BOOLEAN", "boolean"),
    (r"DATE", "date"),
    (r"TIMESTAMP.*", "timestamp"),
    (r"VARCHAR|ENUM.*", "string"),
    (r"UUID", "uuid"),
)
LOST = "Write the file again, or name it under `tables:` in client.yml as another kind."


class DuckDBStore:
    """Parquet files that are one table, or a table of a DuckDB database."""

    dialect = "duckdb"
    place: tuple[str | None, str] = (None, SOURCE)

    def __init__(
        self, name: str, path: Path, *, files: Sequence[Path] = (), table: Sequence[str] = ()
    ) -> None:
        self.name = name
        self._path = path
        self._options = {"files": [str(file) for file in files], "table": list(table)}
        size = sum(file.stat().st_size for file in files or [path])
        self._seconds = SECONDS + size / BYTES_A_SECOND

    @cached_property
    def columns(self) -> Mapping[str, str]:
        """Each column and its type."""
        told = self._asked(None)[0]["columns"]
        return {name: _type(kind) for name, kind in told}

    def answer(self, sql: str) -> pa.Table:
        """What a query gives."""
        return self._asked(sql)[1]

    def close(self) -> None:
        """Nothing is held: each query opens the files anew."""

    def _asked(self, sql: str | None) -> tuple[Any, pa.Table]:
        options = {**self._options, "sql": sql}
        try:
            with confined.reading(
                "duckdb_answers", self._path, seconds=self._seconds, **options
            ) as answer:
                return answer.reply, _answered(answer.folder / ANSWER)
        except confined.Unreadable as fault:
            told = str(fault)
        raise _explained(told, self._options["table"])


def _answered(path: Path) -> pa.Table:
    if not path.exists():
        return pa.table({})
    return pq.read_table(path, partitioning=None)


def _type(told: str) -> str:
    return next((kind for form, kind in TYPES if re.fullmatch(form, told)), "unknown")


def _explained(told: str, table: Sequence[str]) -> StoreFault:
    """What DuckDB's words mean for a reader."""
    if table and re.search(r"Catalog Error|does not exist", told):
        return StoreFault("has no table of this name", "Check the name behind the file's.")
    if re.search(r"lock on file|Conflicting lock", told):
        advice = "Close the program that has it open, or send a copy."
        return StoreFault("is open for writing in another program", advice)
    if re.search(r"Permission Error|disabled", told):
        advice = "Send a table: a view may read nothing outside its database."
        return StoreFault("reads files outside its database", advice)
    if re.search(r"not a valid DuckDB|version number|Serialization|corrupt", told):
        advice = "Write it again with a version of DuckDB that is not newer than the handbook's."
        return StoreFault("is not a DuckDB database that can be read", advice)
    where = told.split(":", 1)[0][:80]
    return StoreFault(f"cannot be read where it lies ({where})", LOST)
