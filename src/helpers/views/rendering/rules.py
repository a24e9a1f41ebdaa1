"""Which sentence may be said: only those whose figures exist, only directions that are sure."""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter

from helpers.results import Figure

IF = "if "  # before a verdict, in a form that asks for it and writes nothing

ALONE = (
    "Its range alone leaves out zero, but among as many comparisons as this page makes some do so "
    "by chance."
)

__all__ = [
    "IF",
    "all_that_fit",
    "alone_clear",
    "direction",
    "first_that_fits",
    "fits",
    "listed",
    "paragraph",
    "quotable",
    "shown",
]


def fits(template: str, figures: Mapping[str, Figure]) -> bool:
    """Whether every figure that a sentence names was computed, as the sentence asks for it.

    ``{effect:interval}`` asks for an interval. ``{effect:if clear}``, which writes nothing, asks
    for a verdict.

    >>> fits("{nps} of {base}", {"nps": Figure("nps", 1.0)})
    False
    >>> fits("{nps:if higher}It rose.", {"nps": Figure("nps", 1.0, verdict="higher")})
    True
    """
    return all(
        name in figures and _asked(figures[name], form or "")
        for _, name, form, _ in Formatter().parse(template)
        if name
    )


def _asked(figure: Figure, form: str) -> bool:
    if form.startswith(IF):
        return figure.verdict == form.removeprefix(IF)
    return form != "interval" or figure.low is not None


def shown(figures: Mapping[str, Figure]) -> dict[str, Figure]:
    """The figures that are not withheld: an ask never rests on one that is.

    >>> list(shown({"n": Figure("n", None, withheld="its base is small"), "m": Figure("m", 1)}))
    ['m']
    """
    return {name: figure for name, figure in figures.items() if figure.value is not None}


def first_that_fits(figures: Mapping[str, Figure], *templates: str) -> str:
    """The first sentence whose figures exist; empty where none has them."""
    return next((t for t in templates if fits(t, figures)), "")


def all_that_fit(figures: Mapping[str, Figure], *templates: str) -> str:
    """Every sentence whose figures exist, one after the other."""
    return " ".join(t for t in templates if fits(t, figures))


def paragraph(*texts: str) -> str:
    """Several sentences one after the other, the empty ones left out.

    >>> paragraph("One.", "", "Two.")
    'One. Two.'
    """
    return " ".join(filter(None, texts))


def alone_clear(figure: Figure | None) -> str:
    """Why a difference is not called clear although its own range leaves out zero; else nothing.

    >>> alone_clear(Figure("gap", -3.4, -6.5, -0.3, verdict="not clear"))[:32]
    'Its range alone leaves out zero,'
    >>> alone_clear(Figure("gap", 1.0, -0.3, 2.0, verdict="not clear")), alone_clear(None)
    ('', '')
    >>> alone_clear(Figure("gap", -3.4, -6.5, -0.3, verdict="lower"))
    ''
    """
    if figure is None or figure.verdict != "not clear":
        return ""
    if figure.low is None or figure.high is None:
        return ""
    return ALONE if figure.low > 0 or figure.high < 0 else ""


def direction(change: Figure, smallest: float, *, up: str = "rose", down: str = "fell") -> str:
    """A direction word, only where the whole interval clears the smallest change that matters.

    >>> direction(Figure("change", 4.0, 2.5, 5.5), smallest=2.0)
    'rose'
    >>> direction(Figure("change", 4.0, -0.5, 8.5), smallest=2.0)
    'shows no reliable change'
    """
    if change.low is not None and change.low >= smallest:
        return up
    if change.high is not None and change.high <= -smallest:
        return down
    return "shows no reliable change"


def quotable(**texts: str) -> tuple[Figure, ...]:
    """Words of the client's (labels, names) as figures, so that a sentence escapes them."""
    return tuple(Figure(name, text, unit="text") for name, text in texts.items())


def listed(names: list[str]) -> str:
    """Names as a reader would list them.

    >>> listed(["tier", "region", "role"])
    'tier, region and role'
    """
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
