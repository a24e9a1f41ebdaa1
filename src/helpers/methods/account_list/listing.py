"""One row for each account: its facts, what the chapters found, and what is done next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Any

import numpy as np
import pandas as pd

from helpers.methods.account_list.contracts import latest_day, talk_day, working_day
from helpers.methods.account_list.pacing import PER_WEEK, WEEK, weeks_later
from helpers.methods.account_list.rules import (
    AHEAD,
    CONFLICTS,
    NO_OFFER,
    NOR_OFFER,
    NOTHING,
    PITCHES,
    RENEWAL,
    RULES,
    TERMS_FIRST,
)

__all__ = ["AccountList", "account_list", "on_hold", "terms_first"]

FACTS = ["account_id", "name", "segment", "tier", "owner", "sponsor", "revenue"]
FOUND = ["loyalty", "low", "high", "respondents", "cell", "firmness", "payoff", "potential",
         "partnership"]  # fmt: skip
RISK = {"low": "risk_low", "high": "risk_high", "excess": "linked"}  # as the list calls them
TO_BE_NAMED = "to be named"


@dataclass(frozen=True)
class AccountList:
    """Every account with what is done next; the most pressing first.

    ``table`` holds account_id, name, segment, owner, sponsor, contract_end, tickets,
    tickets_late, promises, loyalty, low, high, respondents, firmness, revenue, at_risk, risk_low,
    risk_high, linked, cell, singled_out, conflict, settled, rule, action, who, due, waits, avoid,
    held, talk.
    ``talk`` is the day by which its contract is talked about, whatever is done first. ``held`` is
    whether nothing is offered now: unhappy, an open ticket, or a promise late. ``waits`` is by how
    many weeks an action is later than its rule wants, as nobody has more than ``per_week`` a week;
    one that finds no place within a year has no day.
    """

    table: pd.DataFrame
    as_of: pd.Timestamp
    per_week: int = PER_WEEK

    def __post_init__(self) -> None:
        due = self.table["due"].dropna()
        if (due < self.as_of.normalize()).any():
            raise ValueError(f"an action is due on {due.min():%Y-%m-%d}, before the data's day")

    @property
    def this_week(self) -> pd.DataFrame:
        """Accounts whose next action is due within seven days."""
        return self.table[self.table["due"] <= self.as_of.normalize() + pd.Timedelta(days=WEEK)]

    @property
    def conflicts(self) -> pd.DataFrame:
        """How many accounts the chapters would have had treated in two ways, and what settled it."""  # noqa: E501
        held = self.table[self.table["conflict"] != ""]
        counted = held.groupby(["conflict", "settled"], sort=False).agg(
            accounts=("account_id", "size"), revenue=("revenue", "sum")
        )
        return counted.reset_index()


def account_list(
    accounts: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    contract_ends: pd.Series | None = None,
    tickets: pd.DataFrame | None = None,
    promises: pd.DataFrame | None = None,
    placed: pd.DataFrame | None = None,
    risk: pd.DataFrame | None = None,
    singled_out: pd.DataFrame | None = None,
    renewal_days: int = 90,
    large: float = 0.01,
    per_week: int = PER_WEEK,
) -> AccountList:
    """List the accounts, each with the one next action that the rules settle.

    What rests on answers (``placed``, ``risk``, ``singled_out``) has to be made of answers that
    may be named; where an account has none, it is listed with its facts.

    Parameters
    ----------
    accounts
        Those that are customers on the day: ``account_id`` and, where known, ``name``,
        ``segment`` or ``tier``, ``owner``, ``sponsor``, ``revenue`` of twelve months.
    as_of
        The day of the data: no action is dated before it.
    contract_ends, tickets, promises
        As `contract_ends`, `open_tickets` and `open_promises` give them.
    placed
        The value map's ``account_id``, ``loyalty``, ``low``, ``high``, ``respondents``, ``cell``,
        ``firmness``.
    risk
        ``account_id``, ``at_risk``, ``excess``, the part linked to the score, and, where known,
        both ends, ``low`` and ``high``, of what is at risk.
    singled_out
        ``account_id`` and ``segment`` of those likelier than not in one that is not loyal.
    renewal_days
        A contract that ends within so many days is to be talked about.
    large
        Share of all revenue, or of all revenue at risk, from which an account counts as large.
    per_week
        Actions that one person can do in a week: those with most money at stake come first, the
        others in the weeks after, none so late that its contract ends before.

    Examples
    --------
    >>> found = account_list(pd.DataFrame({"account_id": ["a"], "owner": ["Ann Lee"]}),
    ...     as_of=pd.Timestamp("2026-06-30"),
    ...     contract_ends=pd.Series({"a": pd.Timestamp("2026-07-20")}))
    >>> found.table[["rule", "who", "due"]].values.tolist()
    [['renewal', 'Ann Lee', Timestamp('2026-07-10 00:00:00')]]
    """
    table = _facts(accounts, contract_ends)
    table = _joined(table, placed, FOUND)
    table = _joined(table, None if risk is None else risk.rename(columns=RISK),
                    ["at_risk", *RISK.values()])  # fmt: skip
    table["linked"] = table["linked"].clip(lower=0)
    called = None if singled_out is None else singled_out.rename(columns={"segment": "singled_out"})
    table = _joined(table, called, ["singled_out"])
    table = _with_open(table, tickets, promises)
    signs = _signs(table, as_of, renewal_days, large)
    table = _settled(_ruled(table, signs, as_of), signs)
    table["talk"] = talk_day(table["contract_end"], today=as_of.normalize(),
                             renewal_days=renewal_days, within=RENEWAL.days)  # fmt: skip
    table = _looking_ahead(table, as_of.normalize())
    table = _paced(table.assign(stake=_stake(table)), as_of.normalize(), per_week)
    return AccountList(_pressing_first(table), as_of, per_week)


def on_hold(listed: pd.DataFrame | None) -> frozenset[str]:
    """Accounts that are offered nothing now: unhappy, with an open ticket or a promise late.

    Parameters
    ----------
    listed
        The account list: ``account_id``, ``held``; ``None`` where there is none.

    Examples
    --------
    >>> rows = pd.DataFrame({"account_id": list("ab"), "held": [True, False]})
    >>> sorted(on_hold(rows))
    ['a']
    """
    if listed is None or "held" not in listed:
        return frozenset()
    return frozenset(listed.loc[listed["held"].astype(bool), "account_id"])


def terms_first(listed: pd.DataFrame | None) -> frozenset[str]:
    """Accounts whose price or scope is settled before anything is offered: the value map's cells.

    Parameters
    ----------
    listed
        The account list: ``account_id``, ``cell``; ``None`` where there is none.

    Examples
    --------
    >>> cells = ["Grow & leverage", "Re-price or release", "Negative payoff"]
    >>> sorted(terms_first(pd.DataFrame({"account_id": list("abc"), "cell": cells})))
    ['b', 'c']
    """
    if listed is None or "cell" not in listed:
        return frozenset()
    return frozenset(listed.loc[listed["cell"].isin(list(TERMS_FIRST)), "account_id"])


def _facts(accounts: pd.DataFrame, ends: pd.Series | None) -> pd.DataFrame:
    table = accounts.reindex(columns=FACTS).reset_index(drop=True)
    texts = [name for name in FACTS if name not in ("account_id", "revenue")]
    table[texts] = table[texts].astype(object).where(table[texts].notna(), None)
    table["name"] = table["name"].fillna(table["account_id"])
    table["segment"] = table["segment"].fillna(table["tier"])
    table["revenue"] = table["revenue"].astype(float)
    known = {} if ends is None else ends.to_dict()
    end = pd.to_datetime(table["account_id"].map(known))
    return table.drop(columns="tier").assign(contract_end=end)


def _joined(table: pd.DataFrame, found: pd.DataFrame | None, columns: list[str]) -> pd.DataFrame:
    """What a chapter found of each account; missing where it found nothing."""
    known = pd.DataFrame(columns=["account_id"]) if found is None else found
    known = known.reindex(columns=["account_id", *columns]).drop_duplicates("account_id")
    texts = ("cell", "firmness", "singled_out")
    kinds: dict[str, Any] = {
        name: "str" if name in texts else float for name in ("account_id", *columns)
    }
    kinds["account_id"] = table["account_id"].dtype
    merged = table.merge(known.astype(kinds), on="account_id", how="left")
    return merged.fillna({name: "" for name in texts if name in columns})


def _with_open(
    table: pd.DataFrame, tickets: pd.DataFrame | None, promises: pd.DataFrame | None
) -> pd.DataFrame:
    """How many tickets and promises are open, how many of them late, and the first ticket."""
    none = pd.DataFrame(columns=["account_id", "late", "step", "due", "rests", "owner", "to"])
    cases, told = (none if rows is None else rows for rows in (tickets, promises))
    late, own = cases["late"].astype(bool), told["to"] != "all"
    first = cases[late & (cases["step"] == "first contact")]
    pressing = cases.assign(rank=~late).sort_values("rank", kind="stable")
    lead = pressing.drop_duplicates("account_id").set_index("account_id")
    ids = table["account_id"]
    first_due = lead["rests"].fillna(lead["due"]).reindex(ids)  # `map` refuses days of no ticket
    return table.assign(
        tickets=_count(cases, ids), tickets_late=_count(cases[late], ids),
        uncontacted=_count(first, ids), promises=_count(told, ids),
        own_late=_count(told[own & told["late"].astype(bool)], ids),
        ticket_owner=ids.map(lead["owner"]),
        ticket_due=pd.to_datetime(first_due).to_numpy(),
    )  # fmt: skip


def _count(rows: pd.DataFrame, ids: pd.Series) -> pd.Series:
    return ids.map(rows["account_id"].value_counts()).fillna(0).astype(int)


def _signs(
    table: pd.DataFrame, as_of: pd.Timestamp, renewal_days: int, large: float
) -> dict[str, pd.Series]:
    """Everything that a rule may ask of an account."""
    cell, loss = table["cell"], table["at_risk"].fillna(0)
    singled = table["singled_out"] != ""
    near = table["contract_end"] <= as_of.normalize() + pd.Timedelta(days=renewal_days)
    return {
        **{f"cell: {name}": cell == name for name in _cells()},
        "singled out": singled,
        "unhappy": singled | (cell == "Protect & repair"),
        "low value": cell.isin(["Re-price or release", "Negative payoff"]),
        "much at risk": (loss > 0) & (loss >= large * loss.sum()),
        "renewal near": near,
        "ticket open": table["tickets"] > 0,
        "ticket late": table["tickets_late"] > 0,
        "first contact late": table["uncontacted"] > 0,
        "own promise late": table["own_late"] > 0,
        "no answer": table["loyalty"].isna(),
        "large": table["revenue"] >= large * table["revenue"].sum(),
    }


def _cells() -> set[str]:
    asked = {sign for part in (RULES, PITCHES, CONFLICTS) for one in part for sign in one.when}
    return {sign.removeprefix("cell: ") for sign in asked if sign.startswith("cell: ")}


def _fits(when: tuple[str, ...], signs: Mapping[str, pd.Series]) -> pd.Series:
    return reduce(and_, (signs[name] for name in when))


def _first(signs: Mapping[str, pd.Series], part: tuple[Any, ...]) -> np.ndarray:
    """The place of the first entry that fits each account, or as many as there are."""
    fitting = np.column_stack([_fits(one.when, signs) for one in part])
    found = fitting.argmax(axis=1)
    return np.where(fitting.any(axis=1), found, len(part))


def _ruled(
    table: pd.DataFrame, signs: Mapping[str, pd.Series], as_of: pd.Timestamp
) -> pd.DataFrame:
    """What is done next at each account, by whom and by when."""
    place = _first(signs, RULES)
    owner = table["owner"].astype(object).fillna(TO_BE_NAMED)
    people = {
        "owner": owner,
        "sponsor": table["sponsor"].fillna(owner),
        "ticket": table["ticket_owner"].astype(object).fillna(owner),
    }
    kinds = np.array([*(rule.who for rule in RULES), ""])[place]
    who = np.select([kinds == k for k in people], [p.astype(object) for p in people.values()], "")
    return table.assign(
        rule=np.array([*(rule.name for rule in RULES), ""], dtype=object)[place],
        action=np.array([*(rule.action for rule in RULES), NOTHING], dtype=object)[place],
        who=who,
        due=_due(table, place, kinds == "ticket", as_of.normalize()),
    )


def _due(
    table: pd.DataFrame, place: np.ndarray, of_ticket: np.ndarray, today: pd.Timestamp
) -> pd.Series:
    """Within the days of the rule, before a contract ends, on a working day, never in the past."""
    days = np.array([*(rule.days for rule in RULES), 0])[place]
    due = today + pd.Series(pd.to_timedelta(days, unit="D"), index=table.index)
    promised = table["ticket_due"].dt.normalize()
    sooner = of_ticket & (promised > today) & (promised < due)
    due = due.mask(sooner, promised)
    before = latest_day(table["contract_end"], today=today)
    due = due.mask(before < due, before)
    return working_day(due, today=today).where(place < len(RULES))


def _looking_ahead(table: pd.DataFrame, today: pd.Timestamp) -> pd.DataFrame:
    """Where no rule asks anything: the talk about a contract, if it is due within half a year."""
    far = (table["rule"] == "") & (table["talk"] <= today + pd.Timedelta(days=AHEAD.days))
    owner = table["owner"].astype(object).fillna(TO_BE_NAMED)
    return table.assign(
        rule=table["rule"].mask(far, AHEAD.name), action=table["action"].mask(far, AHEAD.action),
        who=table["who"].mask(far, owner), due=table["due"].mask(far, table["talk"]),
    )  # fmt: skip


def _stake(table: pd.DataFrame) -> pd.Series:
    """Expected money at stake: where it is not known, revenue at the rate of those that are known.

    Where no risk is known of any, revenue itself.
    """
    revenue, known = table["revenue"].fillna(0.0), table["at_risk"].notna()
    of_known = revenue[known].sum()
    rate = table["at_risk"].sum() / of_known if of_known > 0 else 1.0
    return table["at_risk"].fillna(rate * revenue)


def _paced(table: pd.DataFrame, today: pd.Timestamp, per_week: int) -> pd.DataFrame:
    """The actions at days on which those who do them have time."""
    waits = weeks_later(
        table["due"], table["who"].where(table["who"] != TO_BE_NAMED, ""), table["stake"],
        latest_day(table["contract_end"], today=today), today=today, per_week=per_week,
    )  # fmt: skip
    moved = table["due"] + pd.to_timedelta(waits.fillna(0.0) * WEEK, unit="D")
    return table.assign(due=moved.where(waits.notna()), waits=waits)


def _settled(table: pd.DataFrame, signs: Mapping[str, pd.Series]) -> pd.DataFrame:
    """What is not to be offered, and which conflict of the chapters was settled."""
    pitch, conflict = _first(signs, PITCHES), _first(signs, CONFLICTS)
    held = reduce(or_, (signs[name] for name in NO_OFFER))
    avoid = pd.Series([*(one.avoid for one in PITCHES), ""], dtype=object).iloc[pitch]
    avoid = avoid.set_axis(table.index)
    return table.assign(
        held=held,
        avoid=avoid.mask(held & ~avoid.str.contains("new offer"), avoid + f", {NOR_OFFER}"),
        conflict=np.array([*(one.says for one in CONFLICTS), ""], dtype=object)[conflict],
        settled=np.array([*(one.settled for one in CONFLICTS), ""], dtype=object)[conflict],
    )


def _pressing_first(table: pd.DataFrame) -> pd.DataFrame:
    """By day, and on one day the account with most at stake first."""
    ordered = table.sort_values(
        ["due", "stake", "revenue", "name", "account_id"],
        ascending=[True, False, False, True, True], na_position="last", ignore_index=True,
    )  # fmt: skip
    return ordered.drop(columns=["stake", "uncontacted", "own_late", "ticket_owner", "ticket_due"])
