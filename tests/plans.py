"""Plans for tests, made of choices by name."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pandas as pd

from helpers.methods.sample_design import (
    ContactLimits,
    Lists,
    Options,
    SamplePlan,
    Target,
    plan_sample,
)


def plan_of(
    *,
    on: pd.Timestamp,
    rng: np.random.Generator,
    response_rate: float | None = None,
    design_effect: float | None = None,
    **choices: Any,
) -> SamplePlan:
    """A plan whose lists, target, options and limits are given by name, side by side."""
    made = [
        kind(**{f.name: choices.pop(f.name) for f in fields(kind) if f.name in choices})
        for kind in (Lists, Target, Options, ContactLimits)
    ]
    assert choices == {}, f"no choice of a plan: {choices}"
    lists, target, options, limits = made
    return plan_sample(
        lists, target, options, on=on, rng=rng, limits=limits, response_rate=response_rate,
        design_effect=design_effect,
    )  # fmt: skip
