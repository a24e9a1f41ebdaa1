"""What candidates bring: reach × adoption × change × effect × money, drawn with all its doubt.

Every draw is one possible future. Effects of drivers come together, as they vary together;
what a point of loyalty is worth comes of the link's refits; adoption, changes and savings are
drawn from what the client states, the wider the less its basis has been right before, and
partly together: whoever hopes too much of one action hopes too much of the next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr
from scipy.stats import triang

from helpers.methods.actions.gains import Gains, Worth
from helpers.methods.actions.listed import BASES, Listed
from helpers.methods.actions.options import Options

__all__ = [
    "ALL", "COMMON", "SAVED", "TRUST", "Planned", "Stated", "money_a_point", "points_a_point",
    "worth_of",
]  # fmt: skip

Floats = NDArray[np.float64]
ALL = -1  # the part that stands for every account
TRUST = {"pilot": 0.95, "benchmark": 0.8, "judgement": 0.6}  # stated ranges that hold the truth
MEASURED = ("pilot", "benchmark")  # bases of changes that are no hopes of the list's authors
COMMON = 0.3  # of the variance: what the list's authors misjudge in all actions alike
SAVED = (0.0, 0.8, 1.2)  # of a claimed saving: the least, the likeliest, the most that comes


@dataclass(frozen=True)
class Stated:
    """How far the client's own numbers are believed.

    Attributes
    ----------
    trust
        By basis, the share of stated ranges that hold what then comes.
    common
        Share of the variance of hopes, 0 to below 1, that all actions have in common: one plan
        comes of few authors, one company, one year, and its hopes are off together. Hopes are
        adoption, savings and changes by judgement; what a pilot or others measured is none.
    saved
        Of a claimed saving the least, the likeliest and the most that comes, in parts of it:
        those who ask for money state the saving, and cost that is freed is seldom all taken out.

    Raises
    ------
    ValueError
        Where ``common`` is no share below 1, or ``saved`` does not rise from nought.

    Examples
    --------
    >>> Stated().common, Stated.of([0.9, 0.7, 0.5]).trust["judgement"]
    (0.3, 0.5)
    """

    trust: Mapping[str, float] = field(default_factory=lambda: dict(TRUST))
    common: float = COMMON
    saved: tuple[float, float, float] = SAVED

    def __post_init__(self) -> None:
        if not 0 <= self.common < 1:
            raise ValueError(f"common is a share below 1, not {self.common}: write 30 % as 0.3")
        if len(self.saved) != 3 or sorted(self.saved) != list(self.saved) or self.saved[0] < 0:
            raise ValueError(f"saved is the least, the likeliest and the most: not {self.saved}")

    @classmethod
    def of(
        cls, trust: Sequence[float], common: float = COMMON, saved: Sequence[float] = SAVED
    ) -> Stated:
        """The same with trust in the order of ``BASES``: pilot, benchmark, judgement."""
        least, likeliest, most = saved
        return cls(dict(zip(BASES, trust, strict=True)), common, (least, likeliest, most))


@dataclass(frozen=True)
class Planned:
    """Over what a plan is reckoned: quarters that may be planned, and years that count.

    ``power`` and ``priced`` are those of :class:`helpers.methods.actions.options.Options`.
    """

    quarters: int = 4
    years: float = 2.0
    power: float = 2.0
    priced: bool = True


def money_a_point(
    rates: pd.DataFrame, money: pd.Series, parts: pd.Series, *, size: int, draws: int,
    rng: np.random.Generator,
) -> Floats:  # fmt: skip
    """Money that one point of the score keeps in each part of the accounts, by draw.

    Parameters
    ----------
    rates
        Money kept over the horizon for a point and each unit of yearly money: a row a refit of
        the link, a column a part; the column ``ALL`` stands for parts that have none.
    money
        Yearly money (margin, or revenue) of every live account, whether it answered or not.
    parts
        The part of each of these accounts, numbered from 0.
    size
        How many parts there are.

    Examples
    --------
    >>> rates = pd.DataFrame({ALL: [0.01, 0.03]})
    >>> made = money_a_point(rates, pd.Series([100.0, 300.0]), pd.Series([0, 1]), size=2,
    ...                      draws=400, rng=np.random.default_rng(1))
    >>> made.shape, made.mean(axis=1).round(0).tolist()
    ((2, 400), [2.0, 6.0])
    """
    total = money.clip(lower=0).groupby(parts).sum()
    refits = rng.permutation(np.resize(rng.permutation(len(rates)), draws))
    held = np.column_stack(
        [rates[part if part in rates else ALL].to_numpy() for part in range(size)]
    )
    yearly = total.reindex(range(size), fill_value=0.0).to_numpy()
    return np.asarray(held[refits].T * yearly[:, None])


def points_a_point(weights: pd.Series, parts: pd.Series, *, size: int, draws: int) -> Floats:
    """Points of everybody's mean that one point in each part of the respondents brings.

    >>> points_a_point(pd.Series([1.0, 3.0]), pd.Series([0, 1]), size=2, draws=2).tolist()
    [[0.25, 0.25], [0.75, 0.75]]
    """
    share = weights.groupby(parts).sum() / weights.sum()
    every = share.reindex(range(size), fill_value=0.0).to_numpy()
    return np.repeat(every[:, None], draws, axis=1)


def worth_of(
    listed: Listed,
    effects: pd.DataFrame,
    a_point: Floats,
    reach: pd.DataFrame,
    *,
    headroom: Mapping[str, float],
    planned: Planned,
    stated: Stated | None = None,
    rng: np.random.Generator,
) -> Worth:
    """Draw what every candidate is worth, alone and together with others.

    Parameters
    ----------
    effects
        Points of the outcome for a point of each driver: a row a draw, a column a driver.
    a_point
        Worth of a point of the outcome: part, draw.
    reach
        Whether actions (rows, by id) reach parts (columns).
    headroom
        Rating points left on each driver's scale.
    stated
        How far the client's own numbers are believed.

    Notes
    -----
    Numbers come from ``rng`` alone, so that the same seed gives the same futures.
    """
    names, draws = list(effects.columns), len(effects)
    rows, stated = listed.actions, stated or Stated()
    hopes = _Hopes(rng, draws, stated.common)
    moved = listed.effects[listed.effects["driver"].isin(names)]
    action = np.array([listed.ids.index(own) for own in moved["action_id"]], dtype=np.int64)
    taken = hopes.drawn(_ends(rows, "adoption", (1.0, 1.0)), np.ones(len(rows))).clip(0, 1)
    width = _widths(moved["basis"], stated.trust)
    measured = moved["basis"].isin(MEASURED).to_numpy(bool)
    change = hopes.drawn(_ends(moved, "change", (0.0, 2.0)), width, measured) * taken[action]
    booked = hopes.drawn(np.tile(np.array(stated.saved), (len(rows), 1)), np.ones(len(rows)))
    gains = Gains(
        action,
        np.array([names.index(driver) for driver in moved["driver"]], dtype=np.int64),
        change,
        reach.loc[list(listed.ids)].to_numpy(bool),
        _savings(rows, taken, planned) * booked,
    )
    value = effects.to_numpy().T[:, None, :] * a_point[None]
    room = np.array([max(float(headroom.get(name, 0.0)), 1e-6) for name in names])
    options = Options.of(
        listed.candidates, quarters=planned.quarters, horizon_years=planned.years,
        power=planned.power, priced=planned.priced,
    )  # fmt: skip
    return Worth(options, gains, value, room)


def _savings(rows: pd.DataFrame, taken: Floats, planned: Planned) -> Floats:
    """Money saved over the horizon, more or less as more or fewer take an action up."""
    yearly = rows["saving_year"].fillna(0).to_numpy(float) * planned.years * planned.priced
    return np.asarray(yearly[:, None] * taken / taken.mean(axis=1, keepdims=True).clip(1e-9))


def _ends(rows: pd.DataFrame, name: str, unknown: tuple[float, float]) -> Floats:
    """Low, middle and high of each row; ends not given are those parts of the middle."""
    none = pd.Series(np.nan, rows.index)
    low, middle, high = (
        pd.to_numeric(rows.get(f"{name}_{end}", none)) for end in ("low", "mid", "high")
    )
    middle = middle.fillna(1.0)
    given = [low.fillna(unknown[0] * middle), middle, high.fillna(unknown[1] * middle)]
    return np.sort(np.column_stack(given).reshape(-1, 3), axis=1)


def _widths(basis: pd.Series, trust: Mapping[str, float]) -> Floats:
    """How much wider than stated a range is drawn, so that it holds the truth as often as said.

    Of a triangle's one side, ``w`` of its length ``h`` from the middle holds
    ``1 - (1 - w/h)²``.

    >>> _widths(pd.Series(["pilot", "judgement"]), TRUST).round(2).tolist()
    [1.29, 2.72]
    """
    share = basis.map(lambda name: trust.get(name, trust[BASES[-1]])).to_numpy(float)
    return np.asarray(1 / (1 - np.sqrt(1 - share)))


class _Hopes:
    """Draws of what is stated: each from its own triangle, all off together in some part.

    A future's hopes are one normal variate, shared, beside one of each row's own; of both, by
    their shares of variance, comes the rank at which a triangle is read (a Gaussian copula). So
    each triangle stays as it is stated, and only the futures of several actions move together.
    """

    def __init__(self, rng: np.random.Generator, draws: int, common: float) -> None:
        self.rng, self.draws, self.common = rng, draws, common
        self.shared = rng.standard_normal(draws)

    def drawn(
        self, ends: Floats, width: Floats, measured: NDArray[np.bool_] | None = None
    ) -> Floats:
        """Draws from triangles, widened around their middles: row, draw.

        Rows that were ``measured`` are no hopes: they stand by themselves.
        """
        if not len(ends):
            return np.empty((0, self.draws))
        middle = ends[:, 1]
        low, high = (middle + width * (ends[:, side] - middle) for side in (0, 2))
        high = np.maximum(high, low + 1e-9)  # a triangle needs some length
        own = self.rng.standard_normal((len(ends), self.draws))
        hoped = np.ones(len(ends)) if measured is None else (~measured).astype(float)
        common = (self.common * hoped)[:, None]
        rank = ndtr(np.sqrt(common) * self.shared + np.sqrt(1 - common) * own)
        peak = np.clip((middle - low) / (high - low), 0, 1)
        length = (high - low)[:, None]
        return np.asarray(triang.ppf(rank, peak[:, None], loc=low[:, None], scale=length))
