"""The operations chapter: what is said by verdict, to whom, and which earlier links are used."""

from __future__ import annotations

import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from helpers.methods import operations
from helpers.results import ChapterResult, Figure
from helpers.views.executive import sentences as executive
from helpers.views.operations import charts, figures, sentences, tables
from helpers.views.rendering.sentences import say

TEXTS = {"top_metric": "first response hours", "top_rating": "Technical support",
         "against_metric": "handling minutes", "against_rating": "Technical support",
         "against_owner": "Iain Brodie, Logistics", "target": "24 hours",
         "owner": "Nora Castell, Service"}  # fmt: skip


def told(verdict="pays", worth="gain", **more):
    """Figures of a chapter in which all could be told."""
    made = {name: Figure(name, text, unit="text") for name, text in TEXTS.items()}
    made["top_gain"] = Figure("top_gain", 0.83, 0.6, 1.0, unit="scale", verdict=verdict)
    made["tested"] = Figure("tested", 5, unit="count")
    made["missing"] = Figure("missing", 334, unit="count", base=465, base_unit="accounts")
    made["missing_share"] = Figure("missing_share", 0.72, unit="share")
    made["rating_change"] = Figure("rating_change", 0.6, 0.5, 0.7, unit="scale")
    made["loyalty_change"] = Figure("loyalty_change", 0.7, 0.2, 1.2, unit="scale")
    made["horizon"] = Figure("horizon", 6, unit="count")
    made["worth"] = Figure("worth", 750e3, 160e3, 1.6e6, unit="money:USD", verdict=worth)
    return {**made, **more}


def without(known, *names):
    return {name: figure for name, figure in known.items() if name not in names}


def read(template, known):
    return say(template, ChapterResult("operations", known)).text


ANSWERS = [
    told(), told(worth="not clear"), told("works against"), told("linked"),
    without(told(), "worth"), without(told(), "top_gain"), without(told(), "top_gain", "tested"),
]  # fmt: skip


@pytest.mark.parametrize("known", ANSWERS)
def test_an_answer_has_at_most_forty_words_and_six_numerals(known):
    text = read(sentences.answer(known), known)
    assert text and len(text.split()) <= 40
    assert len(re.findall(r"\d[\d.,]*", text)) <= 6


def test_money_is_said_only_where_it_is_clear():
    assert "$750k ($160k to $1.6M)" in read(sentences.answer(told()), told())
    unclear = told(worth="not clear")
    assert "$" not in read(sentences.answer(unclear), unclear)
    assert "cannot be told reliably" in sentences.so_what(unclear)


def test_a_null_result_is_one_line_and_no_chart():
    known = without(told(), "top_gain")
    assert read(sentences.answer(known), known) == (
        "None of 5 internal measures is reliably linked to the rating it should move."
    )
    nothing = operations.Effects(
        pd.DataFrame(columns=["slope", "low", "high", "verdict", "gain"]), (), {}, 0.95, True
    )
    assert charts.gains(nothing, {}, title="") is None
    assert nothing.top is None


def test_the_ask_is_of_who_owns_the_measure_by_the_day_given():
    ask = sentences.ask(told(), "30 July 2026")
    assert (ask["owner"], ask["due"]) == ("Nora Castell, Service", "30 July 2026")
    assert "{top_metric} to its target" in ask["what"]
    assert sentences.ask(without(told(), "owner"), "")["owner"] == "Head of operations"


def test_a_target_that_works_against_customers_is_named_in_ask_and_doubts():
    against = Figure("against", 0.3, 0.1, 0.5, unit="scale", verdict="works against")
    known = told(against=against)
    what = read(sentences.ask(known, "")["what"], known)
    assert "Iain Brodie, Logistics: take the target of handling" in what
    what = read(sentences.ask(without(known, "against_owner"), "")["what"], known)
    assert "; take the target of handling minutes" in what
    paid = known | {"against_paid": Figure("against_paid", "Service", unit="text")}
    what = read(sentences.ask(paid, "")["what"], paid)
    assert "Service is paid on handling minutes: what to do about that target" in what
    assert "off one team" not in what  # the chapter on alignment asks for that, with its own day
    assert "rated 0.30 (0.10 to 0.50) points lower" in read(sentences.doubts(known)[0], known)
    assert "off one team" not in sentences.ask(without(told(), "against_metric"), "")["what"]


