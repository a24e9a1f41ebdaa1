"""Whether any driver has an effect at all: asked before how effects bend.

Where nothing is linked to the outcome there is nothing to bend. A test that is read only where
the one before it shows something adds no false alarm in a client without any effect (a fixed
sequence: Westfall & Krishen 2001), and takes no power where there are effects.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from helpers.methods.drivers.screening import Answers
from helpers.methods.drivers.slopes import robust_slopes

__all__ = ["no_effect_p"]


def no_effect_p(answers: Answers, shown: Sequence[int]) -> float:
    """The p value of none of the drivers ``shown`` having an effect, by one joint test.

    Ratings are complete, or :func:`helpers.methods.drivers.redrawing.filled`. NaN where too few
    accounts leave no such test.

    Examples
    --------
    >>> import pandas as pd
    >>> from helpers.methods.drivers.redrawing import analysed
    >>> ratings = pd.DataFrame(np.random.default_rng(1).normal(size=(200, 2)), columns=["a", "b"])
    >>> noise = pd.Series(np.random.default_rng(2).normal(size=200))
    >>> [no_effect_p(analysed(ratings, y, None, "listwise")[0], [0, 1]) < 0.05
    ...  for y in (noise, noise + ratings["a"])]
    [False, True]
    """
    combine = np.eye(len(answers.drivers))[list(shown)]
    return robust_slopes(answers, 0.95, combine).joint_p
