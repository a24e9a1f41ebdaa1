"""Names of columns in two rows, as SurveyMonkey writes them, in CSV and in Excel."""

from __future__ import annotations

import re

import pandas as pd
import pytest
import xlsxwriter
import yaml

from helpers.study import check_client, open_study
from helpers.study.readers import two_row_headers

BOOK = (
    "variable,text,role,label,scale_min,scale_max\n"
    "nps,How likely?,recommend,NPS,0,10\nquality,Quality?,driver,Quality,1,10\n"
    "price,Price?,driver,Price,1,10\nwhy,Why?,comment,Why,,\n"
)
BODY = [["r1", "2026-05-01", "9", "8", "7", "Late, again"], ["r2", "2026-05-02", "3", "2", "", ""]]
DAY = "Start Date"
HEADERS = {
    "a matrix": (
        ["Respondent ID", DAY, "How likely?", "Rate us", "", "Why?"],
        ["", "", "Response", "Quality", "Price", "Open-Ended Response"],
    ),
    "no marks of the tool": (
        ["Respondent ID", DAY, "How likely?", "Rate us", "", "Why?"],
        ["", "", "", "Quality", "Price", ""],
    ),
    "in German": (
        ["Befragten-ID", DAY, "How likely?", "Rate us", "", "Why?"],
        ["", "", "Antwort", "Quality", "Price", "Offene Antwort"],
    ),
    "a question over two lines": (
        ["Respondent ID", DAY, "How likely,\nin all?", "Rate us", "", "Why?"],
        ["", "", "Response", "Quality", "Price", "Response"],
    ),
}
ONE_PART = (
    ["Respondent ID", DAY, "How likely?", "Quality", "Price", "Why?"],
    ["", "", "Response", "Response", "Response", "Open-Ended Response"],
)


def write(folder, kind, lines):
    path = folder / f"responses.{kind}"
    if kind == "xlsx":
        with xlsxwriter.Workbook(str(path)) as book:
            sheet = book.add_worksheet("Sheet")
            for at, line in enumerate(lines):
                sheet.write_row(at, 0, line)
    else:
        mark = {"csv": ",", "tsv": "\t"}[kind]
        frame = pd.DataFrame(lines)
        frame.to_csv(path, sep=mark, index=False, header=False, quoting=1)


@pytest.fixture
def monkey(client):
    def make(kind, header, body=BODY, formats=None):
        keys = {} if formats is None else {"formats": formats}
        folder = client({"codebook.csv": BOOK, "responses.csv": None}, **keys)
        write(folder, kind, [*header, *body])
        return folder

    return make


def advised(fault, **more):
    """The declaration that a message gives, with other keys of the table."""
    line = re.search(r"`(formats: .*?)` in client.yml", fault)[1]
    keys = yaml.safe_load(line)["formats"]
    keys["responses"].update(more)
    return yaml.safe_dump(keys, default_flow_style=True, width=9999).strip()


@pytest.mark.parametrize("kind", ["csv", "tsv", "xlsx"])
@pytest.mark.parametrize("header", [*HEADERS.values(), ONE_PART], ids=[*HEADERS, "one part"])
def test_two_rows_are_named_and_what_is_advised_reads_them(monkey, kind, header):
    (found,) = [str(fault) for fault in check_client(monkey(kind, header))]
    assert "has a header of two rows" in found
    assert "header_rows: 2" in found
    nps = header[0][2]
    parts = ["Quality", "Price"] if header is ONE_PART else ["Rate us - Quality", "Rate us - Price"]
    assert all(f"{part!r}" in found for part in parts) or header is ONE_PART
    columns = {"response_id": header[0][0], "completed_at": DAY, "nps": nps, "why": "Why?"}
    columns |= {"quality": parts[0], "price": parts[1]}
    folder = monkey(kind, header, formats=advised(found, columns=columns))
    assert [str(fault) for fault in check_client(folder) if fault.severity == "error"] == []
    study = open_study(folder)
    assert study.responses.index.to_list() == ["r1", "r2"]
    assert study.responses[["nps", "quality"]].to_numpy().tolist() == [[9, 8], [3, 2]]
    assert study.responses["price"].isna().to_list() == [False, True]
    assert study.responses["why"].iloc[0] == "Late, again"
    assert any("read from two rows" in note.what for note in study.notes)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_rows_are_counted_from_below_the_second_row(monkey, kind):
    body = [BODY[0], ["r2", "2026-05-02", "40", "2", "3", ""]]
    columns = "{response_id: Respondent ID, nps: How likely?, why: Why?, quality: Rate us - Quality"
    formats = f"{{responses: {{header_rows: 2, columns: {columns}, price: Rate us - Price}}}}}}"
    folder = monkey(kind, HEADERS["a matrix"], body, formats)
    (found,) = [str(fault) for fault in check_client(folder) if fault.severity == "error"]
    assert found.startswith(f"responses.{kind}, row 2, column nps: '40'")


