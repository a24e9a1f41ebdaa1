"""Money of one account, or of some of its months, in another unit than that of all others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.study.findings import Findings
from helpers.study.intake import Typed
from helpers.study.listing import listed

__all__ = ["check_units"]

STEPS = (2.0, 3.0, 6.0)  # powers of ten between cents, whole units, thousands and millions
NEAR = 0.35  # of a step: between a half and twice as much
SPREAD = 0.8  # powers of ten within which the months of an account lie
FEWEST_MONTHS = 4
FEWEST_ACCOUNTS = 5  # that agree, before one that does not is told of
AGREE = 0.9
SHOWN = 5
LIKE = 1.0  # powers of ten within which accounts agree with each other


@dataclass(frozen=True)
class _Odd:
    account: str
    place: int  # its first row
    months: str
    value: float
    usual: float
    power: float


def check_units(tables: Mapping[str, Typed], findings: Findings) -> None:
    """Warn of revenue and contracts a hundred, a thousand or a million times off the others."""
    if "financials" in tables and (rows := _rows(tables["financials"])) is not None:
        odd = _odd_months(rows)
        if odd:
            _warn_of_months(tables["financials"], odd, findings)
        _check_year(tables, rows[~rows["account_id"].isin([one.account for one in odd])], findings)
    if "contracts" in tables:
        _check_contracts(tables["contracts"], findings)


def _rows(typed: Typed) -> pd.DataFrame | None:
    """Months with revenue, with the place of their row and the power of ten of the amount."""
    frame = typed.frame
    if not {"account_id", "period", "revenue"} <= set(frame) or frame["revenue"].dtype.kind != "f":
        return None
    if frame["period"].dtype.kind != "M":
        return None
    rows = frame[["account_id", "period", "revenue"]].assign(place=np.arange(len(frame)))
    rows = rows[rows["revenue"].gt(0)].dropna()
    return rows.assign(power=np.log10(rows["revenue"])).sort_values(["account_id", "period"])


def _odd_months(rows: pd.DataFrame) -> list[_Odd]:
    """Accounts whose months lie in two groups that a unit parts, the smaller one told."""
    powers = rows.groupby("account_id")["power"]
    months = powers.size()
    wide = (powers.max() - powers.min() > STEPS[0] - NEAR) & (months >= FEWEST_MONTHS)
    if not wide.any():
        return []
    odd = list(_parted(rows[rows["account_id"].isin(months.index[wide])]))
    lumpy = wide.sum() - len(odd)  # accounts of projects, which pay now and then
    few = lumpy <= (1 - AGREE) * len(months) and len(odd) <= len(months) / 2
    return odd if few else []


def _parted(rows: pd.DataFrame) -> Iterator[_Odd]:
    for account, own in rows.groupby("account_id"):
        power = own["power"].sort_values()
        gap = int(power.diff().fillna(0).to_numpy().argmax())
        low, high = power.iloc[:gap], power.iloc[gap:]
        between = float(high.median() - low.median())
        tight = max(np.ptp(low), np.ptp(high)) <= SPREAD
        if not tight or _step(between) is None:
            continue
        odd, usual = (low, high) if len(low) <= len(high) else (high, low)
        months = own.loc[odd.index].sort_values("period")
        yield _Odd(
            str(account), int(months["place"].iloc[0]), _months(months["period"]),
            float(months["revenue"].iloc[0]), float(10 ** usual.median()),
            float(odd.median() - usual.median()),
        )  # fmt: skip


def _step(power: float) -> float | None:
    """The change of unit that a power of ten comes near to."""
    return next((step for step in STEPS if abs(abs(power) - step) <= NEAR), None)


def _months(periods: pd.Series) -> str:
    first, last = periods.min(), periods.max()
    if len(periods) == 1:
        return f"{first:%Y-%m}"
    return f"{len(periods)} months from {first:%Y-%m} to {last:%Y-%m}"


def _times(power: float) -> str:
    """How many times as much, in words.

    >>> _times(3.05), _times(-2.9)
    ('about 1,000 times', 'about a 1,000th of')
    """
    step = _step(power) or round(abs(power))
    return f"about {10**step:,.0f} times" if power > 0 else f"about a {10**step:,.0f}th of"


def _round(amount: float) -> str:
    """An amount in three digits.

    >>> _round(512345.6)
    '512,000'
    """
    return f"{float(f'{amount:.3g}'):,.10g}"


def _warn_of_months(typed: Typed, odd: list[_Odd], findings: Findings) -> None:
    first = odd[0]
    file, row = typed.raw.where(first.place)
    problem = (
        f"is {_times(first.power)} what account {first.account} has in its other months "
        f"({_round(first.usual)}): {first.months}"
    )
    if others := [f"{one.account} ({one.months})" for one in odd[1:]]:
        problem += f"; so it is for {listed(others, SHOWN)}"
    problem += _of_one_file(typed, odd)
    advice = (
        f"If {first.value / 10 ** _power(first):,.10g} is meant, send all months in one unit, or "
        "bring these to it in a query (financials.sql); if the amounts are right, all is well."
    )
    found = f"{first.value:.10g}"
    findings.warn(file, problem, advice, row=row, column="revenue", found=found)


def _power(odd: _Odd) -> float:
    step = _step(odd.power) or 0.0
    return step if odd.power > 0 else -step


def _of_one_file(typed: Typed, odd: list[_Odd]) -> str:
    files = {typed.raw.where(one.place)[0] for one in odd}
    one = len(typed.raw.files) > 1 and len(files) == 1 and len(odd) > 1
    return f"; all of them in {files.pop()}" if one else ""


def _check_year(tables: Mapping[str, Typed], rows: pd.DataFrame, findings: Findings) -> None:
    """A year's revenue against what the account spends, or what its contracts are worth."""
    beside = [(_spend(tables), "total_spend"), (_worth(tables), "its contracts")]
    if all(other.empty for other, _ in beside):
        return
    last = rows[rows["period"] > rows["period"].max() - pd.DateOffset(months=12)]
    paid = last.groupby("account_id")["revenue"].sum()
    for other, called in beside:
        _check_against(tables["financials"], rows, paid, other, called, findings)


