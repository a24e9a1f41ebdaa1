"""Themes learned from comments that somebody coded by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.dummy import DummyClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.pipeline import FeatureUnion, Pipeline

from helpers.methods.comments.writing import normalised, words

__all__ = ["ENOUGH", "enough", "held_out", "learned"]

ENOUGH = 15  # comments with a theme, and as many without, before a model is tried
FOLDS = 5
STRENGTH = 10.0  # inverse of the penalty: texts are short and their features many
LONGEST = 2_000  # characters of a text that a model reads


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
    texts: pd.Series, codes: pd.Series, clusters: pd.Series, rng: np.random.Generator
) -> pd.Series:
    """What a model says of each coded comment that it was not taught with.

    The coded comments are cut into five parts, each account whole in one; each part is
    told by a model taught with the other four (cross-validation by group).

    Parameters
    ----------
    texts, clusters
        Of every comment; its account.
    codes
        1 or 0 where somebody coded it by hand, else missing.

    Returns
    -------
    Series
        1 or 0 for the coded comments, in their order.

    Examples
    --------
    >>> texts = pd.Series(["late again", "too dear"] * 20)
    >>> codes = pd.Series([1.0, 0.0] * 20)
    >>> said = held_out(texts, codes, pd.Series(range(40)), np.random.default_rng(1))
    >>> bool((said == codes).all())
    True
    """
    known = codes.dropna()
    told = pd.Series(np.nan, index=known.index)
    seed = int(rng.integers(2**31))
    folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed)
    x, y = texts[known.index].to_numpy(), known.to_numpy()
    for taught, asked in folds.split(x, y, clusters[known.index].to_numpy()):
        told.iloc[asked] = _model(y[taught]).fit(x[taught], y[taught]).predict(x[asked])
    return told


def learned(texts: pd.Series, codes: pd.Series) -> pd.Series:
    """What a model taught with every coded comment says of all comments.

    Examples
    --------
    >>> texts = pd.Series(["late again", "too dear"] * 20 + ["so late"])
    >>> learned(texts, pd.Series([1.0, 0.0] * 20 + [None])).tolist()[-1]
    1.0
    """
    known = codes.dropna().astype(float)
    model = _model(known.to_numpy()).fit(texts[known.index].to_numpy(), known.to_numpy())
    return pd.Series(model.predict(texts.to_numpy()), index=texts.index)


def _model(codes: np.ndarray) -> Pipeline:
    """Words, pairs of words and parts of words, weighted by rarity, in a logistic regression."""
    if len(np.unique(codes)) < 2:  # a fold in which all or none name it
        return Pipeline([("words", _by_word()), ("fit", DummyClassifier())])
    features = FeatureUnion([("words", _by_word()), ("parts", _by_part())])
    fit = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=1_000)
    return Pipeline([("features", features), ("fit", fit)])


def _by_word() -> TfidfVectorizer:
    return TfidfVectorizer(
        preprocessor=_short, tokenizer=words, token_pattern=None, ngram_range=(1, 2),
        sublinear_tf=True,
    )  # fmt: skip


def _by_part() -> TfidfVectorizer:
    return TfidfVectorizer(
        preprocessor=_short, analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, min_df=2
    )


def _short(text: str) -> str:
    return normalised(text[:LONGEST])
