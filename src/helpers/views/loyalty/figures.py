"""What the loyalty chapter may quote."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial

import pandas as pd

from helpers.methods.loyalty import (
    Axes,
    Benchmarks,
    Breakdown,
    LoyaltyMatrix,
    Membership,
    RollUp,
    Satisfied,
)
from helpers.methods.loyalty.segments import KEYS, SEGMENTS
from helpers.methods.measure import Measure
from helpers.methods.scorecard import Scorecard
from helpers.methods.survey.estimates import Estimate
from helpers.results import Figure, figure
from helpers.views.loyalty.sentences_change import digits
from helpers.views.rendering.naming import of_group
from helpers.views.rendering.records import records
from helpers.views.rendering.rules import quotable

__all__ = [
    "RELATION",
    "against_benchmarks",
    "answers_from",
    "axes",
    "breakdown",
    "colleagues",
    "matrix",
    "membership",
    "roll_up",
    "satisfied",
    "scores",
]

RELATION = {
    "observed": "Correlation of the two scores",
    "disattenuated": "The same, corrected for chance in the answers",
    "htmt": "Heterotrait-monotrait ratio",
}
NEARLY_ALL = 0.9  # of the satisfied, from which to be satisfied is as good as to be loyal
FEW_ACCOUNTS = "few accounts make it up, or would be given away by it"
COUNTED = {"respondents": "people", "accounts": "accounts", "revenue": "revenue"}


def _named(*figures: Figure) -> dict[str, Figure]:
    return {f.name: f for f in figures}


def scores(found: Scorecard, chosen: Sequence[Measure], lead: Measure) -> dict[str, Figure]:
    """Every score, and the one that leads the page under the name ``main``."""
    way = str(found.table["weighting"].iloc[0])
    figures = [
        figure(m.name, found.estimates[m.name, way], unit=m.unit, grade="C", label=m.label)
        for m in chosen
    ]
    main = figure(
        "main", found.estimates[lead.name, way], unit=lead.unit, grade="C", label=lead.label
    )
    return _named(*figures, main, *quotable(main_label=lead.phrase))


def axes(found: Axes) -> dict[str, Figure]:
    """Reliability of both sides, and how far they are two; a weak side is named instead."""
    known = found.table.dropna(subset=["alpha", "low", "high"])
    counted = partial(Figure, unit="correlation", base=found.base, grade="C")
    figures = [
        counted(f"alpha_{row['axis']}", row["alpha"], row["low"], row["high"],
                label=f"reliability of {row['axis']} (Cronbach's alpha)")
        for row in records(known)
    ] + [
        counted(f"axes_{row['measure']}", row["value"], row["low"], row["high"],
                label=RELATION[row["measure"]].lower())
        for row in records(found.relation.dropna())
    ]  # fmt: skip
    verdict = {True: "two things", False: "one thing", None: "perhaps one thing"}[found.distinct]
    texts = {"weak_axis": found.weak} if found.weak else {"axes_verdict": verdict}
    alphas = [
        counted("weak_alpha", row["alpha"], row["low"], row["high"], label="its reliability")
        for row in records(known[known["axis"] == found.weak])
    ]
    return _named(*figures, *alphas, *quotable(**texts))


def matrix(found: LoyaltyMatrix, currency: str = "") -> dict[str, Figure]:
    """Share of each segment by people, by accounts' votes and by their revenue, as answered."""
    figures = []
    for row in records(found.table):
        way, key = row["estimand"], KEYS[row["segment"]]
        name = key if way == "respondents" else f"{key}_{way}"
        label = f"share of {COUNTED[way]} as answered: {row['segment']}"
        away = bool(row["withheld"])
        value, low, high = (None if away else row[end] for end in ("value", "low", "high"))
        figures.append(
            Figure(name, value, low, high, unit="share", base=int(row["base"]), grade="C",
                   label=label, withheld=FEW_ACCOUNTS * away)
        )  # fmt: skip
    ways = set(found.table["estimand"])
    revenue = found.revenue
    if "revenue" in ways and currency and revenue > 0:
        held = found.share("Trapped", "revenue")
        figures += [
            Figure("revenue_heard", revenue, unit=f"money:{currency}", base=int(held["accounts"]),
                   base_unit="accounts", label="yearly revenue of accounts that answered"),
            Figure("revenue_effective", float(held["effective"]), unit="count",
                   base=int(held["accounts"]), base_unit="accounts",
                   label="equal accounts that would count like the revenue"),
        ]  # fmt: skip
    return _named(*figures, *_over_cuts(found, "as answered"))


