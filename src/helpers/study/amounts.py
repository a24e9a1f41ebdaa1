"""Amounts that cannot be as they stand: costs below 0, months in another unit, parts of a whole."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from helpers.study.findings import Findings
from helpers.study.intake import Typed
from helpers.study.row_faults import report_rows

__all__ = ["check_amounts"]

FOLD = 50.0  # times as much from one month to the next for most accounts: another unit
FEWEST = 5  # accounts in both months, before they say anything
LONGER = {3: "quarters", 6: "half years", 12: "years"}  # months between rows of longer periods
NEARLY_ALL = 0.9
HALF = 0.5  # of as many times the first month as there are months
WELL_BELOW = 0.75  # of what was paid: estimates of a total need not be newer than that
GROWING = 0.95  # of the steps within a year: amounts of single months do not all go up
PARTS = (("units_served", "units_total"), ("revenue", "total_spend"))  # of accounts


def check_amounts(tables: Mapping[str, Typed], findings: Findings) -> None:
    """Costs booked below 0, a month in another unit than the one before, parts above the whole."""
    if "financials" in tables:
        _check_costs(tables["financials"], findings)
        _check_months(tables["financials"], findings)
        if (rows := _account_months(tables["financials"].frame)) is not None:
            _check_steps(tables["financials"], rows, findings)
            _check_running_sums(tables["financials"], rows, findings)
    if "accounts" in tables:
        for part, whole in PARTS:
            _check_parts(tables["accounts"], part, whole, findings)
    if {"accounts", "financials"} <= set(tables):
        _check_ended(tables["financials"], tables["accounts"].frame, findings)
        _check_spend(tables["accounts"], tables["financials"].frame, findings)


def _check_costs(typed: Typed, findings: Findings) -> None:
    """Costs are taken off the margin, so costs that were booked below 0 would be added to it."""
    costs = _numbers(typed.frame, "cost_to_serve")
    below = costs < 0
    if not below.any() or below.sum() <= (costs > 0).sum():
        return
    file, row = typed.raw.where(int(np.flatnonzero(below)[0]))
    problem = f"is below 0 in {int(below.sum()):,} rows, and above it in {int((costs > 0).sum()):,}"
    advice = "Costs are taken off the margin: send them above 0, and only credits below."
    found = f"{costs[below].iloc[0]:g}"
    findings.error(file, problem, advice, row=row, column="cost_to_serve", found=found)


def _check_months(typed: Typed, findings: Findings) -> None:
    """The first month in which most accounts bring many times what they brought, or a fraction."""
    frame = typed.frame
    if not {"account_id", "period", "revenue"} <= set(frame):
        return
    revenue = _numbers(frame, "revenue")
    money = frame[["account_id", "period"]].assign(revenue=revenue.where(revenue > 0)).dropna()
    by_month = money.groupby(["account_id", "period"])["revenue"].sum().unstack("period")
    fold = (by_month / by_month.shift(axis=1)).replace([np.inf], np.nan)
    known, middle = fold.count(), fold.median()
    for month in fold.columns[1:]:
        typical = float(middle[month]) if known[month] >= FEWEST else 1.0
        if not 1 / FOLD < typical < FOLD:
            times = f"{typical:,.0f} times" if typical > 1 else f"a {1 / typical:,.0f}th of"
            problem = f"is for most accounts {times} that of the month before from {month:%Y-%m} on"
            advice = "Send all months in one unit, such as whole units of the currency."
            findings.warn(typed.raw.file, problem, advice, column="revenue")
            return


def _account_months(frame: pd.DataFrame) -> pd.DataFrame | None:
    """Each account's months in order, as numbers, with their revenue; if there are any."""
    if not {"account_id", "period", "revenue"} <= set(frame) or frame["period"].dtype.kind != "M":
        return None
    revenue = _numbers(frame, "revenue")
    rows = frame[["account_id", "period"]].assign(revenue=revenue).dropna()
    summed = rows.groupby(["account_id", "period"])["revenue"].sum().reset_index()
    day = summed["period"].dt
    return summed.assign(month=12 * day.year + day.month, year=day.year)


