"""What the drivers chapter may quote."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd

from helpers.methods.drivers import Importance, Performance, Priorities
from helpers.results import Figure
from helpers.views.records import records
from helpers.views.words.rules import quotable

__all__ = ["importance", "priorities", "rows"]


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
    if found.raw_first != found.first:
        figures += quotable(raw_driver=labels.get(found.raw_first, found.raw_first))
        figures.append(_mean("raw_mean", found.raw_first, rated))
        effect = _effect("raw_effect", found.raw_first, shares, unit)
        figures += [effect] if effect.value is not None else []
        if effect.low is not None and effect.low <= 0:
            figures += quotable(raw_without_effect=labels.get(found.raw_first, found.raw_first))
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
    return [
        *quotable(rival=labels.get(rival, rival)),
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
