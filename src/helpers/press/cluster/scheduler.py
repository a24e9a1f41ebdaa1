"""Jobs for the workers of a Dask scheduler, and what becomes of them.

A task is one client's report. A worker that is lost gives its task back to the scheduler, which
gives it to another. Where the scheduler is lost, what was published stays; the same command again
makes the rest, because a task whose report is there, by content, is over at once.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from helpers.errors import HandbookError, Unreachable
from helpers.press import warm
from helpers.press.cluster.tasks import Finished, Task, make_report
from helpers.press.many.builder import builder
from helpers.press.many.outcome import Outcome
from helpers.press.many.slots import FLOOR
from helpers.press.progress import Steps
from helpers.press.warm import CAP, RUNS
from helpers.project import required_project

if TYPE_CHECKING:
    from distributed import Client, Future, Worker

__all__ = ["on_worker", "run_tasks"]

ADDRESS = re.compile(r"(tcp|tls)://([\w.-]+|\[[0-9A-Fa-f:.]+\]):\d{1,5}")
INSTALL = (
    'many machines need Dask: pip install "loyalty-handbook[cluster]", or from the handbook\'s '
    "folder: pip install -r requirements-cluster.lock"
)
ANSWERS = 20  # seconds in which a scheduler answers
JOINS = 300  # seconds in which a first worker joins
DAEMONIC = "this worker may start no kernels: start it with DASK_DISTRIBUTED__WORKER__DAEMON=False"
THREADS = "this worker runs tasks side by side in one process: start it with --nthreads 1"
HASHES = "PYTHONHASHSEED"
STARTED, DONE = "started", "done"
LOST = "its worker was lost {times} times, for want of memory perhaps: see the workers' logs"

_building: list[tuple[str, ExitStack]] = []  # this worker's builder, and of which handbook


def run_tasks(
    tasks: Sequence[Task],
    scheduler: str,
    steps: Steps,
    ended: Callable[[Finished], object],
    waiting: Callable[[str], None] = print,
) -> list[Finished]:
    """Let a scheduler's workers do tasks; how each ended is told at once, and given back in order.

    ``steps`` is told of chapters and books as workers come to them.

    Raises
    ------
    HandbookError
        Where the address is none, or Dask is not installed here.
    Unreachable
        Where no scheduler answers, no worker joins, or the scheduler is lost on the way.
    """
    with _connected(scheduler) as client:
        _wait_for_workers(client, scheduler, waiting)
        made, run = {}, f"handbook-{uuid4().hex}"
        try:
            client.subscribe_topic(run, lambda event: _tell(steps, *event[1]))
            futures = {
                client.submit(on_worker, task, run, key=f"{run}-{task.client}", pure=False): task
                for task in tasks
            }
            for future, done in _as_they_end(futures):
                made[futures[future].client] = done
                future.release()  # else it is done again where its worker is lost later
                ended(done)
        except _lost() as error:
            left = len(tasks) - len(made)
            raise Unreachable(
                f"the scheduler {scheduler} was lost with {left} of {len(tasks)} reports to come: "
                "what is published stays; run the same command again for the rest"
            ) from error
    return [made[task.client] for task in tasks]


@contextmanager
def _connected(scheduler: str) -> Iterator[Client]:
    if not ADDRESS.fullmatch(scheduler):
        raise HandbookError("a scheduler's address is tcp://host:port or tls://host:port")
    if find_spec("distributed") is None:
        raise HandbookError(INSTALL)
    from distributed import Client

    _silence()
    try:
        client = Client(scheduler, timeout=ANSWERS, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise Unreachable(
            f"no scheduler answers at {scheduler}: start one with `dask scheduler`, or look at "
            "the address"
        ) from error
    try:
        yield client
    finally:
        with suppress(Exception):  # the connection may be gone already
            client.close(timeout=2)


def _silence() -> None:
    """What matters of Dask's notes is told in our words."""
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] in ("distributed", "tornado", "asyncio"):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def _wait_for_workers(client: Client, scheduler: str, waiting: Callable[[str], None]) -> None:
    if client.scheduler_info()["workers"]:
        return
    waiting(f"no worker has joined {scheduler} yet: waiting")
    try:
        client.wait_for_workers(1, timeout=JOINS)
    except TimeoutError as error:
        raise Unreachable(
            f"no worker has joined {scheduler} within {JOINS // 60} minutes: start one with "
            f"`dask worker {scheduler} --nthreads 1`"
        ) from error


def _lost() -> tuple[type[BaseException], ...]:
    """What Dask raises where the scheduler is gone."""
    from concurrent.futures import CancelledError

    from distributed.client import FutureCancelledError
    from distributed.comm.core import CommClosedError

    return CancelledError, FutureCancelledError, CommClosedError


def _as_they_end(futures: dict[Future[Any], Task]) -> Iterator[tuple[Future[Any], Finished]]:
    from distributed import as_completed
    from distributed.scheduler import KilledWorker

    for future in as_completed(futures, loop=next(iter(futures)).client.loop):
        try:
            yield future, future.result()
        except KilledWorker as error:
            lines = (LOST.format(times=error.allowed_failures + 1),)
            yield future, Finished(Outcome(futures[future].client, 1, failures=lines))


def _tell(steps: Steps, kind: str, *told: Any) -> None:  # noqa: ANN401 - as the worker sent it
    if kind == STARTED:
        steps.started(*told)
    else:
        steps.done(*told)


@dataclass(frozen=True)
class _Sent(Steps):
    """Steps of a run on a worker, told to whoever asked for it."""

    worker: Worker
    run: str

    def started(self, client: str, step: str) -> None:
        self.worker.log_event(self.run, (STARTED, client, step))

    def done(self, client: str, step: str, seconds: float, note: str = "") -> None:
        self.worker.log_event(self.run, (DONE, client, step, seconds, note))


def on_worker(task: Task, run: str) -> Finished:
    """Do a task in a worker's process, where that may start kernels."""
    from distributed import get_worker

    worker = get_worker()
    if multiprocessing.current_process().daemon:
        return _unfit(task, DAEMONIC)
    if worker.state.nthreads != 1:
        return _unfit(task, THREADS)
    os.environ.pop(HASHES, None)  # Dask's, for itself: kernels start as on any other machine
    if worker.memory_manager.memory_limit:  # it does not count kernels, which are held to it too
        os.environ[CAP] = str(max(worker.memory_manager.memory_limit, FLOOR))
    _forget_main()
    _own_folder()
    import_module(RUNS)  # as our code is when its key is taken, not as it may be later
    done = make_report(task, _Sent(worker, run))
    if done.outcome.code == 0 and not done.unchanged:
        _build_next(task.handbook)
    return done


def _forget_main() -> None:
    """What started this worker is no part of a report: each kernel would import Dask with it."""
    vars(sys.modules["__main__"]).pop("__file__", None)


def _build_next(handbook: str) -> None:
    """Have a builder ready for this worker's next books, each a cold start without it.

    It is made anew where the handbook on this machine has changed.
    """
    if _building and _building[0][0] == handbook:
        return
    while _building:
        _building.pop()[1].close()
    warm.prepare()
    aside = ExitStack()
    aside.enter_context(builder(required_project()))
    _building.append((handbook, aside))


def _unfit(task: Task, why: str) -> Finished:
    return Finished(Outcome(task.client, 2, failures=(why,)))


@cache
def _own_folder() -> Path:
    """A folder for all temporary files of this worker, which a kill leaves for the next one."""
    import atexit

    from helpers.press.scratch import scratch

    aside = ExitStack()
    atexit.register(aside.close)
    return aside.enter_context(scratch())
