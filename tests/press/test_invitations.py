"""The invitation list as people get it: text stays text, and everything is accounted for."""

from __future__ import annotations

import csv
import shutil
import sys
import zipfile
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook
from thinned import thinned

from helpers import cli
from helpers.errors import HandbookError
from helpers.press import invitations, scratch, spreadsheets
from helpers.press.invitations import write_invitations
from helpers.press.spreadsheets import spreadsheet_text

DAY = pd.Timestamp("2026-11-02")
RUNNING = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "=cmd|' /C calc'!A0"]
TEXT = ["007", "1e5", "NA", "http://x.example", 'Ünï,co"de', "מזהה"]


def people(ids):
    return pd.DataFrame(
        {
            "contact_id": ids,
            "account_id": "007",
            "stratum": "=Key",
            "role": "user",
            "inclusion_probability": 0.25,
            "base_weight": 4.0,
        }
    )


@dataclass(frozen=True)
class Plan:
    table: pd.DataFrame = field(default_factory=lambda: people(RUNNING + TEXT))
    excluded: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(
            {"contact_id": ["=9"], "account_id": ["007"], "reason": ["opted out"], "also": [""]}
        )
    )
    steps: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(
            {
                "step": ["eligible", "response rate"],
                "number": [60.0, 0.25],
                "unit": ["people", "share"],
                "how": ["", "=as in the last wave"],
            }
        )
    )
    strata: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(
            {"stratum": ["=Key"], "eligible": [60], "selected": [15], "rate": [0.25]}
        )
    )


def written(folder: Path, plan: Plan | None = None) -> invitations.Written:
    return write_invitations(plan or Plan(), folder, client="=Acme", on=DAY, seed=7)


def sheet(path: Path, name: str) -> list[list[object]]:
    return CalamineWorkbook.from_path(str(path)).get_sheet_by_name(name).to_python()


def test_no_cell_of_the_csv_begins_like_a_formula(tmp_path):
    with written(tmp_path).csv.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["contact_id"] for row in rows] == [*(f"'{text}" for text in RUNNING), *TEXT]
    numbers = {"inclusion_probability", "base_weight"}
    cells = [cell for row in rows for name, cell in row.items() if name not in numbers]
    assert not [cell for cell in cells if cell.startswith(spreadsheets.RUNS)]
    assert {row["stratum"] for row in rows} == {"'=Key"}
    assert {row["base_weight"] for row in rows} == {"4.0"}


def test_the_workbook_holds_the_ids_exactly_and_no_formula_or_link(tmp_path):
    path = written(tmp_path).workbook
    rows = sheet(path, "Invitations")
    # XML turns a carriage return into a line feed when it is read
    told = [str(row[0]).replace("\r", "\n") for row in rows[1:]]
    assert told == [text.replace("\r", "\n") for text in RUNNING + TEXT]
    assert {row[1] for row in rows[1:]} == {"007"}
    with zipfile.ZipFile(path) as parts:
        sheets = [parts.read(name).decode() for name in parts.namelist() if "sheets/sheet" in name]
    assert len(sheets) == 3
    assert not [text for text in sheets if "<f>" in text or "<hyperlink" in text]


def test_the_sheets_hold_steps_strata_and_exclusions(tmp_path):
    path = written(tmp_path).workbook
    steps = sheet(path, "Steps")
    assert steps[0][:2] == ["client", "=Acme"]
    assert steps[1][:2] == ["invitations go out on", "2026-11-02"]
    assert steps[2][:2] == ["seed", 7]
    assert ["eligible", 60, "people"] in [row[:3] for row in steps]
    assert ["=Key", 60, 15, 0.25] in [row[:4] for row in steps]
    assert sheet(path, "Exclusions")[1][:3] == ["=9", "007", "opted out"]


def test_the_same_plan_gives_the_same_bytes(tmp_path):
    first, again = written(tmp_path / "a"), written(tmp_path / "b")
    assert first.csv.read_bytes() == again.csv.read_bytes()
    assert first.workbook.read_bytes() == again.workbook.read_bytes()
    assert not list(tmp_path.rglob("*.part"))


def test_a_plan_with_no_exclusions_can_be_written(tmp_path):
    empty = Plan(excluded=Plan().excluded.iloc[:0])
    assert len(sheet(written(tmp_path, empty).workbook, "Exclusions")) == 1


def test_numbers_and_other_texts_are_left_as_they_are():
    for value in (-1, 2.5, None, "A-1", "a=b", ""):
        assert spreadsheet_text(value) == value


