"""The tables of the recovery chapter."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from helpers.methods.recovery import OTHER, RULES, Causes, Inbox, Saved, Waiting
from helpers.views.recovery import figures
from helpers.views.rendering.naming import Labels, plain
from helpers.views.rendering.sentences import Sentence, account_list, notes, show_folded
from helpers.views.rendering.tables import Column, Table, show

KINDS = {"recover": "Recover", "recognise": "Recognise", "grow": "Grow"}
STEPS = {"first contact": "First contact", "plan": "Plan", "closed": "Closed",
         "confirmed": "Confirmed by the customer"}  # fmt: skip
NEXT = {"first contact": "Call", "plan": "Agree a plan", "solution": "Solve it"}
METHODS = {
    "comparable cases": "Comparable people not contacted in time",
    "threshold": "Just below the alert line against just above",
    "regression to the mean": "What noise in answers gives back",
}


def calls(found: Inbox, load: pd.DataFrame | None, currency: str) -> Table | Sentence:
    """Each owner with the first call to make, what waits behind it, and how it went of late."""
    open_ = found.table[found.table["kind"] == "recover"]
    if open_.empty:
        return notes("No case of a customer is open.")
    first = open_.sort_values(["status", "rank"], key=_pressing).drop_duplicates("owner")
    by = open_.groupby("owner")
    rows = first[["owner", "account", "step", "due"]].assign(
        waits=first["owner"].map(by.size()),
        late=first["owner"].map(open_["status"].eq("overdue").groupby(open_["owner"]).sum()),
        revenue=first["owner"].map(by["revenue"].sum(min_count=1)),
        step=first["step"].map(NEXT),
    )
    columns: dict[str, Column] = {
        "owner": "Who calls", "account": "First call", "step": "Next step", "due": ("Due", "date"),
        "late": ("Accounts past a promise", "count"), "waits": ("Accounts that wait", "count"),
    }  # fmt: skip
    if currency and rows["revenue"].notna().any():
        columns["revenue"] = ("Their revenue, 12 months", f"money:{currency}")
    if load is not None and load["in_time"].notna().any():
        rows["in_time"] = rows["owner"].map(load.set_index("owner")["in_time"])
        columns["in_time"] = ("First contacts in time", "share")
    return show(
        rows,
        caption="Who calls whom first",
        columns=columns,
        note="First call: of those past a promise, the one with most money expected to leave. In "
        "time: of recent cases whose promise is over; a dash where they are few.",
    )  # fmt: skip


def _pressing(column: pd.Series) -> pd.Series:
    order = {"overdue": 0, "open": 1, "snoozed": 2}
    return column.map(order) if column.name == "status" else column


def today(found: Inbox, currency: str, printed: Callable[[str], str]) -> Table:
    """Open cases that owners can handle in a week, for a screen.

    Parameters
    ----------
    printed
        Makes a text of the client's safe for where it is shown.
    """
    rows = found.in_reach[found.in_reach["kind"] == "recover"]
    for name in ("account", "owner"):
        rows = rows.assign(**{name: rows[name].astype(str).map(printed)})
    waits = int((found.table["kind"] == "recover").sum()) - len(rows)
    columns: dict[str, Column] = {
        "rank": ("Rank", "count"), "account": "Account", "owner": "Owner", "step": "Next step",
        "due": ("Due", "date"), "days_late": ("Days late", "count"),
    }  # fmt: skip
    if currency and rows["at_stake"].notna().any():
        columns["at_stake"] = ("Money at stake", f"money:{currency}")
    elif currency and rows["revenue"].notna().any():
        columns["revenue"] = ("Revenue", f"money:{currency}")
    return show(
        rows.assign(step=rows["step"].map(NEXT)),
        caption="Open cases to call about",
        columns=columns,
        row_header="account",
        note=f"{waits} more wait or rest; the files hold all.",
    )  # fmt: skip


def alerts(found: Inbox, currency: str, most: int) -> Table | Sentence:
    """The inbox of open cases: the most money at stake first."""
    rows = found.table[found.table["kind"] == "recover"]
    if rows.empty:
        return notes()
    columns: dict[str, Column] = {
        "rank": ("Rank", "count"), "account": "Account", "owner": "Owner of the case",
    }  # fmt: skip
    if currency and rows["at_stake"].notna().any():
        columns["at_stake"] = ("Money at stake", f"money:{currency}")
    columns |= {
        "step": "Next step", "due": ("Due", "date"), "due_working": ("Due, working days", "date"),
        "status": "State",
    }  # fmt: skip
    if rows["contract_end"].notna().any():
        columns["contract_end"] = ("Contract ends", "date")
    return show(
        rows.assign(step=rows["step"].map(NEXT), status=_states(rows)),
        caption="The inbox: open cases",
        columns=columns,
        row_header="account",
        limit=most,
        note="Cases of one account are one alert. Money at stake: best estimate of what leaves "
        "with the account. Due: by the calendar, the customer's clock, and in as many working "
        "days. At rest: until a day agreed with the customer.",
    )


def _states(rows: pd.DataFrame) -> pd.Series:
    return rows["status"].map({"overdue": "overdue", "open": "in time", "snoozed": "at rest"})


def see_list() -> Sentence:
    """Where everything else about these accounts stands."""
    return account_list(
        "A case stays with its owner; the account list may put another person's step first. "
        "What else is open at each of these accounts"
    )


def rules(found: Inbox) -> Sentence:
    """What raises an alert, and how many there are."""
    number = found.table["kind"].value_counts()
    rows = pd.DataFrame(
        {"kind": [KINDS[kind] for kind in RULES], "when": [r.when for r in RULES.values()],
         "action": [r.action for r in RULES.values()],
         "accounts": [int(number.get(kind, 0)) for kind in RULES]}
    )  # fmt: skip
    return show_folded(
        "What raises an alert", rows, caption="Rules of alerts",
        columns={"kind": "Alert", "when": "Raised by", "action": "What is done",
                 "accounts": ("Accounts now", "count")},
        note="Thanks only where people agreed to be called back and named, offers only where they "
        "agreed to marketing and to be named.",
    )  # fmt: skip


def waits(found: Waiting) -> Table:
    """Every clock beside its promise, by the calendar and in working days."""
    return show(
        found.table.assign(clock=found.table["clock"].map(STEPS)),
        caption="From a case to each step, in days",
        columns={
            "clock": "Step", "promise": ("Promised", "decimal0"),
            "kept": ("Kept", "share", "low", "high"), "working_kept": ("Kept *", "share"),
            "median": ("Half within", "decimal1"), "working_median": ("Half within *", "decimal1"),
            "ninety": ("Nine of ten within", "decimal1"),
            "finished": ("Half, done cases alone", "decimal1"),
        },
        note=f"Base: {found.base:,} cases; open ones are kept as waiting (Kaplan-Meier); "
        f"{found.confidence:.0%} intervals. Kept: within the promise. * By working days. A dash: "
        "not promised, or not reached.",
    )  # fmt: skip


def ages(table: pd.DataFrame, currency: str) -> Sentence:
    """Open cases by age."""
    if not table["cases"].sum():
        return notes("No case is open.")
    columns: dict[str, Column] = {
        "age": "Open for", "cases": ("Cases", "count"), "accounts": ("Accounts", "count"),
    }  # fmt: skip
    if currency and table["revenue"].sum() > 0:
        columns["revenue"] = ("Their revenue, 12 months", f"money:{currency}")
    return show_folded(
        "How old open cases are", table, caption="Open cases by age", columns=columns,
        note="All open cases, of former customers too. An account with cases of several ages "
        "counts in each.",
    )  # fmt: skip


def causes(
    found: Causes, labels: Labels, actions: pd.DataFrame | None, effects: pd.DataFrame | None,
    currency: str,
) -> Sentence:  # fmt: skip
    """Causes, the commonest first, with what is listed against each."""
    rows = found.table.assign(name=found.table["cause"].map(lambda cause: named(cause, labels)))
    columns: dict[str, Column] = {
        "name": "Cause", "cases": ("Cases", "count"), "share": ("Share", "share", "low", "high"),
        "running": ("Running share", "share"), "open": ("Open now", "count"),
    }  # fmt: skip
    if currency and "revenue" in rows and rows["revenue"].sum() > 0:
        columns["revenue"] = ("Revenue under open cases, 12 months", f"money:{currency}")
    works = figures.against(found, actions, effects)
    if works is not None:
        rows["actions"] = rows["cause"].map(works.set_index("cause")["listed"])
        columns["actions"] = ("Candidate actions", "count")
    return show_folded(
        "Each cause, with what is listed against it", rows, caption="Why cases come",
        columns=columns,
        note=f"Base: {found.base:,} cases with a cause. An account with open cases of two causes "
        "counts in each.",
    )  # fmt: skip


def named(cause: object, labels: Labels) -> str:
    """A cause as readers call it.

    >>> named("late_bill", {}), named("delivery", {"delivery": "Delivery"})
    ('Late bill', 'Delivery')
    """
    if cause == OTHER:
        return "Other causes"
    return labels.get(str(cause), plain(cause).capitalize())


def designs(found: Saved, score: str) -> Sentence:
    """What contact in time was worth, by each design."""
    rows = found.table.assign(
        name=[METHODS[d] + (" *" if d == found.carries else "") for d in found.table["design"]],
        says=found.table["reason"].where(found.table["gain"].isna(), ""),
    )
    columns: dict[str, Column] = {
        "name": "Compared with", "gain": ("Gain", "points", "low", "high"),
        "base": ("People", "count"), "compared": ("Beside them", "count"),
    }  # fmt: skip
    if rows["says"].any():
        columns["says"] = "Why nothing is said"
    return show_folded(
        "Each design in numbers", rows, caption=f"Points gained on {score} beyond doing nothing",
        columns=columns,
        note=f"* carries the sentence. {found.confidence:.0%} intervals, accounts left out in "
        "turn. Beside them: the people who tell what would have come anyway.",
    )  # fmt: skip
