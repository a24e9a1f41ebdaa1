"""client.yml: every key is known, every fault has its line and its cure."""

from __future__ import annotations

import pytest

from helpers.study import check_client, open_study
from helpers.study.config import Config, Numbers, read_config
from helpers.study.findings import Findings


def messages(folder):
    return [str(fault) for fault in check_client(folder)]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("curency: EUR", "(line 5). Did you mean currency?"),
        ("policy: {smallest_bases: {test: 3}}", "Did you mean smallest_base?"),
        ("policy: {smallest_base: {surpress: 3}}", "Did you mean suppress?"),
        ("formats: {responses: {encodng: cp1252}}", "Did you mean encoding?"),
        ("targets: {plan_day: 5}", "Did you mean plan_days?"),
        ("targets: {scores: {npss: 40}}", "Did you mean nps? It takes 'nps', 'recommend_mean'"),
        ("targets: {scores: {nps: high}}", "Write a number, as 40 or 0.6"),
        ("tables: {respones: x.csv}", "Did you mean responses?"),
        ("duplicates: {acounts: first}", "Did you mean accounts?"),
        ("duplicates: {accounts: newest}", "'first', 'last', 'drop' or 'sum'"),
        ("brand: {colour: blue}", 'Write a colour as "#0b5fff"'),
        ("brand: {colour: '#fff;} body{'}", 'Write a colour as "#0b5fff"'),
        ("brand: {logo: ../logo.svg}", "is not a file of the client folder"),
        ("brand: {logo: logo.exe}", "Name an .svg, .png or .jpg file"),
        ("report: {autor: Reed}", "Did you mean author?"),
        ("report: Reed", "as `report: {author: Reed & Partners, confidentiality: Confidential}`"),
        (f"report: {{contact: {'a' * 121}}}", "120"),
        ("policy: {consent: maybe}", "'required' or 'not_required'"),
        ("policy: {smallest_base: {suppress: ten}}", "Write a whole number, as 3"),
        ("previous_wave: 2025H1", "They have: 2025H2, 2026H1."),
        ("segments: [tir]", "is not a column of responses, accounts or contacts"),
    ],
)
def test_a_wrong_key_or_value_is_one_message_that_says_what_to_type(client, line, says):
    folder = client()
    with (folder / "client.yml").open("a") as file:
        file.write(line + "\n")
    (found,) = messages(folder)
    assert says in found, found
    assert found.startswith("client.yml")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("targets: {close_days: " + "9" * 400 + "}", "Write a number, 36525 or less"),
        ("targets: {first_contact_hours: 1e9}", "Write a number, 876600 or less"),
        ("targets: {scores: {nps: 1e999}}", "It should be a finite number"),
    ],
)
def test_a_target_that_no_calendar_holds_is_refused(client, line, says):
    folder = client()
    with (folder / "client.yml").open("a") as file:
        file.write(line + "\n")
    (found,) = messages(folder)
    assert says in found


def test_missing_keys_are_all_named(client):
    folder = client({"client.yml": "currency: EUR\n"})
    found = messages(folder)
    assert [text.split(":")[0] for text in found] == [
        "client.yml, column name",
        "client.yml, column as_of",
        "client.yml, column wave",
    ]


def test_text_is_read_as_it_was_typed(client):
    folder = client({"client.yml": 'name: NO\nas_of: 2026-06-30\nwave: 012\ncurrency: "EUR"\n'})
    config = read_config(folder, Findings())
    assert config is not None
    assert (config.name, config.wave) == ("NO", "012")


def test_parameters_keep_their_types(client):
    keys = "{drivers: {replicates: 500, trim: 0.5, always: [a, b], on: true, name: 'x', no: null}}"
    values = open_study(client(parameters=keys)).config.parameters["drivers"]
    assert values == {
        "replicates": 500,
        "trim": 0.5,
        "always": ["a", "b"],
        "on": True,
        "name": "x",
        "no": None,
    }


@pytest.mark.parametrize("text", ["", "just text\n", "name: [a\n", "- a\n- b\n", "\x00"])
def test_what_is_no_mapping_is_one_fault(client, text):
    assert len(messages(client({"client.yml": text or " "}))) == 1


def test_a_table_format_goes_over_the_shared_one():
    config = Config.model_validate(
        {
            "name": "a",
            "as_of": "2026-06-30",
            "wave": "1",
            "numbers": {"decimal": ",", "currency": "€"},
            "formats": {"financials": {"decimal": ".", "delimiter": ";"}},
        }
    )
    assert (config.format("financials").decimal, config.format("accounts").decimal) == (".", ",")
    assert config.format("financials").currency == ("€",)


def test_no_folder_and_no_client_file_are_said_plainly(client, tmp_path):
    assert "is not a client folder" in messages(tmp_path / "nowhere")[0]
    assert "is not in the folder" in messages(client({"client.yml": None}))[0]


@pytest.mark.parametrize("name", ["nul", "con.txt", "~root", "-rf", "..", "no-such-client"])
def test_names_that_are_no_clients_are_refused(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "_toc.yml").write_text("")
    (fault,) = check_client(name)
    assert "client" in fault.problem or "client.yml" in fault.file


def test_a_client_is_found_by_name_from_any_folder_of_the_project(tmp_path, monkeypatch, client):
    (tmp_path / "_toc.yml").write_text("")
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "data").mkdir()
    client().rename(tmp_path / "data" / "sound")
    monkeypatch.chdir(tmp_path / "notebooks")
    assert open_study("sound").slug == "sound"
    (fault,) = check_client("soud")
    assert fault.advice == "Did you mean sound?"


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("31.12.2025", "Write 2025-12-31."),
        ("05/12/2025", "Write 2025-12-05 or 2025-05-12."),
        ("end of June", "Write a date as 2026-06-30."),
    ],
)
def test_a_day_written_otherwise_is_shown_as_it_should_be(client, written, says):
    text = f"name: A\nas_of: {written}\nwave: 2026H1\nwaves: {{2026H1: {written}}}\n"
    found = [str(fault) for fault in check_client(client({"client.yml": text}))]
    assert "column as_of" in found[0]
    assert "column waves.2026H1" in found[1]
    assert all(fault.endswith(says) for fault in found[:2]), found


@pytest.mark.parametrize(
    "line",
    [
        'numbers: {thousands: "."}',
        'numbers: {decimal: ",", thousands: ","}',
        'formats: {financials: {thousands: "."}}',
        'numbers: {decimal: ","}\nformats: {financials: {thousands: ","}}',
    ],
)
def test_one_mark_cannot_divide_thousands_and_decimals(client, line):
    """12.5 would be read as 125."""
    text = "account_id,period,revenue\n007,2026-01-01,12.5\n007,2026-02-01,1.5\n"
    folder = client({"financials.csv": text})
    (folder / "client.yml").write_text((folder / "client.yml").read_text() + line + "\n")
    found = [str(fault) for fault in check_client(folder) if fault.severity == "error"]
    assert any("is the decimal mark as well" in fault for fault in found)


@pytest.mark.parametrize("sign", [".", ",", "-", "1", "€1"])
def test_a_point_or_a_digit_is_no_currency(sign):
    """Read as one, 3,965.56 would be 396,556."""
    with pytest.raises(ValueError, match="is no currency: write its sign or letters"):
        Numbers(currency=(sign,))


@pytest.mark.parametrize("sign", ["€", "EUR", "kr.", "R$"])
def test_a_sign_or_letters_are_a_currency(sign):
    assert Numbers(currency=(sign,)).currency == (sign,)
