"""Names that read alike: trimmed, or told of once with a line that joins them."""

from __future__ import annotations

import re

import pytest
import yaml

from helpers.study import check_client, open_study

NAMES = {
    "case": ["North", "north", "NORTH"],
    "an unseen sign": ["North", "No\u200brth"],
    "wide letters": ["North", "\uff2eorth"],
    "letters in two pieces": ["Zürich", "Zu\u0308rich"],
    "a space that does not break": ["North West", "North\u00a0West"],
    "two spaces": ["North West", "North  West"],
    "dashes": ["North-West", "North\u2013West"],
    "a full stop": ["North", "North.", "NORTH."],
    "quotation marks": ["North", "'North'"],
    "hyphen or space": ["Key Account", "Key-Account", "KeyAccount", "key_account"],
    "spaces around signs": ["R&D", "R & D"],
    "full stops within": ["SME", "S.M.E."],
    "accents": ["Málaga", "Malaga"],
    "umlauts": ["Zürich", "Zurich", "Zuerich"],
    "a whole number": ["1", "1.0"],
}


def accounts(names, column="region"):
    rows = "".join(f"A{n},Firm {n},{name}\n" for n, name in enumerate(names))
    return {"accounts.csv": f"account_id,name,{column}\n{rows}"}


def told(folder, word):
    return [fault for fault in check_client(folder) if word in fault.problem]


@pytest.mark.parametrize("names", NAMES.values(), ids=NAMES)
def test_names_that_read_alike_are_one_warning_whose_line_joins_them(client, names):
    (found,) = told(client(accounts([names[0], *names])), "read alike")
    assert (found.severity, found.column) == ("warning", "region")
    line = re.search(r"`(collapse: .*)`", found.advice).group(1)
    assert yaml.safe_load(line)["collapse"]["region"] == {names[0]: names[1:]}
    folder = client(accounts(names), collapse=line.removeprefix("collapse: "))
    assert not told(folder, "read alike")
    assert open_study(folder).accounts["region"].unique().tolist() == [names[0]]


@pytest.mark.parametrize("space", [" ", "  ", "\t", "\u00a0"])
@pytest.mark.parametrize("column", ["region", "tier", "owner", "their_own"])
def test_spaces_around_names_are_removed_and_counted(client, space, column):
    study = open_study(client(accounts(["North", f"North{space}", f"{space}North"], column)))
    assert study.accounts[column].tolist() == ["North"] * 3
    assert [note.count for note in study.notes if "spaces around names" in note.what] == [2]


def test_names_that_differ_are_no_warning_nor_are_names_of_people_and_firms(client):
    assert not told(client(accounts(["North", "South", "N"])), "read alike")
    text = "account_id,name\nA1,Acme\nA2,ACME\n"
    assert not told(client({"accounts.csv": text}), "read alike")


def test_what_is_joined_already_stays_so_in_the_line_that_is_advised(client):
    folder = client(accounts(["North", "N", "north"]), collapse="{region: {North: [N]}}")
    (found,) = told(folder, "read alike")
    assert '{"North": ["N", "north"]}' in found.advice


@pytest.mark.parametrize(
    ("other", "says"),
    [
        ("A\u200b01", "zero width space"),
        ("\uff21\uff10\uff11", "wide letters"),
        ("a01", "'a01'"),
        ("A01 ", "space at its end"),
    ],
)
def test_ids_that_read_alike_are_named_within_a_table_and_across_tables(client, other, says):
    products = f"product_id,name\nA01,Pump\n{other},Valve\n"
    (found,) = told(client({"products.csv": products}), "ids that differ only")
    assert says in found.problem
    text = f"response_id,wave,account_id,nps,ease,trouble\nr1,2026H1,{other},1,5,5\n"
    files = {"responses.csv": text, "accounts.csv": "account_id,name\nA01,B\n"}
    (found,) = told(client(files), "is not in accounts.csv")
    assert found.severity == "error"
    assert says in str(found)


def test_ids_that_no_list_holds_are_compared_where_they_stand(client):
    head = "response_id,wave,account_id,contact_id,nps,ease,trouble\n"
    rows = "r1,2026H1,A01,c1,1,5,5\nr2,2026H1,a01,c2,1,5,5\n"
    (found,) = told(client({"responses.csv": head + rows}), "ids that differ only")
    assert (found.severity, found.column) == ("warning", "account_id")
    files = {"accounts.csv": "account_id,name\nA01,B\na01,C\n", "responses.csv": head + rows}
    (found,) = told(client(files), "ids that differ only")
    assert found.file == "accounts.csv"


@pytest.mark.parametrize(
    "role", ["Decision Maker", "decision\u2011maker", "\uff35\uff53\uff45\uff52", "us\u200ber"]
)
def test_known_values_are_read_however_they_are_written(client, role):
    study = open_study(client({"contacts.csv": f"contact_id,account_id,role\nc1,007,{role}\n"}))
    assert study.table("contacts")["role"].iloc[0] in ("decision_maker", "user")


