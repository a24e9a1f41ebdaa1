"""What the loyalty chapter may quote: scores, sides, segments, accounts, groups."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import Any

import pandas as pd

from helpers.methods.claims import least, level
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
from helpers.views.loyalty.declared import DECLARED as DECLARED
from helpers.views.loyalty.figures_change import digits
from helpers.views.rendering.declared import by_name
from helpers.views.rendering.naming import of_group, plain
from helpers.views.rendering.records import records
from helpers.views.rendering.rules import listed, quotable

RELATION = {
    "observed": "Correlation of the two scores, observed",
    "disattenuated": "The same, corrected for measurement error",
    "htmt": "Heterotrait-monotrait ratio",
}
FEW_ACCOUNTS = "few accounts make it up, or would be given away by it"
COUNTED = {"respondents": "people", "accounts": "accounts", "revenue": "revenue"}

CONFIDENCE = 0.95  # at which the best group would be called above the rest, were it asked alone


def scores(found: Scorecard, chosen: Sequence[Measure], lead: Measure) -> dict[str, Figure]:
    """Every score, and the one that leads the page under the name ``main``."""
    way = str(found.table["weighting"].iloc[0])
    named = [(m.name, m) for m in chosen] + [("main", lead)]
    figures = [
        figure(name, found.estimates[m.name, way], unit=m.unit, grade="C", label=m.label)
        for name, m in named
    ]
    return by_name(*figures, *quotable(**{f"{name}_label": m.phrase for name, m in named}))


def axes(found: Axes) -> dict[str, Figure]:
    """Reliability of both sides, and how far they are two; a weak side is named."""
    known = found.table.dropna(subset=["alpha", "low", "high"])
    counted = partial(Figure.from_row, base=found.base, unit="correlation", grade="C")
    named = [(f"alpha_{row['axis']}", row) for row in records(known)]
    named += [("weak_alpha", row) for row in records(known[known["axis"] == found.weak])]
    alphas = [
        counted(name, row, ("alpha", "low", "high"),
                label=f"reliability of {row['axis']} (Cronbach's alpha)")
        for name, row in named
    ]  # fmt: skip
    relation = [
        counted(f"axes_{row['measure']}", row, label=RELATION[row["measure"]].lower())
        for row in records(found.relation.dropna())
    ]
    weak = quotable(weak_axis=found.weak) if found.weak else ()
    return by_name(*alphas, *relation, *weak)


def matrix(found: LoyaltyMatrix, currency: str = "") -> dict[str, Figure]:
    """Observed share of each segment by people, by accounts' votes and by their revenue."""
    shares = [_observed_share(row, found) for row in records(found.table)]
    told = "revenue" in set(found.table["estimand"]) and currency and found.revenue > 0
    money = _revenue(found, currency) if told else []
    return by_name(*shares, *money, *_over_cuts(found, "_observed", "observed"))


def _observed_share(row: dict[str, Any], found: LoyaltyMatrix) -> Figure:
    way, key = row["estimand"], KEYS[row["segment"]]
    name = key if way == "respondents" else f"{key}_{way}"
    label = f"observed share of {COUNTED[way]}: {row['segment']}"
    return Figure.from_row(
        name, row, unit="share", grade="C", label=label, withheld=FEW_ACCOUNTS
    )  # fmt: skip


def _revenue(found: LoyaltyMatrix, currency: str) -> list[Figure]:
    """Revenue of the accounts with an answer on both sides, and how many carry it."""
    row = found.share("Trapped", "revenue")
    counted = partial(Figure, base=int(row["accounts"]), base_unit="accounts")
    return [
        counted("revenue_answered", found.revenue, unit=f"money:{currency}",
                label="yearly revenue of accounts that answered"),
        counted("revenue_effective", float(row["effective"]), unit="count",
                label="equal accounts that would count like the revenue"),
    ]  # fmt: skip


