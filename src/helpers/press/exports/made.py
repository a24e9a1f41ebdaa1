"""The formats that a run can leave besides the book."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module

from helpers.errors import Fault
from helpers.press.exports.source import Export, Source

__all__ = ["ALWAYS", "FORMATS", "format_faults", "made_as"]

ALWAYS = "html"  # the book itself
FORMATS: Mapping[str, str] = {  # the module whose function `make` makes it, imported when asked for
    "xlsx": "helpers.press.exports.workbook",
    "pdf": "helpers.press.exports.pdf",
    "pptx": "helpers.press.exports.deck.file",
    "docx": "helpers.press.exports.document",
}


def format_faults(wanted: Iterable[str]) -> list[Fault]:
    """What is asked for and is no format, a fault each.

    Examples
    --------
    >>> [fault.found for fault in format_faults(["html", "xlsx", "doc"])]
    ['doc']
    """
    known = (ALWAYS, *FORMATS)
    advice = f"Give some of {', '.join(known)}, with commas between them; {ALWAYS} is always made."
    return [
        Fault("--formats", "is no format of a report", advice, found=name)
        for name in wanted if name not in known
    ]  # fmt: skip


def made_as(name: str, source: Source) -> Export:
    """Make one of ``FORMATS``: its files, or the line that says why there are none.

    Raises
    ------
    HandbookError
        Where a file would say what the results do not.
    """
    source.folder.mkdir(exist_ok=True)
    export: Export = import_module(FORMATS[name]).make(source)
    return export
