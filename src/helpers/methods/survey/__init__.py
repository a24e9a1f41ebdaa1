"""Estimates from a survey, each by its design: ``survey.mean(values, design)`` and alike."""

from helpers.methods.survey.design import SurveyDesign
from helpers.methods.survey.differences import difference
from helpers.methods.survey.estimands import Estimands, estimands
from helpers.methods.survey.estimates import (
    Estimate,
    effective_base,
    kish_design_effect,
    wilson,
)
from helpers.methods.survey.groups import by_group
from helpers.methods.survey.means import mean, net_promoter, proportion, proportion_p, ratio, total
from helpers.methods.survey.precision import Precision, precision
from helpers.methods.survey.promoters import promoter_points

__all__ = [
    "Estimands",
    "Estimate",
    "Precision",
    "SurveyDesign",
    "by_group",
    "difference",
    "effective_base",
    "estimands",
    "kish_design_effect",
    "mean",
    "net_promoter",
    "precision",
    "promoter_points",
    "proportion",
    "proportion_p",
    "ratio",
    "total",
    "wilson",
]
