"""The alignment chapter: what is said of conflicts, owners, employees and guesses, and to whom."""

from __future__ import annotations

import re
from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest
from matplotlib.figure import Figure as Drawing

from helpers.methods import alignment
from helpers.results import ChapterResult, Figure
from helpers.results import figures as guarded
from helpers.views.alignment import charts, figures, sentences, tables
from helpers.views.rendering.sentences import say
from tests.methods import test_alignment as made

LABELS = made.LABELS


def read(template, known):
    return say(template, ChapterResult("alignment", known)).text


def without(known, *names):
    return {name: figure for name, figure in known.items() if name not in names}


@pytest.fixture(scope="module")
def paid():
    return alignment.paid(
        made.sent(), LABELS, links=made.links(), measured=pd.Series(["handling"]),
        worth=pd.DataFrame({"metric": ["handling"], "rating": ["support"], "target": [30.0],
                            "money": [-2e5], "money_low": [-5e5], "money_high": [-1e5]}),
        savings=pd.DataFrame({"metric": ["handling"], "saving": [3e5]}),
    )  # fmt: skip


@pytest.fixture(scope="module")
def owned(paid):
    return alignment.coverage(
        made.questions(support="Service", news="Service", delivery="Plant"), paid, made.EFFECTS
    )


@pytest.fixture(scope="module")
def known(paid, owned):
    before = ChapterResult("drivers", {"points": Figure("points", "points", unit="text")})
    told = {**figures.pay(paid, LABELS, "USD", 6.0), **figures.owned(owned, LABELS, before)}
    return figures.DECLARED.checked(guarded(*told.values(), smallest_base=10).values())


def judged(**more):
    staff = pd.concat([made.guesses(), made.guesses(9, function="Plant")], ignore_index=True)
    return alignment.gaps(staff, made.customers(**more), made.SurveyDesign(), scales=made.SCALES,
                          owners={"support": "Service"})  # fmt: skip


def test_the_answer_names_the_conflict_its_owner_and_what_is_first(known):
    assert read(sentences.answer(known), known) == (
        "45% of pay in Service rewards moving handling down, where customers rate Technical "
        "support 0.36 (± 0.10) points lower. Ann tries one team without it first; nobody is paid "
        "on Communication."
    )


@pytest.mark.parametrize(
    ("away", "begins"),
    [(("unpaid_driver",), "45% of pay in Service"), (("conflict_owner",), "45% of pay in Service"),
     (("conflict",), "45% of pay in Service rewards moving handling down, which works against"),
     (("conflicts",), "What functions are paid on was not sent")],
)  # fmt: skip
def test_every_answer_is_short(known, away, begins):
    left = without(known, *away)
    text = read(sentences.answer(left), left)
    assert text.startswith(begins)
    assert len(text.split()) <= 40 and len(re.findall(r"\d[\d.,]*", text)) <= 6


def test_functions_that_pull_one_driver_are_listed_as_people_list_them(owned):
    three = owned.table.assign(
        paid_by="Sales, Plant, Service", finding="across functions", matters=True
    )
    told = figures.owned(replace(owned, table=three), LABELS, None)
    assert "Sales, Plant and Service are each paid on" in read(sentences.owners(told), told)
    alone = owned.table.assign(paid_by="Sales", finding="paid elsewhere", matters=True)
    told = figures.owned(replace(owned, table=alone), LABELS, None)
    assert "Others than its owner are paid on" in read(sentences.owners(told), told)


def test_without_a_conflict_what_nobody_is_paid_on_comes_first(owned):
    calm = alignment.paid(made.sent(), LABELS)
    told = {**figures.pay(calm, LABELS, "USD", 6.0), **figures.owned(owned, LABELS, None)}
    text = read(sentences.answer(told), told)
    assert text.startswith("No metric in pay is shown to work against customers. Nobody is paid on")
    assert sentences.ask(told, "7 July 2026")["owner"] == "Ann"
    assert "Nobody is paid on Communication, though it matters" in read(
        sentences.owners(told), told
    )


