"""The questions of chance of a whole book, and what each page says of them."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module

import pytest

from helpers.results import ChapterResult, Figure
from helpers.views.executive import page
from helpers.views.rendering.declared import declare
from helpers.views.rendering.questions import FIRST, alone, by_chance, counted, questions
from helpers.views.rendering.sentences import say


def _asked(name: str, p: float, *, claims: bool = True, **more: object) -> Figure:
    return Figure(name, 1.0, 0.1, 1.9, verdict="rose", p=p, claims=claims, label=name, **more)


@pytest.fixture
def book() -> dict[str, ChapterResult]:
    """One strong answer of the first page, a weak one beside it, and twenty on the side."""
    side = {f"side_{n}": _asked(f"side_{n}", 0.5 + n / 100, claims=False) for n in range(19)}
    return {
        "loyalty": ChapterResult("loyalty", {
            "main_change": _asked("main_change", 0.04), "best": _asked("best", 0.02), **side,
        }),
        "linkage": ChapterResult("linkage", {
            "effect": _asked("effect", 0.0001, base=90),
            "risk_excess": _asked("risk_excess", 0.9, claims=False),
        }),
    }  # fmt: skip


def test_each_family_is_held_by_itself(book: dict[str, ChapterResult]) -> None:
    asked = questions(book).set_index("figure")
    assert asked["first"].sum() == 3
    assert asked.index[asked["held"]].tolist() == ["effect"]  # .04 of the second of three: .033
    assert alone(book) == {"loyalty": ["best", "main_change"]}
    assert [f.value for f in counted(questions(book))] == [23, 3, 1]
    assert "among the 23 tests" in by_chance(book)["loyalty"].text
    assert by_chance(book)["loyalty"].text.endswith("best; main change.")


def test_what_two_names_tell_is_asked_once(book: dict[str, ChapterResult]) -> None:
    """The change of the leading score is that of a score: both names are clear or neither is."""
    figures = dict(book["loyalty"].figures)
    for p, told in ((0.04, ["best", "main_change", "nps_change"]), (0.0002, ["best"])):
        lead = replace(figures["main_change"], p=p)
        both = {**figures, "main_change": lead, "nps_change": replace(lead, name="nps_change")}
        made = {**book, "loyalty": ChapterResult("loyalty", both)}
        assert len(questions(made)) == 23
        assert alone(made)["loyalty"] == told


def test_a_p_that_two_families_have_is_clear_in_each_by_itself(
    book: dict[str, ChapterResult],
) -> None:
    """What follows from the link has its p: that the link holds does not make it hold."""
    linkage = {**book["linkage"].figures, "within": replace(_asked("within", 0.012), high=2.9)}
    linkage["effect"] = replace(linkage["effect"], p=0.012)
    made = {**book, "linkage": ChapterResult("linkage", linkage)}
    asked = questions(made).set_index("figure")["held"]
    assert (asked["effect"], asked["within"]) == (True, False)
    assert alone(made)["linkage"] == ["within"]


def test_a_figure_that_claims_tells_how_often_by_chance() -> None:
    declared = declare(effect=("higher", "not clear")).claiming(effect=("higher",))
    with pytest.raises(ValueError, match="how often by chance"):
        declared.checked([Figure("effect", 1.0, verdict="higher")])
    told = declared.checked([Figure("effect", 1.0, verdict="higher", p=0.01)])["effect"]
    assert told.claims
    assert not declared.checked([Figure("effect", 1.0, verdict="not clear", p=0.5)])[
        "effect"
    ].claims


def test_the_first_page_takes_back_what_money_would_be_asked_for(
    book: dict[str, ChapterResult],
) -> None:
    """A loss that is linked to low scores on its own only is not said to be linked."""
    risk = replace(book["linkage"]["risk_excess"], p=0.045, claims=True, verdict="clear")
    figures = {**book["linkage"].figures, "risk_excess": risk}
    made = {**book, "linkage": ChapterResult("linkage", figures)}
    told = page.gathered(made, due="31 March 2026")
    assert told["linkage__risk_excess"].verdict == "clear"  # .045 and .04 below .05: all three hold
    weak = {**made["loyalty"].figures, "main_change": _asked("main_change", 0.06, claims=False)}
    told = page.gathered({**made, "loyalty": ChapterResult("loyalty", weak)}, due="31 March 2026")
    assert told["linkage__risk_excess"].verdict == "not clear"
    assert told["on_their_own"].value == "risk excess"
    assert told["questions_held"].value == 1
    assert say(told.so_what, told).text == (
        "One finding holds among all that was tested. Could be chance: risk excess."
    )
    nothing = {name: ChapterResult(name, {}) for name in book}
    assert page.gathered(nothing, due="31 March 2026").so_what == ""


def test_what_the_first_page_is_made_of_is_declared() -> None:
    """No name of the first page's family is of a figure that no chapter claims anything with."""
    for key in FIRST:
        chapter, _, name = key.partition(".")
        assert name in import_module(f"helpers.views.{chapter}.figures").DECLARED.claims
    for key in page.TAKEN_BACK:
        chapter, _, name = key.partition("__")
        declared = import_module(f"helpers.views.{chapter}.figures").DECLARED
        assert f"{chapter}.{name}" in FIRST
        assert page.NOT_CLEAR in declared.verdicts[name]
