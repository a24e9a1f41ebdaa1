"""Revenue at risk: what the accounts' chances of leaving amount to in money."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy.special import expit
from scipy.stats import norm

from helpers.errors import NotEstimable
from helpers.methods.linkage.excess import WithoutNoise
from helpers.methods.linkage.logit import refit
from helpers.methods.linkage.models import Link

__all__ = ["RevenueAtRisk", "revenue_at_risk"]

REFERENCE = 0.75  # share of true scores that lie below what excess compares with
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
        The score that ``excess`` compares with; by default the upper quartile of today's
        true scores.
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
    percentile intervals of an account bootstrap. For ``gross`` the score enters as measured,
    which is right for a forecast. ``excess`` asks what true loyalty costs: where the link has
    a corrected estimate, noise is taken out of link, scores and reference, all refitted in
    each replicate, and each account's true score is drawn about its best guess. Without one
    the measured score stands in, and understates it.

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
    centre, spread = link.design.centre[link.score], link.design.spread[link.score]
    world = _Forecast(
        link, link.design.matrix(accounts), _reliability(link, accounts),
        accounts["revenue"].clip(lower=0).to_numpy(float), kept,
        None if reference_score is None else (reference_score - centre) / spread,
    )  # fmt: skip
    past = _Past.of(link, panel)
    probability = world.losses(link.coefficients.to_numpy()[None, :])[0]
    saved, reference = _expected_excess(world, past)
    table = pd.DataFrame(
        {
            "account_id": accounts["account_id"].to_numpy(),
            "score": accounts[link.score].to_numpy(float),
            "revenue": world.revenue,
            "probability": probability,
            "at_risk": world.revenue * probability,
            "excess": world.revenue * saved,
        }
    ).sort_values(["at_risk", "account_id"], ascending=[False, True], ignore_index=True)
    draws = _draws(world, past, replicates, rng)
    return _result(table, draws, centre + spread * reference, confidence, notes)


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
    reliability: np.ndarray | None  # of each account's score; none where noise stays in
    revenue: np.ndarray
    kept: int
    reference: float | None  # a score, as the design scales it

    def losses(self, coefficients: np.ndarray) -> np.ndarray:
        """Chance of leaving by the score as measured: a row a set of coefficients."""
        return self._lost(coefficients @ self.matrix.T)

    def at_true_scores(
        self, coefficients: np.ndarray, true: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Chance of leaving by true scores, what of it a reference score would save, and that.

        ``true`` holds scores of each replicate and account, several of each where the last
        axis has values alike likely.
        """
        values = true.reshape(len(true), true.shape[1], -1)
        reference = (
            np.quantile(values.reshape(len(values), -1), REFERENCE, axis=1)
            if self.reference is None
            else np.full(len(values), self.reference)
        )
        rest = np.delete(coefficients, 1, axis=1) @ np.delete(self.matrix, 1, axis=1).T
        slope = coefficients[:, 1, None, None]
        lifted = np.maximum(values, reference[:, None, None])
        lost = self._lost(rest[..., None] + slope * values)
        saved = lost - self._lost(rest[..., None] + slope * lifted)
        return lost.mean(axis=2), saved.mean(axis=2), reference

    def _lost(self, line: np.ndarray) -> np.ndarray:
        value = expit(line) if self.link.kind == "logit" else np.clip(line, 0, 1)
        return 1 - value if self.kept else value


@dataclass(frozen=True)
class _Past:
    """The rows the link was estimated on, ready to be weighted anew."""

    link: Link
    matrix: np.ndarray
    outcome: np.ndarray
    codes: np.ndarray  # which account each row is of
    without_noise: WithoutNoise | None

    @classmethod
    def of(cls, link: Link, panel: pd.DataFrame) -> _Past:
        trusted = [link.trusted] if isinstance(link.trusted, str) else []
        clusters = [link.clusters] if link.clusters else []
        rows = panel.dropna(subset=[link.outcome, *link.design.needs, *trusted, *clusters])
        if len(rows) != link.base:
            raise ValueError(f"panel has {len(rows)} usable rows and the link was estimated on "
                             f"{link.base}: give the same panel")  # fmt: skip
        outcome = rows[link.outcome].to_numpy(float)
        if outcome.min() < 0 or outcome.max() > 1:
            raise ValueError(f"{link.outcome} runs from {outcome.min():g} to {outcome.max():g}: "
                             "revenue at risk needs an outcome of 0 and 1, or a share")  # fmt: skip
        matrix = link.design.matrix(rows)
        codes = pd.factorize(rows[link.clusters])[0] if link.clusters else np.arange(len(rows))
        reliability, start = _reliability(link, rows), link.coefficients.to_numpy()
        refits = None
        if reliability is not None:
            refits = WithoutNoise(matrix, outcome, reliability, start, link.kind == "logit")
        return cls(link, matrix, outcome, codes, refits)

    def refit(self, weights: np.ndarray) -> np.ndarray:
        """Coefficients of the link as measured, a row a weighting."""
        start, logit = self.link.coefficients.to_numpy(), self.link.kind == "logit"
        return refit(self.matrix, self.outcome, weights, start, logit=logit)

    def drawn(self, number: int, rng: np.random.Generator) -> np.ndarray:
        """How often each row's account comes up, accounts drawn with replacement."""
        count = int(self.codes.max()) + 1
        times = rng.multinomial(count, np.full(count, 1 / count), size=number)
        return np.asarray(times[:, self.codes], dtype=float)


