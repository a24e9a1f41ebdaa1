"""What every store of tables can do: say which columns there are, and answer a query."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import pyarrow as pa

__all__ = ["Store", "StoreFault"]


class StoreFault(Exception):
    """Why a table cannot be read where it lies, and what to do; without a secret."""

    def __init__(self, problem: str, advice: str) -> None:
        self.problem, self.advice = problem, advice
        super().__init__(f"{problem}. {advice}")


class Store(Protocol):
    """A table where it lies. Its queries are made by ``expressions``, in its own dialect."""

    name: str  # what to call it in messages and on pages
    dialect: str  # postgres, duckdb, pyspark
    place: tuple[str | None, str]  # schema and table, as a query names them

    @property
    def columns(self) -> Mapping[str, str]:
        """Each column and its type, as ibis calls it; ``unknown`` for what is no value."""
        ...

    def answer(self, sql: str) -> pa.Table:
        """What a query gives.

        Raises
        ------
        StoreFault
            Where it cannot be asked, or does not answer to the end.
        """
        ...

    def close(self) -> None:
        """Let it go."""
        ...
