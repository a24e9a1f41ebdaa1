"""``handbook run``: reports of one client or several, and what is said of each at the end."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from helpers.console import err, list_faults, out, say_failed, say_stopped, say_why, shown
from helpers.errors import Fault
from helpers.press import warm
from helpers.press.many.outcome import BAD_INPUT, DONE, FAILED, OURS, Job, Outcome
from helpers.press.many.table import Table

__all__ = ["ended", "reports"]


def reports(jobs: Sequence[Job], workers: int | None, *, every: bool, why: bool) -> int:
    """Run clients and give the exit code; ``every`` client, or those that were named.

    ``why`` says of each step why it was done, or taken over.

    Of several that were named, none is run where any has faults. Of all, the others are.
    """
    wrong = _faults(jobs, every) if len(jobs) > 1 or warm.imported() else []
    if wrong and not every:
        list_faults(wrong, several=len(jobs) > 1)
        return BAD_INPUT
    sound = [job for job in jobs if job.client not in dict(wrong)]
    with Table(len(sound), out) as table:
        outcomes = _run(sound, workers, table)
    for client in dict.fromkeys(name for name, _ in wrong):
        faults = tuple(fault for name, fault in wrong if name == client)
        outcomes.append(Outcome(client, BAD_INPUT, faults=faults))
    for outcome in outcomes:
        if why:
            say_why(outcome)
        _say(outcome, Path(jobs[0].output), several=len(jobs) > 1)
    _sum_up(outcomes, table.seconds)
    return ended(outcomes)


def _faults(jobs: Sequence[Job], every: bool) -> list[tuple[str, Fault]]:
    from helpers.press.many.asked import checked, of_one_name

    found: list[tuple[str, Fault]] = warm.call(of_one_name if every else checked, jobs)
    return found


def _run(jobs: Sequence[Job], workers: int | None, table: Table) -> list[Outcome]:
    from helpers.press.many.slots import slots

    if warm.can_fork():
        from helpers.press.many.scheduling import run_all

        return run_all(jobs, slots(workers), table)
    from helpers.press.many.client import run_client

    return [
        run_client(
            job.client, job.output, job.only, job.chosen, job.formats,
            fresh=job.fresh, steps=table, workers=slots(workers),
        )
        for job in jobs
    ]  # fmt: skip


def ended(outcomes: Sequence[Outcome]) -> int:
    """The exit code of all: that of our own error, then of a failure, then of bad input.

    >>> ended([Outcome("acme", DONE), Outcome("globex", BAD_INPUT), Outcome("hooli", FAILED)])
    1
    >>> ended([Outcome("acme", DONE)])
    0
    """
    codes = {outcome.code for outcome in outcomes}
    return next((code for code in (OURS, FAILED, BAD_INPUT) if code in codes), DONE)


def _say(outcome: Outcome, root: Path, *, several: bool) -> None:
    if outcome.faults:
        named = [(outcome.client, fault) for fault in outcome.faults]
        list_faults(named, several=several)
    elif not outcome.states:
        say_stopped(outcome, several=several)
    elif outcome.failures:
        say_failed(outcome, root / "failed" / outcome.client)
    else:
        book = shown(Path(outcome.book))
        out.print(f"{outcome.client}: {book} ({outcome.spent:.0f} s of work)", markup=False)
        for line in (*map(shown, map(Path, outcome.files)), *outcome.missing):
            out.print(f"  {line}", markup=False)


def _sum_up(outcomes: Sequence[Outcome], seconds: float) -> None:
    """How many reports were made, and whose were not."""
    begun = [outcome for outcome in outcomes if outcome.states]
    if begun:
        out.print(f"{len(begun)} report(s) in {seconds:.0f} s")
    bad = [outcome.client for outcome in outcomes if outcome.code != DONE]
    if bad and len(outcomes) > 1:
        err.print(f"{len(bad)} of {len(outcomes)} client(s) without a new report: "
                  f"{', '.join(bad)}", markup=False)  # fmt: skip
