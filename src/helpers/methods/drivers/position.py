"""Importance against performance, and how far its quadrants hang on where the lines are drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.methods.drivers.joint import Joint
from helpers.methods.drivers.stated import PROBABILITY

__all__ = ["QUADRANTS", "Positions", "positions"]

Array = NDArray[np.float64]

QUADRANTS = ("improve", "keep up", "leave", "hold")
LINES = {
    "average": "mean of the drivers' ratings",
    "median": "median of the drivers' ratings",
    "target": "each driver's target",
}


@dataclass(frozen=True, slots=True)
class Positions:
    """Each driver's quadrant under several crosshairs, with its chance.

    ``table``: ``driver``, ``crosshair`` (``average``, ``median``, ``target``, or the name
    of a line given), ``performance_line`` and ``importance_line`` (of the sample),
    ``quadrant`` (the likeliest: ``improve`` important and below the line, ``keep up``
    important and not below, ``leave`` and ``hold`` likewise where not important) and
    ``chance``. ``summary``, one row a driver: ``driver``, ``quadrant`` (the one that every
    crosshair gives with the probability asked for, or ``"depends"``), ``agree`` (crosshairs
    that give the commonest quadrant) and ``crosshairs``.

    Martilla & James (1977) call the last field possible overkill. Here it is called *hold*: a
    driver with a small share may be one that is missed when it gets worse.
    """

    table: pd.DataFrame
    summary: pd.DataFrame
    base: int
    clusters: int | None
    probability: float
    replicates: int

    def __post_init__(self) -> None:
        if not self.table["chance"].between(0.25 - 1e-9, 1 + 1e-9).all():
            raise ValueError("the likeliest of four quadrants has a chance of at least a quarter")


def positions(
    found: Joint,
    *,
    lines: Mapping[str, float] | None = None,
    probability: float = PROBABILITY,
) -> Positions:
    """Place each driver under every crosshair, and say where the placing depends on it.

    A crosshair at the average makes about half of the drivers look weak whatever
    their level (Martilla & James 1977 leave its place to judgement), so each is
    compared with others. The lines are drawn again in every replicate. Importance is
    high from an equal split of the shares. Where scales differ in their ends, ratings and lines
    are shares of the way up each driver's own: two drivers on 1-5 among others on 1-10 would
    else count as rated low whatever they got.

    Parameters
    ----------
    found
        As :func:`joint` returns it.
    lines
        Further performance lines, such as a competitor's mean: ``{"best competitor": 7.4}``;
        a share of the way up, where scales differ.
    probability
        Share of replicates that have to agree on a quadrant.

    Examples
    --------
    >>> import pandas as pd
    >>> from helpers.methods.drivers.joint import joint
    >>> ratings = pd.DataFrame({"ease": [1, 2, 3, 4, 5, 6] * 4, "speed": [2, 9, 4, 7] * 6})
    >>> scale = {"ease": (0, 10), "speed": (0, 10)}
    >>> found = joint(ratings, 3 * ratings["ease"] + ratings["speed"], scale=scale, replicates=50)
    >>> positions(found).summary[["driver", "quadrant"]].values.tolist()
    [['ease', 'improve'], ['speed', 'depends']]
    """
    if not 0.5 <= probability <= 1:
        raise ValueError(f"probability is a share from 0.5 to 1, not {probability}")
    important = found.share >= 1 / len(found.drivers)
    drawn = _lines(found) | {
        name: np.full_like(found.mean, level) for name, level in (lines or {}).items()
    }
    rows = [row for name, line in drawn.items() for row in _rows(found, important, name, line)]
    table = pd.DataFrame(rows).sort_values("driver", kind="stable", ignore_index=True)
    return Positions(
        table, _summary(table, probability), found.base, found.clusters, probability,
        found.replicates,
    )  # fmt: skip


def _lines(found: Joint) -> dict[str, Array]:
    """Performance lines of every replicate, ``(1 + replicates, drivers)``."""
    rated = found.level
    level = {
        "average": np.nanmean(rated, axis=1)[:, None],
        "median": np.nanmedian(rated, axis=1)[:, None],
        "target": np.array(list(found.aim.values()))[None],
    }
    return {name: np.broadcast_to(line, rated.shape) for name, line in level.items()}


def _rows(
    found: Joint, important: NDArray[np.bool_], crosshair: str, line: Array
) -> list[dict[str, object]]:
    below = found.level < line
    cells = (important & below, important & ~below, ~important & below, ~important & ~below)
    chances = np.column_stack([cell[1:].mean(axis=0) for cell in cells])
    best = chances.argmax(axis=1)
    return [
        {
            "driver": name,
            "crosshair": crosshair,
            "performance_line": float(line[0, k]),
            "importance_line": 1 / len(found.drivers),
            "quadrant": QUADRANTS[best[k]],
            "chance": float(chances[k, best[k]]),
        }
        for k, name in enumerate(found.drivers)
    ]


def _summary(table: pd.DataFrame, probability: float) -> pd.DataFrame:
    rows = []
    for driver, group in table.groupby("driver", sort=False):
        counted = group["quadrant"].value_counts(sort=True)
        same = len(counted) == 1 and bool((group["chance"] >= probability).all())
        rows.append(
            {
                "driver": driver,
                "quadrant": str(counted.index[0]) if same else "depends",
                "agree": int(counted.iloc[0]),
                "crosshairs": len(group),
            }
        )
    return pd.DataFrame(rows)
