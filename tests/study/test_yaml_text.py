"""client.yml from any hand: each oddity is a fault with its line, never a crash or a wait."""

from __future__ import annotations

import time

import pytest

from helpers.study.config import read_config
from helpers.study.findings import Findings
from helpers.study.yaml_text import read_yaml

SOUND = "name: Small\nas_of: 2026-06-30\nwave: 2026H1\n"  # three lines


@pytest.fixture
def faults(tmp_path):
    def read(text):
        (tmp_path / "client.yml").write_bytes(text if isinstance(text, bytes) else text.encode())
        findings = Findings()
        start = time.monotonic()
        read_config(tmp_path, findings)
        assert time.monotonic() - start < 10
        return [str(fault) for fault in findings.errors]

    return read


LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n"
    for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        (LAUGHS, "unfolds to more than 100,000 values"),
        ("a: &a [*a]\n", "has an alias within itself (line 4)"),
        ("a: &a {b: {c: *a}}\n", "has an alias within itself (line 4)"),
        ("a: *nowhere\n", "is not valid YAML (line 4"),
        ("a: " + "[" * 2000 + "]" * 2000, "more than 20 deep (line 4)"),
        ("a: " + "{b: " * 500 + "}" * 500, "more than 20 deep (line 4)"),
        ("".join(" " * n + "a:\n" for n in range(500)), "more than 20 deep (line 503)"),
        ("a: " + "[" * 25 + "]" * 25, "more than 20 deep (line 4)"),
        ("---\nname: Other\n", "is not valid YAML (line 4"),
        ("\twave: 2\n", "has a tab before its text (line 4"),
        ("targets:\n\tscores: {nps: 4}\n", "has a tab before its text (line 5"),
        ("segments: &a [x]\nsources: &a [y]\n", "has the anchor &a twice (lines 4 and 5)"),
        ("segments: [&a x, &a y]\n", "has the anchor &a twice (lines 4 and 4)"),
        ("a: &x {b: &y 1}\nc: &y 2\n", "has the anchor &y twice (lines 4 and 5)"),
        ("formats: {accounts: {<<: {date: x}}}\n", "Merge keys are not read: write the keys out"),
        ("? [a, b]\n: 1\n", "has a key that is no text (line 4)"),
        ("{a: 1}: 1\n", "has a key that is no text (line 4)"),
        ('a: "\\U99999999"\n', "is not valid YAML: OverflowError"),
        ("a: x\x00\n", "holds a character that no text has (line 4)"),
        ("a: x\x1b[31m\n", "holds a character that no text has (line 4)"),
        ("#" * 200_000, "is larger than 200 kB"),
        ("wave: 2025H2\n", "is written twice (lines 3 and 4)"),
        ("1: x\n", "'1' is not a key that the handbook knows (line 4)"),
        ("null: x\n", "'null' is not a key that the handbook knows (line 4)"),
        ("true: x\n", "'true' is not a key that the handbook knows (line 4)"),
        ("<<: {a: 1}\n", "'<<' is not a key that the handbook knows (line 4)"),
        ("waves: {2026H1: 2026-13-45}\n", "'2026-13-45' is not what this key takes (line 4)"),
        ("currency: !!python/object:os.system x\n", "'!!python/object:os.system' is a tag"),
        ("currency: !mine x\n", "'!mine' is a tag, which is not read (line 4)"),
        ("sources: !!set {a}\n", "'!!set' is a tag, which is not read (line 4)"),
    ],
)
def test_each_oddity_is_a_fault_with_its_line(faults, more, problem):
    assert any(problem in found for found in faults(SOUND + more))


@pytest.mark.parametrize("text", ["", "# nothing\n", "- a\n", "abc\n", "null\n", "[]\n", "--- \n"])
def test_what_is_no_list_of_keys_is_said(faults, text):
    assert faults(text) == ["client.yml: is empty or not a list of keys. Start with `name: …`."]


@pytest.mark.parametrize("text", [b"\xff\xfen\x00", "name: Zoë".encode("latin-1"), b"\x80"])
def test_what_is_not_utf_8_is_said(faults, text):
    assert "is not UTF-8" in faults(text)[0]


@pytest.mark.parametrize(
    "value", [".nan", ".inf", "-.INF", "!!int abc", "!!float x", "1e999", "9" * 5000, "0xZZ"]
)
def test_a_parameter_that_is_no_number_is_a_fault(faults, value):
    found = faults(SOUND + f"parameters:\n  drivers: {{replicates: {value}}}\n")
    if value == "0xZZ":  # to YAML a text, as it stands
        assert not found
        return
    assert "column parameters.drivers.replicates: " in found[0]
    assert "is not a number that can be computed with (line 5)" in found[0]


