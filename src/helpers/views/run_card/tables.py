"""What a run was made of, as tables: inputs, what readers changed, parameters, versions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from helpers import results
from helpers.results import Figure
from helpers.views.rendering.naming import plain


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


def figures(run: Mapping[str, Any]) -> dict[str, Figure]:
    """Files and rows that went in, rows that were used."""
    table = inputs(run)
    return {
        "tables": Figure("tables", len(table), unit="count"),
        "rows_in": Figure("rows_in", int(table["rows_in"].sum()), unit="count"),
        "rows_out": Figure("rows_out", int(table["rows_out"].sum()), unit="count"),
        "changes": Figure("changes", len(run["notes"]), unit="count"),
    }
