"""Simulated worlds that several slow tests look at."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd

from helpers.simulate import sales
from helpers.simulate.answers import ATTITUDE, BEHAVIOUR, index_of
from helpers.simulate.fieldwork import fieldwork
from helpers.simulate.frame import frame
from helpers.simulate.latent import latent
from helpers.simulate.money import financials, money
from helpers.simulate.settings import settings

NO_PROOF = 0.05  # p from which no driver is clear: nobody needs to ask for priorities
DRIVERS = [f"d{k}" for k in range(8)]
HALO, LIKENESS, ACCOUNTS = 0.5, 0.3, 250


def sent(scenario: str, seed: int) -> SimpleNamespace:
    """What a client of the generator sends of accounts, months and answers, and what made it."""
    chosen = settings(scenario, seed)
    who = frame(chosen)
    state = latent(chosen, who)
    cash = money(chosen, who, state)
    told = fieldwork(chosen, who, state, cash).responses.reset_index(drop=True)
    told = told[told["account_id"].fillna("") != ""]
    items = {name: told[name].to_numpy(float) for name in (*ATTITUDE, *BEHAVIOUR)}
    listed, months = sales.accounts(chosen, who, cash), financials(who, cash)
    for table, columns in ((listed, ["start_date", "end_date"]), (months, ["period"])):
        table[columns] = table[columns].apply(pd.to_datetime)
    return SimpleNamespace(
        settings=chosen, who=who, state=state, cash=cash, told=told, accounts=listed,
        financials=months, answers=pd.Series(index_of(items), index=told.index),
    )  # fmt: skip


def rated(
    rng: np.random.Generator, effects: np.ndarray
) -> tuple[pd.DataFrame, pd.Series, np.ndarray]:
    """Ratings of eight drivers 0-10 that move together, an outcome, and everybody's account.

    250 accounts with about 2.8 respondents that are alike; ``effects`` are of one point.
    """
    codes = np.repeat(np.arange(ACCOUNTS), rng.poisson(1.8, ACCOUNTS) + 1)
    root = np.linalg.cholesky(np.full((8, 8), HALO) + np.eye(8) * (1 - HALO))

    def alike(width: int) -> np.ndarray:
        shared = rng.normal(size=(ACCOUNTS, width))[codes]
        own = rng.normal(size=(len(codes), width))
        return np.sqrt(LIKENESS) * shared + np.sqrt(1 - LIKENESS) * own

    ratings = pd.DataFrame(np.clip(np.rint(6 + 1.8 * alike(8) @ root.T), 0, 10), columns=DRIVERS)
    return ratings, pd.Series(ratings.to_numpy() @ effects + 1.2 * alike(1)[:, 0]), codes
