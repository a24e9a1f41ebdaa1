"""The alignment chapter on clients with little to tell: each page says why, in words."""

from __future__ import annotations

import random
from pathlib import Path

import cells
import pytest

DRAWN = random.Random(5)
CONFIG = "name: Acme\nas_of: 2026-06-30\nwave: W2\nprevious_wave: W1\n"
CODEBOOK = """variable,text,role,label,scale_min,scale_max,function,follow_up_owner,decision
satisfied,Satisfied?,satisfaction,Satisfaction,0,10,,,
speed,Speed?,driver,Speed,0,10,Service,Ann Lee,action plan
price,Price?,driver,Price,0,10,,,
"""
RESPONSES = "response_id,wave,satisfied,speed,price\n" + "".join(
    f"{wave}{k},{wave},{DRAWN.randint(4, 9)},{DRAWN.randint(4, 8)},{DRAWN.randint(3, 8)}\n"
    for wave in ("W1", "W2") for k in range(40)
)  # fmt: skip
PAID = """function,metric,pay_weight,direction,driver,owner
Service,calls_an_hour,0.5,up,speed,Ann Lee
Sales,orders,1.0,up,,Bo Day
"""
HEAD = "wave,function,belief,guess_speed\n"


def staff(wave: str, number: int, guess: int = 9) -> str:
    return "".join(f"{wave},Service,{DRAWN.randint(1, 5)},{guess}\n" for _ in range(number))


FILES = {"client.yml": CONFIG, "codebook.csv": CODEBOOK, "responses.csv": RESPONSES,
         "function_metrics.csv": PAID, "employee_survey.csv": HEAD + staff("W2", 12)}  # fmt: skip


def page(folder: Path, project: Path, **files: str | None) -> tuple[str, str]:
    """The answer of the chapter, and everything that its page says."""
    sent = {**FILES, **{f"{n}.csv": t for n, t in files.items()}}
    return cells.page("alignment", folder, project, sent)


CASES = {  # the files, how the answer begins, and what else the page says
    "no operations": (
        {}, "Staff overrate Speed by",
        "whether a metric in pay helps customers or works against them cannot be told",
    ),
    "no employees": (
        {"employee_survey": None}, "No conflict is shown between what functions are paid on",
        "**What staff guess, and what customers say** Not sent: a survey of employees",
    ),
    "no metrics": (
        {"function_metrics": None}, "Staff overrate Speed by",
        "**What functions are paid on, and what moves customers** Not sent: the metrics",
    ),
    "nothing": (
        {"function_metrics": None, "employee_survey": None},
        "What functions are paid on was not sent",
        "Not sent: the metrics that functions are paid on",
    ),
    "few employees": (
        {"employee_survey": HEAD + staff("W2", 4)}, "No conflict is shown",
        "fewer than 5 employees rated customer focus in W2",
    ),
    "employees of the wave before alone": (
        {"employee_survey": HEAD + staff("W1", 12)}, "No conflict is shown",
        "fewer than 5 employees rated customer focus in W2",
    ),
    "no guesses": (
        {"employee_survey": "wave,function,belief\n" + "W2,Service,3\n" * 9},
        "No conflict is shown", "no driver was guessed by 5 employees",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_client_with_little_to_tell_has_a_page_that_says_why(tmp_path, project, case):
    files, begins, says = CASES[case]
    answer, said = page(tmp_path / "acme", project, **files)
    assert answer.startswith(begins)
    assert len(answer.split()) <= 40
    assert says in said
