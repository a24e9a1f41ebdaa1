"""The words, figures, tables and charts of the loyalty chapter: only what was found is said."""

from __future__ import annotations

import re
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import ttest_ind, ttest_rel

from helpers.methods import loyalty, measure, scorecard, survey
from helpers.methods.claims import level
from helpers.methods.loyalty.membership import by_chances
from helpers.methods.loyalty.segments import KEYS
from helpers.results import ChapterResult, Figure
from helpers.views.loyalty import charts, charts_change, rows
from helpers.views.loyalty import figures as quotes
from helpers.views.loyalty import figures_change as quoting
from helpers.views.loyalty import figures_headline as headline
from helpers.views.loyalty import sentences as words
from helpers.views.loyalty import sentences_change as changing
from helpers.views.loyalty import sentences_sections as sections
from helpers.views.loyalty import tables as shown
from helpers.views.rendering.numerals import percent
from helpers.views.rendering.sentences import say

CAUSAL = re.compile(r"\b(causes?|saves?|drives?|leads? to|because of)\b")


def figures(**values):
    """Figures of a value each, with an interval round it."""
    return {
        name: Figure(name, value, value - 0.02, value + 0.02, unit="share", base=400, grade="C")
        for name, value in values.items()
    }


@pytest.fixture
def people(rng):
    """Two waves of 150 accounts, with roles, two axes and a net promoter score."""
    of = np.repeat(np.arange(150), 3)
    level = rng.normal(0, 0.7, 150)[of]
    parts = []
    for wave in ("w1", "w2"):
        feel = level + rng.normal(0, 0.7, len(of))
        frame = pd.DataFrame({"wave": wave, "account_id": of, "contact_id": np.arange(len(of))})
        for name, mean in (("like", 3.8), ("trust", 3.9), ("stay", 4.3), ("buy", 4.0)):
            seen = mean + 0.9 * feel + 0.6 * rng.normal(size=len(of))
            frame[name] = np.clip(np.rint(seen), 1, 5) * 25.0 - 25
        frame["recommend"] = np.clip(np.rint(8 + 2 * feel), 0, 10)
        parts.append(frame)
    whole = pd.concat(parts, ignore_index=True)
    roles = np.tile(["decision_maker", "user", "user"], 300)
    return whole.assign(role=roles, revenue=1000.0 + whole["account_id"])


def axes(people):
    return people[["like", "trust"]], people[["stay", "buy"]]


def texts(**named):
    return {name: Figure(name, text, unit="text") for name, text in named.items()}


def judged(known, **verdicts):
    """The figures with verdicts, those that are not there made of a text."""
    made = {name: known.get(name) or Figure(name, "why", unit="text") for name in verdicts}
    return known | {name: replace(made[name], verdict=word) for name, word in verdicts.items()}


HIGH_RISK = {"largest_group": "High Risk", "largest_meaning": "neither happy nor set to stay"}


def test_the_answer_leads_with_loyal_and_names_the_largest_other_group():
    known = figures(truly_loyal=0.21, truly_loyal_true=0.16, satisfied=0.25, largest_share=0.51)
    known |= texts(satisfied_from="8 or more, of 1 to 10", **HIGH_RISK)
    known = judged(known, largest_share="clear")
    text = words.answer(known)
    assert text.startswith("{truly_loyal_true} of {truly_loyal_true:base} are truly loyal; ")
    assert "the largest other group is {largest_group}, {largest_share}" in text
    assert "revenue" not in text
    money = known | figures(largest_revenue=0.4, largest_money=0.4, largest_revenue_lowest=0.2,
                            largest_revenue_highest=0.5)  # fmt: skip
    told = sections.rolled(money | texts(largest_revenue_how="corrected for measurement error"))
    assert "Accounts that are {largest_group} bring {largest_revenue} of" in told
    assert "{largest_revenue_lowest:value} to {largest_revenue_highest:value}" in told


def test_without_chances_a_share_is_said_to_be_observed():
    known = figures(truly_loyal=0.21, satisfied=0.25) | texts(satisfied_from="8 or more")
    assert words.answer(known).startswith(
        "{truly_loyal} of {truly_loyal:base} are truly loyal (obs"
    )


