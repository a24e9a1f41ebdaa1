"""Filter questions: who was asked what is declared, checked, proposed, and never filled in."""

from __future__ import annotations

import csv
import io

import numpy as np
import pandas as pd
import pytest

from helpers.errors import InputFaults
from helpers.study import check_client, open_study
from helpers.study.asking import Clause, clauses
from helpers.study.drafting.draft import draft_codebook
from helpers.study.drafting.writing import as_codebook
from helpers.study.filtering import likely_filters

HEAD = "variable,text,role,label,scale_min,scale_max,reverse,asked_if\n"
BOOK = HEAD + (
    "nps,Recommend?,recommend,Recommendation,0,10,,\n"
    "ease,Easy?,driver,Ease,1,5,,\n"
    "handled,Complaint handled?,driver,Complaint handling,1,5,,{condition}\n"
)
ASKED, OTHERS = 40, 160


def rows(wrong: int = 0, filters: str = "complained", yes: str = "1", no: str = "0") -> str:
    """200 answers; 40 complained and were asked how that was handled, and so were ``wrong``."""
    rng = np.random.default_rng(3)
    lines = [f"response_id,wave,role_of,{filters},nps,ease,handled"]
    for k in range(ASKED + OTHERS):
        asked = k < ASKED
        given = asked or k < ASKED + wrong
        handled = str(rng.integers(1, 6)) if given and k != 0 else ""
        who, wave = ("buyer", "2026H1") if asked else ("user", "2025H2" if k % 2 else "2026H1")
        cells = (who, yes if asked else no, rng.integers(0, 11), rng.integers(1, 6), handled)
        lines.append(",".join(map(str, (f"r{k}", wave, *cells))))
    return "\n".join(lines) + "\n"


def folder(client, condition: str, sent: str | None = None, **keys: str):
    book = BOOK.format(condition=f'"{condition}"' if "," in condition else condition)
    return client({"codebook.csv": book, "responses.csv": sent or rows()}, **keys)


@pytest.mark.parametrize(
    "condition",
    [
        "complained = 1", "complained=1", "complained: 1", "{complained: 1}", "complained is 1",
        "complained == 1", "complained != 0", "complained > 0", "complained >= 1",
        "complained = 1;1.0", "role_of = buyer", "role_of = Buyer", "role_of is not user",
        "complained = 1 and role_of = buyer", "role_of in 'buyer'", "complained <> 0",
    ],
)  # fmt: skip
def test_a_condition_may_be_typed_in_any_plain_way(client, condition):
    study = open_study(folder(client, condition))
    asked = study.asked("all")["handled"]
    assert asked.sum() == ASKED
    assert study.all_responses.loc[asked, "handled"].notna().sum() == ASKED - 1  # one left it out
    assert list(study.asked("all")) == ["handled"]


@pytest.mark.parametrize(
    ("condition", "said", "advice"),
    [
        ("complaind = 1", "names 'complaind', which no response has", "Did you mean complained?"),
        ("complained = maybe", "'maybe', which is no answer to complained", "answers are: 0, 1."),
        ("complained = 7", "names '7'", "Its answers are: 0, 1."),
        ("complained =", "names no answer", "Write it as `complained = 1`"),
        ("handled = 1", "names the question itself", "asked before it"),
        ("role_of > 3", "compares role_of with '3'", "list the answers"),
        ("nps = 11", "names '11'", "Its answers are"),
        ("complained = 0", "does not hold for 39 of the 39 who answered handled", "Correct the"),
    ],
)
def test_a_condition_that_cannot_be_meant_is_a_fault_with_advice(client, condition, said, advice):
    found = [str(f) for f in check_client(folder(client, condition))]
    assert any(said in f and advice in f and "asked_if" in f for f in found), found


def test_a_mark_that_nobody_gave_may_be_named(client):
    sent = rows().replace(",0,", ",1,")  # nobody gives a recommendation of 0 any more
    found = [str(f) for f in check_client(folder(client, "nps = 0;1;2;3;4;5;6;7;8;9;10", sent))]
    assert not any("which is no answer" in f for f in found), found


