"""What everybody would answer if they were asked: true feelings seen through a questionnaire."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.simulate.latent import Latent
from helpers.simulate.settings import WAVES, Settings, stream

__all__ = ["ATTITUDE", "BEHAVIOUR", "Answers", "answers", "expected_index", "index_of"]

ATTITUDE = ("att_proud", "att_care", "att_trust", "att_value")
BEHAVIOUR = ("beh_continue", "beh_increase", "beh_first_choice")
ATTITUDE_MEANS = (3.90, 3.62, 3.90, 3.78)
BEHAVIOUR_MEANS = (4.50, 4.00, 4.25)
ITEM_SPREAD = 0.95


@dataclass(frozen=True)
class Answers:
    """The answers of every contact in every wave, asked or not."""

    items: dict[str, np.ndarray]  # variable → contact, wave

    def wave(self, wave: int) -> pd.DataFrame:
        """Give one row a contact, one column a question."""
        return pd.DataFrame({name: values[:, wave] for name, values in self.items.items()})


def answers(world: Settings, state: Latent, boost: np.ndarray, wave: int) -> dict[str, np.ndarray]:
    """Give what every contact would answer in a wave.

    ``boost`` is loyalty gained since (contact), in standard deviations.
    """
    rng = stream(world, f"answers {wave}")
    period = wave + len(state.account[0]) - len(WAVES)
    loyalty = state.loyalty[:, period] + boost
    attitude, behaviour = _axes(world, rng, loyalty)
    found = _axis_items(world, rng, attitude, behaviour)
    found |= _other_items(rng, attitude)
    for k, driver in enumerate(world.drivers):
        found[driver.name] = state.ratings[:, period, k].astype(int)
        wanted = driver.stated + 1.5 * rng.standard_normal(len(loyalty))
        found[f"stated_{driver.name}"] = _whole(wanted, 0, 10)
    return found


def _axes(
    world: Settings, rng: np.random.Generator, loyalty: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    scale, apart = np.sqrt(1 + world.axis_spread), np.sqrt(world.axis_spread)
    draws = rng.standard_normal((2, *loyalty.shape))
    return (loyalty + apart * draws[0]) / scale, (loyalty + apart * draws[1]) / scale


def _axis_items(
    world: Settings, rng: np.random.Generator, attitude: np.ndarray, behaviour: np.ndarray
) -> dict[str, np.ndarray]:
    """Seven questions answered 1-5, each its axis plus noise of its own."""
    clear, noise = np.sqrt(world.item_reliability), np.sqrt(1 - world.item_reliability)
    found = {}
    for names, means, axis in (
        (ATTITUDE, ATTITUDE_MEANS, attitude),
        (BEHAVIOUR, BEHAVIOUR_MEANS, behaviour),
    ):
        meant = clear * axis
        for name, mean in zip(names, means, strict=True):
            seen = rng.standard_normal(axis.shape)
            seen *= noise
            seen += meant
            seen *= ITEM_SPREAD
            seen += mean
            found[name] = _whole(seen, 1, 5)
    return found


def _other_items(rng: np.random.Generator, attitude: np.ndarray) -> dict[str, np.ndarray]:
    def seen(mean: float, spread: float, axis: np.ndarray, clear: float) -> np.ndarray:
        noise = np.sqrt(1 - clear**2) * rng.standard_normal(len(attitude))
        return np.asarray(mean + spread * (clear * axis + noise))

    return {
        "recommend": _whole(seen(8.0, 2.0, attitude, 0.94), 0, 10),
        "satisfaction": _whole(seen(7.9, 1.5, attitude, 0.84), 1, 10),
        "effort": _whole(seen(3.0, 1.3, -attitude, 0.55), 1, 7),
        "asked": _whole(seen(3.8, 1.0, attitude, 0.25), 1, 5),
        "acted": _whole(seen(2.7, 1.1, attitude, 0.40), 1, 5),
        "told": _whole(seen(2.3, 1.1, attitude, 0.30), 1, 5),
    }


def _whole(values: np.ndarray, low: int, high: int) -> np.ndarray:
    found = np.rint(values)
    return np.clip(found, low, high, out=found).astype(int)


def index_of(items: dict[str, np.ndarray]) -> np.ndarray:
    """Loyalty index 0-100: the mean of two axes, each the mean of its questions.

    >>> float(index_of({name: np.array([3]) for name in (*ATTITUDE, *BEHAVIOUR)})[0])
    50.0
    """
    attitude = np.add.reduce([items[name] for name in ATTITUDE]) / len(ATTITUDE)
    behaviour = np.add.reduce([items[name] for name in BEHAVIOUR]) / len(BEHAVIOUR)
    return np.asarray(((attitude - 1) + (behaviour - 1)) / 8 * 100)


def expected_index(
    world: Settings, loyalty: np.ndarray, spread: float, draws: int = 4000
) -> np.ndarray:
    """Loyalty index that people whose true loyalty is ``loyalty`` ± ``spread`` give on average.

    The expectation is taken over feelings, axes and answers on a grid and interpolated.
    """
    rng = stream(world, f"expected {spread:.3f}")
    grid = np.linspace(loyalty.min() - 0.1, loyalty.max() + 0.1, 41)
    feelings = np.repeat(grid[:, None], draws, axis=1) + spread * rng.standard_normal(draws)
    attitude, behaviour = _axes(world, rng, feelings)
    mean = index_of(_axis_items(world, rng, attitude, behaviour)).mean(axis=1)
    return np.asarray(np.interp(loyalty, grid, mean))
