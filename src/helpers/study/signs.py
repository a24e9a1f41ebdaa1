"""Which cells hold a sign: all at once in large tables, one by one in small ones.

To call a library for a column costs about a millisecond whatever its length, and a client's
folder has hundreds of columns that are looked at for one sign or another.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["FEW", "beginning", "holding", "whole"]

FEW = 2_000  # cells, up to which Python alone is faster


def holding(cells: pd.Series, pattern: str) -> NDArray[np.bool_]:
    """Where the text of a cell holds a pattern; nowhere where there is no cell.

    Examples
    --------
    >>> holding(pd.Series(["Total", None, "Acme"]), "(?i:total)").tolist()
    [True, False, False]
    """
    texts = _texts(cells)
    if len(texts) > FEW:
        return _known(texts.str.contains(pattern))
    found = re.compile(pattern).search
    return np.array([isinstance(t, str) and found(t) is not None for t in texts.tolist()], bool)


def whole(cells: pd.Series, pattern: str) -> NDArray[np.bool_]:
    """Where a pattern is the whole text of a cell; nowhere where there is no cell.

    Examples
    --------
    >>> whole(pd.Series(["12", None, "12 a"]), "[0-9]+").tolist()
    [True, False, False]
    """
    texts = _texts(cells)
    if len(texts) > FEW:
        return _known(texts.str.fullmatch(pattern))
    found = re.compile(pattern).fullmatch
    return np.array([isinstance(t, str) and found(t) is not None for t in texts.tolist()], bool)


def beginning(cells: pd.Series, *signs: str) -> NDArray[np.bool_]:
    """Where the text of a cell begins with one of the signs; nowhere where there is no cell.

    Examples
    --------
    >>> beginning(pd.Series(["'007", None, "007"]), "'").tolist()
    [True, False, False]
    """
    texts = _texts(cells)
    if len(texts) > FEW:
        return _known(texts.str.startswith(signs))
    return np.array([isinstance(t, str) and t.startswith(signs) for t in texts.tolist()], bool)


def _texts(cells: pd.Series) -> pd.Series:
    return cells if isinstance(cells.dtype, pd.StringDtype) else cells.astype("str")


def _known(found: pd.Series) -> NDArray[np.bool_]:
    return found.fillna(False).to_numpy(dtype=bool)
