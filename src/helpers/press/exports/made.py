"""The formats that a run can leave besides the book."""

from __future__ import annotations

from importlib import import_module

from helpers.press.exports.named import FORMATS
from helpers.press.exports.source import Export, Source

__all__ = ["made_as"]


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
