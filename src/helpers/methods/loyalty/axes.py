"""The two sides of loyalty as measured: how reliable each is, and whether they are two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from statsmodels.multivariate.factor import Factor

from helpers.errors import NotEstimable
from helpers.methods.loyalty.replication import accelerated, bounded_jackknife, left_out, unit_codes
from helpers.methods.survey import SurveyDesign
from helpers.methods.survey.calibration import Floats

__all__ = ["DISTINCT", "LEAST", "Axes", "axes", "axis_scores", "cronbach", "side_scores"]

LEAST = 0.5  # reliability under which questions do not make an axis
DISTINCT = 0.85  # correlation from which two sides of loyalty are hardly two
AXES = ("attitude", "behaviour")
FEWEST_PEOPLE = 3  # who answered every question
ROUNDING = 1e-9  # of the questions' variances: a score that varies less has no reliability
FEWEST = 0.5  # share of a person's questions that must be answered for a score


def side_scores(sides: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Each person's score on every side, a column a side.

    Examples
    --------
    >>> sides = {"attitude": pd.DataFrame({"proud": [75.0]}), "behaviour": pd.DataFrame({"stay": [50.0]})}
    >>> side_scores(sides).values.tolist()
    [[75.0, 50.0]]
    """  # noqa: E501 - one line, as it is typed
    return pd.DataFrame({name: axis_scores(answers) for name, answers in sides.items()})


def axis_scores(answers: pd.DataFrame) -> pd.Series:
    """Each person's score on an axis: the mean of the questions answered, if half of them were.

    Parameters
    ----------
    answers
        One column a question, on one scale (0-100), one row a person.

    Examples
    --------
    >>> axis_scores(pd.DataFrame({"proud": [75.0, None], "trust": [100.0, None]})).tolist()
    [87.5, nan]
    """
    enough = answers.notna().mean(axis=1) >= FEWEST
    return answers.mean(axis=1).where(enough)


@dataclass(frozen=True)
class Axes:
    """How well the two sides of loyalty are measured, and how far they are two.

    ``table`` has a row for each axis: ``axis``, ``questions``, ``mean``, ``spread`` (standard
    deviation of the score), ``alpha`` with ``low`` and ``high``, ``alpha_sample`` (of those who
    answered, each counted once), ``omega`` (missing below three questions) and ``base``.
    ``relation`` has a row for each measure of how far the two agree: ``observed``,
    ``disattenuated`` (corrected for both reliabilities) and ``htmt``, each with ``value``,
    ``low``, ``high``. ``weak`` names the axis whose questions hang
    together least, where its reliability is under 0.5 or none at all; then the answers tell
    nobody's side of it, and segments are of answers alone.
    """

    table: pd.DataFrame
    relation: pd.DataFrame
    distinct: bool | None  # None: the interval holds the limit
    base: int

    def __post_init__(self) -> None:
        if (self.table["alpha"] > 1 + 1e-9).any():
            raise ValueError("a reliability is above 1")

    @property
    def weak(self) -> str:
        """The axis whose questions do not hang together, the worse of two; empty if both do."""
        alphas = self.table.set_index("axis")["alpha"].fillna(-np.inf)
        return str(alphas.idxmin()) if alphas.min() < LEAST else ""

    @property
    def verdict(self) -> str:
        """What the two sides are: ``two``, ``one``, ``perhaps one``, or not to be relied on.

        ``weak`` where questions of a side hang together too little, ``against`` where they run
        against each other.
        """
        if self.weak:
            return "weak" if self.alpha(self.weak) > 0 else "against"
        return {True: "two", False: "one", None: "perhaps one"}[self.distinct]

    def alpha(self, axis: str) -> float:
        """Reliability of one axis."""
        return float(self.table.set_index("axis").loc[axis, "alpha"])  # type: ignore[arg-type]


