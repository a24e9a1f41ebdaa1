"""Real runs that differ in one thing: what changed is told with that reason, and with no other."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
import whole_runs

from helpers.press.comparing import compared, compared_by_steps, open_run
from helpers.press.comparing.beside import HIGHER, LOWER, UNCLEAR
from helpers.press.inputs import FILE, handed_on
from helpers.results import load
from tests.thinned import thinned

FEW = {"drivers": {"replicates": 100, "redraws": 40}}
RUN = """
import sys, whole_runs
from pathlib import Path
client, project, build, settings = sys.argv[1:]
whole_runs.made(Path(client), Path(project), Path(build), chapters=["drivers"],
                settings=eval(settings), with_book=False)
"""
SENT = ("responses", "accounts", "contacts")
pytestmark = pytest.mark.clients


@pytest.fixture(scope="module")
def client(project: Path, tmp_path_factory) -> Path:
    """Every third account of Northfield: its answers and its lists alone."""
    folder = thinned(project, tmp_path_factory.mktemp("client") / "third", *SENT)
    contacts = read(folder / "contacts.csv")
    contacts.drop(columns="last_invited").to_csv(folder / "contacts.csv", index=False)
    return folder


def read(path: Path) -> pd.DataFrame:
    """A table as it was sent: a comment that says n/a stays one."""
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def ran(
    client: Path, project: Path, build: Path, settings=None, source: Path | None = None,
    over: Path | None = None,
) -> Path:  # fmt: skip
    """A run; one with the code of another folder is a process of its own.

    From a run ``over`` which it is made it takes what is made of the same content.
    """
    told = settings or FEW
    if over is not None:
        build.mkdir(parents=True, exist_ok=True)
        whole_runs.take_over(over, client, build)
    if source is None:
        return whole_runs.made(
            client, project, build, chapters=["drivers"], settings=told, with_book=False
        ).place
    paths = [str(source), str(project / "tests")]
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(client), str(project), str(build), str(told)],
        cwd=project, env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return build / client.name


@pytest.fixture(scope="module")
def first(client: Path, project: Path, once) -> Path:
    """The run that all others are set beside."""
    return once("compared-first", lambda folder: ran(client, project, folder)) / client.name


def causes(one: Path, other: Path) -> dict[str, set[tuple[str, str]]]:
    """Of each chapter that changed: what is named as its reason."""
    made = compared(*(open_run(str(place), place.parent) for place in (one, other)))
    found: dict[str, set[tuple[str, str]]] = {}
    for change in made.changes:
        found.setdefault(change.chapter, set()).update((c.kind, c.name) for c in change.causes)
    return found


def other_client(client: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(client, tmp_path / "sent" / client.name))


def test_the_same_run_again_changes_nothing(client, project, first, tmp_path):
    again = ran(client, project, tmp_path)
    assert causes(first, again) == {}
    assert (again / "results" / FILE).read_bytes() == (first / "results" / FILE).read_bytes()
    record = (again / "results" / FILE).read_text(encoding="utf-8")
    assert str(tmp_path) not in record
    assert str(client) not in record


def test_another_set_of_parameters(client, project, first, tmp_path):
    more = {"drivers": {**FEW["drivers"], "replicates": 150}}
    other = ran(client, project, tmp_path, more, over=first)
    assert causes(first, other) == {"drivers": {("parameter", "drivers.replicates")}}


def test_another_set_of_parameters_upstream_is_told_as_its_own(client, project, first, tmp_path):
    other = ran(client, project, tmp_path, {**FEW, "sampling": {"trim": 2.0}})
    found = causes(first, other)
    assert set(found) == {"sampling", "drivers"}
    assert all(named == {("parameter", "sampling.trim")} for named in found.values())


def test_another_version_of_the_code(client, project, first, tmp_path):
    source = Path(
        shutil.copytree(project / "src", tmp_path / "src", ignore=shutil.ignore_patterns("*.pyc.*"))
    )
    changed = source / "helpers" / "methods" / "drivers" / "potential.py"
    text = changed.read_text(encoding="utf-8")
    assert "minlength=draws.shape[1]) / len(draws)" in text
    changed.write_text(text.replace("shape[1]) / len(draws)", "shape[1]) / (len(draws) + 1)"))
    other = ran(client, project, tmp_path / "build", source=source, over=first)
    assert causes(first, other) == {"drivers": {("code", "methods.drivers")}}


@pytest.fixture(scope="module")
def listed(client: Path, project: Path, once) -> tuple[Path, Path]:
    """The client with another list of accounts, and the run of it."""

    def make(folder: Path) -> None:
        sent = other_client(client, folder)
        accounts = read(sent / "accounts.csv")
        moved = accounts["tier"].ne("Core") & (accounts.index % 5 == 0)
        assert moved.any()
        accounts.loc[moved, "tier"] = "Core"
        accounts.to_csv(sent / "accounts.csv", index=False)
        ran(sent, project, folder / "build")

    folder = once("compared-listed", make)
    return folder / "sent" / client.name, folder / "build" / client.name


def test_another_content_of_one_list(first, listed):
    _, other = listed
    found = causes(first, other)
    assert found["sampling"] == {("data", "accounts")}
    assert set().union(*found.values()) == {("data", "accounts")}


def test_a_list_and_a_setting_at_once_are_told_apart_by_a_run_in_between(
    project, first, listed, tmp_path
):
    """The setting bears on the intervals of the drivers alone; the list on all that is weighted."""
    sent, middle = listed
    more = {"drivers": {**FEW["drivers"], "replicates": 150}}
    both = ran(sent, project, tmp_path, more, over=middle)
    lists, setting = ("data", "accounts"), ("parameter", "drivers.replicates")
    assert causes(first, both)["drivers"] == {lists, setting}
    runs = [open_run(str(place), place.parent) for place in (first, both, middle)]
    found: dict[str, set[tuple[str, str]]] = {}
    for change in compared_by_steps(*runs[:2], runs[2:]).changes:
        assert change.led, change.name
        found[f"{change.chapter}.{change.name}"] = {(c.kind, c.name) for c in change.causes}
    assert {name for name in found if name.startswith("sampling.")}
    assert all(named == {lists} for at, named in found.items() if at.startswith("sampling."))
    of_drivers = [named for at, named in found.items() if at.startswith("drivers.")]
    assert {lists} in of_drivers
    assert any(setting in named for named in of_drivers)


def test_an_earlier_wave(client, project, first, tmp_path):
    sent = other_client(client, tmp_path)
    answers = read(sent / "responses.csv")
    answers[answers["wave"] != "2026H1"].to_csv(sent / "responses.csv", index=False)
    text = (sent / "client.yml").read_text(encoding="utf-8")
    for old, new in (
        ("as_of: 2026-06-30", "as_of: 2025-12-31"), ("\nwave: 2026H1", "\nwave: 2025H2"),
        ("previous_wave: 2025H2", "previous_wave: 2025H1"), ("  2026H1: 2026-05-15\n", ""),
    ):  # fmt: skip
        assert old in text
        text = text.replace(old, new, 1)
    (sent / "client.yml").write_text(text, encoding="utf-8")
    earlier = ran(sent, project, tmp_path)
    found = causes(earlier, first)
    assert set(found) == {"sampling", "drivers"}
    assert set().union(*found.values()) == {("wave", "wave")}
    made = compared(*(open_run(str(p), p.parent) for p in (earlier, first)))
    assert {change.beside for change in made.changes if change.before and change.now} <= {
        "", HIGHER, LOWER, UNCLEAR,
    }  # fmt: skip
    assert any(change.beside for change in made.changes)
    assert not any(change.beside for change in made.changes if change.chapter == "drivers")


def test_a_library_that_differs_in_the_record_is_named_where_something_changed(first, tmp_path):
    other = Path(shutil.copytree(first, tmp_path / "third"))
    record = json.loads((other / "results" / FILE).read_text(encoding="utf-8"))
    record["shared"]["library scipy"] = "0.0.1"
    (other / "results" / FILE).write_text(json.dumps(record), encoding="utf-8")
    assert causes(first, other) == {}
    path = other / "results" / "drivers.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    told["figures"]["respondents"]["value"] += 1
    path.write_text(json.dumps(told), encoding="utf-8")
    assert causes(first, other) == {"drivers": {("edited", "the second run")}}
    made = handed_on(load("drivers", other / "results"))
    record["chapters"]["drivers"]["results"] = made  # as if the run had left it so
    (other / "results" / FILE).write_text(json.dumps(record), encoding="utf-8")
    assert causes(first, other) == {"drivers": {("library", "scipy")}}
