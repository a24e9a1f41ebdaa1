"""What the comments chapter may quote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any

import pandas as pd

from helpers.methods.comments import (
    FAIR,
    SURE,
    Coding,
    Quotes,
    RatingGaps,
    ThemeGroups,
    ThemeShares,
    WordsApart,
)
from helpers.methods.survey.estimates import Estimate
from helpers.results import Figure, figure
from helpers.views.rendering.naming import plain
from helpers.views.rendering.records import records
from helpers.views.rendering.rules import listed, quotable

__all__ = [
    "agreement_rows", "coding", "gap_rows", "gaps", "group_rows", "group_table", "groups",
    "set_apart", "share_rows", "shares", "shown", "told_gaps", "told_sorting",
    "word_rows", "writers",
]  # fmt: skip

QUALITY = {
    "precision": ("right_calls", "calls of a theme that the hand codes share"),
    "recall": ("found_codes", "hand codes of a theme that the sorting finds"),
    "error": ("error_rate", "decisions on a comment and a theme that differ from those by hand"),
}
SMALLEST = 0.05  # points between those who wrote and the others that print as more than nought
NOTHING: Mapping[str, ThemeGroups] = MappingProxyType({})
MANY_UNREAD = 0.1  # of those who wrote: the answer then says so
YES_NO = {True: "yes", False: "no"}
CODERS = {"rules": "words of the frame", "model": "model", "hand": "only by hand"}


def _named(figures: Sequence[Figure]) -> dict[str, Figure]:
    return {f.name: f for f in figures}


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
    ]
    if found.unread:
        figures.append(counted("unread", found.unread, base=said.base))
    if found.unread >= MANY_UNREAD * said.base:
        unread = found.unread / said.base
        figures.append(Figure("unread_share", unread, unit="share", base=said.base))
    if none is not None:
        label = "those who commented and name no theme"
        figures.append(figure("themeless", none, unit="share", grade="C", label=label))
    if found.frame.source == "questions" and found.agreement.chosen.empty:
        figures += quotable(makeshift="yes")
    return _named([*figures, *_agreement(found)])


def _agreement(found: Coding) -> list[Figure]:
    """The least agreement of the coders in use, and the themes that are sorted poorly."""
    tested = found.agreement.chosen
    labels = found.frame.labels
    figures = [
        Figure(
            f"kappa_{r['theme']}", r["kappa"], r["kappa_low"], r["kappa_high"], unit="correlation",
            base=int(r["base"]), label=f"agreement with hand codes, {labels[r['theme']]}",
        )
        for r in records(tested)
    ]  # fmt: skip
    if tested.empty:
        return figures
    worst = records(tested.sort_values("kappa", kind="stable"))[0]
    figures.append(
        Figure("lowest_kappa", worst["kappa"], worst["kappa_low"], worst["kappa_high"],
               unit="correlation", base=int(worst["base"]), label="least agreement with hand codes")
    )  # fmt: skip
    figures += quotable(lowest_kappa_theme=labels[worst["theme"]])
    figures += _quality(found)
    figures.append(Figure("fair_kappa", FAIR, unit="ratio"))
    poor = [labels[t] for t in tested.loc[tested["kappa"] < FAIR, "theme"]]
    figures += quotable(poorly_sorted=listed(poor)) if poor else ()
    untested = len(found.frame.themes) - len(tested)
    return figures + ([Figure("untested_themes", untested, unit="count")] if untested else [])


def _quality(found: Coding) -> list[Figure]:
    """Right calls, found codes and errors over all themes together."""
    return [
        Figure(
            name, row["value"], row["low"], row["high"], unit="share", base=int(row["base"]),
            base_unit="decisions", label=label,
        )
        for row in records(found.quality)
        for name, label in [QUALITY[row["measure"]]]
    ]  # fmt: skip


def writers(gap: Estimate | None, unit: str, outcome_label: str) -> dict[str, Figure]:
    """How those who wrote a comment differ in loyalty from those who did not."""
    if gap is None:
        return {}
    index = f"the {outcome_label.lower()} index (0 to 100)"
    named = index if unit == "index" else f"“{outcome_label}”"
    label = "those who commented less those who did not"
    figures = [figure("writers_gap", gap, unit=unit, grade="C", label=label)]
    figures += quotable(outcome_label=named)
    low, high = sorted((abs(gap.low), abs(gap.high)))
    if gap.low * gap.high > 0 and low >= SMALLEST:
        figures += quotable(writers_side="more loyal" if gap.value > 0 else "less loyal")
        figures.append(
            Figure("writers_distance", abs(gap.value), low, high, unit=unit, base=gap.base,
                   grade="C", label="points between those who commented and the others")
        )  # fmt: skip
    return _named(figures)


def shares(found: ThemeShares, labels: Mapping[str, str]) -> dict[str, Figure]:
    """How many name each theme."""
    rows = records(found.table)
    figures = [_share(f"share_{r['theme']}", r, labels) for r in rows]
    figures += [_share("top_share", rows[0], labels), *quotable(top_theme=labels[rows[0]["theme"]])]
    figures += _rivals("top_may_lead", rows)
    plain_shares = [labels[row["theme"]] for row in rows if not row["corrected"]]
    if plain_shares:
        figures += quotable(uncorrected=listed(plain_shares))
    if len(plain_shares) < len(rows):
        figures.append(Figure("corrected_themes", len(rows) - len(plain_shares), unit="count"))
    return _named(figures)


def _rivals(name: str, rows: Sequence[Mapping[str, Any]]) -> list[Figure]:
    """How many themes may be the one named most, where that is more than one."""
    may = _leaders(rows)
    return [Figure(name, may, unit="count", base=int(rows[0]["base"]))] if may > 1 else []


def _share(name: str, row: Mapping[str, Any], labels: Mapping[str, str]) -> Figure:
    return Figure(
        name, row["value"], row["low"], row["high"], unit="share", base=int(row["base"]),
        grade="C", label=f"share who name {labels[row['theme']]}",
    )  # fmt: skip


def _leaders(rows: Sequence[Mapping[str, Any]]) -> int:
    return sum(pd.notna(row["may_lead"]) and bool(row["may_lead"]) for row in rows)


def groups(
    found: ThemeGroups, labels: Mapping[str, str], others: Mapping[str, ThemeGroups] = NOTHING
) -> dict[str, Figure]:
    """What the least loyal name most, and the theme that sets a group apart most.

    Parameters
    ----------
    found
        The groups of loyalty.
    others
        Further ways of grouping, corrected together with the first (``comments.jointly``).
    """
    figures = _least_loyal(found, labels)
    ways = [found, *others.values()]
    apart = [row for way in ways for row in records(way.apart)]
    if apart:
        first = max(apart, key=lambda row: abs(row["difference"]))
        side = "more" if first["difference"] > 0 else "less"
        ends = sorted(100 * x for x in (first["difference_low"], first["difference_high"]))
        low, high = ends if side == "more" else (-ends[1], -ends[0])
        figures += [
            *quotable(apart_theme=labels[first["theme"]], apart_group=plain(first["group"])),
            *quotable(apart_side=side),
            _share("apart_share", first, labels),
            Figure("apart_gap", 100 * abs(first["difference"]), low, high, unit="points",
                   base=found.base, grade="C", label="percentage points from the others"),
            Figure("pairs_apart", len(apart), unit="count", base=found.base),
        ]  # fmt: skip
    compared = sum(int(way.table["p"].notna().sum()) for way in ways)
    if compared:
        figures.append(Figure("pairs_compared", compared, unit="count", base=found.base))
    return _named(figures)


def _least_loyal(found: ThemeGroups, labels: Mapping[str, str]) -> list[Figure]:
    first = found.groups[0]
    rows = records(found.of(first))
    if len(found.groups) == 1:
        return [*quotable(one_group=first)]
    figures = [*quotable(low_group=first)]
    if pd.isna(rows[0]["value"]):
        why = f"too few of “{first}” commented"
        return [*figures, Figure("low_share", None, unit="share", withheld=why)]
    figures += quotable(low_theme=labels[rows[0]["theme"]])
    return [*figures, _share("low_share", rows[0], labels), *_rivals("low_may_lead", rows)]


def set_apart(found: WordsApart) -> dict[str, Figure]:
    """How many words set a group apart, and the surest."""
    counts = [
        Figure("words_apart", len(found.apart), unit="count", base=found.base),
        Figure("words_tried", found.tried, unit="count", base=found.base),
    ]
    rows = records(found.apart)
    first = quotable(apart_word=rows[0]["word"], apart_word_group=rows[0]["group"]) if rows else ()
    return _named([*counts, *first])


def gaps(found: RatingGaps, labels: Mapping[str, str], confidence: float) -> dict[str, Figure]:
    """The theme whose namers rate its driver most surely differently."""
    sure = found.table[found.table["p_holm"] <= 1 - confidence]
    compared = int(found.table["p_holm"].notna().sum())
    figures = [Figure("gaps_compared", compared, unit="count")] if compared else []
    figures += _told(found, labels)
    lower = sure[sure["difference"] < 0]
    if len(lower):
        row = records(lower.sort_values("difference"))[0]
        figures += quotable(gap_theme=labels[row["theme"]])
        figures.append(
            Figure("rating_gap", -row["difference"], -row["high"], -row["low"], unit="scale",
                   base=int(row["base"]), grade="C", label="rating points below the others")
        )  # fmt: skip
    return _named([*figures, *_widest(found, labels)])


def _widest(found: RatingGaps, labels: Mapping[str, str]) -> list[Figure]:
    """The lowest rating of those who name its theme, against the others, sure or not."""
    table = found.table[found.table["difference"] < 0].sort_values("difference")
    if table.empty:
        return []
    row = records(table)[0]
    return [
        *quotable(widest_theme=labels[row["theme"]]),
        Figure("widest_gap", -row["difference"], -row["high"], -row["low"], unit="scale",
               base=int(row["base"]), grade="C", label="rating points below the others"),
    ]  # fmt: skip


def _told(found: RatingGaps, labels: Mapping[str, str]) -> list[Figure]:
    """For how many themes the two ratings may be shown, and for which they may not."""
    withheld = found.table["withheld"].astype(bool)
    counted = partial(Figure, unit="count")
    figures = [counted("gaps_tied", len(found.table))] if len(found.table) else []
    if (~withheld).any():
        figures.append(counted("gaps_told", int((~withheld).sum())))
    if withheld.any():
        figures += quotable(
            gaps_untold=listed([labels[t] for t in found.table.loc[withheld, "theme"]])
        )
    return figures


def to_read(
    found: ThemeGroups, everyone: ThemeShares, tied: Mapping[str, str], clear: Sequence[str]
) -> tuple[str, str]:
    """The theme whose comments to read first, and why that one.

    ``apart``: the least loyal surely name it more often than the others do. ``named``: no
    other theme may be the one named most. ``driver``: its rating is the first that clearly
    goes with loyalty. ``close``: none of these; it comes first, and others may be named most.

    Parameters
    ----------
    tied
        Themes, and the driver that each is about.
    clear
        Drivers that clearly go with loyalty, the first to act on first.
    """
    apart = found.apart[(found.apart["group"] == found.groups[0]) & (found.apart["difference"] > 0)]
    if len(found.groups) > 1 and len(apart):
        return str(apart["theme"].iloc[0]), "apart"
    rows = records(found.of(found.groups[0]))
    if len(found.groups) == 1 or pd.isna(rows[0]["value"]):
        rows = records(everyone.table)
    if _leaders(rows) == 1:
        return str(rows[0]["theme"]), "named"
    themes = {driver: theme for theme, driver in tied.items()}
    about = next((themes[driver] for driver in clear if driver in themes), None)
    return (about, "driver") if about else (str(rows[0]["theme"]), "close")


def shown(
    found: Quotes, theme: str, because: str, labels: Mapping[str, str], by_loyalty: ThemeGroups
) -> dict[str, Figure]:
    """The theme whose comments to read first, and how many of them may be read."""
    figures = [*quotable(read_theme=labels[theme], **{f"read_{because}": "yes"})]
    own = by_loyalty.table[by_loyalty.table["theme"] == theme].set_index("group")["value"]
    if len(own) > 1 and own.notna().all() and own.idxmin() == by_loyalty.groups[0]:
        figures += quotable(read_least="yes")
    rows = {row["theme"]: row for row in records(found.counts)}
    if theme not in rows or not rows[theme]["may"]:
        return _named(figures)
    base = int(rows[theme]["may"])
    return _named([*figures, Figure("may_be_read", base, unit="count", base=base)])


def share_rows(found: ThemeShares, labels: Mapping[str, str]) -> pd.DataFrame:
    """Themes by how many name them, under the names that readers know."""
    corrected = found.table["corrected"].map(YES_NO)
    return found.table.assign(label=found.table["theme"].map(labels), corrected=corrected)


def group_rows(found: ThemeGroups, labels: Mapping[str, str]) -> pd.DataFrame:
    """Each theme and group in a row, named."""
    table = found.table.assign(label=found.table["theme"].map(labels))
    sure = table["apart"].fillna(False).astype(bool)
    side = table["difference"].gt(0).map({True: "more", False: "less"})
    verdict = side.where(sure, "no sure difference").mask(table["p"].isna(), "not tested")
    groups_named = table["group"].map(plain)
    return table.assign(group=groups_named, verdict=verdict.mask(table["withheld"], "withheld"))


def group_table(
    by_column: Mapping[str, ThemeGroups], labels: Mapping[str, str], columns: Mapping[str, str]
) -> pd.DataFrame:
    """Themes by every declared segment, one below the other."""
    parts = [
        group_rows(found, labels).assign(segment=columns.get(name, name))
        for name, found in by_column.items()
    ]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def agreement_rows(found: Coding, shown_shares: ThemeShares) -> pd.DataFrame:
    """How each theme is coded, how well, and whether its share allows for what is wrong.

    A theme is trusted where the whole interval of its kappa clears a bar, perhaps where only
    kappa itself is fair. Themes that nobody coded by hand come last.
    """
    labels = found.frame.labels
    every = pd.DataFrame({"theme": list(found.frame.themes)})
    table = every.merge(found.agreement.chosen, on="theme", how="left")
    coder = table["theme"].map(found.coders).map(CODERS)
    verdict = table["kappa_low"].ge(SURE).map({True: "yes", False: "perhaps"})
    verdict = verdict.mask(table["kappa"] < FAIR, "with care")
    corrected = shown_shares.table.set_index("theme")["corrected"].map(YES_NO)
    return table.assign(
        label=table["theme"].map(labels),
        corrected=table["theme"].map(corrected),
        coder=coder,
        verdict=verdict.mask(table["kappa"].isna(), "untested"),
    ).sort_values("kappa", kind="stable", na_position="last")


def told_sorting(found: Coding, shown_shares: ThemeShares) -> pd.DataFrame:
    """The themes whose sorting was tested, those that agree least first."""
    rows = agreement_rows(found, shown_shares)
    return rows[rows["kappa"].notna()].reset_index(drop=True)


def word_rows(found: WordsApart, most: int) -> pd.DataFrame:
    """Words whose interval clears one, a few a group; none where none is beyond chance."""
    more = found.table[(found.table["odds_low"] > 1) & bool(len(found.apart))]
    rows = more.groupby("group", sort=False).head(most)
    verdict = rows["apart"].map({True: "yes", False: "may be chance"})
    order = pd.Categorical(
        rows["group"], categories=list(dict.fromkeys(found.groups)), ordered=True
    )
    sorted_rows = rows.assign(verdict=verdict, place=order).sort_values("place", kind="stable")
    return sorted_rows.drop(columns="place").reset_index(drop=True)


def gap_rows(found: RatingGaps, labels: Mapping[str, str], confidence: float) -> pd.DataFrame:
    """Themes by the rating gap, lowest first; those withheld last."""
    table = found.table.assign(label=found.table["theme"].map(labels))
    verdict = table["p_holm"].le(1 - confidence).map({True: "yes", False: "may be chance"})
    verdict = verdict.mask(table["p_holm"].isna(), "not tested")
    return table.assign(
        verdict=verdict.mask(table["withheld"].astype(bool), "withheld")
    ).sort_values("difference", kind="stable", na_position="last")


def told_gaps(found: RatingGaps, labels: Mapping[str, str], confidence: float) -> pd.DataFrame:
    """The themes of which enough people on either side rated the driver, lowest gap first."""
    rows = gap_rows(found, labels, confidence)
    return rows[~rows["withheld"].astype(bool)].reset_index(drop=True)
