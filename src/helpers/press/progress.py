"""What a person sees while chapters run: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import time
from threading import Lock
from types import TracebackType
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

__all__ = ["Reporter", "Steps"]


class Steps(Protocol):
    """Is told of the steps of a run: chapters, the book, other formats."""

    def started(self, client: str, step: str) -> None:
        """A step is under way."""

    def done(self, client: str, step: str, seconds: float, note: str = "") -> None:
        """A step ended; the note says how, where it did not simply run."""


class Reporter:
    """Prints client, step and seconds as steps end; shows a bar where there is a terminal.

    Examples
    --------
    >>> with Reporter(steps=1) as report:
    ...     report.done("northfield", "sampling", 1.5)
      northfield         sampling           1.5 s
    """

    def __init__(self, steps: int, console: Console | None = None) -> None:
        self.console = console or Console(highlight=False, soft_wrap=True)
        self._lock = Lock()
        self._began = time.perf_counter()
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self.console,
            transient=True,
            disable=not self.console.is_terminal,
        )
        self._task = self._bar.add_task("", total=steps)

    def __enter__(self) -> Reporter:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def started(self, client: str, step: str) -> None:
        """Name the step that is under way."""
        self._bar.update(self._task, description=f"{client}: {step}")

    def done(self, client: str, step: str, seconds: float, note: str = "") -> None:
        """Say that a step ended and how long it took."""
        with self._lock:
            tail = f"  {note}" if note else ""
            self.console.print(f"  {client:<18} {step:<16} {seconds:5.1f} s{tail}", markup=False)
            self._bar.advance(self._task)

    def line(self, text: str) -> None:
        """Print one line."""
        self.console.print(text, markup=False)

    @property
    def seconds(self) -> float:
        """Seconds since the run began."""
        return time.perf_counter() - self._began
