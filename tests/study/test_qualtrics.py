"""Qualtrics exports of every kind of file, and of every kind of row that is no answer."""

from __future__ import annotations

import gzip
import re

import pandas as pd
import pyreadstat
import pytest
import xlsxwriter
import yaml

from helpers.study import check_client, open_study
from helpers.study.readers.qualtrics import kind_of_status

BOOK = "variable,text,role,label,scale_min,scale_max\nNPS,Recommend?,recommend,NPS,0,10\n"
NAMES = ["StartDate", "EndDate", "Status", "IPAddress", "Duration (in seconds)", "Finished",
         "RecordedDate", "ResponseId", "RecipientEmail", "UserLanguage", "NPS"]  # fmt: skip
SAID = ["Start Date", "End Date", "Response Type", "IP Address", "Duration (in seconds)",
        "Finished", "Recorded Date", "Response ID", "Recipient Email", "User Language",
        "How likely?"]  # fmt: skip
IDS = [f'{{"ImportId":"{name}"}}' for name in NAMES]
STATUS = {0: "IP Address", 1: "Survey Preview", 2: "Survey Test", 8: "Spam",
          9: "Survey Preview Spam", 12: "Imported Spam", 16: "Offline",
          17: "Offline Survey Preview", 4: "Imported",
          256: "Synthetic", 40: "EX Spam", 32: "EX"}  # fmt: skip


def rows(statuses):
    """Ten points from whoever is no customer, five from the others."""
    day = "2026-05-01 10:00:00"
    kept = {0, 4, 16, 32, *("IP Address", "Imported", "Offline", "EX")}
    return [
        [day, day, status, "1.2.3.4", "300", "True", day, f"R_{n}", "a@b.c", "EN",
         "5" if status in kept else "10"]
        for n, status in enumerate(statuses)
    ]  # fmt: skip


def text(lines, mark=","):
    quoted = [['"' + str(cell).replace('"', '""') + '"' for cell in line] for line in lines]
    return ("\n".join(mark.join(line) for line in quoted) + "\n").encode()


def excel(path, lines):
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Export")
        for at, line in enumerate(lines):
            sheet.write_row(at, 0, line)


def spss(path, lines, lower=False):
    names = [name.replace(" ", "_").replace("(", "_").replace(")", "_") for name in NAMES]
    frame = pd.DataFrame(lines, columns=[name.lower() for name in names] if lower else names)
    frame[frame.columns[2]] = frame.iloc[:, 2].astype(float)
    frame[frame.columns[-1]] = frame.iloc[:, -1].astype(float)
    for at in (0, 1, 6):
        frame[frame.columns[at]] = pd.to_datetime(frame.iloc[:, at])
    labels = {frame.columns[2]: {float(code): said for code, said in STATUS.items()}}
    pyreadstat.write_sav(frame, str(path), variable_value_labels=labels)


CODES = [1, 2, 9, 17, 8, 12, 256, 40, 0, 0, 4, 16, 32]
WORDS = [STATUS[code] for code in CODES]


def write(folder, kind):
    path = folder / f"responses.{kind.split()[0]}"
    body = rows(CODES if "codes" in kind else WORDS)
    lines = [NAMES, SAID, IDS, *body]
    if kind.startswith("csv.gz"):
        path.write_bytes(gzip.compress(text(lines)))
    elif kind.startswith("csv"):
        path.write_bytes(text(lines))
    elif kind.startswith("tsv"):
        path.write_bytes(text(lines, "\t"))
    elif kind.startswith("xlsx"):
        excel(path, [NAMES, SAID, *body] if "two" in kind else lines)
    elif kind.startswith("parquet"):
        pd.DataFrame(lines[1:], columns=NAMES).astype(str).to_parquet(path)
    else:
        spss(path, rows(CODES), lower="lower" in kind)


KINDS = ["csv words", "csv codes", "csv.gz words", "tsv codes", "xlsx words", "xlsx codes",
         "xlsx two words", "xlsx two codes", "parquet words", "sav", "sav lower"]  # fmt: skip


@pytest.fixture
def export(client):
    def make(kind, **keys):
        folder = client({"codebook.csv": BOOK, "responses.csv": None}, **keys)
        write(folder, kind)
        return folder

    return make


