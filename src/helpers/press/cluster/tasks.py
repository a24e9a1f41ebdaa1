"""One client's report from a store to a store: what a worker does, and what it is asked for."""

from __future__ import annotations

import os
import shutil
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from helpers.digests import digest
from helpers.errors import HandbookError, InputFaults, ending, without_passwords
from helpers.press.cluster.shelf import FAILED, Shelf
from helpers.press.cluster.stores import SECRET, SESSION, open_store
from helpers.press.code_keys import built_on
from helpers.press.many.outcome import OURS, Outcome
from helpers.press.progress import Steps
from helpers.press.untouched import Asked, code_digest, prose_digest, whole_digest
from helpers.project import required_project
from helpers.study.stored import PLACE, READING

__all__ = ["Finished", "Task", "handbook_key", "make_report"]

PACKAGE = "loyalty-handbook"
OTHER = (
    "this worker has another version of the handbook than the command: bring both to the same "
    "state, and start the worker again"
)


@dataclass(frozen=True)
class Task:
    """A report to be made; plain values only, and no credentials, for it travels."""

    client: str  # a folder's name on the store of clients
    clients: str  # that store's address
    reports: str  # the address of the store that reports go to
    asked: Asked = field(default_factory=Asked)
    fresh: bool = False  # nothing is taken over from an earlier report
    handbook: str = ""  # the handbook that asks, by its content; empty where any will do


@dataclass(frozen=True)
class Finished:
    """How a task ended; nothing was run where the report is ``unchanged``."""

    outcome: Outcome
    unchanged: bool = False


@cache
def _code_key() -> str:
    """Our code as it was when this process began to use it, and the libraries under it."""
    return digest(code_digest(), built_on(PACKAGE))


def handbook_key(project: Path) -> str:
    """A handbook by its content: code, library versions, notebooks and prose.

    >>> from helpers.project import project_folder
    >>> len(handbook_key(project_folder()))
    16
    """
    return digest(_code_key(), prose_digest(project))


def make_report(task: Task, steps: Steps | None = None) -> Finished:
    """Fetch a client, make its report and publish it, or say that nothing has changed.

    Whatever goes wrong is an outcome with its exit code: no error travels.
    """
    try:
        return _made(task, steps)
    except InputFaults as error:
        return Finished(Outcome(task.client, 2, faults=tuple(error.faults)))
    except Exception as error:  # what nobody thought of is one client's, and not the run's
        code, said = ending(error)
        trace = traceback.format_exc() if code == OURS else ""
        return Finished(_discreet(Outcome(task.client, code, failures=(said,), trace=trace)))


def _discreet(outcome: Outcome) -> Outcome:
    """An outcome that may travel and be printed: no line of it holds a credential."""
    failures = tuple(_without_credentials(line) for line in outcome.failures)
    return replace(outcome, failures=failures, trace=_without_credentials(outcome.trace))


def _without_credentials(text: str) -> str:
    for name in (SECRET, SESSION):
        if value := os.environ.get(name):
            text = text.replace(value, "…")
    return without_passwords(text)


def _made(task: Task, steps: Steps | None) -> Finished:
    project = required_project()
    if task.handbook and handbook_key(project) != task.handbook:
        raise HandbookError(OTHER)
    shelf = Shelf(open_store(task.reports), open_store(task.clients))
    if problem := shelf.problem(task.client):
        raise HandbookError(f"{task.client} {problem}: rename the folder, or give --output")
    with _workplace() as place:
        folder, root = shelf.laid_out(task.client, place)
        shelf.clients.fetch(task.client, folder)
        earlier = None if task.fresh else shelf.record(task.client)
        whole = whole_digest(folder, project, root, task.asked)
        if earlier and whole and earlier.key == whole:
            return Finished(Outcome(task.client, 0, shelf.book(task.client)), unchanged=True)
        if earlier:
            shelf.fetch(task.client, root / task.client)
        return Finished(_put(_run(task, folder, root, steps), root, shelf))


def _run(task: Task, folder: Path, root: Path, steps: Steps | None) -> Outcome:
    from helpers.press.many.client import run_client  # not above: long, and who asks runs nothing

    asked = task.asked
    return run_client(folder, root, asked.chapters, asked.settings, asked.formats, steps=steps)


def _put(outcome: Outcome, root: Path, shelf: Shelf) -> Outcome:
    """Publish what a run made, or what it left; say where it lies for everybody."""
    client, report = outcome.client, root / outcome.client
    if outcome.code == 0:
        shelf.put(client, report)
        files = tuple(_lying(line, report, shelf) for line in outcome.files)
        return replace(outcome, book=shelf.book(client), files=files)
    if (root / FAILED / client).is_dir():
        shelf.put_failed(client, root / FAILED / client)
    return _discreet(replace(outcome, book="", files=()))


def _lying(line: str, report: Path, shelf: Shelf) -> str:
    """Where a format's file lies on the store; a line that says why one is missing stays."""
    path = Path(line)
    if not path.is_relative_to(report):
        return line
    return shelf.file(report.name, path.relative_to(report))


@contextmanager
def _workplace() -> Iterator[Path]:
    """A folder for one task, and nothing of an earlier one: no study, no reading of a database."""
    before = {name: os.environ.pop(name, None) for name in (PLACE, READING)}
    place = Path(tempfile.mkdtemp(prefix="task-"))
    os.environ[PLACE] = str(place / "studies")
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
