"""The cells of an SPSS file as an Arrow file, with its labels and what it calls missing.

Runs in the confined process: it imports nothing of the handbook.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyreadstat

__all__ = ["CELLS", "read"]

CELLS = "cells.arrow"


def read(path: Path, folder: Path) -> dict[str, Any]:
    """Write the cells into ``folder``; days stay the numbers that SPSS counts them by."""
    columns, meta = pyreadstat.read_sav(
        str(path), user_missing=True, disable_datetime_conversion=True, output_format="dict"
    )
    kinds = {
        name: pa.string() if kind == "string" else pa.float64()
        for name, kind in meta.readstat_variable_types.items()
    }
    table = pa.table({name: pa.array(cells, kinds[name]) for name, cells in columns.items()})
    with pa.OSFile(str(folder / CELLS), "wb") as sink, pa.ipc.new_file(sink, table.schema) as out:
        out.write_table(table)
    return {
        "labels": {name: list(found.items()) for name, found in meta.variable_value_labels.items()},
        "missing": meta.missing_ranges,
        "formats": meta.original_variable_types,
    }
