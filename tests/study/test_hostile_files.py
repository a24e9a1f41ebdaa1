"""Files that no table can be read from: each is refused by name, at once, none is waited for."""

from __future__ import annotations

import gzip
import os
import socket
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from helpers.study import check_client, open_study
from helpers.study.readers import decoding

HEAD = "response_id,wave,account_id,nps,ease,trouble\n"
ROWS = "r1,2026H1,a,5,5,3\nr2,2026H1,b,6,5,3\n"
NO_TEXT = ["idna", "punycode", "undefined", "unicode_escape", "utf-7", "mbcs", "nonsense"]
LIST = "account_id,name\n007,B\n008,C\n009,D\n"
PACKED = gzip.compress((HEAD + ROWS).encode(), mtime=0)
BODY = bytes(255 - byte for byte in PACKED[12:22])


def messages(folder):
    return [str(fault) for fault in check_client(folder)]


def only(folder) -> str:
    (found,) = messages(folder)
    return found


def make_pipe(path: Path) -> None:
    os.mkfifo(path)


def make_link_to_pipe(path: Path) -> None:
    os.mkfifo(path.with_name("pipe"))
    path.symlink_to("pipe")


def make_socket(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # a socket's path may be no longer than 100 letters
    try:
        with socket.socket(socket.AF_UNIX) as end:
            end.bind(path.name)
    finally:
        os.chdir(here)


SPECIAL = {
    "is a pipe": make_pipe,
    "is a pipe, not": make_link_to_pipe,
    "is a socket": make_socket,
    "is a folder": Path.mkdir,
    "is a device": lambda path: path.symlink_to("/dev/zero"),
    "is a link that leads nowhere": lambda path: path.symlink_to("nowhere.csv"),
    "leads nowhere": lambda path: path.symlink_to(path.name),
}


@pytest.mark.parametrize("says", SPECIAL)
@pytest.mark.parametrize(
    "name", ["accounts.csv", "accounts.CSV.gz", "accounts.ods", "accounts.parquet", "accounts.sql"]
)
def test_what_is_no_file_is_never_opened(client, name, says):
    folder = client()
    SPECIAL[says](folder / name)
    assert only(folder).startswith(f"{name}: ")
    assert says in only(folder)


@pytest.mark.parametrize("name", ["client.yml", "codebook.csv"])
@pytest.mark.parametrize("make", [make_pipe, make_link_to_pipe, Path.mkdir])
def test_neither_are_the_files_that_every_client_has(client, name, make):
    folder = client({name: None})
    make(folder / name)
    assert messages(folder)[0].startswith(f"{name}: is a ")


def test_a_logo_that_links_to_itself_is_no_file(client):
    folder = client(brand="{logo: logo.svg}")
    (folder / "logo.svg").symlink_to("logo.svg")
    assert "'logo.svg' is not a file of the client folder" in only(folder)


def test_a_pipe_that_a_pattern_finds_a_logo_or_a_query_is_never_opened(client):
    folder = client(tables='{accounts: "part*.csv"}', brand="{logo: logo.svg}")
    make_pipe(folder / "part1.csv")
    make_pipe(folder / "logo.svg")
    found = messages(folder)
    assert any("part1.csv: is a pipe" in text for text in found)
    assert any("'logo.svg' is not a file of the client folder" in text for text in found)
    (folder / "client.yml").write_text("name: S\nas_of: 2026-06-30\nwave: 2026H1\n")
    (folder / "list.csv").write_text(LIST)
    (folder / "accounts.sql").write_text("SELECT * FROM read_csv('*t*.csv', all_varchar = true)")
    found = messages(folder)
    assert [text.split(",")[0] for text in found[:2]] == [
        f"{name}: is a pipe" for name in ("logo.svg", "part1.csv")
    ]


@pytest.mark.parametrize(
    "data",
    [
        PACKED[:-12],
        PACKED[:15],
        PACKED[:-8] + b"\0\0\0\0" + PACKED[-4:],
        PACKED[:12] + BODY + PACKED[22:],
        b"xx" + PACKED[2:],
        PACKED + b"rest",
        HEAD.encode(),
    ],
)
def test_a_damaged_gzip_file_is_one_fault(client, data):
    found = only(client({"responses.csv": None, "responses.csv.gz": data}))
    assert found.startswith("responses.csv.gz: cannot be unpacked: ")


@pytest.mark.parametrize(
    ("inside", "says"),
    [
        (gzip.compress(b"account_id,name\n007,Bond\n", mtime=0), "a gzip file once unpacked"),
        (b"PK\x03\x04" + bytes(40), "a zip or Excel file once unpacked"),
        (b"PAR1" + bytes(40), "a Parquet file once unpacked"),
    ],
)
def test_what_a_gzip_file_holds_is_told_where_it_is_no_text(client, inside, says):
    (found,) = check_client(client({"accounts.csv.gz": gzip.compress(inside)}))
    assert found.severity == "error"
    assert f"is {says}, not text" in found.problem


def test_a_gzip_file_that_grows_beyond_all_tables_is_given_up_soon(client, monkeypatch):
    monkeypatch.setattr(decoding, "UNPACKED", 3_000_000)
    data = gzip.compress(HEAD.encode() + b"r,2026H1,a,5,5,3\n" * 1_000_000)
    found = only(client({"responses.csv": None, "responses.csv.gz": data}))
    assert "unpacks to more than 200 times its size" in found


@pytest.mark.parametrize(
    "encoding", [*NO_TEXT, "zlib", "rot13", "base64", "hex", "bz2", "uu", "quopri", '"a\\0b"']
)
def test_only_an_encoding_of_text_is_one(client, encoding):
    found = only(client(formats=f"{{responses: {{encoding: {encoding}}}}}"))
    assert found.startswith("client.yml, column formats.responses.encoding: ")
    assert "is not an encoding of text" in found


@pytest.mark.parametrize("encoding", ["utf8", "UTF_8_SIG", "latin1", "cp1252", "shift_jis", "hz"])
def test_any_way_to_write_text_is_read(client, encoding):
    assert messages(client(formats=f"{{responses: {{encoding: {encoding}}}}}")) == []


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (HEAD.encode("utf-16"), "encoding: utf-16}"),
        (HEAD.encode("utf-16-le"), "encoding: utf-16-le}"),
        (HEAD.encode("utf-16-be"), "encoding: utf-16-be}"),
        (HEAD.encode("utf-32"), "encoding: utf-32}"),
        (b"\0" * 5_000, "holds nothing but NUL bytes"),
        (bytes(range(128, 256)) * 20_000, "and more than 1,000 others"),
        (b"", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"\x1a", "has no header"),
        (b"\r\n\n\n", "has no header"),
        (HEAD.encode(), "has a header and no rows"),
        (b"$FL2@(#) SPSS DATA FILE", "is an SPSS file, not text"),
    ],
)
def test_a_file_without_a_table_in_it_says_what_it_is(client, data, says):
    assert says in messages(client({"responses.csv": data}))[0]


