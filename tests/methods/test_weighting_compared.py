"""Two weightings side by side, weights handed on, and people whose category is not known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.errors import NotEstimable
from helpers.methods import sampling, survey, weighting
from helpers.methods.survey import SurveyDesign


@pytest.fixture
def people(rng):
    count = 300
    return pd.DataFrame(
        {
            "tier": rng.choice(["A", "B", "C"], count, p=[0.5, 0.3, 0.2]),
            "role": rng.choice(["decider", "user"], count),
            "score": rng.integers(0, 11, count).astype(float),
            "account_id": rng.integers(0, 90, count).astype(str),
            "base": rng.uniform(1, 3, count),
        },
        index=[f"r{i}" for i in range(count)],
    )


MARGINS = {
    "tier": pd.Series({"A": 200, "B": 300, "C": 500}),
    "role": pd.Series({"decider": 400, "user": 600}),
}


# --- compared ------------------------------------------------------------------------------


def test_a_hand_worked_difference_is_split_between_and_within_groups():
    """Group a keeps half of the weight (between 0) and its mean goes from 5 to 2 (within −1.5);
    group b stays at 4. Together: 4.5 to 3."""
    answers = pd.Series([8.0, 2.0, 4.0, 4.0])
    found = weighting.compare(answers, [1, 1, 1, 1], [1e-9, 2, 1, 1], pd.Series(list("aabb")))
    table = found.table.set_index("group")
    assert found.value == 4.5
    assert found.other_value == pytest.approx(3.0)
    assert table.loc["a", "between"] == pytest.approx(0.0, abs=1e-8)
    assert table.loc["a", "within"] == pytest.approx(-1.5)
    assert table.loc["b", "moves"] == pytest.approx(0.0, abs=1e-8)


def test_parts_add_up_whatever_the_weights(people, rng):
    other = pd.Series(rng.uniform(0.2, 4, len(people)), index=people.index)
    found = weighting.compare(people["score"], people["base"], other, people["tier"])
    plain = survey.mean(people["score"], SurveyDesign(weights=other)).value
    assert found.value + found.table["moves"].sum() == pytest.approx(plain)


def test_those_who_carry_the_largest_weight_are_counted():
    groups = pd.Series(["x"] * 5)
    found = weighting.compare(pd.Series([1.0, 2, 3, 4, 5]), [1] * 5, [1, 1, 1, 4, 4], groups)
    assert found.table[["other_largest", "at_largest"]].iloc[0].tolist() == pytest.approx([
        4 / 2.2, 2,
    ])  # fmt: skip


def test_a_group_that_one_weighting_leaves_out_moves_the_score_by_its_absence():
    found = weighting.compare(
        pd.Series([1.0, 2.0, 3.0, 5.0]), [1] * 4, [1, 1, 0, 0], pd.Series(list("xxyy"))
    )
    assert found.other_value == pytest.approx(1.5)
    assert found.table.set_index("group")["within"].tolist() == pytest.approx([0.0, 0.0])


def test_people_without_a_group_or_an_answer_are_not_lost_or_counted():
    found = weighting.compare(
        pd.Series([1.0, 3.0, None]), [1, 1, 1], [1, 3, 1], pd.Series(["x", None, "x"])
    )
    assert set(found.table["group"]) == {"x", "not known"}
    assert found.base == 2
    with pytest.raises(NotEstimable, match="nobody answered"):
        weighting.compare(pd.Series([None, None]), [1, 1], [1, 1], pd.Series(["x", "x"]))


# --- not known -----------------------------------------------------------------------------


def test_people_of_no_known_category_keep_their_share_and_the_others_agree(people):
    lost = people.assign(tier=people["tier"].where(np.arange(300) >= 30))
    sample, margins, notes = weighting.with_unknown(lost, MARGINS)
    weights = weighting.rake(sample[["tier", "role"]], margins)
    share = weights.values.groupby(sample["tier"]).sum() / 300
    assert share["not known"] == pytest.approx(0.1)
    assert (share["A"] / (1 - 0.1), share["C"] / (1 - 0.1)) == pytest.approx((0.2, 0.5))
    assert notes == ("30 of 300 respondents have no known tier",)


def test_a_category_that_the_population_lacks_counts_as_not_known(people):
    odd = people.assign(tier=people["tier"].replace("C", "Z"))
    margins = {"tier": pd.Series({"A": 200, "B": 300})}
    sample, sizes, _ = weighting.with_unknown(odd, margins)
    assert set(sample["tier"]) == {"A", "B", "not known"}
    assert sizes["tier"].sum() == pytest.approx(500)


def test_blanks_of_the_list_itself_are_a_category_with_a_size_of_its_own(people):
    lost = people.assign(tier=people["tier"].where(np.arange(300) >= 30))
    listed = {"tier": pd.Series({"A": 200, "B": 300, "C": 400, "not known": 100})}
    sample, sizes, _ = weighting.with_unknown(lost, listed)
    assert sizes["tier"].to_dict() == listed["tier"].to_dict()
    weights = weighting.rake(sample[["tier"]], sizes)
    assert weights.values[sample["tier"] == "not known"].sum() == pytest.approx(30)


def test_blanks_of_the_list_from_which_nobody_answered_are_left_to_the_others(people):
    listed = {"tier": pd.Series({"A": 200, "B": 300, "C": 400, "not known": 100})}
    _, sizes, notes = weighting.with_unknown(people, listed)
    assert notes == ()
    assert "not known" not in sizes["tier"]
    assert sizes["tier"].sum() == pytest.approx(1000)


def test_where_everybody_is_known_nothing_changes(people):
    sample, margins, notes = weighting.with_unknown(people, MARGINS)
    assert sample.equals(people)
    assert margins == MARGINS
    assert notes == ()


# --- strata of the invitations -------------------------------------------------------------


def test_a_stratum_with_one_account_joins_the_smallest_of_the_others():
    people = pd.DataFrame({"contact_id": list("abcdef"), "account_id": list("uuvwxy")})
    drawn = people.assign(stratum=["Key", "Key", "Core", "Core", "Core", "New"])
    found = sampling.drawn_strata(people, drawn)
    assert found.nunique() == 2
    assert found.iloc[0] == found.iloc[5] == "Key and New"


def test_an_account_lies_in_one_stratum_so_that_variances_can_be_had():
    people = pd.DataFrame({"contact_id": list("abcd"), "account_id": list("uuvw")})
    drawn = people.assign(stratum=["Key", "Core", "Core", "Key"])
    found = sampling.drawn_strata(people, drawn)
    assert found is None or found.groupby(people["account_id"]).nunique().max() == 1


def test_no_strata_without_invitations_accounts_or_a_second_stratum():
    people = pd.DataFrame({"contact_id": ["a", "b"], "account_id": ["u", "v"]})
    assert sampling.drawn_strata(people, None) is None
    assert sampling.drawn_strata(people, people) is None
    assert sampling.drawn_strata(people, people.assign(stratum="Key")) is None
    assert sampling.drawn_strata(people[["contact_id"]], people.assign(stratum=["x", "y"])) is None
