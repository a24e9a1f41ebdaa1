"""The command as a process of its own, forked from one that has its libraries already.

To start Python and import them takes longer than most of what tests ask of the command.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import subprocess
import sys
import tempfile
from importlib import import_module
from multiprocessing import util
from pathlib import Path

PRELOADED = ("helpers.cli", "helpers.press.run", "helpers.methods.sample_design", "scipy.stats")


class Started:
    """A process that waits with everything imported, and forks a command for each call."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def call(self, folder: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
        """What ``handbook words`` leaves and says, run in a folder."""
        with tempfile.TemporaryDirectory() as place:
            said = [Path(place) / name for name in ("stdout", "stderr")]
            asked = {
                "folder": str(folder),
                "words": list(map(str, words)),
                "said": list(map(str, said)),
                "environment": dict(os.environ),
            }
            print(json.dumps(asked), file=self._process.stdin, flush=True)
            code = int(self._process.stdout.readline())
            return subprocess.CompletedProcess(
                asked["words"], code, *(path.read_text(encoding="utf-8") for path in said)
            )

    def end(self) -> None:
        """Let the process end."""
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()


def _serve() -> None:
    for name in PRELOADED:
        import_module(name)
    gc.freeze()  # what is shared stays shared
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            os._exit(_become(**json.loads(line)))  # a whole interpreter is long in going
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


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
    _serve()
