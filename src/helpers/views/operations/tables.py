"""The tables of the operations chapter."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from helpers.methods.operations import Effects, Metrics, Savings, Worth
from helpers.views.operations.figures import owned_by, written_in
from helpers.views.rendering.naming import Labels, named, plain
from helpers.views.rendering.numerals import MISSING
from helpers.views.rendering.sentences import Sentence, notes, show_folded
from helpers.views.rendering.tables import Table, show

VERDICTS = {
    "pays": "target pays",
    "works against": "target works against customers",
    "linked": "linked; better direction not declared",
    "not clear": "no reliable link",
}
LINES = {
    "retention": "Retention", "growth": "Growth", "leads": "Leads",
    "efficiency": "Efficiency (cost)",
}  # fmt: skip
UNCLAIMED = {
    "retention": "nothing that is clear enough to count",
    "growth": "no clear link from a target to more spend",
    "leads": "no lead with a chance and a price",
    "efficiency": "no target with a cost of missing it",
}
CLAIMS = {
    "revenue at risk": "Revenue at risk that is linked to low scores",
    "targets met": "Kept because targets are met",
    "spend more": "More spend of those who stay, because targets are met",
    "leads": "Expected of leads to call about now",
    "cost avoided": "Cost avoided because targets are met",
}
WORSE_TO_BETTER = "Every measure from its worse quartile to its better."


def measures(sent: Metrics, found: Effects, missed: pd.DataFrame, labels: Labels) -> Sentence:
    """Every measure that was sent, folded: of what, who owns it, what it is set against."""
    rows = sent.summary.merge(missed, on="metric", how="left")
    why = {**dict(zip(sent.summary["metric"], sent.summary["why"], strict=True)), **found.why}
    tested = found.table.groupby("metric")["rating"].agg(list)
    against = [
        ", ".join(named(tested[m], labels)) if m in tested else f"not used: {why.get(m, '')}"
        for m in rows["metric"]
    ]
    target = [
        MISSING if pd.isna(t) else f"{written_in(t, u)} or {'more' if b > 0 else 'less'}"
        for t, u, b in zip(rows["target"], rows["unit"], rows["better"], strict=True)
    ]
    return show_folded(
        f"The {len(rows)} measures that were sent: target, owner, and how many miss it now",
        rows.assign(metric=rows["metric"].map(plain), against=against, aim=target,
                    level=rows["keys"].astype(str) + " " + rows["level"] + "s"),
        caption="Internal measures that were sent",
        columns={
            "metric": "Measure", "level": "Of", "months": ("Months", "count"), "aim": "Target",
            "missing_share": ("Miss it now", "share"), "owner": "Owner", "against": "Set against",
        },
        note="A target is shown where it is known which way is better.",
    )  # fmt: skip


def effects(found: Effects, labels: Labels) -> Sentence:
    """The link of each measure, folded: pooled, within accounts and between them."""
    return show_folded(
        "Each link: within accounts and between them",
        _readable(found.table, labels).assign(verdict=found.table["verdict"].map(VERDICTS)),
        caption="Rating points for one unit more of each measure",
        columns={
            "metric": "Measure", "rating": "Rating",
            "slope": ("Change", "decimal3", "low", "high"),
            "within": ("Within accounts", "decimal3"), "between": ("Between accounts", "decimal3"),
            "differ_p": ("p of difference", "p"),
            "p_family": ("p, all measures", "p"), "verdict": "Finding",
        },
        note=f"Intervals: {found.confidence:.0%}. The finding counts all measures as one family "
        "(Holm), so an interval may leave out 0 and the finding still be none.",
    )  # fmt: skip


def staircase(
    steps: pd.DataFrame, sent: Metrics, labels: Labels, owner: Callable[[str], str]
) -> Table | Sentence:
    """From a number of people who never meet a customer to whether customers stay."""
    if steps.empty:
        return notes("No measure is reliably linked to a rating, so there is no chain to follow")
    points = {f"staying{e}": steps[f"staying{e}"] * 100 for e in ("", "_low", "_high")}
    whose = [
        owned_by(sent.of(metric), rating, owner) or MISSING
        for metric, rating in zip(steps["metric"], steps["rating"], strict=True)
    ]
    return show(
        _readable(steps, labels).assign(whose=whose, **points),
        caption="From an internal measure to customers who stay",
        columns={
            "whose": "Whose", "metric": "Their number", "rating": "moves the rating",
            "gain": ("Rating points", "scale", "gain_low", "gain_high"),
            "loyalty": ("then loyalty", "decimal2", "loyalty_low", "loyalty_high"),
            "staying": ("then staying", "decimal2", "staying_low", "staying_high"),
        },
        row_header="metric",
        note=f"{WORSE_TO_BETTER} Staying: percentage points. {_bases(steps)}Each step carries the "
        "errors of those before it.",
    )  # fmt: skip


def _bases(steps: pd.DataFrame) -> str:
    parts = (("first", "base", "answers"), ("second", "loyalty_base", "answers"),
             ("third", "staying_base", "account surveys"))  # fmt: skip
    told = [
        f"{step} step {int(steps[column].min()):,} {what}"
        for step, column, what in parts
        if steps[column].notna().any()
    ]
    return f"Smallest base: {', '.join(told)}. "


def worth(found: Worth, sent: Metrics, currency: str) -> Table | Sentence:
    """What it would be worth that those who miss a target meet it."""
    if found.table.empty:
        return notes("No linked measure has a target that anybody is known to miss")
    rows, money = found.table, f"money:{currency}"
    units = sent.summary.set_index("metric")["unit"].reindex(rows["metric"])
    short = [f"{n:,.0f} of {k:,.0f}" for n, k in zip(rows["missing"], rows["known"], strict=True)]
    aims = [written_in(t, u) for t, u in zip(rows["target"], units, strict=True)]
    return show(
        rows.assign(metric=rows["metric"].map(plain), aim=aims, short=short),
        caption="Were targets met by those who miss them",
        columns={
            "metric": "Measure", "aim": "Target", "short": ("Miss it", "written"),
            "money": (f"Revenue kept, {found.horizon} months", money, "money_low", "money_high"),
            "growth": ("Revenue more, a year", money, "growth_low", "growth_high"),
        },
        note="Expected of those who miss the target, if every link holds. Only measures that are "
        "linked.",
    )  # fmt: skip


def on_the_way(found: Worth, labels: Labels) -> Sentence:
    """What meeting a target would do to the rating and to loyalty, folded."""
    if found.table.empty:
        return notes()
    return show_folded(
        "What would change on the way: the rating, then loyalty",
        _readable(found.table, labels),
        caption="Expected changes of those who miss the target",
        columns={
            "metric": "Measure", "rating": "Rating",
            "rating_change": ("Rating points", "scale", "rating_change_low", "rating_change_high"),
            "loyalty_change": ("Loyalty points", "decimal2", "loyalty_change_low",
                               "loyalty_change_high"),
        },
    )  # fmt: skip


def saved(found: Savings, currency: str) -> Sentence:
    """Cost that meeting targets would avoid, a line of its own, measure by measure and folded."""
    if found.table.empty:
        return notes("No measure was sent with a target, a cost and a better direction")
    money = f"money:{currency}"
    rows = found.table
    return show_folded(
        "The cost that meeting each target would avoid",
        rows.assign(metric=rows["metric"].map(plain),
                    counts=rows["counted"].map({True: "", False: "not counted: works against "
                                                "customers"})),
        caption="Cost that meeting targets would avoid",
        columns={
            "metric": "Measure", "months": ("Months sent", "count"),
            "units": ("Units beyond target in them", "count"), "unit": "Unit",
            "saving": ("Cost avoided, a year", money), "least": ("Best month's rate", money),
            "most": ("Worst month's rate", money), "counts": "",
        },
        note="Units beyond the target times the cost of one, in the last 12 months; the months "
        "sent stand for the others.",
    )  # fmt: skip


def account(table: pd.DataFrame, currency: str) -> Table:
    """What is counted where, so that no money counts twice."""
    money = f"money:{currency}"
    parts = [f"part of: {CLAIMS[x].lower()}" if x else "" for x in table["part_of"]]
    numbers = table[["amount", "counted"]].where(table["name"] != "")
    return show(
        table.assign(
            line=table["line"].map(LINES),
            name=table["name"].map(CLAIMS).fillna(table["line"].map(UNCLAIMED)),
            part=parts, **numbers,
        ),
        caption="What is counted where",
        columns={
            "line": "Line", "name": "What", "amount": ("Amount", money),
            "counted": ("Counted in its line", money), "part": "",
        },
        note="Lines are never added to each other: retention is revenue over the months of the "
        "page “Does loyalty pay here?”, leads over those of the page “Leads”, growth and "
        "efficiency are of a year. Growth counts only what an account would spend beyond its "
        "leads; no account counts for more than its revenue.",
    )  # fmt: skip


def felt(table: pd.DataFrame, labels: Labels) -> Table | Sentence:
    """Who rates badly where the measure is on target, and where it is not."""
    if table.empty:
        return notes(
            "No measure with a target and a better direction could be set against its rating"
        )
    return show(
        _readable(table, labels),
        caption="Fine by our records, bad for customers",
        columns={
            "metric": "Measure", "rating": "Rating",
            "on_target": ("Rate badly on target", "share", "on_low", "on_high"),
            "on_base": ("Answers", "count"),
            "off_target": ("Rate badly off target", "share", "off_low", "off_high"),
            "off_base": ("Answers ", "count"),
        },
        note="Badly: at or below the middle of the scale. All waves.",
    )  # fmt: skip


def _readable(table: pd.DataFrame, labels: Mapping[str, str]) -> pd.DataFrame:
    return table.assign(
        metric=table["metric"].map(plain), rating=named(list(table["rating"]), labels)
    )
