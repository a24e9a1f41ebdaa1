"""Whom an action reaches: a rule over accounts, read without running anything of the client's."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from helpers.study.nearest import advice_for

__all__ = ["parts_reached", "reached", "rule_problem", "shares_reached"]

ALL = ("", "all")
AS_A_RULE = "Write `all`, or compare columns with values, as `tier in ('Key', 'Core')`."
MOST = 30  # names of a column that are listed


def reached(rule: str, accounts: pd.DataFrame) -> pd.Series | None:
    """Which accounts a rule holds for; ``None`` where it cannot be read.

    A rule is ``all``, or compares columns with values: ``tier in ('Key', 'Strategic')``,
    ``region == 'Europe' and tier != 'Core'``.

    Examples
    --------
    >>> accounts = pd.DataFrame({"tier": ["Key", "Core"], "region": ["Europe", "Europe"]})
    >>> reached("tier in ('Key', 'Strategic')", accounts).tolist()
    [True, False]
    >>> reached("tier == 'Core' and region == 'Europe'", accounts).tolist()
    [False, True]
    >>> reached("open('secrets')", accounts) is None
    True
    """
    if rule.strip().lower() in ALL:
        return pd.Series(True, index=accounts.index)
    try:
        return _holds(ast.parse(rule.strip(), mode="eval").body, accounts)
    except (SyntaxError, ValueError, KeyError, TypeError, MemoryError, RecursionError):
        return None


def rule_problem(rule: str, lists: Sequence[pd.DataFrame]) -> tuple[str, str]:
    """What is wrong with a rule, and what to write instead; two empty texts where it can hold.

    ``lists`` are the tables that it may be about: a name counts as known in any of them.

    Examples
    --------
    >>> accounts = pd.DataFrame({"tier": ["Key", "Core"]})
    >>> rule_problem("teir == 'Key'", [accounts])
    ("is about 'teir', which is no column of accounts", 'Did you mean tier?')
    >>> rule_problem("tier == 'Kee'", [accounts])
    ("asks for 'Kee', which no tier is", 'Did you mean Key?')
    >>> rule_problem("tier == 'Key'", [accounts])
    ('', '')
    """
    if rule.strip().lower() in ALL:
        return "", ""
    try:
        asked = list(_asked(ast.parse(rule.strip(), mode="eval").body))
    except (SyntaxError, ValueError, TypeError, MemoryError, RecursionError):
        return "cannot be read as a rule", AS_A_RULE
    for column, values in asked:
        holders = [frame[column] for frame in lists if column in frame]
        if not holders:
            named = [str(name) for name in lists[0].columns]
            return f"is about {column!r}, which is no column of accounts", advice_for(column, named)
        there = {value for held in holders for value in held.dropna().unique()}
        for value in values:
            if value not in there:
                known = sorted(str(name) for name in there)
                advice = advice_for(str(value), known) if len(known) <= MOST else AS_A_RULE
                return f"asks for {value!r}, which no {column} is", advice
    if all(reached(rule, frame) is None for frame in lists):
        return "cannot be read as a rule", AS_A_RULE
    return "", ""


def _asked(part: ast.expr) -> Iterator[tuple[str, list[object]]]:
    """The columns that a rule compares, each with the values it asks for."""
    for one in ast.walk(part):
        if isinstance(one, ast.Compare):
            if not isinstance(one.left, ast.Name) or len(one.comparators) != 1:
                raise ValueError("a rule compares a column with values")
            if not isinstance(one.ops[0], ast.Eq | ast.NotEq | ast.In | ast.NotIn):
                raise ValueError("a rule compares by ==, != or in")
            value = ast.literal_eval(one.comparators[0])
            several = isinstance(one.ops[0], ast.In | ast.NotIn)
            values = list(value) if several else [value]
            if not all(isinstance(each, str | int | float) for each in values):
                raise ValueError("a rule compares a column with texts or numbers")
            yield one.left.id, values


def shares_reached(
    actions: pd.DataFrame, people: pd.DataFrame, weights: ArrayLike | None = None
) -> dict[str, float]:
    """The share of people whom each action reaches; actions whose rule cannot be read are not in.

    >>> actions = pd.DataFrame({"action_id": ["A", "B"], "reach": ["all", "tier == 'Key'"]})
    >>> shares_reached(actions, pd.DataFrame({"tier": ["Key", "Core"]}), [3, 1])
    {'A': 1.0, 'B': 0.75}
    """
    counted = np.ones(len(people)) if weights is None else np.asarray(weights, dtype=float)
    return {
        name: float(counted[there].sum() / counted.sum())
        for name, there in _each_reached(actions, people).items()
    }


def parts_reached(
    actions: pd.DataFrame, people: pd.DataFrame
) -> tuple[pd.Series, pd.DataFrame]:  # fmt: skip
    """People in parts that the same actions reach, and which parts each action reaches.

    Returns
    -------
    tuple
        The number of each person's part; and a true/false table, actions by parts. Actions
        whose rule cannot be read are not in it.

    >>> actions = pd.DataFrame({"action_id": ["A", "B"], "reach": ["all", "tier == 'Key'"]})
    >>> part, reach = parts_reached(actions, pd.DataFrame({"tier": ["Key", "Core", "Key"]}))
    >>> part.tolist(), reach.loc["B"].tolist()
    ([1, 0, 1], [False, True])
    """
    found = _each_reached(actions, people)
    if not found or people.empty:
        return pd.Series(0, people.index), pd.DataFrame(index=list(found), columns=[0], data=False)
    patterns, part = np.unique(np.column_stack(list(found.values())), axis=0, return_inverse=True)
    return pd.Series(part.ravel(), people.index), pd.DataFrame(patterns.T, index=list(found))


def _each_reached(actions: pd.DataFrame, people: pd.DataFrame) -> dict[str, NDArray[np.bool_]]:
    """Whom each action reaches; one rule is read once, however many actions have it."""
    rules = actions["reach"].fillna("") if "reach" in actions else pd.Series("", actions.index)
    read = {rule: reached(str(rule), people) for rule in rules.unique()}
    return {
        str(name): there.fillna(False).to_numpy(dtype=bool)
        for name, rule in zip(actions["action_id"], rules, strict=True)
        if (there := read[rule]) is not None
    }


def _holds(part: ast.expr, accounts: pd.DataFrame) -> pd.Series:
    """Rows for which a comparison, or several joined by and, or, not, holds."""
    if isinstance(part, ast.BoolOp):
        found = [_holds(one, accounts) for one in part.values]
        both = isinstance(part.op, ast.And)
        table = pd.concat(found, axis=1)
        return table.all(axis=1) if both else table.any(axis=1)
    if isinstance(part, ast.UnaryOp) and isinstance(part.op, ast.Not):
        return ~_holds(part.operand, accounts)
    if not (isinstance(part, ast.Compare) and isinstance(part.left, ast.Name)):
        raise ValueError("a rule compares a column with values")
    (operator,), (right,) = part.ops, part.comparators
    column, value = accounts[part.left.id], ast.literal_eval(right)
    if isinstance(operator, ast.In | ast.NotIn):
        inside = column.isin(list(value))
        return inside if isinstance(operator, ast.In) else ~inside
    if isinstance(operator, ast.Eq | ast.NotEq):
        return column.eq(value) if isinstance(operator, ast.Eq) else column.ne(value)
    raise ValueError("a rule compares by ==, != or in")
