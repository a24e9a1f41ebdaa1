"""Cumulative logit models of every subset of drivers at once, by batched Newton steps.

The proportional-odds model of an ordered outcome (McCullagh 1980), of which the
binary logit is the case of two categories:

    P(y ≤ k | x) = Λ(a_k − x'b),  Λ(t) = 1 / (1 + exp(−t)).

With d the distance between a category's two thresholds, its log-probability is

    log Λ(a_upper − x'b) + log Λ(x'b − a_lower) + log(1 − exp(−d)),

so that first and second derivatives need nothing but Λ at the two thresholds. The
log-likelihood is concave (Pratt 1981). Subsets start from the full model's quadratic
approximation, restricted; two or three steps then settle them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from helpers.methods.drivers.imputation import unpacked

__all__ = ["Design", "Fits", "Pass", "fitted", "passed", "sorted_design"]

Array = NDArray[np.float64]

IN_CACHE = 2**15  # subsets × respondents worked on at a time: 256 kB an array
MOST_STEPS = 60
SLACK = 1e-6  # no subset's log-likelihood may be this far below that of none
SETTLED = 1e-13  # gain in log-likelihood a respondent below which a fit has settled
RIDGE = 1e-10  # on the curvature only: lets collinear drivers through, moves no maximum
FLAT = 1e-12  # least curvature of a parameter, beside the largest
OVERFLOW = 300.0  # linear predictors and thresholds are held within this
STEEPEST = 15.0  # log-odds a standard deviation; beyond, answers are told apart without fail


@dataclass(frozen=True)
class Design:
    """Respondents sorted by outcome: standardised drivers, categories as slices, weights."""

    x: Array  # respondents × drivers, centred, in standard deviations
    ends: NDArray[np.intp]  # where each category ends
    weights: Array  # summing to the number of respondents
    order: NDArray[np.intp]  # place of each row in the data as given

    @property
    def cuts(self) -> int:
        """Thresholds: one less than there are categories."""
        return len(self.ends) - 1

    @property
    def categories(self) -> Iterator[tuple[int, slice]]:
        """Each category with its rows."""
        starts = (0, *self.ends[:-1])
        return ((k, slice(a, b)) for k, (a, b) in enumerate(zip(starts, self.ends, strict=True)))

    @cached_property
    def products(self) -> Array:
        """Products of drivers by respondent, upper triangle by rows."""
        first, second = np.triu_indices(self.x.shape[1])
        return np.asarray(self.x[:, first] * self.x[:, second])

    def null(self) -> Array:
        """Parameters without drivers: thresholds at the weighted shares."""
        share = np.add.reduceat(self.weights, (0, *self.ends[:-1])).cumsum()[:-1]
        share = share / self.weights.sum()
        return np.concatenate((np.log(share / (1 - share)), np.zeros(self.x.shape[1])))


@dataclass(frozen=True)
class Fits:
    """Maximum likelihood for each subset, ``(subsets, …)``; absent drivers have slope 0."""

    parameters: Array  # thresholds, then slopes
    log_likelihood: Array

    @property
    def r_squared(self) -> Array:
        """McFadden's R², against the first subset."""
        return np.asarray(1 - self.log_likelihood / self.log_likelihood[0])


def sorted_design(x: Array, outcome: NDArray[np.intp], weights: Array) -> Design:
    """Prepare drivers (standardised) and an outcome in categories 0…K−1."""
    order = np.argsort(outcome, kind="stable")
    ends = np.cumsum(np.bincount(outcome))
    scaled = weights[order] * (len(weights) / weights.sum())
    return Design(np.ascontiguousarray(x[order]), ends, scaled, order)


