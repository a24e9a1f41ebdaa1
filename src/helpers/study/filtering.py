"""Questions whose blanks follow another answer: they were likely asked of some alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.study.asking import Asked
from helpers.study.codebook import Codebook
from helpers.study.findings import Findings
from helpers.study.intake import Typed
from helpers.study.listing import listed
from helpers.study.values import is_number

__all__ = ["Filter", "likely_filters", "warn_of_filters"]

SAMPLED = 20_000  # responses looked at, evenly spread over the file
MOST_ANSWERS = 12  # of a question that may decide who is asked another
HARDLY = 0.01  # of those with the other answers have an answer
MOSTLY = 0.5  # of those with these answers have one
FEWEST = 20  # rows with the other answers, before their blanks say anything
FEWEST_ASKED = 10
BLANK = 0.05  # of the answers, before it is asked where they follow from
THERE = 0.9  # of the rows, of questions that tell who went through to the end
HALF = 0.5
RUN = 3  # answers in a row that are told as a limit
SHOWN = 6


@dataclass(frozen=True)
class Filter:
    """A condition under which a question was likely asked, and the evidence for it."""

    variable: str
    condition: str  # as ``asked_if`` takes it
    answered: int  # of ``asked`` who meet it
    asked: int
    others: int  # of ``apart`` who do not
    apart: int

    @property
    def evidence(self) -> str:
        """The counts, for a reader."""
        return (
            f"answered by {self.answered:,} of {self.asked:,} with {self.condition}, and by "
            f"{self.others:,} of the {self.apart:,} others"
        )


def likely_filters(
    targets: pd.DataFrame, answers: pd.DataFrame, order: Sequence[str] = ()
) -> dict[str, Filter]:
    """For each question whose blanks follow another answer, the condition that tells them best.

    Parameters
    ----------
    targets
        Questions that may have been asked of some.
    answers
        Questions and facts that may decide it, a column each.
    order
        Columns as they stand in the file: of two that tell alike the first is taken.

    Examples
    --------
    >>> said = pd.DataFrame({"complained": ["1"] * 20 + ["0"] * 80})
    >>> handled = pd.DataFrame({"handled": [3.0] * 20 + [None] * 80})
    >>> likely_filters(handled, said)["handled"].condition
    'complained = 1'
    """
    step = _step(len(targets))
    targets, answers = targets.iloc[::step], answers.iloc[::step]
    there = targets.notna()
    there = there.loc[:, there.mean() < 1 - BLANK]
    if there.empty or not there.any(axis=None):
        return {}
    through = _went_through(targets, answers)
    found: dict[str, list[Filter]] = {}
    known = there.to_numpy()[through]
    for name in dict.fromkeys([*order, *map(str, answers)]):
        if name in answers:
            for target, one in _told_by(name, answers[name][through], known, [*map(str, there)]):
                found.setdefault(target, []).append(one)
    return {target: _best(several) for target, several in found.items()}


def _step(rows: int) -> int:
    """Every so many rows are looked at; one where a file was thinned already."""
    return max(1, rows // SAMPLED)


def _went_through(targets: pd.DataFrame, answers: pd.DataFrame) -> NDArray[np.bool_]:
    """Rows that hold at least half of what nearly all answered: no break-offs."""
    every = pd.concat([targets, answers.drop(columns=targets.columns, errors="ignore")], axis=1)
    there = every.notna()
    common = there.loc[:, there.mean() >= THERE]
    if not len(common.columns):
        return np.ones(len(every), dtype=bool)
    return (common.mean(axis=1) >= HALF).to_numpy()


def _told_by(
    name: str, answers: pd.Series, known: NDArray[np.bool_], targets: Sequence[str]
) -> Iterable[tuple[str, Filter]]:
    codes, distinct = pd.factorize(answers, use_na_sentinel=True)
    if not 0 < len(distinct) <= MOST_ANSWERS or len(answers) < FEWEST + FEWEST_ASKED:
        return
    codes = np.where(codes < 0, len(distinct), codes)
    sizes = np.bincount(codes, minlength=len(distinct) + 1)
    held = np.array([known[codes == code].sum(axis=0) for code in range(len(sizes))], dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        rates = held / sizes[:, None]
    some = sizes > 0
    parted = (rates[some].max(axis=0) >= MOSTLY) & (rates[some].min(axis=0) <= HARDLY)
    for place in np.flatnonzero(parted):
        target = targets[int(place)]
        if target == name:
            continue
        asked = (rates[:, place] >= MOSTLY) & some
        apart = (rates[:, place] <= HARDLY) & some
        if _divides(asked, apart, sizes, held[:, place]):
            counts = [int(held[asked, place].sum()), int(sizes[asked].sum()),
                      int(held[~asked, place].sum()), int(sizes[~asked].sum())]  # fmt: skip
            yield target, Filter(name, _condition(name, distinct, asked[:-1]), *counts)


def _divides(
    asked: NDArray[np.bool_],
    apart: NDArray[np.bool_],
    sizes: NDArray[np.intp],
    held: NDArray[np.float64],
) -> bool:
    """Whether answers part those who were asked from those who were not.

    A blank stands with those not asked only beside an answer that does, or where the question
    is a tick: one answer, or none.
    """
    tick = len(sizes) == 2
    if asked[-1] or not asked[:-1].any() or not (apart[:-1].any() or (tick and apart[-1])):
        return False
    rest = ~asked
    return bool(
        sizes[rest].sum() >= FEWEST
        and held[rest].sum() <= HARDLY * sizes[rest].sum()
        and sizes[asked].sum() >= FEWEST_ASKED
    )


def _condition(name: str, distinct: pd.Index, asked: NDArray[np.bool_]) -> str:
    """The shortest way to type it: one answer, a limit, or a list."""
    order = _ordered(distinct)
    flags = asked[order]
    texts = [f"{v:g}" if isinstance(v, float) else str(v) for v in np.asarray(distinct)[order]]
    chosen = [text for text, flag in zip(texts, flags, strict=True) if flag]
    numbers = all(isinstance(v, int | float | np.number) or is_number(str(v)) for v in distinct)
    if numbers and len(chosen) >= RUN and len(chosen) < len(texts):
        if flags[: len(chosen)].all():
            return f"{name} <= {chosen[-1]}"
        if flags[-len(chosen) :].all():
            return f"{name} >= {chosen[0]}"
    if len(texts) - len(chosen) == 1 and len(chosen) >= RUN:
        return f"{name} != {next(t for t, flag in zip(texts, flags, strict=True) if not flag)}"
    return f"{name} = {';'.join(chosen)}"


def _ordered(distinct: pd.Index) -> NDArray[np.intp]:
    texts = [str(value) for value in distinct]
    if all(map(is_number, texts)):
        return np.argsort([float(text) for text in texts])
    return np.argsort(texts)


def _best(several: Sequence[Filter]) -> Filter:
    """The condition that fewest answers contradict and most who meet it answered."""
    return max(several, key=lambda f: (f.answered / f.asked - f.others / f.apart, -f.asked))


def warn_of_filters(
    heard: Asked,
    responses: Typed,
    codebook: Codebook,
    findings: Findings,
    file: str = "codebook.csv",
) -> None:
    """Questions without ``asked_if`` whose blanks follow another answer, one line a condition."""
    joined = heard.answers.iloc[:: _step(len(heard.answers))]
    wanted = [q.variable for q in codebook.questions
              if q.numeric and not q.asked_if and q.variable in joined]  # fmt: skip
    order = [str(name) for name in responses.raw.frame if name in joined]
    deciding = [n for n in dict.fromkeys([*order, *map(str, joined)]) if not _is_key(n)]
    silent = {code for q in codebook.questions for code in q.missing_codes if not is_number(code)}
    said = joined[deciding]
    if silent:  # no answer there is none here
        said = said.mask(said.isin(silent))
    found = likely_filters(joined[wanted], said, deciding)
    for condition, several in _by_condition(found).items():
        names = [name for name, _ in several]
        first = several[0][1]
        problem = f"is empty for {listed(names, SHOWN)}, {first.evidence}"
        advice = (
            f"If only those were asked, write `{condition}` there, so that nothing is said of, "
            "or filled in for, people who were not asked."
        )
        question = codebook.get(names[0])
        row = None if question is None else question.row
        findings.warn(file, problem, advice, row=row, column="asked_if")


def _is_key(name: str) -> bool:
    """Columns that say when and of whom an answer is, not what was said."""
    return name.endswith(("_id", "_at")) or name in ("wave", "duration_s", "weight", "completes")


def _by_condition(found: Mapping[str, Filter]) -> dict[str, list[tuple[str, Filter]]]:
    grouped: dict[str, list[tuple[str, Filter]]] = {}
    for name, one in found.items():
        grouped.setdefault(one.condition, []).append((name, one))
    return grouped
