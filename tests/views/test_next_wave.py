"""Words, figures and the chart of the next wave's plan."""

from __future__ import annotations

import inspect
import re

import numpy as np
import pandas as pd
import pytest
from plans import plan_of

from helpers.methods.sample_design import PlanSettings
from helpers.results import ChapterResult, Figure, figures
from helpers.views.next_wave import figures as quotes
from helpers.views.next_wave import sentences as words
from helpers.views.next_wave import tables as rows
from helpers.views.next_wave.charts import margin_by_invitations
from helpers.views.rendering import sentences

DAY = pd.Timestamp("2026-11-02")


def planned(**choices):
    people = pd.DataFrame({"contact_id": [f"c{i}" for i in range(60)],
                           "account_id": [f"a{i // 3}" for i in range(60)]})  # fmt: skip
    people["opt_out"] = [i < 6 for i in range(60)]
    given = {"on": DAY, "rng": np.random.default_rng(1), "response_rate": 0.5} | choices
    return plan_of(contacts=people, **given)


def said(found, form=words.answer):
    named = figures(*found.values())
    return str(sentences.say(form(named), ChapterResult("next_wave", named)))


def test_an_answer_names_how_many_of_how_many_and_when():
    plan = planned(size=30)
    text = said(quotes.plan(plan, "2 November 2026"))
    accounts = plan.table["account_id"].nunique()
    assert text.startswith(
        f"Invite 30 of the 54 people who may be asked, at {accounts} accounts, on 2 November 2026."
    )
    assert "If 50% answer, as the plan assumes, that gives any share" in text
    assert "Expect 15 answers." in said(quotes.plan(plan, "2 November 2026"), words.known)


def test_few_answers_give_no_margin_but_the_base_they_miss():
    text = said(quotes.plan(planned(size=10), "2 November 2026", smallest=10))
    assert "Expect 5 answers: the report shows no figure from fewer than 10." in text
    assert "±" not in text


def test_a_margin_out_of_reach_is_said_to_be():
    found = quotes.plan(planned(margin=0.01, or_everyone=True), "2 November 2026")
    assert "everyone, and still short of the ± 1.0 percentage points asked for" in said(found)
    assert any("out of reach" in line for line in words.doubts(found))


def test_a_usual_margin_that_nobody_asked_for_is_called_usual_and_is_no_doubt():
    plan = planned(margin=0.01, or_everyone=True)
    found = quotes.plan(plan, "2 November 2026", margin_told=False)
    assert "the usual ± 1.0 percentage points are out of its reach" in said(found)
    assert "asked for" not in said(found)
    assert not any("out of reach" in line for line in words.doubts(found))
    assert "Usual margin" in rows.size_rows(plan, margin_told=False)["step"].tolist()
    assert "Margin asked for" in rows.size_rows(plan)["step"].tolist()


@pytest.mark.parametrize(
    ("settings", "told", "asked"),
    [
        (PlanSettings(), {"size": 3}, False),
        (PlanSettings(), {"margin": 3.0}, True),
        (PlanSettings(margin=4), {}, True),
    ],
)
def test_a_margin_is_asked_for_where_somebody_set_it(settings, told, asked):
    assert quotes.margin_is_told(settings, told) is asked


def test_a_plan_of_the_whole_list_says_that_it_is_everyone():
    whole = quotes.plan(planned(size=54), "2 November 2026")
    part = quotes.plan(planned(size=53), "2 November 2026")
    assert (whole["invited"].verdict, part["invited"].verdict) == ("everyone", "part")
    assert set(whole) == set(part)
    assert "only a higher response rate, or more names" in words.so_what(whole)
    assert words.so_what(part).endswith("from a shorter list.")


def test_who_is_left_out_is_counted_and_nobody_left_out_is_said():
    found = quotes.plan(planned(size=30), "2 November 2026")
    assert said(found, words.left_out).startswith("6 of the 60 people on the list may not")
    whole = planned(size=30)
    shown = rows.exclusion_rows(whole)
    assert shown["reason"].tolist() == ["Opted out"]
    assert shown["share"].tolist() == [0.1]


def test_people_kept_out_are_a_share_of_all_who_were_listed():
    asked = pd.DataFrame({"disposition": ["excluded"] * 2 + ["complete"] * 98})
    found = quotes.kept_out(asked)
    assert found["kept_out_share"].value == 0.02
    assert found["kept_out"].base == 100
    none = figures(*quotes.kept_out(asked.iloc[2:]).values())
    assert "Of the 98 people listed in this wave, none is recorded" in said(none, words.left_out)
    assert set(none) == set(found)
    assert quotes.asked_now(asked) == 98
    assert quotes.asked_now(None) == 0


