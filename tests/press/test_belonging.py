"""A report belongs to one folder: another of the same name never takes its place."""

from __future__ import annotations

import json
import shutil

import pytest

from helpers.errors import HandbookError
from helpers.press.belonging import MARK, book_of, mark, owner_problem, sample_folder


def _client(place, name="acme"):
    (place / name).mkdir(parents=True, exist_ok=True)
    return place / name


def _report(root, source):
    report = root / source.name
    (report / "book").mkdir(parents=True)
    (report / "book" / "index.html").write_text("<p>here</p>")
    mark(report, source, root)
    return report


def test_a_report_is_renewed_from_its_own_folder_alone(tmp_path):
    root, first = tmp_path / "build", _client(tmp_path / "data")
    second = _client(tmp_path / "elsewhere")
    assert owner_problem(first, root) is None
    _report(root, first)
    assert owner_problem(first, root) is None
    assert "another client's folder" in owner_problem(second, root)


@pytest.mark.parametrize("name", ["Acme", "ACME", "ａｃｍｅ"])
def test_a_name_that_a_disk_may_take_for_the_same_is_refused(name, tmp_path):
    root = tmp_path / "build"
    _report(root, _client(tmp_path / "data"))
    problem = owner_problem(_client(tmp_path / "more", name), root)
    assert problem.startswith("differs from acme, which has a report, only in case")


def test_a_report_stays_its_folders_when_both_have_moved(tmp_path):
    _report(tmp_path / "a" / "build", _client(tmp_path / "a" / "data"))
    shutil.move(tmp_path / "a", tmp_path / "b")
    assert owner_problem(tmp_path / "b" / "data" / "acme", tmp_path / "b" / "build") is None


def test_the_mark_names_no_folder(tmp_path):
    report = _report(tmp_path / "build", _client(tmp_path / "secret"))
    assert len((report / MARK).read_text().strip()) == 64


def test_a_folder_reached_by_a_link_is_the_same_folder(tmp_path):
    root, source = tmp_path / "build", _client(tmp_path / "data")
    _report(root, source)
    (tmp_path / "linked").symlink_to(tmp_path / "data")
    assert owner_problem(tmp_path / "linked" / "acme", root) is None


def test_a_report_made_before_it_was_marked_is_told_by_the_clients_name(tmp_path):
    root, source = tmp_path / "build", _client(tmp_path / "data")
    report = _report(root, source)
    (report / MARK).unlink()
    (report / "manifest.json").write_text(json.dumps({"name": "Acme Ltd"}))
    assert owner_problem(source, root, "Acme Ltd") is None
    assert owner_problem(source, root, "Acme Inc") is not None


def test_invitations_are_never_written_over_those_of_another_folder(tmp_path):
    root = tmp_path / "samples"
    first, second = _client(tmp_path / "data"), _client(tmp_path / "elsewhere")
    for _ in range(2):
        assert sample_folder(first, root) == root / "acme"
    with pytest.raises(HandbookError, match="has a sample: rename the folder, or give --output"):
        sample_folder(second, root)


def test_a_book_is_found_by_name_and_by_folder(tmp_path):
    root, source = tmp_path / "build", _client(tmp_path / "data")
    book = _report(root, source) / "book"
    for name in ("acme", str(source), f"{source}/"):
        assert book_of(name, tmp_path / "data", root) == book


@pytest.mark.parametrize("name", ["*", "{a}", "failed", "a\x1b[2J", "~", "x" * 300, "", "../.x"])
def test_what_is_no_name_opens_nothing(name, tmp_path):
    with pytest.raises(HandbookError, match="is not a client") as refused:
        book_of(name, tmp_path / "data", tmp_path / "build")
    assert str(refused.value).isprintable()


def test_no_name_leads_out_of_the_reports(tmp_path):
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "index.html").write_text("<p>not ours</p>")
    (tmp_path / "build").mkdir()
    for name in ("..", "../..", "build/.."):
        with pytest.raises(HandbookError):
            book_of(name, tmp_path / "data", tmp_path / "build")


def test_the_book_of_another_folder_is_not_opened_for_this_one(tmp_path):
    root = tmp_path / "build"
    _report(root, _client(tmp_path / "data"))
    other = _client(tmp_path / "elsewhere")
    with pytest.raises(HandbookError, match="has the name of another client's folder"):
        book_of(str(other), tmp_path / "data", root)


def test_how_to_make_a_report_can_be_typed_as_it_stands(tmp_path):
    with pytest.raises(HandbookError, match="handbook run 'O'\"'\"'Neill & co'"):
        book_of("O'Neill & co", tmp_path / "data", tmp_path / "build")
