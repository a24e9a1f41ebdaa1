"""What readers see is idiomatic English: phrases that no British or American reader would write."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

BANNED = re.compile(
    r"\b(?:surely|like compared with like|the silent|go(?:es)? with|the heard"
    r"|who (?:was|were) heard|as answered|redr(?:aw|awn|aws|ew)|likelier than not"
    r"|upright (?:line|band)s?|buys? wider|what is due first stands first|the talk about"
    r"|ask how it goes)\b",
    re.IGNORECASE,
)
OWN_WORDS = re.compile(r"<blockquote\b.*?</blockquote>", re.DOTALL)  # what customers said
PARAMETERS = re.compile(r"<td>redraws</td>")  # a parameter's name, in the run card
MARKUP = re.compile(r"<[^>]*>")


def sentences_of(module: Path) -> Iterator[str]:
    """Texts of a module that could be read by somebody: no docstrings, no names."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    said = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.value


def texts_of(notebook: Path) -> Iterator[str]:
    """Prose, declared questions and stored outputs of a page, customers' words left out."""
    page = json.loads(notebook.read_text(encoding="utf-8"))
    declared = page["metadata"].get("handbook", {})
    yield from (declared.get("question", ""), *declared.get("answers", ()))
    for cell in page["cells"]:
        if cell["cell_type"] == "markdown":
            yield "".join(cell["source"])
        for output in cell.get("outputs", ()):
            html = "".join(output.get("data", {}).get("text/html", ""))
            html = PARAMETERS.sub("", OWN_WORDS.sub("", html))
            yield " ".join(re.findall(r'(?:title|alt)="([^"]*)"', html))
            yield MARKUP.sub(" ", html)


def told(texts: Iterator[str]) -> list[str]:
    """The banned phrases in some texts, with a few words round each."""
    return [
        text[max(found.start() - 30, 0) : found.end() + 30]
        for text in texts
        for found in BANNED.finditer(text)
    ]


@pytest.mark.parametrize("folder", ["src/helpers/views", "src/helpers/methods/account_list"])
def test_no_text_that_a_page_may_show_holds_a_phrase_that_nobody_would_write(project, folder):
    found = {
        path.name: phrases
        for path in sorted((project / folder).rglob("*.py"))
        if (phrases := told(sentences_of(path)))
    }
    assert found == {}


@pytest.mark.parametrize("folder", ["book", "notebooks"])
def test_no_page_holds_a_phrase_that_nobody_would_write(project, folder):
    pages = {path.name: texts_of(path) for path in sorted((project / folder).glob("*.ipynb"))}
    pages |= {
        path.name: iter([path.read_text(encoding="utf-8")])
        for path in sorted((project / folder).glob("*.md"))
    }
    assert pages
    assert {name: found for name, texts in pages.items() if (found := told(texts))} == {}


@pytest.mark.parametrize(
    "text",
    ["It is surely so.", "As answered, 5.", "the silent would", "It goes with more."],
)
def test_the_list_finds_what_it_bans_and_nothing_else(text):
    assert len(told(iter([text]))) == 1
    assert told(iter(["It has answered; what we heard was answered."])) == []
