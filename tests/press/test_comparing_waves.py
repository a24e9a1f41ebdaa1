"""Two waves beside each other: only levels of one wave and thing, corrected for number."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from helpers.methods.survey.independent import Ends, independent_difference, independent_p
from helpers.press.comparing.beside import HIGHER, UNCLEAR
from helpers.press.comparing.files import write_comparison
from helpers.press.comparing.wording import remarks, set_beside, summary
from tests.press.test_comparing import FIRST, newer
from tests.press.two_runs import compare

FAR = {"value": 90.0, "low": 88.0, "high": 92.0}
NEAR = {"value": 40.0, "low": 38.0, "high": 42.0}


def worlds(chapter, name, now=FAR, **parts):
    """A first wave with a figure, and the next in which it is far higher."""
    first = FIRST.with_figure(chapter, name, **NEAR, **parts)
    return first, newer(first).with_figure(chapter, name, **now)


def beside(made):
    return {f"{c.chapter}.{c.name}": c.beside for c in made.changes}


def test_figures_of_another_label_are_another_thing(tmp_path):
    first, now = worlds("loyalty", "nps", label="Pricing: effect of one point more")
    now = now.with_figure("loyalty", "nps", label="Communication: effect of one point more")
    made = compare(first, now, tmp_path)
    change = made.changes[0]
    assert change.was_called == "Pricing: effect of one point more"
    assert change.beside == ""
    assert remarks(change) == ["another thing before: “Pricing: effect of one point more”"]
    assert "1 stands for another thing by name" in summary(made, {})
    table, page = write_comparison(made, tmp_path / "out", {})
    for written in (table, page):
        assert "Pricing: effect of one point more" in written.read_text(encoding="utf-8-sig")


def test_a_label_alone_that_differs_is_a_change(tmp_path):
    now = FIRST.with_figure("drivers", "r_squared", label="explained otherwise")
    assert [c.parts for c in compare(FIRST, now, tmp_path).changes] == [("name",)]


@pytest.mark.parametrize(
    ("labels", "called"),
    [
        (("loyalty in W2", "loyalty in W3"), ("", "loyalty in each run's wave")),
        (("loyalty in W1", "loyalty in W2"), ("loyalty in W1", "loyalty in W2")),
    ],
)
def test_each_runs_own_wave_is_in_the_heading_and_another_is_another_thing(
    labels, called, tmp_path
):
    first, now = worlds("loyalty", "nps", label=labels[0])
    made = compare(first, now.with_figure("loyalty", "nps", label=labels[1]), tmp_path)
    was = made.changes[0].was_called
    assert (was, made.changes[0].label) == called
    assert bool(made.changes[0].beside) == (not was)


def test_a_wave_called_by_a_number_is_not_sought_in_the_labels_of_scales(tmp_path):
    first, now = worlds("loyalty", "effort_mean", label="Effort, mean (2 to 7)")
    made = compare(replace(first, wave="2"), replace(now, wave="3"), tmp_path)
    change = made.changes[0]
    assert (change.was_called, change.label) == ("", "Effort, mean (2 to 7)")
    assert change.beside == HIGHER


NOT_LEVELS = [
    ("loyalty", "nps_change", {}),
    ("loyalty", "loyalty_change_same", {}),
    ("loyalty", "effort_mean_change", {}),
    ("loyalty", "moved", {}),
    ("loyalty", "best_group_score", {}),
    ("sampling", "response_rate_likely", {}),
    ("drivers", "r_squared", {}),
    ("loyalty", "attitude", {"base_unit": "respondents of 4 waves"}),
]


@pytest.mark.parametrize(("chapter", "name", "parts"), NOT_LEVELS)
def test_what_is_no_level_of_one_wave_is_not_set_beside(chapter, name, parts, tmp_path):
    made = compare(*worlds(chapter, name, **parts), tmp_path)
    assert beside(made) == {f"{chapter}.{name}": ""}
    assert set_beside(made) == ""


@pytest.mark.parametrize("name", ["nps", "main", "effort_mean", "trapped", "trapped_revenue"])
def test_a_level_of_one_wave_is(name, tmp_path):
    assert beside(compare(*worlds("loyalty", name), tmp_path)) == {f"loyalty.{name}": HIGHER}


def test_other_bases_and_intervals_without_a_width_are_not_set_beside(tmp_path):
    first, now = worlds("loyalty", "attitude")
    other = now.with_figure("loyalty", "attitude", base_unit="accounts")
    assert beside(compare(first, other, tmp_path / "base")) == {"loyalty.attitude": ""}
    flat = now.with_figure("loyalty", "attitude", value=9.0, low=9.0, high=9.0)
    assert beside(compare(first, flat, tmp_path / "flat")) == {"loyalty.attitude": ""}


def test_runs_of_two_clients_are_never_set_beside(tmp_path):
    first, now = worlds("loyalty", "nps")
    made = compare(first, replace(now, client="other"), tmp_path)
    assert beside(made) == {"loyalty.nps": ""}
    assert summary(made, {}).startswith("The two runs are of different clients.")


def test_the_number_set_beside_is_told_and_corrected_for(tmp_path):
    """Ten differences of z 2.1, each clear by itself, are not clear among ten."""
    first, now = FIRST, newer(FIRST)
    move = 2.1 / 1.959964 * 4 * 2**0.5
    for place in range(10):
        level = 40.0 + place
        ends = {"value": level, "low": level - 4, "high": level + 4}
        first = first.with_figure("loyalty", f"q{place}_mean", **ends)
        later = {end: value + move for end, value in ends.items()}
        now = now.with_figure("loyalty", f"q{place}_mean", **later)
    made = compare(first, now, tmp_path)
    assert set(beside(made).values()) == {UNCLEAR}
    assert set_beside(made).startswith(
        "10 figures that each run has from its own wave, set beside both intervals: 0 clear after "
        "the correction for their number; without it, about 0.5 would seem so by chance"
    )
    assert set_beside(made) in write_comparison(made, tmp_path / "o", {})[1].read_text("utf-8")
    alone = compare(
        FIRST.with_figure("loyalty", "q0_mean", **_of(first, "q0_mean")),
        newer(FIRST).with_figure("loyalty", "q0_mean", **_of(now, "q0_mean")),
        tmp_path / "alone",
    )
    assert set(beside(alone).values()) == {HIGHER}


def _of(world, name):
    figure = world.figures["loyalty"][name]
    return {"value": figure.value, "low": figure.low, "high": figure.high}


def test_figures_that_repeat_each_other_are_one_quantity(tmp_path):
    first, now = FIRST, newer(FIRST)
    for name in ("main", "loyalty_index"):
        first = first.with_figure("loyalty", name, **NEAR, base=800, label="Loyalty index")
        now = now.with_figure("loyalty", name, **FAR, base=810, label="Loyalty index")
    made = compare(first, now, tmp_path)
    assert (len(made.beside.told), made.beside.different, made.beside.clear) == (2, 1, 1)
    assert re.match(r"2 figures \(1 different quantity\) that", set_beside(made))


def test_p_is_below_one_less_the_confidence_just_where_the_interval_holds_no_zero():
    rng = np.random.default_rng(3)
    below = []
    for _ in range(300):
        one, other = (
            Ends(m, m - a, m + b) for m, a, b in rng.uniform((0, 1, 1), (6, 4, 4), (2, 3))
        )
        moved = independent_difference(one, other)
        below.append(independent_p(one, other, 0.9) < 0.1)
        assert below[-1] == (moved.low > 0 or moved.high < 0)
    assert {*below} == {True, False}
