"""Cases of a test by name, each made when a test asks for it.

Every worker collects all tests and runs a part of them: what is made while tests are
collected is made by all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any


class Cases(Mapping[str, Any]):
    """What each of some functions gives, asked once."""

    def __init__(self, makes: Mapping[str, Callable[[], Any]]) -> None:
        self._makes = makes
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._made:
            self._made[name] = self._makes[name]()
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._makes)

    def __len__(self) -> int:
        return len(self._makes)
