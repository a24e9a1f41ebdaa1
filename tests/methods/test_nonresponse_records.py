"""Records of those who were asked, by hand: who counts on which side, and when."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.methods import nonresponse, sampling
from helpers.methods.survey import SurveyDesign

DATES = {"W1": pd.Timestamp("2025-11-15"), "W2": pd.Timestamp("2026-05-15")}
AS_OF = pd.Timestamp("2026-06-30")


@pytest.fixture
def invitations():
    return pd.DataFrame(
        {
            "wave": ["W1", "W1", "W1", "W1", "W2"],
            "contact_id": list("abcde"),
            "account_id": ["u", "u", "v", "w", "u"],
            "disposition": ["complete", "refusal", "unknown", "excluded", "complete"],
        }
    )


@pytest.fixture
def records(invitations):
    listed = pd.DataFrame(
        {
            "account_id": ["u", "v", "w"],
            "end_date": pd.to_datetime([None, "2026-01-10", None]),
            "tier": ["Key", "Core", "Core"],
        }
    )
    tickets = pd.DataFrame(
        {
            "account_id": ["u", "u", "w"],
            "created_at": ["2025-12-01", "2025-11-01", "2026-03-01"],
        }
    )
    return nonresponse.records_after(
        invitations, wave_dates=DATES, lag_months=6, as_of=AS_OF, accounts=listed, tickets=tickets
    )


def test_an_account_answered_if_any_of_its_people_did_and_has_no_side_if_none_was_asked(records):
    first = records[records["wave"] == "W1"].set_index("account_id")
    assert first["answered"].loc[["u", "v"]].tolist() == [True, False]
    assert first["answered"].isna()["w"]


def test_what_happened_counts_only_after_the_wave_and_once_its_months_are_over(records):
    first = records[records["wave"] == "W1"].set_index("account_id")
    assert first["retained"].to_dict() == {"u": 1.0, "v": 0.0, "w": 1.0}
    assert first["tickets"].to_dict() == {"u": 1.0, "v": 0.0, "w": 1.0}
    second = records[records["wave"] == "W2"]
    assert second[["retained", "tickets"]].isna().all(axis=None)


def test_people_kept_out_by_a_rule_are_on_neither_side(invitations, records):
    more = pd.concat([invitations, invitations.iloc[[0]].assign(disposition="quarantined")])
    people = nonresponse.excluded_people(more, records)
    assert people["excluded"].tolist().count(True) == 1
    assert len(people) == 5


def test_sides_carry_the_facts_of_each_rows_account(records):
    listed = pd.DataFrame({"account_id": ["u", "v"], "tier": ["Key", "Core"]})
    found = nonresponse.sides(records, "answered", listed, ["tier", "absent"])
    assert found.facts["tier"].tolist() == ["Key", "Core", "Key"]
    assert list(found.outcomes) == ["retained", "tickets"]
    assert found.facts["people_asked"].tolist() == [2, 1, 1]
    bare = records.drop(columns="people_asked")
    assert nonresponse.sides(bare, "answered", listed, []).facts is None


def test_bases_count_only_rows_of_which_anything_is_known(records):
    """Of three account-waves with a side, the one of the second wave has no outcome yet."""
    more = pd.concat([records] * 8, ignore_index=True)
    found = nonresponse.sides(more, "answered", records, [])
    compared = nonresponse.responders_against_silent(
        found.outcomes, found.here, design=SurveyDesign(clusters=found.accounts)
    )
    assert (compared.answered, compared.silent, compared.accounts) == (8, 8, 2)


def test_what_is_only_described_takes_no_part_in_the_test():
    listed = pd.DataFrame(
        {"retained": [1.0] * 45 + [0.0] * 5 + [1.0] * 9 + [0.0] * 3, "revenue_before": 1.0}
    )
    out = [False] * 50 + [True] * 12
    alone = nonresponse.exclusion_test(listed[["retained"]], out)
    beside = nonresponse.exclusion_test(listed, out, described=["revenue_before"])
    assert beside.table["p_holm"].iloc[0] == alone.table["p_holm"].iloc[0]
    assert pd.isna(beside.table["p_holm"].iloc[1])
    assert (beside.worse, beside.judged) == (1, 1)


def test_rates_of_several_groupings_are_those_of_each(invitations):
    found = sampling.response_table(invitations["disposition"], invitations[["wave", "account_id"]])
    alone = sampling.response_rates_by(invitations["disposition"], invitations["wave"])
    assert found.loc[found["grouping"] == "wave", "rr1"].tolist() == alone["rr1"].tolist()
    assert "w" not in set(found["group"])
