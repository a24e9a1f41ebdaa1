"""What code a chapter runs: every module that it imports, and no other; by content alone."""

from __future__ import annotations

import ast
import json
import shutil
from pathlib import Path

import pytest

from helpers.press import code_keys
from helpers.press.code_keys import HELPERS, Modules, imported_names


def notebook(source, **cell):
    return {
        "metadata": {"handbook": {"question": "Why?"}},
        "cells": [{"cell_type": "code", "metadata": {}, "source": source, **cell}],
    }


@pytest.fixture
def house(tmp_path):
    """A small package: a imports b, c imports nothing."""
    root = tmp_path / "helpers"
    (root / "methods").mkdir(parents=True)
    for name, source in {
        "__init__.py": "",
        "methods/__init__.py": "",
        "methods/a.py": "from helpers.methods import (\n    b,  # near\n)\n",
        "methods/b.py": "def f():\n    import numpy as np\n    return np\n",
        "methods/c.py": "import pandas\n",
    }.items():
        (root / name).write_text(source)
    return root


def test_a_module_counts_with_all_that_it_imports(house):
    code = Modules(house).code_of(notebook("from helpers.methods import a"))
    assert list(code.parts) == ["notebook", "helpers", "methods", "methods.a", "methods.b"]
    assert "numpy" in code.libraries
    assert "pandas" not in code.libraries


def test_one_changed_line_changes_the_keys_of_those_that_import_it_alone(house):
    on_a, on_c = (notebook(f"from helpers.methods import {name}") for name in "ac")
    before = [Modules(house).code_of(one).parts for one in (on_a, on_c)]
    (house / "methods" / "b.py").write_text("def f():\n    import numpy as np\n    return 2\n")
    after = [Modules(house).code_of(one).parts for one in (on_a, on_c)]
    assert {name for name in after[0] if after[0][name] != before[0][name]} == {"methods.b"}
    assert after[1] == before[1]


def test_a_file_that_was_touched_changes_nothing(house):
    one = notebook("from helpers.methods import a")
    before = Modules(house).code_of(one)
    for path in house.rglob("*.py"):
        path.touch()
    assert Modules(house).code_of(one) == before


def test_outputs_of_a_notebook_do_not_count_and_its_cells_do(house):
    before = Modules(house).code_of(notebook("1 + 1"))
    ran = notebook("1 + 1", outputs=[{"text": "2"}], execution_count=3)
    assert Modules(house).code_of(ran) == before
    assert Modules(house).code_of(notebook("1 + 2")) != before
    assert Modules(house).code_of(notebook("1 + 1", metadata={"tags": ["needs:a"]})) != before


def test_a_library_counts_with_those_that_it_builds_on(house, monkeypatch):
    versions = {"pandas": "3.0", "numpy": "2.4", "scipy": "1.0"}
    monkeypatch.setattr(code_keys, "_version", lambda name: versions.get(name, ""))
    monkeypatch.setattr(code_keys, "_packages", lambda name: (name,))
    monkeypatch.setattr(
        code_keys, "_builds_on", lambda name: ("numpy",) if name == "pandas" else ()
    )
    found = Modules(house).code_of(notebook("from helpers.methods import c")).libraries
    assert {name: v for name, v in found.items() if name != "python"} == {
        "numpy": "2.4", "pandas": "3.0",
    }  # fmt: skip


def test_the_walk_finds_what_the_syntax_tree_finds_in_every_module():
    """The walk is by lines, for speed: it must miss no import of any module of ours."""
    for path in HELPERS.rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        found, wanted = set(imported_names(source)), set()
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Import):
                wanted |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                wanted |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
        assert wanted <= found, path.name


def test_every_chapter_has_its_rooms_figures_and_no_other_chapters_views(project: Path):
    modules = Modules()
    for name in ("drivers", "loyalty", "toplines"):
        path = project / "notebooks" / f"{name}.ipynb"
        parts = modules.code_of(json.loads(path.read_text(encoding="utf-8"))).parts
        rooms = {part for part in parts if part.startswith("views.")}
        assert rooms == {"views.rendering", f"views.{name}"}


def test_one_helper_line_changes_exactly_the_chapters_that_import_it(project: Path, tmp_path):
    root = tmp_path / "helpers"
    shutil.copytree(HELPERS, root, ignore=shutil.ignore_patterns("__pycache__", "data"))
    books = {
        path.stem: json.loads(path.read_text(encoding="utf-8"))
        for path in (project / "notebooks").glob("*.ipynb")
    }
    first = Modules(root)
    before = {name: first.code_of(book).parts for name, book in books.items()}
    changed = root / "methods" / "toplines" / "letters.py"
    changed.write_text(changed.read_text(encoding="utf-8") + "\n# one line more\n")
    second = Modules(root)
    after = {name: second.code_of(book).parts for name, book in books.items()}
    assert [name for name in books if after[name] != before[name]] == ["toplines"]
    differs = {part for part, told in after["toplines"].items() if told != before["toplines"][part]}
    assert differs == {"methods.toplines"}
