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
    def answers(self) -> tuple[pd.DataFrame, pd.Series, SurveyDesign]:
        """Ratings, outcome and design, as methods take them."""
        return self.ratings, self.outcome, self.design


def pool_waves(
    ratings: pd.DataFrame,
    outcome: pd.Series,
    design: SurveyDesign,
    *,
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
    of_row = of_row.reindex(ratings.index)
    current = str(of_row.dropna().iloc[-1])
    now = of_row == current
    answered = ratings.notna() & outcome.notna().to_numpy()[:, None]
    asked = ratings.columns[answered[now].sum() >= FEWEST_ANSWERS]
    ratings = ratings.where(ratings.columns.isin(asked) | now.to_numpy()[:, None])
    silent = {}
    for wave in (str(wave) for wave in of_row.unique() if wave != current):
        there = of_row == wave
        short = answered.loc[there, asked].sum() < FEWEST_ANSWERS
        made_of = [] if parts is None else _unasked(parts[there], parts[now])
        missing = [*asked[short], *made_of]
        if answered.loc[there, asked].any(axis=1).sum() < FEWEST:
            silent[wave] = "too few answered"
        elif missing:
            named = [(labels or {}).get(str(name), str(name)) for name in missing]
            silent[wave] = f"{_listed(named)} {'was' if len(named) == 1 else 'were'} not asked"
    waves = tuple(str(wave) for wave in of_row.unique() if wave not in silent)
    kept = of_row.isin(waves).to_numpy()
    if len(waves) == 1 and last is not None:
        design = last
    return Pool(ratings[kept], outcome[kept], design, waves, silent)


def _unasked(parts: pd.DataFrame, now: pd.DataFrame) -> list[str]:
    """Questions that this wave did not ask, and the last one did; or the other way round."""
    here, there = parts.notna().sum() >= FEWEST_ANSWERS, now.notna().sum() >= FEWEST_ANSWERS
    return [str(name) for name in parts.columns[here != there]]


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
