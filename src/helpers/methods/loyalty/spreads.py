"""How far accounts differ, and how far people within them, with what their number leaves open."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import ndtri
from scipy.stats import chi2, qmc

from helpers.methods.survey.calibration import Floats

__all__ = ["Groups", "grouped", "inverses", "likely_spreads", "products"]

TRIED = 1024  # pairs of spreads looked at in a round
ROUNDS = 4  # each drawn round what the one before found likely
TAIL = 5.0  # degrees of freedom of the t they are drawn from: longer tails than they have
ALIKE = 1e-5  # of the variance within: two scores that are one still have an inverse
LEAST = 0.05  # of the variance within: where to begin, if accounts seem not to differ
POLISHED = 3  # of Newton's steps after the search for the peak
PLACES = 4  # decimals of where points are drawn: the last bits of a sum move none of them
STEP = 1e-3  # of the factors, to see how the top bends
FARTHEST = 12.0  # logarithm of a factor: none is smaller or larger


@dataclass(frozen=True, eq=False)
class Groups:
    """Accounts of one wave and one size, added up: all that their spreads depend on."""

    wave: np.ndarray  # of each group
    size: Floats  # effective people of each of its accounts
    accounts: Floats
    mean: Floats  # groups by scores
    squares: Floats  # of account means round the group's mean: groups by scores by scores

    def turned(self, by: Floats) -> Groups:
        """The same with scores turned into others."""
        squares = by @ self.squares @ by.T
        return Groups(self.wave, self.size, self.accounts, self.mean @ by.T, squares)

    def own_directions(self, within: Floats) -> tuple[Floats, Floats]:
        """Directions in which people differ by one, and about how far accounts do in each.

        Neither goes together across them, about: scores are the first times the directions.
        """
        here = np.eye(self.waves)[self.wave] * self.accounts[:, None]
        off = self.mean - (here.T @ self.mean / here.sum(axis=0)[:, None])[self.wave]
        whole = self.squares.sum(axis=0) + (off * self.accounts[:, None]).T @ off
        count = self.accounts.sum()
        chance = self.accounts @ (1 / self.size) / count
        root = np.linalg.cholesky(within)
        back = np.linalg.inv(root)
        variance, turn = np.linalg.eigh(back @ whole @ back.T / (count - self.waves))
        return root @ turn, np.sqrt(np.maximum(variance - chance, LEAST))

    @property
    def waves(self) -> int:
        """Waves, each with a mean of its own."""
        return int(self.wave.max()) + 1

    def precision(self, between: Floats, within: Floats) -> Floats:
        """Inverse covariance of an account's mean: pairs, groups, scores, scores."""
        spread = between[:, None] + within[:, None] / self.size[None, :, None, None]
        return inverses(spread)

    def centres(self, between: Floats, within: Floats) -> tuple[Floats, Floats]:
        """Mean of each wave under each pair of spreads, and its covariance."""
        return self._centres(self.precision(between, within))

    def _centres(self, precise: Floats) -> tuple[Floats, Floats]:
        counted = precise * self.accounts[None, :, None, None]
        pulled = (counted @ self.mean[None, :, :, None])[..., 0]
        here = np.arange(self.waves)[:, None] == self.wave[None, :]
        total = np.einsum("wg,kgpq->kwpq", here.astype(float), counted)
        unsure = inverses(total)
        sums = np.einsum("wg,kgp->kwp", here.astype(float), pulled)
        return (unsure @ sums[..., None])[..., 0], unsure

    def fit(self, between: Floats, within: Floats) -> Floats:
        """Log likelihood of account means under each pair, whatever the means of the waves."""
        precise = self.precision(between, within)
        centre, unsure = self._centres(precise)
        off = self.mean[None] - centre[:, self.wave]
        own = np.einsum("kgpq,gqp->k", precise, self.squares)
        own += np.einsum("g,kgp,kgpq,kgq->k", self.accounts, off, precise, off)
        size = _sizes(precise) @ self.accounts
        return np.asarray((size + _sizes(unsure).sum(axis=1) - own) / 2)


