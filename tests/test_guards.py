"""Each guard of what is withheld, taken away: the test that attacks it then fails.

A guard stands here once, with the test that is for it. One that another makes needless is no
guard and is deleted; code that changes here is looked at again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pytest
from guarded import SOURCE, WithoutGuards

FAILED = 1  # pytest's exit code where tests ran and failed


class Guard(NamedTuple):
    """Code of a module, what it is without the guard, and the test that misses it."""

    module: str
    code: str
    instead: str
    test: str


TOPLINES = "tests/methods/test_toplines.py"
COLUMNS = "tests/methods/test_toplines_withheld.py"
BANNERS = "methods/toplines/banners.py"
TABULATED = "methods/toplines/tabulated.py"

GUARDS = (
    Guard(
        BANNERS, 'of.where(of != "")', "of",
        f"{COLUMNS}::test_a_few_who_did_not_answer_the_question_of_a_banner_stand_with_the_largest_column",
    ),
    Guard(
        BANNERS, '(safe.cells["grouping"] == grouping) & ~safe.cells["withheld"]',
        '~safe.cells["withheld"]',
        f"{COLUMNS}::test_columns_of_one_name_in_two_banners_are_judged_each_by_its_own",
    ),
)  # fmt: skip


@pytest.fixture(scope="module")
def without() -> Iterator[WithoutGuards]:
    started = WithoutGuards()
    yield started
    started.end()


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: f"{guard.module}: {guard.code[:60]}")
def test_a_guard_that_is_taken_away_is_missed(guard: Guard, without: WithoutGuards):
    text = (SOURCE / guard.module).read_text(encoding="utf-8")
    assert text.count(guard.code) == 1
    assert without.ends(guard.module, guard.code, guard.instead, (guard.test,)) == FAILED
