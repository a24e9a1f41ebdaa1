"""What readers get: no parameters, no paths, nothing that runs, code folded at the end."""

from __future__ import annotations

import html
import re

import nbformat
import pytest

from helpers.press import book
from helpers.press.chapters import Chapter, computed_pages
from helpers.study import open_study
from helpers.views.rendering.sentences import Sentence


def _page(*outputs, source="answer"):
    cells = [
        nbformat.v4.new_markdown_cell("# Title"),
        nbformat.v4.new_code_cell("client = 'x'", metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell(
            "client = '/home/someone/secret'", metadata={"tags": ["injected-parameters"]}
        ),
        nbformat.v4.new_code_cell(source, outputs=list(outputs)),
    ]
    return book.published(nbformat.v4.new_notebook(cells=cells))


def _html(markup):
    return nbformat.v4.new_output("display_data", data={"text/html": markup, "text/plain": "x"})


def _shown(page):
    return "".join(o.data["text/html"] for c in page.cells for o in c.get("outputs", []))


def test_parameters_never_reach_a_reader():
    assert "secret" not in nbformat.writes(_page(_html("<p>fine</p>")))


def test_errors_and_warnings_never_reach_a_reader():
    stream = nbformat.v4.new_output("stream", name="stderr", text="/home/someone/x.py: warning")
    error = nbformat.v4.new_output("error", ename="E", evalue="v", traceback=["/home/someone"])
    assert "someone" not in nbformat.writes(_page(stream, error))


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<a href='javascript:alert(1)'>x</a>",
        "<iframe src='//evil'></iframe>",
        "<svg onload=alert(1)></svg>",
        "<img src='https://evil/x.png'>",
        "<form action='//evil'><input></form>",
        "<p style='background:url(https://evil)' onclick=alert(1)>x</p>",
    ],
)
def test_nothing_of_a_clients_text_can_run_or_call_out(attack):
    shown = _shown(_page(_html(attack)))
    assert not any(
        w in shown for w in ("alert(1)<", "onerror", "onclick", "javascript:", "<script")
    )
    assert "<iframe" not in shown
    assert "<svg" not in shown
    assert "<form" not in shown
    assert "evil" not in shown


def test_our_own_charts_and_tables_pass_unharmed():
    markup = (
        '<figure class="chart" style="--chart-width: 720px"><picture>'
        '<source media="(max-width: 640px)" srcset="data:image/png;base64,AA==">'
        '<img alt="a" src="data:image/png;base64,AA==" '
        'width="1" height="1"></picture><figcaption>n</figcaption></figure>'
        '<table class="data-table"><caption>c</caption><thead><tr><th scope="col">h</th></tr>'
        '</thead><tbody><tr><td class="number">1</td></tr></tbody></table>'
        '<span class="figure" data-figure="a.b" title="t">1</span>'
    )
    shown = _shown(_page(_html(markup)))
    for part in (
        "--chart-width: 720px",
        'srcset="data:',
        'src="data:',
        'alt="a"',
        'scope="col"',
        "data-figure",
        "<caption>",
    ):
        assert part in shown, part


def test_the_answer_stands_under_the_title_wherever_it_was_computed():
    cells = [
        nbformat.v4.new_markdown_cell("# Does it pay?"),
        nbformat.v4.new_code_cell("chart", outputs=[_html("<p>picture</p>")]),
        nbformat.v4.new_code_cell(
            "page.answer()", outputs=[_html("<p>Yes.</p>")], metadata={"tags": ["answer"]}
        ),
    ]
    page = book.published(nbformat.v4.new_notebook(cells=cells))
    assert page.cells[0].source == "# Does it pay?"
    assert [_html_of(cell) for cell in page.cells[1:3]] == ["<p>Yes.</p>", "<p>picture</p>"]
    doubt = Sentence('<p class="among" onclick="x()">Chance.</p>', "Chance.")
    doubted = book.published(nbformat.v4.new_notebook(cells=cells), doubt)
    told = [_html_of(cell) for cell in doubted.cells[1:4]]
    assert told == ["<p>Yes.</p>", '<p class="among">Chance.</p>', "<p>picture</p>"]


