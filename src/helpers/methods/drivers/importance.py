"""Relative importance of drivers: shares of R² with intervals, adjusted effects beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isclose
from typing import get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.methods.drivers import categorical, linear
from helpers.methods.drivers.agreement import Agreement
from helpers.methods.drivers.categorical import Model
from helpers.methods.drivers.division import Method, check_method, parts_within
from helpers.methods.drivers.dominant import Dominant, dominant
from helpers.methods.drivers.moments import sample_moments
from helpers.methods.drivers.one_core import one_core
from helpers.methods.drivers.players import Players, players_of
from helpers.methods.drivers.redrawing import analysed
from helpers.methods.drivers.resampling import Draws, Worked, quantiles
from helpers.methods.drivers.screening import Missing
from helpers.methods.drivers.slopes import Slopes, entangled
from helpers.methods.survey import SurveyDesign

__all__ = [
    "Halo",
    "Importance",
    "check_options",
    "halo_of",
    "importance_table",
    "notes_on",
    "relative_importance",
]

Array = NDArray[np.float64]

FEWEST_REPLICATES = 20
CHANCE = 0.05  # p-value of the joint test above which shares are not to be read
ROUNDING = 1e-4  # of a part of R² that may fall below 0, where answers are nearly separated
FLATTENING_HALO = 0.5  # mean correlation from which shares are visibly drawn together
WEAK_HALO = 0.2  # below it, shares are hardly drawn together


@dataclass(frozen=True, slots=True)
class Halo:
    """How far the drivers move together, which draws importance shares towards each other."""

    mean_correlation: float  # between pairs of drivers; NaN with one driver
    first_share: float  # of the drivers' variance that one common direction carries

    @property
    def flattens(self) -> bool:
        """Whether shares should be read with the halo warning."""
        return self.mean_correlation >= FLATTENING_HALO

    @property
    def verdict(self) -> str:
        """How far that draws shares together: hardly, somewhat or strongly."""
        if self.flattens:
            return "strongly"
        return "hardly" if self.mean_correlation < WEAK_HALO else "somewhat"


@dataclass(frozen=True, slots=True)
class Importance:
    """How the explained variance of the outcome divides among the drivers.

    ``table`` has one row a driver (or group), largest share first: ``driver``,
    ``r_squared`` (its part), ``share`` (of all parts) with ``low`` and ``high``,
    ``effect`` (adjusted change of the outcome per point of the driver) with
    ``effect_low``, ``effect_high`` and its two-sided ``effect_p``, and ``top_1``,
    ``top_3``: how often the driver was among the first one and three in the
    replicates. What was not asked for, or cannot be told, is NaN.
    """

    table: pd.DataFrame
    r_squared: float  # of the model with every driver
    base: int  # respondents used
    clusters: int | None  # accounts; None where respondents stand alone
    halo: Halo
    confidence: float
    replicates: int
    method: Method = "lmg"
    model: Model = "linear"
    missing: Missing = "listwise"
    always: tuple[str, ...] = ()
    always_r_squared: float = 0.0
    joint_p: float = float("nan")  # that no driver has any effect; NaN where not tested
    dropped: Mapping[str, str] = field(default_factory=dict)  # driver: why it cannot be estimated
    notes: tuple[str, ...] = ()
    within: pd.DataFrame | None = None  # Owen values of single drivers, where grouped
    covariance: pd.DataFrame | None = None  # of the effects, driver by driver
    freedom: pd.Series | None = None  # degrees of freedom of each effect's interval
    adjusted: float = float("nan")  # R² less what chance gives (Ezekiel 1930); linear only
    adjusted_low: float = float("nan")
    adjusted_high: float = float("nan")
    dominant: Dominant | None = None  # the largest account, where shares hang on it
    rows: pd.Index | None = None  # who was used
    current: pd.Index | None = None  # of them, who answered in the last wave
    agreement: Agreement | None = None  # of the waves, where there are several
    last: int = 0  # respondents of the last wave among those used
    shrunken: bool = False  # whether effects, being many, are drawn to zero

    @property
    def drawn(self) -> tuple[str, ...]:
        """Drivers whose effect is drawn to other waves' or to zero: no least-squares slope."""
        if self.shrunken:
            return tuple(self.table["driver"])
        return () if self.agreement is None else tuple(self.agreement.table["driver"])

    def __post_init__(self) -> None:
        parts = float(self.table["r_squared"].sum()) + self.always_r_squared
        if not isclose(parts, self.r_squared, rel_tol=1e-9, abs_tol=1e-9):
            raise ValueError(f"parts sum to {parts:.6f}, R² is {self.r_squared:.6f}")
        if float(self.table["r_squared"].min()) < -ROUNDING:
            raise ValueError("a part of R² is negative: these numbers are not to be used")


