"""How small a p value has to be before a side chapter calls a difference clear.

A book asks dozens of questions. Were each called clear at 5 %, nearly every second book of a
client where nothing moves anything would say something that is not so. The questions that a
survey is made for (the change of the leading score, what drives it, what follows from it) keep
5 % each. Chapters that look on the side, who answered and who wrote what, share out less among
their questions: 1 % a chapter, which costs little where differences are real, as these are large.
"""

from __future__ import annotations

__all__ = ["OF_COMMENTS", "OF_NONRESPONSE", "level"]

SIDE = 0.2  # of the error that an interval allows: 1 % at 95 %
OF_NONRESPONSE = 4  # who answers least, who late, what became of the silent, who is kept out
OF_COMMENTS = 4  # who writes, what groups name, what words they use, how namers rate


def level(confidence: float, among: int = 1) -> float:
    """The p value, corrected within one question, below which its answer is clear.

    Parameters
    ----------
    confidence
        Of the chapter's intervals.
    among
        How many questions the chapter asks (Bonferroni: they are answered one by one).

    Examples
    --------
    >>> round(level(0.95), 4), round(level(0.95, among=4), 4)
    (0.01, 0.0025)
    """
    return (1 - confidence) * SIDE / among
