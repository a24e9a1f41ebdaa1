"""Themes learned from comments that somebody coded by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from helpers.methods.comments.writing import words
from helpers.replies import normalised

__all__ = ["ENOUGH", "enough", "held_out", "learned"]

ENOUGH = 15  # comments with a theme, and as many without, before a model is tried
FOLDS = 5
STRENGTH = 10.0  # inverse of the penalty: texts are short and their features many
LONGEST = 2_000  # characters of a text that a model reads
BLOCK = 5_000  # texts called at a time
PARTS = (3, 4, 5)  # letters of the parts of words that count


def enough(codes: pd.Series, clusters: pd.Series) -> bool:
    """Whether a theme has enough coded comments, of enough accounts, to learn from.

    >>> codes = pd.Series([1.0, 0.0] * 15)
    >>> enough(codes, pd.Series(range(30))), enough(codes, pd.Series([1] * 30))
    (True, False)
    """
    known = codes.dropna()
    sizes = known.value_counts()
    if len(sizes) < 2 or sizes.min() < ENOUGH:
        return False
    accounts = clusters[known.index].groupby(known).nunique()
    return bool(accounts.min() >= FOLDS)


def held_out(
    texts: pd.Series, codes: pd.DataFrame, clusters: pd.Series, rng: np.random.Generator
) -> pd.DataFrame:
    """What models say of each coded comment that they were not taught with.

    The coded comments are cut into five parts, each account whole in one; each part is
    told by models taught with the other four (cross-validation by group).

    Parameters
    ----------
    texts, clusters
        Of every comment; its account.
    codes
        A column a theme: 1 or 0 where somebody coded it by hand, else missing.

    Returns
    -------
    DataFrame
        1 or 0 for the coded comments, missing for the others.

    Examples
    --------
    >>> texts = pd.Series(["late again", "too dear"] * 20)
    >>> codes = pd.DataFrame({"late": [1.0, 0.0] * 20})
    >>> said = held_out(texts, codes, pd.Series(range(40)), np.random.default_rng(1))
    >>> bool((said == codes).all().all())
    True
    """
    known = codes[codes.notna().any(axis=1)]
    told = pd.DataFrame(np.nan, index=codes.index, columns=codes.columns)
    folds = GroupKFold(FOLDS, shuffle=True, random_state=int(rng.integers(2**31)))
    groups = clusters[known.index].to_numpy()
    for taught, asked in folds.split(np.zeros(len(known)), groups=groups):
        models = _Models.taught(texts[known.index[taught]], known.iloc[taught])
        told.loc[known.index[asked]] = models.calls(texts[known.index[asked]])
    return told.where(codes.notna())


def learned(texts: pd.Series, codes: pd.DataFrame) -> pd.DataFrame:
    """What models taught with every coded comment say of all comments.

    Examples
    --------
    >>> texts = pd.Series(["late again", "too dear"] * 20 + ["so late"])
    >>> codes = pd.DataFrame({"late": [1.0, 0.0] * 20 + [None]})
    >>> learned(texts, codes)["late"].tolist()[-1]
    1.0
    """
    known = codes[codes.notna().any(axis=1)]
    calls = _Models.taught(texts[known.index], known).calls(texts)
    return pd.DataFrame(calls, index=codes.index, columns=codes.columns)


Features = tuple[list[str], list[str]]  # words and pairs of them; parts of words


def _features(text: str) -> Features:
    """Words, pairs of words, and parts of words with their ends marked."""
    spoken = words(text[:LONGEST])
    pairs = [f"{a} {b}" for a, b in pairwise(spoken)]
    ended = [f" {word} " for word in normalised(text[:LONGEST]).split()]
    parts = [word[i : i + n] for word in ended for n in PARTS for i in range(len(word) - n + 1)]
    return [*spoken, *pairs], parts


@dataclass(frozen=True)
class _Models:
    """One logistic regression a theme, on features weighted by how rare they are."""

    weighings: tuple[TfidfVectorizer | None, ...]  # of words, of parts; none where there are none
    fits: tuple[LogisticRegression | float, ...]  # a number where all or none name the theme

    @classmethod
    def taught(cls, texts: pd.Series, codes: pd.DataFrame) -> _Models:
        read = [_features(text) for text in texts]
        weighings = tuple(_weighing([one[kind] for one in read], 1 + kind) for kind in (0, 1))
        train = _weighted(read, weighings)
        return cls(weighings, tuple(_fit(train, codes[theme]) for theme in codes))

    def calls(self, texts: pd.Series) -> np.ndarray:
        """What each model says of each text, a block of texts at a time to spare memory."""
        found = np.zeros((len(texts), len(self.fits)))
        for start in range(0, len(texts), BLOCK):
            block = [_features(text) for text in texts.iloc[start : start + BLOCK]]
            weighted = _weighted(block, self.weighings)
            for place, fit in enumerate(self.fits):
                said = fit if isinstance(fit, float) else fit.predict(weighted)
                found[start : start + BLOCK, place] = said
        return found


def _fit(train: csr_matrix, codes: pd.Series) -> LogisticRegression | float:
    given = codes.notna().to_numpy()
    y = codes.to_numpy(dtype=float)[given]
    if len(np.unique(y)) < 2:
        return float(y[0]) if len(y) else 0.0
    model = LogisticRegression(
        C=STRENGTH, class_weight="balanced", solver="liblinear", random_state=0
    )
    return model.fit(train[given], y)


def _weighing(read: Sequence[Sequence[str]], fewest: int) -> TfidfVectorizer | None:
    try:
        return TfidfVectorizer(analyzer=list, sublinear_tf=True, min_df=fewest).fit(read)
    except ValueError:  # no feature occurs often enough
        return None


def _weighted(read: Sequence[Features], weighings: Sequence[TfidfVectorizer | None]) -> csr_matrix:
    blocks = [
        weighing.transform([one[kind] for one in read])
        for kind, weighing in enumerate(weighings)
        if weighing is not None
    ]
    return hstack(blocks).tocsr() if blocks else csr_matrix((len(read), 1))
