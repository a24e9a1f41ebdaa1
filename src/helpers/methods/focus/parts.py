"""What the records say of asking, acting and telling: shares of records, from 0 to 100."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from helpers.methods.accounts import asked
from helpers.methods.survey import wilson

__all__ = [
    "MEASURES", "asked_lately", "measure", "of_records", "promise_measures", "table_of",
]  # fmt: skip

MEASURES: Mapping[str, tuple[str, str]] = {  # the part that each belongs to, and its records
    "coverage": ("solicit", "invitations"),
    "cadence": ("solicit", "invitations"),
    "response": ("solicit", "invitations"),
    "cases": ("act", "cases"),
    "promises": ("act", "promises due"),
    "told": ("tell", "promises delivered"),
    "told_in_time": ("tell", "promises delivered"),
}
COLUMNS = ["part", "measure", "value", "low", "high", "base", "base_unit", "source"]


def measure(
    name: str, share: float, low: float, high: float, *, base: int, base_unit: str
) -> dict[str, Any]:
    """A share that is known already, with its interval, as one measure of a part.

    Parameters
    ----------
    name
        One of ``MEASURES``.
    share, low, high
        From 0 to 1.

    Raises
    ------
    ValueError
        Where no measure is called so, or the share lies outside its interval.

    Examples
    --------
    >>> row = measure("cases", 0.57, 0.52, 0.62, base=386, base_unit="cases")
    >>> row["part"], round(row["value"], 6)
    ('act', 57.0)
    """
    if name not in MEASURES:
        raise ValueError(f"{name!r} is no measure of customer focus: one of {', '.join(MEASURES)}")
    if not 0 <= low <= share <= high <= 1:
        raise ValueError(f"{name}: {share:g} is no share between {low:g} and {high:g}")
    part, source = MEASURES[name]
    return {"part": part, "measure": name, "value": share * 100, "low": low * 100,
            "high": high * 100, "base": base, "base_unit": base_unit, "source": source}  # fmt: skip


def of_records(
    name: str, yes: int, base: int, *, base_unit: str, confidence: float = 0.95
) -> list[dict[str, Any]]:
    """A share of records with Wilson's interval; nothing where there is no record.

    The records are all there are. The interval says how far the share of as many more, made
    the same way, could lie from it.

    Examples
    --------
    >>> row, = of_records("promises", 6, 8, base_unit="promises")
    >>> row["value"], round(row["low"], 1), round(row["high"], 1)
    (75.0, 40.9, 92.9)
    >>> of_records("promises", 0, 0, base_unit="promises")
    []
    """
    if not base:
        return []
    low, high = wilson(yes, base, confidence=confidence)
    return [measure(name, yes / base, low, high, base=base, base_unit=base_unit)]


def asked_lately(
    accounts: pd.Series,
    invitations: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    months: int = 12,
    days: Mapping[str, pd.Timestamp] | None = None,
) -> pd.Series:
    """Which accounts had somebody asked in the months before a day.

    Parameters
    ----------
    accounts
        Ids of the accounts that are customers.
    invitations
        ``account_id``, ``wave``, ``disposition`` and, where known, ``invited_at``.
    days
        The day of each wave, for invitations without one of their own.

    Examples
    --------
    >>> sent = pd.DataFrame({"account_id": ["a", "b"], "wave": "w", "disposition": "unknown",
    ...     "invited_at": pd.to_datetime(["2026-05-01", "2024-05-01"])})
    >>> asked_lately(pd.Series(["a", "b"]), sent, as_of=pd.Timestamp("2026-06-30")).tolist()
    [True, False]
    """
    own = invitations.get("invited_at", pd.Series(pd.NaT, invitations.index))
    day = pd.to_datetime(own).fillna(pd.to_datetime(invitations["wave"].map(dict(days or {}))))
    near = (day > as_of - pd.DateOffset(months=months)) & (day.dt.normalize() <= as_of)
    return accounts.isin(asked(invitations[near]))


def promise_measures(
    promised: pd.DataFrame, *, as_of: pd.Timestamp, within: int = 90, confidence: float = 0.95
) -> list[dict[str, Any]]:
    """What became of promises: delivered of those due, told, and told in time.

    Due is what was due by the day of the data, that day included. A promise that was delivered
    less than ``within`` days ago, and not told yet, can still be told in time: it counts only
    among those told.

    Parameters
    ----------
    promised
        ``due``, ``delivered_at`` and ``told_at``, as `actions.promises` gives them.
    within
        Days after delivery in which customers should be told.

    Examples
    --------
    >>> made = pd.DataFrame({"due": pd.to_datetime(["2026-01-31", "2026-03-31"]),
    ...     "delivered_at": pd.to_datetime(["2026-01-10", None]),
    ...     "told_at": pd.to_datetime(["2026-06-01", None])})
    >>> rows = promise_measures(made, as_of=pd.Timestamp("2026-06-30"))
    >>> [(row["measure"], row["value"], row["base"]) for row in rows]
    [('promises', 50.0, 2), ('told', 100.0, 1), ('told_in_time', 0.0, 1)]
    """
    due, delivered, heard = (
        pd.to_datetime(promised[name]).dt.normalize() for name in ("due", "delivered_at", "told_at")
    )
    there, known = delivered <= as_of, heard <= as_of
    limit = delivered + pd.Timedelta(days=within)
    over = there & (known | (limit < as_of))
    counts = {"promises": (there, due <= as_of), "told": (known, there),
              "told_in_time": (known & (heard <= limit), over)}  # fmt: skip
    return [
        row
        for name, (yes, of) in counts.items()
        for row in of_records(
            name, int((yes & of).sum()), int(of.sum()), base_unit="promises", confidence=confidence
        )
    ]


def table_of(*rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Measures as one table, each once, in the order of ``MEASURES``.

    Examples
    --------
    >>> table_of(of_records("told", 1, 2, base_unit="promises"))["measure"].tolist()
    ['told']
    """
    made = pd.DataFrame([row for several in rows for row in several], columns=COLUMNS)
    order = made["measure"].map(list(MEASURES).index)
    return made.iloc[order.argsort(kind="stable")].reset_index(drop=True)
