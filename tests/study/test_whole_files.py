"""On a full disk nothing is half written, and nothing that was there is lost."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import pandas as pd
import pytest

from helpers.study.drafting import client_from, confirm, draft_codebook, drafts_beside
from helpers.study.template import new_client


def full_from(monkeypatch: pytest.MonkeyPatch, place: object, name: str, first: int) -> None:
    """From the so manieth call on, as much is written as still has room, which is nothing."""
    plainly, calls = getattr(place, name), iter(range(1, 100))

    def written(*given: object, **more: object) -> object:
        if next(calls) < first:
            return plainly(*given, **more)
        target = given[0] if place is Path else given[1]
        Path(target).touch() if place is not Path else target.open("w").close()
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(place, name, written)


@pytest.fixture
def survey(tmp_path: Path) -> Path:
    path = tmp_path / "answers.csv"
    rows = {
        "id": range(40),
        "Q1": [n % 11 for n in range(40)],
        "Q2": [n % 5 + 1 for n in range(40)],
    }
    pd.DataFrame(rows).to_csv(path, index=False)
    return path


@pytest.mark.parametrize("first", [1, 2])
def test_neither_draft_is_written_where_one_cannot_be(survey, tmp_path, monkeypatch, first):
    draft = draft_codebook(survey)
    full_from(monkeypatch, Path, "write_text", first)
    with pytest.raises(OSError, match="No space"):
        drafts_beside(draft, tmp_path, "Acme")
    assert [path.name for path in tmp_path.iterdir()] == ["answers.csv"]


def test_a_codebook_is_not_lost_where_its_marks_cannot_be_taken_away(tmp_path, monkeypatch):
    path = tmp_path / "codebook.csv"
    path.write_text("variable,role\nQ1,recommend?\n", encoding="utf-8")
    full_from(monkeypatch, Path, "write_text", 1)
    with pytest.raises(OSError, match="No space"):
        confirm(tmp_path, sure=["Q1"])
    assert path.read_text(encoding="utf-8") == "variable,role\nQ1,recommend?\n"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(("place", "name"), [(Path, "write_text"), (shutil, "copyfile")])
@pytest.mark.parametrize("first", [1, 2, 3, 4])
def test_a_client_folder_is_made_whole_or_not_at_all(
    survey, tmp_path, monkeypatch, place, name, first
):
    accounts = tmp_path / "accounts.csv"
    accounts.write_text("account_id,name\n1,Acme\n2,Beta\n", encoding="utf-8")
    folder = tmp_path / "acme"
    full_from(monkeypatch, place, name, first)
    if place is shutil and first > 2:  # two files are copied
        client_from(folder, [survey, accounts])
        assert len(list(folder.iterdir())) == 4
        return
    with pytest.raises(OSError, match="No space"):
        client_from(folder, [survey, accounts])
    assert not folder.exists()


def test_what_a_folder_held_before_stays(survey, tmp_path, monkeypatch):
    folder = tmp_path / "acme"
    folder.mkdir()
    (folder / "notes.txt").write_text("ours", encoding="utf-8")
    full_from(monkeypatch, shutil, "copyfile", 1)
    with pytest.raises(OSError, match="No space"):
        client_from(folder, [survey])
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]


def test_a_starter_folder_holds_both_files_or_none(tmp_path, monkeypatch):
    full_from(monkeypatch, Path, "write_text", 2)
    with pytest.raises(OSError, match="No space"):
        new_client(tmp_path / "acme")
    assert list((tmp_path / "acme").iterdir()) == []