@pytest.mark.parametrize("missing", ["missing", "target"])
def test_without_a_target_the_ask_is_to_set_one(missing):
    assert sentences.ask(without(told(), missing, "against_metric"), "")["what"].startswith(
        "Set a target for"
    )


def drivers(outcome="the loyalty index (0 to 100)", points="points"):
    table = pd.DataFrame({"driver": ["speed"], "effect": [2.0], "effect_low": [1.0],
                          "effect_high": [3.0], "base": [700]})  # fmt: skip
    known = {"outcome_label": outcome, "points": points}
    told_by = {name: Figure(name, text, unit="text") for name, text in known.items()}
    return ChapterResult("drivers", told_by, {"drivers": table})


def linkage(verb="stayed", score="loyalty", row="corrected"):
    table = pd.DataFrame({"estimate": [row], "effect": [0.04], "low": [0.02], "high": [0.06],
                          "base": [900]})  # fmt: skip
    known = {"outcome_verb": verb, "score_label": score}
    told_by = {n: Figure(n, text, unit="text") for n, text in known.items() if text}
    return ChapterResult("linkage", {**told_by, "per": Figure("per", 10.0)}, {"link": table})


def test_links_of_earlier_chapters_are_read_and_not_computed_again():
    assert figures.loyalty_links(drivers(), "Loyalty")["speed"] == operations.Link(2, 1, 3, 700)
    assert figures.staying_link(linkage(), "Loyalty") == operations.Link(0.04, 0.02, 0.06, 900, 10)


@pytest.mark.parametrize(
    "earlier",
    [
        None,
        drivers("“Satisfaction”"),
        drivers("the chance of loyalty", "percentage points"),
        ChapterResult("drivers", {}),
    ],
)
def test_a_rating_is_followed_to_loyalty_only_where_that_was_explained(earlier):
    assert figures.loyalty_links(earlier, "Loyalty") == {}


@pytest.mark.parametrize(
    "earlier",
    [
        None,
        linkage(verb=""),
        linkage(score="satisfaction"),
        linkage(row="adjusted"),
        ChapterResult("linkage", {}),
    ],
)
def test_loyalty_is_followed_to_staying_only_where_the_corrected_link_is_known(earlier):
    assert figures.staying_link(earlier, "Loyalty") is None


def test_a_chain_has_the_grade_of_its_weakest_link_and_b_at_best():
    graded = ChapterResult("drivers", {"top_effect": Figure("top_effect", 1.0, grade="C")})
    proven = ChapterResult("linkage", {"effect": Figure("effect", 1.0, grade="A")})
    assert figures.weakest(proven, None) == "B"
    assert figures.weakest(graded, proven) == "C"


def test_the_account_shows_nothing_as_a_dash_and_parts_by_name():
    whole = operations.Claim("revenue at risk", "retention", 6.6e6)
    part = operations.Claim("targets met", "retention", 1e6, part_of="revenue at risk")
    shown = tables.account(operations.reconciled([whole, part]), "USD").text()
    assert "part of: revenue at risk that is linked to low scores" in shown
    assert re.search(r"Growth +no clear link from a target to more spend +– +–", shown)


def test_where_most_rate_badly_on_target_is_named():
    table = pd.DataFrame({
        "metric": ["on_time", "wait"], "rating": ["delivery", "speed"], "on_target": [0.1, 0.3],
        "on_low": [0.05, 0.2], "on_high": [0.2, 0.4], "on_base": [80, 90],
        "off_target": [0.2, np.nan], "off_low": 0.1, "off_high": 0.3, "off_base": [50, 4],
    })  # fmt: skip
    found = figures.felt(table, {"delivery": "Delivery"})
    assert (found["fine_metric"].value, found["fine_bad"].value) == ("on time", 0.1)
    assert figures.felt(table.tail(1), {}) == {}


