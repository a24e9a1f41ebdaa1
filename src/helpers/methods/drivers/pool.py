"""Which waves a driver analysis can pool, and why others have no say in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from helpers.methods.survey import SurveyDesign

__all__ = ["Pool", "pool_waves"]

FEWEST = 30  # respondents of a wave that has a say
FEWEST_ANSWERS = 10  # to each of its questions


@dataclass(frozen=True, slots=True)
class Pool:
    """The answers of all waves that asked the same questions as the last one.

    Give ``answers`` to a method: of a design over waves it takes the levels of waves out, and
    counts an account that answered in several waves as one.
    """

    ratings: pd.DataFrame
    outcome: pd.Series
    design: SurveyDesign
    waves: tuple[str, ...]  # in order of time, the last one last
    silent: Mapping[str, str] = field(default_factory=dict)  # other waves: why they have no say

    @property
    def last(self) -> pd.Index:
        """Who answered in the last wave."""
        of_row = self.design.waves
        if of_row is None or not self.waves:
            return self.ratings.index
        return self.ratings.index[of_row.reindex(self.ratings.index) == self.waves[-1]]

    def counted(self, counted: str) -> str:
        """What is counted, with the number of waves it is of.

        >>> both = ("2025", "2026")
        >>> Pool(pd.DataFrame(), pd.Series(), SurveyDesign(), both).counted("respondents")
        'respondents of 2 waves'
        """
        return f"{counted} of {len(self.waves)} waves" if len(self.waves) > 1 else counted

    @property
    def answers(self) -> tuple[pd.DataFrame, pd.Series, SurveyDesign]:
        """Ratings, outcome and design, as methods take them."""
        return self.ratings, self.outcome, self.design


def pool_waves(
    ratings: pd.DataFrame,
    outcome: pd.Series,
    design: SurveyDesign,
    *,
    current: str | None = None,
    last: SurveyDesign | None = None,
    parts: pd.DataFrame | None = None,
    labels: Mapping[str, str] | None = None,
) -> Pool:
    """Find the waves that asked what the last one asked.

    A wave has a say where at least 30 gave an outcome and rated something, and at least 10
    answered each question that the last wave asked: a model holds all drivers, and can take
    nothing from a wave that did not ask one of them. A driver that the last wave did not ask
    stays with the last wave's answers alone.

    Parameters
    ----------
    ratings, outcome
        Of all waves, one row a respondent in a wave.
    design
        Over waves, as :meth:`SurveyDesign.over` makes it.
    current
        The wave that is reported, the last one if not given; later ones have no say.
    last
        The last wave's own design, where that is not the part of ``design``; used where no
        other wave has a say.
    parts
        The questions that the outcome is made of, one column each.
    labels
        What to call drivers in reasons.

    Examples
    --------
    >>> def asked(wave):
    ...     return SurveyDesign(weights=pd.Series(1.0, [f"{wave}{k}" for k in range(40)]))
    >>> design = SurveyDesign.over({"2024": asked("a"), "2025": asked("b"), "2026": asked("c")})
    >>> ratings = pd.DataFrame({"ease": 5.0, "speed": 7.0}, index=design.index)
    >>> ratings.loc[ratings.index.str.startswith("a"), "speed"] = None
    >>> found = pool_waves(ratings, ratings["ease"], design)
    >>> found.waves, found.silent
    (('2025', '2026'), {'2024': 'speed was not asked'})
    """
    of_row = design.waves
    if of_row is None:
        return Pool(ratings, outcome, design, ())
    of_row, order = of_row.reindex(ratings.index), list(map(str, design.parts or {}))
    order = [wave for wave in order if (of_row == wave).any()]
    current = order[-1] if current is None else current
    now = of_row == current
    answered = ratings.notna() & outcome.notna().to_numpy()[:, None]
    asked = ratings.columns[answered[now].sum() >= FEWEST_ANSWERS]
    ratings = ratings.where(ratings.columns.isin(asked) | now.to_numpy()[:, None])
    silent = dict.fromkeys(order[order.index(current) + 1 :], "it is later")
    for wave in order[: order.index(current)]:
        there = of_row == wave
        few = ratings.loc[there, asked].notna().sum() < FEWEST_ANSWERS
        missing = [*asked[few], *(_unasked(parts[there], parts[now]) if parts is not None else [])]
        if outcome[there].notna().sum() == 0:
            silent[wave] = "its outcome was made of other questions"
        elif missing:
            named = [(labels or {}).get(str(name), str(name)) for name in missing]
            silent[wave] = f"{_listed(named)} {'was' if len(named) == 1 else 'were'} not asked"
        elif answered.loc[there, asked].any(axis=1).sum() < FEWEST:
            silent[wave] = "too few answered"
    waves = tuple(wave for wave in order if wave not in silent)
    kept = of_row.isin(waves).to_numpy()
    if len(waves) == 1 and last is not None:
        design = last
    return Pool(ratings[kept], outcome[kept], design, waves, silent)


def _unasked(parts: pd.DataFrame, now: pd.DataFrame) -> list[str]:
    """Questions that the wave did not ask, and the last one did."""
    here, there = parts.notna().sum() >= FEWEST_ANSWERS, now.notna().sum() >= FEWEST_ANSWERS
    return [str(name) for name in parts.columns[there & ~here]]


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
