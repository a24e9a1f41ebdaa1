"""Weights of each wave, to its own population: the same way in all, or said why not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.methods import survey
from helpers.methods.survey import SurveyDesign
from helpers.methods.weighting import over_waves, rake

SIZES = {"w1": {"tier": pd.Series({"A": 300, "B": 100})},
         "w2": {"tier": pd.Series({"A": 200, "B": 200})}}  # fmt: skip


@pytest.fixture
def people():
    """Two waves of twenty: ten of A and ten of B, then five and fifteen."""
    tiers = ["A"] * 10 + ["B"] * 10 + ["A"] * 5 + ["B"] * 15
    frame = pd.DataFrame({"wave": ["w1"] * 20 + ["w2"] * 20, "tier": tiers})
    return frame.set_axis([f"r{i}" for i in range(40)])


def made(people, wave="w2", **options):
    rows = people[people["wave"] == wave]
    return rake(rows[["tier"]], SIZES[wave], **options)


def by(found):
    return found.table.set_index("wave")["by"].to_dict()


def test_each_wave_has_the_shares_of_its_own_population_by_hand(people):
    """w1: A are 10 of 20 and 3 of 4 of the population, so 1.5 each; w2: 5 of 20 and half, so 2."""
    found = over_waves(people, SIZES, now="w2", weights=made(people))
    assert by(found) == {"w1": "population", "w2": "population"}
    assert found.weights["w1"].values.iloc[[0, 10]].tolist() == pytest.approx([1.5, 0.5])
    assert found.weights["w2"].values.iloc[[0, 5]].tolist() == pytest.approx([2.0, 2 / 3])


def test_this_wave_counts_exactly_as_it_was_weighted(people):
    kept = made(people, trim=1.5)
    found = over_waves(people, SIZES, now="w2", weights=kept, trim=1.5)
    assert found.weights["w2"] is kept


def test_the_design_over_waves_holds_what_each_wave_was_fitted_to(people):
    found = over_waves(people, SIZES, now="w2", weights=made(people))
    whole = found.design(people["wave"], ["w1", "w2"], clusters=people["tier"])
    alone = SurveyDesign(found.weights["w1"], clusters=people["tier"][:20])
    assert whole.parts["w1"] == alone
    assert whole.weighted_waves == ("w1", "w2")


def test_the_limit_on_weights_holds_in_every_wave(people):
    found = over_waves(people, SIZES, now="w2", weights=made(people, trim=1.2), trim=1.2)
    assert found.weights["w1"].values.max() <= 1.2 + 1e-9


def test_weights_start_from_the_chances_of_being_asked(people):
    start = pd.Series(np.tile([1.0, 3.0], 10), index=people.index[:20])
    found = over_waves(people, SIZES, now="w2", weights=made(people), base={"w1": start})
    ratio = found.weights["w1"].values.iloc[1] / found.weights["w1"].values.iloc[0]
    assert ratio == pytest.approx(3.0)


def test_a_change_of_mix_alone_is_no_change_once_weighted(people):
    """A score 8 and B 4 in both waves, of the same population: only who answered differs."""
    same = {"w1": SIZES["w2"], "w2": SIZES["w2"]}
    found = over_waves(people, same, now="w2", weights=made(people))
    score = people["tier"].map({"A": 8.0, "B": 4.0})
    before, now = score[people["wave"] == "w1"], score[people["wave"] == "w2"]
    whole = tuple(SurveyDesign(found.weights[wave]) for wave in ("w1", "w2"))
    assert survey.difference(before, now).value == pytest.approx(-1.0)
    assert survey.difference(before, now, whole).value == pytest.approx(0)


def test_a_wave_whose_population_is_not_known_counts_as_answered_and_says_so(people):
    found = over_waves(people, {"w2": SIZES["w2"]}, now="w2", weights=made(people))
    assert by(found) == {"w1": "answered", "w2": "population"}
    assert found.reasons == {"w1": "its population is not known"}
    assert set(found.weights) == {"w2"}


def test_it_counts_by_the_clients_own_weight_where_all_of_its_respondents_have_one(people):
    own = people.assign(weight=np.tile([1.0, 3.0], 20))
    found = over_waves(own, {"w2": SIZES["w2"]}, now="w2", weights=made(people))
    assert by(found)["w1"] == "own"
    assert found.weights["w1"].tolist() == pytest.approx([0.5, 1.5] * 10)
    own.loc["r3", "weight"] = np.nan
    assert by(over_waves(own, {"w2": SIZES["w2"]}, now="w2", weights=made(people)))["w1"] == (
        "answered"
    )


def test_a_category_that_did_not_answer_leaves_a_wave_as_answered(people):
    sizes = SIZES | {"w1": {"tier": pd.Series({"A": 300, "B": 100, "C": 9})}}
    found = over_waves(people, sizes, now="w2", weights=made(people))
    assert found.reasons == {"w1": "nobody answered of C (tier)"}


def test_people_of_no_known_category_keep_their_own_share(people):
    people.loc["r0", "tier"] = None
    found = over_waves(people, SIZES, now="w2", weights=made(people))
    assert found.weights["w1"].values["r0"] == pytest.approx(1.0)


def test_where_this_wave_has_no_weights_no_wave_has(people):
    found = over_waves(people, SIZES, now="w2", weights=None)
    assert by(found) == {"w1": "answered", "w2": "answered"}
    assert found.reasons == {}


def test_a_wave_that_nobody_answered_is_refused(people):
    with pytest.raises(ValueError, match="no response is of wave 'w3'"):
        over_waves(people, SIZES, now="w3", weights=None)
