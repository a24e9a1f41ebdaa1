"""A run as a process of its own, and what it leaves behind."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

COMMAND = Path(sys.executable).with_name("handbook")


@contextmanager
def running(
    place: Path,
    *words: str,
    until: str = "sampling",
    hangup: signal.Handlers = signal.SIG_DFL,
) -> Iterator[subprocess.Popen[str]]:
    """A run in a process group of its own, given over once a line names ``until``."""

    def as_from_a_terminal() -> None:  # else as our parent's
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.signal(signal.SIGHUP, hangup)

    began = subprocess.Popen(
        [str(COMMAND), "run", "small", *words],
        cwd=place,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        preexec_fn=as_from_a_terminal,
    )
    try:
        for line in began.stdout:
            if until in line:
                break
        assert began.poll() is None, "the run ended before it could be cut off"
        yield began
    finally:
        if began.poll() is None:
            os.killpg(began.pid, signal.SIGKILL)
        began.wait(10)
        began.stdout.close()


def tree(folder: Path) -> dict[str, str]:
    """Every file by its digest: equal trees are equal byte for byte."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def left(build: Path) -> set[str]:
    """What stands in the build folder besides locks, which stay."""
    return {path.name for path in build.iterdir()} - {".locks"}


def kernels_of(place: Path) -> list[str]:
    """Command lines and folders of processes that still work in this place."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            where = (process / "cwd").readlink()
        except OSError:
            continue
        if where.is_relative_to(place):
            found.append((process / "cmdline").read_bytes().decode(errors="replace"))
    return found