@pytest.mark.parametrize("kind", KINDS)
def test_the_rules_of_qualtrics_hold_in_every_kind_of_file(export, kind):
    """Five customers give 5, eight rows that are none give 10: NPS -100, not 23."""
    folder = export(kind)
    if kind == "sav lower":
        book = (folder / "codebook.csv").read_text().replace("NPS,", "nps,", 1)
        (folder / "codebook.csv").write_text(book)
    study = open_study(folder)
    answers = study.responses[study.items("recommend")[0]]
    assert answers.to_list() == [5.0] * 5
    assert study.responses.index.to_list() == [f"R_{n}" for n in range(8, 13)]
    assert study.responses["completed_at"].iloc[0] == pd.Timestamp("2026-05-01 10:00")
    assert study.responses["language"].unique().tolist() == ["EN"]
    assert "duration_s" in study.responses
    assert not [n for n in study.responses if "mail" in n.lower() or "ip" in n.lower()]
    counts = {note.what: note.count for note in study.notes}
    assert counts["Qualtrics previews and tests dropped"] == 4
    assert counts["answers that Qualtrics marked as spam dropped"] == 3
    assert counts["answers that Qualtrics made up (synthetic) dropped"] == 1
    warned = [str(fault) for fault in study.warnings]
    assert any("has 3 answers that Qualtrics marked as spam" in found for found in warned)
    assert study.counts.set_index("table").loc["responses", ["rows_in", "rows_out"]].to_list() == [
        13,
        5,
    ]


@pytest.mark.parametrize("kind", ["csv words", "xlsx words", "xlsx two codes", "parquet words"])
def test_rows_are_counted_without_the_header_rows(export, kind):
    folder = export(kind)
    path = folder / f"responses.{kind.split()[0]}"
    bad = [*rows(["Survey Preview", "IP Address"])]
    bad[1][-1] = "40"
    lines = [NAMES, SAID, *([] if "two" in kind else [IDS]), *bad]
    if kind.startswith("csv"):
        path.write_bytes(text(lines))
    elif kind.startswith("xlsx"):
        excel(path, lines)
    else:
        pd.DataFrame(lines[1:], columns=NAMES).to_parquet(path)
    (found,) = [str(fault) for fault in check_client(folder) if fault.severity == "error"]
    assert found.startswith(f"{path.name}, row 2, column NPS: '40'")


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("Umfragevorschau", "preview"), ("Aperçu de l'enquête", "preview"), ("2.0", "preview"),
        ("Vista previa", "preview"), ("EX Offline", "answer"), ("132", "answer"), ("48", "answer"),
        ("Spam", "spam"), (" spam ", "spam"), ("264", "spam"), (256.0, "synthetic"),
        ("Gold", "unknown"), ("64", "unknown"),
    ],
)  # fmt: skip
def test_a_status_is_told_in_code_or_words(status, kind):
    assert kind_of_status(status) == kind


def test_a_status_that_is_none_is_kept_and_said(client):
    lines = [NAMES, SAID, IDS, *rows(["IP Address", "Gold"])]
    folder = client({"codebook.csv": BOOK, "responses.csv": text(lines)})
    warned = [str(fault) for fault in check_client(folder)]
    assert any("no Status of Qualtrics: Gold" in found for found in warned)
    assert len(open_study(folder).responses) == 2


def test_an_export_of_previews_alone_is_one_plain_error(client):
    lines = [NAMES, SAID, IDS, *rows(["Survey Preview", "Survey Test"])]
    folder = client({"codebook.csv": BOOK, "responses.csv": text(lines)})
    (found,) = [str(fault) for fault in check_client(folder) if fault.severity == "error"]
    assert "holds no answers, only previews, tests or spam" in found


@pytest.mark.parametrize("numbered", [False, True])
def test_old_exports_have_their_names_or_questions_in_the_second_row(client, numbered):
    names = ["ResponseID", "ResponseSet", "IPAddress", "StartDate", "EndDate", "Finished", "Status"]
    top = [f"V{n}" for n in range(1, 8)] if numbered else names
    day = "2026-05-01 10:00:00"
    body = [["R_1", "Default", "1.2.3.4", day, day, "1", "0", "9"],
            ["R_2", "Default", "1.2.3.4", day, day, "1", "1", "9"]]  # fmt: skip
    lines = [[*top, "NPS"], [*names, "How likely?"], *body]
    study = open_study(client({"codebook.csv": BOOK, "responses.csv": text(lines)}))
    assert study.responses.index.to_list() == ["R_1"]
    assert study.responses["NPS"].to_list() == [9.0]
    assert "IPAddress" not in study.responses


def test_declared_columns_keep_the_names_that_are_declared(client):
    lines = [NAMES, SAID, IDS, *rows(["IP Address"])]
    keys = {"formats": "{responses: {columns: {response_id: ResponseId, language: NPS}}}"}
    folder = client({"codebook.csv": BOOK, "responses.csv": text(lines)}, **keys)
    found = [str(fault) for fault in check_client(folder)]
    assert not [fault for fault in found if "ResponseId" in fault]


