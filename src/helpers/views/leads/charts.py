"""The picture of the leads chapter: what loyal accounts own, and where the white space is."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from helpers.methods.leads import Leads
from helpers.views.rendering.chart import Chart, is_narrow, wrapped
from helpers.views.rendering.numerals import count, percent
from helpers.views.rendering.palette import INK, PALE, SMALL

SEQUENTIAL = LinearSegmentedColormap.from_list("owned", ["#ffffff", PALE, "#6f95c0"])
MOST_GROUPS, MOST_PRODUCTS = 5, 14


def white_space(
    made: Leads, products: Mapping[str, str], *, title: str, smallest: int
) -> Chart | None:
    """Draw how many loyal accounts of each group own each product, and the leads in each field.

    Nothing where no group is large enough.
    """
    rows = made.space[made.space["accounts"] >= smallest]
    groups = rows[rows["group"] != ""] if (rows["group"] != "").any() else rows
    if groups.empty:
        return None
    told = groups.assign(name=groups["product_id"].map(products),
                         group=groups["group"].replace("", "All loyal accounts"))  # fmt: skip
    sizes = told.groupby("group")["accounts"].first().sort_values(ascending=False)
    share, leads = (
        told.pivot_table(index="name", columns="group", values=value, sort=False)
        .reindex(columns=sizes.index[:MOST_GROUPS]).head(MOST_PRODUCTS)
        for value in ("share", "leads")
    )  # fmt: skip
    said = [
        f"{name}, {group}: owned by {percent(share.loc[name, group])}, "
        f"{count(leads.loc[name, group])} leads"
        for name in share.index for group in share.columns if leads.loc[name, group] > 0
    ]  # fmt: skip
    return Chart(
        partial(_fields, share=share, leads=leads, sizes=sizes),
        title,
        f"Loyal accounts that own each product, and leads: {'; '.join(said) or 'no leads'}.",
        "In each field: the share of loyal accounts that own the product and, where there are any, "
        "the leads it gives now. The fuller the colour, the more own it.",
        "white_space",
    )


def _fields(
    figure: Figure, width: float, share: pd.DataFrame, leads: pd.DataFrame, sizes: pd.Series
) -> None:
    figure.set_size_inches(width, 0.9 + 0.36 * len(share))
    ax = figure.add_subplot()
    shares = share.to_numpy(float)
    ax.pcolormesh(shares, cmap=SEQUENTIAL, vmin=0, vmax=1, edgecolors="white",
                  linewidth=1.5)  # fmt: skip
    ax.invert_yaxis()
    wide, room = (0.62, 1.05) if is_narrow(width) else (1.15, 1.9)  # inches
    across = [
        f"{wrapped(figure, str(g), wide, size=SMALL)}\nn {count(sizes[g])}" for g in share.columns
    ]
    down = [wrapped(figure, str(name), room, lines=2, size=SMALL) for name in share.index]
    ax.set_xticks(np.arange(len(across)) + 0.5, across, fontsize=SMALL)
    ax.set_yticks(np.arange(len(down)) + 0.5, down, fontsize=SMALL)
    ax.tick_params(length=0)
    ax.xaxis.set_ticks_position("top")
    ax.spines[:].set_visible(False)
    for (i, j), number in np.ndenumerate(leads.to_numpy(float)):
        text = percent(float(shares[i, j])) + (f" · {count(number)}" if number else "")
        ax.text(j + 0.5, i + 0.5, text, ha="center", va="center", fontsize=SMALL, color=INK,
                weight="bold" if number else "normal")  # fmt: skip
