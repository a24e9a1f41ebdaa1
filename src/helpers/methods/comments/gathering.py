"""Comments brought to one row a respondent, with what somebody coded by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from helpers.errors import NotEstimable
from helpers.methods.comments.frame import tongue
from helpers.replies import is_empty_reply, says_something

__all__ = ["Gathered", "clusters_of", "gathered"]

MARK = "theme_"


@dataclass(frozen=True)
class Gathered:
    """What each respondent wrote, over all their comments.

    ``table`` is indexed by response_id: text, language, cluster (the account, or the
    respondent where none is known), current (whether of the wave asked about).
    ``hand`` has a column a theme: 1 named, 0 not named, missing where nobody coded.
    """

    table: pd.DataFrame
    hand: pd.DataFrame
    answered: int  # respondents of the wave, with or without a comment
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.table.index.equals(self.hand.index):
            raise ValueError("comments and hand codes are not of the same respondents")
        if self.base > self.answered:
            raise ValueError(f"{self.base} wrote a comment, but only {self.answered} answered")

    @property
    def base(self) -> int:
        """Respondents of the wave who wrote something."""
        return int(self.table["current"].sum())

    @property
    def coded(self) -> int:
        """Respondents, of any wave, whose comments somebody coded by hand."""
        return int(self.hand.notna().any(axis=1).sum())


def gathered(
    comments: pd.DataFrame, responses: pd.DataFrame, wave: str, *, questions: Sequence[str] = ()
) -> Gathered:
    """Bring comments to one row a respondent.

    A respondent names a theme if any of their comments does. Comments without a letter
    or an emoji say nothing, nor do those that only say so (`replies.EMPTY_REPLIES`,
    such as "n/a"): both are left out, counted.

    Parameters
    ----------
    comments
        ``response_id``, ``question``, ``text``; ``language`` and ``theme_*`` (yes or no)
        where there are any.
    responses
        Of every wave, indexed by response_id: ``wave``, and ``account_id`` where known.
    wave
        The wave asked about; comments of the others serve as coded examples.
    questions
        The only questions to read; all where none is named.

    Raises
    ------
    NotEstimable
        If nobody wrote anything in the wave.
    ValueError
        If a question is named that no comment answers.

    Examples
    --------
    >>> said = pd.DataFrame({"response_id": ["r1", "r1", "r2"], "question": ["a", "b", "a"],
    ...                      "text": ["Late.", "Dear.", "-"], "theme_price": [None, True, None]})
    >>> people = pd.DataFrame({"wave": ["w1", "w1"]}, index=["r1", "r2"])
    >>> found = gathered(said, people, "w1")
    >>> found.table["text"].tolist(), found.hand["price"].tolist(), found.base
    (['Late.\\nDear.'], [1.0], 1)
    """
    chosen = _asked(comments, questions)
    known = chosen["response_id"].isin(responses.index)
    spoken = chosen["text"].map(says_something)
    kept = chosen[known & spoken]
    if not (responses["wave"].reindex(kept["response_id"]) == wave).any():
        raise NotEstimable(f"nobody wrote a comment in wave {wave}: there is nothing to sort")
    by_person = kept.groupby("response_id", sort=False)
    table = pd.DataFrame({"text": by_person["text"].agg("\n".join)})
    tongues = kept["language"] if "language" in kept else pd.Series(None, index=kept.index)
    first = tongues.map(tongue).groupby(kept["response_id"], sort=False).first()
    table["language"] = first.reindex(table.index)
    table["cluster"] = clusters_of(responses).reindex(table.index)
    table["current"] = (responses["wave"].reindex(table.index) == wave).to_numpy()
    table.index.name = "response_id"
    answered = int((responses["wave"] == wave).sum())
    return Gathered(table, _by_hand(kept, table.index), answered, _notes(chosen, known, spoken))


def _asked(comments: pd.DataFrame, questions: Sequence[str]) -> pd.DataFrame:
    absent = [q for q in questions if q not in set(comments["question"])]
    if absent:
        there = ", ".join(map(str, comments["question"].dropna().unique()))
        raise ValueError(f"no comment answers the question {absent[0]!r}; there are: {there}")
    return comments[comments["question"].isin(questions)] if questions else comments


def clusters_of(responses: pd.DataFrame) -> pd.Series:
    """The account of each respondent, or the respondent where none is known.

    Examples
    --------
    >>> clusters_of(pd.DataFrame({"account_id": ["a", None]}, index=["r1", "r2"])).tolist()
    ['a', 'r2']
    """
    own = pd.Series(responses.index.astype(str), index=responses.index, dtype=object)
    if "account_id" not in responses:
        return own
    return responses["account_id"].astype(object).fillna(own)


def _by_hand(kept: pd.DataFrame, people: pd.Index) -> pd.DataFrame:
    """Codes of a person: named if any comment names it; open while a part was not coded."""
    names = [name for name in kept if str(name).startswith(MARK)]
    found = {}
    for name in names:
        codes = pd.to_numeric(kept[name], errors="coerce").astype(float)
        by_person = codes.groupby(kept["response_id"], sort=False)
        most, whole = by_person.max(), by_person.count() == by_person.size()
        found[str(name).removeprefix(MARK)] = most.where(whole | (most == 1)).reindex(people)
    coded = {name: codes for name, codes in found.items() if codes.notna().any()}
    return pd.DataFrame(coded, index=people, dtype=float)


def _notes(chosen: pd.DataFrame, known: pd.Series, spoken: pd.Series) -> tuple[str, ...]:
    replies = chosen["text"].map(is_empty_reply).astype(bool)
    orphans, nothing = int((~known).sum()), int((known & replies).sum())
    empty = int((known & ~spoken & ~replies).sum())
    return tuple(
        text
        for count, text in (
            (orphans, f"Comments of responses that were not sent, left out: {orphans:,}."),
            (empty, f"Comments without a letter or an emoji, left out: {empty:,}."),
            (
                nothing,
                "Comments that only say there is nothing to say (such as “n/a”, “none”, “k.A.”, "
                f"“keine”; the list is in the method), left out: {nothing:,}.",
            ),
        )
        if count
    )
