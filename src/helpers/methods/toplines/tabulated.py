"""Every question in every column: the rows of toplines and of banner tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.errors import NotEstimable
from helpers.methods.survey import SurveyDesign, disclosure
from helpers.methods.survey.calibration import Floats
from helpers.methods.survey.estimates import refuse_confidence
from helpers.methods.toplines.banners import Banner, banner, shown, shown_rows, shown_waves
from helpers.methods.toplines.independence import rao_scott
from helpers.methods.toplines.letters import letters, names, pairs
from helpers.methods.toplines.linearised import Flags, Means, Sample, kish
from helpers.methods.toplines.questions import Question

__all__ = ["OverWaves", "Toplines", "over_waves", "tabulate"]

SHARES = ("answer", "top", "bottom")
TOLD = ("value", "sample", "standard_error")
COUNTED = ("count", "weighted", "base", "effective_base")
ROWS = ("question", "row", "answer", *COUNTED[:2], *TOLD, *COUNTED[2:], "withheld")
CELLS = ("banner", "group", "letter", *ROWS, "letters", "tested")
TESTED = ["question", "banner", "statistic", "numerator", "denominator", "p", "base"]


class SmallestBase(Protocol):
    """Respondents needed before a column is shown, and tested."""

    suppress: int
    test: int


@dataclass(frozen=True, eq=False)
class OverWaves:
    """Answers of all waves, for a banner of waves: each wave by its own design."""

    answers: pd.DataFrame
    waves: Banner
    design: SurveyDesign
    people: pd.Series | None = None


def over_waves(
    answers: pd.DataFrame, design: SurveyDesign, order: Sequence[str]
) -> OverWaves | None:
    """Waves as a banner; ``None`` where there is one alone.

    ``answers`` are those of all waves, with ``wave`` and, where known, ``contact_id``.

    >>> over_waves(pd.DataFrame({"wave": ["1", "1"]}), SurveyDesign(), ["1"]) is None
    True
    """
    waves = banner("wave", answers["wave"], order=order)
    if waves is None:
        return None
    return OverWaves(answers, waves, design, answers.get("contact_id"))


@dataclass(frozen=True)
class Toplines:
    """Every question's answers, in all and in the columns of banners.

    ``table`` has a row for each row of each question: ``question``, ``row`` (answer, top, bottom,
    mean), ``answer``, ``count`` (people), ``weighted`` (their weights added up, of a mean those
    times answers), ``sample`` (each counted once), ``value`` (weighted) and its
    ``standard_error``, ``base``, ``effective_base`` and ``withheld``. Shares run from 0 to 1; a
    mean is on the scale of the answers. ``cells`` has the same for each column, with ``banner``,
    ``group``, the column's ``letter``, ``letters`` (of the columns of the banner that are clearly
    lower) and ``tested``. ``tests`` has a row for each
    question and banner: whether answers depend on the column (`rao_scott`).
    """

    table: pd.DataFrame
    cells: pd.DataFrame
    tests: pd.DataFrame
    questions: tuple[Question, ...]
    banners: tuple[Banner, ...]
    base: int
    confidence: float
    correction: str
    compared: int = 0  # pairs of columns that were tested, over all rows
    smallest: int = 0  # people who gave an answer, under whom their weights are not told

    def __post_init__(self) -> None:
        for rows in (self.table, self.cells):
            if not rows["withheld"].any():
                continue
            told = rows.columns.intersection([*TOLD, *COUNTED])
            if rows.loc[rows["withheld"], told].notna().any(axis=None):
                raise ValueError("a column that is withheld shows a number")

    @property
    def told_apart(self) -> int:
        """Pairs of columns that a letter tells apart, over all rows."""
        return sum(len(marks.split()) for marks in self.cells["letters"])

    @property
    def released(self) -> Toplines:
        """As they are handed on: rounded, and in columns without counts of single answers.

        Shares go on to a tenth of a per cent, in columns to whole ones, means to hundredths. The
        last digits of a share would tell a weight, and with it who answered; and in a small column
        how many gave an answer that is not shown. An answer of few people has no weighted share.
        Tests go on to five digits.
        """
        cells = _rounded(self.cells, 2).drop(columns=["count", "weighted", "sample"])
        table, few = _rounded(self.table, 3), self.table["count"].between(1, self.smallest - 1)
        weighted = {name: table[name].mask(few) for name in ("weighted", "value", "standard_error")}
        tests = self.tests.assign(**{n: _stable(self.tests[n]) for n in TESTED[2:6]})
        return replace(self, table=table.assign(**weighted), cells=cells, tests=tests)


def tabulate(
    asked: Sequence[Question],
    answers: pd.DataFrame,
    design: SurveyDesign | None,
    banners: Sequence[Banner] = (),
    *,
    policy: SmallestBase,
    over: OverWaves | None = None,
    correction: str = "holm",
    confidence: float = 0.95,
) -> Toplines:
    """Tabulate every question, in all and by banner.

    Parameters
    ----------
    asked
        As `questions` gives them.
    answers
        A row a respondent of this wave.
    design
        That of these respondents; everybody alike if not given.
    banners
        Of these respondents, what matters most first.
    policy
        Columns under ``suppress`` people, and what would give them away, are withheld; those
        under ``test`` have no letters.
    over
        Answers of all waves, where waves are a banner too.
    correction
        Of the p values of a row of a banner: ``none``, ``bonferroni`` or ``holm``.
    confidence
        A letter stands where the corrected p value is below one less this.

    Raises
    ------
    NotEstimable
        Where no question was answered.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from helpers.methods.toplines import banner, questions
    >>> codebook = pd.DataFrame({"variable": ["ease"], "text": ["How easy?"], "role": "driver",
    ...                          "label": ["Ease"], "scale_min": [1.0], "scale_max": [2.0]})
    >>> answers = pd.DataFrame({"ease": [2, 2, 2, 1] * 10, "site": ["x", "x", "y", "y"] * 10})
    >>> policy = SimpleNamespace(suppress=10, test=20)
    >>> found = tabulate(questions(codebook, answers), answers, None,
    ...                  [banner("site", answers["site"])], policy=policy)
    >>> found.cells[["group", "answer", "value", "letters"]].values.tolist()[:2]
    [['x', '2', 1.0, 'B'], ['x', '1', 0.0, '']]
    """
    refuse_confidence(confidence)
    if not asked:
        raise NotEstimable("no question of the codebook was answered")
    course = _Course.of(answers, design, banners, policy, over, correction, confidence)
    for question in asked:
        course.take(question)
    every = (*banners, *([over.waves] if over else []))
    tests = pd.DataFrame(course.tests, columns=pd.Index(TESTED))
    return Toplines(
        _joined(course.rows, ROWS), _joined(course.cells, CELLS), tests, tuple(asked), every,
        len(answers), confidence, correction, course.compared, policy.suppress,
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Part:
    """A question in some columns: its means, what each person adds, and who is in a column."""

    means: Means
    statistics: Floats
    inside: Flags
    sample: Sample

    @property
    def base(self) -> NDArray[np.intp]:
        """People in each column."""
        return np.asarray(self.inside.sum(axis=0))

    @property
    def accounts(self) -> NDArray[np.intp]:
        """Accounts in each column."""
        return self.sample.accounts(self.inside)

    def of(self, columns: slice) -> _Part:
        """Some of the columns."""
        return _Part(
            self.means.part(columns), self.statistics, self.inside[:, columns], self.sample
        )


@dataclass(eq=False)
class _Course:
    """What is collected question by question."""

    answers: pd.DataFrame
    sample: Sample
    banners: Sequence[Banner]
    policy: SmallestBase
    over: OverWaves | None
    waves: Sample | None
    correction: str
    confidence: float
    freedoms: dict[tuple[bytes, ...], float] = field(default_factory=dict)
    allowed: dict[bytes, list[Flags]] = field(default_factory=dict)
    rows: list[dict[str, np.ndarray]] = field(default_factory=list)
    cells: list[dict[str, np.ndarray]] = field(default_factory=list)
    tests: list[tuple[object, ...]] = field(default_factory=list)
    compared: int = 0

    @classmethod
    def of(
        cls, answers: pd.DataFrame, design: SurveyDesign | None, banners: Sequence[Banner],
        policy: SmallestBase, over: OverWaves | None, correction: str, confidence: float,
    ) -> _Course:  # fmt: skip
        sample = Sample.of(design or SurveyDesign(), answers.index)
        waves = None if over is None else Sample.of(over.design, over.answers.index)
        return cls(answers, sample, banners, policy, over, waves, correction, confidence)

    def take(self, question: Question) -> None:
        """The rows and cells of one question."""
        statistics, answered = question.statistics(self.answers)
        total = answered[:, None]
        inside = np.column_stack([total, *(one.inside & total for one in self.banners)])
        whole = _Part(self.sample.means(statistics, inside), statistics, inside, self.sample)
        enough = np.array([answered.sum() >= self.policy.suppress])
        rows = np.ones(len(question.rows), dtype=bool)
        self.rows.append(self._numbers(question, whole.of(slice(0, 1)), enough[:, None] & rows))
        rows = shown_rows(question, statistics, answered, self.policy.suppress)
        first, letter = 1, 0
        for one, may in zip(self.banners, self._allowed(answered), strict=True):
            here = slice(first, first + len(one.columns))
            if one.name != question.name:
                self._take_banner(question, one, letter, whole.of(here), may, rows)
            first, letter = here.stop, letter + len(one.columns)
        if self.over is not None and self.waves is not None:
            self._take_waves(question, self.over, self.waves, letter)

    def _allowed(self, answered: Flags) -> list[Flags]:
        key = answered.tobytes()
        if key not in self.allowed:
            self.allowed[key] = shown(self.banners, answered, self.policy.suppress)
        return self.allowed[key]

    def _take_waves(self, question: Question, over: OverWaves, sample: Sample, letter: int) -> None:
        statistics, answered = question.statistics(over.answers)
        inside = over.waves.inside & answered[:, None]
        may = shown_waves(over.waves, answered, statistics, over.people, self.policy.suppress)
        part = _Part(sample.means(statistics, inside), statistics, inside, sample)
        every = np.ones(len(question.rows), dtype=bool)
        self._take_banner(question, over.waves, letter, part, may, every)

    def _take_banner(
        self, question: Question, one: Banner, letter: int, part: _Part, may: Flags, rows: Flags
    ) -> None:
        may = may & (part.base > 0)
        able = may & (part.base >= self.policy.test) & (part.accounts > 1)
        able &= np.array([name != disclosure.UNKNOWN for name in one.columns])
        called = names(letter + len(one.columns))[letter:]
        shares = np.array([row.kind in SHARES for row in question.rows])
        tested = pairs(
            part.means, part.sample, able=able, shares=shares, rows=rows,
            known=self.freedoms,
        )  # fmt: skip
        self.compared += int(np.isfinite(tested.p).sum())
        marks = letters(tested, called, correction=self.correction, confidence=self.confidence)
        count, width = len(one.columns), len(question.rows)
        self.cells.append({
            "banner": np.full(count * width, one.name, dtype=object),
            "group": np.repeat(np.array(one.columns, dtype=object), width),
            "letter": np.repeat(np.array(called, dtype=object), width),
            **self._numbers(question, part, may[:, None] & rows),
            "letters": marks.ravel(),
            "tested": np.repeat(able, width),
        })  # fmt: skip
        self._take_test(question, one, part, able)

    def _take_test(self, question: Question, one: Banner, part: _Part, able: Flags) -> None:
        listed = [place for place, row in enumerate(question.rows) if row.kind == "answer"]
        if question.kind == "several" or not listed:
            return
        try:
            found = rao_scott(part.statistics[:, listed], part.inside[:, able], part.sample)
        except NotEstimable:
            return
        self.tests.append((question.name, one.name, found.statistic, found.numerator,
                           found.denominator, found.p, found.base))  # fmt: skip

    def _numbers(self, question: Question, part: _Part, may: Flags) -> dict[str, np.ndarray]:
        """What is told of each row in each column, a column after the other.

        ``may`` says of what it may be told: ``(columns, rows)``.
        """
        base, sums = part.base, part.inside.T.astype(float) @ part.statistics
        spread = np.sqrt(part.means.variance(self._few(part.means, part.sample)))
        spread[part.accounts < 2] = np.nan
        each = {
            "count": np.where([row.kind in SHARES for row in question.rows], sums, np.nan),
            "sample": sums / np.maximum(base, 1)[:, None],
            "weighted": part.means.value * part.means.mass.sum(axis=0)[:, None],
            "value": part.means.value, "standard_error": spread,
            "base": np.broadcast_to(base[:, None], may.shape).astype(float),
            "effective_base": np.broadcast_to(kish(part.means.mass)[:, None], may.shape),
        }  # fmt: skip
        kept = {name: np.where(may, table, np.nan).ravel() for name, table in each.items()}
        rows = [(question.name, row.kind, row.name) for row in question.rows]
        said = zip(("question", "row", "answer"), zip(*rows, strict=True), strict=True)
        repeated = {name: np.tile(np.array(told, dtype=object), len(may)) for name, told in said}
        return {**repeated, **kept, "withheld": ~may.ravel()}

    def _few(self, means: Means, sample: Sample) -> Flags:
        """Columns of so few effective accounts that each is left out in turn."""
        found = []
        for column in means.mass.T:
            key = (column.tobytes(),)
            if key not in self.freedoms:
                size = column.sum()
                self.freedoms[key] = sample.effective(column) if size > 0 else np.inf
            found.append(sample.resolved.few(self.freedoms[key]))
        return np.array(found, dtype=bool)


def _joined(parts: Sequence[dict[str, np.ndarray]], columns: Sequence[str]) -> pd.DataFrame:
    none = [np.array([], dtype=object)]
    joined = {name: np.concatenate([part[name] for part in parts] or none) for name in columns}
    return pd.DataFrame(joined | {"withheld": joined["withheld"].astype(bool)})


def _stable(numbers: pd.Series) -> pd.Series:
    """Numbers to five digits: what a matrix is solved for has last digits of the processor's.

    >>> _stable(pd.Series([17.2474440001, 2.5e-9, None])).tolist()
    [17.247, 2.5e-09, nan]
    """
    return numbers.astype(float).map(lambda number: float(f"{number:.5g}"))


def _rounded(table: pd.DataFrame, places: int) -> pd.DataFrame:
    """Shares to so many places, their errors too, and means to two."""
    share = table["row"].isin(SHARES)
    rounded = {name: table[name].round(places).where(share, table[name].round(2)) for name in TOLD}
    weighted = table["weighted"].round().where(share)
    return table.assign(
        **rounded, weighted=weighted, effective_base=table["effective_base"].round()
    )