def test_what_is_to_be_done_stands_under_the_answer_and_the_sections_keep_their_order():
    act = {"tags": ["act"]}
    cells = [
        nbformat.v4.new_markdown_cell("# Do we point the same way?"),
        nbformat.v4.new_markdown_cell("## Pay"),
        nbformat.v4.new_code_cell("pay", outputs=[_html("<p>pay</p>")]),
        nbformat.v4.new_markdown_cell("## What to change", metadata=act),
        nbformat.v4.new_code_cell("steps", outputs=[_html("<p>steps</p>")], metadata=act),
        nbformat.v4.new_code_cell("end", outputs=[_html("<p>So what</p>")]),
        nbformat.v4.new_code_cell("x", outputs=[_html("<p>No.</p>")],
                                  metadata={"tags": ["answer"]}),
    ]  # fmt: skip
    page = book.published(nbformat.v4.new_notebook(cells=cells))
    told = [_html_of(c) if c.cell_type == "code" else c.source for c in page.cells[:-1]]
    assert told == ["# Do we point the same way?", "<p>No.</p>", "## What to change",
                    "<p>steps</p>", "## Pay", "<p>pay</p>", "<p>So what</p>"]  # fmt: skip


def _html_of(cell) -> str:
    return cell.outputs[0].data["text/html"]


def test_code_is_folded_once_at_the_end_and_cannot_break_its_fence():
    page = _page(_html("<p>x</p>"), source='text = "```` not the end"')
    fence = page.cells[-1].source.splitlines()[1].removesuffix("python")
    assert page.cells[-1].source.startswith("::::{dropdown} The code behind this page")
    assert set(fence) == {"`"}
    assert len(fence) > 4
    assert [c.metadata.get("tags") for c in page.cells if c.cell_type == "code"] == [
        ["remove-input"]
    ]


def test_a_closed_page_says_why_and_what_it_would_answer(tmp_path):
    declared = {"question": "Does it pay?", "answers": ["whether it pays"]}
    page = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell("# Linkage")], metadata={"handbook": declared}
    )
    nbformat.write(page, tmp_path / "linkage.ipynb")
    closed = book.closed_page(
        Chapter("linkage", tmp_path / "linkage.ipynb"), "Column `end_date` of <b>acme</b> is empty."
    )
    text = closed.cells[0].source
    assert "# Linkage" in text
    assert "`end_date` of \\<b\\>acme" in text
    assert "- whether it pays" in text


def test_a_constant_page_shows_each_result_above_its_own_code():
    cells = [
        nbformat.v4.new_markdown_cell("# Sampling"),
        nbformat.v4.new_code_cell("import pandas"),
        nbformat.v4.new_code_cell("first", outputs=[_html("<p>1</p><script>x</script>")]),
        nbformat.v4.new_markdown_cell("Then"),
        nbformat.v4.new_code_cell("second", outputs=[_html("<p>2</p>")]),
    ]
    page = book.constant(nbformat.v4.new_notebook(cells=cells))
    assert [c.cell_type for c in page.cells] == [
        "markdown", "code", "markdown", "markdown", "code", "markdown",
    ]  # fmt: skip
    folded = [c.source for c in page.cells if "{dropdown}" in c.source]
    assert ["import pandas" in code for code in folded] == [True, False]
    assert ["second" in code for code in folded] == [False, True]
    assert _shown(page) == "<p>1</p><p>2</p>"


def test_computed_pages_are_staged_with_their_stored_outputs(project, tmp_path):
    study = open_study(project / "data" / "northfield")
    book.stage(study, project, {"executive": nbformat.v4.new_notebook()}, tmp_path / "stage")
    for path in computed_pages(project):
        stored = nbformat.read(path, as_version=4)
        staged = nbformat.read(tmp_path / "stage" / "book" / path.name, as_version=4)
        assert len(_seen(stored)) > 5
        assert _seen(staged) == _seen(stored)


def _seen(page):
    """The text of each output, without its marks."""
    shown = [o.data["text/html"] for c in page.cells for o in c.get("outputs", [])]
    return [html.unescape(re.sub(r"<[^>]*>", "", markup)) for markup in shown]
