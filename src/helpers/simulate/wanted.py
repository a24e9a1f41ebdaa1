"""The true chances of leads: what is bought of that was ticked, and what is won of that is offered.

A tick moves nothing in these worlds: whoever ticks a product buys it as often as anybody who does
not own it. Offers are won the more often, the more loyal the account is.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import gamma

from helpers.simulate.fieldwork import INTERESTS, Fieldwork
from helpers.simulate.frame import Frame
from helpers.simulate.latent import Latent
from helpers.simulate.money import Money
from helpers.simulate.names import PRODUCTS
from helpers.simulate.sales import DECIDED, OFFERED, WITHIN, owning, winning
from helpers.simulate.settings import AS_OF, PERIODS, WAVES, Settings, wave_date

__all__ = ["lead_chances"]

MONTHS, LOYAL = 6, 70.0  # in which a lead has to come true; index from which an account is loyal
FIRST = len(PERIODS) - len(WAVES)


def lead_chances(
    world: Settings, who: Frame, state: Latent, cash: Money, field: Fieldwork, index: np.ndarray
) -> dict[str, float]:
    """The chance that a ticked interest is bought in six months, and that an offer is won.

    Of every wave whose six months are over on the day of the data; of offers, at accounts whose
    true index is below that of a loyal one.
    """
    past = [w for w, wave in enumerate(WAVES) if _until(wave) <= AS_OF]
    bought = np.vstack([_bought(world, who, state, field, w) for w in past])
    low = [cash.active(who, wave_date(WAVES[w])) & (index[:, FIRST + w] < LOYAL) for w in past]
    moods = [state.account_z[there, FIRST + w] for w, there in zip(past, low, strict=True)]
    return {
        "interest_chance": float(np.average(bought[:, 0], weights=bought[:, 1])),
        "offer_chance": float(winning(world, np.concatenate(moods)).mean()),
    }


def _until(wave: str) -> pd.Timestamp:
    return wave_date(wave) + pd.DateOffset(months=MONTHS)


def _bought(world: Settings, who: Frame, state: Latent, field: Fieldwork, wave: int) -> np.ndarray:
    """Of every account and product ticked in a wave: the chance of buying, and of not owning yet.

    A product is bought on any day from the account's start to that of the data, or after an offer
    where it is never bought by itself.
    """
    row, product = _ticked(who, field, WAVES[wave])
    start = who.accounts["start"].iloc[row]
    room = (AS_OF - start).dt.days.to_numpy()
    days = [wave_date(WAVES[wave]), _until(WAVES[wave])]
    before, after = (np.clip((day - start).dt.days.to_numpy() / room, 0, 1) for day in days)
    owns = owning(who)[row, product]
    free = 1 - owns * before
    won = winning(world, state.account_z[row, FIRST + wave])
    offered = OFFERED / len(PRODUCTS) * _decided((days[1] - days[0]).days)
    chance = (owns * (after - before) + (1 - owns) * offered * won) / free
    return np.column_stack([chance, free])


def _ticked(who: Frame, field: Fieldwork, wave: str) -> tuple[np.ndarray, np.ndarray]:
    """Rows of accounts and places of products that anybody ticked in a wave."""
    said = field.responses[field.responses["wave"] == wave].set_index("account_id")
    ticks = said[[f"interest_{product}" for product in INTERESTS]].fillna(0).groupby(level=0).max()
    at, column = np.nonzero(ticks.to_numpy(dtype=float) > 0)
    row = pd.Index(who.accounts["account_id"]).get_indexer(ticks.index)[at]
    places = [product[0] for product in PRODUCTS]
    return row, np.array([places.index(product) for product in INTERESTS])[column]


def _decided(days: int) -> float:
    """The chance that an offer after a wave is decided within so many days of it."""
    shape, scale, least = DECIDED
    left = days - np.arange(*WITHIN) - least
    return float(gamma.cdf(left, shape, scale=scale).mean())