def grouped(means: Floats, effective: Floats, wave: np.ndarray) -> Groups:
    """Add up accounts of one wave and size.

    Examples
    --------
    >>> found = grouped(np.array([[1.0], [3.0], [9.0]]), np.array([2.0, 2.0, 1.0]), np.zeros(3, int))
    >>> found.size.tolist(), found.accounts.tolist(), found.squares.ravel().tolist()
    ([1.0, 2.0], [1.0, 2.0], [0.0, 2.0])
    """  # noqa: E501 - one call, as it is typed
    rows = pd.DataFrame({"wave": wave, "size": np.round(effective, 6)})
    of = rows.groupby(["wave", "size"], sort=True).ngroup().to_numpy()
    first = np.unique(of, return_index=True)[1]
    count = np.bincount(of).astype(float)
    mean = np.column_stack([np.bincount(of, column) for column in means.T]) / count[:, None]
    off = means - mean[of]
    squares = np.zeros((len(count), means.shape[1], means.shape[1]))
    np.add.at(squares, of, off[:, :, None] * off[:, None, :])
    return Groups(wave[first], effective[first], count, mean, squares)


def likely_spreads(
    groups: Groups, inside: Floats, freedom: int, pairs: int
) -> tuple[Floats, Floats, Floats]:
    """Pairs of covariances, between and within accounts, and how likely each is.

    Every covariance between accounts is as likely as any other beforehand, the one within
    has Jeffreys's prior. Pairs are drawn from a t distribution of their Cholesky factors
    (diagonals as logarithms) that follows what is likely, and weighted by how likely they
    are (adaptive importance sampling); they lie on Sobol's sequence, so that the same
    answers give the same pairs.

    Parameters
    ----------
    groups
        Accounts, as `grouped` gives them.
    inside
        Squares and products of people round their account's mean.
    freedom
        People less accounts.
    pairs
        How many to give, a power of two.

    Returns
    -------
    tuple
        Covariances between (pairs, scores, scores), within, and weights that add up to 1.

    References
    ----------
    Everson and Morris (2000), Journal of the Royal Statistical Society B 62 (the priors);
    Cappé, Guillin, Marin and Robert (2004), Journal of Computational and Graphical
    Statistics 13 (adaptive importance sampling).

    Examples
    --------
    >>> off = np.random.default_rng(1).normal(0, 3, (60, 1))
    >>> accounts = grouped(off, np.full(60, 4.0), np.zeros(60, int))
    >>> between, within, weight = likely_spreads(accounts, np.array([[720.0]]), 180, 256)
    >>> round(float(weight @ within.ravel()), 1), bool(weight @ between.ravel() > 4)
    (4.0, True)
    """
    plain = inside / freedom
    within = plain + (ALIKE * np.trace(plain) / len(plain) + 1e-12) * np.eye(len(plain))
    root, apart = groups.own_directions(within)
    turned = groups.turned(np.asarray(np.linalg.inv(root)))
    posterior = _Posterior(turned, freedom, apart)
    middle, reach = posterior.peak()
    for _ in range(ROUNDS):
        points, weight = posterior.tried(*_settled(middle, reach), TRIED)
        middle = weight @ points
        away = points - middle
        reach = (away * weight[:, None]).T @ away
        reach += reach.diagonal().mean() / len(points) * np.eye(len(middle))
    points, weight = posterior.tried(*_settled(middle, reach), pairs)
    between, within = posterior.unpacked(points)
    return root @ between @ root.T, root @ within @ root.T, weight


def _settled(middle: Floats, reach: Floats) -> tuple[Floats, Floats]:
    """Where to draw, rounded: any place near will do, but each processor must take the same."""
    unit = 10.0 ** np.floor(np.log10(reach.diagonal().mean()))
    settled = np.round(reach / unit, PLACES) * unit
    if np.linalg.eigvalsh(settled)[0] <= 0:  # few groups of very many: one is all but sure
        each = 10.0 ** np.floor(np.log10(reach.diagonal()))
        units = np.sqrt(np.outer(each, each))
        settled = np.round(reach / units, PLACES) * units
    return np.round(middle, PLACES), settled


