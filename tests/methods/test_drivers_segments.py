"""Segments compared: hand-worked slopes, invariances, a planted difference, refusals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from designed import designed
from scipy.stats import chi2
from statsmodels.stats.multitest import multipletests

from helpers.errors import NotEstimable
from helpers.methods.drivers import compare_segments
from helpers.methods.drivers.spread import between
from helpers.methods.multiplicity import holm
from helpers.methods.survey import SurveyDesign

SPREAD = [f"{name}{end}" for name in ("pooled", "spread") for end in ("", "_low", "_high")]


@pytest.fixture
def survey(rng: np.random.Generator) -> dict[str, pd.DataFrame | pd.Series]:
    """600 respondents of 200 accounts; ease matters to key accounts only, speed to all."""
    accounts = np.repeat(np.arange(200), 3)
    tier = pd.Series(np.where(accounts % 2, "key", "core"), name="tier")
    ratings = pd.DataFrame(
        np.clip(np.rint(7 + 1.8 * rng.normal(size=(600, 3))), 0, 10),
        columns=["ease", "speed", "price"],
    )
    loyalty = 2 * ratings["ease"] * (tier == "key") + ratings["speed"] + 3 * rng.normal(size=600)
    region = pd.Series(rng.choice(["north", "south", "west"], 200)[accounts], name="region")
    return {
        "ratings": ratings,
        "outcome": loyalty,
        "segments": pd.concat([tier, region], axis=1),
        "clusters": pd.Series(accounts),
        "weights": pd.Series(rng.integers(1, 4, 600), dtype=float),
    }


def test_holm_is_that_of_statsmodels(rng):
    p = rng.random(12) ** 3
    assert holm(p) == pytest.approx(multipletests(p, method="holm")[1])


def test_holm_leaves_out_what_was_not_tested():
    assert holm([0.01, np.nan, 0.04]).tolist() == pytest.approx([0.02, np.nan, 0.04], nan_ok=True)


def test_effects_are_the_slopes_of_a_separate_regression_in_each_segment(survey):
    """With every slope free, a segment's slopes are those it has alone."""
    found = compare_segments(
        survey["ratings"], survey["outcome"], survey["segments"][["tier"]],
        design=SurveyDesign(survey["weights"]),
    )  # fmt: skip
    for segment, group in found.table.groupby("segment"):
        there = survey["segments"]["tier"] == segment
        root = np.sqrt(survey["weights"][there].to_numpy())
        x = survey["ratings"].loc[there].to_numpy()
        design = np.column_stack([np.ones(len(x)), x]) * root[:, None]
        y = survey["outcome"][there].to_numpy() * root
        slopes = np.linalg.lstsq(design, y, rcond=None)[0][1:]
        expected = dict(zip(survey["ratings"], slopes, strict=True))
        assert group.set_index("driver")["effect"].to_dict() == pytest.approx(expected)


def test_what_would_be_seen_of_two_segments_by_hand(survey):
    """One difference of normal error: (1.96 + 0.84) errors, at the level of a single test.

    Without correction 80 % power needs a difference of 2.80 errors (Cohen 1988), the error
    being that of the difference between two independent slopes.
    """
    one = survey["ratings"][["ease"]]
    alike = survey["outcome"] - 2 * one["ease"] * (survey["segments"]["tier"] == "key")
    found = compare_segments(one, alike, survey["segments"][["tier"]])
    ends = found.table.assign(error=lambda t: (t["high"] - t["low"]) / 2 / 1.968)
    error = np.sqrt((ends["error"] ** 2).sum())
    assert found.tests["seen"].iloc[0] == pytest.approx(2.80 * error, rel=0.15)


def test_a_smaller_survey_sees_larger_differences_only(survey):
    some = {name: values[survey["clusters"] < 100] for name, values in survey.items()}
    seen = [compare_segments(**designed(s)).tests["seen"].mean() for s in (survey, some)]
    assert seen[1] > 1.2 * seen[0]


