"""Revenue at risk: what the accounts' chances of leaving amount to in money."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy.stats import norm

from helpers.errors import NotEstimable
from helpers.methods.claims import p_of_interval
from helpers.methods.linkage.forecasts import (
    Forecast,
    Past,
    check_current,
    expected_scores,
    refitted,
    scored_accounts,
)
from helpers.methods.linkage.levels import LossLevels
from helpers.methods.linkage.models import Link

__all__ = ["RevenueAtRisk", "ends", "margin_at_risk", "revenue_at_risk"]

DRAWN = ["gross", "excess", "loss", "steady_gross", "steady_excess"]
OF_ONE = 500  # refits that tell the interval of one account: of many accounts more take much room


@dataclass(frozen=True)
class RevenueAtRisk:
    """Expected loss of yearly revenue within the link's lag, and the part that loyalty explains.

    ``gross`` is revenue times the chance of leaving, summed over accounts that have a score.
    ``excess`` is the part of it that would not be there if every account below the reference
    score were at it, the link being all there is to it. Both rest on each account's true score,
    which its own reliability tells more or less surely, so no account's part is more than its
    whole. ``loss`` (the middle of its draws), ``loss_low`` and ``loss_high`` add the luck of who
    leaves: the range in which the loss itself should fall. ``p_link`` is that of the link itself, 1
    where it runs the other way: unless it is clear no part of the loss is said to be linked to
    scores. ``low`` and ``high`` of one account's ``at_risk`` are missing where no refits were asked
    for.
    """

    table: pd.DataFrame  # account_id, score, revenue, probability, at_risk, low, high, excess;
    # most at risk first
    gross: float
    gross_low: float
    gross_high: float
    excess: float
    excess_low: float
    excess_high: float
    loss: float
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
    p_link: float

    @property
    def linked(self) -> bool:
        """Whether the link itself is clear."""
        return self.p_link < 1 - self.confidence

    @property
    def p(self) -> float:
        """Chance of so clear a part were none linked: the link and the part both have to be."""
        ends = (self.excess, self.excess_low, self.excess_high)
        return max(self.p_link, p_of_interval(*ends, confidence=self.confidence))

    @property
    def verdict(self) -> Literal["clear", "not clear"]:
        """Whether a part of the loss is linked to low scores beyond doubt."""
        return "clear" if self.linked and self.excess_low > 0 else "not clear"

    def __post_init__(self) -> None:
        total = float(self.table["at_risk"].sum())
        if not np.isclose(total, self.gross):
            raise ValueError(f"accounts sum to {total:.2f}, gross is {self.gross:.2f}")
        more = self.table["excess"] > self.table["at_risk"] * (1 + 1e-9)
        if more.any():
            first = self.table.loc[more, "account_id"].iloc[0]
            raise ValueError(f"account {first} has more linked to its score than it has at risk")


def revenue_at_risk(
    link: Link,
    current: pd.DataFrame,
    *,
    panel: pd.DataFrame,
    reference_score: float | None = None,
    kept: int = 1,
    levels: LossLevels | None = None,
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
    levels
        How many left after each past wave: the intervals then allow for the next one to differ
        from their average as far as these say that waves differ.
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
    percentile intervals of an account bootstrap. Where the link has a corrected estimate, noise
    is taken out of link, scores and reference, all refitted in each replicate, and each account's
    true score lies about its best guess: the score of an account with one respondent says less
    of its chance than that of one with ten. Without it the measured score stands in, which is
    right for the total and understates ``excess``. The range of the loss itself is that of its
    draws, with no step back for where they lean: luck leans, and is no bias.

    Examples
    --------
    >>> from scipy.special import expit
    >>> from helpers.methods.linkage.models import link
    >>> rng = np.random.default_rng(2)
    >>> past = pd.DataFrame({"account_id": range(300), "score": rng.normal(60, 15, 300)})
    >>> past["retained"] = (rng.random(300) < expit(past["score"] / 15 - 2)).astype(float)
    >>> now = past.assign(revenue=1000.0)
    >>> risk = revenue_at_risk(link(past, "retained"), now, panel=past, replicates=200, rng=rng)
    >>> bool(risk.gross_low < 1000 * (1 - past["retained"]).sum() < risk.gross_high)
    True
    """
    check_current(link, current, replicates, rng)
    accounts, notes = scored_accounts(link, current)
    centre, spread = link.design.centre[link.score], link.design.spread[link.score]
    reference = None if reference_score is None else (reference_score - centre) / spread
    world = Forecast.of(link, accounts, kept, reference)
    past = Past.of(link, panel)
    probability, saved, reference = _expected(world, past)
    draws, chances = _draws(world, past, levels, replicates, rng)
    low, high = _spread(chances, confidence)
    table = pd.DataFrame(
        {
            "account_id": accounts["account_id"].to_numpy(),
            "score": accounts[link.score].to_numpy(float),
            "revenue": world.revenue,
            "probability": probability,
            "at_risk": world.revenue * probability,
            "low": world.revenue * low,
            "high": world.revenue * high,
            "excess": world.revenue * saved,
        }
    ).sort_values(["at_risk", "account_id"], ascending=[False, True], ignore_index=True)
    p_link = link.p_of("higher" if kept else "lower")
    return _result(table, draws, centre + spread * reference, confidence, notes, p_link)


