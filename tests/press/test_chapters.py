"""The chapters' declarations, and the faults of parameters that do not fit them."""

from __future__ import annotations

import nbformat
import pytest

from helpers.errors import HandbookError
from helpers.press.chapters import Chapter, load_chapters, parameter_faults, run_order

PARAMETERS = "replicates = 2000  # draws\nconfidence = 0.95  # share"


def _notebook(folder, name, **declared):
    cell = nbformat.v4.new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]})
    title = nbformat.v4.new_markdown_cell(f"# {name.title()}")
    page = nbformat.v4.new_notebook(cells=[title, cell], metadata={"handbook": declared})
    path = folder / f"{name}.ipynb"
    nbformat.write(page, path)
    return Chapter(name, path)


def test_parameters_carry_default_and_meaning(tmp_path):
    chapter = _notebook(tmp_path, "drivers")
    assert chapter.parameters["replicates"].default == 2000
    assert chapter.parameters["replicates"].meaning == "draws"


def test_a_notebook_needs_exactly_one_parameters_cell(tmp_path):
    chapter = _notebook(tmp_path, "drivers")
    page = nbformat.read(chapter.path, 4)
    page.cells.append(nbformat.v4.new_code_cell("x = 1", metadata=page.cells[1].metadata))
    nbformat.write(page, chapter.path)
    with pytest.raises(HandbookError, match="2 cells tagged 'parameters'; it needs exactly one"):
        _ = Chapter("drivers", chapter.path).parameters


def test_one_of_several_tables_is_enough(tmp_path):
    chapter = _notebook(tmp_path, "linkage", tables=["responses", ["financials", "contracts"]])
    assert chapter.missing(["responses", "contracts"]) == ()
    assert chapter.missing(["responses"]) == (("financials", "contracts"),)


def test_unknown_names_get_the_nearest_and_wrong_kinds_get_the_default(tmp_path):
    chapters = {"drivers": _notebook(tmp_path, "drivers")}
    chosen = {"drivers": {"replicate": 10, "confidence": "high"}, "driver": {}}
    found = [str(fault) for fault in parameter_faults(chosen, chapters, "client.yml")]
    assert found == [
        "client.yml, column drivers.replicate: 'replicate' is not a parameter of drivers. "
        "Did you mean 'replicates'?",
        "client.yml, column drivers.confidence: 'high' is not a number. "
        "Write it like the default, 0.95.",
        "client.yml, column parameters.driver: 'driver' is not a chapter. Did you mean 'drivers'?",
    ]


def test_a_truth_value_is_not_a_number(tmp_path):
    chapters = {"drivers": _notebook(tmp_path, "drivers")}
    assert parameter_faults({"drivers": {"replicates": True}}, chapters, "--set")


def test_the_last_chapter_waits_for_all(tmp_path):
    chapters = {
        "executive": _notebook(tmp_path, "executive", after="all"),
        "drivers": _notebook(tmp_path, "drivers", after=["sampling"]),
        "sampling": _notebook(tmp_path, "sampling"),
    }
    assert list(run_order(chapters).static_order()) == ["sampling", "drivers", "executive"]


def test_chapters_that_read_all_others_run_one_by_one_in_reading_order(tmp_path):
    chapters = {
        "executive": _notebook(tmp_path, "executive", after="all"),
        "sampling": _notebook(tmp_path, "sampling"),
        "run_card": _notebook(tmp_path, "run_card", after="all"),
    }
    order = run_order(chapters)
    order.prepare()
    rounds = []
    while order.is_active():
        rounds.append(order.get_ready())
        order.done(*rounds[-1])
    assert rounds == [("sampling",), ("executive",), ("run_card",)]


def test_every_chapter_of_the_book_declares_its_question_and_parameters(project):
    for chapter in load_chapters(project).values():
        assert chapter.question, chapter.name
        assert {"client", "results_dir"} <= set(chapter.parameters), chapter.name
        assert all(p.meaning for p in chapter.parameters.values()), chapter.name
