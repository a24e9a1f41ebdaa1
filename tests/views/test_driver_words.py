"""What the drivers chapter says of shapes, bends, stated importance, potential and segments."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from helpers.errors import NotEstimable
from helpers.methods import drivers
from helpers.methods.drivers.importance import Halo
from helpers.results import ChapterResult, Figure
from helpers.views import charts
from helpers.views.quotes import driver_tables as shown
from helpers.views.quotes import drivers as quotes
from helpers.views.words import drivers as words
from helpers.views.words import sentences
from helpers.views.words.rules import quotable

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
    known = {f.name: f for f in quotable(outcome_label="the loyalty index")} | figures
    return str(sentences.say(sentence(known), ChapterResult("drivers", known)))


def test_floors_and_delighters_are_named_and_nothing_else(survey):
    found = drivers.asymmetry(**survey, replicates=200)
    text = said(words.shapes, quotes.shapes(found, LABELS))
    assert text.startswith("Surely a floor: Ease of use.")
    assert "Surely a delighter: Speed." in text
    assert "Price" not in text


def test_no_shape_is_said_with_how_many_were_judged(survey):
    found = drivers.asymmetry(survey["ratings"], survey["ratings"].sum(axis=1) * 1.0, replicates=50)
    figures = quotes.shapes(found, LABELS)
    assert said(words.shapes, figures).startswith("None of the 3 drivers")


def test_a_bend_is_said_with_its_rating_and_both_slopes(survey):
    found = drivers.response_curves(**survey, replicates=100)
    figures = quotes.bends(found, LABELS, "index")
    text = said(words.bends, figures)
    best = found.table.iloc[0]
    assert f"{LABELS[best['driver']]} {best['shape']}" in text
    assert f"{best['threshold']:.0f} (" in text


def test_without_a_bend_the_page_says_that_none_is_supported(survey):
    found = drivers.response_curves(
        survey["ratings"], survey["ratings"]["ease"] * 2.0 + survey["ratings"]["price"],
        replicates=50,
    )  # fmt: skip
    figures = quotes.bends(found, LABELS, "index")
    assert said(words.bends, figures).startswith("No threshold is supported: for each of 3")


def test_stated_potential_places_and_lead_name_the_drivers_that_are_sure(survey):
    rng = np.random.default_rng(1)
    wanted = pd.DataFrame(rng.normal([3, 6, 9], 1, (800, 3)), columns=list(LABELS))
    together = drivers.joint(**survey, scale=SCALE, stated=wanted, replicates=200)
    figures = quotes.said(drivers.stated_against_derived(together), LABELS)
    assert "Said only: Price & <terms>" in said(words.said, figures)
    lifts = quotes.lifted(drivers.improvement_potential(together), LABELS, "index")
    assert "rate it below 8" in said(words.lifted, lifts)
    places = quotes.placed(drivers.positions(together), LABELS)
    assert "of 3 drivers keep their place" in said(words.placed, places)


def test_a_difference_between_segments_is_said_with_both_ends(survey):
    tier = pd.Series(np.where(np.arange(800) % 2, "key", "core"), name="tier")
    more = survey["outcome"] + 3 * survey["ratings"]["price"] * (tier == "key")
    found = drivers.compare_segments(survey["ratings"], more, tier.to_frame())
    figures = quotes.segments(found, LABELS, "index")
    text = said(words.segments, figures)
    assert text.startswith("Price & <terms> does not matter alike by tier")
    assert "for key and with" in text
    alike = drivers.compare_segments(survey["ratings"], survey["outcome"], tier.to_frame())
    figures = quotes.segments(alike, LABELS, "index")
    assert said(words.segments, figures).startswith("None of 3 tests")


def test_what_was_not_computed_is_not_spoken_of():
    for sentence in (words.shapes, words.bends, words.said, words.lifted, words.segments):
        assert sentence({}) == ""
    assert str(shown.say_if_any("", ChapterResult("drivers", {}))) == ""


def test_ratings_that_few_gave_are_withheld_in_the_curves(survey):
    found = drivers.response_curves(**survey, replicates=50)
    points = shown.curve_points(found, 10)
    few = found.points["base"].between(1, 9)
    assert few.any()
    assert points.loc[few, ["base", "adjusted"]].isna().all(axis=None)


def test_tables_hold_every_driver_with_its_interval_and_base(survey):
    together = drivers.joint(**survey, scale=SCALE, replicates=50)
    table = shown.potential(
        drivers.improvement_potential(together), LABELS, outcome="loyalty", unit="index",
        counted="respondents",
    )  # fmt: skip
    assert len(table.rows) == 3
    assert "Base: 800 respondents" in table.note
    shapes = drivers.asymmetry(**survey, replicates=50)
    assert "Penalty and reward" in str(shown.shapes(shapes, LABELS, counted="respondents"))
    assert "&lt;terms&gt;" in shown.shapes(shapes, LABELS, counted="respondents").html


def test_dominance_of_many_drivers_is_refused_with_how_many_would_do():
    ratings = pd.DataFrame(np.zeros((30, 16)), columns=[f"d{k}" for k in range(16)])
    with pytest.raises(NotEstimable, match="with at most 15"):
        shown.dominated(ratings, pd.Series(range(30)))


def test_a_lowest_rated_driver_that_goes_with_less_is_not_called_maybe_nothing():
    figures = {f.name: f for f in quotable(
        raw_against="Pricing", raw_without_effect="Pricing", raw_mean="5.9", raw_effect="−0.4",
        top_driver="Ease", top_effect="1.2",
    )}  # fmt: skip
    assert "may be nothing" not in words.so_what(figures)
    assert "so not with more" in words.so_what(figures)


def ranked(effects: list[float], error: float, p: list[float]) -> tuple:
    """Importance and priorities of drivers whose effects, intervals and p-values are given."""
    names = list(LABELS)
    table = pd.DataFrame({
        "driver": names, "r_squared": 0.1, "share": 1 / 3, "low": 0.1, "high": 0.6,
        "effect": effects, "effect_low": np.array(effects) - error,
        "effect_high": np.array(effects) + error, "effect_p": p, "top_1": 1 / 3, "top_3": 1.0,
    })  # fmt: skip
    shares = drivers.Importance(table, 0.3, 120, None, Halo(0.4, 0.5), 0.95, 100, missing="imputed")
    rated = drivers.performance(
        pd.DataFrame({"ease": [6, 7] * 60, "speed": [5, 6] * 60, "price": [7, 8] * 60})
    )
    return shares, rated, drivers.priorities(shares, rated, scale=SCALE)


def page(shares, rated, chosen) -> dict[str, str]:
    """What the page says of one case: headline, chart title, so what and do next."""
    leads = SimpleNamespace(leads={"ease": 0.3, "speed": 0.6, "price": 0.1}, base=120)
    figures = quotes.importance(shares) | quotes.leads(leads, chosen, LABELS)
    figures |= quotes.priorities(chosen, shares, rated, LABELS, "index", "loyalty")
    result = ChapterResult(
        "drivers", figures, {}, words.answer(figures), words.so_what(figures),
        words.ask(figures, "Service", "30 July 2026"),
    )  # fmt: skip
    chart = charts.importance_and_effect(shares, LABELS, clear=chosen.clear)
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


def test_where_nothing_clears_zero_the_page_asks_for_more_answers():
    said_of = page(*ranked([0.4, 0.3, 0.1], 1.8, [0.6, 0.7, 0.9]))
    assert "none of the 3 has an effect that is surely above zero" in said_of["answer"]
    assert said_of["title"] == "None of 3 drivers has an effect surely above zero"
    assert "nothing here shows" in said_of["so what"]
    assert "about Speed and Ease of use, which lead most often" in said_of["do next"]
    assert "60% and 30%" in said_of["do next"]
    assert "Owner: Service. By: 30 July 2026." in said_of["do next"]


def test_a_clear_driver_is_counted_alike_by_title_and_headline():
    """Ease stands (.001 times 3); speed (.04 times 2) does not, and is lowest rated."""
    found = ranked([3.0, 1.9, 0.1], 1.8, [0.001, 0.04, 0.9])
    assert (found[2].clear, found[2].leaning) == (("ease",), ("speed",))
    said_of = page(*found)
    assert said_of["title"] == "1 of 3 drivers has an effect surely above zero"
    assert said_of["answer"].startswith("Ease of use first.")
    assert "does not stand after correction" in said_of["so what"]
    assert "raise Ease of use by a point" in said_of["do next"]


def test_two_that_cannot_be_told_apart_are_both_asked_for():
    said_of = page(*ranked([3.0, 2.9, 0.1], 1.8, [0.001, 0.002, 0.9]))
    assert said_of["title"] == "2 of 3 drivers have effects surely above zero"
    assert "raise Ease of use or Speed by a point" in said_of["do next"]
    assert "Speed is also the lowest rated" in said_of["so what"]


def test_one_driver_alone_that_is_not_clear_still_has_an_ask():
    figures = {"respondents": Figure("respondents", 40, unit="count", base=40)}
    assert "collect more of them" in words.ask(figures, "", "30 July 2026")["what"]


def test_an_empty_ask_shows_nothing_at_all():
    line = sentences.do_next(ChapterResult("drivers", {}))
    assert (line.html, str(line)) == ("", "")


def test_a_potential_of_a_driver_that_is_not_clear_says_so(survey):
    together = drivers.joint(**survey, scale=SCALE, replicates=100)
    lifts = drivers.improvement_potential(together)
    counted = {"drivers": Figure("drivers", 3, unit="count", base=800)}
    sure = quotes.lifted(lifts, LABELS, "index", ("ease", "speed")) | counted
    assert said(words.lifted, sure).startswith("Largest potential that is surely above zero")
    unsure = quotes.lifted(lifts, LABELS, "index", ()) | counted
    assert "though not surely above zero once corrected for looking at 3" in said(
        words.lifted, unsure
    )
    other = quotes.lifted(lifts, LABELS, "index", ("price",)) | counted
    assert said(words.lifted, other).startswith("For none of 3 drivers")


@pytest.mark.parametrize("name", ["logit", "proportional_odds"])
def test_another_model_says_what_stays_linear(name):
    assert "shapes, curves" in words.model(name)
    assert "stays linear" in words.model(name)
    assert words.model("linear") == ""
