"""Which theme's comments to read first, and why: what the comments chapter quotes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import pandas as pd

from helpers.methods.comments import Quotes, ThemeGroups, ThemeShares
from helpers.results import Figure
from helpers.views.comments.figures import leaders, share_named
from helpers.views.rendering.declared import by_name
from helpers.views.rendering.naming import Labels
from helpers.views.rendering.records import records
from helpers.views.rendering.rules import quotable


def to_read(
    found: ThemeGroups, everyone: ThemeShares, tied: Mapping[str, str], clear: Sequence[str]
) -> tuple[str, str]:
    """The theme whose comments to read first, and why that one.

    ``apart``: the least loyal clearly name it more often than the others do. ``named``: no
    other theme may be the one named most. ``driver``: its rating is the first that is clearly
    linked to loyalty. ``close``: none of these; it comes first, and others may be named most.

    Parameters
    ----------
    tied
        Themes, and the driver that each is about.
    clear
        Drivers that are clearly linked to loyalty, the first to act on first.
    """
    apart = found.apart[(found.apart["group"] == found.groups[0]) & (found.apart["difference"] > 0)]
    if len(found.groups) > 1 and len(apart):
        return str(apart["theme"].iloc[0]), "apart"
    rows = records(found.of(found.groups[0]))
    if len(found.groups) == 1 or pd.isna(rows[0]["value"]):
        rows = records(everyone.table)
    if leaders(rows) == 1:
        return str(rows[0]["theme"]), "named"
    themes = {driver: theme for theme, driver in tied.items()}
    about = next((themes[driver] for driver in clear if driver in themes), None)
    return (about, "driver") if about else (str(rows[0]["theme"]), "close")


def clear_drivers(ranked: pd.DataFrame | None) -> list[str]:
    """Drivers that the chapter on drivers found clearly linked to loyalty, in its order."""
    return [] if ranked is None else list(ranked.loc[ranked["clear"], "driver"])


def shown(
    found: Quotes,
    theme: str,
    because: str,
    labels: Labels,
    by_loyalty: ThemeGroups,
    owner: str = "",
) -> dict[str, Figure]:
    """The theme whose comments to read first, who does, and how many of them may be read.

    Parameters
    ----------
    because
        Why this theme, as `to_read` says.
    owner
        The function that owns the subject, where it is known.
    """
    figures = [
        Figure("read_theme", labels[theme], unit="text", verdict=because),
        *(quotable(read_owner=owner) if owner else ()),
        *_of_least_loyal(theme, labels, by_loyalty),
    ]
    rows = {row["theme"]: row for row in records(found.counts)}
    if theme not in rows or not rows[theme]["may"]:
        return by_name(*figures)
    base = int(rows[theme]["may"])
    counted = partial(Figure, unit="count", base=base)
    figures += [
        counted("may_be_read", base, label="comments that may be quoted"),
        counted("read_shown", int(rows[theme]["shown"]), label="of them, on this page"),
    ]
    return by_name(*figures)


def _of_least_loyal(theme: str, labels: Labels, by_loyalty: ThemeGroups) -> list[Figure]:
    """The share of the least loyal who name a theme, and whether no other group names it less."""
    table = by_loyalty.table
    own = table[table["theme"] == theme].set_index("group")
    if len(own) < 2 or own["value"].isna().any():
        return []
    least = own["value"].idxmin() == by_loyalty.groups[0]
    (row,) = records(table[(table["theme"] == theme) & (table["group"] == by_loyalty.groups[0])])
    verdict = "least often" if least else "not least often"
    return [share_named("read_low_share", row, labels, verdict=verdict)]
