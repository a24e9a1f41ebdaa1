"""What is open at each account: tickets with the step that is due next, and promises."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

__all__ = ["EVERYONE", "addressed", "open_promises", "open_tickets"]

TICKET = ["account_id", "ticket_id", "since", "step", "due", "late", "rests", "owner", "about"]
PROMISE = ["account_id", "what", "since", "due", "late", "to"]
DAY = 24
EVERYONE = ("customers", "all customers", "all", "everyone", "all accounts")


def open_tickets(
    tickets: pd.DataFrame | None,
    *,
    as_of: pd.Timestamp,
    first_contact_hours: float | None = None,
    plan_days: float | None = None,
    close_days: float | None = None,
) -> pd.DataFrame:
    """Tickets that are not closed, each with its next step and the day this was promised for.

    The customer's clock counts: hours and days of the calendar. A ticket that rests until an
    agreed day is not late before it. Who gave an alert is not handed on, nor which answer did.

    Parameters
    ----------
    tickets
        ``account_id``, ``ticket_id``, ``created_at`` and, where known, ``first_contact_at``,
        ``plan_at``, ``closed_at``, ``owner``, ``root_cause``, ``snoozed_until``; ``None`` where
        none were sent.
    first_contact_hours, plan_days, close_days
        What customers are promised; without it the step has no date and is never late.

    Returns
    -------
    DataFrame
        account_id, ticket_id, since, step (``first contact``, ``plan``, ``solution``), due, late,
        rests (the day until which it does; missing where it does not), owner, about; the oldest
        first.

    Examples
    --------
    >>> sent = pd.DataFrame({"ticket_id": ["t"], "account_id": ["a"],
    ...                      "created_at": pd.to_datetime(["2026-06-20"])})
    >>> found = open_tickets(sent, as_of=pd.Timestamp("2026-06-30"), first_contact_hours=48)
    >>> found[["step", "late"]].values.tolist()
    [['first contact', True]]
    """
    if tickets is None or tickets.empty:
        return pd.DataFrame(columns=TICKET).astype({"late": bool})
    there = tickets[tickets["closed_at"].isna()] if "closed_at" in tickets else tickets
    there = there.reindex(columns=[*{*there.columns, "owner", "root_cause", "snoozed_until"}])
    since = pd.to_datetime(there["created_at"])
    contacted, planned = (_done(there, name) for name in ("first_contact_at", "plan_at"))
    step = pd.Series("solution", index=there.index)
    step = step.mask(~planned, "plan").mask(~contacted & ~planned, "first contact")
    allowed = {
        "first contact": _hours(first_contact_hours, 1),
        "plan": _hours(plan_days, DAY),
        "solution": _hours(close_days, DAY),
    }
    due = since + pd.to_timedelta(step.map(allowed).astype(float), unit="h")
    until = pd.to_datetime(there["snoozed_until"]).dt.normalize()
    rests = until.where(until > as_of.normalize())
    found = pd.DataFrame(
        {
            "account_id": there["account_id"], "ticket_id": there["ticket_id"], "since": since,
            "step": step, "due": due, "late": (due < as_of.normalize()) & rests.isna(),
            "rests": rests, "owner": there["owner"], "about": there["root_cause"],
        }
    )  # fmt: skip
    found = found.sort_values(["since", "ticket_id"], ignore_index=True)
    # Days alone: the minute would tell tickets that an answer raised from those of callers.
    return found.assign(**{name: found[name].dt.normalize() for name in ("since", "due")})


def _done(tickets: pd.DataFrame, step: str) -> pd.Series:
    if step not in tickets:
        return pd.Series(False, index=tickets.index)
    return tickets[step].notna()


def _hours(length: float | None, hours: int) -> float:
    return float("nan") if length is None else float(length) * hours


def open_promises(
    communications: pd.DataFrame | None,
    accounts: pd.DataFrame,
    *,
    groups: Iterable[str] = (),
    as_of: pd.Timestamp,
) -> pd.DataFrame:
    """Promises that are not kept yet, a row for each account that one was made to.

    Parameters
    ----------
    communications
        ``what``, ``audience``, ``promised_at`` and, where known, ``due``, ``delivered_at``. A
        promise with neither a day nor an audience of customers is none.
    accounts
        ``account_id`` and, where known, ``name`` and the columns of ``groups``: an audience is
        an account by its id or its name, a group, or all customers.

    Returns
    -------
    DataFrame
        account_id, what, since, due, late, to (``account``, ``group``, ``all``); the first due
        first.

    Examples
    --------
    >>> sent = pd.DataFrame({"what": ["A contact", "A portal"], "audience": ["key", "customers"],
    ...     "promised_at": pd.Timestamp("2026-01-01"), "due": pd.Timestamp("2026-05-01")})
    >>> listed = pd.DataFrame({"account_id": ["a", "b"], "tier": ["Key", "Core"]})
    >>> found = open_promises(sent, listed, groups=["tier"], as_of=pd.Timestamp("2026-06-30"))
    >>> found[["account_id", "what", "to"]].values.tolist()
    [['a', 'A contact', 'group'], ['a', 'A portal', 'all'], ['b', 'A portal', 'all']]
    """
    empty = pd.DataFrame(columns=PROMISE).astype({"late": bool})
    if communications is None or communications.empty:
        return empty
    pending = _pending(communications, as_of)
    parts = [
        accounts.loc[addressed(accounts, name, groups), ["account_id"]].merge(
            pending[pending["audience"] == name].assign(to=_kind(accounts, name, groups)),
            how="cross",
        )
        for name in pending["audience"].unique()
    ]
    found = pd.concat([empty, *parts]) if any(len(part) for part in parts) else empty
    return found[PROMISE].sort_values(
        ["account_id", "due", "what"], ignore_index=True, na_position="last"
    )


def _pending(communications: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    rows = communications
    if "delivered_at" in rows:
        rows = rows[rows["delivered_at"].isna()]
    since = pd.to_datetime(rows["promised_at"])
    rows = rows[~(since > as_of)]
    due = pd.to_datetime(rows["due"]) if "due" in rows else pd.Series(pd.NaT, index=rows.index)
    audience = rows["audience"].astype("str").str.strip().str.casefold()
    return pd.DataFrame(
        {"what": rows["what"], "audience": audience, "since": pd.to_datetime(rows["promised_at"]),
         "due": due, "late": due < as_of.normalize()}
    )  # fmt: skip


def _kind(accounts: pd.DataFrame, audience: str, groups: Iterable[str]) -> str:
    if audience in EVERYONE:
        return "all"
    return "account" if _named(accounts, audience).any() else "group"


def addressed(accounts: pd.DataFrame, audience: str, groups: Iterable[str]) -> pd.Series:
    """Which accounts an audience is: all, one by its id or name, or a group.

    Parameters
    ----------
    accounts
        ``account_id`` and, where known, ``name`` and the columns of ``groups``.
    audience
        In small letters, without spaces round it.

    Examples
    --------
    >>> listed = pd.DataFrame({"account_id": ["a", "b"], "tier": ["Key", "Core"]})
    >>> addressed(listed, "key", ["tier"]).tolist()
    [True, False]
    """
    if audience in EVERYONE:
        return pd.Series(True, index=accounts.index)
    found = _named(accounts, audience)
    if not found.any():
        for column in groups:
            if column in accounts:
                found |= _same(accounts[column], audience)
    return found


def _named(accounts: pd.DataFrame, audience: str) -> pd.Series:
    found = _same(accounts["account_id"], audience)
    return found | _same(accounts["name"], audience) if "name" in accounts else found


def _same(values: pd.Series, wanted: str) -> pd.Series:
    return values.astype("str").str.strip().str.casefold() == wanted
