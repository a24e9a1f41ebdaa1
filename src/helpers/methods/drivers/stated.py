"""What customers say matters, against what goes with their loyalty."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.errors import NotEstimable
from helpers.methods.drivers.joint import Joint
from helpers.methods.drivers.resampling import quantiles

__all__ = ["CELLS", "PROBABILITY", "Stated", "stated_against_derived", "stated_by_driver"]

Array = NDArray[np.float64]
Derived = Literal["share", "effect"]

PROBABILITY = 0.8  # of the replicates that have to agree before a driver is placed
FEWEST_DRIVERS = 2  # to compare
SAME = 1e-9  # points of the question: a rounding
CELLS = ("both", "derived only", "stated only", "neither")


@dataclass(frozen=True, slots=True)
class Stated:
    """Each driver by what customers say and by what their loyalty goes with.

    ``table``, most important by derived share first: ``driver``; ``stated`` (difference
    from what the same people say of the average driver, in points of the question)
    with ``stated_low``, ``stated_high``; ``derived`` with ``derived_low`` and
    ``derived_high``; the chance of each cell (``both``, ``derived_only``,
    ``stated_only``, ``neither``); ``cell``: the likely one, or ``"unclear"``.
    """

    table: pd.DataFrame
    stated_cut: float
    derived_cut: float
    derived: Derived
    base: int  # who stated an importance
    clusters: int | None
    confidence: float
    probability: float
    replicates: int

    def __post_init__(self) -> None:
        total = self.table[[cell.replace(" ", "_") for cell in CELLS]].sum(axis=1)
        if not np.allclose(total, 1):
            raise ValueError(f"chances of the four cells sum to {total.min():.3f}, not to 1")


def stated_by_driver(
    stated: pd.DataFrame, drivers: Iterable[str], *, prefix: str = "stated_"
) -> pd.DataFrame:
    """The questions on importance under the names of the drivers that they ask about.

    A question belongs to the driver whose name follows the prefix; others, and drivers
    that nobody was asked about, are left out.

    Examples
    --------
    >>> import pandas as pd
    >>> said = pd.DataFrame({"stated_ease": [8], "stated_colour": [2]})
    >>> list(stated_by_driver(said, ["ease", "speed"]))
    ['ease']
    """
    asked = {f"{prefix}{driver}": str(driver) for driver in drivers}
    return stated[[name for name in stated if name in asked]].rename(columns=asked)


def stated_against_derived(
    found: Joint,
    *,
    derived: Derived = "share",
    stated_cut: float = 0.0,
    derived_cut: float | None = None,
    probability: float = PROBABILITY,
    confidence: float = 0.95,
) -> Stated:
    """Place each driver in one of four cells, where the replicates agree on it.

    Stated importance leans to what is expected and safe to say; derived importance
    needs variation and misses what is done well for everybody. High on both: act.
    Derived only: *hidden*, it counts more than customers say. Stated only: often the
    *price of entry*, missed when absent. Neither: leave it (Gustafsson & Johnson 2004).

    Parameters
    ----------
    found
        From :func:`joint`, with ``stated``.
    derived
        ``"share"`` of what is explained, or ``"effect"`` of one point.
    stated_cut
        Above which difference to the average driver a stated importance is high.
    derived_cut
        Above which share or effect the derived one is high; by default an equal split
        of the shares, or the mean effect.
    probability
        Share of replicates that have to agree on a cell; else ``"unclear"``.

    Raises
    ------
    NotEstimable
        Where nobody was asked about two drivers or more, fewer than two drivers were asked
        about, or everybody calls all drivers equally important.
    ValueError
        For a probability outside 0.5-1.

    Examples
    --------
    >>> import pandas as pd
    >>> from helpers.methods.drivers.joint import joint
    >>> ratings = pd.DataFrame({"ease": [1, 2, 3, 4, 5, 6] * 4, "speed": [2, 9, 4, 7] * 6})
    >>> said = pd.DataFrame({"ease": [4, 5] * 12, "speed": [9, 8] * 12})
    >>> found = joint(ratings, 3 * ratings["ease"], stated=said,
    ...               scale={"ease": (0, 10), "speed": (0, 10)}, replicates=50)
    >>> stated_against_derived(found).table[["driver", "cell"]].values.tolist()
    [['ease', 'derived only'], ['speed', 'stated only']]
    """
    asked, said, drawn = _both(found, derived)
    if not 0.5 <= probability <= 1:
        raise ValueError(f"probability is a share from 0.5 to 1, not {probability}")
    cut = _cut(found, derived) if derived_cut is None else derived_cut
    chances = _chances(said[1:] > stated_cut, drawn[1:] > cut)
    best = chances.argmax(axis=1)
    sure = chances.max(axis=1) >= probability
    ends = [*quantiles(said[1:], confidence), *quantiles(drawn[1:], confidence)]
    table = pd.DataFrame(
        {
            "driver": asked,
            "stated": said[0],
            "stated_low": ends[0],
            "stated_high": ends[1],
            "derived": drawn[0],
            "derived_low": ends[2],
            "derived_high": ends[3],
            **{cell.replace(" ", "_"): chances[:, k] for k, cell in enumerate(CELLS)},
            "cell": [CELLS[k] if s else "unclear" for k, s in zip(best, sure, strict=True)],
        }
    ).sort_values(["derived", "driver"], ascending=[False, True], ignore_index=True)
    return Stated(
        table, stated_cut, cut, derived, found.stated_base, found.clusters, confidence,
        probability, found.replicates,
    )  # fmt: skip


def _both(found: Joint, derived: Derived) -> tuple[list[str], Array, Array]:
    """Drivers asked about, with stated and derived importance in every replicate."""
    if derived not in ("share", "effect"):
        raise ValueError(f"derived is 'share' or 'effect', not {derived!r}")
    if found.stated is None or found.stated_base == 0:
        raise NotEstimable(
            "nobody stated an importance of two drivers or more: give joint(stated=…) one "
            "column a driver, or leave this comparison out"
        )
    drawn = found.share if derived == "share" else found.effect
    both = np.isfinite(np.concatenate([found.stated, drawn])).all(axis=0)
    if both.sum() < FEWEST_DRIVERS:
        raise NotEstimable(
            f"stated importance was asked of {int(both.sum())} drivers by enough people: at "
            f"least {FEWEST_DRIVERS} are needed to compare"
        )
    if np.abs(found.stated[:, both]).max() < SAME:
        raise NotEstimable(
            f"each of {found.stated_base} people calls every driver equally important: what they "
            "say sets no driver apart"
        )
    asked = [name for name, there in zip(found.drivers, both, strict=True) if there]
    return asked, found.stated[:, both], drawn[:, both]


def _cut(found: Joint, derived: Derived) -> float:
    return 1 / len(found.drivers) if derived == "share" else float(np.nanmean(found.effect[0]))


def _chances(stated: NDArray[np.bool_], derived: NDArray[np.bool_]) -> Array:
    """How often each driver is in each of the four cells, ``(drivers, cells)``."""
    cells = (stated & derived, ~stated & derived, stated & ~derived, ~stated & ~derived)
    return np.column_stack([cell.mean(axis=0) for cell in cells])
