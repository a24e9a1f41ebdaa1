"""Chapters and computed pages as they are committed: short cells, demo outputs to compare."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import nbformat
import pandas as pd
import pytest

from helpers.press import refresh as refreshing
from helpers.press.chapters import computed_pages, load_chapters

PROJECT = Path(__file__).resolve().parents[1]
CHAPTERS = sorted((PROJECT / "notebooks").glob("*.ipynb"))
PAGES = sorted((PROJECT / "book").glob("*.ipynb"))
NOTEBOOKS = [*CHAPTERS, *PAGES]
LINES = 14  # of a cell besides its imports, so that one idea fits it
IMPORT = re.compile(r"import |from \S+ import ")
STATEMENTS = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.For,
    ast.While,
    ast.Try,
    ast.With,
)
ABSOLUTE = re.compile(
    r"(?<![\w.:/<])/(?:home|root|work|tmp|usr|var|opt|mnt|Users|private)/|[A-Z]:\\\\"
)
NO_PROSE = re.compile(  # formulas, code, works cited and addresses of links
    r"\$\$.*?\$\$|\$[^$]+\$|```.*?```|`[^`]*`|\]\([^)]*\)", re.DOTALL
)
NUMBER = re.compile(r"(?<![\w-])\d")  # RR1 and R-2 are names
FIGURE = re.compile(r'<span class="figure" data-figure="([^"]*)"[^>]*>.*?</span>', re.DOTALL)
SAID = re.compile(r'<p class="say">(.*?)</p>', re.DOTALL)
STALE = "the stored outputs are not those of this code: run `make refresh` and look at the change"


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request: pytest.FixtureRequest) -> nbformat.NotebookNode:
    return nbformat.read(request.param, as_version=4)


@pytest.fixture(params=CHAPTERS, ids=lambda path: path.stem)
def chapter(request: pytest.FixtureRequest) -> nbformat.NotebookNode:
    return nbformat.read(request.param, as_version=4)


@pytest.fixture(params=PAGES, ids=lambda path: path.stem)
def page(request: pytest.FixtureRequest) -> tuple[str, nbformat.NotebookNode]:
    return request.param.stem, nbformat.read(request.param, as_version=4)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> refreshing.Demo:
    return refreshing.demo(PROJECT, tmp_path_factory.mktemp("results"))


def code(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def outputs(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [output for cell in code(notebook) for output in cell.outputs]


def test_every_notebook_is_a_chapter_of_the_book():
    assert {path.stem for path in CHAPTERS} == set(load_chapters(PROJECT))
    assert {path.stem for path in PAGES} == {path.stem for path in computed_pages(PROJECT)}


def test_one_cell_holds_the_parameters(chapter):
    tagged = [cell for cell in code(chapter) if "parameters" in cell.metadata.get("tags", ())]
    assert len(tagged) == 1
    assert all(isinstance(line, ast.Assign) for line in ast.parse(tagged[0].source).body)


def test_every_cell_that_the_demo_client_feeds_was_run(notebook, demo):
    """Where a count is missing, the comparison of outputs passes without comparing anything."""
    skipped = [cell.id for cell in code(notebook) if not cell.execution_count and demo.runs(cell)]
    assert skipped == [], STALE


def test_a_cell_that_the_demo_client_cannot_feed_holds_no_outputs(notebook, demo):
    closed = [cell for cell in code(notebook) if not demo.runs(cell)]
    assert [cell.id for cell in closed if cell.outputs or cell.execution_count] == []


def test_cells_were_run_in_order_in_a_fresh_kernel(notebook):
    counts = [cell.execution_count for cell in code(notebook) if cell.execution_count]
    assert counts == list(range(1, len(counts) + 1))


def test_no_notebook_names_a_folder_of_the_machine_it_ran_on(notebook):
    stored = json.dumps(notebook, ensure_ascii=False)
    assert ABSOLUTE.search(stored) is None


def test_cells_are_short_and_only_call(notebook):
    for cell in code(notebook):
        lines = [line for line in cell.source.splitlines() if line and not IMPORT.match(line)]
        listed = "parameters" in cell.metadata.get("tags", ())  # a line each, however many
        assert listed or len(lines) <= LINES, cell.source
        found = [node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, STATEMENTS)]
        assert found == [], cell.source


def test_outputs_are_text_and_tables_without_images_or_errors(notebook):
    for output in outputs(notebook):
        assert output.output_type in {"execute_result", "display_data"}, output
        assert set(output.data) <= {"text/html", "text/plain"}
        assert not re.search(r"base64,[A-Za-z0-9]", output.data.get("text/html", ""))


def test_every_page_shows_an_answer(notebook):
    assert outputs(notebook), STALE


def test_a_page_hands_on_in_its_last_cell_when_all_that_it_reads_is_noted(chapter):
    code = [cell.source for cell in chapter.cells if cell.cell_type == "code"]
    if any("open_page(" in source for source in code):
        assert ["page.answer(" in source for source in code] == [False] * (len(code) - 1) + [True]


def prose(notebook: nbformat.NotebookNode) -> list[str]:
    return [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]


def test_prose_of_a_chapter_holds_no_numbers(chapter):
    written = [re.sub(r"</?h\d|^#+", "", text) for text in prose(chapter)]
    assert [text for text in written if re.search(r"\d", text)] == []


def test_prose_of_a_computed_page_holds_numbers_in_formulas_alone(page):
    """What readers take for a result is in an output, which is compared at every run."""
    written = [line for text in prose(page[1]) for line in NO_PROSE.sub("", text).splitlines()]
    assert [line for line in written if NUMBER.search(line)] == []


def test_a_computed_page_says_first_whose_numbers_it_shows(page):
    assert "simulated" in prose(page[1])[1]
    opened = [cell.source for cell in code(page[1]) if "open_study(" in cell.source]
    assert len(opened) == 1
    assert f'open_study("{refreshing.DEMO}")' in opened[0]


def test_sentences_of_a_computed_page_quote_figures_of_its_own(page):
    name, notebook = page
    said = [text for o in outputs(notebook) for text in SAID.findall(o.data.get("text/html", ""))]
    assert len(said) > 5
    assert [text for text in said if re.search(r"\d", FIGURE.sub("", text))] == []
    quoted = {key for text in said for key in FIGURE.findall(text)}
    assert {key.partition(".")[0] for key in quoted} == {name}


def test_a_computed_page_names_no_account_and_nobody(page):
    """It goes into every client's book: what it shows of the demo client are aggregates."""
    shown = json.dumps([output.data for output in outputs(page[1])], ensure_ascii=False)
    folder = PROJECT / "data" / refreshing.DEMO
    accounts, contacts = (
        pd.read_csv(folder / f"{t}.csv", dtype=str) for t in ("accounts", "contacts")
    )
    named = [accounts["account_id"], accounts["name"], accounts["owner"], contacts["contact_id"]]
    assert [text for column in named for text in column.dropna().unique() if text in shown] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_stored_as_refreshing_writes_it(path):
    """What its cells show is compared at every run of the notebooks themselves."""
    notebook = nbformat.read(path, as_version=4)
    assert path.read_text(encoding="utf-8") == nbformat.writes(notebook) + "\n", STALE


@pytest.mark.clients
def test_refreshing_gives_the_stored_notebooks_byte_for_byte(tmp_path):
    """Chapters on chapters, and a computed page; others are as these, and nbval runs them all."""
    some = ("nonresponse", "next_wave", "method_sampling")
    assert refreshing.refresh(PROJECT, tmp_path, only=some) == []
    written = {path.relative_to(tmp_path) for path in tmp_path.rglob("*.ipynb")}
    stored = {path.relative_to(PROJECT) for path in NOTEBOOKS if path.stem in some}
    assert written == stored
    for path in stored:
        again, before = ((folder / path).read_bytes() for folder in (tmp_path, PROJECT))
        assert again == before, f"{path.name}: {STALE}"
