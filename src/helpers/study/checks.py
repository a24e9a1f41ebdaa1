"""Faults that show only across rows or tables: dates and money."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from helpers.study.config import Config
from helpers.study.findings import Findings
from helpers.study.intake import Typed
from helpers.study.signs import holding
from helpers.study.trials import as_line
from helpers.study.values import as_text

NO_DAYS = {(1899, 12, 30), (1899, 12, 31), (1900, 1, 1), (1970, 1, 1), (1753, 1, 1), (1, 1, 1),
           (2099, 12, 31), (2100, 1, 1), (2999, 12, 31), (9999, 12, 31)}  # fmt: skip
MANY = 5  # amounts below 0, before nearly all of them say anything
MOSTLY = 0.9
TIMED = r"\d{1,2}:\d{2}"
ZONED = r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})$"

__all__ = ["check_money", "check_order", "check_outcomes", "check_ranks"]


def _text(value: object) -> str:
    return str(value.date()) if isinstance(value, pd.Timestamp) else str(value)


def check_order(typed: Typed, config: Config, findings: Findings) -> None:
    """Dates that end before they start, or lie after ``as_of``."""
    for start, end in typed.table.order:
        if not {start, end} <= set(typed.frame):
            continue
        wrong = _ends_before(typed.frame[start], typed.frame[end])
        if wrong.any():
            position = int(np.flatnonzero(wrong)[0])
            file, row = typed.raw.where(position)
            first, found = (_text(typed.frame[name].iloc[position]) for name in (start, end))
            if first == found:  # on one day: then by their times
                times = (typed.frame[name].iloc[position] for name in (start, end))
                first, found = (f"{time:%Y-%m-%d %H:%M}" for time in times)
            more = f", and {int(wrong.sum()) - 1:,} more" if wrong.sum() > 1 else ""
            problem = f"lies before {start} ({first}){more}"
            advice = "Correct one of the two dates." + _if_none(typed, end, position)
            findings.error(file, problem, advice, row=row, column=end, found=found)
    _warn_of_zones(typed, findings)
    for column in typed.table.columns:
        if column.past and column.name in typed.frame:
            _check_past(typed, column.name, config, findings)


def _check_past(typed: Typed, column: str, config: Config, findings: Findings) -> None:
    if config.as_of.year >= 9999:
        return
    day_after = pd.Timestamp(config.as_of) + pd.Timedelta(days=1)
    future = typed.frame[column] >= day_after
    if future.any():
        position = int(np.flatnonzero(future)[0])
        file, row = typed.raw.where(position)
        more = f", and {int(future.sum()) - 1:,} more" if future.sum() > 1 else ""
        problem = f"lies after as_of ({config.as_of}){more}"
        found = _text(typed.frame[column].iloc[position])
        advice = _no_later(typed.table.name, column) + _if_none(typed, column, position)
        findings.error(file, problem, advice, row=row, column=column, found=found)


def _ends_before(start: pd.Series, end: pd.Series) -> pd.Series:
    """Where a date lies before the one it follows; a day without a time is any time of it."""
    if start.dtype.kind != "M" or end.dtype.kind != "M":
        return pd.Series(False, index=start.index)
    day = start.dt.normalize()
    return (end < start) & ~((end == end.dt.normalize()) & (end == day))


def _no_later(table: str, column: str) -> str:
    if (table, column) == ("opportunities", "closed"):
        return (
            "It is the day on which an offer was won or lost: where the day is the one expected, "
            "leave it empty while the offer is open, in a query (opportunities.sql)."
        )
    return "Correct it, or move as_of in client.yml."


def _if_none(typed: Typed, column: str, position: int) -> str:
    """What to declare where a date stands for none, as systems write that have to write one."""
    day = typed.frame[column].iloc[position]
    if (day.year, day.month, day.day) not in NO_DAYS:
        return ""
    cell = str(typed.raw.frame[column].iloc[position]).strip()
    line = as_line(typed.table.name, {"missing": {column: (cell,)}})
    return f" If it stands for no date, declare {line}."


def _warn_of_zones(typed: Typed, findings: Findings) -> None:
    """Times with a zone beside times without: which hour the others mean is not known."""
    with_zone: list[tuple[str, int]] = []
    without: list[tuple[str, int]] = []
    for column in typed.table.columns:
        if column.kind != "date" or column.name not in typed.raw.frame:
            continue
        cells = typed.raw.frame[column.name]
        if pd.api.types.is_datetime64_any_dtype(cells.dtype):
            continue
        timed = holding(cells, TIMED)
        zoned = timed & holding(cells, ZONED)
        with_zone += [(column.name, int(at)) for at in np.flatnonzero(zoned)]
        without += [(column.name, int(at)) for at in np.flatnonzero(timed & ~zoned)]
    if not with_zone or not without:
        return
    (name, at), (other, there) = without[0], with_zone[0]
    file, row = typed.raw.where(at)
    found, zoned_text = (str(typed.raw.frame[n].iloc[p]) for n, p in ((name, at), (other, there)))
    problem = f"has no time zone, and {other} has ({zoned_text}): it is read as a time of UTC"
    advice = "Export all times of the table in one zone, or each with its own."
    findings.warn(file, problem, advice, row=row, column=name, found=found)


def check_ranks(typed: Typed | None, findings: Findings) -> None:
    """A rank among an account's suppliers that is beyond how many it has."""
    if typed is None or not {"supplier_rank", "suppliers"} <= set(typed.frame):
        return
    rank, count = typed.frame["supplier_rank"], typed.frame["suppliers"]
    places = np.flatnonzero((rank > count).to_numpy(dtype=bool))
    if not len(places):
        return
    file, row = typed.raw.where(int(places[0]))
    more = f", and {len(places) - 1:,} more are" if len(places) > 1 else ""
    problem = f"is beyond the {count.iloc[places[0]]:g} suppliers of the account{more}"
    advice = "A rank runs from 1, the supplier liked best, to how many there are, us included."
    found = f"{rank.iloc[places[0]]:g}"
    findings.error(file, problem, advice, row=row, column="supplier_rank", found=found)


