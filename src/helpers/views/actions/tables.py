"""The tables of the actions chapter."""

from __future__ import annotations

import pandas as pd

from helpers.methods.actions import PHASES, Considered
from helpers.views.actions import figures
from helpers.views.actions.figures import owner_of, unit
from helpers.views.rendering.naming import Labels
from helpers.views.rendering.sentences import Sentence, notes, show_folded
from helpers.views.rendering.tables import Table, show

STATUS = {"missed": "missed", "late": "late", "open": "not due yet", "kept": "kept"}
DONE = {
    "diagnose": "Owners have asked ten of those reached what would have to change",
    "choose": "Form, team and measure of each action are settled",
    "build and try": "Each action runs with some of those reached, drawn by lot",
    "install": "What passed its stop rule runs for all it reaches; the rest is stopped",
}
TOLD = {
    "diagnose": "Those asked: why, and by when they will hear",
    "choose": "All who answered: what we heard, and what we will try",
    "build and try": "Those it is tried with: that it is a trial, and until when",
    "install": "All reached: what works now, and whom to call if it does not",
}


def promises(table: pd.DataFrame) -> Table:
    """The last promises to customers, those that need most first."""
    return show(
        table.assign(status=table["status"].map(STATUS)),
        caption="Promises to customers",
        columns={"what": "Promise", "status": "Status", "due": ("Due", "date"),
                 "delivered_at": ("Delivered", "date"), "told_at": ("Customers told", "date")},
    )  # fmt: skip


def candidates(found: Considered, labels: Labels, currency: str) -> Sentence:
    """Every candidate by itself, folded."""
    table, each = figures.candidates(found, labels), unit(found, currency)
    return show_folded(
        f"All {len(table)} candidates, most for their cost first",
        table,
        caption="What each action brings by itself",
        columns={
            "name": "Action", "moves": "Works mainly through",
            "spend": ("Cost", f"money:{currency}"), "gain": ("Gain", each, "low", "high"),
            "positive": ("Chance it pays", "share"), "chosen": ("In the best plan of", "share"),
            "needs": "Needs first",
        },
        note=f"Costs of the planned quarters, gains over {found.evidence.years:g} years from the "
        "earliest quarter, before costs; intervals of "
        f"{found.decision.confidence:.0%}. Most for its cost first. An action that needs another "
        "is shown as if that were there.",
    )  # fmt: skip


def plan(found: Considered, labels: Labels, currency: str) -> Table:
    """What is funded, surest first."""
    made, table = found.decision, figures.candidates(found, labels)
    loses = dict(zip((found.listed.ids[a] for a in made.dropped["action"]),
                     made.dropped["loses"], strict=True))  # fmt: skip
    rows = table[table["funded"]].assign(adds=lambda t: t["action_id"].map(loses))
    each = unit(found, currency)
    return show(
        rows.sort_values("chosen", ascending=False, kind="stable"),
        caption="The plan",
        columns={
            "name": "Action", "function": "Function", "moves": "Works mainly through",
            "starts": "Starts", "spend": ("Cost", f"money:{currency}"),
            "adds": ("Adds to the plan", each), "chosen": ("In the best plan of", "share"),
        },
        note=f"In the best plan of: share of {made.futures} possible futures, each solved by "
        "itself. Adds: expected gain, own costs deducted, lost if it were left out.",
    )  # fmt: skip


def rejected(found: Considered, currency: str) -> Table:
    """What is not funded, and why."""
    return show(
        figures.rejected(found),
        caption="Why the others are not in the plan",
        columns={
            "name": "Action", "why": "Why not", "adds": ("Would add", unit(found, currency)),
            "spend": ("Would cost", f"money:{currency}"),
        },
        note="Would add: to this plan, own costs deducted. What would add most first.",
    )  # fmt: skip


def phases(found: Considered, *, as_of: pd.Timestamp) -> Table | Sentence:
    """What is done by which day, and what customers are told."""
    days = figures.days(found, as_of)["ninety_days"]
    if days.empty:
        return notes("No action of the plan starts in its first quarter.")
    rows = [
        {"phase": phase.capitalize(), "by": days[phase].iloc[0], "done": DONE[phase],
         "told": TOLD[phase]}
        for phase, _ in PHASES
    ]  # fmt: skip
    return show(
        pd.DataFrame(rows),
        caption="The first ninety days",
        columns={"phase": "Phase", "by": ("By", "date"), "done": "Done by then",
                 "told": "Customers are told"},
    )  # fmt: skip


def ninety_days(
    found: Considered, labels: Labels, known: dict[str, str], currency: str, *, as_of: pd.Timestamp
) -> Table | Sentence:
    """Each action that starts now: owner, indicator with its target, stop rule, in force."""
    days = figures.days(found, as_of)["ninety_days"]
    if days.empty:
        return notes()
    rows = days.assign(
        stop=days["stop"].where(days["stop"] > 0),
        owner=[owner_of(f, known) for f in days["function"]],
        indicator=[f"Rating of {labels.get(d, d)}" if d else "Cost saved" for d in days["driver"]],
    )  # fmt: skip
    return show(
        rows,
        caption="What starts now, by function",
        columns={
            "action": "Action", "owner": "Owner", "cost": ("Cost", f"money:{currency}"),
            "indicator": "Leading indicator", "rating": ("Now", "decimal1"),
            "target": ("Target", "decimal1"), "stop": ("Stop below a rise of", "decimal2"),
            "in_force": ("In force by", "date"),
        },
        note="Target: of those reached, as changes and adoption are stated. Stop: where those it "
        "was tried with do not rate so much higher than the others, it no longer pays. Those "
        "without one are paid for by their savings.",
    )  # fmt: skip
