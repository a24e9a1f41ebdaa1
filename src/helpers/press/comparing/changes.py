"""What changed between two runs, figure by figure, and whether sampling alone would do it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from helpers.errors import HandbookError
from helpers.methods.survey.independent import Ends, independent_difference
from helpers.press.comparing.causes import Cause, Causes, distinct, names_wave
from helpers.press.comparing.runs import FIRST_PAGE, Run
from helpers.results import ChapterResult, Figure

__all__ = ["LIMITED", "Change", "Comparison", "compared"]

COPIES = (FIRST_PAGE, "run_card")  # pages that repeat what is counted or named elsewhere
PARTS = {  # what of a figure counts, and what it is called
    "value": "value", "low": "interval", "high": "interval", "base": "base", "base_unit": "base",
    "verdict": "verdict", "grade": "evidence grade", "unit": "unit", "withheld": "reason",
}  # fmt: skip
CLEAR = {(True, False): "clearly higher", (False, True): "clearly lower"}
WITHIN = "within what sampling explains"
LIMITED = (
    "{which} was made before runs noted what their figures depend on: which figures changed can "
    "be told, why they did cannot."
)


@dataclass(frozen=True)
class Change:
    """One figure that differs.

    ``kind`` is ``changed``, ``new``, ``gone``, ``withheld now`` or ``told now``. ``parts`` names
    what of it changed. ``beside`` says, for another wave, how the change stands to its interval.
    ``why_not`` is the reason where the second run has no value. ``rank`` is 0 for a figure of the
    first page, 1 for one of its chapter's answer, 2 for others.
    """

    chapter: str
    name: str
    label: str
    kind: str
    before: Figure | None
    now: Figure | None
    parts: tuple[str, ...]
    causes: tuple[Cause, ...]
    beside: str = ""
    why_not: str = ""
    rank: int = 2

    @property
    def sure(self) -> bool:
        """Whether exactly one thing differs that could be the reason."""
        return len(distinct(self.causes)) == 1


@dataclass(frozen=True)
class Comparison:
    """Two runs side by side; changes by chapter in the book's order, the most important first."""

    before: Run
    now: Run
    changes: tuple[Change, ...]
    unchanged: Mapping[str, int]  # figures that are equal, by chapter
    left_out: Mapping[str, str]  # chapters that only one run has, and why
    notes: tuple[str, ...] = field(default=())

    @property
    def known(self) -> bool:
        """Whether reasons can be told."""
        return self.before.inputs is not None and self.now.inputs is not None

    @property
    def total(self) -> int:
        """All figures that were compared."""
        return len(self.changes) + sum(self.unchanged.values())

    @property
    def other_wave(self) -> bool:
        """Whether the runs are about different waves."""
        return names_wave(self.before, self.now)

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """Changes by kind."""
        return Counter(change.kind for change in self.changes)


def compared(before: Run, now: Run, order: tuple[str, ...] = ()) -> Comparison:
    """Compare two runs.

    Figures that are equal to the last stored digit are unchanged: there is no tolerance.

    Parameters
    ----------
    order
        Chapters as the book has them; others come after, by name.
    """
    both = [n for n in (*order, *sorted({*before.results, *now.results})) if n not in COPIES]
    chapters = [n for n in dict.fromkeys(both) if n in before.results or n in now.results]
    causes = _causes(before, now)
    changes: list[Change] = []
    unchanged, left_out = {}, {}
    for name in chapters:
        one, other = before.results.get(name), now.results.get(name)
        if one is None or other is None:
            left_out[name] = _absent(name, before if one is None else now, first=one is None)
            continue
        found = sorted(_changes(name, one, other, before, now, causes), key=_first)
        changes += found
        unchanged[name] = _told(one, other) - len(found)
    return Comparison(before, now, tuple(changes), unchanged, left_out, tuple(_notes(before, now)))


def _first(change: Change) -> tuple[int, str]:
    return change.rank, change.name


