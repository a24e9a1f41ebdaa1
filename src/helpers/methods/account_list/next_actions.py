"""What an account's own page asks for: the next action of the list, and what else is due there."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from helpers.methods.account_list.contracts import latest_day, working_day
from helpers.methods.account_list.rules import AHEAD, DRIVER, LEAD, PROMISE, RENEWAL, Rule, rule

__all__ = ["next_actions"]

CASE = ("uncontacted", "late ticket", "ticket in time")  # rules of the list by what they settle
PLAN = ("repair before renewal", "repair")
TALK = ("repair before renewal", "renewal", AHEAD.name)
LATE, OPEN, REPAIR = rule("late promise"), rule("ticket in time"), rule("repair")
TO_BE_NAMED = "to be named"
COLUMNS = ["account_id", "kind", "action", "about", "value", "peers", "who", "due"]


def next_actions(
    listed: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    tickets: pd.DataFrame | None = None,
    promises: pd.DataFrame | None = None,
    drivers: pd.DataFrame | None = None,
    leads: pd.DataFrame | None = None,
    monday: Collection[str] = (),
    most: int = 3,
) -> pd.DataFrame:
    """Up to three actions for each account, each with a person and a day.

    The first is that of the list. The others follow by day, one of a kind: the case or the promise
    that is due first, the plan of repair that its place on the value map asks of its sponsor
    where something more urgent is done first, the talk about the contract's end, the driver that
    the account rates
    furthest below what others do, the lead with most expected money. What the first action
    settles is not said again, and an account that is offered nothing now has no lead.

    Parameters
    ----------
    listed
        The table of `AccountList`.
    tickets, promises
        As `open_tickets` and `open_promises` give them. A promise to all customers is nothing
        that one account's owner could keep.
    drivers
        As `profiles.drivers` gives them, with ``label``, ``scale_min``, ``scale_max`` and, where
        known, ``owner``. One counts where its whole interval is below what others say.
    leads
        ``account_id``, ``product``, ``money``; of people who agreed to offers alone.
    monday
        Accounts among the first calls of the leads: these are made on Monday.

    Returns
    -------
    DataFrame
        account_id, kind (``list``, ``case``, ``promise``, ``repair``, ``talk``, ``driver``,
        ``lead``), action, about, value and peers (of a driver), who, due; no day where nobody has
        time within a year. Accounts in the order of the list. One without any action has none.

    Examples
    --------
    >>> from helpers.methods.account_list import account_list
    >>> today = pd.Timestamp("2026-06-30")
    >>> found = account_list(pd.DataFrame({"account_id": ["a"], "owner": ["Ann"]}), as_of=today,
    ...     contract_ends=pd.Series({"a": pd.Timestamp("2026-12-31")}))
    >>> next_actions(found.table, as_of=today)[["kind", "who", "due"]].values.tolist()
    [['list', 'Ann', Timestamp('2026-12-01 00:00:00')]]
    """
    today = as_of.normalize()
    owner = listed.set_index("account_id")["owner"].astype(object).fillna(TO_BE_NAMED)
    parts = [
        _cases(listed, tickets, owner, today), _promises(listed, promises, owner, today),
        _repairs(listed, owner, today), _talks(listed, owner, today),
        _drivers(drivers, owner, today), _leads(listed, leads, owner, monday, today),
    ]  # fmt: skip
    there = pd.concat([_blank(), *(part for part in parts if len(part))])
    there = there[there["account_id"].isin(owner.index) & (there["due"] > today)]
    first = listed[listed["rule"] != ""].assign(kind="list", about="")
    ranked = pd.concat([first.reindex(columns=COLUMNS), there.reindex(columns=COLUMNS)])
    ranked = ranked.assign(
        place=ranked["account_id"].map({name: at for at, name in enumerate(owner.index)}),
        later=ranked["kind"] != "list",
    )
    ranked = ranked.sort_values(["place", "later", "due"], kind="stable", na_position="last")
    found = ranked.groupby("place", sort=False).head(most)[COLUMNS].reset_index(drop=True)
    return found.astype({"account_id": listed["account_id"].dtype})


def _blank() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=object) for name in COLUMNS}).astype(
        {"due": "datetime64[ns]", "value": float, "peers": float}
    )


def _within(one: Rule, today: pd.Timestamp) -> pd.Timestamp:
    return today + pd.Timedelta(days=one.days)


def _ahead(rows: pd.DataFrame, days: pd.Series, today: pd.Timestamp) -> pd.DataFrame:
    """Rows by their days, each a working day after today; the first of each account."""
    due = working_day(pd.to_datetime(days).dt.normalize(), today=today)
    due = due.mask(due <= today, today + pd.offsets.BDay(1))
    return rows.assign(due=due).sort_values("due", kind="stable").drop_duplicates("account_id")


def _cases(
    listed: pd.DataFrame, tickets: pd.DataFrame | None, owner: pd.Series, today: pd.Timestamp
) -> pd.DataFrame:
    """The case that is due first, where the next action is none of a case."""
    if tickets is None or tickets.empty:
        return _blank()
    told = listed.loc[listed["rule"].isin(CASE), "account_id"]
    rows = tickets[~tickets["account_id"].isin(told)]
    kinds = rows["late"].astype(bool).map({True: "late ticket", False: OPEN.name})
    kinds = kinds.mask(rows["late"].astype(bool) & (rows["step"] == "first contact"), CASE[0])
    promised = pd.to_datetime(rows["rests"].fillna(rows["due"]))
    allowed = kinds.map(lambda name: _within(rule(name), today))
    days = promised.where(~rows["late"].astype(bool)).fillna(allowed)
    who = rows["owner"].astype(object).fillna(rows["account_id"].map(owner))
    found = rows.assign(kind="case", who=who, action=kinds.map(lambda name: rule(name).action))
    return _ahead(found, days, today)


def _promises(
    listed: pd.DataFrame, promises: pd.DataFrame | None, owner: pd.Series, today: pd.Timestamp
) -> pd.DataFrame:
    """The promise that is due first, where the next action is none of a promise."""
    if promises is None or promises.empty:
        return _blank()
    told = listed.loc[listed["rule"] == LATE.name, "account_id"]
    rows = promises[(promises["to"] != "all") & ~promises["account_id"].isin(told)]
    late = rows["late"].astype(bool)
    days = pd.to_datetime(rows["due"]).where(~late, _within(LATE, today))
    found = rows.assign(
        kind="promise", about=rows["what"], who=rows["account_id"].map(owner),
        action=late.map({True: LATE.action, False: PROMISE.action}),
    )  # fmt: skip
    return _ahead(found, days.fillna(_within(PROMISE, today)), today)


def _repairs(listed: pd.DataFrame, owner: pd.Series, today: pd.Timestamp) -> pd.DataFrame:
    """The sponsor's plan for an account to protect, where the next action is a more urgent one."""
    cells = {sign.removeprefix("cell: ") for sign in REPAIR.when}
    rows = listed[listed["cell"].isin(cells) & ~listed["rule"].isin(PLAN)]
    before = latest_day(rows["contract_end"], today=today)
    days = pd.Series(_within(REPAIR, today), index=rows.index)
    who = rows["sponsor"].astype(object).fillna(rows["account_id"].map(owner))
    found = rows.assign(kind="repair", about="", who=who, action=REPAIR.action)
    return _ahead(found, days.mask(before < days, before), today)


