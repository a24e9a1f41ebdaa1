"""A client's list of actions as candidates: costs, earliest quarters, what each hangs on."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.errors import NotEstimable
from helpers.methods.actions.options import MONTHS, Candidates

__all__ = ["BASES", "Listed", "first_quarter", "listed"]

BASES = ("pilot", "benchmark", "judgement")  # of a change, the surest first
NUMBERS = ("cost_once", "cost_year", "effort_days", "months", "saving_year")
NO_COST = "no cost is given"
NOBODY = "whom it reaches is not known, or nobody"
IDLE = "moves no driver that was rated, and saves nothing"
UNREADABLE = "?"
NO_QUARTER = "its earliest quarter cannot be read: write it as 2026Q4"


@dataclass(frozen=True)
class Listed:
    """Candidates that can be reckoned with, and why others cannot.

    ``actions`` holds the rows of the candidates, in their order, indexed by ``action_id``;
    ``effects`` what each moves (one row a driver); ``left_out`` the others with the reason.
    """

    candidates: Candidates
    actions: pd.DataFrame
    effects: pd.DataFrame
    left_out: Mapping[str, str]

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of the candidates, in their order."""
        return tuple(self.actions.index)

    def places(self, ids: Collection[str]) -> frozenset[int]:
        """Where some ids stand among the candidates; those that are none are not in it."""
        return frozenset(self.ids.index(own) for own in ids if own in self.ids)


def first_quarter(as_of: pd.Timestamp) -> pd.Period:
    """The quarter in which a plan begins: that of the day after the data stand.

    >>> first_quarter(pd.Timestamp("2026-06-30"))
    Period('2026Q3', 'Q-DEC')
    """
    return (as_of + pd.Timedelta(days=1)).to_period("Q")


def listed(
    actions: pd.DataFrame,
    effects: pd.DataFrame,
    *,
    drivers: Collection[str],
    reaches: Mapping[str, float],
    as_of: pd.Timestamp,
) -> Listed:
    """Read candidates from a client's tables ``actions`` and ``action_effects``.

    Parameters
    ----------
    drivers
        Those with an effect that is known; changes of others count for nothing.
    reaches
        Share of accounts that each action reaches, by id.
    as_of
        The day the data stand: a quarter that has passed is the plan's first.

    Raises
    ------
    NotEstimable
        Where no action can be reckoned with.

    Examples
    --------
    >>> actions = pd.DataFrame({"action_id": ["A", "B"], "name": ["Desk", "Portal"],
    ...     "function": "Sales", "cost_once": [5.0, None], "cost_year": [1.0, None],
    ...     "months": 2, "earliest_quarter": "2026Q4"})
    >>> moved = pd.DataFrame({"action_id": ["A"], "driver": ["ease"], "change_mid": [0.5]})
    >>> found = listed(actions, moved, drivers=["ease"], reaches={"A": 1.0},
    ...                as_of=pd.Timestamp("2026-06-30"))
    >>> found.ids, found.candidates.earliest.tolist(), found.left_out
    (('A',), [1], {'B': 'no cost is given'})
    """
    rows = actions.assign(action_id=actions["action_id"].astype(str)).set_index("action_id")
    for name in NUMBERS:
        rows[name] = pd.to_numeric(rows.get(name, pd.Series(np.nan, rows.index)))
    moved = _moved(effects, drivers)
    first = first_quarter(as_of)
    left_out = {
        str(own): why
        for own, row in rows.iterrows()
        if (why := _unfit(row, str(own), set(moved["action_id"]), reaches.get(str(own), 0.0)))
    }
    _drop_dependents(rows, left_out)
    kept = rows.drop(index=list(left_out))
    if kept.empty:
        raise NotEstimable("no listed action has a cost, reaches anybody and moves a rated driver")
    return Listed(
        _candidates(kept, first), kept, moved[moved["action_id"].isin(kept.index)], left_out
    )


