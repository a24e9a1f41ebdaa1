"""Questions that no response holds, answers of later waves, segments of too many groups."""

from __future__ import annotations

import pytest

from helpers.study import check_client, open_study
from helpers.study.question_checks import period_end

HEAD = "variable,role,label,scale_min,scale_max,optional\n"
BOOK = HEAD + "nps,recommend,NPS,0,10,\n"
DATA = "response_id,wave,nps,ease_of_use\nr1,2026H1,9,4\nr2,2026H1,3,1\n"


def faults(folder):
    return [(fault.severity, fault.column, str(fault)) for fault in check_client(folder)]


def only(folder):
    found = faults(folder)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("line", "advice"),
    [
        ("eease_of_use,driver,Ease,0,10,", "Did you mean 'ease_of_use'?"),
        ("Ease of use,driver,Ease,0,10,", "Did you mean 'ease_of_use'?"),
        ("stay,behaviour,Will stay,1,5,", "Columns that are nothing else: ease_of_use."),
        ("proud,attitude,Proud,1,5,", "take its line out, or write yes under optional"),
        ("why,comment,Why,,,", "take its line out, or write yes under optional"),
        ("branch,segment,Branch,,,no", "take its line out, or write yes under optional"),
    ],
)
def test_a_question_that_no_response_holds_is_an_error_with_the_nearest_column(
    client, line, advice
):
    folder = client({"codebook.csv": f"{BOOK}{line}\n", "responses.csv": DATA})
    severity, column, text = only(folder)
    assert (severity, column) == ("error", "variable")
    assert text.startswith("codebook.csv, row 2, column variable: ")
    assert "is not a column of responses.csv" in text
    assert advice in text


def test_an_optional_question_may_be_absent_and_is_noted(client):
    book = f"{BOOK}stay,behaviour,Will stay,1,5,yes\nwhy,comment,Why,,,yes\n"
    study = open_study(client({"codebook.csv": book, "responses.csv": DATA}))
    assert not study.warnings
    assert ("codebook", "optional questions that no response holds: stay, why", 2) in [
        (note.table, note.what, note.count) for note in study.notes
    ]


def test_a_question_that_another_wave_was_asked_is_there(client):
    book = f"{BOOK}stay,behaviour,Will stay,1,5,\n"
    files = {
        "codebook.csv": book,
        "old.csv": "response_id,wave,nps,stay\nr8,2025H2,9,4\n",
        "new.csv": "response_id,wave,nps\nr1,2026H1,9\n",
        "responses.csv": None,
    }
    folder = client(files, tables="{responses: [old.csv, new.csv]}")
    assert [text for severity, _, text in faults(folder) if severity == "error"] == []


def test_a_comment_may_stand_in_the_table_of_comments(client):
    book = f"{BOOK}why,comment,Why,,,\n"
    table = "response_id,question,text\nr1,why,Late again.\n"
    assert not faults(client({"codebook.csv": book, "responses.csv": DATA, "comments.csv": table}))


def test_a_segment_of_the_codebook_that_accounts_hold_is_told_where_it_belongs(client):
    book = f"{BOOK}country,segment,Country,,,\n"
    data = "response_id,wave,account_id,nps\nr1,2026H1,a,9\n"
    accounts = "account_id,name,country\na,A,CH\n"
    files = {"codebook.csv": book, "responses.csv": data, "accounts.csv": accounts}
    assert "It is a column of accounts: name it under `segments:`" in only(client(files))[2]


def test_answers_of_a_later_wave_than_the_one_reported_are_named(client):
    data = DATA + "r3,2026H2,5,1\nr4,2026H2,5,1\n"
    severity, column, text = only(client({"codebook.csv": BOOK, "responses.csv": data}))
    assert (severity, column) == ("warning", "wave")
    assert "has 2 answers of 2026H2, which is later than wave 2026H1" in text
    assert "to report them, write `wave: 2026H2`" in text


def test_waves_are_counted_and_not_spelt(client):
    data = "response_id,wave,nps\nr1,W9,9\nr2,W10,3\n"
    yml = "name: S\nas_of: 2026-06-30\nwave: W10\n"
    folder = client({"client.yml": yml, "codebook.csv": BOOK, "responses.csv": data})
    assert not faults(folder)


def test_days_after_the_only_wave_are_named_where_no_column_tells_the_wave(client):
    data = "completed_at,nps\n2025-06-30,9\n2025-07-02,3\n2025-08-09,3\n"
    yml = "name: S\nas_of: 2026-06-30\nwave: 2025H1\n"
    folder = client({"client.yml": yml, "codebook.csv": BOOK, "responses.csv": data})
    severity, column, text = only(folder)
    assert (severity, column) == ("warning", "completed_at")
    assert "row 2" in text
    assert "'2025-07-02' is after 2025-06-30, the end of wave 2025H1, in 2 of 3 rows" in text
    told = "completed_at,wave,nps\n2025-06-30,2025H1,9\n2025-07-02,2025H1,3\n"
    assert not faults(client({"client.yml": yml, "codebook.csv": BOOK, "responses.csv": told}))


@pytest.mark.parametrize("wave", ["Spring", "W3", "2026H3", "2026Q5", "2026-13", ""])
def test_a_wave_that_names_no_period_has_no_last_day(wave):
    assert period_end(wave) is None


def test_one_wave_without_a_column_for_it_is_no_warning(client):
    """A column of its own beside the answers, and one wave in the invitations as well."""
    files = {
        "codebook.csv": BOOK,
        "responses.csv": "contact_id,account_id,Filiale,nps\nc1,a,Nord,9\nc2,a,Nord,3\n",
        "invitations.csv": (
            "wave,contact_id,account_id,disposition\n2026H1,c1,a,complete\n2026H1,c2,a,complete\n"
        ),
    }
    assert not faults(client(files))
    files["invitations.csv"] += "2025H2,c2,a,complete\n"
    assert "column wave: is missing" in only(client(files))[2]


