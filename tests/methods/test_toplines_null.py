"""Where nothing differs, letters appear as rarely as is declared."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from helpers.methods import toplines
from helpers.methods.survey import SurveyDesign

pytestmark = pytest.mark.validity

WORLDS, UNCORRECTED = 1000, 300  # three pairs or more a world
POLICY = SimpleNamespace(suppress=10, test=30)
ERROR = 3 * np.sqrt(0.05 * 0.95 / WORLDS)  # of a rate of 5 % in so many worlds, three errors


def a_world(rng: np.random.Generator, accounts: int = 150) -> tuple[pd.DataFrame, SurveyDesign]:
    """Four regions of accounts, whose people agree, and weights; nothing differs by region."""
    people = rng.integers(1, 6, accounts)
    rows = pd.DataFrame({"account": np.repeat(np.arange(accounts), people)})
    region = rng.choice(list("abcd"), accounts, p=[0.4, 0.25, 0.2, 0.15])
    liking = rng.normal(0, 1, accounts)
    felt = liking[rows["account"]] + rng.normal(0, 1.2, len(rows))
    rows["region"] = region[rows["account"]]
    rows["role"] = rng.choice(["user", "buyer", "boss"], len(rows))
    rows["ease"] = np.clip(np.round(3.4 + felt), 1, 5)
    rows["weight"] = rng.uniform(0.6, 1.8, accounts)[rows["account"]]
    return rows, SurveyDesign(rows["weight"], clusters=rows["account"])


@pytest.fixture(scope="module")
def letters() -> pd.DataFrame:
    """A row a world, row of the table and banner: whether any letter stands, by correction."""
    rng = np.random.default_rng(20261130)
    codebook = pd.DataFrame([{"variable": "ease", "text": "ease", "role": "driver", "label": "Ease",
                              "scale_min": 1.0, "scale_max": 5.0}])  # fmt: skip
    found = []
    for world in range(WORLDS):
        rows, design = a_world(rng)
        asked = toplines.questions(codebook, rows)
        made = toplines.banners(["region", "role"], asked, rows)
        corrected = ("none", "holm") if world < UNCORRECTED else ("holm",)
        for correction in corrected:
            table = toplines.tabulate(
                asked, rows, design, made, policy=POLICY, correction=correction
            )
            cells = table.cells.assign(lettered=table.cells["letters"].str.split().str.len())
            by = cells.groupby(["banner", "row", "answer"])["lettered"].sum().reset_index()
            p = table.tests.set_index("banner")["p"]
            found.append(by.assign(world=world, correction=correction, p=by["banner"].map(p)))
    return pd.concat(found)


def test_with_holm_a_row_has_a_false_letter_no_more_often_than_declared(letters):
    rows = letters[letters["correction"] == "holm"]
    rates = rows.groupby(["banner", "row", "answer"])["lettered"].agg(lambda n: (n > 0).mean())
    assert (rates <= 0.05 + ERROR).all(), rates
    mean = rates.xs("mean", level="row")
    assert (mean >= 0.02).all(), mean  # and not by never standing at all


def test_without_a_correction_each_comparison_is_wrong_at_the_declared_rate(letters):
    rows = letters[(letters["correction"] == "none") & (letters["row"] == "mean")]
    pairs = rows["banner"].map({"region": 6, "role": 3})
    rate = (rows["lettered"] / pairs).groupby(rows["banner"]).mean()
    error = ERROR * np.sqrt(WORLDS / UNCORRECTED)  # no narrower for its pairs, which go together
    assert rate.between(0.05 - error, 0.05 + error).all(), rate


def test_the_test_of_independence_is_wrong_at_its_level(letters):
    rows = letters[(letters["correction"] == "holm") & (letters["row"] == "mean")]
    rate = (rows["p"] < 0.05).groupby(rows["banner"]).mean()
    assert rate.between(0.05 - 1.5 * ERROR, 0.05 + 1.5 * ERROR).all(), rate  # F is approximate
