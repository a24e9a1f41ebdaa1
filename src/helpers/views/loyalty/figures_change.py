"""What the loyalty chapter may quote of changes: scores, their parts, moves between segments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import pandas as pd

from helpers.methods.claims import least
from helpers.methods.loyalty import Change, Changes, Transitions, Trend
from helpers.methods.measure import Measure
from helpers.results import Figure
from helpers.views.loyalty.declared import SCORES
from helpers.views.rendering.declared import by_name
from helpers.views.rendering.records import records
from helpers.views.rendering.rules import direction, quotable

FEW = "it rests on few answers, or would give such a part away"
SAME = 1e-6  # two ways to the same weighted change agree within it


def digits(unit: str) -> int:
    """Decimals of a change in a unit.

    >>> digits("scale"), digits("points")
    (2, 1)
    """
    return 2 if unit == "scale" else 1


def as_written(change: Figure) -> Figure:
    """A change as its reader sees it: an end that reads 0 does not lie beyond 0.

    >>> as_written(Figure("c", 0.1, 0.004, 0.196, unit="scale")).low
    0.0
    """
    if change.low is None or change.high is None or not isinstance(change.value, int | float):
        return change
    value, low, high = (
        round(float(end), digits(change.unit)) for end in (change.value, change.low, change.high)
    )
    return replace(change, value=value, low=low, high=high)


def verdict(change: Figure, smallest: float, beside: Figure | None = None) -> str:
    """What may be said of a change: the one rule for the answer, the trend and every table.

    ``rose`` or ``fell`` by more than matters; ``beyond`` chance, perhaps too little to matter;
    ``little``: beyond chance and too little to matter; ``none``; ``apart``: it rose or fell
    weighted or unweighted, and the other shows no change.

    Parameters
    ----------
    change
        With its interval, in the unit it is written in.
    smallest
        The smallest change that matters, in the same unit.
    beside
        The same change unweighted, where ``change`` is weighted: only what both allow is said.

    Examples
    --------
    >>> rise, some = Figure("c", 4.0, 2.5, 5.5), Figure("c", 4.0, 0.5, 7.5)
    >>> verdict(rise, 2.0), verdict(some, 2.0), verdict(rise, 2.0, some)
    ('rose', 'beyond', 'beyond')
    >>> verdict(rise, 2.0, Figure("c", 1.0, -1.0, 3.0))
    'apart'
    """
    found = _alone(change, smallest)
    if beside is None:
        return found
    other, same_side = _alone(beside, smallest), _side(change) == _side(beside)
    if found == other and (found == "none" or same_side):
        return found
    if "none" not in (found, other) and same_side:
        return "beyond"
    return "apart" if {found, other} & {"rose", "fell"} else "none"


def _alone(change: Figure, smallest: float) -> str:
    seen = as_written(change)
    if seen.low is None or seen.high is None or seen.low <= 0 <= seen.high:
        return "none"
    word = direction(change, smallest, up="rose", down="fell")
    if word in ("rose", "fell"):
        return word
    return "little" if -smallest < seen.low and seen.high < smallest else "beyond"


def _side(change: Figure) -> bool:
    return float(change.low or 0) > 0


def in_points(measure: Measure) -> tuple[float, str]:
    """How a change of the score is written: shares in percentage points."""
    if measure.unit == "share":
        return 100.0, "points"
    return 1.0, "scale" if measure.unit == "scale" else "points"


def judged(
    change: Figure, measure: Measure, smallest: float, beside: Figure | None = None
) -> Figure:
    """A change with its verdict; ``smallest`` is a share of the measure's scale."""
    matters = smallest * measure.length * in_points(measure)[0]
    return replace(change, verdict=verdict(change, matters, beside))


def step_figure(name: str, step: pd.Series, measure: Measure, label: str = "") -> Figure:
    """A change of the trend as a figure, in the unit it is written in.

    Its p is that nothing changed, whatever would matter.
    """
    made = _figure(name, step, measure, label, ("value", "low", "high"))
    return replace(made, p=float(step["p_adjusted"]))


def unweighted(name: str, step: pd.Series, measure: Measure, label: str = "") -> Figure | None:
    """The same change unweighted; ``None`` where it is not weighted."""
    if not step["weighted"]:
        return None
    ends = ("answered", "answered_low", "answered_high")
    return _figure(name, step, measure, f"{label}, unweighted", ends)


def _figure(
    name: str, step: pd.Series, measure: Measure, label: str, ends: tuple[str, str, str]
) -> Figure:
    scale, unit = in_points(measure)
    return Figure.from_row(name, step, ends, factor=scale, unit=unit, grade="C", label=label)


def main_change(
    found: Trend, lead: Measure, waves: tuple[str | None, str], smallest: float
) -> dict[str, Figure]:
    """The change of the leading score, tested alone, and how likely it is to be one."""
    before, wave = waves
    label = f"change of the {lead.phrase}"
    step, whole = found.last(lead.name, wave), found.whole(lead.name)
    figures: dict[str, Figure] = {}
    if step is not None and before is not None and step["before"] == before:
        figures |= _both("main_change", step, lead, smallest, label)
        figures |= by_name(*_chances(step, lead), *quotable(before_wave=before))
    if whole is not None:
        texts = {"first_wave": str(whole["before"]), "last_wave": str(whole["wave"])}
        figures |= _both("whole_change", whole, lead, smallest, f"{label} over all waves")
        figures |= by_name(*quotable(**texts))
    return figures


