"""What the drivers chapter may quote of effects: what is explained, and who comes first."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd

from helpers.methods.drivers import Importance, Joint, Performance, Priorities
from helpers.results import Figure
from helpers.views.rendering.attempts import Attempt
from helpers.views.rendering.declared import by_name, declare
from helpers.views.rendering.naming import Labels, named
from helpers.views.rendering.rules import listed, quotable

PARTS = {  # of the page that are attempted: their figures
    "shapes": ("shapes_judged", "floors", "delighters", "bend_beside"),
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
}  # fmt: skip
DECLARED = declare(
    "respondents", "drivers", "r_squared", "equal_share", "largest_share", "only_driver", "tangled",
    "dominant_held", "dominant_alike", "dominant_first", "dominant_with", "dominant_without",
    "lowest_rated", "outcome_label", "points", "step", "owner", "top_driver", "top_effect",
    "top_mean", "top_first", "alike", "alike_some", "alike_any", "alike_drivers", "unsettled",
    "least_driver", "least_effect", "leaning", "leaning_drivers", "raw_mean", "raw_effect",
    "lead_driver", "next_driver", "lead_first", "next_first", "improve", "improve_not_clear",
    "placed_of", "lift_driver", "lift", "lift_target", "lift_reach", "lift_headroom", "lift_first",
    *(name for names in PARTS.values() for name in names if name not in VERDICTS),
    **VERDICTS,
)  # fmt: skip

CHANCE = "chance of "  # how the outcome of a yes-or-no question is called
CHANCE_ALONE = 0.05  # p of the joint test above which the page says that shares say nothing
MOST_NAMED = 4  # drivers that cannot be told apart; beyond, how many of how many is said
MOST_LEADING = 2  # drivers to ask about where none is clear


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
    figures = [
        *quotable(lowest_rated=found.raw_first, **_called(outcome_label, unit)),
        *quotable(step="a tenth of its scale" if found.by_scale else "one point"),
        Figure("clear_drivers", len(found.clear), unit="count", base=shares.base,
               verdict=found.verdict),
        Figure("leaning_drivers", len(found.leaning), unit="count", base=shares.base),
        *_raw(found, shares, rated, labels, unit),
    ]  # fmt: skip
    if found.leaning:
        figures += quotable(leaning=listed(named(found.leaning, labels)))
    if found.first is not None:
        first = labels.get(found.first, found.first)
        figures += [
            *quotable(top_driver=first),
            _effect("top_effect", found.first, found, shares, unit, first),
            _top_share(found.first, shares),
            *_alike(found, shares, rated, labels, unit),
        ]
    return by_name(*figures)


def _raw(
    found: Priorities, shares: Importance, rated: Performance, labels: Labels, unit: str
) -> list[Figure]:
    """The lowest rated driver, and how it stands to the first."""
    name = found.raw_first
    effect = _effect("raw_effect", name, found, shares, unit, labels.get(name, name))
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
    index = f"the {outcome_label.lower()} index (0 to 100)"
    called = index if unit == "index" else f"“{outcome_label}”"
    return {"outcome_label": called, "points": "points"}


def _alike(
    found: Priorities, shares: Importance, rated: Performance, labels: Labels, unit: str
) -> list[Figure]:
    """Who cannot be told from the first, counted, and who may yet be as good."""
    open_to = named(found.unsettled, labels)
    alike = named(found.alike, labels)
    texts = {"unsettled": listed(open_to[:MOST_NAMED])} if open_to else {}
    if len(alike) == 1:
        return list(quotable(**texts))
    first = alike[:MOST_NAMED]
    texts["alike" if len(alike) == len(first) else "alike_some"] = listed(first)
    texts["alike_any"] = f"{', '.join(first[:-1])} or {first[-1]}"
    least = min(found.alike, key=lambda driver: _gain(driver, found))
    return [
        *quotable(**texts, least_driver=labels.get(least, least)),
        _effect("least_effect", least, found, shares, unit),
        Figure("alike_drivers", len(alike), unit="count", base=shares.base),
        _mean("top_mean", str(found.first), rated),
    ]


def _gain(driver: str, found: Priorities) -> float:
    row = _row(found.table, driver)
    return float(row["effect"] * (row["step"] if found.by_scale else 1.0))


def _row(table: pd.DataFrame, driver: str) -> pd.Series:
    return table[table["driver"] == driver].iloc[0]


def _effect(
    name: str, driver: str, found: Priorities, shares: Importance, unit: str, called: str = ""
) -> Figure:
    """The effect of a step of a driver: a point, or a tenth of its scale."""
    known = driver in set(shares.table["driver"])
    row = _row(shares.table, driver) if known else pd.Series(dtype=float)
    if pd.isna(row.get("effect")) or pd.isna(row.get("effect_low")):
        return Figure(name, None, unit=unit, withheld="its effect cannot be told apart")
    by = float(_row(found.table, driver)["step"]) if found.by_scale else 1.0
    what = "a tenth of the scale" if found.by_scale else "one point"
    label = f"{called or 'a driver'}: effect of {what} more, in points"
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
    if found.by_scale:
        table[["effect", *effects]] = table[["effect", *effects]].mul(table["step"], axis=0)
    return table.assign(label=named(table["driver"], labels))


def leads(found: Joint, chosen: Priorities, labels: Labels | None = None) -> dict[str, Figure]:
    """How often the first driver has the largest effect of a step within reach, in the bootstrap.

    Where no driver is clear: the two that lead most often, to be asked about next.
    """
    label = "how often its step within reach has the largest effect, in bootstrap samples"
    counted = partial(Figure, unit="share", base=found.base, label=label)
    if chosen.first is not None:
        chance = found.leads.get(chosen.first)
        return {} if chance is None else {"top_first": counted("top_first", chance)}
    often = sorted(found.leads.items(), key=lambda item: (-item[1], item[0]))[:MOST_LEADING]
    if len(often) < MOST_LEADING:
        return {}
    ahead = named([driver for driver, _ in often], labels or {})
    return by_name(
        *quotable(lead_driver=ahead[0], next_driver=ahead[1]),
        counted("lead_first", often[0][1]),
        counted("next_first", often[1][1]),
    )


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
