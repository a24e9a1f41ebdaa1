"""The words of a page's markup, as every check of its numbers reads them."""

from __future__ import annotations

import re
from html import unescape

__all__ = ["words"]

TAG = re.compile(r"<[^>]*>")


def words(markup: str, *, between: str = "") -> str:
    """What a piece of a page says, in one line.

    Parameters
    ----------
    between
        What stands for a tag: a space where cells and paragraphs would run into each other.

    Examples
    --------
    >>> words("<p>Of 9&nbsp;<b>peo</b>ple</p>\\n<p>4.</p>")
    'Of 9 people 4.'
    >>> words("<td>4</td><td>1</td>", between=" ")
    '4 1'
    """
    return " ".join(unescape(TAG.sub(between, markup)).split())
