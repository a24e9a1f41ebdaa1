"""The scale of a drafted question: each rule by one small case that only it decides."""

from __future__ import annotations

import pytest
from questions import item

from helpers.study.drafting.guess import NOTHING, Guess
from helpers.study.drafting.ladders import in_numbers
from helpers.study.drafting.metrics import find_metric
from helpers.study.drafting.scales import Scale, find_scale, of_hundred, scale_in_text

FEW, MANY = [1, 2, 3, 4, 5] * 9, [1, 2, 3, 4, 5] * 40
TEN, FOUR = [*range(11)] * 9, [1, 2, 3, 4] * 9
MARKS = {"1": "Poor", "2": "Fair", "3": "Good", "4": "Excellent"}
FIVES = [*range(0, 101, 5)]


def told(found: Scale | None) -> str:
    """Ends, direction, codes for no answer and steps in words; a mark where it is not sure."""
    if found is None:
        return "none"
    steps = f"{len(found.values)} steps" if found.values else ""
    gone = f"but {found.missing}" if found.missing.value else ""
    parts = (f"{found.low} to {found.high}", "reverse" * bool(found.reverse.value), gone, steps)
    return " ".join(part for part in parts if part)


@pytest.mark.parametrize(
    ("cells", "labels", "scale"),
    [
        (FOUR, MARKS, "1 to 4"),
        (FOUR, MARKS | {"x": "Other"}, "1 to 4"),
        (FOUR, MARKS | {"0.5": "Other"}, "1 to 4"),
        (["Poor", "Fair", "Good", "Very good", "Excellent", "Don't know"] * 9, {},
         "1 to 5 but Don't know 5 steps"),
        ([1, 2, 3] * 9, {"1": "Yes", "2": "Not sure", "3": "No"}, "1 to 3 reverse"),
        ([2, 3, 4, "Not Available"] * 40, {"2": "1 - low", "3": "2 - middling", "4": "3 - high"},
         "1? to 3? but Not Available 3 steps"),
        (FOUR, {"1": "Excellent", "2": "Good", "3": "Fair", "4": "Poor"}, "1 to 4 reverse"),
        (FEW, {"1": "Definitely not", "2": "Probably not", "3": "Not sure", "4": "Probably",
               "5": "Definitely"}, "1 to 5"),
        ([*FEW, 9], {"9": "Don't know"}, "1? to 5? but 9"),
        ([*FEW, 8, 9], {"8": "Refused", "9": "Don't know"}, "1? to 5? but 8;9"),
        ([*FOUR, 0], MARKS | {"0": "No answer"}, "1 to 4 but 0"),
        ([*FOUR, 9], MARKS | {"9": "Don't know"}, "1 to 4 but 9"),
        ([*FOUR, 99], MARKS, "1 to 4 but 99"),
        ([*FOUR, 7], MARKS, "1? to 4?"),
        ([2, 3, 4] * 40, {"2": "1 - low", "3": "2 - middling", "4": "3 - high"},
         "1? to 3? 3 steps"),
        ([1, 2, 3] * 40, {"1": "1 - low", "2": "3 - middling", "3": "4 - high"}, "1? to 5?"),
        ([*range(1, 12)] * 9, {str(n + 1): str(n) for n in range(11)}, "0? to 10?"),
        (FEW, {str(n): str(n) for n in range(1, 6)}, "1 to 5"),
        (FEW, {"1": "1", "2": "", "3": "", "4": "", "5": "5"}, "1 to 5"),
        ([1, 2, 3] * 9, {"1": "1", "2": "2", "3": "4"}, "1 to 3"),
        # Names of categories, of which one may well be good or bad: the answers tell, with a mark.
        ([1, 2, 3] * 40, {"1": "By phone", "2": "By letter", "3": "Never"}, "1? to 5?"),
        ([1, 2, 3] * 40, {"1": "Never", "2": "By phone", "3": "By letter"}, "1? to 5?"),
        ([1, 2, 3] * 40, {"1": "Best Western", "2": "Hilton", "3": "Other"}, "1? to 5?"),
        ([1, 2, 3] * 40, {"1": "Hilton", "2": "Other", "3": "Best Western"}, "1? to 5?"),
        ([1, 2] * 60, {"1": "Yes", "2": "No"}, "none"),
        ([1, 2] * 60, {"1": "Dissatisfied", "2": "Satisfied"}, "1 to 2"),
    ],
)  # fmt: skip
def test_labels_tell_a_scale_where_they_are_its_steps(cells, labels, scale):
    assert told(find_scale(item(cells, **labels))) == scale


