"""Runs that are cut off: the last good report stays, nothing is left over, the next goes on."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from whole_runs import Running, kernels_of, left, running, tree


@pytest.fixture
def handbook(place, handbook_in):
    """The command as it is started, with nothing of it there before."""
    return partial(handbook_in, place)


ANEW = tuple(  # another parameter for every chapter, so that each runs again
    word for name in ("sampling", "drivers") for word in ("--set", f"{name}.pause=0.01")
)


@pytest.mark.clients
def test_a_run_that_is_killed_leaves_the_last_report_and_the_next_one_gives_the_same_bytes(
    place, handbook
):
    before = tree(place / "build" / "small")
    with running(place, "--set", "drivers.pause=60") as run:
        os.killpg(run.pid, signal.SIGKILL)
    assert tree(place / "build" / "small") == before
    assert handbook("run", "small", "--fresh").returncode == 0
    after = tree(place / "build" / "small")
    lasting = [name for name in before if name.startswith(("results/", "book/notebooks/"))]
    assert len(lasting) > 6
    assert {name: after.get(name) for name in lasting} == {name: before[name] for name in lasting}
    assert left(place / "build") == {"small"}
    assert kernels_of(place) == []


@pytest.mark.clients
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


@pytest.mark.clients
def test_a_run_that_is_told_to_outlive_its_terminal_does_and_no_kernel_outlives_it(place):
    with running(place, *ANEW, "--set", "drivers.pause=60", hangup=signal.SIG_IGN) as run:
        os.kill(run.pid, signal.SIGHUP)
        time.sleep(0.5)
        assert run.poll() is None
        _ended_with_its_kernels(run, signal.SIGKILL, place)


@pytest.mark.clients
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP, signal.SIGKILL])
def test_no_kernel_outlives_its_run_although_a_cell_holds_the_interpreter(place, number):
    with running(place, "--set", "drivers.fault=hold") as run:
        _until(lambda: list(place.glob("build/.small.draft-*/rooms/drivers/*.holding")))
        os.kill(run.pid, number)
        run.wait(10)
        _until(lambda: not kernels_of(place))


def _until(true: Callable[[], object], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.1)


def _cut_off(run: Running, place: Path) -> None:
    """Wait until nothing of a run is there: its lock goes with the last of its processes."""
    run.wait(10)
    _until(lambda: not kernels_of(place))


OF_PARAMETERS = ("results/_run.json", "results/_inputs.json")  # what a run was given is in them


@pytest.mark.clients
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_the_next_run_goes_on_where_one_was_cut_off_and_gives_the_same_bytes(
    place, in_process, number
):
    before = tree(place / "build" / "small")
    words = (*ANEW, "--set", "executive.pause=3")
    with running(place, *words, until="drivers") as run:
        os.killpg(run.pid, number)
        _cut_off(run, place)
    assert left(place / "build") - {f".small.draft-{run.pid}"} == {"small"}
    done = in_process("run", "small", *words)
    assert done.returncode == 0
    kept = [line.split()[1] for line in done.stdout.splitlines() if "kept from the run" in line]
    assert sorted(kept) == ["drivers", "sampling"]
    after = tree(place / "build" / "small")
    lasting = [
        name
        for name in before
        if name.startswith(("results/", "book/notebooks/")) and name not in OF_PARAMETERS
    ]
    assert {name: after.get(name) for name in lasting} == {name: before[name] for name in lasting}
    assert not list((place / "build" / ".locks").glob("*.kept"))
    assert "kept from the run" not in in_process("run", "small", *words, "--fresh").stdout


@pytest.mark.clients
def test_a_run_that_was_cut_off_while_its_book_was_made_is_finished(place, in_process):
    words = (*ANEW, "--set", "executive.pause=0.01")
    with running(place, *words, until="executive") as run:
        os.killpg(run.pid, signal.SIGTERM)
        _cut_off(run, place)
    before = tree(place / "build" / "small")
    done = in_process("run", "small", *words)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("kept from the run") == 3
    assert set(tree(place / "build" / "small")) == set(before)


@pytest.mark.clients
def test_nothing_is_kept_for_other_data(place, in_process):
    words = (*ANEW, "--set", "executive.pause=3")
    with running(place, *words, until="drivers") as run:
        os.killpg(run.pid, signal.SIGTERM)
        _cut_off(run, place)
    responses = place / "data" / "small" / "responses.csv"
    responses.write_text(responses.read_text(encoding="utf-8") + "r99,2026H1,10,10\n")
    done = in_process("run", "small", *words)
    assert done.returncode == 0
    assert "kept from the run" not in done.stdout


@pytest.mark.clients
def test_a_second_run_of_one_client_is_refused_and_no_kernel_outlives_the_first(place, handbook):
    with running(place, *ANEW, "--set", "drivers.pause=60") as first:
        second = handbook("run", "small")
        assert second.returncode == 2
        assert f"small is being run already by process {first.pid}, started" in second.stderr
        assert first.poll() is None
        _ended_with_its_kernels(first, signal.SIGINT, place)


def _ended_with_its_kernels(run: Running, number: signal.Signals, place: Path) -> None:
    assert kernels_of(place)
    os.kill(run.pid, number)
    run.wait(10)
    _until(lambda: not kernels_of(place), 10)
