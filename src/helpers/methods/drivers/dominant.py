"""An account that carries so much of the answers that shares hang on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from helpers.methods.drivers.division import Method, divided
from helpers.methods.drivers.moments import Moments
from helpers.methods.drivers.players import Players
from helpers.methods.drivers.screening import Answers

__all__ = ["Dominant", "dominant"]

DOMINATES, TIMES = 1 / 7, 5  # of the weight, and of an equal share: one account above both


@dataclass(frozen=True, slots=True)
class Dominant:
    """What one large account holds, and what the shares are without it."""

    held: float  # of the weight
    alike: float  # equal accounts that would tell as much: 1 / Σ held²
    without: Mapping[str, float]  # driver: share; empty where it was not worked out


def dominant(
    answers: Answers, moments: Moments | None, players: Players, method: Method
) -> Dominant | None:
    """The largest account, where it holds more than a bootstrap bears; else nothing.

    That is more than a seventh of the weight, and than five times an equal share. Intervals of
    shares are then too short, while effects have their errors from leaving accounts out.

    Parameters
    ----------
    answers, players, method
        As the shares were divided.
    moments
        With sums by account; without, or with many accounts put together, shares without
        the account are not worked out.
    """
    if answers.clusters is None:
        return None
    carried = np.bincount(answers.codes, answers.weights, minlength=answers.units)
    held = carried / carried.sum()
    if held.max() <= max(DOMINATES, TIMES / answers.units):
        return None
    without: dict[str, float] = {}
    if moments is not None and len(moments.sums) == answers.units:
        others = (np.arange(answers.units) != held.argmax()).astype(float)[None]
        left = divided(moments.correlations(others)[0], players, method)[0][0]
        without = dict(zip(players.names, (left / left.sum()).tolist(), strict=True))
    return Dominant(float(held.max()), float(1 / (held**2).sum()), without)
