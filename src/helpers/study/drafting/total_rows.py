"""Rows called totals in a raw file, whose numbers are sums of the others: no part of a draft."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from helpers.study.drafting.export import Export, Item
from helpers.study.drafting.guess import Guess
from helpers.study.sameness import folded
from helpers.study.totals import TOTAL

__all__ = ["without_totals"]

ENDS = 3  # rows at each end of a file, where totals stand


def without_totals(export: Export) -> Export:
    """The export without its rows of totals, with the key that leaves them out of the report."""
    rows = [row for row in _ends(export.rows) if _is_total(export.items, row)]
    if not rows or export.rows <= len(rows) + 1:
        return export
    items = tuple(replace(item, cells=item.cells.drop(index=rows)) for item in export.items)
    said = f"row {rows[0] + 1} is called a total and holds the sums of the others"
    declared = {**export.declared, "totals": Guess("drop", True, said)}
    return replace(export, items=items, rows=export.rows - len(rows), declared=declared)


def _ends(count: int) -> list[int]:
    return sorted({*range(min(ENDS, count)), *range(max(count - ENDS, 0), count)})


def _is_total(items: Sequence[Item], row: int) -> bool:
    cells = [item.cells.iloc[row] for item in items]
    called = any(not pd.isna(cell) and TOTAL.fullmatch(folded(str(cell))) for cell in cells)
    return called and any(_is_sum(item, row) for item in items if not pd.isna(item.cells.iloc[row]))


def _is_sum(item: Item, row: int) -> bool:
    values = item.as_numbers()
    number = float(values.iloc[row])
    rest = float(values.drop(index=values.index[row]).sum())
    return bool(np.isfinite(number) and rest and abs(number - rest) <= 1e-6 * abs(rest) + 0.011)
