"""Principles of customer focus as a scorecard: each with the evidence that the records hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

__all__ = ["Scorecard", "scorecard"]

COLUMNS = ["measure", "value", "low", "high", "unit", "base", "base_unit"]


@dataclass(frozen=True)
class Scorecard:
    """Each principle beside its evidence; a principle has no score of its own.

    ``table``: principle, measure (missing without evidence), value, low, high, unit, base,
    base_unit, supplied; one row a piece of evidence.
    """

    table: pd.DataFrame
    base: int  # principles

    def __post_init__(self) -> None:
        if self.table["principle"].nunique() != self.base:
            raise ValueError(f"{self.table['principle'].nunique()} principles, not {self.base}")

    @property
    def without(self) -> tuple[str, ...]:
        """Principles for which no evidence was supplied."""
        return tuple(self.table.loc[~self.table["supplied"], "principle"])

    @property
    def supplied(self) -> int:
        """Principles with evidence."""
        return self.base - len(self.without)


def scorecard(principles: Mapping[str, Sequence[str]], evidence: pd.DataFrame) -> Scorecard:
    """Put each principle beside its evidence, in the order of both.

    Parameters
    ----------
    principles
        The measures that would be evidence of each.
    evidence
        measure, value, low, high, unit, base, base_unit; those without a value are no evidence.

    Examples
    --------
    >>> known = pd.DataFrame({"measure": ["sponsors"], "value": [0.4], "unit": ["share"]})
    >>> found = scorecard({"buy-in": ["sponsors"], "training": ["courses"]}, known)
    >>> found.supplied, found.without
    (1, ('training',))
    """
    there = evidence.reindex(columns=COLUMNS).dropna(subset=["value"]).set_index("measure")
    rows: list[dict[str, object]] = []
    for principle, wanted in principles.items():
        known = [name for name in wanted if name in there.index]
        for name in known:
            told = {column: there.loc[name, column] for column in COLUMNS[1:]}
            rows.append({"principle": principle, "measure": name, **told, "supplied": True})
        if not known:
            rows.append({"principle": principle, "supplied": False})
    table = pd.DataFrame(rows, columns=["principle", *COLUMNS, "supplied"])
    return Scorecard(table.astype({"supplied": bool}), len(principles))
