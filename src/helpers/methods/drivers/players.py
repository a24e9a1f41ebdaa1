"""What shares are given to: single drivers, or groups that enter and leave together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Players", "players_of"]


@dataclass(frozen=True)
class Players:
    """The players in order, and where their drivers stand in the correlation matrix."""

    drivers: tuple[str, ...]  # as given
    names: tuple[str, ...]
    sizes: tuple[int, ...]  # drivers in each player
    always: int  # drivers that are in every model, placed first
    order: NDArray[np.intp]  # drivers: always, then player by player

    @property
    def fixed(self) -> tuple[str, ...]:
        """The drivers that are in every model."""
        return tuple(self.drivers[k] for k in self.order[: self.always])

    @property
    def grouped(self) -> bool:
        """Whether any player has several drivers."""
        return any(size > 1 for size in self.sizes)

    @property
    def player_of(self) -> dict[str, str]:
        """Which player each driver belongs to; those always in belong to none."""
        names = [n for n, size in zip(self.names, self.sizes, strict=True) for _ in range(size)]
        return {self.drivers[k]: n for k, n in zip(self.order[self.always :], names, strict=True)}

    @property
    def combine(self) -> NDArray[np.float64]:
        """Adds drivers up to players, ``(players, drivers as given)``."""
        matrix = np.zeros((len(self.names), len(self.order)))
        rows = np.repeat(np.arange(len(self.names)), self.sizes)
        matrix[rows, self.order[self.always :]] = 1
        return matrix

    def arranged(self, correlations: NDArray[np.float64]) -> NDArray[np.float64]:
        """Correlations with the drivers in this order, the outcome last."""
        order = np.append(self.order, correlations.shape[1] - 1)
        return correlations[:, order][:, :, order]


def players_of(
    drivers: Sequence[str],
    groups: Mapping[str, Sequence[str]] | None = None,
    always: Sequence[str] = (),
    absent: Mapping[str, str] | None = None,
) -> Players:
    """Put drivers into groups, the others alone, and those always in first.

    ``absent`` holds drivers that were dropped: naming one in a group is no fault.

    Examples
    --------
    >>> players_of(["ease", "speed", "price"], {"service": ["speed", "ease"]}).names
    ('service', 'price')
    """
    always = [always] if isinstance(always, str) else list(always)
    given = {group: list(members) for group, members in (groups or {}).items()}
    _check(drivers, always, given, absent or {})
    present = {g: [m for m in members if m in drivers] for g, members in given.items()}
    group_of = {member: group for group, members in present.items() for member in members}
    fixed = [name for name in drivers if name in always]
    named: dict[str, list[str]] = {}
    for name in drivers:
        if name not in fixed:
            named.setdefault(group_of.get(name, name), []).append(name)
    if not named:
        raise ValueError("every driver is always in: leave at least one to share R² among")
    place = {name: k for k, name in enumerate(drivers)}
    order = [place[name] for name in (*fixed, *(m for ms in named.values() for m in ms))]
    sizes = tuple(len(members) for members in named.values())
    return Players(tuple(drivers), tuple(named), sizes, len(fixed), np.array(order, dtype=np.intp))


def _check(
    drivers: Sequence[str],
    always: Sequence[str],
    groups: Mapping[str, Sequence[str]],
    absent: Mapping[str, str],
) -> None:
    named = [*always, *(m for members in groups.values() for m in members)]
    unknown = [name for name in named if name not in drivers and name not in absent]
    if unknown:
        raise ValueError(f"no driver named {unknown[0]!r}: the drivers are {', '.join(drivers)}")
    merged = sorted(g for g, members in groups.items() if g in drivers and g not in members)
    if merged:
        raise ValueError(f"{merged[0]!r} is a group and a driver outside it: rename the group")
    twice = {name for name in named if named.count(name) > 1}
    if twice:
        raise ValueError(f"{sorted(twice)[0]!r} is placed twice: a driver has one place")
