"""The link between a score and a later outcome, alone and adjusted for what was known before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd
from scipy.special import expit
from scipy.stats import t as student

from helpers.methods.linkage.design import Design, design_for, usable_columns
from helpers.methods.linkage.fits import Fit, Kind, fit_model, marginal_effect
from helpers.methods.linkage.noise import calibrated

__all__ = ["Link", "LinkEstimate", "link"]

FEWEST_ROWS = 20
FEWEST_ACCOUNTS = 15
FEWEST_CASES = 5  # of the rarer outcome: below this no slope is worth printing
CASES_A_COLUMN = 10  # Peduzzi et al., Journal of Clinical Epidemiology, 1996
LATER = ("retained", "renewed", "growth_after")  # outcomes that panel() takes from the window


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
class Link:
    """How a score goes with a later outcome.

    ``effect`` is the average change in the outcome for ``per`` points more of the score,
    the other columns staying as they are: in shares for 0 and 1, in the outcome's own
    units otherwise. It is the adjusted estimate where there is one. ``corrected`` is the
    effect per points of the true score, the noise of the measured one taken out: use it for
    what better loyalty is worth, and ``effect`` or ``predict`` for forecasts.
    """

    table: pd.DataFrame  # estimate, effect, low, high, p, base
    outcome: str
    score: str
    kind: Kind
    per: float
    correlation: float  # of score and outcome, unadjusted
    base: int  # rows: account and wave
    accounts: int  # clusters, or rows where none were given
    grade: Literal["B", "C"]
    confidence: float
    adjust: tuple[str, ...]
    unadjusted: LinkEstimate
    adjusted: LinkEstimate | None
    corrected: LinkEstimate | None
    negative_control: LinkEstimate | None
    reliability: float | None  # of the scores used, on average
    notes: tuple[str, ...]
    clusters: str | None = field(repr=False)
    design: Design = field(repr=False)
    coefficients: pd.Series = field(repr=False)  # on the design's own scale
    covariance: pd.DataFrame = field(repr=False)

    @property
    def main(self) -> LinkEstimate:
        """The adjusted estimate, or the unadjusted where nothing was adjusted for."""
        return self.adjusted or self.unadjusted

    @property
    def effect(self) -> float:
        """Average change of the outcome for ``per`` points of the score."""
        return self.main.effect

    @property
    def low(self) -> float:
        """Lower end of the interval of ``effect``."""
        return self.main.low

    @property
    def high(self) -> float:
        """Upper end of the interval of ``effect``."""
        return self.main.high

    @property
    def p(self) -> float:
        """Chance of an effect this far from 0 if there were none."""
        return self.main.p

    def predict(self, frame: pd.DataFrame) -> pd.Series:
        """Expected outcome of each row: a probability (logit) or a value (linear).

        Missing where the score or a column adjusted for is missing.
        """
        line = self.design.matrix(frame) @ self.coefficients.to_numpy()
        values = expit(line) if self.kind == "logit" else line
        return pd.Series(values, index=frame.index, name=self.outcome)


def link(
    panel: pd.DataFrame,
    outcome: str,
    *,
    score: str = "score",
    adjust: Sequence[str] = (),
    kind: Literal["auto", "logit", "linear"] = "auto",
    clusters: str | None = "account_id",
    per: float = 10.0,
    confidence: float = 0.95,
    reliability: float | str | None = None,
    negative_control: str | None = None,
    lagged: bool | None = None,
    winsorise: float = 0.0,
) -> Link:
    """Estimate how a score goes with a later outcome, alone and adjusted.

    A 0 and 1 outcome gets a logit model and its average marginal effect (delta method),
    a number gets least squares. Errors are clustered (statsmodels' small-sample factor
    G/(G−1)·(n−1)/(n−k)) with t on clusters less one; where every row is its own cluster,
    HC3 for least squares and the model's own for logit.

    Parameters
    ----------
    panel
        Rows of account and wave, as ``panel`` makes them or supplied.
    outcome
        Column of the outcome; rows without it are not used.
    score
        Column of the score. Give the measured score, not one already shrunken, when
        ``reliability`` is given.
    adjust
        Columns known at the wave. Numbers enter as they are, texts as categories.
    kind
        ``auto``: logit where the outcome is 0 and 1.
    clusters
        Column whose rows belong together; ``None`` if each row stands alone.
    per
        Score points that the effect is stated for.
    confidence
        Of the intervals.
    reliability
        Share of the score's variance that is not noise, 0 to 1: one number, or the name
        of a column with one for each row. Adds the ``corrected`` estimate.
    negative_control
        An outcome from before the wave, which the score cannot have caused; an effect on
        it means that something else is at work.
    lagged
        Whether the outcome came after the score. ``None``: it did if ``panel`` made it.
    winsorise
        Share of a number outcome drawn in at each end, for example 0.01.

    Raises
    ------
    ValueError
        If a column is missing, the base is too small, the outcome never varies, or the
        score splits it without exception; each with what to do.

    Notes
    -----
    Grade B needs a lag and an adjustment; otherwise C. Correction for noise: regression
    calibration (Carroll, Ruppert, Stefanski & Crainiceanu, Measurement Error in Nonlinear
    Models, 2006, chapter 4). Data that separate are fitted under Firth's penalty, and said so.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> frame = pd.DataFrame({"account_id": range(400), "score": rng.normal(60, 15, 400)})
    >>> frame["spend"] = 2 + 0.05 * frame["score"] + rng.normal(0, 0.5, 400)
    >>> found = link(frame, "spend")
    >>> found.kind, found.base, round(found.effect, 1)
    ('linear', 400, 0.5)
    """
    ask = _Question(outcome, score, kind, clusters, per, confidence, winsorise)
    sample = ask.sample(panel, adjust, reliability)
    unadjusted, _ = sample.estimate("unadjusted", sample.alone)
    main, fit = sample.estimate("adjusted", sample.full)
    adjusted = main if sample.adjust else None
    corrected, trust = sample.without_noise(reliability)
    control = sample.control(panel, negative_control)
    found = [e for e in (unadjusted, adjusted, corrected, control) if e is not None]
    after = outcome in LATER and "t0" in panel.columns if lagged is None else lagged
    names = list(sample.full.columns)
    return Link(
        table=pd.DataFrame(found)[["estimate", "effect", "low", "high", "p", "base"]],
        outcome=outcome,
        score=score,
        kind=sample.kind,
        per=per,
        correlation=sample.correlation,
        base=len(sample.rows),
        accounts=sample.accounts,
        grade="B" if after and sample.adjust else "C",
        confidence=confidence,
        adjust=sample.adjust,
        unadjusted=unadjusted,
        adjusted=adjusted,
        corrected=corrected,
        negative_control=control,
        reliability=trust,
        notes=tuple(dict.fromkeys([*sample.notes, *fit.notes])),
        clusters=clusters,
        design=sample.full,
        coefficients=pd.Series(fit.coefficients, index=names),
        covariance=pd.DataFrame(fit.covariance, index=names, columns=names),
    )


@dataclass(frozen=True)
class _Question:
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
    ) -> _Sample:
        named = [self.outcome, self.score, self.clusters, reliability]
        needed = [name for name in named if isinstance(name, str)]
        _present(panel, needed)
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
        full = design_for(rows, self.score, kept)
        thin = _thin(target, kind, len(full.columns) - 1)
        return _Sample(self, rows, kind, target, full, (*notes, *full.notes, *thin))

    def _target(self, values: pd.Series) -> tuple[Kind, np.ndarray]:
        numbers = values.astype(float).to_numpy()
        binary = bool(np.isin(numbers, (0, 1)).all())
        if len(np.unique(numbers)) == 1:
            raise ValueError(
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
            raise ValueError(
                f"only {rarer} of {len(numbers)} rows differ in {self.outcome}: at least "
                f"{FEWEST_CASES} are needed. Use a longer lag or more waves"
            )
        return kind, numbers


@dataclass(frozen=True)
class _Sample:
    """The rows one link is estimated on, the same for every estimate."""

    ask: _Question
    rows: pd.DataFrame
    kind: Kind
    target: np.ndarray
    full: Design
    notes: tuple[str, ...]

    @property
    def alone(self) -> Design:
        return design_for(self.rows, self.ask.score, ())

    @property
    def adjust(self) -> tuple[str, ...]:
        return (*self.full.numbers, *self.full.levels)

    @property
    def groups(self) -> pd.Series | None:
        return self.rows[self.ask.clusters] if self.ask.clusters else None

    @property
    def accounts(self) -> int:
        return len(self.rows) if self.groups is None else int(self.groups.nunique())

    @property
    def correlation(self) -> float:
        pair = self.rows[[self.ask.score, self.ask.outcome]].to_numpy(float)
        return float(np.corrcoef(pair.T)[0, 1])

    def estimate(
        self, name: str, design: Design, matrix: np.ndarray | None = None
    ) -> tuple[LinkEstimate, Fit]:
        matrix = design.matrix(self.rows) if matrix is None else matrix
        fit = fit_model(matrix, self.target, self.groups, self.kind, design.columns)
        point = design.spread[self.ask.score]
        effect, error = (x * self.ask.per / point for x in marginal_effect(fit, matrix, self.kind))
        reach = float(student.ppf((1 + self.ask.confidence) / 2, fit.degrees_of_freedom)) * error
        p = 2 * float(student.sf(abs(effect) / error, fit.degrees_of_freedom)) if error else 0.0
        slope, spread = fit.coefficients[1] / point, np.sqrt(fit.covariance[1, 1]) / point
        return LinkEstimate(
            name, effect, effect - reach, effect + reach, p, len(matrix), error,
            float(slope), float(spread),
        ), fit  # fmt: skip

    def without_noise(
        self, reliability: float | str | None
    ) -> tuple[LinkEstimate | None, float | None]:
        if reliability is None:
            return None, None
        each = (
            self.rows[reliability].to_numpy(float)
            if isinstance(reliability, str)
            else np.full(len(self.rows), float(reliability))
        )
        matrix = self.full.matrix(self.rows)
        others = np.delete(matrix, 1, axis=1)
        matrix[:, 1] = calibrated(matrix[:, 1], others, each)
        return self.estimate("corrected", self.full, matrix)[0], float(each.mean())

    def control(self, panel: pd.DataFrame, name: str | None) -> LinkEstimate | None:
        if name is None or name not in panel.columns or panel[name].isna().all():
            return None
        ask = _Question(name, self.ask.score, "auto", self.ask.clusters, self.ask.per,
                        self.ask.confidence, self.ask.winsorise)  # fmt: skip
        others = [column for column in self.adjust if column != name]
        sample = ask.sample(self.rows, others, None)
        return sample.estimate("negative control", sample.full)[0]


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
        raise ValueError(f"base too small: {len(rows)} rows have a score, {outcome} and all that "
                         f"is adjusted for; at least {FEWEST_ROWS} are needed")  # fmt: skip
    accounts = rows[clusters].nunique() if clusters else len(rows)
    if accounts < FEWEST_ACCOUNTS:
        raise ValueError(f"base too small: {accounts} accounts, and at least {FEWEST_ACCOUNTS} "
                         "are needed for an interval that holds")  # fmt: skip


def _thin(target: np.ndarray, kind: Kind, columns: int) -> tuple[str, ...]:
    if kind == "linear":
        if len(target) < 2 * (columns + 1):
            raise ValueError(f"{columns} columns for {len(target)} rows: adjust for fewer")
        return ()
    rarer = int(min(target.sum(), len(target) - target.sum()))
    if rarer >= CASES_A_COLUMN * columns:
        return ()
    return (f"{rarer} cases of the rarer outcome for {columns} columns, fewer than "
            f"{CASES_A_COLUMN} each: the adjusted effect is unsteady",)  # fmt: skip
