"""Whole runs: what a report is made of, and what is left when one is cut off."""

from __future__ import annotations

import getpass
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

COMMAND = Path(sys.executable).with_name("handbook")
Handbook = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def reported(small_project: Path, handbook_in: Handbook, tmp_path_factory) -> Path:
    """The small project with a good report of its one client."""
    place = tmp_path_factory.mktemp("reported") / "handbook"
    shutil.copytree(small_project, place)
    done = handbook_in(place, "run", "small")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "small: build/small/book/index.html" in done.stdout
    assert done.stderr == ""
    return place


@pytest.fixture
def place(reported: Path, tmp_path: Path) -> Path:
    """A copy of it to do harm in."""
    return Path(shutil.copytree(reported, tmp_path / "handbook"))


@pytest.fixture
def handbook(place: Path, handbook_in: Handbook) -> Handbook:
    return partial(handbook_in, place)


@contextmanager
def running(
    place: Path,
    *words: str,
    until: str = "sampling",
    hangup: signal.Handlers = signal.SIG_DFL,
) -> Iterator[subprocess.Popen[str]]:
    """A run in a process group of its own, given over once a line names ``until``."""

    def as_from_a_terminal() -> None:  # else as our parent's
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.signal(signal.SIGHUP, hangup)

    began = subprocess.Popen(
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


def test_a_run_makes_a_book_results_and_a_manifest(reported):
    report = reported / "build" / "small"
    assert (report / "book" / "index.html").is_file()
    assert {path.stem for path in (report / "results").glob("[!_]*.json")} == {
        "executive", "sampling", "drivers",
    }  # fmt: skip
    assert {path.name for path in (report / "notebooks").iterdir()} == {
        "executive.ipynb", "sampling.ipynb", "drivers.ipynb",
    }  # fmt: skip
    assert left(reported / "build") == {"small"}


def test_the_manifest_says_what_the_run_was_made_of(reported):
    made = json.loads((reported / "build" / "small" / "manifest.json").read_text())
    responses = reported / "data" / "small" / "responses.csv"
    [read] = [entry for entry in made["inputs"] if entry["table"] == "responses"]
    assert read["sha256"] == hashlib.sha256(responses.read_bytes()).hexdigest()
    assert (read["rows_in"], read["rows_out"]) == (30, 30)
    assert made["parameters"]["drivers"] == {"fault": "", "pause": 0.0, "seed": 20260630}
    assert made["versions"]["python"].startswith(f"{sys.version_info.major}.")
    assert set(made["versions"]) >= {"pandas", "statsmodels", "papermill", "jupyter-book"}
    assert made["chapters"]["linkage"] == {"state": "closed", "seconds": 0.0}
    for name in ("sampling", "drivers", "executive", "book"):
        assert made["chapters"][name]["state"] == "done"
        assert made["chapters"][name]["seconds"] > 0


def test_a_chapter_without_its_table_says_which_is_missing(reported):
    page = (reported / "build/small/book/notebooks/linkage.html").read_text(encoding="utf-8")
    text = re.sub(r"<[^>]+>", "", page)
    assert "this client sent no financials table" in text.lower()
    assert "who stays" in text


def test_a_run_that_is_killed_leaves_the_last_report_and_the_next_one_gives_the_same_bytes(
    place, handbook
):
    before = tree(place / "build" / "small")
    with running(place, "--set", "drivers.pause=60") as run:
        os.killpg(run.pid, signal.SIGKILL)
    assert tree(place / "build" / "small") == before
    assert handbook("run", "small").returncode == 0
    after = tree(place / "build" / "small")
    lasting = [name for name in before if name.startswith(("results/", "book/notebooks/"))]
    assert len(lasting) > 6
    assert {name: after.get(name) for name in lasting} == {name: before[name] for name in lasting}
    assert left(place / "build") == {"small"}
    assert kernels_of(place) == []


def test_a_trial_with_one_chapter_and_another_seed_leaves_the_report_alone(place, handbook):
    before = tree(place / "build" / "small")
    words = ("--chapters", "sampling", "--set", "sampling.seed=1", "--output", "trial")
    assert handbook("run", "small", *words).returncode == 0
    assert tree(place / "build" / "small") == before
    after = tree(place / "trial" / "small")
    assert after["results/sampling.json"] != before["results/sampling.json"]
    names = {path.stem for path in (place / "trial/small/results").glob("[!_]*.json")}
    assert names == {"sampling", "executive"}
    page = (place / "trial/small/book/notebooks/drivers.html").read_text(encoding="utf-8")
    assert "This chapter was not part of this run." in page


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupted_run_ends_at_once_and_leaves_only_the_last_report(place, number):
    before = tree(place / "build" / "small")
    with running(place, "--set", "drivers.pause=60") as run:
        asked = time.monotonic()
        os.killpg(run.pid, number)
        assert run.wait(10) == 130
        assert time.monotonic() - asked < 5
        assert "interrupted: the last good report is untouched" in run.stdout.read()
    assert tree(place / "build" / "small") == before
    assert left(place / "build") == {"small"}


def test_a_run_that_is_told_to_outlive_its_terminal_does(place):
    with running(place, "--set", "drivers.pause=60", hangup=signal.SIG_IGN) as run:
        os.kill(run.pid, signal.SIGHUP)
        time.sleep(0.5)
        assert run.poll() is None


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP, signal.SIGKILL])
def test_no_kernel_outlives_its_run_although_a_cell_holds_the_interpreter(place, number):
    with running(place, "--set", "drivers.fault=hold") as run:
        _until(lambda: list(place.glob("build/.small.draft-*/*.holding")))
        os.kill(run.pid, number)
        run.wait(10)
        _until(lambda: not kernels_of(place))


