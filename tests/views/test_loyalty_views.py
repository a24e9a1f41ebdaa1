"""The words, figures, tables and charts of the loyalty chapter: only what was found is said."""

from __future__ import annotations

import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from helpers.methods import loyalty, scorecard, stats
from helpers.results import ChapterResult, Figure
from helpers.views import charts
from helpers.views.quotes import loyalty as quotes
from helpers.views.quotes import loyalty_rows as rows
from helpers.views.quotes import loyalty_tables as shown
from helpers.views.words import loyalty as words
from helpers.views.words.sentences import say

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


def test_the_answer_leads_with_loyal_beside_satisfied_and_what_is_trapped():
    known = figures(truly_loyal=0.47, satisfied=0.65, trapped_revenue=0.23, trapped_money=0.7)
    text = words.answer(known, 1.0)
    assert text.startswith("{truly_loyal} of customers are truly loyal, while {satisfied:value}")
    assert "Trapped" in text


@pytest.mark.parametrize(
    ("ends", "said"),
    [((2.5, 5.0), " rose by "), ((-5.0, -2.5), " fell by "), ((-1.0, 5.0), "No reliable change")],
)
def test_a_direction_is_said_only_where_the_interval_clears_what_matters(ends, said):
    moved = Figure("main_change", sum(ends) / 2, *ends, unit="points", base=900)
    assert said in words.moved({"main_change": moved}, 2.0)


def test_without_an_earlier_wave_nothing_is_said_of_change():
    assert words.moved({}, 2.0) == ""
    assert "since" not in words.answer(figures(main=0.5), 2.0)


def test_more_than_chance_and_less_than_matters_has_no_direction():
    small = Figure("c", 0.5, 0.2, 0.8)
    assert words.reading(small, 2.0) == "more than chance, perhaps too little to matter"


def test_a_rise_is_worse_where_low_is_good():
    assert words.reading(Figure("c", 4.0, 3.0, 5.0), 2.0, better=-1) == "rose: worse"
    assert words.against(2.0, 2.4, 2.5, better=-1) == "met"


def test_a_weak_axis_is_said_and_gives_no_chances():
    known = figures(weak_alpha=0.1) | {"weak_axis": Figure("weak_axis", "behaviour", unit="text")}
    assert "do not hang together" in words.measured(known)
    assert "largely chance" in words.care(known)
    known |= figures(main=0.6, truly_loyal=0.2, trapped=0.1, satisfied=0.7)
    assert "truly_loyal" not in words.answer(known, 1.0)
    assert words.ask(known, "1 May")["owner"] == "Research lead"


def test_a_slow_drift_is_told_though_no_step_is_sure():
    waves = {k: Figure(k, k, unit="text") for k in ("first_wave", "last_wave", "main_label")}
    for ends, said in (((2.5, 5.0), "rose by"), ((0.5, 1.5), "too little to matter"),
                       ((-1.0, 1.0), "no reliable change")):  # fmt: skip
        whole = Figure("whole_change", sum(ends) / 2, *ends, unit="points", base=900)
        assert said in words.drifted(waves | {"whole_change": whole}, 2.0)
    assert words.drifted(waves, 2.0) == ""


def test_an_excess_that_may_be_nothing_makes_no_story():
    known = figures(moved=0.3, moved_by_chance=0.28, moved_excess=0.02)
    assert "may be nothing" in words.moves(known)
    sure = known | {"moved_truly": Figure("moved_truly", "yes", unit="text")}
    assert "more than scatter" in words.moves(sure)


def test_every_sentence_is_free_of_numbers_and_of_causes():
    known = figures(
        truly_loyal=0.4, satisfied=0.6, trapped=0.3, trapped_revenue=0.2, trapped_money=0.2,
        loyal_of_satisfied=0.6, decider_lower=0.1, rule_changes=0.2, rolled_accounts=0.3,
        moved=0.3, moved_by_chance=0.2, moved_excess=0.1, accessible=0.03, listed_accounts=0.1,
        truly_loyal_strict=0.2, truly_loyal_lenient=0.6, main=0.3, main_change=0.1,
    )  # fmt: skip
    texts = [
        words.answer(known, 1.0), words.so_what(known), words.care(known), words.moves(known),
        words.rolled(known), words.ask(known, "1 May")["what"], *words.doubts(known),
    ]  # fmt: skip
    prose = [re.sub(r"\{[^}]*\}", "", text) for text in texts]
    assert all(prose)
    assert [text for text in prose if re.search(r"\d", text) or CAUSAL.search(text)] == []


def test_the_ask_changes_owner_and_content_with_what_is_known():
    assert words.ask({}, "1 May")["owner"] == "Research lead"
    named = words.ask(figures(trapped=0.3, rolled_accounts=0.1, listed_accounts=0.1), "1 May")
    assert named["owner"] == "Head of accounts"
    assert "{listed_accounts:value}" in named["what"]


