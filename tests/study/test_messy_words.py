"""Words for nothing among names, groups in the place of marks, spaces of other kinds."""

from __future__ import annotations

import pytest

from helpers.study import check_client, open_study

LIST = "account_id,name,region\n007,Seven,North\n008,Eight,{}\n009,Nine,{}\n"
HEAD = "response_id,wave,account_id,nps,ease,trouble\n"


@pytest.mark.parametrize("word", ["NULL", "N/A", "(blank)", "(Leer)", "nan", "None", "-", "#NV"])
def test_a_word_for_nothing_among_names_is_told_with_what_takes_it_away(client, word):
    files = {"accounts.csv": LIST.format(word, word)}
    told = [f for f in check_client(client(files)) if f.column == "region"]
    if told[0].severity == "error":  # errors of a spreadsheet were errors before
        return
    (found,) = told
    assert (found.row, found.found) == (2, word)
    line = found.advice.split("declare `formats: ")[1].split("` in")[0]
    study = open_study(client(files, formats=line))
    assert study.table("accounts")["region"].isna().tolist() == [False, True, True]


def test_names_that_only_look_so_are_no_warning(client):
    files = {"accounts.csv": LIST.format("None of these", "A-B")}
    assert not [f for f in check_client(client(files)) if f.column == "region"]


@pytest.mark.parametrize(
    ("marks", "warned"),
    [((1, 2, 3), True), ((1, 2, 3, 4, 5), True), ((0, 5, 6, 9), False), ((2, 6), False)],
)
def test_groups_in_the_place_of_marks_are_told(client, marks, warned):
    rows = "".join(
        f"r{n},2026H1,00{n % 3 + 7},{marks[n % len(marks)]},{n % 9},{n % 5 + 1}\n"
        for n in range(40)
    )
    told = check_client(client({"responses.csv": HEAD + rows}))
    found = [f for f in told if f.column == "nps" and "has no mark" in f.problem]
    assert [f"above {max(marks)} in 40 answers" in f.problem for f in found] == [True] * warned


@pytest.mark.parametrize("space", ["\u00a0", "\u202f", "\u2009", " "])
def test_thousands_are_divided_by_any_space(client, space):
    rows = f"account_id,period,revenue\n007,2026-05,1{space}234\n008,2026-05,2\u202f000\n"
    study = open_study(
        client({"financials.csv": rows}, formats=f'{{financials: {{thousands: "{space}"}}}}')
    )
    assert study.table("financials")["revenue"].tolist() == [1234, 2000]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [("wave: ", "wave:\u00a0", 3), ("as_of: ", "as_of:\u202f", 2)],
)
def test_a_space_that_yaml_does_not_know_is_told_with_its_line(client, old, new, line):
    text = "name: Small\nas_of: 2026-06-30\nwave: 2026H1\ncurrency: EUR\n".replace(old, new, 1)
    told = [str(fault) for fault in check_client(client({"client.yml": text}))]
    assert any(f"has a space that does not break, or one of another width (line {line})" in t
               for t in told)  # fmt: skip


@pytest.mark.parametrize("spelling", ["H1 2026", "2026-H1", "2026 h1"])
def test_a_wave_in_another_spelling_is_advised_with_what_joins_it(client, spelling):
    rows = HEAD + f"r1,2025H2,007,8,7,2\nr2,{spelling},007,9,8,1\n"
    (found,) = check_client(client({"responses.csv": rows}))
    assert f"If {spelling} is it, declare `collapse: " in found.advice
    keys = found.advice.split("`collapse: ")[1].split("` in")[0]
    study = open_study(client({"responses.csv": rows}, collapse=keys))
    assert study.responses["nps"].tolist() == [9]