AGES = "\n".join(f"r{n},{20 + n % 50},{n % 11}" for n in range(200))


@pytest.mark.parametrize("name", ["Age", "Alter", "score2", "visits"])
def test_a_column_of_small_numbers_is_never_guessed_to_be_an_id(client, name):
    files = {
        "codebook.csv": BOOK,
        "responses.csv": f"response_id,{name},nps\n{AGES}\n",
        "accounts.csv": "account_id,name\n" + "".join(f"{n},N\n" for n in range(1, 100)),
    }
    text = only(client(files))[2]
    assert "column account_id: is missing, although accounts was sent" in text
    assert 'account_id: "…"' in text
    assert f"account_id: {name}" not in text


@pytest.mark.parametrize(
    ("name", "ids"),
    [("Kunde", ["1", "2", "3"]), ("Filiale", ["A-1", "A-2", "A-3"]), ("x", ["10001", "10002"])],
)
def test_ids_that_say_what_they_are_or_are_called_so_are_still_found(client, name, ids):
    rows = "".join(f"r{n},{value},5\n" for n, value in enumerate(ids))
    files = {
        "codebook.csv": BOOK,
        "responses.csv": f"response_id,{name},nps\n{rows}",
        "accounts.csv": "account_id,name\n" + "".join(f"{one},N\n" for one in ids),
    }
    assert f"account_id: {name}" in only(client(files))[2]


def test_a_segment_with_as_many_groups_as_an_age_has_is_warned_of(client):
    book = f"{BOOK}age,segment,Age,,,\n"
    data = f"response_id,age,nps\n{AGES}\n"
    severity, _, text = only(client({"codebook.csv": book, "responses.csv": data}))
    assert severity == "warning"
    assert "'age' has 50 groups among 200 answers of wave 2026H1" in text
    assert "collapse: {age: {…" in text


def test_a_declared_segment_with_a_group_a_respondent_is_warned_of(client):
    rows = "".join(f"r{n},2026H1,shop {n},{n % 11}\n" for n in range(30))
    files = {"codebook.csv": BOOK, "responses.csv": f"response_id,wave,shop,nps\n{rows}"}
    _, column, text = only(client(files, segments="[shop]"))
    assert column == "segments"
    assert "'shop' has 30 groups among 30 answers" in text


def test_twelve_groups_are_no_warning(client):
    rows = "".join(f"r{n},2026H1,{n % 12},{n % 11}\n" for n in range(60))
    files = {"codebook.csv": BOOK, "responses.csv": f"response_id,wave,shop,nps\n{rows}"}
    assert not faults(client(files, segments="[shop]"))


def test_groups_are_called_what_client_yml_says_even_where_the_codebook_gives_them_a_scale(client):
    book = f"{BOOK}size,segment,Size,1,2,\n"
    data = "response_id,wave,size,nps\nr1,2026H1,1,9\nr2,2026H1,2,3\n"
    files = {"codebook.csv": book, "responses.csv": data}
    assert open_study(client(files)).responses["size"].tolist() == ["1", "2"]
    named = client(files, formats='{responses: {values: {size: {Small: "1", Large: "2"}}}}')
    assert open_study(named).responses["size"].tolist() == ["Small", "Large"]
    text = only(client({**files, "responses.csv": data + "r3,2026H1,7,3\n"}))[2]
    assert "'7' is not between 1 and 2" in text


@pytest.mark.parametrize(
    ("scores", "says"),
    [
        ("nps: 140", "'140' lies outside the scale of this score, -100 to 100"),
        ("satisfaction_top: 60", "a share of 60 % as 0.6"),
        ("satisfaction_mean: 8", "1 to 6"),
        ("loyalty_index: -1", "0 to 100"),
    ],
)
def test_a_target_outside_the_scale_of_its_score_is_an_error(client, scores, says):
    book = f"{BOOK}grade,satisfaction,Grade,1,6,\n"
    data = "response_id,wave,nps,grade\nr1,2026H1,9,2\nr2,2026H1,3,5\n"
    files = {"codebook.csv": book, "responses.csv": data}
    severity, column, text = only(client(files, targets=f"{{scores: {{{scores}}}}}"))
    assert (severity, column) == ("error", f"targets.scores.{scores.split(':')[0]}")
    assert says in text


def test_days_long_before_the_wave_are_told(client):
    data = "response_id,wave,completed_at,nps\nr1,2026H1,1980-01-01,9\nr2,2026H1,2026-05-02,3\n"
    files = {"codebook.csv": BOOK, "responses.csv": data}
    severity, column, text = only(client(files))
    assert (severity, column) == ("warning", "completed_at")
    assert "row 1" in text and "'1980-01-01' is long before wave 2026H1, in 1 of its" in text
    line = "{2026H1: 2026-06-30}"
    assert line in text
    assert line not in only(client(files, waves=line))[2]
    earlier = data.replace("1980-01-01", "2025-11-02").replace("r1,2026H1", "r1,2025H2")
    assert not faults(client({**files, "responses.csv": earlier}))


def test_rows_without_an_id_and_an_answer_are_told(client):
    rows = "r1,2026H1,9\n,2026H1,\n,2026H1,\n"
    files = {"codebook.csv": BOOK, "responses.csv": f"response_id,wave,nps\n{rows}"}
    assert "row 2: holds neither an id nor an answer; 2 such rows in all" in only(client(files))[2]
    for one in ("r2,2026H1,\n", ",2026H1,4\n"):
        data = f"response_id,wave,nps\nr1,2026H1,9\n{one}"
        assert not faults(client({**files, "responses.csv": data}))
