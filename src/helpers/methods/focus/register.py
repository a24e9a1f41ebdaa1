"""The register of commitments: what each question feeds, who owns it, what was promised on it."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

__all__ = ["FLAGS", "register", "to_tell"]

FLAGS = ("feeds nothing", "no decision", "no owner", "")  # those that need most first
PROMISE = ["what", "promised_at", "due", "delivered_at", "told_at", "status"]
DONE = ("kept", "late")


def register(
    questions: pd.DataFrame,
    *,
    used: Mapping[str, str],
    promised: pd.DataFrame | None = None,
    effects: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Each question that is asked: its owner, the decision it feeds, what was promised and done.

    A question without a decision that no chapter uses feeds nothing: it should not be asked. One
    that a chapter uses, without a decision, waits for one. One with a decision needs an owner.

    Parameters
    ----------
    questions
        ``variable``, ``role``, ``label`` and, where the codebook names them, ``function``,
        ``decision``, ``follow_up_owner``.
    used
        What uses the questions of a role, by role.
    promised
        As `actions.promises` gives them, those that need most first.
    effects
        ``action_id`` and ``driver``: a promise on an action is one on the questions it works on.

    Returns
    -------
    DataFrame
        variable, role, label, function, decision, owner, used, promises (how many), the columns
        of the promise that needs most, told (whether customers were), flag; flagged ones first.

    Examples
    --------
    >>> asked = pd.DataFrame({"variable": ["q1", "q2"], "role": ["driver", "segment"],
    ...     "label": ["Delivery", "Shoe size"], "decision": ["action plan", ""],
    ...     "follow_up_owner": ["Ann Lee", ""]})
    >>> register(asked, used={"driver": "drivers"})[["variable", "flag"]].values.tolist()
    [['q2', 'feeds nothing'], ['q1', '']]
    """
    table = questions.reindex(columns=["variable", "role", "label", "function", "decision"])
    owner = questions.get("follow_up_owner", pd.Series("", questions.index))
    table = table.assign(owner=owner)
    texts = ["function", "decision", "owner"]
    table[texts] = table[texts].astype("string").fillna("").apply(lambda c: c.str.strip())
    table = table.assign(used=table["role"].map(dict(used)).astype(object).fillna(""))
    made = _with_promises(table, promised, effects)
    columns = (made["decision"], made["used"], made["owner"])
    made = made.assign(flag=[_flag(*map(str, row)) for row in zip(*columns, strict=True)])
    order = made["flag"].map(FLAGS.index)
    return made.iloc[order.argsort(kind="stable")].reset_index(drop=True)


def _flag(decision: str, used: str, owner: str) -> str:
    if not decision:
        return "no decision" if used else "feeds nothing"
    return "" if owner else "no owner"


def _with_promises(
    table: pd.DataFrame, promised: pd.DataFrame | None, effects: pd.DataFrame | None
) -> pd.DataFrame:
    """Beside each question the promise on it that needs most, and how many there are."""
    if promised is None or effects is None or "action_id" not in promised:
        none = dict.fromkeys(PROMISE, None)
        return table.assign(promises=0, **none, told=False)
    pairs = effects[["action_id", "driver"]].drop_duplicates()
    on = promised.dropna(subset=["action_id"]).merge(pairs, on="action_id")
    over = on["status"].isin(DONE) & on["told_at"].notna()  # nothing is left to do
    first = on.iloc[over.argsort(kind="stable")].drop_duplicates("driver").set_index("driver")
    made = table.assign(promises=table["variable"].map(on["driver"].value_counts()))
    made["promises"] = made["promises"].fillna(0).astype(int)
    for name in PROMISE:
        made[name] = made["variable"].map(first[name])
    return made.assign(told=made["told_at"].notna())


def to_tell(
    promised: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    actions: pd.DataFrame | None = None,
    effects: pd.DataFrame | None = None,
    owners: Mapping[str, str] | None = None,
    question_owners: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Promises that were delivered and not told, the longest first, with who tells customers.

    Parameters
    ----------
    promised
        As `actions.promises` gives them.
    actions
        ``action_id`` and ``function``: whose promise it is.
    owners
        The person behind a function.
    question_owners
        The owner of the question that an action works on, where no person of the function is known.

    Returns
    -------
    DataFrame
        what, delivered_at, days (since then), function, owner (empty where not known).

    Examples
    --------
    >>> made = pd.DataFrame({"what": ["a"], "status": ["kept"], "action_id": ["A1"],
    ...     "delivered_at": pd.to_datetime(["2026-06-20"]), "told_at": pd.to_datetime([None])})
    >>> listed = pd.DataFrame({"action_id": ["A1"], "function": ["Service"]})
    >>> found = to_tell(made, as_of=pd.Timestamp("2026-06-30"), actions=listed,
    ...                 owners={"Service": "Ann Lee"})
    >>> found[["what", "days", "owner"]].values.tolist()
    [['a', 10, 'Ann Lee']]
    """
    rows = promised[promised["status"].isin(DONE) & promised["told_at"].isna()]
    day = pd.to_datetime(rows["delivered_at"]).dt.normalize()
    ids = rows.get("action_id", pd.Series(None, rows.index, dtype=object))
    function = _looked_up(ids, actions, "function").astype(object)
    person = function.map(dict(owners or {})).astype(object)
    other = _looked_up(ids, effects, "driver").map(dict(question_owners or {})).astype(object)
    made = rows[["what", "delivered_at"]].assign(
        days=(as_of.normalize() - day).dt.days.astype(int), function=function.fillna(""),
        owner=person.fillna(other).fillna(""),
    )  # fmt: skip
    return made.sort_values(["days", "what"], ascending=[False, True], ignore_index=True)


def _looked_up(ids: pd.Series, table: pd.DataFrame | None, column: str) -> pd.Series:
    if table is None:
        return pd.Series(None, ids.index, dtype=object)
    first = table.dropna(subset=["action_id", column]).drop_duplicates("action_id")
    return ids.map(first.set_index("action_id")[column].astype(str))
