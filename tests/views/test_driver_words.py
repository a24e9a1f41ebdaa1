"""What the drivers chapter says of shapes, bends, stated importance, potential and segments."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from designed import designed

from helpers.errors import NotEstimable
from helpers.methods import drivers
from helpers.methods.drivers.dominant import Dominant
from helpers.methods.drivers.importance import Halo
from helpers.results import ChapterResult, Figure
from helpers.study.scores import Outcome
from helpers.views.drivers import charts_importance, charts_shapes, figures_waves
from helpers.views.drivers import figures as effects
from helpers.views.drivers import figures_shapes as quotes
from helpers.views.drivers import sentences as words
from helpers.views.drivers import sentences_shapes as shape_words
from helpers.views.drivers import sentences_waves as wave_words
from helpers.views.drivers import tables as shown
from helpers.views.executive import sentences as executive
from helpers.views.rendering import sentences
from helpers.views.rendering.rules import quotable

LABELS = {"ease": "Ease of use", "speed": "Speed", "price": "Price & <terms>"}
SCALE = dict.fromkeys(LABELS, (0, 10))


@pytest.fixture(scope="module")
def survey() -> dict[str, pd.DataFrame | pd.Series]:
    """Ease levels off at 6, speed takes off at 7 (both strongly), price has no effect."""
    rng = np.random.default_rng(20260630)
    z = 0.6 * rng.normal(size=(800, 1)) + 0.8 * rng.normal(size=(800, 3))
    ratings = pd.DataFrame(np.clip(np.rint([6.4, 7, 6] + 1.8 * z), 0, 10), columns=list(LABELS))
    strong = 3 * ratings["ease"].clip(upper=6) + 4 * ratings["speed"].clip(lower=7)
    return {"ratings": ratings, "outcome": strong + 2 * rng.normal(size=800)}


def said(sentence: Callable[..., str], figures: dict) -> str:
    """What the page reads, the outcome being called as the chapter calls it."""
    called = quotable(outcome_label="the loyalty index", points="points", step="one point")
    known = {f.name: f for f in called} | figures
    return str(sentences.say(sentence(known), ChapterResult("drivers", known)))


def test_floors_and_delighters_are_named_and_nothing_else(survey):
    found = drivers.asymmetry(**designed(survey), replicates=200)
    text = said(shape_words.shapes, quotes.shapes(found, LABELS))
    assert text.startswith("Clearly a floor: Ease of use.")
    assert "Clearly a delighter: Speed." in text
    assert "Price" not in text


@pytest.mark.parametrize("sure", [(True, True, True), (True, False, False), (False,) * 3])
def test_numbers_of_the_title_of_shapes_are_figures_of_the_page(survey, sure):
    """Of a page whose title says a number that is no figure no report is made."""
    found = drivers.asymmetry(**designed(survey), replicates=50)
    table = found.table.assign(sure=sure, p_holm=0.0)
    table["class"] = ["floor", "floor", "delighter"]
    found = replace(found, table=table)
    title = charts_shapes.penalty_reward(found, LABELS).title
    figures = quotes.shapes(found, LABELS)
    known = {str(figure.value) for figure in figures.values()}
    assert set(re.findall(r"\d+", title)) <= known
    effects.DECLARED.checked(figures.values())


def test_no_shape_is_said_with_how_many_were_judged(survey):
    found = drivers.asymmetry(survey["ratings"], survey["ratings"].sum(axis=1) * 1.0, replicates=50)
    figures = quotes.shapes(found, LABELS)
    assert said(shape_words.shapes, figures).startswith("None of the 3 drivers")


def test_a_bend_is_said_with_its_rating_and_both_slopes(survey):
    found = drivers.response_curves(**designed(survey), replicates=100)
    figures = quotes.bends(found, LABELS, "index")
    text = said(shape_words.bends, figures)
    best = found.table.iloc[0]
    assert figures["bends"].value == 2
    assert figures["bends"].p == found.table["p_holm"].min() <= 0.05
    unshown = replace(found, nothing_p=0.3)  # whether any driver has an effect is asked first
    assert quotes.bends(unshown, LABELS, "index")["bends"].p == 0.3
    assert f"{LABELS[best['driver']]} at {best['threshold']:.0f} (" in text
    assert "Levelling off: Ease of use" in text and "Taking off: Speed" in text


def test_a_single_bend_is_said_with_both_slopes(survey):
    one = survey["ratings"].drop(columns="speed")
    held = survey["outcome"] - 4 * survey["ratings"]["speed"].clip(lower=7)
    figures = quotes.bends(drivers.response_curves(one, held, replicates=100), LABELS, "index")
    text = said(shape_words.bends, figures)
    assert text.startswith("Ease of use levels off at a rating of 6 (")
    assert "Below it, the effect of a point is" in text and "above it, " in text
    assert figures["bend_below"].low < figures["bend_below"].value < figures["bend_below"].high


def test_a_bend_at_the_lowest_rating_tried_may_lie_lower(survey):
    """Levelling off at 3, where hardly anybody rates lower: the first point tried is above it."""
    ease = survey["ratings"]["ease"]
    outcome = 20.0 * ease.clip(upper=3) + np.random.default_rng(2).normal(size=800)
    found = drivers.response_curves(survey["ratings"], outcome, replicates=100)
    row = found.table.set_index("driver").loc["ease"]
    assert row["threshold"] == row["tried_low"] > 3
    figures = quotes.bends(found, LABELS, "index")
    assert "at a rating of 4 or lower" in said(shape_words.bends, figures)
    assert "4 or lower" in str(shown.thresholds(found, LABELS, outcome="loyalty"))
    assert "levels off at 4.0 or lower" in charts_shapes.response_curves(found, LABELS).alt


def test_without_a_bend_the_page_says_that_none_is_supported(survey):
    found = drivers.response_curves(
        survey["ratings"], survey["ratings"]["ease"] * 2.0 + survey["ratings"]["price"],
        replicates=50,
    )  # fmt: skip
    figures = quotes.bends(found, LABELS, "index")
    assert said(shape_words.bends, figures).startswith(
        "No bend is clear, once corrected for looking at 3 drivers"
    )
    assert "would be missed" in said(shape_words.bends, figures)
    assert figures["bends"].p > 0.05


def test_stated_potential_places_and_lead_name_the_drivers_that_are_sure(survey):
    rng = np.random.default_rng(1)
    wanted = pd.DataFrame(rng.normal([3, 6, 9], 1, (800, 3)), columns=list(LABELS))
    together = drivers.joint(**designed(survey), scale=SCALE, stated=wanted, replicates=200)
    figures = quotes.said(drivers.stated_against_derived(together), LABELS)
    assert "Said only: Price & <terms>" in said(shape_words.said, figures)
    lifts = quotes.lifted(drivers.improvement_potential(together), LABELS, "index")
    assert "of its ratings are below 8" in said(shape_words.lifted, lifts)
    places = quotes.placed(drivers.positions(together), LABELS)
    assert "of 3 drivers keep their place" in said(shape_words.placed, places)


def test_a_difference_between_segments_is_said_with_both_ends(survey):
    tier = pd.Series(np.where(np.arange(800) % 2, "key", "core"), name="tier")
    more = survey["outcome"] + 3 * survey["ratings"]["price"] * (tier == "key")
    found = drivers.compare_segments(survey["ratings"], more, tier.to_frame())
    figures = quotes.segments(found, LABELS, "index")
    text = said(shape_words.segments, figures)
    assert text.startswith("Price & <terms> does not matter alike by tier")
    assert "for key and " in text
    assert figures["segment_differences"].p == found.tests["p_holm"].min() <= 0.05
    found = drivers.compare_segments(survey["ratings"], survey["outcome"], tier.to_frame())
    figures = quotes.segments(found, LABELS, "index")
    text = said(shape_words.segments, figures)
    assert text.startswith("No difference between segments is shown by 3 tests")
    assert figures["segment_differences"].p == found.tests["p_holm"].min() > 0.05
    assert f"effects of a point that differ by {found.tests['seen'].median():.1f} points" in text
    assert "serves all" not in text


def test_what_was_not_computed_is_not_spoken_of():
    for sentence in (
        shape_words.shapes,
        shape_words.bends,
        shape_words.said,
        shape_words.lifted,
        shape_words.segments,
    ):
        assert sentence({}) == ""


def test_ratings_that_few_gave_are_withheld_in_the_curves(survey):
    found = drivers.response_curves(**designed(survey), replicates=50)
    points = charts_shapes.curve_points(found, 10)
    few = found.points["base"].between(1, 9)
    assert few.any()
    assert points.loc[few, ["base", "adjusted"]].isna().all(axis=None)


def test_tables_hold_every_driver_with_its_interval_and_base(survey):
    together = drivers.joint(**designed(survey), scale=SCALE, replicates=50)
    table = shown.potential(
        drivers.improvement_potential(together), LABELS, outcome="loyalty", unit="index",
        counted="respondents",
    )  # fmt: skip
    assert len(table.rows) == 3
    assert "Base: 800 respondents" in table.note
    shapes = drivers.asymmetry(**designed(survey), replicates=50)
    told = shown.shapes(shapes, LABELS, outcome="loyalty", counted="respondents")
    assert "Penalty and reward" in str(told)
    assert "&lt;terms&gt;" in told.html
    assert "points of loyalty for each point" in str(told)


def test_what_only_looks_like_a_floor_is_not_named_in_the_sentence(survey):
    """Classes stand in the table; the page speaks of those that the test and the curve bear out."""
    found = drivers.asymmetry(**designed(survey), replicates=100)
    unsure = found.table.assign(sure=False)
    figures = quotes.shapes(replace(found, table=unsure), LABELS)
    assert said(shape_words.shapes, figures).startswith("None of the 3 drivers is clearly a floor")
    table = str(
        shown.shapes(replace(found, table=unsure), LABELS, outcome="loyalty", counted="people")
    )
    assert "floor, not sure" in table
    assert charts_shapes.penalty_reward(replace(found, table=unsure)).title.startswith("None of 3")


def test_a_curve_that_bends_without_a_sure_floor_is_not_denied(survey):
    curves = drivers.response_curves(**designed(survey), replicates=50)
    found = drivers.asymmetry(**designed(survey), replicates=50)
    unsure = replace(found, table=found.table.assign(sure=False))
    text = said(shape_words.shapes, quotes.shapes(unsure, LABELS, curves))
    assert "find a bend in" in text and "Ease of use" in text


def test_a_large_share_without_a_sure_effect_chooses_no_driver(survey):
    places = drivers.positions(drivers.joint(**designed(survey), scale=SCALE, replicates=100))
    low = places.summary.assign(quadrant=["improve", "depends", "hold"])
    marked = replace(places, summary=low)
    name = LABELS[low["driver"].iloc[0]]
    sure = said(shape_words.placed, quotes.placed(marked, LABELS, [low["driver"].iloc[0]]))
    assert sure.startswith(f"Important and rated low wherever the lines are drawn: {name}.")
    unsure = said(shape_words.placed, quotes.placed(marked, LABELS, []))
    assert "Important" not in unsure
    assert (
        f"{name}. No effect there is clearly above zero, so this is no ground for a choice."
        in unsure
    )


def test_a_place_that_no_line_moves_is_not_said_to_hang_on_the_line(survey):
    """Nothing firm: a driver in one place under every line is not firm, others hang on it."""
    places = drivers.positions(drivers.joint(**designed(survey), scale=SCALE, replicates=50))
    first, second = places.summary["driver"].iloc[:2]
    table = places.table.assign(quadrant="leave")
    moved = (table["driver"] == second) & (table["crosshair"] == table["crosshair"].iloc[0])
    unsure = replace(
        places, table=table.assign(quadrant=table["quadrant"].mask(moved, "hold")),
        summary=places.summary.assign(quadrant="depends"),
    )  # fmt: skip
    told = str(shown.places(unsure, LABELS)).splitlines()
    said = {name: line for line in told for name in LABELS.values() if line.startswith(name)}
    assert said[LABELS[first]].endswith("  Leave, not firm")
    assert said[LABELS[second]].endswith("  Depends on the line")


def test_a_well_rated_driver_with_a_small_share_is_held_and_not_overdone(survey):
    table = str(shown.places(
        drivers.positions(drivers.joint(**designed(survey), scale=SCALE, replicates=50)), LABELS
    ))  # fmt: skip
    assert "overdo" not in table
    assert "may still be missed when it gets worse" in table


def test_the_potential_of_a_bent_driver_is_that_along_its_curve(survey):
    curves = drivers.response_curves(**designed(survey), replicates=50)
    together = drivers.joint(**designed(survey), scale=SCALE, replicates=50)
    lifts = drivers.improvement_potential(together, curves=curves)
    note = shown.potential(
        lifts, LABELS, outcome="loyalty", unit="index", counted="respondents"
    ).note
    assert "along the curve, which bends" in note
    row = lifts.table.iloc[0]
    figure = quotes.lifted(lifts, LABELS, "index")["lift"]
    assert (figure.value, figure.low) == (row["potential"], row["low"])


def test_dominance_of_many_drivers_is_refused_with_how_many_would_do():
    ratings = pd.DataFrame(np.zeros((30, 16)), columns=[f"d{k}" for k in range(16)])
    with pytest.raises(NotEstimable, match="with at most 15"):
        shown.dominated(ratings, pd.Series(range(30)))


def test_a_lowest_rated_driver_with_a_negative_effect_is_not_called_maybe_nothing():
    """Speed is rated lowest, and its whole interval lies below zero."""
    said_of = page(*ranked([9.0, -4.0, 0.1], 1.8, [0.001, 0.002, 0.9]))
    assert "may be nothing" not in said_of["so what"]
    assert "is −4.0 (−5.8 to −2.2), so not more; for Ease of use" in said_of["so what"]


def ranked(effect: list[float], error: float, p: list[float], scale=SCALE, **more) -> tuple:
    """Importance and priorities of drivers whose effects, intervals and p-values are given."""
    names = list(LABELS)[: len(effect)]
    table = pd.DataFrame({
        "driver": names, "r_squared": 0.3 / len(names), "share": 1 / len(names), "low": 0.1,
        "high": 0.6, "effect": effect, "effect_low": np.array(effect) - error,
        "effect_high": np.array(effect) + error, "effect_p": p, "top_1": 1 / 3, "top_3": 1.0,
    })  # fmt: skip
    spread = pd.DataFrame(np.eye(len(names)) * (error / 1.96) ** 2, names, names)
    shares = drivers.Importance(
        table, 0.3, 120, None, Halo(0.4, 0.5), 0.95, 100, missing="imputed", covariance=spread,
        freedom=pd.Series(1000.0, names), **more,
    )  # fmt: skip
    rated = {"ease": [6, 7] * 60, "speed": [5, 6] * 60, "price": [7, 8] * 60}
    performed = drivers.performance(pd.DataFrame(rated)[names])
    return shares, performed, drivers.priorities(shares, performed, scale=scale)


def page(shares, rated, chosen) -> dict[str, str]:
    """What the page says of one case: headline, chart title, so what and do next."""
    figures = effects.importance(shares, LABELS)
    figures |= effects.priorities(chosen, shares, rated, LABELS, "index", "loyalty")
    figures |= {f.name: f for f in effects.owner("Service")}
    effects.DECLARED.checked(figures.values())
    result = ChapterResult(
        "drivers", figures, {}, words.answer(figures), words.so_what(figures),
        words.ask(figures, "30 July 2026"),
    )  # fmt: skip
    chart = charts_importance.importance_and_effect(shares, LABELS, clear=chosen.clear)
    known = {str(figure.value) for figure in figures.values()}
    assert set(re.findall(r"\d+", chart.title)) <= known
    return {
        "answer": str(sentences.answer(result)),
        "so what": str(sentences.so_what(result)),
        "do next": str(sentences.do_next(result)),
        "title": chart.title,
        "note": chart.note,
    }


def test_what_stands_only_before_the_correction_is_said_alike_everywhere():
    """Two intervals clear zero with p = .03 and .04; times 3 and 2, neither stands."""
    found = ranked([2.0, 1.9, 0.1], 1.8, [0.03, 0.04, 0.9])
    assert (found[2].first, found[2].leaning) == (None, ("ease", "speed"))
    said_of = page(*found)
    assert "2 of 3 drivers (Ease of use and Speed)" in said_of["answer"]
    assert "none stands after correction for looking at 3 drivers" in said_of["answer"]
    assert said_of["title"] == (
        "No effect stands after correction for looking at 3 drivers; "
        "before it, 2 intervals clear zero"
    )
    assert "Speed, the lowest rated" in said_of["so what"]
    assert "does not stand after correction for looking at 3 drivers" in said_of["so what"]
    assert "Choose no driver" in said_of["do next"]
    assert "about Ease of use and Speed, where an effect is likeliest" in said_of["do next"]


@pytest.mark.parametrize(
    ("p", "verdict"), [([0.001, 0.4, 0.9], "first"), ([0.03, 0.04, 0.9], "leaning")]
)
def test_how_often_chance_would_make_a_driver_clear_is_the_corrected_p(p, verdict):
    """Of three effects that do not go together: that of the surest is times three."""
    shares, rated, chosen = ranked([4.0, 1.9, 0.1], 1.8, p)
    told = effects.priorities(chosen, shares, rated, LABELS, "index", "loyalty")["clear_drivers"]
    assert told.p == pytest.approx(1 - (1 - p[0]) ** 3, rel=0.3)
    assert (told.p <= 0.05) == (told.verdict in effects.DECLARED.claims["clear_drivers"])
    assert (told.verdict == "leaning") == (verdict == "leaning")


def test_where_nothing_clears_zero_the_page_asks_for_more_answers():
    said_of = page(*ranked([0.4, 0.3, 0.1], 1.8, [0.6, 0.7, 0.9]))
    assert "none of the 3 has an effect that is clearly above zero" in said_of["answer"]
    assert said_of["title"] == "None of 3 drivers has an effect clearly above zero"
    assert "nothing here shows" in said_of["so what"]
    assert "about Ease of use and Speed, most likely to matter most" in said_of["do next"]
    assert "Owner: Service. By: 30 July 2026." in said_of["do next"]


def test_where_only_together_they_are_clear_one_is_named_to_try():
    """Two intervals clear zero, neither stands; the joint test finds an effect of some."""
    said_of = page(*ranked([2.4, 2.3, 2.2], 2.45, [0.06, 0.07, 0.08], joint_p=0.001))
    assert said_of["answer"].startswith(
        "With 120 respondents, no driver's effect is clear by itself, but together they explain "
        "more than chance would. To try one, begin with Ease of use: with a chance"
    )
    assert "raise it for a half drawn by lot" in said_of["do next"]


def test_a_clear_driver_is_counted_alike_by_title_and_headline():
    """Ease stands (.001 times 3); speed (.04 times 2) does not, and is lowest rated. Speed
    cannot be told from ease, so ease is not called first."""
    found = ranked([3.0, 1.9, 0.1], 1.8, [0.001, 0.04, 0.9])
    assert (found[2].alike, found[2].unsettled) == (("ease",), ("speed",))
    assert (found[2].clear, found[2].leaning) == (("ease",), ("speed",))
    said_of = page(*found)
    assert said_of["title"] == "1 of 3 drivers has an effect clearly above zero"
    assert said_of["answer"].startswith(
        "Begin with Ease of use, the one driver with an effect clearly above zero. Where it is "
        "rated one point higher, the loyalty index (0 to 100) is 3.0 (1.2 to 4.8) points higher"
    )
    assert "Speed cannot be told from it." in said_of["so what"]
    assert "does not stand after correction" in said_of["so what"]
    assert "raise Ease of use by one point" in said_of["do next"]


def test_of_two_that_cannot_be_told_apart_one_is_begun_with_and_cost_may_turn_it():
    said_of = page(*ranked([3.0, 2.9, 0.1], 1.8, [0.001, 0.002, 0.9]))
    assert said_of["title"] == "2 of 3 drivers have effects clearly above zero"
    assert said_of["answer"].startswith(
        "Begin with Ease of use: with a chance of 52%, better ratings there gain most. Where it is "
        "rated one point higher, the loyalty index (0 to 100) is 3.0 (1.2 to 4.8) points higher "
        "(120 respondents)."
    )
    assert said_of["so what"].startswith(
        "So what. Speed cannot be told from it. Lifting all low ratings of Ease of use falls 0.4 "
        "points of the loyalty index (0 to 100) short of doing so for the truly best driver, on "
        "average; for one picked at random"
    )
    assert "As many answers again would put another first with a chance of" in said_of["so what"]
    assert "raise Ease of use by one point" in said_of["do next"]
    assert (
        "Speed comes first if lifting its low ratings costs less than 97% of what that "
        "costs for Ease" in said_of["do next"]
    )
    assert "Speed, which cannot be told from it, is also the lowest rated" in said_of["so what"]


def test_the_label_of_an_effect_names_the_score_whose_points_it_is_in():
    shares, rated, chosen = ranked([3.0, 2.9, 0.1], 1.8, [0.001, 0.002, 0.9])
    for unit, label, of in (
        ("index", "Loyalty", "the loyalty index"),
        ("scale", "Trust", "“Trust”"),
    ):
        found = effects.priorities(chosen, shares, rated, LABELS, unit, label)
        for name in ("top_effect", "raw_effect"):
            assert found[name].label.endswith(f": effect of one point more, in points of {of}")


def test_the_first_page_names_the_same_one_to_begin_with():
    shares, rated, chosen = ranked([3.0, 2.9, 0.1], 1.8, [0.001, 0.002, 0.9])
    found = effects.importance(shares) | effects.priorities(
        chosen, shares, rated, LABELS, "index", "loyalty"
    )
    figures = {f"drivers__{name}": figure for name, figure in found.items()}
    result = ChapterResult("executive", figures)
    ((heading, main, template),) = executive.aspects(figures)
    assert (heading, main) == ("Where to act first", "drivers__top_effect")
    assert str(sentences.say(template, result)) == (
        "Ease of use rated one point higher is linked to 3.0 (1.2 to 4.8) more points on the "
        "loyalty index (0 to 100); chance of being the best start: 52%."
    )
    asked = str(sentences.say(executive.ask(figures)[0], result))
    assert "raise Ease of use by one point" in asked
    assert "put the cheapest into the plan" in asked


def test_one_driver_is_first_only_where_it_beats_every_other():
    said_of = page(*ranked([9.0, 2.9, 0.1], 1.8, [0.001, 0.002, 0.9]))
    assert said_of["answer"].startswith("Improve Ease of use first. Where it is rated one point")
    assert "all but certain that better ratings of no other driver gain more" in said_of["so what"]


def test_beyond_four_names_it_is_said_how_many_of_how_many(monkeypatch):
    monkeypatch.setattr(effects, "MOST_NAMED", 1)
    said_of = page(*ranked([3.0, 2.9, 2.8], 1.8, [0.001, 0.002, 0.002]))
    assert "2 others, Speed among them, cannot be told from it." in said_of["so what"]


def test_on_scales_that_differ_a_step_is_a_tenth_of_the_scale():
    """Ease on 0-10 and price on 1-9: 3.0 a point, and .8 of 3.5."""
    found = ranked([3.0, 0.1, 3.5], 0.3, [0.001, 0.9, 0.001], {**SCALE, "price": (1, 9)})
    said_of = page(*found)
    assert "Where it is rated a tenth of its scale higher" in said_of["answer"]
    table = effects.rows(found[2], *found[:2], LABELS)
    shown_table = shown.ranked(table, found[0], found[2], outcome="loyalty", counted="respondents")
    assert "Effect of a tenth" in str(shown_table)
    assert "a tenth of each driver's own scale" in shown_table.note
    chart = charts_importance.importance_and_effect(found[0], LABELS, steps=found[2].steps)
    assert "per tenth of the driver's scale" in chart.alt
    assert "2.80" in chart.alt


def test_one_large_account_is_warned_of_beside_the_headline():
    large = Dominant(held=0.41, alike=5.6, without={"ease": 0.2, "speed": 0.5, "price": 0.3})
    found = ranked([9.0, 2.9, 0.1], 1.8, [0.001, 0.002, 0.9], dominant=large)
    assert "One account gives 41% of the answers" in page(*found)["answer"]
    figures = effects.importance(found[0], LABELS)
    doubts = [
        str(sentences.say(d, ChapterResult("drivers", figures))) for d in words.doubts(figures)
    ]
    assert doubts[-1] == (
        "Without the largest account, Ease of use has 20% of what is explained instead of 33%."
    )


def test_twins_are_named_beside_the_headline_as_not_told_apart():
    found = ranked([9.0, np.nan, np.nan], 1.8, [0.001, np.nan, np.nan])
    assert found[2].alike == ("ease",)
    assert page(*found)["answer"].endswith(
        "What Price & <terms> and Speed are linked to cannot be told, as they follow from one "
        "another."
    )


def test_one_driver_has_no_halo_to_speak_of():
    alone = drivers.relative_importance(
        pd.DataFrame({"ease": [1, 2, 3, 4] * 10}), pd.Series([1, 3, 2, 4] * 10)
    )
    figures = effects.importance(alone)
    assert "halo_correlation" not in figures
    assert words.halo(figures) == ""


def test_the_only_driver_is_neither_first_nor_beside_others():
    alone = ranked([3.0], 1.0, [0.001])
    alone[0].table[["low", "high"]] = 1.0
    said_of = page(*alone)
    assert said_of["answer"] == (
        "Ease of use is the only driver asked about. Where it is rated one point higher, the "
        "loyalty index (0 to 100) is 3.0 (2.0 to 4.0) points higher."
    )
    assert "nothing to be set against" in said_of["so what"]
    unsure = ranked([0.3], 1.0, [0.6])
    unsure[0].table[["low", "high"]] = 1.0
    assert page(*unsure)["answer"] == (
        "Ease of use is the only driver asked about; with 120 respondents, its effect is not "
        "clearly above zero."
    )


def test_shares_that_say_nothing_are_said_to_beside_the_headline():
    said_of = page(*ranked([0.4, 0.3, 0.1], 1.8, [0.6, 0.7, 0.9], joint_p=0.94))
    assert "no more than chance could (joint test, p = 0.94" in said_of["answer"]


@pytest.mark.parametrize(
    ("together", "said_of"),
    [(-0.01, "hardly move together"), (0.3, "somewhat towards"), (0.6, "tends to be")],
)
def test_the_halo_is_spoken_of_as_it_is(together, said_of):
    figures = {
        "halo_correlation": Figure(
            "halo_correlation", together, unit="correlation", verdict=Halo(together, 0.5).verdict
        ),
        "equal_share": Figure("equal_share", 0.125, unit="share1"),
    }
    assert said_of in words.halo(figures)


def test_what_is_explained_is_adjusted_and_has_its_interval():
    found = ranked([3.0, 1, 1], 1.0, [0.01, 0.5, 0.5], adjusted=0.28, adjusted_low=0.2,
                   adjusted_high=0.36)[0]  # fmt: skip
    figure = effects.importance(found)["r_squared"]
    assert (figure.value, figure.low, figure.high) == (0.28, 0.2, 0.36)
    other = dataclasses.replace(found, adjusted=float("nan"), model="logit")
    assert "McFadden" in effects.importance(other)["r_squared"].label


def test_a_yes_or_no_is_explained_in_percentage_points():
    asked = Outcome(pd.Series([1, 2, 2, np.nan]), "Will renew", "scale", 1, 2, ("renew",))
    found = effects.yes_no(asked)
    assert found.values.tolist()[:3] == [0, 100, 100]
    assert found.label == "chance of “Will renew”"
    assert effects.yes_no(dataclasses.replace(asked, high=5)).label == "Will renew"
    shares, rated, chosen = ranked([9.0, 2.9, 0.1], 1.8, [0.001, 0.002, 0.9])
    figures = effects.priorities(chosen, shares, rated, LABELS, found.unit, found.label)
    text = str(sentences.say(words.answer(figures), ChapterResult("drivers", figures)))
    assert "the chance of “Will renew” is 9.0 (7.2 to 10.8) percentage points higher" in text


def test_accounts_are_not_spoken_of_as_people():
    assert "not one between the people in them" in words.counts("accounts")
    assert "sampling chapter; held constant: Value" in words.counts("respondents", ["Value"])


def test_one_driver_alone_that_is_not_clear_still_has_an_ask():
    figures = {"respondents_last": Figure("respondents_last", 40, unit="count", base=40)}
    assert "collect more of them" in words.ask(figures, "30 July 2026")["what"]


def test_an_empty_ask_shows_nothing_at_all():
    line = sentences.do_next(ChapterResult("drivers", {}))
    assert (line.html, str(line)) == ("", "")


def test_an_owner_whose_name_holds_signs_of_a_pattern_is_written_as_it_is():
    asked = {"what": "Improve delivery.", "owner": r"Sales\user \g<0> \1", "due": "30 July 2026"}
    line = sentences.do_next(ChapterResult("drivers", {}, ask=asked))
    assert r'<span class="owner">Owner: Sales\user \g&lt;0&gt; \1. By: 30 July 2026.' in line.html
    assert line.html.endswith("</span></div>")


def test_a_potential_of_a_driver_that_is_not_clear_says_so(survey):
    together = drivers.joint(**designed(survey), scale=SCALE, replicates=100)
    lifts = drivers.improvement_potential(together)
    counted = {"drivers": Figure("drivers", 3, unit="count", base=800)}
    sure = quotes.lifted(lifts, LABELS, "index", ("ease", "speed")) | counted
    assert said(shape_words.lifted, sure).startswith("Largest potential that is clearly above zero")
    unsure = quotes.lifted(lifts, LABELS, "index", ()) | counted
    assert "though not clearly above zero once corrected for looking at 3" in said(
        shape_words.lifted, unsure
    )
    other = quotes.lifted(lifts, LABELS, "index", ("price",)) | counted
    assert said(shape_words.lifted, other).startswith("For none of 3 drivers")


@pytest.mark.parametrize("name", ["logit", "proportional_odds"])
def test_another_model_says_what_stays_linear(name):
    assert "shapes, curves" in words.model(name)
    assert "this page is linear" in words.model(name)
    assert words.model("linear") == ""


def over_waves(
    agreed: str, changed: tuple[str, ...] = (), silent: dict[str, str] | None = None,
    joint_p: float = 0.001,
):  # fmt: skip
    """What is said of three waves that agree, or not, beside others without a say."""
    table = pd.DataFrame({"driver": list(LABELS), "p_holm": 0.02,
                          "differs": [name in changed for name in LABELS]})  # fmt: skip
    agreement = drivers.Agreement(table, 0.01, 0.01 if agreed == "together" else 0.3, 3)
    tested = None if agreed == "not tested" else agreement
    found = SimpleNamespace(agreement=tested, base=900, joint_p=joint_p)
    waves = ("2026H1",) if agreed == "one" else ("2025H1", "2025H2", "2026H1")
    pool = SimpleNamespace(waves=waves, silent=silent or {})
    return said(wave_words.waves, figures_waves.waves(pool, found, LABELS))


@pytest.mark.parametrize(("agreed", "changed", "expected"), [
    ("agree", (), "All 3 waves speak: no driver's effect is shown to have changed between them "
     "(p = 0.020)."),
    ("some differ", ("ease", "price"), "All 3 waves speak: the effect of Ease of use and Price & "
     "<terms> changed between them (p = 0.020), and is given as it is in the last one"),
    ("together", (), "All 3 waves speak: effects taken together changed between them (p = 0.010)"),
    ("not tested", (), "All 3 waves speak: effects are those of all of them together, without"),
])  # fmt: skip
def test_the_page_says_which_waves_speak_and_whether_effects_changed(agreed, changed, expected):
    assert over_waves(agreed, changed).startswith(expected)


@pytest.mark.parametrize("agreed", ["some differ", "together"])
def test_no_effect_is_said_to_have_changed_where_none_is_shown_at_all(agreed):
    said_of_all = "All 3 waves speak: no driver's effect is shown to have changed"
    assert over_waves(agreed, ("ease",), joint_p=0.3).startswith(said_of_all)


def test_a_wave_without_a_say_is_named_with_the_reason():
    silent = {"2024H2": "Speed was not asked", "2024H1": "too few answered"}
    text = over_waves("agree", silent=silent)
    assert text.startswith("3 waves speak: no driver's effect")
    assert text.endswith("Without a say: 2024H2: Speed was not asked; 2024H1: too few answered.")
    assert over_waves("one", silent=silent).startswith("Only the last wave speaks. Without a say")
    assert over_waves("one") == ""


def test_a_loss_that_reads_as_nothing_is_not_told():
    known = {"top_driver": Figure("top_driver", "Price", unit="text"),
             "points": Figure("points", "points", unit="text"),
             "outcome_label": Figure("outcome_label", "the index", unit="text"),
             "clear_drivers": Figure("clear_drivers", 1, unit="count", verdict="single"),
             "begin_by_lot": Figure("begin_by_lot", 0.3, unit="decimal1")}  # fmt: skip
    for lost, told in ((0.04, False), (0.06, True)):
        known["begin_regret"] = Figure("begin_regret", lost, unit="decimal1")
        known["rivals"] = Figure("rivals", "Speed", unit="text")
        assert ("short of doing so" in words.so_what(known)) is told
