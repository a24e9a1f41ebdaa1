"""The tables of the actions chapter."""

from __future__ import annotations

import pandas as pd

from helpers.methods import actions
from helpers.methods.actions import PHASES, Considered
from helpers.views.actions import figures, figures_causes
from helpers.views.actions.figures import in_quarters, unit
from helpers.views.rendering.naming import Labels
from helpers.views.rendering.owners import owner_of
from helpers.views.rendering.sentences import Sentence, notes, show_folded
from helpers.views.rendering.tables import Column, Table, show

STATUS = {"missed": "missed", "late": "late", "open": "not due yet", "kept": "kept"}
EARLY, READY = "early", "ready"  # what a phase is for is not, or is, in force or judged by then
DONE = {
    ("diagnose", READY): "Owners have asked ten of those reached what would have to change",
    ("choose", READY): "Form, team and measure of each action are settled",
    ("build and try", EARLY): "Each action is being built; none is in force yet",
    ("build and try", READY): "What is in force runs with some of those reached, drawn by lot",
    ("install", EARLY): "Whom each is tried with is drawn by lot; none is judged yet: each has its "
    "day below",
    ("install", READY): "What was judged and passed its stop rule runs for all it reaches; each "
    "other has its day below",
}
TOLD = {
    ("diagnose", READY): "Those asked: why, and by when they will hear",
    ("choose", READY): "All who answered: what we heard, and what we will try",
    ("build and try", EARLY): "All who answered: what is being built, and by when",
    ("build and try", READY): "Those it is tried with: that it is a trial, and until when",
    ("install", EARLY): "Those it will be tried with: that it is a trial, and until when",
    ("install", READY): "All reached: what works now, and whom to call if it does not",
}
NEEDS = {"build and try": "in_force", "install": "judged"}  # by the day of the phase
LINES = {"retention": "Retention", "growth": "Growth", "leads": "Leads",
         "efficiency": "Efficiency (cost)"}  # fmt: skip
CLAIMS = {
    actions.STAYING: "Customers who stay because of the plan",
    actions.SAVED_COST: "Cost that the plan saves",
    actions.AVOIDED: "Cost avoided because targets are met, as the page on operations tells it",
}
UNCLAIMED = "nothing is claimed"
OWN_COSTS, LEFT = "Less: the plan's own costs of that time", "Expected gain of the plan"


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
            "name": "Action", "spend": (_cost(found), f"money:{currency}"),
            "gain": ("Gain before costs", each, "low", "high"),
            "positive": (_chance(found), "share"), "chosen": ("In the best plan of", "share"),
            "moves": "Works mainly through", "needs": "Needs first",
        },
        note=f"{_basis(found)} Gains are of {figures.in_years(found.evidence.years)} from the "
        f"earliest quarter; intervals of {found.decision.confidence:.0%}. Most for its cost first. "
        "An action that needs another is shown as if that were there. Effects of drivers are drawn "
        "towards their mean here, so that the luckiest estimate does not win; the page on drivers "
        "shows them as measured.",
    )  # fmt: skip


def _chance(found: Considered) -> str:
    return "Chance it pays" if found.evidence.in_money else "Chance of a gain"


def _cost(found: Considered) -> str:
    return f"Cost, {in_quarters(found.decision.worth.options.quarters)}"


def _basis(found: Considered) -> str:
    """What every cost of the page is."""
    planned = in_quarters(found.decision.worth.options.quarters)
    return f"Cost: once and running, over the {planned} that are planned."


def plan(found: Considered, labels: Labels, currency: str) -> Table:
    """What is funded, surest first."""
    made, table = found.decision, figures.candidates(found, labels)
    rows, each = table[table["funded"]], unit(found, currency)
    return show(
        rows.sort_values("chosen", ascending=False, kind="stable"),
        caption="The plan",
        columns={
            "name": "Action", "planned": (_cost(found), f"money:{currency}"),
            "adds": ("Adds to the plan", each), "chosen": ("In the best plan of", "share"),
            "starts": "Starts", "function": "Function", "moves": "Works mainly through",
        },
        note=f"{_basis(found)} Adds: what would be lost if it were left out, in "
        f"{figures.in_years(found.evidence.years)}, its own costs of that time deducted. In the "
        f"best plan of: share of {made.futures} possible futures, each solved by itself.",
    )  # fmt: skip


def rejected(found: Considered, currency: str) -> Table:
    """What is not funded, and why."""
    return show(
        figures.rejected(found),
        caption="Why the others are not in the plan",
        columns={
            "name": "Action", "adds": ("Would add", unit(found, currency)),
            "spend": (_cost(found), f"money:{currency}"), "why": "Why not",
        },
        note=f"{_basis(found)} Would add: to this plan, in "
        f"{figures.in_years(found.evidence.years)}, own costs of that time deducted. What would "
        "add most first.",
    )  # fmt: skip


