"""Texts that a wrong encoding has spoilt are told of, with what was meant."""

from __future__ import annotations

import pytest

from helpers.study import check_client, open_study
from helpers.study.garbled import mended

NAMES = ["Müller", "Café Noël", "Łódź Sp. z o.o.", "Customer’s Choice", "20 °C", "Ångström", "“A”"]


def told(folder):
    return [str(fault) for fault in check_client(folder) if fault.severity == "warning"]


def listed(*names):
    rows = "".join(f'00{n},"{name}",North\n' for n, name in enumerate(names, start=7))
    return "account_id,name,region\n" + rows


def garble(text):
    """As UTF-8 read by a program of Windows, which keeps the bytes that its page lacks."""
    return "".join(
        bytes([byte]).decode("cp1252") if byte not in (129, 141, 143, 144, 157) else chr(byte)
        for byte in text.encode()
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_garbled_name_is_told_of_with_what_was_meant(client, name):
    assert mended(garble(name)) == name
    (found,) = told(client({"accounts.csv": listed("A", garble(name), garble(name))}))
    assert "accounts.csv, row 2, column name: " in found
    assert f"seems to be {name!r}, as are 1 more cells" in found


@pytest.mark.parametrize(
    "name", [*NAMES, "SÃO PAULO", "«CAFÉ»", "Ângelo", "Â. Silva", "Ç", "NOËL – 2", "ÄÖÜ", "São"]
)
def test_a_name_as_it_should_be_is_not(client, name):
    assert mended(name) is None
    assert not told(client({"accounts.csv": listed("A", name, "B")}))


@pytest.mark.parametrize("code", ["cp1252", "latin-1"])
def test_where_a_code_page_is_declared_for_utf_8_the_remedy_mends_it(client, code):
    data = {"accounts.csv": listed("Müller", "Peña", "Çelik")}
    (found,) = told(client(data, formats=f"{{accounts: {{encoding: {code}}}}}"))
    keys = found.split("`formats: ")[1].split("`")[0]
    assert keys == "{accounts: {encoding: utf-8}}"
    folder = client(data, formats=keys)
    assert not told(folder)
    assert open_study(folder).accounts["name"].to_list() == ["Müller", "Peña", "Çelik"]


def test_a_part_that_is_garbled_is_told_of_beside_one_that_is_not():
    assert mended("MÃ¼ller & Söhne") == "Müller & Söhne"


def test_letters_that_were_lost_are_told_of(client):
    (found,) = told(client({"accounts.csv": listed("A", "M\ufffdller", "Pe\ufffda")}))
    assert "row 2, column name" in found and "were lost in a conversion, as are 1 more" in found
