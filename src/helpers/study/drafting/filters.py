"""Questions of an export that were likely asked of some alone: blanks that follow an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from helpers.study.codebook import SCALED
from helpers.study.drafting.export import Item
from helpers.study.drafting.guess import Guess
from helpers.study.drafting.scales import Scale
from helpers.study.filtering import likely_filters
from helpers.study.measured import METRIC

__all__ = ["conditions"]


def conditions(rows: Mapping[str, tuple[str, Scale]], items: Sequence[Item]) -> dict[str, Guess]:
    """A condition for each rating or metric whose blanks follow another answer.

    Parameters
    ----------
    rows
        Role and scale of each column that has a row in the draft.
    items
        Every column of the export.
    """
    known = {item.name: item for item in items}
    targets = {
        name: _answers(known[name], scale)
        for name, (role, scale) in rows.items()
        if role in (*SCALED, METRIC) and name in known
    }
    deciding = {item.name: _as_read(item, *rows.get(item.name, ("", Scale()))) for item in items}
    found = likely_filters(pd.DataFrame(targets), pd.DataFrame(deciding), list(known))
    return {name: Guess(one.condition, False, one.evidence) for name, one in found.items()}


def _answers(item: Item, scale: Scale) -> pd.Series:
    """The cells that are answers: what means none is blank."""
    codes = [code.strip() for code in scale.missing.value.split(";") if code.strip()]
    return item.cells.mask(item.cells.isin([*codes, *item.silent]))


def _as_read(item: Item, role: str, scale: Scale) -> pd.Series:
    """The cells as they will be read: ratings as codes, other questions as their labels."""
    if role in SCALED:
        return _answers(item, scale)
    return item.cells.map(item.labels).fillna(item.cells) if item.labels else item.cells
