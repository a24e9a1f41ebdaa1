"""Faults of the survey itself: what each is told of, and what it is not told of."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.study import check_client
from helpers.study.codebook import Codebook, Question
from helpers.study.config import Config
from helpers.study.findings import Findings
from helpers.study.intake import Typed
from helpers.study.readers.raw import one_file
from helpers.study.survey_checks import check_answers, check_population, check_waves
from helpers.study.tables import TABLES


def sent(table: str = "responses", sheet: dict | None = None, **columns: object) -> Typed:
    """A table as it was typed; ``sheet`` is what stood in the file, where that differs."""
    frame = pd.DataFrame(columns)
    raw = one_file(pd.DataFrame(sheet or columns).astype(object), f"{table}.csv", "")
    return Typed(TABLES[table], frame, raw)


def asked(variable: str, role: str = "driver", **more: object) -> Question:
    return Question(variable, role, "", variable, 0, 10, **more)


def config(**keys: object) -> Config:
    return Config.model_validate({"name": "S", "as_of": "2026-06-30", "wave": "W1", **keys})


def told(check, *given, **more) -> list[str]:
    findings = Findings()
    check(*given, findings, **more)
    return [f"{fault.severity} {fault.column}: {fault.problem}" for fault in findings.faults]


def of_answers(questions: list[Question], **columns: object) -> list[str]:
    return told(check_answers, sent(**columns), Codebook(tuple(questions)))


# Answers that never vary.


@pytest.mark.parametrize(
    ("values", "role", "expected"),
    [
        ([7.0] * 30, "driver", ["warning q: is 7 in all 30 answers"]),
        ([7.0] * 30 + [np.nan], "driver", ["warning q: is 7 in all 30 answers"]),
        ([7.0] * 29, "driver", []),
        ([7.0] * 29 + [8.0], "driver", []),
        (["7"] * 30, "segment", []),
        (["7"] * 30, "comment", []),
    ],
)
def test_a_question_that_never_varies_is_told_from_thirty_answers_on(values, role, expected):
    assert of_answers([asked("q", role)], q=values) == expected


def test_a_question_that_no_response_holds_is_no_question_without_answers():
    assert of_answers([asked("q"), asked("absent")], q=[7.0, 8.0]) == []


# Answers that run against the others.

UP = np.tile([2.0, 4.0, 6.0, 8.0, 9.0], 12)
AGAINST = "warning odd: runs against the other questions (correlation -1.00)"


def three(rows: int = 60, odd: str = "driver", **more: object) -> list[str]:
    questions = [asked("a"), asked("b", "attitude"), asked("odd", odd, **more)]
    return of_answers(questions, a=UP[:rows], b=UP[:rows] + 1, odd=(10 - UP)[:rows])


@pytest.mark.parametrize("role", ["driver", "satisfaction", "recommend", "attitude", "behaviour"])
def test_a_question_that_runs_against_the_others_is_told(role):
    assert three(odd=role)[-1] == AGAINST


def test_a_question_that_was_turned_in_one_wave_is_told_with_the_wave():
    """Over both waves it goes with the others, and `reverse` would turn the sound wave as well."""
    waves = np.repeat(["2025H2", "2026H1"], [30, 60])
    up = np.tile(UP[:30], 3)
    turned = np.where(waves == "2025H2", 10 - up, up)
    questions = [asked("a"), asked("b"), asked("c"), asked("odd")]
    found = of_answers(questions, wave=waves, a=up, b=up, c=up, odd=turned)
    assert found == [
        "warning odd: runs against the other questions in 2025H2 (-1.00), and with them in other "
        "waves"
    ]
    few = np.where(np.arange(90) < 1, np.nan, turned)
    assert of_answers(questions, wave=waves, a=up, b=up, c=up, odd=few) == []
    alone = of_answers(questions, wave=waves, a=up, b=up, c=up, odd=10 - up)
    assert alone[-1] == AGAINST


@pytest.mark.parametrize(
    ("short", "highest", "told"),
    [(30, 5.0, True), (29, 5.0, False), (30, 6.0, False), (30, 4.0, True)],
)
def test_a_wave_that_was_asked_on_half_the_scale_is_told(short, highest, told):
    waves = ["2025H2"] * short + ["2026H1"] * 60
    answers = [*np.minimum(UP[:short], highest), *UP]
    found = of_answers([asked("q")], wave=waves, q=answers)
    problem = f"warning q: has no answer above {highest:g} in 2025H2, as 30% or more elsewhere are"
    assert found == ([problem] if told else [])


def test_so_is_a_file_and_one_that_others_seldom_exceed_is_not(client):
    head = "response_id,wave,account_id,nps,ease,trouble\n"
    texts = [
        head + "".join(f"{file}{n},2026H1,007,{n % top},8,{n % 5 + 1}\n" for n in range(60))
        for file, top in (("a", 11), ("b", 6))
    ]
    files = {"responses.csv": None, "first.csv": texts[0], "second.csv": texts[1]}
    folder = client(files, tables="{responses: [first.csv, second.csv]}")
    (fault,) = [f for f in check_client(folder) if "no answer above" in f.problem]
    assert fault.problem.startswith("has no answer above 5 in second.csv")
    assert "bring its answers to 0 to 10 in a query" in fault.advice
    seldom = [3.0] * 30 + [3.0] * 50 + [9.0] * 20
    assert of_answers([asked("q")], wave=["W0"] * 30 + ["W1"] * 70, q=seldom) == []


def test_effort_may_run_against_the_others_and_a_reversed_question_does_not():
    assert three(odd="effort") == []
    assert three(reverse=True) == []


@pytest.mark.parametrize(("rows", "expected"), [(30, AGAINST), (29, None)])
def test_which_way_a_question_runs_is_asked_of_thirty_responses(rows, expected):
    assert (three(rows) or [None])[-1] == expected


def test_of_two_questions_it_is_not_said_which_one_is_odd():
    assert of_answers([asked("a"), asked("b")], a=UP, b=10 - UP) == []


def test_thirty_people_must_have_answered_a_question_and_others_beside_it():
    few = np.where(np.arange(60) < 29, 10 - UP, np.nan)
    questions = [asked("a"), asked("b"), asked("odd")]
    assert of_answers(questions, a=UP, b=UP + 1, odd=few) == []
    beside = np.where(np.arange(60) < 29, UP, np.nan)
    assert of_answers(questions, a=beside, b=beside, odd=10 - UP) == []
    enough = np.where(np.arange(60) < 30, 10 - UP, np.nan)
    assert of_answers(questions, a=UP, b=UP + 1, odd=enough) == [AGAINST]


def test_a_question_that_never_varies_leaves_the_others_comparable():
    questions = [asked("a"), asked("b"), asked("same"), asked("odd")]
    found = of_answers(questions, a=UP, b=UP + 1, same=[5.0] * 60, odd=10 - UP)
    assert found == ["warning same: is 5 in all 60 answers", AGAINST]


# Questions without answers, and rows without anybody.


def test_a_question_without_answers_is_told_once_and_not_beside_its_fault():
    responses = sent(sheet={"q": ["99", "99", "98"]}, q=[np.nan] * 3)
    book = Codebook((asked("q"),))
    (found,) = told(check_answers, responses, book)
    assert found == "warning q: has no answers but those declared as missing: 99, 98"
    findings = Findings()
    findings.error("responses.csv", "is no number", "Mend it.", column="q")
    check_answers(responses, book, findings)
    assert len(findings.faults) == 1
    blank = sent(sheet={"q": ["", "  ", None]}, q=[np.nan] * 3)
    assert told(check_answers, blank, book) == ["warning q: has no answers at all"]


def test_a_question_of_blanks_beside_a_missing_code_says_the_code_alone():
    responses = sent(sheet={"q": ["", "99"]}, q=[np.nan] * 2)
    (found,) = told(check_answers, responses, Codebook((asked("q"),)))
    assert found.endswith("declared as missing: 99")


@pytest.mark.parametrize(
    ("sheet", "rows"),
    [
        ({"response_id": ["a", None, None], "q": [7.0, None, None]}, 2),
        ({"response_id": ["a", None], "other": ["x", "y"], "q": [7.0, None]}, 1),
        ({"response_id": ["a", None], "q": [7.0, 8.0]}, 0),
        ({"response_id": ["a", "b"], "q": [7.0, None]}, 0),
        ({"response_id": ["a", None], "contact_id": ["c", "d"], "q": [7.0, None]}, 0),
        ({"response_id": [None, None], "other": ["x", "y"]}, 0),  # no question at all
        ({"q": [7.0, None]}, 0),  # no ids at all: whoever answered nothing is one of them
    ],
)
def test_rows_with_neither_an_id_nor_an_answer_are_told(sheet, rows):
    found = of_answers([asked("q")], **sheet)
    told_of = [text for text in found if "neither" in text]
    assert len(told_of) == (1 if rows else 0)
    assert not rows or f"{rows} such rows in all" in told_of[0]


# Waves.


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({}, []),
        ({"previous_wave": "W0"}, []),
        ({"previous_wave": "W7"}, ["error previous_wave: has no responses in responses.csv"]),
        ({"wave": "W7"}, ["error wave: has no responses in responses.csv"]),
        ({"waves": {"W0": "2025-06-30"}}, []),
        ({"waves": {"W7": "2025-06-30"}}, ["warning waves.W7: has no responses in responses.csv"]),
    ],
)
def test_waves_that_are_named_are_among_the_responses(keys, expected):
    assert told(check_waves, sent(wave=["W0", "W1"], nps=[9, 8]), config(**keys)) == expected


def test_waves_are_not_looked_for_where_no_response_or_nobody_tells_one():
    unread = config().model_copy(update={"wave": ""})  # it was no wave, which is told elsewhere
    assert told(check_waves, sent(wave=["W0"], nps=[9]), unread) == []
    assert told(check_waves, sent(nps=[9, 8]), config(previous_wave="W7")) == []


# The population.

JOINED = pd.DataFrame(
    {"wave": ["W0", "W1", "W1"], "tier": ["A", "A", "B"], "account_id": list("xyz")}
)


def of_population(joined: pd.DataFrame = JOINED, lost: tuple[str, ...] = (), **columns: object):
    responses = sent(wave=joined.get("wave", ["W1"] * len(joined)))
    if lost:
        raw = one_file(responses.raw.frame, "responses.csv", "", lost=lost)
        responses = Typed(responses.table, responses.frame, raw)
    tables = {"responses": responses, "population": sent("population", **columns)}
    return told(check_population, tables, joined, config())


def test_no_population_is_no_fault():
    assert told(check_population, {"responses": sent(nps=[9])}, JOINED, config()) == []
    assert of_population(tier=["A", "B"]) == []  # its size is missing, which is told elsewhere


@pytest.mark.parametrize(
    ("second", "faulty"), [([50.0, 50.0], False), ([50.0, 50.5], False), ([50.0, 50.6], True)]
)
def test_margins_may_differ_by_half_a_per_cent(second, faulty):
    joined = JOINED.assign(region=["N", "N", "S"])
    found = of_population(
        joined, tier=["A", "B", None, None], region=[None, None, "N", "S"],
        size=[40.0, 60.0, *second],
    )  # fmt: skip
    assert bool(found) == faulty
    if faulty:
        assert found == [
            "error size: has margins that do not sum to the same population in wave W1: "
            "tier 100, region 101"
        ]


def test_a_column_that_divides_no_people_of_a_wave_is_no_margin_of_it():
    joined = JOINED.assign(region=["N", "N", "S"])
    found = of_population(
        joined, wave=["W0", "W1", "W1", "W1", "W1"], tier=["A", "A", "B", None, None],
        region=[None, None, None, "N", "S"], size=[9.0, 4.0, 6.0, 5.0, 5.0],
    )  # fmt: skip
    assert found == []
    assert of_population(size=[9.0]) == []


def test_categories_of_margins_that_do_not_agree_are_not_compared_as_well():
    joined = JOINED.assign(region=["N", "N", "S"])
    found = of_population(
        joined, tier=["A", "C", None], region=[None, None, "N"], size=[40.0, 60.0, 50.0]
    )
    assert len(found) == 1 and "do not sum" in found[0]


@pytest.mark.parametrize(
    ("tiers", "sizes", "expected"),
    [
        (["A", "B"], [40.0, 60.0], []),
        (["A"], [40.0], ["error tier: has no size for B, which responses of W1 have"]),
        (["A", "B"], [40.0, 0.0], ["error tier: has no size for B, which responses of W1 have"]),
        (["A", "B", "C"], [4.0, 6.0, 0.0], []),
        (["A", "B", "C"], [4.0, 6.0, 1.0],
         ["error tier: has sizes for C, of which wave W1 has no response"]),
        (["A", "C"], [4.0, 6.0], ["error tier: has no size for B, which responses of W1 have"]),
    ],
)  # fmt: skip
def test_each_side_has_the_categories_of_the_other(tiers, sizes, expected):
    assert of_population(tier=tiers, size=sizes) == expected


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ([0.4, 0.6], ["error size: sums to 1 over tier in wave W1, as shares do"]),
        ([0.404, 0.6], ["error size: sums to 1.004 over tier in wave W1, as shares do"]),
        ([2.0, 1.0], []),
        ([1.0, 1.0], ["warning size: is 1 for A (tier), of whom 2 answered in W1"]),
        ([0.5, 6.0], ["warning size: is 0.5 for A (tier), of whom 2 answered in W1"]),
    ],
)
def test_a_population_has_as_many_people_as_answered(sizes, expected):
    joined = pd.DataFrame({"wave": ["W1"] * 3, "tier": ["A", "A", "B"]})
    assert of_population(joined, tier=["A", "B"], size=sizes) == expected


def test_per_cents_in_the_place_of_people_are_told_once_more_answered_than_they_say():
    joined = pd.DataFrame({"wave": "W1", "tier": ["A"] * 50 + ["B"] * 20})
    assert of_population(joined, tier=["A", "B"], size=[60.0, 40.0]) == []  # people may be so few
    assert of_population(joined, tier=["A", "B"], size=[45.0, 55.0]) == [
        "error size: sums to 100 over tier in wave W1, as shares do"
    ]


def test_a_category_without_a_response_is_none_where_records_were_lost():
    sizes = {"tier": ["A", "B", "C"], "size": [4.0, 6.0, 1.0]}
    assert of_population(lost=("r9;C",), **sizes) == []
    assert len(of_population(lost=("r9;C",), tier=["A"], size=[4.0])) == 1


def test_each_wave_of_the_population_is_held_against_its_own_responses():
    found = of_population(wave=["W0", "W1", "W1"], tier=["A", "A", "B"], size=[9.0, 4.0, 6.0])
    assert found == []
    found = of_population(wave=["W0", "W0", "W1"], tier=["A", "B", "A"], size=[9.0, 4.0, 6.0])
    assert found == [
        "error tier: has sizes for B, of which wave W0 has no response",
        "error tier: has no size for B, which responses of W1 have",
    ]
    assert of_population(wave=["W9", "W1", "W1"], tier=["C", "A", "B"], size=[9.0, 4, 6]) == []


def test_a_population_without_waves_is_of_the_wave_that_is_reported():
    before = JOINED.assign(tier=["C", "A", "B"])
    assert of_population(before, tier=["A", "B"], size=[4.0, 6.0]) == []
    without = before.drop(columns="wave")
    assert len(of_population(without, tier=["A", "B"], size=[4.0, 6.0])) == 1


def advice_of(joined: pd.DataFrame, keys: dict | None = None, **columns: object) -> str:
    findings = Findings()
    tables = {"responses": sent(wave=["W1"]), "population": sent("population", **columns)}
    check_population(tables, joined, config(**(keys or {})), findings)
    (fault,) = findings.faults
    return fault.advice


@pytest.mark.parametrize(
    ("listed", "advice"),
    [
        ("gold", "Did you mean gold? Use the same names, or declare "
                 '`collapse: {tier: {"gold": ["Gold"]}}` in client.yml.'),
        ("Golds", "Did you mean Golds? Use the same names, or declare "
                  '`collapse: {tier: {"Golds": ["Gold"]}}` in client.yml.'),
        ("Tin", "Use the same names, or join categories: `collapse: {tier: …}` in client.yml."),
    ],
)  # fmt: skip
def test_a_category_in_another_spelling_is_joined_in_a_line_to_copy(listed, advice):
    joined = pd.DataFrame({"wave": ["W1", "W1"], "tier": ["Gold", "B"]})
    assert advice_of(joined, tier=[listed, "B"], size=[4.0, 6.0]) == advice


@pytest.mark.parametrize("odd", ["gold", "Ｇｏｌｄ"])
def test_a_second_spelling_beside_the_right_one_is_joined_with_it(odd):
    joined = pd.DataFrame({"wave": "W1", "tier": ["Gold", odd, "B"]})
    said = advice_of(joined, tier=["Gold", "B"], size=[4.0, 6.0])
    assert f'{{"Gold": ["{odd}"]}}' in said


def test_a_line_that_joins_keeps_what_is_joined_already():
    joined = pd.DataFrame({"wave": ["W1", "W1"], "tier": ["gold", "Tin or B"]})
    keys = {"collapse": {"tier": {"Tin or B": ["Tin", "B"]}}}
    said = advice_of(joined, keys, tier=["Gold", "Tin or B"], size=[4.0, 6.0])
    assert '{"Tin or B": ["Tin", "B"], "Gold": ["gold"]}' in said


def test_a_column_that_divides_no_responses_is_an_error_where_one_is_nearly_called_so():
    findings = Findings()
    tables = {"population": sent("population", teir=["A", "B"], size=[4.0, 6.0])}
    check_population(tables, JOINED, config(), findings)
    (fault,) = findings.faults
    assert (fault.severity, fault.column) == ("error", "teir")
    assert "Did you mean tier? Rename it" in fault.advice
    findings = Findings()
    both = sent("population", tier=["A", "B"], colour=["x", "x"], size=[4.0, 6.0])
    check_population({"population": both}, JOINED, config(), findings)
    assert findings.faults == []
    (note,) = findings.notes
    assert note.what.startswith("colour is not a column of responses")


def test_a_population_that_nothing_is_weighted_by_is_warned_of():
    (found,) = of_population(colour=["A", "B"], size=[4.0, 6.0])
    assert found.startswith("warning colour: is not a column of responses, accounts or contacts")
    assert "nor is any other of this table: nothing is weighted by it" in found


def test_an_id_or_a_column_that_is_there_already_is_nobodys_misspelling():
    joined = JOINED.assign(tier_2="x")
    found = of_population(joined, tier=["A", "B"], tier2=["x", "x"], size=[4.0, 6.0])
    assert found == ["error tier2: is not a column of responses, accounts or contacts"]
    assert of_population(tier=["A", "B"], tiers=["x", "x"], size=[4.0, 6.0]) == []
    assert of_population(tier=["A", "B"], accountid=["x", "y"], size=[4.0, 6.0]) == []