def check_outcomes(
    typed: Typed | None, dates: Mapping[str, pd.Timestamp], findings: Findings
) -> None:
    """Outcomes of a month before the survey that they are said to follow."""
    if typed is None or not {"period", "value"} <= set(typed.frame):
        return
    frame = typed.frame
    days = pd.Series({wave: day for wave, day in dates.items() if pd.notna(day)}, dtype="object")
    if days.empty:
        return
    named = frame["wave"].map(days) if "wave" in frame else pd.Series(pd.NaT, index=frame.index)
    began = pd.to_datetime(named)
    _report_early(typed, began, findings)
    loose = frame["period"][began.isna()].dropna()
    before = loose < min(days).to_period("M").to_timestamp()
    if len(loose) and before.all():
        problem = f"lies before the first survey ({_text(min(days))}) in every row"
        advice = "Send outcomes of the months after it: none of these can follow an answer."
        findings.warn(typed.raw.file, problem, advice, column="period")
    else:
        findings.note("outcomes", "outcomes from before the first survey, not used", before.sum())


def _report_early(typed: Typed, began: pd.Series, findings: Findings) -> None:
    """Rows whose month lies before that of the wave which they name."""
    frame = typed.frame
    early = frame["period"] < began.dt.to_period("M").dt.to_timestamp()
    if early.any():
        place = int(np.flatnonzero(early)[0])
        file, row = typed.raw.where(place)
        wave, count = frame["wave"].iloc[place], int(early.sum())
        more = f", as do {count - 1:,} more before theirs" if count > 1 else ""
        problem = f"lies before its survey ({wave}, {_text(began.iloc[place])}){more}"
        found = _text(frame["period"].iloc[place])
        advice = "An outcome comes after the answers: give it the wave before it, or leave it out."
        findings.error(file, problem, advice, row=row, column="period", found=found)


def check_money(tables: Mapping[str, Typed], config: Config, findings: Findings) -> None:
    """A declared currency, only one of them, and amounts that make sense."""
    with_money = [n for n in tables if _holds_money(tables[n])] if config.name else []
    told = any(f.file == "client.yml" and f.column == "currency" for f in findings.errors)
    if with_money and not config.currency and not told:
        advice = f"Write `currency: USD`: {with_money[0]} holds amounts."
        findings.error("client.yml", "is missing", advice, column="currency")
    if "accounts" in tables and "revenue" in tables["accounts"].frame:
        _check_listed_revenue(tables["accounts"], "financials" in tables, findings)
    if "financials" in tables:
        _check_revenue(tables["financials"], tables.get("accounts"), config, findings)


def _holds_money(typed: Typed) -> bool:
    """Whether a table holds amounts: by what it is, or because a list brings its revenue."""
    return typed.table.money or (typed.table.name == "accounts" and "revenue" in typed.frame)


