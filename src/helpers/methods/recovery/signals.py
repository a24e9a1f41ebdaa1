"""Answers that raise an alert by themselves: thanks to say, and talks to offer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

__all__ = ["named", "signals"]

COLUMNS = ["kind", "account_id", "contact_id", "since", "reason"]


def signals(
    responses: pd.DataFrame,
    contacts: pd.DataFrame | None,
    *,
    question: str,
    high: float,
    interests: Sequence[str] = (),
    labels: Mapping[str, str] | None = None,
    consent: str = "required",
    on: pd.Timestamp | None = None,
) -> pd.DataFrame:
    """High answers of people who agreed to be called, or to be offered something.

    Parameters
    ----------
    responses
        Of this wave: ``account_id``, ``contact_id``, the question and, where known,
        ``completed_at``.
    contacts
        ``contact_id`` with ``consent_named``, ``consent_followup`` and ``consent_marketing``.
        Nobody is listed without them where consent is required.
    question
        Whose answers raise alerts.
    high
        The lowest answer that is thanked for.
    interests
        Questions whose answer 1 (or true) is an interest.
    on
        The day that answers without one of their own count from.

    Returns
    -------
    DataFrame
        kind (``grow`` before ``recognise``), account_id, contact_id, since, reason; one person
        once.

    Examples
    --------
    >>> told = pd.DataFrame({"account_id": ["a"], "contact_id": ["p"], "recommend": [10],
    ...                      "interest_x": [1]})
    >>> people = pd.DataFrame({"contact_id": ["p"], "consent_named": [True],
    ...                        "consent_followup": [True], "consent_marketing": [True]})
    >>> signals(told, people, question="recommend", high=9, interests=["interest_x"],
    ...         on=pd.Timestamp("2026-05-15"))["kind"].tolist()
    ['grow']
    """
    if question not in responses or not {"account_id", "contact_id"} <= set(responses):
        return pd.DataFrame(columns=COLUMNS)
    pleased = responses[responses[question].astype(float) >= high]
    pleased = pleased.dropna(subset=["account_id", "contact_id"])
    agreed = _agreed(pleased, contacts, consent)
    wants = _wanted(pleased, [name for name in interests if name in pleased], labels or {})
    grows = agreed["consent_marketing"] & (wants != "")
    thanked = agreed["consent_followup"] & ~grows
    day = pd.Series(on, index=pleased.index, dtype="datetime64[ns]")
    if "completed_at" in pleased:
        day = pd.to_datetime(pleased["completed_at"]).fillna(day)
    made = pleased[["account_id", "contact_id"]].assign(
        since=day, kind=grows.map({True: "grow", False: "recognise"}),
        reason=wants.where(grows, "high answer"),
    )  # fmt: skip
    return made[grows | thanked][COLUMNS].reset_index(drop=True)


def named(contacts: pd.DataFrame | None, *, consent: str = "required") -> pd.Series:
    """Ids of the contacts who agreed to be named; of all where no consent is required.

    Examples
    --------
    >>> people = pd.DataFrame({"contact_id": ["p", "q"], "consent_named": [True, None]})
    >>> named(people).tolist()
    ['p']
    """
    if contacts is None:
        return pd.Series(dtype=object)
    if consent == "not_required":
        return contacts["contact_id"]
    if "consent_named" not in contacts:
        return pd.Series(dtype=object)
    return contacts.loc[contacts["consent_named"].eq(True).fillna(False), "contact_id"]


def _agreed(
    people: pd.DataFrame, contacts: pd.DataFrame | None, consent: str
) -> dict[str, pd.Series]:
    """By kind of consent, who gave it and may be named too."""
    asked = ("consent_followup", "consent_marketing")
    if consent == "not_required":
        return {name: pd.Series(True, index=people.index) for name in asked}
    if contacts is None:
        return {name: pd.Series(False, index=people.index) for name in asked}
    names = [*asked, "consent_named"]
    known = contacts.drop_duplicates("contact_id").set_index("contact_id").reindex(columns=names)
    given = known.reindex(people["contact_id"]).set_axis(people.index)
    given = given.eq(True).fillna(False).astype(bool)
    return {name: given[name] & given["consent_named"] for name in asked}


def _wanted(people: pd.DataFrame, interests: list[str], labels: Mapping[str, str]) -> pd.Series:
    """What each person is interested in, in words."""
    told = pd.Series("", index=people.index)
    for name in interests:
        yes = people[name].eq(1).fillna(False).astype(bool)
        word = str(labels.get(name, name))
        told = told.mask(yes, told.where(told == "", told + ", ") + word)
    return told
