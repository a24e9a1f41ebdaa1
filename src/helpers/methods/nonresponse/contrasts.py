"""One group set against the rest, outcome by outcome, with a correction for asking often."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.optimize import brentq
from scipy.stats import t as student

from helpers.errors import NotEstimable
from helpers.methods import multiplicity, survey
from helpers.methods.nonresponse.profiles import design_matrix, factors
from helpers.methods.survey import SurveyDesign
from helpers.methods.survey.averages import weighted_mean
from helpers.methods.survey.calibration import Floats
from helpers.methods.survey.columns import aligned, column
from helpers.methods.survey.estimates import Estimate
from helpers.methods.survey.resolved import ResolvedDesign

__all__ = ["contrast", "holm", "large_enough"]

NOTHING = 1e-10  # a direction this much shorter than the longest holds nothing of its own
FARTHEST = 1e3  # standard errors: what lies farther off has p 0
FEWEST = 5  # answers in each group: below this no difference is worth printing
COLUMNS = [
    "outcome", "group_mean", "rest_mean", "difference", "low", "high", "p",
    "group_base", "rest_base", "like_for_like", "like_low", "like_high", "like_p",
]  # fmt: skip


def contrast(
    outcomes: pd.DataFrame,
    group: ArrayLike,
    design: SurveyDesign | None = None,
    *,
    adjust: pd.DataFrame | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Difference of means between a group and the rest, for each outcome.

    Parameters
    ----------
    outcomes
        A column for each outcome, numbers or yes and no as 1 and 0; missing is left out.
    group
        True for the rows of the group, False for the rest.
    design
        That of the rows.
    adjust
        What the list knows of the rows, as for `response_propensity`. The difference is
        then also given between rows alike in all of it (least squares, no interactions).
    confidence
        Of the intervals, clustered: t, no narrower than if the group varied as the rest;
        for outcomes of 0 and 1 Newcombe's at the effective bases, whose p inverts it.

    Returns
    -------
    DataFrame
        ``outcome, group_mean, rest_mean, difference`` (group less rest), ``low, high, p,
        group_base, rest_base``; with ``adjust`` also ``like_for_like, like_low,
        like_high, like_p``; and ``p_holm``, Holm's p over the outcomes (of the
        like-for-like difference where there is one). What too few answers, or answers
        that are all the same, cannot give is missing.

    Raises
    ------
    NotEstimable
        If everybody is in the group or nobody is.

    References
    ----------
    Newcombe (1998), Statistics in Medicine 17(8), 873-890, method 10.

    Examples
    --------
    >>> kept = pd.DataFrame({"retained": [1, 1, 1, 0, 1, 1, 0, 0, 1, 0, 0, 0]})
    >>> found = contrast(kept, [True] * 6 + [False] * 6)
    >>> found[["group_mean", "rest_mean", "difference"]].round(2).values.tolist()
    [[0.83, 0.17, 0.67]]
    """
    rows = pd.Series(np.zeros(len(outcomes)), index=outcomes.index)
    whole = (design or SurveyDesign()).labelled_by(rows)
    here = _flag(group, rows)
    listed = None if adjust is None else _aligned_frame(adjust, rows)
    found = []
    for name in outcomes:
        values = column(outcomes[name], str(name)).where(whole.weights_for(rows) > 0)
        sides = _sides(values, here, whole)
        found.append(_row(str(name), sides, confidence))
        if listed is not None:
            found[-1] |= _like_for_like(sides, listed[values.notna()], confidence)
    table = pd.DataFrame(found).reindex(columns=COLUMNS if adjust is not None else COLUMNS[:9])
    table["p_holm"] = holm(table["like_p" if adjust is not None else "p"])
    return table


def large_enough(table: pd.DataFrame, smallest: int, left: ArrayLike = 0) -> pd.DataFrame:
    """A table of `contrast` without the outcomes of which too few are told.

    Both sides need ``smallest``, and so do those who are on neither, where there are any: a
    score of all that is shown elsewhere would give away the few that both sides leave.

    >>> known = pd.DataFrame({"outcome": ["a", "b"], "group_mean": [1.0, 2.0],
    ...                       "group_base": [4, 20], "rest_base": [40, 40]})
    >>> large_enough(known, 10)["group_mean"].tolist()
    [nan, 2.0]
    """
    few = table[["group_base", "rest_base"]].min(axis=1).to_numpy() < smallest
    neither = np.broadcast_to(np.asarray(left), len(table))
    few |= (neither > 0) & (neither < smallest)
    shown = [name for name in table if name not in ("outcome", "group_base", "rest_base")]
    return table.assign(**{str(name): table[name].mask(few) for name in shown})