def _reliability(link: Link, rows: pd.DataFrame) -> np.ndarray | None:
    """Of each row's score; none where the link has no estimate without noise."""
    if link.corrected is None or link.trusted is None:
        return None
    if not isinstance(link.trusted, str):
        return np.full(len(rows), float(link.trusted))
    known = rows.get(link.trusted, pd.Series(np.nan, index=rows.index)).astype(float)
    return known.where(known > 0, link.reliability).to_numpy()


def _expected_excess(world: _Forecast, past: _Past) -> tuple[np.ndarray, float]:
    """How much likelier each account is to leave than at the reference; and that score."""
    if past.without_noise is None or world.reliability is None:
        coefficients, true = world.link.coefficients.to_numpy()[None], world.matrix[None, :, 1]
    else:
        alike = np.ones((1, len(past.outcome)))
        coefficients, calibration = past.without_noise.fitted(alike, np.zeros(1))
        true = calibration.true_scores(world.matrix, world.reliability).points
    _, saved, reference = world.at_true_scores(coefficients, true)
    return saved[0], float(reference[0])


def _draws(
    world: _Forecast, past: _Past, replicates: int, rng: np.random.Generator | None
) -> pd.DataFrame:
    """Gross, excess and one realised loss for each refit."""
    if not replicates or rng is None:
        return pd.DataFrame({"gross": [], "excess": [], "loss": []})
    size = max(1, CELLS // max(len(past.outcome), len(world.revenue)))
    parts = []
    for first in range(0, replicates, size):
        weights = past.drawn(min(size, replicates - first), rng)
        lost, saved = _drawn_chances(world, past, weights, rng)
        left = lost if world.link.kind == "linear" else rng.random(lost.shape) < lost
        parts.append(np.column_stack([m @ world.revenue for m in (lost, saved, left)]))
    return pd.DataFrame(np.concatenate(parts), columns=["gross", "excess", "loss"])


def _drawn_chances(
    world: _Forecast, past: _Past, weights: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Chance of leaving, and what of it the reference would save, by refits on drawn accounts."""
    if past.without_noise is None or world.reliability is None:
        true = np.broadcast_to(world.matrix[:, 1], (len(weights), len(world.matrix)))
        return world.at_true_scores(past.refit(weights), true)[:2]
    shift = world.link.doubt * rng.standard_normal(len(weights))
    coefficients, calibration = past.without_noise.fitted(weights, shift)
    scores = calibration.true_scores(world.matrix, world.reliability)
    return world.at_true_scores(coefficients, scores.drawn(rng))[:2]


def _result(
    table: pd.DataFrame,
    draws: pd.DataFrame,
    reference_score: float,
    confidence: float,
    notes: tuple[str, ...],
) -> RevenueAtRisk:
    revenue, gross = float(table["revenue"].sum()), float(table["at_risk"].sum())
    excess = float(table["excess"].sum())
    centres = {"gross": gross, "excess": excess, "loss": gross}
    ends = {name: _ends(draws[name], centres[name], confidence) for name in draws.columns}
    return RevenueAtRisk(
        table=table,
        gross=gross,
        gross_low=ends["gross"][0],
        gross_high=ends["gross"][1],
        excess=excess,
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


def _ends(draws: pd.Series, value: float, confidence: float) -> tuple[float, float]:
    """Ends of a bias-corrected percentile interval (Efron, Canadian Journal of Statistics, 1981).

    The bootstrap of a sum that few accounts make leans to one side of it; as many steps are
    taken back as it leans.
    """
    if draws.empty:
        return np.nan, np.nan
    fewest = 1 / (len(draws) + 1)
    leaning = norm.ppf(np.clip((draws < value).mean(), fewest, 1 - fewest))
    reach = norm.ppf((1 + confidence) / 2)
    low, high = draws.quantile(norm.cdf(2 * leaning + np.array([-reach, reach])))
    return float(low), float(high)
