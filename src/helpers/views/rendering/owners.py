"""Who owns what a function of the client does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import pandas as pd

__all__ = ["HasTables", "owner_of", "owners"]


class HasTables(Protocol):
    """A study, as far as it is looked at here."""

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """The client's tables by name."""


def owners(study: HasTables) -> dict[str, str]:
    """Who owns each function's numbers, and so its actions."""
    functions = study.tables.get("function_metrics")
    if functions is None or "owner" not in functions:
        return {}
    known = functions.dropna(subset=["owner", "function"]).drop_duplicates("function")
    return {str(f): str(o) for f, o in zip(known["function"], known["owner"], strict=True)}


def owner_of(function: str, known: Mapping[str, str]) -> str:
    """A person and the function, or its head.

    >>> owner_of("Sales", {"Sales": "Ann"}), owner_of("Sales", {}), owner_of("", {})
    ('Ann, Sales', 'Head of Sales', 'to be named')
    """
    if not function:
        return "to be named"
    return f"{known[function]}, {function}" if function in known else f"Head of {function}"