def test_who_owns_a_measure_is_its_owner_else_the_function_of_the_rating():
    line = pd.Series({"owner": "", "functions": ""})
    assert figures.owned_by(line, "speed", {"speed": "Service"}.get) == "Service"
    named = pd.Series({"owner": "Nora Castell", "functions": "Care"})
    assert figures.owned_by(named, "speed", str) == "Nora Castell, Care"


@pytest.mark.parametrize(("verdict", "amount"), [("clear", 6.6e6), ("not clear", None)])
def test_revenue_at_risk_is_claimed_only_where_its_link_is_clear(verdict, amount):
    excess = Figure("risk_excess", 6.6e6, 1.0, 9e6, unit="money:USD", verdict=verdict)
    assert figures.at_risk(ChapterResult("linkage", {"risk_excess": excess})) == amount
    assert figures.at_risk(None) is None


@pytest.mark.parametrize(("verdict", "said"), [("gain", True), ("not clear", False)])
def test_the_executive_page_takes_a_sentence_of_it_only_where_it_is_clear(verdict, said):
    known = {
        "operations__worth": Figure("w", 1.0, 0.5, 2.0, verdict=verdict),
        "operations__top_metric": Figure("m", "wait", unit="text"),
        "drivers__top_effect": Figure("e", 2.0, 1.0, 3.0),
        **{f"drivers__{n}": Figure(n, n, unit="text")
           for n in ("top_driver", "step", "outcome_label", "points")},
    }  # fmt: skip
    ((_, _, sentence),) = executive.aspects(known)
    assert ("Inside, move {operations__top_metric}" in sentence) is said


def spend(verdict="here", score="loyalty", value=0.016):
    figures_ = [
        Figure("spend_more", value, 0.01, 0.02, unit="share1", base=904, verdict=verdict),
        Figure("spend_corrected", 0.043, 0.029, 0.059, unit="share1", base=904),
        Figure("revenue_kept", 0.0028, 0.001, 0.005, unit="share1", base=309),
        Figure("kept_points", 1.0, unit="decimal0"),
        Figure("score_label", score, unit="text"),
        Figure("per", 10.0, unit="decimal0"),
        Figure("left_all", 0.07, unit="share"),
    ]
    return ChapterResult("linkage", {figure.name: figure for figure in figures_})


def test_spend_follows_loyalty_only_where_that_link_is_clear_and_of_this_score():
    true = operations.Link(0.043, 0.029, 0.059, 904, 10)  # measurement error taken out
    assert figures.spending_link(spend(), "Loyalty") == true
    for earlier in (None, spend("not here"), spend("reverse"), spend(score="satisfaction")):
        assert figures.spending_link(earlier, "Loyalty") is None
    noisy = spend()
    del noisy.figures["spend_corrected"]
    assert figures.spending_link(noisy, "Loyalty") is None
    assert figures.staying_share(spend()) == pytest.approx(0.93)
    assert figures.staying_share(None) == 1


def test_what_a_target_keeps_is_a_share_of_revenue_by_its_own_points():
    kept = operations.Link(0.0028, 0.001, 0.005, 309, 1.0)
    assert figures.keeping_link(spend(), "Loyalty") == kept
    assert figures.keeping_link(spend(score="satisfaction"), "Loyalty") is None
    assert figures.keeping_link(None, "Loyalty") is None


@pytest.mark.parametrize("months", [2, 12])
def test_savings_of_few_months_have_no_range_and_say_of_how_many_they_are(months):
    known = {"savings": Figure("savings", 2e6, unit="money:USD"),
             "savings_months": Figure("savings_months", months, unit="count")}  # fmt: skip
    table = pd.DataFrame({"metric": ["wait"], "counted": True, "months": months,
                          "least": 1e6 if months > 6 else np.nan,
                          "most": 3e6 if months > 6 else np.nan})  # fmt: skip
    account = pd.DataFrame({"line": ["efficiency"], "counted": [2e6]})
    made = figures.saved(operations.Savings(table.assign(saving=2e6)), "USD", account)
    assert made.keys() >= known.keys()
    said = read(sentences.saved(made), made)
    if months > 6:
        assert "($1.0M to $3.0M at the rate of single months, 12 or more a measure)" in said
    else:
        assert "as few as 2 months of some measures: too few to say how far it varies" in said