@pytest.mark.parametrize(
    "words",
    [
        ["10 - Extremely likely", "0 - Not at all likely", "9"],
        ["10 Extremely likely", "0 Not at all likely", "9"],
        ["Extremely likely (10)", "Not at all likely (0)", "9"],
        ['10 = "Sure: yes"', "0 = 'No'", "9.0"],
    ],
)
def test_choices_as_text_are_read_once_the_advice_is_declared(client, words):
    body = rows(["IP Address"] * 3)
    for row, word in zip(body, words, strict=True):
        row[-1] = word
    changed = {"codebook.csv": BOOK, "responses.csv": text([NAMES, SAID, IDS, *body])}
    (found,) = [str(fault) for fault in check_client(client(changed)) if fault.severity == "error"]
    line = re.search(r"`(formats: .*?)` in client.yml", found)[1]
    declared = yaml.safe_dump(yaml.safe_load(line)["formats"], default_flow_style=True, width=999)
    study = open_study(client(changed, formats=declared.strip()))
    assert study.responses["NPS"].to_list() == [10.0, 0.0, 9.0]


def test_marks_with_a_decimal_comma_are_no_choices(client):
    body = rows(["IP Address"] * 2)
    body[0][-1], body[1][-1] = "7,5", "8,0"
    changed = {"codebook.csv": BOOK, "responses.csv": text([NAMES, SAID, IDS, *body])}
    (found,) = [str(fault) for fault in check_client(client(changed)) if fault.severity == "error"]
    assert 'decimal: ","' in found


def test_a_table_of_the_client_with_a_status_is_no_export(client):
    text = "response_id,wave,status,progress,nps,ease,trouble\nr1,2026H1,Test,5,9,8,1\n"
    study = open_study(client({"responses.csv": text}))
    assert len(study.responses) == 1
    assert not [n for n in study.notes if "Qualtrics" in n.what]


@pytest.mark.parametrize("status", [True, False])
@pytest.mark.parametrize("channel", ["preview", "Preview", "test"])
def test_a_preview_may_be_told_by_its_channel_alone(client, status, channel):
    names = ["DistributionChannel", *(n for n in NAMES if status or n != "Status")]
    lines = [
        [channel if n < 2 else "anonymous", *(c for c, name in zip(row, NAMES, strict=True)
         if status or name != "Status")]
        for n, row in enumerate(rows(["IP Address"] * 5))
    ]  # fmt: skip
    folder = client({"codebook.csv": BOOK, "responses.csv": text([names, *lines])})
    study = open_study(folder)
    assert study.responses.index.to_list() == ["R_2", "R_3", "R_4"]
    assert ("Qualtrics previews and tests dropped", 2) in [(n.what, n.count) for n in study.notes]


CONTACTS = {"contacts.csv": "contact_id,account_id,role\na@b.c,007,user\n"}


@pytest.mark.parametrize("kind", ["csv words", "xlsx codes", "sav", "sav lower"])
def test_a_personal_column_that_is_declared_joins_the_contact(client, kind):
    lower = kind == "sav lower"
    book = BOOK.replace("NPS,", "nps,") if lower else BOOK
    folder = client({"codebook.csv": book, "responses.csv": None, **CONTACTS})
    write(folder, kind)
    name = "recipientemail" if lower else "RecipientEmail"
    keys = f"formats: {{responses: {{columns: {{contact_id: {name}}}}}}}\n"
    (folder / "client.yml").write_text((folder / "client.yml").read_text() + keys)
    study = open_study(folder)
    assert study.responses["contact_id"].eq("a@b.c").all()
    assert study.responses["role"].eq("user").all()
    assert "personal columns left out: IPAddress".casefold() in [
        n.what.casefold() for n in study.notes
    ]


def test_a_personal_column_declared_in_another_case_is_named(client):
    lines = [NAMES, SAID, IDS, *rows(["IP Address"])]
    keys = {"formats": "{responses: {columns: {contact_id: recipientemail}}}"}
    folder = client({"codebook.csv": BOOK, "responses.csv": text(lines)}, **keys)
    (found,) = [str(f) for f in check_client(folder) if f.severity == "error"]
    assert "RecipientEmail" in found


@pytest.mark.parametrize("name", ["Phone", "Email"])
def test_a_question_or_a_segment_that_is_called_like_a_personal_column_stays(client, name):
    lines = [[*NAMES, name], [*SAID, "How was it?"], [*IDS, '{"ImportId":"QID9"}']]
    lines += [[*row, mark] for row, mark in zip(rows(["IP Address"] * 2), "42", strict=True)]
    book = f"{BOOK}{name},Support?,driver,Support,1,5\n"
    folder = client({"codebook.csv": book, "responses.csv": text(lines)})
    assert open_study(folder).responses[name].to_list() == [4.0, 2.0]
    folder = client({"codebook.csv": BOOK, "responses.csv": text(lines)}, segments=f"[{name}]")
    assert open_study(folder).segments == (name,)
    folder = client({"codebook.csv": BOOK, "responses.csv": text(lines)})
    assert name not in open_study(folder).responses
