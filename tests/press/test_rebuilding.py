"""A book built again from its last build is the book built anew, to the last byte."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from helpers.digests import file_digests
from helpers.press import between_pages, book
from helpers.press.rebuilding import rebuilt
from helpers.press.search_index import INDEX, read_index, write_index
from helpers.project import project_folder

CHAPTER, OTHER, PROSE = "notebooks/drivers.ipynb", "notebooks/loyalty.ipynb", "book/glossary.md"


class World:
    """A staged book, and what renders it: a page says its source, a heading is told to others."""

    def __init__(self, place: Path) -> None:
        self.stage, self.last, self.target = place / "s", place / "last", place / "target"
        self.read: list[str] = []
        for name in (CHAPTER, OTHER, PROSE):
            self.write(name, "# One")

    def write(self, name: str, text: str) -> None:
        (self.stage / name).parent.mkdir(parents=True, exist_ok=True)
        (self.stage / name).write_text(text)

    def make(self, stage: Path, output: Path) -> None:
        """Read the sources that have no tree, as Sphinx does."""
        pages, trees = output / "_build" / "html", output / "_build" / ".doctrees"
        sources = sorted(path.relative_to(stage) for path in stage.rglob("*.*"))
        for source in sources:
            tree = (trees / source).with_suffix(".doctree")
            if not tree.is_file():
                self.read.append(source.as_posix())
                for path in (tree, (pages / source).with_suffix(".html")):
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_text((stage / source).read_text())
        titles = [(stage / source).read_text().splitlines()[0] for source in sources]
        (output / "_build" / between_pages.FILE).write_text("\n".join(titles))
        entries = {"term": [[2, "a", True]]} if PROSE in self.read else {}
        names = [source.with_suffix("").as_posix() for source in sources]
        write_index(pages / INDEX, {"docnames": sorted(names), "indexentries": entries})

    def build(self) -> list[str]:
        """Build; the sources that were read."""
        self.read = []
        shutil.rmtree(self.target, ignore_errors=True)
        rebuilt(self.stage, self.last, self.target, self.make)
        return self.read

    def shown(self, name: str) -> str:
        return (self.target / name).with_suffix(".html").read_text()


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path)
    assert made.build() == [PROSE, CHAPTER, OTHER]
    return made


def test_only_pages_whose_source_changed_are_read(world):
    world.write(CHAPTER, "# One\nnew")
    (world.stage / OTHER).touch()
    assert world.build() == [CHAPTER]
    assert world.shown(CHAPTER) == "# One\nnew"


def test_what_sphinx_forgets_of_pages_that_it_does_not_read_stays_in_the_index(world):
    world.write(CHAPTER, "# One\nnew")
    world.build()
    assert read_index(world.target / INDEX)["indexentries"] == {"term": [[2, "a", True]]}


@pytest.mark.parametrize(
    "change",
    [
        lambda world: world.write(CHAPTER, "# Two"),  # a title that other pages show
        lambda world: world.write(PROSE, "# One\nnew"),  # no chapter's page
        lambda world: world.write("notebooks/board.ipynb", "# One"),
        lambda world: (world.stage / OTHER).unlink(),
        lambda world: world.write("_config.yml", "# One"),
        lambda world: (world.last / "out/_build/html/book/glossary.html").write_text("# Onf"),
        lambda world: (world.last / "out/_build/.doctrees/book/glossary.doctree").unlink(),
        lambda world: (world.last / "whole.txt").unlink(),
    ],
    ids=["title", "prose", "more", "fewer", "settings", "a byte", "a file", "cut off"],
)
def test_all_is_made_anew_where_other_pages_may_change_or_the_last_build_is_not_whole(
    world, change
):
    change(world)
    everything = sorted(p.relative_to(world.stage).as_posix() for p in world.stage.rglob("*.*"))
    assert sorted(world.build()[-len(everything) :]) == everything


def test_a_build_that_fails_leaves_nothing_to_take_up(world):
    def failing(stage: Path, output: Path) -> None:
        raise ValueError("a warning")

    world.write(CHAPTER, "# One\nnew")
    with pytest.raises(ValueError, match="a warning"):
        rebuilt(world.stage, world.last, world.target / "x", failing)
    assert world.build() == [PROSE, CHAPTER, OTHER]


def test_another_code_of_the_handbook_makes_all_anew(world, monkeypatch):
    monkeypatch.setattr("helpers.press.rebuilding.code_digest", lambda: "another")
    assert world.build() == [PROSE, CHAPTER, OTHER]


def _jupyter_book(stage: Path, output: Path) -> None:
    asked = ["build", stage, "--path-output", output, "-q"]
    TIMES.append((output.parent.name, (output / "_build").is_dir()))
    subprocess.run(
        [Path(sys.executable).with_name("jupyter-book"), *asked], check=True, capture_output=True
    )


TIMES: list[tuple[str, bool]] = []  # where a book was built, and whether on another


@pytest.mark.clients
def test_jupyter_book_makes_the_same_of_what_changed_as_of_all(tmp_path):
    stage, said = tmp_path / "stage", []
    book.neutral(project_folder(), stage)
    [chapter] = (stage / "notebooks").iterdir()
    page = nbformat.read(chapter, as_version=4)
    builds = (("<p>1</p>", "last"), ("<p>2</p>", "last"), ("<p>2</p>", "other"))
    for text, last in ((text, tmp_path / place) for text, place in builds):
        page.cells[1].outputs[0].data["text/html"] = text
        nbformat.write(page, chapter)
        made = tmp_path / f"out-{len(said)}"
        rebuilt(stage, last, made, _jupyter_book)
        said.append(file_digests(made))
    first, again, whole = said
    assert again == whole
    assert len(set(again) - set(first)) >= 1
    assert TIMES == [("last", False), ("last", True), ("other", False)]  # the second time in part
