"""How the link changes with the months allowed for the outcome to show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from helpers.methods.linkage.models import link
from helpers.methods.linkage.windows import panel

__all__ = ["lag_curve"]


def lag_curve(
    scores: pd.DataFrame,
    outcome: str,
    *,
    lags: Sequence[int] = (3, 6, 9, 12),
    accounts: pd.DataFrame | None = None,
    financials: pd.DataFrame | None = None,
    contracts: pd.DataFrame | None = None,
    wave_dates: Mapping[str, pd.Timestamp],
    as_of: pd.Timestamp,
    adjust: Sequence[str] = (),
    covariates: Sequence[str] = (),
    per: float = 10.0,
    confidence: float = 0.95,
    winsorise: float = 0.0,
) -> pd.DataFrame:
    """Estimate the same link once for each lag.

    A longer lag waits for more outcomes but loses the waves whose window is not over, so
    each row has its own ``base``. The arguments are those of ``panel`` and ``link``.

    Returns
    -------
    pandas.DataFrame
        ``lag_months, effect, low, high, p, base, note``, a row a lag. Where a lag cannot be
        estimated the numbers are missing and ``note`` says why.

    Raises
    ------
    ValueError
        If no lag is given, or none can be estimated.

    Examples
    --------
    >>> rng = np.random.default_rng(4)
    >>> ids, left = [f"{i:03d}" for i in range(300)], pd.Timestamp("2025-04-01")
    >>> scores = pd.DataFrame({"wave": "W1", "account_id": ids, "score": rng.normal(60, 15, 300)})
    >>> gone = rng.random(300) < 0.4 - scores["score"] / 250
    >>> accounts = pd.DataFrame({"account_id": ids, "end_date": gone.map({True: left})})
    >>> lag_curve(scores, "retained", lags=(6, 24), accounts=accounts, as_of=pd.Timestamp(
    ...     "2025-12-31"), wave_dates={"W1": pd.Timestamp("2025-01-15")})[["lag_months", "base"]]
       lag_months  base
    0           6   300
    1          24     0
    """
    if not lags:
        raise ValueError("no lag is given: name at least one number of months")
    rows = []
    for lag in sorted(set(lags)):
        row = {"lag_months": lag, "effect": np.nan, "low": np.nan, "high": np.nan, "p": np.nan,
               "base": 0, "note": ""}  # fmt: skip
        frame = panel(
            scores, accounts=accounts, financials=financials, contracts=contracts,
            wave_dates=wave_dates, lag_months=lag, as_of=as_of, covariates=covariates,
        )  # fmt: skip
        try:
            found = link(frame, outcome, adjust=adjust, per=per, confidence=confidence,
                         winsorise=winsorise)  # fmt: skip
        except ValueError as reason:
            rows.append(row | {"note": str(reason)})
            continue
        kept = {name: getattr(found, name) for name in ("effect", "low", "high", "p", "base")}
        rows.append(row | kept)
    if not any(row["base"] for row in rows):
        raise ValueError(f"no lag can be estimated; at {rows[0]['lag_months']} months: "
                         f"{rows[0]['note']}")  # fmt: skip
    return pd.DataFrame(rows)