def test_groups_are_ranked_by_how_the_base_truly_divides():
    """Observed, more are Trapped (60 beside 50); corrected, more are High Risk."""
    found = matrix_of(loyal=80, accessible=10, trapped=60, risk=50)
    shares = np.array([0.35, 0.02, 0.23, 0.40])
    chances = by_chances(
        pd.DataFrame([shares] * 200, columns=list(KEYS.values())), found.people["segment"],
        (shares, shares - 0.02, shares + 0.02),
    )  # fmt: skip
    assert headline.largest(found)["largest_group"].value == "Trapped"
    named = headline.largest(found, chances)
    assert named["largest_group"].value == "High Risk"
    assert named["largest_share"].value == pytest.approx(0.40)
    assert named["largest_share"].verdict == "clear"


def test_the_largest_group_stands_alone_only_where_it_is_clearly_the_largest():
    """Of 200, 120 at High Risk beside 20 Trapped; then 60 beside 50."""
    sure = matrix_of(loyal=40, accessible=20, trapped=20, risk=120)
    named = headline.largest(sure)
    assert named["largest_group"].value == "High Risk"
    assert named["largest_share"].value == pytest.approx(0.6)
    assert named["largest_share"].verdict == "clear"
    assert "{second_group}" not in words.answer(named | figures(truly_loyal=0.4))
    close = headline.largest(matrix_of(loyal=80, accessible=10, trapped=50, risk=60))
    assert [close[f"{place}_group"].value for place in ("largest", "second")] == [
        "High Risk", "Trapped",
    ]  # fmt: skip
    assert "{second_group}, {second_share}" in words.answer(close | figures(truly_loyal=0.4))
    assert charts.loyalty_matrix(sure).title == (
        "Observed: Truly Loyal 20%, Accessible 10%, Trapped 10% and High Risk 60%"
    )


def matrix_of(*, loyal, accessible, trapped, risk):
    attitude = [90.0] * (loyal + accessible) + [20.0] * (trapped + risk)
    behaviour = [90.0] * loyal + [20.0] * accessible + [90.0] * trapped + [20.0] * risk
    return loyalty.matrix(attitude, behaviour)


@pytest.fixture
def heard(people):
    """The matrix and the roll-up of the people, with the revenue of their accounts."""
    attitude, behaviour = (loyalty.axis_scores(part) for part in axes(people))
    of, revenue = people["account_id"], people.groupby("account_id")["revenue"].first()
    return (
        loyalty.matrix(attitude, behaviour, accounts=of, revenue=revenue),
        loyalty.roll_up(attitude, behaviour, of, roles=people["role"], revenue=revenue),
    )


def test_revenue_of_the_largest_group_has_the_range_over_the_rules_beside_it(heard):
    placed, rolled = heard
    named = headline.largest(placed)
    named |= headline.largest_money(rolled, named, "USD")
    group = named["largest_group"].value
    row = rolled.segment_shares.set_index(["counted", "segment"]).loc["revenue", group]
    assert named["largest_revenue"].value == row["value"]
    assert named["largest_money"].value == pytest.approx(row["value"] * rolled.revenue)
    by_rule = rolled.shares.loc[rolled.shares["segment"] == group, "revenue"]
    ends = [named[f"largest_revenue_{end}"].value for end in ("lowest", "highest")]
    assert ends == [by_rule.min(), by_rule.max()]
    assert headline.largest_money(rolled, named, "") == {}
    assert headline.largest_money(rolled, {}, "USD") == {}


def test_revenue_whose_interval_spans_half_of_all_is_not_led_with(heard):
    placed, rolled = heard
    named = headline.largest(placed)
    wide = replace(
        rolled, segment_shares=rolled.segment_shares.assign(low=0.06, high=0.91, value=0.45)
    )
    assert "largest_money" in headline.largest_money(rolled, named, "USD")
    assert headline.largest_money(wide, named, "USD") == {}


def test_what_each_rule_makes_of_accounts_and_revenue_is_shown(heard):
    placed, rolled = heard
    table = rows.share_rows(rolled, placed).set_index("rule")
    assert table.index[0] == "Chances of each account"
    assert len(table) == 6
    by_mean = rolled.shares.set_index(["rule", "segment"]).loc["account_mean", "Trapped"]
    written = f"{percent(by_mean['value'])} / {percent(by_mean['revenue'])}"
    assert table.loc["Mean of its people", "Trapped"] == written
    assert "Mean of its people" in shown.rule_shares(rolled, placed).text()


