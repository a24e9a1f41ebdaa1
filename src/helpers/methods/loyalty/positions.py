"""Where accounts truly stand, with what few accounts leave open of how far accounts differ.

An account's score scatters round its true position as its few people do. How far positions
differ, and how far people do, are estimates themselves: with few accounts they are rough, and
an interval that takes them as known is too short. So both are drawn many times, each pair as
likely as these answers make it, and every account is placed under each.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from helpers.errors import NotEstimable
from helpers.methods.loyalty.spreads import grouped, inverses, likely_spreads, products
from helpers.methods.survey.calibration import Floats

__all__ = ["AccountMeans", "Positions", "account_means", "positions"]

PAIRS = 256  # of spreads, under each of which every account is placed


@dataclass(frozen=True, eq=False)
class AccountMeans:
    """Accounts' mean scores, and how their people scatter round them."""

    ids: pd.Index
    means: Floats  # accounts by scores
    effective: Floats  # equally weighted people who would be as precise
    wave: np.ndarray  # 0, 1, …: accounts of one wave share a mean
    inside: Floats  # squares and products within accounts
    freedom: int  # people less accounts

    @property
    def freedom_between(self) -> int:
        """Accounts less waves."""
        return len(self.means) - int(self.wave.max()) - 1


@dataclass(frozen=True, eq=False)
class Positions:
    """Every account's position under each pair of spreads.

    ``weight`` says how likely each pair is (adding up to 1); ``place`` (pairs, accounts,
    scores) and ``doubt`` (pairs, accounts, scores, scores) are the mean and covariance of
    each account's true position under it.
    """

    weight: Floats
    place: Floats
    doubt: Floats
    between: Floats  # covariance of accounts' positions: pairs, scores, scores
    within: Floats  # of people round them

    def __post_init__(self) -> None:
        if not np.isclose(self.weight.sum(), 1):
            raise ValueError(f"the pairs are likely {self.weight.sum():.4f} together, not 1")

    def reweighted(self, by: Floats) -> Positions:
        """The same with each pair so many times as likely.

        Examples
        --------
        >>> one = Positions(np.full(2, 0.5), *[np.zeros((2, 1))] * 4)
        >>> one.reweighted(np.array([3.0, 1.0])).weight.tolist()
        [0.75, 0.25]
        """
        weight = self.weight * by
        return replace(self, weight=weight / weight.sum())

    @property
    def mean(self) -> Floats:
        """Each account's position over all pairs: accounts by scores."""
        return np.asarray(np.einsum("k,kjp->jp", self.weight, self.place))

    @property
    def variance(self) -> Floats:
        """Variance of each account's position, what is open of the spreads included."""
        own = np.einsum("k,kjpp->jp", self.weight, self.doubt)
        return np.asarray(own + np.einsum("k,kjp->jp", self.weight, (self.place - self.mean) ** 2))


def account_means(people: pd.DataFrame, scores: list[str]) -> AccountMeans:
    """Mean scores of accounts from their people.

    Parameters
    ----------
    people
        ``account_id``, ``weight``, the scores and, where there are several waves, ``by``;
        nothing missing.
    scores
        Names of the score columns.

    Examples
    --------
    >>> people = pd.DataFrame({"account_id": list("aab"), "weight": 1.0, "s": [1.0, 3.0, 7.0]})
    >>> found = account_means(people, ["s"])
    >>> found.means.ravel().tolist(), found.effective.tolist(), found.freedom
    ([2.0, 7.0], [2.0, 1.0], 1)
    """
    keys = [people["by"], people["account_id"]] if "by" in people else [people["account_id"]]
    weighted = people[scores].mul(people["weight"], axis=0)
    sums = (
        weighted.assign(mass=people["weight"], square=people["weight"] ** 2)
        .groupby(keys, sort=True, observed=True)
        .sum()
    )
    plain = people[scores] - people[scores].groupby(keys, observed=True).transform("mean")
    off = plain.to_numpy(float)
    of_wave = sums.index.get_level_values(0) if "by" in people else np.zeros(len(sums))
    return AccountMeans(
        ids=sums.index,
        means=sums[scores].div(sums["mass"], axis=0).to_numpy(float),
        effective=(sums["mass"] ** 2 / sums["square"]).to_numpy(float),
        wave=pd.factorize(of_wave)[0],
        inside=off.T @ off,
        freedom=len(people) - len(sums),
    )


def positions(found: AccountMeans) -> Positions:
    """Place every account under many pairs of spreads, each as likely as the answers make it.

    The same answers give the same positions: no chance is in it (`likely_spreads`).

    Raises
    ------
    NotEstimable
        If too few accounts have two people, or there are too few accounts.

    References
    ----------
    Morris (1983), JASA 78; Everson and Morris (2000), Journal of the Royal Statistical
    Society B 62 (several scores).

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> of = np.repeat(np.arange(40), 3)
    >>> seen = rng.normal(70, 10, 40)[of] + rng.normal(0, 10, 120)
    >>> people = pd.DataFrame({"account_id": of, "weight": 1.0, "seen": seen})
    >>> positions(account_means(people, ["seen"])).mean.shape
    (40, 1)
    """
    _refuse_few(found)
    groups = grouped(found.means, found.effective, found.wave)
    between, within, weight = likely_spreads(groups, found.inside, found.freedom, PAIRS)
    pairs = zip(between, within, *groups.centres(between, within), strict=True)
    parts = [_placed(found, *pair) for pair in pairs]
    place, doubt = (np.stack(each) for each in zip(*parts, strict=True))
    return Positions(weight, place, doubt, between, within)


def _refuse_few(found: AccountMeans) -> None:
    accounts, people = len(found.means), found.freedom + len(found.means)
    scores = found.means.shape[1]
    if found.freedom < max(2, scores):
        raise NotEstimable(
            f"{accounts} accounts with {people} respondents: too few accounts have two "
            "respondents to tell accounts from people"
        )
    if found.freedom_between < 2 * scores + 1:
        raise NotEstimable(
            f"{accounts} accounts are too few to tell how far accounts differ; "
            f"at least {2 * scores + 2} are needed"
        )


def _placed(
    found: AccountMeans, between: Floats, within: Floats, centre: Floats, unsure: Floats
) -> tuple[Floats, Floats]:
    """Position of every account, and its covariance, where the spreads are known."""
    spread = between + within / found.effective[:, None, None]
    pull = products(between, inverses(spread))
    middle = centre[found.wave]
    place = middle + products(pull, (found.means - middle)[..., None])[..., 0]
    rest = np.eye(len(between)) - pull
    known, unknown = products(rest, between), products(rest, unsure[found.wave])
    return place, known + products(unknown, np.swapaxes(rest, -1, -2))
