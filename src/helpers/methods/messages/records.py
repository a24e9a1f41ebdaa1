"""The records that a sentence may stand on: promises, proposed actions and cases, each by an id."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from hashlib import sha256

import pandas as pd

from helpers.methods.account_list import EVERYONE, addressed
from helpers.methods.actions import promises, unfunded
from helpers.methods.messages.markup import REFERENCE

__all__ = [
    "addressed_to", "done", "held_back", "late", "own_records", "promised_records",
    "proposed_records", "still_open", "ticket_records",
]  # fmt: skip

COLUMNS = ["ref", "what", "audience", "action_id", "promised", "due", "delivered", "told",
           "status", "new_due", "new_ref"]  # fmt: skip
EMPLOYEES = ("employees", "all employees", "staff", "colleagues")
STEPS = {"first contact": "a first call", "plan": "a plan", "solution": "the solution"}


def promised_records(communications: pd.DataFrame | None, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """Promises with the id by which a sentence cites them, and how they stand on a day.

    An id is the place of the row in the table, C01 the first: a row that is added at its end
    changes no other. A promise that was made again, with the same words to the same people, is
    told by its last row; a missed one then has the new day.

    Parameters
    ----------
    communications
        As for :func:`helpers.methods.actions.promises`; ``None`` where none were sent.
    as_of
        The day of the data. Promises that are made later do not count yet.

    Returns
    -------
    DataFrame
        ref, what, audience (small letters), action_id, promised, due, delivered, told, status
        (``missed``, ``late``, ``open``, ``kept``), new_due and new_ref (of a missed promise with
        a new day); in the order of the table.

    Examples
    --------
    >>> day = pd.Timestamp
    >>> sent = pd.DataFrame({"what": ["A hotline", "a hotline"], "audience": "customers",
    ...     "promised_at": [day("2026-01-01"), day("2026-05-01")],
    ...     "due": [day("2026-03-31"), day("2026-09-30")]})
    >>> found = promised_records(sent, as_of=day("2026-06-30"))
    >>> found[["ref", "status", "new_ref"]].values.tolist()
    [['C01', 'missed', 'C02']]
    """
    if communications is None or communications.empty:
        return pd.DataFrame(columns=COLUMNS)
    table = communications.reset_index(drop=True)
    table = table.assign(ref=[f"C{place:02}" for place in range(1, len(table) + 1)])
    made = promises(table, as_of=as_of, audience=None)
    made = made[~(pd.to_datetime(made["promised_at"]) > as_of)].sort_values(
        "ref", key=lambda refs: refs.str[1:].astype(int)
    )
    found = pd.DataFrame(
        {
            "ref": made["ref"], "what": made["what"].astype("str"),
            "audience": made["audience"].astype("str").str.strip().str.casefold(),
            "action_id": made.get("action_id", pd.Series("", made.index)).astype("object"),
            **{name: pd.to_datetime(made[column]).dt.normalize() for name, column in (
                ("promised", "promised_at"), ("due", "due"), ("delivered", "delivered_at"),
                ("told", "told_at"))},
            "status": made["status"],
        }
    )  # fmt: skip
    found["delivered"] = found["delivered"].where(found["delivered"] <= as_of.normalize())
    return _once(found.reset_index(drop=True))


def _once(found: pd.DataFrame) -> pd.DataFrame:
    """Promises that were made again as one: the missed with the new day, else the last alone."""
    key = found["what"].str.strip().str.casefold() + "\0" + found["audience"]
    again = found.groupby(key)["ref"].shift(-1)
    later = found.set_index("ref").reindex(again.fillna("")).set_axis(found.index)
    moved = found["status"].eq("missed") & later["status"].eq("open")
    found = found.assign(
        new_due=later["due"].where(moved), new_ref=again.where(moved).astype("object")
    )
    gone = (found["status"].isin(["missed", "open"]) & again.notna() & ~moved) | found["ref"].isin(
        found.loc[moved, "new_ref"]
    )
    return found[~gone].reset_index(drop=True)


def addressed_to(records: pd.DataFrame, whom: str) -> pd.DataFrame:
    """The records that were said to all customers (``customers``), or to staff and a function.

    Examples
    --------
    >>> made = pd.DataFrame({"ref": ["C01", "C02"], "audience": ["customers", "employees"]})
    >>> addressed_to(made, "customers")["ref"].tolist(), addressed_to(made, "Sales")["ref"].tolist()
    (['C01'], ['C02'])
    """
    named = EVERYONE if whom == "customers" else (*EMPLOYEES, whom.strip().casefold())
    return records[records["audience"].isin(named)].reset_index(drop=True)


def own_records(
    records: pd.DataFrame, accounts: pd.DataFrame, groups: Iterable[str] = ()
) -> pd.DataFrame:
    """The records that were said to an account, or to a group it belongs to, a row for each.

    What was said to all customers is not among them: the letter tells it.

    Parameters
    ----------
    accounts
        ``account_id`` and, where known, ``name`` and the columns of ``groups``.

    Returns
    -------
    DataFrame
        The columns of ``records``, and account_id.

    Examples
    --------
    >>> made = pd.DataFrame({"ref": ["C01", "C02"], "audience": ["customers", "key"]})
    >>> firms = pd.DataFrame({"account_id": ["a", "b"], "tier": ["Key", "Core"]})
    >>> own_records(made, firms, ["tier"])[["account_id", "ref"]].values.tolist()
    [['a', 'C02']]
    """
    names = [name for name in records["audience"].unique() if name not in (*EVERYONE, *EMPLOYEES)]
    parts = [
        accounts.loc[addressed(accounts, name, groups), ["account_id"]].merge(
            records[records["audience"] == name], how="cross"
        )
        for name in names
    ]
    return pd.concat([records.iloc[:0].assign(account_id=""), *(p for p in parts if len(p))])


def done(records: pd.DataFrame, *, since: pd.Timestamp | None) -> pd.DataFrame:
    """What was delivered and is news: after ``since``, or never told; the last first."""
    there = records[records["delivered"].notna()]
    if since is not None:
        there = there[(there["delivered"] >= since) | there["told"].isna()]
    return there.sort_values("delivered", ascending=False, kind="stable", ignore_index=True)


def late(records: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """What is not delivered though its day is past, the longest waiting first."""
    waits = records["delivered"].isna() & (records["due"] < as_of.normalize())
    return records[waits].sort_values("due", kind="stable", ignore_index=True)


def still_open(records: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """What is due today, which ``today`` says, or on a day to come; the next first."""
    waits = records["delivered"].isna() & (records["due"] >= as_of.normalize())
    open_ones = records[waits].sort_values("due", kind="stable", ignore_index=True)
    return open_ones.assign(today=(open_ones["due"] == as_of.normalize()).tolist())


def held_back(records: pd.DataFrame, funded: Collection[str] | None) -> pd.Series:
    """Which open promises no letter repeats: they hang on an action that the plan leaves out.

    Parameters
    ----------
    records
        As `promised_records` gives them.
    funded
        Ids of the actions in the plan; ``None`` where no plan was made, and nothing is held back.

    Examples
    --------
    >>> made = pd.DataFrame({"ref": ["C01", "C02", "C03"], "action_id": ["A1", "A2", None],
    ...                      "status": "open"})
    >>> held_back(made, ["A1"]).tolist(), held_back(made, None).tolist()
    ([False, True, False], [False, False, False])
    """
    if funded is None:
        return pd.Series(False, records.index)
    return records["ref"].isin(unfunded(records, funded)["ref"])


def proposed_records(
    candidates: pd.DataFrame | None, function: str, *, as_of: pd.Timestamp
) -> pd.DataFrame:
    """Actions of a function that the plan would fund, as records with the day on which they start.

    Parameters
    ----------
    candidates
        ``action_id``, ``name``, ``function``, ``funded`` and ``starts`` (a quarter, 2026Q3), as
        the actions chapter hands them on; ``None`` where it did not run.

    Examples
    --------
    >>> plan = pd.DataFrame({"action_id": ["A05"], "name": ["Dates"], "function": ["Logistics"],
    ...                      "funded": [True], "starts": ["2026Q3"]})
    >>> found = proposed_records(plan, "Logistics", as_of=pd.Timestamp("2026-06-30"))
    >>> found[["ref", "status"]].values.tolist(), f"{found['due'].iloc[0]:%Y-%m-%d}"
    ([['A05', 'proposed']], '2026-07-01')
    """
    if candidates is None or candidates.empty:
        return pd.DataFrame(columns=COLUMNS)
    own = candidates[candidates["funded"].astype(bool) & candidates["function"].eq(function)]
    start = pd.PeriodIndex(own["starts"].astype("str"), freq="Q").to_timestamp()
    tomorrow = as_of.normalize() + pd.Timedelta(days=1)
    refs = [_reference(action, "A") for action in own["action_id"].astype(str)]
    made = pd.DataFrame(
        {
            "ref": pd.Series(refs, own.index, dtype="object"),
            "what": own["name"],
            "status": "proposed",
        }
    )
    made = made.assign(
        action_id=own["action_id"], audience=function.strip().casefold(),
        due=pd.Series(start, own.index).where(lambda day: day > as_of, tomorrow),
    ).reindex(columns=COLUMNS)  # fmt: skip
    days = ("promised", "due", "delivered", "told", "new_due")
    made = made.assign(**{name: pd.to_datetime(made[name]) for name in days})
    return made.sort_values(["due", "ref"], ignore_index=True)


def _reference(identity: str, letter: str) -> str:
    """An id by which a sentence can cite a record: the client's own where it reads as one.

    >>> _reference("A05", "A"), _reference("portal", "A"), _reference("C05", "T")
    ('A05', 'A663562', 'T537235')
    """
    if REFERENCE.fullmatch(f"[{identity}]") and not re.fullmatch(r"C\d+", identity):
        return identity
    digest = sha256(identity.encode("utf-8", "replace")).hexdigest()
    return f"{letter}{int(digest, 16) % 1_000_000:06}"


def ticket_records(tickets: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """Open cases as records: the next step, and the day it was promised for.

    Parameters
    ----------
    tickets
        As :func:`helpers.methods.account_list.open_tickets` gives them.
    as_of
        The day of the data: a step whose day has come is late.

    Returns
    -------
    DataFrame
        The columns of other records, account_id, about and is_late.

    Examples
    --------
    >>> case = {"ticket_id": "T7", "account_id": "a", "step": "plan", "about": "delivery",
    ...         "since": pd.Timestamp("2026-06-20"), "due": pd.Timestamp("2026-07-02")}
    >>> found = ticket_records(pd.DataFrame([case]), as_of=pd.Timestamp("2026-06-30"))
    >>> found[["ref", "what", "is_late"]].values.tolist()
    [['T7', 'a plan', False]]
    """
    rests = tickets.get("rests", pd.Series(pd.NaT, tickets.index))
    made = tickets.assign(
        due=pd.to_datetime(rests.fillna(tickets["due"])),
        ref=[_reference(case, "T") for case in tickets["ticket_id"].astype("str")],
        what=tickets["step"].map(STEPS),
        audience="", promised=tickets["since"], status="open",
        **{name: pd.Series(pd.NaT, tickets.index) for name in ("delivered", "told", "new_due")},
        **dict.fromkeys(("new_ref", "action_id"), pd.Series(None, tickets.index, dtype="object")),
    )  # fmt: skip
    made["is_late"] = (made["due"] <= as_of.normalize()).fillna(False).astype(bool)
    return made[[*COLUMNS, "account_id", "about", "is_late"]].reset_index(drop=True)
