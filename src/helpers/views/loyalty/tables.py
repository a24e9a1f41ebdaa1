"""The loyalty chapter's tables, and the chart of a change, as they stand on the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from helpers.methods.loyalty import (
    Axes,
    Benchmarks,
    Breakdown,
    Change,
    Changes,
    LoyaltyMatrix,
    Membership,
    RollUp,
    Satisfied,
    Trend,
)
from helpers.methods.measure import Measure
from helpers.methods.scorecard import Scorecard
from helpers.views.loyalty import rows
from helpers.views.loyalty.charts import account_scores
from helpers.views.loyalty.charts_change import change_parts
from helpers.views.loyalty.declared import MEANINGS
from helpers.views.loyalty.figures_change import in_points, whole_interval
from helpers.views.loyalty.figures_change import split as split_figures
from helpers.views.loyalty.figures_headline import why_none
from helpers.views.loyalty.sentences_change import split_title, weighing
from helpers.views.loyalty.shares import CORRECTED, leading_shares
from helpers.views.rendering.chart import Chart
from helpers.views.rendering.intervals import trend
from helpers.views.rendering.naming import of_group
from helpers.views.rendering.numerals import percent
from helpers.views.rendering.rules import listed
from helpers.views.rendering.sentences import Sentence, account_list, notes, show_folded
from helpers.views.rendering.tables import Column, Table, show

ALIKE = 1e-9  # points between scores of accounts: less is rounding
ON_THE_LIST = "Every account that is more likely than not in a segment that is not loyal, by name"
IN_SAMPLE = "In the sample, unweighted"
AGREE = ", weighted and unweighted"
COUNTED = {"people": "Of people", "accounts": "Of accounts", "revenue": "Of their revenue"}


def _apart(sample: pd.Series, population: pd.Series) -> bool:
    """Whether weights make the population differ from those who answered."""
    both = sample.notna() & population.notna()
    return not np.allclose(sample[both].astype(float), population[both].astype(float), atol=ALIKE)


def segments(
    found: LoyaltyMatrix,
    chances: Membership | None = None,
    rolled: RollUp | None = None,
    *,
    wave: str,
    counted: str = "respondents",
) -> Table:
    """Each segment, what it means, and its share of people, of accounts and of their revenue."""
    table = rows.segment_rows(found, chances, rolled)
    ways = leading_shares(found, chances, rolled).groupby("counted", sort=False)["how"].first()
    columns: dict[str, Column] = {"segment": "Segment"}
    columns |= {
        str(way): (f"{COUNTED[str(way)]}, {how}", "written")
        for way, how in ways.items()
        if way in table
    }
    if "observed" in table:
        columns["observed"] = ("Of people, observed", "written")
    held = f" in {rolled.base:,} accounts" if rolled is not None else ""
    alone = rolled is not None and ways.get("accounts") == CORRECTED
    return show(
        table,
        caption=f"The four segments, wave {wave}",
        columns={**columns, "meaning": "Who they are"},
        note=f"Base: {found.base:,} {counted}{held}. In brackets: intervals"
        + ("; those of accounts are of these accounts alone." if alone else ".")
        + " Quote the corrected shares." * ("observed" in table),
    )


def axes(found: Axes) -> Sentence:
    """Reliability of both sides and their relation, folded."""
    table = rows.relation_rows(found)
    columns: dict[str, Column] = {
        "what": "Measure",
        "value": ("Value", "correlation", "low", "high"),
    }
    apart = _apart(table["sample"], table["value"])
    beside: dict[str, Column] = {"sample": (IN_SAMPLE, "correlation")}
    return show_folded(
        "Reliability of the two sides, and whether they are two",
        table,
        caption="How well attitude and behaviour are measured",
        columns=columns | (beside if apart else {}),
        note="Alpha is the raw one, of the answers as points from 0 to 100. "
        f"Base: {found.base:,} people who answered every question of both sides. They "
        "count as two things where the interval of the corrected correlation lies below 0.85.",
    )


def cut_offs(
    found: LoyaltyMatrix, chances: Membership | None = None, step: float = 0.5
) -> Sentence:
    """Shares with the cut-offs moved either way, folded; ``step`` in points of the questions."""
    how = "observed" if chances is None else CORRECTED
    return show_folded(
        "What depends on the cut-offs",
        rows.sensitivity_rows(chances or found),
        caption=f"Shares of people, {how}, with the cut-offs as set or {step:g} scale points off",
        columns={
            "attitude_cut": ("Attitude from", "index"),
            "behaviour_cut": ("Behaviour from", "index"),
            **{name: (name, "share") for name in MEANINGS},
            "which": "",
        },
        note=f"Base: {(chances or found).base:,} people. Cut-offs are of 100.",
    )


def satisfied_lines(
    found: Satisfied, answers: pd.Series, scale: tuple[float, float], *, turned: bool = False
) -> Sentence:
    """Who is satisfied, and how many of them truly loyal, with the line moved; folded."""
    return show_folded(
        "What depends on the line for satisfied",
        rows.satisfied_rows(found, answers, scale, turned=turned),
        caption="Satisfied, and truly loyal among them, observed",
        columns={
            "line": "Satisfied from",
            "satisfied": ("Satisfied", "share"),
            "loyal_of_satisfied": ("Truly loyal among them", "share"),
            "which": "",
        },
        note=f"Base: {found.base:,} people with both answers.",
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
    columns: dict[str, Column] = {
        "label": "Score",
        "value": ("Value", "in unit", "low", "high"),
        "base": ("Answers", "count"),
    }
    if _apart(table["sample"], table["value"]):
        columns |= {"sample": (IN_SAMPLE, "in unit")}
    if moved is not None:
        columns |= {
            "change": ("Change since last wave", "written"),
            "reading": "Reading",
            "chance": ("Chance that it did", "written"),
        }
    if targets:
        columns |= {"target": ("Target", "written"), "against": "Against it"}
    note = "" if moved is None else _changes_note(moved, smallest)
    return show(table, caption=f"Scores, wave {wave}", columns=columns, note=note)


def _changes_note(moved: Trend, smallest: float) -> str:
    agree = AGREE if moved.weighting != "none" else ""
    return (
        f"{weighing(moved.weighting)} {_families(moved)} A change is named only where its whole "
        f"interval is beyond {percent(smallest)} of the scale{agree}. Changes of shares are in "
        "percentage points. Chances: that it truly rose or fell, and by more than matters."
    )


def _families(moved: Trend) -> str:
    """Which change is tested alone, and how the others are corrected."""
    first = moved.table[moved.table["primary"]]
    rest = "Intervals of" if first.empty else "The leading score’s is tested alone; those of"
    others = "" if first.empty else " other"
    return (
        f"{rest} the {moved.comparisons}{others} changes on this page are wide enough for all of "
        "them together."
    )


def history(scores: pd.DataFrame, lead: Measure, target: float | None) -> Chart:
    """The leading score over waves, each by its own weights where it has any."""
    path = scores[scores["measure"] == lead.name]
    weighted = path["weighted"].astype(bool)
    how = "" if weighted.any() else ", unweighted"
    plain = listed([str(wave) for wave in path.loc[~weighted, "wave"]]) if weighted.any() else ""
    note = "Lines are intervals of each wave alone."
    if weighted.any():
        note += f" Each wave is weighted to its own population{plain and f', but for {plain}'}."
    return trend(path, title=f"{lead.label} by wave{how}", unit=lead.unit, axis=lead.label,
                 target=target, note=note)  # fmt: skip


def steps(found: Trend, lead: Measure, smallest: float, unweighted: Mapping[str, str]) -> Table:
    """Every step of the leading score from one wave to the next.

    ``unweighted`` says why each wave that is not weighted is not.
    """
    plain: dict[str, Column] = {"unweighted": ("Unweighted", "written")}
    why = [f"Unweighted: {wave}, for {reason}." for wave, reason in unweighted.items()]
    return show(
        rows.step_rows(found, lead, smallest),
        caption=f"{lead.label}: from each wave to the next",
        columns={
            "before": "From",
            "wave": "To",
            "change": ("Change", "written"),
            **(plain if found.weighting != "none" else {}),
            "reading": "Reading",
            "p": ("p, corrected", "p"),
            "base": ("Answers, both waves", "count"),
        },
        note=" ".join([weighing(found.weighting), _families(found), *why]),
    )


def split(
    found: Changes,
    lead: Measure,
    smallest: float,
    waves: tuple[str | None, str],
    moved: Trend | None,
) -> Chart | Sentence:
    """The parts of the leading score's change, under the verdict of the scorecard.

    The whole has the interval of the trend, where that compares the same waves.
    """
    if lead.name not in found.found:
        return notes(f"Not shown: {found.reasons.get(lead.name, 'its waves may not be compared')}")
    step = moved.last(lead.name, waves[1]) if moved else None
    return change_split(found.found[lead.name], lead, smallest, str(waves[0]), step)


def change_split(
    found: Change, lead: Measure, smallest: float, before: str, step: pd.Series | None
) -> Chart:
    """The parts of one change; ``step`` is the same change in the trend, if it is there."""
    scale, unit = in_points(lead)
    change = split_figures(found, lead, smallest, step)["main_change"]
    whole = None if step is None else whole_interval(found, step)
    title = split_title(change, lead.phrase, before)
    return change_parts(found, title=title, unit=unit, scale=scale, whole=whole)


def rule_shares(found: RollUp, votes: LoyaltyMatrix | None) -> Table | Sentence:
    """What each rule for placing an account makes of accounts and of their revenue."""
    if votes is None:
        return notes("Not shown: without segments of people there are none of accounts")
    table = rows.share_rows(found, votes)
    both = " / of their revenue" if table["Trapped"].str.contains("/").any() else ""
    return show(
        table,
        caption=f"Share of accounts{both}, by each rule that places an account",
        columns={
            "rule": "An account is placed by",
            **{name: (name, "written") for name in MEANINGS},
        },
        note=f"Base: {found.base:,} accounts. By chances: corrected for how few people answered. "
        "The others are observed; in the last, each person is a part of its account.",
    )


def rules(found: RollUp) -> Sentence:
    """How far each pair of rules agrees, folded."""
    return show_folded(
        "How far the rules agree",
        rows.rule_rows(found),
        caption="Rules that turn people into accounts, two by two",
        columns={
            "rule": "Rule",
            "other": "Other rule",
            "same": ("Accounts in the same segment", "share"),
            "rank_correlation": ("Rank correlation", "correlation", "low", "high"),
        },
        note=f"Base: {found.several:,} accounts with two or more respondents, of "
        f"{found.base:,}; of one person all rules say the same. " + " ".join(found.notes),
    )


def accounts(found: RollUp, title: str = "") -> Chart | Sentence:
    """Every account's score with its interval; a line where colleagues are too few for any."""
    if found.table["low"].isna().all():
        scores = found.table["shrunken"]
        why = (
            "every account scored the same"
            if scores.max() - scores.min() < ALIKE
            else "too few accounts have two respondents to tell accounts from people"
        )
        return notes(f"Accounts' scores have no interval: {why}")
    return account_scores(found, title=title or None)