def test_a_conflict_has_its_cost_only_where_it_is_known(known, paid, owned):
    text = read(sentences.cost(known), known)
    assert "avoid $300k of cost a year and, if each link holds, lose $200k ($100k to $500k)" in text
    priced = str(tables.conflicts(paid, owned, LABELS, "USD", 6.0))
    assert "Revenue lost, 6 months" in priced
    assert "Owner of the rating" in priced
    bare = alignment.paid(made.sent(), LABELS, links=made.links())
    unpriced = tables.conflicts(bare, owned, LABELS, "USD", None)
    assert "What it costs in money cannot be told" in str(unpriced)
    assert "cost" not in figures.pay(bare, LABELS, "USD", None)


def test_a_cost_that_may_be_none_is_not_said_to_be_one(paid):
    row = paid.of("works against").iloc[0].copy()
    row["money_high"] = 1e5
    told = {f.name: f for f in figures._conflict(row, LABELS, "USD", 6.0)}
    assert told["cost"].verdict == "not clear"
    assert "cannot be told reliably" in sentences.COST(told)


def test_shares_of_pay_are_told_however_few_functions_there_are(known):
    """Functions are no respondents: two of them are no base that is withheld."""
    assert known["functions"].value == 2
    assert "0% of variable pay is on metrics that a link shows to help customers, 22%" in (
        read(sentences.cost(known), known)
    )


def test_gaps_are_said_and_those_who_own_the_driver_beside_them():
    told = figures.gaps(judged(), LABELS)
    text = read(sentences.guessed(told), told)
    assert text.startswith("Staff overrate Technical support by")
    assert "The gap among its owners, Service, is" in text and "overrate it" not in text
    none = figures.gaps(judged(value=8.0), LABELS)
    assert read(sentences.guessed(none), none).startswith("No guess of staff differs clearly")


def test_staff_below_the_driver_are_not_said_to_overrate_it():
    told = figures.gaps(judged(value=9.8), LABELS)
    assert told["top_gap"].verdict == "underrated"
    text = read(sentences.guessed(told), told)
    assert "underrate" in text and "overrate" not in text


def test_a_function_of_which_one_side_is_withheld_does_not_tell_how_many_it_has():
    rows = pd.DataFrame({"function": ["Sales", "Sales", "Plant", "Plant"],
                         "dimension": ["belief", "generation"] * 2,
                         "value": [4.0, None, 3.0, 2.0], "low": [3.5, None, 2.5, 1.5],
                         "high": [4.5, None, 3.5, 2.5], "base": [47.0, None, 53.0, 52.0],
                         "withheld": [False, True, False, False]})  # fmt: skip
    page = tables.by_function(SimpleNamespace(functions=rows, smallest=5)).html()
    assert "53" in page
    assert "47" not in page


def test_a_unit_that_may_not_be_shown_is_nobodys():
    people = pd.DataFrame(
        {"function": "Sales", "unit": ["East"] * 12 + ["West"] * 12 + ["Hut"] * 3}
    )
    units = figures.shown_units(alignment.groups_of(people, 5))
    assert "Hut" not in set(units.dropna()) and units.notna().sum() == 12  # and one beside it


def test_withheld_functions_are_withheld_in_the_table():
    found = alignment.staff(made.employees(30, 4, 9), wave="W")
    shown = tables.by_function(found)
    assert [row[1] for row in shown.rows] == ["30", "withheld", "withheld"]
    assert {"withheld"} == {cell for row in shown.rows[1:] for cell in row[1:]}


def test_monday_s_list_names_owner_step_and_day(paid, owned):
    listed = tables.steps(
        tables.written(alignment.steps(paid, owned), LABELS, lambda days: f"day {days}")
    )
    assert listed.rows[0] == (
        "Service is paid on handling, which works against customers", "Ann",
        "Take the target of handling off one team; pay on the rating of Technical support there",
        "day 7",
    )  # fmt: skip
    assert listed.rows[1][0] == "Communication matters and nobody is paid on it"
    nothing = tables.steps(tables.written(alignment.steps(), LABELS, str))
    assert str(nothing) == (
        "Nothing that was sent asks for a change of targets, owners or beliefs."
    )


def test_the_matrix_lists_every_metric_and_keeps_a_column_for_what_nobody_is_paid_on(paid, owned):
    chart = charts.matrix(paid, owned, LABELS, title="Title")
    assert "handling 45% of pay in Service, works against customers" in chart.alt
    assert chart.draw.keywords["columns"] == ["news", "delivery", "support"]
    assert chart.png(3.4) and chart.png(7.2)


