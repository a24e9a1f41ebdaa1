"""The questions of a survey as tables have them: what can be answered, in which rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import pandas as pd

from helpers.methods.survey.calibration import Floats
from helpers.methods.survey.columns import column

__all__ = ["Question", "Row", "questions"]

MOST_ANSWERS = 11  # of a scale that is shown answer by answer; longer ones are numbers
PROMOTERS, DETRACTORS = 9.0, 6.0  # Reichheld (2003): of a recommendation on 0 to 10
WORDS, FREE, RECORDED = "segment", "comment", "metric"  # roles of the codebook
OTHERS = "other answers"
Codes = tuple[float, ...]


@dataclass(frozen=True)
class Row:
    """One row of a question's table: the share that gave an answer, or the mean.

    ``kind`` is ``answer``, ``top``, ``bottom`` or ``mean``; ``name`` what was answered, of boxes
    the answers in them.
    """

    kind: str
    name: str = ""
    codes: Codes = ()


@dataclass(frozen=True)
class Question:
    """What was asked, how it is answered, and the rows of its table.

    ``kind`` is ``scale``, ``yes or no``, ``several`` (of which more than one may be ticked),
    ``choice`` (in words) or ``number``.
    """

    name: str
    label: str
    text: str
    kind: str
    variables: tuple[str, ...]
    rows: tuple[Row, ...]

    def statistics(self, answers: pd.DataFrame) -> tuple[Floats, np.ndarray]:
        """What each person adds to each row, ``(people, rows)``, and who answered.

        >>> asked = Question("ease", "", "", "scale", ("ease",), (Row("top", "9, 10", (9, 10)),
        ...                                                       Row("mean")))
        >>> asked.statistics(pd.DataFrame({"ease": [10.0, 4.0, None]}))[0].tolist()
        [[1.0, 10.0], [0.0, 4.0], [0.0, 0.0]]
        """
        if self.kind == "several":
            ticked = answers[list(self.variables)].to_numpy(float, na_value=np.nan)
            return np.nan_to_num(ticked), ~np.isnan(ticked).all(axis=1)
        given = answers[self.variables[0]]
        if self.kind == "choice":
            return self._words(given), given.notna().to_numpy(bool)
        numbers = given.to_numpy(float, na_value=np.nan)
        answered = ~np.isnan(numbers)
        filled = np.where(answered, numbers, 0.0)
        parts = [filled if row.kind == "mean" else answered & np.isin(filled, row.codes)
                 for row in self.rows]  # fmt: skip
        return np.column_stack(parts).astype(float), answered

    def _words(self, given: pd.Series) -> Floats:
        named = [row.name for row in self.rows]
        said = given.astype(object).where(given.isin(named) | given.isna(), OTHERS)
        return np.column_stack([(said == name).to_numpy(bool) for name in named]).astype(float)


def questions(
    codebook: pd.DataFrame,
    answers: pd.DataFrame,
    *,
    boxes: int = 2,
    smallest: int = 0,
    apart: Sequence[str] = (),
) -> tuple[Question, ...]:
    """Every question that was answered, in the order of the codebook.

    Questions with the answers 0 and 1 that begin alike, up to a colon, are one of which several
    answers may be ticked. A recommendation on 0 to 10 has promoters (9 and 10) and detractors
    (0 to 6) as its boxes. Comments are no part of it.

    Parameters
    ----------
    codebook
        A row a question: ``variable``, ``text``, ``role``, ``label``, ``scale_min``,
        ``scale_max``.
    answers
        A row a respondent, a column a question.
    boxes
        Answers in the top and in the bottom box of a scale.
    smallest
        Fewest people that may have given an answer in words; rarer ones are joined.
    apart
        Columns in words that are no questions here: those that groups are made of.

    Examples
    --------
    >>> codebook = pd.DataFrame({"variable": ["ease"], "text": ["How easy?"], "role": "driver",
    ...                          "label": ["Ease"], "scale_min": [1.0], "scale_max": [5.0]})
    >>> found, = questions(codebook, pd.DataFrame({"ease": [5, 4, 1]}))
    >>> [row.name or row.kind for row in found.rows]
    ['5', '4', '3', '2', '1', '4, 5', '1, 2', 'mean']
    """
    if boxes < 1:
        raise ValueError(f"boxes is {boxes}; give the number of answers in a box, 1 or more")
    there = [row for row in codebook.to_dict("records") if _asked(row, answers, apart)]
    found: list[Question] = []
    for stem, several in groupby(there, key=_stem):
        members = list(several)
        if stem and len(members) > 1:
            found.append(_several(stem, members))
        else:
            found += [made for one in members if (made := _single(one, answers, boxes, smallest))]
    return tuple(found)


def _asked(row: Mapping[object, object], answers: pd.DataFrame, apart: Sequence[str]) -> bool:
    name = row["variable"]
    grouping = row["role"] == WORDS and name in apart
    asked = row["role"] != FREE and name in answers and not grouping
    return bool(asked and answers[name].notna().any())


def _stem(row: Mapping[object, object]) -> str:
    """What questions of one list begin with; empty where the question stands alone."""
    yes_or_no = (row["scale_min"], row["scale_max"]) == (0, 1)
    stem, colon, _ = str(row["text"] or "").partition(": ")
    return stem if yes_or_no and colon else ""


def _several(stem: str, members: Sequence[Mapping[object, object]]) -> Question:
    names = [str(one["text"]).removeprefix(f"{stem}: ") for one in members]
    variables = tuple(str(one["variable"]) for one in members)
    rows = tuple(Row("answer", name, (1.0,)) for name in names)
    label = str(members[0]["label"]).partition(": ")[0]
    return Question(variables[0], label, stem, "several", variables, rows)


def _single(
    row: Mapping[object, object], answers: pd.DataFrame, boxes: int, smallest: int
) -> Question | None:
    name = str(row["variable"])
    kind, rows = "choice", _in_words(answers[name], smallest)
    if row["role"] != WORDS:
        given = column(answers[name], name).dropna().to_numpy()
        kind, rows = _numbers(row, given, boxes)
    if not rows:
        return None
    label, text = str(row["label"] or name), str(row["text"] or "")
    return Question(name, label, text, kind, (name,), rows)


def _numbers(
    row: Mapping[object, object], given: Floats, boxes: int
) -> tuple[str, tuple[Row, ...]]:
    """Kind and rows of a question whose answers are numbers."""
    low, high = (float(str(row[end])) for end in ("scale_min", "scale_max"))
    longer = row["role"] == RECORDED or not high - low < MOST_ANSWERS
    if longer or not np.isin(given, np.arange(low, high + 1)).all():
        return "number", (Row("mean"),)
    codes = tuple(np.arange(high, low - 1, -1).tolist())
    listed = tuple(Row("answer", f"{code:g}", (code,)) for code in codes)
    if len(codes) == 2:
        return "yes or no", listed
    recommend = row["role"] == "recommend" and (low, high) == (0, 10)
    return "scale", (*listed, *_boxes(codes, boxes, recommend=recommend), Row("mean"))


def _boxes(codes: Codes, boxes: int, *, recommend: bool) -> Iterator[Row]:
    """The top and the bottom box; none where the two would meet."""
    if recommend:
        top, bottom = [c for c in codes if c >= PROMOTERS], [c for c in codes if c <= DETRACTORS]
    elif 2 * boxes < len(codes):
        top, bottom = list(codes[:boxes]), list(codes[-boxes:])
    else:
        return
    for kind, held in (("top", top), ("bottom", bottom)):
        yield Row(kind, ", ".join(f"{code:g}" for code in sorted(held)), tuple(held))


def _in_words(given: pd.Series, smallest: int) -> tuple[Row, ...]:
    """Answers in words, the most frequent first; those that few gave are one."""
    counts = given.value_counts()
    order = sorted(counts.index, key=lambda name: (-counts[name], str(name)))
    rare = [name for name in order if counts[name] < smallest]
    if rare and counts[rare].sum() < smallest and len(rare) < len(order):
        rare = order[-len(rare) - 1 :]  # else the rest would be known by subtraction
    kept = [str(name) for name in order if name not in rare]
    return tuple(Row("answer", name) for name in [*kept, *([OTHERS] if rare else [])])
