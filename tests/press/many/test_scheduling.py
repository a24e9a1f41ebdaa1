"""Turns among clients: who is next, how many at once, and what becomes of one that dies."""

from __future__ import annotations

import io
import os
import signal
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console

from helpers.press.many import scheduling
from helpers.press.many.outcome import DONE, FAILED, Job, Outcome
from helpers.press.many.scheduling import _Client, _Queue, run_all
from helpers.press.many.slots import NEED, available_memory, slots
from helpers.press.many.table import Table

ROOMY = 100 * NEED


class Pipe:
    """The end of a pipe that keeps what is sent."""

    def __init__(self) -> None:
        self.sent: list[object] = []

    def send(self, what: object) -> None:
        self.sent.append(what)


def queue(wants: list[int], slots: int, monkeypatch, memory: int = ROOMY) -> _Queue:
    monkeypatch.setattr(scheduling, "available_memory", lambda: memory)
    made = _Queue(slots, Table(len(wants), quiet()))
    made.at_work = {
        number: _Client(Job(str(number), ""), SimpleNamespace(), Pipe(), wants=many)
        for number, many in enumerate(wants)
    }
    return made


def quiet() -> Console:
    return Console(quiet=True)


def turns(made: _Queue) -> list[int]:
    return [len(one.pipe.sent) for one in made.at_work.values()]


def test_who_was_begun_first_comes_first(monkeypatch):
    made = queue([1, 2, 1], 3, monkeypatch)
    made.grant()
    assert turns(made) == [1, 2, 0]


def test_no_more_turns_are_given_than_there_are_and_one_that_comes_back_is_given_again(monkeypatch):
    made = queue([3, 1], 2, monkeypatch)
    made.grant()
    made.grant()
    assert turns(made) == [2, 0]
    made._take(made.at_work[0], "back")
    made.grant()
    assert turns(made) == [3, 0]


def test_at_the_end_one_client_has_all_turns(monkeypatch):
    made = queue([5], 4, monkeypatch)
    made.grant()
    assert turns(made) == [4]


def test_where_memory_is_short_one_works_and_the_others_wait(monkeypatch):
    made = queue([2, 2], 4, monkeypatch, memory=NEED - 1)
    made.grant()
    assert turns(made) == [1, 0]


def test_a_container_bounds_what_the_machine_has(tmp_path):
    (tmp_path / "memory.max").write_text("1000000\n")
    (tmp_path / "memory.current").write_text("400000\n")
    assert available_memory(tmp_path) == 600_000
    (tmp_path / "memory.max").write_text("max\n")
    assert available_memory(tmp_path) > 1_000_000
    assert slots(5, memory=available_memory(tmp_path / "none")) <= 5


def by_name(pipe: Any, job: Job, environment: Any, workers: int) -> None:
    """What a client's process would do, without a report."""
    pipe.send(("want",))
    pipe.recv()
    pipe.send(("started", job.client, "sampling"))
    if job.client == "dies":
        os.kill(os.getpid(), signal.SIGKILL)
    pipe.send(("done", job.client, "sampling", 0.1, ""))
    pipe.send(("back",))
    pipe.send(("ended", Outcome(job.client, DONE, seconds={"sampling": 0.1})))


@pytest.fixture
def light(monkeypatch):
    """Processes that are forked from this one: nothing has to be imported."""
    import multiprocessing

    monkeypatch.setattr(scheduling, "_serve", by_name)
    monkeypatch.setattr(scheduling.warm, "context", lambda: multiprocessing.get_context("fork"))
    monkeypatch.setattr(scheduling, "builder", lambda project: scheduling.nullcontext())
    monkeypatch.setattr(os, "environ", dict(os.environ))


def test_a_process_that_is_killed_loses_its_own_client_and_its_turn_is_free_again(light):
    told = io.StringIO()
    jobs = [Job(name, "build") for name in ("one", "dies", "two", "three")]
    with Table(4, Console(file=told, soft_wrap=True)) as table:
        outcomes = run_all(jobs, 1, table)
    assert [outcome.code for outcome in outcomes] == [DONE, FAILED, DONE, DONE]
    assert "was killed (signal 9)" in outcomes[1].failures[0]
    lines = told.getvalue().splitlines()
    assert sum("sampling" in line for line in lines) == 3
    ended = [line.split()[:2] for line in lines if "of 4)" in line]
    assert sorted(ended) == [  # a process that dies is told at once, whoever has the turn
        ["dies", "FAILED"], ["one", "done"], ["three", "done"], ["two", "done"],
    ]  # fmt: skip


def test_what_is_under_way_stands_in_a_table_on_a_terminal():
    told = io.StringIO()
    screen = Console(file=told, force_terminal=True, width=80)
    with Table(2, screen) as table:
        table.started("acme", "drivers")
        table.started("globex", "book")
        table.ended(Outcome("globex", FAILED))
        rows = Console(file=io.StringIO(), width=80)
        rows.print(table.shown())
    shown = rows.file.getvalue().splitlines()
    assert shown[0].split() == ["client", "chapter", "seconds", "state"] or "client" in shown[1]
    [row] = [line.split() for line in shown if "acme" in line]
    assert (row[:2], row[3]) == (["acme", "drivers"], "running")
    assert not any("globex" in line for line in shown)
    assert any(line.startswith("0 of 2 client(s) done, 1 failed") for line in shown)
    assert "drivers" in told.getvalue()
