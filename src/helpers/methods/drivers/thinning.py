"""Very many respondents: what looks at every answer many times looks at some of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.methods.survey import SurveyDesign

__all__ = ["MOST", "Thinned", "thinned"]

MOST = 50_000  # respondents: more make no curve, shape or segment any clearer


@dataclass(frozen=True)
class Thinned:
    """Answers of so many respondents at most, and a note where others were left out."""

    ratings: pd.DataFrame
    outcome: pd.Series
    design: SurveyDesign | None
    note: str = ""

    @property
    def answers(self) -> tuple[pd.DataFrame, pd.Series, SurveyDesign | None]:
        """Ratings, outcome and design, as the methods take them."""
        return self.ratings, self.outcome, self.design


def thinned(
    ratings: pd.DataFrame,
    outcome: pd.Series,
    design: SurveyDesign | None = None,
    *,
    rng: np.random.Generator,
    most: int = MOST,
) -> Thinned:
    """The answers of ``most`` respondents drawn at random, where more have an outcome.

    Those who are not drawn have no outcome; they stay in the design, as a domain's others do,
    and weights count for those drawn. All is returned as it came where there are no more.

    Parameters
    ----------
    ratings, outcome, design
        As in :func:`relative_importance`.
    most
        Respondents with an outcome that are kept.

    Examples
    --------
    >>> found = thinned(pd.DataFrame({"ease": range(50)}), pd.Series(range(50), dtype=float),
    ...                 rng=np.random.default_rng(1), most=20)
    >>> int(found.outcome.notna().sum()), found.note[:53]
    (20, 'Floors, delighters, curves and segments rest on 20 of')
    """
    known = np.flatnonzero(outcome.notna())
    if len(known) <= most:
        return Thinned(ratings, outcome, design)
    kept = np.zeros(len(outcome), dtype=bool)
    kept[rng.choice(known, most, replace=False)] = True
    note = (
        f"Floors, delighters, curves and segments rest on {most:,} of {len(known):,} respondents, "
        "drawn at random: of so many, more would make them no clearer."
    )
    return Thinned(ratings, outcome.where(kept), design, note)
