"""The loyalty chapter's tables as a reader sees them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from helpers.methods.loyalty import (
    Axes,
    Benchmarks,
    Breakdown,
    LoyaltyMatrix,
    Membership,
    RollUp,
    Satisfied,
    Trend,
)
from helpers.methods.loyalty.segments import SEGMENTS
from helpers.methods.measure import Measure
from helpers.methods.scorecard import Scorecard
from helpers.results import Figure
from helpers.views.loyalty.declared import MEANINGS
from helpers.views.loyalty.figures import RELATION, answers_from
from helpers.views.loyalty.figures_change import (
    digits,
    in_points,
    judged,
    step_figure,
    unweighted,
)
from helpers.views.loyalty.sentences_change import reading
from helpers.views.loyalty.shares import CORRECTED, leading_shares
from helpers.views.rendering.naming import of_group
from helpers.views.rendering.numerals import decimal, formatter, percent, span
from helpers.views.rendering.records import records

WITHHELD = "withheld"
LOWEST, HIGHEST = 0.1, 0.9  # of a benchmark: it tells nothing beyond
DECLARED = {True: "as declared", False: ""}
RULES = {
    "count_all": "Most of its people",
    "account_mean": "Mean of its people",
    "most_senior": "Most senior people",
    "role_weighted": "Deciders count more",
}


def relation_rows(found: Axes) -> pd.DataFrame:
    """What the axes table shows: reliability of each, then their relation."""
    names = found.table["axis"].str.capitalize()
    questions = found.table["questions"].astype(str)
    alphas = found.table.rename(columns={"alpha": "value", "alpha_sample": "sample"}).assign(
        what=names + ": reliability, " + questions + " questions (Cronbach's alpha)"
    )
    omegas = found.table.dropna(subset=["omega"])
    omegas = pd.DataFrame(
        {"what": names[omegas.index] + ": reliability (omega)", "value": omegas["omega"]}
    )
    relation = found.relation.assign(what=found.relation["measure"].map(RELATION))
    every = pd.concat([alphas, omegas, relation], ignore_index=True)
    return every[["what", "value", "low", "high", "sample"]]


def segment_rows(
    found: LoyaltyMatrix, chances: Membership | None = None, rolled: RollUp | None = None
) -> pd.DataFrame:
    """One row a segment: its share of people, of accounts and of revenue, and what was observed."""
    shares = leading_shares(found, chances, rolled)
    if rolled is None:  # accounts have their own section
        shares = shares[shares["counted"] == "people"]
    table = pd.DataFrame({"segment": SEGMENTS, "meaning": [MEANINGS[name] for name in SEGMENTS]})
    for counted, part in shares.groupby("counted", sort=False):
        written = {row["segment"]: _with_interval(row) for row in records(part)}
        table[str(counted)] = table["segment"].map(written)
    if (shares.loc[shares["counted"] == "people", "how"] == CORRECTED).all():
        table["observed"] = [percent(found.share(name)["value"]) for name in SEGMENTS]
    return table


def _with_interval(row: Mapping[str, Any] | pd.Series) -> str:
    if pd.isna(row["value"]):
        return WITHHELD
    return f"{percent(row['value'])} ({span(row['low'], row['high'], 'share')})"


def sensitivity_rows(found: LoyaltyMatrix | Membership) -> pd.DataFrame:
    """One row a pair of cut-offs, one column a segment."""
    wide = found.sensitivity.pivot_table(
        index=["attitude_cut", "behaviour_cut", "declared"], columns="segment", values="value"
    ).reset_index()
    return wide.assign(which=wide["declared"].map(DECLARED))


def satisfied_rows(
    found: Satisfied, answers: pd.Series, scale: tuple[float, float], *, turned: bool = False
) -> pd.DataFrame:
    """One row a line for satisfied, on the scale of the question."""
    table, given = found.sensitivity, answers.dropna()
    return table.assign(
        line=[answers_from(given, scale, cut, turned=turned) for cut in table["cut"]],
        which=table["declared"].map(DECLARED),
    )


def rule_rows(found: RollUp) -> pd.DataFrame:
    """One row a pair of rules, named as a reader would."""
    table = found.agreement
    return table.assign(rule=table["rule"].map(RULES), other=table["other"].map(RULES))


def share_rows(found: RollUp, votes: LoyaltyMatrix) -> pd.DataFrame:
    """One row a rule: each segment's share of accounts and, where known, of their revenue."""
    chances = found.segment_shares[found.segment_shares["way"] == "chances"]
    by_chances = chances.pivot_table(index="segment", columns="counted", values="value")
    parts = votes.table.pivot(index="segment", columns="estimand", values="value")
    parts["withheld"] = votes.table.groupby("segment")["withheld"].any()
    by_rule = {
        RULES[str(rule)]: part.set_index("segment").assign(accounts=part["value"].to_numpy())
        for rule, part in found.shares.groupby("rule", sort=False)
    }
    ways = {"Chances of each account": by_chances} | by_rule | {"Each person a part of it": parts}
    rows = [
        {"rule": way} | {segment: _of_both(part.loc[[segment]].iloc[0]) for segment in SEGMENTS}
        for way, part in ways.items()
        if "accounts" in part
    ]
    return pd.DataFrame(rows)


def _of_both(row: pd.Series) -> str:
    """A share of accounts and one of revenue, where it is known."""
    shares = [percent(row[name]) for name in ("accounts", "revenue") if pd.notna(row.get(name))]
    return " / ".join([*shares, WITHHELD] if bool(row.get("withheld", False)) else shares)


