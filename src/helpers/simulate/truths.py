"""What is true in a simulated world, computed from what only the simulation knows."""

from __future__ import annotations

from itertools import combinations
from math import factorial

import numpy as np
import pandas as pd

from helpers.simulate.answers import answers, expected_index, index_of
from helpers.simulate.fieldwork import Fieldwork
from helpers.simulate.frame import Frame
from helpers.simulate.latent import Latent
from helpers.simulate.money import Money
from helpers.simulate.settings import AS_OF, PERIODS, WAVES, Settings, wave_date

__all__ = ["truths"]

LAST = len(WAVES) - 1


class _Book:
    """Collects one truth after another."""

    def __init__(self) -> None:
        self.rows: list[dict[str, object]] = []

    def add(self, name: str, chapter: str, figure: str | None, truth: object, note: str) -> None:
        """Write a truth down, numbers to four decimals."""
        value = round(float(truth), 4) if isinstance(truth, float | np.floating) else truth
        self.rows.append(
            {"name": name, "chapter": chapter, "figure": figure, "truth": value, "note": note}
        )


def truths(
    world: Settings, who: Frame, state: Latent, cash: Money, field: Fieldwork
) -> dict[str, object]:
    """Everything the handbook should find, with the note that says what it is.

    Returns
    -------
    dict
        ``scenario``, ``seed``, ``truths`` (name, chapter, figure, truth, note) and
        ``accounts`` (account_id → true loyalty index and probability of leaving within six
        months, for accounts still active).
    """
    book = _Book()
    index = _true_index(world, state)
    _asking(book, field)
    _loyalty(book, state, field)
    _drivers(book, world, state, field)
    _linkage(book, world, who, state, cash, index, field)
    _service(book, world, who, state, field)
    _others(book, world, cash, who)
    live = cash.active(who, AS_OF)
    accounts = {
        str(name): [round(float(index[i, -1]), 2), round(float(cash.probability[i, -1]), 4)]
        for i, name in enumerate(who.accounts["account_id"])
        if live[i]
    }
    return {
        "scenario": world.scenario,
        "seed": world.seed,
        "truths": book.rows,
        "accounts": accounts,
    }


def _true_index(world: Settings, state: Latent) -> np.ndarray:
    """Loyalty index that a typical person of each account gives on average."""
    return expected_index(world, state.account, float(np.sqrt(state.within)))


def _points(scores: np.ndarray) -> np.ndarray:
    return 100.0 * ((scores >= 9).astype(float) - (scores <= 6))


def _asking(book: _Book, field: Fieldwork) -> None:
    for w, wave in enumerate(WAVES):
        points, there = _points(field.would[w]["recommend"]), field.eligible[:, w]
        whole = points[there].mean()
        heard = np.average(points, weights=field.chance[:, w])
        last = w == LAST
        book.add(f"nps_{wave}", "sampling", "nps" if last else None, whole,
                 "net promoter score had every eligible contact answered")  # fmt: skip
        book.add(f"nps_bias_{wave}", "sampling", "nps_bias" if last else None, heard - whole,
                 "expected score of those who answer, unweighted, less everybody's")  # fmt: skip
    there = field.eligible[:, LAST]
    mean = field.would[LAST]["satisfaction"][there].mean()
    book.add("satisfaction_mean", "sampling", "satisfaction", mean,
             "mean satisfaction 1-10 had every eligible contact answered")  # fmt: skip
    book.add("eligible_contacts", "sampling", None, int(there.sum()), "in the last wave")


def _loyalty(book: _Book, state: Latent, field: Fieldwork) -> None:
    index = [index_of(answers_) for answers_ in field.would]
    now, before = field.eligible[:, LAST], field.eligible[:, LAST - 1]
    mean = index[LAST][now].mean()
    book.add("loyalty_mean", "loyalty", "loyalty", mean,
             "loyalty index 0-100 had every eligible contact answered")  # fmt: skip
    book.add("loyalty_change", "loyalty", "loyalty_change", mean - index[LAST - 1][before].mean(),
             "change of that mean since the wave before")  # fmt: skip
    change = (
        _points(field.would[LAST]["recommend"])[now].mean()
        - _points(field.would[LAST - 1]["recommend"])[before].mean()
    )
    book.add("nps_change", "loyalty", "nps_change", change, "had every eligible contact answered")
    spread = state.account.var()
    book.add("account_share", "loyalty", "icc", spread / (spread + state.within),
             "share of the variance of true loyalty that lies between accounts")  # fmt: skip


