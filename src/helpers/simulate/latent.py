"""What customers truly experience and feel, before anybody asks them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from helpers.simulate.frame import Frame
from helpers.simulate.settings import PERIODS, Settings, stream

__all__ = ["Latent", "latent"]

QUANTILES = norm.ppf((np.arange(61) + 0.5) / 61)  # people of one account, evenly spread


@dataclass(frozen=True)
class Latent:
    """True experience and loyalty, by account and by person, in every half-year."""

    ratings: np.ndarray  # contact, period, driver: what each person would rate, 0-10
    from_drivers: np.ndarray  # contact, period: loyalty that the ratings bring
    loyalty: np.ndarray  # contact, period: true loyalty of each person
    account: np.ndarray  # account, period: expected true loyalty of a person there
    mood: np.ndarray  # account, period: what is new this half-year, standard units
    own_spread: float  # standard deviation of loyalty that no driver explains
    within: float  # variance of true loyalty between people of one account
    gain_mean: np.ndarray  # driver: mean and spread that scale each driver's gain
    gain_spread: np.ndarray
    operations: dict[str, np.ndarray]  # metric → account, period

    @property
    def account_z(self) -> np.ndarray:
        """Accounts' true loyalty in standard units."""
        return (self.account - self.account.mean()) / self.account.std()


def latent(world: Settings, who: Frame) -> Latent:
    """Draw everybody's experience and loyalty."""
    operations, pulls = _operations(world, len(who.accounts))
    levels, stable = _account_levels(world, who, pulls)
    ratings = _ratings(world, who, levels)
    gains = np.stack([d.gain(ratings[..., k]) for k, d in enumerate(world.drivers)], axis=-1)
    mean, spread = gains.mean(axis=(0, 1)), gains.std(axis=(0, 1))
    effects = np.array([d.effect for d in world.drivers])
    brought = ((gains - mean) / spread * effects).sum(axis=-1)
    expected = _expected(world, levels, mean, spread, 1 - world.account_share)
    passing = world.account_share * (1 - world.account_stable)
    at_rest = _expected(world, stable, mean, spread, 1 - world.account_share + passing)
    own_account = max(world.account_share - expected.var(), 0.0)
    own_person = max(1 - world.account_share - (brought.var() - expected.var()), 0.05)
    own, own_stable = _own(world, who, own_account)
    e = _steady(stream(world, "person"), (len(who.contacts),), world.person_stable)[0]
    loyalty = brought + own[who.of_contact] + np.sqrt(own_person) * e
    account = expected + own
    fresh = account - at_rest - own_stable
    mood = (fresh - fresh.mean()) / fresh.std()
    within = float((brought - expected[who.of_contact]).var() + own_person)
    unexplained = float(np.sqrt(own.var() + own_person))
    return Latent(
        ratings, brought, loyalty, account, mood, unexplained, within, mean, spread, operations
    )


def _steady(
    rng: np.random.Generator, shape: tuple[int, ...], stable: float, tail: tuple[int, ...] = ()
) -> tuple[np.ndarray, np.ndarray]:
    """Draw unit normals over periods of which a part stays: the whole, and the part that stays."""
    rest = np.sqrt(stable) * rng.standard_normal((*shape, 1, *tail))
    fresh = np.sqrt(1 - stable) * rng.standard_normal((*shape, len(PERIODS), *tail))
    return rest + fresh, np.broadcast_to(rest, fresh.shape)


