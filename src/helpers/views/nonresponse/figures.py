"""What the page on those who did not answer may quote."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd

from helpers.methods.measure import Measure
from helpers.methods.nonresponse import EarlyLate, Exclusion, Followup, Propensity, Sensitivity
from helpers.methods.nonresponse.profiles import REST, UNKNOWN
from helpers.results import ChapterResult, Figure
from helpers.views.rendering.naming import of_group, plain
from helpers.views.rendering.numerals import decimal, formatter, percent, span
from helpers.views.rendering.records import records
from helpers.views.rendering.rules import listed, quotable

__all__ = [
    "CONTRAST",
    "bound_rows",
    "category_rows",
    "contrast_rows",
    "early_late",
    "early_rows",
    "everyone_asked",
    "exclusion",
    "followup",
    "listed_names",
    "named",
    "propensity",
    "range_rows",
    "scale",
    "score_of",
    "sensitivity",
    "unevenness",
    "variable_rows",
    "weighted_to",
]

OUTCOMES = {
    "retained": ("Still customers", "share"),
    "renewed": ("All contracts renewed", "share"),
    "growth_after": ("Growth of revenue (geometric mean)", "growth"),
    "tickets": ("Tickets opened", "decimal2"),
    "revenue_before": ("Revenue in the 12 months before", "money"),
}


CONTRAST: dict[str, tuple[str, str]] = {
    "label": ("Record", "text"),
    "group": ("Group", "written"),
    "rest": ("Rest", "written"),
    "difference": ("Difference", "written"),
    "range": ("Interval", "written"),
    "like": ("Like for like", "written"),
    "like_range": ("Interval", "written"),
    "p": ("p, corrected", "p"),
    "bases": ("Bases", "written"),
}


def listed_names(facts: pd.DataFrame | None) -> str:
    """What the list knows of accounts, in words.

    >>> listed_names(None)
    'nothing: the list knows nothing more'
    """
    if facts is None:
        return "nothing: the list knows nothing more"
    return listed([plain(name) for name in facts])


def _named(*figures: Figure) -> dict[str, Figure]:
    return {f.name: f for f in figures}


def propensity(found: Propensity) -> dict[str, Figure]:
    """How evenly people answer, and who answers least."""
    one = found.indicator
    counted = partial(Figure, base_unit="people asked")
    figures = [
        counted("r_indicator", one.value, one.low, one.high, unit="ratio", base=one.base,
                label="evenness of response (R-indicator)"),
        counted("worst_bias", one.worst_bias, unit="ratio", base=one.base,
                label="largest bias of an unweighted mean, in standard deviations of the answers"),
        counted("worst_bias_high", one.worst_bias_high, unit="ratio", base=one.base,
                label="upper end of that bias"),
        counted("response_share", found.response_rate, unit="share", base=found.base,
                label="share of people asked who answered"),
    ]  # fmt: skip
    least = _least(found)
    if least is not None:
        group, variable = plain(least["category"]), plain(least["variable"])
        figures += [
            *quotable(least_group=group, least_variable=variable),
            counted("least_rate", float(least["rate"]), float(least["low"]), float(least["high"]),
                    unit="share", base=int(least["asked"]), label="share that answered there"),
        ]  # fmt: skip
    return _named(*figures)


def _least(found: Propensity) -> dict[str, Any] | None:
    """The category that answers least, where that is clear; never the one not known."""
    known = found.table[~found.table["withheld"]]
    rows = [row for row in records(known) if row["category"] not in (UNKNOWN, REST)]
    least = min(rows, key=lambda row: float(row["rate"]), default=None)
    return least if least is not None and least["high"] < found.response_rate else None


def category_rows(found: Propensity) -> pd.DataFrame:
    """Each category with the share of it that answered, named with what it is a category of."""
    names = [of_group(row["variable"], row["category"]) for row in records(found.table)]
    return found.table.assign(name=names)


def variable_rows(found: Propensity) -> pd.DataFrame:
    """How much each thing on the list goes with answering or not."""
    return found.variables.assign(name=[plain(name) for name in found.variables["variable"]])


def unevenness(found: Propensity) -> str:
    """The chart's title: who answers least, where that is clear."""
    least = _least(found)
    if least is not None:
        who = f"{plain(least['variable'])} {plain(least['category'])}"
        return f"Fewest answers: {who}, {percent(float(least['rate']))}"
    return "No group answers clearly less than all"


