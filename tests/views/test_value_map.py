"""What the value map says, by what could be told."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from helpers.methods import value_map
from helpers.results import ChapterResult, Figure
from helpers.views.rendering import sentences as said
from helpers.views.value_map import figures, sentences, tables


def placed(scores: list[float], *, noise: float = 0.0) -> value_map.ValueMap:
    """A map of accounts by their scores; those of largest revenue come last."""
    names = [f"a{place:03d}" for place in range(len(scores))]
    money = pd.DataFrame({"account_id": names, "period": pd.Timestamp("2026-05-01"),
                          "revenue": 1e4 + 1e3 * np.arange(len(scores))})  # fmt: skip
    known = pd.DataFrame({"account_id": names, "shrunk": scores})
    if noise:
        known = known.assign(low=known["shrunk"] - noise, high=known["shrunk"] + noise)
    return value_map.place(
        value_map.three_ps(None, money, as_of=pd.Timestamp("2026-06-30")), known, loyalty_cut=70,
        replicates=200 if noise else 0, rng=np.random.default_rng(1),
    )  # fmt: skip


def quoted(found: value_map.ValueMap, smallest: int = 10) -> dict[str, Figure]:
    cells = value_map.shown_cells(found, smallest)
    return figures.DECLARED.checked(figures.placement(found, cells, "USD").values())


def text(template: str, known: dict[str, Figure]) -> str:
    return said.say(template, ChapterResult("value_map", known)).text


FIRM = placed([80.0] * 60 + [40.0] * 20, noise=8)
FEW = placed([80.0] * 60 + [40.0] * 4, noise=8)
ALL_LOYAL = placed([80.0] * 40)


@pytest.mark.parametrize(
    ("found", "opening"),
    [
        (FIRM, "Protect the 20 listed accounts first"),
        (placed([80.0] * 60 + [40.0] * 20), "20 accounts worth"),
        (FEW, "4 accounts look high in value and low in loyalty"),
        (ALL_LOYAL, "40 accounts could be placed; none is high in value"),
    ],
)
def test_the_answer_says_what_may_be_said_of_the_accounts_to_protect(found, opening):
    known = quoted(found)
    assert text(sentences.answer(known), known).startswith(opening)


def test_nothing_is_asked_of_accounts_that_are_not_there():
    assert sentences.ask(quoted(ALL_LOYAL), "30 July 2026") == {}


@pytest.mark.parametrize(("found", "whom"), [(FIRM, "most firmly"), (FEW, "look not loyal")])
def test_accounts_that_score_low_firmly_are_checked_first_where_that_may_be_told(found, whom):
    known = quoted(found)
    what = text(sentences.ask(known, "30 July 2026")["what"], known)
    assert whom in what
    assert "Not shown" not in what


def test_how_firmly_accounts_sit_is_not_known_without_noise():
    assert "is not known" in sentences.so_what(quoted(ALL_LOYAL))
    reasons = figures.reasons(ALL_LOYAL)
    assert reasons["grow_firm"] == reasons["firm_share"] == figures.UNTESTED
    assert reasons["protect_revenue"] == figures.EMPTY


def test_every_figure_of_every_cell_is_there_or_has_its_reason():
    for found in (FIRM, FEW, ALL_LOYAL):
        known, reasons = quoted(found), figures.reasons(found)
        told = figures.DECLARED.untold(known, reasons)
        assert set(known) | set(told) == figures.DECLARED.names
        assert known["protect_accounts"].verdict in ("some", "none")


def test_the_number_placed_and_the_likely_number_stand_apart_in_the_table():
    """The likely number has the interval; the number placed may lie outside it."""
    found = placed([80.0] * 60 + [69.0] * 20, noise=12)
    table = tables.groups(found, value_map.shown_cells(found, 10), "USD")
    assert table.headings[1:4] == ("Accounts placed", "Likely number", "Interval")
    row = next(row for row in table.rows if row[0] == "Protect & repair")
    low, high = (int(x) for x in row[3].split(" to "))
    assert low <= int(row[2]) <= high


CAPS = dict.fromkeys(value_map.CELLS, 0.5)


def served(sponsors: list[str | None], cost: float) -> value_map.Coverage:
    """Eighty accounts with so much cost of a margin of 100; the twenty that score low are large."""
    names = [f"a{place:03d}" for place in range(80)]
    money = pd.DataFrame({"account_id": names, "period": pd.Timestamp("2026-05-01"),
                          "revenue": 1e4 + np.arange(80), "margin": 100.0 + np.arange(80) / 100,
                          "cost_to_serve": cost})  # fmt: skip
    worth = value_map.three_ps(None, money, as_of=pd.Timestamp("2026-06-30"))
    scores = pd.DataFrame({"account_id": names, "shrunk": [80.0] * 60 + [40.0] * 20})
    found = value_map.place(worth, scores, loyalty_cut=70, replicates=0)
    facts = pd.DataFrame({"account_id": names, "sponsor": sponsors})
    return value_map.coverage(found, facts, worth, caps=CAPS)


@pytest.mark.parametrize(
    ("made", "opening", "ending"),
    [
        (served(["Ann"] * 70 + [None] * 10, 90.0),
         "10 of the 20 accounts to protect that may be named have no sponsor.",
         "80 of 80 accounts cost more to serve than their group allows"),
        (served(["Ann"] * 80, 10.0), "Every account to protect that may be named has a sponsor.",
         "No account costs more to serve than its group allows"),
    ],
)  # fmt: skip
def test_the_page_says_where_service_differs_from_what_a_group_deserves(made, opening, ending):
    known = figures.DECLARED.checked(figures.served(made))
    said_of_it = text(sentences.served(known), known)
    assert said_of_it.startswith(opening)
    assert ending in said_of_it


def test_without_sponsors_and_costs_nothing_is_said_of_them():
    made = served([None] * 80, float("nan"))
    known = figures.DECLARED.checked(figures.served(made))
    assert "sponsor" not in text(sentences.served(known), known)
    assert "Without a sponsor" not in tables.coverage(made).headings


def test_every_group_that_holds_accounts_has_its_service_and_cap():
    table = tables.deserves(FIRM, CAPS)
    held = FIRM.cells.loc[FIRM.cells["accounts"] > 0, "cell"]
    assert [row[0] for row in table.rows] == list(held)
    assert all(all(row) for row in table.rows)
    assert set(tables.DESERVES["cell"]) == set(value_map.CELLS)


def test_the_weights_that_were_tried_are_quoted_with_the_accounts_that_move():
    tried = value_map.Sensitivity(
        pd.DataFrame({"part": ["payoff"], "declared": [0.5], "tried": [0.3], "moved": [12],
                      "moved_share": [0.15], "join": [2], "leave": [1]}), 0.2, 80
    )  # fmt: skip
    known = figures.DECLARED.checked(figures.weights(tried).values())
    assert text(sentences.weights(known), known) == (
        "Moving any one weight by 0.2 changes the group of at most 15% of accounts."
    )
    assert tables.weights(tried).rows == (("Payoff", "0.50", "0.30", "12", "15%", "2", "1"),)


BOTH_LOW = placed([40.0] * 30 + [80.0] * 40 + [40.0] * 15)
MOST_LOW = placed([40.0] * 40 + [80.0] * 60 + [40.0] * 10)


@pytest.mark.parametrize(
    ("found", "title"),
    [
        (BOTH_LOW, "Of the two groups that score low, Protect & repair brings more: $1.3M a year, "
                   "of 15 accounts, named or not"),
        (MOST_LOW, "Of the two groups that score low, Re-price or release brings more: $1.2M a "
                   "year, of 40 accounts, named or not"),
        (FEW, "4 of the 64 accounts that may be named are high in value and low in loyalty"),
        (ALL_LOYAL, "None of the 40 accounts that may be named is high in value and low in "
                    "loyalty"),
    ],
)  # fmt: skip
def test_the_map_s_title_is_a_finding_chosen_by_verdict(found, title):
    """15 accounts of 80 to 94 thousand (1,305) against 30 of 10 to 39 (735); then 10 of 110 to
    119 (1,145) against 40 of 10 to 49 (1,180).
    """
    known = quoted(found) | {one.name: one for one in figures.named(found)}
    assert text(sentences.map_title(known), known) == title


def test_of_two_groups_that_bring_the_same_neither_is_said_to_bring_more():
    cells = value_map.shown_cells(BOTH_LOW, 10)
    even = cells.assign(revenue=cells["revenue"].where(cells["accounts"] == 0, 5e6))
    known = figures.placement(BOTH_LOW, even, "USD")
    assert known["low_cell"].verdict == "alike"
    assert text(sentences.map_title(known), known).startswith("Both groups that score low bring")


def test_the_ask_says_how_many_of_the_group_the_list_by_name_holds():
    known = quoted(FIRM)
    assert "agreed to be named" not in text(sentences.ask(known, "")["what"], known)
    fewer = {"named_protect": Figure("named_protect", 17, unit="count", verdict="some")}
    what = text(sentences.ask(known | fewer, "")["what"], known | fewer)
    assert "the rest of the 20 on the list" in what
    assert what.endswith("holds 17: it uses only answers of people who agreed to be named.")


@pytest.mark.parametrize(("firm", "verdict"), [(496, "half or more"), (494, "fewer than half")])
def test_what_reads_as_half_is_not_said_to_be_fewer_than_half(firm, verdict):
    table = pd.DataFrame({"stability": 0.9, "firmness": ["firm"] * firm + ["open"] * (1000 - firm)})
    (share,) = figures._firm_share(SimpleNamespace(table=table, base=1000))
    doubted = sentences.doubts({"firm_share": share})
    assert share.verdict == verdict
    assert bool(doubted) == (verdict == "fewer than half")
