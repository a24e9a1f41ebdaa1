"""Slow tests lie where the make target of their suite looks for them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SUITES = ("browser", "databases", "clients", "validity", "cluster")
SET = re.compile(r"^(\w+) := (.*)$", re.MULTILINE)


def _looked_in(project: Path, suite: str) -> list[Path]:
    """Where the make target of a suite looks for tests."""
    makefile = (project / "Makefile").read_text(encoding="utf-8")
    [places] = re.findall(rf"-m {suite} (.*)$", makefile, re.MULTILINE)
    for name, value in SET.findall(makefile):
        places = places.replace(f"$({name})", value)
    return [project / place for place in places.split()]


@pytest.mark.parametrize("suite", SUITES)
def test_every_test_of_a_suite_is_found_by_its_make_target(project: Path, suite: str) -> None:
    places = _looked_in(project, suite)
    marked = [
        path
        for path in (project / "tests").rglob("test_*.py")
        if re.search(rf"\bmark\.{suite}\b", path.read_text(encoding="utf-8"))
    ]
    assert marked
    lost = [path for path in marked if not any(path.is_relative_to(place) for place in places)]
    assert lost == []
