"""One client as a function: what becomes of it comes back, whatever that is."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from helpers.press.many.client import run_client


def test_faults_of_a_folder_come_back_and_are_not_raised(place):
    (place / "data" / "small" / "client.yml").write_text("name: 3\nwave: no-such\n")
    outcome = run_client("small", place / "build")
    assert outcome.code == 2
    assert outcome.faults[0].file == "client.yml"
    assert not (place / "build").exists()
    assert pickle.loads(pickle.dumps(outcome)) == outcome


def test_a_setting_that_does_not_exist_comes_back_too(place):
    outcome = run_client("small", place / "build", chosen={"drivers": {"sed": 1}})
    assert outcome.code == 2
    assert "'sed' is not a parameter of drivers" in str(outcome.faults[0])


def test_a_report_of_another_folder_is_not_replaced(place):
    (place / "build" / "small").mkdir(parents=True)
    (place / "build" / "small" / ".source").write_text("made from another folder")
    outcome = run_client(place / "data" / "small", place / "build")
    assert outcome.code == 2
    assert "has the name of another client's folder" in str(outcome.faults[0])


def test_what_nobody_foresaw_comes_back_with_its_trace(place, monkeypatch):
    monkeypatch.setattr("helpers.press.many.client.plan", lambda *_, **__: 1 / 0)
    outcome = run_client("small", place / "build")
    assert outcome.code == 3
    assert "ZeroDivisionError" in outcome.trace


def test_a_place_that_cannot_be_written_is_no_error_of_ours(place):
    (place / "build").write_text("a file, not a folder")
    outcome = run_client("small", place / "build")
    assert (outcome.code, outcome.trace) == (1, "")
    assert outcome.failures[0].endswith("Nothing was put in place.")


@pytest.mark.clients
def test_a_client_becomes_a_report(place):
    outcome = run_client("small", place / "build", only=["sampling"])
    assert (outcome.code, outcome.failures, outcome.faults) == (0, (), ())
    assert Path(outcome.book) == place / "build" / "small" / "book" / "index.html"
    assert Path(outcome.book).is_file()
    assert outcome.states["drivers"] == "not run"
    assert outcome.states["book"] == "done"
    assert outcome.spent > 0
