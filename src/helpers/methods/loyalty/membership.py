"""How likely each person, and each account, truly belongs to each segment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import ndtr

from helpers.errors import NotEstimable
from helpers.methods import stats
from helpers.methods.calibration import Floats, WeightsLike
from helpers.methods.columns import aligned, column, weight_column
from helpers.methods.estimates import Estimate
from helpers.methods.loyalty.answering import AnswerModel, answer_model
from helpers.methods.loyalty.replication import groups_of, jackknife, unit_codes
from helpers.methods.loyalty.segments import CUTS, KEYS, SEGMENTS, enough, segments

__all__ = ["Membership", "account_membership", "membership"]

CHANCES = tuple(KEYS.values())
GROUPS = 15  # of accounts, left out one by one
FIRM = 0.8  # chance from which a placing is firm
POINTS, MASSES = np.polynomial.legendre.leggauss(48)
FAR = 8.0  # standard deviations: nothing lies beyond


@dataclass(frozen=True)
class Membership:
    """The chance of each person or account to belong to each segment.

    ``table`` has a row for each unit: its ``segment`` by the scores as they stand, one
    column of chances for each segment (``truly_loyal``, …), and ``firm`` (whether the
    segment it stands in has a chance of at least 0.8). ``expected`` is how the base truly
    divides, the chances added up: ``segment``, ``seen`` (share by the scores as they stand),
    ``value``, ``low``, ``high``.
    """

    table: pd.DataFrame
    expected: pd.DataFrame
    base: int
    firm: Estimate  # share of units whose segment is firm

    def __post_init__(self) -> None:
        if not np.allclose(self.table[list(CHANCES)].sum(axis=1), 1, atol=1e-6):
            raise ValueError("the chances of a unit do not add up to 1")
        if not np.isclose(self.expected["value"].sum(), 1, atol=1e-6):
            raise ValueError("the true shares of the segments do not add up to 1")


def membership(
    attitude: pd.DataFrame,
    behaviour: pd.DataFrame,
    *,
    cuts: tuple[float, float] = CUTS,
    weights: WeightsLike | None = None,
    accounts: ArrayLike | None = None,
    smallest: int = 0,
    confidence: float = 0.95,
) -> Membership:
    """Chance of each person to truly belong to each segment, given all their answers.

    A person's true score on an axis is the mean they would give over many askings.
    Answers scatter round it as the model of `answering` says; the chance is that of true
    scores at or above both cut-offs, and so on, given what the person answered and how
    feelings are spread in the base. Both axes count together: a low attitude makes a high
    behaviour doubtful.

    Parameters
    ----------
    attitude, behaviour
        One column a question (0-100), one row a person; people without an answer to an
        axis are left out.
    cuts
        The lowest true score that counts as high on each axis.
    weights
        One for each person: how chances count when they are added up.
    accounts
        The account of each person; the intervals of ``expected`` leave out groups of them,
        the model fitted anew each time.
    smallest
        Fewest people with an answer to both axes.

    Raises
    ------
    NotEstimable
        If there are fewer, or the answers cannot carry the model.

    References
    ----------
    Samejima (1969), Psychometrika Monograph 17; Bock and Mislevy (1982), Applied
    Psychological Measurement 6 (chances from all answers).

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> feel = rng.normal(size=(400, 1))
    >>> seen = lambda: np.clip(np.rint(4 + feel + 0.7 * rng.normal(size=(400, 3))), 1, 5) * 25 - 25
    >>> found = membership(pd.DataFrame(seen()), pd.DataFrame(seen()))
    >>> found.table["truly_loyal"].between(0, 1).all(), found.base
    (np.True_, 400)
    """
    known = attitude.notna().any(axis=1) & behaviour.notna().any(axis=1)
    enough(int(known.sum()), smallest)
    likes, stays = attitude[known], behaviour[known]
    seen = segments(likes.mean(axis=1), stays.mean(axis=1), cuts=cuts)
    whole = np.ones(len(known)) if weights is None else weights
    mass = weight_column(whole, pd.Series(known))[known].to_numpy()
    units = pd.factorize(unit_codes(accounts, pd.Series(known))[known.to_numpy()])[0]
    model = answer_model(likes, stays)
    chances = _posterior(model, likes, stays, cuts)
    without = []
    for group in groups_of(units, GROUPS):
        kept = ~group
        again = answer_model(likes[kept], stays[kept], start=model)
        without.append(mass[kept] @ _posterior(again, likes[kept], stays[kept], cuts)
                       / mass[kept].sum())  # fmt: skip
    value = mass @ chances / mass.sum()
    _, low, high, _ = jackknife(value, np.array(without), confidence=confidence)
    return _result(
        pd.DataFrame(chances, index=seen.index, columns=CHANCES), seen, mass, units,
        (value, np.clip(low, 0, 1), np.clip(high, 0, 1)), confidence,
    )  # fmt: skip


def _posterior(
    model: AnswerModel, attitude: pd.DataFrame, behaviour: pd.DataFrame, cuts: tuple[float, float]
) -> Floats:
    """Chances of the four segments, a row a person."""
    prior = model.prior
    likes = model.attitude.likelihood(attitude)
    stays = model.behaviour.likelihood(behaviour)
    above = model.attitude.truly_above(cuts[0]), model.behaviour.truly_above(cuts[1])
    high = (likes * above[0]) @ prior
    low = (likes * (1 - above[0])) @ prior
    parts = [
        (one * stays * side).sum(axis=1)
        for one, side in ((high, above[1]), (high, 1 - above[1]),
                          (low, above[1]), (low, 1 - above[1]))
    ]  # fmt: skip
    found = np.column_stack(parts)
    return np.asarray(found / found.sum(axis=1, keepdims=True))


def _result(
    chances: pd.DataFrame,
    seen: pd.Series,
    mass: Floats,
    units: np.ndarray | None,
    shares: tuple[Floats, Floats, Floats],
    confidence: float,
) -> Membership:
    own = np.select([seen == name for name in SEGMENTS], [chances[c] for c in CHANCES], np.nan)
    table = chances.assign(segment=seen, firm=own >= FIRM)[["segment", *CHANCES, "firm"]]
    expected = pd.DataFrame(
        {
            "segment": SEGMENTS,
            "seen": [float(mass @ (seen == name) / mass.sum()) for name in SEGMENTS],
            **dict(zip(("value", "low", "high"), shares, strict=True)),
        }
    )
    firm = stats.share(table["firm"], weights=mass, clusters=units, confidence=confidence)
    return Membership(table, expected, len(table), firm)


def account_membership(
    attitude: ArrayLike,
    behaviour: ArrayLike,
    accounts: ArrayLike,
    *,
    weights: WeightsLike | None = None,
    cuts: tuple[float, float] = CUTS,
    confidence: float = 0.95,
) -> Membership:
    """Chance of each account to truly belong to each segment, given its people's scores.

    An account's true position is the mean attitude and behaviour of the people one could
    ask there. Its people scatter round it; both spreads and how the axes go together in
    each are estimated from the accounts with several respondents, and the position seen is
    drawn toward the mean of all accounts as far as its few people leave doubt.

    Parameters
    ----------
    attitude, behaviour
        Scores of each person, 0-100; people without both, or without an account, are
        left out.
    accounts
        The account of each person.
    weights
        One for each person: how people count within their account.

    Returns
    -------
    Membership
        ``table`` is indexed by account.

    Raises
    ------
    NotEstimable
        If there are too few accounts with two respondents to tell accounts from people.

    References
    ----------
    Searle, Casella and McCulloch (1992), Variance Components, 11.2 (several traits);
    Efron and Morris (1972), Biometrika 59.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> of = np.repeat(np.arange(60), 4)
    >>> level = rng.normal(75, 12, (2, 60))[:, of]
    >>> found = account_membership(level[0] + rng.normal(0, 10, 240), level[1], of)
    >>> found.base, 0 < found.firm.value < 1
    (60, True)
    """
    people = _people(attitude, behaviour, accounts, weights)
    means, effective = _account_means(people)
    between, within = _components(people, means)
    cover = within[None, :, :] / effective[:, None, None]
    weightings = np.linalg.inv(between[None, :, :] + cover)
    centre = np.linalg.solve(
        weightings.sum(axis=0), (weightings @ means.to_numpy()[:, :, None]).sum(axis=0)[:, 0]
    )
    pull = between[None, :, :] @ weightings
    off = (means.to_numpy() - centre)[:, :, None]
    position = centre + (pull @ off)[:, :, 0]
    doubt = between[None, :, :] - pull @ between[None, :, :]
    chances = _above(position, doubt, cuts)
    seen = segments(means["attitude"], means["behaviour"], cuts=cuts)
    value, ones = chances.mean(axis=0), np.ones(len(chances))
    _, low, high, _ = jackknife(
        value, (value * len(ones) - chances) / (len(ones) - 1), confidence=confidence
    )
    return _result(
        pd.DataFrame(chances, index=means.index, columns=CHANCES), seen, ones, None,
        (value, np.clip(low, 0, 1), np.clip(high, 0, 1)), confidence,
    )  # fmt: skip


def _people(
    attitude: ArrayLike, behaviour: ArrayLike, accounts: ArrayLike, weights: WeightsLike | None
) -> pd.DataFrame:
    likes = column(attitude, "attitude")
    whole = np.ones(len(likes)) if weights is None else weights
    return pd.DataFrame(
        {
            "account_id": aligned(accounts, likes, "accounts"),
            "attitude": likes,
            "behaviour": column(aligned(behaviour, likes, "behaviour"), "behaviour"),
            "weight": weight_column(whole, likes),
        }
    ).dropna()


def _account_means(people: pd.DataFrame) -> tuple[pd.DataFrame, Floats]:
    weighted = people[["attitude", "behaviour"]].mul(people["weight"], axis=0)
    sums = weighted.assign(mass=people["weight"], square=people["weight"] ** 2).groupby(
        people["account_id"], sort=True, observed=True
    ).sum()  # fmt: skip
    means = sums[["attitude", "behaviour"]].div(sums["mass"], axis=0)
    return means, (sums["mass"] ** 2 / sums["square"]).to_numpy()


def _components(people: pd.DataFrame, means: pd.DataFrame) -> tuple[Floats, Floats]:
    """Covariances of both scores between accounts and within them (analysis of variance)."""
    scores = people[["attitude", "behaviour"]]
    centre = scores.groupby(people["account_id"], observed=True).transform("mean").to_numpy()
    count, accounts = len(people), len(means)
    if accounts < 3 or count - accounts < 2:
        raise NotEstimable(
            f"{accounts} accounts with {count} respondents: too few accounts have two "
            "respondents to tell accounts from people"
        )
    inside = scores.to_numpy() - centre
    within = inside.T @ inside / (count - accounts)
    outside = centre - scores.to_numpy().mean(axis=0)
    sizes = people.groupby("account_id", observed=True).size().to_numpy()
    typical = (count - (sizes**2).sum() / count) / (accounts - 1)
    between = (outside.T @ outside / (accounts - 1) - within) / typical
    values, vectors = np.linalg.eigh(between)
    least = 1e-6 * np.trace(within) + 1e-9
    safe = (vectors * np.maximum(values, least)) @ vectors.T
    return np.asarray(safe), np.asarray(within + 1e-9 * np.eye(2))


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
    """Chance that two standard normals of correlation ``r`` exceed ``first`` and ``second``."""
    start = np.clip(first, -FAR, FAR)[:, None]
    x = start + (FAR - start) * (POINTS[None, :] + 1) / 2
    rest = ndtr((r[:, None] * x - second[:, None]) / np.sqrt(1 - r[:, None] ** 2))
    density = np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi)
    return np.asarray((density * rest * MASSES[None, :]).sum(axis=1) * (FAR - start[:, 0]) / 2)
