"""How likely each person asked was to answer, and how unevenly that likelihood is spread.

Everyone asked is on the list, so what the list knows of those who kept silent tells
whether answers come from all kinds of customers alike. Nothing here sees an answer: a
response that is even in what the list knows may still depend on loyalty itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers.errors import NotEstimable
from helpers.methods import survey
from helpers.methods.claims import OF_NONRESPONSE, level
from helpers.methods.nonresponse.profiles import REST, UNKNOWN, Asked, Factor, factors
from helpers.methods.nonresponse.spread import Spread, response_spread
from helpers.methods.survey import SurveyDesign, disclosure
from helpers.methods.survey.columns import aligned

__all__ = ["Propensity", "Representativity", "response_propensity"]

FEWEST = 10  # people who answered, and who did not


@dataclass(frozen=True, slots=True)
class Representativity:
    """How alike the chances of answering are: 1 if all the same, 0 at worst.

    ``value`` is the R-indicator 1 − 2 S, with S the standard deviation of the response
    propensities, less the part of S² that estimating them adds; ``unadjusted`` leaves
    that part in. ``worst_bias`` is the most by which the mean of the answers can be off
    for this reason, in standard deviations of the answer, with no weights.
    """

    value: float
    low: float
    high: float
    unadjusted: float
    standard_error: float
    worst_bias: float
    worst_bias_high: float
    base: int
    confidence: float

    def __post_init__(self) -> None:
        if not self.low - 1e-9 <= self.value <= self.high + 1e-9 <= 1 + 2e-9:
            raise ValueError(f"R {self.value} lies outside {self.low} to {self.high}")


@dataclass(frozen=True)
class Propensity:
    """Chances of answering by what the list knows, and the R-indicators made of them.

    ``values`` is each person's estimated chance. ``variables`` has the unconditional
    partial R-indicator of each variable, largest first: the standard deviation of the
    response rates of its categories, 0 where they are all alike, 0.5 at most.
    ``table`` has each category: people ``asked`` and ``answered``, the rate with its
    interval, and ``partial``, the signed share it has in its variable's (negative where
    too few answer). ``notes`` says what was merged or left out.
    """

    values: pd.Series
    indicator: Representativity
    variables: pd.DataFrame  # variable, partial, low, high, unadjusted, categories
    table: pd.DataFrame  # variable, category, asked, answered, rate, low, high, partial, withheld
    response_rate: float
    answered: int
    base: int
    clusters: int
    notes: tuple[str, ...] = ()
    least_p: float = float("nan")  # that the lowest rate is as low by chance, of as many rates

    @property
    def lowest(self) -> pd.Series | None:
        """The row of ``table`` with the lowest rate, of those with a name that may be shown."""
        return _lowest(self.table)

    @property
    def verdict(self) -> str:
        """Whether that rate lies clearly below the rate of all: ``below``, or ``not clear``.

        The least of many rates is low by chance as well: ``least_p`` allows for how many there
        are, and the level for the other questions of the chapter.
        """
        clear = self.least_p <= level(self.indicator.confidence, OF_NONRESPONSE)
        return "below" if clear else "not clear"


def response_propensity(
    answered: ArrayLike,
    frame: pd.DataFrame,
    design: SurveyDesign | None = None,
    *,
    smallest: int = 0,
    confidence: float = 0.95,
) -> Propensity:
    """Model who answers by logistic regression on what the list knows of everyone asked.

    The fit is statsmodels' binomial GLM without interactions. Bias and standard error
    of the R-indicator follow the linearisation of Shlomo, Skinner and Schouten, with
    the covariance of the coefficients clustered by account. The interval is made for
    S², where the estimate is close to normal, and carried over to R; it may reach 1.

    Parameters
    ----------
    answered
        True or 1 for each person asked who answered, False or 0 for the others.
    frame
        What the list knows, a row for each person asked: texts as they are, numbers in
        fifths. A missing entry is a category of its own, ``not known``, and categories
        of fewer than ten people are merged.
    smallest
        Fewest people asked for a rate to be in ``table``, and the fewest by which a category
        may differ from others; the rest are ``withheld``.
    design
        That of everyone asked: its weights are 1 / inclusion probability, if the indicator is
        to speak for the whole list, its clusters the account of each person.
    confidence
        Of the intervals.

    Raises
    ------
    NotEstimable
        If fewer than ten answered or fewer than ten did not, if nothing on the list
        varies, or if there are no more accounts than categories.

    References
    ----------
    Schouten, Cobben and Bethlehem (2009), Survey Methodology 35(1); Shlomo, Skinner and
    Schouten (2012), Journal of Statistical Planning and Inference 142(1); de Heij,
    Schouten and Shlomo (2015), RISQ manual 2.1, for the partial indicators.

    Examples
    --------
    >>> tier = pd.DataFrame({"tier": ["A"] * 100 + ["B"] * 100})
    >>> found = response_propensity([1] * 60 + [0] * 40 + [1] * 20 + [0] * 80, tier)
    >>> found.values.iloc[[0, -1]].round(3).tolist(), round(found.indicator.unadjusted, 3)
    ([0.6, 0.2], 0.6)
    """
    came = _answered(answered, frame)
    asked = Asked.of(came, design)
    read, notes = factors(frame)
    if asked.freedom < sum(len(factor.labels) - 1 for factor in read):
        raise NotEstimable(
            f"{asked.accounts} accounts cannot carry {sum(len(f.labels) for f in read)} "
            "categories; use fewer variables, or merge categories"
        )
    spread = response_spread(asked, read)
    table = _shown(_categories(asked, read, confidence), read, smallest)
    return Propensity(
        values=pd.Series(spread.chance, index=came.index, name="propensity"),
        indicator=_representativity(spread, asked.rate, confidence),
        variables=_partials(asked, read, confidence),
        table=table,
        response_rate=asked.rate,
        answered=int(came.sum()),
        base=len(came),
        clusters=asked.accounts,
        notes=notes,
        least_p=_least_p(asked, read, _lowest(table)),
    )


def _lowest(table: pd.DataFrame) -> pd.Series | None:
    unnamed = table["category"].isin((UNKNOWN, REST)) | table["withheld"]
    named = table[~unnamed]
    return None if named.empty else named.iloc[int(named["rate"].argmin())]


def _least_p(asked: Asked, read: list[Factor], lowest: pd.Series | None) -> float:
    """One-sided p that the lowest rate is that of all, times all rates there are (Bonferroni)."""
    if lowest is None or pd.isna(lowest["high"]):  # too few for an interval
        return float("nan")
    factor = next(one for one in read if one.name == lowest["variable"])
    there = asked.design.where(np.array(factor.labels)[factor.codes] == lowest["category"])
    p = survey.proportion_p(asked.came, there, against=asked.rate) / 2
    below = p if lowest["rate"] < asked.rate else 1 - p
    return min(1.0, below * sum(len(one.labels) for one in read))


def _answered(answered: ArrayLike, frame: pd.DataFrame) -> pd.Series:
    rows = pd.Series(np.zeros(len(frame)), index=frame.index)
    found = aligned(answered, rows, "answered")
    if found.isna().any() or not found.isin([0, 1]).all():
        raise ValueError(
            "answered is True or False (1 or 0) for each person asked; "
            "leave out those who were never asked"
        )
    came = found.astype(float)
    if came.sum() < FEWEST or (1 - came).sum() < FEWEST:
        raise NotEstimable(
            f"{int(came.sum())} of {len(came)} answered: a model of who answers needs at "
            f"least {FEWEST} who did and {FEWEST} who did not"
        )
    return came


def _representativity(spread: Spread, rate: float, confidence: float) -> Representativity:
    low, high = spread.bounds(confidence)
    return Representativity(
        value=1 - 2 * spread.adjusted,
        low=1 - 2 * high,
        high=1 - 2 * low,
        unadjusted=1 - 2 * spread.plain,
        standard_error=2 * spread.standard_error,
        worst_bias=spread.adjusted / rate,
        worst_bias_high=high / rate,
        base=len(spread.chance),
        confidence=confidence,
    )


def _partials(asked: Asked, read: list[Factor], confidence: float) -> pd.DataFrame:
    """Spread of the response rates of each variable's categories, largest first."""
    rows = []
    for factor in read:
        alone = response_spread(asked, [factor])
        low, high = alone.bounds(confidence)
        rows.append((factor.name, alone.adjusted, low, high, alone.plain, len(factor.labels)))
    columns = ["variable", "partial", "low", "high", "unadjusted", "categories"]
    table = pd.DataFrame(rows, columns=columns)
    return table.sort_values("unadjusted", ascending=False, kind="stable", ignore_index=True)


