"""Bytes to text: unpacked, decoded as declared, every byte that does not fit reported."""

from __future__ import annotations

import codecs
import gzip
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO

from helpers.errors import disk_full
from helpers.study.findings import Findings
from helpers.study.nearest import nearest

__all__ = ["PIECE", "copy_as_utf8", "looks_like_text"]

LARGEST = 1_000_000_000  # bytes once unpacked: beyond this a query should summarise first
PIECE = 1 << 20
MOST_FAULTS = 1_000  # bytes that do not fit, after which the rest is not worth reading
STRETCH, UNPACKED = 200, 100_000_000  # a gzip file that grows so much holds no table
NO_TEXT = {"idna", "mbcs", "oem", "palmos", "punycode", "undefined", "utf-7"}
NO_TEXT |= {"unicode-escape", "unicode_escape", "raw-unicode-escape", "raw_unicode_escape"}
COMMON = ("utf-8", "utf-16", "cp1252", "latin-1", "mac-roman", "cp850", "shift_jis", "gb18030")
KINDS = {
    b"PK\x03\x04": "a zip or Excel file",
    b"PAR1": "a Parquet file",
    b"%PDF": "a PDF",
    b"$FL2": "an SPSS file",
    b"$FL3": "an SPSS file",
    b"\xd0\xcf\x11\xe0": "an old Excel file",
}


def looks_like_text(path: Path, name: str, findings: Findings) -> bool:
    """Whether the first bytes are not those of another kind of file."""
    start, inside = _start(path), " once unpacked" if _packed(path) else ""
    if start in KINDS:
        advice = "Give it its right extension (.xlsx, .parquet, .sav) or export it as CSV."
        findings.error(name, f"is {KINDS[start]}{inside}, not text", advice)
    elif start[:2] == b"\x1f\x8b":
        advice = "Pack it once." if inside else "Let its name end in .csv.gz."
        findings.error(name, f"is a gzip file{inside}, not text", advice)
    else:
        return True
    return False


def _start(path: Path) -> bytes:
    """The first bytes of the text; none of a damaged file, which is told as it is unpacked."""
    with suppress(OSError, EOFError, zlib.error), _open(path) as stream:
        return stream.read(4)
    return b""


def _packed(path: Path) -> bool:
    return path.name.lower().endswith(".gz")


def _open(path: Path) -> IO[bytes]:
    return gzip.open(path, "rb") if _packed(path) else path.open("rb")  # type: ignore[return-value]


def _pieces(path: Path) -> Iterator[bytes]:
    with _open(path) as stream:
        while piece := stream.read(PIECE):
            yield piece


def copy_as_utf8(
    path: Path,
    to: Path,
    encoding: str,
    name: str,
    table: str,
    findings: Findings,
    *,
    largest: int = LARGEST,
) -> bool:
    """Write the text as UTF-8, bytes that do not fit as U+FFFD, and report the first.

    ``largest`` is how many bytes a table may have.
    """
    if not _is_text_encoding(encoding):
        meant = nearest(encoding, COMMON)
        advice = f"Did you mean {meant}?" if meant else f"Use {', '.join(COMMON[:3])} or another."
        problem = "is not an encoding of text"
        column = f"formats.{table}.encoding"
        findings.error("client.yml", problem, advice, column=column, found=encoding)
        return False
    watch = _Watch(encoding)
    try:
        too_large = _copied(path, to, watch, largest)
    except (EOFError, OSError, zlib.error) as fault:
        if disk_full(fault):
            raise  # nothing is wrong with the file
        findings.error(name, f"cannot be unpacked: {fault}", "Send it again; it is damaged.")
        return False
    except UnicodeError as fault:  # no byte of its own: UTF-16 without the mark it begins with
        advice = f"Save it as UTF-8, or mend `encoding` under `formats: {table}` in client.yml."
        findings.error(name, f"is not {encoding}: {fault}", advice)
        return False
    if too_large is not None:
        advice = "Summarise it in a query: see `<table>.sql` in data/README.md."
        findings.error(name, too_large, advice)
        return False
    if _without_end_mark(to):
        findings.note(table, "end-of-file mark (Ctrl-Z) left out", 1)
    return _encoding_reported(watch, encoding, name, table, findings)


def _without_end_mark(text: Path) -> bool:
    """Cut off the mark with which old programs end a text."""
    with text.open("r+b") as stream:
        size = stream.seek(0, 2)
        stream.seek(max(size - 1, 0))
        marked = stream.read(1) == b"\x1a"
        if marked:
            stream.truncate(size - 1)
    return marked


def _is_text_encoding(encoding: str) -> bool:
    """Whether this is a way to write text: not a packing, a cipher or an escape of it."""
    try:
        found = codecs.lookup(encoding)
    except (LookupError, ValueError):  # also a name with a NUL
        return False
    plain = getattr(found, "_is_text_encoding", True)
    return plain and found.name not in NO_TEXT and found.incrementaldecoder is not None


