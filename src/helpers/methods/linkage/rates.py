"""What happened afterwards, score band by score band and answer by answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import sqrt

import numpy as np
import pandas as pd
from scipy.stats import t as student

from helpers.errors import NotEstimable

__all__ = [
    "acts", "edge_names", "intention_against_act", "intention_over_lags", "outcome_by_score",
]  # fmt: skip

MOST_ANSWERS = 12  # a stated likelihood has at most eleven or twelve points


def outcome_by_score(
    panel: pd.DataFrame,
    outcome: str,
    *,
    score: str = "score",
    bands: int | Sequence[float] = 5,
    clusters: str | None = "account_id",
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Average a later outcome within bands of the score, as it is and without a model.

    Parameters
    ----------
    panel
        Rows of account and wave; those without score or outcome are not counted.
    outcome
        Column of the outcome: 0 and 1, or a number.
    bands
        A number of bands with equal counts, or the edges themselves (the lower edge
        belongs to the band, and the last band holds its upper edge too). Where most scores
        are one and the same, they are a band, and the others another.
    clusters
        Column whose rows belong together, or ``None``.
    confidence
        Of the intervals: for 0 and 1 Wilson's (1927) at the effective base, else t on
        the clustered standard error with clusters less one degrees of freedom.

    Returns
    -------
    pandas.DataFrame
        ``band, low_edge, high_edge, base, rate, low, high``, lowest scores first. An
        interval that one cluster alone cannot give is missing.

    Raises
    ------
    ValueError
        For a missing column, no rows, or fewer than two edges.

    Examples
    --------
    >>> frame = pd.DataFrame({"score": [10, 20, 80, 90], "retained": [0, 1, 1, 1]})
    >>> outcome_by_score(frame, "retained", bands=(0, 50, 100), clusters=None)[
    ...     ["band", "base", "rate"]]
         band  base  rate
    0    0–50     2   0.5
    1  50–100     2   1.0
    """
    known = _known(panel, [outcome, score] + ([clusters] if clusters else []))
    edges = _edges(known[score], bands)
    names = edge_names(list(edges))
    place = np.searchsorted(edges[1:-1], known[score].to_numpy(), side="right")
    values = known[outcome].to_numpy()
    groups = _codes(known[clusters] if clusters else None, len(known))
    rows = [
        {
            "band": f"{names[i]}–{names[i + 1]}",
            "low_edge": float(low),
            "high_edge": float(high),
            **_rate(values[place == i], groups[place == i], confidence),
        }
        for i, (low, high) in enumerate(pairwise(edges))
    ]
    return pd.DataFrame(rows)


