"""What SPSS says of its codes, against the codes, the codebook and the next file."""

from __future__ import annotations

import re

import pandas as pd
import pyreadstat
import pytest
import yaml

from helpers.study import check_client, open_study

BOOK = (
    "variable,text,role,label,scale_min,scale_max,reverse,missing_codes\n"
    "nps,Recommend?,recommend,Recommendation,0,10,,\n"
    "price,Price?,driver,Price,1,5,{reverse},{missing}\n"
    "kind,Kind?,segment,Kind,,,,{none}\n"
)
IDS = {"response_id": ["a", "b", "c", "d"]}
SOUND = {
    **IDS,
    "nps": [9.0, 8.0, 4.0, 10.0],
    "price": [1.0, 2.0, 3.0, 4.0],
    "kind": ["x", "y", "x", "y"],
}
SHIFTED = {float(code): str(code - 1) for code in range(1, 12)}


@pytest.fixture
def spss(client):
    """A client whose tables come from SPSS files, with labels."""

    def make(labels, frame=None, *, reverse="", missing="", none="", name="responses", **keys):
        book = BOOK.format(reverse=reverse, missing=missing, none=none)
        responses = (
            "response_id,nps,price,kind\na,9,1,x\nb,8,2,y\n" if name != "responses" else None
        )
        folder = client({"codebook.csv": book, "responses.csv": responses}, **keys)
        write(folder / f"{name}.sav", frame or SOUND, labels)
        return folder

    return make


def write(path, frame, labels, **keys):
    pyreadstat.write_sav(pd.DataFrame(frame), str(path), variable_value_labels=labels, **keys)


def told(folder, severity):
    return [str(fault) for fault in check_client(folder) if fault.severity == severity]


SHIFTS = {
    "all codes": SHIFTED,
    "words after the numbers": {
        **SHIFTED,
        1.0: "0 - Not at all likely",
        11.0: "10 - Extremely likely",
    },
    "words before the numbers": {1.0: "Not at all likely (0)", 11.0: "Extremely likely (10)"},
    "a space alone between": {**SHIFTED, 1.0: "0 Not at all likely"},
    "the other way round": {float(code): str(10 - code) for code in range(11)},
    "one code alone": {float(code): str(code) for code in range(10)} | {10.0: "9"},
}


@pytest.mark.parametrize("labels", SHIFTS.values(), ids=SHIFTS)
def test_codes_that_are_not_what_their_labels_say_are_an_error_with_both(spss, labels):
    frame = {**SOUND, "nps": [9.0, 9.0, 9.0, 10.0]}
    (found,) = told(spss({"nps": labels}, frame), "error")
    assert "responses.sav, column nps" in found
    code, label = list(labels.items())[-1]
    assert f"code {code:g} is labelled {label!r}" in found


def test_codes_moved_by_one_are_named_where_the_highest_does_not_occur(spss):
    (found,) = told(spss({"nps": SHIFTED}, {**SOUND, "nps": [8.0, 8.0, 3.0, 10.0]}), "error")
    assert "code 9 is labelled '8'" in found


def test_the_advice_for_moved_codes_gives_the_right_score(spss):
    """Codes 8, 8, 3, 10 are the marks 7, 7, 2, 9: one promoter, one detractor."""
    frame = {**SOUND, "nps": [8.0, 8.0, 3.0, 10.0]}
    (found,) = told(spss({"nps": SHIFTED}, frame), "error")
    line = re.search(r"`(formats: .*?)` in client.yml", found)[1]
    declared = yaml.safe_dump(yaml.safe_load(line)["formats"], default_flow_style=True, width=999)
    folder = spss({"nps": SHIFTED}, frame, formats=declared.strip())
    assert told(folder, "error") == []
    assert open_study(folder).responses["nps"].to_list() == [7.0, 7.0, 2.0, 9.0]


def test_ends_labelled_alone_tell_of_moved_codes(spss):
    labels = {"nps": {1.0: "Not at all likely", 11.0: "Extremely likely"}}
    (found,) = told(spss(labels), "error")
    assert "outside the scale of codebook.csv, 0 to 10: code 11 is labelled 'Extremely" in found
    assert '"10": "11"' in found