@one_core
def relative_importance(
    ratings: pd.DataFrame,
    outcome: pd.Series,
    design: SurveyDesign | None = None,
    *,
    replicates: int = 0,
    confidence: float = 0.95,
    rng: np.random.Generator | None = None,
    method: Method = "lmg",
    groups: Mapping[str, Sequence[str]] | None = None,
    always: Sequence[str] = (),
    missing: Missing = "listwise",
    model: Model = "linear",
    shrink: bool = False,
) -> Importance:
    """Divide what drivers explain of an outcome, and show the adjusted effect of each.

    A share is the mean gain in R² when the driver joins, over all orders of entry
    (LMG: Lindeman, Merenda & Gold 1980; Grömping 2006). An effect is a slope of
    one least-squares model with every driver. Read both: drivers that move
    together share importance even where only one has an effect. With more than 20
    drivers or groups shares are estimated from sampled orders, and ``notes`` says
    how closely.

    Parameters
    ----------
    ratings
        One column a driver, one row a respondent, each on its own scale.
    outcome
        What is to be explained, one value a respondent.
    design
        How the respondents came to be in the sample. One over waves
        (:meth:`SurveyDesign.over`) pools them: the level of each wave is held constant, and
        effects are those of the last wave, drawn to the others' as far as they vary no more
        than by chance (:mod:`helpers.methods.drivers.agreement`). Its weights count
        throughout. Its clusters (accounts) are drawn whole by the bootstrap, and left out one
        at a time for the intervals of effects (:mod:`helpers.methods.drivers.clustered`), in
        which strata, calibration and a finite population count too, as they do in those of
        shares (:mod:`helpers.methods.drivers.share_errors`). How often a driver is among the
        first rests on accounts alone.
    replicates
        Bootstrap samples behind ``low``, ``high``, ``top_1`` and ``top_3``; 0 for none.
    confidence
        Level of all intervals, 0.95 for 95 %.
    rng
        Source of the bootstrap draws; ``default_rng(0)`` when not given.
    method
        ``"lmg"``, or ``"relative_weights"`` (Johnson 2000) as a check beside it.
    groups
        Drivers that enter and leave as one, ``{"service": ["speed", "ease"]}``: the
        table then has one row a group, its effect being that of one point on each of
        its drivers, and ``within`` divides each group's part (Owen values): ``group``,
        ``driver``, ``r_squared``, ``share`` of all that is divided with ``low`` and ``high``.
    always
        Drivers that are in every model; the parts then divide what is left.
    missing
        ``"listwise"``: respondents with every answer. ``"imputed"``: multiple
        imputation under a joint normal model, in the limit of infinitely many
        imputations and again in every bootstrap draw
        (:mod:`helpers.methods.drivers.imputation`). ``"pairwise"``: each
        correlation from those who answered both questions.
    model
        ``"linear"``; ``"logit"`` for an outcome of two values; or
        ``"proportional_odds"`` for ordered answers. The last two divide McFadden's
        R², and an effect is the mean change of the expected outcome a point: of the
        probability, where the outcome is 0 or 1.
    shrink
        Whether effects of twelve drivers and more are drawn to zero as far as the answers do
        not hold them up (:mod:`helpers.methods.drivers.shrinkage`), as a report does.

    Raises
    ------
    ValueError
        When too few respondents are left, the outcome does not vary, or the input
        cannot be read as numbers; the message says what to do.

    Examples
    --------
    >>> import pandas as pd
    >>> ratings = pd.DataFrame({"ease": [1, 2, 3, 4, 5, 6] * 4, "speed": [2, 9, 4, 7] * 6})
    >>> loyalty = 3 * ratings["ease"] + ratings["speed"]
    >>> found = relative_importance(ratings, loyalty)
    >>> found.table[["driver", "share", "effect"]].round(2).values.tolist()
    [['ease', 0.71, 3.0], ['speed', 0.29, 1.0]]
    """
    check_options(confidence, replicates, model, method, missing)
    answers, rows = analysed(ratings, outcome, design, missing)
    players = players_of(answers.drivers, groups, always, answers.dropped)
    by_unit = model == "linear" and (replicates > 0 or bool(answers.unanswered))
    moments = sample_moments(answers, missing, by_unit=by_unit)
    correlations = moments.correlations()[0]
    if model == "linear":
        found = linear.worked(
            answers, moments, players, method, confidence, replicates, rng, shrink
        )
    else:
        found = categorical.worked(answers, players, model, confidence, replicates, rng)
    drivers, shown = correlations[0, :-1, :-1], players.order[players.always :]
    r_squared = float(found.parts.sum() + found.always)
    base = answers.base - answers.levels.shape[1]
    lmg = bool(groups) and method == "lmg"
    around = _around(r_squared, base, len(drivers), found.draws, confidence)
    return Importance(
        importance_table(players, found.parts, found.draws, found.slopes, confidence),
        r_squared=r_squared,
        base=answers.base,
        clusters=answers.clusters,
        halo=halo_of(drivers[np.ix_(shown, shown)]),
        confidence=confidence,
        replicates=len(found.draws.parts),
        method=method,
        model=model,
        missing=missing,
        always=players.fixed,
        always_r_squared=found.always,
        joint_p=found.slopes.joint_p,
        dropped=answers.dropped,
        notes=(
            *answers.notes,
            *moments.notes(),
            *_drawn_to_zero(found.shrunken, len(players.names)),
            *found.notes,
            *_chance(found.slopes.joint_p),
            *notes_on(entangled(drivers), players, replicates, found.draws),
        ),
        within=_within(correlations, players, found, confidence, model) if lmg else None,
        covariance=_named(found.slopes, players),
        freedom=pd.Series(found.slopes.freedom, players.names, dtype=float),
        adjusted=around[0] if model == "linear" else float("nan"),
        adjusted_low=around[1],
        adjusted_high=around[2],
        dominant=dominant(answers, moments if by_unit else None, players, method),
        rows=rows,
        current=rows[answers.current],
        agreement=found.agreement,
        last=int(answers.current.sum()),
        shrunken=found.shrunken,
    )


