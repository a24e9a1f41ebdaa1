"""Which themes may be the one that is named most."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.stats import t

from helpers.methods.comments.correction import LinearShare
from helpers.methods.nonresponse import holm
from helpers.methods.survey.placing import Placed

__all__ = ["may_lead"]


def may_lead(
    shares: Mapping[str, LinearShare], whole: Placed, *, confidence: float = 0.95
) -> dict[str, bool]:
    """Whether each theme may be the one named most: the first, and all not surely behind it.

    The same people name the themes, so the first is set against each of the others by a paired
    difference (McNemar's test, with accounts kept together), with Holm's correction over them.
    Only where no other theme is left is the first surely named most. A share that allows for
    what the coder gets wrong is not set against one that does not: such a theme is left.

    Parameters
    ----------
    shares
        Of the same comments, a theme each.
    whole
        The design of all comments, those of other waves too.

    References
    ----------
    McNemar (1947), Psychometrika 12; Hsu (1984), Annals of Statistics 12 (comparisons with
    the best); Holm (1979).

    Examples
    --------
    >>> from helpers.methods.comments.correction import linear_share
    >>> from helpers.methods.survey import SurveyDesign
    >>> calls = pd.DataFrame({"late": [1.0] * 20 + [0.0] * 20, "dear": [0.0] * 38 + [1.0] * 2,
    ...                       "rude": [0.0] * 22 + [1.0] * 18})
    >>> everyone, nobody = pd.Series(True, index=calls.index), calls["late"] * np.nan
    >>> design = SurveyDesign()
    >>> found = {theme: linear_share(nobody, calls[theme], everyone, design) for theme in calls}
    >>> may_lead(found, Placed.of(design, calls.index))
    {'late': True, 'dear': False, 'rude': True}
    """
    first = max(shares, key=lambda theme: shares[theme].value)
    p = pd.Series(
        {theme: _p(shares[first], own, whole) for theme, own in shares.items() if theme != first},
        dtype=float,
    )
    behind = holm(p) <= 1 - confidence
    return {theme: theme == first or not bool(behind[theme]) for theme in shares}


def _p(first: LinearShare, other: LinearShare, whole: Placed) -> float:
    """How likely so large a paired difference is by chance; missing where not comparable."""
    if first.worth.corrects != other.worth.corrects:
        return np.nan
    apart = first.value - other.value
    units = first.design.units
    if apart <= 0 or units < 2:
        return 1.0
    around = whole.variance(first.influence - other.influence)
    around += first.unseen + other.unseen
    error = (around + apart**2 / units) ** 0.5  # about nought, not about the difference
    return float(2 * t.sf(apart / error, max(first.design.degrees_of_freedom, 1)))
