"""How far staff misjudge what customers say of each driver."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import t as student

from helpers.errors import NotEstimable
from helpers.methods import survey
from helpers.methods.alignment.paid import same_function
from helpers.methods.alignment.teams import mean_of, teams_of
from helpers.methods.claims import level
from helpers.methods.multiplicity import holm
from helpers.methods.survey import Estimate, SurveyDesign

__all__ = ["Gaps", "gaps"]

GUESS = "guess_"
OWNER = ["owner_gap", "owner_gap_low", "owner_gap_high"]
COLUMNS = ["driver", "guess", "guess_low", "guess_high", "staff", "mean", "mean_low", "mean_high",
           "base", "gap", "gap_low", "gap_high", "p", "owner", *OWNER, "owner_staff"]  # fmt: skip


@dataclass(frozen=True)
class Gaps:
    """What staff guess that customers say of each driver, less what customers say.

    Attributes
    ----------
    table
        One row a driver, the largest gap first: ``driver``; ``guess`` of ``staff`` employees and
        ``mean`` of ``base`` customers, each with its ends; ``gap`` with its ends, ``p``,
        ``p_family`` (Holm, over the drivers) and ``verdict`` (*overrated*, *underrated*, *not
        clear*); ``owner`` (the function that owns it) with ``owner_gap``, its ends, and
        ``owner_staff``, missing where too few of that function guessed.
    """

    table: pd.DataFrame
    confidence: float
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not np.allclose(self.table["gap"], self.table["guess"] - self.table["mean"]):
            raise ValueError("a gap is not the guess less what customers say")

    @property
    def clear(self) -> pd.DataFrame:
        """Drivers that staff misjudge beyond doubt, the largest gap first."""
        return self.table[self.table["verdict"] != "not clear"]


def gaps(
    sent: pd.DataFrame,
    ratings: pd.DataFrame,
    design: SurveyDesign,
    *,
    scales: Mapping[str, tuple[float, float]],
    turned: Collection[str] = (),
    owners: Mapping[str, str] | None = None,
    away: Collection[str] = (),
    smallest: int = 5,
    smallest_customers: int = 10,
    confidence: float = 0.95,
) -> Gaps:
    """Set each guess of the staff against what customers say, by the customers' survey design.

    Staff are a sample of teams (a function in a unit) as far as units are known, else of people,
    and independent of customers. Each of the two has its own spread and degrees of freedom
    (Welch's test). Over drivers, claims are Holm's. Where nobody differs no gap is clear.

    Parameters
    ----------
    sent
        ``employee_survey`` of one wave: function, unit, and guess_<driver> on the driver's own
        scale.
    ratings
        Customers' ratings of the same wave, a column a driver, high always good.
    design
        That of these customers.
    scales, turned
        Lowest and highest answer of each driver, and drivers whose ratings were turned round.
    owners
        The function that owns each driver; ``away`` are functions too small to be shown.
    smallest, smallest_customers
        Fewest employees, and customers, of whom a number is shown.

    References
    ----------
    Welch (1947), Biometrika 34; Holm (1979), Scandinavian Journal of Statistics 6.

    Raises
    ------
    NotEstimable
        If no driver was both guessed by ``smallest`` employees and rated by enough customers.

    Examples
    --------
    >>> sent = pd.DataFrame({"function": ["Sales"] * 6, "guess_speed": [8, 7, 9, 8, 8, 8]})
    >>> ratings = pd.DataFrame({"speed": [6.0, 5, 7, 6, 6, 6, 7, 5, 6, 6]})
    >>> found = gaps(sent, ratings, SurveyDesign(), scales={"speed": (0, 10)})
    >>> found.table[["driver", "gap", "verdict"]].values.tolist()
    [['speed', 2.0, 'overrated']]
    """
    teams = teams_of(sent)
    guessed, notes = _guesses(sent, list(map(str, ratings)), scales, turned)
    made = []
    for driver in map(str, guessed):
        given, said = guessed[driver].dropna(), ratings[driver]
        rated = int(design.answers(said).notna().sum())
        if len(given) >= max(smallest, 2) and rated >= max(smallest_customers, 2):
            owner = (owners or {}).get(driver, "")
            mine = given[[same_function(f) == same_function(owner) != ""
                          for f in sent.loc[given.index, "function"]]]  # fmt: skip
            hidden = same_function(owner) in map(same_function, away)
            alone = mine if len(mine) >= max(smallest, 2) and not hidden else mine.iloc[:0]
            made.append(_row(driver, given, alone, owner, said, teams, design, confidence))
    if not made:
        raise NotEstimable(
            f"no driver was guessed by {smallest} employees (guess_<driver> of employee_survey) "
            f"and rated by {smallest_customers} customers"
        )
    return Gaps(_judged(pd.DataFrame(made, columns=COLUMNS), confidence), confidence, tuple(notes))


def _guesses(
    sent: pd.DataFrame, drivers: list[str], scales: Mapping[str, tuple[float, float]],
    turned: Collection[str],
) -> tuple[pd.DataFrame, list[str]]:  # fmt: skip
    """Guesses by driver, on the scale and in the direction of the customers' ratings."""
    names = [str(c).removeprefix(GUESS) for c in sent if str(c).startswith(GUESS)]
    found, notes = {}, []
    for name in names:
        if name not in drivers:
            notes.append(f"guess_{name} is of no driver that customers rate, and is left out")
            continue
        guess, (low, high) = sent[f"{GUESS}{name}"].astype(float), scales[name]
        outside = guess.notna() & ~guess.between(low, high)
        if outside.any():
            notes.append(f"{int(outside.sum()):,} guesses of {name.replace('_', ' ')} lie outside "
                         f"its scale of {low:g} to {high:g}, and are left out")  # fmt: skip
        kept = guess.mask(outside)
        found[name] = low + high - kept if name in turned else kept
    return pd.DataFrame(found, index=sent.index), notes


def _row(
    driver: str, guessed: pd.Series, mine: pd.Series, owner: str, said: pd.Series,
    teams: pd.Series, design: SurveyDesign, confidence: float,
) -> tuple[object, ...]:  # fmt: skip
    guess = mean_of(guessed, teams, confidence)
    mean = survey.mean(said, design, confidence=confidence)
    own = mean_of(mine, teams, confidence) if len(mine) else None
    apart = (np.nan,) * 3 if own is None else _less(own, mean, confidence)[:3]
    return (
        driver, guess.value, guess.low, guess.high, guess.base, mean.value, mean.low, mean.high,
        mean.base, *_less(guess, mean, confidence), owner, *apart,
        np.nan if own is None else own.base,
    )  # fmt: skip


def _less(guess: Estimate, mean: Estimate, confidence: float) -> tuple[float, float, float, float]:
    """The guess less the customers' mean, with its ends and p: two samples of their own spread.

    Of a design of few accounts and of a large staff neither lends the other its degrees. Where
    nobody differs on either side, nothing tells how far chance reaches: p is 1.
    """
    value, parts = guess.value - mean.value, (guess.standard_error**2, mean.standard_error**2)
    error = float(np.sqrt(sum(parts)))
    if error == 0:
        return value, value, value, 1.0
    freedom = error**4 / sum(
        v**2 / e.degrees_of_freedom for v, e in zip(parts, (guess, mean), strict=True)
    )
    half = float(student.ppf((1 + confidence) / 2, freedom)) * error
    return value, value - half, value + half, float(2 * student.sf(abs(value) / error, freedom))


def _judged(table: pd.DataFrame, confidence: float) -> pd.DataFrame:
    family = holm(table["p"])
    named = np.where(table["gap"] > 0, "overrated", "underrated")
    verdict = np.where(family < level(confidence), named, "not clear").astype(object)
    rows = table.assign(p_family=family, verdict=verdict)
    return rows.sort_values("gap", key=lambda x: -x.abs(), kind="stable").reset_index(drop=True)
