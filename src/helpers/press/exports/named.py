"""The formats that may be asked for, by their names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from helpers.errors import Fault

__all__ = ["ALWAYS", "FORMATS", "format_faults"]

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