def _over_cuts(found: LoyaltyMatrix | Membership, how: str) -> list[Figure]:
    """How far the share of the truly loyal hangs on the cut-offs."""
    low, high = found.range(SEGMENTS[0])
    counted = partial(Figure, unit="share", base=found.base)
    return [
        counted("truly_loyal_strict", low, label=f"Truly Loyal {how} with both cut-offs higher"),
        counted("truly_loyal_lenient", high, label=f"Truly Loyal {how} with both cut-offs lower"),
    ]


def satisfied(
    found: Satisfied,
    answers: pd.Series,
    scale: tuple[float, float],
    cut: float,
    *,
    turned: bool = False,
) -> dict[str, Figure]:
    """Satisfied beside truly loyal as answered, and the answer that counts as satisfied.

    That the satisfied are not all loyal is said only where it holds on every line tried.
    """
    labels = {
        "satisfied": "share of satisfied",
        "loyal_of_satisfied": "share of the satisfied who are truly loyal, as answered",
    }
    fewest, most = found.range
    counted = partial(Figure, unit="share", base=found.base)
    lines = [
        counted("loyal_of_satisfied_lowest", fewest, label="the same, fewest over the lines tried"),
        counted("loyal_of_satisfied_highest", most, label="the same, most over the lines tried"),
    ]
    apart = max(most, found.estimates["loyal_of_satisfied"].high) < NEARLY_ALL
    return _named(
        *lines,
        *(
            figure(name, found.estimates[name], unit="share", grade="C", label=label)
            for name, label in labels.items()
        ),
        *quotable(satisfied_from=answers_from(answers.dropna(), scale, cut, turned=turned)),
        *(quotable(satisfied_apart="yes") if apart else ()),
    )


def answers_from(
    answers: pd.Series, scale: tuple[float, float], cut: float, *, turned: bool = False
) -> str:
    """The answers that reach a cut of 0 to 100, on the question's own scale.

    >>> answers_from(pd.Series([1, 9]), (1, 10), 75)
    '8 or more, of 1 to 10'
    >>> answers_from(pd.Series([1, 2]), (1, 6), 75, turned=True)
    '5 or more, of 1 to 6 turned round'
    >>> answers_from(pd.Series([1.3, 9]), (1, 10), 75)  # means, not answers
    '7.75 or more, of 1 to 10'
    """
    low, high = scale
    answer = low + round((high - low) * cut / 100, ndigits=6)
    if (answers % 1 == 0).all():
        answer = math.ceil(answer)
    return f"{answer:g} or more, of {low:g} to {high:g}{' turned round' if turned else ''}"


def membership(found: Membership) -> dict[str, Figure]:
    """How surely people can be placed, and how the base truly divides; on every line tried too."""
    counted = partial(Figure, unit="share", base=found.base, grade="C")
    figures = [
        counted(f"{KEYS[row['segment']]}_true", row["value"], row["low"], row["high"],
                label=f"share of people: {row['segment']}, allowing for chance in the answers")
        for row in records(found.expected)
    ]  # fmt: skip
    label = "people placed with a chance of at least four in five"
    return _named(
        figure("firm", found.firm, unit="share", grade="C", label=label), *figures,
        *_over_cuts(found, "by chances"),
    )  # fmt: skip


def colleagues(found: Estimate) -> dict[str, Figure]:
    """How alike the people of one account are."""
    label = "share of differences in loyalty that lies between accounts"
    return _named(figure("icc", found, unit="correlation", grade="C", label=label))


