"""Effects that are ratios: of how many, and of how soon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy.stats import t as student
from statsmodels.genmod import families
from statsmodels.genmod.generalized_linear_model import GLM

from helpers.errors import NotEstimable
from helpers.methods.linkage.samples import FEWEST_CASES, Question, Sample

__all__ = ["Ratio", "count_ratio", "leaving_ratio", "ratio_of"]

MONTH = 30.4375  # days
SHORTEST = 1.0  # month after a wave: less cannot show who leaves


@dataclass(frozen=True, slots=True)
class Ratio:
    """What ``per`` points more of the score multiply a rate by, less 1."""

    effect: float  # -0.2: a fifth less
    low: float
    high: float
    p: float
    base: int
    accounts: int
    cases: int  # that happened
    coefficient: float  # log ratio for one point
    coefficient_error: float
    notes: tuple[str, ...] = ()

    @property
    def verdict(self) -> Literal["higher", "lower", "not clear"]:
        """Whether the ratio is above or below 1, beyond doubt."""
        if self.low * self.high <= 0:
            return "not clear"
        return "higher" if self.low > 0 else "lower"


def count_ratio(
    panel: pd.DataFrame,
    outcome: str,
    *,
    score: str = "score",
    adjust: Sequence[str] = (),
    clusters: str | None = "account_id",
    per: float = 10.0,
    confidence: float = 0.95,
) -> Ratio:
    """How many more of something there are for ``per`` points more of the score.

    Poisson regression with errors clustered by account, so that counts need not vary as a
    Poisson's do (Wooldridge, Econometric Analysis of Cross Section and Panel Data, 2010, 18.2).

    Parameters
    ----------
    panel
        Rows of account and wave.
    outcome
        A count: products added, offers won.

    Raises
    ------
    NotEstimable
        If the base is too small, or it happened less than five times.

    Examples
    --------
    >>> rng = np.random.default_rng(5)
    >>> frame = pd.DataFrame({"account_id": range(900), "score": rng.normal(60, 15, 900)})
    >>> frame["bought"] = rng.poisson(np.exp(0.02 * (frame["score"] - 60)))
    >>> round(count_ratio(frame, "bought").effect, 1)
    0.2
    """
    ask = Question(outcome, score, "linear", clusters, per, confidence, 0.0)
    sample = ask.sample(panel, adjust, None)
    return ratio_of(sample, families.Poisson())


def leaving_ratio(
    panel: pd.DataFrame,
    ended: pd.Series,
    *,
    as_of: pd.Timestamp,
    score: str = "score",
    adjust: Sequence[str] = (),
    per: float = 10.0,
    confidence: float = 0.95,
) -> Ratio:
    """How much faster accounts leave for ``per`` points more of the score, over all waves.

    A discrete-time hazard: each account is followed from a wave to the next, or to ``as_of``,
    so that every loss is counted once and the last wave counts for the months it has. The
    complementary log-log link makes the ratio one of hazards, however long the interval; each
    wave has a level of its own (Prentice & Gloeckler, Biometrics, 1978; Allison, 1982).

    Parameters
    ----------
    panel
        Rows of account and wave with ``t0``.
    ended
        Day on which an account ended, by ``account_id``; missing while it stays.
    as_of
        The last day the records are complete.

    Raises
    ------
    NotEstimable
        If the base is too small, or fewer than five left or stayed.
    """
    rows = _intervals(panel, pd.to_datetime(ended), pd.Timestamp(as_of))
    ask = Question("left", score, "logit", "account_id", per, confidence, 0.0)
    waves = ["wave"] if len(set(rows["wave"])) > 1 else []
    sample = ask.sample(rows, [*adjust, *waves], None)
    return ratio_of(sample, families.Binomial(link=families.links.CLogLog()))


def _intervals(panel: pd.DataFrame, ended: pd.Series, as_of: pd.Timestamp) -> pd.DataFrame:
    """From each wave to the next of the study: who was there, and who left in it."""
    days = np.sort(panel["t0"].dropna().unique())
    following = dict(zip(days, [*days[1:], as_of], strict=True))
    until = pd.to_datetime(panel["t0"].map(following))
    until = until.where(until <= as_of, as_of)
    end = panel["account_id"].map(ended)
    rows = panel.assign(left=((end > panel["t0"]) & (end <= until)).astype(float))
    months = (until - panel["t0"]).dt.days / MONTH
    rows = rows[(months >= SHORTEST) & ~(end <= panel["t0"])]
    if rows.empty:
        raise NotEstimable("no wave has a month of records after it: use an earlier wave")
    told = (
        rows.groupby("wave")["left"].transform("sum") > 0
    )  # a wave that lost nobody tells nothing
    if not told.any():
        raise NotEstimable("no account has left after a wave yet")
    return rows[told].assign(wave=lambda r: r["wave"].astype("str"))


def ratio_of(sample: Sample, family: families.Family) -> Ratio:
    """Fit a rate and say what ``per`` points multiply it by."""
    matrix, cases = sample.matrix, int((sample.target > 0).sum())
    if (sample.target < 0).any():
        raise ValueError(f"{sample.ask.outcome} is a count, and some are below 0")
    if cases < FEWEST_CASES:
        raise NotEstimable(
            f"{sample.ask.outcome.replace('_', ' ')}: it happened {cases} times, and at least "
            f"{FEWEST_CASES} are needed"
        )
    groups = sample.groups
    codes = np.arange(len(matrix)) if groups is None else pd.factorize(groups)[0]
    model = GLM(sample.target, matrix, family=family)
    fit = model.fit(cov_type="cluster", cov_kwds={"groups": codes})
    slope, error = float(fit.params[1]), float(np.sqrt(fit.cov_params()[1, 1]))
    ask, point = sample.ask, sample.full.spread[sample.ask.score]
    freedom = sample.accounts - 1
    reach = float(student.ppf((1 + ask.confidence) / 2, freedom)) * error
    effect, low, high = np.expm1(
        np.array([slope, slope - reach, slope + reach]) * ask.per / point
    ).tolist()
    return Ratio(
        effect, low, high, 2 * float(student.sf(abs(slope) / error, freedom)),
        len(matrix), sample.accounts, cases, slope / point, error / point, sample.notes,
    )  # fmt: skip
