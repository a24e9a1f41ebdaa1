"""What a worker does with one client: fetched, run, published; or left where nothing changed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from helpers.errors import Fault, HandbookError
from helpers.press.belonging import mark
from helpers.press.cluster import tasks
from helpers.press.cluster.tasks import Task, handbook_key, make_report
from helpers.press.many.outcome import Outcome
from helpers.press.untouched import Asked, Made, whole_digest, write_made

RUN = "helpers.press.many.client.run_client"
PROJECT = Path(__file__).parents[3]


@pytest.fixture
def client(project: Path, tmp_path: Path) -> Path:
    """A client's folder on a store."""
    folder = tmp_path / "clients" / "acme"
    shutil.copytree(project / "data" / "mobile", folder)
    return folder


class Runs:
    """In the place of a run: what it was given, and what it is to leave."""

    def __init__(self) -> None:
        self.seen: list[dict[str, object]] = []
        self.ends = Outcome("acme", 0, seconds={"sampling": 1.0})
        self.leaves = "acme/book/index.html"
        self.earlier: list[list[str]] = []  # what lay there of an earlier report

    def __call__(self, folder, output, only, chosen, formats, steps=None) -> Outcome:
        studies = os.environ["HANDBOOK_STUDIES"]
        files = sorted(path.name for path in folder.iterdir())
        self.seen.append(
            {"files": files, "studies": studies, "reading": tasks.READING in os.environ}
        )
        found = Path(output) / "acme"
        self.earlier.append(sorted(path.name for path in found.iterdir()) if found.is_dir() else [])
        left = Path(output) / self.leaves
        left.parent.mkdir(parents=True, exist_ok=True)
        left.write_text("the book", encoding="utf-8")
        if not self.ends.code:
            mark(found, folder, output)
            asked = Asked(tuple(only), chosen, tuple(formats))
            write_made(Made(whole_digest(folder, PROJECT, output, asked), {}), found)
        os.environ.setdefault(tasks.READING, "of this run")  # as `read_once` does
        return replace(self.ends, book=str(left), files=(str(left), "no PDF: no Chromium"))


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> Runs:
    stand_in = Runs()
    monkeypatch.setattr(RUN, stand_in)
    return stand_in


@pytest.fixture
def task(client: Path, tmp_path: Path, project: Path) -> Task:
    places = (str(client.parent), f"file://{tmp_path / 'reports'}")
    return Task("acme", *places, handbook=handbook_key(project))


def only_drivers(task: Task) -> Task:
    return replace(task, asked=Asked(("drivers",)))


def test_a_client_is_fetched_run_and_published_and_nothing_else_stays(task, runs, tmp_path, client):
    before = dict(os.environ)
    done = make_report(task)
    assert (done.outcome.code, done.unchanged) == (0, False), done
    assert runs.seen[0]["files"] == sorted(path.name for path in client.iterdir())
    book = tmp_path / "reports" / "acme" / "book" / "index.html"
    assert (done.outcome.book, book.read_text()) == (str(book), "the book")
    assert done.outcome.files == (str(book), "no PDF: no Chromium")
    assert dict(os.environ) == before
    assert not Path(str(runs.seen[0]["studies"])).parent.exists()


def test_what_did_not_change_is_not_run_again_whenever_it_was_touched(task, runs, client):
    assert not make_report(task).unchanged
    later = time.time() + 60
    for path in client.iterdir():
        os.utime(path, (later, later))
    again = make_report(task)
    assert (again.unchanged, again.outcome.code, len(runs.seen)) == (True, 0, 1)
    assert again.outcome.book.endswith("reports/acme/book/index.html")


@pytest.mark.parametrize("what", ["byte", "file", "chapters", "parameter", "format", "fresh"])
def test_what_changed_is_run_again(task, runs, client, what):
    make_report(task)
    if what == "byte":
        declared = client / "client.yml"
        declared.write_text(declared.read_text() + "\n", encoding="utf-8")
    elif what == "file":
        (client / "remarks.txt").write_text("new", encoding="utf-8")
    other = {
        "chapters": {"asked": Asked(("drivers",))},
        "parameter": {"asked": Asked(settings={"drivers": {"seed": 1}})},
        "format": {"asked": Asked(formats=("html", "xlsx"))},
        "fresh": {"fresh": True},
    }
    assert not make_report(replace(task, **other.get(what, {}))).unchanged
    assert len(runs.seen) == 2
    taken = [] if what == "fresh" else [".made", ".source", "book"]
    assert runs.earlier == [[], taken], "the run finds what an earlier one made"


