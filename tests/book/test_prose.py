"""The constant prose agrees with the code that it describes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import typer
from pybtex.database import parse_file

from helpers.cli import app
from helpers.study.codebook import COLUMNS, ROLES
from helpers.study.columns import Column, Table
from helpers.study.config import Config
from helpers.study.tables import TABLES

KINDS = {"yes_no": "yes or no", "period": "month"}
PAGES = (
    "README.md", "CONTRIBUTING.md", "book/new_client.md", "book/rerun.md", "book/many_machines.md"
)  # fmt: skip


@pytest.fixture(scope="module")
def dictionary(project: Path) -> str:
    return (project / "book" / "client_folder.md").read_text(encoding="utf-8")


def prose(page: Path) -> str:
    """The text of a page; of a computed page, that of its cells of text."""
    text = page.read_text(encoding="utf-8")
    if page.suffix == ".md":
        return text
    cells = [c for c in json.loads(text)["cells"] if c["cell_type"] == "markdown"]
    return "\n\n".join("".join(cell["source"]) for cell in cells)


def pages(project: Path) -> list[Path]:
    """Every page of the constant book, written or computed."""
    return sorted(p for p in (project / "book").glob("*.*") if p.suffix in (".md", ".ipynb"))


def section(text: str, heading: str) -> str:
    """The text under a heading, up to the next one."""
    _, found, rest = text.partition(f"\n{heading}\n")
    assert found, f"client_folder.md has no heading {heading!r}"
    return re.split(r"\n#{1,3} ", rest)[0]


def rows(text: str) -> dict[str, list[str]]:
    """Rows of a page's tables whose first cell is code, by that code."""
    lines = [line for line in text.splitlines() if line.startswith("| `")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {cell[0].strip("`"): cell[1:] for cell in cells}


def kind(column: Column) -> str:
    """How the dictionary writes a column's kind."""
    return KINDS.get(column.kind, column.kind) + (", needed" if column.required else "")


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda t: t.name)
def test_the_dictionary_describes_every_column_as_it_is_declared(table: Table, dictionary: str):
    described = rows(section(dictionary, f"### `{table.name}`"))
    written = {name: cells[0] for name, cells in described.items()}
    assert written == {c.name: kind(c) for c in table.columns}


def test_every_allowed_value_is_in_the_dictionary(dictionary: str):
    for table in TABLES.values():
        text = section(dictionary, f"### `{table.name}`")
        values = {value for column in table.columns for value in column.values}
        assert all(f"`{value}`" in text for value in values), table.name


def test_the_codebook_columns_and_roles_are_all_described(dictionary: str):
    described = rows(section(dictionary, "## `codebook.csv`"))
    assert set(described) == {*COLUMNS, *ROLES}


def test_every_key_of_client_yml_is_described(dictionary: str):
    described = rows(section(dictionary, "## `client.yml`"))
    assert set(described) == set(Config.model_fields)


@pytest.mark.parametrize("page", PAGES)
def test_every_command_on_a_page_exists(page: str, project: Path):
    text = (project / page).read_text(encoding="utf-8")
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    for line in re.findall(r"(?:^\$ |`)handbook ([^`\n#]+)", text, flags=re.M):
        name, *words = line.split()
        assert name in commands or name == "--help", line
        known = {o for p in commands[name].params for o in p.opts} if name in commands else set()
        assert {w for w in words if w.startswith("--")} <= {*known, "--help"}, line


@pytest.mark.parametrize("page", PAGES)
def test_every_make_target_on_a_page_exists(page: str, project: Path):
    makefile = (project / "Makefile").read_text(encoding="utf-8")
    text = (project / page).read_text(encoding="utf-8")
    for target in re.findall(r"(?:^\$ |`)make (\w+)", text, flags=re.M):
        assert re.search(rf"^{target}:", makefile, flags=re.M), target


def test_every_page_is_in_the_table_of_contents(project: Path):
    toc = (project / "_toc.yml").read_text(encoding="utf-8")
    written = sorted({*re.findall(r"book/(\w+)", toc)} - {"more_data"})  # made for each client
    assert [path.stem for path in pages(project)] == written


def test_every_work_cited_is_listed_and_every_work_listed_is_cited(project: Path):
    text = "".join(map(prose, pages(project)))
    citations = re.findall(r"\{cite:[tp]\}`([^`]+)`", text)
    cited = {key for keys in citations for key in keys.split(",")}
    library = (project / "book" / "references.bib").read_text(encoding="utf-8")
    assert cited == set(re.findall(r"^@\w+\{(\w+),", library, flags=re.M))


def test_the_list_of_works_is_read_as_the_book_reads_it(project: Path):
    path = project / "book" / "references.bib"
    listed = re.findall(r"^@\w+\{(\w+),", path.read_text(encoding="utf-8"), flags=re.M)
    assert list(parse_file(str(path)).entries) == listed


def test_links_between_documents_lead_somewhere(project: Path):
    for page in (project / "README.md", project / "CONTRIBUTING.md", *pages(project)):
        targets = re.findall(r"\]\(((?!https?:)[^)#]+)", prose(page))
        absent = [t for t in targets if not (page.parent / t).exists()]
        assert absent == [], page.name


def test_links_to_a_heading_lead_to_a_mark_before_it(project: Path):
    """The book gives no heading an address of its own; without a mark it does not build."""
    whole = "\n".join(page.read_text(encoding="utf-8") for page in pages(project))
    marks = set(re.findall(r"^\(([\w-]+)\)=$", whole, flags=re.M))
    assert set(re.findall(r"\]\(#([^)]+)\)", whole)) <= marks


def test_glossary_terms_are_in_order(project: Path):
    text = (project / "book" / "glossary.md").read_text(encoding="utf-8")
    terms = re.findall(r"^(\S.*)\n  \S", text, flags=re.M)
    assert len(terms) > 40
    assert terms == sorted(terms, key=str.casefold)
