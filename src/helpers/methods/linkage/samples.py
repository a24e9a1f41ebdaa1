"""The rows a link is estimated on, and the estimates made from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd
from scipy.linalg import block_diag
from scipy.special import expit, logit
from scipy.stats import t as student

from helpers.errors import NotEstimable
from helpers.methods.linkage.design import COMPUTED, Design, design_for, usable_columns
from helpers.methods.linkage.fits import Fit, Kind, fit_model, leaving_one_out, marginal_effect
from helpers.methods.linkage.logit import refit
from helpers.methods.linkage.noise import MeasuredScore, flattening
from helpers.methods.linkage.placebo import CHANGE, with_year_change

__all__ = ["LinkEstimate", "Question", "Sample"]

FEWEST_ROWS = 20
FEWEST_ACCOUNTS = 15
FEWEST_CASES = 5  # of the rarer outcome: below this no slope is worth printing
CASES_A_COLUMN = 10  # Peduzzi et al., Journal of Clinical Epidemiology, 1996
ROUNDS = 12  # of slope and flattening in turn, at most
SAME = 1e-6  # relative change of a slope at which the rounds end
PAST_GROWTH = "growth_before"  # a consequence of earlier loyalty as well: its change is tested
NUDGE = 0.01  # relative step for a derivative


@dataclass(frozen=True, slots=True)
class LinkEstimate:
    """One effect of the score: the average change of the outcome for ``per`` points."""

    estimate: str  # unadjusted, adjusted, corrected or negative control
    effect: float
    low: float
    high: float
    p: float
    base: int
    standard_error: float
    coefficient: float  # one point of the score: log odds (logit) or outcome units (linear)
    coefficient_error: float

    def __post_init__(self) -> None:
        if not self.low <= self.effect <= self.high:
            raise ValueError(
                f"the {self.estimate} effect {self.effect} lies outside its own interval "
                f"({self.low} to {self.high}): adjust for fewer columns"
            )


@dataclass(frozen=True)
class Question:
    """What is asked of a panel, before its rows are chosen."""

    outcome: str
    score: str
    kind: Literal["auto", "logit", "linear"]
    clusters: str | None
    per: float
    confidence: float
    winsorise: float

    def __post_init__(self) -> None:
        if not 0 < self.confidence < 1:
            raise ValueError(f"confidence is a share such as 0.95, not {self.confidence}")
        if not 0 <= self.winsorise < 0.5:
            raise ValueError(f"winsorise is a share below 0.5 at each end, not {self.winsorise}")
        if not self.per > 0:
            raise ValueError(f"per is a number of score points above 0, not {self.per}")

    def sample(
        self, panel: pd.DataFrame, adjust: Sequence[str], reliability: float | str | None
    ) -> Sample:
        """Choose the rows that have all that is asked, and the columns that can be used."""
        named = [self.outcome, self.score, self.clusters, reliability]
        needed = [name for name in named if isinstance(name, str)]
        _present(panel, needed)
        for name in (self.outcome, self.score):
            if name in adjust:
                raise ValueError(f"{name} cannot be adjusted for: take it out of adjust")
        if reliability is not None and self.score == "shrunk":
            raise ValueError("shrunk scores have their noise taken out already: give the measured "
                             "score, or leave reliability out")  # fmt: skip
        known = panel.dropna(subset=needed)
        kept, notes = usable_columns(known, adjust) if len(known) else ([], [])
        rows = known.dropna(subset=kept)
        if len(rows) < len(known):
            notes.append(_lost(known, kept, len(known) - len(rows)))
        _enough(rows, self.outcome, self.clusters)
        kind, target = self._target(rows[self.outcome])
        full, matrix = design_for(rows, self.score, kept)
        thin = _thin(target, kind, len(full.columns) - 1)
        return Sample(self, rows, kind, target, full, matrix, (*notes, *full.notes, *thin))

    def of_the_same(self, sample: Sample) -> Sample:
        """The rows and columns of a sample for another model of its outcome; notes on columns."""
        kind, target = self._target(sample.rows[self.outcome])
        thin = _thin(target, kind, len(sample.full.columns) - 1)
        return replace(
            sample, ask=self, kind=kind, target=target, notes=(*sample.full.notes, *thin)
        )

    def _target(self, values: pd.Series) -> tuple[Kind, np.ndarray]:
        numbers = values.astype(float).to_numpy()
        binary = bool(np.isin(numbers, (0, 1)).all())
        if len(np.unique(numbers)) == 1:
            raise NotEstimable(
                f"{self.outcome} is {numbers[0]:g} for every one of {len(numbers)} rows: there is "
                "nothing to explain. Use a longer lag, more waves, or another outcome"
            )
        kind: Kind = ("logit" if binary else "linear") if self.kind == "auto" else self.kind
        if kind == "linear":
            ends = np.quantile(numbers, [self.winsorise, 1 - self.winsorise])
            return kind, np.clip(numbers, *ends) if self.winsorise else numbers
        if not binary:
            found = numbers[~np.isin(numbers, (0, 1))][0]
            raise ValueError(f"logit needs an outcome of 0 and 1, and {self.outcome} holds "
                             f"{found:g}: use kind='linear'")  # fmt: skip
        rarer = int(min(numbers.sum(), len(numbers) - numbers.sum()))
        if rarer < FEWEST_CASES:
            raise NotEstimable(
                f"only {rarer} of {len(numbers)} rows differ in {self.outcome}: at least "
                f"{FEWEST_CASES} are needed. Use a longer lag or more waves"
            )
        return kind, numbers


@dataclass(frozen=True)
class Sample:
    """The rows one link is estimated on, the same for every estimate."""

    ask: Question
    rows: pd.DataFrame
    kind: Kind
    target: np.ndarray
    full: Design
    matrix: np.ndarray  # the rows in all its columns
    notes: tuple[str, ...]

    @property
    def alone(self) -> Design:
        """The score and an intercept."""
        return replace(self.full, numbers=(), levels={}, columns=self.full.columns[:2])

    @property
    def adjust(self) -> tuple[str, ...]:
        """Columns that are really adjusted for."""
        return (*self.full.numbers, *self.full.levels)

    @property
    def groups(self) -> pd.Series | None:
        """Which rows belong together."""
        return self.rows[self.ask.clusters] if self.ask.clusters else None

    @property
    def accounts(self) -> int:
        """Number of clusters, or of rows where there are none."""
        return len(self.rows) if self.groups is None else int(self.groups.nunique())

    @property
    def correlation(self) -> float:
        """Correlation of score and outcome."""
        pair = self.rows[[self.ask.score, self.ask.outcome]].to_numpy(float)
        return float(np.corrcoef(pair.T)[0, 1])

    def estimate(
        self,
        name: str,
        design: Design,
        matrix: np.ndarray | None = None,
        flatter: np.ndarray | None = None,
        jackknife: bool = False,
    ) -> tuple[LinkEstimate, Fit]:
        """Fit one model and state the score's effect for ``per`` points."""
        if matrix is None:  # a design's first columns are the same whatever comes after
            matrix = np.ascontiguousarray(self.matrix[:, : len(design.columns)])
        flatter = np.ones(len(matrix)) if flatter is None else flatter
        matrix = matrix / flatter[:, None]
        fit = fit_model(matrix, self.target, self._grouped, self.kind, design.columns)
        if jackknife:
            fit = replace(
                fit, covariance=leaving_one_out(fit, matrix, self.target, self._codes, self.kind)
            )
        point = design.spread[self.ask.score]
        effect, error = (
            x * self.ask.per / point for x in marginal_effect(fit, matrix, self.kind, flatter)
        )
        reach = float(student.ppf((1 + self.ask.confidence) / 2, fit.degrees_of_freedom)) * error
        p = 2 * float(student.sf(abs(effect) / error, fit.degrees_of_freedom)) if error else 0.0
        slope, spread = fit.coefficients[1] / point, np.sqrt(fit.covariance[1, 1]) / point
        return LinkEstimate(
            name, effect, effect - reach, effect + reach, p, len(matrix), error,
            float(slope), float(spread),
        ), fit  # fmt: skip

    def without_noise(
        self, reliability: float | str | None, doubt: float = 0.0
    ) -> tuple[LinkEstimate | None, float | None, tuple[str, ...]]:
        """Estimate the effect of the true score; the mean reliability it rests on; notes.

        How sure the share of noise is adds to the error: it depends on the scores alone and
        so is independent of the outcome's part. ``doubt`` is the standard error of the log
        odds of all reliabilities, which move together.
        """
        if reliability is None:
            return None, None, ()
        each = (
            self.rows[reliability].to_numpy(float)
            if isinstance(reliability, str)
            else np.full(len(self.rows), float(reliability))
        )
        matrix = self.matrix
        measured = MeasuredScore(matrix[:, 1], np.delete(matrix, 1, axis=1), each)
        found = self._calibrated(matrix, measured, measured.spreads, sure=True)
        trusted = replace(measured, reliability=expit(logit(each) + NUDGE))
        moved = [
            self._calibrated(matrix, measured, measured.spreads * np.array([1 + NUDGE, 1])),
            self._calibrated(matrix, measured, measured.spreads * np.array([1, 1 + NUDGE])),
            self._calibrated(matrix, trusted, measured.spreads),
        ]
        known = block_diag(measured.spread_covariance(self._codes), doubt**2)
        nudges = np.append(measured.spreads, 1) * NUDGE
        trust = float(each.mean())
        try:
            return self._widened(found, moved, known / np.outer(nudges, nudges)), trust, ()
        except NotEstimable as reason:
            return None, trust, (str(reason),)

    @cached_property
    def _grouped(self) -> pd.Series | None:
        """Which rows belong together, by number: numbers are grouped faster than names."""
        return None if self.groups is None else pd.Series(self._codes)

    @cached_property
    def _codes(self) -> np.ndarray:
        groups = np.arange(len(self.rows)) if self.groups is None else self.groups
        return pd.factorize(np.asarray(groups))[0]

    def _calibrated(
        self, matrix: np.ndarray, measured: MeasuredScore, spreads: np.ndarray, sure: bool = False
    ) -> LinkEstimate:
        """The effect of true scores; its errors count only where it is asked for as ``sure``."""
        guess, doubt = measured.calibrated(spreads)
        matrix = np.column_stack([matrix[:, 0], guess, matrix[:, 2:]])
        if self.kind == "linear":
            return self.estimate("corrected", self.full, matrix, jackknife=sure)[0]
        moved = fit_model(matrix, self.target, self._grouped, self.kind, self.full.columns)
        for _ in range(ROUNDS):
            before = moved.coefficients[1]
            flatter = flattening(before, doubt)
            moved = self._moved(moved, matrix / flatter[:, None])
            if abs(moved.coefficients[1] - before) < SAME * abs(before):
                break
        found, fit = self.estimate("corrected", self.full, matrix, flatter, sure)
        slope = fit.coefficients[1]
        if not sure or not slope:
            return found
        steeper = flattening(slope * (1 + NUDGE), doubt)
        moved = self._moved(fit, matrix / steeper[:, None])
        feedback = (moved.coefficients[1] / slope - 1) / NUDGE
        return replace(found, coefficient_error=found.coefficient_error / (1 - feedback))

    def _moved(self, fit: Fit, matrix: np.ndarray) -> Fit:
        """A logit as it is with columns that are little different; its errors stay as they were."""
        if fit.notes:  # Firth's penalty
            return fit_model(matrix, self.target, self._grouped, self.kind, self.full.columns)
        found = refit(matrix, self.target, np.ones((1, len(matrix))), fit.coefficients)
        return replace(fit, coefficients=found[0])

    def _widened(
        self, found: LinkEstimate, moved: list[LinkEstimate], known: np.ndarray
    ) -> LinkEstimate:
        """Fieller's interval: the effect observed over the share of it that noise leaves.

        Estimate and error rise together where the divisor is estimated as well, so an
        interval of so many errors to each side misses on one of them.
        """
        shifts = _relative(found, moved, "effect")
        doubt = shifts @ known @ shifts  # of the divisor, as a square of a share of it
        reach = (found.high - found.effect) / found.standard_error
        left = 1 - reach**2 * doubt
        if left <= 0:
            raise NotEstimable(
                "how much of the score is noise is too uncertain to say what the true score "
                "is worth: more people an account, or more accounts, are needed"
            )
        half = reach * np.sqrt(found.standard_error**2 * left + found.effect**2 * doubt)
        error = np.sqrt(found.standard_error**2 + found.effect**2 * doubt)
        shifts = _relative(found, moved, "coefficient")
        doubt = shifts @ known @ shifts
        slope_error = np.sqrt(found.coefficient_error**2 + found.coefficient**2 * doubt)
        return replace(
            found,
            low=float((found.effect - half) / left), high=float((found.effect + half) / left),
            standard_error=float(error), coefficient_error=float(slope_error),
        )  # fmt: skip

    def control(
        self, panel: pd.DataFrame, name: str | None
    ) -> tuple[LinkEstimate | None, tuple[str, ...]]:
        """Estimate an effect on an outcome that the score cannot have; a note where it cannot be.

        Growth before the survey is one that earlier loyalty did have: there it is the change
        of the score over a year that is set against the growth within that year.
        """
        if name is None or (name in COMPUTED and name not in panel.columns):
            return None, ()
        _present(panel, [name])
        others = [column for column in self.adjust if column != name]
        rows, ask = self.rows, replace(self.ask, outcome=name, kind="auto")
        if name == PAST_GROWTH:
            rows = with_year_change(panel, self.ask.score)
            ask = replace(ask, score=CHANGE)
            others += ["wave"] if "wave" in rows else []
        try:
            sample = ask.sample(rows, others, None)
            return sample.estimate("negative control", sample.full)[0], ()
        except ValueError as reason:
            return None, (f"negative control not shown: {reason}",)


