"""What the ``handbook`` command prints: faults, failures, and what was made."""

from __future__ import annotations

import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from helpers.errors import Fault, InputFaults, ending
from helpers.project import shown

__all__ = [
    "err", "list_faults", "out", "say_exports", "say_failed", "say_why", "settle", "shown",
]  # fmt: skip

OURS = 3  # exit code of an error that nobody foresaw
BROKEN = ("failed", "killed", "timed out")  # states of a chapter that leaves a log
out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def say_failed(report: Any, places: Any) -> None:  # noqa: ANN401 - imported late, for speed
    """Say which chapters failed, what was not run for it, and where the logs are."""
    err.print(f"{report.client}: FAILED", markup=False)
    for line in report.failures:
        err.print(f"  {line}", markup=False)
    for name, state in report.states.items():
        if state.startswith("not run because"):
            err.print(f"  {name}: {state}", markup=False)
    for log in _logs(report, places.failed(report.client)):
        err.print(f"  full log: {shown(log)}", markup=False)
    if report.book.is_file():
        err.print(f"  the last good book is still at {shown(report.book)}", markup=False)


def say_exports(made: Mapping[str, Any]) -> None:
    """Say where the files of each format lie, and which format is missing for what."""
    for one in made.values():
        for line in (one.missing,) if one.missing else map(shown, one.files):
            out.print(f"  {line}", markup=False)


def say_why(report: Any) -> None:  # noqa: ANN401 - imported late, for speed
    """Say of each step of a run why it was done, or taken over."""
    for step, reason in report.why.items():
        out.print(f"{report.client}, {step}: {reason}", markup=False)


def _logs(report: Any, kept: Path) -> list[Path]:  # noqa: ANN401 - imported late, for speed
    """The logs of the chapters that failed; the folder, where none was written."""
    failed = {name for name, state in report.states.items() if state in BROKEN}
    logs = [path for path in sorted(kept.rglob("*.log")) if path.stem in failed]
    return logs or [kept]


def list_faults(faults: Sequence[tuple[str, Fault]], *, several: bool) -> None:
    """Print every fault and their number; ``several`` clients are told apart by name."""
    for client, fault in faults:
        prefix = f"{client}: " if several else ""
        err.print(f"{prefix}{fault.severity}: {fault}", markup=False)
    errors = sum(fault.severity == "error" for _, fault in faults)
    err.print(f"{errors} fault(s). Nothing was run and nothing was changed.")


def settle(error: Exception) -> int:
    """Say what stopped the command, and give its exit code."""
    if isinstance(error, InputFaults):
        list_faults([("", fault) for fault in error.faults], several=False)
        return 2
    if hasattr(error, "format_message"):  # the command line's own usage errors
        err.print(error.format_message(), markup=False)
        return 2
    code, said = ending(error)
    if code == OURS:
        traceback.print_exception(error)
    err.print(said, markup=False)
    return code
