"""Addresses of tables: read, or refused in words; no password is ever printed or used from one."""

from __future__ import annotations

import pytest

from helpers.errors import Fault, without_passwords
from helpers.study import check_client
from helpers.study.in_place.address import AddressProblem, read_address

SECRET = "geheim-7"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("postgresql://ann@db.example:5433/finance/sales.monthly", ("finance", "sales", "monthly")),
        ("postgres://db.example/finance/monthly", ("finance", None, "monthly")),
        ("postgresql://db.example/finance.monthly", ("finance", None, "monthly")),
        ("postgresql:///finance/monthly?host=/var/run/postgresql", ("finance", None, "monthly")),
        ("spark://cluster:15002/sales.monthly", ("", "sales", "monthly")),
        ("duckdb://finance/2026.duckdb/main.monthly", ("", "main", "monthly")),
    ],
)
def test_an_address_names_one_table(text, place):
    address = read_address(text)
    assert (address.database, address.schema, address.table) == place


def test_what_a_table_is_called_on_pages_holds_no_host_and_no_user():
    name = read_address("postgresql://ann@db.example:5433/finance/sales.monthly").name
    assert name == "sales.monthly (PostgreSQL)"


@pytest.mark.parametrize(
    "text",
    [
        f"postgresql://ann:{SECRET}@host/finance/monthly",
        f"postgresql://ann:{SECRET}%40x@host/finance/monthly",
        f"postgresql://ann:{SECRET}@x@host/finance/monthly",
        f"postgresql://:{SECRET}@host/finance/monthly",
        f"postgresql://host/finance/monthly?password={SECRET}",
        f"postgresql://host/finance/monthly?sslpassword={SECRET}",
        f"mysql://ann:{SECRET}@host/finance/monthly",
        f"PostgreSQL://ann:{SECRET}@host/finance/monthly",
        f"spark://ann:{SECRET}@host/finance.monthly",
    ],
)
def test_a_password_in_an_address_is_refused_with_advice_and_never_told(client, text):
    faults = check_client(client(tables=f'{{financials: "{text}"}}'))
    [told] = [str(fault) for fault in faults if fault.severity == "error"]
    assert "client.yml, column tables.financials" in told
    assert "holds a password" in told
    assert "PGPASSWORD" in told
    assert not any(SECRET in str(fault) for fault in faults)


@pytest.mark.parametrize(
    "line",
    [
        'tabels: {{financials: "{}"}}',
        'tables: {{financals: "{}"}}',
        'tables: "{}"',
        'currency: "{}"',
        'tables: {{financials: "{}"',
        'brand: {{colour: "{}"}}',
        'sources: {{a: "{}"}}',
    ],
)
def test_a_password_is_told_in_no_other_fault_either(client, line):
    folder = client()
    address = f"postgresql://ann:{SECRET}@host/finance/monthly"
    kept = "name: Small & Sound\nas_of: 2026-06-30\nwave: 2026H1\n"
    (folder / "client.yml").write_text(kept + line.format(address) + "\n")
    told = [str(fault) for fault in check_client(folder)]
    assert told
    assert not any(SECRET in text for text in told)


def test_a_fault_takes_the_password_out_of_what_it_quotes():
    fault = Fault("a", f"is x://u:{SECRET}@h", "b", found=f"x://h?password={SECRET}&b=1")
    assert SECRET not in repr(fault)
    assert "x://u:…@h" in str(fault)
    assert without_passwords("https://example.org/a:b@c") == "https://example.org/a:b@c"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("mysql://host/finance/monthly", "kind that the handbook does not read"),
        ("https://example.org/monthly.csv", "kind that the handbook does not read"),
        ("postgresql://host", "does not name one table"),
        ("postgresql://host/finance", "does not name one table"),
        ("postgresql://host/a/b.c.d", "does not name one table"),
        ("postgresql://host/a/b/c", "does not name one table"),
        ("postgresql://host:port/finance/monthly", "port that is no number"),
        ("postgresql://[::1/finance/monthly", "cannot be read"),
        ("postgresql://host/finance/monthly?options=-c", "has the option 'options'"),
        ("postgresql://host/finance/monthly?password_env=a-b", "no name of a variable"),
        ("duckdb://finance.duckdb", "does not name a file and one table"),
        ("duckdb://../finance.duckdb/monthly", "leads out of the client folder"),
        ("duckdb:///srv/finance.duckdb/monthly", "leads out of the client folder"),
        ("duckdb://absent.duckdb/monthly", "is not there"),
    ],
)
def test_an_address_that_cannot_be_is_refused_by_its_key(client, text, problem):
    faults = check_client(client(tables=f'{{financials: "{text}"}}'))
    [told] = [fault for fault in faults if fault.severity == "error"]
    assert (told.file, told.column) == ("client.yml", "tables.financials")
    assert problem in str(told)


def test_only_one_table_lies_at_an_address(client):
    text = '["postgresql://h/d/a", "postgresql://h/d/b"]'
    [told] = [str(f) for f in check_client(client(tables=f"{{financials: {text}}}"))]
    assert "names a database beside others" in told


def test_the_codebook_stays_in_the_folder(client):
    folder = client({"codebook.csv": None}, tables='{codebook: "postgresql://h/d/a"}')
    assert any("cannot lie in a database" in str(fault) for fault in check_client(folder))


def test_a_database_file_is_told_how_to_be_named(client):
    folder = client({"finance.duckdb": b"x"}, tables="{financials: finance.duckdb}")
    assert any("duckdb://finance.duckdb/<table>" in str(fault) for fault in check_client(folder))


def test_an_address_says_what_is_wrong_in_words():
    with pytest.raises(AddressProblem, match="Write postgresql://user@host/database"):
        read_address("postgresql://host")
