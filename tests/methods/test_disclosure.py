"""Small bases: what is hidden, and that it cannot be found again."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.methods.survey import disclosure
from helpers.methods.survey.disclosure import suppress


def cells(bases, **more):
    return pd.DataFrame({"group": range(len(bases)), "base": bases, "score": 50, **more})


def hidden(table):
    return table.loc[table["withheld"], "base"].tolist()


def test_nothing_is_hidden_where_every_base_suffices():
    found = suppress(cells([10, 20, 30]), "base", 10, ["score"])
    assert hidden(found) == []
    assert found["score"].notna().all()


def test_one_small_cell_takes_the_next_smallest_with_it():
    """Hundepool and others (2012), 4.2: a lone hidden cell is the total less the rest."""
    found = suppress(cells([200, 9, 40, 30]), "base", 10, ["score"])
    assert hidden(found) == [9, 30]
    assert found["score"].isna().tolist() == [False, True, False, True]


def test_two_small_cells_that_reach_the_minimum_together_suffice():
    assert hidden(suppress(cells([200, 4, 6]), "base", 10, ["score"])) == [4, 6]


def test_two_small_cells_that_stay_below_it_take_a_third():
    assert hidden(suppress(cells([200, 2, 3, 50]), "base", 10, ["score"])) == [2, 3, 50]


def test_an_empty_cell_hides_nobody_and_helps_nobody():
    assert hidden(suppress(cells([0, 20, 30]), "base", 10, ["score"])) == []
    assert hidden(suppress(cells([0, 5, 20, 30]), "base", 10, ["score"])) == [5, 20]


def test_each_whole_is_protected_on_its_own():
    table = cells([100, 5, 20, 100, 50], margin=["tier"] * 3 + ["region"] * 2)
    assert hidden(suppress(table, "base", 10, ["score"], whole="margin")) == [5, 20]


def test_a_lone_row_of_a_whole_is_hidden_alone():
    table = cells([5, 50, 60], margin=["a", "b", "b"])
    assert hidden(suppress(table, "base", 10, ["score"], whole=["margin"])) == [5]


def test_a_group_without_a_name_is_a_whole_too():
    table = cells([5, 50, 60], margin=[None, None, "b"])
    assert hidden(suppress(table, "base", 10, ["score"], whole="margin")) == [5, 50]


def test_counts_and_text_can_be_withheld():
    table = cells([5, 6, 90], word=["low", "low", "high"])
    found = suppress(table, "base", 10, ["base", "word"])
    assert found["base"].isna().tolist() == [True, True, False]
    assert found["word"].isna().tolist() == [True, True, False]
    assert found["score"].notna().all()


def test_no_hidden_group_can_be_found_by_subtraction(rng):
    """Whatever the bases: none hidden, or two that hold the minimum, or all of them."""
    for _ in range(300):
        bases = rng.integers(0, 40, rng.integers(1, 8))
        found = suppress(cells(bases), "base", 10, ["score"])
        away = np.array(hidden(found))
        small = bases[(bases > 0) & (bases < 10)]
        assert set(small) <= set(away)
        safe = len(away) >= 2 and away.sum() >= 10
        assert len(away) == 0 or safe or len(away) == (bases > 0).sum()


def test_callers_table_is_left_alone():
    table = cells([5, 50])
    kept = table.copy()
    suppress(table, "base", 10, ["score", "base"])
    pd.testing.assert_frame_equal(table, kept)


@pytest.mark.parametrize("minimum", [0, 1])
def test_everything_is_shown_where_every_base_may_be(minimum):
    assert hidden(suppress(cells([1, 2, 0]), "base", minimum, ["score"])) == []


@pytest.mark.parametrize(
    ("bases", "minimum", "columns", "advice"),
    [
        ([5, 50], 10, ["scores"], "has no column 'scores'; it has group, base, score"),
        ([5, 50], -1, ["score"], "whole number, 0 to show all"),
        ([5, np.nan], 10, ["score"], "the number of people behind it"),
        ([5, -1], 10, ["score"], "missing or negative"),
    ],
)
def test_refusals_say_what_to_do(bases, minimum, columns, advice):
    with pytest.raises(ValueError, match=advice):
        suppress(cells(bases), "base", minimum, columns)


def test_a_small_group_is_withheld_whatever_the_algebra_finds(monkeypatch):
    """The first guard needs no second: a group of few is withheld before any sums are tried."""
    monkeypatch.setattr(disclosure, "given_away", lambda *_, **__: None)
    groups = pd.DataFrame({"region": np.repeat(["N", "S", "E"], [50, 9, 10])})
    cells = disclosure.protect(groups, 10).cells.set_index("group")
    assert cells["withheld"].to_dict() == {"N": False, "S": True, "E": False}


def test_groups_that_are_numbers_are_found_by_their_value():
    groups = pd.DataFrame({"year": np.repeat([2024, 2025, 2026], [50, 20, 4])})
    safe = disclosure.protect(groups, 10)
    assert safe.hides(["year"] * 3, [2024, 2025, 2026]).tolist() == [False, True, True]


def test_a_few_of_whom_nothing_is_known_are_merged_with_nobody():
    unknown = pd.Series(["not known"] * 3)
    assert disclosure.merged(unknown, 10).tolist() == ["not known"] * 3
    assert disclosure.protect(unknown.to_frame("region"), 10).cells["withheld"].tolist() == [True]


@pytest.mark.parametrize("nobody", [None, np.nan, pd.NA])
def test_people_without_an_entry_are_no_group_by_another_name(nobody):
    sides = pd.Series(["a"] * 20 + ["b"] * 20 + [nobody] * 12, dtype=object)
    found = disclosure.protect(pd.DataFrame({"side": sides}), 10)
    assert found.cells["group"].tolist() == ["a", "b"]
    assert not found.cells["withheld"].any()