def axes(
    attitude: pd.DataFrame,
    behaviour: pd.DataFrame,
    design: SurveyDesign | None = None,
    *,
    limit: float = DISTINCT,
    smallest: int = FEWEST_PEOPLE,
    confidence: float = 0.95,
) -> Axes:
    """Judge the questions of both axes: reliability of each, and whether they measure two things.

    Cronbach's alpha and McDonald's omega for each axis; between them the correlation of
    the scores, the same corrected for unreliability, and the heterotrait-monotrait ratio.
    Intervals come from leaving out one account at a time, those of the last two, which are
    skewed ratios of correlations, from drawing accounts again (BCa). The axes count as
    distinct where the interval of the corrected correlation lies below ``limit``, and as one
    where it lies above. A correlation is at most one, so what chance adds beyond it is cut off.
    Where an axis has a reliability under 0.5, or one below zero because a question runs
    against the others, nothing is corrected by it: those rows of ``relation`` are missing
    and ``weak`` names it.

    Parameters
    ----------
    attitude, behaviour
        One column a question (0-100, reversed ones turned), one row a person; people
        with a question unanswered are left out.
    design
        That of the respondents: their weights, and the clusters (accounts) left out in turn.
    limit
        Correlation at which two axes are hardly two.
    smallest
        Fewest people who answered every question.

    Raises
    ------
    NotEstimable
        If an axis has fewer than two questions, or fewer people than ``smallest`` answered
        all of them.

    References
    ----------
    Cronbach (1951), Psychometrika 16; McDonald (1999), Test Theory; Spearman (1904),
    American Journal of Psychology 15; Henseler, Ringle and Sarstedt (2015), Journal of the
    Academy of Marketing Science 43.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> like, stay = rng.normal(size=(2, 300))
    >>> noisy = lambda x: pd.DataFrame({k: x + rng.normal(size=300) for k in "abc"})
    >>> found = axes(noisy(like), noisy(stay))
    >>> found.table["alpha"].round(2).tolist(), found.distinct
    ([0.64, 0.78], True)
    """
    _refuse_single(attitude, behaviour)
    answers = pd.concat([attitude, behaviour], axis=1, keys=AXES)
    survey = SurveyDesign() if design is None else design
    people = answers.iloc[:, 0]
    complete = answers.notna().all(axis=1) & (survey.weights_for(people) > 0)
    if complete.sum() < max(smallest, FEWEST_PEOPLE):
        raise NotEstimable(
            f"the base is too small: {int(complete.sum())} people answered every question of "
            f"both axes; reliability needs at least {max(smallest, FEWEST_PEOPLE)}"
        )
    weight = survey.weights_for(people)[complete].to_numpy()
    units = pd.factorize(unit_codes(survey.clusters_for(people), people)[complete.to_numpy()])[0]
    split = attitude.shape[1]
    sums = _sums(answers[complete].to_numpy(float), weight, units)

    def statistics(of: Floats) -> Floats:
        return _statistics(_covariance(of, answers.shape[1]), split)

    found, without = left_out(sums, statistics)
    low, high = bounded_jackknife(found, without, ratios=2, confidence=confidence)
    skewed = accelerated(sums, lambda of: statistics(of)[..., 3:], confidence=confidence)
    low[3:], high[3:] = skewed
    covariance = _covariance(sums.sum(axis=0), answers.shape[1])
    sample = np.cov(answers[complete].to_numpy(float).T, bias=True)
    return _result(
        found, low, high, covariance, sample, sums.sum(axis=0), split, int(complete.sum()), limit
    )


def _refuse_single(attitude: pd.DataFrame, behaviour: pd.DataFrame) -> None:
    for name, part in zip(AXES, (attitude, behaviour), strict=True):
        if part.shape[1] < 2:
            raise NotEstimable(
                f"{name} has {part.shape[1]} question; its reliability needs at least two"
            )


def _sums(answers: Floats, weight: Floats, units: np.ndarray) -> Floats:
    """Weights, weighted answers and their products, added up by account."""
    products = (answers[:, :, None] * answers[:, None, :]).reshape(len(answers), -1)
    rows = np.column_stack([np.ones(len(answers)), answers, products]) * weight[:, None]
    found = np.zeros((int(units.max()) + 1, rows.shape[1]))
    np.add.at(found, units, rows)
    return found


def _covariance(sums: Floats, questions: int) -> Floats:
    mass = sums[..., :1]
    means = sums[..., 1 : questions + 1] / mass
    products = (sums[..., questions + 1 :] / mass).reshape(*sums.shape[:-1], questions, questions)
    return np.asarray(products - means[..., :, None] * means[..., None, :])


