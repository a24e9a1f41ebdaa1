"""Groups over several waves: nothing is found that is not there, and more of what is."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import beta

from helpers.methods import loyalty
from helpers.methods.loyalty.kinds import kinds
from helpers.methods.loyalty.pooled import against_rest
from helpers.methods.survey import SurveyDesign

pytestmark = pytest.mark.validity

POLICY = SimpleNamespace(suppress=5, test=15, flag=30)
WAVES = ("w1", "w2", "w3")
GROUPS = np.array(list("ABC"))


def world(rng, shifts=(0.0, 0.0, 0.0), drift=0.0, accounts=90):
    """Accounts of three groups, of which two in three answer in a wave, by two people each.

    Every wave has a level of its own, and weights; ``drift`` moves group A in the last wave.
    """
    group = rng.integers(0, 3, accounts)
    level = rng.normal(0, 6, accounts) + np.array(shifts)[group]
    parts = []
    for wave, mean in zip(WAVES, rng.normal(70, 5, 3), strict=True):
        there = np.repeat(np.flatnonzero(rng.random(accounts) < 2 / 3), 2)
        moved = drift * (group[there] == 0) * (wave == "w3")
        score = mean + level[there] + moved + rng.normal(0, 10, len(there))
        parts.append(pd.DataFrame({"wave": wave, "of": there, "kind": GROUPS[group[there]],
                                   "score": score,
                                   "weight": rng.uniform(0.7, 1.3, len(there))}))  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def by_last(people):
    """The groups by the last wave alone."""
    now = people[people["wave"] == "w3"]
    design = SurveyDesign(now["weight"], clusters=now["of"])
    return loyalty.breakdown(now["score"], now[["kind"]], POLICY, design)


def by_all(people):
    """The groups by all waves."""
    parts = {
        w: SurveyDesign(here["weight"], clusters=here["of"]) for w, here in people.groupby("wave")
    }
    every = loyalty.EarlierWaves(people["score"], people[["kind"]], SurveyDesign.over(parts))
    now = people[people["wave"] == "w3"]
    return loyalty.breakdown(now["score"], now[["kind"]], POLICY, parts["w3"], over=every)


def told(found):
    table = found.table
    return ((table["difference_low"] > 0) | (table["difference_high"] < 0)).to_numpy()


def test_one_world_in_twenty_is_told_of_a_group_that_is_like_the_others():
    """100 worlds: groups by their intervals, kinds by their test, waves by theirs."""
    rng, worlds = np.random.default_rng(20261201), 100
    groups = kinds = waves = 0
    for _ in range(worlds):
        found = by_all(world(rng))
        groups += told(found).any()
        kinds += bool(found.kinds["apart"].any())
        waves += bool(found.table["differs"].eq(1).any())
    least, most = beta.interval(0.998, 0.05 * worlds, 0.95 * worlds)
    assert least <= groups / worlds <= most, groups
    assert least <= kinds / worlds <= most, kinds
    assert waves / worlds <= most, waves


def test_all_waves_find_more_of_the_groups_that_differ_by_shorter_intervals_that_hold():
    """40 worlds: A lies 4 above the others, and what sets it apart is 4."""
    rng = np.random.default_rng(20261202)
    seen, width, held = np.zeros(2), np.zeros(2), 0
    for _ in range(40):
        people = world(rng, shifts=(4.0, 0.0, 0.0))
        for place, found in enumerate((by_last(people), by_all(people))):
            row = found.table.set_index("group").loc["A"]
            seen[place] += told(found)[0]
            width[place] += row["difference_high"] - row["difference_low"]
        held += row["difference_low"] <= 4 <= row["difference_high"]
    assert seen[1] > 1.3 * seen[0], seen
    assert width[1] < 0.8 * width[0], width
    assert held / 40 >= beta.ppf(0.001, 0.95 * 40, 0.05 * 40)


def test_a_group_that_changed_in_the_last_wave_is_told_by_that_wave():
    """25 worlds: A stood 9 below the others and now stands 9 above. It is never said below."""
    rng = np.random.default_rng(20261203)
    below = right = 0
    for _ in range(25):
        found = by_all(world(rng, shifts=(-9.0, 0.0, 0.0), drift=18.0))
        row = found.table.set_index("group").loc["A"]
        below += row["difference_high"] < 0
        right += row["difference_low"] <= 9 <= row["difference_high"]
    assert below == 0
    assert right / 25 >= beta.ppf(0.001, 0.95 * 25, 0.05 * 25)


@pytest.mark.parametrize("accounts", [(32, 12, 8, 6, 4), (20, 20, 18, 2, 2)])
def test_a_kind_with_groups_of_few_accounts_is_found_in_one_world_of_twenty_where_none_differs(
    accounts,
):
    """400 worlds: five groups of so many accounts of six people, whose scores are skewed."""
    rng, worlds = np.random.default_rng(20261203), 400
    of = np.repeat(np.arange(62), 6)
    group = np.repeat(list("abcde"), accounts)[of]
    design = SurveyDesign(clusters=pd.Series(of))
    sides = [pd.Series(group == name) for name in "abcde"]
    found = 0
    for _ in range(worlds):
        score = pd.Series(rng.gamma(4, 4, 62)[of] + rng.normal(0, 10, len(of)))
        each = [against_rest(score, side, design) for side in sides]
        found += bool(kinds(["kind"] * 5, each, design, groups={"kind": 5})["apart"].any())
    least, most = beta.interval(0.998, 0.05 * worlds, 0.95 * worlds)
    assert least <= found / worlds <= most, found