def _until(true: Callable[[], object], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.1)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_the_next_run_goes_on_where_one_was_cut_off_and_gives_the_same_bytes(
    place, handbook, number
):
    before = tree(place / "build" / "small")
    words = ("--set", "executive.pause=3")
    with running(place, *words, until="drivers") as run:
        os.killpg(run.pid, number)
        run.wait(10)
    assert left(place / "build") - {f".small.draft-{run.pid}"} == {"small"}
    done = handbook("run", "small", *words)
    assert done.returncode == 0
    kept = [line.split()[1] for line in done.stdout.splitlines() if "kept from the run" in line]
    assert sorted(kept) == ["drivers", "sampling"]
    after = tree(place / "build" / "small")
    lasting = [
        name
        for name in before
        if name.startswith(("results/", "book/notebooks/", "notebooks/"))
        and name not in ("results/_run.json", "notebooks/executive.ipynb")
    ]
    assert {name: after.get(name) for name in lasting} == {name: before[name] for name in lasting}
    assert not list((place / "build" / ".locks").glob("*.kept"))
    assert "kept from the run" not in handbook("run", "small", *words).stdout


def test_nothing_is_kept_for_other_data(place, handbook):
    words = ("--set", "executive.pause=3")
    with running(place, *words, until="drivers") as run:
        os.killpg(run.pid, signal.SIGTERM)
        run.wait(10)
    responses = place / "data" / "small" / "responses.csv"
    responses.write_text(responses.read_text(encoding="utf-8") + "r99,2026H1,10,10\n")
    done = handbook("run", "small", *words)
    assert done.returncode == 0
    assert "kept from the run" not in done.stdout


