"""Rewrite the notebooks' demo outputs: run every chapter on the demo client, keep text and tables.

Images are left out, identifiers are fixed and nothing is timed, so that the same
code gives the same bytes and a change of method shows in review as a change of
numbers.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from pathlib import Path

import nbformat

from helpers.press import execution, manifest
from helpers.press import run as runs
from helpers.press.chapters import Chapter, run_order

__all__ = ["DEMO", "main", "prepare_results", "refresh"]

DEMO = "northfield"
IMAGE = re.compile(r"data:image/png;base64,[A-Za-z0-9+/=]+")


def prepare_results(project: Path, results_dir: Path) -> list[Chapter]:
    """Make a results folder ready for the demo client, and give the chapters in run order."""
    plan = runs.plan(project / "data" / DEMO, project)
    defaults = {
        name: {k: p.default for k, p in c.parameters.items() if k not in ("client", "results_dir")}
        for name, c in plan.chapters.items()
    }
    manifest.write_run(manifest.run_record(plan.study, defaults), results_dir)
    return [plan.chapters[name] for name in run_order(plan.chapters).static_order()]


def refresh(project: Path, target: Path) -> list[str]:
    """Run every chapter with its default parameters and write it, with outputs, to ``target``.

    Returns one line for each chapter that failed.
    """
    failures = []
    with tempfile.TemporaryDirectory() as folder:
        os.environ["HANDBOOK_RESULTS"] = str(Path(folder) / "results")
        for chapter in prepare_results(project, Path(folder) / "results"):
            executed = Path(folder) / chapter.path.name
            outcome = execution.execute(chapter.path, executed, {})
            if outcome.state != "done":
                failures.append(outcome.error)
                continue
            page = nbformat.read(executed, as_version=4)
            source = nbformat.read(chapter.path, as_version=4)
            (target / chapter.path.name).write_text(_stored(page, source), encoding="utf-8")
    return failures


def _stored(page: nbformat.NotebookNode, source: nbformat.NotebookNode) -> str:
    page.metadata["handbook"] = source.metadata["handbook"]
    page.metadata["language_info"] = {"name": "python"}
    for cell in page.cells:
        for output in cell.get("outputs", []):
            if "text/html" in output.get("data", {}):
                output.data["text/html"] = IMAGE.sub(
                    "data:image/png;base64,", output.data["text/html"]
                )
    return nbformat.writes(page) + "\n"


def main() -> None:
    """Refresh the notebooks in place (``make refresh``)."""
    project = Path.cwd()
    failures = refresh(project, project / "notebooks")
    for line in failures:
        print(line, file=sys.stderr)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
