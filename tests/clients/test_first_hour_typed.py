"""A raw file of an airport's survey to a first report, in a quarter of an hour of typing."""

from __future__ import annotations

from pathlib import Path

import pytest
from keystrokes import MOST, minutes

from helpers.study.drafting import client_from

pytestmark = pytest.mark.clients

AIRPORT = {  # what the questionnaire says: its facilities by their names, and one role
    **dict(zip(
        (f"Q6{letter}" for letter in "ABCDEFGHIJKLMN"),
        ("Artwork and exhibitions", "Restaurants", "Shops", "Signs inside",
         "Escalators and walkways", "Information screens", "Information booths (arrivals)",
         "Information booths (departures)", "Signs on the roads", "Parking", "AirTrain",
         "Long-term parking bus", "Rental car center", "Overall rating"),
        strict=True,
    )),
    "Q13A": "Ease of finding the way",
}  # fmt: skip


def test_an_airport_survey_without_a_word_takes_less_than_a_quarter_of_an_hour(
    shared: Path, tmp_path: Path
) -> None:
    made = client_from(tmp_path / "acme", [shared / "data" / "sfo" / "survey_2010.csv.gz"])
    assert 0 < minutes(made.folder, AIRPORT, {"Q13A": "effort"}) < MOST
