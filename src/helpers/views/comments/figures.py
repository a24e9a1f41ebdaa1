"""What the comments chapter may quote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd

from helpers.methods.claims import OF_COMMENTS, least, level
from helpers.methods.comments import FAIR, Coding, RatingGaps, ThemeGroups, ThemeShares, WordsApart
from helpers.methods.survey.estimates import Estimate
from helpers.results import Figure, figure
from helpers.views.rendering.declared import by_name, declare
from helpers.views.rendering.naming import Labels, plain
from helpers.views.rendering.records import records
from helpers.views.rendering.rules import listed, quotable

LEADS = ("leads", "may lead")
DECLARED = declare(
    "commented", "themes", "comment_share", "coded_by_hand", "unread_share",
    "lowest_kappa_theme", "right_calls", "found_codes", "error_rate", "fair_kappa",
    "poorly_sorted", "writers_distance", "outcome_label",
    "top_theme", "top_may_lead", "uncorrected", "low_theme", "low_may_lead",
    "apart_theme", "apart_group", "apart_share", "pairs_compared",
    "words_tried", "apart_word", "apart_word_group",
    "gaps_told", "gaps_untold", "gap_theme", "rating_gap", "widest_theme", "widest_gap",
    "may_be_read", "read_shown", "read_owner",
    themes_from=("own", "makeshift"),
    unread=("none", "some", "many"),
    themeless=("few", "many"),
    lowest_kappa=("fair", "poor"),
    untested_themes=("none", "some"),
    writers_gap=("more loyal", "less loyal", "not clear"),
    top_share=LEADS,
    corrected_themes=("all", "some", "none"),
    low_group=("shown", "too few", "only one"),
    low_share=LEADS,
    pairs_apart=("some", "none", "not tested"),
    apart_gap=("more", "less"),
    words_apart=("some", "none", "not compared"),
    gaps_tied=("some told", "none told", "none tied"),
    gaps_compared=("lower", "not shown", "not tested"),
    read_theme=("apart", "named", "driver", "close"),
    read_low_share=("least often", "not least often"),
).claiming(
    writers_gap=("more loyal", "less loyal"),
    pairs_apart=("some",),
    words_apart=("some",),
    gaps_compared=("lower",),
)  # fmt: skip
QUALITY = {
    "precision": ("right_calls", "calls of a theme that the hand codes share"),
    "recall": ("found_codes", "hand codes of a theme that the sorting finds"),
    "error": ("error_rate", "decisions on a comment and a theme that differ from those by hand"),
}
SMALLEST = 0.05  # points between those who wrote and the others that print as more than nought
MANY_UNREAD = 0.1  # of those who wrote: the answer then says so
MANY_THEMELESS = 0.2  # of those who commented: the answer then begins with it


def coding(found: Coding, none: Estimate | None = None) -> dict[str, Figure]:
    """How many wrote a comment, and how well the comments are sorted.

    Parameters
    ----------
    none
        The share that names no theme, as ``comments.themeless`` returns it.
    """
    said, themes = found.gathered, len(found.frame.themes)
    counted = partial(Figure, unit="count")
    figures = [
        counted("commented", said.base, base=said.base),
        counted("themes", themes, base=said.base),
        Figure("comment_share", said.base / said.answered, unit="share", base=said.answered),
        counted("coded_by_hand", said.coded),
        *_unread(found),
        *_themes_from(found),
        *_agreement(found),
    ]
    if none is not None:
        label = "those who commented and name no theme"
        many = "many" if none.value >= MANY_THEMELESS else "few"
        figures += [figure("themeless", none, unit="share", grade="C", label=label, verdict=many)]
    return by_name(*figures)


def _unread(found: Coding) -> list[Figure]:
    """Comments that no coder reads."""
    wrote, unread = found.gathered.base, found.unread
    verdict = "none" if not unread else "many" if unread >= MANY_UNREAD * wrote else "some"
    share = unread / wrote
    return [
        Figure("unread", unread, unit="count", base=wrote, verdict=verdict),
        Figure("unread_share", share, unit="share", base=wrote, label="comments not read"),
    ]


def _themes_from(found: Coding) -> list[Figure]:
    """Where the themes come from: words of a questionnaire that nobody tested are a makeshift."""
    asked = found.frame.source == "questions"
    makeshift = asked and found.agreement.chosen.empty
    source = "the questionnaire's drivers" if asked else "the client's own table"
    verdict = "makeshift" if makeshift else "own"
    return [Figure("themes_from", source, unit="text", verdict=verdict)]


def _agreement(found: Coding) -> list[Figure]:
    """The least agreement of the coders in use, and the themes that are sorted poorly."""
    tested, labels = found.agreement.chosen, found.frame.labels
    untested = len(found.frame.themes) - len(tested)
    some = "some" if untested else "none"
    figures = [
        Figure("fair_kappa", FAIR, unit="ratio"),
        Figure("untested_themes", untested, unit="count", verdict=some),
    ]
    if tested.empty:
        return figures
    worst = records(tested.sort_values("kappa", kind="stable"))[0]
    poor = [labels[t] for t in tested.loc[tested["kappa"] < FAIR, "theme"]]
    ends = ("kappa", "kappa_low", "kappa_high")
    figures += [Figure.from_row("lowest_kappa", worst, ends, unit="correlation",
                                label="least agreement with hand codes",
                                verdict="poor" if poor else "fair")]  # fmt: skip
    figures += quotable(lowest_kappa_theme=labels[worst["theme"]])
    figures += quotable(poorly_sorted=listed(poor)) if poor else ()
    return figures + _quality(found)


def _quality(found: Coding) -> list[Figure]:
    """Right calls, found codes and errors over all themes together."""
    shared = partial(Figure.from_row, unit="share", base_unit="decisions")
    return [
        shared(name, row, label=label)
        for row in records(found.quality)
        for name, label in [QUALITY[row["measure"]]]
    ]


def writers(gap: Estimate | None, unit: str, outcome_label: str) -> dict[str, Figure]:
    """How those who wrote a comment differ in loyalty from those who did not."""
    if gap is None:
        return {}
    index = f"the {outcome_label.lower()} index (0 to 100)"
    named = index if unit == "index" else f"“{outcome_label}”"
    label, side = "those who commented less those who did not", _side(gap)
    figures = [
        figure("writers_gap", gap, unit=unit, grade="C", label=label, verdict=side, p=gap.p_value),
        *quotable(outcome_label=named),
    ]
    if side != "not clear":
        low, high = sorted((abs(gap.low), abs(gap.high)))
        figures.append(
            Figure("writers_distance", abs(gap.value), low, high, unit=unit, base=gap.base,
                   grade="C", label="points between those who commented and the others")
        )  # fmt: skip
    return by_name(*figures)


def _side(gap: Estimate) -> str:
    """Which side those who wrote lie on, where that is clear and no less than can be printed."""
    near = min(abs(gap.low), abs(gap.high))
    if not gap.p_value <= level(gap.confidence, OF_COMMENTS) or near < SMALLEST:
        return "not clear"
    return "more loyal" if gap.value > 0 else "less loyal"


def shares(found: ThemeShares, labels: Labels) -> dict[str, Figure]:
    """The theme named most, and how many of the shares allow for errors of the sorting."""
    rows = records(found.table)
    figures = [*_leading("top", rows, labels)]
    plain_shares = [labels[row["theme"]] for row in rows if not row["corrected"]]
    corrected = len(rows) - len(plain_shares)
    verdict = "none" if not corrected else "some" if plain_shares else "all"
    figures.append(Figure("corrected_themes", corrected, unit="count", verdict=verdict))
    if plain_shares:
        figures += quotable(uncorrected=listed(plain_shares))
    return by_name(*figures)


def _leading(who: str, rows: Sequence[Mapping[str, Any]], labels: Labels) -> list[Figure]:
    """The theme that comes first, its share, and how many may be the one named most."""
    may, first = leaders(rows), rows[0]
    lead = "may lead" if may > 1 else "leads"
    return [
        share_named(f"{who}_share", first, labels, verdict=lead),
        *quotable(**{f"{who}_theme": labels[first["theme"]]}),
        Figure(f"{who}_may_lead", may, unit="count", base=int(first["base"])),
    ]


def share_named(name: str, row: Mapping[str, Any], labels: Labels, verdict: str = "") -> Figure:
    """The share who name a theme, under the name of a figure."""
    label = f"share who name {labels[row['theme']]}"
    return Figure.from_row(name, row, unit="share", grade="C", label=label, verdict=verdict)


def leaders(rows: Sequence[Mapping[str, Any]]) -> int:
    """How many themes may be the one that is named most."""
    return sum(pd.notna(row["may_lead"]) and bool(row["may_lead"]) for row in rows)


def groups(found: Mapping[str, ThemeGroups], labels: Labels) -> dict[str, Figure]:
    """What the least loyal name most, and the theme that sets a group apart most.

    ``found`` has the groups of loyalty first, then further ways of grouping, all corrected
    together (``comments.theme_groupings``).
    """
    ways = list(found.values())
    apart = [row for way in ways for row in records(way.apart)]
    compared = sum(int(way.table["p"].notna().sum()) for way in ways)
    verdict = "some" if apart else "none" if compared else "not tested"
    p = least(pd.concat([way.table["p_holm"] for way in ways]))
    base = ways[0].base
    counted = partial(Figure, unit="count", base=base)
    figures = [
        *_least_loyal(ways[0], labels),
        counted("pairs_compared", compared),
        counted(
            "pairs_apart",
            len(apart),
            verdict=verdict,
            p=p,
            label="themes that a group names more or less than others",
        ),
    ]
    return by_name(*figures, *(_furthest(apart, labels, base) if apart else []))


def _furthest(apart: Sequence[Mapping[str, Any]], labels: Labels, base: int) -> list[Figure]:
    """The largest of the differences between a group and the others that are beyond chance."""
    first = max(apart, key=lambda row: abs(row["difference"]))
    side = "more" if first["difference"] > 0 else "less"
    ends = sorted(100 * x for x in (first["difference_low"], first["difference_high"]))
    low, high = ends if side == "more" else (-ends[1], -ends[0])
    return [
        *quotable(apart_theme=labels[first["theme"]], apart_group=plain(first["group"])),
        share_named("apart_share", first, labels),
        Figure("apart_gap", 100 * abs(first["difference"]), low, high, unit="points", base=base,
               grade="C", label="percentage points from the others", verdict=side),
    ]  # fmt: skip


def _least_loyal(found: ThemeGroups, labels: Labels) -> list[Figure]:
    first = found.groups[0]
    rows, named = records(found.of(first)), partial(Figure, "low_group", first, unit="text")
    if len(found.groups) == 1:
        return [named(verdict="only one")]
    if pd.isna(rows[0]["value"]):
        return [named(verdict="too few")]
    return [named(verdict="shown"), *_leading("low", rows, labels)]


def set_apart(found: WordsApart) -> dict[str, Figure]:
    """How many words set a group apart, and the clearest."""
    rows, counted = records(found.apart), partial(Figure, unit="count", base=found.base)
    verdict = "some" if rows else "none" if found.tried else "not compared"
    first = quotable(apart_word=rows[0]["word"], apart_word_group=rows[0]["group"]) if rows else ()
    return by_name(
        counted(
            "words_apart",
            len(rows),
            verdict=verdict,
            p=found.p,
            label="words that a group uses more than others",
        ),
        counted("words_tried", found.tried),
        *first,
    )


def gaps(found: RatingGaps, labels: Labels, confidence: float) -> dict[str, Figure]:
    """The theme whose namers most clearly rate its driver differently."""
    table = found.table
    lower = table[(table["p_holm"] <= level(confidence, OF_COMMENTS)) & (table["difference"] < 0)]
    compared = int(table["p_holm"].notna().sum())
    verdict = "lower" if len(lower) else "not shown" if compared else "not tested"
    return by_name(
        Figure("gaps_compared", compared, unit="count", verdict=verdict,
               label="themes whose namers are compared with others",
               p=least(table["p_holm"], table["difference"] < 0)),
        *_told(found, labels),
        *_lowest("gap_theme", "rating_gap", lower, labels),
        *_lowest("widest_theme", "widest_gap", table[table["difference"] < 0], labels),
    )  # fmt: skip


def _lowest(theme: str, gap: str, table: pd.DataFrame, labels: Labels) -> list[Figure]:
    """The lowest rating of those who name its theme, against the others."""
    if table.empty:
        return []
    row = records(table.sort_values("difference"))[0]
    lower = partial(Figure.from_row, gap, row, ("difference", "high", "low"), factor=-1)
    return [
        *quotable(**{theme: labels[row["theme"]]}),
        lower(unit="scale", grade="C", label="rating points below the others"),
    ]


def _told(found: RatingGaps, labels: Labels) -> list[Figure]:
    """For how many themes the two ratings may be shown, and for which they may not."""
    withheld = found.table["withheld"].astype(bool)
    told, tied = int((~withheld).sum()), len(found.table)
    verdict = "some told" if told else "none told" if tied else "none tied"
    untold = listed([labels[t] for t in found.table.loc[withheld, "theme"]])
    return [
        Figure("gaps_tied", tied, unit="count", verdict=verdict),
        Figure("gaps_told", told, unit="count"),
        *(quotable(gaps_untold=untold) if untold else ()),
    ]
