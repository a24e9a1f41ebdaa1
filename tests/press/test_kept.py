"""Finished chapters are kept for a run of the very same study, and for no other."""

from __future__ import annotations

import pytest

from helpers.press.execution import Execution
from helpers.press.kept import Kept, run_key

RECORD = {"inputs": [{"table": "responses", "sha256": "a"}], "versions": {"pandas": "3"}}
PARTS = {"notebooks": {"drivers": {"cells": ["1 + 1"]}}, "closed": {}}


@pytest.fixture
def client(tmp_path):
    (tmp_path / "acme" / "more").mkdir(parents=True)
    (tmp_path / "acme" / "client.yml").write_text("name: Acme")
    (tmp_path / "acme" / "more" / "words.txt").write_text("good")
    return tmp_path / "acme"


@pytest.fixture
def draft(tmp_path):
    draft = tmp_path / "draft"
    (draft / "notebooks").mkdir(parents=True)
    (draft / "results").mkdir()
    for name in ("notebooks/drivers.ipynb", "results/drivers.json", "results/drivers.a.parquet"):
        (draft / name).write_text(name)
    (draft / "results" / "drivers_other.json").write_text("another's")
    return draft


def _files(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_the_same_study_has_the_same_key(client):
    assert run_key(RECORD, client, PARTS) == run_key(dict(RECORD), client, dict(PARTS))


@pytest.mark.parametrize("name", ["client.yml", "more/words.txt", "new.csv"])
def test_every_file_of_the_client_counts(client, name):
    before = run_key(RECORD, client, PARTS)
    (client / name).write_text("changed")
    assert run_key(RECORD, client, PARTS) != before


@pytest.mark.parametrize(
    ("record", "parts"),
    [
        ({**RECORD, "versions": {"pandas": "4"}}, PARTS),
        ({**RECORD, "parameters": {"drivers": {"seed": 2}}}, PARTS),
        (RECORD, {**PARTS, "notebooks": {"drivers": {"cells": ["1 + 2"]}}}),
        (RECORD, {**PARTS, "closed": {"linkage": [["financials"]]}}),
    ],
)
def test_versions_parameters_and_notebooks_count(client, record, parts):
    assert run_key(record, client, parts) != run_key(RECORD, client, PARTS)


def test_the_handbooks_own_code_counts(client, monkeypatch, tmp_path):
    before = run_key(RECORD, client, PARTS)
    (tmp_path / "code").mkdir()
    monkeypatch.setattr("helpers.press.kept.CODE", tmp_path / "code")
    assert run_key(RECORD, client, PARTS) != before


def test_a_kernel_of_another_arithmetic_counts(client, monkeypatch):
    before = run_key(RECORD, client, PARTS)
    monkeypatch.setenv("OPENBLAS_CORETYPE", "none")
    assert run_key(RECORD, client, PARTS) != before


def test_a_finished_chapter_comes_back_with_its_files_and_no_others(tmp_path, draft):
    Kept(tmp_path / "kept", "k").save("drivers", Execution("done", 9.0), draft)
    again = tmp_path / "again"
    outcome = Kept(tmp_path / "kept", "k").restore("drivers", again)
    assert outcome == Execution("done", 0.0)
    assert _files(again) == _files(draft) - {"results/drivers_other.json"}
    assert all((again / n).read_bytes() == (draft / n).read_bytes() for n in _files(again))


def test_another_key_forgets_everything(tmp_path, draft):
    Kept(tmp_path / "kept", "k").save("drivers", Execution("done", 9.0), draft)
    assert Kept(tmp_path / "kept", "other").restore("drivers", tmp_path / "again") is None
    assert Kept(tmp_path / "kept", "k").restore("drivers", tmp_path / "again") is None
    assert not (tmp_path / "again").exists()


def test_why_a_chapter_has_no_answer_is_kept_too(tmp_path):
    (tmp_path / "draft").mkdir()
    outcome = Execution("not estimable", 1.0, "too few answers")
    Kept(tmp_path / "kept", "k").save("drivers", outcome, tmp_path / "draft")
    restored = Kept(tmp_path / "kept", "k").restore("drivers", tmp_path / "again")
    assert restored == Execution("not estimable", 0.0, "too few answers")


def test_a_chapter_that_was_being_written_is_not_kept(tmp_path, draft):
    kept = Kept(tmp_path / "kept", "k")
    (tmp_path / "kept" / ".drivers.part").mkdir()
    assert kept.restore("drivers", tmp_path / "again") is None
    kept.save("drivers", Execution("done", 9.0), draft)
    assert kept.restore("drivers", tmp_path / "again") is not None
