"""Workbooks of every kind: what a cell shows and does not hold, what is hidden, which currency."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import SimpleNamespace

import pytest
import xlsxwriter

from helpers.study import check_client, open_study, opening
from helpers.study.readers import confined

_spec = importlib.util.spec_from_file_location("books", Path(__file__).parent / "books.py")
books = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(books)

HIDDEN_COLUMN = '<table:table-column/><table:table-column table:visibility="collapse"/>'
CURRENCY = (
    '<table:table-cell office:value-type="currency" office:currency="{}" office:value="5">'
    "<text:p>5</text:p></table:table-cell>"
)


@pytest.fixture(autouse=True)
def one_process(monkeypatch):
    """The process that reads goes on from test to test: to start one takes a while."""
    monkeypatch.setattr(opening, "confined", SimpleNamespace(close=lambda: None))


def told(folder, severity="error"):
    return [str(fault) for fault in check_client(folder) if fault.severity == severity]


def notes(folder):
    return [str(note) for note in open_study(folder).notes]


def shown(text, kind="float", value='office:value="0"', error=' calcext:value-type="error"'):
    """A formula's cell of .ods that shows an error."""
    return (
        f'<table:table-cell table:formula="of:=X" office:value-type="{kind}" {value}{error}>'
        f"<text:p>{text}</text:p></table:table-cell>"
    )


@pytest.mark.parametrize("make", [books.xls, books.xlsb, books.ods], ids=["xls", "xlsb", "ods"])
def test_the_books_of_these_tests_are_read(client, make):
    folder = client({f"accounts.{make.__name__}": make()})
    accounts = open_study(folder).accounts
    assert accounts["account_id"].to_list() == ["007", "008", "009"]
    assert accounts["revenue"].to_list() == [1, 2, 3]
    assert not told(folder, "warning")


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (shown("Err:502"), "Err:502"),
        (shown("Err:522", error=""), "Err:522"),
        (shown("#DIV/0!", error=""), "#DIV/0!"),
        (shown("#WERT!", error=""), "#WERT!"),
        (shown("#N/A", "string", 'office:string-value=""'), "#N/A"),
        (shown("#REF!", "string", 'office:string-value="#REF!"'), "#REF!"),
    ],
)
def test_an_error_of_an_open_document_is_no_number(client, cell, text):
    (found,) = told(client({"accounts.ods": books.ods([1, cell, 3])}))
    assert f"row 2, column revenue: {text!r} is an error that LibreOffice shows in C3." in found
    declared = f'{{accounts: {{missing: {{revenue: ["{text}"]}}}}}}'
    assert declared in found
    folder = client({"accounts.ods": books.ods([1, cell, 3])}, formats=declared)
    assert open_study(folder).accounts["revenue"].isna().to_list() == [False, True, False]
    assert any(f"revenue: {text} read as missing" in note for note in notes(folder))


def test_an_error_that_stands_for_several_rows_is_one_in_each(client):
    cell = shown("Err:502")
    book = books.ods([1, cell, 3], row='table:number-rows-repeated="3"')
    folder = client({"accounts.ods": book}, duplicates="{accounts: first}")
    assert "in C3, C4, C5." in told(folder)[0]


@pytest.mark.parametrize(
    "cell",
    [
        '<table:table-cell office:value-type="string"><text:p>#tag</text:p></table:table-cell>',
        '<table:table-cell table:formula="of:=X" office:value-type="string"><text:p>#5</text:p>'
        "</table:table-cell>",
        '<table:table-cell table:formula="of:=X" office:value-type="string"><office:annotation>'
        "<text:p>#N/A</text:p></office:annotation><text:p/></table:table-cell>",
    ],
)
def test_a_text_that_begins_like_an_error_is_none(client, cell):
    book = books.ods([cell] * 3)
    form = "{accounts: {columns: {region: revenue}}}"
    assert not told(client({"accounts.ods": book}, formats=form))


def test_a_formula_of_an_open_document_without_a_result_is_named(client):
    cell = '<table:table-cell table:formula="of:=1+1"/>'
    (found,) = told(client({"accounts.ods": books.ods([1, cell, 3])}))
    assert "holds formulas that were never calculated, in C3." in found


def test_entities_in_an_open_document_stand_for_nothing(client):
    doctype = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    folder = client({"accounts.ods": books.ods(["", 2, 3], before=doctype)})
    (found,) = told(folder, "warning")
    assert "an .ods file a cell that shows an error looks empty" in found


