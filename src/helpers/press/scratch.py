"""Where a command keeps what is for its own time only, and what killed ones left there.

Sockets of kernels, unpacked tables and connection files all go into one folder for each
command. It holds a lock as long as the command lives, however that ends: a folder whose
lock is free was left by one that was killed, and the next command takes it away.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

__all__ = ["scratch"]

PREFIX = "hb-"  # short: the whole path of a socket has about a hundred signs
OLD = ("handbook-*", "k-????????????-[0-9]")  # lie there without a lock
DAY = 86_400  # seconds after which nobody uses them any more
LOCK = "lock"
STARTING = 2  # seconds in which a folder may not hold its lock yet


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder for all temporary files of this process and of those it starts."""
    place = Path(tempfile.gettempdir())
    _clear_left(place)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=place))
    lock = FileLock(folder / LOCK)
    lock.acquire(timeout=0)
    before = {name: os.environ.get(name) for name in ("TMPDIR", "JUPYTER_RUNTIME_DIR")}
    os.environ.update(dict.fromkeys(before, str(folder)))
    tempfile.tempdir = str(folder)
    try:
        yield folder
    finally:
        tempfile.tempdir = str(place)
        for name, value in before.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value
        lock.release()
        shutil.rmtree(folder, ignore_errors=True)


def _clear_left(place: Path) -> None:
    """Take away what processes of ours left that are gone."""
    with suppress(OSError):
        for folder in place.glob(f"{PREFIX}*"):
            if _ours(folder, STARTING) and _is_free(folder / LOCK):
                shutil.rmtree(folder, ignore_errors=True)
        for pattern in OLD:
            for left in place.glob(pattern):
                if _ours(left, DAY):
                    _remove(left)


def _ours(path: Path, age: float) -> bool:
    """Whether something is this user's own and has lain there for a while."""
    try:
        found = path.lstat()
    except OSError:
        return False
    mine = not hasattr(os, "getuid") or found.st_uid == os.getuid()
    return mine and not path.is_symlink() and time.time() - found.st_mtime > age


def _is_free(lock: Path) -> bool:
    held = FileLock(lock)
    try:
        held.acquire(timeout=0)
    except (Timeout, OSError):
        return False
    held.release()
    return True


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