def early_late(found: EarlyLate, unit: str) -> dict[str, Figure]:
    """How far late respondents lie from early ones on the leading score."""
    row = found.table.iloc[0]
    figures = [
        Figure("late_after", found.after_days, unit="decimal0", base=found.base,
               label="days after which an answer is late"),
    ]  # fmt: skip
    if pd.notna(row["difference"]) and pd.notna(row["low"]):
        figures.append(
            Figure("late_difference", float(row["difference"]), float(row["low"]),
                   float(row["high"]), unit=unit, base=found.base, grade="C",
                   label="late respondents less early ones")
        )  # fmt: skip
    return _named(*figures)


def early_rows(found: EarlyLate, measures: Sequence[Measure]) -> pd.DataFrame:
    """Late against early, each score written in its own unit."""
    units = {measure.label: measure.unit for measure in measures}
    return _written(found.table, lambda name: (name, units.get(name, "decimal2")))


def followup(found: Followup, currency: str) -> dict[str, Figure]:
    """What became of the silent beside those who answered, said where it stands."""
    figures = [
        Figure("followed", found.base, unit="count", base=found.base, base_unit="account surveys"),
        Figure("followed_accounts", found.accounts, unit="count", base=found.accounts,
               base_unit="accounts"),
        Figure("apart", len(found.apart), unit="count", base=found.base,
               base_unit="account surveys", label="records on which the silent differ"),
    ]  # fmt: skip
    rows = {row["outcome"]: row for row in records(found.table)}
    if found.apart:
        name = str(found.apart[0])
        label, unit = _outcome(name, currency)
        row = rows[name]
        counted = partial(Figure, unit=unit, base_unit="account surveys", grade="C")
        figures += [
            *quotable(apart_outcome=label.lower()),
            counted("apart_answered", float(row["group_mean"]), base=int(row["group_base"]),
                    label=f"{label}, accounts with an answer"),
            counted("apart_silent", float(row["rest_mean"]), base=int(row["rest_base"]),
                    label=f"{label}, accounts without"),
        ]  # fmt: skip
    return _named(*figures)


def exclusion(found: Exclusion) -> dict[str, Figure]:
    """Who was kept out, and whether that makes the survey look better."""
    counted = partial(Figure, base=found.base, base_unit="invitations")
    figures = [
        counted("kept_out", found.excluded, unit="count", label="people kept out"),
        counted("kept_out_share", found.share, unit="share1", label="share kept out"),
        counted("flattering", len(found.clear), unit="count",
                label="records on which those kept out surely do worse"),
        counted("pointing_down", found.worse, unit="count",
                label="records on which those kept out do worse, sure or not"),
        counted("judged", found.judged, unit="count", label="records compared"),
    ]  # fmt: skip
    if found.clear:
        figures += quotable(flattering_outcome=_outcome(found.clear[0], "")[0].lower())
    return _named(*figures)


def everyone_asked(asked: pd.DataFrame) -> dict[str, Figure]:
    """How many people were really asked."""
    n = len(asked)
    return _named(Figure("asked", n, unit="count", base=n, base_unit="people asked"))


def contrast_rows(found: Followup | Exclusion, currency: str) -> pd.DataFrame:
    """One group against the rest on each record, written in the record's unit."""
    return _written(found.table, lambda name: _outcome(name, currency))


def _outcome(name: str, currency: str) -> tuple[str, str]:
    label, unit = OUTCOMES.get(name, (plain(name).capitalize(), "decimal2"))
    return label, f"money:{currency}" if unit == "money" else unit


def _differences(unit: str) -> tuple[Callable[[float], str], Callable[[float, float], str]]:
    """How a difference and its interval are written: shares differ by percentage points."""
    if unit != "share":
        return formatter(unit), lambda low, high: span(low, high, unit)
    return (
        lambda value: decimal(value * 100),
        lambda low, high: span(low * 100, high * 100, "decimal1"),
    )