def _drivers(book: _Book, world: Settings, state: Latent, field: Fieldwork) -> None:
    there = field.eligible[:, LAST]
    ratings = state.ratings[there, -1]
    index = expected_index(world, state.from_drivers[there, -1], state.own_spread)
    design = np.column_stack([np.ones(len(ratings)), ratings])
    slopes = np.linalg.lstsq(design, index, rcond=None)[0][1:]
    shares = _shares(ratings, index)
    for k, driver in enumerate(world.drivers):
        none = " (planted: none)" if driver.effect == 0 else ""
        book.add(f"effect_{driver.name}", "drivers", f"effect_{driver.name}", slopes[k],
                 f"loyalty index points per rating point, the other drivers equal{none}")  # fmt: skip
        book.add(f"share_{driver.name}", "drivers", f"share_{driver.name}", shares[k],
                 "Shapley (LMG) share had every eligible contact answered, without noise")  # fmt: skip
        book.add(f"planted_{driver.name}", "drivers", None, driver.effect,
                 f"standard deviations of loyalty per one of the driver, {driver.shape}")  # fmt: skip
        book.add(f"mean_{driver.name}", "drivers", f"mean_{driver.name}", ratings[:, k].mean(),
                 "mean rating 0-10 had every eligible contact answered")  # fmt: skip
    _driver_names(book, world, ratings, shares)


def _driver_names(
    book: _Book, world: Settings, ratings: np.ndarray, shares: np.ndarray
) -> None:
    names = [d.name for d in world.drivers]
    r = np.corrcoef(ratings.T)
    book.add("halo", "drivers", "halo", (r.sum() - len(r)) / (len(r) * (len(r) - 1)),
             "mean correlation between drivers")  # fmt: skip
    strongest = names[int(shares.argmax())] if any(d.effect for d in world.drivers) else None
    book.add("strongest", "drivers", "top_driver", strongest, "driver with the largest share")
    book.add("lowest_rated", "drivers", "raw_first", names[int(ratings.mean(axis=0).argmin())],
             "what raw scores alone would have picked")  # fmt: skip
    for what, chosen in (
        ("without_effect", [d.name for d in world.drivers if d.effect == 0]),
        ("floors", [d.name for d in world.drivers if d.shape == "floor" and d.effect]),
        ("delighters", [d.name for d in world.drivers if d.shape == "delighter" and d.effect]),
    ):
        book.add(what, "drivers", None, chosen, "drivers planted so")


def _shares(ratings: np.ndarray, outcome: np.ndarray) -> np.ndarray:
    """Average gain in explained variance of each driver over all orders of entry."""
    p, r = ratings.shape[1], np.corrcoef(np.column_stack([ratings, outcome]).T)
    explained = {(): 0.0}
    for size in range(1, p + 1):
        for chosen in combinations(range(p), size):
            inner, outer = r[np.ix_(chosen, chosen)], r[list(chosen), -1]
            explained[chosen] = float(outer @ np.linalg.solve(inner, outer))
    parts = np.zeros(p)
    for chosen, value in explained.items():
        weight_in = factorial(len(chosen) - 1) * factorial(p - len(chosen)) if chosen else 0
        weight_out = factorial(len(chosen)) * factorial(p - len(chosen) - 1) if len(chosen) < p else 0
        for k in range(p):
            parts[k] += (weight_in if k in chosen else -weight_out) * value
    return parts / parts.sum() if parts.sum() > 1e-12 else np.full(p, 1 / p)


def _linkage(
    book: _Book,
    world: Settings,
    who: Frame,
    state: Latent,
    cash: Money,
    index: np.ndarray,
    field: Fieldwork,
) -> None:
    book.add("churn_slope", "linkage", None, world.churn_slope,
             "logits of leaving within six months per standard deviation of an account's true "
             "loyalty, tenure and size equal")  # fmt: skip
    retained, growth = _slopes(who, state, cash, index, world)
    book.add("retained_per_10", "linkage", "retained_effect", retained,
             "change of the probability of staying six months per 10 points of an account's true "
             "loyalty index, tenure and size equal; observed scores show less")  # fmt: skip
    book.add("growth_per_10", "linkage", "growth_effect", growth,
             "change of log revenue after the wave per 10 points of true loyalty index")  # fmt: skip
    live, year = cash.active(who, AS_OF), cash.year()
    heard = field.responses[field.responses["wave"] == WAVES[-1]]["account_id"]
    scored = live & who.accounts["account_id"].isin(heard).to_numpy()
    for name, some in (("revenue_at_risk", live), ("revenue_at_risk_scored", scored)):
        lost = float((year * cash.probability[:, -1])[some].sum())
        figure = "revenue_at_risk" if name.endswith("scored") else None
        book.add(name, "linkage", figure, round(lost),
                 "yearly revenue expected to leave within six months, "
                 + ("all active accounts" if figure is None else "accounts that answered"))  # fmt: skip
        book.add(f"{name}_share", "linkage", None, lost / float(year[some].sum()), "of revenue")