@pytest.mark.parametrize(
    "labels",
    [
        {float(code): str(code) for code in range(11)},
        {0.0: "0 - Not at all likely", 10.0: "10 - Extremely likely"},
        {0.0: "Not at all likely", 10.0: "Extremely likely"},
        {1.0: "0", 2.0: "1", 3.0: "2-3", 4.0: "4+"},
        {1.0: "2-3 times", 2.0: "4 visits", 3.0: "10+ times", 4.0: "less than 5"},
    ],
)
def test_labels_that_agree_or_count_other_things_are_no_fault(spss, labels):
    assert told(spss({"nps": labels}), "error") == []
    assert told(spss({"nps": labels}), "warning") == []


@pytest.mark.parametrize("label", ["Don't know", "Δεν ξέρω"])
def test_no_answer_inside_a_scale_is_a_warning_that_tells_what_to_declare(spss, label):
    labels = {"price": {1.0: "Poor", 4.0: "Excellent", 5.0: label}}
    (found,) = told(spss(labels, {**SOUND, "price": [5.0, 5.0, 3.0, 4.0]}), "warning")
    assert f"counts code 5, labelled {label!r}" in found.replace('"', "'") or label in found
    assert "2 answers" in found
    assert "declare 5 under missing_codes of price" in found
    assert "scale_max 4" in found


def test_no_answer_declared_is_missing_and_said_no_more(spss):
    labels = {"nps": {5.0: "Don't know"}, "price": {2.0: "Never used"}}
    folder = spss(labels, missing="2")
    assert [found for found in told(folder, "warning") if "price" in found] == []
    (found,) = told(folder, "warning")
    assert "declare 5 under missing_codes of nps in codebook.csv." in found
    assert open_study(folder).responses["price"].isna().to_list() == [False, True, False, False]


def test_a_mark_outside_the_scale_is_an_error_and_no_answer_outside_it_is_none(spss):
    (found,) = told(spss({"price": {0.0: "Never", 5.0: "Always"}}), "error")
    assert "code 0 is labelled 'Never'" in found
    assert told(spss({"price": {6.0: "Don't know", 5.0: "Always"}}), "error") == []


@pytest.mark.parametrize(("first", "last"), [("Very satisfied", "Very dissatisfied")])
def test_a_scale_that_begins_with_its_best_mark_is_a_warning_with_the_labels(spss, first, last):
    labels = {"price": {1.0: first, 3.0: "Neither satisfied nor dissatisfied", 5.0: last}}
    (found,) = told(spss(labels), "warning")
    assert "other way round" in found and first in found and last in found
    assert "write yes under reverse of price" in found
    assert told(spss(labels, reverse="yes"), "warning") == []


def test_a_reversed_question_whose_best_mark_is_last_is_a_warning(spss):
    labels = {"price": {1.0: "Very dissatisfied", 5.0: "Very satisfied"}}
    (found,) = told(spss(labels, reverse="yes"), "warning")
    assert "is declared as reversed" in found
    assert told(spss(labels), "warning") == []
    agreed = {"price": {1.0: "Strongly disagree", 5.0: "Strongly agree"}}  # to a complaint
    assert told(spss(agreed, reverse="yes"), "warning") == []


CONSENTS = [
    ({0.0: "Yes, may be named", 1.0: "No"}, [True, False]),
    ({0.0: "Nein", 1.0: "Ja, gerne"}, [False, True]),
    ({0.0: "Oui", 1.0: "Non"}, [True, False]),
    ({0.0: "Selected", 1.0: "Not selected"}, [True, False]),
    ({0.0: "No", 1.0: "Sí"}, [False, True]),
]


@pytest.mark.parametrize(("labels", "right"), CONSENTS)
def test_yes_and_no_are_what_the_labels_say(spss, labels, right):
    frame = {"contact_id": ["1", "2"], "account_id": ["x", "y"], "consent_named": [0.0, 1.0]}
    folder = spss({"consent_named": labels}, frame, name="contacts")
    assert told(folder, "error") == []
    assert open_study(folder).table("contacts")["consent_named"].to_list() == right


