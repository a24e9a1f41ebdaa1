"""How far one effect differs between segments: their average, and the spread around it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import ndtri
from scipy.stats import chi2

__all__ = ["between"]

Array = NDArray[np.float64]

NOTHING = dict.fromkeys(
    ("pooled", "pooled_low", "pooled_high", "spread", "spread_low", "spread_high"), float("nan")
)


def between(effects: Array, errors: Array, confidence: float) -> dict[str, float]:
    """The effect over all segments, and the standard deviation of effects between them.

    The average counts each segment by how surely its effect is known; it is that of these
    segments, alike or not (Rice, Higgins and Lumley 2018). The spread is what their errors
    leave unexplained (Paule and Mandel 1982), its interval the values at which effects lie
    neither too far apart nor too near (the Q profile: Viechtbauer 2007). Segments without an
    effect are left out; NaN with fewer than two.

    References
    ----------
    Rice, Higgins and Lumley (2018), JRSS A 181; Paule and Mandel (1982), Journal of Research
    of the NBS 87; Viechtbauer (2007), Statistics in Medicine 26.

    Examples
    --------
    >>> found = between(np.array([0.2, 0.8]), np.array([0.1, 0.1]), 0.95)
    >>> {name: round(value, 2) for name, value in found.items() if name != "spread_high"}
    {'pooled': 0.5, 'pooled_low': 0.36, 'pooled_high': 0.64, 'spread': 0.41, 'spread_low': 0.16}
    """
    known = np.isfinite(effects) & np.isfinite(errors) & (errors > 0)
    if known.sum() < 2:
        return dict(NOTHING)
    effect, variance = effects[known], errors[known] ** 2
    weight = 1 / variance
    pooled = float(weight @ effect / weight.sum())
    reach = float(ndtri((1 + confidence) / 2)) / float(weight.sum()) ** 0.5
    df = len(effect) - 1
    ends = chi2.isf([(1 - confidence) / 2, (1 + confidence) / 2], df)
    spread, low, high = (_spread(effect, variance, float(q)) for q in (df, *ends))
    return {
        "pooled": pooled, "pooled_low": pooled - reach, "pooled_high": pooled + reach,
        "spread": spread, "spread_low": low, "spread_high": max(high, spread),
    }  # fmt: skip


def _spread(effect: Array, variance: Array, wanted: float) -> float:
    """The spread at which effects lie as far apart as is wanted; 0 where they lie nearer."""

    def beyond(square: float) -> float:
        weight = 1 / (variance + square)
        around = weight @ effect / weight.sum()
        return float(weight @ (effect - around) ** 2) - wanted

    if beyond(0.0) <= 0:
        return 0.0
    most = float(np.ptp(effect) ** 2 * len(effect) / wanted)
    return float(brentq(beyond, 0.0, most)) ** 0.5
