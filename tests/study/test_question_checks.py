"""Questions that no response holds, answers of later waves, segments of too many groups."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.study import check_client, open_study, question_checks
from helpers.study.codebook import Codebook, Question
from helpers.study.config import Config
from helpers.study.findings import Findings
from helpers.study.intake import Typed
from helpers.study.question_checks import period_end
from helpers.study.readers.raw import one_file
from helpers.study.tables import TABLES

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
        ("nps: 0.4", "'0.4' is read as 0.4 of 100 points. If a share is meant, write 40"),
        ("nps: -0.2", "'-0.2' is read as -0.2 of 100 points. If a share is meant, write -20"),
        ("loyalty_index: 0.75", "is read as 0.75 of 100 points. If a share is meant, write 75"),
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


def test_days_long_after_the_wave_that_their_row_names_are_told(client):
    data = "response_id,wave,completed_at,nps\nr1,2025H2,2026-05-30,9\nr2,2025H2,2026-01-02,3\n"
    files = {"codebook.csv": BOOK, "responses.csv": data}
    folder = client(files)
    declared = (folder / "client.yml").read_text().replace("wave: 2026H1", "wave: 2025H2")
    (folder / "client.yml").write_text(declared)
    severity, column, text = only(folder)
    assert (severity, column) == ("warning", "completed_at")
    assert "row 1" in text and "'2026-05-30' is long after wave 2025H2, in 1 of its" in text
    assert "name it in the column wave" in text and "{2025H2: 2026-05-30}" in text
    (folder / "client.yml").write_text(declared + "waves: {2025H2: 2026-03-15}\n")
    assert not faults(folder)


def test_rows_without_an_id_and_an_answer_are_told(client):
    rows = "r1,2026H1,9\n,2026H1,\n,2026H1,\n"
    files = {"codebook.csv": BOOK, "responses.csv": f"response_id,wave,nps\n{rows}"}
    assert "row 2: holds neither an id nor an answer; 2 such rows in all" in only(client(files))[2]
    for one in ("r2,2026H1,\n", ",2026H1,4\n"):
        data = f"response_id,wave,nps\nr1,2026H1,9\n{one}"
        assert not faults(client({**files, "responses.csv": data}))


# Each guard by itself, on tables that were read already.


def sent(table: str = "responses", sheet: dict | None = None, **columns: object) -> Typed:
    """A table as it was typed; ``sheet`` is what stood in the file, where that differs."""
    raw = one_file(pd.DataFrame(sheet or columns).astype(object), f"{table}.csv", "")
    return Typed(TABLES[table], pd.DataFrame(columns), raw)


def config(**keys: object) -> Config:
    return Config.model_validate({"name": "S", "as_of": "2026-06-30", "wave": "2026H1", **keys})


def asked(variable: str, role: str = "driver", low=1, high=5, **more: object) -> Question:
    return Question(variable, role, "", variable, low, high, **more)


def of_questions(*questions: Question, joined: object = (), **tables: Typed) -> Findings:
    given = {"responses": sent(nps=[9]), **tables}
    findings = Findings()
    names = [*given["responses"].frame.columns, *joined]
    question_checks.check_questions(given, names, Codebook(questions), findings)
    return findings


@pytest.mark.parametrize(
    ("low", "high", "variable", "noted"),
    [
        (0, 10, "nps", False), (1, 10, "nps", True), (0, 5, "nps", True),
        (None, None, "nps", False), (1, None, "nps", False), (None, 10, "nps", False),
        (1, 10, "absent", False),
    ],
)  # fmt: skip
def test_a_recommendation_on_another_scale_is_noted_where_it_was_asked(low, high, variable, noted):
    found = of_questions(asked(variable, "recommend", low, high))
    assert [f"asked from {low} to {high}" in note.what for note in found.notes] == [True] * noted


def test_comments_hold_their_questions_by_name():
    why = asked("why", "comment", None, None)
    assert not of_questions(why, comments=sent("comments", question=["why", None])).faults
    for other in ({"question": ["how"]}, {"text": ["Late."]}):
        assert len(of_questions(why, comments=sent("comments", **other)).faults) == 1


def test_columns_that_are_something_else_are_no_names_of_an_absent_question():
    """Neither another question, nor a column of the table, nor one about the survey."""
    held = sent(nps=[9], wave=["2026H1"], account_id=["a"], Progress=[100], Status=[0], left=[1])
    (fault,) = of_questions(asked("nps", "recommend"), asked("proud"), responses=held).faults
    assert fault.advice.startswith("Columns that are nothing else: left. Correct the name")
    (fault,) = of_questions(asked("accountid"), responses=held).faults
    assert "Did you mean" not in fault.advice
    (fault,) = of_questions(asked("Status_"), responses=held).faults
    assert "Did you mean" not in fault.advice


@pytest.mark.parametrize(("columns", "told"), [(10, "c9. "), (11, "c9 and 1 more. ")])
def test_at_most_ten_columns_are_listed(columns, told):
    held = sent(**{f"c{n}": [1] for n in range(columns)})
    (fault,) = of_questions(asked("proud"), responses=held).faults
    assert told in fault.advice


@pytest.mark.parametrize(
    ("role", "table", "named"),
    [
        ("segment", "accounts", True),
        ("segment", "contacts", True),
        ("segment", "invitations", False),
        ("driver", "accounts", False),
    ],
)
def test_a_segment_is_named_with_the_list_that_holds_it(role, table, named):
    (fault,) = of_questions(asked("tier", role), **{table: sent(table, tier=["A"])}).faults
    assert (f"It is a column of {table}" in fault.advice) == named
    book = (asked("nps", "recommend", 0, 10), asked("tier", role))
    (fault,) = of_questions(*book, **{table: sent(table, other=["A"])}).faults
    assert fault.advice.startswith("Correct the name")


@pytest.mark.parametrize(
    ("waves", "groups", "told"),
    [
        ("2026H1", range(13), True),
        ("2026H1", range(12), False),
        ("2026H1", [*range(12), None], False),
        ("2025H2", range(13), False),
        (None, range(13), True),
    ],
)
def test_groups_of_the_reported_wave_are_counted(waves, groups, told):
    joined = pd.DataFrame({"shop": list(groups)}).assign(wave=waves)
    joined = joined if waves else joined.drop(columns="wave")
    for segments, place in ((["shop"], ("client.yml", "segments")),
                            ([], ("codebook.csv", "variable"))):  # fmt: skip
        findings = Findings()
        question_checks.check_segments(joined, ["shop"], config(segments=segments), findings)
        assert [(fault.file, fault.column) for fault in findings.faults] == [place] * told


def of_days(findings_of: dict, dates: dict | None = None, sheet: dict | None = None, **keys):
    """What is said of answers by day and wave; the waves are dated as given, or not at all."""
    known = {"2026H1": None} if dates is None else dates
    findings = Findings()
    days = {name: pd.Timestamp(day) if day else pd.NaT for name, day in known.items()}
    columns = dict(findings_of)
    if "completed_at" in columns:
        columns["completed_at"] = pd.to_datetime(columns["completed_at"], format="ISO8601")
    held = sent(sheet=sheet, **columns)
    question_checks.check_later_answers(held, days, config(**keys), findings)
    return [f"{f.column} {f.row}: {f.problem} | {f.advice}" for f in findings.faults]


@pytest.mark.parametrize(
    ("dates", "later"),
    [
        ({"2026H1": "2026-06-30", "2026H2": "2026-12-31"}, True),
        ({"2026H1": "2026-06-30", "Autumn": "2026-10-31"}, True),
        ({"2026H1": "2026-06-30", "Spring": "2026-04-30"}, False),
        ({"2026H1": "2026-06-30", "Summer": "2026-06-30"}, False),
        ({"2026H1": None, "2026H2": "2026-12-31"}, True),  # told by their names
        ({"2026H1": "2026-06-30", "2026H2": None}, True),
        ({"2026H1": "2026-06-30", "2025H2": None}, False),
        ({"2026H1": None, "H1 2026": None}, False),  # the same wave
        ({"2025H2": "2025-12-31", "2026H2": "2026-12-31"}, False),  # the one reported is not there
    ],
)
def test_which_wave_is_the_later_one(dates, later):
    found = of_days({"wave": list(dates), "nps": [1] * len(dates)}, dates)
    assert len(found) == later


def test_numbers_in_names_of_waves_are_counted():
    both = {"W9": None, "W10": None}
    assert of_days({"wave": ["W9", "W10"]}, both, wave="W10") == []
    assert len(of_days({"wave": ["W9", "W10"]}, both, wave="W9")) == 1


@pytest.mark.parametrize(
    ("day", "keys", "told"),
    [
        ("2026-06-30 23:59", {}, False),
        ("2026-07-01", {}, True),
        (None, {}, False),
        ("2026-07-01", {"wave": "W3"}, False),  # names no period, and no day is declared
        ("2026-10-28", {"wave": "W3", "waves": {"W3": "2026-06-30"}}, False),
        ("2026-10-29", {"wave": "W3", "waves": {"W3": "2026-06-30"}}, True),
        ("2026-07-01", {"waves": {"2026H1": "2026-09-30"}}, True),  # the name of a period holds
    ],
)
def test_days_after_the_only_wave_are_told_where_no_column_names_it(day, keys, told):
    wave = keys.get("wave", "2026H1")
    rows = {"wave": [wave] * 2, "completed_at": ["2026-05-01", day]}
    found = of_days(rows, {wave: None}, {"completed_at": rows["completed_at"]}, **keys)
    assert len(found) == told
    assert not told or found[0].startswith("completed_at 2: is after 2026-")
    assert of_days(rows, {wave: None}, **keys) == []  # the column wave says which it is


@pytest.mark.parametrize(
    ("day", "wave", "keys", "advice"),
    [
        ("2025-05-26", "2026H1", {}, None),  # 400 days before its end
        ("2025-05-25", "2026H1", {}, "say when it was"),
        ("2025-05-25", "2026H1", {"waves": {"2026H1": "2026-06-30"}}, "Mend them"),
        ("2025-05-25", "2025H1", {}, None),  # of another wave
        ("1980-01-01", "W3", {"wave": "W3"}, None),
        (None, "2026H1", {}, None),
    ],
)
def test_days_long_before_the_reported_wave_are_told_of_its_own_answers(day, wave, keys, advice):
    reported = keys.get("wave", "2026H1")
    rows = {"wave": [reported, wave], "completed_at": ["2026-05-01", day]}
    found = of_days(rows, {reported: None, wave: None}, **keys)
    assert len(found) == (advice is not None)
    assert advice is None or advice in found[0]
    assert of_days({"wave": rows["wave"]}, {reported: None, wave: None}) == []


@pytest.mark.parametrize(
    ("name", "target", "wrong"),
    [
        ("nps", -100, False), ("nps", 100, False), ("nps", 100.5, True), ("nps", -101, True),
        ("satisfaction_top", 1, False), ("satisfaction_top", 1.1, True),
        ("effort_mean", 5, False), ("effort_mean", 1, False), ("effort_mean", 5.5, True),
        ("effort_mean", 0.5, True), ("satisfaction_mean", 99, False),  # nobody was asked
        ("recommend_mean", 99, False), ("other", 99, False),
    ],
)  # fmt: skip
def test_a_target_is_held_against_the_scale_of_its_score(name, target, wrong):
    """A recommendation without a scale tells nothing of its mean."""
    book = Codebook((asked("why", "effort", None, None), asked("e", "effort"),
                     asked("r", "recommend", None, None)))  # fmt: skip
    findings = Findings()
    declared = config().model_copy(deep=True)
    declared.targets.scores[name] = target
    question_checks.check_targets(book, declared, findings)
    assert len(findings.errors) == wrong


@pytest.mark.parametrize(
    ("question", "cells", "told"),
    [
        (asked("q", missing_codes=("5",)), ["5", " 5 ", 5.0, "4", None], 3),
        (asked("q", missing_codes=("1",)), ["1.0", "4"], 1),
        (asked("q", missing_codes=("5",)), ["4", "3"], 0),  # nobody gave it
        (asked("q", missing_codes=("9",)), ["9", "5"], 0),
        (asked("q", missing_codes=("3",)), ["3", "5"], 0),  # inside the scale
        (asked("q", low=None, missing_codes=("5",)), ["5"], 0),
        (asked("q", high=None, missing_codes=("1",)), ["1"], 0),
        (asked("q", "segment", missing_codes=("5",)), ["5"], 0),
        (asked("absent", missing_codes=("5",)), ["5"], 0),
    ],
)
def test_an_end_of_a_scale_that_is_declared_as_missing_is_asked_about(question, cells, told):
    findings = Findings()
    question_checks.check_declared_ends(sent(q=cells), Codebook((question,)), findings)
    assert len(findings.warnings) == bool(told)
    assert not told or f": {told} answers are left out" in findings.warnings[0].problem
