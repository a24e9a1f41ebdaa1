"""Ways in which a file is wrong inside: queries, declared forms, exports' headers, workbooks."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable

import pandas as pd
from hostile.mutations import BYTES, CELLS, Change, in_format
from hostile.world import TABLES, Folder, as_csv
from hypothesis import strategies as st

__all__ = ["INSIDE"]

NAMES = tuple(TABLES)
QUERIES = {  # what gives the table as it is
    "plain": "SELECT * FROM read_csv('{file}', all_varchar = true)",
    "with an end": "SELECT * FROM read_csv('{file}', all_varchar = true);\n",
    "with comments": "-- the ' table\nSELECT * /* all; of it */ FROM read_csv('{file}', "
    "all_varchar = true) -- end",
    "named part": "WITH sent AS (SELECT * FROM read_csv('{file}', all_varchar = true)) "
    "SELECT * FROM sent",
    "in two parts": "WITH sent AS (SELECT *, row_number() OVER () AS place FROM read_csv('{file}', "
    "all_varchar = true)) SELECT * EXCLUDE (place) FROM sent WHERE place % 2 = 0 UNION ALL "
    "SELECT * EXCLUDE (place) FROM sent WHERE place % 2 = 1",
    "literal": "SELECT * FROM read_csv('{file}', all_varchar = true) WHERE '{file}' <> 'x'",
}
CHANGED_QUERIES = ["plain", "with an end", "named part"]  # no letter of them selects rows
WRONG_QUERIES = [
    "", ";", "SELECT", "SELECT 1", "SELECT NULL WHERE false", "DROP TABLE x", "PRAGMA version",
    "SELECT * FROM 'nowhere.csv'", "SELECT * FROM '/etc/passwd'", "SELECT getenv('HOME')",
    "SELECT * FROM read_text('client.yml')", "SELECT * FROM glob('*')", "ATTACH 'x.db'",
    "COPY (SELECT 1) TO 'x.csv'", "INSTALL httpfs", "SELECT * FROM duckdb_settings()",
    "SELECT * FROM read_csv('../*.csv')", "SELECT [1, 2] AS a, {'b': 1} AS c", "SELECT 1; SELECT 2",
    "SELECT 'a' AS x, 'b' AS x", "SELECT * FROM read_csv('{file}')", "CALL nothing()", "\0", "\xff",
]  # fmt: skip
FORMS = {
    "date": ['"%d/%m/%Y"', '"%Y-%m-%d"', '"%m-%d-%Y"', '"%"', '"%Q"', '""', "5", "[]"],
    "encoding": ["utf-8", "latin-1", "cp1252", "utf-16", "zlib", "rot13", "''", "nothing", "7"],
    "delimiter": ['","', '";"', '"\\t"', '", "', '""', '"\\""', '"\\n"', '"e"', "1", "null"],
    "missing": ['["9"]', '["10", ""]', "[]", "x", "[[a]]", "[null]", "{a: b}", '["North"]'],
    "columns": ["{recommend: ease_}", "{x: y}", "{account_id: account_id}", "[]", "{wave: name}",
                "{'': ''}", "{recommend: [a]}", "a"],
    "drop_missing": ["true", "false", "yes", "1", "maybe", "[]"],
    "percent": ["true", "false", "x", "1"],
    "margin": ["share", "money", "percent", "x", "[]"],
    "trailing_minus": ["true", "x"],
    "parentheses": ["true", "x"],
    "header_row": ["1", "2", "0", "-1", "99999999", "1.5", "x", "true"],
    "header_rows": ["1", "2", "3", "0", "x"],
    "sheet": ["x", "1", "''", "[]"],
    "decimal": ['"."', '","', '"0"', '""', '"-"', '".,"', "5"],
    "thousands": ['","', '"."', '" "', '"0"', '"\'"', '"-"', '""', '"1"'],
    "currency": ['"€"', '["€", "$"]', '"-"', '"1"', '"."', '""', "[]"],
    "values": ['{recommend: {"10": "0"}}', "{region: {North: South}}", "{x: {a: b}}", "{}", "[]",
               "{recommend: x}", '{recommend: {ten: "10"}}', "{wave: {2026H1: 2025H2}}"],
    "nothing_like_it": ["1"],
}  # fmt: skip


@st.composite
def queries(draw: st.DrawFn) -> Change:
    """A query beside the file that it reads: sound, wrong, or with bytes put in or taken away."""
    name = draw(st.sampled_from(NAMES))
    kind = draw(st.sampled_from(["sound", "wrong", "bytes", "cut"]))
    what = draw(st.sampled_from(list(QUERIES) if kind == "sound" else CHANGED_QUERIES))
    sql = QUERIES[what] if kind != "wrong" else draw(st.sampled_from(WRONG_QUERIES))
    text = sql.replace("{file}", f"{name}.csv").encode()
    at = int(draw(st.floats(0, 1)) * len(text))
    if kind == "bytes":
        text = text[:at] + draw(st.sampled_from(BYTES)) + text[at:]
    elif kind == "cut":
        text = text[:at] + text[at + draw(st.sampled_from([1, 3, 20])) :]

    def apply(folder: Folder) -> None:
        folder.files[f"{name}.sql"] = text

    return Change(f"{name}.sql: {text!r}", apply, name, harmless=kind == "sound")


@st.composite
def declared_forms(draw: st.DrawFn) -> Change:
    """A key of ``formats`` that the file does not need, or that no file could have."""
    name, key = draw(st.sampled_from(NAMES)), draw(st.sampled_from(list(FORMS)))
    value = draw(st.sampled_from(FORMS[key]))
    whole = key in ("decimal", "thousands", "currency") and draw(st.booleans())
    line = f"numbers: {{{key}: {value}}}" if whole else f"formats: {{{name}: {{{key}: {value}}}}}"

    def apply(folder: Folder) -> None:
        said = folder.files.get("client.yml", b"")
        folder.files["client.yml"] = said + f"{line}\n".encode()

    return Change(line, apply, name)


def _of_qualtrics(statuses: list[str]) -> tuple[list[list[str]], list[list[str]]]:
    """The responses as Qualtrics exports them, previews and spam first: headers and rows."""
    frame = TABLES["responses"].rename(
        columns={"response_id": "ResponseId", "completed_at": "EndDate"}
    )
    frame = frame.assign(Status="IP Address", IPAddress="192.0.2.1", Finished="True",
                         RecordedDate=frame["EndDate"])  # fmt: skip
    tried = frame.iloc[: len(statuses)].assign(
        Status=statuses, recommend="10", ResponseId=[f"R_{n}" for n in range(len(statuses))]
    )
    names = list(frame)
    heads = [names, [f"What of {name}?" for name in names],
             [json.dumps({"ImportId": name}) for name in names]]  # fmt: skip
    return heads, pd.concat([tried, frame]).to_numpy().tolist()


@st.composite
def export_headers(draw: st.DrawFn) -> Change:
    """An export of Qualtrics with header rows that are there, missing, moved or twice."""
    statuses = draw(
        st.lists(st.sampled_from(["Survey Preview", "Spam", "Survey Test", "9", "12"]), max_size=3)
    )
    kind = draw(st.sampled_from(
        ["three", "questions", "ids", "one", "first", "turned", "twice", "blank", "late", "cell"]
    ))  # fmt: skip
    cell = draw(st.sampled_from(CELLS))
    heads, rows = _of_qualtrics(statuses)
    names, said, ids = heads
    lines = {
        "three": [*heads, *rows],
        "questions": [names, said, *rows],
        "ids": [names, ids, *rows],
        "one": [names, *rows],
        "first": [said, names, ids, *rows],
        "turned": [names, ids, said, *rows],
        "twice": [*heads, said, ids, *rows],
        "blank": [names, said, ids, [""] * len(names), *rows],
        "late": [*heads, *rows, names],
        "cell": [names, [cell, *said[1:]], ids, *rows],
    }[kind]
    ending = draw(st.sampled_from(["csv", "tsv", "xlsx"]))
    frame = pd.DataFrame(lines[1:], columns=lines[0])

    def apply(folder: Folder) -> None:
        folder.files.pop("responses.csv", None)
        folder.files[f"responses.{ending}"] = _written(frame, ending)

    harmless = kind in ("three", "questions", "ids", "one", "blank")
    return Change(f"Qualtrics {ending}, {kind}, {statuses} {cell[:20]!r}", apply, "responses",
                  harmless=harmless)  # fmt: skip


def _written(frame: pd.DataFrame, ending: str) -> bytes:
    if ending != "xlsx":
        return as_csv(frame, "\t" if ending == "tsv" else ",")
    buffer = io.BytesIO()
    frame.to_excel(buffer, index=False, engine="xlsxwriter")
    return buffer.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
Edit = Callable[[bytes], bytes]


def _merged(area: str) -> Edit:
    cells = f'</sheetData><mergeCells count="1"><mergeCell ref="{area}"/></mergeCells>'.encode()
    return lambda xml: xml.replace(b"</sheetData>", cells)


def _as_error(place: int) -> Edit:
    def edit(xml: bytes) -> bytes:
        found = list(re.finditer(rb"<c r=\"([A-Z]+\d+)\"[^>]*><v>[^<]*</v></c>", xml))
        one = found[place % len(found)]
        error = b'<c r="' + one[1] + b'" t="e"><v>#N/A</v></c>'
        return xml[: one.start()] + error + xml[one.end() :]

    return edit


def _as_formula(place: int) -> Edit:
    def edit(xml: bytes) -> bytes:
        found = list(re.finditer(rb"<c r=\"([A-Z]+\d+)\"[^>]*><v>[^<]*</v></c>", xml))
        one = found[place % len(found)]
        return xml[: one.start()] + b'<c r="' + one[1] + b'"><f>A1</f></c>' + xml[one.end() :]

    return edit


@st.composite
def workbooks(draw: st.DrawFn) -> Change:
    """A workbook with one thing changed in one of its parts."""
    name, place = draw(st.sampled_from(NAMES)), draw(st.integers(0, 300))
    area = draw(st.sampled_from(["B2:B3", "A2:A4", "B2:C2", "A1:B1", "C2:C40", "A1:XFD1048576",
                                 "B2", "x", "B3:B2", "ZZZZ9:A1"]))  # fmt: skip
    part, what, edit, harmless = draw(st.sampled_from([
        (SHEET, f"merged {area}", _merged(area), False),
        (SHEET, f"error in cell {place}", _as_error(place), False),
        (SHEET, f"formula in cell {place}", _as_formula(place), False),
        (SHEET, "claims all cells", lambda xml: re.sub(
            rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', xml), True),
        (SHEET, "no dimension", lambda xml: re.sub(rb"<dimension [^>]*/>", b"", xml), True),
        (SHEET, "hidden rows", lambda xml: xml.replace(b'<row r="3"', b'<row hidden="1" r="3"'),
         True),
        (SHEET, "cut", lambda xml: xml[: place * len(xml) // 301], False),
        (STRINGS, "cut", lambda xml: xml[: place * len(xml) // 301], False),
        (STRINGS, "fewer strings", lambda xml: xml.replace(b"<si>", b"<sx>", 1), False),
        (STRINGS, "an entity", lambda xml: xml.replace(
            b"<sst", b'<!DOCTYPE a [<!ENTITY b "c">]><sst', 1), False),
        ("xl/workbook.xml", "hidden sheet", lambda xml: xml.replace(
            b"<sheet ", b'<sheet state="hidden" ', 1), False),
        ("xl/workbook.xml", "no sheets", lambda xml: re.sub(rb"<sheets>.*</sheets>", b"<sheets/>",
                                                            xml), False),
        ("xl/styles.xml", "cut", lambda xml: xml[: place * len(xml) // 301], False),
        ("xl/_rels/workbook.xml.rels", "nowhere", lambda xml: xml.replace(b"sheet1", b"sheet9"),
         False),
        ("[Content_Types].xml", "empty", lambda xml: b"", False),
    ]))  # fmt: skip
    content = _with_part(in_format(name, "xlsx"), part, edit)

    def apply(folder: Folder) -> None:
        folder.files.pop(f"{name}.csv", None)
        folder.files[f"{name}.xlsx"] = content

    return Change(f"{name}.xlsx, {part}: {what} ({place})", apply, name, harmless=harmless)


def _with_part(book: bytes, part: str, edit: Edit) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(made, "w") as new:
        for each in old.namelist():
            new.writestr(each, edit(old.read(each)) if each == part else old.read(each))
    return made.getvalue()


INSIDE = {
    "queries": queries(),
    "declared forms": declared_forms(),
    "headers of exports": export_headers(),
    "workbooks": workbooks(),
}
