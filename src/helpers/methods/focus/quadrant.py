"""Customer-focused or lip service: asking on record against acting as customers see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from scipy.stats import norm

from helpers.errors import NotEstimable
from helpers.methods.focus.index import FocusIndex, Score

__all__ = ["QUADRANTS", "Quadrant", "quadrant"]

QUADRANTS: Mapping[tuple[bool, bool], str] = {  # asks on record, is seen to act
    (True, True): "customer-focused",
    (True, False): "lip service",
    (False, True): "acts unasked",
    (False, False): "neither",
}


@dataclass(frozen=True)
class Quadrant:
    """Where a company stands, how likely each quadrant is, and what would move it.

    ``table``: quadrant, chance. ``verdict`` is the quadrant where both intervals lie on its side
    of the cut, else *not clear*. With any cut from ``cut_from`` to ``cut_to`` the best estimates
    lie in the quadrant they lie in now. ``one_measure`` names measures of asking that would put
    it elsewhere if they alone counted.
    """

    table: pd.DataFrame
    asks: Score
    acts: Score
    here: str
    verdict: str
    cut: float
    cut_from: float
    cut_to: float
    one_measure: tuple[str, ...]
    base: int

    def __post_init__(self) -> None:
        if abs(self.table["chance"].sum() - 1) > 1e-9:
            raise ValueError(f"chances sum to {self.table['chance'].sum():g}, not to 1")

    @property
    def chance(self) -> float:
        """Of the quadrant in which the best estimates lie."""
        return float(self.table.set_index("quadrant")["chance"][self.here])


def quadrant(found: FocusIndex, *, cut: float = 50.0, confidence: float = 0.95) -> Quadrant:
    """Place a company by how it asks, on record, and how customers see it act.

    The axes rest on different data, records and answers, and are taken as independent.

    Parameters
    ----------
    found
        As `index` gives it: asking is its part *solicit* on record, acting its part *act* as
        customers see it.
    cut
        The line between low and high on both axes, from 0 to 100.
    confidence
        That of both intervals, which chances are read from: each side of an interval as the
        side of a normal distribution.

    Raises
    ------
    NotEstimable
        Where asking or acting is not known.
    ValueError
        Where the cut lies on an end of the scale or beyond.

    Examples
    --------
    >>> from helpers.methods.focus import index, of_records, table_of
    >>> rows = table_of(of_records("coverage", 300, 400, base_unit="accounts"))
    >>> seen = pd.DataFrame({"part": ["act"], "value": 44.0, "low": 42.0, "high": 46.0,
    ...                      "base": 790})
    >>> placed = quadrant(index(rows, seen))
    >>> placed.verdict, round(placed.chance, 3), (placed.cut_from, placed.cut_to)
    ('lip service', 1.0, (44.0, 75.0))
    """
    if not 0 < cut < 100:
        raise ValueError(f"the cut is {cut:g}: give one between 0 and 100")
    asks, acts = found.recorded.get("solicit"), found.seen.get("act")
    if asks is None or acts is None:
        missing = "invitations say whom is asked" if asks is None else "customers say what they see"
        raise NotEstimable(f"asking is set against acting only where {missing}")
    up, seen = _above(asks, cut, confidence), _above(acts, cut, confidence)
    chances = [{"quadrant": name, "chance": (up if a else 1 - up) * (seen if b else 1 - seen)}
               for (a, b), name in QUADRANTS.items()]  # fmt: skip
    here = QUADRANTS[asks.value > cut, acts.value > cut]
    clear = all(score.low > cut or score.high < cut for score in (asks, acts))
    low, high = _cuts(asks.value, acts.value, cut)
    return Quadrant(
        pd.DataFrame(chances), asks, acts, here, here if clear else "not clear", cut, low, high,
        _turned(found.measures, asks.value > cut, cut), min(asks.base, acts.base),
    )  # fmt: skip


def _turned(measures: pd.DataFrame, above: bool, cut: float) -> tuple[str, ...]:
    """Measures of asking that lie on the other side of the cut."""
    own = measures[measures["part"] == "solicit"]
    return tuple(own.loc[(own["value"] > cut) != above, "measure"].astype(str))


def _above(score: Score, cut: float, confidence: float) -> float:
    """The chance that the truth lies above the cut."""
    reach = norm.ppf((1 + confidence) / 2)
    side = score.value - score.low if score.value > cut else score.high - score.value
    if side <= 0:
        return float(score.value > cut)
    return float(norm.cdf((score.value - cut) / (side / reach)))


def _cuts(asks: float, acts: float, cut: float) -> tuple[float, float]:
    below = [value for value in (asks, acts) if value <= cut]
    above = [value for value in (asks, acts) if value > cut]
    return max(below, default=0.0), min(above, default=100.0)
