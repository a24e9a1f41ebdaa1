"""Those who did not answer: hand values, properties, and what simulated worlds hold."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy.stats import norm
from scipy.stats import t as student
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportions_ztest

from helpers.errors import NotEstimable
from helpers.methods import linkage, nonresponse, survey
from helpers.methods.survey import SurveyDesign
from helpers.methods.survey.estimates import Estimate
from helpers.results import Figure
from helpers.simulate import World, world

KNOWN = ["tier", "region", "role"]
TIERS = pd.DataFrame({"tier": ["A"] * 100 + ["B"] * 100})
CAME = np.repeat([1, 0, 1, 0], [60, 40, 20, 80])  # 60 % of A and 20 % of B
AS_OF = pd.Timestamp("2026-06-30")
DATES = {
    "2024H2": pd.Timestamp("2024-11-15"),
    "2025H1": pd.Timestamp("2025-05-15"),
    "2025H2": pd.Timestamp("2025-11-15"),
}


def drawn(made: World) -> pd.DataFrame:
    """Everybody drawn in any wave, with what the list knows of them."""
    tables = made.tables
    rows = tables["invitations"].merge(tables["contacts"][["contact_id", "role"]], on="contact_id")
    return rows.merge(tables["accounts"][["account_id", "tier", "region"]], on="account_id")


def asked_in(made: World, wave: str) -> pd.DataFrame:
    rows = drawn(made)
    kept_out = rows["disposition"].isin(["excluded", "quarantined"])
    return rows[(rows["wave"] == wave) & ~kept_out].reset_index(drop=True)


def answered(rows: pd.DataFrame) -> pd.Series:
    return rows["disposition"].isin(["complete", "partial"])


def afterwards(made: World) -> pd.DataFrame:
    """Everybody drawn in the first three waves, with what their account did in six months."""
    rows = drawn(made)
    rows = rows[rows["wave"].isin(DATES)]
    accounts = rows[["wave", "account_id"]].drop_duplicates()
    after = linkage.panel(
        accounts.assign(score=np.nan),
        accounts=made.tables["accounts"],
        financials=made.tables["financials"],
        wave_dates=DATES,
        as_of=AS_OF,
    )
    after["tickets"] = 0
    for wave, day in DATES.items():
        here = after["wave"] == wave
        until = day + pd.DateOffset(months=6)
        counted = nonresponse.ticket_counts(
            made.tables["tickets"], after.loc[here, "account_id"], since=day, until=until
        )
        after.loc[here, "tickets"] = counted.to_numpy()
    return rows.merge(after, on=["wave", "account_id"])


@pytest.fixture(scope="module")
def northfield() -> World:
    return world()


@pytest.fixture(scope="module")
def null() -> World:
    return world(scenario="null")


@pytest.fixture(scope="module")
def selective() -> World:
    return world(scenario="selective")


# --- who answers ---------------------------------------------------------------------------


def test_the_r_indicator_of_two_groups_by_hand():
    """Rates .6 and .2, halves: S = .2, so R = 1 - 2 × .2 (Schouten et al. 2009, section 3)."""
    found = nonresponse.response_propensity(CAME, TIERS)
    assert found.indicator.unadjusted == pytest.approx(0.6)
    assert found.values.iloc[[0, 199]].tolist() == pytest.approx([0.6, 0.2])
    assert found.response_rate == pytest.approx(0.4, rel=1e-12)
    assert found.table["partial"].tolist() == pytest.approx([0.5**0.5 * 0.2, -(0.5**0.5) * 0.2])


def test_the_bias_of_s_squared_and_its_variance_by_hand():
    """S² = (r₁ - r₂)² / 4, so its bias is (v₁ + v₂) / 4 with v = r (1 - r) / 100, times
    200 / 199; its variance ((r₁ - r₂) / 2)² (v₁ + v₂), and twice the squared bias."""
    found = nonresponse.response_propensity(CAME, TIERS).indicator
    v = (0.6 * 0.4 + 0.2 * 0.8) / 100 * 200 / 199
    spread = 0.2**2 - v / 4
    error = (0.2**2 * v + 2 * (v / 4) ** 2) ** 0.5
    reach = student.ppf(0.975, 199) * error
    assert found.value == pytest.approx(1 - 2 * spread**0.5)
    assert found.standard_error == pytest.approx(error / spread**0.5)
    assert found.low == pytest.approx(1 - 2 * (spread + reach) ** 0.5)
    assert found.high == pytest.approx(1 - 2 * (spread - reach) ** 0.5)


def test_the_worst_bias_is_that_of_a_score_that_is_the_propensity_itself():
    """Schouten et al. (2009): the bias is cov(score, propensity) / rate, at most S / rate."""
    found = nonresponse.response_propensity(CAME, TIERS)
    score = found.values
    bias = score[CAME == 1].mean() - score.mean()
    in_deviations = bias / score.std(ddof=0)
    unadjusted = (1 - found.indicator.unadjusted) / 2 / found.response_rate
    assert in_deviations == pytest.approx(unadjusted)
    assert found.indicator.worst_bias < unadjusted < found.indicator.worst_bias_high


def test_chances_are_those_of_a_logistic_regression_on_people(northfield):
    """Against statsmodels' Logit on one row a person, where ours fits distinct profiles."""
    rows = asked_in(northfield, "2026H1")
    found = nonresponse.response_propensity(answered(rows), rows[KNOWN])
    dummies = pd.get_dummies(rows[KNOWN], drop_first=True).astype(float)
    alone = sm.Logit(answered(rows).astype(float), sm.add_constant(dummies)).fit(disp=0)
    assert found.values.to_numpy() == pytest.approx(alone.predict(), abs=1e-6)


