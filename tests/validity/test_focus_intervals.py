"""How often intervals of customer focus hold the truth, and lip service is claimed without cause.

Worlds have the size of the demo client: some 800 answers of 310 accounts whose people see alike,
386 cases, and eight promises due, of which a binomial number was delivered.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.methods import focus
from helpers.methods.survey import SurveyDesign

pytestmark = pytest.mark.validity

WORLDS = 1000
PEOPLE, ACCOUNTS = 800, 310
DAY = pd.Timestamp("2026-06-30")


def answers(rng: np.random.Generator, mean: float) -> tuple[pd.Series, SurveyDesign]:
    """Answers of five steps, 0 to 100, whose mean over accounts and people is ``mean``."""
    home = rng.integers(0, ACCOUNTS, PEOPLE)
    chance = rng.beta(6 * mean / 100, 6 * (1 - mean / 100), ACCOUNTS)[home]
    return pd.Series(rng.binomial(4, chance) * 25.0), SurveyDesign(clusters=home)


def seen_of(rng: np.random.Generator, mean: float) -> pd.DataFrame:
    said, design = answers(rng, mean)
    return focus.perceived({"acted": said}, design)


def recorded(rng: np.random.Generator, cases: float, promises: float, due: int) -> pd.DataFrame:
    return focus.table_of(
        focus.of_records("cases", int(rng.binomial(386, cases)), 386, base_unit="cases"),
        focus.of_records("promises", int(rng.binomial(due, promises)), due, base_unit="promises"),
    )


@pytest.mark.parametrize(
    ("cases", "promises", "due"), [(0.57, 0.75, 8), (0.9, 0.5, 20), (0.4, 0.9, 40)]
)
def test_acting_on_record_and_its_gap_to_what_customers_see_are_covered(cases, promises, due):
    """Wilson's interval of eight promises itself covers 93 to 96 %, by where the truth lies."""
    rng = np.random.default_rng(due)
    truth, mean, inside, within = 50 * (cases + promises), 44.0, 0, 0
    for _ in range(WORLDS // 3):
        found = focus.index(recorded(rng, cases, promises, due), seen_of(rng, mean))
        act, row = found.recorded["act"], found.table.set_index("part").loc["act"]
        inside += act.low <= truth <= act.high
        within += row["gap_low"] <= truth - mean <= row["gap_high"]
    assert 0.925 <= inside / (WORLDS // 3) <= 0.98
    assert 0.925 <= within / (WORLDS // 3) <= 0.98


def test_measures_of_one_source_are_covered_at_least_as_often_as_is_said():
    """The same accounts are asked now and within a year, whether by one will or by two."""
    rng = np.random.default_rng(3)
    inside = {"alike": 0, "apart": 0}
    for _ in range(WORLDS):
        now = rng.random(400) < 0.8
        yearly = {"alike": now | (rng.random(400) < 0.5), "apart": rng.random(400) < 0.9}
        for name, later in yearly.items():
            asks = focus.index(focus.table_of(
                focus.of_records("coverage", int(now.sum()), 400, base_unit="accounts"),
                focus.of_records("cadence", int(later.sum()), 400, base_unit="accounts"),
            )).recorded["solicit"]  # fmt: skip
            inside[name] += asks.low <= 85.0 <= asks.high
    assert min(inside.values()) / WORLDS >= 0.945


@pytest.mark.parametrize(("asked", "seen"), [(0.9, 50.0), (0.5, 30.0)])
def test_lip_service_is_seldom_claimed_on_the_line(asked, seen):
    """Where the truth lies on the cut, one side of one interval of 95 % errs once in forty."""
    rng = np.random.default_rng(int(seen))
    claimed = 0
    for _ in range(WORLDS // 3):
        rows = focus.of_records("coverage", int(rng.binomial(400, asked)), 400,
                                base_unit="accounts")  # fmt: skip
        found = focus.index(focus.table_of(rows), seen_of(rng, seen))
        claimed += focus.quadrant(found).verdict == "lip service"
    assert claimed / (WORLDS // 3) <= 0.04


def test_chances_of_quadrants_are_right_as_often_as_they_say():
    """Truths drawn about the cut: of claims of 60 to 80 %, some 70 % come true."""
    rng = np.random.default_rng(8)
    told = []
    for _ in range(WORLDS // 2):
        asked, seen = rng.uniform(0.4, 0.6), rng.uniform(45, 55)
        rows = focus.of_records("coverage", int(rng.binomial(400, asked)), 400,
                                base_unit="accounts")  # fmt: skip
        found = focus.quadrant(focus.index(focus.table_of(rows), seen_of(rng, seen)))
        told.append((found.chance, found.here == focus.QUADRANTS[asked > 0.5, seen > 50]))
    claims = pd.DataFrame(told, columns=["chance", "right"])
    near = claims[claims["chance"].between(0.6, 0.8)]
    assert len(near) > 60
    assert abs(near["right"].mean() - near["chance"].mean()) <= 0.12
