"""Candidate actions that cannot be meant: ends in the wrong order, ids and drivers unknown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise

import pandas as pd

from helpers.study import promises
from helpers.study.codebook import Codebook
from helpers.study.config import Config
from helpers.study.findings import Findings
from helpers.study.intake import Typed
from helpers.study.nearest import advice_for, nearest
from helpers.study.reached import rule_problem
from helpers.study.row_faults import report_rows

__all__ = ["check_plan"]

RISING = (  # columns of which each is never below the one before it
    ("actions", ("adoption_low", "adoption_mid", "adoption_high")),
    ("action_effects", ("change_low", "change_mid", "change_high")),
    ("benchmarks", ("p10", "p25", "p50", "p75", "p90")),
)
QUARTER = re.compile(r"\d{4}\W*[Qq]\W*[1-4]|[Qq]\W*[1-4]\W*\d{4}")
AUDIENCE = "customers"


def check_plan(
    tables: Mapping[str, Typed],
    people: pd.DataFrame,
    codebook: Codebook,
    config: Config,
    findings: Findings,
) -> None:
    """What is listed of actions, effects and promises, against itself and the other tables.

    Parameters
    ----------
    people
        The responses with what is known of their accounts: where no list of accounts was sent,
        rules of reach hold for them.
    """
    for name, columns in RISING:
        if name in tables:
            _check_rising(tables[name], columns, findings)
    if "actions" in tables:
        actions = tables["actions"]
        _check_others(actions, findings)
        _check_quarters(actions, findings)
        accounts = tables["accounts"].frame if "accounts" in tables else None
        _check_reach(actions, [people] if accounts is None else [accounts, people], findings)
        _check_functions(actions, config, findings)
    if "action_effects" in tables:
        _check_drivers(tables["action_effects"], codebook, findings)
    if "communications" in tables:
        _check_audience(tables["communications"], findings)
    promises.check_promises(tables, codebook, config, findings)


def _check_rising(typed: Typed, columns: tuple[str, ...], findings: Findings) -> None:
    there = [name for name in columns if name in typed.frame]
    for low, high in pairwise(there):
        below = typed.frame[high] < typed.frame[low]
        advice = f"Put them in order: {', '.join(there)}, none below the one before it."
        report_rows(typed, below, high, f"is below {low} of its row", advice, findings)


def _check_others(typed: Typed, findings: Findings) -> None:
    """Ids that ``requires`` and ``excludes`` name, and circles of what requires what."""
    frame = typed.frame
    if "action_id" not in frame:
        return
    ids = frame["action_id"].astype("object")
    names = dict(zip(_names(frame), ids, strict=True))
    for column in ("requires", "excludes"):
        if column not in frame:
            continue
        for place, text in enumerate(frame[column]):
            problem = _unknown(text, str(ids.iloc[place]), list(ids.dropna()), names)
            if problem:
                file, row = typed.raw.where(place)
                findings.error(file, *problem, row=row, column=column, found=str(text))
    if "requires" in frame:
        _check_circles(typed, findings)


def _names(frame: pd.DataFrame) -> list[str]:
    names = frame["name"] if "name" in frame else pd.Series("", frame.index)
    return [str(name).strip().casefold() for name in names]


def _unknown(text: object, own: str, ids: list[str], names: Mapping[str, str]) -> tuple[str, ...]:
    """What is wrong with ids in one cell, and what to write; nothing where all are known."""
    if not isinstance(text, str) or not text.strip():
        return ()
    for part in (part.strip() for part in re.split(r"[;,]", text)):
        if part.casefold() in names and part not in ids:
            return (
                f"names an action, {part}, by its name",
                f"Write its id, {names[part.casefold()]}.",
            )
        for one in part.split():
            if one == own:
                return "is the action itself", "Take it out."
            if one not in ids:
                return f"names {one}, which is no action_id of the list", advice_for(one, ids)
    return ()


def _check_circles(typed: Typed, findings: Findings) -> None:
    """Actions that wait for each other: neither could ever begin."""
    frame = typed.frame
    needs = {
        str(own): [i for i in re.split(r"[;,\s]+", str(text)) if i and i != str(own)]
        for own, text in zip(frame["action_id"], frame["requires"], strict=True)
        if isinstance(text, str)
    }
    for place, own in enumerate(frame["action_id"].astype("object")):
        path = _way_back(str(own), needs)
        if path and str(own) == min(path):
            file, row = typed.raw.where(place)
            told = ", which requires ".join([*path[1:], str(own)])
            problem = f"goes round in a circle: {own} requires {told}"
            advice = "Take one of them out: none of these could begin."
            findings.error(file, problem, advice, row=row, column="requires")


def _way_back(own: str, needs: Mapping[str, list[str]]) -> list[str]:
    """The ids from one to itself again; nothing where no way leads back."""
    seen, ways = {own}, [[own]]
    while ways:
        way = ways.pop(0)
        for following in needs.get(way[-1], []):
            if following == own:
                return way
            if following not in seen:
                seen.add(following)
                ways.append([*way, following])
    return []


def _check_quarters(typed: Typed, findings: Findings) -> None:
    if "earliest_quarter" not in typed.frame:
        return
    texts = typed.frame["earliest_quarter"].astype("object")
    odd = texts.map(lambda t: isinstance(t, str) and QUARTER.fullmatch(t.strip()) is None)
    odd &= texts.notna() & texts.ne("")
    problem, advice = "is not a quarter", "Write it as 2026Q4."
    report_rows(typed, odd, "earliest_quarter", problem, advice, findings)


def _check_reach(typed: Typed, lists: list[pd.DataFrame], findings: Findings) -> None:
    if "reach" not in typed.frame:
        return
    for place, rule in enumerate(typed.frame["reach"].astype("object")):
        if not isinstance(rule, str):
            continue
        problem, advice = rule_problem(rule, lists)
        if problem:
            file, row = typed.raw.where(place)
            findings.error(file, problem, advice, row=row, column="reach", found=rule)


def _check_functions(typed: Typed, config: Config, findings: Findings) -> None:
    """Functions whose days are declared and that no action is of."""
    days = config.parameters.get("actions", {}).get("effort_days")
    if not isinstance(days, Mapping) or "function" not in typed.frame:
        return
    there = sorted({str(name) for name in typed.frame["function"].dropna()})
    for name in (str(name) for name in days):
        if name not in there:
            problem = f"is the function of no action in {typed.raw.file}"
            column = "parameters.actions.effort_days"
            advice = advice_for(name, there)
            findings.error("client.yml", problem, advice, column=column, found=name)


def _check_drivers(typed: Typed, codebook: Codebook, findings: Findings) -> None:
    if "driver" not in typed.frame or not codebook.questions:
        return
    rated = {q.variable: q for q in codebook.questions if q.scaled}
    labels = {q.label.strip().casefold(): q.variable for q in rated.values() if q.label}
    names = typed.frame["driver"].astype("object")
    for name in names.dropna().unique():
        rows = names.eq(name)
        if name in rated:
            _check_size(typed, rows, rated[name].low, rated[name].high, findings)
            continue
        meant = labels.get(str(name).strip().casefold()) or nearest(str(name), rated)
        known = codebook.get(str(name)) is not None
        problem = "is no rated question" if known else "is not a variable of codebook.csv"
        advice = f"Write {meant}." if meant else advice_for(str(name), rated)
        report_rows(typed, rows, "driver", problem, advice, findings)


def _check_size(
    typed: Typed, rows: pd.Series, low: float | None, high: float | None, findings: Findings
) -> None:
    """Changes of more points than the scale of the driver has."""
    if low is None or high is None:
        return
    problem = f"is more than the {high - low:g} points from {low:g} to {high:g} of its driver"
    for column in ("change_low", "change_mid", "change_high"):
        if column in typed.frame and typed.frame[column].dtype.kind == "f":
            beyond = rows & (typed.frame[column].abs() > high - low)
            advice = "Write by how many points of its scale it moves the rating."
            report_rows(typed, beyond, column, problem, advice, findings)


def _check_audience(typed: Typed, findings: Findings) -> None:
    """Promises of which none is to customers, as the handbook calls them."""
    if "audience" not in typed.frame:
        return
    names = typed.frame["audience"].dropna().astype("object").map(lambda t: str(t).strip())
    if names.empty or names.str.casefold().eq(AUDIENCE).any():
        return
    said = [f'"{name}"' for name in names.unique()[:3]]
    problem = f"is {AUDIENCE} in no row, so that none counts as a promise to them"
    advice = (
        f"Where {said[0]} are customers, declare `formats: {{communications: {{values: {{audience: "
        f"{{{AUDIENCE}: [{', '.join(said)}]}}}}}}}}` in client.yml, with their words alone."
    )
    found = str(names.iloc[0])
    findings.warn(typed.raw.file, problem, advice, column="audience", found=found)
