"""What follows from a table that cannot be read is no fault of its own: it is said once."""

from __future__ import annotations

import pytest

from helpers.errors import Fault
from helpers.study import check_client

ZIP = b"PK\x03\x04"
CODEBOOK = (
    "variable,text,role,label,scale_min,scale_max,reverse,missing_codes\n"
    "nps,Recommend?,recommend,Recommendation,0,10,,\n"
    "ease,Easy?,driver,Ease,0,10,,99\n"
    "trouble,Trouble?,driver,Trouble,1,5,yes,\n"
)
POPULATION = "region,size\nN,4\nS,6\n"
CASES = {
    "a declared segment": ({"accounts.csv": ZIP}, {"segments": "[region, tier]"}, "accounts"),
    "a segment of the codebook": (
        {"accounts.csv": ZIP, "codebook.csv": CODEBOOK + "region,,segment,Region,,,,\n"},
        {},
        "accounts",
    ),
    "of contacts": ({"contacts.csv": ZIP}, {"segments": "[function]"}, "contacts"),
    "a file that is not there": (
        {},
        {"segments": "[region]", "tables": "{accounts: nowhere.csv}"},
        "accounts",
    ),
    "comments": (
        {"comments.csv": ZIP, "codebook.csv": CODEBOOK + "why,,comment,Why,,,,\n"},
        {},
        "comments",
    ),
    "a population by it": (
        {"accounts.csv": ZIP, "population.csv": POPULATION},
        {"segments": "[region]"},
        "accounts",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_only_the_table_is_at_fault_and_what_waits_for_it_is_said_once(client, name):
    files, keys, table = CASES[name]
    found = check_client(client(files, **keys))
    assert len([f for f in found if f.severity == "error"]) == 1
    (waits,) = [f for f in found if f.severity == "warning"]
    assert waits.problem == f"could not be looked for until {table} can be read"


def test_a_list_without_its_ids_is_one_fault(client):
    text = "acct,name,region\n007,a,N\n008,b,S\n"
    found = check_client(client({"accounts.csv": text}, segments="[region]"))
    assert [(f.file, f.column) for f in found if f.severity == "error"] == [
        ("accounts.csv", "account_id")
    ]


def test_a_segment_that_is_nowhere_stays_a_fault_where_all_tables_are_read(client):
    text = "account_id,name,region\n007,a,N\n008,b,S\n009,c,N\n"
    (fault,) = check_client(client({"accounts.csv": text}, segments="[regoin]"))
    assert (fault.severity, fault.advice) == ("error", "Did you mean region?")


def test_a_message_stays_short_however_much_there_is_to_tell():
    long = Fault("a.csv", "is odd " * 900, "Mend it.", column="c" * 5_000, found="f" * 5_000)
    assert len(str(long)) < 2_000
    assert "more letters are left out). Mend it." in str(long)


@pytest.mark.parametrize("mark", [", ", "; ", ". ", " "])
def test_a_long_message_ends_between_two_parts_and_keeps_its_advice(mark):
    parts = [f"part{n:04d}" for n in range(600)]
    said = str(Fault("a.csv", f"lacks {mark.join(parts)}", "Declare `formats: {a: {sheet: b}}`."))
    assert said.endswith(" more letters are left out). Declare `formats: {a: {sheet: b}}`.")
    kept = said.partition(" (")[0].removeprefix("a.csv: lacks ").split(mark)
    assert kept == parts[: len(kept)]
