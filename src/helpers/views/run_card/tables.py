"""What a run was made of, as tables: inputs, what readers changed, parameters, versions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from helpers import results
from helpers.results import ChapterResult, Figure
from helpers.views.rendering.naming import plain
from helpers.views.rendering.questions import questions

CHANCE = (
    "By chance alone (p): how often so clear an answer would come where nothing is there. Clear "
    "among all is one that holds although so much was tested (Benjamini and Hochberg, the first "
    "page's few apart from all others): of reports where nothing is there, at most one in twenty "
    "has such an answer on its first page, and about one in ten has one anywhere."
)


def record(results_dir: Path) -> dict[str, Any]:
    """The record that the run left beside its results."""
    return json.loads(results.located(results.RUN, results_dir).read_text(encoding="utf-8"))


def inputs(run: Mapping[str, Any]) -> pd.DataFrame:
    """One row a table: file, rows in and out, and the first part of its hash."""
    table = pd.DataFrame(run["inputs"])
    return table.assign(hash=table["sha256"].str[:12])


def notes(run: Mapping[str, Any]) -> pd.DataFrame:
    """What reading changed or set aside: table, what, count."""
    rows = [*run["notes"], *(["warning", text, None] for text in run["warnings"])]
    return pd.DataFrame(rows, columns=["table", "what", "count"])


def parameters(run: Mapping[str, Any]) -> pd.DataFrame:
    """One row a parameter: chapter, parameter, value."""
    rows = [
        (plain(chapter), name, json.dumps(value, ensure_ascii=False))
        for chapter, values in run["parameters"].items()
        for name, value in values.items()
    ]
    return pd.DataFrame(rows, columns=["chapter", "parameter", "value"])


def versions(run: Mapping[str, Any]) -> pd.DataFrame:
    """One row a program: name and version."""
    return pd.DataFrame(sorted(run["versions"].items()), columns=["program", "version"])


def chance(results: Mapping[str, ChapterResult]) -> pd.DataFrame:
    """One row a question that chance could answer: chapter, question, verdict, p, how clear."""
    asked = questions(results)
    words = {(True, True): "among all", (True, False): "on its own only"}
    pairs = zip(asked["claims"].astype(bool), asked["held"].astype(bool), strict=True)
    return asked.assign(
        chapter=asked["chapter"].map(plain),
        question=asked["label"].str.capitalize(),
        clear=[words.get(pair, "no") for pair in pairs],
    )


def figures(run: Mapping[str, Any]) -> dict[str, Figure]:
    """Files and rows that went in, rows that were used."""
    table = inputs(run)
    return {
        "tables": Figure("tables", len(table), unit="count"),
        "rows_in": Figure("rows_in", int(table["rows_in"].sum()), unit="count"),
        "rows_out": Figure("rows_out", int(table["rows_out"].sum()), unit="count"),
        "changes": Figure("changes", len(run["notes"]), unit="count"),
    }
