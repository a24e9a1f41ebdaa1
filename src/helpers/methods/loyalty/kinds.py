"""Whether a score differs between the groups of a kind at all: one test a kind, for all its groups.

Several groups may each be a little apart, none surely by itself. Together they may surely be.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.stats import f as fisher

from helpers.methods.loyalty.pooled import Against
from helpers.methods.multiplicity import holm
from helpers.methods.survey import SurveyDesign
from helpers.methods.survey.calibration import Floats

__all__ = ["kinds"]

NOTHING = 1e-9  # of the largest: a direction that varies less repeats the others
FEWEST = 3.0  # degrees of freedom of a group's own difference
NORMAL = 3.0  # kurtosis of normal parts


def kinds(
    columns: Sequence[str],
    found: Sequence[Against],
    design: SurveyDesign,
    *,
    groups: Mapping[str, int] | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Test for each kind that none of its groups differs from the rest, corrected after Holm.

    An approximate Hotelling test over accounts: the covariance is that of leaving each account
    out, and its degrees of freedom are those with which a Wishart matrix varies as much. Where
    few accounts carry a group they are far fewer than accounts, and Wald's test would find
    groups apart too often. A group of two or three accounts has no say: what so few vary by is
    not known.

    Parameters
    ----------
    columns
        The kind of each group that was set against its rest.
    found
        How each was.
    design
        Of all respondents whose influences they hold.
    groups
        How many groups each kind has: where all of them were set against their rest, one of
        them tells nothing of its own.

    Returns
    -------
    DataFrame
        column, p, p_adjusted, apart (whether its groups surely differ), as ``columns`` come.

    References
    ----------
    Tipton and Pustejovsky (2015), Journal of Educational and Behavioral Statistics 40;
    Zhang (2012), Open Journal of Statistics 2.

    Examples
    --------
    >>> from helpers.methods.loyalty.pooled import against_rest
    >>> design = SurveyDesign(clusters=pd.Series(range(60)))
    >>> score = pd.Series(np.tile([4.0, 5.0, 6.0], 20) + np.repeat([0.0, 1.0], 30))
    >>> halves = [pd.Series(np.arange(60) >= 30), pd.Series(np.arange(60) % 2 == 0)]
    >>> both = [against_rest(score, half, design) for half in halves]
    >>> kinds(["half", "turn"], both, design)["p_adjusted"].round(3).tolist()
    [0.0, 1.0]
    """
    everybody = pd.Series(0.0, index=design.index)
    cluster = design.clusters_for(everybody)
    codes = np.arange(len(everybody)) if cluster is None else pd.factorize(cluster)[0]
    names = list(dict.fromkeys(columns))
    p = []
    for name in names:
        own = [one for of, one in zip(columns, found, strict=True) if of == name]
        heard = [one for one in own if one.at(0.95).degrees_of_freedom >= FEWEST]
        most = (groups or {}).get(name, len(own) + 1) - 1 - (len(own) - len(heard))
        p.append(_of_kind(heard, everybody.index, codes, most=most))
    adjusted = holm(p)
    apart = adjusted < 1 - confidence
    return pd.DataFrame({"column": names, "p": p, "p_adjusted": adjusted, "apart": apart})


def _of_kind(found: Sequence[Against], rows: pd.Index, codes: np.ndarray, *, most: int) -> float:
    """Chance of groups as far apart as these, were none."""
    if not found:
        return 1.0
    values = np.array([one.at(0.95).value for one in found])
    pulls = [one.leaving.reindex(rows).fillna(0.0).to_numpy(float) for one in found]
    sums = np.column_stack([np.bincount(codes, pull).astype(float) for pull in pulls])
    away, each = _independent(values, sums, most)
    directions = each.shape[1]
    freedom = _freedom(each)
    left = freedom - directions + 1
    if directions == 0 or left < 1:
        return 1.0
    return float(fisher.sf(away * left / (freedom * directions), directions, left))


def _independent(values: Floats, sums: Floats, most: int) -> tuple[float, Floats]:
    """Squared distance from nothing over the directions that vary, and what accounts add to each.

    In each direction their squares add up to one.
    """
    spread, vectors = np.linalg.eigh(sums.T @ sums)
    kept = (spread > NOTHING * spread.max()) & (np.arange(len(spread)) >= len(spread) - most)
    turn = vectors[:, kept] / np.sqrt(spread[kept])
    along = turn.T @ values
    return float(along @ along), sums @ turn


def _freedom(each: Floats) -> float:
    """Degrees of freedom of a covariance that is a sum over accounts, at most accounts less one.

    Of accounts whose parts are normal along a direction of their own a fourth power is three
    times the square of the variance.

    >>> rng = np.random.default_rng(1)
    >>> parts = rng.normal(size=(4000, 1))
    >>> round(_freedom(parts / np.sqrt((parts**2).sum())) / 4000, 1)
    1.0
    >>> _freedom(np.array([[0.5], [-0.5], [0.5], [-0.5]]))
    3.0
    """
    directions = each.shape[1]
    fourth = float(((each**2).sum(axis=1) ** 2).sum())
    units = int((each != 0).any(axis=1).sum())
    if fourth == 0:
        return 0.0
    return min(units - 1.0, NORMAL * directions * (directions + 1) / (2 * fourth))