def _named(slopes: Slopes, players: Players) -> pd.DataFrame | None:
    if slopes.covariance is None:
        return None
    return pd.DataFrame(slopes.covariance, players.names, players.names)


def _around(
    r_squared: float, base: int, drivers: int, draws: Draws, confidence: float
) -> tuple[float, float, float]:
    """R² adjusted for how many drivers there are, and its interval.

    The interval is as long as the replicates' own, laid around the adjusted value: they
    flatter twice, as the sample does and as each redrawn sample does again.
    """
    adjusted = 1 - (1 - r_squared) * (base - 1) / (base - drivers - 1)
    if len(draws.parts) == 0:
        return adjusted, float("nan"), float("nan")
    moved = adjusted + draws.r_squared - draws.r_squared.mean()
    low, high = quantiles(moved[:, None], confidence)
    return adjusted, float(low[0]), float(high[0])


def importance_table(
    players: Players, parts: Array, draws: Draws, slopes: Slopes, confidence: float
) -> pd.DataFrame:
    """The tidy table of an :class:`Importance`, largest share first."""
    low, high = draws.share_interval(parts, confidence)
    columns = {
        "r_squared": parts,
        "share": parts / parts.sum(),
        "low": low,
        "high": high,
        "effect": slopes.value,
        "effect_low": slopes.low,
        "effect_high": slopes.high,
        "effect_p": slopes.p,
        "top_1": draws.among_first(1),
        "top_3": draws.among_first(3),
    }
    order = sorted(range(len(parts)), key=lambda k: (-parts[k], players.names[k]))
    names = [players.names[k] for k in order]
    return pd.DataFrame({"driver": names} | {name: told[order] for name, told in columns.items()})


