"""Tables of the sampling method page: what they promise, and what R says, computed anew."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.methods import sampling, survey, weighting
from helpers.methods.survey import SurveyDesign
from helpers.views.rendering.numerals import decimal
from helpers.views.sampling import lesson as quotes

SCHOOLS = pd.Series({"E": 4421, "H": 755, "M": 1018})
WIDE = pd.Series({"No": 1072, "Yes": 5122})
SAMPLES = ("apisrs", "apistrat", "apiclus1", "apiclus2")


@pytest.fixture(scope="module")
def schools(shared):
    """California schools, from R's survey package (Lumley 2010)."""
    folder = shared / "data" / "reference"
    return {name: pd.read_csv(folder / f"{name}.csv") for name in SAMPLES}


@pytest.fixture
def people(rng):
    """300 people of 90 accounts in two strata, some of whom are counted."""
    account = np.sort(rng.integers(90, size=300))
    return pd.DataFrame(
        {
            "stratum": np.where(account < 30, "top", "tail"),
            "account_id": account,
            "revenue": np.where(account < 30, 5.0, 1.0),
            "counted": rng.integers(2, size=300).astype(float),
        }
    )


def ours(statistic, sample, data):
    """The estimate that a row of the table is about."""
    if sample == "apiclus2":
        stages = {"clusters": data[["dnum", "snum"]], "population": data[["fpc1", "fpc2"]]}
        return survey.mean(data.api00, SurveyDesign(**stages).linearised())
    design = {
        "apisrs": {"population": 6194},
        "apistrat": {"strata": data.stype, "population": data.get("fpc")},
        "apiclus1": {"clusters": data.dnum, "population": 757},
    }[sample] | {"weights": data.pw}
    fits = {
        "mean, raked": lambda: weighting.rake(
            data, {"stype": SCHOOLS, "sch.wide": WIDE}, base=data.pw
        ),
        "mean, in cells": lambda: weighting.post_stratify(data.stype, SCHOOLS, base=data.pw),
        "mean, regression": lambda: weighting.calibrate(
            data, {"stype": SCHOOLS, "api99": 3914069.0}
        ),
    }
    if statistic in fits:
        design = {**design, "weights": fits[statistic]()}
    if statistic == "total":
        return survey.total(data.enroll, SurveyDesign(**design).linearised())
    if statistic == "ratio":
        design_of = SurveyDesign(**design).linearised()
        return survey.ratio(data["api.stu"], data.enroll, design_of)
    return survey.mean(data.api00, SurveyDesign(**design).linearised())


@pytest.mark.parametrize("row", quotes.R_SURVEY, ids=lambda row: f"{row[0]} of {row[1]}")
def test_the_page_shows_of_r_what_we_find_to_every_digit(row, schools):
    statistic, sample, _, value, error, digits = row
    found = ours(statistic, sample, schools[sample])
    assert decimal(found.value, digits) == decimal(value, digits)
    assert decimal(found.standard_error, digits) == decimal(error, digits)


@pytest.mark.validity
def test_every_way_of_drawing_is_right_on_average(people, rng):
    """Over 400 samples the mean lies within four of its own standard errors of the truth."""
    chosen = {"top": 30, "tail": 30}
    found = quotes.draws(people, 60, chosen, repeats=400, rng=rng)
    allowed = 4 * found["spread"] / 400**0.5
    assert ((found["mean"] - people["counted"].sum()).abs() < allowed).all()
    assert found["together"].tolist() == pytest.approx([60.0] * len(found))


def test_neymans_rule_has_the_smallest_standard_error():
    sizes, spread = pd.Series({"a": 400, "b": 600}), pd.Series({"a": 30.0, "b": 10.0})
    divided = quotes.allocations(
        sizes, 100, deviations=spread, revenue=pd.Series({"a": 9.0, "b": 1.0}), power=0.5
    )
    errors = quotes.standard_errors(divided, spread)
    assert min(errors, key=errors.__getitem__) == "neyman"
    assert (divided[list(quotes.ALLOCATIONS)].sum() == 100).all()


def test_rates_of_people_and_accounts_stand_side_by_side():
    ended, owner = ["complete", "unknown", "refusal", "unknown"], ["a", "a", "b", "c"]
    people = sampling.response_rates(ended)
    accounts = sampling.response_rates(sampling.account_dispositions(ended, owner))
    first = quotes.two_levels(people, accounts).iloc[0]
    assert (first["rate"], first["value"], first["value_accounts"]) == ("RR1", 0.25, 1 / 3)


def test_the_gap_of_weights_is_the_largest_distance_from_a_margin():
    sample = pd.DataFrame({"tier": ["A", "A", "A", "B"]})
    margins = {"tier": pd.Series({"A": 50, "B": 50})}
    ways = {
        "equal": weighting.trim([1, 1, 1, 1], 2.0),
        "raked": weighting.rake(sample, margins),
    }
    found = quotes.weightings(
        ways,
        sample,
        margins,
        points=pd.Series([100.0, 0, -100, 100]),
        clusters=pd.Series(list("abcd")),
    )
    assert found["gap"].tolist() == pytest.approx([0.25, 0.0])
    assert found["value"].tolist() == pytest.approx([25.0, 50.0])
