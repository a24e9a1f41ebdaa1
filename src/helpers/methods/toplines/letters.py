"""Which columns of a banner differ, row by row: the letters of the columns that are lower."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from string import ascii_uppercase

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr

from helpers.methods.multiplicity import holm
from helpers.methods.survey.calibration import Floats
from helpers.methods.survey.estimates import ROUNDING
from helpers.methods.toplines.linearised import Flags, Means, Sample, kish

__all__ = ["CORRECTIONS", "Pairs", "letters", "names", "pairs"]

LEAST = 5.0  # people expected on either side of a share before it is tested (Cochran 1954)


def _none(p: Floats) -> Floats:
    return p


def _bonferroni(p: Floats) -> Floats:
    return np.minimum(p * np.isfinite(p).sum(), 1.0)


CORRECTIONS: dict[str, Callable[[Floats], Floats]] = {
    "none": _none, "bonferroni": _bonferroni, "holm": holm,
}  # fmt: skip


@dataclass(frozen=True)
class Pairs:
    """Two columns each, and p values that their truths are the same: ``(pairs, rows)``.

    Missing where a row may not be tested: too few people, or too few on one side of a share.
    """

    columns: tuple[tuple[int, int], ...]
    p: Floats
    difference: Floats  # of the second less the first


def names(count: int) -> list[str]:
    """The letters of columns, from the left.

    >>> names(3), names(28)[-2:]
    (['A', 'B', 'C'], ['AA', 'AB'])
    """
    single = list(ascii_uppercase)
    return (single + [a + b for a in single for b in single])[:count]


def pairs(
    means: Means,
    sample: Sample,
    *,
    able: Flags,
    shares: Flags,
    rows: Flags,
    known: dict[tuple[bytes, ...], float],
) -> Pairs:
    """Test every pair of columns in every row, by the design.

    t tests on the difference, whose variance allows for accounts that are in both columns.
    Below fifty effective accounts each account is left out in turn, as in every estimate of
    the handbook.

    Parameters
    ----------
    able
        Columns with enough people to be tested.
    shares
        Rows that are shares: tested where at least five people are expected to have given the
        answer, and five not, in both columns.
    rows
        Rows that are tested at all.
    known
        Degrees of freedom by the weights of two columns, filled as they are found.
    """
    chosen = tuple(combinations(np.flatnonzero(able).tolist(), 2))
    p = np.full((len(chosen), means.value.shape[1]), np.nan)
    difference = np.full_like(p, np.nan)
    keys = [column.tobytes() for column in means.mass.T]
    expected = _expected(means, shares)
    for place, (one, other) in enumerate(chosen):
        key = (keys[one], keys[other])
        if key not in known:
            known[key] = sample.effective(means.mass[:, one], means.mass[:, other])
        few = sample.resolved.few(known[key])
        freedom = known[key] if few else sample.degrees_of_freedom
        off = means.left_out if few else means.linear
        variance = ((off[:, other] - off[:, one]) ** 2).sum(axis=0)
        difference[place] = means.value[other] - means.value[one]
        sure = variance > ROUNDING * np.maximum(1.0, means.value[other] ** 2)
        told = sure & rows & (expected(one, other) | ~shares)
        t = np.abs(difference[place, told]) / np.sqrt(variance[told])
        p[place, told] = 2 * stdtr(freedom, -t)
    return Pairs(chosen, p, difference)


def _expected(means: Means, shares: Flags) -> Callable[[int, int], Flags]:
    """Whether a share of both columns together makes enough people likely on either side."""
    size, base = means.mass.sum(axis=0), kish(means.mass)

    def enough(one: int, other: int) -> Flags:
        both = size[one] + size[other]
        pooled = (size[one] * means.value[one] + size[other] * means.value[other]) / both
        side = np.minimum(pooled, 1 - pooled) * min(base[one], base[other])
        return np.asarray(shares & (side >= LEAST))

    return enough


def letters(
    found: Pairs, called: Sequence[str], *, correction: str, confidence: float
) -> NDArray[np.object_]:
    """For each column and row the letters of the columns that it is higher than.

    ``correction`` is for the pairs of a row: ``none``, ``bonferroni`` or ``holm``.

    Raises
    ------
    ValueError
        For a correction that there is not.

    References
    ----------
    Holm (1979), Scandinavian Journal of Statistics 6, 65-70.

    Examples
    --------
    >>> two = Pairs(((0, 1),), np.array([[0.01, 0.2]]), np.array([[3.0, 1.0]]))
    >>> letters(two, ["A", "B"], correction="holm", confidence=0.95).tolist()
    [['', ''], ['A', '']]
    """
    if correction not in CORRECTIONS:
        known = ", ".join(CORRECTIONS)
        raise ValueError(f"no correction is called {correction!r}; there are {known}")
    written = np.full((len(called), found.p.shape[1]), "", dtype=object)
    for row, p in enumerate(found.p.T):
        sure = np.flatnonzero(CORRECTIONS[correction](p) < 1 - confidence)
        for place in sure:
            low, high = found.columns[place]
            if found.difference[place, row] < 0:
                low, high = high, low
            written[high, row] += f" {called[low]}"
    return np.vectorize(str.strip, otypes=[object])(written) if written.size else written
