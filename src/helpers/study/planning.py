"""What a client's tables tell the plan of the next wave: lists, money, dates, earlier answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd

from helpers.errors import HandbookError, MissingTable
from helpers.study.scores import Outcome
from helpers.study.study import Study

__all__ = ["invitation_day", "loyalty_index", "plan_inputs"]


def invitation_day(study: Study, told: str = "") -> pd.Timestamp:
    """The day to plan for: as told, else as long after the last wave as that was after the one before.

    Not told, it is never before the day on which the data stand, which it is where there
    is one wave only.

    Raises
    ------
    HandbookError
        Where what was told is not a day.
    """  # noqa: E501 - one line, as it is shown in an index
    if told:
        try:
            return pd.Timestamp(date.fromisoformat(told))
        except ValueError:
            raise HandbookError(f"{told!r} is not a day. Write it as 2026-11-02.") from None
    days = sorted(day for day in study.wave_dates.values() if pd.notna(day))
    if len(days) < 2:
        return study.as_of
    return max(study.as_of, (days[-1] + (days[-1] - days[-2])).normalize())


def plan_inputs(
    study: Study, scores: pd.Series | None = None, strata: Sequence[str] = ()
) -> dict[str, Any]:
    """The tables and strata of a plan.

    Parameters
    ----------
    scores
        A number for each respondent of the wave, whose mean is the score to plan for.
    strata
        Columns of accounts; not given, the first of the client's segments that accounts
        have.

    Raises
    ------
    MissingTable
        Where no list of contacts was sent.
    """
    accounts = study.table("accounts") if study.has("accounts") else None
    known = [name for name in study.config.segments if accounts is not None and name in accounts]
    answers = None
    if scores is not None and study.has_accounts:
        of = study.responses["account_id"]
        answers = pd.DataFrame({"account_id": of, "score": scores.reindex(of.index)})
    return {
        "contacts": study.table("contacts"),
        "accounts": accounts,
        "strata": list(strata) or known[:1],
        "answers": answers,
        **study.given("financials", "invitations"),
    }


def loyalty_index(study: Study) -> Outcome | None:
    """The loyalty outcome, or ``None`` where the survey has no question to make it of."""
    try:
        return study.outcome("loyalty")
    except (MissingTable, ValueError):
        return None
