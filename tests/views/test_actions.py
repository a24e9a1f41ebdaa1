"""The actions chapter: what it says by what the evidence carries, from a list to ninety days."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from cases import Cases

from helpers.errors import NotEstimable
from helpers.methods import actions
from helpers.results import ChapterResult, Figure
from helpers.views.actions import charts, figures, figures_causes, sentences, tables
from helpers.views.executive import sentences as executive
from helpers.views.rendering.attempts import attempt
from helpers.views.rendering.sentences import say

AS_OF = pd.Timestamp("2026-06-30")
LABELS = {"ease": "Ease", "speed": "Speed"}


def listed(names=("Desk", "Portal", "Training"), **more) -> pd.DataFrame:
    rows = {
        "action_id": [f"A{n}" for n, _ in enumerate(names)], "name": list(names),
        "function": "Sales", "cost_once": 100.0, "cost_year": 0.0, "effort_days": 5.0,
        "months": 1.0, "adoption_low": 0.4, "adoption_mid": 0.5, "adoption_high": 0.6,
        "saving_year": 0.0,
    }  # fmt: skip
    return pd.DataFrame(rows | more)


def moved(names=3, **more) -> pd.DataFrame:
    rows = {
        "action_id": [f"A{n}" for n in range(names)],
        "driver": [("ease", "speed")[n % 2] for n in range(names)],
        "change_low": 0.5, "change_mid": 1.0, "change_high": 1.5, "basis": "pilot",
    }  # fmt: skip
    return pd.DataFrame(rows | more)


def evidence(effect=1.0, doubt=0.1, *, money=True, clear=True, rate=0.01) -> actions.Evidence:
    """Two drivers of 100 respondents, and ten accounts that leave 10,000 a year together."""
    rng, draws = np.random.default_rng(1), 200
    drawn = pd.DataFrame(
        {"draw": np.tile(np.arange(draws), 2), "driver": np.repeat(["ease", "speed"], draws),
         "effect": rng.normal(effect, doubt, 2 * draws), "outcome": "Loyalty"}
    )  # fmt: skip
    rated = pd.DataFrame({"driver": ["ease", "speed"], "headroom": 3.0, "mean": 7.0, "base": 100,
                          "clear": clear, "may_lead": True})  # fmt: skip
    kept = pd.DataFrame({"draw": range(draws), "part": actions.ALL, "rate": rate,
                         "outcome": "loyalty", "of": "margin", "years": 2.0})  # fmt: skip
    everyone = pd.DataFrame({0: True}, index=[f"A{n}" for n in range(30)])
    firms = actions.Reach(pd.Series(1000.0, range(10)), pd.Series(0, range(10)), everyone)
    people = actions.Reach(pd.Series(1.0, range(100)), pd.Series(0, range(100)), everyone)
    return actions.evidence(
        drawn, rated, kept if money else None, accounts=firms, people=people, rng=rng
    )


def considered(found=None, rows=None, effects=None, **more) -> actions.Considered:
    rows = listed() if rows is None else rows
    return actions.consider(
        evidence(rate=0.05) if found is None else found, rows,
        moved(len(rows)) if effects is None else effects, as_of=AS_OF, futures=10, points=4,
        rng=np.random.default_rng(2), **more,
    )  # fmt: skip


def told(found: actions.Considered) -> dict[str, Figure]:
    made = figures.plan(found, LABELS, "USD", "the loyalty index")
    made |= figures.changes(found, "USD") | figures.frontier(found, "USD")
    made |= figures.tied(found, LABELS, None) | figures.first_owner(found, {"Sales": "Ann"})
    return figures.DECLARED.checked(made.values())


def read(template: str, known: dict[str, Figure]) -> str:
    return say(template, ChapterResult("actions", known)).text


CASES = Cases(
    {  # what could be told, and how the answer begins
        "pays": lambda: (
            considered(budget=250.0),
            r"Fund \w+ and \w+ for \$200 over four quarters: expected to bring \$",
        ),
        "many": lambda: (
            considered(rows=listed("abcde"), budget=1000.0),
            r"Fund [a-e] and 4 more actions for \$500 over four quarters",
        ),
        "zero budget": lambda: (
            considered(budget=0.0),
            r"With a budget of \$0 nothing can be funded\.",
        ),
        "loses": lambda: (considered(evidence(rate=0.0)), "Fund none of the 3 actions: none"),
        "not clear": lambda: (
            considered(evidence(0.6, 3.0, rate=0.08)),
            "Fund nothing on this evidence yet.",
        ),
        "one": lambda: (
            considered(rows=listed(["Desk"])),
            r"Fund Desk for \$100 over four quarters: expected to bring \$",
        ),
        "points": lambda: (
            considered(evidence(money=False), budget=250.0),
            r"Fund \w+ and \w+ for",
        ),
    }
)


@pytest.mark.parametrize("case", CASES)
def test_the_answer_says_what_to_fund_in_at_most_forty_words_and_six_numerals(case):
    found, opening = CASES[case]
    known = told(found)
    text = read(sentences.answer(known), known)
    assert re.match(opening, text)
    assert len(text.split()) <= 40
    assert len(re.findall(r"\d[\d.,]*", text)) <= 6


def test_the_chance_of_a_plan_is_that_of_its_futures_and_of_no_plan_there_is_none():
    for case, (found, _) in CASES.items():
        plan, made = told(found)["plan"], found.decision
        assert (plan.p is None) == (plan.verdict == "nothing") == (case in ("loses", "zero budget"))
        if plan.p is not None:
            assert (plan.p <= 0.05) == (plan.verdict == "pays")
            draws = made.worth.draws
            assert plan.p == pytest.approx(max(2 * min(made.chance, 1 - made.chance),
                                               1 / (draws + 1)))  # fmt: skip


def test_money_is_asked_for_only_where_the_plan_is_likely_to_pay():
    for case, (found, _) in CASES.items():
        known = told(found)
        ask = sentences.ask(known, "30 July 2026")
        assert ask["what"].startswith("Fund ") == (case in ("pays", "many", "one", "points"))
    known = told(CASES["not clear"][0])
    assert "drawn by lot" in sentences.ask(known, "")["what"]
    assert "No effect is clear enough" in read(sentences.planned(known), known)


def test_without_money_gains_are_points_of_loyalty_and_the_page_says_so():
    found = CASES["points"][0]
    known = told(found)
    assert "points more of the loyalty index" in read(sentences.answer(known), known)
    assert "not in money" in read(sentences.planned(known), known)
    assert "$" not in read("{plan}", known)


def test_where_gains_are_points_nothing_is_said_to_pay():
    found = CASES["points"][0]
    known = told(found)
    assert "chance of any gain" in sentences.answer(known)
    assert "gain points beyond doubt" in read(sentences.candidates_title(known), known)
    shown = [tables.candidates(found, LABELS, "USD"), tables.rejected(found, "USD"),
             tables.ninety_days(found, LABELS, {}, "USD", as_of=AS_OF),
             charts.candidates(found, LABELS, "USD", title="x")]  # fmt: skip
    for one in shown:
        text = str(one)
        assert not re.search(r"\b(pays?|paying|paid)\b", text), text


def test_accounts_that_bring_no_margin_make_no_money_and_the_page_says_why():
    one = evidence()
    drawn = pd.DataFrame({"draw": [0], "driver": ["ease"], "effect": [1.0], "outcome": ["loyalty"]})
    kept = pd.DataFrame({"draw": [0], "part": [-1], "rate": [0.1], "outcome": ["loyalty"],
                         "of": ["margin"], "years": [2.0]})  # fmt: skip
    lost = actions.Reach(-one.reach.counts, one.reach.parts, one.reach.actions)
    found = actions.evidence(drawn, one.drivers.reset_index(), kept, accounts=lost,
                             people=one.reach, rng=np.random.default_rng(1))  # fmt: skip
    assert not found.in_money
    assert "bring no margin" in found.note


def test_a_link_of_another_score_than_drivers_explain_gives_no_money():
    one = evidence()
    assert one.in_money
    drawn = pd.DataFrame({"draw": [0], "driver": ["ease"], "effect": [1.0], "outcome": ["NPS"]})
    kept = pd.DataFrame({"draw": [0], "part": [-1], "rate": [0.1], "outcome": ["loyalty"],
                         "of": ["margin"], "years": [2.0]})  # fmt: skip
    found = actions.evidence(
        drawn, one.drivers.reset_index(), kept, accounts=one.reach, people=one.reach,
        rng=np.random.default_rng(1),
    )  # fmt: skip
    assert not found.in_money
    assert "another score" in found.note


def test_which_of_the_tied_drivers_first_is_one_sentence_about_money():
    costs = listed(cost_once=[100.0, 10.0, 100.0])
    known = told(considered(rows=costs, budget=60.0))
    text = read(sentences.tied(known), known)
    assert text.startswith(
        "Of Ease and Speed, which the survey cannot tell apart, begin with Speed"
    )
    assert text.count(". ") == 0


def test_where_ratings_alone_would_begin_elsewhere_the_sentence_says_so():
    found = considered(rows=listed(cost_once=[100.0, 10.0, 100.0]), budget=60.0)
    begin = Figure("begin_driver", "Ease", unit="text")
    known = figures.tied(found, LABELS, ChapterResult("drivers", {"begin_driver": begin}))
    assert known["tied"].verdict == "other"
    assert "Ease would come first" in read(sentences.tied(known), known)


def test_with_no_clear_driver_none_comes_first():
    known = told(considered(evidence(clear=False)))
    assert read(sentences.tied(known), known).startswith("No driver has a clear effect")


def test_all_actions_alike_make_a_plan_all_the_same():
    found = considered(rows=listed([f"n{i}" for i in range(6)]), budget=250.0,
                       effects=moved(6, driver="ease"))  # fmt: skip
    assert len(found.decision.plan.starts) == 2


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"settled": ["A0"], "budget": 50.0}, "it is the budget that would have to give"),
        ({"settled": ["A9"]}, "action A9 is settled and cannot be reckoned with"),
        ({"settled": ["A0"], "days": {"sales": 1.0}}, "it is the days of Sales"),
        ({"days": {"Legal": 1.0}}, "effort_days names Legal"),
    ],
)
def test_what_makes_a_plan_impossible_is_named(options, reason):
    with pytest.raises(NotEstimable, match=reason):
        considered(**options)
    found = attempt(considered, **options)
    assert reason in sentences.answer({}, found.reason)
    assert reason in found.show(tables.plan).text
    assert found.show(tables.rejected).text == "Not shown, for the reason given above."


def test_without_effects_of_drivers_nothing_is_considered():
    people = actions.Reach(pd.Series([1.0]), pd.Series([0]), pd.DataFrame({0: [True]}))
    none = actions.evidence(
        None, None, None, accounts=None, people=people, rng=np.random.default_rng(1)
    )
    with pytest.raises(NotEstimable, match="drivers chapter"):
        considered(none)


def test_every_action_is_in_the_plan_or_has_its_reason():
    rows = listed(cost_once=[100.0, None, 100.0], cost_year=[0.0, None, 0.0])
    found = considered(rows=rows, budget=150.0)
    why = figures.rejected(found).set_index("action_id")["why"]
    assert len(why) + len(found.decision.plan.starts) == 3
    assert why["A1"] == "no cost is given"
    assert "is beyond the budget" in " ".join(why)
    assert "2 rows" not in tables.rejected(found, "USD").text()


def test_dates_of_the_ninety_days_lie_after_the_day_of_the_data():
    found = CASES["pays"][0]
    shown = tables.phases(found, as_of=AS_OF).text()
    assert re.findall(r"\d{4}-\d\d-\d\d", shown) == [
        "2026-07-15", "2026-07-30", "2026-08-29", "2026-09-28",
    ]  # fmt: skip
    assert "Ann, Sales" in tables.ninety_days(
        found, LABELS, {"Sales": "Ann"}, "USD", as_of=AS_OF
    ).text()  # fmt: skip
    assert "No action of the plan starts" in str(
        tables.phases(CASES["zero budget"][0], as_of=AS_OF)
    )


def test_what_decides_stands_in_the_first_columns():
    found = CASES["pays"][0]
    assert list(tables.plan(found, LABELS, "USD").headings) == [
        "Action", "Cost, four quarters", "Adds to the plan", "In the best plan of", "Starts",
        "Function", "Works mainly through",
    ]  # fmt: skip
    assert list(tables.rejected(found, "USD").headings) == [
        "Action", "Would add", "Cost, four quarters", "Why not",
    ]  # fmt: skip


def test_every_cost_names_the_quarters_that_it_is_of():
    found = considered(rows=listed(cost_year=40.0), budget=1000.0, quarters=3)
    known = told(found)
    every = (sentences.answer, sentences.planned, sentences.changes, sentences.frontier_title,
             sentences.so_what)  # fmt: skip
    for sentence in every:
        text = read(sentence(known), known)
        assert text.count("over three quarters") == len(
            re.findall(r"(?:for|it costs|plan costs|frees|first) \$", text)
        )
    shown = [
        tables.plan(found, LABELS, "USD"), tables.rejected(found, "USD"),
        tables.ninety_days(found, LABELS, {}, "USD", as_of=AS_OF),
    ]  # fmt: skip
    for table in shown:
        assert "Cost, three quarters" in table.headings


def test_costs_of_the_plan_s_rows_sum_to_the_cost_of_the_plan_even_where_one_starts_later():
    rows = listed(["Desk", "Portal"], cost_year=40.0, effort_days=[6.0, 6.0])
    found = considered(rows=rows, days={"Sales": 6.0})  # so that one waits for the other
    assert sorted(found.decision.plan.starts.values()) == [0, 1]
    made = figures.candidates(found, LABELS)
    assert made["planned"].sum() == pytest.approx(found.decision.plan.spend)
    assert made["spend"].sum() > found.decision.plan.spend


def test_an_action_is_judged_only_when_it_has_been_in_force_and_phases_do_not_say_otherwise():
    """Six months to build: on day 90 nothing can have passed or failed anything."""
    slow, quick = (considered(rows=listed(months=months), budget=250.0) for months in (6.0, 1.0))
    for found in (slow, quick):
        days = figures.days(found, AS_OF)["ninety_days"]
        assert (days["judged"] > days["in_force"]).all()
        assert (days["in_force"] > AS_OF).all()
    early = tables.phases(slow, as_of=AS_OF).html()
    assert "none is judged yet" in early
    assert "passed its stop rule" not in early
    assert "what works now" not in early
    assert "passed its stop rule" in tables.phases(quick, as_of=AS_OF).html()
    shown = tables.ninety_days(slow, LABELS, {}, "USD", as_of=AS_OF).text()
    assert re.search(r"2026-12-30\s+2027-01-29", shown)


def promised(**more) -> pd.DataFrame:
    rows = {"what": ["Desk by March", "Portal by May", "A newsletter"],
            "action_id": ["A0", "A1", None], "status": "open",
            "due": pd.to_datetime(["2026-12-31", "2026-10-31", "2026-09-30"])}  # fmt: skip
    return pd.DataFrame(rows | more)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, "in the plan: Portal by May. Tell them before 31 October 2026"),
        ({"due": AS_OF}, "in the plan: Portal by May. Tell them now"),
        ({"status": ["open", "kept", "open"]}, ""),
    ],
)
def test_what_was_promised_and_is_not_funded_is_said_with_what_to_tell_customers(more, said):
    found = considered(settled=["A0"], ruled_out=["A1"])
    known = figures.unfunded(found, promised(**more), AS_OF)
    figures.DECLARED.checked(known.values())
    text = read(sentences.unfunded(known), known) if sentences.unfunded(known) else ""
    assert said in text
    assert bool(text) == bool(said)


@pytest.mark.parametrize(
    ("since", "said"),
    [("2025H2", "Of 2 promises to customers that were due since wave 2025H2, 1 were kept"),
     (None, "Of 2 promises to customers that were due, 1 were kept")],
)  # fmt: skip
@pytest.mark.parametrize("status", ["late", "missed"])
def test_promises_are_counted_with_the_wave_since_which_they_were_due(since, said, status):
    known = figures.promised(promised(status=["kept", status, "open"]), since)
    figures.DECLARED.checked(known.values())
    assert read(sentences.promises(known), known).startswith(said)


@pytest.mark.parametrize(
    ("promises", "said"),
    [
        (1, "Promised, not in the plan: p0."),
        (3, "Promised, not in the plan: p0, p1 and p2."),
        (4, "4 promises to customers are not in the plan."),
    ],
)
@pytest.mark.parametrize("due", ["2026-06-30", "2026-12-31"])
def test_a_promise_that_the_plan_does_not_fund_is_the_first_doubt(promises, said, due):
    found = considered(settled=["A0"], ruled_out=["A1"])
    made = pd.DataFrame({"what": [f"p{n}" for n in range(promises)], "status": "open",
                         "action_id": "A1", "due": pd.Timestamp(due)})  # fmt: skip
    again = {"again": Figure("again", 2, unit="count", verdict="some")}
    known = figures.unfunded(found, made, AS_OF) | again
    assert read(sentences.doubts(known)[0], known) == said
    kept = figures.unfunded(found, made.assign(action_id="A0"), AS_OF) | again
    assert sentences.doubts(kept)[0].startswith("{again:value}")


def test_a_gain_says_over_which_years_and_after_all_costs_wherever_a_cost_of_quarters_stands():
    found = CASES["many"][0]
    known = told(found)
    assert "of margin over two years, after all its costs" in read(sentences.answer(known), known)
    text = read(sentences.planned(known), known)
    assert "The plan costs $500 over four quarters and $500 over two years; the " in text
    points = told(CASES["points"][0])
    assert "loyalty index over two years, " in read(sentences.answer(points), points)
    assert "The plan costs" not in read(sentences.planned(points), points)


def test_the_ask_is_a_step_of_the_plan_and_says_what_less_money_would_bring():
    costs = listed("abcde", cost_once=[50.0, 60.0, 300.0, 350.0, 400.0])
    known = told(considered(rows=costs, budget=1000.0))
    what = read(sentences.ask(known, "30 July 2026")["what"], known)
    assert re.match(
        r"Fund \w now, as the first step of the plan: \$\d+ of its \$\d+ over four quarters\.", what
    )
    below = known | {
        "knee_cost": Figure("knee_cost", 110.0, unit="money:USD", verdict="below the plan"),
        "knee_gain": Figure("knee_gain", 90.0, unit="money:USD"),
    }
    less = "If less is to be spent, the best plan for $110 over four quarters is expected to bring"
    assert less in read(sentences.ask(below, "")["what"], below)
    below["knee_cost"] = replace(below["knee_cost"], verdict="not below")
    assert less not in read(sentences.ask(below, "")["what"], below)


@pytest.mark.parametrize("case", ["pays", "many", "one"])
def test_the_knee_is_below_the_plan_only_where_it_costs_less(case):
    found = CASES[case][0]
    known = figures.frontier(found, "USD")
    if "knee_cost" in known:
        below = known["knee_cost"].value < found.decision.plan.spend
        assert known["knee_cost"].verdict == ("below the plan" if below else "not below")


def test_the_account_of_the_plan_adds_up_and_counts_no_money_twice():
    found = considered(rows=listed(saving_year=20.0), budget=250.0)
    plan = found.decision.plan
    account = figures.account(found, None)["account"].set_index("name")
    assert account["counted"].sum() - plan.cost == pytest.approx(plan.net.mean())
    avoided = pd.DataFrame({"line": ["growth", "efficiency"], "counted": [7.0, 1000.0]})
    both = figures.account(found, avoided)["account"].set_index("name")
    assert both.loc[actions.SAVED_COST, "part_of"] == actions.AVOIDED
    assert both.loc[actions.SAVED_COST, "counted"] == 0
    assert both.loc[actions.AVOIDED, "counted"] == pytest.approx(2000.0)
    shown = tables.account(found, "USD", both.reset_index()).text()
    assert "part of: cost avoided" in shown
    assert "Expected gain of the plan" in shown
    assert figures.account(CASES["points"][0], None) == {}
    assert "no money can be counted twice" in str(tables.account(CASES["points"][0], "USD", None))


def test_what_each_action_adds_to_the_plan_is_handed_on_as_the_page_shows_it():
    """Two actions on one driver add less together than each alone: the page shows no other."""
    found = considered(effects=moved(driver="ease", change_mid=3.0, change_high=4.0))
    table = figures.tables(found, LABELS)["candidates"].set_index("action_id")
    loses = found.decision.dropped.set_index("action")["loses"]
    assert len(loses) > 1
    for action, amount in loses.items():
        row = table.loc[found.listed.ids[action]]
        assert row["adds"] == amount < row["net"]
    assert table.loc[~table["funded"], "adds"].isna().all()


CAUSES = pd.DataFrame(
    {"cause": ["speed", "ease", "other"], "cases": [30, 20, 9], "open": [3, 2, 1],
     "revenue": [2e6, 1e6, 1e5]}
)  # fmt: skip
BILLS = CAUSES.assign(cause=["speed", "late_bill", "other"])


@pytest.mark.parametrize(
    ("causes", "ruled_out", "verdict", "said"),
    [
        (BILLS, [], "unlisted", "No candidate action addresses Late bill: 20 cases came of it, and "
         "accounts with one that is open bring $1.0M a year. Ask for one before"),
        (CAUSES, ["A1"], "not funded", "The plan funds nothing against Speed, though 30 cases came "
         "of it, and accounts with one that is open bring $2.0M a year: Portal is listed"),
        (CAUSES, [], "funded", "Every cause of cases has an action in the plan. Against the "
         "commonest, Speed, it funds Portal: 30 cases came of it"),
    ],
)  # fmt: skip
def test_causes_of_cases_are_held_against_what_is_listed_and_funded(
    causes, ruled_out, verdict, said
):
    found = considered(ruled_out=ruled_out)
    known = figures_causes.causes(found, causes, moved(), LABELS, "USD")
    figures.DECLARED.checked(known.values())
    assert known["cause_cases"].verdict == verdict
    assert read(sentences.causes(known), known).startswith(said)
    shown = tables.causes(found, causes, moved(), LABELS, "USD").text
    assert known["cause"].value in shown
    assert "Other" not in shown


def test_without_known_causes_nothing_is_said_of_them_and_money_is_told_only_where_it_is_known():
    found = considered()
    assert figures_causes.causes(found, None, moved(), LABELS, "USD") == {}
    assert sentences.causes({}) == ""
    assert str(tables.causes(found, None, moved(), LABELS, "USD")) == ""
    poor = figures_causes.causes(found, CAUSES.drop(columns="revenue"), moved(), LABELS, "USD")
    assert "cause_money" not in poor
    assert "a year" not in read(sentences.causes(poor), poor)


def test_a_plan_that_claims_more_of_an_account_than_it_leaves_is_refused():
    found = considered(evidence(rate=3.0), budget=250.0)
    with pytest.raises(ValueError, match="claimed beyond its revenue"):
        actions.accounted(found)


def test_a_plan_for_which_time_ran_out_says_how_much_better_another_could_be():
    found = CASES["many"][0]
    assert not [one for one in sentences.doubts(told(found)) if "solver" in one]
    plan = found.decision.plan
    cut = replace(plan, bound=plan.objective + 500.0, finished=False)
    stopped = replace(found, decision=replace(found.decision, plan=cut))
    known = told(stopped)
    [doubt] = [one for one in sentences.doubts(known) if "solver" in one]
    assert "could bring up to $500 more" in read(doubt, known)


def test_pictures_name_what_they_show():
    found = CASES["pays"][0]
    drawn = charts.frontier(found, "USD", title="Title")
    assert drawn is not None
    assert "$100 for 1 action: $" in drawn.alt
    assert " *" in charts.candidates(found, LABELS, "USD", title="Title").alt
    assert charts.frontier(considered(evidence(rate=0.0)), "USD", title="Title") is None


def test_the_executive_page_asks_for_one_action_in_the_place_of_a_caution():
    plan = {"actions__plan": Figure("plan", 1.0, 0.5, 2.0, unit="money:USD", verdict="pays"),
            "actions__plan_cost": Figure("plan_cost", 1e5, unit="money:USD"),
            "actions__first_action": Figure("first_action", "Desk", unit="text"),
            "actions__gain_of": Figure("gain_of", "of margin over two years", unit="text"),
            "actions__planned": Figure("planned", "four quarters", unit="text"),
            "accounts__repair_names": Figure("repair_names", "Alder and Birch", unit="text"),
            "value_map__protect_accounts": Figure("p", 9, unit="count", verdict="some"),
            "value_map__protect_firm": Figure("f", 5, unit="count", verdict="some"),
            "linkage__risk_excess": Figure("r", 2.0, 1.0, 3.0, verdict="clear")}  # fmt: skip
    what, _ = executive.ask(plan)
    assert (
        "{actions__plan_cost:value} over {actions__planned}, {actions__first_action} first" in what
    )
    assert "firmly low scores, {accounts__repair_names} first." in what
    assert what.startswith("Have sponsors, named where missing,")  # some accounts have one
    assert "{actions__gain_of}, if each link holds." in what
    knee = {"actions__knee_cost": Figure("k", 4e4, unit="money:USD", verdict="below the plan"),
            "actions__knee_gain": Figure("g", 0.8, unit="money:USD")}  # fmt: skip
    less = " (or {actions__knee_cost:value} for {actions__knee_gain:value}), if each"
    assert less in executive.ask(plan | knee)[0]
    knee["actions__knee_cost"] = replace(knee["actions__knee_cost"], verdict="not below")
    assert less not in executive.ask(plan | knee)[0]
    del plan["accounts__repair_names"]  # a client without the list
    assert "score low. Account managers check the rest" in executive.ask(plan)[0]
    assert "Spend well below" not in what
    unclear = plan | {"actions__plan": Figure("plan", 1.0, -0.5, 2.0, verdict="not clear")}
    assert "Fund" not in executive.ask(unclear)[0]


def test_what_was_delivered_already_is_a_doubt_of_what_to_fund():
    sent = pd.DataFrame({"what": ["a", "b"], "action_id": ["A0", "A9"],
                         "delivered_at": pd.to_datetime(["2026-03-01", "2026-03-01"])})  # fmt: skip
    found = considered(rows=listed([f"n{i}" for i in range(3)]), budget=250.0)
    funded = [found.listed.ids[action] for action in found.decision.plan.starts]
    told = figures.again(found, sent, pd.Timestamp("2026-06-30"))
    assert told["again"].value == ("A0" in funded) == 1
    assert sentences.doubts(told)[0].endswith("say what is new about it first.")
    before = figures.again(found, sent, pd.Timestamp("2026-02-01"))
    assert before["again"].verdict == "none" and sentences.doubts(before) == ()
