"""Numbers of a survey that are written with a decimal comma, told and read as numbers."""

from __future__ import annotations

from dataclasses import replace

from helpers.study.drafting.export import Export, Item
from helpers.study.drafting.guess import Guess

__all__ = ["with_points"]

NUMBER = r"-?(?:\d+|\d{1,3}(?:\.\d{3})+)(?:,\d+)?"
COMMA = r".*,(?:\d{1,2}|\d{4,})"  # three digits behind a comma may be thousands
NEARLY = 0.95  # of a column's cells, before it holds numbers


def with_points(export: Export) -> Export:
    """The export with its decimal commas declared, and its numbers as the report reads them.

    Where one column has decimal commas, so have all: a file is written in one way.
    """
    written = [item for item in export.items if _has_commas(item)]
    if not written:
        return export
    cells = written[0].cells.dropna()
    shown = cells[cells.str.fullmatch(COMMA)].iloc[0]
    others = [item for item in export.items if item not in written and _has_points(item)]
    against = f", yet {others[0].name} has points" if others else ""
    form = {"decimal": Guess(",", not others, f"{written[0].name} holds {shown}{against}")}
    grouped = [c for item in written for c in item.cells.dropna() if "." in c and "," in c]
    if grouped:
        form["thousands"] = Guess(".", not others, f"as in {grouped[0]}")
    items = tuple(_pointed(item) if item in written else item for item in export.items)
    return replace(export, items=items, declared={**export.declared, **form})


def _has_commas(item: Item) -> bool:
    cells = item.cells.dropna()
    if cells.empty or float(cells.str.fullmatch(NUMBER).mean()) < NEARLY:
        return False
    return bool(cells.str.fullmatch(COMMA).any())


def _has_points(item: Item) -> bool:
    return item.numeric and bool((item.numbers.index.to_numpy() % 1 != 0).any())


def _pointed(item: Item) -> Item:
    numbers = item.cells.str.fullmatch(NUMBER).fillna(False).astype(bool)
    plain = item.cells.str.replace(".", "", regex=False).str.replace(",", ".", regex=False)
    return replace(item, cells=item.cells.mask(numbers, plain))
