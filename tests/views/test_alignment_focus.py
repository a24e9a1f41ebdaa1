"""The words and tables on customer focus: every case has its sentence, every gap its line."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t

from helpers.methods import actions, alignment, focus, survey
from helpers.methods.survey import SurveyDesign
from helpers.results import ChapterResult, Figure
from helpers.results import figures as guarded
from helpers.study import Study
from helpers.study.codebook import ROLES
from helpers.views.alignment import (
    charts_focus,
    evidence_focus,
    figures_focus,
    sentences_focus,
    tables_focus,
)
from helpers.views.alignment import figures as page_figures
from helpers.views.alignment import sentences as page_sentences
from helpers.views.alignment import tables as page_tables
from helpers.views.rendering.rules import quotable
from helpers.views.rendering.sentences import say

DAY = pd.Timestamp("2026-06-30")
LONGEST, NUMERALS = 40, 6  # of an answer
CHAPTERS = {
    "sampling": ChapterResult(
        "sampling",
        {"response_rate": Figure("response_rate", 0.5, 0.46, 0.54, base=1500, base_unit="people")},
        {"coverage": pd.DataFrame({"measure": ["eligible", "invited"], "accounts": [400, 360]})},
    ),
    "recovery": ChapterResult("recovery", {
        "close_kept": Figure("close_kept", 0.6, 0.55, 0.65, unit="share", base=390,
                             base_unit="cases"),
        "contact_kept": Figure("contact_kept", 0.7, 0.65, 0.75, unit="share", base=390,
                               base_unit="cases")}),
}  # fmt: skip


def promised(*told: str | None, owner: bool = True) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Promises that were delivered, told on these days or not; and those to tell."""
    table = actions.promises(
        pd.DataFrame({"what": [f"Promise {'ABCDEFGH'[n]}" for n, _ in enumerate(told)],
                      "audience": "customers", "promised_at": pd.Timestamp("2025-01-01"),
                      "due": pd.Timestamp("2026-01-31"), "action_id": "A1",
                      "delivered_at": pd.Timestamp("2026-01-15"),
                      "told_at": pd.to_datetime(list(told))}), as_of=DAY,
    )  # fmt: skip
    sent = {"actions": pd.DataFrame({"action_id": ["A1"], "function": ["Service"]}),
            "function_metrics": pd.DataFrame({"function": ["Service"], "owner": ["Nora Castell"]})}  # fmt: skip  # noqa: E501
    return table, figures_focus.to_tell(table, sent if owner else {}, [], as_of=DAY)


def known(
    acted: float | None = 40.0, *, chapters=CHAPTERS, told=("2026-02-01", None), owner=True,
    people: int = 400, letter: ChapterResult | None = None,
) -> tuple[dict[str, Figure], focus.FocusIndex]:  # fmt: skip
    """Figures of a client whose customers see acting at this score."""
    table, untold = promised(*told, owner=owner)
    untold = figures_focus.by_letter(untold, letter, as_of=DAY)
    measures = figures_focus.measures(
        chapters, promised=table, as_of=DAY, within=90, confidence=0.95
    )
    said = pd.Series(np.resize([-1.0, 1.0], people)) * 8
    answers = (
        {} if acted is None else {"asked": said + 70, "acted": said + acted, "told": said + 30}
    )
    seen = focus.perceived(answers) if answers else None
    found = focus.index(measures, seen)
    figures = figures_focus.index(found) | figures_focus.promised(measures, untold, 90)
    if acted is not None and "solicit" in found.recorded:
        figures |= figures_focus.place(focus.quadrant(found))
    checked = figures_focus.DECLARED.checked(figures.values())
    return guarded(*checked.values(), smallest_base=10), found


def read(template: str, figures: dict[str, Figure]) -> str:
    return say(template, ChapterResult("alignment", figures)).text


def test_a_record_above_its_rating_is_not_said_to_be_more_done():
    """A share of records and a mean of answers are no one scale."""
    figures, _ = known()
    text = read(sentences_focus.gap(figures), figures)
    assert figures["act_gap"].verdict == "more on record"
    assert "the record stands higher than the rating" in text and "more is done" not in text


def test_lip_service_is_the_answer_and_names_who_tells_what_on_monday():
    figures, _ = known()
    text = read(sentences_focus.answer(figures), figures)
    assert text == (
        "Customers see lip service: asking 70.0 of a hundred, acting 40.0. Next, Nora Castell "
        "tells them of “Promise B”, delivered and never told."
    )