def test_segments_are_shown_corrected_beside_the_observed_share(heard, people):
    placed, rolled = heard
    chances = loyalty.membership(*axes(people))
    row = rows.segment_rows(placed, chances, rolled).iloc[0]
    assert row["people"].startswith(percent(chances.share("Truly Loyal")["value"]))
    assert row["observed"] == percent(placed.share("Truly Loyal")["value"])
    assert {"accounts", "revenue"} <= set(row.index)
    text = shown.segments(placed, chances, rolled, wave="w2").text()
    assert "Of people, corrected for measurement error" in text
    assert "Of their revenue, corrected for measurement error" in text
    assert "observed" not in rows.segment_rows(placed)


def test_title_chart_and_table_give_one_value_for_the_share_of_a_segment(heard, people):
    placed, rolled = heard
    chances = loyalty.membership(*axes(people))
    value = percent(chances.share("High Risk")["value"])
    assert value != percent(placed.share("High Risk")["value"])
    matrix = charts.loyalty_matrix(placed, chances)
    assert f"High Risk {value}" in matrix.title
    assert f"High Risk {value} (" in matrix.alt
    assert "corrected for measurement error" in matrix.note
    shares = charts.segment_shares(placed, chances, rolled)
    assert f"High Risk of people {value} (" in shares.alt
    divided = rolled.segment_shares.set_index(["counted", "segment"]).loc[
        ("revenue", "High Risk"), "value"
    ]
    assert f"High Risk of revenue {percent(divided)} (" in shares.alt


def test_the_line_is_moved_for_each_kind_of_share_under_a_name_of_its_own(heard, people):
    placed, _ = heard
    chances = loyalty.membership(*axes(people), steps=(12.5, 12.5))
    at = chances.sensitivity.query("declared and segment == 'Truly Loyal'")["value"].iloc[0]
    assert at == pytest.approx(chances.share("Truly Loyal")["value"])
    moved = quotes.matrix(placed) | quotes.membership(chances)
    assert moved["truly_loyal_strict"].value == chances.range("Truly Loyal")[0]
    assert moved["truly_loyal_strict_observed"].value == placed.range("Truly Loyal")[0]


def test_satisfied_is_not_loyal_is_said_only_where_every_line_shows_it():
    known = figures(loyal_of_satisfied=0.6, loyal_of_satisfied_lowest=0.5, trapped=0.1,
                    loyal_of_satisfied_highest=0.7)  # fmt: skip
    for verdict, said in (("not clear", False), ("fewer", True)):
        text = words.so_what(judged(known, loyal_of_satisfied=verdict))
        assert ("Satisfied is not loyal" in text) is said
    answers, segment = pd.Series([10, 10, 8, 8] * 30), pd.Series(["Truly Loyal"] * 120)
    points = (answers - 1) / 9 * 100
    assert loyalty.satisfied_and_loyal(points, segment, cut=75, others=(90,)).verdict == "not clear"
    segment[answers == 8] = "Trapped"
    for lines, verdict in (((), "fewer"), ((90,), "not clear")):
        found = loyalty.satisfied_and_loyal(points, segment, cut=75, others=lines)
        named = quotes.satisfied(found, answers, (1, 10), 75)
        assert named["loyal_of_satisfied"].verdict == verdict
    assert "9 or more" not in named["satisfied_from"].value
    table = rows.satisfied_rows(found, answers, (1, 10))
    assert table["line"].tolist() == ["8 or more, of 1 to 10", "10 or more, of 1 to 10"]


def test_sides_that_could_not_be_judged_lead_with_the_score_alone():
    both = pd.DataFrame({"attitude": [50.0] * 40, "behaviour": [75.0] * 40})
    made = headline.sides(None, "behaviour has 1 question", both, 30)
    assert made["sides"].verdict == "unjudged"
    known = figures(main=0.6, truly_loyal=0.2, trapped=0.1, satisfied=0.7, largest_share=0.4)
    known |= texts(main_label="loyalty index") | made
    said = [words.answer(known), words.so_what(known), sections.measured(known)]
    assert [text for text in said if "truly_loyal" in text or "largest" in text] == []
    assert "behaviour has 1 question" in str(say(said[0], ChapterResult("x", known)))
    assert words.ask(known, "1 May")["owner"] == "Research lead"


