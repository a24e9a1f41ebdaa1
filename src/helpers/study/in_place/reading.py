"""Reading tables that stay where they are: whole where they are small, else what is needed."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from helpers.study.config import Config
from helpers.study.findings import Findings
from helpers.study.in_place.address import Address
from helpers.study.in_place.duckdb_store import DuckDBStore
from helpers.study.in_place.large import LARGE_TABLES, Selection, selected
from helpers.study.in_place.postgres import PostgresStore
from helpers.study.in_place.spark import SparkStore
from helpers.study.in_place.store import Store, StoreFault
from helpers.study.in_place.wanted import Wanted
from helpers.study.readers.arrow_frame import cells_as_frame
from helpers.study.readers.raw import RawTable, sha256
from helpers.study.readers.sources import Source
from helpers.study.readers.spooled import spooled
from helpers.study.tables import TABLES

__all__ = ["LARGE", "read_in_place", "stays"]

LARGE = 2_000_000  # rows up to which a table is read whole
SMALL_FILE = 20_000_000  # bytes below which a file is not looked into
TEXT = (".csv", ".tsv")


def stays(sources: Sequence[Source], table: str) -> bool:
    """Whether a table is not read whole from files: it lies in a database, or is too large.

    Examples
    --------
    >>> stays([Source(Path("financials.csv"), "financials.csv")], "financials")
    False
    """
    if any(source.address is not None for source in sources):
        return True
    if table not in LARGE_TABLES or not sources:
        return False
    endings = {source.path.suffix.lower() for source in sources}
    return (endings == {".parquet"} or endings <= set(TEXT)) and _rows(sources) > LARGE


def _rows(sources: Sequence[Source]) -> int:
    """How many rows files have: as Parquet says, or by the length of a text's first lines."""
    found = 0
    for source in sources:
        if not source.path.is_file():
            continue
        size = source.path.stat().st_size
        if source.path.suffix.lower() == ".parquet":
            found += _rows_told(source.path) if size > SMALL_FILE or len(sources) > 1 else 0
        elif size > SMALL_FILE:
            with source.path.open("rb") as stream:
                start = stream.read(1_000_000)
            found += size * max(start.count(b"\n"), 1) // len(start)
    return found


def _rows_told(path: Path) -> int:
    try:
        return int(pq.read_metadata(path).num_rows)
    except (OSError, pa.ArrowException):
        return 0  # which its reader reports


@dataclass(frozen=True)
class _Task:
    table: str
    folder: Path
    config: Config
    wanted: Callable[[], Wanted]
    findings: Findings


def read_in_place(
    sources: Sequence[Source],
    table: str,
    folder: Path,
    config: Config,
    wanted: Callable[[], Wanted],
    findings: Findings,
) -> RawTable | None:
    """Read a table that `stays` where it is; ``None`` where it cannot be read.

    ``wanted`` says what the chapters need of it; it is asked only where the table is large.
    """
    task = _Task(table, folder, config, wanted, findings)
    address = next((source.address for source in sources if source.address is not None), None)
    if address is None:
        return _from_files(sources, task)
    if len(sources) > 1:
        advice = "Name one table, or a view over all of them."
        column = f"tables.{table}"
        findings.error("client.yml", "names a database beside others", advice, column=column)
        return None
    return _from_store(_store(address, folder), address.name, task)


def _store(address: Address, folder: Path) -> Store:
    if address.kind == "DuckDB":
        place = [part for part in (address.schema, address.table) if part]
        return DuckDBStore(address.name, folder / address.file, table=place)
    return (SparkStore if address.kind == "Spark" else PostgresStore)(address)


def _from_store(store: Store, name: str, task: _Task) -> RawTable | None:
    try:
        with closing(store):
            return _asked(store, name, task)
    except StoreFault as fault:
        column = f"tables.{task.table}"
        task.findings.error("client.yml", fault.problem, fault.advice, column=column, found=name)
        return None


def _asked(store: Store, name: str, task: _Task) -> RawTable | None:
    from helpers.study.in_place import expressions

    table = expressions.table_of(store.columns, store.place, task.config.format(task.table))
    _note_unread(store, task)
    counted = expressions.in_dialect(expressions.row_count(table), store.dialect)
    rows = int(store.answer(counted).column(0)[0].as_py())
    if rows > LARGE and task.table in LARGE_TABLES:
        chosen = selected(store, task.table, task.config, task.wanted(), task.findings)
        return None if chosen is None else _as_raw(chosen, (name,), task)
    if rows > LARGE:
        problem = f"has {rows:,} rows: more than a table of {task.table} may have"
        advice = f"Send at most {LARGE:,}, as a view of those that matter."
        task.findings.error(name, problem, advice)
        return None
    all_of_it = expressions.in_dialect(expressions.whole(table, LARGE), store.dialect)
    cells = store.answer(all_of_it).select(table.columns)  # without those that are no values
    return _whole(cells, name, task)


