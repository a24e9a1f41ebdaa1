"""The command as a process of its own, forked from one that has its libraries already.

To start Python and import them takes longer than most of what tests ask of the command.
"""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
import tempfile
from importlib import import_module
from multiprocessing import util
from pathlib import Path

from waiting import Waiting, serve

PRELOADED = ("helpers.cli", "helpers.press.run", "helpers.methods.sample_design", "scipy.stats")


class Started(Waiting):
    """A process that waits with everything imported, and forks a command for each call."""

    def __init__(self) -> None:
        super().__init__(__file__)

    def call(self, folder: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
        """What ``handbook words`` leaves and says, run in a folder."""
        with tempfile.TemporaryDirectory() as place:
            said = [Path(place) / name for name in ("stdout", "stderr")]
            told = list(map(str, words))
            code = self.ask(
                folder=str(folder), words=told, said=list(map(str, said)),
                environment=dict(os.environ),
            )  # fmt: skip
            return subprocess.CompletedProcess(
                told, code, *(path.read_text(encoding="utf-8") for path in said)
            )


def _become(folder: str, words: list[str], said: list[str], environment: dict[str, str]) -> int:
    """Be the command, up to all that it does at its end; its exit code."""
    for number, path in enumerate((os.devnull, *said)):
        opened = os.open(path, os.O_RDWR | os.O_CREAT)
        os.dup2(opened, number)
        os.close(opened)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.argv = ["handbook", *words]
    try:
        import_module("helpers.cli").main()
    except SystemExit as ended:
        util._exit_function()  # in the command, which imports it later, it comes first of these
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        return int(ended.code or 0)
    raise AssertionError("the command did not end")


if __name__ == "__main__":
    serve(PRELOADED, _become)
