"""The tables that sales keeps: the account list, people, what is owned and what is offered."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.simulate.fieldwork import Fieldwork
from helpers.simulate.frame import Frame
from helpers.simulate.latent import Latent
from helpers.simulate.money import REASONS, Money
from helpers.simulate.names import PRODUCTS, SPONSORS
from helpers.simulate.settings import AS_OF, PERIODS, WAVES, Settings, stream, wave_date

__all__ = [
    "DECIDED", "OFFERED", "WITHIN", "accounts", "contacts", "holdings", "opportunities", "owning",
    "products", "winning",
]  # fmt: skip

OFFERED = 0.34  # chance that an account is offered something after a wave
ASKED_FOR = np.array([0.62, 0.40, 0.45, 0.30, 0.28, 0.18, 0.42, 0.16, 0.14, 0.20, 0.12, 0.10])
WITHIN = (1, 160)  # days after a wave in which an offer is made
DECIDED = (3.0, 32.0, 7)  # days until it is decided: shape and scale of a gamma, and at least


def accounts(world: Settings, who: Frame, cash: Money) -> pd.DataFrame:
    """The account list as the client sends it."""
    rng, base, n = stream(world, "account list"), who.accounts, len(who.accounts)
    parent = np.where(rng.random(n) < 0.07, rng.permutation(base["account_id"]), "")
    parent = np.where(parent == base["account_id"], "", parent)
    yearly = np.maximum(cash.revenue.sum(axis=1) / np.maximum((cash.revenue > 0).sum(axis=1), 1), 1)
    wallet = np.clip(rng.beta(2.4, 2.6, n), 0.05, 0.97)
    units = rng.poisson(np.exp(0.9 + 0.55 * base["size_z"])) + 1
    sponsored = rng.random(n) < base["tier"].map({"Strategic": 0.8, "Key": 0.2, "Core": 0.0})
    left = cash.end.notna()
    table = base[["account_id", "name", "segment", "tier", "industry", "region"]].assign(
        parent_id=parent,
        owner=base["owner"],
        sponsor=np.where(sponsored, rng.choice(SPONSORS, n), ""),
        start_date=base["start"].dt.strftime("%Y-%m-%d"),
        end_date=cash.end.dt.strftime("%Y-%m-%d").fillna(""),
        end_reason=np.where(left, rng.choice(REASONS, n, p=[0.42, 0.24, 0.14, 0.1, 0.1]), ""),
        growth_pct=rng.normal(2.5, 6.0, n).round(1),
        total_spend=(np.rint(yearly * 12 / wallet / 1000) * 1000).astype(int),
        units_total=units,
        units_served=np.minimum(rng.binomial(units, 0.55) + 1, units),
    )
    depth = rng.normal(5 + 0.9 * base["size_z"], 1.6)
    for part in ("joint_design", "references", "forgiveness"):
        table[f"partnership_{part}"] = np.clip(
            np.rint(depth + rng.normal(0, 1.4, n)), 0, 10
        ).astype(int)
    return table


def contacts(who: Frame, field: Fieldwork, cash: Money) -> pd.DataFrame:
    """The contact list on the day the data were drawn."""
    people, last = who.contacts, len(PERIODS) - 1
    here = cash.active(who, wave_date(WAVES[-1]))[who.of_contact]
    there = ((people["joined"] <= last) & (last < people["left"])).to_numpy() & here
    sent = field.invitations[~field.invitations["disposition"].isin(["excluded", "quarantined"])]
    invited = sent.groupby("contact_id")["invited_at"].max()
    flags = people[["opt_out", "consent_named", "consent_followup", "consent_marketing"]]
    shown = flags.apply(lambda flag: flag.map({True: "yes", False: "no"}))
    return pd.DataFrame(
        {
            "contact_id": people["contact_id"],
            "account_id": who.accounts["account_id"].to_numpy()[who.of_contact],
            "role": people["role"],
            "function": people["function"],
            "active": np.where(there, "yes", "no"),
            "opt_out": shown["opt_out"],
            "last_invited": people["contact_id"].map(invited).fillna(""),
        }
    ).join(shown.drop(columns="opt_out"))


def products() -> pd.DataFrame:
    """What can be sold.

    >>> len(products())
    12
    """
    return pd.DataFrame(PRODUCTS, columns=["product_id", "name", "price", "margin"])


def owning(who: Frame) -> np.ndarray:
    """The chance that each account owns each product by the day of the data: account, product."""
    size = who.accounts["size_z"].to_numpy()[:, None]
    logit = np.log(ASKED_FOR / (1 - ASKED_FOR)) + 0.45 * size
    return np.asarray(1 / (1 + np.exp(-logit)))


def winning(world: Settings, mood: np.ndarray) -> np.ndarray:
    """The chance that an offer is won, by the account's loyalty when it is made."""
    return np.asarray(1 / (1 + np.exp(0.7 - world.win_slope * mood)))


