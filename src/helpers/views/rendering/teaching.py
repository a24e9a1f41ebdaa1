"""What a computed method page says and shows: sentences on the demo client, examples by hand.

A method page is the same for every client, so its numbers are the demo client's. Its prose
holds none: a sentence quotes figures by name, as in a chapter, and an example that is worked
by hand stands beside what the code makes of it, or the page stops.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from helpers.results import ChapterResult, Figure, HasInterval, figure
from helpers.views.rendering import sentences
from helpers.views.rendering.numerals import formatter
from helpers.views.rendering.sentences import Sentence
from helpers.views.rendering.tables import Table, show

__all__ = ["Example", "Lesson"]

Example = tuple[str, float, float, str]  # what, by hand, computed, unit
Quoted = str | tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A method page, by the name of its file: every figure it quotes carries that name."""

    page: str

    def say(self, template: str, **quoted: Quoted) -> Sentence:
        """Fill a template with numbers that the page has computed.

        Parameters
        ----------
        template
            Prose with names in braces, as for `sentences.say`.
        quoted
            Words; or a number, or an estimate with its interval, and its unit; a number may
            have its base as a third.

        Examples
        --------
        >>> print(Lesson("method_sampling").say("{asked:value} were asked.", asked=(1570, "count")))
        1,570 were asked.
        """
        named = {name: _figure(name, what) for name, what in quoted.items()}
        return sentences.say(template, ChapterResult(self.page, named))

    def worked(self, caption: str, examples: Iterable[Example], *, by: str = "By hand") -> Table:
        """Set examples worked by hand, or by another program, beside what the code makes of them.

        Raises
        ------
        ValueError
            If the two differ as they are written.

        Examples
        --------
        >>> Lesson("method_sampling").worked("By hand", [("Half of ten", 5, 10 / 2, "count")])
        By hand
        Example      By hand  The code
        Half of ten        5         5
        """
        rows = [_checked(*example) for example in examples]
        frame = pd.DataFrame(rows, columns=["example", "hand", "code"])
        columns = {
            "example": ("Example", "text"),
            "hand": (by, "written"),
            "code": ("The code", "written"),
        }
        return show(frame, caption=caption, columns=columns)


def _figure(name: str, what: Quoted) -> Figure:
    if isinstance(what, str):
        return Figure(name, what, unit="text")
    value, unit, *base = what
    if hasattr(value, "low"):
        found: HasInterval = value
        return figure(name, found, unit=unit)
    number = value.item() if hasattr(value, "item") else value
    return Figure(name, number, unit=unit, base=int(base[0]) if base else None)


def _checked(what: str, by_hand: float, computed: float, unit: str) -> tuple[str, str, str]:
    written = formatter(unit)
    hand, code = written(by_hand), written(computed)
    if hand != code:
        raise ValueError(
            f"{what}: {hand} by hand, {code} by the code; find which is wrong, and mend it"
        )
    return what, hand, code