def _spend(tables: Mapping[str, Typed]) -> pd.Series:
    typed = tables.get("accounts")
    if typed is None or not {"account_id", "total_spend"} <= set(typed.frame):
        return pd.Series(dtype=float)
    known = typed.frame.drop_duplicates("account_id").set_index("account_id")["total_spend"]
    return known if known.dtype.kind == "f" else pd.Series(dtype=float)


def _worth(tables: Mapping[str, Typed]) -> pd.Series:
    """What the contracts of an account are worth in the middle."""
    typed = tables.get("contracts")
    if typed is None or not {"account_id", "value"} <= set(typed.frame):
        return pd.Series(dtype=float)
    if typed.frame["value"].dtype.kind != "f":
        return pd.Series(dtype=float)
    return typed.frame.groupby("account_id")["value"].median()


def _check_against(
    typed: Typed, rows: pd.DataFrame, paid: pd.Series, other: pd.Series, called: str,
    findings: Findings,
) -> None:  # fmt: skip
    if other.empty:
        return
    both = pd.DataFrame({"paid": paid, "other": other}).dropna()
    both = both[(both > 0).all(axis=1)]
    if len(both) <= FEWEST_ACCOUNTS:
        return
    power = pd.Series(np.log10(both["paid"] / both["other"]), index=both.index)
    off = power - power.median()
    if (off.abs() <= LIKE).mean() < AGREE:
        return
    far = off[off.map(lambda one: abs(one) > STEPS[0] + LIKE / 2 and _step(one) is not None)]
    if far.empty:
        return
    account = str(far.index[0])
    place = int(rows["place"][rows["account_id"].eq(account)].iloc[0])
    file, row = typed.raw.where(place)
    problem = (
        f"of account {account} is {both['paid'][account]:,.10g} in the last twelve months, beside "
        f"{both['other'][account]:,.10g} of {called}: {_times(far.iloc[0])} what the others have"
    )
    if others := [f"{one}" for one in far.index[1:]]:
        problem += f"; so it is for {listed(others, SHOWN)}"
    advice = f"Send its revenue and {called} in the unit of all others; if both are right, all is "
    advice += "well."
    findings.warn(file, problem, advice, row=row, column="revenue")


def _check_contracts(typed: Typed, findings: Findings) -> None:
    """A contract's value, or that of its renewal, in another unit than the account's others."""
    frame = typed.frame
    for column in ("value", "renewed_value"):
        if not {"account_id", column} <= set(frame) or frame[column].dtype.kind != "f":
            continue
        power = np.log10(frame[column].where(frame[column] > 0))
        usual = power.groupby(frame["account_id"]).transform("median")
        many = power.groupby(frame["account_id"]).transform("count") >= FEWEST_MONTHS - 1
        if column == "renewed_value":
            usual, many = np.log10(frame["value"].where(frame["value"] > 0)), many | True
        off = (power - usual)[many]
        odd = off[off.abs().gt(STEPS[0] + LIKE / 2) & off.map(_step).notna()]
        if odd.empty or (off.abs() <= LIKE).mean() < AGREE:
            continue
        place = int(odd.index[0])
        file, row = typed.raw.where(place)
        more = f", and {len(odd) - 1:,} more are so" if len(odd) > 1 else ""
        beside = "the others of its account" if column == "value" else "its value"
        problem = f"is {_times(odd.iloc[0])} {beside} ({_round(10 ** usual.loc[place])}){more}"
        advice = "Send all contracts in one unit, such as whole units of the currency."
        found = f"{frame[column].loc[place]:.10g}"
        findings.warn(file, problem, advice, row=row, column=column, found=found)