def test_the_account_says_why_a_line_is_empty():
    shown = tables.account(operations.reconciled([]), "USD").text()
    assert re.search(r"Leads +no lead with a chance and a price", shown)
    more = operations.Claim("spend more", "growth", 4e5)
    assert "$400k" in tables.account(operations.reconciled([more]), "USD").text()


def linked(p: float, verdict: str) -> operations.Effects:
    """Two pairs of one metric and a rating: the larger gain is the less sure one."""
    rows = pd.DataFrame({
        "metric": ["wait", "wait"], "rating": ["speed", "care"], "better": -1, "slope": -0.1,
        "low": -0.2, "high": -0.01, "gain": [0.5, 0.2], "gain_low": [0.1, 0.1],
        "gain_high": [0.9, 0.3], "used": "pooled", "base": 400, "p_family": [p, 1e-6],
        "verdict": [verdict, "not clear"],
    })  # fmt: skip
    return operations.Effects(rows, (), {}, 0.95, True)


LINE = SimpleNamespace(
    summary=pd.DataFrame({"metric": ["wait"]}),
    of=lambda metric: pd.Series({"level": "account", "unit": "h", "owner": "", "functions": ""}),
)


@pytest.mark.parametrize("verdict", ["pays", "works against", "linked"])
def test_the_chance_of_a_gain_is_that_of_its_pair_among_all_that_were_tried(verdict):
    known = figures.links(linked(0.004, verdict), LINE, {"speed": "Speed"}, lambda rating: "")
    known = figures.DECLARED.checked(known.values())
    assert known["top_gain"].p == 0.004
    assert ("against" in known) == (verdict == "works against")
    assert known["tested"].p is None
    unclear = figures.links(linked(0.3, "not clear"), LINE, {}, str)
    assert unclear.keys() == {"sent", "tested", "useful"}
    assert unclear["tested"].p == 1e-6  # the best among all that were tried, clear or not


def test_a_bend_tells_its_chance_and_links_without_one_that_of_the_most_marked():
    row = {"metric": "wait", "rating": "speed", "knee": 27.0, "knee_low": 17.0, "knee_high": 40.0,
           "base": 400, "p": 0.01}  # fmt: skip
    rows = pd.DataFrame([row | {"p_family": 0.02, "verdict": "stops below"},
                         row | {"p_family": 0.4, "verdict": "not clear"}])  # fmt: skip
    bent = figures.knee(operations.Knees(rows, {}, 0.95), LINE, {})
    told = figures.DECLARED.checked(bent.values())["knee"]
    assert (told.p, told.claims) == (0.02, True)
    straight = figures.knee(operations.Knees(rows.iloc[1:], {}, 0.95), LINE, {})
    assert [(f.name, f.value, f.p) for f in straight.values()] == [("bends", 1, 0.4)]
    assert figures.knee(operations.Knees(rows.iloc[:0], {}, 0.95), LINE, {}) == {}


@pytest.mark.parametrize(("wrong", "verdict"), [(0, "gain"), (60, "gain"), (200, "not clear")])
def test_the_chance_of_its_worth_is_that_of_the_draws_and_never_less_than_the_pairs(wrong, verdict):
    drawn = np.append(np.full(wrong, -1.0), np.linspace(1, 9, 4000 - wrong))
    low, high = np.quantile(drawn, [0.025, 0.975])
    row = {"metric": "wait", "missing": 40, "missing_share": 0.5, "known": 80, "target": 18.0,
           "base": 400, "money": 5.0, "money_low": low, "money_high": high}  # fmt: skip
    parts = ("rating_change", "loyalty_change", "growth")
    row |= {f"{name}{end}": np.nan for name in parts for end in ("", "_low", "_high")}
    met = SimpleNamespace(table=pd.DataFrame([row]), horizon=6, draws={"wait": drawn}, grown={})
    known = figures.worth(met, linked(0.004, "pays").top, LINE, "USD", "C")
    told = figures.DECLARED.checked(known.values())["worth"]
    assert (told.verdict, told.p) == (verdict, max(0.004, wrong / 2000))