@dataclass(frozen=True, eq=False)
class _Posterior:
    """How likely spreads are, as Cholesky factors whose diagonals are logarithms.

    In directions in which people differ by one, and independently.
    """

    groups: Groups
    freedom: int
    apart: Floats  # about how far accounts differ: the unit of the factors between them

    def unpacked(self, points: Floats) -> tuple[Floats, Floats]:
        half = points.shape[1] // 2
        square = self.apart[:, None] * self.apart[None, :]
        return _covariance(points[:, :half]) * square, _covariance(points[:, half:])

    def __call__(self, points: Floats) -> Floats:
        between, within = self.unpacked(points)
        scores, half = len(self.apart), points.shape[1] // 2
        logs = _logs(points[:, :half], scores), _logs(points[:, half:], scores)
        squares = self.freedom * np.trace(inverses(within), axis1=1, axis2=2)
        people = -self.freedom * logs[1].sum(axis=1) - squares / 2
        turned = np.arange(scores + 1, 1, -1)  # of the change to factors and logarithms
        prior = (logs[0] + logs[1]) @ turned - (scores + 1) * logs[1].sum(axis=1)
        return np.asarray(self.groups.fit(between, within) + people + prior)

    def peak(self) -> tuple[Floats, Floats]:
        """The likeliest spreads, and the covariance of a normal like the top round them."""
        scores = len(self.apart)
        start = np.zeros(scores * (scores + 1))
        found = minimize(self._depth, start, jac=True, method="BFGS").x
        for _ in range(POLISHED):  # where a search ends hangs on rounding; a summit does not
            found = found - self._round(found) @ self._depth(found)[1]
        return found, self._round(found)

    def _round(self, at: Floats) -> Floats:
        """Covariance of a normal that bends as the top does at a point."""
        values, vectors = np.linalg.eigh(-self._bend(at))
        return np.asarray((vectors / np.clip(values, 0.25, None)) @ vectors.T)

    def _depth(self, at: Floats) -> tuple[float, Floats]:
        """How unlikely a point is, and its first derivatives, by differences."""
        steps = STEP * np.eye(len(at))
        here, *found = -self(np.concatenate([at[None], at + steps, at - steps]))
        ahead, behind = np.split(np.array(found), 2)
        return float(here), (ahead - behind) / (2 * STEP)

    def _bend(self, at: Floats) -> Floats:
        """Second derivatives, by differences."""
        steps = STEP * np.eye(len(at))
        sides = [(a, b) for a in (1, -1) for b in (1, -1)]
        moved = [[at + a * one + b * other for a, b in sides] for one in steps for other in steps]
        found = self(np.reshape(moved, (-1, len(at)))).reshape(len(at), len(at), 4)
        return np.asarray(found @ np.array([1, -1, -1, 1]) / (4 * STEP**2))

    def tried(self, middle: Floats, reach: Floats, count: int) -> tuple[Floats, Floats]:
        """Points of a t distribution, weighted by how likely they are."""
        grid = qmc.Sobol(len(middle) + 1, scramble=False).random(count) + 0.5 / count
        normal = ndtri(grid[:, 1:])
        scale = chi2.ppf(grid[:, 0], TAIL) / TAIL
        points = middle + (normal / np.sqrt(scale)[:, None]) @ np.linalg.cholesky(reach).T
        squares = (normal**2).sum(axis=1) / scale
        drawn = -(TAIL + len(middle)) / 2 * np.log1p(squares / TAIL)
        likely = np.nan_to_num(self(points) - drawn, nan=-np.inf)
        weight = np.exp(likely - likely.max())
        return points, weight / weight.sum()


def inverses(matrices: Floats) -> Floats:
    """Inverses of many small matrices; of one score, numbers.

    >>> inverses(np.array([[[2.0]], [[4.0]]])).ravel().tolist()
    [0.5, 0.25]
    """
    return np.asarray(1 / matrices if matrices.shape[-1] == 1 else np.linalg.inv(matrices))


def products(left: Floats, right: Floats) -> Floats:
    """Products of many small matrices; of one score, of numbers.

    >>> products(np.array([[[2.0]], [[4.0]]]), np.array([[3.0]])).ravel().tolist()
    [6.0, 12.0]
    """
    return np.asarray(left * right if left.shape[-1] == right.shape[-1] == 1 else left @ right)


def _sizes(matrices: Floats) -> Floats:
    """Logarithms of the determinants."""
    if matrices.shape[-1] == 1:
        return np.asarray(np.log(matrices[..., 0, 0]))
    return np.asarray(np.linalg.slogdet(matrices)[1])


def _covariance(points: Floats) -> Floats:
    scores = int((np.sqrt(8 * points.shape[1] + 1) - 1) / 2)
    lower = np.zeros((len(points), scores, scores))
    lower[:, *np.tril_indices(scores)] = points
    place = np.arange(scores)
    lower[:, place, place] = np.exp(np.clip(lower[:, place, place], -FARTHEST, FARTHEST))
    return np.asarray(lower @ np.swapaxes(lower, -1, -2))


def _logs(points: Floats, scores: int) -> Floats:
    """Logarithms of the diagonal."""
    rows, columns = np.tril_indices(scores)
    return np.asarray(points[:, rows == columns])
