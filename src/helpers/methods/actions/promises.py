"""What was promised before: kept, late or missed, and whether customers were told."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

__all__ = ["delivered", "promises", "unfunded"]

ORDER = ("missed", "late", "open", "kept")


def promises(
    communications: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    since: pd.Timestamp | None = None,
    audience: str | None = "customers",
) -> pd.DataFrame:
    """How promises stand on a day, those that need most first.

    A promise is kept where it was delivered by its due date, late where after it, missed where
    that day is past and it is not delivered, open where the day is still to come or is today.
    Days count whole: what was delivered in the evening of its day is kept.

    Parameters
    ----------
    communications
        ``what``, ``audience``, ``promised_at``, ``due``, and where known ``action_id``,
        ``delivered_at``, ``told_at``.
    since
        Promises that were due before are left out.
    audience
        To whom; ``None`` is everybody.

    Examples
    --------
    >>> made = pd.DataFrame({"what": ["a", "b"], "audience": "customers",
    ...     "promised_at": pd.to_datetime("2026-01-01"), "due": pd.to_datetime("2026-03-31"),
    ...     "delivered_at": pd.to_datetime(["2026-03-01", None])})
    >>> promises(made, as_of=pd.Timestamp("2026-06-30"))[["what", "status"]].values.tolist()
    [['b', 'missed'], ['a', 'kept']]
    """
    table = communications.dropna(subset=["due"])
    if audience is not None and "audience" in table:
        table = table[table["audience"].astype("string").str.strip().str.lower() == audience]
    if since is not None:
        table = table[(table["due"] >= since) | (table["promised_at"] >= since)]
    none = pd.Series(pd.NaT, table.index)
    delivered, told = (table.get(f"{name}_at", none) for name in ("delivered", "told"))
    day, due = pd.to_datetime(delivered).dt.normalize(), table["due"].dt.normalize()
    status = pd.Series("open", table.index)
    status[due < as_of.normalize()] = "missed"
    status[day <= as_of.normalize()] = "late"
    status[(day <= as_of.normalize()) & (day <= due)] = "kept"
    table = table.assign(status=status, delivered_at=delivered, told_at=told)
    return table.iloc[status.map(ORDER.index).argsort(kind="stable")].reset_index(drop=True)


def unfunded(promised: pd.DataFrame, funded: Collection[str]) -> pd.DataFrame:
    """Promises that are still to be kept by an action that a plan does not fund.

    Parameters
    ----------
    promised
        As `promises` gives them; those that name no ``action_id`` hang on no plan.
    funded
        Ids of the actions in the plan.

    Examples
    --------
    >>> made = pd.DataFrame({"what": ["a", "b", "c"], "status": ["open", "missed", "kept"],
    ...     "action_id": ["A1", "A2", "A3"], "due": pd.Timestamp("2026-12-31")})
    >>> unfunded(made, ["A1"])["what"].tolist()
    ['b']
    """
    named = promised.get("action_id", pd.Series(pd.NA, promised.index)).astype("string").str.strip()
    waits = promised["status"].isin(["open", "missed"]) & named.fillna("").ne("")
    return promised[waits & ~named.isin(list(funded)).fillna(False)].reset_index(drop=True)


def delivered(
    communications: pd.DataFrame, actions: Collection[str], *, as_of: pd.Timestamp
) -> list[str]:
    """Which of these actions have a promise that was delivered, in their order.

    Examples
    --------
    >>> made = pd.DataFrame({"what": ["a", "b"], "action_id": ["A2", "A1"],
    ...                      "delivered_at": pd.to_datetime(["2026-03-01", None])})
    >>> delivered(made, ["A1", "A2"], as_of=pd.Timestamp("2026-06-30"))
    ['A2']
    """
    if not {"action_id", "delivered_at"} <= set(communications):
        return []
    done = communications[pd.to_datetime(communications["delivered_at"]) <= as_of]
    known = set(done["action_id"].dropna().astype(str))
    return [action for action in actions if action in known]
