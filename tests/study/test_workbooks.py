"""Workbooks: what a cell does not show is said, and no workbook breaks or stalls the handbook."""

from __future__ import annotations

import datetime as dt
import re
import time
import zipfile
from types import SimpleNamespace

import pytest
import xlsxwriter

from helpers.study import check_client, open_study, opening
from helpers.study.readers import confined

HEADER = ["account_id", "name", "region", "start_date", "end_date", "revenue"]
FIRMS = [[f"00{n}", f"Firm {n}", "North", "2020-01-01", "", 1000 + n] for n in (7, 8, 9)]
TYPES = """<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"""  # noqa: E501
LINKS = """<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{to}"/></Relationships>"""  # noqa: E501
BOOK = """<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="accounts" sheetId="1" r:id="rId1"/></sheets>{more}</workbook>"""  # noqa: E501
SHEET = """<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{before}<sheetData>{rows}</sheetData>{after}</worksheet>"""


@pytest.fixture(autouse=True)
def one_process(monkeypatch):
    """The process that reads goes on from test to test: to start one takes a while."""
    monkeypatch.setattr(opening, "confined", SimpleNamespace(close=lambda: None))


def errors(folder):
    return [str(fault) for fault in check_client(folder) if fault.severity == "error"]


def notes(folder):
    return [str(note) for note in open_study(folder).notes]


@pytest.fixture
def book(client):
    """Write accounts.xlsx as XlsxWriter does, with changes to the sheet of three firms."""

    def make(change=None, rows=FIRMS, header=HEADER, **keys):
        folder = client(**keys)
        options = {"default_date_format": "yyyy-mm-dd"}
        with xlsxwriter.Workbook(str(folder / "accounts.xlsx"), options) as workbook:
            sheet = workbook.add_worksheet("accounts")
            for place, row in enumerate([header, *rows]):
                sheet.write_row(place, 0, row)
            if change is not None:
                change(sheet)
        return folder

    return make


@pytest.fixture
def by_hand(client):
    """Write accounts.xlsx from the XML of its sheet, as no writer would do it."""

    def make(rows, before="", after="", more="", parts=(), **keys):
        folder = client(**keys)
        with zipfile.ZipFile(folder / "accounts.xlsx", "w", zipfile.ZIP_DEFLATED) as package:
            package.writestr("[Content_Types].xml", TYPES)
            package.writestr(
                "_rels/.rels", LINKS.format(kind="officeDocument", to="xl/workbook.xml")
            )
            package.writestr("xl/workbook.xml", BOOK.format(more=more))
            package.writestr(
                "xl/_rels/workbook.xml.rels",
                LINKS.format(kind="worksheet", to="worksheets/sheet1.xml"),
            )
            sheet = SHEET.format(before=before, rows=rows, after=after)
            package.writestr("xl/worksheets/sheet1.xml", sheet)
            for name, content in parts:
                package.writestr(name, content)
        return folder

    return make


def text(place, value):
    return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'


def sheet_rows(revenue, more=""):
    """Three accounts, the revenue of each as the XML of its cell."""
    names = "".join(text(f"{'ABC'[i]}1", name) for i, name in enumerate(("account_id", "name")))
    rows = f'<row r="1">{names}{text("C1", "revenue")}</row>'
    for place, cell in enumerate(revenue, start=2):
        ids = text(f"A{place}", f"00{place + 5}") + text(f"B{place}", f"Firm {place}")
        rows += f'<row r="{place}">{ids}{cell.format(place=place)}</row>'
    return rows + more


NUMBER = '<c r="C{place}"><v>10</v></c>'


# Cells that show an error


@pytest.mark.parametrize("text", ["#N/A", "#DIV/0!", "#REF!", "#VALUE!", "#NAME?", "#NUM!"])
@pytest.mark.parametrize(("cell", "column"), [("F3", "revenue"), ("C3", "region")])
def test_a_cell_that_shows_an_error_is_named(book, text, cell, column):
    folder = book(lambda sheet: sheet.write_formula(cell, "=NA()", None, text))
    (found,) = errors(folder)
    assert f"accounts.xlsx, row 2, column {column}: {text!r}" in found
    assert f"in {cell}." in found and f'missing: {{{column}: ["{text}"]}}' in found


def test_an_error_declared_missing_is_counted_as_such(book):
    def two(sheet):
        sheet.write_formula("F3", "=1/0", None, "#DIV/0!")
        sheet.write_formula("F4", "=1/0", None, "#DIV/0!")

    folder = book(two, formats='{accounts: {missing: ["#DIV/0!"]}}')
    assert open_study(folder).table("accounts")["revenue"].isna().to_list() == [False, True, True]
    assert "accounts: revenue: #DIV/0! read as missing, as declared (2)" in notes(folder)


