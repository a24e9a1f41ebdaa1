"""Scores over waves, and which steps from one wave to the next are more than chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy.stats import t
from statsmodels.stats.multitest import multipletests

from helpers.errors import NotEstimable
from helpers.methods import survey
from helpers.methods.survey import SurveyDesign
from helpers.methods.survey.estimates import Estimate

__all__ = ["Trend", "p_value", "trend"]

COLUMNS = ("measure", "span", "before", "wave", "value", "low", "high", "p", "p_adjusted", "base",
           "weighted", "answered", "answered_low", "answered_high")  # fmt: skip


@dataclass(frozen=True)
class Trend:
    """Changes from each wave to the next, corrected for how many are looked at.

    ``table`` has a row for each change: ``measure``, ``span`` (``step`` from one wave to the
    next, ``whole`` from the first to the last), ``before``, ``wave``, ``value`` with
    ``low`` and ``high`` (simultaneous: wide enough for all changes together), ``p`` and
    ``p_adjusted`` (Holm), ``base`` (answers of both waves), ``weighted`` (whether both waves
    are) and the same change as ``answered``, with ``answered_low`` and ``answered_high``: equal
    to the first three where it is not weighted. ``comparisons`` is the number of changes.
    """

    table: pd.DataFrame
    comparisons: int
    base: int
    confidence: float

    def __post_init__(self) -> None:
        if len(self.table) != self.comparisons:
            raise ValueError("the number of changes is not the number compared")
        if (self.table["p_adjusted"] < self.table["p"] - 1e-12).any():
            raise ValueError("an adjusted p value is below the plain one")
        plain = self.table[~self.table["weighted"].astype(bool)]
        if not np.allclose(plain["value"], plain["answered"]):
            raise ValueError("a change that is not weighted differs from the one unweighted")

    @property
    def weighting(self) -> str:
        """Whether ``all``, ``some`` or ``none`` of the changes are weighted."""
        share = self.table["weighted"].mean()
        return "all" if share == 1 else "some" if share > 0 else "none"

    def last(self, measure: str, wave: str) -> pd.Series | None:
        """The step of a measure into a wave; ``None`` where there is none."""
        return self._only(measure, "step", wave)

    def whole(self, measure: str) -> pd.Series | None:
        """The change from the first wave to the last; ``None`` where there are only two."""
        return self._only(measure, "whole", None)

    def _only(self, measure: str, span: str, wave: str | None) -> pd.Series | None:
        rows = self.table[(self.table["measure"] == measure) & (self.table["span"] == span)]
        rows = rows if wave is None else rows[rows["wave"] == wave]
        return None if rows.empty else rows.iloc[0]


def trend(
    points: Mapping[str, pd.Series],
    waves: pd.Series,
    design: SurveyDesign | None = None,
    *,
    order: Sequence[str],
    compared: tuple[str | None, str] | None = None,
    smallest: int = 2,
    confidence: float = 0.95,
) -> Trend:
    """Compare each wave with the one before it, and the last with the first, as one family.

    A wave that did not ask a question, or has fewer answers than ``smallest``, is stepped
    over: the next is compared with the last that has enough. Intervals are Bonferroni's,
    so that all hold together; p values are Holm's. A change is weighted where both of its
    waves are, and stands beside the same change unweighted.

    Parameters
    ----------
    points
        By measure: one number a respondent whose mean is the score.
    waves
        The wave of each respondent.
    order
        The waves in order of time.
    design
        That of all waves, as `SurveyDesign.over` makes it: clusters (accounts, or people where
        they answer again) that are in both waves count as one. Everybody alike if not given.
    compared
        A pair of waves (before, now) to compare where that is not the wave just before.
    smallest
        Fewest answers of a wave that is compared.

    Raises
    ------
    NotEstimable
        If no measure has two waves to compare.

    References
    ----------
    Holm (1979), Scandinavian Journal of Statistics 6; Kish (1965), Survey Sampling, 12.4.

    Examples
    --------
    >>> waves = pd.Series(["w1"] * 4 + ["w2"] * 4)
    >>> found = trend({"score": pd.Series([5, 6, 7, 6, 8, 9, 8, 9.0])}, waves, order=["w1", "w2"])
    >>> found.table[["before", "wave", "value"]].values.tolist(), found.comparisons
    ([['w1', 'w2', 2.5]], 1)
    """
    pairs = [
        (measure, *pair)
        for measure, values in points.items()
        for pair in _adjacent(values, waves, order, compared, smallest)
    ]
    if not pairs:
        raise NotEstimable(
            f"no score has two waves with at least {smallest} answers, so no change can be told"
        )
    level = 1 - (1 - confidence) / len(pairs)
    found = [_step(points[m], waves, (b, w), design, level) for m, _, b, w in pairs]
    p = np.array([p_value(one) for one, _ in found])
    adjusted = multipletests(p, alpha=1 - confidence, method="holm")[1]
    rows = [
        (*pair, one.value, one.low, one.high, own, holm, one.base,
         plain is not one, plain.value, plain.low, plain.high)
        for pair, (one, plain), own, holm in zip(pairs, found, p, adjusted, strict=True)
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return Trend(table, len(table), int(table["base"].max()), confidence)


def _adjacent(
    values: pd.Series,
    waves: pd.Series,
    order: Sequence[str],
    compared: tuple[str | None, str] | None,
    smallest: int,
) -> list[tuple[str, str, str]]:
    asked = waves[values.reindex(waves.index).notna()].value_counts()
    enough = [wave for wave in order if asked.get(wave, 0) >= max(smallest, 2)]
    pairs = list(pairwise(enough))
    if compared is not None:
        declared = {compared[1]: compared[0]} if set(compared) <= set(enough) else {}
        pairs = [(declared.get(now) or before, now) for before, now in pairs]
    steps = [("step", before, now) for before, now in pairs]
    return [*steps, ("whole", enough[0], enough[-1])] if len(steps) > 1 else steps


def _step(
    values: pd.Series,
    waves: pd.Series,
    pair: tuple[str, str],
    design: SurveyDesign | None,
    confidence: float,
) -> tuple[Estimate, Estimate]:
    """The change weighted, and unweighted: the same one where a wave has no weights."""
    if design is None:
        before, now = (values[waves == wave] for wave in pair)
        plain = survey.difference(before, now, confidence=confidence)
        return plain, plain
    before, now = (values.where(waves == wave) for wave in pair)
    alike = design.without("weights")
    plain = survey.difference(before, now, alike, confidence=confidence)
    if not set(pair) <= set(design.weighted_waves):
        return plain, plain
    return survey.difference(before, now, design, confidence=confidence), plain


def p_value(found: Estimate) -> float:
    """Two-sided p value of a difference; 1 where it is nothing, whatever its error.

    Examples
    --------
    >>> round(p_value(survey.difference([5, 7, 6, 8], [6, 8, 7, 9])), 2)
    0.32
    """
    if found.standard_error == 0:
        return 1.0 if found.value == 0 else 0.0
    return float(2 * t.sf(abs(found.value) / found.standard_error, found.degrees_of_freedom))
