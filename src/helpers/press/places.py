"""Where a run keeps things, and how a finished report takes its place in one step."""

from __future__ import annotations

import multiprocessing
import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from helpers.errors import HandbookError

__all__ = ["Places"]

LOCKS = ".locks"  # what runs of one client tell each other
LAST_LINES = 30  # tenths of a second that threads get to end when a run is interrupted


@dataclass(frozen=True, slots=True)
class Places:
    """The folder that holds every client's report: ``<root>/<client>``."""

    root: Path

    def published(self, client: str) -> Path:
        """A client's last good report."""
        return self.root / client

    def failed(self, client: str) -> Path:
        """What is left of a client's last failed run, for reading."""
        return self.root / "failed" / client

    def kept(self, client: str) -> Path:
        """Where the finished chapters of a client's run lie until its report is made."""
        return self.root / LOCKS / f"{client}.kept"

    def pages(self, client: str) -> Path:
        """Where the build of a client's book lies, for the next to take up."""
        return self.root / LOCKS / f"{client}.pages"

    def draft(self, client: str) -> Path:
        """An empty folder to make a report in; what killed runs left is cleared away."""
        self.tidy(client)
        folder = self.root / f".{client}.draft-{_command()}"
        folder.mkdir(parents=True)
        return folder

    def tidy(self, client: str) -> None:
        """Clear away what killed runs of a client left; what they had finished stays."""
        self._recover(client)
        for leftover in self._drafts(client):
            shutil.rmtree(leftover, ignore_errors=True)

    def _drafts(self, client: str) -> list[Path]:
        """The drafts of this client alone: its name is text here, whatever signs it holds."""
        own = re.compile(rf"\.{re.escape(client)}\.draft-\d+")
        there = self.root.iterdir() if self.root.is_dir() else ()
        return [path for path in there if own.fullmatch(path.name)]

    def discard(self, draft: Path) -> None:
        """Take a draft away, also from under a thread that still writes its last lines there."""
        for _ in range(LAST_LINES):
            shutil.rmtree(draft, ignore_errors=True)
            if not draft.exists():
                return
            time.sleep(0.1)

    def _recover(self, client: str) -> None:
        """Finish or undo a swap that was cut off between its two steps."""
        target, aside = self.published(client), self.root / f".{client}.old"
        if aside.exists() and not target.exists():
            aside.rename(target)
        shutil.rmtree(aside, ignore_errors=True)

    def swap(self, draft: Path, target: Path) -> None:
        """Put a finished report in place of the last one."""
        aside = self.root / f".{target.name}.old"
        if target.exists():
            target.rename(aside)
        draft.rename(target)
        shutil.rmtree(aside, ignore_errors=True)
        shutil.rmtree(self.failed(target.name), ignore_errors=True)

    def keep_failed(self, client: str, draft: Path) -> None:
        """Keep a failed run's notebooks and logs apart from the last good report."""
        folder = self.failed(client)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for part in ("notebooks", "logs"):
            if (draft / part).is_dir():
                shutil.copytree(draft / part, folder / part)

    @contextmanager
    def locked(self, client: str) -> Iterator[None]:
        """Hold this client's report for one run; free again even after a kill.

        Raises
        ------
        HandbookError
            When another run holds it; the message names that run.
        """
        locks = self.root / LOCKS
        locks.mkdir(parents=True, exist_ok=True)
        holder = locks / f"{client}.txt"
        lock = FileLock(locks / f"{client}.lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            who = holder.read_text(encoding="utf-8") if holder.is_file() else "another process"
            raise HandbookError(f"{client} is being run already by {who}") from None
        try:
            now = datetime.now().astimezone().strftime("%H:%M:%S")
            holder.write_text(f"process {_command()}, started {now}", encoding="utf-8")
            yield
        finally:
            lock.release()


def _command() -> int:
    """The process that a person started, and may end: a run may be one that it forked."""
    started = multiprocessing.parent_process()
    return os.getpid() if started is None or started.pid is None else started.pid
