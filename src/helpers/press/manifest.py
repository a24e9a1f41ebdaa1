"""What a run was made of, so that a number can be defended a year later."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from helpers import results
from helpers.press.exports.source import Export
from helpers.study import Study

__all__ = ["run_record", "write_manifest", "write_run"]

NAMED = (
    "loyalty-handbook", "numpy", "pandas", "scipy", "statsmodels", "duckdb", "pyarrow",
    "matplotlib", "seaborn", "papermill", "jupyter-book",
)  # fmt: skip


def run_record(study: Study, parameters: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Inputs with hashes, row counts in and out, parameters and versions: no times, no paths."""
    return {
        "client": study.slug,
        "name": study.config.name,
        "wave": study.wave,
        "as_of": f"{study.as_of:%Y-%m-%d}",
        "inputs": json.loads(study.counts.to_json(orient="records")),
        "notes": [[n.table, n.what, int(n.count)] for n in study.notes],
        "warnings": [str(w) for w in study.warnings],
        "parameters": {k: dict(sorted(v.items())) for k, v in sorted(parameters.items())},
        "versions": {"python": platform.python_version(), **{n: version(n) for n in NAMED}},
    }


def write_run(record: Mapping[str, Any], results_dir: Path) -> None:
    """Hand the record to the page that prints it (``results/_run.json``)."""
    results_dir.mkdir(parents=True, exist_ok=True)
    (results_dir / results.RUN).write_text(_json(record), encoding="utf-8")


def write_manifest(
    record: Mapping[str, Any],
    states: Mapping[str, str],
    seconds: Mapping[str, float],
    exports: Mapping[str, Export],
    path: Path,
) -> None:
    """Write ``manifest.json``: the record, how each chapter went, and the files of each format."""
    chapters = {
        name: {"state": state, "seconds": round(seconds.get(name, 0.0), 2)}
        for name, state in sorted(states.items())
    }
    formats = {
        name: {"files": [f.name for f in one.files], "missing": one.missing}
        for name, one in exports.items()
    }
    whole = {**record, "chapters": chapters, "exports": formats}
    path.write_text(_json(whole), encoding="utf-8")


def _json(record: Mapping[str, Any]) -> str:
    return json.dumps(record, indent=1, ensure_ascii=False, default=str) + "\n"
