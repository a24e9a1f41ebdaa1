"""One client from a folder to its published report, as a function that any process can call."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from rich.console import Console

from helpers.errors import InputFaults, ending
from helpers.press import run as runs
from helpers.press.belonging import place_fault
from helpers.press.many.outcome import BAD_INPUT, DONE, FAILED, OURS, Outcome
from helpers.press.places import Places
from helpers.press.plans import plan
from helpers.press.progress import Reporter, Steps
from helpers.project import required_project

__all__ = ["run_client"]

Turn = Callable[[], AbstractContextManager[object]]


def run_client(
    folder: str | Path,
    output: str | Path,
    only: Sequence[str] = (),
    chosen: Mapping[str, Mapping[str, Any]] | None = None,
    formats: Sequence[str] = ("html",),
    *,
    fresh: bool = False,
    steps: Steps | None = None,
    workers: int = 1,
    turn: Turn = nullcontext,
) -> Outcome:
    """Make the report of one client and say what became of it.

    Whatever the client sent, and whatever fails, comes back as an outcome: nothing is raised.

    Parameters
    ----------
    folder
        A client's folder, or a name under ``data/``.
    output
        The folder of all reports: this one is put into ``output/<client>``.
    only, chosen, formats
        Chapters to run, their parameters by chapter, and formats; as on the command line.
    fresh
        Whether nothing is taken over from an earlier run.
    steps
        Is told of each step that begins and ends.
    workers
        Chapters that may run side by side.
    turn
        Entered around each piece of work that needs a core.

    Examples
    --------
    >>> run_client("data/no-such-client", "build").code
    2
    """
    name = Path(folder).name or str(folder)
    quiet = steps or Reporter(0, Console(quiet=True))
    try:
        with turn():
            planned = plan(folder, required_project(), chapters=only, settings=chosen)
        places = Places(Path(output).resolve())
        if fault := place_fault(planned.study.folder, places.root, planned.study.name):
            raise InputFaults([fault])
        return _reported(
            runs.run(
                planned, places, quiet, workers=workers, formats=formats, turn=turn, fresh=fresh
            )
        )
    except InputFaults as found:
        return Outcome(name, BAD_INPUT, faults=tuple(found.faults))
    except Exception as error:
        code, said = ending(error)
        trace = traceback.format_exc() if code == OURS else ""
        return Outcome(name, code, failures=(said,), trace=trace)


def _reported(done: runs.Report) -> Outcome:
    made = done.exports.values()
    return Outcome(
        done.client,
        DONE if not done.failed else BAD_INPUT if done.refused else FAILED,
        str(done.book),
        done.states,
        done.seconds,
        done.failures,
        files=tuple(str(path) for one in made if not one.missing for path in one.files),
        missing=tuple(one.missing for one in made if one.missing),
        why=done.why,
        broken=done.broken,
    )
