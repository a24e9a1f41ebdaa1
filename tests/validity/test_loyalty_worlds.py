"""The loyalty chapter's promises over simulated worlds whose truth is known.

250 accounts of one to five people; feelings are alike within an account (.45) and the two
axes correlate at .83. Each axis is asked by three or four questions from 1 to 5, many of
them answered at the top of the scale, with a reliability of about .85, as in the demo
client. A person's true score is the mean that they would give over many askings, worked
out from the normal distribution.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtr
from scipy.stats import beta

from helpers.methods import loyalty
from helpers.methods.loyalty.segments import KEYS
from helpers.methods.survey import SurveyDesign

pytestmark = pytest.mark.validity

PLACED, MOVED = 50, 200  # worlds
ACCOUNTS = 250
ATTITUDE, BEHAVIOUR = np.array([3.90, 3.62, 3.90, 3.78]), np.array([4.50, 4.00, 4.25])
SPREAD, CLEAR, APART, ALIKE = 0.95, 0.68, 0.20, 0.45
COLLEAGUES = 300  # drawn to work out an account's true position


def axes_of(rng, level):
    """Both true axes of people whose account has a level."""
    feeling = np.sqrt(ALIKE) * level + np.sqrt(1 - ALIKE) * rng.standard_normal(level.shape)
    own = np.sqrt(APART) * rng.standard_normal((2, *level.shape))
    return (feeling + own) / np.sqrt(1 + APART)


def asked(rng, axis, means):
    noise = rng.standard_normal((len(axis), len(means)))
    seen = means + SPREAD * (np.sqrt(CLEAR) * axis[:, None] + np.sqrt(1 - CLEAR) * noise)
    return pd.DataFrame(np.clip(np.rint(seen), 1, 5) * 25 - 25)


def true_scores(axis, means):
    """Expected mean answer, 0-100: one step for each answer that is passed."""
    steps = [
        ndtr((mean + SPREAD * np.sqrt(CLEAR) * axis - (k + 0.5)) / (SPREAD * np.sqrt(1 - CLEAR)))
        for mean in means
        for k in range(1, 5)
    ]
    return 25 * np.sum(steps, axis=0) / len(means)


def levels(rng, *, skewed):
    """Accounts' levels: normal, or with a long tail of unhappy ones (skewness −1)."""
    return (4 - rng.gamma(4, 1, ACCOUNTS)) / 2 if skewed else rng.standard_normal(ACCOUNTS)


def world(rng, *, skewed=False):
    level = levels(rng, skewed=skewed)
    of = np.repeat(np.arange(ACCOUNTS), rng.choice([1, 2, 3, 4, 5], ACCOUNTS))
    like, stay = axes_of(rng, level[of])
    answers = asked(rng, like, ATTITUDE), asked(rng, stay, BEHAVIOUR)
    truly = loyalty.segments(true_scores(like, ATTITUDE), true_scores(stay, BEHAVIOUR))
    return level, of, (like, stay), answers, truly


def account_truth(rng, level):
    like, stay = axes_of(rng, np.repeat(level[:, None], COLLEAGUES, axis=1))
    means = (true_scores(x, m).mean(axis=1) for x, m in ((like, ATTITUDE), (stay, BEHAVIOUR)))
    return loyalty.segments(*means)


@pytest.fixture(scope="module")
def worlds():
    """Chances of people and of accounts, each with what was true."""
    rng = np.random.default_rng(20260630)
    found = defaultdict(list)
    for _ in range(PLACED):
        level, of, _, answers, truly = world(rng)
        membership = loyalty.membership(*answers, design=SurveyDesign(clusters=of))
        people = membership.table
        found["shares"].append(membership.expected)
        units = loyalty.account_membership(*(a.mean(axis=1) for a in answers), of).table
        of_units = account_truth(rng, level)
        for segment, key in KEYS.items():
            found["people"].append((people[key].to_numpy(), (truly == segment).to_numpy()))
            found["accounts"].append((units[key].to_numpy(), (of_units == segment).to_numpy()))
    return found


@pytest.fixture(scope="module")
def moves():
    """Excess of moves with its interval, and the moves seen, where nobody changed."""
    rng = np.random.default_rng(20260704)
    found = []
    for _ in range(MOVED):
        _, of, (like, stay), answers, _ = world(rng)
        again = asked(rng, like, ATTITUDE), asked(rng, stay, BEHAVIOUR)
        one = loyalty.transitions(answers, again, accounts=pd.Series(of))
        excess = one.measure("excess")
        found.append([*excess[["value", "low", "high"]], one.measure("moved")["low"]])
    return np.array(found, dtype=float).T


def said_and_true(pairs):
    """Mean chance and share that truly were, by tenths of the chance."""
    said, true = (np.concatenate(part) for part in zip(*pairs, strict=True))
    table = pd.DataFrame({"said": said, "true": true, "tenth": np.floor(said * 10).clip(0, 9)})
    return table.groupby("tenth").agg(said=("said", "mean"), true=("true", "mean"),
                                      count=("true", "size"))  # fmt: skip