def test_no_file_of_a_report_names_a_folder_or_a_person(place, handbook):
    done = handbook("run", "small", "--set", "sampling.fault=warn")
    assert done.returncode == 0, done.stderr
    named = {str(place), str(Path.home()), tempfile.gettempdir(), sys.prefix, ".draft-",
             f"{getpass.getuser()}@", "site-packages/../"}  # fmt: skip
    files = [path for path in (place / "build" / "small").rglob("*") if path.is_file()]
    texts = {
        path.name: path.read_text(encoding="utf-8", errors="replace")
        for path in files
        if "_static" not in path.parts and path.suffix != ".parquet"
    }
    assert {"sampling.ipynb", "book.log", "manifest.json", ".source"} <= set(texts)
    assert "odd: " in texts["sampling.ipynb"]
    found = [(name, word) for name, text in texts.items() for word in named if word in text]
    assert found == []
    assert 'client = \\"small\\"' in texts["sampling.ipynb"]
    assert 'results_dir = \\"\\"' in texts["sampling.ipynb"]


def test_the_logs_of_a_failed_run_name_no_folder(place, handbook):
    assert handbook("run", "small", "--set", "sampling.fault=raise").returncode == 1
    for path in (place / "build" / "failed" / "small").rglob("*.*"):
        text = path.read_text(encoding="utf-8")
        assert str(place) not in text, path
        assert sys.prefix not in text, path
        assert tempfile.gettempdir() not in text, path


def test_a_disk_that_is_full_is_called_so(place, handbook):
    done = handbook("run", "small", "--set", "sampling.fault=full")
    assert done.returncode == 1
    assert "  sampling, cell 4: the disk is full: make room and run again" in (
        done.stderr.splitlines()
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_no_kernel_outlives_its_run_however_that_ends(place, number):
    with running(place, "--set", "drivers.pause=60") as run:
        os.kill(run.pid, number)
        run.wait(10)
    deadline = time.monotonic() + 10
    while kernels_of(place) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert kernels_of(place) == []


def test_a_second_run_of_one_client_is_refused_and_names_the_first(place, handbook):
    with running(place, "--set", "drivers.pause=60") as first:
        second = handbook("run", "small")
        assert second.returncode == 2
        assert f"small is being run already by process {first.pid}, started" in second.stderr
        assert first.poll() is None


def test_a_cell_that_raises_is_named_and_the_last_report_stays(place, handbook):
    before = tree(place / "build" / "small")
    done = handbook("run", "small", "--set", "sampling.fault=raise")
    said = done.stderr.splitlines()
    assert done.returncode == 1
    assert "  sampling, cell 4: ZeroDivisionError: division by zero" in said
    assert "  drivers: not run because sampling failed" in said
    assert any(line.startswith("  executive: not run because") for line in said)
    assert "  full log: build/failed/small/notebooks/sampling.log" in said
    assert "  the last good book is still at build/small/book/index.html" in said
    assert tree(place / "build" / "small") == before
    log = (place / "build" / "failed" / "small" / "notebooks" / "sampling.log").read_text()
    assert "ZeroDivisionError" in log
    assert "Traceback" not in done.stdout + done.stderr


def test_a_kernel_that_is_killed_is_named_and_other_clients_go_on(place, handbook):
    other = Path(shutil.copytree(place / "data" / "small", place / "data" / "other"))
    config = other / "client.yml"
    config.write_text(config.read_text() + "parameters: {drivers: {fault: die}}\n")
    done = handbook("run", "other", "small")
    assert done.returncode == 1
    assert "  drivers, cell 4: Kernel died" in done.stderr.splitlines()
    assert "small: build/small/book/index.html" in done.stdout
    assert not (place / "build" / "other").exists()
    partial_notebook = place / "build" / "failed" / "other" / "notebooks" / "drivers.part.ipynb"
    assert partial_notebook.is_file()


def test_a_book_that_does_not_build_keeps_the_last_one(place, handbook):
    (place / "book" / "client_folder.md").write_text("# A\n\n[nowhere](no_such_page.md)\n")
    before = tree(place / "build" / "small")
    done = handbook("run", "small")
    assert done.returncode == 1
    assert "the book did not build" in done.stderr
    assert "no_such_page" in done.stderr
    assert tree(place / "build" / "small") == before
