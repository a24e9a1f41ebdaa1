"""What the company did: complaints put right or not, and how its operations ran."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.simulate.fieldwork import Fieldwork
from helpers.simulate.frame import Frame
from helpers.simulate.latent import Latent
from helpers.simulate.money import Money
from helpers.simulate.names import PEOPLE
from helpers.simulate.settings import AS_OF, PERIODS, WAVES, Settings, stream, wave_date

__all__ = ["ops_metrics", "tickets"]

UNITS = {
    "on_time_delivery": ("%", 95, 26),  # cost of one point, hour … in an account and month
    "first_response_hours": ("hours", 24, 19),
    "handling_minutes": ("minutes", 30, 9),
    "quote_hours": ("hours", 24, 6),
    "inventory_days": ("days", 32, 4100),  # of a region
}
HOUR = pd.Timedelta(hours=1)


def tickets(world: Settings, who: Frame, field: Fieldwork, cash: Money) -> pd.DataFrame:
    """Alerts from low recommendations, and complaints that came without being asked."""
    table = pd.concat([_alerts(world, who, field), _complaints(world, who, field, cash)])
    table = table.sort_values(["created", "account_id"], kind="stable", ignore_index=True)
    table.insert(0, "ticket_id", [f"T{i:05d}" for i in range(1, len(table) + 1)])
    rng = stream(world, "ticket owners")
    table["owner"] = rng.choice(PEOPLE[:9], len(table))
    made = _clocks(rng, table).drop(columns=["created", "in_time"])
    return made.assign(snoozed_until=_snoozed(world, made))


def _snoozed(world: Settings, table: pd.DataFrame) -> np.ndarray:
    """A few open cases wait until a day that was agreed with the customer."""
    rng = stream(world, "snoozed")
    rests = (table["closed_at"] == "") & (rng.random(len(table)) < 0.08)
    day = AS_OF + pd.to_timedelta(rng.integers(5, 40, len(table)), unit="D")
    return np.where(rests, day.strftime("%Y-%m-%d"), "")


def _alerts(world: Settings, who: Frame, field: Fieldwork) -> pd.DataFrame:
    came = field.responses
    low = came[(came["recommend"] <= 6).fillna(False)]
    contact, wave = low["contact"].to_numpy(), low["wave_number"].to_numpy()
    names = [d.name for d in world.drivers]
    usual = np.array([d.mean for d in world.drivers])
    ratings = np.stack(
        [[field.would[w][n][c] for n in names] for c, w in zip(contact, wave, strict=True)]
    )
    return pd.DataFrame(
        {
            "account_id": low["account_id"].to_numpy(),
            "contact_id": low["contact_id"].to_numpy(),
            "response_id": low["response_id"].to_numpy(),
            "trigger": "low recommendation",
            "severity": np.where(low["recommend"].astype(int) <= 3, "high", "medium"),
            "created": pd.to_datetime(low["completed_at"]).to_numpy() + np.timedelta64(15, "m"),
            "in_time": field.recovered[contact, wave],
            "root_cause": np.array(names)[(ratings - usual).argmin(axis=1)],
        }
    )


def _complaints(world: Settings, who: Frame, field: Fieldwork, cash: Money) -> pd.DataFrame:
    """Complaints at any time in the last two years, more where quality or delivery is poor."""
    rng, rows = stream(world, "complaints"), []
    causes = ("product_quality", "delivery", "complaint_handling", "technical_support")
    for w, wave in enumerate(WAVES):
        live = np.flatnonzero(field.eligible[:, w])
        poor = np.minimum(field.would[w]["product_quality"], field.would[w]["delivery"])[live]
        chance = 0.022 + 0.035 * (poor <= 4) * world.comments_follow
        hit = live[rng.random(len(live)) < chance]
        day = wave_date(wave) + pd.to_timedelta(rng.integers(-150, 20, len(hit)) * 24 + 9, unit="h")
        rows.append(pd.DataFrame({"contact": hit, "created": day}))
    table = pd.concat(rows, ignore_index=True)
    contact = table["contact"].to_numpy()
    return pd.DataFrame(
        {
            "account_id": who.accounts["account_id"].to_numpy()[who.of_contact[contact]],
            "contact_id": who.contacts["contact_id"].to_numpy()[contact],
            "response_id": "",
            "trigger": "complaint",
            "severity": rng.choice(["high", "medium", "low"], len(table), p=[0.2, 0.5, 0.3]),
            "created": table["created"],
            "in_time": rng.random(len(table)) < 0.55,
            "root_cause": rng.choice(causes, len(table), p=[0.4, 0.35, 0.15, 0.1]),
        }
    )


def _clocks(rng: np.random.Generator, table: pd.DataFrame) -> pd.DataFrame:
    """Hours to each step: in time when the case was put right, long or never when not."""
    n, good, start = len(table), table["in_time"].to_numpy(), table["created"]
    contact = np.where(good, rng.uniform(1, 47, n), np.exp(rng.normal(4.9, 0.7, n)))
    plan = contact + np.where(good, rng.uniform(4, 70, n), np.exp(rng.normal(5.0, 0.6, n)))
    close = plan + np.where(good, rng.uniform(24, 360, n), np.exp(rng.normal(6.3, 0.6, n)))
    never = ~good & (rng.random(n) < 0.18)
    contact, plan, close = (np.where(never, 1e5, hours) for hours in (contact, plan, close))
    confirmed = np.where(
        rng.random(n) < np.where(good, 0.82, 0.35), close + rng.uniform(12, 140, n), 1e5
    )
    steps = {
        "first_contact_at": contact,
        "plan_at": plan,
        "closed_at": close,
        "confirmed_at": confirmed,
    }
    out = table.assign(created_at=start.dt.strftime("%Y-%m-%dT%H:%M"))
    for step, hours in steps.items():
        when = start + pd.to_timedelta((np.minimum(hours, 1e5) * 60).round(), unit="min")
        out[step] = when.where(when <= AS_OF).dt.strftime("%Y-%m-%dT%H:%M").fillna("")
    again = rng.random(n) < np.where(good, 0.05, 0.15)
    out["reopened"] = np.where(out["closed_at"] == "", "", np.where(again, "yes", "no"))
    first = ["ticket_id", "account_id", "contact_id", "response_id", "trigger", "severity"]
    last = ["reopened", "owner", "root_cause", "created", "in_time"]
    return out[[*first, "created_at", *steps, *last]]


def ops_metrics(world: Settings, who: Frame, state: Latent, cash: Money) -> pd.DataFrame:
    """Account metrics in the month before each wave; stock by region in every month.

    Hours until a quote and days of stock move no rating: they are idle.
    """
    measured = {**state.operations, "quote_hours": _quotes(world, len(who.accounts))}
    rows = []
    for w, wave in enumerate(WAVES):
        period = w + len(PERIODS) - len(WAVES)
        live = np.flatnonzero(cash.active(who, wave_date(wave)))
        month = (wave_date(wave) - pd.DateOffset(months=1)).strftime("%Y-%m-01")
        rows += [
            _metric(name, month, values[live, period]).assign(
                account_id=who.accounts["account_id"].to_numpy()[live], unit=""
            )
            for name, values in measured.items()
        ]
    rows.append(_inventory(world))
    table = pd.concat(rows, ignore_index=True)
    return table[["account_id", "unit", "period", "metric", "value", "unit_of_measure", "target",
                  "cost_per_unit"]]  # fmt: skip


def _quotes(world: Settings, accounts: int) -> np.ndarray:
    """Hours until a quote, by account and half-year: lasting and fresh, and felt by nobody."""
    rng = stream(world, "quotes")
    lasting = rng.standard_normal((accounts, 1))
    fresh = rng.standard_normal((accounts, len(PERIODS)))
    return np.exp(np.log(26) + 0.5 * (0.8 * lasting + 0.6 * fresh)).round(1)


def _metric(name: str, month: object, values: np.ndarray) -> pd.DataFrame:
    unit, target, cost = UNITS[name]
    return pd.DataFrame(
        {
            "period": month,
            "metric": name,
            "value": values,
            "unit_of_measure": unit,
            "target": target,
            "cost_per_unit": cost,
        }
    )


def _inventory(world: Settings) -> pd.DataFrame:
    """Stock falls as operations are paid to lower it."""
    rng = stream(world, "inventory")
    months = pd.date_range("2024-07-01", "2026-06-01", freq="MS").strftime("%Y-%m-%d")
    rows = [
        _metric(
            "inventory_days", months, (44 - 0.5 * np.arange(24) + rng.normal(0, 1.5, 24)).round(1)
        ).assign(account_id="", unit=region)
        for region in ("North America", "Europe", "Asia Pacific", "Latin America")
    ]
    return pd.concat(rows, ignore_index=True)
