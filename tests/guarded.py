"""Tests as they are without one line of what they test: without a guard they must fail.

A process that has the libraries, but nothing of ours, is forked for each guard; there the
module's source is compiled without it, before anything imports it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import import_module
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType

PROJECT = Path(__file__).resolve().parents[1]
SOURCE = PROJECT / "src" / "helpers"
PRELOADED = (
    "pytest", "numpy", "pandas", "pyarrow.parquet", "scipy.stats", "scipy.sparse.linalg",
    "statsmodels.api", "sklearn.linear_model", "matplotlib.pyplot", "seaborn", "xlsxwriter",
    "pyreadstat", "duckdb",
)  # fmt: skip
PLAIN = ("-q", "-x", "--tb=no", "-p", "no:xdist", "-p", "no:cacheprovider", "-p", "no:randomly")


class WithoutGuards:
    """A process that waits, and runs tests without a guard in a child of its own."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            cwd=PROJECT,
        )  # fmt: skip

    def ends(self, module: str, code: str, instead: str, tests: tuple[str, ...]) -> int:
        """Pytest's exit code for these tests where a module has other code."""
        asked = {"module": module, "code": code, "instead": instead, "tests": tests}
        print(json.dumps(asked), file=self._process.stdin, flush=True)
        return int(self._process.stdout.readline())

    def end(self) -> None:
        """Let the process end."""
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()


def _serve() -> None:
    for name in PRELOADED:
        import_module(name)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            os._exit(_tested(**json.loads(line)))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _tested(module: str, code: str, instead: str, tests: list[str]) -> int:
    silent = os.open(os.devnull, os.O_WRONLY)
    for number in (1, 2):
        os.dup2(silent, number)
    changed = SOURCE / module
    plainly = SourceFileLoader.get_code

    def get_code(self: SourceFileLoader, name: str) -> CodeType | None:
        if Path(self.path).resolve() != changed:
            return plainly(self, name)
        text = changed.read_text(encoding="utf-8").replace(code, instead)
        return compile(text, str(changed), "exec")

    SourceFileLoader.get_code = get_code  # type: ignore[method-assign]
    return int(import_module("pytest").main([*PLAIN, *tests]))


if __name__ == "__main__":
    _serve()
