"""A process that waits with libraries imported, and forks a child for each thing asked of it."""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

__all__ = ["Waiting", "serve"]


class Waiting:
    """The process of a script that calls :func:`serve`."""

    def __init__(self, script: str, folder: Path | None = None) -> None:
        self._process = subprocess.Popen(
            [sys.executable, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            cwd=folder,
        )  # fmt: skip

    def ask(self, **asked: object) -> int:
        """The exit code of the child that does what is asked."""
        print(json.dumps(asked), file=self._process.stdin, flush=True)
        return int(self._process.stdout.readline())

    def end(self) -> None:
        """Let the process end."""
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()


def serve(preloaded: Sequence[str], do: Callable[..., int]) -> None:
    """Import once, and let a child of its own do each thing that is asked."""
    for name in preloaded:
        import_module(name)
    gc.freeze()  # what is shared stays shared
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            os._exit(do(**json.loads(line)))  # a whole interpreter is long in going
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)
