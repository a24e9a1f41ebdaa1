"""A report that contradicts itself is not published."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.press.consistency import contradictions
from helpers.results import ChapterResult, Figure

DUE = "30 July 2026"


def chapter(name: str, *figures: Figure, what: str = "", owner: str = "Sales") -> ChapterResult:
    ask = {"what": what, "owner": owner, "due": DUE}
    return ChapterResult(name, {figure.name: figure for figure in figures}, ask=ask)


def nps(name: str = "nps", value: float = 24.7, base: int = 781, **more) -> Figure:
    ends = {"low": value - 5, "high": value + 5} | more
    return Figure(name, value, **ends, base=base, label="Net promoter score")


def told(*chapters: ChapterResult) -> list[str]:
    return contradictions({one.chapter: one for one in chapters})


def test_one_quantity_with_one_value_is_fine():
    assert told(chapter("sampling", nps("main")), chapter("loyalty", nps())) == []


@pytest.mark.parametrize("other", [nps(value=31.4), nps(base=780), nps(low=10.0), nps(high=40.0)])
def test_one_quantity_with_two_values_intervals_or_bases_is_told(other):
    [line] = told(chapter("sampling", nps("main")), chapter("loyalty", other))
    assert line.startswith("Net promoter score is 24.7 (19.7 to 29.7), base 781 in sampling (main)")
    assert line.endswith("in loyalty (nps)")


def test_case_of_a_label_makes_no_other_quantity():
    other = Figure("nps", 31.4, base=781, label="net promoter score")
    assert len(told(chapter("sampling", nps()), chapter("loyalty", other))) == 1


def test_another_unit_or_another_name_is_another_quantity():
    share = Figure("nps", 0.3, unit="share", label="Net promoter score")
    named = Figure("raw", 31.4, label="Net promoter score, unweighted")
    assert told(chapter("sampling", nps()), chapter("loyalty", share, named)) == []


def test_last_digits_of_another_way_of_adding_up_are_no_contradiction():
    assert told(chapter("sampling", nps()), chapter("loyalty", nps(value=24.7 + 1e-12))) == []


def test_a_withheld_value_contradicts_nothing():
    held = Figure("nps", None, withheld="its base is small", label="Net promoter score")
    assert told(chapter("sampling", nps()), chapter("loyalty", held)) == []


def accounts(name: str, value: int) -> Figure:
    return Figure(name, value, unit="count", base_unit="accounts")


def test_an_owner_is_not_asked_for_two_lists_on_one_day():
    one = chapter("loyalty", accounts("listed", 31), what="Call the {listed:value}.")
    other = chapter("value_map", accounts("firm", 9), what="Call the {firm:value}.")
    assert told(one, other) == [
        f"Sales is asked by {DUE} for 31 accounts in loyalty and for 9 in value_map"
    ]


def test_a_part_of_a_list_may_come_first():
    both = (accounts("listed", 31), accounts("firm", 9))
    one = chapter("executive", *both, what="The {firm:value} first, of {listed:value}.")
    other = chapter("value_map", *both, what="Call the {firm:value}.")
    assert told(one, other) == []


def test_two_owners_may_have_two_lists():
    one = chapter("loyalty", accounts("listed", 31), what="Call the {listed:value}.")
    other = chapter("sampling", accounts("firm", 9), what="{firm:value}", owner="Research")
    assert told(one, other) == []


def driver(name: str, value: str = "Delivery") -> Figure:
    return Figure(name, value, unit="text")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "Approve a sponsor for the {n:value} accounts.",
            "Test the plan with the {n:value} first.",
        ),
        ("Fund {top} now.", "Run a pilot on {top}."),
        ("Name a sponsor for the {n:value} accounts.", "Let go of the {n:value}."),
    ],
)
def test_one_thing_is_not_acted_on_and_tested_or_left_alone(one, other):
    both = (accounts("n", 9), driver("top"))
    found = told(
        chapter("executive", *both, what=one), chapter("value_map", *both, what=other, owner="Ops")
    )
    assert len(found) == 1
    assert "in the ask of executive" in found[0]


def test_two_things_may_have_two_courses():
    both = (driver("top"), driver("next", "Pricing"))
    one = chapter("executive", *both, what="Fund {top}.")
    other = chapter("drivers", *both, what="Run a pilot on {next}.", owner="Ops")
    assert told(one, other) == []


def test_asks_that_want_the_same_agree():
    one = chapter("executive", accounts("n", 9), what="Approve a sponsor for {n:value}.")
    other = chapter("value_map", accounts("n", 9), what="Name a sponsor for each of {n:value}.")
    assert told(one, other) == []


def ask(name: str, what: str, owner: str, due: str, *figures: Figure, **tables) -> ChapterResult:
    asked = {"what": what, "owner": owner, "due": due}
    return ChapterResult(name, {f.name: f for f in figures}, tables, ask=asked)


def step(act: str, owner: str, by: str) -> pd.DataFrame:
    return pd.DataFrame({"act": [act], "owner": [owner], "by": [by]})


SENT = "Sign the letter and send it; then record the day on which customers were told."
LETTER = ask("messages", SENT, "Chief executive", "14 July 2026")


@pytest.mark.parametrize(
    ("owner", "by", "lines"),
    [("Nora Castell", "7 July 2026", 1), ("Chief executive", "7 July 2026", 1),
     ("Nora Castell", "14 July 2026", 1), ("Chief executive", "14 July 2026", 0)],
)  # fmt: skip
def test_customers_are_told_by_one_owner_and_by_one_day(owner, by, lines):
    steps = step("Tell customers, first of “Delivery dates that hold”", owner, by)
    found = told(ask("alignment", "Pay on it.", "Ann", "9 July 2026", steps=steps), LETTER)
    assert len(found) == lines
    if lines:
        assert found == [
            f"telling customers what was delivered is asked of {owner} by {by} in alignment "
            "and of Chief executive by 14 July 2026 in messages"
        ]


@pytest.mark.parametrize(("metric", "lines"), [("handling minutes", 1), ("freight cost", 0)])
def test_one_target_is_taken_off_by_one_day_and_two_may_be_by_two(metric, lines):
    what = "Take the target of {metric} off one team for a quarter."
    one = ask("alignment", what, "Nora Castell, Service", "7 July 2026", driver("metric", metric))
    what = "Report. Ann: take the target of {top} off one team."
    other = ask("operations", what, "Ian", DUE, driver("top", "handling minutes"))
    assert len(told(one, other)) == lines


def test_a_chapter_may_share_an_act_among_several_owners():
    several = pd.concat([step("Tell customers, first of “A”", "Ann", "7 July 2026"),
                         step("Tell customers, first of “B”", "Bo", "7 July 2026")])  # fmt: skip
    assert told(ask("alignment", "Pay on it.", "Ann", DUE, steps=several)) == []
