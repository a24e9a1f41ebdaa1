"""What the drivers chapter may quote."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial
from typing import Any

import pandas as pd

from helpers.methods.drivers import (
    Asymmetry,
    Curves,
    Importance,
    Joint,
    Performance,
    Positions,
    Potential,
    Priorities,
    Segments,
    Stated,
)
from helpers.results import Figure
from helpers.views.naming import plain
from helpers.views.records import records
from helpers.views.words.rules import listed, quotable

__all__ = [
    "bends",
    "importance",
    "leads",
    "lifted",
    "placed",
    "priorities",
    "reasons",
    "rows",
    "said",
    "segments",
    "shapes",
]


MOST_LEADING = 2  # drivers to ask about where none is clear
MOST_UNLIKE = 2  # segments: the one with the smallest effect and the one with the largest


def importance(found: Importance) -> dict[str, Figure]:
    """How much is explained, and how far the drivers move together."""
    counted = partial(Figure, base=found.base)
    drivers = len(found.table)
    figures = [
        counted("respondents", found.base, unit="count"),
        counted("drivers", drivers, unit="count"),
        counted("r_squared", found.r_squared, unit="share", grade="C", label="explained"),
        counted("equal_share", 1 / drivers, unit="share1", label="equal split"),
    ]
    figures += quotable(largest_share=str(found.table["driver"].iloc[0]))
    figures += [f for row in records(found.table) for f in _of_driver(row, found.base)]
    halo = found.halo.mean_correlation
    if halo == halo:  # one driver has none
        label = "mean correlation between drivers"
        figures.append(counted("halo_correlation", halo, unit="correlation", label=label))
    return {f.name: f for f in figures}


def _of_driver(row: Mapping[str, Any], base: int) -> list[Figure]:
    effect = (row["effect"], row["effect_low"], row["effect_high"])
    share = (row["share"], row["low"], row["high"])
    figures = []
    for name, (value, low, high), unit in (
        (f"effect_{row['driver']}", effect, "decimal2"),
        (f"share_{row['driver']}", share, "share"),
    ):
        if pd.notna(value) and pd.notna(low):
            ends = (float(low), float(high))
            figures.append(Figure(name, float(value), *ends, unit=unit, base=base, grade="C"))
    return figures


def priorities(
    found: Priorities,
    shares: Importance,
    rated: Performance,
    labels: Mapping[str, str],
    unit: str,
    outcome_label: str,
) -> dict[str, Figure]:
    """The driver to begin with, and the one that raw scores would have chosen."""
    index = f"the {outcome_label.lower()} index (0 to 100)"
    explained = index if unit == "index" else f"“{outcome_label}”"
    figures = list(quotable(outcome_label=explained, lowest_rated=found.raw_first))
    figures += [_mean(f"mean_{d}", d, rated) for d in rated.table["driver"] if _answered(d, rated)]
    if found.first is not None:
        figures += quotable(top_driver=labels.get(found.first, found.first))
        figures.append(_effect("top_effect", found.first, shares, unit))
        figures.append(_share("top_importance", found.first, shares))
        figures += _rivals(found, shares, rated, labels, unit)
    figures.append(Figure("clear_drivers", len(found.clear), unit="count", base=shares.base))
    if found.leaning:
        figures += quotable(leaning=listed([labels.get(d, d) for d in found.leaning]))
        figures.append(
            Figure("leaning_drivers", len(found.leaning), unit="count", base=shares.base)
        )
    if found.raw_first in found.leaning:
        figures += quotable(raw_leaning=labels.get(found.raw_first, found.raw_first))
    if found.raw_first != found.first:
        figures += quotable(raw_driver=labels.get(found.raw_first, found.raw_first))
        figures.append(_mean("raw_mean", found.raw_first, rated))
        effect = _effect("raw_effect", found.raw_first, shares, unit)
        figures += [effect] if effect.value is not None else []
        if effect.low is not None and effect.low <= 0:
            figures += quotable(raw_without_effect=labels.get(found.raw_first, found.raw_first))
        if effect.high is not None and effect.high < 0:
            figures += quotable(raw_against=labels.get(found.raw_first, found.raw_first))
    return {f.name: f for f in figures}


def _rivals(
    found: Priorities, shares: Importance, rated: Performance, labels: Mapping[str, str], unit: str
) -> list[Figure]:
    """The clear driver next to the first, where the two cannot be told apart."""
    clear = found.table[found.table["clear"] & (found.table["driver"] != found.first)]
    first = found.table.loc[found.table["driver"] == found.first].iloc[0]
    close = clear[clear["potential"] >= first["potential_low"]]
    if close.empty:
        return []
    rival = str(close.sort_values("potential", ascending=False)["driver"].iloc[0])
    lowest = {"raw_rival": labels.get(rival, rival)} if rival == found.raw_first else {}
    return [
        *quotable(rival=labels.get(rival, rival), **lowest),
        _effect("rival_effect", rival, shares, unit),
        Figure("rivals", len(close), unit="count", base=shares.base),
        _mean("rival_mean", rival, rated),
        _mean("top_mean", str(found.first), rated),
    ]


def _answered(driver: str, rated: Performance) -> bool:
    return bool(rated.table.loc[rated.table["driver"] == driver, "mean"].notna().iloc[0])


def _row(table: pd.DataFrame, driver: str) -> pd.Series | None:
    found = table[table["driver"] == driver]
    return None if found.empty else found.iloc[0]


def _effect(name: str, driver: str, shares: Importance, unit: str) -> Figure:
    row = _row(shares.table, driver)
    if row is None or pd.isna(row["effect"]) or pd.isna(row["effect_low"]):
        return Figure(name, None, unit=unit, withheld="its effect cannot be told apart")
    return Figure(
        name,
        float(row["effect"]),
        float(row["effect_low"]),
        float(row["effect_high"]),
        unit=unit,
        base=shares.base,
        grade="C",
        label="adjusted effect of one point",
    )


def _ends(row: pd.Series) -> tuple[float | None, float | None]:
    return (None, None) if pd.isna(row["low"]) else (float(row["low"]), float(row["high"]))


def _share(name: str, driver: str, shares: Importance) -> Figure:
    row = shares.table.loc[shares.table["driver"] == driver].iloc[0]
    low, high = _ends(row)
    label = "share of what is explained"
    counted = partial(Figure, unit="share", base=shares.base, grade="C", label=label)
    return counted(name, float(row["share"]), low, high)


def _mean(name: str, driver: str, rated: Performance) -> Figure:
    row = rated.table.loc[rated.table["driver"] == driver].iloc[0]
    low, high = _ends(row)
    base = int(row["base"])
    counted = partial(Figure, unit="scale", base=base, grade="C", label="mean rating")
    return counted(name, float(row["mean"]), low, high)


def rows(
    found: Priorities, shares: Importance, rated: Performance, labels: Mapping[str, str]
) -> pd.DataFrame:
    """One row a driver: how it is rated, what it explains, what a point goes with."""
    means = rated.table[["driver", "low", "high", "base"]].rename(
        columns={"low": "mean_low", "high": "mean_high"}
    )
    chances = shares.table[["driver", "low", "high", "effect_low", "effect_high", "top_1", "top_3"]]
    table = found.table.merge(means, on="driver").merge(chances, on="driver")
    return table.assign(label=table["driver"].map(lambda name: labels.get(name, name)))


def leads(
    found: Joint, chosen: Priorities, labels: Mapping[str, str] | None = None
) -> dict[str, Figure]:
    """How often a point of the first driver goes with most, when accounts are drawn again.

    Where no driver is clear: the two that lead most often, to be asked about next.
    """
    label = "how often its effect is the largest when accounts are drawn again"
    counted = partial(Figure, unit="share", base=found.base, label=label)
    if chosen.first is not None:
        chance = found.leads.get(chosen.first)
        return {} if chance is None else {"top_first": counted("top_first", chance)}
    often = sorted(found.leads.items(), key=lambda item: (-item[1], item[0]))[:MOST_LEADING]
    if len(often) < MOST_LEADING:
        return {}
    named = [(labels or {}).get(driver, driver) for driver, _ in often]
    figures = [
        *quotable(lead_driver=named[0], next_driver=named[1]),
        counted("lead_first", often[0][1]),
        counted("next_first", often[1][1]),
    ]
    return {f.name: f for f in figures}


def _texts(**named: list[str]) -> dict[str, Figure]:
    """Lists of drivers as text; those that are empty are not there."""
    there = {name: listed(names) for name, names in named.items() if names}
    return {f.name: f for f in quotable(**there)}


def _where(table: pd.DataFrame, column: str, value: str, labels: Mapping[str, str]) -> list[str]:
    return [labels.get(name, name) for name in table.loc[table[column] == value, "driver"]]


def shapes(found: Asymmetry, labels: Mapping[str, str]) -> dict[str, Figure]:
    """Which drivers are surely floors, which delighters, and how many were judged."""
    classes = {
        f"{name}s": _where(found.table, "class", name, labels) for name in ("floor", "delighter")
    }
    judged = Figure("shapes_judged", len(found.table), unit="count", base=found.base)
    return {"shapes_judged": judged} | _texts(**classes)


def bends(found: Curves, labels: Mapping[str, str], unit: str) -> dict[str, Figure]:
    """The driver whose bend is best supported, where any is."""
    bent = found.table[found.table["threshold"].notna()]
    figures = {
        name: Figure(name, number, unit="count", base=found.base)
        for name, number in (("curves", len(found.table)), ("bends", len(bent)))
    }
    if bent.empty:
        return figures
    row = bent.iloc[0]
    kind = "levels_off" if row["shape"] == "levels off" else "takes_off"
    figures |= _texts(**{kind: [labels.get(row["driver"], row["driver"])]})
    counted = partial(Figure, base=int(row["base"]), grade="C")
    whole = all(float(row[f"threshold{end}"]).is_integer() for end in ("", "_low", "_high"))
    for name, column, in_unit, label in (
        (
            "bend_at",
            "threshold",
            "decimal0" if whole else "decimal1",
            "rating at which the curve bends",
        ),
        ("bend_below", "below", unit, "effect of a point below the bend"),
        ("bend_above", "above", unit, "effect of a point above the bend"),
    ):
        ends = (float(row[column]), float(row[f"{column}_low"]), float(row[f"{column}_high"]))
        value, low, high = ends[0], min(ends), max(ends)
        figures[name] = counted(name, value, low, high, unit=in_unit, label=label)
    return figures


def said(found: Stated, labels: Mapping[str, str]) -> dict[str, Figure]:
    """Drivers by what customers say and what goes with their loyalty, where that is sure."""
    cells = {
        "agreed": "both", "hidden": "derived only", "entry": "stated only", "neither": "neither"
    }  # fmt: skip
    figures = _texts(**{k: _where(found.table, "cell", v, labels) for k, v in cells.items()})
    unsure = int((found.table["cell"] == "unclear").sum())
    return figures | {"unplaced": Figure("unplaced", unsure, unit="count", base=found.base)}


def lifted(
    found: Potential, labels: Mapping[str, str], unit: str, clear: Collection[str] | None = None
) -> dict[str, Figure]:
    """What lifting every low rating of a driver would go with, where surely above zero.

    The largest such potential of a driver that is ``clear``; where none is, the largest of
    the others, marked as unsure. Without ``clear`` every interval is taken as it is.
    """
    tried = Figure("lifts_tried", len(found.table), unit="count", base=found.base)
    above = found.table[found.table["low"] > 0]
    sure = above if clear is None else above[above["driver"].isin(clear)]
    if above.empty or (sure.empty and clear):
        return {"lifts_tried": tried}
    row = (above if sure.empty else sure).iloc[0]
    if sure.empty:
        name = labels.get(row["driver"], row["driver"])
        figures = {f.name: f for f in quotable(lift_unsure=name)}
        return _lift(row, tried, labels, unit) | figures
    return _lift(row, tried, labels, unit)


def _lift(row: pd.Series, tried: Figure, labels: Mapping[str, str], unit: str) -> dict[str, Figure]:
    counted = partial(Figure, base=int(row["base"]), grade="C")
    ends = (float(row["low"]), float(row["high"]))
    value = min(max(float(row["potential"]), ends[0]), ends[1])
    figures = [
        tried,
        *quotable(lift_driver=labels.get(row["driver"], row["driver"])),
        counted("lift", value, *ends, unit=unit, label="improvement potential"),
        counted("lift_target", float(row["target"]), unit="decimal0", label="rating aimed at"),
        counted("lift_reach", float(row["reach"]), unit="share", label="customers who rate lower"),
        counted("lift_headroom", float(row["headroom"]), unit="scale", label="points they lack"),
        counted("lift_first", float(row["first"]), unit="share", label="how often it is first"),
    ]
    return {f.name: f for f in figures}


def placed(found: Positions, labels: Mapping[str, str]) -> dict[str, Figure]:
    """Drivers whose place hangs on where the lines are drawn."""
    firm = found.summary[found.summary["quadrant"] != "depends"]
    figures = _texts(improve=_where(found.summary, "quadrant", "improve", labels))
    for name, number in (("placed_firm", len(firm)), ("placed_of", len(found.summary))):
        figures[name] = Figure(name, number, unit="count", base=found.base)
    return figures


def segments(
    found: Segments, labels: Mapping[str, str], unit: str, smallest: int = 0
) -> dict[str, Figure]:
    """How many tests were made, how many find a difference, and the clearest one."""
    figures = {
        name: Figure(name, number, unit="count", base=found.base)
        for name, number in (
            ("segment_tests", len(found.tests)), ("segment_differences", len(found.different))
        )
    }  # fmt: skip
    if found.different.empty:
        return figures
    first = found.different.iloc[0]
    there = (found.table["by"] == first["by"]) & (found.table["driver"] == first["driver"])
    ends = found.table[there & (found.table["base"] >= smallest)].sort_values("effect")
    if len(ends) < MOST_UNLIKE:
        return figures
    names = {"segment_driver": first["driver"], "segment_by": first["by"]}
    figures |= _texts(**{k: [labels.get(v, plain(v))] for k, v in names.items()})
    for name, row in (("least", ends.iloc[0]), ("most", ends.iloc[-1])):
        figures |= _texts(**{f"segment_{name}": [str(row["segment"])]})
        figures[f"segment_{name}_effect"] = Figure(
            f"segment_{name}_effect", float(row["effect"]), float(row["low"]), float(row["high"]),
            unit=unit, base=int(row["base"]), grade="C", label="effect of a point in the segment",
        )  # fmt: skip
    return figures


def reasons(dropped: Mapping[str, str], labels: Mapping[str, str]) -> list[str]:
    """Why drivers or segments are left out, each under its label.

    >>> reasons({"ease": "no answers"}, {"ease": "Ease of use"})
    ['Ease of use: no answers']
    """
    return [f"{labels.get(name, name)}: {why}" for name, why in dropped.items()]
