"""Every parameter of the simulated worlds, written down in one place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal
from zlib import crc32

import numpy as np
import pandas as pd

__all__ = ["DRIVERS", "PERIODS", "SCENARIOS", "WAVES", "Driver", "Settings", "settings", "stream"]

PERIODS = ("2023H2", "2024H1", "2024H2", "2025H1", "2025H2", "2026H1")  # half-years of the latents
WAVES = PERIODS[2:]  # the half-years in which customers were asked
AS_OF = pd.Timestamp("2026-06-30")
FIRST_MONTH = pd.Timestamp("2023-07-01")
MONTHS = 36


SEED = 20260630  # of the demo client: its date, not one chosen for a good show


@dataclass(frozen=True, slots=True)
class Driver:
    """One experience that customers rate 0-10, and what it truly does to loyalty.

    ``effect`` is in standard deviations of true loyalty per standard deviation of the
    driver's gain; a ``floor`` gains up to ``threshold`` and nothing above it, a
    ``delighter`` nothing below it.
    """

    name: str
    label: str
    text: str
    function: str
    mean: float
    effect: float
    stated: float  # mean importance that customers say it has, 0-10
    shape: Literal["linear", "floor", "delighter"] = "linear"
    threshold: float = 7.0
    spread: float = 1.8  # standard deviation of the rating before rounding
    last_change: float = 0.0  # points added to the mean in the last wave
    misjudged: float = 0.0  # points by which employees overrate it

    def gain(self, rating: np.ndarray) -> np.ndarray:
        """What a rating contributes, before scaling."""
        if self.shape == "floor":
            return np.minimum(rating, self.threshold)
        return np.maximum(rating, self.threshold) if self.shape == "delighter" else rating


DRIVERS = (
    Driver("product_quality", "Product quality", "Quality and reliability of our products",
           "Product", 7.8, 0.17, 8.9, "floor"),
    Driver("pricing", "Pricing", "Prices for what you get",
           "Sales", 5.7, 0.0, 8.7),
    Driver("delivery", "Delivery", "Delivery on the date agreed",
           "Logistics", 7.1, 0.20, 7.9, last_change=-0.5, misjudged=1.3),
    Driver("sales_process", "Sales process", "Ease of getting a quote and placing an order",
           "Sales", 7.2, 0.07, 6.2),
    Driver("project_management", "Project management", "Management of installations and projects",
           "Operations", 6.6, 0.0, 6.9),
    Driver("technical_support", "Technical support", "Knowledge and speed of technical support",
           "Service", 7.0, 0.16, 7.4, "delighter"),
    Driver("communication", "Communication", "Being kept informed without having to ask",
           "Service", 6.3, 0.27, 6.0, misjudged=1.7),
    Driver("complaint_handling", "Complaint handling", "Handling of complaints and returns",
           "Service", 6.8, 0.12, 7.1, "floor", 6.0),
)  # fmt: skip
NO_SHIFT: Mapping[str, float] = {}


@dataclass(frozen=True, slots=True)
class Settings:
    """One world: sizes, latent structure and every effect that is planted in it."""

    seed: int = SEED
    scenario: str = "northfield"
    accounts: int = 640
    contacts: int = 4000
    # structure of experience and loyalty
    halo: float = 0.48  # share of a rating that all eight share; ratings then correlate about .5
    account_share: float = 0.45  # of true loyalty and of experience; answers then show about .35
    account_stable: float = 0.65  # part of an account's level that stays from wave to wave
    person_stable: float = 0.60
    axis_spread: float = 0.20  # variance of each axis beyond what both axes share
    item_reliability: float = 0.68
    drivers: tuple[Driver, ...] = DRIVERS
    tenure_effect: float = 0.22  # standard deviations of loyalty per one of tenure
    tier_shift: Mapping[str, float] = field(
        default_factory=lambda: {"Strategic": 0.35, "Key": 0.10, "Core": -0.12}
    )
    region_shift: Mapping[str, float] = field(
        default_factory=lambda: {
            "North America": 0.20, "Europe": 0.0, "Asia Pacific": -0.25, "Latin America": -0.30,
        }
    )  # fmt: skip
    role_shift: Mapping[str, float] = field(
        default_factory=lambda: {
            "decision_maker": -0.40, "influencer": -0.10, "user": 0.30, "admin": 0.15,
        }
    )  # fmt: skip
    # response
    invited_share: Mapping[str, float] = field(
        default_factory=lambda: {"Strategic": 1.0, "Key": 0.68, "Core": 0.53}
    )
    response_intercept: float = -0.20
    response_tier: Mapping[str, float] = field(
        default_factory=lambda: {"Strategic": 0.35, "Key": 0.10, "Core": -0.20}
    )
    response_region: Mapping[str, float] = field(
        default_factory=lambda: {
            "North America": 0.30, "Europe": 0.0, "Asia Pacific": -0.35, "Latin America": -0.45,
        }
    )  # fmt: skip
    response_role: Mapping[str, float] = field(
        default_factory=lambda: {
            "decision_maker": -0.60, "influencer": -0.10, "user": 0.45, "admin": 0.25,
        }
    )  # fmt: skip
    response_loyalty: float = 0.0  # logits per standard deviation of the person's own loyalty
    exclusion_loyalty: float = -0.8  # account teams keep unhappy accounts out
    # what loyalty does
    churn_intercept: float = -3.12
    churn_slope: float = -0.8  # logits in six months per standard deviation of true loyalty
    churn_tenure: float = -0.35
    churn_size: float = -0.25
    growth_effect: float = 0.07  # log revenue per standard deviation of this half-year's mood
    win_slope: float = 0.45  # logits of winning an opportunity per standard deviation
    recovery_points: float = 12.0  # index points a recovered person gains by the next wave
    operations_effect: float = 0.6  # part of an account's own level set by its metric
    comments_follow: bool = True  # comments are about the experience that was rated low
    misjudgement: bool = True  # employees overrate the drivers marked so


def _without_effects(world: Settings) -> Settings:
    drivers = tuple(replace(d, effect=0.0, last_change=0.0, misjudged=0.0) for d in world.drivers)
    return replace(
        world,
        drivers=drivers,
        tenure_effect=0.0,
        tier_shift=NO_SHIFT,
        region_shift=NO_SHIFT,
        role_shift=NO_SHIFT,
        response_tier=NO_SHIFT,
        response_region=NO_SHIFT,
        response_role=NO_SHIFT,
        exclusion_loyalty=0.0,
        churn_slope=0.0,
        churn_tenure=0.0,
        churn_size=0.0,
        churn_intercept=-2.6,
        response_intercept=0.0,
        growth_effect=0.0,
        win_slope=0.0,
        recovery_points=0.0,
        operations_effect=0.0,
        comments_follow=False,
        misjudgement=False,
    )


SCENARIOS = ("northfield", "null", "selective", "no_recovery")


def settings(scenario: str = "northfield", seed: int = SEED) -> Settings:
    """Give the parameters of a named world.

    ``northfield`` has every planted effect; ``null`` none; in ``selective`` people answer
    because they are loyal, which no weighting mends; in ``no_recovery`` a recovered
    complaint changes nothing.

    Examples
    --------
    >>> settings("null").churn_slope
    0.0
    """
    world = Settings(seed=seed, scenario=scenario)
    if scenario == "northfield":
        return world
    if scenario == "null":
        return _without_effects(world)
    if scenario == "selective":
        return replace(world, response_loyalty=0.6)
    if scenario == "no_recovery":
        return replace(world, recovery_points=0.0)
    raise ValueError(f"there is no world {scenario!r}: choose one of {', '.join(SCENARIOS)}")


def stream(world: Settings, subject: str) -> np.random.Generator:
    """Give each subject its own random numbers, so that one can change and the rest stay."""
    return np.random.default_rng([world.seed, crc32(subject.encode())])


def wave_date(period: str) -> pd.Timestamp:
    """Give the middle of a half-year's fieldwork.

    >>> wave_date("2025H2").date().isoformat()
    '2025-11-15'
    """
    return pd.Timestamp(year=int(period[:4]), month=5 if period[4:] == "H1" else 11, day=15)