@dataclass(frozen=True)
class Pass:
    """One pass over respondents at some parameters: all that derivatives are made of."""

    design: Design
    upper: Array  # Λ(x'b − upper threshold) of the own category: subsets × respondents
    lower: Array  # Λ(lower threshold − x'b)
    logs: Array  # log-probability of the own category
    gap: Array  # distance between its thresholds, subsets × categories; inf at the ends

    @property
    def log_likelihood(self) -> Array:
        """Weighted, by subset."""
        return np.asarray(self.logs @ self.design.weights)

    @property
    def pull(self) -> Array:
        """Derivative of each log-probability by the linear predictor."""
        return self.lower - self.upper

    def gradient(self) -> Array:
        """By thresholds, then slopes: ``(subsets, parameters)``."""
        design, w = self.design, self.design.weights
        found = np.zeros((len(self.gap), design.cuts + design.x.shape[1]))
        with np.errstate(over="ignore"):
            widen = 1 / np.expm1(self.gap)
        for k, rows in design.categories:
            total = w[rows].sum() * widen[:, k]
            if k < design.cuts:
                found[:, k] += self.upper[:, rows] @ w[rows] + total
            if k > 0:
                found[:, k - 1] -= self.lower[:, rows] @ w[rows] + total
        found[:, design.cuts :] = self.pull @ (w[:, None] * design.x)
        return found

    def curvature(self) -> Array:
        """Minus the second derivatives: ``(subsets, parameters, parameters)``."""
        design, w, cuts = self.design, self.design.weights, self.design.cuts
        above, below = self.upper * (1 - self.upper) * w, self.lower * (1 - self.lower) * w
        drivers = design.x.shape[1]
        found = np.zeros((len(self.gap), cuts + drivers, cuts + drivers))
        with np.errstate(over="ignore"):
            bend = 0.25 / np.sinh(self.gap / 2) ** 2
        for k, rows in design.categories:
            held, x = w[rows].sum() * bend[:, k], design.x[rows]
            if k < cuts:
                found[:, k, k] += above[:, rows].sum(axis=1) + held
                found[:, k, cuts:] -= above[:, rows] @ x
            if k > 0:
                found[:, k - 1, k - 1] += below[:, rows].sum(axis=1) + held
                found[:, k - 1, cuts:] -= below[:, rows] @ x
            if 0 < k < cuts:
                found[:, k - 1, k] -= held
                found[:, k, k - 1] -= held
        found[:, cuts:, :cuts] = found[:, :cuts, cuts:].swapaxes(1, 2)
        found[:, cuts:, cuts:] = unpacked((above + below) @ design.products, drivers)
        return found

    def columns(self) -> Iterator[Array]:
        """Each respondent's gradient, parameter by parameter: ``(subsets, respondents)``."""
        design = self.design
        with np.errstate(over="ignore"):
            widen = 1 / np.expm1(self.gap)
        rows_of = dict(design.categories)
        for k in range(design.cuts):
            found = np.zeros_like(self.upper)
            own, next_ = rows_of[k], rows_of[k + 1]
            found[:, own] = self.upper[:, own] + widen[:, k : k + 1]
            found[:, next_] = -self.lower[:, next_] - widen[:, k + 1 : k + 2]
            yield found
        pull = self.pull
        yield from (pull * column for column in design.x.T)

    def scores(self) -> Array:
        """Each respondent's gradient for a single subset, ``(respondents, parameters)``."""
        return np.array([column[0] for column in self.columns()]).T


def passed(design: Design, parameters: Array) -> Pass:
    """Probabilities of every respondent's own category, ``parameters`` one row a subset."""
    thresholds = np.clip(parameters[:, : design.cuts], -OVERFLOW, OVERFLOW)
    predictor = np.clip(parameters[:, design.cuts :] @ design.x.T, -OVERFLOW, OVERFLOW)
    odds, cuts = np.exp(predictor), np.exp(-thresholds)
    upper, lower, logs = (np.zeros_like(odds) for _ in range(3))
    gap = np.full((len(parameters), design.cuts + 1), np.inf)
    gap[:, 1:-1] = np.diff(parameters[:, : design.cuts], axis=1)
    for k, rows in design.categories:
        if k < design.cuts:
            over = odds[:, rows] * cuts[:, k : k + 1]
            upper[:, rows] = over / (1 + over)
            logs[:, rows] -= np.log(1 + over)
        if k > 0:
            over = odds[:, rows] * cuts[:, k - 1 : k]
            lower[:, rows] = 1 / (1 + over)
            logs[:, rows] += predictor[:, rows] - thresholds[:, k - 1 : k] - np.log(1 + over)
        with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
            logs[:, rows] += np.log(-np.expm1(-gap[:, k : k + 1]))
    return Pass(design, upper, lower, logs, gap)


