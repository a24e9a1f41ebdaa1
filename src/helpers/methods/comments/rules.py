"""Themes found by the words of the frame."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from helpers.methods.comments.frame import Frame, pattern
from helpers.replies import normalised

__all__ = ["ruled"]


def ruled(table: pd.DataFrame, frame: Frame) -> pd.DataFrame:
    """Whether each text uses a word that stands for a theme.

    Parameters
    ----------
    table
        ``text`` and ``language`` of each comment.
    frame
        Themes and their words; a text is read with the rules of its language.

    Returns
    -------
    DataFrame
        A column a theme: 1, 0, or missing where the frame does not speak the language or
        has no rule for the theme.

    Examples
    --------
    >>> from helpers.methods.comments.frame import theme_frame
    >>> frame = theme_frame(pd.DataFrame({"theme": ["late"], "words": ["late*; lead time"]}))
    >>> texts = pd.DataFrame({"text": ["Lead\\ntime too long", "fine"], "language": ["en", "en"]})
    >>> ruled(texts, frame)["late"].tolist()
    [1.0, 0.0]
    """
    plain = table["text"].map(normalised)
    found = pd.DataFrame(np.nan, index=table.index, columns=list(frame.themes))
    for language, rows in table.groupby("language").groups.items():
        if not frame.covers(str(language)):
            continue
        for theme in frame.themes:
            rules = frame.rules(theme, str(language))
            if rules:
                search = re.compile("|".join(pattern(rule) for rule in rules)).search
                hits = [search(text) is not None for text in plain.loc[rows]]
                found.loc[rows, theme] = np.array(hits, dtype=float)
    return found
