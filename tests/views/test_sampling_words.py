"""Sentences of the page on who answered: what is said, and what is kept back."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.methods import measure, quality, scorecard, survey, weighting
from helpers.methods import sampling as sampling_methods
from helpers.methods.survey import SurveyDesign
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
    found = survey.estimands(
        survey.promoter_points(people["recommend"]), people["account_id"], revenue, top=5
    )
    named = figures_scores.estimands(found, NPS) | {
        "main_label": Figure("main_label", "score", unit="text")
    }
    said = _said(sampling.counted(named), named)
    assert "one vote for each account" in said
    assert "5 accounts carry" in said
    assert said.endswith("None corrects another.")
    assert "Each person counts" in str(tables.estimands(found, NPS, confidence=0.95))


def test_without_revenue_nothing_is_said_of_it(people):
    found = survey.estimands(survey.promoter_points(people["recommend"]), people["account_id"])
    assert "main_by_revenue" not in figures_scores.estimands(found, NPS)


def test_the_margin_is_set_against_the_textbooks(people):
    found = survey.precision(
        survey.net_promoter, people["recommend"], SurveyDesign(clusters=people["account_id"])
    )
    named = figures_scores.precision(found, NPS) | {
        "main_label": Figure("main_label", "score", unit="text")
    }
    assert _said(sampling.precise(named), named).startswith("A textbook formula would claim ± ")
    assert tables.precision_rows(found, "points")["quoted"].tolist() == ["", "this one"]


def test_a_weight_of_the_clients_is_compared_through_its_largest_group(people):
    other = pd.Series(1.0, index=people.index).where(people["tier"] == "A", 3.0)
    points = survey.promoter_points(people["recommend"])
    found = weighting.compare(points, pd.Series(1.0, index=people.index), other, people["tier"])
    named = figures_scores.comparison(found, NPS) | {
        "main_label": Figure("main_label", "score", unit="text")
    }
    assert found.table["group"].iloc[0] in _said(sampling.compared(named), named)


def test_flags_are_counted_once_a_response_and_never_drop_it(people):
    careful = quality.answer_quality(
        people[["recommend"]], batteries={}, person=people["account_id"], seconds=[300] * 200
    )
    effects = quality.dropping(people["recommend"], careful.flags, estimator=survey.net_promoter)
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


# --- one text a verdict ---------------------------------------------------------------------


def _score(people: pd.DataFrame, weights: pd.Series) -> dict[str, Figure]:
    found = scorecard.scorecard(
        [_nps(people)], {"unweighted": None, "weighted to the list": SurveyDesign(weights)}
    )
    return figures_scores.scores(found)


def _nps(people: pd.DataFrame) -> measure.Measure:
    return measure.measures(
        people, {"recommend": ["recommend"]}, {"recommend": (0, 10)}, {"recommend": "Recommend"}
    )[0]


@pytest.mark.parametrize(
    ("step", "verdict", "said"),
    [
        (0.0, "hardly moved", "Weighting hardly changes the net promoter score"),
        (0.4, "moved", "Weighting moves the net promoter score from"),
    ],
)
def test_what_weighting_does_is_told_by_more_than_a_part_of_the_margin(people, step, verdict, said):
    named = _score(people, 1 + step * people["recommend"])
    assert named["main_unweighted"].verdict == verdict
    assert _said(sampling.so_what(named), named).startswith(said)


def test_without_weights_nothing_is_said_to_be_corrected(people):
    found = scorecard.scorecard([_nps(people)], {"unweighted": None})
    named = figures_scores.scores(found)
    assert "main_unweighted" not in named
    said = _said(sampling.so_what(named), named)
    assert "the view of those who answered. Nothing here corrects" in said


@pytest.mark.parametrize(
    ("answered", "deciders", "verdicts"),
    [(30, 20, ("good", "most")), (30, 10, ("good", "few")), (15, 10, ("low", "most"))],
)
def test_coverage_is_judged_against_what_programmes_aim_for(answered, deciders, verdicts):
    """Thirty-two accounts of equal revenue: 30 of them are 94%, 15 are 47%."""
    ids = [f"a{place}" for place in range(32)]
    listed = pd.DataFrame({"account_id": ids, "revenue": 1.0})
    found = sampling_methods.coverage(listed, answered=ids[:answered], deciders=ids[:deciders])
    named = figures.coverage(found)
    assert (named["revenue_coverage"].verdict, named["decider_share"].verdict) == verdicts
    low, few = (verdict in verdicts for verdict in ("low", "few"))
    assert any("47% of revenue" in _said(line, named) for line in sampling.doubts(named)) == low
    assert ("no promise of a renewal" in sampling.so_what(named)) == few


@pytest.mark.parametrize(
    ("trim", "verdict"), [(None, "met"), (1.05, "off")], ids=["margins met", "margins missed"]
)
def test_margins_that_limited_weights_miss_are_a_doubt(people, trim, verdict):
    sizes = {"tier": pd.Series({"A": 1.0, "B": 3.0})}
    found = weighting.rake(people[["tier"]], sizes, trim=trim)
    named = figures.weighting(found, ["tier"])
    assert named["largest_gap"].verdict == verdict
    said = [_said(line, named) for line in sampling.doubts(named)]
    assert any("off the customer base" in line for line in said) == (verdict == "off")


@pytest.mark.parametrize(
    ("size", "verdict", "said"),
    [(3.0, "thin", "Ask more people from B of all"), (1.0, "even", "Ask the same way next time")],
)
def test_only_a_group_weighted_up_by_much_is_asked_for(people, size, verdict, said):
    tier = people["tier"].replace("B", "B_of_all").to_frame()
    even = tier["tier"].value_counts()
    sizes = {"tier": pd.Series({"A": even["A"], "B_of_all": even["B_of_all"] * size})}
    named = figures.weighting(weighting.rake(tier, sizes), ["tier"])
    assert named["thin_factor"].verdict == verdict
    assert _said(sampling.ask(named, "")["what"], named).startswith(said)


def test_where_every_large_account_has_its_decider_nobody_is_chased():
    listed = pd.DataFrame({"account_id": list("ab"), "revenue": [5.0, 4]})
    sent = pd.DataFrame({"account_id": ["a"], "role": "decision_maker", "disposition": "unknown"})
    contacts = pd.DataFrame({"account_id": list("ab"), "role": ["decision_maker"] * 2})
    named = figures.largest_without(listed, sent, pd.Series(["a", "b"]), contacts, top=2)
    assert {named[name].verdict for name in figures.TOP} == {"none"}
    assert "largest accounts" not in sampling.ask(named, "")["what"]


def test_a_margin_like_the_textbooks_is_not_set_against_it(people):
    found = survey.precision(survey.net_promoter, people["recommend"])
    named = _score(people, people["recommend"] + 1.0) | figures_scores.precision(found, NPS)
    assert found.verdict == named["understated"].verdict == "alike"
    assert "as a textbook formula would have it" in sampling.precise(named)


@pytest.mark.parametrize("known", ["", "account_coverage", "weighted_to"])
def test_no_list_is_missed_where_accounts_were_sent(known: str) -> None:
    found = {known: Figure(known, 0.8, unit="share")} if known else {}
    said = " ".join(sampling.doubts(found))
    assert ("No list of customers was sent" in said) is (known == "")
    assert ("how far the answers stand for all is unknown" in said) is (known != "weighted_to")
