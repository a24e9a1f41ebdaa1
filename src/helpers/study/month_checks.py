"""Months of financials that cannot be whole: missing, half reported, copied, long past."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

from helpers.study.findings import Findings
from helpers.study.intake import Typed
from helpers.study.row_faults import report_rows

__all__ = ["check_months"]

FEWEST_ACCOUNTS = 5
FEWEST_MONTHS = 6
MOST_GAPS = 0.25  # of the months: more are months without invoices
HALF, STEADY = 0.5, 0.7  # of the month before: a part of a month, and the least that is usual
NEARLY_ALL, HARDLY = 0.9, 0.5
FEW = 0.02  # of the accounts: of those that pay by subscription more change it in a month
CENTS = 0.05  # by which a year that was divided differs between its months
STALE = 6  # months without any, before the day of the data


def check_months(tables: Mapping[str, Typed], as_of: date, findings: Findings) -> None:
    """Warn of months that are absent, unfinished or repeated, and of margins that are none."""
    typed = tables.get("financials")
    if typed is None or not {"account_id", "period", "revenue"} <= set(typed.frame):
        return
    frame = typed.frame
    if frame["period"].dtype.kind != "M" or frame["revenue"].dtype.kind != "f":
        return
    revenue = frame.groupby(["account_id", "period"], observed=True)["revenue"].sum()
    by_month = revenue.unstack("period")
    _check_gaps(typed, by_month, as_of, findings)
    if len(by_month) >= FEWEST_ACCOUNTS and len(by_month.columns) >= FEWEST_MONTHS:
        _check_last(typed, by_month, findings)
        _check_copied(typed, by_month, findings)
        _check_constant(typed, by_month, findings)
    _check_margin(typed, findings)


def _check_gaps(typed: Typed, by_month: pd.DataFrame, as_of: date, findings: Findings) -> None:
    there = pd.PeriodIndex(by_month.columns, freq="M")
    if len(there) < FEWEST_MONTHS:
        return
    every = pd.period_range(there.min(), there.max(), freq="M")
    gaps = every.difference(there)
    if 0 < len(gaps) <= MOST_GAPS * len(every):
        problem = f"lacks {', '.join(map(str, gaps[:5]))} for every account, between other months"
        advice = "Send these months too: the revenue of a year counts as that of fewer months."
        findings.warn(typed.raw.file, problem, advice, column="period")
    if as_of.year < 9999 and (pd.Period(as_of, "M") - there.max()).n >= STALE:
        problem = f"ends {(pd.Period(as_of, 'M') - there.max()).n} months before as_of ({as_of})"
        advice = "Send the months since: the last twelve months count as the revenue of today."
        findings.warn(
            typed.raw.file, problem, advice, column="period", found=str(there.max())
        )  # fmt: skip


def _check_last(typed: Typed, by_month: pd.DataFrame, findings: Findings) -> None:
    """A last month that brings most accounts far less than any month before it."""
    fold = (by_month / by_month.shift(axis=1)).where(by_month > 0).median()
    if fold.iloc[-1] < HALF and fold.iloc[1:-1].min() >= STEADY:
        last = by_month.columns[-1]
        problem = f"is for most accounts {fold.iloc[-1]:.0%} of the month before in {last:%Y-%m}, "
        problem += "the last one, as where a month is not over"
        advice = "If it is not complete, leave it out until it is, in a query (financials.sql)."
        findings.warn(typed.raw.file, problem, advice, column="revenue")


def _check_copied(typed: Typed, by_month: pd.DataFrame, findings: Findings) -> None:
    """A month that holds the amounts of the one before, where no other two months agree so."""
    same = by_month.eq(by_month.shift(axis=1)) & (by_month > 0)
    share = (same.sum() / (by_month > 0).sum()).iloc[1:]
    odd = share[share >= NEARLY_ALL]
    if odd.empty or share.drop(odd.index).max() > HARDLY or len(odd) > len(share) / 3:
        return
    month = odd.index[0]
    problem = f"of {month:%Y-%m} is that of the month before in {share[month]:.0%} of the accounts"
    advice = "If the month was copied, send its own amounts."
    findings.warn(typed.raw.file, problem, advice, column="revenue")


def _check_constant(typed: Typed, by_month: pd.DataFrame, findings: Findings) -> None:
    """Months that hardly any account differs in, as where the sum of a year was divided."""
    there = by_month.notna() & by_month.shift(axis=1).notna() & (by_month > 0)
    moved = ((by_month.diff(axis=1).abs() > CENTS) & there).sum() / there.sum()
    steady = moved.iloc[1:].le(FEW)
    if steady.mean() >= NEARLY_ALL:
        problem = (
            f"is that of the month before for nearly all accounts in {int(steady.sum()):,} of "
        )
        problem += f"{len(steady):,} months, as where the sum of a year was divided"
        advice = "Send what each month brought: growth and losses are read off the months."
        findings.warn(typed.raw.file, problem, advice, column="revenue")


def _check_margin(typed: Typed, findings: Findings) -> None:
    frame = typed.frame
    if "margin" in frame and frame["margin"].dtype.kind == "f":
        whole = frame["margin"].eq(frame["revenue"]) & (frame["revenue"] > 0)
        if whole.mean() >= NEARLY_ALL:
            problem = f"equals revenue in {int(whole.sum()):,} rows, as if nothing cost anything"
            advice = "Send what is left after the cost of what was sold, or leave the column out."
            findings.warn(typed.raw.file, problem, advice, column="margin")
        above = (frame["margin"] > frame["revenue"]) & (frame["revenue"] > 0)
        problem = "is more than the revenue of its row"
        advice = "A margin is a part of revenue: correct it, or send both in one unit."
        report_rows(typed, above, "margin", problem, advice, findings, warn=True)
    if "cost_to_serve" in frame and frame["cost_to_serve"].dtype.kind == "f":
        costs, revenue = frame["cost_to_serve"].median(), frame["revenue"].median()
        if costs > revenue > 0:
            problem = f"is {costs:,.10g} in the middle row, and revenue {revenue:,.10g}"
            advice = "Send both in one unit, if costs are not as high as that."
            findings.warn(typed.raw.file, problem, advice, column="cost_to_serve")
