"""What stands at a path, asked before anything is opened: a pipe would wait for ever."""

from __future__ import annotations

import os
import stat
from pathlib import Path

__all__ = ["not_a_file", "special_files"]

KINDS = {
    stat.S_IFIFO: "is a pipe, not a file",
    stat.S_IFSOCK: "is a socket, not a file",
    stat.S_IFCHR: "is a device, not a file",
    stat.S_IFBLK: "is a device, not a file",
    stat.S_IFDIR: "is a folder, not a file",
}


def not_a_file(path: Path) -> str | None:
    """What is wrong with a path that has to be a regular file, links followed.

    Examples
    --------
    >>> not_a_file(Path("/"))
    'is a folder, not a file'
    >>> not_a_file(Path("no-such-file.csv"))
    'is not there'
    """
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return "is a link that leads nowhere" if path.is_symlink() else "is not there"
    except (OSError, ValueError) as fault:
        if path.is_symlink():
            return "is a link that leads nowhere"
        return f"cannot be looked at: {getattr(fault, 'strerror', None) or fault}"
    if stat.S_ISREG(mode):
        return None if os.access(path, os.R_OK) else "may not be read by you"
    return KINDS.get(stat.S_IFMT(mode), "is not a file")


def special_files(folder: Path) -> list[str]:
    """Pipes, sockets and devices anywhere in a folder: what a pattern could find there."""
    found = []
    for root, _, files in os.walk(folder):
        for name in files:
            path = Path(root) / name
            if path.exists() and not path.is_file():
                found.append(path.relative_to(folder).as_posix())
    return sorted(found)