def _check_steps(typed: Typed, rows: pd.DataFrame, findings: Findings) -> None:
    """Rows that nearly all lie a quarter, half a year or a year behind the one before."""
    steps = rows.groupby("account_id")["month"].diff().dropna()
    accounts = rows.loc[steps.index, "account_id"].nunique()
    if accounts < FEWEST:
        return
    step = int(steps.mode().iloc[0])
    if step not in LONGER or steps.eq(step).mean() < NEARLY_ALL:
        return
    problem = f"goes on in steps of {step} months, as sums of {LONGER[step]} do, and a row counts "
    problem += "as one month"
    advice = (
        f"If they are sums of {LONGER[step]}, divide each among its {step} months, in a query "
        "(financials.sql); if these are the months with invoices, all is well."
    )
    findings.warn(typed.raw.file, problem, advice, column="period")


def _check_running_sums(typed: Typed, rows: pd.DataFrame, findings: Findings) -> None:
    """Amounts that grow with every month of a year in nearly all accounts: year to date."""
    years = rows.groupby(["account_id", "year"])
    step, first = rows["revenue"].diff(), years.cumcount().eq(0)
    steps = step[~first]
    if steps.gt(0).mean() < GROWING:
        return
    turns = step[first & rows["account_id"].duplicated()]
    long = years["revenue"].agg(["first", "last", "size"]).query("size >= 3 and first > 0")
    if len(long) < FEWEST:
        return
    folds = float((long["last"] / long["first"] / long["size"]).median())
    if turns.lt(0).mean() < NEARLY_ALL if len(turns) >= FEWEST else folds < HALF:
        return
    problem = f"goes up in {steps.gt(0).mean():.0%} of all months within a year, as sums since "
    problem += "January do, and each counts as the revenue of its month"
    advice = (
        "If they are sums of the year to date, take off each month the one before it, in a query "
        "(financials.sql)."
    )
    findings.warn(typed.raw.file, problem, advice, column="revenue")


def _check_ended(typed: Typed, accounts: pd.DataFrame, findings: Findings) -> None:
    """Months with revenue of accounts that had ended in an earlier one."""
    if not {"account_id", "period", "revenue"} <= set(typed.frame) or "end_date" not in accounts:
        return
    if typed.frame["period"].dtype.kind != "M" or accounts["end_date"].dtype.kind != "M":
        return
    ends = accounts.drop_duplicates("account_id").set_index("account_id")["end_date"].dropna()
    ended = pd.to_datetime(typed.frame["account_id"].map(ends.to_dict()))
    later = (typed.frame["period"] > ended) & (_numbers(typed.frame, "revenue") > 0)
    problem = "comes after the end_date of its account, and has revenue"
    advice = "It is kept; check both: an account that still buys has not ended."
    report_rows(typed, later, "period", problem, advice, findings, warn=True)


def _check_spend(typed: Typed, months: pd.DataFrame, findings: Findings) -> None:
    """What accounts spend with anybody, below what they paid us in twelve months."""
    if "total_spend" not in typed.frame or not {"account_id", "period", "revenue"} <= set(months):
        return
    if months["period"].dtype.kind != "M" or months["period"].isna().all():
        return
    after = months["period"].max() - pd.DateOffset(months=12)
    year = months.assign(revenue=_numbers(months, "revenue"))[months["period"] > after]
    paid = typed.frame["account_id"].map(year.groupby("account_id")["revenue"].sum().to_dict())
    below = _numbers(typed.frame, "total_spend") < WELL_BELOW * paid.astype(float)
    problem = "is well below what the account paid us in the last twelve months of financials"
    advice = "It is what the account spends a year with anybody, us included: send that."
    report_rows(typed, below, "total_spend", problem, advice, findings, warn=True)


def _check_parts(typed: Typed, part: str, whole: str, findings: Findings) -> None:
    if not {part, whole} <= set(typed.frame):
        return
    held, most = _numbers(typed.frame, part), _numbers(typed.frame, whole)
    above = (held > most).to_numpy()
    if not above.any():
        return
    file, row = typed.raw.where(int(np.flatnonzero(above)[0]))
    at = int(np.flatnonzero(above)[0])
    problem = f"is more than {whole} ({most.iloc[at]:g}), of which it is a part"
    more = f", and in {int(above.sum()) - 1:,} rows more" if above.sum() > 1 else ""
    advice = "Correct one of the two, or send both in one unit."
    findings.warn(file, problem + more, advice, row=row, column=part, found=f"{held.iloc[at]:g}")


def _numbers(frame: pd.DataFrame, name: str) -> pd.Series:
    """A column as numbers; none where it is not there or could not be read."""
    if name not in frame or frame[name].dtype.kind not in "fi":
        return pd.Series(np.nan, index=frame.index)
    return frame[name].astype(float)
