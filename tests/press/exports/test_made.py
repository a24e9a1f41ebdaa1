"""Formats of a report: which there are, what a run leaves of each, and what stops one."""

from __future__ import annotations

import json
import sys
from types import ModuleType

import pytest
from rich.console import Console
from typer.testing import CliRunner
from whole_runs import tree

from helpers.cli import app
from helpers.errors import HandbookError, InputFaults
from helpers.press import plans
from helpers.press import run as runs
from helpers.press.exports import made
from helpers.press.exports.source import Export, Source
from helpers.press.places import Places
from helpers.press.progress import Reporter


def test_a_format_that_there_is_none_of_stops_the_command_before_anything_is_run(tmp_path):
    asked = ["run", "northfield", "--formats", "html,doc,key", "--output", str(tmp_path)]
    done = CliRunner().invoke(app, asked)
    assert isinstance(done.exception, InputFaults)
    first, second = map(str, done.exception.faults)
    assert first == (
        "--formats: 'doc' is no format of a report. Give some of "
        f"{', '.join(('html', *made.FORMATS))}, with commas between them; html is always made."
    )
    assert second.startswith("--formats: 'key' is no format")
    assert list(tmp_path.iterdir()) == []


def test_an_export_has_files_or_says_why_not(tmp_path):
    with pytest.raises(ValueError, match="leaves files, or says in a line"):
        Export()
    with pytest.raises(ValueError, match="leaves files, or says in a line"):
        Export((tmp_path / "a.pdf",), "no PDF: no Chromium")


@pytest.mark.parametrize("name", made.FORMATS)
def test_each_format_has_a_module_that_makes_it_and_is_not_imported_for_a_plain_run(name):
    module = made.FORMATS[name]
    assert module.startswith("helpers.press.exports.")
    assert module not in runs.__dict__.values()
    assert callable(made.import_module(module).make)


@pytest.fixture
def registered(monkeypatch):
    """Formats of a test's own in place of ours."""

    def register(**makers) -> None:
        for name, make in makers.items():
            module = ModuleType(f"format_of_a_test_{name}")
            module.make = make
            monkeypatch.setitem(sys.modules, module.__name__, module)
            monkeypatch.setitem(made.FORMATS, name, module.__name__)

    return register


def a_note(source: Source) -> Export:
    assert (source.book / "index.html").is_file()
    source.file("note").write_text(f"{source.study.name}, {source.study.wave}")
    return Export((source.file("note"),))


def a_wrong_one(source: Source) -> Export:
    raise HandbookError("small.note, line 1: 7 is no quantity")


def absent(source: Source) -> Export:
    return Export(missing="no film: no camera is installed")


def ran(place, *formats: str) -> runs.Report:
    plan = plans.plan(place / "data" / "small", place)
    with Reporter(plan.steps, Console(quiet=True)) as report:
        return runs.run(plan, Places(place / "build"), report, formats=formats)


@pytest.mark.clients
@pytest.mark.usefixtures("one_builder")
def test_formats_lie_beside_the_book_and_the_manifest_names_them(place, registered, monkeypatch):
    monkeypatch.chdir(place)
    registered(note=a_note, film=absent)
    done = ran(place, "html", "film", "note")
    note = place / "build" / "small" / "exports" / "small.note"
    assert done.failures == ()
    assert done.exports == {"note": Export((note,)), "film": absent(None)}
    assert note.read_text() == "Small & Sound, 2026H1"
    manifest = json.loads((place / "build" / "small" / "manifest.json").read_text())
    assert manifest["exports"] == {
        "note": {"files": ["small.note"], "missing": ""},
        "film": {"files": [], "missing": "no film: no camera is installed"},
    }


@pytest.mark.clients
@pytest.mark.usefixtures("one_builder")
def test_a_format_that_refuses_leaves_the_last_good_report(place, registered, monkeypatch):
    monkeypatch.chdir(place)
    before = tree(place / "build" / "small")
    registered(note=a_note, wrong=a_wrong_one)
    done = ran(place, "note", "wrong")
    assert done.failures == ("small.note, line 1: 7 is no quantity",)
    assert (done.failed, done.refused) == (True, False)
    assert tree(place / "build" / "small") == before


@pytest.mark.clients
def test_the_command_says_in_a_line_which_format_is_missing_and_why(handbook):
    done = handbook("run", "small", "--formats", "html,xlsx")
    assert (done.returncode, done.stderr) == (0, "")
    why = "no Excel workbook: this run has no list of accounts, leads, actions or alerts"
    lines = done.stdout.splitlines()
    assert f"  {why}" in lines
    assert [line for line in lines if line.endswith(f" s  {why}")]
