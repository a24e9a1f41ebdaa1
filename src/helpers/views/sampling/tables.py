"""The tables of the sampling chapter."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from helpers.methods.measure import Measure
from helpers.methods.quality import Quality, reconcile
from helpers.methods.sampling import Coverage, ResponseRates
from helpers.methods.scorecard import Scorecard
from helpers.methods.survey.estimands import Estimands
from helpers.methods.survey.precision import Precision
from helpers.methods.weighting import Comparison
from helpers.methods.weighting.unknown import UNKNOWN
from helpers.views.rendering.naming import of_group, plain
from helpers.views.rendering.numerals import formatter, moved_unit
from helpers.views.rendering.sentences import Sentence, show_folded
from helpers.views.rendering.tables import Table, show
from helpers.views.sampling.figures_scores import COUNTED

REACHED = {
    "eligible": "In the list",
    "invited": "Asked",
    "answered": "Answered",
    "deciders": "Answered by a decision maker",
}
MOST_GROUPS = 12


def coverage(found: Coverage, *, wave: str, day: str, currency: str) -> Table:
    """Accounts and revenue asked, with an answer, and with a decision maker's."""
    return show(
        found.table.assign(measure=found.table["measure"].map(REACHED)),
        caption=f"Accounts and revenue reached, wave {wave}",
        columns={
            "measure": "Accounts",
            "accounts": ("Number", "count"),
            "account_share": ("Share of accounts", "share"),
            "revenue": ("Revenue, 12 months", f"money:{currency}"),
            "revenue_share": ("Share of revenue", "share1"),
        },
        note=f"Base: {found.base:,} accounts that were customers on {day}. Asked: at least one "
        "person who was really asked.",
    )


def group_rates(*tables: pd.DataFrame) -> Sentence:
    """Response rates of people by wave and by group."""
    return show_folded(
        "Response rates by wave and by group",
        group_rows(*tables),
        caption="Response rates of people, by wave and by group",
        columns={
            "name": "Group",
            "invited": ("May be eligible", "count"),
            "rr1": ("RR1", "share"),
            "rate": ("RR2", "share"),
            "range": ("Interval of RR2", ("interval", "low", "high", "share")),
            "rr3": ("RR3", "share"),
            "rr5": ("RR5", "share"),
            "eligible_share": ("e", "share"),
        },
        note="e: the share of people of unknown eligibility taken as eligible, in that group.",
    )


def group_rows(*tables: pd.DataFrame) -> pd.DataFrame:
    """Rates by group, one table after the other, each row named with its grouping.

    >>> group_rows(pd.DataFrame({"grouping": ["role"], "group": ["decision_maker"]}))["name"][0]
    'Role: decision maker'
    """
    groups = pd.concat(tables, ignore_index=True)
    pairs = zip(groups["grouping"], groups["group"], strict=True)
    return groups.assign(name=[of_group(column, category) for column, category in pairs])


def standard_rates(people: ResponseRates, companies: ResponseRates) -> Sentence:
    """The standard rates of people, and of accounts beside them."""
    columns = ["rate", "value", "low", "high"]
    both = people.table.merge(companies.table[columns], on="rate", suffixes=("", "_accounts"))
    return show_folded(
        "The standard rates of the AAPOR definitions, people and accounts",
        both.assign(rate=both["rate"].str.replace("rr", "RR")),
        caption="Response rates by the AAPOR standard definitions",
        columns={
            "rate": "Rate",
            "value": ("People", "share1", "low", "high"),
            "value_accounts": ("Accounts", "share1", "low_accounts", "high_accounts"),
            "meaning": "What it counts",
        },
        note=f"Base: {people.base:,} people and {companies.base:,} accounts that may be "
        f"eligible. e: {people.eligible_share:.1%} of people and "
        f"{companies.eligible_share:.1%} of accounts of unknown eligibility are taken as "
        "eligible. Intervals let colleagues answer together.",
    )


def endings(rates: ResponseRates, wave: str) -> Sentence:
    """How every case ended, in plain words."""
    table = rates.counts
    kept_out = table["disposition"].isin(("quarantined", "excluded"))
    letter = table["letter"].where(~kept_out, "not asked; U in the strictest rate")
    ending = table["disposition"].replace({"noncontact": "not reached", "breakoff": "broken off"})
    return show_folded(
        "How every case ended",
        table.assign(ending=ending, counted=letter),
        caption=f"Everybody drawn for wave {wave}, by how it ended",
        columns={"ending": "Ended as", "counted": "Counted as", "count": ("People", "count")},
        note=f"Sum: {int(table['count'].sum()):,} people. Letters are those of the AAPOR "
        "formulas: I complete, P partial, R refused or broken off, NC not reached, O other, "
        "U not known whether eligible.",
    )


def scores(found: Scorecard, *, wave: str, counted: str) -> Table:
    """Every score under each weighting, in its own unit."""
    return show(
        found.table,
        caption=f"Scores under each weighting, wave {wave}",
        columns={
            "label": "Score",
            "weighting": "Weighting",
            "value": ("Value", "in unit", "low", "high"),
            "base": (counted.capitalize(), "count"),
            "effective_base": ("Effective base", "count"),
        },
        note="Effective base: how many answers drawn at random would be as precise.",
    )


