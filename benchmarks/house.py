"""The size of the source: what a change to it costs a reader, in numbers.

Run with ``python benchmarks/house.py``, or with the folder of another checkout behind it.
"""

from __future__ import annotations

import ast
import io
import json
import sys
import tokenize
from collections import Counter
from pathlib import Path

import numpy as np

PROJECT = Path(__file__).resolve().parents[1]
QUIET = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
SHOWS = ("sentences.", "words.", "charts.", "tables.", "page.say", "page.answer", ".show(")


def code_lines(source: str, tree: ast.AST) -> set[int]:
    """Lines that hold code: no comments, no docstrings, no blank lines."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    lines = {
        line
        for token in tokens
        if token.type not in QUIET and token.string
        for line in range(token.start[0], token.end[0] + 1)
    }
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        first = body[0] if isinstance(body, list) and body else None
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            lines -= set(range(first.lineno, (first.end_lineno or first.lineno) + 1))
    return lines


def functions(tree: ast.AST, lines: set[int]) -> list[int]:
    """Code lines of every function."""
    found = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    return [len(lines & set(range(n.lineno, (n.end_lineno or n.lineno) + 1))) for n in found]


def chapter(path: Path) -> tuple[int, int, int, float]:
    """Code lines, those before the first sentence or picture, imports, median cell."""
    cells = [
        "".join(cell["source"])
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
        if cell["cell_type"] == "code"
    ]
    sizes, before, imports, shown = [], 0, 0, False
    for source in cells:
        tree = ast.parse(source)
        size = len(code_lines(source, tree))
        sizes.append(size)
        imports += sum(isinstance(n, ast.Import | ast.ImportFrom) for n in tree.body)
        last = ast.unparse(tree.body[-1]) if tree.body else ""
        shown = shown or (isinstance(tree.body[-1], ast.Expr) and any(s in last for s in SHOWS))
        before += 0 if shown else size
    return sum(sizes), before, imports, float(np.median(sizes))


def main() -> None:
    """Print the tree's size, then a row a notebook."""
    project = Path(sys.argv[1]) if len(sys.argv) > 1 else PROJECT
    root = project / "src" / "helpers"
    total: Counter[str] = Counter()
    sizes: list[int] = []
    names: Counter[str] = Counter()
    paths = sorted(root.rglob("*.py"))
    for path in paths:
        source = path.read_text(encoding="utf-8")
        tree = ast.parse(source)
        lines = code_lines(source, tree)
        total[path.relative_to(root).parts[0]] += len(lines)
        sizes += functions(tree, lines)
        names.update(n.id for n in ast.walk(tree) if isinstance(n, ast.Name))
        names.update(n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute))
    print(f"code lines {sum(total.values()):,} in {len(paths)} modules")
    for part, lines in total.most_common():
        print(f"  {part:20} {lines:6,}")
    median, high = np.percentile(sizes, [50, 90])
    print(f"functions {len(sizes):,}: median {median:.0f}, 90th percentile {high:.0f}, longest "
          f"{max(sizes)} code lines")  # fmt: skip
    print(f"names used once: {sum(count == 1 for count in names.values()):,} of {len(names):,}")
    header = f"{'notebook':16} {'lines':>6} {'before the first sentence':>26}"
    print(f"{header} {'imports':>8} {'cell':>5}")
    for path in sorted((project / "notebooks").glob("*.ipynb")):
        lines, before, imports, cell = chapter(path)
        print(f"{path.stem:16} {lines:6} {before:26} {imports:8} {cell:5.1f}")


if __name__ == "__main__":
    main()
