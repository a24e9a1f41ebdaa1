"""Refusals and notes of the readers that other tests of the subject do not meet, each once."""

from __future__ import annotations

import errno
import gzip
import os

import numpy as np
import pandas as pd
import pytest

from helpers.errors import HandbookError
from helpers.study import check_client, open_study
from helpers.study.codebook import Codebook, Question
from helpers.study.config import Config
from helpers.study.drafting import draft_codebook
from helpers.study.findings import Findings
from helpers.study.readers import confined, decoding, spooled
from helpers.study.readers.sources import Source
from helpers.study.scores import outcome

ROWS = "".join(f"r{n},2026H1,00{n % 3 + 7},{n % 11},{n % 9},{n % 5 + 1}\n" for n in range(1, 60))
HEAD = "response_id,wave,account_id,nps,ease,trouble\n"


def messages(folder):
    return [str(fault) for fault in check_client(folder)]


def test_an_empty_response_id_is_the_number_of_its_record(client):
    rows = "r1,2026H1,007,9,8,1\n,2026H1,008,3,2,5\n"
    study = open_study(client({"responses.csv": HEAD + rows}))
    assert study.responses.index.tolist() == ["r1", "record-2"]
    assert "responses: empty response_id filled from the record (1)" in map(str, study.notes)


def test_an_empty_wave_is_the_wave_of_the_report(client):
    rows = "r1,2026H1,007,9,8,1\nr2,,008,3,2,5\nr3,2025H2,009,3,2,5\n"
    study = open_study(client({"responses.csv": HEAD + rows}))
    assert study.responses["wave"].to_dict() == {"r1": "2026H1", "r2": "2026H1"}
    assert "responses: empty wave taken as 2026H1 (1)" in map(str, study.notes)


def test_an_export_of_another_kind_is_refused_with_the_kinds_that_are_read(tmp_path):
    path = tmp_path / "answers.docx"
    path.write_bytes(b"PK")
    with pytest.raises(HandbookError, match=r"is of a kind that is not read: give one of \.csv"):
        draft_codebook(path)


def test_a_gzip_file_that_is_called_csv_is_named_as_such(client):
    folder = client({"responses.csv": gzip.compress((HEAD + ROWS).encode())})
    (found,) = messages(folder)
    assert "responses.csv: is a gzip file, not text. Let its name end in .csv.gz." in found


def test_a_query_that_is_no_text_of_ours_is_not_run(client):
    folder = client({"accounts.sql": "SELECT 'é' AS account_id".encode("latin-1")})
    assert any("accounts.sql: is not UTF-8. Save it as UTF-8." in text for text in messages(folder))


def test_of_many_records_that_swallow_lines_twenty_are_named_and_the_others_counted(client):
    held = "".join(
        f'r{n},2026H1,"007,9,8,1\nx{n},2026H1,008,9,8,1\nz{n},2026H1,009",9,8,1\n'
        for n in range(1, 26)
    )
    found = [text for text in messages(client({"responses.csv": HEAD + held})) if "lines" in text]
    assert sum("holds lines that look like records" in text for text in found) == 20
    (rest,) = [text for text in found if "more records that hold lines like records" in text]
    assert "has 5 more" in rest


def test_a_file_of_another_kind_inside_a_package_is_refused(client):
    found = messages(client(tables='{responses: "package:pandas/__init__.py"}'))
    assert any("is of a kind that the handbook does not read" in text for text in found)


def test_a_folder_in_the_place_of_a_file_is_told_with_the_pattern_for_its_files(client):
    folder = client(tables="{responses: parts.csv}")
    (folder / "parts.csv").mkdir()
    found = messages(folder)
    assert any('is a folder, not a file. Name its files: "parts.csv/*.csv".' in t for t in found)


def test_a_delimiter_that_large_files_cannot_have_is_told(tmp_path):
    path = tmp_path / "responses.csv"
    path.write_text((HEAD + ROWS).replace(",", "¦"), encoding="utf-8")
    findings, config = Findings(), Config(name="A", as_of="2026-06-30", wave="2026H1")
    config = config.model_copy(
        update={"formats": {"responses": config.format("responses").model_copy(
            update={"delimiter": "¦"})}}
    )  # fmt: skip
    out = tmp_path / "out.parquet"
    assert spooled.spooled(Source(path, path.name), "responses", config, out, findings) is None
    (fault,) = findings.errors
    assert "is too large for a delimiter of that kind" in str(fault)
    assert not out.exists()


def test_one_optional_column_under_another_name_is_told_alone(client):
    listed = "account_id,name,Branche\n007,Bond,A\n008,Mü,A\n009,Na,B\n"
    found = [t for t in messages(client({"accounts.csv": listed})) if "Branche" in t]
    (text,) = found
    assert "column Branche: is not a column the handbook knows" in text
    assert "If 'industry' is meant, declare" in text


def book(*questions: Question) -> Codebook:
    return Codebook(tuple(questions))


def test_an_outcome_needs_a_scale():
    asked = Question("nps", "recommend", "", "Recommendation", None, None)
    with pytest.raises(ValueError, match="'nps' has no scale: give scale_min and scale_max"):
        outcome(pd.DataFrame({"nps": [1.0]}), book(asked), "nps")


@pytest.mark.parametrize(
    ("reverse", "label"), [(False, "Toil"), (True, "Toil (turned: 7 is best)")]
)
def test_effort_as_an_outcome_says_that_it_was_turned_only_where_it_was(reverse, label):
    asked = Question("toil", "effort", "", "Toil", 1, 7, reverse=reverse)
    assert outcome(pd.DataFrame({"toil": [1.0]}), book(asked), "toil").label == label


def test_loyalty_needs_a_question_that_tells_of_it():
    asked = Question("ease", "driver", "", "Ease", 0, 10)
    with pytest.raises(ValueError, match="no loyalty to measure"):
        outcome(pd.DataFrame({"ease": [1.0]}), book(asked), "loyalty")


def test_of_two_questions_for_a_recommendation_the_second_is_a_guess(tmp_path):
    rng = np.random.default_rng(6)
    first, second = "Would you recommend us to a colleague?", "Would you recommend us to a friend?"
    path = tmp_path / "answers.csv"
    pd.DataFrame(
        {"Respondent ID": range(1, 201), first: rng.integers(0, 11, 200),
         second: rng.integers(0, 11, 200)}
    ).to_csv(path, index=False)  # fmt: skip
    draft = draft_codebook(path)
    assert str(draft.row(first).role) == "recommend"
    assert str(draft.row(second).role) == "recommend?"
    assert f"{first} asks for it as well" in draft.row(second).role.reason


def full(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_disk_that_is_full_is_no_fault_of_the_text_that_is_copied(tmp_path, monkeypatch):
    path, findings = tmp_path / "responses.csv", Findings()
    path.write_text(HEAD + ROWS, encoding="utf-8")
    monkeypatch.setattr(decoding, "_copied", full)
    with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
        decoding.copy_as_utf8(path, tmp_path / "out", "utf-8", path.name, "responses", findings)
    assert not findings.faults


def test_a_worker_that_ended_on_a_full_disk_says_so(tmp_path):
    class Ended:
        class process:
            @staticmethod
            def wait() -> int:
                return 1

        errors = (tmp_path / "errors").open("w+b")

    Ended.errors.write(os.strerror(errno.ENOSPC).encode())
    with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)) as raised:
        confined._last_words(Ended, False, 1.0)
    assert raised.value.errno == errno.ENOSPC