def test_values_stay_as_they_were_typed(tmp_path):
    text = (
        "wave: 012\nparameters: {a: {b: 1_000, c: 0x1F, d: true, e: 012, f: 1.5, g: 2026-01-02}}\n"
    )
    (tmp_path / "client.yml").write_text(text)
    content, places = read_yaml(tmp_path / "client.yml", Findings())
    assert content == {
        "wave": "012",
        "parameters": {"a": {"b": 1000, "c": 31, "d": True, "e": 12, "f": 1.5, "g": "2026-01-02"}},
    }
    assert places["parameters", "a", "c"] == 2


def test_an_alias_stands_for_its_value(tmp_path):
    (tmp_path / "client.yml").write_text("a: &a [x]\nb: *a\n")
    assert read_yaml(tmp_path / "client.yml", Findings())[0] == {"a": ["x"], "b": ["x"]}


@pytest.mark.filterwarnings("error")
def test_an_anchor_set_twice_prints_no_warning_of_python(faults, capfd):
    assert len(faults(SOUND + "segments: &a [x]\nsources: &a [y]\n")) == 1
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("more", "line", "instead"),
    [
        ("segmnts: [x]", 4, "Did you mean segments?"),
        ("brand: {color: x}", 4, "Did you mean colour?"),
        ("policy: {smalest_base: {test: 3}}", 4, "Did you mean smallest_base?"),
        ("formats: {acounts: {date: x}}", 4, "Did you mean accounts?"),
        ("formats: {accounts: {dates: x}}", 4, "Did you mean date?"),
        ("duplicates: {contacts: frist}", 4, "Did you mean first? It takes 'first', 'last'"),
        ("segments: {a: b}", 4, "It takes a text, or a list of texts, as `segments: [tier"),
        ("segments:\n- {a: b}", 4, "It takes one text, as `segments: [tier, region]`"),
        ("tables: [a]", 4, "It takes keys with their values, as `tables: {responses:"),
        ("formats: {accounts: 3}", 4, "as `formats: {accounts: {decimal: "),
        ("formats: {accounts: {columns: [a]}}", 4, "as `columns: {account_id: Customer}`"),
        ("formats: {accounts: {values: x}}", 4, "as `values: {role: {user: [Employee"),
        ("formats: {accounts: {header_row: x}}", 4, "Write a whole number"),
        ("formats: {accounts: {header_row: 0}}", 4, "Write a number, 1 or more"),
        ("formats: {accounts: {percent: maybe}}", 4, "Write true or false"),
        ("numbers: 3", 4, 'as `numbers: {decimal: ","}`'),
        ("collapse: {region: x}", 4, "as `collapse: {region: {North: [Nordics"),
        ("waves: [a]", 4, "as `waves: {2026H1: 2026-05-15}`"),
        ("policy: required", 4, "as `policy: {consent: required}`"),
        ("policy: {smallest_base: 10}", 4, "as `smallest_base: {suppress: 10, test: 30}`"),
        ("targets: {scores: {nps: x}}", 4, "Write a number, as 40 or 0.6"),
        ("targets: {plan_days: 0}", 4, "Write a number, above 0"),
        ("brand: x", 4, "as `brand: {logo: logo.svg}`"),
        ("parameters: [a]", 4, "as `parameters: {drivers: {replicates: 2000}}`"),
        ("chapters: {a: b}", 4, "as `chapters: [drivers, linkage]`"),
        ("previous_wave: [a]", 4, "It takes one text, as `previous_wave: 2025H2`"),
        ("description: [a]", 4, "It takes one text"),
    ],
)
def test_what_a_key_does_not_take_is_named_with_its_line_and_what_to_type(
    faults, more, line, instead
):
    (found,) = faults(SOUND + more + "\n")
    assert f"(line {line})" in found
    assert instead in found
    for jargon in ("valid dictionary", "valid tuple", "valid string", "parse", "boolean"):
        assert jargon not in found


@pytest.mark.parametrize("word", ["no", "off", "NO", "yes", "012", "1_000", "2026-01-02", "1e5"])
def test_words_that_yaml_takes_for_something_else_stay_texts(tmp_path, word):
    (tmp_path / "client.yml").write_text(
        f"{SOUND}segments: [{word}]\ncollapse: {{country: {{{word}: [{word}]}}}}\n"
    )
    config = read_config(tmp_path, Findings())
    assert config.segments == (word,)
    assert config.collapse == {"country": {word: (word,)}}
