"""Steps of cases out of order, and answers that belong to another account than their case."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from helpers.study.findings import Findings
from helpers.study.intake import Typed
from helpers.study.row_faults import report_rows

__all__ = ["check_cases"]

BEFORE_CLOSING = ("first_contact_at", "plan_at")
BEGAN = "created_at"


def check_cases(tables: Mapping[str, Typed], findings: Findings) -> None:
    """Tickets whose steps cannot have gone so, or could not be counted in hours."""
    if "tickets" not in tables:
        return
    tickets = tables["tickets"]
    for step in BEFORE_CLOSING:
        _check_after_closing(tickets, step, findings)
        _warn_without_time(tickets, step, findings)
    _check_confirmed(tickets, findings)
    if "responses" in tables:
        _check_answers(tickets, tables["responses"].frame, findings)


def _times(typed: Typed, *names: str) -> list[pd.Series] | None:
    """Columns of dates that are there and were read; none where one is not."""
    frame = typed.frame
    if not all(name in frame and frame[name].dtype.kind == "M" for name in names):
        return None
    return [frame[name] for name in names]


def _check_after_closing(typed: Typed, step: str, findings: Findings) -> None:
    if (found := _times(typed, step, "closed_at")) is None:
        return
    taken, closed = found
    late = taken.dt.normalize() > closed.dt.normalize()
    problem = "lies after closed_at, so that the case was closed before it"
    advice = "Both are counted as they stand; correct the one that is wrong."
    report_rows(typed, late, step, problem, advice, findings, warn=True)


def _check_confirmed(typed: Typed, findings: Findings) -> None:
    if (found := _times(typed, "confirmed_at", "closed_at")) is None:
        return
    confirmed, closed = found
    problem = "is filled in where closed_at is empty: the case counts as closed by that day"
    advice = "Fill in closed_at, or leave confirmed_at empty while the case is open."
    rows = confirmed.notna() & closed.isna()
    report_rows(typed, rows, "confirmed_at", problem, advice, findings, warn=True)


def _warn_without_time(typed: Typed, step: str, findings: Findings) -> None:
    """Steps on the day that a case began, without the time that the beginning has."""
    if (found := _times(typed, step, BEGAN)) is None:
        return
    taken, began = found
    lost = (taken == began.dt.normalize()) & (taken < began)
    problem = f"has a day and no time, and {BEGAN} has: how long it took on that day is not known"
    advice = f"Send both with their times, or both as days; the clock of {step} leaves these out."
    report_rows(typed, lost, step, problem, advice, findings, warn=True)


def _check_answers(typed: Typed, responses: pd.DataFrame, findings: Findings) -> None:
    """Cases that name an answer of another account than their own."""
    if not {"response_id", "account_id"} <= set(typed.frame) & set(responses):
        return
    owners = responses.drop_duplicates("response_id").set_index("response_id")["account_id"]
    owner = typed.frame["response_id"].map(owners.dropna().to_dict())
    other = owner.notna() & typed.frame["account_id"].notna() & owner.ne(typed.frame["account_id"])
    problem = "is the answer of another account than the case is of"
    advice = "Correct response_id or account_id: one of the two is wrong."
    report_rows(typed, other, "response_id", problem, advice, findings, warn=True)
