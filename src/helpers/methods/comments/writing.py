"""What people wrote, taken apart: words in any script."""

from __future__ import annotations

import re

from helpers.replies import normalised

__all__ = ["is_unspaced", "words"]

# Scripts that write without spaces: Thai, Lao, Khmer, kana, Chinese characters.
UNSPACED = "\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
RUN = re.compile(
    f"[{UNSPACED}]+|(?:(?![{UNSPACED}])[^\\W\\d_])+(?:'(?:(?![{UNSPACED}])[^\\W\\d_])+)*"
)


def is_unspaced(letter: str) -> bool:
    """Whether a letter's script writes without spaces between words.

    >>> is_unspaced("配"), is_unspaced("a")
    (True, False)
    """
    return re.fullmatch(f"[{UNSPACED}]", letter) is not None


def words(text: str) -> list[str]:
    """The words of a text, in order, without numbers; in unspaced scripts, pairs of characters.

    >>> words("Late again, 3 weeks!"), words("配送遅い")
    (['late', 'again', 'weeks'], ['配送', '送遅', '遅い'])
    """
    found: list[str] = []
    for run in RUN.findall(normalised(text)):
        if is_unspaced(run[0]) and len(run) > 1:
            found += [run[i : i + 2] for i in range(len(run) - 1)]
        else:
            found.append(run)
    return found
