"""A part of a page that its data cannot carry says so; a mistake still stops the page."""

from __future__ import annotations

import pytest

from helpers.errors import NotEstimable
from helpers.results import Figure
from helpers.views.rendering.attempts import attempt


class Found:
    table = "rows"
    base = 7


def refuse(*_, **__):
    raise NotEstimable("three of three answered: there is nobody to compare with")


def test_what_was_found_is_quoted_kept_and_shown():
    part = attempt(Found)
    assert part.tables("mine") == {"mine": "rows"}
    assert part.figures(lambda found: {"n": Figure("n", found.base)})["n"].value == 7
    assert part.show(lambda found, more: f"{found.base} {more}", "shown") == "7 shown"


def test_a_refusal_is_said_in_its_place_and_leaves_nothing_else():
    part = attempt(refuse, 1, option=2)
    assert part.tables("mine") == part.figures(lambda _: {"n": Figure("n", 1)}) == {}
    assert "nobody to compare with" in part.show(str).html


def test_a_mistake_is_no_refusal():
    with pytest.raises(ZeroDivisionError):
        attempt(lambda: 1 / 0)