def test_text_without_the_mark_that_its_encoding_needs_is_a_fault(client):
    found = only(client(formats="{responses: {encoding: utf-16}}"))
    assert found.startswith("responses.csv: is not utf-16: ")


@pytest.mark.parametrize(("row", "column"), [(1, "response_id"), (2, "account_id"), (2, "trouble")])
def test_a_nul_byte_is_named_by_row_and_column(client, row, column):
    lines = ROWS.splitlines()
    cells = lines[row - 1].split(",")
    cells[HEAD.strip().split(",").index(column)] += "\0"
    lines[row - 1] = ",".join(cells)
    found = messages(client({"responses.csv": HEAD + "\n".join(lines) + "\n"}))
    assert found[0].startswith(f"responses.csv, row {row}, column {column}: holds a NUL byte")
    assert not any("utf-16" in text for text in found)


@pytest.mark.parametrize("delimiter", ["||", "::", '\\"', "\\n", "\\r", "\\0", "a", "5"])
def test_only_one_character_can_divide_cells(client, delimiter):
    found = only(client(formats=f'{{responses: {{delimiter: "{delimiter}"}}}}'))
    assert found.startswith("client.yml, column formats.responses.delimiter: ")


@pytest.mark.parametrize(
    ("declared", "mark"), [("'\\t'", "\t"), ('"\\t"', "\t"), ("'|'", "|"), ("' '", " "), ("§", "§")]
)
def test_any_other_character_can(client, declared, mark):
    text = (HEAD + ROWS + 'r3,2026H1,"c,d",7,5,3\n').replace(",", mark)
    folder = client({"responses.csv": text}, formats=f"{{responses: {{delimiter: {declared}}}}}")
    assert open_study(folder).responses["account_id"].to_list() == ["a", "b", f"c{mark}d"]


