"""How many of those who commented name each theme."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.errors import NotEstimable
from helpers.methods.comments.coding import Coding
from helpers.methods.comments.correction import interval_of, linear_share

__all__ = ["ThemeShares", "codes_of", "readable", "theme_shares", "weight_of"]


@dataclass(frozen=True)
class ThemeShares:
    """Share of those who commented that name each theme, most named first.

    ``table``: theme, value, low, high, counted (respondents whose codes name it),
    base, corrected (whether the share allows for what the coder gets wrong).
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
    weight = weight_of(coding, weights)
    rows = [_row(coding, theme, weight, confidence) for theme in readable(coding)]
    if not rows:
        raise NotEstimable("no comment of this wave was read; add rules in their language")
    table = pd.DataFrame(rows).sort_values("value", ascending=False, kind="stable")
    return ThemeShares(table.reset_index(drop=True), coding.base, confidence)


def _row(
    coding: Coding, theme: str, weights: pd.Series | None, confidence: float
) -> dict[str, object]:
    hand, calls = codes_of(coding, theme)
    found = linear_share(hand, calls, coding.current, weights, coding.clusters)
    made = interval_of(found, coding.clusters, confidence)
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


def codes_of(coding: Coding, theme: str) -> tuple[pd.Series, pd.Series]:
    """A theme's codes by hand and its coder's calls, missing where there are none."""
    nothing = pd.Series(np.nan, index=coding.calls.index)
    return coding.hand.get(theme, nothing), coding.calls[theme]


def weight_of(coding: Coding, weights: pd.Series | None) -> pd.Series | None:
    """Weights of all who commented; 1 for those of other waves, who only serve as examples."""
    if weights is None:
        return None
    return weights.reindex(coding.codes.index).fillna(1.0).astype(float)