def _note_unread(store: Store, task: _Task) -> None:
    """Columns of kinds that are no values: left out, unless the handbook needs them."""
    form = task.config.format(task.table)
    ours = {their: our for our, their in form.columns.items()}
    unread = [name for name, kind in store.columns.items() if kind == "unknown"]
    for name in unread:
        if TABLES[task.table].column(ours.get(name, name)) is not None:
            advice = "Give it as text, number or date, in a view of the table."
            task.findings.error(store.name, "is of a kind that is no value", advice, column=name)
    what = f"columns of kinds that are no values, left out: {', '.join(unread)}"
    task.findings.note(task.table, what, len(unread))


def _whole(cells: pa.Table, name: str, task: _Task) -> RawTable | None:
    if not len(cells):
        task.findings.error(name, "has no rows", "Fill it, or take it out of `tables:`.")
        return None
    theirs = dict(task.config.format(task.table).columns)
    cells = cells.rename_columns([theirs.get(c, c) for c in cells.column_names])
    frame = cells_as_frame(cells, name, task.table, task.findings)
    if frame is None:
        return None
    key = [theirs.get(n, n) for n in TABLES[task.table].key if theirs.get(n, n) in frame]
    keys = frame[list(dict.fromkeys([*key, *frame.columns]))].astype("str").fillna("")
    order = keys.sort_values(list(keys.columns), kind="stable").index
    return _as_raw(Selection(frame.loc[order].reset_index(drop=True), len(frame)), (name,), task)


def _as_raw(chosen: Selection, files: tuple[str, ...], task: _Task) -> RawTable:
    frame = chosen.frame
    row = np.arange(1, len(frame) + 1) if chosen.row is None else chosen.row
    return RawTable(
        frame,
        files,
        (_digest(frame, chosen.rows),),
        chosen.rows or len(frame),
        np.zeros(len(frame), dtype=np.int32),
        row,
        stored_types=True,
        partial=chosen.partial,
    )


def _digest(frame: pd.DataFrame, rows: int) -> str:
    """A digest of all that came back, and of how many rows there were."""
    told = frame.astype({n: "str" for n in frame if frame[n].dtype == object})
    hashed = pd.util.hash_pandas_object(told, index=False).to_numpy().tobytes()
    head = f"{rows}\n{chr(10).join(map(str, frame.columns))}\n".encode()
    return hashlib.sha256(head + hashed).hexdigest()


def _from_files(sources: Sequence[Source], task: _Task) -> RawTable | None:
    with tempfile.TemporaryDirectory(prefix="handbook-") as aside:
        files = _as_parquet(sources, Path(aside), task)
        if files is None:
            return None
        store = DuckDBStore(sources[0].name, task.folder, files=files)
        try:
            chosen = selected(store, task.table, task.config, task.wanted(), task.findings)
        except StoreFault as fault:
            task.findings.error(sources[0].name, fault.problem, fault.advice)
            return None
    if chosen is None:
        return None
    raw = _as_raw(chosen, tuple(source.name for source in sources), task)
    place = {str(path): at for at, path in enumerate(files)}
    of = raw.file_of if chosen.file is None else np.array([place[str(f)] for f in chosen.file])
    hashes = tuple(sha256(source.path) for source in sources)
    return replace(raw, hashes=hashes, file_of=of, stored_types=not _are_texts(sources))


def _are_texts(sources: Sequence[Source]) -> bool:
    return sources[0].path.suffix.lower() in TEXT


def _as_parquet(sources: Sequence[Source], aside: Path, task: _Task) -> list[Path] | None:
    """The files as DuckDB reads them; ``None`` where a text has records that cannot be read."""
    if not _are_texts(sources):
        return [source.path for source in sources]
    made = [
        spooled(source, task.table, task.config, aside / f"{at}.parquet", task.findings)
        for at, source in enumerate(sources)
    ]
    files = [path for path in made if path is not None]
    return files if len(files) == len(sources) else None