def _slopes(
    who: Frame, state: Latent, cash: Money, index: np.ndarray, world: Settings
) -> tuple[float, float]:
    """Average marginal effect on staying, and slope of growth, per 10 points of true index."""
    rows = []
    for period in range(len(PERIODS) - len(WAVES), len(PERIODS)):
        live = np.flatnonzero(cash.active(who, wave_date(PERIODS[period])))
        tenure = np.clip(who.tenure_z(period), -1.5, 3.0)
        rows.append(
            np.column_stack(
                [
                    cash.probability[live, period],
                    world.growth_effect * state.mood[live, period],
                    index[live, period],
                    tenure[live],
                    who.accounts["size_z"].to_numpy()[live],
                ]
            )
        )
    table = np.vstack(rows)
    leaves, growth = table[:, 0], table[:, 1]
    design = np.column_stack([np.ones(len(table)), table[:, 2:]])
    logit = np.linalg.lstsq(design, np.log(leaves / (1 - leaves)), rcond=None)[0]
    fitted = 1 / (1 + np.exp(-design @ logit))
    staying = -float((fitted * (1 - fitted)).mean() * logit[1] * 10)
    return staying, float(np.linalg.lstsq(design, growth, rcond=None)[0][1] * 10)


def _service(book: _Book, world: Settings, who: Frame, state: Latent, field: Fieldwork) -> None:
    gains = []
    for w in range(1, len(WAVES)):
        helped = field.boost[:, w] > 0
        if helped.any():
            without = index_of(answers(world, state, np.zeros(len(helped)), w))
            gains.append((index_of(field.would[w]) - without)[helped & field.eligible[:, w]])
    gained = float(np.concatenate(gains).mean()) if gains else 0.0
    book.add("recovery_gain", "recovery", "recovery_gain", gained,
             "loyalty index points that people recovered in time gain by the next wave, beyond "
             "doing nothing")  # fmt: skip
    names = [d.name for d in world.drivers]
    account = who.of_contact
    on_time, hours, care = (m[account].ravel() for m in state.operations.values())
    one = np.ones_like(on_time)
    delivery = state.ratings[..., names.index("delivery")].ravel()
    support = state.ratings[..., names.index("technical_support")].ravel()
    slope = np.linalg.lstsq(np.column_stack([one, on_time]), delivery, rcond=None)[0][1]
    beyond = np.maximum(hours - 24, 0)
    late = np.linalg.lstsq(np.column_stack([one, beyond, care]), support, rcond=None)[0]
    book.add("delivery_per_point_on_time", "operations", "on_time_delivery", slope,
             "rating points of delivery per percentage point on time")  # fmt: skip
    book.add("support_per_hour_beyond_24", "operations", "first_response_hours", late[1],
             "rating points of technical support per hour of first response beyond 24")  # fmt: skip
    book.add("support_per_handling_minute", "operations", "handling_minutes", late[2],
             "rating points of technical support per minute of handling: shorter is worse")  # fmt: skip
    book.add("knee_hours", "operations", None, 24 if world.operations_effect else None,
             "hours of first response up to which nothing is lost")  # fmt: skip


def _others(book: _Book, world: Settings, cash: Money, who: Frame) -> None:
    live = cash.active(who, AS_OF)
    year = np.sort(cash.year()[live])
    rank = np.arange(1, len(year) + 1)
    gini = (2 * rank - len(year) - 1) @ year / (len(year) * year.sum())
    earned = (cash.margin - cash.cost)[live, -12:].sum(axis=1)
    book.add("active_accounts", "value_map", None, int(live.sum()), "on the day of the data")
    book.add("revenue_year", "value_map", "revenue", int(year.sum()), "twelve months, active accounts")
    book.add("revenue_gini", "value_map", None, float(gini), "of active accounts' revenue")
    book.add("negative_payoff", "value_map", "negative_payoff", int((earned < 0).sum()),
             "active accounts that cost more to serve than their margin")  # fmt: skip
    book.add("win_slope", "value_map", None, world.win_slope,
             "logits of winning an offer per standard deviation of true loyalty")  # fmt: skip
    for driver in world.drivers:
        if driver.misjudged:
            book.add(f"overrated_{driver.name}", "alignment", f"gap_{driver.name}",
                     driver.misjudged if world.misjudgement else 0.0,
                     "rating points by which employees overrate it")  # fmt: skip
    against = ["handling_minutes", "inventory_days"] if world.operations_effect else []
    book.add("metrics_against_drivers", "alignment", None, against,
             "metrics whose pay direction works against customers")  # fmt: skip
    book.add("response_on_loyalty", "sampling", None, world.response_loyalty,
             "logits of answering per standard deviation of the person's loyalty; weighting "
             "cannot mend it unless 0")  # fmt: skip


def account_table(who: Frame, state: Latent) -> pd.DataFrame:
    """Accounts' true loyalty in standard units by half-year, for tests."""
    return pd.DataFrame(state.account_z, columns=list(PERIODS), index=who.accounts["account_id"])
