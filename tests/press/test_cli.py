"""The command as people and scripts meet it: its messages and its exit codes."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import ModuleType

import pytest
from typer.testing import CliRunner

from helpers.cli import app
from helpers.errors import HandbookError

COMMANDS = [one.name or one.callback.__name__ for one in app.registered_commands]
Handbook = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def twelve(project: Path) -> ModuleType:
    """The first acceptance folder, as the study layer's own test builds it."""
    path = project / "tests" / "study" / "test_twelve_faults.py"
    spec = importlib.util.spec_from_file_location("twelve_faults", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def place(project: Path, tmp_path: Path, twelve: ModuleType) -> Path:
    """A handbook of its own with one small sound client."""
    shutil.copy(project / "_toc.yml", tmp_path)
    shutil.copytree(project / "notebooks", tmp_path / "notebooks")
    twelve.write(tmp_path / "data" / "planted-works", twelve.FILES)
    return tmp_path


@pytest.fixture
def handbook(place: Path, forked_in: Handbook) -> Handbook:
    return partial(forked_in, place)


def tree(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_sound_client_has_no_faults(handbook):
    done = handbook("check", "planted-works")
    assert (done.returncode, done.stderr) == (0, "")
    assert "planted-works: no faults." in done.stdout


@pytest.mark.parametrize("words", ["check planted-works", "run planted-works --bogus", "--help"])
def test_a_forked_command_says_what_a_started_one_says(words, handbook, handbook_in, place):
    forked, started = handbook(*words.split()), handbook_in(place, *words.split())
    assert (forked.returncode, forked.stdout, forked.stderr) == (
        started.returncode, started.stdout, started.stderr
    )  # fmt: skip
    assert forked.stdout or forked.stderr


def test_a_check_of_a_survey_alone_waits_for_no_statistics(small_project):
    """They take two seconds to come, and a check of such a client needs none of them."""
    code = (
        "import sys; from pathlib import Path; from helpers.press.plans import plan; "
        "plan('small', Path()); "
        "sys.exit(any(name in sys.modules for name in ('scipy', 'sklearn', 'statsmodels')))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=small_project).returncode == 0


def test_twelve_faults_are_listed_together_without_a_traceback(handbook, place, twelve):
    folder = twelve.write(place / "data" / "acme", twelve.planted(*twelve.FAULTS))
    for command in ("check", "run"):
        done = handbook(command, "acme")
        lines = done.stderr.splitlines()
        assert done.returncode == 2
        assert len(lines) == 13
        assert all(line.startswith("error: ") for line in lines[:12]), done.stderr
        for _, _, _, where, words in twelve.FAULTS.values():
            [_] = [line for line in lines if line.startswith(f"error: {where}") and words in line]
        assert lines[12] == "12 fault(s). Nothing was run and nothing was changed."
        assert "Traceback" not in done.stdout + done.stderr
    assert not (place / "build").exists()
    assert folder.is_dir()


def test_faults_of_several_clients_are_listed_at_once_and_none_is_run(handbook, place, twelve):
    twelve.write(place / "data" / "acme", twelve.planted("1 a short row"))
    done = handbook("run", "planted-works", "acme", "globex")
    assert done.returncode == 2
    assert "acme: error: responses.csv, row 5" in done.stderr
    assert "globex: error: globex: is not a client folder. Known here: acme, planted-works." in (
        done.stderr
    )
    assert not (place / "build").exists()


WRONG = {
    "--set drivers.replicate=5": (
        "--set, column drivers.replicate: 'replicate' is not a parameter of drivers. "
        "Did you mean 'replicates'?"
    ),
    "--set drivers.replicates=many": (
        "--set, column drivers.replicates: 'many' is not a whole number. "
        "Write it like the default, 2000."
    ),
    "--set driver.seed=5": "--set: 'driver' is not a chapter. Did you mean 'drivers'?",
    "--chapters drivers,linkge": "--chapters: 'linkge' is not a chapter. Did you mean 'linkage'?",
}


def test_wrong_settings_are_listed_together_before_anything_runs(handbook, place):
    done = handbook("run", "planted-works", *" ".join(WRONG).split())
    assert done.returncode == 2
    assert {line.removeprefix("error: ") for line in done.stderr.splitlines()[:-1]} == set(
        WRONG.values()
    )
    assert not (place / "build").exists()


def test_what_is_not_a_setting_at_all_is_refused(handbook):
    done = handbook("run", "planted-works", "--set", "replicates", "--set", "sampling.margins=[a")
    assert done.returncode == 2
    for text in ("replicates", "sampling.margins=[a"):
        assert f"--set: '{text}' is not a setting. Write it as chapter.parameter=" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_option_that_does_not_exist_is_named(handbook):
    done = handbook("run", "planted-works", "--bogus")
    assert (done.returncode, done.stderr.strip()) == (2, "No such option: --bogus")


def test_a_wrong_parameter_in_the_clients_file_is_found_by_check(handbook, place):
    config = place / "data" / "planted-works" / "client.yml"
    config.write_text(config.read_text() + "parameters: {drivers: {confidnce: 0.9}}\n")
    done = handbook("check", "planted-works")
    assert done.returncode == 2
    assert (
        "'confidnce' is not a parameter of drivers (line 6). Did you mean 'confidence'?"
        in done.stderr
    )


def test_an_unknown_client_and_no_client_are_refused(handbook):
    unknown, nobody = handbook("check", "acme"), handbook("run")
    assert (unknown.returncode, nobody.returncode) == (2, 2)
    assert "acme: is not a client folder. Known here: planted-works." in unknown.stderr
    assert "name a client, or give --all" in nobody.stderr


def test_two_clients_of_one_name_cannot_share_a_report(handbook, place):
    shutil.copytree(place / "data" / "planted-works", place / "elsewhere" / "planted-works")
    done = handbook("run", "planted-works", "elsewhere/planted-works")
    assert done.returncode == 2
    assert "has the name of another client of this run" in done.stderr
    assert not (place / "build").exists()


def test_a_name_that_the_handbook_keeps_for_itself_is_refused(handbook, place):
    (place / "data" / "planted-works").rename(place / "data" / "failed")
    done = handbook("run", "failed")
    assert done.returncode == 2
    assert "'failed' is not a name for a client: it is a reserved name. Rename" in done.stderr


def test_another_folder_of_the_same_name_never_takes_a_reports_place(handbook, place):
    report = place / "build" / "planted-works"
    report.mkdir(parents=True)
    (report / ".source").write_text("made from another folder")
    done = handbook("run", "planted-works")
    assert done.returncode == 2
    assert (
        "data/planted-works: has the name of another client's folder, which has a report. "
        "Rename the folder, or give --output; or remove build/planted-works." in done.stderr
    )
    assert (report / ".source").read_text() == "made from another folder"


@pytest.mark.parametrize("command", ["new", "check", "run", "sample", "alerts", "serve", "open"])
@pytest.mark.parametrize("name", ["*", "{client}", "samples", "~", "a\x1b[2J"])
def test_every_command_refuses_what_is_no_name(command, name, monkeypatch, place):
    monkeypatch.chdir(place)
    done = CliRunner().invoke(app, [command, name])
    refused = isinstance(done.exception, HandbookError) or done.exit_code == 2
    assert refused
    assert str(done.exception).isprintable()
    assert not (place / "build").exists()
    assert [path.name for path in (place / "data").iterdir()] == ["planted-works"]


def test_a_new_client_is_checked_and_told_what_is_missing(handbook, place):
    made = handbook("new", "acme-tools")
    assert made.returncode == 0
    assert "handbook check acme-tools" in made.stdout
    assert sorted(tree(place / "data" / "acme-tools")) == ["client.yml", "codebook.csv"]
    checked = handbook("check", "acme-tools")
    assert checked.returncode == 2
    *_, last, _ = checked.stderr.splitlines()
    assert "column wave: is not filled in" in checked.stderr
    assert last == (
        "error: responses: is missing. Send responses.csv, or name its file under `tables:` "
        "in client.yml."
    )


def test_a_new_client_never_overwrites_one_that_is_there(handbook, place):
    before = tree(place / "data")
    done = handbook("new", "planted-works")
    assert done.returncode == 2
    assert done.stderr.startswith("planted-works already has client.yml and codebook.csv")
    assert tree(place / "data") == before


def test_clients_are_listed_with_their_reports(handbook, place):
    book = place / "build" / "planted-works" / "book" / "index.html"
    assert handbook("list").stdout.split() == ["planted-works", "no", "report", "yet"]
    book.parent.mkdir(parents=True)
    book.write_text("<p>here</p>")
    assert handbook("list").stdout.split() == ["planted-works", str(book.relative_to(place))]


def test_a_report_that_was_not_made_cannot_be_opened(handbook):
    done = handbook("open", "planted-works")
    assert done.returncode == 2
    assert "has no report yet. Make one with: handbook run planted-works" in done.stderr


def test_a_folder_that_cannot_be_written_is_said_in_one_line(handbook, place):
    (place / "build").write_text("a file, not a folder")
    done = handbook("run", "planted-works")
    assert done.returncode == 1
    assert "Nothing was put in place." in done.stderr
    assert "Traceback" not in done.stderr


def test_from_anywhere_it_finds_the_handbook_that_it_was_installed_from(
    handbook_in, tmp_path, project, twelve
):
    done = handbook_in(tmp_path, "list")
    assert done.returncode == 0
    assert "northfield" in done.stdout
    folder = twelve.write(tmp_path / "acme", twelve.FILES)
    checked = handbook_in(tmp_path, "check", str(folder))
    assert (checked.returncode, checked.stderr) == (0, "")
    assert f"{folder}: no faults." in checked.stdout


def test_check_says_of_each_closed_chapter_what_it_lacks(handbook):
    said = handbook("check", "planted-works").stdout.splitlines()
    (drivers,) = [line for line in said if line.startswith("  drivers: ")]
    assert "30 are needed to test anything (`policy.smallest_base.test`)" in drivers


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_an_example(handbook, command):
    done = handbook(command, "--help")
    shown = " ".join(re.sub(r"[│╭╮╰╯─]", " ", done.stdout).split())
    assert done.returncode == 0
    assert f"Example: handbook {command}" in shown


def test_help_names_every_command(handbook):
    shown = handbook("--help").stdout
    assert all(re.search(rf"\b{command}\b", shown) for command in COMMANDS)
    assert {"new", "check", "run", "list", "open", "serve"} <= set(COMMANDS)
