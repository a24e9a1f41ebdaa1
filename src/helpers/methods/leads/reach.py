"""Who may be approached with an offer: people who agreed to marketing, and nobody else."""

from __future__ import annotations

import pandas as pd

__all__ = ["REACHED", "agreed_to_offers", "everybody", "reachable"]

REACHED = ["contact_id", "account_id", "role"]
ROLES = ("decision_maker", "influencer", "user", "admin")  # whom one would call first


def agreed_to_offers(contacts: pd.DataFrame, *, consent: str) -> pd.DataFrame:
    """The people who agreed to marketing, whether or not they are still there.

    Parameters
    ----------
    contacts
        ``contact_id``, ``account_id`` and, where known, ``role`` and ``consent_marketing``.
    consent
        ``required``, or ``not_required`` where the data are published.

    Returns
    -------
    DataFrame
        The rows of ``contacts`` that may count; none where consent is required and nobody is
        known to have given it. What is missing is no consent.

    Examples
    --------
    >>> people = pd.DataFrame({"contact_id": ["c", "d"], "account_id": ["a", "a"],
    ...                        "consent_marketing": [True, None]})
    >>> agreed_to_offers(people, consent="required")["contact_id"].tolist()
    ['c']
    """
    known = contacts.dropna(subset=["account_id"])
    if consent == "not_required":
        return known
    if "consent_marketing" not in known:
        return known.iloc[:0]
    return known[_true(known["consent_marketing"]) & known["contact_id"].notna()]


def reachable(contacts: pd.DataFrame, *, consent: str) -> pd.DataFrame:
    """Those of them who are still there and did not opt out, whom one would call first first.

    Returns
    -------
    DataFrame
        contact_id, account_id, role.

    Examples
    --------
    >>> people = pd.DataFrame({"contact_id": ["c", "d"], "account_id": "a", "opt_out": False,
    ...     "role": ["user", "decision_maker"], "consent_marketing": True})
    >>> reachable(people, consent="required")["contact_id"].tolist()
    ['d', 'c']
    """
    agreed = agreed_to_offers(contacts, consent=consent)
    if "active" in agreed:
        agreed = agreed[agreed["active"].astype("boolean").fillna(True).astype(bool)]
    if "opt_out" in agreed:
        agreed = agreed[~_true(agreed["opt_out"])]
    rank = agreed.reindex(columns=["role"])["role"].map(dict(zip(ROLES, range(4), strict=True)))
    ordered = agreed.assign(rank=rank.fillna(len(ROLES))).sort_values(["rank", "contact_id"])
    return ordered.reindex(columns=REACHED).reset_index(drop=True)


def everybody(contacts: pd.DataFrame | None, responses: pd.DataFrame) -> pd.DataFrame:
    """The people of the list; without one, those who answered.

    Examples
    --------
    >>> everybody(None, pd.DataFrame({"account_id": ["a", "a"]})).values.tolist()
    [[nan, 'a', nan]]
    """
    if contacts is not None:
        return contacts
    return responses.reindex(columns=REACHED).dropna(subset=["account_id"]).drop_duplicates()


def _true(flags: pd.Series) -> pd.Series:
    return flags.astype("boolean").fillna(False).astype(bool)
