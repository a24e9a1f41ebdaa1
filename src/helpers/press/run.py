"""One client's run: every chapter in a fresh kernel, then the book, then the swap.

Everything is made beside the last good report and put in place whole. Whatever
fails, the last good book stays where it is.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from helpers import results
from helpers.errors import HandbookError, InputFaults, refuse
from helpers.press import kernels, manifest
from helpers.press.belonging import mark, owner_problem
from helpers.press.binding import bind, book_parts
from helpers.press.chapters import load_chapters
from helpers.press.consistency import contradictions
from helpers.press.course import REFUSED, Course, Turn, run_chapters
from helpers.press.earlier import Earlier
from helpers.press.exports.made import made_as
from helpers.press.exports.named import ALWAYS, FORMATS
from helpers.press.exports.source import Export, Source
from helpers.press.inputs import Depends, write_inputs
from helpers.press.kept import Kept, Published
from helpers.press.letter_gate import letter_faults
from helpers.press.places import Places
from helpers.press.plans import Plan
from helpers.press.progress import Steps
from helpers.press.quantities import called
from helpers.press.shown import keep_shown
from helpers.press.traced import untraced
from helpers.press.unbroken import unbroken_book
from helpers.press.untouched import Asked, Made, whole_digest, write_made
from helpers.results import ChapterResult
from helpers.study import Study
from helpers.study.stored import content_key

__all__ = ["Report", "run"]

BOOKS = {"done": "", "not made": "not made"}
TAKEN = "kept from the run before"


@dataclass(frozen=True)
class Report:
    """How a run went."""

    client: str
    book: Path
    states: Mapping[str, str]
    seconds: Mapping[str, float]
    failures: tuple[str, ...] = field(default=())
    exports: Mapping[str, Export] = field(default_factory=dict)  # by format, beside the book
    why: Mapping[str, str] = field(default_factory=dict)  # each step ran, or was taken over
    broken: tuple[str, ...] = ()  # stored files that were not as they were written

    @property
    def failed(self) -> bool:
        """Whether any chapter, or the book, failed."""
        return bool(self.failures)

    @property
    def refused(self) -> bool:
        """Whether it failed because of what was sent, letters above all."""
        return self.states.get("book") == REFUSED


def run(
    plan: Plan,
    places: Places,
    report: Steps,
    *,
    workers: int = 2,
    with_book: bool = True,
    formats: Sequence[str] = (ALWAYS,),
    turn: Turn = nullcontext,
    fresh: bool = False,
) -> Report:
    """Run every chapter, build the book and the other formats, and put all in place.

    What an earlier run made of the same content is taken over: of the last report, or of a run
    that was cut off; nothing of either, where all is to be made ``fresh``.
    ``turn`` is entered around each chapter and the book: what shares its cores waits there.

    Without the book, results and executed notebooks alone are put in place, and no page is read
    again for numbers that the results do not hold; other formats are made beside a book only.

    Raises
    ------
    HandbookError
        When another run of this client is under way, or the report is another folder's.
    """
    slug = plan.study.slug
    with places.locked(slug):
        if problem := owner_problem(plan.study.folder, places.root, plan.study.name):
            raise HandbookError(f"{slug} {problem}: rename the folder, or give --output")
        draft = places.draft(slug)
        try:
            wanted = (ALWAYS, *formats) if with_book else ()
            return _Run(draft, plan, places, report, workers, wanted, turn, fresh).done()
        except KeyboardInterrupt:
            kernels.stop()
            raise
        finally:
            places.discard(draft)


@dataclass(frozen=True)
class _Run:
    """One run at work; ``formats`` are empty where no book is wanted."""

    draft: Path
    plan: Plan
    places: Places
    report: Steps
    workers: int
    formats: Sequence[str]
    turn: Turn
    fresh: bool

    def done(self) -> Report:
        """Do all of it, and put it in place."""
        whole, slug = self._whole(), self.plan.study.slug
        record = manifest.run_record(self.plan.study, self.plan.parameters)
        manifest.write_run(record, self.draft / "results")
        earlier = self._earlier(record)
        course = run_chapters(self.draft, self.plan, earlier, self.report, self.workers, self.turn)
        with self.turn():
            pressed = Made("", {}) if course.failures else self._pressed(course, earlier)
        target = self.places.published(slug)
        if course.failures:
            self.places.keep_failed(slug, self.draft)
        else:
            ended = (course.states, course.seconds, _exported(pressed, self.draft))
            manifest.write_manifest(record, *ended, self.draft / "manifest.json")
            mark(self.draft, self.plan.study.folder, self.places.root)
            same = whole if whole == self._whole() else ""
            write_made(replace(pressed, whole=same), self.draft)
            self.places.swap(self.draft, target)
            earlier.kept.clear()
        return Report(
            slug, target / "book" / "index.html", course.states, course.seconds,
            tuple(course.failures), _exported(pressed, target), course.why,
            tuple(course.broken.values()),
        )  # fmt: skip

    def _whole(self) -> str:
        asked = Asked(**self.plan.asked, formats=tuple(self.formats))
        return whole_digest(self.plan.study.folder, self.plan.project, self.places.root, asked)

    def _earlier(self, record: Mapping[str, Any]) -> Earlier:
        """What earlier runs left."""
        slug, known = self.plan.study.slug, load_chapters(self.plan.project)
        return Earlier(
            Depends(self.plan), record, Published.of(self.places.published(slug)),
            Kept(self.places.kept(slug)), {n: one.title for n, one in known.items()}, self.fresh,
        )  # fmt: skip

    def _pressed(self, course: Course, earlier: Earlier) -> Made:
        """Look whether the chapters may be published, make or take over all that is made of them.

        What comes back tells what the report holds, all but the digests of its files.
        """
        keep_shown(self.draft, self.plan.study.currency)
        inputs = earlier.depends.recorded(course.records)
        ended = {name: {"state": course.states[name], "error": course.reasons.get(name, "")}
                 for name in course.records}  # fmt: skip
        write_inputs(inputs, self.draft / "results")
        parts = book_parts(self.draft, self.plan, course.reasons, inputs)
        kept = False
        if self.formats:
            decision = earlier.decide_book(parts)
            course.decided("book", decision)
            kept = decision.kept
        self._book(course, kept=kept)
        made = Made("", ended, parts if self.formats else {})
        if not course.failures:
            old = earlier.published.made if kept else None
            made = replace(made, exports=self._exports(course, old))
        return made

    def _book(self, course: Course, *, kept: bool) -> None:
        """The book as it was where nothing that it is made of changed, else made and checked."""
        began, slug = time.perf_counter(), self.plan.study.slug
        self.report.started(slug, "book")
        with course.ending("book"):
            _check_unchanged(self.plan)
            if kept:
                _take(self.places.published(slug), self.draft, "book", "logs")
            else:
                self._made_book(course)
            course.states["book"] = "done" if self.formats else "not made"
        course.seconds["book"] = time.perf_counter() - began
        note = BOOKS.get(course.states["book"], "FAILED")
        note = TAKEN if kept else course.told("book", note)
        self.report.done(slug, "book", course.seconds["book"], note)

    def _made_book(self, course: Course) -> None:
        made = results.load_all(self.draft / "results")
        _check_consistent(made)
        _check_letters(self.draft / "results", self.plan.study)
        if self.formats:
            last = self.places.pages(self.plan.study.slug)
            if self.fresh:
                shutil.rmtree(last, ignore_errors=True)
            bind(self.draft, self.plan, course.reasons, made, last)
            _check_traced(self.draft / "book", made, self.plan.study)
            unbroken_book(self.draft / "book")

    def _exports(self, course: Course, old: Made | None) -> dict[str, dict[str, Any]]:
        """Make the other formats of the book and of what the chapters handed on.

        Those of the ``old`` report are taken over: the book is the same.
        """
        draft, slug = self.draft, self.plan.study.slug
        source = Source(self.plan.study, draft / "results", draft / "book", draft / "exports")
        made: dict[str, dict[str, Any]] = {}
        for name in (one for one in FORMATS if one in self.formats):
            began, told = time.perf_counter(), _whole_export(old, name, self.places.published(slug))
            with course.ending(name):
                if told:
                    _take(self.places.published(slug), draft, *told["files"])
                made[name] = told or _told(made_as(name, source), draft)
            course.seconds[name] = time.perf_counter() - began
            note = made[name]["missing"] if name in made else "FAILED"
            self.report.done(slug, name, course.seconds[name], TAKEN if told else note)
        return made


def _told(export: Export, draft: Path) -> dict[str, Any]:
    """An export as a report's record has it."""
    files = [path.relative_to(draft).as_posix() for path in export.files]
    return {"files": files, "missing": export.missing}