def _causes(before: Run, now: Run) -> Causes | None:
    if before.inputs is None or now.inputs is None:
        return None
    return Causes(before, now, before.inputs, now.inputs)


def _notes(before: Run, now: Run) -> Iterator[str]:
    if before.record.get("client") != now.record.get("client"):
        yield "The two runs are of different clients' folders."
    for which, run in (("The first run", before), ("The second run", now)):
        if run.inputs is None:
            yield LIMITED.format(which=which)


def _absent(chapter: str, run: Run, *, first: bool) -> str:
    which = "first" if first else "second"
    why = {
        "closed": "closed: its data were not sent",
        "not estimable": "closed: the data could not carry it",
        "not run": "not asked for",
    }.get(run.states.get(chapter, ""), "not there")
    return f"{why} in the {which} run"


def _told(one: ChapterResult, other: ChapterResult) -> int:
    return len({*one.figures, *other.figures})


def _changes(
    chapter: str, one: ChapterResult, other: ChapterResult, before: Run, now: Run,
    causes: Causes | None,
) -> Iterator[Change]:  # fmt: skip
    behind = _behind(chapter, causes)
    for name in sorted({*one.figures, *other.figures}):
        old, new = one.figures.get(name), other.figures.get(name)
        parts = _parts(old, new)
        if not parts:
            continue
        shown = new or old
        if shown is None:
            raise HandbookError(f"{chapter} has no figure named {name!r}")
        key = f"{chapter}.{name}"
        yield Change(
            chapter, name, shown.label or name.replace("_", " "), _kind(old, new), old, new, parts,
            behind,
            beside=_beside(chapter, old, new, before, now),
            why_not=_why_not(name, new, other),
            rank=_rank(key, name, other, now.quoted | before.quoted),
        )  # fmt: skip


def _behind(chapter: str, causes: Causes | None) -> tuple[Cause, ...]:
    """The causes of a chapter's changes; where none is on record, that is said."""
    return () if causes is None else causes.of(chapter) or (Cause("unknown", "unknown"),)


def _parts(old: Figure | None, new: Figure | None) -> tuple[str, ...]:
    """What of a figure differs; empty where nothing does."""
    if old is None or new is None:
        return ("value",)
    found = [PARTS[p] for p in PARTS if getattr(old, p) != getattr(new, p)]
    return tuple(dict.fromkeys(found))


def _kind(old: Figure | None, new: Figure | None) -> str:
    if old is None or new is None:
        return "new" if old is None else "gone"
    if (old.value is None) != (new.value is None):
        return "withheld now" if new.value is None else "told now"
    return "changed"


def _why_not(name: str, new: Figure | None, other: ChapterResult) -> str:
    if new is None:
        return other.untold.get(name, "")
    return new.withheld if new.value is None else ""


def _rank(key: str, name: str, made: ChapterResult, quoted: frozenset[str]) -> int:
    if key in quoted:
        return 0
    return 1 if f"{{{name}}}" in made.answer or f"{{{name}:" in made.answer else 2


def _beside(
    chapter: str, old: Figure | None, new: Figure | None, before: Run, now: Run
) -> str:  # fmt: skip
    """How a change from one wave to another stands to what sampling alone explains."""
    one, other = _ends(old), _ends(new)
    if not names_wave(before, now) or one is None or other is None or old is None or new is None:
        return ""
    levels = {run.parameter(chapter, "confidence") for run in (before, now)}
    if len(levels) > 1 or old.unit != new.unit or one == other:
        return ""
    moved = independent_difference(one, other)
    return CLEAR.get((moved.low > 0, moved.high < 0), WITHIN)


def _ends(figure: Figure | None) -> Ends | None:
    if figure is None or not isinstance(figure.value, int | float):
        return None
    if figure.low is None or figure.high is None:
        return None
    value = min(max(figure.value, figure.low), figure.high)  # rounding may put it a digit outside
    return Ends(float(value), figure.low, figure.high)
