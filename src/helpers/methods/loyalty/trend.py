"""Scores over waves, and which steps from one wave to the next are more than chance.

One change is the primary one: that of the leading score into the current wave. It is tested
alone. All others are a second family, tested together by how they stray together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy.stats import t

from helpers.errors import NotEstimable
from helpers.methods import survey
from helpers.methods.survey import SurveyDesign
from helpers.methods.survey.calibration import Floats
from helpers.methods.survey.estimates import Estimate
from helpers.methods.survey.simultaneous import correlations, simultaneous

__all__ = ["Trend", "chance_beyond", "p_value", "trend"]

COLUMNS = ("measure", "span", "before", "wave", "primary", "value", "low", "high", "p",
           "p_adjusted", "chance", "matters", "chance_beyond", "base", "weighted", "answered",
           "answered_low", "answered_high")  # fmt: skip
Pair = tuple[str, str, str, str]  # measure, span, wave before, wave


@dataclass(frozen=True)
class Trend:
    """Changes from each wave to the next, corrected for how many are looked at.

    ``table`` has a row for each change: ``measure``, ``span`` (``step`` from one wave to the
    next, ``whole`` from the first to the last), ``before``, ``wave``, whether it is the
    ``primary`` one, ``value`` with ``low`` and ``high`` (of the primary change alone; of the
    others simultaneous, wide enough for all of them together), ``p`` and ``p_adjusted`` (stepped
    down within the family), ``chance`` that it truly went the way it seems to have gone, and
    ``chance_beyond`` that it did so by more than ``matters``, ``base`` (answers of both waves),
    ``weighted`` (whether both waves are) and the same change as ``answered``, with
    ``answered_low`` and ``answered_high``: equal to the first three where it is not weighted.
    ``comparisons`` is the number of changes that are not the primary one.
    """

    table: pd.DataFrame
    comparisons: int
    base: int
    confidence: float

    def __post_init__(self) -> None:
        if len(self.table) != self.comparisons + int(self.table["primary"].sum()):
            raise ValueError("the number of changes is not the number compared")
        if self.table["primary"].sum() > 1:
            raise ValueError("more than one change is the primary one")
        if (self.table["p_adjusted"] < self.table["p"] - 1e-12).any():
            raise ValueError("an adjusted p value is below the plain one")
        if (self.table["chance_beyond"] > self.table["chance"] + 1e-12).any():
            raise ValueError("a change is likelier to matter than to be")
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
    leading: str | None = None,
    matters: Mapping[str, float] | None = None,
    smallest: int = 2,
    confidence: float = 0.95,
) -> Trend:
    """Compare each wave with the one before it, and the last with the first.

    A wave that did not ask a question, or has fewer answers than ``smallest``, is stepped
    over: the next is compared with the last that has enough. The leading score's change into
    the current wave is tested alone; all others are one family, whose intervals hold together
    and whose p values are corrected by the maximum of |t| over their influences. A change is
    weighted where both of its waves are, and stands beside the same change unweighted.

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
    leading
        The measure whose change is the primary one; without it all changes are one family.
    matters
        By measure, the smallest change that matters; 0 if not given.
    smallest
        Fewest answers of a wave that is compared.

    Raises
    ------
    NotEstimable
        If no measure has two waves to compare.

    References
    ----------
    Westfall and Young (1993), Resampling-Based Multiple Testing; Hothorn, Bretz and Westfall
    (2008), Biometrical Journal 50(3); Kish (1965), Survey Sampling, 12.4.

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
    found = [_step(points[m], waves, (b, w), design, confidence) for m, _, b, w in pairs]
    now = compared[1] if compared is not None else order[-1]
    primary = np.array([(m, span, w) == (leading, "step", now) for m, span, _, w in pairs])
    alone = np.array([p_value(one) for one, _ in found])
    others = np.flatnonzero(~primary)
    strays = _together([pairs[place] for place in others], points, waves, design)
    family = simultaneous(alone[others], strays, confidence=confidence)
    adjusted = alone.copy()
    adjusted[others] = family.adjusted
    rows = [
        _row(pair, first, (own, corrected), _widened(both, confidence if first
             else family.confidence), (matters or {}).get(pair[0], 0.0))
        for pair, first, own, corrected, both in
        zip(pairs, primary, alone, adjusted, found, strict=True)
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return Trend(table, len(others), int(table["base"].max()), confidence)


def _row(
    pair: Pair, primary: bool, p: tuple[float, float], both: tuple[Estimate, Estimate],
    matters: float,
) -> tuple[object, ...]:  # fmt: skip
    one, plain = both
    chances = chance_beyond(one, 0.0), matters, chance_beyond(one, matters)
    return (*pair, bool(primary), one.value, one.low, one.high, *p, *chances, one.base,
            plain is not one, plain.value, plain.low, plain.high)  # fmt: skip


def _together(
    pairs: Sequence[Pair],
    points: Mapping[str, pd.Series],
    waves: pd.Series,
    design: SurveyDesign | None,
) -> Floats:
    """How changes go together: by their influences, accounts that are in both waves as one."""
    if len(pairs) < 2:
        return np.ones((len(pairs), len(pairs)))
    whole = (design or SurveyDesign()).labelled_by(waves.astype(object))
    everybody = pd.Series(0.0, index=whole.index)
    pulls = [_influence(points[m], waves, (b, w), whole) for m, _, b, w in pairs]
    rows = np.column_stack([one.reindex(everybody.index).fillna(0.0) for one in pulls])
    return correlations(rows, whole.clusters_for(everybody))


def _influence(
    values: pd.Series, waves: pd.Series, pair: tuple[str, str], design: SurveyDesign
) -> pd.Series:
    """What each respondent adds to a change, weighted as the change is."""
    weighted = set(pair) <= set(design.weighted_waves)
    used = design if weighted or design.parts is None else design.without("weights")
    rows, resolved = used.resolve(values.reindex(waves.index).where(waves.isin(pair)))
    of = waves.reindex(rows.index).to_numpy()
    found = np.zeros(len(rows))
    for sign, wave in zip((-1, 1), pair, strict=True):
        mass = np.where((of == wave) & rows.notna().to_numpy(), resolved.weights, 0.0)
        share = mass / mass.sum()
        answers = np.nan_to_num(rows.to_numpy())
        found += sign * share * (answers - share @ answers)
    return pd.Series(resolved.counted(found), index=rows.index)


def _widened(both: tuple[Estimate, Estimate], confidence: float) -> tuple[Estimate, Estimate]:
    """A change and the same unweighted, with intervals of another confidence."""
    one, plain = both
    wide = _at(one, confidence)
    return wide, wide if plain is one else _at(plain, confidence)


def _at(found: Estimate, confidence: float) -> Estimate:
    ends = [float(t.ppf((1 + level) / 2, found.degrees_of_freedom))
            for level in (confidence, found.confidence)]  # fmt: skip
    wider = found.widened(ends[0] / ends[1])
    return replace(found, low=wider.low, high=wider.high, confidence=confidence)


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
    return found.p_value


def chance_beyond(found: Estimate, amount: float) -> float:
    """Chance that a difference truly lies on the side it is seen on, by more than an amount.

    It is that of somebody who knew nothing else of it (a flat prior): the part of the t
    distribution round the difference that lies beyond. 1 or 0 where it is known exactly.

    Examples
    --------
    >>> rise = survey.difference([5, 7, 6, 8], [6, 8, 7, 9])
    >>> round(chance_beyond(rise, 0), 2), round(chance_beyond(rise, 1.0), 2)
    (0.84, 0.5)
    """
    size = abs(found.value)
    if found.standard_error == 0:
        return float(size > amount)
    side = np.sign(found.value) * np.sign(amount - size)
    error = found.standard_error * np.exp(side * found.lean)
    return float(t.sf((amount - size) / error, found.degrees_of_freedom))
