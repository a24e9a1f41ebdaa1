"""A chapter's cells run in a row on a client of a few small files, without kernel or book."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat

from helpers.press import plans, sections

__all__ = ["page"]


def page(
    chapter: str, folder: Path, project: Path, files: Mapping[str, str | None]
) -> tuple[str, str]:
    """The answer of a chapter, and all that its page says; a file of ``None`` is not sent."""
    folder.mkdir()
    for name, text in files.items():
        if text is not None:
            (folder / name).write_text(text, encoding="utf-8")
    has = plans.plan(str(folder), project).has
    book = nbformat.read(project / "notebooks" / f"{chapter}.ipynb", as_version=4)
    names: dict[str, Any] = {}
    said, answer = [], ""
    for cell in sections.for_client(book, has).cells:
        if cell.cell_type == "markdown":
            said.append(cell.source)
            continue
        source = cell.source
        if "parameters" in cell.metadata.get("tags", []):
            source = source.replace('"northfield"', repr(str(folder)))
            source = source.replace('results_dir = ""', f"results_dir = {str(folder / 'r')!r}")
        answer = _shown(source, names)
        said.append(answer)
    return answer, "\n".join(said)


def _shown(source: str, names: dict[str, Any]) -> str:
    """Run a cell; what its last expression shows as text."""
    tree = ast.parse(source)
    last = tree.body[-1]
    if not isinstance(last, ast.Expr):
        exec(compile(tree, "cell", "exec"), names)
        return ""
    exec(compile(ast.Module(tree.body[:-1], []), "cell", "exec"), names)
    found = eval(compile(ast.Expression(last.value), "cell", "eval"), names)
    return "" if found is None else str(found)
