"""A drafted value: what it is, whether that is sure, and why."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["MARK", "NOTHING", "Guess"]

MARK = "?"


@dataclass(frozen=True, slots=True)
class Guess:
    """A value with the reason for it; one that is not sure is written with a ``?``.

    Examples
    --------
    >>> str(Guess("driver", False, "rated like the questions beside it"))
    'driver?'
    >>> str(Guess("recommend", True, "the question asks it"))
    'recommend'
    """

    value: str
    sure: bool = True
    reason: str = ""

    def __str__(self) -> str:
        return self.value if self.sure else self.value + MARK

    @property
    def told(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.value) or not self.sure

    def doubted(self, why: str = "") -> Guess:
        """The same value, no longer sure."""
        return Guess(self.value, False, why or self.reason)


NOTHING = Guess("")
