"""The ledger as a file: earlier claims with what came of them, then those of this run."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
import pandas as pd

from helpers.methods.ledger.scoring import MEASURED, Scored

__all__ = ["COLUMNS", "claims", "next_day", "renewed"]

COLUMNS = ["claim_id", "wave", "metric", "predicted", "low", "high", "due", "actual"]
DIGITS = 4  # decimals of a score; amounts are whole
WHOLE = 1000.0  # from here on a number is an amount


def next_day(days: Iterable[pd.Timestamp], *, as_of: pd.Timestamp, months: int = 6) -> pd.Timestamp:
    """The day of the next wave: as long after the last as that was after the one before.

    Always later than the day on which the data stand; where there is one wave only, so many
    months after it.

    Examples
    --------
    >>> waves = pd.to_datetime(["2025-05-15", "2025-11-15"])
    >>> next_day(waves, as_of=pd.Timestamp("2025-12-31")).strftime("%F")
    '2026-05-18'
    >>> next_day(waves[:1], as_of=pd.Timestamp("2025-05-31")).strftime("%F")
    '2025-11-15'
    """
    known = sorted(pd.Timestamp(day).normalize() for day in days if pd.notna(day))
    last = known[-1] if known else as_of.normalize()
    step: pd.Timedelta | pd.DateOffset = pd.DateOffset(months=months)
    if len(known) > 1 and known[-1] > known[-2]:
        step = known[-1] - known[-2]
    day = last + step
    while day <= as_of:
        day = day + step
    return day


def claims(wave: str, predicted: pd.DataFrame, *, due: pd.Timestamp | None = None) -> pd.DataFrame:
    """Predictions as rows of the ledger; ids are made of the wave and the metric alone.

    Parameters
    ----------
    predicted
        metric, predicted, low, high, and ``due`` where each has its own.
    due
        When they can be checked.

    Examples
    --------
    >>> made = claims("2026H1", pd.DataFrame({"metric": ["nps"], "predicted": [24.69313175],
    ...     "low": [14.0], "high": [35.0]}), due=pd.Timestamp("2026-11-15"))
    >>> made.loc[0, "claim_id"], float(made.loc[0, "predicted"])
    ('2026H1-nps', 24.6931)
    """
    rows = predicted.assign(
        wave=wave, actual=np.nan, due=predicted["due"] if due is None else due,
        claim_id=[f"{wave}-{_slug(metric)}" for metric in predicted["metric"]],
    )  # fmt: skip
    for name in ("predicted", "low", "high"):
        rows[name] = rows[name].astype(float).map(_rounded)
    return rows[COLUMNS].reset_index(drop=True)


def _slug(metric: str) -> str:
    return re.sub(r"[^\w]+", "-", metric.strip()).strip("-")


def _rounded(value: float) -> float:
    return round(value, DIGITS if abs(value) < WHOLE else 0)


def renewed(old: pd.DataFrame | None, scored: Scored | None, new: pd.DataFrame) -> pd.DataFrame:
    """The ledger that the next run reads.

    Rows that were sent stay as they are, in their order, with ``actual`` where it was measured
    now. A claim is made once: one of this run that the ledger holds already is not made again.

    Examples
    --------
    >>> old = pd.DataFrame({"claim_id": ["w2-nps"], "wave": "w2", "metric": "nps",
    ...     "predicted": 20.0, "low": 10.0, "high": 30.0, "due": pd.Timestamp("2026-12-01"),
    ...     "actual": None})
    >>> again = old.assign(predicted=25.0)
    >>> renewed(old, None, again)["predicted"].tolist()
    [20.0]
    """
    if old is None:
        return new[COLUMNS].reset_index(drop=True)
    kept = old.reindex(columns=COLUMNS).assign(actual=lambda t: t["actual"].astype(float))
    if scored is not None:
        rows = scored.table[scored.table["state"].isin(MEASURED)]
        came = rows.set_index("claim_id")["actual"].astype(float).map(_rounded)
        kept["actual"] = kept["actual"].fillna(kept["claim_id"].map(came))
    fresh = new[~new["claim_id"].isin(kept["claim_id"])]
    parts = [part[COLUMNS] for part in (kept, fresh) if len(part)]
    return pd.concat(parts, ignore_index=True) if parts else kept[COLUMNS]
