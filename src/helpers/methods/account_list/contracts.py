"""When the contract that an account now has comes to its end."""

from __future__ import annotations

import pandas as pd

__all__ = ["contract_ends"]


def contract_ends(contracts: pd.DataFrame | None, *, as_of: pd.Timestamp) -> pd.Series:
    """The next end of a contract of each account that is not renewed already, by account.

    Of several running contracts the one that ends first counts: it is the one to talk about.

    Parameters
    ----------
    contracts
        ``account_id``, ``end`` and, where known, ``start`` and ``renewed``; ``None`` where no
        contracts were sent.
    as_of
        The day on which the data stand; a contract that ends on it has still to be talked about.

    Examples
    --------
    >>> sent = pd.DataFrame({"account_id": ["a", "a", "b"],
    ...     "end": pd.to_datetime(["2026-03-31", "2026-09-30", "2026-01-31"])})
    >>> contract_ends(sent, as_of=pd.Timestamp("2026-06-30")).to_dict()
    {'a': Timestamp('2026-09-30 00:00:00')}
    """
    if contracts is None or "end" not in contracts:
        return pd.Series(dtype="datetime64[ns]", name="contract_end")
    end = pd.to_datetime(contracts["end"])
    running = end >= as_of.normalize()
    if "renewed" in contracts:
        running &= ~contracts["renewed"].fillna(False).astype(bool)
    ends = end[running].groupby(contracts.loc[running, "account_id"]).min()
    return ends.rename("contract_end")
