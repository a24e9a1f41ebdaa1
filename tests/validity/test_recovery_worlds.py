"""How often the recovery chapter claims a gain where a call changes nothing, and finds a true one.

Worlds have the size and the spread of the demo client: some 890 people who answer two waves in a
row, one in seven of whom gives a low answer, three in five of these contacted in time, more where
more staff is, which goes with how loyal a region is. The rate of the converted, which is what is
usually told, stands beside: it is as high where nothing helps.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from helpers.methods import recovery

pytestmark = pytest.mark.validity

NULLS, TRUE = 400, 150
PEOPLE, LINE = 890, 6
FACTS = ["wave", "tier", "region", "role"]


def world(rng: np.random.Generator, gain: float) -> pd.DataFrame:
    """Two answers of each person; what helps is worth ``gain`` points by the next wave."""
    home = rng.integers(0, 330, PEOPLE)
    region = rng.integers(0, 4, 330)[home]
    true = 0.6 * rng.normal(size=330)[home] + 0.8 * rng.normal(size=PEOPLE) + 0.2 * (1.5 - region)
    moved = 0.8 * true + 0.6 * rng.normal(size=PEOPLE)  # loyalty itself moves between waves
    score, later = (72 + 12 * each + rng.normal(0, 11, PEOPLE) for each in (true, moved))
    answer = _answer(rng, score)
    alerted = answer <= LINE
    staffed = np.array([0.74, 0.66, 0.52, 0.5])[region]
    timely = alerted & (rng.random(PEOPLE) < staffed)
    later = later + gain * timely
    return pd.DataFrame({
        "account_id": home, "region": region.astype(str),
        "tier": rng.choice(list("ABC"), 330)[home], "wave": rng.choice(list("123"), PEOPLE),
        "role": rng.choice(list("wxyz"), PEOPLE), "score": score, "answer": answer,
        "score_after": later, "answer_after": _answer(rng, later), "alerted": alerted,
        "in_time": np.where(alerted, timely.astype(object), None),
    })  # fmt: skip


def _answer(rng: np.random.Generator, score: np.ndarray) -> np.ndarray:
    return np.clip(np.round(8.5 + (score - 72) / 11 + rng.normal(0, 1.1, len(score))), 0, 10)


def found(worlds: int, gain: float, seed: int) -> list[recovery.Saved]:
    rng = np.random.default_rng(seed)
    return [recovery.saved(world(rng, gain), line=LINE, facts=FACTS) for _ in range(worlds)]


def told(several: list[recovery.Saved]) -> str:
    """The naive rate, what would have come anyway, and the size of these worlds."""
    parts = ("converted", "expected", "net")
    means = {name: np.mean([one.part(name)["value"] for one in several]) for name in parts}
    sizes = np.mean([[one.leading["base"], one.leading["compared"]] for one in several], axis=0)
    rates = ", ".join(f"{name} {100 * mean:.0f} %" for name, mean in means.items())
    return f"naive and net rates: {rates}; {sizes[0]:.0f} in time, {sizes[1]:.0f} not"


@pytest.fixture(scope="module")
def nulls() -> list[recovery.Saved]:
    return found(NULLS, 0.0, 1)


@pytest.mark.parametrize("of", ["score", "share"])
def test_where_a_call_changes_nothing_the_interval_holds_nothing(nulls, of, capsys):
    """At least 94 % of intervals, of the score and of the share above the alert line alike."""
    rows = [one.leading if of == "score" else one.part("net") for one in nulls]
    held = sum(row["low"] <= 0 <= row["high"] for row in rows)
    with capsys.disabled():
        print(f"\n{of}: {held} of {NULLS} hold nothing; {told(nulls)}")
    assert held >= 0.94 * NULLS


def test_the_threshold_claims_nothing_either(nulls):
    """A straight line fits these answers nearly: 92 % and more."""
    rows = [one.table.set_index("design").loc["threshold"] for one in nulls]
    kept = [row["low"] <= 0 <= row["high"] for row in rows if not np.isnan(row["gain"])]
    assert len(kept) > 0.9 * NULLS
    assert np.mean(kept) >= 0.92


def test_converted_would_have_come_anyway_where_nothing_helps(nulls):
    """The usual claim is two in five and more; all of it would have come by itself."""
    assert np.mean([one.part("converted")["value"] for one in nulls]) > 0.4
    anyway = [one.part("anyway") for one in nulls]
    assert np.mean([row["high"] >= 0.999 for row in anyway]) >= 0.94


def test_a_gain_of_twelve_points_is_found_at_the_size_of_the_demo(capsys):
    several = found(TRUE, 12.0, 2)
    hits = sum(one.verdict == "gains" for one in several)
    with capsys.disabled():
        print(f"\n12 points: found in {hits} of {TRUE}; {told(several)}")
    assert hits >= 0.8 * TRUE
    inside = sum(one.leading["low"] <= 12 <= one.leading["high"] for one in several)
    assert inside >= binom.ppf(0.01, TRUE, 0.95)
