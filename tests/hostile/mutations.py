"""Ways in which what a client sends goes wrong, as strategies of changes to a folder."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
from hostile.world import FILES, TABLES, Folder, as_csv
from hypothesis import strategies as st

__all__ = ["KINDS", "Change", "in_format"]

NAMES = tuple(TABLES)


@dataclass(frozen=True)
class Change:
    """One change; ``rows`` is how many rows it adds or takes away, ``None`` where any."""

    what: str
    apply: Callable[[Folder], None]
    table: str | None = None
    rows: int | None = 0
    harmless: bool = False  # the numbers stay what they were

    def __repr__(self) -> str:
        return self.what


BYTES = [
    b'"', b'""', b",", b";", b"\t", b"\n", b"\r", b"\r\n", b"\0", b"\x1a", b"\xff", b"\xef\xbb\xbf",
    "é".encode("latin-1"), "é".encode(), b"'", b"\\", b"#", b" ", "\u00a0".encode(),
    "\u200b".encode(), "\u2028".encode(), b"\x0b", b"\x0c", b"\x85", b"=", b"|", b"\x1b[31m",
]  # fmt: skip
CELLS = [
    "", " ", "NA", "N/A", "null", "None", "nan", "NaN", "inf", "-inf", "Infinity", "1e309",
    "1e5", "1,234", "1.234", "1.234,50", "1 234", "1'234", "\u22125", "(5)", "5-", "€5", "5 €",
    "5%", "0x10", "1_000", "\uff15", "٥", "5 ", "+5", "007", "99", "-1", "11", "8.5", "=1+1",
    "TRUE", "yes", "31/12/2026", "01/02/2026", "2026-13-01", "2026-02-30", "9999-12-31",
    "0001-01-01", "20260630", "46203", "26-06-30", "2026-06-30T12:00:00+14:00", "🙂", "\u200b5",
    "\ufeff5", "x" * 10_000, "a\nb", 'a"b', "<script>", "${x}", "{{7*7}}", "../../etc", "Total",
    "#N/A", "#DIV/0!", "%s%n", "1/0", "½", "Ⅷ", "1\u00a0234", "1\u202f234,5", "1E+15",
    "12345678901234567890",
]  # fmt: skip
TAILS = [b",,,,,,,\r\n", b"\r\n\r\n", b"   \r\n", b"\x1a", b'"', b"Total"]
HEADS = [b"PK\x03\x04", b"PAR1", b"%PDF", b"SQLite format 3\0", b"{", b"<html>"]
ENCODINGS = ["utf-16", "utf-16-le", "utf-8-sig", "latin-1", "cp1252", "utf-32", "cp037", "utf-7"]
VALUES = [
    "", "null", "~", ".nan", ".inf", "-1", "1e999", "[]", "{}", "[[[[[[]]]]]]", "&a [*a]", "*a",
    "!!int abc", "!!python/object:os.system x", "!!binary ////", "'", '"', "2026-13-45", "yes",
    "@x", "`x`", "%x", "|", ">", "? x", "- x", "x: y: z", "\u0007", "9" * 5_000, "x" * 70_000,
    "../..", "/etc/passwd", "package:os/path.py", "https://x.y/z", "${HOME}", "0x1F", "012",
    "1_000", "2026",
]  # fmt: skip
FORMATS = ("parquet", "tsv", "CSV", "xlsx", "sav")
KEYS = [
    "name", "as_of", "wave", "previous_wave", "currency", "description", "sources", "tables",
    "formats", "numbers", "duplicates", "collapse", "segments", "waves", "policy", "targets",
    "brand", "parameters", "chapters", "nmae", "1", "null", "true", "<<", "''", "? [a]",
]  # fmt: skip


def _edited(name: str, edit: Callable[[bytes], bytes]) -> Callable[[Folder], None]:
    def apply(folder: Folder) -> None:
        if name in folder.files:
            folder.files[name] = edit(folder.files[name])

    return apply


@st.composite
def inserted_bytes(draw: st.DrawFn) -> Change:
    name = draw(st.sampled_from(NAMES))
    what, share = draw(st.sampled_from(BYTES)), draw(st.floats(0, 1))
    file = f"{name}.csv"

    def edit(content: bytes) -> bytes:
        at = int(share * len(content))
        return content[:at] + what + content[at:]

    return Change(f"{what!r} at {share:.5f} of {file}", _edited(file, edit), name)


@st.composite
def cut_bytes(draw: st.DrawFn) -> Change:
    name, share = draw(st.sampled_from(NAMES)), draw(st.floats(0, 1))
    length = draw(st.sampled_from([1, 2, 7, 60, 400, 10**9]))
    file = f"{name}.csv"

    def edit(content: bytes) -> bytes:
        at = int(share * len(content))
        return content[:at] + content[at + length :]

    return Change(f"{length} bytes cut at {share:.5f} of {file}", _edited(file, edit), name, None)


@st.composite
def whole_file(draw: st.DrawFn) -> Change:
    name = draw(st.sampled_from(NAMES))
    file = f"{name}.csv"
    kind = draw(
        st.sampled_from(["encoding", "ends", "gzip", "cut gzip", "delimiter", "tail", "zip"])
    )
    if kind == "encoding":
        code = draw(st.sampled_from(ENCODINGS))
        recode = _edited(file, lambda b: b.decode("utf-8", "replace").encode(code, "replace"))
        return Change(f"{file} in {code}", recode, name)
    if kind == "ends":
        end = draw(st.sampled_from([b"\n", b"\r"]))
        changed = _edited(file, lambda b: b.replace(b"\r\n", end))
        return Change(f"{file} with {end!r}", changed, name, harmless=True)
    if kind.endswith("gzip"):
        cut = None if kind == "gzip" else draw(st.integers(1, 200))
        pack = _edited(file, lambda b: gzip.compress(b, mtime=0)[:cut])
        return Change(f"{file} as {kind} {cut}", pack, name)
    if kind == "delimiter":
        mark = draw(st.sampled_from([";", "\t", "|", ":", "~"]))
        return Change(f"{file} divided by {mark!r}",
                      _edited(file, lambda b: as_csv(TABLES[name], mark)), name)  # fmt: skip
    if kind == "tail":
        tail = draw(
            st.sampled_from([b",,,,,,,\r\n", b"\r\n\r\n", b"   \r\n", b"\x1a", b'"', b"Total"])
        )
        return Change(f"{tail!r} behind {file}", _edited(file, lambda b: b + tail), name)
    head = draw(
        st.sampled_from([b"PK\x03\x04", b"PAR1", b"%PDF", b"SQLite format 3\0", b"{", b"<html>"])
    )
    return Change(f"{head!r} before {file}", _edited(file, lambda b: head + b), name)


@st.composite
def changed_cell(draw: st.DrawFn) -> Change:
    name, value = draw(st.sampled_from(NAMES)), draw(st.sampled_from(CELLS))
    frame = TABLES[name]
    row, column = draw(st.integers(0, len(frame) - 1)), draw(st.sampled_from(list(frame)))
    file = f"{name}.csv"

    def edit(content: bytes) -> bytes:
        changed = frame.copy()
        changed.loc[row, column] = value
        return as_csv(changed)

    return Change(
        f"{column} of row {row + 1} of {file} is {value[:40]!r}", _edited(file, edit), name
    )


@st.composite
def changed_rows(draw: st.DrawFn) -> Change:
    name = draw(st.sampled_from(NAMES))
    frame, file = TABLES[name], f"{name}.csv"
    row = draw(st.integers(0, len(frame) - 1))
    kind = draw(st.sampled_from(["twice", "blank", "header", "total", "order", "short", "long"]))
    lines = as_csv(frame).split(b"\r\n")
    one = frame.iloc[[row]]
    names = pd.DataFrame([list(frame)], columns=list(frame))
    total = frame.iloc[[0]].astype(object).copy()
    total.iloc[0] = ["Total", *[""] * (len(frame.columns) - 1)]
    if name == "financials":
        total["revenue"] = f"{frame['revenue'].astype(float).sum():.2f}"
    made = {
        "twice": as_csv(pd.concat([frame, one])),
        "blank": as_csv(pd.concat([frame.iloc[:row], one.map(lambda _: ""), frame.iloc[row:]])),
        "header": as_csv(pd.concat([frame.iloc[:row], names, frame.iloc[row:]])),
        "total": as_csv(pd.concat([frame, total])),
        "order": as_csv(frame.sample(frac=1, random_state=row)),
        "short": b"\r\n".join([*lines[:-2], lines[-2].rsplit(b",", 1)[0], b""]),
        "long": b"\r\n".join([*lines[:-2], lines[-2] + b",more", b""]),
    }[kind]  # fmt: skip
    return Change(f"{kind} (row {row + 1}) in {file}", _edited(file, lambda _: made), name,
                  harmless=kind in ("order", "blank"))  # fmt: skip


@st.composite
def changed_columns(draw: st.DrawFn) -> Change:
    name = draw(st.sampled_from(NAMES))
    frame, file = TABLES[name], f"{name}.csv"
    column = draw(st.sampled_from(list(frame)))
    new = draw(st.sampled_from([
        column.upper(), f" {column} ", f"{column}s", "", "\ufeff" + column, column + "\u200b", "x",
        f"{column}.1", "Unnamed: 0", *frame.columns[:2],
    ]))  # fmt: skip
    kind = draw(st.sampled_from(["name", "drop", "twice", "order", "more"]))
    made = {
        "name": frame.rename(columns={column: new}),
        "drop": frame.drop(columns=column),
        "twice": pd.concat([frame, frame[[column]]], axis=1),
        "order": frame[sorted(frame, reverse=True)],
        "more": frame.assign(**{"more columns": "1,5"}),
    }[kind]
    return Change(f"{kind} {column} {new!r} in {file}", _edited(file, lambda _: as_csv(made)), name,
                  harmless=kind in ("order", "more"))  # fmt: skip


@st.composite
def other_format(draw: st.DrawFn) -> Change:
    name = draw(st.sampled_from(NAMES))
    kind = draw(
        st.sampled_from(["parquet", "tsv", "CSV", "xlsx", "sav", "cut parquet", "cut xlsx"])
    )
    ending = kind.removeprefix("cut ")
    cut = draw(st.integers(1, 4_000)) if kind.startswith("cut ") else None
    content = in_format(name, ending)[:cut]

    def apply(folder: Folder) -> None:
        folder.files.pop(f"{name}.csv", None)
        folder.files[f"{name}.{ending}"] = content

    return Change(f"{name} as {kind} {cut}", apply, name, harmless=cut is None)


MADE: dict[tuple[str, str], bytes] = {}


def in_format(name: str, ending: str) -> bytes:
    """A table as the bytes of another kind of file."""
    if (name, ending) not in MADE:
        MADE[name, ending] = _made(TABLES[name], ending)
    return MADE[name, ending]


def _made(frame: pd.DataFrame, ending: str) -> bytes:
    if ending == "tsv":
        return as_csv(frame, "\t")
    if ending == "CSV":
        return as_csv(frame)
    numbers = [c for c in frame if c in ("recommend", "satisfied", "ease", "price", "revenue")]
    typed = frame.assign(**{c: pd.to_numeric(frame[c]) for c in numbers})
    buffer = io.BytesIO()
    if ending == "parquet":
        typed.to_parquet(buffer)
    elif ending == "xlsx":
        typed.to_excel(buffer, index=False, engine="xlsxwriter")
    else:
        return _sav(typed)
    return buffer.getvalue()


def _sav(frame: pd.DataFrame) -> bytes:
    import tempfile
    from pathlib import Path

    import pyreadstat

    with tempfile.TemporaryDirectory() as aside:
        path = Path(aside) / "t.sav"
        pyreadstat.write_sav(
            frame.astype(dict.fromkeys(frame.select_dtypes("str"), object)), str(path)
        )
        return path.read_bytes()


@st.composite
def changed_yaml(draw: st.DrawFn) -> Change:
    kind = draw(st.sampled_from(["value", "key", "bytes", "deep", "aliases", "whole"]))
    key, value = draw(st.sampled_from(KEYS)), draw(st.sampled_from(VALUES))
    share, what = draw(st.floats(0, 1)), draw(st.sampled_from(BYTES))

    def edit(content: bytes) -> bytes:
        at = int(share * len(content))
        lines = [line for line in content.splitlines() if not line.startswith(f"{key}:".encode())]
        return {
            "value": b"\n".join([*lines, f"{key}: {value}".encode(), b""]),
            "key": b"\n".join([*lines, f"{key}: {{{key}: {value}}}".encode(), b""]),
            "bytes": content[:at] + what + content[at:],
            "deep": content + b"parameters: " + b"{a: " * 3_000 + b"1" + b"}" * 3_000,
            "aliases": content + b"a: &a [x,x]\n" + b"".join(
                f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 9)}]\n".encode()
                for n in range(12)),
            "whole": value.encode(),
        }[kind]  # fmt: skip

    return Change(f"client.yml, {kind}: {key}: {value[:40]!r} {what!r} {share:.3f}",
                  _edited("client.yml", edit), None, None)  # fmt: skip


@st.composite
def changed_codebook(draw: st.DrawFn) -> Change:
    kind = draw(st.sampled_from(["cell", "bytes", "drop", "twice"]))
    value = draw(st.sampled_from([*CELLS, "driver", "segment", "satisfaction?", "interest"]))
    row, column = draw(st.integers(1, 5)), draw(st.integers(0, 7))
    share, what = draw(st.floats(0, 1)), draw(st.sampled_from(BYTES))

    def edit(content: bytes) -> bytes:
        lines = content.split(b"\n")
        if kind == "bytes":
            at = int(share * len(content))
            return content[:at] + what + content[at:]
        if kind in ("drop", "twice"):
            return b"\n".join(
                lines[:row] + lines[row : row + 1] * 2 * (kind == "twice") + lines[row + 1 :]
            )
        cells = lines[row].split(b",")
        cells[column] = b'"' + value.replace('"', '""').encode() + b'"'
        return b"\n".join([*lines[:row], b",".join(cells), *lines[row + 1 :]])

    return Change(f"codebook, {kind}: {row} {column} {value[:40]!r} {what!r} {share:.3f}",
                  _edited("codebook.csv", edit), None, None)  # fmt: skip


@st.composite
def changed_files(draw: st.DrawFn) -> Change:
    file = draw(st.sampled_from([*FILES, "client.yml", "codebook.csv"]))
    kind = draw(
        st.sampled_from(["folder", "pipe", "link", "gone", "empty", "mark", "moved", "two"])
    )
    ending = draw(
        st.sampled_from([".txt", ".ods", ".xlsm", ".csv.csv", ".2026.csv", ".bak", ".json"])
    )

    def apply(folder: Folder) -> None:
        content = folder.files.pop(file, b"")
        stem = file.rsplit(".", 1)[0]
        if kind in ("folder", "pipe"):
            folder.special[file] = kind
        elif kind == "link":
            folder.special[file] = "/dev/zero"
        elif kind in ("empty", "mark"):
            folder.files[file] = b"" if kind == "empty" else b"\xef\xbb\xbf"
        elif kind == "moved":
            folder.files[stem + ending] = content
        elif kind == "two":
            folder.files |= {file: content, stem + ".tsv": content}

    return Change(f"{file}: {kind} {ending}", apply, None, None)


KINDS = {
    "bytes put in": inserted_bytes(),
    "bytes cut out": cut_bytes(),
    "whole files": whole_file(),
    "cells": changed_cell(),
    "rows": changed_rows(),
    "columns": changed_columns(),
    "formats": other_format(),
    "client.yml": changed_yaml(),
    "the codebook": changed_codebook(),
    "files": changed_files(),
}
