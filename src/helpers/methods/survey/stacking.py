"""Several waves as one sample: what they share, and what stays apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from helpers.methods.survey.calibration import Calibration, Floats, stacked
from helpers.methods.survey.columns import weight_column
from helpers.methods.survey.resolved import ResolvedDesign

__all__ = ["Piece", "merged", "stack"]

NOT_DRAWN = "not drawn in strata"


@dataclass(frozen=True, eq=False)
class Piece:
    """The rows of one design that count towards the variance of given answers."""

    answers: pd.Series
    weights: Any
    strata: Any
    clusters: Any
    population: Any
    calibration: Calibration | None
    linear: bool = False

    def resolved(self) -> ResolvedDesign:
        """The design for these rows."""
        return ResolvedDesign.of(
            self.answers, weights=self.weights, strata=self.strata, clusters=self.clusters,
            population=self.population, calibration=self.calibration, linear=self.linear,
        )  # fmt: skip

    @property
    def whole(self) -> Floats:
        """Weights of all, those who did not answer too."""
        staged = isinstance(self.clusters, pd.DataFrame)
        if staged or self.strata is not None or self.population is not None:
            return self.resolved().whole  # refuses strata that hold a single unit
        if self.weights is None:
            return np.ones(len(self.answers))
        return weight_column(self.weights, self.answers).to_numpy()

    @property
    def clustered_by(self) -> Any:  # noqa: ANN401
        """The first stage of clusters."""
        first = isinstance(self.clusters, pd.DataFrame)
        return self.clusters.iloc[:, 0] if first else self.clusters


def stack(pieces: Sequence[Piece]) -> tuple[pd.Series, ResolvedDesign]:
    """Several waves in one design, the earliest first.

    A cluster that is in several waves is one, in the stratum of the latest that has it.
    Without clusters the waves are apart, each with its own strata.

    Examples
    --------
    >>> first = Piece(pd.Series([1.0, 2.0]), None, None, pd.Series(["a", "b"]), None, None)
    >>> answers, resolved = stack([first, first])
    >>> len(answers), resolved.units
    (4, 2)
    """
    answers = pd.concat([piece.answers for piece in pieces])
    sizes = [len(piece.answers) for piece in pieces]
    together = all(piece.clusters is not None for piece in pieces)
    clusters = _joined([piece.clustered_by for piece in pieces]) if together else None
    strata = _of_clusters(pieces, clusters) if clusters is not None else _apart(pieces)
    resolved = ResolvedDesign.of(
        answers,
        weights=np.concatenate([piece.whole for piece in pieces]),
        strata=strata,
        clusters=clusters,
        population=None if together else _sizes(pieces),
        calibration=stacked(sizes, [piece.calibration for piece in pieces]),
        linear=all(piece.linear for piece in pieces),
    )
    if together and len(pieces) == 2:
        return answers, _known_in_both(resolved, pieces)
    return answers, resolved


def _known_in_both(resolved: ResolvedDesign, pieces: Sequence[Piece]) -> ResolvedDesign:
    """Two waves of one finite population: what those in both waves tell of everybody's change.

    With n and m of N units in the waves and c in both, the change of a finite population is
    surer by the variance of a unit's own change over N (Kish 1965, 12.4; Tam 1984, American
    Statistician 38). Units in both waves show that variance, so theirs counts less by n m over
    N c: the sampled share where the waves have the same units, and all of it where they share
    no more than two samples drawn apart would.
    """
    if any(piece.population is None for piece in pieces):
        return resolved
    stage = resolved.stages[0]
    rows = np.repeat([0, 1], [len(piece.answers) for piece in pieces])
    sizes = np.concatenate(
        [np.broadcast_to(np.asarray(p.population, dtype=float), len(p.answers)) for p in pieces]
    )
    units = len(stage.group_of_unit)
    there = np.array([np.bincount(stage.unit[rows == wave], minlength=units) > 0
                      for wave in (0, 1)])  # fmt: skip
    largest = np.zeros(units)
    np.maximum.at(largest, stage.unit, sizes)
    both, group = there.all(axis=0), stage.group_of_unit
    found = np.zeros(units)
    for stratum in range(len(stage.sampled)):
        here = group == stratum
        common, size = int((both & here).sum()), float(largest[here].max())
        drawn = (there & here).sum(axis=1)
        if common and size > 0:
            found[both & here] = min(1.0, drawn[0] * drawn[1] / (size * common))
    return replace(resolved, stages=(replace(stage, seen=found), *resolved.stages[1:]))


def merged(of_unit: pd.Series) -> pd.Series:
    """Strata of units, one that holds a single unit joined to the smallest of the others.

    Its own spread could not be known.

    Examples
    --------
    >>> merged(pd.Series(["Key", "Key", "Core", "Core", "New"])).tolist()
    ['Key', 'Key', 'Core and New', 'Core and New', 'Core and New']
    """
    found = of_unit.astype(str)
    while (sizes := found.value_counts().sort_index()).min() < 2 and len(sizes) > 1:
        small = sizes.idxmin()
        other = sizes.drop(small).idxmin()
        together = " and ".join(sorted([str(small), str(other)]))
        found = found.where(~found.isin([small, other]), together)
    return found


def _joined(parts: Sequence[Any]) -> np.ndarray:
    return np.concatenate([np.asarray(part, dtype=object) for part in parts])


def _of_clusters(pieces: Sequence[Piece], clusters: np.ndarray) -> np.ndarray | None:
    """The stratum of each row's cluster: that of the latest wave which has it."""
    if all(piece.strata is None for piece in pieces):
        return None
    rows = [np.full(len(p.answers), NOT_DRAWN) if p.strata is None else p.strata for p in pieces]
    known = pd.DataFrame({"cluster": clusters, "stratum": _joined(rows)})
    drawn = np.repeat([piece.strata is not None for piece in pieces],
                      [len(piece.answers) for piece in pieces])  # fmt: skip
    latest = known[drawn].drop_duplicates("cluster", keep="last").set_index("cluster")["stratum"]
    of_cluster = pd.Series(pd.unique(clusters), index=pd.unique(clusters)).map(latest)
    found = merged(of_cluster.fillna(NOT_DRAWN))
    return np.asarray(known["cluster"].map(found)) if len(found.unique()) > 1 else None


def _apart(pieces: Sequence[Piece]) -> np.ndarray:
    """A stratum of each row within its wave."""
    return _joined(
        [
            np.full(len(piece.answers), f"{wave}: ", dtype=object)
            if piece.strata is None
            else [f"{wave}: {name}" for name in piece.strata]
            for wave, piece in enumerate(pieces)
        ]
    )


def _sizes(pieces: Sequence[Piece]) -> np.ndarray | None:
    """Size of the population of each row's stratum, where all waves know it."""
    if any(piece.population is None for piece in pieces):
        return None
    return np.concatenate(
        [np.broadcast_to(np.asarray(p.population, dtype=float), len(p.answers)) for p in pieces]
    )
