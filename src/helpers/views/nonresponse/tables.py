"""The tables of the page on those who did not answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from helpers.methods.measure import Measure
from helpers.methods.nonresponse import EarlyLate, Exclusion, Followup, Propensity, Sensitivity
from helpers.views.nonresponse.figures import outcome
from helpers.views.rendering.naming import plain
from helpers.views.rendering.numerals import decimal, formatter, percent, span
from helpers.views.rendering.records import records
from helpers.views.rendering.rules import listed
from helpers.views.rendering.sentences import Sentence, folded
from helpers.views.rendering.tables import Table, show

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


def variables(found: Propensity) -> Sentence:
    """How closely each thing on the list is associated with answering."""
    rows = found.variables.assign(name=[plain(name) for name in found.variables["variable"]])
    return folded(
        "How closely each thing on the list is associated with answering",
        show(
            rows,
            caption="Partial R-indicators: how far response rates differ between categories",
            columns={
                "name": ("By", "text"),
                "categories": ("Categories", "count"),
                "partial": ("Spread of the rates", "decimal3"),
                "range": ("Interval", ("interval", "low", "high", "decimal3")),
            },
            note="Zero: every category answers alike. Corrected for chance.",
        ),
    )


def shifted(found: Sensitivity, unit: str) -> Sentence:
    """The score of everybody for each distance of those who did not answer."""
    write = formatter(unit)
    rows = found.table.assign(
        rate=_rates(found.table),
        lower=[write(delta) for delta in found.table["delta"]],
        shown=[write(value) for value in found.table["value"]],
        range=[span(row["low"], row["high"], unit) for row in records(found.table)],
    )
    return folded(
        "The score of everybody, under each response rate",
        show(
            rows,
            caption="If those who did not answer score lower",
            columns={
                "rate": ("Response rate", "text"),
                "lower": ("Lower by", "written"),
                "shown": ("Score of all", "written"),
                "range": ("Interval of the answers", "written"),
            },
            note=found.assumption,
        ),
    )


def bounds(found: Sensitivity, unit: str) -> Sentence:
    """The score if all who did not answer gave the lowest answer, or the highest."""
    write = formatter(unit)
    rows = found.bounds.assign(
        rate=_rates(found.bounds),
        lowest=[write(value) for value in found.bounds["lowest"]],
        highest=[write(value) for value in found.bounds["highest"]],
    )
    return folded(
        "The furthest that non-respondents could move it",
        show(
            rows,
            caption="If all who did not answer gave the lowest answer, or the highest",
            columns={
                "rate": ("Response rate", "text"),
                "lowest": ("Lowest", "written"),
                "highest": ("Highest", "written"),
            },
            note="Bounds that assume nothing about non-respondents; sampling error is not in them.",
        ),
    )


def _rates(table: pd.DataFrame) -> list[str]:
    return [f"{row['rate']}: {percent(row['response_rate'])}" for row in records(table)]


def early_late(found: EarlyLate, measures: Sequence[Measure]) -> Table | Sentence:
    """Late respondents beside early ones; folded where no score differs clearly."""
    table = show(
        early_rows(found, measures),
        caption="Late answers against early ones",
        columns={
            "label": ("Score", "text"),
            "group": ("Late", "written"),
            "rest": ("Early", "written"),
            "difference": ("Difference", "written"),
            "range": ("Interval", "written"),
            "p": ("p, corrected", "p"),
            "bases": ("Answers, late / early", "written"),
        },
        note=f"Base: {found.base:,} answers whose days are known, unweighted. p: Holm’s, for "
        "asking several times.",
    )
    if (found.table["p_holm"] <= 1 - found.confidence).any():
        return table
    return folded("Each score, late answers and early ones", table)


def early_rows(found: EarlyLate, measures: Sequence[Measure]) -> pd.DataFrame:
    """Late against early, each score written in its own unit."""
    units = {measure.label: measure.unit for measure in measures}
    return _written(found.table, lambda name: (name, units.get(name, "decimal2")))


def afterwards(
    found: Followup, facts: pd.DataFrame | None, *, currency: str, months: int
) -> Table | Sentence:
    """Accounts with an answer beside those without; folded where nothing differs clearly."""
    table = show(
        contrast_rows(found, currency),
        caption=f"The {months} months after each wave, accounts with an answer against accounts "
        "without",
        columns=CONTRAST | {"group": ("With an answer", "written"), "rest": ("Without", "written")},
        note=f"Base: {found.base:,} account surveys of {found.accounts:,} accounts, waves whose "
        "months are over. Shares differ by percentage points. Like for like: accounts alike in "
        f"{listed_names(facts)}. p: Holm’s, of that comparison.",
    )
    if found.verdict == "differ":
        return table
    return folded("Each record, accounts with an answer and without", table)


def kept_out(found: Exclusion, *, currency: str, months: int) -> Table | Sentence:
    """People kept out beside the others; folded where nothing differs clearly."""
    table = show(
        contrast_rows(found, currency),
        caption="People kept out by account teams against the others",
        columns=CONTRAST | {"group": ("Kept out", "written"), "rest": ("Others", "written")},
        note=f"Base: {found.base:,} invitations to people of {found.accounts:,} accounts, waves "
        f"whose months are over; compared are their accounts’ records in the {months} months "
        "after. Shares differ by percentage points. Revenue before the survey is shown, not "
        "tested.",
    )
    if found.verdict == "flatters":
        return table
    return folded("Each record, people kept out and the others", table)


def listed_names(facts: pd.DataFrame | None) -> str:
    """What the list knows of accounts, in words.

    >>> listed_names(None)
    'nothing: the list knows nothing more'
    """
    if facts is None:
        return "nothing: the list knows nothing more"
    return listed([plain(name) for name in facts])


def contrast_rows(found: Followup | Exclusion, currency: str) -> pd.DataFrame:
    """One group against the rest on each record, written in the record's unit."""
    return _written(found.table, lambda name: outcome(name, currency))


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


def _differences(unit: str) -> tuple[Callable[[float], str], Callable[[float, float], str]]:
    """How a difference and its interval are written: shares differ by percentage points."""
    if unit != "share":
        return formatter(unit), lambda low, high: span(low, high, unit)
    return (
        lambda value: decimal(value * 100),
        lambda low, high: span(low * 100, high * 100, "decimal1"),
    )
