"""The questions of chance that a whole book asks, and which answers are clear among all of them.

Each chapter says what is clear on its own; thirty chapters' answers at 5 % each would hold one
that is not so even where nothing is there. See :func:`helpers.methods.claims.hold`.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from functools import partial

import pandas as pd

from helpers.methods.claims import hold
from helpers.results import ChapterResult, Figure
from helpers.views.rendering.numerals import count
from helpers.views.rendering.sentences import Sentence
from helpers.views.rendering.verdicts import how_many

__all__ = ["COLUMNS", "FIRST", "alone", "by_chance", "called", "counted", "questions"]

FIRST = frozenset({  # what the first page is made of
    "loyalty.main_change", "drivers.clear_drivers", "linkage.effect", "linkage.risk_excess",
    "operations.worth", "operations.growth", "actions.plan",
})  # fmt: skip
COLUMNS = ["chapter", "figure", "label", "verdict", "p", "claims", "first", "held"]
SAME = ["value", "low", "high", "p"]  # the leading score's change is that of a score


def questions(results: Mapping[str, ChapterResult]) -> pd.DataFrame:
    """Every question of chance that the chapters asked, a row each, by chapter and figure.

    Returns
    -------
    The columns of :data:`COLUMNS`: ``p`` as the figure has it, ``claims`` whether its verdict says
    that something is there, ``first`` whether it is one of the first page's few, ``held`` whether
    that is clear among all questions of its family. What two names tell is asked once.

    Examples
    --------
    >>> figure = Figure("effect", 2.0, 1.0, 3.0, verdict="higher", p=0.0001, claims=True)
    >>> made = {"linkage": ChapterResult("linkage", {"effect": figure})}
    >>> questions(made)[["figure", "p", "held"]].values.tolist()
    [['effect', 0.0001, True]]
    """
    every = _every_name(results)
    return every.loc[~every["again"], COLUMNS].reset_index(drop=True)


def _every_name(results: Mapping[str, ChapterResult]) -> pd.DataFrame:
    """The same with all names of a question; those after the first are marked ``again``."""
    rows = [
        (name, at, called(figure, at), figure.verdict, figure.p, figure.claims,
         f"{name}.{at}" in FIRST, figure.value, figure.low, figure.high)
        for name, result in sorted(results.items())
        for at, figure in sorted(result.figures.items())
        if figure.p is not None and "__" not in at
    ]  # fmt: skip
    made = pd.DataFrame(rows, columns=[*COLUMNS[:-1], "value", "low", "high"])
    made = made.astype({"p": float, "claims": bool, "first": bool})
    made = made.sort_values("first", ascending=False, kind="stable")
    again = made.duplicated(SAME) & made["low"].notna()
    made["held"] = hold(made["p"].mask(again), made["first"])
    held = made.groupby(SAME, dropna=False, sort=False)["held"].transform("any") & made["claims"]
    return made.assign(held=held, again=again).sort_values(["chapter", "figure"])


def called(figure: Figure, name: str) -> str:
    """What a test is called where many stand together.

    >>> called(Figure("bends", 1, label="drivers whose effect bends"), "bends")
    'drivers whose effect bends'
    """
    return (figure.label or name).replace("_", " ")


def alone(results: Mapping[str, ChapterResult]) -> dict[str, list[str]]:
    """By chapter the figures whose answer is clear on its own, not among all that the book asks.

    >>> found = Figure("change", 2.0, 0.1, 3.9, verdict="rose", p=0.04, claims=True)
    >>> other = Figure("nps", 1.0, -9.0, 11.0, verdict="none", p=0.8)
    >>> alone({"loyalty": ChapterResult("loyalty", {"change": found, "nps": other})})
    {'loyalty': ['change']}
    """
    every = _every_name(results)
    told = every[every["claims"] & ~every["held"]]
    return {str(chapter): [*rows["figure"]] for chapter, rows in told.groupby("chapter")}


def by_chance(results: Mapping[str, ChapterResult]) -> dict[str, Sentence]:
    """By chapter what it calls clear and chance could have given, among all that the book asks.

    >>> found = Figure("change", 2.0, 0.1, 3.9, verdict="rose", p=0.04, claims=True, label="change")
    >>> other = Figure("nps", 1.0, -9.0, 11.0, verdict="none", p=0.8)
    >>> made = {"loyalty": ChapterResult("loyalty", {"change": found, "nps": other})}
    >>> print(by_chance(made)["loyalty"])
    Clear on its own, but among the 2 tests of this report it could be chance: change.
    """
    whole = count(len(questions(results)))
    return {
        chapter: _doubt(whole, [called(results[chapter][at], at) for at in names])
        for chapter, names in alone(results).items()
    }


def _doubt(whole: str, labels: Sequence[str]) -> Sentence:
    told = list(dict.fromkeys(labels))
    own, it = ("its own", "it") if len(told) == 1 else ("their own", "these")
    among = f"Clear on {own}, but among the {whole} tests of this report {it} could be chance"
    text = f"{among}: {'; '.join(told)}."
    return Sentence(f'<p class="among">{html.escape(text)}</p>', text)


def counted(asked: pd.DataFrame) -> tuple[Figure, ...]:
    """How many questions there are, how many have a clear answer, and one clear among all.

    >>> [figure.name for figure in counted(questions({}))]
    []
    """
    if asked.empty:
        return ()
    of = partial(Figure, unit="count", base=len(asked), base_unit="tests")
    clear, held = int(asked["claims"].sum()), int(asked["held"].sum())
    return (
        of("questions", len(asked), label="changes, differences and links that were tested"),
        of("questions_clear", clear, label="findings that are clear on their own"),
        of("questions_held", held, label="findings that are clear among all that was tested",
           verdict=how_many(held)),
    )  # fmt: skip
