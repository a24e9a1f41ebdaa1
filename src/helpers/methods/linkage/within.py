"""The same accounts in their better and worse waves: what never changes about them drops out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy.stats import t as student
from statsmodels.regression.linear_model import OLS

from helpers.errors import NotEstimable
from helpers.methods.linkage.samples import FEWEST_ACCOUNTS, FEWEST_ROWS

__all__ = ["FEWEST_WAVES", "Within", "repeated", "within_accounts"]

FEWEST_WAVES = 3
ONCE = ("retained", "kept_from_offers", "renewed")  # can end a relationship: it happens once


@dataclass(frozen=True, slots=True)
class Within:
    """Change of an outcome for ``per`` points, of an account against its own average."""

    effect: float
    low: float
    high: float
    p: float
    base: int
    accounts: int

    @property
    def verdict(self) -> Literal["higher", "lower", "not clear"]:
        """Whether an account's better waves are followed by more, or less, beyond doubt."""
        if self.low * self.high <= 0:
            return "not clear"
        return "higher" if self.low > 0 else "lower"


def repeated(panel: pd.DataFrame, outcome: str) -> str:
    """The outcome itself where it can happen again and again, else growth where that is known.

    >>> repeated(pd.DataFrame({"growth_after": [0.1]}), "retained")
    'growth_after'
    """
    other = "growth_after"
    stands_in = outcome in ONCE and other in panel and bool(panel[other].notna().any())
    return other if stands_in else outcome


def within_accounts(
    panel: pd.DataFrame,
    outcome: str,
    *,
    score: str = "score",
    per: float = 10.0,
    confidence: float = 0.95,
) -> Within:
    """Link with an effect of its own for each account and each wave (fixed effects).

    Least squares on deviations from each account's mean, waves taken out as well, errors
    clustered by account (Arellano, Oxford Bulletin, 1987). What is lasting about an account,
    measured or not, cannot make this link; what changes with its score can. Size and growth
    before the wave are not adjusted for: they hold earlier outcomes, which would bias the
    estimate with few waves (Nickell, Econometrica, 1981).

    Raises
    ------
    NotEstimable
        With fewer than three waves, too few accounts in two of them, or an outcome that ends
        the relationship and so happens to an account once (Allison & Christakis, 2006).

    Examples
    --------
    >>> rng = np.random.default_rng(7)
    >>> lasting = np.repeat(rng.normal(0, 10, 200), 3)
    >>> frame = pd.DataFrame({"account_id": np.repeat(range(200), 3),
    ...                       "wave": list("abc") * 200,
    ...                       "score": 60 + lasting + rng.normal(0, 5, 600)})
    >>> frame["spend"] = 0.02 * frame["score"] - lasting + rng.normal(0, 0.1, 600)
    >>> round(within_accounts(frame, "spend").effect, 1)
    0.2
    """
    if outcome in ONCE:
        raise NotEstimable(
            f"{outcome} happens to an account once: it cannot be compared with itself"
        )
    rows = panel.dropna(subset=[outcome, score])[["account_id", "wave", outcome, score]]
    rows = rows[rows.groupby("account_id")["wave"].transform("size") > 1]
    if rows["wave"].nunique() < FEWEST_WAVES:
        raise NotEstimable(
            f"accounts can be compared with themselves from {FEWEST_WAVES} waves on that the "
            f"outcome followed; here there are {rows['wave'].nunique()}"
        )
    if rows["account_id"].nunique() < FEWEST_ACCOUNTS or len(rows) < FEWEST_ROWS:
        raise NotEstimable(f"{rows['account_id'].nunique()} accounts have an outcome after two "
                           f"waves or more, and at least {FEWEST_ACCOUNTS} are needed")  # fmt: skip
    return _fitted(rows, outcome, score, per, confidence)


def _fitted(rows: pd.DataFrame, outcome: str, score: str, per: float, confidence: float) -> Within:
    waves = pd.get_dummies(rows["wave"], drop_first=True, dtype=float)
    columns = pd.concat([rows[[outcome, score]].astype(float), waves], axis=1)
    own = columns - columns.groupby(rows["account_id"]).transform("mean")
    if np.allclose(own.iloc[:, 1], 0):
        raise NotEstimable("no account's score changed between its waves")
    codes, names = pd.factorize(rows["account_id"])
    fit = OLS(own.iloc[:, 0].to_numpy(), own.iloc[:, 1:].to_numpy()).fit(
        cov_type="cluster", cov_kwds={"groups": codes}
    )
    slope, error, freedom = (
        fit.params[0] * per,
        np.sqrt(fit.cov_params()[0, 0]) * per,
        len(names) - 1,
    )
    reach = student.ppf((1 + confidence) / 2, freedom) * error
    p = 2 * student.sf(abs(slope) / error, freedom) if error else 0.0
    return Within(
        float(slope), float(slope - reach), float(slope + reach), float(p), len(rows), len(names)
    )
