"""Who leaves, group by group, and how far revenue rests on a few."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit, logit
from scipy.stats import t as student

from helpers.errors import NotEstimable
from helpers.methods import survey
from helpers.methods.linkage.counts import MONTH
from helpers.methods.multiplicity import holm
from helpers.methods.survey import SurveyDesign
from helpers.methods.survey.estimates import Estimate

__all__ = ["Leavers", "customers_at_waves", "leavers", "top_share"]

COMPLAINT = "complain"  # in a ticket's trigger
YEAR = 12
FEWEST_LEFT = 5
COMPLAINED, COMPLAINT_FREE = "complained", "did not"  # in the year before the survey
YES, OTHERS = "yes", "others"  # of a group: what it is compared with, not shown itself


@dataclass(frozen=True)
class Leavers:
    """Share of accounts that left within the lag, in each group and against the rest."""

    table: pd.DataFrame  # kind, group, value, low, high, base, difference, p, corrected, verdict
    overall: Estimate
    accounts: int


def customers_at_waves(
    accounts: pd.DataFrame,
    *,
    wave_dates: Mapping[str, pd.Timestamp],
    lag_months: int,
    as_of: pd.Timestamp,
    tickets: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Every account that was a customer at a wave, answered or not, and whether it then left.

    Parameters
    ----------
    accounts
        ``account_id``, ``end_date`` and, where known, ``start_date``; other columns are kept.
    tickets
        ``account_id``, ``created_at``, ``trigger``: adds ``complained``, within the year before.

    Raises
    ------
    NotEstimable
        If no wave's window is over, or nobody left.

    Examples
    --------
    >>> listed = pd.DataFrame({"account_id": ["a", "b"],
    ...                        "end_date": pd.to_datetime(["2025-03-01", None])})
    >>> customers_at_waves(listed, wave_dates={"W1": pd.Timestamp("2025-01-15")}, lag_months=6,
    ...                    as_of=pd.Timestamp("2025-12-31"))["left"].tolist()
    [1.0, 0.0]
    """
    frames = []
    for wave, day in wave_dates.items():
        t0 = pd.Timestamp(day)
        until = t0 + pd.DateOffset(months=lag_months)
        if until > as_of:
            continue
        here = ~(pd.to_datetime(accounts["end_date"]) <= t0)
        if "start_date" in accounts:
            here &= ~(pd.to_datetime(accounts["start_date"]) > t0)
        some = accounts[here]
        left = (pd.to_datetime(some["end_date"]) <= until).astype(float)
        frames.append(some.assign(wave=str(wave), t0=t0, left=left))
    if not frames or not sum(frame["left"].sum() for frame in frames):
        raise NotEstimable("no account is known to have left after a wave whose window is over")
    rows = pd.concat(frames, ignore_index=True)
    return rows if tickets is None else rows.assign(complained=_complained(rows, tickets))


def _complained(rows: pd.DataFrame, tickets: pd.DataFrame) -> pd.Series:
    if not {"trigger", "created_at", "account_id"} <= set(tickets.columns):
        return pd.Series(pd.NA, index=rows.index, dtype="boolean")
    named = tickets["trigger"].astype("string").str.casefold().str.contains(COMPLAINT, na=False)
    pairs = rows[["account_id", "t0"]].reset_index(names="row").merge(
        tickets.loc[named, ["account_id", "created_at"]], on="account_id"
    )  # fmt: skip
    days = (pairs["t0"] - pd.to_datetime(pairs["created_at"])).dt.days
    inside = pairs.loc[days.between(0, YEAR * MONTH), "row"]
    return pd.Series(rows.index.isin(inside), index=rows.index)


