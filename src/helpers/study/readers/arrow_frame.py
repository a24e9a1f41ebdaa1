"""Arrow columns as a frame: no number rounded, no list lost, no day out of the calendar."""

from __future__ import annotations

import uuid
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from helpers.study.findings import Findings
from helpers.study.readers.arrow_cells import CELLS, is_list
from helpers.study.readers.confined import Answer

__all__ = ["as_frame", "cells_as_frame", "frame_of"]

BETWEEN = "; "  # the answers of a list, as one text
CALENDAR = (-62_135_596_800, 253_402_300_799)  # seconds from 1970 to the years 1 and 9999
IN_A_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
EXACT = 2**24  # below it, whole numbers with gaps are short floats, exactly
INDEX = "__index_level_"  # what pandas calls the rows' own numbers


def frame_of(answer: Answer, name: str, table: str, findings: Findings) -> pd.DataFrame | None:
    """The frame that the confined process wrote; ``None`` with its faults reported."""
    for column in answer.reply.get("twice", ()):
        findings.error(name, "names two columns", "Give each one name.", column=column)
    for column, what in answer.reply.get("nested", {}).items():
        advice = "Give each field a column of its own, or write it as text."
        findings.error(name, f"holds {what}, not values", advice, column=column)
    path = answer.folder / CELLS
    return as_frame(path, name, table, findings) if path.exists() else None


def as_frame(path: Path, name: str, table: str, findings: Findings) -> pd.DataFrame | None:
    """An Arrow file as a frame whose columns are of kinds that every later step knows."""
    with pa.OSFile(str(path)) as source:
        cells = pa.ipc.open_file(source).read_all()
    return cells_as_frame(cells, name, table, findings)


def cells_as_frame(
    cells: pa.Table, name: str, table: str, findings: Findings
) -> pd.DataFrame | None:
    """Arrow cells as a frame whose columns are of kinds that every later step knows."""
    columns: dict[str, pd.Series] = {}
    before = len(findings.errors)
    for title, column in zip(cells.column_names, cells.columns, strict=True):
        if title.startswith(INDEX):
            continue
        try:
            columns[title] = _series(_unwrapped(column), title, table, findings)
        except pa.ArrowInvalid:
            problem = "holds bytes that are not text in UTF-8"
            findings.error(name, problem, "Write them as text.", column=title)
    return pd.DataFrame(columns) if len(findings.errors) == before else None


def _unwrapped(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The values themselves, where they are stored in a roundabout way."""
    kind = column.type
    if isinstance(kind, pa.BaseExtensionType):
        column = _stored(column, kind)
    elif pa.types.is_dictionary(kind):
        column = column.cast(kind.value_type)
    elif pa.types.is_run_end_encoded(kind):
        column = pa.chunked_array([pc.run_end_decode(c) for c in column.chunks], kind.value_type)
    return column


def _stored(column: pa.ChunkedArray, kind: pa.BaseExtensionType) -> pa.ChunkedArray:
    stored = pa.chunked_array([chunk.storage for chunk in column.chunks], kind.storage_type)
    if kind.extension_name != "arrow.uuid":
        return stored
    texts = [None if value is None else str(uuid.UUID(bytes=value)) for value in stored.to_pylist()]
    return pa.chunked_array([texts], pa.string())


def _series(column: pa.ChunkedArray, title: str, table: str, findings: Findings) -> pd.Series:
    kind = column.type
    if is_list(kind):
        what = f"{title}: lists written as one text, divided by {BETWEEN.strip()!r}"
        findings.note(table, what, len(column) - column.null_count)
        column = _joined_lists(column)
    elif pa.types.is_floating(kind):
        column = column.cast(pa.float64())
        no_numbers = pc.sum(pc.is_nan(column)).as_py() or 0
        findings.note(table, f"{title}: not a number, read as missing", no_numbers)
    elif pa.types.is_integer(kind) and column.null_count and _is_short(column):
        column = column.cast(pa.float32())
    elif pa.types.is_decimal(kind):
        column = _undecimal(column, kind)
    elif pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        return _days(column)
    elif _is_bytes(kind):
        column = column.cast(pa.binary()).cast(pa.string())
    elif pa.types.is_string_view(kind):
        column = column.cast(pa.string())
    return column.to_pandas(integer_object_nulls=True)  # as a float, a long id is another


def _is_short(column: pa.ChunkedArray) -> bool:
    """Whether whole numbers have so few digits that as floats they are the same."""
    ends = pc.min_max(column).as_py()
    return ends["min"] is not None and max(abs(ends["min"]), abs(ends["max"])) < EXACT


def _is_bytes(kind: pa.DataType) -> bool:
    tests = (pa.types.is_binary, pa.types.is_large_binary, pa.types.is_binary_view)
    return any(test(kind) for test in (*tests, pa.types.is_fixed_size_binary))


def _joined_lists(column: pa.ChunkedArray) -> pa.ChunkedArray:
    lists = column.to_pylist()
    texts = [BETWEEN.join(_item(i) for i in items or () if i is not None) for items in lists]
    return pa.chunked_array([[text or None for text in texts]], pa.string())


def _item(item: object) -> str:
    return str(int(item)) if isinstance(item, float) and item.is_integer() else str(item)


def _undecimal(column: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
    """Whole decimals as whole numbers, others as numbers with a point."""
    if kind.scale > 0:
        return column.cast(pa.string()).cast(pa.float64())  # from digits: the nearest there is
    try:
        return column.cast(pa.int64())
    except pa.ArrowInvalid:  # too long: each stays a decimal, digit for digit
        return column


def _days(column: pa.ChunkedArray) -> pd.Series:
    """Days and times; those beyond the years 1 to 9999, which are misfits later, as texts."""
    kind = column.type
    days = pa.types.is_date(kind)
    stamps = column.cast(pa.timestamp("s")) if days else column
    counts = stamps.cast(pa.int64()).fill_null(0).to_numpy().astype(np.int64)
    unit = "s" if days else kind.unit
    seconds = counts // IN_A_SECOND[unit]
    beyond = (seconds < CALENDAR[0]) | (seconds > CALENDAR[1])
    if not beyond.any():
        return stamps.to_pandas()
    texts = np.datetime_as_string(seconds[beyond].astype("datetime64[s]"), unit="D")
    known = pa.array(counts, mask=beyond | stamps.is_null().to_numpy()).cast(pa.timestamp(unit))
    values = known.to_pandas().astype(object)
    values[beyond] = texts
    return values