def trend_rows(
    card: Scorecard,
    chosen: Sequence[Measure],
    moved: Trend | None,
    wave: str,
    *,
    smallest: float,
    targets: Mapping[str, float],
) -> pd.DataFrame:
    """The scorecard: each score now, its change since last wave in words, and its target."""
    rows = []
    for measure, one in zip(chosen, records(card.table), strict=True):
        step = moved.last(measure.name, wave) if moved else None
        rows.append(
            {"label": measure.label, "unit": measure.unit,
             **{name: one[name] for name in ("base", "value", "low", "high", "sample")},
             **_step(measure, step, smallest), **_target(measure, one, targets)}
        )  # fmt: skip
    return pd.DataFrame(rows)


def _step(measure: Measure, step: pd.Series | None, smallest: float) -> dict[str, str]:
    if step is None:
        return {"change": "–", "reading": "no earlier wave to compare with", "chance": "–"}
    plain = unweighted("change", step, measure)
    change = judged(step_figure("change", step, measure), measure, smallest, plain)
    said = reading(change, better=measure.better)
    beside = "–" if plain is None else change_written(plain)
    return {
        "change": change_written(change),
        "reading": f"{said} {beside}" if change.verdict == "apart" else said,
        "unweighted": beside,
        "chance": _chance(step, measure),
    }


def _chance(step: pd.Series, measure: Measure) -> str:
    """How likely a change truly went its way, and by more than matters."""
    scale, unit = in_points(measure)
    way = "fell" if step["value"] < 0 else "rose"
    far = decimal(float(step["matters"]) * scale, digits(unit))
    return f"{way} {percent(step['chance'])}; by over {far}: {percent(step['chance_beyond'])}"


def change_written(change: Figure) -> str:
    """A change with its interval, all three signed."""
    value, low, high = (
        decimal(float(end or 0), digits(change.unit), signed=True)
        for end in (change.value, change.low, change.high)
    )
    return f"{value} ({low} to {high})"


def _target(
    measure: Measure, one: Mapping[str, float], targets: Mapping[str, float]
) -> dict[str, str]:
    target = targets.get(measure.name)
    if target is None:
        return {"target": "–", "against": ""}
    if not measure.ends[0] <= target <= measure.ends[1]:
        raise ValueError(
            f"client.yml: the target of {measure.name} is {target:g}, outside its scale from "
            f"{measure.ends[0]:g} to {measure.ends[1]:g}; write a share of 60 % as 0.6"
        )
    side = against(one["low"], one["high"], target, better=measure.better)
    return {"target": formatter(measure.unit)(target), "against": side}


def benchmark_rows(found: Benchmarks, chosen: Sequence[Measure]) -> pd.DataFrame:
    """Comparisons as a reader sees them."""
    table = found.table
    places = table[["position", "position_low", "position_high"]].map(worse_than)
    return table.assign(
        unit=table["measure"].map({m.name: m.unit for m in chosen}),
        worse=places["position"],
        between=places["position_low"] + " to " + places["position_high"],
        of=[
            f"{r['source']}, {r['year']}, {r['mode']}, {r['companies']:.0f} companies"
            for r in records(table)
        ],
    )


def breakdown_rows(found: Breakdown, unit: str) -> pd.DataFrame:
    """One row a group; differences only where they were tested."""
    return pd.DataFrame([_group_row(row, unit) for row in records(found.table)])


def _group_row(row: Mapping[str, Any], unit: str) -> dict[str, object]:
    places = digits(unit)
    signed = [
        decimal(row[name], places, signed=True)
        for name in ("difference", "difference_low", "difference_high")
    ]
    difference, between = (signed[0], " to ".join(signed[1:])) if row["tested"] else ("–", "–")
    return {
        "group": of_group(row["column"], row["group"]),
        "base": row["base"],
        "shown": WITHHELD if row["withheld"] else formatter(unit)(row["value"]),
        "range": span(row["low"], row["high"], unit),
        "difference": difference,
        "between": between,
        "remark": differs(row, places),
    }


def step_rows(found: Trend, lead: Measure, smallest: float) -> pd.DataFrame:
    """Every change of the leading score from one wave to the next, in words."""
    kept = found.table[found.table["measure"] == lead.name]
    rows = [{"before": row["before"], "wave": row["wave"], "base": row["base"],
             "p": row["p_adjusted"], **_step(lead, pd.Series(row), smallest)}
            for row in records(kept)]  # fmt: skip
    columns = ["before", "wave", "base", "p", "change", "reading", "unweighted"]
    return pd.DataFrame(rows, columns=columns)


def against(low: float, high: float, target: float, *, better: int = 1) -> str:
    """Where a score stands against its target, as far as its interval tells.

    >>> against(37.6, 43.2, 36.0), against(37.6, 43.2, 40.0)
    ('met', 'cannot be told')
    """
    beyond, short = (low >= target, high < target) if better > 0 else (high <= target, low > target)
    return "met" if beyond else "missed" if short else "cannot be told"


def worse_than(position: float) -> str:
    """A position among companies; a benchmark tells nothing beyond its outer tenths.

    >>> worse_than(0.475), worse_than(0.9), worse_than(0.1)
    ('48%', 'over 90%', 'under 10%')
    """
    if position >= HIGHEST:
        return f"over {percent(HIGHEST)}"
    return f"under {percent(LOWEST)}" if position <= LOWEST else percent(position)


def differs(row: Mapping[str, Any], places: int = 1) -> str:
    """What may be said of a group: withheld, untested, or how it differs from the rest.

    An end of the interval that is written as 0, with so many ``places``, does not lie beyond 0.
    """
    remark = str(row["remark"])
    if not row["tested"]:
        return remark
    low, high = (round(float(row[f"difference_{end}"]), places) for end in ("low", "high"))
    word = "higher" if low > 0 else "lower" if high < 0 else "no clear difference"
    return f"{word}; {remark}" if remark else word
