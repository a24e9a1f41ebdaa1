"""A chapter's page: what it takes, what it refuses, and what it hands on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers import results
from helpers.errors import NotEstimable
from helpers.methods import accounts
from helpers.methods.survey import SurveyDesign
from helpers.page import Page, open_page
from helpers.results import Figure
from helpers.views.rendering.declared import declare

DECLARED = declare("nps", "people", "gap", change=("rose", "not clear"))
NPS = Figure("nps", 24.7, 19.7, 29.7, base=781, grade="C", label="net promoter score")


@pytest.fixture
def page(tmp_path: Path) -> Page:
    opened = open_page("linkage", "northfield", str(tmp_path))
    return Page("trial", opened.study, tmp_path, DECLARED)


def so_what(figures) -> str:
    return "It is {nps:value}." if "nps" in figures else ""


def ask(figures, due: str) -> dict[str, str]:
    return {"what": "Call them.", "owner": "Sales", "due": due}


def doubts(figures) -> tuple[str, ...]:
    return ("Only {nps:base} answered.",)


def finished(page: Page):
    return page.finish(so_what, ask, doubts, main="nps", due=30, confidence=0.9)


def test_figures_and_tables_are_handed_on_with_what_could_not_be_told(page):
    page.quote([NPS])
    page.reasons["change"] = "there is one wave"
    page.keep(people=page.study.responses[["wave"]].head(3))
    finished(page)
    page.answer(so_what)
    kept = results.load("trial", page.where)
    assert list(kept.figures) == ["nps"]
    assert kept.untold == {
        "change": "there is one wave",
        "gap": "these data cannot tell it",
        "people": "these data cannot tell it",
    }
    assert len(kept.tables["people"]) == 3
    assert (kept.answer, kept.so_what) == ("It is {nps:value}.", "It is {nps:value}.")
    assert kept.ask == {"what": "Call them.", "owner": "Sales", "due": "30 July 2026"}
    assert kept.doubts == ("Only {nps:base} answered.",)


def test_a_figure_of_few_people_is_withheld_with_its_verdict(page):
    page.quote([Figure("change", 4.0, 2.0, 6.0, base=9, verdict="rose")])
    assert page.figures["change"].value is None
    assert page.figures["change"].verdict == ""
    assert "base of 9 is under 10" in page.say(lambda _: "It rose by {change}.").text


def test_what_is_not_declared_is_refused(page):
    with pytest.raises(ValueError, match="'speed' is not among the figures"):
        page.quote([Figure("speed", 1.0)])
    assert page.figures == {}


def test_a_part_that_cannot_be_computed_gives_its_reason_to_the_figures_it_would_tell(page):
    def refuse() -> None:
        raise NotEstimable("fewer than two accounts")

    page.attempt(refuse, tells=("change", "gap"))
    page.attempt(lambda: 1, tells=("people",))
    assert page.reasons == dict.fromkeys(("change", "gap"), "fewer than two accounts")


def test_other_errors_stop_the_chapter(page):
    with pytest.raises(ZeroDivisionError):
        page.attempt(lambda: 1 / 0)


def test_the_end_says_what_to_make_of_it_how_it_was_counted_and_what_to_do(page):
    page.quote([NPS])
    page.note("3 rows are left out", "3 rows are left out")
    text = finished(page).text
    assert text.count("3 rows are left out") == 1
    assert text.index("So what.") < text.index("rows are left out") < text.index("Base 781")
    assert "ranges are 90% intervals" in text
    assert text.endswith("Do next. Call them. Owner: Sales. By: 30 July 2026.")


def test_without_its_main_figure_a_page_claims_no_base_for_itself(page):
    assert "Base" not in finished(page).text


def test_words_of_nothing_are_nothing(page):
    assert page.say(lambda _: "").html == ""
    page.quote([NPS])
    assert page.title(lambda _: "It is {nps:value}") == "It is 24.7"


# --- the design ----------------------------------------------------------------------------


def sampled(page: Page, **tables: pd.DataFrame) -> None:
    """Results of the sampling chapter with these tables."""
    results.save(results.ChapterResult("sampling", {}, tables), page.where)


def test_every_chapter_has_the_design_that_the_sampling_chapter_stored(page):
    responses = page.study.responses
    made = SurveyDesign(
        pd.Series(np.linspace(0.5, 1.5, len(responses)), index=responses.index),
        strata=pd.Series(np.where(np.arange(len(responses)) < 300, "x", "y"), responses.index),
        clusters=accounts.units(responses),
    )
    kept = made.to_frame().reset_index().sample(frac=1, random_state=1)
    sampled(page, design=kept)
    assert page.design.index.equals(responses.index)
    assert page.design.weights.to_numpy() == pytest.approx(made.weights.to_numpy())
    assert page.design.strata.tolist() == made.strata.tolist()
    assert page.notes == []


def test_waves_come_back_each_with_its_own_part(page):
    everyone = page.study.all_responses
    parts = {w: everyone.index[everyone["wave"] == w] for w in page.study.waves}
    whole = SurveyDesign.over({w: SurveyDesign().of(index) for w, index in parts.items()})
    sampled(page, designs=whole.to_frame().reset_index(names="response_id"))
    assert list(page.design_over_waves.parts) == list(page.study.waves)
    assert len(page.design_over_waves) == len(everyone)


@pytest.mark.parametrize("stored", [False, True])
def test_a_page_without_a_design_of_its_respondents_counts_them_alike_and_says_so(page, stored):
    if stored:  # of other respondents
        other = SurveyDesign(pd.Series([1.0, 2.0], index=["r1", "r2"])).to_frame()
        sampled(page, design=other.reset_index(names="response_id"))
    assert page.design.weights is None
    assert page.design.clusters.equals(accounts.units(page.study.responses))
    assert page.design_over_waves.weighted_waves == ()
    assert [note for note in page.notes if "everybody counts alike" in note] == page.notes != []