@pytest.mark.parametrize(
    ("more", "ending"),
    [({"owner": False}, "Name now who tells them of “Promise B”."),
     ({"told": ("2026-02-01",)}, "Agree now what will be done, by when, and say so.")],
)  # fmt: skip
def test_without_an_owner_or_without_anything_to_tell_monday_still_has_a_task(more, ending):
    figures, _ = known(**more)
    text = read(sentences_focus.answer(figures), figures)
    assert text.endswith(ending)
    assert len(text.split()) <= LONGEST
    assert len(re.findall(r"\d[\d.,]*", text)) <= NUMERALS


@pytest.mark.parametrize(
    ("acted", "opening"),
    [(40.0, "Customers see lip service: asking stands at 70.0"), (70.0, "Customer-focused: asking"),
     (50.3, "Which quadrant it is cannot be told"), (None, "Whether customers see lip service")],
)  # fmt: skip
def test_each_quadrant_has_its_sentence_and_only_lip_service_the_answer(acted, opening):
    figures, _ = known(acted)
    assert read(sentences_focus.place(figures), figures).startswith(opening)
    assert bool(sentences_focus.answer(figures)) == (acted == 40.0)


def test_few_promises_are_told_though_few_people_would_be_withheld():
    """A base under ten of promises is no person's answer; one of respondents would be."""
    figures, _ = known()
    assert figures["promises_kept"].value == 1.0
    assert figures["promises_told"].value == 0.5
    assert figures["act_gap"].base_unit == "promises"
    few, _ = known(people=8)
    assert few["acted_perceived"].value is None
    assert "40" not in read(sentences_focus.place(few), few)


def test_shares_are_those_that_other_chapters_handed_on():
    _, found = known()
    values = found.measures.set_index("measure")["value"]
    assert values[["coverage", "response", "cases"]].tolist() == [90.0, 50.0, 60.0]


def test_no_recovery_and_no_invitations_are_one_line_each():
    _, found = known(chapters={})
    lines = tables_focus.unlocks(found).text.splitlines()
    assert [line for line in lines if "tickets" in line]
    assert len(lines) == 3
    _, whole = known()
    assert tables_focus.unlocks(whole).text == ""


def test_without_promises_and_without_the_three_questions_the_page_says_what_to_send():
    measures = figures_focus.measures({}, as_of=DAY, within=90, confidence=0.95)
    found = focus.index(measures)
    figures = figures_focus.index(found) | figures_focus.promised(measures, None, 90)
    assert sentences_focus.promises(figures).startswith("No promise to customers is on record")
    assert sentences_focus.seen(figures) == sentences_focus.gap(figures) == ""
    assert len(tables_focus.unlocks(found).text.splitlines()) == len(tables_focus.UNLOCKS)
    assert str(charts_focus.parts(found, title="")).startswith("Nothing is known")
    assert tables_focus.parts(found).text == ""


def test_all_kept_and_all_told_leaves_nothing_to_tell():
    figures, _ = known(told=("2026-02-01", "2026-02-01"))
    assert "No delivered promise waits" in read(sentences_focus.promises(figures), figures)
    assert sentences_focus.ask(figures) == ""
    _, untold = promised("2026-02-01")
    assert tables_focus.untold(untold).text == ""


def test_charts_say_what_they_draw():
    _, found = known()
    placed = focus.quadrant(found)
    chart = charts_focus.place(placed, title="Lip service")
    assert "asking on record 70.0" in chart.alt
    assert "acting as customers see it 40.0" in chart.alt
    chart.html()
    assert charts_focus.parts(found, title="Parts").alt.count("on record") == 3


@pytest.mark.parametrize(
    ("change", "word"), [(6.0, "rose by"), (-6.0, "it fell"), (0.5, "no reliable change")]
)
def test_a_change_of_acting_is_named_only_where_it_clears_what_matters(change, word):
    """Answers of 400 people each, half of them 8 above and half 8 below the mean."""
    said = pd.Series(np.resize([-8.0, 8.0], 400)) + 40
    found = survey.difference(said, said + change)
    figures = known()[0] | figures_focus.change(found, 1.0)
    assert word in read(sentences_focus.seen(figures), figures)


def questions(**rows: tuple[str, str, str]) -> list[object]:
    from types import SimpleNamespace

    return [SimpleNamespace(variable=name, role=role, label=name.capitalize(), function="",
                            decision=decision, follow_up_owner=owner)
            for name, (role, decision, owner) in rows.items()]  # fmt: skip