def holm(p: pd.Series) -> pd.Series:
    """Holm's p: what each would be if the chance of any false alarm were kept.

    References
    ----------
    Holm (1979), Scandinavian Journal of Statistics 6.

    Examples
    --------
    >>> holm(pd.Series([0.01, 0.04, None, 0.03])).tolist()
    [0.03, 0.06, nan, 0.06]
    """
    return pd.Series(multiplicity.holm(p.astype(float)), p.index, name=p.name)


def _aligned_frame(frame: pd.DataFrame, rows: pd.Series) -> pd.DataFrame:
    """Bring each column of a frame into the row order of ``rows``."""
    return pd.DataFrame({name: aligned(frame[name], rows, str(name)) for name in frame})


def _flag(group: ArrayLike, rows: pd.Series) -> pd.Series:
    found = aligned(group, rows, "group")
    if found.isna().any() or not found.isin([0, 1]).all():
        raise ValueError("the group is True or False (1 or 0) for each row")
    here = found.astype(bool)
    if here.all() or not here.any():
        raise NotEstimable(
            f"{'all' if here.all() else 'none'} of the {len(here)} are in the group: "
            "there is nobody to compare with"
        )
    return here


@dataclass(frozen=True)
class _Sides:
    """The known values of one outcome, and on which side each row is."""

    values: pd.Series
    here: pd.Series
    design: SurveyDesign

    @property
    def smaller(self) -> int:
        """Answers of the smaller side."""
        return int(min(self.here.sum(), (~self.here).sum()))

    @property
    def mass(self) -> Floats:
        """Weights, equal where there are none."""
        return self.design.weights_for(self.values).to_numpy()

    @property
    def yes_or_no(self) -> bool:
        """Whether the outcome is 0 or 1 in every row."""
        return bool(self.values.isin([0, 1]).all())

    @property
    def widening(self) -> float:
        """Factor on the squared error: what it would be if both sides varied alike.

        Ten without a ticket show no variation, and would seem certain to the last digit.
        With the variance within both sides together they are as uncertain as ten are. 0
        where neither side varies.
        """
        spread, size = [], []
        for side in (self.here, ~self.here):
            values, mass = self.values[side], self.mass[side]
            size.append(len(values))
            around = float(weighted_mean(values, mass))
            spread.append(float(weighted_mean((values - around) ** 2, mass)) * len(values))
        if max(spread) < 1e-12 * max(1.0, float(self.values.abs().max()) ** 2):
            return 0.0
        shared = sum(spread) / (sum(size) - 2) * sum(1 / n for n in size)
        own = sum(v / (n - 1) / n for v, n in zip(spread, size, strict=True))
        return max(1.0, shared / own)


def _sides(values: pd.Series, here: pd.Series, design: SurveyDesign) -> _Sides:
    known = values.notna()
    return _Sides(values[known], here[known], design)


def _row(name: str, sides: _Sides, confidence: float) -> dict[str, object]:
    row: dict[str, object] = {"outcome": name}
    for label, side in (("group", sides.here), ("rest", ~sides.here)):
        row[f"{label}_base"] = int(side.sum())
        if side.any():
            row[f"{label}_mean"] = float(weighted_mean(sides.values[side], sides.mass[side]))
    if sides.smaller < FEWEST:
        return row
    row["difference"] = row["group_mean"] - row["rest_mean"]  # type: ignore[operator]
    try:
        found = _difference(sides, confidence)
    except NotEstimable:  # all in one account
        return row
    if sides.yes_or_no:
        return row | _of_shares(sides, found, confidence)
    found = found.widened(sides.widening**0.5)
    if found.standard_error == 0:
        return row
    return row | {"low": found.low, "high": found.high, "p": found.p_value}