def _written(table: pd.DataFrame, named: Callable[[str], tuple[str, str]]) -> pd.DataFrame:
    rows = []
    for row in records(table):
        label, unit = named(str(row["outcome"]))
        write = formatter(unit)
        apart, between = _differences(unit)
        like = {
            "like": apart(row["like_for_like"]),
            "like_range": between(row["like_low"], row["like_high"]),
        } if "like_for_like" in row else {}  # fmt: skip
        rows.append(
            {"label": label, "group": write(row["group_mean"]), "rest": write(row["rest_mean"]),
             "difference": apart(row["difference"]), "range": between(row["low"], row["high"]),
             "p": row["p_holm"], "bases": f"{row['group_base']:,} / {row['rest_base']:,}"} | like
        )  # fmt: skip
    return pd.DataFrame(rows)


def scale(sampling: ChapterResult) -> tuple[float, float]:
    """Lowest and highest value of the leading score."""
    return float(sampling["main_from"].value or 0.0), float(sampling["main_to"].value or 0.0)


def weighted_to(sampling: ChapterResult) -> list[str]:
    """What the leading score is weighted to; nothing where it is not."""
    if "margins" not in sampling.tables:
        return []
    return [plain(name) for name in sampling.tables["margins"]["margin"].drop_duplicates()]


def score_of(sampling: ChapterResult) -> dict[str, Figure]:
    """The leading score as the sampling chapter left it, with its scale."""
    names = ("main", "main_label", "main_from", "main_to", "weighted_to", "response_rate")
    return {name: sampling.figures[name] for name in names if name in sampling.figures}


def named(sampling: ChapterResult) -> str:
    """What the leading score is called, as a heading."""
    phrase = str(sampling["main_label"].value)
    return phrase[:1].upper() + phrase[1:]


def sensitivity(found: Sensitivity, unit: str, *, middle: bool) -> dict[str, Figure]:
    """How much lower the silent would have to be for the conclusion to turn.

    Named apart: ``turning`` and ``turning_sure`` (distances), ``unclear`` (the interval
    holds the threshold as it is) and ``impossible`` (no answers could lie so far off).
    """
    turn = next(iter(records(found.turning.tail(1))))
    counted = partial(Figure, base=found.base, unit=unit)
    why = "the middle of its scale" if middle else "the score that was set to matter"
    figures = [
        counted("threshold", float(found.threshold or 0.0), label="the score that matters"),
        *quotable(threshold_is=why),
        Figure("answering", float(turn["response_rate"]), unit="share", base=found.base,
               label="share that answered, of those drawn, by their chances"),
    ]  # fmt: skip
    if pd.isna(turn["delta_value"]):
        return _named(*figures)
    value, interval = float(turn["delta_value"]), float(turn["delta_interval"])
    distance = counted("turning", abs(value), label="distance at which the score reaches it")
    if value * interval <= 0:
        return _named(*figures, replace(distance, name="unclear"))
    if not turn["possible"]:
        return _named(*figures, replace(distance, name="impossible"))
    sure = counted("turning_sure", abs(interval), label="distance at which the interval does")
    return _named(*figures, distance, sure)


def bound_rows(found: Sensitivity, unit: str) -> pd.DataFrame:
    """The score if all the silent gave the lowest answer, or the highest."""
    table = found.bounds
    write = formatter(unit)
    return table.assign(
        rate=[f"{row['rate']}: {percent(row['response_rate'])}" for row in records(table)],
        lowest=[write(value) for value in table["lowest"]],
        highest=[write(value) for value in table["highest"]],
    )


def range_rows(found: Sensitivity, unit: str) -> pd.DataFrame:
    """The score of everybody for each distance of the silent, written in its unit."""
    table = found.table
    return table.assign(
        rate=[f"{row['rate']}: {percent(row['response_rate'])}" for row in records(table)],
        lower=[formatter(unit)(delta) for delta in table["delta"]],
        shown=[formatter(unit)(value) for value in table["value"]],
        range=[span(row["low"], row["high"], unit) for row in records(table)],
    )