def test_an_axis_that_runs_against_itself_is_named_without_a_number(rng):
    """A question and its mirror: no reliability at all, and no sentence that needs one."""
    like = pd.DataFrame(rng.integers(0, 5, (90, 2)) * 25.0)
    stay = like.assign(against=100 - like[0])[[0, "against"]]
    found = loyalty.axes(like, stay)
    both = loyalty.side_scores({"attitude": like, "behaviour": stay})
    known = quotes.axes(found) | headline.sides(found, "", both, 30)
    assert known["sides"].verdict == "against"
    assert known["weak_axis"].value == "behaviour"
    assert "weak_alpha" not in known
    assert "check which of them are reversed" in sections.measured(known)
    assert words.ask(known, "1 May")["what"].startswith("Check whether a question")
    weak = judged(texts(weak_axis="behaviour") | figures(weak_alpha=0.3), sides="weak")
    assert words.ask(weak, "1 May")["what"].startswith("Replace the questions")
    assert words.doubts(known)[0].startswith("The questions on {weak_axis} do not rise and fall")
    assert headline.unjudged(found) == "the questions on behaviour do not hang together"


@pytest.mark.parametrize("verdict", ["one", "perhaps one", "two"])
def test_segments_lead_only_where_the_two_sides_may_be_two(verdict):
    known = figures(main=0.6, truly_loyal=0.4, satisfied=0.5, trapped=0.3, axes_disattenuated=0.9,
                    truly_loyal_true=0.38,
                    truly_loyal_strict=0.2, truly_loyal_lenient=0.6)  # fmt: skip
    known |= texts(main_label="loyalty index") | headline.line(0.5)
    known = judged(known, sides=verdict)
    one, sure = verdict == "one", verdict == "two"
    text = words.answer(known)
    assert text.startswith("The {main_label} is {main}.") is one
    assert ("truly_loyal" in text) is not one
    assert (words.matrix_title(known) is None) is not one
    assert ("{axes_disattenuated}" in sections.care(known)) is not sure
    assert ("{axes_disattenuated}" in words.doubts(known)[0]) is not sure
    assert words.ask(known, "1 May")["what"].startswith("Reword") is one


def test_a_base_too_small_for_segments_says_only_that():
    """Six of twelve answered everything: nothing is claimed of the questions."""
    both = pd.DataFrame({"attitude": [50.0] * 12, "behaviour": [75.0] * 12})
    assert headline.sides(None, "few", both, 12)["sides"].verdict == "unjudged"
    known = headline.sides(None, "few", both, 30) | figures(main=0.5)
    known |= texts(main_label="loyalty index")
    said = [
        words.answer(known), words.so_what(known), words.ask(known, "1 May")["what"],
        sections.care(known), sections.measured(known),
    ]  # fmt: skip
    assert "{people_placed:value}" in said[0]
    assert [text for text in said if "hang together" in text or "{truly_loyal" in text] == []
    assert words.ask(known, "1 May")["owner"] == "Research lead"
    assert words.doubts(known) == ()


def test_a_doubt_names_no_figure_that_was_withheld():
    known = figures(rolled_accounts=0.3, truly_loyal_strict=0.2, truly_loyal_lenient=0.4)
    known |= headline.line(0.5)
    known |= {"rule_changes": Figure("rule_changes", None, withheld="its base of 9 is under 10")}
    assert len(words.doubts(known)) == 1
    assert "rule" not in words.doubts(known)[0]
    assert sections.rolled(known) == ""


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ((2.5, 5.0), " rose since "),
        ((-5.0, -2.5), " fell since "),
        ((-1.0, 5.0), "No reliable change"),
    ],
)
def test_a_direction_is_said_only_where_the_interval_clears_what_matters(ends, said):
    moved = Figure("main_change", sum(ends) / 2, *ends, unit="points", base=900)
    known = texts(main_label="index", before_wave="w1") | {"main_change": moved}
    assert said in changing.MAIN(judged(known, main_change=quoting.verdict(moved, 2.0)))


