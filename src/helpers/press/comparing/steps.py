"""A comparison led through runs that lie between the two, of which each step has fewer causes.

Where several things differ between two runs, their content does not tell which of them moved a
figure. A run in between that has one of them and not the others does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from helpers.press.comparing.causes import Cause, in_order
from helpers.press.comparing.changes import (
    EDITED,
    LIMITED,
    Change,
    Comparison,
    Retold,
    Step,
    compared,
)
from helpers.press.comparing.runs import Run

__all__ = ["compared_by_steps"]

IN_STEPS = (
    "Led through {many}: each change has the causes of the steps in which it came about. What two "
    "causes do only together is told of the later one."
)


def compared_by_steps(
    before: Run, now: Run, between: Sequence[Run], order: tuple[str, ...] = ()
) -> Comparison:
    """Compare two runs, and lead each change back to the steps in which it came about.

    Parameters
    ----------
    between
        Runs that lie between the two, in the order of the steps; each best differs from the one
        before it in one thing. Without any, this is `compared`.
    order
        Chapters as the book has them.
    """
    whole = compared(before, now, order)
    steps = [compared(*both, order) for both in pairwise((before, *between, now))]
    if not between:
        return whole
    notes = (*whole.notes, *_notes(between))
    if not all(step.known for step in steps):
        return replace(whole, notes=notes)
    led = _Led(tuple(steps))
    return replace(
        whole,
        changes=tuple(map(led.change, whole.changes)),
        besides=tuple(map(led.retold, whole.besides)),
        between=tuple(between),
        notes=(*notes, IN_STEPS.format(many=_many(len(between)))),
    )


def _many(number: int) -> str:
    return "a run in between" if number == 1 else f"{number} runs in between"


def _notes(between: Sequence[Run]) -> Iterator[str]:
    """What is to be known of the runs in between."""
    for place, run in enumerate(between, start=1):
        which = f"run {place} of those in between"
        if run.inputs is None:
            yield LIMITED.format(which=which.capitalize())
        if run.edited:
            yield EDITED.format(which=which, chapters=", ".join(sorted(run.edited)))


@dataclass(frozen=True)
class _Led:
    """The steps from the first run to the second."""

    steps: tuple[Comparison, ...]

    def change(self, whole: Change) -> Change:
        """A change with the causes of its steps; left whole where a step lacks its chapter."""
        at = (whole.chapter, whole.name)
        found = [changes[at] for changes in self._changes if at in changes]
        if not found or not self._through(whole.chapter):
            return whole
        told = tuple(Step(one.before, one.now, one.causes) for one in found)
        return replace(whole, causes=_all_of(told), steps=told)

    def retold(self, whole: Retold) -> Retold:
        """Texts and tables with the causes of the steps in which any of them changed."""
        names = {part.name for part in whole.parts}
        found = [one for step in self.steps for one in step.besides
                 if one.chapter == whole.chapter
                 and names.intersection(part.name for part in one.parts)]  # fmt: skip
        if not found or not self._through(whole.chapter):
            return whole
        return replace(whole, causes=_all_of(found))

    @cached_property
    def _changes(self) -> list[dict[tuple[str, str], Change]]:
        """The changes of each step, by chapter and figure."""
        return [{(one.chapter, one.name): one for one in step.changes} for step in self.steps]

    def _through(self, chapter: str) -> bool:
        """Whether all runs on the way have a chapter."""
        return not any(chapter in step.left_out for step in self.steps)


def _all_of(told: Sequence[Step | Retold]) -> tuple[Cause, ...]:
    """The causes of several steps, each once, whichever chapter it came through."""
    causes = {replace(cause, via=""): cause for one in told for cause in one.causes}
    return in_order(causes.values())