def groups(found: Breakdown, lead: Measure) -> Table:
    """The leading score in each group of the client's segments."""
    return show(
        rows.breakdown_rows(found, lead.unit),
        caption=f"{lead.label} by group",
        columns={
            "group": "Group",
            "shown": ("Score", "written"),
            "range": ("Interval", "written"),
            "base": ("Answers", "count"),
            "difference": ("Less the rest", "written"),
            "between": ("Interval", "written"),
            "remark": "Reading",
        },
        note=f"Base: {found.base:,} answers. {_speaking(found)}Differences are corrected for "
        f"{found.comparisons} comparisons; two groups are one. Reading: from the numbers as "
        "written.",
    )


def _speaking(found: Breakdown) -> str:
    """Which waves speak in what sets a group apart, and where they differ."""
    if len(found.waves) < 2:
        return ""
    told = (
        f"Scores: of this wave. Less the rest: of waves {listed(list(found.waves))} together, each "
        "about itself, so changes for everybody play no part"
    )
    unlike = found.table[found.table["differs"].eq(1)]
    names = [of_group(c, g) for c, g in zip(unlike["column"], unlike["group"], strict=True)]
    if not names:
        return f"{told}; in none do waves clearly differ. "
    return f"{told}. Waves differ for {listed(names)}: this wave’s, drawn towards the others. "


