"""Today's accounts and the past rows of a link, ready for many sets of coefficients."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

import numpy as np
import pandas as pd
from scipy.special import expit

from helpers.errors import NotEstimable
from helpers.methods.linkage.excess import Calibration, WithoutNoise
from helpers.methods.linkage.logit import refit
from helpers.methods.linkage.models import Link

__all__ = ["Forecast", "Past", "check_current", "expected_scores", "learned_from", "refitted",
           "scored_accounts"]  # fmt: skip

REFERENCE = 0.75  # share of true scores that lie below what excess compares with
CELLS = 4_000_000  # replicates x accounts worked on at once: 32 MB


def check_current(
    link: Link, current: pd.DataFrame, replicates: int, rng: np.random.Generator | None
) -> None:
    """Refuse accounts that the link cannot be applied to."""
    missing = {"account_id", "revenue", *link.design.needs} - set(current.columns)
    if missing:
        raise ValueError(f"current accounts have no column {', '.join(sorted(missing))}: add it")
    if replicates and rng is None:
        raise ValueError("an interval by refits draws at random: give rng")
    if current["account_id"].duplicated().any():
        first = current.loc[current["account_id"].duplicated(), "account_id"].iloc[0]
        raise ValueError(f"current accounts list {first} twice: send one row an account")


def scored_accounts(link: Link, current: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Accounts with a score and revenue, what they lack filled in, and what was done so.

    Raises
    ------
    NotEstimable
        Where no account has both, or none brings revenue.
    """
    scored = current[current[link.score].notna() & current["revenue"].notna()]
    if scored.empty:
        raise NotEstimable("no current account has both a score and revenue: match their ids first")
    if not (scored["revenue"] > 0).any():
        raise NotEstimable("no current account with a score brings revenue: check its sign")
    notes = []
    if len(scored) < len(current):
        notes.append(f"accounts left out, without score or revenue: {len(current) - len(scored)}")
    negative = int((scored["revenue"] < 0).sum())
    if negative:
        notes.append(f"accounts with negative revenue, taken as nothing at risk: {negative}")
    fill: dict[str, object] = {}
    for name in link.design.numbers:
        fill[name] = link.design.centre[name]
    for name, levels in link.design.levels.items():
        fill[name] = levels[0]
    for name, levels in link.design.levels.items():
        text = scored[name].astype("string")
        scored = scored.assign(**{name: text.where(text.isin(levels))})
    for name, value in fill.items():
        empty = int(scored[name].isna().sum())
        if empty:
            what = "the average" if name in link.design.numbers else repr(value)
            notes.append(
                f"accounts without a known {name}, given {what} of the past accounts: {empty}"
            )
    return scored.fillna(fill), tuple(notes)


