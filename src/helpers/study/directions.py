"""Questions whose answers run against those of the others: everywhere, or in single waves."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.study.codebook import SCALED, Codebook
from helpers.study.findings import Findings
from helpers.study.intake import Typed
from helpers.study.listing import listed
from helpers.study.scores import ratings
from helpers.study.turning import turned_answers

__all__ = ["ENOUGH", "check_directions"]

ENOUGH = 30  # answers, before a pattern in them is called odd
FEWEST = 3  # questions: of two nobody knows which one is odd
SAMPLED = 20_000  # responses looked at for this, evenly spread over the file
REVERSED = -0.2  # a correlation with the other items below this is suspicious
SHOWN = 3  # waves that a message names


def check_directions(responses: Typed, codebook: Codebook, findings: Findings) -> None:
    """Warn of questions that run against the others, with the waves where not all are alike."""
    step = max(1, len(responses.frame) // SAMPLED)
    sample = responses.frame.iloc[::step]
    looked_at = turned_answers(sample, codebook)
    parts = [ratings(looked_at, codebook, role) for role in SCALED if role != "effort"]
    answers = pd.concat(parts, axis=1)
    if len(answers.columns) < FEWEST:
        return
    pooled, file = _likenesses(answers), responses.raw.file
    by_wave = _by_wave(answers, sample)
    for name, likeness in pooled.items():
        here = by_wave[name].dropna() if name in by_wave else pd.Series(dtype=float)
        against = here[here < REVERSED]
        if len(against) and (here > -REVERSED).any():
            _warn_of_waves(file, str(name), against, findings)
        elif likeness < REVERSED:
            problem = f"runs against the other questions (correlation {likeness:.2f})"
            advice = "If its scale is reversed, write yes under reverse in codebook.csv."
            findings.warn(file, problem, advice, column=str(name))


def _warn_of_waves(file: str, name: str, against: pd.Series, findings: Findings) -> None:
    told = [f"{wave} ({likeness:.2f})" for wave, likeness in against.items()]
    problem = (
        f"runs against the other questions in {listed(told, SHOWN)}, and with them in other waves"
    )
    advice = (
        "If its scale was the other way round there, turn these answers in a query; `reverse` in "
        "codebook.csv would turn those of all waves."
    )
    findings.warn(file, problem, advice, column=name)


def _by_wave(answers: pd.DataFrame, sample: pd.DataFrame) -> pd.DataFrame:
    """A row a wave of enough answers; none where there are not several waves."""
    if "wave" not in sample or sample["wave"].nunique() < 2:
        return pd.DataFrame()
    waves = answers.groupby(sample["wave"], sort=True)
    return pd.DataFrame({wave: _likenesses(rows) for wave, rows in waves if len(rows) >= ENOUGH}).T


def _likenesses(answers: pd.DataFrame) -> pd.Series:
    """How each question goes with the mean of the others, where enough answered both."""
    numbers = _plain(answers)
    found = {}
    with np.errstate(divide="ignore", invalid="ignore"):  # where all said the same
        standard = (numbers - _plain(answers.mean())) / _plain(answers.std())
        given = ~np.isnan(standard)
        plain = np.where(given, standard, 0.0)
        others = plain.sum(axis=1)[:, None] - plain
        others /= given.sum(axis=1)[:, None] - given  # nothing by nothing where there are none
        both = given & ~np.isnan(others)
        for place in map(int, np.flatnonzero(both.sum(axis=0) >= ENOUGH)):
            rows = both[:, place]
            likeness = np.corrcoef(standard[rows, place], others[rows, place])[0, 1]
            found[answers.columns[place]] = float(likeness)
    return pd.Series(found, dtype=float)


def _plain(answers: pd.DataFrame | pd.Series) -> NDArray[np.float64]:
    return answers.to_numpy(dtype=float, na_value=np.nan)
