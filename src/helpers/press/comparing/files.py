"""A comparison as files: a CSV of figures, texts and tables that changed, and one page."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from helpers.press.comparing.changes import Change, Comparison
from helpers.press.comparing.page import page
from helpers.press.comparing.wording import because, cells, step_by_step
from helpers.press.spreadsheets import spreadsheet_text
from helpers.results import Figure

__all__ = ["NAME", "write_comparison"]

NAME = "comparison"
ENDS = ("value", "low", "high", "base")
COLUMNS = (
    "chapter", "figure", "label", "label_before", "change", "what_changed", "before", "now", "unit",
    *(f"{end}_before" for end in ENDS), *(f"{end}_now" for end in ENDS),
    "verdict_before", "verdict_now", "beside_intervals", "why", "one_cause", "steps",
    "why_no_value",
)  # fmt: skip


def write_comparison(made: Comparison, folder: Path, titles: Mapping[str, str]) -> tuple[Path, ...]:
    """Write ``comparison.csv`` and ``comparison.html``; the same runs give the same bytes.

    The CSV has a row for each figure, text and table that differs, each with its reason.
    """
    folder.mkdir(parents=True, exist_ok=True)
    table, shown = folder / f"{NAME}.csv", folder / f"{NAME}.html"
    with table.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        rows = (*_rows(made, titles), *_besides(made, titles))
        writer.writerows([*map(spreadsheet_text, row)] for row in rows)
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
            because(change, titles), "yes" if change.sure else "no", step_by_step(change, titles),
            change.why_not,
        ]  # fmt: skip


def _besides(made: Comparison, titles: Mapping[str, str]) -> Iterator[list[object]]:
    """Texts and tables that differ, a row each, in the columns of figures."""
    for one in made.besides:
        why, sure = because(one, titles), "yes" if one.sure else "no"
        for part in one.parts:
            told = {"chapter": one.chapter, "figure": part.name, "change": "text or table",
                    "what_changed": part.how, "before": part.before, "now": part.now,
                    "why": why, "one_cause": sure}  # fmt: skip
            yield [told.get(column, "") for column in COLUMNS]


def _unit(change: Change) -> str:
    known = change.now or change.before
    return known.unit if known else ""


def _numbers(figure: Figure | None) -> list[object]:
    told = [getattr(figure, end, None) for end in ENDS]
    return ["" if one is None else one for one in told]
