"""What only an analyst reads of the linkage chapter, folded under a line that says what it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from helpers.methods.linkage import (
    Backtest,
    GroupSurvival,
    Lags,
    Leavers,
    Link,
    ReturnOnLoyalty,
    RuleOfThumb,
    Specifications,
    Survival,
)
from helpers.views.linkage import charts_outcomes, tables, tables_money
from helpers.views.rendering.sentences import Sentence, folded
from helpers.views.rendering.tables import Table

__all__ = [
    "backtest", "choices", "estimates", "intention_by_lag", "lags", "leavers", "returns",
    "survival", "survival_by_group",
]  # fmt: skip


def estimates(found: Link, unit: str, score_label: str) -> Sentence:
    """The link unadjusted, adjusted and corrected."""
    return folded("Every estimate of the link", tables.estimates(found, unit, score_label))


def choices(found: Specifications, **options: Any) -> Sentence:  # noqa: ANN401
    """The link under every defensible choice."""
    return folded(
        "Every way to estimate it, smallest effect first",
        charts_outcomes.specifications(found, **options),
    )


def lags(found: Lags, **options: Any) -> Sentence:  # noqa: ANN401
    """The link at each lag."""
    return folded(
        "The link after each number of months", charts_outcomes.over_lags(found, **options)
    )


def survival(found: Survival, **options: Any) -> Sentence:  # noqa: ANN401
    """Who is still there, month by month."""
    return folded(
        "Who is still a customer, month by month", charts_outcomes.survival(found, **options)
    )


def survival_by_group(found: GroupSurvival) -> Sentence:
    """Who is still there after some months, by the client's own groups."""
    return folded("Who is still a customer, segment by segment", tables.survival_by_group(found))


def returns(found: Mapping[float, ReturnOnLoyalty], **options: Any) -> Sentence:  # noqa: ANN401
    """What raising everybody, one in a hundred, one account or one group is worth, by year."""
    return folded(
        "What it is worth for everybody, one in a hundred, one account and each group, by year",
        tables_money.returns(found, **options),
    )


def backtest(found: Backtest, rule: RuleOfThumb | None, confidence: float) -> Sentence:
    """The forecast against what happened: the sentence above it tells the verdict."""
    return folded(
        "Every check of the forecast, and of the rule of thumb",
        tables_money.backtest(found, rule, confidence),
    )


def intention_by_lag(found: pd.DataFrame) -> Sentence:
    """What became of those who gave the highest answer, by months since."""
    return folded("The same, by months since the survey", tables.intention_by_lag(found))


def leavers(found: Leavers, months: int) -> Table | Sentence:
    """Who left by group: open where a group differs clearly, else folded."""
    table = tables.leavers(found, months)
    clear = found.table["verdict"].ne("not clear").any()
    return table if clear else folded("Who left, group by group", table)
