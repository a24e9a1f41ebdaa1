"""150 questions in 12 columns of three banners: processor seconds, beside cell by cell.

Everybody has a weight, a stratum and an account, as after a wave of 2,700 respondents. Cell by
cell is the plain way: ``survey.proportion`` of each answer in each column and in all, a tenth of
the questions taken times ten, without letters, tests and what is withheld.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import pandas as pd

from helpers.methods import survey, toplines
from helpers.methods.survey import SurveyDesign

QUESTIONS, PEOPLE, ACCOUNTS, TAKEN = 150, 2_700, 700, 15
POLICY = SimpleNamespace(suppress=10, test=30)
BANNERS = {"tier": 3, "region": 5, "role": 4}


def world(rng: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame, SurveyDesign]:
    """Answers, the codebook, and the design."""
    account = rng.integers(0, ACCOUNTS, PEOPLE)
    groups = {name: np.array([f"{name} {n}" for n in range(size)])[rng.integers(0, size, PEOPLE)]
              for name, size in BANNERS.items()}  # fmt: skip
    said = np.clip(np.round(rng.normal(3.4, 1.2, (PEOPLE, QUESTIONS))), 1, 5)
    said[rng.random(said.shape) < 0.05] = np.nan
    names = [f"q{n}" for n in range(QUESTIONS)]
    answers = pd.DataFrame(said, columns=names).assign(**groups)
    codebook = pd.DataFrame({"variable": names, "text": names, "role": "driver", "label": names,
                             "scale_min": 1.0, "scale_max": 5.0})  # fmt: skip
    weights, strata = pd.Series(rng.uniform(0.5, 2, PEOPLE)), pd.Series(account % 4).astype(str)
    return answers, codebook, SurveyDesign(weights, strata=strata, clusters=pd.Series(account))


def spent(made: Callable[[], object]) -> float:
    """Processor seconds of a call."""
    began = time.process_time()
    made()
    return time.process_time() - began


def cell_by_cell(answers: pd.DataFrame, design: SurveyDesign) -> None:
    """Each answer of a few questions in all and in each column."""
    parts = [design, *(design.where(answers[name] == group)
                       for name in BANNERS for group in answers[name].unique())]  # fmt: skip
    for name in [f"q{n}" for n in range(TAKEN)]:
        given = answers[name].dropna()
        for part in parts:
            survey.mean(given, part)
            for code in range(1, 6):
                survey.proportion((given == code).astype(float), part)


def main() -> None:
    """Print seconds and their ratio."""
    answers, codebook, design = world(np.random.default_rng(20261130))

    def all_at_once() -> None:
        asked = toplines.questions(codebook, answers)
        made = toplines.banners(list(BANNERS), asked, answers)
        toplines.tabulate(asked, answers, design, made, policy=POLICY)

    ours, plain = spent(all_at_once), spent(lambda: cell_by_cell(answers, design))
    plain *= QUESTIONS / TAKEN
    print(f"{QUESTIONS} questions x 12 columns, with letters: {ours:.1f} s")
    print(f"cell by cell, without letters: {plain:.1f} s, {plain / ours:.1f} times as long")


if __name__ == "__main__":
    main()
