"""Respondents of whom the list does not say where they belong."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

__all__ = ["UNKNOWN", "with_unknown"]

UNKNOWN = "not known"


def with_unknown(
    sample: pd.DataFrame, margins: Mapping[str, pd.Series]
) -> tuple[pd.DataFrame, dict[str, pd.Series], tuple[str, ...]]:
    """Keep respondents without a category, or with one the margin lacks, at their own share.

    They form a category ``not known``. Where the margin gives it a size (the list has
    blanks of its own), it is weighted to that; else its share of the population is taken
    to be that of the sample: weighting then moves them neither up nor down, and the other
    categories agree with the population among those who are known (DeBell and Krosnick
    2009).

    Parameters
    ----------
    sample
        One row for each respondent, with a column for each margin.
    margins
        For each column the size of its categories.

    Returns
    -------
    sample, margins
        To be given to `rake`; as they were where everybody is known.
    notes
        How many are not known by each column, in words.

    References
    ----------
    DeBell and Krosnick (2009), Computing weights for American National Election Study
    survey data, ANES technical report nes012427.

    Examples
    --------
    >>> people = pd.DataFrame({"tier": ["A", "A", "B", None]})
    >>> people, sizes, notes = with_unknown(people, {"tier": pd.Series({"A": 50, "B": 50})})
    >>> sizes["tier"].to_dict(), notes
    ({'A': 37.5, 'B': 37.5, 'not known': 25.0}, ('1 of 4 respondents have no known tier',))
    """
    known, sizes, notes = sample.copy(), dict(margins), []
    for name, margin in margins.items():
        there = margin[margin > 0].drop(UNKNOWN, errors="ignore")
        lost = ~known[name].isin(there.index)
        known[name] = known[name].astype(object).mask(lost, UNKNOWN) if lost.any() else known[name]
        sizes[name] = _sized(margin, there, float(lost.mean()))
        if lost.any():
            notes.append(f"{int(lost.sum()):,} of {len(known):,} respondents have no known {name}")
    return known, sizes, tuple(notes)


def _sized(margin: pd.Series, there: pd.Series, share: float) -> pd.Series:
    """The margin with a size for those who are not known, its sum as it was."""
    if share == 0:
        return margin if UNKNOWN not in margin else there * (margin.sum() / there.sum())
    if UNKNOWN in margin and margin[UNKNOWN] > 0:
        return margin
    size = share * float(margin.sum())
    return pd.concat([there.astype(float) * (1 - share), pd.Series({UNKNOWN: size})])
