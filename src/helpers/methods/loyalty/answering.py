"""How answers scatter round what people truly feel: an ordinal factor model of the two axes.

A person's true standing on an axis is a standard normal value. Each question is answered
in ordered steps: the standing times the question's loading, plus noise of its own, falls
between two thresholds (the normal-ogive graded response model: Samejima 1969). Thresholds
come from how often each answer was given, loadings from the covariances between the
questions of an axis, the correlation of the axes from those across them. Steps and the top of
the scale, where many answers lie, are thus allowed for, which a normal model of scores
does not do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import factorial

import numpy as np
import pandas as pd
from numpy.polynomial import hermite_e
from scipy.optimize import brentq, least_squares
from scipy.special import ndtr, ndtri

from helpers.errors import NotEstimable
from helpers.methods.loyalty.axes import LEAST
from helpers.methods.survey.calibration import Floats

__all__ = ["AnswerModel", "AxisModel", "answer_model"]

NODES = np.linspace(-4.5, 4.5, 91)
STEP = float(NODES[1] - NODES[0])
DENSITY = np.exp(-(NODES**2) / 2) / np.exp(-(NODES**2) / 2).sum()
MOST_ANSWERS = 101  # of a question; more are averages, not answers
TERMS = 12  # of the series for a covariance across axes
POLISHED = 2  # Gauss-Newton steps past where the sum of squares can tell one place from another
STEPS_FROM_NEAR = 2  # of a fit that begins near its solution, before it is polished
LARGEST = 0.98  # correlation and loading that the grid still resolves
SLACK = 1e-9  # a mean of answers may fall short of a cut-off by rounding


@dataclass(frozen=True, eq=False)
class AxisModel:
    """One axis: each question's possible answers, thresholds and loading."""

    answers: tuple[Floats, ...]  # of each question, 0-100, ascending
    thresholds: tuple[Floats, ...]
    loadings: Floats

    def chances(self, question: int) -> Floats:
        """Chance of each answer to a question at each true standing: nodes by answers."""
        return self._chances[question]

    @cached_property
    def _chances(self) -> list[Floats]:
        asked = zip(self.loadings, self.thresholds, strict=True)
        return [_chances(loading, cuts) for loading, cuts in asked]

    @property
    def true_scores(self) -> Floats:
        """The mean score that a person of each standing would give over many askings."""
        each = [self.chances(k) @ given for k, given in enumerate(self.answers)]
        return np.asarray(np.mean(each, axis=0))

    def truly_above(self, cut: float) -> Floats:
        """Part of each node whose true score is at or above a cut-off, 0 to 1."""
        scores = self.true_scores
        at = np.interp(cut, scores, NODES, left=-np.inf, right=np.inf)
        return np.clip((NODES + STEP / 2 - at) / STEP, 0, 1)

    def seen_above(self, cut: float, questions: Sequence[int] | None = None) -> Floats:
        """Chance at each standing that the score of one asking is at or above a cut-off.

        ``questions`` are those that were answered, by place; all where not given.
        """
        asked = range(len(self.answers)) if questions is None else questions
        support, mass = np.zeros(1), np.ones((1, len(NODES)))
        steps = _sums(tuple(tuple(self.answers[question].tolist()) for question in asked))
        for question, (support, places) in zip(asked, steps, strict=True):
            before, mass = mass, np.zeros((len(support), len(NODES)))
            for place, chance in zip(places, self.chances(question).T, strict=True):
                mass[place] += before * chance  # no two sums so far lead to one place
        return np.asarray(mass[support / len(asked) >= cut - 1e-6].sum(axis=0))

    def likelihood(self, answers: pd.DataFrame) -> Floats:
        """How likely each person's answers are at each standing: people by nodes."""
        found = np.ones((len(answers), len(NODES)))
        for question, given in enumerate(self.answers):
            column = answers.iloc[:, question].to_numpy(float)
            known = ~np.isnan(column)
            place = np.searchsorted(given, column[known] - SLACK).clip(max=len(given) - 1)
            found[known] *= self.chances(question).T[place]
        return found


@dataclass(frozen=True, eq=False)
class AnswerModel:
    """Both axes, and how true standings on them go together."""

    attitude: AxisModel
    behaviour: AxisModel
    correlation: float

    @property
    def prior(self) -> Floats:
        """Share of people at each pair of standings: attitude down, behaviour across."""
        return _together(self.correlation)


