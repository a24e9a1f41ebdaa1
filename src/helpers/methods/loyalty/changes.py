"""What the changes of several scores between two waves are made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from helpers.errors import NotEstimable
from helpers.methods.loyalty.decomposition import Change, change
from helpers.methods.survey import SurveyDesign

__all__ = ["Changes", "changes"]


@dataclass(frozen=True)
class Changes:
    """The change of each score in parts; ``reasons`` has why a score has none."""

    found: Mapping[str, Change]
    reasons: Mapping[str, str] = field(default_factory=dict)

    def tables(self, name: str, measure: str) -> dict[str, pd.DataFrame]:
        """The parts of one score's change, under the name they are kept by."""
        return {name: self.found[measure].table} if measure in self.found else {}


def changes(
    points: Mapping[str, pd.Series],
    responses: pd.DataFrame,
    waves: tuple[str | None, str],
    design: SurveyDesign | None = None,
    *,
    ended: Iterable[object] = (),
    smallest: int = 0,
    confidence: float = 0.95,
) -> Changes:
    """Split the change of each score between two waves, as `change` does of one.

    Parameters
    ----------
    points
        By measure: one number a respondent whose mean is the score.
    responses
        All waves: ``wave``, and where they are known ``account_id`` and ``contact_id``.
    waves
        The wave before, and now.
    design
        That of all waves; its weights count where both waves have them.
    ended, smallest
        As for `change`.

    Examples
    --------
    >>> people = pd.DataFrame({"wave": ["w1"] * 3 + ["w2"] * 3, "account_id": list("abcabd")})
    >>> found = changes({"nps": pd.Series([8, 6, 2, 9, 6, 10.0])}, people, ("w1", "w2"))
    >>> round(found.found["nps"].value, 2)
    3.0
    """
    was, now = (responses["wave"] == wave for wave in waves)
    ids = {
        name: (responses.loc[was, name], responses.loc[now, name])
        for name in ("account_id", "contact_id")
        if name in responses
    }
    pair = None if design is None else design.pair(*waves)
    found, reasons = {}, {}
    for name, each in points.items():
        try:
            found[name] = change(
                each[was], each[now], pair, accounts=ids["account_id"],
                people=ids.get("contact_id"), ended=ended, smallest=smallest, confidence=confidence,
            )  # fmt: skip
        except NotEstimable as refusal:
            reasons[name] = str(refusal)
    return Changes(found, reasons)