def causes(
    found: Considered, causes: pd.DataFrame | None, effects: pd.DataFrame, labels: Labels,
    currency: str,
) -> Sentence:  # fmt: skip
    """Each cause of cases with what is listed and funded against it, folded."""
    if causes is None or causes.empty:
        return notes()
    rows = figures_causes.against(found, causes, effects)
    columns: dict[str, Column] = {
        "name": "Cause", "cases": ("Cases", "count"), "open": ("Open now", "count"),
    }  # fmt: skip
    if currency and "revenue" in rows and rows["revenue"].sum() > 0:
        columns["revenue"] = ("Revenue under open cases, 12 months", f"money:{currency}")
    columns |= {"listed": ("Candidate actions", "count"), "funded": ("In the plan", "count"),
                "first": "Strongest as stated"}  # fmt: skip
    return show_folded(
        "Causes of cases, and what the plan does about each",
        rows.assign(name=[figures_causes.cause_name(cause, labels) for cause in rows["cause"]]),
        caption="Causes of cases, and actions against them",
        columns=columns,
        note="Revenue of accounts with an open case; one with cases of two causes counts in each. "
        "It shows where cases weigh most and is part of no gain: what an action keeps is counted "
        "once, as customers who stay. Strongest: of those in the plan, else of those listed.",
    )


def account(
    found: Considered, currency: str, table: pd.DataFrame | None
) -> Table | Sentence:  # fmt: skip
    """What is counted where, so that no money counts twice."""
    if table is None:
        return notes("Gains are told in points of loyalty, so no money can be counted twice.")
    money, plan = f"money:{currency}", found.decision.plan
    parts = [f"part of: {CLAIMS[x].lower()}" if x else "" for x in table["part_of"]]
    numbers = table[["amount", "counted"]].where(table["name"] != "")
    rows = table.assign(
        line=table["line"].map(LINES), part=parts,
        name=table["name"].map(CLAIMS).fillna(UNCLAIMED), **numbers,
    )  # fmt: skip
    ends = pd.DataFrame(
        {"name": [OWN_COSTS, LEFT], "amount": [plan.cost, float(plan.net.mean())], "line": "",
         "part": "", "counted": float("nan")}
    )  # fmt: skip
    over = figures.in_years(found.evidence.years)
    return show(
        pd.concat([rows, ends], ignore_index=True),
        caption="What of the plan is counted where",
        columns={"name": "What", "amount": ("Amount", money), "line": "Line",
                 "counted": ("Counted in its line", money), "part": ""},
        note=f"Expected over {over}. No account counts for more than it leaves in that time. "
        "Customers who stay are those of the revenue at risk and of the targets of operations: "
        "these are other views of the same money, never to be added.",
    )  # fmt: skip


def phases(found: Considered, *, as_of: pd.Timestamp) -> Table | Sentence:
    """What is done by which day, and what customers are told."""
    days = figures.days(found, as_of)["ninety_days"]
    if days.empty:
        return notes("No action of the plan starts in its first quarter.")
    rows = [
        {"phase": phase.capitalize(), "by": days[phase].iloc[0],
         "done": DONE[phase, _far(days, phase)], "told": TOLD[phase, _far(days, phase)]}
        for phase, _ in PHASES
    ]  # fmt: skip
    return show(
        pd.DataFrame(rows),
        caption="The first ninety days",
        columns={"phase": "Phase", "by": ("By", "date"), "done": "Done by then",
                 "told": "Customers are told"},
    )  # fmt: skip


def _far(days: pd.DataFrame, phase: str) -> str:
    """Whether any action is as far by the end of a phase as the phase is for."""
    need = NEEDS.get(phase)
    return READY if need is None or (days[need] <= days[phase]).any() else EARLY


STOP = (
    "Stop: where those it was tried with do not rate so much higher than the others by then, it no "
    "longer pays. Those without one are paid for by their savings."
)
NO_STOP = (
    "No stop rule is given: points do not tell when a cost is too much. Set one before the trial."
)


def ninety_days(
    found: Considered, labels: Labels, known: dict[str, str], currency: str, *, as_of: pd.Timestamp
) -> Table | Sentence:
    """Each action that starts now: owner, when it is judged, indicator, target, stop rule."""
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
            "action": "Action", "owner": "Owner", "in_force": ("In force by", "date"),
            "judged": ("Judged on", "date"), "indicator": "Leading indicator",
            "rating": ("Now", "decimal1"), "target": ("Target", "decimal1"),
            "stop": ("Stop below a rise of", "decimal2"),
            "cost": (_cost(found), f"money:{currency}"),
        },
        note="Target: of those reached, as changes and adoption are stated. Judged: after a month "
        f"in force, never before. {STOP if found.evidence.in_money else NO_STOP} {_basis(found)}",
    )  # fmt: skip
