"""The loyalty chapter's tables, and the chart of a change, as they stand on the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from helpers.methods.loyalty import (
    Axes,
    Benchmarks,
    Breakdown,
    Change,
    LoyaltyMatrix,
    RollUp,
    Trend,
)
from helpers.methods.measure import Measure
from helpers.methods.scorecard import Scorecard
from helpers.results import Figure
from helpers.views.charts import Chart, account_scores, change_parts
from helpers.views.numerals import percent
from helpers.views.quotes import loyalty_headline as headline
from helpers.views.quotes import loyalty_rows as rows
from helpers.views.quotes.loyalty import in_points
from helpers.views.tables import Format, Table, show
from helpers.views.words import loyalty as words
from helpers.views.words.sentences import Sentence, folded, notes

__all__ = [
    "accounts",
    "axes",
    "benchmarks",
    "cut_offs",
    "groups",
    "listed_accounts",
    "refused",
    "rules",
    "scorecard",
    "segments",
    "split",
    "steps",
]

WAYS = {"respondents": "Of people", "accounts": "Of accounts", "revenue": "Of revenue"}


def segments(found: LoyaltyMatrix, *, wave: str, counted: str = "respondents") -> Table:
    """Each segment, what it means, and its share by every way of counting."""
    ways = list(found.table["estimand"].unique())
    votes = found.table.loc[found.table["estimand"] == "accounts", "accounts"]
    held = f" in {int(votes.iloc[0]):,} accounts" if len(votes) else ""
    return show(
        rows.segment_rows(found),
        caption=f"The four segments, wave {wave}",
        columns={
            "segment": ("Segment", "text"),
            **{way: (WAYS[way], "written") for way in ways},
            "meaning": ("Who they are", "text"),
        },
        note=f"Base: {found.base:,} {counted}{held}. In brackets: intervals.",
    )


def axes(found: Axes) -> Sentence:
    """Reliability of both sides and their relation, folded."""
    return folded(
        "Reliability of the two sides, and whether they are two",
        show(
            rows.relation_rows(found),
            caption="How well attitude and behaviour are measured",
            columns={
                "what": ("Measure", "text"),
                "value": ("Value", "correlation"),
                "range": ("Interval", ("interval", "low", "high", "correlation")),
            },
            note=f"Base: {found.base:,} people who answered every question of both sides. They "
            "count as two things where the corrected correlation is surely below 0.85.",
        ),
    )


def cut_offs(found: LoyaltyMatrix) -> Sentence:
    """Shares with the cut-offs moved either way, folded."""
    wide = rows.sensitivity_rows(found)
    return folded(
        "What hangs on the cut-offs",
        show(
            wide,
            caption="Shares of people with the cut-offs moved half a scale point or as set",
            columns={
                "attitude_cut": ("Attitude from", "index"),
                "behaviour_cut": ("Behaviour from", "index"),
                **{name: (name, "share") for name in words.MEANINGS},
                "which": ("", "text"),
            },
            note=f"Base: {found.base:,} people. Cut-offs are of 100.",
        ),
    )


def scorecard(
    card: Scorecard,
    chosen: Sequence[Measure],
    moved: Trend | None,
    wave: str,
    *,
    smallest: float,
    targets: Mapping[str, float],
) -> Table:
    """Each score now, its change in words, and its target."""
    table = rows.trend_rows(card, chosen, moved, wave, smallest=smallest, targets=targets)
    columns: dict[str, tuple[str, Format]] = {
        "label": ("Score", "text"),
        "shown": ("Value", "written"),
        "range": ("Interval", "written"),
        "base": ("Answers", "count"),
    }
    if moved is not None:
        columns |= {"change": ("Change since last wave", "written"), "reading": ("Reading", "text")}
    if targets:
        columns |= {"target": ("Target", "written"), "against": ("Against it", "text")}
    note = (
        ""
        if moved is None
        else (
            f"Changes are as answered; their intervals are wide enough for all {moved.comparisons} "
            "changes looked at together. A change is named only where its whole interval is beyond "
            f"{percent(smallest)} of the scale. Changes of shares are in percentage points."
        )
    )
    return show(table, caption=f"Scores, wave {wave}", columns=columns, note=note)


def steps(found: Trend, lead: Measure, smallest: float) -> Table:
    """Every step of the leading score from one wave to the next."""
    table = rows.step_rows(found, lead, smallest)
    return show(
        table,
        caption=f"{lead.label}: from each wave to the next, as answered",
        columns={
            "before": ("From", "text"),
            "wave": ("To", "text"),
            "change": ("Change", "written"),
            "reading": ("Reading", "text"),
            "p": ("p, corrected", "p"),
            "base": ("Answers, both waves", "count"),
        },
        note=f"Corrected for {found.comparisons} changes looked at on this page (intervals: "
        "Bonferroni; p: Holm).",
    )


def split(found: Change, lead: Measure, smallest: float, before: str) -> Chart:
    """The parts of the change, under a title that its interval allows."""
    scale, unit = in_points(lead)
    moved = Figure("change", found.value * scale, found.low * scale, found.high * scale, unit)
    word = words.reading(moved, smallest * lead.length * scale, better=lead.better)
    name = lead.phrase[:1].upper() + lead.phrase[1:]
    title = (
        f"{name}: no reliable change since {before}"
        if word == "no reliable change"
        else f"{name} {word.partition(':')[0]} since {before}"
    )
    return change_parts(found, title=title, unit=unit, scale=scale)


def rules(found: RollUp) -> Table:
    """How far each pair of rules agrees."""
    return show(
        rows.rule_rows(found),
        caption="Rules that turn people into accounts, two by two",
        columns={
            "rule": ("Rule", "text"),
            "other": ("Other rule", "text"),
            "same": ("Accounts in the same segment", "share"),
            "rank_correlation": ("Rank correlation", "correlation"),
            "range": ("Interval", ("interval", "low", "high", "correlation")),
        },
        note=f"Base: {found.base:,} accounts, {found.people:,} people. " + " ".join(found.notes),
    )


def accounts(found: RollUp) -> Chart | Sentence:
    """Every account's score with its interval; a line where colleagues are too few for any."""
    if found.table["low"].isna().all():
        return notes(
            "Accounts' scores have no interval: too few accounts were heard through two people"
        )
    return account_scores(found)


