"""A part of a page whose method may find that the data cannot carry the answer.

A chapter stops where its main answer cannot be computed. A part of it that cannot be is
said in a line at its own place, and the rest of the page goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import pandas as pd

from helpers.errors import NotEstimable
from helpers.results import Figure
from helpers.views.rendering.sentences import notes

__all__ = ["Attempt", "attempt"]

Found = TypeVar("Found")


@dataclass(frozen=True)
class Attempt(Generic[Found]):
    """What a method found, or why it could not, which a page says in full once."""

    found: Found | None
    reason: str = ""
    _said: list[Callable[..., Any]] = field(default_factory=list, repr=False, compare=False)

    def figures(
        self,
        quote: Callable[..., dict[str, Figure]],
        *more: Any,  # noqa: ANN401
        **options: Any,  # noqa: ANN401
    ) -> dict[str, Figure]:
        """What may be quoted of it; nothing where there is nothing."""
        return {} if self.found is None else quote(self.found, *more, **options)

    def tables(self, name: str, take: str = "table") -> dict[str, pd.DataFrame]:
        """One of its tables, under the name it is kept by."""
        return {} if self.found is None else {name: getattr(self.found, take)}

    def show(self, view: Callable[..., Any], *more: Any, **options: Any) -> Any:  # noqa: ANN401
        """The chart, table or sentence made of it; where there is none, the reason in a line."""
        if self.found is not None:
            return view(self.found, *more, **options)
        self._said.append(view)
        if self._said[0] is not view:
            return notes("Not shown, for the reason given above")
        return notes(f"Not shown: {self.reason}")


def attempt(method: Callable[..., Found], *data: Any, **options: Any) -> Attempt[Found]:  # noqa: ANN401
    """Call a method; keep its reason where the data cannot carry the answer.

    Every other error stops the chapter, as it should.

    Examples
    --------
    >>> from helpers.methods import survey
    >>> attempt(survey.mean, [8, 6]).found.value
    7.0
    >>> print(attempt(survey.mean, [8]).show(str))
    Not shown: the base is too small: 1 answers; an interval needs at least 2.
    """
    try:
        return Attempt(method(*data, **options))
    except NotEstimable as refusal:
        return Attempt(None, str(refusal))
