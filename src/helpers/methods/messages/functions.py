"""What each function is told: the subjects it owns, how customers rate them, and its actions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from helpers.methods.messages.records import proposed_records

__all__ = ["Function", "functions"]

RATED = ["label", "mean", "low", "high", "base", "low_end", "high_end"]


@dataclass(frozen=True)
class Function:
    """One function: ratings of its subjects, actions proposed for it, ids of all its actions."""

    rated: pd.DataFrame  # label, mean, low, high, base, low_end, high_end
    proposed: pd.DataFrame  # as `proposed_records` gives them
    actions: tuple[str, ...]
    staff: int  # people of it who answered the staff survey


def functions(
    owners: Mapping[str, str],
    drivers: pd.DataFrame | None,
    scales: Mapping[str, tuple[float, float]],
    *,
    metrics: pd.DataFrame | None = None,
    actions: pd.DataFrame | None = None,
    candidates: pd.DataFrame | None = None,
    staff: pd.DataFrame | None = None,
    as_of: pd.Timestamp,
) -> dict[str, Function]:
    """Every function with what it is told, by name.

    A function owns a subject that the codebook gives it, or that a metric which it is paid on
    moves.

    Parameters
    ----------
    owners
        Drivers with the function that the codebook names, empty where it names none.
    drivers
        ``driver``, ``label``, ``mean``, ``mean_low``, ``mean_high``, ``base`` of this wave, as the
        drivers chapter hands them on.
    scales
        Ends of each driver's scale; one without is no rating and is left out.
    metrics, actions, candidates
        Tables of the client (``function``, ``driver``; ``action_id``, ``function``), and the
        candidates of the actions chapter.
    staff
        ``wave`` and ``function`` of those who answered the staff survey; the last wave counts.

    Examples
    --------
    >>> rated = pd.DataFrame({"driver": ["delivery"], "label": ["Delivery"], "mean": [6.7],
    ...                       "mean_low": [6.6], "mean_high": [6.9], "base": [750]})
    >>> found = functions({"delivery": "Logistics"}, rated, {"delivery": (0, 10)},
    ...                   as_of=pd.Timestamp("2026-06-30"))
    >>> found["Logistics"].rated["label"].tolist()
    ['Delivery']
    """
    owned: dict[str, list[str]] = {}
    for driver, function in owners.items():
        if function:
            owned.setdefault(function, []).append(driver)
    for driver, function in _paid(metrics):
        owned.setdefault(function, []).append(driver)
    listed = [] if actions is None else list(actions["function"].dropna().astype(str))
    for function in listed:
        owned.setdefault(function, [])
    people = _answered(staff)
    return {
        function: Function(
            _rated(drivers, names, scales),
            proposed_records(candidates, function, as_of=as_of),
            () if actions is None
            else tuple(actions.loc[actions["function"].eq(function), "action_id"].astype(str)),
            people.get(function, 0),
        )
        for function, names in sorted(owned.items())
    }  # fmt: skip


def _paid(metrics: pd.DataFrame | None) -> list[tuple[str, str]]:
    if metrics is None or "driver" not in metrics:
        return []
    known = metrics.dropna(subset=["function"])
    pairs = zip(known["driver"].fillna("").astype(str), known["function"].astype(str), strict=True)
    return list(dict.fromkeys(pairs))


def _answered(staff: pd.DataFrame | None) -> dict[str, int]:
    if staff is None or staff.empty:
        return {}
    last = staff[staff["wave"].eq(staff["wave"].astype(str).max())]
    return {str(name): int(n) for name, n in last["function"].value_counts().items()}


def _rated(
    drivers: pd.DataFrame | None, names: list[str], scales: Mapping[str, tuple[float, float]]
) -> pd.DataFrame:
    if drivers is None or "mean_low" not in drivers:
        return pd.DataFrame(columns=RATED)
    own = drivers[drivers["driver"].isin(names) & drivers["driver"].isin(list(scales))]
    own = own.dropna(subset=["mean"])
    own = own.assign(low=own["mean_low"], high=own["mean_high"])
    ends = own["driver"].map(lambda name: scales[name])
    return own.assign(
        low_end=[float(end[0]) for end in ends], high_end=[float(end[1]) for end in ends]
    )[RATED].reset_index(drop=True)
