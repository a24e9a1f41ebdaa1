"""Files that leave this machine name no folder of it, no person who runs it and no draft."""

from __future__ import annotations

import json
import re
import sys
import sysconfig
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat

from helpers.press.chapters import OURS
from helpers.project import project_folder

__all__ = ["discreet", "discreet_notebook", "known_places"]

INJECTED = "injected-parameters"


def known_places(**own: Path) -> dict[str, str]:
    """The folders of this machine that outputs may name, and what is said instead.

    Longer paths come first, so that a folder inside another is told by its own name.
    """
    project = project_folder()
    said = {
        **({str(project): "handbook"} if project else {}),
        sysconfig.get_path("purelib"): "site-packages",
        sysconfig.get_path("stdlib"): "python",
        sys.prefix: "environment",
        str(Path(__file__).resolve().parents[2]): "src",
        str(Path.home()): "~",
        tempfile.gettempdir(): "temporary",
        **{str(path.absolute()): name for name, path in own.items()},
        **{str(path.resolve()): name for name, path in own.items()},
    }
    return {path: said[path] for path in sorted(said, key=len, reverse=True) if len(path) > 1}


def discreet(text: str, places: Mapping[str, str]) -> str:
    """A text with each known folder replaced, where it stands as a whole step of a path.

    >>> discreet("/home/ann/data/x.py, /home/anna", {"/home/ann": "~"})
    '~/data/x.py, /home/anna'
    """
    for path, name in places.items():
        if path in text:
            whole = rf"(?<![\w.~-]){re.escape(path)}(?![\w-])"
            text = re.sub(whole, name, text)
    return text


def discreet_notebook(
    notebook: nbformat.NotebookNode, places: Mapping[str, str], shown: Mapping[str, str]
) -> None:
    """Say in an executed notebook what is ``shown`` instead of folders (ours to change)."""
    for cell in notebook.cells:
        if INJECTED in cell.metadata.get("tags", ()):
            lines = cell.source.splitlines()
            cell.source = "\n".join(_parameter(line, shown) for line in lines)
        if cell.cell_type == "code":
            cell.outputs = [_everywhere(output, places) for output in cell.outputs]


def _parameter(line: str, shown: Mapping[str, str]) -> str:
    name = line.partition(" = ")[0]
    if name not in OURS:
        return line
    return f"{name} = {json.dumps(shown.get(name, ''), ensure_ascii=False)}"


def _everywhere(value: Any, places: Mapping[str, str]) -> Any:  # noqa: ANN401 - as nbformat's
    if isinstance(value, str):
        return discreet(value, places)
    if isinstance(value, list):
        return [_everywhere(one, places) for one in value]
    if isinstance(value, dict):
        return type(value)({key: _everywhere(one, places) for key, one in value.items()})
    return value
