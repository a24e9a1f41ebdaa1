"""Whom an action reaches: rules are read as comparisons, and never run."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.study.reached import reached, shares_reached

PEOPLE = pd.DataFrame({
    "tier": ["Key", "Core", "Strategic", None], "region": ["Europe", "Asia", "Asia", "Europe"],
    "size": [10, 20, 30, 40],
})  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "there"),
    [
        ("all", [True] * 4),
        ("", [True] * 4),
        (" ALL ", [True] * 4),
        ("tier == 'Key'", [True, False, False, False]),
        ("tier in ('Key', 'Strategic')", [True, False, True, False]),
        ("tier not in ('Key',)", [False, True, True, True]),
        ("region != \"Asia\"", [True, False, False, True]),
        ("region == 'Asia' and tier == 'Core'", [False, True, False, False]),
        ("tier == 'Key' or region == 'Asia'", [True, True, True, False]),
        ("not (region == 'Asia')", [True, False, False, True]),
        ("size == 30", [False, False, True, False]),
    ],
)  # fmt: skip
def test_a_rule_holds_for_those_it_names(rule, there):
    assert reached(rule, PEOPLE).tolist() == there


@pytest.mark.parametrize(
    "rule",
    [
        "__import__('os').system('x')", "tier.str.len() == 3", "tier == open('x').read()",
        "tier == 'Key' if 1 else 2", "colour == 'red'", "tier ==", "1 < size < 3", "lambda: 0",
        "[x for x in (1,)]", "tier @ 'Key'", "size > 3", "(" * 500,
    ],
)  # fmt: skip
def test_anything_else_is_not_read_and_never_run(rule):
    assert reached(rule, PEOPLE) is None


def test_shares_count_by_weight_and_unknown_rules_are_not_in():
    actions = pd.DataFrame({"action_id": ["A", "B", "C"], "reach": [None, "tier == 'Key'", "?"]})
    assert shares_reached(actions, PEOPLE, [2, 1, 1, 0]) == {"A": 1.0, "B": 0.5}
    assert shares_reached(actions[["action_id"]], PEOPLE) == {"A": 1.0, "B": 1.0, "C": 1.0}
