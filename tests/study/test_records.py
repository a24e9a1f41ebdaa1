"""Records of a CSV: counted by us, whatever its quotation marks and line ends are."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from helpers.study import check_client, open_study
from helpers.study.readers import records
from helpers.study.readers.records import Records, read_records

HEAD = "response_id,wave,account_id,nps,ease,trouble\n"
ROWS = "".join(f"r{i},2026H1,00{i},{i},{i},3\n" for i in range(1, 10))


def messages(folder):
    return [str(fault) for fault in check_client(folder)]


def read(data: bytes, width: int) -> Records:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        path.write_bytes(data)
        return read_records(path, ",", width)


def by_python(data: bytes) -> list[list[str]]:
    lines = io.StringIO(data.decode(), newline="")
    return [record for record in csv.reader(lines) if record]


def cells_of(found: Records) -> list[list[str]]:
    return found.cells.fillna("").to_numpy().tolist()


@pytest.mark.parametrize(
    ("row", "column"),
    [("1", "account_id"), ("5", "ease"), ("9", "trouble")],
)
def test_a_quotation_that_is_never_closed_is_named_where_it_opens(client, row, column):
    place = HEAD.strip().split(",").index(column)
    lines = ROWS.splitlines()
    cells = lines[int(row) - 1].split(",")
    cells[place] = '"' + cells[place]
    lines[int(row) - 1] = ",".join(cells)
    (found,) = messages(client({"responses.csv": HEAD + "\n".join(lines) + "\n"}))
    assert found.startswith(f"responses.csv, row {row}, column {column}: ")
    assert "opens a quotation that is never closed" in found
    below = 9 - int(row)
    assert (f"the {below} lines below it cannot be told apart" in found) == (below > 0)


def test_a_quotation_left_open_in_a_large_file_is_named_and_reading_ends_soon(client):
    rows = "".join(f"r{i},2026H1,a{i},5,5,3\n" for i in range(1_000_000))
    text = HEAD + "r,2026H1,x,1,1,1\n" + 's,2026H1,"y,1,1,1\n' + rows
    assert len(text) > records.LONGEST
    (found,) = messages(client({"responses.csv": text}))
    assert "row 2, column account_id" in found
    assert "all that follows cannot be told apart" in found


@pytest.mark.parametrize(
    "line",
    [
        'r2,2026H1,"002,2,2,3\nr3,2026H1,003",3,3,3\n',
        'r2,"2026H1,002,2,2,3\nr3,2026H1",3,3,3,3\n',
        'r2,2026H1,"002,2,2,3\nr3,2026H1,"",3"",3,3",3,3,3\n',
        'r2,2026H1,"002,2,2,3\nr3,2026H1,Smith, Jones,3,3,3",4,3,3\n',
    ],
)
def test_a_quotation_that_closes_rows_later_is_a_warning_with_its_record(client, line):
    text = HEAD + "r1,2026H1,001,1,1,3\n" + line + "r4,2026H1,004,4,4,3\n"
    found = messages(client({"responses.csv": text}))
    assert any("row 2" in text and "lines that look like records" in text for text in found)


def test_rows_pasted_into_a_cell_are_a_warning(client):
    inside = "\n".join(ROWS.splitlines()[2:6])
    text = HEAD + f'r1,2026H1,"Look:\n{inside}\nthat is all",1,1,3\n'
    (found,) = messages(client({"responses.csv": text}))
    assert found.startswith("responses.csv, row 1, column account_id: holds lines that look like")


@pytest.mark.parametrize("comment", ["Good, but\nlate, often", "one\ntwo\n\nthree, four"])
def test_a_comment_of_several_lines_is_no_swallowed_record(client, comment):
    comments = f'response_id,question,text\nr3,why,"{comment}"\nr4,why,"{comment}"\n'
    book = "variable,role,scale_min,scale_max\nnps,recommend,0,10\nease,driver,0,10\n"
    book += "trouble,driver,1,5\nwhy,comment,,\n"
    text = HEAD.strip() + ",why\n" + "".join(f'{r},"{comment}"\n' for r in ROWS.splitlines())
    folder = client({"responses.csv": text, "comments.csv": comments, "codebook.csv": book})
    assert not [text for text in messages(folder) if "look like records" in text]


def test_a_mark_inside_a_field_that_does_not_begin_with_one_is_a_letter(client):
    text = HEAD + 'r1,2026H1,5" pipe,1,1,3\nr2,2026H1,a"b"c,2,2,3\nr3,2026H1,6",3,3,3\n'
    study = open_study(client({"responses.csv": text}))
    assert study.responses["account_id"].to_list() == ['5" pipe', 'a"b"c', '6"']
    assert study.warnings == ()


@pytest.mark.parametrize("ends", [("\n",), ("\r\n",), ("\r",), ("\r\n", "\n", "\r"), ("\n", "\r")])
def test_lines_may_end_in_three_ways_in_one_file(client, ends):
    lines = (HEAD + ROWS).splitlines()
    text = "".join(line + ends[i % len(ends)] for i, line in enumerate(lines))
    study = open_study(client({"responses.csv": text.encode()}))
    assert study.responses.index.to_list() == [f"r{i}" for i in range(1, 10)]
    assert study.responses["trouble"].to_list() == [3.0] * 9


def test_spaces_around_quotations_are_left_out_with_a_warning(client):
    text = HEAD + 'r1,2026H1, "a, b" ,1,1,3\nr2,2026H1, b,2,2,3\n'
    study = open_study(client({"responses.csv": text}))
    assert study.responses["account_id"].to_list() == ["a, b", " b"]
    assert [fault.row for fault in study.warnings] == [1]


def test_malformed_records_around_a_piece_of_the_file_keep_their_numbers(client, monkeypatch):
    monkeypatch.setattr(records, "CHUNK", 64)
    rows = ROWS.replace("r4,2026H1,004", "\n\nr4,004").replace("r7,", 'r7,"2026H1"x,')
    found = messages(client({"responses.csv": HEAD + rows}))
    assert [text.split(":")[0] for text in found] == [
        "responses.csv, row 4",
        "responses.csv, row 7",
    ]


def test_a_reader_that_gives_other_rows_than_were_counted_is_found_out(client, monkeypatch):
    right = records._cells
    monkeypatch.setattr(records, "_cells", lambda *args: right(*args).slice(1))
    found = messages(client({"accounts.csv": "account_id,name\n007,B\n008,C\n"}))
    assert "accounts.csv: has 3 records, and 2 were read" in " ".join(found)


TEXTS = st.text(st.sampled_from('ab ,;"\n\r5é'), max_size=8)
TABLES = st.integers(1, 5).flatmap(
    lambda width: st.lists(
        st.lists(TEXTS, min_size=width, max_size=width).filter(any), min_size=1, max_size=8
    )
)
QUOTING = st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC])
PIECES = st.sampled_from([5, 16, 64, 1 << 20])


def written(rows: list[list[str]], quoting: int, end: str) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, quoting=quoting, lineterminator=end).writerows(rows)
    return out.getvalue().encode()


@settings(deadline=None)
@given(rows=TABLES, quoting=QUOTING, end=st.sampled_from(["\n", "\r\n", "\r"]), piece=PIECES)
def test_what_python_writes_is_read_as_python_reads_it(rows, quoting, end, piece):
    data = written(rows, quoting, end)
    assume(by_python(data) == rows)  # csv leaves a lone CR without marks where lines end in LF
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(records, "CHUNK", piece)
        found = read(data, len(rows[0]))
    assert cells_of(found) == rows
    assert (found.bad, found.counted) == ([], len(rows))
    assert found.record.tolist() == list(range(1, len(rows) + 1))


@settings(deadline=None)
@given(rows=TABLES, quoting=QUOTING, end=st.sampled_from(["\n", "\r\n"]), data=st.data())
@example(rows=[["a", "b"], ["c", "d"]], quoting=csv.QUOTE_ALL, end="\n", data=None)
def test_a_mark_put_in_or_a_line_cut_is_named_or_read_as_python_reads_it(rows, quoting, end, data):
    text = written(rows, quoting, end).decode()
    cut = 3 if data is None else data.draw(st.integers(0, len(text)))
    mark = '"' if data is None else data.draw(st.sampled_from(['"', end, "", ","]))
    skip = 0 if data is None else data.draw(st.integers(0, 4))
    mutated = (text[:cut] + mark + text[cut + skip :]).encode()
    found, expected = read(mutated, len(rows[0])), by_python(mutated)
    assert found.counted == len(found.cells)
    if not found.bad and not found.padded:
        assert cells_of(found) == expected
    if not found.padded and not any(bad.kind == "OPEN" for bad in found.bad):
        assert len(expected) == found.counted + len(found.bad)
        sound = [expected[number - 1] for number in found.record]
        assert cells_of(found) == sound


NARROW = "variable,role,scale_min,scale_max\nnps,recommend,0,10\nremark,comment,,\n"


def with_remark(remark):
    rows = [f"r{n},9,fine\n" for n in range(10, 30)] + [f'r31,9,"{remark}"\n']
    return {"codebook.csv": NARROW, "responses.csv": "response_id,nps,remark\n" + "".join(rows)}


@pytest.mark.parametrize(
    "remark",
    [
        "bad\nX-9,8,good\nY,2,worse",
        "bad\nX9-1,8,worse",
        "bad\n77,8,good\nA B,10,worse\nr40,2,bad",
        "bad\r\nX9-1,8,",
    ],
)
def test_swallowed_rows_with_ids_of_another_kind_are_told_by_their_numbers(client, remark):
    found = [str(fault) for fault in check_client(client(with_remark(remark)))]
    assert any(
        "row 21, column remark: holds lines that look like records" in text for text in found
    )


@pytest.mark.parametrize(
    "remark",
    [
        "bad\nfirst, second, third\n1, 2, 3",
        "we want:\n1. price, quality, time\n2. a, b, c",
        "Bahnhofstr. 7\n8001, Zürich, CH",
        "in short,\nbetter, cheaper, faster",
    ],
)
def test_a_remark_with_commas_is_no_swallowed_row(client, remark):
    assert not [f for f in check_client(client(with_remark(remark))) if "records" in f.problem]
