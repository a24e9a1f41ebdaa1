"""Many clients over the cores of one machine: one queue of chapters and books, and who is next.

Each client is run by a process of its own, which asks for a turn before each chapter and each
book. Whoever was begun first comes first: clients are finished one after another while every
core has work, and at the end the chapters of the last client run side by side. A process that
dies takes nothing with it but its own client.
"""

from __future__ import annotations

import os
import signal
import time
from collections import deque
from collections.abc import Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from helpers.press import warm
from helpers.press.many.builder import builder
from helpers.press.many.outcome import FAILED, Job, Outcome
from helpers.press.many.slots import NEED, available_memory, most_a_kernel
from helpers.press.many.table import Table
from helpers.project import required_project

__all__ = ["run_all"]

TICK = 0.5  # seconds between looks at the memory, and at a process that says nothing
PATIENCE = 8.0  # seconds that a run gets to put its things away


@dataclass
class _Client:
    """A client whose process is at work."""

    job: Job
    process: ForkServerProcess
    pipe: Connection
    wants: int = 0
    has: int = 0
    outcome: Outcome | None = field(default=None)


def run_all(jobs: Sequence[Job], slots: int, table: Table) -> list[Outcome]:
    """Run every job, no more than ``slots`` pieces of work at once; outcomes in the jobs' order.

    An interrupt ends all of them, each with its last good report untouched, and is raised again.
    """
    warm.prepare()
    os.environ[warm.CAP] = str(most_a_kernel(slots))
    queue = _Queue(slots, table)
    waiting = deque(enumerate(jobs))
    with builder(required_project()) if len(jobs) > 1 else nullcontext():
        try:
            while waiting or queue.at_work:
                while waiting and len(queue.at_work) <= slots:  # one is ready for the next turn
                    queue.start(*waiting.popleft())
                queue.grant()
                queue.listen()
        finally:
            queue.stop()
    return [queue.outcomes[number] for number in range(len(jobs))]


class _Queue:
    def __init__(self, slots: int, table: Table) -> None:
        self.slots, self.table = slots, table
        self.at_work: dict[int, _Client] = {}  # by number, first begun first
        self.outcomes: dict[int, Outcome] = {}

    def start(self, number: int, job: Job) -> None:
        ours, theirs = Pipe()
        process = warm.context().Process(
            target=_serve, args=(theirs, job, dict(os.environ), self.slots)
        )
        process.start()
        theirs.close()
        self.at_work[number] = _Client(job, process, ours)

    def grant(self) -> None:
        """Give turns to those begun first, as long as cores and memory last."""
        under_way = sum(one.has for one in self.at_work.values())
        for one in self.at_work.values():
            while one.wants and under_way < self.slots:
                if under_way and available_memory() < NEED:
                    return
                one.wants, one.has, under_way = one.wants - 1, one.has + 1, under_way + 1
                with suppress(OSError):
                    one.pipe.send("go")

    def listen(self) -> None:
        """Take in what the processes tell, or wait for it a moment."""
        ready = wait([one.pipe for one in self.at_work.values()], timeout=TICK)
        for number, one in [at for at in self.at_work.items() if at[1].pipe in ready]:
            try:
                self._take(one, *one.pipe.recv())
            except (EOFError, OSError):
                self._ended(number)
        self.table.tick()

    def _take(self, one: _Client, kind: str, *told: Any) -> None:  # noqa: ANN401 - as it was sent
        if kind == "want":
            one.wants += 1
        elif kind == "back":
            one.has -= 1
        elif kind == "ended":
            [one.outcome] = told
        elif kind == "started":
            self.table.started(*told)
        else:
            self.table.done(*told)

    def _ended(self, number: int) -> None:
        one = self.at_work.pop(number)
        one.pipe.close()
        one.process.join()
        self.outcomes[number] = one.outcome or _lost(one)
        self.table.ended(self.outcomes[number])

    def stop(self) -> None:
        """End what is still at work, which puts its things away first."""
        left = [one.process for one in self.at_work.values()]
        for process in left:
            with suppress(OSError):
                os.kill(process.pid or 0, signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE
        for process in left:
            process.join(max(deadline - time.monotonic(), 0))
            if process.is_alive():
                process.kill()


def _lost(one: _Client) -> Outcome:
    """The outcome of a client whose process ended without one."""
    code = one.process.exitcode or 0
    by = f"was killed (signal {-code})" if code < 0 else f"ended with code {code}"
    line = f"its run {by}, perhaps for want of memory: run it again, it goes on where it stood"
    return Outcome(Path(one.job.client).name or one.job.client, FAILED, failures=(line,))


def _serve(*words: Any) -> None:  # noqa: ANN401 - as `serve` takes them
    """Import what a run needs where it runs: the server of forks has it already."""
    from helpers.press.many.serving import serve

    serve(*words)
