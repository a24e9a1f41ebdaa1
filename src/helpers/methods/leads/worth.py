"""What a lead would bring: the chance that it comes true times what it would then be worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.methods.leads.rates import HitRates
from helpers.methods.leads.sales import Sales

__all__ = ["Priced", "Worth", "priced", "worth"]

CELLS, FEWEST = 4_000_000, 200  # draws of all leads together that are kept, and of each at least


@dataclass(frozen=True)
class Priced:
    """What accounts pay beside the list price, in logs, with what is not known of it.

    ``prices``: by product, the list price or, without one, the median that was paid. ``accounts``:
    by account ``mean`` and ``sd`` of its own level, drawn towards that of all. ``all_mean``,
    ``all_sd``: of an account of which nothing is known. ``spread``: of single amounts round it.
    """

    prices: pd.Series
    accounts: pd.DataFrame
    all_mean: float
    all_sd: float
    spread: float


def priced(sold: Sales) -> Priced:
    """Learn from what is owned and was offered what each account would pay for a product.

    Amounts are lognormal round the price of the product, with a level for each account: larger
    accounts pay more. Levels of accounts with few amounts are drawn towards the mean (variance
    components by analysis of variance).

    Examples
    --------
    >>> from helpers.methods.leads.sales import sales
    >>> owned = pd.DataFrame({"account_id": list("aabb"), "product_id": ["p", "q", "p", "q"],
    ...                       "value": [20.0, 40.0, 5.0, 10.0]})
    >>> listed = pd.DataFrame({"product_id": ["p", "q"], "price": [10.0, 20.0]})
    >>> priced(sales(owned, listed, None)).accounts["mean"].round(2).tolist()
    [0.69, -0.69]
    """
    paid = pd.concat(
        [sold.holdings.rename(columns={"value": "amount"}), sold.offers], ignore_index=True
    )[["account_id", "product_id", "amount"]]
    paid = paid[paid["amount"] > 0]
    listed = sold.products.set_index("product_id")["price"]
    median = paid.groupby("product_id")["amount"].median()
    prices = listed.where(listed > 0).fillna(median.reindex(listed.index))
    ratio = np.log(paid["amount"] / paid["product_id"].map(prices).astype(float)).rename("ratio")
    return _levels(prices, pd.concat([paid["account_id"], ratio], axis=1).dropna())


def _levels(prices: pd.Series, paid: pd.DataFrame) -> Priced:
    groups = paid.groupby("account_id")["ratio"].agg(["mean", "size", "var"])
    if groups.empty:
        return Priced(prices, pd.DataFrame(columns=["mean", "sd"], dtype=float), 0.0, 0.0, 0.0)
    size, mean = groups["size"].to_numpy(float), groups["mean"].to_numpy(float)
    free = size.sum() - len(size)
    within = float((groups["var"].fillna(0) * (size - 1)).sum() / free) if free else 0.0
    if len(size) > 1:
        typical = (size.sum() - (size**2).sum() / size.sum()) / (len(size) - 1)
        centre = (size * mean).sum() / size.sum()
        between = (size * (mean - centre) ** 2).sum() / (len(size) - 1)
        between = max((between - within) / typical, 0.0)
    else:
        between = 0.0
    known = between + within / size
    weight = np.divide(between, known, out=np.zeros_like(known), where=known > 0)
    every = float(np.average(mean, weights=1 / np.maximum(known, 1e-12)))
    unsure = float(1 / np.sum(1 / np.maximum(known, 1e-12)))
    own = pd.DataFrame(
        {"mean": every + weight * (mean - every), "sd": np.sqrt(between * (1 - weight))},
        index=groups.index,
    )
    return Priced(prices, own, every, float(np.sqrt(between + unsure)), float(np.sqrt(within)))


@dataclass(frozen=True)
class Worth:
    """Expected money of each lead, and of any of them together.

    ``table``: the leads with ``price`` (what it would bring), ``chance``, ``money``, ``low``,
    ``high``; missing where it is not known. ``draws``: expected money, a row a draw and a column
    a lead.
    """

    table: pd.DataFrame
    draws: np.ndarray

    def together(self, rows: pd.Series, confidence: float) -> tuple[float, float, float] | None:
        """Expected money of some leads with its interval; none where none of it is known."""
        if not self.table.loc[rows, "money"].notna().any():
            return None
        total = np.nansum(self.draws[:, rows.to_numpy()], axis=1)
        low, high = np.quantile(total, [(1 - confidence) / 2, (1 + confidence) / 2])
        return float(total.mean()), float(low), float(high)

    def by_account(self, rows: pd.Series, confidence: float) -> pd.DataFrame:
        """Leads and expected money of each account, the most money first."""
        firms = self.table.loc[rows, "account_id"].to_numpy()
        sums = pd.DataFrame(self.draws[:, rows.to_numpy()].T).groupby(firms).sum(min_count=1)
        ends = [(1 - confidence) / 2, (1 + confidence) / 2]
        low, high = np.quantile(sums.to_numpy(), ends, axis=1) if len(sums) else ([], [])
        made = pd.DataFrame(
            {"account_id": sums.index, "leads": pd.Series(firms).groupby(firms).size().to_numpy(),
             "money": sums.mean(axis=1).to_numpy(), "low": low, "high": high}
        )  # fmt: skip
        return made.sort_values(
            ["money", "leads", "account_id"], ascending=[False, False, True], ignore_index=True
        )


def worth(
    leads: pd.DataFrame,
    rates: HitRates,
    prices: Priced,
    *,
    rng: np.random.Generator,
    confidence: float = 0.95,
) -> Worth:
    """Expected money: chance times amount, each with what is not known of it.

    The amount of an open offer is that of the offer. Money is that of the first purchase, in the
    client's currency, and nothing of what follows it. Leads of one source share their chance, so
    that what is not known of it does not average out over them.

    Examples
    --------
    >>> from helpers.methods.leads.rates import hit_rates
    >>> from helpers.methods.leads.sales import sales
    >>> past = pd.DataFrame({"source": "offer", "account_id": range(9999), "hit": [True, 0, 0] * 3333})
    >>> rng, none = np.random.default_rng(1), priced(sales(None, None, None))
    >>> lead = pd.DataFrame({"account_id": ["a"], "product_id": ["p"], "source": ["offer"],
    ...                      "amount": [300.0]})
    >>> worth(lead, hit_rates(past, rng=rng), none, rng=rng).table["money"].round(-1).tolist()
    [100.0]
    """  # noqa: E501 - a past in one line
    draws = min(max(len(rates.draws), 1), max(FEWEST, CELLS // max(len(leads), 1)))
    amount = _amounts(leads, prices, draws, rng)
    chances = rates.draws.head(draws).reindex(columns=leads["source"]).to_numpy(dtype=float)
    money = amount * (chances if len(chances) else np.nan)
    chance = leads["source"].map(rates.table.set_index("source")["chance"]).astype(float)
    told = leads.assign(price=amount.mean(axis=0), chance=chance, money=money.mean(axis=0))
    ends = np.quantile(money, [(1 - confidence) / 2, (1 + confidence) / 2], axis=0)
    return Worth(told.assign(low=ends[0], high=ends[1]), money)


def _amounts(
    leads: pd.DataFrame, prices: Priced, draws: int, rng: np.random.Generator
) -> np.ndarray:
    """The mean amount of each lead in each draw; missing where no price is known."""
    own = prices.accounts.reindex(leads["account_id"])
    mean = own["mean"].fillna(prices.all_mean).to_numpy()
    sd = own["sd"].fillna(prices.all_sd).to_numpy()
    level = mean + sd * rng.standard_normal((draws, len(leads))) + prices.spread**2 / 2
    price = leads["product_id"].map(prices.prices).astype(float).to_numpy()
    given = leads["amount"].astype(float).to_numpy()
    return np.where(np.isnan(given), price * np.exp(level), given)
