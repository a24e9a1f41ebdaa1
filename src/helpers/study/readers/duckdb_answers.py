"""What DuckDB answers about Parquet files or about a table of a DuckDB database.

Runs in the confined process: it imports nothing of the handbook.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

__all__ = ["ANSWER", "read"]

ANSWER = "answer.parquet"  # which takes no other library to write
MEMORY = "512MB"  # of a query; what is larger waits on the disk
SOURCE = "source"


def read(
    path: Path,
    folder: Path,
    sql: str | None = None,
    files: Sequence[str] = (),
    table: Sequence[str] = (),
) -> dict[str, Any]:
    """The columns of ``source``, which is the files or the table; with ``sql`` its answer too.

    ``path`` is the database, or the folder of the files.
    """
    import duckdb

    with duckdb.connect(config={"threads": 2, "memory_limit": MEMORY}) as connection:
        connection.execute("SET temp_directory = ?", [str(folder / "aside")])
        connection.execute("SET preserve_insertion_order = false")
        connection.execute("SET python_enable_replacements = false")
        if files:
            _over_files(connection, files)
        else:
            _over_table(connection, path, table, folder)
        described = connection.execute(f"DESCRIBE {SOURCE}").fetchall()
        if sql is not None:
            _write(connection, sql, folder / ANSWER)
    return {"columns": [[str(row[0]), str(row[1])] for row in described]}


def _write(connection: Any, sql: str, path: Path) -> None:  # noqa: ANN401 (imported late)
    told = str(path).replace("'", "''")
    connection.execute(f"COPY ({sql}) TO '{told}' (FORMAT parquet)")


def _over_files(connection: Any, files: Sequence[str]) -> None:  # noqa: ANN401 (imported late)
    told = ", ".join("'" + name.replace("'", "''") + "'" for name in files)
    place = "filename = '_file', " if len(files) > 1 else ""
    connection.execute(
        f"CREATE TEMP VIEW {SOURCE} AS SELECT * FROM read_parquet([{told}], "
        f"union_by_name = true, hive_partitioning = false, {place}file_row_number = true)"
    )


def _over_table(
    connection: Any,  # noqa: ANN401
    path: Path,
    table: Sequence[str],
    folder: Path,
) -> None:
    quoted = ".".join('"' + part.replace('"', '""') + '"' for part in table)
    told = str(path).replace("'", "''")
    connection.execute(f"ATTACH '{told}' AS held (READ_ONLY)")
    connection.execute("SET autoinstall_known_extensions = false")
    connection.execute("SET autoload_known_extensions = false")
    connection.execute("SET allowed_directories = ?", [[str(folder)]])
    connection.execute("SET enable_external_access = false")  # a view of it may name any file
    connection.execute("SET lock_configuration = true")
    connection.execute(f"CREATE TEMP VIEW {SOURCE} AS SELECT * FROM held.{quoted}")