def test_positions_beyond_the_outer_tenths_are_not_claimed():
    assert [words.worse_than(p) for p in (0.1, 0.5, 0.9)] == ["under 10%", "50%", "over 90%"]


def test_figures_of_the_matrix_are_those_of_the_result(people):
    attitude, behaviour = (loyalty.axis_scores(part) for part in axes(people))
    revenue = people.groupby("account_id")["revenue"].first()
    found = loyalty.matrix(attitude, behaviour, accounts=people["account_id"], revenue=revenue)
    named = quotes.matrix(found, "USD")
    row = found.share("Trapped", "revenue")
    assert named["trapped_revenue"].value == row["value"]
    assert named["trapped_money"].value == pytest.approx(row["value"] * revenue.sum())
    assert "trapped_money" not in quotes.matrix(found, "")


def test_every_table_and_chart_of_the_chapter_can_be_made(people):
    attitude, behaviour = (loyalty.axis_scores(part) for part in axes(people))
    of = people["account_id"]
    placed = loyalty.matrix(attitude, behaviour, accounts=of)
    rolled = loyalty.roll_up(attitude, behaviour, of, roles=people["role"])
    rows_of = [people["wave"] == wave for wave in ("w1", "w2")]
    waves = [
        loyalty.by_person([part[here] for part in axes(people)], people.loc[here, "contact_id"])
        for here in rows_of
    ]
    moves = loyalty.transitions(*waves)
    made = [
        charts.loyalty_matrix(placed), charts.segment_shares(placed), charts.segment_moves(moves),
        charts.account_scores(rolled), shown.segments(placed, wave="w2"), shown.cut_offs(placed),
        shown.axes(loyalty.axes(*axes(people))), shown.rules(rolled),
    ]  # fmt: skip
    for one in made:
        assert "nan" not in repr(one)
    for chart in made[:4]:
        assert chart.png(3.4)[:4] == b"\x89PNG"
        assert "Base" in chart.note


def test_the_scorecard_writes_each_change_with_its_reading(people):
    chosen = scorecard.measures(people, {"recommend": ["recommend"]}, {"recommend": (0, 10)},
                                {"recommend": "Would recommend"})  # fmt: skip
    now = people[people["wave"] == "w2"]
    current = scorecard.measures(now, {"recommend": ["recommend"]}, {"recommend": (0, 10)},
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


def test_a_withheld_group_shows_no_number():
    policy = SimpleNamespace(suppress=10, test=30, flag=100)
    points = pd.Series(np.linspace(50, 90, 84))
    tiers = pd.DataFrame({"tier": ["A"] * 40 + ["B"] * 40 + ["C"] * 4})
    found = loyalty.breakdown(points, tiers, policy)
    table = rows.breakdown_rows(found, "index").set_index("group")
    assert table.loc["C", ["shown", "range", "difference"]].tolist() == ["withheld", "–", "–"]


def test_a_share_changes_in_percentage_points(people):
    """Measures in shares are multiplied by 100 for the chart and its title alike."""
    share = scorecard.Measure("satisfaction_top", "Best", "share", people["recommend"],
                              stats.share, "share of the best", (0, 1), top=9)  # fmt: skip
    assert quotes.in_points(share) == (100.0, "points")
    parts = [people[people["wave"] == w] for w in ("w1", "w2")]
    values = [share.each[part.index] for part in parts]
    found = loyalty.change(*values, accounts=tuple(part["account_id"] for part in parts))
    chart = shown.split(found, share, 0.01, "w1")
    assert chart.title == "Share of the best: no reliable change since w1"
    assert f"{found.value * 100:+.1f}".replace("-", "−") in chart.alt


def test_a_sentence_about_a_withheld_figure_is_withheld():
    known = {"truly_loyal": Figure("truly_loyal", None, withheld="its base of 4 is under 10")}
    text = str(say(words.answer(known, 1.0), ChapterResult("loyalty", known)))
    assert text.startswith("Not shown")


def test_accounts_to_talk_to_come_by_segment_and_revenue(people):
    attitude, behaviour = (loyalty.axis_scores(part) for part in axes(people))
    rolled = loyalty.roll_up(attitude, behaviour, people["account_id"])
    revenue = people.groupby("account_id")["revenue"].first()
    table = rows.called(rolled, {i: f"Firm {i}" for i in range(150)}, revenue)
    assert set(table["segment"]) <= {"Accessible", "Trapped"}
    trapped = table[table["segment"] == "Trapped"]["revenue"]
    assert trapped.is_monotonic_decreasing
    assert table["chance"].between(0.25, 1).all()
