"""A print, opened once for all that is asked of it."""

from __future__ import annotations

import io
from functools import lru_cache

from pypdf import PdfReader

__all__ = ["opened"]


@lru_cache(maxsize=1)
def opened(raw: bytes) -> PdfReader:
    """The document that a PDF's bytes are: to be read, and never changed.

    Its reader visits each of tens of thousands of objects when it opens one.

    Raises
    ------
    pypdf.errors.PdfReadError
        Where the bytes are no PDF.

    Examples
    --------
    >>> from pypdf import PdfWriter
    >>> writer, file = PdfWriter(), io.BytesIO()
    >>> _, _ = writer.add_blank_page(72, 72), writer.write(file)
    >>> raw = file.getvalue()
    >>> len(opened(raw).pages), opened(raw) is opened(raw)
    (1, True)
    """
    return PdfReader(io.BytesIO(raw))
