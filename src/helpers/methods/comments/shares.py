"""How many of those who commented name each theme."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from helpers.errors import NotEstimable
from helpers.methods.comments.coding import Coding
from helpers.methods.comments.correction import (
    Codes,
    LinearShare,
    corrected_share,
    interval_within,
    linear_shares,
    whole_design,
)
from helpers.methods.comments.leading import leaders
from helpers.methods.survey.estimates import Estimate
from helpers.methods.survey.resolved import ResolvedDesign

__all__ = [
    "Reading", "ThemeShares", "readable", "theme_shares", "themeless", "weight_of",
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
    coding: Coding, *, weights: pd.Series | None = None, confidence: float = 0.95
) -> ThemeShares:
    """How many of those who commented in this wave name each theme.

    Parameters
    ----------
    coding
        As :func:`coded` returns it.
    weights
        Of the respondents, by response_id; 1 where none is given for one.

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
    reading = Reading.of(coding)
    found = reading.shares(coding, coding.current, weight_of(coding, weights))
    if not found:
        raise NotEstimable("no comment of this wave was read; add rules in their language")
    leads = leaders(found, reading.whole, confidence=confidence)
    rows = [
        _row(coding, theme, own, reading.whole, confidence) | {"may_lead": leads[theme]}
        for theme, own in found.items()
    ]
    table = pd.DataFrame(rows).sort_values("value", ascending=False, kind="stable")
    return ThemeShares(table.reset_index(drop=True), coding.base, confidence)


def themeless(
    coding: Coding, *, weights: pd.Series | None = None, confidence: float = 0.95
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
            by_hand, calls, coding.current, weights=weight_of(coding, weights),
            clusters=coding.clusters, confidence=confidence,
        )  # fmt: skip
    except NotEstimable:
        return None


@dataclass(frozen=True)
class Reading:
    """The codes of all themes that a comment of the wave was read for, and the design of all."""

    themes: tuple[str, ...]
    codes: Codes
    whole: ResolvedDesign

    @classmethod
    def of(cls, coding: Coding) -> Reading:
        """Read the themes of a coding once, for every group of comments."""
        themes = readable(coding)
        hand = coding.hand.reindex(columns=themes)
        whole = whole_design(coding.clusters.index, coding.clusters)
        return cls(tuple(themes), Codes.of(hand, coding.calls[themes]), whole)

    def shares(
        self, coding: Coding, here: pd.Series, weights: pd.Series | None
    ) -> dict[str, LinearShare]:
        """The share of each theme among some comments, with every influence on it."""
        rows = here.to_numpy(dtype=bool)
        read = self.codes.known[rows].any(axis=0)
        names = [theme for theme, any_read in zip(self.themes, read, strict=True) if any_read]
        if not names:
            return {}
        index, clusters = coding.codes.index, coding.clusters
        found = linear_shares(self.codes.only(read), rows, index, weights, clusters)
        return dict(zip(names, found, strict=True))


def _row(
    coding: Coding, theme: str, found: LinearShare, whole: ResolvedDesign, confidence: float
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


def weight_of(coding: Coding, weights: pd.Series | None) -> pd.Series | None:
    """Weights of all who commented; 1 for those of other waves, who only serve as examples."""
    if weights is None:
        return None
    return weights.reindex(coding.codes.index).fillna(1.0).astype(float)
