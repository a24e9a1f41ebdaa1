"""Taking the noise of a measured score out of its link with an outcome."""

from __future__ import annotations

import numpy as np

__all__ = ["calibrated"]


def calibrated(scores: np.ndarray, others: np.ndarray, reliability: np.ndarray) -> np.ndarray:
    """Best guess of each true score from the measured one and the other columns.

    Regression calibration: what the other columns expect of the score, plus the part of
    the surprise that is not noise. A reliability may differ from row to row, as an account
    with three respondents is better known than one with a single respondent.
    Carroll, Ruppert, Stefanski & Crainiceanu (2006), Measurement Error in Nonlinear Models,
    chapter 4.

    Parameters
    ----------
    scores
        Measured scores.
    others
        The model's other columns, the intercept included.
    reliability
        Share of the variance of each measured score that is true, above 0 to 1.

    Raises
    ------
    ValueError
        If a reliability is outside that range, or the other columns explain more of the
        score than its reliability leaves to explain.

    Examples
    --------
    >>> scores = np.array([40.0, 60.0, 80.0])
    >>> calibrated(scores, np.ones((3, 1)), np.full(3, 0.5)).round(6).tolist()
    [50.0, 60.0, 70.0]
    """
    if not ((reliability > 0) & (reliability <= 1)).all():
        found = reliability[~((reliability > 0) & (reliability <= 1))][0]
        raise ValueError(f"a reliability is a share above 0 and up to 1, found {found:g}")
    expected = others @ np.linalg.lstsq(others, scores, rcond=None)[0]
    surprise = scores - expected
    true_variance = scores.var() / np.mean(1 / reliability)
    noise = true_variance * (1 - reliability) / reliability
    spare = (surprise @ surprise) / len(scores) - noise.mean()
    if spare <= 0.05 * true_variance:
        raise ValueError(
            f"at a mean reliability of {reliability.mean():.2f} the columns adjusted for explain "
            "all that is true in the score: check the reliability, or adjust for fewer columns"
        )
    return np.asarray(expected + spare / (spare + noise) * surprise)
