"""Finished chapters are kept whole, with what they were made from, or not at all."""

from __future__ import annotations

import pytest

from helpers.press.execution import Execution
from helpers.press.inputs import ChapterInputs
from helpers.press.kept import Kept, Published
from helpers.press.surroundings import settings_that_count

TOLD = {"table accounts": "a1", "parameter seed": "2"}
READ = ChapterInputs({"parameter seed": "2"}, ("table accounts",), ("sampling",), "r1")


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


@pytest.fixture
def kept(tmp_path, draft):
    kept = Kept(tmp_path / "kept")
    kept.save("drivers", Execution("done", 9.0), draft, TOLD, READ)
    return kept


def test_a_finished_chapter_comes_back_with_its_files_and_no_others(tmp_path, draft, kept):
    again, found = tmp_path / "again", kept.find("drivers")
    assert (found.told, found.inputs) == (TOLD, READ)
    assert found.put(again) == Execution("done", 0.0)
    assert _files(again) == _files(draft) - {"results/drivers_other.json"}
    assert all((again / n).read_bytes() == (draft / n).read_bytes() for n in _files(again))


@pytest.mark.parametrize("name", ["results/drivers.json", "outcome.json"])
def test_one_that_broke_off_is_not_found(tmp_path, kept, name):
    path = tmp_path / "kept" / "drivers" / name
    path.write_bytes(path.read_bytes()[:-3])
    assert kept.find("drivers") is None


def test_one_of_which_a_file_is_gone_is_not_found(tmp_path, kept):
    (tmp_path / "kept" / "drivers" / "results" / "drivers.a.parquet").unlink()
    assert kept.find("drivers") is None


def test_all_can_be_forgotten(kept):
    kept.clear()
    assert kept.find("drivers") is None


def test_why_a_chapter_has_no_answer_is_kept_too(tmp_path):
    (tmp_path / "draft").mkdir()
    kept, outcome = Kept(tmp_path / "kept"), Execution("not estimable", 1.0, "too few answers")
    kept.save("drivers", outcome, tmp_path / "draft", TOLD, READ)
    put = kept.find("drivers").put(tmp_path / "again")
    assert put == Execution("not estimable", 0.0, "too few answers")


def test_a_chapter_that_was_being_written_is_not_kept(tmp_path, draft):
    kept = Kept(tmp_path / "kept")
    (tmp_path / "kept" / ".drivers.part").mkdir(parents=True)
    assert kept.find("drivers") is None
    kept.save("drivers", Execution("done", 9.0), draft, TOLD, READ)
    assert kept.find("drivers") is not None


def test_a_report_without_a_record_has_nothing_to_take_over(draft):
    assert Published.of(draft).find("drivers") is None


def test_settings_count_by_what_chapters_see_of_them_and_are_never_told():
    plain = settings_that_count({})
    alike = {"OMP_NUM_THREADS": "1", "HANDBOOK_STUDIES": "/a", "OPENBLAS_CORETYPE": "none"}
    assert settings_that_count(alike) == plain
    for name in ("OPENBLAS_MAIN_FREE", "OMP_NUM_THREADS", "PYTHONHASHSEED", "HANDBOOK_X"):
        other = settings_that_count({name: "secret"})
        assert {key for key in other if other[key] != plain.get(key)} == {name}
        assert "secret" not in str(other)
