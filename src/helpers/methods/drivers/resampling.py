"""The bootstrap of whole accounts: parts of R² in every replicate."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtrit

from helpers.methods.drivers.agreement import Agreement
from helpers.methods.drivers.division import Method, divided, parts_within
from helpers.methods.drivers.moments import Moments, pooled
from helpers.methods.drivers.players import Players
from helpers.methods.drivers.screening import Answers
from helpers.methods.drivers.slopes import Slopes
from helpers.methods.survey.jackknife import FEW, satterthwaite

__all__ = ["Draws", "Worked", "drawn", "held_by_unit", "no_draws", "quantiles"]

Array = NDArray[np.float64]

SMALLEST = 1e-6  # of a share: nearer to 0 or 1 its logit would run away


@dataclass(frozen=True)
class Draws:
    """Parts of R² in each bootstrap sample: ``(replicates, players)``."""

    parts: Array
    always: Array  # R² of the drivers always in, by replicate
    without: Array | None = None  # parts without each account, where few accounts count
    freedom: float = np.inf  # degrees of freedom that accounts as unequal as these leave
    single: Draws | None = None  # of single drivers, where these are grouped
    wide: Array | float = 1.0  # times that the whole design makes errors what they are here

    @property
    def r_squared(self) -> Array:
        """R² of all drivers, by replicate."""
        return np.asarray(self.parts.sum(axis=1) + self.always)

    def share_interval(self, parts: Array, confidence: float) -> tuple[Array, Array]:
        """Interval of each player's share; NaN without replicates.

        Accounts drawn again are more alike than accounts are, and where few count their
        shares lie too close together. Below fifty effective accounts the interval is t on the
        logit scale, its error from leaving each account out (the jackknife; Wolter 2007, 4.2);
        above, the percentiles, farther apart by what t and a sample's own mean ask for; a share
        near nothing, which every sample with its noise has more of, still lies in its own.
        """
        share = parts / parts.sum()
        low, high = quantiles(self.parts / self.parts.sum(axis=1, keepdims=True), confidence)
        t = float(stdtrit(self.freedom, (1 + confidence) / 2))
        if self.without is not None and np.isfinite(low).all():
            return self._on_logits(share, t)
        by_t = t / float(ndtri((1 + confidence) / 2)) * (1 + 1 / self.freedom) ** 0.5
        stretch = by_t * self.wide
        low, high = (np.where((end - share) * side > 0, share + (end - share) * stretch, end)
                     for end, side in ((low, -1), (high, 1)))  # fmt: skip
        low, high = np.minimum(low, share), np.maximum(high, share)
        return np.clip(low, 0.0, 1.0), np.clip(high, 0.0, 1.0)

    def _on_logits(self, share: Array, t: float) -> tuple[Array, Array]:
        left = np.asarray(self.without)
        left = left / left.sum(axis=1, keepdims=True)
        off = left - left.mean(axis=0)
        error = np.sqrt((len(left) - 1) / len(left) * (off**2).sum(axis=0)) * self.wide
        inner = np.clip(share, SMALLEST, 1 - SMALLEST)
        reach = np.exp(t * error / (inner * (1 - inner)))
        odds = inner / (1 - inner)
        return odds / (odds + reach), odds / (odds + 1 / reach)

    def among_first(self, first: int) -> Array:
        """How often each player is among the first so many; NaN without replicates."""
        if len(self.parts) == 0:
            return np.full(self.parts.shape[1], np.nan)
        places = np.argsort(np.argsort(-self.parts, axis=1, kind="stable"), axis=1)
        often: Array = (places < first).mean(axis=0)
        return often


@dataclass(frozen=True)
class Worked:
    """How R² divides, in the sample and its replicates, and the adjusted effects."""

    parts: Array  # by player
    always: float  # R² of the drivers always in
    draws: Draws
    slopes: Slopes
    notes: tuple[str, ...] = ()
    agreement: Agreement | None = None
    shrunken: bool = False


def no_draws(players: Players) -> Draws:
    """What there is without a bootstrap."""
    return Draws(np.empty((0, len(players.names))), np.empty(0))


def drawn(
    moments: Moments,
    players: Players,
    method: Method,
    replicates: int,
    rng: np.random.Generator | None,
    answers: Answers,
) -> Draws:
    """Divide R² again in every replicate; samples in which nothing varies are left out.

    ``answers`` are those of which ``moments`` are the sums.
    """
    if replicates == 0:
        return no_draws(players)
    rng = np.random.default_rng(0) if rng is None else rng
    parts, always = [no_draws(players).parts], [no_draws(players).always]
    inside = _inside(players, method)
    single = [np.empty((0, len(inside)))]
    for correlations, _ in moments.replicates(replicates, rng):
        found, fixed = divided(correlations, players, method, replicates)
        sound = np.isfinite(found).all(axis=1) & (found.sum(axis=1) > 0)
        parts.append(found[sound])
        always.append(fixed[sound])
        if inside:
            single.append(parts_within(correlations[sound], players)[:, inside])
    few = _few(moments, players, method, held_by_unit(answers, len(moments.sums)))
    whole = Draws(np.concatenate(parts), np.concatenate(always), *few)
    return replace(whole, single=_single(whole, single, moments, players)) if inside else whole


def _single(found: Draws, drawn: list[Array], moments: Moments, players: Players) -> Draws | None:
    """The same of the drivers of groups; nothing where one group is too large to divide."""
    parts, inside = np.concatenate(drawn), _inside(players, "lmg")
    if not np.isfinite(parts).all():
        return None
    few = found.without is not None
    left = parts_within(moments.without_each()[0], players)[:, inside] if few else None
    return replace(found, parts=parts, without=left)


def _inside(players: Players, method: Method) -> list[int]:
    """Where the drivers of players stand, if some are grouped and can be told apart."""
    if method != "lmg" or not players.grouped:
        return []
    return [k for k, name in enumerate(players.drivers) if name in players.player_of]


def _few(
    moments: Moments, players: Players, method: Method, held: Array
) -> tuple[Array | None, float]:
    """Parts without each account, where few count; and degrees of freedom.

    ``held`` has the share of the weight that each unit of the moments holds, and the sum of
    squares of its respondents' shares.
    """
    freedom = max(1.0, satterthwaite([(held[0], held[1])]))
    if freedom >= FEW:
        return None, freedom
    left = divided(moments.without_each()[0], players, method)[0]
    sound = np.isfinite(left).all(axis=1) & (left.sum(axis=1) > 0)
    return (left if sound.all() else None), freedom


def held_by_unit(answers: Answers, units: int) -> Array:
    """Share of the weight that each unit of the moments holds, and of squares of weights."""
    codes, _ = pooled(answers.codes, answers.units, units)
    share = answers.weights / answers.weights.sum()
    sums = [np.bincount(codes, part, minlength=units) for part in (share, share**2)]
    return np.array(sums, dtype=float)


def quantiles(draws: Array, confidence: float) -> tuple[Array, Array]:
    """The middle part of the draws, column by column; NaN for fewer than two.

    >>> import numpy as np
    >>> low, high = quantiles(np.arange(101.0)[:, None], 0.5)
    >>> low.tolist(), high.tolist()
    ([25.0], [75.0])
    """
    if len(draws) < 2:
        return np.full(draws.shape[1], np.nan), np.full(draws.shape[1], np.nan)
    low, high = np.quantile(draws, [(1 - confidence) / 2, (1 + confidence) / 2], axis=0)
    return low, high