def test_a_few_answers_of_people_not_asked_are_left_out_and_counted(client):
    study = open_study(folder(client, "complained = 1", rows(wrong=2)))
    assert study.all_responses["handled"].notna().sum() == ASKED - 1
    assert any("not asked (complained = 1) left out (2)" in str(note) for note in study.notes)


def test_many_answers_of_people_not_asked_are_a_fault(client):
    with pytest.raises(InputFaults, match="does not hold for 12 of the 51"):
        open_study(folder(client, "complained = 1", rows(wrong=12)))


def test_whoever_did_not_answer_the_filter_was_asked_if_there_is_an_answer(client):
    sent = (
        rows()
        .replace("r1,2026H1,buyer,1", "r1,2026H1,buyer,")
        .replace("r60,2026H1,user,0", "r60,2026H1,user,")
    )
    asked = open_study(folder(client, "complained = 1", sent)).asked("all")["handled"]
    assert asked["r1"]
    assert not asked["r60"]
    assert asked.sum() == ASKED


def test_a_filter_that_is_turned_round_is_read_as_it_was_asked(client):
    book = BOOK.format(condition="trouble = 5") + "trouble,Trouble?,driver,Trouble,1,5,yes,\n"
    sent = rows(filters="trouble", yes="5", no="2")
    study = open_study(client({"codebook.csv": book, "responses.csv": sent}))
    assert study.asked("all")["handled"].sum() == ASKED


def test_a_question_of_one_wave_was_asked_of_nobody_in_the_other(client):
    sent = rows().replace("buyer,1", "buyer,0")
    study = open_study(folder(client, "wave = 2026H1", sent, previous_wave="2025H2"))
    assert study.asked()["handled"].all()
    assert not study.asked("2025H2")["handled"].any()


def test_a_condition_that_holds_for_nobody_is_warned_of(client):
    sent = "\n".join(line.rsplit(",", 1)[0] + "," for line in rows().splitlines()[1:])
    sent = rows().splitlines()[0] + "\n" + sent + "\n"
    found = [str(f) for f in check_client(folder(client, "complained = 0.5", sent))]
    assert any("no one was asked handled" in f for f in found), found


def test_a_kept_study_knows_who_was_asked(client, monkeypatch, tmp_path):
    monkeypatch.setenv("HANDBOOK_STUDIES", str(tmp_path / "kept"))
    here = folder(client, "complained = 1")
    first, again = open_study(here), open_study(here)
    pd.testing.assert_frame_equal(first.asking, again.asking)
    assert again.asked("all")["handled"].sum() == ASKED


def test_a_value_may_hold_an_and(client):
    known = ["service", "role"]
    assert clauses("service = Food and drink and role = user", known) == (
        Clause("service", "=", ("Food and drink",)),
        Clause("role", "=", ("user",)),
    )


def test_blanks_that_follow_another_answer_are_told_with_the_condition_to_type(client):
    found = [str(f) for f in check_client(folder(client, ""))]
    told = [f for f in found if "asked_if" in f]
    assert len(told) == 1, found
    assert "write `role_of = buyer`" in told[0] or "write `complained = 1`" in told[0]
    assert "answered by 39 of 40" in told[0]
    assert "by 0 of the 160 others" in told[0]


def test_a_declared_condition_is_not_proposed_again(client):
    assert not check_client(folder(client, "complained = 1"))


@pytest.mark.parametrize("kind", ["by chance", "break-off", "few", "answered"])
def test_other_blanks_are_no_filters(kind):
    rng = np.random.default_rng(11)
    n = 18 if kind == "few" else 400
    flag = pd.Series(rng.integers(0, 2, n).astype(str))
    score = pd.Series(rng.integers(0, 11, n).astype(float))
    target = score.copy()
    if kind == "by chance":
        target = target.mask(rng.random(n) < 0.4)
    if kind == "break-off":
        gone = rng.random(n) < 0.3
        flag, score, target = flag.mask(gone), score.mask(gone), target.mask(gone)
    if kind == "few":
        target = target.where(flag == "1")
    answers = pd.DataFrame({"flag": flag, "score": score})
    assert likely_filters(pd.DataFrame({"target": target}), answers) == {}