def _moved(effects: pd.DataFrame, drivers: Collection[str]) -> pd.DataFrame:
    """Changes of known drivers; of several for one driver the surest basis counts."""
    known = effects[effects["driver"].isin(list(drivers)) & effects["change_mid"].notna()]
    known = known.assign(action_id=known["action_id"].astype(str))
    basis = known.get("basis", pd.Series(BASES[-1], known.index)).fillna(BASES[-1])
    order = basis.map(BASES.index).sort_values(kind="stable").index
    surest = known.assign(basis=basis).loc[order].drop_duplicates(["action_id", "driver"])
    return surest.sort_index()


def _unfit(row: pd.Series, own: str, moving: Collection[str], reached: float) -> str:
    """Why an action cannot be reckoned with; empty where it can."""
    if pd.isna(row["cost_once"]) and pd.isna(row["cost_year"]):
        return NO_COST
    if not reached > 0:
        return NOBODY
    if own not in moving and not row["saving_year"] > 0:
        return IDLE
    return NO_QUARTER if _quarter(row) == UNREADABLE else ""


def _drop_dependents(rows: pd.DataFrame, left_out: dict[str, str]) -> None:
    """Leave out what requires an action that is not listed, or is left out itself."""
    known = set(rows.index)
    while True:
        gone = {
            own: f"requires {needed}, which is {'left out' if needed in known else 'not listed'}"
            for own, row in rows.iterrows()
            if own not in left_out
            for needed in _ids(row.get("requires"))
            if needed not in known or needed in left_out
        }
        if not gone:
            return
        left_out.update({str(own): why for own, why in gone.items()})


def _candidates(rows: pd.DataFrame, first: pd.Period) -> Candidates:
    place = {own: number for number, own in enumerate(rows.index)}

    def others(column: str) -> tuple[frozenset[int], ...]:
        texts = rows.get(column, pd.Series("", rows.index))
        return tuple(frozenset(place[i] for i in _ids(text) if i in place) for text in texts)

    return Candidates(
        names=_names(rows),
        once=rows["cost_once"].fillna(0).to_numpy(float),
        yearly=rows["cost_year"].fillna(0).to_numpy(float),
        effort=rows["effort_days"].fillna(0).to_numpy(float),
        function=tuple(rows.get("function", pd.Series("", rows.index)).fillna("").astype(str)),
        months=rows["months"].fillna(MONTHS).to_numpy(float),
        earliest=np.array([_earliest(row, first) for _, row in rows.iterrows()], dtype=int),
        requires=others("requires"),
        excludes=others("excludes"),
    )


def _names(rows: pd.DataFrame) -> tuple[str, ...]:
    """Names as readers know them; of two that are the same each with its id."""
    names = rows.get("name", pd.Series(rows.index, rows.index)).fillna("").astype(str).str.strip()
    names = names.where(names != "", rows.index.to_series())
    twice = names.duplicated(keep=False)
    return tuple(names.where(~twice, names + " (" + rows.index.to_series() + ")"))


def _quarter(row: pd.Series) -> str:
    """The earliest quarter as 2026Q4, empty where none is given."""
    value = row.get("earliest_quarter")
    text = "" if pd.isna(value) else str(value).strip()
    found = re.fullmatch(r"(\d{4})\W*[Qq]\W*([1-4])|[Qq]\W*([1-4])\W*(\d{4})", text)
    if found is None:
        return UNREADABLE if text else ""
    return f"{found[1] or found[4]}Q{found[2] or found[3]}"


def _earliest(row: pd.Series, first: pd.Period) -> int:
    """Quarters from the plan's first to the earliest one; none where that has passed."""
    quarter = _quarter(row)
    return max(0, int((pd.Period(quarter, "Q") - first).n)) if quarter else 0


def _ids(text: object) -> tuple[str, ...]:
    """Ids that a cell lists, between commas, semicolons or spaces.

    >>> _ids("A01; A02,A03"), _ids(None)
    (('A01', 'A02', 'A03'), ())
    """
    written = "" if text is None or text is pd.NA or text != text else str(text)
    return tuple(filter(None, re.split(r"[;,\s]+", written)))
