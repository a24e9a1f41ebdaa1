"""Words that set one group of customers apart from the others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.sparse import csr_matrix
from scipy.stats import norm

from helpers.methods.claims import OF_COMMENTS, least, level
from helpers.methods.comments.redaction import MARKS
from helpers.methods.comments.writing import words
from helpers.methods.nonresponse import holm

__all__ = ["WordsApart", "log_odds", "words_apart"]

SHORTEST = 3  # letters of a word, in scripts with spaces

KEPT = ["group", "word", "people", "base", "odds", "odds_low", "odds_high", "z", "p", "p_holm",
        "apart"]  # fmt: skip


@dataclass(frozen=True)
class WordsApart:
    """Words that a group uses more than the others do.

    ``table``: group, word, people (of the group who use it), base (of the group), odds
    (how many times as common, drawn towards 1), odds_low, odds_high, z, p, p_holm, apart;
    the surest first.
    """

    table: pd.DataFrame
    base: int  # people whose words were counted
    tried: int  # pairs of word and group compared
    groups: tuple[str, ...] = ()  # in order

    def __post_init__(self) -> None:
        if (self.table["people"] > self.table["base"]).any():
            raise ValueError("more people use a word than are in the group")

    @property
    def apart(self) -> pd.DataFrame:
        """Words that surely set a group apart."""
        return self.table[self.table["apart"]].reset_index(drop=True)

    @property
    def p(self) -> float | None:
        """The smallest of Holm's p over all pairs, of a word that a group uses more."""
        return least(self.table["p_holm"], self.table["odds"] > 1)


