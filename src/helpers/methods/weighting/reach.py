"""Why totals cannot be met, in words: found by linear programming, only when they cannot."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import eye_array, hstack

from helpers.methods.survey.calibration import Floats
from helpers.methods.weighting.margins import Margin

__all__ = ["bounds_advice", "least_factor", "parting_advice"]


def least_factor(columns: Floats, mass: Floats, target: Floats, lowest: float = 0.0) -> float:
    """The smallest upper bound of the factors with which totals can be met; infinite if none.

    Parameters
    ----------
    columns
        What is added up: a row for each cell, a column for each total.
    mass
        Base weight of each cell.
    target
        The totals.
    lowest
        Lower bound of the factors.

    Examples
    --------
    >>> least_factor(np.eye(2), np.array([0.75, 0.25]), np.array([0.5, 0.5]))
    2.0
    """
    count = len(mass)
    equal = np.hstack([(columns * mass[:, None]).T, np.zeros((columns.shape[1], 1))])
    under = hstack([eye_array(count), -np.ones((count, 1))])  # each factor at most the bound
    found = linprog(
        np.r_[np.zeros(count), 1.0], A_ub=under, b_ub=np.zeros(count), A_eq=equal, b_eq=target,
        bounds=[(lowest, None)] * count + [(0, None)], method="highs",
    )  # fmt: skip
    return float(found.x[-1]) if found.status == 0 else float("inf")


def bounds_advice(margins: list[Margin], mass: Floats, lowest: float) -> str:
    """What to do where margins cannot be met within bounds."""
    needed = least_factor(*_system(margins, mass), lowest=lowest)
    if np.isfinite(needed):
        return (
            f"widen the bounds (with the lower one as it is, the upper one has to be at least "
            f"{needed:.2f}), merge small categories, or use fewer margins"
        )
    return (
        "no upper bound will do: lower the lower one as you widen the bounds, merge small "
        "categories, or use fewer margins"
    )


def parting_advice(margins: list[Margin], mass: Floats) -> str:
    """Which margins cannot be met together, and what to do."""
    names = ", ".join(margin.name for margin in margins)
    for one, other in combinations(margins, 2):
        if not np.isfinite(least_factor(*_system([one, other], mass))):
            empty = _empty_pair(one, other)
            names = f"{one.name} and {other.name}" + (f" (such as {empty})" if empty else "")
            break
    return (
        f"combinations of {names} are empty in the sample, so the margins cannot be met "
        "together; merge small categories, or use fewer margins"
    )


def _empty_pair(one: Margin, other: Margin) -> str:
    """The empty combination that would be largest, were the margins independent."""
    seen = np.zeros((len(one.target), len(other.target)), dtype=bool)
    seen[one.codes, other.codes] = True
    wanted = np.where(seen, 0.0, np.outer(one.target, other.target))
    if not wanted.any():
        return ""
    i, j = np.unravel_index(wanted.argmax(), wanted.shape)
    return f"{one.categories[i]!r} with {other.categories[j]!r}"


def _system(margins: list[Margin], mass: Floats) -> tuple[Floats, Floats, Floats]:
    """Categories as columns, for cells that are alike in them."""
    codes = np.column_stack([margin.codes for margin in margins])
    distinct, cell = np.unique(codes, axis=0, return_inverse=True)
    columns = np.hstack([np.eye(len(m.target))[distinct[:, i]] for i, m in enumerate(margins)])
    together = np.bincount(np.asarray(cell).ravel(), mass).astype(np.float64)
    return columns, together, np.concatenate([margin.target for margin in margins])