def test_it_does_not_matter_how_people_are_ordered_or_named(northfield, rng):
    rows = asked_in(northfield, "2026H1")
    found = nonresponse.response_propensity(
        answered(rows), rows[KNOWN], design=SurveyDesign(clusters=rows["account_id"])
    )
    mixed = rows.sample(frac=1, random_state=rng.integers(99))
    renamed = mixed[KNOWN].replace({"tier": {"Key": "zzz"}})
    again = nonresponse.response_propensity(
        answered(mixed), renamed, design=SurveyDesign(clusters=mixed["account_id"] + "x")
    )
    assert again.indicator.value == pytest.approx(found.indicator.value)
    assert again.indicator.low == pytest.approx(found.indicator.low)
    assert again.values.sort_index().to_numpy() == pytest.approx(found.values.to_numpy())


def test_equal_weights_are_no_weights_and_others_speak_for_the_list():
    plain = nonresponse.response_propensity(CAME, TIERS)
    same = nonresponse.response_propensity(
        CAME, TIERS, design=SurveyDesign(weights=np.full(200, 7.0))
    )
    assert same.indicator == plain.indicator
    threefold = nonresponse.response_propensity(
        CAME, TIERS, design=SurveyDesign(weights=np.repeat([3.0, 1.0], 100))
    )
    assert threefold.response_rate == pytest.approx(0.75 * 0.6 + 0.25 * 0.2)
    assert threefold.indicator.unadjusted == pytest.approx(1 - 2 * (0.75 * 0.25) ** 0.5 * 0.4)


def test_accounts_that_answer_as_one_widen_the_interval():
    accounts = np.arange(200) // 10
    alone = nonresponse.response_propensity(CAME, TIERS).indicator
    together = nonresponse.response_propensity(
        CAME, TIERS, design=SurveyDesign(clusters=accounts)
    ).indicator
    assert together.high - together.low > 1.5 * (alone.high - alone.low)
    assert together.unadjusted == alone.unadjusted


def test_a_category_in_which_nobody_answered_is_shown_and_does_not_crash():
    came = np.repeat([1, 0, 0], [60, 40, 100])
    found = nonresponse.response_propensity(came, TIERS)
    silent = found.table.set_index("category").loc["B"]
    assert (silent["answered"], silent["rate"]) == (0, 0)
    assert silent["high"] < 0.05
    assert found.indicator.unadjusted == pytest.approx(0.4)


