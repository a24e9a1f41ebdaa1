"""What a client's tables tell a plan: its day, its lists and the scores of the wave."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.errors import HandbookError, MissingTable
from helpers.study import open_study
from helpers.study.planning import invitation_day, loyalty_index, plan_inputs


@pytest.fixture(scope="module")
def northfield(project):
    return open_study(project / "data" / "northfield")


@pytest.fixture(scope="module")
def mobile(project):
    return open_study(project / "data" / "mobile")


def test_the_next_wave_keeps_the_rhythm_of_the_waves(northfield):
    # 15 November 2025 to 15 May 2026 are 181 days
    assert invitation_day(northfield) == pd.Timestamp("2026-05-15") + pd.Timedelta(days=181)


def test_a_client_of_one_wave_plans_for_the_day_of_its_data(mobile):
    assert invitation_day(mobile) == mobile.as_of


def test_a_day_that_is_told_is_taken_and_must_be_one(northfield):
    assert invitation_day(northfield, "2027-01-31") == pd.Timestamp("2027-01-31")
    with pytest.raises(HandbookError, match=r"'31.12.2026' is not a day. Write it as 2026-11-02"):
        invitation_day(northfield, "31.12.2026")


def test_the_first_segment_of_the_client_makes_the_strata_unless_told(northfield):
    assert plan_inputs(northfield)["strata"] == ["tier"]
    assert plan_inputs(northfield, strata=["region", "tier"])["strata"] == ["region", "tier"]


def test_scores_stand_beside_the_account_of_their_respondent(northfield):
    scores = northfield.responses["recommend"]
    answers = plan_inputs(northfield, scores)["answers"]
    assert answers["score"].equals(scores.rename("score"))
    assert answers["account_id"].equals(northfield.responses["account_id"])
    assert plan_inputs(northfield)["answers"] is None


def test_a_client_without_contacts_is_told_what_to_send(mobile):
    with pytest.raises(MissingTable, match=r"sent no contacts. Send contacts.csv"):
        plan_inputs(mobile)


def test_the_index_is_that_of_the_study(northfield):
    assert len(loyalty_index(northfield).items) > 1
