"""A handbook in small: three quick chapters of one client, for whole runs in a few seconds."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from functools import partial
from pathlib import Path

import nbformat
import pytest

from helpers import cli
from helpers.press import scratch
from helpers.press.many.builder import ADDRESS

Handbook = Callable[..., subprocess.CompletedProcess[str]]
TOC = """\
format: jb-book
root: notebooks/executive
parts:
  - caption: The report
    chapters:
      - file: notebooks/sampling
      - file: notebooks/drivers
      - file: notebooks/linkage
      - file: book/more_data
  - caption: Reading the report
    chapters:
      - file: book/client_folder
"""
CLIENT = "name: Small & Sound\nas_of: 2026-06-30\nwave: 2026H1\n"
CODEBOOK = """\
variable,text,role,label,scale_min,scale_max
nps,Would you recommend us?,recommend,Recommendation,0,10
ease,How easy are we to work with?,driver,Ease,0,10
"""
PARAMETERS = """\
client = "small"  # a name under data/, or the path of a client folder
results_dir = ""  # folder for the results
pause = 0.0  # seconds before the answer
fault = ""  # raise or die, for trying out what happens then
seed = 20260630  # of the random draws
"""
WORK = """\
import os, signal, sys, time
import numpy as np
from helpers import results
from helpers.study import open_study
from helpers.views.rendering import sentences
study, where = open_study(client), results.folder(client, results_dir)
time.sleep(pause)
"""
FAULT = """\
if fault == "raise":
    1 / 0
if fault == "warn":
    import warnings
    warnings.warn(f"odd: {os.path.abspath(client)}")
    print(where, sys.executable, os.path.expanduser("~"))
if fault == "full":
    raise OSError(28, os.strerror(28))
if fault == "hold":  # a call into C that never gives the interpreter back
    import ctypes
    open(f"{where}.holding", "w").close()
    ctypes.PyDLL(None).sleep(600)
if fault == "change":  # somebody mends a file while the report is being made
    open(os.path.join(client, "remarks.txt"), "w").close()
if fault == "die":
    os.kill(os.getpid(), signal.SIGKILL)
"""
ANSWER = """\
value = float(np.random.default_rng(seed).normal(study.responses["nps"].mean()))
label = "Mean score" if fault == "contradict" else ""
figure = results.Figure("mean", value, value - 1, value + 1, base=len(study.responses), label=label)
tables = {{"answers": study.responses[["nps"]]}}
answer = "The mean is {{mean:range}}."
result = results.ChapterResult("{name}", {{"mean": figure}}, tables, answer)
results.save(result, where)
shown = sentences.answer(result)
if fault == "misquote":
    shown = sentences.Sentence(shown.html.replace("</span>", " or 7</span>"), shown.text)
shown
"""
CHAPTERS: Mapping[str, Mapping[str, object]] = {
    "executive": {"tables": ["responses"], "after": "all"},
    "sampling": {"tables": ["responses"], "after": []},
    "drivers": {"tables": ["responses"], "after": ["sampling"]},
    "linkage": {"tables": ["financials"], "after": ["sampling"], "answers": ["who stays"]},
}


@pytest.fixture(scope="session")
def small_project(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of three chapters, and one that its client has no table for."""
    place = tmp_path_factory.mktemp("handbook")
    shutil.copy(project / "_config.yml", place)
    (place / "_toc.yml").write_text(TOC, encoding="utf-8")
    shutil.copytree(project / "book" / "_static", place / "book" / "_static")
    (place / "book" / "references.bib").write_text("", encoding="utf-8")
    (place / "book" / "client_folder.md").write_text("# What a client sends\n", encoding="utf-8")
    (place / "notebooks").mkdir()
    for name, declared in CHAPTERS.items():
        nbformat.write(_chapter(name, declared), place / "notebooks" / f"{name}.ipynb")
    _client(place / "data" / "small")
    return place


def _chapter(name: str, declared: Mapping[str, object]) -> nbformat.NotebookNode:
    code = (PARAMETERS, WORK, FAULT, ANSWER.format(name=name))
    cells = [
        nbformat.v4.new_markdown_cell(f"# {name.title()}", id="cell-0"),
        *(nbformat.v4.new_code_cell(text, id=f"cell-{n}") for n, text in enumerate(code, 1)),
    ]
    cells[1].metadata["tags"] = ["parameters"]
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    metadata = {"kernelspec": spec, "handbook": {"question": "How many?", **declared}}
    return nbformat.v4.new_notebook(cells=cells, metadata=metadata)


def _client(folder: Path) -> None:
    rows = [f"r{n},2026H1,{n % 11},{(n * 7) % 11}" for n in range(30)]
    folder.mkdir(parents=True)
    (folder / "client.yml").write_text(CLIENT, encoding="utf-8")
    (folder / "codebook.csv").write_text(CODEBOOK, encoding="utf-8")
    (folder / "responses.csv").write_text(
        "\n".join(["response_id,wave,nps,ease", *rows, ""]), encoding="utf-8"
    )


@pytest.fixture(scope="session")
def reported(small_project: Path, handbook_in: Handbook, once) -> Path:
    """The small project with a good report of its one client."""

    def make(folder: Path) -> None:
        place = shutil.copytree(small_project, folder / "handbook")
        done = handbook_in(place, "run", "small")
        assert done.returncode == 0, done.stdout + done.stderr
        assert "small: build/small/book/index.html" in done.stdout
        assert done.stderr == ""

    return once("reported", make) / "handbook"


@pytest.fixture
def place(reported: Path, tmp_path: Path) -> Path:
    """A copy of it to do harm in."""
    return Path(shutil.copytree(reported, tmp_path / "handbook"))


@pytest.fixture
def handbook(place: Path, forked_in: Handbook) -> Handbook:
    return partial(forked_in, place)


@pytest.fixture
def in_process(place: Path, request: pytest.FixtureRequest, monkeypatch, capfd) -> Handbook:
    """The command in this process, where its libraries are imported once for all tests."""
    if request.node.get_closest_marker("clients"):  # others make no books
        request.getfixturevalue("one_builder")
        monkeypatch.setenv(ADDRESS, os.environ.get(ADDRESS, ""))  # runs of several have their own

    def call(*words: str) -> subprocess.CompletedProcess[str]:
        monkeypatch.setattr(sys, "argv", ["handbook", *words])
        monkeypatch.setattr(scratch, "scratch", nullcontext)  # it lasts as long as the process
        monkeypatch.chdir(place)
        with pytest.raises(SystemExit) as left:
            cli.main()
        said = capfd.readouterr()
        return subprocess.CompletedProcess(words, left.value.code or 0, said.out, said.err)

    return call
