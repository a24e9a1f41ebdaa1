"""What strata, a calibration and a finite population do to the errors of effects."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.methods.survey import SurveyDesign
from helpers.methods.survey.placing import Placed, has

__all__ = ["covariance", "freedom_within", "waves_in", "weights_in"]

Array = NDArray[np.float64]


def weights_in(design: SurveyDesign, index: pd.Index) -> Array:
    """The weight of each respondent; where only sizes are known, what each stands for.

    >>> weights_in(SurveyDesign(population=[4, 4]), pd.RangeIndex(2)).tolist()
    [2.0, 2.0]
    """
    if has(design, "weights") or not has(design, "population"):
        return design.weights_for(pd.Series(0.0, index=index)).to_numpy()
    whole, found = Placed.of(design, index), np.zeros(len(index))
    found[whole.places] = whole.resolved.weights[whole.there]
    return found


def waves_in(design: SurveyDesign, index: pd.Index) -> NDArray[np.intp] | None:
    """The number of each respondent's wave, in order of time; ``None`` where all are of one.

    >>> waves = {w: SurveyDesign(clusters=pd.Series(["a"], index=[w + "1"])) for w in ("v", "w")}
    >>> waves_in(SurveyDesign.over(waves), pd.Index(["w1", "v1"])).tolist()
    [1, 0]
    >>> waves_in(SurveyDesign.over(waves), pd.Index(["w1"])) is None
    True
    """
    if design.waves is None or design.parts is None:
        return None
    named = design.waves if design.labelled else design.waves.set_axis(range(len(design)))
    place = {wave: number for number, wave in enumerate(design.parts)}
    found = named.map(place).reindex(index).to_numpy(dtype=np.intp)
    codes = np.unique(found, return_inverse=True)[1].astype(np.intp)
    return codes if codes.size and codes.max() > 0 else None


def covariance(sample: Placed, moved: Array, units: int) -> Array:
    """Covariance of effects by the whole design.

    ``moved`` says how far each effect moves without each respondent; those of an account add
    up to its move. That takes off what weighs the more for there being ``units`` of them,
    which the variance within strata puts back.
    """
    told = np.isfinite(moved).all(axis=0)
    found = np.full((moved.shape[1], moved.shape[1]), np.nan)
    found[np.ix_(told, told)] = sample.covariance(moved[:, told] * (units - 1) / units)
    return found


def freedom_within(sample: Placed | None, freedom: Array) -> Array:
    """Degrees of freedom, no more than accounts less strata."""
    return freedom if sample is None else np.minimum(freedom, max(sample.resolved.freedom, 1.0))
