"""Those who answered early against those who answered late, who are nearest to silence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers.errors import NotEstimable
from helpers.methods.claims import OF_NONRESPONSE, least, level
from helpers.methods.nonresponse.contrasts import contrast, large_enough
from helpers.methods.survey import SurveyDesign
from helpers.methods.survey.columns import aligned, column

__all__ = ["EarlyLate", "days_to_answer", "early_against_late"]

LATE_SHARE = 1 / 3


@dataclass(frozen=True)
class EarlyLate:
    """What late respondents said beside early ones, and how long answers took.

    ``table`` is that of `contrast` with the late as the group: ``difference`` is late
    less early, in each outcome's own unit. ``pace`` has a row for each full day: answers
    so far and their share. ``after_days`` parts late from early; ``undated`` answers
    have no days and are left out.
    """

    table: pd.DataFrame
    pace: pd.DataFrame  # day, answers, share
    after_days: float
    median_days: float
    early: int
    late: int
    undated: int
    confidence: float = 0.95

    @property
    def base(self) -> int:
        """Answers with days."""
        return self.early + self.late

    @property
    def p(self) -> float | None:
        """Holm's p of the first outcome, which allows for the others of the table."""
        return least(self.table["p_holm"].iloc[:1])

    @property
    def verdict(self) -> str:
        """How the late differ on the first outcome: ``higher``, ``lower``, or ``not clear``.

        By Holm's p, which allows for the other outcomes of the table, and by what the chapter
        leaves to each of its questions (:func:`helpers.methods.claims.level`).
        """
        first = self.table.iloc[0]
        if not first["p_holm"] <= level(self.confidence, OF_NONRESPONSE):
            return "not clear"
        return "higher" if first["difference"] > 0 else "lower"


def days_to_answer(invited: ArrayLike, completed: ArrayLike) -> pd.Series:
    """Days from invitation to answer; missing where either is, or the answer comes first.

    An invitation without a time counts from the start of its day.

    Examples
    --------
    >>> days_to_answer(["2026-05-04", "2026-05-04"], ["2026-05-06T12:00", None]).tolist()
    [2.5, nan]
    """
    ended = pd.to_datetime(pd.Series(completed), errors="coerce")
    began = pd.to_datetime(aligned(invited, ended, "invited"), errors="coerce")
    days = (ended - began).dt.total_seconds() / 86_400
    return days.where(days >= 0).rename("days")


def early_against_late(
    outcomes: pd.DataFrame,
    days: ArrayLike,
    design: SurveyDesign | None = None,
    *,
    after_days: float | None = None,
    smallest: int = 0,
    adjust: pd.DataFrame | None = None,
    confidence: float = 0.95,
) -> EarlyLate:
    """Compare late respondents with early ones on chosen outcomes.

    If late respondents are lower, those who never answered may be lower still: the
    difference suggests a size for `sensitivity`, and proves nothing.

    Parameters
    ----------
    outcomes
        A column for each outcome, a row for each respondent.
    days
        Days to answer, as `days_to_answer` gives them.
    after_days
        Answers after more days than this are late; if not given, the slowest third.
    smallest
        Fewest answers on either side, and without days where there are any, for a mean.
    design, adjust, confidence
        As for `contrast`.

    Raises
    ------
    NotEstimable
        If all came after as many days, or nobody's days are known.

    References
    ----------
    Armstrong and Overton (1977), Journal of Marketing Research 14(3).

    Examples
    --------
    >>> scores = pd.DataFrame({"recommend": [9, 8, 9, 10, 9, 8, 5, 6, 5, 4, 6, 7]})
    >>> found = early_against_late(scores, range(12), after_days=5)
    >>> found.table["difference"].round(2).tolist(), found.late
    ([-3.33], 6)
    """
    rows = pd.Series(np.zeros(len(outcomes)), index=outcomes.index)
    took = column(aligned(days, rows, "days"), "days")
    known = took.notna()
    cut, late = _late(took[known], after_days)
    groups = late.reindex(rows.index, fill_value=False)
    table = contrast(outcomes.where(known), groups, design, adjust=adjust, confidence=confidence)
    undated = outcomes[~known].notna().sum().reindex(table["outcome"]).to_numpy()
    return EarlyLate(
        table=large_enough(table, smallest, undated),
        pace=_pace(took[known]),
        after_days=cut,
        median_days=float(took.median()),
        early=int((~late).sum()),
        late=int(late.sum()),
        undated=int((~known).sum()),
        confidence=confidence,
    )


def _late(took: pd.Series, after_days: float | None) -> tuple[float, pd.Series]:
    """The day that parts late from early, and who is late."""
    if took.empty:
        raise NotEstimable("no answer has both the day of its invitation and its own day")
    cut = float(took.quantile(1 - LATE_SHARE)) if after_days is None else float(after_days)
    late = took > cut
    if late.all() or not late.any():
        raise NotEstimable(
            f"{int(late.sum())} of {len(late)} answers came after {cut:g} days: there are no "
            "early and late ones to compare"
        )
    return cut, late


def _pace(took: pd.Series) -> pd.DataFrame:
    """Answers that had come by the end of each day after the invitation."""
    by_day = np.bincount(np.floor(took).astype(int)).cumsum()
    return pd.DataFrame(
        {"day": np.arange(1, len(by_day) + 1), "answers": by_day, "share": by_day / len(took)}
    )
