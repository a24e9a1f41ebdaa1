"""Prediction intervals of the ledger hold what the next wave then estimates."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import worlds

from helpers.methods import ledger
from helpers.methods.ledger import Levels
from helpers.methods.survey import SurveyDesign

pytestmark = pytest.mark.validity

WAVES = [f"w{n}" for n in range(9)]  # the first eight each predict the next
METRICS = [f"m{n}" for n in range(10)]
WORLDS = 12
LEAST, MOST = 0.90, 0.97  # of predictions inside an interval of 95 %


def together(rng: np.random.Generator, size: int) -> np.ndarray:
    """Unit normals of ten metrics that correlate by a half."""
    shared = rng.normal(size=(size, 1))
    return np.sqrt(0.5) * shared + np.sqrt(0.5) * rng.normal(size=(size, len(METRICS)))


def answers(rng: np.random.Generator, drift: float) -> pd.DataFrame:
    """Nine waves of 220 accounts whose people are alike and half of whom answer each time.

    Three fifths of what somebody feels stays; the level of everybody drifts as a random walk.
    """
    of = np.repeat(np.arange(220), rng.integers(2, 8, 220))

    def felt() -> np.ndarray:
        return np.sqrt(0.3) * together(rng, 220)[of] + np.sqrt(0.7) * together(rng, len(of))

    stays, level, parts = felt(), np.zeros(len(METRICS)), []
    for number, wave in enumerate(WAVES):
        level = level + drift * together(rng, 1)[0] * (number > 0)
        there = rng.random(len(of)) < 0.5
        rows = level + np.sqrt(0.6) * stays + np.sqrt(0.4) * felt()
        parts.append(pd.DataFrame(rows[there], columns=METRICS).assign(wave=wave, of=of[there]))
    return pd.concat(parts, ignore_index=True)


def followed(rows: pd.DataFrame, metrics: list[str], order: list[str]) -> Levels:
    """Levels and steps of all waves; each wave's level by its own accounts."""
    index = {wave: rows.index[rows["wave"] == wave] for wave in order}
    design = SurveyDesign.over(
        {wave: SurveyDesign(clusters=rows.loc[own, "of"]).of(own) for wave, own in index.items()}
    )
    last = index[order[-1]]
    current = SurveyDesign(clusters=rows.loc[last, "of"]).of(last)
    return ledger.levels(rows[metrics], rows["wave"], design, current, order=order)


def inside(levels: Levels, first: int = 0) -> list[float]:
    """By wave that predicts, the share of the next wave's estimates that it holds."""
    came = levels.table.pivot(index="metric", columns="wave", values="value")
    shares = []
    for number in range(first, len(levels.waves) - 1):
        order = levels.waves[: number + 1]
        seen = Levels(levels.table[levels.table["wave"].isin(order)],
                      levels.steps[levels.steps["wave"].isin(order)], order, 0.95)  # fmt: skip
        made = ledger.predicted(seen, ledger.drift(seen.steps)).set_index("metric")
        next_one = came[levels.waves[number + 1]].reindex(made.index)
        shares.append(float(((made["low"] <= next_one) & (next_one <= made["high"])).mean()))
    return shares


@pytest.mark.parametrize("drift", [0.05, 0.08])
def test_over_eight_waves_intervals_hold_what_the_next_one_estimates(drift):
    """A drift as large as an airport's passengers show over nine years, and a larger one.

    Twelve worlds of eight predictions a score; scores move together, so that these are about 300
    independent numbers.
    """
    rng = np.random.default_rng(20261130)
    held = [inside(followed(answers(rng, drift), METRICS, WAVES)) for _ in range(WORLDS)]
    assert LEAST <= np.mean(held) <= MOST, np.mean(held, axis=0)


def test_intervals_hold_in_waves_of_the_demo_clients_world():
    """Its scores hardly drift, so that more than promised may be inside."""
    held = []
    for seed in range(1, 5):
        made = worlds.sent("northfield", seed)
        rows = made.told.assign(of=made.told["account_id"], index=made.answers)
        metrics = ["index", *(d.name for d in made.settings.drivers if not d.last_change)]
        rows[metrics] = rows[metrics].apply(pd.to_numeric, errors="coerce")
        held += inside(followed(rows, metrics, sorted(rows["wave"].unique())), first=1)
    assert np.mean(held) >= LEAST, held