def _whole_export(old: Made | None, name: str, report: Path) -> dict[str, Any]:
    """A format as a report has it; nothing where a file of it is not as it was written."""
    told = dict(old.exports.get(name, {})) if old else {}
    broken = old is None or [one for one in told.get("files", ()) if old.broken(report, one)]
    return {} if broken or not told.get("files") else told


def _exported(made: Made, place: Path) -> dict[str, Export]:
    """The formats of a report that lies in a place."""
    return {
        name: Export(tuple(place / file for file in one["files"]), one["missing"])
        for name, one in made.exports.items()
    }


def _take(report: Path, draft: Path, *names: str) -> None:
    """Copy files or folders of a report into a draft."""
    for name in names:
        (draft / name).parent.mkdir(parents=True, exist_ok=True)
        if (report / name).is_dir():
            shutil.copytree(report / name, draft / name, dirs_exist_ok=True)
        else:
            shutil.copy(report / name, draft / name)


def _check_unchanged(plan: Plan) -> None:
    """Chapters that read different files would contradict each other without a word."""
    if content_key(plan.study.folder) != plan.key:
        raise HandbookError(
            f"files of {plan.study.slug} changed while its report was made: run it again"
        )


def _check_consistent(made: Mapping[str, ChapterResult]) -> None:
    """Two values for one quantity, or two lists for one owner, are never published."""
    if found := contradictions(made):
        raise HandbookError(f"the report contradicts itself: {'; '.join(found)}")


def _check_letters(results_dir: Path, study: Study) -> None:
    """A sentence of a letter that no record carries is never published."""
    if faults := letter_faults(study, results_dir):
        raise InputFaults(faults)


def _check_traced(pages: Path, made: Mapping[str, ChapterResult], study: Study) -> None:
    """A number that leads to no quantity, or to another value of it, is never published."""
    refuse(untraced(pages, made, called(study)), "pages say what the results do not")