@pytest.mark.parametrize("declared", [";", "|", "\\t"])
def test_a_delimiter_that_divides_nothing_is_a_fault(client, declared):
    found = only(client(formats=f'{{responses: {{delimiter: "{declared}"}}}}'))
    assert 'Declare `formats: {responses: {delimiter: ","}}`' in found


@pytest.mark.parametrize("first", ["sep=;\n", '"sep=;"\r\n', "sep=;;;;\r"])
def test_the_line_that_tells_excel_the_delimiter_tells_us(client, first):
    folder = client({"responses.csv": first + (HEAD + ROWS).replace(",", ";")})
    assert open_study(folder).responses.index.to_list() == ["r1", "r2"]


@pytest.mark.parametrize("row", [4, 50, 10**12])
def test_a_header_row_below_the_end_is_a_fault(client, row):
    folder = client({"responses.csv": HEAD + ROWS}, formats=f"{{responses: {{header_row: {row}}}}}")
    assert f"responses.csv: has 3 lines: no header in row {row:,}" in only(folder)


@pytest.mark.parametrize("mark", ['"', ""])
def test_a_record_of_twenty_megabytes_is_a_fault_and_those_around_it_are_read(client, mark):
    long = f"r0,2026H1,{mark}{'x' * 20_000_001}{mark},5,5,3\n"
    folder = client({"responses.csv": HEAD + long + ROWS.replace("b,6", "b,66")})
    found = messages(folder)
    assert "responses.csv, row 1: 'r0,2026H1," in found[0]
    assert "is longer than a record can be (20 MB)" in found[0]
    assert "row 3, column nps: '66'" in found[1]


def test_more_columns_than_a_table_can_have_are_a_fault(client):
    text = ",".join(f"c{i}" for i in range(100_000)) + "\n" + ",".join("1" * 100_000) + "\n"
    assert "has 100,000 columns" in only(client({"responses.csv": text}))


def test_files_one_behind_the_other_are_told_by_their_second_header(client):
    more = HEAD + ROWS.replace("r", "s")
    assert "row 3: repeats the header" in messages(client({"responses.csv": HEAD + ROWS + more}))[0]
    marked = messages(client({"responses.csv": HEAD + ROWS + "\ufeff" + more}))[0]
    assert "row 3: begins with a byte-order mark: two files stand" in marked


def test_a_mark_of_the_end_and_a_delimiter_behind_every_line_are_left_out_and_noted(client):
    study = open_study(client({"responses.csv": HEAD + ROWS + "\x1a"}))
    assert len(study.responses) == 2
    assert [n.count for n in study.notes if "end-of-file mark" in n.what] == [1]
    study = open_study(client({"responses.csv": (HEAD + ROWS).replace("\n", ",\n")}))
    assert "" not in study.responses
    assert [n.count for n in study.notes if "empty column" in n.what] == [1]


