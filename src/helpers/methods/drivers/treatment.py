"""How missing answers are treated: as asked, where the answers can carry it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from helpers.errors import NotEstimable
from helpers.methods.drivers.categorical import Model
from helpers.methods.drivers.moments import sample_moments
from helpers.methods.drivers.screening import Missing, screened
from helpers.methods.survey import SurveyDesign

__all__ = ["Treatment", "missing_treatment"]


@dataclass(frozen=True)
class Treatment:
    """The treatment of missing answers that every analysis of a page shares."""

    missing: Missing
    note: str = ""  # why it is not the one asked for


def missing_treatment(
    ratings: pd.DataFrame,
    outcome: pd.Series,
    design: SurveyDesign | None = None,
    *,
    missing: Missing = "imputed",
    model: Model = "linear",
) -> Treatment:
    """Impute where the answers carry a joint model of all questions; else use pairs.

    Where few answered several questions together, the likelihood of a joint normal model
    has no inner maximum and nothing can be imputed. Correlations of pairs can then still
    be had, and every analysis of the page is to use them. Other treatments, and models of
    categories (which pairs cannot feed), are left as asked.

    Parameters
    ----------
    ratings, outcome, design, missing, model
        As in :func:`relative_importance`.

    Raises
    ------
    NotEstimable
        Where the answers can carry no analysis, as :func:`relative_importance`.

    Examples
    --------
    >>> import pandas as pd
    >>> ratings = pd.DataFrame({"ease": [*range(12), None], "speed": [*range(6), 3, *range(6)]})
    >>> ratings["both"] = ratings["ease"] + ratings["speed"]
    >>> missing_treatment(ratings, pd.Series(range(13))).missing
    'pairwise'
    >>> missing_treatment(ratings[["ease", "speed"]], pd.Series([4, 1] * 6 + [2])).missing
    'imputed'
    """
    if missing != "imputed" or model != "linear":
        return Treatment(missing)
    answers = screened(ratings, outcome, design, missing)
    try:
        sample_moments(answers, missing, by_unit=False)
    except NotEstimable as refusal:
        why = str(refusal).split(":")[0]
        return Treatment("pairwise", f"missing answers are not imputed: {why}")
    return Treatment(missing)