UNCLEAR = [
    {0.0: "May be named", 1.0: "May not be named"},
    {0.0: "Yes, by name", 1.0: "Yes, the firm alone"},
    {0.0: "Yes, but not by name", 1.0: "No"},
    {0.0: "Yes"},  # and 1, without a label, would be yes as well
]


@pytest.mark.parametrize("labels", UNCLEAR)
def test_labels_that_are_not_plainly_yes_or_no_are_an_error(spss, labels):
    frame = {"contact_id": ["1", "2"], "account_id": ["x", "y"], "consent_named": [0.0, 1.0]}
    folder = spss({"consent_named": labels}, frame, name="contacts")
    (found,) = told(folder, "error")
    assert "contacts.sav" in found and "consent_named" in found
    assert "formats: {contacts: {values: {consent_named:" in found


@pytest.mark.parametrize(
    "declared", ['{"yes": "1", "no": "0"}', '{"yes": May not be named, "no": May be named}']
)
def test_a_declaration_of_yes_and_no_counts_more_than_the_labels(spss, declared):
    frame = {"contact_id": ["1", "2"], "account_id": ["x", "y"], "consent_named": [0.0, 1.0]}
    labels = {"consent_named": {0.0: "May be named", 1.0: "May not be named"}}
    keys = {"formats": f"{{contacts: {{values: {{consent_named: {declared}}}}}}}"}
    study = open_study(spss(labels, frame, name="contacts", **keys))
    assert study.table("contacts")["consent_named"].to_list() == [False, True]


def test_each_file_is_labelled_by_its_own_labels(spss):
    files = 'tables: {responses: ["one.sav", "two.sav"]}'
    folder = spss({}, {**SOUND}, segments="[kind]")
    (folder / "responses.sav").unlink()
    (folder / "client.yml").write_text((folder / "client.yml").read_text() + files + "\n")
    first = {**SOUND, "kind": [1.0, 2.0, 1.0, 2.0]}
    write(folder / "one.sav", first, {"kind": {1.0: "Key", 2.0: "Core"}})
    second = {**first, "response_id": ["e", "f", "g", "h"]}
    write(folder / "two.sav", second, {"kind": {1.0: "Core", 2.0: "Key"}})
    kinds = open_study(folder).responses["kind"].to_list()
    assert kinds == ["Key", "Core", "Key", "Core", "Core", "Key", "Core", "Key"]


@pytest.fixture
def two_files(spss):
    def make(first, second):
        folder = spss({}, tables='{responses: ["one.sav", "two.sav"]}')
        (folder / "responses.sav").unlink()
        write(folder / "one.sav", SOUND, {"price": first})
        write(folder / "two.sav", {**SOUND, "response_id": list("efgh")}, {"price": second})
        return folder

    return make


def test_a_mark_with_another_code_in_the_next_file_is_an_error(two_files):
    rising = {1.0: "Never", 3.0: "Sometimes", 5.0: "Always"}
    falling = {1.0: "ALWAYS", 3.0: "Sometimes", 5.0: "Never"}
    (found,) = told(two_files(rising, falling), "error")
    assert found.startswith("two.sav, column price")
    assert "labels 'Never' with code 5, and one.sav labels it with code 1" in found
    assert told(two_files(rising, {k: v.upper() for k, v in rising.items()}), "warning") == []


def test_other_words_for_a_mark_in_the_next_file_are_a_warning(two_files):
    (found,) = told(two_files({5.0: "Always"}, {5.0: "Almost always"}), "warning")
    assert "labels code 5 'Almost always', and one.sav labels it 'Always'" in found


def test_segments_and_waves_show_labels_and_keep_declared_codes_missing(spss):
    frame = {**SOUND, "kind": [1.0, 2.0, 9.0, 1.0], "wave": [1.0, 2.0, 2.0, 2.0]}
    labels = {
        "kind": {1.0: "Key", 2.0: "Core", 9.0: "Unknown"},
        "wave": {1.0: "2025H2", 2.0: "2026H1"},
    }
    study = open_study(spss(labels, frame, none="9"))
    assert study.responses_of("all")["kind"].fillna("").to_list() == ["Key", "Core", "", "Key"]
    assert study.waves == ("2025H2", "2026H1")


