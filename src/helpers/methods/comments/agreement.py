"""How well one coding of the comments agrees with another: kappa, precision, recall, errors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers.errors import NotEstimable
from helpers.methods import survey
from helpers.methods.survey import SurveyDesign
from helpers.methods.survey.columns import aligned, column
from helpers.methods.survey.estimates import Estimate, estimate, refuse_confidence, wilson
from helpers.methods.survey.resolved import ResolvedDesign

__all__ = ["FAIR", "SURE", "Agreement", "agreement", "kappa", "pooled"]

FAIR = 0.7  # kappa from which a coding stands in for a person's
SURE = 0.6  # the lowest that kappa may be, by its interval, for a share to be trusted
FEWEST = 20  # comments coded both ways before anything is said of a coder
MEASURES = ("kappa", "precision", "recall", "error")


@dataclass(frozen=True)
class Agreement:
    """How each way of coding agrees with the codes given by hand.

    ``table`` has a row for each theme and coder: theme, coder, kappa, precision, recall,
    error (each with ``_low`` and ``_high``), named (by hand), base (comments compared),
    chosen (whether this coder codes the theme's other comments).
    """

    table: pd.DataFrame
    base: int  # comments coded by hand

    def __post_init__(self) -> None:
        if (self.table["named"] > self.table["base"]).any():
            raise ValueError("more comments name a theme than were compared")
        chosen = self.table[self.table["chosen"]]
        if chosen["theme"].duplicated().any():
            raise ValueError("a theme has two coders chosen; it needs one")

    @property
    def chosen(self) -> pd.DataFrame:
        """The coder in use, one row a theme that could be tested."""
        return self.table[self.table["chosen"]].reset_index(drop=True)


def kappa(
    hand: ArrayLike, calls: ArrayLike, *, clusters: ArrayLike | None = None,
    confidence: float = 0.95,
) -> Estimate:  # fmt: skip
    """Agreement beyond chance between two codings of yes or no: Cohen's kappa.

    The interval linearises kappa, so that comments of one account stay together; without
    clusters its error is that of Fleiss, Cohen and Everitt, up to n / (n − 1). Where the
    two agree in every case, the lower end comes from Wilson's interval of their agreement.

    Parameters
    ----------
    hand, calls
        1 or 0 for each comment; a pair that lacks one is left out.

    Raises
    ------
    NotEstimable
        If one of the two never, or always, names the theme and the other does the same:
        agreement by chance is then complete.

    References
    ----------
    Cohen (1960), Educational and Psychological Measurement 20; Fleiss, Cohen and Everitt
    (1969), Psychological Bulletin 72.

    Examples
    --------
    >>> found = kappa([1] * 25 + [0] * 25, [1] * 20 + [0] * 5 + [1] * 10 + [0] * 15)
    >>> round(found.value, 2), round(found.low, 2), round(found.high, 2)
    (0.4, 0.12, 0.64)
    """
    first = column(hand, "hand")
    second = column(aligned(calls, first, "calls"), "calls")
    both = first.notna() & second.notna()
    h, m = first[both].to_numpy(), second[both].to_numpy()
    if len(h) < 2:
        raise NotEstimable(f"agreement needs two comments coded both ways, found {len(h)}")
    agree, (p, q) = (h == m).mean(), (h.mean(), m.mean())
    chance = p * q + (1 - p) * (1 - q)
    if np.isclose(chance, 1):
        raise NotEstimable("both codings say the same of every comment: kappa is not defined")
    value = float((agree - chance) / (1 - chance))
    lift = ((h == m) - agree) / (1 - chance)
    pull = (1 - agree) / (1 - chance) ** 2
    influence = (lift - pull * ((2 * q - 1) * (h - p) + (2 * p - 1) * (m - q))) / len(h)
    groups = np.arange(len(h)) if clusters is None else aligned(clusters, first, "clusters")[both]
    design = ResolvedDesign.of(pd.Series(h, index=first[both].index), clusters=groups)
    found = estimate(value, influence, design, float(influence @ influence), confidence)
    if agree == 1:
        low = wilson(len(h), len(h), confidence=confidence)[0]
        return _between(found, (low - chance) / (1 - chance), 1.0)
    return found.clipped(-1, 1)


def _between(found: Estimate, low: float, high: float) -> Estimate:
    ends = {"low": max(low, -1.0), "high": high}
    return Estimate(**{name: ends.get(name, getattr(found, name)) for name in found.__slots__})


def agreement(
    hand: pd.DataFrame,
    coders: Mapping[str, pd.DataFrame],
    clusters: pd.Series,
    *,
    fewest: int = FEWEST,
    confidence: float = 0.95,
) -> Agreement:
    """Compare each coder with the codes given by hand, theme by theme.

    A theme's coder is the one with the highest kappa; the first named where they are
    level. Precision is the share of a coder's calls that are right, recall the share of
    the comments naming a theme that it finds, error the share of comments it gets wrong.

    Parameters
    ----------
    hand
        A column a theme: 1, 0, or missing where not coded by hand.
    coders
        Name to a frame of the same kind; what a model says must be held out.
    clusters
        The account of each comment.
    fewest
        Comments coded both ways below which nothing is said of a coder.

    Examples
    --------
    >>> hand = pd.DataFrame({"late": [1.0, 0] * 12})
    >>> found = agreement(hand, {"rules": hand, "model": 1 - hand}, pd.Series(range(24)))
    >>> found.chosen[["theme", "coder", "kappa"]].to_dict("records")
    [{'theme': 'late', 'coder': 'rules', 'kappa': 1.0}]
    """
    refuse_confidence(confidence)
    rows = [
        _compared(theme, coder, hand[theme], calls[theme], clusters, fewest, confidence)
        for theme in hand
        for coder, calls in coders.items()
        if theme in calls
    ]
    columns = ["theme", "coder", *(f"{m}{end}" for m in MEASURES for end in ("", "_low", "_high"))]
    table = pd.DataFrame(rows, columns=[*columns, "named", "base"])
    best = table.dropna(subset="kappa").groupby("theme")["kappa"].idxmax()
    chosen = table.index.isin(best)
    return Agreement(table.assign(chosen=chosen), int(hand.notna().any(axis=1).sum()))


def pooled(
    hand: pd.DataFrame, calls: pd.DataFrame, clusters: pd.Series, *, confidence: float = 0.95
) -> pd.DataFrame:
    """How good the calls are over all themes together: right calls, found codes, errors.

    Parameters
    ----------
    hand, calls
        A column a theme: 1, 0 or missing; what was not coded both ways is left out.
    clusters
        The account of each comment.

    Returns
    -------
    DataFrame
        measure (precision, recall, error), value, low, high, base (decisions it is of);
        a measure without a base is left out.

    Examples
    --------
    >>> hand = pd.DataFrame({"late": [1.0, 1, 0, 0], "dear": [0.0, 0, 1, 0]})
    >>> calls = pd.DataFrame({"late": [1.0, 0, 0, 0], "dear": [0.0, 0, 1, 1]})
    >>> found = pooled(hand, calls, pd.Series(range(4)))
    >>> found[["measure", "value", "base"]].round(2).values.tolist()
    [['precision', 0.67, 3], ['recall', 0.67, 3], ['error', 0.25, 8]]
    """
    shared = [theme for theme in hand if theme in calls]
    h = (
        pd.concat([hand[t] for t in shared], ignore_index=True)
        if shared
        else pd.Series(dtype=float)
    )
    m = pd.concat([calls[t] for t in shared], ignore_index=True) if shared else h
    accounts = pd.concat([clusters] * len(shared), ignore_index=True) if shared else h
    both = h.notna() & m.notna()
    rows = []
    for measure, so, among in (
        ("precision", h, both & (m == 1)),
        ("recall", m, both & (h == 1)),
        ("error", (h != m).astype(float), both),
    ):
        found = _share(so, among, accounts, confidence)
        if found is not None:
            rows.append((measure, found.value, found.low, found.high, found.base))
    return pd.DataFrame(rows, columns=["measure", "value", "low", "high", "base"])


def _compared(
    theme: object, coder: str, hand: pd.Series, calls: pd.Series, clusters: pd.Series,
    fewest: int, confidence: float,
) -> dict[str, object]:  # fmt: skip
    both = hand.notna() & calls.notna()
    h, m, groups = hand[both], calls[both], clusters[both]
    row: dict[str, object] = {"theme": theme, "coder": coder, "base": int(both.sum())}
    row["named"] = int(h.sum())
    if len(h) < fewest:
        return row
    for name, found in (
        ("kappa", _or_nothing(lambda: kappa(h, m, clusters=groups, confidence=confidence))),
        ("precision", _share(h, m == 1, groups, confidence)),
        ("recall", _share(m, h == 1, groups, confidence)),
        ("error", _share((h != m).astype(float), both[both], groups, confidence)),
    ):
        if found is not None:
            row |= {name: found.value, f"{name}_low": found.low, f"{name}_high": found.high}
    return row


def _share(
    so: pd.Series, among: pd.Series, clusters: pd.Series, confidence: float
) -> Estimate | None:
    return _or_nothing(
        lambda: survey.proportion(
            so[among], SurveyDesign(clusters=clusters[among]), confidence=confidence
        )
    )


def _or_nothing(compute: Callable[[], Estimate]) -> Estimate | None:
    try:
        return compute()
    except ValueError:  # too few to say
        return None