def test_only_the_planted_difference_is_found(survey):
    found = compare_segments(
        survey["ratings"],
        survey["outcome"],
        survey["segments"],
        design=SurveyDesign(clusters=survey["clusters"]),
    )
    assert found.different[["by", "driver"]].values.tolist() == [["tier", "ease"]]
    ease = found.table[(found.table["by"] == "tier") & (found.table["driver"] == "ease")]
    ends = ease.set_index("segment")
    assert ends.loc["key", "low"] < 2 < ends.loc["key", "high"]
    assert ends.loc["core", "low"] < 0 < ends.loc["core", "high"]
    assert len(found.tests) == 6


def test_units_of_a_driver_and_the_outcome_change_no_p_value(survey):
    one = compare_segments(survey["ratings"], survey["outcome"], survey["segments"])
    other = compare_segments(
        survey["ratings"].assign(ease=10 - 3 * survey["ratings"]["ease"]),
        5 - 2 * survey["outcome"],
        survey["segments"],
    )
    pd.testing.assert_frame_equal(
        one.tests.drop(columns=["statistic", "seen", *SPREAD]),
        other.tests.drop(columns=["statistic", "seen", *SPREAD]),
        rtol=1e-6,
    )
    per_point = one.tests["driver"].map({"ease": 2 / 3, "speed": 2, "price": 2})
    assert other.tests["seen"].to_numpy() == pytest.approx(one.tests["seen"] * per_point)


def test_names_of_segments_do_not_matter(survey):
    renamed = survey["segments"].replace({"key": "a", "core": "z"})
    one, other = (
        compare_segments(survey["ratings"], survey["outcome"], s).tests
        for s in (survey["segments"], renamed)
    )
    assert one["p"].to_numpy() == pytest.approx(other["p"].to_numpy())


def test_missing_ratings_at_random_leave_the_difference(survey, rng):
    holes = survey["ratings"].mask(rng.random(survey["ratings"].shape) < 0.1)
    found = compare_segments(
        holes, survey["outcome"], survey["segments"],
        SurveyDesign(clusters=survey["clusters"]), missing="pairwise",
    )  # fmt: skip
    assert found.base == 600 - int(holes.isna().all(axis=1).sum())
    assert found.different[["by", "driver"]].values.tolist() == [["tier", "ease"]]


def test_small_segments_are_left_out_and_named(survey):
    segments = survey["segments"].copy()
    segments.loc[:8, "tier"] = "strategic"
    found = compare_segments(
        survey["ratings"],
        survey["outcome"],
        segments,
        design=SurveyDesign(clusters=survey["clusters"]),
    )
    assert "fewer than 30 respondents" in found.dropped["tier strategic"]
    assert set(found.table.loc[found.table["by"] == "tier", "segment"]) == {"core", "key"}


@pytest.mark.parametrize(
    ("people", "accounts", "compared"),
    [(30, 10, True), (29, 10, False), (30, 9, False), (40, 9, False), (29, 29, False)],
)
def test_a_segment_is_compared_from_enough_people_of_enough_accounts_on(
    survey, people, accounts, compared
):
    size = pd.Series(np.where(np.arange(600) < people, "small", "large"), name="size")
    clusters = pd.Series(np.where(size == "small", np.arange(600) % accounts, np.arange(600)))
    given = (survey["ratings"], survey["outcome"], size.to_frame())
    if compared:
        found = compare_segments(*given, SurveyDesign(clusters=clusters), smallest=30)
        assert set(found.table["segment"]) == {"small", "large"}
        return
    with pytest.raises(NotEstimable, match="each needs 30 respondents of at least 10 accounts"):
        compare_segments(*given, SurveyDesign(clusters=clusters), smallest=30)


def test_one_segment_is_nothing_to_compare(survey):
    alone = pd.DataFrame({"tier": ["core"] * 600})
    with pytest.raises(NotEstimable, match="no two segments are large enough"):
        compare_segments(survey["ratings"], survey["outcome"], alone)


def test_a_survey_without_segments_has_nothing_to_compare(survey):
    nothing = pd.DataFrame(index=survey["ratings"].index)
    with pytest.raises(NotEstimable, match="no two segments are large enough"):
        compare_segments(survey["ratings"], survey["outcome"], nothing)


def test_confidence_is_a_share(survey):
    with pytest.raises(ValueError, match=r"as 0\.95"):
        compare_segments(survey["ratings"], survey["outcome"], survey["segments"], confidence=95)