def precision(found: Precision, measure: Measure) -> Sentence:
    """The margin of the leading score, by what is allowed for."""
    return show_folded(
        "What the interval allows for, step by step",
        precision_rows(found, measure.unit),
        caption=f"{measure.label}: its margin by what is allowed for",
        columns={
            "allows_for": "Allowing for",
            "shown": ("Margin", "written"),
            "range": ("Interval", ("interval", "low", "high", measure.unit)),
            "effective_base": ("Effective base", "count"),
            "quoted": "Quoted on the pages",
        },
        note=f"Base: {found.base:,} answers. Each row adds to the one before, but for one "
        "that says instead; that one is never quoted: it speaks of today’s list alone, and "
        "takes nonresponse as chance.",
    )


def precision_rows(found: Precision, unit: str) -> pd.DataFrame:
    """Each step with its interval, the one that pages quote marked."""
    table = found.table
    return table.assign(
        allows_for=table["allows_for"].str.replace("^that", "and that", regex=True),
        shown=["± " + formatter(unit)(margin) for margin in table["margin"]],
        quoted=["this one" if used else "" for used in table["used"]],
    )


def estimands(found: Estimands, measure: Measure, *, confidence: float) -> Table:
    """The leading score by what counts: people, accounts or revenue."""
    notes = [
        f"{confidence:.0%} intervals. The last column: how many accounts of equal weight would "
        "carry as much. Accounts are those with an answer that counts here, not weighted to the "
        "list.",
        *found.notes,
    ]
    return show(
        found.table.assign(way=found.table["estimand"].map(COUNTED)),
        caption=f"{measure.label} by what counts",
        columns={
            "way": "What counts",
            "value": ("Value", measure.unit, "low", "high"),
            "base": ("Answers", "count"),
            "accounts": ("Accounts", "count"),
            "effective_accounts": ("Accounts that would count alike", "count"),
        },
        note=" ".join(notes),
    )


def comparison(found: Comparison, measure: Measure) -> Table:
    """Where the client's own weight differs from ours, group by group."""
    return show(
        found.table,
        caption="Two weightings of the same answers",
        limit=MOST_GROUPS,
        columns={
            "group": "Group",
            "respondents": ("Answers", "count"),
            "value": (measure.label, measure.unit),
            "mean_weight": ("Our mean weight", "decimal2"),
            "other_mean_weight": ("The client’s", "decimal2"),
            "other_largest": ("The client’s largest", "decimal2"),
            "at_largest": ("Answers with it", "count"),
            "moves": ("What the client’s does to the score", moved_unit(measure.unit)),
        },
        note=f"Base: {found.base:,} answers. All weights have mean one. The last column adds up "
        "to the difference of the scores.",
    )


def cells(responses: pd.DataFrame, columns: Sequence[str]) -> pd.Series:
    """The cell of each respondent: the categories of the columns weighted to, together.

    >>> cells(pd.DataFrame({"tier": ["Key"], "role": [None]}), ["tier", "role"]).tolist()
    ['Key, not known']
    """
    named = responses[list(columns)].astype(object)
    texts = named.where(named.notna(), UNKNOWN).astype(str).apply(", ".join, axis=1)
    return texts.map(plain).rename("cell")


def careless(found: Quality, effects: pd.DataFrame, measure: Measure) -> Sentence:
    """Each check with what it found and what leaving those answers out would do."""
    return show_folded(
        "Each check, and what leaving those answers out would do",
        found.table.merge(effects[["check", "value", "change"]], on="check", how="left"),
        caption="Signs of carelessness",
        columns={
            "check": "Sign",
            "rule": "Rule",
            "found": ("Answers", "count"),
            "base": ("Of", "count"),
            "share": ("Share", "share1"),
            "expected": ("By chance", "decimal0"),
            "change": (f"Change of the {measure.phrase} without them", moved_unit(measure.unit)),
        },
        note="Answers are flagged, never dropped. Of: answers that the check could judge. By "
        "chance: alike throughout though each was given in good faith, where answers hang together "
        "as these do.",
    )


def rows(steps: pd.DataFrame) -> Sentence:
    """Every row accounted for, from the file to the base of the leading score."""
    return show_folded(
        "Every row accounted for",
        steps,
        caption="From the file to the base of the leading score",
        columns={
            "step": "Step",
            "rows": ("Rows", "count"),
            "dropped": ("Fewer", "count"),
            "reason": "Why",
        },
    )


def row_steps(
    counts: pd.DataFrame, everyone: pd.DataFrame, wave: str, leading: pd.Series, base: int
) -> pd.DataFrame:
    """Every response accounted for, from the file to the base of the leading score.

    Parameters
    ----------
    counts
        ``table``, ``rows_in`` and ``rows_out`` of each table that was read.
    everyone, wave
        Responses of all waves, and the wave that is reported.
    leading, base
        The wave's answers to the leading score, and the base that the page quotes for it.
    """
    read = counts[counts["table"] == "responses"]
    here = everyone[everyone["wave"] == wave]
    steps = reconcile(
        ("rows in the file", int(read["rows_in"].sum())),
        ("read", len(everyone), "set aside in reading; the run card says why"),
        (f"of wave {wave}", len(here), "of other waves"),
        ("answered the leading question", int(leading.notna().sum()), "left that question out"),
        expected=base,
    )
    return steps.assign(reason=steps["reason"].where(steps["dropped"] > 0, ""))