@pytest.mark.parametrize("make", [books.xls, books.xlsb], ids=["xls", "xlsb"])
@pytest.mark.parametrize("text", ["#N/A", "#DIV/0!", "#REF!"])
@pytest.mark.parametrize("formula", [True, False])
def test_an_error_of_a_binary_workbook_is_named(client, make, text, formula):
    book = make([1, text, 3], formula=formula)
    (found,) = told(client({f"accounts.{make.__name__}": book}))
    assert f"row 2, column revenue: {text!r} is an error that Excel shows in C3." in found


@pytest.mark.parametrize(
    ("name", "book"),
    [
        ("accounts.xls", books.xls(["", "", ""], formula=True, by_excel=False)),
        ("accounts.xls", books.xls([0, 0, 0], formula=True, by_excel=False)),
        ("accounts.xlsb", books.xlsb([0, 0, 0], formula=True, calculated=False)),
    ],
)
def test_formulas_of_a_binary_workbook_that_nobody_calculated_are_named(client, name, book):
    (found,) = told(client({name: book}))
    assert "never calculated, in C2, C3, C4." in found


@pytest.mark.parametrize(
    ("name", "book"),
    [
        ("accounts.xls", books.xls([0, 0, 0], formula=True)),
        ("accounts.xls", books.xls([1, 0, 3], formula=True, by_excel=False)),
        ("accounts.xlsb", books.xlsb([0, 0, 0], formula=True)),
        ("accounts.xlsb", books.xlsb([0, 0, 3], formula=True, calculated=False)),
    ],
)
def test_formulas_with_results_are_numbers(client, name, book):
    assert not told(client({name: book}))


@pytest.mark.parametrize("make", [books.xls, books.xlsb, books.ods], ids=["xls", "xlsb", "ods"])
def test_an_empty_cell_that_shows_no_error_is_only_empty(client, make):
    empty = "<table:table-cell/>" if make is books.ods else ""
    name = f"accounts.{make.__name__}"
    form = "{accounts: {columns: {region: revenue}}}"
    folder = client({name: make([empty, "North", "South"])}, formats=form)
    assert not check_client(folder)


def spanning(text, rows=1, columns=1):
    """A cell of .ods that stands for several."""
    spans = f'table:number-rows-spanned="{rows}" table:number-columns-spanned="{columns}"'
    words = f"<text:p>{text}</text:p>"
    return f'<table:table-cell office:value-type="string" {spans}>{words}</table:table-cell>'


COVERED = "<table:covered-table-cell/>"
DOWN_NAMES, DOWN_AMOUNTS, ACROSS = (1, 2, 1, 1), (1, 2, 2, 2), (1, 1, 0, 1)