def test_without_an_earlier_wave_nothing_is_said_of_change():
    assert changing.MAIN({}) == ""
    assert "since" not in words.answer(figures(main=0.5))


def test_more_than_chance_and_less_than_matters_has_no_direction():
    small, wide = Figure("c", 0.5, 0.2, 0.8), Figure("c", 1.8, 0.2, 3.4)
    said = [changing.reading(replace(c, verdict=quoting.verdict(c, 2.0))) for c in (small, wide)]
    assert said == [
        "more than chance, and too little to matter",
        "more than chance; may be too little to matter",
    ]


def test_a_rise_is_worse_where_low_is_good():
    rise = Figure("c", 4.0, 3.0, 5.0, verdict="rose")
    assert changing.reading(rise, better=-1) == "rose: worse"
    assert rows.against(2.0, 2.4, 2.5, better=-1) == "met"


def test_a_weak_axis_is_said_and_gives_no_chances():
    known = judged(figures(weak_alpha=0.1) | texts(weak_axis="behaviour"), sides="weak")
    assert "do not hang together" in sections.measured(known)
    assert "largely chance" in sections.care(known)
    known |= figures(main=0.6, truly_loyal=0.2, trapped=0.1, satisfied=0.7)
    assert "truly_loyal" not in words.answer(known)
    assert words.ask(known, "1 May")["owner"] == "Research lead"


def test_a_slow_drift_is_told_though_no_step_is_sure():
    waves = {k: Figure(k, k, unit="text") for k in ("first_wave", "last_wave", "main_label")}
    for ends, said in (((2.5, 5.0), "rose, by"), ((0.5, 1.5), "too little to matter"),
                       ((-1.0, 1.0), "no reliable change")):  # fmt: skip
        whole = Figure("whole_change", sum(ends) / 2, *ends, unit="points", base=900)
        verdict = quoting.verdict(whole, 2.0)
        known = judged(waves | {"whole_change": whole}, whole_change=verdict)
        assert said in changing.drifted(known)
    assert changing.drifted(waves) == ""


def test_an_excess_that_may_be_nothing_makes_no_story():
    known = figures(moved=0.3, moved_by_chance=0.28, moved_excess=0.02, moved_seen=1.0,
                    moved_placed=1.0) | texts(before_wave="w1")  # fmt: skip
    said = {
        verdict: changing.moves(judged(known, moved_excess=verdict))
        for verdict in ("more", "fewer", "not clear")
    }
    assert "may be nothing" in said["not clear"]
    assert "more than scatter" in said["more"]
    assert "fewer than chance alone" in said["fewer"]
    assert "may be nothing" not in said["fewer"]


def test_every_sentence_is_free_of_numbers_and_of_causes():
    known = figures(
        truly_loyal=0.4, satisfied=0.6, trapped=0.3, trapped_revenue=0.2, trapped_money=0.2,
        loyal_of_satisfied=0.6, decider_gap=0.1, rule_changes=0.2, rolled_accounts=0.3,
        loyal_of_satisfied_lowest=0.5, loyal_of_satisfied_highest=0.7, several_accounts=0.2,
        truly_loyal_true=0.3,
        moved=0.3, moved_by_chance=0.2, moved_excess=0.1, moved_seen=1.0, moved_placed=1.0,
        accessible=0.03, listed_accounts=0.1,
        truly_loyal_strict=0.2, truly_loyal_lenient=0.6, main=0.3, main_change=0.1,
    ) | texts(before_wave="w1", main_label="index")  # fmt: skip
    known = judged(
        known, loyal_of_satisfied="fewer", decider_gap="lower", moved_excess="more",
        main_change="rose", listed_accounts="some", sides="two",
    )  # fmt: skip
    said = [
        words.answer(known), words.so_what(known), sections.care(known), changing.moves(known),
        sections.rolled(known), words.ask(known, "1 May")["what"], *words.doubts(known),
    ]  # fmt: skip
    prose = [re.sub(r"\{[^}]*\}", "", text) for text in said]
    assert all(prose)
    assert [text for text in prose if re.search(r"\d", text) or CAUSAL.search(text)] == []


