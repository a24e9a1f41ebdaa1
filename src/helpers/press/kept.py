"""Finished chapters of earlier runs: those of the last report, and of a run that was cut off.

One is taken over only where every input of it has the same content as then and its files are as
they were written, to the last byte. So a run that takes over, or goes on, gives the results that
a run from the beginning would.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from helpers.digests import bytes_of
from helpers.press.execution import Execution
from helpers.press.inputs import FILE, ChapterInputs, Inputs, read_inputs
from helpers.press.untouched import MADE, Made, read_made
from helpers.results import RUN

__all__ = ["Finished", "Kept", "Published", "files_of"]

OUTCOME = "outcome.json"
RECORDS = (f"results/{FILE}", f"results/{RUN}")
BROKEN = (OSError, ValueError, LookupError, TypeError, AttributeError)


@dataclass(frozen=True)
class Finished:
    """A chapter that an earlier run finished.

    ``told`` are its inputs by name, ``inputs`` what it read among them and the digest of its
    results, ``files`` the digests of its files by their path under ``folder``.
    """

    folder: Path
    told: Mapping[str, str]
    inputs: ChapterInputs
    files: Mapping[str, str]
    state: str
    error: str = ""

    @property
    def broken(self) -> str:
        """The first file that is not as it was written; empty where all are."""
        wrong = (name for name, told in self.files.items() if bytes_of(self.folder / name) != told)
        return next(wrong, "")

    def put(self, draft: Path) -> Execution:
        """Put its files into a draft."""
        for name in self.files:
            copy = draft / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(self.folder / name, copy)
        return Execution(self.state, 0.0, self.error)


class Kept:
    """The finished chapters of one client's run that was cut off, one folder each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def clear(self) -> None:
        """Forget all of them."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def save(
        self, name: str, outcome: Execution, draft: Path, told: Mapping[str, str],
        inputs: ChapterInputs,
    ) -> None:  # fmt: skip
        """Keep a finished chapter whole, with what it was made from, or nothing of it."""
        part, whole = self._folder / f".{name}.part", self._folder / name
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        files = [path.relative_to(draft).as_posix() for path in files_of(name, draft)]
        for file in files:
            (part / file).parent.mkdir(exist_ok=True)
            shutil.copy(draft / file, part / file)
        record = {
            "told": dict(told), "inputs": asdict(inputs), "state": outcome.state,
            "error": outcome.error, "files": {file: bytes_of(part / file) for file in files},
        }  # fmt: skip
        (part / OUTCOME).write_text(json.dumps(record), encoding="utf-8")
        shutil.rmtree(whole, ignore_errors=True)
        part.rename(whole)

    def find(self, name: str) -> Finished | None:
        """A chapter that was kept; ``None`` where it was not, or is not whole."""
        folder = self._folder / name
        try:
            record = json.loads((folder / OUTCOME).read_text(encoding="utf-8"))
            record["inputs"] = _inputs(**record["inputs"])
            found = Finished(folder, **record)
            return None if found.broken else found
        except BROKEN:
            return None


def _inputs(
    own: Mapping[str, str], reads: Iterable[str], after: Iterable[str], results: str
) -> ChapterInputs:
    return ChapterInputs(own, tuple(reads), tuple(after), results)


@dataclass(frozen=True)
class Published:
    """The last report of a client, as far as it says what it was made from."""

    report: Path
    made: Made | None = None
    inputs: Inputs | None = None
    record: Mapping[str, Any] = field(default_factory=dict)  # of its run
    odd: str = ""  # what of the records is not as it was written

    @classmethod
    def of(cls, report: Path) -> Published:
        """Read its record; nothing of it is used where that is not as a run leaves it."""
        made = read_made(report)
        if made is None or not made.files:
            broken = made is None and (report / MADE).is_file()
            return cls(report, odd=MADE if broken else "")
        for name in RECORDS:
            if bytes_of(report / name) != made.files.get(name):
                return cls(report, odd=name)
        record = json.loads((report / RECORDS[1]).read_text(encoding="utf-8"))
        return cls(report, made, read_inputs(report / "results"), record)

    def find(self, name: str) -> Finished | None:
        """A chapter as the report has it; ``None`` where it has none that can be used again."""
        if self.made is None or self.inputs is None or name not in self.inputs.chapters:
            return None
        ended = self.made.ended.get(name)
        if ended is None:
            return None
        own = {file: told for file, told in self.made.files.items() if _is_of(name, file)}
        one = self.inputs.chapters[name]
        return Finished(self.report, self.inputs.of(name), one, own, **ended)


def files_of(name: str, draft: Path) -> list[Path]:
    """The files of a chapter: one notebook, one JSON, and a Parquet file for each table."""
    folders = (draft / "notebooks", draft / "results")
    there = (path for folder in folders if folder.is_dir() for path in sorted(folder.iterdir()))
    return [path for path in there if _is_of(name, path.relative_to(draft).as_posix())]


def _is_of(name: str, file: str) -> bool:
    """Whether a file of a report is a chapter's.

    >>> [_is_of("drivers", f"results/drivers{end}") for end in (".json", ".a.parquet", "_b.json")]
    [True, True, False]
    """
    if file in (f"notebooks/{name}.ipynb", f"results/{name}.json"):
        return True
    return file.startswith(f"results/{name}.") and file.endswith(".parquet")