def test_what_is_advised_for_errors_of_two_kinds_mends_both(book):
    def two(sheet):
        sheet.write_formula("F3", "=1/0", None, "#DIV/0!")
        sheet.write_formula("C2", "=NA()", None, "#N/A")

    found = errors(book(two, formats="{accounts: {missing: [none]}}"))
    keys = found[0].split("`formats: ")[1].split("`")[0]
    assert keys == '{accounts: {missing: {"*": ["none"], region: ["#N/A"], revenue: ["#DIV/0!"]}}}'
    assert not errors(book(two, formats=keys))


def test_many_cells_with_one_error_are_one_fault(by_hand):
    cell = '<c r="C{place}" t="e"><v>#N/A</v></c>'
    (found,) = errors(by_hand(sheet_rows([cell] * 9)))
    assert "in C2, C3, C4, C5, C6 and 4 more cells" in found


def test_an_error_in_place_of_a_column_name_is_no_name(book):
    folder = book(lambda sheet: sheet.write_formula("A1", "=1/0", None, "#DIV/0!"), header=HEADER)
    assert any("no column name in A1" in found for found in errors(folder))


def test_errors_are_seen_where_cells_do_not_say_their_place(by_hand):
    rows = sheet_rows([NUMBER, '<c t="e"><v>#REF!</v></c>']).replace(' r="3"', "")
    assert "#REF!' is an error that Excel shows in C3" in errors(by_hand(rows))[0]


def test_errors_are_seen_where_tags_have_a_prefix(by_hand):
    rows = sheet_rows([NUMBER, '<x:c r="C{place}" t="e"><x:v>#NUM!</x:v></x:c>'])
    spaces = 'xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    folder = by_hand(rows.replace('<x:c r="C3"', f'<x:c {spaces} r="C3"'))
    assert "#NUM!' is an error that Excel shows in C3" in errors(folder)[0]


# Formulas that were never calculated


@pytest.mark.parametrize("value", ["", "<v/>", "<v></v>"])
def test_a_formula_without_a_result_is_named(by_hand, value):
    cell = f'<c r="C{{place}}"><f>A{{place}}*2</f>{value}</c>'
    (found,) = errors(by_hand(sheet_rows([NUMBER, cell, cell])))
    assert "column revenue: holds formulas that were never calculated, in C3, C4" in found


def test_formulas_that_a_writer_leaves_at_nought_are_named(book):
    def formulas(sheet):
        for row in (2, 3, 4):
            sheet.write_formula(f"F{row}", "=2*3")

    (found,) = errors(book(formulas))
    assert "column revenue: holds formulas that were never calculated, in F2, F3, F4" in found


def test_formulas_with_results_are_read(book):
    def formulas(sheet):
        sheet.write_formula("F2", "=2*3", None, 6)
        sheet.write_formula("F3", "=2-2", None, 0)
        sheet.write_formula("C2", '="South"', None, "South")

    accounts = open_study(book(formulas)).table("accounts")
    assert accounts["revenue"].to_list() == [6.0, 0.0, 1009.0]
    assert accounts["region"].to_list() == ["South", "North", "North"]


def test_a_formula_whose_result_is_an_empty_text_is_empty(by_hand):
    cell = '<c r="C{place}" t="str"><f>""</f><v></v></c>'
    accounts = open_study(by_hand(sheet_rows([NUMBER, cell]))).table("accounts")
    assert accounts["revenue"].isna().to_list() == [False, True]


# Merged cells


def test_a_text_merged_down_a_column_is_filled_and_noted(book):
    rows = [[*row[:2], None, *row[3:]] for row in [*FIRMS, ["010", "Firm 10", "", "", "", 4]]]

    def merge(sheet):
        sheet.merge_range("C2:C3", "North")
        sheet.merge_range("C4:C5", "South")

    folder = book(merge, rows=rows)
    regions = open_study(folder).table("accounts")["region"]
    assert regions.to_list() == ["North", "North", "South", "South"]
    what = "region: merged cells, the value filled into each row (C2:C3, C4:C5) (2)"
    assert f"accounts: {what}" in notes(folder)


