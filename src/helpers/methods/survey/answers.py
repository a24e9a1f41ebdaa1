"""The answers that an estimate rests on, read together with their design."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from helpers.errors import NotEstimable
from helpers.methods.survey.calibration import Floats
from helpers.methods.survey.columns import given_in
from helpers.methods.survey.design import SurveyDesign
from helpers.methods.survey.resolved import ResolvedDesign

__all__ = ["enough", "read"]


def read(
    values: ArrayLike, design: SurveyDesign | None, name: str = ""
) -> tuple[Floats, ResolvedDesign]:
    """Answers and their design; 0 for a respondent who counts without an answer.

    Raises
    ------
    NotEstimable
        If fewer than two answers are left.

    Examples
    --------
    >>> answers, resolved = read([8, None, 6], None)
    >>> answers.tolist(), resolved.base
    ([8.0, 6.0], 2)
    """
    survey = SurveyDesign() if design is None else design
    numbers = survey.answers(values, name or "values")
    enough(int(given_in(numbers).sum()), name)
    answers, resolved = survey.resolved(numbers)
    return np.nan_to_num(answers.to_numpy()), resolved


def enough(base: int, name: str = "") -> None:
    """Refuse a base that no interval can rest on.

    >>> enough(2)
    """
    if base < 2:
        raise NotEstimable(
            f"the base is too small: {base} answers{name and ' '}{name}; "
            "an interval needs at least 2"
        )
