"""Drafts of surveys as other tools export them: columns, codes and words of each tool."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest
import xlsxwriter

from helpers.study.drafting import Draft, draft_codebook

ROWS = 180
ENOUGH = 0.9
RNG = np.random.default_rng(3)
MOOD = RNG.normal(size=ROWS)
DAYS = pd.date_range("2026-05-01 09:00", periods=ROWS, freq="3h")
NPS = "How likely are you to recommend Acme to a friend or colleague?"
SATISFIED = ["Very dissatisfied", "Dissatisfied", "Neutral", "Satisfied", "Very satisfied"]
AGREED = ["Strongly disagree", "Disagree", "Neutral", "Agree", "Strongly agree"]
GRADES = {1.0: "sehr gut", 2.0: "gut", 3.0: "befriedigend", 4.0: "ausreichend",
          5.0: "mangelhaft", 6.0: "ungenügend", 9.0: "keine Angabe"}  # fmt: skip
SAID = ["Delivery is late too often", "Nothing, all went well", "The hotline takes very long"]
REMARKS = [f"{SAID[i % 3]} ({i})" if i % 4 else "" for i in range(ROWS)]
Truth = Mapping[str, tuple[str, ...]]  # by column: role, lowest, highest, reverse, missing codes
CELLS = ("role", "scale_min", "scale_max", "reverse", "missing_codes")


def rated(low: int, high: int, sign: int = 1) -> np.ndarray:
    raw = (low + high) / 2 + (high - low) / 4 * sign * (MOOD + RNG.normal(scale=0.8, size=ROWS))
    return np.clip(np.rint(raw), low, high).astype(int)


def worded(steps: list[str]) -> list[str]:
    return [steps[code - 1] for code in rated(1, 5)]


def chosen(*groups: str) -> np.ndarray:
    return RNG.choice(groups, ROWS)


def written(form: str) -> list[str]:
    return [f"{day:{form}}" for day in DAYS]


def csv_of(frame: dict[str, object]) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        pd.DataFrame(frame).to_csv(folder / "export.csv", index=False)
        return folder / "export.csv"

    return write


def spss_of(
    frame: dict[str, object],
    texts: dict[str, str],
    labels: dict[str, dict[float, str]],
    missing: tuple[str, float],
) -> Callable[[Path], Path]:
    """With some answers of one column that are none."""

    def write(folder: Path) -> Path:
        table = pd.DataFrame(frame)
        table.loc[::11, missing[0]] = missing[1]
        floats = {n: float for n in table if pd.api.types.is_numeric_dtype(table[n])}
        path = folder / "export.sav"
        pyreadstat.write_sav(
            table.astype(floats), str(path), column_labels=texts, variable_value_labels=labels
        )
        return path

    return write


def monkey(folder: Path) -> Path:
    """A workbook with a header of two rows."""
    top = ["Respondent ID", "Collector ID", "Start Date", "End Date", "IP Address",
           "Email Address", NPS, "How satisfied are you with:", "", "",
           "Overall, how satisfied are you with us?", "Which do you use?", "",
           "What should we improve?"]  # fmt: skip
    below = ["", "", "", "", "", "", "Response", "Delivery", "Quality", "Support", "Response",
             "Shop", "Hotline", "Open-Ended Response"]  # fmt: skip
    when = written("%m/%d/%Y %I:%M:%S %p")
    marks = [rated(0, 10), *(worded(SATISFIED) for _ in range(4))]
    with xlsxwriter.Workbook(str(folder / "export.xlsx")) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, top)
        sheet.write_row(1, 0, below)
        for i in range(ROWS):
            nps, *rest = (column[i] for column in marks)
            ticked = ["Shop" if i % 2 else None, "Hotline" if i % 3 else None, REMARKS[i] or None]
            row = [118_000_000 + i, 5, when[i], when[i], "192.0.2.1", "", int(nps), *rest, *ticked]
            sheet.write_row(i + 2, 0, row)
    return folder / "export.xlsx"


FIVE, TEN, SEVEN = ("1", "5"), ("0", "10"), ("1", "7")
EACH = ("Delivery", "Quality", "Support")
CODES = "SAT[SQ00{}]. How satisfied are you with: [{}]"
OF_EACH = "{}:How satisfied are you with each of the following?"
LAYOUTS: dict[str, tuple[Callable[[Path], Path], Truth]] = {
    "Typeform": (
        csv_of({
            "#": [f"{i:032x}" for i in range(ROWS)], NPS: rated(0, 10),
            "Overall, how satisfied are you with Acme?": rated(1, 5),
            "How would you rate our *delivery*?": rated(1, 5),
            "How would you rate our *support*?": rated(1, 5),
            "How easy was it to get your issue solved?": rated(1, 7),
            "What could we do better?": REMARKS, "Response Type": "completed",
            "Start Date (UTC)": written("%Y-%m-%d %H:%M:%S"), "Stage Date (UTC)": "",
            "Submit Date (UTC)": written("%Y-%m-%d %H:%M:%S"), "Tags": "",
        }),
        {NPS: ("recommend", *TEN), "Overall, how satisfied are you with Acme?":
         ("satisfaction", *FIVE), "How would you rate our *delivery*?": ("driver", *FIVE),
         "How would you rate our *support*?": ("driver", *FIVE),
         "How easy was it to get your issue solved?": ("effort", *SEVEN),
         "What could we do better?": ("comment",)},
    ),
    "Google Forms": (
        csv_of({
            "Timestamp": written("%m/%d/%Y %H:%M:%S"),
            "Email Address": [f"p{i}@example.com" for i in range(ROWS)], NPS: rated(0, 10),
            **{f"Please rate the following [{name}]": worded(SATISFIED) for name in EACH},
            "I will buy from Acme again": worded(AGREED), "I trust Acme": worded(AGREED),
            "Which services do you use? (Select all that apply)":
            chosen("Shop, Hotline", "Shop", "Hotline, App"),
            "Your region": chosen("North", "South", "East"), "Anything else?": REMARKS,
        }),
        {NPS: ("recommend", *TEN), "I trust Acme": ("attitude", *FIVE),
         **{f"Please rate the following [{name}]": ("driver", *FIVE) for name in EACH},
         "I will buy from Acme again": ("behaviour", *FIVE), "Your region": ("segment",),
         "Which services do you use? (Select all that apply)": ("unused",),
         "Anything else?": ("comment",)},
    ),
    "LimeSurvey": (
        csv_of({
            "id. Response ID": range(1, ROWS + 1),
            "submitdate. Date submitted": written("%Y-%m-%d %H:%M:%S"),
            "lastpage. Last page": 4, "startlanguage. Start language": "en", f"NPS. {NPS}":
            rated(0, 10), **{CODES.format(n, name): [f"A{code}" for code in rated(1, 5)]
                             for n, name in enumerate(EACH)},
            "USE[SQ001]. Which do you use? [Shop]": chosen("Y", ""),
            "USE[SQ002]. Which do you use? [App]": chosen("Y", ""),
            "REG. In which region are you?": chosen("North", "South", "-oth-"),
            "OPEN. What should we do better?": REMARKS,
        }),
        {f"NPS. {NPS}": ("recommend", *TEN), "REG. In which region are you?": ("segment",),
         **{CODES.format(n, name): ("driver", *FIVE) for n, name in enumerate(EACH)},
         "USE[SQ001]. Which do you use? [Shop]": ("unused",),
         "OPEN. What should we do better?": ("comment",)},
    ),
    "Alchemer": (
        csv_of({
            "Response ID": range(1, ROWS + 1), "Time Started": written("%b %d, %Y %I:%M:%S %p"),
            "Date Submitted": written("%b %d, %Y %I:%M:%S %p"), "Status": "Complete",
            "Language": "English", "User Agent": "Mozilla", "IP Address": "192.0.2.1",
            "City": "Zurich", NPS: rated(0, 10),
            **{OF_EACH.format(name): worded(SATISFIED) for name in EACH},
            "Shop:Which of these do you use?": chosen("Shop", ""),
            "Hotline:Which of these do you use?": chosen("Hotline", ""),
            "What is the primary reason for your score?": REMARKS,
        }),
        {NPS: ("recommend", *TEN), "City": ("unused",), "Status": ("unused",),
         **{OF_EACH.format(name): ("driver", *FIVE) for name in EACH},
         "Shop:Which of these do you use?": ("unused",),
         "What is the primary reason for your score?": ("comment",)},
    ),
    "Forsta": (
        spss_of(
            {"responseid": range(ROWS), "interview_end": written("%Y-%m-%d %H:%M:%S"),
             "q1": rated(1, 11), "q2_1": rated(1, 5), "q2_2": rated(1, 5), "q2_3": rated(1, 5),
             "q3": rated(1, 5), "q4": REMARKS, "q5": RNG.integers(1, 4, ROWS)},
            {"q1": NPS, "q3": "Overall satisfaction with Acme", "q4": "Why?", "q5": "Country",
             **{f"q2_{n}": f"Satisfaction with: {name}" for n, name in enumerate(EACH, 1)}},
            {"q1": {float(n): str(n - 1) for n in range(1, 12)},
             **{n: {**dict(enumerate(SATISFIED, 1)), 6.0: "Don't know"}
                for n in ("q2_1", "q2_2", "q2_3", "q3")},
             "q5": {1.0: "UK", 2.0: "DE", 3.0: "FR"}},
            ("q2_2", 6),
        ),
        {"q1": ("recommend",), "q2_1": ("driver", *FIVE), "q2_2": ("driver", *FIVE, "", "6"),
         "q2_3": ("driver", *FIVE), "q3": ("satisfaction", *FIVE), "q4": ("comment",),
         "q5": ("segment",)},
    ),
    "SurveyMonkey": (
        monkey,
        {NPS: ("recommend", *TEN), "Which do you use? - Shop": ("unused",),
         **{f"How satisfied are you with: - {name}": ("driver", *FIVE) for name in EACH},
         "Overall, how satisfied are you with us?": ("satisfaction", *FIVE),
         "What should we improve?": ("comment",)},
    ),
    "Medallia": (
        csv_of({
            "survey_id": range(9000, 9000 + ROWS), "responsedate": written("%Y-%m-%d"),
            "q_nps_likelihood_to_recommend_scale11": rated(0, 10),
            "q_osat_overall_satisfaction_scale10": rated(1, 10),
            "q_delivery_sat_scale10": rated(1, 10), "q_quality_sat_scale10": rated(1, 10),
            "q_ces_ease_scale7": rated(1, 7), "q_reason_for_score_cmt": REMARKS,
            "a_account_segment": chosen("Gold", "Silver"),
        }),
        {"q_nps_likelihood_to_recommend_scale11": ("recommend", *TEN),
         "q_osat_overall_satisfaction_scale10": ("satisfaction", "1", "10"),
         "q_delivery_sat_scale10": ("driver", "1", "10"), "q_quality_sat_scale10":
         ("driver", "1", "10"), "q_ces_ease_scale7": ("effort", *SEVEN),
         "q_reason_for_score_cmt": ("comment",), "a_account_segment": ("segment",)},
    ),
    "German grades": (
        spss_of(
            {"lfdn": range(ROWS), "datum": written("%Y-%m-%d"), "F1": rated(0, 10),
             "F2": rated(1, 6, -1), "F3_1": rated(1, 6, -1), "F3_2": rated(1, 6, -1),
             "F3_3": rated(1, 6, -1), "F4": rated(1, 5, -1), "F5": REMARKS,
             "F6": RNG.integers(1, 4, ROWS)},
            {"F1": "Wie wahrscheinlich ist es, dass Sie uns weiterempfehlen?",
             "F2": "Wie zufrieden sind Sie insgesamt?", "F3_1": "Wie bewerten Sie - Lieferung",
             "F3_2": "Wie bewerten Sie - Qualität", "F3_3": "Wie bewerten Sie - Service",
             "F4": "Wir werden auch künftig bei Acme kaufen",
             "F5": "Was sollen wir besser machen?", "F6": "Region"},
            {**dict.fromkeys(("F2", "F3_1", "F3_2", "F3_3"), GRADES),
             "F4": {1.0: "stimme voll zu", 3.0: "teils/teils", 5.0: "stimme gar nicht zu"},
             "F6": {1.0: "Nord", 2.0: "Süd", 3.0: "West"}},
            ("F3_2", 9),
        ),
        {"F1": ("recommend", *TEN), "F2": ("satisfaction", "1", "6", "yes"),
         **{f"F3_{n}": ("driver", "1", "6", "yes", "9") for n in (1, 2, 3)},
         "F4": ("behaviour", *FIVE, "yes"), "F5": ("comment",), "F6": ("segment",)},
    ),
    "agreement from 1 to 7": (
        csv_of({
            "Acme is a company I trust": rated(1, 7), "Acme keeps its promises": rated(1, 7),
            "Acme does not care about customers like me (R)": rated(1, 7, -1),
            "I feel proud to work with Acme": rated(1, 7),
            "I intend to keep buying from Acme": rated(1, 7),
            "I am looking for another supplier (R)": rated(1, 7, -1),
            "Acme's products are of high quality": rated(1, 7),
            "Acme delivers on time": rated(1, 7),
            "Tenure": chosen("<1 year", "1-3 years", ">3 years"), "Additional remarks": REMARKS,
        }),
        {"Acme is a company I trust": ("attitude", *SEVEN),
         "Acme keeps its promises": ("attitude", *SEVEN),
         "Acme does not care about customers like me (R)": ("attitude", *SEVEN, "yes"),
         "I feel proud to work with Acme": ("attitude", *SEVEN),
         "I intend to keep buying from Acme": ("behaviour", *SEVEN),
         "I am looking for another supplier (R)": ("behaviour", *SEVEN, "yes"),
         "Acme's products are of high quality": ("driver", *SEVEN),
         "Acme delivers on time": ("driver", *SEVEN), "Tenure": ("segment",),
         "Additional remarks": ("comment",)},
    ),
    "employees": (
        csv_of({
            "Employee ID": [f"E{i:05d}" for i in range(ROWS)],
            "Department": chosen("Sales", "R&D", "Operations"),
            "Overall, how satisfied are you with your job?": worded(SATISFIED),
            "I have the tools I need to do my job": worded(AGREED),
            "My manager listens to me": worded(AGREED), "My pay is fair": worded(AGREED),
            "I would recommend this company as a place to work": worded(AGREED),
            "I plan to be here in two years": worded(AGREED), "What should we change?": REMARKS,
        }),
        {"Department": ("segment",), "Overall, how satisfied are you with your job?":
         ("satisfaction", *FIVE), "I have the tools I need to do my job": ("driver", *FIVE),
         "My manager listens to me": ("driver", *FIVE), "My pay is fair": ("driver", *FIVE),
         "I would recommend this company as a place to work": ("recommend", *FIVE),
         "I plan to be here in two years": ("behaviour", *FIVE),
         "What should we change?": ("comment",)},
    ),
}  # fmt: skip


def compared(draft: Draft, truth: Truth) -> tuple[int, int, list[str]]:
    """Cells that are right, cells in all, and those that are wrong without a mark."""
    right, every, wrong = 0, 0, []
    for column, told in truth.items():
        row = draft.row(column)
        assert row is not None, column
        for name, value in zip(CELLS, told, strict=False):
            guess = row.cells[name]
            every += 1
            right += guess.value == value
            if guess.value != value and guess.sure and row.role.sure:
                wrong.append(f"{column}.{name} is {guess.value!r}, not {value!r}")
    return right, every, wrong


@pytest.mark.parametrize("tool", LAYOUTS)
def test_a_draft_of_another_tools_export_is_right_or_marked(tool: str, tmp_path: Path) -> None:
    write, truth = LAYOUTS[tool]
    right, every, wrong = compared(draft_codebook(write(tmp_path)), truth)
    assert wrong == []
    assert right >= ENOUGH * every


DATED = ["Typeform", "Google Forms", "LimeSurvey", "Alchemer", "Forsta", "Medallia", "SurveyMonkey"]


@pytest.mark.parametrize("tool", DATED)
def test_the_day_of_an_answer_is_found_under_the_name_that_a_tool_gives_it(
    tool: str, tmp_path: Path
) -> None:
    assert "completed_at" in draft_codebook(LAYOUTS[tool][0](tmp_path)).keys.columns


def test_codes_that_count_the_answers_are_a_scale_that_is_marked(tmp_path: Path) -> None:
    row = draft_codebook(LAYOUTS["LimeSurvey"][0](tmp_path)).row(CODES.format(0, "Delivery"))
    assert row is not None
    assert (str(row.scale.low), str(row.scale.high)) == ("1?", "5?")
    assert row.scale.values["5"] == ("A5",)
