"""Changes in words, figures and charts: one verdict, whoever shows it."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import ttest_ind

from helpers.methods import loyalty, measure, scorecard, survey
from helpers.methods.claims import p_of_interval
from helpers.methods.survey import SurveyDesign
from helpers.results import ChapterResult, Figure
from helpers.views.loyalty import figures_change as quotes
from helpers.views.loyalty import rows
from helpers.views.loyalty import sentences as page
from helpers.views.loyalty import sentences_change as words
from helpers.views.loyalty import sentences_sections as sections
from helpers.views.loyalty import tables as shown
from helpers.views.loyalty.declared import MOVED
from helpers.views.rendering.sentences import say

TEXTS = {name: Figure(name, name, unit="text")
         for name in ("main_label", "before_wave", "first_wave", "last_wave")}  # fmt: skip
SAID = {
    "rose": ("rose since", "rose, by", "rose: better"),
    "fell": ("fell since", "fell: ", "fell: worse"),
    "beyond": ("perhaps too little", "perhaps too little", "may be too little"),
    "little": ("and too little", "and too little", "and too little"),
    "none": ("No reliable change", "no reliable change", "no reliable change"),
    "apart": ("depends on the weights", "depends on the weights", "no direction"),
}
CASES = [
    ((2.5, 5.0), None, "rose"),
    ((-5.0, -2.5), None, "fell"),
    ((0.5, 4.5), None, "beyond"),
    ((0.5, 1.5), None, "little"),
    ((-1.0, 3.0), None, "none"),
    ((0.04, 4.0), None, "none"),  # its end is written 0.0
    ((2.5, 5.0), (2.1, 6.0), "rose"),
    ((2.5, 5.0), (0.5, 3.0), "beyond"),
    ((2.5, 5.0), (-1.0, 4.0), "apart"),
    ((-13.0, 0.2), (-15.0, -2.7), "apart"),
    ((2.5, 5.0), (-5.0, -2.5), "apart"),
    ((0.5, 4.5), (-1.0, 4.0), "none"),
    ((0.5, 1.5), (-1.5, -0.5), "none"),
]


def change(name, ends, unit="points"):
    return Figure(name, sum(ends) / 2, *ends, unit=unit, base=900)


@pytest.mark.parametrize(("ends", "beside", "expected"), CASES)
def test_the_answer_the_trend_and_the_table_say_the_same_of_a_change(ends, beside, expected):
    plain = None if beside is None else change("plain", beside)
    found = quotes.verdict(change("c", ends), 2.0, plain)
    assert found == expected
    figures = TEXTS | {
        name: replace(change(name, ends), verdict=found) for name in ("main_change", "whole_change")
    }
    if beside is not None:
        named = ("main_change_unweighted", "whole_change_unweighted")
        figures |= {name: change(name, beside) for name in named}
    told = (words.MAIN(figures), words.drifted(figures), words.reading(figures["main_change"]))
    for text, part in zip(told, SAID[expected], strict=True):
        assert part in text
    assert say(told[0], ChapterResult("loyalty", figures)).text


def test_no_direction_is_said_where_the_interval_is_written_down_to_zero():
    """−0.06 (−0.12 to 0.00) on a scale from 1 to 5."""
    edge = Figure("main_change", -0.06, -0.1156, -0.0048, unit="scale")
    assert quotes.verdict(edge, 0.04) == "none"
    assert quotes.verdict(Figure("c", -0.06, -0.1, -0.02, unit="scale"), 0.04) == "beyond"


@pytest.fixture
def two_waves(rng):
    """Two waves of 300 people in 100 accounts: recommendation falls by two, satisfaction stays."""
    of = np.repeat(np.arange(100), 3)
    parts = []
    for wave, shift in (("w1", 0.0), ("w2", -2.0)):
        level = rng.normal(size=300)
        parts.append(pd.DataFrame({
            "wave": wave, "account_id": of, "contact_id": np.arange(300),
            "recommend": np.clip(np.rint(8 + level + shift), 0, 10),
            "satisfied": np.clip(np.rint(8 + level), 1, 10),
        }))  # fmt: skip
    return pd.concat(parts, ignore_index=True)


ROLES = {"recommend": ["recommend"], "satisfaction": ["satisfied"]}
SCALES = {"recommend": (0, 10), "satisfied": (1, 10)}
LABELS = {"recommend": "Would recommend", "satisfied": "Satisfaction"}


def scores(people):
    chosen = measure.measures(people, ROLES, SCALES, LABELS)
    return {one.name: one for one in chosen}


def moved(people, weights=None, leading=None):
    chosen = scores(people)
    points = {name: one.each for name, one in chosen.items()}
    parts = {w: people["account_id"][people["wave"] == w] for w in ("w1", "w2")}
    design = SurveyDesign.over(
        {w: SurveyDesign((weights or {}).get(w), clusters=firms) for w, firms in parts.items()}
    )
    return loyalty.trend(points, people["wave"], design, order=("w1", "w2"), leading=leading)


@pytest.mark.parametrize("leading", ["nps", "satisfaction_mean"])
def test_a_declared_leading_score_has_the_interval_of_its_change_alone_on_the_page(
    two_waves, leading
):
    """As every other it is one of a family, whose intervals are wider to hold together."""
    lead = scores(two_waves)[leading]
    primary, family = (
        quotes.main_change(moved(two_waves, leading=name), lead, ("w1", "w2"), 0.01)["main_change"]
        for name in (leading, None)
    )
    firms, then = two_waves["account_id"], two_waves["wave"] == "w1"
    alone = survey.difference(
        lead.each[then], lead.each[~then],
        (SurveyDesign(clusters=firms[then]), SurveyDesign(clusters=firms[~then])),
    )  # fmt: skip
    scale = (primary.high - primary.low) / (alone.high - alone.low)
    assert primary.low == pytest.approx(alone.low * scale)
    assert primary.high == pytest.approx(alone.high * scale)
    assert family.high - family.low > 1.05 * (primary.high - primary.low)


def test_the_answer_names_every_other_score_that_moved(two_waves):
    chosen = scores(two_waves)
    lead, found = chosen["satisfaction_mean"], moved(two_waves)
    args = (found, list(chosen.values()), ("w1", "w2"))
    named = quotes.score_changes(*args, 0.01)
    assert named["nps_change"].verdict == "fell"
    assert named["nps_change"].high == found.last("nps", "w2")["high"]
    figures = TEXTS | quotes.main_change(found, lead, ("w1", "w2"), 0.01) | named
    figures |= {"main_label": replace(TEXTS["main_label"], value=lead.phrase),
                "main": Figure("main", 8.0, 7.9, 8.1, unit="scale")}  # fmt: skip
    told = say(page.answer(figures), ChapterResult("loyalty", figures)).text
    assert "Of the other scores, these fell: net promoter score, −" in told
    assert told.count(lead.phrase) == 2  # the score and its change; never among the others
    large = quotes.score_changes(*args, 0.9)  # nothing moved by nine tenths of its scale
    assert words.also(TEXTS | large) == ""
    assert set(large) == set(named)


def test_what_depends_on_the_weights_is_not_named(two_waves):
    """Weights that count the first wave's unhappy ones twice leave nothing of the fall."""
    first = two_waves[two_waves["wave"] == "w1"]
    heavy = pd.Series(np.where(first["recommend"] < 9, 4.0, 0.1), index=first.index)
    second = two_waves[two_waves["wave"] == "w2"]
    light = pd.Series(np.where(second["recommend"] < 7, 0.1, 4.0), index=second.index)
    found = moved(two_waves, {"w1": heavy, "w2": light})
    assert found.last("nps", "w2")["answered_high"] < 0
    named = quotes.score_changes(found, list(scores(two_waves).values()), ("w1", "w2"), 0.01)
    assert named["nps_change"].verdict == "apart"
    assert words.also(TEXTS | named) == ""


