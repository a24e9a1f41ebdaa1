"""Drivers that only some were asked about: analysed among those, and counted by their share."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.multitest import multipletests

from helpers.errors import NotEstimable
from helpers.methods import drivers
from helpers.methods.survey import SurveyDesign
from helpers.views.drivers import asked as asked_figures

SCALE = dict.fromkeys(("quality", "value", "handling", "app", "app_speed"), (1, 10))
EFFECT = 1.6


def world(kind: str = "complaint", n: int = 1781, seed: int = 7):
    """Customers of whom some were asked about a thing that matters to them alone.

    Who was asked depends on how content they are, and the effect is one among the asked.
    """
    rng = np.random.default_rng(seed)
    mood = rng.normal(size=n)
    rated = {
        name: np.clip(np.round(7.5 + 1.2 * mood + rng.normal(size=n)), 1, 10)
        for name in ("quality", "value")
    }
    chance = {"complaint": 1 / (1 + np.exp(1.75 + 0.45 * mood)), "users": 0.4,
              "screened": 0.97, "role": (np.arange(n) % 5 == 0) * 1.0}[kind]  # fmt: skip
    asked = rng.random(n) < chance
    felt = np.clip(np.round(5 + 1.2 * mood + 2.4 * rng.normal(size=n)), 1, 10)
    outcome = 20 + 5 * rated["quality"] + 1.5 * rated["value"] + rng.normal(size=n) * 9
    outcome = outcome + np.where(asked, EFFECT * (felt - 5), 0)
    ratings = pd.DataFrame({**rated, "handling": felt})
    ratings["handling"] = ratings["handling"].where(asked)
    return ratings, pd.DataFrame({"handling": asked}), pd.Series(outcome)


def truth(ratings: pd.DataFrame, asked: pd.DataFrame) -> float:
    """What lifting the low ratings of those asked would bring over all customers."""
    short = (8 - ratings.loc[asked["handling"], "handling"]).clip(lower=0).mean()
    return float(EFFECT * short * asked["handling"].mean())


@pytest.mark.parametrize("kind", ["complaint", "users", "role"])
def test_potential_counts_by_the_share_of_customers_who_were_asked(kind):
    """As for everybody it is 1/share times too large: 5.2 for .87 where 17 % complained."""
    ratings, asked, outcome = world(kind)
    found = drivers.among_asked(ratings, asked, outcome, scale=SCALE).table.iloc[0]
    right = truth(ratings, asked)
    assert found["potential_low"] < right < found["potential_high"]
    assert found["potential"] == pytest.approx(right, rel=0.2)
    assert found["asked"] == found["base"] == asked["handling"].sum()
    together = drivers.joint(ratings, outcome, scale=SCALE, missing="imputed", replicates=20)
    of_all = drivers.improvement_potential(together).table.set_index("driver")["potential"]
    assert of_all["handling"] > 2 * right  # what was printed before: nobody was left out


def test_the_effect_is_that_of_least_squares_among_those_who_were_asked():
    ratings, asked, outcome = world()
    found = drivers.among_asked(ratings, asked, outcome, scale=SCALE).table.iloc[0]
    rows = asked["handling"]
    x = np.column_stack([np.ones(rows.sum()), ratings[rows]])
    slopes = np.linalg.lstsq(x, outcome[rows], rcond=None)[0]
    assert found["effect"] == pytest.approx(slopes[-1], abs=1e-9)
    assert found["drivers"] == 3


def test_what_only_some_were_asked_about_is_clear_after_correction_for_how_many_such_there_are():
    """Holm's over the drivers with a filter, of which the one with the most potential is told."""
    ratings, asked, outcome = world()
    found = drivers.among_asked(ratings, asked, outcome, scale=SCALE)
    assert (found.verdict, found.p) == ("clear", found.table["effect_p"].iloc[0])
    for p, verdict in (((0.02, 0.5), "clear"), ((0.04, 0.5), "not clear"), ((0.04, 0.01), "clear")):
        two = pd.concat([found.table] * 2).assign(effect_p=p)
        again = replace(found, table=two)
        assert again.p == pytest.approx(multipletests(p, method="holm")[1][0])
        assert again.verdict == verdict
        shown = asked_figures.asked(again, {}, "index")["asked_drivers"]
        assert (shown.verdict, shown.p) == (again.verdict, again.p)


def test_the_other_drivers_are_analysed_without_it_and_over_everybody():
    ratings, asked, outcome = world()
    parted = drivers.part_by_filters(ratings, asked, outcome)
    assert list(parted.ratings) == ["quality", "value"]
    assert parted.apart == ("handling",)
    assert parted.not_asked == 0
    assert parted.ratings.notna().all(axis=None)