def _talks(listed: pd.DataFrame, owner: pd.Series, today: pd.Timestamp) -> pd.DataFrame:
    """The talk about the end of a contract, where it is near and the next action is another."""
    near = listed["talk"] <= today + pd.Timedelta(days=AHEAD.days)
    rows = listed[near & ~listed["rule"].isin(TALK)]
    return rows.assign(kind="talk", about="", who=rows["account_id"].map(owner), due=rows["talk"],
                       action=RENEWAL.action)  # fmt: skip


def _drivers(drivers: pd.DataFrame | None, owner: pd.Series, today: pd.Timestamp) -> pd.DataFrame:
    """The driver furthest below what others say, where the whole interval is."""
    if drivers is None or drivers.empty:
        return _blank()
    rows = drivers[drivers["high"] < drivers["peers"]]
    wide = rows["scale_max"] - rows["scale_min"]
    far = rows.assign(short=(rows["peers"] - rows["value"]) / wide)
    far = far.sort_values("short", ascending=False, kind="stable").drop_duplicates("account_id")
    asked = far.reindex(columns=["owner"])["owner"].replace("", None)
    found = far.assign(
        kind="driver", action=DRIVER.action, about=far["label"],
        who=asked.fillna(far["account_id"].map(owner)),
    )  # fmt: skip
    return _ahead(found, pd.Series(_within(DRIVER, today), index=far.index), today)


def _leads(
    listed: pd.DataFrame, leads: pd.DataFrame | None, owner: pd.Series, monday: Collection[str],
    today: pd.Timestamp,
) -> pd.DataFrame:  # fmt: skip
    """The lead with most expected money of each account that may be offered something now."""
    if leads is None or leads.empty:
        return _blank()
    held = listed.loc[listed["held"].astype(bool), "account_id"]
    rows = leads[~leads["account_id"].isin(held)]
    rows = rows.sort_values("money", ascending=False, kind="stable", na_position="last")
    first = rows["account_id"].isin(list(monday))
    days = pd.Series(_within(LEAD, today), index=rows.index)
    days = days.mask(first, today + pd.offsets.Week(weekday=0))
    found = rows.assign(kind="lead", action=LEAD.action, about=rows["product"],
                        who=rows["account_id"].map(owner))  # fmt: skip
    return _ahead(found, days, today)
