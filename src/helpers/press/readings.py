"""All that a file says to whoever reads it, or takes it apart: the texts that checks look at.

A text comes as it stands, unfolded (entities of HTML, percent signs, escapes of scripts), and as
it is read, without tags. Workbooks and letters are read inside, with what is embedded in them;
pictures by their notes; PDF by objects and by page; runs of base64 where they hold a text or a
file again.
"""

from __future__ import annotations

import base64
import io
import re
import struct
import zipfile
import zlib
from binascii import Error as NotBase64
from collections.abc import Iterator
from html import unescape
from itertools import chain
from typing import TYPE_CHECKING
from warnings import catch_warnings, simplefilter

if TYPE_CHECKING:
    from pypdf import PdfReader

__all__ = ["Unread", "readings", "unfolded"]

DEEPEST = 4  # files in files, and escapes of escapes
DATA = re.compile(r"data:(?:image|font)/[\w+.-]+;base64,([A-Za-z0-9+/=]*)")
RUN = re.compile(r"[A-Za-z0-9+/_-]{12,}")
PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
SCRIPT = re.compile(r"\\+(?:u\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|(/))")
UNSEEN = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
BLOCK = re.compile(
    r"(?i)</?(?:[wa]:p|w:tc|si|c|row|p|div|li|ul|ol|dl|dt|dd|td|th|tr|table|caption|h[1-6]|title|"
    r"option|script|style|pre|figcaption|section|article|desc|br|hr)\b[^<>]*>"
)
TAG = re.compile(r"<[^<>]*>")
STRINGS = (re.compile(rb"[\x20-\x7e]{12,}"), re.compile(rb"(?:[\x20-\x7e]\x00){6,}"))
PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF")
FONTS = (b"wOFF", b"wOF2", b"\0\1\0\0", b"OTTO")
BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, RuntimeError, NotImplementedError,
    ValueError, KeyError, TypeError, OSError, IndexError, AttributeError, SyntaxError,
)  # fmt: skip


class Unread(ValueError):
    """A file that says it is a workbook, a letter, a picture or a PDF and cannot be read."""


def readings(data: bytes, depth: int = DEEPEST) -> Iterator[str]:
    """Every text that a file says, some of them more than once.

    Raises
    ------
    Unread
        Where it begins like a file of a kind and is none.

    Examples
    --------
    >>> "/home/ann" in list(readings(b"<p>&#47;ho<b>me</b>%2Fann</p>"))[-1]
    True
    """
    if depth <= 0:
        return
    try:
        if data.startswith(b"PK"):
            yield from _packed(data, depth)
        elif data.startswith(b"%PDF"):
            yield from _pdf(data, depth)
        elif data.startswith(PICTURES):
            yield from chain(_picture(data, depth), _strings(data))
        elif data.startswith(FONTS):
            yield from _strings(data)
        else:
            for text in _written(data):
                yield from _said(text, depth)
    except BROKEN as error:
        raise Unread(str(error)) from error


def unfolded(text: str) -> str:
    """A text with entities, percent signs and escapes of scripts put in letters.

    >>> unfolded("&#47;home%2Fann"), unfolded(r"\\/home\\u002fann"), unfolded("%252Fhome")
    ('/home/ann', '/home/ann', '/home')
    """
    for _ in range(DEEPEST):
        before = text
        text = unescape(text) if "&" in text else text
        text = PERCENT.sub(_unpercented, text) if "%" in text else text
        text = SCRIPT.sub(_unescaped, text) if "\\" in text else text
        if text == before:
            break
    return UNSEEN.sub("", text)


def _unpercented(found: re.Match[str]) -> str:
    return bytes.fromhex(found[0].replace("%", "")).decode("utf-8", "replace")


def _unescaped(found: re.Match[str]) -> str:
    code = found[1] or found[2] or found[3]
    return found[4] or (chr(int(code, 16)) if int(code, 16) < 0x110000 else found[0])


