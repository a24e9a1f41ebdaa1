"""Cases and their clocks: first contact, plan, closing, confirmed by the customer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from helpers.methods.recovery.working_time import WorkingTime

__all__ = ["CLOCKS", "Cases", "Promises", "cases", "clocks", "known_on"]

CLOCKS: Mapping[str, str] = {  # of a case: the step, and the column that says when it was taken
    "first contact": "first_contact_at",
    "plan": "plan_at",
    "closed": "closed_at",
    "confirmed": "confirmed_at",
}
COLUMNS = ["ticket_id", "account_id", "contact_id", "response_id", "trigger", "severity", "owner",
           "root_cause", "reopened", "snoozed_until"]  # fmt: skip
TEXTS = [name for name in COLUMNS if name not in ("reopened", "snoozed_until")]
DAY = pd.Timedelta(days=1)


@dataclass(frozen=True)
class Promises:
    """What customers were promised, in days of the calendar; missing where nothing was."""

    first_contact: float | None = None
    plan: float | None = None
    closed: float | None = None

    def of(self, clock: str) -> float:
        """Days promised for a step, missing where none were.

        >>> Promises.declared(first_contact_hours=48).of("first contact")
        2.0
        """
        days = getattr(self, clock.replace(" ", "_"), None)
        return float("nan") if days is None else float(days)

    @property
    def any(self) -> bool:
        """Whether anything was promised."""
        return any(p is not None for p in (self.first_contact, self.plan, self.closed))

    @property
    def notes(self) -> tuple[str, ...]:
        """What was not promised, and so cannot be late."""
        named = ("first contact", "plan", "closed")
        none = [clock for clock in named if pd.isna(self.of(clock))]
        if not none:
            return ()
        told = ", ".join(none)
        return (f"no promise is declared for: {told}; declare targets in client.yml",)

    @classmethod
    def declared(
        cls,
        first_contact_hours: float | None = None,
        plan_days: float | None = None,
        close_days: float | None = None,
    ) -> Promises:
        """As ``targets`` of ``client.yml`` declares them."""
        hours = first_contact_hours
        return cls(None if hours is None else hours / 24, plan_days, close_days)


@dataclass(frozen=True)
class Cases:
    """Every case as it was known on a day, and what had to be left out or filled in.

    ``table`` holds ticket_id, account_id, contact_id, response_id, trigger, severity, owner,
    root_cause, reopened, snoozed_until, created, and a time for each clock.
    """

    table: pd.DataFrame
    as_of: pd.Timestamp
    base: int
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(self.table) != self.base:
            raise ValueError(f"{self.base} cases, but {len(self.table)} rows")

    @property
    def open(self) -> pd.DataFrame:
        """Cases that are not closed."""
        return self.table[self.table["closed"].isna()]

    def since(self, day: pd.Timestamp) -> Cases:
        """Those that came after a day."""
        kept = self.table[self.table["created"] > day]
        return Cases(kept, self.as_of, len(kept), self.notes)


def known_on(tickets: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Tickets as they stood at the end of a day: what came later is not known yet.

    Examples
    --------
    >>> sent = pd.DataFrame({"ticket_id": ["t", "u"],
    ...     "created_at": pd.to_datetime(["2026-01-01", "2026-03-01"]),
    ...     "closed_at": pd.to_datetime(["2026-02-01", None])})
    >>> known_on(sent, pd.Timestamp("2026-01-15"))["closed_at"].isna().tolist()
    [True]
    """
    end = day.normalize() + DAY
    created = pd.to_datetime(tickets["created_at"])
    there = tickets[created.isna() | (created < end)]
    steps = [column for column in CLOCKS.values() if column in there]
    times = {name: pd.to_datetime(there[name]) for name in steps}
    return there.assign(**{name: t.where(t < end) for name, t in times.items()})