def _relative(found: LinkEstimate, moved: list[LinkEstimate], name: str) -> np.ndarray:
    """How a nudge of each thing that is estimated changes the link, as a share of it."""
    link = getattr(found, name)
    if link == 0:
        return np.zeros(len(moved))
    return np.array([getattr(each, name) / link - 1 for each in moved])


def _present(panel: pd.DataFrame, names: Sequence[str]) -> None:
    for name in names:
        if name not in panel.columns:
            needs = {
                "retained": " (it needs end_date in accounts)",
                "renewed": " (it needs contracts with end and renewed)",
                "growth_after": " (it needs financials)",
            }.get(name, "")
            there = ", ".join(map(str, panel.columns))
            raise ValueError(f"no column {name!r}{needs}; there are {there}")


def _lost(known: pd.DataFrame, kept: Sequence[str], count: int) -> str:
    empty = ", ".join(name for name in kept if known[name].isna().any())
    return f"{count} of {len(known)} rows are left out: no value for {empty}"


def _enough(rows: pd.DataFrame, outcome: str, clusters: str | None) -> None:
    if len(rows) < FEWEST_ROWS:
        raise NotEstimable(f"base too small: {len(rows)} rows have a score, {outcome} and all that "
                         f"is adjusted for; at least {FEWEST_ROWS} are needed")  # fmt: skip
    accounts = rows[clusters].nunique() if clusters else len(rows)
    if accounts < FEWEST_ACCOUNTS:
        raise NotEstimable(f"base too small: {accounts} accounts, and at least {FEWEST_ACCOUNTS} "
                         "are needed for an interval that holds")  # fmt: skip


def _thin(target: np.ndarray, kind: Kind, columns: int) -> tuple[str, ...]:
    if kind == "linear":
        if len(target) < 2 * (columns + 1):
            raise NotEstimable(f"{columns} columns for {len(target)} rows: adjust for fewer")
        return ()
    rarer = int(min(target.sum(), len(target) - target.sum()))
    if rarer >= CASES_A_COLUMN * columns:
        return ()
    return (f"{rarer} cases of the rarer outcome for {columns} columns, fewer than "
            f"{CASES_A_COLUMN} each: the adjusted effect is unsteady",)  # fmt: skip
