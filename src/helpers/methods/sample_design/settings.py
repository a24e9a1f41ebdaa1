"""The settings of a plan as people write them: points, per cent, days, and 0 for none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import pandas as pd

from helpers.methods.sample_design.allocation import Method
from helpers.methods.sample_design.drawing import Options
from helpers.methods.sample_design.ground import ContactLimits, Lists
from helpers.methods.sample_design.plan import SamplePlan, Target, plan_sample
from helpers.methods.sample_design.selection import How

__all__ = ["PlanSettings", "plan_as_set"]


@dataclass(frozen=True, slots=True)
class PlanSettings:
    """How the next wave is to be planned, as a person would say it.

    Parameters
    ----------
    margin
        Points to which a share of 50 % shall be known, where no size is given.
    size
        People to invite; 0 goes by the margin.
    take_all
        Per cent of revenue whose accounts are asked for certain.
    per_role
        People asked per role at an account; 0 asks all.
    allocation, selection
        As for `Options`.
    response_rate
        Per cent of the invited who are expected to answer; 0 is as in the last wave.
    quarantine
        Days that must have passed since the last invitation.
    consent_followup
        Whether only those are asked who agreed to be called back.
    seed
        Of the draw; 0 takes the day of the invitations, as 20261102.

    Examples
    --------
    >>> PlanSettings(margin=5).target().margin
    0.05
    """

    margin: float = 3.0
    size: int = 0
    take_all: float = 50.0
    per_role: int = 0
    allocation: str = "proportional"
    selection: str = "accounts"
    response_rate: float = 0.0
    quarantine: int = 90
    consent_followup: bool = False
    seed: int = 0

    def seed_on(self, day: pd.Timestamp) -> int:
        """The seed of the draw for invitations on a day."""
        return self.seed or int(f"{day:%Y%m%d}")

    def target(self, *, or_everyone: bool = False) -> Target:
        """How many are to be invited."""
        if self.size:
            return Target(size=self.size, or_everyone=or_everyone)
        return Target(margin=self.margin / 100, or_everyone=or_everyone)

    def options(self, strata: Sequence[str] = ()) -> Options:
        """How they are to be divided and drawn."""
        return Options(
            strata=tuple(strata),
            take_all_share=self.take_all / 100,
            allocation=cast(Method, self.allocation),
            selection=cast(How, self.selection),
            per_role=self.per_role or None,
        )


def plan_as_set(
    settings: PlanSettings,
    day: pd.Timestamp,
    *,
    contacts: pd.DataFrame,
    strata: Sequence[str] = (),
    or_everyone: bool = False,
    **others: pd.DataFrame | None,
) -> SamplePlan:
    """The plan for a day: the same settings and tables give the same people.

    ``contacts`` and ``others`` are the tables of `Lists`, ``or_everyone`` is as for `Target`.

    Examples
    --------
    >>> people = pd.DataFrame({"contact_id": ["a", "b", "c"], "account_id": ["x", "y", "z"]})
    >>> plan = plan_as_set(PlanSettings(size=2), pd.Timestamp("2026-11-02"), contacts=people)
    >>> plan.base
    2
    """
    return plan_sample(
        Lists(contacts, **others),
        settings.target(or_everyone=or_everyone),
        settings.options(strata),
        on=day,
        rng=np.random.default_rng(settings.seed_on(day)),
        limits=ContactLimits(settings.quarantine, settings.consent_followup),
        response_rate=settings.response_rate / 100 or None,
    )
