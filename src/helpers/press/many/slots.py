"""How much may be under way at once: as many as there are cores, and as fit into memory."""

from __future__ import annotations

import os
from pathlib import Path

import psutil

__all__ = ["FLOOR", "available_memory", "cores", "most_a_kernel", "slots"]

NEED = 700 * 2**20  # bytes that a chapter or a book takes where a client is of usual size
FLOOR = 2 * NEED  # no kernel is held to less
CONTAINER = Path("/sys/fs/cgroup")


def cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def available_memory(container: Path = CONTAINER) -> int:
    """Bytes that are free for us, of the machine or of the container that we are in."""
    free = psutil.virtual_memory().available
    try:
        most = (container / "memory.max").read_text().strip()
        used = int((container / "memory.current").read_text())
    except (OSError, ValueError):
        return free
    return free if most == "max" else max(min(free, int(most) - used), 0)


def slots(asked: int | None = None, memory: int | None = None) -> int:
    """Pieces of work that may be under way at once: what was asked for, else the cores.

    Never more than fit into memory, and at least one.

    Examples
    --------
    >>> slots(8, memory=3 * 2**30)
    4
    >>> slots(8, memory=0)
    1
    """
    free = available_memory() if memory is None else memory
    return max(min(asked or cores(), free // NEED), 1)


def most_a_kernel(slots: int, memory: int | None = None) -> int:
    """Bytes that one kernel may take, so that all at once do not take more than there is.

    Examples
    --------
    >>> most_a_kernel(4, memory=16 * 2**30) == 4 * 2**30
    True
    """
    free = available_memory() if memory is None else memory
    return max(free // slots, FLOOR)
