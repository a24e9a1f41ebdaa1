"""Answers that stand in the file twice under two ids, as where rows were pasted in again.

People may well give the same answers to a few questions. So a row counts as a copy only where
chance does not explain it: it holds the same words; or it stands in a block of rows that repeat
a block above row by row; or there are many such rows, and fewer that differ from them in one
question alone, of which honest answers that lie so close would leave many more.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.study.codebook import Codebook
from helpers.study.findings import Findings
from helpers.study.intake import Typed

__all__ = ["copied_answers", "copied_rows", "warn_of_copies"]

FEWEST_ANSWERS = 5  # in a row that can be told to be a copy
FEWEST_COPIES = 3  # before a warning
BLOCK = 5  # rows one below the other that repeat rows one below the other
TELLING = 3  # of them with more than one mark throughout
MANY, MANY_OF = 10, 0.01  # rows, and of all rows, before scattered ones count
LONG = 20  # letters of a comment that two people hardly write alike
MOST_COLUMNS = 40  # of which one may differ, for the comparison with chance
PRIME = np.uint64(0x9E3779B97F4A7C15)


def copied_rows(answers: pd.DataFrame, comments: pd.DataFrame | None = None) -> pd.Series:
    """For each row the position of the earlier row that it repeats, else -1.

    Parameters
    ----------
    answers
        A row for each response, a column for each question.
    comments
        Those of the columns that hold texts.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> said = pd.DataFrame(rng.integers(1, 11, (60, 8)))
    >>> again = pd.concat([said, said.head(5)], ignore_index=True)
    >>> copied_rows(again).tail(6).tolist()
    [-1, 0, 1, 2, 3, 4]
    """
    codes = _codes(answers)
    whole = _whole(codes)
    _, first, group, sizes = np.unique(
        whole, return_index=True, return_inverse=True, return_counts=True
    )
    earlier, others = first[group.ravel()], sizes[group.ravel()] - 1
    suspects = (others > 0) & ((codes >= 0).sum(axis=1) >= FEWEST_ANSWERS)
    sure = suspects & _wrote(comments, len(answers))
    flat = _flat(answers, comments)
    open_to = np.flatnonzero(suspects & ~sure & ~flat)
    enough = max(MANY, MANY_OF * len(answers))
    if len(open_to) >= enough:
        scattered = open_to[_one_apart(whole, codes, open_to) < others[open_to]]
        sure[scattered] = len(scattered) >= enough
    place = np.where(sure & (earlier != np.arange(len(answers))), earlier, -1)
    return pd.Series(_in_blocks(whole, suspects, flat, place), index=answers.index)


def _in_blocks(
    whole: NDArray[np.uint64],
    suspects: NDArray[np.bool_],
    flat: NDArray[np.bool_],
    place: NDArray[np.intp],
) -> NDArray[np.intp]:
    """The same with rows of a block that repeats a block above, row by row."""
    last_alike = _before(whole)
    there = np.flatnonzero((last_alike >= 0) & suspects)
    usual, counts = np.unique(there - last_alike[there], return_counts=True)
    before = _before(_together(whole))
    starts = np.flatnonzero(before >= 0)
    lags = starts - before[starts]
    often = np.isin(lags, usual[counts >= BLOCK])
    order = np.lexsort((starts[often], lags[often]))
    starts, lags = starts[often][order], lags[often][order]
    begins = np.append(True, (np.diff(lags) != 0) | (np.diff(starts) != 1))[: len(starts)]
    first, last = starts[begins], starts[np.append(begins[1:], True)[: len(starts)]] + BLOCK
    told = np.append(0, np.cumsum(~flat & suspects))
    telling = told[last] - told[first] >= TELLING
    for top, end, lag in zip(first[telling], last[telling], lags[begins][telling], strict=True):
        rows = np.arange(top, end)[place[top:end] < 0]
        place[rows] = rows - lag
    return place


def _together(whole: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """A number for each row with those below it, as many as make a block."""
    found = np.zeros(max(len(whole) - BLOCK + 1, 0), dtype=np.uint64)
    with np.errstate(over="ignore"):
        for step in range(BLOCK):
            found = found * PRIME + whole[step : step + len(found)]
    return found


def _before(numbers: NDArray[np.uint64]) -> NDArray[np.intp]:
    """The place of the last equal number above each, else -1."""
    order = np.argsort(numbers, kind="stable")
    before = np.full(len(numbers), -1)
    same = numbers[order[1:]] == numbers[order[:-1]]
    before[order[1:][same]] = order[:-1][same]
    return before


def _codes(answers: pd.DataFrame) -> NDArray[np.int32]:
    """Answers by number, -1 for none: a column each, in half the memory of the answers."""
    codes = np.empty(answers.shape, dtype=np.int32, order="F")
    for column, name in enumerate(answers):
        codes[:, column] = pd.factorize(answers[name])[0]
    return codes


def _whole(codes: NDArray[np.int32]) -> NDArray[np.uint64]:
    """The sum of a row's marks, which tells rows apart."""
    whole = np.zeros(len(codes), dtype=np.uint64)
    with np.errstate(over="ignore"):
        for column in range(codes.shape[1]):
            whole += _marks(codes, column)
    return whole


