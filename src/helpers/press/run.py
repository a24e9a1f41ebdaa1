"""One client's run: every chapter in a fresh kernel, then the book, then the swap.

Everything is made beside the last good report and put in place whole. Whatever
fails, the last good book stays where it is.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import nbformat

from helpers import results
from helpers.errors import HandbookError, InputFaults, refuse
from helpers.press import book, execution, kernels, manifest, sections
from helpers.press.account_pages import add_accounts
from helpers.press.chapters import (
    Chapter,
    load_chapters,
    run_order,
)
from helpers.press.consistency import contradictions
from helpers.press.exports.made import ALWAYS, FORMATS, made_as
from helpers.press.exports.source import Export, Source
from helpers.press.inputs import Depends, write_inputs
from helpers.press.kept import Kept, run_key
from helpers.press.lead_files import add_leads
from helpers.press.ledger_files import add_ledger
from helpers.press.letter_gate import letter_faults
from helpers.press.map_points import add_map
from helpers.press.message_files import add_messages
from helpers.press.more_data import Absent, lead_pages_here
from helpers.press.owners import mark, owner_problem
from helpers.press.places import Places
from helpers.press.plans import Plan
from helpers.press.progress import Steps
from helpers.press.quantities import called
from helpers.press.register_files import add_register
from helpers.press.search_index import index_book
from helpers.press.topline_files import add_toplines
from helpers.press.traced import untraced
from helpers.press.unbroken import unbroken_book
from helpers.results import ChapterResult
from helpers.study import Study
from helpers.study.stored import content_key

__all__ = ["Report", "run"]

NOTES = {"done": "", "not estimable": "closed: the data cannot carry it"}
BOOKS = {"done": "", "not made": "not made"}
REFUSED = "refused"  # what was sent cannot be published as it stands
FINE = ("done", "closed", "not run", "not estimable")

Turn = Callable[[], AbstractContextManager[object]]
AWAKE = 0.5  # seconds between looks: a signal that another thread caught waits for one


@dataclass(frozen=True)
class Report:
    """How a run went."""

    client: str
    book: Path
    states: Mapping[str, str]
    seconds: Mapping[str, float]
    failures: tuple[str, ...] = field(default=())
    exports: Mapping[str, Export] = field(default_factory=dict)  # by format, beside the book

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
) -> Report:
    """Run every chapter, build the book and the other formats, and put all in place.

    Without the book, results and executed notebooks alone are put in place, and no page is read
    again for numbers that the results do not hold; other formats are made beside a book only.
    ``turn`` is entered around each chapter and the book: what shares its cores waits there.

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
            made = formats if with_book else None
            return _run_in(draft, plan, places, report, workers, made, turn)
        except KeyboardInterrupt:
            kernels.stop()
            raise
        finally:
            places.discard(draft)


def _run_in(
    draft: Path, plan: Plan, places: Places, report: Steps, workers: int,
    formats: Sequence[str] | None, turn: Turn,
) -> Report:  # fmt: skip
    slug = plan.study.slug
    record = manifest.run_record(plan.study, plan.parameters)
    manifest.write_run(record, draft / "results")
    kept = Kept(places.kept(slug), _key(record, plan))
    depends = Depends(plan)
    course = _chapters(draft, plan, kept, report, workers, turn)
    made: dict[str, Export] = {}
    with turn():
        if not course.failures:
            _press(draft, plan, depends, course, report, with_book=formats is not None)
        if not course.failures:
            made = _exports(draft, plan, course, report, formats or ())
    target = places.published(slug)
    if course.failures:
        places.keep_failed(slug, draft)
    else:
        ended = (course.states, course.seconds, made)
        manifest.write_manifest(record, *ended, draft / "manifest.json")
        mark(draft, plan.study.folder, places.root)
        places.swap(draft, target)
        kept.clear()
    return Report(
        slug, target / "book" / "index.html", course.states, course.seconds,
        tuple(course.failures), _placed(made, draft, target),
    )  # fmt: skip


