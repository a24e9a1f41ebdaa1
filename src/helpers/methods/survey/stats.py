"""The estimators by keyword, for callers that have no `SurveyDesign` yet."""

from __future__ import annotations

from typing import Any

from helpers.methods import survey
from helpers.methods.survey import (
    Estimate,
    SurveyDesign,
    effective_base,
    kish_design_effect,
    wilson,
)

__all__ = ["Estimate", "by_group", "difference", "effective_base", "kish_design_effect", "mean",
           "ratio", "share", "total", "wilson"]  # fmt: skip

PARTS = ("weights", "strata", "clusters", "population")


def _design(options: dict[str, Any]) -> SurveyDesign:
    return SurveyDesign(**{name: options.pop(name, None) for name in PARTS})


def mean(values: Any, **options: Any) -> Estimate:  # noqa: ANN401
    """`survey.mean`."""
    return survey.mean(values, _design(options), **options)


def total(values: Any, **options: Any) -> Estimate:  # noqa: ANN401
    """`survey.total`."""
    return survey.total(values, _design(options), **options)


def share(values: Any, **options: Any) -> Estimate:  # noqa: ANN401
    """`survey.proportion`."""
    return survey.proportion(values, _design(options), **options)


def ratio(top: Any, below: Any, **options: Any) -> Estimate:  # noqa: ANN401
    """`survey.ratio`."""
    return survey.ratio(top, below, _design(options), **options)


def by_group(estimator: Any, values: Any, groups: Any, **options: Any) -> Any:  # noqa: ANN401
    """`survey.by_group`."""
    new = {mean: survey.mean, share: survey.proportion}.get(estimator, estimator)
    return survey.by_group(new, values, groups, _design(options), **options)


def difference(before: Any, after: Any, **options: Any) -> Estimate:  # noqa: ANN401
    """`survey.difference`."""
    pairs = {name: options.pop(name, None) or (None, None) for name in PARTS}
    designs = [SurveyDesign(**{name: pair[i] for name, pair in pairs.items()}) for i in (0, 1)]
    return survey.difference(before, after, (designs[0], designs[1]), **options)