def fitted(design: Design, present: NDArray[np.bool_], near: Array | None = None) -> Fits:
    """Fit the model of every subset.

    Parameters
    ----------
    design
        As :func:`sorted_design` makes it.
    present
        Which drivers each subset holds, ``(subsets, drivers)``.
    near
        Parameters of these subsets for answers that are much alike, to begin from.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([[-1.5], [-0.5], [0.5], [1.5]])
    >>> design = sorted_design(x, np.array([0, 1, 0, 1]), np.ones(4))
    >>> fitted(design, np.array([[False], [True]])).log_likelihood.round(4).tolist()
    [-2.7726, -2.3475]
    """
    null, found = design.null()[None], []
    lowest = passed(design, null).log_likelihood
    pieces = max(1, -(-len(present) * len(design.x) // IN_CACHE))
    parts = np.array_split(present, pieces)
    starts = _starts(design, parts) if near is None else np.array_split(near, pieces)
    for part, start in zip(parts, starts, strict=True):
        fits = _settled(design, part, start)
        if (fits.log_likelihood < lowest - SLACK).any():  # the start was too far off
            fits = _settled(design, part, np.repeat(null, len(part), axis=0))
        found.append(fits)
    return Fits(
        np.concatenate([fit.parameters for fit in found]),
        np.concatenate([fit.log_likelihood for fit in found]),
    )


def _starts(design: Design, parts: list[NDArray[np.bool_]]) -> Iterator[Array]:
    """Where each part's subsets begin: from the full model, where it has finite slopes."""
    null = design.null()[None]
    every = np.ones((1, design.x.shape[1]), dtype=bool)
    full = _settled(design, every, null).parameters
    curvature = passed(design, full).curvature()[0]
    apart = separated(design, full[0])
    for part in parts:
        same = np.repeat(null, len(part), axis=0)
        yield same if apart else _restricted(design, full, curvature, part)


def separated(design: Design, parameters: Array) -> bool:
    """Whether some slope has no finite value: the drivers tell answers apart without fail."""
    return bool((np.abs(parameters[design.cuts :]) > STEEPEST).any())


def _kept(design: Design, present: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return np.hstack((np.ones((len(present), design.cuts), dtype=bool), present))


def _restricted(design: Design, full: Array, curvature: Array, present: NDArray[np.bool_]) -> Array:
    """Where the full model's quadratic approximation has its maximum within each subset."""
    kept = _kept(design, present)
    lost = np.where(kept, 0.0, full)
    near = np.where(kept, full + _solved(curvature[None], lost @ curvature, kept), 0.0)
    ordered = (np.diff(near[:, : design.cuts], axis=1) > 0).all(axis=1, keepdims=True)
    return np.asarray(np.where(ordered, near, design.null()))


def _settled(design: Design, present: NDArray[np.bool_], start: Array) -> Fits:
    """Newton's method, with steps halved where the likelihood would fall."""
    kept, found = _kept(design, present), start.copy()
    height, step = np.full(len(start), -np.inf), np.zeros_like(start)
    going = np.arange(len(start))
    for _ in range(MOST_STEPS):
        here = passed(design, found[going] + step[going])
        higher = here.log_likelihood >= height[going] - SETTLED * len(design.x)
        step[going[~higher]] /= 2
        up = going[higher]
        found[up] += step[up]
        height[up] = here.log_likelihood[higher]
        gradient = np.where(kept[going], here.gradient(), 0.0)[higher]
        step[up] = _solved(here.curvature()[higher], gradient, kept[up])
        gain = 0.5 * np.einsum("sk,sk->s", step[up], gradient)
        still = np.ones(len(going), dtype=bool)
        still[higher] = gain > SETTLED * len(design.x)
        height[up] += np.where(still[higher], 0.0, gain)
        found[going[~still]] += step[going[~still]]
        going = going[still]
        if len(going) == 0:
            break
    return Fits(found, height)


def _solved(curvature: Array, gradient: Array, kept: NDArray[np.bool_]) -> Array:
    """Newton's step among the parameters that are kept, 0 for the others.

    Where rounding turns the step downhill, the gradient itself is followed.
    """
    gradient = np.where(kept, gradient, 0.0)
    own = np.diagonal(curvature, axis1=1, axis2=2)
    unit = 1 / np.sqrt(np.maximum(own, FLAT * own.max(axis=1, keepdims=True)))
    scale = np.where(kept, unit, 0.0)
    inside = curvature * scale[:, :, None] * scale[:, None, :]
    inside += np.where(kept, RIDGE, 1.0)[:, :, None] * np.eye(own.shape[1])
    step = scale * np.linalg.solve(inside, (scale * gradient)[:, :, None])[:, :, 0]
    uphill = np.einsum("sk,sk->s", step, gradient) >= 0
    return np.asarray(np.where(uphill[:, None], step, scale**2 * gradient))