def test_labels_of_codes_that_spss_calls_missing_are_no_marks(client):
    folder = client({"codebook.csv": BOOK.format(reverse="", missing="", none=""),
                     "responses.csv": None})  # fmt: skip
    write(
        folder / "responses.sav",
        {**SOUND, "price": [1.0, 99.0, 98.0, 4.0]},
        {"price": {98.0: "Other", 99.0: "Something else"}},
        missing_ranges={"price": [{"lo": 98, "hi": 99}]},
    )
    assert told(folder, "error") == []
    assert open_study(folder).responses["price"].isna().to_list() == [False, True, True, False]


@pytest.fixture
def two_scales(spss):
    """One file with codes as they should be, one with codes moved by one."""

    def make(second=SHIFTED, **keys):
        folder = spss({}, tables='{responses: ["one.sav", "two.sav"]}', **keys)
        (folder / "responses.sav").unlink()
        own = {float(code): str(code) for code in range(11)}
        write(folder / "one.sav", SOUND, {"nps": own})
        other = {**SOUND, "response_id": list("efgh"), "nps": [10.0, 9.0, 5.0, 9.0]}
        write(folder / "two.sav", other, {"nps": second})
        return folder

    return make


def test_a_line_that_would_move_the_codes_of_both_files_is_not_advised(two_scales):
    found = told(two_scales(), "error")
    assert any("two.sav, column nps: has codes that are not what their labels say" in f
               for f in found)  # fmt: skip
    assert not any("formats:" in f for f in found)


def test_a_line_that_moves_codes_of_a_file_that_was_right_is_said_not_to_help(two_scales):
    folder = two_scales()
    other = {**SOUND, "response_id": list("efgh"), "nps": [11.0, 9.0, 5.0, 9.0]}
    write(folder / "two.sav", other, {"nps": SHIFTED})
    (found,) = [f for f in told(folder, "error") if "is not between" in f]
    assert "does not mend it: with it one.sav labels code 10" in found


def test_a_declaration_that_moves_codes_of_a_file_that_was_right_is_an_error(two_scales):
    moved = ", ".join(f'"{code - 1}": "{code}"' for code in range(1, 12))
    formats = f"{{responses: {{values: {{nps: {{{moved}}}}}}}}}"
    (found,) = told(two_scales(formats=formats), "error")
    assert found.startswith("one.sav, column nps: labels code 10 '10'")
    assert "makes it 9" in found


def test_a_declaration_that_says_what_the_labels_say_is_none(spss):
    moved = ", ".join(f'"{code - 1}": "{code}"' for code in range(1, 12))
    formats = f"{{responses: {{values: {{nps: {{{moved}}}}}}}}}"
    folder = spss({"nps": {**SHIFTED, 99.0: "99 - Refused"}}, formats=formats)
    assert told(folder, "error") == []
    assert open_study(folder).responses["nps"].to_list() == [8.0, 7.0, 3.0, 9.0]


def test_ids_and_numbers_keep_their_codes_whatever_labels_they_have(spss):
    frame = {**SOUND, "account_id": [7.0, 8.0, 7.0, 9.0], "weight": [1.0, 2.0, 1.0, 1.5]}
    labels = {"account_id": {7.0: "Acme", 8.0: "Bolt", 9.0: "Cord"}, "weight": {1.0: "usual"}}
    study = open_study(spss(labels, frame))
    assert study.responses["account_id"].tolist() == ["7", "8", "7", "9"]
    assert study.responses["weight"].tolist() == [1.0, 2.0, 1.0, 1.5]


def test_of_two_files_the_one_without_labels_keeps_what_it_holds(spss):
    labels = {"kind": {1.0: "Client", 2.0: "Partner"}}
    folder = spss(labels, {**SOUND, "kind": [1.0, 2.0, 1.0, 2.0]},
                  tables="{responses: [responses.sav, later.sav]}")  # fmt: skip
    write(folder / "later.sav", {**SOUND, "response_id": ["e", "f", "g", "h"],
                                 "kind": ["Client", "Partner", "Other", "Client"]}, {})  # fmt: skip
    kinds = open_study(folder).responses["kind"]
    assert kinds.tolist() == ["Client", "Partner"] * 2 + ["Client", "Partner", "Other", "Client"]
