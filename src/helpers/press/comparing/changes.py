"""What changed between two runs, figure by figure, and whether sampling alone would do it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from helpers.press.comparing.beside import SetBeside, labels, set_beside
from helpers.press.comparing.causes import Cause, Causes, distinct
from helpers.press.comparing.parts import Part, parts
from helpers.press.comparing.runs import FIRST_PAGE, Run
from helpers.results import ChapterResult, Figure

__all__ = ["EDITED", "LIMITED", "Change", "Comparison", "Retold", "Step", "compared"]

COPIES = (FIRST_PAGE, "run_card")  # pages that repeat what is counted or named elsewhere
PARTS = {  # what of a figure counts, and what it is called
    "value": "value", "low": "interval", "high": "interval", "base": "base", "base_unit": "base",
    "verdict": "verdict", "grade": "evidence grade", "unit": "unit", "withheld": "reason",
    "label": "name", "claims": "verdict", "p": "how often by chance",
}  # fmt: skip
TOLD_SINCE = ("claims", "p")  # figures of an older handbook have neither: that is no change of them
LIMITED = (
    "{which} was made before runs noted what their figures depend on as they do now: which figures "
    "changed can be told, why they did cannot."
)
EDITED = "Results of {which} were changed after it was made: {chapters}."
REPEATED = "Figures that the first page repeats are counted once, in their own chapters."


@dataclass(frozen=True)
class Step:
    """One step of a change, between two runs on the way from the first to the second."""

    before: Figure | None
    now: Figure | None
    causes: tuple[Cause, ...]


@dataclass(frozen=True)
class Change:
    """One figure that differs.

    ``kind`` is ``changed``, ``new``, ``gone``, ``withheld now`` or ``told now``. ``parts`` names
    what of it changed. ``beside`` says, for another wave, how the change stands to both intervals.
    ``was_called`` is what the figure stood for in the first run, where that is not its label now:
    its two values are then of different things.
    ``why_not`` is the reason where the second run has no value. ``steps`` are those in which it
    came about, where runs in between were given. ``rank`` is 0 for a figure of the
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
    was_called: str = ""
    why_not: str = ""
    rank: int = 2
    steps: tuple[Step, ...] = ()

    @property
    def sure(self) -> bool:
        """Whether exactly one thing differs that could be the reason."""
        return len(distinct(self.causes)) == 1

    @property
    def led(self) -> bool:
        """Whether each step in which it came about has exactly one reason."""
        return bool(self.steps) and all(len(distinct(step.causes)) == 1 for step in self.steps)


@dataclass(frozen=True)
class Retold:
    """What differs of a chapter besides its figures: its texts, its tables, and why."""

    chapter: str
    parts: tuple[Part, ...]
    causes: tuple[Cause, ...]

    @property
    def what(self) -> tuple[str, ...]:
        """Their names; all texts are one."""
        return tuple(dict.fromkeys(part.group for part in self.parts))

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
    beside: SetBeside
    besides: tuple[Retold, ...] = ()  # texts and tables that differ, by chapter
    notes: tuple[str, ...] = field(default=())
    between: tuple[Run, ...] = ()  # runs through which changes were led

    @property
    def known(self) -> bool:
        """Whether reasons can be told."""
        return self.before.inputs is not None and self.now.inputs is not None

    @property
    def total(self) -> int:
        """All figures that were compared."""
        return len(self.changes) + sum(self.unchanged.values())

    @property
    def one_client(self) -> bool:
        """Whether both runs are of one client's folder."""
        return self.before.client == self.now.client

    @cached_property
    def retold(self) -> tuple[Retold, ...]:
        """Chapters of which no figure differs, but texts or tables do."""
        changed = {change.chapter for change in self.changes}
        return tuple(one for one in self.besides if one.chapter not in changed)

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
    look = _Look(before, now, _causes(before, now), set_beside(before, now))
    changes: list[Change] = []
    unchanged, left_out = {}, {}
    for name in chapters:
        one, other = before.results.get(name), now.results.get(name)
        if one is None or other is None:
            left_out[name] = _absent(name, before if one is None else now, first=one is None)
            continue
        found = sorted(look.changes(name, one, other), key=_first)
        changes += found
        unchanged[name] = _told(one, other) - len(found)
    besides = tuple(one for name in (FIRST_PAGE, *unchanged) for one in look.retold(name))
    notes = tuple(_notes(before, now))
    return Comparison(before, now, tuple(changes), unchanged, left_out, look.beside, besides, notes)


@dataclass(frozen=True)
class _Look:
    """What is known of both runs while their figures are gone through."""

    before: Run
    now: Run
    causes: Causes | None
    beside: SetBeside

    def changes(self, chapter: str, one: ChapterResult, other: ChapterResult) -> Iterator[Change]:
        behind = _behind(chapter, self.causes)
        for name in sorted({*one.figures, *other.figures}):
            old, new = one.figures.get(name), other.figures.get(name)
            called = self._labels(old, new)
            changed = _parts(old, new, called)
            if not changed:
                continue
            yield Change(
                chapter, name, called[1], _kind(old, new), old, new, changed, behind,
                beside=self.beside.told.get((chapter, name), ""),
                was_called=called[0] if "name" in changed else "",
                why_not=_why_not(name, new, other),
                rank=_rank(f"{chapter}.{name}", name, other, self.now.quoted | self.before.quoted),
            )  # fmt: skip

    def retold(self, chapter: str) -> Iterator[Retold]:
        """What differs of a chapter besides its figures."""
        one, other = self.before.results.get(chapter), self.now.results.get(chapter)
        if one and other and (told := tuple(parts(one, other))):
            yield Retold(chapter, told, _behind(chapter, self.causes))

    def _labels(self, old: Figure | None, new: Figure | None) -> tuple[str, str]:
        known = [figure for figure in (old, new) if figure]
        return labels(known[0], known[-1], (self.before.wave, self.now.wave))


def _first(change: Change) -> tuple[int, str]:
    return change.rank, change.name


def _causes(before: Run, now: Run) -> Causes | None:
    if before.inputs is None or now.inputs is None:
        return None
    return Causes(before, now, before.inputs, now.inputs)


def _notes(before: Run, now: Run) -> Iterator[str]:
    if FIRST_PAGE in before.results and FIRST_PAGE in now.results:
        yield REPEATED
    for which, run in (("the first run", before), ("the second run", now)):
        if run.inputs is None:
            yield LIMITED.format(which=which.capitalize())
        if run.edited:
            yield EDITED.format(which=which, chapters=", ".join(sorted(run.edited)))


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


def _behind(chapter: str, causes: Causes | None) -> tuple[Cause, ...]:
    """The causes of a chapter's changes; where none is on record, that is said."""
    return () if causes is None else causes.of(chapter) or (Cause("unknown", "unknown"),)


def _parts(old: Figure | None, new: Figure | None, called: tuple[str, str]) -> tuple[str, ...]:
    """What of a figure differs; empty where nothing does."""
    if old is None or new is None:
        return ("value",)
    looked = [p for p in PARTS if p != "label" and (p not in TOLD_SINCE or old.p is not None)]
    found = [PARTS[p] for p in looked if getattr(old, p) != getattr(new, p)]
    found += [PARTS["label"]] if called[0] != called[1] else []
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
