"""Every comment coded: by hand where somebody did, else by rules or by a model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.methods import survey
from helpers.methods.comments import models
from helpers.methods.comments.agreement import Agreement, agreement, pooled
from helpers.methods.comments.frame import Frame
from helpers.methods.comments.gathering import Gathered
from helpers.methods.comments.rules import ruled
from helpers.methods.nonresponse import holm
from helpers.methods.survey import SurveyDesign

__all__ = ["Coding", "coded"]


@dataclass(frozen=True)
class Coding:
    """The themes of every comment.

    ``codes`` has a row a respondent and a column a theme: 1, 0, or missing where the
    comment could not be read. Codes given by hand count as they are; the rest are
    ``calls`` of the coder that agrees best with them. Calls on hand-coded comments are
    held out: no coder was taught with the comment that it calls.
    """

    frame: Frame
    gathered: Gathered
    codes: pd.DataFrame
    calls: pd.DataFrame
    agreement: Agreement
    coders: pd.Series  # theme to "rules", "model" or "hand" (nobody but the people who coded)
    quality: pd.DataFrame  # measure, value, low, high, base: over all themes, held out
    unread: int  # respondents of this wave whose comments no coder reads
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        hand = self.hand
        kept = self.codes[list(hand)].where(hand.notna())
        if not kept.equals(hand):
            raise ValueError("codes given by hand were changed")

    @property
    def hand(self) -> pd.DataFrame:
        """Codes given by hand, a column for each theme that has any."""
        return self.gathered.hand

    @property
    def table(self) -> pd.DataFrame:
        """Codes of this wave: one row for each respondent and theme."""
        here = self.codes[self.current]
        rows = here.reset_index(names="response_id").melt("response_id", var_name="theme")
        return rows.rename(columns={"value": "code"})

    @property
    def current(self) -> pd.Series:
        """Which respondents are of the wave asked about."""
        return self.gathered.table["current"]

    @property
    def clusters(self) -> pd.Series:
        """The account of each respondent."""
        return self.gathered.table["cluster"]

    @property
    def base(self) -> int:
        """Respondents of the wave whose comments were read."""
        return int(self.codes[self.current].notna().any(axis=1).sum())


def coded(
    said: Gathered, frame: Frame, *, rng: np.random.Generator, confidence: float = 0.95
) -> Coding:
    """Code every comment, each theme by whichever of rules and model agrees better.

    Parameters
    ----------
    said
        Comments as :func:`gathered` returns them.
    frame
        The client's themes; those coded by hand that it lacks are added, without rules.
    rng
        Cuts the coded comments into parts for the model's test.

    Examples
    --------
    >>> from helpers.methods.comments.frame import theme_frame
    >>> from helpers.methods.comments.gathering import gathered
    >>> said = pd.DataFrame({"response_id": ["a", "b"], "question": "q", "text": ["Late!", "ok"]})
    >>> people = pd.DataFrame({"wave": ["w", "w"]}, index=["a", "b"])
    >>> frame = theme_frame(pd.DataFrame({"theme": ["late"], "words": ["late*"]}))
    >>> coded(gathered(said, people, "w"), frame, rng=np.random.default_rng(1)).codes["late"].tolist()
    [1.0, 0.0]
    """  # noqa: E501 - one call, as it is written
    whole = frame.with_themes([str(name) for name in said.hand])
    rules = ruled(said.table, whole)
    model = _modelled(said, rng)
    tested = agreement(
        said.hand, {"rules": rules, "model": model}, said.table["cluster"], confidence=confidence
    )
    coders = _coders(whole, tested, rules)
    calls = pd.DataFrame(
        {t: (model if coders[t] == "model" else rules)[t] for t in whole.themes},
        index=said.table.index,
    )
    codes = said.hand.reindex(columns=calls.columns).fillna(calls)
    notes = [*said.notes, *_untaught(said, model), *_unlike(said, calls, whole, confidence)]
    unread = int((codes.isna().all(axis=1) & said.table["current"]).sum())
    if unread:
        notes.append(f"Comments in a language without rules, not sorted: {unread:,}.")
    told = said.hand[list(tested.chosen["theme"])]
    quality = pooled(told, calls, said.table["cluster"], confidence=confidence)
    return Coding(whole, said, codes, calls, tested, coders, quality, unread, tuple(notes))


def _modelled(said: Gathered, rng: np.random.Generator) -> pd.DataFrame:
    """Calls of models: held out where coded by hand, missing in languages they never saw."""
    table, clusters = said.table, said.table["cluster"]
    coded_by_hand = said.hand.notna().any(axis=1)
    taught = table.loc[coded_by_hand, "language"].value_counts()
    known = table["language"].isin(taught[taught >= models.ENOUGH].index)
    codes = said.hand[known]
    codes = codes[[theme for theme in codes if models.enough(codes[theme], clusters)]]
    if codes.empty:
        return pd.DataFrame(index=table.index)
    texts = table.loc[known, "text"]
    calls = models.learned(texts, codes)
    tested = models.held_out(texts, codes, clusters, rng)
    return tested.fillna(calls).reindex(table.index)


def _coders(frame: Frame, tested: Agreement, rules: pd.DataFrame) -> pd.Series:
    """Who codes each theme: the best tested, else the rules, else only those who did by hand."""
    best = tested.chosen.set_index("theme")["coder"]
    plain = ["rules" if rules[t].notna().any() else "hand" for t in frame.themes]
    return best.reindex(list(frame.themes)).fillna(pd.Series(plain, index=list(frame.themes)))


def _untaught(said: Gathered, model: pd.DataFrame) -> tuple[str, ...]:
    few = [theme for theme in said.hand if theme not in model]
    if not few:
        return ()
    return (
        f"Themes with fewer than {models.ENOUGH} coded comments that name them, and as many that "
        f"do not, from which no model was taught: {len(few)} of {len(said.hand.columns)}.",
    )


def _unlike(said: Gathered, calls: pd.DataFrame, frame: Frame, confidence: float) -> list[str]:
    """Themes called more, or less, in the comments coded by hand than in the others."""
    p = pd.Series({theme: _unlikeness(said, theme, calls[theme]) for theme in map(str, said.hand)})
    odd = [frame.labels[theme] for theme in p.index[holm(p) <= 1 - confidence]]
    if not odd:
        return []
    return [
        "The comments coded by hand are not like the others, so corrected shares may be off; "
        f"code further ones by lot. It shows in: {', '.join(odd)}."
    ]


def _unlikeness(said: Gathered, theme: str, calls: pd.Series) -> float:
    """How likely so large a difference is by chance, accounts kept together."""
    by_hand = said.hand[theme].notna()
    sides = [calls[by_hand].dropna(), calls[~by_hand].dropna()]
    if min(map(len, sides)) < models.ENOUGH:
        return float("nan")
    accounts = [SurveyDesign(clusters=said.table["cluster"].reindex(s.index)) for s in sides]
    gap = survey.difference(sides[0], sides[1], (accounts[0], accounts[1]))
    if gap.standard_error == 0:
        return float("nan")
    return gap.p_value