@pytest.mark.parametrize(
    ("filters", "asked", "condition"),
    [
        (["1"] * 50 + [None] * 150, slice(0, 50), "seen = 1"),  # a tick
        (["a"] * 50 + ["b"] * 50 + ["c"] * 100, slice(0, 100), "seen = a;b"),
        ([*map(str, range(10))] * 20, None, "seen <= 6"),
        ([*map(str, range(10))] * 20, 3, "seen >= 7"),
    ],
)
def test_the_shortest_condition_is_proposed(filters, asked, condition):
    seen = pd.Series(filters, dtype=object)
    target = pd.Series(3.0, index=seen.index)
    if isinstance(asked, slice):
        target = target.where(target.index.isin(target.index[asked]))
    else:
        low = seen.astype(int) <= 6
        target = target.where(low if asked is None else ~low)
    every = pd.Series(1.0, index=seen.index)
    found = likely_filters(
        pd.DataFrame({"target": target}), pd.DataFrame({"seen": seen, "every": every})
    )
    assert found["target"].condition == condition


@pytest.mark.parametrize(
    ("filters", "yes", "no", "condition"),
    [
        ("complained", "1", "0", "complained = 1?"),
        ("uses_app", "yes", "no", "uses_app = yes?"),
        ("visits", "3", "", "visits = 3?"),
    ],
)
def test_a_draft_proposes_the_condition_to_be_confirmed(tmp_path, filters, yes, no, condition):
    path = tmp_path / "export.csv"
    sent = rows(filters=filters, yes=yes, no=no).replace(",buyer,", ",user,")
    path.write_text(sent, encoding="utf-8")
    cells = {
        r["variable"]: r for r in csv.DictReader(io.StringIO(as_codebook(draft_codebook(path))))
    }
    assert cells["handled"]["asked_if"] == condition
    assert "answered by 39 of 40" in cells["handled"]["reason"]
    assert not cells["ease"]["asked_if"]


@pytest.mark.parametrize(
    ("name", "unit", "direction"),
    [
        ("delivery_days", "days?", "lower?"),
        ("number_of_visits", "count?", "higher?"),
        ("complaints", "count?", "lower?"),
        ("Umsatz (EUR)", "EUR?", "higher?"),
    ],
)
def test_a_draft_proposes_metrics_with_unit_and_direction(tmp_path, name, unit, direction):
    path = tmp_path / "export.csv"
    values = [17 + 3 * k % 97 for k in range(120)]
    lines = [f"{k},{k % 11},{value}" for k, value in enumerate(values)]
    path.write_text(f"response_id,nps,{name}\n" + "\n".join(lines) + "\n", encoding="utf-8")
    cells = {
        r["variable"]: r for r in csv.DictReader(io.StringIO(as_codebook(draft_codebook(path))))
    }
    got = cells[name]
    assert (got["role"], got["unit"], got["direction"]) == ("metric?", unit, direction)


def test_a_draft_without_filters_and_metrics_has_no_columns_for_them(tmp_path):
    path = tmp_path / "export.csv"
    path.write_text("response_id,nps\n" + "".join(f"{k},{k % 11}\n" for k in range(60)))
    assert "asked_if" not in as_codebook(draft_codebook(path)).splitlines()[0]


def test_a_text_for_no_answer_beside_a_question_is_no_filter_of_it(client):
    """Scores of those with too few people are blank, and so is the rating made of them."""
    lines = ["response_id,wave,nps,stars,score"]
    for k in range(200):
        stars, score = ("too few", "too few") if k % 3 == 0 else (str(k % 5 + 1), str(60 + k % 30))
        lines.append(f"r{k},2026H1,{k % 11},{stars},{score}")
    book = (
        "variable,text,role,label,scale_min,scale_max,reverse,missing_codes\n"
        "nps,Recommend?,recommend,Recommendation,0,10,,\n"
        "score,Score,driver,Score,0,100,,too few\n"
    )
    files = {"codebook.csv": book, "responses.csv": "\n".join(lines) + "\n"}
    assert [f for f in check_client(client(files)) if f.column == "asked_if"] == []
