"""The queries of the real clients against published figures, without the handbook's methods.

The figures come from each ``SOURCE.md`` of ``../shared/data``: published by independent analyses
of the same files, or by the publisher itself. Here DuckDB runs the queries alone and pandas or
NumPy do the arithmetic, so that a fault in our methods cannot hide one in the queries.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

pytestmark = pytest.mark.clients

PAYMENTS = "inpatient_payments_2023.csv.gz"


def answer(folder: Path, query: str) -> pd.DataFrame:
    """What one query of a client folder returns."""
    connection = duckdb.connect()
    connection.execute(f"SET file_search_path = '{folder}'")
    return connection.execute((folder / query).read_text(encoding="utf-8")).df()


def number(answers: pd.Series, low: float, high: float) -> pd.Series:
    """Answers within the scale; the codes outside it and blanks are missing."""
    values = pd.to_numeric(answers, errors="coerce")
    return values.where(values.between(low, high))


def promoters(answers: pd.Series) -> pd.Series:
    """Each answer of 0-10 as -100, 0 or 100."""
    scores = number(answers, 0, 10)
    return pd.Series(np.select([scores >= 9, scores <= 6], [100.0, -100.0], 0.0), scores.index)[
        scores.notna()
    ]


def kish(weights: pd.Series) -> float:
    """Effective base of a set of weights."""
    return float(weights.sum() ** 2 / (weights**2).sum())


# San Francisco International Airport


@pytest.fixture(scope="module")
def airport(client_folder: Callable[..., Path]) -> Path:
    return client_folder("sfo")


@pytest.fixture(scope="module")
def passengers(airport: Path) -> pd.DataFrame:
    return answer(airport, "responses.sql").set_index("response_id")


@pytest.fixture(scope="module")
def boarded(airport: Path) -> pd.DataFrame:
    return answer(airport, "population.sql")


def own_weights(wave: pd.DataFrame, boarded: pd.DataFrame) -> pd.Series:
    """Post-stratification by hand: passengers of a cell by its respondents, mean 1."""
    size = boarded[boarded["wave"] == wave["wave"].iloc[0]].set_index("airline_group")["size"]
    weights = wave["airline_group"].map(size / wave["airline_group"].value_counts())
    return weights / weights.mean()


def test_every_respondent_of_the_nine_waves_is_read_once(passengers: pd.DataFrame) -> None:
    rows = passengers["wave"].value_counts().sort_index()
    assert list(rows) == [3234, 3872, 3521, 3535, 2818, 2958, 3087, 2831, 2809]
    assert passengers.index.is_unique


def test_overall_rating_of_2017_is_as_published(passengers: pd.DataFrame) -> None:
    rating = number(passengers.query("wave == '2017'")["overall"], 1, 5).dropna()
    assert len(rating) == 2688
    assert rating.mean() == pytest.approx(4.064, abs=0.0005)
    assert 100 * (rating >= 4).mean() == pytest.approx(82.07, abs=0.005)


@pytest.mark.parametrize(
    ("wave", "base", "unweighted", "theirs", "ours"),
    [("2017", 2746, 39.8, 40.4, 40.4), ("2018", 2650, 31.0, 35.1, 34.0)],
)
def test_net_promoter_score_by_three_weights(
    passengers: pd.DataFrame,
    boarded: pd.DataFrame,
    wave: str,
    base: int,
    unweighted: float,
    theirs: float,
    ours: float,
) -> None:
    people = passengers[passengers["wave"] == wave]
    score = promoters(people["recommend"])
    weight = own_weights(people, boarded)[score.index]
    assert len(score) == base
    assert score.mean() == pytest.approx(unweighted, abs=0.05)
    assert np.average(score, weights=people["weight"][score.index]) == pytest.approx(
        theirs, abs=0.05
    )
    assert np.average(score, weights=weight) == pytest.approx(ours, abs=0.2)


def test_own_weights_of_2017_reproduce_the_passenger_shares(
    passengers: pd.DataFrame, boarded: pd.DataFrame
) -> None:
    people = passengers.query("wave == '2017'")
    weight = own_weights(people, boarded)
    size = boarded.query("wave == '2017'").set_index("airline_group")["size"]
    target = 100 * size / size.sum()
    ours = 100 * weight.groupby(people["airline_group"]).sum() / weight.sum()
    theirs = 100 * people.groupby("airline_group")["weight"].sum() / people["weight"].sum()
    assert (ours - target).abs().max() < 0.01
    assert (theirs - target).abs().max() < 0.4
    assert kish(people["weight"]) == pytest.approx(2337, abs=1)
    assert kish(weight) == pytest.approx(2337, rel=0.02)


def test_every_cell_of_every_wave_has_respondents_and_passengers(
    passengers: pd.DataFrame, boarded: pd.DataFrame
) -> None:
    asked = set(zip(passengers["wave"], passengers["airline_group"], strict=True))
    flown = set(zip(boarded["wave"], boarded["airline_group"], strict=True))
    assert asked == flown


def test_passengers_boarded_in_may_are_as_published(boarded: pd.DataFrame) -> None:
    total = boarded.groupby("wave")["size"].sum()
    assert total["2017"] == 2_340_961
    assert total["2018"] == 2_513_125


def test_two_waves_carry_no_weight_of_the_airport(passengers: pd.DataFrame) -> None:
    without = passengers.groupby("wave")["weight"].count().loc[lambda n: n == 0]
    assert list(without.index) == ["2011", "2012"]


def test_lettered_questions_line_up_with_the_named_ones(passengers: pd.DataFrame) -> None:
    """2010 and 2011 name no facility: how many use each one says that the order is the same."""
    rated = passengers.loc[:, "art":"overall"].apply(number, args=(1, 5)).drop(columns="wifi")
    used = rated.groupby(passengers["wave"]).count()
    assert set(used.idxmin(axis=1)) == {"long_term_parking"}
    named = used.loc["2012"]
    assert used.loc["2010"].corr(named, method="spearman") > 0.95
    assert used.loc["2011"].corr(named, method="spearman") > 0.95


# US hospitals


@pytest.fixture(scope="module")
def hospitals(client_folder: Callable[..., Path]) -> Path:
    """The payments file as UTF-8: DuckDB alone reads no cp1252, the handbook's reader does."""
    folder = client_folder("hospitals")
    text = gzip.decompress((folder / PAYMENTS).read_bytes()).removeprefix(b"\xef\xbb\xbf")
    (folder / PAYMENTS).write_bytes(gzip.compress(text.decode("cp1252").encode()))
    return folder


