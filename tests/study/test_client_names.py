"""One rule for what a client may be called: nothing that means something else anywhere."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from helpers.study import check_client, new_client
from helpers.study.client_names import client_path, name_key, name_problem, printable

REFUSED = {
    "": "is empty",
    "*": "holds '*'",
    "acme?": "holds '?'",
    "acme[1]": "holds '['",
    "{client}": "holds '{'",
    "a}": "holds '}'",
    "a|b": "holds '|'",
    "<acme>": "holds '<'",
    "a\\b": "holds '\\\\'",
    "a/b": "holds '/'",
    ".": "begins with '.'",
    "..": "begins with '.'",
    ".hidden": "begins with '.'",
    "-rf": "begins with '-'",
    "~": "begins with '~'",
    " acme": "begins with ' '",
    "acme.": "ends with '.'",
    "acme ": "ends with ' '",
    "acme\u00a0": "ends with '\\xa0'",
    "a\nb": "holds a control character (U+000A)",
    "a\x1b[2J": "holds a control character (U+001B)",
    "a\x00": "holds a control character (U+0000)",
    "a\u202egpj": "holds an invisible character (U+202E)",
    "ac\u200bme": "holds an invisible character (U+200B)",
    "a\u2028b": "holds a line break (U+2028)",
    "a\udcff": "holds a byte that is no text (U+DCFF)",
    "con": "is a reserved name",
    "NUL.txt": "is a reserved name",
    "Com1": "is a reserved name",
    "failed": "is a reserved name",
    "Samples": "is a reserved name",
    "x" * 201: "is longer than 200 bytes",
    "ü" * 80: "is longer than 200 bytes",  # three bytes each on disks that take accents apart
}
FINE = (
    "acme", "acme-tools", "acme.tools", "Acme 2", "Müller & Söhne", "O'Neill", 'the "best"', "漢字",
    "a..b", "console", "x" * 200, "100%", "$5 shop", "a#b", "a@b", "a: b", "(acme)", "failed-bank",
)  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_name_that_means_something_else_somewhere_is_refused_by_what_it_holds(name):
    assert name_problem(name) == REFUSED[name]


@pytest.mark.parametrize("name", FINE)
def test_a_name_as_people_write_it_is_fine(name):
    assert name_problem(name) is None


@pytest.mark.parametrize("name", [n for n in REFUSED if not set(n) & set("/\0") and n != "."])
def test_a_new_client_is_never_called_so_and_nothing_is_made(name, tmp_path):
    with pytest.raises(ValueError, match="choose another"):
        new_client(tmp_path / "data" / name if name else Path())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["*", "{x}", "-a", "x" * 300, "a\x1b[2J", "nul"])
def test_every_reader_refuses_such_a_folder_and_says_what_to_do(name):
    (fault,) = check_client(name)
    assert name_problem(name) in str(fault)
    assert "Rename the folder." in str(fault)
    assert str(fault).isprintable()


def test_what_cannot_be_seen_is_written_out():
    assert printable("a\x1b[2J") == "a\\x1b[2J"
    assert printable("\u202e") == "\\u202e"
    assert len(printable("x" * 500)) == 60


@pytest.mark.parametrize("other", ["ACME", "ａｃｍｅ", "Acme", "aｃme"])
def test_names_that_some_disk_takes_for_one_have_one_key(other):
    assert name_key(other) == name_key("acme")


def test_names_that_differ_in_a_letter_have_two_keys():
    assert name_key("acme") != name_key("аcme")  # a Cyrillic letter
    assert name_key("Muller") != name_key("Müller")


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_folder_is_found_however_its_accents_are_encoded(form, tmp_path):
    (tmp_path / unicodedata.normalize(form, "Müller")).mkdir()
    for typed in ("NFC", "NFD"):
        assert client_path(unicodedata.normalize(typed, "Müller"), tmp_path).is_dir()


def test_a_new_client_is_not_put_beside_one_that_differs_only_in_case(tmp_path):
    new_client(tmp_path / "acme")
    with pytest.raises(ValueError, match="differs from acme only in case"):
        new_client(tmp_path / "Acme")


@pytest.mark.parametrize("name", ["007", "yes", "Null", "1.5", "a # b", "& co", "@home", "O'Neill"])
def test_the_printed_name_of_a_new_client_is_read_back_as_written(name, tmp_path):
    from ruamel.yaml import YAML

    folder = new_client(tmp_path / "acme", name=name)
    assert YAML(typ="safe").load(folder / "client.yml")["name"] == name


def test_a_link_to_a_client_keeps_the_name_it_has_here(tmp_path, monkeypatch):
    from helpers.study.findings import Findings
    from helpers.study.opening import client_folder

    new_client(tmp_path / "original")
    (tmp_path / "linked").symlink_to(tmp_path / "original")
    assert client_folder(tmp_path / "linked", Findings()).name == "linked"
    monkeypatch.chdir(tmp_path / "original")
    assert client_folder(".", Findings()).name == "original"
