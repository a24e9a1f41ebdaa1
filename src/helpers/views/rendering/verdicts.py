"""Sentences that are chosen by what a figure's verdict says, never by what happens to exist."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from helpers.results import Figure
from helpers.views.rendering.rules import first_that_fits

__all__ = ["ByVerdict", "by_verdict", "how_many"]

Texts = str | tuple[str, ...]


@dataclass(frozen=True)
class ByVerdict:
    """One text for each verdict of a figure; of several, the first whose figures were told."""

    figure: str
    texts: Mapping[str, Texts]
    untold: Texts = ""  # where the figure itself could not be told

    def __call__(self, figures: Mapping[str, Figure]) -> str:
        """The text for these figures."""
        figure = figures.get(self.figure)
        if figure is None:
            chosen = self.untold
        elif figure.value is None:  # withheld: any text that names it says so instead
            chosen = next(iter(self.texts.values()))
        else:
            chosen = self.texts[figure.verdict]
        return first_that_fits(figures, *([chosen] if isinstance(chosen, str) else chosen))


def by_verdict(figure: str, texts: Mapping[str, Texts], *, untold: Texts = "") -> ByVerdict:
    """A table of texts by the verdict of a figure.

    Parameters
    ----------
    figure
        The figure whose verdict chooses.
    texts
        By verdict a text with figures in braces, or several, of which the first counts whose
        figures could all be told.
    untold
        What is said where the figure itself could not be told; empty for nothing.

    Examples
    --------
    >>> link = by_verdict("effect", {"higher": "It rises by {effect}.", "not clear": "No link."})
    >>> link({"effect": Figure("effect", 2.0, 1.0, 3.0, verdict="higher")}), link({})
    ('It rises by {effect}.', '')
    """
    return ByVerdict(figure, dict(texts), untold)


def how_many(number: int) -> str:
    """The verdict of a count of which one alone is worded in another way: none, one or some.

    >>> [how_many(number) for number in (0, 1, 2)]
    ['none', 'one', 'some']
    """
    return {0: "none", 1: "one"}.get(number, "some")
