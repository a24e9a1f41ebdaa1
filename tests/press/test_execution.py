"""Kernels forked from a preloaded process: fresh, equal to plain ones, and honest about failure."""

from __future__ import annotations

import json
import random

import nbformat
import pytest

from helpers.press import kernels
from helpers.press.execution import execute


@pytest.fixture
def notebook(tmp_path):
    def write(*sources):
        cells = [nbformat.v4.new_code_cell(source) for source in ("x = 1", *sources)]
        cells[0].metadata["tags"] = ["parameters"]
        spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
        page = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": spec})
        nbformat.write(page, tmp_path / "page.ipynb")
        return tmp_path / "page.ipynb"

    return write


@pytest.mark.clients
@pytest.mark.skipif(not kernels.can_fork(), reason="this system cannot fork a kernel")
def test_a_forked_kernel_gives_what_a_plain_kernel_gives(notebook, tmp_path):
    source = notebook(
        "import numpy as np, pandas as pd",
        "pd.DataFrame(np.random.default_rng(x).normal(size=(3, 2)))",
        "import matplotlib.pyplot as plt\nplt.plot([1, x]);",
        "print(__name__, sorted(n for n in globals() if len(n) == 1))",
    )
    pages = []
    for kernel in ("handbook", "python3"):
        target = tmp_path / f"{kernel}.ipynb"
        assert execute(source, target, {"x": 7}, kernel=kernel).state == "done"
        pages.append(json.loads(target.read_text()))
    assert pages[0] == pages[1]
    assert "7" in "".join(pages[0]["cells"][1]["source"])


@pytest.mark.clients
def test_state_does_not_pass_from_one_run_to_the_next(notebook, tmp_path):
    source = notebook(
        "import builtins\nprint(getattr(builtins, 'left', 'nothing'))\nbuiltins.left = 1"
    )
    for run in ("a", "b"):
        target = tmp_path / f"{run}.ipynb"
        execute(source, target, {})
        assert "nothing" in target.read_text()


LEFT = """
import builtins, os, random
import numpy as np, matplotlib as mpl, pandas as pd
print([getattr(builtins, "left", "nothing"), float(mpl.rcParams["lines.linewidth"]),
       pd.get_option("display.precision"), os.environ.get("LEFT"),
       os.path.basename(os.getcwd()), bool(np.random.get_state()[1][0] == 7),
       random.random() == SEEDED])
builtins.left, mpl.rcParams["lines.linewidth"], os.environ["LEFT"] = 1, 9.0, "set"
pd.set_option("display.precision", 2)
np.random.seed(7); random.seed(7); os.chdir("/")
"""


@pytest.mark.clients
def test_nothing_that_a_chapter_sets_reaches_the_next(notebook, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    source = notebook(LEFT.replace("SEEDED", repr(random.Random(7).random())))
    for run in ("a", "b"):
        target = tmp_path / f"{run}.ipynb"
        assert execute(source, target, {}).state == "done"
        [told] = [cell["outputs"][0]["text"] for cell in json.loads(target.read_text())["cells"]
                  if cell.get("outputs")]  # fmt: skip
        seen = ["nothing", 1.5, 6, None, tmp_path.name, False, False]
        assert "".join(told).strip() == str(seen)


def test_a_path_with_braces_is_taken_as_it_stands(notebook, tmp_path):
    place = tmp_path / "{client} {0} }{ {{x}}"
    place.mkdir()
    source = notebook("print(x)").rename(place / "page.ipynb")
    assert execute(source, place / "out.ipynb", {"client": "../../elsewhere"}).state == "done"
    assert sorted(path.name for path in place.iterdir()) == ["out.ipynb", "page.ipynb"]


def test_a_cell_that_raises_is_named_and_nothing_stands_at_the_final_path(notebook, tmp_path):
    outcome = execute(notebook("1 / 0"), tmp_path / "out.ipynb", {})
    assert outcome.state == "failed"
    assert outcome.error == "page, cell 2: ZeroDivisionError: division by zero"
    assert not (tmp_path / "out.ipynb").exists()
    assert "ZeroDivisionError" in (tmp_path / "page.log").read_text()


def test_a_killed_kernel_is_told_from_a_failed_cell(notebook, tmp_path):
    outcome = execute(
        notebook("y = 2", "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"),
        tmp_path / "out.ipynb",
        {},
    )
    assert (outcome.state, outcome.error) == ("killed", "page, cell 3: Kernel died")
    assert not (tmp_path / "out.ipynb").exists()
