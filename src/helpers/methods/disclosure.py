"""Small bases: which cells of a table must not be shown, so that nobody can be found."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

__all__ = ["suppress"]


def suppress(
    table: pd.DataFrame,
    base: str,
    minimum: int,
    columns: Sequence[str],
    *,
    whole: str | Sequence[str] | None = None,
) -> pd.DataFrame:
    """Withhold what rests on too few people, along with what would give it away.

    Where a published whole is the sum of its rows, one hidden row can be found by
    subtraction, and so can two that hold too few people between them. The smallest
    rows of the whole are therefore hidden as well, until at least two are hidden and
    they hold ``minimum`` people together.

    Parameters
    ----------
    table
        One row for each group.
    base
        The column that counts people.
    minimum
        The smallest base that may be shown.
    columns
        The columns to withhold; name ``base`` too where the count itself may tell.
    whole
        Column or columns that say which rows add up to one whole; all rows if not given.

    Returns
    -------
    DataFrame
        A copy, with missing values in ``columns`` of the rows marked in ``withheld``.

    Raises
    ------
    ValueError
        If a column is not in the table, the base is missing or negative, or the
        minimum is below 1.

    References
    ----------
    Hundepool and others (2012), Statistical Disclosure Control, chapter 4.

    Examples
    --------
    >>> cells = pd.DataFrame({"tier": list("ABC"), "base": [120, 14, 4], "nps": [40, 10, -50]})
    >>> suppress(cells, "base", 10, ["nps"])
      tier  base   nps  withheld
    0    A   120  40.0     False
    1    B    14   NaN      True
    2    C     4   NaN      True
    """
    wholes = [whole] if isinstance(whole, str) else list(whole or [])
    _check(table, base, minimum, [base, *columns, *wholes])
    people = table[base].to_numpy(dtype=float)
    hidden = (people > 0) & (people < minimum)
    groups = table.groupby(wholes, dropna=False, sort=False).ngroup() if wholes else None
    codes = np.zeros(len(table), dtype=int) if groups is None else groups.to_numpy()
    for code in np.unique(codes[hidden]):
        rows = np.flatnonzero(codes == code)
        hidden[rows[_complement(people[rows], hidden[rows], minimum)]] = True
    result = table.copy()
    for name in columns:
        result[name] = result[name].mask(hidden)
    return result.assign(withheld=hidden)


def _complement(people: np.ndarray, hidden: np.ndarray, minimum: int) -> np.ndarray:
    """Rows to hide as well, smallest first."""
    order = [row for row in np.argsort(people, kind="stable") if people[row] > 0]
    count, held = int(hidden.sum()), float(people[hidden].sum())
    extra: list[int] = []
    for row in order:
        if count >= 2 and held >= minimum:
            break
        if not hidden[row]:
            extra.append(int(row))
            count, held = count + 1, held + people[row]
    return np.array(extra, dtype=int)


def _check(table: pd.DataFrame, base: str, minimum: int, names: Sequence[str]) -> None:
    absent = [name for name in names if name not in table.columns]
    if absent:
        raise ValueError(
            f"the table has no column {absent[0]!r}; it has {', '.join(map(str, table.columns))}"
        )
    if minimum < 1:
        raise ValueError(f"the smallest base is {minimum}; give a whole number of at least 1")
    people = table[base]
    if people.isna().any() or (people < 0).any():
        raise ValueError(
            f"{base} has missing or negative entries, so it cannot be said what is small; "
            "give each row the number of people behind it"
        )