def log_odds(here: ArrayLike, rest: ArrayLike, prior: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """How much more common each word is here than in the rest, as log odds, with its error.

    Parameters
    ----------
    here, rest
        Mentions of each word on either side.
    prior
        Mentions that each side is given beforehand, in proportion to the whole.

    Returns
    -------
    tuple of arrays
        The difference of log odds of each word, and its standard error.

    References
    ----------
    Monroe, Colaresi and Quinn (2008), Political Analysis 16, equations 16, 18 and 22.

    Examples
    --------
    >>> difference, error = log_odds([9, 11], [4, 16], [1, 3])
    >>> difference.round(3).tolist(), error.round(3).tolist()
    ([0.999, -0.999], [0.548, 0.352])
    """
    y, x, a = (np.asarray(v, dtype=float) for v in (here, rest, prior))
    if (a <= 0).any():
        raise ValueError("a word without a prior has no log odds; count it on one side at least")
    sides = [np.log((v + a) / ((v + a).sum() - (v + a))) for v in (y, x)]
    return sides[0] - sides[1], np.sqrt(1 / (y + a) + 1 / (x + a))


def words_apart(
    texts: pd.Series,
    groups: pd.Series,
    *,
    clusters: pd.Series | None = None,
    minimum: int = 10,
    prior: float = 10.0,
    confidence: float = 0.95,
) -> WordsApart:
    """Find the words that a group uses more than the others: weighted log odds.

    Each person counts once for a word, however often they write it, and colleagues of one
    account who use it count for less than so many strangers: the variance of a word grows by
    the people per account that its average user has beside them. Words are compared that at
    least ``minimum`` people of the group use; Holm's correction is over all.

    Parameters
    ----------
    texts
        Redacted comments, one a respondent; marks such as [name] and numbers do not count.
    groups
        A label for each respondent, by the same index.
    clusters
        The account of each respondent, by the same index; everybody alone if not given.
    minimum
        The smallest number of people a word may stand for.
    prior
        How many further people, who write like everybody, each side is given: the more,
        the less a rare word can stand out.

    Examples
    --------
    >>> texts = pd.Series(["late again"] * 30 + ["fine again"] * 30)
    >>> found = words_apart(texts, pd.Series(["low"] * 30 + ["high"] * 30))
    >>> found.apart[["group", "word", "people"]].to_dict("records")
    [{'group': 'high', 'word': 'fine', 'people': 30}, {'group': 'low', 'word': 'late', 'people': 30}]
    """  # noqa: E501 - one list, as it is printed
    known = groups.reindex(texts.index).dropna()
    labels = known.astype(str)
    used, vocabulary = _used(texts[labels.index])
    crowd = _crowding(used, None if clusters is None else clusters.reindex(labels.index))
    whole = np.asarray(used.sum(axis=0)).ravel()
    strength = prior * whole / len(labels)
    names = _ordered(known)
    names = names if len(names) > 1 else []
    found = [
        _of_group(
            name, (labels == name).to_numpy(), used, whole, strength, crowd, vocabulary, minimum
        )
        for name in names
    ]
    table = _judged(pd.concat([_nothing(), *found], ignore_index=True), confidence)
    return WordsApart(table, len(labels), len(table), tuple(names))


def _judged(table: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """Odds with their intervals, and which are beyond chance; the clearest word first."""
    reach = norm.ppf((1 + confidence) / 2) * table["error"]
    adjusted = holm(table["p"])
    table = table.assign(
        odds=np.exp(table["log_odds"]),
        odds_low=np.exp(table["log_odds"] - reach),
        odds_high=np.exp(table["log_odds"] + reach),
        p_holm=adjusted,
        apart=(adjusted <= level(confidence, OF_COMMENTS)) & (table["log_odds"] > 0),
    )
    clearest = table.sort_values(["z", "word"], ascending=[False, True], kind="stable")
    return clearest[KEPT].reset_index(drop=True)


def _ordered(groups: pd.Series) -> list[str]:
    if isinstance(groups.dtype, pd.CategoricalDtype):
        return [str(c) for c in groups.cat.categories if (groups == c).any()]
    return sorted(groups.astype(str).unique())


def _nothing() -> pd.DataFrame:
    """No word at all: a table with the columns of those compared."""
    texts = {name: pd.Series(dtype=object) for name in ("group", "word")}
    counts = {name: pd.Series(dtype=int) for name in ("people", "base")}
    numbers = {name: pd.Series(dtype=float) for name in ("log_odds", "error", "z", "p")}
    return pd.DataFrame(texts | counts | numbers)


def _used(texts: pd.Series) -> tuple[csr_matrix, np.ndarray]:
    """Which person uses which word: people by words, 1 where they do."""
    sets = [sorted(_counted(text)) for text in texts]
    vocabulary = np.array(sorted({word for own in sets for word in own}), dtype=object)
    place = {word: i for i, word in enumerate(vocabulary)}
    columns = [place[word] for own in sets for word in own]
    rows = np.repeat(np.arange(len(sets)), [len(own) for own in sets])
    ones = np.ones(len(columns))
    return csr_matrix((ones, (rows, columns)), shape=(len(sets), len(vocabulary))), vocabulary


def _crowding(used: csr_matrix, clusters: pd.Series | None) -> np.ndarray:
    """How many people of an account use a word where one does, over its users; 1 if alone.

    The variance of a count of accounts' people, over that of as many people each alone.
    """
    if clusters is None:
        return np.ones(used.shape[1])
    codes = pd.factorize(clusters)[0]
    ones = np.ones(len(codes))
    accounts = csr_matrix(
        (ones, (codes, np.arange(len(codes)))), shape=(codes.max() + 1, len(codes))
    )
    by_account = accounts @ used
    people = np.asarray(used.sum(axis=0)).ravel()
    squares = np.asarray(by_account.multiply(by_account).sum(axis=0)).ravel()
    return np.asarray(squares / np.maximum(people, 1))


def _counted(text: str) -> set[str]:
    for mark in MARKS:
        text = text.replace(mark, " ")
    return {w for w in words(text) if len(w) >= SHORTEST or not w.isascii()}


def _of_group(
    name: str, here: np.ndarray, used: csr_matrix, whole: np.ndarray, strength: np.ndarray,
    crowd: np.ndarray, vocabulary: np.ndarray, minimum: int,
) -> pd.DataFrame:  # fmt: skip
    people = np.asarray(used[here].sum(axis=0)).ravel()
    difference, error = log_odds(people, whole - people, strength)
    error = error * crowd**0.5
    z = difference / error
    table = pd.DataFrame(
        {"group": name, "word": vocabulary, "people": people.astype(int), "base": int(here.sum()),
         "log_odds": difference, "error": error, "z": z, "p": 2 * norm.sf(np.abs(z))}
    )  # fmt: skip
    return table[table["people"] >= minimum]
