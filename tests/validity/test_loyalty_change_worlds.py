"""What is said of changes, groups and positions, over simulated worlds whose truth is known."""

from __future__ import annotations

from collections import defaultdict
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import beta, norm

from helpers.methods import loyalty, survey, weighting
from helpers.methods.survey import SurveyDesign

pytestmark = pytest.mark.validity

WORLDS = 400


def by_chance(worlds=WORLDS, share=0.95):
    """Shares that a true rate gives in 998 of 1,000 such runs."""
    return beta.interval(0.998, share * worlds, (1 - share) * worlds)


PARTS = ("same", "others", "mix", "gained")


def people_of(rng, accounts):
    """Waves of accounts whose people stay and rise by 1, or are replaced by happier ones.

    One account in six is new; weights differ by person and go with the score.
    """
    level = rng.normal(70, 8, accounts)
    of = np.repeat(np.arange(accounts), rng.integers(1, 6, accounts))
    own = level[of] + rng.normal(0, 8, len(of))
    stays = rng.random(len(of)) < 0.5
    after = np.where(stays, own + 1, level[of] + 4 + rng.normal(0, 8, len(of)))
    names = np.arange(len(of))
    new = rng.random(accounts)[of] < 1 / 6
    frames = []
    for wave, (true, person) in enumerate(
        ((own, names), (after, np.where(stays, names, names + len(of))))
    ):
        score = true + rng.normal(0, 6, len(of))
        mass = np.exp((true - 70) / 40) * rng.uniform(0.7, 1.4, len(of))
        frame = pd.DataFrame({"of": of, "person": person, "score": score, "weight": mass})
        answered = rng.random(len(of)) < 0.7
        frames.append(frame[answered & ~(new if wave == 0 else np.zeros(len(of), bool))])
    return frames


def split(rng, accounts):
    before, now = people_of(rng, accounts)
    pair = {name: (before[name], now[name]) for name in ("of", "person", "weight")}
    found = loyalty.change(before["score"], now["score"], accounts=pair["of"],
                           people=pair["person"],
                           design=tuple(SurveyDesign(w) for w in pair["weight"]))  # fmt: skip
    return found.table.set_index("part")


def test_the_parts_of_the_same_and_of_other_people_hold_their_truth_under_weights():
    """400 worlds of 200 accounts against the parts of one of 200,000."""
    rng = np.random.default_rng(20260710)
    truth = split(rng, 200_000)["value"]
    assert truth["same"] > 0.1
    assert truth["others"] > 0.5
    held = defaultdict(int)
    for _ in range(WORLDS):
        found = split(rng, 200)
        for part in PARTS:
            held[part] += found.loc[part, "low"] <= truth[part] <= found.loc[part, "high"]
    least, most = by_chance()
    shares = {part: count / WORLDS for part, count in held.items()}
    assert all(least <= share <= most for share in shares.values()), shares


SIZES = {"tier": pd.Series({"A": 6_000, "B": 4_000}), "role": pd.Series({"x": 5_000, "y": 5_000})}
RATES = ({"A": 0.06, "B": 0.03}, {"A": 0.03, "B": 0.06})  # of answering, by wave
SCORES = {"A": 74.0, "B": 66.0}


def answering(rng, wave):
    """Accounts of one to three people: B is less happy, and answers more in the second wave."""
    account = np.repeat(np.arange(5_000), 2)
    tier = np.where(np.arange(5_000) < 3_000, "A", "B")[account]
    role = np.tile(["x", "y"], 5_000)
    rate = np.where(tier == "A", RATES[wave]["A"], RATES[wave]["B"])
    there = rng.random(10_000) < rate
    frame = pd.DataFrame({"wave": f"w{wave}", "account": account, "tier": tier, "role": role})
    level = np.random.default_rng(7).normal(0, 6, 5_000)[account]  # the same accounts each time
    mean = pd.Series(tier).map(SCORES).to_numpy() + 3 * (role == "x")
    return frame.assign(score=mean + level + rng.normal(0, 10, 10_000))[there]


def no_change(rng):
    both = pd.concat([answering(rng, wave) for wave in (0, 1)], ignore_index=True)
    now = both[both["wave"] == "w1"]
    weights = weighting.over_waves(
        both, {"w0": SIZES, "w1": SIZES}, now="w1", weights=weighting.rake(now[list(SIZES)], SIZES)
    )
    design = weights.design(both["wave"], ["w0", "w1"], clusters=both["account"])
    found = loyalty.trend({"score": both["score"]}, both["wave"], design, order=["w0", "w1"])
    return found.table.iloc[0]


def test_who_answers_is_no_change_once_each_wave_is_weighted():
    """Nobody changed. Weighted intervals hold 0 as they say; as answered few would."""
    rng = np.random.default_rng(20260711)
    found = pd.DataFrame([no_change(rng) for _ in range(200)])
    held = ((found["low"] <= 0) & (found["high"] >= 0)).mean()
    plain = ((found["answered_low"] <= 0) & (found["answered_high"] >= 0)).mean()
    least, most = by_chance(200)
    assert least <= held <= most
    assert plain < 0.5
    assert abs(found["value"].mean()) < 0.15


def test_a_position_among_few_companies_is_where_it_is_said_to_be():
    """41 companies, our own mean uncertain too; quantiles as published, read off straight lines."""
    rng = np.random.default_rng(20260712)
    held, alone = 0, 0
    modes = pd.Series(["web"] * 200)
    for _ in range(WORLDS):
        truth = rng.uniform(0.2, 0.8)
        ours = pd.Series(norm.ppf(truth) + rng.normal(0, 4, 200))
        score = SimpleNamespace(name="effort_mean", label="Effort", values=ours, better=1,
                                asked=(1, 7), estimate=survey.mean)  # fmt: skip
        others = np.quantile(rng.normal(size=41), [0.1, 0.25, 0.5, 0.75, 0.9])
        cells = dict(zip(("p10", "p25", "p50", "p75", "p90"), others, strict=True))
        row = {"metric": "effort", "scale": "1-7", "mode": "web", "source": "s", "year": 2025,
               "n": 41, **cells}  # fmt: skip
        found = loyalty.compare([score], pd.DataFrame([row]), modes).table.iloc[0]
        held += found["position_low"] <= truth <= found["position_high"]
        ends = np.interp([found["low"], found["high"]], others, [0.1, 0.25, 0.5, 0.75, 0.9])
        alone += ends[0] <= truth <= ends[1]
    assert held / WORLDS >= by_chance()[0]
    assert alone < held


POLICY = SimpleNamespace(suppress=10, test=20, flag=30)


def test_one_world_in_twenty_at_most_has_a_group_called_different():
    """A column of two groups and one of three: four comparisons; nobody differs."""
    rng = np.random.default_rng(20260713)
    wrong = 0
    for _ in range(200):
        columns = pd.DataFrame({f"c{n}": rng.integers(0, n, 240).astype(str) for n in (2, 3)})
        found = loyalty.breakdown(pd.Series(rng.normal(size=240)), columns, POLICY)
        assert found.comparisons == 4
        beyond = (found.table["difference_low"] > 0) | (found.table["difference_high"] < 0)
        wrong += bool(beyond.any())
    assert wrong / 200 <= beta.ppf(0.998, 0.05 * 200 + 1, 0.95 * 200)
