"""Who the customers are: companies and the people in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.simulate import names
from helpers.simulate.settings import PERIODS, Settings, stream, wave_date

__all__ = ["Frame", "frame"]

REGIONS = ("North America", "Europe", "Asia Pacific", "Latin America")
SIZE_SPREAD = 1.55  # of log revenue: a Gini coefficient of about .7
TIERS = ("Strategic", "Key", "Core")
FUNCTIONS = {
    "decision_maker": ("Purchasing", "General management", "Plant management"),
    "influencer": ("Engineering", "Quality", "Finance"),
    "user": ("Maintenance", "Production", "Engineering"),
    "admin": ("Purchasing", "Logistics"),
}


@dataclass(frozen=True)
class Frame:
    """The customer list before anybody is asked, with what only the simulation knows."""

    accounts: pd.DataFrame  # account_id, tier, region, …, size_z, revenue (a year), start
    contacts: pd.DataFrame  # contact_id, account (row number), role, …, joined, left (periods)

    @property
    def of_contact(self) -> np.ndarray:
        """Row number of each contact's account."""
        return self.contacts["account"].to_numpy()

    def tenure_z(self, period: int) -> np.ndarray:
        """Tenure at a wave in standard units: 110 months is 0, 80 more is 1."""
        days = (wave_date(PERIODS[period]) - self.accounts["start"]).dt.days.to_numpy()
        return np.asarray((days / 30.44 - 110) / 80)


def frame(world: Settings) -> Frame:
    """Draw the companies and their people."""
    accounts = _accounts(world)
    return Frame(accounts, _contacts(world, accounts))


def _accounts(world: Settings) -> pd.DataFrame:
    rng, n = stream(world, "accounts"), world.accounts
    size = np.sort(rng.standard_normal(n))[::-1]
    top, middle = round(0.08 * n), round(0.22 * n)
    tier = np.repeat(TIERS, [top, middle, n - top - middle])
    order = rng.permutation(n)
    size, tier = size[order], tier[order]
    region = rng.choice(REGIONS, n, p=[0.40, 0.33, 0.17, 0.10])
    industry = rng.choice(tuple(names.INDUSTRIES), n)
    months = np.minimum(rng.gamma(2.0, 62.0, n), 420).round().astype(int)
    start = pd.Series(pd.Timestamp("2026-01-01") - pd.to_timedelta(months * 30.44 // 1, unit="D"))
    return pd.DataFrame(
        {
            "account_id": [f"A{i:04d}" for i in range(1, n + 1)],
            "name": names.company_names(rng, industry, region),
            "segment": np.where(rng.random(n) < 0.62, "Original equipment", "Plant operator"),
            "tier": tier,
            "industry": industry,
            "region": region,
            "owner": rng.choice(names.PEOPLE, n),
            "start": start.dt.normalize(),
            "size_z": size,
            "revenue": np.exp(np.log(190_000) + SIZE_SPREAD * size),
        }
    )


def one_each(
    rng: np.random.Generator, options: Mapping[str, Sequence[str]], of: np.ndarray
) -> np.ndarray:
    """One of the options of each, all alike likely.

    >>> one_each(np.random.default_rng(1), {"a": "xy", "b": "z"}, np.array(["b", "a"])).tolist()
    ['z', 'x']
    """
    names = {name: place for place, name in enumerate(options)}
    many = np.array([len(listed) for listed in options.values()])
    place = np.array([names[name] for name in of])
    first = np.cumsum(many) - many
    every = np.array([one for listed in options.values() for one in listed], dtype=object)
    return np.asarray(every[first[place] + rng.integers(many[place])])


def _contacts(world: Settings, accounts: pd.DataFrame) -> pd.DataFrame:
    rng = stream(world, "contacts")
    typical = accounts["tier"].map({"Strategic": 17.0, "Key": 8.4, "Core": 4.4}).to_numpy()
    count = np.maximum(rng.poisson(typical), 1)
    account = np.repeat(np.arange(len(accounts)), count)[: world.contacts]
    n = len(account)
    role = rng.choice(
        ["decision_maker", "influencer", "user", "admin"], n, p=[0.24, 0.26, 0.37, 0.13]
    )
    function = one_each(rng, FUNCTIONS, role)
    stays = rng.geometric(0.03, n)  # half-years until a person leaves
    joined = np.where(rng.random(n) < 0.80, 0, rng.integers(1, len(PERIODS), n))
    named = rng.random(n) < 0.85
    return pd.DataFrame(
        {
            "contact_id": [f"C{i:04d}" for i in range(1, n + 1)],
            "account": account,
            "role": role,
            "function": function,
            "joined": joined,
            "left": joined + stays,
            "opt_out": rng.random(n) < 0.035,
            "consent_named": named,
            "consent_followup": np.where(named, rng.random(n) < 0.95, rng.random(n) < 0.35),
            "consent_marketing": np.where(named, rng.random(n) < 0.92, rng.random(n) < 0.40),
        }
    )
