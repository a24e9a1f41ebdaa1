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
from helpers.views.loyalty import sentences as words
from helpers.views.loyalty import sentences_change as changing
from helpers.views.loyalty.figures import RELATION, answers_from
from helpers.views.loyalty.figures_change import answered, in_points, step_figure
from helpers.views.rendering.naming import of_group
from helpers.views.rendering.numerals import decimal, formatter, percent, span
from helpers.views.rendering.records import records

__all__ = [
    "benchmark_rows",
    "breakdown_rows",
    "called",
    "change_written",
    "relation_rows",
    "rule_rows",
    "satisfied_rows",
    "segment_rows",
    "sensitivity_rows",
    "share_rows",
    "step_rows",
    "trend_rows",
]

RULES = {
    "count_all": "Most of its people",
    "account_mean": "Mean of its people",
    "most_senior": "Most senior people",
    "role_weighted": "Deciders count more",
}


def relation_rows(found: Axes) -> pd.DataFrame:
    """What the axes table shows: reliability of each, then their relation."""
    alphas = found.table.assign(
        what=[f"{r['axis'].capitalize()}: reliability, {r['questions']} questions (alpha)"
              for r in records(found.table)], value=found.table["alpha"])  # fmt: skip
    omegas = found.table.dropna(subset=["omega"])
    omegas = omegas.assign(
        what=[f"{r['axis'].capitalize()}: reliability (omega)" for r in records(omegas)],
        value=omegas["omega"], low=float("nan"), high=float("nan"),
    )  # fmt: skip
    relation = found.relation.assign(what=found.relation["measure"].map(RELATION))
    columns = ["what", "value", "low", "high", "base"]
    return pd.concat([alphas[columns], omegas[columns], relation[columns]], ignore_index=True)


def segment_rows(
    found: LoyaltyMatrix, chances: Membership | None = None, rolled: RollUp | None = None
) -> pd.DataFrame:
    """One row a segment: its share of people, true and as answered, of accounts and of revenue."""
    rows = []
    for segment in SEGMENTS:
        row: dict[str, object] = {"segment": segment, "meaning": words.MEANINGS[segment]}
        if chances is not None:
            row["true"] = _with_interval(chances.share(segment))
        plain = found.share(segment)
        row["answered"] = percent(plain["value"]) if "true" in row else _with_interval(plain)
        held = pd.DataFrame() if rolled is None else rolled.held
        for one in records(held[held["segment"] == segment]) if len(held) else ():
            row[one["counted"]] = _with_interval(one)
        rows.append(row)
    return pd.DataFrame(rows)


def _with_interval(row: Mapping[str, Any] | pd.Series) -> str:
    if pd.isna(row["value"]):
        return words.WITHHELD
    return f"{percent(row['value'])} ({span(row['low'], row['high'], 'share')})"


def sensitivity_rows(found: LoyaltyMatrix | Membership) -> pd.DataFrame:
    """One row a pair of cut-offs, one column a segment."""
    wide = found.sensitivity.pivot_table(
        index=["attitude_cut", "behaviour_cut", "declared"], columns="segment", values="value"
    ).reset_index()
    return wide.assign(which=["as declared" if d else "" for d in wide["declared"]])


def satisfied_rows(
    found: Satisfied, answers: pd.Series, scale: tuple[float, float], *, turned: bool = False
) -> pd.DataFrame:
    """One row a line for satisfied, on the scale of the question."""
    table, given = found.sensitivity, answers.dropna()
    return table.assign(
        line=[answers_from(given, scale, cut, turned=turned) for cut in table["cut"]],
        which=["as declared" if declared else "" for declared in table["declared"]],
    )


def rule_rows(found: RollUp) -> pd.DataFrame:
    """One row a pair of rules, named as a reader would."""
    table = found.agreement
    return table.assign(rule=table["rule"].map(RULES), other=table["other"].map(RULES))


def share_rows(found: RollUp, votes: LoyaltyMatrix) -> pd.DataFrame:
    """One row a rule: each segment's share of accounts and, where known, of their revenue."""
    chances = found.held[found.held["way"] == "chances"]
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
    return " / ".join([*shares, words.WITHHELD] if bool(row.get("withheld", False)) else shares)


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
            {"label": measure.label, "base": one["base"],
             "shown": formatter(measure.unit)(one["value"]),
             "range": span(one["low"], one["high"], measure.unit),
             **_step(measure, step, smallest), **_target(measure, one, targets)}
        )  # fmt: skip
    return pd.DataFrame(rows)