@pytest.fixture
def merging(client):
    """A book of three firms with an area merged; an empty text is no cell."""

    def make(kind, area, firms, revenue=(1, 2, 3)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(books, "FIRMS", firms)
            book = getattr(books, kind)
            made = book(revenue) if kind == "ods" else book(revenue, merged=area)
        return client({f"accounts.{kind}": made})

    return make


@pytest.mark.parametrize("kind", ["ods", "xlsb", "xls"])
def test_a_text_merged_down_a_column_is_filled_in_every_kind(merging, kind):
    tall, below = (spanning("Both", rows=2), COVERED) if kind == "ods" else ("Both", "")
    folder = merging(kind, DOWN_NAMES, [("007", tall), ("008", below), ("009", "Firm 9")])
    assert open_study(folder).accounts["name"].to_list() == ["Both", "Both", "Firm 9"]
    what = "name: merged cells, the value filled into each row (B2:B3) (1)"
    assert f"accounts: {what}" in notes(folder)


@pytest.mark.parametrize("kind", ["xlsb", "xls"])
def test_an_amount_merged_over_rows_is_a_fault_in_every_kind(merging, kind):
    folder = merging(kind, DOWN_AMOUNTS, books.FIRMS, (5, "", 3))
    assert "column revenue: '5.0' is in cells merged over several rows: C2:C3" in told(folder)[0]


@pytest.mark.parametrize("kind", ["ods", "xlsb", "xls"])
def test_cells_merged_across_columns_are_a_fault_in_every_kind(merging, kind):
    wide, right = (spanning("007", columns=2), COVERED) if kind == "ods" else ("007", "")
    folder = merging(kind, ACROSS, [(wide, right), *books.FIRMS[1:]])
    assert "'007' is in cells merged across columns: A2:B2" in " ".join(told(folder))


@pytest.mark.parametrize("size", ["0", "-1", "x", "99999999999999999999"])
def test_a_span_that_cannot_be_makes_no_crash(merging, size):
    firms = [("007", spanning("Firm 7", rows=size)), *books.FIRMS[1:]]
    assert open_study(merging("ods", (), firms)).accounts["name"].to_list() == [
        "Firm 7", "Firm 8", "Firm 9"]  # fmt: skip


def test_where_the_file_cannot_be_looked_into_empty_cells_are_told_of(client, monkeypatch):
    real = confined.reading

    def reading(reader, path, **options):
        if reader == "excel_cells":
            return real(reader, path, **options)
        raise confined.Unreadable("broken")

    monkeypatch.setattr(confined, "reading", reading)
    form = "{accounts: {columns: {region: revenue}}}"
    book = books.ods(["<table:table-cell/>", "North", "South"])
    (found,) = told(client({"accounts.ods": book}, formats=form), "warning")
    assert "has 1 empty cell, and in an .ods file a cell that shows an error looks empty" in found


def xlsx(path, change=None, names=("accounts",), amounts=(1, 2, 3), form=None):
    with xlsxwriter.Workbook(str(path)) as workbook:
        sheets = [workbook.add_worksheet(name) for name in names]
        form = workbook.add_format({"num_format": form}) if form else None
        for place, row in enumerate([books.NAMES, *books.FIRMS]):
            sheets[0].write_row(place, 0, row)
        for place, amount in enumerate(amounts, start=1):
            sheets[0].write(place, 2, amount, form)
        if change is not None:
            change(sheets)


@pytest.mark.parametrize("kind", ["xls", "xlsb", "ods", "xlsx"])
def test_hidden_rows_and_columns_are_counted_in_every_kind(client, kind):
    hidden = {"hidden_row": True, "hidden_column": True}
    filtered = {"row": 'table:visibility="filter"', "columns": HIDDEN_COLUMN}
    make = {"xls": books.xls, "xlsb": books.xlsb, "ods": books.ods}.get(kind)
    book = make(**(filtered if kind == "ods" else hidden)) if make else None
    folder = client({f"accounts.{kind}": book})

    def hide(sheets):
        sheets[0].set_row(2, None, None, {"hidden": True})
        sheets[0].set_column(1, 1, 10, None, {"hidden": True})

    if book is None:
        xlsx(folder / "accounts.xlsx", hide)
    found = [note for note in notes(folder) if note.startswith("accounts: hidden")]
    assert found == [
        "accounts: hidden or filtered rows read like the others (1)",
        "accounts: hidden columns read like the others: name (1)",
    ]


@pytest.mark.parametrize("how", ["hide", "very_hidden"])
def test_a_hidden_sheet_is_warned_of_beside_those_that_are_shown(client, how):
    def hide(sheets):
        sheets[1].activate()
        sheets[1].set_first_sheet()
        getattr(sheets[0], how)()

    folder = client()
    xlsx(folder / "accounts.xlsx", hide, ("accounts", "Customers 2026"))
    (found,) = told(folder, "warning")
    assert "from the hidden sheet 'accounts'" in found and "'Customers 2026'" in found
    keys = found.split("`formats: ")[1].split("`")[0]
    folder = client(formats=keys)
    assert not told(folder, "warning")
    assert "accounts: rows read from the hidden sheet 'accounts' (3)" in notes(folder)


def test_a_hidden_sheet_that_is_the_only_one_is_noted(client):
    folder = client({"accounts.xls": books.xls(hidden_sheet=True)})
    assert "accounts: rows read from the hidden sheet 'accounts' (3)" in notes(folder)


@pytest.mark.parametrize(
    ("form", "sign"),
    [
        ("$#,##0.00", "$"),
        ("[$$-409]#,##0", "$"),
        ('#,##0 "USD"', "USD"),
        ('_-[$£-809]* #,##0.00_-;-[$£-809]* "-"', "£"),
        ('#,##0 "€"', None),
        ("[$€-407] #,##0", None),
        ("[$-409]0.00", None),
        ("0.00", None),
    ],
)
def test_amounts_shown_in_another_currency_are_warned_of(client, form, sign):
    folder = client()
    xlsx(folder / "accounts.xlsx", form=form)
    found = told(folder, "warning")
    assert len(found) == (sign is not None)
    if sign:
        assert f"shows revenue in {sign}, and client.yml declares EUR" in found[0]


@pytest.mark.parametrize("make", [books.xls, books.xlsb], ids=["xls", "xlsb"])
@pytest.mark.parametrize(
    ("form", "sign"),
    [("[$$-409]#,##0.00", "$"), ('#,##0 "USD"', "USD"), ("[$€-2] #,##0", None), ("0.00", None)],
)
def test_so_are_those_of_a_binary_workbook(client, make, form, sign):
    folder = client({f"accounts.{make.__name__}": make(form=form)})
    assert open_study(folder).accounts["revenue"].to_list() == [1, 2, 3]
    found = told(folder, "warning")
    assert len(found) == (sign is not None)
    assert sign is None or f"shows revenue in {sign}, and client.yml declares EUR" in found[0]


@pytest.mark.parametrize(("code", "wrong"), [("USD", True), ("GBP", True), ("EUR", False)])
def test_so_are_those_of_an_open_document(client, code, wrong):
    folder = client({"accounts.ods": books.ods([CURRENCY.format(code)] * 3)})
    assert open_study(folder).accounts["revenue"].to_list() == [5, 5, 5]
    assert bool(told(folder, "warning")) == wrong


PER_CENT = '<table:table-cell office:value-type="percentage" office:value="0.5"><text:p>50%</text:p></table:table-cell>'  # noqa: E501 - one cell
AS_GROWTH = "{accounts: {columns: {growth_pct: revenue}}}"


@pytest.mark.parametrize(
    ("name", "make", "faulty"),
    [
        ("accounts.ods", lambda: books.ods([PER_CENT] * 3), True),
        ("accounts.ods", lambda: books.ods([0.5] * 3), False),
        ("accounts.xls", lambda: books.xls((0.5, 0.5, 0.5), form="0.0%"), True),
        ("accounts.xls", lambda: books.xls((0.5, 0.5, 0.5), form="0.0"), False),
        ("accounts.xlsb", lambda: books.xlsb((0.5, 0.5, 0.5), form="0.0%"), True),
    ],
)
def test_growth_shown_in_per_cent_is_an_error_in_every_kind_of_workbook(client, name, make, faulty):
    found = [text for text in told(client({name: make()}, formats=AS_GROWTH)) if "per cent" in text]
    assert len(found) == faulty
    assert not faulty or "50% is stored as 0.5. Send it as 50" in found[0]


@pytest.mark.parametrize("text", ["Err:502", "Err:508", "#N/A", "#REF!"])
def test_an_error_of_calc_in_a_csv_is_named(client, text):
    table = f"account_id,name,region\n007,A,North\n008,B,{text}\n009,C,South\n"
    (found,) = told(client({"accounts.csv": table}))
    assert "is an error that a spreadsheet shows" in found and repr(text) in found


CALLED_XLS = {
    "web page": (b"<html><body><table><tr><td>nps</td></tr></table>", "is a web page with"),
    "web page with a mark": (b"\xef\xbb\xbf\r\n<TABLE><TR><TD>nps", "is a web page with"),
    "xml": (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"',
            "is an XML spreadsheet of Excel 2003"),
    "tabs": (b"response_id\twave\tnps\nr1\t2026H1\t9\n", "Let its name end in .tsv"),
    "semicolons": (b"response_id;wave;nps\nr1;2026H1;9\n", "Let its name end in .csv"),
    "neither": (b"\0\1\2,\3", "is not a workbook that can be read"),
}  # fmt: skip


@pytest.mark.parametrize("kind", CALLED_XLS)
@pytest.mark.parametrize("ending", ["xls", "xlsx"])
def test_what_only_has_the_ending_of_a_workbook_is_told_for_what_it_is(client, kind, ending):
    data, says = CALLED_XLS[kind]
    folder = client({"responses.csv": None, f"responses.{ending}": data})
    (found,) = [str(fault) for fault in check_client(folder)]
    assert found.startswith(f"responses.{ending}: ")
    assert says in found
    assert "signature" not in found or kind == "neither"