@pytest.fixture(scope="module")
def patients(hospitals: Path) -> pd.DataFrame:
    return answer(hospitals, "responses.sql").set_index("account_id")


def test_completed_surveys_and_response_rate_are_as_published(patients: pd.DataFrame) -> None:
    assert len(patients) == 3979
    assert pd.to_numeric(patients["completes"]).sum() == 2_151_591
    assert pd.to_numeric(patients["response_rate"]).mean() == pytest.approx(22.5, abs=0.05)


def test_spending_index_on_mean_star_has_the_published_slope(
    hospitals: Path, patients: pd.DataFrame
) -> None:
    outcomes = answer(hospitals, "outcomes.sql").query("outcome == 'spending_index'")
    both = pd.concat([patients["mean_star"], outcomes.set_index("account_id")["value"]], axis=1)
    both = both.dropna()
    x = np.column_stack([np.ones(len(both)), both["mean_star"]])
    bread = np.linalg.inv(x.T @ x)
    beta = bread @ x.T @ both["value"].to_numpy()
    leverage = np.einsum("ij,jk,ik->i", x, bread, x)
    meat = (both["value"].to_numpy() - x @ beta) / (1 - leverage)
    hc3 = np.sqrt((bread @ (x.T * meat**2) @ x @ bread)[1, 1])
    assert len(both) == 2657
    assert beta[1] == pytest.approx(-0.0307, abs=0.00005)
    assert abs(beta[1] / hc3) > 3.3  # p < .001


def test_eight_dimensions_are_strongly_collinear(patients: pd.DataFrame) -> None:
    scores = patients.loc[:, "nurses":"quietness"].apply(pd.to_numeric, errors="coerce").dropna()
    pairs = scores.corr().to_numpy()[np.triu_indices(8, 1)]
    assert len(scores) == 3176
    assert pairs.mean() > 0.5


def test_payments_join_with_their_leading_zeros(hospitals: Path, patients: pd.DataFrame) -> None:
    paid = answer(hospitals, "financials.sql").set_index("account_id")["revenue"]
    amount = pd.to_numeric(paid.str.replace("[$,]", "", regex=True))
    joined = amount[amount.index.isin(patients.index)]
    assert len(joined) == 2927
    assert joined.sum() / 1e9 == pytest.approx(124.6, abs=0.05)
    assert joined.index.str.startswith("0").any()


def test_every_surveyed_hospital_is_on_the_list(hospitals: Path, patients: pd.DataFrame) -> None:
    accounts = answer(hospitals, "accounts.sql")
    assert len(accounts) == 5381
    assert set(patients.index) <= set(accounts["account_id"])


# Medicare Advantage contracts


@pytest.fixture(scope="module")
def plans(client_folder: Callable[..., Path]) -> Path:
    return client_folder("medicare_plans")


@pytest.fixture(scope="module")
def rated(plans: Path) -> pd.DataFrame:
    return answer(plans, "responses.sql")


def test_rating_goes_with_fewer_members_leaving_next_year(plans: Path, rated: pd.DataFrame) -> None:
    left = answer(plans, "outcomes.sql").query("outcome == 'left_next_year'")
    both = rated.merge(left, on=["account_id", "wave"])
    assert len(both) == 4426
    assert both["plan_rating"].corr(both["value"]) == pytest.approx(-0.391, abs=0.0005)
    care = both.dropna(subset="care_quality")
    assert len(care) == 4353
    assert care["care_quality"].corr(care["value"]) == pytest.approx(-0.336, abs=0.0005)


def test_leaving_of_the_same_year_is_not_what_is_linked(plans: Path, rated: pd.DataFrame) -> None:
    left = answer(plans, "outcomes.sql").query("outcome == 'left_next_year'").copy()
    left["wave"] = (left["wave"].astype(int) + 1).astype(str)
    same = rated.merge(left, on=["account_id", "wave"])
    assert len(same) == 4792
    assert same["plan_rating"].corr(same["value"]) == pytest.approx(-0.421, abs=0.0005)
    by_year = same.groupby("wave")[["plan_rating", "value"]].corr().iloc[::2, 1]
    assert (by_year.min(), by_year.max()) == pytest.approx((-0.55, -0.36), abs=0.005)


def test_survey_of_2021_repeats_that_of_2020(rated: pd.DataFrame) -> None:
    wide = rated.pivot(index="account_id", columns="wave", values="plan_rating")
    both = wide[["2020", "2021"]].dropna()
    assert (both["2020"] == both["2021"]).mean() > 0.99


def test_members_of_may_2026_are_as_published(plans: Path) -> None:
    accounts = answer(plans, "accounts.sql")
    assert accounts["members"].sum() == 35_631_644
    assert accounts["account_id"].is_unique
    assert accounts["name"].notna().all()