def _operations(world: Settings, n: int) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Draw three metrics, and the pull of each on the driver it feeds, in standard units."""
    rng = stream(world, "operations")
    on_time = _steady(rng, (n,), 0.7)[0]
    speed = _steady(rng, (n,), 0.7)[0]
    care = _steady(rng, (n,), 0.7)[0]
    metrics = {
        "on_time_delivery": np.clip(92.5 + 4.0 * on_time, 60, 100).round(1),
        "first_response_hours": np.exp(np.log(20) + 0.6 * speed).round(1),
        "handling_minutes": np.clip(34 + 9 * care, 8, None).round(1),
    }
    late = -np.maximum(metrics["first_response_hours"] - 24, 0)
    support = 0.85 * _standard(late) + 0.53 * _standard(metrics["handling_minutes"])
    return metrics, {
        "delivery": _standard(metrics["on_time_delivery"]),
        "technical_support": _standard(support),
    }


def _standard(values: np.ndarray) -> np.ndarray:
    return np.asarray((values - values.mean()) / values.std())


def _account_levels(
    world: Settings, who: Frame, pulls: dict[str, np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """Mean experience of an account by period and driver: as it is, and as it stays."""
    rng, n, share = stream(world, "experience"), len(who.accounts), world.account_share
    shift = who.accounts["tier"].map(world.tier_shift).fillna(0.0) + who.accounts["region"].map(
        world.region_shift
    ).fillna(0.0)
    parts = []
    common = _steady(rng, (n,), world.account_stable)
    specific = _steady(rng, (n,), world.account_stable, (len(world.drivers),))
    for whole, own in zip(common, specific, strict=True):
        mine = np.array(own)
        for k, driver in enumerate(world.drivers):
            if driver.name in pulls:
                pull = world.operations_effect
                mine[..., k] = np.sqrt(1 - pull**2) * mine[..., k] + pull * pulls[driver.name]
        level = np.sqrt(share) * whole + shift.to_numpy()[:, None]
        parts.append(
            np.sqrt(world.halo) * level[..., None] + np.sqrt((1 - world.halo) * share) * mine
        )
    return parts[0], parts[1]


def _ratings(world: Settings, who: Frame, levels: np.ndarray) -> np.ndarray:
    """What every person would rate, whole points from 0 to 10."""
    rng, n = stream(world, "ratings"), len(who.contacts)
    common = _steady(rng, (n,), world.person_stable)[0]
    specific = _steady(rng, (n,), world.person_stable, (len(world.drivers),))[0]
    shift = who.contacts["role"].map(world.role_shift).fillna(0.0).to_numpy()
    rest = 1 - world.account_share
    mine = np.sqrt(world.halo) * (np.sqrt(rest) * common + shift[:, None])
    z = levels[who.of_contact] + mine[..., None] + np.sqrt((1 - world.halo) * rest) * specific
    return _on_scale(world, z)


def _on_scale(world: Settings, z: np.ndarray) -> np.ndarray:
    """Turn standard units (…, period, driver) into ratings 0-10."""
    mean = np.array([[d.mean] * len(PERIODS) for d in world.drivers]).T
    mean[-1] += [d.last_change for d in world.drivers]
    spread = np.array([d.spread for d in world.drivers])
    return np.asarray(np.clip(np.rint(mean + spread * z), 0, 10))


def _expected(
    world: Settings, levels: np.ndarray, mean: np.ndarray, spread: np.ndarray, variance: float
) -> np.ndarray:
    """Loyalty that the drivers bring on average to people who vary about their account."""
    total = np.zeros(levels.shape[:2])
    moving = [(k, driver) for k, driver in enumerate(world.drivers) if driver.effect]
    for point in QUANTILES:
        ratings = _on_scale(world, levels + np.sqrt(variance) * point)
        for k, driver in moving:
            total += (driver.gain(ratings[..., k]) - mean[k]) / spread[k] * driver.effect
    return total / len(QUANTILES)


def _own(world: Settings, who: Frame, variance: float) -> tuple[np.ndarray, np.ndarray]:
    """Loyalty of an account beyond its experience; tenure is part of it."""
    tenure = np.stack([who.tenure_z(p) for p in range(len(PERIODS))], axis=1)
    tenure = np.clip(tenure, -1.5, 3.0)
    rest = np.sqrt(max(variance - world.tenure_effect**2, 0.02))
    whole, stable = _steady(stream(world, "own"), (len(who.accounts),), world.account_stable)
    lasting = world.tenure_effect * tenure
    return lasting + rest * whole, lasting + rest * stable
