"""One row an account and wave: the score then, what was known before, what came after.

The months before a wave end with the month before its date and the months after
begin with the month after it, so the month of fieldwork belongs to neither and no
outcome overlaps its own score.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

import numpy as np
import pandas as pd

from helpers.errors import NotEstimable
from helpers.methods.linkage.sales import OFFERS, with_sales

__all__ = ["TABLES", "outcome_or_next", "panel", "panels", "revenue_by_month"]

MONTHS_BEFORE = 12
HALF_YEAR = 6
TABLES = ("accounts", "financials", "contracts", "outcomes", "holdings", "opportunities")
KEYS = ["wave", "account_id"]
OUTCOMES = ("retained", "renewed", "growth_after")  # in the order in which one stands in


def panel(
    scores: pd.DataFrame,
    *,
    accounts: pd.DataFrame | None = None,
    financials: pd.DataFrame | None = None,
    contracts: pd.DataFrame | None = None,
    outcomes: pd.DataFrame | None = None,
    holdings: pd.DataFrame | None = None,
    opportunities: pd.DataFrame | None = None,
    wave_dates: Mapping[str, pd.Timestamp],
    lag_months: int = 6,
    as_of: pd.Timestamp,
    covariates: Sequence[str] = (),
    offers: Sequence[str] = OFFERS,
) -> pd.DataFrame:
    """Line up each account's score at a wave with what it did in the months after.

    A column appears only where its table was sent. Outcomes are missing where the
    window is not over by ``as_of`` and where the account had left before the wave.

    Parameters
    ----------
    scores
        ``wave``, ``account_id``, ``score`` (0-100); ``shrunk``, ``respondents`` and
        ``reliability`` are kept.
    accounts
        ``account_id`` with ``start_date`` and ``end_date`` where known, and the covariates.
    financials
        ``account_id``, ``period`` (first day of a month), ``revenue`` in money.
    contracts
        ``account_id``, ``end``, ``renewed`` (yes or no).
    outcomes
        Supplied outcomes: ``account_id``, ``outcome`` (its name), ``value``, and either
        ``wave`` (the score it belongs to) or ``period`` (averaged over the window).
    holdings, opportunities
        Products owned and offers made: what ``with_sales`` counts of them.
    wave_dates
        The date each wave stands for.
    lag_months
        Months after the wave in which outcomes are counted.
    as_of
        The last day the records are complete.
    covariates
        Further columns of ``accounts`` to carry along.
    offers
        Words of an ``end_reason`` that mean another supplier's offer.

    Returns
    -------
    pandas.DataFrame
        ``wave, account_id, score, t0, observed`` and, where known: ``retained`` (1 still a
        customer at the end of the window, 0 left in it), ``renewed`` (1 if every contract
        that ended in the window was renewed), ``contract_at_wave`` (``ends`` where a
        contract that ran at the wave was to end in it, ``runs on``, ``none``),
        ``revenue_before`` (12 months, money),
        ``log_revenue``, ``growth_before`` (log ratio of the last six months before the wave
        to the six before them), ``growth_after`` (log ratio of mean monthly revenue after
        to before; accounts that stayed), ``tenure_months``, and what ``with_sales`` adds.

    Raises
    ------
    ValueError
        For a missing column, a repeated account, a wave without a date, a lag below one month.

    Notes
    -----
    Design of section 2.6 of the method pages: score first, outcome later (Larivière et al.,
    Journal of Marketing Research, 2016, on why levels of the same period overstate the link).

    Examples
    --------
    >>> scores = pd.DataFrame({"wave": "W1", "account_id": ["007", "008"], "score": [40.0, 90.0]})
    >>> accounts = pd.DataFrame({"account_id": ["007", "008"],
    ...                          "end_date": pd.to_datetime(["2025-03-01", None])})
    >>> panel(scores, accounts=accounts, wave_dates={"W1": pd.Timestamp("2025-01-15")},
    ...       lag_months=6, as_of=pd.Timestamp("2025-12-31"))[["account_id", "retained"]]
      account_id  retained
    0        007       0.0
    1        008       1.0
    """
    _check(scores, wave_dates, lag_months)
    rows = _waves(scores, wave_dates, lag_months, as_of)
    if accounts is not None:
        rows = _with_accounts(rows, accounts, covariates, lag_months)
    elif covariates:
        raise ValueError(f"covariates {list(covariates)} are columns of accounts: send accounts")
    if contracts is not None:
        rows["renewed"] = _renewed(rows, contracts, lag_months)
        rows["contract_at_wave"] = _contract_at_wave(rows, contracts, lag_months)
    if financials is not None:
        rows = _with_financials(rows, financials, lag_months)
    if outcomes is not None:
        rows = _with_outcomes(rows, outcomes, lag_months)
    rows = with_sales(
        rows, accounts=accounts, holdings=holdings, opportunities=opportunities,
        lag_months=lag_months, offers=offers,
    )  # fmt: skip
    return rows.drop(columns="at_risk")


def panels(
    scores: pd.DataFrame,
    *,
    lags: Sequence[int],
    **tables: Any,  # noqa: ANN401
) -> dict[int, pd.DataFrame]:
    """The same rows once for each lag, shortest first: ``panel`` with each ``lag_months``.

    Examples
    --------
    >>> scores = pd.DataFrame({"wave": ["W1"], "account_id": ["007"], "score": [40.0]})
    >>> made = panels(scores, lags=(12, 3), wave_dates={"W1": pd.Timestamp("2025-01-15")},
    ...               as_of=pd.Timestamp("2025-12-31"))
    >>> {lag: bool(rows["observed"].all()) for lag, rows in made.items()}
    {3: True, 12: False}
    """
    if not lags:
        raise ValueError("no lag is given: name at least one number of months")
    return {lag: panel(scores, lag_months=lag, **tables) for lag in sorted(set(lags))}


def outcome_or_next(panel: pd.DataFrame, wanted: str) -> str:
    """The outcome asked for, or the next best that the client's tables can tell.

    Raises
    ------
    NotEstimable
        Where no outcome is known for any account.
    ValueError
        Where the name asked for is none that could ever be there.

    Examples
    --------
    >>> outcome_or_next(pd.DataFrame({"growth_after": [0.1]}), "retained")
    'growth_after'
    """
    if wanted in panel and panel[wanted].notna().any():
        return wanted
    if wanted not in (*OUTCOMES, *panel.columns):
        known = ", ".join(name for name in panel.columns if name not in KEYS)
        raise ValueError(f"no outcome {wanted!r}: there are {known}")
    for name in OUTCOMES:
        if name in panel and panel[name].notna().any():
            return name
    raise NotEstimable(
        f"no account has an outcome after the survey yet ({wanted} is not known for any): use an "
        "earlier wave, a shorter lag, or send end dates, contracts, revenue or outcomes"
    )


def _check(scores: pd.DataFrame, wave_dates: Mapping[str, pd.Timestamp], lag_months: int) -> None:
    _need(scores, "scores", [*KEYS, "score"])
    if lag_months < 1:
        raise ValueError(f"lag_months is {lag_months}: outcomes must come after the score, "
                         "so give 1 month or more")  # fmt: skip
    repeated = scores.loc[scores.duplicated(KEYS), "account_id"]
    if len(repeated):
        raise ValueError(
            f"scores has {len(repeated)} repeated account and wave (first: account "
            f"{repeated.iloc[0]}): send one row an account and wave"
        )
    undated = sorted(set(scores["wave"].astype(str)) - {str(w) for w in wave_dates})
    if undated:
        raise ValueError(f"no date for wave {', '.join(undated)}: give it in wave_dates")


def _need(frame: pd.DataFrame, name: str, columns: Sequence[str]) -> None:
    for column in columns:
        if column not in frame.columns:
            near = get_close_matches(column, [str(c) for c in frame.columns], 1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise ValueError(f"{name} has no column {column!r}{hint}")


def _waves(
    scores: pd.DataFrame,
    wave_dates: Mapping[str, pd.Timestamp],
    lag_months: int,
    as_of: pd.Timestamp,
) -> pd.DataFrame:
    kept = [
        c for c in (*KEYS, "score", "shrunk", "respondents", "reliability") if c in scores.columns
    ]
    rows = scores[kept].reset_index(drop=True)
    dates = {str(wave): pd.Timestamp(date) for wave, date in wave_dates.items()}
    rows["t0"] = pd.to_datetime(rows["wave"].astype(str).map(dates))
    rows["observed"] = rows["t0"] + pd.DateOffset(months=lag_months) <= pd.Timestamp(as_of)
    rows["at_risk"] = True
    return rows


def _with_accounts(
    rows: pd.DataFrame, accounts: pd.DataFrame, covariates: Sequence[str], lag_months: int
) -> pd.DataFrame:
    _need(accounts, "accounts", ["account_id", *covariates])
    if accounts["account_id"].duplicated().any():
        first = accounts.loc[accounts["account_id"].duplicated(), "account_id"].iloc[0]
        raise ValueError(f"accounts has account {first} twice: send one row an account")
    known = accounts.set_index("account_id")
    rows = rows.copy()
    if "start_date" in known:
        started = pd.to_datetime(rows["account_id"].map(known["start_date"]))
        days = (rows["t0"] - started).dt.days
        rows["tenure_months"] = (days / 30.4375).clip(lower=0)
    if "end_date" in known:
        ended = pd.to_datetime(rows["account_id"].map(known["end_date"]))
        window_end = rows["t0"] + pd.DateOffset(months=lag_months)
        rows["at_risk"] = ~(ended <= rows["t0"])
        stayed = (~(ended <= window_end)).astype(float)
        listed = rows["account_id"].isin(known.index)
        rows["retained"] = stayed.where(rows["at_risk"] & rows["observed"] & listed)
    for column in covariates:
        rows[column] = rows["account_id"].map(known[column])
    return rows


def _renewed(rows: pd.DataFrame, contracts: pd.DataFrame, lag_months: int) -> pd.Series:
    _need(contracts, "contracts", ["account_id", "end", "renewed"])
    due = contracts.loc[contracts["renewed"].notna(), ["account_id", "end", "renewed"]]
    due = due.assign(end=pd.to_datetime(due["end"]), renewed=_yes(due["renewed"]))
    found = rows[["account_id", "t0"]].reset_index(names="row").merge(due, on="account_id")
    last = found["t0"] + pd.DateOffset(months=lag_months)
    inside = found[(found["end"] > found["t0"]) & (found["end"] <= last)]
    every = inside.groupby("row")["renewed"].min().reindex(rows.index)
    return every.where(rows["observed"] & rows["at_risk"])


def _contract_at_wave(rows: pd.DataFrame, contracts: pd.DataFrame, lag_months: int) -> pd.Series:
    """Whether a contract that ran at the wave was to end in the window."""
    known = ["account_id", "end", *(["start"] if "start" in contracts else [])]
    pairs = rows[["account_id", "t0"]].reset_index(names="row")
    pairs = pairs.merge(contracts[known], on="account_id")
    ends = pd.to_datetime(pairs["end"])
    running = (ends > pairs["t0"]) | ends.isna()  # without an end it runs on
    if "start" in pairs:
        running &= ~(pd.to_datetime(pairs["start"]) > pairs["t0"])
    soon = (ends <= pairs["t0"] + pd.DateOffset(months=lag_months))[running]
    due = soon.groupby(pairs.loc[running, "row"]).any().reindex(rows.index)
    return due.map({True: "ends", False: "runs on"}).fillna("none").astype("str")


def _yes(renewed: pd.Series) -> pd.Series:
    told = renewed.map({True: 1.0, False: 0.0, "yes": 1.0, "no": 0.0})
    if told.isna().any():
        first = renewed[told.isna()].iloc[0]
        raise ValueError(f"renewed in contracts is {first!r}: it must be yes or no")
    return told.astype(float)


def _month(dates: pd.Series) -> pd.Series:
    when = pd.to_datetime(dates)
    return when.dt.year * 12 + when.dt.month


def _with_financials(rows: pd.DataFrame, financials: pd.DataFrame, lag_months: int) -> pd.DataFrame:
    _need(financials, "financials", ["account_id", "period", "revenue"])
    account, ids = pd.factorize(financials["account_id"])  # numbers are grouped faster than names
    months = financials[["revenue"]].assign(month=_month(financials["period"]), account=account)
    months = months[account >= 0]
    latest = months["month"].max()
    months = months[months["revenue"].notna()]
    rows = rows.assign(account=ids.get_indexer(pd.Index(rows["account_id"])))
    before = _mean_revenue(rows, months, -MONTHS_BEFORE, -1)
    recent = _mean_revenue(rows, months, -HALF_YEAR, -1)
    earlier = _mean_revenue(rows, months, -MONTHS_BEFORE, -HALF_YEAR - 1)
    after = _mean_revenue(rows, months, 1, lag_months)
    complete = _month(rows["t0"]) + lag_months <= latest
    stayed = rows["retained"].eq(1) if "retained" in rows else rows["observed"]
    rows["revenue_before"] = before * MONTHS_BEFORE
    rows["log_revenue"] = np.log1p(rows["revenue_before"].clip(lower=0))
    rows["growth_before"] = _log_ratio(recent, earlier)
    rows["growth_after"] = _log_ratio(after, before).where(rows["observed"] & complete & stayed)
    return rows.drop(columns="account")


def _mean_revenue(rows: pd.DataFrame, months: pd.DataFrame, first: int, last: int) -> pd.Series:
    """Mean monthly revenue from ``first`` to ``last`` months off the wave, if half are there."""
    of, wave_month = rows["account"].to_numpy(), _month(rows["t0"]).to_numpy()
    account, month = months["account"].to_numpy(), months["month"].to_numpy()
    revenue, means = months["revenue"].to_numpy(float), np.full(len(rows), np.nan)
    number = 1 + max(of.max(initial=-1), account.max(initial=-1))
    for wave in np.unique(wave_month):
        inside = (month >= wave + first) & (month <= wave + last)
        total = np.bincount(account[inside], revenue[inside], number)
        count = np.bincount(account[inside], minlength=number)
        enough = np.where(count * 2 >= last - first + 1, total / np.maximum(count, 1), np.nan)
        here = (wave_month == wave) & (of >= 0)
        means[here] = enough[of[here]]
    return pd.Series(means, index=rows.index)


def revenue_by_month(
    rows: pd.DataFrame, financials: pd.DataFrame, first: int, last: int
) -> pd.DataFrame:
    """Revenue of each row's account in the months ``first`` to ``last`` off its wave.

    Examples
    --------
    >>> rows = pd.DataFrame({"account_id": ["a"], "t0": pd.to_datetime(["2025-01-15"])})
    >>> money = pd.DataFrame({"account_id": ["a"], "period": pd.to_datetime(["2025-02-01"]),
    ...                       "revenue": [5.0]})
    >>> revenue_by_month(rows, money, 1, 2).to_numpy().tolist()
    [[5.0, nan]]
    """
    months = financials[["account_id", "revenue"]].assign(month=_month(financials["period"]))
    known = months.set_index(["account_id", "month"])["revenue"].astype(float)
    known = known.groupby(level=[0, 1]).sum()
    wave = _month(rows["t0"])
    return pd.DataFrame(
        {
            off: known.reindex(
                pd.MultiIndex.from_arrays([rows["account_id"], wave + off])
            ).to_numpy()
            for off in range(first, last + 1)
        },
        index=rows.index,
    )


def _log_ratio(later: pd.Series, earlier: pd.Series) -> pd.Series:
    both = (later > 0) & (earlier > 0)
    return (later.where(both) / earlier.where(both)).map(np.log)


def _with_outcomes(rows: pd.DataFrame, outcomes: pd.DataFrame, lag_months: int) -> pd.DataFrame:
    _need(outcomes, "outcomes", ["account_id", "outcome", "value"])
    if "wave" in outcomes and outcomes["wave"].notna().any():
        found = outcomes
    elif "period" in outcomes:
        found = rows[[*KEYS, "t0", "observed"]].merge(outcomes, on="account_id")
        months = _month(found["period"]) - _month(found["t0"])
        found = found[found["observed"] & months.between(1, lag_months)]
    else:
        raise ValueError("outcomes needs a column wave (the score it belongs to) or period")
    wide = found.pivot_table(index=KEYS, columns="outcome", values="value", aggfunc="mean")
    clash = sorted(set(map(str, wide.columns)) & set(rows.columns))
    if clash:
        raise ValueError(f"outcomes uses the name {clash[0]!r}, which the handbook computes: "
                         "rename it")  # fmt: skip
    return rows.merge(wide.reset_index(), on=KEYS, how="left")
