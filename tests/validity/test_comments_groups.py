"""Comments of small and clustered groups over many worlds: chance sets nothing apart."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from helpers.methods import comments
from helpers.methods.comments.contrast import EXPECTED, accounts_of, contrast, contrasts
from helpers.methods.comments.correction import Codes, linear_share
from helpers.methods.comments.leading import may_lead
from helpers.methods.nonresponse import holm
from helpers.methods.survey import SurveyDesign
from helpers.methods.survey.placing import Placed

pytestmark = pytest.mark.validity

RARE = (0.08, 0.09, 0.10, 0.10, 0.12, 0.15, 0.20, 0.20)


@pytest.mark.parametrize(
    ("sizes", "by_hand", "account"),
    [((35, 35, 130), 0, 1), ((50, 50, 106), 0, 1), ((35, 35, 130), 120, 1), ((60, 60, 180), 0, 5)],
)
def test_small_groups_are_not_set_apart_by_rare_themes(
    sizes: tuple[int, ...], by_hand: int, account: int
):
    """Eight themes by three groups with Holm: a false difference in one world of twenty."""
    rng, worlds = np.random.default_rng(16), 240
    groups = np.repeat(np.arange(3), sizes)
    design, alarms = SurveyDesign(clusters=np.arange(len(groups)) // account), 0
    for _ in range(worlds):
        labels = pd.Series(groups if account > 1 else rng.permutation(groups))
        p = []
        for share in RARE:
            alike = np.repeat(rng.random(len(labels) // account), account)
            own = np.where(rng.random(len(labels)) < 0.3, alike, rng.random(len(labels)))
            h = (own < share).astype(float)
            finds = rng.random(len(h)) < np.where(h == 1, 0.8, 0.02)
            coded = pd.Series(np.where(np.arange(len(h)) < by_hand, h, np.nan))
            calls = pd.Series(np.where(finds, 1.0, 0.0) if by_hand else h)
            for group in range(3):
                sides = (labels == group, labels != group)
                found = contrast(coded, calls, sides, design)
                p.append(found.p if found.expected >= EXPECTED else np.nan)
        alarms += bool(holm(pd.Series(p)).min() <= 0.05)
    assert alarms <= binom.ppf(0.999, worlds, 0.05)


@pytest.mark.parametrize(
    ("shares", "account"), [((0.2, 0.2, 0.1), 1), ((0.2,) * 8, 1), ((0.2, 0.2, 0.1), 5)]
)
def test_of_themes_named_equally_often_none_is_surely_named_most(
    shares: tuple[float, ...], account: int
):
    rng, worlds, size = np.random.default_rng(17), 400 if len(shares) < 4 else 150, 200
    design = SurveyDesign(clusters=np.arange(size) // account)
    nobody = pd.Series(np.nan, index=range(size))
    whole = Placed.of(design, nobody.index)
    everyone, won, kept = nobody.isna(), 0, 0
    for _ in range(worlds):
        found = {}
        for place, share in enumerate(shares):
            alike = np.repeat(rng.random(size // account), account)
            own = np.where(rng.random(size) < 0.3, alike, rng.random(size)) < share
            calls = pd.Series(own.astype(float))
            found[str(place)] = linear_share(nobody, calls, everyone, design)
        leads = may_lead(found, whole)
        won += sum(leads.values()) == 1
        kept += leads["0"] and leads["1"]
    assert won <= binom.ppf(0.999, worlds, 0.05)
    assert kept >= binom.ppf(0.001, worlds, 0.90)  # each of two leaders is lost in one of twenty


def test_a_theme_named_far_more_often_is_found_to_be_named_most():
    rng, worlds, size = np.random.default_rng(18), 200, 200
    design, nobody = SurveyDesign(), pd.Series(np.nan, index=range(size))
    whole, won = Placed.of(design, nobody.index), 0
    for _ in range(worlds):
        found = {
            name: linear_share(
                nobody,
                pd.Series((rng.random(size) < p).astype(float)),
                nobody.isna(),
                design,
            )
            for name, p in (("first", 0.35), ("a", 0.15), ("b", 0.15), ("c", 0.1))
        }
        won += may_lead(found, whole) == {"first": True, "a": False, "b": False, "c": False}
    assert won >= 0.9 * worlds


def test_accounts_with_words_of_their_own_set_no_group_apart():
    """Accounts of five, whole in one of two groups, each with three favourite words of forty."""
    rng, worlds = np.random.default_rng(19), 150
    words = np.array([f"word{a}{b}" for a in "abcdefgh" for b in "klmno"])
    accounts, alarms = pd.Series(np.repeat(np.arange(60), 5)), 0
    groups = pd.Series(np.where(accounts < 30, "low", "high"))
    for _ in range(worlds):
        favourites = [rng.choice(words, 3, replace=False) for _ in range(60)]
        texts = pd.Series(
            " ".join([*(w for w in favourites[a] if rng.random() < 0.8), *rng.choice(words, 3)])
            for a in accounts
        )
        alarms += len(comments.words_apart(texts, groups, clusters=accounts).apart) > 0
    assert alarms <= binom.ppf(0.999, worlds, 0.05)


def over_waves(rng, shares, shift=0.0, size=120):
    """Three waves of comments of accounts of two: each wave has a share of its own.

    The first third of the accounts names the theme more often by ``shift``.
    """
    parts = []
    for wave, share in enumerate(shares):
        account = np.repeat(np.arange(size // 2), 2)
        inside = account < size // 6
        alike = np.repeat(rng.random(size // 2), 2)
        own = np.where(rng.random(size) < 0.3, alike, rng.random(size))
        named = (own < share + shift * inside).astype(float)
        parts.append(pd.DataFrame({"wave": wave, "account": account, "inside": inside,
                                   "named": named}))  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def pooled(people):
    """The test of all waves, and that of the last."""
    nobody = people[["named"]] * np.nan
    codes, accounts = Codes.of(nobody, people[["named"]]), accounts_of(people["account"])
    waves = [(people["wave"] == wave).to_numpy() for wave in sorted(people["wave"].unique())]
    inside, ones = people["inside"].to_numpy(), np.ones(len(people))
    (joined,) = contrasts(codes, (inside, ~inside), ones, accounts, waves=waves, fewest=20)
    last = waves[-1]
    (alone,) = contrasts(codes, (inside & last, ~inside & last), ones, accounts)
    return joined, alone


def test_waves_together_set_nothing_apart_by_chance_and_find_more():
    """600 worlds in which waves differ and groups do not; 150 in which a group names it more."""
    rng = np.random.default_rng(21)
    null = [pooled(over_waves(rng, (0.1, 0.2, 0.35)))[0] for _ in range(600)]
    alarms = sum(one.p < 0.05 for one in null)
    assert binom.ppf(0.001, 600, 0.05) <= alarms <= binom.ppf(0.999, 600, 0.05)
    unlike = sum(one.p_waves < 0.05 for one in null)
    assert unlike <= binom.ppf(0.999, 600, 0.05)
    held = [one.interval(0.95) for one in null]
    inside = sum(low <= 0 <= high for low, high in held)
    assert inside >= binom.ppf(0.001, 600, 0.95)
    found = [pooled(over_waves(rng, (0.1, 0.2, 0.35), shift=0.15)) for _ in range(150)]
    joined, alone = (sum(pair[k].p < 0.05 for pair in found) for k in (0, 1))
    assert joined > 1.5 * alone