def test_numbers_are_compared_in_fifths_and_the_unknown_are_a_group():
    revenue = pd.Series(np.arange(500.0)).mask(np.arange(500) % 10 == 0)
    came = (np.arange(500) % 4 == 0) | (np.arange(500) >= 400)
    found = nonresponse.response_propensity(came, pd.DataFrame({"revenue": revenue}))
    assert len(found.table) == 6
    assert found.table["category"].iloc[0].startswith("1 to ")
    assert found.table["category"].iloc[-1] == "not known"
    assert found.table["asked"].sum() == 500
    assert found.table["rate"].iloc[4] > 0.9


def test_what_was_merged_or_left_out_is_said():
    listed = TIERS.assign(country="Chile", owner=["x"] * 196 + ["y"] * 4)
    found = nonresponse.response_propensity(CAME, listed)
    assert found.notes == (
        "country: left out, everybody is in one category",
        "owner: y (4 people) merged as other (small groups)",
    )
    assert found.variables["variable"].tolist() == ["tier", "owner"]


def test_the_planted_unevenness_is_found(northfield):
    """Response was made to depend on role most; the least likely are decision makers."""
    rows = asked_in(northfield, "2026H1")
    found = nonresponse.response_propensity(
        answered(rows), rows[KNOWN], design=SurveyDesign(clusters=rows["account_id"])
    )
    assert found.indicator.high < 0.95
    assert found.variables["variable"].iloc[0] == "role"
    assert found.variables["low"].iloc[0] > 0
    lowest = found.table.sort_values("partial")["category"].iloc[0]
    assert lowest == "decision_maker"


def test_an_even_response_is_not_called_uneven(null):
    rows = asked_in(null, "2026H1")
    found = nonresponse.response_propensity(
        answered(rows), rows[KNOWN], design=SurveyDesign(clusters=rows["account_id"])
    )
    assert found.indicator.high == 1
    assert (found.variables["low"] == 0).all()
    assert found.indicator.unadjusted < found.indicator.value


