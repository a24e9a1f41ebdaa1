"""What accounts own, were offered and bought, on any day of the past."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

__all__ = ["Sales", "sales"]

PAIR = ["account_id", "product_id"]
HELD = [*PAIR, "since", "value"]
OFFERED = ["opportunity_id", *PAIR, "created", "closed", "won", "amount"]
LISTED = ["product_id", "name", "price", "margin"]
ENDS = {"won": True, "closed won": True, "lost": False, "closed lost": False}  # stages that end


@dataclass(frozen=True)
class Sales:
    """Holdings, offers and products, with every column that may be asked for.

    ``holdings``: account_id, product_id, since, value. ``offers``: opportunity_id, account_id,
    product_id, created, closed, won (missing while it is open), amount. ``products``: product_id,
    name, price, margin; all that are listed, owned or offered.
    """

    holdings: pd.DataFrame
    offers: pd.DataFrame
    products: pd.DataFrame

    @property
    def dated(self) -> bool:
        """Whether it is known when anything was bought."""
        return bool(self.holdings["since"].notna().any() or self.offers["closed"].notna().any())

    @property
    def names(self) -> dict[str, str]:
        """What products are called; the id where they have no name."""
        listed = self.products
        return dict(zip(listed["product_id"], listed["name"], strict=True))

    def owned(self, on: pd.Timestamp) -> pd.DataFrame:
        """Account and product of everything owned on a day; without a date it always was."""
        held = self.holdings[~(self.holdings["since"] > on)]
        return pd.concat([held[PAIR], self._won(self.offers["closed"] <= on)]).drop_duplicates()

    def bought(self, after: pd.Timestamp, until: pd.Timestamp) -> pd.DataFrame:
        """Account and product of everything bought later than one day and up to another."""
        since, closed = self.holdings["since"], self.offers["closed"]
        held = self.holdings[(since > after) & (since <= until)]
        won = self._won((closed > after) & (closed <= until))
        return pd.concat([held[PAIR], won]).drop_duplicates()

    def open_offers(self, on: pd.Timestamp) -> pd.DataFrame:
        """Offers that had been made, and were neither won nor lost, on a day."""
        made = self.offers["created"] <= on
        closed = self.offers["closed"] <= on
        undated = self.offers["closed"].isna() & self.offers["won"].notna()
        return self.offers[made & ~closed & ~undated]

    def refused(self, after: pd.Timestamp, until: pd.Timestamp) -> pd.DataFrame:
        """Account and product of offers that were lost between two days."""
        lost = self.offers["won"].eq(False).fillna(False).astype(bool)
        closed = self.offers["closed"]
        return self.offers.loc[lost & (closed > after) & (closed <= until), PAIR].dropna()

    def _won(self, when: pd.Series) -> pd.DataFrame:
        won = self.offers["won"].fillna(False).astype(bool)
        return self.offers.loc[won & when, PAIR].dropna()


def sales(
    holdings: pd.DataFrame | None,
    products: pd.DataFrame | None,
    opportunities: pd.DataFrame | None,
) -> Sales:
    """Bring together what was sent of sales; each table may be missing.

    Where ``won`` was not sent, the stage tells it. A product that is not listed is called by its
    id.

    Examples
    --------
    >>> owned = pd.DataFrame({"account_id": ["a"], "product_id": ["p"]})
    >>> found = sales(owned, None, None)
    >>> found.names, len(found.offers)
    ({'p': 'p'}, 0)
    """
    held = _with(holdings, HELD, dates=("since",), numbers=("value",))
    offers = _with(opportunities, OFFERED, dates=("created", "closed"), numbers=("amount",))
    told = offers["won"].astype("boolean")
    if opportunities is not None and "stage" in opportunities:
        stage = opportunities["stage"].astype("str").str.strip().str.casefold()
        told = told.fillna(stage.map(ENDS).astype("boolean").reset_index(drop=True))
    offers = offers.assign(won=told)
    listed = _with(products, LISTED, numbers=("price", "margin"))
    known = pd.concat([listed["product_id"], held["product_id"], offers["product_id"]])
    every = pd.DataFrame({"product_id": sorted(known.dropna().unique())}, dtype="str")
    listed = every.merge(listed.drop_duplicates("product_id"), on="product_id", how="left")
    return Sales(held, offers, listed.assign(name=listed["name"].fillna(listed["product_id"])))


def _with(
    table: pd.DataFrame | None,
    columns: list[str],
    *,
    dates: tuple[str, ...] = (),
    numbers: tuple[str, ...] = (),
) -> pd.DataFrame:
    """A table with all of these columns, those that were not sent empty."""
    rows = pd.DataFrame(columns=columns) if table is None else table.reindex(columns=columns)
    texts = {c: "str" for c in columns if c not in (*dates, *numbers, "won")}
    made = rows.reset_index(drop=True).astype({**texts, **dict.fromkeys(numbers, "float64")})
    return made.assign(**{name: pd.to_datetime(made[name]) for name in dates})
