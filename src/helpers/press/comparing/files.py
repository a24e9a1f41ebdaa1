"""A comparison as files: a CSV with every change, and one page that opens without a network."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from helpers.press.comparing.changes import Change, Comparison
from helpers.press.comparing.page import page
from helpers.press.comparing.wording import because, cells
from helpers.press.spreadsheets import spreadsheet_text
from helpers.results import Figure

__all__ = ["NAME", "write_comparison"]

NAME = "comparison"
ENDS = ("value", "low", "high", "base")
COLUMNS = (
    "chapter", "figure", "label", "label_before", "change", "what_changed", "before", "now", "unit",
    *(f"{end}_before" for end in ENDS), *(f"{end}_now" for end in ENDS),
    "verdict_before", "verdict_now", "beside_intervals", "why", "one_cause", "why_no_value",
)  # fmt: skip


def write_comparison(made: Comparison, folder: Path, titles: Mapping[str, str]) -> tuple[Path, ...]:
    """Write ``comparison.csv`` and ``comparison.html``; the same runs give the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    table, shown = folder / f"{NAME}.csv", folder / f"{NAME}.html"
    with table.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows([*map(spreadsheet_text, row)] for row in _rows(made, titles))
    shown.write_text(page(made, titles), encoding="utf-8")
    return table, shown


def _rows(made: Comparison, titles: Mapping[str, str]) -> Iterator[list[object]]:
    for change in made.changes:
        old, new = change.before, change.now
        yield [
            change.chapter, change.name, change.label, change.was_called, change.kind,
            ", ".join(change.parts),
            *cells(change), _unit(change), *_numbers(old), *_numbers(new),
            old.verdict if old else "", new.verdict if new else "", change.beside,
            because(change, titles), "yes" if change.sure else "no", change.why_not,
        ]  # fmt: skip


def _unit(change: Change) -> str:
    known = change.now or change.before
    return known.unit if known else ""


def _numbers(figure: Figure | None) -> list[object]:
    told = [getattr(figure, end, None) for end in ENDS]
    return ["" if one is None else one for one in told]