@pytest.mark.parametrize(
    ("cells", "text", "scale"),
    [
        (TEN, "On a scale from 0 to 10, how likely are you to come?", "0 to 10"),
        (["yes", "no"] * 9, "Would you come, from 0 to 10?", "none"),
        ([*TEN, 20], "From 0 to 10?", "0? to 10?"),
        ([*TEN, 99], "From 0 to 10?", "0 to 10 but 99"),
        ([*TEN, -1], "From 0 to 10?", "0 to 10 but -1?"),
        ([*TEN, -1, 99], "From 0 to 10?", "0 to 10 but -1;99?"),
        (FEW, "Rate us (1 = excellent, 5 = poor)", "1 to 5 reverse"),
        (FEW, "Rate us: 1 (excellent), 5 (poor)", "1 to 5 reverse"),
        (FEW, "Rate us (1 = good, 5 = excellent)", "1 to 5"),
        (FEW, "Rate us (1 = so so, 5 = poor)", "1 to 5"),
    ],
)
def test_a_question_tells_its_scale_where_its_answers_are_numbers(cells, text, scale):
    assert told(find_scale(item(cells, text=text))) == scale


def test_a_scale_says_why_and_is_sure_where_both_ends_are():
    assert not Scale(Guess("1", True, ""), Guess("5", False, "")).sure
    assert not Scale(Guess("1", False, ""), Guess("5", True, "")).sure
    assert find_scale(item(MANY)).missing == NOTHING
    assert find_scale(item([*MANY, 99])).missing.reason == "answers far outside the scale"
    labelled = find_scale(item([*FOUR, 9], **MARKS, **{"9": "Don't know"}))
    assert labelled.missing.reason == "its label says so"
    assert find_scale(item(FEW, "Rating 1-5")).low.reason == "its name says 1 to 5"
    assert find_scale(item(FEW, text="From 1 to 5?")).low.reason == "the question says 1 to 5"


@pytest.mark.parametrize("text", ["(1 = yes, 2 = no)", "(5 = red, 9 = blue)", "How are you?"])
def test_numbers_of_a_question_that_are_no_ends_tell_nothing(text):
    assert scale_in_text(text) is None


@pytest.mark.parametrize(
    ("cells", "name", "scale"),
    [
        (MANY, "Q9", "1 to 5"),
        (FEW, "Q9", "1? to 5?"),
        (MANY, "number of stars", "1 to 5"),
        ([1, 2, 3, 5] * 40, "Q9", "1? to 5?"),
        ([1, 1.5, 2, 3, 5] * 40, "Q9", "1? to 5?"),
        ([2, 3, 4] * 9, "Q9", "1? to 5?"),
        (MANY + [99] * 5, "Q9", "1 to 5 but 99"),
        (MANY + ["Not Available"] * 5, "Q9", "1 to 5 but Not Available"),
        ([*TEN, -1], "Q9", "0? to 10? but -1"),
        ([1, 2, 3, *"abcdefghijkl"], "Q9", "none"),
        ([1, 5] * 60, "Q9", "none"),
        ([1, 5] * 60 + ["Not Available"] * 5, "Q9", "none"),
        ([-1.5, 2, 3, 99] * 9, "Q9", "none"),
        ([0, 2, 3] * 9, "Q9", "0? to 10?"),
        ([1.5, 2.5, 7.5] * 40, "Q9", "1? to 10?"),
        ([*range(5, 100, 5)] * 9, "Q9", "0? to 100?"),
        ([97, 98, 99] * 9, "Q9", "none"),
        ([*range(13), 99] * 9, "Q9", "none"),
        ([*range(13)] * 9, "Q9", "none"),
        (FIVES * 9, "Q9", "0? to 100?"),
        (FIVES * 9, "share of sales", "none"),
        ([0, 50, 100] * 40, "Q9", "none"),
        ([3, 50, 80] * 40, "Q9", "none"),
        (range(5, 100), "Q9", "none"),
        ([*range(5, 100), *[50, 60, 70, 80, 90] * 40], "Q9", "0? to 100?"),
        ([n + 0.5 for n in range(60)], "Q9", "0? to 100?"),
        ([n / 2 for n in range(60)], "Q9", "none"),
        ([-1.5, 2, 3] * 9, "Q9", "none"),
        ([2, 3, 120] * 9, "Q9", "none"),
        ([2, 3, 8] * 40, "Q9", "none"),
        ([2, 3, 8] * 9, "Q9", "1? to 10?"),
    ],
)  # fmt: skip
def test_answers_alone_tell_a_scale_with_a_mark_where_another_may_be_meant(cells, name, scale):
    assert told(find_scale(item(cells, name))) == scale