def answer_model(
    attitude: pd.DataFrame, behaviour: pd.DataFrame, *, start: AnswerModel | None = None
) -> AnswerModel:
    """Fit the model to the answers.

    Parameters
    ----------
    attitude, behaviour
        One column a question (0-100), one row a person; missing answers are left out
        pair by pair.
    start
        A fitted model near the solution, to begin from.

    Raises
    ------
    NotEstimable
        If an axis has one question, a question only one answer, answers are averages, or
        the questions of an axis do not go together.

    References
    ----------
    Samejima (1969), Psychometrika Monograph 17; Takane and de Leeuw (1987), Psychometrika 52.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> like = rng.normal(size=(2000, 1))
    >>> seen = lambda x: np.clip(np.rint(3 + x + 0.7 * rng.normal(size=(2000, 3))), 1, 5) * 25 - 25
    >>> model = answer_model(pd.DataFrame(seen(like)), pd.DataFrame(seen(like)))
    >>> model.attitude.loadings.round(1).tolist(), round(model.correlation, 2)
    ([0.8, 0.8, 0.8], 0.98)
    """
    first = _axis(attitude, "attitude", start.attitude.loadings if start else None)
    second = _axis(behaviour, "behaviour", start.behaviour.loadings if start else None)
    cross = _covariances(pd.concat([attitude, behaviour], axis=1).to_numpy(float))
    split = attitude.shape[1]
    return AnswerModel(first, second, _correlation(first, second, cross[:split, split:].mean()))


def _axis(answers: pd.DataFrame, name: str, start: Floats | None) -> AxisModel:
    if answers.shape[1] < 2:
        raise NotEstimable(
            f"{name} has {answers.shape[1]} question; one question alone cannot tell a true "
            "difference from chance: ask at least two"
        )
    given, thresholds = zip(*(_steps(answers[k], name) for k in answers), strict=True)
    observed = _covariances(answers.to_numpy(float))
    pairs = np.triu_indices(len(given), 1)
    if not observed[pairs].mean() > 0:
        raise NotEstimable(
            f"the questions of {name} do not rise and fall together; "
            "check reversed questions in codebook.csv"
        )
    alpha = len(given) / (len(given) - 1) * (1 - np.trace(observed) / observed.sum())
    if alpha < LEAST:
        raise NotEstimable(
            f"the questions of {name} hang together too little (reliability {alpha:.2f}, under "
            f"{LEAST}) to tell a true difference from chance; read its shares with care"
        )
    spread = np.sqrt(np.diag(observed))
    off = _Misfit.of(given, thresholds, spread, (observed / np.outer(spread, spread))[pairs])
    count = len(given) if len(given) > 2 else 1  # two questions: one loading for both
    begin = np.full(count, 0.7) if start is None else start[:count]
    found = least_squares(
        off, np.clip(begin, 0.1, 0.95), off.slopes, (0.02, LARGEST), xtol=1e-6,
        max_nfev=None if start is None else STEPS_FROM_NEAR,
    ).x  # fmt: skip
    return AxisModel(given, thresholds, np.array(_each(_polished(off, found), given)))


@dataclass(frozen=True, eq=False)
class _Misfit:
    """How far the correlations that loadings bring are off those that were seen."""

    cuts: Floats  # thresholds of all questions, a column
    question: np.ndarray  # of each
    gaps: Floats  # questions by thresholds: what passing one adds to the score
    spread: Floats
    target: Floats  # correlations seen, pair by pair

    @classmethod
    def of(
        cls, given: tuple[Floats, ...], thresholds: tuple[Floats, ...], spread: Floats,
        target: Floats,
    ) -> _Misfit:  # fmt: skip
        of = np.repeat(range(len(given)), [*map(len, thresholds)])
        gaps = np.equal.outer(range(len(given)), of) * np.concatenate([*map(np.diff, given)])
        return cls(np.concatenate(thresholds)[:, None], of, gaps, spread[:, None], target)

    def __call__(self, loadings: Floats) -> Floats:
        each = self._each(loadings)
        scores = self._centred(ndtr((each * NODES - self.cuts) / np.sqrt(1 - each**2)))
        return np.asarray(((scores * DENSITY) @ scores.T)[self._pairs] - self.target)

    def slopes(self, loadings: Floats) -> Floats:
        """Derivatives: pairs of questions by loadings."""
        each = self._each(loadings)
        rest = np.sqrt(1 - each**2)
        z = (each * NODES - self.cuts) / rest
        moved = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi) * (NODES - each * self.cuts) / rest**3
        product = (self._centred(moved) * DENSITY) @ self._centred(ndtr(z)).T
        (first, second), pair = self._pairs, np.arange(len(self.target))
        found = np.zeros((len(self.target), len(self.gaps)))
        found[pair, first], found[pair, second] = product[first, second], product[second, first]
        return found if len(loadings) > 1 else found.sum(axis=1, keepdims=True)

    def _each(self, loadings: Floats) -> Floats:
        return np.broadcast_to(loadings, (len(self.gaps),))[self.question][:, None]

    def _centred(self, passed: Floats) -> Floats:
        scores = self.gaps @ passed
        return np.asarray((scores - (scores @ DENSITY)[:, None]) / self.spread)

    @cached_property
    def _pairs(self) -> tuple[np.ndarray, ...]:
        return np.triu_indices(len(self.gaps), 1)