def intention_against_act(
    intention: pd.Series,
    act: pd.Series,
    *,
    clusters: pd.Series | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Set what customers said they would do against what they did.

    Parameters
    ----------
    intention
        The stated likelihood, on its own scale.
    act
        1 where it happened, 0 where it did not; the same index as ``intention``.
    clusters
        Which rows belong together, for example the account of each respondent.

    Returns
    -------
    pandas.DataFrame
        ``intention, base, share_kept, low, high``, lowest intention first.

    Raises
    ------
    ValueError
        If no row has both, ``act`` is not 0 and 1, or the answers are not a short scale.

    Examples
    --------
    >>> said = pd.Series([1, 1, 5, 5]); did = pd.Series([0, 1, 1, 1])
    >>> intention_against_act(said, did)[["intention", "base", "share_kept"]]
       intention  base  share_kept
    0        1.0     2         0.5
    1        5.0     2         1.0
    """
    both = pd.DataFrame({"intention": intention, "act": act}).astype(float)
    both["clusters"] = clusters if clusters is not None else None
    both = both[both["intention"].notna() & both["act"].notna()]
    if both.empty:
        raise NotEstimable("no row has both an intention and an act: match their ids first")
    if not both["act"].isin([0, 1]).all():
        raise ValueError("act must be 1 (it happened) or 0 (it did not)")
    answers = sorted(both["intention"].unique())
    if len(answers) > MOST_ANSWERS:
        raise ValueError(f"intention has {len(answers)} different values: give the answers on "
                         "the question's own scale, or round them")  # fmt: skip
    groups = _codes(both["clusters"] if clusters is not None else None, len(both))
    said, acts = both["intention"].to_numpy(), both["act"].to_numpy()
    rows = [
        {"intention": float(a), **_rate(acts[said == a], groups[said == a], confidence)}
        for a in answers
    ]
    return pd.DataFrame(rows).rename(columns={"rate": "share_kept"})


def acts(panels: Mapping[int, pd.DataFrame], people: pd.DataFrame) -> dict[int, pd.Series]:
    """Whether the account of each person stayed, by months of lag.

    Parameters
    ----------
    panels
        Rows of account and wave with ``retained``, by months of lag.
    people
        ``wave`` and ``account_id`` of each answer.
    """
    keys = ["wave", "account_id"]
    return {
        lag: people[keys].join(rows.set_index(keys)["retained"], on=keys)["retained"]
        for lag, rows in panels.items()
    }


def intention_over_lags(
    intention: pd.Series,
    acts: Mapping[int, pd.Series],
    *,
    clusters: pd.Series | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """What those who gave the highest answer did, and all others, by the months since.

    Parameters
    ----------
    intention, clusters
        As for ``intention_against_act``.
    acts
        By months of lag: 1 where it happened, 0 where it did not.

    Returns
    -------
    pandas.DataFrame
        ``lag_months``, and ``said_most, most_low, most_high, base_most`` with the like of
        ``said_less``. Lags whose window is over for nobody are left out.

    Raises
    ------
    NotEstimable
        If no answer was followed long enough.

    Examples
    --------
    >>> said = pd.Series([1, 1, 5, 5]); did = pd.Series([0, 1, 1, 1])
    >>> intention_over_lags(said, {6: did})[["lag_months", "said_most", "said_less"]]
       lag_months  said_most  said_less
    0           6        1.0        0.5
    """
    most = (intention == intention.max()).astype(float).where(intention.notna())
    rows = []
    for lag, act in acts.items():
        try:
            table = intention_against_act(most, act, clusters=clusters, confidence=confidence)
        except NotEstimable:
            continue
        row: dict[str, float] = {"lag_months": lag}
        for _, end in table.iterrows():
            name = "most" if end["intention"] == 1 else "less"
            row |= {f"said_{name}": end["share_kept"], f"{name}_low": end["low"],
                    f"{name}_high": end["high"], f"base_{name}": end["base"]}  # fmt: skip
        rows.append(row)
    if not rows:
        raise NotEstimable("no answer has been followed long enough to tell what came of it")
    names = [f"{a}{b}" for b in ("most", "less") for a in ("said_", "base_")]
    ends = [f"{name}_{end}" for name in ("most", "less") for end in ("low", "high")]
    return pd.DataFrame(rows).reindex(columns=["lag_months", *names, *ends])


def _known(panel: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    for name in names:
        if name not in panel.columns:
            raise ValueError(f"no column {name!r}; there are {', '.join(map(str, panel.columns))}")
    known = panel.dropna(subset=list(names[:2]))
    if known.empty:
        raise NotEstimable(f"no row has both {names[1]} and {names[0]}: the window may not be over "
                         "yet; use an earlier wave or a shorter lag")  # fmt: skip
    return known.astype({names[0]: float, names[1]: float})


def _edges(scores: pd.Series, bands: int | Sequence[float]) -> np.ndarray:
    if isinstance(bands, int):
        if bands < 1:
            raise ValueError(f"bands is {bands}: ask for at least one")
        edges = np.unique(np.quantile(scores, np.linspace(0, 1, bands + 1)))
        if len(edges) == 2 and bands > 1:  # most scores are one end of them
            edges = np.unique([*edges, _beside_most(scores)])
        return edges if len(edges) > 1 else np.array([edges[0], edges[0] + 1])
    edges = np.asarray(bands, dtype=float)
    if len(edges) < 2 or (np.diff(edges) <= 0).any():
        raise ValueError(f"bands {list(bands)} must be at least two edges, rising")
    outside = int(((scores < edges[0]) | (scores > edges[-1])).sum())
    if outside:
        raise ValueError(f"{outside} scores lie outside the bands {edges[0]:g} to {edges[-1]:g}: "
                         "widen the first or last edge")  # fmt: skip
    return edges


def _beside_most(scores: pd.Series) -> float:
    """Halfway from the commonest score to the one next to it."""
    values, counts = np.unique(scores, return_counts=True)
    most = int(counts.argmax())
    beside = most + 1 if most + 1 < len(values) else most - 1
    return float(values[[most, beside]].mean())


def edge_names(edges: Sequence[float]) -> list[str]:
    """Edges of bands, with no more digits than tell them apart.

    Examples
    --------
    >>> edge_names([17.2, 64.58, 100]), edge_names([1.0, 2.364, 5.0])
    (['17', '65', '100'], ['1', '2.4', '5'])
    >>> edge_names([4.56, 4.61, 5.0])
    ['4.56', '4.61', '5.00']
    """
    for digits in range(5):
        names = [_plain(float(edge), digits) for edge in edges]
        if len(set(names)) == len(names):
            break
    return names


def _plain(edge: float, digits: int) -> str:
    """No digits from 10 on, one below, unless more are needed."""
    whole = digits == 0 and (abs(edge) >= 10 or edge == round(edge))
    return f"{edge:.0f}" if whole else f"{edge:.{max(digits, 1)}f}"


def _codes(groups: pd.Series | None, base: int) -> np.ndarray:
    return np.arange(base) if groups is None else pd.factorize(groups)[0]


def _rate(values: np.ndarray, groups: np.ndarray, confidence: float) -> dict[str, float]:
    base = len(values)
    found: dict[str, float] = {"base": base, "rate": np.nan, "low": np.nan, "high": np.nan}
    if base == 0:
        return found
    mean = float(values.mean())
    found["rate"] = mean
    _, codes = np.unique(groups, return_inverse=True)
    sums = np.bincount(codes, weights=values - mean)
    count = len(sums)
    if count < 2:
        return found
    error = sqrt(count / (count - 1) * float(sums @ sums)) / base
    critical = float(student.ppf((1 + confidence) / 2, count - 1))
    if np.isin(values, (0, 1)).all():
        low, high = _wilson(mean, base, count, error, confidence)
    else:
        low, high = mean - critical * error, mean + critical * error
    return found | {"low": low, "high": high}


def _wilson(
    share: float, base: int, count: int, error: float, confidence: float
) -> tuple[float, float]:
    """Wilson's interval at the base that independent answers would need for this error."""
    clustered = count < base
    spread = share * (1 - share)
    effective = min(base, spread / error**2) if clustered and error > 0 else count
    z = float(student.ppf((1 + confidence) / 2, count - 1 if clustered else np.inf))
    middle = (share + z * z / (2 * effective)) / (1 + z * z / effective)
    half = z / (1 + z * z / effective) * sqrt(spread / effective + z * z / (4 * effective**2))
    return max(0.0, middle - half), min(1.0, middle + half)
