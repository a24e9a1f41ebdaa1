"""Charts of a plan: what more invitations would buy."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from helpers.methods.measure import Measure
from helpers.methods.sample_design import SamplePlan
from helpers.views.next_wave.figures import unit_of
from helpers.views.rendering.chart import Chart, is_narrow, plot
from helpers.views.rendering.intervals import require
from helpers.views.rendering.numerals import count, formatter
from helpers.views.rendering.palette import ACCENT, CONTRAST, HALO, INK, MUTED, TEXT
from helpers.views.rendering.rows import number_axis

COLOURS = (ACCENT, CONTRAST)  # plan, this wave
HEIGHTS = (0.55, 0.75)  # of the names over the curve, as parts of its height: plan, this wave


def margins(
    curve: pd.DataFrame, plan: SamplePlan, measure: Measure, *,
    asked_now: int | None = None, respondents: str = "respondents",
) -> Chart:  # fmt: skip
    """Draw what more invitations would buy of a score; options as for `margin_by_invitations`."""
    return margin_by_invitations(
        curve, planned=plan.base, asked_now=asked_now, unit=unit_of(measure), score=measure.phrase,
        note="Expected at this wave's response rate and spread of answers. Base: "
        f"{plan.expected.answered:,} {respondents}. Intervals: {plan.confidence:.0%}.",
    )  # fmt: skip


def margin_by_invitations(
    curve: pd.DataFrame,
    *,
    planned: int,
    asked_now: int | None = None,
    unit: str = "points",
    score: str = "leading score",
    note: str = "",
) -> Chart:
    """Draw the margin that each number of invitations gives, the plan marked on it.

    Parameters
    ----------
    curve
        ``size`` (invitations) and ``margin`` (of the score, in its unit), one row a size;
        sizes that could not be planned have a missing margin.
    planned, asked_now
        Invitations of the plan, and of the wave before; both among the sizes.
    score
        What a sentence calls the score.

    Raises
    ------
    ValueError
        If the planned size is not among the sizes.

    Examples
    --------
    >>> curve = pd.DataFrame({"size": [100, 400], "margin": [10.0, 5.0]})
    >>> margin_by_invitations(curve, planned=400, score="net promoter score").title
    '400 invitations give the net promoter score to within ± 5.0 points'
    """
    require(curve, "size", "margin")
    known = curve.dropna(subset=["margin"]).sort_values("size")
    at = dict(zip(known["size"].astype(int), known["margin"].astype(float), strict=True))
    if planned not in at:
        raise ValueError(f"the plan of {planned} invitations is not among the sizes {list(at)}")
    marks = {"plan": planned}
    if asked_now in at and asked_now != planned:
        marks["this wave"] = int(asked_now or 0)
    write = formatter(unit)
    found = f"{count(planned)} invitations give the {score} to within ± {write(at[planned])} points"
    facts = [
        f"{name}, {count(size)} invitations, ± {write(at[size])}" for name, size in marks.items()
    ]
    return Chart(
        partial(_curve, known=known, marks=marks, at=at, unit=unit), found,
        f"{found}. {'; '.join(facts)}.", note, "margin_by_invitations",
    )  # fmt: skip


def _curve(
    figure: Figure, width: float, known: pd.DataFrame, marks: Mapping[str, int],
    at: Mapping[int, float], unit: str,
) -> None:  # fmt: skip
    """The margin over the number of invitations, with named dots on it."""
    narrow = is_narrow(width)
    ax = plot(figure, width, (2.7, 3.0))
    ax.plot(known["size"], known["margin"], color=MUTED, linewidth=1.6, zorder=2)
    top, write = float(known["margin"].max()), formatter(unit)
    ax.set(xlim=(0, float(known["size"].max()) * 1.08), ylim=(0, top * 1.12 or 1.0))
    number_axis(ax, "count", "Invitations", narrow=narrow)
    number_axis(ax, unit, "Margin, ± points", narrow=narrow, axis="y")
    for (name, size), height, colour in zip(marks.items(), HEIGHTS, COLOURS, strict=False):
        text = f"{name}: {count(size)}, ± {write(at[size])}"
        _mark(ax, (size, at[size]), height * top, text, colour)


def _mark(ax: Axes, point: tuple[int, float], height: float, text: str, colour: str) -> None:
    """A dot on the curve, named at the end of a line upwards, where the curve leaves room."""
    size, margin = point
    ax.plot([size], [margin], "o", color=colour, markersize=8, zorder=4)
    above = max(height, 1.25 * margin)
    ax.plot([size, size], [margin, above], color=colour, linewidth=0.9, zorder=3)
    right = size > 0.5 * float(np.max(ax.get_xlim()))
    ax.annotate(
        text, (size, above), (3 if right else -3, 3), textcoords="offset points",
        ha="right" if right else "left", va="bottom", fontsize=TEXT, color=INK,
        weight="bold" if colour == ACCENT else "normal", path_effects=HALO, zorder=5,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
    )  # fmt: skip
