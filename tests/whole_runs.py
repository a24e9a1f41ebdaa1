"""Whole runs for tests: in this process, or as one of its own, and what each leaves behind."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import nbformat
from markdown_it import MarkdownIt
from rich.console import Console

from helpers import results
from helpers.press import plans
from helpers.press import run as runs
from helpers.press.belonging import mark
from helpers.press.book import published
from helpers.press.places import Places
from helpers.press.progress import Reporter
from helpers.press.quantities import called
from helpers.press.shown import filled
from helpers.press.traced import untraced
from helpers.results import ChapterResult
from helpers.views.rendering.questions import by_chance

COMMAND = Path(sys.executable).with_name("handbook")
FEW = {  # draws, where a test is about pages, files or bytes, and not about what draws are for
    "drivers": {"replicates": 200, "redraws": 60},
    "linkage": {"replicates": 50},
    "value_map": {"replicates": 50},
    "operations": {"draws": 200},
}
OUTPUTS = "outputs"  # pages of a run without a book


@dataclass(frozen=True)
class Made:
    """A report: with its book, or with the outputs of its chapters alone."""

    place: Path

    @cached_property
    def results(self) -> dict[str, ChapterResult]:
        """What each chapter handed on."""
        return results.load_all(self.place / "results")

    @cached_property
    def states(self) -> dict[str, str]:
        """How each chapter went."""
        told = json.loads((self.place / "manifest.json").read_text(encoding="utf-8"))
        return {name: chapter["state"] for name, chapter in told["chapters"].items()}

    def page(self, chapter: str) -> str:
        """A chapter's page; of one that the data cannot feed, the page that says so."""
        of = self.place / ("book" if (self.place / "book").is_dir() else OUTPUTS)
        own = of / "notebooks" / f"{chapter}.html"
        return (own if own.is_file() else of / "book" / "more_data.html").read_text("utf-8")


def made(
    client: str | Path,
    project: Path,
    build: Path,
    *,
    chapters: Sequence[str] = (),
    settings: plans.Parameters | None = None,
    with_book: bool = True,
) -> Made:
    """A client's report, made in this process.

    Without the book its pages are what their cells showed, as the press publishes it, and are
    read again for numbers that the results do not hold, as those of a book are.
    """
    places = Places(build)
    plan = plans.plan(client, project, chapters=chapters, settings=settings)
    with Reporter(plan.steps, Console(quiet=True)) as reporter:
        report = runs.run(plan, places, reporter, with_book=with_book)
    assert not report.failed, report.failures
    done = Made(places.published(plan.study.slug))
    if not with_book:
        _write_outputs(done, plan.study.currency)
        assert untraced(done.place / OUTPUTS, done.results, called(plan.study)) == []
    return done


def take_over(report: Path, client: Path, build: Path) -> None:
    """Put a copy of a report where a client's next run finds its last one.

    Of it that run takes over each chapter that is made of the same content, and no other.
    """
    beside = shutil.ignore_patterns("book", "exports", "logs")
    mark(shutil.copytree(report, build / report.name, ignore=beside), client, build)


def _write_outputs(done: Made, currency: str) -> None:
    pages = done.place / OUTPUTS / "notebooks"
    pages.mkdir(parents=True)
    doubts = by_chance(done.results)
    for path in (done.place / "notebooks").glob("*.ipynb"):
        cells = published(nbformat.read(path, as_version=4), doubts.get(path.stem)).cells
        page = "\n".join(map(_shown, cells))
        text = filled(path.stem, page, done.place / "results", currency)
        (pages / f"{path.stem}.html").write_text(text, encoding="utf-8")


def _shown(cell: nbformat.NotebookNode) -> str:
    if cell.cell_type == "markdown":
        return MarkdownIt().render(cell.source)
    data = [output.get("data", {}) for output in cell.outputs]
    return "\n".join(one.get("text/html", one.get("text/plain", "")) for one in data)


def fresh(project: Path, report: Path) -> bool:
    """Whether a demo client's report is newer than all that it is made of."""
    made = report / "manifest.json"
    if not made.is_file():
        return False
    folders = ("src/helpers", "notebooks", "book", f"data/{report.name}")
    files = [path for name in folders for path in (project / name).rglob("*.*")]
    sources = [path for path in files if path.is_file() and "__pycache__" not in path.parts]
    sources += [project / "_config.yml", project / "_toc.yml"]
    return made.stat().st_mtime > max(path.stat().st_mtime for path in sources)


class Running(subprocess.Popen[str]):
    """A run as a process, and the lines that were read of it."""

    def __init__(self, *words: Any, **settings: Any) -> None:
        super().__init__(*words, **settings)
        self.said: list[str] = []


@contextmanager
def running(
    place: Path,
    *words: str,
    until: str = "sampling",
    hangup: signal.Handlers = signal.SIG_DFL,
) -> Iterator[Running]:
    """A run in a process group of its own, given over once a line names ``until``."""

    def as_from_a_terminal() -> None:  # else as our parent's
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.signal(signal.SIGHUP, hangup)

    began = Running(
        [str(COMMAND), "run", "small", *words],
        cwd=place,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        preexec_fn=as_from_a_terminal,
    )
    try:
        for line in began.stdout:
            began.said.append(line)
            if until in line:
                break
        assert began.poll() is None, "the run ended before it could be cut off"
        yield began
    finally:
        if began.poll() is None:
            os.killpg(began.pid, signal.SIGKILL)
        began.wait(10)
        began.stdout.close()


def tree(folder: Path) -> dict[str, str]:
    """Every file by its digest: equal trees are equal byte for byte."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def left(build: Path) -> set[str]:
    """What stands in the build folder besides locks, which stay."""
    return {path.name for path in build.iterdir()} - {".locks"}


def kernels_of(place: Path) -> list[str]:
    """Command lines and folders of processes that still work in this place."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            where = (process / "cwd").readlink()
        except OSError:
            continue
        if where.is_relative_to(place):
            found.append((process / "cmdline").read_bytes().decode(errors="replace"))
    return found


if __name__ == "__main__":  # NAME FOLDER [REPORT]: results and outputs, with few draws
    _, name, folder, *earlier = sys.argv
    project, build = Path(__file__).parents[1], Path(folder)
    for report in earlier:
        take_over(Path(report), project / "data" / name, build)
    made(name, project, build, settings=FEW, with_book=False)
