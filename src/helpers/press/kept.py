"""Chapters that an interrupted run had finished, kept for the next run of the same study.

They are taken over only where everything that they were computed from is the same to the
last byte: the client's files, parameters, notebooks, the handbook's code and libraries.
So a run that goes on gives the results that a run from the beginning would.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any

from helpers.press.execution import Execution
from helpers.study.stored import READING, file_digests

__all__ = ["Kept", "run_key"]

CODE = Path(__file__).resolve().parents[1]
OUTCOME = "outcome.json"
KEY = "key.txt"


def run_key(record: Mapping[str, Any], client: Path, parts: Mapping[str, Any]) -> str:
    """What a run is computed from, as one digest.

    Parameters
    ----------
    record
        The run's record: hashes of all inputs, parameters, versions.
    client
        The client's folder, of which every file counts.
    parts
        What else decides: the chapters that run, and their notebooks.
    """
    files = [*file_digests(client), *file_digests(CODE)]
    settings = {
        name: value
        for name, value in os.environ.items()
        if name.startswith(("HANDBOOK_", "OPENBLAS_", "OMP_", "MKL_", "PYTHONHASHSEED"))
        and name != READING  # the record holds what was read
    }
    told = json.dumps(
        [record, files, parts, settings], sort_keys=True, default=str, ensure_ascii=True
    )
    return sha256(told.encode("ascii")).hexdigest()


class Kept:
    """The finished chapters of one client's run that was cut off, one folder each."""

    def __init__(self, folder: Path, key: str) -> None:
        self._folder = folder
        there = folder / KEY
        same = there.is_file() and there.read_text(encoding="utf-8") == key
        if not same:
            self.clear()
            folder.mkdir(parents=True)
            there.write_text(key, encoding="utf-8")

    def clear(self) -> None:
        """Forget all of them."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def save(self, name: str, outcome: Execution, draft: Path) -> None:
        """Keep a finished chapter: its notebook, its results and how it ended, or nothing."""
        part, whole = self._folder / f".{name}.part", self._folder / name
        shutil.rmtree(part, ignore_errors=True)
        for path in _made_by(name, draft):
            copy = part / path.relative_to(draft)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copy)
        part.mkdir(exist_ok=True)
        (part / OUTCOME).write_text(json.dumps(asdict(outcome)), encoding="utf-8")
        shutil.rmtree(whole, ignore_errors=True)
        part.rename(whole)

    def restore(self, name: str, draft: Path) -> Execution | None:
        """Put a kept chapter into a draft; ``None`` where it is not kept."""
        whole = self._folder / name
        if not (whole / OUTCOME).is_file():
            return None
        outcome = json.loads((whole / OUTCOME).read_text(encoding="utf-8"))
        for part in ("notebooks", "results"):
            if (whole / part).is_dir():
                shutil.copytree(whole / part, draft / part, dirs_exist_ok=True)
        return Execution(**{**outcome, "seconds": 0.0})


def _made_by(name: str, draft: Path) -> list[Path]:
    """The files of a chapter: one notebook, one JSON, and a Parquet file for each table."""
    results = draft / "results"
    tables = results.glob(f"{name}.*.parquet")
    own = [draft / "notebooks" / f"{name}.ipynb", results / f"{name}.json", *tables]
    return [path for path in own if path.is_file()]
