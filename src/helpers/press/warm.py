"""The process that others are forked from: it has imported the libraries once for all of them.

Importing pandas, statsmodels and seaborn takes longer than most chapters take to compute, and
papermill as long again. A fork server imports them; clients' runs and kernels are forked from it.
This module imports none of them: the command itself stays small, and has no threads.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

from helpers.press.surroundings import ONE_CORE

__all__ = [
    "CAP", "LONGEST_SOCKET", "call", "can_fork", "context", "imported", "preloaded", "prepare",
    "share",
]  # fmt: skip

LIBRARIES = (
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.debugger",  # with psutil and sqlite3 half of what a kernel takes to start
    "psutil",
    "sqlite3",
    "matplotlib_inline.backend_inline",
    "numpy",
    "scipy.stats",
    "pandas",
    "pyarrow.dataset",
    "pyarrow.parquet",
    "pydantic",
    "matplotlib.figure",
    "matplotlib.backends.backend_agg",
    "PIL.BmpImagePlugin",
    "PIL.GifImagePlugin",
    "PIL.JpegImagePlugin",
    "PIL.PngImagePlugin",
    "PIL.PpmImagePlugin",
    "seaborn",
    "statsmodels.discrete.discrete_model",
    "statsmodels.duration.survfunc",
    "statsmodels.genmod.generalized_linear_model",
    "statsmodels.multivariate.factor",
    "statsmodels.stats.proportion",
    "duckdb",
    "helpers.cli",
    "helpers.study",
    "helpers.page",
)
CAP = "KERNEL_MEMORY_BYTES"  # the most memory that one kernel may take, in the environment
LONGEST_SOCKET = 100  # bytes of a socket's path that every system takes
PLANS = "helpers.press.plans"
RUNS = "helpers.press.many.serving"  # what a client's run needs
FIRST = "helpers.press.settling"  # imported before all others
LAST = "helpers.press.settled"  # imported when all others are
_SPECS = Path(__file__).parent / "jupyter"
_OURS = Path(__file__).parents[1]


def can_fork() -> bool:
    """Whether this system can fork a process from a preloaded one."""
    return "forkserver" in multiprocessing.get_all_start_methods()


def prepare(environment: dict[str, str] | None = None) -> None:
    """Let Jupyter find our kernel, and keep kernels that run side by side to one core each."""
    env = os.environ if environment is None else environment
    paths = [str(_SPECS), *filter(None, env.get("JUPYTER_PATH", "").split(os.pathsep))]
    env["JUPYTER_PATH"] = os.pathsep.join(dict.fromkeys(paths))
    env["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
    for name in ONE_CORE:
        env.setdefault(name, "1")
    env.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")


def context() -> ForkServerContext:
    """Where processes come from that have everything imported; started when first asked."""
    made = multiprocessing.get_context("forkserver")
    made.set_forkserver_preload([FIRST, *preloaded(), LAST])
    return made


def preloaded() -> list[str]:
    """The modules that are imported once for all; libraries that are not there are left out.

    A library is looked for by its own name alone: to look for a part of it would import it here.

    >>> "scipy.stats" in preloaded()
    True
    """
    there = [name for name in LIBRARIES if find_spec(name.partition(".")[0])]
    return [*there, *_rooms(), RUNS]


def _rooms() -> Iterator[str]:
    """Our own modules that chapters import: what computes, and what shows."""
    for layer in ("methods", "views"):
        for path in sorted((_OURS / layer).rglob("*.py")):
            parts = path.relative_to(_OURS).with_suffix("").parts
            if "__" not in path.stem:
                yield ".".join(("helpers", *parts))


def imported() -> bool:
    """Whether this process has imported what it takes to look at a client."""
    return PLANS in sys.modules


def share() -> None:
    """In a process that was forked: let what it forks come from the same server.

    Python hands the server's address on to it, and would start another one all the same.
    """
    server: Any = forkserver._forkserver
    if server._forkserver_pid is None and server._forkserver_address is not None:
        server.ensure_running = lambda: None


def call(function: Callable[..., Any], *arguments: object) -> Any:  # noqa: ANN401 - of any function
    """What a function gives in a process that has everything imported, which may be this one.

    Raises
    ------
    RuntimeError
        When that process ended without an answer.
    """
    if not can_fork() or imported():
        return function(*arguments)
    prepare()
    ours, theirs = multiprocessing.Pipe()
    process = context().Process(target=_answer, args=(theirs, function, arguments), daemon=True)
    process.start()
    theirs.close()
    try:
        return ours.recv()
    except EOFError:
        raise RuntimeError("a process of the handbook's own ended without an answer") from None
    finally:
        process.join()


def _answer(pipe: Connection, function: Callable[..., Any], arguments: tuple[object, ...]) -> None:
    pipe.send(function(*arguments))
