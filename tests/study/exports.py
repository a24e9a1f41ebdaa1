"""One small survey, written as the survey tools export it: the truth that drafts are held to."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import xlsxwriter

ROWS = 240
SATISFIED = {
    1: "Very dissatisfied", 2: "Dissatisfied", 3: "Neutral", 4: "Satisfied", 5: "Very satisfied",
}  # fmt: skip
AGREED = {
    1: "Strongly disagree", 2: "Disagree", 3: "Neither agree nor disagree", 4: "Agree",
    5: "Strongly agree",
}  # fmt: skip
EASY = {1: "Very difficult", 2: "Difficult", 3: "Neutral", 4: "Easy", 5: "Very easy"}
REGIONS = {1: "North", 2: "South", 3: "East"}
NOT_USED = {6: "Not applicable"}
TEXTS = {
    "Q1": "On a scale from 0 to 10, how likely are you to recommend Acme to a colleague?",
    "Q2": "Overall, how satisfied are you with Acme?",
    "Q3_1": "How satisfied are you with the following? - Delivery on time",
    "Q3_2": "How satisfied are you with the following? - Product quality",
    "Q3_3": "How satisfied are you with the following? - Technical support",
    "Q4": "How easy was it to solve your last problem with us?",
    "Q5_1": "How far do you agree? - We trust Acme to do what it says",
    "Q5_2": "How far do you agree? - Acme cares about our success",
    "Q6": "We will continue to buy from Acme",
    "Q7_1": "Which of these do you use? Select all that apply - Web shop",
    "Q7_2": "Which of these do you use? Select all that apply - Hotline",
    "Q8": "What should we do better?",
    "Q9": "In which region is your site?",
    "Q10": "What is your e-mail address?",
}
LABELS = {
    "Q2": SATISFIED, "Q3_1": SATISFIED | NOT_USED, "Q3_2": SATISFIED | NOT_USED,
    "Q3_3": SATISFIED | NOT_USED, "Q4": EASY, "Q5_1": AGREED, "Q5_2": AGREED, "Q6": AGREED,
    "Q9": REGIONS,
}  # fmt: skip
ROLES = {
    "Q1": "recommend", "Q2": "satisfaction", "Q3_1": "driver", "Q3_2": "driver",
    "Q3_3": "driver", "Q4": "effort", "Q5_1": "attitude", "Q5_2": "attitude",
    "Q6": "behaviour", "Q8": "comment", "Q9": "segment",
}  # fmt: skip
SCALES = {name: (1, 5) for name, role in ROLES.items() if role not in ("comment", "segment")}
SCALES["Q1"] = (0, 10)
REMARKS = (
    "Delivery is late too often, please tell us earlier", "Nothing, all went well this year",
    "The hotline takes very long to answer our calls", "Lower prices for spare parts, please",
)  # fmt: skip


def answers() -> pd.DataFrame:
    """The answers as codes, one row a respondent."""
    rng = np.random.default_rng(7)
    mood = rng.normal(size=ROWS)

    def rated(low: int, high: int) -> np.ndarray:
        raw = (low + high) / 2 + (high - low) / 4 * (mood + rng.normal(scale=0.8, size=ROWS))
        return np.clip(np.rint(raw), low, high).astype(int)

    frame = pd.DataFrame({name: rated(*ends) for name, ends in SCALES.items()})
    for name in ("Q3_1", "Q3_2", "Q3_3"):
        frame[name] = frame[name].mask(rng.random(ROWS) < 0.2, 6)
    for name in ("Q7_1", "Q7_2"):
        frame[name] = (rng.random(ROWS) < 0.5).astype(int)
    frame["Q8"] = [f"{REMARKS[i % len(REMARKS)]} ({i})" if i % 3 else None for i in range(ROWS)]
    frame["Q9"] = rng.integers(1, 4, ROWS)
    frame["Q10"] = [f"person{i}@example.com" for i in range(ROWS)]
    return frame[list(TEXTS)]


def worded(frame: pd.DataFrame) -> pd.DataFrame:
    """The answers in the words of their labels."""
    return frame.assign(**{name: frame[name].map(labels) for name, labels in LABELS.items()})


def ids(count: int = ROWS) -> list[str]:
    return [f"R_{i:015d}" for i in range(count)]


def ended(form: str = "%Y-%m-%d %H:%M:%S") -> list[str]:
    return [f"{day:{form}}" for day in pd.date_range("2026-05-01 09:00", periods=ROWS, freq="3h")]


def qualtrics(path: Path, frame: pd.DataFrame) -> Path:
    """Three header rows: names, questions, import ids."""
    meta = pd.DataFrame(
        {
            "StartDate": ended(), "EndDate": ended(), "Status": "IP Address",
            "IPAddress": "192.0.2.1", "Progress": 100, "Duration (in seconds)": 300,
            "Finished": "True", "RecordedDate": ended(), "ResponseId": ids(),
            "DistributionChannel": "anonymous", "UserLanguage": "EN",
        }
    )  # fmt: skip
    whole = pd.concat([meta, frame], axis=1)
    if "Q1" in whole:
        whole["Q1_NPS_GROUP"] = np.where(whole["Q1"] > 8, "Promoter", "Detractor")
    names = list(whole)
    heads = [
        names,
        [TEXTS.get(name, name) for name in names],
        [json.dumps({"ImportId": name}) for name in names],
    ]
    return _written(path, heads, whole)


def qualtrics_legacy(path: Path, frame: pd.DataFrame) -> Path:
    """Two header rows: names and questions."""
    meta = pd.DataFrame(
        {"ResponseID": ids(), "ResponseSet": "Default", "StartDate": ended(), "EndDate": ended(),
         "Finished": 1}
    )  # fmt: skip
    whole = pd.concat([meta, frame], axis=1)
    return _written(path, [list(whole), [TEXTS.get(name, name) for name in whole]], whole)


def surveymonkey(path: Path, frame: pd.DataFrame) -> Path:
    """Two header rows: questions with the first of their columns, and rows or "Response"."""
    above, below, last = ["Respondent ID", "End Date"], ["", ""], ""
    for text in TEXTS.values():
        question, _, part = text.partition(" - ")
        above.append("" if question == last else question)
        below.append(part or ("Open-Ended Response" if "?" in text[-1:] else "Response"))
        last = question
    meta = pd.DataFrame({"id": range(ROWS), "end": ended("%m/%d/%Y %I:%M:%S %p")})
    return _written(path, [above, below], pd.concat([meta, frame], axis=1))


def spss(path: Path, frame: pd.DataFrame) -> Path:
    """Codes with labels of questions and of values."""
    whole = frame.assign(respondent_id=ids(), wave="2026H1", completed_at=ended("%Y-%m-%d"))
    whole["Q8"] = whole["Q8"].fillna("")
    texts = [TEXTS.get(name, "") for name in whole]
    pyreadstat.write_sav(whole, str(path), column_labels=texts, variable_value_labels=LABELS)
    return path


def plain_csv(path: Path, frame: pd.DataFrame, delimiter: str = ",", code: str = "utf-8") -> Path:
    """One header row with the questions themselves."""
    whole = frame.rename(columns=TEXTS).assign(Timestamp=ended())
    whole.to_csv(path, index=False, sep=delimiter, encoding=code)
    return path


def workbook(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    """Sheets of a workbook, each its rows."""
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for i, row in enumerate(rows):
                for j, cell in enumerate(row):
                    if cell is not None and cell == cell:
                        sheet.write(i, j, cell)
    return path


def excel(path: Path, frame: pd.DataFrame) -> Path:
    """A title above the questions, and a sheet of notes."""
    whole = frame.rename(columns=TEXTS).assign(Timestamp=ended())
    body = whole.astype(object).where(whole.notna(), None).to_numpy().tolist()
    rows = [["Customer survey 2026"], [], list(whole), *body]
    return workbook(path, {"Notes": [["made by hand"]], "Answers": rows})


def _written(path: Path, heads: list[list[str]], frame: pd.DataFrame) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerows(heads)
        writer.writerows(frame.astype(object).where(frame.notna(), "").to_numpy().tolist())
    return path


Export = Callable[[Path], Path]
EXPORTS: dict[str, Export] = {
    "qualtrics in codes": lambda folder: qualtrics(folder / "export.csv", answers()),
    "qualtrics in words": lambda folder: qualtrics(folder / "export.csv", worded(answers())),
    "spss": lambda folder: spss(folder / "export.sav", answers()),
    "csv in words": lambda folder: plain_csv(folder / "export.csv", worded(answers())),
    "csv with semicolons": lambda folder: plain_csv(
        folder / "export.csv", worded(answers()), ";", "cp1252"
    ),
    "qualtrics with two header rows": lambda folder: qualtrics_legacy(
        folder / "export.csv", answers()
    ),
    "surveymonkey": lambda folder: surveymonkey(folder / "export.csv", worded(answers())),
    "excel": lambda folder: excel(folder / "export.xlsx", worded(answers())),
    "tab-separated": lambda folder: plain_csv(folder / "export.tsv", worded(answers()), "\t"),
}