def _polished(off: _Misfit, loadings: Floats) -> Floats:
    """The end of a search, which hangs on rounding, brought on to where the slope is nothing."""
    for _ in range(POLISHED):
        change = np.linalg.lstsq(off.slopes(loadings), off(loadings), rcond=1e-10)[0]
        loadings = np.clip(loadings - change, 0.02, LARGEST)
    return loadings


def _each(loadings: Floats, given: tuple[Floats, ...]) -> Floats:
    return np.broadcast_to(loadings, (len(given),))


def _steps(answers: pd.Series, name: str) -> tuple[Floats, Floats]:
    """A question's answers in order, and the thresholds between them."""
    told = answers.to_numpy(float)
    told = told[~np.isnan(told)].round(6)
    given = np.sort(pd.unique(told))
    if len(given) < 2:
        raise NotEstimable(
            f"the question {answers.name!r} of {name} has {len(given)} answer that was given; "
            "it cannot tell people apart: leave it out of codebook.csv"
        )
    if len(given) > MOST_ANSWERS:
        raise NotEstimable(
            f"the question {answers.name!r} of {name} has {len(given)} different answers: they "
            "are averages, which say nothing of how one person's answers scatter"
        )
    counts = np.bincount(np.searchsorted(given, told))
    return given, ndtri(np.cumsum(counts)[:-1] / counts.sum())


@lru_cache(maxsize=256)
def _sums(given: tuple[tuple[float, ...], ...]) -> list[tuple[Floats, np.ndarray]]:
    """Question by question: the sums of answers there can be, and where each answer leads."""
    support, found = np.zeros(1), []
    for answers in given:
        sums = np.round(support[None, :] + np.array(answers)[:, None], 6)
        support, places = np.unique(sums, return_inverse=True)
        found.append((support, places.reshape(sums.shape)))
    return found


def _chances(loading: float, thresholds: Floats) -> Floats:
    noise = np.sqrt(1 - loading**2)
    below = ndtr((thresholds[None, :] - loading * NODES[:, None]) / noise)
    edges = np.ones((len(NODES), 1))
    return np.diff(np.hstack([0 * edges, below, edges]), axis=1)


def _covariances(answers: Floats) -> Floats:
    """Covariances of questions, each from those who answered both."""
    known = ~np.isnan(answers)
    filled, seen = np.where(known, answers, 0.0), known.astype(float)
    both = np.maximum(seen.T @ seen, 1)
    return np.asarray(filled.T @ filled / both - (filled.T @ seen) * (seen.T @ filled) / both**2)


def _correlation(first: AxisModel, second: AxisModel, observed: float) -> float:
    """The correlation of true standings that brings the covariance seen across the axes."""
    terms = np.array([a * b / factorial(n + 1) for n, (a, b) in
                      enumerate(zip(_series(first), _series(second), strict=True))])  # fmt: skip

    def off(r: float) -> float:
        return float(terms @ r ** np.arange(1, TERMS + 1) - observed)

    if off(LARGEST) <= 0:
        return LARGEST
    return float(brentq(off, -LARGEST, LARGEST, xtol=1e-14)) if off(-LARGEST) < 0 else -LARGEST


def _series(axis: AxisModel) -> Floats:
    """Hermite coefficients of the true score in the standing, from the first on."""
    basis = hermite_e.hermevander(NODES, TERMS)[:, 1:]
    return np.asarray((axis.true_scores * DENSITY) @ basis)


def _together(r: float) -> Floats:
    away = (NODES[None, :] - r * NODES[:, None]) ** 2 / (1 - r**2)
    mass = np.exp(-(NODES[:, None] ** 2 + away) / 2)
    return np.asarray(mass / mass.sum())
