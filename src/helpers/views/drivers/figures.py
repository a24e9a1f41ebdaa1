"""What the drivers chapter may quote of effects: what is explained, and who comes first."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd

from helpers.methods.drivers import Costed, Importance, Performance, Priorities, Ranking
from helpers.results import Figure
from helpers.views.rendering.attempts import Attempt
from helpers.views.rendering.declared import by_name, declare
from helpers.views.rendering.naming import Labels, named, score_called
from helpers.views.rendering.rules import listed, quotable

PARTS = {  # of the page that are attempted: their figures
    "shapes": ("shapes_judged", "floors", "delighters", "floors_count", "delighters_count",
               "bend_beside"),
    "curves": ("curves", "bends", "levelling", "taking", "bend_driver", "bend_where", "bend_at",
               "bend_below", "bend_above"),
    "stated": ("agreed", "hidden", "entry", "neither", "unplaced"),
    "segments": ("segment_tests", "segment_differences", "segment_seen", "segment_driver",
                 "segment_by", "segment_least", "segment_most", "segment_least_effect",
                 "segment_most_effect"),
    "asked": ("asked_drivers", "asked_driver", "asked_share", "asked_effect", "asked_lift"),
}  # fmt: skip
VERDICTS = {
    "clear_drivers": ("first", "single", "alike", "leaning", "none", "only", "only, not clear"),
    "begin_best": ("all but certain", "open"),
    "raw_driver": ("first", "rival", "against", "no effect", "leaning", "not first", "untold",
                   "leaning, none clear", "none clear", "only"),
    "halo_correlation": ("hardly", "somewhat", "strongly"),
    "joint_p": ("chance", "more than chance"),
    "top_importance": ("above an equal split", "may be an equal split"),
    "shapes_judged": ("both", "floors", "delighters", "none"),
    "bends": ("none", "levels off", "takes off", "several"),
    "placed_firm": ("clear", "in part", "not clear", "none"),
    "unplaced": ("some placed", "none placed"),
    "lifts_tried": ("clear", "not clear", "none"),
    "segment_differences": ("differ", "none shown"),
    "asked_drivers": ("clear", "lower", "not clear"),
    "waves": ("one", "agree", "some differ", "together", "not tested"),
}  # fmt: skip
DECLARED = declare(
    "respondents", "drivers", "r_squared", "equal_share", "largest_share", "only_driver", "tangled",
    "dominant_held", "dominant_alike", "dominant_first", "dominant_with", "dominant_without",
    "lowest_rated", "outcome_label", "points", "step", "owner", "top_driver", "top_effect",
    "rivals", "rivals_some", "rivals_count", "intervals_clear", "begin_driver", "begin_regret",
    "begin_by_lot", "begin_second", "begin_instead", "begin_moved", "inside_of", "inside_driver",
    "inside_best", "inside_drivers", "leaning", "leaning_drivers", "raw_mean", "raw_effect",
    "lead_driver", "next_driver", "improve", "improve_not_clear",
    "cost_action", "cost_gain", "cost_positive", "cost_spend", "cost_money", "cost_other",
    "cost_other_driver", "cost_other_gain", "placed_of", "waves_p", "waves_changed",
    "waves_silent", "respondents_last", "lift_driver", "lift", "lift_target",
    "lift_reach", "lift_headroom", "lift_first",
    *(name for names in PARTS.values() for name in names if name not in VERDICTS),
    **VERDICTS,
).claiming(
    clear_drivers=("first", "single", "alike", "only"),  # one that leans is said not to stand
    bends=("levels off", "takes off", "several"),
    segment_differences=("differ",),
    asked_drivers=("clear", "lower"),
)  # fmt: skip

SCALE = " (0 to 100)"  # of an index
CHANCE = "chance of "  # how the outcome of a yes-or-no question is called
CHANCE_ALONE = 0.05  # p of the joint test above which the page says that shares say nothing
CERTAIN = 0.99  # chance of being the best from which a page says so in words
MOST_NAMED = 4  # drivers that cannot be told apart; beyond, how many of how many is said


def yes_no(explained: Any) -> Any:  # noqa: ANN401
    """An outcome of two answers as the chance of the higher one, 0 to 100; others as they are.

    So that effects of a point come in percentage points.
    """
    if explained.high - explained.low != 1:
        return explained
    values = (explained.values - explained.low) * 100
    label = f"{CHANCE}“{explained.label}”"
    return replace(explained, values=values, label=label, unit="index", low=0.0, high=100.0)


def importance(found: Importance, labels: Labels | None = None) -> dict[str, Figure]:
    """How much is explained, how far the drivers move together, what one account holds."""
    counted = partial(Figure, base=found.base)
    drivers = len(found.table)
    figures = [
        counted("respondents", found.base, unit="count"),
        Figure("respondents_last", found.last, unit="count", base=found.last, base_unit="answers"),
        counted("drivers", drivers, unit="count"),
        _explained(found),
        counted("equal_share", 1 / drivers, unit="share1", label="equal split"),
    ]
    figures += quotable(largest_share=str(found.table["driver"].iloc[0]))
    halo = found.halo.mean_correlation
    if halo == halo:  # one driver has none
        label = "mean correlation between drivers"
        together = partial(counted, "halo_correlation", halo, unit="correlation")
        figures.append(together(label=label, verdict=found.halo.verdict))
    if drivers == 1:
        only = str(found.table["driver"].iloc[0])
        figures += quotable(only_driver=(labels or {}).get(only, only))
    tangled = found.table.loc[found.table["effect"].isna(), "driver"]
    if 0 < len(tangled) < drivers:
        figures += quotable(tangled=listed(named(sorted(tangled), labels or {})))
    if found.joint_p == found.joint_p:
        verdict = "chance" if found.joint_p > CHANCE_ALONE else "more than chance"
        figures.append(
            counted("joint_p", found.joint_p, unit="p", label="joint test", verdict=verdict)
        )
    figures += _dominant(found, labels or {})
    return by_name(*figures)


def _explained(found: Importance) -> Figure:
    """R² less what chance gives, with its interval; McFadden's as it is."""
    counted = partial(Figure, "r_squared", unit="share", base=found.base, grade="C")
    if found.adjusted != found.adjusted:
        return counted(value=found.r_squared, label="explained (McFadden's R²)")
    ends = (found.adjusted_low, found.adjusted_high)
    low, high = ends if ends[0] == ends[0] else (None, None)
    return counted(value=found.adjusted, low=low, high=high, label="explained (adjusted R²)")


