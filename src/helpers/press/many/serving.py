"""A client's run in a process of its own: it asks for its turns, and tells what it does."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection

from helpers.press import warm
from helpers.press.many.client import run_client
from helpers.press.many.outcome import Job

__all__ = ["ENDING", "Turns", "serve"]

INTERRUPTED = 130
ENDING = [  # signals that ask a process to end
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]


class Turns:
    """One end of a pipe to the process that shares out the cores."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._sending = threading.Lock()
        self._granted = threading.Semaphore(0)
        threading.Thread(target=self._listen, daemon=True).start()

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """Wait for a turn, and give it back."""
        self.tell("want")
        self._granted.acquire()
        try:
            yield
        finally:
            self.tell("back")

    def started(self, client: str, step: str) -> None:
        """Tell that a step is under way."""
        self.tell("started", client, step)

    def done(self, client: str, step: str, seconds: float, note: str = "") -> None:
        """Tell that a step ended."""
        self.tell("done", client, step, seconds, note)

    def tell(self, *what: object) -> None:
        """Send one message; to nobody, where the other process is gone."""
        with self._sending, suppress(OSError):
            self._pipe.send(what)

    def _listen(self) -> None:
        """Take turns as they come; end the run when nobody is left to give any."""
        with suppress(EOFError, OSError):
            while True:
                self._pipe.recv()
                self._granted.release()
        os.kill(os.getpid(), signal.SIGTERM)


def serve(pipe: Connection, job: Job, environment: Mapping[str, str], workers: int) -> None:
    """Make one client's report, and send the outcome as the last message."""
    os.environ.clear()
    os.environ.update(environment)
    warm.share()
    for number in ENDING:
        if signal.getsignal(number) is not signal.SIG_IGN:  # as under nohup
            signal.signal(number, _end)
    code = 0
    try:
        turns = Turns(pipe)
        outcome = run_client(
            job.client, job.output, job.only, job.chosen, job.formats,
            fresh=job.fresh, steps=turns, workers=workers, turn=turns,
        )  # fmt: skip
        turns.tell("ended", outcome)
    except KeyboardInterrupt:
        code = INTERRUPTED
    os._exit(code)  # without waiting for threads that wait for a turn or a kernel


def _end(number: int, frame: object) -> None:
    """End once: what comes while a run puts its things away changes nothing."""
    for other in ENDING:
        signal.signal(other, signal.SIG_IGN)
    raise KeyboardInterrupt
