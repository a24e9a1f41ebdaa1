"""Sizes of samples, against R and by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.power import TTestPower

from helpers.errors import NotEstimable
from helpers.methods.sample_design import (
    cluster_design_effect,
    detectable_change,
    margin_of,
    size_for_change,
    size_for_margin,
    size_for_mean,
    sizes_by_segment,
)

R_DIGITS = 1e-9  # R's values are given to ten digits
R_ROOT = 1e-7  # R's power.prop.test stops its search for a root at 1.2e-4 of a person


def test_sizes_for_a_share_are_those_of_r():
    # computed with R 4.2 and PracTools
    assert size_for_margin(0.03).simple == pytest.approx(1067.071895, rel=R_DIGITS)
    with_end = size_for_margin(0.03, population=5_000)
    assert with_end.finite == pytest.approx(879.5410879, rel=R_DIGITS)
    assert with_end.answers == with_end.invitations == 880
    small = size_for_margin(0.05, population=1_000)
    assert small.finite == pytest.approx(277.7334532, rel=R_DIGITS)
    assert small.answers == 278  # the table of Krejcie & Morgan (1970)


def test_margins_of_a_size_are_those_of_r():
    assert margin_of(1_000) == pytest.approx(0.03098975162, rel=R_DIGITS)
    assert margin_of(1_000, population=5_000) == pytest.approx(0.02772084871, rel=R_DIGITS)
    assert margin_of(5_000, population=5_000) == 0


def test_sizes_for_a_change_are_those_of_r():
    # R 4.2: power.t.test(delta = .5, power = .8); power.prop.test(p1 = .30, p2 = .35, power = .8)
    halves = size_for_change(0.5, standard_deviation=1)
    assert halves.simple == pytest.approx(63.76576371, rel=R_DIGITS)
    assert halves.answers == 64
    few = size_for_change(0.05, share=0.30)
    assert few.simple == pytest.approx(1376.298868, rel=R_DIGITS)
    # power.prop.test(p1 = .50, p2 = .75, power = .90), the example of R's help page
    many = size_for_change(0.25, share=0.50, power=0.9)
    assert many.simple == pytest.approx(76.70693011, rel=R_ROOT)


def test_pairs_need_what_a_paired_t_test_needs():
    # the differences have the standard deviation 1 when the correlation is one half
    pairs = size_for_change(0.5, standard_deviation=1, overlap=1, correlation=0.5)
    tail = {"alpha": 0.025, "alternative": "larger"}  # as R does, the far tail is left out
    other = TTestPower().solve_power(effect_size=0.5, power=0.8, **tail)
    assert pairs.simple == pytest.approx(other, rel=1e-7)
    assert pairs.answers == 34


def test_people_in_both_waves_spare_answers_as_far_as_they_go_together():
    apart = size_for_change(5, standard_deviation=80).simple
    for overlap, correlation in ((0, 0.6), (0.5, 0)):
        same = size_for_change(5, standard_deviation=80, overlap=overlap, correlation=correlation)
        assert same.simple == pytest.approx(apart, rel=1e-3)
    half = size_for_change(5, standard_deviation=80, overlap=0.5, correlation=0.6)
    assert half.simple == pytest.approx(0.7 * apart, rel=1e-3)


def test_the_size_for_a_change_has_its_power_in_a_simulation(rng):
    size = size_for_change(0.5, standard_deviation=1, overlap=0.5, correlation=0.6).answers
    shared = size // 2
    found = 0
    for _ in range(4_000):
        both = rng.multivariate_normal([0, 0.5], [[1, 0.6], [0.6, 1]], shared)
        before = np.r_[both[:, 0], rng.normal(0, 1, size - shared)]
        after = np.r_[both[:, 1], rng.normal(0.5, 1, size - shared)]
        error = np.sqrt(2 * (1 - shared / size * 0.6) / size)
        found += abs(after.mean() - before.mean()) > 1.96 * error
    assert found / 4_000 == pytest.approx(0.8, abs=0.03)  # and the normal test is a little stronger


def test_a_detectable_change_and_its_size_agree():
    for choices in (
        {"share": 0.3},
        {"standard_deviation": 40.0, "overlap": 0.4, "correlation": 0.5},
    ):
        change = detectable_change(600, **choices, design_effect=1.4)
        assert size_for_change(change, **choices, design_effect=1.4).designed == pytest.approx(600)


def test_a_size_and_its_margin_agree_with_every_correction():
    size = size_for_margin(0.04, share=0.3, design_effect=1.7, population=3_000)
    back = margin_of(size.finite, share=0.3, design_effect=1.7, population=3_000)
    assert back == pytest.approx(0.04)


def test_a_mean_of_one_and_nought_is_a_share():
    spread = size_for_mean(0.03, standard_deviation=0.5)
    assert spread.simple == pytest.approx(size_for_margin(0.03).simple)


def test_every_step_is_shown():
    size = size_for_margin(0.05, design_effect=1.5, population=2_000, response_rate=0.4)
    steps = size.table.set_index("step")["people"]
    assert steps.tolist() == [
        size.simple, size.designed, size.finite, size.answers, size.invitations,
    ]  # fmt: skip
    # by hand: 384.15, times 1.5 is 576.22; over 1 + 575.22/2000, 447.5; 448 / 0.4 = 1120
    assert steps.round(2).tolist() == [384.15, 576.22, 447.51, 448, 1120]


def test_segments_too_small_for_the_margin_are_asked_whole():
    found = sizes_by_segment(
        pd.Series({"Key": 60, "Core": 2_000}), margin=0.05, response_rate={"Key": 0.5, "Core": 0.4}
    ).set_index("segment")
    assert not found.loc["Key", "reached"]
    assert found.loc["Key", "invitations"] == 60
    assert found.loc["Key", "margin"] == pytest.approx(margin_of(30, population=60))
    assert found.loc["Core", "reached"]
    assert found.loc["Core", "margin"] <= 0.05


def test_the_design_effect_of_clusters_is_kishs():
    assert cluster_design_effect(2.8, 0.35) == pytest.approx(1.63)
    assert cluster_design_effect(1, 0.9) == 1


REFUSED = {
    "write 3 points as 0.03": lambda: size_for_margin(3),
    "share lies between 0 and 1": lambda: size_for_margin(0.03, share=50),
    "write 95 % as 0.95": lambda: size_for_margin(0.03, confidence=95),
    "design_effect is a ratio above 0": lambda: size_for_margin(0.03, design_effect=0),
    "response_rate is a share above 0": lambda: size_for_margin(0.03, response_rate=0),
    "population counts people": lambda: size_for_margin(0.03, population=0),
    "needs no sample": lambda: size_for_mean(1, standard_deviation=0),
    "cannot come from a population of 100": lambda: margin_of(200, population=100),
    "give either share": lambda: size_for_change(0.1),
    "keep both shares between 0 and 1": lambda: size_for_change(0.6, share=0.5),
    "change is a number other than 0": lambda: size_for_change(0, standard_deviation=1),
    "power is a probability": lambda: size_for_change(0.1, share=0.5, power=80),
    "overlap is the share": lambda: size_for_change(0.1, share=0.5, overlap=2),
    "from 0 to below 1": lambda: size_for_change(0.1, share=0.5, overlap=1, correlation=1),
    "too few to show any change": lambda: detectable_change(3, share=0.9),
    "populations is empty": lambda: sizes_by_segment({}, margin=0.05),
    "no number for segment": lambda: sizes_by_segment({"a": 9}, margin=0.05, share={"b": 0.5}),
    "per_account is at least 1": lambda: cluster_design_effect(0.5, 0.3),
}


@pytest.mark.parametrize("advice", REFUSED)
def test_what_cannot_be_is_refused_with_advice(advice):
    with pytest.raises(ValueError, match=advice):
        REFUSED[advice]()


def test_a_population_too_small_for_the_invitations_says_so():
    with pytest.raises(NotEstimable, match="the population has 1,000; accept a wider margin"):
        size_for_margin(0.03, population=1_000, response_rate=0.3)