def _dominant(found: Importance, labels: Labels) -> list[Figure]:
    """The largest account, where shares hang on it, and the first share without it."""
    large = found.dominant
    if large is None:
        return []
    counted = partial(Figure, base=found.base)
    label = "equal accounts that would tell as much"
    figures = [
        counted("dominant_held", large.held, unit="share", label="answers of one account"),
        counted("dominant_alike", large.alike, unit="decimal0", label=label),
    ]
    first = found.table.iloc[0]
    if first["driver"] in large.without:
        figures += quotable(dominant_first=labels.get(first["driver"], first["driver"]))
        without = large.without[first["driver"]]
        figures.append(counted("dominant_with", float(first["share"]), unit="share"))
        figures.append(counted("dominant_without", without, unit="share"))
    return figures


def priorities(
    found: Priorities,
    shares: Importance,
    rated: Performance,
    labels: Labels,
    unit: str,
    outcome_label: str,
) -> dict[str, Figure]:
    """The drivers to begin with, and the one that raw scores would have chosen."""
    words = _called(outcome_label, unit)
    of = f"{words['points']} of {words['outcome_label'].removesuffix(SCALE)}"
    figures = [
        *quotable(lowest_rated=found.raw_first, **words),
        *quotable(step="a tenth of its scale" if found.by_scale else "one point"),
        Figure("clear_drivers", len(found.clear), unit="count", base=shares.base,
               label="drivers with a clear effect", verdict=found.verdict, p=found.p),
        Figure("leaning_drivers", len(found.leaning), unit="count", base=shares.base),
        Figure("intervals_clear", _apart(shares), unit="count", base=shares.base),
        *_raw(found, shares, rated, labels, unit, of),
    ]  # fmt: skip
    if found.leaning:
        figures += quotable(leaning=listed(named(found.leaning, labels)))
    if found.first is not None:
        first = labels.get(found.first, found.first)
        figures += [
            *quotable(top_driver=first),
            _effect("top_effect", found.first, found, shares, unit, first, of),
            _top_share(found.first, shares),
            *_rivals(found, shares, labels),
        ]
    return by_name(*figures, *_begin(found, shares, labels, unit))


def _apart(shares: Importance) -> int:
    """Of how many drivers the interval of the effect clears zero, before any correction."""
    ends = shares.table[["effect_low", "effect_high"]]
    return int(((ends["effect_low"] > 0) | (ends["effect_high"] < 0)).sum())


