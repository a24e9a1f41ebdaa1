"""Metrics of the drivers chapter, named and printed as what they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import pandas as pd

from helpers.methods.drivers import MetricEffects
from helpers.views.drivers.figures_shapes import reasons
from helpers.views.rendering.naming import Labels
from helpers.views.rendering.tables import Table, show


class Recorded(Protocol):
    """What the codebook says of a metric."""

    @property
    def written(self) -> str:
        """Its label with its unit."""

    @property
    def direction(self) -> str:
        """Whether ``higher`` or ``lower`` is better."""

    @property
    def sign(self) -> int:
        """The same as 1 or -1."""


def metrics(
    found: MetricEffects,
    measured: Mapping[str, Recorded],
    labels: Labels,
    *,
    outcome: str,
    counted: str,
) -> Table:
    """Each metric in its unit: its mean, and what one unit and a usual difference go with."""
    known = [measured[name] for name in found.table["driver"]]
    left = "; ".join(reasons(found.dropped, labels))
    return show(
        found.table.assign(
            label=[one.written for one in known],
            better=[f"{one.direction} is better" for one in known],
            reading=[_reading(row, one.sign) for (_, row), one in
                     zip(found.table.iterrows(), known, strict=True)],
        ),
        caption="What was recorded beside the ratings",
        columns={
            "label": "Metric",
            "better": "Better",
            "mean": ("Mean", "decimal2", "mean_low", "mean_high"),
            "effect": ("Effect of one unit more", "decimal2", "effect_low", "effect_high"),
            "usual": ("Of a usual difference", "decimal2", "usual_low", "usual_high"),
            "reading": "Reading",
            "base": ("Base", "count"),
        },
        note=f"Effects in points of {outcome}, ratings and the other metrics held constant. A "
        f"usual difference is one standard deviation. A metric has no scale, so it has no place "
        f"among the ratings and no target. Base: {found.base:,} {counted}."
        + (f" Left out: {left}." if left else ""),
    )  # fmt: skip


def _reading(row: pd.Series, sign: int) -> str:
    """Whether the better is linked to more of the outcome.

    >>> _reading(pd.Series({"effect_low": -0.8, "effect_high": -0.1}), -1)
    'better is linked to more'
    """
    if not (row["effect_low"] > 0 or row["effect_high"] < 0):
        return "not clear"
    good = (row["effect_low"] > 0) == (sign > 0)
    return "better is linked to more" if good else "better is linked to less"
