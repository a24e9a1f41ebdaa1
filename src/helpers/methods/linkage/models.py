"""The link between a score and a later outcome, alone and adjusted for what was known before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import pandas as pd
from scipy.special import expit

from helpers.methods.linkage.design import Design
from helpers.methods.linkage.fits import Kind
from helpers.methods.linkage.samples import PAST_GROWTH, LinkEstimate, Question
from helpers.methods.survey.estimates import Estimate

__all__ = ["Link", "link"]

LATER = ("retained", "renewed", "growth_after")  # outcomes that panel() takes from the window


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
    control: str | None  # the outcome it is on
    reliability: float | None  # of the scores used, on average
    trusted: float | str | None  # that reliability, or the column that has one for each row
    doubt: float  # standard error of the log odds of all reliabilities
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
    def verdict(self) -> Literal["higher", "lower", "not clear"]:
        """Whether better scores go with a higher or a lower outcome, beyond doubt."""
        if self.low * self.high <= 0:
            return "not clear"
        return "higher" if self.low > 0 else "lower"

    @property
    def check(self) -> Literal["held", "failed"] | None:
        """Whether the negative control held.

        Growth before the survey fails it where the score rose with it; a fall beside growth
        is how scores that were high by luck come back.
        """
        past = self.negative_control
        if past is None:
            return None
        rose, fell = past.low > 0, past.high < 0
        return "failed" if rose or (fell and self.control != PAST_GROWTH) else "held"

    @property
    def p_check(self) -> float | None:
        """Chance of a control this far from 0, on a side that fails it, if there were nothing."""
        past = self.negative_control
        if past is None:
            return None
        return past.p if past.effect > 0 or self.control != PAST_GROWTH else 1.0

    @property
    def p(self) -> float:
        """Chance of an effect this far from 0 if there were none."""
        return self.main.p

    @cached_property
    def refits(self) -> dict[bytes, tuple[Any, ...]]:
        """Refits that were made of it, by a digest of the rows and draws that they rest on."""
        return {}

    def p_of(self, way: Literal["higher", "lower"]) -> float:
        """The same where only an effect of one sign counts: 1 where it has the other."""
        return self.p if self.effect != 0 and (self.effect > 0) == (way == "higher") else 1.0

    def predict(self, frame: pd.DataFrame) -> pd.Series:
        """Expected outcome of each row: a probability (logit) or a value (linear).

        Missing where the score or a column adjusted for is missing.
        """
        line = self.design.matrix(frame) @ self.coefficients.to_numpy()
        values = expit(line) if self.kind == "logit" else line
        return pd.Series(values, index=frame.index, name=self.outcome)


def _doubt(icc: Estimate | None) -> float:
    """Standard error of the log odds of an intraclass correlation; none where it is known.

    The mean of k people has a reliability whose odds are k times those of the correlation,
    so the log odds of all reliabilities are off by the same amount.
    """
    return 0.0 if icc is None else icc.standard_error / (icc.value * (1 - icc.value))


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
    icc: Estimate | None = None,
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
    icc
        The intraclass correlation that the reliabilities are made of: how far it is not
        known widens the interval of ``corrected``. Without it they count as known.
    negative_control
        An outcome that the score cannot have caused; an effect on it means that something
        else is at work. ``growth_before`` is a placebo for reverse causation: lasting loyalty
        may have caused it, so the change of the score over the year about it is tested.
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
    Grade B needs a lag and an adjustment; otherwise C. A negative control that fails is a
    doubt to be told beside the estimate, never alone the reason for a grade.
    Correction for noise: regression calibration (Carroll, Ruppert, Stefanski & Crainiceanu,
    Measurement Error in Nonlinear Models, 2006, chapter 4), with an interval by Fieller's
    theorem (Fieller, Journal of the Royal Statistical Society B, 1954) and errors from leaving
    out one account at a time; its p is that of the effect, its divisor aside. Data that separate
    are fitted under Firth's penalty, and said so.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(1)
    >>> frame = pd.DataFrame({"account_id": range(400), "score": rng.normal(60, 15, 400)})
    >>> frame["spend"] = 2 + 0.05 * frame["score"] + rng.normal(0, 0.5, 400)
    >>> found = link(frame, "spend")
    >>> found.kind, found.base, round(found.effect, 1)
    ('linear', 400, 0.5)
    """
    ask = Question(outcome, score, kind, clusters, per, confidence, winsorise)
    sample = ask.sample(panel, adjust, reliability)
    unadjusted, _ = sample.estimate("unadjusted", sample.alone)
    main, fit = sample.estimate("adjusted", sample.full)
    adjusted = main if sample.adjust else None
    corrected, trust, noisy = sample.without_noise(reliability, _doubt(icc))
    control, untested = sample.control(panel, negative_control)
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
        control=negative_control if control is not None else None,
        reliability=trust,
        trusted=reliability,
        doubt=_doubt(icc),
        notes=tuple(dict.fromkeys([*sample.notes, *fit.notes, *noisy, *untested])),
        clusters=clusters,
        design=sample.full,
        coefficients=pd.Series(fit.coefficients, index=names),
        covariance=pd.DataFrame(fit.covariance, index=names, columns=names),
    )
