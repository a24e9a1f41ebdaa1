"""Every client of a handbook in one command: what each gets, and what none gets of another."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest
from whole_runs import COMMAND, tree

from helpers.press import run as runs
from helpers.press.many.builder import ADDRESS
from helpers.press.places import Places
from helpers.press.plans import plan
from helpers.press.progress import Reporter

WITHOUT = {"manifest.json", ".source", ".made"}  # have the seconds of their run, and its place


@pytest.mark.clients
def test_each_client_ends_in_its_own_way_and_none_shows_anothers_text(several, handbook_in):
    done = handbook_in(several, "run", "--all")
    assert done.returncode == 1, done.stderr
    lines = done.stderr.splitlines()
    assert "  drivers, cell 4: ZeroDivisionError: division by zero" in lines
    assert "  sampling, cell 4: Kernel died" in lines
    assert any(line.startswith("faulty: error: client.yml") for line in lines)
    without = "3 of 5 client(s) without a new report: dies, faulty, raises"
    assert lines[-1] == without
    made = {path.name for path in (several / "build").iterdir() if not path.name.startswith(".")}
    assert made == {"one", "two", "failed"}
    assert "one: build/one/book/index.html" in done.stdout
    for mine, other in (("one", "two"), ("two", "one")):
        files = [path for path in (several / "build" / mine).rglob("*") if path.is_file()]
        marked = {path.name for path in files if f"Planted-{mine}".encode() in path.read_bytes()}
        assert {"executive.html", "manifest.json"} <= marked
        for name in ("raises", "dies", "Faulty", other):
            assert [p for p in files if f"Planted-{name}".encode() in p.read_bytes()] == []


@pytest.mark.clients
def test_books_of_one_builder_equal_those_that_are_made_apart_byte_for_byte(
    several, handbook_in, monkeypatch
):
    monkeypatch.delenv(ADDRESS, raising=False)
    assert handbook_in(several, "run", "one", "two").returncode == 0
    for name in ("one", "two"):
        apart = Places(several / "apart")
        planned = plan(name, several)
        with Reporter(planned.steps) as steps:
            assert not runs.run(planned, apart, steps).failed
        together = tree(several / "build" / name)
        alone = tree(several / "apart" / name)
        assert len(together) > 50
        assert {k: v for k, v in together.items() if k not in WITHOUT} == {
            k: v for k, v in alone.items() if k not in WITHOUT
        }


@pytest.mark.clients
def test_a_night_that_was_cut_off_goes_on(several, handbook_in):
    for name in ("raises", "dies", "faulty"):
        (several / "data" / name / "client.yml").unlink()
    words = ("run", "--all", "--workers", "1", "--set", "executive.pause=5")
    with subprocess.Popen(
        [str(COMMAND), *words], cwd=several, stdout=subprocess.PIPE, text=True,
        start_new_session=True,
    ) as night:  # fmt: skip
        ended = []
        for line in night.stdout:
            if line.rstrip().endswith(" s"):
                ended.append(line.split()[:2])
            if "drivers" in line:
                break
        os.kill(night.pid, signal.SIGTERM)
        night.stdout.read()
        assert night.wait(20) == 130
    assert not list((several / "build").glob(".*.draft-*"))
    done = handbook_in(several, *words)
    assert done.returncode == 0, done.stderr
    kept = [line.split()[:2] for line in done.stdout.splitlines() if "kept from the run" in line]
    assert {"sampling", "drivers"} <= {chapter for _, chapter in ended}
    assert [chapter for chapter in ended if chapter not in kept] == []
    for name in ("one", "two"):
        assert Path(several / "build" / name / "book" / "index.html").is_file()
