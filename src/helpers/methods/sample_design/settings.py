"""The settings of a plan as people write them: points, per cent, days, and 0 for none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pandas as pd

from helpers.methods.sample_design.allocation import Method
from helpers.methods.sample_design.plan import SamplePlan, plan_sample
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
        As for `plan_sample`.
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
    >>> PlanSettings(margin=5).choices(pd.Timestamp("2026-11-02"))["margin"]
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

    def choices(self, day: pd.Timestamp) -> dict[str, Any]:
        """The same as options of `plan_sample`, all but the source of chance."""
        return {
            "on": day,
            "size": self.size or None,
            "margin": None if self.size else self.margin / 100,
            "take_all_share": self.take_all / 100,
            "per_role": self.per_role or None,
            "allocation": cast(Method, self.allocation),
            "selection": cast(How, self.selection),
            "response_rate": self.response_rate / 100 or None,
            "quarantine_days": self.quarantine,
            "consent_followup": self.consent_followup,
        }


def plan_as_set(
    settings: PlanSettings,
    day: pd.Timestamp,
    *,
    or_everyone: bool = False,
    **inputs: Any,  # noqa: ANN401 - those of plan_sample
) -> SamplePlan:
    """The plan for a day: the same settings and tables give the same people.

    ``inputs`` are the tables and strata of `plan_sample`, ``or_everyone`` as there.

    Examples
    --------
    >>> people = pd.DataFrame({"contact_id": ["a", "b", "c"], "account_id": ["x", "y", "z"]})
    >>> plan = plan_as_set(PlanSettings(size=2), pd.Timestamp("2026-11-02"), contacts=people)
    >>> plan.base
    2
    """
    rng = np.random.default_rng(settings.seed_on(day))
    return plan_sample(**settings.choices(day), **inputs, rng=rng, or_everyone=or_everyone)
