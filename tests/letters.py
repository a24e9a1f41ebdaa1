"""The chapter on messages as its notebook makes it, with or without what other chapters found."""

from __future__ import annotations

import ast
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from helpers import results
from helpers.results import ChapterResult, Figure

NOTEBOOK = Path(__file__).resolve().parents[1] / "notebooks" / "messages.ipynb"


def loyalty(where: Path, change: str = "none") -> None:
    """Store a leading score of two waves."""
    index = {"unit": "index", "base": 797, "grade": "C"}
    figures = {
        "main": Figure("main", 75.61, 74.4, 76.9, label="Loyalty index", **index),
        "main_change": Figure("main_change", -0.5478, -2.5, 1.4, base=1581, verdict=change,
                              label="change of the loyalty index"),
        "main_label": Figure("main_label", "loyalty index", unit="text"),
        "before_wave": Figure("before_wave", "2025H2", unit="text"),
    }  # fmt: skip
    waves = pd.DataFrame({
        "wave": ["2025H2"], "value": [76.158], "low": [74.6], "high": [77.7], "base": [784],
        "weighted": [True], "measure": ["loyalty_index"], "label": ["Loyalty index"],
        "unit": ["index"], "withheld": [False],
    })  # fmt: skip
    results.save(ChapterResult("loyalty", figures, {"waves": waves}), where)


def drivers(where: Path) -> None:
    """Store ratings of two drivers."""
    table = pd.DataFrame({
        "driver": ["delivery", "product_quality"], "label": ["Delivery", "Product quality"],
        "mean": [6.73, 7.97], "mean_low": [6.56, 7.81], "mean_high": [6.9, 8.12],
        "potential": [1.8, 0.9], "may_lead": [True, False], "base": [753, 751],
    })  # fmt: skip
    results.save(ChapterResult("drivers", {}, {"drivers": table}), where)


def plan(where: Path, *funded: str) -> None:
    """Store a plan of which these actions are funded."""
    known = sorted({"A04", "A05", "A10", *funded})
    table = pd.DataFrame(
        {
            "action_id": known,
            "name": known,
            "function": "Sales",
            "funded": [one in funded for one in known],
            "starts": "2026Q3",
        }
    )
    results.save(ChapterResult("actions", {}, {"candidates": table}), where)


def ran(where: Path, **given: Any) -> dict[str, Any]:
    """The notebook's names after its cells have run; ``given`` change them after the first.

    Of the accounts a few are looked at, where ``few`` says how many.
    """
    few = given.pop("few", None)
    names: dict[str, Any] = {}
    parameters = {name: given.pop(name) for name in ("client", "signed_by", "write_to")
                  if name in given}  # fmt: skip
    for cell in json.loads(NOTEBOOK.read_text("utf-8"))["cells"]:
        if cell["cell_type"] != "code":
            continue
        source = "".join(cell["source"])
        exec(compile(ast.parse(source), "cell", "exec"), names)
        if "parameters" in cell["metadata"].get("tags", ()):
            names |= {"results_dir": str(where), **parameters}
        elif "open_page" in source:
            for change in given.values():
                change(names)
            if few is not None:
                listed = names["study"].tables["accounts"].head(few)
                tables = {**names["study"].tables, "accounts": listed}
                names["study"] = names["page"].study = replace(names["study"], tables=tables)
    return names