def _marks(codes: NDArray[np.int32], column: int) -> NDArray[np.uint64]:
    """A number for each answer to one question."""
    place = np.uint64(column + 1)
    with np.errstate(over="ignore"):
        mixed = (codes[:, column].astype(np.uint64) + np.uint64(2)) * PRIME + place * PRIME * PRIME
        mixed ^= mixed >> np.uint64(29)
        mixed *= PRIME
        mixed ^= mixed >> np.uint64(32)
        return np.asarray(mixed * PRIME)


def _wrote(comments: pd.DataFrame | None, rows: int) -> NDArray[np.bool_]:
    """Rows with a comment so long that two people hardly write it alike."""
    if comments is None or not len(comments.columns):
        return np.zeros(rows, dtype=bool)
    long = [comments[name].astype("str").str.len().where(comments[name].notna(), 0) >= LONG
            for name in comments]  # fmt: skip
    return np.asarray(np.any(long, axis=0))


def _flat(answers: pd.DataFrame, comments: pd.DataFrame | None) -> NDArray[np.bool_]:
    """Rows with one number throughout, which many may give."""
    texts = [] if comments is None else list(comments)
    numbers = answers.drop(columns=texts, errors="ignore").select_dtypes("number")
    if not len(numbers.columns):
        return np.zeros(len(answers), dtype=bool)
    return (numbers.max(axis=1) == numbers.min(axis=1)).to_numpy()


def _one_apart(
    whole: NDArray[np.uint64], codes: NDArray[np.int32], rows: NDArray[np.intp]
) -> NDArray[np.intp]:
    """How many rows differ from each of these in one question alone."""
    near = np.zeros(len(rows), dtype=np.intp)
    if not len(rows):
        return near
    step = max(1, codes.shape[1] // MOST_COLUMNS)
    alike = pd.Series(whole[rows]).map(pd.Series(whole).value_counts()).to_numpy()
    for column in range(0, codes.shape[1], step):
        rest = whole - _marks(codes, column)
        wanted = rest[rows]
        inside = rest[pd.Series(rest).isin(wanted).to_numpy()]
        near += pd.Series(wanted).map(pd.Series(inside).value_counts()).to_numpy() - alike
    return near * step


def copied_answers(responses: pd.DataFrame, codebook: Codebook) -> pd.Series:
    """Whether each response repeats an earlier one; missing where it has too few answers."""
    asked, texts = _questions(responses, codebook)
    if len(asked) < FEWEST_ANSWERS:
        return pd.Series(pd.NA, index=responses.index, dtype="boolean")
    found = (copied_rows(responses[asked], responses[texts]) >= 0).astype("boolean")
    return found.mask(responses[asked].notna().sum(axis=1) < FEWEST_ANSWERS)


def _questions(joined: pd.DataFrame, codebook: Codebook) -> tuple[list[str], list[str]]:
    """Questions that responses hold, and those among them that were answered in words."""
    asked = [q for q in codebook.questions if q.variable in joined]
    texts = [q.variable for q in asked if q.role == "comment"]
    return [q.variable for q in asked], texts


def warn_of_copies(responses: Typed, codebook: Codebook, findings: Findings) -> None:
    """Rows that repeat an earlier row of their wave under another id."""
    frame = responses.frame
    asked, texts = _questions(frame, codebook)
    if len(asked) < FEWEST_ANSWERS or len(frame) < FEWEST_COPIES:
        return
    beside = ["wave"] if "wave" in frame else []
    earlier = copied_rows(frame[[*beside, *asked]], frame[texts])
    places = np.flatnonzero(earlier.to_numpy() >= 0)
    if len(places) < FEWEST_COPIES:
        return
    first = int(places[0])
    file, row = responses.raw.where(first)
    _, as_row = responses.raw.where(int(earlier.iloc[first]))
    problem = (
        f"and {len(places) - 1:,} more rows repeat the answers of an earlier row, this one those "
        f"of row {as_row}"
    )
    advice = "If they were pasted in twice, take the later rows out: each counts as a respondent."
    findings.warn(file, problem, advice, row=row)
