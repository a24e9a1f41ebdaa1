"""How many of those who commented name each theme."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.errors import NotEstimable
from helpers.methods.comments.coding import Coding
from helpers.methods.comments.correction import (
    Codes,
    LinearShare,
    corrected_share,
    interval_within,
    linear_shares,
)
from helpers.methods.comments.leading import may_lead
from helpers.methods.survey import SurveyDesign
from helpers.methods.survey.calibration import Floats
from helpers.methods.survey.estimates import Estimate
from helpers.methods.survey.placing import Placed, sampled

__all__ = [
    "Reading",
    "ThemeShares",
    "design_of",
    "readable",
    "theme_shares",
    "themeless",
]  # fmt: skip


@dataclass(frozen=True)
class ThemeShares:
    """Share of those who commented that name each theme, most named first.

    ``table``: theme, value, low, high, counted (respondents whose codes name it),
    base, corrected (whether the share allows for what the coder gets wrong), may_lead
    (whether it may be the theme named most).
    """

    table: pd.DataFrame
    base: int
    confidence: float

    def __post_init__(self) -> None:
        if (self.table["counted"] > self.table["base"]).any():
            raise ValueError("more respondents name a theme than commented")

    @property
    def first(self) -> str:
        """The theme most named."""
        return str(self.table["theme"].iloc[0])


def theme_shares(
    coding: Coding, design: SurveyDesign | None = None, *, confidence: float = 0.95
) -> ThemeShares:
    """How many of those who commented in this wave name each theme.

    Parameters
    ----------
    coding
        As :func:`coded` returns it.
    design
        Of everybody who commented, all waves (:meth:`SurveyDesign.over`): weights, strata,
        accounts, calibration and a finite population count. Without one, accounts alone.

    Raises
    ------
    NotEstimable
        If no comment of the wave was read, or all come from one account.

    Examples
    --------
    >>> import numpy as np
    >>> from helpers.methods.comments import coded, gathered, theme_frame
    >>> said = pd.DataFrame({"response_id": list("abcd"), "question": "q",
    ...                      "text": ["Late!", "ok", "so late", "Later"]})
    >>> people = pd.DataFrame({"wave": "w"}, index=list("abcd"))
    >>> frame = theme_frame(pd.DataFrame({"theme": ["late"], "words": ["late"]}))
    >>> made = coded(gathered(said, people, "w"), frame, rng=np.random.default_rng(1))
    >>> theme_shares(made).table[["theme", "value", "counted", "base"]].to_dict("records")
    [{'theme': 'late', 'value': 0.5, 'counted': 2, 'base': 4}]
    """
    reading = Reading.of(coding, design)
    found = reading.shares(coding, coding.current)
    if not found:
        raise NotEstimable("no comment of this wave was read; add rules in their language")
    leads = may_lead(found, reading.whole, confidence=confidence)
    rows = [
        _row(coding, theme, own, reading.whole, confidence) | {"may_lead": leads[theme]}
        for theme, own in found.items()
    ]
    table = pd.DataFrame(rows).sort_values("value", ascending=False, kind="stable")
    return ThemeShares(table.reset_index(drop=True), coding.base, confidence)


def themeless(
    coding: Coding, design: SurveyDesign | None = None, *, confidence: float = 0.95
) -> Estimate | None:
    """Share of those who commented in this wave that name none of the themes.

    It is a theme of its own: corrected for what the coder misses, where comments were coded
    by hand for every theme.

    Returns
    -------
    Estimate or None
        ``None`` where no comment was read, or all come from one account.

    Examples
    --------
    >>> import numpy as np
    >>> from helpers.methods.comments import coded, gathered, theme_frame
    >>> said = pd.DataFrame({"response_id": list("abcd"), "question": "q",
    ...                      "text": ["Late!", "ok", "so late", "fine"]})
    >>> people = pd.DataFrame({"wave": "w"}, index=list("abcd"))
    >>> frame = theme_frame(pd.DataFrame({"theme": ["late"], "words": ["late"]}))
    >>> made = coded(gathered(said, people, "w"), frame, rng=np.random.default_rng(1))
    >>> themeless(made).value
    0.5
    """
    hand = coding.hand.reindex(columns=list(coding.frame.themes))
    said, whole = hand.max(axis=1), hand.notna().all(axis=1)
    by_hand = (1 - said).where(whole | (said == 1))
    calls = 1 - coding.calls.max(axis=1)
    try:
        return corrected_share(
            by_hand, calls, coding.current, design_of(coding, design), confidence=confidence
        )
    except NotEstimable:
        return None


@dataclass(frozen=True)
class Reading:
    """The codes of all themes that a comment of the wave was read for, and the design of all."""

    themes: tuple[str, ...]
    codes: Codes
    design: SurveyDesign
    whole: Placed
    index: pd.Index

    @classmethod
    def of(cls, coding: Coding, design: SurveyDesign | None = None) -> Reading:
        """Read the themes of a coding once, for every group of comments."""
        themes = readable(coding)
        hand = coding.hand.reindex(columns=themes)
        made = design_of(coding, design)
        whole = Placed.of(made, coding.codes.index)
        return cls(tuple(themes), Codes.of(hand, coding.calls[themes]), made, whole, hand.index)

    @property
    def weights(self) -> Floats:
        """The weight of each comment's respondent."""
        return self.design.weights_for(pd.Series(1.0, index=self.index)).to_numpy()

    @property
    def sample(self) -> Placed | None:
        """The design of each comment, where more than weights and accounts counts in it."""
        named = self.design.labelled_by(pd.Series(1.0, index=self.index))
        return sampled(named, self.index, np.ones(len(self.index), dtype=bool))

    @property
    def clusters(self) -> pd.Series:
        """The account of each comment, or the comment where there are none."""
        found = self.design.clusters_for(pd.Series(1.0, index=self.index))
        return self.index.to_series() if found is None else found

    def shares(self, coding: Coding, here: pd.Series) -> dict[str, LinearShare]:
        """The share of each theme among some comments, with every influence on it."""
        rows = here.to_numpy(dtype=bool)
        read = self.codes.known[rows].any(axis=0)
        names = [theme for theme, any_read in zip(self.themes, read, strict=True) if any_read]
        if not names:
            return {}
        found = linear_shares(self.codes.only(read), rows, coding.codes.index, self.design)
        return dict(zip(names, found, strict=True))


def _row(
    coding: Coding, theme: str, found: LinearShare, whole: Placed, confidence: float
) -> dict[str, object]:
    made = interval_within(found, whole, confidence)
    here = coding.codes.loc[coding.current, theme]
    return {
        "theme": theme, "value": made.value, "low": made.low, "high": made.high,
        "counted": int(here.sum()), "base": int(here.notna().sum()),
        "corrected": found.worth.corrects,
    }  # fmt: skip


def readable(coding: Coding) -> list[str]:
    """Themes that at least one comment of the wave was read for."""
    here = coding.codes[coding.current]
    return [theme for theme in coding.frame.themes if here[theme].notna().any()]


def design_of(coding: Coding, design: SurveyDesign | None) -> SurveyDesign:
    """The design of everybody who commented: that given, or else their accounts alone."""
    return SurveyDesign(clusters=coding.clusters) if design is None else design
