"""Whole runs: what a report is made of, and what is left when one is cut off."""

from __future__ import annotations

import getpass
import hashlib
import json
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from whole_runs import left, tree


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
    book = reported / "build/small/book"
    page = (book / "book/more_data.html").read_text(encoding="utf-8")
    text = re.sub(r"<[^>]+>", "", page)
    assert "Not sent: revenue by account and month (financials)" in text
    assert "Who stays." in text
    assert not (book / "notebooks/linkage.html").exists()
    assert "linkage.html" not in (book / "notebooks/executive.html").read_text(encoding="utf-8")


HEAVY = """import sys
from helpers import cli
try:
    cli.main()
except SystemExit as left:
    heavy = {"pandas", "numpy", "statsmodels", "jupyter_client", "helpers.study"}
    print(left.code, sorted(heavy & set(sys.modules)))
"""
SECONDS = 1.5  # of an idle core


def test_that_nothing_changed_is_told_at_once(place):
    before, used = tree(place / "build"), _seconds_of_others()
    said = subprocess.run(
        [sys.executable, "-c", HEAVY, "run", "small", "--why"],
        cwd=place, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    assert _seconds_of_others() - used < SECONDS
    book = "build/small/book/index.html"
    assert said[0] == f"small: nothing changed since its report was made: {book}"
    assert said[1:] == [
        *(f"small, {name}: kept, nothing it reads changed" for name in
          ("drivers", "executive", "sampling")),
        "small, book: kept, nothing on its pages changed",
        "0 []",
    ]  # fmt: skip
    names = {name for name, told in tree(place / "build").items() if before.get(name) != told}
    assert names <= {".locks/small.txt", ".locks/small.lock"}


def _seconds_of_others() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.mark.clients
def test_a_changed_report_equals_a_fresh_one_byte_for_byte(place, in_process):
    words = ("--set", "drivers.seed=7", "--formats", "xlsx")
    done = in_process("run", "small", *words, "--why")
    assert done.returncode == 0, done.stderr
    assert "small, drivers: ran, because of drivers.seed (20260630 before, 7 now)" in done.stdout
    assert "small, sampling: kept, nothing it reads changed" in done.stdout
    changed = tree(place / "build" / "small")
    assert in_process("run", "small", *words, "--fresh").returncode == 0
    anew = tree(place / "build" / "small")
    assert set(anew) == set(changed)
    assert {name for name in anew if anew[name] != changed[name]} <= {"manifest.json", ".made"}


@pytest.mark.clients
def test_a_trial_with_one_chapter_and_another_seed_leaves_the_report_alone(place, in_process):
    before = tree(place / "build" / "small")
    words = ("--chapters", "sampling", "--set", "sampling.seed=1", "--output", "trial")
    assert in_process("run", "small", *words).returncode == 0
    assert tree(place / "build" / "small") == before
    after = tree(place / "trial" / "small")
    assert after["results/sampling.json"] != before["results/sampling.json"]
    names = {path.stem for path in (place / "trial/small/results").glob("[!_]*.json")}
    assert names == {"sampling", "executive"}
    page = (place / "trial/small/book/book/more_data.html").read_text(encoding="utf-8")
    text = re.sub(r"<[^>]+>", " ", page)
    assert re.search(r"Left out of this run.*Not asked for:\s+Drivers", text, re.DOTALL)


@pytest.mark.clients
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


@pytest.mark.clients
def test_the_logs_of_a_failed_run_name_no_folder(place, in_process):
    assert in_process("run", "small", "--set", "sampling.fault=raise").returncode == 1
    for path in (place / "build" / "failed" / "small").rglob("*.*"):
        text = path.read_text(encoding="utf-8")
        assert str(place) not in text, path
        assert sys.prefix not in text, path
        assert tempfile.gettempdir() not in text, path


@pytest.mark.clients
def test_a_disk_that_is_full_is_called_so(place, in_process):
    done = in_process("run", "small", "--set", "sampling.fault=full")
    assert done.returncode == 1
    assert "  sampling, cell 4: the disk is full: make room and run again" in (
        done.stderr.splitlines()
    )


@pytest.mark.clients
def test_files_that_change_while_a_report_is_made_end_it(place, in_process):
    before = tree(place / "build" / "small")
    done = in_process("run", "small", "--chapters", "sampling", "--set", "sampling.fault=change")
    assert done.returncode == 1
    assert "files of small changed while its report was made: run it again" in done.stderr
    assert tree(place / "build" / "small") == before


@pytest.mark.clients
def test_chapters_that_contradict_each_other_make_no_book(place, in_process):
    before = tree(place / "build" / "small")
    both = ("--set", "sampling.fault=contradict", "--set", "drivers.fault=contradict")
    done = in_process("run", "small", *both, "--set", "sampling.seed=1")
    assert done.returncode == 1
    assert "the report contradicts itself: Mean score is" in done.stderr
    assert tree(place / "build" / "small") == before


@pytest.mark.clients
def test_a_page_that_says_another_number_than_its_results_makes_no_book(place, in_process):
    before = tree(place / "build" / "small")
    done = in_process("run", "small", "--set", "sampling.fault=misquote")
    assert done.returncode == 1
    assert "pages say what the results do not: sampling: sampling.mean is quoted as" in done.stderr
    assert tree(place / "build" / "small") == before


@pytest.mark.clients
def test_a_cell_that_raises_is_named_and_the_last_report_stays(place, in_process):
    before = tree(place / "build" / "small")
    done = in_process("run", "small", "--set", "sampling.fault=raise")
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


@pytest.mark.clients
def test_a_kernel_that_is_killed_is_named_and_other_clients_go_on(place, in_process):
    other = Path(shutil.copytree(place / "data" / "small", place / "data" / "other"))
    config = other / "client.yml"
    config.write_text(config.read_text() + "parameters: {drivers: {fault: die}}\n")
    done = in_process("run", "other", "small", "--fresh")
    assert done.returncode == 1
    assert "  drivers, cell 4: Kernel died" in done.stderr.splitlines()
    assert "small: build/small/book/index.html" in done.stdout
    assert not (place / "build" / "other").exists()
    partial_notebook = place / "build" / "failed" / "other" / "notebooks" / "drivers.part.ipynb"
    assert partial_notebook.is_file()


@pytest.mark.clients
def test_a_book_that_does_not_build_keeps_the_last_one(place, in_process):
    (place / "book" / "client_folder.md").write_text("# A\n\n[nowhere](no_such_page.md)\n")
    before = tree(place / "build" / "small")
    done = in_process("run", "small")
    assert done.returncode == 1
    assert "the book did not build" in done.stderr
    assert "no_such_page" in done.stderr
    assert tree(place / "build" / "small") == before
