"""Rewrite the notebooks' demo outputs: run each on the demo client, keep text and tables.

Images are left out, identifiers are fixed and nothing is timed, so that the same
code gives the same bytes and a change of method shows in review as a change of
numbers. A cell that the demo client's data cannot feed is kept without outputs.

    make refresh                                        # every chapter and computed page
    python -m helpers.press.refresh method_sampling     # these alone, and what they build on
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import nbformat

from helpers.press import execution, manifest, plans, sections
from helpers.press.chapters import OURS, Chapter, computed_pages, run_order

__all__ = ["DEMO", "Demo", "demo", "main", "refresh"]

DEMO = "northfield"
IMAGE = re.compile(r"data:image/png;base64,[A-Za-z0-9+/=]+")
SPEC = {"name": "python3", "display_name": "Python 3", "language": "python"}


@dataclass(frozen=True, slots=True)
class Demo:
    """The demo client's chapters in run order, and what its data can feed."""

    chapters: tuple[Chapter, ...]
    has: frozenset[str]

    def runs(self, cell: nbformat.NotebookNode) -> bool:
        """Whether the demo client has what a cell needs."""
        return not sections.missing(cell, self.has)


def demo(project: Path, results_dir: Path) -> Demo:
    """Make a results folder ready for the demo client's chapters, with their default parameters."""
    plan = plans.plan(project / "data" / DEMO, project)
    defaults = {
        name: {key: p.default for key, p in chapter.parameters.items() if key not in OURS}
        for name, chapter in plan.chapters.items()
    }
    manifest.write_run(manifest.run_record(plan.study, defaults), results_dir)
    order = run_order(plan.chapters).static_order()
    return Demo(tuple(plan.chapters[name] for name in order), plan.has)


def refresh(project: Path, target: Path, *, only: Collection[str] = ()) -> list[str]:
    """Run chapters and computed pages and write them, with outputs, under ``target``.

    A notebook keeps the folder it has in the project: ``notebooks`` or ``book``.

    Parameters
    ----------
    project
        Where the notebooks and the demo client are.
    target
        Where they are written.
    only
        Names of those to write; all if empty. Chapters they build on are run as well.

    Returns
    -------
    list
        A line for the notebook that failed; those after it are then not run, since their
        numbers would rest on what is not there.
    """
    with tempfile.TemporaryDirectory() as name, _results_in(Path(name) / "results") as results_dir:
        client = demo(project, results_dir)
        for path in _to_run(project, client, only):
            page, error = _refreshed(path, client, Path(name))
            if error:
                return [error]
            if page is not None and (not only or path.stem in only):
                folder = target / path.parent.name
                folder.mkdir(exist_ok=True)
                (folder / path.name).write_text(nbformat.writes(page) + "\n", encoding="utf-8")
    return []


def _to_run(project: Path, client: Demo, only: Collection[str]) -> list[Path]:
    """Chapters in run order, then computed pages; of those named, with what they build on.

    Raises
    ------
    ValueError
        For a name that no notebook has.
    """
    chapters, pages = client.chapters, computed_pages(project)
    known = [*(chapter.path for chapter in chapters), *pages]
    if unknown := set(only) - {path.stem for path in known}:
        there = ", ".join(path.stem for path in known)
        raise ValueError(f"no notebook is called {min(unknown)!r}; there are {there}")
    if not only:
        return known
    wanted = set(only)
    for chapter in reversed(chapters):  # later ones first, so that all they need is found
        if chapter.name in wanted:
            wanted |= {c.name for c in chapters} if chapter.last else set(chapter.after)
    return [path for path in known if path.stem in wanted]


def _refreshed(path: Path, client: Demo, scratch: Path) -> tuple[nbformat.NotebookNode | None, str]:
    """One notebook with the outputs of the demo client, or why it has none."""
    staged, executed = (scratch / part / path.name for part in ("in", "out"))
    staged.parent.mkdir(exist_ok=True)
    source = nbformat.read(path, as_version=4)
    nbformat.write(sections.for_client(source, client.has), staged)
    outcome = execution.execute(staged, executed, {})
    if outcome.state != "done":
        return None, outcome.error
    return _with_outputs(source, nbformat.read(executed, as_version=4), client), ""


@contextmanager
def _results_in(folder: Path) -> Iterator[Path]:
    """Let every kernel started meanwhile keep its results in this folder."""
    before = os.environ.get("HANDBOOK_RESULTS")
    os.environ["HANDBOOK_RESULTS"] = str(folder)
    try:
        yield folder
    finally:
        os.environ.pop("HANDBOOK_RESULTS")
        if before is not None:
            os.environ["HANDBOOK_RESULTS"] = before


def _with_outputs(
    source: nbformat.NotebookNode, executed: nbformat.NotebookNode, client: Demo
) -> nbformat.NotebookNode:
    """The notebook as written, with the outputs of the cells that were run."""
    ran = iter(cell for cell in executed.cells if cell.cell_type == "code")
    for number, cell in enumerate(source.cells):
        cell.id = f"cell-{number}"
        if cell.cell_type == "code":
            done = next(ran) if client.runs(cell) else None
            cell.execution_count = done.execution_count if done else None
            cell.outputs = [_without_images(output) for output in done.outputs] if done else []
    source.metadata = {
        "handbook": source.metadata["handbook"],
        "kernelspec": SPEC,
        "language_info": {"name": "python"},
    }
    return source


def _without_images(output: nbformat.NotebookNode) -> nbformat.NotebookNode:
    output.get("data", {}).pop("image/png", None)
    if "text/html" in output.get("data", {}):
        output.data["text/html"] = IMAGE.sub("data:image/png;base64,", output.data["text/html"])
    return output


def main() -> None:
    """Refresh the notebooks in place (``make refresh``): those named, or all."""
    project = Path.cwd()
    failures = refresh(project, project, only=sys.argv[1:])
    for line in failures:
        print(line, file=sys.stderr)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
