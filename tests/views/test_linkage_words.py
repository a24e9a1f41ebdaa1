"""What the linkage chapter says of a score on any scale, and of bands that do not differ."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from helpers.methods import linkage
from helpers.results import ChapterResult, Figure
from helpers.views.linkage import charts, figures, sentences
from helpers.views.rendering.sentences import say
from helpers.views.run_card.truths import compared


def quoted(low, high, *, slope=2.5, bands=5, seed=4):
    """The chapter's figures for accounts whose scores lie on a scale, and their bands."""
    rng = np.random.default_rng(seed)
    true = rng.uniform(size=900)
    panel = pd.DataFrame({
        "account_id": range(900), "score": low + (high - low) * true,
        "retained": (rng.random(900) < expit(0.5 + slope * true)).astype(float),
    })  # fmt: skip
    step, _ = linkage.step(panel["score"], (low, high))
    table = linkage.outcome_by_score(panel, "retained", bands=bands)
    link = linkage.link(panel, "retained", per=step.points)
    made = figures.link(link, table, "trust", "share", step=step, asked=bands)
    assert made["effect"].p == link.p < 0.05
    return figures.DECLARED.checked(made.values()), table


def told(text, known):
    return say(text, ChapterResult("linkage", known)).text


@pytest.mark.parametrize(
    ("low", "high", "written"),
    [(0, 100, "10 points"), (1, 5, "0.4 points"), (1, 7, "0.6 points"), (0, 1, "0.1 points")],
)
def test_the_link_is_stated_for_a_tenth_of_any_scale(low, high, written):
    known, _ = quoted(low, high)
    said = told(sentences.model(known), known)
    assert f"{written} more of trust (a tenth of its scale) are linked to a change of 2.7 (" in said
    assert "percentage points" in said


@pytest.mark.parametrize(
    ("bands", "name"), [(5, "fifth"), (4, "quarter"), (2, "half"), (7, "group")]
)
def test_the_answer_names_the_bands_as_what_they_are(bands, name):
    known, _ = quoted(0, 100, bands=bands)
    assert f"of the highest-scoring {name} of accounts stayed" in told(
        sentences.answer(known), known
    )


def test_bands_that_do_not_differ_are_not_told():
    known, table = quoted(0, 100)
    alike = table.assign(rate=0.9, low=0.8, high=0.95)
    step = linkage.Step(10.0, "scale")
    panel = pd.DataFrame({"score": np.arange(60.0), "retained": [0.0, 1.0] * 30})
    link = linkage.link(panel, "retained", clusters=None)
    for bands in (alike, table.iloc[:1]):
        made = figures.link(link, bands, "trust", "share", step=step)
        assert not {"high_band", "low_band", "band_name"} & set(made)
    assert "in the lowest band" not in charts.outcome_by_score(alike, outcome_label="stayed").title
    assert "in the lowest band" in charts.outcome_by_score(table, outcome_label="stayed").title
    assert {"high_band", "low_band"} <= set(known)


def test_narrow_bands_have_names_that_differ():
    table = pd.DataFrame({"low_edge": [1.0, 4.56, 4.61], "high_edge": [4.56, 4.61, 5.0],
                          "base": 50, "rate": [0.7, 0.8, 0.9], "low": 0.6,
                          "high": 0.95})  # fmt: skip
    assert "4.56 to 4.61" in charts.outcome_by_score(table, outcome_label="stayed").alt


@pytest.mark.parametrize(("per", "truth"), [(10.0, "4.2"), (5.0, "2.1"), (20.0, "8.4")])
def test_a_planted_slope_is_set_against_the_points_that_are_stated(per, truth):
    row = {"name": "retained_per_10", "chapter": "linkage", "figure": "corrected", "truth": 4.2,
           "note": "staying"}  # fmt: skip
    ends = (0.42 * per, 0.2 * per, 0.6 * per)
    known = {"per": Figure("per", per), "corrected": Figure("corrected", *ends, unit="points")}
    found = compared(pd.DataFrame([row]), {"linkage": ChapterResult("linkage", known)}).iloc[0]
    assert (found["truth"], found["verdict"]) == (truth, "inside")


def test_what_was_not_planted_is_not_looked_for():
    """In a world without effects no knee is planted, though a chapter may find one."""
    rows = [
        {
            "name": name,
            "chapter": "linkage",
            "figure": "corrected",
            "truth": truth,
            "note": "staying",
        }
        for name, truth in (("retained", 0.4), ("knee", None))
    ]
    known = {"corrected": Figure("corrected", 0.42, 0.2, 0.6, unit="points")}
    found = compared(pd.DataFrame(rows), {"linkage": ChapterResult("linkage", known)})
    assert found["verdict"].tolist() == ["inside"]
