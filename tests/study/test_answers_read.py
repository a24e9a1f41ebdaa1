"""A question without answers: nobody gave any, or none of what is there is read as one."""

from __future__ import annotations

import pytest

from helpers.study import check_client, open_study

HEAD = "response_id,wave,account_id,nps,ease,trouble\n"


def rows(*answers, mark=","):
    cells = [f"r{n},2026H1,007,{a},7,1" for n, a in enumerate(answers)]
    return (HEAD + "\n".join(cells) + "\n").replace(",", mark) if mark != "," else (
        HEAD + "\n".join(cells) + "\n"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("answers", "keys", "read"),
    [
        (['"9,0"', '"3,0"', '"10,0"'], 'decimal: ","', [9, 3, 10]),
        (["9 %", "3 %", "10 %"], "percent: true", [9, 3, 10]),
        (["9 pts", "3 pts", "10 pts"], None, None),
        (["€9", "€3", "€10"], 'currency: "€"', [9, 3, 10]),
    ],
)
def test_answers_in_another_notation_are_told_once_with_what_reads_them(
    client, answers, keys, read
):
    files = {"responses.csv": rows(*answers)}
    (fault,) = check_client(client(files))  # no second line that it has no answers
    assert fault.found in [answer.strip('"') for answer in answers]
    if keys is not None:
        assert f"`formats: {{responses: {{{keys}}}}}`" in fault.advice
        study = open_study(client(files, formats=f"{{responses: {{{keys}}}}}"))
        assert study.responses["nps"].to_list() == read


@pytest.mark.parametrize("answers", [["", "", ""], [" ", "", ""]])
def test_a_question_that_nobody_answered_is_told(client, answers):
    found = [f.problem for f in check_client(client({"responses.csv": rows(*answers)}))]
    assert "has no answers at all" in found


def test_a_question_with_nothing_but_missing_codes_says_which(client):
    text = HEAD + "r1,2026H1,007,8,99,2\nr2,2026H1,007,9,99,1\n"
    (found,) = [f for f in check_client(client({"responses.csv": text})) if f.column == "ease"]
    assert found.problem == "has no answers but those declared as missing: 99"