def halo_of(correlations: Array) -> Halo:
    """How far drivers move together.

    >>> import numpy as np
    >>> halo_of(np.array([[1, 0.5], [0.5, 1]]))
    Halo(mean_correlation=0.5, first_share=0.75)
    """
    drivers = len(correlations)
    pairs = correlations[np.triu_indices(drivers, k=1)]
    first = float(np.linalg.eigvalsh(correlations)[-1]) / drivers
    return Halo(float(pairs.mean()) if drivers > 1 else float("nan"), round(first, 14))


def notes_on(
    tangled: NDArray[np.bool_], players: Players, replicates: int, draws: Draws
) -> tuple[str, ...]:
    """What a reader has to know about these numbers, in plain sentences."""
    notes = []
    if tangled.any():
        names = [repr(name) for name, t in zip(players.drivers, tangled, strict=True) if t]
        notes.append(
            f"{', '.join(names)} follow from one another, exactly or all but exactly: "
            "shares are given, effects cannot be told apart"
        )
    if len(draws.parts) < replicates:
        lost = replicates - len(draws.parts)
        notes.append(f"{lost} of {replicates} replicates had nothing to explain and are left out")
    return tuple(notes)


def _chance(joint: float) -> tuple[str, ...]:
    """A warning where the drivers together may explain nothing at all."""
    if not joint > CHANCE:
        return ()
    return (
        "together the drivers explain no more than chance could "
        f"(joint test, p = {joint:.2f}): their shares say nothing",
    )


def _drawn_to_zero(shrunken: bool, drivers: int) -> tuple[str, ...]:
    if not shrunken:
        return ()
    return (
        f"{drivers} drivers: effects are drawn to zero as far as the answers do not hold them up, "
        "and p values are those of least squares",
    )


def _within(
    correlations: Array, players: Players, found: Worked, confidence: float, model: Model
) -> pd.DataFrame | None:
    """Each group's part divided among its drivers, with intervals by the same replicates."""
    if model != "linear" or not players.grouped:
        return None
    group = players.player_of
    table = pd.DataFrame({"driver": players.drivers})
    table["group"] = table["driver"].map(group)
    table["r_squared"] = parts_within(correlations[:1], players)[0]
    table = table[table["group"].notna()]
    table["share"] = table["r_squared"] / found.parts.sum()
    table["low"], table["high"] = np.nan, np.nan
    single = found.draws.single
    if single is not None:
        parts = table["r_squared"].to_numpy()
        table["low"], table["high"] = single.share_interval(parts, confidence)
    table = table.dropna(subset="r_squared")
    return table.sort_values(["group", "share"], ascending=[True, False], ignore_index=True)


def check_options(
    confidence: float, replicates: int, model: Model, method: Method, missing: Missing
) -> None:
    """Refuse options that do not fit, with what to give instead."""
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is a share: write 95 % as 0.95, not {confidence}")
    if replicates < 0 or 0 < replicates < FEWEST_REPLICATES:
        raise ValueError(
            f"replicates is 0 for none, or at least {FEWEST_REPLICATES}, not {replicates}: fewer "
            "draws give no interval"
        )
    check_method(method)
    if model not in get_args(Model):
        raise ValueError(f"model is 'linear', 'logit' or 'proportional_odds', not {model!r}")
    if model != "linear" and method != "lmg":
        raise ValueError(f"method {method!r} is for model='linear': use 'lmg' with {model!r}")
    if model != "linear" and missing == "pairwise":
        raise ValueError(f"missing='pairwise' is for model='linear': use 'imputed' with {model!r}")