def benchmarks(found: Benchmarks, chosen: Sequence[Measure], year: int) -> Table:
    """Where scores stand among other companies; ``year`` is that of our answers."""
    apart = sorted({int(one) for one in found.table["year"]} - {year})
    older = f" Ours are of {year}, those of {listed(list(map(str, apart)))}." if apart else ""
    return show(
        rows.benchmark_rows(found, chosen),
        caption="Scores beside those of other companies",
        columns={
            "label": "Score",
            "value": ("Ours", "in unit", "low", "high"),
            "median": ("Middle company", "in unit"),
            "worse": ("Companies that do worse", "written"),
            "between": ("Interval", "written"),
            "base": ("Answers", "count"),
            "of": "Benchmark",
        },
        note="Ours: only answers collected the way the benchmark was. It tells nothing beyond its "
        f"outer tenths; intervals allow for how few companies it has.{older}",
    )


def refused(found: Benchmarks) -> Table:
    """Benchmarks that may not be set beside our scores, and why."""
    return show(
        found.refused.assign(year=found.refused["year"].astype(int).astype(str)),
        caption="Benchmarks not used",
        columns={"label": "Score", "source": "Benchmark", "year": "Year", "reason": "Why not"},
    )


def listed_accounts(found: RollUp) -> Sentence:
    """Where accounts are that are likely not loyal; why none where none."""
    why = why_none(found)
    return notes(why) if why else account_list(ON_THE_LIST)
