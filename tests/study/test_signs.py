"""Signs are found alike whether a column is looked at cell by cell or all at once."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.study import garbled, id_digits, totals, tryout_words
from helpers.study.readers import tidying
from helpers.study.signs import FEW, beginning, holding, whole

CELLS = [
    "Total", "TOTAL:", "Müller", "MÃ¼ller", "test@example.com", "1E+15", "12\n", "'007", '="007"',
    "\u0661\u0662", "", " ", None, "\u00a01", "Err:502", "a\nb", "123456789012345678", "№ 5",
    "xxxx",
]  # fmt: skip
PATTERNS = [
    totals.STEM, tryout_words.STEM, garbled.LIKELY, id_digits.DOUBTFUL, id_digits.MARKED, r"\d",
    r"\s+", tidying.AS_FORMULA, "^[0-9A-Za-z]", "5$",
]  # fmt: skip
KINDS = {"text": "str", "any": object}


def _columns(kind: str) -> tuple[pd.Series, pd.Series]:
    few = pd.Series(CELLS, dtype=KINDS[kind])
    many = pd.concat([few] * (FEW // len(CELLS) + 1), ignore_index=True)
    assert len(few) <= FEW < len(many)
    return few, many


@pytest.mark.parametrize("kind", list(KINDS))
@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("find", [holding, whole])
def test_few_cells_and_many_hold_the_same_signs(find, pattern, kind):
    few, many = _columns(kind)
    assert find(few, pattern).tolist() * (len(many) // len(few)) == find(many, pattern).tolist()


@pytest.mark.parametrize("kind", list(KINDS))
def test_few_cells_and_many_begin_alike(kind):
    few, many = _columns(kind)
    found = beginning(few, "'", "Err:")
    assert [cell for cell, here in zip(CELLS, found, strict=True) if here] == ["'007", "Err:502"]
    assert found.tolist() * (len(many) // len(few)) == beginning(many, "'", "Err:").tolist()


def test_numbers_are_looked_at_as_texts_and_gaps_hold_nothing():
    cells = pd.Series([7.5, None, "7"], dtype=object)
    assert holding(cells, "7").tolist() == [True, False, True]
    assert whole(cells, "7").tolist() == [False, False, True]
