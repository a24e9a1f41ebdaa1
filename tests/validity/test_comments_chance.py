"""Comments over many worlds: intervals hold what they should, and chance sets nothing apart."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from helpers.methods import comments
from helpers.methods.survey import SurveyDesign
from helpers.simulate import world

pytestmark = pytest.mark.validity

WAVE = "2026H1"


@pytest.fixture(scope="module")
def coding() -> comments.Coding:
    """The null world: what people write of has nothing to do with who they are."""
    made = world(scenario="null")
    answers = made.tables["responses"].set_index("response_id")
    said = comments.gathered(made.tables["comments"], answers, WAVE)
    frame = comments.theme_frame(made.tables["themes"])
    return comments.coded(said, frame, rng=np.random.default_rng(20260630))


def most(trials: int, chance: float) -> int:
    """Successes that so many trials exceed in one of a thousand cases."""
    return int(binom.ppf(0.999, trials, chance))


@pytest.mark.parametrize("finds", [0.6, 0.9])
def test_corrected_shares_hold_the_truth_where_accounts_are_alike(finds: float):
    """Four waves of 200 comments in accounts of two, a third coded by hand; weights vary."""
    rng, truth, worlds = np.random.default_rng(11), 0.2, 300
    held, values = 0, []
    for _ in range(worlds):
        accounts = np.repeat(np.arange(400), 2)
        own = rng.random(400)[accounts]
        again = rng.random(800)
        h = (np.where(rng.random(800) < 0.3, own, again) < truth).astype(float)
        m = np.where(h == 1, rng.random(800) < finds, rng.random(800) < 0.03).astype(float)
        by_hand = pd.Series(np.where(rng.random(800) < 1 / 3, h, np.nan))
        here = pd.Series(np.arange(800) < 200)
        weights = pd.Series(rng.choice([0.5, 1.0, 1.5], 800))
        found = comments.corrected_share(
            by_hand, pd.Series(m), here, SurveyDesign(weights, clusters=accounts)
        )
        held += found.low <= truth <= found.high
        values.append(found.value)
    error = np.std(values) / worlds**0.5
    assert np.mean(values) == pytest.approx(truth, abs=4 * error)
    assert 0.92 <= held / worlds <= 0.98


@pytest.mark.parametrize(("share", "finds"), [(0.12, 0.6), (0.12, 0.9), (0.05, 0.7)])
def test_shares_hold_the_truth_where_few_of_a_theme_were_coded_by_hand(share: float, finds: float):
    """Of 200 comments 60 coded: three to seven that the coder calls, the others not."""
    rng, worlds, held = np.random.default_rng(20), 400, 0
    everyone = pd.Series(True, index=range(200))
    for _ in range(worlds):
        h = (rng.random(200) < share).astype(float)
        m = np.where(h == 1, rng.random(200) < finds, rng.random(200) < 0.02).astype(float)
        by_hand = pd.Series(np.where(np.arange(200) < 60, h, np.nan))
        found = comments.corrected_share(by_hand, pd.Series(m), everyone)
        held += found.low <= share <= found.high
    assert held / worlds >= 0.92


def test_intervals_of_kappa_hold_the_truth():
    """Of 280 comments 15% name the theme; the coder finds 85% and calls 3% of the rest."""
    rng, worlds = np.random.default_rng(12), 600
    p, finds, false = 0.15, 0.85, 0.03
    called = p * finds + (1 - p) * false
    agree = p * finds + (1 - p) * (1 - false)
    chance = p * called + (1 - p) * (1 - called)
    truth, held = (agree - chance) / (1 - chance), 0
    for _ in range(worlds):
        h = rng.random(280) < p
        m = np.where(h, rng.random(280) < finds, rng.random(280) < false)
        found = comments.kappa(h.astype(float), m.astype(float))
        held += found.low <= truth <= found.high
    assert 0.92 <= held / worlds <= 0.975


def test_shuffled_groups_differ_in_no_theme(coding: comments.Coding):
    rng, trials = np.random.default_rng(13), 60
    people = coding.codes.index[coding.current]
    labels = np.arange(len(people)) % 3
    shuffled = (pd.Series(rng.permutation(labels), index=people) for _ in range(trials))
    alarms = sum(len(comments.theme_groups(coding, groups).apart) > 0 for groups in shuffled)
    assert alarms <= most(trials, 0.05)


def test_shuffled_groups_have_no_words_of_their_own(coding: comments.Coding):
    rng, trials = np.random.default_rng(14), 200
    texts = coding.gathered.table.loc[coding.current, "text"]
    labels = np.array(["a", "b", "c"])[np.arange(len(texts)) % 3]
    shuffled = (pd.Series(rng.permutation(labels), index=texts.index) for _ in range(trials))
    alarms = sum(len(comments.words_apart(texts, groups).apart) > 0 for groups in shuffled)
    assert alarms <= most(trials, 0.05)


def test_scrambled_codes_agree_no_better_than_chance(coding: comments.Coding):
    rng, kappas = np.random.default_rng(15), []
    known = coding.hand.dropna()
    table = coding.gathered.table.loc[known.index]
    for _ in range(8):
        mixed = known.iloc[rng.permutation(len(known))].set_index(known.index)
        tested = comments.held_out(table["text"], mixed, table["cluster"], rng)
        kappas += [comments.kappa(mixed[t], tested[t]).value for t in mixed]
    assert abs(np.mean(kappas)) < 4 * np.std(kappas) / len(kappas) ** 0.5 + 0.01