@pytest.mark.parametrize("width", [3.4, 7.2])
def test_every_share_of_pay_is_written_in_the_matrix_on_a_page_and_on_a_phone(paid, owned, width):
    figure = Drawing(layout="constrained")
    charts.matrix(paid, owned, LABELS, title="Title").draw(figure, width)
    [axes] = figure.axes
    written = " ".join(text.get_text() for text in axes.texts).split()
    assert sorted(written) == sorted(f"{share:.0%}" for share in paid.table["share"])


def test_pictures_of_guesses_and_employees_can_be_drawn_narrow_and_wide():
    found = alignment.staff(made.employees(30), wave="W")
    for chart in (charts.gaps(judged(), LABELS, title="T"), charts.employees(found, title="T")):
        assert chart.png(3.4) and chart.png(7.2)


def test_without_operations_the_page_says_what_cannot_be_told():
    assert "cannot be told" in figures.untold(figures.handed_on(None))[0]
    ran = ChapterResult("operations", {}, {"effects": made.links()})
    assert figures.untold(figures.handed_on(ran)) == []
    assert figures.horizon(None) is None


def test_units_are_called_an_association():
    found = alignment.units(*made.unit_world(14, 1.0), made.SurveyDesign())
    told = figures.units(found)
    assert "An association, not a cause" in read(sentences.units(told), told)
    assert "Below ten units nothing is claimed" in tables.units(found).text


def test_sides_in_which_units_do_not_differ_are_said_to_be_left_out():
    told, *rest = made.unit_world(14, 1.0)
    level = pd.Series([1.0, 2.0, 3.0] * (len(told) // 3))  # the same in each unit of twelve
    some = alignment.units(told.assign(generation=level), *rest, made.SurveyDesign())
    assert "beyond chance: Learning about customers." in tables.units(some).text
    none = alignment.units(told.assign(belief=level), *rest, made.SurveyDesign())
    assert tables.units(none).text.startswith("Not shown, as few units have the answers")


def test_functions_stand_beside_what_they_own_and_nothing_is_claimed():
    found = alignment.staff(made.employees(30, 20), wave="W")
    owners = {"support": "a", "news": "Law"}
    said = made.customers().assign(news=5.0)
    shown = tables.beside(found, alignment.owned_ratings(said, owners, made.SurveyDesign()))
    assert "nothing is claimed" in shown.text
    assert [line.split()[0] for line in shown.text.splitlines()[2:-1]] == ["A"]


def test_what_is_counted_or_compared_tells_the_chance_of_the_clearest(known, owned):
    assert known["conflicts"].p == 0.004
    assert known["unpaid"].p == 0.001
    none = alignment.Coverage(owned.table.assign(finding="paid"))
    told = figures.owned(none, LABELS, None)["unpaid"]
    assert (told.verdict, told.p) == ("none", None)
    found = judged()
    told = figures.DECLARED.checked(figures.gaps(found, LABELS).values())
    assert told["misjudged"].p == found.table["p_family"].min() < 0.01
    assert told["misjudged"].value > 0


@pytest.mark.parametrize("units", [9, 14])
def test_of_units_too_few_to_claim_anything_no_chance_is_told(units):
    found = alignment.units(*made.unit_world(units, 1.0), made.SurveyDesign())
    (told,) = [f for f in figures.units(found).values() if f.name == "unit_link"]
    known = found.associations["p_family"].min() if units == 14 else None
    assert told.p == known
    assert (told.verdict == "higher") == (units == 14)


def test_the_chance_of_a_change_inside_is_that_of_its_side_among_all():
    staff = pd.concat([made.employees(30, 20), made.employees(30, 20, seed=5, wave="V")])
    found = alignment.staff(staff.reset_index(drop=True), wave="W", before="V")
    told = figures.DECLARED.checked(figures.staff(found).values())
    assert told["change"].p == found.changes["p_family"].min()
    assert (told["change"].verdict == "not clear") == (told["change"].p >= 0.01)
    few = replace(found, changes=found.changes.assign(judged=False))
    assert figures.staff(few)["change"].p is None