def _raw(
    found: Priorities, shares: Importance, rated: Performance, labels: Labels, unit: str, of: str
) -> list[Figure]:
    """The lowest rated driver, and how it stands to the first."""
    name = found.raw_first
    effect = _effect("raw_effect", name, found, shares, unit, labels.get(name, name), of)
    called = replace(quotable(raw_driver=labels.get(name, name))[0], verdict=_to_raw(found, effect))
    return [called, _mean("raw_mean", name, rated), effect]


def _to_raw(found: Priorities, effect: Figure) -> str:
    """What choosing the lowest rated driver would have meant."""
    if len(found.table) == 1:
        return "only"
    leaning = found.raw_first in found.leaning
    if found.first is None:
        return "leaning, none clear" if leaning else "none clear"
    if found.agree or found.raw_first in found.alike:
        return "first" if found.agree else "rival"
    if effect.low is None or effect.high is None:
        return "untold"
    if effect.low <= 0:
        return "against" if effect.high < 0 else "no effect"
    return "leaning" if leaning else "not first"


def _called(outcome_label: str, unit: str) -> dict[str, str]:
    """How a sentence calls the outcome, and what its points are."""
    if outcome_label.startswith(CHANCE):
        return {"outcome_label": f"the {outcome_label}", "points": "percentage points"}
    return {"outcome_label": score_called(outcome_label, unit), "points": "points"}


def _rivals(found: Priorities, shares: Importance, labels: Labels) -> list[Figure]:
    """Who else cannot be told from the best."""
    others = [*(d for d in found.alike if d != found.first), *found.unsettled]
    if not others:
        return []
    if len(others) <= MOST_NAMED:
        return list(quotable(rivals=listed(named(others, labels))))
    return [
        *quotable(rivals_some=listed(named(others[:MOST_NAMED], labels))),
        Figure("rivals_count", len(others), unit="count", base=shares.base),
    ]


def _begin(found: Priorities, shares: Importance, labels: Labels, unit: str) -> list[Figure]:
    """The driver to begin with, how sure, what that loses, and what would change it.

    Where no effect is clear by itself: only if together they are, and this one's is likely.
    Else the two most likely to matter most are named, to be asked about.
    """
    chosen = found.chosen
    if chosen is None or chosen.second is None:
        return []
    if found.first is None and not (chosen.sound and shares.joint_p <= CHANCE_ALONE):
        often = chosen.table.sort_values(["best", "driver"], ascending=[False, True])["driver"]
        ahead = named(often.iloc[:2], labels)
        return list(quotable(lead_driver=ahead[0], next_driver=ahead[1]))
    counted = partial(Figure, base=shares.base)
    texts = {"begin_driver": chosen.first, "begin_second": chosen.second}
    figures = [
        *quotable(**dict(zip(texts, named(texts.values(), labels), strict=True))),
        counted("begin_best", chosen.best, unit="share", label="chance of being the best",
                verdict="all but certain" if chosen.best >= CERTAIN else "open"),
        counted("begin_regret", chosen.regret, unit=unit, label="expected loss against the best"),
        counted("begin_by_lot", chosen.by_lot, unit=unit, label="expected loss of a choice by lot"),
        counted("begin_moved", chosen.moved, unit="share",
                label="chance that as many answers again put another first"),
    ]  # fmt: skip
    if chosen.instead == chosen.instead:
        label = "part of the cost from which the next comes first"
        figures.append(counted("begin_instead", chosen.instead, unit="share", label=label))
    return figures


def _row(table: pd.DataFrame, driver: str) -> pd.Series:
    return table[table["driver"] == driver].iloc[0]


def _effect(
    name: str, driver: str, found: Priorities, shares: Importance, unit: str, called: str = "",
    of: str = "points",
) -> Figure:  # fmt: skip
    """The effect of a step of a driver, a point or a tenth of its scale, in points of a score."""
    known = driver in set(shares.table["driver"])
    row = _row(shares.table, driver) if known else pd.Series(dtype=float)
    if pd.isna(row.get("effect")) or pd.isna(row.get("effect_low")):
        return Figure(name, None, unit=unit, withheld="its effect cannot be told apart")
    by = float(_row(found.table, driver)["step"]) if found.by_scale else 1.0
    what = "a tenth of the scale" if found.by_scale else "one point"
    label = f"{called or 'a driver'}: effect of {what} more, in {of}"
    return Figure.from_row(name, row, ("effect", "effect_low", "effect_high"), factor=by, unit=unit,
                           base=shares.base, grade="C", label=label)  # fmt: skip


