"""The leads chapter: what it says by what could be told, and whom it never names."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from cases import Cases

from helpers.methods import leads
from helpers.results import ChapterResult, Figure
from helpers.views.leads import charts, figures, sentences, tables
from helpers.views.rendering.sentences import say

DAY = pd.Timestamp("2026-06-30")
FIRMS = [f"A{i:02}" for i in range(30)]
LISTED = pd.DataFrame({"product_id": ["P1", "P2"], "name": ["Pump", "Audit"],
                       "price": [100.0, 1000.0], "margin": [0.3, np.nan]})  # fmt: skip
NAMES = {firm: f"Firm {firm}" for firm in FIRMS}
PRODUCTS = {"P1": "Pump", "P2": "Audit"}
BEFORE = pd.DataFrame({"source": "interest", "account_id": range(100),
                       "hit": [True, *[False] * 9] * 10})  # fmt: skip
NEVER = BEFORE.iloc[:0]


def made(
    *asked: tuple[str, str, str], before: pd.DataFrame = BEFORE, there: list[str] = FIRMS,
    waiting: tuple[str, ...] = (), owns: pd.DataFrame | None = None,
) -> tuple[leads.Leads, leads.HitRates]:  # fmt: skip
    rng = np.random.default_rng(5)
    ticked = pd.DataFrame(asked, columns=["account_id", "contact_id", "product_id"])
    scores = pd.Series(80.0, index=FIRMS)
    agreed = ticked[ticked["account_id"].isin(there)]
    people = pd.DataFrame({"contact_id": agreed["contact_id"], "role": "user",
                           "account_id": agreed["account_id"]})  # fmt: skip
    sold, rates = leads.sales(owns, LISTED, None), leads.hit_rates(before, rng=rng)
    found = leads.todays_leads(
        sold, leads.Known(DAY, scores, there, ticked=agreed), leads.Rule(), rates,
        leads.priced(sold), people=people, waiting=waiting,
        everyone=leads.Known(DAY, scores, FIRMS, ticked=ticked), calls=3, rng=rng,
    )  # fmt: skip
    return found, rates


def told(found: leads.Leads, rates: leads.HitRates) -> dict[str, Figure]:
    known = figures.found(found, rates, NAMES, PRODUCTS, currency="USD", months=6, smallest=10,
                          as_of=DAY)  # fmt: skip
    known |= figures.rates(rates) | figures.space(found, rates, PRODUCTS, 10, "USD")
    return figures.DECLARED.checked(known.values())


def read(template: str, known: dict[str, Figure]) -> str:
    return say(template, ChapterResult("leads", known)).text


ASKED = [(firm, f"C{firm}", pid) for firm in FIRMS[:4] for pid in ("P1", "P2")]
CASES = Cases(
    {  # what is there, and how the answer begins
        "some": lambda: (made(*ASKED), r"By 6 July 2026 call Firm A0\d about Audit, then 2 more: "),
        "one": lambda: (made(ASKED[0]), r"By 6 July 2026 call Firm A00 about Pump: worth \$10 "),
        "no past": lambda: (
            made(*ASKED, before=NEVER),
            r"By 6 July 2026 call Firm A0\d about \w+, then 2 more",
        ),
        "nothing": lambda: (made(ASKED[0], waiting=("A00",)), "There is nothing to call about"),
        "nobody agreed": lambda: (
            made(*ASKED, there=[]),
            "Call nobody: no contact is known to have agreed",
        ),
    }
)


@pytest.mark.parametrize("case", CASES)
def test_the_answer_says_whom_to_call_in_at_most_forty_words_and_six_numerals(case):
    (found, rates), opening = CASES[case]
    known = told(found, rates)
    text = read(sentences.answer(known), known)
    assert re.match(opening, text), text
    assert len(text.split()) <= 40
    assert len(re.findall(r"\d[\d.,]*", re.sub(r"Firm A\d+", "", text))) <= 6


@pytest.mark.parametrize("case", CASES)
def test_every_page_of_a_case_can_be_shown(case):
    (found, rates), _ = CASES[case]
    known = told(found, rates)
    rows = figures.listed(found.sent, None, NAMES, LISTED)
    assert tables.calls(found, rows, "USD")
    assert tables.files(found).text == ("" if found.sent.empty else tables.SAID)
    assert tables.sources(found, rates, "USD").text()
    assert read(sentences.waiting(known), known)
    assert sentences.ask(known, "6 July 2026") or case == "nothing"


def test_without_a_past_the_page_says_that_worth_cannot_be_told():
    known = told(*CASES["no past"][0])
    assert "cannot be told yet" in read(sentences.answer(known), known)
    assert sentences.hits(known) == ""
    assert "It takes" in sentences.tested(known).replace("it takes", "It takes")


def test_the_page_says_that_what_a_call_adds_is_not_known():
    known = told(*CASES["some"][0])
    assert "called or not: what a call adds is not known" in read(sentences.hits(known), known)


def test_leads_of_those_who_did_not_agree_are_told_in_words_where_they_are_few():
    few = told(*made(*ASKED[:4], there=["A09"]))
    assert re.search(r"\d", read(sentences.WITHHELD(few), few)) is None
    several = [(firm, "c", pid) for firm in FIRMS[:6] for pid in PRODUCTS]
    many = told(*made(*several, there=["A09"]))
    assert "12 further leads" in read(sentences.WITHHELD(many), many)


def test_no_name_and_no_number_of_those_who_did_not_agree_is_on_the_page():
    """A00 asked and did not agree: no table, sentence or figure holds it."""
    found, rates = made(*ASKED, there=FIRMS[1:4])
    rows = figures.listed(found.sent, None, NAMES, LISTED)
    known = told(found, rates)
    shown = " ".join(
        [tables.calls(found, rows, "USD").text(), rows.to_csv(), found.claimed.to_csv(),
         *(str(figure.value) for figure in known.values())]
    )  # fmt: skip
    assert "A01" in shown
    assert "A00" not in shown


def test_leads_that_wait_are_listed_and_stand_in_no_file():
    found, rates = made(*ASKED, waiting=("A00",))
    rows = figures.listed(found.held, None, NAMES, LISTED)
    assert "Firm A00" in tables.waiting(rows).text
    assert "A00" not in set(figures.listed(found.sent, None, NAMES, LISTED)["account_id"])
    known = told(found, rates)
    assert read(sentences.waiting(known), known).startswith("More leads wait at an account")
    known = told(*made(*ASKED, waiting=("A00", "A01")))
    assert "4 more leads wait at 2 accounts" in read(sentences.waiting(known), known)


def test_a_call_names_two_products_and_counts_the_others():
    part = pd.DataFrame({"product": ["Pump", "Audit", "Skid", "Pump", "Valve"]})
    assert figures._about(part) == "Pump, Audit and 2 more"
    assert figures._about(part.head(2)) == "Pump, Audit"


def test_margin_is_told_where_it_is_a_share():
    rows = figures.listed(CASES["some"][0][0].sent, None, NAMES, LISTED).set_index("product_id")
    assert rows.loc["P2", "margin"].isna().all()
    assert (rows.loc["P1", "margin"] / rows.loc["P1", "money"]).round(3).eq(0.3).all()


def test_white_space_is_drawn_with_every_lead_in_the_alternative_text():
    owns = pd.DataFrame({"account_id": FIRMS[:20], "product_id": "P1"})
    found, rates = made(owns=owns)
    known = told(found, rates)
    assert read(sentences.space(known), known).startswith(
        "10 loyal accounts can be called about Pump"
    )
    white = found.sent[found.sent["source"] == "white space"]
    assert known["space_money"].value == pytest.approx(white["money"].sum())
    drawn = charts.white_space(found, PRODUCTS, title="Space", smallest=10)
    assert "Pump, All loyal accounts: owned by 67%, 10 leads" in drawn.alt
    assert charts.white_space(made(*ASKED)[0], PRODUCTS, title="", smallest=99) is None


@pytest.mark.parametrize(
    ("hits", "verdict", "said"),
    [(8, "inside", "inside that range"), (2, "fewer", "Only 2 did"), (20, "more", "20 did, more")],
)
def test_what_was_stated_at_the_wave_before_is_set_beside_what_came(hits, verdict, said):
    row = {"wave": "2025H2", "source": "", "leads": 100, "expected": 9.4, "low": 5.0, "high": 14.0,
           "hits": hits, "inside": verdict == "inside"}  # fmt: skip
    known = figures.tested(leads.Backtest(pd.DataFrame([row]), 0.9))
    assert known["tested"].verdict == verdict
    text = read(sentences.tested(known), known)
    assert said in text
    assert "5 to 14" in text