def holdings(world: Settings, who: Frame) -> pd.DataFrame:
    """What each account owns: larger accounts own more."""
    rng, base, chance = stream(world, "holdings"), who.accounts, owning(who)
    owned = rng.random(chance.shape) < chance
    row, product = np.nonzero(owned)
    room = (AS_OF - base["start"].iloc[row]).dt.days.to_numpy()
    since = base["start"].iloc[row].reset_index(drop=True) + pd.to_timedelta(
        (rng.random(len(row)) * room).astype(int), unit="D"
    )
    price = np.array([p[2] for p in PRODUCTS])[product]
    scale = np.exp(0.5 * base["size_z"].to_numpy()[row] + rng.normal(0, 0.4, len(row)))
    return pd.DataFrame(
        {
            "account_id": base["account_id"].to_numpy()[row],
            "product_id": np.array([p[0] for p in PRODUCTS])[product],
            "since": since.dt.strftime("%Y-%m-%d"),
            "value": np.rint(price * scale / 100).astype(int) * 100,
        }
    )


def opportunities(
    world: Settings, who: Frame, state: Latent, cash: Money, owned: pd.DataFrame
) -> pd.DataFrame:
    """Offers of products not owned; loyal accounts buy more of them."""
    rng = stream(world, "opportunities")
    has = set(zip(owned["account_id"], owned["product_id"], strict=True))
    rows: list[dict[str, object]] = []
    for w, wave in enumerate(WAVES):
        period, t0 = w + len(PERIODS) - len(WAVES), wave_date(wave)
        for i in np.flatnonzero(cash.active(who, t0)):
            if rng.random() > OFFERED:
                continue
            product = PRODUCTS[rng.integers(len(PRODUCTS))]
            key = (who.accounts["account_id"].iloc[i], product[0])
            if key not in has:
                has.add(key)
                rows.append(_offer(world, rng, key, product[2], t0, state.account_z[i, period]))
    table = pd.DataFrame(rows)
    table.insert(0, "opportunity_id", [f"O{i:04d}" for i in range(1, len(table) + 1)])
    return table


def _offer(
    world: Settings,
    rng: np.random.Generator,
    key: tuple[str, str],
    price: int,
    t0: pd.Timestamp,
    mood: float,
) -> dict[str, object]:
    shape, scale, least = DECIDED
    created = min(t0 + pd.Timedelta(days=int(rng.integers(*WITHIN))), AS_OF)
    closed = created + pd.Timedelta(days=int(rng.gamma(shape, scale)) + least)
    won = bool(rng.random() < winning(world, np.array(mood)))
    amount = int(round(price * float(np.exp(rng.normal(0.2, 0.5))), -2))
    source = str(rng.choice(["sales", "survey", "service visit", "web"], p=[0.5, 0.2, 0.2, 0.1]))
    done = closed <= AS_OF
    stage = ("won" if won else "lost") if done else str(rng.choice(["qualified", "proposal"]))
    return {
        "account_id": key[0],
        "product_id": key[1],
        "created": created.strftime("%Y-%m-%d"),
        "stage": stage,
        "amount": amount,
        "closed": closed.strftime("%Y-%m-%d") if done else "",
        "won": ("yes" if won else "no") if done else "",
        "source": source,
    }
