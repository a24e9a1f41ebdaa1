"""Small bases: which cells of a table must not be shown, so that nobody can be found."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.methods.survey.subtraction import GivenAway, given_away, kinds

__all__ = ["UNKNOWN", "Protection", "merged", "protect", "suppress", "withhold"]

UNKNOWN = "not known"


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
        The smallest base that may be shown; 0 where every one may.
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
        If a column is not in the table, or the base or the minimum is missing or
        negative.

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
    return withhold(table, hidden, columns)


def withhold(
    table: pd.DataFrame, hidden: NDArray[np.bool_], columns: Sequence[str]
) -> pd.DataFrame:
    """Take out what may not be shown, and mark the rows in ``withheld``.

    >>> rows = pd.DataFrame({"group": ["a", "b"], "nps": [10.0, 20.0]})
    >>> withhold(rows, np.array([False, True]), ["nps"])["nps"].tolist()
    [10.0, nan]
    """
    result = table.copy()
    for name in columns:
        result[name] = result[name].mask(hidden)
    return result.assign(withheld=hidden)


def _complement(people: np.ndarray, hidden: np.ndarray, minimum: int) -> np.ndarray:
    """Rows to hide as well, smallest first."""
    order = [row for row in np.argsort(people, kind="stable") if people[row] > 0]
    held = float(people[hidden].sum())  # one alone holds fewer than the minimum
    extra: list[int] = []
    for row in order:
        if held >= minimum:
            break
        if not hidden[row]:
            extra.append(int(row))
            held += people[row]
    return np.array(extra, dtype=int)


def _check(table: pd.DataFrame, base: str, minimum: int, names: Sequence[str]) -> None:
    absent = [name for name in names if name not in table.columns]
    if absent:
        raise ValueError(
            f"the table has no column {absent[0]!r}; it has {', '.join(map(str, table.columns))}"
        )
    if minimum < 0:
        raise ValueError(f"the smallest base is {minimum}; give a whole number, 0 to show all")
    people = table[base]
    if people.isna().any() or (people < 0).any():
        raise ValueError(
            f"{base} has missing or negative entries, so it cannot be said what is small; "
            "give each row the number of people behind it"
        )


@dataclass(frozen=True)
class Protection:
    """Which groups of several groupings of the same people may be shown.

    ``cells`` has a row for each group of each grouping: ``grouping``, ``group``, ``base`` and
    ``withheld``. ``groups`` are the groupings with a few unknown merged, by person.
    """

    cells: pd.DataFrame
    groups: pd.DataFrame

    def withheld(self, grouping: str) -> frozenset[str]:
        """The groups of one grouping that may not be shown, as text."""
        here = self.cells[(self.cells["grouping"] == grouping) & self.cells["withheld"]]
        return frozenset(here["group"])

    def hides(self, groupings: Iterable[object], groups: Iterable[object]) -> NDArray[np.bool_]:
        """Whether each pair of a grouping and a group is one that may not be shown."""
        away = set(
            self.cells.loc[self.cells["withheld"], ["grouping", "group"]].itertuples(
                index=False, name=None
            )
        )
        return np.array(
            [(str(a), str(b)) in away for a, b in zip(groupings, groups, strict=True)], dtype=bool
        )


def protect(
    groupings: pd.DataFrame,
    minimum: int,
    *,
    units: Sequence[Hashable] | pd.Series | None = None,
    whole: bool = True,
    unknown: str = UNKNOWN,
) -> Protection:
    """Say which groups to withhold, so that no few people can be found by subtraction.

    Groups under ``minimum`` are withheld. Then, as long as any sums and differences of the
    groups that are left, of one grouping or of several, and of the whole, are left with fewer
    people than that, one more is withheld: of the last grouping that has a part in it the
    smallest, so that what a client names first is kept. In the end each group that need not
    have been withheld is shown after all.

    Fewer people without a group than ``minimum`` are merged with the largest group, which
    they change least: withheld, they would take a group of thousands with them.

    Parameters
    ----------
    groupings
        A row for each person with an answer, a column for each way of grouping them; the
        first matters most. A person without an entry is in no group that is shown, unless
        entries are ``unknown``.
    minimum
        The fewest people that a figure may tell of; below 1 nothing is withheld.
    units
        What a row tells of, where several rows tell the same: the same answer of the same
        person in two waves.
    whole
        Whether a figure of all rows is shown too.
    unknown
        The name of the group of those of whom it is not known.

    Examples
    --------
    >>> regions = pd.DataFrame({"region": ["North"] * 30 + ["South"] * 20})
    >>> regions["pilot"] = ["in"] * 29 + ["out"] * 21
    >>> protect(regions, 10).cells[["group", "withheld"]].values.tolist()
    [['North', False], ['South', False], ['in', True], ['out', True]]
    """
    named = pd.DataFrame(
        {str(name): merged(column, minimum, unknown) for name, column in groupings.items()},
        index=groupings.index,
    )
    rows = np.arange(len(named)) if units is None else pd.factorize(np.asarray(units, object))[0]
    cells, members = _cells(named, rows)
    everyone = np.ones((int(whole), members.shape[1]), dtype=bool)
    cells["withheld"] = _withheld(cells, members, everyone, minimum)
    return Protection(cells.drop(columns="order"), named)


def merged(groups: pd.Series, minimum: int, unknown: str = UNKNOWN) -> pd.Series:
    """Join people without a group with the largest one, where they are too few to be shown.

    >>> merged(pd.Series(["a"] * 5 + ["b"] * 4 + ["not known"]), 3).value_counts().to_dict()
    {'a or not known': 6, 'b': 4}
    """
    named = groups.astype(object)
    lost = (named == unknown).fillna(False).to_numpy(bool)
    if not 0 < lost.sum() < minimum:
        return named
    sizes = named[~lost].dropna().astype(str).value_counts()
    if sizes.empty:
        return named
    largest = min(sizes.index[sizes == sizes.iloc[0]])
    joined = lost | (named.astype(str) == largest).to_numpy(bool)
    return named.mask(pd.Series(joined, index=named.index), f"{largest} or {unknown}")


def _cells(named: pd.DataFrame, rows: np.ndarray) -> tuple[pd.DataFrame, NDArray[np.bool_]]:
    """Each group of each grouping with its base, and which units it holds."""
    records, members = [], []
    units = int(rows.max(initial=-1)) + 1
    for order, (grouping, column) in enumerate(named.items()):
        codes, groups = pd.factorize(column.astype(object).map(str, na_action="ignore"))
        for code, group in sorted(enumerate(groups), key=itemgetter(1)):
            held = np.zeros(units, dtype=bool)
            held[rows[codes == code]] = True
            members.append(held)
            records.append((order, str(grouping), group, int(held.sum())))
    cells = pd.DataFrame(records, columns=["order", "grouping", "group", "base"])
    return cells, np.array(members, dtype=bool).reshape(len(records), units)


def _withheld(
    cells: pd.DataFrame, members: NDArray[np.bool_], whole: NDArray[np.bool_], minimum: int
) -> NDArray[np.bool_]:
    """Small groups, then as few others as will do."""
    base, order = cells["base"].to_numpy(int), cells["order"].to_numpy(int)
    small = base < minimum
    hidden = small.copy()
    among, sizes = kinds(np.vstack([whole, members]))
    whole, members = np.split(among > 0, [len(whole)])

    def found() -> GivenAway | None:
        return given_away(np.vstack([whole, members[~hidden]]), minimum, sizes)

    while (told := found()) is not None:
        shown = np.flatnonzero(~hidden)
        named = [shown[place - len(whole)] for place in told.groups if place >= len(whole)]
        if not named:
            break  # the whole itself has too few people; nothing of it is shown elsewhere
        hidden[min(named, key=lambda cell: (-order[cell], base[cell], cell))] = True
    extra = np.flatnonzero(hidden & ~small)
    for cell in sorted(extra, key=lambda cell: (order[cell], -base[cell])):
        hidden[cell] = False
        if found() is not None:
            hidden[cell] = True
    return hidden
