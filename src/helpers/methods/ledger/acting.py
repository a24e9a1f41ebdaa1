"""What funded actions will have brought by the next wave: adoption, change and reach, drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from helpers.errors import NotEstimable
from helpers.methods import actions as candidates
from helpers.methods.actions import Planned, Stated
from helpers.methods.ledger.predicting import half_width

__all__ = ["METRIC", "effects_of", "effects_predicted", "in_force", "moved", "no_effects"]

METRIC = "effect of {action} on {driver}"  # what a claim about one action is called
COLUMNS = ["action_id", "driver", "mean", "variance", "reach", "in_force"]


def no_effects() -> pd.DataFrame:
    """Effects of no action at all.

    >>> len(no_effects())
    0
    """
    return pd.DataFrame(columns=COLUMNS)


def in_force(
    chosen: pd.DataFrame | None,
    listed: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    delivered: pd.Series | None = None,
    wave_day: pd.Timestamp | None = None,
) -> pd.Series:
    """The day from which each funded action works, by its id.

    One that starts in the plan's first quarter starts on the day the data stand, one of a later
    quarter on that quarter's first day; it works after as many months as it takes. What was
    delivered by the day of the wave is in its answers already, and is left out.

    Parameters
    ----------
    chosen
        Candidates as the actions chapter hands them on: action_id, funded, starts; nothing is
        funded where it made none.
    listed
        The client's list: action_id, months.
    delivered
        The day each action was delivered, by its id; none was if not given.
    wave_day
        The day of the last wave; the day the data stand if not known.

    Examples
    --------
    >>> chosen = pd.DataFrame({"action_id": ["A", "B"], "funded": True,
    ...                        "starts": ["2026Q3", "2027Q1"]})
    >>> listed = pd.DataFrame({"action_id": ["A", "B"], "months": [4, 2]})
    >>> in_force(chosen, listed, as_of=pd.Timestamp("2026-06-30")).dt.strftime("%F").tolist()
    ['2026-10-30', '2027-03-01']
    >>> sent = pd.Series({"A": pd.Timestamp("2026-01-22")})
    >>> in_force(chosen, listed, as_of=pd.Timestamp("2026-06-30"), delivered=sent).index.tolist()
    ['B']
    """
    if chosen is None:
        return pd.Series(dtype="datetime64[ns]")
    seen = as_of if wave_day is None or pd.isna(wave_day) else wave_day
    done = set() if delivered is None else set(delivered.index[delivered <= seen].astype(str))
    ids = chosen["action_id"].astype(str).str.strip()
    funded = chosen[chosen["funded"].astype(bool) & ~ids.isin(done)]
    first = candidates.first_quarter(as_of)
    months = pd.to_numeric(listed.set_index(listed["action_id"].astype(str))["months"])
    days = {}
    for action, starts in zip(funded["action_id"].astype(str), funded["starts"], strict=True):
        quarter = pd.Period(starts, freq="Q") if starts else first
        begins = as_of if quarter <= first else quarter.start_time.normalize()
        takes = int(np.ceil(float(np.nan_to_num(months.get(action, 0.0)))))
        days[action] = begins + pd.DateOffset(months=takes)
    return pd.Series(days, dtype="datetime64[ns]")


def effects_of(
    listed: pd.DataFrame,
    effects: pd.DataFrame,
    working: pd.Series,
    reaches: Mapping[str, float],
    *,
    drivers: Sequence[str],
    by: pd.Timestamp,
    as_of: pd.Timestamp,
    stated: Stated | None = None,
    draws: int = 1000,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """What each funded action that works before a day brings to each driver it moves.

    Adoption times change is drawn as the actions chapter draws it, from what the client states.

    Parameters
    ----------
    working
        As `in_force` gives it.
    reaches
        Share of respondents whom each action reaches.
    by
        The day of the next wave: what works later moves nothing in it.

    Returns
    -------
    DataFrame
        action_id, driver, mean and variance (rating points of those reached), reach, in_force;
        no row where nothing works in time.
    """
    timely = [str(action) for action, day in working.items() if day <= by]
    if not timely:
        return no_effects()
    try:
        known = candidates.listed(listed, effects, drivers=drivers, reaches=reaches, as_of=as_of)
    except NotEstimable:
        return no_effects()
    ones = pd.DataFrame(1.0, index=range(draws), columns=list(drivers))
    worth = candidates.worth_of(
        known, ones, np.ones((1, draws)), pd.DataFrame({0: True}, index=list(known.ids)),
        headroom=dict.fromkeys(drivers, 1.0), planned=Planned(), stated=stated, rng=rng,
    )  # fmt: skip
    gains = worth.gains
    rows = [
        (known.ids[action], drivers[driver], float(change.mean()), float(change.var()),
         float(reaches[known.ids[action]]), working[known.ids[action]])
        for action, driver, change in zip(gains.action, gains.driver, gains.change, strict=True)
        if known.ids[action] in timely
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)


def moved(effects: pd.DataFrame) -> pd.DataFrame:
    """By driver, what all actions together bring to everybody's mean: mean and variance.

    >>> rows = pd.DataFrame({"driver": ["ease", "ease"], "mean": [0.4, 0.2],
    ...                      "variance": [0.04, 0.01], "reach": [1.0, 0.5]})
    >>> moved(rows).loc["ease"].round(4).tolist()
    [0.5, 0.0425]
    """
    reach = effects["reach"].astype(float)
    whole = pd.DataFrame({
        "mean": effects["mean"].astype(float) * reach,
        "variance": effects["variance"].astype(float) * reach**2,
    })  # fmt: skip
    return whole.groupby(effects["driver"]).sum()


def effects_predicted(
    effects: pd.DataFrame, scores: pd.DataFrame, *, confidence: float = 0.95
) -> pd.DataFrame:
    """What each action in time will be seen to have changed among those it reaches.

    The doubt of its effect, the errors of both samples (the larger, and of the fewer degrees of
    freedom, the fewer it reaches) and the drift of the driver add up, as in `predicted`.

    Parameters
    ----------
    effects
        As `effects_of` gives them.
    scores
        As `predicted` gives them.

    Returns
    -------
    DataFrame
        metric, predicted, low, high.

    Examples
    --------
    >>> effects = pd.DataFrame({"action_id": ["A"], "driver": ["ease"], "mean": [0.4],
    ...                         "variance": [0.01], "reach": [0.5]})
    >>> scores = pd.DataFrame({"metric": ["ease"], "sampling": [0.01], "drifting": [0.01],
    ...                        "freedom": [40.0], "drift_freedom": [4.0]})
    >>> effects_predicted(effects, scores).round(2).values.tolist()
    [['effect of A on ease', 0.4, -0.01, 0.81]]
    """
    own = scores.set_index("metric")
    rows = []
    for _, row in effects[effects["driver"].isin(own.index)].iterrows():
        error = own.loc[row["driver"]]
        reach = max(float(row["reach"]), 1e-9)
        parts = (error["sampling"] / reach, error["drifting"], float(row["variance"]))
        freedom = (error["freedom"] * reach, error["drift_freedom"])
        half = half_width(parts, freedom, confidence=confidence)
        metric = METRIC.format(action=row["action_id"], driver=row["driver"])
        rows.append((metric, row["mean"], row["mean"] - half, row["mean"] + half))
    return pd.DataFrame(rows, columns=["metric", "predicted", "low", "high"])