def roll_up(found: RollUp, currency: str = "") -> dict[str, Figure]:
    """What hangs on the rule that turns people into accounts, and the revenue that is Trapped."""
    counted = partial(Figure, base=found.base, base_unit="accounts", grade="C")
    low = int(found.table["decider_low"].sum())
    alone = float((found.table["respondents"] == 1).mean())
    figures = [
        counted("rolled_accounts", found.base, unit="count", label="accounts rolled up"),
        counted("several_accounts", found.several, unit="count",
                label="accounts heard through two people or more"),
        counted("rule_changes", found.changed, unit="count",
                label="accounts whose segment hangs on the rule"),
        counted("single_voice", alone, unit="share", label="accounts heard through one person"),
        counted("decider_low", low, unit="count",
                label="accounts with a decision maker at High Risk behind a better mean"),
    ]  # fmt: skip
    if pd.notna(found.hanging):
        label = "share of revenue in accounts whose segment hangs on the rule"
        figures.append(counted("rule_revenue", found.hanging, unit="share", label=label))
    return _named(*figures, *_trapped(found, currency), *_rule_doubts(found), *_gap(found))


def _trapped(found: RollUp, currency: str) -> list[Figure]:
    """Accounts that are Trapped and their yearly revenue, by chances where there are any."""
    counted = partial(Figure, base=found.base, base_unit="accounts", grade="C")
    figures = []
    for row in records(found.held[found.held["segment"] == "Trapped"]):
        value, low, high = (float(row[end]) for end in ("value", "low", "high"))
        if row["counted"] == "accounts":
            label = "accounts that are Trapped"
            count = round(value * found.base)
            figures.append(counted("trapped_accounts", count, unit="count", label=label))
        elif currency:
            away = bool(row["withheld"])
            sums = [None if away else end * found.revenue for end in (value, low, high)]
            label = "yearly revenue of accounts that are Trapped"
            figures.append(
                counted("trapped_money", sums[0], sums[1], sums[2], unit=f"money:{currency}",
                        label=label, withheld=FEW_ACCOUNTS * away)
            )  # fmt: skip
    return figures


def _rule_doubts(found: RollUp) -> list[Figure]:
    """The two rules that agree least, and how reliable an account's score is."""
    counted = partial(
        Figure, unit="correlation", base=found.several, base_unit="accounts", grade="C"
    )
    figures = []
    known = found.agreement.dropna(subset=["rank_correlation"])
    for row in records(known.sort_values("rank_correlation").head(1)):
        label = "lowest rank correlation between two rules"
        figures.append(
            counted("rank_lowest", row["rank_correlation"], row["low"], row["high"], label=label)
        )
    if pd.notna(found.scores.reliability):
        label = "reliability of an account's loyalty score"
        trust = Figure("account_reliability", found.scores.reliability, unit="correlation",
                       base=found.base, base_unit="accounts", grade="C", label=label)  # fmt: skip
        figures.append(trust)
    return figures


def _gap(found: RollUp) -> list[Figure]:
    """Deciders less their colleagues, named by whether the difference is sure."""
    if found.gap is None:
        return []
    gap, label = found.gap, "loyalty of decision makers less that of their colleagues"
    counted = partial(Figure, unit="points", base=gap.base, base_unit="accounts", grade="C",
                      label=label)  # fmt: skip
    if gap.high < 0:  # said as a distance, so without its sign
        return [counted("decider_lower", -gap.value, -gap.high, -gap.low)]
    name = "decider_higher" if gap.low > 0 else "decider_same"
    return [counted(name, gap.value, gap.low, gap.high)]


def against_benchmarks(found: Benchmarks) -> dict[str, Figure]:
    """Where the first comparable score stands among other companies."""
    for row in records(found.table.head(1)):
        label = f"companies of the benchmark with a worse {row['label']}"
        position = Figure("benchmark_position", row["position"], row["position_low"],
                          row["position_high"], unit="share", base=int(row["base"]), grade="C",
                          label=label)  # fmt: skip
        texts = {"benchmark_label": str(row["label"]), "benchmark_source": str(row["source"])}
        return _named(position, *quotable(**texts))
    return {}


def breakdown(found: Breakdown, unit: str) -> dict[str, Figure]:
    """The best group, as the inner benchmark."""
    best = found.best
    if best is None:
        return {}
    inner = Figure("best_group_score", float(best["value"]), float(best["low"]),
                   float(best["high"]), unit=unit, base=int(best["base"]), grade="C",
                   label="score of the best group")  # fmt: skip
    beyond = round(float(best["difference_low"]), digits(unit)) > 0
    sure = "best_surely" if beyond else "best_by_a_hair"
    return _named(
        inner, *quotable(**{"best_group": of_group(best["column"], best["group"]), sure: "yes"})
    )
