"""The tables of the comments chapter: themes by group, words, ratings, and the sorting."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from helpers.methods.claims import OF_COMMENTS, level
from helpers.methods.comments import (
    FAIR,
    SURE,
    Coding,
    RatingGaps,
    ThemeGroups,
    ThemeShares,
    WordsApart,
)
from helpers.views.rendering.naming import Labels, plain
from helpers.views.rendering.numerals import count
from helpers.views.rendering.sentences import Sentence, show_folded
from helpers.views.rendering.tables import Table, show

CORRECTED = {True: "corrected", False: "as sorted"}
BEYOND = {True: "more than chance", False: "may be chance"}
CODERS = {"rules": "words of the frame", "model": "model", "hand": "only by hand"}


def if_any(table: Table) -> Table | Sentence:
    """The table; nothing where it has no row, of which the sentence above it tells."""
    return table if table.rows else Sentence("", "")


def share_rows(found: ThemeShares, labels: Labels) -> pd.DataFrame:
    """Themes by how many name them, under the names that readers know."""
    corrected = found.table["corrected"].map(CORRECTED)
    return found.table.assign(label=found.table["theme"].map(labels), corrected=corrected)


def group_rows(found: ThemeGroups, labels: Labels) -> pd.DataFrame:
    """Each theme and group in a row, named."""
    table = found.table.assign(label=found.table["theme"].map(labels))
    clear = table["apart"].fillna(False).astype(bool)
    side = table["difference"].gt(0).map({True: "more", False: "less"})
    verdict = side.where(clear, "no clear difference").mask(table["p"].isna(), "not tested")
    groups_named = table["group"].map(plain)
    return table.assign(group=groups_named, verdict=verdict.mask(table["withheld"], "withheld"))


def group_table(
    by_column: Mapping[str, ThemeGroups], labels: Labels, columns: Mapping[str, str]
) -> pd.DataFrame:
    """Themes by every declared segment, one below the other."""
    parts = [
        group_rows(found, labels).assign(segment=columns.get(name, name))
        for name, found in by_column.items()
    ]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def every_group(
    by_column: Mapping[str, ThemeGroups], labels: Labels, columns: Mapping[str, str]
) -> Sentence:
    """Every theme by every group, folded."""
    rows = group_table(by_column, labels, columns)
    return show_folded(
        "Every theme by every group",
        rows[~rows["withheld"]],
        caption="Themes by group: share of those who commented",
        columns={
            "label": "Theme",
            "segment": "By",
            "group": "Group",
            "value": ("Share", "share", "low", "high"),
            "base": ("Read", "count"),
            "verdict": "Against the others",
        },
        note=f"{groups_note(int(rows['withheld'].sum()))} {_speaking(rows)}".strip(),
    )


def _speaking(rows: pd.DataFrame) -> str:
    """How many waves speak in what sets groups apart, and in how many pairs this one alone."""
    most = int(rows["waves"].max(skipna=True)) if rows["waves"].notna().any() else 1
    if most < 2:
        return ""
    alone = int(rows["differs"].eq(1).sum())
    where = f"; {alone} in which waves clearly differ are of this one" if alone else ""
    return (
        f"Shares: of this wave. Against the others: of up to {most} waves together, each about "
        f"itself{where}."
    )


def groups_note(withheld: int) -> str:
    """What the table of every group allows for, and how many of its rows are not shown."""
    note = "Clear differences allow for how many were looked at, over all ways of grouping."
    few = "Not tested: too few people, or too few expected to name the theme."
    rest = f" Rows not shown, for small bases: {count(withheld)}." if withheld else ""
    return f"{note} {few}{rest}"


def word_rows(found: WordsApart, most: int) -> pd.DataFrame:
    """Words whose interval clears one, a few a group; none where none is beyond chance."""
    more = found.table[(found.table["odds_low"] > 1) & bool(len(found.apart))]
    rows = more.groupby("group", sort=False).head(most)
    verdict = rows["apart"].map(BEYOND)
    places = {group: place for place, group in enumerate(dict.fromkeys(found.groups))}
    by_group = rows.assign(verdict=verdict).sort_values(
        "group", key=lambda groups: groups.map(places), kind="stable"
    )
    return by_group.reset_index(drop=True)


def marking_words(found: WordsApart, *, most: int, minimum: int) -> Table | Sentence:
    """Words that most mark a group; ``minimum`` is the fewest people who use a word."""
    table = show(
        word_rows(found, most),
        caption="Words that most mark a group, the clearest first",
        columns={
            "group": "Group",
            "word": "Word",
            "people": ("People who use it", "count"),
            "base": ("Of", "count"),
            "odds": ("Times as common", "decimal1", "odds_low", "odds_high"),
            "verdict": "Verdict",
        },
        note=f"Words that fewer than {minimum} people of the group use are not looked at, nor are "
        "names and numbers. Times as common is an odds ratio, drawn towards one. Each interval is "
        "for itself; more than chance allows for how many were looked at.",
        row_header=None,
    )
    return if_any(table)


def gap_rows(found: RatingGaps, labels: Labels, confidence: float) -> pd.DataFrame:
    """Themes by the rating gap, lowest first; those withheld last."""
    table = found.table.assign(label=found.table["theme"].map(labels))
    verdict = table["p_holm"].le(level(confidence, OF_COMMENTS)).map(BEYOND)
    verdict = verdict.mask(table["p_holm"].isna(), "not tested")
    return table.assign(
        verdict=verdict.mask(table["withheld"].astype(bool), "withheld")
    ).sort_values("difference", kind="stable", na_position="last")


def told_gaps(found: RatingGaps, labels: Labels, confidence: float) -> pd.DataFrame:
    """The themes of which enough people on either side rated the driver, lowest gap first."""
    rows = gap_rows(found, labels, confidence)
    return rows[~rows["withheld"].astype(bool)].reset_index(drop=True)


def ratings(found: RatingGaps, labels: Labels, confidence: float) -> Table | Sentence:
    """Ratings of a driver by those who name its theme, and by the others."""
    table = show(
        told_gaps(found, labels, confidence),
        caption="Rating of the driver, by whether the theme is named",
        columns={
            "label": "Theme",
            "mean": ("Those who name it", "decimal2"),
            "rest": ("The others", "decimal2"),
            "difference": ("Difference", "change"),
            "range": ("Interval", ("interval", "low", "high", "decimal1")),
            "base": ("Name and rate it", "count"),
            "verdict": "Verdict",
        },
        note="Mean ratings of those who commented, on the question's own scale. Those who name a "
        "theme without rating it are not in it. Each interval is for itself; more than chance "
        "allows "
        "for how many were compared. It shows what occurs together, not why.",
    )
    return if_any(table)


def agreement_rows(found: Coding, shown_shares: ThemeShares) -> pd.DataFrame:
    """How each theme is coded, how well, and whether its share allows for what is wrong.

    Trust is good where the whole interval of a theme's kappa clears a bar, fair where only
    kappa itself does. Themes that nobody coded by hand come last.
    """
    every = pd.DataFrame({"theme": list(found.frame.themes)})
    table = every.merge(found.agreement.chosen, on="theme", how="left")
    verdict = table["kappa_low"].ge(SURE).map({True: "good", False: "fair"})
    verdict = verdict.mask(table["kappa"] < FAIR, "with care")
    corrected = shown_shares.table.set_index("theme")["corrected"].map(CORRECTED)
    return table.assign(
        label=table["theme"].map(found.frame.labels),
        corrected=table["theme"].map(corrected),
        coder=table["theme"].map(found.coders).map(CODERS),
        verdict=verdict.mask(table["kappa"].isna(), "untested"),
    ).sort_values("kappa", kind="stable", na_position="last")


def told_sorting(found: Coding, shown_shares: ThemeShares) -> pd.DataFrame:
    """The themes whose sorting was tested, those that agree least first."""
    rows = agreement_rows(found, shown_shares)
    return rows[rows["kappa"].notna()].reset_index(drop=True)


def sorting(found: Coding, shown_shares: ThemeShares) -> Table | Sentence:
    """The sorting against codes given by hand, theme by theme."""
    table = show(
        told_sorting(found, shown_shares),
        caption="The sorting against codes given by hand",
        columns={
            "label": "Theme",
            "coder": "Sorted by",
            "kappa": ("Kappa", "decimal2", "kappa_low", "kappa_high"),
            "precision": ("Calls that are right", "share"),
            "recall": ("Of all found", "share"),
            "error": ("Decisions that differ", "share1"),
            "base": ("Coded by hand", "count"),
            "corrected": "Share",
            "verdict": "Trust",
        },
        note="A kappa of one is perfect, of nought no better than chance. Models are tested only "
        "on comments of accounts that they were not taught with; of words and model the better is "
        f"used. Trust is good where the whole interval of kappa lies above {SURE}.",
    )
    return if_any(table)
