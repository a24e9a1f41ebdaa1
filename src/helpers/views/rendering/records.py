"""Rows of a result's table, read by column name."""

from __future__ import annotations

from typing import Any, cast

import pandas as pd

__all__ = ["records"]


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """One dictionary a row, in the table's order; its keys are the column names.

    >>> records(pd.DataFrame({"rate": ["rr1"], "value": [0.25]}))
    [{'rate': 'rr1', 'value': 0.25}]
    """
    return cast("list[dict[str, Any]]", table.to_dict("records"))
