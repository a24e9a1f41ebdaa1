"""What the ``handbook`` command prints: faults, failures, and what was made."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from helpers.errors import Fault, InputFaults, ending
from helpers.project import shown

__all__ = [
    "err", "list_faults", "out", "say_failed", "say_stopped", "say_why", "settle", "shown",
]  # fmt: skip

OURS = 3  # exit code of an error that nobody foresaw
BROKEN = ("failed", "killed", "timed out")  # states of a chapter that leaves a log
out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def say_failed(outcome: Any, kept: Path) -> None:  # noqa: ANN401 - imported late, for speed
    """Say which chapters failed, what was not run for it, and where the logs are kept."""
    err.print(f"{outcome.client}: FAILED", markup=False)
    for line in outcome.failures:
        err.print(f"  {line}", markup=False)
    for name, state in outcome.states.items():
        if state.startswith("not run because"):
            err.print(f"  {name}: {state}", markup=False)
    for log in _logs(outcome, kept):
        err.print(f"  full log: {shown(log)}", markup=False)
    if Path(outcome.book).is_file():
        err.print(f"  the last good book is still at {shown(Path(outcome.book))}", markup=False)


def say_why(outcome: Any) -> None:  # noqa: ANN401 - imported late, for speed
    """Say of each step of a run why it was done, or taken over."""
    for step, reason in outcome.why.items():
        out.print(f"{outcome.client}, {step}: {reason}", markup=False)


def _logs(outcome: Any, kept: Path) -> list[Path]:  # noqa: ANN401 - imported late, for speed
    """The logs of the chapters that failed; the folder, where none was written."""
    failed = {name for name, state in outcome.states.items() if state in BROKEN}
    logs = [path for path in sorted(kept.rglob("*.log")) if path.stem in failed]
    return logs or [kept]


def say_stopped(outcome: Any, *, several: bool) -> None:  # noqa: ANN401 - imported late
    """Say why a run ended before its first chapter began, or at an error of the handbook's own."""
    prefix = f"{outcome.client}: " if several else ""
    if outcome.trace:
        err.print(outcome.trace.rstrip(), markup=False)
    for line in outcome.failures:
        err.print(f"{prefix}{line}", markup=False)


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
