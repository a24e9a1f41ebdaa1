"""What is clear among all questions of a book: p values of intervals, and two families."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests

from helpers.methods.claims import hold, p_of_draws, p_of_interval


@pytest.mark.parametrize("df", [4.0, 25.0, np.inf])
@pytest.mark.parametrize("confidence", [0.8, 0.95])
@pytest.mark.parametrize("value", [-3.0, 0.4, 2.0])
def test_an_interval_gives_back_the_p_it_was_made_with(
    value: float, confidence: float, df: float
) -> None:
    """The t interval of an estimate and its standard error."""
    away = stats.t.ppf((1 + confidence) / 2, df) * 0.9
    told = p_of_interval(
        value, value - away, value + away, confidence=confidence, degrees_of_freedom=df
    )
    assert told == pytest.approx(2 * stats.t.sf(abs(value) / 0.9, df), rel=1e-9)


def test_it_is_the_published_one() -> None:
    """Altman and Bland's trial of zinc: 17 points more recovered, 1.4 to 32.6, P = 0.032."""
    assert p_of_interval(17.0, 1.4, 32.6) == pytest.approx(0.032, abs=0.001)
    z = 17.0 / ((32.6 - 1.4) / (2 * 1.96))  # and their short formula
    assert p_of_interval(17.0, 1.4, 32.6) == pytest.approx(
        np.exp(-0.717 * z - 0.416 * z**2), abs=0.001
    )


@pytest.mark.parametrize("far", [0.5, 2.0, 40.0])
def test_only_the_side_toward_nothing_counts(far: float) -> None:
    """So p is below 5 % exactly where an interval of 95 % leaves nothing out."""
    assert p_of_interval(2.0, 0.0, 2.0 + far) == pytest.approx(0.05)
    assert p_of_interval(2.0, 0.1, 2.0 + far) < 0.05 < p_of_interval(2.0, -0.1, 2.0 + far)
    assert p_of_interval(-2.0, -2.0 - far, -0.1) < 0.05


@pytest.mark.parametrize("mean", [-2.2, -1.9, 0.0, 1.5, 1.9, 2.0, 2.1, 5.0])
def test_draws_leave_nothing_out_just_where_their_interval_does(mean: float) -> None:
    drawn = np.random.default_rng(3).normal(mean, 1.0, 4000)
    low, high = np.quantile(drawn, [0.025, 0.975])
    told = p_of_draws(drawn)
    assert (told <= 0.05) == (low * high > 0)
    assert told == pytest.approx(2 * stats.norm.sf(abs(mean)), abs=0.03)
    assert told >= 1 / 4001 and p_of_draws(-drawn) == told
    assert p_of_draws(drawn + 7, against=7) == told


def test_an_estimate_of_nothing_and_one_without_doubt() -> None:
    assert p_of_interval(0.0, -1.0, 1.0) == 1.0
    assert p_of_interval(2.0, 2.0, 2.0) == 0.0
    assert p_of_interval(0.7, 0.5, 0.9, against=0.7) == 1.0


def test_each_family_is_that_of_statsmodels() -> None:
    """A thousand books; a question that was not asked counts for none."""
    rng = np.random.default_rng(11)
    for _ in range(1000):
        p = rng.random(20) ** 3
        first = rng.random(20) < 0.3
        p[rng.random(20) < 0.2] = np.nan
        held = hold(p, first)
        for family in (first, ~first):
            asked = family & np.isfinite(p)
            if asked.any():
                peer = multipletests(p[asked], alpha=0.05, method="fdr_bh")[0]
                assert held[asked].tolist() == peer.tolist()
        assert not held[np.isnan(p)].any()


def test_books_where_nothing_is_there_rarely_say_anything() -> None:
    """Thirty-five questions, seven of them of the first page, some going together."""
    rng = np.random.default_rng(5)
    books, first = 4000, np.arange(35) < 7
    shared = rng.normal(size=(books, 7))[:, np.arange(35) % 7]
    z = np.sqrt(0.4) * shared + np.sqrt(0.6) * rng.normal(size=(books, 35))
    p = 2 * stats.norm.sf(np.abs(z))
    held = np.array([hold(one, first) for one in p])
    assert held[:, first].any(axis=1).mean() < 0.05 + 3 * np.sqrt(0.05 * 0.95 / books)
    assert held.any(axis=1).mean() < 0.10 + 3 * np.sqrt(0.10 * 0.90 / books)
    assert held.any(axis=1).mean() > 0.06  # it is a test, not a ban


def test_a_book_without_questions_holds_nothing() -> None:
    assert hold([], []).size == 0