def _press(
    draft: Path, plan: Plan, depends: Depends, course: _Course, report: Steps, *, with_book: bool
) -> None:
    """Look whether the chapters may be published as they are, and make the book of them."""
    began = time.perf_counter()
    report.started(plan.study.slug, "book")
    with course.ending("book"):
        _check_unchanged(plan)
        made = results.load_all(draft / "results")
        _check_consistent(made)
        write_inputs(depends.inputs(made), draft / "results")
        _check_letters(draft / "results", plan.study)
        if with_book:
            _book(draft, plan, course.reasons)
            _check_traced(draft / "book", made, plan.study)
            unbroken_book(draft / "book")
        shutil.rmtree(draft / "sources", ignore_errors=True)  # none where all were kept
        course.states["book"] = "done" if with_book else "not made"
    course.seconds["book"] = time.perf_counter() - began
    note = BOOKS.get(course.states["book"], "FAILED")
    report.done(plan.study.slug, "book", course.seconds["book"], note)


def _exports(
    draft: Path, plan: Plan, course: _Course, report: Steps, formats: Sequence[str]
) -> dict[str, Export]:
    """Make the other formats of the book and of what the chapters handed on."""
    source = Source(plan.study, draft / "results", draft / "book", draft / "exports")
    made: dict[str, Export] = {}
    for name in (one for one in FORMATS if one in formats):
        began = time.perf_counter()
        with course.ending(name):
            made[name] = made_as(name, source)
        course.seconds[name] = time.perf_counter() - began
        note = made[name].missing if name in made else "FAILED"
        report.done(plan.study.slug, name, course.seconds[name], note)
    return made


def _placed(made: Mapping[str, Export], draft: Path, target: Path) -> dict[str, Export]:
    """The same exports where they lie once the draft is in place."""
    return {
        name: replace(one, files=tuple(target / path.relative_to(draft) for path in one.files))
        for name, one in made.items()
    }


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


def _key(record: Mapping[str, Any], plan: Plan) -> str:
    """What this run is computed from: nothing of an earlier one is used but for the same."""
    notebooks = {name: chapter.notebook for name, chapter in plan.chapters.items()}
    parts = {"notebooks": notebooks, "closed": plan.closed, "skipped": plan.skipped,
             "has": sorted(plan.has), "short": plan.short}  # fmt: skip
    return run_key(record, plan.study.folder, parts)


@dataclass
class _Course:
    """What became of each chapter so far."""

    states: dict[str, str]
    seconds: dict[str, float] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    reasons: dict[str, str] = field(default_factory=dict)  # why a chapter is not estimable

    @contextmanager
    def ending(self, name: str) -> Iterator[None]:
        """Note what refuses the book or another format as the end of the run."""
        try:
            yield
        except HandbookError as error:
            self.failures.append(str(error))
            self.states[name] = REFUSED if isinstance(error, InputFaults) else "failed"

    def settle(self, name: str, outcome: execution.Execution, results_dir: Path) -> None:
        """Note how a chapter ended; one that is not estimable hands nothing on."""
        self.states[name] = outcome.state
        self.seconds[name] = outcome.seconds
        if outcome.state == "not estimable":
            self.reasons[name] = outcome.error
            _forget(results_dir, name)
        elif outcome.state != "done":
            self.failures.append(outcome.error)


def _chapters(
    draft: Path, plan: Plan, kept: Kept, report: Steps, workers: int, turn: Turn
) -> _Course:
    """Run chapters as those they read are done, some side by side."""
    slug = plan.study.slug
    course = _Course(dict.fromkeys(plan.closed, "closed") | dict.fromkeys(plan.skipped, "not run"))
    order = run_order(plan.chapters)
    order.prepare()
    waiting: dict[Future[execution.Execution], str] = {}
    pool = ThreadPoolExecutor(max_workers=workers)
    try:
        while order.is_active():
            for name in order.get_ready():
                if note := _settled(name, draft, plan, kept, course):
                    report.done(slug, name, 0.0, note)
                    order.done(name)
                    continue
                waiting[pool.submit(_in_turn, turn, report, name, draft, plan)] = name
            if not waiting:
                continue
            for future in wait(waiting, timeout=AWAKE, return_when=FIRST_COMPLETED).done:
                name, outcome = waiting.pop(future), future.result()
                course.settle(name, outcome, draft / "results")
                if outcome.state in FINE:
                    kept.save(name, outcome, draft)
                report.done(slug, name, outcome.seconds, NOTES.get(outcome.state, "FAILED"))
                order.done(name)
    finally:  # on an interrupt, do not wait for kernels: they end with their server
        pool.shutdown(wait=False, cancel_futures=True)
    return course