def test_questions_that_feed_nothing_are_to_be_removed_and_the_register_names_them_first():
    asked = questions(mood=("attitude", "", ""), delivery=("driver", "action plan", "Iain"),
                      recorded=("metric", "", ""))  # fmt: skip
    nothing = figures_focus.registered(asked, {}, None, {})
    assert nothing[["variable", "flag"]].values.tolist() == [
        ["mood", "feeds nothing"], ["delivery", ""]]  # fmt: skip
    figures = figures_focus.register(nothing)
    assert "If you cannot commit, do not ask" in read(sentences_focus.register(figures), figures)
    assert "Feeds nothing: remove" in tables_focus.flagged(nothing).text()
    ran = figures_focus.registered(asked, {"loyalty": CHAPTERS["sampling"]}, None, {})
    assert ran["flag"].tolist() == ["no decision", ""]
    assert "<details" in tables_focus.flagged(ran).html
    settled = figures_focus.registered(asked[1:2], {}, None, {})
    assert "Every question has a decision" in str(tables_focus.flagged(settled))


def test_every_role_of_the_codebook_is_used_by_a_chapter_or_no_question():
    assert set(ROLES) == {*figures_focus.USES, *figures_focus.RECORDS} - {"unused"}


def test_every_principle_has_its_measures_words_and_what_to_send():
    named = {*evidence_focus.PRINCIPLES, *evidence_focus.PRACTICES}
    assert (len(evidence_focus.PRINCIPLES), len(evidence_focus.PRACTICES)) == (7, 7)
    assert named == set(evidence_focus.EVIDENCE) == set(evidence_focus.SENT)
    wanted = {name for several in evidence_focus.EVIDENCE.values() for name in several}
    assert wanted == set(evidence_focus.WORDS)
    counted = {"sponsors", "emotions", "owned", "metric_owners"}  # in the client's own tables
    assert wanted == {*evidence_focus.HANDED_ON, *evidence_focus.OWN, *counted}
    told = {*evidence_focus.OWN.values()}
    assert told <= page_figures.DECLARED.names


def test_a_principle_without_records_says_that_no_evidence_was_supplied():
    sent = {"accounts": pd.DataFrame({"sponsor": ["Ann", None, "Ann"],
                                      "end_date": pd.to_datetime([None, None, "2025-01-01"])})}  # fmt: skip  # noqa: E501
    register = figures_focus.registered(questions(mood=("attitude", "", "")), {}, None, {})
    shown = evidence_focus.evidence(CHAPTERS, known()[0], sent, register, as_of=DAY)
    found = focus.scorecard(evidence_focus.wanted(evidence_focus.PRINCIPLES), shown)
    assert found.without == ("long", "trained", "named")
    rows = found.table.set_index("measure")
    assert (rows["value"]["sponsors"], rows["base"]["sponsors"]) == (0.5, 2)
    assert rows["value"]["told"] == 0.5
    text = tables_focus.scorecard(found).html()
    assert text.count("No evidence supplied") == 3
    figures = figures_focus.principles(found)
    assert "4 of 7 principles" in read(sentences_focus.principles(figures), figures)


def test_a_figure_that_is_withheld_elsewhere_is_no_evidence():
    hidden = {"recovery": ChapterResult("recovery", {
        "contact_kept": Figure("contact_kept", None, withheld="its base of 4 is under 10")})}  # fmt: skip  # noqa: E501
    register = figures_focus.registered([], {}, None, {})
    assert evidence_focus.evidence(hidden, {}, {}, register, as_of=DAY).empty


def test_a_conflict_in_pay_and_lip_service_share_an_answer_of_forty_words():
    pay = {f.name: f for f in (
        Figure("conflict_share", 0.45, unit="share"),
        *quotable(conflict_function="Service", conflict_metric="handling minutes",
                  conflict_way="down", conflict_driver="Technical support",
                  conflict_owner="Nora Castell"))}  # fmt: skip
    figures = known()[0] | pay
    page_figures.DECLARED.checked(figures.values())
    text = read(page_sentences.answer(figures), figures)
    assert text.startswith("45% of pay in Service rewards moving handling minutes down")
    assert (
        "Customers see lip service: asking 70.0 of a hundred, acting 40.0; Nora Castell tells"
        in text
    )
    assert len(text.split()) <= LONGEST
    assert len(re.findall(r"\d[\d.,]*", text)) <= NUMERALS
    calm = known(70.0)[0] | pay
    assert "lip service" not in page_sentences.answer(calm)


def test_where_nothing_of_pay_was_sent_the_page_asks_for_what_waits_to_be_told():
    figures, _ = known()
    asked = page_sentences.ask(figures, "7 July 2026")
    assert asked["owner"] == "Nora Castell"
    assert "Promise B" in read(asked["what"], figures)
    assert page_figures.main(figures) == "acted_perceived"


