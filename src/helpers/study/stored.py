"""The study as it was read and checked, kept so that each chapter need not read it again.

It is kept by what it was read from: every byte of the client's folder, the code that reads,
and the libraries that it reads with. Where any of them changes, the folder is read again.
What does not come back exactly as it was put away is not kept at all.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, fields
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import pandas as pd
import pyarrow as pa

from helpers.digests import file_digests, in_database
from helpers.errors import Fault
from helpers.project import project_folder
from helpers.study.codebook import Codebook, Question
from helpers.study.config import Config
from helpers.study.findings import Note
from helpers.study.study import Study

__all__ = ["READING", "content_key", "give_back", "keep", "kept", "read_once"]

PLACE = "HANDBOOK_STUDIES"  # a folder for kept studies; `off` keeps none
READ_WITH = (
    "adbc-driver-postgresql",
    "duckdb",
    "ibis-framework",
    "numpy",
    "pandas",
    "pyarrow",
    "pyreadstat",
    "python-calamine",
    "ruamel.yaml",
)
READING = "HANDBOOK_READING"  # names a run, within which databases are asked once
WHOLE = "study.json"
JOINED = "joined"
FRAMES = ("counts", JOINED, "unturned", "asking")  # besides the tables


def content_key(folder: Path) -> str:
    """A digest of all that a study is read from; the same only where nothing has changed.

    Examples
    --------
    >>> from helpers.project import project_folder
    >>> len(content_key(project_folder() / "data" / "northfield"))
    64
    """
    read = [folder.name, file_digests(folder), _reading(), _elsewhere(folder)]
    told = json.dumps(read, ensure_ascii=True)
    return sha256(told.encode("ascii")).hexdigest()


def read_once() -> None:
    """From here on, databases are asked once by this process and those that it starts.

    A run calls it, so that all its chapters speak of one state of the data.
    """
    os.environ.setdefault(READING, uuid4().hex)


def _elsewhere(folder: Path) -> str:
    """What stands for tables that lie in a database: nobody can tell whether they changed.

    Within a run they are what they were when it began; otherwise they are read anew.
    """
    if in_database(folder / "client.yml"):
        return os.environ.get(READING) or uuid4().hex
    return ""


def kept(folder: Path, key: str) -> Study | None:
    """The study that was kept under a key, or ``None``."""
    place = _place(folder, key)
    if place is None or not (place / WHOLE).is_file():
        return None
    try:
        return _read(place, folder)
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException):
        shutil.rmtree(place, ignore_errors=True)  # half taken away, or of another hand
        return None


def keep(study: Study, key: str) -> Study | None:
    """Put a study away under a key, and take away what was kept of this client before.

    What comes back is the study as it lies there. Nothing is kept where the folder changed while
    it was read: the key is then another's.
    """
    place = _place(study.folder, key)
    if place is None or content_key(study.folder) != key:
        return None
    if place.exists():  # by another process, in the meantime
        return kept(study.folder, key)
    with suppress(OSError, ValueError, TypeError, pa.ArrowException):
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=place.parent))
        try:
            _write(study, draft)
            lying = _read(draft, study.folder)
            if _same(study, lying):
                _clear(place.parent, draft)
                draft.rename(place)
                return lying
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    return None


def give_back() -> None:
    """Give the memory that reading took, and that nothing holds any more, back to the system."""
    pa.default_memory_pool().release_unused()


def _place(folder: Path, key: str) -> Path | None:
    told = os.environ.get(PLACE, "")
    project = project_folder()
    if told == "off" or (not told and project is None):
        return None
    root = Path(told) if told or project is None else project / "build" / ".studies"
    return root / folder.name / key


def _clear(parent: Path, draft: Path) -> None:
    for other in parent.iterdir():
        if other != draft:
            shutil.rmtree(other, ignore_errors=True)


@cache
def _reading() -> list[tuple[str, str]]:
    """The code that reads and checks, and the versions of what it reads with."""
    here = Path(__file__).parent
    faults = sha256((here.parent / "errors.py").read_bytes()).hexdigest()
    versions = []
    for name in READ_WITH:
        with suppress(PackageNotFoundError):
            versions.append((name, version(name)))
    return [*file_digests(here), ("errors.py", faults), *versions]


def _write(study: Study, place: Path) -> None:
    alike = _as_sent(study)
    for name in FRAMES:
        frame = getattr(study, name)
        _put(frame.drop(columns=alike) if name == JOINED else frame, place / f"{name}.arrow")
    for name, frame in study.tables.items():
        _put(frame, place / f"table-{name}.arrow")
    record = {
        "joined": list(study.joined),
        "config": study.config.model_dump_json(exclude_unset=True),
        "codebook": [asdict(question) for question in study.codebook.questions],
        "tables": list(study.tables),
        "waves": study.waves,
        "wave_dates": {
            wave: None if pd.isna(day) else day.isoformat()
            for wave, day in study.wave_dates.items()
        },
        "notes": [asdict(note) for note in study.notes],
        "warnings": [asdict(fault) for fault in study.warnings],
        "segments": study.segments,
    }
    text = json.dumps(record, ensure_ascii=False, allow_nan=False)
    (place / WHOLE).write_text(text, encoding="utf-8")


def _as_sent(study: Study) -> list[str]:
    """Columns of the joined answers that are those of the responses, and need no second place."""
    sent, joined = study.tables["responses"], study.joined
    if not (sent.columns.is_unique and joined.columns.is_unique and len(sent) == len(joined)):
        return []
    there = [str(n) for n in joined if n in sent and sent[n].dtype == joined[n].dtype]
    unlabelled = pd.RangeIndex(len(sent))
    return [
        name
        for name in there
        if sent[name].set_axis(unlabelled).equals(joined[name].set_axis(unlabelled))
    ]


def _together(own: pd.DataFrame, sent: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """The joined answers: their own columns, the others as they lie among the responses."""
    if list(own) == list(names):
        return own
    columns = {n: own[n] if n in own else sent[n].set_axis(own.index) for n in names}
    return pd.DataFrame(columns, copy=False)


def _put(frame: pd.DataFrame, path: Path) -> None:
    table = pa.Table.from_pandas(frame).combine_chunks()  # in one piece, or reading copies it
    for at, kind in enumerate(frame.dtypes):
        if kind == np.float64:  # as they are, so that reading them copies nothing
            values = frame.iloc[:, at].to_numpy()
            table = table.set_column(at, table.field(at), pa.array(values, from_pandas=False))
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)


def _get(path: Path) -> pd.DataFrame:
    with pa.memory_map(str(path)) as source:
        return pa.ipc.open_file(source).read_all().to_pandas(split_blocks=True)


def _read(place: Path, folder: Path) -> Study:
    record = json.loads((place / WHOLE).read_text(encoding="utf-8"))
    questions = tuple(_question(one) for one in record["codebook"])
    tables = {name: _get(place / f"table-{name}.arrow") for name in record["tables"]}
    frames = {name: _get(place / f"{name}.arrow") for name in FRAMES}
    frames[JOINED] = _together(frames[JOINED], tables["responses"], record["joined"])
    return Study(
        folder=folder,
        config=Config.model_validate_json(record["config"]),
        codebook=Codebook(questions),
        tables=tables,
        waves=tuple(record["waves"]),
        wave_dates={
            wave: pd.Timestamp("NaT" if day is None else day)
            for wave, day in record["wave_dates"].items()
        },
        notes=tuple(Note(**note) for note in record["notes"]),
        warnings=tuple(Fault(**fault) for fault in record["warnings"]),
        segments=tuple(record["segments"]),
        **frames,
    )


def _question(told: dict[str, Any]) -> Question:
    return Question(**{**told, "missing_codes": tuple(told["missing_codes"])})


def _same(one: Study, other: Study) -> bool:
    """Whether two studies hold the same, to the last value and type."""
    return all(_alike(getattr(one, f.name), getattr(other, f.name)) for f in fields(Study))


def _alike(one: object, other: object) -> bool:
    if isinstance(one, pd.DataFrame) and isinstance(other, pd.DataFrame):
        types = [*one.dtypes, one.index.dtype] == [*other.dtypes, other.index.dtype]
        named = one.columns.equals(other.columns) and one.index.equals(other.index)
        pairs = zip(one.items(), other.items(), strict=True)  # one by one: none is moved
        return types and named and all(column.equals(twin) for (_, column), (_, twin) in pairs)
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(_alike(one[k], other[k]) for k in one)
    return (one is pd.NaT and other is pd.NaT) or bool(one == other)