@pytest.mark.parametrize(("units", "off"), [("people", 0.02), ("accounts", 0.03)])
def test_of_those_given_a_chance_that_share_truly_are(worlds, units, off):
    """Of people given .7, about 70 in 100 truly are; so in every tenth, for accounts too."""
    table = said_and_true(worlds[units])
    assert (table["count"] > 200).all()
    assert (table["said"] - table["true"]).abs().max() < off


def test_true_shares_of_all_customers_are_held_and_those_as_answered_are_not(worlds, monkeypatch):
    """Of four segments in 50 worlds, 90 to 99 in 100; as answered, High Risk is always short."""
    monkeypatch.setitem(globals(), "ACCOUNTS", 60_000)
    truly = world(np.random.default_rng(20260706))[-1]
    true = np.array([(truly == segment).mean() for segment in KEYS])
    held = [((one["low"] <= true) & (true <= one["high"])).to_numpy() for one in worlds["shares"]]
    assert 0.90 <= np.mean(held) <= 0.99
    short = [true[3] - one["seen"].iloc[3] for one in worlds["shares"]]
    assert min(short) > 0
    off = [np.abs(one["value"] - true).mean() for one in worlds["shares"]]
    assert np.mean(off) < 0.02


def test_answers_alone_would_be_taken_for_certain_and_are_not(worlds):
    """What the chances are for: one in four of those who stand in a segment is not truly in it."""
    table = said_and_true(worlds["people"])
    doubtful = table[(table["said"] > 0.2) & (table["said"] < 0.8)]["count"].sum()
    assert doubtful / table["count"].sum() > 0.15


def test_with_no_true_change_the_excess_of_moves_holds_nothing(moves):
    """At least 94 in 100 worlds, and not by intervals that say nothing: half-width under .04."""
    value, low, high, _ = moves
    assert ((low <= 0) & (high >= 0)).mean() >= 0.94
    assert ((high - low) / 2).mean() < 0.04
    assert abs(value.mean()) < 0.005


def test_without_allowing_for_chance_every_world_would_show_moves(moves):
    """Without any true change a quarter of all people change segment, in every world."""
    assert (moves[3] > 0.15).all()


def test_chances_keep_their_word_where_feelings_are_skewed():
    """A long tail of unhappy accounts, which the model does not know of: within five points."""
    rng = np.random.default_rng(20260701)
    pairs = []
    for _ in range(30):
        _, of, _, answers, truly = world(rng, skewed=True)
        people = loyalty.membership(*answers, design=SurveyDesign(clusters=of)).table
        pairs += [(people[k].to_numpy(), (truly == s).to_numpy()) for s, k in KEYS.items()]
    table = said_and_true(pairs)
    assert (table["said"] - table["true"]).abs().max() < 0.05


PARTS = ("panel", "mix", "gained", "silent", "left")


def two_waves(rng, accounts):
    """Waves whose accounts come and go by their level, and change their share of answers."""
    level = rng.normal(70, 10, accounts)
    new = rng.random(accounts) < 0.2
    level[new] += 6  # those who come are happier
    leaves = ~new & (rng.random(accounts) < ndtr((58 - level) / 8))
    silent = ~new & ~leaves & (rng.random(accounts) < ndtr((62 - level) / 10))
    there = np.select([new, leaves | silent], [2, 1], 0)  # only now, only before, both
    waves = []
    for wave, (shift, absent) in enumerate(((0.0, 2), (2.0, 1))):
        of = np.flatnonzero(there != absent)
        rate = np.where((level[of] > 75) & (wave == 1), 3.0, 1.0)  # happier ones answer more, now
        of = np.repeat(of, 1 + rng.poisson(rate))
        score = level[of] + shift + rng.normal(0, 12, len(of))
        waves.append((score, of))
    return waves, np.flatnonzero(leaves)


def split(rng, accounts):
    (before, was), (now, named) = (waves := two_waves(rng, accounts))[0]
    return loyalty.change(before, now, accounts=(was, named), ended=waves[1])


def test_intervals_of_every_part_of_a_change_hold_the_truth():
    """600 worlds against the parts of a world of 400,000 accounts; by chance 93 to 97 in 100."""
    rng = np.random.default_rng(20260702)
    truth = split(rng, 400_000).table.set_index("part")["value"]
    assert (truth.abs() > 0.3).all()  # every part is there to be found
    held = defaultdict(int)
    for _ in range(600):
        found = split(rng, 250).table.set_index("part")
        for part in PARTS:
            held[part] += found.loc[part, "low"] <= truth[part] <= found.loc[part, "high"]
    least, most = beta.interval(0.999, 0.95 * 600, 0.05 * 600)
    shares = {part: count / 600 for part, count in held.items()}
    assert all(least <= share <= most for share in shares.values()), shares


def test_one_world_in_twenty_at_most_is_told_a_change_that_is_none():
    """Six waves of a score that never changes, five steps and the whole as one family."""
    rng = np.random.default_rng(20260703)
    names = np.repeat([f"w{k}" for k in range(6)], 120)
    wrong = 0
    for _ in range(300):
        points = {"score": pd.Series(rng.normal(size=len(names)))}
        found = loyalty.trend(points, pd.Series(names), order=sorted(set(names))).table
        wrong += bool(((found["low"] > 0) | (found["high"] < 0)).any())
    assert wrong / 300 <= beta.ppf(0.999, 0.05 * 300 + 1, 0.95 * 300)
