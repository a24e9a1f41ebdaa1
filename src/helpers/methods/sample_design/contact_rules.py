"""Who may be asked on a day, and why each of the others may not."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.methods.survey.columns import listed_in

__all__ = ["Eligibility", "contact_rules", "last_bounced", "with_last_invitation"]

NOT_ASKED = ("quarantined", "excluded")  # dispositions of people to whom nothing was sent
KEPT_OUT = "kept out by the account team"
EXCLUDED = ["contact_id", "account_id", "reason", "also"]


@dataclass(frozen=True)
class Eligibility:
    """Who may be asked, and the reason for each who may not.

    ``excluded``: contact_id, account_id, reason (the first rule that applies), also (the
    others that do). ``counts``: reason, contacts (of whom it is the first), with_any (to
    whom it applies at all). ``unchecked``: rules for which the list has no column.
    """

    eligible: pd.DataFrame  # the rows of the list that may be asked
    excluded: pd.DataFrame
    counts: pd.DataFrame
    unchecked: tuple[str, ...]
    base: int  # contacts on the list

    def __post_init__(self) -> None:
        if len(self.eligible) + len(self.excluded) != self.base:
            raise ValueError(
                f"{len(self.eligible)} eligible and {len(self.excluded)} excluded contacts "
                f"do not make {self.base}"
            )


def contact_rules(
    contacts: pd.DataFrame,
    *,
    on: pd.Timestamp,
    quarantine_days: int = 90,
    accounts: Collection[str] | None = None,
    ended: Collection[str] = (),
    bounced: Collection[str] = (),
    roles: Collection[str] | None = None,
    consent_followup: bool = False,
    kept_out: Mapping[str, str] | None = None,
) -> Eligibility:
    """Sort a contact list into those who may be asked and those who may not.

    Parameters
    ----------
    contacts
        contact_id and account_id; where they are known also active, opt_out,
        last_invited, role and consent_followup. Someone without an entry counts as
        active, not opted out, never invited, and not consenting.
    on
        The day the invitations go out.
    quarantine_days
        Days that must have passed since the last invitation; 0 for no quarantine.
    accounts
        Accounts on the list of accounts; not given, any account will do.
    ended
        Accounts that are customers no longer, or not yet.
    bounced
        Contacts whose last invitation came back.
    roles
        The only roles that are asked; not given, all are.
    consent_followup
        Whether only those are asked who agreed to be called back about their answers.
    kept_out
        Contacts that the account team keeps out, and why (and who says so).

    Raises
    ------
    ValueError
        For a contact listed twice, one invited after ``on``, or a negative quarantine.

    Examples
    --------
    >>> people = pd.DataFrame({"contact_id": ["a", "b", "c"], "account_id": ["x", "x", "y"],
    ...     "opt_out": [False, True, False],
    ...     "last_invited": pd.to_datetime(["2026-05-04", None, None])})
    >>> found = contact_rules(people, on=pd.Timestamp("2026-06-30"))
    >>> found.eligible["contact_id"].tolist(), found.excluded["reason"].tolist()
    (['c'], ['invited less than 90 days ago', 'opted out'])
    """
    _refuse(contacts, on, quarantine_days)
    rules = dict(_account_rules(contacts, accounts, ended))
    rules |= dict(_list_rules(contacts, on, quarantine_days, consent_followup))
    rules["the last invitation came back"] = listed_in(contacts["contact_id"], bounced)
    if roles is not None:
        known = contacts.get("role", pd.Series(pd.NA, index=contacts.index, dtype=object))
        rules["this role is not asked"] = ~known.isin(set(roles))
    if kept_out:
        rules[KEPT_OUT] = listed_in(contacts["contact_id"], kept_out)
    applies = pd.DataFrame({name: hit.astype(bool) for name, hit in rules.items()})
    missing = [name for name in ("active", "opt_out", "last_invited") if name not in contacts]
    return _sorted_out(contacts, applies, kept_out or {}, tuple(missing))


def _account_rules(
    contacts: pd.DataFrame, accounts: Collection[str] | None, ended: Collection[str]
) -> Iterator[tuple[str, pd.Series]]:
    if accounts is not None:
        yield "the account is not on the list", ~listed_in(contacts["account_id"], accounts)
    yield "the account is not a customer on that day", listed_in(contacts["account_id"], ended)


def _list_rules(
    contacts: pd.DataFrame, on: pd.Timestamp, quarantine_days: int, consent_followup: bool
) -> Iterator[tuple[str, pd.Series]]:
    yield "not active", ~_yes(contacts, "active", unknown=True)
    yield "opted out", _yes(contacts, "opt_out", unknown=False)
    if quarantine_days and "last_invited" in contacts:
        days = (on - pd.to_datetime(contacts["last_invited"])).dt.days
        yield f"invited less than {quarantine_days} days ago", days < quarantine_days
    if consent_followup:
        agreed = _yes(contacts, "consent_followup", unknown=False)
        yield "no consent to be called back about the answers", ~agreed


def _yes(contacts: pd.DataFrame, name: str, *, unknown: bool) -> pd.Series:
    if name not in contacts:
        return pd.Series(unknown, index=contacts.index)
    return contacts[name].astype("boolean").fillna(unknown).astype(bool)


def _sorted_out(
    contacts: pd.DataFrame,
    applies: pd.DataFrame,
    said: Mapping[str, str],
    unchecked: tuple[str, ...],
) -> Eligibility:
    out, names = applies.any(axis=1), list(applies.columns)
    firsts, others = _reasons(applies[out])
    excluded = contacts.loc[out, ["contact_id", "account_id"]].assign(reason=firsts, also=others)
    told = excluded["contact_id"].map(said).where(excluded["reason"] == KEPT_OUT)
    excluded["reason"] = excluded["reason"].where(told.isna(), KEPT_OUT + ": " + told.astype(str))
    counts = pd.DataFrame(
        {
            "reason": names,
            "contacts": [firsts.count(name) for name in names],
            "with_any": [int(applies[name].sum()) for name in names],
        }
    )
    return Eligibility(
        contacts[~out].copy(),
        excluded[EXCLUDED].reset_index(drop=True),
        counts[counts["with_any"] > 0].reset_index(drop=True),
        unchecked,
        len(contacts),
    )


def _reasons(hits: pd.DataFrame) -> tuple[list[str], list[str]]:
    """The first rule that applies in each row, and the others; worked out once a pattern."""
    names = list(hits.columns)
    codes = hits.to_numpy() @ (1 << np.arange(len(names)))
    told = {
        code: [name for place, name in enumerate(names) if code >> place & 1]
        for code in np.unique(codes).tolist()
    }
    rows = codes.tolist()
    return [told[code][0] for code in rows], ["; ".join(told[code][1:]) for code in rows]


def _refuse(contacts: pd.DataFrame, on: pd.Timestamp, quarantine_days: int) -> None:
    ids = contacts["contact_id"]
    if ids.isna().any() or ids.duplicated().any():
        found = "no id" if ids.isna().any() else f"{ids[ids.duplicated()].iloc[0]!r} twice"
        raise ValueError(f"the contact list has {found}; list each person once, with an id")
    if quarantine_days < 0:
        raise ValueError(f"quarantine_days counts days, 0 for none, not {quarantine_days}")
    if "last_invited" in contacts:
        later = pd.to_datetime(contacts["last_invited"]) > on
        if later.any():
            raise ValueError(
                f"{int(later.sum())} contacts were invited after {on:%Y-%m-%d} (first: "
                f"{ids[later].iloc[0]!r}); give the day on which the invitations go out"
            )


def last_bounced(invitations: pd.DataFrame) -> frozenset[str]:
    """Contacts whose last invitation came back.

    Parameters
    ----------
    invitations
        contact_id, disposition and, to tell which came last, invited_at; without it the
        last row of a contact is its last invitation.

    Examples
    --------
    >>> sent = pd.DataFrame({"contact_id": ["a", "a", "b"],
    ...                      "disposition": ["bounce", "complete", "bounce"]})
    >>> sorted(last_bounced(sent))
    ['b']
    """
    last = _sent(invitations).groupby("contact_id").tail(1)
    return frozenset(last.loc[last["disposition"] == "bounce", "contact_id"])


def with_last_invitation(contacts: pd.DataFrame, invitations: pd.DataFrame) -> pd.DataFrame:
    """The contacts, ``last_invited`` brought up to the invitations that were sent.

    Examples
    --------
    >>> people = pd.DataFrame({"contact_id": ["a", "b"], "account_id": ["x", "x"]})
    >>> sent = pd.DataFrame({"contact_id": ["a"], "disposition": ["refusal"],
    ...                      "invited_at": pd.to_datetime(["2026-05-04"])})
    >>> with_last_invitation(people, sent)["last_invited"].dt.year.tolist()
    [2026.0, nan]
    """
    if "invited_at" not in invitations:
        return contacts
    sent = _sent(invitations).groupby("contact_id")["invited_at"].max()
    latest = contacts["contact_id"].map(pd.to_datetime(sent))
    if "last_invited" in contacts:
        listed = pd.to_datetime(contacts["last_invited"])
        latest = latest.where(~(listed > latest) & latest.notna(), listed)
    return contacts.assign(last_invited=latest)


def _sent(invitations: pd.DataFrame) -> pd.DataFrame:
    sent = invitations[~invitations["disposition"].isin(NOT_ASKED)]
    return sent.sort_values("invited_at", kind="stable") if "invited_at" in sent else sent