def groups(found: Breakdown, lead: Measure) -> Table:
    """The leading score in each group of the client's segments."""
    return show(
        rows.breakdown_rows(found, lead.unit),
        caption=f"{lead.label} by group",
        columns={
            "group": ("Group", "text"),
            "shown": ("Score", "written"),
            "range": ("Interval", "written"),
            "base": ("Answers", "count"),
            "difference": ("Less the rest", "written"),
            "between": ("Interval", "written"),
            "remark": ("Reading", "text"),
        },
        note=f"Base: {found.base:,} answers. Differences are corrected for {found.tested} groups "
        "compared.",
    )


def benchmarks(found: Benchmarks, chosen: Sequence[Measure]) -> Table:
    """Where scores stand among other companies."""
    return show(
        rows.benchmark_rows(found, chosen),
        caption="Scores beside those of other companies",
        columns={
            "label": ("Score", "text"),
            "shown": ("Ours", "written"),
            "range": ("Interval", "written"),
            "middle": ("Middle company", "written"),
            "worse": ("Companies that do worse", "written"),
            "between": ("Interval", "written"),
            "base": ("Answers", "count"),
            "of": ("Benchmark", "text"),
        },
        note="Ours: only answers collected the way the benchmark was. It tells nothing beyond its "
        "outer tenths.",
    )


def refused(found: Benchmarks) -> Table:
    """Benchmarks that may not be set beside our scores, and why."""
    return show(
        found.refused.assign(year=found.refused["year"].astype(int).astype(str)),
        caption="Benchmarks not used",
        columns={
            "label": ("Score", "text"),
            "source": ("Benchmark", "text"),
            "year": ("Year", "text"),
            "reason": ("Why not", "text"),
        },
    )


def listed_accounts(
    found: RollUp, names: Mapping[str, str], revenue: pd.Series | None, *, currency: str, most: int
) -> Table | Sentence:
    """Accounts more likely than not in a segment that is not loyal; a line where none can be."""
    why = headline.why_none(found)
    if why:
        return notes(why)
    table = rows.called(found, names, revenue)
    columns: dict[str, tuple[str, Format]] = {
        "name": ("Account", "text"),
        "likely": ("Most likely", "text"),
        "chance": ("Its chance", "share"),
        "answered": ("As answered", "text"),
        "respondents": ("People heard", "count"),
        "score_account_mean": ("Mean of its people", "index"),
    }
    order = "Those with the highest chance come first"
    if table["revenue"].notna().any():
        columns["revenue"] = ("Revenue, 12 months", f"money:{currency}")
        order = "Those that bring most come first"
    return show(
        table,
        caption="Accounts more likely than not in a segment that is not loyal",
        columns=columns,
        limit=most,
        note="From people who agreed to be named, and from their answers alone. Most likely: in "
        f"truth, allowing for how few people were heard and how accounts are spread. {order}.",
    )
