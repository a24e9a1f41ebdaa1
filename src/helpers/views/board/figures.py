"""What the board chapter may quote."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pandas as pd

from helpers.methods.board import CustomerAsset, Retention
from helpers.results import ChapterResult, Figure
from helpers.results import figure as of_estimate
from helpers.views.rendering.days import in_words
from helpers.views.rendering.declared import by_name, declare
from helpers.views.rendering.rules import quotable

DECLARED = declare(
    "gross", "logos", "left_out", "until", "asset", "asset_years", "asset_rate", "per_point",
    "margin_year", "by_revenue", "by_revenue_before", "effective", "score_label", "this_wave",
    "wave_before", "risk_gross", "top10_share", "horizon",
    net=("grows", "shrinks", "not clear"),
)  # fmt: skip
LABELS = {
    "net": "net revenue retention over a year",
    "gross": "gross revenue retention over a year",
    "logos": "accounts kept over a year",
}
FROM_LINKAGE = ("risk_gross", "top10_share", "horizon")


def kept(found: Retention) -> dict[str, Figure]:
    """What customers of a year ago brought and how many stayed."""
    told = {
        name: of_estimate(name, estimate, unit="share", base_unit="accounts", label=LABELS[name])
        for name, estimate in found.estimates.items()
    }
    return by_name(
        replace(told["net"], verdict=found.verdict), told["gross"], told["logos"],
        Figure("left_out", found.left_out, unit="count", base_unit="accounts",
               label="accounts that were not yet customers when the earlier year began"),
        *quotable(until=in_words(found.table["at"].iloc[-1])),
    )  # fmt: skip


def asset(found: CustomerAsset, currency: str) -> dict[str, Figure]:
    """What today's customers are worth, and what a point of retention adds."""
    money = partial(Figure, unit=f"money:{currency}", base=found.base, base_unit="accounts")
    return by_name(
        money("asset", found.value, found.low, found.high, label="customer asset"),
        money("per_point", found.per_point,
              label="customer asset for one point more of revenue kept a year"),
        money("margin_year", found.margin, label="margin of today's customers over twelve months"),
        Figure("asset_years", found.years, unit="decimal0", label="years of the customer asset"),
        Figure("asset_rate", found.discount_rate, unit="share", label="discount a year"),
    )  # fmt: skip


def scores(found: pd.DataFrame, label: str, unit: str) -> dict[str, Figure]:
    """The score of this wave and of the one before, accounts counting by their revenue."""
    names = {"by_revenue": ("this_wave", -1), "by_revenue_before": ("wave_before", -2)}
    told: list[Figure] = [*quotable(score_label=label.lower())]
    for name, (wave, place) in names.items():
        if len(found) < -place:
            continue
        row = found.iloc[place]
        told += [
            Figure.from_row(name, row, unit=unit, base_unit="accounts",
                            label=f"{label} by revenue in {row['wave']}"),
            *quotable(**{wave: str(row["wave"])}),
        ]  # fmt: skip
    effective = float(found["effective"].iloc[-1])
    equal = Figure("effective", effective, unit="decimal0", base_unit="accounts",
                   label="accounts of equal revenue that would tell as much")  # fmt: skip
    return by_name(*told, equal)


def score_tables(found: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """What is handed on of the scores by revenue."""
    return {"by_revenue": found}


def score_unit(low: float, high: float) -> str:
    """How a score is written: on the index, or on a question's own scale.

    >>> score_unit(0, 100), score_unit(1, 5)
    ('index', 'scale')
    """
    return "index" if (low, high) == (0, 100) else "scale"


def at_risk(earlier: ChapterResult | None) -> dict[str, Figure]:
    """Revenue at risk and its concentration, as the link chapter has them."""
    if earlier is None:
        return {}
    told = [earlier.figures[name] for name in FROM_LINKAGE if name in earlier.figures]
    return by_name(*(replace(f, verdict="") for f in told))
