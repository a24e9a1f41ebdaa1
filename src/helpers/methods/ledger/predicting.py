"""What the next wave will say: this wave's mean, both samples' errors, and what waves drift."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import t

from helpers.methods.ledger.levels import Levels

__all__ = ["PRIOR", "Drift", "drift", "half_width", "predicted"]

PRIOR = 0.05  # standard deviations of people that a mean drifts from wave to wave, before any seen
PRIOR_STEPS = 2.0  # steps between waves that this counts for
FEWEST_FREEDOM = 3.0
COLUMNS = ["metric", "predicted", "low", "high", "sampling", "drifting", "acting", "base",
           "freedom", "drift_freedom"]  # fmt: skip


@dataclass(frozen=True)
class Drift:
    """How far true means stray from wave to wave, in standard deviations of people."""

    spread: float
    freedom: float  # degrees: few, where few waves were seen
    steps: int

    def __post_init__(self) -> None:
        if self.spread < 0 or self.freedom <= 0:
            raise ValueError(f"a drift has a spread and degrees of freedom: {self}")


def drift(steps: pd.DataFrame, *, prior: float = PRIOR, prior_steps: float = PRIOR_STEPS) -> Drift:
    """What steps between waves hold beyond the errors of both samples.

    Of each step, the mean over metrics of its square less its sampling variance, in variances
    of people; these by step and the prior, by how many steps it counts for, are averaged.
    Metrics move together, so a step counts once however many metrics it has.

    Parameters
    ----------
    steps
        As `levels` makes them.
    prior
        Drift of a step before any was seen, in standard deviations of people.
    prior_steps
        Steps that the prior counts for.

    Examples
    --------
    >>> steps = pd.DataFrame({"wave": ["w2", "w3"], "value": [0.3, -0.5],
    ...                       "standard_error": [0.1, 0.1], "spread": [2.0, 2.0]})
    >>> found = drift(steps, prior=0.1, prior_steps=2)
    >>> round(found.spread, 4), found.freedom  # ((2 x 0.01 + 0.02 + 0.06) / 4) ** 0.5
    (0.1581, 4.0)
    """
    value, error, spread = (
        steps[name].astype(float) for name in ("value", "standard_error", "spread")
    )
    beyond = (value**2 - error**2) / spread.where(spread > 0) ** 2
    by_step = beyond.groupby(steps["wave"]).mean().dropna()
    total = prior_steps + len(by_step)
    variance = (prior_steps * prior**2 + float(by_step.sum())) / total
    return Drift(float(np.sqrt(max(variance, 0.0))), float(total), len(by_step))


def predicted(
    levels: Levels,
    drifting: Drift,
    *,
    effects: pd.DataFrame | None = None,
    ends: Mapping[str, tuple[float, float]] | None = None,
    answers: float | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Predict the next wave's estimate of each metric, with an interval for that estimate.

    Its variance is that of the change from this wave's estimate to the next one's (accounts
    that answer again lower it: as it was at the last step, or twice this wave's own), the
    drift's, and that of what funded actions will have brought by then.

    Parameters
    ----------
    effects
        By metric (index): ``mean`` and ``variance`` of what actions bring; nothing if not given.
    ends
        Lowest and highest value that a metric can have.
    answers
        Answers expected next time as a multiple of this wave's; as many if not given.

    Returns
    -------
    DataFrame
        metric, predicted, low, high; sampling, drifting, acting (the three parts of the
        variance), base (answers of this wave), freedom and drift_freedom (degrees of freedom of
        the first two parts; the first come of accounts).

    Examples
    --------
    >>> from helpers.methods.ledger.levels import levels
    >>> from helpers.methods.survey import SurveyDesign
    >>> each = pd.DataFrame({"ease": [5.0, 7, 6, 8, 6, 7, 8, 5]})
    >>> alike = SurveyDesign().of(each.index)
    >>> one = levels(each, pd.Series("w1", each.index), alike, alike, order=["w1"])
    >>> row = predicted(one, drift(one.steps)).iloc[0]
    >>> float(row["predicted"]), bool(row["sampling"] > 2 * 0.4 ** 2)
    (6.5, True)
    """
    now = levels.table[levels.table["wave"] == levels.waves[-1]]
    last = levels.steps[levels.steps["wave"] == levels.waves[-1]]
    errors = {str(row["metric"]): (float(row["standard_error"]) ** 2, float(row["freedom"]))
              for row in last.to_dict("records")}  # fmt: skip
    size = 1.0 if answers is None else float(answers)
    acting = {} if effects is None else effects.to_dict("index")
    rows = []
    for level in now.to_dict("records"):
        metric = str(level["metric"])
        alone = (2 * float(level["standard_error"]) ** 2, float(level["degrees_of_freedom"]))
        step, own = errors.get(metric, alone)
        sampling = step * (1 + 1 / size) / 2
        wander = (drifting.spread * float(level["spread"])) ** 2
        brought = acting.get(metric, {"mean": 0.0, "variance": 0.0})
        parts = (sampling, wander, float(brought["variance"]))
        half = half_width(parts, (own, drifting.freedom), confidence=confidence)
        low, high = (ends or {}).get(metric, (-np.inf, np.inf))
        middle = float(np.clip(float(level["value"]) + float(brought["mean"]), low, high))
        rows.append((metric, middle, max(middle - half, low), min(middle + half, high), *parts,
                     int(level["base"]), own, drifting.freedom))  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)


def half_width(
    parts: tuple[float, float, float], freedom: tuple[float, float], *, confidence: float = 0.95
) -> float:
    """Half an interval from variances of which two are estimates (Welch and Satterthwaite).

    Parameters
    ----------
    parts
        Variances: of sampling, of drift, and of what actions bring, which is taken as known.
    freedom
        Degrees of freedom of the first two.

    References
    ----------
    Satterthwaite (1946), Biometrics Bulletin 2, 110-114.

    Examples
    --------
    >>> round(half_width((1.0, 0.0, 0.0), (10.0, 4.0)), 3)  # Student's t of ten degrees
    2.228
    """
    whole = sum(parts)
    if whole <= 0:
        return 0.0
    unsure = sum(part**2 / degrees for part, degrees in zip(parts, freedom, strict=False))
    degrees = whole**2 / unsure if unsure > 0 else np.inf
    return float(t.ppf((1 + confidence) / 2, max(degrees, FEWEST_FREEDOM)) * np.sqrt(whole))
