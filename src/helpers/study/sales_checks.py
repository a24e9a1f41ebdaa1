"""Offers that are neither open nor ended as they stand, holdings of nothing, units that differ."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

from helpers.study.findings import Findings
from helpers.study.intake import Typed
from helpers.study.listing import listed
from helpers.study.row_faults import report_rows

__all__ = ["check_sales"]

ENDS = {"won": True, "closed won": True, "lost": False, "closed lost": False}  # stages that end
OPEN = frozenset(  # stages that sales systems begin with
    (
        "open", "new", "prospecting", "qualification", "qualified", "needs analysis", "proposal",
        "value proposition", "proposal/price quote", "perception analysis", "id. decision makers",
        "quote", "quoted", "negotiation", "negotiation/review", "pipeline", "in progress", "lead",
        "offen", "angebot", "in verhandlung", "en cours", "ouvert", "abierto", "abierta",
    )
)  # fmt: skip
SHOWN = 5


def check_sales(tables: Mapping[str, Typed], as_of: date, findings: Findings) -> None:
    """What is sent of offers, holdings and measures, against itself."""
    if "opportunities" in tables:
        _check_offers(tables["opportunities"], as_of, findings)
    if "holdings" in tables and "value" in tables["holdings"].frame:
        held = tables["holdings"]
        problem = "is a value of nothing, and counts as owned like the others"
        advice = "Where 0 means that the account does not own it, leave such rows out, in a query."
        rows = held.frame["value"].eq(0)
        report_rows(held, rows, "value", problem, advice, findings, warn=True)
    if "ops_metrics" in tables:
        _check_units(tables["ops_metrics"], findings)


def _check_offers(typed: Typed, as_of: date, findings: Findings) -> None:
    frame = typed.frame
    if "stage" not in frame:
        return
    stage = frame["stage"].astype("object").map(lambda t: str(t).strip().casefold())
    ends = stage.map(ENDS).astype("boolean")
    won = frame["won"] if "won" in frame else pd.Series(pd.NA, frame.index)
    won = won.astype("boolean")
    against = won.notna() & ends.notna() & won.ne(ends)
    problem = "contradicts the stage of its row, {}"
    _report_stage(typed, against, problem, "Correct the one that is wrong.", findings)
    still = won.notna() & stage.isin(OPEN)
    problem = "says that it ended, and its stage, {}, that it is open"
    _report_stage(typed, still, problem, _open_advice(typed, still, ends), findings)
    closed = frame["closed"] if "closed" in frame else pd.Series(pd.NaT, frame.index)
    if "won" in frame and won.notna().all():
        undated = closed.isna() & ends.isna() & ~stage.isin(OPEN)
        problem = "is not empty where closed is: the offer counts as ended, on a day nobody knows"
        advice = "Leave won empty while an offer is open; where it has ended, fill in closed."
        report_rows(typed, undated, "won", problem, advice, findings, warn=True)
    if closed.notna().any():
        silent = (closed < _day_after(as_of)) & won.isna() & ends.isna()
        problem = "is filled in where neither won nor stage says how it ended: it counts as neither"
        advice = "Fill in won, or leave closed empty while an offer is open."
        report_rows(typed, silent, "closed", problem, advice, findings, warn=True)


def _report_stage(
    typed: Typed, rows: pd.Series, problem: str, advice: str, findings: Findings
) -> None:
    if rows.any():
        first = typed.frame["stage"][rows.to_numpy(dtype=bool)].iloc[0]
        report_rows(typed, rows, "won", problem.format(repr(str(first))), advice, findings)


def _open_advice(typed: Typed, rows: pd.Series, ends: pd.Series) -> str:
    """To leave ``won`` empty; where the stage tells the ends, by a declaration."""
    advice = "Leave won empty while an offer is open."
    words = {str(word).strip() for word in typed.raw.frame.get("won", pd.Series(dtype=str))[rows]}
    if not ends.any() or not ends.eq(False).any() or len(words) != 1:
        return advice
    line = f'`formats: {{opportunities: {{missing: {{won: ["{words.pop()}"]}}}}}}`'
    return f"{advice} As stage says which were won and lost, declare {line} in client.yml."


def _check_units(typed: Typed, findings: Findings) -> None:
    """A metric in several units: its values cannot stand beside each other."""
    frame = typed.frame
    if not {"metric", "unit_of_measure"} <= set(frame):
        return
    units = frame.dropna(subset=["metric", "unit_of_measure"]).groupby("metric")["unit_of_measure"]
    for metric, found in units:
        names = list(dict.fromkeys(str(unit).strip() for unit in found))
        if len({name.casefold() for name in names}) < 2:
            continue
        told = listed([repr(name) for name in names], SHOWN)
        rows = frame["metric"].eq(metric) & frame["unit_of_measure"].str.strip().eq(names[1])
        problem = f"is another unit than the one before: {metric} is in {told}"
        advice = "Send a metric in one unit, or call it otherwise where the unit is another."
        report_rows(typed, rows, "unit_of_measure", problem, advice, findings)


def _day_after(day: date) -> pd.Timestamp:
    return pd.Timestamp(day) + pd.Timedelta(days=1) if day.year < 9999 else pd.Timestamp.max
