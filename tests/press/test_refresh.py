"""Which notebooks are run again, and what is refused."""

from __future__ import annotations

import pytest

from helpers.press import refresh
from helpers.press.chapters import computed_pages


@pytest.fixture(scope="module")
def demo(project, tmp_path_factory):
    return refresh.demo(project, tmp_path_factory.mktemp("results"))


def names(project, demo, *only):
    return [path.stem for path in refresh._to_run(project, demo, only)]


def test_all_chapters_and_computed_pages_are_run_unless_told(project, demo):
    every = names(project, demo)
    assert every[: len(demo.chapters)] == [chapter.name for chapter in demo.chapters]
    assert every[len(demo.chapters) :] == [path.stem for path in computed_pages(project)]


def test_a_computed_page_builds_on_no_chapter(project, demo):
    assert names(project, demo, "method_sampling") == ["method_sampling"]


def test_a_chapter_is_run_with_what_it_builds_on(project, demo):
    found = names(project, demo, "linkage")
    assert found.index("sampling") < found.index("linkage")
    assert set(found) < set(names(project, demo))


def test_a_name_that_no_notebook_has_is_refused_with_those_there_are(project, demo):
    with pytest.raises(ValueError, match=r"called 'linkages'; there are .*linkage"):
        names(project, demo, "linkages")
