"""The chapters of one run: each in a room of its own, in a fresh kernel, or taken over."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import nbformat

from helpers import results
from helpers.errors import HandbookError, InputFaults
from helpers.press import execution, sections
from helpers.press.chapters import Chapter, run_order
from helpers.press.earlier import NOT_WHOLE, Decision, Earlier
from helpers.press.inputs import ChapterInputs, above
from helpers.press.kept import files_of
from helpers.press.plans import Plan
from helpers.press.progress import Steps
from helpers.study.stored import content_key

__all__ = ["FINE", "REFUSED", "Course", "Turn", "run_chapters"]

Turn = Callable[[], AbstractContextManager[object]]

NOTES = {"done": "", "not estimable": "closed: the data cannot carry it"}
TAKEN = "kept from the run before"
REFUSED = "refused"  # what was sent cannot be published as it stands
FINE = ("done", "closed", "not run", "not estimable")
ROOMS = "rooms"  # of a draft: a folder for each chapter while it runs
AWAKE = 0.5  # seconds between looks: a signal that another thread caught waits for one


@dataclass
class Course:
    """What became of each chapter so far.

    ``records`` tell what each depends on, ``why`` why it ran or was taken over, ``broken`` which
    stored files were not as they were written.
    """

    states: dict[str, str]
    seconds: dict[str, float] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    reasons: dict[str, str] = field(default_factory=dict)  # why a chapter is not estimable
    records: dict[str, ChapterInputs] = field(default_factory=dict)
    why: dict[str, str] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)  # by the step that is made anew for it

    @contextmanager
    def ending(self, name: str) -> Iterator[None]:
        """Note what refuses the book or another format as the end of the run."""
        try:
            yield
        except HandbookError as error:
            self.failures.append(str(error))
            self.states[name] = REFUSED if isinstance(error, InputFaults) else "failed"

    def settle(self, name: str, outcome: execution.Execution) -> None:
        """Note how a chapter ended."""
        self.states[name] = outcome.state
        self.seconds[name] = outcome.seconds
        if outcome.state == "not estimable":
            self.reasons[name] = outcome.error
        elif outcome.state != "done":
            self.failures.append(outcome.error)

    def decided(self, step: str, decision: Decision) -> None:
        """Note why a step is done or taken over."""
        done = "made" if step == "book" else "ran"
        self.why[step] = f"{'kept' if decision.kept else done}, {decision.why}"
        if decision.broken and decision.broken not in self.broken.values():
            self.broken[step] = decision.broken

    def told(self, step: str, note: str) -> str:
        """How a step ended, and which stored file it was made anew for."""
        if step not in self.broken:
            return note
        return "; ".join(filter(None, (note, f"anew: {self.broken[step]} {NOT_WHOLE}")))


def run_chapters(
    draft: Path, plan: Plan, earlier: Earlier, report: Steps, workers: int, turn: Turn
) -> Course:
    """Run chapters as those they read are done, some side by side; take over what is the same."""
    slug = plan.study.slug
    course = Course(dict.fromkeys(plan.closed, "closed") | dict.fromkeys(plan.skipped, "not run"))
    order = run_order(plan.chapters)
    order.prepare()
    waiting: dict[Future[execution.Execution], str] = {}
    pool = ThreadPoolExecutor(max_workers=workers)
    try:
        while order.is_active():
            for name in order.get_ready():
                if note := _settled(name, draft, plan, earlier, course):
                    report.done(slug, name, 0.0, note)
                    order.done(name)
                    continue
                waiting[pool.submit(_in_turn, turn, report, name, draft, plan)] = name
            if not waiting:
                continue
            for future in wait(waiting, timeout=AWAKE, return_when=FIRST_COMPLETED).done:
                name, outcome = waiting.pop(future), future.result()
                _take_in(name, outcome, draft, plan, earlier, course)
                note = course.told(name, NOTES.get(outcome.state, "FAILED"))
                report.done(slug, name, outcome.seconds, note)
                order.done(name)
    finally:  # on an interrupt, do not wait for kernels: they end with their server
        pool.shutdown(wait=False, cancel_futures=True)
    shutil.rmtree(draft / ROOMS, ignore_errors=True)  # none where all were taken over
    return course


def _settled(name: str, draft: Path, plan: Plan, earlier: Earlier, course: Course) -> str:
    """Why a chapter need not be run; empty where it has to be."""
    if blocked := _blocked(plan.chapters[name], course.states, plan):
        course.states[name] = f"not run because {blocked} failed"
        return course.states[name]
    decision = earlier.decide(name, course.records)
    course.decided(name, decision)
    if decision.finished is None or decision.inputs is None:
        return ""
    course.settle(name, decision.finished.put(draft))
    course.records[name] = decision.inputs
    return TAKEN


def _blocked(chapter: Chapter, states: Mapping[str, str], plan: Plan) -> str:
    before = plan.chapters if chapter.last else chapter.after
    bad = [n for n in before if n != chapter.name and states.get(n, "done") not in FINE]
    return ", ".join(bad)


def _in_turn(turn: Turn, report: Steps, name: str, draft: Path, plan: Plan) -> execution.Execution:
    with turn():
        report.started(plan.study.slug, name)
        return _execute(name, draft, plan)


def _execute(name: str, draft: Path, plan: Plan) -> execution.Execution:
    room = _room(name, draft, plan)
    values = {
        **plan.parameters[name],
        "client": os.path.relpath(plan.study.folder),
        "results_dir": str(room / "results"),
    }
    source = room / "sources" / f"{name}.ipynb"
    source.parent.mkdir()
    whole = nbformat.read(plan.chapters[name].path, as_version=4)
    nbformat.write(sections.for_client(whole, plan.has, plan.short), source)
    target = room / "notebooks" / f"{name}.ipynb"
    return execution.execute(source, target, values, called=plan.study.called)


def _room(name: str, draft: Path, plan: Plan) -> Path:
    """A folder with the results that a chapter says it reads, and with no others.

    So no chapter finds what happened to be there already, or is not known to depend on.
    """
    room, chapter = draft / ROOMS / name, plan.chapters[name]
    (room / "results").mkdir(parents=True)
    shared = [path for one in above(chapter, plan) for path in files_of(one, draft)]
    if chapter.reads_record:
        shared.append(draft / "results" / results.RUN)
    for path in shared:
        if path.parent.name == "results":
            shutil.copy(path, room / "results" / path.name)
    return room


def _take_in(
    name: str, outcome: execution.Execution, draft: Path, plan: Plan, earlier: Earlier,
    course: Course,
) -> None:  # fmt: skip
    """Take what a chapter left out of its room; one that is not estimable hands nothing on."""
    room = draft / ROOMS / name
    own = files_of(name, room) if outcome.state == "done" else []
    notebooks = room / "notebooks"
    logs = notebooks.iterdir() if notebooks.is_dir() else ()
    for path in dict.fromkeys((*own, *logs)):
        copy = draft / path.relative_to(room)
        copy.parent.mkdir(exist_ok=True)
        path.replace(copy)
    shutil.rmtree(room)
    course.settle(name, outcome)
    if outcome.state not in FINE:
        return
    inputs = earlier.depends.after_run(name, results.load(name, draft / "results"))
    course.records[name] = inputs
    if content_key(plan.study.folder) == plan.key:  # else it may have read another state
        told = earlier.depends.recorded(course.records).of(name)
        earlier.kept.save(name, outcome, draft, told, inputs)
