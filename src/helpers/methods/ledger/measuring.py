"""What this run's data say of each claim that is due."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import pandas as pd

from helpers.errors import NotEstimable
from helpers.methods.ledger.levels import Levels
from helpers.methods.ledger.losing import months_of
from helpers.methods.ledger.scoring import EFFECT, Actual
from helpers.methods.survey import Estimate

__all__ = ["actuals", "following", "same_name"]

UNKNOWN = Actual(state="unknown")
Lost = Callable[[str, pd.Timestamp, int], Mapping[str, float] | None]
Change = Callable[[str, str, tuple[str, str]], Estimate]


def same_name(metric: str, known: Mapping[str, str]) -> str | None:
    """The metric that a ledger means, however it is written; ``None`` where none is meant.

    Parameters
    ----------
    known
        Names by which a metric may be called (its own, its question, its label), folded to
        small letters, each with the metric.

    Examples
    --------
    >>> same_name("Loyalty", {"loyalty": "loyalty_index"}), same_name("speed", {})
    ('loyalty_index', None)
    """
    return known.get(" ".join(metric.split()).casefold())


def following(
    levels: Levels, wave: str, due: pd.Timestamp, dates: Mapping[str, pd.Timestamp]
) -> str | None:
    """The wave that a claim is about: the one after its own, or the last one before it is due.

    The second where the claim's own wave is not among these data.
    """
    if wave in levels.waves:
        return levels.after(wave)
    there = [(dates[w], w) for w in levels.waves if pd.notna(dates.get(w, pd.NaT))]
    return max(((day, w) for day, w in there if day <= due), default=(None, None))[1]


def actuals(
    ledger: pd.DataFrame,
    levels: Levels,
    *,
    known: Mapping[str, str],
    dates: Mapping[str, pd.Timestamp],
    delivered: pd.Series,
    change: Change | None = None,
    lost: Lost | None = None,
) -> dict[str, Actual]:
    """Measure every claim of a ledger that these data can.

    Parameters
    ----------
    known
        As `same_name` takes them.
    dates
        The day of each wave.
    delivered
        The day each action was delivered, by its id: the effect of another was not tried.
    change
        Change of a driver among those whom an action reaches, between two waves.
    lost
        What was lost of the accounts that answered a wave, in so many months after a day.
    """
    found = {}
    for _, row in ledger.iterrows():
        metric, wave, due = str(row["metric"]), str(row["wave"]), row.get("due", pd.NaT)
        if months_of(metric):
            found[str(row["claim_id"])] = _lost(metric, wave, due, lost)
        elif effect := EFFECT.fullmatch(metric):
            about = (wave, following(levels, wave, due, dates))
            found[str(row["claim_id"])] = _effect(effect, about, dates, delivered, change)
        else:
            meant = same_name(metric, known)
            about_wave = following(levels, wave, due, dates)
            level = None if meant is None or about_wave is None else levels.of(meant, about_wave)
            found[str(row["claim_id"])] = (
                UNKNOWN if meant is None else Actual() if level is None
                else Actual(float(level["value"]), float(level["low"]), float(level["high"]),
                            int(level["base"]))
            )  # fmt: skip
    return found


def _lost(metric: str, wave: str, due: pd.Timestamp, lost: Lost | None) -> Actual:
    which = months_of(metric)
    if lost is None or which is None or pd.isna(due):
        return Actual()
    name, months = which
    told = lost(wave, due - pd.DateOffset(months=months), months)
    value = float("nan") if told is None else float(told[name])
    return Actual(value, value, value, 0 if told is None else int(told["accounts"]))


def _effect(
    named: re.Match[str], about: tuple[str, str | None], dates: Mapping[str, pd.Timestamp],
    delivered: pd.Series, change: Change | None,
) -> Actual:  # fmt: skip
    action, driver = named[1], named[2]
    before, after = about
    if after is None or before not in dates or change is None:
        return Actual()
    day = delivered.get(action, pd.NaT)
    if pd.isna(day) or not dates[before] < day <= dates[after]:
        return Actual(state="not delivered")
    try:
        made = change(action, driver, (before, after))
    except (NotEstimable, KeyError):
        return Actual()
    return Actual(made.value, made.low, made.high, made.base)
