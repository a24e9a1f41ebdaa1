"""The mixed-integer solver, without the lines that its own library leaves on the terminal."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from scipy.optimize import OptimizeResult
from scipy.optimize import milp as highs

__all__ = ["milp"]

OUTPUT, WRITE = 1, 1  # of POSIX: the standard output, and opening to write
NOWHERE = b"/dev/null"


def milp(*programme: Any, **options: Any) -> OptimizeResult:  # noqa: ANN401
    """Solve as ``scipy.optimize.milp`` does.

    HiGHS prints the name of a function of its own whenever it mends a solution that presolving
    left a hair outside a row, whatever it was told to print; on a page that is a riddle.
    """
    with _quiet():
        return highs(*programme, **options)


@contextmanager
def _quiet() -> Iterator[None]:
    """Send what compiled code writes to the standard output nowhere, for a while."""
    if sys.platform == "win32":
        yield
        return
    library = ctypes.CDLL(None)
    library.fflush(None)
    kept, nowhere = library.dup(OUTPUT), library.open(NOWHERE, WRITE)
    try:
        library.dup2(nowhere, OUTPUT)
        yield
    finally:
        library.fflush(None)  # while it still goes nowhere
        library.dup2(kept, OUTPUT)
        library.close(kept)
        library.close(nowhere)
