"""Charts on a dark screen: what the filter makes of each colour that charts are drawn in."""

from __future__ import annotations

import numpy as np
import pytest
from dark_charts import contrast, rgb, turned

from helpers.views.loyalty.charts import SEQUENTIAL
from helpers.views.rendering import palette

WHITE = "#ffffff"
GROUND = "#121212"  # of the theme's dark pages
MARK, WORD = 3.0, 4.5  # WCAG 2.2, 1.4.11 and 1.4.3
MARKS = {name: getattr(palette, name) for name in ("INK", "MUTED", "ACCENT", "CONTRAST", "PALE")}
WORDS = {name: MARKS[name] for name in ("INK", "MUTED", "ACCENT", "CONTRAST")}
FULLEST = tuple(SEQUENTIAL(1.0)[:3])  # of a field that words stand on


def test_the_ground_of_a_chart_becomes_the_ground_of_the_page():
    assert np.abs(turned(rgb(WHITE)) - rgb(GROUND)).max() < 0.5 / 255


@pytest.mark.parametrize("name", MARKS)
def test_every_mark_is_told_from_a_dark_ground(name):
    assert contrast(turned(rgb(MARKS[name])), rgb(GROUND)) >= MARK


@pytest.mark.parametrize("name", WORDS)
def test_every_word_is_read_on_a_dark_ground(name):
    assert contrast(turned(rgb(WORDS[name])), rgb(GROUND)) >= WORD


@pytest.mark.parametrize("under", [palette.PALE, palette.LINE, FULLEST])
def test_words_are_read_on_what_they_may_stand_on(under):
    ground = turned(rgb(under) if isinstance(under, str) else np.array(under))
    assert contrast(turned(rgb(palette.INK)), ground) >= WORD


def test_a_line_is_told_from_the_bar_that_it_ends():
    assert contrast(turned(rgb(palette.ACCENT)), turned(rgb(palette.PALE))) >= MARK


def test_what_is_lighter_on_paper_is_darker_on_a_dark_screen():
    greys = np.linspace(0, 1, 256)
    screen = np.array([turned(np.full(3, grey))[0] for grey in greys])
    assert (np.diff(screen) < 0).all()


def test_a_colour_keeps_its_hue():
    """Blue stays blue and orange orange: the order of their three parts is the same."""
    for colour in (palette.ACCENT, palette.CONTRAST, palette.PALE):
        assert (np.argsort(turned(rgb(colour))) == np.argsort(rgb(colour))).all()