def holders(
    customers: pd.DataFrame, holdings: pd.DataFrame, products: pd.DataFrame | None = None
) -> dict[str, pd.Series]:
    """For each product, who held it at the wave: groups for ``leavers``.

    Examples
    --------
    >>> rows = pd.DataFrame({"account_id": ["a", "b"], "t0": pd.to_datetime(["2025-01-15"] * 2)})
    >>> owned = pd.DataFrame({"account_id": ["a"], "product_id": ["P1"]})
    >>> holders(rows, owned)["Holds P1"].tolist()
    ['yes', 'others']
    """
    known = holdings[["account_id", "product_id"]].assign(since=holdings.get("since"))
    pairs = customers[["account_id", "t0"]].reset_index(names="row").merge(known, on="account_id")
    pairs = pairs[~(pd.to_datetime(pairs["since"]) > pairs["t0"])]
    names: dict[object, str] = {}
    if products is not None and "name" in products:
        names = dict(zip(products["product_id"], products["name"].astype(str), strict=True))
    made = {}
    for product, rows in pairs.groupby("product_id", sort=True):
        held = customers.index.isin(rows["row"])
        kind = f"Holds {names.get(product, product)}"
        made[kind] = pd.Series(np.where(held, YES, OTHERS), customers.index)
    return made


def leavers(
    customers: pd.DataFrame,
    groups: Mapping[str, pd.Series],
    *,
    smallest: int = 10,
    confidence: float = 0.95,
) -> Leavers:
    """Share that left in each group of each kind, and whether it differs from the rest.

    An account that was a customer at several waves is one cluster. Intervals and tests count
    the accounts as drawn from all that could have been customers; p values are corrected for
    how many groups there are (Holm).

    Parameters
    ----------
    customers
        As ``customers_at_waves`` gives them.
    groups
        By kind, the group of each row; rows without one are left out of that kind, and a group
        called ``others`` is compared with and not shown.
    smallest
        Accounts that a group needs to be shown.

    Examples
    --------
    >>> rows = pd.DataFrame({"account_id": range(200), "left": [1.0] * 30 + [0.0] * 170})
    >>> split = pd.Series(["yes"] * 50 + ["no"] * 150)
    >>> leavers(rows, {"complained": split}).table[["group", "value", "verdict"]]
      group  value    verdict
    0    no    0.0  leave less
    1   yes    0.6  leave more
    """
    design = SurveyDesign(clusters=customers["account_id"])
    parts = [
        part for kind, group in groups.items()
        if len(part := _of_kind(kind, customers["left"], group, design, smallest, confidence))
    ]  # fmt: skip
    if not parts:
        raise NotEstimable("no group has enough accounts to compare who left")
    table = pd.concat(parts, ignore_index=True)
    tested = table["p"].notna()
    table["corrected"] = np.nan
    if tested.any():  # of two groups one test is made, and counted once
        once = table.loc[tested].drop_duplicates(["kind", "p"])
        corrected = holm(once["p"])
        known = dict(zip(zip(once["kind"], once["p"], strict=True), corrected, strict=True))
        pairs = zip(table["kind"], table["p"], strict=True)
        table["corrected"] = [known.get(pair, np.nan) for pair in pairs]
    way = np.where(table["difference"] > 0, "leave more", "leave less")
    table["verdict"] = np.where(table["corrected"] < 0.05, way, "not clear")
    return Leavers(
        table,
        survey.proportion(customers["left"], design, confidence=confidence),
        int(customers["account_id"].nunique()),
    )


def _of_kind(
    kind: str, left: pd.Series, group: pd.Series, design: SurveyDesign, smallest: int,
    confidence: float,
) -> pd.DataFrame:  # fmt: skip
    known = group.notna()
    if group[known].nunique() < 2:
        return pd.DataFrame()
    rows = survey.by_group(
        survey.proportion, left.where(known), group, design, confidence=confidence
    )
    rows = rows[(rows["base"] >= smallest) & (rows["group"] != OTHERS)].dropna(subset=["value"])
    tests = [
        _against_rest(left[known], (group == name)[known], design.where(known))
        for name in rows["group"]
    ]
    return rows.assign(
        kind=kind, group=rows["group"].astype("str"),
        difference=[d for d, _ in tests], p=[p for _, p in tests],
    )[["kind", "group", "value", "low", "high", "base", "difference", "p"]]  # fmt: skip


