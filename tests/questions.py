"""Questions of a survey as a draft sees them, made of a few answers."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from helpers.study.drafting.export import Export, Item
from helpers.study.drafting.guess import Guess
from helpers.study.drafting.scales import Scale


def item(cells: object, name: str = "x", text: str = "", **labels: str) -> Item:
    """A question with these answers; labels are those of codes."""
    texts = pd.Series([None if pd.isna(c) else str(c) for c in cells], dtype=object)
    return Item(name, text, labels, texts)


def scale(low: float, high: float, *, sure: bool = False) -> Scale:
    """A scale with these ends."""
    return Scale(Guess(f"{low:g}", sure, "so"), Guess(f"{high:g}", sure, "so"))


def export(path: str = "export.csv", **columns: object) -> Export:
    """A file with these columns."""
    items = tuple(item(cells, name) for name, cells in columns.items())
    return Export(Path(path), "one header row", items, len(items[0].cells))