def _check_listed_revenue(typed: Typed, months_sent: bool, findings: Findings) -> None:
    revenue = typed.frame["revenue"]
    if months_sent:
        what = "revenue of the list not used: that of the months in financials is"
        findings.note("accounts", what, int(revenue.notna().sum()))
        return
    if (revenue < 0).any():
        advice = (
            "An account with revenue below 0 counts with 0. If that is a refund, send the months "
            "as financials, where it is taken off."
        )
        _warn_of_negative(typed, advice, "accounts with revenue below 0, counted with 0", findings)


def _report_turned_sign(typed: Typed, below: pd.Series, findings: Findings) -> None:
    """Revenue as ledgers book it: what was sold below 0, what was credited above."""
    file, row = typed.raw.where(int(np.flatnonzero(below)[0]))
    problem = f"is below 0 in {int(below.sum()):,} of {len(below):,} rows, as a ledger books sales"
    advice = "Turn the sign, in a query (financials.sql): revenue is above 0, and refunds below."
    found = f"{typed.frame['revenue'][below].iloc[0]:.10g}"
    findings.error(file, problem, advice, row=row, column="revenue", found=found)


def _warn_of_negative(typed: Typed, advice: str, what: str, findings: Findings) -> None:
    """Amounts below 0 with the first of them, their sum, and what they are counted as."""
    name, revenue = typed.table.name, typed.frame["revenue"]
    below = revenue < 0
    count, place = int(below.sum()), int(np.flatnonzero(below)[0])
    file, row = typed.raw.where(place)
    said = as_text(typed.raw.frame["revenue"][below.to_numpy()]).str.strip()
    found = str(said.iloc[0])
    problem = f"is below 0 in {_rows(count)}, {revenue[below].sum():,.10g} in all"
    if said.eq(found).all():  # as a code would be
        line = as_line(name, {"missing": {"revenue": (found,)}})
        advice = f"{advice} If {found} stands for no value, declare {line}."
    findings.warn(file, problem, advice, row=row, column="revenue", found=found)
    findings.note(name, what, count)


def _rows(count: int) -> str:
    return f"{count:,} row" if count == 1 else f"{count:,} rows"


def _warn_of_refunds(typed: Typed, config: Config, findings: Findings) -> None:
    """Months below 0 are taken off the others; an account's year below 0 counts with 0."""
    frame = typed.frame
    advice = "Refunds and credits are taken off the account's other months."
    what = "months with revenue below 0, taken off the others"
    _warn_of_negative(typed, advice, what, findings)
    if config.as_of.year < 9999:
        until = pd.Timestamp(config.as_of)
        sums = frame[frame["period"].between(until - pd.DateOffset(months=12), until, "right")]
        left = int((sums.groupby("account_id")["revenue"].sum() < 0).sum())
        what = "accounts whose revenue of the last 12 months is below 0, counted with 0"
        findings.note("financials", what, left)


def _check_revenue(
    typed: Typed, accounts: Typed | None, config: Config, findings: Findings
) -> None:
    frame, file = typed.frame, typed.raw.file
    if "currency" in frame and len(frame["currency"].dropna().unique()) > 1:
        found = ", ".join(sorted(frame["currency"].dropna().unique()))
        advice = "Convert all amounts to one and send that."
        problem = "are several currencies in one table"
        findings.error(file, problem, advice, column="currency", found=found)
    if not {"account_id", "period", "revenue"} <= set(frame):
        return
    negative = frame["revenue"] < 0
    if negative.sum() >= MANY and negative.sum() >= MOSTLY * (frame["revenue"] != 0).sum():
        _report_turned_sign(typed, negative, findings)
    elif negative.any():
        _warn_of_refunds(typed, config, findings)
    if len(frame["period"].dropna().unique()) == 1:
        advice = "Linkage needs at least 12 months before and some after a wave."
        findings.warn(file, "holds one month only", advice, column="period")
    if accounts is not None and {"account_id", "start_date"} <= set(accounts.frame):
        start = accounts.frame.drop_duplicates("account_id").set_index("account_id")["start_date"]
        begun = frame["account_id"].map(start).dt.to_period("M").dt.to_timestamp()
        early = (frame["period"] < begun) & (frame["revenue"] > 0)
        if early.any():
            row = typed.raw.where(int(np.flatnonzero(early)[0]))[1]
            problem = f"comes before the account's start_date in {int(early.sum()):,} rows"
            findings.warn(file, problem, "They are kept; check both.", row=row, column="period")