@pytest.mark.parametrize(
    ("came", "frame", "kind", "advice"),
    [
        ([1] * 5 + [0] * 195, TIERS, NotEstimable, "5 of 200 answered"),
        (CAME, TIERS.assign(tier="A"), NotEstimable, "nothing varies in tier"),
        (CAME, TIERS[[]], ValueError, "give at least one variable"),
        (CAME * 2, TIERS, ValueError, "leave out those who were never asked"),
        (CAME[:-1], TIERS, ValueError, "give one for each value"),
        (np.tile(CAME, 2), pd.DataFrame({"id": np.arange(400) // 13}).astype(str), ValueError,
         "id has 31 categories, more than 20; merge them first"),
    ],
)  # fmt: skip
def test_propensity_refusals_say_what_to_do(came, frame, kind, advice):
    with pytest.raises(kind, match=advice):
        nonresponse.response_propensity(came, frame)


def test_too_few_accounts_for_the_categories_are_refused():
    region = pd.DataFrame({"region": np.arange(200) % 8}).astype(str)
    with pytest.raises(NotEstimable, match="5 accounts cannot carry 8 categories"):
        nonresponse.response_propensity(
            CAME, region, design=SurveyDesign(clusters=np.arange(200) % 5)
        )


def test_people_without_an_account_are_refused():
    owner = pd.Series(["a"] * 199 + [None])
    with pytest.raises(ValueError, match="clusters is missing for 1 of 200 values"):
        nonresponse.response_propensity(CAME, TIERS, design=SurveyDesign(clusters=owner))


# --- early and late ------------------------------------------------------------------------


def test_days_run_from_the_invitation_and_never_backwards():
    found = nonresponse.days_to_answer(
        ["2026-05-04", "2026-05-04", "2026-05-04", None],
        ["2026-05-05T06:00", "2026-05-03T06:00", None, "2026-05-05"],
    )
    assert found.iloc[0] == 1.25
    assert found[1:].isna().all()


def test_late_less_early_is_the_difference_of_their_means():
    scores = pd.DataFrame({"recommend": [9.0, 8, 9, 10, 9, 8, 5, 6, 5, 4, 6, 7]})
    found = nonresponse.early_against_late(scores, np.arange(12) / 2, after_days=2.6)
    plain = survey.difference(scores["recommend"][:6], scores["recommend"][6:])
    row = found.table.iloc[0]
    assert row["difference"] == pytest.approx(5.5 - 53 / 6)
    assert (row["low"], row["high"]) == (plain.low, plain.high)
    assert (found.early, found.late, found.base) == (6, 6, 12)


def test_the_slowest_third_is_late_and_the_pace_ends_with_all():
    days = pd.Series(np.arange(90) / 10)
    found = nonresponse.early_against_late(pd.DataFrame({"x": np.arange(90.0)}), days)
    assert found.late == 30
    assert found.pace["answers"].tolist() == [10 * d for d in range(1, 10)]
    assert found.pace["share"].iloc[-1] == 1
    assert found.median_days == pytest.approx(4.45)


def test_a_planted_fall_is_found_and_answers_without_days_are_left_out(rng):
    days = pd.Series(rng.gamma(1.2, 4, 600)).mask(np.arange(600) < 20)
    scores = pd.DataFrame({"score": 8 - 1.5 * (days > 6) + rng.normal(0, 1, 600)})
    found = nonresponse.early_against_late(
        scores, days, design=SurveyDesign(clusters=np.arange(600) // 3), after_days=6
    )
    assert found.undated == 20
    assert found.table["low"].iloc[0] < -1.5 < found.table["high"].iloc[0]
    assert found.table["p_holm"].iloc[0] < 0.001


def test_answers_on_one_day_have_no_early_and_late():
    scores = pd.DataFrame({"x": np.arange(20.0)})
    with pytest.raises(NotEstimable, match="there are no early and late ones"):
        nonresponse.early_against_late(scores, np.ones(20))
    with pytest.raises(NotEstimable, match="no answer has both the day"):
        nonresponse.early_against_late(scores, np.full(20, np.nan))


# --- what became of them -------------------------------------------------------------------


def test_a_contrast_by_hand():
    """Means 4 and 2, variances 2.5 each, n 5 each: difference 2, error 1, t on 8 degrees."""
    found = nonresponse.contrast(
        pd.DataFrame({"x": [2.0, 3, 4, 5, 6, 0, 1, 2, 3, 4]}), [True] * 5 + [False] * 5
    ).iloc[0]
    assert found["difference"] == 2
    assert found["low"] == pytest.approx(2 - student.ppf(0.975, 8))
    assert found["p"] == pytest.approx(2 * student.sf(2, 8))
    assert (found["group_base"], found["rest_base"]) == (5, 5)


def test_turning_the_groups_round_turns_the_sign(rng):
    outcomes = pd.DataFrame({"a": rng.normal(0, 1, 80), "b": rng.random(80) < 0.4})
    here = rng.random(80) < 0.5
    accounts = np.arange(80) // 2
    one = nonresponse.contrast(outcomes, here, design=SurveyDesign(clusters=accounts))
    other = nonresponse.contrast(outcomes, ~here, design=SurveyDesign(clusters=accounts))
    assert one["difference"].to_numpy() == pytest.approx(-other["difference"].to_numpy())
    assert one["low"].to_numpy() == pytest.approx(-other["high"].to_numpy())
    assert one["p_holm"].to_numpy() == pytest.approx(other["p_holm"].to_numpy())


def test_holms_p_is_that_of_statsmodels(rng):
    p = pd.Series(rng.random(9) ** 3)
    assert nonresponse.holm(p).to_numpy() == pytest.approx(multipletests(p, method="holm")[1])


def test_like_for_like_takes_out_what_tiers_explain(rng):
    """Tier drives both: the raw difference is wide of 0, that within tiers is not."""
    tier = rng.random(2000) < 0.5
    here = rng.random(2000) < np.where(tier, 0.8, 0.3)
    outcomes = pd.DataFrame({"growth": 2.0 * tier + rng.normal(0, 1, 2000)})
    known = pd.DataFrame({"tier": np.where(tier, "A", "B")})
    found = nonresponse.contrast(outcomes, here, adjust=known).iloc[0]
    assert found["low"] > 0.5
    assert found["like_low"] < 0 < found["like_high"]
    assert found["p_holm"] == found["like_p"]


def test_like_for_like_is_a_regression_with_clustered_errors(northfield):
    rows = afterwards(northfield)
    known, came = rows[KNOWN], answered(rows)
    found = nonresponse.contrast(
        rows[["tickets"]], came, design=SurveyDesign(clusters=rows["account_id"]), adjust=known
    ).iloc[0]
    x = pd.concat([came.rename("came"), pd.get_dummies(known, drop_first=True)], axis=1)
    fit = sm.OLS(rows["tickets"].astype(float), sm.add_constant(x.astype(float))).fit(
        cov_type="cluster", cov_kwds={"groups": pd.factorize(rows["account_id"])[0]}, use_t=True
    )
    assert found["like_for_like"] == pytest.approx(fit.params["came"])
    assert found["like_p"] == pytest.approx(fit.pvalues["came"])


def test_what_too_few_answers_cannot_give_is_missing_and_costs_nothing_in_holm(rng):
    outcomes = pd.DataFrame(
        {"good": rng.normal(0, 1, 40), "rare": [1.0] * 3 + [np.nan] * 37, "same": 7.0}
    )
    found = nonresponse.contrast(outcomes, [True, False] * 20).set_index("outcome")
    assert np.isnan(found.loc["rare", "p"])
    assert np.isnan(found.loc["same", "p"])
    assert found.loc["good", "p_holm"] == found.loc["good", "p"]


def test_a_difference_of_shares_is_that_of_newcombe():
    """Newcombe (1998), Table II: 56 of 70 and 48 of 80 differ by .2 (.0524 to .3339)."""
    kept = pd.DataFrame({"kept": [1] * 56 + [0] * 14 + [1] * 48 + [0] * 32})
    found = nonresponse.contrast(kept, np.arange(150) < 70).iloc[0]
    assert found["difference"] == pytest.approx(0.2)
    assert (found["low"], found["high"]) == pytest.approx((0.0524, 0.3339), abs=0.003)  # t, not z


def test_the_p_of_a_share_is_that_whose_interval_ends_at_nothing():
    kept = pd.DataFrame({"kept": [1] * 56 + [0] * 14 + [1] * 48 + [0] * 32})
    here = np.arange(150) < 70
    p = nonresponse.contrast(kept, here)["p"].iloc[0]
    assert nonresponse.contrast(kept, here, confidence=1 - p)["low"].iloc[0] == pytest.approx(
        0, abs=1e-9
    )
    assert nonresponse.contrast(kept, ~here)["p"].iloc[0] == pytest.approx(p)


def test_a_small_group_that_is_all_alike_is_not_certain():
    """Ten excluded of whom all stayed, 95 % of 1,000 others."""
    kept = pd.DataFrame({"retained": [1] * 10 + [1] * 950 + [0] * 50})
    found = nonresponse.contrast(kept, np.arange(1010) < 10).iloc[0]
    assert found["difference"] == pytest.approx(0.05)
    assert found["low"] < -0.2
    assert found["p"] > 0.2
    calls = pd.DataFrame({"tickets": [0] * 10 + [2] * 50 + [0] * 950})
    assert nonresponse.contrast(calls, np.arange(1010) < 10)["p"].iloc[0] > 0.2


def test_groups_that_are_each_all_alike_differ_as_far_as_their_accounts_go():
    split = pd.DataFrame({"x": [1.0] * 6 + [0.0] * 6})
    alone = nonresponse.contrast(split, [True] * 6 + [False] * 6).iloc[0]
    paired = nonresponse.contrast(
        split, [True] * 6 + [False] * 6, design=SurveyDesign(clusters=list("aabbccddeeff"))
    ).iloc[0]
    assert alone["difference"] == paired["difference"] == 1
    assert alone["p"] < 0.01 < paired["p"]
    assert paired["low"] < alone["low"] < 1


@pytest.mark.parametrize(
    ("group", "kind", "advice"),
    [
        ([True] * 10, NotEstimable, "all of the 10 are in the group"),
        ([False] * 10, NotEstimable, "none of the 10 are in the group"),
        ([2] * 10, ValueError, "True or False"),
    ],
)
def test_contrast_refusals_say_what_to_do(group, kind, advice):
    with pytest.raises(kind, match=advice):
        nonresponse.contrast(pd.DataFrame({"x": np.arange(10.0)}), group)


def test_where_response_depends_on_loyalty_the_records_show_it(selective):
    """Loyal customers answer and grow: like for like in tier, region and role, they differ."""
    rows = afterwards(selective)
    rows = rows[~rows["disposition"].isin(["excluded", "quarantined"])]
    found = nonresponse.responders_against_silent(
        rows[["retained", "growth_after", "tickets"]],
        answered(rows),
        design=SurveyDesign(clusters=rows["account_id"]),
        adjust=rows[KNOWN],
    )
    assert "growth_after" in found.apart
    grown = found.table.set_index("outcome").loc["growth_after"]
    assert grown["like_low"] > 0
    assert found.answered + found.silent == len(rows) == found.base


@pytest.mark.parametrize("name", ["northfield", "null"])
def test_where_it_does_not_the_records_are_silent(name, request):
    rows = afterwards(request.getfixturevalue(name))
    rows = rows[~rows["disposition"].isin(["excluded", "quarantined"])]
    found = nonresponse.responders_against_silent(
        rows[["retained", "growth_after", "tickets"]],
        answered(rows),
        design=SurveyDesign(clusters=rows["account_id"]),
        adjust=rows[KNOWN],
    )
    assert found.apart == ()


def test_the_excluded_do_worse_where_unhappy_accounts_were_kept_out(northfield):
    """Account teams keep out unhappy accounts: they leave more, and shrink."""
    rows = afterwards(northfield)
    found = nonresponse.exclusion_test(
        rows[["retained", "growth_after"]],
        rows["disposition"] == "excluded",
        design=SurveyDesign(clusters=rows["account_id"]),
    )
    assert found.table["flatters"].all()
    assert "retained" in found.clear
    assert found.excluded == (rows["disposition"] == "excluded").sum()
    assert found.share == pytest.approx(found.excluded / len(rows))


def test_where_exclusions_are_random_nothing_is_said_of_them(null):
    rows = afterwards(null)
    found = nonresponse.exclusion_test(
        rows[["retained", "growth_after", "tickets"]],
        rows["disposition"] == "excluded",
        design=SurveyDesign(clusters=rows["account_id"]),
    )
    assert found.clear == ()


def test_more_tickets_among_the_excluded_flatter_and_fewer_do_not():
    tickets = pd.DataFrame({"tickets": [0, 1] * 20 + [3, 4] * 5})
    out = np.arange(50) >= 40
    assert nonresponse.exclusion_test(tickets, out).clear == ("tickets",)
    assert nonresponse.exclusion_test(tickets, ~out).clear == ()
    assert nonresponse.exclusion_test(tickets, ~out, better={}).clear == ("tickets",)
    with pytest.raises(ValueError, match="better is 1 or -1"):
        nonresponse.exclusion_test(tickets, out, better={"tickets": 0})


def test_tickets_are_counted_after_one_day_and_up_to_another():
    cases = pd.DataFrame(
        {
            "account_id": ["007", "007", "007", "b"],
            "created_at": ["2026-01-01", "2026-01-02", "2026-06-30", "2026-07-01"],
        }
    )
    found = nonresponse.ticket_counts(
        cases, ["b", "007"], since=pd.Timestamp("2026-01-01"), until=AS_OF
    )
    assert found.to_dict() == {"b": 0, "007": 2}
    with pytest.raises(ValueError, match="until must be later"):
        nonresponse.ticket_counts(cases, ["b"], since=AS_OF, until=AS_OF)


def test_tickets_that_an_answer_raised_tell_nothing_of_those_who_did_not_answer():
    cases = pd.DataFrame(
        {
            "account_id": ["a", "a", "b", "b"],
            "created_at": ["2026-02-01"] * 4,
            "response_id": ["r1", None, "", " "],
        }
    )
    found = nonresponse.ticket_counts(
        cases, ["a", "b"], since=pd.Timestamp("2026-01-01"), until=AS_OF
    )
    assert found.to_dict() == {"a": 1, "b": 2}


# --- how far it could move -----------------------------------------------------------------


NPS = Estimate(30, 22, 38, 4, 400, 400, 1, 399, 0.95, 400)


def test_the_range_by_hand():
    """A share .4 answered: 30 - .6 × 20 = 18; it meets 0 at 30 / .6 = 50, its end at 22 / .6."""
    found = nonresponse.nonresponse_range(
        NPS, {"RR1": 0.4, "RR5": 0.5}, deltas=[0, 20, 40], scale=(-100, 100), threshold=0
    )
    table = found.table.set_index(["rate", "delta"])
    assert table.loc[("RR1", 20), ["value", "low", "high"]].tolist() == [18, 10, 26]
    assert table["holds"].tolist() == [True, True, False, True, True, True]
    turning = found.turning.set_index("rate")
    assert turning.loc["RR1", "delta_value"] == pytest.approx(50)
    assert turning.loc["RR1", "delta_interval"] == pytest.approx(22 / 0.6)
    bounds = found.bounds.set_index("rate")
    assert bounds.loc["RR1", ["lowest", "highest"]].tolist() == pytest.approx([-48, 72])


def test_at_the_turning_delta_the_score_meets_the_threshold():
    first = nonresponse.nonresponse_range(NPS, 0.37, deltas=[0], scale=(-100, 100), threshold=45)
    turning = first.turning.iloc[0]
    again = nonresponse.nonresponse_range(
        NPS, 0.37, deltas=turning[["delta_value", "delta_interval"]].astype(float).tolist(),
        scale=(-100, 100), threshold=45,
    )  # fmt: skip
    assert again.table["value"].iloc[0] == pytest.approx(45)
    assert again.table["high"].iloc[1] == pytest.approx(45)
    assert turning["delta_value"] < 0


def test_with_everybody_answering_nothing_can_move():
    found = nonresponse.nonresponse_range(NPS, 1.0, deltas=[0, 60], scale=(-100, 100), threshold=0)
    assert found.table["value"].tolist() == [30, 30]
    assert found.turning[["delta_value", "delta_interval"]].isna().all(axis=None)
    assert found.bounds["lowest"].tolist() == [30]


def test_the_range_narrows_as_more_answer_and_stays_on_the_scale():
    found = nonresponse.nonresponse_range(
        Estimate(1.5, 1.2, 1.8, 0.15, 50, 50, 1, 49, 0.95, 50),
        {f"{r:.1f}": r for r in (0.2, 0.4, 0.6, 0.8)}, deltas=[3], scale=(1, 10),
    )  # fmt: skip
    assert (found.table["value"].diff().dropna() >= 0).all()
    assert found.table["value"].tolist() == pytest.approx(found.bounds["lowest"].tolist())
    assert "holds" not in found.table
    width = found.bounds["highest"] - found.bounds["lowest"]
    assert (width.diff().dropna() < 0).all()


def test_no_answers_on_the_scale_could_lie_so_far_off():
    """80 with nine in ten answering: the silent would have to lie 800 points lower."""
    high = Estimate(80, 70, 90, 5, 400, 400, 1, 399, 0.95, 400)
    found = nonresponse.nonresponse_range(
        high, {"much": 0.9, "half": 0.5}, deltas=[0], scale=(-100, 100), threshold=0
    )
    assert found.turning["possible"].tolist() == [False, True]


def test_the_assumption_names_what_was_weighted_to():
    found = nonresponse.nonresponse_range(
        NPS, 0.4, deltas=[0], scale=(-100, 100), weighted_to=["tier", "region", "role"]
    )
    assert "are alike in tier, region and role" in found.assumption
    bare = nonresponse.nonresponse_range(NPS, 0.4, deltas=[0], scale=(-100, 100))
    assert "alike in" not in bare.assumption


def test_a_score_that_is_withheld_is_not_carried_down():
    withheld = Figure("main", None, withheld="its base of 7 is under 10")
    with pytest.raises(NotEstimable, match="is withheld"):
        nonresponse.nonresponse_range(withheld, 0.4, deltas=[0], scale=(0, 0))


def test_the_true_distance_leads_to_the_true_score(selective):
    """In a world where the loyal answer, the δ that joins both groups is large, and the
    score carried down by it is the truth; with δ = 0 the interval misses it."""
    rows = asked_in(selective, "2026H1")
    responses = selective.tables["responses"]
    here = responses[responses["wave"] == "2026H1"]
    nps = survey.net_promoter(
        here["recommend"].astype(float), SurveyDesign(clusters=here["account_id"])
    )
    rate = float(answered(rows).mean())
    truth = float(selective.truth("nps"))
    delta = (nps.value - truth) / (1 - rate)
    found = nonresponse.nonresponse_range(
        nps, rate, deltas=[0, delta], scale=(-100, 100), threshold=truth
    )
    assert found.table["low"].iloc[0] > truth
    assert found.table["value"].iloc[1] == pytest.approx(truth)
    assert found.turning["delta_value"].iloc[0] == pytest.approx(delta)
    assert 25 < delta < 50


@pytest.mark.parametrize(
    ("rates", "deltas", "scale", "advice"),
    [
        (40, [0], (-100, 100), "RR is 40: a response rate is a share"),
        ({"RR1": 0.0}, [0], (-100, 100), "RR1 is 0.0"),
        ({}, [0], (-100, 100), "at least one response rate"),
        (0.4, [], (-100, 100), "one δ that is a number"),
        (0.4, [np.nan], (-100, 100), "one δ that is a number"),
        (0.4, [0], (0, 10), "the score 30 lies outside the scale 0 to 10"),
    ],
)
def test_range_refusals_say_what_to_do(rates, deltas, scale, advice):
    with pytest.raises(ValueError, match=advice):
        nonresponse.nonresponse_range(NPS, rates, deltas=deltas, scale=scale)


def test_the_least_of_many_rates_is_called_low_only_beyond_what_the_least_of_many_is():
    """Of 20 regions 9 of 30 is the least, where half answer: alone clear, among twenty not."""
    region = np.repeat(np.arange(20), 30)
    came = np.tile([1, 0], 300)
    came[:30] = [1] * 9 + [0] * 21
    frame = pd.DataFrame({"region": region.astype(str)})
    found = nonresponse.response_propensity(came, frame)
    assert found.lowest["high"] < found.response_rate
    assert found.verdict == "not clear"
    z, _ = proportions_ztest(9, 30, came.mean(), prop_var=came.mean())
    assert found.least_p == pytest.approx(20 * norm.cdf(z), rel=1e-9)  # of the score test
    came[:30] = [1] * 2 + [0] * 28
    assert nonresponse.response_propensity(came, frame).verdict == "below"


@pytest.mark.parametrize("clustered", [False, True])
def test_the_p_of_a_share_is_that_whose_interval_ends_at_the_other(clustered):
    """By the interval of each kind, at whatever confidence."""
    came = pd.Series(CAME)
    design = SurveyDesign(clusters=np.arange(200) // 3) if clustered else None
    for against in (0.3, 0.45, 0.52):
        p = survey.proportion_p(came, design, against=against)
        found = survey.proportion(came, design, confidence=1 - p)
        assert min(abs(found.low - against), abs(found.high - against)) < 1e-9
    nobody = survey.proportion_p([0] * 40, design=None, against=0.1)
    assert survey.proportion([0] * 40, confidence=1 - nobody).high == pytest.approx(0.1)


@pytest.mark.parametrize(("p_holm", "verdict"), [(0.002, "lower"), (0.003, "not clear")])
def test_each_of_four_questions_is_answered_at_a_quarter_of_one_percent(p_holm, verdict):
    table = pd.DataFrame({"difference": [-3.0], "p_holm": [p_holm]})
    late = nonresponse.EarlyLate(table, pd.DataFrame(), 5.0, 3.0, 40, 20, 0)
    assert late.verdict == verdict
