"""Sentences of the page on who answered: what is said, and what is kept back."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.methods import loyalty, measure, quality, weighting
from helpers.methods.survey import estimands, precision
from helpers.results import ChapterResult, Figure
from helpers.results import figures as guarded
from helpers.views.rendering import sentences
from helpers.views.sampling import figures, figures_scores, tables
from helpers.views.sampling import sentences as sampling

NPS = measure.measures(
    pd.DataFrame({"recommend": [10, 3]}), {"recommend": ["recommend"]}, {"recommend": (0, 10)},
    {"recommend": "Would recommend"},
)[0]  # fmt: skip


def _said(template: str, found: dict[str, Figure]) -> str:
    return sentences.say(template, ChapterResult("chapter", guarded(*found.values()))).text


@pytest.fixture
def people(rng):
    return pd.DataFrame(
        {
            "recommend": rng.integers(0, 11, 200),
            "account_id": rng.integers(0, 60, 200).astype(str),
            "tier": rng.choice(["A", "B"], 200),
        }
    )


def test_three_ways_of_counting_are_named_and_none_corrects_another(people):
    revenue = pd.Series(range(1, 61), index=[str(i) for i in range(60)], dtype=float)
    found = estimands.estimands(
        loyalty.promoter_points(people["recommend"]), people["account_id"], revenue, top=5
    )
    named = figures_scores.estimands(found, NPS) | {
        "main_label": Figure("main_label", "score", unit="text")
    }
    said = _said(sampling.counted(named), named)
    assert "one vote for each account" in said
    assert "5 accounts carry" in said
    assert said.endswith("None corrects another.")
    assert tables.estimand_rows(found, "points")["way"].iloc[0] == "Each person counts"


def test_without_revenue_nothing_is_said_of_it(people):
    found = estimands.estimands(loyalty.promoter_points(people["recommend"]), people["account_id"])
    assert "main_by_revenue" not in figures_scores.estimands(found, NPS)


def test_the_margin_is_set_against_the_textbooks(people):
    found = precision.precision(
        loyalty.net_promoter, people["recommend"], clusters=people["account_id"]
    )
    named = figures_scores.precision(found, NPS) | {
        "main_label": Figure("main_label", "score", unit="text")
    }
    assert _said(sampling.precise(named), named).startswith("A textbook formula would claim ± ")
    assert tables.precision_rows(found, "points")["quoted"].tolist() == ["", "this one"]


def test_a_weight_of_the_clients_is_compared_through_its_largest_group(people):
    other = pd.Series(1.0, index=people.index).where(people["tier"] == "A", 3.0)
    points = loyalty.promoter_points(people["recommend"])
    found = weighting.compare(points, pd.Series(1.0, index=people.index), other, people["tier"])
    named = figures_scores.comparison(found, NPS) | {
        "main_label": Figure("main_label", "score", unit="text")
    }
    assert found.table["group"].iloc[0] in _said(sampling.compared(named), named)


def test_flags_are_counted_once_a_response_and_never_drop_it(people):
    careful = quality.answer_quality(
        people[["recommend"]], batteries={}, person=people["account_id"], seconds=[300] * 200
    )
    effects = quality.dropping(people["recommend"], careful.flags, estimator=loyalty.net_promoter)
    named = figures.quality(careful, effects, "points")
    assert named["flagged"].value == int(careful.flags.any(axis=1).sum())
    assert "None is left out" in sampling.quality(named)


def test_rows_that_cannot_be_accounted_for_stop_the_page(people):
    counts = pd.DataFrame({"table": ["responses"], "rows_in": [210], "rows_out": [200]})
    everyone = people.assign(wave=["W1"] * 150 + ["W2"] * 50)
    steps = tables.row_steps(counts, everyone, "W1", everyone["recommend"].head(150), 150)
    assert steps["rows"].tolist() == [210, 200, 150, 150]
    assert steps["reason"].tolist()[-1] == ""
    with pytest.raises(ValueError, match="not accounted for"):
        tables.row_steps(counts, everyone, "W1", everyone["recommend"].head(150), 149)


def test_the_largest_accounts_without_a_decider_are_told_by_what_to_do():
    listed = pd.DataFrame({"account_id": list("abcde"), "revenue": [5.0, 4, 3, 2, 1]})
    sent = pd.DataFrame(
        {"account_id": ["a", "b"], "role": "decision_maker", "disposition": ["unknown", "excluded"]}
    )
    contacts = pd.DataFrame({"account_id": list("abc"), "role": ["decision_maker"] * 3})
    named = figures.largest_without(listed, sent, pd.Series(["c"]), contacts, top=4)
    groups = ("top_without", "top_asked", "top_unasked", "top_unnamed")
    assert [named[name].value for name in groups] == [3, 1, 1, 1]
    assert "Where none was asked (1), invite one." in _said(sampling.ask(named, "")["what"], named)