def test_a_day_merged_down_a_column_is_filled(by_hand):
    rows = sheet_rows([NUMBER, NUMBER, NUMBER])
    for n, cell in ((1, text("D1", "start_date")), (2, text("D2", "2020-05-01"))):
        rows = rows.replace(f'</row><row r="{n + 1}">', f'{cell}</row><row r="{n + 1}">')
    merged = '<mergeCells count="1"><mergeCell ref="D2:D4"/></mergeCells>'
    days = open_study(by_hand(rows, after=merged)).table("accounts")["start_date"]
    assert days.dt.day.to_list() == [1, 1, 1]


def test_an_amount_merged_over_rows_is_a_fault(book):
    rows = [row[:5] for row in FIRMS]
    found = errors(book(lambda sheet: sheet.merge_range("F2:F4", 9000), rows=rows))
    assert "column revenue: '9000.0' is in cells merged over several rows: F2:F4" in found[0]


def test_cells_merged_across_columns_are_a_fault(book):
    rows = [*FIRMS, []]
    found = errors(book(lambda sheet: sheet.merge_range("A5:F5", "Source: ledger"), rows=rows))
    assert "'Source: ledger' is in cells merged across columns: A5:F5" in found[0]


def test_a_record_of_two_merged_lines_is_one_record(book):
    def tall(sheet):
        for column, value in enumerate(FIRMS[0]):
            sheet.merge_range(1, column, 2, column, value)

    accounts = open_study(book(tall, rows=[[]])).table("accounts")
    assert accounts["account_id"].to_list() == ["007"]
    assert accounts["revenue"].to_list() == [1007.0]


# Hidden rows, kinds of values


def test_hidden_rows_are_read_and_counted(book):
    folder = book(lambda sheet: sheet.set_row(2, None, None, {"hidden": True}))
    assert len(open_study(folder).table("accounts")) == 3
    assert "accounts: hidden or filtered rows read like the others (1)" in notes(folder)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (True, "'True' is not a number"),
        (dt.date(2026, 1, 2), "'2026-01-02"),
        (dt.time(10, 30), "'10:30:00' is not a number"),
        (dt.timedelta(days=3, hours=2), "is not a number"),
    ],
)
def test_what_is_no_amount_is_not_read_as_one(client, value, found):
    folder = client()
    with xlsxwriter.Workbook(str(folder / "accounts.xlsx")) as workbook:
        sheet = workbook.add_worksheet()
        form = {dt.date: "yyyy-mm-dd", dt.time: "hh:mm:ss", dt.timedelta: "[h]:mm"}
        cell_format = workbook.add_format({"num_format": form.get(type(value), "General")})
        for place, row in enumerate([HEADER, *FIRMS]):
            sheet.write_row(place, 0, row)
        sheet.write(2, 5, value, cell_format)
    assert any("column revenue" in one and found in one for one in errors(folder))


@pytest.mark.parametrize(("truth", "number"), [(True, 1), (False, 0)])
def test_a_truth_below_the_number_that_it_equals_is_no_amount(client, truth, number):
    folder = client()
    with xlsxwriter.Workbook(str(folder / "accounts.xlsx")) as workbook:
        sheet = workbook.add_worksheet()
        for place, row in enumerate([HEADER, *FIRMS]):
            sheet.write_row(place, 0, row)
        sheet.write(1, 5, number)
        sheet.write(2, 5, truth)
    (found,) = [one for one in errors(folder) if "column revenue" in one]
    assert f"row 2, column revenue: '{truth}' is not a number" in found


def test_a_day_stored_as_a_number_is_not_a_day(book):
    rows = [[*row[:3], 45123, *row[4:]] for row in FIRMS]
    assert "Excel serial numbers" in errors(book(rows=rows))[0]


def test_days_of_the_calendar_of_1904_are_the_right_ones(client):
    folder = client()
    options = {"date_1904": True, "default_date_format": "yyyy-mm-dd"}
    with xlsxwriter.Workbook(str(folder / "accounts.xlsx"), options) as workbook:
        sheet = workbook.add_worksheet()
        for place, row in enumerate([HEADER, *([*r[:3], dt.date(2020, 1, 2)] for r in FIRMS)]):
            sheet.write_row(place, 0, row)
    days = open_study(folder).table("accounts")["start_date"]
    assert days.dt.strftime("%Y-%m-%d").unique().tolist() == ["2020-01-02"]


# Workbooks that would break the program or take all its memory


def limited(folder, seconds):
    """The errors of a folder, and that they came in time."""
    start = time.monotonic()
    found = errors(folder)
    assert time.monotonic() - start < seconds
    return found


def test_a_cell_at_the_far_corner_is_named(by_hand):
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    (found,) = limited(by_hand(sheet_rows([NUMBER] * 3, far)), 10)
    assert "its cells reach to XFD1048576" in found


