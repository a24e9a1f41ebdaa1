"""What a reader can work out by adding and subtracting the groups that are shown.

A mean with its base is a sum over people, so every sum or difference of shown groups is
known too. A group of people is given away where some combination of the shown groups is
left with only them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array, eye_array, hstack, vstack

__all__ = ["GivenAway", "given_away", "kinds"]

Array = NDArray[np.float64]
NOUGHT = 1e-7  # groups are counted in whole people, so what is smaller is rounding


@dataclass(frozen=True)
class GivenAway:
    """A combination of shown groups that is left with too few people."""

    coefficients: Array  # one for each group
    people: int

    @property
    def groups(self) -> NDArray[np.intp]:
        """Positions of the groups that are added or subtracted."""
        return np.flatnonzero(np.abs(self.coefficients) > NOUGHT)


def given_away(
    members: NDArray[np.bool_], minimum: int, sizes: NDArray[np.intp] | None = None
) -> GivenAway | None:
    """Find a combination of groups that is left with fewer than ``minimum`` people.

    People who are in the same groups cannot be told apart and are worked on as one, so the
    work grows with the number of groups, not of people. A combination that is left with few
    people makes the leverage of some of them large: their leverages in the regression on the
    groups sum to at least one. So only people of large leverage are suspects, which is seen
    from a matrix of the size of the groups; among them the combination with the fewest people
    is sought by linear programming.

    Parameters
    ----------
    members
        A row for each group that is shown, a column for each person.
    minimum
        The fewest people that a figure may tell of.
    sizes
        How many people each column stands for, where that is not one.

    References
    ----------
    Hundepool and others (2012), Statistical Disclosure Control, chapter 4: the linear
    relations between published cells.

    Examples
    --------
    >>> region = np.arange(30) < 20
    >>> less_one = region & (np.arange(30) > 0)
    >>> found = given_away(np.array([np.ones(30, bool), region, less_one]), 10)
    >>> found.people, found.groups.tolist()
    (1, [1, 2])
    >>> given_away(np.array([np.ones(30, bool), region]), 10) is None
    True
    """
    parts, counts = kinds(members, sizes)
    suspects = _leverage(parts, counts) * (minimum - 1) >= 1 - NOUGHT
    if not suspects.any():
        return None
    program = _Program(parts, counts, counts < minimum)
    for part in sorted(np.flatnonzero(suspects), key=lambda one: counts[one]):
        found = program.fewest(int(part))
        if found is not None and found.people < minimum:
            return found
    return None


def kinds(
    members: NDArray[np.bool_], sizes: NDArray[np.intp] | None = None
) -> tuple[Array, NDArray[np.intp]]:
    """People who are in the same groups as one column each, with their number.

    >>> kinds(np.array([[True, True, False], [True, True, True]]))[1].tolist()
    [1, 2]
    """
    held = members[:, members.any(axis=0)]
    each = np.ones(members.shape[1], dtype=np.intp) if sizes is None else sizes
    packed = np.ascontiguousarray(np.packbits(held, axis=0).T)
    names = packed.view(np.dtype((np.void, max(packed.shape[1], 1)))).ravel()
    _, first, place = np.unique(names, return_index=True, return_inverse=True)
    counts = np.bincount(place.ravel(), each[members.any(axis=0)], len(first))
    return held[:, first].astype(float), counts.astype(np.intp)


def _leverage(parts: Array, counts: NDArray[np.intp]) -> Array:
    """Of each person in the least squares of anything on the groups."""
    lengths, directions = np.linalg.eigh((parts * counts) @ parts.T)
    real = lengths > NOUGHT * max(float(lengths.max(initial=0.0)), 1.0) * 1e-2
    turned = directions[:, real].T @ parts
    return np.asarray((turned**2 / lengths[real, None]).sum(axis=0))


class _Program:
    """The combination of the groups that is left with as few people as can be.

    Of two groupings the vertices of this program are all combinations that matter (their
    matrix is totally unimodular); of more it is the usual approach by the smallest sum.
    """

    def __init__(self, parts: Array, counts: NDArray[np.intp], few: NDArray[np.bool_]) -> None:
        self.parts, self.counts = parts, counts
        inside, eye = csr_array(parts[:, few].T), eye_array(int(few.sum()))
        self.bounds = vstack([hstack([inside, -eye]), hstack([-inside, -eye])]).tocsr()
        large = csr_array(parts[:, ~few].T)
        self.cancel = hstack([large, csr_array((large.shape[0], int(few.sum())))]).tocsr()
        self.weight = np.concatenate([np.zeros(len(parts)), counts[few]])
        self.ends = [(None, None)] * len(parts) + [(0, 1)] * int(few.sum())

    def fewest(self, part: int) -> GivenAway | None:
        """With one part in it, which weighs the most."""
        groups, width = self.parts.shape[0], self.bounds.shape[1]
        fixed = np.zeros((1, width))
        fixed[0, :groups] = self.parts[:, part]
        found = linprog(
            self.weight,
            A_ub=self.bounds,
            b_ub=np.zeros(self.bounds.shape[0]),
            A_eq=vstack([self.cancel, csr_array(fixed)]),
            b_eq=np.append(np.zeros(self.cancel.shape[0]), 1.0),
            bounds=self.ends,
        )
        if not found.success:
            return None
        left = found.x[:groups] @ self.parts
        people = int(self.counts[np.abs(left) > NOUGHT].sum())
        return GivenAway(found.x[:groups], people)