@pytest.mark.parametrize(
    ("cells", "name", "are"),
    [
        (FIVES, "Q9", True),
        ([*FIVES, *"abcdefgh"], "Q9", False),
        ([0, 50, 100] * 9, "Q9", False),
        ([-5, *FIVES], "Q9", False),
        ([*FIVES, 150], "Q9", False),
        (range(0, 45, 4), "Q9", False),
        (FIVES, "response rate", False),
    ],
)
def test_points_of_a_hundred_are_many_and_reach_its_upper_half(cells, name, are):
    assert (of_hundred(item(cells, name)) is not None) == are


@pytest.mark.parametrize(
    ("answers", "scale"),
    [
        (["Strongly disagree", "Disagree", "Neutral", "Agree", "Strongly agree"], "1 to 5"),
        (["Poor", "Fair", "Good", "Excellent"], "1 to 4?"),  # very good may be left out by chance
        (["Poor", "Fair", "Good", "Very good", "Excellent", "Don't know"], "1 to 5, 1 none"),
        (["Definitely not", "Probably not", "Not sure", "Probably yes", "Definitely yes"],
         "1 to 5"),
        (["Good", "Poor"], None),
        (["A1", "A2", "A3", "A4", "No answer"], "1 to 4?, 1 none"),
        (["A1", "A2", "A3", "Other"], None),
        (["A1", "A2"], None),
        (["10 - Extremely likely", "9", "0 - Not at all likely", "Don't know"], "0 to 10, 1 none"),
        (["Extremely likely (10)", "9", "Not at all likely (0)"], "0 to 10"),
        (["Extremely likely - 10", "9", "8", "5", "Not at all likely - 0"], "0 to 10"),
        (["Plan - 1", "Plan - 2", "Plan - 3"], None),
        (["1", "2", "3"], None),
        (["1 - low", "2 - high"], None),
        (["1 - low", "2 - middling", "3 - high"], "1 to 3"),
        (["1 - low", "3", "5 - high"], "1 to 5"),
        (["1 - small", "3 - large", "5 - huge"], None),
        (["1 - small", "20 - large", "30", "40 - huge"], None),
        (["1", "2 - low", "3", "4", "5"], None),
        (["0 - Not at all", "3", "5", "7"], "0 to 10?"),
        (["0 - Not at all", "3", "5"], None),
        (["0 - Not at all", "-1", "5", "7"], None),
        (["5 - middling", "3", "7", "8"], None),
        ([f"{n % 11} - {'abc'[n // 11]}" for n in range(33)], None),
    ],
)  # fmt: skip
def test_answers_in_words_are_a_scale_where_each_is_a_step_of_it(answers, scale):
    found = in_numbers(answers)
    none = f", {len(found.none)} none" if found and found.none else ""
    assert (found and f"{found.low:g} to {found.high:g}{'' if found.sure else '?'}{none}") == scale


@pytest.mark.parametrize(
    ("cells", "name", "measure"),
    [
        (range(1, 40), "visits", "count? higher?"),
        (range(1, 40), "complaints", "count? lower?"),
        (range(1, 40), "hours to answer", "hours? lower?"),
        (range(1, 40), "turnover in EUR", "EUR? higher?"),
        (range(1, 40), "parts in €", "EUR? higher?"),
        ([1, 2, 3] * 9, "visits", None),
        ([*range(9), *"abcdefgh"], "visits", None),
    ],
)
def test_a_metric_has_a_unit_and_a_better_end_by_its_words(cells, name, measure):
    found = find_metric(item(cells, name))
    assert (found and f"{found.unit} {found.direction}") == measure
    assert find_metric(item(cells, name, **{"1": "once"})) is None
