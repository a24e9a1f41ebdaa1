"""Whether answers depend on the columns of a banner: Rao and Scott's second-order test."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import f as f_distribution

from helpers.errors import NotEstimable
from helpers.methods import solving
from helpers.methods.survey.calibration import Floats
from helpers.methods.toplines.linearised import Flags, Sample

__all__ = ["Independence", "rao_scott"]

EXPECTED = 5.0  # people, of each answer in the smallest column (Cochran 1954, Biometrics 10)


@dataclass(frozen=True, slots=True)
class Independence:
    """An F test that rows and columns of a table are independent."""

    statistic: float
    numerator: float  # degrees of freedom
    denominator: float
    p: float
    base: int


def rao_scott(statistics: Floats, inside: Flags, sample: Sample) -> Independence:
    """Pearson's chi-square of a weighted table, corrected for the design.

    It equals R's ``svychisq(statistic = "F")``. Answers that so few gave that the smallest column
    expects fewer than five of them are counted with their neighbours first.

    Parameters
    ----------
    statistics
        ``(people, answers)``: one for the answer that a person gave.
    inside
        ``(people, columns)``: who is in a column, each in one at most, and answered.

    Raises
    ------
    NotEstimable
        Where fewer than two answers or columns hold anybody, or too few accounts do.

    References
    ----------
    Rao and Scott (1984), Annals of Statistics 12, 46-60.

    Examples
    --------
    >>> from helpers.methods.survey import SurveyDesign
    >>> import pandas as pd
    >>> sample = Sample.of(SurveyDesign(), pd.RangeIndex(40))
    >>> column = np.repeat([[True, False], [False, True]], 20, axis=0)
    >>> said = np.tile([[1.0, 0.0], [0.0, 1.0]], (20, 1))
    >>> round(rao_scott(said, column, sample).p, 6)
    1.0
    """
    given = statistics[:, (statistics.T @ (inside.any(axis=1) * sample.weights)) > 0]
    held = inside[:, (sample.weights @ inside) > 0]
    given = _merged(given, held, sample.weights)
    rows, columns = given.shape[1], held.shape[1]
    if rows < 2 or columns < 2:
        raise NotEstimable("fewer than two answers or columns hold anybody")
    joint = (given[:, :, None] * held[:, None, :]).reshape(len(given), -1)
    anybody: Flags = np.asarray(held.any(axis=1))
    found = sample.means(joint, anybody[:, None])
    share, off = found.value[0], found.linear[:, 0, :]
    base = int(np.count_nonzero(anybody & (sample.weights > 0)))
    delta = _delta(share, off.T @ off, rows, columns, base)
    trace = float(np.trace(delta))
    freedom = float(trace**2 / np.trace(delta @ delta))
    statistic = _pearson(share.reshape(rows, columns), base) / trace
    below = freedom * sample.degrees_of_freedom
    p = float(f_distribution.sf(statistic, freedom, below))
    return Independence(statistic, freedom, below, p, base)


def _pearson(share: Floats, base: int) -> float:
    expected = share.sum(axis=1, keepdims=True) * share.sum(axis=0, keepdims=True)
    return float(base * ((share - expected) ** 2 / expected).sum())


def _delta(share: Floats, variance: Floats, rows: int, columns: int, base: int) -> Floats:
    """The generalised design effects of the contrasts that are zero where nothing depends."""
    contrast = np.kron(_deviations(rows), _deviations(columns))
    inverse = np.divide(1.0, share, out=np.zeros_like(share), where=share > 0)
    scaled = contrast * inverse[:, None]
    below = contrast.T @ scaled / base
    if solving.is_singular(below):
        raise NotEstimable("too many cells of the table hold nobody")
    return np.asarray(solving.inverse(below) @ (scaled.T @ variance @ scaled))


def _merged(given: Floats, held: Flags, weights: Floats) -> Floats:
    """Answers with their neighbours, until the smallest column expects enough people of each.

    Where a cell expects few, or holds nobody, the test does not keep its level.
    """
    people = (held.any(axis=1) & (weights > 0)).astype(float)
    smallest = (people @ held).min(initial=people.sum()) / max(people.sum(), 1.0)
    expects = smallest * (given.T @ people)
    groups: list[list[int]] = [[]]
    for answer in range(given.shape[1]):
        groups[-1].append(answer)
        if expects[groups[-1]].sum() >= EXPECTED:
            groups.append([])
    left = groups.pop()
    if groups:
        groups[-1] += left
    return np.array([given[:, part].sum(axis=1) for part in groups]).T.reshape(len(given), -1)


def _deviations(size: int) -> Floats:
    """Contrasts of one margin: each of its categories but the last, less their mean."""
    return np.eye(size)[:, :-1] - 1 / size
