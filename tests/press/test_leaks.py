"""What may not leave the house is found in whatever file of an edition it stands."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from planted_book import base_table

from helpers.press.leaks import Guarded, leaks
from helpers.press.small_bases import small_bases

GUARDED = Guarded(
    ("/srv/reports/acme",), ("jdoe77", "rose", "build-host-3"), {"ACME_TOKEN": "s3cr&t value"}
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("from /srv/reports/acme/x.csv", "a path of the machine"),
        ("<p>/home/ann/acme</p>", "a path of the machine"),
        ("(/Users/ann)", "a path of the machine"),
        (r"C:\Users\ann\acme", "a path of the machine"),
        (r'"C:\\Users\\ann"', "a path of the machine"),
        ("made by jdoe77.", "jdoe77"),
        ("on build-host-3", "build-host-3"),
        ("<dc:creator>rose</dc:creator>", "rose"),
        ("rose@example.com", "rose"),
        ("a=s3cr&t value", "the value of ACME_TOKEN"),
        ("a=s3cr&amp;t value", "the value of ACME_TOKEN"),
        ("a=s3cr%26t%20value", "the value of ACME_TOKEN"),
        ("postgresql://ann:hunter2@db.example/x", "an address with a password"),
        ("-----BEGIN RSA PRIVATE KEY-----", "a secret key"),
    ],
)
@pytest.mark.parametrize("name", ["notebooks/page.html", "_static/x.js", "leads/leads.csv"])
def test_what_may_not_leave_the_house_is_named_with_its_file(tmp_path, name, text, said):
    path = tmp_path / name
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    (found,) = leaks(tmp_path, GUARDED)
    assert found.startswith(f"{name} holds ")
    assert said in found
    assert "s3cr" not in found


@pytest.mark.parametrize(
    "text",
    [
        "The score rose; a rose, by any name, and/or /homes, https://example.com/home/ann",
        '<a href="../tmp/page.html">x</a> body:root{} 3://4 jdoe778 build-host-31',
        "postgresql://user@host/database see https://example.com:8080/x@y",
        '<img src="data:image/png;base64,/home/annjdoe77/tmp/x">',
    ],
)
def test_words_that_look_alike_are_none(tmp_path, text):
    (tmp_path / "page.html").write_text(text, encoding="utf-8")
    assert leaks(tmp_path, GUARDED) == []


@pytest.mark.parametrize("name", ["letter.docx", "list.xlsx"])
def test_workbooks_and_letters_are_read_inside(tmp_path, name):
    with zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("docProps/core.xml", "<dc:creator>jdoe77</dc:creator>")
    assert leaks(tmp_path, GUARDED) == [f"{name} holds the name of a user or a host (jdoe77)"]


@pytest.mark.parametrize(
    "name",
    ["loyalty.ipynb", "results/loyalty.parquet", "loyalty.json", "client.yml", "_sources/a.md",
     ".env", "manifest"],
)  # fmt: skip
def test_files_of_a_run_are_no_part_of_an_edition(tmp_path, name):
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.touch()
    assert leaks(tmp_path, GUARDED) == [f"{name} is no file of an edition"]


def test_a_link_to_a_file_elsewhere_is_no_file_of_an_edition(tmp_path):
    (tmp_path / "page.html").symlink_to(Path(__file__))
    assert leaks(tmp_path, GUARDED) == ["page.html is no file of an edition"]


def test_secrets_are_those_of_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("ACME_API_KEY", "k-1234567")
    monkeypatch.setenv("WAREHOUSE", "postgresql://ann:correct-horse@db/x")
    monkeypatch.setenv("USER", "jdoe77")
    (tmp_path / "a.html").write_text("k-1234567")
    (tmp_path / "b.html").write_text("correct-horse")
    (tmp_path / "c.html").write_text("jdoe77")
    assert leaks(tmp_path) == [
        "a.html holds the value of ACME_API_KEY",
        "b.html holds the value of the password in WAREHOUSE",
        "c.html holds the name of a user or a host (jdoe77)",
    ]


QUOTED = '<span class="figure" data-figure="a.b" title="x; base {}">{}</span>'
BANNER = "Ease, by group, weighted"


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        (QUOTED.format("7 respondents", "6.1 (4 to 8)"), "a figure of 7 respondents (a.b)"),
        (base_table(BANNER, "Answer|All|Core (A)", "Base|90|7", "10|25%|14%"), "answers of 7"),
        (base_table("Ease, all: base 9 people", "Answer|Weighted", "10|44.4%"), "answers of 9"),
        (base_table("x", "Group|Score|Interval|Answers", "Core|6.1|4 to 8|9"), "9 people: Core"),
        (base_table("x", "Driver|Segment|Interval|Base", "Ease|Key|0 to 1|4"), "4 people: Ease"),
        ("<p>2.1 (base 4 respondents)</p>", "a figure of 4 respondents"),
        ('<img alt="Ease 2.1 (weighted; base 4 people)">', "a figure of 4 people"),
        ("<svg><text>2.1 (base 4 answers)</text></svg>", "a figure of 4 answers"),
        (QUOTED.format("7 respondents", "41"), "a figure of 7 respondents (a.b)"),
        (QUOTED.format("7 respondents", "6"), "a figure of 7 respondents (a.b)"),
        (base_table("x", "Industry|Rating|n", "Steel|6.1|9"), "9 people: Steel"),
        (base_table("x", "Region|Median|n", "North|6|9"), "9 people: North"),
        (base_table("x", "Region|Net promoter score|People", "North|6|9"), "9 people: North"),
        (base_table(BANNER, "Answer|All|Core", "10|25%|14%", "Base|90|7"), "answers of 7"),
        (
            base_table("x", "Compared with|Gain|Interval|People|Beside them", "All|6|1 to 9|74|9"),
            "9 people: All",
        ),
        (base_table("x", "Score|Ours|Answers", "Loyalty|6.1|9"), "9 people: Loyalty"),
    ],
)  # fmt: skip
def test_a_figure_of_too_few_people_is_named_with_its_page(tmp_path, inside, said):
    (tmp_path / "page.html").write_text(f"<article>{inside}</article>", encoding="utf-8")
    (found,) = small_bases(tmp_path, 10)
    assert found.startswith("page.html shows ")
    assert said in found
    assert small_bases(tmp_path, 3) == []


def test_employees_have_a_limit_of_their_own(tmp_path):
    table = base_table("x", "Function|Employees|Belief in it", "Sales|4|6.1", "Service|3|–")
    (tmp_path / "page.html").write_text(table, encoding="utf-8")
    assert small_bases(tmp_path, 10) == small_bases(tmp_path, 10, 4) == []
    (found,) = small_bases(tmp_path, 10, 5)
    assert found == "page.html shows a figure of 4 employees: Sales"


@pytest.mark.parametrize(
    "inside",
    [
        QUOTED.format("7 respondents", "7"),
        "<p>2.1 (base 40 respondents), 7 respondents (base unknown), withheld (base 4 people)</p>",
        base_table("x", "Region|Rating|n", "North|–|9", "South|6.1|90"),
        QUOTED.format("8 promises", "75% (41% to 93%)"),
        QUOTED.format("781 respondents", "24.7"),
        base_table(BANNER, "Answer|All|Core (A)", "Base|90|7", "10|25%|–"),
        base_table(BANNER, "Answer|All|Core (A)", "Base|90|–", "10|25%|–"),
        base_table("Ease, all: base 781 respondents", "Answer|Respondents|Weighted", "0|2|–"),
        base_table("x", "Group|Score|Interval|Answers", "Core|–|–|9", "Key|6.1|5 to 7|90"),
        base_table("x", "Principle|Evidence|Value|Interval|Base", "Act|Promises|75%|41% to 93%|8"),
    ],
)
def test_counts_and_what_is_withheld_may_be_shown(tmp_path, inside):
    (tmp_path / "page.html").write_text(f"<article>{inside}</article>", encoding="utf-8")
    assert small_bases(tmp_path, 10) == []


def test_the_workbook_of_every_answer_is_read_too(tmp_path):
    import xlsxwriter

    (tmp_path / "toplines").mkdir()
    with xlsxwriter.Workbook(str(tmp_path / "toplines" / "toplines.xlsx")) as made:
        made.add_worksheet("Index").write_row(0, 0, ["Question", "Base"])
        sheet = made.add_worksheet("Tier")
        rows = [["Ease"], ["Base", 90, 7], ["10", 0.25, 0.14], ["Mean", 8.1, 6.2], [],
                ["Care"], ["Base", 90, 8], ["10", 0.25, "withheld"]]  # fmt: skip
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    (found,) = small_bases(tmp_path, 10)
    assert found == "toplines/toplines.xlsx shows answers of 7 people (Tier, row 2)"
