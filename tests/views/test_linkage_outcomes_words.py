"""What is said of other outcomes, of lags, of groups, and of how far to trust a link."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from helpers.methods import linkage
from helpers.results import ChapterResult, Figure
from helpers.views.linkage import figures_outcomes as quoted
from helpers.views.linkage import sentences_outcomes as words
from helpers.views.linkage import tables
from helpers.views.rendering.sentences import say

PER = {"per": Figure("per", 10.0, unit="decimal0")}


def outcomes(effect: float, corrected: float, unit: str = "per cent") -> linkage.Outcomes:
    table = pd.DataFrame({
        "outcome": ["growth_after", "products_added", "kept_from_offers"], "family": "claim",
        "unit": ["per cent", "per cent", unit], "effect": effect, "low": effect - 0.01,
        "high": effect + 0.01, "p": corrected, "corrected": corrected, "base": 400,
        "verdict": "not clear", "note": None,
    })  # fmt: skip
    return linkage.Outcomes(table, 10, 0.95, 400)


def said(template: str, figures: dict[str, Figure]) -> str:
    return say(template, ChapterResult("linkage", figures)).text


@pytest.mark.parametrize(
    ("effect", "corrected", "verdict", "start"),
    [
        (0.03, 0.01, "here", "Loyal customers spend more here: 3.0% (2.0% to 4.0%) for 10 points"),
        (0.03, 0.20, "not here", "That loyal customers spend more is not shown here (3.0%"),
        (-0.03, 0.01, "reverse", "Loyal customers spend less here: −3.0%"),
    ],
)
def test_a_claim_about_loyal_customers_is_told_by_its_corrected_p(
    effect, corrected, verdict, start
):
    found = quoted.claims(outcomes(effect, corrected, "points")) | PER
    assert {found[c].verdict for c in words.CLAIMS} == {verdict}
    assert said(words.claims(found), found).startswith(start)
    assert found["resist_offers"].unit == "points"  # of a share, in percentage points
    assert {found[c].p for c in words.CLAIMS} == {corrected}


def test_without_any_table_that_tells_a_claim_one_line_says_what_it_takes():
    assert words.claims({}) == words.UNTOLD


def test_a_claim_that_cannot_be_told_names_the_table_that_would():
    found = quoted.claims(outcomes(0.03, 0.01)) | PER
    del found["buy_wider"]
    assert "table holdings" in words.claims(found)


def test_why_no_month_of_the_survey_counts_is_always_said():
    assert words.lags({}) == words.SAME_TIME


@pytest.mark.parametrize(
    ("latest", "told"), [(4, "month 4 after the survey on, spend"), (6, "4 to 6")]
)
def test_months_that_fit_as_well_are_named_where_there_are_any(latest, told):
    delay = linkage.Delay(pd.DataFrame(), 4, 4, latest, 0.02, 0.001, 300, 200)
    found = quoted.delay(delay)
    assert told in said(words.DELAY(found), found)


def test_an_unseen_cause_is_set_beside_the_strongest_that_was_seen():
    cause = linkage.Unseen(0.1, 0.03, 1.9, 1.4, "tenure_months", 0.007, 900)
    found = quoted.unseen(cause, {"tenure_months": "length of the relationship"}) | PER
    text = said(words.unseen(found), found)
    assert (
        "explain 10% of what is left" in text
        and "length of the relationship, explains 0.7%" in text
    )
    alone = quoted.unseen(linkage.Unseen(0.1, 0.03, 1.9, 1.4, "", 0.0, 900), {}) | PER
    assert "strongest" not in said(words.unseen(alone), alone)


@pytest.mark.parametrize(
    ("outcome", "unit", "told"),
    [
        ("growth_after", "share", "2.0% (1.0% to 3.0%) more spend"),
        ("left_next_year", "share", "2.0 (1.0 to 3.0) percentage points of “left next year” more"),
        ("visits", "decimal2", "0.020 (0.010 to 0.030) more “visits”"),
    ],
)
def test_accounts_compared_with_themselves_are_told_in_the_outcomes_own_unit(outcome, unit, told):
    ends = np.log1p([0.02, 0.01, 0.03]) if outcome == "growth_after" else (0.02, 0.01, 0.03)
    link = SimpleNamespace(verdict="higher", p=0.02)
    found = quoted.within(linkage.Within(*ends, 0.001, 800, 300), outcome, unit, link) | PER
    assert told in said(words.THEMSELVES(found), found)
    assert found["within"].p == 0.02  # of the two tests the less sure one


def test_accounts_against_themselves_are_no_finding_where_the_link_is_none():
    sure = linkage.Within(0.02, 0.01, 0.03, 0.001, 800, 300)
    unclear = SimpleNamespace(verdict="not clear", p=0.6)
    found = quoted.within(sure, "visits", "decimal2", unclear)
    assert (found["within"].verdict, found["within"].p) == ("not clear", 0.6)
    assert "may as well be none" in said(words.THEMSELVES(found | PER), found | PER)


def test_a_link_that_most_choices_share_is_said_to_hold():
    table = pd.DataFrame({"effect": [1.0]})
    most = quoted.specifications(linkage.Specifications(table, 1.0, 0.9, 1.0, 10))
    some = quoted.specifications(linkage.Specifications(table, 1.0, 0.5, 1.0, 10))
    assert words.AGREE(most).startswith("The link does not hang")
    assert words.AGREE(some).startswith("How clear the link is depends")


def test_products_are_listed_only_where_they_differ():
    rows = {"complained": pd.Series(["complained"] * 60 + ["did not"] * 140),
            "Holds Pumps": pd.Series(["yes"] * 100 + ["others"] * 100),
            "Holds Valves": pd.Series(["yes", "others"] * 100)}  # fmt: skip
    customers = pd.DataFrame({"account_id": range(200), "left": [1.0] * 30 + [0.0] * 170})
    found = linkage.leavers(customers, rows)
    text = tables.leavers(found, 6).text()
    assert "Holds Pumps" in text and "Holds Valves" not in text
    assert "Had not complained in the year before" in text
    figures = quoted.leavers(found, 6)
    corrected = found.table.set_index("group")["corrected"]
    assert figures["complained_left"].p == corrected["complained"]
    assert figures["groups_clear"].p == corrected.min()
    assert said(words.COMPLAINTS(figures), figures).startswith("Of accounts that had complained")
    assert said(words.GROUPS(figures), figures).startswith("Of 4 groups compared, 3 differ")


def test_where_too_few_left_no_chance_is_told_of_groups():
    rows = {"complained": pd.Series(["complained"] * 60 + ["did not"] * 140)}
    customers = pd.DataFrame({"account_id": range(200), "left": [1.0] * 4 + [0.0] * 196})
    figures = quoted.leavers(linkage.leavers(customers, rows), 6)
    assert figures["complained_left"].p is figures["groups_clear"].p is None


@pytest.mark.parametrize(
    ("link", "p", "said"), [("higher", 0.001, "levels off"), ("not clear", 0.6, "no threshold")]
)
def test_a_threshold_is_told_only_where_scores_are_linked_to_what_came(link, p, said):
    bent = SimpleNamespace(
        verdict="levels off", threshold=64.0, threshold_low=60.0, threshold_high=70.0, base=600,
        p=0.04,
    )  # fmt: skip
    (told,) = quoted.response(bent, SimpleNamespace(verdict=link, p=p)).values()
    assert told.p == max(p, 0.04)
    assert (told.verdict, told.low) == (said, 60.0 if said == "levels off" else None)


def test_months_that_a_group_was_not_followed_and_intervals_of_none_lost_are_dashes():
    row = {"kind": "tier", "accounts": 20, "low": 0.8, "high": 0.95}
    table = pd.DataFrame([
        {**row, "group": "Key", "months": 6, "share": 0.9},
        {**row, "group": "Key", "months": 12, "share": 0.85},
        {**row, "group": "Core", "months": 6, "share": 1.0, "low": np.nan, "high": np.nan},
    ])  # fmt: skip
    made = tables.survival_by_group(linkage.GroupSurvival(table, {"tier": 0.01}, 40, 9, 0.95))
    core, key = made.rows
    assert key == ("Tier: Key", "20", "90%", "80% to 95%", "85%", "80% to 95%",
                   "differ beyond chance")  # fmt: skip
    assert core[2:6] == ("100%", "–", "–", "–")
    alike = linkage.GroupSurvival(table, {"tier": 0.2}, 40, 9, 0.95)
    assert tables.survival_by_group(alike).rows[0][-1] == "do not differ clearly"
