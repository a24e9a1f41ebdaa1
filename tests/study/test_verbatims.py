"""Comments, themes and names, as a client sends them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from helpers.errors import InputFaults
from helpers.study import open_study

CODEBOOK = """variable,role,text,label,scale_min,scale_max
rec,recommend,Recommend?,Recommend,0,10
speed,driver,Speed of delivery,Speed,0,10
why,comment,Why?,Why,,
"""


@pytest.fixture
def client(tmp_path: Path) -> Path:
    files = {
        "client.yml": "name: Acme\nas_of: 2026-06-30\nwave: w1\n",
        "codebook.csv": CODEBOOK,
        "responses.csv": "response_id,rec,speed,why,language\nr1,9,8,Fast,en\nr2,3,2,,en\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_questions_of_the_role_comment_serve_where_no_comments_were_sent(client: Path):
    found = open_study(client).comments
    assert found[["response_id", "question", "text", "language"]].to_numpy().tolist() == [
        ["r1", "why", "Fast", "en"]
    ]


def test_comments_with_hand_codes_are_read_as_yes_and_no(client: Path):
    (client / "comments.csv").write_text(
        "response_id,question,text,theme_late\nr1,why,Fast,0\nr2,why,Slow,yes\n", encoding="utf-8"
    )
    assert open_study(client).comments["theme_late"].tolist() == [False, True]


def test_a_hand_code_that_is_neither_yes_nor_no_is_a_fault(client: Path):
    (client / "comments.csv").write_text(
        "response_id,question,text,theme_late\nr1,why,Fast,2\n", encoding="utf-8"
    )
    with pytest.raises(InputFaults, match=r"row 1, column theme_late: '2' is not yes or no"):
        open_study(client)


def test_faults_of_the_frame_are_all_named(client: Path):
    (client / "themes.csv").write_text(
        "theme,words,driver\nlate,late*; *,sped\nlate,slow,speed\n", encoding="utf-8"
    )
    with pytest.raises(InputFaults) as raised:
        open_study(client)
    told = str(raised.value)
    assert "column driver: 'sped' is not a question with the role driver. Did you mean" in told
    assert "column words: has a wildcard alone" in told
    assert "'late' is repeated in row 2" in told


def test_a_theme_in_two_languages_is_no_repetition(client: Path):
    (client / "themes.csv").write_text(
        "theme,words,language\nlate,late,en\nlate,tarde,es\n", encoding="utf-8"
    )
    assert len(open_study(client).table("themes")) == 2


def test_a_theme_coded_by_hand_that_the_frame_lacks_is_a_warning(client: Path):
    (client / "themes.csv").write_text("theme,words\nlate,late\n", encoding="utf-8")
    (client / "comments.csv").write_text(
        "response_id,question,text,theme_lat\nr1,why,Fast,0\n", encoding="utf-8"
    )
    told = [str(w) for w in open_study(client).warnings]
    assert any("theme_lat" in w and "Did you mean late?" in w for w in told)


def test_names_of_people_and_companies_come_from_every_table(client: Path):
    (client / "accounts.csv").write_text(
        "account_id,name,owner\n1,Redmarsh,Tom Eriksen\n", encoding="utf-8"
    )
    (client / "contacts.csv").write_text(
        "contact_id,account_id,role,consent_named,name\nc1,1,user,yes,Karen Lund\n",
        encoding="utf-8",
    )
    names = open_study(client).known_names
    assert names["companies"] == ("Redmarsh",)
    assert set(names["people"]) == {"Tom Eriksen", "Karen Lund"}


def test_without_any_comment_there_is_an_empty_table(client: Path):
    (client / "codebook.csv").write_text(CODEBOOK.rsplit("why", 1)[0], encoding="utf-8")
    found = open_study(client).comments
    assert isinstance(found, pd.DataFrame)
    assert found.empty
