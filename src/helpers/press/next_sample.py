"""What the plan of the next wave is to be: the report's settings, and what the command adds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.methods import measure
from helpers.methods.sample_design import PlanSettings, leading_points
from helpers.press import plans
from helpers.press.chapters import load_chapters, parameter_faults
from helpers.study import Study
from helpers.study.planning import invitation_day, loyalty_index, plan_inputs

__all__ = ["CHAPTER", "Asked", "asked_for", "opened"]

CHAPTER = "next_wave"  # whose parameters in client.yml hold for the command as well


@dataclass(frozen=True)
class Asked:
    """A plan that is asked for: its settings, its day, and the client's tables."""

    settings: PlanSettings
    day: pd.Timestamp
    inputs: Mapping[str, Any]


def opened(client: str | Path, project: Path, given: Mapping[str, Any]) -> Study:
    """The client, once what is given and what ``client.yml`` declares are checked as a run's are.

    Raises
    ------
    InputFaults
        Every fault of the folder, of its parameters and of the options ``given``.
    """
    known = load_chapters(project)
    faults = [
        fault
        for name, value in given.items()
        for fault in parameter_faults({CHAPTER: {name: value}}, known, _option(name))
    ]
    return plans.checked_study(client, known, {CHAPTER: given}, faults, "the command")


def _option(name: str) -> str:
    """What an option is called on the command line.

    >>> _option("take_all")
    '--take-all'
    """
    return f"--{name.replace('_', '-')}"


def asked_for(study: Study, given: Mapping[str, Any]) -> Asked:
    """The plan as the report makes it, but for what is given.

    Parameters
    ----------
    given
        Settings by name, those of `PlanSettings`, and ``on`` and ``strata``; each counts
        before what ``client.yml`` sets under ``parameters: {next_wave: ...}``, and that
        before the default.
    """
    told = {**study.config.parameters.get(CHAPTER, {}), **given}
    settings = PlanSettings(
        **{f.name: told[f.name] for f in fields(PlanSettings) if f.name in told}
    )
    day = invitation_day(study, str(told.get("on") or ""))
    found = measure.measures(
        study.responses, study.roles, study.scales, study.labels, loyalty_index(study)
    )
    inputs = plan_inputs(study, leading_points(found), told.get("strata", ()))
    return Asked(settings, day, inputs)