def test_the_ask_changes_owner_and_content_with_what_is_known():
    assert words.ask({}, "1 May")["owner"] == "Research lead"
    known = figures(trapped=0.3, rolled_accounts=0.1, listed_accounts=0.1)
    named = words.ask(judged(known, listed_accounts="some", sides="two"), "1 May")
    assert named["owner"] == "Head of accounts"
    assert "{listed_accounts:value}" in named["what"]


def test_positions_beyond_the_outer_tenths_are_not_claimed():
    assert [rows.worse_than(p) for p in (0.1, 0.5, 0.9)] == ["under 10%", "50%", "over 90%"]


def test_figures_of_the_matrix_and_of_accounts_are_those_of_the_results(heard):
    placed, rolled = heard
    assert (
        quotes.matrix(placed, "USD")["trapped_revenue"].value
        == (placed.share("Trapped", "revenue")["value"])
    )
    named = quotes.roll_up(rolled, "USD")
    row = rolled.segment_shares.set_index(["counted", "segment"]).loc["revenue", "Trapped"]
    assert named["trapped_money"].value == pytest.approx(row["value"] * rolled.revenue)
    assert named["rule_changes"].value == rolled.changed
    assert named["several_accounts"].value == rolled.several
    assert "trapped_money" not in quotes.roll_up(rolled)


def test_every_table_and_chart_of_the_chapter_can_be_made(people):
    attitude, behaviour = (loyalty.axis_scores(part) for part in axes(people))
    of = people["account_id"]
    placed = loyalty.matrix(attitude, behaviour, accounts=of)
    rolled = loyalty.roll_up(attitude, behaviour, of, roles=people["role"])
    sides = dict(zip(("attitude", "behaviour"), axes(people), strict=True))
    moves = loyalty.moves(sides, people, ("w1", "w2"))
    made = [
        charts.loyalty_matrix(placed), charts.segment_shares(placed),
        charts_change.segment_moves(moves), charts.account_scores(rolled),
        shown.segments(placed, wave="w2"), shown.cut_offs(placed),
        shown.axes(loyalty.axes(*axes(people))), shown.rules(rolled),
    ]  # fmt: skip
    for one in made:
        assert "nan" not in repr(one)
    for chart in made[:4]:
        assert chart.png(3.4)[:4] == b"\x89PNG"
        assert "Base" in chart.note


def test_the_scorecard_writes_each_change_with_its_reading(people):
    chosen = measure.measures(people, {"recommend": ["recommend"]}, {"recommend": (0, 10)},
                                {"recommend": "Would recommend"})  # fmt: skip
    now = people[people["wave"] == "w2"]
    current = measure.measures(now, {"recommend": ["recommend"]}, {"recommend": (0, 10)},
                                 {"recommend": "Would recommend"})  # fmt: skip
    card = scorecard.scorecard(current, {"weighted": None})
    moved = loyalty.trend({m.name: m.each for m in chosen}, people["wave"], order=("w1", "w2"))
    table = rows.trend_rows(card, current, moved, "w2", smallest=0.01, targets={"nps": -100})
    assert table["reading"].tolist() == ["no reliable change"]
    assert table["against"].tolist() == ["met"]
    text = shown.scorecard(card, current, moved, "w2", smallest=0.01, targets={}).text()
    assert "Target" not in text
    with pytest.raises(ValueError, match="outside its scale"):
        rows.trend_rows(card, current, moved, "w2", smallest=0.01, targets={"nps": 140})


@pytest.mark.parametrize(("apart", "verdict"), [(8.0, "above"), (4.0, "not clear")])
def test_the_best_group_and_its_kind_tell_how_often_chance_would(apart, verdict):
    """Of two groups there is one comparison: that of the two means."""
    policy = SimpleNamespace(suppress=10, test=30, flag=100)
    points = pd.Series(np.tile(np.linspace(50, 90, 50), 2))
    points[:50] += apart
    tiers = pd.DataFrame({"tier": ["A"] * 50 + ["B"] * 50})
    told = quotes.breakdown(loyalty.breakdown(points, tiers, policy), "index")
    best, kind = told["best_group_score"], told["kinds_apart"]
    assert best.p == pytest.approx(ttest_ind(points[:50], points[50:]).pvalue, rel=0.02)
    assert best.verdict == verdict
    assert (best.p <= level(0.95)) == (verdict == "above")
    assert (kind.p <= 0.05) == (kind.verdict == "some")


