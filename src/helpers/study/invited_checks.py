"""Invitations against the answers they led to: waves, days and what became of them."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from helpers.study.config import Config
from helpers.study.deal_checks import check_accounts_agree
from helpers.study.findings import Findings
from helpers.study.intake import Typed
from helpers.study.row_faults import report_rows
from helpers.study.sameness import written
from helpers.study.wave_names import wave_meant

__all__ = ["check_invited"]

OF_WAVES = ("invitations", "outcomes", "population", "employee_survey", "ledger")
NOT_HEARD = ("refusal", "noncontact", "bounce", "ineligible", "excluded")
KEYS = ["wave", "contact_id"]
FEWEST = 3  # people who answered uninvited: fewer handed the link on


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
        _check_heard(tables["invitations"], responses, findings)
        if "contacts" in tables:
            check_accounts_agree(tables["invitations"], tables["contacts"], findings)
    if "contacts" in tables:
        check_accounts_agree(tables["responses"], tables["contacts"], findings)


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


def _check_heard(typed: Typed, responses: pd.DataFrame, findings: Findings) -> None:
    """Completes without an answer, answers without a complete, and answers of nobody invited."""
    if not {*KEYS, "disposition"} <= set(typed.frame) or "contact_id" not in responses:
        return
    known = responses.dropna(subset=KEYS)
    waves = set(known["wave"])
    answered = pd.MultiIndex.from_frame(known[KEYS].drop_duplicates())
    keys = pd.MultiIndex.from_frame(typed.frame[KEYS])
    heard = pd.Series(keys.isin(answered), index=typed.frame.index)
    here = typed.frame["wave"].isin(waves)
    lost = here & ~heard & typed.frame["disposition"].eq("complete")
    if heard.any():
        problem = "is said of somebody of whom responses hold no answer in this wave"
        advice = "Send the answers too, or correct the disposition: the response rate counts them."
        report_rows(typed, lost, "disposition", problem, advice, findings, warn=True)
    silent = heard & typed.frame["disposition"].eq("unknown")
    problem = "is said of somebody who answered in this wave"
    advice = "Bring the dispositions up to date: who answered counts as a complete."
    report_rows(typed, silent, "disposition", problem, advice, findings, warn=True)
    _check_uninvited(typed, known, keys, findings)


def _check_uninvited(
    typed: Typed, known: pd.DataFrame, keys: pd.MultiIndex, findings: Findings
) -> None:
    """Waves of which some answers are of people whom the list of invitations lacks."""
    for wave in sorted(set(known["wave"]) & set(typed.frame["wave"].dropna())):
        own = known[known["wave"].eq(wave)]
        missing = ~pd.MultiIndex.from_frame(own[KEYS]).isin(keys)
        if missing.sum() < FEWEST:
            continue
        names = [str(name) for name in own["contact_id"][missing].unique()[:3]]
        problem = f"lacks {int(missing.sum()):,} of the {len(own):,} people who answered in {wave}"
        advice = "Send all who were invited: else more answer than were asked."
        found = ", ".join(names)
        findings.warn(typed.raw.file, problem, advice, column="contact_id", found=found)
