"""Every real client opens without a fault, and what opens is what its files say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers.study import Study, check_client, open_study

pytestmark = pytest.mark.clients

CLIENTS = ("sfo", "hospitals", "medicare_plans")
ROWS = {"sfo": 28_665, "hospitals": 3979, "medicare_plans": 6031}
FACILITIES = 14


@pytest.fixture(scope="module")
def opened(client_folder: Callable[..., Path]) -> Callable[[str], Study]:
    studies: dict[str, Study] = {}

    def get(name: str) -> Study:
        if name not in studies:
            studies[name] = open_study(client_folder(name))
        return studies[name]

    return get


@pytest.mark.parametrize("name", CLIENTS)
def test_client_has_no_fault(name: str, client_folder: Callable[..., Path]) -> None:
    faults = [str(f) for f in check_client(client_folder(name)) if f.severity == "error"]
    assert faults == []


@pytest.mark.parametrize("name", CLIENTS)
def test_every_response_is_kept(name: str, opened: Callable[[str], Study]) -> None:
    study = opened(name)
    assert len(study.all_responses) == ROWS[name]
    assert study.all_responses.index.is_unique


@pytest.mark.parametrize("name", CLIENTS)
def test_ratings_stay_on_their_scale(name: str, opened: Callable[[str], Study]) -> None:
    study = opened(name)
    ratings = study.ratings_of("all")
    for driver in ratings:
        low, high = study.scale(str(driver))
        assert ratings[driver].dropna().between(low, high).all()
        assert ratings[driver].notna().any()


def test_never_used_and_blank_are_missing_and_counted(opened: Callable[[str], Study]) -> None:
    study = opened("sfo")
    assert study.ratings.shape == (2831, FACILITIES)
    assert study.ratings["long_term_parking"].count() == 834
    notes = {note.what: note.count for note in study.notes}
    assert notes["long_term_parking = 6 read as missing"] == 19_559


def test_overall_rating_and_recommendation_of_2017(opened: Callable[[str], Study]) -> None:
    study = opened("sfo")
    overall = study.outcome("overall")
    assert overall.base == 2688
    assert overall.values.mean() == pytest.approx(4.064, abs=0.0005)
    assert study.responses["recommend"].count() == 2746


def test_facilities_that_a_wave_did_not_ask_are_missing(opened: Callable[[str], Study]) -> None:
    study = opened("sfo")
    assert study.ratings_of("2010")["wifi"].notna().sum() == 0
    assert study.ratings_of("2013")["wifi"].notna().sum() == 2227


@pytest.mark.parametrize("wave", [str(year) for year in range(2010, 2019)])
def test_passengers_give_a_margin_for_every_wave(wave: str, opened: Callable[[str], Study]) -> None:
    study = opened("sfo")
    margin = study.margins(["airline_group"], wave)["airline_group"]
    cells = study.all_responses.query("wave == @wave")["airline_group"]
    assert set(margin.index) == set(cells)
    assert (margin > 0).all()


def test_another_wave_can_be_the_one_reported(client_folder: Callable[..., Path]) -> None:
    study = open_study(client_folder("sfo", wave="2018", previous_wave="2017"))
    assert study.wave == "2018"
    assert study.responses["recommend"].count() == 2650
    assert study.margins(["airline_group"])["airline_group"].sum() == 2_513_125


def test_payments_are_read_from_cp1252_with_their_dollar_signs(
    opened: Callable[[str], Study],
) -> None:
    study = opened("hospitals")
    paid = study.table("financials").set_index("account_id")["revenue"]
    joined = paid[paid.index.isin(study.responses["account_id"])]
    assert len(joined) == 2927
    assert joined.sum() / 1e9 == pytest.approx(124.6, abs=0.05)


def test_hospitals_keep_their_leading_zeros(opened: Callable[[str], Study]) -> None:
    study = opened("hospitals")
    assert set(study.responses["account_id"].str.len()) == {6}
    assert "010001" in set(study.accounts["account_id"])
    assert study.responses["completes"].sum() == 2_151_591


def test_mean_star_meets_the_spending_index(opened: Callable[[str], Study]) -> None:
    study = opened("hospitals")
    outcomes = study.table("outcomes").query("outcome == 'spending_index'")
    both = pd.DataFrame(
        {
            "star": study.responses.set_index("account_id")["mean_star"],
            "index": outcomes.set_index("account_id")["value"],
        }
    ).dropna()
    assert len(both) == 2657
    assert np.polyfit(both["star"], both["index"], 1)[0] == pytest.approx(-0.0307, abs=0.00005)


def test_plan_rating_meets_leaving_of_the_next_year(opened: Callable[[str], Study]) -> None:
    study = opened("medicare_plans")
    left = study.table("outcomes").query("outcome == 'left_next_year'")
    both = study.all_responses.merge(left, on=["account_id", "wave"])
    assert len(both) == 4426
    assert both["plan_rating"].corr(both["value"]) == pytest.approx(-0.391, abs=0.0005)


def test_table_names_of_others_are_not_mistaken_for_ours(opened: Callable[[str], Study]) -> None:
    assert not opened("medicare_plans").has("contracts")
