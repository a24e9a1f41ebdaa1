"""Which cells hold a sign: all at once in large tables, one by one in small ones.

To call a library for a column costs about a millisecond whatever its length, and a client's
folder has hundreds of columns that are looked at for one sign or another.
"""

from __future__ import annotations

import re
from collections.abc import Callable

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
    return _where(cells, lambda texts: texts.str.contains(pattern), re.compile(pattern).search)


def whole(cells: pd.Series, pattern: str) -> NDArray[np.bool_]:
    """Where a pattern is the whole text of a cell; nowhere where there is no cell.

    Examples
    --------
    >>> whole(pd.Series(["12", None, "12 a"]), "[0-9]+").tolist()
    [True, False, False]
    """
    return _where(cells, lambda texts: texts.str.fullmatch(pattern), re.compile(pattern).fullmatch)


def beginning(cells: pd.Series, *signs: str) -> NDArray[np.bool_]:
    """Where the text of a cell begins with one of the signs; nowhere where there is no cell.

    Examples
    --------
    >>> beginning(pd.Series(["'007", None, "007"]), "'").tolist()
    [True, False, False]
    """
    return _where(
        cells, lambda texts: texts.str.startswith(signs), lambda text: text.startswith(signs)
    )


def _where(
    cells: pd.Series,
    at_once: Callable[[pd.Series], pd.Series],
    one: Callable[[str], object],
) -> NDArray[np.bool_]:
    texts = cells if isinstance(cells.dtype, pd.StringDtype) else cells.astype("str")
    if len(texts) > FEW:
        return at_once(texts).fillna(False).to_numpy(dtype=bool)
    return np.array([isinstance(text, str) and bool(one(text)) for text in texts.tolist()], bool)
