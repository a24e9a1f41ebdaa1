"""The people asked, and what a list knows of them, read as categories."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.errors import NotEstimable
from helpers.methods.survey import SurveyDesign
from helpers.methods.survey.calibration import Floats
from helpers.methods.survey.resolved import ResolvedDesign

__all__ = ["Asked", "Codes", "Factor", "design_matrix", "factors"]

Codes = NDArray[np.intp]

BANDS = 5
FEW_VALUES = 5  # a number with no more distinct values is a category as it stands
SMALLEST = 10  # people a category needs to stand on its own
MOST_CATEGORIES = 20
UNKNOWN, REST = "not known", "other (small groups)"


@dataclass(frozen=True)
class Asked:
    """Everybody asked: whether they answered, how much each counts, and their account."""

    came: Floats  # 1 who answered, 0 who did not
    mass: Floats  # weights that add up to 1
    rows: ResolvedDesign
    design: SurveyDesign  # no more of it than sets these people apart from a simple sample

    @classmethod
    def of(cls, came: pd.Series, design: SurveyDesign | None = None) -> Asked:
        """Read the design into the row order of ``came``.

        Examples
        --------
        >>> asked = Asked.of(pd.Series([1.0, 0.0, 1.0]), SurveyDesign(clusters=["a", "a", "b"]))
        >>> asked.accounts, round(asked.rate, 3)
        (2, 0.667)
        """
        whole = SurveyDesign() if design is None else design
        whole = whole.of(came.index) if whole.labelled or whole.index is None else whole
        mass = whole.weights_for(came).to_numpy()
        if (mass == 0).any():
            raise ValueError("everybody asked counts; give each a weight above 0")
        if np.ptp(mass) == 0:
            whole = whole.without("weights")
        if (clusters := whole.clusters_for(came)) is not None and clusters.is_unique:
            whole = whole.without("clusters")
        _, rows = whole.resolve(came)
        return cls(came.to_numpy(dtype=float), mass / mass.sum(), rows, whole)

    @property
    def accounts(self) -> int:
        """Accounts, or people where nothing is clustered."""
        return self.rows.units

    @property
    def rate(self) -> float:
        """Share that answered."""
        return float(self.mass @ self.came)

    @property
    def freedom(self) -> int:
        """Degrees of freedom: accounts less strata."""
        return self.rows.degrees_of_freedom

    def variance(self, influence: Floats) -> float:
        """Variance of a statistic from each person's influence on it."""
        return self.rows.variance(influence)


@dataclass(frozen=True)
class Factor:
    """One thing known of everybody: its categories, and which one each row is in."""

    name: str
    labels: tuple[str, ...]
    codes: Codes


def factors(frame: pd.DataFrame) -> tuple[list[Factor], tuple[str, ...]]:
    """Read each column as categories; tell what was merged or left out.

    Raises
    ------
    ValueError
        If there is no column, or a column has more than twenty categories of its own.
    NotEstimable
        If no column has two categories.

    Examples
    --------
    >>> listed = pd.DataFrame({"tier": ["A"] * 30 + ["B"] * 20 + [None] * 12 + ["C"] * 3})
    >>> read, notes = factors(listed)
    >>> read[0].labels
    ('A', 'B', 'not known', 'other (small groups)')
    >>> notes
    ('tier: C (3 people) merged as other (small groups)',)
    """
    if frame.shape[1] == 0:
        raise ValueError("the list has no column to compare by; give at least one variable")
    read, notes = [], []
    for name in frame.columns:
        found, said = _factor(str(name), frame[name])
        notes += said
        if len(found.labels) > 1:
            read.append(found)
        else:
            notes.append(f"{name}: left out, everybody is in one category")
    if not read:
        raise NotEstimable(
            f"nothing varies in {', '.join(map(str, frame.columns))}: the list cannot tell "
            "those who answered from those who did not"
        )
    return read, tuple(notes)


def _factor(name: str, column: pd.Series) -> tuple[Factor, list[str]]:
    text = _as_text(column)
    sizes = text.value_counts()
    if (sizes >= SMALLEST).sum() > MOST_CATEGORIES:
        raise ValueError(
            f"{name} has {len(sizes)} categories, more than {MOST_CATEGORIES}; "
            "merge them first, or leave it out"
        )
    small = [label for label in sizes.index if sizes[label] < SMALLEST and label != UNKNOWN]
    text = text.mask(text.isin(small), REST)
    order = [label for label in _order(column, sizes) if label not in small]
    labels = order + ([REST] if small else [])
    codes = pd.Categorical(text, categories=labels).codes.astype(np.intp)
    people = int(sizes[small].sum())
    named = f"{small[0]}" if len(small) == 1 else f"{len(small)} categories"
    said = [f"{name}: {named} ({people} people) merged as {REST}"] if small else []
    return Factor(name, tuple(labels), codes), said


def _as_text(column: pd.Series) -> pd.Series:
    numbers = pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
    if numbers and column.nunique() > FEW_VALUES:
        known = column.astype(float)
        edges = np.unique(np.quantile(known.dropna(), np.linspace(0, 1, BANDS + 1)))
        band = np.searchsorted(edges[1:-1], known.to_numpy(), side="left")
        column = pd.Series(np.array(_bands(edges))[band], index=column.index).where(known.notna())
    return column.astype(object).where(column.notna(), UNKNOWN).astype(str)


def _bands(edges: Floats) -> list[str]:
    """Name the bands between edges; a value on an edge belongs to the band below it.

    >>> _bands(np.array([0.0, 10.0, 25.0]))
    ['0 to 10', 'above 10 to 25']
    """
    above = [f"above {low:.4g} to {high:.4g}" for low, high in pairwise(edges)]
    return [f"{edges[0]:.4g} to {edges[1]:.4g}", *above[1:]]


def _order(column: pd.Series, sizes: pd.Series) -> list[str]:
    """Bands from low to high, other categories by name, the unknown last."""
    labels = [str(label) for label in sizes.index if label != UNKNOWN]
    if pd.api.types.is_numeric_dtype(column) and column.nunique() > FEW_VALUES:
        labels.sort(key=lambda label: float(label.removeprefix("above ").split(" to ")[0]))
        labels.sort(key=lambda label: label.startswith("above "))
    else:
        labels.sort()
    return labels + ([UNKNOWN] if UNKNOWN in sizes.index else [])


def design_matrix(read: list[Factor]) -> tuple[Floats, Codes]:
    """Distinct profiles as rows of an intercept and indicators, and the profile of each row.

    Examples
    --------
    >>> tier = Factor("tier", ("A", "B"), np.array([0, 1, 1]))
    >>> design_matrix([tier])[0].tolist(), design_matrix([tier])[1].tolist()
    ([[1.0, 0.0], [1.0, 1.0]], [0, 1, 1])
    """
    codes = np.column_stack([factor.codes for factor in read])
    profiles, row = np.unique(codes, axis=0, return_inverse=True)
    blocks = [np.ones((len(profiles), 1))]
    for place, factor in enumerate(read):
        levels = np.arange(1, len(factor.labels))
        blocks.append((profiles[:, [place]] == levels).astype(float))
    return np.hstack(blocks), row.reshape(-1)
