"""The customer-focus index: measures to parts, parts to an index, records beside perception."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.methods.focus.parts import MEASURES

__all__ = ["PARTS", "FocusIndex", "Score", "composite", "gap", "index"]

PARTS = ("solicit", "act", "tell")
PERCEIVED = "perceived"  # the fourth part: what customers see of the other three
NOT_KNOWN = float("nan")


@dataclass(frozen=True, slots=True)
class Score:
    """A score from 0 to 100 with its interval; ``base`` is the smallest of what it is made of."""

    value: float
    low: float
    high: float
    base: int
    base_unit: str = "respondents"

    def __post_init__(self) -> None:
        if not -1e-9 <= self.low <= self.value <= self.high <= 100 + 1e-9:
            raise ValueError(f"{self.value} is no score between {self.low} and {self.high}")


@dataclass(frozen=True)
class FocusIndex:
    """The parts on record and as customers see them, and what they come to.

    ``measures`` are those that the records gave. ``table`` has a row a part (solicit, act, tell):
    recorded, recorded_low, recorded_high, base, base_unit; perceived, perceived_low,
    perceived_high, respondents; gap, gap_low, gap_high (recorded less perceived). What is not
    known is missing. The index of all four parts is there only where all of them are.
    """

    measures: pd.DataFrame
    table: pd.DataFrame
    recorded: Mapping[str, Score]
    seen: Mapping[str, Score]
    whole: Score | None
    base: int  # measures that the records gave

    def __post_init__(self) -> None:
        for part, score in self.recorded.items():
            own = self.measures.loc[self.measures["part"] == part, "value"]
            if not own.min() - 1e-9 <= score.value <= own.max() + 1e-9:
                raise ValueError(f"{part} is {score.value:g}, outside of what it is made of")

    @property
    def verdict(self) -> str:
        """Whether the record stands above what customers see: the gap of acting."""
        row = self.table.set_index("part").loc["act"]
        if row["gap_low"] > 0:
            return "more on record"
        return "more seen" if row["gap_high"] < 0 else "not clear"


def composite(rows: pd.DataFrame, weights: Mapping[str, float], by: str = "measure") -> Score:
    """The weighted mean of several scores, with an interval made of theirs.

    Scores of one source are taken to rise and fall together, which errs on the wide side;
    those of different sources are independent. Each side of the interval adds up by itself, so
    that shares near 0 or 100 keep their crooked intervals (MOVER).

    Parameters
    ----------
    rows
        value, low, high, base, base_unit, source, and the column ``by`` that weights go by.
    weights
        Those that are not named count 1.

    References
    ----------
    Zou and Donner (2008), Statistics in Medicine 27(10).

    Examples
    --------
    >>> rows = pd.DataFrame({"measure": ["cases", "promises"], "value": [60.0, 80.0],
    ...     "low": [57.0, 76.0], "high": [63.0, 84.0], "base": [300, 40],
    ...     "base_unit": ["cases", "promises"], "source": ["cases", "promises"]})
    >>> composite(rows, {})
    Score(value=70.0, low=67.5, high=72.5, base=40, base_unit='promises')
    """
    weight = rows[by].map(lambda name: float(weights.get(name, 1.0)))
    if not weight.sum() > 0:
        raise ValueError(f"no {by} of {', '.join(rows[by])} has a weight above 0")
    share = weight / weight.sum()
    value = float((share * rows["value"]).sum())
    down, up = (
        float(np.sqrt(((share * side).groupby(rows["source"]).sum() ** 2).sum()))
        for side in (rows["value"] - rows["low"], rows["high"] - rows["value"])
    )
    counted = rows[share > 0]
    least = counted.sort_values("base", kind="stable").iloc[0]
    low, high = max(value - down, 0.0), min(value + up, 100.0)
    return Score(value, low, high, int(least["base"]), str(least["base_unit"]))


def gap(recorded: Score, seen: Score) -> tuple[float, float, float]:
    """What is on record less what is seen, in points, with its interval.

    Examples
    --------
    >>> [round(end, 1) for end in gap(Score(66, 60, 70, 8), Score(44, 41, 47, 790))]
    [22.0, 15.3, 27.0]
    """
    value = recorded.value - seen.value
    down = np.hypot(recorded.value - recorded.low, seen.high - seen.value)
    up = np.hypot(recorded.high - recorded.value, seen.value - seen.low)
    return float(value), float(value - down), float(value + up)


def index(
    measures: pd.DataFrame,
    seen: pd.DataFrame | None = None,
    *,
    weights: Mapping[str, float] | None = None,
) -> FocusIndex:
    """Put measures of the records, and what customers see, together to parts and an index.

    Parameters
    ----------
    measures
        As `table_of` gives them, all at one confidence.
    seen
        As `perceived` gives it, at the same; ``None`` where nobody was asked.
    weights
        Of measures within their part, and of the four parts (solicit, act, tell, perceived);
        those that are not named count 1.

    Raises
    ------
    ValueError
        Where a weight is below 0, or of something that is neither measure nor part.

    Examples
    --------
    >>> from helpers.methods.focus.parts import of_records, table_of
    >>> rows = table_of(of_records("coverage", 80, 100, base_unit="accounts"),
    ...                 of_records("response", 40, 100, base_unit="people"))
    >>> found = index(rows)
    >>> round(found.recorded["solicit"].value, 6), found.whole is None
    (60.0, True)
    """
    weighed = _checked(weights or {})
    recorded = {
        str(part): composite(rows, weighed)
        for part, rows in measures.groupby("part", sort=False)
        if sum(weighed.get(name, 1.0) for name in rows["measure"]) > 0
    }
    people = {} if seen is None else _scores(seen)
    table = pd.DataFrame([_row(part, recorded.get(part), people.get(part)) for part in PARTS])
    whole = _whole(recorded, people.get(PERCEIVED), weighed)
    return FocusIndex(measures, table, recorded, people, whole, len(measures))


def _checked(weights: Mapping[str, float]) -> Mapping[str, float]:
    known = (*MEASURES, *PARTS, PERCEIVED)
    for name, weight in weights.items():
        if name not in known:
            raise ValueError(f"no weight is called {name!r}: one of {', '.join(known)}")
        if not weight >= 0:
            raise ValueError(f"the weight of {name} is {weight:g}: a weight is 0 or more")
    return weights


def _scores(seen: pd.DataFrame) -> dict[str, Score]:
    return {
        str(row["part"]): Score(row["value"], row["low"], row["high"], int(row["base"]))
        for row in seen.to_dict("records")
    }


def _row(part: str, recorded: Score | None, seen: Score | None) -> dict[str, object]:
    row: dict[str, object] = {"part": part}
    for name, score in (("recorded", recorded), ("perceived", seen)):
        ends = (NOT_KNOWN,) * 3 if score is None else (score.value, score.low, score.high)
        row |= dict(zip((name, f"{name}_low", f"{name}_high"), ends, strict=True))
    row["base"] = 0 if recorded is None else recorded.base
    row["base_unit"] = "" if recorded is None else recorded.base_unit
    row["respondents"] = 0 if seen is None else seen.base
    both = (NOT_KNOWN,) * 3 if recorded is None or seen is None else gap(recorded, seen)
    return row | dict(zip(("gap", "gap_low", "gap_high"), both, strict=True))


def _whole(
    recorded: Mapping[str, Score], seen: Score | None, weights: Mapping[str, float]
) -> Score | None:
    if seen is None or len(recorded) < len(PARTS):
        return None
    parts = {**recorded, PERCEIVED: seen}
    rows = pd.DataFrame(
        [{"part": part, "value": s.value, "low": s.low, "high": s.high, "base": s.base,
          "base_unit": s.base_unit, "source": part} for part, s in parts.items()]
    )  # fmt: skip
    if not sum(weights.get(part, 1.0) for part in parts) > 0:
        return None
    return composite(rows, weights, by="part")