def test_empty_lines_above_the_header_are_no_header(client):
    study = open_study(client({"responses.csv": "\n\r\n" + HEAD + ROWS}))
    assert study.responses.index.to_list() == ["r1", "r2"]


@pytest.mark.parametrize("name", ["accounts.CSV", "Accounts.csv", "ACCOUNTS.Csv"])
def test_a_table_is_found_in_small_or_capital_letters(client, name):
    study = open_study(client({name: LIST}))
    assert study.table("accounts")["account_id"].to_list() == ["007", "008", "009"]
    assert study.warnings == ()


@pytest.mark.parametrize("ending", [".tsv", ".TSV", ".tsv.gz", ".TSV.GZ"])
def test_tabs_divide_the_cells_of_a_tsv_whatever_its_letters(client, ending):
    text = LIST.replace(",", "\t").encode()
    data = gzip.compress(text) if ending.lower().endswith(".gz") else text
    assert len(open_study(client({f"accounts{ending}": data})).table("accounts")) == 3


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("accounts.2026.csv", "Call it accounts.csv, or write `tables: {accounts: accounts.2026"),
        ("accounts.csv.csv", "Call it accounts.csv, or write"),
        ("Accounts.v2.XLSX", "Call it accounts.XLSX, or write"),
        ("accounts.txt", "Save it as accounts.csv or accounts.xlsx"),
        ("accounts.csv.zip", "Save it as accounts.csv or accounts.xlsx"),
        ("accounts.dta", "Save it as accounts.csv or accounts.xlsx"),
        ("responses.json", "Save it as responses.csv or responses.xlsx"),
        ("Kundenliste.txt", "Name it under `tables:`"),
        ("Kundenliste.ods", "Name it under `tables:`"),
        ("Kundenliste.XLSB", "Name it under `tables:`"),
    ],
)
def test_a_table_like_file_that_is_not_read_is_named(client, name, advice):
    found = only(client({name: LIST.replace(",", "\t7\t")}))
    assert found.startswith(f"{name}: is not ")
    assert advice in found


@pytest.mark.parametrize("name", ["accounts.md", "notes.txt", "accounts.png", "~$accounts.xlsx"])
def test_a_file_that_is_no_table_is_not_named(client, name):
    assert messages(client({name: "About the accounts,\nsome words; and more.\n"})) == []


def open_document(path: Path) -> None:
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    rows = ["".join(map(cell.format, line.split(","))) for line in LIST.splitlines()]
    cells = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    space = "urn:oasis:names:tc:opendocument:xmlns"
    names = " ".join(f'xmlns:{n}="{space}:{n}:1.0"' for n in ("office", "table", "text"))
    content = (
        f'<office:document-content {names} office:version="1.2"><office:body><office:spreadsheet>'
        f'<table:table table:name="S">{cells}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr("META-INF/manifest.xml", "<manifest/>")
        book.writestr("content.xml", content)


def macro_workbook(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("S")
        for row, line in enumerate(LIST.splitlines()):
            sheet.write_row(row, 0, line.split(","))


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("accounts.ods", open_document),
        ("accounts.ODS", open_document),
        ("accounts.xlsm", macro_workbook),
        ("accounts.XLSX", macro_workbook),
    ],
)
def test_every_kind_of_workbook_is_read(client, name, make):
    folder = client()
    make(folder / name)
    assert open_study(folder).table("accounts")["account_id"].to_list() == ["007", "008", "009"]


def test_a_file_named_twice_is_a_fault(client):
    folder = client({"acc1.csv": LIST}, tables='{accounts: ["acc*.csv", ./acc1.csv]}')
    assert "'acc1.csv' is named twice" in only(folder)


@pytest.mark.parametrize("name", ["**acc*.csv", "x" * 5_000 + ".csv", "a\\0.csv"])
def test_a_name_that_no_file_can_have_is_not_in_the_folder(client, name):
    assert "is not in the folder" in only(client(tables=f'{{accounts: "{name}"}}'))