def _categories(asked: Asked, read: list[Factor], confidence: float) -> pd.DataFrame:
    return pd.concat([_of_factor(asked, factor, confidence) for factor in read], ignore_index=True)


def _shown(table: pd.DataFrame, read: list[Factor], smallest: int) -> pd.DataFrame:
    """The rates that may be shown."""
    groups = pd.DataFrame({f.name: np.array(f.labels, dtype=object)[f.codes] for f in read})
    safe = disclosure.protect(groups, smallest, unknown="")  # the model's own category stays
    hidden = safe.hides(table["variable"], table["category"])
    return disclosure.withhold(table, hidden, ["answered", "rate", "low", "high", "partial"])


def _of_factor(asked: Asked, factor: Factor, confidence: float) -> pd.DataFrame:
    found = survey.by_group(
        survey.proportion,
        asked.came,
        np.array(factor.labels)[factor.codes],
        asked.design,
        order=factor.labels,
        confidence=confidence,
    )
    kinds = len(factor.labels)
    mass = np.bincount(factor.codes, asked.mass, kinds)
    rate = np.bincount(factor.codes, asked.mass * asked.came, kinds) / mass
    return pd.DataFrame(
        {
            "variable": factor.name,
            "category": factor.labels,
            "asked": np.bincount(factor.codes, minlength=kinds),
            "answered": np.bincount(factor.codes, asked.came, kinds).astype(int),
            "rate": rate,
            "low": found["low"],
            "high": found["high"],
            "partial": np.sqrt(mass) * (rate - asked.rate),
        }
    )