@dataclass(frozen=True)
class Forecast:
    """Today's accounts ready for many sets of coefficients."""

    link: Link
    matrix: np.ndarray
    reliability: np.ndarray | None  # of each account's score; none where noise stays in
    revenue: np.ndarray
    kept: int
    reference: float | None  # a score, as the design scales it

    @classmethod
    def of(
        cls, link: Link, accounts: pd.DataFrame, kept: int, reference: float | None = None
    ) -> Forecast:
        """Today's scored accounts; those that pay less than nothing count as nothing."""
        revenue = accounts["revenue"].clip(lower=0).to_numpy(float)
        trusted = _reliability(link, accounts)
        return cls(link, link.design.matrix(accounts), trusted, revenue, kept, reference)

    def with_level(self, coefficients: np.ndarray, shifts: np.ndarray) -> np.ndarray:
        """Sets of coefficients with the log odds of leaving moved, one shift a set."""
        moved = coefficients.copy()
        moved[:, 0] += -shifts if self.kept else shifts
        return moved

    def at_true_scores(
        self, coefficients: np.ndarray, true: np.ndarray, reference: np.ndarray | None = None
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Chance of leaving by true scores, what of it a reference score would save, and that.

        ``true`` holds scores of each replicate and account, several of each where the last
        axis has values alike likely; ``reference`` a score of each replicate, where it is known.
        """
        values = true.reshape(len(true), true.shape[1], -1)
        if reference is None and self.reference is not None:
            reference = np.full(len(values), self.reference)
        if reference is None:
            reference = np.quantile(values.reshape(len(values), -1), REFERENCE, axis=1)
        lifted = np.maximum(values, reference[:, None, None])
        lost = self.lost_at(coefficients, values)
        saved = lost - self.lost_at(coefficients, lifted)
        return lost.mean(axis=2), saved.mean(axis=2), reference

    def lost_at(self, coefficients: np.ndarray, scores: np.ndarray) -> np.ndarray:
        """Chance of leaving at scores of each replicate, account and value."""
        rest = np.delete(coefficients, 1, axis=1) @ np.delete(self.matrix, 1, axis=1).T
        return self._lost(rest[..., None] + coefficients[:, 1, None, None] * scores)

    def _lost(self, line: np.ndarray) -> np.ndarray:
        value = expit(line) if self.link.kind == "logit" else np.clip(line, 0, 1)
        return 1 - value if self.kept else value


def learned_from(link: Link, panel: pd.DataFrame) -> pd.DataFrame:
    """The rows of a panel that the link was estimated on.

    Raises
    ------
    ValueError
        Where they are other rows.
    """
    trusted = [link.trusted] if isinstance(link.trusted, str) else []
    clusters = [link.clusters] if link.clusters else []
    rows = panel.dropna(subset=[link.outcome, *link.design.needs, *trusted, *clusters])
    if len(rows) != link.base:
        raise ValueError(f"panel has {len(rows)} usable rows and the link was estimated on "
                         f"{link.base}: give the same panel")  # fmt: skip
    return rows


@dataclass(frozen=True)
class Past:
    """The rows the link was estimated on, ready to be weighted anew."""

    link: Link
    matrix: np.ndarray
    outcome: np.ndarray
    codes: np.ndarray  # which account each row is of
    without_noise: WithoutNoise | None

    @classmethod
    def of(cls, link: Link, panel: pd.DataFrame) -> Past:
        """The rows of a panel that the link was estimated on.

        Raises
        ------
        ValueError
            Where they are other rows, or the outcome is no share.
        """
        rows = learned_from(link, panel)
        outcome = rows[link.outcome].to_numpy(float)
        if outcome.min() < 0 or outcome.max() > 1:
            raise ValueError(f"{link.outcome} runs from {outcome.min():g} to {outcome.max():g}: "
                             "revenue at risk needs an outcome of 0 and 1, or a share")  # fmt: skip
        matrix = link.design.matrix(rows)
        codes = pd.factorize(rows[link.clusters])[0] if link.clusters else np.arange(len(rows))
        reliability, start = _reliability(link, rows), link.coefficients.to_numpy()
        refits = None
        if reliability is not None:
            refits = WithoutNoise(matrix, outcome, reliability, start, link.kind == "logit")
        return cls(link, matrix, outcome, codes, refits)

    def refit(self, weights: np.ndarray) -> np.ndarray:
        """Coefficients of the link as measured, a row a weighting."""
        start, logit = self.link.coefficients.to_numpy(), self.link.kind == "logit"
        return refit(self.matrix, self.outcome, weights, start, logit=logit)

    def redrawn(
        self, number: int, rng: np.random.Generator
    ) -> tuple[np.ndarray, Calibration | None]:
        """Refits on accounts drawn again; the link keeps them, and how far ``rng`` went for them.

        What is at risk in revenue, in margin and over years rests on the same draws, so a page
        asks for the same refits several times.
        """
        key = sha256(pickle.dumps((self._rows, number, rng.bit_generator.state))).digest()
        if key not in self.link.refits:
            self.link.refits[key] = (*self._redrawn(number, rng), rng.bit_generator.state)
        coefficients, calibration, rng.bit_generator.state = self.link.refits[key]
        return coefficients, calibration

    @cached_property
    def _rows(self) -> bytes:
        """A digest of all that refits rest on besides draws."""
        trusted = getattr(self.without_noise, "reliability", None)
        rows = (self.matrix, self.outcome, self.codes, trusted)
        return sha256(pickle.dumps(rows)).digest()

    def _redrawn(
        self, number: int, rng: np.random.Generator
    ) -> tuple[np.ndarray, Calibration | None]:
        weights = self.drawn(number, rng)
        if self.without_noise is None:
            return self.refit(weights), None
        return self.without_noise.fitted(weights, self.link.doubt * rng.standard_normal(number))

    def drawn(self, number: int, rng: np.random.Generator) -> np.ndarray:
        """How often each row's account comes up, accounts drawn with replacement."""
        count = int(self.codes.max()) + 1
        times = rng.multinomial(count, np.full(count, 1 / count), size=number)
        return np.asarray(times.astype(float)[:, self.codes])


def expected_scores(world: Forecast, past: Past) -> tuple[np.ndarray, np.ndarray]:
    """The link's coefficients, and values alike likely for each account's true score.

    Where the link has no estimate without noise, the measured scores stand in, undoubted.
    """
    if past.without_noise is None or world.reliability is None:
        return world.link.coefficients.to_numpy()[None], world.matrix[None, :, 1]
    alike = np.ones((1, len(past.outcome)))
    coefficients, calibration = past.without_noise.fitted(alike, np.zeros(1))
    return coefficients, calibration.true_scores(world.matrix, world.reliability).points


def refitted(
    world: Forecast, past: Past, replicates: int, rng: np.random.Generator | None
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The same of refits, some at a time: past accounts drawn again, and one true score drawn."""
    if rng is None:
        return
    size = max(1, CELLS // max(len(past.outcome), len(world.revenue)))
    for first in range(0, replicates, size):
        number = min(size, replicates - first)
        coefficients, calibration = past.redrawn(number, rng)
        if calibration is None or world.reliability is None:
            yield coefficients, np.broadcast_to(world.matrix[:, 1], (number, len(world.matrix)))
        else:
            yield coefficients, calibration.true_scores(world.matrix, world.reliability).drawn(rng)


def _reliability(link: Link, rows: pd.DataFrame) -> np.ndarray | None:
    """Of each row's score; none where the link has no estimate without noise."""
    if link.corrected is None or link.trusted is None:
        return None
    if not isinstance(link.trusted, str):
        return np.full(len(rows), float(link.trusted))
    known = rows.get(link.trusted, pd.Series(np.nan, index=rows.index)).astype(float)
    return known.where(known > 0, link.reliability).to_numpy()