def _settled(name: str, draft: Path, plan: Plan, kept: Kept, course: _Course) -> str:
    """Why a chapter need not be run; empty where it has to be."""
    if blocked := _blocked(plan.chapters[name], course.states, plan):
        course.states[name] = f"not run because {blocked} failed"
        return course.states[name]
    if outcome := kept.restore(name, draft):
        course.settle(name, outcome, draft / "results")
        return "kept from the run before"
    return ""


def _forget(results_dir: Path, name: str) -> None:
    """Take back what a chapter handed on before it stopped."""
    for path in (results_dir / f"{name}.json", *results_dir.glob(f"{name}.*.parquet")):
        path.unlink(missing_ok=True)


def _blocked(chapter: Chapter, states: Mapping[str, str], plan: Plan) -> str:
    before = plan.chapters if chapter.last else chapter.after
    bad = [n for n in before if n != chapter.name and states.get(n, "done") not in FINE]
    return ", ".join(bad)


def _in_turn(turn: Turn, report: Steps, name: str, draft: Path, plan: Plan) -> execution.Execution:
    with turn():
        report.started(plan.study.slug, name)
        return _execute(name, draft, plan)


def _execute(name: str, draft: Path, plan: Plan) -> execution.Execution:
    values = {
        **plan.parameters[name],
        "client": os.path.relpath(plan.study.folder),
        "results_dir": str(draft / "results"),
    }
    source = draft / "sources" / f"{name}.ipynb"
    source.parent.mkdir(exist_ok=True)
    whole = nbformat.read(plan.chapters[name].path, as_version=4)
    nbformat.write(sections.for_client(whole, plan.has, plan.short), source)
    target = draft / "notebooks" / f"{name}.ipynb"
    return execution.execute(source, target, values, called=plan.study.called)


def _absent(chapter: Chapter, plan: Plan, reasons: Mapping[str, str]) -> Absent:
    """Why a chapter has no answer in this run, and what would give it one."""
    name = chapter.name
    if name in reasons:
        return Absent(chapter, f"The data cannot carry it: {reasons[name]}.")
    if name not in plan.closed:
        return Absent(chapter, "This chapter was not part of this run.", left_out=True)
    groups = plan.closed[name]
    needs = tuple("|".join(group) for group in groups)
    unsent = tuple(need for need in needs if need not in plan.short)
    return Absent(chapter, sections.absence(groups, plan.short), unsent)


def _pages(
    draft: Path, plan: Plan, reasons: Mapping[str, str]
) -> tuple[dict[str, nbformat.NotebookNode], list[Absent]]:
    """The chapters as readers see them, and those that have no page."""
    known = load_chapters(plan.project)
    pages: dict[str, nbformat.NotebookNode] = {}
    absent: list[Absent] = []
    for name, chapter in known.items():
        if name in plan.chapters and name not in reasons:
            executed = nbformat.read(draft / "notebooks" / f"{name}.ipynb", as_version=4)
            pages[name] = book.published(executed)
        elif not chapter.optional:
            absent.append(_absent(chapter, plan, reasons))
    first = next(iter(known))  # a book has a first page, whatever it can say
    if first not in pages:
        pages[first] = book.closed_page(known[first], absent.pop(0).why)
    return pages, absent


def _book(draft: Path, plan: Plan, reasons: Mapping[str, str]) -> None:
    pages, absent = _pages(draft, plan, reasons)
    stage = draft / "stage"
    book.stage(plan.study, plan.project, pages, stage, absent)
    book.build(stage, draft / "out", draft / "logs" / "book.log")
    (draft / "out" / "_build" / "html").rename(draft / "book")
    add_accounts(draft / "book", plan.study, draft / "results")
    add_map(draft / "book", draft / "results", plan.study.currency)
    add_leads(draft / "book", plan.study, draft / "results")
    add_toplines(draft / "book", plan.study, draft / "results")
    add_ledger(draft / "book", draft / "results")
    add_messages(draft / "book", plan.study, draft / "results")
    add_register(draft / "book", plan.study, draft / "results")
    lead_pages_here(draft / "book", [one.chapter.name for one in absent])
    index_book(draft / "book")
    for leftover in ("stage", "out"):
        shutil.rmtree(draft / leftover)
