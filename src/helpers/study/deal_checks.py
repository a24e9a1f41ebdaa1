"""Contracts, offers and cases whose cells contradict each other, or that are there twice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from helpers.study.findings import Findings
from helpers.study.intake import Typed
from helpers.study.row_faults import report_rows

__all__ = ["check_deals"]

NEARLY_ALL = 0.9
FEWEST = 10
TWICE = {
    "contracts": ("account_id", "start", "end", "value"),
    "opportunities": ("account_id", "product_id", "created", "amount"),
    "tickets": ("account_id", "contact_id", "created_at", "trigger"),
    "communications": ("what", "audience", "promised_at"),
}


def check_deals(tables: Mapping[str, Typed], as_of: date, findings: Findings) -> None:
    """Warn of renewals, wins and cases that cannot be as they stand, and of rows twice."""
    for name, columns in TWICE.items():
        if name in tables:
            _check_twice(tables[name], columns, findings)
    if "contracts" in tables:
        _check_renewals(tables["contracts"], as_of, findings)
    if "opportunities" in tables:
        _check_won(tables["opportunities"], findings)
    if "tickets" in tables:
        _check_instant(tables["tickets"], findings)
        if "contacts" in tables:
            check_accounts_agree(tables["tickets"], tables["contacts"], findings)


def _check_twice(typed: Typed, columns: tuple[str, ...], findings: Findings) -> None:
    """Rows that say the same under another id, where what tells them apart is filled in."""
    frame = typed.frame
    if not set(columns) <= set(frame):
        return
    said = frame[[name for name in frame if name not in typed.table.key]]
    again = said.duplicated() & frame[list(columns)].notna().all(axis=1)
    ids = f" under another {typed.table.key[0]}" if typed.table.key else ""
    problem = f"repeats an earlier row{ids}, cell by cell"
    advice = f"Each counts as {typed.table.row}: take those out that are the same one."
    shown = typed.table.key[0] if typed.table.key else columns[0]
    if 0 < again.mean() < 0.5:
        report_rows(typed, again, shown, problem, advice, findings, warn=True)


def _check_renewals(typed: Typed, as_of: date, findings: Findings) -> None:
    frame = typed.frame
    if "renewed" not in frame:
        return
    renewed = frame["renewed"].astype("boolean")
    yes, no = renewed.fillna(False), (~renewed).fillna(False)
    if "renewed_value" in frame:
        value = frame["renewed_value"]
        problem = "is the value of a renewal, and renewed is no"
        advice = "Correct renewed, or leave renewed_value empty."
        report_rows(typed, no & (value > 0), "renewed_value", problem, advice, findings, warn=True)
        if value[yes].notna().mean() >= 0.5:
            problem = "is yes, and renewed_value is empty, as for hardly any other renewal"
            advice = "Fill in what it was renewed for."
            report_rows(typed, yes & value.isna(), "renewed", problem, advice, findings, warn=True)
    if "end" in frame and frame["end"].dtype.kind == "M" and as_of.year < 9999:
        open_ = frame["end"] >= pd.Timestamp(as_of) + pd.DateOffset(months=12)
        problem = "is filled in for a contract that ends more than a year after as_of"
        advice = "Leave it empty until the contract ends, or correct end."
        rows = open_ & renewed.notna()
        report_rows(typed, rows, "renewed", problem, advice, findings, warn=True)


def _check_won(typed: Typed, findings: Findings) -> None:
    """Won offers without a day, where most have one."""
    if not {"won", "closed"} <= set(typed.frame):
        return
    won = typed.frame["won"].astype("boolean").fillna(False).astype(bool)
    bare = won & typed.frame["closed"].isna()
    if won.any() and bare.sum() < won.sum() / 2:
        problem = "is yes, and closed is empty: on which day it was won is not known"
        advice = "Fill in closed."
        report_rows(typed, bare, "won", problem, advice, findings, warn=True)


def _check_instant(typed: Typed, findings: Findings) -> None:
    """Steps that nearly all cases reached in the very moment in which they began."""
    frame = typed.frame
    if "created_at" not in frame or frame["created_at"].dtype.kind != "M":
        return
    for step in ("first_contact_at", "closed_at"):
        if step not in frame or frame[step].dtype.kind != "M":
            continue
        both = frame[step].notna() & frame["created_at"].notna()
        same = both & frame[step].eq(frame["created_at"])
        if both.sum() >= FEWEST and same.sum() >= NEARLY_ALL * both.sum():
            timed = frame["created_at"].ne(frame["created_at"].dt.normalize()).any()
            if not timed and step == "first_contact_at":
                continue  # days alone: many are contacted on the day itself
            problem = f"is created_at itself in {int(same.sum()):,} of {int(both.sum()):,} cases"
            advice = "If it was filled in by the system, leave it out: the case took no time by it."
            findings.warn(typed.raw.file, problem, advice, column=step)


def check_accounts_agree(typed: Typed, contacts: Typed, findings: Findings) -> None:
    """Rows that name a contact, and another account than that contact is of."""
    needed = {"contact_id", "account_id"}
    if not needed <= set(typed.frame) or not needed <= set(contacts.frame):
        return
    known = contacts.frame.dropna(subset=["contact_id"]).drop_duplicates("contact_id")
    of = typed.frame["contact_id"].map(known.set_index("contact_id")["account_id"].to_dict())
    own = typed.frame["account_id"]
    other = of.notna() & own.notna() & of.ne(own)
    first = int(np.flatnonzero(other.to_numpy())[0]) if other.any() else 0
    problem = f"is another account than its contact's, {of.iloc[first]}" if other.any() else ""
    advice = "Correct account_id or contact_id; somebody who changed the company needs a new id."
    report_rows(typed, other, "account_id", problem, advice, findings, warn=True)