def test_a_segment_that_is_another_but_for_one_account_is_not_compared(rng):
    """Of 400 people the pilot is the North but for three; regions come first and are kept."""
    region = np.repeat(["North", "South"], 200)
    segments = pd.DataFrame({"region": region, "pilot": np.where(region == "North", "in", "out")})
    segments.loc[:2, "pilot"] = "out"
    ratings = pd.DataFrame(rng.integers(0, 11, (400, 2)), columns=["ease", "speed"])
    outcome = ratings["ease"] + rng.normal(size=400)
    found = compare_segments(ratings, outcome, segments, apart=10)
    assert set(found.table["segment"]) == {"North", "South"}
    assert {"pilot in", "pilot out"} & set(found.dropped)
    plain = compare_segments(ratings, outcome, segments)
    assert set(plain.table["segment"]) == {"North", "South", "in", "out"}


def test_a_segment_that_is_another_and_a_few_of_a_third_is_not_compared(rng):
    """The West is too small to be compared, and in the pilot beside the North all the same."""
    region = np.repeat(["North", "South", "East", "West"], [200, 195, 200, 5])
    pilot = np.where(np.isin(region, ["North", "West"]), "in", "out")
    ratings = pd.DataFrame(rng.integers(0, 11, (600, 2)), columns=["ease", "speed"])
    outcome = ratings["ease"] + rng.normal(size=600)
    segments = pd.DataFrame({"region": region, "pilot": pilot})
    found = compare_segments(ratings, outcome, segments, apart=10)
    shown = set(found.table["segment"])
    assert {"North", "East"} <= shown
    assert not {"in", "out", "West"} & shown


@pytest.mark.parametrize(("lost", "shown"), [(3, {"core or not known", "key"}),
                                             (60, {"core", "key"})])  # fmt: skip
def test_people_of_no_known_segment_are_no_segment_and_a_few_of_them_stand_with_the_largest(
    survey, lost, shown
):
    """Left out, three people would be all of them less both segments."""
    tier = pd.DataFrame({"tier": np.repeat(["core", "key"], [340, 260])}, dtype=object)
    tier[:lost] = None
    found = compare_segments(survey["ratings"], survey["outcome"], tier, apart=10)
    bases = found.table.groupby("segment")["base"].first()
    assert set(bases.index) == shown
    assert bases.sum() == (600 if lost < 10 else 600 - lost)


def test_the_spread_between_segments_is_what_their_errors_leave():
    """By hand, equal errors: variance of the effects less that of an error."""
    effects, errors = np.array([0.1, 0.4, 0.6, 0.9]), np.full(4, 0.15)
    found = between(effects, errors, 0.95)
    assert found["pooled"] == pytest.approx(effects.mean())
    assert found["pooled_high"] - found["pooled"] == pytest.approx(1.959964 * 0.15 / 2)
    assert found["spread"] ** 2 == pytest.approx(effects.var(ddof=1) - 0.15**2)
    low, high = 3 * effects.var(ddof=1) / chi2.isf([0.025, 0.975], 3) - 0.15**2
    assert (found["spread_low"], found["spread_high"]) == pytest.approx(
        (max(low, 0.0) ** 0.5, high**0.5)
    )


def test_effects_that_chance_explains_have_no_spread():
    found = between(np.array([0.35, 0.5, 0.65]), np.full(3, 0.2), 0.95)
    assert found["spread"] == found["spread_low"] == 0
    assert found["spread_high"] > 0


def test_one_segment_with_an_effect_has_no_spread():
    assert np.isnan(between(np.array([0.5, np.nan]), np.array([0.1, np.nan]), 0.95)["spread"])


def test_the_interval_of_the_spread_holds_the_truth(rng):
    """500 worlds of six segments: .95 within three standard errors."""
    held = 0
    for _ in range(500):
        errors = rng.uniform(0.1, 0.4, 6)
        effects = rng.normal(0.5, 0.3, 6) + rng.normal(0, errors)
        found = between(effects, errors, 0.95)
        held += found["spread_low"] <= 0.3 <= found["spread_high"]
    assert 0.92 <= held / 500 <= 0.98
