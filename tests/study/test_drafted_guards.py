"""What a draft must not take for something: each rule by one small case that only it decides."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from questions import export, item, scale

from helpers.errors import HandbookError
from helpers.study.drafting import as_client, client_from, detecting, draft_codebook, survey_of
from helpers.study.drafting.consensus import outcome_of, shared_by_all, shared_scales
from helpers.study.drafting.export import Item, read_export
from helpers.study.drafting.groups import Battery, find_batteries, split_text, tick_all
from helpers.study.drafting.guess import Guess
from helpers.study.drafting.keys import find_keys, month_form
from helpers.study.drafting.ladders import in_numbers
from helpers.study.drafting.long import find_long
from helpers.study.drafting.metrics import find_metric
from helpers.study.drafting.roles import Setting, find_role
from helpers.study.drafting.scales import Scale, find_scale
from helpers.study.drafting.seen import columns_seen
from helpers.study.drafting.tables import recognise

MANY = 300
EACH_TWICE, BOTH = [n // 2 for n in range(60)], ["a", "b"] * 30
MOOD = np.random.default_rng(11).normal(size=MANY)


def rated(low: int, high: int, seed: int) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(scale=0.6, size=MANY)
    middle, width = (low + high) / 2, (high - low) / 4
    return np.clip(np.rint(middle + width * (MOOD + noise)), low, high).astype(int)


def saved(path: Path, **columns: object) -> Path:
    pd.DataFrame(columns).to_csv(path, index=False)
    return path


def block(*columns: np.ndarray) -> tuple[list[Item], dict[str, Scale]]:
    made = [item(cells, f"q{n}") for n, cells in enumerate(columns)]
    return made, {one.name: found for one in made if (found := find_scale(one))}


# Scales of a block


def test_a_scale_that_one_question_tells_is_that_of_its_block():
    made = [item([1, 2, 3, 4] * 9, "a"), item([1, 5, 3, 2] * 9, "b")]
    given = shared_scales(made, {"a": scale(1, 4), "b": scale(1, 5, sure=True)})
    assert {name: (found.ends, found.sure) for name, found in given.items()} == {
        "a": ((1, 5), True)
    }
    beyond = [item([1, 2, 3, 7] * 9, "a"), made[1]]
    assert shared_scales(beyond, {"a": scale(1, 7), "b": scale(1, 5, sure=True)}) == {}


def test_words_of_all_questions_of_a_block_tell_its_scale():
    words = ["Poor", "Fair", "Good", "Very good", "Excellent"]
    made = [item(words * 9, "a"), item(["Poor", "Fair", "Good"] * 9, "b")]
    given = shared_scales(made, {one.name: find_scale(one) for one in made})
    assert {name: (found.ends, found.sure) for name, found in given.items()} == {
        "a": ((1, 5), True), "b": ((1, 5), True)}  # fmt: skip
    assert set(given["b"].values) == {"1", "2", "3"}


def test_many_answers_to_questions_alike_make_a_scale_sure_and_few_do_not():
    ten = [np.tile(np.arange(1, 11), 40) for _ in range(3)]
    made, found = block(*ten)
    assert not any(one.sure for one in found.values())
    assert [one.sure for one in shared_scales(made, found).values()] == [True] * 3
    assert [one.sure for one in shared_by_all(made, found).values()] == [True] * 3
    few, own = block(*(column[:100] for column in ten))
    assert not any(one.sure for one in shared_scales(few, own).values())
    assert shared_by_all(few, own) == {}


@pytest.mark.parametrize(
    ("count", "mood", "missing"),
    [(60, -1.5, "6?"), (60, 1.5, ""), (10, 1.5, "6?")],  # of few nothing can be said
)
def test_a_code_behind_the_best_mark_is_none_unless_its_givers_are_content(count, mood, missing):
    columns = [rated(1, 5, seed) for seed in range(3)]
    odd = np.argsort(np.abs(MOOD - mood))[:count]
    columns[0] = columns[0].copy()
    columns[0][odd] = 6
    made, found = block(*columns)
    found["q1"], found["q2"] = scale(1, 5), scale(1, 5)
    given = shared_scales(made, found)
    assert str(given["q0"].missing) == missing


def test_halves_among_marks_leave_no_code_aside():
    columns = [rated(1, 5, seed).astype(float) for seed in range(3)]
    columns[1][np.flatnonzero(columns[1] < 5)[:40]] += 0.5
    columns[0][np.argsort(MOOD)[:60]] = 6
    made, found = block(*columns)
    given = shared_scales(made, dict.fromkeys(found, scale(1, 5)))
    assert {str(one.missing) for one in given.values()} <= {""}


def test_one_question_alone_is_judged_by_the_rest_of_the_survey():
    marks = rated(1, 5, 4)
    rest = pd.Series(MOOD)
    low, high = marks.copy(), marks.copy()
    low[np.argsort(MOOD)[:60]] = 6
    high[np.argsort(-MOOD)[:60]] = 6
    for cells, codes in ((low, "6?"), (high, None)):
        made = item(cells)
        given = shared_scales([made], {"x": scale(1, 6)}, rest)
        assert (str(given["x"].missing) if given else None) == codes
    assert shared_scales([item(marks)], {"x": scale(1, 5)}, rest) == {}


def test_the_verdict_of_a_block_needs_three_others():
    columns = [rated(1, 7, seed) for seed in range(4)]
    total = np.clip(np.rint(4 + 1.75 * MOOD), 1, 7).astype(int)
    made, _ = block(*columns[:3], total)
    assert outcome_of(made, scale(1, 7)) == "q3"
    assert outcome_of(made[1:], scale(1, 7)) is None


# Scales of one question


@pytest.mark.parametrize(
    ("text", "ends", "reverse"),
    [
        ("Please rate us (1 = excellent, 6 = very poor)", (1, 6), "yes"),
        ("Please rate us (1 = very poor, 6 = excellent)", (1, 6), ""),
    ],
)
def test_a_question_tells_which_end_is_the_good_one(text, ends, reverse):
    found = find_scale(item([*range(1, 7)] * 20, text=text))
    assert found is not None
    assert (found.ends, found.reverse.value) == (ends, reverse)


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        ([2, 4, 8] * 50, ""),  # so few codes are categories
        ([20, 30, 60, 80] * 50, ""),
        ([0, 25, 50, 75, 100] * 40, ""),  # five shares are no points of a hundred
        ([*range(0, 101, 5)] * 9, "Spend on travel, in thousands"),
    ],
)
def test_codes_and_counts_are_no_scale(cells, text):
    assert find_scale(item(cells, text=text)) is None


@pytest.mark.parametrize(
    "answers", [["A2", "A3", "A4"], ["A1", "A2", "A5"], [f"A{n}" for n in range(1, 14)]]
)
def test_codes_that_do_not_count_from_the_first_are_no_steps(answers):
    assert in_numbers(answers) is None


def test_labels_that_are_no_steps_tell_no_ends_and_words_that_leave_doubt_say_so():
    regions = find_scale(item([1, 2, 3] * 40, **{"1": "North", "2": "South", "3": "East"}))
    assert regions is None or not regions.low.reason.startswith("labelled")
    worded = find_scale(item(["Poor", "Fair", "Good"] * 40))
    assert worded is not None
    assert "read as 1 to 5; nobody may have chosen others" in worded.low.reason


def test_labels_of_which_two_begin_alike_move_no_code():
    labels = {"2": "1 - low", "3": "1 - lower", "4": "3 - high"}
    found = find_scale(item([2, 3, 4] * 40, **labels))
    assert found is None or not found.values


# Roles


@pytest.mark.parametrize(
    ("name", "unit"),
    [("visits_score", None), ("visits", "count?"), ("spend last year", "amount?"),
     ("region", None)],
)  # fmt: skip
def test_numbers_are_a_metric_by_their_words(name, unit):
    found = find_metric(item(range(1, 40), name))
    assert (found and str(found.unit)) == unit


@pytest.mark.parametrize(
    ("made", "setting", "role"),
    [
        (item(["2026-05-01", "2026-05-02"] * 20, "Visit"), Setting(), "unused"),
        (item([1, 2, 3, 4, 5], text="How likely are you to recommend us?"),
         Setting(scale(1, 5, sure=True)), "recommend"),
        (item([0, 1, 2] * 9, "recommend_us"), Setting(scale(0, 10)), "recommend"),
        (item([*range(11)] * 9, "Q1"), Setting(scale(0, 10)), "recommend?"),
        (item([1, 2, 3, 4, 5] * 9, "Q9"), Setting(scale(1, 5), verdict=True), "satisfaction?"),
        (item([1, 2, 3, 4] * 30, "Q9"), Setting(scale(1, 4)), "segment?"),
        (item([2, 3, 4] * 40, "Q9"), Setting(scale(1, 5)), "segment?"),
        (item([1, 2, 3, 4, 5] * 30, "Q9"), Setting(rest=True), "unused"),
        (item([1, 2, 3] * 9, "Satisfied with price"),
         Setting(scale(1, 5), Battery(("a", "b", "c"), "Satisfied with", worded=True)), "driver"),
        (item([1, 2, 3, 4] * 9, text="The quality of advice"), Setting(scale(1, 4)), "driver?"),
        (item([1, 0] * 9, text="Which products are you interested in? - Pumps"),
         Setting(ticked=True), "interest"),
    ],
)  # fmt: skip
def test_a_role_is_told_by_what_only_it_has(made, setting, role):
    assert str(find_role(made, setting)) == role


def test_what_the_tool_adds_and_what_names_a_person_is_no_question():
    added = find_role(item(["IP Address", "Survey Test"] * 9, "Status"), Setting())
    assert added == Guess("unused", True, "added by the survey tool")
    named = find_role(item(["Ann Lee, Berlin", "Bo Ray, Bonn"] * 9, "E-mail address"), Setting())
    assert named == Guess("unused", True, "it may identify a person")
    assert find_role(item([5] * 20, "Q2_5"), Setting()).reason == "always 5"


def test_categories_with_labels_are_told_as_that():
    regions = item([1, 2, 3] * 30, "Q9", **{"1": "North", "2": "South", "3": "East"})
    assert find_role(regions, Setting()).reason == "3 categories with labels"


def test_a_column_that_nobody_filled_is_told_as_that():
    assert (
        find_role(item([None, None], "Would you recommend us?"), Setting()).reason == "no answers"
    )


def test_a_recommendation_on_another_scale_says_that_it_is_no_net_promoter_score():
    asked = item([1, 2, 3, 4, 5], text="How likely are you to recommend us?")
    assert "no net promoter score" in find_role(asked, Setting(scale(1, 5))).reason
    assert "no net promoter score" not in find_role(asked, Setting(scale(0, 10))).reason


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("How easy was it to order?", "driver?"),
        ("Recommend our hotline to others?", "recommend?"),
        ("How satisfied are you with your experience at the till?", "driver"),
    ],
)
def test_of_several_rated_alike_none_is_surely_the_verdict_on_the_whole(text, role):
    battery = Battery(("a", "b", "c"), "a", worded=False)
    asked = item([1, 2, 3, 4, 5] * 9, "a", text)
    alone = find_role(asked, Setting(scale(1, 5, sure=True)))
    assert str(find_role(asked, Setting(scale(1, 5, sure=True), battery))) == role
    assert alone.sure and alone.value != "driver"


def test_a_list_to_tick_has_several_columns():
    assert tick_all([item([1, None], "a"), item([1, None], "b")], "")
    assert not tick_all([item([1, None], "a"), item([None, None], "b")], "")


# Keys


@pytest.mark.parametrize(
    "columns",
    [
        {"Welle": [None] * 90},
        {"Welle": [f"W{n}" for n in range(90)]},
        {"EndDate": ["soon", "late"] * 45},
        {"Weight": ["heavy", "light"] * 45},
        {"Respondent ID": ["r1", "r2"] * 45},
        {"Sprache": [f"L{n}" for n in range(90)]},
    ],
)
def test_a_column_that_does_not_hold_what_its_name_promises_is_no_key(columns):
    assert find_keys(export(**columns, nps=[9, 3] * 45)).columns == {}


def test_the_latest_wave_is_that_of_the_last_day_and_not_the_last_by_name():
    days = ["2025-05-01"] * 9 + ["2026-05-01"] * 9
    keys = find_keys(export(wave=["W9"] * 9 + ["W10"] * 9, completed_at=days))
    assert str(keys.wave) == "W10"
    assert str(find_keys(export(wave=["W9"] * 9 + ["W10"] * 9)).wave) == "W9?"
    assert str(find_keys(export(wave=["W9"] * 9)).wave) == "W9"


def test_the_name_of_a_file_may_tell_the_year():
    assert str(find_keys(export("survey_2010.csv", nps=[9, 3])).wave) == "2010?"
    assert str(find_keys(export("survey.csv", nps=[9, 3])).wave) == "?"


def test_of_no_month_there_is_no_form():
    assert month_form(pd.Series([], dtype=str)) is None


# Files


@pytest.mark.parametrize(
    ("code", "mark", "said"),
    [("utf-16", b"", "utf-16"), ("utf-16-le", b"", "utf-16-le?"), ("utf-8", b"", None)],
)
def test_an_encoding_is_told_by_its_mark_or_by_its_bytes(tmp_path, code, mark, said):
    path = tmp_path / "export.csv"
    path.write_bytes(mark + "nps,ease\n9,8\n".encode(code))
    found = detecting.how_written(path)
    assert found.declared.get("encoding") == (said and Guess(*_told(said, found)))
    assert found.head[0] == ["nps", "ease"]


def _told(said: str, found: detecting.Written) -> tuple[str, bool, str]:
    return said.removesuffix("?"), not said.endswith("?"), found.declared["encoding"].reason


def test_one_sheet_is_read_once_and_its_whole_numbers_are_names_without_a_point(monkeypatch):
    asked = []

    def sheet(path: Path, name: str | None) -> tuple[list[str], list[list[object]]]:
        asked.append(name)
        return ["Answers"], [["nps", 2019.0], [9, 8]]

    monkeypatch.setattr(detecting, "_sheet", sheet)
    assert detecting.how_written(Path("export.xlsx")).head == [["nps", "2019"], ["9", "8"]]
    assert asked == [None]


def test_a_workbook_that_cannot_be_read_is_left_to_its_reader(monkeypatch):
    monkeypatch.setattr(detecting, "_sheet", lambda path, name: ([], None))
    assert detecting.how_written(Path("export.xlsx")).declared == {}


def test_a_kind_of_file_that_is_not_read_is_told_as_that(tmp_path):
    (tmp_path / "notes.pdf").write_bytes(b"%PDF")
    with pytest.raises(HandbookError, match="of a kind that is not read"):
        read_export(tmp_path / "notes.pdf")


def test_names_above_import_ids_are_a_layout_of_qualtrics(tmp_path):
    path = tmp_path / "export.csv"
    names = ("ResponseId", "Status", "Progress", "Finished", "RecordedDate", "Q1")
    ids = ",".join(f'"{{""ImportId"":""{name}""}}"' for name in names)
    path.write_text(f"{','.join(names)}\n{ids}\nR_1,0,100,1,2026-05-01,9\n", encoding="utf-8")
    assert read_export(path).layout == "Qualtrics (names and import ids)"


def test_a_file_without_a_tables_columns_is_none_and_its_dates_are_read_else(tmp_path):
    assert str(recognise(saved(tmp_path / "a.csv", one=[1, 2], two=["x", "y"])).table) == "?"
    people = {"account_id": ["1", "2"], "name": ["A", "B"], "start_date": ["31.12.2020", ""]}
    found = recognise(saved(tmp_path / "b.csv", **people))
    assert (str(found.table), str(found.formats["date"])) == ("accounts", "%d.%m.%Y")
    paid = {"account_id": ["1", "2"], "period": ["2026-01"] * 2, "revenue": ["1.234,50", "7,5"]}
    forms = recognise(saved(tmp_path / "c.csv", **paid)).formats
    assert {key: str(guess) for key, guess in forms.items()} == {"decimal": ",", "thousands": "."}


def test_a_file_called_responses_is_the_survey_whatever_else_is_sent(tmp_path):
    few = saved(tmp_path / "responses.csv", nps=[9, 3] * 30)
    more = saved(tmp_path / "other.csv", **{f"q{n}": [1, 2, 3, 4, 5] * 30 for n in range(6)})
    assert client_from(tmp_path / "acme", [more, few]).draft.export.path.name == "responses.csv"
    assert survey_of(tmp_path) == few


def test_a_long_file_of_many_questions_is_the_survey(tmp_path):
    rows = [(f"r{i}", f"q{n}", (i * 7 + n) % 5 + 1) for i in range(40) for n in range(9)]
    names = ["respondent_id", "question", "answer"]
    long = tmp_path / "long.csv"
    pd.DataFrame(rows, columns=names).to_csv(long, index=False)
    wide = saved(tmp_path / "wide.csv", **{f"Rating of {n}": [1, 2, 3, 4, 5] * 30 for n in "abc"})
    assert (client_from(tmp_path / "acme", [wide, long]).folder / "responses.sql").is_file()


@pytest.mark.parametrize(
    ("columns", "file", "is_long"),
    [
        ({"respondent_id": EACH_TWICE, "question": BOTH, "answer": [1, 2] * 30}, "a.csv", True),
        ({"respondent_id": EACH_TWICE, "question": BOTH, "answer": [1, 2] * 30}, "a.xlsx", False),
        ({"respondent_id": range(60), "question": BOTH, "answer": [1, 2] * 30}, "a.csv", False),
        (
            {
                "respondent_id": [*range(50), *range(10)],
                "question": ["a"] * 50 + ["b"] * 10,
                "answer": [1] * 50 + [2] * 10,
            },
            "a.csv",
            False,
        ),  # hardly anybody has two
        ({"respondent_id": EACH_TWICE, "question": BOTH}, "a.csv", False),  # without answers
    ],
)
def test_several_rows_a_respondent_with_answers_are_a_long_layout(columns, file, is_long):
    assert (find_long(export(file, **columns)) is not None) == is_long


@pytest.mark.parametrize(
    ("name", "cells", "kind", "shown"),
    [
        ("a", [None] * 20, "empty", ""),
        ("b", ["007", "008"] * 10, "ids with leading zeros", ""),
        ("c", [7, 8] * 10, "whole numbers", "7 to 8"),
        ("d", list("abcdefghijklmnopqrst"), "categories", ""),  # each of one person
        ("E-mail address", ["ann@acme.com", "bo@acme.com"] * 10, "personal", ""),
        ("f", ["2026-05-01", "2026-05-02"] * 10, "dates", "as 2026-06-30"),
        ("g", ["North", "South"] * 10, "categories", "North (10), South (10)"),
    ],
)
def test_a_column_is_shown_by_its_kind_and_nothing_of_one_person(name, cells, kind, shown):
    (seen,) = columns_seen(export(**{name: cells}))
    assert (seen.kind, seen.shown) == (kind, shown)


# Rows of the draft


def test_a_second_recommendation_is_doubted_and_a_role_without_a_scale_asks_for_one(tmp_path):
    asked = {"How likely are you to recommend us?": [*range(11)] * 20,
             "How likely are you to recommend our shop?": [*range(11)] * 20,
             "satisfaction": [*range(1, 23)] * 10}  # fmt: skip
    rows = draft_codebook(saved(tmp_path / "a.csv", **asked)).rows
    assert [str(row.role) for row in rows] == ["recommend", "recommend?", "satisfaction"]
    assert (str(rows[2].scale.low), str(rows[2].scale.high)) == ("?", "?")


def test_a_recommendation_from_one_to_ten_is_asked_from_nought_as_a_rule(tmp_path):
    (row,) = draft_codebook(saved(tmp_path / "a.csv", nps=[*range(1, 11)] * 20)).rows
    assert (str(row.role), str(row.scale.low), str(row.scale.high)) == ("recommend", "0?", "10?")


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("How likely are you to recommend us to a friend?", "Would recommend"),
        ("delivery_speed", "Delivery speed"),
        ("Q7x", "Q7x"),
        ("Please rate the speed of delivery to all of your sites in southern parts?",
         "Speed of delivery to all of your sites in…"),
    ],
)  # fmt: skip
def test_a_label_is_short_and_made_of_words_where_there_are_any(tmp_path, name, label):
    (row,) = draft_codebook(saved(tmp_path / "a.csv", **{name: [1, 2, 3, 4, 5] * 40})).rows
    assert row.label == label


def test_further_answers_to_a_question_are_no_questions(tmp_path):
    given = [(7 * n // 3) % 4 + 1 for n in range(200)]
    more = {f"Q2_{k}": [str(c) if n % k**3 == 0 else None for n, c in enumerate(given)]
            for k in (1, 2, 3)}  # fmt: skip
    rows = draft_codebook(saved(tmp_path / "a.csv", **more)).rows
    assert [(row.role.value, "further answer" in row.reason) for row in rows] == [
        ("segment", False), ("unused", True), ("unused", True)]  # fmt: skip


def test_attitudes_and_behaviours_are_the_outcome_and_known_groups_are_segments(tmp_path):
    names = ("att_proud", "beh_stay", "satisfaction", "Price is fair", "Staff are helpful", "Post")
    asked = {name: rated(1, 5, n) for n, name in enumerate(names)}
    regions = np.array(["North", "South", "East"])[np.arange(MANY) % 3]
    path = saved(tmp_path / "a.csv", **asked, Region=regions)
    text = as_client(draft_codebook(path), "Acme")
    assert "drivers:" not in text
    assert "\nsegments: [Region]\n" in text
    without = saved(tmp_path / "b.csv", **{n: c for n, c in asked.items() if n[:3] != "beh"})
    assert "  drivers: {outcome: satisfaction}\n" in as_client(draft_codebook(without), "Acme")


def test_our_own_name_of_a_column_holds_whatever_another_is_called(tmp_path):
    people = {"account_id": ["1", "2"], "name": ["A", "B"], "Customer ID": ["K1", "K2"]}
    assert recognise(saved(tmp_path / "a.csv", **people)).columns == {}


def test_drivers_without_a_verdict_name_no_outcome(tmp_path):
    asked = {f"Rating of {name}": rated(1, 5, n) for n, name in enumerate(("a", "b", "c"))}
    text = as_client(draft_codebook(saved(tmp_path / "survey_2010.csv", **asked)), "Acme")
    assert "drivers:" not in text
    assert 'waves:\n  "2010": 2010-06-30  # ? no answer has a date' in text


# Names and texts that questions have in common


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Rate us: [Delivery time]", ("Rate us", "Delivery time")),
        ("Rate us - Delivery - ", ("Rate us", "Delivery")),
        ("How good is it? [Speed ]", ("How good is it?", "Speed")),
        ("Rate us", ("", "Rate us")),
    ],
)
def test_a_text_is_divided_where_its_own_part_begins(text, parts):
    assert split_text(text) == parts


def test_names_that_begin_alike_are_a_block_where_no_text_says_otherwise():
    names = ("Satisfaction with delivery", "Satisfaction with price")
    together = [Battery(names, "Satisfaction with", worded=True)]
    assert find_batteries([item([1], name, name) for name in names]) == together
    assert find_batteries([item([1], name) for name in names]) == together
    other = zip(names, ("When did it arrive?", "What did it cost?"), strict=True)
    assert find_batteries([item([1], name, text) for name, text in other]) == []
