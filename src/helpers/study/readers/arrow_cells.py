"""The columns of a Parquet file or of a query's result, as an Arrow file.

Runs in the confined process: it imports nothing of the handbook.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    import duckdb

__all__ = ["CELLS", "is_list", "read"]

CELLS = "cells.arrow"
MEMORY = "1GB"  # of a query, below what the process may have


def read(path: Path, folder: Path, sql: str | None = None) -> dict[str, Any]:
    """Write the cells into ``folder``; or say which columns cannot be a table's.

    ``path`` is a Parquet file, or with ``sql`` the folder that a query is confined to.
    """
    if sql is None:
        schema = pq.read_schema(path)
        odd = _odd(schema)
        return odd or _written(pq.read_table(path, partitioning=None), folder)
    os.chdir(path)
    table = _answer(sql, path)
    return _odd(table.schema) or _written(table, folder)


def _odd(schema: pa.Schema) -> dict[str, Any]:
    """Columns of one name, and columns whose cells are records or lists of lists."""
    names = Counter(schema.names)
    twice = [name for name, count in names.items() if count > 1]
    nested = {field.name: _kind(field.type) for field in schema if _is_nested(field.type)}
    return {"twice": twice, "nested": nested} if twice or nested else {}


def _is_nested(kind: pa.DataType) -> bool:
    inner = kind.value_type if is_list(kind) else kind
    return bool(pa.types.is_nested(inner) or pa.types.is_interval(inner))


def is_list(kind: pa.DataType) -> bool:
    """Whether cells of this type are lists.

    Examples
    --------
    >>> is_list(pa.list_(pa.string())), is_list(pa.string())
    (True, False)
    """
    tests = (pa.types.is_list, pa.types.is_large_list, pa.types.is_fixed_size_list)
    views = (pa.types.is_list_view, pa.types.is_large_list_view)
    return any(test(kind) for test in (*tests, *views))


def _kind(kind: pa.DataType) -> str:
    if pa.types.is_interval(kind):
        return "spans of time"
    if is_list(kind):
        return "lists of lists or of records"
    return "pairs of key and value" if pa.types.is_map(kind) else "records of several fields"


def _written(table: pa.Table, folder: Path) -> dict[str, Any]:
    with pa.OSFile(str(folder / CELLS), "wb") as sink, pa.ipc.new_file(sink, table.schema) as out:
        out.write_table(table)
    return {}


def _answer(sql: str, home: Path) -> pa.Table:
    import duckdb

    with duckdb.connect(config={"threads": 2, "memory_limit": MEMORY}) as connection:
        statements = connection.extract_statements(sql)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            kinds = ", ".join(str(s.type).rsplit(".", 1)[-1] for s in statements) or "nothing"
            raise ValueError(f"it is not one SELECT: found {kinds}")
        _confine(connection, home)
        return connection.sql(statements[0]).to_arrow_table()


def _confine(connection: duckdb.DuckDBPyConnection, home: Path) -> None:
    """Leave a query nothing but the files of its folder, where this process is now."""
    connection.execute("SET temp_directory = ''")
    connection.execute("SET python_enable_replacements = false")
    connection.execute("SET allowed_directories = ?", [[str(home)]])
    connection.execute("SET autoinstall_known_extensions = false")
    connection.execute("SET autoload_known_extensions = false")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
