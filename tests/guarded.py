"""Tests as they are without one line of what they test: without a guard they must fail.

A process that has the libraries, but nothing of ours, is forked for each guard; there the
module's source is compiled without it, before anything imports it.
"""

from __future__ import annotations

import os
from importlib import import_module
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType

from waiting import Waiting, serve

PROJECT = Path(__file__).resolve().parents[1]
SOURCE = PROJECT / "src" / "helpers"
PRELOADED = (
    "pytest", "numpy", "pandas", "pyarrow.parquet", "scipy.stats", "scipy.sparse.linalg",
    "statsmodels.api", "sklearn.linear_model", "matplotlib.pyplot", "seaborn", "xlsxwriter",
    "pyreadstat", "duckdb", "hypothesis",
)  # fmt: skip
# Whether a test fails is all that is asked: nothing is rewritten to say why.
PLAIN = (
    "-q", "-x", "--tb=no", "--assert=plain", "-p", "no:xdist", "-p", "no:cacheprovider",
    "-p", "no:randomly", "-p", "no:nbval", "-p", "no:anyio",
)  # fmt: skip


class WithoutGuards(Waiting):
    """A process that waits, and runs tests without a guard in a child of its own."""

    def __init__(self) -> None:
        super().__init__(__file__, PROJECT)

    def ends(self, module: str, code: str, instead: str, tests: tuple[str, ...]) -> int:
        """Pytest's exit code for these tests where a module has other code."""
        return self.ask(module=module, code=code, instead=instead, tests=tests)


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
    serve(PRELOADED, _tested)