def test_a_gap_of_decision_makers_tells_the_p_of_its_differences():
    """One difference an account, 10 points down in the mean."""
    rng = np.random.default_rng(1)
    score = rng.uniform(40, 90, 40)
    score[::2] -= 10
    roles = ["decision_maker", "user"] * 20
    found = loyalty.roll_up(score, score, np.repeat(np.arange(20), 2), roles=roles)
    told = quotes.roll_up(found)["decider_gap"]
    assert told.p == pytest.approx(ttest_rel(score[::2], score[1::2]).pvalue)
    assert (told.p <= 0.05) == (told.verdict != "not clear")


def test_a_withheld_group_shows_no_number():
    policy = SimpleNamespace(suppress=10, test=30, flag=100)
    points = pd.Series(np.linspace(50, 90, 84))
    tiers = pd.DataFrame({"tier": ["A"] * 40 + ["B"] * 40 + ["C"] * 4})
    found = loyalty.breakdown(points, tiers, policy)
    table = rows.breakdown_rows(found, "index").set_index("group")
    assert table.loc["Tier: C", ["shown", "range", "difference"]].tolist() == ["withheld", "–", "–"]


def test_a_share_changes_in_percentage_points(people):
    """Measures in shares are multiplied by 100 for the chart and its title alike."""
    share = measure.Measure("satisfaction_top", "Best", "share", people["recommend"],
                              survey.proportion, "share of the best", (0, 1), top=9)  # fmt: skip
    assert quoting.in_points(share) == (100.0, "points")
    parts = [people[people["wave"] == w] for w in ("w1", "w2")]
    values = [share.each[part.index] for part in parts]
    found = loyalty.change(*values, accounts=tuple(part["account_id"] for part in parts))
    chart = shown.change_split(found, share, 0.01, "w1", None)
    assert chart.title == "Share of the best shows no reliable change since w1"
    assert f"{found.value * 100:+.1f}".replace("-", "−") in chart.alt


def test_an_answer_names_no_figure_that_was_withheld():
    known = {"truly_loyal": Figure("truly_loyal", None, withheld="its base of 4 is under 10")}
    text = str(say(words.answer(known), ChapterResult("loyalty", known)))
    assert text == "Too few answered to say how loyal customers are."


@pytest.fixture
def rolled(people):
    attitude, behaviour = (loyalty.axis_scores(part) for part in axes(people))
    return loyalty.roll_up(attitude, behaviour, people["account_id"])


def test_who_is_talked_to_and_in_which_order_is_said_by_the_account_list_alone(rolled):
    """One list for the whole report: loyalty counts whom it singles out and lists nobody."""
    known = headline.listed(rolled)
    assert known["listed_accounts"].value == len(rolled.singled_out) > 15
    line = shown.listed_accounts(rolled)
    assert 'href="accounts.html"' in line.html
    known = judged(known | figures(trapped=0.3, rolled_accounts=0.1), sides="two")
    said = str(say(words.ask(known, "1 May")["what"], ChapterResult("x", known)))
    assert f"Talk to the {len(rolled.singled_out)} accounts" in said
    assert "of the account list" in said


def test_no_account_is_listed_where_none_can_be_told_apart():
    """Accounts alike, colleagues not: every account is at the mean of all."""
    of, score = np.repeat(np.arange(40), 3), np.tile([40.0, 60.0, 80.0], 40)
    alike = loyalty.roll_up(score, score[::-1], of)
    assert alike.apart == 0
    assert alike.singled_out.empty
    text = str(shown.listed_accounts(alike))
    assert "No account is listed" in text
    known = headline.listed(alike) | figures(trapped=0.3, single_voice=0.4)
    assert known["listed_accounts"].verdict == "none"
    known = judged(known, sides="two")
    assert "second and third person" in words.ask(known, "1 May")["what"]
    alone = loyalty.roll_up(score, score, np.arange(120))
    assert "too few accounts have two respondents" in headline.why_none(alone)
