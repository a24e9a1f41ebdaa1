"""The tables of the page on those who did not answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from helpers.methods.claims import OF_NONRESPONSE, level
from helpers.methods.measure import Measure
from helpers.methods.nonresponse import EarlyLate, Exclusion, Followup, Propensity, Sensitivity
from helpers.views.nonresponse.figures import outcome
from helpers.views.rendering.naming import plain
from helpers.views.rendering.numerals import percent
from helpers.views.rendering.records import records
from helpers.views.rendering.rules import listed
from helpers.views.rendering.sentences import Sentence, folded, show_folded
from helpers.views.rendering.tables import Column, Table, show

DIFFERENCES = ("difference", "low", "high", "like_for_like", "like_low", "like_high")


def variables(found: Propensity) -> Sentence:
    """How closely each thing on the list is associated with answering."""
    return show_folded(
        "How closely each thing on the list is associated with answering",
        found.variables.assign(name=found.variables["variable"].map(plain)),
        caption="Partial R-indicators: how far response rates differ between categories",
        columns={
            "name": "By",
            "categories": ("Categories", "count"),
            "partial": ("Spread of the rates", "decimal3", "low", "high"),
        },
        note="Zero: every category answers alike. Corrected for chance.",
    )


def shifted(found: Sensitivity, unit: str) -> Sentence:
    """The score of everybody for each distance of those who did not answer."""
    return show_folded(
        "The score of everybody, under each response rate",
        found.table.assign(rate=_rates(found.table)),
        caption="If those who did not answer score lower",
        columns={
            "rate": "Response rate",
            "delta": ("Lower by", unit),
            "value": ("Score of all", unit),
            "range": ("Interval of the answers", ("interval", "low", "high", unit)),
        },
        note=found.assumption,
    )


def bounds(found: Sensitivity, unit: str) -> Sentence:
    """The score if all who did not answer gave the lowest answer, or the highest."""
    return show_folded(
        "The furthest that non-respondents could move it",
        found.bounds.assign(rate=_rates(found.bounds)),
        caption="If all who did not answer gave the lowest answer, or the highest",
        columns={"rate": "Response rate", "lowest": ("Lowest", unit), "highest": ("Highest", unit)},
        note="Bounds that assume nothing about non-respondents; sampling error is not in them.",
    )


def _rates(table: pd.DataFrame) -> list[str]:
    return [f"{row['rate']}: {percent(row['response_rate'])}" for row in records(table)]


def contrast(group: str, rest: str) -> dict[str, Column]:
    """The columns of a group beside the rest, record by record."""
    return {
        "label": "Record",
        "group_mean": (group, "in unit"),
        "rest_mean": (rest, "in unit"),
        "difference": ("Difference", "in apart", "low", "high"),
        "like_for_like": ("Like for like", "in apart", "like_low", "like_high"),
        "p_holm": ("p, corrected", "p"),
        "bases": ("Bases", "written"),
    }


def _shown(summary: str, table: Table, *, clear: bool) -> Table | Sentence:
    """A table as it is where something differs clearly, else folded."""
    return table if clear else folded(summary, table)


def early_late(found: EarlyLate, measures: Sequence[Measure]) -> Table | Sentence:
    """Late respondents beside early ones; folded where no score differs clearly."""
    units = {measure.label: measure.unit for measure in measures}
    table = show(
        _written(found.table, lambda name: (name, units.get(name, "decimal2"))),
        caption="Late answers against early ones",
        columns={
            "label": "Score",
            "group_mean": ("Late", "in unit"),
            "rest_mean": ("Early", "in unit"),
            "difference": ("Difference", "in apart", "low", "high"),
            "p_holm": ("p, corrected", "p"),
            "bases": ("Answers, late / early", "written"),
        },
        note=f"Base: {found.base:,} answers whose days are known, unweighted. p: Holm’s, for "
        "asking several times.",
    )
    clear = bool((found.table["p_holm"] <= level(found.confidence, OF_NONRESPONSE)).any())
    return _shown("Each score, late answers and early ones", table, clear=clear)


def afterwards(
    found: Followup, facts: pd.DataFrame | None, *, currency: str, months: int
) -> Table | Sentence:
    """Accounts with an answer beside those without; folded where nothing differs clearly."""
    table = show(
        contrast_rows(found, currency),
        caption=f"The {months} months after each wave, accounts with an answer against accounts "
        "without",
        columns=contrast("With an answer", "Without"),
        note=f"Base: {found.base:,} account surveys of {found.accounts:,} accounts, waves whose "
        "months are over. Shares differ by percentage points. Like for like: accounts alike in "
        f"{listed_names(facts)}. p: Holm’s, of that comparison.",
    )
    summary = "Each record, accounts with an answer and without"
    return _shown(summary, table, clear=found.verdict == "differ")


def kept_out(found: Exclusion, *, currency: str, months: int) -> Table | Sentence:
    """People kept out beside the others; folded where nothing differs clearly."""
    table = show(
        contrast_rows(found, currency),
        caption="People kept out by account teams against the others",
        columns=contrast("Kept out", "Others"),
        note=f"Base: {found.base:,} invitations to people of {found.accounts:,} accounts, waves "
        f"whose months are over; compared are their accounts’ records in the {months} months "
        "after. Shares differ by percentage points. Revenue before the survey is shown, not "
        "tested.",
    )
    summary = "Each record, people kept out and the others"
    return _shown(summary, table, clear=found.verdict == "flatters")


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
    """Rows with their label and units; differences of shares in percentage points."""
    called = pd.DataFrame([named(str(name)) for name in table["outcome"]], index=table.index)
    shares = called[1] == "share"
    apart = table[[name for name in DIFFERENCES if name in table]]
    return table.assign(
        **apart.mul(np.where(shares, 100.0, 1.0), axis=0),
        label=called[0],
        unit=called[1],
        apart=called[1].mask(shares, "decimal1"),
        bases=[f"{row['group_base']:,} / {row['rest_base']:,}" for row in records(table)],
    )
