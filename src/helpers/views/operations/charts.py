"""The pictures of the operations chapter: measures by what they move, and a knee."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from helpers.methods.operations import Effects, Knees, Metrics
from helpers.views.rendering.chart import Chart, dashed, finite, is_narrow, plot
from helpers.views.rendering.intervals import estimate, facts, interval_dots, listed
from helpers.views.rendering.naming import Labels, named, plain
from helpers.views.rendering.palette import ACCENT, CONTRAST, MUTED, PALE
from helpers.views.rendering.rows import number_axis


def gains(found: Effects, labels: Labels, *, title: str) -> Chart | None:
    """Draw what each measure moves, from its worse quartile to its better.

    Nothing where no link is clear: one line says so.

    Parameters
    ----------
    found
        As ``operations.effects`` returns it.
    """
    if found.clear.empty:
        return None
    rows = found.table.sort_values("gain", ascending=False, kind="stable")
    ratings = named(list(rows["rating"]), labels)
    names = [f"{plain(m)}: {r}" for m, r in zip(rows["metric"], ratings, strict=True)]
    return interval_dots(
        rows.assign(name=names), label="name", value="gain", low="gain_low", high="gain_high",
        base="base", unit="scale", title=title, reference=0.0, reference_label="no link",
        axis="Rating points, worse quartile of the measure to its better",
        note=f"Lines: {found.confidence:.0%} intervals. n: answers of all waves, wave, segments "
        "and other measures of the same rating held constant.",
        name="gains",
    )  # fmt: skip


def bend(
    points: pd.DataFrame, bends: Knees, sent: Metrics, labels: Labels, *, title: str
) -> Chart | None:
    """Draw a rating along a measure, in tenths of the answers, with the line that bends.

    Nothing where no bend is clear: a sentence says so.

    Parameters
    ----------
    points
        As ``operations.tenths`` gives it.
    """
    if points.empty:
        return None
    row = bends.clear.iloc[0]
    rating, metric = labels.get(row["rating"], row["rating"]), plain(row["metric"])
    unit = str(sent.of(row["metric"])["unit"])
    places = [f"at {value:.1f}" for value in points["value"]]
    told = facts(points.assign(at=places), "at", ("mean", "low", "high"), "scale")
    knee = estimate(row["knee"], row["knee_low"], row["knee_high"], "decimal0")
    return Chart(
        partial(_bend, points=points, row=row, axes=(f"{metric} ({unit})", str(rating))),
        title,
        f"{rating} by {metric}, in {unit}: {listed(told, 10)}.",
        f"Base: {points['base'].sum():,} answers, in tenths by {metric}. Vertical lines: "
        f"intervals; dashed: the bend, {knee} {unit}, its interval pale.",
        "bend",
    )


def _bend(
    figure: Figure, width: float, points: pd.DataFrame, row: pd.Series, axes: tuple[str, str]
) -> None:
    narrow = is_narrow(width)
    ax = plot(figure, width, (2.7, 3.2), grid="y")
    ax.axvspan(row["knee_low"], row["knee_high"], color=PALE, alpha=0.35, linewidth=0, zorder=0)
    dashed(ax, x=float(row["knee"]))
    ax.vlines(points["value"], points["low"], points["high"], color=MUTED, linewidth=1.2, zorder=2)
    ax.plot(points["value"], points["mean"], "o", color=ACCENT, markersize=5, zorder=4)
    line = points.dropna(subset=["fitted"]).sort_values("value")
    ends = np.concatenate([line["value"].to_numpy(), [float(row["knee"])]])
    fitted = np.concatenate([line["fitted"].to_numpy(), [float(points["at_knee"].iloc[0])]])
    order = ends.argsort()
    ax.plot(ends[order], fitted[order], color=CONTRAST, linewidth=2, zorder=3)
    values = finite(points["low"], points["high"])
    room = 0.12 * (np.ptp(values) or 1.0)
    ax.set_ylim(values.min() - room, values.max() + room)
    number_axis(ax, "scale", axes[1], narrow=narrow, axis="y", room=0.6)
    number_axis(ax, "decimal1", axes[0], narrow=narrow)