def _copied(path: Path, to: Path, watch: _Watch, largest: int) -> str | None:
    """Copy piece by piece; what is wrong where the file is too large to be a table."""
    packed = path.stat().st_size
    with to.open("w", encoding="utf-8", errors="replace", newline="") as out:
        for piece in _pieces(path):
            out.write(watch.decode(piece))
            if watch.faults > MOST_FAULTS:
                return None
            if watch.bytes_seen > largest:
                return f"is larger than a table can be ({largest / 1e9:g} GB)"
            if watch.bytes_seen > max(UNPACKED, STRETCH * packed):  # never of a plain file
                return f"unpacks to more than {STRETCH} times its size, as no table does"
        out.write(watch.decode(b"", final=True))
    return None


class _Watch:
    """Decodes piece by piece and remembers the first byte that does not fit."""

    def __init__(self, encoding: str) -> None:
        self.bytes_seen = 0
        self.lines = 1
        self.first: tuple[int, int, int] | None = None  # byte, line, value
        self.faults = 0
        self.last = ""
        self.nulls = 0
        self.characters = 0
        self.start = b""
        name = codecs.lookup(encoding).name.removesuffix("-sig")
        codecs.register_error("handbook-watch", self._misfit)  # one file at a time
        self._decoder = codecs.getincrementaldecoder(name)(errors="handbook-watch")
        self._pending: list[tuple[int, int]] = []  # place in the decoder's input, value

    def _misfit(self, fault: UnicodeError) -> tuple[str, int]:
        if not isinstance(fault, UnicodeDecodeError):
            raise fault
        self.faults += 1
        if self.faults > MOST_FAULTS:
            return "\ufffd", len(fault.object)
        if self.first is None and not self._pending:
            self._pending.append((fault.start, fault.object[fault.start]))
        return "\ufffd", fault.end

    def decode(self, piece: bytes, final: bool = False) -> str:
        self.start = self.start or piece[:4]
        before = self._decoder.getstate()[0]
        cut = len(codecs.BOM_UTF8) * (self.bytes_seen == 0 and piece.startswith(codecs.BOM_UTF8))
        text = self._decoder.decode(piece[cut:], final)  # no code page begins with that mark
        if self.characters == 0:
            text = text.lstrip("\ufeff")  # a byte-order mark, whichever encoding wrote it
        if self._pending:
            at, value = self._pending.pop()
            line = self.lines + text[: text.find("\ufffd")].count("\n")
            self.first = (self.bytes_seen - len(before) + cut + at + 1, line, value)
        self.bytes_seen += len(piece)
        self.characters += len(text)
        self.lines += text.count("\n")
        self.nulls += text.count("\x00")
        self.last = text[-1:] or self.last
        return text


def _encoding_reported(
    watch: _Watch, encoding: str, name: str, table: str, findings: Findings
) -> bool:
    if not watch.characters or watch.nulls == watch.characters:
        problem = "holds nothing but NUL bytes" if watch.nulls else "is empty"
        findings.error(name, problem, "Export the table again, or remove the file.")
        return False
    marked = watch.start[:2] in (b"\xff\xfe", b"\xfe\xff")
    if watch.nulls * 4 > watch.characters or (watch.faults and marked):
        wide, guess = _wide(watch.start)
        advice = _encoding_advice(table, guess)
        findings.error(name, f"is not text in {encoding}: it looks like {wide}", advice)
        return False
    if watch.first is not None:
        byte, line, value = watch.first
        many = f", and {watch.faults - 1} more" if watch.faults > 1 else ""
        many = f", and more than {MOST_FAULTS:,} others" if watch.faults > MOST_FAULTS else many
        problem = f"is not {encoding} (byte {byte} of the file, on line {line}{many})"
        advice = _encoding_advice(table, "cp1252")
        findings.error(name, problem, advice, row=max(line - 1, 1), found=f"byte 0x{value:02x}")
        if watch.faults > MOST_FAULTS:
            return False
    if watch.last not in ("\n", "\r", "\x1a"):
        advice = "Check that the file was not cut off."
        findings.warn(name, "does not end with a new line", advice)
    return True


def _wide(start: bytes) -> tuple[str, str]:
    """UTF-16 or UTF-32, told by the first bytes, and what to declare for it."""
    if start in (b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff"):
        return "UTF-32", "utf-32"
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "UTF-16", "utf-16"
    return "UTF-16", "utf-16-be" if start[:1] == b"\x00" else "utf-16-le"


def _encoding_advice(table: str, encoding: str) -> str:
    return (
        f"Save it as UTF-8, or declare `formats: {{{table}: {{encoding: {encoding}}}}}` "
        "in client.yml."
    )