def test_a_change_beyond_the_list_is_called_noise():
    needed = Figure("change_invitations", 9_000, unit="count", verdict="beyond")
    score = Figure("main_label", "net promoter score", unit="text")
    shared = (Figure("change_wanted", 4.0), needed, score)
    text = said(figures(*shared), words.so_what)
    assert "A change of the net promoter score by 4.0 points cannot be seen with this list" in text
    assert "9,000 invitations in each wave" in text


def test_steps_lead_from_the_eligible_to_the_number_and_on_to_the_list():
    plan = planned(margin=0.2)
    size, listed = rows.size_rows(plan), rows.list_rows(plan)
    assert size["step"].iloc[0] == "Eligible"
    assert size["step"].iloc[-1] == "Invitations needed"
    assert listed["step"].iloc[0] == "Can be asked"
    shown = listed.set_index("step")["shown"]
    assert shown["Invited"] == str(plan.base)
    assert shown["Margin to expect"].endswith("points")
    assert len(size) + len(listed) < len(plan.steps)  # the list and its exclusions stand apart


def test_the_command_holds_every_setting_and_a_size_where_the_margin_is_out_of_reach():
    plan = planned(margin=0.01, or_everyone=True)
    told = rows.command("acme", PlanSettings(margin=1, seed=7), plan, ["tier", "size class"],
                          "2026-11-02")  # fmt: skip
    assert told == (
        "handbook sample acme --size 54 --take-all 50 --per-role 0 --allocation proportional "
        '--selection accounts --quarantine 90 --strata "tier,size class" --on 2026-11-02 --seed 7'
    )


def test_the_sum_of_the_chances_is_the_number_invited():
    plan = planned(size=30)
    shown = rows.drawn_rows(plan, PlanSettings(size=30), DAY, "…").set_index("what")["value"]
    assert shown["Their sum"] == "30.0, for 30 invited"
    assert shown["Seed"] == "20261102"
    assert shown["Inclusion probabilities"] == "55.6% to 55.6%"


def test_the_chosen_division_is_marked_and_the_impossible_is_named():
    table = pd.DataFrame(
        {"allocation": ["proportional", "neyman", "proportional"], "margin": [5.0, np.nan, 4.0],
         "worst": [9.0, np.nan, 8.0],
         "take_all_share": [np.nan, np.nan, 0.0], "why": ["", "no answers vary", ""]}
    )  # fmt: skip
    shown = rows.alternative_rows(table, "proportional")["label"].tolist()
    assert shown[0] == "In proportion to people (the plan)"
    assert shown[2] == "In proportion to people, no account for certain"
    assert rows.impossible(table) == [
        "By how far answers vary (Neyman): not possible, as no answers vary."
    ]


def test_accounts_nobody_of_whom_may_be_asked_are_counted_with_their_revenue():
    listed = pd.DataFrame({"account_id": ["a0", "a5", "a6"], "revenue": [30.0, 40.0, 30.0]})
    found = quotes.unreachable(planned(size=30), listed)
    assert found["unreached_accounts"].value == 1  # all three of a0 opted out
    assert found["unreached_revenue"].value == pytest.approx(0.3)
    assert any("nobody may be asked" in line.lower() for line in words.doubts(found))
    small = listed.assign(revenue=[1.0, 80.0, 19.0])
    few = quotes.unreachable(planned(size=30), small)
    assert not any("nobody may be asked" in line.lower() for line in words.doubts(few))
    assert quotes.unreachable(planned(size=30), listed.iloc[1:]) == {}


def test_a_plan_without_known_rates_says_what_it_takes_for_granted():
    found = planned(size=30, response_rate=None)
    assert any("response rate is not known" in line for line in quotes.gaps(found))
    assert any("no column active" in line for line in quotes.gaps(found))


CURVE = pd.DataFrame({"size": [100, 200, 400], "margin": [10.0, 7.0, 5.0]})


def test_the_chart_says_its_finding_with_the_wave_beside_the_plan():
    chart = margin_by_invitations(CURVE, planned=400, asked_now=200, score="net promoter score")
    assert chart.title == "400 invitations give the net promoter score to within ± 5.0 points"
    assert "this wave, 200 invitations, ± 7.0" in chart.alt
    for width in (7.2, 3.4):
        assert chart.png(width).startswith(b"\x89PNG")


def test_the_chart_needs_the_plan_among_its_sizes():
    with pytest.raises(ValueError, match="the plan of 300 invitations is not among the sizes"):
        margin_by_invitations(CURVE, planned=300)


def test_the_chart_of_a_certain_result_can_be_drawn():
    flat = CURVE.assign(margin=0.0)
    assert margin_by_invitations(flat, planned=100).png(3.4)


def test_no_template_holds_a_number_or_a_causal_verb():
    for text in re.findall(r'"((?:[^"\\]|\\.)*)"', inspect.getsource(words)):
        prose = re.sub(r"\{[^}]*\}", "", text)
        assert not re.search(r"\b(causes|drives|leads to|results in|increases|reduces)\b", prose)
        assert not re.search(r"(?<![\w-])\d", prose), text
