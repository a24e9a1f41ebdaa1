"""Revenue at risk: what the accounts' chances of leaving amount to in money."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy.special import expit

from helpers.errors import NotEstimable
from helpers.methods.linkage.logit import refit
from helpers.methods.linkage.models import Link

__all__ = ["RevenueAtRisk", "revenue_at_risk"]

CELLS = 4_000_000  # replicates x accounts worked on at once: 32 MB


@dataclass(frozen=True)
class RevenueAtRisk:
    """Expected loss of yearly revenue within the link's lag, and the part that loyalty explains.

    ``gross`` is revenue times the chance of leaving, summed. ``excess`` is the part of it that
    would not be there if every account below the reference score were at it, the link being
    all there is to it. ``loss_low`` and ``loss_high`` add the luck of who leaves: the range in
    which the loss itself should fall.
    """

    table: pd.DataFrame  # account_id, score, revenue, probability, at_risk, excess; largest first
    gross: float
    gross_low: float
    gross_high: float
    excess: float
    excess_low: float
    excess_high: float
    loss_low: float
    loss_high: float
    revenue: float  # of the accounts in the table
    share: float  # gross over revenue
    share_low: float
    share_high: float
    top10_share: float  # of gross, in the ten accounts with most at risk
    reference_score: float
    base: int
    confidence: float
    notes: tuple[str, ...]

    @property
    def verdict(self) -> Literal["clear", "not clear"]:
        """Whether a part of the loss is linked to low scores beyond doubt."""
        return "clear" if self.excess_low > 0 else "not clear"

    def __post_init__(self) -> None:
        total = float(self.table["at_risk"].sum())
        if not np.isclose(total, self.gross):
            raise ValueError(f"accounts sum to {total:.2f}, gross is {self.gross:.2f}")


def revenue_at_risk(
    link: Link,
    current: pd.DataFrame,
    *,
    panel: pd.DataFrame,
    reference_score: float | None = None,
    kept: int = 1,
    replicates: int = 500,
    confidence: float = 0.95,
    rng: np.random.Generator | None = None,
) -> RevenueAtRisk:
    """Turn a link into money: each current account's chance of leaving times its revenue.

    Parameters
    ----------
    link
        A link with an outcome of 0 and 1, or with a share between 0 and 1.
    current
        Today's accounts: ``account_id``, the score, ``revenue`` (a year, money) and the
        columns the link is adjusted for. Missing numbers there take the model's average,
        texts it never saw its commonest level; accounts without a score are left out. Both
        are counted in ``notes``.
    panel
        The rows the link was estimated on, for the interval: accounts are drawn with
        replacement and the model refitted.
    reference_score
        The score that ``excess`` compares with; by default the upper quartile of today's.
    kept
        Value of the outcome that means the customer stayed: 1, or 0 where it marks a loss.
    replicates
        Refits for the interval; 0 gives none.
    rng
        Needed with ``replicates``.

    Raises
    ------
    ValueError
        If a column is missing, the outcome is no share, or no account can be scored.

    Notes
    -----
    G-computation on the retention model (Robins, Mathematical Modelling, 1986) with
    percentile intervals of an account bootstrap. The score enters as measured, which is
    right for a forecast; ``excess`` therefore understates what the true score explains.

    Examples
    --------
    >>> from helpers.methods.linkage.models import link
    >>> rng = np.random.default_rng(2)
    >>> past = pd.DataFrame({"account_id": range(300), "score": rng.normal(60, 15, 300)})
    >>> past["retained"] = (rng.random(300) < expit(past["score"] / 15 - 2)).astype(float)
    >>> now = past.assign(revenue=1000.0)
    >>> risk = revenue_at_risk(link(past, "retained"), now, panel=past, replicates=200, rng=rng)
    >>> bool(risk.gross_low < 1000 * (1 - past["retained"]).sum() < risk.gross_high)
    True
    """
    _check(link, current, replicates, rng)
    accounts, notes = _accounts(link, current)
    if reference_score is None:
        reference_score = float(accounts[link.score].quantile(0.75))
    lifted = accounts.assign(**{link.score: accounts[link.score].clip(lower=reference_score)})
    world = _Forecast(link, link.design.matrix(accounts), link.design.matrix(lifted),
                      accounts["revenue"].clip(lower=0).to_numpy(float), kept)  # fmt: skip
    probability, at_best = world.losses(link.coefficients.to_numpy()[None, :])
    table = pd.DataFrame(
        {
            "account_id": accounts["account_id"].to_numpy(),
            "score": accounts[link.score].to_numpy(float),
            "revenue": world.revenue,
            "probability": probability[0],
            "at_risk": world.revenue * probability[0],
            "excess": world.revenue * (probability[0] - at_best[0]),
        }
    ).sort_values(["at_risk", "account_id"], ascending=[False, True], ignore_index=True)
    draws = _draws(world, panel, replicates, rng)
    return _result(table, draws, reference_score, confidence, notes)


def _check(
    link: Link, current: pd.DataFrame, replicates: int, rng: np.random.Generator | None
) -> None:
    missing = {"account_id", "revenue", *link.design.needs} - set(current.columns)
    if missing:
        raise ValueError(f"current accounts have no column {', '.join(sorted(missing))}: add it")
    if replicates and rng is None:
        raise ValueError("an interval by refits draws at random: give rng")
    if current["account_id"].duplicated().any():
        first = current.loc[current["account_id"].duplicated(), "account_id"].iloc[0]
        raise ValueError(f"current accounts list {first} twice: send one row an account")


def _accounts(link: Link, current: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    scored = current[current[link.score].notna() & current["revenue"].notna()]
    if scored.empty:
        raise NotEstimable("no current account has both a score and revenue: match their ids first")
    notes = []
    if len(scored) < len(current):
        notes.append(f"accounts left out, without score or revenue: {len(current) - len(scored)}")
    negative = int((scored["revenue"] < 0).sum())
    if negative:
        notes.append(f"accounts with negative revenue, taken as nothing at risk: {negative}")
    fill: dict[str, object] = {}
    for name in link.design.numbers:
        fill[name] = link.design.centre[name]
    for name, levels in link.design.levels.items():
        fill[name] = levels[0]
    for name, levels in link.design.levels.items():
        text = scored[name].astype("string")
        scored = scored.assign(**{name: text.where(text.isin(levels))})
    for name, value in fill.items():
        empty = int(scored[name].isna().sum())
        if empty:
            what = "the average" if name in link.design.numbers else repr(value)
            notes.append(
                f"accounts without a known {name}, given {what} of the past accounts: {empty}"
            )
    return scored.fillna(fill), tuple(notes)


@dataclass(frozen=True)
class _Forecast:
    """Today's accounts ready for many sets of coefficients."""

    link: Link
    matrix: np.ndarray
    lifted: np.ndarray
    revenue: np.ndarray
    kept: int

    def losses(self, coefficients: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Chance of leaving, as scored and with scores lifted: a row a set of coefficients."""
        return self._lost(coefficients @ self.matrix.T), self._lost(coefficients @ self.lifted.T)

    def _lost(self, line: np.ndarray) -> np.ndarray:
        value = expit(line) if self.link.kind == "logit" else np.clip(line, 0, 1)
        return 1 - value if self.kept else value


def _draws(
    world: _Forecast, panel: pd.DataFrame, replicates: int, rng: np.random.Generator | None
) -> pd.DataFrame:
    """Gross, excess and one realised loss for each refit."""
    link = world.link
    names = [link.outcome, *link.design.needs, *([link.clusters] if link.clusters else [])]
    rows = panel.dropna(subset=names)
    if len(rows) != link.base:
        raise ValueError(f"panel has {len(rows)} usable rows and the link was estimated on "
                         f"{link.base}: give the same panel")  # fmt: skip
    outcome = rows[link.outcome].to_numpy(float)
    if outcome.min() < 0 or outcome.max() > 1:
        raise ValueError(f"{link.outcome} runs from {outcome.min():g} to {outcome.max():g}: "
                         "revenue at risk needs an outcome of 0 and 1, or a share")  # fmt: skip
    if not replicates or rng is None:
        return pd.DataFrame({"gross": [], "excess": [], "loss": []})
    matrix = link.design.matrix(rows)
    codes = pd.factorize(rows[link.clusters])[0] if link.clusters else np.arange(len(rows))
    count = int(codes.max()) + 1
    size = max(1, CELLS // max(len(rows), len(world.revenue)))
    parts = []
    for first in range(0, replicates, size):
        number = min(size, replicates - first)
        times = rng.multinomial(count, np.full(count, 1 / count), size=number)
        fitted = refit(matrix, outcome, times[:, codes].astype(float),
                       link.coefficients.to_numpy(), logit=link.kind == "logit")  # fmt: skip
        lost, best = world.losses(fitted)
        left = lost if link.kind == "linear" else rng.random(lost.shape) < lost
        parts.append(np.column_stack([m @ world.revenue for m in (lost, lost - best, left)]))
    return pd.DataFrame(np.concatenate(parts), columns=["gross", "excess", "loss"])


def _result(
    table: pd.DataFrame,
    draws: pd.DataFrame,
    reference_score: float,
    confidence: float,
    notes: tuple[str, ...],
) -> RevenueAtRisk:
    tails = [(1 - confidence) / 2, (1 + confidence) / 2]
    ends = {
        name: tuple(draws[name].quantile(tails)) if len(draws) else (np.nan, np.nan)
        for name in draws.columns
    }
    revenue, gross = float(table["revenue"].sum()), float(table["at_risk"].sum())
    return RevenueAtRisk(
        table=table,
        gross=gross,
        gross_low=ends["gross"][0],
        gross_high=ends["gross"][1],
        excess=float(table["excess"].sum()),
        excess_low=ends["excess"][0],
        excess_high=ends["excess"][1],
        loss_low=ends["loss"][0],
        loss_high=ends["loss"][1],
        revenue=revenue,
        share=gross / revenue if revenue else np.nan,
        share_low=ends["gross"][0] / revenue if revenue else np.nan,
        share_high=ends["gross"][1] / revenue if revenue else np.nan,
        top10_share=float(table["at_risk"].head(10).sum() / gross) if gross else np.nan,
        reference_score=reference_score,
        base=len(table),
        confidence=confidence,
        notes=notes,
    )
