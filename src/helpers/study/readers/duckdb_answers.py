"""What DuckDB answers about Parquet files or about a table of a DuckDB database.

Runs in the confined process: it imports nothing of the handbook.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

__all__ = ["ANSWER", "read"]

ANSWER = "answer.arrow"
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
            _over_table(connection, path, table)
        described = connection.execute(f"DESCRIBE {SOURCE}").fetchall()
        if sql is not None:
            answer = connection.sql(sql).to_arrow_table()
            target = pa.OSFile(str(folder / ANSWER), "wb")
            with target as sink, pa.ipc.new_file(sink, answer.schema) as out:
                out.write_table(answer)
    return {"columns": [[str(row[0]), str(row[1])] for row in described]}


def _over_files(connection: Any, files: Sequence[str]) -> None:  # noqa: ANN401 (imported late)
    told = ", ".join("'" + name.replace("'", "''") + "'" for name in files)
    connection.execute(
        f"CREATE TEMP VIEW {SOURCE} AS SELECT * FROM read_parquet([{told}], "
        "union_by_name = true, hive_partitioning = false, "
        "filename = '_file', file_row_number = true)"
    )


def _over_table(connection: Any, path: Path, table: Sequence[str]) -> None:  # noqa: ANN401
    quoted = ".".join('"' + part.replace('"', '""') + '"' for part in table)
    told = str(path).replace("'", "''")
    connection.execute(f"ATTACH '{told}' AS held (READ_ONLY)")
    connection.execute("SET autoinstall_known_extensions = false")
    connection.execute("SET autoload_known_extensions = false")
    connection.execute("SET enable_external_access = false")  # a view of it may name any file
    connection.execute("SET lock_configuration = true")
    connection.execute(f"CREATE TEMP VIEW {SOURCE} AS SELECT * FROM held.{quoted}")
