"""One group of those who commented beside all others: its shares, and where they differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from helpers.methods.comments.coding import Coding
from helpers.methods.comments.contrast import EXPECTED, Contrast, contrasts, difference_interval
from helpers.methods.comments.correction import Bools, LinearShare, interval_within
from helpers.methods.comments.leading import may_lead
from helpers.methods.comments.shares import Reading
from helpers.methods.survey.estimates import Estimate

__all__ = ["NUMBERS", "PRIVATE", "Sides"]

Ints = NDArray[np.intp]

PRIVATE = ("value", "low", "high", "counted", "may_lead", "difference", "difference_low",
           "difference_high", "p", "p_holm", "apart", "waves", "differs")  # fmt: skip
NUMBERS = ("difference", "difference_low", "difference_high", "p")


@dataclass(frozen=True)
class Sides:
    """One group of those who commented, and all others who have a group."""

    coding: Coding
    reading: Reading
    here: pd.Series
    rest: pd.Series
    accounts: csr_matrix
    confidence: float
    waves: Sequence[Bools] = ()  # which comments are of each, the last one last
    everywhere: tuple[pd.Series, pd.Series] | None = None  # both sides in all of them

    def table(self, name: str, test: int) -> pd.DataFrame:
        """A row for each theme, as the group names it."""
        (here, own), (rest, _) = (self._sizes(side) for side in (self.here, self.rest))
        names = pd.Series(self.reading.themes)
        found = self.reading.shares(self.coding, self.here)
        leads = may_lead(found, self.reading.whole, confidence=self.confidence) if found else {}
        made = {theme: self._interval(found[theme]) for theme in names[own >= 2]}
        tested = (own >= 2) & (np.minimum(here, rest) >= test)
        against = self._against(made, np.flatnonzero(tested), test) if tested.any() else {}
        rows = []
        for theme, base in zip(self.reading.themes, here, strict=True):
            row = {
                "theme": theme,
                "group": name,
                "base": int(base),
                **dict.fromkeys(PRIVATE, np.nan),
            }
            if theme in made:
                row |= self._share(theme, made[theme]) | {"may_lead": leads[theme]}
            rows.append(row | against.get(theme, {}))
        return pd.DataFrame(rows)

    def _sizes(self, side: pd.Series) -> tuple[Ints, Ints]:
        """Comments of a side that each theme is known for, and their accounts."""
        known = side.to_numpy(dtype=bool)[:, None] & self.reading.codes.known
        return known.sum(axis=0), ((self.accounts @ known.astype(float)) > 0).sum(axis=0)

    def _interval(self, found: LinearShare) -> Estimate:
        return interval_within(found, self.reading.whole, self.confidence)

    def _share(self, theme: str, made: Estimate) -> dict[str, object]:
        counted = float(self.coding.codes.loc[self.here, theme].sum())
        return {"value": made.value, "low": made.low, "high": made.high, "counted": counted}

    def _against(
        self, made: Mapping[str, Estimate], places: Ints, fewest: int
    ) -> dict[str, dict[str, object]]:
        """A group's shares less those of the rest, tested where both sides would hold enough.

        Of several waves together, with what this wave alone tells beside it.
        """
        if self.reading.clusters[self.rest].nunique() < 2:
            return {}
        sides = (self.here.to_numpy(dtype=bool), self.rest.to_numpy(dtype=bool))
        codes, weights = self.reading.codes.only(places), self.reading.weights
        sample = self.reading.sample
        tests = contrasts(codes, sides, weights, self.accounts, sample=sample)
        others = self.reading.shares(self.coding, self.rest)
        names = [self.reading.themes[place] for place in places]
        own = {
            name: _difference(made[name], self._interval(others[name]), test)
            for name, test in zip(names, tests, strict=True)
        }
        if len(self.waves) < 2 or self.everywhere is None:
            return {name: row | {"waves": 1.0} for name, row in own.items()}
        both = tuple(side.to_numpy(dtype=bool) for side in self.everywhere)
        joined = contrasts(codes, (both[0], both[1]), weights, self.accounts, waves=self.waves,
                           fewest=fewest, sample=sample)  # fmt: skip
        return {
            name: _together(own[name], test, self.confidence)
            for name, test in zip(names, joined, strict=True)
        }


def _together(own: dict[str, object], test: Contrast, confidence: float) -> dict[str, object]:
    """The difference over waves, and beside it this wave's own, should waves differ."""
    if test.waves < 2:
        return own | {"waves": 1.0}
    low, high = test.interval(confidence)
    return {
        "difference": test.value, "difference_low": low, "difference_high": high,
        "p": test.p if test.expected >= EXPECTED else np.nan,
        "waves": test.waves, "p_waves": test.p_waves,
        **{f"own_{name}": own[name] for name in NUMBERS},
    }  # fmt: skip


def _difference(own: Estimate, other: Estimate, test: Contrast) -> dict[str, object]:
    low, high = difference_interval(
        (own.value, own.low, own.high), (other.value, other.low, other.high)
    )
    return {
        "difference": own.value - other.value,
        "difference_low": low,
        "difference_high": high,
        "p": test.p if test.expected >= EXPECTED else np.nan,
    }