def test_a_sheet_that_claims_a_million_rows_is_read(by_hand):
    empty = "".join(f'<row r="{n}"><c r="A{n}" s="0"/><c r="XFD{n}"/></row>' for n in (9, 1048576))
    whole = '<dimension ref="A1:XFD1048576"/><cols><col min="1" max="16384" width="9"/></cols>'
    folder = by_hand(sheet_rows([NUMBER] * 3, empty), before=whole)
    assert limited(folder, 10) == []
    assert len(open_study(folder).table("accounts")) == 3


def test_a_workbook_that_unpacks_beyond_all_measure_is_refused(by_hand):
    folder = by_hand(sheet_rows([NUMBER]))
    with zipfile.ZipFile(folder / "accounts.xlsx", "a") as package:
        package.writestr("xl/sharedStrings.xml", b"")
        package.getinfo("xl/sharedStrings.xml").file_size = 3_000_000_000
    (found,) = limited(folder, 10)
    assert "accounts.xlsx: is not a workbook that can be read" in found and "3.0 GB" in found


def test_a_workbook_without_sheets_is_one_fault(book):
    path = book() / "accounts.xlsx"
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    listed = re.sub(rb"<sheets>.*</sheets>", b"<sheets/>", parts["xl/workbook.xml"])
    with zipfile.ZipFile(path, "w") as package:
        for name, content in {**parts, "xl/workbook.xml": listed}.items():
            package.writestr(name, content)
    (found,) = errors(path.parent)
    assert "accounts.xlsx" in found and "sheet" in found


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_truncated_workbook_is_one_fault(book, share):
    path = book() / "accounts.xlsx"
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    (found,) = errors(path.parent)
    assert found.startswith("accounts.xlsx: is not a workbook that can be read")


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="A0"><v>1</v></c>',
        '<c r="ZZZZZZZZZZZ2"><v>1</v></c>',
        '<c r="C99999999999999999999"><v>1</v></c>',
        '<c r="2C"><v>1</v></c>',
        '<c r="C2" t="s"><v>99</v></c>',
        '<c r="C2" s="4294967295"><v>1</v></c>',
        '<c r="C2" t="s"><v>-1</v></c>',
    ],
)
def test_a_cell_that_cannot_be_makes_no_crash(by_hand, cell):
    for found in limited(by_hand(sheet_rows([cell])), 10):
        assert "accounts.xlsx" in found


@pytest.mark.parametrize("area", ["C2:XFD1048576", "A0:B0", "C3:C2", "A2", "", "ZZZZ9:ZZZZZ99"])
def test_a_merged_area_that_cannot_be_makes_no_crash(by_hand, area):
    merged = f'<mergeCells count="1"><mergeCell ref="{area}"/></mergeCells>'
    for found in limited(by_hand(sheet_rows([NUMBER]), after=merged), 10):
        assert "accounts.xlsx" in found


# The process that reads


READER = """
import os, time
def read(path, folder, how):
    if how == "abort": os.abort()
    if how == "exit": os._exit(3)
    if how == "memory": return len(bytearray(10**10))
    if how == "raise": raise BaseException("a panic\\nin two lines")
    if how == "print": os.write(1, b"noise"); print("noise")
    while how == "loop": pass
    if how == "sleep": time.sleep(60)
    return how
"""


@pytest.fixture
def reader(tmp_path, monkeypatch):
    (tmp_path / "reader.py").write_text(READER)
    monkeypatch.setattr(confined, "HERE", tmp_path)
    monkeypatch.setattr(confined, "SECONDS", 0.5)
    yield lambda how: confined.reading("reader", tmp_path, how=how)
    confined.close()


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ("abort", "breaks the program that reads it"),
        ("exit", "breaks the program that reads it"),
        ("memory", "needs more memory than a table may take"),
        ("raise", "^a panic in two lines$"),
        ("loop", "takes longer than 0.5 seconds to read"),
        ("sleep", "takes longer than 0.5 seconds to read"),
    ],
)
def test_a_reader_that_fails_is_one_fault_and_the_next_file_is_read(reader, how, why):
    with pytest.raises(confined.Unreadable, match=why), reader(how):
        pass
    with reader("sound") as answer:
        assert answer.reply == "sound"


def test_what_a_library_prints_is_no_answer(reader):
    with reader("print") as answer:
        assert answer.reply == "print"


def test_one_process_reads_many_files_and_ends_with_them(reader):
    processes = []
    for _ in range(3):
        with reader("sound"):
            processes.append(confined._running[0].process)
    assert len({process.pid for process in processes}) == 1
    confined.close()
    assert processes[0].poll() is not None