def test_a_delimiter_that_was_not_declared_is_advised_with_it(client):
    lines = [*HEADERS["a matrix"], *BODY]
    text = "\n".join(";".join(line).replace(",", "") for line in lines) + "\n"
    (found,) = [str(f) for f in check_client(client({"codebook.csv": BOOK, "responses.csv": text}))]
    assert 'formats: {responses: {delimiter: ";", header_rows: 2}}' in found


def test_cells_merged_over_the_parts_of_a_question_are_no_fault_once_declared(client):
    columns = "{response_id: Respondent ID, nps: How likely?, why: Why?, quality: Rate us - Quality"
    formats = f"{{responses: {{header_rows: 2, columns: {columns}, price: Rate us - Price}}}}}}"
    folder = client({"codebook.csv": BOOK, "responses.csv": None}, formats=formats)
    first, second = HEADERS["a matrix"]
    with xlsxwriter.Workbook(str(folder / "responses.xlsx")) as book:
        sheet = book.add_worksheet("Sheet")
        for at, line in enumerate([first, second, *BODY]):
            sheet.write_row(at, 0, line)
        sheet.merge_range("D1:E1", "Rate us")
        sheet.merge_range("A1:A2", "Respondent ID")
    assert [str(fault) for fault in check_client(folder) if fault.severity == "error"] == []
    assert open_study(folder).responses["quality"].to_list() == [8.0, 2.0]


@pytest.mark.parametrize(
    "lines",
    [
        [["response_id", "nps", "why"], ["r1", "9", "Response"], ["r2", "3", ""]],
        [["response_id", "nps", "why"], ["", "9", "Late"], ["r2", "3", ""]],
        [["response_id", "nps", "why"], ["", "", "Late"], ["", "3", "x"]],
    ],
)
def test_answers_that_look_a_little_like_a_second_row_are_answers(client, lines):
    text = "\n".join(",".join(line) for line in lines) + "\n"
    found = check_client(client({"codebook.csv": BOOK, "responses.csv": text}))
    assert not [fault for fault in found if "two rows" in str(fault)]


def test_one_row_can_be_declared(client):
    text = "response_id,nps,why\n,,Response\nr2,3,Late\n"
    changed = {"codebook.csv": BOOK, "responses.csv": text}
    assert "two rows" in str(check_client(client(changed))[0])
    folder = client(changed, formats="{responses: {header_rows: 1}}")
    assert not [fault for fault in check_client(folder) if "two rows" in str(fault)]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_who_answered_is_left_out_unless_it_is_declared(monkey, kind):
    first = ["Respondent ID", "Collector ID", "IP Address", "Email Address", "First Name", "nps"]
    body = [["r1", "c", "1.2.3.4", "a@b.c", "Ann", "9"], ["r2", "c", "1.2.3.4", "d@b.c", "Bo", "3"]]
    header = (first, ["", "", "", "", "", "Response"])
    columns = "{response_id: Respondent ID, contact_id: Email Address}"
    formats = f"{{responses: {{header_rows: 2, columns: {columns}}}}}"
    folder = monkey(kind, header, body, formats)
    book = "variable,text,role,label,scale_min,scale_max\nnps,R?,recommend,R,0,10\n"
    (folder / "codebook.csv").write_text(book)
    study = open_study(folder)
    assert not {"IP Address", "First Name"} & set(study.responses)
    assert study.responses["contact_id"].to_list() == ["a@b.c", "d@b.c"]
    assert [n.count for n in study.notes if "personal columns" in n.what] == [2]


@pytest.mark.parametrize("kind", ["parquet", "sql"])
def test_a_table_made_of_two_header_rows_by_a_program_is_named(client, kind):
    folder = client({"codebook.csv": BOOK, "responses.csv": None})
    first, second = HEADERS["a matrix"]
    names = [name or f"Unnamed: {at}" for at, name in enumerate(first)]
    path = folder / ("responses.parquet" if kind == "parquet" else "extract.parquet")
    pd.DataFrame([second, *BODY], columns=names).replace("", None).to_parquet(path)
    if kind == "sql":
        (folder / "responses.sql").write_text("SELECT * FROM 'extract.parquet'\n")
    (found,) = [str(fault) for fault in check_client(folder) if fault.severity == "error"]
    assert found.startswith(f"responses.{kind}: holds the second row of a header")


@pytest.mark.parametrize("blank", [[], ["", ""], [" "]])
def test_two_blank_records_are_no_header(blank):
    """A sheet whose table begins further down has nothing in its first rows."""
    assert not two_row_headers.are_two_rows([blank, blank, ["", "account_id"]])
    assert not two_row_headers.are_two_rows([blank, blank])