def _step(measure: Measure, step: pd.Series | None, smallest: float) -> dict[str, str]:
    if step is None:
        return {"change": "–", "reading": "no earlier wave to compare with"}
    found, plain = step_figure("change", step, measure), answered("change", step, measure)
    matters = smallest * measure.length * in_points(measure)[0]
    said = changing.reading(found, matters, better=measure.better, beside=plain)
    beside = "–" if plain is None else change_written(plain)
    apart = changing.verdict(found, matters, plain) == changing.APART
    return {
        "change": change_written(found),
        "reading": f"{said} {beside}" if apart else said,
        "answered": beside,
    }


def change_written(change: Figure) -> str:
    """A change with its interval, all three signed."""
    value, low, high = (
        decimal(float(end or 0), changing.digits(change.unit), signed=True)
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
    side = words.against(one["low"], one["high"], target, better=measure.better)
    return {"target": formatter(measure.unit)(target), "against": side}


def benchmark_rows(found: Benchmarks, chosen: Sequence[Measure]) -> pd.DataFrame:
    """Comparisons as a reader sees them."""
    units = {m.name: m.unit for m in chosen}
    table = found.table
    rows = records(table)
    return table.assign(
        shown=[formatter(units[r["measure"]])(r["value"]) for r in rows],
        range=[span(r["low"], r["high"], units[r["measure"]]) for r in rows],
        middle=[formatter(units[r["measure"]])(r["median"]) for r in rows],
        worse=[words.worse_than(r["position"]) for r in rows],
        between=[
            f"{words.worse_than(r['position_low'])} to {words.worse_than(r['position_high'])}"
            for r in rows
        ],
        of=[
            f"{r['source']}, {r['year']}, {r['mode']}, {r['companies']:.0f} companies" for r in rows
        ],
    )


def breakdown_rows(found: Breakdown, unit: str) -> pd.DataFrame:
    """One row a group; differences only where they were tested."""
    rows, digits = [], 2 if unit == "scale" else 1
    for row in records(found.table):
        shown = words.WITHHELD if row["withheld"] else formatter(unit)(row["value"])
        tested = bool(row["tested"])
        ends = [decimal(row[f"difference_{end}"], digits, signed=True) for end in ("low", "high")]
        rows.append(
            {
                "group": of_group(row["column"], row["group"]),
                "base": row["base"],
                "shown": shown,
                "range": span(row["low"], row["high"], unit),
                "difference": decimal(row["difference"], digits, signed=True) if tested else "–",
                "between": " to ".join(ends) if tested else "–",
                "remark": words.differs(row, digits),
            }
        )
    return pd.DataFrame(rows)


def step_rows(found: Trend, lead: Measure, smallest: float) -> pd.DataFrame:
    """Every change of the leading score from one wave to the next, in words."""
    kept = found.table[found.table["measure"] == lead.name]
    rows = [{"before": row["before"], "wave": row["wave"], "base": row["base"],
             "p": row["p_adjusted"], **_step(lead, pd.Series(row), smallest)}
            for row in records(kept)]  # fmt: skip
    columns = ["before", "wave", "base", "p", "change", "reading", "answered"]
    return pd.DataFrame(rows, columns=columns)


def called(found: RollUp, names: Mapping[str, str], revenue: pd.Series | None) -> pd.DataFrame:
    """Accounts to talk to: High Risk first, then those that bring most, or the surest."""
    money = pd.Series(dtype=float) if revenue is None else revenue
    chosen = found.singled_out
    table = found.table.loc[chosen.index]
    table = table.assign(
        name=table["account_id"].map(names),
        revenue=table["account_id"].map(money).astype(float),
        answered=table["segment_account_mean"],
        likely=chosen["segment"],
        chance=chosen["chance"],
    )
    table = table.assign(risk=table["likely"] == "High Risk")
    return table.sort_values(["risk", "revenue", "chance"], ascending=False, kind="stable")
