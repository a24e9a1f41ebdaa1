"""The tables of the board chapter."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from helpers.methods.board import Retention
from helpers.results import Figure
from helpers.views.rendering.sentences import Sentence, show_folded
from helpers.views.rendering.tables import Table, show

ROWS = {
    "net": "Revenue kept, growth of those who stay counted (net)",
    "gross": "Revenue kept without that growth (gross)",
    "logos": "Accounts kept",
    "by_revenue": "{label}, accounts counting by revenue",
    "risk_gross": "Yearly revenue of accounts likely to leave within {months} months",
    "top10_share": "Part of it in ten accounts",
    "asset": "Customer asset: margin of {years} years, discounted",
    "per_point": "Added to it by one percentage point more of revenue kept a year",
}


def followed(figures: Mapping[str, Figure]) -> Table:
    """What a board follows from quarter to quarter, each with its range and base."""
    shown = {name: figures[name] for name in ROWS if name in figures}
    words = {
        "label": _text(figures, "score_label").capitalize(),
        "months": _text(figures, "horizon"),
        "years": _text(figures, "asset_years"),
    }
    rows = [
        {"what": ROWS[name].format(**words), "value": f.value, "low": f.low, "high": f.high,
         "unit": f.unit, "base": f.base}
        for name, f in shown.items()
    ]  # fmt: skip
    return show(
        pd.DataFrame(rows, columns=["what", "value", "low", "high", "unit", "base"]),
        caption="What to follow from quarter to quarter",
        columns={
            "what": "What",
            "value": ("Value", "in unit", "low", "high"),
            "base": ("Accounts", "count"),
        },
        note="Ranges of retention show how much it would vary with another set of such accounts.",
    )


def _text(figures: Mapping[str, Figure], name: str) -> str:
    value = figures[name].value if name in figures else ""
    return f"{value:g}" if isinstance(value, float | int) else str(value)


def over_quarters(found: Retention) -> Sentence:
    """Retention at the end of each quarter: the chart's numbers, for who cannot see it."""
    rows = found.table.assign(at=found.table["at"].dt.strftime("%Y-%m-%d"))
    wide = rows.pivot(index="at", columns="measure", values=["value", "low", "high"])
    wide.columns = wide.columns.map("{0[1]}_{0[0]}".format)
    base = rows.groupby("at")["base"].first().rename("base")
    return show_folded(
        "The same in numbers, quarter by quarter",
        wide.join(base).reset_index(),
        caption="Kept after twelve months, at the end of each quarter",
        columns={
            "at": ("Until", "date"),
            "net_value": ("Net revenue", "share", "net_low", "net_high"),
            "gross_value": ("Gross revenue", "share", "gross_low", "gross_high"),
            "logos_value": ("Accounts", "share", "logos_low", "logos_high"),
            "base": ("Accounts counted", "count"),
        },
    )
