"""Every row accounted for, from the file to the base of the metrics."""

from __future__ import annotations

import pandas as pd

__all__ = ["reconcile"]


def reconcile(
    first: tuple[str, int], *steps: tuple[str, int, str], expected: int | None = None
) -> pd.DataFrame:
    """Account for every row from the file to the base of the metrics.

    Parameters
    ----------
    first
        Where the count begins, and its rows.
    steps
        What each step leaves: its name, the rows after it, and why rows went.
    expected
        Rows that the metrics are made of; the last step must leave as many.

    Returns
    -------
    DataFrame
        step, rows, dropped (since the step before), reason.

    Raises
    ------
    ValueError
        If rows grow, go without a reason, or do not come out at what is expected.

    Examples
    --------
    >>> reconcile(("in the file", 900), ("this wave", 820, "other waves"), expected=820)
              step  rows  dropped       reason
    0  in the file   900        0
    1    this wave   820       80  other waves
    """
    before = int(first[1])
    table = [(first[0], before, 0, "")]
    for name, rows, reason in steps:
        if rows > before or rows < 0:
            raise ValueError(
                f"{name} has {rows} rows, and the step before it {before}: rows cannot come from "
                "nowhere; look for a join that repeats them"
            )
        if rows < before and not reason:
            raise ValueError(f"{name} loses {before - rows} rows without a reason; say why they go")
        table.append((name, int(rows), before - int(rows), reason))
        before = int(rows)
    if expected is not None and before != expected:
        raise ValueError(
            f"{before} rows are left, and the metrics count {expected}: {abs(before - expected)} "
            "are not accounted for; find them before any metric is shown"
        )
    return pd.DataFrame(table, columns=["step", "rows", "dropped", "reason"])