def test_a_database_is_asked_anew_by_every_task(task, runs, client):
    """Nobody can tell whether what lies there has changed."""
    declared = client / "client.yml"
    address = "# tables: {financials: postgresql://db/x}\n"
    declared.write_text(declared.read_text() + address, encoding="utf-8")
    assert [make_report(task).unchanged for _ in range(2)] == [False, False]
    assert [one["reading"] for one in runs.seen] == [False, False]


def test_what_stopped_a_client_is_its_outcome_and_its_logs_lie_apart(task, runs, tmp_path):
    make_report(task)
    runs.ends = Outcome("acme", 1, failures=("drivers, cell 3: odd",))
    runs.leaves = "failed/acme/logs/drivers.log"
    done = make_report(only_drivers(task))
    assert (done.outcome.code, done.outcome.failures) == (1, ("drivers, cell 3: odd",))
    assert done.outcome.book == ""
    assert (tmp_path / "reports" / "failed" / "acme" / "logs" / "drivers.log").is_file()
    assert (tmp_path / "reports" / "acme" / "book" / "index.html").is_file()
    faults = (Fault("responses.csv", "is missing", "Send it."),)
    runs.ends, runs.leaves = Outcome("acme", 2, faults=faults), "nothing"
    assert make_report(only_drivers(task)).outcome.faults == faults


def test_no_error_travels_and_no_credential_does(task, runs, monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "geheim-7/x")

    def odd(*_: object, **__: object) -> None:
        raise RuntimeError("asked with geheim-7/x")

    monkeypatch.setattr(RUN, odd)
    outcome = make_report(task).outcome
    assert outcome.code == 3
    assert "RuntimeError: asked with …" in outcome.trace
    runs.ends = Outcome("acme", 1, failures=("s3 with geheim-7/x: no",))
    monkeypatch.setattr(RUN, runs)
    assert make_report(task).outcome.failures == ("s3 with …: no",)


def test_the_report_of_another_folder_of_this_name_is_not_replaced(task, runs, client, tmp_path):
    make_report(task)
    shutil.copytree(client.parent, tmp_path / "others")
    done = make_report(replace(task, clients=str(tmp_path / "others")))
    assert (done.outcome.code, len(runs.seen)) == (2, 1)
    assert "has the name of another client's folder" in done.outcome.failures[0]


def test_a_worker_with_another_handbook_makes_nothing(task, runs):
    done = make_report(replace(task, handbook="another"))
    assert (done.outcome.code, runs.seen) == (2, [])
    assert "has another version of the handbook" in done.outcome.failures[0]


def test_a_handbook_is_known_by_its_content(project, tmp_path):
    for name in ("notebooks", "book"):
        shutil.copytree(project / name, tmp_path / name)
    for name in ("_config.yml", "_toc.yml"):
        shutil.copy(project / name, tmp_path)
    assert handbook_key(tmp_path) == handbook_key(project)
    page = tmp_path / "book" / "glossary.md"
    page.write_text(page.read_text(encoding="utf-8") + ".", encoding="utf-8")
    assert handbook_key(tmp_path) != handbook_key(project)


def test_a_command_that_lets_others_run_imports_nothing_that_runs():
    """Else a mistyped address is told two seconds later."""
    told = "import sys, helpers.press.cluster.scheduler as _; from helpers.press import warm; "
    told += "print([one for one in (warm.RUNS, 'scipy', 'matplotlib') if one in sys.modules])"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_scheduler_needs_dask_and_says_how_it_is_had(monkeypatch):
    from helpers.press.cluster import scheduler

    monkeypatch.setattr(scheduler, "find_spec", lambda name: None)
    with pytest.raises(HandbookError, match=r"pip install \"loyalty-handbook\[cluster\]\""):
        scheduler.run_tasks([], "tcp://127.0.0.1:1", None, print)
