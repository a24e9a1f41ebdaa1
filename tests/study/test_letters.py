"""Letters that a client edited: what is read, and what is said of files that are no letters."""

from __future__ import annotations

import os

import pytest

from helpers.study.findings import Findings
from helpers.study.letters import LARGEST, check_letters, letters


@pytest.fixture
def place(tmp_path):
    (tmp_path / "messages" / "accounts").mkdir(parents=True)
    return tmp_path / "messages"


def faults(folder) -> list[str]:
    found = Findings()
    check_letters(folder, found)
    return [str(fault) for fault in found.errors]


def test_letters_are_read_with_and_without_a_byte_order_mark(place, tmp_path):
    (place / "letter.md").write_text("Hello.", encoding="utf-8-sig")
    (place / "accounts" / "a1.md").write_text("Hello you.", encoding="utf-8")
    (place / "letter.docx").write_bytes(b"PK")
    assert letters(tmp_path) == {"letter": "Hello.", "accounts/a1": "Hello you."}
    assert faults(tmp_path) == []


def test_a_link_out_of_the_folder_is_not_followed(place, tmp_path):
    (tmp_path / "secret.md").write_text("x")
    (place / "link.md").symlink_to(tmp_path / "secret.md")
    assert letters(tmp_path) == {}


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"\xff\xfe\x00", "is not text in UTF-8"), (b"a" * (LARGEST + 1), "is larger than")],
)
def test_a_file_that_is_no_letter_is_told_with_what_to_do(content, said, place, tmp_path):
    (place / "letter.md").write_bytes(content)
    [line] = faults(tmp_path)
    assert line.startswith("messages/letter.md: ")
    assert said in line
    assert "Save it as text in UTF-8" in line
    assert letters(tmp_path) == {}


def test_a_pipe_is_no_letter(place, tmp_path):
    os.mkfifo(place / "letter.md")
    assert faults(tmp_path) == [
        "messages/letter.md: is a pipe, not a file. Save it as text in UTF-8, or take it out."
    ]
    assert letters(tmp_path) == {}
