"""What each candidate action would truly keep and save, with its middle change and adoption."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from helpers.simulate import inside
from helpers.simulate.frame import Frame
from helpers.simulate.latent import Latent
from helpers.simulate.money import Money
from helpers.simulate.settings import AS_OF, Settings

__all__ = ["action_gains"]

YEARS, STRETCH, DISCOUNT = 2.0, 6, 0.08  # that count; months of one chance of leaving; a year
TOP = 10.0  # of a rating


def action_gains(
    world: Settings, who: Frame, state: Latent, cash: Money
) -> dict[str, object]:  # fmt: skip
    """Margin kept over two years, and cost saved, by each action begun in its earliest quarter."""
    moved = inside.action_effects().set_index("action_id")
    return {
        f"gain_{action['action_id']}": round(
            _gain(world, who, state, cash, action, moved.loc[[action["action_id"]]])
        )
        for _, action in inside.actions().iterrows()
    }  # fmt: skip


def _gain(
    world: Settings, who: Frame, state: Latent, cash: Money, action: pd.Series,
    moved: pd.DataFrame,
) -> float:  # fmt: skip
    change = dict(zip(moved["driver"], moved["change_mid"] * action["adoption_mid"], strict=True))
    reached = _reached(str(action["reach"]), who.accounts)
    lift = np.where(reached, _lift(world, who, state, change), 0.0) / state.account.std()
    now = cash.probability[:, -1]
    then = expit(logit(now) + world.churn_slope * lift)
    begins = 3 * _quarters(str(action["earliest_quarter"])) + float(action["months"])
    live = cash.active(who, AS_OF)
    margin = np.clip(cash.margin[:, -12:].sum(axis=1), 0, None)[live]
    kept = _value(now, then, begins)[live] - _value(now, now, begins)[live]
    force = max(0.0, 1 - begins / (12 * YEARS))
    return float(margin @ kept + action["saving_year"] * YEARS * force)


def _quarters(earliest: str) -> int:
    """Quarters between the day of the data and an earliest quarter."""
    return int((pd.Period(earliest, "Q") - (AS_OF + pd.Timedelta(days=1)).to_period("Q")).n)


def _reached(rule: str, accounts: pd.DataFrame) -> np.ndarray:
    whole = np.ones(len(accounts), dtype=bool)
    return whole if rule == "all" else np.asarray(accounts.eval(rule), dtype=bool)


def _lift(world: Settings, who: Frame, state: Latent, change: dict[str, float]) -> np.ndarray:
    """Loyalty that a change of ratings brings, averaged over the people of each account."""
    brought = np.zeros(len(who.contacts))
    for k, driver in enumerate(world.drivers):
        if driver.name in change:
            rating = state.ratings[:, -1, k]
            higher = driver.gain(np.minimum(rating + change[driver.name], TOP))
            brought += driver.effect * (higher - driver.gain(rating)) / state.gain_spread[k]
    people = np.bincount(who.of_contact, minlength=len(who.accounts))
    total = np.bincount(who.of_contact, weights=brought, minlength=len(who.accounts))
    return np.asarray(total / np.maximum(people, 1))


def _value(now: np.ndarray, then: np.ndarray, begins: float) -> np.ndarray:
    """Years of margin, in today's money, of accounts whose chance of leaving changes once."""
    staying, value = np.ones(len(now)), np.zeros(len(now))
    for number in range(1, int(YEARS * 12 / STRETCH) + 1):
        part = float(np.clip(number - begins / STRETCH, 0, 1))
        staying = staying * (1 - now - part * (then - now))
        value = value + staying * (1 + DISCOUNT) ** (-number * STRETCH / 12)
    return np.asarray(STRETCH / 12 * value)
