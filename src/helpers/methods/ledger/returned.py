"""What delivered actions cost, and what the ratings they work on did among those reached."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from helpers.errors import NotEstimable
from helpers.methods import survey
from helpers.methods.multiplicity import holm
from helpers.methods.survey import SurveyDesign

__all__ = [
    "Returned", "among", "change_among", "change_of", "delivered", "returned", "worth_of_rise",
]  # fmt: skip

DAYS_A_YEAR = 365.25
WHAT = ["action_id", "name", "delivered", "spent", "driver", "before", "after", "change", "low",
        "high", "p", "base", "verdict"]  # fmt: skip
VERDICTS = ("rose", "fell", "not clear", "not measured")


@dataclass(frozen=True)
class Returned:
    """Each delivered action with what was spent on it and what its drivers did.

    ``table`` has a row an action and driver: delivered, spent (once and for the time since; the
    same in each row of an action), the waves ``before`` and ``after``, the change among those
    reached with low and high, p (corrected for all of them), base, and a verdict.
    """

    table: pd.DataFrame

    def __post_init__(self) -> None:
        if not set(self.table["verdict"]) <= set(VERDICTS):
            raise ValueError(f"verdicts are {', '.join(VERDICTS)}")

    @property
    def actions(self) -> int:
        """Actions delivered."""
        return int(self.table["action_id"].nunique())

    @property
    def spent(self) -> float:
        """What all of them cost; an action without a cost counts nothing."""
        return float(self.table.drop_duplicates("action_id")["spent"].sum())

    @property
    def verdict(self) -> str:
        """Whether any rating of those reached ``rose`` or ``fell`` clearly; both are ``mixed``."""
        told = set(self.table["verdict"])
        if {"rose", "fell"} <= told:
            return "mixed"
        return next((v for v in VERDICTS if v in told), "not measured")


def delivered(communications: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.Series:
    """The first day on which each action was delivered, by its id.

    >>> sent = pd.DataFrame({"action_id": ["A", "A", "B"], "delivered_at": pd.to_datetime(
    ...     ["2026-02-01", "2026-01-01", None])})
    >>> delivered(sent, as_of=pd.Timestamp("2026-06-30")).dt.strftime("%F").to_dict()
    {'A': '2026-01-01'}
    """
    if not {"action_id", "delivered_at"} <= set(communications):
        return pd.Series(dtype="datetime64[ns]")
    done = communications.dropna(subset=["action_id", "delivered_at"])
    done = done[done["delivered_at"] <= as_of]
    named = done["action_id"].astype(str).str.strip()
    return done["delivered_at"].groupby(named[named != ""]).min().sort_index()


def change_of(
    values: pd.Series,
    waves: pd.Series,
    pair: tuple[str, str],
    design: SurveyDesign,
    *,
    smallest: int = 2,
    confidence: float = 0.95,
) -> survey.Estimate:
    """The change of a mean between two waves; values are missing for people who do not count.

    Raises
    ------
    NotEstimable
        Where either wave has fewer answers than ``smallest``.

    Examples
    --------
    >>> waves = pd.Series(["w1"] * 3 + ["w2"] * 3)
    >>> change_of(pd.Series([5.0, 6, 7, 7, 8, 9]), waves, ("w1", "w2"), SurveyDesign()).value
    2.0
    """
    before, after = (values.reindex(waves.index).where(waves == wave) for wave in pair)
    few = min(int(side.notna().sum()) for side in (before, after))
    if few < smallest:
        raise NotEstimable(f"the base is too small: {few} answers; {smallest} are needed")
    weighted = design.parts is None or set(pair) <= set(design.weighted_waves)
    used = design if weighted else design.without("weights")
    return survey.difference(before, after, used, confidence=confidence)


def among(part: pd.Series, reach: pd.DataFrame) -> pd.DataFrame:
    """Whether each respondent (row) is reached by each action (column).

    Parameters
    ----------
    part
        The part of the respondents that each is in: the same actions reach all of a part.
    reach
        Actions by parts.

    Examples
    --------
    >>> among(pd.Series([0, 1]), pd.DataFrame({0: [True], 1: [False]}, index=["A"]))["A"].tolist()
    [True, False]
    """
    held = reach.T.reindex(part).set_axis(part.index)
    return held.fillna(False).astype(bool)


def change_among(
    action: str,
    driver: str,
    pair: tuple[str, str],
    *,
    ratings: pd.DataFrame,
    reached: pd.DataFrame,
    waves: pd.Series,
    design: SurveyDesign,
    smallest: int = 2,
    confidence: float = 0.95,
) -> survey.Estimate:
    """The change of a driver's mean rating among those whom an action reaches.

    Raises
    ------
    NotEstimable
        Where either wave has fewer answers than ``smallest``, or so few of people who are not
        reached that the mean of all would give theirs away.
    KeyError
        Where the action or the driver is not known.

    Examples
    --------
    >>> waves = pd.Series(["w1"] * 3 + ["w2"] * 3)
    >>> found = change_among("A", "ease", ("w1", "w2"), waves=waves, design=SurveyDesign(),
    ...     ratings=pd.DataFrame({"ease": [5.0, 6, 7, 7, 8, 9]}),
    ...     reached=pd.DataFrame({"A": [True] * 6}))
    >>> found.value
    2.0
    """
    there = reached[action]
    values = ratings[driver].where(there)
    others = waves[ratings[driver].notna().reindex(waves.index) & ~there].value_counts()
    if any(0 < others.get(wave, 0) < smallest for wave in pair):
        raise NotEstimable("too few people are not reached to tell of the others")
    return change_of(values, waves, pair, design, smallest=smallest, confidence=confidence)


def returned(
    when: pd.Series,
    actions: pd.DataFrame,
    effects: pd.DataFrame,
    ratings: pd.DataFrame,
    waves: pd.Series,
    design: SurveyDesign,
    *,
    reached: pd.DataFrame,
    dates: Mapping[str, pd.Timestamp],
    as_of: pd.Timestamp,
    smallest: int = 30,
    confidence: float = 0.95,
) -> Returned:
    """Set what was spent beside the change of each driver among those reached.

    The last wave before the delivery is compared with the first after it. A change has a
    direction where it is clear among all that are looked at (Holm). It is a before-and-after
    comparison: other things changed too, and what was low by luck comes back by itself.

    Parameters
    ----------
    when
        As `delivered` gives it.
    actions
        action_id, name, cost_once, cost_year.
    effects
        action_id, driver.
    ratings
        A column a driver, a row a respondent of any wave.
    reached
        Whether each respondent (row) is reached by each action (column).
    dates
        The day of each wave.
    smallest
        Answers needed in each wave.

    Raises
    ------
    NotEstimable
        Where no listed action was delivered.
    """
    listed = actions.assign(action_id=actions["action_id"].astype(str)).set_index("action_id")
    known = [action for action in when.index if action in listed.index]
    if not known:
        raise NotEstimable("no action of the list was delivered yet")
    rows = []
    for action in known:
        spent = _spent(listed.loc[action], when[action], as_of)
        head = {"action_id": action, "name": listed["name"].get(action, action),
                "delivered": when[action], "spent": spent}  # fmt: skip
        own = effects[effects["action_id"].astype(str) == action]
        pair = _around(when[action], dates)
        change = partial(
            change_among, action, ratings=ratings, reached=reached, waves=waves, design=design,
            smallest=smallest, confidence=confidence,
        )  # fmt: skip
        for driver in own["driver"].astype(str).unique():
            rows.append(head | {"driver": driver} | _changed(change, driver, pair))
        if own.empty:
            rows.append(head | {"driver": ""} | _unmeasured(pair))
    return Returned(_judged(pd.DataFrame(rows, columns=WHAT), confidence))


def worth_of_rise(
    found: Returned | None, actions: pd.DataFrame, effects: pd.DataFrame,
    gains: pd.DataFrame | None,
) -> tuple[float, float, float] | None:  # fmt: skip
    """Money that goes with the ratings that rose, by the link that the actions chapter uses.

    That chapter says what an action would bring if it changed its driver as stated; the same is
    taken for the change that was seen, in proportion. Only ratings that rose clearly count, of
    actions that move one driver and claim no saving. Where several delivered actions work on a
    driver between the same two waves, its rise is shared over them by the change that each
    states. The ends are the least and the most that both ranges together allow, so the range is
    wide rather than narrow.

    Parameters
    ----------
    gains
        As the actions chapter hands on its candidates: action_id, gain, low, high (money).

    Returns
    -------
    tuple or None
        Money with both ends; nothing where no such rating rose.

    Examples
    --------
    >>> rose = pd.DataFrame({"action_id": ["A"], "spent": 9.0, "driver": "ease", "change": 0.3,
    ...                      "before": "w1", "after": "w2", "low": 0.1, "high": 0.5,
    ...                      "verdict": "rose"})
    >>> listed = pd.DataFrame({"action_id": ["A"], "adoption_mid": [0.5]})
    >>> moved = pd.DataFrame({"action_id": ["A"], "driver": "ease", "change_mid": [1.2]})
    >>> brings = pd.DataFrame({"action_id": ["A"], "gain": 600.0, "low": 120.0, "high": 900.0})
    >>> [round(end) for end in worth_of_rise(Returned(rose), listed, moved, brings)]
    [300, 20, 750]
    """
    if found is None or gains is None:
        return None
    moved = effects.assign(action_id=effects["action_id"].astype(str))
    several = moved["action_id"][moved["action_id"].duplicated()]
    listed = actions.assign(action_id=actions["action_id"].astype(str)).set_index("action_id")
    saving = listed.get("saving_year", pd.Series(0.0, listed.index)).fillna(0)
    money = gains.set_index(gains["action_id"].astype(str))[["gain", "low", "high"]]
    rows = _with_stated(found.table, moved, listed)
    alone = ~rows["action_id"].isin(several) & (rows["stated"] > 0)
    rose = rows[alone & (rows["verdict"] == "rose") & rows["action_id"].map(saving == 0)]
    both = rose.join(money.add_prefix("money_"), on="action_id", how="inner")
    if both.empty:
        return None
    middle = float((both["money_gain"] * both["change"] / both["shared"]).sum())
    corners = pd.concat(
        [both[m] * both[c] / both["shared"] for m in ("money_low", "money_high")
         for c in ("low", "high")], axis=1,
    )  # fmt: skip
    low, high = float(corners.min(axis=1).sum()), float(corners.max(axis=1).sum())
    return middle, min(low, middle), max(high, middle)


def _with_stated(
    table: pd.DataFrame, moved: pd.DataFrame, listed: pd.DataFrame
) -> pd.DataFrame:  # fmt: skip
    """Rows with the change that the action states, and all that share the rise state together."""
    taken = listed.get("adoption_mid", pd.Series(1.0, listed.index)).fillna(1.0)
    means = moved["change_mid"] * moved["action_id"].map(taken)
    stated = means.groupby([moved["action_id"], moved["driver"].astype(str)]).sum(min_count=1)
    rows = table.join(stated.rename("stated"), on=["action_id", "driver"])
    same = [rows["driver"], rows["before"], rows["after"]]
    return rows.assign(shared=rows["stated"].clip(lower=0).groupby(same).transform("sum"))


def _spent(row: pd.Series, day: pd.Timestamp, as_of: pd.Timestamp) -> float:
    once, yearly = (float(np.nan_to_num(pd.to_numeric(row.get(name, np.nan))))
                    for name in ("cost_once", "cost_year"))  # fmt: skip
    return once + yearly * (as_of - day).days / DAYS_A_YEAR


def _around(day: pd.Timestamp, dates: Mapping[str, pd.Timestamp]) -> tuple[str | None, str | None]:
    """The last wave before a day, and the first from it on."""
    order = sorted((date, wave) for wave, date in dates.items() if pd.notna(date))
    before = [wave for date, wave in order if date < day]
    after = [wave for date, wave in order if date >= day]
    return before[-1] if before else None, after[0] if after else None


def _unmeasured(pair: tuple[str | None, str | None]) -> dict[str, object]:
    ends = dict.fromkeys(("change", "low", "high", "p"), np.nan)
    return {"before": pair[0], "after": pair[1], **ends, "base": 0, "verdict": "not measured"}


def _changed(
    change: Callable[..., survey.Estimate], driver: str, pair: tuple[str | None, str | None]
) -> dict[str, object]:
    before, after = pair
    if before is None or after is None:
        return _unmeasured(pair)
    try:
        found = change(driver, (before, after))
    except (NotEstimable, KeyError):
        return _unmeasured(pair)
    return {"before": before, "after": after, "change": found.value, "low": found.low,
            "high": found.high, "p": found.p_value, "base": found.base,
            "verdict": "not clear"}  # fmt: skip


def _judged(table: pd.DataFrame, confidence: float) -> pd.DataFrame:
    p = pd.Series(holm(table["p"].astype(float)), table.index)
    clear = p < 1 - confidence
    verdict = table["verdict"].mask(clear & (table["change"] > 0), "rose")
    return table.assign(p=p, verdict=verdict.mask(clear & (table["change"] < 0), "fell"))
