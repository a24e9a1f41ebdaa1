"""Designs: what is refused, and how rows are matched."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.methods import survey
from helpers.methods.survey import SurveyDesign
from helpers.methods.survey.columns import aligned, column, weight_column
from helpers.methods.survey.resolved import ResolvedDesign

SCORES = pd.Series([9.0, 7.0, 8.0, 6.0], index=["r1", "r2", "r3", "r4"])


def test_a_series_is_matched_by_its_labels():
    found = aligned(pd.Series([1, 2, 3, 4], index=["r4", "r3", "r2", "r1"]), SCORES, "weights")
    assert found.tolist() == [4, 3, 2, 1]


def test_variance_of_a_clustered_sum_by_hand():
    """Cluster totals 2, −1, −1; mean 0; 3/2 × (4 + 1 + 1) = 9."""
    design = ResolvedDesign.of(SCORES, clusters=["a", "a", "b", "c"], linear=True)
    assert design.variance(np.array([1.0, 1.0, -1.0, -1.0])) == pytest.approx(9)


def test_a_stratum_seen_whole_adds_no_variance():
    design = ResolvedDesign.of(
        SCORES, strata=["top", "top", "tail", "tail"], population={"top": 2, "tail": 100}
    )
    assert design.variance(np.array([5.0, -5.0, 0.0, 0.0])) == 0


def test_sizes_may_be_named_by_stratum_or_given_by_row():
    strata = ["x", "y", "x", "y"]
    named = ResolvedDesign.of(SCORES, strata=strata, population={"y": 8, "x": 4})
    by_row = ResolvedDesign.of(SCORES, strata=strata, population=[4, 8, 4, 8])
    assert named.sampled.tolist() == by_row.sampled.tolist() == [0.5, 0.25]
    assert named.weights.tolist() == [2, 4, 2, 4]


@pytest.mark.parametrize(
    ("options", "advice"),
    [
        ({"weights": [1, -2, 1, 1]}, "negative for row 'r2'; "),
        ({"weights": [1, np.nan, 1, 1]}, "missing for row 'r2'; give each row a weight"),
        ({"weights": [1, 1]}, "give one for each value"),
        ({"clusters": ["a", None, "b", "c"]}, "give each respondent one"),
        ({"clusters": pd.Series(["a"], index=["r1"])}, "same row labels"),
        ({"strata": ["x", "x", "x", "y"]}, "merge each with a neighbour"),
        ({"strata": ["x", "x", "y", "y"], "clusters": ["a", "b", "b", "c"]}, "more than one"),
        ({"population": 3}, "smaller than the sample of 4"),
        ({"strata": ["x", "x", "y", "y"], "population": 10}, "a size for each stratum"),
        ({"strata": ["x", "x", "y", "y"], "population": {"x": 9}}, "no size for stratum 'y'"),
    ],
)
def test_a_design_that_contradicts_itself_is_refused(options, advice):
    with pytest.raises(ValueError, match=advice):
        ResolvedDesign.of(SCORES, **options)


def test_text_among_numbers_is_named():
    with pytest.raises(ValueError, match="first: 'good'"):
        column(pd.Series(["9", "good", None]))


def test_infinite_numbers_are_refused():
    with pytest.raises(ValueError, match="infinite"):
        column([1.0, np.inf])


def test_usable_weights_pass_unchanged():
    assert weight_column([1, 2, 3, 4], SCORES).tolist() == [1, 2, 3, 4]


def test_one_account_that_dominates_is_left_out_as_the_jackknife_does():
    """Sixty answers of one account, twenty of one each: the jackknife of the weighted mean."""
    account = np.repeat(np.arange(21), [60, *[1] * 20])
    score = pd.Series(np.random.default_rng(3).normal(0, 1, 80) + (account == 0))
    found = survey.mean(score, SurveyDesign(clusters=account))
    left_out = np.array([score[account != a].mean() for a in range(21)])
    share = np.bincount(account) / 80
    by_hand = 20 / 21 * ((left_out - left_out.mean()) ** 2).sum()
    assert found.standard_error == pytest.approx(by_hand**0.5)
    assert found.degrees_of_freedom < 1 / (share**2).sum()


def test_a_stratum_in_which_one_account_skipped_a_question_keeps_it():
    score = pd.Series([8.0, None, 7.0, 5.0, 6.0])
    found = survey.mean(score, SurveyDesign(clusters=list("abcde"), strata=list("xxyyy")))
    assert found.value == pytest.approx(6.5)
    assert found.base == 4
