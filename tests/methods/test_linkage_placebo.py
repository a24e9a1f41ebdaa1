"""The change of a score over a year, by which growth that makes scores is told."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.methods import linkage
from helpers.methods.linkage.placebo import CHANGE, with_year_change


def waves(*days: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "account_id": "a",
            "score": [10.0 * (place + 1) ** 2 for place in range(len(days))],
            "t0": pd.to_datetime(list(days)),
        }
    )


def test_the_wave_nearest_to_a_year_before_is_taken():
    rows = with_year_change(waves("2024-05-15", "2024-11-15", "2025-05-15"), "score")
    assert rows.set_index("t0")[CHANGE].to_dict() == {
        pd.Timestamp("2024-11-15"): 30.0,  # half a year is the nearest there is
        pd.Timestamp("2025-05-15"): 80.0,
    }


@pytest.mark.parametrize("earlier", [[], ["2025-04-01"], ["2023-01-15"]])
def test_without_a_wave_near_enough_there_is_no_change_and_no_check(earlier):
    assert with_year_change(waves(*earlier, "2025-05-15"), "score").empty


def test_another_account_is_no_earlier_wave():
    rows = waves("2024-05-15", "2025-05-15").assign(account_id=["a", "b"])
    assert with_year_change(rows, "score").empty


def test_one_wave_says_that_the_check_is_not_shown(rng):
    rows = pd.DataFrame({"account_id": range(200), "score": rng.normal(60, 15, 200), "wave": "W1"})
    rows["t0"] = pd.Timestamp("2025-01-15")
    rows["growth_before"] = rng.normal(0, 0.1, 200)
    rows["retained"] = (rng.random(200) < 0.8).astype(float)
    found = linkage.link(
        rows, "retained", adjust=["growth_before"], negative_control="growth_before"
    )
    assert found.check is None and found.grade == "B"
    assert any("negative control not shown" in note for note in found.notes)


def test_an_outcome_that_a_score_cannot_touch_is_set_against_the_score_and_fails_both_ways(rng):
    rows = pd.DataFrame({"account_id": range(300), "score": rng.normal(60, 15, 300)})
    rows["weather"] = -rows["score"] + rng.normal(0, 5, 300)
    rows["spend"] = rows["score"] + rng.normal(0, 30, 300)
    failed = linkage.link(rows, "spend", negative_control="weather")
    assert failed.check == "failed"
    assert failed.p_check == failed.negative_control.p < 0.05


@pytest.mark.parametrize(("way", "check"), [(1, "failed"), (-1, "held")])
def test_past_growth_fails_the_check_only_where_scores_rose_with_it(rng, way, check):
    rows = pd.concat(
        pd.DataFrame({"account_id": range(300), "wave": wave, "t0": pd.Timestamp(day)})
        for wave, day in (("W1", "2024-05-15"), ("W2", "2025-05-15"))
    )
    rows["growth_before"] = rng.normal(0, 0.2, 600)
    rows["score"] = 60 + way * 40 * rows["growth_before"] + rng.normal(0, 2, 600)
    rows["retained"] = (rng.random(600) < 0.8).astype(float)
    found = linkage.link(
        rows, "retained", adjust=["growth_before"], negative_control="growth_before"
    )
    assert found.check == check
    assert found.p_check == (found.negative_control.p if way > 0 else 1.0)
    assert found.negative_control.p < 0.01