def test_a_list_longer_than_a_sheet_is_refused_before_anything_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr(invitations, "ROWS", 10)
    with pytest.raises(HandbookError, match="15 rows do not fit on a sheet of 10"):
        written(tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.fixture
def sample(forked_in, project, tmp_path):
    def call(*words):
        return forked_in(project, "sample", "northfield", "--output", tmp_path, *words)

    return call


def ids(folder: Path) -> list[str]:
    with (folder / "invitations.csv").open(encoding="utf-8", newline="") as file:
        return [row["contact_id"] for row in csv.DictReader(file)]


@pytest.mark.clients
def test_the_command_invites_exactly_so_many_and_says_what_to_expect(sample, tmp_path):
    done = sample("--size", "400", "--allocation", "neyman", "--seed", "3")
    assert (done.returncode, done.stderr) == (0, "")
    assert (
        "northfield: 400 people to invite on 2026-11-12, of 2,369 who may be asked" in done.stdout
    )
    assert "invitations.xlsx" in done.stdout
    first = ids(tmp_path)
    assert len(set(first)) == 400
    assert sample("--size", "400", "--allocation", "neyman", "--seed", "3").returncode == 0
    assert ids(tmp_path) == first


def test_the_command_reaches_a_margin(sample, tmp_path):
    done = sample("--margin", "5")
    assert done.returncode == 0
    assert "a margin of 5.0 points for a share of 50%" in done.stdout
    rows = [row[:2] for row in sheet(tmp_path / "invitations.xlsx", "Steps")]
    assert ["margin asked for", 0.05] in rows
    assert ["invited", len(ids(tmp_path))] in rows


WRONG = {
    "--size 400 --margin 3": "give --margin or --size, not both",
    "--size 9999": "9,999 invitations are wanted and 2,369 people can be asked",
    "--size 100 --strata teir": "'teir' is none of: a column of accounts. Did you mean tier?",
    "--size 100 --on 31.12.2026": "'31.12.2026' is not a day. Write it as 2026-11-02.",
    "--margin 3 --on 2026-06-30": "a margin of 3 points cannot be reached: 826 people",
    "--size 100 --allocation best": "'best' is not one of proportional, neyman",
    "--size 100 --selection best": "'best' is not one of accounts, random",
    "--margin 300": "'300.0' is not above 0 and below 100",
}


@pytest.fixture
def in_process(monkeypatch, capfd, project, tmp_path):
    """The command without a process of its own: exit code, and what it said on stderr."""

    def call(*words, client="northfield"):
        asked = ["handbook", "sample", client, "--output", str(tmp_path / "list"), *words]
        monkeypatch.setattr(sys, "argv", asked)
        monkeypatch.setattr(scratch, "scratch", nullcontext)  # it lasts as long as the process
        monkeypatch.chdir(project)
        with pytest.raises(SystemExit) as left:
            cli.main()
        return left.value.code, " ".join(capfd.readouterr().err.split())

    return call


@pytest.mark.parametrize("words", WRONG)
def test_the_command_refuses_with_advice_and_writes_nothing(words, in_process, tmp_path):
    code, said = in_process(*words.split())
    assert code == 2
    assert WRONG[words] in said
    assert "Traceback" not in said
    assert not (tmp_path / "list").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--take-all 500", "--take-all, column next_wave.take_all: '500.0' is not from 0 to 100"),
        ("--allocation nyman", "Did you mean neyman?"),
        ("--strata regoin", "Did you mean region?"),
        ("--on 2026-13-01", "is not a day. Write it as 2026-11-02"),
        ("--size -5 --on 1.2.2026", "2 fault(s)"),
    ],
)
def test_options_are_checked_as_those_of_a_run_are(in_process, tmp_path, words, said):
    code, printed = in_process(*words.split())
    assert (code, said in " ".join(printed.split())) == (2, True)
    assert not (tmp_path / "list").exists()


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("next_wave: {take_all: 500}", "client.yml, column next_wave.take_all: '500'"),
        ("next_wave: {margn: 3}", "Did you mean 'margin'?"),
        ("next_wave: {strata: [regoin]}", "Did you mean region?"),
        ("drivers: {replicates: many}", "client.yml, column drivers.replicates: 'many'"),
    ],
)
def test_declared_parameters_are_checked_before_a_list_is_drawn(
    in_process, project, tmp_path, keys, said
):
    folder = thinned(project, tmp_path / "declared", "accounts", "contacts", "responses", every=9)
    with (folder / "client.yml").open("a", encoding="utf-8") as file:
        file.write(f"parameters: {{{keys}}}\n")
    code, printed = in_process("--size", "5", client=str(folder))
    assert (code, said in printed) == (2, True)
    assert not (tmp_path / "list").exists()


def test_a_client_without_contacts_is_told_what_to_send(forked_in, project, tmp_path):
    done = forked_in(project, "sample", "mobile", "--output", tmp_path)
    assert done.returncode == 2
    assert "sent no contacts. Send contacts.csv" in done.stderr


def test_the_list_goes_beside_the_reports_unless_told(forked_in, project, tmp_path):
    shutil.copy(project / "_toc.yml", tmp_path)
    shutil.copytree(project / "notebooks", tmp_path / "notebooks")
    shutil.copytree(project / "data" / "northfield", tmp_path / "data" / "northfield")
    done = forked_in(tmp_path, "sample", "northfield", "--size", "50")
    assert done.returncode == 0
    assert len(ids(tmp_path / "build" / "samples" / "northfield")) == 50


@pytest.mark.clients
def test_hostile_names_make_a_list_that_runs_nothing(forked_in, project, tmp_path):
    folder = tmp_path / "hostile"
    shutil.copytree(project / "data" / "northfield", folder)
    for told in ("actions", "action_effects"):  # they name regions as they were
        (folder / f"{told}.csv").unlink()
    accounts = folder / "accounts.csv"
    text = accounts.read_text(encoding="utf-8")
    text = text.replace("Europe", "\"=1+1|' /C calc'!A0\"").replace(
        "Asia Pacific", "<script>x</script>"
    )
    accounts.write_text(text, encoding="utf-8")
    made = tmp_path / "made"
    done = forked_in(
        project, "sample", folder, "--size", "200", "--strata", "region", "--output", made
    )
    assert done.returncode == 0, done.stderr
    with (made / "invitations.csv").open(encoding="utf-8", newline="") as file:
        strata = {row["stratum"] for row in csv.DictReader(file)}
    assert "'=1+1|' /C calc'!A0" in strata
    assert not [text for text in strata if text.startswith(spreadsheets.RUNS)]
    shown = {row[2] for row in sheet(made / "invitations.xlsx", "Invitations")}
    assert {"=1+1|' /C calc'!A0", "<script>x</script>"} <= shown
