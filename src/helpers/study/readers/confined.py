"""Files from outside, read in a process of their own: no crash, bounded time and memory."""

from __future__ import annotations

import atexit
import errno
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from helpers.errors import disk_full

__all__ = ["MEMORY", "SECONDS", "Answer", "Unreadable", "close", "reading"]

SECONDS = 60.0  # of the processor, and three times that by the clock
MEMORY = 2_000_000_000  # bytes, where the system can hold a process to it
HERE = Path(__file__).parent
OUT_OF_MEMORY = re.compile("memory allocation of|bad_alloc|MemoryError")
WORKER = HERE / "confined_worker.py"


class Unreadable(Exception):
    """Why a file could not be read, in words that go behind its name."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reader gave back: its reply, and the folder of the files that it wrote."""

    reply: Any
    folder: Path


@contextmanager
def reading(
    reader: str, path: Path, *, seconds: float | None = None, **options: object
) -> Iterator[Answer]:
    """Have ``read(path, folder, **options)`` of a module in this folder run in the worker.

    The module imports nothing of the handbook, so that the worker starts in a tenth of a
    second; it answers with plain values, and writes what is larger into ``folder``. It may take
    ``SECONDS`` of the processor, unless told otherwise.

    Raises
    ------
    Unreadable
        Where the reader raises, panics, ends the process, or asks for too much.

    Examples
    --------
    >>> with reading("excel_cells", Path("no-such-workbook.xlsx"), sheet=None):
    ...     pass
    Traceback (most recent call last):
        ...
    helpers.study.readers.confined.Unreadable: ...
    """
    with tempfile.TemporaryDirectory(prefix="handbook-") as folder:
        request = {
            "module": str(HERE / f"{reader}.py"),
            "path": str(path.resolve()),
            "folder": folder,
            "options": options,
            "memory": MEMORY,
            "seconds": SECONDS if seconds is None else seconds,
        }
        yield Answer(_reply(request, Path(folder)), Path(folder))


def _reply(request: dict[str, Any], folder: Path) -> object:
    worker = _worker()
    late = _ask(worker, request)
    if late is not None:
        raise Unreadable(_last_words(worker, late, request["seconds"]))
    with (folder / "reply.json").open(encoding="utf-8") as stream:
        answer = json.load(stream)
    if "fault" in answer:
        raise _full() if disk_full(answer["fault"]) else Unreadable(answer["fault"])
    return answer["reply"]


def _ask(worker: _Worker, request: dict[str, Any]) -> bool | None:
    """Wait for the worker; ``None`` where it is done, else whether it was too slow."""
    late = threading.Event()

    def stop() -> None:
        late.set()
        worker.process.kill()

    clock = threading.Timer(3 * request["seconds"], stop)
    clock.start()
    try:
        worker.requests.write(json.dumps(request).encode() + b"\n")
        worker.requests.flush()
        done = worker.replies.readline()
    except OSError:
        done = b""
    except BaseException:  # an interrupt: nobody waits for what the worker does now
        close()
        raise
    finally:
        clock.cancel()
    return None if done else late.is_set()


def _full() -> OSError:
    """Not the file's fault: there is no room for what was read of it."""
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _last_words(worker: _Worker, late: bool, seconds: float) -> str:
    """Why the worker ended, which is forgotten so that the next file has another."""
    status = worker.process.wait()
    worker.errors.seek(0)
    told = worker.errors.read()[-2000:].decode(errors="replace")
    close()
    if disk_full(told):
        raise _full()
    if late or status == -getattr(signal, "SIGXCPU", 0):
        return f"it takes longer than {seconds:g} seconds to read"
    memory = f"needs more memory than a table may take ({MEMORY / 1e9:g} GB)"
    if OUT_OF_MEMORY.search(told) or status == -getattr(signal, "SIGKILL", 0):
        return f"it {memory}"
    return f"it breaks the program that reads it, or {memory}"


@dataclass(frozen=True, slots=True)
class _Worker:
    process: subprocess.Popen[bytes]
    requests: IO[bytes]
    replies: IO[bytes]
    errors: IO[bytes]

    def let_go(self) -> None:
        """Close what leads to and from the worker."""
        for stream in (self.requests, self.replies, self.errors):
            with suppress(OSError):  # a request that nobody read any more
                stream.close()


_running: list[_Worker] = []


def _worker() -> _Worker:
    """The worker of this process; started when first asked for, or after it has ended."""
    if _running and _running[0].process.poll() is None:
        return _running[0]
    close()
    errors = tempfile.TemporaryFile()  # noqa: SIM115 (lives as long as the worker)
    process = subprocess.Popen(
        [sys.executable, "-P", str(WORKER)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
    )
    assert process.stdin is not None and process.stdout is not None
    _running.append(_Worker(process, process.stdin, process.stdout, errors))
    return _running[0]


def close() -> None:
    """End the worker, if there is one."""
    while _running:
        worker = _running.pop()
        worker.process.kill()
        worker.process.wait()
        worker.let_go()


def _forget() -> None:
    """A forked process has no part in the worker of the one that it came from."""
    while _running:
        _running.pop().let_go()


atexit.register(close)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
