"""`handbook codebook`, `handbook new --from` and `handbook formats`, as somebody new types them."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from helpers.cli import app
from helpers.errors import HandbookError, InputFaults
from helpers.study import check_client

HERE = Path(__file__).parent
spec = importlib.util.spec_from_file_location("exports", HERE / "exports.py")
assert spec is not None
assert spec.loader is not None
exports = importlib.util.module_from_spec(spec)
spec.loader.exec_module(exports)

CUSTOMERS = [
    ["Our customers", None, None, None],
    [],
    ["Kd-Nr", "Firma", "Region", "Umsatz 2025"],
    *[[f"{i:03d}", f"Firm {i}", "North" if i % 2 else "South", 1000.5 + i] for i in range(1, 30)],
]
MONEY = "Customer No,Month,Net sales\n" + "".join(
    f'{i:03d},2026-0{month},"$1,{i:03d}.50"\n' for i in range(1, 30) for month in (1, 2, 3)
)


def type_(*words: object) -> str:
    """What the command prints; an error of its own is raised as it is."""
    done = CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture
def survey(tmp_path: Path) -> Path:
    return exports.qualtrics(tmp_path / "export.csv", exports.worded(exports.answers()))


def test_a_folder_is_made_with_drafts_and_the_file_as_it_came(tmp_path: Path, survey: Path) -> None:
    said = type_("new", tmp_path / "acme", "--from", survey)
    assert "recommend      Q1" in said
    made = tmp_path / "acme"
    assert (made / "export.csv").read_bytes() == survey.read_bytes()
    text = (made / "client.yml").read_text(encoding="utf-8")
    assert "name: Acme\n" in text
    assert "responses: export.csv" in text
    assert "as_of: 2026-05-31\n" in text
    faults = [fault for fault in check_client(made) if fault.severity == "error"]
    assert {fault.file for fault in faults} == {"client.yml"}  # the wave is all that is guessed


def test_other_files_are_known_by_their_columns(tmp_path: Path, survey: Path) -> None:
    exports.workbook(tmp_path / "Kunden.xlsx", {"Liste": CUSTOMERS})
    (tmp_path / "money.csv").write_text(MONEY, encoding="utf-8")
    files = [tmp_path / "Kunden.xlsx", survey, tmp_path / "money.csv"]
    said = type_("new", tmp_path / "acme", "--from", *files)
    assert "Kunden.xlsx: accounts" in said
    assert "money.csv: financials" in said
    client = tmp_path / "acme" / "client.yml"
    text = client.read_text(encoding="utf-8")
    assert "accounts: Kunden.xlsx" in text
    assert "account_id: Kd-Nr" in text
    assert "header_row: 3" in text
    confirmed = [line.split("  # ?")[0] for line in text.splitlines()]
    assert "currency: USD" in confirmed
    client.write_text("\n".join(confirmed) + "\n", encoding="utf-8")
    assert [str(f) for f in check_client(tmp_path / "acme") if f.severity == "error"] == []


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("Umsatz 2025 (EUR)", "currency: EUR  # ? a column's name has EUR"),
        ("Umsatz (CHF)", "currency: CHF  # ? a column's name has CHF"),
        ("Umsatz 2025 £", "currency: GBP  # ? a column's name has £"),
        ("Umsatz (USD, EUR)", "currency:  # to be filled in"),
        ("Umsatz 2025", "currency:  # to be filled in"),
    ],
)
def test_a_column_may_name_the_currency(name: str, line: str, tmp_path: Path, survey: Path) -> None:
    rows = [["Kd-Nr", "Firma", "Region", name], *CUSTOMERS[3:]]
    exports.workbook(tmp_path / "Kunden.xlsx", {"Liste": rows})
    type_("new", tmp_path / "acme", "--from", survey, tmp_path / "Kunden.xlsx")
    assert line in (tmp_path / "acme" / "client.yml").read_text(encoding="utf-8")


def test_a_folder_with_a_client_is_left_alone(tmp_path: Path, survey: Path) -> None:
    type_("new", tmp_path / "acme", "--from", survey)
    before = (tmp_path / "acme" / "client.yml").read_text(encoding="utf-8")
    with pytest.raises(HandbookError, match="already has"):
        type_("new", tmp_path / "acme", "--from", survey)
    assert (tmp_path / "acme" / "client.yml").read_text(encoding="utf-8") == before


def test_a_file_that_cannot_be_read_makes_no_folder(tmp_path: Path) -> None:
    (tmp_path / "broken.csv").write_text("a,b\n1,2,3\n", encoding="utf-8")
    with pytest.raises(InputFaults, match=r"broken\.csv"):
        type_("new", tmp_path / "acme", "--from", tmp_path / "broken.csv")
    assert not (tmp_path / "acme").exists()


@pytest.mark.parametrize("name", ["notes.pdf", "nowhere.csv"])
def test_what_is_no_export_is_refused_by_name(name: str, tmp_path: Path) -> None:
    if name == "notes.pdf":
        (tmp_path / name).write_bytes(b"%PDF-1.7")
    with pytest.raises(HandbookError, match=name.replace(".", r"\.")):
        type_("codebook", tmp_path / name)


def test_two_files_for_one_table_are_named(tmp_path: Path, survey: Path) -> None:
    for name in ("money.csv", "more.csv"):
        (tmp_path / name).write_text(MONEY, encoding="utf-8")
    files = [survey, tmp_path / "money.csv", tmp_path / "more.csv"]
    with pytest.raises(HandbookError, match=r"money\.csv and more\.csv both look like financials"):
        type_("new", tmp_path / "acme", "--from", *files)
    assert not (tmp_path / "acme").exists()


@pytest.mark.parametrize("name", ["tickets.csv", "Contracts.csv", "holdings.csv"])
def test_a_file_called_like_a_table_is_that_table(name: str, tmp_path: Path, survey: Path) -> None:
    rows = "Contact ID,Customer,Reason\n" + "".join(f"P{i},K{i},late\n" for i in range(9))
    for file in ("people.csv", name):
        (tmp_path / file).write_text(rows, encoding="utf-8")
    files = [survey, tmp_path / "people.csv", tmp_path / name]
    said = type_("new", tmp_path / "acme", "--from", *files)
    assert "people.csv: contacts" in said
    assert f"{name}: {name[:-4].lower()}" in said


def test_drafts_lie_beside_the_export_and_never_over_a_file(tmp_path: Path, survey: Path) -> None:
    type_("codebook", survey)
    assert (tmp_path / "codebook.csv").is_file()
    (tmp_path / "codebook.csv").write_text("mine", encoding="utf-8")
    said = type_("codebook", survey)
    assert (tmp_path / "codebook.csv").read_text(encoding="utf-8") == "mine"
    assert "codebook.draft.csv" in said
    assert (tmp_path / "codebook.draft.csv").is_file()


def test_drafts_can_be_written_elsewhere(tmp_path: Path, survey: Path) -> None:
    type_("codebook", survey, "--output", tmp_path / "drafts")
    assert {path.name for path in (tmp_path / "drafts").iterdir()} == {"client.yml", "codebook.csv"}
    assert not (tmp_path / "codebook.csv").exists()


def test_a_folder_stands_for_its_survey(tmp_path: Path, survey: Path) -> None:
    folder = tmp_path / "acme"
    folder.mkdir()
    shutil.copy(survey, folder / "June.csv")
    assert "June.csv: 240 answers" in type_("codebook", folder)


def test_formats_say_what_can_be_read() -> None:
    said = type_("formats")
    for word in (".sav", "cp1252", "header_rows: 2", "%d/%m/%Y", "decimal", "missing"):
        assert word in said


def test_formats_show_a_file_without_anybody_in_it(tmp_path: Path, survey: Path) -> None:
    said = type_("formats", survey)
    assert "240 rows, Qualtrics (three header rows)" in said
    assert "Q1" in said
    assert "0 to 10" in said
    for secret in ("person0", "person1", "@example", "192.0.2", "R_0000", "spare parts"):
        assert secret not in said


@pytest.mark.parametrize(
    ("text", "code", "lines"),
    [
        ("a;b\n1;Müller\n2;Maier\n", "cp1252", ["encoding: cp1252  # ?", 'delimiter: ";"']),
        ("a;b\n1,5;x\n2,25;y\n", "utf-8", ['delimiter: ";"', 'decimal: ","']),
        ("a,day\n1,31/05/2026\n2,01/06/2026\n", "utf-8", ['date: "%d/%m/%Y"']),
        ("Sales\n\na,b\n1,x\n2,y\n", "utf-8", ["header_row: 3"]),
        ("Id,Price?,\n,Low,Fair\nr1,3,4\nr2,4,4\n", "utf-8", ["header_rows: 2"]),
        ("a\tb\n1\tx\n2\ty\n", "utf-16", ["encoding: utf-16", 'delimiter: "\\t"']),
        ("a,b\n1,x\n2,y\n", "utf-8", ["Nothing has to be declared"]),
    ],
)
def test_formats_say_what_a_file_needs_declared(
    text: str, code: str, lines: list[str], tmp_path: Path
) -> None:
    (tmp_path / "list.csv").write_bytes(text.encode(code))
    said = type_("formats", tmp_path / "list.csv")
    for line in lines:
        assert line in said


GUESSED = (
    "variable,text,role,scale_min,scale_max,missing_codes,function\n"
    'Q6A,"Good, or not?",driver?,1?,5?,0;6?,Sales\n'
    "Q6B,,driver?,1?,5?,,\nQ7,,segment?,,,,\nQ8,,effort,?,?,,\n"
)


@pytest.fixture
def guessed(tmp_path: Path) -> Path:
    (tmp_path / "codebook.csv").write_text(GUESSED, encoding="utf-8")
    return tmp_path


def test_guesses_are_confirmed_and_columns_set_aside_by_name(guessed: Path) -> None:
    said = type_("codebook", guessed, "--sure", "Q6*,Q8", "--unused", "Q7")
    assert "1 still marked: Q8" in said  # nobody has told the ends of its scale
    assert (guessed / "codebook.csv").read_text(encoding="utf-8") == (
        "variable,text,role,scale_min,scale_max,missing_codes,function\n"
        'Q6A,"Good, or not?",driver,1,5,0;6,Sales\n'
        "Q6B,,driver,1,5,,\nQ7,,unused,,,,\nQ8,,effort,?,?,,\n"
    )


@pytest.mark.parametrize("names", ["Q6a", "Q9*", "role"])
def test_a_name_that_no_question_has_changes_nothing(names: str, guessed: Path) -> None:
    with pytest.raises(HandbookError, match="has no variable"):
        type_("codebook", guessed, "--sure", names, "--unused", "Q7")
    assert (guessed / "codebook.csv").read_text(encoding="utf-8") == GUESSED


def test_without_a_codebook_there_is_nothing_to_confirm(tmp_path: Path) -> None:
    with pytest.raises(HandbookError, match="handbook codebook"):
        type_("codebook", tmp_path, "--sure", "Q1")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("question,role\nQ1,driver?\n", "no column variable"),
        ("variable;role\nQ1;driver?\n", "no column variable"),
        ("", "no column variable"),
        ("variable,role\nQ1,driver?,1,5\n", "Q1 has more cells"),
    ],
)
def test_a_codebook_that_would_lose_cells_is_left_as_it_is(
    text: str, problem: str, tmp_path: Path
) -> None:
    (tmp_path / "codebook.csv").write_text(text, encoding="utf-8")
    with pytest.raises(HandbookError, match=problem):
        type_("codebook", tmp_path, "--sure", "*")
    assert (tmp_path / "codebook.csv").read_text(encoding="utf-8") == text


@pytest.mark.parametrize("last", ["Summe", "Total: 60", "-"])
def test_a_line_of_totals_is_an_error_that_says_how_the_other_dates_are_read(
    last: str, tmp_path: Path
) -> None:
    days = "".join(f"{i % 28 + 1:02d}.05.2026;{i % 11};{i % 5 + 1}\n" for i in range(90))
    text = f"Zeitstempel;Weiterempfehlung;Zimmer\n{days}{last};;\n"
    (tmp_path / "guests.csv").write_text(text, encoding="utf-8")
    type_("new", tmp_path / "acme", "--from", tmp_path / "guests.csv")
    client = tmp_path / "acme" / "client.yml"
    lines = client.read_text(encoding="utf-8").splitlines()
    client.write_text("\n".join(line.split("  # ?")[0] for line in lines), encoding="utf-8")
    found = [f for f in check_client(tmp_path / "acme") if f.column == "completed_at"]
    assert [fault.row for fault in found] == [91]
    assert found[0].found == last
    assert "read as %d.%m.%Y, as declared" in found[0].advice
    assert "responses.sql" in found[0].advice
