"""Least squares with slopes of each part of the respondents, and tests that they are alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import chi2

from helpers.methods.drivers.screening import Answers
from helpers.methods.drivers.slopes import robust_slopes
from helpers.methods.solving import inverse, rank
from helpers.methods.survey.averages import weighted_mean
from helpers.methods.survey.placing import stretch

__all__ = ["ByPart"]

Array = NDArray[np.float64]


class _Held:
    """Columns of a model that are held: what they leave of others, and how near each row is."""

    def __init__(self, design: Array) -> None:
        directions, sizes, _ = np.linalg.svd(design, full_matrices=False)
        self.directions: Array = directions[:, sizes > sizes[0] * 1e-10]

    def left(self, columns: Array) -> Array:
        """What the held columns do not tell of others."""
        return np.asarray(columns - self.directions @ (self.directions.T @ columns))

    @property
    def own(self) -> Array:
        """The share of each row's error that is left in its residual, 1 less its leverage."""
        return np.asarray(np.maximum(1 - (self.directions**2).sum(axis=1), 1e-6))


class ByPart:
    """Every driver with a slope in each part, each part with a level in every wave.

    Everything is weighted by the design weights. ``kept`` names the parts that are compared;
    who is in none of them is left out.
    """

    def __init__(self, answers: Answers, labels: pd.Series, kept: Sequence[str]) -> None:
        named = labels.astype("string")
        there = named.isin(list(kept)).to_numpy(dtype=bool)
        self.kept, self.drivers = tuple(kept), answers.drivers
        self.answers = answers.among(there)
        self.member = np.column_stack([(named[there] == name).to_numpy(float) for name in kept])
        x, w = answers.ratings[there], answers.weights[there]
        self.root = np.sqrt(w)
        self.x = x - weighted_mean(x, w)
        self.y = self.root * answers.outcome[there]
        self.codes = self.answers.codes
        self.accounts = np.array([np.unique(self.codes[m > 0]).size for m in self.member.T])
        waves = self.answers.levels
        both = [self.member, *(self.member * wave[:, None] for wave in waves.T)]
        self.levels = self.root[:, None] * np.column_stack(both)

    def test(self, k: int) -> dict[str, Any]:
        """Score test that driver ``k`` has one slope, those of the others left free."""
        return {"driver": self.drivers[k], **self._tested([k]), "accounts": self.accounts}

    def together(self, drivers: Sequence[int]) -> float:
        """The p value of the same test of some drivers at once; NaN with too few accounts."""
        if (len(self.kept) - 1) * len(drivers) >= int(self.codes.max()):
            return float("nan")
        return float(self._tested(drivers)["p"])

    def _tested(self, drivers: Sequence[int]) -> dict[str, Any]:
        apart = [self._slopes(k) for k in drivers]
        common = _Held(np.column_stack([
            self.levels,
            *(self._slopes(j) for j in range(len(self.drivers)) if j not in drivers),
            self.root[:, None] * self.x[:, list(drivers)],
        ]))  # fmt: skip
        # as HC2 does: a small part's own slopes take up much of its errors
        residual = common.left(self.y) / np.sqrt(common.own)
        tried = common.left(np.column_stack([slopes[:, 1:] for slopes in apart]))
        each = tried * residual[:, None]
        scores = self._within(each) * stretch(self.answers.sample, each, self.codes)
        total, spread = tried.T @ common.left(self.y), scores.T @ scores
        bread = inverse(spread)
        statistic, df = float(total @ bread @ total), rank(spread)
        found: dict[str, Any] = {"statistic": statistic, "df": df}
        found["p"] = float(chi2.sf(statistic, df)) if df else float("nan")
        if len(drivers) == 1:  # expected, were one part's slope a point off
            off = tried.T @ common.left(apart[0])
            found["told"] = np.einsum("is,ij,js->s", off, bread, off)
        return found

    def effects(self, drivers: Sequence[int], confidence: float) -> list[dict[str, object]]:
        """Slopes in each part, which are those of a regression of its own (CR3)."""
        members = [self.member[:, place] > 0 for place in range(len(self.kept))]
        there = [self.answers.among(member) for member in members]
        found = [_alone(answers, confidence) for answers in there]
        return [
            {
                "part": name, "driver": self.drivers[k],
                "effect": slopes[k, 0], "low": slopes[k, 1], "high": slopes[k, 2],
                "error": slopes[k, 3],
                "base": answers.base, "clusters": answers.clusters,
            }
            for k in drivers
            for name, answers, slopes in zip(self.kept, there, found, strict=True)
        ]  # fmt: skip

    def _slopes(self, k: int) -> Array:
        return np.asarray(self.root[:, None] * self.member * self.x[:, [k]])

    def _within(self, rows: Array) -> Array:
        """Sums of rows within accounts."""
        units = int(self.codes.max()) + 1
        return np.column_stack([np.bincount(self.codes, r, minlength=units) for r in rows.T])


def _alone(answers: Answers, confidence: float) -> Array:
    """Slopes with their ends and errors, ``(drivers, 4)``; NaN where a driver does not vary."""
    varies = np.ptp(answers.ratings, axis=0) > 0
    found = np.full((len(varies), 4), np.nan)
    some = replace(answers, ratings=answers.ratings[:, varies])
    slopes = robust_slopes(some, confidence, np.eye(int(varies.sum())))
    error = np.sqrt(np.diagonal(np.asarray(slopes.covariance)))
    found[varies] = np.column_stack([slopes.value, slopes.low, slopes.high, error])
    return found
