"""A table may begin anywhere in its sheet: empty rows above it and empty columns beside it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import xlsxwriter

from helpers.study import check_client, open_study, opening

ROWS = [["account_id", "name", "region", "revenue"], ["007", "a", "N", 1], ["008", "b", "S", 2],
        ["009", "c", "N", 3]]  # fmt: skip


@pytest.fixture(autouse=True)
def one_process(monkeypatch):
    monkeypatch.setattr(opening, "confined", SimpleNamespace(close=lambda: None))


def placed(row, column, title="", gap=0):
    """The cells of a sheet whose table begins there, perhaps with a title in A1 and a gap."""
    rows = [[title]] + [[] for _ in range(row - 1)] if row else []
    for cells in ROWS:
        rows.append([""] * column + cells[:2] + [""] * gap + cells[2:])
    return rows


def workbook(path, rows):
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for at, cells in enumerate(rows):
            for beside, cell in enumerate(cells):
                if cell != "":
                    sheet.write(at, beside, cell)


def text(rows):
    width = max(map(len, rows))
    return "".join(",".join(map(str, cells + [""] * (width - len(cells)))) + "\n" for cells in rows)


PLACES = {
    "B3": placed(2, 1),
    "A3": placed(2, 0),
    "C1": placed(0, 2),
    "B3, with an empty column within": placed(2, 1, gap=1),
    "D6": placed(5, 3),
}


def sent(client, kind, rows, **keys):
    if kind == "csv":
        return client({"accounts.csv": text(rows)}, **keys)
    folder = client(**keys)
    workbook(folder / "accounts.xlsx", rows)
    return folder


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("declared", [False, True])
@pytest.mark.parametrize("place", PLACES)
def test_a_table_is_read_wherever_it_begins(client, place, declared, kind):
    rows = PLACES[place]
    top = 1 + next(at for at, cells in enumerate(rows) if any(cells))
    keys = {"formats": f"{{accounts: {{header_row: {top}}}}}"} if declared else {}
    folder = sent(client, kind, rows, **keys)
    assert not check_client(folder)
    found = open_study(folder).accounts
    assert list(found.columns) == ROWS[0]
    assert found["revenue"].to_list() == [1, 2, 3]
    assert found["account_id"].to_list() == ["007", "008", "009"]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize(("row", "column"), [(2, 1), (3, 0), (2, 2)])
def test_beside_a_title_the_row_of_the_header_is_told_and_reads_it(client, kind, row, column):
    rows = placed(row, column, "Customers of 2026")
    (fault,) = check_client(sent(client, kind, rows))
    assert f"`formats: {{accounts: {{header_row: {row + 1}}}}}`" in fault.advice
    declared = f"{{accounts: {{header_row: {row + 1}}}}}"
    found = open_study(sent(client, kind, rows, formats=declared)).accounts
    assert found["revenue"].to_list() == [1, 2, 3]


def test_a_column_with_cells_and_no_name_is_not_dropped(client):
    rows = placed(0, 1)
    rows[2][0] = "!"
    (fault,) = check_client(sent(client, "xlsx", rows))
    assert fault.problem == "has no column name in A1"
    assert "Write a name into it" in fault.advice
    rows = placed(2, 1)
    rows[0] = ["Customers", "as of", "June"]
    (fault,) = check_client(sent(client, "xlsx", rows))
    assert "header_row: 3" in fault.advice
