"""The tables of the linkage chapter."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.methods.linkage import GroupSurvival, Leavers, Link
from helpers.methods.linkage.leavers import COMPLAINED, YES
from helpers.views.linkage.figures import outcome_label
from helpers.views.rendering.naming import plain
from helpers.views.rendering.sentences import Sentence, account_list
from helpers.views.rendering.tables import Table, show

ESTIMATES = {
    "unadjusted": "Unadjusted",
    "adjusted": "Adjusted",
    "corrected": "Corrected for measurement error",
    "negative control": "Check: past growth where the score rose (log ratio)",
}

DIFFER = {"differ": "differ beyond chance", "not clear": "do not differ clearly"}


def estimates(found: Link, unit: str, score_label: str) -> Table:
    """The link unadjusted, adjusted and corrected, and its check."""
    outcome, share = outcome_label(found.outcome), unit == "share"
    return show(
        estimate_rows(found, unit),
        caption=f"Change for {found.per:g} points more of {score_label.lower()}",
        columns={
            "estimate": "Estimate",
            "effect": ("Change", "in unit", "low", "high"),
            "base": ("Account surveys", "count"),
        },
        note=f"In {'percentage points' if share else 'units'} of {outcome}; the check in its own "
        f"unit. {found.accounts:,} accounts. Intervals: {found.confidence:.0%}.",
    )


def estimate_rows(found: Link, unit: str) -> pd.DataFrame:
    """Each estimate of the link with a reader's name and its unit."""
    points = (found.table["estimate"] != "negative control") & (unit == "share")
    numbers = found.table[["effect", "low", "high"]].mul(np.where(points, 100.0, 1.0), axis=0)
    return found.table.assign(
        **numbers,
        estimate=found.table["estimate"].map(ESTIMATES),
        unit=np.where(points, "decimal1", "decimal3"),
    )


def on_the_list() -> Sentence:
    """Where the accounts stand by name."""
    return account_list("Every account by name: its revenue at risk and the part linked to scores")


def leavers(found: Leavers, months: int) -> Table:
    """Who left, by complaints and the client's groups, and by products that differ."""
    ofs = found.table["group"].eq(YES)
    rows = found.table[~ofs | found.table["verdict"].ne("not clear")]
    named = [_group(kind, group) for kind, group in zip(rows["kind"], rows["group"], strict=True)]
    return show(
        rows.assign(group=named),
        caption=f"Left within {months} months of a survey, by group",
        columns={
            "group": "Group",
            "value": ("Left", "share1", "low", "high"),
            "base": ("Accounts at surveys", "count"),
            "verdict": "Against the rest",
        },
        note=f"All listed accounts, whether they answered or not: {found.accounts:,}. Verdicts are "
        "corrected for how many groups were compared; products are listed where they differ.",
    )


def survival_by_group(found: GroupSurvival) -> Table:
    """Who is still a customer after some months, by the client's groups."""
    after = sorted(found.table["months"].unique())
    wide = found.table.pivot(index=["kind", "group", "accounts"], columns="months",
                             values=["share", "low", "high"]).reset_index()  # fmt: skip
    wide.columns = wide.columns.map(lambda pair: "_".join(str(part) for part in pair if part))
    kinds = {kind: DIFFER[found.verdict(kind)] for kind in found.corrected}
    return show(
        wide.assign(
            group=[_group(k, g) for k, g in zip(wide["kind"], wide["group"], strict=True)],
            verdict=wide["kind"].map(kinds),
        ),
        caption="Still customers, by months after the first score and by group",
        columns={
            "group": "Group",
            "accounts": ("Accounts", "count"),
            **{
                f"share_{n}": (f"After {n}\u00a0months", "share", f"low_{n}", f"high_{n}")
                for n in after
            },
            "verdict": "Such groups",
        },
        note=f"{found.base:,} accounts with a score, {found.lost:,} of them left. Kaplan and "
        "Meier's estimate; groups of a kind by the log-rank test, corrected for how many kinds "
        "there are.",
    )


def _group(kind: str, group: str) -> str:
    """What a group is called: by its kind, but where that says it already.

    >>> _group("region", "Europe"), _group("Holds Pumps", "yes"), _group("complained", "did not")
    ('Region: Europe', 'Holds Pumps', 'Had not complained in the year before')
    """
    if kind == COMPLAINED:
        return f"Had {'not ' * (group != COMPLAINED)}complained in the year before"
    return kind if group == YES else f"{plain(kind).capitalize()}: {group}"


def intention_by_lag(found: pd.DataFrame) -> Table:
    """What became of those who gave the highest answer and of all others, by months since."""
    return show(
        found,
        caption="Stayed, by what they had said and the months since",
        columns={
            "lag_months": ("Months", "count"),
            "said_most": ("Gave the highest answer", "share", "most_low", "most_high"),
            "base_most": ("Answers", "count"),
            "said_less": ("Gave a lower one", "share", "less_low", "less_high"),
            "base_less": ("Answers", "count"),
        },
        note="A longer time has fewer surveys.",
    )