def test_without_metrics_in_pay_nobody_is_said_to_be_paid_on_what_matters():
    asked = pd.DataFrame({"driver": ["speed"], "function": ["Service"]})
    effects = pd.DataFrame({"driver": ["speed"], "effect": [1.0], "clear": [True]})
    owned = alignment.coverage(asked, None, effects)
    assert "unpaid" not in page_figures.owned(owned, {}, None)
    assert page_sentences.owners(page_figures.owned(owned, {}, None)) == ""


def test_what_waits_to_be_told_is_a_step_of_its_owner_one_line_each():
    _, untold = promised(None, None, "2026-02-01")
    todo = alignment.steps(untold=untold)
    assert todo[["kind", "owner", "metric", "days"]].values.tolist() == [
        ["tell", "Nora Castell", "Promise A", 7]]  # fmt: skip
    text = str(page_tables.steps(page_tables.written(todo, {}, lambda days: f"in {days} days")))
    assert "Tell customers, first of “Promise A”" in text
    assert alignment.steps(untold=untold.head(0)).empty


LETTER = ChapterResult(
    "messages", {}, ask={"what": "Send it.", "owner": "Chief executive", "due": "14 July 2026"}
)


def by_letter(*told: str | None) -> pd.DataFrame:
    return figures_focus.by_letter(promised(*told)[1], LETTER, as_of=DAY)


def test_where_a_letter_tells_customers_that_is_the_one_ask_with_its_owner_and_its_day():
    waits = by_letter(None, None)
    todo = page_tables.written(
        alignment.steps(untold=waits), {}, lambda days: Study.written(DAY + pd.Timedelta(days=days))
    )
    [step] = todo.to_dict("records")
    assert step["act"] == "Tell customers in the letter, of “Promise A” too, which waits longest"
    assert (step["owner"], step["by"]) == ("Chief executive", "14 July 2026")
    text = str(tables_focus.untold(waits))
    assert "To tell customers in the letter" in text and "this week" not in text
    assert "Nora Castell" not in text


@pytest.mark.parametrize("letter", [None, ChapterResult("messages", {})])
def test_without_a_letter_owners_tell_their_own(letter):
    waits = promised(None)[1]
    assert figures_focus.by_letter(waits, letter, as_of=DAY) is waits


@pytest.mark.parametrize(
    ("acted", "told", "answer"),
    [(40.0, (None,), "acting 40.0. Next, the letter tells them of “Promise A”, delivered and never "
      "told."),
     (70.0, (None,), "One delivered promise waits to be told: the letter tells customers of "
      "“Promise A”, by 14 July 2026."),
     (70.0, (None, None), "2 delivered promises wait to be told, “Promise A” longest. The letter "
      "tells customers by 14 July 2026.")],
)  # fmt: skip
def test_the_answer_says_that_the_letter_tells_them(acted, told, answer):
    figures, _ = known(acted, told=told, letter=LETTER)
    text = read(page_sentences.answer(figures), figures)
    assert text.endswith(answer)
    assert "Nora Castell" not in text
    ask = page_sentences.ask(figures, "7 July 2026")
    assert (ask["owner"], ask["due"]) == ("Chief executive", "14 July 2026")
    assert read(ask["what"], figures).startswith("Tell customers in the letter")


def test_without_lip_service_and_without_pay_what_waits_to_be_told_is_the_answer():
    figures, _ = known(70.0)
    text = read(page_sentences.answer(figures), figures)
    assert text == (
        "One delivered promise waits to be told: Nora Castell tells customers of “Promise B”."
    )
    told = known(70.0, told=("2026-02-01",))[0]
    assert "What functions are paid on was not sent" in page_sentences.answer(told)


@pytest.mark.parametrize("shift", [-6.0, -2.6, -0.5, 0.0, 0.9, 2.0, 2.6, 6.0])
def test_the_chance_of_a_change_of_acting_is_that_of_what_matters(shift):
    before = np.random.default_rng(4).normal(50, 8, 200)
    rows = pd.Series(np.append(before, before + shift))
    first = pd.Series(np.arange(400) < 200)
    found = survey.difference(rows.where(first), rows.where(~first), SurveyDesign())
    told = figures_focus.change(found, 1.0)["acted_change"]
    assert (told.verdict != "none") == (told.p < 0.05)
    away = (abs(found.value) - 1.0) / found.standard_error
    assert told.p == pytest.approx(2 * t.sf(away, found.degrees_of_freedom) if away > 0 else 1.0)
