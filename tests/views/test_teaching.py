"""What a method page says: its own figures, and examples that the code agrees with."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.methods import survey
from helpers.methods.survey import SurveyDesign
from helpers.views.rendering.teaching import Lesson

LESSON = Lesson("method_sampling")


def test_a_figure_of_a_page_carries_the_pages_name():
    said = LESSON.say("{asked:value} were asked.", asked=(1570, "count"))
    assert said.text == "1,570 were asked."
    assert 'data-figure="method_sampling.asked"' in said.html


def test_an_estimate_brings_its_interval_and_its_base():
    found = survey.mean([8, 9, 7, 10, 6, 9], SurveyDesign(clusters=list("aabbcc")))
    said = LESSON.say("It is {score}, from {score:base}.", score=(found, "decimal1"))
    assert said.text == "It is 8.2 (6.1 to 9.2), from 6 respondents."


def test_words_are_quoted_as_they_are_and_escaped():
    said = LESSON.say("{client} and {few:value}.", client="<b>Acme", few=(np.int64(3), "count"))
    assert said.text == "<b>Acme and 3."
    assert "<b>" not in said.html


def test_an_example_that_differs_stops_the_page_and_shows_both():
    with pytest.raises(ValueError, match=r"three points: 1,068 by hand, 1,067 by the code"):
        LESSON.worked("Sizes", [("three points", 1068, 1067, "count")])


def test_an_example_agrees_to_the_digits_that_are_shown():
    table = LESSON.worked("Rates", [("RR3", 0.5556, 50 / 90, "decimal4")], by="R")
    assert table.headings == ("Example", "R", "The code")
    assert table.rows == (("RR3", "0.5556", "0.5556"),)
    with pytest.raises(ValueError, match="find which is wrong"):
        LESSON.worked("Rates", [("RR3", 0.5557, 50 / 90, "decimal4")])
