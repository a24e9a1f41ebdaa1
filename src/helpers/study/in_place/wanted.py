"""What the chapters need of a large table: the accounts of the study, and which months."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from helpers.study import joining
from helpers.study.config import Config
from helpers.study.findings import Findings

__all__ = ["BEFORE", "Wanted", "wanted"]

BEFORE = 24  # months before the first wave that an effect is adjusted for
LATELY = 12  # months whose revenue says what an account is worth


@dataclass(frozen=True)
class Wanted:
    """Accounts and months; ``listed`` is ``None`` where no list of accounts was sent."""

    asked: frozenset[str]
    listed: frozenset[str] | None
    first: pd.Timestamp  # month from which accounts that were asked count
    recent: pd.Timestamp  # month from which the others count
    until: pd.Timestamp
    zeros: bool = False  # ids may come without the zeros that the list has

    @property
    def known(self) -> frozenset[str]:
        """Every account that is known, however."""
        return self.asked | (self.listed or frozenset())


def wanted(frames: Mapping[str, pd.DataFrame], config: Config) -> Wanted:
    """What is needed, from the tables of a survey that were read before.

    Examples
    --------
    >>> config = Config(name="Demo", as_of="2026-06-30", wave="W1", waves={"W1": "2026-05-15"})
    >>> found = wanted({"responses": pd.DataFrame({"account_id": ["a"], "wave": ["W1"]})}, config)
    >>> sorted(found.asked), f"{found.first:%Y-%m}", f"{found.recent:%Y-%m}"
    (['a'], '2024-05', '2025-05')
    """
    asked = _accounts(frames)
    listed = frames.get("accounts")
    until = pd.Timestamp(min(config.as_of, pd.Timestamp("2262-01-01").date()))
    dates = [until]
    if "responses" in frames:
        named = joining.completed(frames["responses"], config, Findings())
        told = joining.wave_dates(named, config)
        dates += [day for day in told.values() if pd.notna(day) and day < until]
        current = told.get(config.wave, until)
        until_wave = until if pd.isna(current) else min(current, until)
    else:
        until_wave = until
    zeros = "account_id" in config.leading_zeros
    ids = None if listed is None or "account_id" not in listed else _ids(listed)
    return Wanted(asked, ids, _month(min(dates), BEFORE), _month(until_wave, LATELY), until, zeros)


def _accounts(frames: Mapping[str, pd.DataFrame]) -> frozenset[str]:
    """Accounts that answered or were invited, also by the person who did."""
    survey = [frames[name] for name in ("responses", "invitations") if name in frames]
    found = frozenset[str]().union(*(_ids(frame) for frame in survey if "account_id" in frame))
    people = frames.get("contacts")
    if people is None or not {"contact_id", "account_id"} <= set(people):
        return found
    known: set[Any] = set()
    for frame in survey:
        if "contact_id" in frame:
            known |= set(frame["contact_id"].dropna())
    return found | _ids(people[people["contact_id"].isin(known)])


def _ids(frame: pd.DataFrame) -> frozenset[str]:
    return frozenset(map(str, frame["account_id"].dropna().unique()))


def _month(day: pd.Timestamp, months: int) -> pd.Timestamp:
    return day.normalize().replace(day=1) - pd.DateOffset(months=months)
