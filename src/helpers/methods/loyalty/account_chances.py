"""How likely each account truly belongs to each segment, and what revenue each segment holds."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import ndtr, owens_t
from scipy.stats import f, f_oneway

from helpers.errors import NotEstimable
from helpers.methods.loyalty.membership import CHANCES, Membership, by_chances
from helpers.methods.loyalty.positions import Positions, account_means, positions
from helpers.methods.loyalty.segments import CUTS, segments
from helpers.methods.survey import SurveyDesign
from helpers.methods.survey.calibration import Floats
from helpers.methods.survey.columns import aligned, column
from helpers.methods.survey.estimates import normal_quantile

__all__ = ["account_membership"]

NEARLY = 1e-300  # in the place of 0, at which the slopes of Owen's function are not known
SCORES = ["attitude", "behaviour"]


def account_membership(
    attitude: ArrayLike,
    behaviour: ArrayLike,
    accounts: ArrayLike,
    design: SurveyDesign | None = None,
    *,
    revenue: pd.Series | None = None,
    cuts: tuple[float, float] = CUTS,
    confidence: float = 0.95,
) -> Membership:
    """Chance of each account to truly belong to each segment, given its people's scores.

    An account's true position is the mean attitude and behaviour of the people one could
    ask there. Its people scatter round it, and the position seen is drawn toward the mean
    of all accounts as far as its few people leave doubt. How far accounts and people
    differ is estimated too, and the chances allow for that (`positions`).

    Parameters
    ----------
    attitude, behaviour
        Scores of each person, 0-100; people without both, or without an account, are
        left out.
    accounts
        The account of each person.
    design
        That of the respondents: their weights say how people count within their account.
    revenue
        Revenue by account: ``expected`` then has how it divides, as ``revenue``,
        ``revenue_low`` and ``revenue_high``, of these accounts and no others.

    Returns
    -------
    Membership
        ``table`` is indexed by account. Intervals of ``expected`` are of these accounts too.

    Raises
    ------
    NotEstimable
        If too few accounts have two respondents, or people of an account are not
        distinguishably more alike than others: then they may tell nothing of it.

    References
    ----------
    Everson and Morris (2000), Journal of the Royal Statistical Society B 62; Efron and
    Morris (1972), Biometrika 59.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> of = np.repeat(np.arange(60), 4)
    >>> level = rng.normal(75, 12, (2, 60))[:, of]
    >>> found = account_membership(level[0] + rng.normal(0, 10, 240), level[1], of)
    >>> found.base, 0 < found.firm.value < 1
    (60, True)
    """
    people = _people(attitude, behaviour, accounts, design)
    means = account_means(people, SCORES)
    placed = positions(means)
    least = (1 - confidence) / 2
    _refuse_unlike(people, least)
    placed = placed.reweighted(1 / _passing(placed, people, least))
    under = _under_each(placed, cuts)
    chances = np.einsum("k,kjs->js", placed.weight, under).clip(0, 1)
    seen = segments(*pd.DataFrame(means.means, index=means.ids).T.to_numpy(), cuts=cuts)
    seen.index = means.ids
    each = {"": np.ones(len(seen))}
    if revenue is not None and (money := _sizes(revenue, means.ids)).sum() > 0:
        each["revenue"] = money
    shares = {name: _shares(placed.weight, under, size, confidence) for name, size in each.items()}
    found = by_chances(pd.DataFrame(chances, index=means.ids, columns=CHANCES), seen, shares[""])
    if "revenue" not in shares:
        return found
    value, low, high = shares["revenue"]
    more = found.expected.assign(revenue=value, revenue_low=low, revenue_high=high)
    return Membership(found.table, more, found.base, found.firm)


def _people(
    attitude: ArrayLike, behaviour: ArrayLike, accounts: ArrayLike, design: SurveyDesign | None
) -> pd.DataFrame:
    whole = SurveyDesign() if design is None else design
    likes = whole.answers(attitude, "attitude")
    return pd.DataFrame(
        {
            "account_id": aligned(accounts, likes, "accounts"),
            "attitude": likes,
            "behaviour": column(aligned(behaviour, likes, "behaviour"), "behaviour"),
            "weight": whole.weights_for(likes),
        }
    ).dropna()


def _refuse_unlike(people: pd.DataFrame, least: float) -> None:
    """Refuse where the F test finds colleagues no more alike than others."""
    loyalty = people[SCORES].mean(axis=1)
    chance = _unlike(loyalty.to_numpy(), people["account_id"]) if np.ptp(loyalty) > 0 else 1.0
    if not chance < least:
        raise NotEstimable(
            "people of one account do not answer distinguishably more alike than people of "
            f"different accounts (p = {chance:.2f})"
        )


def _unlike(values: Floats, groups: pd.Series) -> float:
    """The p-value of the F test that groups have one mean, of any number of groups.

    >>> round(_unlike(np.array([1.0, 2, 4, 6]), pd.Series(["a", "a", "b", "b"])), 6)
    0.088678
    """
    of, ids = pd.factorize(groups)
    off, sizes = values - values.mean(), np.bincount(of)
    means = np.bincount(of, off) / sizes
    between, within = float(sizes @ means**2), float(((off - means[of]) ** 2).sum())
    freedom = len(ids) - 1, len(values) - len(ids)
    if min(freedom) < 1 or within == 0:
        return float(f_oneway(*(one for _, one in pd.Series(values).groupby(of))).pvalue)
    return float(f.sf(between / freedom[0] / (within / freedom[1]), *freedom))


def _passing(placed: Positions, people: pd.DataFrame, least: float) -> Floats:
    """Chance under each pair of spreads that the F test lets accounts be placed at all.

    It does so where accounts happen to differ much, which would make the pairs with little
    between accounts look less likely than they are (Yekutieli 2012).
    """
    sizes = people.groupby("account_id", observed=True).size().to_numpy()
    count, accounts = int(sizes.sum()), len(sizes)
    typical = (count - (sizes**2).sum() / count) / (accounts - 1)
    ratio = placed.between.sum(axis=(1, 2)) / placed.within.sum(axis=(1, 2))
    limit = f.isf(least, accounts - 1, count - accounts)
    passing: Floats = f.sf(limit / (1 + typical * ratio), accounts - 1, count - accounts)
    return passing


def _sizes(revenue: pd.Series, ids: pd.Index) -> Floats:
    return np.asarray(revenue.reindex(ids).astype(float).clip(lower=0).fillna(0.0), dtype=float)


def _under_each(placed: Positions, cuts: tuple[float, float]) -> Floats:
    """Chances of the four segments under each pair of spreads: pairs, accounts, segments."""
    pairs = zip(placed.place, placed.doubt, strict=True)
    return np.stack([_above(place, doubt, cuts) for place, doubt in pairs])


def _shares(
    weight: Floats, under: Floats, sizes: Floats, confidence: float
) -> tuple[Floats, Floats, Floats]:
    """How sizes divide among the segments, with an interval for these very accounts.

    What varies is which segment each account truly is in, and what is open of the spreads.
    """
    part = sizes / sizes.sum()
    each = np.einsum("j,kjs->ks", part, under)
    value = weight @ each
    chance = np.einsum("j,kjs->ks", part**2, under * (1 - under))
    reach = normal_quantile(confidence) * np.sqrt(weight @ (chance + (each - value) ** 2))
    low, high = (np.clip(value + side * reach, 0, 1) for side in (-1, 1))
    return np.asarray(value), low, high


def _above(position: Floats, doubt: Floats, cuts: tuple[float, float]) -> Floats:
    """Chances of the four segments from a bivariate normal for each unit."""
    spread = np.sqrt(np.stack([doubt[:, 0, 0], doubt[:, 1, 1]], axis=1))
    r = np.clip(doubt[:, 0, 1] / (spread[:, 0] * spread[:, 1]), -0.999, 0.999)
    need = (np.array(cuts) - position) / spread
    both = _both_above(need[:, 0], need[:, 1], r)
    high = ndtr(-need)
    parts = [both, high[:, 0] - both, high[:, 1] - both, 1 - high.sum(axis=1) + both]
    found = np.clip(np.column_stack(parts), 0, 1)
    return np.asarray(found / found.sum(axis=1, keepdims=True))


def _both_above(first: Floats, second: Floats, r: Floats) -> Floats:
    """Chance that two standard normals of correlation ``r`` exceed ``first`` and ``second``.

    By Owen's function (Owen 1956, Annals of Mathematical Statistics 27).

    >>> _both_above(np.zeros(2), np.zeros(2), np.array([0.0, 0.5])).round(6).tolist()
    [0.25, 0.333333]
    """
    h, k = (np.where(end == 0, NEARLY, -end) for end in (first, second))
    rest = np.sqrt(1 - r**2)
    found = (ndtr(h) + ndtr(k)) / 2 - (h * k < 0) / 2
    for one, other in ((h, k), (k, h)):
        found -= owens_t(one, (other - r * one) / (one * rest))
    return np.asarray(found)
