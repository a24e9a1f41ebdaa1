"""``handbook run`` for clients and reports on a store, and on the workers of a scheduler."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.console import err, out
from helpers.errors import Fault, HandbookError, InputFaults
from helpers.press.many.outcome import DONE

if TYPE_CHECKING:
    from helpers.press.cluster.tasks import Finished
    from helpers.press.untouched import Asked

__all__ = ["Where", "is_address", "run_elsewhere"]

DECLARED = "client.yml"


def is_address(address: str | None) -> bool:
    """Whether this is the address of a store, and not a path or nothing.

    >>> is_address("build"), is_address(None), is_address("s3://bucket/reports")
    (False, False, True)
    """
    return "://" in (address or "")


@dataclass(frozen=True)
class Where:
    """Addresses: of the clients, of the reports, and of a scheduler; ``None`` is our own."""

    data: str | None
    output: str | None
    scheduler: str | None


def run_elsewhere(
    names: Sequence[str], project: Path, where: Where, asked: Asked, *, fresh: bool
) -> int:
    """Make reports of clients on a store, with a scheduler's workers or here one by one.

    Without ``names``, all clients that lie there. Gives the exit code; every client's end is
    printed as it comes.
    """
    from helpers.commands.running import ended
    from helpers.press.cluster.scheduler import run_tasks
    from helpers.press.cluster.stores import open_store
    from helpers.press.cluster.tasks import Task, handbook_key, make_report
    from helpers.press.many.table import Table

    _check_asked(project, asked)
    scheduler = where.scheduler
    clients = open_store(where.data or str(project / "data"))
    reports = open_store(where.output or str(project / "build"))
    wanted = _clients(clients, names)
    same = handbook_key(project) if scheduler else ""
    tasks = [Task(n, clients.address, reports.address, asked, fresh, same) for n in wanted]
    with Table(len(tasks), out) as table:

        def say(done: Finished) -> Finished:
            table.ended(done.outcome)
            _say(done)
            return done

        if scheduler:
            done = run_tasks(tasks, scheduler, table, say, out.print)
        else:
            done = [say(make_report(task, table)) for task in tasks]
    _sum_up(done)
    return ended([one.outcome for one in done])


def _check_asked(project: Path, asked: Asked) -> None:
    from helpers.press.chapters import chapter_faults, load_chapters, parameter_faults

    known = load_chapters(project)
    faults = chapter_faults(asked.chapters, known, "--chapters")
    faults += parameter_faults(asked.settings, known, "--set")
    if faults:
        raise InputFaults(faults)


def _clients(store: Any, names: Sequence[str]) -> list[str]:  # noqa: ANN401 - imported late
    """The clients to be run, by the names of their folders: those named, or all there are.

    Raises
    ------
    InputFaults
        Where a name is none, is taken twice, or has no folder with a ``client.yml``.
    """
    from helpers.study.client_names import name_problem

    sound = [name for name in names or store.folders() if not name_problem(name)]
    held = store.holds(*(f"{name}/{DECLARED}" for name in sound))
    there = [name for name, holds in zip(sound, held, strict=True) if holds]
    if not names and not there:
        raise HandbookError(f"{store.place} holds no client: a client is a folder with {DECLARED}")
    asked = list(names) or there
    faults = [fault for name in asked if (fault := _fault(name, asked, there, store.place))]
    if faults:
        raise InputFaults(faults)
    return asked


def _fault(name: str, asked: Sequence[str], there: Sequence[str], place: object) -> Fault | None:
    from helpers.press.many.asked import ONCE, ONE_NAME
    from helpers.study.client_names import ADVICE, name_key, name_problem, printable

    if problem := name_problem(name):
        shown = printable(name) or "the client"
        return Fault(shown, f"is not a name for a client: it {problem}", ADVICE)
    if sum(name_key(other) == name_key(name) for other in asked) > 1:
        return Fault(name, ONE_NAME, ONCE)
    if name not in there:
        advice = f"Give the name of a folder that holds {DECLARED}, as it lies there."
        return Fault(name, f"is not a client folder of {place}", advice)
    return None


def _say(done: Finished) -> None:
    """One line for a report, or one for each thing that stopped it."""
    ended = done.outcome
    if ended.code:
        err.print(f"{ended.client}: FAILED", markup=False)
        for line in (*ended.failures, *map(str, ended.faults), *ended.trace.splitlines()):
            err.print(f"  {line}", markup=False)
        return
    how = "unchanged" if done.unchanged else f"{ended.spent:.0f} s of work"
    out.print(f"{ended.client}: {ended.book} ({how})", markup=False)
    for line in ended.files:
        out.print(f"  {line}", markup=False)


def _sum_up(done: Sequence[Finished]) -> None:
    failed = sum(one.outcome.code != DONE for one in done)
    unchanged = sum(one.unchanged for one in done)
    out.print(
        f"{len(done) - failed} report(s), {unchanged} of them unchanged; {failed} failed",
        markup=False,
    )
