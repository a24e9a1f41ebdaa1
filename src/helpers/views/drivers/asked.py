"""Drivers that only some were asked about: what may be quoted of them, and their tables."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd

from helpers.methods.drivers import AmongAsked
from helpers.results import Figure
from helpers.views.drivers.figures_shapes import reasons
from helpers.views.rendering.declared import by_name
from helpers.views.rendering.naming import Labels, named, plain
from helpers.views.rendering.rules import quotable
from helpers.views.rendering.sentences import Sentence, show_folded
from helpers.views.rendering.tables import Table, show


def asked(found: AmongAsked, labels: Labels, unit: str) -> dict[str, Figure]:
    """The driver with the largest potential of those, who was asked, and what it is worth."""
    row = found.table.iloc[0]
    count = Figure("asked_drivers", len(found.table), unit="count", base=found.base,
                   label="drivers that only some were asked about",
                   verdict=found.verdict, p=found.p)  # fmt: skip
    one = partial(Figure.from_row, row=row, grade="C")
    return by_name(
        count,
        *quotable(asked_driver=labels.get(row["driver"], row["driver"])),
        Figure("asked_share", float(row["asked_share"]), unit="share", base=found.base,
               label="share of all who were asked"),
        one("asked_effect", columns=("effect", "effect_low", "effect_high"), unit=unit,
            label="effect of a point among those asked"),
        one("asked_lift", columns=("potential", "potential_low", "potential_high"), unit=unit,
            label="improvement potential over all customers"),
    )  # fmt: skip


def among(found: AmongAsked, labels: Labels, *, outcome: str, unit: str, counted: str) -> Table:
    """Each driver among those who were asked about it, and its potential over all."""
    written = "decimal1" if unit == "index" else "decimal2"
    left = "; ".join(reasons(found.dropped, labels))
    return show(
        found.table.assign(label=named(found.table["driver"], labels)),
        caption="Drivers that only some were asked about, each among those who were",
        columns={
            "label": "Driver",
            "asked": ("Asked", "count"),
            "asked_share": ("Of all", "share"),
            "base": ("Answers", "count"),
            "mean": ("Mean rating", "decimal2", "mean_low", "mean_high"),
            "effect": ("Effect of a point", "decimal2", "effect_low", "effect_high"),
            "share": ("Share explained", "share", "low", "high"),
            "drivers": ("Of drivers", "count"),
            "reach": ("Of all, asked and below the target", "share"),
            "headroom": ("Points they lack", "decimal1"),
            "potential": ("Potential over all", written, "potential_low", "potential_high"),
        },
        note=f"Each driver has a model of those who were asked, with the drivers of the first "
        f"table beside it; nothing is imputed for the others. Effects in points of {outcome}. "
        f"Potential over all {found.base:,} {counted}, asked or not, so that it can be set beside "
        f"those above." + (f" Left out: {left}." if left else ""),
    )


def by_segment(found: AmongAsked, labels: Labels, *, outcome: str, smallest: int) -> Sentence:
    """Effects in every segment among those asked, with their own bases; folded."""
    table: pd.DataFrame = found.segments
    if table.empty:
        return Sentence("", "")
    kept = table[table["base"] >= smallest]
    text: dict[str, Any] = {
        "label": named(kept["driver"], labels),
        "by": [labels.get(name, plain(name)) for name in kept["by"]],
        "segment": kept["segment"].map(plain),
    }
    return show_folded(
        "Effects in every segment, among those asked",
        kept.assign(**text),
        caption="Effect of a point among those asked, by segment",
        columns={
            "label": "Driver",
            "by": "Segments by",
            "segment": "Segment",
            "effect": ("Effect of a point", "decimal2", "low", "high"),
            "base": ("Asked", "count"),
            "p_holm": ("p of a difference, corrected", "p"),
        },
        note=f"In points of {outcome}. Intervals are not corrected.",
    )