def test_words_that_are_declared_are_found_however_they_are_written(client):
    text = "contact_id,account_id,role\nc1,007,Nu\u0308tzer\nc2,007,N\u00dcTZER\n"
    keys = "{contacts: {values: {role: {user: N\u00fctzer}}}}"
    study = open_study(client({"contacts.csv": text}, formats=keys))
    assert study.table("contacts")["role"].to_list() == ["user", "user"]


@pytest.mark.parametrize(
    "names",
    [["A", "A-", "A+"], ["1-5", "15"], ["1.5", "15"], ["<5", ">5"], ["C", "C++"], ["1", "1.5"]],
)
def test_signs_that_carry_meaning_keep_names_apart(client, names):
    assert not told(client(accounts(names)), "read alike")


WAVES = [("2026H1", "\uff12\uff10\uff12\uff16H1"), ("W\u0131nter", "WINTER"),
         ("Q1 2024", "2024-Q1"), ("2024H1", "H1 2024"), ("Wave 1", "wave 01"), ("W1", "w-1"),
         ("2024-03", "2024_03"), ("2024H1", "2024H1 ")]  # fmt: skip


@pytest.mark.parametrize(("wave", "other"), WAVES)
def test_two_spellings_of_a_wave_are_joined_to_the_one_that_is_declared(client, wave, other):
    rows = f'r1,"{other}",9\nr2,"{other}",3\nr3,"{wave}",9\n'
    files = {
        "client.yml": f"name: S\nas_of: 2026-06-30\nwave: {wave}\n",
        "codebook.csv": "variable,role,label,scale_min,scale_max\nnps,recommend,N,0,10\n",
        "responses.csv": f"response_id,wave,nps\n{rows}",
    }
    (found,) = check_client(client(files))
    assert "read alike" in found.problem
    line = re.search(r"`collapse: (.*)`", found.advice).group(1)
    study = open_study(client(files, collapse=line))
    assert (study.waves, len(study.responses)) == ((wave,), 3)


@pytest.mark.parametrize("names", [("Q1 2024", "2024-03"), ("2024H1", "2024-Q2"), ("W1", "W11")])
def test_waves_of_other_periods_are_no_spellings_of_one(client, names):
    rows = "".join(f"r{n},{name},9\n" for n, name in enumerate(names))
    files = {
        "client.yml": f"name: S\nas_of: 2026-06-30\nwave: {names[0]}\n",
        "codebook.csv": "variable,role,label,scale_min,scale_max\nnps,recommend,N,0,10\n",
        "responses.csv": f"response_id,wave,nps\n{rows}",
    }
    assert not told(client(files), "read alike")


def test_a_name_in_the_first_of_its_rows_alone_is_told(client):
    (found,) = told(client(accounts(["North", "", "South", "", ""])), "each name once")
    assert "empty in 3 of 5 rows" in found.problem
    for names in (["N", "", "S", "", "N", "", ""], ["", "North", "", "South"], ["North", "", ""],
                  ["North", "South", ""]):  # fmt: skip
        assert not told(client(accounts(names)), "each name once")


def test_only_names_of_groups_are_compared_and_trimmed(client):
    """Questions answered in words and columns that nobody declared are no groups."""
    book = ("variable,role,label,scale_min,scale_max\nnps,recommend,N,0,10\n"
            "shop,segment,Shop,,\nwhy,comment,Why,,\n")  # fmt: skip
    rows = "r1,2026H1,9,Nord ,Good ,x \nr2,2026H1,3,NORD,GOOD ,X \n"
    files = {"codebook.csv": book, "responses.csv": f"response_id,wave,nps,shop,why,own\n{rows}"}
    (found,) = told(client(files), "read alike")
    assert found.column == "shop"
    study = open_study(client(files))
    assert study.responses["shop"].to_list() == ["Nord", "NORD"]
    assert study.responses["why"].to_list() == ["Good ", "GOOD "]
    assert study.responses["own"].to_list() == ["x ", "X "]
    rows = "t1,007,a,2026-01-05,x\nt2,007,a,2026-01-05,X\n"
    tickets = f"ticket_id,account_id,trigger,created_at,own\n{rows}"
    assert not told(client({"tickets.csv": tickets}), "read alike")


def test_gaps_are_told_of_lists_and_of_groups_alone(client):
    names = ["North", "", "South", "", ""]
    assert not told(client(accounts(names, "owner")), "each name once")
    assert told(client(accounts(names, "branch"), segments="[branch]"), "each name once")
    rows = "".join(f"{name},10\n" for name in ("North", "South"))
    assert not told(client({"population.csv": f"region,size\n{rows},5\n,5\n"}), "each name once")