def test_the_scorecard_gives_the_change_unweighted_where_only_that_has_a_direction(two_waves):
    first = two_waves[two_waves["wave"] == "w1"]
    heavy = pd.Series(np.where(first["recommend"] < 9, 4.0, 0.1), index=first.index)
    second = two_waves[two_waves["wave"] == "w2"]
    light = pd.Series(np.where(second["recommend"] < 7, 0.1, 4.0), index=second.index)
    found = moved(two_waves, {"w1": heavy, "w2": light})
    chosen = list(scores(two_waves).values())
    current = list(scores(second).values())
    card = scorecard.scorecard(current, {"weighted": SurveyDesign(light)})
    table = rows.trend_rows(card, chosen, found, "w2", smallest=0.01, targets={})
    plain = rows.change_written(quotes.unweighted("c", found.last("nps", "w2"), chosen[0]))
    assert table["reading"].iloc[0] == f"no direction: unweighted it is {plain}"
    note = shown.scorecard(card, chosen, found, "w2", smallest=0.01, targets={}).text()
    assert "Changes are weighted, each wave to its own population" in note


def test_the_parts_stand_under_the_verdict_and_the_interval_of_the_scorecard(two_waves):
    """All scores are one family, so the whole change's interval is wider than its own."""
    found, lead = moved(two_waves), scores(two_waves)["nps"]
    waves = [two_waves[two_waves["wave"] == wave] for wave in ("w1", "w2")]
    parts = loyalty.change(
        *(lead.each[wave.index] for wave in waves),
        accounts=tuple(wave["account_id"] for wave in waves),
        people=tuple(wave["contact_id"] for wave in waves),
    )
    step = found.last("nps", "w2")
    chart = shown.change_split(parts, lead, 0.01, "w1", step)
    assert chart.title == "Net promoter score fell since w1"
    low, high = (f"{step[end]:+.1f}".replace("-", "−") for end in ("low", "high"))
    assert f"({low} to {high})" in chart.alt
    figure = quotes.split(parts, lead, 0.01, step, "nps")["nps_change"]
    assert figure.verdict == "fell"
    assert (figure.low, figure.high) == (step["low"], step["high"])
    assert figure.p == step["p_adjusted"] <= 0.05  # of the family, as the interval
    assert (step["high"] - step["low"]) > (parts.high - parts.low)
    assert "The same people answering differently" in chart.alt
    wide = step.copy()
    wide["low"], wide["high"] = -400.0, 400.0
    doubtful = shown.change_split(parts, lead, 0.01, "w1", wide)
    assert doubtful.title == "Net promoter score shows no reliable change since w1"


