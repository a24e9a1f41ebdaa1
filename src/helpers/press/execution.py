"""One notebook, run from top to bottom in a fresh kernel by papermill."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import papermill
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines
from papermill.exceptions import PapermillExecutionError

from helpers.errors import DISK_FULL, NotEstimable, disk_full
from helpers.press import kernels
from helpers.press.discreet import discreet, discreet_notebook, known_places

__all__ = ["Execution", "execute"]

TIME_LIMIT = 900  # seconds a cell
ONCE = "written once"  # the engine below, as papermill knows it
logging.getLogger("papermill").setLevel(logging.ERROR)
logging.getLogger("traitlets").setLevel(logging.ERROR)


class _WrittenOnce(NBClientEngine):
    """Papermill's own engine, but for when it writes: at the end, however the notebook ended.

    By itself it writes all of a notebook, pictures too, before and after each of its cells.
    """

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        **kwargs: Any,  # noqa: ANN401 - as papermill declares it
    ) -> None:
        path, nb_man.output_path = nb_man.output_path, None
        try:
            super().execute_managed_notebook(nb_man, kernel_name, **kwargs)
        except BaseException:
            nb_man.output_path = path  # papermill writes the others once it is back
            raise


papermill_engines.register(ONCE, _WrittenOnce)


@dataclass(frozen=True, slots=True)
class Execution:
    """How one notebook's run ended; ``error`` is one line that names cell and cause."""

    state: str  # done, not estimable, failed, killed, timed out
    seconds: float
    error: str = ""


def execute(
    source: Path,
    target: Path,
    parameters: Mapping[str, Any],
    *,
    kernel: str | None = None,
    called: str = "",
) -> Execution:
    """Run ``source`` with ``parameters``; ``target`` appears only when every cell ran.

    A notebook that stopped half way is kept as ``….part.ipynb`` with a log beside it. No
    file that is left names a folder of this machine: the client is ``called`` by a name.
    """
    kernels.prepare()
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part.ipynb")
    own = {"client": Path(parameters["client"])} if parameters.get("client") else {}
    places = known_places(report=target.parent.parent, **own)
    began = time.perf_counter()
    try:
        papermill.execute_notebook(
            _literal(source),
            _literal(part),
            parameters=dict(parameters),
            engine_name=ONCE,
            kernel_name=kernel or kernels.kernel_name(),
            progress_bar=False,
            request_save_on_cell_execute=True,
            config=kernels.connection(),
            execution_timeout=TIME_LIMIT,
        )
    except (PapermillExecutionError, DeadKernelError, CellTimeoutError) as error:
        outcome = _failed(source, part, error, time.perf_counter() - began, places)
        if part.is_file():
            _rewrite(part, lambda notebook: _without_places(notebook, places, called))
        return outcome
    _rewrite(part, lambda notebook: _without_places(_tidy(notebook), places, called))
    part.replace(target)
    return Execution("done", time.perf_counter() - began)


def _rewrite(path: Path, change: Callable[[nbformat.NotebookNode], object]) -> None:
    notebook = nbformat.read(path, as_version=4)
    change(notebook)
    nbformat.write(notebook, path)


def _without_places(
    notebook: nbformat.NotebookNode, places: Mapping[str, str], called: str
) -> None:
    notebook.metadata.pop("papermill", None)  # names the files that it read and wrote
    discreet_notebook(notebook, places, {"client": called})


def _literal(path: Path) -> str:
    """A path that papermill takes as it stands: it would fill in names between braces."""
    return str(path.resolve()).replace("{", "{{").replace("}", "}}")


def _failed(
    source: Path, part: Path, error: Exception, seconds: float, places: Mapping[str, str]
) -> Execution:
    log = part.with_name(f"{source.stem}.log")
    if isinstance(error, PapermillExecutionError) and error.ename == NotEstimable.__name__:
        part.unlink()
        return Execution("not estimable", seconds, " ".join(_plain(error.evalue).split()))
    if isinstance(error, PapermillExecutionError):
        state, where = "failed", f"cell {error.exec_count}"
        cause = f"{error.ename}: {error.evalue}"
        told = discreet(_plain("\n".join(error.traceback)), places)
        log.write_text(told, encoding="utf-8")
    else:
        state = "killed" if isinstance(error, DeadKernelError) else "timed out"
        where, cause = f"cell {_last_cell(part)}", " ".join(str(error).split())
        log.write_text(f"{type(error).__name__}: {error}\n", encoding="utf-8")
    line = " ".join(_plain(cause).split())[:300]
    if disk_full(cause):
        line = f"{DISK_FULL}: make room and run again"
    return Execution(state, seconds, f"{source.stem}, {where}: {line}")


def _last_cell(part: Path) -> int:
    """The number of the cell that was running: the last that was started."""
    if not part.is_file():
        return 1
    code = [c for c in nbformat.read(part, as_version=4).cells if c.cell_type == "code"]
    return sum(bool(c.metadata.get("papermill", {}).get("start_time")) for c in code)


def _plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def _tidy(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Drop times, paths and kernel notes: the executed notebook is the same every time."""
    notebook.metadata = {
        k: v for k, v in notebook.metadata.items() if k in ("language_info", "handbook")
    }
    notebook.metadata["kernelspec"] = {
        "name": "python3", "display_name": "Python 3", "language": "python",
    }  # fmt: skip
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"
        cell.metadata = {"tags": cell.metadata["tags"]} if cell.metadata.get("tags") else {}
    return notebook
