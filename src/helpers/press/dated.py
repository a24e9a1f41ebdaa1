"""Zip files (Word, PowerPoint, Excel) that do not tell when they were made."""

from __future__ import annotations

import io
import zipfile

__all__ = ["dated_alike"]

OLDEST = (1980, 1, 1, 0, 0, 0)  # of a file in a zip
CONTENTS = "[Content_Types].xml"  # the first file of an Office package


def dated_alike(content: bytes) -> bytes:
    """A zip with the same files, all of one day and in one order: the same give the same bytes.

    Examples
    --------
    >>> buffer = io.BytesIO()
    >>> with zipfile.ZipFile(buffer, "w") as made:
    ...     made.writestr("one.txt", "1")
    >>> zipfile.ZipFile(io.BytesIO(dated_alike(buffer.getvalue()))).infolist()[0].date_time
    (1980, 1, 1, 0, 0, 0)
    """
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in sorted(old.namelist(), key=lambda name: (name != CONTENTS, name)):
            entry = zipfile.ZipInfo(name, OLDEST)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            new.writestr(entry, old.read(name))
    return buffer.getvalue()