def test_a_driver_that_nearly_everybody_was_asked_about_stays_beside_the_others():
    """Whoever was screened out is left out, and nothing is imputed for them."""
    ratings, asked, outcome = world("screened")
    parted = drivers.part_by_filters(ratings, asked, outcome)
    assert list(parted.ratings) == list(ratings)
    assert parted.ratings.isna().all(axis=1).sum() == parted.not_asked == (~asked).sum().iloc[0]
    assert "left out" in parted.note
    found = drivers.relative_importance(parted.ratings, outcome, missing="imputed")
    assert found.base == asked["handling"].sum()
    with pytest.raises(NotEstimable, match="nearly everybody"):
        drivers.among_asked(ratings, asked, outcome, scale=SCALE)


def test_where_every_driver_has_a_filter_those_asked_most_are_compared():
    ratings, asked, outcome = world("users")
    every = pd.DataFrame(dict.fromkeys(ratings, asked["handling"]))
    parted = drivers.part_by_filters(ratings.where(every), every, outcome)
    assert list(parted.ratings) == list(ratings)
    assert not parted.apart
    assert parted.ratings.notna().all(axis=1).sum() == asked["handling"].sum()


def test_drivers_of_one_filter_stand_beside_each_other_and_those_of_another_do_not():
    ratings, asked, outcome = world("users")
    rng = np.random.default_rng(1)
    ratings["app_speed"] = pd.Series(rng.integers(1, 11, len(ratings)).astype(float)).where(
        asked["handling"]
    )
    other = pd.Series(rng.random(len(ratings)) < 0.3)
    ratings["app"] = pd.Series(rng.integers(1, 11, len(ratings)).astype(float)).where(other)
    asked = asked.assign(app_speed=asked["handling"], app=other)
    found = drivers.among_asked(ratings, asked, outcome, scale=SCALE).table.set_index("driver")
    assert found["drivers"].to_dict() == {"handling": 4, "app_speed": 4, "app": 3}


def test_segments_have_the_bases_of_those_who_were_asked():
    ratings, asked, outcome = world()
    region = pd.DataFrame({"region": np.array(list("abcd"))[np.arange(len(ratings)) % 4]})
    found = drivers.among_asked(ratings, asked, outcome, scale=SCALE, segments=region)
    bases = found.segments.set_index("segment")["base"]
    right = region["region"][asked["handling"]].value_counts()
    assert bases.to_dict() == right.to_dict()
    assert set(found.segments["driver"]) == {"handling"}


def test_imputation_fills_a_driver_that_everybody_rated_and_never_one_that_was_not_asked():
    ratings, asked, outcome = world()
    ratings.loc[::9, "value"] = np.nan
    found = drivers.among_asked(ratings, asked, outcome, scale=SCALE, missing="imputed")
    row = found.table.iloc[0]
    assert row["asked"] == asked["handling"].sum()  # those without a value among them
    assert row["base"] == ratings["handling"].notna().sum()


def test_weights_and_accounts_count_among_those_asked_as_everywhere():
    ratings, asked, outcome = world()
    weights = pd.Series(np.where(np.arange(len(ratings)) % 2, 1.0, 3.0))
    accounts = pd.Series(np.arange(len(ratings)) // 3)
    design = SurveyDesign(weights, clusters=accounts)
    found = drivers.among_asked(ratings, asked, outcome, design, scale=SCALE).table.iloc[0]
    rows = asked["handling"]
    root = np.sqrt(weights[rows].to_numpy())
    x = np.column_stack([np.ones(rows.sum()), ratings[rows]]) * root[:, None]
    slopes = np.linalg.lstsq(x, outcome[rows] * root, rcond=None)[0]
    assert found["effect"] == pytest.approx(slopes[-1], abs=1e-9)
    assert found["asked_share"] == pytest.approx(weights[rows].sum() / weights.sum())


def test_too_few_asked_is_said_and_not_computed():
    ratings, asked, outcome = world()
    few = asked & (asked.cumsum() <= 12)
    with pytest.raises(NotEstimable, match="12 were asked"):
        drivers.among_asked(
            ratings.assign(handling=ratings["handling"].where(few["handling"])), few, outcome,
            scale=SCALE,
        )  # fmt: skip


def test_segments_are_compared_where_a_few_belong_to_no_group():
    """Withheld, the largest group would go with the four of whom it is not known."""
    ratings, _, outcome = world()
    gender = pd.DataFrame({"gender": np.where(np.arange(len(ratings)) % 4, "man", "woman")})
    gender.iloc[:4] = None
    found = drivers.compare_segments(
        ratings[["quality", "value"]], outcome, gender, smallest=30, apart=10
    )
    bases = found.table.groupby("segment")["base"].first()
    assert bases.sum() == len(ratings)  # with the four, so that no difference gives them away
    assert set(bases.index) == {"man or not known", "woman"}
