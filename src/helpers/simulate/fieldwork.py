"""Who is invited, who answers, and the file of answers that comes back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.simulate.answers import answers, expected_index
from helpers.simulate.frame import Frame, one_each
from helpers.simulate.latent import Latent
from helpers.simulate.money import Money
from helpers.simulate.names import PRODUCTS
from helpers.simulate.settings import PERIODS, WAVES, Settings, stream, wave_date

__all__ = ["Fieldwork", "fieldwork"]

INTERESTS = ("P08", "P09", "P10", "P11")
SILENCE = ("noncontact", "unknown", "refusal", "bounce", "breakoff", "ineligible", "other")
SILENCE_SHARE = (0.50, 0.21, 0.09, 0.07, 0.06, 0.05, 0.02)
LANGUAGES = {
    "North America": ("en", "en", "en", "fr"),
    "Europe": ("en", "de", "de", "fr", "it"),
    "Asia Pacific": ("en", "en", "ja"),
    "Latin America": ("es", "es", "pt"),
}


@dataclass(frozen=True)
class Fieldwork:
    """Four waves of asking, with what only the simulation knows about each contact."""

    responses: pd.DataFrame  # adds contact (row number) and wave_number
    invitations: pd.DataFrame
    eligible: np.ndarray  # contact, wave
    would: list[dict[str, np.ndarray]]  # wave → variable → answer of every contact
    chance: np.ndarray  # contact, wave: of being invited and answering
    recovered: np.ndarray  # contact, wave: was an alert of this wave put right in time
    alerted: np.ndarray  # contact, wave
    boost: np.ndarray  # contact, wave: loyalty gained by recovery since the wave before


def fieldwork(world: Settings, who: Frame, state: Latent, cash: Money) -> Fieldwork:
    """Ask in four waves; those recovered after one wave feel better in the next."""
    n = len(who.contacts)
    habit = stream(world, "habit").standard_normal(n)
    gained = _recovery_in_loyalty(world, state)
    lean = world.response_intercept + _effects(world, who) + 0.5 * habit
    boost = np.zeros((n, len(WAVES)))
    recovered, alerted = np.zeros((n, len(WAVES)), bool), np.zeros((n, len(WAVES)), bool)
    eligible, chance = np.zeros((n, len(WAVES)), bool), np.zeros((n, len(WAVES)))
    would, asked, came = [], [], []
    for w in range(len(WAVES)):
        if w:
            boost[:, w] = gained * recovered[:, w - 1]
        would.append(answers(world, state, boost[:, w], w))
        eligible[:, w] = _eligible(who, cash, w)
        list_, chance[:, w] = _invite(world, who, state, eligible[:, w], lean, w)
        asked.append(list_)
        came.append(_responses(world, who, would[w], list_, w))
        alerted[:, w], recovered[:, w] = _alerts(world, who, came[w])
    responses = pd.concat(came, ignore_index=True)
    responses.insert(0, "response_id", [f"R{i:05d}" for i in range(1, len(responses) + 1)])
    invitations = pd.concat(asked, ignore_index=True)
    return Fieldwork(responses, invitations, eligible, would, chance, recovered, alerted, boost)


def _recovery_in_loyalty(world: Settings, state: Latent) -> float:
    """Standard deviations of true loyalty that raise a middling index by the planted points."""
    low = np.quantile(state.loyalty, [0.35, 0.65])
    index = expected_index(world, low, 0.0)
    return float(world.recovery_points / ((index[1] - index[0]) / (low[1] - low[0])))


def _eligible(who: Frame, cash: Money, wave: int) -> np.ndarray:
    period = wave + len(PERIODS) - len(WAVES)
    people = who.contacts
    there = (people["joined"] <= period) & (period < people["left"]) & ~people["opt_out"]
    return there.to_numpy() & cash.active(who, wave_date(WAVES[wave]))[who.of_contact]


def _effects(world: Settings, who: Frame) -> np.ndarray:
    """Logits of answering that tier, region and role bring."""
    total = who.accounts["tier"].map(world.response_tier).fillna(0.0).to_numpy()
    total = total + who.accounts["region"].map(world.response_region).fillna(0.0).to_numpy()
    role = who.contacts["role"].map(world.response_role).fillna(0.0).to_numpy()
    return np.asarray(total[who.of_contact] + role)


def _invite(
    world: Settings, who: Frame, state: Latent, eligible: np.ndarray, lean: np.ndarray, wave: int
) -> tuple[pd.DataFrame, np.ndarray]:
    """Sample by tier, let account teams and quarantine take people out, see who answers."""
    rng, n = stream(world, f"invite {wave}"), len(eligible)
    period = wave + len(PERIODS) - len(WAVES)
    share = who.accounts["tier"].map(world.invited_share).to_numpy()[who.of_contact]
    drawn = eligible & (rng.random(n) < share)
    mood = state.account_z[who.of_contact, period]
    out = 1 / (1 + np.exp(3.9 - world.exclusion_loyalty * mood))
    excluded, quarantined = rng.random(n) < out, rng.random(n) < 0.02
    loyalty = state.loyalty[:, period]
    answering = 1 / (1 + np.exp(-(lean + world.response_loyalty * loyalty)))
    disposition = rng.choice(SILENCE, n, p=SILENCE_SHARE)
    answers_it = rng.random(n) < answering
    disposition = np.where(
        answers_it, np.where(rng.random(n) < 0.03, "partial", "complete"), disposition
    )
    disposition = np.where(quarantined, "quarantined", np.where(excluded, "excluded", disposition))
    table = _list(who, rng, np.flatnonzero(drawn), disposition, share, wave)
    return table, eligible * share * (1 - out) * 0.98 * answering


def _list(
    who: Frame,
    rng: np.random.Generator,
    drawn: np.ndarray,
    disposition: np.ndarray,
    share: np.ndarray,
    wave: int,
) -> pd.DataFrame:
    of = who.of_contact[drawn]
    account, tier, owner = (
        who.accounts[name].to_numpy(object)[of] for name in ("account_id", "tier", "owner")
    )
    opens = wave_date(WAVES[wave]) - pd.Timedelta(days=11)
    days = pd.date_range(opens, periods=3).strftime("%Y-%m-%d").to_numpy(object)
    invited = days[rng.integers(0, 3, len(drawn))]
    kind = disposition[drawn]
    reasons = rng.choice(["renewal talks", "open dispute", "new contact", "bad timing"], len(drawn))
    return pd.DataFrame(
        {
            "wave": WAVES[wave],
            "contact_id": who.contacts["contact_id"].to_numpy()[drawn],
            "account_id": account,
            "stratum": tier,
            "inclusion_probability": share[drawn],
            "invited_at": invited,
            "mode": np.where(rng.random(len(drawn)) < 0.93, "web", "phone"),
            "disposition": kind,
            "exclusion_reason": np.where(kind == "excluded", reasons, ""),
            "excluded_by": np.where(kind == "excluded", owner, ""),
            "contact": drawn,
        }
    )


def _responses(
    world: Settings, who: Frame, would: dict[str, np.ndarray], asked: pd.DataFrame, wave: int
) -> pd.DataFrame:
    """The answers that came back, some questions skipped, a few not applicable (99)."""
    rng = stream(world, f"responses {wave}")
    here = asked[asked["disposition"].isin(["complete", "partial"])].reset_index(drop=True)
    n, contact = len(here), here["contact"].to_numpy()
    items = {name: values[contact].astype(np.int64) for name, values in would.items()}
    for product in INTERESTS:
        keen = 0.10 + 0.05 * (items["recommend"] >= 9) * (world.win_slope > 0)
        items[f"interest_{product}"] = (rng.random(n) < keen).astype(np.int64)
    skipped = {name: rng.random(n) < rng.uniform(0.008, 0.024) for name in items}
    for name in ("project_management", "complaint_handling"):
        inapplicable = rng.random(n) < 0.015
        items[name][inapplicable] = 99
        skipped[name] &= ~inapplicable
    partial = (here["disposition"] == "partial").to_numpy()
    for name in [d.name for d in world.drivers] + [
        name for name in items if name.startswith(("stated", "inter"))
    ]:
        skipped[name] |= partial
    told = {name: pd.array(values, dtype="Int64") for name, values in items.items()}
    for name, values in told.items():
        values[skipped[name]] = pd.NA
    return pd.concat([_paradata(who, rng, here, wave), pd.DataFrame(told)], axis=1)


def _paradata(who: Frame, rng: np.random.Generator, here: pd.DataFrame, wave: int) -> pd.DataFrame:
    n = len(here)
    days = np.minimum(rng.gamma(1.2, 4.0, n), 20)
    invited = here["invited_at"].to_numpy("datetime64[m]")
    done = invited + (days * 1440 + 480).round().astype("timedelta64[m]")
    region = who.accounts["region"].to_numpy(object)[who.of_contact[here["contact"]]]
    seconds = np.where(
        rng.random(n) < 0.02, rng.integers(25, 70, n), np.exp(rng.normal(5.9, 0.45, n))
    )
    return pd.DataFrame(
        {
            "wave": WAVES[wave],
            "contact_id": here["contact_id"],
            "account_id": here["account_id"],
            "completed_at": np.datetime_as_string(done, unit="m").astype(object),
            "duration_s": seconds.round().astype(int),
            "mode": here["mode"],
            "language": one_each(rng, LANGUAGES, region),
            "contact": here["contact"],
            "wave_number": wave,
        }
    )


def _alerts(world: Settings, who: Frame, came: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Detractors raise an alert; a bit more than half are put right in time, by staffing."""
    n = len(who.contacts)
    rng = stream(world, f"alerts {came['wave_number'].iloc[0]}")
    low = came.loc[(came["recommend"] <= 6).fillna(False), "contact"].to_numpy()
    of_region = who.accounts["region"].map({"North America": 0.66, "Europe": 0.58}).fillna(0.42)
    staffed = of_region.to_numpy()[who.of_contact]
    alerted = np.zeros(n, bool)
    alerted[low] = True
    return alerted, alerted & (rng.random(n) < staffed)


def product_name(product_id: str) -> str:
    """Give the name of a product.

    >>> product_name("P08")
    'Condition monitoring'
    """
    return next(p[1] for p in PRODUCTS if p[0] == product_id)