def cronbach(covariance: Floats) -> Floats:
    """Cronbach's alpha of questions by their covariance, or of several such at once.

    >>> float(cronbach(np.array([[1.0, 0.5], [0.5, 1.0]])).round(3))
    0.667
    """
    k = covariance.shape[-1]
    own = np.trace(covariance, axis1=-2, axis2=-1)
    whole = covariance.sum(axis=(-2, -1))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(whole > ROUNDING * own, k / (k - 1) * (1 - own / whole), np.nan))


def _statistics(covariance: Floats, split: int) -> Floats:
    """Both alphas, the correlation of the scores, the same corrected, and the HTMT."""
    first, second = covariance[..., :split, :split], covariance[..., split:, split:]
    cross = covariance[..., :split, split:]
    with np.errstate(invalid="ignore", divide="ignore"):
        alphas = cronbach(first), cronbach(second)
        spread = np.sqrt(first.sum(axis=(-2, -1)) * second.sum(axis=(-2, -1)))
        observed = np.where(
            np.isnan(alphas[0] + alphas[1]), np.nan, cross.sum(axis=(-2, -1)) / spread
        )
        corrected = observed / np.sqrt(alphas[0] * alphas[1])
        found = np.stack([*alphas, observed, corrected, _htmt(covariance, split)], axis=-1)
        return np.where(np.isfinite(found), found, np.nan)


def _htmt(covariance: Floats, split: int) -> Floats:
    spread = np.sqrt(np.diagonal(covariance, axis1=-2, axis2=-1))
    with np.errstate(invalid="ignore", divide="ignore"):
        r = covariance / (spread[..., :, None] * spread[..., None, :])
    inside = [_off_diagonal(r[..., part, part]) for part in (slice(split), slice(split, None))]
    with np.errstate(invalid="ignore", divide="ignore"):
        cross = r[..., :split, split:].mean(axis=(-2, -1))
        return np.asarray(cross / np.sqrt(inside[0] * inside[1]))


def _off_diagonal(r: Floats) -> Floats:
    k = r.shape[-1]
    return np.asarray((r.sum(axis=(-2, -1)) - k) / (k * (k - 1)))


def _omega(covariance: Floats) -> float:
    """Share of an axis's variance that one common factor brings.

    Missing below three questions, and where they do not rise and fall together.
    """
    spread = np.sqrt(np.diag(covariance).clip(min=0))
    if len(covariance) < 3 or not (cronbach(covariance) > 0 and spread.min() > 0):
        return float("nan")
    fitted = Factor(corr=covariance / np.outer(spread, spread), n_factor=1, method="pa").fit()
    return float((np.abs(fitted.loadings[:, 0]) @ spread) ** 2 / covariance.sum())


def _result(
    found: Floats, low: Floats, high: Floats, covariance: Floats, sample: Floats, total: Floats,
    split: int, base: int, limit: float,
) -> Axes:  # fmt: skip
    means = total[1 : len(covariance) + 1] / total[0]
    rows = []
    for place, (name, part) in enumerate(
        zip(AXES, (slice(split), slice(split, None)), strict=True)
    ):
        own = covariance[part, part]
        rows.append(
            {"axis": name, "questions": len(own), "mean": float(means[part].mean()),
             "spread": float(np.sqrt(max(own.sum(), 0))) / len(own), "alpha": found[place],
             "low": low[place], "high": float(np.minimum(high[place], 1.0)), "omega": _omega(own),
             "alpha_sample": float(cronbach(sample[part, part])), "base": base}
        )  # fmt: skip
    if not found[:2].min() >= LEAST:
        found, low, high = (np.append(part[:3], [np.nan, np.nan]) for part in (found, low, high))
    bounded = (np.clip(part[2:], -1, 1) for part in (found, low, high))
    relation = pd.DataFrame(
        {"measure": ["observed", "disattenuated", "htmt"],
         **dict(zip(("value", "low", "high"), bounded, strict=True)), "base": base}
    )  # fmt: skip
    distinct = True if high[3] < limit else False if low[3] >= limit else None
    return Axes(pd.DataFrame(rows), relation, distinct, base)
