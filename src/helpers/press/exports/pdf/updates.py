"""A printed PDF with parts written anew: added at its end, while the rest stays as it is.

A PDF may be changed by what is added to it: objects, a table that says where they lie, and the
place of the table before. A report has tens of thousands of objects, which say how it reads
aloud; none of them has to be read for that.
"""

from __future__ import annotations

import io
import re
from hashlib import sha256

from pypdf import PageObject, PdfReader
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NullObject,
    PdfObject,
)

__all__ = ["Update"]

LAST_TABLE = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*\Z")
END = b"endobj"


class Update:
    """New objects of one PDF, by their numbers."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self.reader = PdfReader(io.BytesIO(raw))
        self._size = max(self.reader.xref[0]) + 1
        self._objects: dict[int, bytes] = {}
        self._copied: dict[tuple[int, int], IndirectObject] = {}

    def replace(self, number: int, thing: PdfObject) -> None:
        """Write an object anew; the old one is blanked where it stands."""
        begin = self.reader.xref[0][number]
        end = self._raw.index(END, begin)
        blank = b"%d 0 obj\n<<>>" % number
        self._raw = self._raw[:begin] + blank.ljust(end - begin - 1) + b"\n" + self._raw[end:]
        self._objects[number] = _bytes(thing)

    def show(self, page: PageObject, like: PageObject) -> None:
        """Let a page show what a page of another PDF does; its links and its reading stay."""
        reference = page.indirect_reference
        if reference is None:
            raise ValueError("the page is of no document")
        shown = DictionaryObject(page)
        for key in ("/Contents", "/Resources"):
            shown[NameObject(key)] = self._copy(like.raw_get(key))
        self._objects[reference.idnum] = _bytes(shown)

    def _copy(self, thing: PdfObject | None) -> PdfObject:
        """A thing of another PDF with all that it needs, under numbers of this one."""
        if isinstance(thing, IndirectObject):
            known = (id(thing.pdf), thing.idnum)
            if known not in self._copied:
                self._copied[known] = IndirectObject(self._size, 0, self.reader)
                self._size += 1
                number = self._copied[known].idnum
                self._objects[number] = _bytes(self._copy(thing.get_object()))
            return self._copied[known]
        if isinstance(thing, ArrayObject):
            return ArrayObject(map(self._copy, thing))
        if isinstance(thing, DictionaryObject):
            for key in list(thing):
                thing[key] = self._copy(thing.raw_get(key))
        return NullObject() if thing is None else thing

    def written(self, info: int) -> bytes:
        """The whole file; ``info`` is the number of the object that says what it is."""
        before = LAST_TABLE.search(self._raw)
        if before is None:
            raise ValueError("the PDF does not end with the place of its table")
        root = self.reader.trailer.raw_get("/Root").idnum
        body, places = bytearray(self._raw), {}
        for number, content in sorted(self._objects.items()):
            places[number] = len(body)
            body += b"%d 0 obj\n%b\n%b\n" % (number, content, END)
        table = "".join(f"{number} 1\n{at:010d} 00000 n \n" for number, at in places.items())
        key = sha256(body).hexdigest()[:32]
        tail = (
            f"xref\n{table}trailer\n<</Size {self._size} /Root {root} 0 R /Info {info} 0 R "
            f"/Prev {int(before[1])} /ID [<{key}> <{key}>]>>\nstartxref\n{len(body)}\n%%EOF\n"
        )
        return bytes(body) + tail.encode("ascii")


def _bytes(thing: PdfObject) -> bytes:
    stream = io.BytesIO()
    thing.write_to_stream(stream)
    return stream.getvalue()