def _over_cuts(found: LoyaltyMatrix | Membership, suffix: str, how: str) -> list[Figure]:
    """How far the share of the truly loyal depends on the cut-offs."""
    low, high = found.range(SEGMENTS[0])
    counted = partial(Figure, unit="share", base=found.base)
    ends = {"strict": (low, "higher"), "lenient": (high, "lower")}
    return [
        counted(f"truly_loyal_{end}{suffix}", value,
                label=f"Truly Loyal, {how}, with both cut-offs {moved}")
        for end, (value, moved) in ends.items()
    ]  # fmt: skip


def satisfied(
    found: Satisfied,
    answers: pd.Series,
    scale: tuple[float, float],
    cut: float,
    *,
    turned: bool = False,
) -> dict[str, Figure]:
    """Satisfied beside truly loyal, observed, and the answer that counts as satisfied."""
    among = "observed share of the satisfied who are truly loyal"
    fewest, most = found.range
    counted = partial(Figure, unit="share", base=found.base)
    shared = partial(figure, unit="share", grade="C")
    return by_name(
        counted("loyal_of_satisfied_lowest", fewest, label=f"{among}, lowest over the lines tried"),
        counted("loyal_of_satisfied_highest", most, label=f"{among}, highest over the lines tried"),
        shared("satisfied", found.estimates["satisfied"], label="share of satisfied"),
        shared(
            "loyal_of_satisfied",
            found.estimates["loyal_of_satisfied"],
            label=among,
            verdict=found.verdict,
        ),
        *quotable(satisfied_from=answers_from(answers.dropna(), scale, cut, turned=turned)),
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
    """How firmly people can be placed, and how the base divides, corrected; on every line too."""
    how = "corrected for measurement error"
    counted = partial(Figure.from_row, base=found.base, unit="share", grade="C")
    figures = [
        counted(
            f"{KEYS[row['segment']]}_true", row, label=f"share of people: {row['segment']}, {how}"
        )
        for row in records(found.expected)
    ]
    label = "people placed with a chance of at least four in five"
    firm = figure("firm", found.firm, unit="share", grade="C", label=label)
    return by_name(firm, *figures, *_over_cuts(found, "", how))


def colleagues(found: Estimate) -> dict[str, Figure]:
    """How alike the people of one account are."""
    label = "share of differences in loyalty that lies between accounts"
    return by_name(figure("icc", found, unit="correlation", grade="C", label=label))


def roll_up(found: RollUp, currency: str = "") -> dict[str, Figure]:
    """What depends on the rule that turns people into accounts, and the revenue that is Trapped."""
    counted = partial(Figure, base=found.base, base_unit="accounts", grade="C")
    counts = {
        "rolled_accounts": (found.base, "accounts with an answer on both sides"),
        "several_accounts": (found.several, "accounts with two or more respondents"),
        "rule_changes": (found.changed, "accounts whose segment depends on the rule"),
        "decider_low": (
            int(found.table["decider_low"].sum()),
            "accounts with a decision maker at High Risk behind a better mean",
        ),
        **_beside_mean(found),
    }
    alone = float((found.table["respondents"] == 1).mean())
    hanging = "revenue of accounts whose segment depends on the rule"
    figures = [
        *(counted(n, value, unit="count", label=label) for n, (value, label) in counts.items()),
        counted("single_voice", alone, unit="share", label="accounts with one respondent"),
    ]
    if pd.notna(found.hanging):
        figures.append(counted("rule_revenue", found.hanging, unit="share", label=hanging))
    return by_name(*figures, *_trapped(found, currency), *_rule_doubts(found), *_gap(found))


def _beside_mean(found: RollUp) -> dict[str, tuple[int, str]]:
    """Accounts whose interval lies below the mean, above it and about it, where any has one."""
    if not sum(found.beside_mean):
        return {}
    places = {"below": "below", "above": "above", "alike": "not distinguishable from"}
    return {
        f"accounts_{name}": (number, f"accounts {place} the mean of all")
        for (name, place), number in zip(places.items(), found.beside_mean, strict=True)
    }


def _trapped(found: RollUp, currency: str) -> list[Figure]:
    """Accounts that are Trapped and their yearly revenue, by chances where there are any."""
    counted = partial(Figure, base=found.base, base_unit="accounts", grade="C")
    trapped = found.segment_shares[found.segment_shares["segment"] == "Trapped"]
    rows = {row["counted"]: row for row in records(trapped)}
    figures = []
    if "accounts" in rows:
        number, label = round(rows["accounts"]["value"] * found.base), "accounts that are Trapped"
        figures = [counted("accounts_trapped", number, unit="count", label=label)]
    if "revenue" in rows and currency:
        label = "yearly revenue of accounts that are Trapped"
        figures += [
            Figure.from_row("trapped_money", rows["revenue"], base=found.base, grade="C",
                            base_unit="accounts", factor=found.revenue, label=label,
                            unit=f"money:{currency}", withheld=FEW_ACCOUNTS)
        ]  # fmt: skip
    return figures


def _rule_doubts(found: RollUp) -> list[Figure]:
    """The two rules that agree least, and how reliable an account's score is."""
    trust = partial(Figure.from_row, unit="correlation", base_unit="accounts", grade="C")
    known = found.agreement.dropna(subset=["rank_correlation"]).sort_values("rank_correlation")
    ends, label = ("rank_correlation", "low", "high"), "lowest rank correlation between two rules"
    figures = [
        trust("rank_lowest", row, ends, base=found.several, label=label)
        for row in records(known.head(1))
    ]
    if pd.notna(found.scores.reliability):
        label, row = "reliability of an account's loyalty score", {"of": found.scores.reliability}
        figures.append(trust("account_reliability", row, ["of"], base=found.base, label=label))
    return figures


def _gap(found: RollUp) -> list[Figure]:
    """Decision makers less their colleagues, within accounts."""
    if found.gap is None:
        return []
    gap = found.gap
    return [
        Figure("decider_gap", gap.value, gap.low, gap.high, "points", gap.base, "accounts", "C",
               label="loyalty of decision makers less that of their colleagues",
               verdict=found.gap_verdict, p=gap.p_value)
    ]  # fmt: skip


def against_benchmarks(found: Benchmarks) -> dict[str, Figure]:
    """Where the first comparable score stands among other companies."""
    for row in records(found.table.head(1)):
        label = f"companies of the benchmark with a worse {row['label']}"
        ends = ("position", "position_low", "position_high")
        position = Figure.from_row(
            "benchmark_position", row, ends, unit="share", grade="C", label=label
        )
        texts = {"benchmark_label": str(row["label"]), "benchmark_source": str(row["source"])}
        return by_name(position, *quotable(**texts))
    return {}


def breakdown(found: Breakdown, unit: str) -> dict[str, Figure]:
    """The best group, as the inner benchmark, and whether it is above the rest."""
    best, kinds = found.best, _kinds_apart(found)
    if best is None:
        return by_name(*kinds)
    sure = float(best["p_adjusted"]) <= level(CONFIDENCE)  # best of all, on the side
    above = sure and round(float(best["difference_low"]), digits(unit)) > 0
    score = Figure.from_row(
        "best_group_score", best, unit=unit, grade="C", label="score of the best group",
        verdict="above" if above else "not clear",
        p=least([best["p_adjusted"]], [best["difference"] > 0]),
    )  # fmt: skip
    named = quotable(best_group=of_group(best["column"], best["group"]))
    return by_name(score, *named, *kinds)


def _kinds_apart(found: Breakdown) -> list[Figure]:
    """The kinds of group between which the score surely differs."""
    if found.kinds.empty:
        return []
    apart = found.kinds.loc[found.kinds["apart"].astype(bool), "column"]
    names = listed([plain(str(name)) for name in apart]) or "none"
    verdict = "some" if len(apart) else "none"
    p = least(found.kinds["p_adjusted"])
    label = "kinds of groups that differ"
    return [Figure("kinds_apart", names, unit="text", label=label, verdict=verdict, p=p)]