def _of_shares(sides: _Sides, found: Estimate, confidence: float) -> dict[str, float]:
    """Newcombe's interval for two shares, at effective bases, and the p that inverts it."""
    here = sides.here
    shares = [float(weighted_mean(sides.values[s], sides.mass[s])) for s in (here, ~here)]
    effect = found.design_effect if sides.widening > 0 else found.base / found.clusters
    bases = [side.sum() / effect for side in (here, ~here)]
    freedom = found.degrees_of_freedom
    low, high = _newcombe(shares, bases, float(student.ppf((1 + confidence) / 2, freedom)))
    value = shares[0] - shares[1]
    if value == 0:
        return {"low": low, "high": high, "p": 1.0}
    near = 0 if value > 0 else 1
    z = brentq(lambda reach: _newcombe(shares, bases, reach)[near], 1e-9, FARTHEST)
    return {"low": low, "high": high, "p": float(2 * student.sf(z, freedom))}


def _newcombe(shares: list[float], bases: list[float], reach: float) -> tuple[float, float]:
    """Bounds of a difference of shares, from Wilson's for each; reach in standard errors."""
    (first, low, high), (second, below, above) = (
        (p, *_wilson(p, n, reach)) for p, n in zip(shares, bases, strict=True)
    )
    value = first - second
    return (
        float(value - np.hypot(first - low, above - second)),
        float(value + np.hypot(high - first, second - below)),
    )


def _wilson(share: float, base: float, reach: float) -> tuple[float, float]:
    middle = share + reach**2 / (2 * base)
    half = reach * np.sqrt(share * (1 - share) / base + reach**2 / (4 * base**2))
    below = 1 + reach**2 / base
    return (middle - half) / below, (middle + half) / below


def _difference(sides: _Sides, confidence: float) -> Estimate:
    here = sides.here
    values, design = sides.values, sides.design
    return survey.difference(values.where(~here), values.where(here), design, confidence=confidence)


def _judged(value: float, error: float, freedom: float, confidence: float) -> dict[str, float]:
    if error == 0:
        return {}
    reach = float(student.ppf((1 + confidence) / 2, freedom)) * error
    p = float(2 * student.sf(abs(value) / error, freedom))
    return {"low": value - reach, "high": value + reach, "p": p}


def _rank(columns: Floats) -> int:
    return int(np.linalg.matrix_rank(columns, rtol=NOTHING))


def _like_for_like(sides: _Sides, listed: pd.DataFrame, confidence: float) -> dict[str, float]:
    """Coefficient of the group in a regression on it and on what the list knows."""
    if sides.smaller < FEWEST or sides.widening == 0:
        return {}
    x = np.column_stack([sides.here.astype(float), _known(listed)])
    rows, resolved = sides.design.resolve(sides.values)
    if resolved.degrees_of_freedom < x.shape[1] or _rank(x) == _rank(x[:, 1:]):
        return {}
    weighted = x * sides.mass[:, None]
    inverse = np.linalg.pinv(x.T @ weighted)
    slopes = inverse @ weighted.T @ sides.values.to_numpy()
    residual = sides.values.to_numpy() - x @ slopes
    influence = pd.Series((weighted * residual[:, None]) @ inverse[0], index=sides.values.index)
    variance = resolved.variance(influence.reindex(rows.index).fillna(0.0).to_numpy())
    variance *= (len(x) - 1) / (len(x) - x.shape[1])  # for coefficients that were fitted
    value, error = float(slopes[0]), (variance * sides.widening) ** 0.5
    judged = _judged(value, error, _freedom(sides, rows.index, resolved), confidence)
    return {"like_for_like": value} | {f"like_{name}": limit for name, limit in judged.items()}


def _freedom(sides: _Sides, index: pd.Index, resolved: ResolvedDesign) -> float:
    """Degrees of freedom that the accounts of both groups leave their contrast."""
    here = sides.here.reindex(index, fill_value=False).to_numpy(dtype=bool)
    mass = [np.where(side, resolved.weights, 0.0) for side in (here, ~here)]
    return resolved.freedom_of(mass)


def _known(listed: pd.DataFrame) -> Floats:
    """Intercept and indicators of what the list knows; the intercept alone if nothing varies."""
    try:
        profiles, place = design_matrix(factors(listed)[0])
    except NotEstimable:
        return np.ones((len(listed), 1))
    return profiles[place]
