"""Why a chapter's figures differ between two runs: which of its inputs do, by content.

Nothing is guessed. Where one cause differs, it is the reason; where several do, all are
named, and which of them it was is left open: runs in between tell (`steps`). What differs
because a chapter before it does is led back to what differs there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args

from helpers.press.comparing.runs import Run
from helpers.press.inputs import JOINED, Inputs
from helpers.study.tables import TABLES

__all__ = ["Cause", "Causes", "by_kind", "distinct", "in_order", "names_wave"]

Kind = Literal[
    "edited", "wave", "chapter", "data", "reading", "setting", "question", "parameter", "code",
    "library", "environment", "unknown",
]  # fmt: skip
ORDER = get_args(Kind)  # in which they are told
WAVE = ("wave", "as_of", "previous_wave", "waves")  # what moves on with a wave
WRITTEN = (  # keys of client.yml by which files are read
    "tables", "formats", "numbers", "duplicates", "leading_zeros", "collapse",
)  # fmt: skip
LISTS = ("accounts", "contacts")  # what answers are joined with
FED_BY = {  # what a section asks for that is no table of that name
    "margins": frozenset({"responses", "population", *LISTS}),
    "named": frozenset({"responses", *LISTS}),
    "excluded": frozenset({"invitations"}),
}
SENT = ("tables", "names", "counts", "notes", "warnings")  # inputs on which any table may bear
FROM = {"dates": ("waves", ("responses",)), "groups": ("segments", ("responses", *LISTS))}
READING = "study"  # the part of the code that reads files
READERS = (  # libraries that read them
    "pandas", "numpy", "duckdb", "ibis-framework", "pyarrow", "pyreadstat", "python-calamine",
    "python-dateutil", "ruamel-yaml", "pydantic", "python", "tzdata",
)  # fmt: skip


@dataclass(frozen=True, order=True)
class Cause:
    """One input that differs.

    ``name`` is a table, ``drivers.replicates``, ``methods.drivers``, ``numpy``, a ``chapter``
    that one run alone has, or of what was ``edited`` after a run, which run. ``before`` and
    ``now`` are values where there are any worth showing. ``via`` names the chapter before this
    one through which it works; empty where it is an input of the chapter itself.
    """

    kind: Kind
    name: str
    before: str = ""
    now: str = ""
    via: str = ""


def distinct(causes: Iterable[Cause]) -> frozenset[tuple[str, str]]:
    """Causes that could each alone be the reason: parts of the code changed together are one.

    >>> len(distinct([Cause("code", "methods.drivers"), Cause("code", "views.drivers")]))
    1
    """
    return frozenset((c.kind, "" if c.kind == "code" else c.name) for c in causes)


def names_wave(before: Run, now: Run) -> bool:
    """Whether the two runs are about different waves."""
    return before.wave != now.wave


@dataclass(frozen=True)
class Causes:
    """The causes of every chapter's changes between two runs that left their inputs."""

    before: Run
    now: Run
    left: Inputs
    right: Inputs

    def of(self, chapter: str) -> tuple[Cause, ...]:
        """What differs among a chapter's inputs, and what is behind the chapters before it.

        Where the runs left the same results, only what was changed after them is a cause.
        """
        runs = (("first", self.before), ("second", self.now))
        edits = [Cause("edited", f"the {n} run") for n, run in runs if chapter in run.edited]
        if edits and not self._handed_on_differs(chapter):
            return tuple(edits)
        found = {replace(c, via=""): c for c in self._traced(chapter, frozenset())}
        own = {replace(c, via=""): c for c in self.own(chapter)}
        return in_order([*edits, *{**found, **own}.values()])

    def _traced(self, chapter: str, on_the_way: frozenset[str]) -> Iterator[Cause]:
        yield from self.own(chapter)
        for above in self._after(chapter):
            if self._of_one_run(above):
                yield Cause("chapter", above)
            elif above not in on_the_way and self._handed_on_differs(above):
                for cause in self._traced(above, on_the_way | {chapter}):
                    yield replace(cause, via=above)

    def _after(self, chapter: str) -> list[str]:
        both = (side.chapters.get(chapter) for side in (self.left, self.right))
        return sorted({name for one in both if one for name in one.after})

    def _of_one_run(self, chapter: str) -> bool:
        """Whether one run alone has a chapter: nothing of it can differ."""
        return (chapter in self.left.chapters) != (chapter in self.right.chapters)

    def _handed_on_differs(self, chapter: str) -> bool:
        one, other = (side.chapters.get(chapter) for side in (self.left, self.right))
        return (one.results if one else "") != (other.results if other else "")

    def own(self, chapter: str) -> set[Cause]:
        """What differs among the inputs of the chapter itself; not in chapters before it."""
        told: set[Cause] = set()
        for name in self._names(chapter):
            before, now = (self._value(side, chapter, name) for side in (self.left, self.right))
            if before != now:
                told |= set(self._causes(chapter, name, before, now))
        return told

    def _names(self, chapter: str) -> list[str]:
        both = [side.of(chapter) for side in (self.left, self.right) if chapter in side.chapters]
        return sorted({name for one in both for name in one})

    @staticmethod
    def _value(side: Inputs, chapter: str, name: str) -> str:
        own = side.chapters[chapter].own if chapter in side.chapters else {}
        return own.get(name, side.shared.get(name, ""))

    def _causes(self, chapter: str, name: str, before: str, now: str) -> Iterator[Cause]:
        kind, _, what = name.partition(" ")
        if kind in SENT:
            yield from self._sent()
        elif kind in ("code", "parameter", "library", "question", "letters"):
            called = {"code": what.replace("notebook", f"notebook {chapter}"), "letters": "letters",
                      "parameter": f"{chapter}.{what}"}.get(kind, what)  # fmt: skip
            values = (before, now) if kind in ("parameter", "library") else ("", "")
            yield Cause("data" if kind == "letters" else kind, called, *values)  # type: ignore[arg-type]
        elif kind == "setting":
            yield from self._setting(what)
        elif kind == "table":
            yield from self._table(what)
        elif kind in FROM:
            yield from self._declared_or_sent(*FROM[kind])
        elif kind == "answers":
            yield from self._answers()
        elif kind == "section":
            yield from self._sent(_fed_by(what))
        elif kind == "questions" and not any(map(self._differs, self._questions)):
            yield Cause("question", "")
        elif kind in ("environment", "file"):
            yield Cause("data" if kind == "file" else "environment", what)

    @property
    def _questions(self) -> list[str]:
        return [n for n in {*self.left.shared, *self.right.shared} if n.startswith("question ")]

    def _setting(self, key: str) -> Iterator[Cause]:
        if key in WAVE and names_wave(self.before, self.now):
            yield self._wave
        elif key != "parameters":  # those are told by chapter
            yield Cause("setting", key)

    @property
    def _wave(self) -> Cause:
        return Cause("wave", "wave", self.before.wave, self.now.wave)

    def _declared_or_sent(self, key: str, tables: tuple[str, ...]) -> Iterator[Cause]:
        """What ``client.yml`` declares, or else the tables that it is made of."""
        if self._differs(f"setting {key}"):
            yield from self._setting(key)
        else:
            yield from self._sent(frozenset(tables))

    def _sent(self, only: frozenset[str] = frozenset()) -> Iterator[Cause]:
        """Tables of which another content was sent: any, or of some alone."""
        for name in sorted({*self.left.shared, *self.right.shared}):
            kind, _, table = name.partition(" ")
            if kind == "table" and (not only or table in only) and self._differs(name):
                yield from self._table(table)

    def _differs(self, name: str) -> bool:
        return self.left.shared.get(name) != self.right.shared.get(name)

    def _answers(self) -> Iterator[Cause]:
        """Answers differ by themselves, by the lists that they are joined with, or as read."""
        changed, _ = self._waves_of(JOINED)
        yield from self._sent(frozenset({"responses", *(LISTS if changed else ())}))

    def _table(self, name: str) -> Iterator[Cause]:
        """Why a table's content differs: rows of the new wave, other rows, or how it was read."""
        sent, again = self.before.files.get(name, ""), self.now.files.get(name, "")
        same = bool(sent) and sent == again
        read = list(self._reading()) if same else []
        yield from read
        changed, added = self._waves_of(name)
        if added and names_wave(self.before, self.now):
            yield self._wave
            if changed and not same:
                yield Cause("data", name, now=f"rows of {', '.join(changed)}")
        elif same and not read:
            yield Cause("reading", name)
        elif not same:
            rows = [str(run.rows.get(name, "")) for run in (self.before, self.now)]
            yield Cause("data", name, *(rows if rows[0] != rows[1] else ("", "")))

    def _reading(self) -> Iterator[Cause]:
        """What reads the same file in another way."""
        for name in sorted({*self.left.shared, *self.right.shared}):
            kind, _, what = name.partition(" ")
            if not self._differs(name):
                continue
            if kind == "question" or (kind == "setting" and what.partition(".")[0] in WRITTEN):
                yield Cause("question" if kind == "question" else "setting", what)
            elif kind == "library" and what in READERS:
                told = (side.shared.get(name, "") for side in (self.left, self.right))
                yield Cause("library", what, *told)
        parts = [{c.own.get(f"code {READING}") for c in side.chapters.values()} - {None}
                 for side in (self.left, self.right)]  # fmt: skip
        if parts[0] and parts[1] and parts[0] != parts[1]:
            yield Cause("code", READING)

    def _waves_of(self, name: str) -> tuple[list[str], list[str]]:
        """Waves that both have and that differ, and waves that only one has."""
        one, other = (side.waves.get(name, {}) for side in (self.left, self.right))
        changed = [wave for wave in sorted({*one} & {*other}) if one[wave] != other[wave]]
        return changed, sorted({*one} ^ {*other})


def _fed_by(need: str) -> frozenset[str]:
    """The tables on which it hangs whether a section runs that asks for this.

    >>> sorted(_fed_by("accounts.end_date|contracts")), sorted(_fed_by("role:driver"))
    (['accounts', 'contracts'], ['responses'])
    """
    names = {one.partition(".")[0] for one in need.partition(":")[0].split("|")}
    return frozenset(names & {*TABLES}) or FED_BY.get(need, frozenset({"responses"}))


def in_order(causes: Iterable[Cause]) -> tuple[Cause, ...]:
    """Causes in the order in which they are told, each once.

    >>> [one.name for one in in_order([Cause("code", "study"), Cause("data", "accounts")])]
    ['accounts', 'study']
    """
    return tuple(sorted(dict.fromkeys(causes), key=lambda c: (ORDER.index(c.kind), c.name)))


def by_kind(causes: Iterable[Cause]) -> Mapping[str, list[Cause]]:
    """Causes by their kind, in the order in which they are told."""
    found: dict[str, list[Cause]] = {}
    for cause in causes:
        found.setdefault(cause.kind, []).append(cause)
    return found