def test_a_change_into_another_wave_keeps_its_own_interval(two_waves):
    lead = scores(two_waves)["nps"]
    waves = [two_waves[two_waves["wave"] == wave] for wave in ("w1", "w2")]
    parts = loyalty.change(
        *(lead.each[wave.index] for wave in waves),
        accounts=tuple(wave["account_id"] for wave in waves),
    )
    assert quotes.whole_interval(parts, None) == (parts.low, parts.high)
    other = pd.Series({"value": parts.value + 5, "low": 0.0, "high": 9.0, "p_adjusted": 0.05})
    assert quotes.whole_interval(parts, other) == (parts.low, parts.high)
    assert quotes.whole_p(parts, other) == pytest.approx(
        p_of_interval(parts.value, parts.low, parts.high, degrees_of_freedom=parts.accounts - 1)
    )


def test_the_leading_change_tells_the_p_of_its_own_test(two_waves):
    """Without weights and accounts it is Welch's, asked alone."""
    chosen = scores(two_waves)
    lead = chosen["satisfaction_mean"]
    found = loyalty.trend({name: one.each for name, one in chosen.items()}, two_waves["wave"],
                          order=["w1", "w2"], leading=lead.name)  # fmt: skip
    main = quotes.main_change(found, lead, ("w1", "w2"), 0.01)["main_change"]
    by = [lead.each[two_waves["wave"] == wave].dropna() for wave in ("w2", "w1")]
    assert main.p == pytest.approx(ttest_ind(*by, equal_var=False).pvalue, rel=0.02)
    assert main.p > 0.05
    assert main.verdict not in MOVED


def test_waves_that_are_not_weighted_are_named_under_the_trend(two_waves):
    lead = scores(two_waves)["nps"]
    numbers = {"value": [1.0, 2.0], "low": [0.0, 1.0], "high": [2.0, 3.0], "base": [300, 300]}
    path = pd.DataFrame(
        {"measure": "nps", "wave": ["w1", "w2"], "weighted": [False, True], **numbers}
    )
    assert "weighted to its own population, but for w1" in shown.history(path, lead, None).note
    plain = shown.history(path.assign(weighted=False), lead, None)
    assert plain.title.endswith("unweighted")
    assert "weighted" not in plain.note
    table = shown.steps(moved(two_waves), lead, 0.01, {"w1": "its population is not known"})
    assert "Unweighted: w1, for its population is not known." in table.text()


@pytest.mark.parametrize(
    ("weighting", "said"),
    [("all", "changes alike, each wave"), ("some", "where both waves can be"),
     ("none", "changes are unweighted")],
)  # fmt: skip
def test_the_line_of_trust_says_how_changes_count(weighting, said):
    found = SimpleNamespace(weighting=weighting)
    assert said in words.counting(found, weighted=True)
    assert words.counting(found, weighted=False) == "everyone counts alike"