def _written(data: bytes) -> Iterator[str]:
    """The letters of a file: UTF-8, or UTF-16 with or without its mark, or what of both it has."""
    start = data[:4096]
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield data.decode("utf-16", "replace")
    elif b"\0" not in start:
        yield data.decode("utf-8", "replace")
    elif 2 * start[1::2].count(0) > len(start[1::2]) or 2 * start[::2].count(0) > len(start[::2]):
        first = start[::2].count(0) > start[1::2].count(0)
        yield data.decode("utf-16-be" if first else "utf-16-le", "replace")
    else:
        yield from _strings(data)


def _said(text: str, depth: int) -> Iterator[str]:
    """One text as it stands, unfolded, and as it is read; and what runs of base64 in it hold."""
    pictures: list[str] = []
    if ";base64," in text:
        pictures = DATA.findall(text)
        text = DATA.sub("", text)
    flat = unfolded(text)
    read = unfolded(TAG.sub("", BLOCK.sub("\n", text))) if "</" in text else flat
    yield from dict.fromkeys((text, flat, read))
    for run in dict.fromkeys((*pictures, *RUN.findall(flat))):
        inside = _from_base64(run)
        if inside is not None:
            yield from readings(inside, depth - 1)


def _from_base64(run: str) -> bytes | None:
    """What a run of base64 holds, where that is a file of a known kind or a text.

    >>> _from_base64("L2hvbWUvYW5uL2FjbWU="), _from_base64("notebooks/loyalty")
    (b'/home/ann/acme', None)
    """
    whole = run.rstrip("=").translate(str.maketrans("-_", "+/"))
    whole = whole[:-1] if len(whole) % 4 == 1 else whole
    try:
        inside = base64.b64decode(whole + "=" * (-len(whole) % 4))
    except NotBase64:
        return None
    if inside.startswith((b"PK\3\4", b"%PDF-", *PICTURES[:2])):
        return inside
    text = next(_written(inside), "")
    return inside if text.isascii() and text and _printable(text) else None


def _printable(text: str) -> bool:
    return all(letter.isprintable() or letter in "\r\n\t" for letter in text)


def _packed(data: bytes, depth: int) -> Iterator[str]:
    """The parts of a zip file, their names and its notes."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        yield packed.comment.decode("utf-8", "replace")
        for part in packed.infolist():
            yield unfolded(part.filename)
            yield part.comment.decode("utf-8", "replace")
            yield from readings(packed.read(part), depth - 1)


def _picture(data: bytes, depth: int) -> Iterator[str]:
    """What the notes of a picture say: its text chunks, comments and facts of the camera."""
    from PIL import Image

    with catch_warnings():
        simplefilter("ignore")
        with Image.open(io.BytesIO(data)) as picture:
            picture.load()  # notes may stand behind the picture
            notes = [*picture.info.items(), *picture.getexif().items()]
    for key, value in notes:
        said = value if isinstance(value, bytes) else str(value).encode()
        yield str(key)
        yield from readings(said, depth - 1)


def _pdf(data: bytes, depth: int) -> Iterator[str]:
    """What a PDF says: the strings and streams of its objects, and its pages as they are read."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    yield from _strings(data)
    try:
        reader = PdfReader(io.BytesIO(data))
        yield from _objects(reader, depth)
        for page in reader.pages:
            yield from _said(page.extract_text(), depth)
    except PyPdfError as error:
        raise ValueError(str(error)) from error


def _objects(reader: PdfReader, depth: int) -> Iterator[str]:
    from pypdf.generic import IndirectObject, StreamObject

    ids = {number for known in reader.xref.values() for number in known} | {*reader.xref_objStm}
    for number in sorted(ids):
        found = IndirectObject(number, 0, reader).get_object()
        yield from _said(str(found), depth)
        if isinstance(found, StreamObject) and found.get("/Subtype") != "/Image":
            yield from _strings(found.get_data())


def _strings(data: bytes) -> Iterator[str]:
    """Runs of letters in a file of numbers."""
    for number, kind in enumerate(STRINGS):
        for run in kind.findall(data):
            yield unfolded(run.decode("utf-16-le" if number else "ascii"))
