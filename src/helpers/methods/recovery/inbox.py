"""Today's alerts: one a kind and account, by money at stake, cut at what an owner can handle."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.methods.account_list import open_tickets
from helpers.methods.recovery.clocks import Cases, Promises, known_on
from helpers.methods.recovery.rules import RULES
from helpers.methods.recovery.working_time import WorkingTime

__all__ = ["TO_BE_NAMED", "Inbox", "inbox", "stakes"]

COLUMNS = ["rank", "kind", "account_id", "account", "person", "reason", "step", "action", "owner",
           "since", "due", "due_working", "days_late", "status", "at_stake", "revenue",
           "contract_end", "cases", "ticket_ids", "snoozed_until", "in_reach"]  # fmt: skip
TO_BE_NAMED = "to be named"
STATUSES = ("overdue", "open", "snoozed")
HOURS = 24.0
FRESH = 60  # days after a high answer in which somebody is thanked for it


@dataclass(frozen=True)
class Inbox:
    """Alerts, the most money at stake first.

    ``table`` holds rank, kind, account_id, account, person and reason (only of people who agreed
    to be named), step, action, owner, since, due, due_working, days_late, status (overdue, open,
    snoozed), at_stake, revenue, contract_end, cases, ticket_ids, snoozed_until, and
    in_reach: whether it is among those that its owner can handle in a week.
    """

    table: pd.DataFrame
    as_of: pd.Timestamp
    capacity: int
    left_out: int  # open cases of accounts that are not customers, or not listed

    def __post_init__(self) -> None:
        if self.table.duplicated(["kind", "account_id"]).any():
            raise ValueError("an account has two alerts of one kind")
        held = self.table[self.table["in_reach"]].groupby("owner").size()
        if len(held) and held.max() > self.capacity:
            raise ValueError("an owner has more alerts than can be handled")

    @property
    def overdue(self) -> pd.DataFrame:
        """Alerts whose promised day is over; snoozed ones are not."""
        return self.table[self.table["status"] == "overdue"]

    @property
    def in_reach(self) -> pd.DataFrame:
        """What each owner can handle in a week, the most pressing for money first."""
        return self.table[self.table["in_reach"]]


def stakes(revenue: pd.Series | None, risk: pd.DataFrame | None) -> pd.Series:
    """Money that is expected to leave with each account: what alerts are ranked by.

    Parameters
    ----------
    revenue
        Of twelve months, by account.
    risk
        ``account_id`` and ``at_risk``, as the linkage chapter hands it on. Accounts without one
        take the rate of the others; where there is none at all, nothing is known to be at stake,
        and alerts are ranked by revenue.

    Examples
    --------
    >>> known = pd.DataFrame({"account_id": ["a"], "at_risk": [10.0]})
    >>> stakes(pd.Series({"a": 100.0, "b": 50.0}), known).to_dict()
    {'a': 10.0, 'b': 5.0}
    """
    if revenue is None:
        return pd.Series(dtype=float)
    known = pd.Series(dtype=float)
    if risk is not None and len(risk):
        known = risk.drop_duplicates("account_id").set_index("account_id")["at_risk"].dropna()
    base = float(revenue.reindex(known.index).sum())
    if base <= 0:
        return pd.Series(dtype=float)
    return known.reindex(revenue.index).fillna(revenue * float(known.sum()) / base)


def inbox(
    tickets: pd.DataFrame,
    accounts: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    promises: Promises,
    found: Cases,
    signals: pd.DataFrame | None = None,
    agreed: pd.Series | None = None,
    at_stake: pd.Series | None = None,
    contract_ends: pd.Series | None = None,
    working: WorkingTime | None = None,
    capacity: int = 5,
    held: Collection[str] = (),
) -> Inbox:
    """List the alerts of a day.

    Parameters
    ----------
    tickets
        As the client sent them.
    accounts
        Customers of the day: ``account_id`` and, where known, ``name``, ``owner``, ``revenue``.
    found
        The same tickets as `cases` gives them.
    signals
        Answers that raise an alert by themselves: ``kind``, ``account_id``, ``contact_id``,
        ``since``, ``reason``; of people whose consent the rule asks for.
    agreed
        Ids of people who agreed to be named: of the others no person, reason or trigger is shown.
    at_stake
        As `stakes` gives it.
    capacity
        Alerts that an owner can handle in a week.
    held
        Accounts that are offered nothing now, as the account list says: no talk to grow there.

    Examples
    --------
    >>> from helpers.methods.recovery import cases
    >>> sent = pd.DataFrame({"ticket_id": ["t", "u"], "account_id": ["a", "a"],
    ...     "created_at": pd.to_datetime(["2026-01-01", "2026-01-09"])})
    >>> day = pd.Timestamp("2026-01-10")
    >>> found = inbox(sent, pd.DataFrame({"account_id": ["a"], "owner": ["Ann"]}), as_of=day,
    ...               promises=Promises(first_contact=2.0), found=cases(sent, as_of=day))
    >>> found.table[["account_id", "cases", "status", "owner"]].values.tolist()
    [['a', 2, 'overdue', 'Ann']]
    """
    today = as_of.normalize()
    known = accounts.drop_duplicates("account_id").set_index("account_id")
    every = _cases(tickets, found, promises, today, agreed)
    listed = every[every["account_id"].isin(known.index)]
    told = _signals(signals, listed, known.index, today)
    told = told[~(told["account_id"].isin(list(held)) & (told["kind"] == "grow"))]
    rows = pd.concat([listed, told], ignore_index=True) if len(told) else listed
    rows = _completed(rows, known, at_stake, contract_ends, working or WorkingTime(), today)
    merged = _merged(rows, today)
    ranked = merged.sort_values(
        ["at_stake", "revenue", "due", "account_id", "kind"],
        ascending=[False, False, True, True, True], na_position="last", ignore_index=True,
    )  # fmt: skip
    ranked = ranked.assign(rank=np.arange(1, len(ranked) + 1))
    place = ranked[ranked["status"] != "snoozed"].groupby("owner").cumcount()
    ranked["in_reach"] = (place < capacity).reindex(ranked.index, fill_value=False)
    return Inbox(ranked[COLUMNS], today, capacity, len(every) - len(listed))


EMPTY = ["kind", "account_id", "contact_id", "reason", "step", "owner", "since", "due", "days",
         "ticket_id", "snoozed_until"]  # fmt: skip


def _cases(
    tickets: pd.DataFrame, found: Cases, promises: Promises, today: pd.Timestamp,
    agreed: pd.Series | None,
) -> pd.DataFrame:  # fmt: skip
    """Open cases with their next step, as the account list tells it."""
    if found.open.empty:
        return pd.DataFrame(columns=EMPTY)
    waiting = open_tickets(
        known_on(tickets, today), as_of=today, plan_days=promises.plan, close_days=promises.closed,
        first_contact_hours=None if promises.first_contact is None
        else promises.first_contact * HOURS,
    )  # fmt: skip
    facts = found.table.set_index("ticket_id")
    own = facts.reindex(waiting["ticket_id"]).reset_index(drop=True)
    may = own["contact_id"].isin([] if agreed is None else list(agreed))
    days = {"first contact": promises.of("first contact"), "plan": promises.of("plan"),
            "solution": promises.of("closed")}  # fmt: skip
    return waiting.assign(
        kind="recover", contact_id=own["contact_id"].where(may), days=waiting["step"].map(days),
        reason=own["trigger"].fillna(own["root_cause"]).where(may),
        snoozed_until=own["snoozed_until"],
    )[EMPTY]  # fmt: skip


def _signals(
    signals: pd.DataFrame | None, cases: pd.DataFrame, listed: pd.Index, today: pd.Timestamp
) -> pd.DataFrame:
    """Thanks and talks: not where a case is open, not before the answer, not long after it."""
    if signals is None or signals.empty:
        return pd.DataFrame(columns=EMPTY)
    clear = ~signals["account_id"].isin(cases["account_id"]) & signals["account_id"].isin(listed)
    age = (today - signals["since"].dt.normalize()).dt.days
    rows = signals[clear & (age >= 0) & (age <= FRESH)]
    days = rows["kind"].map({kind: rule.days for kind, rule in RULES.items()})
    since = rows["since"].dt.normalize()
    return rows.assign(
        step=rows["kind"], owner=None, since=since, days=days, ticket_id="",
        due=since + pd.to_timedelta(days, unit="D"), snoozed_until=pd.NaT,
    )[EMPTY]  # fmt: skip


def _completed(
    rows: pd.DataFrame, known: pd.DataFrame, at_stake: pd.Series | None,
    ends: pd.Series | None, working: WorkingTime, today: pd.Timestamp,
) -> pd.DataFrame:  # fmt: skip
    """Each alert with what is known of its account, and how late it is."""
    ids = rows["account_id"]
    facts = known.reindex(columns=["name", "owner", "revenue"])
    owner = rows["owner"].astype(object)
    owner = owner.where(owner.notna(), ids.map(facts["owner"]).astype(object))
    name = ids.map(facts["name"]).astype(object)
    due, until = pd.to_datetime(rows["due"]), pd.to_datetime(rows["snoozed_until"])
    since = pd.to_datetime(rows["since"])
    late = (today - due).dt.days
    promised = rows["kind"] == "recover"  # nobody waits for thanks, or for an offer
    status = pd.Series("open", index=rows.index).mask((late > 0) & promised, "overdue")
    due_working = pd.Series(pd.NaT, index=rows.index, dtype="datetime64[ns]")
    for days, part in rows.groupby("days").groups.items():
        due_working.loc[part] = working.due(since.loc[part], float(str(days)))
    return rows.assign(
        account=name.where(name.notna(), ids), owner=owner.where(owner.notna(), TO_BE_NAMED),
        revenue=ids.map(facts["revenue"]).astype(float), since=since, due=due,
        due_working=due_working, days_late=late.where(promised).clip(lower=0).fillna(0).astype(int),
        status=status.mask(until > today, "snoozed"), snoozed_until=until,
        at_stake=ids.map({} if at_stake is None else at_stake.to_dict())
        .astype(float).where(promised),
        contract_end=pd.to_datetime(ids.map({} if ends is None else ends.to_dict())),
        person=rows["contact_id"],
    )  # fmt: skip


def _merged(rows: pd.DataFrame, today: pd.Timestamp) -> pd.DataFrame:
    """One alert a kind and account: that of its most pressing case; snoozed only if all are."""
    order = rows.assign(place=rows["status"].map({s: n for n, s in enumerate(STATUSES)}))
    order = order.sort_values(
        ["place", "due", "since", "ticket_id"], kind="stable", na_position="last"
    )
    keys = ["kind", "account_id"]
    first = order.drop_duplicates(keys)
    grouped = order.groupby(keys, sort=False)["ticket_id"]
    number, ids = grouped.size(), grouped.agg(lambda each: " ".join(filter(None, each)))
    place = pd.MultiIndex.from_frame(first[keys])
    return first.assign(
        cases=number.reindex(place).to_numpy(dtype=int) if len(first) else 0,
        ticket_ids=ids.reindex(place).to_numpy() if len(first) else "",
        action=first["kind"].map({kind: rule.action for kind, rule in RULES.items()}),
    ).drop(columns="place")