def _chances(step: pd.Series, lead: Measure) -> list[Figure]:
    """How likely the change truly went its way, and by more than matters."""
    way = "fell" if step["value"] < 0 else "rose"
    scale, unit = in_points(lead)
    share = partial(Figure, unit="share", base=int(step["base"]), grade="C")
    label, far = f"chance that the {lead.phrase} {way}", "smallest change that matters"
    return [
        share("main_change_chance", float(step["chance"]), label=label, verdict=way),
        share("main_change_beyond", float(step["chance_beyond"]), label=f"{label} by more"),
        Figure("change_matters", float(step["matters"]) * scale, unit=unit, label=far),
    ]


def _both(
    name: str, step: pd.Series, measure: Measure, smallest: float, label: str
) -> dict[str, Figure]:
    """A change judged, and the same unweighted where it is weighted."""
    plain = unweighted(f"{name}_unweighted", step, measure, label)
    change = judged(step_figure(name, step, measure, label), measure, smallest, plain)
    return by_name(change, *([] if plain is None else [plain]))


def score_changes(
    found: Trend, chosen: Sequence[Measure], waves: tuple[str | None, str], smallest: float
) -> dict[str, Figure]:
    """The change of every score of the scorecard, judged by the rule of the answer."""
    before, wave = waves
    figures: dict[str, Figure] = {}
    for measure in chosen:
        step = found.last(measure.name, wave)
        if step is None or step["before"] != before:
            continue
        name, label = f"{SCORES[measure.name]}_change", f"change of the {measure.phrase}"
        both = _both(name, step, measure, smallest, label)
        figures |= by_name(both[name], *quotable(**{f"{measure.name}_label": measure.phrase}))
    return figures


def split(
    found: Change,
    measure: Measure,
    smallest: float,
    step: pd.Series | None = None,
    name: str = "main",
) -> dict[str, Figure]:
    """The change of a score since the wave before, and its parts.

    ``step`` is the same change in the trend: its interval is then that of the whole.
    """
    scale, unit = in_points(measure)
    low, high = whole_interval(found, step)
    whole = Figure(
        f"{name}_change", found.value * scale, low * scale, high * scale, unit, found.base,
        grade="C", label=f"change of the {measure.phrase}", p=whole_p(found, step),
    )  # fmt: skip
    plain = None if step is None else unweighted("plain", step, measure)
    parts = [
        Figure.from_row(
            f"{name}_change_{row['part']}", row, factor=scale, unit=unit, grade="C",
            label=row["label"].lower(), withheld=FEW,
        )
        for row in records(found.table)
        if row["accounts"] > 0
    ]  # fmt: skip
    return by_name(judged(whole, measure, smallest, plain), *parts)


def whole_interval(found: Change, step: pd.Series | None) -> tuple[float, float]:
    """The interval of a whole change: that of the trend, where it holds the same change."""
    if step is not None and _same(found, step):
        return float(step["low"]), float(step["high"])
    return found.low, found.high


def whole_p(found: Change, step: pd.Series | None) -> float:
    """The p value that goes with that interval."""
    return float(step["p_adjusted"]) if step is not None and _same(found, step) else found.p


def _same(found: Change, step: pd.Series) -> bool:
    return abs(float(step["value"]) - found.value) < SAME


def changes(
    found: Changes,
    chosen: Sequence[Measure],
    lead: Measure,
    moved: Trend | None,
    waves: tuple[str | None, str],
    smallest: float,
) -> dict[str, Figure]:
    """The parts of the changes of the index, of the net promoter score and of the leading score."""
    before, wave = waves
    figures = by_name(*quotable(before_wave=str(before))) if found.found else {}
    for measure in chosen:
        if measure.name not in found.found:
            continue
        step = None if moved is None else moved.last(measure.name, wave)
        parts = partial(split, found.found[measure.name], measure, smallest, step)
        if measure.name in ("loyalty_index", "nps"):
            figures |= parts(SCORES[measure.name])
        if measure.name == lead.name:
            figures |= parts("main")
    return figures


def moves(found: Transitions, before: str) -> dict[str, Figure]:
    """How many changed segment, how many would have without any true change, and the excess."""
    counted = partial(Figure.from_row, base=found.base, grade="C")
    excess = counted(
        "moved_excess",
        found.measure("excess"),
        factor=100,
        unit="points",
        label="percentage points moved, more than chance explains",
    )
    return by_name(
        Figure("moved_seen", found.seen, unit="count", label="people who answered both waves"),
        Figure("moved_placed", found.base, unit="count", label="people placed in both waves"),
        counted("moved", found.measure("moved"), unit="share",
                label="share that changed segment"),
        counted("moved_by_chance", found.measure("expected"), unit="share",
                label="share that would have without any true change"),
        replace(excess, verdict=_beyond_chance(excess), p=least(found.excess_p)),
        *quotable(before_wave=before),
    )  # fmt: skip


def _beyond_chance(excess: Figure) -> str:
    """``more`` or ``fewer`` than chance, where the interval as it is written leaves out zero."""
    seen = as_written(excess)
    if float(seen.low or 0) > 0:
        return "more"
    return "fewer" if float(seen.high or 0) < 0 else "not clear"
