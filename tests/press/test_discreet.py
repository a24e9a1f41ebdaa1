"""What leaves this machine names no folder of it."""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path

import nbformat
import pytest

from helpers.press.discreet import discreet, discreet_notebook, known_places


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("/home/ann/x.csv", "~/x.csv"),
        ("file:///home/ann/x", "file://~/x"),
        ('at "/home/ann"', 'at "~"'),
        ("/home/anna/x", "/home/anna/x"),
        ("/home/ann-2/x", "/home/ann-2/x"),
        ("/mnt/home/ann/x", "/mnt/home/ann/x"),
        ("/home/ann and /home/ann", "~ and ~"),
    ],
)
def test_a_folder_is_replaced_where_it_is_meant(text, said):
    assert discreet(text, {"/home/ann": "~"}) == said


def test_a_folder_inside_another_has_its_own_name(tmp_path):
    places = known_places(report=tmp_path / "build", results=tmp_path / "build" / "results")
    assert discreet(f"{tmp_path}/build/results/a.json", places) == "results/a.json"
    assert discreet(f"{tmp_path}/build/a.json", places) == "report/a.json"


def test_a_client_given_by_its_bare_name_is_not_a_word_that_is_replaced(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    places = known_places(client=Path("acme"))
    assert discreet(f"acme: {tmp_path}/acme/responses.csv", places) == "acme: client/responses.csv"


def test_libraries_and_the_persons_home_are_known():
    places = known_places()
    for path in (sysconfig.get_path("purelib"), sysconfig.get_path("stdlib"), sys.prefix):
        assert path not in discreet(f"{path}/x.py", places)
    assert discreet(f"{Path.home()}/x.py", places) in ("~/x.py", "temporary/x.py")


def test_a_notebook_says_whom_it_is_about_by_name_alone():
    injected = 'seed = 1\nclient = "../../home/ann/acme"\nresults_dir = "/home/ann/r"'
    cells = [
        nbformat.v4.new_code_cell(injected, metadata={"tags": ["injected-parameters"]}),
        nbformat.v4.new_code_cell(
            'client = "mine"',
            outputs=[
                nbformat.v4.new_output("stream", text="/home/ann/x.py: odd"),
                nbformat.v4.new_output("display_data", data={"text/html": "<p>/home/ann</p>"}),
                nbformat.v4.new_output("error", ename="E", evalue="e", traceback=["/home/ann"]),
            ],
        ),
    ]
    notebook = nbformat.v4.new_notebook(cells=cells)
    discreet_notebook(notebook, {"/home/ann": "~"}, {"client": 'acme "tools"'})
    assert "/home/ann" not in nbformat.writes(notebook)
    assert notebook.cells[0].source == 'seed = 1\nclient = "acme \\"tools\\""\nresults_dir = ""'
    assert notebook.cells[1].source == 'client = "mine"'
    assert notebook.cells[1].outputs[0].text == "~/x.py: odd"
    nbformat.validate(notebook)