def cases(
    tickets: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    accounts: pd.Series | None = None,
    drivers: Mapping[str, str] | None = None,
) -> Cases:
    """Put cases in order: what cannot be is left out of its clock, what is missing is inferred.

    A step before the case began is no time: the case stays, its clock does not count. A step
    without a day counts as taken, at the latest, on the day of the next one that has a day.

    Parameters
    ----------
    tickets
        ``ticket_id``, ``account_id``, ``created_at`` and, where known, the other columns of the
        table.
    as_of
        The day on which the data stand.
    accounts
        The ids that are listed; cases of others are counted and stay.
    drivers
        Labels of the ratings, by variable: a root cause that says the one or the other, capitals
        aside, is that variable.

    Examples
    --------
    >>> sent = pd.DataFrame({"ticket_id": ["t"], "account_id": ["a"],
    ...     "created_at": pd.to_datetime(["2026-01-01"]),
    ...     "plan_at": pd.to_datetime(["2026-01-03"]), "root_cause": "Late delivery"})
    >>> found = cases(sent, as_of=pd.Timestamp("2026-01-10"), drivers={"q7": "Late delivery"})
    >>> found.table["first contact"].tolist(), found.table["root_cause"].tolist(), len(found.open)
    ([Timestamp('2026-01-03 00:00:00')], ['q7'], 1)
    """
    there = known_on(tickets, as_of)
    there = there[there["created_at"].notna()].reset_index(drop=True)
    table = there.reindex(columns=COLUMNS).assign(created=pd.to_datetime(there["created_at"]))
    table[TEXTS] = table[TEXTS].astype(object).where(table[TEXTS].notna(), None)
    table["snoozed_until"] = pd.to_datetime(table["snoozed_until"])
    table["root_cause"] = _of_drivers(table["root_cause"], drivers or {})
    columns = {clock: there.get(column) for clock, column in CLOCKS.items()}
    times = pd.DataFrame({clock: pd.to_datetime(c) for clock, c in columns.items()
                          if c is not None}, index=there.index)  # fmt: skip
    times = times.reindex(columns=list(CLOCKS)).astype("datetime64[ns]")
    before = times.lt(table["created"], axis=0)
    filled = times.bfill(axis=1).astype("datetime64[ns]")
    inferred = int((filled.notna() & times.isna())[["first contact", "plan", "closed"]].sum().sum())
    filled = filled.mask(before, times)
    notes = (*_notes(before, inferred), *_strangers(table, accounts))
    return Cases(pd.concat([table, filled], axis=1), as_of.normalize(), len(table), notes)


def _of_drivers(causes: pd.Series, drivers: Mapping[str, str]) -> pd.Series:
    """Causes that are called like a driver, by its variable; others as they are."""
    known = {_plain(text): name for name, label in drivers.items() for text in (label, name)}
    return causes.map(lambda cause: known.get(_plain(cause), cause)).astype(object)


def _plain(text: object) -> str:
    return " ".join(str(text).replace("_", " ").casefold().split())


def _notes(before: pd.DataFrame, inferred: int) -> tuple[str, ...]:
    wrong = int(before.any(axis=1).sum())
    told = [] if len(before) else ["no case was recorded up to the day of the data"]
    if wrong:
        told.append(
            f"{wrong} cases have a step before they began; it does not count for its clock: "
            "correct the times in tickets"
        )
    if inferred:
        told.append(
            f"{inferred} steps without a time count as taken with the next one that has a time"
        )
    return tuple(told)


def _strangers(table: pd.DataFrame, accounts: pd.Series | None) -> tuple[str, ...]:
    if accounts is None:
        return ()
    unknown = int((~table["account_id"].isin(accounts)).sum())
    if not unknown:
        return ()
    return (
        f"{unknown} cases are of accounts that the list does not hold; they count for the clocks "
        "and stand in no list of calls",
    )


def clocks(
    found: Cases, promises: Promises, working: WorkingTime | None = None
) -> dict[str, pd.DataFrame]:
    """How long each case waited for each step, or has waited until now.

    Parameters
    ----------
    promises
        In days of the calendar. By the working clock the same number of working days counts.
    working
        The client's working time; weekdays from 9 to 17 without holidays if not given.

    Returns
    -------
    dict of DataFrame
        By clock: account_id, owner, days, working_days, done. A case whose step came before it
        began is left out.

    Examples
    --------
    >>> sent = pd.DataFrame({"ticket_id": ["t"], "account_id": ["a"],
    ...     "created_at": pd.to_datetime(["2026-01-02 12:00"]),
    ...     "first_contact_at": pd.to_datetime(["2026-01-05 12:00"])})
    >>> waits = clocks(cases(sent, as_of=pd.Timestamp("2026-01-10")), Promises())
    >>> waits["first contact"][["days", "working_days", "done"]].values.tolist()
    [[3.0, 1.0, True]]
    """
    return {clock: _waits(found, clock, working or WorkingTime()) for clock in CLOCKS}


def _waits(found: Cases, clock: str, working: WorkingTime) -> pd.DataFrame:
    table = found.table
    done = table[clock].notna()
    end = table[clock].where(done, _no_sooner(table["created"], found.as_of))
    made = table[["ticket_id", "account_id", "owner"]].assign(
        days=(end - table["created"]).dt.total_seconds() / DAY.total_seconds(),
        working_days=working.days(table["created"], end),
        done=done,
    )
    return made[made["days"] >= 0]


def _no_sooner(began: pd.Series, day: pd.Timestamp) -> pd.Series:
    """The day of the data, or the time a case began where that is later."""
    return began.where(began > day, day)
