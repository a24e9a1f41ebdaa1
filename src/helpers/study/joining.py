"""Responses with what is known of their account and their contact."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import numpy as np
import pandas as pd

from helpers.study.codebook import Codebook
from helpers.study.config import Config
from helpers.study.findings import Findings
from helpers.study.intake import Typed
from helpers.study.naming import declaration
from helpers.study.nearest import advice_for

__all__ = ["completed", "join_invitations", "join_responses", "segments", "wave_dates"]

FROM_ACCOUNTS = ("segment", "tier", "industry", "region")
FROM_CONTACTS = ("role", "function")


def completed(responses: pd.DataFrame, config: Config, findings: Findings) -> pd.DataFrame:
    """Give responses the response_id and the wave that they came without."""
    frame = responses.copy(deep=False)
    if "response_id" not in frame:
        made = [f"{number:06d}" for number in range(1, len(frame) + 1)]
        frame.insert(0, "response_id", pd.Series(made, dtype="str"))
        findings.note("responses", "response_id made from the record number", len(frame))
    elif frame["response_id"].isna().any():
        empty = frame["response_id"].isna()
        records = pd.Series(np.arange(1, len(frame) + 1), index=frame.index).astype("str")
        frame["response_id"] = frame["response_id"].fillna("record-" + records)
        findings.note("responses", "empty response_id filled from the record", int(empty.sum()))
    if "wave" not in frame:
        frame.insert(1, "wave", pd.Series(config.wave, index=frame.index, dtype="str"))
        findings.note("responses", f"no wave column: all are of {config.wave}", len(frame))
    elif frame["wave"].isna().any():
        empty = frame["wave"].isna()
        frame["wave"] = frame["wave"].fillna(config.wave)
        findings.note("responses", f"empty wave taken as {config.wave}", int(empty.sum()))
    return frame


def join_responses(
    tables: Mapping[str, Typed],
    config: Config,
    findings: Findings,
    metrics: tuple[str, ...] = (),
) -> pd.DataFrame:
    """All responses by response_id, with account and contact columns they lack.

    ``metrics`` are columns that are taken from the accounts where the responses lack them.
    """
    frame = tables["responses"].frame
    contacts = tables["contacts"].frame if "contacts" in tables else pd.DataFrame()
    accounts = tables["accounts"].frame if "accounts" in tables else pd.DataFrame()
    if "contact_id" in frame and {"contact_id", "account_id"} <= set(contacts):
        frame = _with_account(frame, contacts, findings)
    _note_homeless(frame, findings)
    frame = _joined(frame, contacts, "contact_id", (*FROM_CONTACTS, *config.segments))
    wanted = (*FROM_ACCOUNTS, *config.segments, *metrics)
    frame = _joined(frame, accounts, "account_id", wanted)
    return frame.set_index("response_id", drop=True)


def join_invitations(tables: Mapping[str, pd.DataFrame], config: Config) -> pd.DataFrame:
    """All invitations with the account and contact columns that they lack.

    An account that an invitation leaves open is that of the person invited.

    Examples
    --------
    >>> config = Config.model_validate(
    ...     {"name": "Demo", "as_of": "2026-06-30", "wave": "W1", "segments": []})
    >>> sent = {"invitations": pd.DataFrame({"contact_id": ["c1"], "account_id": ["a1"]}),
    ...         "contacts": pd.DataFrame({"contact_id": ["c1"], "role": ["user"]})}
    >>> join_invitations(sent, config)["role"].tolist()
    ['user']
    """
    frame, contacts = tables["invitations"], tables.get("contacts", pd.DataFrame())
    if {"contact_id", "account_id"} <= set(frame) & set(contacts) and frame[
        "account_id"
    ].isna().any():
        frame = frame.assign(account_id=frame["account_id"].fillna(_listed_under(frame, contacts)))
    for parent, key, wanted in (
        ("contacts", "contact_id", FROM_CONTACTS),
        ("accounts", "account_id", FROM_ACCOUNTS),
    ):
        facts = tables.get(parent, pd.DataFrame())
        frame = _joined(frame, facts, key, (*wanted, *config.segments))
    return frame


def _with_account(frame: pd.DataFrame, contacts: pd.DataFrame, findings: Findings) -> pd.DataFrame:
    found = _listed_under(frame, contacts)
    if "account_id" not in frame:
        findings.note("responses", "account_id taken from contacts", int(found.notna().sum()))
        return frame.assign(account_id=found.astype("str"))
    filled = frame["account_id"].isna() & found.notna()
    findings.note("responses", "empty account_id taken from contacts", int(filled.sum()))
    other = frame["account_id"].notna() & found.notna() & (frame["account_id"] != found)
    findings.note("responses", "contact listed under another account; kept", int(other.sum()))
    return frame.assign(account_id=frame["account_id"].fillna(found))


def _listed_under(frame: pd.DataFrame, contacts: pd.DataFrame) -> pd.Series:
    """The account under which the person of each row is listed."""
    account = contacts.drop_duplicates("contact_id").set_index("contact_id")["account_id"]
    return frame["contact_id"].map(account)


def _note_homeless(frame: pd.DataFrame, findings: Findings) -> None:
    """Answers whose account nobody knows, where that of others is known."""
    if "account_id" not in frame or frame["account_id"].isna().all():
        return
    what = "answers without a known account; each stands alone, outside what is said of accounts"
    findings.note("responses", what, int(frame["account_id"].isna().sum()))


def _joined(
    frame: pd.DataFrame, other: pd.DataFrame, key: str, wanted: tuple[str, ...]
) -> pd.DataFrame:
    columns = [c for c in dict.fromkeys(wanted) if c in other and c not in frame]
    if key not in frame or key not in other or not columns:
        return frame
    facts = other.drop_duplicates(key).set_index(key)[columns]
    return frame.join(facts, on=key)


def segments(
    joined: pd.DataFrame,
    tables: Mapping[str, Typed],
    codebook: Codebook,
    config: Config,
    findings: Findings,
) -> tuple[str, ...]:
    """Columns to group by: those declared, the codebook's segments, the contact's role."""
    known = [str(c) for c in joined.columns]
    for name in config.segments:
        if name not in known and not _in_a_list_without_ids(name, tables):
            problem, advice = _why_not(name, known, tables)
            findings.error("client.yml", problem, advice, column="segments", found=name)
    described = [q.variable for q in codebook.of("segment")]
    wanted = dict.fromkeys((*config.segments, *described, "role"))
    return tuple(name for name in wanted if name in known)


def _in_a_list_without_ids(name: str, tables: Mapping[str, Typed]) -> bool:
    """Whether a list holds the column and lacks its own ids, which is an error already."""
    lists = (("accounts", "account_id"), ("contacts", "contact_id"))
    return any(
        parent in tables and name in tables[parent].frame and key not in tables[parent].frame
        for parent, key in lists
    )


def _why_not(name: str, known: list[str], tables: Mapping[str, Typed]) -> tuple[str, str]:
    """Why a declared segment is not among the joined columns, and what to do."""
    for parent, key in (("accounts", "account_id"), ("contacts", "contact_id")):
        if parent not in tables or name not in tables[parent].frame:
            continue
        if key not in known:
            problem = f"is in {parent}, but responses have no {key} to join them by"
            line = declaration("responses", key, "…")
            return problem, f"Add {key} to responses, or name the column that holds it: {line}."
    problem = "is not a column of responses, accounts or contacts"
    return problem, advice_for(name, [c for c in known if not c.endswith("_id")])


def wave_dates(responses: pd.DataFrame, config: Config) -> dict[str, pd.Timestamp]:
    """The date of every wave: as declared, else the median day of completion.

    Waves come in the order of their dates; those without one keep the order of their
    names and come first.
    """
    names = sorted(str(name) for name in responses["wave"].dropna().unique())
    dates: dict[str, pd.Timestamp] = dict.fromkeys(names, cast(pd.Timestamp, pd.NaT))
    if "completed_at" in responses:
        middle = responses.groupby("wave")["completed_at"].median().dt.normalize()
        dates.update(middle.to_dict())
    declared = {name: pd.Timestamp(day) for name, day in config.waves.items() if name in dates}
    dates.update(declared)
    order = sorted(names, key=lambda name: (pd.notna(dates[name]), dates[name].value, name))
    return {name: dates[name] for name in order}
