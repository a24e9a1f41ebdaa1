"""Who answers, and how far a score could move if those who did not answer think otherwise."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.figure import Figure

from helpers.views.rendering.chart import Chart, dashed, is_narrow, plot
from helpers.views.rendering.intervals import interval_dots, require
from helpers.views.rendering.naming import of_group, plain
from helpers.views.rendering.numerals import count, formatter, percent
from helpers.views.rendering.palette import ACCENT, INK, PALE, SMALL
from helpers.views.rendering.records import records
from helpers.views.rendering.rows import number_axis

if TYPE_CHECKING:
    from helpers.methods.nonresponse import Propensity, Sensitivity


def response_by_group(found: Propensity, *, confidence: float = 0.95) -> Chart:
    """Draw the share that answered of each group that the list knows."""
    names = [of_group(row["variable"], row["category"]) for row in records(found.table)]
    return interval_dots(
        found.table.assign(name=names), label="name", value="rate", base="asked", unit="share",
        reference=found.response_rate, reference_label="all who were asked", title=_least(found),
        axis="Share that answered",
        note=f"Base: {found.base:,} people asked, each counted by the chance of being asked. "
        f"Complete and partial answers. Lines: {confidence:.0%} intervals.",
    )  # fmt: skip


def _least(found: Propensity) -> str:
    """The finding: which group answers least, where that is clear."""
    lowest = found.lowest
    if lowest is None or found.verdict != "below":
        return "No group answers clearly less than all"
    who = f"{plain(lowest['variable'])} {plain(lowest['category'])}"
    return f"Fewest answers: {who}, {percent(float(lowest['rate']))}"


def nonresponse_range(
    found: Sensitivity, *, label: str, unit: str, title: str | None = None
) -> Chart:
    """Draw the score of everybody over how much lower those who did not answer may score.

    Parameters
    ----------
    found
        As ``nonresponse.nonresponse_range`` returns it; the last response rate is drawn.
    label, unit
        The score and its unit.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> table = pd.DataFrame({"rate": "rr4", "response_rate": 0.5, "delta": [0.0, 20.0],
    ...                       "value": [30.0, 20.0], "low": [25.0, 15.0], "high": [35.0, 25.0]})
    >>> found = SimpleNamespace(table=table, threshold=0.0, base=400)
    >>> nonresponse_range(found, label="Net promoter score", unit="points").title
    'Net promoter score: 30.0 if non-respondents think alike, 20.0 if they score 20.0 lower'
    """
    require(found.table, "rate", "delta", "value", "low", "high")
    table = found.table[found.table["rate"] == found.table["rate"].iloc[-1]]
    write = formatter(unit)
    first, last = table.iloc[0], table.iloc[-1]
    says = (
        f"{label}: {write(first['value'])} if non-respondents think alike, "
        f"{write(last['value'])} if they score {write(last['delta'])} lower"
    )
    return Chart(
        partial(_band, table=table, threshold=found.threshold, label=label, unit=unit),
        title or says,
        f"{says}. The band is the interval of the answers alone.",
        f"Base: {count(found.base)} answers; {first['response_rate']:.0%} of those drawn "
        "answered. Band: the interval from the answers, which knows nothing of non-respondents.",
        "nonresponse_range",
    )  # fmt: skip


def _band(
    figure: Figure,
    width: float,
    table: pd.DataFrame,
    threshold: float | None,
    label: str,
    unit: str,
) -> None:
    narrow = is_narrow(width)
    ax = plot(figure, width, (2.6, 3.0))
    ax.fill_between(table["delta"], table["low"], table["high"], color=PALE, alpha=0.7, linewidth=0)
    ax.plot(table["delta"], table["value"], "o-", color=ACCENT, linewidth=2.0, markersize=4)
    number_axis(ax, unit, "How much lower non-respondents score", narrow=narrow)
    number_axis(ax, unit, label, narrow=narrow, axis="y")
    if threshold is not None:
        dashed(ax, y=threshold, zorder=2)
        ax.text(table["delta"].iloc[0], threshold, f" {formatter(unit)(threshold)}",
                ha="left", va="bottom", fontsize=SMALL, color=INK)  # fmt: skip
