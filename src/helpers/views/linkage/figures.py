"""What the linkage chapter may quote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from functools import partial

import pandas as pd

from helpers.methods.linkage import Link, RevenueAtRisk, RevenueKept, Step
from helpers.methods.linkage.kept import YEARS
from helpers.methods.linkage.models import LinkEstimate
from helpers.results import Figure, Grade
from helpers.views.linkage import figures_money, figures_outcomes
from helpers.views.rendering.declared import by_name, declare
from helpers.views.rendering.naming import plain
from helpers.views.rendering.numerals import formatter
from helpers.views.rendering.rules import listed, quotable

OWN = declare(
    "score_label", "outcome_label", "outcome_verb", "effect_unit", "adjusted_for",
    "per", "per_is", "band_name", "correlation", "corrected", "low_band", "high_band",
    "intend_kept", "doubt_kept",
    "named_accounts", "named_top", "named_top_share",
    "risk_gross", "risk_loss", "risk_share", "revenue", "top10_share", "reference", "horizon",
    "revenue_kept", "kept_points",
    effect=("higher", "lower", "not clear"),
    control=("held", "failed"),
    risk_excess=("clear", "not clear"),
).claiming(effect=("higher", "lower"), control=("failed",), risk_excess=("clear",))  # fmt: skip
DECLARED = OWN | figures_outcomes.DECLARED | figures_money.DECLARED
LABELS = {
    "retained": "the share of accounts that stayed",
    "renewed": "the share of accounts that renewed",
    "growth_after": "the growth of spend (log ratio)",
}
surveys = partial(Figure.from_row, base_unit="account surveys")
STEPS = {
    "scale": "a tenth of its scale",
    "spread": "one standard deviation of accounts",
    "declared": "as declared",
}
PARTS = {2: "half", 3: "third", 4: "quarter", 5: "fifth", 10: "tenth"}
VERBS = {"retained": "stayed", "renewed": "renewed"}
COLUMNS = {
    "tenure_months": "length of the relationship",
    "log_revenue": "size",
    "growth_before": "growth before the survey",
}


def outcome_label(outcome: str) -> str:
    """What a sentence calls an outcome.

    >>> outcome_label("retained"), outcome_label("spending_index")
    ('the share of accounts that stayed', '“spending index”')
    """
    return LABELS.get(outcome, f"“{outcome.replace('_', ' ')}”")


def stand_in(wanted: str, outcome: str) -> list[str]:
    """Said where another outcome stands in for the one that was asked for."""
    if wanted == outcome:
        return []
    return [f"{wanted} is not known for any account; {outcome.replace('_', ' ')} stands in for it"]


def readable(*notes: Sequence[str]) -> list[str]:
    """A method's notes with columns named as a reader would.

    >>> readable(["log_revenue is left out: no account has a value"])
    ['size is left out: no account has a value']
    """
    lines = [line for group in notes for line in group]
    for column, said in COLUMNS.items():
        lines = [line.replace(column, said) for line in lines]
    return lines


def outcome_unit(outcomes: pd.Series) -> str:
    """How an outcome is written: a share where it lies between 0 and 1."""
    known = outcomes.dropna()
    return "share" if known.between(0, 1).all() else "decimal2"


def score_unit(low: float, high: float) -> str:
    """How a score of accounts is written: with as many digits as its scale needs.

    >>> score_unit(0, 100), score_unit(1, 5), score_unit(0, 1)
    ('decimal0', 'decimal1', 'decimal2')
    """
    length = high - low
    return "decimal2" if length <= 2 else "decimal1" if length < 20 else "decimal0"


def link(
    found: Link,
    bands: pd.DataFrame,
    score_label: str,
    unit: str,
    *,
    step: Step | None = None,
    asked: int = 5,
) -> dict[str, Figure]:
    """The effect of the score on the outcome, and the outcome in the end bands.

    ``step`` says what the points are that the effect is stated for; ``asked`` is the number of
    bands that were asked for.
    """
    figures = [
        *quotable(
            score_label=score_label,
            outcome_label=outcome_label(found.outcome),
            effect_unit="percentage points" if unit == "share" else "",
        ),
        *_changes(found, unit),
        *_bands(bands, unit, asked),
        *quotable(per_is=STEPS["declared" if step is None else step.kind]),
    ]
    if found.outcome in VERBS:
        figures += quotable(outcome_verb=VERBS[found.outcome])
    if found.adjust:
        names = [COLUMNS.get(name, plain(name)) for name in found.adjust]
        figures += quotable(adjusted_for=listed(names))
    return by_name(*figures)


def _changes(found: Link, unit: str) -> list[Figure]:
    """How the outcome changes with the score: as estimated, corrected, and as a check."""
    factor, shown = (100.0, "points") if unit == "share" else (1.0, "decimal4")
    counted = partial(Figure, base=found.base, base_unit="account surveys")
    figures = [
        counted("per", found.per, unit=step_unit(found.per)),
        replace(
            _effect("effect", found.main, found, factor, shown),
            label=f"change of {outcome_label(found.outcome)} for {found.per:g} points",
            verdict=found.verdict, p=found.p,
        ),
        counted("correlation", found.correlation, unit="correlation", grade=found.grade),
    ]  # fmt: skip
    if found.corrected is not None:
        figures.append(_effect("corrected", found.corrected, found, factor, shown))
    if found.negative_control is not None and found.check is not None:
        check = _effect("control", found.negative_control, found, 1.0, "decimal3")
        past = str(found.control)
        label = f"{COLUMNS.get(past, past.replace('_', ' '))}, for {found.per:g} points"
        figures.append(replace(check, verdict=found.check, p=found.p_check, label=label))
    return figures


def step_unit(points: float) -> str:
    """As many digits as a number of points has, three at most.

    >>> step_unit(10.0), step_unit(0.4), step_unit(0.046)
    ('decimal0', 'decimal1', 'decimal3')
    """
    return f"decimal{next((d for d in range(3) if round(points, d) == round(points, 3)), 3)}"


def _bands(bands: pd.DataFrame, unit: str, asked: int) -> list[Figure]:
    """The outcome of those who score least and most, where they differ and have an interval."""
    ends = ("rate", "low", "high")
    first, last = (formatter(unit)(bands.iloc[place]["rate"]) for place in (0, -1))
    if len(bands) < 2 or first == last:
        return []
    part = PARTS.get(asked) if len(bands) == asked else None
    return [*quotable(band_name=part or "group")] + [
        surveys(name, row, ends, unit=unit, grade="C")
        for name, row in (("low_band", bands.iloc[0]), ("high_band", bands.iloc[-1]))
        if row[[*ends]].notna().all()
    ]


def _effect(name: str, estimate: LinkEstimate, found: Link, factor: float, unit: str) -> Figure:
    return surveys(
        name, asdict(estimate), ("effect", "low", "high"), factor=factor, unit=unit,
        grade=found.grade, label=f"change of the outcome for {found.per:g} points",
    )  # fmt: skip


def intention(table: pd.DataFrame) -> dict[str, Figure]:
    """What those who said the most and the least then did."""
    ends = ("share_kept", "low", "high")
    return by_name(*(
        Figure.from_row(name, row, ends, unit="share", grade="C", label="share that stayed")
        for name, row in (("intend_kept", table.iloc[-1]), ("doubt_kept", table.iloc[0]))
        if row[[*ends]].notna().all()
    ))  # fmt: skip


def named_risk(found: RevenueAtRisk, top: int) -> list[Figure]:
    """How much of the risk the first accounts hold, of those that may be named."""
    held = found.table["at_risk"].nlargest(top).sum() / found.gross if found.gross else 0.0
    counted = partial(Figure, base=found.base, base_unit="accounts")
    return [
        counted("named_accounts", found.base, unit="count", label="accounts that may be named"),
        counted("named_top", min(top, found.base), unit="count", label="accounts listed by risk"),
        counted(
            "named_top_share", float(held), unit="share",
            label="share of revenue at risk in the accounts listed, of those that may be named",
        ),
    ]  # fmt: skip


def risk(
    found: RevenueAtRisk, currency: str, grade: Grade, months: int, score: str = "decimal0"
) -> dict[str, Figure]:
    """Revenue expected to leave, and the part linked to low scores; ``score`` is its unit."""
    counted = partial(Figure, base=found.base, base_unit="accounts", grade=grade)
    money = partial(counted, unit=f"money:{currency}")
    return by_name(
        money("risk_gross", found.gross, found.gross_low, found.gross_high,
              label="yearly revenue expected to leave"),
        money("risk_loss", found.loss, found.loss_low, found.loss_high,
              label="the loss itself, luck included"),
        money("risk_excess", found.excess, found.excess_low, found.excess_high,
              label="revenue at risk that is linked to low scores", verdict=found.verdict,
              p=found.p),
        money("revenue", found.revenue, label="yearly revenue of accounts with a score"),
        counted("risk_share", found.share, found.share_low, found.share_high, unit="share1",
                label="share of revenue expected to leave"),
        counted("top10_share", found.top10_share, unit="share", label="share in ten accounts"),
        counted("reference", found.reference_score, unit=score, label="reference score"),
        Figure("horizon", months, unit="count", label="months ahead"),
    )  # fmt: skip


def revenue_kept(found: RevenueKept, grade: Grade) -> dict[str, Figure]:
    """Share of today's revenue that a small rise of every true score keeps within the lag."""
    return by_name(
        Figure("revenue_kept", found.share, found.low, found.high, unit="share1", base=found.base,
               base_unit="accounts", grade=grade,
               label=f"share of today's revenue kept for {found.points:g} points more"),
        Figure("kept_points", found.points, unit=step_unit(found.points),
               label="points more for which a share of revenue is kept"),
    )  # fmt: skip


def kept(rates: pd.DataFrame, outcome: str, of: str) -> dict[str, pd.DataFrame]:
    """What a point of the score keeps, as later chapters read it."""
    return {"kept": rates.assign(outcome=outcome, of=of, years=YEARS)}