def _top_share(driver: str, shares: Importance) -> Figure:
    """The first driver's share of what is explained, against an equal split."""
    row = _row(shares.table, driver)
    alike = row["low"] < 1 / len(shares.table)
    return Figure.from_row(
        "top_importance", row, ("share", "low", "high"), base=shares.base, unit="share", grade="C",
        label="share of what is explained",
        verdict="may be an equal split" if alike else "above an equal split",
    )  # fmt: skip


def _mean(name: str, driver: str, rated: Performance) -> Figure:
    row, ends = _row(rated.table, driver), ("mean", "low", "high")
    return Figure.from_row(name, row, ends, unit="scale", grade="C", label="mean rating")


def rows(found: Priorities, shares: Importance, rated: Performance, labels: Labels) -> pd.DataFrame:
    """One row a driver: how it is rated, what it explains, the effect of a step."""
    means = rated.table[["driver", "low", "high", "base"]].rename(
        columns={"low": "mean_low", "high": "mean_high"}
    )
    effects = ["effect_low", "effect_high"]
    chances = shares.table[["driver", "low", "high", *effects, "top_1", "top_3"]]
    table = found.table.merge(means, on="driver").merge(chances, on="driver")
    likely = pd.DataFrame(columns=["driver", "best", "regret"])
    likely = likely if found.chosen is None else found.chosen.table[likely.columns]
    table = table.merge(likely, on="driver", how="left")
    if found.by_scale:
        table[["effect", *effects]] = table[["effect", *effects]].mul(table["step"], axis=0)
    return table.assign(label=named(table["driver"], labels))


def inside(found: Ranking, labels: Labels) -> dict[str, Figure]:
    """Where to begin within the group of questions to begin with; nothing where none is first."""
    if found.inside is None or found.chosen.begin is None:
        return {}
    counted = partial(Figure, base=found.importance.base)
    texts = {"inside_of": found.chosen.begin, "inside_driver": found.inside.first}
    return by_name(
        *quotable(**dict(zip(texts, named(texts.values(), labels), strict=True))),
        counted("inside_best", found.inside.best, unit="share",
                label="chance of being the best of its group"),
        counted("inside_drivers", len(found.inside.table), unit="count"),
    )  # fmt: skip


def within(found: Ranking) -> dict[str, pd.DataFrame]:
    """What each group explains, question by question; nothing without groups."""
    divided = found.importance.within
    return {} if divided is None else {"within": divided}


def costs(
    found: Costed, first: Collection[str], labels: Labels, unit: str, currency: str
) -> dict[str, Figure]:
    """What gains most for its cost on the first driver or group, and elsewhere with more."""
    best = found.best(first)
    if best is None:
        return {}
    counted, money = partial(Figure, base=found.base), f"money:{currency}"
    figures = [
        *quotable(cost_action=str(best["name"])),
        counted("cost_gain", float(best["for_cost"]), unit=unit, grade="C",
                label="expected gain for the money"),
        counted("cost_positive", float(best["positive"]), unit="share",
                label="chance of any gain"),
        Figure("cost_spend", float(best["cost"]), unit=money, label="cost of the action"),
        Figure("cost_money", found.money, unit=money, label="money that gains are told for"),
    ]  # fmt: skip
    top = found.best()
    if top is not None and top["for_cost"] > best["for_cost"]:
        driver = str(top["driver"])
        other = quotable(cost_other=str(top["name"]), cost_other_driver=labels.get(driver, driver))
        figures += [*other, counted("cost_other_gain", float(top["for_cost"]), unit=unit,
                                    label="expected gain for the money")]  # fmt: skip
    return by_name(*figures)


def owner(name: str) -> tuple[Figure, ...]:
    """Whose driver the first one is."""
    return quotable(owner=name or "to be named")


def untold(**attempts: Attempt[Any]) -> dict[str, str]:
    """Why the figures of a part of the page are not there, where it could not be computed."""
    return {
        name: attempt.reason
        for part, attempt in attempts.items()
        if attempt.found is None
        for name in PARTS[part]
    }


def likely(effects: pd.DataFrame, outcome: str) -> dict[str, pd.DataFrame]:
    """Draws of effects as later chapters read them: a row a draw and driver."""
    drawn = effects.rename_axis("draw").reset_index()
    long = drawn.melt("draw", var_name="driver", value_name="effect")
    return {"likely": long.assign(outcome=outcome)}