def margin_at_risk(
    link: Link,
    current: pd.DataFrame,
    margin: pd.Series | None,
    **options: Any,  # noqa: ANN401 - those of revenue_at_risk
) -> RevenueAtRisk:
    """The same in margin, of ``margin`` (money a year) by account.

    Raises
    ------
    NotEstimable
        Where no margin was sent.
    """
    if margin is None:
        raise NotEstimable("no margin was sent beside revenue")
    earned = current["account_id"].map(margin)
    return revenue_at_risk(link, current.assign(revenue=earned), **options)


def _expected(world: Forecast, past: Past) -> tuple[np.ndarray, np.ndarray, float]:
    """Each account's chance of leaving, what of it the reference would save; and that score."""
    lost, saved, reference = world.at_true_scores(*expected_scores(world, past))
    return lost[0], saved[0], float(reference[0])


def _draws(
    world: Forecast,
    past: Past,
    levels: LossLevels | None,
    replicates: int,
    rng: np.random.Generator | None,
) -> tuple[pd.DataFrame, np.ndarray]:
    """Gross, excess and one realised loss for each refit; the first two at a steady level too.

    With them each account's chance of leaving, of the first refits: refit, account.
    """
    if not replicates or rng is None:
        return pd.DataFrame(columns=DRAWN, dtype=float), np.empty((0, len(world.revenue)))
    parts, chances, kept = [], [], 0
    for coefficients, true in refitted(world, past, replicates, rng):
        lost, saved, reference = steady = world.at_true_scores(coefficients, true)
        if levels is not None:
            moved = world.with_level(coefficients, levels.drawn(len(coefficients), rng))
            lost, saved, _ = world.at_true_scores(moved, true, reference)
        left = lost if world.link.kind == "linear" else rng.random(lost.shape) < lost
        drawn = (lost, saved, left, *steady[:2])
        parts.append(np.column_stack([each @ world.revenue for each in drawn]))
        chances.append(lost[: OF_ONE - kept].astype(np.float32))
        kept += len(chances[-1])
    return pd.DataFrame(np.concatenate(parts), columns=DRAWN), np.concatenate(chances)


def _spread(chances: np.ndarray, confidence: float) -> tuple[np.ndarray, np.ndarray]:
    """Both ends of each account's chance over the refits; missing without any."""
    if not len(chances):
        missing = np.full(chances.shape[1], np.nan)
        return missing, missing
    low, high = np.quantile(chances, [(1 - confidence) / 2, (1 + confidence) / 2], axis=0)
    return low, high


def _result(
    table: pd.DataFrame,
    draws: pd.DataFrame,
    reference_score: float,
    confidence: float,
    notes: tuple[str, ...],
    p_link: float,
) -> RevenueAtRisk:
    revenue, gross = float(table["revenue"].sum()), float(table["at_risk"].sum())
    excess = float(table["excess"].sum())
    centres = {"gross": gross, "excess": excess}
    reach = {
        name: ends(draws[name], centre, confidence, about=draws[f"steady_{name}"])
        for name, centre in centres.items()
    }
    places = ((1 - confidence) / 2, 0.5, (1 + confidence) / 2)
    loss_low, loss, loss_high = (float(draws["loss"].quantile(place)) for place in places)
    return RevenueAtRisk(
        table=table,
        gross=gross,
        gross_low=reach["gross"][0],
        gross_high=reach["gross"][1],
        excess=excess,
        excess_low=reach["excess"][0],
        excess_high=reach["excess"][1],
        loss=loss,
        loss_low=loss_low,
        loss_high=loss_high,
        revenue=revenue,
        share=gross / revenue if revenue else np.nan,
        share_low=reach["gross"][0] / revenue if revenue else np.nan,
        share_high=reach["gross"][1] / revenue if revenue else np.nan,
        top10_share=float(table["at_risk"].head(10).sum() / gross) if gross else np.nan,
        reference_score=reference_score,
        base=len(table),
        confidence=confidence,
        notes=notes,
        p_link=p_link,
    )


def ends(
    draws: pd.Series, value: float, confidence: float, *, about: pd.Series | None = None
) -> tuple[float, float]:
    """Ends of a bias-corrected percentile interval (Efron, Canadian Journal of Statistics, 1981).

    The bootstrap of a sum that few accounts make leans to one side of it; as many steps are
    taken back as it leans. ``about`` are the draws whose leaning counts, where ``draws`` hold more
    than the refits: what is yet to happen leans as well, and that is no bias of an estimate.
    """
    if draws.empty:
        return np.nan, np.nan
    fewest = 1 / (len(draws) + 1)
    refits = draws if about is None else about
    leaning = norm.ppf(np.clip((refits < value).mean(), fewest, 1 - fewest))
    reach = norm.ppf((1 + confidence) / 2)
    low, high = draws.quantile(norm.cdf(2 * leaning + np.array([-reach, reach])))
    return float(low), float(high)