def test_moves_name_all_who_were_heard_and_all_who_were_placed(rng):
    like = rng.normal(size=(200, 1))
    sides = [np.clip(np.rint(3 + like + 0.6 * rng.normal(size=(200, 3))), 1, 5) * 25 - 25
             for _ in range(4)]  # fmt: skip
    waves = [tuple(pd.DataFrame(side) for side in sides[k : k + 2]) for k in (0, 2)]
    waves[1][0].iloc[:8, :2] = np.nan
    named = quotes.moves(loyalty.transitions(*waves), "w1")
    text = say(words.moves(named), ChapterResult("loyalty", named)).text
    assert "Of 200 people who answered in both waves, 192 could be placed both times" in text
    same = quotes.moves(loyalty.transitions(waves[0], waves[0]), "w1")
    assert same["moved_excess"].verdict == "fewer"
    assert "fewer than chance alone" in words.moves(same)


def group(**cells):
    row = {"tested": True, "remark": "", "difference_low": 0.02, "difference_high": 0.21}
    return rows.differs(row | cells, 2)


def test_a_group_is_called_different_only_where_it_was_tested_and_reads_so():
    assert group() == "higher"
    assert group(difference_low=0.004) == "no clear difference"  # written 0.00
    assert group(remark="small base") == "higher; small base"
    untested = {"tested": False, "difference_low": np.nan, "difference_high": np.nan}
    assert group(remark="too few to test", **untested) == "too few to test"
    assert group(remark="not a group, so not tested", **untested) == "not a group, so not tested"


def test_accounts_without_spread_are_not_called_too_few():
    of = np.repeat(np.arange(40), 2)
    same = loyalty.roll_up(pd.Series([50.0] * 80), pd.Series([75.0] * 80), of)
    assert "every account scored the same" in shown.accounts(same).text
    level = pd.Series([50.0, 75.0] * 20)
    alone = loyalty.roll_up(level, level, np.arange(40))
    assert "too few accounts have two respondents" in shown.accounts(alone).text


def test_a_benchmark_of_another_year_says_so():
    ours = measure.Measure("effort_mean", "Effort", "scale", pd.Series([3.0, 4.0] * 40),
                           survey.mean, "effort", (1, 7), asked=(1, 7))  # fmt: skip
    outside = pd.DataFrame(
        [
            {
                "metric": "effort",
                "scale": "1-7",
                "mode": "web",
                "source": "s",
                "year": 2024,
                "p10": 2.0,
                "p50": 4.0,
                "p90": 6.0,
                "n": 50,
            }
        ]
    )
    found = loyalty.compare([ours], outside, pd.Series(["web"] * 80))
    assert "Ours are of 2026, those of 2024." in shown.benchmarks(found, [ours], 2026).text()
    assert "Ours are of" not in shown.benchmarks(found, [ours], 2024).text()


@pytest.mark.parametrize(
    ("ends", "verdict", "said"),
    [((-10.5, -2.6), "lower", "less loyal than their own colleagues"),
     ((2.6, 10.5), "higher", "more loyal than their own colleagues"),
     ((-2.6, 10.5), "not clear", "not statistically distinguishable")],
)  # fmt: skip
def test_deciders_are_set_against_their_colleagues_with_the_accounts_it_rests_on(
    ends, verdict, said
):
    gap = Figure("decider_gap", sum(ends) / 2, *ends, base=73, base_unit="accounts",
                 verdict=verdict)  # fmt: skip
    known = {"decider_gap": gap, "trapped": Figure("trapped", 0.2, unit="share")}
    text = say(sections.rolled(known), ChapterResult("loyalty", known)).text
    assert "73 accounts" in text
    assert said in text
    assert ("flatters it" in page.so_what(known)) is (verdict == "lower")


def test_a_gap_between_deciders_and_colleagues_is_judged_by_its_interval(rng):
    of, roles = np.repeat(np.arange(40), 2), ["decision_maker", "user"] * 40
    level = 60 + rng.normal(0, 3, 80)
    found = {
        shift: loyalty.roll_up(level + moved, level + moved, of, roles=roles).gap_verdict
        for shift, moved in ((-20, np.tile([-20.0, 0.0], 40)), (0, 0.0),
                             (20, np.tile([20.0, 0.0], 40)))
    }  # fmt: skip
    assert found == {-20: "lower", 0: "not clear", 20: "higher"}
    assert loyalty.roll_up(level, level, of).gap_verdict == "not clear"


def test_the_step_of_the_cut_offs_is_the_one_that_was_taken():
    found = loyalty.matrix([90.0] * 20 + [10.0] * 20, [90.0] * 40)
    assert "0.25 scale points" in shown.cut_offs(found, step=0.25).text
