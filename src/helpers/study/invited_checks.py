"""Invitations against the answers they led to: waves, days and what became of them."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from helpers.study.config import Config
from helpers.study.findings import Findings
from helpers.study.intake import Typed
from helpers.study.row_faults import report_rows
from helpers.study.sameness import written
from helpers.study.wave_names import wave_meant

__all__ = ["check_invited"]

OF_WAVES = ("invitations", "outcomes", "population")
NOT_HEARD = ("refusal", "noncontact", "bounce", "ineligible", "excluded")
KEYS = ["wave", "contact_id"]


def check_invited(tables: Mapping[str, Typed], config: Config, findings: Findings) -> None:
    """Waves that nobody answered in, and invitations that their answers contradict."""
    responses = tables["responses"].frame
    if "wave" not in tables["responses"].raw.frame:
        return  # then all count as of one wave, which was told
    for name in OF_WAVES:
        if name in tables and "wave" in tables[name].frame:
            _check_waves(tables[name], responses["wave"], config, findings)
    if "invitations" in tables:
        _check_answers(tables["invitations"], responses, findings)


def _check_waves(typed: Typed, answered: pd.Series, config: Config, findings: Findings) -> None:
    """Waves of a table that no response is of, each told once."""
    there = sorted({str(wave) for wave in answered.dropna()})
    waves = typed.frame["wave"].astype("object")
    for wave in (str(name) for name in waves.dropna().unique()):
        if wave in there or wave in config.waves:
            continue
        same = [name for name in there if wave_meant(name) == wave_meant(wave)]
        if waves.isin(same).any():
            continue  # two spellings in one column are told with what joins them
        advice = f"They have: {', '.join(there)}."
        if same:
            line = f"`collapse: {{wave: {{{written(same[0])}: [{written(wave)}]}}}}`"
            advice = f"If {same[0]} is meant, declare {line} in client.yml."
        problem = "is a wave that has no responses, and counts for none"
        report_rows(typed, waves.eq(wave), "wave", problem, advice, findings, warn=True)


def _check_answers(typed: Typed, responses: pd.DataFrame, findings: Findings) -> None:
    if not {*KEYS, "disposition"} <= set(typed.frame) or "contact_id" not in responses:
        return
    known = responses.dropna(subset=KEYS).drop_duplicates(KEYS).set_index(KEYS)
    keys = pd.MultiIndex.from_frame(typed.frame[KEYS])
    heard = pd.Series(keys.isin(known.index), index=typed.frame.index)
    against = heard & typed.frame["disposition"].isin(NOT_HEARD)
    problem = "is said of somebody who answered in this wave"
    advice = "Whoever answered is complete, partial or breakoff: correct it, or the contact_id."
    report_rows(typed, against, "disposition", problem, advice, findings, warn=True)
    if "invited_at" not in typed.frame or "completed_at" not in known:
        return
    done = pd.to_datetime(
        pd.Series(known["completed_at"].reindex(keys).to_numpy(), typed.frame.index)
    )
    early = done.dt.normalize() < typed.frame["invited_at"].dt.normalize()
    problem = "lies after the answer of the same contact in this wave"
    advice = "Correct the day, or the wave: nobody answers before being asked."
    report_rows(typed, early, "invited_at", problem, advice, findings, warn=True)
