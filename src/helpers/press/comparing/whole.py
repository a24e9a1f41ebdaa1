"""What a run left is read whole, or the file that is not is named; and what was changed since."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

from helpers.errors import Fault, HandbookError, InputFaults
from helpers.press.inputs import Inputs, handed_on
from helpers.results import ChapterResult

__all__ = ["edited", "whole"]

T = TypeVar("T")
BROKEN = (ValueError, LookupError, TypeError, AttributeError, OSError)
DIGESTING = ("pandas", "pyarrow")  # another version of these may give another digest


def whole(path: Path, read: Callable[[Path], T]) -> T:
    """What is read of one file of a run.

    Raises
    ------
    InputFaults
        Where the file, or one that it names, is not what a run leaves.
    """
    try:
        return read(path)
    except HandbookError:
        raise
    except BROKEN:
        raise InputFaults([Fault(
            "/".join(path.parts[-3:]),
            "is not as a run leaves it: it broke off, was changed, or a table of it is not there",
            "Copy it anew from where it came, or make the report again.",
        )]) from None  # fmt: skip


def edited(inputs: Inputs | None, made: Mapping[str, ChapterResult]) -> frozenset[str]:
    """Chapters whose results are not those that the run noted: changed after it.

    Empty where the run noted nothing, or another version of what tables are read with would tell
    the same tables apart.

    >>> edited(None, {})
    frozenset()
    """
    if inputs is None or any(_another(name, inputs) for name in DIGESTING):
        return frozenset()
    noted = {name: one.results for name, one in inputs.chapters.items() if one.results}
    return frozenset(n for n, told in noted.items() if handed_on(made.get(n)) != told)


def _another(library: str, inputs: Inputs) -> bool:
    return inputs.shared.get(f"library {library}", version(library)) != version(library)