def _against_rest(left: pd.Series, inside: pd.Series, design: SurveyDesign) -> tuple[float, float]:
    """Difference to the rest; no p where so few left that a test says nothing."""
    found = survey.difference(left.where(~inside), left.where(inside), design)
    if left.sum() < FEWEST_LEFT or not found.standard_error > 0:
        return found.value, np.nan
    t = abs(found.value) / found.standard_error
    return found.value, round(2 * float(student.sf(t, found.degrees_of_freedom)), 12)


def who_left(
    accounts: pd.DataFrame,
    *,
    wave_dates: Mapping[str, pd.Timestamp],
    lag_months: int,
    as_of: pd.Timestamp,
    by: Sequence[str] = (),
    tickets: pd.DataFrame | None = None,
    holdings: pd.DataFrame | None = None,
    products: pd.DataFrame | None = None,
    smallest: int = 10,
    confidence: float = 0.95,
) -> Leavers:
    """Who left, by complaints, by columns of the account list, and by products held.

    Parameters
    ----------
    by
        Columns of ``accounts`` to compare groups of; those not there are left out.

    Raises
    ------
    NotEstimable
        If nobody is known to have left, or no group is large enough.
    """
    rows = customers_at_waves(
        accounts, wave_dates=wave_dates, lag_months=lag_months, as_of=as_of, tickets=tickets
    )
    groups: dict[str, pd.Series] = {}
    if "complained" in rows and rows["complained"].notna().any():
        groups[COMPLAINED] = rows["complained"].map({True: COMPLAINED, False: COMPLAINT_FREE})
    groups |= {name: rows[name] for name in dict.fromkeys(by) if name in rows}
    if holdings is not None:
        groups |= holders(rows, holdings, products)
    return leavers(rows, groups, smallest=smallest, confidence=confidence)


def top_share(
    revenue: Sequence[float] | pd.Series | None, *, top: float = 0.1, confidence: float = 0.95
) -> Estimate:
    """Share of all revenue that the largest part of the accounts brings.

    The linearised Lorenz ordinate (Kovačević & Binder, Journal of Official Statistics, 1997), its
    interval on the log-odds scale, the accounts counted as drawn from all that could have been.

    Parameters
    ----------
    revenue
        Of each account, 0 or more.
    top
        Which part of the accounts, for example 0.1 for a tenth.

    Examples
    --------
    >>> round(top_share([90.0] + [1.0] * 9 + [90.0] + [1.0] * 9).value, 3)
    0.909
    """
    if revenue is None:
        raise NotEstimable("no revenue by account was sent")
    known = np.asarray(revenue, dtype=float)
    money = np.sort(known[~np.isnan(known)])[::-1]
    count, whole = len(money), float(money.sum())
    if count < 2 / top or whole <= 0:
        raise NotEstimable(
            f"{count} accounts with revenue are too few to speak of their top {top:.0%}"
        )
    line = float(np.quantile(money, 1 - top))
    first = int(np.ceil(top * count))
    share = float((money[: first - 1].sum() + money[first - 1] * (top * count - first + 1)) / whole)
    over = np.where(money > line, money - line, 0.0) + top * line
    influence = (over - share * money) / money.mean()
    error = float(influence.std(ddof=1)) / np.sqrt(count)
    reach = student.ppf((1 + confidence) / 2, count - 1) * error / (share * (1 - share))
    low, high = expit(logit(share) + np.array([-reach, reach]))
    return Estimate(
        share, float(low), float(high), standard_error=error, base=count, effective_base=count,
        design_effect=1.0, degrees_of_freedom=count - 1, confidence=confidence, clusters=count,
    )  # fmt: skip
